"""Every reader of something from outside: its good inputs, how they are spoiled or made up, and what reads them.

A case is a mapping of file names to contents, written into a folder of its own; a reader gives whether the input was taken. All that it may
raise is a child of OnexError."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from random import Random

import fuzz_mutators as spoil
import fuzz_strategies as made_up
from fuzz_data_sets import csv_cases, read_csv_folder, read_workbook_file, workbook_cases
from fuzz_reader import GONE, ROOT, RUNS, Files, Reader, chosen, said
from fuzz_words import CELLS, LINES

from onexmodel.analysis.draws.sweep_file import read_sweep
from onexmodel.cli.options import sets
from onexmodel.data.about import read_about
from onexmodel.data.checking.impute import read_rules
from onexmodel.data.read import read_tables
from onexmodel.engine.run import composed, run
from onexmodel.errors import Fault
from onexmodel.law import load_law, read_scenario
from onexmodel.places import shipped
from onexmodel.report.make.gate import checked
from onexmodel.report.make.verify import read_record


@cache
def example():
    """(law, tables of the worked example)."""
    return load_law(), read_tables(shipped("data", "example"))


def _one_of(generate, spoilers, seeds, name: str) -> Callable[[Random], Files]:
    """Three cases of ten made up, the others a seed spoiled by one of `spoilers`."""

    def make(rng: Random) -> Files:
        if rng.random() < 0.3 and (made := generate(rng)) is not None:
            return {name: made}
        return {name: rng.choice(spoilers)(rng, rng.choice(seeds()))}

    return make


def _yaml(strategy, seeds, name: str) -> Callable[[Random], Files]:
    draw = made_up.generator(strategy)

    def generate(rng: Random) -> bytes | None:
        made = draw(rng)
        return None if made is None else made_up.as_yaml(made)

    def mixed(rng: Random, raw: bytes) -> bytes:
        return spoil.spoiled_bytes(rng, raw, seeds())

    spoilers = (
        *(spoil.spoiled_yaml,) * 4,
        *(spoil.spoiled_lines,) * 4,
        mixed,
        mixed,
        spoil.other_encoding,
    )
    return _one_of(generate, spoilers, seeds, name)


# scenario


@cache
def scenarios() -> tuple[bytes, ...]:
    """The shipped ones."""
    return tuple(one.read_bytes() for one in sorted((ROOT / "data" / "scenarios").glob("*.yaml")))


def read_one_scenario(folder: Path) -> bool:
    """As a command lays it over the law; one of some is run."""
    path = folder / "方案.yaml"
    read_scenario(path)
    law, tables = example()
    composition = composed(law, tables, [path])
    if chosen(path, RUNS) == 0:
        run(law, tables, composition)
    return True


# sweep, data set


@cache
def sweeps() -> tuple[bytes, ...]:
    """The shipped one, on a grid and as a hypercube."""
    files = [one.read_bytes() for one in sorted((ROOT / "data" / "sweeps").glob("*.yaml"))]
    ranges = b"title: {zh: a, en: b}\ndesign: lhs\npoints: 4\nparameters:\n  fees.beta: {low: 0.2, high: 0.8}\n"
    return (*files, ranges)


def read_one_sweep(folder: Path) -> bool:
    """The file alone: its data are not opened."""
    read_sweep(folder / "扫描.yaml")
    return True


@cache
def descriptions() -> tuple[bytes, ...]:
    """The example's, and one with every key."""
    full = "title: 数据\nstatus: 模拟\nlabel: {zh: 说明, en: label}\nmixed: 否\nprice_year: 2021\nseed: 1\n"
    full += "impute:\n  - {column: 院校.标准年课时, method: 同省同层次中位数}\n"
    return (shipped("data", "example") / "dataset.yaml").read_bytes(), full.encode()


def read_description(folder: Path) -> bool:
    """dataset.yaml with the imputation it declares."""
    faults: list[Fault] = []
    about = read_about(folder / "dataset.yaml", faults)
    read_rules(about.impute, faults)
    return said(faults)


# run record of a page


