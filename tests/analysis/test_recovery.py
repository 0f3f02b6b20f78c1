"""Estimators return the truth of made data as often as their intervals promise; broken ones do not, and are seen.

The band: of 400 replicates an honest 90 % interval covers between 344 and 375 times (86.0 %–93.75 %) with probability 0.99 (exact
binomial). The seeds are fixed, so a red build means a change, not luck.
"""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import recovery as rc
import reform
from reform import make_two_years
from scipy.linalg import fractional_matrix_power
from scipy.stats import binom, ttest_ind

from onexmodel.analysis.statistics.small_numbers import dersimonian_laird
from onexmodel.data import read_tables

RUNS = 400
BAND = binom.ppf([0.005, 0.995], RUNS, 0.9)
BETA_VARIANCE, SHOCK_VARIANCE = 1 / 36, reform.SHOCK**2  # Beta(4, 4): 1 / (4 · 9)


def halved(interval):
    middle, reach = (interval.low + interval.high) / 2, (interval.high - interval.low) / 4
    return replace(interval, low=middle - reach, high=middle + reach)


def covers(interval, truth):
    return (interval.low <= truth) & (truth <= interval.high)


def replicate(seed: int) -> dict:
    """Every estimator's interval of one experiment, honest and broken, with the truth: name → (interval, truth)."""
    made = reform.simulate(seed)
    rows, grants, fees = made.offerings, made.grants, made.fees
    volumes, others = (
        [rows[name].to_numpy() for name in ("before", "after", "treated", "province")],
        rows[~rows["treated"]],
    )
    pay = [grants[name] for name in ("uplift_granted", "pay_pool", "growth")]
    shares = rc.bargaining_shares(
        fees["published_fee"], fees["unit"], fees["cap"], fees["province"]
    )
    own = rc.group_means(
        (fees["published_fee"] - fees["unit"]) / (fees["cap"] - fees["unit"]), fees["province"]
    )
    alone = replace(
        shares.shrunk,
        low=shares.shrunk.pooled.mean - 1.645 * own[2],
        high=shares.shrunk.pooled.mean + 1.645 * own[2],
    )
    honest = {
        "effect": (rc.reform_effect(*volumes), reform.effect()),
        "shock": (
            rc.province_shocks(others["before"], others["after"], others["province"]),
            SHOCK_VARIANCE,
        ),
        "pay": (rc.pay_elasticity(*pay, grants["college"]), reform.PAY_ELASTICITY),
        "beta": (shares.shrunk, made.beta),
        "beta_variance": (shares.between, BETA_VARIANCE),
    }
    broken = {
        "effect, rows for provinces": (
            rc.reform_effect(*volumes[:3], np.arange(len(rows))),
            reform.effect(),
        ),
        "pay, rows for colleges": (
            rc.pay_elasticity(*pay, np.arange(len(grants))),
            reform.PAY_ELASTICITY,
        ),
        "beta, all provinces alike": (alone, made.beta),
        **{
            f"{name}, halved": (halved(interval), truth)
            for name, (interval, truth) in honest.items()
        },
    }
    return {name: covers(*pair) for name, pair in {**honest, **broken}.items()}


@pytest.fixture(scope="module")
def runs() -> dict[str, np.ndarray]:
    """Name → (runs,) or (runs, provinces) whether the interval held the truth."""
    all_of = [replicate(seed) for seed in range(RUNS)]
    return {name: np.array([one[name] for one in all_of]) for name in all_of[0]}


def times(held: np.ndarray) -> int:
    """How often it held, of RUNS; of β one province a run, taken in turn, since the provinces of one run share a mean."""
    return int(
        (held if held.ndim == 1 else held[np.arange(RUNS), np.arange(RUNS) % held.shape[1]]).sum()
    )


def test_the_band_is_the_one_stated():
    assert (
        BAND.tolist() == [344, 375]
        and binom.cdf(375, RUNS, 0.9) - binom.cdf(343, RUNS, 0.9) >= 0.99
    )


@pytest.mark.parametrize("name", ["effect", "shock", "pay", "beta"])
def test_an_interval_holds_the_truth_in_the_share_of_runs_it_promises(runs, name):
    assert BAND[0] <= times(runs[name]) <= BAND[1]


