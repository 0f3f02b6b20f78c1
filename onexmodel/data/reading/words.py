"""Words to codes: yes and no, codes in Chinese or English, lists of them, identifiers, document numbers."""

from __future__ import annotations

import re
import unicodedata

import numpy as np
import pandas as pd

from ...errors import nearest
from .. import codes

NOTHING = re.compile(r"[-—–/\\.]+|无|空|没有|暂无|待定|null|NULL|None|NA|N/A|nan|NaN")


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


def identifiers(words, cells) -> np.ndarray:
    """Codes and ids: full-width forms read as ordinary ones and said so."""
    if "".join(set(words)).isascii():
        return words
    made = by_word(words, plain)
    wide = [i for i in np.flatnonzero(made != words) if any("！" <= c <= "～" for c in words[i])]
    cells.say(
        wide,
        lambda row: f"「{words[row]}」含全角字符，已读作 {made[row]}",
        level="warning",
        code="full_width",
    )
    return np.where(made != words, made, words) if wide else words


def documents(words, blank, cells) -> None:
    """A document number has a figure or a Chinese word in it; a dash or 无 would count as a document and is refused."""
    none = {
        word
        for word in set(words[~blank])
        if NOTHING.fullmatch(plain(word)) or not re.search("[0-9一-鿿]", plain(word))
    }
    cells.say(
        np.flatnonzero(np.isin(words, list(none))) if none else (),
        lambda row: f"「{words[row]}」不是文号",
        "填文号；没有就留空",
        code="not_a_document",
    )
