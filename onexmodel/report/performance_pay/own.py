"""What only one college's own report holds: its certificates by name, and its place among colleges of its tier and province."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...rules.numbers import ratio
from ..annex.local_changes import names
from ..page.blocks import Block, paragraphs
from ..page.numbers import NumberFormat, count, percent, tenths
from ..page.rounding import fitted
from ..page.writer import SMALL

if TYPE_CHECKING:
    from .report import PerformancePay

PEER_ROWS: dict[str, NumberFormat] = {
    "growth": percent,
    "per_teacher": tenths,
    "of_pool": NumberFormat(2, times=100.0),
    "per_hour": count,
    "gain": count,
}


def certificates(report: PerformancePay) -> Block:
    """The college's certificates: candidates, hours, and the uplift shared by hours."""
    words, result = report.words, report.runs[1]
    keys, known = result.compiled.keys["offering"], names(report.study, report.writer.lang)
    training, assessment, served = (
        np.asarray(result.served[name], float)
        for name in ("training_hours", "assessment_hours", "served")
    )
    mine = report.study.scope(result.compiled)["offering"] & (training + assessment > 0)
    hours = (training + assessment)[mine]
    yuan = fitted(float(report.row["uplift"]) * ratio(hours, hours.sum()), unit=1.0, decimals=0)
    rows = [
        [
            words.certificate_name(known.get(one.certificate, one.certificate), one.level),
            *map(count, numbers),
        ]
        for one, *numbers in zip(
            keys[mine].itertuples(),
            served[mine],
            training[mine],
            assessment[mine],
            hours,
            yuan,
            strict=True,
        )
    ]
    sums = (
        served[mine].sum(),
        training[mine].sum(),
        assessment[mine].sum(),
        hours.sum(),
        sum(yuan),
    )
    return report.writer.table(
        report.called("table", "certificates"),
        words.certificate_caption,
        list(words.certificate_columns.values()),
        [*rows, [words.all, *map(count, sums)]],
        source=report.source,
        note=words.certificate_note,
        total=True,
        columns=("training_hours", "assessment_hours", "uplift"),
    )


def peers(report: PerformancePay) -> Block:
    """The college beside the quartiles of the others of its tier and province that are counted and have X hours."""
    words, found = report.words, peer_values(report)
    others = len(found["growth"][1])
    if not enough_peers(report):
        return paragraphs(words.few_peers)
    rows = [
        [
            words.peer_rows[name],
            write(found[name][0]),
            *(write(np.quantile(found[name][1], share)) for share in (0.25, 0.5, 0.75)),
        ]
        for name, write in PEER_ROWS.items()
    ]
    return report.writer.table(
        report.called("table", "peers"),
        words.peer_caption,
        list(words.peer_columns.values()),
        rows,
        source=report.source,
        note=words.peer_note(others),
        columns=("workload_increase", "added_hours", "uplift", "pay_per_added_hour"),
    )


def enough_peers(report: PerformancePay) -> bool:
    """Are there five others or more?"""
    return len(peer_values(report)["growth"][1]) >= SMALL


def peer_values(report: PerformancePay) -> dict[str, tuple[float, np.ndarray]]:
    """Measure of PEER_ROWS → (the college's own, those of its peers)."""
    result, leaves = report.runs[1], report.runs[1].compiled.leaves
    served, keys = result.served, result.compiled.keys["college"]
    own = report.study.scope(result.compiled)["college"]
    at = int(np.flatnonzero(own)[0])
    alike = (keys["tier"] == keys["tier"].iloc[at]) & (
        keys["province"] == keys["province"].iloc[at]
    )
    eligible = served["uplift_eligible"] & ~np.isnan(leaves["pay_pool"])
    hours, teachers = served["added_hours"], leaves["teachers"]
    others = alike.to_numpy() & eligible & (hours > 0) & (teachers > 0) & ~own
    uplift = np.asarray(served["uplift"])
    measures = {
        "growth": served["workload_increase"],
        "per_teacher": ratio(hours, teachers),
        "of_pool": ratio(uplift, leaves["pay_pool"]),
        "per_hour": ratio(uplift, hours),
        "gain": ratio(uplift, teachers),
    }
    return {name: (float(values[at]), values[others]) for name, values in measures.items()}
