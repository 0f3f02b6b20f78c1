"""One year under one law, in stages: fees → response on the plan → served volumes → funding. Each stage can be had alone."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .compile import CELL, Compiled
from .draws.left_out import PLANNED, unwanted
from .draws.served_volumes import COLLEGE_SUMS, VOLUMES, Earlier, college_sums
from .draws.some_rows import full
from .leaves import MADE_OF, year_leaves
from .places.local import LOCAL, differing, same_value
from .pots import fund, unaffordable
from .result import YearResult
from .stages import (
    AFTER_CARRIED,
    BILL_TARGETS,
    CARRIED,
    FEE_TARGETS,
    HEADLINE_TARGETS,
    RESPONSE,
    SERVED_TARGETS,
    Extent,
)
from .wire import AXIS, downstream, evaluate


def run_year(
    compiled: Compiled,
    priced: Compiled,
    view,
    baseline: YearResult | None = None,
    baseline_view=None,
    extent: Extent = "whole",
) -> YearResult:
    """Every stage, as far as `extent` asks. `priced` is what fees are set on (the baseline's rows unless re-verified); numbers of the view may be
    (draws, 1) arrays, and then every result carries a leading draw axis where it depends on them. With the baseline's view what
    it and this one share is not computed again."""
    known = (
        unchanged(baseline, compiled, priced, baseline_view, view)
        if baseline and baseline_view is not None
        else None
    )
    leaves, axis, plan = plan_year(
        compiled,
        priced,
        view,
        baseline.plan if baseline else None,
        baseline.compiled if baseline else None,
        known,
        () if extent == "whole" else (*_volumes(extent), "fee_bill"),
        extent != "whole",
    )
    if extent != "whole":
        earlier = (
            Earlier(baseline.plan["share_served"], baseline.served)
            if baseline and known and set(_volumes(extent)) <= set(known)
            else None
        )
        served = _of_colleges(compiled, leaves, axis, plan, earlier, extent)
        plan["payable_sittings"] = full(
            plan["payable_sittings"]
        )  # once, for all sides that multiply it by their own fees
        if extent == "headlines":
            served |= fund(served, compiled, view, whole=False)
        return YearResult(compiled, plan, served)
    served = served_values(
        compiled, leaves, axis, plan, 1.0, SERVED_TARGETS, view["response.mode"] == "none"
    )
    served = {**served, **fund(served, compiled, view)}
    at = compiled.space.maps["offering", "college"].index
    served["unaffordable_candidates"] = unaffordable(
        served,
        compiled,
        view,
        lambda share, held: served_values(compiled, leaves, axis, plan, share[..., at], held=held),
    )
    return YearResult(compiled, plan, served)


def plan_year(
    compiled: Compiled,
    priced: Compiled,
    view,
    baseline_plan=None,
    baseline_compiled: Compiled | None = None,
    known=None,
    more: tuple[str, ...] = (),
    at_some_rows: bool = False,
):
    """Fees and the organisations' response on planned volumes. Returns (leaves, axis of each leaf, plan values). `known`
    are values of an earlier plan that the view cannot have changed; they are taken instead of being computed again. `more`: other
    quantities of the plan that are wanted; `at_some_rows`: what differs between draws at some offerings only may be left AtSomeRows there."""
    leaves, axis = year_leaves(compiled, view, known, at_some_rows)
    if at_some_rows:
        leaves |= unwanted(leaves, PLANNED, ("assessors", "nation_share", "province_share"))
    known = known or {}
    same = priced is compiled
    fees = _fees(
        priced, view, {**leaves, **known} if same else None, axis, baseline_plan, baseline_compiled
    )
    shown = {name: _to_cells(full(fees[name]), priced, compiled) for name in FEE_TARGETS}
    kept = {
        name: fees[name]
        for name in fees
        if same and name not in leaves and not name.startswith("baseline_")
    }
    given = {**leaves, **kept, **known, **shown}
    plan = evaluate(
        (*RESPONSE, "cell_sittings", *more),
        given,
        {**axis, "approved_fee": "cell"},
        compiled.space,
    )
    rowwise = ("offering", "component")
    return (
        leaves,
        axis,
        {
            name: value if AXIS.get(name) in rowwise else full(value)
            for name, value in plan.items()
            if name not in leaves
        }
        | shown,
    )


def _fees(priced: Compiled, view, leaves, axis, baseline_plan, baseline_compiled) -> dict:
    if leaves is None:
        leaves, axis = year_leaves(priced, view)
    if baseline_plan is None:
        nothing = np.full(len(priced.keys["cell"]), np.nan)
        first = evaluate(
            CARRIED[:3],
            {**leaves, "baseline_proposed_fee": nothing},
            {**axis, "baseline_proposed_fee": "cell"},
            priced.space,
        )
        carried = {name: first.get(name, nothing) for name in CARRIED[:3]} | {
            "approved_fee": nothing
        }
        leaves = {
            **leaves,
            **{
                name: value
                for name, value in first.items()
                if name in AXIS and name not in leaves and name not in AFTER_CARRIED
            },
        }
    else:
        carried = {
            name: _to_cells(baseline_plan[name], baseline_compiled, priced) for name in CARRIED
        }
    given = {**leaves, **{f"baseline_{name}": value for name, value in carried.items()}}
    return evaluate(
        FEE_TARGETS,
        given,
        {**axis, **{f"baseline_{name}": "cell" for name in CARRIED}},
        priced.space,
    )


def _to_cells(values, have: Compiled, want: Compiled) -> np.ndarray:
    if have.keys["cell"] is want.keys["cell"] or have.keys["cell"].equals(want.keys["cell"]):
        return values
    index = pd.MultiIndex.from_frame(have.keys["cell"][CELL]).get_indexer(
        pd.MultiIndex.from_frame(want.keys["cell"][CELL])
    )
    return np.where(index >= 0, np.asarray(values, float)[..., index], np.nan)


def served_values(
    compiled, leaves, axis, plan, scale, targets=SERVED_TARGETS, as_planned: bool = False, held=None
) -> dict:
    """Volumes once more, on what is served; where that is the plan (`as_planned`) what the plan has is taken. `held`: values that are
    not to follow the scale."""
    known = (
        {
            name: value
            for name, value in plan.items()
            if name in AXIS and name not in ("margin", "supplier_fee_bill", "fee_bill")
        }
        if as_planned
        else {}
    )
    given = {
        **leaves,
        **known,
        "share_served": plan["share_served"],
        "approved_fee": plan["approved_fee"],
    }
    axis = {**axis, "share_served": "supplier", "approved_fee": "cell"}
    kept = (
        leaves["planned_candidates"]
        if as_planned
        else evaluate(("served",), given, axis, compiled.space)["served"] * scale
    )
    return evaluate(
        targets, {**given, "candidates": kept, **(held or {})}, axis, compiled.space
    ) | {"served": kept}


def _volumes(extent: Extent) -> tuple[str, ...]:
    """The volumes that sums of colleges are made of, beside candidates."""
    return BILL_TARGETS[1:] if extent == "bill" else VOLUMES


def _of_colleges(compiled, leaves, axis, plan, earlier: Earlier | None, extent: Extent) -> dict:
    """What the headlines, or the fee bill alone, are made of, on what is served."""
    targets = (
        tuple(COLLEGE_SUMS[one] for one in BILL_TARGETS) if extent == "bill" else HEADLINE_TARGETS
    )
    sums = college_sums(compiled, leaves, axis, plan, earlier, _volumes(extent))
    if not sums:
        return served_values(compiled, leaves, axis, plan, 1.0, targets)
    return evaluate(targets, {**leaves, **sums}, axis, compiled.space)


def unchanged(
    baseline: YearResult, compiled: Compiled, priced: Compiled, before, after
) -> dict | None:
    """Values of the baseline's plan that the after view cannot have changed: not downstream of a parameter that differs, nor of the
    baseline's own fees. None where the tables differ."""
    if baseline.compiled is not compiled or priced is not compiled:
        return None
    differ = {
        name
        for name in after
        if name != LOCAL
        and after[name] is not before[name]
        and not same_value(after[name], before[name])
    }
    differ = {name.replace(".", "_") for name in differ | differing(before, after)}
    differ |= {
        leaf
        for leaf, names in MADE_OF.items()
        if differ & {name.replace(".", "_") for name in names}
    }
    moved = downstream(frozenset(differ | {f"baseline_{name}" for name in CARRIED}))
    return {
        name: value for name, value in baseline.plan.items() if name not in moved and name in AXIS
    }
