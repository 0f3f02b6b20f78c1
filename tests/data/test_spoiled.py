"""A corpus of spoiled folders and workbooks, one fault each: the exact message, never a traceback, never accepted."""

from pathlib import Path

import pytest
import yaml
from spoil import csv_folder, filled_workbook, spoil_csv, spoil_workbook

from onexmodel.cli import main
from onexmodel.data.annotate import annotate
from onexmodel.data.read import check_tables, read_tables
from onexmodel.errors import DataError, Fault

CASES = Path(__file__).parents[1] / "cases" / "spoiled"
CSV = yaml.safe_load((CASES / "csv.yaml").read_text(encoding="utf-8"))
XLSX = yaml.safe_load((CASES / "xlsx.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def workbook(tmp_path_factory):
    return filled_workbook(tmp_path_factory.mktemp("base") / "college.xlsx")


def errors(path) -> list[str]:
    checked = check_tables(path)
    assert checked.tables is None
    return [str(fault) for fault in checked.faults if fault.level == "error"]


@pytest.mark.parametrize("case", CSV, ids=lambda case: case["name"])
def test_spoiled_folder_is_refused_in_these_words(case, tmp_path):
    folder = csv_folder(tmp_path / "甲")
    spoil_csv(folder, case)
    also = case.get("also", [])
    for edit in also if isinstance(also, list) else [also]:
        spoil_csv(folder, {"table": case["table"], **edit})
    assert errors(folder) == case["says"]


@pytest.mark.parametrize("case", CSV[::12], ids=lambda case: case["name"])
def test_reading_raises_what_checking_finds(case, tmp_path):
    folder = csv_folder(tmp_path / "甲")
    spoil_csv(folder, case)
    with pytest.raises(DataError) as refused:
        read_tables(folder)
    assert str(refused.value) and all(one in str(refused.value) for one in errors(folder))


@pytest.mark.parametrize("case", XLSX, ids=lambda case: case["name"])
def test_spoiled_workbook_is_refused_in_these_words(case, tmp_path, workbook):
    path = tmp_path / "院校.xlsx"
    path.write_bytes(workbook.read_bytes())
    spoil_workbook(path, case)
    assert errors(path) == case["says"]


def test_the_corpus_is_large_and_each_fault_is_named_once():
    names = [case["name"] for case in CSV], [case["name"] for case in XLSX]
    assert sum(map(len, names)) >= 60 and all(len(set(one)) == len(one) for one in names)
    assert all(case["says"] for case in [*CSV, *XLSX])


def test_a_personal_number_is_not_repeated_in_the_message():
    said = [
        sentence
        for case in CSV
        if case["name"] in ("telephone", "identity_number", "telephone_in_text")
        for sentence in case["says"]
    ]
    assert len(said) == 3 and not any(
        "1381234" in sentence or "4401061990" in sentence or "1391234" in sentence
        for sentence in said
    )


def test_check_says_every_fault_and_writes_the_annotated_copy(tmp_path, workbook, capsys):
    from openpyxl import load_workbook

    path = tmp_path / "院校.xlsx"
    path.write_bytes(workbook.read_bytes())
    for edit in (
        {"sheet": "开考计划", "cell": "F4", "value": "六十"},
        {"sheet": "院校", "cell": "E5", "value": "大专"},
    ):
        spoil_workbook(path, edit)
    before = path.read_bytes()
    assert main(["check", str(path), "--out", str(tmp_path / "核对")]) == 1
    printed = capsys.readouterr().out
    assert "F4（计划考核人数）" in printed and "E5（办学层次）" in printed
    book = load_workbook(tmp_path / "核对" / "院校_核对结果.xlsx")
    cell = book["开考计划"]["F4"]
    assert cell.fill.fgColor.rgb == "FFF4B6B0" and "不是数" in cell.comment.text
    assert "高职" in book["院校"]["E5"].comment.text or "中职" in book["院校"]["E5"].comment.text
    assert [cell.value for cell in book["核对结果"][1]] == [
        "级别",
        "位置",
        "问题",
        "最接近的",
        "怎么办",
    ]
    assert path.read_bytes() == before and list((tmp_path / "核对").iterdir()) == [
        tmp_path / "核对" / "院校_核对结果.xlsx"
    ]


def test_check_of_a_folder_lists_the_faulty_rows(tmp_path):
    from openpyxl import load_workbook

    folder = csv_folder(tmp_path / "甲")
    spoil_csv(folder, {"table": "offerings", "row": 5, "column": "candidates", "value": "很多"})
    assert main(["check", str(folder), "--out", str(tmp_path)]) == 1
    book = load_workbook(tmp_path / "甲_核对结果.xlsx")
    assert (
        book["offerings"]["A2"].value == 5
        and book["offerings"]["F2"].value == "很多"
        and book["offerings"]["F2"].comment
    )


@pytest.mark.parametrize(
    ("table", "key", "day"),
    [
        ("fees", ["province", "certificate", "level"], "2022-01-01"),
        ("caps", ["form", "level"], "2022-01-01"),
    ],
)
def test_a_row_that_follows_the_other_on_its_last_day_does_not_overlap(table, key, day, tmp_path):
    folder = csv_folder(tmp_path / "甲")
    last = len((folder / f"{table}.csv").read_text(encoding="utf-8").splitlines()) + 1
    for edit in (
        {"repeat": 2},
        {"row": 2, "column": "valid_to", "value": day},
        {"row": last, "column": "valid_from", "value": day},
    ):
        spoil_csv(folder, {"table": table, **edit})
    tables = read_tables(folder)
    assert tables[table].duplicated(key).sum() == 1
    spoil_csv(folder, {"table": table, "row": 2, "column": "valid_to", "value": "2022-01-02"})
    assert {fault.code for fault in check_tables(folder).faults if fault.level == "error"} == {
        "overlap"
    }


def test_an_overlap_with_a_row_further_back_is_found(tmp_path):
    folder = csv_folder(tmp_path / "甲")
    (folder / "caps.csv").write_text(
        "form,level,cap,valid_from,valid_to,source\npaper,all,80,2020-07-01,2025-01-01,A-CAP\n"
        "paper,all,81,2021-01-01,2021-02-01,A-CAP\npaper,all,82,2022-01-01,,A-CAP\n",
        encoding="utf-8",
    )
    rows = [fault.at[2] for fault in check_tables(folder).faults if fault.code == "overlap"]
    assert rows == [3, 2, 4, 2]


def test_faults_of_all_tables_are_said_at_once(tmp_path):
    """One fault in each table, one file that is no text, one doubled key in dataset.yaml: one check says them all."""
    folder = csv_folder(tmp_path / "甲")
    (folder / "levers.csv").write_bytes(bytes.fromhex("89504e470d0a1a0a0000ff81fe"))
    (folder / "dataset.yaml").write_text("status: simulated\nstatus: observed\n", encoding="utf-8")
    edits = {
        "provinces": "price_index",
        "colleges": "students",
        "organisations": "fixed_cost",
        "certificates": "national_sittings",
        "components": "weight",
        "ingredients": "quantity",
        "caps": "cap",
        "fees": "published_fee",
        "offerings": "candidates",
        "assessments": "sittings",
        "payments": "amount",
        "workload": "hours",
        "pay_pools": "pay_pool",
        "funding": "limit",
        "eligibility": "allowed",
        "budget_lines": "budgeted",
        "sources": "issued_on",
    }
    for table, column in edits.items():
        spoil_csv(folder, {"table": table, "row": 2, "column": column, "value": "很多"})
    said = [str(fault) for fault in check_tables(folder).faults if fault.level == "error"]
    assert all(
        any(f"{table}.csv 第 2 行「{column}」" in one for one in said)
        for table, column in edits.items()
    )
    assert any(one.startswith("levers.csv：编码") for one in said) and any(
        one.startswith("dataset.yaml 第 2 行") for one in said
    )
    assert len(said) == len(edits) + 2


def test_names_of_provinces_are_not_accused_because_of_another_fault(tmp_path):
    folder = csv_folder(tmp_path / "甲")
    spoil_csv(folder, {"table": "colleges", "row": 2, "column": "province", "value": "甲省"})
    spoil_csv(folder, {"table": "offerings", "row": 2, "column": "candidates", "value": "很多"})
    assert [fault.code for fault in check_tables(folder).faults if fault.level == "error"] == [
        "not_a_number"
    ]


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"just text"])
def test_nothing_is_written_about_a_file_that_cannot_be_opened(content, tmp_path):
    path = tmp_path / "院校.xlsx"
    if content is not None:
        path.write_bytes(content)
    faults = check_tables(path).faults
    assert len(faults) == 1 and not any(word in str(faults[0]) for word in ("Bad", "Error", "Zip"))
    assert annotate(path, faults, tmp_path / "核对") is None and not (tmp_path / "核对").exists()


