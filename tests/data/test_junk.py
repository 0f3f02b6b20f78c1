"""Junk in any single cell of a valid set – every column of every table, as CSV or workbook – is refused at its address, or is kept
as the very words or number it is and changes nothing else: no other cell, and no result unless it is a number in range."""

import io
import re
import shutil
import zipfile
from functools import cache
from html import escape
from zlib import crc32

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter
from spoil import EXAMPLE, spoil_csv

from onexmodel.data.read import check_tables, read_tables
from onexmodel.data.reading.words import plain
from onexmodel.data.schema import load_schema
from onexmodel.data.sheets import chinese_rows, new_book
from onexmodel.engine.run import run
from onexmodel.law import load_law

JUNK = (
    "???",
    "#REF!",
    "１２x",
    "1e400",
    "二十",
    "—",
    "<b>",
    "=1+1",
    "99999999999999999999",
    "-1",
    "0.5.5",
    "\t",
    "2020-13-45",
    "🙂",
)
the_law = cache(load_law)
COLUMNS = [(table, name) for table, columns in load_schema().items() for name in columns]
SPECS = {
    (table, name): column
    for table, columns in load_schema().items()
    for name, column in columns.items()
}


@pytest.fixture(scope="module")
def clean(tmp_path_factory):
    """The worked example with every column of the schema in every table, as CSV and as one workbook."""
    folder, tables = tmp_path_factory.mktemp("clean") / "甲", read_tables(EXAMPLE)
    shutil.copytree(EXAMPLE, folder)
    book = new_book(folder.parent / "甲.xlsx")
    for table, columns in load_schema().items():
        raw = pd.read_csv(folder / f"{table}.csv", dtype=str, keep_default_na=False)
        raw.reindex(columns=list(columns), fill_value="").to_csv(
            folder / f"{table}.csv", index=False, lineterminator="\n"
        )
        sheet = book.add_worksheet(next(iter(columns.values())).sheet)
        sheet.write_row(0, 0, [column.header for column in columns.values()])
        for down, row in enumerate(chinese_rows(tables[table], columns), 1):
            sheet.write_row(down, 0, row)
            for at, value in enumerate(row):
                if value == "":
                    sheet.write_blank(down, at, None, book.add_format())
    sheet = book.add_worksheet("说明")
    sheet.write_row(0, 0, ["数据状态", "模拟"])
    book.close()
    return folder


def results(tables) -> dict[str, pd.DataFrame]:
    """Every result table but the findings, which quote cells; without the names beside codes, which are cells."""
    return run(the_law(), tables).frames()


@cache
def before(path):
    tables = read_tables(path)
    return tables, results(tables)


def holds(clean_path, path, table, row, name, junk) -> str:
    """ "refused" or "kept"; AssertionError where the junk is neither said nor harmless. `row` counts as in the file."""
    checked, spec, sheet = (
        check_tables(path),
        SPECS[table, name],
        next(iter(load_schema()[table].values())).sheet,
    )
    errors = [fault for fault in checked.faults if fault.level == "error"]
    if checked.tables is None:
        place = (path.name, sheet, row) if path.suffix else (f"{table}.csv", "", row)
        here = [fault for fault in checked.faults if fault.at[:3] == place]
        assert here, [str(fault) for fault in errors]
        in_cell = [fault for fault in here if fault.at[3] == list(load_schema()[table]).index(name)]
        assert errors and in_cell, [str(fault) for fault in here]
        return "refused"
    (tables, numbers), after = before(clean_path), checked.tables
    for one in tables.frames:
        same = (tables[one] == after[one]) | (tables[one].isna() & after[one].isna())
        if one == table:
            same.loc[row - 2, name] = True
        assert same.to_numpy().all(), one
    was, value = tables[table][name].iloc[row - 2], after[table][name].iloc[row - 2]
    if spec.numeric:
        low, high, _ = spec.bounds
        assert (np.isnan(value) and not junk.strip()) or (
            float(junk) == value and low <= value <= min(high, 1e13)
        )
    elif spec.type in ("enum", "date", "bool", "list"):
        assert value == was or pd.isna(value) or (not junk.strip() and value in ("", False))
    else:
        assert value in (junk.strip(), plain(junk))
    for one, frame in results(after).items():
        if (
            spec.numeric or not junk.strip() or name == "special_document"
        ):  # another number, a cell emptied, a document named
            kept = frame.select_dtypes("number").to_numpy(float)
            assert not np.isinf(kept).any(), one
        else:
            pd.testing.assert_frame_equal(frame, numbers[one])
    return "kept"


