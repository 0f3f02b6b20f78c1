"""Contestant: openfisca-core with the same rules as Variables, float32 as openfisca has it; one simulation per draw and side.

The person entity is the offering; cell, supplier, college and certificate are group entities. Openfisca has no second axis and no groups of groups:
the two components are two variables each, a cell sees its supplier through its first offering, and the provincial pots are filled inside a
formula of the college with plain numpy on an input variable (the province's number), each college being told its province's pot.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np

from .task import (
    KINDS,
    NAMES,
    by_name,
    check_readings,
    funding_facts,
    group_of,
    side_arrays,
    sides_of_draws,
)

USES = ("need_assessment", "need_training", "need_teacher_training", "uplift")
GROUPS = {
    "cell": "cells",
    "supplier": "suppliers",
    "college": "colleges",
    "certificate": "certificates",
}
HEADLINES = {
    "fee_bill": "served_fee_bill",
    "served": "served",
    "college_outlay": "needs",
    "funding_gap": "funding_gap",
    "uplift": "uplift",
    "supplier_shortfall": "supplier_shortfall",
}


def make(task):
    """A function of draws that returns the headlines of every side, name → (draws,)."""
    from openfisca_core.entities import Entity, GroupEntity
    from openfisca_core.taxbenefitsystems import TaxBenefitSystem

    check_readings(task)
    arrays, caps = side_arrays(task)
    facts = funding_facts(task)
    offering = Entity("offering", "offerings", "an offering", "")
    groups = {
        name: GroupEntity(name, plural, name, "", roles=[{"key": "member"}])
        for name, plural in GROUPS.items()
    }
    system = TaxBenefitSystem([offering, *groups.values()])
    inputs = inputs_of(task, arrays)
    rates = {kind: tuple(arrays[f"{kind}_rates"]) for kind in KINDS}
    for variable in variables(offering, groups, inputs, rates, facts):
        system.add_variable(variable)
    at = {
        name: group_of(task, "offering", "national" if name == "certificate" else name)
        for name in GROUPS
    }
    sizes = {
        name: int(index.max()) + 1 for name, index in at.items()
    }  # openfisca's sums end at the last group that has a member
    inputs = {
        name: (entity, values[: sizes.get(entity)]) for name, (entity, values) in inputs.items()
    }

    def run(drawn):
        found = np.zeros((len(next(iter(drawn.values()))), len(task.views), len(NAMES)))
        for draw, sides in enumerate(sides_of_draws(task, drawn)):
            baseline = None
            for side, parameters in enumerate(sides):
                simulation, headlines = one_side(
                    system, inputs, caps[side], parameters, at, sizes, baseline
                )
                baseline = simulation if baseline is None else baseline
                found[draw, side] = [headlines[name] for name in NAMES]
        return by_name(found)

    return run


def inputs_of(task, arrays) -> dict[str, tuple[str, np.ndarray]]:
    """The engine's arrays as input variables: name → (entity, values)."""
    made = {
        name: ("offering", arrays[name])
        for name in (
            "planned_candidates",
            "given_pass_rate",
            "given_retake_share",
            "class_size",
            "course_hours",
            "integration",
        )
    }
    for name in (
        "session_capacity",
        "candidates_per_assessor",
        "hours_per_session",
        "college_staff_per_session",
    ):
        made |= {f"{name}_{i}": ("offering", arrays[name][i]) for i in (0, 1)}
    for kind in KINDS:
        made |= {
            f"rate_{kind}_{driver}": ("offering", rate)
            for driver, rate in arrays[f"{kind}_rates"].items()
        }
    made |= {
        name: ("cell", arrays[name])
        for name in (
            "given_proposal",
            "verified_cost",
            "published_fee",
            "special_fee",
            "special_applies",
            "has_audited_price",
        )
    }
    made |= {
        "fixed_cost": ("supplier", arrays["fixed_cost"]),
        "national_sittings": ("certificate", arrays["national_sittings"]),
    }
    made |= {
        name: ("college", arrays[name])
        for name in (
            "pay_pool",
            "uplift_limit",
            "baseline_hours",
            "students",
            "is_private",
            "is_applied",
        )
    }
    made |= {
        f"limit_{source}": ("college", limit) for source, limit in enumerate(arrays["own_limits"])
    }
    province = group_of(task, "college", "province")
    made["province"] = ("college", province)
    made |= {
        f"pot_{turn}": ("college", arrays[name][province])
        for turn, name in enumerate(("pot_central_award", "pot_local_appropriation"))
    }
    return made


