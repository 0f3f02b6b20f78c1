"""Tables of performance_pay: header and row names from words, cells from numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...analysis.draws.sample import interval
from ...analysis.pay import study as ps
from ...analysis.pay import teachers as tt
from ..annex.values import value_text
from ..page.blocks import Block, paragraphs
from ..page.numbers import count, gini, percent, points, signed, wan
from ..page.writer import SMALL
from .numbers import FILLED

if TYPE_CHECKING:
    from .report import PerformancePay

TILTS = (0.0, 0.3, 0.6, 1.0)
WORK = {
    "colleges": count,
    "teachers": count,
    "norm": count,
    "baseline": count,
    "added": count,
    "growth": percent,
}  # row of the uplift table → how it is written; tiers without an uplift have these too
MONEY = {
    "pool": wan,
    "uplift_elasticity": wan,
    "uplift_rate": wan,
    "uplift_income_share": wan,
    "limit": wan,
    "uplift": wan,
    "granted": wan,
    "to_ask": wan,
    "per_hour": count,
    "limited": count,
}
AT_ELASTICITY = {"uplift": wan, "of_pool": percent, "per_hour": count, "gain_busy": count}
FAIRNESS = {
    "gini_after": gini,
    "top_after": percent,
    "better": points,
    "worse": points,
    "top_gain": points,
    "hourly": count,
    "above_reservation": points,
}
BEFORE = {"gini_after": "gini_before", "top_after": "top_before"}
HOURS_APART = 0.005  # share by which the hours of the teachers may differ from those calculated before it is said


def uplift(report: PerformancePay) -> Block:
    """表1: the calculation by tier, those without an uplift before the total."""
    words, writer, law = report.words, report.writer, report.study.law.parameters
    outside = ps.outside_tiers(report.study, report.runs[1])
    others = [report.outside_row(tier) for tier in outside]

    def own(name, write, row):
        return words.filled(report.filled(name, row), SMALL) if name in FILLED else write(row[name])

    def other(name, write, row):
        if name not in WORK:
            return words.not_applicable
        text = write(row[name])
        return text if name == "colleges" else writer.shown(text, row["colleges"])

    rows = []
    for name, write in (WORK | MONEY).items():
        *tiers, total = (own(name, write, row) for _, row in report.table.iterrows())
        rows.append(
            [words.uplift_rows[name], *tiers, *(other(name, write, row) for row in others), total]
        )
    *tiers, total = report.table["group"]
    return writer.table(
        report.label("table", 1),
        words.uplift_caption,
        [words.uplift_item, *map(words.group, [*tiers, *outside, total])],
        rows,
        source=report.source,
        note=words.uplift_note(
            report.standing,
            any("+" in tier for tier in tiers),
            value_text(report.view["pay.workload_basis"], writer.lang, law["pay.workload_basis"]),
        ),
        columns=(
            "colleges.norm_hours",
            "colleges.baseline_hours",
            "added_hours",
            "workload_increase",
            "pay_pools.pay_pool",
            "uplift_elasticity",
            "uplift_rate",
            "uplift_income_share",
            "uplift_limit_used",
            "uplift",
            "pay_per_added_hour",
        ),
    )


def elasticities(report: PerformancePay) -> Block:
    """表2: low, as taken, high elasticity side by side, each with its interval over the beliefs."""
    words, parts, span = report.words, report.by_elasticity, report.writer.span
    rows = [
        [
            words.elasticity_rows[name],
            *(
                write(one.point[name]) + span(interval(one.drawn[name]), write, one.point[name])
                for one in parts
            ),
        ]
        for name, write in AT_ELASTICITY.items()
    ]
    header = [
        words.elasticities[one.role] + ("" if one.value is None else f" {one.value:.2f}")
        for one in parts
    ]
    return report.writer.table(
        report.label("table", 2),
        words.elasticity_caption,
        [words.measure, *header],
        rows,
        source=report.source,
        note=words.elasticity_note,
        columns=("uplift_elasticity", "uplift", "pay_per_added_hour"),
    )


def quantiles(report: PerformancePay) -> Block:
    """表3: pay before and after by role, yuan a year."""
    words, writer, people = report.words, report.writer, report.people
    if report.standing["counted"] < report.least:  # with few a quantile is one college's mean
        return paragraphs(words.few_for_quantiles)
    before, after = (
        tt.pay_of(report.study, report.runs[1], people, tilt) for tilt in (None, report.tilt)
    )
    busy = people.hours > 0
    roles = [("busy", busy), ("others", ~busy), ("all", np.ones(len(busy), bool))]
    if any(0 < mask.sum() < report.least for _, mask in roles):
        roles = roles[-1:]  # with one role hidden the other would tell it
    columns = words.quantile_columns
    written = {"role": words.roles.get, "gain": lambda value: signed(count(value))}
    rows = [
        [written.get(name, count)(row[name]) for name in columns]
        for row in tt.pay_quantiles(before, after, people, roles).to_dict("records")
    ]
    given = int(people.given.sum())
    return writer.table(
        report.label("table", 3),
        words.quantile_caption,
        list(columns.values()),
        rows,
        source=report.source,
        total=True,
        note=words.quantile_note(given, len(people.given) - given, len(report.in_part)),
        columns=("teacher_pay_fen", "pay.tilt", "pay.tilt_scope"),
    )


def fairness(report: PerformancePay) -> Block:
    """表4: fairness before the uplift and at several tilts."""
    words, table = report.words, report.tilts[report.tilts["tilt"].isin({*TILTS, report.tilt})]
    first = table.iloc[0]
    rows = [
        [
            words.fairness_rows[name],
            write(first[BEFORE[name]]) if name in BEFORE else "—",
            *map(write, table[name]),
        ]
        for name, write in FAIRNESS.items()
    ]
    hours, added = float(report.people.hours.sum()), float(report.row["added"])
    return report.writer.table(
        report.label("table", 4),
        words.fairness_caption,
        [words.measure, words.before_uplift, *map(words.at_tilt, table["tilt"])],
        rows,
        source=report.source,
        note=words.fairness_table_note(
            first, hours if abs(hours - added) > HOURS_APART * added else None, added
        ),
        columns=("teacher_pay_fen", "pay.tilt"),
    )
