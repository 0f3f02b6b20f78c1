"""Distributions keep what they promise; a value by tier is drawn with one factor for all tiers and reaches costs, sensitivity and effects."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from onexmodel.analysis.draws import sample as un
from onexmodel.analysis.draws import sensitivity as se
from onexmodel.analysis.draws.effects import effects
from onexmodel.analysis.draws.evaluate import headline_draws
from onexmodel.analysis.draws.sample import (
    at_ends,
    draws,
    interval,
    p10_p90,
    quantile,
    quantiles,
    study_draws,
    taken,
    uncertain,
    values_at,
)
from onexmodel.analysis.draws.swings import visible
from onexmodel.analysis.levers.draws import deciding, saving_draws
from onexmodel.analysis.levers.study import evaluate_levers, read_levers, savings_curve
from onexmodel.analysis.measures import measured, movers
from onexmodel.analysis.study import open_study
from onexmodel.data.codes import TIERS
from onexmodel.engine.compile import mid_year
from onexmodel.law import load_law

STAFF, COLUMN = "workload.staff_hour_cost", "workload__staff_hour_cost"
U = (np.arange(20_000) + 0.5) / 20_000


@pytest.fixture(scope="module")
def study():
    return open_study("example")


@pytest.fixture(scope="module")
def staff(study):
    return study.law.parameters[STAFF], study.law.at(mid_year(study.year))[STAFF]


def test_a_lognormal_has_its_median_and_its_ends_where_it_says(study):
    view = study.law.at(mid_year(study.year))
    names = [
        one
        for one in uncertain(study.law)
        if one.distribution == "lognormal" and one.type == "number"
    ]
    assert len(names) == 3
    for one in names:
        found = quantile(one, view[one.name], np.array([0.01, 0.05, 0.5, 0.95, 0.99]))
        assert found == pytest.approx(
            [one.low, one.low, view[one.name], one.high, one.high], rel=1e-9
        ), one.name
        assert (np.diff(quantile(one, view[one.name], U)) >= 0).all()
        inner = quantile(
            one, view[one.name], np.array([0.25, 0.75])
        )  # 0.6745 of the 1.6449 standard deviations at which the ends lie
        assert np.log(inner / view[one.name]) == pytest.approx(
            0.41008 * np.log([one.low / view[one.name], one.high / view[one.name]]), rel=1e-4
        ), one.name
    outside = replace(names[0], low=10.0, high=20.0)
    assert (
        np.isfinite(quantile(outside, 0.0, U)).all() and quantile(outside, 0.0, U).min() == 10
    )  # a scenario may take what is no longer in the range


def test_a_value_by_tier_is_its_central_value_times_one_factor(staff):
    parameter, central = staff
    values = values_at(parameter, central, U)
    factor = values / taken(central)
    assert (
        values.shape == (20_000, 3)
        and np.allclose(factor, factor[:, :1])
        and np.median(factor) == pytest.approx(1, abs=1e-3)
    )
    secondary, applied = values[:, TIERS.index("secondary")], values[:, TIERS.index("applied")]
    assert np.quantile(secondary, 0.05) == pytest.approx(60, abs=0.05) and np.quantile(
        applied, 0.95
    ) == pytest.approx(220, abs=0.2)
    assert (
        values.min() >= 60 - 1e-9 and values.max() <= 220 + 1e-9
    )  # every tier stays in the range that is printed
    assert p10_p90(parameter, central) == pytest.approx(
        (np.quantile(factor, 0.1), np.quantile(factor, 0.9)), rel=1e-3
    )
    high = dict.fromkeys(
        TIERS, 500.0
    )  # a scenario's belief past the range: the factor still holds 1
    assert values_at(parameter, high, np.array([0.999]))[0] == pytest.approx([500] * 3)
    still = replace(parameter, low=90.0, high=140.0)
    assert np.array_equal(
        values_at(still, central, U[:5]), np.tile(taken(central), (5, 1))
    )  # zero spread


def test_quantiles_are_hazens_along_the_axis_asked_for():
    """The k-th of four values is the (k − ½)/4 point: a quarter lies halfway between the first and the second."""
    values = np.array([[1.0, 2, 3, 4], [10, 30, 20, 40]])
    assert quantiles(values, [0.125, 0.25, 0.5, 0.875]).tolist() == [
        [1, 10],
        [1.5, 15],
        [2.5, 25],
        [4, 40],
    ]
    assert quantiles(values.T, [0.25], axis=0).tolist() == [[1.5, 15]] and quantiles(
        np.array([3.0, 1, 2]), [0.5]
    ).tolist() == [2.0]


def test_an_interval_leaves_missing_draws_out_and_there_is_none_of_too_few():
    values = (np.arange(200) + 0.5) / 200
    assert (
        interval(values)
        == pytest.approx((0.1, 0.9))
        == interval(np.concatenate([values, [np.nan] * 5]))
    )
    assert (
        interval(values, 0.5) == pytest.approx((0.25, 0.75))
        and np.isnan(interval(values[:32])).all()
        and np.isnan(interval(np.full(200, np.nan))).all()
    )


def test_it_has_a_column_of_its_own_and_moves_no_other(study):
    law, day = study.composition.baseline_law, mid_year(study.year)
    every, some = draws(law, day, 3, 1), draws(law, day, 3, 1, {STAFF})
    assert every[STAFF].shape == (8, 3) and all(
        np.array_equal(every[name], some[name]) for name in some
    )
    ends = at_ends([law.parameters[name] for name in ("pay.elasticity", STAFF)], law.at(day))
    assert ends["pay.elasticity"].shape == (5, 1) and ends[STAFF].shape == (5, 3)
    assert (
        np.allclose(ends[STAFF][[0, 1, 4]], taken(law.at(day)[STAFF]))
        and (ends[STAFF][2] < ends[STAFF][3]).all()
    )  # its median is its centre
    assert ends["pay.elasticity"][2:, 0] == pytest.approx([0.5] * 3)


def test_a_drawn_cost_gives_the_run_that_sets_it(study, staff):
    rows = values_at(*staff, np.array([0.2, 0.9]))
    many = study.pair("none", **{COLUMN: rows})[1]
    for i, row in enumerate(rows):
        given = ",".join(
            f"{tier}:{value!r}" for tier, value in zip(TIERS, row.tolist(), strict=True)
        )
        alone = open_study("example", [], {STAFF: given}).pair("none")[1]
        for name in ("teacher_time_cost", "unused_capacity_cost"):
            assert np.array_equal(many.served[name][i], alone.served[name], equal_nan=True), name
        tiers = many.compiled.keys["college"]["tier"].to_numpy()[
            many.compiled.space.maps["offering", "college"].index
        ]
        each = np.array([dict(zip(TIERS, row, strict=True))[tier] for tier in tiers])
        assert set(tiers) == set(TIERS) and np.allclose(
            many.served["teacher_time_cost"][i], alone.served["training_hours"] * each
        )
    assert many.served["teacher_time_cost"].shape == (
        2,
        len(study.prepared.baseline.keys["offering"]),
    )


def test_it_reaches_what_it_costs_and_nothing_else(study):
    assert "workload_staff_hour_cost" in movers("economic_cost") & movers(
        "unused_capacity"
    ) and "workload_staff_hour_cost" not in movers("college_outlay")
    drawn = study_draws(study, 4, 3)
    with_it, without = (
        headline_draws(study, "none", some)[0]
        for some in (drawn, {name: values for name, values in drawn.items() if name != COLUMN})
    )
    assert all(np.array_equal(with_it[name], without[name], equal_nan=True) for name in with_it)


def test_sensitivity_and_effects_tell_what_it_does(study, staff):
    frame = se.sensitivity(study, "economic_cost", "none", 8, 1).frame.set_index("parameter")
    assert frame.index[0] == STAFF and frame.loc[STAFF, "total"] > 0.8
    assert STAFF not in set(
        se.sensitivity(study, "college_outlay", "none", 8, 1).frame["parameter"]
    )
    found = effects(study, "economic_cost", [STAFF]).found[STAFF]
    for (value, moved), end, row in zip(
        found.parts, ("p10", "p90"), values_at(*staff, np.array([0.1, 0.9])), strict=True
    ):
        view = {**study.views("none")[0], STAFF: value}
        alone = float(
            measured(study.prepared.evaluate(view)[0], study.scope(), view)["economic_cost"]
        )
        middle = {
            one.name.replace(".", "__"): values_at(one, study.start[one.name], np.array([0.5]))
            for one in uncertain(study.law)
        }
        others = study.views("none", **middle | {COLUMN: np.array([list(value.values())])})[0]
        beside = float(
            measured(study.prepared.evaluate(others)[0], study.scope(), others)["economic_cost"][0]
        )
        assert (
            beside == pytest.approx(frame.loc[STAFF, end]) and list(value.values()) == row.tolist()
        )
        assert moved == pytest.approx(alone - se.asked(study, "economic_cost", "none", {})[0])


def test_it_widens_what_levers_save_in_resources_and_decides_it(study):
    found = evaluate_levers(study, read_levers(("lever_integration",)), 1.0)
    drawn = study_draws(study, 4, 3)
    every, some = (
        saving_draws(found, one, 3)
        for one in (drawn, {name: values for name, values in drawn.items() if name != COLUMN})
    )
    assert (
        np.array_equal(every["cash"], some["cash"])
        and every["economic"].std() > 5 * some["economic"].std()
    )
    factor = drawn[COLUMN][:, 0] / taken(study.law.at(mid_year(study.year))[STAFF])[0]
    assert np.allclose(every["teacher_time"], found.baseline["teacher_time"] * factor)
    top = deciding(found, study, savings_curve(found), "economic").set_index("parameter").loc[STAFF]
    assert top["times"] and (top["low"], top["high"]) == p10_p90(
        study.law.parameters[STAFF], study.law.at(mid_year(study.year))[STAFF]
    )


def test_another_parameter_moves_no_draw():
    law = load_law()
    more = replace(
        law.parameters["fees.beta"], name="aa.first_by_name", draw_column=un.INTENSITY_COLUMN + 1
    )
    wider = replace(law, parameters={"aa.first_by_name": more, **law.parameters})
    before, after = un.columns(law, 7, 1), un.columns(wider, 7, 1)
    assert set(after) - set(before) == {"aa.first_by_name"}
    assert all((before[name] == after[name]).all() for name in before)
    columns = [one.draw_column for one in un.uncertain(wider)]
    assert len(set(columns)) == len(columns) and un.INTENSITY_COLUMN not in columns


def test_what_moves_a_sum_visibly_is_a_hundredth_of_the_first_and_more_than_half_a_yuan():
    frame = pd.DataFrame({"p10": [0.0, 0.0, 0.0, 9.0], "p90": [1000.0, 11.0, 10.0, 9.4]})
    assert len(visible(frame)) == 2  # ten yuan are a hundredth, no more
    assert len(visible(frame, 1e5)) == 1  # a thousandth of the number is a hundred yuan
    assert visible(frame.assign(p90=frame["p10"] + 0.5)).empty and visible(frame.iloc[:0]).empty
