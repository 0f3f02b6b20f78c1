"""Numbers as people write them: read where only one number can be meant, else refused with the nearest."""

from __future__ import annotations

import re

import numpy as np

from ..schema import Column
from .words import ERROR_TEXT, NOTHING, plain

PLAIN = re.compile(r"\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*", re.ASCII)
_LARGE = {"百": 1e2, "千": 1e3, "万": 1e4, "十万": 1e5, "百万": 1e6, "千万": 1e7, "亿": 1e8}
_AMOUNT = re.compile(
    r"[¥$]?\s*([-+]?[\d,.]+)\s*(十万|百万|千万|百|千|万|亿)(元|圆|人|人次|课时|个)?整?"
)
_YEAR = re.compile(r"(\d{4})\s*年度?")
_UNITS = re.compile(r"[¥$,\s]|元|圆|人|次|课时|年|所")


def read_number(word: str, column: Column) -> tuple[float, str, str, str]:
    """(value, code, sentence, nearest) of one odd cell; nan where it is not a number."""
    text = plain(word)
    if not text:
        return np.nan, "blank", "", ""
    if PLAIN.fullmatch(text):
        return float(text), "full_width", f"含全角字符，已读作 {text}", ""
    if re.fullmatch(r"[-+]?\d{1,3}(,\d{3})+(\.\d+)?", text):
        bare = text.replace(",", "")
        return float(bare), "thousands", f"含千分位逗号，已读作 {bare}", ""
    if column.column == "year" and (year := _YEAR.fullmatch(text)):
        return float(year[1]), "year_word", f"已读作 {year[1]}", ""
    if re.fullmatch(r"[-+]?\d+(\.\d+)?\s*%", text):
        share = float(text.rstrip("% ")) / 100
        if column.type == "share":
            return share, "percent_sign", f"已读作 {share:g}", ""
        return np.nan, "percent_sign", "带百分号，而这一列不是比例", ""
    if amount := _AMOUNT.fullmatch(text):
        return _in_larger_unit(amount, column)
    if NOTHING.fullmatch(text):
        return np.nan, "dash", "不是数；没有数就留空，0 才写 0", ""
    if ERROR_TEXT.fullmatch(text) or text.startswith("#"):
        return np.nan, "formula_error", "是公式出错的结果", ""
    if re.fullmatch(r"[-+]?\d{1,3}(\.\d{3})*,\d{1,2}", text) or re.fullmatch(
        r"\d{1,3}(\.\d{3}){2,}", text
    ):
        return (
            np.nan,
            "not_a_number",
            "的小数点和千分位是外国写法",
            text.replace(".", "").replace(",", "."),
        )
    digits = _UNITS.sub("", text)
    return np.nan, "not_a_number", "不是数", digits if PLAIN.fullmatch(digits) else ""


def _in_larger_unit(amount: re.Match, column: Column) -> tuple[float, str, str, str]:
    digits, unit = amount[1].replace(",", ""), amount[2]
    if not PLAIN.fullmatch(digits):
        return np.nan, "not_a_number", "不是数", ""
    near = f"{float(digits) * _LARGE[unit]:.10f}".rstrip("0").rstrip(".")
    if column.type == "money":
        return np.nan, "wan_for_yuan", f"以{unit}元计，本列以元计", near
    return np.nan, "wan_for_yuan", f"以{unit}计，本列要写出整个数", near
