"""What can be asked of a run by name: the headlines, and what targets are set on. Arrays may carry a leading draw axis."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from ..engine.findings.unfilled import FUNDS, PAY
from ..engine.leaves import parameters_behind
from ..engine.places.local import LOCAL, laid
from ..engine.pots import AFFORDED
from ..engine.result import YearResult
from ..engine.stages import Extent
from ..errors import Fault, ParameterError, nearest
from ..rules.numbers import ratio
from .headline import bill, headline, total
from .statistics.precision import places, rounded
from .study import Study

TARGETS = {
    "mean_approved_fee": ("fee_bill",),
    "fee_bill": ("fee_bill",),
    "college_outlay": ("needs",),
    "funding_gap": ("needs",),
    "supplier_shortfall": ("supplier_shortfall",),
    "unmet_share": (),
    "suppliers_short": (),
    "served": (),
    "awarded": ("awarded",),
    "uplift": ("uplift",),
    "adequacy": ("adequacy",),
    "colleges_with_gap": ("needs",),
    "coverage": ("needs",),
    "x_hour_pay": ("uplift", "added_hours"),
    "economic_cost": ("assessment_cost", "training_cost", "teacher_time_cost"),
    "unused_capacity": ("unused_capacity_cost",),
}
WHOLE = ("economic_cost", "unused_capacity")  # rest on more of a run than the headlines do
FUNDED = ("funding_gap", "colleges_with_gap", "coverage")
OF_PAY = ("uplift", "adequacy", "x_hour_pay")  # known only with a pay total
WAN = 1e4  # yuan
TO = ("至", "—", " to ")  # what stands between the ends of a range
WORDS = {
    "mean_approved_fee": ("平均核定标准", "mean approved fee", "元/人次"),
    "fee_bill": ("考核费支出", "fee bill", "万元"),
    "college_outlay": ("学校年支出", "college outlay", "万元"),
    "funding_gap": ("院校经费缺口", "funding gap of colleges", "万元"),
    "supplier_shortfall": ("机构成本未覆盖额", "shortfall of organisations", "万元"),
    "unmet_share": ("未满足考核需求", "unmet demand", "%"),
    "suppliers_short": ("过半需求无人承接的机构", "organisations serving under half", "家"),
    "served": ("可考核人数", "candidates served", "人"),
    "awarded": ("获证人数", "certificates awarded", "人"),
    "uplift": ("绩效工资核增总量", "uplift of the pay total", "万元"),
    "adequacy": ("每X课时报酬与课时费之比", "pay per added hour over the class-hour fee", ""),
    "colleges_with_gap": ("有缺口的院校", "colleges with a funding gap", "所"),
    "coverage": ("需求覆盖率", "share of needs covered", "%"),
    "x_hour_pay": ("倾斜部分每X课时报酬", "tilted pay per X hour", "元/课时"),
    "economic_cost": (
        "考核培训成本（经济口径）",
        "cost of assessment and training, economic",
        "万元",
    ),
    "unused_capacity": ("教师未用产能折合", "worth of unused staff capacity", "万元"),
}
EN_UNITS = {
    "元/人次": " yuan",
    "元/课时": " yuan",
    "万元": " × 10,000 yuan",
    "%": " %",
    "家": "",
    "所": "",
    "人": "",
    "": "",
}


def measure_words(measure: str) -> tuple[str, str]:
    """Its name in Chinese and English."""
    return WORDS[measure][:2]


def written(value: float, measure: str, lang: str = "zh", decimals: int | None = None) -> str:
    """A value of the measure with its unit, as reports print it: 万元 with one decimal, shares as percentages; – where there is none.
    `decimals`: what its interval carries of it (−1: tens), no more than is printed otherwise."""
    if not np.isfinite(value):
        return "—"
    unit = WORDS[measure][2]
    decimals = finest(measure) if decimals is None else min(decimals, finest(measure))
    shown = f"{round(float(in_unit(value, measure)), decimals) + 0.0:,.{max(decimals, 0)}f}"
    return shown + (unit if lang == "zh" else EN_UNITS[unit])


def finest(measure: str) -> int:
    """Decimals that a value of the measure is written with."""
    return {"万元": 1, "%": 1, "": 3}.get(WORDS[measure][2], 0)


def in_unit(value: float, measure: str) -> float:
    """A value of the measure in the unit it is printed in."""
    unit = WORDS[measure][2]
    return value / WAN if unit == "万元" else 100 * value if unit == "%" else value


def written_ends(
    low: float, high: float, measure: str, lang: str = "zh", point: float = float("nan")
) -> tuple[str, str]:
    """Both ends of an interval of the measure, with the digits their width carries."""
    if not np.isfinite([low, high]).all():
        return written(low, measure, lang), written(high, measure, lang)
    a, b, decimals = rounded(
        in_unit(low, measure), in_unit(high, measure), finest(measure), in_unit(point, measure)
    )
    unit = WORDS[measure][2] if lang == "zh" else EN_UNITS[WORDS[measure][2]]
    return f"{a:,.{decimals}f}{unit}", f"{b:,.{decimals}f}{unit}"


def carried(low: float, high: float, measure: str) -> int:
    """Decimals to which a mean or median beside the interval is written: one digit more than its ends."""
    return places(in_unit(low, measure), in_unit(high, measure), finest(measure)) + 1


def span(low: str, high: str, lang: str = "zh", named: bool = False) -> str:
    """A range of two written numbers, as it stands after the number: （a—b）, or （−a至+b） where an end has a sign; in English (a to b).
    `named`: （80%区间a—b）."""
    if lang != "zh":
        return f" ({'80% interval ' if named else ''}{low} to {high})"
    to = "至" if {low[:1], high[:1]} & {"−", "-", "+"} else "—"
    return f"（{'80%区间' if named else ''}{low}{to}{high}）"


def measured(
    result: YearResult, scope: Mapping[str, np.ndarray], view: Mapping
) -> dict[str, np.ndarray]:
    """Every measure of one result over a place, each (…); those of WHOLE where the result is more than headlines."""
    served, college = result.served, scope["college"]
    uplift, hours = (
        total(served["uplift"], college),
        total(served["added_hours"] * served["uplift_eligible"], college),
    )
    tilt, fee = np.ravel(view["pay.tilt"]), view["pay.class_hour_fee"]
    if "pay.class_hour_fee" in view.get(LOCAL, {}):  # by the hours it is paid for
        fees = laid(result.compiled, view, "pay.class_hour_fee", "college")
        fee = ratio(total(fees * served["added_hours"] * served["uplift_eligible"], college), hours)
    whole: dict[str, Any] = (
        {}
        if "unused_capacity_cost" not in served
        else {
            "economic_cost": sum(
                total(served[name], scope["offering"]) for name in TARGETS["economic_cost"]
            ),
            "unused_capacity": total(np.nan_to_num(served["unused_capacity_cost"]), college),
        }
    )
    return (
        headline(result, scope)
        | whole
        | {
            "adequacy": ratio(ratio(uplift, hours), np.ravel(fee) if np.ndim(fee) else fee),
            "colleges_with_gap": total(
                (np.asarray(served["funding_gap"]) > AFFORDED) * 1.0, college
            ),
            "coverage": 1
            - ratio(total(served["funding_gap"], college), total(served["needs"].sum(-2), college)),
            "x_hour_pay": ratio(uplift * (tilt if tilt.size > 1 else tilt[0]), hours),
        }
    )


def extent_of(measure: str) -> Extent:
    """How much of a year the measure rests on."""
    if measure in WHOLE:
        return "whole"
    return "bill" if TARGETS[measure] == ("fee_bill",) else "headlines"


def alone(measure: str) -> Callable[..., dict[str, np.ndarray]]:
    """(result, scope, view) → {measure: (…)}, of a year computed as far as `extent_of` says."""
    if extent_of(measure) == "bill":
        return lambda result, scope, view: {measure: bill(result, scope)[measure]}
    return lambda result, scope, view: {measure: measured(result, scope, view)[measure]}


def known_measure(name: str, among: Iterable[str] = tuple(TARGETS)) -> str:
    """The name itself. Raises ParameterError naming the nearest where there is none."""
    among = tuple(among)
    if name not in among:
        raise ParameterError(
            Fault(
                f"指标 {name}",
                "没有这个指标",
                nearest=nearest(name, among),
                do=f"可用：{'、'.join(among)}",
            )
        )
    return name


def unknown(study: Study, college: str = "") -> dict[str, Fault]:
    """Measure, or quantity of a college → why it cannot be computed for the place, or one college of it: nobody filled in what it rests on. It
    is not 0 there."""
    lacking = study.unfilled.within(frozenset([college])) if college else study.unfilled
    sheet = "经费适用" if lacking.unusable else "经费来源额度"
    found = dict.fromkeys((*FUNDED, *FUNDS), sheet) if lacking.no_funds else {}
    found |= dict.fromkeys((*OF_PAY, *PAY), "绩效工资总量") if lacking.no_pay else {}
    return {
        name: Fault(
            f"指标 {WORDS[name][0] if name in WORDS else name}",
            f"没有填报表「{table}」，无从计算",
            do=f"填上 {study.year} 年度的行；没有填报的不按 0 计",
            code="unfilled",
        )
        for name, table in found.items()
    }


def can_be_computed(study: Study, measure: str, college: str = "") -> str:
    """The measure itself. Raises ParameterError where nobody filled in what it rests on."""
    known = "funding_gap" if measure.startswith("funding_gap_") else measure
    if fault := unknown(study, college).get(known):
        raise ParameterError(fault)
    return measure


def movers(measure: str) -> frozenset[str]:
    """Names (dots as _) of every parameter that can move the measure, read off the graph of the rules."""
    more = {"adequacy": {"pay_class_hour_fee"}, "x_hour_pay": {"pay_tilt"}}.get(measure, set())
    return parameters_behind(TARGETS[measure], measure in FUNDED) | more
