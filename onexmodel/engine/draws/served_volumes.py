"""What colleges serve, spend and work on served candidates (docs/method.md §4), by the same rules as on the plan — computed only where an
organisation does not serve its plan, and summed only for colleges that an earlier result does not hold: the same numbers bit by bit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..axes import SUMS
from ..compile import Compiled
from ..wire import Space, evaluate, inputs_of
from .left_out import CASH, COUNTED, unwanted
from .some_rows import Places, full, replaced, summed, taken

VOLUMES = (
    "payable_sittings",
    "awarded",
    "groups",
    "training_hours",
    "assessment_hours",
    "college_cash_cost",
    "training_cash_cost",
)
COLLEGE_SUMS = {
    quantity: name for name, (quantity, to) in SUMS.items() if to == "college"
}  # what headlines are made of, by what is summed
LEFT = frozenset(
    {"approved_fee", *COUNTED}
)  # given, not made of anything, when served volumes are computed
ACROSS = ("bank_share", "nation_share")  # counts that lean on what other rows serve


@dataclass(frozen=True)
class Earlier:
    """A result whose plan has the same volumes: the share each organisation serves in it, and its college sums by name."""

    share_served: np.ndarray
    sums: Mapping[str, np.ndarray]


def college_sums(
    compiled: Compiled,
    leaves: Mapping,
    axis: Mapping[str, str],
    plan: Mapping,
    earlier: Earlier | None = None,
    volumes: tuple[str, ...] = VOLUMES,
) -> dict[str, np.ndarray]:
    """Σ over what every college serves, name (of COLLEGE_SUMS) → (…, colleges), of its fee bill, candidates and `volumes`. Empty where
    the plan does not have them all, or where they lean on what other rows serve: then they are to be computed whole.

    A row whose organisation serves its plan in every draw has the plan's own volumes; a college none of whose organisations serves
    another share than in the `earlier` result has that one's sums.
    """
    left_out = unwanted(leaves, CASH, COUNTED)
    if not set(ACROSS) <= set(left_out) or not {*volumes, "fee_bill"} <= set(plan):
        return {}
    share, supplier, college = (
        plan["share_served"],
        compiled.space.maps["offering", "supplier"].index,
        compiled.space.maps["offering", "college"],
    )

    def served(targets, rows: Places):  # by the rules, on what is served of these rows
        given, on = _of_rows(
            targets,
            {**leaves, "approved_fee": plan["approved_fee"]},
            {**axis, "approved_fee": "cell"},
            compiled.space,
            rows,
        )
        given["candidates"] = leaves["planned_candidates"].take(rows.at) * share.take(
            supplier[rows.at], axis=-1
        )
        return evaluate(targets, {**given, **left_out}, on, Space({}))

    cut = Places.where(_any_draw(share < 1.0)[supplier])
    made = {
        COLLEGE_SUMS["fee_bill"]: college.sum(
            replaced(plan["fee_bill"], cut, served(("fee_bill",), cut)["fee_bill"])
        )
    }
    planned, counted = (
        {**plan, "candidates": leaves["planned_candidates"]},
        ("candidates", *volumes),
    )
    if earlier is None:  # the plan served whole
        earlier = Earlier(
            np.ones(share.shape[-1]),
            {COLLEGE_SUMS[one]: full(summed(college, planned[one])) for one in counted},
        )
    moved = Places.where(_any_draw(share != earlier.share_served)[supplier])
    colleges, rows, its = moved.groups(college)
    if not len(rows.at):
        return made | {COLLEGE_SUMS[one]: earlier.sums[COLLEGE_SUMS[one]] for one in counted}
    short = Places(rows.among(cut)[0], len(rows.at))
    found = served(volumes, Places(rows.at[short.at], rows.size))
    again = {
        one: its.sum(replaced(taken(planned[one], rows), short, found[one])) for one in counted
    }
    return made | {
        COLLEGE_SUMS[one]: replaced(earlier.sums[COLLEGE_SUMS[one]], colleges, sums)
        for one, sums in again.items()
    }


def _any_draw(found: np.ndarray) -> np.ndarray:
    return np.any(found.reshape(-1, found.shape[-1]), axis=0)


def _of_rows(
    targets, leaves: Mapping, axis: Mapping[str, str], space: Space, rows: Places
) -> tuple[dict[str, Any], dict[str, str]]:
    """The leaves that `targets` lean on, at some offerings, and their axes; what has no axis (a parameter, a table of the law) stays."""
    made, on = {}, {}
    for name in inputs_of(targets, LEFT) & set(leaves) - {"candidates"}:
        its, value = axis.get(name), leaves[name]
        if its is None:
            made[name] = value
            continue
        on[name], whole = (
            ("component" if its == "component" else "offering"),
            its in ("component", "offering"),
        )
        made[name] = (
            taken(value, rows)
            if whole
            else np.asarray(full(value)).take(space.maps["offering", its].index[rows.at], axis=-1)
        )
    return made, on
