"""What the modules of tables share: the plan's columns, what a table is, its header, its sums as they are printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from ..page.numbers import NumberFormat, number
from ..page.rounding import add_up

PLAN = {
    "candidates": False,
    "sittings": False,
    "awarded": False,
    "fee_bill": True,
    "college_cash_cost": True,
    "training_cash_cost": True,
    "hours": False,
    "uplift": True,
}  # column → is it money?
OF_COSTS = ("college_cash_cost", "training_cash_cost")  # of PLAN: known only with cost lines
Table = tuple[list[str], Sequence[Sequence[object]]]  # header, rows


def header_of(words: Mapping[str, str], *names: str) -> list[str]:
    """The columns' names, in their order."""
    return [words[name] for name in names]


def sums_of(
    frame: pd.DataFrame, money: NumberFormat, across: Any = None, **more: Any
) -> pd.DataFrame:
    """A frame of yuan whose last row, `all`, is the total, in the unit of print and adding there (page.rounding.add_up)."""
    parts = {"all": frame.index[:-1].tolist()}
    return add_up(money.inside(frame), parts, across, decimals=money.decimals, **more)


def plan_of(frame: pd.DataFrame, money: NumberFormat) -> pd.DataFrame:
    """Columns of PLAN, the last row `all` the total, as texts: money in its unit of print, all else whole, both adding there."""
    sums = [name for name in frame if PLAN[name]]
    counts = add_up(frame.drop(columns=sums), {"all": frame.index[:-1].tolist()}, decimals=0)
    made = counts.map(number).join(
        sums_of(frame[sums], money).map(lambda one: number(one, money.decimals))
    )
    return made[list(frame)]
