"""Tables of one college's own report: its certificates by name, and its place among its peers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..front.opening import certificate_names
from ..money import Table
from ..page.numbers import count, number, percent
from ..page.words import LEVELS
from .parts import PLAN, plan_of, unknown

if TYPE_CHECKING:
    from .report import BudgetAndSettlement


def certificates(report: BudgetAndSettlement) -> Table:
    """A college's own plan by certificate and level."""
    words, result = report.words, report.runs[1]
    scope = report.scope["offering"]
    names = [name for name in PLAN if name in words.certificate_columns]
    values = {"candidates": result.compiled.leaves["planned_candidates"], **result.served}
    frame = pd.DataFrame(
        {name: np.broadcast_to(values[name], len(scope))[scope] for name in names},
    ).astype(float)
    keys = result.compiled.keys["offering"][scope]
    frame.index = [certificate_of(report, key.certificate, key.level) for key in keys.itertuples()]
    frame = frame.groupby(level=0, sort=False).sum()
    frame = frame[frame["candidates"] > 0].sort_values("fee_bill", ascending=False, kind="stable")
    frame.loc["all"] = frame.sum()
    shown = plan_of(frame, report.writer.money).rename(index={"all": words.total})
    shown[[name for name in unknown(report) if name in shown]] = words.not_filled
    rows = [[name, *row] for name, *row in shown.itertuples()]
    header = [words.certificate_columns[name] for name in ("certificate", *names)]
    return header, rows if len(rows) > 2 else rows[:1]


def certificate_of(report: BudgetAndSettlement, certificate: str, level: str) -> str:
    """A certificate's name and level."""
    (name,) = certificate_names(report.study, report.writer, [certificate])
    return f"{name} {report.writer.word(LEVELS, level)}"


def by_month(report: BudgetAndSettlement) -> Table:
    """A college's fees of the year month by month, what they come to since January, and the money for them, released in twelfths."""
    words, fees, money = report.words, report.fees, report.writer.money
    assert fees is not None  # asked for only where there is one
    so_far, released = (
        money.inside(sums).round(money.decimals) for sums in (fees.due, fees.evenly)
    )  # what is printed adds: a month is the difference of two printed sums
    each = so_far.diff().fillna(so_far)
    rows = [
        [words.month(fees.year, month), *(number(one, money.decimals) for one in numbers)]
        for month, *numbers in zip(
            so_far.index, each, so_far, released, released - so_far, strict=True
        )
    ]
    return [*words.by_month_columns.values()], rows


def peers(report: BudgetAndSettlement) -> Table:
    """The college beside the quartiles of its peers (analysis.budget.peers)."""
    words = report.words
    rows = [
        [words.peers_rows[name], *map(count if name == "each" else percent, row)]
        for name, row in report.peers.rows.items()
    ]
    return words.peers_columns, rows
