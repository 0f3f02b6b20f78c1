"""The uplift and its tilt: teachers listed in part, break-even tilt on the drawn curve, draws that meet the run, groups that hide nobody."""

import numpy as np
import pandas as pd
import pytest

from onexmodel.analysis.disclosure import merged_groups
from onexmodel.analysis.draws.sample import study_draws
from onexmodel.analysis.pay import draws as pd_
from onexmodel.analysis.pay import study as ps
from onexmodel.analysis.pay import teachers as tt
from onexmodel.analysis.study import open_study
from onexmodel.rules.pay import tilted_pay_per_hour


def opened(scenarios=(), sets=None, workload=None):
    study = open_study("example", scenarios, sets)
    if workload is None:
        return study
    return open_study(
        "example",
        scenarios,
        sets,
        tables=study.tables.with_frames({"workload": workload(study.tables["workload"])}),
    )


@pytest.fixture(scope="module")
def study():
    return opened()


@pytest.fixture(scope="module")
def run(study):
    return study.pair("none")[1]


def at(study, college):
    return int(np.flatnonzero(study.prepared.baseline.keys["college"]["college"] == college)[0])


def test_teachers_not_listed_are_imputed_and_said(study, run):
    people, i = tt.teachers_of(study, run), at(study, "X1")
    mine = people.college == i
    assert mine.sum() == 200 and people.given[mine].sum() == 6  # six rows, two hundred teachers
    pay = tt.pay_of(study, run, people, None)[mine]
    assert pay.sum() == pytest.approx(12_000_000) and pay.max() < 1.3 * np.median(
        pay
    )  # nobody gets two millions
    assert people.hours[mine].sum() == pytest.approx(run.served["added_hours"][i])
    assert tt.coverage(study, run).to_dict("records") == [
        {"college": "X1", "listed": 6, "teachers": 200}
    ]


def test_hours_left_by_the_listed_fall_on_the_share_involved(study, run):
    people, i = tt.teachers_of(study, run), at(study, "X1")
    mine, rest = people.college == i, (people.college == i) & ~people.given
    assert (people.hours[rest] > 0).sum() == round(0.35 * 194)
    assert people.hours[rest].sum() == pytest.approx(
        run.served["added_hours"][i] - people.hours[mine & people.given].sum()
    )
    assert np.allclose(
        people.base_weight[rest], 1.0
    )  # the mean of the listed: 1, 1, 0.8, 1, 1.2, 1


def test_base_weights_on_another_scale_do_not_change_who_earns_what():
    plain, scaled = (
        opened(workload=lambda rows, k=k: rows.assign(base_weight=k * rows["base_weight"]))
        for k in (1, 50_000)
    )
    pays = [
        tt.pay_of(one, one.pair("none")[1], tt.teachers_of(one, one.pair("none")[1]), 0.6)
        for one in (plain, scaled)
    ]
    assert np.allclose(*pays, atol=0.011)


def test_all_listed_nothing_is_imputed_and_two_rows_are_one_teacher():
    def rows(table):
        many = pd.concat(
            [
                table[table["teacher"] == "T001"].assign(teacher=f"A{i:03}", x_hours=5.0)
                for i in range(200)
            ],
            ignore_index=True,
        )
        return pd.concat(
            [many, many.iloc[:1].assign(role="assessor", x_hours=7.0)], ignore_index=True
        )

    study = opened(workload=rows)
    run = study.pair("none")[1]
    people = tt.teachers_of(study, run)
    mine = people.college == at(study, "X1")
    assert (
        mine.sum() == 200
        and people.given[mine].all()
        and people.hours[mine].max() == 12
        and tt.coverage(study, run).empty
    )


def test_more_listed_than_teachers_is_a_finding_too():
    study = opened(
        workload=lambda table: pd.concat(
            [table.assign(teacher=[f"{i}-{k}" for i in range(len(table))]) for k in range(40)],
            ignore_index=True,
        )
    )
    found = tt.coverage(study, study.pair("none")[1])
    assert found["listed"].tolist() == [240] and found["teachers"].tolist() == [200]


def test_break_even_tilt_is_where_the_drawn_curve_crosses(study, run):
    people, rate = tt.teachers_of(study, run), 70.0
    tilt = tt.break_even(run, people, rate)
    fine = np.linspace(0, 1, 101)
    curve = tt.tilt_table(study, run, people, fine)["hourly"].to_numpy()
    assert 0 < tilt < 1 and np.interp(tilt, fine, curve) == pytest.approx(rate)
    college, hours, uplift = tt.sums_by_college(run, people)
    assert tilt == pytest.approx(rate * hours.sum() / uplift.sum()) and tilted_pay_per_hour(
        tilt, hours.sum(), uplift.sum()
    ) == pytest.approx(rate)


def test_share_above_the_reservation_rate_is_of_the_same_quantity(study, run):
    people = tt.teachers_of(study, run)
    table = tt.tilt_table(study, run, people, (0.0, 1.0)).set_index("tilt")
    college, hours, uplift = tt.sums_by_college(run, people)
    reached = college[uplift / hours >= 70]
    busy = people.hours > 0
    assert table.loc[0.0, "above_reservation"] == 0 and table.loc[
        1.0, "above_reservation"
    ] == pytest.approx(np.isin(people.college[busy], reached).mean())


