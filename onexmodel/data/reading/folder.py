"""A folder of CSV → raw tables. A file that is there and not read is named with its own remedy, not the tables it would have been."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ...errors import DataError, Fault, nearest
from ...strangers import why_unread
from ..about import FILE, About, read_about
from ..files import refused
from ..schema import NEEDED
from .names import recognised, table_names
from .parse_cache import digest_of, table_files
from .raw import Raw, raw_csv
from .records import few

WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".et", ".ods", ".xlsb")
TEXTS = (".txt", ".tsv", ".dat")


def read_folder(
    folder: Path, schema, without: Sequence[str], faults: list[tuple[str, Fault]]
) -> tuple[dict[str, Raw], str, About]:
    """(raw tables, hash, description); to each fault its table, "" for the set as a whole. Raises DataError where the folder cannot be
    looked into."""
    try:
        files = table_files(folder)
    except OSError as error:
        raise refused(folder, *why_unread(error)) from error
    raws, names = {}, table_names(schema)
    others, whole = _others(folder, names)
    instead = whole and not files
    for table, columns in schema.items():
        own: list[Fault] = []
        sheet = next(iter(columns.values())).sheet
        if table not in files:
            if table in NEEDED and not instead and table not in others:
                what = f"缺少表「{table}.csv」（{sheet}）"
                fault = Fault(folder.name, what, do="补上这张表", code="missing_table")
                faults.append(("", fault))
            continue
        first, *more = files[table]
        if more:
            what = f"与 {first.name} 是同一张表"
            faults.append(("", Fault(more[0].name, what, do="只留一个", code="doubled_table")))
        if first.stem not in (table, sheet):
            what = f"按表「{table}.csv」（{sheet}）读入"
            faults.append(("", Fault(first.name, what, level="note", code="renamed_table")))
        if table not in without:
            raw = raw_csv(first, columns, own)
            faults += [(table, fault) for fault in few(own, first.name)]
            if raw is not None:
                raws[table] = raw
    read = {file for found in files.values() for file in found}
    own = whole + [
        Fault(
            file.name,
            "不认识的表，未读入",
            nearest=nearest(file.stem, names),
            level="warning",
            code="unknown_table",
        )
        for file in sorted(folder.iterdir())
        if file.suffix.lower() == ".csv"
        and file not in read
        and not file.name.startswith((".", "~$"))
    ]
    about = read_about(folder / FILE, own)
    faults += [("", fault) for fault in own]
    try:
        digest = digest_of(folder)
    except DataError as error:  # a table that is not parsed now, or one whose fault is said already
        said = {fault for _, fault in faults}
        faults += [("", fault) for fault in error.faults if fault not in said]
        digest = ""
    return raws, digest, about


def _others(folder: Path, names) -> tuple[set[str], list[Fault]]:
    """(tables that are there as another kind of file, a fault for each such file); a workbook counts only where no table is CSV."""
    tables, faults = set(), []
    for file in sorted(folder.iterdir()):
        kind = file.suffix.lower()
        if file.name.startswith((".", "~$")) or not file.is_file():
            continue
        if kind in TEXTS and (found := recognised([file.stem], names)):
            tables.add(found[file.stem][0])
            what = f"是 {kind} 文件，没有读入"
            do = "用 Excel 打开后另存为「CSV UTF-8（逗号分隔）」"
            faults.append(Fault(file.name, what, do, f"{file.stem}.csv", code="not_csv"))
        elif kind in WORKBOOKS and not table_files(folder):
            what = "文件夹里没有 CSV 表，只有这个工作簿"
            do = "给出工作簿本身，而不是它所在的文件夹"
            faults.append(Fault(file.name, what, do, f"{folder.name}/{file.name}", code="no_csv"))
    return tables, faults
