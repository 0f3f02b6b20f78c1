"""Contestant: the same rules as an analyst writes them in pandas: columns, groupby, merge, apply; one draw after the other.

Written to be read, and not slow on purpose: no loop over rows, numbers for keys, sums of many columns at once. Only the headlines' columns are made.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd

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

USES = ("assessment", "training", "teacher_training", "performance_pay")
PARTS = ("theory", "practical")


def make(task):
    """A function of draws that returns the headlines of every side, name → (draws,)."""
    check_readings(task)
    tables, facts = frames(task), funding_facts(task)
    _, caps = side_arrays(task)

    def run(drawn):
        found = np.zeros((len(next(iter(drawn.values()))), len(task.views), len(NAMES)))
        for draw, sides in enumerate(sides_of_draws(task, drawn)):
            baseline = None
            for side, parameters in enumerate(sides):
                headlines, cells = one_side(tables, facts, caps[side], parameters, baseline)
                baseline = cells if baseline is None else baseline
                found[draw, side] = [headlines[name] for name in NAMES]
        return by_name(found)

    return run


def frames(task) -> dict[str, pd.DataFrame]:
    """The engine's arrays as five tables; a rate is a column `⟨kind⟩|⟨driver⟩`."""
    arrays, _ = side_arrays(task)
    offerings = {
        axis: group_of(task, "offering", axis)
        for axis in ("cell", "supplier", "college", "national")
    }
    for name in (
        "planned_candidates",
        "given_pass_rate",
        "given_retake_share",
        "class_size",
        "course_hours",
        "integration",
    ):
        offerings[name] = arrays[name]
    for name in (
        "session_capacity",
        "candidates_per_assessor",
        "hours_per_session",
        "college_staff_per_session",
    ):
        offerings |= {f"{name}_{part}": arrays[name][i] for i, part in enumerate(PARTS)}
    for kind in KINDS:
        offerings |= {f"{kind}|{driver}": rate for driver, rate in arrays[f"{kind}_rates"].items()}
    cells = {
        name: arrays[name]
        for name in (
            "given_proposal",
            "verified_cost",
            "published_fee",
            "special_fee",
            "special_applies",
            "has_audited_price",
        )
    }
    colleges = {
        name: arrays[name]
        for name in (
            "pay_pool",
            "uplift_limit",
            "baseline_hours",
            "students",
            "is_private",
            "is_applied",
        )
    }
    colleges |= {f"limit_{source}": limit for source, limit in enumerate(arrays["own_limits"])}
    return {
        "offerings": pd.DataFrame(offerings),
        "cells": pd.DataFrame({**cells, "supplier": group_of(task, "cell", "supplier")}),
        "suppliers": pd.DataFrame({"fixed_cost": arrays["fixed_cost"]}),
        "national": pd.DataFrame({"known": arrays["national_sittings"]}),
        "colleges": pd.DataFrame({**colleges, "province": group_of(task, "college", "province")}),
        "pots": pd.DataFrame(
            {"central": arrays["pot_central_award"], "local": arrays["pot_local_appropriation"]}
        ),
    }


