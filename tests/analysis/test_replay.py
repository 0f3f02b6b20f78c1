"""A scheme's operations act on each draw: a raise never reads as a fall, and a scheme keeps the uncertainty of what it starts from."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onexmodel.analysis.caps.study import tornado
from onexmodel.analysis.draws.effects import effects
from onexmodel.analysis.draws.evaluate import headline_draws
from onexmodel.analysis.draws.montecarlo import monte_carlo
from onexmodel.analysis.draws.sample import interval, study_draws
from onexmodel.analysis.draws.sensitivity import asked
from onexmodel.analysis.study import open_study
from onexmodel.engine.places.local import LOCAL
from onexmodel.law import compose, load_law, read_scenario
from onexmodel.law.replay import law_pair
from onexmodel.law.scenario import Change

DAY = date(2021, 7, 1)


@pytest.fixture
def scenario(tmp_path):
    def write(*changes, name="s"):
        path = Path(tmp_path / f"{name}.yaml")
        path.write_text(
            "title: {zh: 试, en: t}\nauthor: t\nchanges:\n"
            + "".join(f"  - {{{one}, rationale: t}}\n" for one in changes),
            encoding="utf-8",
        )
        return str(path)

    return write


def moved(study, name, log2_draws=7, mode="none"):
    before, after = headline_draws(study, mode, study_draws(study, log2_draws, 20201231))
    return before[name], after[name]


def test_no_draw_of_a_raise_falls(scenario):
    """Referee B3: pay.elasticity × 1.2 fell in 32 % of the draws, and the scheme's own interval vanished."""
    before, after = moved(
        open_study("example", [scenario("parameter: pay.elasticity, scale: 1.2")]), "uplift"
    )
    assert (after >= before - 1e-9).all() and (after > before).mean() > 0.9
    assert (after / before).max() == pytest.approx(1.2) and np.ptp(interval(after)) > 1.05 * np.ptp(
        interval(before)
    )


def test_a_doubled_margin_falls_in_no_draw(scenario):
    """Referee B3: fees.verification_margin × 2 fell in 33 % of the draws."""
    before, after = moved(
        open_study("example", [scenario("parameter: fees.verification_margin, scale: 2")]),
        "fee_bill",
    )
    assert (after >= before - 1e-6).all() and (after > before + 1).any()


def test_only_value_fixes(scenario):
    before, after = moved(
        open_study("example", [scenario("parameter: pay.elasticity, value: 0.8")]), "uplift"
    )
    assert np.ptp(before) > 0 and np.ptp(after) == pytest.approx(0)


def test_add_is_cut_at_what_the_parameter_can_be(scenario):
    study = open_study("example", [scenario("parameter: pay.on_cost, add: 0.75")])
    start = np.array([[0.0], [0.1], [0.25], [0.3]])
    assert study.views(pay__on_cost=start)[1]["pay.on_cost"].ravel().tolist() == [
        0.75,
        0.85,
        1.0,
        1.0,
    ]
    lower = open_study("example", [scenario("parameter: pay.elasticity, add: -0.3")])
    assert lower.views(pay__elasticity=np.array([[0.1], [0.5]]))[1][
        "pay.elasticity"
    ].ravel() == pytest.approx([0.0, 0.2])


def test_a_change_at_a_place_scales_each_draw_there_alone(scenario):
    study = open_study(
        "example", [scenario("parameter: pay.elasticity, scale: 1.2, where: {province: S01}")]
    )
    before, after = (result for result in study.pair("none", **study_draws(study, 3, 7)))
    home = (after.compiled.keys["college"]["province"] == "S01").to_numpy()
    old, new = (np.asarray(one.served["uplift_elasticity"]) for one in (before, after))
    assert (
        new[:, home] == pytest.approx(1.2 * old[:, home]) and (new[:, ~home] == old[:, ~home]).all()
    )
    assert np.ptp(new[:, home], axis=0).max() > 0


def test_a_scaled_belief_is_drawn_on_both_sides(scenario):
    study = open_study("example", [scenario("parameter: fees.beta, scale: 1.5")])
    before, after = study.views(**study_draws(study, 4, 7))
    plain = study_draws(open_study("example"), 4, 7)["fees__beta"]
    assert np.array_equal(before["fees.beta"], after["fees.beta"]) and before[
        "fees.beta"
    ] == pytest.approx(np.minimum(1.0, 1.5 * plain))


