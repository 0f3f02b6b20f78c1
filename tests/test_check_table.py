"""What `check` ends with: which reports the data allow, what is left out of each, and which cells are missing; and what a run would list,
at its cell."""

import csv
import shutil
from pathlib import Path

import pytest
import yaml
from openpyxl import load_workbook

from onexmodel.analysis.needs import QUESTIONS, readiness
from onexmodel.cli import main
from onexmodel.data.read import between_tables, parse
from onexmodel.data.schema import load_schema
from onexmodel.places import package_file, shipped
from onexmodel.report.make.gate import MODELS

ONE = Path(__file__).parent / "cases" / "intake" / "records_of_2023_settlement_cut_off_2020.xlsx"
NEEDS = yaml.safe_load(package_file("analysis", "needs.yaml").read_text(encoding="utf-8"))


@pytest.fixture
def example(tmp_path):
    return shutil.copytree(shipped("data", "example"), tmp_path / "甲")


@pytest.fixture
def book(tmp_path):
    """edited(sheet → what is done with it) → a copy of a good workbook of one college."""

    def edited(**changes) -> Path:
        made = load_workbook(ONE)
        for sheet, change in changes.items():
            change(made[sheet])
        path = tmp_path / "本校.xlsx"
        made.save(path)
        return path

    return edited


def lines(source) -> dict[str, str]:
    """report → its line."""
    parsed = parse(source)
    checked = between_tables(parsed)
    frames = checked.tables.frames if checked.tables else parsed.frames
    found = readiness(frames, parsed.origins, checked.faults)
    return {one.where.split("（")[0].removeprefix("报告 "): one.what for one in found}


def empty(sheet) -> None:
    sheet.delete_rows(3, sheet.max_row)


def test_each_report_says_what_it_is_made_from():
    assert list(NEEDS) == list(MODELS)
    for asked in NEEDS.values():
        assert set(asked["reads_not"]) <= set(load_schema())
        for need in asked["needs"]:
            assert need["check"] in QUESTIONS and need["says"]
            columns = load_schema()[need["table"]] if "table" in need else {}
            assert set(need.get("columns", ())) | set(need.get("of", ())) <= set(columns)
            if "table" in need and "（表「" in need["says"]:
                assert f"表「{next(iter(columns.values())).sheet}」" in need["says"]


def test_what_a_report_does_not_read_is_what_it_leaves_out():
    """The list of tables in needs.yaml is the one that the report opens its data without."""
    from onexmodel.report.front.opening import ACCOUNTS

    for name, asked in NEEDS.items():
        code = package_file("report", name, "report.py").read_text(encoding="utf-8")
        call = code[code.rindex("opened(asked") :].split("\n")[0]
        without = {table for table in load_schema() if f'"{table}"' in call}
        without |= set(ACCOUNTS) if "ACCOUNTS" in call or "opened(asked)" in call else set()
        assert without == set(asked["reads_not"]), name


def test_a_good_set_of_one_college():
    said = lines(ONE)
    assert said["fee_cap"] == said["budget_and_settlement"] == "可以做"
    assert said["province_comparison"].startswith("做不了；数据中只有一所院校")
    assert "不适用：信息化阅卷与组卷" in said["cost_reduction"]


@pytest.mark.parametrize(
    ("sheet", "report", "words"),
    [
        (
            "经费来源额度",
            "budget_and_settlement",
            "没有填报经费来源（表「经费来源额度」），缺口算不出",
        ),
        ("绩效工资总量", "performance_pay", "没有填报绩效工资总量"),
        ("预算表", "budget_and_settlement", "没有填报预算（表「预算表」）"),
        ("支付台账", "budget_and_settlement", "没有填报支付台账"),
        (
            "成本上限",
            "fee_cap",
            "可以做；只算已公布的标准本身提高（fee_plus_20）多付多少；没有填报考核成本上限",
        ),
        (
            "成本项目",
            "fee_cap",
            "可以做；只算已公布的标准本身提高（fee_plus_20）多付多少；没有填报成本项目",
        ),
        ("成本项目", "cost_reduction", "做不了；没有填报成本项目"),
        ("成本项目", "budget_and_settlement", "可以做；没有填报院校承担的成本项目"),
        ("费用标准", "budget_and_settlement", "标准由模型推算：开考计划 C3、C4、C5 等 6 格"),
    ],
)
def test_an_empty_sheet_is_said_where_it_matters(book, sheet, report, words):
    said = lines(book(**{sheet: empty}))
    assert words in said[report]


