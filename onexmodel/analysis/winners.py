"""Who is better and who is worse off under a scheme: colleges in cash and in service, by tier, province and size, with why."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from ..engine.result import YearResult
from ..rules.funding import USES
from ..rules.numbers import ratio
from .disclosure import adjacent
from .peers import Peers, beside_peers
from .statistics.precision import HALF_FEN
from .study import Study

SERVICE = 1e-9  # candidates below which nothing changed
NOTHING = {"cash": HALF_FEN, "service": SERVICE}
LARGEST = 10
WHY = ("fee", "volume", "own_cash", "training", "teacher_training", "performance_pay")


def college_changes(study: Study, before: YearResult, after: YearResult) -> pd.DataFrame:
    """A row a college of the place that plans something: outlay before and after, cash = outlay saved (yuan, + better), candidates
    served before and after, funding gap change, and the parts of the cash change: fee standard, volume of sittings paid, own cash
    items, training, teacher training, pay (they add to it; fees at the baseline's volume first, then volume at the scheme's fees);
    the organisation that explains most of the change in service (`organisation_changes`); decile: 1 (smallest tenth of these
    colleges) … 10, by students, ties in the table's order."""
    keys, sums = (
        before.compiled.keys["college"],
        before.compiled.space.maps["offering", "college"].sum,
    )
    fees = [_offering_fees(result) for result in (before, after)]
    bill = [sums(result.served["fee_bill"]) for result in (before, after)]
    fee = sums((fees[1] - fees[0]) * before.served["payable_sittings"])
    need = {use: after.served["needs"][i] - before.served["needs"][i] for i, use in enumerate(USES)}
    parts = {
        "fee": -fee,
        "volume": -(bill[1] - bill[0] - fee),
        "own_cash": -(need["assessment"] - (bill[1] - bill[0])),
        **{use: -need[use] for use in USES[1:]},
    }
    outlay = [result.served["needs"].sum(-2) for result in (before, after)]
    served = [sums(result.served["served"]) for result in (before, after)]
    made = keys.assign(
        students=before.compiled.leaves["students"],
        outlay_before=outlay[0],
        outlay_after=outlay[1],
        cash=outlay[0] - outlay[1],
        served_before=served[0],
        served_after=served[1],
        service=served[1] - served[0],
        gap_change=np.where(
            keys["college"].isin(study.unfilled.funds),
            np.nan,  # not known where nobody filled in the funds
            after.served["funding_gap"] - before.served["funding_gap"],
        ),
        **{f"why_{name}": values for name, values in parts.items()},
    )
    for name, nothing in NOTHING.items():
        made[f"{name}_side"] = np.where(
            made[name] > nothing, "better", np.where(made[name] < -nothing, "worse", "same")
        )
    planned = before.compiled.planned("college") > 0
    made = made[study.scope()["college"] & planned].reset_index(drop=True)
    rank = np.argsort(np.argsort(made["students"].to_numpy(), kind="stable"), kind="stable")
    made = made.assign(decile=1 + rank * 10 // max(1, len(made)))
    return made.merge(_main_organisation(before, after, made), on="college", how="left")


def organisation_changes(before: YearResult, after: YearResult) -> pd.DataFrame:
    """A row a college and organisation whose service changed: candidates more (+) or fewer, and what lies behind it: the organisation's
    mean fee a candidate at that college and the share of its plan it serves in the province, before and after."""
    keys, at = (
        before.compiled.keys["offering"],
        before.compiled.space.maps["offering", "supplier"].index,
    )
    plan = before.compiled.leaves["planned_candidates"]
    frame = keys[["college", "organisation"]].assign(
        service=np.asarray(after.served["served"]) - np.asarray(before.served["served"]), plan=plan
    )
    for name, result in (("before", before), ("after", after)):
        share = np.broadcast_to(result.plan["share_served"], len(result.compiled.keys["supplier"]))
        frame = frame.assign(
            **{f"fee_{name}": _offering_fees(result) * plan, f"share_{name}": share[at] * plan}
        )
    sums = frame.groupby(["college", "organisation"], sort=False).sum().reset_index()
    for name in ("fee_before", "fee_after", "share_before", "share_after"):
        sums[name] = ratio(sums[name], sums["plan"])
    return sums[sums["service"].abs() > SERVICE].drop(columns="plan").reset_index(drop=True)


def _main_organisation(
    before: YearResult, after: YearResult, colleges: pd.DataFrame
) -> pd.DataFrame:
    """college → the organisation with the largest part of its change in service, in the direction of that change."""
    found = organisation_changes(before, after).rename(columns={"service": "by_organisation"})
    whole = found["college"].map(colleges.set_index("college")["service"]).astype(float)
    found = found[
        np.sign(found["by_organisation"]) == np.sign(whole.where(whole.abs() > SERVICE, 0.0))
    ]
    return (
        found.assign(size=found["by_organisation"].abs())
        .sort_values("size", ascending=False, kind="stable")
        .drop_duplicates("college")
        .drop(columns="size")
    )


def _offering_fees(result: YearResult) -> np.ndarray:
    """(offerings,) approved fee, yuan; 0 where there is none."""
    cells = np.broadcast_to(result.plan["approved_fee"], len(result.compiled.keys["cell"]))
    return np.nan_to_num(cells)[result.compiled.space.maps["offering", "cell"].index]


def by_group(changes: pd.DataFrame, column: str) -> pd.DataFrame:
    """group → colleges; shares better and worse off in cash and in service; yuan saved and candidates gained; the last row is all."""
    rows = []
    for group, some in [*changes.groupby(column, sort=True), ("all", changes)]:
        rows.append(
            {
                "group": group,
                "colleges": len(some),
                **{
                    f"{side}_{what}": float((some[f"{what}_side"] == side).mean())
                    for what in NOTHING
                    for side in ("better", "worse")
                },
                "cash": float(some["cash"].sum()),
                "service": float(some["service"].sum()),
                "gap_change": float(some["gap_change"].sum(min_count=1)),
            }
        )
    return pd.DataFrame(rows)


def by_size(changes: pd.DataFrame, least: int) -> pd.Series:
    """A label a college: the fifth by size it is in, "1" (smallest) … "5", neighbours joined ("1–2") until each has `least` colleges; the
    smallest first."""
    order = changes["decile"].sort_values(kind="stable")
    return adjacent((order + 1) // 2, range(1, 6), least)


def largest(changes: pd.DataFrame, count: int = LARGEST, what: str = "cash") -> pd.DataFrame:
    """The `count` colleges that lose most and those that gain most, worst first, in `what`: cash (yuan saved) or service (candidates).
    why, why_yuan: the part of the cash change that explains most of it; for service why is the organisation, why_candidates its part
    of the change, beside its fee and the share of its plan that it serves, before and after."""
    order, nothing = changes.sort_values(what, kind="stable"), NOTHING[what]
    made = pd.concat(
        [order[order[what] < -nothing].head(count), order[order[what] > nothing].tail(count)]
    )
    if what == "service":
        return made.assign(why=made["organisation"], why_candidates=made["by_organisation"])
    parts = made[[f"why_{name}" for name in WHY]].to_numpy()
    main = (
        np.abs(parts * (np.sign(parts) == np.sign(made["cash"].to_numpy())[:, None])).argmax(1)
        if len(made)
        else np.array([], int)
    )
    return made.assign(why=[WHY[i] for i in main], why_yuan=parts[np.arange(len(made)), main])


def cap_peers(study: Study, before: YearResult, after: YearResult) -> Peers:
    """What a scheme changes for one college among those of its kind that plan sittings: outlay `per_student`, yuan, and as a `share`."""
    compiled = before.compiled
    every = college_changes(replace(study, college=""), before, after).set_index("college")
    every = every.reindex(compiled.keys["college"]["college"])
    more, students, outlay = (
        every[name].to_numpy(float) for name in ("cash", "students", "outlay_before")
    )
    measures = {"per_student": ratio(-more, students), "share": ratio(-more, outlay)}
    return beside_peers(study, compiled, measures, students > 0)
