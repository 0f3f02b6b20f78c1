"""Levers: refused alone or together on any guard, order irrelevant; shares add up; curve and intervals meet the point."""

import itertools

import numpy as np
import pandas as pd
import pytest

from onexmodel.analysis.draws.sample import study_draws
from onexmodel.analysis.levers.bench import Bench
from onexmodel.analysis.levers.draws import deciding, saving_draws
from onexmodel.analysis.levers.study import (
    evaluate_levers,
    of_some,
    outlay,
    paying,
    read_levers,
    savings_curve,
    together,
)
from onexmodel.analysis.statistics.shapley import shapley
from onexmodel.analysis.study import open_study
from onexmodel.engine.compile import compile_year, mid_year
from onexmodel.engine.data_changes import change_frames
from onexmodel.engine.draws.swap_table import Arranger, own_assessors
from onexmodel.errors import ScenarioError
from onexmodel.law import list_scenarios

SHIPPED = [name for name in list_scenarios() if name.startswith("lever_")]


@pytest.fixture(scope="module")
def study():
    return open_study("example")


@pytest.fixture(scope="module")
def shipped(study):
    return evaluate_levers(study, read_levers(SHIPPED))


@pytest.fixture
def lever(tmp_path):
    def made(name, change, guard="pass_rate"):
        path = tmp_path / f"{name}.yaml"
        path.write_text(
            f"title: {{zh: {name}, en: {name}}}\nauthor: t\nchanges:\n"
            + "".join(f"  - {{{one}, rationale: t}}\n" for one in change)
            + f"lever: {{guard: {guard}, one_off_cost: 1000, life_years: 2, evidence: assumption}}\n",
            encoding="utf-8",
        )
        return str(path)

    return made


def component(column, scale, certificate="K1"):
    return f"table: components, column: {column}, where: {{certificate: {certificate}, component: practical}}, scale: {scale}"


def taken(study, *paths):
    """lever → colleges that take it; and the refusals."""
    bench = Bench.of(study, read_levers(list(paths)), 1.0)
    keys = study.prepared.baseline.keys["college"]["college"].to_numpy()
    return bench, {name: set(keys[mask]) for name, mask in bench.accepts.items()}, bench.taken[1]


def test_levers_that_break_a_floor_together_are_refused_whatever_else_is_refused_alone(
    study, lever
):
    a, b, c = (
        lever(name, [component("candidates_per_assessor", scale)], "candidates_per_assessor")
        for name, scale in (("a", 1.7), ("b", 1.7), ("c", 2.5))
    )
    everyone = {
        "X1",
        "X2",
        "X3",
        "X4",
        "X5",
        "X6",
    }  # all plan K1, ten to an assessor, twenty at most; X1·X4·X5 also plan other certificates
    assert (
        taken(study, a)[1] == {"a": everyone}
        and taken(study, b)[1] == {"b": everyone}
        and taken(study, c)[1] == {"c": set()}
    )
    bench, who, why = taken(study, a, b)  # 28.9 to an assessor
    assert who == {"a": set(), "b": set()} and {row["jointly"] for row in why} == {True}
    bench, who, why = taken(study, a, b, c)
    assert who == {"a": set(), "b": set(), "c": set()}
    assert [(row["lever"], row["jointly"]) for row in why] == [
        ("c", False),
        ("a", True),
        ("b", True),
    ]
    after = bench.blended_leaves(("a", "b", "c"))
    assert np.nanmax(after["candidates_per_assessor"][1]) <= 20


def test_a_floor_broken_by_levers_of_different_guards_is_seen(study, lever):
    shorter = lever(
        "shorter", [component("hours_per_session", 0.4)], "pass_rate"
    )  # 36 of 90 minutes: over twenty
    fuller = lever(
        "fuller", [component("session_capacity", 2)], "candidates_per_assessor"
    )  # 45 minutes; together 18
    assert taken(study, shorter)[1]["shorter"] and taken(study, fuller)[1]["fuller"]
    _, who, why = taken(study, shorter, fuller)
    assert who == {"shorter": set(), "fuller": set()} and {row["guard"] for row in why} == {
        "minutes_per_candidate"
    }


def test_a_lever_is_tried_on_every_guard_not_only_its_own(study, lever):
    _, who, why = taken(study, lever("rush", [component("hours_per_session", 0.2)], "pass_rate"))
    assert (
        who == {"rush": set()}
        and why[0]["guard"] == "minutes_per_candidate"
        and not why[0]["jointly"]
    )


