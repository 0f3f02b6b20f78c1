"""Values that differ between draws at some places only: whatever is done with them gives the bits of the same done with plain arrays."""

import pickle
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onexmodel.analysis.draws.sample import study_draws
from onexmodel.analysis.headline import HEADLINES, bill, headline
from onexmodel.analysis.study import open_study
from onexmodel.engine.axes import Grouping
from onexmodel.engine.draws.some_rows import (
    AtSomeRows,
    Places,
    applied,
    full,
    settled,
    summed,
    taken,
)
from onexmodel.engine.wire import Space, evaluate
from onexmodel.rules import cost, volume

DRAWS = 3


@st.composite
def partly(draw, size=12, places=None):
    """Values of 12 rows that differ between 3 draws at some of them."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    chosen = (
        Places.where(rng.random(size) < draw(st.sampled_from((0.1, 0.4, 1.0))))
        if places is None
        else places
    )
    base = rng.random(size) * 100
    base[chosen.at] = np.nan  # nothing may rest on it
    return AtSomeRows(base, chosen, rng.random((DRAWS, len(chosen.at))) * 100)


def same(one, other):
    assert np.array_equal(*np.broadcast_arrays(full(one), full(other)), equal_nan=True)


@given(partly(), partly(), st.integers(0, 2**32 - 1))
def test_a_rule_sees_no_difference(candidates, share, seed):
    rate = np.random.default_rng(seed).random(12)
    for arguments in (
        (candidates, rate, share),
        (candidates, share, rate),
        (full(candidates), rate, share),
        (rate, rate, share),
    ):
        same(
            applied(volume.retakes, arguments, (True,) * 3),
            volume.retakes(*(full(one) for one in arguments)),
        )


@given(partly(), partly(), st.integers(0, 2**32 - 1))
def test_a_rule_that_gives_or_takes_counts_by_driver(sittings, awarded, seed):
    rates = {
        "sitting": np.random.default_rng(seed).random(12),
        "award": np.ones(12),
        "candidate": np.full(12, 2.0),
    }
    counts = {"sitting": sittings, "award": awarded, "candidate": np.arange(12.0)}
    found = applied(cost.organisation_cost, (rates, counts), (True, True))
    same(found, cost.organisation_cost(rates, {name: full(one) for name, one in counts.items()}))
    part = np.ones(12)
    sessions = applied(volume.sessions, (sittings.lifted(), np.full((2, 12), 7.0)), (True, True))
    same(sessions, volume.sessions(full(sittings)[..., None, :], np.full((2, 12), 7.0)))
    arguments = (part, sessions, full(sessions), part, sittings, part, awarded, part, part, part)
    made, plain = (
        applied(cost.driver_counts, arguments, (True,) * 10),
        cost.driver_counts(*(full(one) for one in arguments)),
    )
    for name, values in plain.items():
        same(made[name], values)


@given(partly(), st.integers(0, 2**32 - 1), st.booleans(), st.booleans())
def test_sums_and_finer_axes(values, seed, ordered, apart):
    rng = np.random.default_rng(seed)
    index = rng.integers(0, 5, 12)
    index = np.sort(index) if ordered else index
    grouping = Grouping.of(
        index, 5, values.places.at if apart else np.flatnonzero(rng.random(12) < 0.2)
    )
    same(summed(grouping, values), grouping.sum(full(values)))
    finer = rng.integers(0, 12, 30)
    for one in (values, values.lifted()):
        same(one.gathered(finer), full(one)[..., finer])
    some = Places.where(rng.random(12) < 0.5)
    same(taken(values, some), full(values)[..., some.at])
    number = np.full(5, -1)
    number[[1, 3]] = (0, 1)
    rows, its = grouping.of_groups(number, 2)
    same(its.sum(full(values)[..., rows]), grouping.sum(full(values))[..., [1, 3]])
    same(settled(full(values)), full(values))


def test_a_sum_is_over_all_rows_once():
    index, values = np.array([0, 2, 0, 2, 2]), np.array([1.0, 10.0, 100.0, 1000.0, 10000.0])
    for apart in (None, np.array([3]), np.array([0, 2]), np.arange(5)):
        grouping = Grouping.of(index, 4, apart)
        assert grouping.sum(values).tolist() == [101.0, 0.0, 11010.0, 0.0]
        late = [] if apart is None else apart.tolist()
        assert grouping.apart.tolist() == late and grouping.order[
            len(index) - len(late) :
        ].tolist() == sorted(late, key=lambda row: (index[row], row))
    assert Grouping.of(index, 4).sum(np.ones(1)).tolist() == [2.0, 0.0, 3.0, 0.0]
    assert Grouping.of(np.zeros(0, int), 2).sum(np.zeros((3, 0))).tolist() == [[0.0, 0.0]] * 3


def test_what_is_kept_about_places_does_not_travel():
    places = Places.where(np.array([True, False, True]))
    assert places.number.tolist() == [0, -1, 1] and places.kept
    again = pickle.loads(pickle.dumps(places))
    assert not again.kept and again.at.tolist() == [0, 2] and again.size == 3


def test_only_places_that_differ_are_computed_for_all_draws():
    """What the whole thing is for: a rule is not handed (draws, rows) where a tenth of the rows differ."""
    seen = []

    def rule(x):
        seen.append(np.shape(x))
        return x * 2.0

    applied(
        rule,
        [AtSomeRows(np.ones(100), Places.where(np.arange(100) < 10), np.ones((DRAWS, 10)))],
        [True],
    )
    assert seen == [(100,), (DRAWS, 10)]


@pytest.mark.parametrize("mode", ["none", "supply"])
def test_offerings_without_rates_of_their_own_are_drawn(mode):
    """A data set in which some offerings state rates and some do not: the headlines of all draws, and each draw alone, bit by bit."""
    study = open_study("example", ["cap_plus_20"])
    compiled, blank = study.prepared.baseline, study.prepared.baseline.blank
    stated = np.arange(len(compiled.place)) % 3 > 0
    leaves = {
        **compiled.leaves,
        **{f"given_{name}": np.where(stated, 0.8, np.nan) for name in blank},
    }
    own = replace(compiled, leaves=leaves)
    study = replace(study, prepared=replace(study.prepared, baseline=own, scenario=own, priced=own))
    part = study_draws(study, 3, 7)
    whole, short, fees = (
        study.pair(mode, extent=one, **part) for one in ("whole", "headlines", "bill")
    )
    alone = [
        study.pair(
            mode,
            **{
                name: float(values[draw, 0]) if values.shape[1] == 1 else values[draw]
                for name, values in part.items()
            },
        )
        for draw in range(8)
    ]
    for side in (0, 1):
        for name in HEADLINES:
            found = [headline(pair[side], study.scope())[name] for pair in (whole, short)]
            assert np.array_equal(*np.broadcast_arrays(*found), equal_nan=True), name
            each = [float(np.ravel(headline(pair[side], study.scope())[name])[0]) for pair in alone]
            assert np.array_equal(np.broadcast_to(np.ravel(found[1]), 8), each, equal_nan=True), (
                name
            )
        for name, found in bill(fees[side], study.scope()).items():
            headlines = headline(short[side], study.scope())[name]
            assert np.array_equal(*np.broadcast_arrays(found, headlines)), name
    assert np.ptp(headline(short[0], study.scope())["awarded"]) > 0


def test_who_serves_the_plan_in_some_draws_only_is_computed_in_each():
    """Caps from 0.3 to 1.5 times today's: an organisation that loses money in some of the draws and serves its plan in the others."""
    study = open_study("example", ["cap_plus_20"], {"compare.min_colleges": "1"})
    caps = np.array([[1.0], [0.3], [1.5], [0.6], [0.45]])
    pair = study.pair("supply", extent="headlines", fees__cap_index=caps)
    for side in (0, 1):
        short = (
            np.broadcast_to(
                pair[side].plan["share_served"], (5, len(pair[side].compiled.keys["supplier"]))
            )
            < 1
        )
        assert (short.any(0) & ~short.all(0)).any()
        found = headline(pair[side], study.scope())
        for draw, cap in enumerate(caps[:, 0]):
            for extent in ("headlines", "whole"):
                alone = headline(
                    study.pair("supply", extent=extent, fees__cap_index=float(cap))[side],
                    study.scope(),
                )
                for name in HEADLINES:
                    assert np.array_equal(
                        np.broadcast_to(np.ravel(found[name]), 5)[draw],
                        np.ravel(alone[name])[0],
                        equal_nan=True,
                    ), name


def test_a_count_no_rate_wants_is_missing_not_wrong():
    from onexmodel.engine.draws.left_out import CASH, COUNTED, unwanted

    leaves = {
        "college_cash_rates": {"sitting": 1},
        "training_cash_rates": {"assessor_practical": 1},
    }
    assert set(unwanted(leaves, CASH, COUNTED)) == {"bank_share", "nation_share", "province_share"}
    made = evaluate(
        ("driver_counts",),
        {
            **unwanted(leaves, CASH, COUNTED),
            "candidates": np.ones(1),
            "sittings": np.ones(1),
            "groups": np.ones(1),
            "awarded": np.ones(1),
            "sessions": np.ones((2, 1)),
            "assessors": np.ones((2, 1)),
        },
        {name: "offering" for name in ("candidates", "sittings", "groups", "awarded")},
        Space({}),
    )
    assert np.isnan(made["driver_counts"]["bank"]).all() and made["driver_counts"]["sitting"] == 1
