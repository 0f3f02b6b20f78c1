"""Signs that turn the direction of their neighbours (U+202E and others) in a text of the data: a warning that names the cell, and gone."""

import csv
import re
import shutil

import pytest
from openpyxl import Workbook

from onexmodel.cli import main
from onexmodel.data.about import about_of_sheet
from onexmodel.data.codes import BY_COLUMN, FREE
from onexmodel.data.read import check_tables
from onexmodel.data.schema import load_schema
from onexmodel.errors import TURNING
from onexmodel.places import shipped

SIGNS = [*"\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"]
SIGN = re.compile(f"[{TURNING}]")
FIELDS = [
    (table, name)
    for table, columns in load_schema().items()
    for name, column in columns.items()
    if column.type in ("text", "id", "code") and (name not in BY_COLUMN or name in FREE)
]


def test_the_signs_are_all_there():
    assert all(map(SIGN.fullmatch, SIGNS)) and len(SIGNS) == 12


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(shipped("data", "example"), tmp_path / "data")


def put(folder, sign: str) -> list[tuple[str, str]]:
    """The sign into every text of the first row of every table, codes and keys apart; which they were."""
    done = []
    for table, name in FIELDS:
        file = folder / f"{table}.csv"
        if not file.exists():
            continue
        rows = list(csv.reader(file.open(encoding="utf-8-sig")))
        if load_schema()[table][name].type != "text" or name not in rows[0]:
            continue
        at = rows[0].index(name)
        if rows[1][at]:
            rows[1][at] = f"{rows[1][at][:1]}{sign}{rows[1][at][1:]}"
            done.append((table, name))
            with file.open("w", encoding="utf-8", newline="") as to:
                csv.writer(to).writerows(rows)
    return done


@pytest.mark.parametrize("sign", ["\u202e", "\u2067", "\u200f"])
def test_a_sign_in_a_text_is_a_warning_at_its_cell_and_gone(sign, folder):
    done = put(folder, sign)
    about = folder / "dataset.yaml"
    about.write_text(about.read_text("utf-8").replace("示例", f"示{sign}例"), encoding="utf-8")
    checked = check_tables(folder)
    warned = [fault for fault in checked.faults if fault.code == "turned"]
    assert len(done) > 7 and len(warned) == len(done) + 2
    assert all(
        fault.level == "warning" and f"[U+{ord(sign):04X}]" in fault.what for fault in warned
    )
    where = {fault.where for fault in warned}
    assert {"dataset.yaml 第 1 行", "dataset.yaml 第 3 行"} <= where
    assert {f"{table}.csv 第 2 行「{name}」" for table, name in done} <= where
    read = checked.tables
    texts = [*read.title.values(), *read.label.values()]
    texts += [str(one) for frame in read.frames.values() for name in frame for one in frame[name]]
    assert not SIGN.search("".join(texts)) and "示例数据" in read.title.values()


def test_a_sign_in_a_code_is_a_warning_and_the_code_is_found(folder):
    file = folder / "offerings.csv"
    head, first, *rest = file.read_text("utf-8-sig").splitlines()
    file.write_text("\n".join([head, f"\u2067{first}", *rest]), encoding="utf-8")
    checked = check_tables(folder)
    assert checked.tables is not None
    assert any(
        "offerings.csv 第 2 行" in fault.where for fault in checked.faults if fault.code == "turned"
    )


def test_check_prints_no_such_sign(folder, tmp_path, capsys):
    put(folder, "\u202e")
    assert main(["check", str(folder), "--out", str(tmp_path)]) == 0
    said = "".join(capsys.readouterr())
    assert "[U+202E]" in said and not SIGN.search(said)


def test_a_sign_in_the_sheet_of_notes_is_a_warning_at_its_cell():
    faults = []
    about = about_of_sheet([["x"], ["数据名称", "甲\u202e乙"]], "b.xlsx", faults)
    assert about.title == {"zh": "甲乙", "en": "甲乙"}
    (fault,) = faults
    assert fault.level == "warning" and fault.where == "b.xlsx 工作表「说明」 B2（数据名称）"
    assert fault.at == ("b.xlsx", "说明", 2, 1)


def test_a_workbook_is_read_the_same(tmp_path):
    book = Workbook()
    sheet = book.active
    sheet.title = "省份"
    for row in (["省级代码", "省份"], ["S01", "甲\u202e省"]):
        sheet.append(row)
    book.save(tmp_path / "b.xlsx")
    found = [fault for fault in check_tables(tmp_path / "b.xlsx").faults if fault.code == "turned"]
    assert [fault.where for fault in found] == ["b.xlsx 工作表「省份」 B2（省份）"]
