"""Run the rules: plan → fees → response → served volumes → funding, for a baseline and a scenario."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..errors import DataError, Fault, ScenarioError, nearest
from ..law.parameters import FORMS, Law, required_faults
from ..law.scenario import Composition, compose
from ..rules import funding as f
from .compile import CELL, Compiled, compile_year, mid_year
from .province import carries_alone, of_province
from .result import COLLEGE_COLUMNS, OFFERING_COLUMNS, YearResult, joined
from .wire import evaluate

FEE_TARGETS = ("cap", "college_unit", "ceiling", "organisation_unit", "proposed_fee", "verified_fee", "modelled_fee",
               "standard_fee", "approved_fee", "binds", "over_cap", "special_in_force")
SERVED_TARGETS = (*(name for name in OFFERING_COLUMNS if name != "served"), "payable_sittings", "needs", "college_served",
                  *(name for name in COLLEGE_COLUMNS[:6]), *(f"need_{use}" for use in f.USES), "overload_added",
                  "uplift_rate", "uplift_elasticity", "uplift_income_share", "uplift_limit_used", "organisation_cash_cost")


@dataclass(frozen=True)
class Run:
    """Baseline and, where something is changed, the scenario; a tuple of years each."""

    baseline: tuple[YearResult, ...]
    scenario: tuple[YearResult, ...] | None
    composition: Composition

    @property
    def last(self) -> tuple[YearResult, ...]:
        """The scenario's years, or the baseline's where nothing is changed."""
        return self.scenario or self.baseline

    def frames(self) -> dict[str, pd.DataFrame]:
        """§12: the scenario's values, and `baseline_`-prefixed ones where a scenario or --set is given."""
        now = joined(self.last)
        if self.scenario is None:
            return now
        from .result import KEYS
        before = joined(self.baseline)
        return {name: frame.merge(before[name].rename(columns={c: f"baseline_{c}" for c in before[name] if c not in KEYS[name]}),
                                  on=KEYS[name], how="left") for name, frame in now.items()}


@dataclass(frozen=True)
class Prepared:
    """One year's tables arranged once, to be run under many laws: what the baseline runs on, what the scenario runs on,
    and the rows its fees are set on (the baseline's unless fees.reverify)."""

    year: int
    baseline: Compiled
    scenario: Compiled
    priced: Compiled

    def evaluate(self, baseline_view, scenario_view=None) -> tuple[YearResult, YearResult | None]:
        """Baseline and, where a scenario view is given, scenario. Views may hold (draws, 1) arrays for numbers."""
        before = run_year(self.baseline, self.baseline, baseline_view)
        if scenario_view is None:
            return before, None
        return before, run_year(self.scenario, self.priced, scenario_view, before)


def prepare(tables, composition: Composition, year: int, province: str = "") -> Prepared:
    """Arrange a year; with a province only its rows, where the numbers stay the same (see `of_province`). Raises
    DataError where a cap is missing, ScenarioError where a data change misses."""
    frames = dict(tables.frames)
    changed = change_frames(frames, composition.data_changes)
    if province and carries_alone(frames) and carries_alone(changed):
        frames, changed = of_province(frames, province), of_province(changed, province)
    before, after = composition.baseline_law.at(mid_year(year)), composition.law.at(mid_year(year))
    baseline = compile_year(frames, year, before["funding.discount_rate"])
    _need_caps(baseline, composition.baseline_law, year)
    same_rate = before["funding.discount_rate"] == after["funding.discount_rate"]
    if not composition.data_changes and same_rate:
        return Prepared(year, baseline, baseline, baseline)
    now = compile_year(changed, year, after["funding.discount_rate"])
    if after["fees.reverify"] != "no":
        return Prepared(year, baseline, now, now)
    held = frames | {"fees": changed["fees"]}
    return Prepared(year, baseline, now, compile_year(held, year, after["funding.discount_rate"]))


def run(law: Law, tables, composition: Composition | None = None) -> Run:
    """Run every year of the tables. A composition must lie over a law that has the caps table. Raises DataError where a
    cap is missing, ScenarioError where a data change misses."""
    composition = composition or compose(law.with_caps(cap_rows(tables["caps"])))
    baseline, scenario = [], []
    for year in sorted(int(year) for year in tables["offerings"]["year"].unique()):
        day, changes = mid_year(year), composition.changes_anything
        before, after = prepare(tables, composition, year).evaluate(
            composition.baseline_law.at(day), composition.law.at(day) if changes else None)
        baseline.append(before)
        scenario += [after] if changes else []
    return Run(tuple(baseline), tuple(scenario) or None, composition)


