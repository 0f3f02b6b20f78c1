"""Step 10: two years with one fee reform whose true effect is known, so that estimators can be shown to recover it."""

from __future__ import annotations

import numpy as np
import pandas as pd

TREATED = 10  # provinces
RAISE = 0.15  # published fees in treated provinces from the first day of the second year
ELASTICITY = -0.3  # of planned candidates to the fee: the truth, an assumption
TREND, NOISE = 0.03, 0.15  # of log candidates, everywhere
COLUMNS = ["kind", "table", "row", "column", "key", "original", "written"]


def two_years(tables: dict[str, pd.DataFrame], room: pd.Series, year: int, rng: np.random.Generator):
    """The tables with a second year, and the truth. Every priced cell has a published fee; in the treated provinces it
    rises by RAISE on 1 January of the second year, and log candidates of their priced offerings by
    ELASTICITY · ln(1 + RAISE)."""
    provinces = tables["provinces"]["province"].to_numpy()
    treated = np.sort(rng.choice(provinces, TREATED, replace=False))
    fees = tables["fees"].copy()
    level = np.array([room[c, one] for c, one in zip(fees["certificate"], fees["level"], strict=True)])
    given = np.round(0.7 * level * np.exp(0.15 * rng.standard_normal(len(fees))))
    fees["published_fee"] = fees["published_fee"].fillna(pd.Series(np.minimum(given, level), index=fees.index))
    fees["stage"], fees["document"] = "published", "模拟文号"
    moved = fees["province"].isin(treated)
    raised = (fees["published_fee"][moved] * (1 + RAISE)).round(2)
    later = fees[moved].assign(valid_from=f"{year + 1}-01-01", published_fee=raised)
    fees.loc[moved, "valid_to"] = f"{year + 1}-01-01"
    plans = tables["offerings"]
    priced = pd.MultiIndex.from_frame(fees[["province", "certificate", "level"]])
    place = plans["college"].map(tables["colleges"].set_index("college")["province"])
    cell = pd.MultiIndex.from_arrays([place, plans["certificate"], plans["level"]])
    reached = place.isin(treated).to_numpy() & cell.isin(priced)
    effect = ELASTICITY * np.log1p(RAISE)
    moved_by = TREND + effect * reached + NOISE * rng.standard_normal(len(plans))
    second = plans.assign(year=year + 1, candidates=np.round(plans["candidates"] * np.exp(moved_by)).astype(int))
    repeated = {
        name: pd.concat([tables[name], tables[name].assign(year=year + 1)], ignore_index=True)
        for name in ("pay_pools", "funding", "workload", "budget_lines")
    }
    made = {
        **tables,
        **repeated,
        "fees": pd.concat([fees, later], ignore_index=True),
        "offerings": pd.concat([plans, second], ignore_index=True),
        "certificates": tables["certificates"].assign(
            national_sittings=np.ceil(tables["certificates"]["national_sittings"] * 1.5).astype(int)
        ),
    }
    facts = [
        ("effect_log_candidates", "", repr(float(effect))),
        ("fee_raise", "", repr(RAISE)),
        ("elasticity", "", repr(ELASTICITY)),
        *(("treated_province", code, "1") for code in treated),
    ]
    truth = [
        {
            "kind": kind,
            "table": "offerings" if "effect" in kind else "fees",
            "row": "",
            "column": "",
            "key": key,
            "original": "",
            "written": value,
        }
        for kind, key, value in facts
    ]
    return made, pd.DataFrame(truth, columns=COLUMNS)
