"""Quality guards of cost reduction (C11, docs/method.md §8): what each looks at, its limit, and where a change breaks it.

Leaves are those of a compiled year plus `own_assessors`. A guard's burden is the larger the worse; arrays are (2 components, offerings).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ...engine.draws.swap_table import OWN
from ...rules.volume import minutes_per_candidate

GUARDS = ("pass_rate", "candidates_per_assessor", "minutes_per_candidate", "assessor_independence")
LIMITS = {
    "pass_rate": "quality.pass_rate_drop_max",
    "candidates_per_assessor": "quality.candidates_per_assessor_max",
    "minutes_per_candidate": "quality.minutes_per_candidate_min",
}
SLACK = 1e-9


def burden(guard: str, leaves: Mapping[str, np.ndarray]) -> np.ndarray:
    """What the guard watches, missing where it does not apply (the floor on minutes is on practical ones)."""
    if guard == "candidates_per_assessor":
        return leaves["candidates_per_assessor"]
    if guard == "minutes_per_candidate":
        practical = minutes_per_candidate(
            *(leaves[name][1] for name in ("hours_per_session", "session_capacity", "stations"))
        )
        return -np.stack([np.full_like(practical, np.nan), practical])
    if guard == "pass_rate":
        return -100 * np.stack([leaves["given_pass_rate"]] * 2)
    return np.stack([leaves[OWN]] * 2)


def limit(guard: str, before: Mapping[str, np.ndarray], view: Mapping) -> np.ndarray | float:
    """The most the burden may be."""
    if guard == "pass_rate":
        return burden(guard, before) + view[LIMITS[guard]]
    if guard == "assessor_independence":
        return 0.0
    return view[LIMITS[guard]] * (-1 if guard == "minutes_per_candidate" else 1)


def worse(
    guard: str, before: Mapping[str, np.ndarray], after: Mapping[str, np.ndarray]
) -> np.ndarray:
    """Where the burden grew."""
    with np.errstate(invalid="ignore"):
        return burden(guard, after) > burden(guard, before) + SLACK


def broken(
    guard: str, before: Mapping[str, np.ndarray], after: Mapping[str, np.ndarray], view: Mapping
) -> np.ndarray:
    """Where the burden grew past its limit, in components that are used. What was past it already and did not grow is not the change's doing."""
    used = (np.asarray(before["planned_candidates"]) > 0) & (after["session_capacity"] > 0)
    with np.errstate(invalid="ignore"):
        return (
            worse(guard, before, after)
            & (burden(guard, after) > limit(guard, before, view) + SLACK)
            & used
        )