def test_the_annotated_copy_keeps_empty_cells_empty_and_words_words(tmp_path, workbook):
    from openpyxl import load_workbook

    path = tmp_path / "院校.xlsx"
    path.write_bytes(workbook.read_bytes())
    faults = [Fault("某处", "=1+1", nearest="", do="-"), Fault("", "@", level="note")]
    book = load_workbook(annotate(path, faults, tmp_path / "核对").path)
    lines = [list(row) for row in book["核对结果"].iter_rows(min_row=2, values_only=True)]
    assert lines == [["错误", "某处", "=1+1", None, "-"], ["说明", None, "@", None, None]]
    assert book["核对结果"]["C2"].data_type == "s"


@pytest.mark.parametrize(
    "above", ["", "\n\n", "某某学院 2021 年开考计划；学生处\n,,\n", "\ufeff某某学院\n"]
)
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_rows_above_the_header_of_a_csv(above, encoding, tmp_path):
    from openpyxl import load_workbook

    if encoding == "gb18030" and "\ufeff" in above:
        above = above.removeprefix("\ufeff")
    folder, plain = csv_folder(tmp_path / "甲"), read_tables(csv_folder(tmp_path / "乙"))
    file = folder / "offerings.csv"
    file.write_bytes(
        (above + file.read_text(encoding="utf-8")).replace("\n", "\r\n").encode(encoding)
    )
    assert read_tables(folder)["offerings"].equals(plain["offerings"])
    top = above.count("\n")
    file.write_bytes(file.read_bytes().replace(b",2021,", b",2021.5,", 1))
    faults = [fault for fault in check_tables(folder).faults if fault.level == "error"]
    assert [str(fault) for fault in faults] == [
        f"offerings.csv 第 {top + 2} 行「year」：2021.5 应为整数。核对后更正。"
    ]
    sheet = load_workbook(annotate(folder, faults, tmp_path / "核对").path)["offerings"]
    assert sheet["A2"].value == top + 2 and sheet["B1"].value == "college" and sheet["E2"].comment