def test_the_variance_of_beta_is_held_at_least_as_often_as_promised(runs):
    """Beta(4, 4) has thinner tails than the normal truth Q-profile assumes (kurtosis 2.45): by √(1.45 / 2) about 94.7 %, not 90 %."""
    assert BAND[0] <= times(runs["beta_variance"]) <= 0.975 * RUNS


def test_over_all_provinces_shrunk_shares_cover_as_promised(runs):
    by_run = runs["beta"].mean(1)
    assert by_run.mean() == pytest.approx(0.9, abs=2.58 * by_run.std() / np.sqrt(RUNS))


@pytest.mark.parametrize(
    "name",
    [
        "effect, rows for provinces",
        "pay, rows for colleges",
        "beta, all provinces alike",
        "effect, halved",
        "shock, halved",
        "pay, halved",
        "beta, halved",
        "beta_variance, halved",
    ],
)
def test_a_broken_estimator_falls_below_the_band(runs, name):
    assert times(runs[name]) < BAND[0]


@pytest.fixture(scope="module")
def shipped(tmp_path_factory):
    """The two-year set as it is read, and its truth file: kind → (key → value)."""
    folder = make_two_years(tmp_path_factory.mktemp("two") / "national", offerings=12_000)
    truth = pd.read_csv(
        folder / "truth" / "truth.csv", dtype={"key": str, "written": float}, keep_default_na=False
    )
    return read_tables(folder), {
        kind: part.set_index("key")["written"] for kind, part in truth.groupby("kind")
    }


def priced_offerings(tables) -> pd.DataFrame:
    """Offerings of 15 candidates or more in the first year whose province has priced them: before, after, province."""
    key = ["college", "certificate", "level"]
    wide = (
        tables["offerings"]
        .pivot(index=key, columns="year", values="candidates")
        .set_axis(["before", "after"], axis=1)
        .reset_index()
    )
    wide["province"] = wide["college"].map(tables["colleges"].set_index("college")["province"])
    wide = wide.merge(tables["fees"][["province", "certificate", "level"]].drop_duplicates())
    return wide[(wide["before"] >= 15) & (wide["after"] > 0)]


def test_the_shipped_set_returns_the_reform_and_the_shocks_of_its_truth_file(shipped):
    tables, truth = shipped
    rows = priced_offerings(tables)
    treated = rows["province"].isin(truth["treated_province"].index)
    found = rc.reform_effect(rows["before"], rows["after"], treated, rows["province"])
    assert (
        covers(found, truth["effect_log_candidates"].iloc[0])
        and found.high < 0
        and found.freedom < 31
    )
    raised = np.log1p(truth["fee_raise"].iloc[0])
    assert found.low / raised <= truth["elasticity"].iloc[0] <= found.high / raised
    others = rows[~treated]
    assert covers(
        rc.province_shocks(others["before"], others["after"], others["province"]),
        truth["shock_variance"].iloc[0],
    )


def test_the_shipped_set_returns_beta_by_province_and_its_variance(shipped):
    tables, truth = shipped
    cap = (
        tables["components"]
        .merge(tables["caps"][["form", "cap"]], on="form")
        .groupby(["certificate", "level"])["cap"]
        .sum()
    )
    first = tables["fees"].query("valid_from < '2022-01-01'").join(cap, on=["certificate", "level"])
    bargains = first[
        first["given_proposal"].isna() & (first["verified_cost"] <= reform.HEADROOM * first["cap"])
    ]
    found = rc.bargaining_shares(
        bargains["published_fee"], bargains["verified_cost"], bargains["cap"], bargains["province"]
    )
    assert found.cells.sum() == len(bargains) > 300 and len(found.province) == 31
    held = covers(found.shrunk, truth["beta"][found.province].to_numpy()).sum()
    low, high = binom.ppf([0.005, 0.995], 31, 0.9)
    assert low <= held <= high
    assert covers(found.between, truth["beta_variance"].iloc[0])


def test_the_shipped_set_returns_the_pay_elasticity(shipped):
    tables, truth = shipped
    growth = rc.workload_growth(tables["workload"])
    grants = tables["pay_pools"].join(growth, on=["college", "year"])
    found = rc.pay_elasticity(
        grants["uplift_granted"], grants["pay_pool"], grants["growth"], grants["college"]
    )
    assert covers(found, truth["pay_elasticity"].iloc[0]) and found.high - found.low < 0.15
    assert grants["uplift_granted"].notna().sum() == 2 * 21
    assert (
        grants["uplift_granted"].dropna()
        < 0.1 * grants["pay_pool"][grants["uplift_granted"].notna()]
    ).all()  # no ceiling cuts them