def test_a_set_is_tried_again_when_the_lever_that_saved_it_is_refused(study, lever):
    shorter, fuller = (
        lever("shorter", [component("hours_per_session", 0.4)]),
        lever("fuller", [component("session_capacity", 2)]),
    )
    helps = lever("helps", [component("stations", 2)])
    assert all(
        taken(study, shorter, fuller, helps)[1].values()
    )  # 36 minutes with twice the stations
    spoiled = lever("spoiled", [component("stations", 2), component("candidates_per_assessor", 3)])
    assert not any(taken(study, shorter, fuller, spoiled)[1].values())


def test_order_of_the_levers_does_not_matter(study, lever):
    paths = [
        lever("a", [component("candidates_per_assessor", 1.7)]),
        lever("b", [component("candidates_per_assessor", 1.3)]),
        lever("c", [component("session_capacity", 1.25)]),
    ]
    found = [taken(study, *some)[1] for some in itertools.permutations(paths)]
    assert all(one == found[0] for one in found) and found[0]["c"]


def test_only_the_college_whose_floor_breaks_refuses(study, lever):
    _, who, _ = taken(
        study, lever("few", [component("candidates_per_assessor", 5, "K3")])
    )  # five become 25 at X1 and X4; nobody sits K3 at X5
    assert who["few"] == {"X2", "X3", "X5", "X6"}


def test_own_staff_in_the_assessors_place_is_refused(study, lever):
    _, who, why = taken(
        study,
        lever(
            "own",
            [
                "table: ingredients, column: own_staff, where: {item: assessor_fees, certificate: K3}, value: true"
            ],
            "assessor_independence",
        ),
    )
    assert who["own"] == {"X2", "X3", "X5", "X6"} and why[0]["guard"] == "assessor_independence"


def test_eight_levers_are_taken_and_nine_are_not(lever):
    """Exact shares of eight are 256 runs; of nine nobody is offered them."""
    paths = [
        lever(f"one{number}", [component("candidates_per_assessor", 1.1)]) for number in range(9)
    ]
    assert len(read_levers(paths[:8])) == 8
    with pytest.raises(ScenarioError, match="一次最多 8 项，给了 9 项"):
        read_levers(paths)
    assert sum(shapley(range(8), lambda chosen: float(len(chosen) ** 2)).values()) == pytest.approx(
        64
    )
    with pytest.raises(ValueError, match="at most 8 players, not 9"):
        shapley(range(9), lambda chosen: 0.0)


def test_costs_on_the_plan_are_those_of_the_run(study, shipped):
    result, scope, now = (
        shipped.bench.run(tuple(SHIPPED)),
        study.scope(),
        shipped.bench.totals(tuple(SHIPPED)),
    )
    assert now["uplift"] == pytest.approx(
        result.served["uplift"][scope["college"]].sum(), rel=1e-12
    )
    for part, name in (
        ("organisation", "organisation_cash_cost"),
        ("training", "training_cost"),
        ("teacher_time", "teacher_time_cost"),
    ):
        assert now[part] == pytest.approx(result.served[name].sum(), rel=1e-12)


def test_shares_and_bearers_add_to_the_joint_saving(shipped):
    for measure in ("cash", "economic"):
        assert shipped.table[f"{measure}_shapley"].sum() == pytest.approx(shipped.joint[measure])
    assert (
        shipped.table["net_cash"].to_numpy()
        == pytest.approx(
            (shipped.table["cash_shapley"] - shipped.table["one_off_yearly"]).to_numpy()
        )
        and (shipped.table["one_off_yearly"] > 0).any()
    )
    kept = shipped.kept.set_index("fees")
    for fees in ("held", "reverified"):
        assert kept.loc[fees, ["college", "organisation", "uplift"]].sum() == pytest.approx(
            shipped.joint["cash"]
        )
    quality = shipped.quality.set_index("indicator")
    assert (
        quality.loc["pass_rate", "floor"] == quality.loc["pass_rate", "before"]
    )  # no fall is allowed (an assumption of the law file)
    assert quality.loc["minutes_per_candidate", "after"] == pytest.approx(
        0.8 * quality.loc["minutes_per_candidate", "before"]
    )


