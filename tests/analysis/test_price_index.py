"""Price levels: worked case c06, published figures, what must hold, and intervals that cover what they say."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onexmodel.analysis.provinces.geks import fisher, geks, overlap
from onexmodel.analysis.provinces.price_index import cpd, linked_groups

NAN = np.nan
PRICES = np.array(
    [[1.0, 1, 1, 1, 1, 1], [1.2, 3, 1.3, 0.7, 1.4, 0.8]]
)  # Consumer Price Index Manual (ILO et al. 2004), tables 19.1, 19.2
QUANTITIES = np.array([[1.0, 1, 2, 1, 4.5, 0.5], [0.8, 0.9, 1.9, 1.3, 4.7, 0.6]])


def sparse(seed, places=8, products=15, noise=0.1, share=0.6):
    """A fee table, candidates, true log levels; every place prices something."""
    random = np.random.default_rng(seed)
    levels, products_at = random.normal(0, 0.2, places), random.normal(5.5, 0.3, products)
    logs = levels[:, None] + products_at + random.normal(0, noise, (places, products))
    seen = random.random((places, products)) < share
    seen[:, 0] = True
    return np.where(seen, np.exp(logs), NAN), random.lognormal(4, 1, (places, products)), levels


def test_c06_cpd(case):
    c = case("c06")
    fees = np.array([[NAN if x is None else x for x in row] for row in c["inputs"]["fees"]], float)
    for weights in (None, np.array([[50, 1, 7], [3, 9, 400], [1, 2, 3]])):
        found = cpd(fees, weights, base=0)
        assert found.level == pytest.approx(c["expected"]["level"], abs=c["tolerance"])
        assert found.product == pytest.approx(
            c["expected"]["certificate"], abs=c["tolerance"] * 400
        )
        assert found.low == pytest.approx(found.level) and found.high == pytest.approx(
            found.level
        )  # every cell fits exactly
    assert np.nanmean(fees, 1).argsort().tolist() == [0, 2, 1]  # what plain means would say
    assert found.level.argsort().tolist() == [2, 0, 1]


def test_cpd_is_weighted_least_squares_on_dummies():
    fees, weights, _ = sparse(1)
    rows, columns = np.nonzero(np.isfinite(fees))
    design = np.zeros((len(rows), 8 + 15))
    design[np.arange(len(rows)), rows] = design[np.arange(len(rows)), 8 + columns] = 1
    root = np.sqrt(weights[rows, columns])
    fitted = np.linalg.lstsq(
        root[:, None] * design, root * np.log(fees[rows, columns]), rcond=None
    )[0]
    assert np.log(cpd(fees, weights, base=3).level) == pytest.approx(
        fitted[:8] - fitted[3], abs=1e-9
    )


def test_base_of_all_is_the_weighted_geometric_mean():
    fees, weights, _ = sparse(2)
    found = cpd(fees, weights)
    share = np.where(np.isfinite(fees), weights, 0).sum(1)
    assert np.average(np.log(found.level), weights=share) == pytest.approx(0, abs=1e-12)
    other = cpd(fees, weights, base=5)
    assert found.level / found.level[5] == pytest.approx(other.level)
    assert (found.low < found.level).all() and (found.level < found.high).all()
    assert other.low[5] == other.high[5] == 1


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.floats(0.5, 3), st.integers(1, 50))
def test_scaling_a_place_scales_its_level_and_weights_have_no_unit(seed, factor, times):
    fees, weights, _ = sparse(seed)
    before = cpd(fees, weights, base=0)
    raised = fees * np.where(np.arange(8) == 4, factor, 1)[:, None]
    assert cpd(raised, weights, base=0).level[4] == pytest.approx(factor * before.level[4])
    again = cpd(fees, times * weights, base=0)
    assert np.allclose(again.level, before.level) and np.allclose(
        again.low, before.low, equal_nan=True
    )


def test_weight_zero_is_no_price():
    fees, weights, _ = sparse(3)
    weights[2, 5:] = 0
    without = fees.copy()
    without[2, 5:] = NAN
    assert np.array_equal(cpd(fees, weights).level, cpd(without, weights).level)


def test_a_price_of_nothing_is_no_price():
    fees, weights, _ = sparse(3)
    free, without = fees.copy(), fees.copy()
    free[2, 5:], without[2, 5:] = 0.0, NAN
    assert np.isfinite(cpd(free, weights).level).all() and np.array_equal(
        cpd(free, weights).level, cpd(without, weights).level
    )


def test_intervals_cover_with_unequal_weights():
    """Noise belongs to the cell, weights run over four powers of ten: 95 % intervals hold the truth 90–98 times in 100."""
    hits = []
    for seed in range(90):
        fees, weights, truth = sparse(seed, products=30)
        found = cpd(fees, weights, base=0)
        hits.append(
            (np.log(found.low[1:]) <= truth[1:] - truth[0])
            & (truth[1:] - truth[0] <= np.log(found.high[1:]))
        )
    assert 0.90 <= np.mean(hits) <= 0.98, np.mean(hits)


def test_levels_of_one_certificate_are_one_cluster():
    """The same noise at three levels of a certificate is one observation, not three."""
    fees, weights, _ = sparse(7, products=20)
    tripled, thrice = np.repeat(fees, 3, axis=1), np.repeat(weights, 3, axis=1)
    clustered = cpd(tripled, thrice, clusters=np.repeat(np.arange(20), 3))
    once = cpd(fees, weights)
    assert np.allclose(clustered.level, once.level) and np.allclose(clustered.high, once.high)
    assert (cpd(tripled, thrice).high - once.level < once.high - once.level).all()


def test_unlinked_places_are_not_comparable():
    fees = np.array([[500, NAN, NAN, NAN], [550, 300, NAN, NAN], [NAN, NAN, 420, 450], [NAN] * 4])
    found = cpd(fees)
    assert found.group.tolist() == [0, 0, 1, -1]
    assert np.isfinite(found.level).tolist() == [True, True, False, False]
    assert np.isnan(found.product).tolist() == [False, False, True, True]
    assert np.isnan(found.low).all()  # one certificate links the two: no interval
    assert np.isnan(cpd(fees, base=2).level).all()
    assert np.isnan(cpd(np.full((2, 3), NAN)).level).all()


def test_groups_follow_chains():
    priced = np.array([[1, 1, 0, 0], [0, 0, 1, 0], [0, 1, 1, 0], [0, 0, 0, 1]], bool)
    assert linked_groups(priced).tolist() == [0, 0, 0, 1]


def test_fisher_of_the_manual():
    """Tables 19.3 and 19.4 of the manual: Laspeyres 1.4200, Paasche 1.3823, Fisher 1.4011 in period 2."""
    index = fisher(PRICES, QUANTITIES)
    laspeyres = (PRICES[1] * QUANTITIES[0]).sum() / (PRICES[0] * QUANTITIES[0]).sum()
    paasche = (PRICES[1] * QUANTITIES[1]).sum() / (PRICES[0] * QUANTITIES[1]).sum()
    assert [laspeyres, paasche, index[0, 1]] == pytest.approx(
        [1.42, 1.38235, 1.40105], abs=1e-5
    )  # the manual cuts 1.38235 after four digits
    assert index[1, 0] == pytest.approx(1 / index[0, 1]) and np.diag(index).tolist() == [1, 1]


def test_geks_of_pppindexr():
    """README of ErikOSorensen/pppindexr: EKS volumes 1.915, 1.000, 1.456."""
    p, q = np.array([[1.0, 1], [2, 1], [1, 3]]), np.array([[1.0, 3], [1, 1], [1, 2]])
    volume = (p * q).sum(1) / geks(p, q, base=1)[0]
    assert volume / volume.min() == pytest.approx([1.915, 1.0, 1.456], abs=5e-4)


def test_geks_complete_is_the_mean_over_bridges_and_two_places_are_fisher():
    random = np.random.default_rng(5)
    p, q = random.lognormal(5, 0.3, (6, 9)), random.lognormal(3, 1, (6, 9))
    index = fisher(p, q)
    classic = np.array(
        [
            np.prod([index[0, bridge] * index[bridge, j] for bridge in range(6)]) ** (1 / 6)
            for j in range(6)
        ]
    )
    assert geks(p, q, base=0)[0] == pytest.approx(classic)
    assert geks(p[:2], q[:2], base=0)[0][1] == pytest.approx(index[0, 1])


def test_geks_uses_only_pairs_that_overlap_enough():
    fees, quantities, _ = sparse(11, places=4, products=12, share=1.0)
    fees[0, 6:], fees[3, :8] = NAN, NAN
    labels = np.arange(12) // 2
    count, share = overlap(fees, quantities, labels)
    assert count[0, 1] == 3 and count[0, 3] == 0 and count[1, 2] == 6
    assert share[1, 2] == 1 and share[0, 1] == pytest.approx(
        (fees * quantities)[1, :6].sum() / (fees * quantities)[1].sum()
    )
    level, usable = geks(fees, quantities, labels, least=5)
    assert usable[1, 2] and usable.sum() == 2
    assert np.isfinite(level).tolist() == [False, True, True, False]
    assert np.isnan(geks(fees, quantities, labels, least=7)[0]).all()


def test_levels_that_hold_exactly_are_found_by_both():
    """Fees that are level × certificate: CPD and GEKS agree whatever the quantities."""
    levels, certificate = np.array([1.0, 1.3, 0.8]), np.array([200.0, 350, 500, 120])
    fees, quantities = (
        levels[:, None] * certificate,
        np.random.default_rng(0).lognormal(3, 1, (3, 4)),
    )
    assert cpd(fees, quantities, base=0).level == pytest.approx(levels)
    assert geks(fees, quantities, base=0)[0] == pytest.approx(levels)
