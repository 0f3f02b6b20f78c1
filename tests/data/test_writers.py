"""The same content by openpyxl, XlsxWriter and LibreOffice, straight and by way of .ods: the same tables."""

from pathlib import Path

import pytest
from spoil import EXAMPLE
from writers import by_openpyxl, by_xlsxwriter

from onexmodel.data.read import check_tables, read_tables

KEPT = Path(__file__).parents[1] / "cases" / "workbooks"
WRITERS = {
    "openpyxl": lambda folder: by_openpyxl(folder / "a.xlsx"),
    "XlsxWriter": lambda folder: by_xlsxwriter(folder / "a.xlsx"),
    "XlsxWriter, row by row": lambda folder: by_xlsxwriter(folder / "a.xlsx", True),
    "LibreOffice": lambda folder: KEPT / "by_libreoffice.xlsx",
    "LibreOffice, from ods": lambda folder: KEPT / "by_libreoffice_from_ods.xlsx",
}


@pytest.mark.parametrize("writer", WRITERS)
def test_all_writers_give_the_same_tables(writer, tmp_path):
    checked, ours = check_tables(WRITERS[writer](tmp_path)), read_tables(EXAMPLE)
    assert checked.tables is not None, [str(fault) for fault in checked.faults]
    for table, frame in ours.frames.items():
        assert frame.equals(checked.tables[table].astype(frame.dtypes)), table
    plain = {fault.code for fault in check_tables(EXAMPLE).faults}
    assert {fault.code for fault in checked.faults} <= plain