def one_side(tables, facts, caps, p, baseline_cells):
    """One draw under one law; returns the headlines and the cells with their fees (which the scenario compares with)."""
    offerings, suppliers = tables["offerings"], tables["suppliers"].copy()
    plan = volumes(offerings.assign(candidates=offerings["planned_candidates"]), p)
    plan = costs(plan, tables["national"], p, None)
    cells = fees(plan, tables["cells"], suppliers, caps, p, baseline_cells)

    plan["fee_bill"] = fee_bill(plan, cells)
    sums = plan.groupby("supplier")[["payable", "organisation", "fee_bill", "unrecovered"]].sum()
    suppliers = suppliers.join(sums).fillna(
        {"payable": 0.0, "organisation": 0.0, "fee_bill": 0.0, "unrecovered": 0.0}
    )
    suppliers["margin"] = (
        suppliers["fee_bill"] - suppliers["organisation"] - suppliers["fixed_cost"]
    )
    cost = suppliers["organisation"] + suppliers["fixed_cost"]
    suppliers["share"] = np.exp(
        (suppliers["margin"].clip(upper=0) / cost.where(cost > 0, 1.0)) / p["spread"]
    ).where(cost > 0, 1.0)
    shortfall = (
        (suppliers["unrecovered"] - suppliers["margin"])
        .clip(lower=0)[suppliers["payable"] > 0]
        .sum()
    )

    share = offerings["supplier"].map(suppliers["share"])
    served = volumes(offerings.assign(candidates=offerings["planned_candidates"] * share), p)
    served = costs(served, tables["national"], p, plan["cell_sittings"])
    served["fee_bill"] = fee_bill(served, cells)
    served = hours(served, facts["class_bands"])
    colleges = needs(served, tables["colleges"], p)
    gap = funding_gap(colleges, tables["pots"], facts, p)
    headlines = {
        "fee_bill": served["fee_bill"].sum(),
        "served": served["candidates"].sum(),
        "funding_gap": gap,
        "supplier_shortfall": shortfall,
        "college_outlay": colleges[list(USES)].to_numpy().sum(),
        "uplift": colleges["performance_pay"].sum(),
    }
    return headlines, cells


def up(x):
    """Smallest whole number not below x, forgiving 1e-9."""
    return np.ceil(x - 1e-9)


def volumes(o: pd.DataFrame, p) -> pd.DataFrame:
    """Sittings, sessions, assessors, groups, awards."""
    rate, retake = (
        o["given_pass_rate"].fillna(p["pass_rate"]),
        o["given_retake_share"].fillna(p["retake_share"]),
    )
    again = o["candidates"] * (1 - rate) * retake
    o["sitting"] = o["candidates"] + again
    o["payable"] = o["candidates"] + p["retake_fee_share"] * again
    for part in PARTS:
        capacity, per = o[f"session_capacity_{part}"], o[f"candidates_per_assessor_{part}"]
        sessions = up(o["sitting"] / capacity).where(capacity > 0, 0.0)
        last = o["sitting"] - (sessions - 1) * capacity
        o[f"session_{part}"] = sessions
        o[f"assessor_{part}"] = ((sessions - 1) * up(capacity / per) + up(last / per)).where(
            sessions > 0, 0.0
        )
    o["session"] = o["session_theory"] + o["session_practical"]
    o["assessor"] = o["assessor_theory"] + o["assessor_practical"]
    o["group"] = up(o["candidates"] / o["class_size"])
    o["award"] = o["candidates"] * (rate + (1 - rate) * retake * rate)
    o["candidate"], o["offering"] = o["candidates"], (o["candidates"] > 0) * 1.0
    return o


def costs(o: pd.DataFrame, national: pd.DataFrame, p, cell_sittings) -> pd.DataFrame:
    """Each kind of cost: rates times driver counts; the shares of yearly national and provincial costs first."""
    own = o.groupby("national")["sitting"].sum().reindex(national.index, fill_value=0.0)
    used = o["national"].map(np.fmax(national["known"].fillna(0.0), own))
    o["cell_sittings"] = (
        o.groupby("cell")["sitting"].transform("sum") if cell_sittings is None else cell_sittings
    )
    o["bank"] = o["sitting"] / used.clip(lower=p["bank_floor"])
    o["nation_year"] = o["sitting"] / used.clip(lower=1.0)
    o["province_year"] = (o["sitting"] / o["cell_sittings"].replace(0.0, np.nan)).fillna(0.0)
    for kind in KINDS:
        o[kind] = sum(
            (
                o[column] * o[column.split("|")[1]]
                for column in o.columns
                if column.startswith(f"{kind}|")
            ),
            0.0,
        )
    yearly_bank = o["organisation|bank"] if "organisation|bank" in o else 0.0
    o["unrecovered"] = yearly_bank * (
        (o["sitting"] / used.replace(0.0, np.nan)).fillna(0.0) - o["bank"]
    )
    return o


