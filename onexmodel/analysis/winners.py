"""Who is better and who is worse off under a scheme: colleges in cash and in service, by tier, province and size, with why."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..engine.result import YearResult
from ..rules.funding import USES
from .study import Study

CASH, SERVICE = 0.005, 1e-9  # yuan and candidates below which nothing changed
LARGEST = 10
WHY = ("fee", "volume", "own_cash", "training", "teacher_training", "performance_pay")


def college_changes(study: Study, before: YearResult, after: YearResult) -> pd.DataFrame:
    """A row a college of the place: outlay before and after, cash = outlay saved (yuan, + better), candidates served before and after,
    funding gap change, and the parts of the cash change: fee standard, volume of sittings paid, own cash items, training, teacher
    training, pay (they add to it; fees at the baseline's volume first, then volume at the scheme's fees)."""
    keys, sums = before.compiled.keys["college"], before.compiled.space.maps["offering", "college"].sum
    fees = [np.nan_to_num(np.broadcast_to(result.plan["approved_fee"], len(result.compiled.keys["cell"])))[result.compiled.space.maps["offering", "cell"].index] for result in (before, after)]
    bill = [sums(result.served["fee_bill"]) for result in (before, after)]
    fee = sums((fees[1] - fees[0]) * before.served["payable_sittings"])
    need = {use: after.served["needs"][i] - before.served["needs"][i] for i, use in enumerate(USES)}
    parts = {"fee": -fee, "volume": -(bill[1] - bill[0] - fee), "own_cash": -(need["assessment"] - (bill[1] - bill[0])),
             **{use: -need[use] for use in USES[1:]}}
    outlay = [result.served["needs"].sum(-2) for result in (before, after)]
    served = [sums(result.served["served"]) for result in (before, after)]
    made = keys.assign(students=before.compiled.leaves["students"], outlay_before=outlay[0], outlay_after=outlay[1], cash=outlay[0] - outlay[1],
                       served_before=served[0], served_after=served[1], service=served[1] - served[0],
                       gap_change=after.served["funding_gap"] - before.served["funding_gap"], **{f"why_{name}": values for name, values in parts.items()})
    made["cash_side"] = np.where(made["cash"] > CASH, "better", np.where(made["cash"] < -CASH, "worse", "same"))
    made["service_side"] = np.where(made["service"] > SERVICE, "better", np.where(made["service"] < -SERVICE, "worse", "same"))
    made["decile"] = _deciles(made["students"].to_numpy())
    planned = sums(before.compiled.leaves["planned_candidates"]) > 0
    return made[study.scope()["college"] & planned].reset_index(drop=True)


def _deciles(students: np.ndarray) -> np.ndarray:
    """1 (smallest tenth) … 10, by students; ties in the table's order."""
    rank = np.argsort(np.argsort(students, kind="stable"), kind="stable")
    return 1 + rank * 10 // max(1, len(students))


def by_group(changes: pd.DataFrame, column: str) -> pd.DataFrame:
    """group → colleges; shares better and worse off in cash and in service; yuan saved and candidates gained; the last row is all."""
    rows = []
    for group, some in [*changes.groupby(column, sort=True), ("all", changes)]:
        rows.append({"group": group, "colleges": len(some), **{f"{side}_{what}": float((some[f"{what}_side"] == side).mean()) for what in ("cash", "service") for side in ("better", "worse")},
                     "cash": float(some["cash"].sum()), "service": float(some["service"].sum()), "gap_change": float(some["gap_change"].sum())})
    return pd.DataFrame(rows)


def largest(changes: pd.DataFrame, count: int = LARGEST) -> pd.DataFrame:
    """The `count` colleges that gain most and lose most cash, each with the part that explains most of it."""
    order = changes.sort_values("cash", kind="stable")
    made = pd.concat([order[order["cash"] < -CASH].head(count), order[order["cash"] > CASH].tail(count)])
    parts = made[[f"why_{name}" for name in WHY]].to_numpy()
    main = np.abs(parts * (np.sign(parts) == np.sign(made["cash"].to_numpy())[:, None])).argmax(1) if len(made) else np.array([], int)
    return made.assign(why=[WHY[i] for i in main], why_yuan=parts[np.arange(len(made)), main])
