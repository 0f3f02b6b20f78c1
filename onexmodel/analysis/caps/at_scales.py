"""One year with every cap multiplied by a scale, or by one in each draw: only what the fee bill and unmet demand lean on is computed."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ...engine.places.local import Times, overlaid
from ...engine.stages import BILL_TARGETS
from ...engine.year import plan_year, served_values
from ...rules.numbers import ratio
from ..headline import total
from ..study import Study

NO_CAP = (
    "cell_sittings",
    "cell_payable_sittings",
    "cell_organisation_cost",
    "cell_audited_cost",
    "cell_college_cash_cost",
    "supplier_payable_sittings",
    "supplier_organisation_cost",
    "supplier_bank_unrecovered",
    "payable_sittings",
    "college_unit",
    "organisation_unit",
    "audited_unit",
    "has_audited_price",
)  # values of the plan that no cap can change: volumes and costs


def at_cap_scales(
    study: Study, scales: np.ndarray, mode: str, part: Mapping[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """Fee bill, mean fee and unmet demand of the baseline's tables with every cap multiplied by each scale, and what binds in each cell.

    scales: (S,). Returns (S, draws) arrays, and (S, draws, cells). Only what the bill needs is computed.
    """
    base, inside = study.prepared.baseline, study.scope()["offering"]
    start = cap_start(study, mode, part)
    leaves, axis, plan = plan_at(study, scales[:, None, None], start)
    found = served_values(base, leaves, axis, plan, 1.0, BILL_TARGETS)
    bill, payable = (total(found[name], inside) for name in BILL_TARGETS)
    return {
        "fee_bill": bill,
        "mean_approved_fee": ratio(bill, payable),
        "unmet_share": _unmet(study, found["served"]),
        "binds": plan["binds"],
    }


def unmet_at(study: Study, scale: np.ndarray, start) -> np.ndarray:
    """(draws,) or (1,): unmet demand with every cap multiplied by one scale a draw (draws,), from a `cap_start`."""
    leaves, axis, plan = plan_at(study, scale[:, None], start)
    served = served_values(study.prepared.baseline, leaves, axis, plan, 1.0, ())["served"]
    return _unmet(study, served)


def plan_at(study: Study, scale: np.ndarray, start):
    """plan_year of the baseline's tables with every cap multiplied by `scale`, from a `cap_start`."""
    base, (view, before, known) = study.prepared.baseline, start
    scaled = overlaid(view, {"fees.cap_index": Times(scale)})
    return plan_year(base, base, scaled, before, base, known)


def _unmet(study: Study, served: np.ndarray) -> np.ndarray:
    """The part of the place's planned candidates who are not among those `served` (…, offerings)."""
    inside = study.scope()["offering"]
    planned = total(study.prepared.baseline.leaves["planned_candidates"], inside)
    return ratio(planned - total(served, inside), planned)


def cap_start(study: Study, mode: str, part: Mapping[str, np.ndarray]):
    """View, baseline plan, and the values of the plan that no cap can change."""
    view, _ = study.views(mode, **part)
    base = study.prepared.baseline
    _, _, before = plan_year(base, base, view)
    return view, before, {name: before[name] for name in NO_CAP if name in before}
