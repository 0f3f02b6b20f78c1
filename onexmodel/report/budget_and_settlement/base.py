"""The numbers of a budget_and_settlement report, each computed once: needs, gaps and sources with their draws, the accounts at a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd

from ...analysis.budget import draws as bd
from ...analysis.budget import study as ss
from ...analysis.budget.pot import pot_of
from ...analysis.draws.sample import LEAST_DRAWS, interval
from ...analysis.headline import total
from ...engine.accounts.ledger import settlement_ledger
from ...law.parameters import Parameter
from ...rules.funding import USES as USE_KEYS
from ..common import SchemeReport
from ..page.numbers import wan
from ..page.writer import SMALL
from .numbers import Budget, Settlement, Sum, settlement_of


@dataclass(frozen=True)
class BudgetBase(SchemeReport):
    """A report's numbers; `at`: the day the accounts are looked at; `drawn`: what is uncertain, (draws, 1) each."""

    at: date
    drawn: Mapping[str, np.ndarray] = field(default_factory=dict)

    @property
    def least(self) -> int:
        """Colleges of a group that may be shown."""
        return 1 if self.writer.internal else SMALL

    @property
    def decimals(self) -> int:
        """Of 10,000 yuan in the accounts: a college's own are small."""
        return 2 if self.study.college else 1

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
        return settlement_of(self.ledger, self.at, self.writer.internal)

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
    def draws(self) -> dict[str, np.ndarray]:
        """Needs, gaps and sources in every draw."""
        return bd.budget_draws(self.study, self.drawn, self.budgets[0])

    @cached_property
    def taken(self) -> dict[str, np.ndarray]:
        """The same at the parameters taken, one value each."""
        return bd.budget_draws(self.study, {}, self.budgets[0])

    @cached_property
    def ranges(self) -> dict[str, tuple[float, float]]:
        """80 % intervals of needs, gaps and sources."""
        return {name: interval(values) for name, values in self.draws.items()}

    @cached_property
    def varied(self) -> list[Parameter]:
        """What is drawn and can move these numbers."""
        return bd.behind(self.study, self.drawn)

    def sum(self, name: str) -> Sum:
        """A sum of `taken` with its interval."""
        return Sum(float(self.taken[name][0]), self.ranges[name])

    @cached_property
    def budget(self) -> Budget:
        """What the year needs and what of it nobody pays."""
        names = ("need", "waterfall_gap", "gap", "order_loss")
        return Budget(self.study.year, *(self.sum(name) for name in names))

    @cached_property
    def enough(self) -> pd.DataFrame:
        """Budgets on record that may be shown, and in what share of the draws they are enough; no row where nothing varies."""
        found = bd.enough(self.draws, self.budgets[1])
        if not self.writer.internal and (found["colleges"] < SMALL).any():
            # the total, less the others, must not give away what is hidden
            found = found[found["colleges"] >= SMALL].drop(index="all", errors="ignore")
        return found if self.varied and len(self.draws["need"]) >= LEAST_DRAWS else found.iloc[:0]

    def span(self, name: str) -> str:
        """The 80 % interval of a sum as it stands behind it, 10,000 yuan."""
        money = self.sum(name)
        return self.writer.span(money.reach, wan, money.value)

    @property
    def uncertain(self) -> bool:
        """Is there an interval to print?"""
        return any(self.span(name) for name in ("need", "gap", "waterfall_gap"))

    def headlines(self) -> dict[str, float]:
        """Needs, gaps and sources with their intervals, and the ledger's totals (yuan)."""
        made = {
            "need": float(self.funds["need"].sum()),
            "waterfall_gap": self.gaps[0],
            "funding_gap": self.gaps[1],
            **{f"need.{use}": float(self.funds.loc[use, "need"]) for use in USE_KEYS},
            **{
                f"{name}.{end}": value
                for name, pair in self.ranges.items()
                if not name.startswith("reported")
                for end, value in zip(("p10", "p90"), pair, strict=True)
            },
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
        return bool(self.study.province) and not self.study.college

    @cached_property
    def has_pot(self) -> bool:
        """Has the province money to share out?"""
        return self.of_province and pot_of(self.study, self.runs[1]) > 0
