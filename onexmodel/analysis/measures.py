"""What can be asked of a run by name: the headlines, and what targets are set on. Arrays may carry a leading draw axis."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..engine.result import YearResult
from ..engine.year import AFFORDED, parameters_behind
from ..errors import Fault, ParameterError, nearest
from ..rules.numbers import ratio
from .headline import HEADLINES, headline, total

TARGETS = {"mean_approved_fee": ("fee_bill",), "fee_bill": ("fee_bill",), "college_outlay": ("needs",), "funding_gap": ("needs",), "supplier_shortfall": ("supplier_shortfall",),
           "unmet_share": (), "suppliers_short": (), "served": (), "awarded": ("awarded",), "uplift": ("uplift",), "adequacy": ("adequacy",),
           "colleges_with_gap": ("needs",), "coverage": ("needs",), "x_hour_pay": ("uplift", "added_hours")}
FUNDED = ("funding_gap", "colleges_with_gap", "coverage")
WORDS = {"adequacy": ("每X课时报酬与课时费之比", "pay per added hour over the class-hour fee"), "colleges_with_gap": ("有缺口的院校数", "colleges with a funding gap"),
         "coverage": ("需求覆盖率", "share of needs covered"), "x_hour_pay": ("倾斜部分每X课时报酬（元）", "tilted pay per X hour, yuan")}


def measured(result: YearResult, scope: Mapping[str, np.ndarray], view: Mapping) -> dict[str, np.ndarray]:
    """Every measure of one result over a place, each (…)."""
    served, college = result.served, scope["college"]
    uplift, hours = total(served["uplift"], college), total(served["added_hours"] * served["uplift_eligible"], college)
    tilt = np.ravel(view["pay.tilt"])
    return headline(result, scope) | {
        "adequacy": ratio(ratio(uplift, hours), np.ravel(view["pay.class_hour_fee"]) if np.ndim(view["pay.class_hour_fee"]) else view["pay.class_hour_fee"]),
        "colleges_with_gap": total((np.asarray(served["funding_gap"]) > AFFORDED) * 1.0, college),
        "coverage": 1 - ratio(total(served["funding_gap"], college), total(served["needs"].sum(-2), college)),
        "x_hour_pay": ratio(uplift * (tilt if tilt.size > 1 else tilt[0]), hours)}


def known_measure(name: str) -> str:
    """The name itself. Raises ParameterError naming the nearest where there is none."""
    if name not in TARGETS:
        raise ParameterError(Fault(f"指标 {name}", "没有这个指标", nearest=nearest(name, TARGETS), do=f"可用：{'、'.join(TARGETS)}"))
    return name


def movers(measure: str) -> set[str]:
    """Names (dots as _) of every parameter that can move the measure, read off the graph of the rules."""
    more = {"adequacy": {"pay_class_hour_fee"}, "x_hour_pay": {"pay_tilt"}}.get(measure, set())
    return parameters_behind(TARGETS[measure], measure in FUNDED) | more


__all__ = ["HEADLINES", "TARGETS", "WORDS", "known_measure", "measured", "movers"]
