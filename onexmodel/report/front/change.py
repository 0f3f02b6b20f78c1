"""A headline before and after, as pages tell it: did it move, is that seen in print, how far does it go and how sure is that."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...analysis.headline import LEAST, moves
from ..page.numbers import NO_RANGE, NumberFormat, count, percent
from ..page.writer import PageWriter
from .sums import Sum

WRITTEN = {
    "mean_approved_fee": count,
    "unmet_share": percent,
    "served": count,
    "awarded": count,
    "suppliers_short": count,
}  # all other headlines are sums of money


def written(writer: PageWriter, name: str) -> NumberFormat:
    """How a headline is written."""
    return WRITTEN.get(name, writer.money)


@dataclass(frozen=True)
class Change:
    """A headline before and after, how it is written, and the 80 % interval of the change."""

    name: str
    before: float
    after: float
    write: NumberFormat
    reach: tuple[float, float] = NO_RANGE

    @property
    def by(self) -> float:
        """After − before."""
        return self.after - self.before

    @property
    def moves(self) -> bool:
        """Did it move? What is missing did not."""
        return moves(self.name, self.by)

    @property
    def kind(self) -> str:
        """missing, still, hidden (it moved by less than is printed) or shown."""
        if not np.isfinite(self.by):
            return "missing"
        if abs(self.by) < LEAST[self.name]:
            return "still"
        printed = round(float(self.write.inside(self.by)), self.write.decimals)
        return "shown" if printed else "hidden"

    @property
    def size(self) -> float:
        """How far it moved, whichever way: words say rise or fall."""
        return abs(self.by)

    @property
    def size_reach(self) -> tuple[float, float]:
        """The interval of `size`: an end on the other side of zero is negative."""
        low, high = self.reach
        return (-high, -low) if self.by < 0 else (low, high)

    @property
    def sum(self) -> Sum:
        """`size` with the digits that its interval carries."""
        return Sum(self.size, self.size_reach)
