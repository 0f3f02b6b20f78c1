"""Words to codes: yes and no, codes in Chinese or English, lists of them, document numbers; words that say what a row or cell is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from ...errors import nearest
from .. import codes

FAULTY = "\ud800"  # stands for a cell whose fault is said already: no file can hold this sign
ERROR_TEXT = re.compile(
    r"#(?:N/?A|NV|ND|NULO|[^\s#]{1,24}[!?！？]|GETTING_DATA)|#[A-Z_/0-9]{3,}!?|Err:\d{3}"
)
TOTALS_ROW = (
    "是合计行，会被当成一条记录重复计算",
    "删去合计行；合计由程序计算",
)  # what, what to do
_TOTAL = re.compile(
    r".{0,14}?(?:合计|总计|小计|共计|累计|总和)(?:数|额|人数|人次|金额)?(?:\(.*\)|[元人]|万元)?:?"
    r"|(?:合计|总计|小计|共计|总和)[:(].{0,14}|(?:grand|sub|page)?[-_]?totals?(?:\(.*\))?:?|sum:?",
    re.I,
)
NOTHING = re.compile(r"[-—–/\\.]+|无|空|没有|暂无|待定|null|NULL|None|NA|N/A|nan|NaN")


def is_total(word: str) -> bool:
    """Whether a cell names a sum of other rows: 合计, 全校合计, 合计（人）, Grand total."""
    return bool(_TOTAL.fullmatch(re.sub(r"\s", "", unicodedata.normalize("NFKC", word))))


@dataclass(frozen=True)
class Words:
    """A column of cells: each different word once (in the order they first stand in, though two may have become alike), and `at`, (rows,)
    which of them a row holds. What is asked of words is asked once of each."""

    at: np.ndarray
    different: np.ndarray

    @staticmethod
    def of(cells: np.ndarray | Words) -> Words:
        """A column as it stands in a file."""
        return cells if isinstance(cells, Words) else Words(*pd.factorize(cells))

    def __getitem__(self, row: int) -> str:
        return self.different[self.at[row]]

    @cached_property
    def array(self) -> np.ndarray:
        """(rows,) the words."""
        return self.different[self.at]

    def each(self, change: Callable[[str], str]) -> Words:
        """The column with every word changed."""
        return Words(self.at, np.array([change(word) for word in self.different], object))

    def are(self, some: Collection[str]) -> np.ndarray:
        """(rows,) bool: is the word one of these?"""
        return self.that(frozenset(some).__contains__)

    def that(self, holds: Callable[[str], bool]) -> np.ndarray:
        """(rows,) bool: what holds of the word."""
        return np.fromiter(map(holds, self.different), bool, len(self.different))[self.at]

    def series(self) -> np.ndarray | pd.Series:
        """The words as a frame holds text: none is looked at again to find that it is one."""
        if not len(self.at):
            return np.array([], object)
        return pd.Series(pd.array(self.different, dtype="str").take(self.at))


def plain(word: str) -> str:
    """Full-width letters and digits to ordinary ones, blanks at the ends off."""
    return unicodedata.normalize("NFKC", word).strip()


def yes_no(words: Words, cells) -> np.ndarray:
    lower = words.each(lambda word: plain(word).lower())
    known = (*codes.TRUE, *codes.FALSE)
    cells.say(
        np.flatnonzero(~lower.are(known)),
        lambda row: f"「{words[row]}」应为 是 或 否",
        "改成 是 或 否",
        code="not_yes_no",
    )
    return lower.are(codes.TRUE)


def coded(words: Words, blank: np.ndarray, cells, known) -> Words:
    values = set(known.values())
    both = {
        **known,
        **{code: code for code in values},
        **{plain(word): code for word, code in known.items()},
    }
    made = words.each(lambda word: both.get(word) or both.get(plain(word), word))
    if cells.column.column not in codes.FREE:
        cells.say(
            np.flatnonzero(~made.are(values) & ~blank),
            lambda row: f"「{words[row]}」不在代码表中",
            f"从 {'、'.join(known)} 中选",
            lambda row: nearest(words[row], known),
            code="unknown_code",
        )
    return made


def code_list(words: Words, blank: np.ndarray, cells, known) -> Words:
    def read(word: str) -> str:
        return ",".join(
            known.get(part.strip(), part.strip())
            for part in re.split("[,，、;；]", word)
            if part.strip()
        )

    made, values = words.each(read), set(known.values())
    cells.say(
        np.flatnonzero(~made.that(lambda word: set(word.split(",")) <= values) & ~blank),
        lambda row: f"「{words[row]}」不在代码表中",
        f"从 {'、'.join(known)} 中选，用顿号隔开",
        code="unknown_code",
    )
    return made


def documents(words: Words, cells) -> Words:
    """A document number has a figure or a Chinese word in it; a dash or 无 would count as a document and is refused."""

    def none(word: str) -> bool:
        text = plain(word)
        return bool(word and (NOTHING.fullmatch(text) or not re.search("[0-9一-鿿]", text)))

    cells.say(
        np.flatnonzero(words.that(none)),
        lambda row: f"「{words[row]}」不是文号",
        "填文号；没有就留空",
        code="not_a_document",
    )
    return words.each(lambda word: FAULTY if none(word) else word)
