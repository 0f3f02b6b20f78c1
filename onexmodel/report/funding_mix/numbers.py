"""What funding_mix says in numbers: money in yuan; nothing written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ...analysis.budget.mix import POT
from ...engine.findings.unfilled import Unfilled
from ..front.sums import Sum
from ..page.numbers import NumberFormat
from ..page.rounding import shares


@dataclass(frozen=True)
class Margin:
    """A line of sources (keys joined by +; pot_⟨source⟩ for the provinces' own money): its limit, what of it is idle; yuan of gap closed for each
    yuan where all limits of it rise alike (`even`, with its interval), or where it is given to colleges with a gap (`aimed`); `most`: yuan of gap it could
    close. nan where a number makes no sense."""

    line: str
    limit: float
    idle: float
    even: float
    reach: tuple[float, float]
    aimed: float
    most: float
    write: NumberFormat = NumberFormat(2)

    @property
    def pot(self) -> bool:
        """Is it the provinces' own money?"""
        return self.line.startswith(POT)


@dataclass(frozen=True)
class Change:
    """Scheme less baseline: need, gap, their intervals; from more than `least` a change is seen in print."""

    need: float
    gap: float
    need_reach: tuple[float, float]
    gap_reach: tuple[float, float]
    least: float


@dataclass(frozen=True)
class Way:
    """What a year needs, what sources allow (`available`) and pay (`used`), and what is left: in the order colleges filed (`waterfall_gap`), in the
    best order (`gap`), where limits of appropriations move inside a province (`left`), and where every source may pay every use as well
    (`missing`). As printed: what the order costs (`loss`), what of the gap idle appropriations of other colleges could pay (`between`) and
    then only money that may not pay the use (`scope`); `parts`: these and `missing` in whole % of the gap. `unspent`: yuan of
    appropriations that the best order leaves; `step`: yuan of the last digit in print."""

    year: int
    need: Sum
    available: Sum
    used: Sum
    gap: Sum
    waterfall_gap: Sum
    missing: Sum
    loss: Sum
    between: Sum
    scope: Sum
    left: Sum
    parts: Mapping[str, int]
    unspent: float
    step: float
    lacking: Unfilled

    @property
    def freed(self) -> bool:
        """Does more move than is left of appropriations, as colleges can spend receipts of their own in their place?"""
        return self.between.value > self.unspent + self.step / 2

    @property
    def most(self) -> str:
        """Which part of the gap is the largest."""
        return max(self.parts, key=lambda name: self.parts[name])

    @property
    def partly(self) -> bool:
        """Are there uses that nobody filled in, so that the need is a lower bound?"""
        return self.lacking.no_pay or self.lacking.no_costs

    @property
    def steps(self) -> list[str]:
        """What closes the gap, in its order: order, move, add; each only where it moves money."""
        here = {"order": self.loss.seen, "move": self.between.seen, "add": self.left.seen}
        return [name for name, moves in here.items() if moves]


def parts_of(values: Sequence[float] | np.ndarray) -> list[int]:
    """Parts in whole % of their sum, adding to 100; nothing where the sum is nothing."""
    whole = float(np.sum(values))
    if whole <= 0:
        return [0] * len(values)
    return [int(one) for one in shares([*values], whole, decimals=0)]