def one_side(system, inputs, caps, p, at, sizes, baseline):
    """A simulation of one draw under one law, and its headlines."""
    from openfisca_core.parameters import ParameterNode
    from openfisca_core.simulations import SimulationBuilder

    system.parameters = ParameterNode(
        "", data={name: {"values": {"2015-01-01": {"value": value}}} for name, value in p.items()}
    )
    system.get_parameters_at_instant.cache_clear()
    builder = SimulationBuilder()
    builder.create_entities(system)
    builder.declare_person_entity("offering", np.arange(len(at["cell"])))
    for name in GROUPS:
        group = builder.declare_entity(name, np.arange(sizes[name]))
        group.members_entity_id = at[name]
        group.members_role = np.repeat(group.entity.flattened_roles[0], len(at[name]))
    simulation = builder.build(system)
    for name, (_, values) in inputs.items():
        simulation.set_input(name, "2020", values)
    for part in (0, 1):
        simulation.set_input(f"component_cap_{part}", "2020", caps[part][: sizes["cell"]])
    for name in ("modelled_fee", "ceiling", "proposed_fee"):
        if baseline is not None:
            simulation.set_input(f"baseline_{name}", "2020", baseline.calculate(name, "2020"))
    return simulation, {
        name: float(simulation.calculate(key, "2020").sum(dtype=np.float64))
        for name, key in HEADLINES.items()
    }


def ratio(a, b):
    """a / b, nan where b is 0."""
    return a / np.where(b == 0, np.float32(np.nan), b)


def up(x):
    """Smallest whole number not below x, forgiving what float32 cannot hold."""
    return np.ceil(x - 1e-9)


def zero(x):
    """Missing counts as 0."""
    return np.where(np.isnan(x), np.float32(0), x)


def variables(offering, groups, inputs, rates, facts) -> list[type]:
    """Every Variable, made from a formula and its entity; plan and served volumes are two families with one formula."""
    from openfisca_core.periods import DateUnit
    from openfisca_core.variables import Variable

    entities, made = {"offering": offering, **groups}, []

    def add(name, entity, formula=None, kind=float, default=None):
        body = {
            "value_type": kind,
            "entity": entities[entity],
            "definition_period": DateUnit.YEAR,
            "label": name,
        }
        if default is not None:
            body["default_value"] = default
        if formula is not None:
            body["formula"] = lambda population, period, parameters: formula(
                population, period, parameters(period)
            )
        made.append(type(name, (Variable,), body))

    for name, (entity, values) in inputs.items():
        add(
            name,
            entity,
            kind=bool if values.dtype == bool else int if values.dtype.kind == "i" else float,
        )
    for part in (0, 1):
        add(f"component_cap_{part}", "cell")
    for name in ("modelled_fee", "ceiling", "proposed_fee"):
        add(f"baseline_{name}", "cell", lambda cell, t, p, name=name: cell(name, t))

    add(
        "pass_rate",
        "offering",
        lambda o, t, p: np.where(
            np.isnan(o("given_pass_rate", t)), p.pass_rate, o("given_pass_rate", t)
        ),
    )
    add(
        "retake_share",
        "offering",
        lambda o, t, p: np.where(
            np.isnan(o("given_retake_share", t)), p.retake_share, o("given_retake_share", t)
        ),
    )
    add("planned", "offering", lambda o, t, p: o("planned_candidates", t))
    add(
        "served",
        "offering",
        lambda o, t, p: o("planned_candidates", t) * o.supplier("share_served", t),
    )
    for family, people in (("plan", "planned"), ("served", "served")):
        _volumes(add, family, people)
        _costs(add, family, rates)
        add(
            f"{family}_fee_bill",
            "offering",
            lambda o, t, p, f=family: zero(o.cell("approved_fee", t)) * o(f"{f}_payable", t),
        )
    _fees(add)
    _response(add)
    _colleges(add, facts["class_bands"])
    _funding(add, facts)
    return made


