"""Readers of whole data sets: a folder of CSV, a workbook."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random

import fuzz_mutators as spoil
import fuzz_strategies as made_up
from fuzz_reader import GONE, ROOT, RUNS, Files, chosen, said

from onexmodel.data.annotate import annotate
from onexmodel.data.read import check_tables, parse
from onexmodel.data.schema import load_schema
from onexmodel.data.template import write_template
from onexmodel.engine.run import run
from onexmodel.law import load_law
from onexmodel.places import shipped


@cache
def tables() -> dict[str, bytes]:
    """The worked example, file by file."""
    return {one.name: one.read_bytes() for one in sorted(shipped("data", "example").glob("*.csv"))}


def csv_cases() -> Callable[[Random], Files]:
    draw = made_up.generator(made_up.words | made_up.numbers.map(str))

    def make(rng: Random) -> Files:
        files = {}
        for _ in range(rng.choice((1, 1, 1, 2, 3))):
            name = rng.choice(sorted(tables()))
            raw, way = tables()[name], rng.random()
            if way < 0.6:
                files[name] = spoil.spoiled_table(rng, raw)
            elif way < 0.75:
                files[name] = spoil.spoiled_bytes(rng, raw, (tables()["fees.csv"],))
            elif way < 0.9:
                lines = raw.decode("utf-8-sig").splitlines()
                at = rng.randrange(len(lines))
                cells = lines[at].split(",")
                cells[rng.randrange(len(cells))] = draw(rng) or ""
                lines[at] = ",".join(cells)
                files[name] = "\n".join(lines).encode("utf-8", "surrogatepass")
            elif way < 0.96:
                files[name] = spoil.other_encoding(rng, raw)
            elif way < 0.98:
                files[name] = GONE
            else:
                files[rng.choice(("表.csv", "收费.csv", "fees (1).csv", "FEES.CSV"))] = raw
        return files

    return make


def _without(folder: Path, names) -> list[str]:
    """Tables that are left unread, where only those of some files are meant."""
    return [table for table in load_schema() if table not in names]


def read_csv_folder(folder: Path) -> bool:
    """The changed tables alone, or every table with what is held between them; of those taken some are run."""
    changed = [
        path for path in folder.glob("*.csv") if path.read_bytes() != tables().get(path.name)
    ]
    if changed and all(path.name in tables() for path in changed) and chosen(changed[0], 8):
        names = {path.stem for path in changed}
        return said(fault for _, fault in parse(folder, _without(folder, names)).faults)
    return _whole(folder, chosen(changed[0], RUNS) == 0 if changed else False)


def _whole(source: Path, to_the_end: bool) -> bool:
    last_sitting = load_law().parameters["settlement.last_sitting"].values[-1].value
    found = check_tables(source, last_sitting=last_sitting)
    if to_the_end:
        if found.tables is not None:
            run(load_law(), found.tables)
        with tempfile.TemporaryDirectory() as out:
            annotate(source, found.faults, Path(out))
    return said(found.faults)


# workbook


@cache
def workbooks() -> tuple[bytes, ...]:
    """The small ones of the tests, and the short form."""
    found = sorted((ROOT / "tests" / "cases").rglob("*.xlsx"))
    with tempfile.TemporaryDirectory() as folder:
        form = write_template(Path(folder) / "简表.xlsx")
        return (form.read_bytes(), *(p.read_bytes() for p in found if p.stat().st_size < 50_000))


_CELL = re.compile(rb'<c r="([A-Z]+\d+)"[^>]*?(?:/>|>.*?</c>)', re.S)


def workbook_cases() -> Callable[[Random], Files]:
    draw = made_up.generator(made_up.cell)

    def cells(rng: Random, raw: bytes) -> bytes:
        for _ in range(rng.choice((1, 1, 3, 10))):
            word, kind = draw(rng) or ("1", "n")
            word = str(word).replace("&", "&amp;").replace("<", "&lt;")
            inner = f"<is><t>{word}</t></is>" if kind == "inlineStr" else f"<v>{word}</v>"
            style = rng.choice(("", "0", "1", "7", "9999", "-1", "x"))
            odd = "".join(
                f' {name}="{value}"' for name, value in (("s", style), ("t", kind)) if value
            )
            found = list(_CELL.finditer(raw))
            if not found:
                return raw
            one = rng.choice(found)
            cell = b'<c r="' + one[1] + f'"{odd}>{inner}</c>'.encode("utf-8", "surrogatepass")
            raw = raw[: one.start()] + cell + raw[one.end() :]
        return raw

    def parts(rng: Random, raw: bytes) -> bytes:
        made = spoil.unzipped(raw)
        sheets = [name for name in made if "worksheets/" in name and not name.endswith(".rels")]
        way, name = rng.random(), rng.choice(sorted(made))
        if way < 0.35:
            name = rng.choice(sheets)
            made[name] = cells(rng, made[name])
        elif way < 0.8:
            name = rng.choice(sheets) if rng.random() < 0.4 else name
            made[name] = spoil.spoiled_xml(rng, made[name])
        elif way < 0.9:
            made[name] = spoil.spoiled_bytes(rng, made[name])
        elif way < 0.95:
            del made[name]
        else:
            made[rng.choice(("../x", "/x", "xl/" + name, name.upper()))] = made[name]
        return spoil.zipped(made)

    def make(rng: Random) -> Files:
        raw, way = rng.choice(workbooks()), rng.random()
        if way < 0.8 and spoil.can_be_unzipped(raw):
            made = parts(rng, raw)
        elif way < 0.9:
            made = spoil.spoiled_header(rng, raw)
        else:
            made = spoil.spoiled_bytes(rng, raw)
        return {"表.xlsx": made}

    return make


def read_workbook_file(folder: Path) -> bool:
    """Every table of it; of one in five also what is held between them and, of some, the annotated copy and a run."""
    path = folder / "表.xlsx"
    at = chosen(path, 5 * RUNS)
    if at % 5:
        return said(fault for _, fault in parse(path).faults)
    return _whole(path, at == 0)