def test_a_slope_is_cr2_with_its_freedom_as_the_matrices_say():
    """Pustejovsky & Tipton (2018), equations 7 and 11, with an identity as the working model."""
    random = np.random.default_rng(3)
    cluster = np.repeat(np.arange(5), [1, 2, 4, 7, 9])
    x, y = random.uniform(0.5, 2, len(cluster)), random.normal(0, 1, len(cluster))
    found, bread = rc.slope(y, x, cluster), 1 / (x @ x)
    left = np.eye(len(x)) - np.outer(x, x) * bread
    vectors = []
    for g in range(5):
        inside = cluster == g
        adjust = fractional_matrix_power(left[np.ix_(inside, inside)], -0.5)
        vectors.append(bread * x[inside] @ adjust @ left[inside])
    vectors = np.array(vectors)
    assert found.error == pytest.approx(np.sqrt(np.sum((vectors @ y) ** 2)))
    gram = vectors @ vectors.T
    assert found.freedom == pytest.approx(np.trace(gram) ** 2 / np.sum(gram**2))


def test_with_one_row_a_province_the_effect_is_welchs():
    change, treated = (
        np.array([0.1, 0.3, 0.2, -0.1, 0, 0.05, 0.1]),
        np.array([1, 1, 1, 0, 0, 0, 0], bool),
    )
    found = rc.reform_effect(np.ones(7), np.exp(change), treated, np.arange(7))
    library = ttest_ind(change[treated], change[~treated], equal_var=False)
    assert found.freedom == pytest.approx(library.df)
    assert (found.low, found.high) == pytest.approx(tuple(library.confidence_interval(0.9)))


def test_between_of_bcg_is_metafors():
    """R metafor, confint of the 13 BCG trials: τ² from 0.1197 to 1.1115 (Viechtbauer 2010, J. Stat. Softw. 36(3))."""
    cases = np.array(
        [
            [4, 119, 11, 128],
            [6, 300, 29, 274],
            [3, 228, 11, 209],
            [62, 13536, 248, 12619],
            [33, 5036, 47, 5761],
            [180, 1361, 372, 1079],
            [8, 2537, 10, 619],
            [505, 87886, 499, 87892],
            [29, 7470, 45, 7232],
            [17, 1699, 65, 1600],
            [186, 50448, 141, 27197],
            [5, 2493, 3, 2338],
            [27, 16886, 29, 17825],
        ],
        float,
    )
    a, b, c, d = cases.T
    logs, errors = (
        np.log(a / (a + b) / (c / (c + d))),
        np.sqrt(1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)),
    )
    found = rc.between(logs, errors, 0.95)
    assert (found.low, found.high) == (
        pytest.approx(0.1197, abs=5e-5),
        pytest.approx(1.1115, abs=5e-5),
    )
    assert found.tau2 == dersimonian_laird(logs, errors).tau2


def test_where_nothing_can_be_told_it_is_said():
    alike = rc.between([1.0, 1, 1], [1.0, 1, 1])
    assert (alike.tau2, alike.low, alike.high) == (0, 0, 0) and np.isnan(
        rc.between([1.0], [1.0]).high
    )
    assert np.isnan(rc.slope([1.0, 2], [1, 1], ["a", "a"]).low)
    assert (
        np.isnan(rc.pay_elasticity([np.nan], [1.0], [0.1], ["a"]).value)
        and np.isnan(rc.group_means([1.0, 2], [1, 2])[2]).all()
    )
    with pytest.raises(ValueError, match="above 0"):
        rc.reform_effect([1, 0], [1, 1], [True, False], [1, 2])
    with pytest.raises(ValueError, match="some rows"):
        rc.reform_effect([1, 1, 1], [1, 1, 1], [True, False, False], [1, 1, 2])
    with pytest.raises(ValueError, match="compare"):
        rc.reform_effect([1, 1], [1, 1], [True, True], [1, 2])
    with pytest.raises(ValueError, match="headroom"):
        rc.bargaining_shares([1.0, 2], [1.0, 2], [2.0, 2], [1, 1])
