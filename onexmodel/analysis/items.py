"""What each official item costs, by bearer, cash and economic; and what one certificate's unit cost does as candidates grow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from ..engine.compile import Compiled
from ..engine.leaves import year_leaves
from ..engine.places.local import LOCAL, MADE_ON, laid
from ..engine.result import YearResult
from ..engine.wire import evaluate
from ..rules.cost import item_cost
from .draws.blocks import in_blocks
from .headline import total
from .statistics.precision import HALF_FEN
from .study import Study

ITEM_KEY = ("phase", "item", "borne_by")


def item_costs(result: YearResult, scope, by: tuple[str, ...] = ITEM_KEY) -> pd.DataFrame:
    """phase, item, bearer (or other columns of the ledger) → economic and cash yuan on served volumes of the place."""
    compiled, lines = result.compiled, result.compiled.ledger
    counts, inside = result.served["driver_counts"], scope["offering"]
    size = int(compiled.place.max(initial=-1)) + 1
    plain, scaled = {}, {}
    for driver in lines["driver_used"].unique():
        count = np.broadcast_to(counts[driver], inside.shape) * inside
        plain[driver] = np.bincount(compiled.place, weights=count, minlength=size)
        weights = count * compiled.cost_factor
        scaled[driver] = np.bincount(compiled.place, weights=weights, minlength=size)
    at, factored = lines["at"].to_numpy(int), lines["has_factor"].to_numpy(bool)
    amount = np.zeros(len(lines))
    for driver, rows in lines.groupby("driver_used").indices.items():
        times = np.where(factored[rows], scaled[driver][at[rows]], plain[driver][at[rows]])
        amount[rows] = item_cost(lines["outlay"].to_numpy(float)[rows], 1.0, 1.0, times)
    made = lines[list(by)].assign(
        economic=amount, cash=amount * lines["cash_share"].to_numpy(float)
    )
    return made.groupby(list(by), sort=False)[["economic", "cash"]].sum().reset_index()


def most_sat(study: Study, least: int) -> np.ndarray:
    """Offerings of the place's certificate and level with most planned candidates, among those that at least `least` colleges plan;
    empty where there is none."""
    base, inside = study.prepared.baseline, study.scope()["offering"]
    keys, planned = base.keys["offering"], base.leaves["planned_candidates"]
    rows = keys.assign(at=np.arange(len(keys)), planned=planned)[inside & (planned > 0)]
    by = rows.groupby(["certificate", "level"], sort=False).agg(
        planned=("planned", "sum"), colleges=("college", "nunique")
    )
    by = by[by["colleges"] >= least]
    if by.empty:
        return np.array([], int)
    certificate, level = by["planned"].idxmax()
    return rows.loc[(rows["certificate"] == certificate) & (rows["level"] == level), "at"].to_numpy(
        int
    )


def unit_cost_curve(study: Study, offerings: np.ndarray, most: int = 150) -> pd.DataFrame:
    """candidates 1…most → assessment cost per candidate, sessions and assessors of one offering that is the mean of several: rates and
    pass rate weighted by candidates, capacities the weighted median. No single college's numbers are in it."""
    base: Compiled = study.prepared.baseline
    view, numbers = study.views("none")[0], np.arange(1, most + 1)
    weight = base.leaves["planned_candidates"][offerings]
    leaves = {
        name.replace(".", "_"): value for name, value in view.items() if name != LOCAL
    } | _mean_leaves(base, offerings, weight, most)
    leaves |= {
        name.replace(".", "_"): float(
            np.average(laid(base, view, name, "offering")[offerings], weights=weight)
        )
        for name in view.get(LOCAL, ())
        if name not in MADE_ON and not name.startswith("fees.cap.")
    }
    leaves["candidates"] = leaves["planned_candidates"] = numbers.astype(float)
    for name, default in (
        ("pass_rate", "volume.default_pass_rate"),
        ("retake_share", "volume.default_retake_share"),
    ):
        given, usual = (
            base.leaves[f"given_{name}"][offerings],
            np.broadcast_to(laid(base, view, default, "offering"), base.place.shape)[offerings],
        )
        leaves[name] = np.full(
            most, np.average(np.where(np.isnan(given), usual, given), weights=weight)
        )
    result = study.pair("none")[0]
    used, cell = (
        base.space.maps["offering", axis].index[offerings] for axis in ("national", "cell")
    )
    leaves["national_sittings_used"] = np.full(
        most, np.average(result.served["national_sittings_used"][used], weights=weight)
    )
    leaves["planned_province_sittings"] = np.full(
        most, np.average(result.plan["cell_sittings"][cell], weights=weight)
    )
    axis = {name: base.leaf_axis[name] for name in base.leaf_axis if name in leaves}
    axis |= {
        name: "offering"
        for name in (
            "candidates",
            "planned_candidates",
            "pass_rate",
            "retake_share",
            "national_sittings_used",
            "planned_province_sittings",
        )
    }
    values = evaluate(
        ("assessment_cost", "sessions", "assessors", "marginal_session_cost"),
        leaves,
        axis,
        base.space,
    )
    return pd.DataFrame(
        {
            "candidates": numbers,
            "unit_cost": values["assessment_cost"] / numbers,
            "sessions": values["sessions"].sum(0),
            "assessors": np.nansum(values["assessors"], axis=0),
            "one_more": np.nansum(values["marginal_session_cost"], axis=0),
        }
    )


