"""Several provinces at once: what adds is the sum of each alone, all of them are the nation, and what is typed wrongly is said at once."""

import numpy as np
import pytest

from onexmodel.analysis.budget.study import place_tables
from onexmodel.analysis.draws.evaluate import headline_draws
from onexmodel.analysis.draws.montecarlo import monte_carlo
from onexmodel.analysis.draws.sample import study_draws
from onexmodel.analysis.explain.place import explained
from onexmodel.analysis.headline import sums
from onexmodel.analysis.levers.bench import Bench
from onexmodel.analysis.levers.study import read_levers
from onexmodel.analysis.study import open_study, place_of
from onexmodel.data import read_tables
from onexmodel.engine.findings.table import Place, findings_frame
from onexmodel.engine.places.some_provinces import carries_alone
from onexmodel.engine.write_results import result_tables
from onexmodel.errors import ParameterError
from onexmodel.places import shipped
from onexmodel.study import open_run

FLOOR = {"fees.question_bank_floor": "1"}  # so that N_k is what the question bank is shared over


@pytest.fixture(scope="module")
def tables():
    return read_tables(shipped("data", "example"))


def leaning(tables):
    """The tables with so low a national figure for K1 that its provinces are no longer run by themselves."""
    certificates = tables["certificates"].copy()
    certificates.loc[certificates["certificate"] == "K1", "national_sittings"] = 560.0
    made = tables.with_frames({"certificates": certificates})
    assert carries_alone(tables.frames) and not carries_alone(made.frames)
    return made


def added(tables, province, mode):
    """What headlines are made of, baseline and scheme of a cap raised by a fifth."""
    study = open_study("example", ["cap_plus_20"], FLOOR, province, tables=tables)
    return [sums(result, study.scope(result.compiled)) for result in study.pair(mode)]


@pytest.mark.parametrize("mode", ["none", "supply", "both"])
@pytest.mark.parametrize("arranged", [lambda tables: tables, leaning], ids=["alone", "leaning"])
def test_several_are_the_sum_of_each_and_all_are_the_nation(tables, arranged, mode):
    data = arranged(tables)
    two, first, second = (added(data, place, mode) for place in ("S01,S02", "S01", "S02"))
    every, nation = (added(data, place, mode) for place in ("S01,S02,S03", ""))
    for side in (0, 1):
        for name, value in two[side].items():
            assert value == pytest.approx(first[side][name] + second[side][name], rel=1e-12), name
            assert every[side][name] == nation[side][name], name
        assert 0 < two[side]["fee_bill"] < nation[side]["fee_bill"]


def test_only_what_holds_in_them_is_left_in_the_place(tables):
    study = open_study("example", province="乙省，S01")
    assert study.provinces == ("S02", "S01") and study.province == "" and study.codes == "S02,S01"
    assert study.colleges == {"X1", "X2", "X3", "X4", "X5"}
    assert set(place_tables(study)["fees"]["province"]) == {"S01", "S02"}
    assert study.with_composition(["cap_plus_20"]).provinces == study.provinces


@pytest.mark.parametrize(
    "typed",
    ["S01,S02", "S01，S02", "甲省、乙省", "S01 乙省", " S01 ;  S02 ", "甲省；S02", "S01,,S02,"],
)
def test_commas_and_blanks_of_both_kinds_stand_between_them(tables, typed):
    assert place_of(tables, typed, "") == (("S01", "S02"), "")
    assert place_of(tables, typed, "X4") == (("S02",), "X4")


def test_a_name_may_have_a_blank_or_a_comma_in_it(tables):
    named = tables["provinces"].assign(name_zh=["甲 省", "乙、丙", "丁"])
    own = tables.with_frames({"provinces": named})
    assert place_of(own, "甲 省，丁", "")[0] == ("S01", "S03")
    assert place_of(own, "乙、丙", "")[0] == ("S02",)


def test_every_fault_of_the_place_is_said_at_once(tables):
    with pytest.raises(ParameterError) as found:
        place_of(tables, "S01,甲省,S0,乙剩", "X6")
    said = [str(fault) for fault in found.value.faults]
    assert len(said) == 4
    assert "甲省 写了两次" in said[0] and "最接近的是「S03」" in said[1]
    assert "最接近的是「乙省」" in said[2] and "X6" in said[3] and "S03" in said[3]


@pytest.mark.parametrize("arranged", [lambda tables: tables, leaning], ids=["alone", "leaning"])
def test_draws_of_several_are_those_of_the_study_of_them(tables, arranged):
    data = arranged(tables)
    for place, college in (("S01,S02", ""), ("S03", ""), ("", "X4")):
        study = open_study("example", (), FLOOR, place, college, tables=data)
        found = monte_carlo(study, ["cap_plus_20"], "supply", 2, 7)
        scheme = open_study("example", ["cap_plus_20"], FLOOR, place, college, tables=data)
        before, after = headline_draws(scheme, "supply", study_draws(study, 2, 7))
        for measure in before:
            for name, own in (("baseline", before), ("cap_plus_20", after)):
                assert np.allclose(
                    found.headlines(name)[measure], own[measure], rtol=1e-9, equal_nan=True
                ), (place, college, name, measure)


def test_findings_and_result_tables_are_of_these_provinces():
    run, tables = open_run("example", ["cap_plus_20"])
    two, *each = (
        result_tables(run, tables, places) for places in (("S01", "S02"), ("S01",), ("S02",))
    )
    for name, frame in two.items():
        if name != "findings":
            assert len(frame) == sum(len(one[name]) for one in each), name
    own = set(map(tuple, two["findings"].to_numpy()))
    assert own == {tuple(row) for one in each for row in one["findings"].to_numpy()}
    third = findings_frame(run, tables, Place.of(tables, ("S03",)))
    assert set(map(tuple, third.to_numpy())) - own


def test_savings_of_levers_add(tables):
    levers = read_levers(["lever_pooled_sessions"])
    two, *each = (
        Bench.of(open_study("example", province=place, tables=tables), levers, 1.0).totals(
            ("lever_pooled_sessions",)
        )
        for place in ("S01,S02", "S01", "S02")
    )
    for name, value in two.items():
        assert value == pytest.approx(sum(one[name] for one in each), rel=1e-12), name


def test_a_number_is_looked_for_in_these_provinces_only(tables):
    """K3 is planned in S01 and S02, whose rows are all there where provinces cannot be run alone."""
    for place, found in (("S02,S03", "S02 K3"), ("S01,S03", "S01 K3")):
        study = open_study("example", (), FLOOR, place, tables=leaning(tables))
        node = explained(study, "approved_fee", {"certificate": "K3", "level": "advanced"}, depth=1)
        assert found in node.where
