"""Tables of performance_pay: header and row names from words, cells from numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...analysis.disclosure import tellable_with_sum
from ...analysis.draws.sample import interval
from ...analysis.pay import options as po
from ...analysis.pay import study as ps
from ...analysis.pay import teachers as tt
from ..front.draws import Led, baseline_drawn, off_centre
from ..page.blocks import Block, paragraphs
from ..page.numbers import NumberFormat, count, gini, percent, points
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
PAY: dict[str, NumberFormat | None] = {
    "pool": None,
    "uplift_elasticity": None,
    "uplift_rate": None,
    "uplift_income_share": None,
    "limit": None,
    "uplift": None,
    "granted": None,
    "to_ask": None,
    "per_hour": count,
    "limited": count,
}  # None: a sum of money
ONE_COLLEGE = ("colleges", "limited")  # rows that count colleges: nothing in the report of one
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
    """The calculation by tier, those without an uplift before the total; one tier alone is the total."""
    words, writer, study = report.words, report.writer, report.study
    outside = ps.outside_tiers(study, report.runs[1])
    others = [report.outside_row(tier) for tier in outside]
    table = report.table if len(report.table) > 2 or outside else report.table.iloc[-1:]

    def own(name, write, row):
        if name == "limited":
            return limited[row["group"]]
        return words.filled(report.filled(name, row), SMALL) if name in FILLED else write(row[name])

    limited = _limited(report, table)

    def other(name, write, row):
        if name not in WORK:
            return words.not_applicable
        text = write(row[name])
        return text if name == "colleges" else writer.shown(text, row["colleges"])

    left_out = {*ONE_COLLEGE} if writer.alone else set()
    if not writer.may_tell(report.standing["counted"], report.eligible):
        left_out.add("colleges")
    if not report.row["filled_income"]:
        left_out.add("uplift_income_share")
    rows = []
    for name, write in (WORK | PAY).items():
        if name in left_out:
            continue
        write = write or writer.money
        *tiers, total = (own(name, write, row) for _, row in table.iterrows())
        rows.append(
            [words.uplift_rows[name], *tiers, *(other(name, write, row) for row in others), total]
        )
    *tiers, total = table["group"]
    changed = study.composition.changes_anything
    led = [
        Led(name, report.row[code], report.draws[code], writer.money, writer.money_unit)
        for code, name in words.led.items()
    ]
    notes = [
        words.uplift_note(
            report.standing,
            any("+" in tier for tier in tiers),
            float(report.view["workload.practical_capacity"]),
        ),
        *(baseline_drawn(writer, study, "uplift") if changed else []),
        *off_centre(writer, led),
    ]
    return report.numbered_table(
        "uplift",
        words.uplift_caption,
        [words.uplift_item, *map(words.group, [*tiers, *outside, total])],
        rows,
        note=report.shared.sentences(notes),
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


def _limited(report: PerformancePay, table) -> dict[str, str]:
    """group → how many of its colleges are at the limit, as far as it may be told."""
    writer, (some, every) = (
        report.writer,
        (table[one].to_numpy(int) for one in ("limited", "colleges")),
    )
    told = tellable_with_sum(some, every)
    return {
        group: writer.if_told(count(here), one)
        for group, here, one in zip(table["group"], some, told, strict=True)
    }


def elasticities(report: PerformancePay) -> Block:
    """The sum to ask for at each elasticity that a survey may find."""
    words, writer = report.words, report.writer
    under = {
        one.value: report.under(po.at_elasticity(report.study, report.runs[1], one.value))
        for one in report.looked_up
        if one.value is not None
    }
    known = any(np.isfinite(value) for value in under.values())
    columns = [name for name in words.elasticity_columns if name != "under" or known]
    here = report.taken

    def cell(one, name):
        if name == "elasticity":
            return words.elasticity_row(one)
        if name == "under":
            return points(under.get(one.value, float("nan")))
        return {"uplift": writer.money, "of_pool": percent}.get(name, count)(one.point[name])

    return report.numbered_table(
        "elasticity",
        words.elasticity_caption,
        [words.elasticity_columns[name] for name in columns],
        [[cell(one, name) for name in columns] for one in report.looked_up],
        note=words.elasticity_note(
            interval(here.drawn["uplift"]),
            here.point["uplift"],
            interval(here.drawn["gain_busy"]),
            here.point["gain_busy"],
        ),
        columns=("uplift_elasticity", "uplift", "pay_per_added_hour"),
    )


def quantiles(report: PerformancePay) -> Block:
    """Pay before and after by role, yuan a year."""
    words, people = report.words, report.people
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
    written = {"role": words.roles.get}
    rows = [
        [written.get(name, count)(row[name]) for name in columns]
        for row in tt.pay_quantiles(before, after, people, roles).to_dict("records")
    ]
    listed = [people.given, ~people.given]
    told = not any(0 < len({*people.college[one]}) < report.least for one in listed)
    return report.numbered_table(
        "quantiles",
        words.quantile_caption,
        list(columns.values()),
        rows,
        total=True,
        note=words.quantile_note(
            *(int(one.sum()) for one in listed), told, len(report.in_part), report.eligible
        ),
        columns=("teacher_pay_fen", "pay.tilt", "pay.tilt_scope"),
    )


def fairness(report: PerformancePay) -> Block:
    """Fairness before the uplift and at several tilts."""
    words, table = report.words, report.tilts[report.tilts["tilt"].isin({*TILTS, report.tilt})]
    first = table.iloc[0]
    rows, still = [], []
    for name, write in FAIRNESS.items():
        was = write(first[BEFORE[name]]) if name in BEFORE else "—"
        cells = [write(value) for value in table[name]]
        if len({*cells, *([was] if name in BEFORE else [])}) == 1:
            still.append(f"{words.fairness_rows[name]} {cells[0]}")
        else:
            rows.append([words.fairness_rows[name], was, *cells])
    hours, added = float(report.people.hours.sum()), float(report.row["added"])
    return report.numbered_table(
        "fairness",
        words.fairness_caption,
        [words.measure, words.before_uplift, *map(words.at_tilt, table["tilt"])],
        rows,
        note=report.shared.sentences(
            [
                *([words.still(still)] if still else []),
                words.fairness_table_note(
                    first,
                    hours if abs(hours - added) > HOURS_APART * added else None,
                    added,
                    len(report.hours_apart) < report.least,
                ),
            ]
        ),
        columns=("teacher_pay_fen", "pay.tilt"),
    )
