"""Words to codes: yes and no, codes in Chinese or English, lists of them, document numbers; words that say what a row or cell is."""

from __future__ import annotations

import re
import unicodedata

import numpy as np
import pandas as pd

from ...errors import nearest
from .. import codes

FAULTY = "\ud800"  # stands for a cell whose fault is said already: no file can hold this sign
ERROR_TEXT = re.compile(
    r"#(?:N/?A|NV|ND|NULO|[^\s#]{1,24}[!?！？]|GETTING_DATA)|#[A-Z_/0-9]{3,}!?|Err:\d{3}"
)
TOTALS = ("合计", "总计", "小计", "共计", "累计", "total", "Total", "TOTAL", "subtotal", "sum")
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


def by_word(words: np.ndarray, change) -> np.ndarray:
    """The column with each different word changed once."""
    at, different = pd.factorize(words, sort=False)
    return (
        np.array([change(word) for word in different], dtype=object)[at]
        if len(different)
        else words
    )


def plain(word: str) -> str:
    """Full-width letters and digits to ordinary ones, blanks at the ends off."""
    return unicodedata.normalize("NFKC", word).strip()


def yes_no(words, cells) -> np.ndarray:
    lower = by_word(words, lambda word: plain(word).lower())
    known = (*codes.TRUE, *codes.FALSE)
    cells.say(
        np.flatnonzero(~np.isin(lower, known)),
        lambda row: f"「{words[row]}」应为 是 或 否",
        "改成 是 或 否",
        code="not_yes_no",
    )
    return np.isin(lower, codes.TRUE)


def coded(words, blank, cells, known) -> np.ndarray:
    values = set(known.values())
    both = {
        **known,
        **{code: code for code in values},
        **{plain(word): code for word, code in known.items()},
    }
    coded = by_word(words, lambda word: both.get(word) or both.get(plain(word), word))
    if cells.column.column not in codes.FREE:
        wrong = np.flatnonzero(~np.isin(coded, list(values)) & ~blank)
        cells.say(
            wrong,
            lambda row: f"「{words[row]}」不在代码表中",
            f"从 {'、'.join(known)} 中选",
            lambda row: nearest(words[row], known),
            code="unknown_code",
        )
    return coded


def code_list(words, blank, cells, known) -> np.ndarray:
    def read(word):
        return ",".join(
            known.get(part.strip(), part.strip())
            for part in re.split("[,，、;；]", word)
            if part.strip()
        )

    made = by_word(words, read)
    wrong = [
        i for i in np.flatnonzero(~blank) if not set(made[i].split(",")) <= set(known.values())
    ]
    cells.say(
        wrong,
        lambda row: f"「{words[row]}」不在代码表中",
        f"从 {'、'.join(known)} 中选，用顿号隔开",
        code="unknown_code",
    )
    return made


def documents(words, blank, cells) -> np.ndarray:
    """A document number has a figure or a Chinese word in it; a dash or 无 would count as a document and is refused."""
    none = {
        word
        for word in set(words[~blank])
        if NOTHING.fullmatch(plain(word)) or not re.search("[0-9一-鿿]", plain(word))
    }
    wrong = np.isin(words, list(none)) if none else np.zeros(len(words), bool)
    cells.say(
        np.flatnonzero(wrong),
        lambda row: f"「{words[row]}」不是文号",
        "填文号；没有就留空",
        code="not_a_document",
    )
    return np.where(wrong, FAULTY, words) if none else words
