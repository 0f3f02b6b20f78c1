"""Winners and losers: gainers and losers by hand, tenths of the place only, the ten largest each way with why."""

import numpy as np
import pandas as pd
import pytest

from onexmodel.analysis import winners as w
from onexmodel.analysis.study import open_study

JUDGED = {"compare.min_colleges": "1"}  # the example's provinces have one to three colleges


@pytest.fixture(scope="module")
def study():
    return open_study("example", ["cap_plus_20"], JUDGED)


@pytest.fixture(scope="module")
def changes(study):
    return w.college_changes(study, *study.pair("supply"))


def test_cash_and_service_are_those_of_the_run_and_the_parts_add(study, changes):
    before, after = (
        result.frames()["colleges"].set_index("college") for result in study.pair("supply")
    )
    for row in changes.itertuples():
        need = [
            sum(frame.loc[row.college, f"need_{use}"] for use in w.USES)
            for frame in (before, after)
        ]
        assert row.cash == pytest.approx(need[0] - need[1], abs=1e-6)
        assert row.service == pytest.approx(
            after.loc[row.college, "served"] - before.loc[row.college, "served"], abs=1e-9
        )
        assert sum(getattr(row, f"why_{name}") for name in w.WHY) == pytest.approx(
            row.cash, abs=1e-6
        )


def test_a_raise_of_fees_makes_losers_in_cash_and_gainers_in_service(changes):
    groups = w.by_group(changes, "tier").set_index("group")
    assert groups.loc["all", "worse_cash"] > 0 and groups.loc["all", "better_service"] > 0
    assert groups.loc["all", "colleges"] == len(changes) == groups["colleges"].iloc[:-1].sum()
    assert groups.loc["all", "service"] == pytest.approx(changes["service"].sum())


def test_tenths_are_of_the_colleges_of_the_place_that_plan_something(study):
    colleges, offerings = study.tables["colleges"], study.tables["offerings"]
    idle = offerings["college"].iloc[0]
    tables = study.tables.with_frames(
        {
            "offerings": offerings[offerings["college"] != idle].reset_index(drop=True),
            "colleges": colleges.assign(students=np.arange(len(colleges))[::-1] * 100 + 100),
        }
    )
    some = open_study("example", ["cap_plus_20"], tables=tables)
    found = w.college_changes(some, *some.pair("none"))
    assert idle not in set(found["college"])
    n = len(found)
    expected = [
        1 + 10 * rank // n for rank in range(n)
    ]  # of n colleges, not of every college of the data
    assert found.sort_values("students", kind="stable")["decile"].tolist() == expected
    one = open_study(
        "example", ["cap_plus_20"], province=colleges["province"].iloc[-1], tables=tables
    )
    alone = w.college_changes(one, *one.pair("none"))
    assert alone["decile"].min() == 1


def test_the_largest_are_the_ends_of_the_order_with_the_part_that_explains_most(changes):
    found = w.largest(changes, 2)
    order = changes["cash"].sort_values().tolist()
    losers = [value for value in order if value < -w.NOTHING["cash"]][:2]
    assert found["cash"].tolist()[: len(losers)] == losers and (np.diff(found["cash"]) >= 0).all()
    for row in found.itertuples():
        assert np.sign(row.why_yuan) == np.sign(row.cash)
        assert abs(row.why_yuan) == max(
            abs(getattr(row, f"why_{name}"))
            for name in w.WHY
            if getattr(row, f"why_{name}") * row.cash > 0
        )


@pytest.mark.parametrize("what", ["cash", "service"])
def test_of_many_the_largest_each_way_are_listed_worst_first(changes, what):
    """Five that lose, six that gain and one that stays: the two that lose most and the two that gain most."""
    values = np.array([3.0, -1.0, 5.0, -4.0, 0.0, 2.0, -2.0, 6.0, -3.0, 1.0, -5.0, 4.0])
    one = changes.iloc[[0]].assign(**{f"why_{name}": 0.0 for name in w.WHY})
    many = pd.concat(
        [
            one.assign(**{what: value, "why_fee": value if what == "cash" else 0.0})
            for value in values
        ],
        ignore_index=True,
    )
    assert w.largest(many, 2, what)[what].tolist() == [-5.0, -4.0, 5.0, 6.0]
    assert w.largest(many, 20, what)[what].tolist() == sorted(value for value in values if value)


def test_service_is_explained_by_the_organisation_and_its_fee(study, changes):
    before, after = study.pair("supply")
    gained = w.largest(changes, what="service")
    assert len(gained) and (gained["service"].abs() > w.SERVICE).all()
    every = w.organisation_changes(before, after)
    for row in gained.itertuples():
        own = every[every["college"] == row.college]
        assert own["service"].sum() == pytest.approx(row.service, abs=1e-9)
        assert (
            row.why_candidates == own["service"].max() if row.service > 0 else own["service"].min()
        )
        assert row.why == own.set_index("service")["organisation"][row.why_candidates]
        assert (
            row.fee_after > row.fee_before and row.share_after > row.share_before
        )  # a better fee brought it back


def test_lost_service_names_who_left(study):
    poor = open_study("example", [], JUDGED | {"fees.provincial_factor": "0.3"})
    lost = w.largest(w.college_changes(poor, *poor.pair("supply")), what="service")
    assert (lost["service"] < 0).any() and lost.loc[lost["service"] < 0, "why_candidates"].lt(
        0
    ).all()
    assert (lost["fee_after"] < lost["fee_before"]).all() and (
        lost["share_after"] < lost["share_before"]
    ).all()


def test_where_nothing_changes_nobody_is_listed(study):
    same = open_study("example", ["current_law"])
    found = w.college_changes(same, *same.pair("supply"))
    assert (
        not len(w.largest(found))
        and not len(w.largest(found, what="service"))
        and (found["cash_side"] == "same").all()
    )
