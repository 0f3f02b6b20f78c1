"""The numbers of a budget_and_settlement report, each computed once: needs, gaps and sources with their draws, the accounts at a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd

from ...analysis.budget import draws as bd
from ...analysis.budget import study as ss
from ...analysis.budget.moved import by_college, only_across, owed_of
from ...analysis.budget.pot import pot_of, split
from ...analysis.disclosure import merged_groups
from ...analysis.draws.evaluate import Sides
from ...analysis.draws.sample import LEAST_DRAWS
from ...engine.accounts.ledger import settlement_ledger
from ...rules.funding import USES
from ..common import ends_named
from ..front.sums import Sum
from ..money import MoneyReport
from .accounts import Settlement, settlement_of
from .numbers import Budget, Flow, Way

BESIDE = ("reported", "idle", "unpaid")  # drawn, but no headline


@dataclass(frozen=True)
class BudgetBase(MoneyReport):
    """A report's numbers; `at`: the day the accounts are looked at."""

    at: date = field(kw_only=True)

    @cached_property
    def accounts(self):
        """The tables with the accounts of the place only."""
        return ss.place_tables(self.study)

    @cached_property
    def ledger(self):
        """The accounts of the place at the day."""
        return settlement_ledger(self.accounts, self.view, self.at)

    @cached_property
    def settled(self) -> Settlement:
        """The accounts in numbers."""
        paid = len(self.study.tables["payments"]) > 0
        records = self.accounts["assessments"]
        return settlement_of(self.ledger, records, paid, self.at, self.writer.internal)

    @cached_property
    def funds(self):
        """use → need, sources, gap."""
        return ss.sources_and_uses(self.study, self.runs[1], self.view)

    @cached_property
    def plan(self):
        """The clearing plan."""
        return ss.clearing_plan(self.ledger, self.runs[1])

    @cached_property
    def budgets(self):
        """(who reported a budget, (uses, colleges); use → budgeted, colleges)."""
        return bd.reporting_of(self.accounts, self.runs[1], self.study.year)

    @cached_property
    def owed(self) -> np.ndarray:
        """What each college of the run owes, yuan; 0 where the accounts may not be shown."""
        return owed_of(self.ledger, self.runs[1].compiled) * self.settled.shown

    def sums_drawn(self, drawn: Mapping[str, np.ndarray]) -> Sides:
        """Needs, gaps, sources, idle limits and what stays unpaid."""
        return bd.budget_draws(self.study, drawn, self.budgets[0], self.owed)

    @cached_property
    def budget(self) -> Budget:
        """What the year needs and what of it nobody pays."""
        names = ("need", "waterfall_gap", "gap", "order_loss")
        need, own, gap, loss = (self.sum(name) for name in names)
        if loss.seen:  # as both gaps are printed, so that they differ by it
            loss = replace(loss, value=self.printed(own.value, -gap.value))
        heads, pay = self.total("college_served"), float(self.funds.loc["performance_pay", "need"])
        return Budget(self.study.year, heads, need, own, gap, loss, pay, self.lacking)

    @cached_property
    def way(self) -> Way:
        """What can be done about gap and arrears."""
        budget = self.budget
        owed = self.settled.arrears if self.settled.owes else 0.0
        settle = float(self.colleges[["arrears", "idle"]].min(axis=1).sum()) if owed else 0.0
        ask = self.sum("unpaid")
        closed = budget.gap.value + owed - settle - ask.value
        if closed > self.seen:  # as the others are printed, so that they add
            closed = self.printed(budget.gap.value, owed, -settle, -ask.value)
        missing = budget.gap.plus(owed, self.step)
        return Way(
            budget,
            owed,
            self.sum("idle"),
            Sum(settle, least=self.seen),
            Sum(max(0.0, closed), least=self.seen).rounded_like(missing),
            ask,
            float(np.mean(self.draws["unpaid"] > self.seen)),
            float(self.colleges.loc[self.colleges["gap"] <= self.seen, "idle"].sum()),
            Sum(self.across, least=self.seen, like=(0.0, self.across)),
            self.step,
        )

    @cached_property
    def across(self) -> float:
        """Yuan of gap and arrears that only limits of another tier of schooling can close; tiers of too few colleges count as one."""
        tiers = merged_groups(self.keys_of["tier"], self.least).astype(str)
        group = np.unique(tiers, return_inverse=True)[1]
        return only_across(self.study, self.runs[1], self.view, self.owed, group)

    @cached_property
    def colleges(self) -> pd.DataFrame:
        """college, tier, gap, arrears, idle: yuan of each college of the place."""
        return by_college(self.study, self.ledger, self.runs[1])

    @cached_property
    def before_award(self) -> float:
        """The gap in the best order were nothing of provincial money shared out, yuan."""
        return float(split(self.study, self.runs[1], self.view)["gap_before"].sum())

    @cached_property
    def fees(self) -> Flow | None:
        """Fees of the year, month by month, against the money for them; None where no month is on record."""
        found = ss.monthly_fees(self.study, self.ledger, self.runs[1])
        return found and Flow(*found)

    @cached_property
    def enough(self) -> pd.DataFrame:
        """Budgets on record that may be shown, and in what share of the draws they are enough; no row where nothing varies."""
        found = bd.enough(self.draws, self.budgets[1])
        shown = self.writer.may_show(found["colleges"])
        if not shown.all():
            # the total, less the others, must not give away what is hidden
            found = found[shown].drop(index="all", errors="ignore")
        return found if self.varied and len(self.draws["need"]) >= LEAST_DRAWS else found.iloc[:0]

    def headlines(self) -> dict[str, float]:
        """Needs, gaps and sources with their intervals, and the ledger's totals (yuan)."""
        made = {
            "need": float(self.funds["need"].sum()),
            "waterfall_gap": self.total("waterfall_gap"),
            "funding_gap": self.total("funding_gap"),
            **{f"need.{use}": float(self.funds.loc[use, "need"]) for use in USES},
            **ends_named(self.ranges),
        }
        out = (*BESIDE, *(f"need.{use}" for use in USES if use not in self.uses))
        told = "" if self.funded else "need"
        made = {
            name: value
            for name, value in made.items()
            if name.startswith(told) and not name.startswith(out)
        }
        if not self.settled.shown:
            return made
        ages = zip(ss.s.BUCKETS, self.ledger.ages(), strict=True)
        return made | {
            "payable": self.settled.payable,
            "arrears": self.settled.arrears,
            "settlement_rate": self.settled.rate,
            **{f"arrears.{name}": int(value) / 100 for name, value in ages},
        }

    @property
    def of_province(self) -> bool:
        """Is the report of one province?"""
        return bool(self.study.province) and not self.alone

    @cached_property
    def pot_money(self) -> float:
        """Yuan that the provinces of the place share out; 0 in one college's own report."""
        return 0.0 if self.alone else pot_of(self.study, self.runs[1])