def fees(plan, cells, suppliers, caps, p, baseline) -> pd.DataFrame:
    """cap → ceiling → proposed, verified → modelled → approved fee of each cell."""
    c = cells.join(
        plan.groupby("cell")[
            ["sitting", "payable", "organisation", "audited", "college_cash"]
        ].sum()
    )
    c = c.join(
        plan.groupby("supplier")["payable"].sum().rename("supplier_payable"), on="supplier"
    ).join(suppliers["fixed_cost"], on="supplier")
    cap = pd.DataFrame(caps.T).sum(axis=1, min_count=1) * p["provincial_factor"] * p["cap_index"]
    c["ceiling"] = (cap - p["deduct"] * c["college_cash"] / c["sitting"].replace(0.0, np.nan)).clip(
        lower=0
    )
    payable, fixed = (
        c["payable"].replace(0.0, np.nan),
        c["fixed_cost"] / c["supplier_payable"].replace(0.0, np.nan),
    )
    unit, audited = c["organisation"] / payable + fixed, c["audited"] / payable + fixed
    bargain = c["ceiling"].where(
        ~(c["ceiling"] - unit >= 0), unit + p["beta"] * (c["ceiling"] - unit)
    )
    if baseline is not None:
        bargain = bargain.where(~np.isinf(c["ceiling"]), baseline["proposed"])
    c["proposed"] = (c["given_proposal"] * p["fee_index"]).fillna(bargain)
    basis = c["verified_cost"].fillna(audited.where(c["has_audited_price"], np.inf))
    c["modelled"] = np.minimum(
        np.minimum(c["ceiling"], c["proposed"]), basis * p["fee_index"] * (1 + p["margin"])
    )
    before = c if baseline is None else baseline
    moved = c["published_fee"] + c["modelled"] - before["modelled"]
    room = c["ceiling"] + (c["published_fee"] - before["ceiling"]).clip(lower=0)
    unmoved = ((c["modelled"] - before["modelled"]).abs() <= 1e-9) & (
        (c["ceiling"] - before["ceiling"]).abs() <= 1e-9
    )
    published = c["published_fee"].where(unmoved, np.minimum(moved, room).clip(lower=0))
    standard = published.where(c["published_fee"].notna(), c["modelled"]).where(
        c["modelled"].notna()
    )
    special = np.minimum(c["special_fee"], c["ceiling"]).where(c["special_applies"])
    c["approved"] = np.fmax(standard, special).where(standard.notna(), c["published_fee"])
    return c


def fee_bill(o, cells) -> pd.Series:
    """Approved fee times payable sittings."""
    return o["cell"].map(cells["approved"]).fillna(0.0) * o["payable"]


def hours(o, bands) -> pd.DataFrame:
    """Training hours by class-size band, assessment hours by sessions."""
    size = (o["candidates"] / o["group"].replace(0.0, np.nan)).fillna(0.0)
    edges = [-np.inf, *(bound for bound, _ in bands)]
    band = pd.cut(size - 1e-9, edges, labels=False)
    coefficient = band.map(dict(enumerate(value for _, value in bands)))
    o["training_hours"] = o["group"] * o["course_hours"] * coefficient * (1 - o["integration"])
    o["assessment_hours"] = sum(
        o[f"session_{part}"]
        * o[f"hours_per_session_{part}"]
        * o[f"college_staff_per_session_{part}"]
        for part in PARTS
    )
    return o


def needs(o, colleges, p) -> pd.DataFrame:
    """The four needs of each college."""
    columns = [
        "training_hours",
        "assessment_hours",
        "group",
        "fee_bill",
        "college_cash",
        "training_cash",
        "payable",
        "candidates",
    ]
    c = colleges.join(o.groupby("college")[columns].sum())
    c[columns] = c[columns].fillna(0.0)
    c["assessment"] = (c["fee_bill"] + c["college_cash"] - p["student_charge"] * c["payable"]).clip(
        lower=0
    )
    c["training"] = c["training_cash"]
    c["teacher_training"] = (
        up(up(c["group"] / p["groups_per_trained"]) * (1 - p["trained_share"]))
        * p["training_price"]
    )
    growth = (c["training_hours"] + c["assessment_hours"]) / c["baseline_hours"].replace(
        0.0, np.nan
    )
    uplift = (p["elasticity"] * growth * c["pay_pool"]).fillna(0.0)
    limit = c["uplift_limit"].fillna(p["uplift_ceiling"] * c["pay_pool"].fillna(0.0))
    c["performance_pay"] = np.minimum(uplift, limit).where(
        ~c["is_private"] & ~c["is_applied"] & c["pay_pool"].notna(), 0.0
    )
    return c


