"""What stays unpaid once limits of public appropriations move inside a province: the cut gives what a linear programme gives."""

import numpy as np
import pytest
from scipy.optimize import linprog

from onexmodel.analysis.budget.moved import MOVABLE_AT, unpaid
from onexmodel.rules import funding as f

SOURCES, USES = len(f.SOURCES), len(f.USES)


def by_programme(needs, limits, allowed, province) -> float:
    """Σ needs less the largest flow: movable limits to every college of their province, the others at home."""
    colleges = needs.shape[1]
    arcs = [
        (source, giver, use, taker)
        for source in range(SOURCES)
        for giver in range(colleges)
        for use in range(USES)
        for taker in range(colleges)
        if allowed[source, use]
        and (giver == taker or (source in MOVABLE_AT and province[giver] == province[taker]))
    ]
    rows, most = [], []
    for source in range(SOURCES):
        for giver in range(colleges):
            rows.append([one[0] == source and one[1] == giver for one in arcs])
            most.append(limits[source, giver])
    for use in range(USES):
        for taker in range(colleges):
            rows.append([one[2] == use and one[3] == taker for one in arcs])
            most.append(needs[use, taker])
    found = linprog(-np.ones(len(arcs)), A_ub=np.array(rows, float), b_ub=most)
    return float(needs.sum() + found.fun)


@pytest.mark.parametrize("seed", range(12))
def test_the_cut_is_the_programme(seed):
    rng = np.random.default_rng(seed)
    colleges, province = 5, np.array([0, 0, 1, 1, 1])
    needs = rng.integers(0, 50, (USES, colleges)) * (rng.random((USES, colleges)) < 0.8)
    limits = rng.integers(0, 40, (SOURCES, colleges)) * (rng.random((SOURCES, colleges)) < 0.5)
    allowed = rng.random((SOURCES, USES)) < 0.6
    expected = by_programme(needs.astype(float), limits, allowed, province)
    found = unpaid(needs.astype(float), limits.astype(float), allowed, province, 2)
    assert float(found) == pytest.approx(expected, abs=1e-6)


def test_draws_are_computed_each_alone_and_moving_never_leaves_more():
    rng = np.random.default_rng(7)
    needs, limits = rng.random((3, USES, 6)), 0.7 * rng.random((3, SOURCES, 6))
    allowed, province = rng.random((SOURCES, USES)) < 0.7, np.array([0, 0, 0, 1, 1, 1])
    together = unpaid(needs, limits, allowed, province, 2)
    for draw in range(3):
        alone = unpaid(needs[draw], limits[draw], allowed, province, 2)
        apart = f.total_gap(needs[draw], limits[draw], allowed).sum()
        assert together[draw] == pytest.approx(float(alone)) and alone <= apart + 1e-9
