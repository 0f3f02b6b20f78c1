"""Step 10: two years with one fee reform, and a small experiment of the same make: every true value is known, so that estimators
can be shown to recover it.

Truth, all of it assumed: the reform's effect on log candidates beside a province's own change of the year; the share of the
headroom that organisations got, by province; how far provinces differ in both; and the uplift granted for growth of workload.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from onexmodel.data.synthetic.defects import COLUMNS
from onexmodel.data.synthetic.national import (
    OFFERINGS,
    SEED,
    YEAR,
    _about,
    _certificates,
    cap_of,
    national_tables,
    streams,
)
from onexmodel.data.synthetic.write import write_folder

TREATED = 10  # provinces
RAISE = 0.15  # published fees in treated provinces from the first day of the second year
ELASTICITY = -0.3  # of planned candidates to the fee: the truth, an assumption
TREND, NOISE = 0.03, 0.15  # of log candidates, everywhere
SHOCK = 0.01  # spread of what a whole province's log candidates did besides in the second year: why intervals go by province
BETA_SHAPE = 4.0  # β by province is Beta(4, 4), as in step 6
FIRMNESS = 4.0  # of single bargains about their province's β: shares Beta(4β, 4(1 − β)), mean β
HEADROOM = 0.9  # a fee was bargained where the verified cost is at most this part of the cap
PAY_ELASTICITY = 0.4  # uplift granted, as a share of the pool, to growth of workload
HABIT, GRANT_NOISE = 0.2, 0.1  # spread of a college's grants in both years alike, and of each year
GROWTH_SPREAD = 0.3  # of a college's 1+X hours from the first year to the second


def effect() -> float:
    """Of the reform on log candidates: ELASTICITY · ln(1 + RAISE)."""
    return float(ELASTICITY * np.log1p(RAISE))


def next_year(candidates, reached, province, noise, rng: np.random.Generator) -> np.ndarray:
    """Candidates of the second year, (n,) whole. reached (n,) bool: under the reform; province (n,) labels; noise (n,) standard normal."""
    own, place = np.unique(province, return_inverse=True)
    shock = SHOCK * rng.standard_normal(len(own))
    return np.round(
        candidates * np.exp(TREND + effect() * reached + shock[place] + NOISE * noise)
    ).astype(int)


def bargained(unit, cap, beta, rng: np.random.Generator) -> np.ndarray:
    """Whole 元/人次: what a sitting costs and a share of the headroom under the cap, whose mean is β; (n,) each. Between cost and cap."""
    return np.round(unit + rng.beta(FIRMNESS * beta, FIRMNESS * (1 - beta)) * (cap - unit))


def granted(growth, pool, college, rng: np.random.Generator) -> np.ndarray:
    """Yuan of uplift, (n,): PAY_ELASTICITY · growth · pool, with a college's own habit and noise of each year, both of mean 1."""
    own, place = np.unique(college, return_inverse=True)
    spread = HABIT * rng.standard_normal(len(own))[place] + GRANT_NOISE * rng.standard_normal(
        len(place)
    )
    return np.round(
        PAY_ELASTICITY * growth * pool * np.exp(spread - (HABIT**2 + GRANT_NOISE**2) / 2), 2
    )


@dataclass(frozen=True)
class Experiment:
    """One replicate. offerings: province, treated, before, after · fees: province, unit, cap, published_fee · grants: college,
    growth, pay_pool, uplift_granted · beta: by province."""

    offerings: pd.DataFrame
    fees: pd.DataFrame
    grants: pd.DataFrame
    beta: np.ndarray


def simulate(
    seed: int,
    provinces: int = 31,
    offerings: int = 200,
    cells: tuple[int, int] = (8, 30),
    colleges: int = 21,
) -> Experiment:
    """A replicate of the experiment in milliseconds, no files: provinces of very different size with `offerings` offerings and
    `cells` bargained fees each (on average, and between), and `colleges` colleges with two years of grants."""
    rng = np.random.default_rng([seed, 10])
    size = np.round(offerings * (0.1 + 0.9 * rng.gamma(2.0, 0.5, provinces))).astype(int)
    province = np.repeat(np.arange(provinces), size)
    treated = np.isin(province, rng.choice(provinces, TREATED, replace=False))
    before = 15 + np.round(np.exp(rng.normal(3.5, 0.8, len(province)))).astype(int)
    after = next_year(before, treated, province, rng.standard_normal(len(province)), rng)
    beta = rng.beta(BETA_SHAPE, BETA_SHAPE, provinces)
    place = np.repeat(np.arange(provinces), rng.integers(*cells, provinces, endpoint=True))
    unit = np.round(np.exp(rng.normal(5.3, 0.35, len(place))))
    cap = np.round(unit * rng.uniform(1 / HEADROOM, 2.5, len(place)))
    growth = rng.normal(0.05, 0.004, colleges)[:, None] * np.exp(
        GROWTH_SPREAD * rng.standard_normal((colleges, 1)) * [0, 1]
    )
    college, pool = (
        np.repeat(np.arange(colleges), 2),
        np.repeat(np.exp(rng.normal(16, 0.7, colleges)), 2),
    )
    return Experiment(
        pd.DataFrame({"province": province, "treated": treated, "before": before, "after": after}),
        pd.DataFrame(
            {
                "province": place,
                "unit": unit,
                "cap": cap,
                "published_fee": bargained(unit, cap, beta[place], rng),
            }
        ),
        pd.DataFrame(
            {
                "college": college,
                "growth": growth.ravel(),
                "pay_pool": pool,
                "uplift_granted": granted(growth.ravel(), pool, college, rng),
            }
        ),
        beta,
    )


