"""What budget_and_settlement says in numbers: money in yuan, shares as parts of 1 unless it says otherwise; nothing written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from ...analysis.budget import pot
from ...analysis.budget import study as ss
from ...rules.funding import SOURCES
from ..page.rounding import add_up, shares
from ..page.writer import SMALL

SEEN = 500.0  # yuan: money up to here is 0.0 in print


@dataclass(frozen=True)
class Sum:
    """A sum of money: at the parameters taken, and its 80 % interval."""

    value: float
    reach: tuple[float, float] = (np.nan, np.nan)

    @property
    def seen(self) -> bool:
        """Is it more than nothing in print?"""
        return self.value > SEEN


@dataclass(frozen=True)
class Budget:
    """What a year needs, and what of it nobody pays: in the college's own order (`own`), pooled (`gap`); `loss`: between the two."""

    year: int
    need: Sum
    own: Sum
    gap: Sum
    loss: Sum

    @property
    def falls(self) -> bool:
        """Does pooling close any of the gap?"""
        return self.gap.value < self.own.value - 0.5


@dataclass(frozen=True)
class Settlement:
    """The accounts at a day: are there `records`, may they be `shown`; the years (first, last) of their batches; how many batches, and how
    many of them are `owing`; money; the settlement rate."""

    at: date
    records: bool
    shown: bool
    first: int
    last: int
    batches: int
    owing: int
    payable: float
    arrears: float
    rate: float
    least: int = SMALL

    @property
    def owes(self) -> bool:
        """Is anything owed that may be shown?"""
        return self.shown and self.arrears > 0


def settlement_of(ledger, at: date, internal: bool) -> Settlement:
    """The ledger in numbers; a circulated report shows it from five colleges on."""
    batches = ledger.batches
    if not len(batches):
        return Settlement(at, False, False, 0, 0, 0, 0, 0.0, 0.0, np.nan)
    years, owing = batches["assessed_on"].dt.year, int((batches["arrears_fen"] > 0).sum())
    return Settlement(
        at=at,
        records=True,
        shown=internal or batches["college"].nunique() >= SMALL,
        first=int(years.min()),
        last=int(years.max()),
        batches=len(batches),
        owing=owing,
        payable=ledger.payable / 100,
        arrears=ledger.arrears / 100,
        rate=ledger.rate,
    )


def due(ledger) -> dict[date, tuple[int, float]]:
    """Day by which the notices wanted it settled → batches that still owe, what they owe."""
    batches = ledger.batches
    owing = batches[(batches["arrears_fen"] > 0) & batches["due"]]
    return {
        by.date(): (len(some), some["arrears_fen"].sum() / 100)
        for by, some in owing.groupby("due_by")
    }


def paid_by(funds: pd.DataFrame) -> list[tuple[str, float]]:
    """(source, whole % of the need it pays): sources of under half a per cent together as "other", what nobody pays as "funding_gap".
    What is printed adds to 100; nothing where nothing is needed."""
    whole = float(funds["need"].sum())
    paid = {source: float(funds[source].sum()) for source in SOURCES}
    parts = {source: money for source, money in paid.items() if money >= 0.005 * whole}
    parts["other"] = sum(money for money in paid.values() if 0 < money < 0.005 * whole)
    parts["funding_gap"] = float(funds["gap"].sum())
    parts = {source: money for source, money in parts.items() if money > 0.5}
    if not parts:
        return []
    rounded = shares(list(parts.values()), whole, decimals=0)
    return [(source, part) for source, part in zip(parts, rounded, strict=True) if part]


@dataclass(frozen=True)
class Clearing:
    """What the clearing plan comes to: the month in which all is cleared (0: never), what is `left` after it, and is there `other`
    idle money, of colleges that owe nothing. `alone`: of one college."""

    year: int
    alone: bool
    months: int
    left: float
    other: bool


def clearing(year: int, alone: bool, plan: pd.DataFrame, other: float) -> Clearing:
    """`plan`: settlement_study.clearing_plan; `other`: idle money beyond a college's own arrears."""
    done = plan.loc[plan["left_fen"] <= 0, "month"]
    left = plan["left_fen"].iloc[-1] / 100
    return Clearing(
        year, alone, int(done.iloc[0]) if len(done) else 0, left, not alone and other > SEEN
    )


def change_parts(parts, decimals: int) -> dict[str, float]:
    """price, volume, mix and change of fee spending in 10,000 yuan, rounded so that they add."""
    frame = pd.DataFrame({"money": [parts[name] / 1e4 for name in (*ss.PARTS, "change")]})
    frame.index = [*ss.PARTS, "change"]
    return add_up(frame, {"change": ss.PARTS}, decimals=decimals)["money"].to_dict()


@dataclass(frozen=True)
class Frontier:
    """Sets of weights of the pot: all of them (`edge`, analysis.budget.pot.frontier), those that no other beats, and the current one."""

    edge: pd.DataFrame
    best: pd.DataFrame
    now: pd.Series

    @property
    def flat(self) -> bool:
        """Is it the same whatever the weights?"""
        return all(np.ptp(self.edge[name]) < 1e-9 for name in ("secured", "gini"))

    @property
    def efficient(self) -> bool:
        """Does no other set beat the current one?"""
        return bool(self.now["efficient"])

    @property
    def secured(self) -> float:
        """Share of candidates at colleges without a gap, now."""
        return float(self.now["secured"])

    @property
    def gini(self) -> float:
        """Gini coefficient of the coverage, now."""
        return float(self.now["gini"])

    @property
    def better(self) -> int:
        """Unbeaten sets that are no worse than the current one in both."""
        edge = self.edge
        as_wide = edge["secured"] >= self.secured - 1e-9
        return int((edge["efficient"] & as_wide & (edge["gini"] <= self.gini + 1e-9)).sum())

    @property
    def most(self) -> float:
        """The largest share of candidates without a gap that any set gives."""
        return float(self.edge["secured"].max())


def frontier(study, result, view) -> Frontier:
    """The frontier of the pot's weights at a result."""
    edge = pot.frontier(study, result, view)
    best = edge[edge["efficient"]].sort_values(["secured", "gini"], kind="stable")
    best = best.drop_duplicates(["secured", "gini"]).reset_index(drop=True)
    return Frontier(edge, best, edge[edge["current"]].iloc[0])
