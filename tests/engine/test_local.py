"""A parameter set apart at some places: there it is the run with the value everywhere, bit by bit, and elsewhere nothing moves."""

from datetime import date

import numpy as np
import pytest

from onexmodel.analysis.draws.montecarlo import monte_carlo
from onexmodel.analysis.draws.sample import study_draws
from onexmodel.analysis.draws.solve import solve
from onexmodel.analysis.explain.derive import derivation
from onexmodel.analysis.explain.place import explained
from onexmodel.analysis.levers.study import LIMITS
from onexmodel.analysis.measures import measured
from onexmodel.analysis.study import open_study
from onexmodel.data import read_tables
from onexmodel.engine.accounts.ledger import settlement_ledger
from onexmodel.engine.places.local import Times, differing
from onexmodel.engine.places.narrowing import narrowed_by
from onexmodel.engine.wire import AXIS
from onexmodel.errors import ScenarioError
from onexmodel.law import load_law, read_scenario
from onexmodel.places import shipped
from onexmodel.study import open_run

HEAD = "title: {zh: 试, en: try}\nauthor: t\nbased_on: current_law\nchanges:\n"
DAY = date(2021, 7, 1)
PLACES = {
    "province": "S01",
    "certificate": "K1",
    "level": "intermediate",
    "organisation": "O1",
    "tier": "higher",
    "ownership": "public",
    "college": "X1",
}
OTHER = {"response.mode": "both", "compare.min_colleges": "1"}  # every stage has something to do


@pytest.fixture
def scenario(tmp_path):
    def write(*changes: str, name: str = "s") -> str:
        path = tmp_path / f"{name}.yaml"
        path.write_text(
            HEAD + "".join(f"  - {{{change}, rationale: 省里的理由}}\n" for change in changes),
            encoding="utf-8",
        )
        return str(path)

    return write


def tables(scenarios=(), sets=None):
    return open_run("example", list(scenarios), sets or OTHER)[0].frames()


def rows(frame, **where):
    keep = np.ones(len(frame), bool)
    for column, value in where.items():
        keep &= (frame[column] == value).to_numpy()
    return (
        frame[keep]
        .drop(columns=[name for name in frame if name.startswith("baseline_")])
        .reset_index(drop=True)
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("fees.beta", 0.3),
        ("fees.verification_margin", 0.4),
        ("fees.provincial_factor", 1.3),
        ("fees.cap_index", 0.8),
        ("fees.fee_index", 1.2),
        ("fees.deduct_college_borne", 0.5),
        ("fees.retake_fee_share", 0.4),
        ("response.spread", 0.3),
        ("pay.elasticity", 0.9),
        ("pay.class_hour_fee", 99),
        ("pay.uplift_ceiling", 0.001),
        ("workload.trained_share", 0.9),
        ("workload.teacher_training_price", 999),
        ("volume.default_pass_rate", 0.55),
        ("funding.student_charge", 20),
        ("funding.crowding_out", 0.7),
        ("workload.practical_capacity", 0.3),
        ("fees.cap.computer", 140),
    ],
)
def test_one_province_is_the_run_with_the_value_everywhere_and_the_others_are_current_law(
    scenario, name, value
):
    code, word = (
        ("S02", "乙省") if name == "funding.crowding_out" else ("S01", "甲省")
    )  # where it has something to crowd out
    sets = OTHER | ({"pay.uplift_method": "rate"} if name == "pay.class_hour_fee" else {})
    here = tables(
        [scenario(f"parameter: {name}, value: {value}, where: {{province: {word}}}")], sets
    )
    everywhere, nowhere = (
        tables([scenario(f"parameter: {name}, value: {value}")], sets),
        tables(sets=sets),
    )
    home, moved = (
        read_tables(shipped("data", "example"))["colleges"].set_index("college")["province"],
        False,
    )
    for table in here:
        if table in ("findings", "batches"):
            continue

        def province(frame):
            return frame["province"] if "province" in frame else frame["college"].map(home)

        for frame, wanted in (
            (everywhere[table], province(here[table]) == code),
            (nowhere[table], province(here[table]) != code),
        ):
            one, other = (rows(part[wanted.to_numpy()]) for part in (here[table], frame))
            assert one.equals(other[list(one)]), table
        moved |= not rows(here[table]).equals(rows(nowhere[table]))
    assert moved or name == "workload.practical_capacity"  # what is unused stands in no table


