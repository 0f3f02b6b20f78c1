"""performance_pay: the rise of the pay total and its tilt to those who carry the work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ...analysis.pay import draws as pd
from ...analysis.pay import options as po
from ...analysis.pay import teachers as tt
from ...analysis.peers import Peers
from ..annex.local_changes import where_said
from ..annex.notes import Note
from ..annex.values import value_text
from ..common import SchemeReport
from ..front.draws import few_draws
from ..front.opening import opened
from ..make.gate import PerformancePayParameters
from ..page.blocks import Block, bullets, paragraphs
from ..page.charts import SMALLEST
from ..page.numbers import NO_RANGE
from ..page.writer import SMALL
from . import asking, figures, front, own, tables
from .asking import NOTHING
from .numbers import PayNumbers

ENOUGH = 20  # colleges under which no distribution over the elasticity is drawn
BINS = 3  # steps of the histogram under which no distribution is drawn
DECISIVE = 3  # assumptions named in the sentence on what the uplift depends on


@dataclass(frozen=True)
class PerformancePay(PayNumbers):
    """One performance_pay report: its blocks in the order of the notebook."""

    @cached_property
    def numbered(self) -> dict[tuple[str, str], int]:
        """(figure or table, what it shows) → its number: those that this report has, in their order."""
        alone = self.writer.alone
        few = self.standing["counted"] < self.least
        there = {
            "figure": {
                "load": self.load_edges is not None,
                "methods": True,
                "reach": self.reaching is not None,
                "tilt": bool(self.chosen["busy"]),
                "money": sum(value > 0 for value in self.money.values()) > 1,
                "fairness": np.isfinite(self.tilt_reached),
            },
            "table": {
                "certificates": alone,
                "peers": alone and bool(self.peers.rows),
                "uplift": True,
                "elasticity": True,
                "quantiles": not few,
                "fairness": True,
            },
        }
        return {
            (kind, name): number
            for kind, shown in there.items()
            for number, name in enumerate((one for one, yes in shown.items() if yes), start=1)
        }

    def called(self, kind: str, name: str) -> str:
        """The label of a figure or table of this report."""
        return self.label(kind, self.numbered[kind, name])

    @cached_property
    def peers(self) -> Peers:
        """The college beside its peers; for a report of one college."""
        return own.pay_peers(self)

    @cached_property
    def load_edges(self) -> np.ndarray | None:
        """Steps of the distribution of workload; None where it is not drawn."""
        load = self.load
        if self.writer.alone or len(load.before) < self.least or not len(load.before):
            return None
        edges = figures.shown_bins(load.before, load.after, self.least)
        return edges if len(edges) > BINS else None

    @cached_property
    def reaching(self) -> tuple[np.ndarray, np.ndarray] | None:
        """Elasticities and the share of colleges under the class-hour fee; None where the colleges are too few to draw them."""
        colleges = int(po.at_work(self.study, self.runs[1]).sum())
        return asking.reaching(self) if colleges >= ENOUGH and not self.writer.alone else None

    @cached_property
    def tilt_reached(self) -> float:
        """The tilt at which the tilted part pays the least that a teacher takes; missing without uplift or hours."""
        rate = float(self.view["pay.reservation_rate"])
        return tt.break_even(self.runs[1], self.people, rate)

    def front(self) -> Block:
        """Summary page."""
        return front.summary(self)

    def decision(self) -> Block:
        """Options side by side, requests, actions, and how to read the report."""
        return front.decided(self)

    def noted(self) -> list[Note]:
        """Trees of the key figures."""
        return front.noted(self)

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
                words.by_elasticity(front.elasticity_said(self), not self.apart),
                words.by_rate(self.hour_fee, float(view["pay.on_cost"])),
                *(income if self.row["filled_income"] else []),
                words.in_common(
                    basis,
                    view["pay.uplift_method"],
                    self.filled("granted", self.row),
                    self.filled("to_ask", self.row),
                    SMALL,
                ),
                *([] if self.writer.alone else [words.counted(self.standing)]),
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
        return [
            {
                "table": "workload",
                "key": f"{row.college}/{self.study.year}",
                "rule": "teachers_listed_in_part"
                if row.listed < row.teachers
                else "more_listed_than_teachers",
                "severity": "warning",
                "sentence": self.words.listed_finding(row, self.writer.internal),
            }
            for row in self.coverage.itertuples()
        ] + [
            {
                "table": "workload",
                "key": f"{row.college}/{self.study.year}",
                "rule": "hours_listed_apart",
                "severity": "warning",
                "sentence": self.words.apart_finding(row, self.writer.internal),
            }
            for row in self.hours_apart.itertuples()
        ]

    def load_figure(self) -> Block:
        """Distribution of workload over the colleges that are counted."""
        words, load, edges = self.words, self.load, self.load_edges
        if len(load.before) < self.least or not len(load.before):
            return paragraphs(words.few_loaded)
        if edges is None:
            return paragraphs(words.load_means(load.over, *load.means, load.norm))
        review = float(self.view["workload.review_hours"])
        return self._figure(
            "load",
            words.load_title(*load.means, load.norm),
            lambda: figures.load_lines(words, load, edges, review),
            words.load_note(load.over, len(load.before), review),
        )

    def own_tables(self) -> Block:
        """Of one college's own report: its certificates and its place among its peers; nothing in any other."""
        return own.certificates(self) + own.peers(self) if self.writer.alone else Block("")

    def uplift_table(self) -> Block:
        """The calculation by tier."""
        return tables.uplift(self)

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
        return self._figure(
            "methods",
            words.method_finding(row["uplift_rate"], row["uplift_elasticity"]),
            lambda: figures.method_dots(words, sums, writer.money.inside),
            words.method_note(told, any(np.isfinite(one.reach[0]) for one in sums)),
        )

    def reach_figure(self) -> Block:
        """How many colleges pay an X hour less than the class-hour fee, by elasticity."""
        words, curve, turn = self.words, self.reaching, self.turning
        if self.writer.alone:
            return Block("")
        if curve is None:
            return paragraphs(words.few_for_reach(ENOUGH))
        value = float(self.view["pay.elasticity"])
        here = value, self.under(po.at_elasticity(self.study, self.runs[1], value))
        return self._figure(
            "reach",
            words.reach_finding(turn, self.hour_fee),
            lambda: figures.reach_curve(words, curve, turn, here),
            words.reach_note,
        )

    def elasticity_table(self) -> Block:
        """The sum to ask for at each elasticity."""
        return tables.elasticities(self)

    def deciding_text(self) -> Block:
        """What the uplift depends on, and what the gain of X teachers depends on most, in a sentence each."""
        frame = pd.deciding(self.side)
        swing = (frame["p90"] - frame["p10"]).abs()
        floor = max(NOTHING, SMALLEST * swing.max()) if len(frame) else NOTHING
        gains = (frame["gain_p90"] - frame["gain_p10"]).abs()
        moved = len(frame) > 0 and gains.max() >= NOTHING
        return paragraphs(
            self.words.decided(
                list(frame[swing > floor].head(DECISIVE).itertuples()),
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
        return self._figure(
            "tilt",
            words.tilt_finding(full),
            lambda: figures.tilt_bars(words, table),
            words.tilt_note,
        )

    def quantile_table(self) -> Block:
        """Before and after by role."""
        return tables.quantiles(self)

    def money_figure(self) -> Block:
        """Sources of the uplift money."""
        words, parts = self.words, {name: part for name, part in self.money.items() if part}
        if not parts:
            return paragraphs(words.no_money)
        if len(parts) == 1:
            return paragraphs(words.one_source(next(iter(parts))))
        return self._figure(
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
        panels = ["hourly"] if self.writer.alone else list(words.fairness_panels)
        return self._figure(
            "fairness",
            words.fairness_finding(reached, float(self.tilts.iloc[-1]["hourly"]), rate),
            lambda: figures.tilt_lines(words, self.tilts, self.tilt, rate, reached, panels),
            words.fairness_note(self.tilt),
        )

    def fairness_table(self) -> Block:
        """Fairness before and after at several tilts."""
        return tables.fairness(self)

    def conclusions(self) -> Block:
        """八: conclusions, beside what the first page says."""
        words, row = self.words, self.row
        changed = self.study.composition.changes_anything
        return bullets(
            [
                *([words.uplift_moved(self.before, row)] if changed else []),
                words.uplift_concluded(row, {"per_hour": self.reach("per_hour")}, self.hour_fee),
                front.unverified(self) if self.unverified else words.tilt_concluded(self.chosen),
                words.closing,
            ]
        )

    def _figure(self, name: str, finding: str, draw: Callable[[], str], note: str) -> Block:
        return self.writer.figure(self.called("figure", name), finding, draw, note=note)


@dataclass(frozen=True)
class Withheld(PerformancePay):
    """The report where there is nothing to calculate, or where what there is would be few colleges': one sentence in every place."""

    def headlines(self) -> dict[str, float]:
        """Counts only."""
        return {name: float(some) for name, some in self.standing.items()}

    def front(self) -> Block:
        """Summary page: why there is none."""
        words, standing = self.words, self.standing
        return front.boxed(self, words.withheld_title(standing), self.why)

    def decision(self) -> Block:
        """How to read the report: nothing is put to anyone."""
        return SchemeReport.decision(self)

    @property
    def why(self) -> str:
        """The sentence."""
        return self.words.withheld(self.standing, few_incomes(self))

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
    fairness_figure = fairness_table = conclusions = same


def few_incomes(report: PayNumbers) -> bool:
    """Is the uplift made of what fewer than five colleges filled in, which a circulated report does not tell?"""
    by_income = report.view["pay.uplift_method"] == "income_share"
    return by_income and report.filled("uplift_income_share", report.row).state == "few"


def opened_report(asked: PerformancePayParameters) -> PerformancePay:
    """Open the report. Raises OnexError with every fault of the step that fails."""
    made = opened(asked)
    report = PerformancePay(made.study, made.writer, made.parameters, made.drawn)
    if report.standing["counted"] >= report.least and not few_incomes(report):
        return report
    return Withheld(made.study, made.writer, made.parameters, made.drawn)
