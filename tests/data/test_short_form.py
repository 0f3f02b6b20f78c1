"""The short form (简表): about forty cells give a whole data set. What was filled in keeps its cell, what was not is a marked default or is
said to be left out, and the full workbook made of it holds the same."""

from dataclasses import replace

import pandas as pd
import pytest
from openpyxl import load_workbook

from onexmodel.cli import main
from onexmodel.data.forms.defaults import defaults, left_out, published_provinces
from onexmodel.data.forms.example_rows import example_row, is_shipped
from onexmodel.data.read import check_tables, read_tables
from onexmodel.data.schema import load_schema, short_schema
from onexmodel.data.template import write_template
from onexmodel.errors import ParameterError
from onexmodel.study import open_run

COLLEGE = ["示例云岭职业技术学院", "浙江", "高职", 2024]  # fictional
PLANS = [
    ["测绘数据示例证书", "中级", 120, 0.82, 503, 60],
    ["测绘数据示例证书", "初级", 80, 0.9, 503, 40],
    ["机器视觉示例证书", "中级", 90, 0.75, 450, 64],
    ["建模示例证书", "初级", 150, "85%", 290, 32],
    ["编程示例证书", "高级", 40, 0.6, 300, 80],
    ["老年照护示例证书", "中级", 60, 0.88, 415, 48],
]
COLLEGE_ROW, FIRST_PLAN = 5, 10


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    return write_template(tmp_path_factory.mktemp("empty") / "简表.xlsx")


def filled(empty, path, edits=(), sheets=None):
    """The short form filled in by openpyxl, then each edit {cell: value}, then further sheets {name: rows}."""
    book = load_workbook(empty)
    sheet = book["简表"]
    for at, value in enumerate(COLLEGE, 2):
        sheet.cell(COLLEGE_ROW, at, value)
    for down, plan in enumerate(PLANS, FIRST_PLAN):
        for at, value in enumerate(plan, 2):
            sheet.cell(down, at, value)
    for cell, value in dict(edits).items():
        sheet[cell] = value
    for name, rows in (sheets or {}).items():
        extra = book.create_sheet(name)
        for row in rows:
            extra.append(row)
    book.save(path)
    return path


@pytest.fixture(scope="module")
def mine(empty, tmp_path_factory):
    return filled(empty, tmp_path_factory.mktemp("mine") / "我的简表.xlsx")


@pytest.fixture(scope="module")
def tables(mine):
    return read_tables(mine)


def errors(path):
    return [str(fault) for fault in check_tables(path).faults if fault.level == "error"]


def test_forty_cells_and_three_commands_give_the_fee_bill(empty, tmp_path, monkeypatch, capsys):
    """Template, check, run: what the officer knows is enough."""
    monkeypatch.chdir(tmp_path)
    assert main(["template", "简表.xlsx"]) == 0
    assert (tmp_path / "简表.xlsx").read_bytes() == empty.read_bytes()
    filled(tmp_path / "简表.xlsx", tmp_path / "简表.xlsx")
    assert len(COLLEGE) + sum(map(len, PLANS)) <= 45
    assert main(["check", "简表.xlsx"]) == 0
    said = capsys.readouterr()
    assert (
        "错误 0 处" in said.err and "报告 budget_and_settlement（预算与结算）\t可以做" in said.out
    )
    assert main(["run", "--data", "简表.xlsx", "--out", "结果"]) == 0
    made = pd.read_csv(tmp_path / "结果" / "colleges.csv").iloc[0]
    rates = [0.85 if plan[3] == "85%" else plan[3] for plan in PLANS]
    bill = sum(
        plan[2] * (1 + 0.5 * (1 - rate)) * plan[4] for plan, rate in zip(PLANS, rates, strict=True)
    )  # half of those who fail sit again: volume.default_retake_share
    assert made["fee_bill"] == pytest.approx(bill) and made["added_hours"] > 0
    dearer = ["run", "--data", "简表.xlsx", "--scenario", "fee_plus_20", "--out", "涨"]
    assert main(dearer) == 0
    raised = pd.read_csv(tmp_path / "涨" / "colleges.csv").iloc[0]
    assert raised["fee_bill"] == pytest.approx(1.2 * bill)


def test_what_was_filled_in_is_what_is_read(tables):
    plans = tables["offerings"]
    assert plans["candidates"].tolist() == [plan[2] for plan in PLANS]
    assert plans["certificate"].tolist() == ["C01", "C01", "C02", "C03", "C04", "C05"]
    assert set(plans["college"]) == {"330001"} and set(plans["year"]) == {2024}
    assert tables["fees"]["published_fee"].tolist() == [plan[4] for plan in PLANS]
    province = tables["provinces"].iloc[0]
    assert (province["province"], province["name_en"], province["price_index"]) == (
        "33",
        "Zhejiang",
        1,
    )
    assert tables["certificates"]["name"].tolist()[0] == "测绘数据示例证书"