def cap_rows(caps: pd.DataFrame) -> list[dict]:
    """The caps table as the law takes it."""
    return [{"form": row.form, "level": row.level, "cap": row.cap, "source": row.source, "valid_from": row.valid_from.date(),
             "valid_to": None if pd.isna(row.valid_to) else row.valid_to.date()} for row in caps.itertuples()]


def run_year(compiled: Compiled, priced: Compiled, view, baseline: YearResult | None = None) -> YearResult:
    """One year under one law. `priced` is what fees are set on (the baseline's rows unless re-verified)."""
    fees = _fees(priced, view, baseline)
    leaves, axis = _leaves(compiled, view)
    moved = {name: _to_cells(fees[name], priced, compiled) for name in ("approved_fee",)}
    plan = evaluate(("margin", "share_served", "supplier_shortfall", "supplier_payable_sittings", "cell_sittings"),
                    {**leaves, **moved}, {**axis, "approved_fee": "cell"}, compiled.space)
    shown = {name: _to_cells(fees[name], priced, compiled) for name in (*FEE_TARGETS, "pass_through", "pass_through_class")}
    plan = {**plan, **shown}
    served = _served(compiled, leaves, axis, plan, 1.0)
    served = {**served, **_fund(served, compiled, view)}
    served["unaffordable_candidates"] = _unaffordable(compiled, leaves, axis, plan, served, view)
    return YearResult(compiled, plan, served)


def _leaves(compiled: Compiled, view) -> tuple[dict, dict]:
    leaves, axis = dict(compiled.leaves), dict(compiled.leaf_axis)
    leaves |= {name.replace(".", "_"): value for name, value in view.items()}
    leaves["candidates"], axis["candidates"] = leaves["planned_candidates"], "offering"
    for name, default in (("pass_rate", "volume.default_pass_rate"), ("retake_share", "volume.default_retake_share")):
        given = leaves[f"given_{name}"]
        leaves[name], axis[name] = np.where(np.isnan(given), view[default], given), "offering"
    leaves["component_cap"], axis["component_cap"] = _caps(compiled, view), "cell"
    day = np.datetime64(mid_year(compiled.year))
    started, ended = leaves["special_from"] <= day, leaves["special_to"] <= day
    leaves["special_applies"], axis["special_applies"] = leaves["special_document"] & started & ~ended, "cell"
    cost = view["workload.staff_hour_cost"]
    leaves["staff_hour_cost"], axis["staff_hour_cost"] = np.array([cost[tier] for tier in leaves["tier"]], float), "college"
    first = evaluate(("cell_sittings",), leaves, axis, compiled.space)
    leaves["planned_province_sittings"], axis["planned_province_sittings"] = first["cell_sittings"], "cell"
    return leaves, axis


def _caps(compiled: Compiled, view) -> np.ndarray:
    forms, levels = compiled.leaves["component_form"], compiled.leaves["cell_level"]
    caps = np.full(forms.shape, np.nan)
    for number, form in enumerate(FORMS):
        table = view[f"fees.cap.{form}"]
        by_level = np.array([table.get(level, table.get("all", np.nan)) for level in levels], float)
        caps = np.where(forms == number, by_level, caps)
    return caps


def _need_caps(compiled: Compiled, law: Law, year: int) -> None:
    used = [form for number, form in enumerate(FORMS) if (compiled.leaves["component_form"] == number).any()]
    faults = required_faults(law, mid_year(year), used)
    if not faults:
        known = ~np.isnan(_caps(compiled, law.at(mid_year(year)))) | (compiled.leaves["component_form"] < 0)
        faults = [Fault(f"证书 {row.certificate} {row.level}", "没有适用的成本上限", do="在 caps 表补上该形式与等级的金额")
                  for row in compiled.keys["cell"][~known.all(0)].itertuples()]
    if faults:
        raise DataError(faults)


def _fees(priced: Compiled, view, baseline: YearResult | None) -> dict:
    leaves, axis = _leaves(priced, view)
    carried = ("modelled_fee", "ceiling", "proposed_fee", "approved_fee")
    if baseline is None:
        leaves["baseline_proposed_fee"] = np.full(len(priced.keys["cell"]), np.nan)
        first = evaluate(("modelled_fee", "ceiling", "proposed_fee"), leaves, {**axis, "baseline_proposed_fee": "cell"}, priced.space)
        source = {name: first.get(name) for name in carried}
        source["approved_fee"] = np.full(len(priced.keys["cell"]), np.nan)
    else:
        source = {name: _to_cells(baseline.plan[name], baseline.compiled, priced) for name in carried}
    leaves |= {f"baseline_{name}": value for name, value in source.items()}
    axis |= {f"baseline_{name}": "cell" for name in carried}
    targets = (*FEE_TARGETS, "pass_through", "pass_through_class")
    return evaluate(targets, leaves, axis, priced.space)


