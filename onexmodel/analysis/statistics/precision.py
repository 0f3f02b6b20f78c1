"""How many digits an interval's ends carry: two significant digits of its width, whatever it is an interval of (draws, a jackknife,
Wilson's, ranks). The ends of an 80 % interval from a few hundred draws are uncertain by some hundredths of its width; digits beyond
that are those of the seed."""

from __future__ import annotations

import math

HALF_YUAN, HALF_FEN = 0.5, 0.005  # money under it is nothing where yuan, where fen are printed
DIGITS = 2  # significant digits of the width that the ends keep


def places(low: float, high: float, finest: int) -> int:
    """Decimals to which both ends of an interval are printed, both given in the unit of print; negative for tens and more (−1: 570),
    and never more than `finest`, to which the number beside it is written.

    >>> places(565.4, 975.7, 1), places(1.27, 10.58, 1), places(64.2, 70.1, 0)
    (-1, 1, 0)
    """
    width = abs(high - low)
    return (
        min(finest, DIGITS - 1 - math.floor(math.log10(width))) if 0 < width < math.inf else finest
    )


def rounded(
    low: float, high: float, finest: int, point: float = math.nan
) -> tuple[float, float, int]:
    """(low, high, decimals to write them with): both finite ends to the nearest step of `places`. Where the number the interval is of
    (`point`) lies in it and would be printed outside of it, that end goes a step outward; else an end moves by half a step at most.

    >>> rounded(565.4, 975.7, 1), rounded(565.4, 974.0, 1, 973.9)
    ((570.0, 980.0, 0), (570.0, 980.0, 0))
    """
    decimals = places(low, high, finest)
    a, b = (round(float(end), decimals) + 0.0 for end in (low, high))  # no −0
    if low <= point <= high:
        shown, step = round(float(point), finest), 10.0**-decimals
        a = round(a - step, decimals) + 0.0 if shown < a else a
        b = round(b + step, decimals) + 0.0 if shown > b else b
    return a, b, max(decimals, 0)
