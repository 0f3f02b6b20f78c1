"""Template → fill → check → run → report, with a workbook by openpyxl and one by LibreOffice."""

import shutil
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from spoil import EXAMPLE, filled_workbook

from onexmodel.cli import main
from onexmodel.data.read import read_tables
from onexmodel.data.schema import load_schema

LIBRE = Path(__file__).parents[1] / "cases" / "workbooks" / "libreoffice_college.xlsx"


@pytest.fixture(scope="module", params=["openpyxl", "libreoffice"])
def workbook(request, tmp_path_factory):
    path = tmp_path_factory.mktemp(request.param) / "college.xlsx"
    return filled_workbook(path) if request.param == "openpyxl" else Path(shutil.copy(LIBRE, path))


def test_every_table_survives(workbook):
    ours, theirs = read_tables(EXAMPLE), read_tables(workbook)
    for table, columns in load_schema().items():
        for name, column in columns.items():
            left, right = ours[table][name], theirs[table][name]
            if column.numeric:
                assert np.array_equal(
                    left.to_numpy(float), right.to_numpy(float), equal_nan=True
                ), (table, name)
            elif column.type == "date":
                assert (left.isna() == right.isna()).all() and (
                    left.dropna() == right.dropna()
                ).all(), (table, name)
            else:
                assert left.tolist() == right.tolist(), (table, name)


def test_attributes_in_single_quotes_are_read(tmp_path):
    """XML allows either; a writer that quotes its relations the other way is no reason to fail."""
    ours, other = filled_workbook(tmp_path / "college.xlsx"), tmp_path / "other.xlsx"
    with zipfile.ZipFile(ours) as old, zipfile.ZipFile(other, "w") as new:
        for part in old.namelist():
            quoted = old.read(part).replace(b'"', b"'")
            new.writestr(part, quoted if part.endswith("workbook.xml.rels") else old.read(part))
    assert read_tables(other)["offerings"].equals(read_tables(ours)["offerings"])


def test_filled_workbook_is_checked_run_and_reported(workbook, tmp_path):
    assert main(["check", str(workbook), "--out", str(tmp_path / "核对")]) == 0
    options = ["--scenario", "cap_plus_20"]
    assert main(["run", "--data", str(workbook), *options, "--out", str(tmp_path / "book")]) == 0
    assert main(["run", "--data", "example", *options, "--out", str(tmp_path / "folder")]) == 0
    for file in sorted((tmp_path / "folder").glob("*.csv")):
        if file.stem != "findings":  # addresses differ: cells of a workbook, lines of a file
            pd.testing.assert_frame_equal(
                pd.read_csv(file), pd.read_csv(tmp_path / "book" / file.name), check_exact=True
            )
    code = main(
        [
            "report",
            "fee_cap",
            "--data",
            str(workbook),
            *options,
            "--internal",
            "--draws",
            "3",
            "--out",
            str(tmp_path / "out"),
        ]
    )
    pages = list((tmp_path / "out").glob("*.html"))
    assert (
        code == 0 and len(pages) == 1 and str(tmp_path) not in pages[0].read_text(encoding="utf-8")
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["book", "folder", "out", "核对"]
