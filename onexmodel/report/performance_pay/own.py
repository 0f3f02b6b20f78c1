"""What only one college's own report holds: its certificates by name, and its place among colleges of its tier and province."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...rules.numbers import ratio
from ..front.opening import certificate_names
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
    training, assessment, served = (
        np.asarray(result.served[name], float)
        for name in ("training_hours", "assessment_hours", "served")
    )
    mine = report.scope["offering"] & (training + assessment > 0)
    keys, hours = result.compiled.keys["offering"][mine], (training + assessment)[mine]
    yuan = fitted(float(report.row["uplift"]) * ratio(hours, hours.sum()), unit=1.0, decimals=0)
    titles = certificate_names(report.study, report.writer, keys["certificate"])
    names = [*map(words.certificate_name, titles, keys["level"]), words.all]
    columns = (served[mine], training[mine], assessment[mine], hours, yuan)
    numbers = zip(*(np.append(column, np.sum(column)) for column in columns), strict=True)
    rows = [[name, *map(count, row)] for name, row in zip(names, numbers, strict=True)]
    return report.numbered_table(
        "certificates",
        words.certificate_caption,
        list(words.certificate_columns.values()),
        rows,
        note=words.certificate_note,
        total=True,
        columns=("training_hours", "assessment_hours", "uplift"),
    )


def peers(report: PerformancePay) -> Block:
    """The college beside the quartiles of those of its tier and province that are counted and have X hours."""
    words, found = report.words, report.peers
    if not found.rows:
        return paragraphs(words.few_peers(SMALL))
    rows = [
        [words.peer_rows[name], *map(write, found.rows[name])]
        for name, write in PEER_ROWS.items()
        if name in found.rows
    ]
    return report.numbered_table(
        "peers",
        words.peer_caption,
        list(words.peer_columns.values()),
        rows,
        note=words.peer_note(found.colleges),
        columns=("workload_increase", "added_hours", "uplift", "pay_per_added_hour"),
    )
