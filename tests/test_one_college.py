"""A file with one college: it is the place asked about, names do for codes, no advice that cannot work, money is held against its own need."""

import csv
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

from onexmodel.analysis.study import open_study, place_of
from onexmodel.cli import main
from onexmodel.data import read_tables
from onexmodel.data.read import check_tables
from onexmodel.errors import ParameterError
from onexmodel.places import shipped

INTAKE = Path(__file__).parent / "cases" / "intake"
ONE = INTAKE / "records_of_2023_settlement_cut_off_2020.xlsx"  # a good set of one college


@pytest.fixture
def example(tmp_path):
    return shutil.copytree(shipped("data", "example"), tmp_path / "甲")


def edited(folder: Path, table: str, change) -> None:
    """change(rows) alters the rows (dicts) of a CSV in place."""
    path = folder / f"{table}.csv"
    rows = list(csv.DictReader(path.open(encoding="utf-8-sig", newline="")))
    change(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)


def test_the_only_college_is_the_place():
    tables = read_tables(ONE)
    assert place_of(tables, "", "", alone=True) == (("33",), "3344010001")
    assert place_of(tables, "浙江", "", alone=True) == (("33",), "3344010001")
    assert place_of(tables, "", "") == ((), "")
    assert open_study(ONE, tables=tables).college == "3344010001"
    assert open_study(ONE, tables=tables, alone=False).college == ""
    six = read_tables(shipped("data", "example"))
    assert place_of(six, "", "", alone=True) == ((), "")


@pytest.mark.parametrize(
    "command",
    [
        "explain uplift --depth 1",
        "winners --scenario cap_plus_20",
        "solve --vary cap_scale --measure 考核费支出 --at-most 200000 --low 0.5 --high 2 --draws -1",
    ],
)
def test_commands_say_that_they_speak_of_the_only_college(command, capsys):
    assert main([*command.split(), "--data", str(ONE)]) == 0
    out, err = capsys.readouterr()
    assert "数据中只有一所院校，各数只讲「示例职业技术学院」（3344010001）" in err
    assert len(out.splitlines()) >= 1 and ("高职\t1\t" in out or "winners" not in command)


def test_a_batch_of_one_college_leaves_the_comparison_of_provinces_out(
    monkeypatch, capsys, tmp_path
):
    asked = []

    def made(names, *_):
        asked.extend(names)
        yield from ()

    monkeypatch.setattr("onexmodel.report.make.batch.make_reports", made)
    assert main(["report", "all", "--data", str(ONE), "--out", str(tmp_path)]) == 0
    assert asked and "province_comparison" not in asked
    said = capsys.readouterr().err
    assert "分省比较不针对一所院校" in said and "只有一所院校" in said


def test_a_college_by_its_name():
    tables = read_tables(shipped("data", "example"))
    assert place_of(tables, "", "示例高职四") == (("S02",), "X4")
    assert place_of(tables, "", "X4") == (("S02",), "X4")
    with pytest.raises(ParameterError, match="数据中没有这所院校。最接近的是「示例中职二」"):
        place_of(tables, "", "示例中职一二")


def test_a_name_of_two_colleges_lists_their_codes(example):
    def same(rows):
        rows[3]["name"] = rows[0]["name"]

    edited(example, "colleges", same)
    with pytest.raises(ParameterError, match="有 2 所院校都叫这个名字。写其中一个代码：X1、X4"):
        place_of(read_tables(example), "", "示例高职一")


def test_a_report_refuses_an_unknown_college_before_anything_runs(capsys, tmp_path, example):
    asked = ["report", "all", "--data", str(example), "--college", "示例高职七"]
    assert main([*asked, "--out", str(tmp_path / "r")]) == 1
    assert capsys.readouterr().err.count("没有这所院校") == 1


def test_names_in_explain(capsys):
    asked = ["explain", "fee_bill", "--data", str(ONE), "--depth", "1", "--level", "初级"]
    assert main([*asked, "--certificate", "示例测绘证书"]) == 0
    assert "考核费" in capsys.readouterr().out
    assert main([*asked, "--certificate", "示例测会证书"]) == 1
    assert "数据中没有这个证书。最接近的是「示例测绘证书」" in capsys.readouterr().err


def test_names_where_tables_have_codes(example):
    plain = read_tables(example)
    names = dict(zip(plain["colleges"]["college"], plain["colleges"]["name"], strict=True))

    def named(rows):
        for row in rows:
            row["college"] = names[row["college"]]

    edited(example, "offerings", named)
    checked = check_tables(example)
    pd.testing.assert_frame_equal(checked.tables["offerings"], plain["offerings"])
    notes = [str(one) for one in checked.faults if "已读作院校代码" in one.what]
    assert len(notes) == 1 and "示例高职一" in notes[0]


def test_imputation_is_advised_only_where_it_works(example):
    lines = {}

    def blank(rows):
        lines.update({row["college"]: at for at, row in enumerate(rows, 2)})
        for at, row in enumerate(rows, 2):
            if row["college"] == "X2" or at == lines["X1"]:  # all of the only 中职; one of a 高职
                row["class_size"] = ""
        rows[lines["X3"] - 2]["candidates"] = ""

    edited(example, "offerings", blank)
    says = {
        fault.where: fault.do for fault in check_tables(example).faults if fault.level == "error"
    }
    declared = "填上；确实没有的，在「说明」里声明填补办法"
    assert says[f"offerings.csv 第 {lines['X1']} 行「class_size」"] == declared
    assert says[f"offerings.csv 第 {lines['X2']} 行「class_size」"] == "填上"
    assert says[f"offerings.csv 第 {lines['X3']} 行「candidates」"] == "填上"  # no rule fills it


def test_what_was_not_filled_is_not_said_to_be(example):
    path = example / "dataset.yaml"
    text = path.read_text(encoding="utf-8")
    rule = "impute:\n- {column: colleges.norm_hours, method: province_median_by_tier}\n"
    path.write_text(f"{text}\n{rule}", encoding="utf-8")
    edited(example, "colleges", lambda rows: rows[1].update(norm_hours=""))
    said = [str(fault) for fault in check_tables(example).faults]
    assert any("没有同类可供填补" in one for one in said)
    assert not any(re.search("处缺失，按", one) for one in said)


def test_a_gap_filled_from_the_nation_says_so(example):
    path = example / "dataset.yaml"
    text = path.read_text(encoding="utf-8")
    rule = "impute:\n- {column: colleges.norm_hours, method: province_median_by_tier}\n"
    path.write_text(f"{text}\n{rule}", encoding="utf-8")
    edited(example, "colleges", lambda rows: rows[5].update(norm_hours=""))
    said = [str(fault) for fault in check_tables(example).faults if fault.code == "imputed"]
    assert len(said) == 1 and "1 处缺失，按全国同层次中位数填补" in said[0]


def test_a_scenario_names_whose_money_it_changes(tmp_path):
    path = tmp_path / "s.yaml"
    path.write_text(
        "title: {zh: 试, en: try}\nauthor: t\nchanges:\n"
        "  - {table: funding, column: limit, where: {owner: 示例高职一}, scale: 2, rationale: 试}\n",
        encoding="utf-8",
    )
    at = open_study(shipped("data", "example"), [str(path)]).prepared
    limits = [side.leaves["own_limits"] for side in (at.baseline, at.scenario)]
    ratio = limits[1].sum() / limits[0].sum()
    assert 1 < ratio < 2  # of one college only
