"""Intervals, funnel limits, shrinkage, ranks: published figures, second ways to compute them, and what must hold."""

import numpy as np
import pytest
import statistics_of_tables as beside
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, norm, poisson

from onexmodel.analysis.statistics import small_numbers as sn

# Colditz et al. (1994), JAMA 271:698: cases and others, vaccinated and not, in the 13 BCG trials
BCG = np.array(
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
SCHOOLS = (
    [28, 8, -3, 7, -1, 1, 18, 12],
    [15, 10, 16, 11, 9, 11, 10, 18],
)  # Rubin (1981), eight schools


def test_t15_wilson(case):
    c = case("t15")
    for (successes, trials), limits in zip(
        c["inputs"]["cases"], c["expected"]["limits"], strict=True
    ):
        assert np.array(sn.wilson(successes, trials)) == pytest.approx(
            limits, abs=c["tolerance"]["abs"]
        )
        library = binomtest(successes, trials).proportion_ci(method="wilson")
        assert np.array(sn.wilson(successes, trials)) == pytest.approx(library, abs=1e-12)


@given(st.integers(1, 500), st.floats(0, 1), st.floats(0.5, 0.999))
def test_wilson_stays_inside_and_agrees_with_scipy(trials, share, confidence):
    successes = round(share * trials)
    low, high = sn.wilson(successes, trials, confidence)
    library = binomtest(successes, trials).proportion_ci(confidence, "wilson")
    assert 0 <= low <= successes / trials <= high <= 1
    assert (low, high) == (
        pytest.approx(library.low, abs=1e-12),
        pytest.approx(library.high, abs=1e-12),
    )


def test_wilson_of_nobody_is_missing():
    low, high = sn.wilson([0, 0], [0, 5])
    assert np.isnan([low[0], high[0]]).all() and low[1] == 0


def test_newcombe_difference():
    """Newcombe (1998) part II, table II, method 10: 56/70 − 48/80 gives 0.0524 … 0.3339."""
    assert np.array(beside.newcombe(56, 70, 48, 80)) == pytest.approx([0.0524, 0.3339], abs=5e-5)
    low, high = beside.newcombe(48, 80, 56, 70)
    assert (low, high) == (pytest.approx(-0.3339, abs=5e-5), pytest.approx(-0.0524, abs=5e-5))


def test_t16_funnel_limits(case):
    c = case("t16")
    for level, key in zip(c["inputs"]["levels"], ("exact95", "exact998"), strict=True):
        found = np.transpose(
            beside.binomial_limits(c["inputs"]["target"], c["inputs"]["n"], level, clip=False)
        )
        assert found == pytest.approx(
            np.array([row[key] for row in c["expected"]["rows"]]), abs=c["tolerance"]["abs"]
        )
    assert beside.binomial_limits(0.1, 50, 0.998)[0] == 0  # clipped, as the note asks


def test_t16_normal_limits(case):
    c = case("t16")
    for row in c["computed_by_us"]["rows"]:
        for level, key in ((0.95, "normal95"), (0.998, "normal998")):
            low, high = sn.normal_limits(0.1, 0.3, row["n"], level)
            assert (low, high) == (
                pytest.approx(max(0, row[key][0]), abs=1e-12),
                pytest.approx(row[key][1], abs=1e-12),
            )


def test_poisson_limits_from_a_table_of_the_distribution_and_as_rare_binomial():
    """Mean 8 (Table of the cumulative Poisson distribution): P(2) = 0.01375, P(3) = 0.04238, P(13) = 0.96582, P(14) = 0.98274."""
    low, high = beside.poisson_limits(0.02, 400.0)
    assert [poisson.cdf(k, 8) for k in (2, 3, 13, 14)] == pytest.approx(
        [0.01375, 0.04238, 0.96582, 0.98274], abs=5e-6
    )
    assert (low * 400, high * 400) == (
        pytest.approx(2.3929, abs=5e-4),
        pytest.approx(13.5425, abs=5e-4),
    )  # 3 − 0.01738/0.02863, 14 − 0.00774/0.01692
    few_low, few_high = beside.poisson_limits(
        0.02, 10.0, clip=False
    )  # mean 0.2, P(0) = 0.81873: −1 + 0.025/0.81873 events
    assert few_low * 10 == pytest.approx(-1 + 0.025 / 0.81873, abs=1e-5) and beside.poisson_limits(
        0.02, 10.0
    ) == (0.0, few_high)
    rare = beside.binomial_limits(0.02 * 400 / 1e7, 10_000_000)
    assert (low * 400, high * 400) == (
        pytest.approx(rare[0] * 1e7, rel=1e-4),
        pytest.approx(rare[1] * 1e7, rel=1e-4),
    )


def test_overdispersion_by_hand():
    """Spiegelhalter 2005 (Qual Saf Health Care 14:347, appendix): z-scores winsorised at 10 %, φ their mean square. Of these 11 the 10 and
    90 % quantiles are −3 and 3, so −20 and 40 count as −3 and 3: (9+9+4+1+1+0+1+1+4+9+9)/11; unwinsorised it would be 2,030/11 = 184.5."""
    z = [-20, -3, -2, -1, -1, 0, 1, 1, 2, 3, 40]
    assert sn.overdispersion(z) == pytest.approx(48 / 11) and sn.overdispersion(
        [*z, np.nan]
    ) == sn.overdispersion(z)
    assert sn.overdispersion(z, 0) == pytest.approx(2030 / 11)
    assert sn.overdispersion(np.linspace(-1, 1, 9)) == 1.0 and np.isnan(
        sn.overdispersion([3.0])
    )  # scatter within its limits widens nothing


def test_limits_widened_by_phi_hold_about_as_many_as_they_say():
    """Units that scatter three times as far as their standard errors: φ near 9 × the winsorised variance of a normal (0.679)."""
    y = norm.ppf((np.arange(1000) + 0.5) / 1000) * 3
    phi = sn.overdispersion(y)
    assert phi == pytest.approx(9 * 0.679, rel=0.01)
    out = [np.mean(np.abs(y) > norm.ppf(0.999) * scale) for scale in (1.0, np.sqrt(phi))]
    assert out[0] > 0.25 and out[1] < 0.012


@given(st.floats(0.02, 0.98), st.integers(5, 5000))
def test_funnel_narrows_and_nests(target, trials):
    low, high = beside.binomial_limits(target, [trials, 4 * trials], clip=False)
    wide_low, wide_high = beside.binomial_limits(target, [trials, 4 * trials], 0.998, clip=False)
    assert high[1] - low[1] < high[0] - low[0]
    assert (wide_low < low).all() and (high < wide_high).all()


def test_dersimonian_laird_of_bcg():
    """log risk ratios: tau² 0.3088, mean −0.7141, s.e. 0.1787, Q 152.2330 (Viechtbauer 2010, J. Stat. Softw. 36(3); metafor, method DL)."""
    a, b, c, d = BCG.T
    logs, variances = np.log(a / (a + b) / (c / (c + d))), 1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)
    found = sn.dersimonian_laird(logs, np.sqrt(variances))
    assert (found.tau2, found.mean, found.error) == (
        pytest.approx(0.3088, abs=5e-5),
        pytest.approx(-0.7141, abs=5e-5),
        pytest.approx(0.1787, abs=5e-5),
    )
    assert found.q == pytest.approx(152.2330, abs=5e-4)


