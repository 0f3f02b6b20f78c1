"""Plans for which the data hold no fee standard in force on 1 July of their year: they take a modelled fee, which is said and never silent."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ...errors import Fault
from ..codes import LEVEL
from ..tables import Origin, by_code, combined, in_force

MISSING, NOT_IN_FORCE, SUMMED = "fee_missing", "fee_not_in_force", "plans_without_fee"
MOST = 30  # plans of a code that are named one by one; of more there is one sentence
WITH = -2  # in place of a row of fees: one is in force
KEY = ["province", "certificate", "level"]
STATED = ["published_fee", "given_proposal", "verified_cost", "special_fee"]
TAKES = "这项计划的考核费按模型测算的标准计"
DO = {
    MISSING: "在「费用标准」补上这一行；确实没有公布的不必改",
    NOT_IN_FORCE: "核对执行起始日、执行截止日：一个年度按7月1日执行的标准计",
}


def plans_without_fee(frames: Mapping[str, pd.DataFrame]) -> dict[str, dict[int, int]]:
    """code → row of the plan → a row of fees that is not in force on its day (−1 where there is none). Plans of nobody count as no plan."""
    home = by_code(frames["colleges"], "college")["province"]
    offerings = frames["offerings"]
    planned = (offerings["candidates"] > 0) & offerings["year"].between(1900, 2200)
    plans = offerings.loc[planned, ["college", "certificate", "level", "year"]]
    at, kinds = combined(
        plans["college"].map(home), plans["certificate"], plans["level"], plans["year"]
    )  # few beside the plans
    asked = pd.DataFrame(kinds, columns=[*KEY, "year"]).assign(kind=np.arange(len(kinds)))
    fees = frames["fees"].assign(fee=np.arange(len(frames["fees"])))
    fees = fees[fees[STATED].notna().any(axis=1)][[*KEY, "fee", "valid_from", "valid_to"]]
    pairs = asked.merge(fees, on=KEY, how="left")
    day = pd.to_datetime(pairs["year"].astype(int).astype(str) + "-07-01")
    without = pairs[~in_force(pairs, day).groupby(pairs["kind"]).transform("any")].drop_duplicates(
        "kind"
    )
    fee_of = np.full(len(kinds), WITH)
    fee_of[without["kind"]] = without["fee"].fillna(-1).astype(int)
    other = dict(zip(np.flatnonzero(planned).tolist(), fee_of[at].tolist(), strict=True))
    return {
        MISSING: {plan: fee for plan, fee in other.items() if fee == -1},
        NOT_IN_FORCE: {plan: fee for plan, fee in other.items() if fee >= 0},
    }


def faults(
    frames: Mapping[str, pd.DataFrame], origins: Mapping[str, Origin], simulated: bool = False
) -> list[Fault]:
    """A warning a plan, at its certificate; of many of a kind one for the whole table, at the first. In a simulated set many plans without
    a standard are meant: a note, as of any default."""
    if not {"offerings", "colleges"} <= origins.keys():
        return []
    found, origin = [], origins["offerings"]
    for code, rows in plans_without_fee(frames).items():
        if len(rows) > MOST:
            first, fee = next(iter(rows.items()))
            why = _why(frames, origins, first, fee, many=True)
            what = f"有 {len(rows)} 项开考计划{why}，考核费按模型测算的标准计"
            if simulated and code == MISSING:
                at = origin.address(first, "certificate")
                found.append(Fault(at, what, DO[code], level="note", code="default"))
            else:
                made = origin.fault(
                    first, "certificate", what, DO[code], level="warning", code=SUMMED
                )
                found.append(made)
            continue
        for plan, fee in rows.items():
            what = f"{_why(frames, origins, plan, fee)}：{TAKES}"
            found.append(
                origin.fault(int(plan), "certificate", what, DO[code], level="warning", code=code)
            )
    return found


def _why(frames, origins, plan: int, fee: int, many: bool = False) -> str:
    row = frames["offerings"].iloc[plan]
    levels = {code: word for word, code in LEVEL.items()}
    if fee < 0:
        own = f"{row['certificate']} {levels.get(row['level'], row['level'])}"
        return "没有费用标准" if many else f"{own}在本省没有费用标准"
    if many:
        return "的费用标准在当年7月1日不在执行期内"
    given = frames["fees"].iloc[fee]
    early = given["valid_from"] > pd.Timestamp(int(row["year"]), 7, 1)
    dated = given["valid_from" if early else "valid_to"].date()
    state = f"自 {dated} 起才执行" if early else f"到 {dated} 已不再执行"
    where = origins["fees"].address(fee, "valid_from" if early else "valid_to")
    return f"{int(row['year'])}年7月1日没有执行中的费用标准（{where}：{state}）"
