"""A folder of CSV or a workbook (English or Chinese names) → Tables, or every fault at once."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from ..errors import DataError, Fault
from ..running.progress import Told, silent
from ..strangers import unreadable
from .about import About
from .checking import cap_bounds, plans_without_fee, transfer
from .checking.cross_checks import faults_between
from .checking.defaults import say_defaults
from .checking.impute import advised, fill, read_rules
from .checking.magnitudes import magnitudes
from .checking.row_status import label_of, mixing
from .checking.suspicion import inconsistent, personal, teachers_missing, totals
from .forms.short_form import expanded
from .places import codes_of_places
from .reading.folder import read_folder
from .reading.parse_cache import handed, keep
from .reading.raw import Raw
from .reading.values import typed
from .reading.words import Words
from .schema import NEEDED, Column, load_schema, short_schema
from .tables import Origin, Tables

UNTYPED, TYPED = (
    0.3,
    0.8,
)  # the share of the time for reading that is over when all cells stand there as words, and as what they mean


@dataclass(frozen=True)
class Checked:
    """What reading found: the tables (None where an error stands in the way) and every fault of every level."""

    tables: Tables | None
    faults: tuple[Fault, ...]


def read_tables(path: Path | str, without: Sequence[str] = (), told: Told = silent) -> Tables:
    """Read a data folder or workbook. Raises DataError listing every fault with file, sheet, row and column. Tables named
    in `without` are hashed but not parsed (a report on fees needs no payments); they come out empty."""
    checked = check_tables(path, without, told=told)
    if checked.tables is None:
        raise DataError([fault for fault in checked.faults if fault.level == "error"])
    return checked.tables


def check_tables(
    path: Path | str,
    without: Sequence[str] = (),
    last_sitting: date | None = None,
    told: Told = silent,
) -> Checked:
    """Read and keep every fault: errors, warnings, notes. With the last day of sittings (the law's) also what is dated after it."""
    asked = "-".join(["", *sorted(without), str(last_sitting or "")])
    if found := handed(Path(path), asked):
        return found
    try:
        shared = handed(Path(path))
        found = between_tables(shared or parse(path, without, told), without, last_sitting)
    except DataError as error:
        return Checked(None, error.faults)
    if shared:
        keep(found, shared.sha256, asked)
    return found


@dataclass(frozen=True)
class Parsed:
    """A data set table by table, before one is held against another. `faults`: (table, or "" for the set as a whole; what is wrong)."""

    frames: Mapping[str, pd.DataFrame]
    origins: Mapping[str, Origin]
    marks: Mapping[str, np.ndarray]
    sha256: str
    about: About
    rules: Mapping[tuple[str, str], str]
    faults: tuple[tuple[str, Fault], ...]


def parse(path: Path | str, without: Sequence[str] = (), told: Told = silent) -> Parsed:
    """Read every table that is there and not in `without`. Raises DataError where nothing can be read at all."""
    schema, faults = load_schema(), []
    raws, digest, about = _sources(Path(path), schema, without, faults)
    frames, origins, marks, own = {}, {}, {}, []
    rules = read_rules(about.impute, own)
    faults += [("", fault) for fault in own]
    at_cells = [
        pair for pair in faults if pair[0] == "" and pair[1].at
    ]  # only a short form has some
    raws, said = _of_short_form(raws, without)
    faults += said
    said = at_cells + said
    cells = {table: len(raw.origin.rows) * len(raw.words) for table, raw in raws.items()}
    done, whole = 0, max(1, sum(cells.values()))
    for table, columns in schema.items():
        if table not in raws:
            continue
        told(UNTYPED * whole + (TYPED - UNTYPED) * done, whole)
        done, own = done + cells[table], []
        raw, words = _cleaned(raws[table], columns, own)
        frames[table] = _frame(words, raw.origin, columns, rules, own)
        origins[table], marks[table] = raw.origin, raw.marks
        if table in NEEDED and not len(raw.origin.rows):
            do = "填上；示例行不算"
            own.append(Fault(raw.origin.sheet_name, "没有一行数据", do=do, code="no_rows"))
        faults += [(table, fault) for fault in own if not raw.origin.made or _new(fault, said)]
    return Parsed(frames, origins, marks, digest, about, rules, tuple(faults))


def between_tables(
    parsed: Parsed, without: Sequence[str] = (), last_sitting: date | None = None
) -> Checked:
    """What was parsed, the tables in `without` left out: keys, sums and states of the rest held against each other, gaps filled as declared."""
    schema, about = load_schema(), parsed.about
    kept = [table for table in schema if table in parsed.frames and table not in without]
    frames = {
        table: parsed.frames[table] if table in kept else _empty(columns)
        for table, columns in schema.items()
    }
    origins = {table: parsed.origins[table] for table in kept}
    marks = {table: parsed.marks[table] for table in kept}
    faults: list[Fault] = []
    for table in ("", *(name for name in schema if name not in without)):
        own = [fault for name, fault in parsed.faults if name == table]
        faults += advised(table, own, frames, origins)
    codes_of_places(frames, origins, faults)
    faults += faults_between(frames, origins)
    faults += magnitudes(frames, origins) + inconsistent(frames, origins)
    faults += teachers_missing(frames, origins)
    faults += cap_bounds.faults(frames, origins)
    faults += transfer.faults(frames, origins, last_sitting) if last_sitting else []
    if not any(fault.level == "error" for fault in faults) and "fees" not in without:
        faults += plans_without_fee.faults(frames, origins, about.status == "simulated")
    tables = Tables(
        frames, origins, parsed.sha256, about.title, about.label, about.status, marks=marks
    )
    faults += mixing(tables, about)
    if any(fault.level == "error" for fault in faults):
        return Checked(None, tuple(faults))
    frames, imputed = fill(frames, parsed.rules, origins, faults)
    say_defaults(frames, origins, faults)
    tables = replace(tables, frames=frames, imputed=imputed, findings=tuple(faults))
    return Checked(replace(tables, label=label_of(tables)), tuple(faults))


def _sources(source: Path, schema, without, faults) -> tuple[dict[str, Raw], str, About]:
    """(raw tables, hash, description); faults as in Parsed. Raises DataError where nothing can be read at all."""
    if source.is_dir():
        return read_folder(source, schema, without, faults)
    if not source.exists():
        what = (unreadable(source) or ("",))[0] if os.path.lexists(source) else ""
        raise DataError(
            Fault(
                source.name,
                what or "没有这个数据文件夹或工作簿",
                do="给出一个放有 CSV 表的文件夹，或一个 .xlsx 工作簿",
                code="no_file",
            )
        )
    from .reading.workbook import read_workbook

    return read_workbook(source, schema, without, faults)


def _of_short_form(raws: dict[str, Raw], without) -> tuple[dict[str, Raw], list[tuple[str, Fault]]]:
    """The raw tables with those of a short form (简表) in its place, and every fault of its cells; other sets as they are."""
    short = {table: raws[table] for table in short_schema() if table in raws}
    if not short:
        return raws, []
    frames, faults = {}, []
    for table, raw in short.items():
        short[table], words = _cleaned(raw, short_schema()[table], faults)
        frames[table] = _frame(words, short[table].origin, short_schema()[table], {}, faults)
    given = {table: raw for table, raw in raws.items() if table not in short}
    made = expanded(short, frames, tuple(given), faults)
    faults += [
        Fault(
            raw.origin.sheet_name,
            "这张表由简表得出，不能两处都填",
            "只留一处：用简表就删去这张表；用这张表就改用完整工作簿（onexmodel template college.xlsx --data 本文件）",
            code="doubled_table",
        )
        for table, raw in given.items()
        if table in made
    ]
    kept = {table: raw for table, raw in made.items() if table not in without}
    return {**kept, **given}, [("", fault) for fault in faults]


def _new(fault: Fault, said: list[tuple[str, Fault]]) -> bool:
    """Whether a fault of a table made from a short form says more than those of the form's own cells."""
    wrong = any(one.level == "error" for _, one in said)
    return not wrong and (fault.at, fault.code) not in {(one.at, one.code) for _, one in said}


def _cleaned(raw: Raw, columns, faults) -> tuple[Raw, dict[str, Words]]:
    """Without totals rows (each a fault), and its columns by word; personal data are faults too."""
    words = {name: Words.of(column) for name, column in raw.words.items()}
    summed = totals(words, raw.origin, faults, columns)
    personal(words, columns, raw.origin, faults)
    if not summed.any():
        return raw, words
    keep = ~summed
    origin = replace(raw.origin, rows=raw.origin.rows[keep])
    kept = {name: column[keep] for name, column in raw.words.items()}
    return Raw(origin, kept, raw.marks[keep]), {
        name: Words.of(column) for name, column in kept.items()
    }


def _frame(words: Mapping[str, Words], origin: Origin, columns, rules, faults) -> pd.DataFrame:
    filled = {column for table, column in rules if table == next(iter(columns.values())).table}
    blank = np.full(len(origin.rows), "", object)
    return pd.DataFrame(
        {
            name: typed(
                words.get(name, blank),
                column,
                origin,
                faults if name in words else [],
                required=name not in filled,
            )
            for name, column in columns.items()
        }
    )


def _empty(columns: dict[str, Column]) -> pd.DataFrame:
    return pd.DataFrame({name: _typed_empty(column) for name, column in columns.items()})


def _typed_empty(column: Column) -> pd.Series:
    if column.numeric:
        return pd.Series([], dtype=float)
    if column.type == "date":
        return pd.Series([], dtype="datetime64[us]")
    return pd.Series([], dtype=bool if column.type == "bool" else object)
