"""Tables as read: frozen, with the address of every cell and a hash of what was read."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from ..errors import Fault

KINDS = (
    "observed",
    "estimated",
    "simulated",
)  # from best to worst: what rests on several rows is of the worst kind among them
ASSUMED = {
    "假设": "estimated",
    "模拟": "simulated",
}  # a row is no better than the document it rests on


@dataclass(frozen=True)
class Origin:
    """Where a table came from: file, sheet ("" for CSV), the file's row of each record (counted as in Excel), and per
    English column name its position (from 0) and its header as written. `first_day`: what serial numbers of days count from. Of a
    table made from the short form also: `shared`, a column whose one cell stands in another row of the file; `made`, column →
    (rows,) where a value comes from that stands in no cell, as str() says it ("" where it does)."""

    file: str
    sheet: str
    rows: np.ndarray
    columns: Mapping[str, int]
    headers: Mapping[str, str]
    first_day: str = "1899-12-30"
    shared: Mapping[str, int] = field(default_factory=dict)
    made: Mapping[str, Sequence[object]] = field(default_factory=dict)

    @property
    def sheet_name(self) -> str:
        """「文件」 or 「文件 工作表「开考计划」」."""
        return f"{self.file} 工作表「{self.sheet}」" if self.sheet else self.file

    def address(self, row: int, column: str) -> str:
        """「文件 第 r 行「列名」」, or 「文件 工作表「…」E17（列名）」."""
        number, header = self._number(row, column), self.headers.get(column, column)
        if column in self.made and self.made[column][row]:
            return f"{self.sheet_name}（{self.made[column][row]}）"
        if not self.sheet:
            return f"{self.file} 第 {number} 行「{header}」"
        if column not in self.columns:
            return f"{self.sheet_name} 第 {number} 行「{header}」"
        return f"{self.sheet_name} {column_letter(self.columns[column])}{number}（{header}）"

    def _number(self, row: int, column: str) -> int:
        """The file's row of a cell."""
        own = int(self.rows[row]) if row < len(self.rows) else row + 2
        return self.shared.get(column, own)

    def header_address(self, at: int, row: int) -> str:
        """A cell by position: of a header, or of a column that has no name here."""
        return (
            f"{self.sheet_name} {column_letter(at)}{row}"
            if self.sheet
            else f"{self.file} 第 {row} 行第 {at + 1} 列"
        )

    def header_fault(
        self, at: int, row: int, what: str, do: str = "", nearest: str = "", code: str = ""
    ) -> Fault:
        """A fault at such a cell."""
        place = (self.file, self.sheet, row, at)
        return Fault(self.header_address(at, row), what, do, nearest, code=code, at=place)

    def fault(
        self,
        row: int,
        column: str,
        what: str,
        do: str = "",
        nearest: str = "",
        level: str = "error",
        code: str = "",
    ) -> Fault:
        """A fault at a cell."""
        at = (
            (self.file, self.sheet, self._number(row, column), self.columns[column])
            if column in self.columns and row < len(self.rows)
            else ()
        )
        return Fault(self.address(row, column), what, do, nearest, level, code, at)


ADDRESS = re.compile(r" 第 (\d+) 行「[^」]*」")  # as Origin.address writes it


def in_english(text: str) -> str:
    """A text with the addresses in it for English readers: fees.csv row 7."""
    return ADDRESS.sub(r" row \1", text)


def column_letter(at: int) -> str:
    """0 → A, 26 → AA."""
    letters = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@dataclass(frozen=True)
class Tables:
    """`frames`: table → DataFrame with English columns and codes; missing numbers nan, missing text "".
    `marks`: table → (rows,) observed | estimated | simulated; `imputed`: (table, column) → (rows,) bool, filled by a declared rule."""

    frames: Mapping[str, pd.DataFrame]
    origins: Mapping[str, Origin]
    sha256: str
    title: Mapping[str, str] = field(default_factory=dict)
    label: Mapping[str, str] = field(default_factory=dict)
    status: str = "observed"
    findings: tuple[Fault, ...] = ()
    marks: Mapping[str, np.ndarray] = field(default_factory=dict)
    imputed: Mapping[tuple[str, str], np.ndarray] = field(default_factory=dict)

    def __getitem__(self, table: str) -> pd.DataFrame:
        return self.frames[table]

    def with_frames(self, frames: Mapping[str, pd.DataFrame]) -> Tables:
        """The same tables with some frames replaced."""
        return replace(self, frames={**self.frames, **frames})

    def row_status(self, table: str) -> np.ndarray:
        """(rows,) observed | estimated | simulated: the worst of a row's own mark, the set's status, what it rests on (a document of
        kind 假设 or 模拟) and estimated where a cell was filled. Documents themselves are what their kind says."""
        frame = self.frames[table]
        if self.status == KINDS[-1] and table != "sources":
            return np.full(len(frame), self.status, object)
        status = np.array(self.marks.get(table, np.full(len(frame), "observed", object)), object)
        for (name, _), filled in self.imputed.items():
            if name == table:
                status = worse(status, np.where(filled, "estimated", "observed"))
        if table == "sources":
            return worse(status, frame["kind"].map(ASSUMED).fillna("observed").to_numpy(object))
        if "source" in frame and len(self.frames["sources"]):
            known = (
                self.frames["sources"]
                .drop_duplicates("source")
                .set_index("source")["kind"]
                .map(ASSUMED)
            )
            status = worse(status, frame["source"].map(known).fillna("observed").to_numpy(object))
        return worse(status, np.full(len(status), self.status, object))


def by_code(frame: pd.DataFrame, key: str) -> pd.DataFrame:
    """The rows of a table by their code, of those that share one the first."""
    return frame.drop_duplicates(key).set_index(key)


def in_force(frame: pd.DataFrame, day) -> pd.Series:
    """(rows,) bool: do they hold on the day (one, or one a row)? An empty end is open."""
    return (frame["valid_from"] <= day) & (frame["valid_to"].isna() | (day < frame["valid_to"]))


def among(column: pd.Series, words: Collection[str]) -> np.ndarray:
    """(rows,) bool: is the cell one of the words? Each different cell is looked up once, which Series.isin does not do for text."""
    at, different = pd.factorize(column)
    return np.append(
        np.fromiter((word in words for word in different.tolist()), bool, len(different)), False
    )[at]


def combined(*columns: pd.Series) -> tuple[np.ndarray, list[tuple]]:
    """(rows,) which of the different combinations of cells a row holds, and these in the order they first stand in. Each column is looked
    through once, and the rows never one by one."""
    looked = [pd.factorize(column, use_na_sentinel=False) for column in columns]
    lengths = [max(len(words), 1) for _, words in looked]
    number = np.zeros(len(columns[0]), int)
    for (code, _), length in zip(looked, lengths, strict=True):
        number = number * length + code
    at, different = pd.factorize(number)
    parts = zip(np.unravel_index(different, lengths), looked, strict=True)
    cells = [np.array(words.tolist(), object)[code].tolist() for code, (_, words) in parts]
    return at, [*zip(*cells, strict=True)]


def worse(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """(rows,) the worse of two kinds."""
    made = np.where((right == "estimated") & (left == "observed"), "estimated", left)
    return np.where(right == "simulated", "simulated", made)