def test_a_value_has_the_address_of_its_cell_and_a_default_says_what_it_is(tables):
    def address(table, row, column):
        return tables.origins[table].address(row, column)

    assert address("offerings", 2, "candidates").endswith("工作表「简表」 D12（计划考核人数）")
    assert address("offerings", 2, "year").endswith("工作表「简表」 E5（年度）")
    assert address("fees", 5, "published_fee").endswith("工作表「简表」 F15（费用标准）")
    assert address("colleges", 0, "tier").endswith("工作表「简表」 D5（办学层次）")
    assert address("offerings", 0, "class_size").endswith("（简表的缺省值：班额 40 人，假设）")
    assert address("certificates", 1, "certificate").endswith("工作表「简表」 B12（证书名称）")
    assert address("offerings", 3, "college").endswith("工作表「简表」 B5（院校名称）")
    assert address("organisations", 0, "organisation").endswith("（编号由简表编出）")
    for table, origin in tables.origins.items():
        for column in tables[table]:
            for row in range(len(tables[table])):
                value, empty = tables[table][column].iloc[row], ("", None)
                if value not in empty and not pd.isna(value) and column not in origin.columns:
                    assert column in origin.made or load_schema()[table][column].type == "bool"


def test_a_default_taken_is_kept_as_name_and_value_and_said_where_it_is_printed(tables):
    """Its sentence was kept, and taken apart again by whoever wanted the value."""
    made = {table: tables.origins[table].made for table in ("offerings", "colleges", "fees")}
    size, hours = made["offerings"]["class_size"][0], made["colleges"]["baseline_hours"][0]
    assert (size.name, size.value, size.default.given["en"]) == ("class_size", "40", "class size")
    assert str(replace(size, value="：45，假设")) == "简表的缺省值：班额 ：45，假设 人，假设"
    assert str(hours).endswith("，公布的数，乘专任教师数") and hours.name == "norm_hours"
    assert made["fees"]["stage"][0].words.startswith("已公布")


def test_a_default_never_looks_like_an_observation(empty, tables, tmp_path):
    status = {table: set(tables.row_status(table)) for table in tables.origins}
    assert status["fees"] == status["certificates"] == {"observed"}
    for table in ("provinces", "colleges", "components", "offerings", "eligibility"):
        assert status[table] == {"estimated"}, table
    assert "开考计划" in tables.label["zh"] and "估算" in tables.label["zh"]
    with_size = read_tables(filled(empty, tmp_path / "班额.xlsx", {"F5": 45}))
    assert set(with_size.row_status("offerings")) == {"observed"}
    assert set(with_size["offerings"]["class_size"]) == {45}


def test_each_default_and_each_table_left_out_is_said_once_with_what_it_would_add(mine):
    notes = [fault for fault in check_tables(mine).faults if fault.level == "note"]
    codes = [fault.code for fault in notes]
    taken = [code for code in codes if code.startswith("default_")]
    assert len(taken) == len(set(taken)) == len(defaults()) - 1  # eligibility waits for funds
    left = [str(fault) for fault in notes if fault.code == "left_out"]
    assert len(left) == 1 and all(
        f"{one['zh']}" in left[0] and one["adds"]["zh"] in left[0] for one in left_out().values()
    )
    assert "填上经费来源，就能算缺口" in left[0] and "学校标识码填 330001" in left[0]
    said = "\n".join(map(str, notes))
    assert "没有填班额，按 40 人计（假设" in said