def two_years(
    tables: dict[str, pd.DataFrame], room: pd.Series, year: int, rng: np.random.Generator
):
    """The tables with a second year, and the truth. Every priced cell has a published fee; in the treated provinces it
    rises by RAISE on 1 January of the second year, and log candidates of their priced offerings by
    ELASTICITY · ln(1 + RAISE). Where a cost was verified below the cap, and nothing proposed, the fee is a bargain over the room
    between the two. Colleges with teacher rows were granted uplifts."""
    more = rng.spawn(1)[0]
    provinces = tables["provinces"]["province"].to_numpy()
    treated = np.sort(rng.choice(provinces, TREATED, replace=False))
    beta = pd.Series(more.beta(BETA_SHAPE, BETA_SHAPE, len(provinces)), index=provinces)
    fees = tables["fees"].copy()
    level = np.array(
        [room[c, one] for c, one in zip(fees["certificate"], fees["level"], strict=True)]
    )
    given = np.round(0.7 * level * np.exp(0.15 * rng.standard_normal(len(fees))))
    fees["published_fee"] = fees["published_fee"].fillna(
        pd.Series(np.minimum(given, level), index=fees.index)
    )
    over = (fees["given_proposal"].isna() & (fees["verified_cost"] <= HEADROOM * level)).to_numpy()
    unit = fees["verified_cost"].to_numpy(float)[over]
    fees.loc[over, "published_fee"] = bargained(
        unit, level[over], fees["province"].map(beta).to_numpy()[over], more
    )
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
    second = next_year(
        plans["candidates"].to_numpy(),
        reached,
        place.to_numpy(),
        rng.standard_normal(len(plans)),
        more,
    )
    teachers = _teachers(tables["workload"], year, more)
    repeated = {
        name: pd.concat([tables[name], tables[name].assign(year=year + 1)], ignore_index=True)
        for name in ("pay_pools", "funding", "budget_lines")
    }
    made = {
        **tables,
        **repeated,
        "workload": teachers,
        "pay_pools": _grants(repeated["pay_pools"], teachers, more),
        "fees": pd.concat([fees, later], ignore_index=True),
        "offerings": pd.concat(
            [plans, plans.assign(year=year + 1, candidates=second)], ignore_index=True
        ),
        "certificates": tables["certificates"].assign(
            national_sittings=np.ceil(tables["certificates"]["national_sittings"] * 1.5).astype(int)
        ),
    }
    return made, _truth(treated, beta)


def _teachers(first: pd.DataFrame, year: int, rng: np.random.Generator) -> pd.DataFrame:
    """Teacher rows of both years: in the second each college's 1+X hours moved as one, within each teacher's hours."""
    college, place = np.unique(first["college"], return_inverse=True)
    moved = first["x_hours"] * np.exp(GROWTH_SPREAD * rng.standard_normal(len(college)))[place]
    second = first.assign(year=year + 1, x_hours=np.minimum(moved, first["hours"]).round(1))
    return pd.concat([first, second], ignore_index=True)


def _grants(pools: pd.DataFrame, teachers: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Pay pools with the uplift granted where teacher rows say by how much the workload grew."""
    hours = teachers.groupby(["college", "year"])[["hours", "x_hours"]].sum()
    growth = (hours["x_hours"] / (hours["hours"] - hours["x_hours"])).rename("growth")
    held = pools.join(growth, on=["college", "year"])["growth"].to_numpy()
    known = np.isfinite(held)
    pools = pools.copy()
    pools.loc[known, "uplift_granted"] = granted(
        held[known], pools["pay_pool"].to_numpy()[known], pools["college"].to_numpy()[known], rng
    )
    return pools


def _truth(treated, beta: pd.Series) -> pd.DataFrame:
    facts = [
        ("effect_log_candidates", "offerings", "", effect()),
        ("fee_raise", "fees", "", RAISE),
        ("elasticity", "fees", "", ELASTICITY),
        *(("treated_province", "fees", code, 1) for code in treated),
        ("shock_variance", "offerings", "", SHOCK**2),
        *(("beta", "fees", code, value) for code, value in beta.items()),
        ("beta_variance", "fees", "", 1 / (4 * (2 * BETA_SHAPE + 1))),
        ("pay_elasticity", "pay_pools", "", PAY_ELASTICITY),
    ]
    blank = dict.fromkeys(COLUMNS, "")
    return pd.DataFrame(
        [
            {
                **blank,
                "kind": kind,
                "table": table,
                "key": key,
                "written": repr(value if isinstance(value, int) else float(value)),
            }
            for kind, table, key, value in facts
        ],
        columns=COLUMNS,
    )


def make_two_years(out, seed: int = SEED, offerings: int = OFFERINGS):
    """The set with a second year and one fee reform; its true effect is in truth/truth.csv (see `two_years`)."""
    room = cap_of(_certificates(streams(seed))[2])
    tables, truth = two_years(national_tables(seed, offerings), room, YEAR, streams(seed)["reform"])
    return write_folder(out, tables, _about(seed), lambda folder: truth)
