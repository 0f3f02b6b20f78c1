"""What a scheme touches and when, what a cap's removal leaves open, whether the response can be judged, the critical cap, groups to show."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from onexmodel.analysis import scheme as sc
from onexmodel.analysis.caps import study as cs
from onexmodel.analysis.disclosure import REST, adjacent, pooled
from onexmodel.analysis.draws.sample import study_draws
from onexmodel.analysis.response_basis import response_basis
from onexmodel.analysis.study import open_study


@pytest.mark.parametrize(
    ("scenario", "areas"),
    [
        ("cap_plus_20", ("caps",)),
        ("elasticity_low", ("pay",)),
        ("award_double", ("funding",)),
        ("special_case", ("fees",)),
        ("verification_off", ("fees",)),
        ("current_law", ()),
        ("deduct_off", ()),
        ("package_combined", ("caps", "costs", "pay", "funding")),
    ],
)
def test_areas_a_scheme_touches(scenario, areas):
    found = sc.touched(open_study("example", [scenario]))
    assert found.areas == areas and not found.asleep and not found.within
    assert found.shared == (("fees.deduct_college_borne",) if scenario == "deduct_off" else ())


@pytest.mark.parametrize(
    ("dates", "asleep", "within"),
    [
        (", from: 2023-01-01", True, False),
        (", from: 2021-09-01", True, True),
        (", from: 2021-03-01", False, True),
        (", from: 2021-01-01", False, False),
        (", until: 2021-05-01", True, True),
        (", until: 2021-10-01", False, True),
        (", until: 2020-10-01", True, False),
        (", from: 2021-07-01", False, True),
    ],
)
def test_a_change_counts_as_first_of_july_finds_it(cap_scheme, dates, asleep, within):
    found = sc.touched(open_study("example", [cap_scheme(dates=dates)]))
    assert (found.sleeps, bool(found.asleep), bool(found.within)) == (asleep, asleep, within)
    assert found.areas == (() if asleep else ("caps",))
    assert all(isinstance(change.start, date) for change in found.within)


@pytest.mark.parametrize(("scale", "move"), [("1.2", "raise"), ("0.9", "lower"), ("1.0", "none")])
def test_cap_move_and_its_mean(cap_scheme, scale, move):
    study = open_study("example", [cap_scheme(scale)])
    before, after = study.pair("none")
    found, mean = sc.cap_move(before, after, sc.planned_weight(before, study.scope()))
    low, high = sorted((1.0, float(scale)))
    assert found == move and low <= mean <= high + 1e-12


def test_a_cap_removed_leaves_bargains_without_an_answer():
    study = open_study("example", ["cap_removed"], {"compare.min_colleges": "1"})
    before, after = study.pair("none")
    weight, open_ = sc.planned_weight(before, study.scope()), sc.without_answer(after)
    assert (
        sc.cap_move(before, after, weight)[0] == "removed"
        and open_.any()
        and not sc.without_answer(before).any()
    )
    assert np.allclose(
        after.plan["approved_fee"][open_], before.plan["proposed_fee"][open_]
    )  # kept at the baseline's value: no answer
    found = sc.answered(before, after, study.scope())
    rest = (weight > 0) & ~open_
    assert found["share"] == pytest.approx(weight[open_].sum() / weight.sum())
    assert found["before"] == pytest.approx(
        np.average(before.plan["approved_fee"][rest], weights=weight[rest])
    )


def test_uses_add_to_the_outlay():
    study = open_study("example", ["elasticity_low"])
    before, after = study.pair("none")
    uses = sc.by_use(before, after, study.scope(), study.scope(study.prepared.scenario))
    assert (
        sum(uses.values())
        == pytest.approx(float((after.served["needs"] - before.served["needs"]).sum()))
        and uses["performance_pay"] < 0 == uses["assessment"]
    )


def test_the_response_is_judged_by_the_colleges_the_data_hold(one_province):
    thin = response_basis(open_study("example", ["cap_plus_20"]))
    assert not thin.assessed and (thin.fewest, thin.most, thin.least, thin.covered) == (
        1,
        3,
        5,
        0.0,
    )
    assert not response_basis(open_study("example", [], college="X1")).assessed
    whole = response_basis(open_study(str(one_province), []))
    assert whole.assessed and (whole.fewest, whole.covered) == (6, 1.0)
    own = open_study(
        str(one_province), [], college="X1"
    )  # a college in good data: its organisations serve the province's plan
    assert response_basis(own).assessed
    share = [
        study.pair("supply")[0].plan["share_served"]
        for study in (own, open_study(str(one_province), [], province="S01"))
    ]
    assert np.array_equal(*share, equal_nan=True)


def test_mostly_thin_provinces_are_not_judged(one_province):
    tables = open_study(str(one_province), []).tables
    moved = tables["colleges"].assign(province=["S01", "S01", "S01", "S01", "S01", "S03"])
    study = open_study(str(one_province), [], tables=tables.with_frames({"colleges": moved}))
    found = response_basis(study)
    assert found.covered == pytest.approx(
        1 - 30 / study.tables["offerings"].query("year == @study.year")["candidates"].sum()
    ) and found.assessed == (found.covered >= 0.95)


@pytest.mark.parametrize(
    ("target", "point", "solved"),
    [
        (0.05, np.inf, "none"),
        (0.2, np.inf, "some"),
        (0.5, None, "all"),
        (0.9, None, "some"),
        (1.0, -np.inf, "always"),
    ],
)
def test_no_draw_is_left_out_of_the_critical_cap(one_province, target, point, solved):
    study = open_study(str(one_province), ["cap_plus_20"], province="S01")
    drawn = study_draws(study, 7, 1)
    found, every = (
        cs.cap_for_target(study, target, drawn),
        cs.break_even_scale(study, target, drawn),
    )
    assert found.point == point or (point is None and found.bottom < found.point < found.top)
    assert (found.solved, found.always, found.never) == (
        np.isfinite(every).mean(),
        (every == -np.inf).mean(),
        (every == np.inf).mean(),
    )
    assert found.solved + found.always + found.never == 1
    assert {
        "none": found.never == 1,
        "some": 0 < found.solved < 1,
        "all": found.solved == 1,
        "always": found.always == 1,
    }[solved]
    assert (
        found.low <= found.high
        and np.mean(every <= found.high) >= 0.9 - 1 / len(every)
        and not np.isnan([found.low, found.high]).any()
    )
    if (
        target == 0.2
    ):  # four draws in five have no cap in the range: the interval says so instead of narrowing to the rest
        assert found.high == np.inf and found.never > 0.5


def test_tornado_takes_what_can_move_the_measure_at_p10_and_p90():
    study = open_study("example", ["elasticity_low"])
    frame = cs.tornado(study, "none", "college_outlay")
    assert "workload.teacher_training_price" in set(frame["parameter"]) and not any(
        name.startswith("settlement") for name in frame["parameter"]
    )
    bill = cs.tornado(open_study("example", ["cap_plus_20"]), "none")
    assert not any(name.startswith(("pay.", "fees.adjust.")) for name in bill["parameter"])
    from onexmodel.analysis.draws.sample import quantile, uncertain, values_at

    study = open_study("example", ["cap_plus_20"])
    beta = study.law.parameters["fees.beta"]
    row = bill[bill["parameter"] == "fees.beta"].iloc[0]
    middle = {
        one.name.replace(".", "__"): values_at(one, study.start[one.name], np.array([0.5]))
        for one in uncertain(study.law)
    }
    for column, u in (("p10", 0.1), ("base", 0.5), ("p90", 0.9)):
        before, after = study.pair(
            "none", **middle | {"fees__beta": quantile(beta, 0.5, np.array([u]))[:, None]}
        )
        assert row[column] == pytest.approx(
            float(after.served["fee_bill"].sum() - before.served["fee_bill"].sum())
        )


@pytest.mark.parametrize(
    ("sizes", "shown"),
    [
        ({"a": 7, "b": 9}, {"a", "b"}),
        ({"a": 7, "b": 9, "c": 2}, {"b", REST}),
        ({"a": 9, "b": 3, "c": 3}, {"a", REST}),
        ({"a": 2, "b": 2}, {REST}),
    ],
)
def test_small_groups_are_pooled_so_that_none_can_be_had_by_subtraction(sizes, shown):
    labels = pooled(pd.Series([name for name, count in sizes.items() for _ in range(count)]), 5)
    counts = labels.value_counts()
    assert set(counts.index) == shown and (counts.min() >= 5 or len(counts) == 1)


def test_neighbouring_tenths_are_joined_until_each_has_five():
    tenths = pd.Series(1 + np.arange(17) * 10 // 17)
    labels = adjacent(tenths, range(1, 11), 5)
    assert (
        labels.value_counts().min() >= 5
        and labels.iloc[0].startswith("1–")
        and labels.iloc[-1].endswith("–10")
    )
    assert list(adjacent(tenths, range(1, 11), 1)) == [str(one) for one in tenths]
    assert set(adjacent(pd.Series([1, 4]), range(1, 11), 5)) == {"1–10"}


def test_where_nothing_is_planned_there_is_no_critical_cap():
    tables = open_study("example", []).tables
    idle = tables.with_frames({"offerings": tables["offerings"].assign(candidates=0)})
    study = open_study("example", ["cap_plus_20"], tables=idle)
    found = cs.cap_for_target(study, 0.05, {})
    assert np.isnan(found.point) and not found.solved + found.always + found.never
    assert response_basis(study).fewest == response_basis(study).most == 0