def test_of_a_large_workbook_the_faulty_rows_are_listed(tmp_path, workbook, monkeypatch):
    """A national workbook is not copied cell by cell: the same faults at the same cells, with their rows' numbers."""
    from openpyxl import load_workbook

    path = tmp_path / "院校.xlsx"
    path.write_bytes(workbook.read_bytes())
    for edit in (
        {"sheet": "开考计划", "cell": "F4", "value": "六十"},
        {"sheet": "院校", "cell": "E5", "value": "大专"},
        {"sheet": "说明", "cell": "B10", "value": "真的"},
        {"sheet": "开考计划", "merge": "C9:C10"},
        {"sheet": "开考计划", "cell": "F1", "value": "考核计划人数"},
    ):
        spoil_workbook(path, edit)
    monkeypatch.setattr("onexmodel.data.annotate.LARGE", 0)
    faults = check_tables(path).faults
    book = load_workbook(annotate(path, faults, tmp_path / "核对").path)
    assert (
        book.sheetnames[0] == "核对结果"
        and {"开考计划", "院校", "说明"} <= set(book.sheetnames)
        and "成本项目" not in book.sheetnames
    )
    plans = {row[0].value: row for row in book["开考计划"].iter_rows(min_row=2)}
    assert (
        9 in plans
        and set(plans) < set(range(2, 30))
        and plans[9][3].comment
        and book["开考计划"]["G1"].comment
        and book["开考计划"]["G1"].value == "考核计划人数"
    )
    college = next(row for row in book["院校"].iter_rows(min_row=2) if row[0].value == 5)
    assert college[5].value == "大专" and college[5].comment
    assert book["核对结果"].max_row == len(faults) + 1
