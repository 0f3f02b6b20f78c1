"""How numbers are written: quantities in their unit of print, shares, changes, intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...analysis.measures import span
from ...analysis.statistics.precision import places, rounded

MISSING = "—"
THIN = "\u202f"  # narrow, and no line breaks at it
CURRENCY = (
    "CNY"  # a unit of English pages that begins with it is split: it stands before the number
)
NO_RANGE = (float("nan"), float("nan"))  # of a number without an interval; nothing is printed of it


def _grouped(text: str) -> str:
    sign, digits = ("−", text[1:]) if text.startswith("-") else ("", text)
    whole, _, decimals = digits.partition(".")
    parts = [whole[max(0, i - 3) : i] for i in range(len(whole), 0, -3)][::-1]
    return (
        sign
        + (THIN.join(parts) if len(whole) > 4 else whole)
        + (f".{decimals}" if decimals else "")
    )


def number(x, decimals: int = 0, missing: str = MISSING) -> str:
    """A number with thin-space thousands and a true minus; missing values as a dash."""
    if x is None or not np.isfinite(x):
        return missing
    text = f"{round(float(x), decimals) + 0.0:.{decimals}f}"
    return _grouped(text[1:] if text.startswith("-") and text.lstrip("-0.") == "" else text)


@dataclass(frozen=True)
class NumberFormat:
    """How a quantity is written: `times` and `per` turn it into the unit of print, `decimals` is what is written of it there."""

    decimals: int = 0
    times: float = 1.0
    per: float = 1.0

    def __call__(self, x) -> str:
        return number(self.inside(x), self.decimals)

    def inside(self, x: Any) -> Any:
        """The quantity, a number or a table of them, in the unit of print."""
        return self.times * x / self.per


count = NumberFormat()  # persons, hours, yuan: whole
tenths = NumberFormat(1)
wan = NumberFormat(1, per=1e4)  # yuan in 万元, one decimal
million = NumberFormat(2, per=1e6)  # yuan in CNY million
percent = NumberFormat(1, times=100.0)  # a share in %, one decimal
points = NumberFormat(0, times=100.0)  # a share in whole %
gini = NumberFormat(3)  # a Gini coefficient


def money_in(lang: str, alone: bool) -> NumberFormat:
    """How sums of money are written: 万元, in other languages than Chinese CNY million; in the report of one college (`alone`) whole yuan."""
    return count if alone else wan if lang == "zh" else million


def measured(value: str, unit: str) -> tuple[str, str]:
    """A number as written, with the currency's code before it where the unit begins with that, and the rest of the unit, which follows.

    >>> measured("79.94 → 87.60", "CNY million"), measured("7994", "万元")
    (('CNY 79.94 → 87.60', 'million'), ('7994', '万元'))
    """
    code, _, rest = unit.partition(" ")
    if code != CURRENCY or value == MISSING:
        return value, unit
    return (value if CURRENCY in value else f"{CURRENCY} {value}"), rest


def with_unit(value: str, unit: str) -> str:
    """The same as one text: CNY 87.60 million, 7994 万元."""
    return " ".join(filter(None, measured(value, unit)))


def share(x) -> str:
    """A share of candidates, colleges, teachers or money in %, as far as assumptions carry it: whole, under 10 % with one decimal; 0 and
    100 only where it is none or all."""
    text = points(x)
    return text if x in (0, 1) or (abs(x) >= 0.0995 and text != "100") else percent(x)


def signed(text: str) -> str:
    """A plus before what grows."""
    return (
        text
        if text.startswith(("−", "—")) or text.replace(THIN, "").strip("0.") == ""
        else f"+{text}"
    )


def relative(before, after) -> str:
    """Change in % of the baseline, signed; a dash where the baseline is 0."""
    return signed(percent(after / before - 1)) + "%" if before else "—"


def ends(
    interval: Sequence[float], write: NumberFormat, point: float = float("nan")
) -> tuple[str, str]:
    """Both finite ends of an interval, as `write` writes the number `point` between them, with the digits that their width carries
    (analysis/statistics/precision.py)."""
    left, right = interval
    low, high, decimals = rounded(
        write.inside(left), write.inside(right), write.decimals, write.inside(point)
    )
    return number(low, decimals), number(high, decimals)


def holding(interval: Sequence[float], value: float, slack: float = 0.0) -> tuple[float, float]:
    """The interval, or NO_RANGE where it leaves out the number that would be printed beside it by more than `slack`."""
    low, high = interval
    return (low, high) if low - slack <= value <= high + slack else NO_RANGE


def carried(x, interval: Sequence[float], write: NumberFormat) -> str:
    """The number x with no more digits than its interval carries (3300 beside 1500 to 5100); as `write` writes it where it has none."""
    low, high = (write.inside(end) for end in interval)
    if not np.isfinite((low, high)).all():
        return write(x)
    digits = places(low, high, write.decimals)
    return number(round(write.inside(x), digits), max(digits, 0))


def bracketed(
    interval: Sequence[float],
    write: NumberFormat,
    lang: str,
    point: float = float("nan"),
    *,
    named: bool = False,
    sign: bool = False,
) -> str:
    """（a—b） after the number `point`. "" where an end is missing, or both read as the same: nothing is uncertain as far as is printed.
    `named`: it says that it is an 80 % interval; `sign`: a plus before an end above 0."""
    if not np.isfinite(interval).all():
        return ""
    low, high = ends(interval, write, point)
    if low == high:
        return ""
    return span(*((signed(low), signed(high)) if sign else (low, high)), lang, named)
