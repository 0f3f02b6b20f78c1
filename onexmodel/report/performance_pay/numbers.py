"""The numbers behind performance_pay, each computed when first asked for, and what of them may be shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from ...analysis import pay_draws as pd
from ...analysis import pay_study as ps
from ...analysis import teachers as tt
from ...analysis.uncertainty import interval
from ...engine.local import LOCAL, laid
from ...rules.numbers import ratio
from ..common import SchemeReport
from ..page.html import wan
from ..page.press import SMALL
from ..page.words import TIERS

FINE = tuple(round(0.1 * i, 1) for i in range(11))


@dataclass(frozen=True)
class PayNumbers(SchemeReport):
    """Numbers of one performance_pay report on the scheme's law (the baseline's where nothing is changed)."""

    drawn: Mapping[str, np.ndarray] = field(default_factory=dict)

    name = "performance_pay"
    topics = ("pay.", "workload.", "volume.")

    @cached_property
    def standing(self) -> dict[str, int]:
        """How many colleges are counted, private, outside the scope, without a pay total."""
        return ps.standing(self.study, self.runs[1])

    @cached_property
    def table(self):
        """Uplift by tier, the last row all; tiers of under five colleges together unless internal."""
        return ps.uplift_table(self.study, self.runs[1], 1 if self.press.internal else SMALL)

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
        """Colleges whose teachers are listed in part."""
        return tt.coverage(self.study, self.runs[1])

    @cached_property
    def tilts(self):
        """The tilt table at eleven tilts and the one in force."""
        return tt.tilt_table(
            self.study, self.runs[1], self.people, sorted({*FINE, float(self.view["pay.tilt"])})
        )

    @cached_property
    def chosen(self):
        """The row of the tilt in force."""
        return self.tilts[self.tilts["tilt"] == float(self.view["pay.tilt"])].iloc[0]

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
    def fixed(self) -> set[str]:
        """Parameters the scheme or --set fixes."""
        return self.study.fixed()

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
    def by_elasticity(self) -> list[tuple]:
        """(elasticity, its words, measures, measures in the draws of the beliefs): low, as taken, high, each holding everywhere; with a scheme
        also the baseline's, and (None) as the scheme sets it place by place."""
        say, here, base = (
            self.press.say,
            float(self.view["pay.elasticity"]),
            float(self.study.views("none")[0]["pay.elasticity"]),
        )
        low, high = pd.elasticities(self.study)
        words = {
            low: say("低（P10）", "low (P10)"),
            high: say("高（P90）", "high (P90)"),
            base: say("基准", "baseline") if base != here else say("本报告取值", "as taken"),
            here: say("方案", "scheme") if base != here else say("本报告取值", "as taken"),
        }
        if self.apart:
            words[here] = say("各地一律取", "everywhere")
        words |= {None: say("方案各地取值", "scheme, place by place")} if self.apart else {}
        values = sorted(words, key=lambda value: (value is None, value))
        return [
            (value, words[value], *both)
            for value, both in zip(
                values, pd.by_elasticity(self.side, values, self.drawn), strict=True
            )
        ]

    def filled(self, name: str, row) -> str:
        """A cell that rests on what colleges filled in: 未填报 where none did, a mark where fewer than five did (circulated)."""
        count = int(row["filled_income" if name == "uplift_income_share" else "filled_granted"])
        if name != "to_ask" and not count:
            return self.press.say("未填报", "not filled in")
        if not self.press.internal and 0 < count < SMALL:
            return self.press.say(f"填报不足{SMALL}所，不列示", f"filled in by under {SMALL}")
        part = (
            self.press.say(f"（{count}所填报）", f" ({count} filled in)")
            if name != "to_ask" and count < row["colleges"]
            else ""
        )
        return wan(row[name]) + part

    def headlines(self) -> dict[str, float]:
        """Totals of the uplift and of the tilt, with intervals; nothing that fewer than five colleges filled in."""
        few = [
            name
            for names, count in (
                (("uplift_income_share",), self.row["filled_income"]),
                (("granted", "to_ask"), self.row["filled_granted"]),
            )
            for name in names
            if not self.press.internal and 0 < count < SMALL
        ]
        heads = {
            name: float(value)
            for name, value in self.row.items()
            if name != "group" and name not in few
        }
        heads |= {
            f"{name}.{end}": value
            for name, pair in self.ranges.items()
            for end, value in zip(("p10", "p90"), pair, strict=True)
        }
        return heads | {f"tilt.{name}": float(value) for name, value in self.chosen.items()}

    @cached_property
    def money(self):
        """Sources of the uplift."""
        return ps.uplift_sources(self.study, self.runs[1], self.view)

    def outside_row(self, tier: str) -> dict:
        """Hours of a tier none of whose colleges may have an uplift."""
        tiers = self.runs[1].compiled.keys["college"]["tier"].to_numpy(object)
        return ps.row_of(
            self.runs[1], tier, self.study.scope(self.runs[1].compiled)["college"] & (tiers == tier)
        )

    def left_out(self) -> str:
        """Colleges of the place that are not counted, and why; "" where all are."""
        say, s = self.press.say, self.standing
        parts = [
            say(f"{s[name]}所{zh}", f"{s[name]} {en}")
            for name, zh, en in (
                ("private", "民办（不适用）", "private (not applicable)"),
                ("outside", "应用本科（不适用）", "applied undergraduate (not applicable)"),
                (
                    "no_pool",
                    "没有填报绩效工资总量（无从测算）",
                    "without a pay total (cannot be calculated)",
                ),
            )
            if s[name]
        ]
        return say("、", ", ").join(parts)

    def _names(self, groups) -> list[str]:
        say = self.press.say
        return [
            say("合计", "total")
            if group == "all"
            else say("、", ", ").join(self.press.word(TIERS, tier) for tier in group.split("+"))
            for group in groups
        ]