@pytest.mark.parametrize("table", ["components", "ingredients", "offerings"])
def test_one_table_arranged_again_is_the_whole_year_arranged_again(study, table):
    frames, base = dict(study.tables.frames), study.prepared.baseline
    changes = [
        change
        for one in read_levers(SHIPPED)
        for change in one.changes
        if change.target.startswith(f"{table}/")
    ]
    changed = change_frames(frames, changes, mid_year(study.year))
    whole = compile_year(changed, study.year, 0.04)
    for name, value in (
        Arranger(compile_year(frames, study.year, 0.04), frames)
        .leaves(table, changed[table])
        .items()
    ):
        expected = (
            whole.leaves.get(name, None)
            if name != "own_assessors"
            else own_assessors(whole.ledger, whole.place)
        )
        assert (
            set(value) == set(expected)
            if isinstance(value, dict)
            else np.array_equal(value, expected, equal_nan=True)
        ), name
        assert not isinstance(value, dict) or all(
            np.array_equal(value[key], expected[key]) for key in value
        ), name
    assert len(changes) and base.year == study.year


def test_savings_curve_begins_at_nothing_and_ends_at_the_package(study, shipped):
    curve = savings_curve(shipped)
    assert curve["cash"].iloc[0] == curve["economic"].iloc[0] == curve["net"].iloc[0] == 0.0
    assert curve["cash"].iloc[-1] == shipped.joint["cash"] and curve["net"].iloc[
        -1
    ] == pytest.approx(shipped.joint["cash"] - shipped.joint["one_off_yearly"])
    half = evaluate_levers(study, read_levers(SHIPPED), 0.5)
    assert curve.set_index("intensity").loc[0.5, "economic"] == pytest.approx(
        half.joint["economic"], rel=1e-12
    )


def test_a_change_without_intensity_is_refused_at_half_and_has_no_curve(study, lever):
    path = lever(
        "fixed",
        [
            "table: components, column: stations, where: {certificate: K1, component: practical}, value: 12"
        ],
    )
    with pytest.raises(ScenarioError, match="没有强度"):
        evaluate_levers(study, read_levers([path]), 0.5)
    found = evaluate_levers(study, read_levers([path]))
    assert savings_curve(found).empty and "part_cash" not in saving_draws(
        found, study_draws(study, 2, 1), 1
    )


def test_intervals_hold_the_point_and_come_back_with_the_seed(study, shipped):
    none = saving_draws(shipped, {}, 1)
    assert none["cash"].iloc[0] == pytest.approx(
        shipped.joint["cash"], rel=1e-12
    )  # nothing drawn: the point
    drawn = study_draws(study, 5, 1)
    first, again = saving_draws(shipped, drawn, 1), saving_draws(shipped, drawn, 1)
    assert first.equals(again) and first["cash"].quantile(0.1) < shipped.joint["cash"] < first[
        "cash"
    ].quantile(0.9)
    assert (
        first["part_cash"] < first["cash"]
    ).mean() > 0.9  # less is saved where less is carried out


def test_what_decides_is_named_with_its_ends(study, shipped):
    frame = deciding(shipped, study, savings_curve(shipped))
    assert {"pay.elasticity", "intensity"} <= set(frame["parameter"][:2]) and (
        frame["low"] < frame["high"]
    ).all()
    low = frame.set_index("parameter").loc["intensity"]
    assert low["p10"] < low["p90"] < shipped.joint["cash"]


def test_a_one_off_cost_falls_on_those_who_are_responsible(study, shipped):
    """Referee B5: 信息化阅卷 is the organisations' to set up, and was charged once a college."""
    row = shipped.table.set_index("lever").loc["lever_online_marking"]
    plans = study.tables["offerings"].merge(
        study.tables["certificates"][["certificate", "organisation"]]
    )
    organisations = plans.loc[plans["candidates"] > 0, "organisation"].nunique()
    assert (
        organisations < shipped.colleges
        and row["payers"] == organisations
        and row["one_off"] == 10_000 * organisations
    )
    bulk = shipped.table.set_index("lever").loc["lever_bulk_consumables"]
    assert (
        bulk["payers"] == shipped.colleges - bulk["refused"]
        and bulk["one_off"] == 5_000 * bulk["payers"]
    )


def test_online_marking_in_province_44_is_paid_by_60_organisations_not_625_colleges():
    study = open_study("national", province="44")
    bench = Bench.of(study, read_levers(["lever_online_marking"]), 1.0)
    assert bench.colleges == 625 and int(bench.accepts["lever_online_marking"].sum()) == 625
    assert (
        bench.payers("lever_online_marking") == 60
        and outlay(bench, bench.levers["lever_online_marking"])[0] == 600_000
    )


