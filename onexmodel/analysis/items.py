"""What each official item costs, by bearer, cash and economic; and what one certificate's unit cost does as candidates grow."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..engine.compile import Compiled
from ..engine.wire import evaluate
from ..engine.year import YearResult
from ..rules.cost import item_cost
from .study import Study

ITEM_KEY = ("phase", "item", "borne_by")


def item_costs(result: YearResult, scope, cost_factor: np.ndarray, by: tuple[str, ...] = ITEM_KEY) -> pd.DataFrame:
    """phase, item, bearer (or other columns of the ledger) → economic and cash yuan on served volumes of the place.
    cost_factor: (offerings,)."""
    compiled, lines = result.compiled, result.compiled.ledger
    counts, inside = result.served["driver_counts"], scope["offering"]
    size = int(compiled.place.max(initial=-1)) + 1
    plain, scaled = {}, {}
    for driver in lines["driver_used"].unique():
        count = np.broadcast_to(counts[driver], inside.shape) * inside
        plain[driver] = np.bincount(compiled.place, weights=count, minlength=size)
        scaled[driver] = np.bincount(compiled.place, weights=count * cost_factor, minlength=size)
    at, factored = lines["at"].to_numpy(int), lines["has_factor"].to_numpy(bool)
    amount = np.zeros(len(lines))
    for driver, rows in lines.groupby("driver_used").indices.items():
        times = np.where(factored[rows], scaled[driver][at[rows]], plain[driver][at[rows]])
        amount[rows] = item_cost(lines["outlay"].to_numpy(float)[rows], 1.0, 1.0, times)
    made = lines[list(by)].assign(economic=amount, cash=amount * lines["cash_share"].to_numpy(float))
    return made.groupby(list(by), sort=False)[["economic", "cash"]].sum().reset_index()


def cost_factors(study: Study) -> np.ndarray:
    """The college's cost factor at each offering (1 where none is given)."""
    factor = study.tables["colleges"].set_index("college")["cost_factor"].fillna(1.0)
    return factor.reindex(study.prepared.baseline.keys["offering"]["college"]).to_numpy(float)


def unit_cost_curve(study: Study, offering: int, most: int = 150) -> pd.DataFrame:
    """candidates 1…most → assessment cost per candidate and sessions, for one offering, all else as planned."""
    base: Compiled = study.prepared.baseline
    view, _ = study.views("none")
    numbers = np.arange(1, most + 1)
    one = np.array([offering])
    leaves = {name.replace(".", "_"): value for name, value in view.items()}
    for name, value in base.leaves.items():
        axis = base.leaf_axis.get(name)
        if axis == "offering" and isinstance(value, dict):
            leaves[name] = {driver: np.repeat(rate[one], most) for driver, rate in value.items()}
        elif axis in ("offering", "component"):
            leaves[name] = np.repeat(value[..., one], most, axis=-1)
    result = study.pair("none")[0]
    leaves["candidates"] = leaves["planned_candidates"] = numbers.astype(float)
    for name, default in (("pass_rate", "volume.default_pass_rate"), ("retake_share", "volume.default_retake_share")):
        given = leaves[f"given_{name}"]
        leaves[name] = np.where(np.isnan(given), view[default], given)
    used = base.space.maps["offering", "national"].index[one]
    leaves["national_sittings_used"] = np.repeat(result.served["national_sittings_used"][used], most)
    cell = base.space.maps["offering", "cell"].index[one]
    leaves["planned_province_sittings"] = np.repeat(result.plan["cell_sittings"][cell], most)
    axis = {name: base.leaf_axis[name] for name in base.leaf_axis if name in leaves}
    axis |= {name: "offering" for name in ("candidates", "planned_candidates", "pass_rate", "retake_share", "national_sittings_used", "planned_province_sittings")}
    values = evaluate(("assessment_cost", "sessions"), leaves, axis, base.space)
    return pd.DataFrame({"candidates": numbers, "unit_cost": values["assessment_cost"] / numbers, "sessions": values["sessions"].sum(0)})
