"""What may be asked for: each college's uplift by a method or at an elasticity, who would pay it, and whom it leaves under the class-hour
fee (docs/method.md §5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from ...engine.pots import fund
from ...engine.result import YearResult
from ...rules.funding import USES
from ...rules.numbers import ratio
from ...rules.pay import uplift_elasticity
from ..statistics.precision import HALF_FEN
from ..study import Study
from .study import counted_colleges, uplift_sources


def by_method(study: Study, result: YearResult, method: str) -> np.ndarray:
    """(colleges,) yuan: the uplift by one method, within each college's limit; 0 at those not counted."""
    return _within(study, result, result.served[f"uplift_{method}"])


def at_elasticity(study: Study, result: YearResult, elasticity: float) -> np.ndarray:
    """(colleges,) yuan: the uplift at one elasticity that holds everywhere, within each college's limit; 0 at those not counted."""
    growth, pool = result.served["workload_increase"], result.compiled.leaves["pay_pool"]
    return _within(study, result, uplift_elasticity(elasticity, growth, pool))


def elasticity_for(study: Study, result: YearResult, yuan: float) -> float:
    """The elasticity, the same everywhere, at which the uplift within each college's limit comes to a sum; missing where limits keep it
    below, or nothing grows."""
    growth, pool = result.served["workload_increase"], result.compiled.leaves["pay_pool"]
    each = np.where(counted_colleges(study, result), uplift_elasticity(1.0, growth, pool), 0.0)
    limits = np.broadcast_to(result.served["uplift_limit_used"], each.shape)
    reached = ratio(limits, each)
    ends = np.unique(reached[np.isfinite(reached)])
    sums = np.minimum(ends[:, None] * each, limits).sum(-1)
    if not len(ends) or yuan > sums[-1] + HALF_FEN:
        return float("nan")
    return float(np.interp(yuan, [0.0, *sums], [0.0, *ends]))


def _within(study: Study, result: YearResult, amount: np.ndarray) -> np.ndarray:
    limited = np.minimum(amount, result.served["uplift_limit_used"])
    return np.where(counted_colleges(study, result), limited, 0.0)


def at_work(study: Study, result: YearResult) -> np.ndarray:
    """(colleges,) bool: those counted whose X hours some elasticity would pay for."""
    served = result.served
    return (
        counted_colleges(study, result)
        & (served["added_hours"] > 0)
        & np.isfinite(served["required_elasticity"])
    )


def share_under(uplift: np.ndarray, hours: np.ndarray, fees: np.ndarray) -> float:
    """Share of some colleges whose uplift pays less than the class-hour fee for an X hour; missing without colleges."""
    return float(np.mean(uplift / hours < fees - HALF_FEN)) if len(hours) else float("nan")


def required(study: Study, result: YearResult, fees: np.ndarray) -> float:
    """The elasticity at which the X hours of the place together earn the class-hour fees; missing without hours."""
    at = at_work(study, result)
    growth, pool = result.served["workload_increase"], result.compiled.leaves["pay_pool"]
    one = uplift_elasticity(1.0, growth, pool)[at]  # limits aside, as in required_elasticity
    return float(ratio((fees * result.served["added_hours"])[at].sum(), one.sum()))


def still_to_ask(result: YearResult, uplift: np.ndarray) -> float:
    """What of an uplift, (colleges,) yuan, is not yet granted, college by college."""
    granted = np.nan_to_num(result.compiled.leaves["uplift_granted"])
    return float(np.maximum(0.0, uplift - granted).sum())


def paid_by(
    study: Study, result: YearResult, view: Mapping, uplift: np.ndarray
) -> dict[str, float]:
    """Which source would pay an uplift, (colleges,) yuan, in the optimum, all other needs as they are, and what is not covered; yuan."""
    needs = np.array(result.served["needs"], float)
    use, here = USES.index("performance_pay"), study.scope(result.compiled)["college"]
    needs[..., use, :] = np.where(here, uplift, needs[..., use, :])
    funded = fund(
        {"needs": needs, "college_served": result.served["college_served"]}, result.compiled, view
    )
    return uplift_sources(study, replace(result, served={**result.served, **funded}), view)
