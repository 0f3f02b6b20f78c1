"""A folder of CSV or a workbook (English or Chinese names) → Tables, or every fault at once."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from ..errors import DataError, Fault, nearest
from .about import FILE, About, read_about
from .between import faults_between
from .defaults import say_defaults
from .impute import fill, read_rules
from .places import province_code
from .raw import Raw, raw_csv
from .schema import CORE, Column, load_schema
from .state import label_of, mixing
from .suspicion import magnitudes, personal, teachers_missing, totals
from .tables import Tables
from .values import typed


@dataclass(frozen=True)
class Checked:
    """What reading found: the tables (None where an error stands in the way) and every fault of every level."""

    tables: Tables | None
    faults: tuple[Fault, ...]


def read_tables(path: Path | str, without: Sequence[str] = ()) -> Tables:
    """Read a data folder or workbook. Raises DataError listing every fault with file, sheet, row and column. Tables named
    in `without` are hashed but not parsed (a report on fees needs no payments); they come out empty."""
    checked = check_tables(path, without)
    if checked.tables is None:
        raise DataError([fault for fault in checked.faults if fault.level == "error"])
    return checked.tables


def check_tables(path: Path | str, without: Sequence[str] = ()) -> Checked:
    """Read and keep every fault: errors, warnings, notes."""
    source = Path(path)
    schema, faults = load_schema(), []
    try:
        raws, digest, about = _sources(source, schema, without, faults)
    except DataError as error:
        return Checked(None, error.faults)
    frames, origins, marks = {}, {}, {}
    rules = read_rules(about.impute, faults)
    for table, columns in schema.items():
        raw = raws.get(table)
        if raw is None:
            frames[table] = _empty(columns)
            continue
        raw = _cleaned(raw, columns, faults)
        frames[table], origins[table], marks[table] = _frame(raw, columns, rules, faults), raw.origin, raw.marks
        if table in CORE and not len(raw.origin.rows):
            faults.append(Fault(raw.origin.sheet_name, "没有一行数据", do="填上；示例行不算", code="no_rows"))
    province_code(frames, origins, faults)
    faults += faults_between(frames, origins)
    faults += magnitudes(frames, origins)
    faults += teachers_missing(frames, origins)
    tables = Tables(frames, origins, digest, about.title, about.label, about.status, marks=marks)
    faults += mixing(tables, about)
    if any(fault.level == "error" for fault in faults):
        return Checked(None, tuple(faults))
    frames, imputed = fill(frames, rules, origins, faults)
    say_defaults(frames, origins, faults)
    tables = replace(tables, frames=frames, imputed=imputed, findings=tuple(faults))
    return Checked(replace(tables, label=label_of(tables)), tuple(faults))


def _sources(source: Path, schema, without, faults) -> tuple[dict[str, Raw], str, About]:
    """(raw tables, hash, description). Raises DataError where nothing can be read at all."""
    if source.is_dir():
        return _folder(source, schema, without, faults)
    if not source.exists():
        raise DataError(Fault(source.name, "没有这个数据文件夹或工作簿", do="给出一个放有 CSV 表的文件夹，或一个 .xlsx 工作簿", code="no_file"))
    from .workbook import read_workbook
    return read_workbook(source, schema, without, faults)


def _folder(folder: Path, schema, without, faults) -> tuple[dict[str, Raw], str, About]:
    raws, digest = {}, hashlib.sha256()
    for table, columns in schema.items():
        sheet = next(iter(columns.values())).sheet
        files = [folder / f"{name}.csv" for name in (table, sheet) if (folder / f"{name}.csv").exists()]
        if not files:
            if table in CORE:
                faults.append(Fault(folder.name, f"缺少表「{table}.csv」（{sheet}）", do="补上这张表", code="missing_table"))
            continue
        if len(files) > 1:
            faults.append(Fault(files[1].name, f"与 {files[0].name} 是同一张表", do="只留一个", code="doubled_table"))
        digest.update(table.encode() + files[0].read_bytes())
        if table not in without:
            raw = raw_csv(files[0], columns, faults)
            if raw is not None:
                raws[table] = raw
    names = [name for table, columns in schema.items() for name in (table, next(iter(columns.values())).sheet)]
    faults += [Fault(file.name, "不认识的表，未读入", nearest=nearest(file.stem, names), level="warning", code="unknown_table")
               for file in sorted(folder.glob("*.csv")) if file.stem not in names]
    about = folder / FILE
    if about.exists():
        digest.update(about.read_bytes())
    return raws, digest.hexdigest(), read_about(about, faults)


def _cleaned(raw: Raw, columns, faults) -> Raw:
    """Without totals rows (each a fault); personal data are faults too."""
    summed = totals(raw.words, raw.origin, faults)
    personal(raw.words, columns, raw.origin, faults)
    if not summed.any():
        return raw
    keep = ~summed
    origin = type(raw.origin)(raw.origin.file, raw.origin.sheet, raw.origin.rows[keep], raw.origin.columns, raw.origin.headers)
    return Raw(origin, {name: words[keep] for name, words in raw.words.items()}, raw.marks[keep])


def _frame(raw: Raw, columns, rules, faults) -> pd.DataFrame:
    filled = {column for table, column in rules if table == next(iter(columns.values())).table}
    blank = np.full(len(raw.origin.rows), "", object)
    return pd.DataFrame({name: typed(raw.words.get(name, blank), column, raw.origin, faults if name in raw.words else [],
                                     required=name not in filled) for name, column in columns.items()})


def _empty(columns: dict[str, Column]) -> pd.DataFrame:
    return pd.DataFrame({name: _typed_empty(column) for name, column in columns.items()})


def _typed_empty(column: Column) -> pd.Series:
    if column.numeric:
        return pd.Series([], dtype=float)
    if column.type == "date":
        return pd.Series([], dtype="datetime64[us]")
    return pd.Series([], dtype=bool if column.type == "bool" else object)
