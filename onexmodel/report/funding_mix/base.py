"""The numbers of a funding_mix report, each computed once: flows, gaps and what they are made of, what a yuan of each source closes. In yuan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from ...analysis.budget import mix
from ...analysis.budget.moved import MOVABLE
from ...analysis.draws.evaluate import Sides
from ...analysis.draws.sample import interval
from ...engine.pots import allowed_in, fund_flows
from ...rules.funding import SOURCES, USES
from ..common import ends_named
from ..front.sums import Sum
from ..money import MoneyReport
from ..page.numbers import NO_RANGE, holding
from ..page.rounding import add_up
from .numbers import Change, Margin, Way, parts_of

SUMS = ("need", "available", "used", "gap", "waterfall_gap", "missing")


@dataclass(frozen=True)
class FundingBase(MoneyReport):
    """A report's numbers."""

    def sums_drawn(self, drawn: Mapping[str, np.ndarray]) -> Sides:
        """The sums of mix_draws."""
        return mix.mix_draws(self.study, drawn, self.lines)

    @cached_property
    def limits(self) -> np.ndarray:
        """(7 sources, colleges of the place)."""
        return self.of_place("limits")

    @cached_property
    def allowed(self) -> np.ndarray:
        """(7 sources, 4 uses) of bool."""
        return allowed_in(self.runs[1].compiled, self.view)

    @cached_property
    def by(self) -> str:
        """What the colleges of the place are told apart by."""
        return "province" if self.keys_of["province"].nunique() > 1 else "tier"

    @cached_property
    def lines(self) -> list[str]:
        """The sources as they are told: each alone, or together where too few colleges hold one of them, in the place or in a group of it."""
        groups = [*self.groups(self.by).values()]
        return mix.lines_of(self.limits > mix.HELD, groups, self.least)

    def line_sum(self, values: np.ndarray) -> np.ndarray:
        """(7, …) by source → (lines, …)."""
        sums = [values[mix.sources_of(line)].sum(0) for line in self.lines]
        return np.array(sums).reshape(len(sums), *values.shape[1:])

    @cached_property
    def paid(self) -> np.ndarray:
        """(lines, 4 uses, colleges of the place) of the optimum."""
        return self.line_sum(fund_flows(self.runs[1], self.view)[..., self.scope["college"]])

    @cached_property
    def idle(self) -> np.ndarray:
        """(lines,) limits that the optimum does not use."""
        return np.maximum(0.0, (self.line_sum(self.limits) - self.paid.sum(1)).sum(-1))

    @cached_property
    def gaps(self) -> np.ndarray:
        """(4,) the gap of each use."""
        return np.array([self.total(f"funding_gap_{use}") for use in USES])

    @cached_property
    def printed_flows(self) -> pd.DataFrame:
        """Lines, paid, gap, need × uses, used, idle, limit, in the unit of print and adding there down and across."""
        paid = self.paid.sum(-1)
        frame = pd.DataFrame(
            np.vstack([paid, paid.sum(0), self.gaps, [*self.needs.values()]]),
            index=[*self.lines, "paid", "gap", "need"],
            columns=[*USES],
        )
        frame["used"] = frame.sum(axis=1)
        # nothing idle of what nobody has: these cells are not printed
        frame["idle"] = [*self.idle, self.idle.sum(), 0.0, self.idle.sum()]
        frame["limit"] = frame["used"] + frame["idle"]
        frame.loc["need"] = frame.loc["paid"] + frame.loc["gap"]
        # need and gap as they round, as everywhere on the page: what is paid is the one less the other
        return add_up(
            self.writer.money.inside(frame).T,
            {"used": USES, "limit": ["used", "idle"]},
            {"paid": dict.fromkeys(self.lines, 1), "gap": {"need": 1, "paid": -1}},
            self.writer.money.decimals,
            firm=("need", "gap"),
        ).T

    @cached_property
    def mixed(self) -> pd.DataFrame:
        """Groups and all × colleges, need (yuan), lines and gap (whole % of the need, adding to 100)."""
        gap, paid = self.of_place("funding_gap"), self.paid.sum(1)
        need = self.of_place("needs").sum(0)
        made = {
            label: [
                rows.sum(),
                need[rows].sum(),
                *parts_of([*paid[:, rows].sum(-1), gap[rows].sum()]),
            ]
            for label, rows in self.groups(self.by, whole=True).items()
        }
        columns = ["colleges", "need", *self.lines, "gap"]
        return pd.DataFrame.from_dict(made, orient="index", columns=columns)

    @cached_property
    def change(self) -> Change | None:
        """Need and gap of the scheme less those of the baseline; None where the scheme changes nothing."""
        if not self.study.composition.changes_anything:
            return None

        def moved(name: str) -> tuple[float, tuple[float, float]]:
            value = float(self.at_taken.change(name)[0])
            return value, holding(interval(self.sides.change(name)), value, self.seen)

        (need, need_reach), (gap, gap_reach) = moved("need"), moved("gap")
        return Change(need, gap, need_reach, gap_reach, self.seen)

    @cached_property
    def way(self) -> Way:
        """The gap and what it is made of."""
        moved = float(mix.left_unpaid(self.study, self.runs[1], self.view, any_use=False))
        flows = self.printed_flows * self.writer.money.per
        sums = {name: self.sum(name) for name in SUMS}
        for name, column in (("used", "used"), ("available", "limit")) if self.funded else ():
            sums[name] = replace(sums[name], value=flows.at["paid", column])
        public = [line for line in self.lines if {*line.split("+")} <= {*MOVABLE}]
        # as printed, each no more than the one before
        filed, best = sums["waterfall_gap"].value, sums["gap"].value
        own, gap, left, none = map(self.printed, (filed, best, moved, sums["missing"].value))
        parts = {"between": gap - left, "scope": left - none, "missing": none}

        def part(value: float) -> Sum:
            return Sum(value, least=self.seen).rounded_like(sums["gap"])

        return Way(
            self.study.year,
            **sums,
            loss=part(own - gap),
            between=part(parts["between"]),
            scope=part(parts["scope"]),
            left=part(moved),
            parts=dict(zip(parts, parts_of([*parts.values()]), strict=True)),
            unspent=float(flows.loc[public, "idle"].sum()),
            step=self.step,
            lacking=self.lacking,
        )

    @cached_property
    def margins(self) -> list[Margin]:
        """What a yuan of each line closes; of sources that nobody in the place holds only given where it is missing."""
        free = self.allowed.any(1) & ~(self.limits > mix.HELD).any(1)
        asked = [*self.lines, *np.array(SOURCES)[free]]
        rows = mix.closed_aimed(self.study, self.runs[1], self.view, asked)
        printed = self.printed_flows.loc[self.lines, ["limit", "idle"]] * self.writer.money.per
        rows = rows.join(printed).fillna({"limit": 0.0, "idle": 0.0})
        for pot in (name.removeprefix("closed.") for name in self.taken if mix.POT in name):
            inside = self.runs[1].compiled.leaves[pot][self.scope["province"]]
            rows.loc[pot, "limit"] = float(inside.sum())
        return [
            Margin(one.Index, one.limit, one.idle, *self._even(one), one.closed, one.most)
            for one in rows.itertuples()
        ]

    def _even(self, row) -> tuple[float, tuple[float, float]]:
        """(yuan closed a yuan, its interval); of a line that nobody holds nan or, for a college alone, what is given to it."""
        name = f"closed.{row.Index}"
        if name not in self.taken:
            return row.closed if self.alone else np.nan, NO_RANGE
        value = float(self.taken[name][0])
        return value, holding(self.ranges[name], value, 0.005)

    @cached_property
    def best(self) -> Margin | None:
        """The line, of those that colleges hold, a yuan of which closes most: of public appropriations, which a government can raise, where there
        are any; None where nobody holds anything, or nothing is missing."""
        if not self.way.gap.seen:
            return None
        held = [one for one in self.margins if not one.pot and f"closed.{one.line}" in self.taken]
        public = [one for one in held if {*one.line.split("+")} & {*MOVABLE}]
        return max(public or held, key=lambda one: round(one.even, 2), default=None)

    @property
    def pots(self) -> list[Margin]:
        """The provinces' own money among the margins."""
        return [one for one in self.margins if one.pot]

    @property
    def aimed(self) -> float:
        """Yuan that a yuan of the best line (of any source where nobody holds one) closes where it is given to colleges with a gap; nan where that
        is no more than spread evenly."""
        known = [one.aimed for one in ([self.best] if self.best else self.margins)]
        most = max((one for one in known if one == one), default=-np.inf)
        even = self.best.even if self.best else -np.inf
        return most if not self.alone and most > even + 0.005 else np.nan

    def raised(self, margin: Margin) -> float:
        """Yuan by which all own limits of a line together were raised to see what a yuan closes."""
        own = self.runs[1].compiled.leaves["own_limits"][:, self.scope["college"]]
        return float(mix.RAISE * own[mix.sources_of(margin.line)].sum())

    def headlines(self) -> dict[str, float]:
        """Need, and where funds are on record what is available, used and missing, with intervals, and what a yuan closes."""
        made = {"need": self.way.need.value}
        made |= {f"need.{use}": self.needs[use] for use in self.uses}
        if not self.funded:
            return made | ends_named({"need": self.ranges["need"]})
        sums = {name: float(values[0]) for name, values in self.taken.items()}
        return made | ends_named(self.ranges) | sums | {"moved": self.way.left.value}
