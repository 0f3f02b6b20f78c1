"""Days as people write them: read where only one day can be meant, else refused with the nearest."""

from __future__ import annotations

import re

import pandas as pd

from .words import plain

_DASHES = str.maketrans(
    dict.fromkeys("–—‐‑‒―−－_", "-") | {"／": "/", "．": ".", "。": ".", "・": "."}
)
_CLOCK = re.compile(
    r"[ T]*(?:[上下]午|[AaPp][Mm])?\s*\d{1,2}(?::\d{2}(?::\d{2}(?:\.\d+)?)?|[时点](?:\d{1,2}分(?:\d{1,2}秒)?)?)\s*(?:[AaPp][Mm])?(?:Z|[+-]\d\d:?\d\d)?$"
)
_WEEKDAY = re.compile(r"[\s,(（]*(?:星期|周|礼拜)[一二三四五六日天][)）]?")
_FORMS = (
    re.compile(r"(\d{4})([-/.年])(\d{1,2})(?:\2|月)(\d{1,2})[日号]?"),
    re.compile(r"(\d{4})()(\d\d)(\d\d)"),
)
_FOREIGN = re.compile(r"(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})")
_SERIAL = re.compile(r"[34]\d{4}(?:\.\d+)?")
_NUMERALS = {word: at for at, word in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0, "O": 0}


def read_date(word: str, first: str = "1899-12-30") -> tuple[pd.Timestamp, str, str]:
    """(day, code, nearest) of an odd date; NaT where it is none, and then the nearest day if one can be guessed. `first`: the day
    that serial numbers count from."""
    text = plain(word)
    if _SERIAL.fullmatch(text):
        return pd.Timestamp(first) + pd.Timedelta(days=int(float(text))), "date_serial", ""
    text = re.sub(r"\s*([年月日号/.-])\s*", r"\1", _in_figures(text.translate(_DASHES)))
    bare = _WEEKDAY.sub("", text)
    timed = _CLOCK.sub("", bare).rstrip() if re.search(r"[ T日号]", bare) else bare
    code = (
        "date_text"
        if timed == bare or re.fullmatch(r"[ T]0?0:00(:00)?(\.0+)?Z?", bare[len(timed) :])
        else "date_time"
    )
    for form in _FORMS:
        if found := form.fullmatch(timed):
            day = _day(found[1], found[3], found[4])
            return day, code if day is not pd.NaT else "no_such_day", ""
    if found := _FOREIGN.fullmatch(timed):
        return pd.NaT, "date_order", _guess(*(found[at] for at in (1, 2, 3)))
    return pd.NaT, "not_a_date", ""


def _day(year, month, day) -> pd.Timestamp:
    try:
        return pd.Timestamp(int(year), int(month), int(day))
    except ValueError:
        return pd.NaT


def _guess(one: str, two: str, three: str) -> str:
    """21/3/5 is nearest to 2021-03-05, 6/20/2023 to 2023-06-20."""
    orders = (
        [(three, one, two), (three, two, one)]
        if len(three) == 4
        else [(one, two, three), (three, one, two), (three, two, one)]
    )
    for year, month, day in orders:
        full = year if len(year) == 4 else f"20{year}" if len(year) == 2 else ""
        found = _day(full, month, day) if full else pd.NaT
        if found is not pd.NaT:
            return str(found.date())
    return ""


def _in_figures(text: str) -> str:
    """二〇二一年三月五日 → 2021年3月5日."""
    found = re.match(
        r"([〇零○O一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})([日号])",
        text,
    )
    if not found:
        return text
    year = "".join(str(_NUMERALS[letter]) for letter in found[1])
    return f"{year}年{_small(found[2])}月{_small(found[3])}{found[4]}{text[found.end() :]}"


def _small(word: str) -> int:
    """十二 → 12, 三十 → 30."""
    tens, ten, ones = word.rpartition("十")
    return (_NUMERALS.get(tens, 1) * 10 if ten else 0) + _NUMERALS.get(ones, 0)
