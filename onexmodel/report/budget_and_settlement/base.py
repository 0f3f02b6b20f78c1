"""The numbers of a budget_and_settlement report, each computed once: needs, gaps and sources with their draws, the accounts at a day."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd

from ...analysis.budget import draws as bd
from ...analysis.budget import study as ss
from ...analysis.budget.moved import by_college, only_across, owed_of
from ...analysis.budget.pot import pot_of, split
from ...analysis.disclosure import joined_groups
from ...analysis.draws.sample import LEAST_DRAWS, interval
from ...analysis.headline import total
from ...analysis.statistics.precision import HALF_YUAN
from ...engine.accounts.ledger import settlement_ledger
from ...engine.findings.unfilled import FUNDS, Unfilled
from ...law.parameters import Parameter
from ...rules.funding import SOURCES
from ...rules.funding import USES as USE_KEYS
from ..common import SchemeReport, ends_named
from ..front.sums import SEEN, Sum
from ..page.numbers import holding
from .accounts import Settlement, settlement_of
from .numbers import Budget, Flow, Way, flow_of

BESIDE = ("reported", "idle", "unpaid")  # drawn, but no headline


@dataclass(frozen=True)
class BudgetBase(SchemeReport):
    """A report's numbers; `at`: the day the accounts are looked at."""

    at: date = field(kw_only=True)

    @property
    def seen(self) -> float:
        """Yuan: money up to here is nothing in print."""
        return HALF_YUAN if self.alone else SEEN

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
        """use → need, sources, gap, budgeted, final."""
        return ss.sources_and_uses(self.study, self.accounts, self.runs[1], self.view)

    @cached_property
    def plan(self):
        """The clearing plan."""
        return ss.clearing_plan(self.study, self.ledger, self.runs[1])

    @cached_property
    def idle(self) -> dict[str, float]:
        """Idle money and what of the arrears it reaches, yuan."""
        return ss.idle_and_arrears(self.study, self.ledger, self.runs[1])

    @cached_property
    def gaps(self) -> tuple[float, float]:
        """(gap in the college's own order, gap of the optimum), yuan."""
        scope = self.study.scope(self.runs[1].compiled)["college"]
        served = self.runs[1].served
        return (
            float(total(served["waterfall_gap"], scope)),
            float(total(served["funding_gap"], scope)),
        )

    @cached_property
    def budgets(self):
        """(who reported a budget, (uses, colleges); use → budgeted, colleges)."""
        return bd.reporting_of(self.accounts, self.runs[1], self.study.year)

    @cached_property
    def owed(self) -> np.ndarray:
        """What each college of the run owes, yuan; 0 where the accounts may not be shown."""
        return owed_of(self.ledger, self.runs[1].compiled) * self.settled.shown

    @cached_property
    def draws(self) -> dict[str, np.ndarray]:
        """Needs, gaps, sources, idle limits and what stays unpaid in every draw."""
        return bd.budget_draws(self.study, self.drawn, self.budgets[0], self.owed)

    @cached_property
    def taken(self) -> dict[str, np.ndarray]:
        """The same at the parameters taken, one value each."""
        return bd.budget_draws(self.study, {}, self.budgets[0], self.owed)

    @cached_property
    def ranges(self) -> dict[str, tuple[float, float]]:
        """80 % intervals of needs, gaps and sources."""
        return {name: interval(values) for name, values in self.draws.items()}

    @cached_property
    def varied(self) -> list[Parameter]:
        """What is drawn and can move these numbers."""
        return bd.behind(self.study, self.drawn)

    def sum(self, name: str) -> Sum:
        """A sum of `taken` with its interval; without, where the interval would leave it out."""
        value = float(self.taken[name][0])
        return Sum(value, holding(self.ranges[name], value, self.seen), self.seen)

    @cached_property
    def budget(self) -> Budget:
        """What the year needs and what of it nobody pays."""
        result = self.runs[1]
        scope = self.study.scope(result.compiled)["college"]
        heads = float(total(result.served["college_served"], scope))
        names = ("need", "waterfall_gap", "gap", "order_loss")
        need, own, gap, loss = (self.sum(name) for name in names)
        if loss.seen:  # as both gaps are printed, so that they differ by it
            loss = replace(loss, value=self.printed(own.value, -gap.value))
        pay = float(self.funds.loc["performance_pay", "need"])
        return Budget(self.study.year, heads, need, own, gap, loss, pay, self.lacking)

    @property
    def lacking(self) -> Unfilled:
        """Of whom funds and pay totals were not filled in."""
        return self.study.unfilled

    @cached_property
    def paid_by_hour(self) -> float:
        """Yuan of the added hours at the class-hour fee, with what is paid on top: what can be said without a pay total."""
        served, scope = self.runs[1].served, self.study.scope(self.runs[1].compiled)["college"]
        return float(total(served["uplift_rate"] * served["uplift_eligible"], scope))

    @property
    def step(self) -> float:
        """Yuan of the last digit in print."""
        return self.writer.money.per / 10**self.writer.money.decimals

    def printed(self, *parts: float) -> float:
        """The sum of parts as they are printed, yuan."""
        return sum(round(part / self.step) for part in parts) * self.step

    @cached_property
    def way(self) -> Way:
        """What can be done about gap and arrears."""
        budget = self.budget
        owed = self.settled.arrears if self.settled.owes else 0.0
        settle = self.idle["own"] if owed else 0.0
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
        tiers = self.runs[1].compiled.keys["college"]["tier"]
        groups = joined_groups(self.colleges["tier"].value_counts().to_dict(), self.least)
        group = tiers.map({tier: at for at, some in enumerate(groups) for tier in some})
        return only_across(self.study, self.runs[1], self.view, self.owed, group.to_numpy())

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
        return flow_of(ss.monthly_fees(self.study, self.ledger, self.runs[1]))

    @cached_property
    def enough(self) -> pd.DataFrame:
        """Budgets on record that may be shown, and in what share of the draws they are enough; no row where nothing varies."""
        found = bd.enough(self.draws, self.budgets[1])
        shown = self.writer.may_show(found["colleges"])
        if not shown.all():
            # the total, less the others, must not give away what is hidden
            found = found[shown].drop(index="all", errors="ignore")
        return found if self.varied and len(self.draws["need"]) >= LEAST_DRAWS else found.iloc[:0]

    def span(self, name: str) -> str:
        """The 80 % interval of a sum as it stands in a cell."""
        return self.words.reach(self.sum(name))

    @property
    def uncertain(self) -> bool:
        """Is there an interval to print?"""
        return any(self.span(name) for name in self.told)

    @property
    def told(self) -> tuple[str, ...]:
        """The drawn sums that the page speaks of."""
        return ("need",) if self.lacking.no_funds else ("need", "gap", "waterfall_gap")

    def headlines(self) -> dict[str, float]:
        """Needs, gaps and sources with their intervals, and the ledger's totals (yuan)."""
        made = {
            "need": float(self.funds["need"].sum()),
            "waterfall_gap": self.gaps[0],
            "funding_gap": self.gaps[1],
            **{f"need.{use}": float(self.funds.loc[use, "need"]) for use in USE_KEYS},
            **ends_named(
                {name: pair for name, pair in self.ranges.items() if not name.startswith(BESIDE)}
            ),
        }
        out: tuple[str, ...] = (*FUNDS, "gap", *SOURCES) if self.lacking.no_funds else ()
        out += ("need.performance_pay",) if self.lacking.no_pay else ()
        out += ("need.training",) if self.lacking.no_costs else ()
        made = {name: value for name, value in made.items() if not (out and name.startswith(out))}
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

    @property
    def has_pot(self) -> bool:
        """Has the province money to share out?"""
        return self.of_province and self.pot_money > 0