@pytest.mark.parametrize(
    ("edits", "words"),
    [
        ({"C5": "浙将"}, "C5（省份）：「浙将」不是省份名称。最接近的是「浙江」"),
        ({"C5": None}, "C5（省份）：不能为空"),
        ({"D5": "大专"}, "D5（办学层次）：「大专」不在代码表中"),
        ({"E5": 1999}, "E5（年度）"),
        ({"E12": 1.2}, "E12（通过率）"),
        ({"F12": None}, "F12（费用标准）：不能为空"),
        ({"D12": None}, "D12（计划考核人数）：不能为空"),
        ({"D12": "很多"}, "D12（计划考核人数）：「很多」不是数"),
        ({"C12": "特级"}, "C12（等级）：「特级」不在代码表中"),
        ({"C12": "不分等级"}, "C12（等级）：等级应为 初级、中级或高级"),
        ({"H12": "口试"}, "H12（考核形式）：「口试」不在代码表中"),
        ({"B11": "测绘数据示例证书", "C11": "中级"}, "B11（证书名称）：与前面的行重复"),
        ({"B6": "示例二", "C6": "浙江", "D6": "高职", "E6": 2024}, "B6（院校名称）：简表只填一所"),
        ({"B16": "合计", "D16": 540}, "B16（证书名称）：是合计行"),
        ({"D8": "人数"}, "D8：不认识的列「人数」。最接近的是「计划考核人数」"),
    ],
)
def test_a_fault_stands_at_its_cell_of_the_form_and_is_said_once(empty, edits, words, tmp_path):
    found = errors(filled(empty, tmp_path / "错.xlsx", edits))
    hits = [fault for fault in found if words in fault]
    assert len(hits) == 1, found
    assert all("工作表「简表」" in fault for fault in found)


@pytest.mark.parametrize(
    "edits", [{"B4": "示例云岭职业技术学院"}, {"B9": "测绘数据示例证书", "D9": 120}]
)
def test_what_is_typed_over_the_grey_row_is_no_example(empty, edits, tmp_path):
    found = errors(filled(empty, tmp_path / "盖.xlsx", edits))
    assert any("标记是示例，没有读入；是自己的数就清空标记" in one for one in found), found


def test_an_empty_form_says_where_to_fill(empty):
    assert errors(empty) == [
        "简表.xlsx 工作表「简表」「院校名称」：没有一行数据。填在示例行下面；示例行不算。",
        "简表.xlsx 工作表「简表」「证书名称」：没有一行数据。填在示例行下面；示例行不算。",
    ]


def test_a_province_goes_by_each_of_its_names_and_forms_by_what_was_chosen(empty, tmp_path):
    for at, word in enumerate(("33", "浙江省", "Zhejiang")):
        path = filled(
            empty, tmp_path / f"{at}.xlsx", {"C5": word, "H10": "机考", "H12": "特殊实操"}
        )
        made = read_tables(path)
        assert made["colleges"]["province"].tolist() == ["33"]
        parts = made["components"]
        first = parts[(parts["certificate"] == "C01") & (parts["level"] == "intermediate")]
        assert first[["component", "form", "weight"]].values.tolist() == [["theory", "computer", 1]]
        second = parts[parts["certificate"] == "C02"]
        assert second["form"].tolist() == ["special_practical"]
    assert len(published_provinces()) == 31


def test_tables_may_stand_in_the_other_order_with_words_between(empty, mine, tmp_path):
    book = load_workbook(mine)
    old, new = book["简表"], book.create_sheet("x")
    for row in range(8, 16):
        for at in range(1, 9):
            new.cell(row - 6, at, old.cell(row, at).value)
    for row in (3, 4, 5):
        for at in range(1, 9):
            new.cell(row + 20, at, old.cell(row, at).value)
    del book["简表"]
    new.title = "简表"
    book.save(tmp_path / "倒.xlsx")
    made, known = read_tables(tmp_path / "倒.xlsx"), read_tables(mine)
    for table in known.frames:
        pd.testing.assert_frame_equal(made[table], known[table])


FUNDS = [
    ["学校标识码或省级代码", "年度", "资金来源", "可用额度"],
    ["330001", 2024, "生均拨款", 300000],
]


def test_a_sheet_of_the_full_workbook_may_stand_beside(empty, tmp_path):
    path = filled(empty, tmp_path / "加.xlsx", sheets={"经费来源额度": FUNDS})
    checked = check_tables(path)
    assert checked.tables is not None and len(checked.tables["funding"]) == 1
    said = {fault.code: str(fault) for fault in checked.faults}
    assert "default_eligibility" in said and "经费来源额度" not in said["left_out"]
    plans = [
        ["学校标识码", "证书代码", "等级", "年度", "计划考核人数", "班额", "培训课时", "通过率"]
    ]
    doubled = filled(empty, tmp_path / "重.xlsx", sheets={"开考计划": plans})
    assert [
        "工作表「开考计划」：这张表由简表得出，不能两处都填" in one for one in errors(doubled)
    ].count(True) == 1