def _mean_leaves(base: Compiled, offerings, weight, most: int) -> dict:
    """Leaves of the mean offering, repeated `most` times."""
    made: dict[str, Any] = {}
    for name, value in base.leaves.items():
        if isinstance(value, dict) and base.leaf_axis.get(name) == "offering":
            made[name] = {
                driver: np.full(most, np.average(rate[offerings], weights=weight))
                for driver, rate in value.items()
            }
        elif base.leaf_axis.get(name) == "offering" and not name.startswith("given_"):
            made[name] = np.full(most, np.average(value[offerings], weights=weight))
        elif base.leaf_axis.get(name) == "component":
            made[name] = np.repeat(_median(value[:, offerings], weight)[:, None], most, axis=1)
    return made


def _median(values: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Weighted median of each row; missing where the row is."""
    order = np.argsort(values, axis=1, kind="stable")
    reached = np.cumsum(weight[order], axis=1) >= weight.sum() / 2
    return np.take_along_axis(values, order, 1)[np.arange(len(values)), reached.argmax(1)]


def unused_capacity_draws(
    study: Study, compiled: Compiled, drawn: Mapping[str, np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """(draws,) yuan of the place's unused staff capacity under the baseline's law, and how many colleges have some; without a response
    no fee need be set."""
    inside, rule = study.scope(compiled)["college"], "unused_capacity_cost"

    def totals(part: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        leaves, axis = year_leaves(compiled, study.views("none", **part)[0])
        found = evaluate((rule,), leaves, axis, compiled.space)[rule]
        return {
            "yuan": total(np.nan_to_num(found), inside),
            "colleges": total(found > HALF_FEN, inside),
        }

    made = in_blocks(study, drawn, totals)
    return made["yuan"], made["colleges"]


def loads(study: Study, result: YearResult) -> pd.DataFrame:
    """Colleges of the place whose teachers' hours are known: hours of the baseline and of X work, practical capacity (hours), `norm`: the
    teachers' normal hours, `unused`: yuan of capacity left, 0 where there is none."""
    leaves, served = result.compiled.leaves, result.served
    norm = leaves["teachers"] * leaves["norm_hours"]
    share = laid(result.compiled, study.views("none")[0], "workload.practical_capacity", "college")
    unused = np.nan_to_num(served["unused_capacity_cost"])
    frame = pd.DataFrame(
        {
            "college": result.compiled.keys["college"]["college"].to_numpy(object),
            "baseline": leaves["baseline_hours"],
            "added": served["added_hours"],
            "capacity": share * norm,
            "norm": norm,
            "unused": np.where(unused > HALF_FEN, unused, 0.0),
        }
    )[study.scope(result.compiled)["college"]]
    known = np.isfinite(frame["baseline"]) & (frame["capacity"] > 0)
    return frame[known].reset_index(drop=True)
