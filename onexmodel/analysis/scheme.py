"""What a scheme changes and when, read off its composition: areas touched on 1 July, what both sides share, what sleeps, what starts
or ends within the year; and what a change of the caps leaves without an answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from ..engine.compile import mid_year
from ..engine.places.few_colleges import unanswered
from ..engine.result import YearResult
from ..law.scenario import Change
from ..rules.fee import BINDS
from ..rules.funding import USES
from ..rules.numbers import ratio
from .study import Study

LIMITS = ("caps", "fees", "components", "ingredients", "organisations")  # tables that fees rest on
PUBLISHED = "fees/published_fee"  # the one limit of a fee that is known without caps and costs
ALL = 0.9995  # a share of sittings that is printed as all
AREAS = ("caps", "fees", "costs", "volumes", "workload", "pay", "funding", "colleges", "other")
_BY_PARAMETER = (
    ("fees.cap.", "caps"),
    ("fees.provincial_factor", "caps"),
    ("fees.cap_index", "caps"),
    ("fees.", "fees"),
    ("volume.", "volumes"),
    ("workload.", "workload"),
    ("pay.", "pay"),
    ("funding.", "funding"),
)
_BY_TABLE = {
    "caps": "caps",
    "fees": "fees",
    "ingredients": "costs",
    "components": "costs",
    "organisations": "costs",
    "offerings": "volumes",
    "certificates": "volumes",
    "workload": "workload",
    "pay_pools": "pay",
    "funding": "funding",
    "eligibility": "funding",
    "colleges": "colleges",
    "provinces": "colleges",
}


@dataclass(frozen=True)
class Touched:
    """`areas`: of instruments whose value differs on 1 July and of table changes in force then, in the order of AREAS; `shared`:
    readings, beliefs and settings the scheme or --set names, which the baseline takes too (docs/method.md §0.8); `asleep`: changes not in
    force on 1 July; `within`: those, asleep or not, that start or end inside the year."""

    areas: tuple[str, ...]
    shared: tuple[str, ...]
    asleep: tuple[Change, ...]
    within: tuple[Change, ...]

    @property
    def sleeps(self) -> bool:
        """Is there something to change, but nothing of it in force?"""
        return bool(self.asleep) and not self.areas


def touched(study: Study) -> Touched:
    """What the study's scheme touches in its year."""
    composition, day = study.composition, mid_year(study.year)
    changes = [change for scenario in composition.scenarios for change in scenario.changes]
    found = {_area(name) for name in study.own_changes() | study.own_local()}
    found |= {
        _BY_TABLE.get(change.target.split("/")[0], "other")
        for change in composition.data_changes
        if change.holds(day)
    }
    named = [
        change.target for change in changes if not change.is_data and change.holds(day)
    ] + list(composition.sets)
    shared = [
        name for name in dict.fromkeys(named) if study.law.parameters[name].kind != "instrument"
    ]
    return Touched(
        tuple(area for area in AREAS if area in found),
        tuple(shared),
        tuple(change for change in changes if not change.holds(day)),
        tuple(change for change in changes if _within(change, study.year)),
    )


def _area(parameter: str) -> str:
    return next((area for start, area in _BY_PARAMETER if parameter.startswith(start)), "other")


def _within(change: Change, year: int) -> bool:
    first = date(year, 1, 1)
    return first < change.start <= date(year, 12, 31) or bool(
        change.until and first < change.until <= date(year, 12, 31)
    )


def moves_limits(targets: Iterable[str]) -> bool:
    """Is a limit of fees among what is changed (parameters, columns of tables), other than the published fee itself?"""
    return any(
        one.startswith("fees.") or (one.split("/")[0] in LIMITS and one != PUBLISHED)
        for one in targets
    )


def capless(result: YearResult, scope: Mapping[str, np.ndarray]) -> bool:
    """Is no cap on record for anything that the place plans?"""
    planned = planned_weight(result, scope) > 0
    return bool(np.isnan(np.broadcast_to(result.plan["cap"], planned.shape)[planned]).all())


def cap_move(before: YearResult, after: YearResult, weight: np.ndarray) -> tuple[str, float]:
    """(raise | lower | mixed | removed | none, mean cap after over before weighted by `weight`, nan where a cap is removed). Cells
    without weight do not count. weight: (cells,)."""
    old, new = (
        np.broadcast_to(result.plan["cap"], weight.shape)[weight > 0] for result in (before, after)
    )
    w = weight[weight > 0]
    if (np.isinf(new) & ~np.isinf(old)).any():
        return "removed", float("nan")
    known = np.isfinite(old) & np.isfinite(new) & (old > 0)
    up, down = (new > old + 1e-9)[known].any(), (new < old - 1e-9)[known].any()
    mean = (
        float((w * new / np.where(old > 0, old, 1.0))[known].sum() / w[known].sum())
        if known.any()
        else float("nan")
    )
    return ("mixed" if up and down else "raise" if up else "lower" if down else "none"), mean


