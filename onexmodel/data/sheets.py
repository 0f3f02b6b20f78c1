"""Tables as Chinese sheets: codes back to Chinese words, the look all workbooks share."""

from __future__ import annotations

import datetime as dt
import re

import numpy as np
import pandas as pd

from . import codes
from .schema import Column

FONT = {"font_name": "等线", "font_size": 10.5}
CREATED = dt.datetime(2000, 1, 1)  # a workbook's bytes must not tell when it was made
CHINESE = {
    name: {code: zh for zh, code in known.items()} for name, known in codes.BY_COLUMN.items()
}


_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]+")


def one_line(text: str) -> str:
    """The text with a blank for what is no character of a line: tabs, line breaks, vertical tabs and other controls."""
    return _UNSEEN.sub(" ", text).strip()


def chinese_word(column: Column, value) -> object:
    """One cell as a finance officer reads it: 是/否, 高职, 2020-11-28; numbers stay numbers; missing is blank."""
    if column.type == "bool":
        return "是" if value else "否"
    if column.numeric:
        if value is None or np.isnan(value) or np.isinf(value):
            return ""
        return int(value) if float(value).is_integer() else float(value)
    if column.type == "date":
        return "" if pd.isna(value) else value.strftime("%Y-%m-%d")
    if column.type == "list":
        return "、".join(CHINESE["form"].get(part, part) for part in str(value).split(",") if part)
    return CHINESE.get(column.column, {}).get(value, value)


def chinese_rows(frame: pd.DataFrame, columns: dict[str, Column]) -> list[list[object]]:
    """All rows of a table in the order of its schema."""
    by_column = [
        [chinese_word(column, value) for value in frame[name]] for name, column in columns.items()
    ]
    return [list(row) for row in zip(*by_column, strict=True)]


def new_book(path):
    """An XlsxWriter workbook with stable bytes."""
    import xlsxwriter

    book = xlsxwriter.Workbook(
        str(path),
        {
            "default_date_format": "yyyy-mm-dd",
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    book.set_properties({"created": CREATED, "author": "onexmodel", "title": "1+X"})
    return book
