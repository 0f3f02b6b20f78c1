"""Words to values, column by column: what is plain is read in one pass, what is odd is looked at letter by letter."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from ...errors import Fault
from .. import codes
from ..schema import Column
from ..tables import Origin
from .words import NOTHING, by_word, code_list, coded, documents, identifiers, plain, yes_no

LISTED = 200  # cells listed of one fault in one column; the rest are counted
LARGEST = {
    "money": 1e13
}  # ten thousand 亿元; of anything else a thousand million is beyond any college or country
DOCUMENTS = ("document", "special_document")  # what stands here gives a fee its effect
BLANK_ALLOWED = (
    "pass_rate",
    "special_case",
    "priced_by",
)  # missing ones have a declared meaning: parameter, 否, 否
ACCOUNTS = {
    ("payments", "amount"),
    ("payments", "invoiced"),
    ("pay_pools", "pay_pool"),
    ("pay_pools", "uplift_granted"),
    ("funding", "limit"),
    ("funding", "carry_over"),
    ("budget_lines", "budgeted"),
    ("budget_lines", "final"),
}
_DATES = (
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})[日号]?(?: 00:00(?::00)?)?",
    r"(\d{4})(\d\d)(\d\d)",
)


class Cells:
    """One column of one table while it is read: says faults with their address."""

    def __init__(self, column: Column, origin: Origin, faults: list[Fault]):
        self.column, self.origin, self.faults = column, origin, faults

    def say(self, rows, what, do="", near="", level="error", code="") -> None:
        """A fault at each row (what and near may be functions of the row)."""
        rows = [int(row) for row in rows]
        text = what if callable(what) else lambda row: what
        close = near if callable(near) else lambda row: near
        for row in rows[:LISTED]:
            self.faults.append(
                self.origin.fault(row, self.column.column, text(row), do, close(row), level, code)
            )
        if len(rows) > LISTED:
            self.faults.append(
                Fault(
                    f"{self.origin.sheet_name}「{self.column.header}」",
                    f"同类问题还有 {len(rows) - LISTED} 处",
                    do,
                    level=level,
                    code=code,
                )
            )


def typed(
    words: np.ndarray, column: Column, origin: Origin, faults: list[Fault], required: bool = True
) -> np.ndarray | pd.Series:
    """The column's values. Every fault is added to `faults`; a faulty cell comes out as missing."""
    cells = Cells(column, origin, faults)
    if not column.numeric:
        words = by_word(words, str.strip)
    blank = words == ""
    if (
        required
        and column.need == "R"
        and column.column not in BLANK_ALLOWED
        and column.type != "bool"
        and blank.any()
    ):
        cells.say(
            np.flatnonzero(blank),
            "不能为空",
            "填上",
            code="missing_cell",
        )
    if column.numeric:
        return _numbers(words, blank, cells)
    if column.type == "date":
        return _dates(words, blank, cells)
    if column.type == "bool":
        return yes_no(words, cells)
    known = codes.BY_COLUMN.get(column.column)
    if column.type == "list":
        return code_list(words, blank, cells, codes.FORM)
    if known and column.type in ("enum", "text"):
        return coded(words, blank, cells, known)
    if column.type in ("id", "code"):
        return identifiers(words, cells)
    if column.column in DOCUMENTS:
        documents(words, blank, cells)
    return words


def _numbers(words, blank, cells) -> np.ndarray:
    column, numbers = cells.column, _fast(words, blank)
    odd = np.flatnonzero(np.isnan(numbers) & ~blank)
    if len(odd):
        numbers, blank, changed = numbers.copy(), blank.copy(), {}
        for i in odd:
            numbers[i], code, problem, near = read_number(words[i], column)
            blank[i] = code == "blank"
            if code and code != "blank":
                changed.setdefault((code, problem), []).append((i, near))
        for (code, problem), places in changed.items():
            level = (
                "error"
                if np.isnan(numbers[places[0][0]])
                else "warning"
                if code == "full_width"
                else "note"
            )
            by_row = {int(i): near for i, near in places}
            cells.say(
                by_row,
                lambda row, text=problem: f"「{words[row].strip()}」{text}",
                "" if level != "error" else "只填数字",
                by_row.get,
                level,
                code,
            )
        if column.need == "R" and column.column not in BLANK_ALLOWED:
            cells.say(
                [i for i in odd if blank[i]],
                "不能为空",
                "填上",
                code="missing_cell",
            )
    endless = np.abs(numbers) > LARGEST.get(
        column.type, 1e9
    )  # 1e400, a code in a column of numbers
    if endless.any():
        cells.say(
            np.flatnonzero(endless),
            lambda row: f"「{words[row].strip()}」太大，不是能用的数",
            "核对后更正",
            code="not_a_number",
        )
        numbers = np.where(endless, np.nan, numbers)
    low, high, strict = column.bounds
    outside = (numbers < low) | (numbers > high) | (strict & (numbers == 0))
    if outside.any():
        share = column.type == "share" and high <= 1.2
        cells.say(
            np.flatnonzero(outside),
            lambda row: f"{words[row].strip()} 超出允许范围（{_bounds_text(low, high, strict)}）",
            "比例填 0 到 1 之间的数，或写成 85%" if share else "核对后更正",
            lambda row: (
                f"{numbers[row] / 100:g}"
                if share and 1 < numbers[row] <= 100 and "%" not in words[row]
                else ""
            ),
            code="percent" if share else "range",
        )
    if column.type == "int":
        part = ~np.isnan(numbers) & (numbers != np.floor(numbers))
        cells.say(
            np.flatnonzero(part),
            lambda row: f"{words[row].strip()} 应为整数",
            "核对后更正",
            code="not_whole",
        )
    if (column.table, column.column) in ACCOUNTS:
        fen = np.abs(numbers * 100 - np.round(numbers * 100)) > 1e-6 * np.maximum(
            1, np.abs(numbers)
        )
        cells.say(
            np.flatnonzero(fen),
            lambda row: f"{words[row].strip()} 小数超过两位，账目到分为止；会不会是以万元填的？",
            "按元填写，保留两位小数",
            level="error" if column.table == "payments" else "warning",
            code="wan_for_yuan",
        )
    return np.where(outside, np.nan, numbers)