def test_what_is_set_moves_something(scenario):
    moved = tables(
        [scenario("parameter: fees.provincial_factor, value: 1.3, where: {province: [S01, 乙省]}")]
    )["fees"].set_index("province")
    assert (moved.loc[["S01", "S02"], "cap"] > moved.loc[["S01", "S02"], "baseline_cap"]).all()
    assert (moved.loc["S03", "cap"] == moved.loc["S03", "baseline_cap"]).all()


def test_a_tier_has_its_elasticity_and_a_certificate_its_margin(scenario):
    mine = open_run(
        "example",
        [
            scenario(
                "parameter: pay.elasticity, scale: 1.2, where: {tier: 中职}",
                "parameter: fees.verification_margin, value: 0.5, where: {certificate: K2}",
            )
        ],
    )[0]
    colleges = mine.frames()["colleges"].set_index("college")
    assert (
        colleges.loc["X2", "uplift"]
        == pytest.approx(1.2 * colleges.loc["X2", "baseline_uplift"], rel=1e-12)
        and colleges.loc["X2", "uplift"] > 0
    )
    assert (colleges["uplift"] != colleges["baseline_uplift"]).tolist() == [
        name == "X2" for name in colleges.index
    ]
    fees = mine.frames()["fees"].dropna(subset="verified_fee")
    assert (fees["verified_fee"] != fees["baseline_verified_fee"]).tolist() == (
        fees["certificate"] == "K2"
    ).tolist() and (fees["certificate"] == "K2").any()


def test_disjoint_places_stand_side_by_side_and_an_axis_sees_them_all(scenario):
    fees = tables(
        [
            scenario(
                "parameter: fees.cap_index, value: 2, where: {province: S01, level: 中级}",
                "parameter: fees.cap_index, scale: 3, where: {province: S02, certificate: K1}",
                "parameter: fees.cap_index, add: 0.5, where: {province: S03}",
            )
        ]
    )["fees"]
    ratio = fees["cap"] / fees["baseline_cap"]
    for row, times in zip(fees.itertuples(), ratio, strict=True):
        assert times == pytest.approx(
            {
                "S01": 2.0 if row.level == "intermediate" else 1.0,
                "S02": 3.0 if row.certificate == "K1" else 1.0,
                "S03": 1.5,
            }[row.province]
        )


@pytest.mark.parametrize(
    ("window", "moved"),
    [
        ("", True),
        ("from: 2021-07-01, ", True),
        ("from: 2021-07-02, ", False),
        ("until: 2021-07-01, ", False),
        ("until: 2021-07-02, ", True),
    ],
)
def test_a_local_value_keeps_its_dates(scenario, window, moved):
    composition = open_run(
        "example", [scenario(f"parameter: fees.beta, {window}value: 0.3, where: {{province: S01}}")]
    )[0].composition
    assert ("local" in composition.law.at(DAY)) == moved


def test_caps_of_a_province_follow_their_levels(scenario):
    fees = tables(
        [scenario("parameter: fees.cap.special_practical, scale: 1.1, where: {province: S01}")]
    )["fees"].set_index(["province", "certificate"])
    assert fees.loc[("S01", "K3"), "cap"] == pytest.approx(
        330
    )  # the advanced level has an amount of its own
    assert fees.loc[("S02", "K3"), "cap"] == 300
    one = tables(
        [scenario("parameter: fees.cap.computer, value: 150, where: {province: S01, level: 中级}")]
    )["fees"].set_index(["province", "certificate"])
    assert one.loc[("S01", "K1"), "cap"] == 270 and one.loc[("S02", "K1"), "cap"] == 220
    free = tables([scenario("parameter: fees.cap.computer, remove: true, where: {province: S01}")])[
        "fees"
    ].set_index(["province", "certificate"])
    assert np.isnan(free.loc[("S01", "K1"), "cap"]) and free.loc[("S02", "K1"), "cap"] == 220


