"""The funding stage: pots shared out, the optimum, the waterfall, and how many candidates funds reach (docs/method.md §6)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..rules import funding as f
from .compile import Compiled
from .places.local import college_view
from .result import YearResult

POTS = ("central_award", "local_appropriation")  # of the province, in the order they are shared out
AFFORDED = 0.005  # yuan: the two gaps up to which nothing counts as missing


@dataclass(frozen=True)
class Shared:
    """Pots shared out. needs, awards: pot → (…, colleges) yuan, of the pots that hold something; weight (…, colleges), None without a
    pot; by_source: 7 × (…, colleges), limits after awards and crowding out."""

    needs: dict[str, np.ndarray]
    awards: dict[str, np.ndarray]
    weight: np.ndarray | None
    by_source: tuple[np.ndarray, ...]

    @property
    def award(self):
        """All awards of a college; 0 without a pot."""
        return sum(self.awards.values(), np.zeros(self.by_source[0].shape[-1]))

    @property
    def limits(self) -> np.ndarray:
        """(…, 7, colleges)."""
        return np.stack(np.broadcast_arrays(*self.by_source), axis=-2)


def share_pots(
    needs, served, own_limits, students, pots, province, provinces: int, allowed, view
) -> Shared:
    """The provinces' pots over their colleges, central first (docs/method.md §6).

    needs (…, 4, colleges), served (…, colleges), own_limits (7, colleges), students (colleges,), pots: name → (provinces,),
    province (colleges,).
    """
    limits, wanted, awards, weight = (
        list(own_limits),
        {},
        {},
        None,
    )  # by source: one set for all draws until an award is added
    for source in POTS:
        if not pots[source].any():
            continue
        at = f.SOURCES.index(source)
        gap, wanted[source] = f.gap_and_pot_need(needs, tuple(limits), allowed, at)
        if weight is None:  # once, before any award
            weight = f.pot_weights(
                served,
                gap,
                students,
                f.stacked_sum(own_limits),
                province,
                provinces,
                view["funding.pot_weights"],
            )
        awards[source] = f.pot_awards(pots[source], wanted[source], weight, province)
        limits[at] = limits[at] + awards[source]
        if source == "central_award":
            local = f.SOURCES.index("local_appropriation")
            limits[local] = f.local_after_crowding_out(
                limits[local], awards[source], view["funding.crowding_out"]
            )
    return Shared(wanted, awards, weight, tuple(limits))


def fund(values, compiled: Compiled, view, whole: bool = True) -> dict:
    """Pots, optimum and (unless not asked for the whole) what stays idle and the waterfall of every college (docs/method.md §6)."""
    view = college_view(compiled, view)
    leaves, province = compiled.leaves, compiled.space.maps["college", "province"].index
    allowed = f.eligible(leaves["eligibility"], view["funding.award_pays_salary"])
    uses, sources = (
        f.priority(view["funding.use_order"], f.USES),
        f.priority(view["funding.source_order"], f.SOURCES),
    )
    needs = values["needs"]
    shared = share_pots(
        needs,
        values["college_served"],
        leaves["own_limits"],
        leaves["students"],
        {name: leaves[f"pot_{name}"] for name in POTS},
        province,
        len(compiled.keys["province"]),
        allowed,
        view,
    )
    covered = f.covered(needs, shared.by_source, allowed, uses)
    gaps = f.gaps(needs, covered)
    made = {f"funding_gap_{use}": gaps[..., i, :] for i, use in enumerate(f.USES)} | {
        "funding_gap": f.funding_gap(gaps),
        "award": shared.award,
        "covered": covered,
    }
    if not whole:
        return made
    limits = shared.limits
    made |= {"limits": limits, "idle": f.idle(limits, covered)}
    made["waterfall_gap"] = f.waterfall_gap(
        needs, limits, allowed, uses, leaves["own_order"], sources
    )
    made["order_loss"] = f.order_loss(made["waterfall_gap"], made["funding_gap"])
    return made


def fund_flows(result: YearResult, view) -> np.ndarray:
    """Which source pays which use in the optimum, made unique: (…, 7 sources, 4 uses, colleges), yuan."""
    allowed = f.eligible(result.compiled.leaves["eligibility"], view["funding.award_pays_salary"])
    return f.flows(
        result.served["covered"],
        result.served["limits"],
        allowed,
        f.priority(view["funding.use_order"], f.USES),
        f.priority(view["funding.source_order"], f.SOURCES),
    )


def _affordable(values, limits, allowed) -> np.ndarray:
    """Colleges for which nothing is missing for assessment and training; pay and teacher training ration nobody."""
    needs = values["needs"].copy()
    needs[..., [f.USES.index("teacher_training"), f.USES.index("performance_pay")], :] = 0.0
    gap = f.gaps(needs, f.covered(needs, limits, allowed, (0, 1, 2, 3)))
    return (gap[..., :2, :] <= AFFORDED).all(-2)


def unaffordable(
    served, compiled: Compiled, view, at_scale: Callable[[np.ndarray, dict], dict]
) -> np.ndarray:
    """Served candidates that funds do not reach: the feasible end of 60 halvings (mode both), else 0. `at_scale` gives the served values with
    each college's candidates at a share of them, and some values held."""
    if view["response.mode"] != "both":
        return np.zeros(len(compiled.keys["college"]))
    allowed = f.eligible(compiled.leaves["eligibility"], view["funding.award_pays_salary"])
    fine = _affordable(served, served["limits"], allowed)
    held = {
        name: served[name] for name in ("national_sittings_used",) if name in served
    }  # each college alone: others' trials move no number of it
    low, high = fine * 1.0, np.ones(fine.shape)
    for _ in range(60 if not fine.all() else 0):
        middle = (low + high) / 2
        good = _affordable(at_scale(middle, held), served["limits"], allowed)
        low, high = np.where(good, middle, low), np.where(good, high, middle)
    return served["college_served"] * (1 - low)
