"""What budget_and_settlement says in numbers: money in yuan, shares as parts of 1 unless it says otherwise; nothing written."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ...analysis.budget import pot
from ...analysis.budget import study as ss
from ...engine.findings.unfilled import Unfilled
from ...rules.funding import SOURCES
from ..front.sums import SEEN, Sum
from ..page.numbers import NumberFormat
from ..page.rounding import add_up, shares


@dataclass(frozen=True)
class Budget:
    """What a year needs, for how many `candidates`, and what of it nobody pays: in the order of use that colleges filed (`own`), in the
    best order (`gap`); `loss`: between the two; `pay`: yuan of the need that are performance pay. `lacking`: of whom funds and pay totals
    were not filled in; with nobody's funds there is no gap to speak of, with nobody's pay total the need is without performance pay."""

    year: int
    candidates: float
    need: Sum
    own: Sum
    gap: Sum
    loss: Sum
    pay: float
    lacking: Unfilled

    @property
    def some_funds(self) -> int:
        """How many colleges have no funds on record, where others have."""
        return 0 if self.lacking.no_funds else len(self.lacking.funds)

    @property
    def some_pay(self) -> int:
        """How many colleges have no pay total on record, where others have."""
        return 0 if self.lacking.no_pay else len(self.lacking.pay)

    @property
    def each(self) -> Sum:
        """Yuan needed a candidate."""
        return self.need.over(self.candidates)

    @property
    def each_gap(self) -> Sum:
        """Yuan of it that nobody pays in the best order."""
        return self.gap.over(self.candidates)

    @property
    def secured(self) -> Sum:
        """What of the need is paid."""
        return Sum(self.need.value - self.gap.value).rounded_like(self.need)


@dataclass(frozen=True)
class Way:
    """What can be done about gap and arrears, yuan. `loss`: closed by the best order of use; `idle`: limits that order leaves idle;
    `settle`: arrears that each college can clear out of its own idle limits; `moved`: gap and arrears closed by moving idle
    limits between colleges; `ask`: what is missing still; `missed`: the share of draws in which it is. `owed`: arrears, 0 where none
    are shown; `apart`: idle limits of colleges without a gap; `across`: what of `moved` has to cross tiers of schooling, at least;
    `step`: yuan of the last digit in print."""

    budget: Budget
    owed: float
    idle: Sum
    settle: Sum
    moved: Sum
    ask: Sum
    missed: float
    apart: float
    across: Sum
    step: float

    @property
    def due(self) -> Sum:
        """Gap in the best order and arrears: what has to be asked for where no idle limit can be used."""
        return self.budget.gap.plus(self.owed, self.step)

    @property
    def filed(self) -> Sum:
        """The same in the order that colleges filed."""
        return self.budget.own.plus(self.owed, self.step)

    @property
    def still_owed(self) -> bool:
        """Are there arrears left once each college has cleared what it can out of its own idle limits?"""
        return self.owed - self.settle.value > self.settle.least

    @property
    def found(self) -> Sum:
        """Idle limits that the way uses, as rough as what is missing."""
        used = self.settle.value + self.moved.value
        return Sum(used, least=self.ask.least).rounded_like(self.due)

    @property
    def uses_idle(self) -> bool:
        """Does the way use idle limits?"""
        return self.settle.seen or self.moved.seen

    @property
    def covers(self) -> bool:
        """Do idle limits, as they can be moved, cover all that is missing?"""
        return self.due.seen and self.uses_idle and not self.ask.seen

    @property
    def most_need(self) -> float:
        """The need from which idle limits cannot cover all, however they move: limits less needs are idle limits less the gap."""
        return self.budget.need.value + self.idle.value - self.due.value

    @property
    def most(self) -> Sum:
        """The same, as rough as the need."""
        return Sum(self.most_need).rounded_like(self.budget.need)

    @property
    def options(self) -> list[str]:
        """What can be chosen, each with the one before: filed, order, idle, ask; the last is recommended. One where nothing is missing."""
        here = {
            "filed": True,
            "order": self.budget.loss.seen,
            "idle": self.uses_idle,
            "ask": self.ask.seen,
        }
        return [name for name, shown in here.items() if shown]

    def left(self, option: str) -> Sum:
        """Gap and arrears that an option leaves."""
        made = {"filed": self.filed, "order": self.due, "idle": self.ask}
        return made.get(option) or Sum(0.0, least=self.ask.least)


@dataclass(frozen=True)
class Shortfall:
    """Budgets on record and what those who filed them need, yuan; of the difference, what is performance pay that nobody has approved
    (`pay`), and the `rest`."""

    budgeted: float
    need: float
    pay: float
    rest: float


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


def crowded(whole, step: float) -> float:
    """What awards close less than they pay, yuan, 0 where nothing in print, as the parts are printed to `step` yuan; `whole`: the last row of
    analysis.budget.pot.by_tier."""
    if float(whole["award"] - (whole["gap_before"] - whole["gap_after"])) <= SEEN:
        return 0.0
    paid, before, after = (
        round(whole[name] / step) for name in ("award", "gap_before", "gap_after")
    )
    return (paid - before + after) * step


def change_parts(parts, money: NumberFormat) -> dict[str, float]:
    """price, volume, mix and change of fee spending in the unit of print, rounded so that they add."""
    frame = money.inside(pd.Series(parts)).to_frame("money")
    return add_up(frame, {"change": ss.PARTS}, decimals=money.decimals)["money"].to_dict()


@dataclass(frozen=True)
class Flow:
    """Fees of one year month by month, added up from January, against money for them. `due`: months → yuan; `money`: of the whole year;
    `evenly`: the same released month by month. `pattern` as in analysis.budget.study.monthly_fees."""

    year: int
    pattern: int
    due: pd.Series
    money: float

    @property
    def evenly(self) -> pd.Series:
        """Money released by the end of each month, were it a twelfth a month."""
        return pd.Series(self.money / 12 * np.asarray(self.due.index, float), index=self.due.index)

    @property
    def over(self) -> int:
        """The first month at whose end fees exceed the money of the whole year; 0: none."""
        return self._first(self.due - self.money)

    @property
    def over_evenly(self) -> int:
        """The first month at whose end fees exceed what twelfths would have released; 0: none."""
        return self._first(self.due - self.evenly)

    @property
    def short(self) -> float:
        """Yuan of the fees that the year's money does not pay."""
        return max(0.0, float(self.due.iloc[-1]) - self.money)

    @property
    def short_evenly(self) -> float:
        """The most that twelfths would fall behind the fees, yuan."""
        return max(0.0, float((self.due - self.evenly).max()))

    @property
    def busiest(self) -> int:
        """The month with most fees."""
        return int(self.due.diff().fillna(self.due).idxmax())

    @staticmethod
    def _first(excess: pd.Series) -> int:
        above = excess.index[excess > SEEN]
        return int(above[0]) if len(above) else 0