def test_full_hour_cost_of_staff_may_differ_by_province(scenario):
    study = open_study(
        "example",
        [scenario("parameter: workload.staff_hour_cost, scale: 2, where: {province: S02}")],
    )
    before, after = study.pair("none")
    home = after.compiled.keys["offering"]["province"]
    assert (
        after.served["teacher_time_cost"] == before.served["teacher_time_cost"]
    ).all()  # a belief: on both sides
    plain = open_study("example").pair("none")[0].served["teacher_time_cost"]
    assert after.served["teacher_time_cost"] == pytest.approx(plain * np.where(home == "S02", 2, 1))


def test_an_instrument_changes_in_the_scheme_only_a_belief_on_both_sides(scenario):
    belief, instrument = (
        open_run("example", [scenario(f"parameter: {name}, value: 0.2, where: {{province: S01}}")])[
            0
        ].composition
        for name in ("fees.beta", "pay.elasticity")
    )
    assert belief.baseline_law.at(DAY)["local"] == belief.law.at(DAY)["local"] and set(
        belief.law.at(DAY)["local"]
    ) == {"fees.beta"}
    assert "local" not in instrument.baseline_law.at(DAY) and set(
        instrument.law.at(DAY)["local"]
    ) == {"pay.elasticity"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            "parameter: fees.beta, value: 0.3, where: {tier: 中职}",
            "不能按「tier」限定：一省一证书一等级只有一个标准。可按 province（省份）、certificate（证书）、level（等级）",
        ),
        ("parameter: pay.elasticity, value: 0.3, where: {certificate: K1}", "它按院校计算"),
        ("parameter: response.spread, value: 0.3, where: {level: 中级}", "按机构和省计算"),
        ("parameter: fees.beta, value: 0.3, where: {provinse: S01}", "最接近的是「province」"),
        ("parameter: pay.elasticity, value: 0.3, where: {层次: 中职}", "最接近的是「tier」"),
        ("parameter: fees.cap_of_mixed, value: max, where: {province: S01}", "选项、次序或对照表"),
        (
            "parameter: funding.discount_rate, value: 0.3, where: {province: S01}",
            "各地用同一个折现率",
        ),
        ("parameter: funding.pot_weights, value: {need: 1}, where: {province: S01}", "对照表"),
        ("parameter: pay.tilt, value: 0.3, where: {province: S01}", "整体使用"),
        ("parameter: workload.class_coefficient, value: [[30, 1]], where: {tier: 中职}", "对照表"),
        (
            "parameter: fees.beta, value: 0.3, where: {province: 甲剩}",
            "没有省份「甲剩」。最接近的是「甲省」",
        ),
        ("parameter: pay.elasticity, value: 0.3, where: {tier: 中专}", "没有层次「中专」"),
        (
            "parameter: fees.beta, value: 0.3, where: {certificate: [K1, K11]}",
            "没有证书「K11」。最接近的是「K1」",
        ),
        ("parameter: fees.beta, value: 0.3, where: {level: 中極}", "最接近的是「中级」"),
        (
            "parameter: fees.cap.paper, value: 90, where: {province: S01, level: all}",
            "没有等级「all」",
        ),
        (
            "parameter: pay.elasticity, value: 0.3, where: {province: S03, tier: 中职}",
            "没有符合 province=S03，tier=中职",
        ),
        ("parameter: fees.beta, value: 3, where: {province: S01}", "大于可能的最大值"),
        ("parameter: fees.beta, scale: 3, where: {province: S01}", "大于可能的最大值"),
        (
            "table: offerings, column: candidates, scale: 2, where: {province: [甲省, 乙剩]}",
            "没有省份「乙剩」。最接近的是「乙省」",
        ),
    ],
)
def test_what_cannot_be_is_a_sentence(scenario, change, words):
    with pytest.raises(ScenarioError) as refused:
        open_run("example", [scenario(change)])
    assert words in str(refused.value) and "s.yaml 第 5 行" in str(refused.value)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("{province: S01}", "{province: [S01, S02]}"),
        ("{province: S01}", "{certificate: K1}"),
        ("{province: S01}", "{}"),
        ("{province: S01}", "{province: 甲省}"),
    ],
)
def test_two_values_for_one_place_need_an_override(scenario, first, second):
    changes = [
        f"parameter: fees.cap_index, value: {value}, where: {where}"
        for value, where in ((2, first), (3, second))
    ]
    with pytest.raises(ScenarioError, match="在同一期间改动同一项"):
        open_run("example", [scenario(*changes)])
    fees = tables([scenario(changes[0], changes[1] + ", override: true")])["fees"].set_index(
        ["province", "certificate"]
    )
    wins = {"{certificate: K1}": ("S02", "K1"), "{}": ("S03", "K2")}.get(second, ("S01", "K1"))
    assert (
        fees.loc[wins, "cap"] == 3 * fees.loc[wins, "baseline_cap"]
        and fees.loc[("S01", "K1"), "cap"] == 3 * fees.loc[("S01", "K1"), "baseline_cap"]
    )