def test_fees_alone_need_fees(book):
    said = lines(book(成本项目=empty, 费用标准=empty))
    assert said["fee_cap"].startswith("做不了；没有填报成本上限或成本项目，这些计划又没有已执行")
    assert "开考计划 C3、C4、C5 等 6 格" in said["fee_cap"]


def without(form: str):
    """Takes the caps of a form out of the sheet."""

    def remove(sheet):
        for row in range(sheet.max_row, 2, -1):
            if form in [cell.value for cell in sheet[row]]:
                sheet.delete_rows(row)

    return remove


def test_a_cap_that_is_missing_is_named_by_its_form(book):
    said = lines(book(成本上限=without("一般实操"), 费用标准=empty))
    assert "这些形式没有上限，其证书只按已公布的标准计：一般实操" in said["fee_cap"]
    assert "也没有上限，考核费算不出：开考计划 C3、C4、C5 等 4 格" in said["budget_and_settlement"]


def test_with_a_form_of_every_certificate_without_a_cap_the_report_is_of_fees_alone(book):
    said = lines(book(成本上限=without("机考")))
    assert said["fee_cap"].startswith("可以做；只算") and said["fee_cap"].endswith("：机考")
    assert said["budget_and_settlement"] == "可以做"
    assert (
        lines(book(成本上限=without("特殊实操")))["fee_cap"] == "可以做"
    )  # no part is of this form


def test_blank_cells_are_listed_by_sheet_and_counted(book):
    def blank(sheet):
        for row in range(3, 9):
            sheet.cell(row, 6).value = None

    said = lines(book(开考计划=blank, 院校=lambda sheet: sheet.__setitem__("E3", None)))
    assert said["budget_and_settlement"] == "还差：院校 E3；开考计划 F3、F4、F5 等 6 格"


def test_an_error_stops_the_reports_that_read_its_table(book):
    said = lines(book(支付台账=lambda sheet: sheet.__setitem__("H3", "六万")))
    assert said["fee_cap"] == "可以做" and said["performance_pay"].startswith("可以做")
    assert said["budget_and_settlement"] == "先改正：支付台账 H3"


def test_a_folder_has_lines_and_colleges(example):
    path = example / "pay_pools.csv"
    path.write_text(path.read_text(encoding="utf-8-sig").splitlines()[0] + "\n", encoding="utf-8")
    said = lines(example)
    assert "没有填报绩效工资总量" in said["performance_pay"]
    (example / "funding.csv").unlink()
    assert "没有填报经费来源" in lines(example)["budget_and_settlement"]
    rows = list(csv.reader((example / "offerings.csv").open(encoding="utf-8-sig")))
    at = rows[0].index("candidates")
    rows[2][at] = ""
    with (example / "offerings.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    assert lines(example)["fee_cap"] == "还差：offerings.csv 第 3 行"


def test_check_prints_the_table_and_puts_it_in_the_copy(tmp_path, capsys):
    assert main(["check", str(ONE), "--out", str(tmp_path)]) == 0
    out = capsys.readouterr().out
    table = [line.split("\t") for line in out.splitlines() if line.startswith("报告 ")]
    assert [row[0].split("（")[0] for row in table] == [f"报告 {name}" for name in MODELS]
    sheet = load_workbook(next(tmp_path.glob("*核对结果.xlsx")))["核对结果"]
    kept = {(row[1], row[2]) for row in sheet.iter_rows(min_row=2, values_only=True)}
    assert {tuple(row) for row in table} <= kept


def test_what_a_run_would_list_is_said_at_its_cell(tmp_path, capsys):
    assert main(["check", str(ONE), "--out", str(tmp_path)]) == 0
    out = capsys.readouterr().out
    assert "工作表「费用标准」 G3（核定费用标准）\t费用标准或特殊情况标准高于" in out
    assert "核对完毕" not in out


def test_check_of_nothing_has_no_table(tmp_path, capsys):
    (tmp_path / "空.xlsx").write_bytes(b"")
    assert main(["check", str(tmp_path / "空.xlsx"), "--out", str(tmp_path)]) == 1
    assert "报告 " not in capsys.readouterr().out
