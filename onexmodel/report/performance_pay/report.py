"""performance_pay: the rise of the pay total and its tilt to those who carry the work."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ...analysis.draws.swings import visible
from ...analysis.headline import total
from ...analysis.pay import draws as pd
from ...analysis.pay import options as po
from ...analysis.pay import teachers as tt
from ...analysis.pay.study import pay_peers
from ...analysis.peers import Peers
from ...analysis.statistics.precision import HALF_YUAN
from ...engine.findings.finding import finding
from ..annex.local_changes import where_said
from ..annex.notes import Note
from ..annex.values import value_text
from ..common import SchemeReport
from ..front.draws import few_draws
from ..front.opening import opened
from ..front.state import beyond_said
from ..make.gate import PerformancePayParameters
from ..page.blocks import Block, bullets, paragraphs
from ..page.numbers import NO_RANGE
from ..page.writer import SMALL
from . import advice, explorer, figures, own, tables
from . import decision as sheet
from . import front as summary
from .numbers import PayNumbers

ENOUGH = 20  # colleges under which no distribution over the elasticity is drawn
BINS = 3  # steps of the histogram under which no distribution is drawn
DECISIVE = 3  # assumptions named in the sentence on what the uplift depends on


@dataclass(frozen=True)
class PerformancePay(PayNumbers):
    """One performance_pay report: its blocks in the order of the notebook."""

    def exhibits(self, kind: str) -> dict[str, bool]:
        """What is one college's own, or would be few colleges', depends."""
        alone = self.alone
        if kind == "table":
            return {
                "certificates": alone,
                "peers": alone and bool(self.peers.rows),
                "uplift": True,
                "elasticity": True,
                "explorer": not explorer.left_out(self),
                "quantiles": self.standing["counted"] >= self.least,
                "fairness": True,
            }
        return {
            "load": self.load_edges is not None,
            "methods": True,
            "reach": self.reaching is not None,
            "tilt": bool(self.chosen["busy"]),
            "money": self.funded and sum(value > 0 for value in self.money.values()) > 1,
            "fairness": bool(np.isfinite(self.tilt_reached)),
        }

    @cached_property
    def peers(self) -> Peers:
        """The college beside its peers; for a report of one college."""
        return pay_peers(self.study, self.runs[1])

    @cached_property
    def load_edges(self) -> np.ndarray | None:
        """Steps of the distribution of workload; None where it is not drawn."""
        load = self.load
        if self.alone or len(load.before) < self.least:
            return None
        edges = figures.shown_bins(load.before, load.after, self.least)
        return edges if len(edges) > BINS else None

    @cached_property
    def reaching(self) -> tuple[np.ndarray, np.ndarray] | None:
        """Elasticities and the share of colleges under the class-hour fee; None where the colleges are too few to draw them."""
        colleges = int(po.at_work(self.study, self.runs[1]).sum())
        return advice.reaching(self) if colleges >= ENOUGH and not self.alone else None

    @cached_property
    def tilt_reached(self) -> float:
        """The tilt at which the tilted part pays the least that a teacher takes; missing without uplift or hours."""
        rate = float(self.view["pay.reservation_rate"])
        return tt.break_even(self.runs[1], self.people, rate)

    def methods(self) -> Block:
        """一: the methods by which an uplift is calculated, with what they take, and what ranges hold."""
        words, view = self.words, self.view
        income = [words.by_income(float(view["pay.income_share"]))]
        basis = value_text(
            view["pay.workload_basis"],
            self.writer.lang,
            self.study.law.parameters["pay.workload_basis"],
        )
        return bullets(
            [
                words.by_elasticity(summary.elasticity_said(self), not self.apart),
                words.by_rate(self.hour_fee, float(view["pay.on_cost"])),
                *(income if self.row["filled_income"] else []),
                words.in_common(
                    basis,
                    view["pay.uplift_method"],
                    self.filled("granted", self.row),
                    self.filled("to_ask", self.row),
                    SMALL,
                ),
                *([] if self.alone else [words.counted(self.standing)]),
                self._ranges_hold() if self.sampled else few_draws(self.writer),
            ]
        )

    def _ranges_hold(self) -> str:
        set_there = any(
            change.where and change.operation == "value"
            for change in self.study.laws.own.get("pay.elasticity", ())
        )
        where = [where_said(self.writer, self.study, one) for one, _ in self.apart]
        return self.words.ranges_hold(
            "pay.elasticity" in self.study.fixed(), where if set_there else []
        )

    def more_findings(self) -> list[dict]:
        """教师工作量 that lists some of a college's teachers; which college and how many only in an internal report."""

        def found(row, rule: str, sentence: str) -> dict:
            key = {"college": row.college, "year": self.study.year}
            return finding("workload", key, rule, "warning", sentence)

        words, internal = self.words, self.writer.internal
        rules = {True: "teachers_listed_in_part", False: "more_listed_than_teachers"}
        return [
            found(row, rules[row.listed < row.teachers], words.listed_finding(row, internal))
            for row in self.coverage.itertuples()
        ] + [
            found(row, "hours_listed_apart", words.apart_finding(row, internal))
            for row in self.hours_apart.itertuples()
        ]

    def load_figure(self) -> Block:
        """Distribution of workload over the colleges that are counted."""
        words, load, edges = self.words, self.load, self.load_edges
        if len(load.before) < self.least:
            return paragraphs(words.few_loaded)
        if edges is None:
            return paragraphs(words.load_means(load, self.eligible))
        review = float(self.view["workload.review_hours"])
        return self.numbered_figure(
            "load",
            words.load_title(*load.means, load.norm),
            lambda: figures.load_lines(words, load, edges, review),
            words.load_note(load, self.eligible, review),
        )

    def own_tables(self) -> Block:
        """Of one college's own report: its certificates and its place among its peers; nothing in any other."""
        return own.certificates(self) + own.peers(self) if self.alone else Block("")

    def method_figure(self) -> Block:
        """The methods side by side."""
        words, row, writer = self.words, self.row, self.writer
        sums = [
            figures.Sum(name, float(row[f"uplift_{name}"]), self.reach(f"uplift_{name}"))
            for name in ("elasticity", "rate")
        ]
        if self.income_told:
            income = float(row["uplift_income_share"])
            sums.append(figures.Sum("income_share", income, NO_RANGE))
        told = not row["filled_income"] or self.income_told
        return self.numbered_figure(
            "methods",
            words.method_finding(row["uplift_rate"], row["uplift_elasticity"]),
            lambda: figures.method_dots(words, sums, writer.money.inside),
            words.method_note(told, any(np.isfinite(one.reach[0]) for one in sums)),
        )

    def reach_figure(self) -> Block:
        """How many colleges pay an X hour less than the class-hour fee, by elasticity."""
        words, curve, turn = self.words, self.reaching, self.turning
        if self.alone:
            return Block("")
        if curve is None:
            return paragraphs(words.few_for_reach(ENOUGH))
        value = float(self.view["pay.elasticity"])
        here = value, self.under(po.at_elasticity(self.study, self.runs[1], value))
        return self.numbered_figure(
            "reach",
            words.reach_finding(turn, self.hour_fee),
            lambda: figures.reach_curve(words, curve, turn, here),
            words.reach_note,
        )

    def deciding_text(self) -> Block:
        """What the uplift depends on, and what the gain of X teachers depends on most, in a sentence each."""
        frame = pd.deciding(self.side)
        gains = (frame["gain_p90"] - frame["gain_p10"]).abs()
        moved = len(frame) > 0 and gains.max() >= HALF_YUAN
        return paragraphs(
            self.words.decided(
                list(visible(frame).head(DECISIVE).itertuples()),
                frame.loc[gains.idxmax()] if moved else None,
                float(self.chosen["gain_busy"]),
            )
        )

    def tilt_figure(self) -> Block:
        """Gains at four tilts."""
        words, table = self.words, self.tilts[self.tilts["tilt"].isin(tables.TILTS)]
        full = table.iloc[-1]
        if not full["busy"]:
            return paragraphs(words.nobody_busy)
        return self.numbered_figure(
            "tilt",
            words.tilt_finding(full),
            lambda: figures.tilt_bars(words, table),
            words.tilt_note,
        )

    def money_figure(self) -> Block:
        """Sources of the uplift money."""
        words, parts = self.words, {name: part for name, part in self.money.items() if part}
        if parts and not self.funded:
            return paragraphs(words.unfunded(self.lacking))
        if not parts:
            return paragraphs(words.no_money)
        if len(parts) == 1:
            return paragraphs(words.one_source(next(iter(parts))))
        return self.numbered_figure(
            "money",
            words.money_finding(parts.get("funding_gap", 0.0)),
            lambda: figures.money_bars(words, parts),
            words.money_note(self.view["funding.award_pays_salary"] != "no"),
        )

    def fairness_figure(self) -> Block:
        """Tilted pay per hour, the least a teacher takes, and whom it suffices, against the tilt."""
        words, rate = self.words, float(self.view["pay.reservation_rate"])
        reached = self.tilt_reached
        if not np.isfinite(reached):
            return paragraphs(words.no_hourly)
        # one college's teachers all reach it at once
        panels = ["hourly"] if self.alone else list(words.fairness_panels)
        return self.numbered_figure(
            "fairness",
            words.fairness_finding(reached, float(self.tilts.iloc[-1]["hourly"]), rate),
            lambda: figures.tilt_lines(words, self.tilts, self.tilt, rate, reached, panels),
            words.fairness_note(self.tilt),
        )

    def conclusions(self) -> Block:
        """八: conclusions, beside what the first page says."""
        words, row = self.words, self.row
        changed = self.study.composition.changes_anything
        return bullets(
            [
                *([words.uplift_moved(self.before, row)] if changed else []),
                words.uplift_concluded(row, {"per_hour": self.reach("per_hour")}, self.hour_fee),
                summary.unverified(self) if self.unverified else words.tilt_concluded(self.chosen),
                words.closing,
            ]
        )

    # the notebook's other cells, each a function of the report
    front, decision, noted = summary.front, sheet.decision, summary.noted
    uplift_table, elasticity_table = tables.uplift, tables.elasticities
    quantile_table, fairness_table = tables.quantiles, tables.fairness
    explorer = explorer.explorer