def test_an_override_starts_from_the_law_and_leaves_the_rest(scenario):
    first, second = (
        scenario("parameter: fees.cap_index, value: 2"),
        scenario(
            "parameter: fees.cap_index, scale: 1.5, where: {province: S01}, override: true",
            name="t",
        ),
    )
    fees = tables([first, second])["fees"]
    assert (fees["cap"] / fees["baseline_cap"]).tolist() == pytest.approx(
        [1.5 if one == "S01" else 2.0 for one in fees["province"]]
    )


def test_set_holds_everywhere_and_says_so(scenario):
    changed = scenario("parameter: pay.elasticity, value: 0.9, where: {province: S01}")
    run = open_run("example", [changed], {"pay.elasticity": "0.4"})[0]
    assert (
        "local" not in run.composition.law.at(DAY)
        and run.composition.law.at(DAY)["pay.elasticity"] == 0.4
    )
    assert any("--set pay.elasticity 处处适用" in note for note in run.composition.notes)


def test_what_is_set_at_a_place_is_not_drawn_there_and_is_drawn_elsewhere(scenario):
    study = open_study(
        "example", [scenario("parameter: fees.beta, value: 0.3, where: {province: S01}")]
    )
    drawn = {
        name: values for name, values in study_draws(study, 4, 7).items() if name == "fees__beta"
    }
    for result in study.pair("none", **drawn):  # a belief: on both sides
        fees, home = result.plan["proposed_fee"], result.compiled.keys["cell"]["province"]
        spread = np.ptp(fees, axis=0)
        assert (spread[home == "S01"] == 0).all() and (spread[home != "S01"] > 0).any()
    everywhere = (
        open_study("example", [scenario("parameter: fees.beta, value: 0.3")])
        .pair("none")[0]
        .plan["proposed_fee"]
    )
    assert (fees[:, home == "S01"] == everywhere[home == "S01"]).all()


def test_draws_of_one_province_are_those_of_the_nation_there(scenario):
    changed = scenario(
        "parameter: fees.beta, value: 0.3, where: {province: S01}",
        "parameter: pay.elasticity, scale: 1.5, where: {province: [S01, S02]}",
    )
    nation, province = (open_study("example", [changed], province=place) for place in ("", "S01"))
    assert province.composition.set_here == {
        "fees.beta",
        "pay.elasticity",
    } and "fees__beta" not in study_draws(province, 3, 7)
    ours, theirs = (one.pair("supply", **study_draws(one, 3, 7)) for one in (province, nation))
    for one, other in zip(ours, theirs, strict=True):
        college = (other.compiled.keys["college"]["province"] == "S01").to_numpy()
        for name in ("needs", "uplift", "funding_gap", "college_served"):
            assert np.array_equal(
                np.asarray(one.served[name]), np.asarray(other.served[name])[..., college]
            ), name