def _volumes(add, f, people):
    add(
        f"{f}_again",
        "offering",
        lambda o, t, p: o(people, t) * (1 - o("pass_rate", t)) * o("retake_share", t),
    )
    add(f"{f}_sitting", "offering", lambda o, t, p: o(people, t) + o(f"{f}_again", t))
    add(
        f"{f}_payable",
        "offering",
        lambda o, t, p: o(people, t) + p.retake_fee_share * o(f"{f}_again", t),
    )
    for i, part in enumerate(("theory", "practical")):

        def sessions(o, t, p, i=i):
            capacity = o(f"session_capacity_{i}", t)
            return np.where(capacity > 0, up(ratio(o(f"{f}_sitting", t), capacity)), 0)

        def assessors(o, t, p, i=i, part=part):
            count, capacity, per = (
                o(f"{f}_session_{part}", t),
                o(f"session_capacity_{i}", t),
                o(f"candidates_per_assessor_{i}", t),
            )
            last = o(f"{f}_sitting", t) - (count - 1) * capacity
            return np.where(count > 0, (count - 1) * up(capacity / per) + up(last / per), 0)

        add(f"{f}_session_{part}", "offering", sessions)
        add(f"{f}_assessor_{part}", "offering", assessors)
    for name in ("session", "assessor"):
        add(
            f"{f}_{name}",
            "offering",
            lambda o, t, p, name=name: o(f"{f}_{name}_theory", t) + o(f"{f}_{name}_practical", t),
        )
    add(f"{f}_group", "offering", lambda o, t, p: up(o(people, t) / o("class_size", t)))
    add(f"{f}_candidate", "offering", lambda o, t, p: o(people, t))
    add(f"{f}_offering", "offering", lambda o, t, p: (o(people, t) > 0) * 1.0)
    add(
        f"{f}_award",
        "offering",
        lambda o, t, p: (
            o(people, t)
            * (
                o("pass_rate", t)
                + (1 - o("pass_rate", t)) * o("retake_share", t) * o("pass_rate", t)
            )
        ),
    )


def _costs(add, f, rates):
    add(
        f"{f}_national",
        "certificate",
        lambda c, t, p: np.fmax(
            zero(c("national_sittings", t)), c.sum(c.members(f"{f}_sitting", t))
        ),
    )
    add(
        f"{f}_bank",
        "offering",
        lambda o, t, p: (
            o(f"{f}_sitting", t) / np.maximum(p.bank_floor, o.certificate(f"{f}_national", t))
        ),
    )
    add(
        f"{f}_nation_year",
        "offering",
        lambda o, t, p: o(f"{f}_sitting", t) / np.maximum(1.0, o.certificate(f"{f}_national", t)),
    )
    add(
        f"{f}_province_year",
        "offering",
        lambda o, t, p: zero(ratio(o(f"{f}_sitting", t), o.cell("cell_sittings", t))),
    )
    for kind, drivers in rates.items():
        add(
            f"{f}_{kind}",
            "offering",
            lambda o, t, p, kind=kind, drivers=drivers: sum(
                (o(f"rate_{kind}_{driver}", t) * o(f"{f}_{driver}", t) for driver in drivers),
                np.zeros(o.count, np.float32),
            ),
        )
    if f == "plan":
        bank = "bank" in rates["organisation"]
        add(
            "unrecovered",
            "offering",
            lambda o, t, p: (
                (o("rate_organisation_bank", t) if bank else np.float32(0))
                * (
                    zero(ratio(o("plan_sitting", t), o.certificate("plan_national", t)))
                    - o("plan_bank", t)
                )
            ),
        )
        add("cell_sittings", "cell", lambda c, t, p: c.sum(c.members("plan_sitting", t)))
        add("cell_payable", "cell", lambda c, t, p: c.sum(c.members("plan_payable", t)))


