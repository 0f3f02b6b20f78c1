"""The numbers behind performance_pay, each computed when first asked for, and what of them may be shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ...analysis.draws.sample import interval
from ...analysis.pay import draws as pd
from ...analysis.pay import options as po
from ...analysis.pay import study as ps
from ...analysis.pay import teachers as tt
from ...engine.places.local import LOCAL, laid
from ...rules.numbers import ratio
from ..common import SchemeReport, ends_named
from ..page.numbers import holding
from ..page.writer import SMALL
from . import advice

FINE = tuple(round(0.1 * i, 1) for i in range(11))
LOOKED_UP = (0.2, 0.4, 0.6, 0.8, 1.0)  # elasticities of the table, besides those that have a role
APART = 0.04  # by less than this such an elasticity stands too near to one that has a role
FILLED = {
    "uplift_income_share": "filled_income",
    "granted": "filled_granted",
    "to_ask": "filled_granted",
}  # sums that rest on what colleges filled in → the column that counts these colleges


@dataclass(frozen=True)
class Filled:
    """A sum that rests on what colleges filled in, yuan, and how many of those counted (`every`) did. state: `none` filled it in; `few`:
    under five, not to be told; `part` of the colleges counted; `all`, or a sum that stands without them."""

    yuan: float
    colleges: int
    every: int
    state: str


@dataclass(frozen=True)
class AtElasticity:
    """The uplift at one elasticity that holds everywhere, or (None) as the scheme sets it place by place. role: low, high, taken,
    baseline, scheme, everywhere, by_place. Measures at the central assumptions, and in every draw of the beliefs."""

    value: float | None
    role: str
    point: Mapping[str, float]
    drawn: Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Load:
    """Hours a teacher a year before and with X work, the norm, and teachers, at each college counted that has X hours."""

    before: np.ndarray
    after: np.ndarray
    norms: np.ndarray
    teachers: np.ndarray

    @property
    def norm(self) -> float:
        """Mean norm of the colleges by their teachers, hours a teacher."""
        return float(np.average(self.norms, weights=self.teachers))

    @property
    def colleges(self) -> int:
        """How many they are."""
        return len(self.teachers)

    @property
    def over(self) -> int:
        """How many colleges X work takes over their norm."""
        return int(((self.after > self.norms) & (self.before <= self.norms)).sum())

    @property
    def means(self) -> tuple[float, float]:
        """Mean hours a teacher of the colleges by their teachers, before and with X work."""
        before, after = (
            float(np.average(hours, weights=self.teachers)) for hours in (self.before, self.after)
        )
        return before, after


@dataclass(frozen=True)
class PayNumbers(SchemeReport):
    """Numbers of one performance_pay report on the scheme's law (the baseline's where nothing is changed)."""

    name = "performance_pay"
    measure = "uplift"
    topics = ("pay.", "workload.", "volume.")

    @cached_property
    def standing(self) -> dict[str, int]:
        """How many colleges are counted, private, outside the scope, without a pay total."""
        return ps.standing(self.study, self.runs[1])

    @property
    def eligible(self) -> int:
        """How many colleges may have an uplift: those counted, and those without a pay total."""
        return self.standing["counted"] + self.standing["no_pool"]

    @cached_property
    def table(self):
        """Uplift by tier, the last row all; tiers of under five colleges together unless internal."""
        return ps.uplift_table(self.study, self.runs[1], self.least)

    @property
    def row(self):
        """The scheme's row of all colleges."""
        return self.table.iloc[-1]

    @cached_property
    def before(self):
        """The baseline's row of all colleges."""
        return ps.uplift_table(self.study, self.runs[0]).iloc[-1]

    @cached_property
    def people(self):
        """Teachers of the place."""
        return tt.teachers_of(self.study, self.runs[1])

    @cached_property
    def coverage(self):
        """Colleges of which not as many teachers are listed as they have: college, listed, teachers."""
        return tt.coverage(self.study, self.runs[1])

    @property
    def in_part(self):
        """Those of them that list too few."""
        return self.coverage[self.coverage["listed"] < self.coverage["teachers"]]

    @cached_property
    def hours_apart(self):
        """Colleges whose teachers list X hours far from those calculated: college, listed, calculated."""
        return tt.hours_apart(self.study, self.runs[1])

    @property
    def unverified(self) -> bool:
        """Do such hours move those of the whole place so far that nothing on who gets the uplift can be used before they are verified?"""
        apart = abs(float((self.hours_apart["listed"] - self.hours_apart["calculated"]).sum()))
        return apart > tt.WIDE * float(self.row["added"])

    @cached_property
    def tilts(self):
        """The tilt table at eleven tilts and the one in force."""
        return tt.tilt_table(self.study, self.runs[1], self.people, sorted({*FINE, self.tilt}))

    @property
    def tilt(self) -> float:
        """The tilt in force."""
        return float(self.view["pay.tilt"])

    @cached_property
    def chosen(self):
        """The row of the tilt in force."""
        return self.tilts[self.tilts["tilt"] == self.tilt].iloc[0]

    @cached_property
    def side(self) -> pd.Side:
        """The scheme, ready to be drawn."""
        return pd.Side.of(self.study, self.runs[1], True, tt.crews(self.study, self.runs[1]))

    @cached_property
    def draws(self) -> dict[str, np.ndarray]:
        """Measures of the scheme in every draw."""
        return pd.pay_draws(self.side, self.drawn)

    @cached_property
    def ranges(self) -> dict[str, tuple[float, float]]:
        """80 % intervals over every assumption the scheme does not fix."""
        return {name: interval(values) for name, values in self.draws.items()}

    @property
    def apart(self) -> tuple:
        """((where, elasticity), …) where the scheme sets it for some places of the place only."""
        return self.view.get(LOCAL, {}).get("pay.elasticity", ())

    @cached_property
    def hour_fees(self) -> np.ndarray:
        """(colleges,) the class-hour fee at each, yuan."""
        compiled = self.runs[1].compiled
        return np.broadcast_to(
            laid(compiled, self.view, "pay.class_hour_fee", "college"),
            len(compiled.keys["college"]),
        )

    @property
    def hour_fee(self) -> float:
        """The class-hour fee; where it differs from place to place its mean over the X hours of the colleges counted."""
        if "pay.class_hour_fee" not in self.view.get(LOCAL, {}):
            return float(self.view["pay.class_hour_fee"])
        hours = self.runs[1].served["added_hours"] * ps.counted_colleges(self.study, self.runs[1])
        return float(ratio((self.hour_fees * hours).sum(), hours.sum()))

    @cached_property
    def by_elasticity(self) -> list[AtElasticity]:
        """The uplift at the low, taken and high elasticity; with a scheme also at the baseline's and as set place by place. `of_pool`
        besides the measures: the uplift as a share of the pay total."""
        here = float(self.view["pay.elasticity"])
        base = float(self.study.views("none")[0]["pay.elasticity"])
        low, high = pd.elasticities(self.study)
        roles = {low: "low", high: "high", base: "baseline"}
        roles[here] = "everywhere" if self.apart else "taken" if base == here else "scheme"
        return self._at(roles, self.drawn)

    def _at(self, roles: Mapping[float, str], drawn: Mapping) -> list[AtElasticity]:
        """The uplift at each elasticity of `roles`, rising, and as set place by place where it is."""
        pool = float(self.row["pool"])
        values: list[float | None] = [*sorted(roles), *([None] if self.apart else [])]
        found = pd.by_elasticity(self.side, values, drawn)
        return [
            AtElasticity(
                value,
                "by_place" if value is None else roles[value],
                *(one | {"of_pool": one["uplift"] / pool} for one in both),
            )
            for value, both in zip(values, found, strict=True)
        ]

    @property
    def taken(self) -> AtElasticity:
        """The one of `by_elasticity` that the uplift is by."""
        here = None if self.apart else float(self.view["pay.elasticity"])
        return next(one for one in self.by_elasticity if one.value == here)

    @cached_property
    def looked_up(self) -> list[AtElasticity]:
        """The table in which the sum for a surveyed elasticity is found: those of `by_elasticity`, the turning point (role `turning`), and
        tenths between them (role ""); without draws."""
        roles = {one.value: one.role for one in self.by_elasticity if one.value is not None}
        if np.isfinite(self.turning.elasticity):
            roles.setdefault(self.turning.elasticity, "turning")
        roles |= {
            value: "" for value in LOOKED_UP if all(abs(value - one) > APART for one in roles)
        }
        return self._at(roles, {})

    # what is recommended, what would overturn it, the ways to ask side by side
    request, turning = cached_property(advice.request), cached_property(advice.turning)
    options = cached_property(advice.options)

    @cached_property
    def request_before(self) -> advice.Request:
        """What is recommended under present rules."""
        return advice.request(self, 0)

    @property
    def income_told(self) -> bool:
        """Did enough colleges fill in their net income for the income share to be told?"""
        return int(self.row["filled_income"]) >= self.least

    def under(self, uplift: np.ndarray) -> float:
        """Share of colleges whose uplift, (colleges,) yuan, pays an X hour less than the class-hour fee; missing where they are too few,
        or one."""
        at = po.at_work(self.study, self.runs[1])
        if self.writer.alone or at.sum() < self.least:
            return float("nan")
        return po.share_under(
            uplift[at], self.runs[1].served["added_hours"][at], self.hour_fees[at]
        )

    @cached_property
    def load(self) -> Load:
        """Workload of the colleges counted."""
        result, leaves = self.runs[1], self.runs[1].compiled.leaves
        added = result.served["added_hours"]
        chosen = ps.counted_colleges(self.study, result) & (added > 0) & (leaves["teachers"] > 0)
        teachers, base = leaves["teachers"][chosen], leaves["baseline_hours"]
        return Load(
            base[chosen] / teachers,
            (base + added)[chosen] / teachers,
            leaves["norm_hours"][chosen],
            teachers,
        )

    def filled(self, name: str, row) -> Filled:
        """A sum of FILLED in a row of the table, and what of it may be told."""
        by = int(row[FILLED[name]])
        if name != "to_ask" and not by:
            state = "none"
        elif not self.writer.may_show(by or SMALL):
            state = "few"
        else:
            state = "part" if name != "to_ask" and by < row["colleges"] else "all"
        return Filled(row[name], by, int(row["colleges"]), state)

    def headlines(self) -> dict[str, float]:
        """Totals of the uplift and of the tilt, with intervals; nothing that fewer than five colleges filled in."""
        few = {name for name in FILLED if self.filled(name, self.row).state == "few"}
        counts = [(name, self.row["colleges"]) for name in ("limited", *FILLED.values())]
        counts.append(("colleges", self.eligible))
        few |= {name for name, of in counts if not self.writer.may_tell(self.row[name], of)}
        heads = {
            name: float(value)
            for name, value in self.row.items()
            if name != "group" and name not in few
        }
        heads |= ends_named(self.ranges)
        heads |= {f"tilt.{name}": float(value) for name, value in self.chosen.items()}
        heads |= {"request": self.request.yuan}
        turns = {"turning.elasticity": self.turning.elasticity, "turning.uplift": self.turning.yuan}
        return heads | {name: value for name, value in turns.items() if np.isfinite(value)}

    @property
    def chosen_option(self) -> advice.Option | None:
        """The recommended one of the options; None where it may not be told or asks for nothing."""
        return next((one for one in self.options if one.chosen and one.paid), None)

    @property
    def money(self) -> dict[str, float]:
        """source → yuan of 100 yuan of the recommended uplift, whole, adding to 100, and what is not covered; none where there is no uplift."""
        found = self.chosen_option
        if found is None:
            return {}
        return {**found.paid, "funding_gap": found.paid.get("funding_gap", 0.0)}

    @property
    def unpaid(self) -> float:
        """What of it no source covers, yuan."""
        found = self.chosen_option
        return found.unpaid if found else 0.0

    def reach(self, name: str) -> tuple[float, float]:
        """The 80 % interval of a measure; missing where the number that is printed lies outside of it."""
        value = self.chosen[name] if name == "gain_busy" else self.row[name]
        return holding(self.ranges[name], value)

    def outside_row(self, tier: str) -> dict:
        """Hours of a tier none of whose colleges may have an uplift."""
        tiers = self.runs[1].compiled.keys["college"]["tier"].to_numpy(object)
        return ps.row_of(self.runs[1], tier, self.scope["college"] & (tiers == tier))