def test_one_college_bears_its_part_of_what_organisations_set_up():
    """A reader: the 10 000 of each of two organisations stood in full in the account of the college X1, which has some of their candidates."""
    name = "lever_online_marking"
    whole, parts = open_study("example"), []
    for province, colleges in (
        whole.tables["colleges"].groupby("province")["college"].unique().items()
    ):
        paid = []
        for college in colleges:
            bench = Bench.of(open_study("example", college=college), read_levers([name]), 1.0)
            paid.append(bench.paid(name))
            assert 0 < bench.paid(name) <= bench.payers(name)
            assert outlay(bench, bench.levers[name])[0] == pytest.approx(10_000 * bench.paid(name))
        of_all = Bench.of(open_study("example", province=province), read_levers([name]), 1.0)
        assert of_all.paid(name) == of_all.payers(name)
        assert sum(paid) == pytest.approx(of_all.paid(name))  # nothing twice, nothing left over
        parts += paid
    assert min(parts) < 1


@pytest.mark.parametrize(("per", "payers"), [("college", 6), ("organisation", 2), ("province", 3)])
def test_whom_a_one_off_cost_is_laid_on_is_counted_where_the_lever_is_taken(
    study, tmp_path, per, payers
):
    path = tmp_path / "one.yaml"
    path.write_text(
        "title: {zh: 一, en: one}\nauthor: t\nchanges:\n  - {table: ingredients, column: unit_price, where: {item: materials}, scale: 0.9, rationale: t}\n"
        f"lever: {{guard: pass_rate, one_off_cost: 1000, life_years: 2, evidence: assumption, per: {per}}}\n",
        encoding="utf-8",
    )
    bench = Bench.of(study, read_levers([str(path)]), 0.5)
    assert bench.payers("one") == payers and outlay(bench, bench.levers["one"])[0] == 500.0 * payers


def test_a_payer_nobody_knows_is_refused(tmp_path):
    path = tmp_path / "one.yaml"
    path.write_text(
        "title: {zh: 一, en: one}\nauthor: t\nchanges:\n  - {table: ingredients, column: unit_price, where: {item: materials}, scale: 0.9, rationale: t}\n"
        "lever: {guard: pass_rate, one_off_cost: 1000, life_years: 2, evidence: assumption, per: organization}\n",
        encoding="utf-8",
    )
    with pytest.raises(ScenarioError, match="organization.*最接近的是「organisation」"):
        read_levers([str(path)])


def test_some_of_the_levers_together_are_a_study_of_those_alone(study, shipped):
    chosen = ("lever_pooled_sessions", "lever_assessor_ratio", "lever_online_marking")
    done, alone = together(shipped, chosen), evaluate_levers(study, read_levers(chosen))
    assert set(done.levers) == set(chosen) and done.saved == pytest.approx(alone.joint["cash"])
    assert done.cost == pytest.approx(alone.joint["cost_cash"])
    assert done.yearly == pytest.approx(alone.joint["one_off_yearly"])
    assert done.outlay["college"] == 0 < done.outlay["organisation"]
    assert np.allclose(done.kept.iloc[:, 1:], alone.kept.iloc[:, 1:])
    whole = together(shipped, shipped.table["lever"])
    assert whole.net == pytest.approx(shipped.table["net_cash"].sum())
    none = together(shipped, ())
    assert none.saved == none.yearly == 0 and none.cost == shipped.baseline["cash"]


def test_what_pays_is_what_saves_more_than_its_outlay_the_best_first(shipped):
    table = shipped.table.set_index("lever")["net_cash"]
    names = paying(shipped)
    assert set(names) == set(table.index[table > 0]) and len(names) == 2
    assert list(names) == sorted(names, key=lambda name: -table[name])


def test_what_a_guard_watches_is_told_for_its_lever_alone(shipped):
    rows = shipped.table.set_index("lever")
    one = rows.loc["lever_assessor_ratio"]
    assert one["guard_after"] == pytest.approx(1.25 * one["guard_before"])
    still = rows.loc["lever_bulk_consumables"]
    assert still["guard_after"] == still["guard_before"]


def test_the_study_of_some_levers_works_out_no_set_that_is_known(shipped, study, monkeypatch):
    chosen = list(shipped.table["lever"][:3])
    afresh = evaluate_levers(study, read_levers(chosen))
    done, again = together(shipped, chosen), []
    totals = Bench.totals
    monkeypatch.setattr(
        Bench, "totals", lambda bench, names: again.append(names) or totals(bench, names)
    )
    made = of_some(shipped, done)
    changed = {
        name
        for name in chosen
        if not np.array_equal(done.bench.accepts[name], shipped.bench.accepts[name])
    }
    assert all(changed & set(names) for names in again) and tuple(chosen) not in again
    pd.testing.assert_frame_equal(made.table, afresh.table, check_exact=True)
    assert made.joint == afresh.joint and made.worth == afresh.worth
    assert of_some(shipped, together(shipped, shipped.table["lever"])) is shipped
