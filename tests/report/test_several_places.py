"""A report on several provinces names them, keeps them in its record, and is verified from it."""

import json
from dataclasses import replace

import numpy as np
import pytest

from onexmodel.cli import main
from onexmodel.errors import ParameterError
from onexmodel.report import open_fee_cap, open_performance_pay, open_province_comparison
from onexmodel.report.front.opening import meta_line, place_name
from onexmodel.report.front.state import other_states
from onexmodel.report.make.fingerprint import visible_text

pytestmark = pytest.mark.usefixtures("sketched")


@pytest.mark.parametrize(
    ("lang", "two", "three"),
    [
        ("zh", "模拟·乙省、模拟·甲省", "模拟·乙省、模拟·甲省、模拟·丙省"),
        (
            "en",
            "simulated Province B and simulated Province A",
            "simulated Province B, simulated Province A and simulated Province C",
        ),
    ],
)
def test_its_provinces_stand_under_the_title_as_asked(lang, two, three):
    for asked, name in (("S02,S01", two), ("S02 S01 S03", three)):
        report = open_performance_pay("example", asked, lang=lang, log2_draws=1)
        assert place_name(report.study, report.writer) == name
        assert meta_line(report.study, report.writer).startswith(name)


def test_colleges_are_grouped_by_province_where_there_are_several():
    assert open_fee_cap("example", "S01,S02", log2_draws=1).by_province
    assert not open_fee_cap("example", "S01", log2_draws=1, internal=True).by_province


@pytest.mark.parametrize("table", ["fees", "funding"])
def test_the_state_of_the_data_looks_at_all_of_them(table):
    """Rows of one province are estimated: where it is among those of the report, the first page says so."""
    said = {}
    for asked in ("S01,S02", "S02,S01", "S01,S03"):
        study = open_performance_pay("example", asked, log2_draws=1, internal=True).study
        frame = study.tables[table]
        mine = frame["province" if table == "fees" else "owner"].isin(("S02", "X4", "X5"))
        marks = {table: np.where(mine, "estimated", "observed")}
        seen = replace(study, tables=replace(study.tables, status="observed", marks=marks))
        report = open_performance_pay("example", log2_draws=1)
        said[asked] = other_states(seen, report.writer)
    assert "估算" in said["S01,S02"] and said["S01,S02"] == said["S02,S01"]
    assert "估算" not in said["S01,S03"]


def test_five_colleges_in_all_are_enough_to_circulate():
    assert len(open_performance_pay("example", "S01,S02", log2_draws=1).study.colleges) == 5
    with pytest.raises(ParameterError, match="只有 3 所院校"):
        open_performance_pay("example", "S02,S03", log2_draws=1)


def test_the_comparison_is_about_one_province():
    with pytest.raises(ParameterError, match="只讲一个省"):
        open_province_comparison("example", "S01,S02", log2_draws=1, internal=True)


def test_it_is_verified_and_rerun_from_its_record(tmp_path, capsys):
    asked = ["--data", "example", "--province", "乙省", "--province", "甲省", "--draws", "1"]
    assert main(["report", "performance_pay", *asked, "--out", str(tmp_path)]) == 0
    page, record = (tmp_path / f"performance_pay.{kind}" for kind in ("html", "json"))
    assert json.loads(record.read_text(encoding="utf-8"))["parameters"]["province"] == "S02,S01"
    words = visible_text(page.read_text(encoding="utf-8"))
    assert "模拟·乙省、模拟·甲省" in words and not any("S02,S01" in text for text in words)
    capsys.readouterr()
    assert main(["verify", str(page), "--data", "example"]) == 0
    assert capsys.readouterr().out.startswith("一致")
    assert main(["rerun", str(page), "--data", "example", "--out", str(tmp_path / "again")]) == 0
    assert (tmp_path / "again" / page.name).read_bytes() == page.read_bytes()
