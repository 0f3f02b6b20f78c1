"""Draws of the budget: a draw is a run, parts add in each, nothing uncertain is the point run, a budget is enough as often as counted."""

import numpy as np
import pandas as pd
import pytest

from onexmodel.analysis.budget import draws as bd
from onexmodel.analysis.budget import study as ss
from onexmodel.analysis.draws.sample import interval, study_draws, taken
from onexmodel.analysis.study import open_study
from onexmodel.rules.funding import SOURCES, USES


def budget_draws(*given):
    """The sums of the scheme in every draw."""
    return bd.budget_draws(*given).after


@pytest.fixture(scope="module", params=[[], ["award_double"]], ids=["law", "scheme"])
def study(request):
    return open_study("example", request.param)


@pytest.fixture(scope="module")
def drawn(study):
    return study_draws(study, 7, 7)


@pytest.fixture(scope="module")
def found(study, drawn):
    return budget_draws(study, drawn)


def test_a_draw_is_the_run_with_its_values(study, drawn, found):
    for draw in (0, 5, 15):
        values = {name: column[draw : draw + 1] for name, column in drawn.items()}
        result, view = study.pair("none", **values)[1], study.views("none", **values)[1]
        funds = {
            name: float(np.sum(result.served[name])) for name in ("funding_gap", "waterfall_gap")
        }
        assert found["gap"][draw] == pytest.approx(funds["funding_gap"]) and found["waterfall_gap"][
            draw
        ] == pytest.approx(funds["waterfall_gap"])
        assert [found[f"need.{use}"][draw] for use in USES] == pytest.approx(
            np.reshape(result.served["needs"], (4, -1)).sum(-1)
        )
        paid = ss.fund_flows(result, view).reshape(7, 4, -1).sum((1, 2))
        assert [found[source][draw] for source in SOURCES] == pytest.approx(paid)


def test_parts_add_in_every_draw(found):
    assert sum(found[f"need.{use}"] for use in USES) == pytest.approx(found["need"])
    assert sum(found[f"gap.{use}"] for use in USES) == pytest.approx(found["gap"])
    assert sum(found[source] for source in SOURCES) + found["gap"] == pytest.approx(found["need"])
    assert (found["order_loss"] > -1e-6).all() and found["waterfall_gap"] - found[
        "gap"
    ] == pytest.approx(found["order_loss"])


def test_intervals_lie_around_the_median_and_the_need_around_the_point(study, found):
    point = budget_draws(study, {})
    for name, values in found.items():
        low, high = interval(values)
        assert low <= np.median(values) <= high and values.min() <= low <= high <= values.max(), (
            name
        )
    for name in ("need", "need.performance_pay", "need.teacher_training"):
        low, high = interval(found[name])
        assert low < point[name][0] < high, name


def test_zero_spread_is_the_point_run_to_the_bit(study, drawn):
    view, point = study.views("none")[0], budget_draws(study, {})
    still = budget_draws(
        study,
        {
            name: np.full_like(values, taken(view[name.replace("__", ".")]))
            for name, values in drawn.items()
        },
    )
    assert all(
        np.array_equal(still[name], np.full(len(next(iter(drawn.values()))), point[name][0]))
        for name in point
    )
    funds = ss.sources_and_uses(study, study.pair("none")[1], study.views("none")[1])
    assert point["need"][0] == pytest.approx(funds["need"].sum()) and point["gap"][
        0
    ] == pytest.approx(funds["gap"].sum())


def test_blocks_and_seeds(study, drawn, found, monkeypatch):
    from onexmodel.analysis.draws import blocks

    monkeypatch.setattr(blocks, "BLOCK_ROWS", 3 * len(study.prepared.baseline.keys["offering"]))
    again = budget_draws(study, study_draws(study, 7, 7))
    assert all(
        np.array_equal(again[name], found[name]) for name in found
    )  # the same numbers for any chunking
    assert not np.array_equal(budget_draws(study, study_draws(study, 7, 8))["need"], found["need"])


def test_what_is_counted_as_drawn_is_what_moves():
    study = open_study("example")
    drawn = study_draws(study, 5, 1)
    counted = {one.name for one in bd.behind(study, drawn)}
    assert (
        "response.spread" not in counted
        and {"pay.elasticity", "workload.trained_share", "funding.crowding_out", "fees.beta"}
        <= counted
    )
    every = budget_draws(study, drawn)
    rest = budget_draws(
        study,
        {name: values for name, values in drawn.items() if name.replace("__", ".") in counted},
    )
    assert all(
        np.array_equal(every[name], rest[name]) for name in every
    )  # what is not counted moves nothing, alone or with others
    assert "pay.elasticity" not in {
        one.name for one in bd.behind(open_study("example", ["elasticity_low"]), drawn)
    }


def test_a_budget_is_enough_for_those_who_reported_it():
    study = open_study("example")
    result = study.pair("none")[1]
    mask, budgets = bd.reporting_of(study.tables, result, study.year)
    names = result.compiled.keys["college"]["college"].tolist()
    assert [names[i] for i in np.flatnonzero(mask[USES.index("assessment")])] == [
        "X1",
        "X2",
        "X4",
        "X6",
    ]
    assert (
        budgets["colleges"].to_dict()
        == {"assessment": 4, "training": 2, "performance_pay": 1, "all": 4}
        and budgets.loc["all", "budgeted"] == 134_000
    )
    found = budget_draws(study, study_draws(study, 5, 1), mask)
    uplift = np.asarray(result.served["uplift"])[names.index("X1")]
    assert budget_draws(study, {}, mask)["reported.performance_pay"][0] == pytest.approx(uplift)
    told = bd.enough(found, budgets)
    assert (
        told.loc["performance_pay", "draws"] == (found["reported.performance_pay"] <= 12_000).sum()
        and told["share"].tolist() == (told["draws"] / 32).tolist()
    )
    assert 0 < told.loc["performance_pay", "share"] < told.loc["training", "share"] == 1
    ample = bd.enough(found, pd.DataFrame({"budgeted": [1e9]}, index=["all"]))
    assert ample.loc["all", "share"] == 1


def test_a_college_without_a_pot_has_limits_that_no_draw_moves():
    study = open_study("example", [], college="X6")
    drawn = study_draws(study, 3, 1)
    found, result = budget_draws(study, drawn), study.pair("none", **drawn)[1]
    assert (
        np.ndim(result.served["limits"]) == 2 < np.ndim(result.served["covered"])
    )  # one set of limits for all draws
    assert (
        sum(found[source] for source in SOURCES) + found["gap"] == pytest.approx(found["need"])
        and np.ptp(found["need"]) > 0
    )
