"""Results out: stable bytes, Chinese headers with units, the label; nothing is written outside the output folder."""

import csv
import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from onexmodel import __version__
from onexmodel.cli import main
from onexmodel.data import read_tables
from onexmodel.data.schema import dictionary
from onexmodel.engine.write_results import guarded, result_tables
from onexmodel.study import open_run

ROOT = Path(__file__).parents[2]
GUARDED = r"^'(?='*[=+\-@＝＋－＠\t\r])"  # the apostrophe to take off when reading back, as about.txt and docs/method.md say


def files(folder: Path) -> dict[Path, str]:
    """Every file of a folder and its hash."""
    return {
        path.relative_to(folder): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet"])
def test_a_run_gives_the_same_bytes_twice_and_writes_only_into_out(form, tmp_path, monkeypatch):
    if form == "parquet":
        pytest.importorskip(
            "pyarrow",
            reason="pyarrow is not installed: results as Parquet need the extra onexmodel[parquet]",
        )
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    shipped = files(ROOT / "data" / "example")
    for out in ("one", "two"):
        assert (
            main(
                [
                    "run",
                    "--data",
                    "example",
                    "--scenario",
                    "cap_plus_20",
                    "--format",
                    form,
                    "--out",
                    str(tmp_path / out),
                ]
            )
            == 0
        )
    assert files(tmp_path / "one") == files(tmp_path / "two") and files(tmp_path / "one")
    assert not list(work.iterdir()) and {path.name for path in tmp_path.iterdir()} == {
        "work",
        "one",
        "two",
    }
    assert files(ROOT / "data" / "example") == shipped


def test_workbook_and_csv_hold_the_same_numbers_under_chinese_headers(tmp_path):
    for form in ("csv", "xlsx"):
        main(["run", "--data", "example", "--format", form, "--out", str(tmp_path)])
    book = openpyxl.load_workbook(tmp_path / "results.xlsx")
    frame = pd.read_csv(tmp_path / "colleges.csv")
    heads = [
        str(cell.value)
        for one in book.worksheets[1:]
        for cell in next(one.iter_rows(min_row=2, max_row=2))
        if cell.value
    ]
    assert not [head for head in heads if head.isascii()]
    sheet = next(
        one
        for one in book.worksheets
        if any(
            str(cell.value).startswith("院校经费缺口")
            for row in one.iter_rows(max_row=4)
            for cell in row
        )
    )
    head = next(
        row
        for row in sheet.iter_rows()
        if any(str(cell.value).startswith("院校经费缺口") for cell in row)
    )
    column = next(cell.column for cell in head if str(cell.value).startswith("院校经费缺口"))
    values = [sheet.cell(row, column).value for row in range(head[0].row + 1, sheet.max_row + 1)]
    found = [value for value in values if isinstance(value, (int, float))]
    assert found == pytest.approx(frame["funding_gap"].tolist(), abs=1e-6)
    assert sheet.freeze_panes and any(
        "示例" in str(cell.value) for row in sheet.iter_rows(max_row=4) for cell in row
    )
    assert any("依据" in one.title or "来源" in one.title for one in book.worksheets)


FORMULAS = {
    "=C1": "=1+1",
    "-C2": "-2+3",
    "@C3": "@SUM(1)",
    "+C4": "＝1+1",
    "'=C5": "一\x0b\t二",
    "C6": "'引号",
}


@pytest.fixture
def strange(tmp_path):
    """The example with certificates whose names a spreadsheet would compute (such codes are refused: tests/data/test_text_codes.py)."""
    folder = shutil.copytree(ROOT / "data" / "example", tmp_path / "strange")
    path = folder / "certificates.csv"
    text = path.read_text(encoding="utf-8")
    for word, name in zip(("一", "二", "三"), FORMULAS.values(), strict=False):
        text = text.replace(f"示例证书{word}", name)
    path.write_text(text, encoding="utf-8")
    return folder


def test_no_text_of_a_csv_is_a_formula_and_it_reads_back_as_it_was():
    codes, names = list(FORMULAS), list(FORMULAS.values())
    frame = pd.DataFrame({"certificate": codes, "name": names, "margin": range(-3, 3)})
    made = guarded(frame)
    dangerous = r"^[=+\-@＝＋－＠\t\r]"
    texts = pd.concat([made["certificate"], made["name"]])
    assert not texts.str.contains(dangerous).any() and made["margin"].equals(frame["margin"])
    back = made.replace({name: {GUARDED: ""} for name in ("certificate", "name")}, regex=True)
    assert back.equals(frame) and made["name"].iloc[-1] == "'引号"


def test_run_writes_names_that_look_like_formulas_as_text(strange, tmp_path):
    out = tmp_path / "out"
    for form in ("csv", "xlsx"):
        assert main(["run", "--data", str(strange), "--format", form, "--out", str(out)]) == 0
    for path in out.glob("*.csv"):
        cells = [cell for line in csv.reader(path.open(encoding="utf-8-sig")) for cell in line]
        wrong = [cell for cell in cells if re.match(r"[=+@\t\r]|-(?![\d.])", cell)]
        assert not wrong, (path.name, wrong)
    read = pd.read_csv(out / "fees.csv", dtype=str).replace(
        {"certificate_name": {GUARDED: ""}}, regex=True
    )
    assert {"=1+1", "-2+3", "@SUM(1)"} == set(read["certificate_name"])
    assert "撇号" in (out / "about.txt").read_text(encoding="utf-8-sig")
    book = openpyxl.load_workbook(out / "results.xlsx")
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert {"=1+1", "-2+3", "@SUM(1)"} <= {cell.value for cell in cells}


def test_names_stand_beside_codes_on_one_line(tmp_path):
    folder = shutil.copytree(ROOT / "data" / "example", tmp_path / "甲")
    path = folder / "colleges.csv"
    text = path.read_text(encoding="utf-8").replace("示例高职一", '"示例\x0b高职\n一"')
    path.write_text(text, encoding="utf-8")
    frames = result_tables(*open_run(str(folder)))
    for name, frame in frames.items():
        for column in ("province", "college", "certificate", "organisation"):
            if column in frame:
                at = list(frame).index(column)
                assert list(frame)[at + 1] == f"{column}_name", (name, column)
                assert (frame[f"{column}_name"] != "").all()
    assert frames["colleges"]["college_name"].iloc[0] == "示例 高职 一"
    assert set(frames["provinces"]["province_name"]) == {"模拟·甲省", "模拟·乙省", "模拟·丙省"}


@pytest.mark.parametrize("form", ["csv", "parquet", "xlsx"])
def test_results_say_edition_data_scenario_and_title(form, tmp_path):
    if form == "parquet":
        pytest.importorskip("pyarrow", reason="Parquet needs the extra onexmodel[parquet]")
    typed = ["--data", "example", "--scenario", "cap_plus_20", "--set", "fees.beta=0.3"]
    main(["run", *typed, "--province", "S01", "--format", form, "--out", str(tmp_path)])
    wanted = (
        read_tables(ROOT / "data" / "example").sha256,
        f"onexmodel {__version__}",
        "上限提高20%（cap_plus_20）",
        "fees.beta=0.3",
        "示例数据",
        "2021",
        "S01",
    )
    if form == "xlsx":
        book = openpyxl.load_workbook(tmp_path / "results.xlsx")
        assert book.sheetnames[0] == "说明" and "示例数据" in book.properties.title
        cells = [str(cell) for row in book["说明"].iter_rows(values_only=True) for cell in row]
        for text in ("\n".join(cells), book.properties.description):
            assert all(word in text for word in wanted)
    else:
        text = (tmp_path / "about.txt").read_text(encoding="utf-8-sig")
        assert all(word in text for word in wanted) and str(tmp_path) not in text
        assert ("撇号" in text) == (form == "csv")


def test_findings_of_the_workbook_have_no_codes_of_programs(tmp_path):
    folder = shutil.copytree(ROOT / "data" / "example", tmp_path / "甲")
    path = (
        folder / "offerings.csv"
    )  # a plan after the transfer, so that findings of rows are there, too
    plan = path.read_text(encoding="utf-8").splitlines()
    late = plan[1].replace(",2021,", ",2030,")
    path.write_text("\n".join([*plan, late]) + "\n", encoding="utf-8")
    for form in ("csv", "xlsx"):
        typed = ["--data", str(folder), "--scenario", "cap_plus_20", "--format", form]
        main(["run", *typed, "--out", str(tmp_path)])
    found = pd.read_excel(
        tmp_path / "results.xlsx", sheet_name="模拟·需说明的问题", header=1, dtype=str
    ).fillna("")
    assert list(found) == ["表", "位置", "类别", "级别", "说明"] and len(found) > 5
    csv_found = pd.read_csv(tmp_path / "findings.csv", dtype=str, keep_default_na=False)
    assert len(csv_found) == len(found)
    words = found[["表", "类别", "级别"]].to_numpy().ravel()
    assert not [word for word in words if re.search("[a-z_]", word)]
    rows = found[~found["位置"].str.contains("「|.yaml")]
    assert len(rows) > 2 and not rows["位置"].str.contains("junior|intermediate|advanced|^S0").any()
    assert rows["位置"].str.contains("模拟·.省/示例证书.（K.）/高级/2021").any()
    assert rows["位置"].str.contains("示例高职一（X1）/示例证书一（K1）/中级/2030").any()


def test_the_dictionary_in_docs_is_the_schema():
    assert (ROOT / "docs" / "data_dictionary.md").read_text(encoding="utf-8") == dictionary()


def test_the_command_that_prints_the_dictionary_says_nothing_else():
    made = subprocess.run(
        [sys.executable, "-W", "error", "-m", "onexmodel.data"],
        capture_output=True,
        encoding="utf-8",
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    assert made.stderr == "" and made.stdout == dictionary()