def test_a_place_s_own_law_is_settled_and_other_places_left_out(scenario):
    changed = scenario(
        "parameter: fees.beta, value: 0.3, where: {province: S01}",
        "parameter: pay.elasticity, value: 0.9, where: {tier: 中职}",
    )
    views = {
        place: open_study("example", [changed], province=place).views()[1]
        for place in ("S01", "S02")
    }
    assert (views["S01"]["fees.beta"], views["S02"]["fees.beta"]) == (0.3, 0.5)
    assert (
        set(views["S01"]["local"]) == {"pay.elasticity"} and "local" not in views["S02"]
    )  # S02 has no 中职


def test_a_belief_of_later_years_is_drawn_until_then_and_a_change_elsewhere_is_said(scenario):
    later = open_study(
        "example",
        [scenario("parameter: fees.beta, from: 2025-01-01, value: 0.3, where: {province: S01}")],
        province="S01",
    )
    assert (
        not later.composition.set_here
        and "fees__beta" in study_draws(later, 2, 7)
        and later.views()[1]["fees.beta"] == 0.5
    )
    elsewhere = open_study(
        "example",
        [scenario("parameter: fees.beta, value: 0.3, where: {province: 甲省}")],
        province="S02",
    )
    assert elsewhere.composition.notes == (
        "机构协商取得份额（β）的改动只限甲省，不涉及本次测算的范围（s.yaml 第 5 行）",
    )


def test_the_shipped_scenario_is_of_one_province_and_tier():
    (change,) = read_scenario("guangdong_secondary_pay").changes
    assert change.where == (("province", ("广东",)), ("tier", ("中职",)))
    with pytest.raises(ScenarioError, match="没有省份「广东」。.*S01（甲省）"):
        open_study("example").with_composition(["guangdong_secondary_pay"])


def test_many_provinces_drawn_one_by_one_keep_their_own_values(scenario):
    changed = scenario(
        "parameter: pay.elasticity, value: 0.9, where: {province: S02}",
        "parameter: fees.beta, value: 0.9, where: {province: 丙省}",
    )
    found = monte_carlo(open_study("example"), [changed], "none", 3, 7)
    uplift = {
        place: found.headlines(changed, place)["uplift"]
        - found.headlines("baseline", place)["uplift"]
        for place in ("S01", "S02")
    }
    assert (uplift["S01"] == 0).all() and (uplift["S02"] != 0).all()
    with pytest.raises(ScenarioError, match="没有省份"):
        monte_carlo(
            open_study("example"),
            [scenario("parameter: fees.beta, value: 0.9, where: {province: 丁省}", name="u")],
            "none",
            3,
            7,
        )


def test_what_is_turned_holds_everywhere_and_every_cap_is_multiplied(scenario):
    study = open_study(
        "example",
        [
            scenario(
                "parameter: pay.elasticity, value: 0.9, where: {province: S01}",
                "parameter: fees.cap_index, value: 0.5, where: {province: S02}",
            )
        ],
    )
    assert "pay.elasticity" not in study.turned({"pay.elasticity": 0.1})[1]["local"]
    found = solve(study, "cap_scale", "mean_approved_fee", 0.0, False, 1.0, 2.0, "none")
    assert found.kind == "everywhere"
    halved = open_study(
        "example",
        [
            scenario(
                "parameter: fees.cap_index, value: 1.0, where: {province: S02}",
                "parameter: fees.cap_index, value: 2, where: {province: [S01, S03]}",
            )
        ],
    )
    _, doubled = study.prepared.evaluate(*study.turned({"fees.cap_index": Times(2.0)}, "none"))
    assert np.array_equal(doubled.plan["cap"], halved.pair("none")[1].plan["cap"])


