"""Provinces of which the data hold too few colleges to lay an organisation's cost on: what is then not judged, and what has no answer."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ...rules.numbers import ratio
from ..compile import Compiled, mid_year

COVERED = 0.95  # of a place's candidates in provinces with enough colleges: below, the response is not judged


def share_judged(compiled: Compiled, inside: Mapping[str, np.ndarray], least: float) -> float:
    """Share of the place's planned candidates in provinces of which the data hold at least `least` colleges that plan sittings; 0 of none.
    inside: which rows of each axis belong to the place."""
    at = compiled.space.maps["offering", "province"].index
    planned = compiled.leaves["planned_candidates"] * inside["offering"]
    enough = compiled.leaves["planning_colleges"][at] >= least
    return float(np.nan_to_num(ratio((planned * enough).sum(), planned.sum())))


def few_colleges(compiled: Compiled, view: Mapping, inside: np.ndarray | bool = True) -> dict:
    """province → how many of its colleges plan sittings, where they are fewer than compare.min_colleges and more than none. inside:
    (provinces,) bool, which of them are asked about."""
    count = compiled.leaves["planning_colleges"]
    few = inside & (count > 0) & (count < view["compare.min_colleges"])
    names = compiled.keys["province"]["province"]
    return {names[i]: int(count[i]) for i in np.flatnonzero(few)}


def few_said(counts: Mapping[str, int], compiled: Compiled, view: Mapping, lang: str = "zh") -> str:
    """One sentence on provinces of `few_colleges`, "" of none."""
    if not counts:
        return ""
    words = compiled.words.get("province", {})
    first = [*counts][0]
    names = (word for word, code in words.items() if code == first != word)
    name = next((one for one in names if one.isascii() == (lang != "zh")), first)
    least, low, high = int(view["compare.min_colleges"]), min(counts.values()), max(counts.values())
    if lang == "zh":
        where = f"有{len(counts)}个省的数据中" if len(counts) > 1 else f"{name}的数据中"
        many = f"{low}至{high}" if low < high else f"{low}"
        return (
            f"{where}只有{many}所安排考核的院校（少于{least}所），评价组织在全省的固定成本都压在这几所上："
            "不判断评价组织是否承接，按照计划承接测算；没有申报价和核定成本的标准随上限怎样变动也不能判断，按模型推算的只供参考"
        )
    where = f"{len(counts)} provinces" if len(counts) > 1 else name
    many = f"{low} to {high} colleges" if low < high else f"{low} college{'s' if low > 1 else ''}"
    return (
        f"of {where} the data hold only {many} planning sittings (fewer than {least}), on which an organisation's fixed cost for the whole "
        "province falls: whether it would serve is not judged and every plan counts as served; nor can it be judged how a fee without a "
        "proposal or a verified cost follows the cap: what the model makes of it is an indication only"
    )


def unanswered(result) -> np.ndarray:
    """(…, cells) bool: the cap is gone from a fee of which the data cannot tell what else would decide it. result: YearResult."""
    return np.isinf(result.plan["ceiling"]) & ~np.asarray(result.plan["fee_judged"], bool)


def unanswered_said(share: float, lang: str = "zh") -> str:
    """One sentence on the share of planned candidates whose fee has no answer."""
    percent = f"{100 * share:.0f}%"
    if lang == "zh":
        return (
            f"取消上限后，{percent}的考核人次的费用标准无法测算：数据中全省安排考核的院校太少，又没有申报价和核定成本，"
            "没有上限就没有任何依据可以推算标准"
        )
    return (
        f"without a cap the fees of {percent} of sittings cannot be worked out: the data hold too few of the province's colleges and neither a "
        "proposal nor a verified cost, so that nothing is left to tell the fee from"
    )


def few_notes(run, provinces: tuple[str, ...] = ()) -> tuple[str, ...]:
    """One sentence on the provinces of too few colleges (all, or among those named) in the last year of a run; none where there are none."""
    compiled = run.last[-1].compiled
    view = run.composition.law.at(mid_year(compiled.year))
    names = compiled.keys["province"]["province"]
    inside = names.isin(provinces).to_numpy() if provinces else True
    said = few_said(few_colleges(compiled, view, inside), compiled, view)
    return (said,) if said else ()
