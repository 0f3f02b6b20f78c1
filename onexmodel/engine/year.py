"""One year under one law, in stages: fees, response on the plan, served volumes, funding. Each stage can be had alone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from ..data.codes import TIERS
from ..errors import DataError, Fault
from ..law.parameters import FORMS, Law, required_faults
from ..law.registry import served_rules
from ..rules import funding as f
from ..rules.cost import KINDS
from .compile import CELL, LEVELS, Compiled, mid_year
from .discount import rates_at
from .local import LOCAL, axis_of, college_view, differing, laid, place_rows
from .partly import Partly, Places, full
from .result import YearResult
from .serve import COLLEGE_SUMS, VOLUMES, Earlier, college_sums
from .spare import PLANNED, at_rows_of, unwanted
from .wire import AXIS, downstream, evaluate, inputs_of

FEE_TARGETS = (
    "cap",
    "college_unit",
    "ceiling",
    "organisation_unit",
    "proposed_fee",
    "verified_fee",
    "modelled_fee",
    "standard_fee",
    "approved_fee",
    "binds",
    "over_cap",
    "special_in_force",
    "pass_through",
    "pass_through_class",
)
CARRIED = ("modelled_fee", "ceiling", "proposed_fee", "approved_fee")
SERVED_TARGETS = (*served_rules(), "college_served", "college_awarded")
MADE_OF = {
    "pass_rate": ("volume.default_pass_rate",),
    "retake_share": ("volume.default_retake_share",),
    "staff_hour_cost": ("workload.staff_hour_cost",),
    **{f"{kind}_rates": ("funding.discount_rate",) for kind in KINDS},
    "component_cap": tuple(f"fees.cap.{form}" for form in FORMS),
}  # parameters inside leaves that year_leaves makes
MADE_OF_ALL = {name for names in MADE_OF.values() for name in names} | {
    "funding.crowding_out"
}  # laid where they enter
FUNDING_TAKES = (
    "funding.award_pays_salary",
    "funding.use_order",
    "funding.source_order",
    "funding.pot_weights",
    "funding.crowding_out",
)
HEADLINE_TARGETS = (*COLLEGE_SUMS.values(), "needs", "uplift", "added_hours", "uplift_eligible")
AFTER_CARRIED = downstream(
    frozenset(f"baseline_{name}" for name in CARRIED)
)  # what a first pass does not know yet
BILL_TARGETS = ("fee_bill", "payable_sittings")
POTS = ("central_award", "local_appropriation")  # of the province, in the order they are shared out


def run_year(
    compiled: Compiled,
    priced: Compiled,
    view,
    baseline: YearResult | None = None,
    baseline_view=None,
    headlines: bool = False,
) -> YearResult:
    """Every stage. `priced` is what fees are set on (the baseline's rows unless re-verified); numbers of the view may be
    (draws, 1) arrays, and then every result carries a leading draw axis where it depends on them. With the baseline's view what
    it and this one share is not computed again; `headlines`: only what the headlines of a place are made of."""
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
        baseline and baseline.compiled,
        known,
        (*VOLUMES, "fee_bill") if headlines else (),
        headlines,
    )
    if headlines:
        earlier = (
            Earlier(baseline.plan["share_served"], baseline.served)
            if known and set(VOLUMES) <= set(known)
            else None
        )
        served = _headlines(compiled, leaves, axis, plan, earlier)
        plan["payable_sittings"] = full(
            plan["payable_sittings"]
        )  # once, for all sides that multiply it by their own fees
        return YearResult(compiled, plan, {**served, **fund(served, compiled, view, whole=False)})
    served = _served(
        compiled, leaves, axis, plan, 1.0, SERVED_TARGETS, view["response.mode"] == "none"
    )
    served = {**served, **fund(served, compiled, view)}
    served["unaffordable_candidates"] = _unaffordable(compiled, leaves, axis, plan, served, view)
    return YearResult(compiled, plan, served)


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
        and not _equal(after[name], before[name])
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


def _equal(one, other) -> bool:
    return (
        bool(np.array_equal(one, other))
        if isinstance(one, np.ndarray) or isinstance(other, np.ndarray)
        else one == other
    )


def plan_year(
    compiled: Compiled,
    priced: Compiled,
    view,
    baseline_plan=None,
    baseline_compiled: Compiled | None = None,
    known=None,
    more: tuple[str, ...] = (),
    partly: bool = False,
):
    """Fees and the organisations' response on planned volumes. Returns (leaves, axis of each leaf, plan values). `known`
    are values of an earlier plan that the view cannot have changed; they are taken instead of being computed again. `more`: other
    quantities of the plan that are wanted; `partly`: what differs between draws at some offerings only may be left Partly there."""
    leaves, axis = year_leaves(compiled, view, known, partly)
    if partly:
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
        (
            "margin",
            "share_served",
            "supplier_shortfall",
            "supplier_payable_sittings",
            "cell_sittings",
            *more,
        ),
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


def bill_of_plan(compiled: Compiled, leaves, axis, plan) -> dict:
    """Served candidates and the fee bill only: what sweeps over caps need."""
    return _served(compiled, leaves, axis, plan, 1.0, BILL_TARGETS)


def parameters_behind(targets: tuple[str, ...], funded: bool) -> set[str]:
    """Argument names (dots as _) of every parameter that can move `targets`; `funded`: also through pots and funding."""
    names = inputs_of((*targets, "served", "approved_fee"))
    made = {
        one.replace(".", "_") for leaf, many in MADE_OF.items() if leaf in names for one in many
    }
    return names | made | ({one.replace(".", "_") for one in FUNDING_TAKES} if funded else set())


def year_leaves(compiled: Compiled, view, known=None, partly: bool = False) -> tuple[dict, dict]:
    leaves, axis = dict(compiled.leaves), dict(compiled.leaf_axis)
    leaves |= {name.replace(".", "_"): value for name, value in view.items() if name != LOCAL}
    for name in (name for name in view.get(LOCAL, ()) if name not in MADE_OF_ALL):
        leaves[name.replace(".", "_")], axis[name.replace(".", "_")] = (
            laid(compiled, view, name, axis_of(name, view)),
            axis_of(name, view),
        )
    leaves["candidates"], axis["candidates"] = leaves["planned_candidates"], "offering"
    for name, default in (
        ("pass_rate", "volume.default_pass_rate"),
        ("retake_share", "volume.default_retake_share"),
    ):
        usual = laid(compiled, view, default, "offering")
        leaves[name], axis[name] = (
            _given_or(leaves[f"given_{name}"], compiled.blank[name], usual, partly),
            "offering",
        )
    leaves["component_cap"], axis["component_cap"] = _caps(compiled, view), "cell"
    leaves |= rates_at(view["funding.discount_rate"], leaves, compiled.discount_rate, partly)
    day = np.datetime64(mid_year(compiled.year))
    started, ended = leaves["special_from"] <= day, leaves["special_to"] <= day
    leaves["special_applies"], axis["special_applies"] = (
        leaves["special_document"] & started & ~ended,
        "cell",
    )
    leaves["staff_hour_cost"], axis["staff_hour_cost"] = (
        laid(
            compiled, view, "workload.staff_hour_cost", "college", partial(_by_tier, leaves["tier"])
        ),
        "college",
    )
    first = known or evaluate(("cell_sittings",), leaves, axis, compiled.space)
    leaves["planned_province_sittings"], axis["planned_province_sittings"] = (
        first["cell_sittings"],
        "cell",
    )
    if partly and np.ndim(first["cell_sittings"]) > 1:
        leaves["planned_province_sittings"], axis["planned_province_sittings"] = (
            at_rows_of("province_year", first["cell_sittings"], compiled),
            "offering",
        )
    return leaves, axis


def _given_or(given: np.ndarray, blank: Places, usual, partly: bool):
    """What offerings state, else what is usual; (offerings,), with draws where that has them, Partly if it is wanted."""
    if not len(blank.at):
        return given
    if partly and np.ndim(usual) > 1:
        return Partly(given, blank, np.broadcast_to(usual, (len(usual), len(given)))[:, blank.at])
    return np.where(np.isnan(given), usual, given)


def _by_tier(tiers, cost) -> np.ndarray:
    """tier → yuan, or where drawn (draws, TIERS), as (…, colleges)."""
    cost = cost if isinstance(cost, np.ndarray) else np.array([cost[tier] for tier in TIERS], float)
    return cost[..., [TIERS.index(tier) for tier in tiers]]


def _caps(compiled: Compiled, view) -> np.ndarray:
    forms, levels = compiled.leaves["component_form"], compiled.leaves["cell_level_at"]

    def by_level(table) -> list[float]:
        return [table.get(level, table.get("all", np.nan)) for level in LEVELS]

    amounts = np.array(
        [by_level(view[f"fees.cap.{form}"]) for form in FORMS] + [[np.nan] * len(LEVELS)], float
    )
    amounts = amounts[forms, levels]  # no component: the last row
    for number, form in enumerate(FORMS):
        for where, table in view.get(LOCAL, {}).get(f"fees.cap.{form}", ()):
            amounts = np.where(
                place_rows(compiled, "cell", where) & (forms == number),
                np.array(by_level(table))[levels],
                amounts,
            )
    return amounts


def need_caps(compiled: Compiled, law: Law, year: int) -> None:
    used = [
        form
        for number, form in enumerate(FORMS)
        if (compiled.leaves["component_form"] == number).any()
    ]
    faults = required_faults(law, mid_year(year), used) + _bare_cells(compiled)
    if not faults:
        known = ~np.isnan(_caps(compiled, law.at(mid_year(year)))) | (
            compiled.leaves["component_form"] < 0
        )
        faults = [
            Fault(
                f"证书 {row.certificate} {row.level}",
                "没有适用的成本上限",
                do="在 caps 表补上该形式与等级的金额",
            )
            for row in compiled.keys["cell"][~known.all(0)].itertuples()
        ]
    if faults:
        raise DataError(faults)


def _bare_cells(compiled: Compiled) -> list[Fault]:
    """Certificates and levels that are planned and have no component: neither a cap nor a session can be computed for them."""
    planned = compiled.space.maps["offering", "cell"].sum(compiled.leaves["planned_candidates"]) > 0
    bare = compiled.keys["cell"][planned & (compiled.leaves["component_form"] < 0).all(0)]
    return [
        Fault(
            f"证书 {certificate} {level}",
            "有开考计划，却没有通用的考核环节行，形式与上限无从确定",
            do="在 components 表补上不限省份、院校的一行",
            code="no_component",
        )
        for certificate, level in dict.fromkeys(
            zip(bare["certificate"], bare["level"], strict=True)
        )
    ]


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


def _served(
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


def _headlines(compiled, leaves, axis, plan, earlier: Earlier | None) -> dict:
    """HEADLINE_TARGETS on what is served."""
    sums = college_sums(compiled, leaves, axis, plan, earlier)
    if not sums:
        return _served(compiled, leaves, axis, plan, 1.0, HEADLINE_TARGETS)
    return evaluate(HEADLINE_TARGETS, {**leaves, **sums}, axis, compiled.space)


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
        f.use_priority(view["funding.use_order"]),
        f.source_priority(view["funding.source_order"]),
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
        f.use_priority(view["funding.use_order"]),
        f.source_priority(view["funding.source_order"]),
    )


AFFORDED = 0.005  # yuan: the two gaps up to which nothing counts as missing


def _affordable(values, limits, allowed) -> np.ndarray:
    """Colleges for which nothing is missing for assessment and training; pay and teacher training ration nobody."""
    needs = values["needs"].copy()
    needs[..., [f.USES.index("teacher_training"), f.USES.index("performance_pay")], :] = 0.0
    gap = f.gaps(needs, f.covered(needs, limits, allowed, (0, 1, 2, 3)))
    return (gap[..., :2, :] <= AFFORDED).all(-2)


def _unaffordable(compiled, leaves, axis, plan, served, view) -> np.ndarray:
    """Served candidates that funds do not reach: the feasible end of 60 halvings (mode both), else 0."""
    if view["response.mode"] != "both":
        return np.zeros(len(compiled.keys["college"]))
    allowed = f.eligible(leaves["eligibility"], view["funding.award_pays_salary"])
    at = compiled.space.maps["offering", "college"].index
    fine = _affordable(served, served["limits"], allowed)
    held = {
        name: served[name] for name in ("national_sittings_used",) if name in served
    }  # each college alone: others' trials move no number of it
    low, high = fine * 1.0, np.ones(fine.shape)
    for _ in range(60 if not fine.all() else 0):
        middle = (low + high) / 2
        good = _affordable(
            _served(compiled, leaves, axis, plan, middle[..., at], held=held),
            served["limits"],
            allowed,
        )
        low, high = np.where(good, middle, low), np.where(good, high, middle)
    return served["college_served"] * (1 - low)