def test_adequacy_is_against_each_place_s_own_fee(scenario):
    study = open_study(
        "example", [scenario("parameter: pay.class_hour_fee, value: 140, where: {province: S01}")]
    )
    (before, after), views = study.pair("none"), study.views("none")
    hours, home = (
        after.served["added_hours"] * after.served["uplift_eligible"],
        after.compiled.keys["college"]["province"],
    )
    fee = np.where(home == "S01", 140.0, views[0]["pay.class_hour_fee"])
    assert measured(after, study.scope(), views[1])["adequacy"] == pytest.approx(
        after.served["uplift"].sum() / (fee * hours).sum(), rel=1e-12
    )
    assert (
        measured(before, study.scope(), views[0])["adequacy"]
        > measured(after, study.scope(), views[1])["adequacy"]
    )


def test_a_resit_is_charged_by_the_place_of_its_batch(scenario):
    study = open_study(
        "example", [scenario("parameter: fees.retake_fee_share, value: 0, where: {province: S02}")]
    )
    data = study.tables
    plain, local = (
        settlement_ledger(data, view, date(2021, 12, 31)).batches
        for view in (open_study("example").views()[1], study.views()[1])
    )
    moved = (plain["counted"] != local["counted"]).to_numpy()
    assert (
        moved.tolist() == ((plain["province"] == "S02") & (plain["retakes"] > 0)).tolist()
        and moved.any()
    )


def test_the_derivation_names_the_scenario_its_reason_and_the_place(scenario):
    path = scenario(
        "parameter: fees.beta, value: 0.3, where: {province: S02}",
        "parameter: fees.cap.special_practical, value: 310, where: {province: S02}",
    )

    def leaves(node, name):
        return (
            [node]
            if node.name == name and node.kind == "parameter"
            else [leaf for child in node.children for leaf in leaves(child, name)]
        )

    for place in ("", "S02"):
        study = open_study("example", [path], province=place)
        node = explained(
            study,
            "proposed_fee",
            {"province": "S02", "certificate": "K3", "level": "advanced"},
            depth=6,
        )
        beta, cap = leaves(node, "fees.beta")[0], leaves(node, "fees.cap.special_practical")[0]
        assert (beta.value, beta.where, beta.note) == (0.3, "S02", "情景 s：省里的理由") and (
            cap.value,
            cap.where,
            cap.note,
        ) == (310, "S02", "情景 s：省里的理由")
    other = explained(
        open_study("example", [path]),
        "proposed_fee",
        {"province": "S01", "certificate": "K3", "level": "advanced"},
        depth=6,
    )
    assert (leaves(other, "fees.beta")[0].value, leaves(other, "fees.beta")[0].note) == (0.5, "")


def test_of_two_values_for_a_place_the_derivation_names_the_one_that_holds(scenario):
    """The later change overrides; where only the earlier reaches the earlier is named."""
    first = scenario(
        "parameter: fees.cap.special_practical, value: 310, where: {province: [S01, S02]}"
    )
    second = scenario(
        "parameter: fees.cap.special_practical, value: 330, where: {province: S02}, override: true",
        name="t",
    )

    def caps(node):
        return (
            [node]
            if node.name == "fees.cap.special_practical" and node.kind == "parameter"
            else [leaf for child in node.children for leaf in caps(child)]
        )

    for province, value, name in (("S01", 310, "s"), ("S02", 330, "t")):
        leaf = caps(
            explained(
                open_study("example", [first, second]),
                "proposed_fee",
                {"province": province, "certificate": "K3", "level": "advanced"},
                depth=6,
            )
        )[0]
        assert (leaf.value, leaf.note) == (value, f"情景 {name}：省里的理由")


