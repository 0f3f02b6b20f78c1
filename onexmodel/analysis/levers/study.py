"""Cost-reduction levers (docs/method.md §8): each alone, last, all together, exact Shapley shares; refused where a guard breaks.

A lever is a scenario of data changes with a `lever:` block. It is refused at a college where it would break a quality guard, alone or
with the others the college takes (lever_bench.Bench.taken); the college then keeps the baseline's rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from ...errors import Fault, ScenarioError
from ...law import read_scenario
from ...law.scenario import Scenario
from ...rules.cost import annuity
from ..statistics.precision import HALF_FEN
from ..statistics.shapley import MOST, shapley
from ..study import Study
from .bench import TABLES, Bench
from .quality import GUARDS, LIMITS, burden

MEASURES = ("cash", "economic")
PAYERS = ("college", "organisation", "province")
STILL = 0.005  # of an indicator of quality: less is no change
STEPS = (0.0, 0.25, 0.5, 0.75, 1.0)  # of the savings curve


@dataclass(frozen=True)
class LeverStudy:
    """`worth`: set of levers → its totals (Bench.totals); `table`: one row a lever (guard_before, guard_after: what its guard watches, without
    and with that lever alone); `joint`: the whole package; `quality`: indicators against their floor; `kept`: who keeps the cash saving with fees held and re-verified; `refusals`: how
    many colleges refused each lever, why, alone or jointly."""

    worth: Mapping[tuple[str, ...], dict[str, float]]
    table: pd.DataFrame
    joint: dict[str, float]
    quality: pd.DataFrame
    kept: pd.DataFrame
    refusals: pd.DataFrame
    bench: Bench

    @property
    def baseline(self) -> dict[str, float]:
        """Totals without any lever."""
        return self.worth[()]

    @property
    def colleges(self) -> int:
        """How many plan something."""
        return self.bench.colleges


def read_levers(names: Sequence[str]) -> list[Scenario]:
    """The scenarios of the levers. Raises ScenarioError where one has no lever block, or there are too many."""
    levers = [read_scenario(name) for name in names]
    faults = [
        Fault(
            f"情景 {one.id}",
            "不是降本措施：没有 lever 一节",
            do="补上 lever（底线、一次性投入、年限、证据等级）",
        )
        for one in levers
        if not one.lever
    ]
    faults += [
        Fault(change.line, "降本措施只改数据表，不改参数", do="把参数改动放进普通情景")
        for one in levers
        for change in one.changes
        if not change.is_data
    ]
    faults += [
        Fault(change.line, f"降本措施不能改 {change.target}", do=f"可改的表：{'、'.join(TABLES)}")
        for one in levers
        for change in one.changes
        if change.is_data and change.target.split("/")[0] not in TABLES
    ]
    if len(levers) > MOST:
        faults.append(
            Fault("降本措施", f"一次最多 {MOST} 项，给了 {len(levers)} 项", do="分批测算")
        )
    if faults:
        raise ScenarioError(faults)
    return levers


def fixed_changes(levers: Sequence[Scenario]) -> list[str]:
    """Lines of the changes that have no intensity: a value set or removed is set or not."""
    return [
        change.line
        for one in levers
        for change in one.changes
        if change.operation not in ("scale", "add")
    ]


def evaluate_levers(
    study: Study,
    levers: Sequence[Scenario],
    intensity: float = 1.0,
) -> LeverStudy:
    """Run every subset of the levers on the study's place under its baseline law, mode none. 2^n evaluations. Raises ScenarioError where
    an intensity other than 1 is asked of a change that has none."""
    if intensity != 1 and fixed_changes(levers):
        raise ScenarioError(
            [
                Fault(
                    line,
                    f"这项改动没有强度，不能取 {intensity:g}",
                    do="改用 scale 或 add，或把 intensity 设为 1",
                )
                for line in fixed_changes(levers)
            ]
        )
    bench = Bench.of(study, levers, intensity)
    names = tuple(bench.levers)
    return _evaluated(bench, {}, _quality(bench, names), _kept(bench, names))


def of_some(found: LeverStudy, done: Together) -> LeverStudy:
    """The study of the levers that are done together, as if there were no others. What is known of a set of them is not worked out again: a set
    is worth the same as in the study of all where each college takes the same of it."""
    if len(done.levers) == len(found.bench.levers):
        return found
    taken, before = done.bench.accepts, found.bench.accepts
    same = {name for name in done.levers if np.array_equal(taken[name], before[name])}
    known = {some: totals for some, totals in found.worth.items() if same.issuperset(some)}
    return _evaluated(done.bench, {**known, done.levers: done.totals}, done.quality, done.kept)


def _evaluated(
    bench: Bench,
    known: Mapping[tuple[str, ...], dict[str, float]],
    quality: pd.DataFrame,
    kept: pd.DataFrame,
) -> LeverStudy:
    """The study of all levers of a bench; `known`: totals of sets that need not be worked out."""
    levers, names = list(bench.levers.values()), tuple(bench.levers)
    worth = {
        chosen: known[chosen] if chosen in known else bench.totals(chosen)
        for size in range(len(levers) + 1)
        for chosen in combinations(names, size)
    }
    empty, whole = worth[()], worth[names]
    shares = {
        measure: shapley(
            names, {some: empty[measure] - one[measure] for some, one in worth.items()}.__getitem__
        )
        for measure in MEASURES
    }
    rows = [_lever_row(bench, one, names, worth, shares) for one in levers]
    joint = {measure: empty[measure] - whole[measure] for measure in MEASURES}
    joint |= {name: sum(row[name] for row in rows) for name in ("one_off", "one_off_yearly")}
    joint |= {
        "candidates": whole["candidates"],
        "cost_cash": whole["cash"],
        "cost_economic": whole["economic"],
    }
    refusals = pd.DataFrame(bench.taken[1], columns=["lever", "guard", "jointly", "colleges"])
    return LeverStudy(worth, pd.DataFrame(rows), joint, quality, kept, refusals, bench)


@dataclass(frozen=True)
class Together:
    """Some of the levers done together, yuan a year: cash saved, yearly outlay by who pays it (college, organisation, province); their `totals`
    and what else a LeverStudy of them has."""

    levers: tuple[str, ...]
    saved: float
    totals: dict[str, float]
    outlay: Mapping[str, float]
    kept: pd.DataFrame
    quality: pd.DataFrame
    bench: Bench

    @property
    def cost(self) -> float:
        """Cash cost that is left."""
        return self.totals["cash"]

    @property
    def candidates(self) -> float:
        """Candidates served."""
        return self.totals["candidates"]

    @property
    def yearly(self) -> float:
        """Yearly outlay of all who pay."""
        return sum(self.outlay.values())

    @property
    def net(self) -> float:
        """Cash saved less the yearly outlay."""
        return self.saved - self.yearly


def paying(found: LeverStudy) -> tuple[str, ...]:
    """The levers whose share of the cash saving is above their yearly outlay, those with the greatest difference first."""
    table = found.table.sort_values("net_cash", ascending=False, kind="stable")
    return tuple(table.loc[table["net_cash"] > HALF_FEN, "lever"])


def together(found: LeverStudy, names: Sequence[str]) -> Together:
    """What the levers `names` of the study do without the others: worked out anew, floors included; one run, not 2^n."""
    wanted = set(names)
    chosen = tuple(name for name in found.bench.levers if name in wanted)
    whole = len(chosen) == len(found.bench.levers)
    bench = (
        found.bench
        if whole
        else Bench.of(
            found.bench.study,
            [found.bench.levers[name] for name in chosen],
            found.bench.intensity,
            found.bench.arranger,
        )
    )
    after = found.worth[chosen] if whole else bench.totals(chosen)
    outlays = dict.fromkeys(PAYERS, 0.0)
    for name in chosen:
        one = bench.levers[name]
        outlays[one.lever.get("per", "college")] += float(outlay(bench, one)[1])
    return Together(
        chosen,
        found.baseline["cash"] - after["cash"],
        after,
        outlays,
        found.kept if whole else _kept(bench, chosen),
        found.quality if whole else _quality(bench, chosen),
        bench,
    )


def savings_curve(found: LeverStudy, steps: Sequence[float] = STEPS) -> pd.DataFrame:
    """The package at each intensity 0…1: cash and economic saving, yearly one-off cost, net cash, yuan a year. Empty where a lever's
    change has no intensity."""
    bench, names = found.bench, tuple(found.bench.levers)
    if fixed_changes(list(bench.levers.values())):
        return pd.DataFrame(columns=["intensity", *MEASURES, "one_off_yearly", "net"])
    rows = []
    for step in steps:
        at = (
            bench
            if step == bench.intensity
            else Bench.of(bench.study, list(bench.levers.values()), float(step), bench.arranger)
        )
        after = at.totals(names) if step else found.baseline
        yearly = sum(outlay(at, at.levers[name])[1] for name in names) if step else 0.0
        row = {measure: found.baseline[measure] - after[measure] for measure in MEASURES}
        rows.append(
            {"intensity": float(step), **row, "one_off_yearly": yearly, "net": row["cash"] - yearly}
        )
    return pd.DataFrame(rows)


def outlay(
    bench: Bench, one: Scenario, rate: np.ndarray | None = None
) -> tuple[float, float | np.ndarray]:
    """One-off cost of a lever over those it falls on (Bench.paid), and the same a year, at the discount rate (or at each of (draws,) rates)."""
    once = float(one.lever.get("one_off_cost", 0)) * bench.intensity * bench.paid(one.id)
    yearly = once * annuity(
        bench.view["funding.discount_rate"] if rate is None else rate,
        np.array(float(one.lever.get("life_years", 1))),
    )
    return once, yearly if np.ndim(yearly) else float(yearly)


def _lever_row(bench: Bench, one: Scenario, names, worth: Mapping, shares) -> dict:
    others = tuple(name for name in names if name != one.id)
    once, yearly = outlay(bench, one)
    watched = _quality(bench, (one.id,)).set_index("indicator").loc[one.lever["guard"]]
    row = {
        "lever": one.id,
        "evidence": one.lever["evidence"],
        "guard": one.lever["guard"],
        "responsible": one.lever.get("responsible", ""),
        "guard_before": watched["before"],
        "guard_after": watched["after"],
        "guard_blank": watched["blank"],
        "refused": bench.colleges - int(bench.accepts[one.id].sum()),
        "per": one.lever.get("per", "college"),
        "payers": bench.payers(one.id),
        "one_off": once,
        "one_off_yearly": yearly,
    }
    for measure in MEASURES:
        row[f"{measure}_alone"] = worth[()][measure] - worth[one.id,][measure]
        row[f"{measure}_last"] = worth[others][measure] - worth[names][measure]
        row[f"{measure}_shapley"] = shares[measure][one.id]
    row["net_cash"] = row["cash_shapley"] - yearly
    row["payback_years"] = (
        once / row["cash_alone"] if row["cash_alone"] > HALF_FEN else float("nan")
    )
    return row


def _quality(bench: Bench, names) -> pd.DataFrame:
    """Indicators before and after, means of the practical (or only) part weighted by candidates, with their floor or ceiling; reached: the
    share of candidates for whom it changes, there_before and there_after: the means among them; blank: is a cell empty that it rests on?"""
    before, after = bench.start, bench.blended_leaves(names)
    weight = before["planned_candidates"] * bench.study.scope()["offering"]
    bare = (before["session_capacity"][1] > 0) & np.isnan(before["stations"][1]) & (weight > 0)
    rows = []
    for guard in GUARDS:
        sign = (
            -1
            if guard in ("pass_rate", "minutes_per_candidate")
            else 100
            if guard == "assessor_independence"
            else 1
        )
        ends = [sign * burden(guard, leaves)[1] for leaves in (before, after)]
        now, then = (_mean(values, weight) for values in ends)
        seen = np.isfinite(ends[0]) & (weight > 0)
        moved = seen & (np.abs(ends[1] - ends[0]) > STILL)
        there = [_mean(values, weight * moved) for values in ends]
        reached = float(weight[moved].sum() / weight[seen].sum()) if seen.any() else 0.0
        floor = (
            now - bench.view[LIMITS[guard]]
            if guard == "pass_rate"
            else 0.0
            if guard == "assessor_independence"
            else float(bench.view[LIMITS[guard]])
        )
        blank = guard == "minutes_per_candidate" and bool(bare.any())
        rows.append((guard, now, then, floor, reached, *there, blank))
    columns = ["indicator", "before", "after", "floor", "reached", "there_before", "there_after"]
    return pd.DataFrame(rows, columns=[*columns, "blank"])


def _mean(values: np.ndarray, weight: np.ndarray) -> float:
    ok = np.isfinite(values) & (weight > 0)
    return float((values[ok] * weight[ok]).sum() / weight[ok].sum()) if ok.any() else float("nan")


def _kept(bench: Bench, names) -> pd.DataFrame:
    """Who keeps the cash saving, fees held and re-verified: colleges' fees and own items, organisations, and the uplift that falls away.
    The three add to the cash saving."""
    scope, rows = bench.study.scope(), []
    for name, result in (
        ("held", bench.run(names)),
        ("reverified", bench.run(names, reverify=True)),
    ):

        def saved(item, axis="offering", result=result):
            return float(np.sum((bench.before.served[item] - result.served[item])[scope[axis]]))

        college = saved("fee_bill") + saved("college_cash_cost") + saved("training_cash_cost")
        rows.append(
            {
                "fees": name,
                "college": college,
                "organisation": saved("organisation_cash_cost") - saved("fee_bill"),
                "uplift": saved("uplift", "college"),
                "fee_bill": -saved("fee_bill"),
            }
        )
    return pd.DataFrame(rows)
