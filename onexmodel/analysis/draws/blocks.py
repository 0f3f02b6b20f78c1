"""Draws in blocks: every block is computed alone, so results do not depend on how many are taken at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from ...engine.places.local import Times, overlaid
from ...engine.stages import BILL_TARGETS
from ...engine.year import plan_year, served_values
from ...rules.numbers import ratio
from ...running.progress import Told, silent
from ..study import Study

BLOCK_ROWS = 400_000  # draws × offerings held at once: few enough for memory, enough for what all draws share to be worked out seldom


def count_of(drawn: Mapping[str, np.ndarray]) -> int:
    """How many draws there are (1 where nothing is drawn)."""
    return max([len(values) for values in drawn.values()] or [1])


def blocks(
    study: Study, drawn: Mapping[str, np.ndarray], weight: int = 1
) -> Iterator[dict[str, np.ndarray]]:
    """The draws, a block at a time; `weight` says how many results each draw brings."""
    rows = max(1, len(study.prepared.baseline.keys["offering"]))
    step = max(1, BLOCK_ROWS // (rows * weight))
    for start in range(0, count_of(drawn), step):
        yield {name: values[start : start + step] for name, values in drawn.items()}


def in_blocks(
    study: Study,
    drawn: Mapping[str, np.ndarray],
    made: Callable[[dict[str, np.ndarray]], Mapping[Any, Any]],
    told: Told = silent,
) -> dict[Any, np.ndarray]:
    """name → (draws,): what `made` gives of every block, one after the other; what no draw of a block moves stands for all of them."""
    parts, done, whole = [], 0, count_of(drawn)
    for part in blocks(study, drawn):
        size = count_of(part)
        parts.append(
            {name: np.broadcast_to(np.ravel(one), (size,)) for name, one in made(part).items()}
        )
        told(done := done + size, whole)
    return {name: np.concatenate([one[name] for one in parts]) for name in parts[0]}


def at_cap_scales(
    study: Study, scales: np.ndarray, mode: str, part: Mapping[str, np.ndarray], start=None
) -> dict[str, np.ndarray]:
    """Fee bill, mean fee and unmet demand of the baseline's tables with every cap multiplied by each scale.

    scales: (S,), the same for all draws of the block, or (1, draws, 1), one per draw. Returns (S, draws) arrays. Only what
    the bill needs is computed; `start` (see `cap_start`) carries what no cap can change over from call to call.
    """
    base, scope = study.prepared.baseline, study.scope()
    view, before, known = start or cap_start(study, mode, part)
    scale = scales[:, None, None] if scales.ndim == 1 else scales
    leaves, axis, plan = plan_year(
        base, base, overlaid(view, {"fees.cap_index": Times(scale)}), before, base, known
    )
    bill = served_values(base, leaves, axis, plan, 1.0, BILL_TARGETS)
    inside = scope["offering"]
    planned = base.leaves["planned_candidates"][inside].sum()
    fee_bill, payable, served = (
        np.sum(np.asarray(bill[name])[..., inside], axis=-1)
        for name in ("fee_bill", "payable_sittings", "served")
    )
    return {
        "fee_bill": fee_bill,
        "mean_approved_fee": ratio(fee_bill, payable),
        "unmet_share": ratio(planned - served, planned),
        "binds": plan["binds"],
    }


def cap_start(study: Study, mode: str, part: Mapping[str, np.ndarray]):
    """View, baseline plan, and the values of the plan that no cap can change (volumes and costs)."""
    view, _ = study.views(mode, **part)
    base = study.prepared.baseline
    _, _, before = plan_year(base, base, view)
    return view, before, {name: before[name] for name in NO_CAP if name in before}


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
)