def spoiled_folder(clean, tmp, table, row, name, junk):
    folder = tmp / "甲"
    shutil.copytree(clean, folder)
    spoil_csv(folder, {"table": table, "row": row, "column": name, "value": junk})
    return folder


def spoiled_workbook(clean, tmp, table, row, name, junk):
    """The cell replaced in the sheet's own XML by an inline string; openpyxl would take half a second."""
    source, path, sheets = clean.parent / "甲.xlsx", tmp / "甲.xlsx", list(load_schema())
    where = f"{get_column_letter(list(load_schema()[table]).index(name) + 1)}{row}"
    member = f"xl/worksheets/sheet{sheets.index(table) + 1}.xml"
    made = io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(made, "w") as new:
        for entry in old.namelist():
            text = old.read(entry)
            if entry == member:
                cell = f'<c r="{where}" t="inlineStr"><is><t xml:space="preserve">{escape(junk)}</t></is></c>'
                text, count = re.subn(
                    rf'<c r="{where}"(?: [^>/]*)?(?:/>|>.*?</c>)',
                    lambda _, cell=cell: cell,
                    text.decode(),
                    count=1,
                )
                assert count == 1
                text = text.encode()
            new.writestr(entry, text)
    path.write_bytes(made.getvalue())
    return path


def picked(name: str, rows: int) -> tuple[str, int]:
    """Junk and the row (as in the file) it is put in: by the column's name, so that a new column moves no other's."""
    at = crc32(name.encode())
    return JUNK[at % len(JUNK)], 2 + at // len(JUNK) % rows


@pytest.mark.parametrize(("table", "name"), COLUMNS, ids=lambda word: word)
def test_junk_in_every_column(clean, table, name, tmp_path):
    """As CSV or as a workbook, in turn: a cell's words are judged by the same function (test_round_trip compares the two)."""
    book = crc32(f"{table}.{name}".encode()) % 2 == 1
    source, spoiled = (
        (clean.parent / "甲.xlsx", spoiled_workbook) if book else (clean, spoiled_folder)
    )
    rows = len(before(clean)[0][table])
    junk, row = picked(f"{table}.{name} {'xlsx' if book else 'csv'}", rows)
    path = spoiled(clean, tmp_path, table, row, name, junk)
    holds(source, path, table, row, name, junk)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.sampled_from(COLUMNS),
    st.integers(0, 10_000),
    st.sampled_from(JUNK)
    | st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=6),
)
def test_any_junk_anywhere(clean, tmp_path_factory, column, row, junk):
    table, name = column
    row = 2 + row % len(before(clean)[0][table])
    holds(
        clean,
        spoiled_folder(clean, tmp_path_factory.mktemp("junk"), table, row, name, junk),
        table,
        row,
        name,
        junk,
    )


def test_junk_is_mostly_refused(clean, tmp_path):
    """A check that accepted everything would pass above for text; in columns that are not text it must refuse."""
    chosen = [column for column in COLUMNS if SPECS[column].type not in ("text", "id", "code")][
        ::13
    ]
    assert len(chosen) > 7
    for turn, (table, name) in enumerate(chosen):
        assert (
            holds(
                clean,
                spoiled_folder(clean, tmp_path / str(turn), table, 2, name, "二十x"),
                table,
                2,
                name,
                "二十x",
            )
            == "refused"
        )
