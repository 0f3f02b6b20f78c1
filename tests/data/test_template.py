"""The workbook that is handed out: it never overwrites a filled one, helps in Chinese, and shows examples that its own reader takes."""

import re
import zipfile

import numpy as np
import pytest
from openpyxl import load_workbook
from spoil import EXAMPLE, csv_folder, spoil_csv

from onexmodel.data.read import check_tables, read_tables
from onexmodel.data.reading.values import typed
from onexmodel.data.schema import CORE, load_schema
from onexmodel.data.tables import Origin
from onexmodel.data.template import write_template
from onexmodel.errors import DataError, ParameterError
from onexmodel.law.yamlfile import read_yaml
from onexmodel.places import package_file
from onexmodel.report.make.gate import MODELS as REPORTS

COLUMNS = [column for columns in load_schema().values() for column in columns.values()]


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    return write_template(
        tmp_path_factory.mktemp("template") / "college.xlsx", read_tables(EXAMPLE)
    )


def test_a_filled_workbook_is_not_overwritten(tmp_path):
    path = tmp_path / "college.xlsx"
    path.write_bytes(b"filled")
    with pytest.raises(DataError) as refused:
        write_template(path)
    assert (
        str(refused.value)
        == "college.xlsx：已有这个文件，可能已经填过，没有覆盖。换一个文件名，或先移走。"
        and path.read_bytes() == b"filled"
    )
    write_template(path, overwrite=True)
    assert "说明" in load_workbook(path).sheetnames


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("xx.xlsx", "college.xlsx"),
        ("provinc.xlsx", "province.xlsx"),
        ("colege.xlsx", "college.xlsx"),
    ],
)
def test_a_name_of_neither_kind_is_answered_with_a_whole_name(name, nearest, tmp_path):
    with pytest.raises(ParameterError) as refused:
        write_template(tmp_path / name)
    assert f"最接近的是「{nearest}」" in str(refused.value)


def strangers(text: str) -> list[str]:
    """English words in a Chinese help text; names of columns, codes and standards are not help."""
    return [word for word in re.findall(r"[A-Za-z]{2,}", text) if word not in ("GB",)]


def test_help_is_in_chinese(template):
    book = load_workbook(template)
    seen = 0
    for columns in load_schema().values():
        sheet = book[next(iter(columns.values())).sheet]
        for cell, column in zip(sheet[1][1:], columns.values(), strict=True):
            words = cell.comment.text.replace(f"（{column.column}）", "")
            assert not strangers(words), words
            assert column.rule_zh in words
            seen += 1
        hints = [
            validation.prompt
            for validation in sheet.data_validations.dataValidation
            if validation.prompt
        ]
        assert len(hints) == len(columns) and not any(strangers(hint) for hint in hints)
    assert seen == len(COLUMNS)
    head = {cell.value: cell.column - 1 for cell in book["数据字典"][1]}
    for row in book["数据字典"].iter_rows(min_row=2, values_only=True):
        assert not any(
            strangers(row[head[name]] or "")
            for name in ("工作表", "列名", "单位", "类型", "规则", "来自", "是否必填")
        ), row
    assert not any(
        strangers(str(cell.value))
        for row in book["说明"].iter_rows()
        for cell in row
        if cell.value and "onexmodel" not in str(cell.value)
    )


def test_what_is_always_needed_has_a_star_and_what_a_used_sheet_needs_a_ring(template):
    book = load_workbook(template)
    for table, columns in load_schema().items():
        heads = [cell.value for cell in book[next(iter(columns.values())).sheet][1][1:]]
        star = "*" if table in CORE else "○"
        assert heads == [
            (star if one.need == "R" else "") + one.header for one in columns.values()
        ], table


def test_nobody_types_over_the_example_row(template, tmp_path):
    """Row 2 refuses what is typed; drop-downs and hints begin below it, where the cursor stands."""
    short = load_workbook(write_template(tmp_path / "简表.xlsx"))["简表"]
    book = load_workbook(template)
    sheets = [(book[next(iter(columns.values())).sheet], {2}) for columns in load_schema().values()]
    for sheet, rows in [*sheets, (short, {4, 9})]:
        refused, others = set(), set()
        for one in sheet.data_validations.dataValidation:
            span = {
                row for area in one.sqref.ranges for row in range(area.min_row, area.max_row + 1)
            }
            if one.type == "custom" and one.formula1 == "FALSE":
                refused |= span
                assert one.errorStyle in (None, "stop") and "下面的空行" in one.error
            else:
                others |= span
        assert refused == rows and not others & rows, sheet.title
        width = sheet.max_column
        for row in rows:
            assert sheet.cell(row, 1).value == "示例" and sheet.cell(row, width).coordinate
        assert int(sheet.sheet_view.selection[-1].activeCell.lstrip("ABC")) == min(rows) + 1