def _to_cells(values, have: Compiled, want: Compiled) -> np.ndarray:
    if have.keys["cell"].equals(want.keys["cell"]):
        return values
    index = pd.MultiIndex.from_frame(have.keys["cell"][CELL]).get_indexer(pd.MultiIndex.from_frame(want.keys["cell"][CELL]))
    return np.where(index >= 0, np.asarray(values, float)[..., index], np.nan)


def _served(compiled, leaves, axis, plan, scale) -> dict:
    given = {**leaves, "share_served": plan["share_served"], "approved_fee": plan["approved_fee"]}
    axis = {**axis, "share_served": "supplier", "approved_fee": "cell"}
    kept = evaluate(("served",), given, axis, compiled.space)["served"] * scale
    return evaluate(SERVED_TARGETS, {**given, "candidates": kept}, axis, compiled.space) | {"served": kept}


def _fund(values, compiled: Compiled, view) -> dict:
    """Pots, optimum and waterfall of every college (model.md §6)."""
    leaves, province = compiled.leaves, compiled.space.maps["college", "province"].index
    allowed = f.eligible(leaves["eligibility"], view["funding.award_pays_salary"])
    uses, sources = f.use_priority(view["funding.use_order"]), f.source_priority(view["funding.source_order"])
    needs, limits = values["needs"], leaves["own_limits"]
    limits = np.broadcast_to(limits, (*needs.shape[:-2], *limits.shape)).copy()  # one set of limits per draw
    gap = f.total_gap(needs, limits, allowed)
    weight = f.pot_weights(values["college_served"], gap, leaves["students"], limits.sum(-2), province,
                           len(compiled.keys["province"]), view["funding.pot_weights"])
    awards = {}
    for source in ("central_award", "local_appropriation"):
        at = f.SOURCES.index(source)
        need = f.pot_need(needs, limits, allowed, at)
        awards[source] = f.pot_awards(leaves[f"pot_{source}"], need, weight, province)
        limits[..., at, :] += awards[source]
        if source == "central_award":
            local = f.SOURCES.index("local_appropriation")
            limits[..., local, :] = f.local_after_crowding_out(limits[..., local, :], awards[source],
                                                               view["funding.crowding_out"])
    covered = f.covered(needs, limits, allowed, uses)
    gaps = f.gaps(needs, covered)
    made = {f"funding_gap_{use}": gaps[..., i, :] for i, use in enumerate(f.USES)}
    made |= {"funding_gap": f.funding_gap(gaps), "idle": f.idle(limits, covered), "covered": covered, "limits": limits,
             "award": awards["central_award"] + awards["local_appropriation"],
             "waterfall_gap": f.waterfall_gap(needs, limits, allowed, uses, leaves["own_order"], sources)}
    made["order_loss"] = f.order_loss(made["waterfall_gap"], made["funding_gap"])
    return made


def fund_flows(result: YearResult, view) -> np.ndarray:
    """Which source pays which use in the optimum, made unique: (…, 7 sources, 4 uses, colleges), yuan."""
    allowed = f.eligible(result.compiled.leaves["eligibility"], view["funding.award_pays_salary"])
    return f.flows(result.served["covered"], result.served["limits"], allowed, f.use_priority(view["funding.use_order"]),
                   f.source_priority(view["funding.source_order"]))


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
    low, high = fine * 1.0, np.ones(fine.shape)
    for _ in range(60 if not fine.all() else 0):
        middle = (low + high) / 2
        good = _affordable(_served(compiled, leaves, axis, plan, middle[..., at]), served["limits"], allowed)
        low, high = np.where(good, middle, low), np.where(good, high, middle)
    return served["college_served"] * (1 - low)


def change_frames(frames, changes) -> dict:
    """Data changes on a copy. Raises ScenarioError where a table, column or row is not there."""
    changed, faults = dict(frames), []
    for change in changes:
        table, column = change.target.split("/")
        if table not in frames or column not in frames[table]:
            faults.append(Fault(change.line, f"没有这一列「{table}.{column}」", nearest=nearest(
                column, frames[table] if table in frames else frames)))
            continue
        frame = changed[table].copy()
        rows = np.ones(len(frame), bool)
        for key, wanted in change.where:
            rows &= frame[key].astype(str).isin(wanted).to_numpy() if key in frame else False
        if not rows.any():
            faults.append(Fault(change.line, f"{table} 中没有符合条件的行", do="核对 where", level="error"))
        operations = {"value": lambda x, c=change: c.operand, "scale": lambda x, c=change: x * c.operand,
                      "add": lambda x, c=change: x + c.operand, "remove": lambda x: np.nan}
        frame.loc[rows, column] = operations[change.operation](frame.loc[rows, column])
        changed[table] = frame
    if faults:
        raise ScenarioError(faults)
    return changed
