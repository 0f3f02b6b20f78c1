"""performance_pay: the rise of the pay total and its tilt to those who carry the work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ...analysis.pay import draws as pd
from ...analysis.pay import teachers as tt
from ..annex.notes import Note
from ..front.opening import opened
from ..make.gate import PerformancePayParameters
from ..page.blocks import Block, bullets, paragraphs
from ..page.charts import swing_block
from . import figures, front, tables
from .numbers import NOTHING, PayNumbers

FEWEST = 3  # counted colleges of a place of at least five: with two, each could work out the other
SCATTER = 20  # colleges under which no scatter is drawn
BINS = 3  # steps of the histogram under which no distribution is drawn


@dataclass(frozen=True)
class PerformancePay(PayNumbers):
    """One performance_pay report: its blocks in the order of the notebook."""

    def front(self) -> Block:
        """Summary page."""
        return front.summary(self)

    def noted(self) -> list[Note]:
        """Trees of the key figures."""
        return front.noted(self)

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
        ]

    def load_figure(self) -> Block:
        """图1: distribution of workload over the colleges that are counted."""
        words, load = self.words, self.load
        if len(load.before) < self.least:
            return paragraphs(words.few_loaded)
        edges = figures.shown_bins(load.before, load.after, self.least)
        if len(edges) <= BINS:
            return paragraphs(words.load_medians(load.over, *load.medians))
        review = float(self.view["workload.review_hours"])
        return self._figure(
            1,
            words.load_finding(load.over),
            lambda: figures.load_histogram(words, load, edges, review),
            words.load_note(len(load.before), review),
        )

    def uplift_table(self) -> Block:
        """表1: the calculation by tier."""
        return tables.uplift(self)

    def method_figure(self) -> Block:
        """图2: the methods side by side."""
        words, row, table = self.words, self.row, self.table
        known = table["filled_income"].to_numpy() >= self.least
        income = np.where(known, table["uplift_income_share"].to_numpy(float), np.nan)
        bars = {name: table[f"uplift_{name}"].to_numpy(float) for name in ("elasticity", "rate")}
        bars |= {"income_share": income} if known[-1] else {}
        some = row["uplift_elasticity"] > NOTHING
        return self._figure(
            2,
            words.method_finding(row["uplift_rate"] / row["uplift_elasticity"] if some else None),
            lambda: figures.method_bars(
                words, bars, [words.group(name) for name in table["group"]]
            ),
            words.method_note(bool(known[-1])),
        )

    def hourly_figure(self) -> Block:
        """图3: pay per hour against growth."""
        words, served = self.words, self.runs[1].served
        ok = (
            self.study.scope(self.runs[1].compiled)["college"]
            & np.isfinite(served["pay_per_added_hour"])
            & (served["uplift"] > 0)
        )
        hourly = served["pay_per_added_hour"][ok]
        growth = served["workload_increase"][ok]

        def draw() -> str:
            return figures.uplift_scatter(words, growth, hourly, self.hour_fee)

        if ok.sum() < SCATTER or not draw():
            return paragraphs(words.few_for_scatter(SCATTER))
        needed = float(np.nanmedian(served["required_elasticity"][ok]))
        finding = words.hourly_finding((hourly < self.hour_fees[ok]).mean(), needed)
        return self._figure(3, finding, draw, words.hourly_note)

    def elasticity_table(self) -> Block:
        """表2: the uplift at a low, central and high elasticity."""
        return tables.elasticities(self)

    def deciding_figure(self) -> Block:
        """图4: what the uplift hangs on, and in the note what the gain of X teachers hangs on."""
        frame, what = pd.deciding(self.side), self.words.total_uplift
        swing = (frame["gain_p90"] - frame["gain_p10"]).abs()
        note = ""
        if len(frame) and swing.max() >= NOTHING:
            top = frame.loc[swing.idxmax()]
            note = self.writer.say("", " ") + self.words.deciding_note(
                top[self.writer.lang], top, float(self.chosen["gain_busy"])
            )
        return swing_block(
            self.writer,
            self.label("figure", 4),
            frame,
            float(self.row["uplift"]),
            what,
            self.source,
            note,
        )

    def tilt_figure(self) -> Block:
        """图5: gains at four tilts."""
        words, table = self.words, self.tilts[self.tilts["tilt"].isin(tables.TILTS)]
        full = table.iloc[-1]
        if not full["busy"]:
            return paragraphs(words.nobody_busy)
        return self._figure(
            5, words.tilt_finding(full), lambda: figures.tilt_bars(words, table), words.tilt_note
        )

    def quantile_table(self) -> Block:
        """表3: before and after by role."""
        return tables.quantiles(self)

    def money_figure(self) -> Block:
        """图6: sources of the uplift money."""
        words, parts = self.words, self.money
        if not parts:
            return paragraphs(words.no_money)
        return self._figure(
            6,
            words.money_finding(parts["funding_gap"]),
            lambda: figures.money_bar(words, parts),
            words.money_note(self.view["funding.award_pays_salary"] != "no"),
        )

    def fairness_figure(self) -> Block:
        """图7: Gini, tilted pay per hour and reservation rate against tilt."""
        words, rate = self.words, float(self.view["pay.reservation_rate"])
        reached = tt.break_even(self.runs[1], self.people, rate)
        if not np.isfinite(reached):
            return paragraphs(words.no_hourly)
        return self._figure(
            7,
            words.fairness_finding(reached, float(self.tilts.iloc[-1]["hourly"]), rate),
            lambda: figures.tilt_lines(words, self.tilts, self.tilt, rate, reached),
            words.fairness_note(rate, self.tilt),
        )

    def fairness_table(self) -> Block:
        """表4: fairness before and after at several tilts."""
        return tables.fairness(self)

    def conclusions(self) -> Block:
        """八: conclusions."""
        words, row = self.words, self.row
        changed = self.study.composition.changes_anything
        return bullets(
            [
                *([words.uplift_moved(self.before, row)] if changed else []),
                words.uplift_concluded(row, self.ranges, self.hour_fee),
                words.tilt_concluded(self.chosen),
                words.advice,
            ]
        )

    def _figure(self, number: int, finding: str, draw: Callable[[], str], note: str) -> Block:
        return self.writer.figure(
            self.label("figure", number), finding, draw, source=self.source, note=note
        )


@dataclass(frozen=True)
class Withheld(PerformancePay):
    """The report where there is nothing to calculate, or where what there is would be a single college's: one sentence in every place."""

    def headlines(self) -> dict[str, float]:
        """Counts only."""
        return {name: float(some) for name, some in self.standing.items()}

    def front(self) -> Block:
        """Summary page: why there is none."""
        words, standing = self.words, self.standing
        box = front.boxed(self, words.withheld_title(standing), words.withheld(standing))
        return box

    def noted(self) -> list[Note]:
        """Nothing to explain."""
        return []

    def more_findings(self) -> list[dict]:
        """None."""
        return []

    def same(self) -> Block:
        """What stands in place of every table and figure."""
        return paragraphs(self.words.withheld(self.standing))

    load_figure = uplift_table = method_figure = hourly_figure = elasticity_table = same
    deciding_figure = tilt_figure = quantile_table = money_figure = same
    fairness_figure = fairness_table = conclusions = same


def opened_report(asked: PerformancePayParameters) -> PerformancePay:
    """Open the report. Raises OnexError with every fault of the step that fails."""
    made = opened(asked)
    report = PerformancePay(made.study, made.writer, made.parameters, made.drawn)
    told = report.standing["counted"] >= (1 if made.writer.internal else FEWEST)
    return report if told else Withheld(made.study, made.writer, made.parameters, made.drawn)