def reach(c, limits, allowed, uses) -> pd.Series:
    """Max-flow = min-cut: the most that can be covered of these uses, the smallest over the sets B of the uses."""
    best = None
    for size in range(len(uses) + 1):
        for cut in combinations(uses, size):
            payers = [
                source for source in limits.columns if any(allowed[source, use] for use in cut)
            ]
            value = c[[USES[use] for use in uses if use not in cut]].sum(axis=1) + limits[
                payers
            ].sum(axis=1)
            best = value if best is None else np.minimum(best, value)
    return best


def funding_gap(c, pots, facts, p) -> float:
    """Weights, the two pots in turn, then the gap use by use in the order of priority."""
    allowed, everything = facts["allowed"], tuple(range(len(USES)))
    limits = c[[name for name in c if name.startswith("limit_")]].set_axis(
        range(len(allowed)), axis=1
    )
    total = c[list(USES)].sum(axis=1)
    gap = (total - reach(c, limits, allowed, everything)).clip(lower=0)
    own = limits.sum(axis=1)

    def of_province(x):
        return x.groupby(c["province"]).transform("sum").replace(0.0, np.nan)

    relative = (
        (own / c["students"].replace(0.0, np.nan))
        / (of_province(own) / of_province(c["students"])).replace(0.0, np.nan)
    ).fillna(0.0)
    terms = {
        "candidates": c["candidates"],
        "need": gap,
        "low_capacity": c["students"] / (1 + relative),
    }
    weight = sum(
        facts["pot_weights"].get(name, 0.0) * (term / of_province(term)).fillna(0.0)
        for name, term in terms.items()
    )
    for name, source in zip(("central", "local"), facts["pots"]):
        if not (pots[name] > 0).any():
            continue
        endless = limits.assign(**{})
        endless[source] = total + limits.sum(axis=1)
        need = (
            (total - reach(c, limits, allowed, everything)).clip(lower=0)
            - (total - reach(c, endless, allowed, everything)).clip(lower=0)
        ).clip(lower=0)
        asked = pd.DataFrame({"province": c["province"], "need": need, "weight": weight})
        award = pd.concat(
            [
                water_fill(group, pots[name][province])
                for province, group in asked.groupby("province")
            ]
        ).reindex(c.index)
        limits = limits.assign(**{})
        limits[source] = limits[source] + award
        if name == "central":
            local = facts["pots"][1]
            limits[local] = (limits[local] - p["crowding_out"] * award).clip(lower=0)
    missing, before = 0.0, 0.0
    for k, use in enumerate(facts["use_order"], start=1):
        now = reach(c, limits, allowed, tuple(sorted(facts["use_order"][:k])))
        missing += (c[USES[use]] - (now - before)).clip(lower=0).sum()
        before = now
    return missing


def water_fill(group: pd.DataFrame, pot: float) -> pd.Series:
    """One pot over its colleges: min(need, λ · weight), in whole fen by largest remainder."""
    need = group["need"].where(group["weight"] > 0, 0.0)
    total = min(pot, need.sum())
    if total <= 0:
        return need * 0.0
    share = need
    if pot < need.sum():
        level = (need / group["weight"])[need > 0].sort_values(kind="stable")
        wanted, weight = need[level.index], group["weight"][level.index]
        lam = (total - wanted.cumsum().shift(fill_value=0.0)) / weight[::-1].cumsum()[::-1]
        share = np.minimum(
            need, lam[(lam <= level + 1e-12 * (1 + level)).idxmax()] * group["weight"]
        )
    fen = np.floor(total * 100 + 1e-6)
    quota = share * (fen / share.sum())
    whole = np.floor(quota + 1e-7)
    left = int(fen - whole.sum())
    whole[
        (quota - whole).round(6).sort_values(ascending=False, kind="stable").index[: max(left, 0)]
    ] += 1
    return whole / 100
