"""What is kept and said: notes and warnings, encodings, names of provinces, marks, declared imputation."""

import numpy as np
import pytest
import yaml
from spoil import csv_folder, filled_workbook, spoil_csv, spoil_workbook

from onexmodel.data.read import check_tables, read_tables
from onexmodel.data.template import write_template
from onexmodel.places import shipped


def said(path, code):
    checked = check_tables(path)
    assert checked.tables is not None, [str(f) for f in checked.faults if f.level == "error"]
    return checked.tables, [fault for fault in checked.faults if fault.code == code]


KEPT = [
    (
        "full_width",
        "warning",
        {"table": "offerings", "row": 2, "column": "candidates", "value": "１００"},
        100.0,
        "含全角字符，已读作 100",
    ),
    (
        "thousands",
        "note",
        {"table": "pay_pools", "row": 2, "column": "pay_pool", "value": "12,000,000.00"},
        12e6,
        "含千分位逗号，已读作 12000000.00",
    ),
    (
        "percent_sign",
        "note",
        {"table": "offerings", "row": 2, "column": "pass_rate", "value": "85%"},
        0.85,
        "已读作 0.85",
    ),
    (
        "percent_sign",
        "note",
        {"table": "offerings", "row": 2, "column": "pass_rate", "value": "８５％"},
        0.85,
        "已读作 0.85",
    ),
    (
        "date_text",
        "note",
        {"table": "assessments", "row": 2, "column": "assessed_on", "value": "2020年6月30日"},
        np.datetime64("2020-06-30"),
        "已读作 2020-06-30",
    ),
    (
        "date_text",
        "note",
        {"table": "assessments", "row": 2, "column": "assessed_on", "value": "2020/6/30"},
        np.datetime64("2020-06-30"),
        "已读作 2020-06-30",
    ),
    (
        "date_text",
        "note",
        {"table": "assessments", "row": 2, "column": "assessed_on", "value": "20200630"},
        np.datetime64("2020-06-30"),
        "已读作 2020-06-30",
    ),
    (
        "date_serial",
        "note",
        {"table": "assessments", "row": 2, "column": "assessed_on", "value": "44012"},
        np.datetime64("2020-06-30"),
        "已读作 2020-06-30",
    ),
    (
        "wan_for_yuan",
        "warning",
        {"table": "pay_pools", "row": 2, "column": "pay_pool", "value": "1200"},
        1200.0,
        "会不会是以万元填的",
    ),
    (
        "wan_for_yuan",
        "warning",
        {"table": "payments", "row": 3, "column": "amount", "value": "1.92"},
        1.92,
        "会不会是以万元填的",
    ),
    (
        "weights",
        "warning",
        {"table": "components", "row": 2, "column": "weight", "value": "0.5"},
        0.5,
        "占比之和为 1.1，应为 1",
    ),
    (
        "no_document",
        "warning",
        {"table": "fees", "row": 5, "column": "document", "value": ""},
        "",
        "没有文号",
    ),
    (
        "paid_before_assessment",
        "warning",
        {"table": "payments", "row": 2, "column": "paid_on", "value": "2020-06-01"},
        np.datetime64("2020-06-01"),
        "早于考核日期",
    ),
]


@pytest.mark.parametrize(
    ("code", "level", "edit", "value", "words"),
    KEPT,
    ids=lambda x: str(x) if isinstance(x, str) else "",
)
def test_kept_and_said(code, level, edit, value, words, tmp_path):
    folder = csv_folder(tmp_path / "甲")
    spoil_csv(folder, edit)
    tables, faults = said(folder, code)
    here = [fault for fault in faults if f"第 {edit['row']} 行" in fault.where or code == "weights"]
    assert here and here[0].level == level and words in str(here[0])
    assert tables[edit["table"]][edit["column"]].iloc[edit["row"] - 2] == value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_from_any_excel(encoding, tmp_path):
    folder = csv_folder(tmp_path / "甲")
    plain = read_tables(folder)
    for file in folder.glob("*.csv"):
        text = file.read_text(encoding="utf-8")
        file.write_bytes(text.replace("\n", "\r\n").encode(encoding))
    again = read_tables(folder)
    assert all(again[table].equals(plain[table]) for table in plain.frames)


