"""Sums of money as pages lead with them: at the parameters taken, with an interval, and with the digits that carries. In yuan."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ...analysis.statistics.precision import HALF_YUAN
from ..page.numbers import NO_RANGE

SEEN = 500.0  # yuan: sums of many colleges up to here are 0.0 in print
SMALLEST = 0.2  # of its interval's width: smaller numbers keep their digits


@dataclass(frozen=True)
class Sum:
    """A sum of money: at the parameters taken, and its 80 % interval; from more than `least` it is seen in print. `like`: the interval of
    the sum it is rounded with where it has none of its own."""

    value: float
    reach: tuple[float, float] = NO_RANGE
    least: float = SEEN
    like: tuple[float, float] = (np.nan, np.nan)

    @property
    def seen(self) -> bool:
        """Is it more than nothing in print?"""
        return self.value > self.least

    @property
    def may(self) -> bool:
        """Is its interval's upper end more than nothing in print?"""
        return bool(self.reach[1] > self.least)

    @property
    def digits(self) -> tuple[float, float]:
        """The interval that says how many digits a first page prints; none where so few would misstate a number far smaller than it."""
        low, high = self.reach if np.isfinite(self.reach).all() else self.like
        return (low, high) if self.value >= SMALLEST * (high - low) else (np.nan, np.nan)

    @property
    def rough(self) -> bool:
        """Is it rounded on the first page?"""
        low, high = self.digits
        return bool(high > low)

    def rounded_like(self, other: Sum) -> Sum:
        """The sum, without an interval of its own, as rough as another."""
        return replace(self, reach=(np.nan, np.nan), like=other.reach)

    def over(self, heads: float) -> Sum:
        """Yuan a head; nan without any."""
        ends = tuple(end / heads if heads else np.nan for end in self.reach)
        return Sum(self.value / heads if heads else np.nan, (ends[0], ends[1]), HALF_YUAN)

    def plus(self, fixed: float, step: float) -> Sum:
        """The sum with what does not vary, the value as the printed parts add; `step`: yuan of the last digit in print."""
        low, high = self.reach
        value = (round(self.value / step) + round(fixed / step)) * step
        return replace(self, value=value, reach=(low + fixed, high + fixed))
