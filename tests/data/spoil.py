"""Spoil a copy of the worked example in one place: as CSV (through text) or as a workbook (through openpyxl)."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from onexmodel.data import read_tables
from onexmodel.data.schema import load_schema
from onexmodel.data.sheets import chinese_rows
from onexmodel.data.template import write_template
from onexmodel.places import shipped

EXAMPLE = shipped("data", "example")


def filled_workbook(path: Path) -> Path:
    """The template, filled with the worked example by openpyxl (row 2 stays the marked example row)."""
    write_template(path)
    tables, book = read_tables(EXAMPLE), load_workbook(path)
    for table, columns in load_schema().items():
        sheet = next(iter(columns.values())).sheet
        if sheet in book.sheetnames:
            for down, row in enumerate(chinese_rows(tables[table], columns), 3):
                for at, value in enumerate(row, 2):
                    if value != "":
                        book[sheet].cell(down, at, value)
    about = book["说明"]
    for row in about.iter_rows(min_col=1, max_col=2):
        if row[0].value == "数据状态":
            row[1].value = "模拟"
        if row[0].value == "数据说明":
            row[1].value = "示例：均为虚构"
    book.save(path)
    return path


def csv_folder(target: Path) -> Path:
    """A copy of the worked example as CSV."""
    shutil.copytree(EXAMPLE, target)
    return target


def spoil_csv(folder: Path, edit: dict) -> None:
    """One edit: {table, row, column, value}, or {table, append: [...]}, {table, header: [old, new]}, {table, bytes|delete}."""
    file = folder / f"{edit.get('table')}.csv"
    if "delete" in edit:
        return file.unlink()
    if "write" in edit:
        return (folder / edit["file"]).write_bytes(
            edit["write"].encode(edit.get("encoding", "utf-8"))
        )
    if "raw" in edit:
        return file.write_bytes(bytes.fromhex(edit["raw"]))
    text = file.read_text(encoding="utf-8")
    lines = list(csv.reader(io.StringIO(text, newline="")))
    if "header" in edit:
        old, new = edit["header"]
        lines[0][lines[0].index(old)] = new
    if "drop" in edit:
        at = lines[0].index(edit["drop"])
        lines = [line[:at] + line[at + 1 :] for line in lines]
    if "append" in edit:
        lines.append([str(cell) for cell in edit["append"]])
    if "repeat" in edit:
        lines.append(list(lines[edit["repeat"] - 1]))
    if "rows" in edit:
        lines = lines[: edit["rows"]]
    if "column" in edit:
        lines[edit["row"] - 1][lines[0].index(edit["column"])] = str(edit["value"])
    out = io.StringIO()
    csv.writer(out, lineterminator="\n", delimiter=edit.get("delimiter", ",")).writerows(lines)
    return file.write_text(out.getvalue(), encoding="utf-8")


def spoil_workbook(path: Path, edit: dict) -> None:
    """One edit by openpyxl: {sheet, cell, value}, {sheet, merge}, {sheet, hide}, {sheet, title}, {remove}, {header}."""
    if "bytes" in edit:
        path.write_bytes(bytes.fromhex(edit["bytes"]))
        return
    book = load_workbook(path)
    if "remove" in edit:
        del book[edit["remove"]]
    sheet = book[edit["sheet"]] if "sheet" in edit else None
    if "cell" in edit:
        sheet[edit["cell"]] = edit["value"]
    if "merge" in edit:
        sheet.merge_cells(edit["merge"])
    if "hide" in edit:
        sheet.row_dimensions[edit["hide"]].hidden = True
    if "title" in edit:
        sheet.title = edit["title"]
    if "copy" in edit:
        book.copy_worksheet(sheet).title = edit["copy"]
    if "above" in edit:
        sheet.insert_rows(1)
        sheet["A1"] = edit["above"]
    book.save(path)


def letter(sheet, header: str) -> str:
    """Column letter of a header in a sheet."""
    return next(
        get_column_letter(cell.column) for cell in sheet[1] if str(cell.value).lstrip("*") == header
    )