def _bounds_text(low, high, strict) -> str:
    if strict:
        return "大于 0"
    if np.isinf(high):
        return f"不小于 {low:g}"
    return f"{low:g} 到 {high:g}"


def _fast(words, blank) -> np.ndarray:
    """Numbers as Python reads them; nan for blanks and for whatever is not a plain number."""
    try:
        joined = "".join(words)
        if (
            not joined.isascii() or "_" in joined or "n" in joined or "N" in joined
        ):  # Python would read 1_000, １２, nan and inf
            raise ValueError
        return np.where(blank, "nan", words).astype(float)
    except ValueError:
        ok = np.array([bool(_PLAIN.fullmatch(word)) for word in words], bool)
        return np.where(ok, np.where(ok, words, "nan").astype(float), np.nan)


_PLAIN = re.compile(r"\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*", re.ASCII)


def read_number(word: str, column: Column) -> tuple[float, str, str, str]:
    """(value, code, sentence, nearest) of one odd cell; nan where it is not a number."""
    text = plain(word)
    if not text:
        return np.nan, "blank", "", ""
    if _PLAIN.fullmatch(text):
        return float(text), "full_width", f"含全角字符，已读作 {text}", ""
    if re.fullmatch(r"[-+]?\d{1,3}(,\d{3})+(\.\d+)?", text):
        return (
            float(text.replace(",", "")),
            "thousands",
            f"含千分位逗号，已读作 {text.replace(',', '')}",
            "",
        )
    if re.fullmatch(r"[-+]?\d+(\.\d+)?\s*%", text):
        if column.type == "share":
            return (
                float(text.rstrip("% ")) / 100,
                "percent_sign",
                f"已读作 {float(text.rstrip('% ')) / 100:g}",
                "",
            )
        return np.nan, "percent_sign", "带百分号，而这一列不是比例", ""
    if wan := re.fullmatch(r"[¥$]?\s*([-+]?[\d,.]+)\s*万元?", text):
        try:
            return (
                np.nan,
                "wan_for_yuan",
                "以万元计，本列以元计",
                f"{float(wan[1].replace(',', '')) * 10000:.0f}",
            )
        except ValueError:
            return np.nan, "not_a_number", "不是数", ""
    if NOTHING.fullmatch(text):
        return np.nan, "dash", "不是数；没有数就留空，0 才写 0", ""
    if text.startswith("#"):
        return np.nan, "formula_error", "是公式出错的结果", ""
    digits = re.sub(r"[¥$,\s]|元|人|次|课时|年|所", "", text)
    return np.nan, "not_a_number", "不是数", digits if _PLAIN.fullmatch(digits) else ""


def _dates(words, blank, cells) -> pd.Series:
    dates = pd.to_datetime(
        pd.Series(np.where(blank, None, words), dtype=object), format="%Y-%m-%d", errors="coerce"
    )
    odd = np.flatnonzero(dates.isna().to_numpy() & ~blank)
    notes: dict[tuple, list] = {}
    for i in odd:
        day, code = read_date(words[i])
        dates.iloc[i] = day
        notes.setdefault((code, day is pd.NaT), []).append(i)
    for (code, wrong), rows in notes.items():
        if wrong:
            cells.say(
                rows,
                lambda row: f"「{words[row]}」不是日期",
                "写成 2020-11-28 这样的年-月-日",
                code=code,
            )
        else:
            cells.say(
                rows,
                lambda row: f"「{words[row]}」已读作 {dates.iloc[row].date()}",
                level="note",
                code=code,
            )
    first = cells.column.earliest
    if first:
        early = (dates < pd.Timestamp(first)).to_numpy()
        cells.say(
            np.flatnonzero(early),
            lambda row: f"{dates.iloc[row].date()} 早于 {first}，当时还没有这项制度",
            "核对后更正",
            code="early",
        )
    late = (dates > pd.Timestamp("2100-01-01")).to_numpy()
    cells.say(
        np.flatnonzero(late),
        lambda row: f"{dates.iloc[row].date()} 太晚",
        "核对后更正；长期有效就留空",
        code="late",
    )
    return dates


def read_date(word: str) -> tuple[pd.Timestamp, str]:
    """(day, code) of an odd date: with slashes, in Chinese, without separators, or an Excel serial; NaT where it is none."""
    text = plain(word)
    for pattern in _DATES:
        if found := re.fullmatch(pattern, text):
            try:
                return pd.Timestamp(int(found[1]), int(found[2]), int(found[3])), "date_text"
            except ValueError:
                return pd.NaT, "no_such_day"
    if re.fullmatch(r"[34]\d{4}(\.0+)?", text):
        return pd.Timestamp("1899-12-30") + pd.Timedelta(days=int(float(text))), "date_serial"
    return pd.NaT, "not_a_date"