def test_eight_schools_truncate_at_zero():
    """Rubin (1981); Gelman et al., Bayesian Data Analysis §5.5: pooled 7.7, s.e. 4.1. Q below its 7 degrees of freedom: no spread is seen."""
    found = sn.shrink(*SCHOOLS)
    y, s = np.array(SCHOOLS, float)
    assert (
        found.pooled.tau2 == 0
        and found.pooled.q == pytest.approx((((y - 7.6856) / s) ** 2).sum(), abs=1e-4)
        and found.pooled.q < 7
    )
    assert (found.pooled.mean, found.pooled.error) == (
        pytest.approx(7.7, abs=0.05),
        pytest.approx(4.1, abs=0.05),
    )
    assert np.ptp(found.value) == pytest.approx(0) and found.error == pytest.approx(
        [found.pooled.error] * 8
    )


@given(st.lists(st.tuples(st.floats(-100, 100), st.floats(0.1, 50)), min_size=2, max_size=20))
def test_shrunk_values_lie_between_own_and_mean(units):
    y, s = np.transpose(units)
    found = sn.shrink(y, s)
    assert found.pooled.tau2 >= 0
    assert (np.abs(found.value - found.pooled.mean) <= np.abs(y - found.pooled.mean) + 1e-9).all()
    assert ((0 <= found.own) & (found.own < 1)).all()


def test_the_error_of_a_shrunk_value_by_hand():
    """0 and 10 with errors of 1: Q = 50, tau² = 49, the mean is 5 with error √(50/2) = 5. Each keeps 49/50 of its own; its error is
    √(0.98 · 1 + (0.02 · 5)²) = √0.99."""
    found = sn.shrink([0.0, 10.0], [1.0, 1.0])
    assert (found.pooled.tau2, found.pooled.mean, found.pooled.error) == (
        pytest.approx(49),
        pytest.approx(5),
        pytest.approx(5),
    )
    assert (
        found.own == pytest.approx([0.98, 0.98])
        and found.value == pytest.approx([0.1, 9.9])
        and found.error == pytest.approx([0.99**0.5] * 2)
    )
    assert found.low == pytest.approx(
        found.value - 1.959964 * found.error, abs=1e-6
    ) and found.high == pytest.approx(found.value + 1.959964 * found.error, abs=1e-6)


def test_shrinkage_may_change_the_order():
    """docs/method.md §11: an extreme value that is badly known falls behind a solid one."""
    found = sn.shrink([10.0, 9, 0, 0, 0], [6.0, 0.5, 0.5, 0.5, 0.5])
    assert found.value[0] < found.value[1]


def test_units_without_an_error_stay_out():
    found = sn.shrink([1.0, 2, np.nan, 5], [0.5, 0.5, 0.5, np.nan])
    assert np.isnan(found.value).tolist() == [False, False, True, True]
    assert found.pooled == sn.dersimonian_laird([1, 2], [0.5, 0.5])
    assert np.isnan(sn.dersimonian_laird([1.0], [0.5]).mean)


def test_rank_intervals_by_hand():
    best, worst = sn.rank_intervals([1.0, 1.2, 9, np.nan], [0.5, 0.5, 0.5, 0.5])
    assert (
        best[:3].tolist() == [1, 1, 3]
        and worst[:3].tolist() == [2, 2, 3]
        and np.isnan([best[3], worst[3]]).all()
    )


def test_rank_intervals_hold_all_true_ranks_together():
    random, truth = np.random.default_rng(1), np.arange(12) * 0.4
    held = 0
    for _ in range(400):
        best, worst = sn.rank_intervals(truth + random.normal(0, 1, 12), np.ones(12), 0.9)
        assert (best <= worst).all()
        held += bool(((best <= np.arange(1, 13)) & (np.arange(1, 13) <= worst)).all())
    assert held >= 0.9 * 400


def test_exact_ranks_where_nothing_is_uncertain():
    best, worst = sn.rank_intervals([3.0, 1, 2], [0, 0, 0])
    assert best.tolist() == worst.tolist() == [3, 1, 2]
