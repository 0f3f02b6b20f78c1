"""What fee_cap can tell where nobody filled in caps or cost lines: how a fee follows its cap rests on both, what a fee's own rise costs
on neither. Such a report is about the published fees alone; what it leaves out it says, and nothing of it is counted as nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...analysis import scheme
from ...analysis.study import Study
from ...data.schema import load_schema
from ...errors import Fault, ParameterError

if TYPE_CHECKING:
    from .report import FeeCap

RISE = "fee_plus_20"  # what is asked instead of a raise of the caps
RAISE = "cap_plus_20"  # the raise whose most is told where there are caps
TABLES = {"caps": "caps", "costs": "ingredients"}  # what is lacking → the table to fill in


def moves_limits(study: Study) -> bool:
    """Does the scheme move a cap, or a limit of fees other than the published fee?"""
    changed = [one.target for one in study.composition.data_changes if one.holds(study.day)]
    return scheme.moves_limits([*study.own_changes(), *study.own_local(), *changed])


def need_told(report: FeeCap) -> None:
    """Raises ParameterError where the report lacks caps or costs and is asked for what rests on them: a scheme that moves a limit of
    fees, or plans without a published fee."""
    if not report.lacks:
        return
    named = (next(iter(load_schema()[TABLES[name]].values())).sheet for name in report.lacks)
    sheets = "、".join(f"「{sheet}」" for sheet in named)
    faults = []
    if moves_limits(report.study):
        names = "、".join(one.id for one in report.study.composition.scenarios) or "--set"
        faults.append(
            Fault(
                "报告 fee_cap",
                f"没有填报表{sheets}，{names} 改动的上限（或标准的其他限制）使标准变动多少无从测算",
                do=f"填上这些表；只看标准本身提高的影响，用 --scenario {RISE}",
            )
        )
    before = report.runs["none"][0]
    bare = np.isnan(before.compiled.leaves["published_fee"]) & (report.weight > 0)
    if bare.any():
        cells = before.compiled.keys["cell"][bare]
        first = "、".join(
            f"{row.certificate} {row.level}" for row in cells.head(3).itertuples(index=False)
        )
        faults.append(
            Fault(
                "报告 fee_cap",
                f"没有填报表{sheets}，又有{len(cells)}项证书没有已执行的费用标准（{first}{'等' if len(cells) > 3 else ''}），考核费算不出",
                do="在表「费用标准」补上；只看支出和经费的，用报告 budget_and_settlement",
            )
        )
    if faults:
        raise ParameterError(faults)


def most_of_raise(report: FeeCap) -> float:
    """Yuan of fees more, at most, if the caps rise by a fifth: every fee takes all of it. NaN without caps."""
    if "caps" in report.lacks:
        return float("nan")
    before = report.runs["none"][0]
    after = report.study.with_composition([RAISE]).pair("none")[1]
    moved = np.nan_to_num(after.plan["cap"] - before.plan["cap"])
    payable = before.served["payable_sittings"] * report.scope["offering"]
    sittings = before.compiled.space.maps["offering", "cell"].sum(payable)
    return float((moved * sittings).sum())
