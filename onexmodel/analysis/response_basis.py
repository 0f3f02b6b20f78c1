"""Can the organisations' response be judged on the data at hand?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..engine.places.few_colleges import (
    few_colleges,
    few_said,
    share_judged,
    unanswered,
    unanswered_said,
)
from ..engine.wire import downstream
from ..errors import Fault, ParameterError
from ..rules.funding import USES
from ..rules.numbers import ratio
from .measures import measure_words
from .study import Study

OF_RESPONSE = ("supplier_shortfall", "unmet_share", "suppliers_short")
OF_FEES = (
    "mean_approved_fee",
    "fee_bill",
    "college_outlay",
    "funding_gap",
    "supplier_shortfall",
    "colleges_with_gap",
    "coverage",
)  # measures that rest on fees: without these there is no answer
OF_REMOVED = frozenset(
    {
        "proposed_fee",
        *(downstream(frozenset({"proposed_fee"})) - downstream(frozenset({"share_served"}))),
        *(f"funding_gap_{use}" for use in USES),
        *("funding_gap", "waterfall_gap", "order_loss", "idle", "award"),
    }
) - {"share_served"}  # quantities of a run that rest on fees


@dataclass(frozen=True)
class Basis:
    """`covered`: share of the place's planned candidates in provinces of which the data hold at least `least` colleges that plan
    sittings; `fewest`, `most`: such colleges in the place's provinces; `provinces`: how many provinces the place has candidates in."""

    assessed: bool
    covered: float
    least: int
    fewest: int
    most: int
    provinces: int


def response_basis(study: Study) -> Basis:
    """An organisation's yearly cost in a province is laid on the sittings the data hold there. Where they hold only a few of its
    colleges, a cost that all its colleges carry falls on those few, and every loss, exit and unmet candidate is made by the data. So
    the response is judged only where the data hold at least compare.min_colleges colleges that plan sittings in the province. A
    single college in such data is judged too: the share served comes from the whole province's plan, not from its own."""
    compiled, scope = study.prepared.baseline, study.scope()
    least = int(study.laws.before["compare.min_colleges"])
    planned = compiled.planned("province", scope["offering"])
    here = compiled.leaves["planning_colleges"][planned > 0]
    return Basis(
        study.judged,
        share_judged(compiled, scope, least),
        least,
        int(here.min()) if len(here) else 0,
        int(here.max(initial=0)),
        len(here),
    )


def few_note(study: Study, lang: str = "zh") -> str:
    """What cannot be judged in the place for want of colleges, as a sentence; "" where all can."""
    compiled, view = study.prepared.baseline, study.views()[0]
    counts = few_colleges(compiled, view, study.scope()["province"])
    return few_said(counts, compiled, view, lang)


def no_answer(study: Study, lang: str = "zh") -> str:
    """Why what the scheme costs cannot be worked out, as a sentence; "" where it can."""
    share = unanswered_share(study)
    return unanswered_said(share, lang) if share > 0 else ""


def unanswered_share(study: Study) -> float:
    """Share of the place's planned candidates whose fee has no answer: a cap is gone, and the data hold too few colleges to tell it from
    anything else."""
    compiled, (_, after) = study.prepared.scenario, study.views()
    scope = study.scope(compiled)
    if not few_colleges(compiled, after, scope["province"]):
        return 0.0
    result = study.pair("none", extent="headlines")[1]
    planned = compiled.planned("cell", scope["offering"])
    return float(np.nan_to_num(ratio((planned * unanswered(result)).sum(), planned.sum())))


def need_answer(study: Study) -> None:
    """Raises ParameterError where the scheme leaves fees without an answer, and so all that is made of them."""
    words = no_answer(study)
    if words:
        names = "、".join(one.id for one in study.composition.scenarios) or "--set"
        raise ParameterError(
            Fault(f"情景 {names}", words, do="换一个保留上限的情景，或补报申报价、核定成本")
        )


def without_value(study: Study) -> tuple[str, ...]:
    """Measures that the data cannot judge at all, in the baseline or a scheme: none where the response can be judged."""
    return () if response_basis(study).assessed else OF_RESPONSE


def need_judged(study: Study, measure: str) -> None:
    """Raises ParameterError where the data cannot judge the measure."""
    if measure in without_value(study):
        raise ParameterError(
            Fault(
                f"指标 {measure_words(measure)[0]}",
                "数据中院校太少，不能判断评价组织是否承接、少收多少",
                do="换一个指标，或补充全省其他院校的开考计划",
            )
        )
