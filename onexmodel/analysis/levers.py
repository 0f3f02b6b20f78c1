"""Cost-reduction levers (model.md §8): each alone, last, all together, exact Shapley shares; refused where a guard breaks.

A lever is a scenario of data changes with a `lever:` block. It is refused at a college whose guard it would break, and the
college then keeps the baseline's rows; levers that together break a guard are all refused there, so order plays no part.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import pandas as pd

from ..engine.change import change_frames
from ..engine.compile import Compiled, compile_year, mid_year
from ..engine.year import YearResult, run_year
from ..errors import Fault, ScenarioError
from ..law import read_scenario
from ..law.scenario import Scenario, scaled
from ..rules.cost import annuity
from ..rules.volume import minutes_per_candidate
from .shapley import MOST, shapley
from .study import Study

COMPONENT_LEAVES = ("session_capacity", "candidates_per_assessor", "hours_per_session", "college_staff_per_session", "stations")
OFFERING_LEAVES = ("planned_candidates", "given_pass_rate", "given_retake_share", "class_size", "course_hours", "integration")
MEASURES = ("cash", "economic")
TABLES = ("components", "ingredients", "offerings")  # what a lever may change


@dataclass(frozen=True)
class LeverStudy:
    """`table`: one row a lever; `joint`: the whole package; `quality`: indicators against their floor; `kept`: who keeps the
    saving with fees held and re-verified; `refusals`: how many colleges refused each lever and why."""

    baseline: dict[str, float]
    table: pd.DataFrame
    joint: dict[str, float]
    quality: pd.DataFrame
    kept: pd.DataFrame
    refusals: pd.DataFrame
    colleges: int


def read_levers(names: Sequence[str]) -> list[Scenario]:
    """The scenarios of the levers. Raises ScenarioError where one has no lever block, or there are too many."""
    levers = [read_scenario(name) for name in names]
    faults = [Fault(f"情景 {one.id}", "不是降本措施：没有 lever 一节", do="补上 lever（底线、一次性投入、年限、证据等级）") for one in levers if one.lever is None]
    faults += [Fault(change.line, "降本措施只改数据表，不改参数", do="把参数改动放进普通情景") for one in levers for change in one.changes if not change.is_data]
    faults += [Fault(change.line, f"降本措施不能改 {change.target}", do=f"可改的表：{'、'.join(TABLES)}") for one in levers for change in one.changes
               if change.is_data and change.target.split("/")[0] not in TABLES]
    if len(levers) > MOST:
        faults.append(Fault("降本措施", f"一次最多 {MOST} 项，给了 {len(levers)} 项", do="分批测算"))
    if faults:
        raise ScenarioError(faults)
    return levers


def evaluate_levers(study: Study, levers: Sequence[Scenario], intensity: float = 1.0, frames=None) -> LeverStudy:
    """Run every subset of the levers on the study's place under its baseline law, mode none. 2^n runs."""
    bench = _Bench.of(study, levers, intensity, frames)
    worth = {chosen: bench.totals(chosen) for size in range(len(levers) + 1) for chosen in combinations([one.id for one in levers], size)}
    empty, whole = worth[()], worth[tuple(one.id for one in levers)]
    shares = {measure: shapley([one.id for one in levers], lambda chosen, m=measure: empty[m] - worth[chosen][m]) for measure in MEASURES}
    rows = [_lever_row(bench, one, levers, worth, shares) for one in levers]
    joint = {measure: empty[measure] - whole[measure] for measure in MEASURES}
    joint |= {"one_off": sum(row["one_off"] for row in rows), "one_off_yearly": sum(row["one_off_yearly"] for row in rows),
              "candidates": whole["candidates"], "cost_cash": whole["cash"], "cost_economic": whole["economic"]}
    every = tuple(one.id for one in levers)
    return LeverStudy(empty, pd.DataFrame(rows), joint, bench.quality(every), bench.kept(every), bench.refusals(), bench.colleges)


def _lever_row(bench, one, levers, worth, shares) -> dict:
    others = tuple(other.id for other in levers if other.id != one.id)
    every = tuple(other.id for other in levers)
    accepted = int(bench.accepts[one.id].sum())
    spent = float(one.lever.get("one_off_cost", 0)) * bench.intensity * accepted
    yearly = spent * float(annuity(bench.rate, np.array(float(one.lever.get("life_years", 1)))))
    row = {"lever": one.id, "zh": one.title["zh"], "en": one.title["en"], "evidence": one.lever["evidence"], "guard": one.lever["guard"],
           "responsible": one.lever.get("responsible", ""), "refused": bench.colleges - accepted, "one_off": spent, "one_off_yearly": yearly}
    for measure in MEASURES:
        row[f"{measure}_alone"] = worth[()][measure] - worth[one.id,][measure]
        row[f"{measure}_last"] = worth[others][measure] - worth[every][measure]
        row[f"{measure}_shapley"] = shares[measure][one.id]
    row["net_cash"] = row["cash_shapley"] - yearly
    row["payback_years"] = spent / row["cash_alone"] if row["cash_alone"] > 0.005 else float("nan")
    return row


