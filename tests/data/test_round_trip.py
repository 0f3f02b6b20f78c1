"""Template → fill → check → run → report, with a workbook by openpyxl and one by LibreOffice; junk in any cell."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spoil import EXAMPLE, filled_workbook

from onexmodel.cli import main
from onexmodel.data.read import check_tables, read_tables
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
                assert np.array_equal(left.to_numpy(float), right.to_numpy(float), equal_nan=True), (table, name)
            elif column.type == "date":
                assert (left.isna() == right.isna()).all() and (left.dropna() == right.dropna()).all(), (table, name)
            else:
                assert left.tolist() == right.tolist(), (table, name)


def test_filled_workbook_is_checked_run_and_reported(workbook, tmp_path):
    assert main(["check", str(workbook), "--out", str(tmp_path / "核对")]) == 0
    options = ["--scenario", "cap_plus_20"]
    assert main(["run", "--data", str(workbook), *options, "--out", str(tmp_path / "book")]) == 0
    assert main(["run", "--data", "example", *options, "--out", str(tmp_path / "folder")]) == 0
    for file in sorted((tmp_path / "folder").glob("*.csv")):
        if file.stem != "findings":  # addresses differ: cells of a workbook, lines of a file
            pd.testing.assert_frame_equal(pd.read_csv(file), pd.read_csv(tmp_path / "book" / file.name), check_exact=True)
    code = main(["report", "fee_cap", "--data", str(workbook), *options, "--internal", "--draws", "3", "--out", str(tmp_path / "out")])
    pages = list((tmp_path / "out").glob("*.html"))
    assert code == 0 and len(pages) == 1 and str(tmp_path) not in pages[0].read_text(encoding="utf-8")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["book", "folder", "out", "核对"]


JUNK = st.sampled_from(["???", "#REF!", "１２x", "1e400", "二十", "—", "<b>", "=1+1", "99999999999999999999", "-1", "0.5.5", "\t", "2020-13-45", "🙂"])
_TABLES = {table: len(frame) for table, frame in read_tables(EXAMPLE).frames.items() if len(frame)}
_TYPES = {(table, name): column for table, columns in load_schema().items() for name, column in columns.items()}


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(sorted(_TABLES)), st.data(), JUNK)
def test_junk_in_any_cell_is_refused_with_its_address_or_harmless(tmp_path_factory, table, data, junk):
    from spoil import csv_folder, spoil_csv

    from onexmodel.study import open_run
    folder = csv_folder(tmp_path_factory.mktemp("junk") / "甲")
    header = (folder / f"{table}.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
    row, column = data.draw(st.integers(2, _TABLES[table] + 1)), data.draw(st.sampled_from(header))
    spoil_csv(folder, {"table": table, "row": row, "column": column, "value": junk})
    checked = check_tables(folder)
    spec, before = _TYPES[table, column], read_tables(EXAMPLE)
    if checked.tables is None:
        assert any(fault.at[:3] == (f"{table}.csv", "", row) or f"第 {row} 行" in fault.where or spec.column in ("college", "certificate", "province", "organisation", "assessment", "level")
                   for fault in checked.faults if fault.level == "error")
        return
    value = checked.tables[table][column].iloc[row - 2]
    if spec.numeric:  # accepted: then it was a number in range, or blank where blank may be
        assert np.isnan(value) and junk.strip() == "" or float(junk) == value
    elif spec.type in ("enum", "date", "bool"):
        assert pd.isna(value) or value in ("", False) or value == before[table][column].iloc[row - 2]
    run, _ = open_run(folder)
    assert all(np.isfinite(run.last[0].served["fee_bill"]))