def _fees(add):
    def cap(cell, t, p):
        parts = [cell(f"component_cap_{i}", t) for i in (0, 1)]
        mixed = np.where(
            np.isnan(parts[0]) & np.isnan(parts[1]), np.nan, zero(parts[0]) + zero(parts[1])
        )
        return mixed * p.provincial_factor * p.cap_index

    def unit(kind):
        def formula(cell, t, p):
            fixed = ratio(
                cell.members.supplier("fixed_cost", t), cell.members.supplier("supplier_payable", t)
            )
            return ratio(
                cell.sum(cell.members(f"plan_{kind}", t)), cell("cell_payable", t)
            ) + cell.value_from_first_person(fixed)

        return formula

    def proposed(cell, t, p):
        ceiling, own = cell("ceiling", t), cell("organisation_unit", t)
        bargain = np.where(ceiling >= own, own + p.beta * (ceiling - own), ceiling)
        if np.isinf(ceiling).any():  # without a cap bargaining has no answer: the baseline's
            bargain = np.where(np.isinf(ceiling), cell("baseline_proposed_fee", t), bargain)
        return np.where(
            np.isnan(cell("given_proposal", t)), bargain, cell("given_proposal", t) * p.fee_index
        )

    def verified(cell, t, p):
        audited = np.where(cell("has_audited_price", t), cell("audited_unit", t), np.inf)
        return (
            np.where(np.isnan(cell("verified_cost", t)), audited, cell("verified_cost", t))
            * p.fee_index
            * (1 + p.margin)
        )

    def approved(cell, t, p):
        published, modelled, ceiling = (
            cell("published_fee", t),
            cell("modelled_fee", t),
            cell("ceiling", t),
        )
        before, ceiling_before = cell("baseline_modelled_fee", t), cell("baseline_ceiling", t)
        moved = np.maximum(
            0,
            np.minimum(
                published + modelled - before, ceiling + np.maximum(0, published - ceiling_before)
            ),
        )
        unmoved = (np.abs(modelled - before) <= 1e-9) & (np.abs(ceiling - ceiling_before) <= 1e-9)
        standard = np.where(np.isnan(published), modelled, np.where(unmoved, published, moved))
        standard = np.where(np.isnan(modelled), np.nan, standard)
        special = np.where(
            cell("special_applies", t), np.minimum(cell("special_fee", t), ceiling), np.nan
        )
        return np.where(np.isnan(standard), published, np.fmax(standard, special))

    add("cap", "cell", cap)
    add(
        "ceiling",
        "cell",
        lambda c, t, p: np.maximum(
            0,
            c("cap", t)
            - p.deduct * ratio(c.sum(c.members("plan_college_cash", t)), c("cell_sittings", t)),
        ),
    )
    add("organisation_unit", "cell", unit("organisation"))
    add("audited_unit", "cell", unit("audited"))
    add("proposed_fee", "cell", proposed)
    add("verified_fee", "cell", verified)
    add(
        "modelled_fee",
        "cell",
        lambda c, t, p: np.minimum(
            np.minimum(c("ceiling", t), c("proposed_fee", t)), c("verified_fee", t)
        ),
    )
    add("approved_fee", "cell", approved)


def _response(add):
    def share(supplier, t, p):
        cost = supplier("supplier_organisation", t) + supplier("fixed_cost", t)
        return np.where(
            cost > 0,
            np.exp(np.minimum(0, supplier("margin", t)) / np.where(cost > 0, cost, 1) / p.spread),
            1,
        )

    def shortfall(supplier, t, p):
        short = np.maximum(
            0, supplier.sum(supplier.members("unrecovered", t)) - supplier("margin", t)
        )
        return np.where(supplier("supplier_payable", t) > 0, short, 0)

    for name in ("payable", "organisation"):
        add(
            f"supplier_{name}",
            "supplier",
            lambda s, t, p, name=name: s.sum(s.members(f"plan_{name}", t)),
        )
    add(
        "margin",
        "supplier",
        lambda s, t, p: (
            s.sum(s.members("plan_fee_bill", t))
            - s("supplier_organisation", t)
            - s("fixed_cost", t)
        ),
    )
    add("share_served", "supplier", share)
    add("supplier_shortfall", "supplier", shortfall)


