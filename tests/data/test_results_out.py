"""Results out: stable bytes, Chinese headers with units, the label; nothing is written outside the output folder."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from onexmodel.cli import main
from onexmodel.data.schema import dictionary

ROOT = Path(__file__).parents[2]


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
    csv = pd.read_csv(tmp_path / "colleges.csv")
    heads = [
        str(cell.value)
        for one in book.worksheets
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
    assert found == pytest.approx(csv["funding_gap"].tolist(), abs=1e-6)
    assert sheet.freeze_panes and any(
        "示例" in str(cell.value) for row in sheet.iter_rows(max_row=4) for cell in row
    )
    assert any("依据" in one.title or "来源" in one.title for one in book.worksheets)


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
