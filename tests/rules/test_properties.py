"""The properties docs/method.md lists under its rules, as Hypothesis tests."""

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from scipy.sparse import csr_array, eye_array, kron

from onexmodel.rules import fee, funding, numbers, pay, response, volume, workload

BANDS = ((30.0, 1.0), (40.0, 1.1), (np.inf, 1.2))
share = st.floats(0, 1)
money = st.floats(0, 1e6)
few = settings(max_examples=200, deadline=None)


def one(x):
    return np.array([float(x)])


@few
@given(st.lists(st.integers(0, 300), min_size=2, max_size=6), st.integers(1, 60))
def test_pooling_whole_candidates_never_adds_sessions(parts, capacity):
    apart = sum(volume.sessions(one(n), one(capacity))[0] for n in parts)
    assert volume.sessions(one(sum(parts)), one(capacity))[0] <= apart


def test_rounding_does_not_open_a_session():
    sittings = volume.sittings(one(100), volume.retakes(one(100), 0.8, 0.5))
    assert volume.sessions(sittings, one(10))[0] == 11


@few
@given(st.integers(0, 500), share, share, share)
def test_awards_and_sittings_follow_the_pass_rate(n, rate, better, again):
    low, high = sorted((rate, better))
    first, second = volume.awarded(one(n), low, again)[0], volume.awarded(one(n), high, again)[0]
    assert first <= second + 1e-9 and second <= n + 1e-9
    assert volume.retakes(one(n), high, again)[0] <= volume.retakes(one(n), low, again)[0] + 1e-9


def chain(ceiling, unit, beta, given_, verified, published, base_ceiling, special=np.nan):
    def modelled(top):
        proposed = fee.proposed_fee(one(given_), one(top), one(unit), one(np.nan), beta, 1.0)
        return fee.modelled_fee(one(top), proposed, one(verified))

    before, now = modelled(base_ceiling), modelled(ceiling)
    standard = fee.standard_fee(one(published), now, one(ceiling), before, one(base_ceiling))
    force = fee.special_in_force(
        one(special), np.array([not np.isnan(special)]), one(ceiling), "no"
    )
    return fee.approved_fee(standard, force, one(published))[0]


maybe = st.one_of(st.just(np.nan), st.floats(0, 1000))
verified_or_none = st.one_of(st.just(np.inf), st.floats(0, 1000))


@few
@given(
    st.floats(0, 1000),
    st.floats(0, 300),
    st.floats(1, 800),
    share,
    maybe,
    verified_or_none,
    maybe,
    maybe,
)
def test_a_higher_ceiling_raises_the_fee_at_most_as_much(
    base, more, unit, beta, given_, verified, published, special
):
    before = chain(base, unit, beta, given_, verified, published, base, special)
    after = chain(base + more, unit, beta, given_, verified, published, base, special)
    assert before - 1e-6 <= after <= before + more + 1e-6


@few
@given(st.floats(0, 1000), st.floats(1, 800), share, maybe, verified_or_none, st.floats(0, 1000))
def test_nothing_changed_leaves_every_published_fee(base, unit, beta, given_, verified, published):
    assert chain(base, unit, beta, given_, verified, published, base) == published


@few
@given(st.floats(0, 1000), st.floats(1, 800), share, maybe, st.floats(0, 1000))
def test_verification_never_raises_a_modelled_fee(base, unit, beta, given_, verified):
    assert chain(base, unit, beta, given_, verified, np.nan, base) <= chain(
        base, unit, beta, given_, np.inf, np.nan, base
    )


@few
@given(
    st.floats(-1e5, 1e5),
    st.floats(0, 1e5),
    st.floats(1, 1e5),
    st.floats(0.05, 0.4),
    st.sampled_from(["yes", "no"]),
)
def test_a_raise_never_removes_a_supplier(margin, more, cost, spread, sharp):
    low = response.share_served(one(margin), one(cost), 0.0, "supply", sharp, spread)[0]
    high = response.share_served(one(margin + more), one(cost), 0.0, "supply", sharp, spread)[0]
    assert 0 <= low <= high <= 1
    assert response.share_served(one(margin), one(cost), 0.0, "none", sharp, spread)[0] == 1
    assert (
        response.supplier_shortfall(one(5.0), one(margin + more))[0]
        <= response.supplier_shortfall(one(5.0), one(margin))[0]
    )


@few
@given(
    st.integers(1, 10**7),
    st.integers(0, 10**6),
    st.lists(st.floats(0.1, 5), min_size=1, max_size=8),
    st.data(),
    share,
    st.sampled_from(["uplift", "total"]),
)
def test_pay_adds_up_to_the_fen(pool, uplift, base, data, tilt, scope):
    hours = data.draw(st.lists(st.floats(0, 100), min_size=len(base), max_size=len(base)))
    paid = pay.teacher_pay_fen(pool, uplift, base, hours, tilt, scope)
    assert paid.sum() == pool + uplift and (paid >= 0).all()
    if scope == "uplift":
        assert (paid >= numbers.split_fen(pool, np.array(base) / sum(base))).all()