@dataclass(frozen=True)
class _Bench:
    """The baseline, and for every set of levers the tables with exactly the levers each college accepts."""

    study: Study
    levers: dict[str, Scenario]
    intensity: float
    frames: dict
    view: dict
    before: YearResult
    accepts: dict[str, np.ndarray]
    reasons: dict[str, dict[str, int]]
    arranged: dict[tuple, Compiled]

    @staticmethod
    def of(study: Study, levers, intensity, frames=None) -> _Bench:
        """Arrange the baseline and find out who refuses what."""
        from ..engine.province import carries_alone, of_province
        frames = frames or dict(study.tables.frames)
        if study.province and carries_alone(frames):
            frames = of_province(frames, study.province)
        view, _ = study.views("none")
        base = study.prepared.baseline
        before = run_year(base, base, view)
        bench = _Bench(study, {one.id: one for one in levers}, intensity, frames, view, before, {}, {}, {})
        for one in levers:
            broken = bench.breaks((one.id,), one.lever["guard"])
            bench.accepts[one.id] = bench.working & ~broken
            bench.reasons[one.id] = {one.lever["guard"]: int((bench.working & broken).sum())}
        for guard in {one.lever["guard"] for one in levers}:  # together they must keep the floor as well
            same = tuple(one.id for one in levers if one.lever["guard"] == guard)
            broken = bench.breaks(same, guard) & np.all([bench.accepts[name] for name in same], axis=0)
            for name in same:
                bench.accepts[name] &= ~broken
                bench.reasons[name][guard] += int((broken & bench.working).sum()) if len(same) > 1 else 0
        return bench

    @property
    def rate(self) -> float:
        """Discount rate of the baseline."""
        return float(self.view["funding.discount_rate"])

    @property
    def working(self) -> np.ndarray:
        """Colleges of the place that plan something."""
        base = self.study.prepared.baseline
        return (base.space.maps["offering", "college"].sum(base.leaves["planned_candidates"]) > 0) & self.study.scope()["college"]

    @property
    def colleges(self) -> int:
        """How many."""
        return int(self.working.sum())

    def arranged_with(self, table: str, names: tuple[str, ...]) -> Compiled:
        """The year's tables with these levers' changes of one table, everywhere."""
        if (table, names) not in self.arranged:
            changes = [scaled(change, self.intensity) for name in names for change in self.levers[name].changes
                       if change.target.startswith(f"{table}/")]
            self.arranged[table, names] = compile_year(change_frames(self.frames, changes, mid_year(self.study.year)), self.study.year, self.rate)
        return self.arranged[table, names]

    def leaves_with(self, names: tuple[str, ...]) -> dict:
        """The leaves with all these levers everywhere. What a table feeds depends on the levers of that table alone, so a
        set of levers is put together from few arrangements."""
        leaves = dict(self.study.prepared.baseline.leaves)
        for table in TABLES:
            touching = tuple(name for name in names if any(c.target.startswith(f"{table}/") for c in self.levers[name].changes))
            if touching:
                found = self.arranged_with(table, touching).leaves
                leaves |= {name: found[name] for name in _fed_by(table, found)}
        return leaves

    def breaks(self, names: tuple[str, ...], guard: str) -> np.ndarray:
        """Colleges where the levers break the guard."""
        base, after = self.study.prepared.baseline, self.leaves_with(names)
        used = np.repeat(base.leaves["planned_candidates"][None] > 0, 2, 0) & (after["session_capacity"] > 0)
        with np.errstate(invalid="ignore"):
            if guard == "candidates_per_assessor":
                bad = after["candidates_per_assessor"] > self.view["quality.candidates_per_assessor_max"]
                bad &= after["candidates_per_assessor"] != base.leaves["candidates_per_assessor"]
            elif guard == "minutes_per_candidate":
                now, then = (minutes_per_candidate(*(c[name] for name in ("hours_per_session", "session_capacity", "stations"))) for c in (after, base.leaves))
                bad = (now < self.view["quality.minutes_per_candidate_min"]) & (now != then)
                used[0] = False  # the floor is on practical minutes
            elif guard == "pass_rate":
                fall = base.leaves["given_pass_rate"] - after["given_pass_rate"]
                bad = np.repeat((100 * fall > self.view["quality.pass_rate_drop_max"] + 1e-9)[None], 2, 0)
            else:
                return self._own_assessors(names)
        at = base.space.maps["offering", "college"]
        return at.sum((bad & used).any(0) * 1.0) > 0

    def _own_assessors(self, names: tuple[str, ...]) -> np.ndarray:
        """Assessor independence: no lever may put the college's own staff in the assessors' place."""
        base, after = self.study.prepared.baseline, self.arranged_with("ingredients", names)
        lines = after.ledger[(after.ledger["item"] == "assessor_fees") & after.ledger["own_staff"].astype(bool)]
        own = np.isin(after.place, lines["at"].unique())
        return base.space.maps["offering", "college"].sum(own * 1.0) > 0

    def blended(self, names: tuple[str, ...]) -> Compiled:
        """The tables where each college has the levers it accepts."""
        base = self.study.prepared.baseline
        college = base.space.maps["offering", "college"].index
        accepted = np.array([self.accepts[name] for name in names]) if names else np.zeros((0, len(base.keys["college"])), bool)
        leaves, patterns = dict(base.leaves), np.unique(accepted.T, axis=0)
        for pattern in patterns:
            chosen = tuple(name for name, on in zip(names, pattern, strict=True) if on)
            if not chosen:
                continue
            where = (accepted.T == pattern).all(1)[college]
            leaves = _merged(leaves, self.leaves_with(chosen), where)
        return replace(base, leaves=leaves)

    def run(self, names: tuple[str, ...], reverify: bool = False) -> YearResult:
        """Fees held as approved, or set anew on the reduced cost."""
        base, tables = self.study.prepared.baseline, self.blended(names)
        return run_year(tables, tables if reverify else base, self.view, self.before)

    def totals(self, names: tuple[str, ...]) -> dict[str, float]:
        """Cash and economic cost of assessment and training over the place; staff time once in each, as uplift or at full cost."""
        result, scope = self.run(names), self.study.scope()

        def total(name, axis="offering"):
            return float(np.sum(result.served[name][scope[axis]]))
        return {"cash": total("organisation_cash_cost") + total("college_cash_cost") + total("training_cash_cost") + total("uplift", "college"),
                "economic": total("assessment_cost") + total("training_cost") + total("teacher_time_cost"),
                "assessment": total("assessment_cost"), "candidates": total("served"), "awarded": total("awarded")}

    def quality(self, names: tuple[str, ...]) -> pd.DataFrame:
        """Indicators before and after, candidate-weighted means, with their floor or ceiling."""
        rows, scope = [], self.study.scope()["offering"]
        before, after = self.study.prepared.baseline, self.blended(names)
        weight = before.leaves["planned_candidates"] * scope

        def mean(values):
            ok = np.isfinite(values) & (weight > 0)
            return float((values[ok] * weight[ok]).sum() / weight[ok].sum()) if ok.any() else float("nan")

        def minutes(c):
            return minutes_per_candidate(*(c.leaves[name][1] for name in ("hours_per_session", "session_capacity", "stations")))
        rows.append(("pass_rate", 100 * mean(before.leaves["given_pass_rate"]), 100 * mean(after.leaves["given_pass_rate"]), float("nan")))
        rows.append(("candidates_per_assessor", *(mean(c.leaves["candidates_per_assessor"][1]) for c in (before, after)),
                     float(self.view["quality.candidates_per_assessor_max"])))
        rows.append(("minutes_per_candidate", mean(minutes(before)), mean(minutes(after)), float(self.view["quality.minutes_per_candidate_min"])))
        return pd.DataFrame(rows, columns=["indicator", "before", "after", "floor"])

    def kept(self, names: tuple[str, ...]) -> pd.DataFrame:
        """Who keeps the cash saving: colleges (fees and own items) and organisations, with fees held and re-verified."""
        scope, rows = self.study.scope()["offering"], []
        for name, result in (("held", self.run(names)), ("reverified", self.run(names, reverify=True))):
            def saved(item, result=result):
                return float(np.sum((self.before.served[item] - result.served[item])[scope]))
            college = saved("fee_bill") + saved("college_cash_cost") + saved("training_cash_cost")
            rows.append({"fees": name, "college": college, "organisation": saved("organisation_cash_cost") - saved("fee_bill"),
                         "fee_bill": -saved("fee_bill")})
        return pd.DataFrame(rows)

    def refusals(self) -> pd.DataFrame:
        """Lever, guard, number of colleges that refused."""
        return pd.DataFrame([{"lever": name, "guard": guard, "colleges": count} for name, found in self.reasons.items()
                             for guard, count in found.items()])


def _fed_by(table: str, leaves: dict) -> list[str]:
    if table == "ingredients":
        return [name for name in leaves if name.endswith("_rates")]
    return list(COMPONENT_LEAVES if table == "components" else OFFERING_LEAVES)


def _merged(leaves: dict, changed: dict, where: np.ndarray) -> dict:
    """Offering and component leaves of `changed` at the offerings in `where`, the rest as it was."""
    made = dict(leaves)
    for name in (*COMPONENT_LEAVES, *OFFERING_LEAVES):
        made[name] = np.where(where, changed[name], leaves[name])
    for name in [key for key in leaves if key.endswith("_rates")]:
        drivers = sorted(set(leaves[name]) | set(changed[name]))
        made[name] = {driver: np.where(where, changed[name].get(driver, 0.0), leaves[name].get(driver, 0.0)) for driver in drivers}
    return made
