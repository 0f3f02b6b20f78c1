"""Words to values, column by column: what is plain is read in one pass, what is odd is looked at letter by letter."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ...errors import Fault
from .. import codes
from ..schema import Column
from ..tables import Origin
from .dates import read_date
from .identifiers import identifiers, shown, text
from .numbers import PLAIN, read_number
from .records import LISTED
from .words import ERROR_TEXT, FAULTY, Words, code_list, coded, documents, yes_no

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


NOT_A_DAY = {
    "date_order": "没有按年、月、日的次序写",
    "no_such_day": "没有这一天",
}


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
    cells_of: np.ndarray | Words,
    column: Column,
    origin: Origin,
    faults: list[Fault],
    required: bool = True,
) -> np.ndarray | pd.Series:
    """The column's values. Every fault is added to `faults`; a faulty cell comes out as missing."""
    cells, words = Cells(column, origin, faults), Words.of(cells_of)
    if not column.numeric:
        words = _without_errors(words.each(str.strip), cells)
    blank, said = words.are([""]), words.are([FAULTY])
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
    if said.any():
        words, blank = words.each(lambda word: "" if word == FAULTY else word), blank | said
    if column.numeric:
        return _numbers(words, blank, cells)
    if column.type == "date":
        return _dates(words, blank, cells)
    if column.type == "bool":
        return yes_no(words, cells)
    return _words(words, blank, cells).series()


def _words(words: Words, blank: np.ndarray, cells: Cells) -> Words:
    """A column of codes, names or other text."""
    column = cells.column
    known = codes.BY_COLUMN.get(column.column)
    if column.type == "list":
        return code_list(words, blank, cells, codes.FORM)
    if known and column.type in ("enum", "text"):
        words = coded(words, blank, cells, known)
        return text(words, cells) if column.column in codes.FREE else words
    if column.type in ("id", "code"):
        return identifiers(words, cells)
    return text(documents(words, cells) if column.column in DOCUMENTS else words, cells)


def _without_errors(words: Words, cells) -> Words:
    """Texts such as #N/A, which a formula left in a CSV or a pasted value: each is a fault, never a blank and never a code."""
    joined = " ".join(words.different)
    if "#" not in joined and "Err:" not in joined:
        return words
    cells.say(
        np.flatnonzero(words.that(lambda word: bool(ERROR_TEXT.fullmatch(word)))),
        lambda row: f"公式出错（{words[row]}）",
        "改正公式，或粘贴为数值",
        code="formula_error",
    )
    return words.each(lambda word: FAULTY if ERROR_TEXT.fullmatch(word) else word)


def _numbers(words: Words, blank: np.ndarray, cells: Cells) -> np.ndarray:
    column, numbers = cells.column, _fast(words.different)[words.at]
    odd = np.flatnonzero(np.isnan(numbers) & ~blank)
    if len(odd):
        blank, changed = blank.copy(), {}
        for i in odd.tolist():
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
            by_row = dict(places)
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
    endless = np.abs(numbers) > column.largest  # 1e400, a code in a column of numbers
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


def _fast(words: np.ndarray) -> np.ndarray:
    """Numbers as Python reads them; nan for blanks and for whatever is not a plain number."""
    try:
        joined = "".join(words)
        if (
            not joined.isascii() or "_" in joined or "n" in joined or "N" in joined
        ):  # Python would read 1_000, １２, nan and inf
            raise ValueError
        return np.where(words == "", "nan", words).astype(float)
    except ValueError:
        ok = np.array([bool(PLAIN.fullmatch(word)) for word in words], bool)
        return np.where(ok, np.where(ok, words, "nan").astype(float), np.nan)


def _dates(words: Words, blank: np.ndarray, cells: Cells) -> pd.Series:
    different = words.different
    plain = pd.to_datetime(
        pd.Series([word or None for word in different], dtype=object),
        format="%Y-%m-%d",
        errors="coerce",
    )
    days = plain.to_numpy().copy()
    odd = np.flatnonzero(np.isnat(days)[words.at] & ~blank)
    notes: dict[tuple, list] = {}
    close, first = {}, cells.origin.first_day
    read = {at: read_date(different[at], first) for at in np.unique(words.at[odd]).tolist()}
    for at, (day, *_) in read.items():
        days[at] = day.to_datetime64() if day is not pd.NaT else np.datetime64("NaT")
    for i in odd:
        day, code, close[int(i)] = read[words.at[i]]
        notes.setdefault((code, day is pd.NaT), []).append(i)
    dates = pd.Series(days[words.at])
    for (code, wrong), rows in notes.items():
        if wrong:
            cells.say(
                rows,
                lambda row, code=code: f"「{shown(words[row])}」{NOT_A_DAY.get(code, '不是日期')}",
                "写成 2020-11-28 这样的年-月-日",
                close.get,
                code=code,
            )
        else:
            cells.say(
                rows,
                lambda row, code=code: (
                    f"「{shown(words[row])}」已读作 {dates.iloc[row].date()}"
                    + ("，时刻不读" if code == "date_time" else "")
                ),
                level="note",
                code=code,
            )
    earliest = cells.column.earliest
    if earliest:
        early = (dates < pd.Timestamp(earliest)).to_numpy()
        cells.say(
            np.flatnonzero(early),
            lambda row: f"{dates.iloc[row].date()} 早于 {earliest}，当时还没有这项制度",
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
