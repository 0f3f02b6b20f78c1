"""What each parameter does to a report's first number agrees with running it alone, and says what cannot move it."""

import pytest

from onexmodel.analysis.draws.effects import MORE, effects, leans_on
from onexmodel.analysis.measures import measured
from onexmodel.analysis.study import open_study


@pytest.fixture(scope="module")
def raised():
    return open_study("example", ["cap_plus_20"])


@pytest.fixture(scope="module")
def plain():
    return open_study("example")


def change(study, measure, **changed):
    before, after = study.pair("none", **changed)
    views = study.views("none", **changed)
    return float(
        measured(after, study.scope(), views[1])[measure]
        - measured(before, study.scope(), views[0])[measure]
    )


def test_ends_and_options_are_the_changes_of_runs_alone(raised):
    found = effects(raised, "college_outlay", list(raised.law.parameters))
    here = change(raised, "college_outlay")
    assert found.value == pytest.approx(here)
    for name in ("fees.beta", "fees.deduct_college_borne", "fees.cap_of_mixed"):
        for taken, moved in found.found[name].parts:
            assert moved == pytest.approx(
                change(raised, "college_outlay", **{name.replace(".", "__"): taken}) - here,
                abs=1e-6,
            ), name
    assert any(abs(moved) > 1 for _, moved in found.found["fees.cap_of_mixed"].parts)


def test_distribution_or_ends_of_the_range(raised):
    found = effects(raised, "college_outlay", ["fees.beta", "fees.deduct_college_borne"]).found
    assert found["fees.beta"].drawn and [
        taken for taken, _ in found["fees.beta"].parts
    ] == pytest.approx([0.2786, 0.7214], abs=1e-4)
    assert not found["fees.deduct_college_borne"].drawn and [
        taken for taken, _ in found["fees.deduct_college_borne"].parts
    ] == [0.0, 1.0]


def test_what_cannot_move_it_is_left_out_and_what_the_scheme_sets_is_named(raised):
    found = effects(raised, "college_outlay", list(raised.law.parameters))
    assert "settlement.deadline" not in found.found | dict.fromkeys(found.untested)
    assert "fees.cap.paper" in found.set_here and "fees.cap.paper" not in found.found
    assert "fees.provincial_factor" in found.untested


def test_the_response_is_taken_at_each_option(plain):
    found = effects(plain, "college_outlay", ["response.mode"])
    assert [option for option, _ in found.found["response.mode"].parts] == ["supply", "both"]
    supply = float(
        measured(plain.pair("supply")[0], plain.scope(), plain.views("supply")[0])["college_outlay"]
    )
    assert dict(found.found["response.mode"].parts)["supply"] == pytest.approx(supply - found.value)


@pytest.mark.parametrize("measure", [*MORE, "uplift"])
def test_a_level_moves_where_nothing_is_changed(plain, measure):
    found = effects(plain, measure, list(plain.law.parameters))
    assert found.value > 0 and leans_on(measure)
    assert any(abs(moved) > 0 for one in found.found.values() for _, moved in one.parts)
