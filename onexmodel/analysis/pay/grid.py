"""What elasticity, tilt and central award give together, on a grid of points that are each a whole run: nothing between them is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from ...engine.pots import fund
from ...engine.result import YearResult
from ...rules.funding import SOURCES, USES
from ...rules.numbers import ratio
from ...rules.pay import tilted_pay_per_hour
from . import options as po
from .draws import Side, gain_of_busy
from .teachers import Teachers, sums_by_college

AWARD = "central_award"


def has_award(result: YearResult) -> bool:
    """Is there a central award to be had, by a college or out of a pot?"""
    leaves = result.compiled.leaves
    own = leaves["own_limits"][SOURCES.index(AWARD)]
    return bool(own.any() or leaves[f"pot_{AWARD}"].any())


def pay_grid(
    side: Side,
    result: YearResult,
    people: Teachers,
    elasticities: Sequence[float],
    tilts: Sequence[float],
    awards: Sequence[float],
) -> dict[str, np.ndarray]:
    """name → (elasticities, tilts, awards), at the central assumptions and by the elasticity method: uplift, yuan, and what of it no source
    covers (`unpaid`); `per_hour` of X work, and out of the tilted part alone (`hourly`), yuan; gain of a teacher with X hours
    (`gain_busy`), yuan a year. awards: so many times every limit of the central award."""
    study, view, served = side.study, side.view(), result.served
    hours = served["added_hours" if view["pay.tilt_hours"] == "all" else "college_training_hours"]
    tilted = {**view, "pay.tilt": np.array(tilts, float)[:, None]}
    at, carried, _ = sums_by_college(result, people)
    added = np.broadcast_to(served["added_hours"], side.chosen.shape)[side.chosen].sum()
    each = np.stack([po.at_elasticity(study, result, value) for value in elasticities])
    uplift = _sums(each, side.chosen)
    hourly = tilted_pay_per_hour(np.array(tilts), carried.sum(), _sums(each, at)[:, None])
    gains = np.stack([gain_of_busy(side, tilted, one, hours) for one in each])
    unpaid = np.stack([_unpaid(side, result, view, each, one) for one in awards], -1)
    shape = (len(elasticities), len(tilts), len(awards))
    made = {
        "uplift": uplift[:, None, None],
        "per_hour": ratio(uplift, added)[:, None, None],
        "hourly": hourly[:, :, None],
        "gain_busy": gains[:, :, None],
        "unpaid": unpaid[:, None, :],
    }
    return {name: np.broadcast_to(values, shape) for name, values in made.items()}


def _sums(each: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """(points, colleges) → (points,), each point's chosen colleges added as one run adds them: to the last bit."""
    return np.array([one[rows].sum() for one in each])


def _unpaid(
    side: Side, result: YearResult, view: Mapping, each: np.ndarray, award: float
) -> np.ndarray:
    """(elasticities,) yuan of the place's uplift that no source covers, with the award at a multiple; each: (elasticities, colleges)."""
    leaves, use = result.compiled.leaves, USES.index("performance_pay")
    limits = leaves["own_limits"].copy()
    limits[SOURCES.index(AWARD)] *= award
    pot = {f"pot_{AWARD}": leaves[f"pot_{AWARD}"] * award}
    compiled = replace(result.compiled, leaves={**leaves, **pot, "own_limits": limits})
    here = side.study.scope(result.compiled)["college"]
    was = np.asarray(result.served["needs"], float)
    needs = np.repeat(was[None], len(each), axis=0)
    needs[:, use] = np.where(here, each, was[use])
    values = {"needs": needs, "college_served": result.served["college_served"]}
    found = fund(values, compiled, view, whole=False)["funding_gap_performance_pay"]
    return _sums(np.broadcast_to(found, each.shape), here)