@dataclass(frozen=True)
class Frontier:
    """Sets of weights of the pot: all of them (`edge`, analysis.budget.pot.frontier), those that no other beats, and the assumed one."""

    edge: pd.DataFrame
    best: pd.DataFrame
    now: pd.Series

    @property
    def flat(self) -> bool:
        """Is it the same whatever the weights?"""
        return all(np.ptp(self.edge[name]) < 1e-9 for name in ("secured", "gini"))

    @property
    def efficient(self) -> bool:
        """Does no other set beat the assumed one?"""
        return bool(self.now["efficient"])

    @property
    def options(self) -> dict[str, pd.Series]:
        """The assumed weights, the unbeaten ones that secure most candidates, and the most even ones, under `both` where they are the
        same; none of these where the assumed ones do as well."""
        widest, evenest = self.best.iloc[-1], self.best.iloc[0]
        found = {"now": self.now}
        if widest["secured"] - evenest["secured"] < 1e-9:
            found |= {"both": widest}
        else:
            found |= {"wide": widest, "even": evenest}
        return {name: row for name, row in found.items() if name == "now" or self._other(row)}

    def _other(self, row: pd.Series) -> bool:
        return any(abs(row[name] - self.now[name]) > 1e-9 for name in ("secured", "gini"))


def frontier(study, result, view) -> Frontier:
    """The frontier of the pot's weights at a result."""
    edge = pot.frontier(study, result, view)
    best = edge[edge["efficient"]].sort_values(["secured", "gini"], kind="stable")
    best = best.drop_duplicates(["secured", "gini"]).reset_index(drop=True)
    return Frontier(edge, best, edge[edge["current"]].iloc[0])
