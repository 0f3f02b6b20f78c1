"""The worked example as a workbook with real dates, by two writers; LibreOffice's own are kept in tests/cases/workbooks."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import xlsxwriter
from openpyxl import Workbook
from spoil import EXAMPLE

from onexmodel.data import read_tables
from onexmodel.data.schema import load_schema
from onexmodel.data.sheets import chinese_word


def contents() -> dict[str, list[list[object]]]:
    """sheet → rows: header, then the example; days as dates, numbers as numbers."""
    tables, made = read_tables(EXAMPLE), {}
    for table, columns in load_schema().items():
        frame = tables[table]
        rows: list[list[object]] = [[column.header for column in columns.values()]]
        for at in range(len(frame)):
            row: list[object] = []
            for name, column in columns.items():
                value = frame[name].iloc[at]
                dated = column.type == "date" and not pd.isna(value)
                row.append(value.date() if dated else chinese_word(column, value))
            rows.append(row)
        made[next(iter(columns.values())).sheet] = rows
    made["说明"] = [["数据状态", "模拟"], ["数据说明", "示例：均为虚构"]]
    return made


def by_openpyxl(path: Path) -> Path:
    """Texts in the shared strings, dates by style."""
    book = Workbook()
    book.remove(book.active)
    for sheet, rows in contents().items():
        made = book.create_sheet(sheet)
        for row in rows:
            made.append([None if value == "" else value for value in row])
    book.save(path)
    return path


def by_xlsxwriter(path: Path, constant_memory: bool = False) -> Path:
    """Texts in the shared strings, or in the cells (constant memory)."""
    book = xlsxwriter.Workbook(
        str(path), {"default_date_format": "yyyy-mm-dd", "constant_memory": constant_memory}
    )
    for sheet, rows in contents().items():
        made = book.add_worksheet(sheet)
        for down, row in enumerate(rows):
            for at, value in enumerate(row):
                if isinstance(value, dt.date):
                    made.write_datetime(down, at, value)
                elif value != "":
                    made.write(down, at, value)
    book.close()
    return path
