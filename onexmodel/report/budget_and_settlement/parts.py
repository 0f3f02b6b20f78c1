"""What the modules of tables share: the plan's columns, which of them are known, and as they are printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ..money import sums_of
from ..page.numbers import NumberFormat, number
from ..page.rounding import add_up

if TYPE_CHECKING:
    from .report import BudgetAndSettlement

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


def unknown(report: BudgetAndSettlement) -> tuple[str, ...]:
    """Columns of PLAN that nobody filled in what they rest on."""
    lacking = report.lacking
    return ("uplift",) * lacking.no_pay + OF_COSTS * lacking.no_costs


def plan_of(frame: pd.DataFrame, money: NumberFormat) -> pd.DataFrame:
    """Columns of PLAN, the last row `all` the total, as texts: money in its unit of print, all else whole, both adding there."""
    sums = [name for name in frame if PLAN[name]]
    counts = add_up(frame.drop(columns=sums), {"all": frame.index[:-1].tolist()}, decimals=0)
    made = counts.map(number).join(
        sums_of(frame[sums], money).map(lambda one: number(one, money.decimals))
    )
    return made[list(frame)]
