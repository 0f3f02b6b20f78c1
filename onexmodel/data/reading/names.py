"""Which table a sheet or a file is, by its name: as given, or with a number, a remark or a copy's mark around it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

_BEFORE = re.compile(
    r"^(?:附?[表件录]|sheet|table)?[\s_-]*(?:[（(]?[0-9一二三四五六七八九十]+(?:年度?)?[)）]?)?[\s.、:：_\-—]*",
    re.I,
)
_AFTER = re.compile(
    r"(?:[\s_-]*(?:[（(][^（()）]*[)）]|副本|copy|终稿|最终版?|新|[12]\d{3}年?|v?\d{1,2})|[\s_-]*表)+$",
    re.I,
)


def table_names(schema) -> dict[str, str]:
    """Every name a table goes by, English and Chinese → table."""
    return {
        name: table
        for table, columns in schema.items()
        for name in (table, next(iter(columns.values())).sheet)
    }


def recognised(names: Iterable[str], known: Mapping[str, str]) -> dict[str, tuple[str, bool]]:
    """name → (table, exactly so named?). A name with something around it stands for a table that no other name is exactly."""
    clean = {name: unicodedata.normalize("NFKC", name).strip() for name in names}
    lower = {word.lower(): table for word, table in known.items()}
    found = {
        name: (lower[word.lower()], True) for name, word in clean.items() if word.lower() in lower
    }
    taken = {table for table, _ in found.values()}
    for name, word in clean.items():
        if name not in found and (table := _bare(word, lower)) and table not in taken:
            found[name] = table, False
    return found


def _bare(word: str, known: Mapping[str, str]) -> str:
    word = word.lower()
    end = _AFTER.sub("", word)
    tails = (word, end, f"{end}表")  # 预算表 (2): 表 is also part of some names
    heads = (*tails, *(_BEFORE.sub("", tail) for tail in tails))
    exact = next((known[one.strip()] for one in heads if one.strip() in known), "")
    ends = {table for name, table in known.items() if len(name) > 3 and tails[1].endswith(name)}
    return exact or (ends.pop() if len(ends) == 1 else "")  # 某某学院开考计划
