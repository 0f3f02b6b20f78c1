"""marginal_session_cost: a session's own rate and the assessors of a full session, by component."""

import numpy as np
import pytest

from onexmodel.analysis.items import most_sat, unit_cost_curve
from onexmodel.analysis.study import open_study
from onexmodel.engine.wire import evaluate
from onexmodel.rules.cost import marginal_session_cost


def test_a_session_costs_its_own_rate_and_the_assessors_of_a_full_one():
    one = {
        "session_practical": np.array([200.0]),
        "assessor": np.array([300.0]),
        "sitting": np.array([9.0]),
    }
    other = {"session": np.array([50.0])}
    made = marginal_session_cost(
        one, other, np.array([[40.0], [25.0]]), np.array([[np.nan], [10.0]])
    )
    assert (
        np.isnan(made[0, 0]) and made[1, 0] == 250 + 3 * 300
    )  # assessors of unknown number are not free
    made = marginal_session_cost(
        {**one, "assessor": np.array([0.0])},
        other,
        np.array([[40.0], [25.0]]),
        np.array([[np.nan], [10.0]]),
    )
    assert made.tolist() == [[50.0], [250.0]]
    made = marginal_session_cost(
        one, other, np.array([[np.nan], [25.0]]), np.array([[np.nan], [10.0]])
    )
    assert np.isnan(made[0, 0]) and made[1, 0] == 250 + 3 * 300
    made = marginal_session_cost(
        {"session": np.array([200.0])},
        other,
        np.array([[np.nan], [25.0]]),
        np.array([[np.nan], [10.0]]),
    )
    assert (
        np.isnan(made[0, 0]) and made[1, 0] == 250
    )  # a component that is not there costs nothing known, though sessions have a rate


def test_it_is_what_the_cost_jumps_by_in_a_run():
    study = open_study("example")
    base, view = study.prepared.baseline, study.views("none")[0]
    leaves = {name.replace(".", "_"): value for name, value in view.items()} | base.leaves
    cost = evaluate(("marginal_session_cost",), leaves, base.leaf_axis, base.space)[
        "marginal_session_cost"
    ]
    row = int(
        np.flatnonzero(
            (base.keys["offering"]["college"] == "X6")
            & (base.keys["offering"]["certificate"] == "K1")
        )[0]
    )
    counts = study.pair("none")[0].served["driver_counts"]
    more = sum(
        rate[row] * (2 if name.startswith("assessor") else 1)
        for kind in ("organisation", "college")
        for name, rate in leaves[f"{kind}_rates"].items()
        if name in ("session", "session_practical", "assessor", "assessor_practical")
    )
    assert (
        cost[1, row] == pytest.approx(more)
        and cost[1, row] > 0
        and counts["session_practical"][row] == 2
    )  # twenty seats, ten to an assessor


def test_the_drawn_curve_is_of_several_colleges():
    study = open_study("example")
    mine = most_sat(study, 5)
    assert len(mine) == 6 and not len(most_sat(study, 7))
    curve = unit_cost_curve(study, mine, 60)
    assert (
        (np.diff(curve["sessions"]) >= 0).all()
        and curve["unit_cost"].iloc[0] > curve["unit_cost"].iloc[-1]
        and (curve["one_more"] > 0).all()
    )