def test_a_settled_place_is_what_the_nation_computes_there(scenario):
    changed = scenario(
        "parameter: pay.elasticity, scale: 1.5, where: {province: [S01, S02]}",
        "parameter: fees.verification_margin, scale: 2, where: {province: S01}",
    )
    nation, province = (open_study("example", [changed], province=place) for place in ("", "S01"))
    for name in ("pay.elasticity", "fees.verification_margin"):
        assert (
            LOCAL not in province.views()[1]
            and np.ndim(province.views(**study_draws(province, 3, 7))[1][name]) == 2
        )
    ours, theirs = (one.pair("supply", **study_draws(one, 3, 7)) for one in (province, nation))
    for one, other in zip(ours, theirs, strict=True):
        college = (other.compiled.keys["college"]["province"] == "S01").to_numpy()
        for name in ("needs", "uplift", "funding_gap"):
            assert np.array_equal(
                np.asarray(one.served[name]), np.asarray(other.served[name])[..., college]
            ), name


def test_every_study_scales_the_draws(scenario):
    """montecarlo, sensitivity, tornado and effects see the same scheme as the headlines."""
    file = scenario("parameter: pay.elasticity, scale: 1.2")
    study, plain = open_study("example", [file]), open_study("example")
    drawn = study_draws(study, 5, 7)
    found = monte_carlo(plain, [file], "none", 5, 7)
    before, after = headline_draws(study, "none", drawn)
    many = [found.headlines(file, before=start)["uplift"] for start in (True, False)]
    assert many[0] == pytest.approx(before["uplift"]) and many[1] == pytest.approx(after["uplift"])
    assert asked(study, "uplift", "none", drawn) == pytest.approx(
        after["uplift"] - before["uplift"]
    )
    bars = tornado(study, "none", "uplift").set_index("parameter")
    assert 0 < bars.loc["pay.elasticity", "p10"] < bars.loc["pay.elasticity", "p90"]
    effect = effects(study, "uplift", ["pay.elasticity"])
    assert "pay.elasticity" not in effect.set_here
    assert [value for value, _ in effect.found["pay.elasticity"].parts] == pytest.approx(
        [1.2 * np.sqrt(0.05), 1.2 * (1 - np.sqrt(0.05))]
    )


OPERATIONS = st.sampled_from([("scale", 1.2), ("scale", 0.5), ("add", 0.1), ("value", 0.3)])
WINDOWS = st.sampled_from(
    [
        ("", ""),
        (", from: 2021-01-01", ""),
        (", from: 2022-01-01", ""),
        ("", ", until: 2021-03-01"),
        (", from: 2020-01-01", ", until: 2023-01-01"),
    ]
)
PLACES = st.sampled_from(
    ["", ", where: {province: S01}", ", where: {province: S02}", ", where: {tier: higher}"]
)


@settings(max_examples=120, deadline=None, derandomize=True)
@given(st.lists(st.tuples(OPERATIONS, WINDOWS, PLACES), min_size=1, max_size=4))
def test_replayed_on_the_central_value_it_is_the_scenario_s_own(tmp_path_factory, changes):
    path = tmp_path_factory.mktemp("s") / "s.yaml"
    path.write_text(
        "title: {zh: 试, en: t}\nauthor: t\nchanges:\n"
        + "".join(
            f"  - {{parameter: pay.elasticity, {what}: {by}{start}{end}{where}, override: true, rationale: t}}\n"
            for (what, by), (start, end), where in changes
        ),
        encoding="utf-8",
    )
    composition = compose(load_law(), [read_scenario(path)])
    pair = law_pair(composition, DAY)
    before, after = pair.under({"pay.elasticity": 0.5})
    assert before["pay.elasticity"] == 0.5 and after["pay.elasticity"] == pytest.approx(
        pair.after["pay.elasticity"]
    )
    found, wanted = (
        dict(view.get(LOCAL, {})).get("pay.elasticity", ()) for view in (after, pair.after)
    )
    assert [one for one, _ in found] == [one for one, _ in wanted] and [
        x for _, x in found
    ] == pytest.approx([x for _, x in wanted])


def test_later_changes_act_on_what_earlier_ones_left():
    law = load_law()
    parameter = law.parameters["pay.elasticity"]
    from onexmodel.law.replay import depends, replayed

    first, then, here = (
        Change("pay.elasticity", "scale", 2.0),
        Change("pay.elasticity", "add", 0.1),
        Change("pay.elasticity", "scale", 3.0, where=(("province", ("S01",)),)),
    )
    general, local = replayed(parameter, [first, then, here], np.array([0.1, 0.2]))
    assert general == pytest.approx([0.3, 0.5]) and local[0][1] == pytest.approx([0.9, 1.5])
    fixed = Change("pay.elasticity", "value", 0.4)
    assert (
        not depends(parameter, [first, fixed])
        and depends(parameter, [first])
        and not depends(parameter, [fixed, here])
    )