@dataclass(frozen=True)
class Withheld(PerformancePay):
    """The report where there is nothing to calculate, or where what there is would be few colleges': one sentence in every place."""

    def headlines(self) -> dict[str, float]:
        """Counts only."""
        told = self.writer.may_tell(self.standing["counted"], self.eligible)
        kept = self.standing.keys() - ({} if told else {"counted", "no_pool"})
        return {name: float(some) for name, some in self.standing.items() if name in kept}

    def front(self) -> Block:
        """Summary page: why there is none."""
        title, why = self.words.withheld_title(self.standing), self.why
        return self.first_page(title, self.meta, why, beyond_said(self.study, self.writer))

    def decision(self) -> Block:
        """How to read the report: nothing is put to anyone."""
        return SchemeReport.decision(self)

    @property
    def why(self) -> str:
        """The sentence."""
        served = self.runs[1].served
        hours, by_hour = (
            float(total(served[name] * served["uplift_eligible"], self.scope["college"]))
            for name in ("added_hours", "uplift_rate")
        )
        told = self.writer.internal or len(self.lacking.pay) >= SMALL
        return self.words.withheld(
            self.standing,
            few_incomes(self),
            hours if told else 0.0,
            by_hour,
            self.hour_fee,
            self.lacking.blank,
        )

    def noted(self) -> list[Note]:
        """Nothing to explain."""
        return []

    def more_findings(self) -> list[dict]:
        """None."""
        return []

    def same(self) -> Block:
        """What stands in place of every table and figure."""
        return paragraphs(self.why)

    def own_tables(self) -> Block:
        """None."""
        return Block("")

    methods = load_figure = uplift_table = method_figure = reach_figure = elasticity_table = same
    deciding_text = tilt_figure = quantile_table = money_figure = same
    fairness_figure = fairness_table = explorer = conclusions = same


def few_incomes(report: PayNumbers) -> bool:
    """Is the uplift made of what fewer than five colleges filled in, which a circulated report does not tell?"""
    by_income = report.view["pay.uplift_method"] == "income_share"
    return by_income and report.filled("uplift_income_share", report.row).state == "few"


def opened_report(asked: PerformancePayParameters) -> PerformancePay:
    """Open the report. Raises OnexError with every fault of the step that fails."""
    made = opened(asked)
    report = PerformancePay(**vars(made))
    if report.standing["counted"] >= report.least and not few_incomes(report):
        return report
    return Withheld(**vars(made))