def test_provinces_by_any_of_their_names(tmp_path):
    folder = csv_folder(tmp_path / "甲")
    for row, word in ((2, "甲省"), (3, "S01"), (4, "Province A")):
        spoil_csv(folder, {"table": "colleges", "row": row, "column": "province", "value": word})
    tables, notes = said(folder, "province_name")
    assert tables["colleges"]["province"].tolist() == ["S01", "S01", "S01", "S02", "S02", "S03"]
    assert len(notes) == 1 and "甲省、Province A 已读作省级代码（2 处）" in str(notes[0])


def test_marked_rows_are_skipped_or_counted(tmp_path):
    path = filled_workbook(tmp_path / "college.xlsx")
    spoil_workbook(path, {"sheet": "开考计划", "cell": "A4", "value": "估算"})
    spoil_workbook(path, {"sheet": "说明", "cell": "B10", "value": "观测"})
    tables = read_tables(path)
    assert len(tables["offerings"]) == 12  # the example row of the template is not data
    assert tables.row_status("offerings").tolist() == ["observed", "estimated", *["observed"] * 10]


def test_title_above_the_header_and_hidden_rows(tmp_path):
    path = filled_workbook(tmp_path / "college.xlsx")
    plain = read_tables(path)
    spoil_workbook(path, {"sheet": "开考计划", "above": "某某学院 2021 年开考计划"})
    spoil_workbook(path, {"sheet": "开考计划", "hide": 6})
    tables, hidden = said(path, "hidden_rows")
    assert tables["offerings"].equals(plain["offerings"])
    assert [str(fault) for fault in hidden] == [
        "college.xlsx 工作表「开考计划」 第 6 行：有 1 行被隐藏或筛去，仍按数据读入。取消隐藏或筛选，确认要不要这些行。"
    ]


def test_missing_is_refused_or_left_out_unless_an_imputation_is_declared(tmp_path):
    sized = csv_folder(tmp_path / "乙")
    spoil_csv(sized, {"table": "offerings", "row": 2, "column": "class_size", "value": ""})
    assert check_tables(sized).tables is None
    folder = csv_folder(tmp_path / "甲")
    spoil_csv(folder, {"table": "colleges", "row": 2, "column": "norm_hours", "value": ""})
    left_out = check_tables(folder).tables
    assert left_out is not None and left_out["colleges"]["norm_hours"].isna().iloc[0]
    about = yaml.safe_load((folder / "dataset.yaml").read_text(encoding="utf-8"))
    about |= {
        "status": "observed",
        "impute": [{"column": "colleges.norm_hours", "method": "province_median_by_tier"}],
    }
    (folder / "dataset.yaml").write_text(
        yaml.safe_dump(about, allow_unicode=True), encoding="utf-8"
    )
    tables, notes = said(folder, "imputed")
    assert (
        tables["colleges"]["norm_hours"].iloc[0] == 360.0
    )  # the other higher vocational college of the province
    assert tables.imputed["colleges", "norm_hours"].tolist() == [True, *[False] * 5]
    assert "1 处缺失，按同省同层次中位数填补" in str(notes[0])
    assert tables.row_status("colleges").tolist() == ["estimated", *["observed"] * 5]


def test_an_unknown_imputation_is_refused(tmp_path):
    folder = csv_folder(tmp_path / "甲")
    about = {
        "impute": [
            {"column": "colleges.norm_hour", "method": "mean"},
            {"column": "colleges.norm_hours", "method": "mean"},
        ]
    }
    (folder / "dataset.yaml").write_text(yaml.safe_dump(about), encoding="utf-8")
    words = [str(fault) for fault in check_tables(folder).faults if fault.code == "impute"]
    assert (
        len(words) == 2
        and "最接近的是「colleges.norm_hours」" in words[0]
        and "可用：同省同层次中位数" in words[1]
    )


@pytest.mark.parametrize("kind", ["college", "province"])
def test_a_template_sent_back_empty_is_refused_in_sentences(kind, tmp_path):
    write_template(tmp_path / f"{kind}.xlsx")
    checked = check_tables(tmp_path / f"{kind}.xlsx")
    assert checked.tables is None
    assert f"{kind}.xlsx 工作表「开考计划」：没有一行数据。填上；示例行不算。" in [
        str(fault) for fault in checked.faults
    ]


def test_a_template_prefilled_by_the_province_only_lacks_the_plan(tmp_path):
    write_template(tmp_path / "province.xlsx", read_tables(shipped("data", "example")))
    checked = check_tables(tmp_path / "province.xlsx")
    assert checked.tables is None and {
        fault.code for fault in checked.faults if fault.level == "error"
    } == {"no_rows"}