@few
@given(
    st.floats(0, 1e5),
    st.floats(0, 1e6),
    money,
    st.sampled_from(["elasticity", "rate", "income_share"]),
)
def test_uplift_stays_within_its_limit_and_needs_added_hours(added, limit, income, method):
    increase = workload.workload_increase(one(added), one(1e5))
    parts = (
        pay.uplift_elasticity(0.5, increase, 1e7),
        pay.uplift_rate(70, one(added), 0.0),
        pay.uplift_income_share(0.5, one(income), one(added)),
    )
    amount = pay.uplift(*parts, one(limit), np.array([True]), one(1e7), method)[0]
    assert amount <= limit and (added > 0 or amount == 0)


def test_class_coefficient_uses_the_upper_bound():
    sizes = np.array([30.0, 30.5, 40.0, 41.0])
    assert workload.class_coefficient(sizes, np.ones(4), BANDS).tolist() == [1.0, 1.1, 1.1, 1.2]


def random_funding(rng, count):
    needs = np.round(rng.uniform(0, 100, (4, count)) * (rng.random((4, count)) < 0.8), 2)
    limits = np.round(rng.uniform(0, 120, (7, count)) * (rng.random((7, count)) < 0.6), 2)
    return (
        needs,
        limits,
        rng.random((7, 4)) < 0.5,
        tuple(rng.permutation(4)),
        tuple(rng.permutation(7)),
    )


def lp_covered(needs, limits, allowed, uses):
    """Sequential linear programmes: the most for the first use, then the first two, … (an independent optimum). needs (4, colleges), limits
    (7, colleges); one programme holds all colleges, a block each, so that its optimum is the optimum of every block."""
    pairs, count = [(s, u) for s in range(7) for u in range(4) if allowed[s, u]], needs.shape[1]
    totals, before = np.zeros((4, count)), np.zeros(count)
    if not pairs:
        return totals
    rows = np.array(
        [[s == i for s, _ in pairs] for i in range(7)]
        + [[u == i for _, u in pairs] for i in range(4)],
        float,
    )
    blocks, bounds = (
        kron(csr_array(rows), eye_array(count)),
        np.concatenate([limits.ravel(), needs.ravel()]),
    )
    for k in range(1, 5):
        wanted = np.array([u in uses[:k] for _, u in pairs])
        paid = linprog(np.repeat(-1.0 * wanted, count), A_ub=blocks, b_ub=bounds).x.reshape(
            len(pairs), count
        )
        best = paid[wanted].sum(0)
        totals[uses[k - 1]], before = best - before, best
    return totals


def test_funding_optimum_equals_linear_programmes_and_waterfall_never_beats_it():
    rng = np.random.default_rng(7)
    for _ in range(25):
        needs, limits, allowed, uses, sources = random_funding(rng, 40)
        covered = funding.covered(needs, limits, allowed, uses)
        np.testing.assert_allclose(covered, lp_covered(needs, limits, allowed, uses), atol=1e-6)
        own = np.where(rng.random((7, 40)) < 0.5, rng.integers(1, 8, (7, 40)), np.inf)
        waterfall = funding.waterfall_gap(needs, limits, allowed, uses, own, sources)
        assert (waterfall >= funding.gaps(needs, covered).sum(0) - 1e-6).all()
        flows = funding.flows(covered, limits, allowed, uses, sources)
        np.testing.assert_allclose(flows.sum(0), covered, atol=1e-6)
        assert (flows.sum(1) <= limits + 1e-6).all() and (flows[~allowed] == 0).all()


@few
@given(st.integers(0, 2**31), st.floats(0, 400), st.floats(0, 200))
def test_pots_are_split_to_the_fen_within_needs_and_a_larger_pot_lowers_nobody(seed, pot, more):
    rng = np.random.default_rng(seed)
    need, weight = (
        np.round(rng.uniform(0, 80, 6), 3) * (rng.random(6) < 0.8),
        rng.uniform(0.01, 1, 6),
    )
    pot, more = round(pot, 2), round(more, 2)
    first = funding.pot_awards(one(pot), need, weight, np.zeros(6, int))
    second = funding.pot_awards(one(pot + more), need, weight, np.zeros(6, int))
    fen = np.floor(min(pot, need.sum()) * 100 + 1e-6)
    assert np.isclose(first.sum() * 100, fen) and (first <= need + 0.01).all()
    assert (second >= first - 0.0101).all()
    assume(pot < need.sum() - 1 and (need > 0).any())
    level = np.round(
        first[(need > 0) & (first < need - 0.02)] / weight[(need > 0) & (first < need - 0.02)], 0
    )
    assert (
        level.size == 0
        or np.ptp(
            first[(need > 0) & (first < need - 0.02)] / weight[(need > 0) & (first < need - 0.02)]
        )
        <= 0.011 / weight.min() * 2
    )


@few
@given(st.integers(0, 2**31), st.integers(0, 6), st.floats(0, 50))
def test_more_money_never_raises_a_gap(seed, source, more):
    needs, limits, allowed, uses, _ = random_funding(np.random.default_rng(seed), 5)
    before = funding.gaps(needs, funding.covered(needs, limits, allowed, uses))
    limits[source] += more
    assert (
        funding.gaps(needs, funding.covered(needs, limits, allowed, uses)) <= before + 1e-6
    ).all()