def test_fairness_of_pay_before_and_after(study, run):
    table = tt.tilt_table(study, run, tt.teachers_of(study, run), (0.0, 0.6, 1.0))
    assert (
        (table["top_before"] == table["top_before"].iloc[0]).all()
        and (np.diff(table["top_after"]) > 0).all()
        and (table["top_after"] > 0.1).all()
    )
    assert (
        (table["worse"] == 0).all()
        and table["better"].iloc[0] == 1
        and table["better"].iloc[-1] < 1
        and (np.diff(table["gini_after"]) > 0).all()
    )
    assert tt.top_tenth(np.arange(1, 11.0)) == pytest.approx(10 / 55)


@pytest.mark.parametrize(
    "sets",
    [
        {},
        {"pay.tilt_scope": "total"},
        {"pay.tilt_hours": "training"},
        {"pay.uplift_method": "rate"},
        {"pay.tilt": "0"},
    ],
)
def test_nothing_drawn_is_the_run(sets):
    study = opened(sets=sets)
    run = study.pair("none")[1]
    row, view = ps.uplift_table(study, run).iloc[-1], study.views("none")[1]
    people = tt.teachers_of(study, run)
    made = pd_.pay_draws(pd_.Side.of(study, run, True, tt.crews(study, run)), {})
    for name in ("added", "growth", "uplift", "uplift_elasticity", "uplift_rate", "per_hour"):
        assert made[name][0] == pytest.approx(row[name], rel=1e-12), name
    gain = tt.tilt_table(study, run, people, (view["pay.tilt"],))["gain_busy"].iloc[0]
    assert made["gain_busy"][0] == pytest.approx(gain, abs=0.02)  # fen


def test_elasticities_stand_side_by_side_and_beliefs_alone_do_not_draw_them(study, run):
    side, drawn = pd_.Side.of(study, run, True, tt.crews(study, run)), study_draws(study, 4, 1)
    low, high = pd_.elasticities(study)
    assert 0 < low < 0.5 < high < 1
    (at_low, beliefs), (at_half, _) = pd_.by_elasticity(side, (low, 0.5), drawn)
    assert at_low["uplift"] < at_half["uplift"] == pytest.approx(run.served["uplift"].sum())
    assert (
        len(beliefs["uplift"]) == 16 and np.ptp(beliefs["uplift"]) < 0.01 * at_low["uplift"]
    )  # volumes are given
    assert (
        np.ptp(beliefs["gain_busy"]) > 0.2 * at_low["gain_busy"]
    )  # how many carry the work is not
    assert np.ptp(pd_.pay_draws(side, drawn)["uplift"]) > at_half["uplift"]
    assert "pay__elasticity" not in pd_.kinds(study, drawn, "belief")


def test_a_scheme_that_sets_the_elasticity_is_not_drawn_over():
    study = opened(["elasticity_low"])
    before, after = study.pair("none")
    side = pd_.Side.of(study, after, True, tt.crews(study, after))
    drawn = study_draws(study, 4, 1) | {"pay__elasticity": np.linspace(0, 1, 16)[:, None]}
    made = pd_.pay_draws(side, drawn)
    assert (
        np.ptp(made["uplift"]) < 0.05 * made["uplift"].mean()
        and after.served["uplift"].sum() < before.served["uplift"].sum()
    )
    assert "pay.elasticity" not in set(pd_.deciding(side)["parameter"])


def test_what_decides_the_uplift_and_the_gain(study, run):
    frame = pd_.deciding(pd_.Side.of(study, run, True, tt.crews(study, run)))
    assert (
        frame["parameter"].iloc[0] == "pay.elasticity"
        and frame["p10"].iloc[0] < frame["p90"].iloc[0]
    )
    share = frame.set_index("parameter").loc["pay.share_of_teachers_involved"]
    assert (
        share["p10"] == share["p90"] and share["gain_p10"] > share["gain_p90"]
    )  # fewer carry it: each gains more


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ((70, 408), [70, 408]),
        ((2, 4), [6]),
        ((9, 4), [13]),
        ((9, 2, 3), [9, 5]),
        ((8, 20, 1), [20, 9]),
        ((2, 1), [3]),
    ],
)
def test_small_groups_cannot_be_found_by_subtraction(counts, shown):
    labels = np.repeat([f"t{i}" for i in range(len(counts))], counts)
    groups = merged_groups(labels, 5)
    assert sorted(pd.Series(groups).value_counts().tolist()) == sorted(shown) and len(
        groups
    ) == sum(counts)


def test_tiers_under_five_leave_only_the_total(study, run):
    assert ps.uplift_table(study, run, 5)["group"].tolist() == ["all"]
    whole = ps.uplift_table(study, run, 1)
    assert whole["group"].tolist()[-1] == "all" and whole["uplift"].iloc[
        :-1
    ].sum() == pytest.approx(whole["uplift"].iloc[-1])
    assert whole["filled_income"].iloc[-1] == 1 and ps.standing(study, run) == {
        "all": 6,
        "counted": 3,
        "no_pool": 1,
        "private": 1,
        "outside": 1,
    }
    assert ps.outside_tiers(study, run) == ["applied"]
