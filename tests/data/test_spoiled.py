"""A corpus of spoiled folders and workbooks, one fault each: the exact message, never a traceback, never accepted."""

from pathlib import Path

import pytest
import yaml
from spoil import csv_folder, filled_workbook, spoil_csv, spoil_workbook

from onexmodel.cli import main
from onexmodel.data.read import check_tables, read_tables
from onexmodel.errors import DataError

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
    if "also" in case:
        spoil_csv(folder, {"table": case["table"], **case["also"]})
    assert errors(folder) == case["says"]
    with pytest.raises(DataError) as refused:
        read_tables(folder)
    assert all(sentence in str(refused.value) for sentence in case["says"])


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
    said = [sentence for case in CSV if case["name"] in ("telephone", "identity_number", "telephone_in_text") for sentence in case["says"]]
    assert len(said) == 3 and not any("1381234" in sentence or "4401061990" in sentence or "1391234" in sentence for sentence in said)


def test_check_says_every_fault_and_writes_the_annotated_copy(tmp_path, workbook, capsys):
    from openpyxl import load_workbook
    path = tmp_path / "院校.xlsx"
    path.write_bytes(workbook.read_bytes())
    for edit in ({"sheet": "开考计划", "cell": "F4", "value": "六十"}, {"sheet": "院校", "cell": "E5", "value": "大专"}):
        spoil_workbook(path, edit)
    before = path.read_bytes()
    assert main(["check", str(path), "--out", str(tmp_path / "核对")]) == 1
    printed = capsys.readouterr().out
    assert "F4（计划考核人数）" in printed and "E5（办学层次）" in printed
    book = load_workbook(tmp_path / "核对" / "院校_核对结果.xlsx")
    cell = book["开考计划"]["F4"]
    assert cell.fill.fgColor.rgb == "FFF4B6B0" and "不是数" in cell.comment.text
    assert "高职" in book["院校"]["E5"].comment.text or "中职" in book["院校"]["E5"].comment.text
    assert [cell.value for cell in book["核对结果"][1]] == ["级别", "位置", "问题", "最接近的", "怎么办"]
    assert path.read_bytes() == before and list((tmp_path / "核对").iterdir()) == [tmp_path / "核对" / "院校_核对结果.xlsx"]


def test_check_of_a_folder_lists_the_faulty_rows(tmp_path):
    from openpyxl import load_workbook
    folder = csv_folder(tmp_path / "甲")
    spoil_csv(folder, {"table": "offerings", "row": 5, "column": "candidates", "value": "很多"})
    assert main(["check", str(folder), "--out", str(tmp_path)]) == 1
    book = load_workbook(tmp_path / "甲_核对结果.xlsx")
    assert book["offerings"]["A2"].value == 5 and book["offerings"]["F2"].value == "很多" and book["offerings"]["F2"].comment
