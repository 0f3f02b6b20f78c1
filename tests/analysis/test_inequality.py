"""Inequality: the published vector, weights as repetition, and parts that add up."""

import numpy as np
import pytest
import statistics_of_tables as beside
from hypothesis import given
from hypothesis import strategies as st

from onexmodel.analysis.statistics import inequality as q

INDICES = (q.gini, beside.mean_log_deviation, beside.atkinson, beside.ricci_schutz)
POSITIVE = st.lists(st.tuples(st.floats(0.5, 1000), st.integers(1, 6)), min_size=2, max_size=25)


def test_t08_published_vector(case):
    c = case("t08")
    x, e = c["inputs"]["x"], c["expected"]
    found = {
        "gini": q.gini(x),
        "atkinson_half": beside.atkinson(x, aversion=0.5),
        "theil_t": q.theil(x, np.zeros(len(x)))["total"],
        "mld": beside.mean_log_deviation(x),
        "ricci_schutz": beside.ricci_schutz(x),
    }
    assert found == pytest.approx(e, abs=c["tolerance"]["abs"])
    pairs = np.abs(np.subtract.outer(x, x)).mean() / (2 * np.mean(x))
    assert q.gini(x) == pytest.approx(pairs)


@given(POSITIVE)
def test_weights_are_repetitions(pairs):
    x, w = np.transpose(pairs)
    long = np.repeat(x, w.astype(int))
    for index in INDICES:
        assert index(x, w) == pytest.approx(index(long), abs=1e-9)
        assert index(x, 7.5 * w) == pytest.approx(index(x, w), abs=1e-9)
    place = np.arange(len(x)) % 3
    assert q.theil(x, place, w) == pytest.approx(
        q.theil(long, np.repeat(place, w.astype(int))), abs=1e-9
    )
    assert q.concentration_index(x, place, w) == pytest.approx(
        q.concentration_index(long, np.repeat(place, w.astype(int))), abs=1e-9
    )


@given(POSITIVE)
def test_theil_adds_and_its_parts_are_theils(pairs):
    x, w = np.transpose(pairs)
    place = np.arange(len(x)) % 2
    found = q.theil(x, place, w)
    assert found["between"] >= -1e-12 and found["within"] >= -1e-12
    inside = sum(
        (x * w)[place == g].sum()
        / (x * w).sum()
        * q.theil(x[place == g], place[place == g], w[place == g])["total"]
        for g in (0, 1)
    )
    assert found["within"] == pytest.approx(inside, abs=1e-9)
    assert found["total"] == pytest.approx(found["between"] + found["within"])


@given(POSITIVE)
def test_concentration_lies_within_gini_and_reaches_it_on_its_own_order(pairs):
    x, w = np.transpose(pairs)
    gini = q.gini(x, w)
    assert q.concentration_index(x, x, w) == pytest.approx(gini, abs=1e-9)
    assert q.concentration_index(x, -x, w) == pytest.approx(-gini, abs=1e-9)
    assert abs(q.concentration_index(x, np.arange(len(x)), w)) <= gini + 1e-9


def test_equal_values_and_nothing():
    for index in INDICES:
        assert index([3.0, 3, 3], [1, 5, 2]) == pytest.approx(0, abs=1e-12)
        assert np.isnan(index([], [])) and np.isnan(index([1.0, 2], [0, 0]))


def test_all_to_one():
    assert q.gini([0, 0, 0, 1]) == pytest.approx(0.75) and beside.ricci_schutz(
        [0, 0, 0, 1]
    ) == pytest.approx(0.75)
    assert (
        beside.atkinson([0.0, 1], aversion=1) == 1 and beside.mean_log_deviation([0.0, 1]) == np.inf
    )


def test_theil_counts_a_zero():
    assert q.theil([0, 1], ["a", "b"]) == pytest.approx(
        {"total": np.log(2), "between": np.log(2), "within": 0.0}
    )
    assert q.theil([0, 0, 3], ["a", "a", "b"])["between"] == pytest.approx(np.log(3))
    assert np.isnan(q.theil([0, 0], ["a", "b"])["total"])
