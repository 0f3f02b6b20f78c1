"""One year with every cap multiplied by a scale, or by one in each draw: only what the fee bill and unmet demand lean on is computed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

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


@dataclass(frozen=True)
class Start:
    """What scales of the cap begin with: the view, the baseline's plan and the `known` values of it that no cap changes; `apart`: what
    draws share is computed apart, which pays where each draw has a scale of its own."""

    view: Mapping
    before: Mapping
    known: Mapping
    apart: bool


def at_cap_scales(
    study: Study, scales: np.ndarray, mode: str, part: Mapping[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """Fee bill, mean fee and unmet demand of the baseline's tables with every cap multiplied by each scale, and what binds in each cell.

    scales: (S,). Returns (S, draws) arrays, and (S, draws, cells). Only what the bill needs is computed.
    """
    base, inside = study.prepared.baseline, study.scope()["offering"]
    leaves, axis, plan = plan_at(study, scales[:, None, None], cap_start(study, mode, part))
    found = served_values(base, leaves, axis, plan, 1.0, BILL_TARGETS)
    bill, payable = (total(found[name], inside) for name in BILL_TARGETS)
    return {
        "fee_bill": bill,
        "mean_approved_fee": ratio(bill, payable),
        "unmet_share": _unmet(study, found["served"]),
        "binds": plan["binds"],
    }


def unmet_at(study: Study, scale: np.ndarray, start: Start) -> np.ndarray:
    """(draws,) or (1,): unmet demand with every cap multiplied by one scale a draw (draws,)."""
    leaves, axis, plan = plan_at(study, scale[:, None], start)
    served = served_values(study.prepared.baseline, leaves, axis, plan, 1.0, ())["served"]
    return _unmet(study, served)


def plan_at(study: Study, scale: np.ndarray, start: Start):
    """plan_year of the baseline's tables with every cap multiplied by `scale`."""
    base, view = study.prepared.baseline, overlaid(start.view, {"fees.cap_index": Times(scale)})
    return plan_year(base, base, view, start.before, base, start.known, (), start.apart)


def _unmet(study: Study, served: np.ndarray) -> np.ndarray:
    """The part of the place's planned candidates who are not among those `served` (…, offerings)."""
    inside = study.scope()["offering"]
    planned = total(study.prepared.baseline.leaves["planned_candidates"], inside)
    return ratio(planned - total(served, inside), planned)


def cap_start(
    study: Study, mode: str, part: Mapping[str, np.ndarray], apart: bool = False
) -> Start:
    """Of the draws of `part`."""
    base, (view, _) = study.prepared.baseline, study.views(mode, **part)
    _, _, before = plan_year(base, base, view, at_some_rows=apart)
    return Start(view, before, {name: before[name] for name in NO_CAP if name in before}, apart)
