"""Funds, pay totals and cost lines that nobody filled in: nan in run's tables with a finding, a sentence from the commands; never 0."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from onexmodel.analysis.measures import can_be_computed, unknown
from onexmodel.analysis.study import open_study
from onexmodel.cli import main
from onexmodel.data import read_tables
from onexmodel.engine.findings.table import Place
from onexmodel.engine.findings.unfilled import FUNDS, PAY, Unfilled
from onexmodel.engine.run import run as run_all
from onexmodel.engine.write_results import result_tables
from onexmodel.errors import ParameterError, ScenarioError
from onexmodel.law import load_law
from onexmodel.law.compose import compose
from onexmodel.law.scenario import read_scenario
from onexmodel.study import open_run

CASES = Path(__file__).parents[1] / "cases" / "intake"
NO_FUNDS = CASES / "no_funding_rows_reported_as_full_gap.xlsx"
GOOD = CASES / "records_of_2023_settlement_cut_off_2020.xlsx"


def tables_of(**emptied):
    """The result tables of the good set with frames changed: name → function of the frame."""
    run, tables = open_run(str(GOOD))
    frames = {name: change(tables[name]) for name, change in emptied.items()}
    tables = tables.with_frames(frames)
    return result_tables(run_all(load_law(), tables), tables)


def none_of(frame):
    return frame.iloc[:0]


def test_run_leaves_blank_what_rests_on_funds_that_are_not_there():
    run, tables = open_run(str(NO_FUNDS))
    made = result_tables(run, tables)
    for name in ("colleges", "provinces"):
        blank = made[name].filter(regex="^(funding_gap|waterfall_gap|order_loss|idle|award$)")
        assert len(blank.columns) > 5 and blank.isna().all().all()
        assert made[name]["need_assessment"].notna().all()
    found = made["findings"].query("rule == 'no_funding'")
    assert found["key"].tolist() == ["3344010001/2023"]
    assert "没有填报表「经费来源额度」，缺口无从计算" in found["sentence"].iloc[0]


def test_run_leaves_blank_what_rests_on_pay_totals_and_cost_lines():
    made = tables_of(pay_pools=none_of, ingredients=none_of)
    colleges = made["colleges"].iloc[0]
    assert np.isnan(colleges[[*PAY]].astype(float)).all() and np.isfinite(colleges["added_hours"])
    assert np.isnan(colleges["training_cash_cost"]) and np.isnan(colleges["need_training"])
    assert made["offerings"]["assessment_cost"].isna().all()
    assert made["offerings"]["fee_bill"].sum() == pytest.approx(216293.7)
    assert {"no_pay_pool", "no_costs"} <= set(made["findings"]["rule"])


def test_rows_with_0_are_an_answer():
    made = tables_of(funding=lambda frame: frame.assign(limit=0.0))
    assert made["colleges"]["funding_gap"].iloc[0] == pytest.approx(340645.87, abs=0.01)
    assert made["colleges"]["idle"].iloc[0] == 0
    assert "no_funding" not in set(made["findings"]["rule"])


def test_a_place_where_some_colleges_have_funds_is_computed_and_says_who_has_none():
    study = open_study("example")
    funds = study.tables["funding"]
    some = funds[~funds["owner"].isin(("X5", "S03"))]
    other = open_study("example", tables=study.tables.with_frames({"funding": some}))
    assert not other.unfilled.no_funds and not unknown(other).keys() & set(FUNDS)
    alone = open_study("example", college="X1")
    assert not alone.unfilled.no_funds


def test_measures_that_cannot_be_computed_are_a_sentence():
    study = open_study(str(NO_FUNDS))
    for name in ("funding_gap", "coverage", "colleges_with_gap", "idle", "funding_gap_training"):
        with pytest.raises(ParameterError, match="没有填报表「经费来源额度」，无从计算"):
            can_be_computed(study, name)
    assert can_be_computed(study, "fee_bill") == "fee_bill"


@pytest.mark.parametrize(
    "command",
    [
        "solve --vary cap_scale --measure 院校经费缺口 --at-most 50000 --low 0.5 --high 2 --draws -1",
        "explain funding_gap",
        "sensitivity --measure funding_gap",
        "montecarlo --draws 2 --workers 1 --budget 院校经费缺口=5万",
    ],
)
def test_commands_refuse_a_gap_without_funds(command, capsys):
    assert main([*command.split(), "--data", str(NO_FUNDS)]) == 1
    assert "没有填报表「经费来源额度」，无从计算" in capsys.readouterr().err


def test_commands_leave_the_gap_out_without_funds(capsys):
    main(["montecarlo", "--draws", "2", "--workers", "1", "--data", str(NO_FUNDS)])
    said = capsys.readouterr()
    assert "院校经费缺口" not in said.out and "没有填报表「经费来源额度」" in said.err
    main(["winners", "--scenario", "cap_plus_20", "--internal", "--data", str(NO_FUNDS)])
    said = capsys.readouterr()
    assert said.out.splitlines()[1].endswith("—") and "没有填报表「经费来源额度」" in said.err


def test_a_cap_that_nobody_gives_is_not_scaled_and_that_is_said():
    tables = read_tables(CASES / "no_special_practical_cap_stops_fee_cap_report.xlsx")
    from onexmodel.engine.run import composed

    made = composed(load_law(), tables, ["cap_plus_20"])
    assert any("特殊实操" in note and "没有填报金额" in note for note in made.notes)
    assert not any("机考" in note for note in made.notes)


def test_what_is_no_cap_must_have_a_value(tmp_path):
    """Only a cap may be without a value; a change that meets no row of an own scenario is refused as before."""
    path = tmp_path / "none.yaml"
    path.write_text(
        "title: {zh: 试, en: try}\nauthor: t\nchanges:\n"
        "  - {table: ingredients, column: quantity, where: {item: marking}, scale: 0.5, rationale: 试}\n",
        encoding="utf-8",
    )
    with pytest.raises(ScenarioError, match="表「成本项目」（ingredients）中没有符合条件的行"):
        open_run(str(GOOD), [str(path)])
    assert compose(load_law(), [read_scenario("current_law")]).notes == ()


def test_a_college_without_pay_total_and_hours_is_found_once_by_the_first():
    _, tables = open_run("example")
    colleges = tables["colleges"]
    blank = colleges.assign(teachers=colleges["teachers"].where(colleges["college"] != "X6"))
    tables = tables.with_frames({"colleges": blank})
    found = result_tables(run_all(load_law(), tables), tables)["findings"]
    own = found[(found["rule"] == "no_pay_pool") & found["key"].str.contains("X6")]
    assert len(own) == 1 and "绩效工资总量" in own["sentence"].iloc[0]


def test_what_is_unfilled_within_colleges_is_of_those_alone_that_plan():
    every = frozenset("AB")
    some = Unfilled(frozenset("A"), every, every, every).within(every | {"C"})
    assert some == Unfilled(frozenset("A"), every, every, every)


def test_a_place_plans_what_anybody_is_planned_for():
    home = pd.DataFrame({"college": ["A", "A"], "province": ["01", "01"]})
    plans = pd.DataFrame(
        {"college": ["A", "A"], "certificate": ["K1", "K2"], "level": ["junior"] * 2}
    ).assign(candidates=[1, 0])
    tables = {"colleges": home, "offerings": plans}
    assert Place.of(tables, ("01",)).planned == {("K1", "junior")}