@cache
def pages() -> tuple[bytes, ...]:
    """Pages with a record as the product writes it."""
    made = []
    for name in ("", "cap_plus_20", "package_combined"):
        text = (ROOT / "data" / "scenarios" / f"{name}.yaml").read_text("utf-8") if name else ""
        kept = [{"id": name, "sha256": hashlib.sha256(text.encode()).hexdigest(), "text": text}]
        record = {
            "product": "onexmodel",
            "version": "0.4.0",
            "report": "fee_cap",
            "parameters": {
                "data": "example",
                "data_name": "onexmodel/example",
                "province": "S01",
                "college": "",
                "year": 2021,
                "scenario": [name] if name else [],
                "settings": {"fees.beta": "0.3"},
                "lang": "zh",
                "internal": False,
                "log2_draws": 7,
                "seed": 1,
                "issuer": "",
                "date": "2021-12-01",
            },
            "data_sha256": "a" * 64,
            "law_sha256": "b" * 64,
            "scenarios": kept if name else [],
            "settings": {"fees.beta": "0.3"},
            "year": 2021,
            "results_sha256": "c" * 64,
            "results": {"fee_bill": 12.5, "funding_gap": None},
            "printed": {"lead: n.bill": "12.5"},
        }
        made.append(page(json.dumps(record, ensure_ascii=False)))
    return tuple(made)


def page(record: str) -> bytes:
    """A page that holds this record."""
    text = record.replace("<", "\\u003c")
    body = f'<script type="application/json" id="record">{text}</script>'
    return f"<!doctype html><title>t</title><p>1</p>{body}".encode("utf-8", "surrogatepass")


def _record() -> Callable[[Random], Files]:
    draw = made_up.generator(made_up.record)

    def tree(rng: Random, raw: bytes) -> bytes:
        return page(spoil.spoiled_json(rng, record_text(raw)))

    def text(rng: Random, raw: bytes) -> bytes:
        return page(spoil.spoiled_bytes(rng, record_text(raw).encode()).decode("utf-8", "replace"))

    def whole(rng: Random, raw: bytes) -> bytes:
        return spoil.spoiled_bytes(rng, raw, pages())

    def generate(rng: Random) -> bytes | None:
        made = draw(rng)
        return None if made is None else page(made_up.as_json(made))

    return _one_of(generate, (tree, tree, tree, text, whole), pages, "报告.html")


def record_text(raw: bytes) -> str:
    """The JSON of a page's record."""
    return raw.decode().partition('id="record">')[2].partition("</script>")[0]


def read_page(folder: Path) -> bool:
    """As `verify` and `rerun` do, up to where the notebook would begin."""
    text = (folder / "报告.html").read_bytes().decode("utf-8", "replace")
    record = read_record(text, "报告.html")
    bases: list[Mapping[str, str]] = []
    for one in record["scenarios"]:
        whole = {"id": one["id"], "text": one["text"], "bases": list(bases)}
        read_scenario(whole)
        bases.append({"id": one["id"], "text": one["text"]})
    checked(record["report"], record["parameters"])
    return True


# --set


@cache
def settings() -> tuple[bytes, ...]:
    """One good pair of every kind of parameter."""
    return tuple(
        f"{name}={one.values[-1].value if one.values else 1}".encode()
        for name, one in load_law().parameters.items()
    )


def _set() -> Callable[[Random], Files]:
    draw = made_up.generator(made_up.set_value)

    def value(rng: Random, raw: bytes) -> bytes:
        odd = str(rng.choice(CELLS + LINES))
        return raw.partition(b"=")[0] + b"=" + odd.encode("utf-8", "replace")

    def mixed(rng: Random, raw: bytes) -> bytes:
        return spoil.spoiled_bytes(rng, raw, settings())

    def generate(rng: Random) -> bytes | None:
        made = draw(rng)
        return None if made is None else made.encode("utf-8", "replace")

    return _one_of(generate, (value, value, mixed), settings, "set.txt")


def read_set(folder: Path) -> bool:
    """As the command line takes it; one of some is run."""
    path = folder / "set.txt"
    law, tables = example()
    pair = path.read_bytes().decode("utf-8", "surrogateescape")
    composition = composed(law, tables, (), sets([pair]))
    if chosen(path, RUNS) == 0:
        run(law, tables, composition)
    return True


READERS = {
    one.name: one
    for one in (
        Reader("scenario", 34, _yaml(made_up.scenario, scenarios, "方案.yaml"), read_one_scenario),
        Reader("sweep", 10, _yaml(made_up.sweep, sweeps, "扫描.yaml"), read_one_sweep),
        Reader(
            "dataset", 16, _yaml(made_up.dataset, descriptions, "dataset.yaml"), read_description
        ),
        Reader("record", 16, _record(), read_page),
        Reader("set", 14, _set(), read_set),
        Reader("csv", 7, csv_cases(), read_csv_folder, shipped("data", "example")),
        Reader("workbook", 3, workbook_cases(), read_workbook_file),
    )
}

__all__ = ["GONE", "READERS", "Files", "Reader"]