def _colleges(add, bands):
    upper, values = (np.array(column, np.float32) for column in zip(*bands))

    def training_hours(o, t, p):
        size = zero(ratio(o("served", t), o("served_group", t)))
        coefficient = values[np.minimum(np.searchsorted(upper, size - 1e-9), len(values) - 1)]
        return o("served_group", t) * o("course_hours", t) * coefficient * (1 - o("integration", t))

    def assessment_hours(o, t, p):
        return sum(
            o(f"served_session_{part}", t)
            * o(f"hours_per_session_{i}", t)
            * o(f"college_staff_per_session_{i}", t)
            for i, part in enumerate(("theory", "practical"))
        )

    def uplift(college, t, p):
        pool, limit = college("pay_pool", t), college("uplift_limit", t)
        asked = zero(
            p.elasticity * ratio(college("added_hours", t), college("baseline_hours", t)) * pool
        )
        most = np.where(np.isnan(limit), p.uplift_ceiling * zero(pool), limit)
        eligible = ~college("is_private", t) & ~college("is_applied", t) & ~np.isnan(pool)
        return np.where(eligible, np.minimum(asked, most), 0)

    def to_train(college, t, p):
        groups = college.sum(college.members("served_group", t))
        return up(up(groups / p.groups_per_trained) * (1 - p.trained_share)) * p.training_price

    def assessment(college, t, p):
        due = college.sum(
            college.members("served_fee_bill", t) + college.members("served_college_cash", t)
        )
        return np.maximum(
            0, due - p.student_charge * college.sum(college.members("served_payable", t))
        )

    add("training_hours", "offering", training_hours)
    add("assessment_hours", "offering", assessment_hours)
    add(
        "added_hours",
        "college",
        lambda c, t, p: c.sum(c.members("training_hours", t) + c.members("assessment_hours", t)),
    )
    add("uplift", "college", uplift)
    add("need_assessment", "college", assessment)
    add("need_training", "college", lambda c, t, p: c.sum(c.members("served_training_cash", t)))
    add("need_teacher_training", "college", to_train)
    add("needs", "college", lambda c, t, p: sum(c(use, t) for use in USES))


def _reach(needs, limits, allowed, uses):
    best = None
    for size in range(len(uses) + 1):
        for cut in combinations(uses, size):
            value = sum((needs[use] for use in uses if use not in cut), np.float32(0))
            value = value + sum(
                (limits[s] for s in range(len(limits)) if any(allowed[s, use] for use in cut)),
                np.float32(0),
            )
            best = value if best is None else np.minimum(best, value)
    return best


def _funding(add, facts):
    allowed, everything = facts["allowed"], tuple(range(len(USES)))

    def gap(college, t, p):
        needs, limits = (
            [college(use, t) for use in USES],
            [college(f"limit_{s}", t) for s in range(len(allowed))],
        )
        total, province = sum(needs), college("province", t)

        def of_province(x):
            return np.bincount(province, weights=x)[province]

        own, students, served = (
            sum(limits),
            college("students", t),
            college.sum(college.members("served", t)),
        )
        missing = np.maximum(0, total - _reach(needs, limits, allowed, everything))
        relative = zero(ratio(ratio(own, students), ratio(of_province(own), of_province(students))))
        terms = {"candidates": served, "need": missing, "low_capacity": students / (1 + relative)}
        weight = sum(
            facts["pot_weights"].get(name, 0.0) * zero(ratio(term, of_province(term)))
            for name, term in terms.items()
        )
        for turn, source in enumerate(facts["pots"]):
            pot = college(f"pot_{turn}", t)
            if not (pot > 0).any():
                continue
            endless = [
                total + sum(limits) if s == source else limit for s, limit in enumerate(limits)
            ]
            need = np.maximum(
                0,
                np.maximum(0, total - _reach(needs, limits, allowed, everything))
                - np.maximum(0, total - _reach(needs, endless, allowed, everything)),
            )
            award = _awards(pot, need, weight, province)
            limits[source] = limits[source] + award
            if turn == 0:
                local = facts["pots"][1]
                limits[local] = np.maximum(0, limits[local] - p.crowding_out * award)
        found, before = 0, 0
        for k, use in enumerate(facts["use_order"], start=1):
            now = _reach(needs, limits, allowed, tuple(sorted(facts["use_order"][:k])))
            found, before = found + np.maximum(0, needs[use] - (now - before)), now
        return found

    add("funding_gap", "college", gap)


def _awards(pot, need, weight, province):
    """Water-filling without the fen: float32 holds no fen at these sums."""
    award = np.zeros(len(need))
    for one in np.unique(province):
        members = np.flatnonzero((province == one) & (need > 0) & (weight > 0))
        if not members.size:
            continue
        wants, heavy = need[members].astype(float), weight[members].astype(float)
        total, level = min(float(pot[members[0]]), wants.sum()), wants / heavy
        order = np.argsort(level, kind="stable")
        lam = (total - np.concatenate([[0.0], np.cumsum(wants[order])[:-1]])) / np.cumsum(
            heavy[order][::-1]
        )[::-1]
        award[members] = (
            np.minimum(wants, lam[int(np.argmax(lam <= level[order] + 1e-12))] * heavy)
            if total < wants.sum()
            else wants
        )
    return award
