"""The numbers of a funding_mix report, each computed once: flows, gaps and what they are made of, what a yuan of each source closes. In yuan."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from ...analysis.budget import draws as bd
from ...analysis.budget import mix
from ...analysis.budget.moved import MOVABLE
from ...analysis.disclosure import joined_groups
from ...analysis.draws.evaluate import Sides
from ...analysis.draws.sample import interval
from ...analysis.statistics.precision import HALF_YUAN
from ...engine.findings.unfilled import Unfilled
from ...engine.pots import fund_flows
from ...law.parameters import Parameter
from ...rules.funding import SOURCES, USES
from ..common import SchemeReport, ends_named
from ..front.sums import SEEN, Sum
from ..page.numbers import NO_RANGE, NumberFormat, holding
from ..page.rounding import add_up
from .numbers import Change, Margin, Way

SUMS = ("need", "available", "used", "gap", "waterfall_gap", "order_loss", "missing")
CENT = NumberFormat(2)


@dataclass(frozen=True)
class FundingBase(SchemeReport):
    """A report's numbers."""

    @property
    def lacking(self) -> Unfilled:
        """Of whom funds and pay totals were not filled in."""
        return self.study.unfilled

    @property
    def funded(self) -> bool:
        """Has anybody filled in funds? Else there is no gap to speak of."""
        return not self.lacking.no_funds

    @property
    def seen(self) -> float:
        """Yuan: money up to here is nothing in print."""
        return HALF_YUAN if self.alone else SEEN

    @cached_property
    def inside(self) -> np.ndarray:
        """(all colleges,) of bool: those of the place."""
        return self.study.scope(self.runs[1].compiled)["college"]

    @cached_property
    def keys_of(self) -> pd.DataFrame:
        """The place's colleges."""
        return self.runs[1].compiled.keys["college"][self.inside]

    def of_place(self, name: str) -> np.ndarray:
        """(…, colleges of the place) of a quantity of colleges."""
        values = np.asarray(self.runs[1].served[name])
        return np.broadcast_to(values, (*values.shape[:-1], len(self.inside)))[..., self.inside]

    @cached_property
    def limits(self) -> np.ndarray:
        """(7 sources, colleges of the place)."""
        return mix.limits_of(self.runs[1])[:, self.inside]

    @cached_property
    def flows(self) -> np.ndarray:
        """(7 sources, 4 uses, colleges of the place) of the optimum."""
        return fund_flows(self.runs[1], self.view)[..., self.inside]

    @cached_property
    def allowed(self) -> np.ndarray:
        """(7 sources, 4 uses) of bool."""
        return mix.allowed_in(self.runs[1], self.view)

    @cached_property
    def uses(self) -> list[str]:
        """The uses on record: none of those that nobody filled in, which is not a need of 0."""
        unknown = {"performance_pay": self.lacking.no_pay, "training": self.lacking.no_costs}
        return [use for use in USES if not unknown.get(use)]

    @cached_property
    def by(self) -> str:
        """What the colleges of the place are told apart by."""
        return "province" if self.keys_of["province"].nunique() > 1 else "tier"

    def groups(self, by: str) -> dict[str, np.ndarray]:
        """Label (codes joined by +) → its colleges of the place, (colleges,) of bool, in administrative order; small ones stand together."""
        labels = self.keys_of[by]
        counts = labels.value_counts().sort_index().to_dict()
        return {
            "+".join(some): labels.isin(some).to_numpy()
            for some in joined_groups(counts, self.least)
        }

    @cached_property
    def lines(self) -> list[tuple[str, ...]]:
        """The sources as they are told: each alone, or together where too few colleges hold one of them, in the place or in a group of it."""
        label = np.empty(len(self.keys_of), object)
        for name, rows in self.groups(self.by).items():
            label[rows] = name
        return mix.lines_of(self.limits > mix.HELD, label.astype(str), self.least)

    def line_sum(self, values: np.ndarray) -> np.ndarray:
        """(7, …) by source → (lines, …)."""
        at = [[SOURCES.index(source) for source in line] for line in self.lines]
        return np.array([values[one].sum(0) for one in at]).reshape(len(at), *values.shape[1:])

    @cached_property
    def names(self) -> list[str]:
        """The lines' keys."""
        return ["+".join(line) for line in self.lines]

    @cached_property
    def gaps(self) -> np.ndarray:
        """(4,) the gap of each use."""
        return np.array([self.of_place(f"funding_gap_{use}").sum() for use in USES])

    @cached_property
    def printed_flows(self) -> pd.DataFrame:
        """Lines, paid, gap, need × uses, used, idle, limit, in the unit of print and adding there down and across."""
        paid = self.line_sum(self.flows).sum(-1)
        needs, gap = self.of_place("needs").sum(-1), self.gaps
        frame = pd.DataFrame(
            np.vstack([paid, paid.sum(0), gap, needs]),
            index=[*self.names, "paid", "gap", "need"],
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
            {"paid": dict.fromkeys(self.names, 1), "gap": {"need": 1, "paid": -1}},
            self.writer.money.decimals,
            firm=("need", "gap"),
        ).T

    @cached_property
    def sides(self) -> Sides:
        """Sums of baseline and scheme in every draw."""
        return mix.mix_draws(self.study, self.drawn, self.lines)

    @cached_property
    def at_taken(self) -> Sides:
        """The same at the parameters taken, one value each."""
        return mix.mix_draws(self.study, {}, self.lines)

    @cached_property
    def ranges(self) -> dict[str, tuple[float, float]]:
        """80 % intervals."""
        return {name: interval(values) for name, values in self.sides.after.items()}

    @cached_property
    def varied(self) -> list[Parameter]:
        """What is drawn and can move these numbers."""
        return bd.behind(self.study, self.drawn)

    def sum(self, name: str) -> Sum:
        """A sum with its interval; without, where the interval would leave it out, or few draws make none."""
        value = float(self.at_taken.after[name][0])
        reach = holding(self.ranges[name], value, self.seen) if self.sampled else NO_RANGE
        return Sum(value, reach, self.seen)

    @cached_property
    def change(self) -> Change | None:
        """Need and gap of the scheme less those of the baseline; None where the scheme changes nothing."""
        if not self.study.composition.changes_anything:
            return None
        moved = {name: float(self.at_taken.change(name)[0]) for name in ("need", "gap")}
        spans = {
            name: interval(self.sides.change(name)) if self.sampled else NO_RANGE for name in moved
        }
        held = {name: holding(spans[name], value, self.seen) for name, value in moved.items()}
        return Change(moved["need"], moved["gap"], held["need"], held["gap"], self.seen)

    @cached_property
    def way(self) -> Way:
        """The gap and what it is made of."""
        moved = float(mix.left_unpaid(self.study, self.runs[1], self.view, any_use=False))
        step = self.writer.money.per / 10**self.writer.money.decimals
        sums = {name: self.sum(name) for name in SUMS}
        for name, column in (("used", "used"), ("available", "limit")) if self.funded else ():
            printed = self.printed_flows.at["paid", column] * self.writer.money.per
            sums[name] = replace(sums[name], value=printed)
        public = [
            name for name, line in zip(self.names, self.lines, strict=True) if {*line} <= {*MOVABLE}
        ]
        unspent = float(self.printed_flows.loc[public, "idle"].sum()) * self.writer.money.per
        return Way(
            self.study.year, **sums, moved=moved, unspent=unspent, step=step, lacking=self.lacking
        )

    @cached_property
    def margins(self) -> list[Margin]:
        """What a yuan of each line closes; of sources that nobody in the place holds only given where it is missing."""
        free = [(source,) for at, source in enumerate(SOURCES) if self._unheld(at)]
        rows = mix.closed_aimed(self.study, self.runs[1], self.view, [*self.lines, *free])
        as_printed = self.printed_flows.loc[self.names, ["limit", "idle"]] * self.writer.money.per
        limits, idle = as_printed["limit"].to_dict(), as_printed["idle"].to_dict()
        found = [
            Margin(
                line,
                limits.get(line, 0.0),
                idle.get(line, 0.0),
                *self._even(line, float(row["closed"])),
                float(row["closed"]),
                float(row["most"]),
            )
            for line, row in rows.iterrows()
        ]
        pots = [name for name in self.at_taken.after if name.startswith(f"closed.{mix.POT}")]
        for name in pots:
            source = name.removeprefix("closed.")
            leaf = self.runs[1].compiled.leaves[source]
            pot = float(leaf[self.study.scope(self.runs[1].compiled)["province"]].sum())
            found.append(Margin(source, pot, np.nan, *self._even(source), np.nan, np.nan))
        return found

    def _unheld(self, at: int) -> bool:
        return not (self.limits[at] > mix.HELD).any() and bool(self.allowed[at].any())

    def _even(self, line: str, aimed: float = np.nan) -> tuple[float, tuple[float, float]]:
        """(yuan closed a yuan, its interval); of a line that nobody holds nan or, for a college alone, what is given to it (`aimed`)."""
        name = f"closed.{line}"
        if name not in self.at_taken.after:
            return aimed if self.alone else np.nan, NO_RANGE
        value = float(self.at_taken.after[name][0])
        return value, holding(self.ranges[name], value, 0.005) if self.sampled else NO_RANGE

    @property
    def best(self) -> Margin | None:
        """The line, of those that colleges hold, a yuan of which closes most: of public appropriations, which a government can raise, where there
        are any; None where nobody holds anything, or nothing is missing."""
        if not self.way.gap.seen:
            return None
        own = [one for one in self.margins if f"closed.{one.line}" in self.at_taken.after]
        held = [one for one in own if not one.pot]
        public = [one for one in held if set(one.line.split("+")) & set(MOVABLE)]
        return max(public or held, key=lambda one: round(one.even, 2), default=None)

    @cached_property
    def idle(self) -> np.ndarray:
        """(lines,) limits that the optimum does not use."""
        return np.maximum(0.0, self.line_sum(self.limits - self.flows.sum(1)).sum(-1))

    def headlines(self) -> dict[str, float]:
        """Need, and where funds are on record what is available, used and missing, with intervals, and what a yuan closes."""
        needs = self.of_place("needs").sum(-1)
        made = {"need": self.way.need.value} | {
            f"need.{use}": float(needs[USES.index(use)]) for use in self.uses
        }
        told = {"need": self.ranges["need"]} if not self.funded else self.ranges
        made |= ends_named(told)
        if not self.funded:
            return made
        sums = {name: float(values[0]) for name, values in self.at_taken.after.items()}
        return made | sums | {"moved": self.way.moved}

    def raised(self, margin: Margin) -> float:
        """Yuan by which all own limits of a line together were raised to see what a yuan closes."""
        own = self.runs[1].compiled.leaves["own_limits"][:, self.inside]
        at = [SOURCES.index(source) for source in margin.line.split("+")]
        return float(mix.RAISE * own[at].sum())
