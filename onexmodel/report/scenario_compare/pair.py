"""What is set side by side: a measure before and after, and two columns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...analysis.compare.columns import LEAST
from ..front.sums import Sum
from ..page.numbers import NO_RANGE, NumberFormat


@dataclass(frozen=True)
class Moved:
    """A measure of a column: its baseline and itself, how it is written and in which unit, and the 80 % interval of the change."""

    name: str
    before: float
    after: float
    write: NumberFormat
    unit: str
    reach: tuple[float, float] = NO_RANGE

    @property
    def by(self) -> float:
        """After − before."""
        return self.after - self.before

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
    def size_reach(self) -> tuple[float, float]:
        """The interval of the change whichever way it goes: an end on the other side of zero is negative."""
        low, high = self.reach
        return (-high, -low) if self.by < 0 else (low, high)

    @property
    def size(self) -> Sum:
        """How large the change is, with the digits that its interval carries."""
        return Sum(abs(self.by), self.size_reach)


@dataclass(frozen=True)
class Pair:
    """Two columns held against each other; `second` -1 is current law."""

    first: int
    second: int = -1

    @property
    def two(self) -> bool:
        """Is the second a scenario?"""
        return self.second >= 0