@pytest.mark.parametrize("kind", ["院校.xlsx", "college.xlsx"])
def test_the_full_workbook_made_of_a_short_form_holds_the_same(empty, kind, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    edits = {"F5": 45, "I5": 9_000_000, "A12": "估算", "H13": "机考"}
    filled(empty, tmp_path / "我的简表.xlsx", edits, {"经费来源额度": FUNDS})
    assert main(["template", kind, "--data", "我的简表.xlsx"]) == 0
    short, full = read_tables(tmp_path / "我的简表.xlsx"), read_tables(tmp_path / kind)
    for table in short.frames:
        pd.testing.assert_frame_equal(short[table], full[table], check_dtype=False)
        assert short.row_status(table).tolist() == full.row_status(table).tolist(), table
    assert full.row_status("offerings").tolist()[:3] == ["observed", "observed", "estimated"]
    assert full.label == short.label and len(full["pay_pools"]) == len(full["funding"]) == 1
    runs = [open_run(tmp_path / name)[0] for name in ("我的简表.xlsx", kind)]
    made = [run.baseline[0].frames() for run in runs]
    for table in made[0]:
        pd.testing.assert_frame_equal(made[0][table], made[1][table])


def test_a_short_form_takes_no_prefilling(mine, tmp_path):
    with pytest.raises(ParameterError, match="简表没有可预填的内容"):
        write_template(tmp_path / "short.xlsx", read_tables(mine))


def test_every_default_says_unit_day_source_and_status_in_both_languages():
    for name, default in defaults().items():
        given = default.given
        assert given["status"] in ("published", "assumption") and given["unit"], name
        assert pd.Timestamp(given["from"]) <= pd.Timestamp("2026-12-31"), name
        for lang in ("zh", "en"):
            assert given[lang] and given["source"][lang] and given["adds"][lang], (name, lang)
        assert given["status"] == "published" or given["source"]["zh"].startswith("假设"), name
    for table, given in left_out().items():
        assert table in load_schema()
        assert all(given[lang] and given["adds"][lang] for lang in ("zh", "en"))


@pytest.mark.parametrize("table", [*load_schema(), *short_schema()])
def test_the_example_row_of_a_table_is_known_to_the_reader(table):
    columns = load_schema().get(table) or short_schema()[table]
    shown = {
        name: f"{value:g}" if isinstance(value, float) else str(value)
        for name, value in example_row(table).items()
    }
    assert is_shipped(shown, columns)
    assert is_shipped(dict.fromkeys(shown, ""), columns)
    first = next(name for name, column in columns.items() if column.example)
    assert not is_shipped({**shown, first: "我校的"}, columns)


def _changed(empty, path, change):
    """Faults of the filled form after `change` (workbook, its sheet)."""
    book = load_workbook(filled(empty, path))
    change(book, book["简表"])
    book.save(path)
    return check_tables(path).faults


def test_error_cells_of_the_form_are_each_said_once(empty, tmp_path):
    cells = [
        f"{letter}{row}"
        for row, last in ((COLLEGE_ROW, "I"), (FIRST_PLAN, "H"))
        for letter in "BCDEFGHI"
        if letter <= last
    ]

    def spoil(book, sheet):
        for at in cells:
            sheet[at] = "#N/A"
            sheet[at].data_type = "e"
        sheet[f"B{FIRST_PLAN + 1}"] = "#N/A"
        sheet[f"B{FIRST_PLAN + 1}"].data_type = "e"

    errors = [
        fault for fault in _changed(empty, tmp_path / "简表.xlsx", spoil) if fault.level == "error"
    ]
    assert {fault.code for fault in errors} == {"formula_error"}
    assert len(errors) == len(cells) + 1


def test_hidden_and_merged_parts_of_the_form_are_said(empty, tmp_path):
    def hide(book, sheet):
        sheet.row_dimensions[FIRST_PLAN + 2].hidden = True
        sheet.column_dimensions["E"].hidden = True
        book.active = book.create_sheet("别的")
        sheet.sheet_state = "hidden"

    codes = [fault.code for fault in _changed(empty, tmp_path / "简表.xlsx", hide)]
    assert codes.count("hidden_sheet") == 1 and codes.count("hidden_rows") == 1
    assert codes.count("hidden_columns") == 2  # a column of each table

    def merge(book, sheet):
        sheet.merge_cells(f"B{FIRST_PLAN}:B{FIRST_PLAN + 1}")

    faults = _changed(empty, tmp_path / "并.xlsx", merge)
    assert [fault.code for fault in faults if fault.level == "error"] == ["merged"]


@pytest.mark.parametrize("title", ["1.简表（终稿）", "简表 (2)", " 简表 ", "附表1 简表"])
def test_the_form_is_found_by_a_name_with_something_around_it(empty, tmp_path, title):
    def rename(book, sheet):
        sheet.title = title

    faults = _changed(empty, tmp_path / "简表.xlsx", rename)
    assert not [fault for fault in faults if fault.level == "error"]
    assert not [fault for fault in faults if fault.code == "unknown_table"]