def cap_factor(before: YearResult, after: YearResult, weight: np.ndarray) -> float:
    """The one factor by which the caps of all cells with weight move; missing where they move apart. weight: (cells,)."""
    old, new = (
        np.broadcast_to(result.plan["cap"], weight.shape)[weight > 0] for result in (before, after)
    )
    factors = (new / old)[(old > 0) & np.isfinite(old) & np.isfinite(new)]
    alike = len(factors) and np.ptp(factors) < 1e-9
    return float(factors[0]) if alike else float("nan")


def published_move(
    before: YearResult, after: YearResult, weight: np.ndarray
) -> tuple[float, float]:
    """(share of planned candidates whose fee the province has published; change of the mean published fee there, a share, nan without
    any). weight: (cells,)."""
    old, new = (
        np.broadcast_to(result.compiled.leaves["published_fee"], weight.shape)
        for result in (before, after)
    )
    known = np.isfinite(old) & np.isfinite(new) & (weight > 0)
    sums = [float((weight * one)[known].sum()) for one in (old, new)]
    return float(ratio(weight[known].sum(), weight.sum())), float(ratio(sums[1], sums[0])) - 1


def without_answer(after: YearResult) -> np.ndarray:
    """(cells,) bool: the cap is gone and what is left to decide is a bargain the model makes over the room under a cap. Such a fee
    is kept at its baseline value (docs/method.md §3), which is no answer. A published fee stays and is one, unless the data hold too
    few colleges to tell what it rests on."""
    plan = after.plan
    bargain = np.isinf(plan["ceiling"]) & (np.asarray(plan["binds"]) == BINDS.index("bargaining"))
    return (bargain & np.isnan(after.compiled.leaves["published_fee"])) | unanswered(after)


def planned_weight(result: YearResult, scope: Mapping[str, np.ndarray]) -> np.ndarray:
    """(cells,) planned candidates of the place in each cell."""
    return result.compiled.planned("cell", scope["offering"])


def colleges_in_cells(result: YearResult, scope: Mapping[str, np.ndarray]) -> np.ndarray:
    """(cells,) how many colleges of the place plan sittings in each cell."""
    maps, plans = (
        result.compiled.space.maps,
        (result.compiled.leaves["planned_candidates"] > 0) & scope["offering"],
    )
    cell, college = (maps["offering", axis].index[plans] for axis in ("cell", "college"))
    pairs = np.unique(np.stack([cell, college]), axis=1)
    return np.bincount(pairs[0], minlength=maps["offering", "cell"].size)


def colleges_by(groups: np.ndarray, result: YearResult, scope: Mapping[str, np.ndarray]) -> dict:
    """groups: (cells,) a label each → label: numbers of the colleges of the place that plan sittings in its cells."""
    maps = result.compiled.space.maps
    plans = (result.compiled.leaves["planned_candidates"] > 0) & scope["offering"]
    labels = groups[maps["offering", "cell"].index[plans]]
    colleges = maps["offering", "college"].index[plans]
    return {label: {*colleges[labels == label].tolist()} for label in np.unique(labels)}


def answered(before: YearResult, after: YearResult, scope) -> dict[str, float]:
    """`share`: of planned candidates whose fee has no answer; and the mean fee of the rest before and after, yuan."""
    weight, open_ = planned_weight(after, scope), without_answer(after)
    rest = weight * ~open_ * np.isfinite(before.plan["approved_fee"])
    means = [
        float(ratio(np.nansum(rest * np.nan_to_num(result.plan["approved_fee"])), rest.sum()))
        for result in (before, after)
    ]
    return {
        "share": float(ratio((weight * open_).sum(), weight.sum())),
        "before": means[0],
        "after": means[1],
    }


def by_use(before: YearResult, after: YearResult, scope, scope_after) -> dict[str, float]:
    """use → yuan a year that colleges of the place need more."""
    totals = [
        result.served["needs"][..., place["college"]].sum(-1)
        for result, place in ((before, scope), (after, scope_after))
    ]
    return dict(zip(USES, (totals[1] - totals[0]).tolist(), strict=True))