def test_a_derivation_computes_the_same_number_at_each_place(scenario):
    derived = derivation(
        open_study(
            "example",
            [
                scenario(
                    "parameter: fees.beta, value: 0.3, where: {province: S02}",
                    "parameter: pay.elasticity, value: 0.9, where: {tier: 中职}",
                    "parameter: funding.crowding_out, value: 0.6, where: {province: S02}",
                    "parameter: volume.default_pass_rate, value: 0.5, where: {province: S03}",
                )
            ],
        ),
        "supply",
    )
    for axis, names in (
        ("cell", ("proposed_fee", "approved_fee")),
        ("college", ("uplift", "funding_gap", "award", "waterfall_gap")),
    ):
        for name in names:
            kept = (
                derived.results[1].plan[name] if axis == "cell" else derived.results[1].served[name]
            )
            found = [
                derived.number((f"scenario.{'fees' if axis == 'cell' else 'served'}", name, i))
                for i in range(len(derived.results[1].compiled.keys[axis]))
            ]
            assert np.allclose(found, kept, rtol=1e-12, atol=1e-6, equal_nan=True), name


def test_local_values_differ_where_one_value_one_place_or_the_number_of_them_does():
    here, there, drawn = (
        (("province", ("S01",)),),
        (("province", ("S02",)),),
        np.array([[0.1], [0.2]]),
    )
    base = {"a": ((here, 0.3), (there, 0.4)), "b": ((here, drawn),), "c": ((here, {"all": 90.0}),)}
    assert (
        differing({"local": base}, {"local": {**base, "b": ((here, drawn.copy()),)}})
        == set()
        == differing({}, {})
    )
    for name, other in (
        ("a", ((here, 0.3), (there, 0.5))),
        ("a", ((here, 0.2), (there, 0.4))),
        ("a", ((here, 0.3),)),
        ("a", ((there, 0.3), (there, 0.4))),
        ("b", ((here, drawn + 0.1),)),
        ("b", ((here, 0.1),)),
        ("c", ((here, {"all": 91.0}),)),
    ):
        assert differing({"local": base}, {"local": {**base, name: other}}) == {name}, other
    assert differing({"local": base}, {"local": {"a": base["a"], "b": base["b"]}}) == {"c"}


def test_what_may_be_narrowed_follows_from_the_rules():
    law = load_law()
    assert set(narrowed_by(law.parameters["fees.beta"])) == {
        "province",
        "certificate",
        "level",
        "organisation",
    }
    assert set(narrowed_by(law.parameters["pay.elasticity"])) == {
        "province",
        "tier",
        "ownership",
        "college",
    }
    assert set(narrowed_by(law.parameters["response.spread"])) == {"province", "organisation"}
    assert set(narrowed_by(law.parameters["fees.retake_fee_share"])) == set(PLACES)
    for name in (
        *LIMITS.values(),
        "pay.uplift_method",
        "compare.min_colleges",
        "fees.adjust.x",
        "settlement.deadline",
        "funding.discount_rate",
    ):
        assert narrowed_by(law.parameters[name]) == (), name
    assert AXIS["proposed_fee"] == "cell"


def test_a_later_general_value_holds_in_its_window_and_at_its_level(scenario):
    local = "parameter: fees.cap.computer, value: 150, where: {province: S01}"

    def caps(change):
        return tables([scenario(local, change)])["fees"].set_index(["province", "certificate"])[
            "cap"
        ]

    assert (
        caps("parameter: fees.cap.computer, value: 170, where: {level: 中级}, override: true").loc[
            ["S01", "S02"], "K1"
        ]
        == 290
    ).all()
    assert (
        caps("parameter: fees.cap.computer, value: 170, where: {level: 高级}, override: true")[
            "S01", "K1"
        ]
        == 270
    )
    assert (
        caps(
            "parameter: fees.cap.computer, value: 170, from: 2021-01-01, until: 2022-01-01, override: true"
        )["S01", "K1"]
        == 290
    )
    assert (
        caps("parameter: fees.cap.computer, value: 170, from: 2022-01-01, override: true")[
            "S01", "K1"
        ]
        == 270
    )
