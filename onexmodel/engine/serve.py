"""Volumes, costs and hours on served candidates (model.md §4), by the same rules as on the plan — and only where an organisation
does not serve its plan: everywhere else the plan's own values are the served ones, bit by bit."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from .compile import Compiled
from .wire import AXIS, Space, evaluate, inputs_of

VOLUMES = ("payable_sittings", "awarded", "groups", "training_hours", "assessment_hours", "college_cash_cost", "training_cash_cost")
CASH = ("college_cash", "training_cash")  # kinds of cost among them
COUNTED = {"assessors": ("assessor", "assessor_theory", "assessor_practical"), "bank_share": ("bank",), "nation_share": ("nation_year",),
           "province_share": ("province_year",)}  # counts worth leaving out where no rate is multiplied by them
ACROSS = ("bank_share", "nation_share")  # counts that lean on what other rows serve


def unwanted(leaves: Mapping) -> dict[str, np.ndarray]:
    """Counts that no cash rate of colleges is multiplied by: missing, so that they are neither computed nor used unseen."""
    wanted = {driver for kind in CASH for driver in leaves[f"{kind}_rates"]}
    return {name: np.full((2, 1) if name == "assessors" else 1, np.nan) for name, drivers in COUNTED.items() if not wanted & set(drivers)}


def served_volumes(compiled: Compiled, leaves: Mapping, axis: Mapping[str, str], plan: Mapping) -> dict[str, np.ndarray]:
    """VOLUMES on served candidates, each (…, offerings), from the plan's and the rows whose organisation serves less. Empty where the
    plan does not have them all, or where they lean on what other rows serve: then they are to be computed whole."""
    left_out = unwanted(leaves)
    if not set(ACROSS) <= set(left_out) or not set(VOLUMES) <= set(plan):
        return {}
    share = np.asarray(plan["share_served"]).take(compiled.space.maps["offering", "supplier"].index, axis=-1)
    shape = np.broadcast_shapes(share.shape, *(np.shape(plan[name]) for name in VOLUMES))
    share = np.broadcast_to(share, shape)
    where = np.nonzero(share < 1.0)
    if not len(where[0]):
        return {name: plan[name] for name in VOLUMES}
    pick = _picker(where)
    fewer, its_axis = {"candidates": pick(leaves["planned_candidates"]) * share[where]}, {"candidates": "offering"}
    for name in inputs_of(VOLUMES) - set(AXIS) - {"candidates"}:
        if name in leaves:
            fewer[name], its_axis[name] = _picked(leaves[name], axis.get(name), compiled.space, pick)
    found = evaluate(VOLUMES, {**fewer, **left_out}, {name: on for name, on in its_axis.items() if on}, Space({}))
    made = {}
    for name in VOLUMES:
        made[name] = np.broadcast_to(plan[name], shape).copy()
        made[name][where] = found[name]
    return made


def _picker(where: tuple[np.ndarray, ...]) -> Callable[[np.ndarray], np.ndarray]:
    """x (broadcastable to the full shape) → its values at the chosen rows, without making it full."""
    def pick(x):
        x = np.asarray(x)
        picked = x[tuple(where[k - x.ndim] if size > 1 else 0 for k, size in enumerate(x.shape))] if x.ndim else x
        return np.broadcast_to(picked, where[-1].shape)
    return pick


def _picked(value, on: str | None, space: Space, pick) -> tuple[object, str | None]:
    """A leaf at the chosen rows, and the axis it then lives on."""
    if isinstance(value, Mapping):  # rates by driver; a table of the law stays as it is
        return ({driver: pick(rate) for driver, rate in value.items()}, on) if on else (value, None)
    if on == "component":
        return np.stack([pick(value[..., part, :]) for part in (0, 1)]), on
    if on not in (None, "offering"):
        value = np.asarray(value).take(space.maps["offering", on].index, axis=-1)
    return (pick(value), on and "offering") if on or isinstance(value, np.ndarray) else (value, None)