def test_the_first_sheet_says_in_which_order_and_which_sheets_serve_which_report(template):
    words = "\n".join(
        str(cell.value) for row in load_workbook(template)["说明"].iter_rows() for cell in row
    )
    sheets = {next(iter(columns.values())).sheet for columns in load_schema().values()}
    guide = read_yaml(package_file("data", "forms", "guide.yaml")).data
    assert guide["order"] in words and "只做预算" in words
    for report in guide["reports"]:
        assert report["sheets"] in words and report["more"] in words
        named = re.split(
            "[、；，]| → ", report["sheets"].replace("另加 ", "").replace("各省的 ", "")
        )
        strange = {name for name in named if name not in sheets}
        assert all("「只做预算」" in name or "班额" in words for name in strange)
        assert report["command"].split()[-1] in REPORTS


def test_a_table_left_empty_asks_for_no_register(tmp_path):
    """Caps and eligibility without a row rest on no document: nothing to look up."""
    folder = csv_folder(tmp_path / "甲")
    for table in ("caps", "eligibility", "sources"):
        file = folder / f"{table}.csv"
        file.write_text(file.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    assert not [one for one in check_tables(folder).faults if one.code == "no_register"]
    spoiled = csv_folder(tmp_path / "乙")
    head = (spoiled / "sources.csv").read_text(encoding="utf-8").splitlines()[0]
    (spoiled / "sources.csv").write_text(head + "\n", encoding="utf-8")
    said = [one.where for one in check_tables(spoiled).faults if one.code == "no_register"]
    assert len(said) == 2


def test_a_rule_in_one_language_has_its_twin_in_the_other():
    assert all(bool(column.rule_zh) == bool(column.rule_en) for column in COLUMNS)


def test_each_code_list_has_a_heading_of_its_own(template):
    heads = [cell.value for cell in load_workbook(template)["代码表"][1]]
    assert len(set(heads)) == len(heads) and {"阶段（成本项目）", "阶段（费用标准）"} <= set(heads)


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: f"{column.table}.{column.column}")
def test_each_example_is_one_the_reader_takes(column):
    """In Chinese where there is a Chinese word for it; examples in full-width brackets stand for something to look up."""
    if column.example.startswith("（"):
        return
    faults = []
    typed(
        np.array([column.example], object),
        column,
        Origin("例", "", np.array([2]), {column.column: 0}, {}),
        faults,
        required=False,
    )
    assert not faults
    assert column.type not in ("enum", "list", "bool") or re.search("[一-鿿]", column.example)


def test_prefilled_rows_carry_the_mark_of_their_set(template):
    book = load_workbook(template)
    for sheet in ("费用标准", "成本项目", "成本上限", "考核环节", "证书", "省份"):
        marks = [
            row[0] for row in book[sheet].iter_rows(min_row=2, values_only=True) if any(row[1:])
        ]
        assert marks[0] == "示例" and len(marks) > 1 and set(marks[1:]) == {"模拟"}, sheet
    assert {
        row[0] for row in book["依据"].iter_rows(min_row=3, values_only=True) if any(row[1:])
    } == {None, "估算"}  # documents are what their kind says
    about = {row[0]: row[1] for row in book["说明"].iter_rows(values_only=True)}
    assert about["数据状态"] == "观测" and about["混合使用"] == "是"


def test_a_template_that_is_not_prefilled_asks_for_no_mixing(tmp_path):
    book = load_workbook(write_template(tmp_path / "province.xlsx"))
    assert {row[0]: row[1] for row in book["说明"].iter_rows(values_only=True)}["混合使用"] == "否"


def test_a_template_is_the_same_file_twice(tmp_path):
    one, two = (
        write_template(tmp_path / folder / "college.xlsx", read_tables(EXAMPLE))
        for folder in ("a", "b")
    )
    assert one.read_bytes() == two.read_bytes() and zipfile.ZipFile(one).testzip() is None


@pytest.mark.parametrize(
    ("listed", "said"), [(6, True), (200, False), (195, False), (189, True), (211, True)]
)
def test_a_part_filled_register_of_teachers_is_said_for_each_college(listed, said, tmp_path):
    folder = csv_folder(tmp_path / "甲")  # X1 has 200 full-time teachers
    lines = [
        "teacher,college,year,role,norm_hours,hours,x_hours,base_weight",
        *(f"T{at:04d},X1,2021,none,360,350,0,1" for at in range(listed)),
    ]
    lines += [f"V{at:04d},X2,2021,none,360,350,0,1" for at in range(3)]
    (folder / "workload.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    found = [
        str(fault)
        for fault in check_tables(folder).faults
        if fault.code == "teachers_missing" and "X1" in fault.what
    ]
    assert bool(found) == said
    if said:
        assert found[0].startswith(
            f"workload.csv 第 2 行「college」：X1 2021 年列有 {listed} 名教师，专任教师数是 200（{listed / 2:.1f}%）"
        )
    others = [
        fault
        for fault in check_tables(folder).faults
        if fault.code == "teachers_missing" and "X2" in fault.what
    ]
    assert len(others) == 1 and others[0].at[2] == listed + 2 and others[0].level == "warning"


@pytest.mark.parametrize("word", ["2020年6月30号", "2020年6月30日", "2020.6.30"])
def test_a_day_as_people_write_it(word, tmp_path):
    folder = csv_folder(tmp_path / "甲")
    spoil_csv(folder, {"table": "assessments", "row": 2, "column": "assessed_on", "value": word})
    assert read_tables(folder)["assessments"]["assessed_on"].iloc[0] == np.datetime64("2020-06-30")
