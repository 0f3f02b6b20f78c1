"""The annotated copy never ends a check: what cannot be copied is listed with the reason, what a copy loses is said."""

import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from spoil import csv_folder, filled_workbook, spoil_csv, spoil_workbook

from onexmodel.cli import main
from onexmodel.data import annotate as module
from onexmodel.data.annotate import annotate
from onexmodel.data.read import check_tables
from onexmodel.errors import Fault

RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
EMPTY = f'<?xml version="1.0"?><Relationships xmlns="{RELATIONS}">%s</Relationships>'


@pytest.fixture(scope="module")
def faulty(tmp_path_factory):
    """A workbook with one error, of two sheets besides the list."""
    path = filled_workbook(tmp_path_factory.mktemp("faulty") / "院校.xlsx")
    spoil_workbook(path, {"sheet": "开考计划", "cell": "F4", "value": "六十"})
    return path


def rewritten(source: Path, target: Path, change=lambda name, part: part, more=()) -> Path:
    """The workbook with each part changed (None: left out), and with more."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if (part := change(name, old.read(name))) is not None:
                new.writestr(name, part)
        for name, part in dict(more).items():
            new.writestr(name, part)
    return target


def linked(kind: str, target: str) -> str:
    """The relations of a sheet with one part that is not there."""
    return EMPTY % f'<Relationship Id="rId77" Type="{OFFICE}/{kind}" Target="{target}"/>'


def in_part(wanted: str, change):
    """A change of the parts whose names the pattern fits."""
    return lambda name, part: change(part) if re.fullmatch(wanted, name) else part


STYLES, FIRST = "xl/styles.xml", "xl/worksheets/sheet1.xml"
BROKEN = {
    "properties cut off": (in_part("docProps/core.xml", lambda part: part[:60]), {}, "docProps/core.xml 已损坏"),
    "a bare fill": (
        in_part(STYLES, lambda part: re.sub(rb"<fill>.*?</fill>", b"<fill/>", part, count=1)),
        {},
        "样式部分",
    ),
    "styles named that are not there": (
        in_part(FIRST, lambda part: re.sub(rb'<c r="A1"( s="\d+")?', b'<c r="A1" s="9999"', part)),
        {},
        "工作表部分",
    ),
    "no comments": (
        in_part("-", bytes),
        {"xl/worksheets/_rels/sheet1.xml.rels": linked("comments", "../comments9.xml")},
        "缺少 xl/comments9.xml",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_what_cannot_be_copied_is_listed_with_the_reason(name, faulty, tmp_path, capsys):
    change, more, why = BROKEN[name]
    path = rewritten(faulty, tmp_path / "院校.xlsx", change, more)
    assert main(["check", str(path), "--out", str(tmp_path / "核对")]) == 1
    said = capsys.readouterr()
    assert (
        "F4（计划考核人数）" in said.out and "错误 1 处" in said.err and "Warning" not in said.err
    )
    assert f"没有写批注副本：文件{'里的 ' if '损坏' in why else ''}" in said.out and why in said.out
    assert "问题清单" in said.out and "加批注的副本" not in said.out
    book = openpyxl.load_workbook(tmp_path / "核对" / "院校_核对结果.xlsx")
    assert book.sheetnames[:2] == ["核对结果", "开考计划"] or "开考计划" in book.sheetnames
    assert any("六十" in str(cell.value) for row in book["开考计划"].iter_rows() for cell in row)


@pytest.mark.parametrize("drop", ["xl/styles.xml", "docProps/core.xml", "xl/theme/theme1.xml"])
def test_a_part_that_can_be_missed_is_missed(drop, faulty, tmp_path):
    path = rewritten(faulty, tmp_path / "院校.xlsx", in_part(re.escape(drop), lambda part: None))
    copy = annotate(path, check_tables(path).faults, tmp_path / "核对")
    assert copy.path.exists() and (copy.complete or "没有写批注副本" in copy.note)


@pytest.mark.parametrize(
    "kind", [RuntimeError, MemoryError, RecursionError, AttributeError, OSError, KeyError]
)
def test_whatever_the_library_raises_the_list_is_written(kind, faulty, tmp_path, monkeypatch):
    def raising(*_, **__):
        raise kind("boom")

    monkeypatch.setattr("openpyxl.load_workbook", raising)
    copy = annotate(faulty, [Fault("甲", "乙", at=("院校.xlsx", "院校", 3, 1))], tmp_path)
    assert (
        not copy.complete and copy.note.startswith("没有写批注副本：") and "boom" not in copy.note
    )
    assert [copy.path] == list(tmp_path.iterdir()) and copy.path.stat().st_size > 4000


def test_a_copy_that_is_open_elsewhere_is_said_and_nothing_is_left(
    faulty, tmp_path, monkeypatch, capsys
):
    def held(*_):
        raise PermissionError(13, "in use")

    monkeypatch.setattr("onexmodel.places.os.replace", held)
    assert main(["check", str(faulty), "--out", str(tmp_path)]) == 1
    said = capsys.readouterr()
    assert "没有写批注副本：副本正被别的程序打开" in said.out and "错误 1 处" in said.err
    assert not list(tmp_path.iterdir())


def test_strict_open_xml_is_copied_with_its_sheets(faulty, tmp_path, recwarn):
    def strict(part: bytes) -> bytes:
        return re.sub(
            rb"http://schemas\.openxmlformats\.org/(spreadsheetml|drawingml|officeDocument)/2006/",
            rb"http://purl.oclc.org/ooxml/\1/",
            part,
        )

    path = rewritten(faulty, tmp_path / "院校.xlsx", lambda name, part: strict(part))
    copy = annotate(path, check_tables(faulty).faults, tmp_path / "核对")
    book = openpyxl.load_workbook(copy.path)
    assert copy.complete
    assert not [one for one in recwarn if one.category is UserWarning]  # openpyxl's
    assert book.sheetnames == ["核对结果", *openpyxl.load_workbook(faulty).sheetnames]
    assert "不是数" in book["开考计划"]["F4"].comment.text


def test_what_a_copy_loses_is_said(faulty, tmp_path, capsys):
    sparklines = b'<extLst><ext uri="{05C60535-1F16-4fd2-B633-F4F36F0B64E0}"/></extLst></worksheet>'
    path = rewritten(
        faulty,
        tmp_path / "院校.xlsm",
        in_part(FIRST, lambda part: part.replace(b"</worksheet>", sparklines)),
        {
            "xl/vbaProject.bin": b"-",
            "xl/ctrlProps/ctrlProp1.xml": "<a/>",
            "xl/slicers/slicer1.xml": "<a/>",
            "xl/drawings/drawing9.xml": "<xdr:wsDr xmlns:xdr='x'><xdr:sp ></xdr:sp></xdr:wsDr>",
            "xl/newThing/thing1.xml": "<a/>",
            "xl/calcChain.xml": "<a/>",
        },
    )
    assert main(["check", str(path), "--out", str(tmp_path / "核对")]) == 1
    line = next(one for one in capsys.readouterr().out.splitlines() if "没有保留" in one)
    for word in ("宏", "控件", "切片器", "迷你图", "文本框和图形", "其他内容（newThing）"):
        assert word in line
    assert "calcChain" not in line and "原文件没有改动" in line


def test_of_a_plain_workbook_nothing_is_lost(faulty, tmp_path):
    copy = annotate(faulty, check_tables(faulty).faults, tmp_path)
    assert copy.complete and copy.note == ""


def test_own_comments_stay_and_no_sheets_are_grouped(faulty, tmp_path):
    book = openpyxl.load_workbook(faulty)
    book["开考计划"]["F4"].comment = Comment("等学生处确认", "某")
    for sheet in book.worksheets:
        sheet.sheet_view.tabSelected = True
    book.save(path := tmp_path / "院校.xlsx")
    copy = openpyxl.load_workbook(annotate(path, check_tables(path).faults, tmp_path / "核对").path)
    text = copy["开考计划"]["F4"].comment.text
    assert "不是数" in text and "〔原批注〕等学生处确认" in text
    assert [sheet.title for sheet in copy.worksheets if sheet.sheet_view.tabSelected] == [
        "核对结果"
    ]


def test_control_characters_in_what_is_said_do_no_harm(faulty, tmp_path):
    faults = [Fault("甲", "「\x0b\x00\ud800」", at=("院校.xlsx", "开考计划", 4, 5))]
    for source in (faulty, csv_folder(tmp_path / "甲")):
        copy = annotate(source, faults, tmp_path / "核对")
        assert openpyxl.load_workbook(copy.path)["核对结果"]["C2"].value == "「���」"
    assert annotate(faulty, faults, tmp_path / "核对").complete


def test_a_sheet_of_formatted_empty_rows_is_listed_and_not_walked(faulty, tmp_path):
    rows = b"".join(
        b'<row r="%d">%s</row>'
        % (at, b"".join(b'<c r="%c%d"/>' % (65 + to, at) for to in range(17)))
        for at in range(1000, 36_000)
    )
    far = b'<row r="1048576"><c r="XFD1048576"/></row></sheetData>'
    path = rewritten(
        faulty,
        tmp_path / "院校.xlsx",
        in_part(FIRST, lambda part: part.replace(b"</sheetData>", rows + far)),
    )
    faults = check_tables(faulty).faults
    copy = annotate(path, faults, tmp_path / "核对")
    assert not copy.complete and "文件很大" in copy.note
    assert openpyxl.load_workbook(copy.path)["核对结果"].max_row == len(faults) + 1


def test_names_that_no_sheet_may_have_are_changed(tmp_path):
    folder = csv_folder(tmp_path / "甲")
    names = ("offerings", "Offerings", "a[b]:c", "长" * 40, "长" * 41, "核对结果")
    for name in names:
        (folder / f"{name}.csv").write_text("college\nX1\n", encoding="utf-8")
    faults = [Fault(name, "错", at=(f"{name}.csv", "", 2, 0)) for name in names]
    book = openpyxl.load_workbook(annotate(folder, faults, tmp_path / "核对").path)
    assert len(book.sheetnames) == len(names) + 1 and book.sheetnames[0] == "核对结果"


def test_rows_that_cannot_be_read_again_are_named(faulty, tmp_path):
    folder = csv_folder(tmp_path / "甲")
    (folder / "levers.csv").write_bytes(bytes.fromhex("89504e470d0a1a0a0000ff81fe"))
    faults = [Fault("levers.csv", "编码", at=("levers.csv", "", 1, 0))]
    assert "「levers.csv」的行没有列出" in annotate(folder, faults, tmp_path / "核对").note


def test_the_copy_goes_beside_the_data_or_where_one_can_write(
    faulty, tmp_path, monkeypatch, capsys
):
    (home := tmp_path / "家").mkdir()
    (data := tmp_path / "数据").mkdir()
    monkeypatch.chdir(home)
    spoil_csv(
        csv_folder(data / "甲"),
        {"table": "offerings", "row": 5, "column": "candidates", "value": "多"},
    )
    assert main(["check", "../数据/甲"]) == 1 and (data / "甲_核对结果.xlsx").exists()
    access = module.os.access
    monkeypatch.setattr("os.access", lambda path, how: Path(path) != data and access(path, how))
    (data / "甲_核对结果.xlsx").unlink()
    assert main(["check", str(data / "甲")]) == 1
    assert [path.name for path in home.iterdir()] == ["甲_核对结果.xlsx"]
    assert sorted(path.name for path in data.iterdir()) == ["甲"]
    (home / "file").write_text("", encoding="utf-8")
    capsys.readouterr()
    assert main(["check", str(data / "甲"), "--out", "file"]) == 2
    assert "换一个位置" in capsys.readouterr().err


def test_of_a_shipped_set_nothing_is_written_beside_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["check", "example"]) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["example_核对结果.xlsx"]


@pytest.mark.parametrize(
    "name", ["error_cell_spill_traceback", "header_in_row_6", "header_in_two_merged_rows_19_faults"]
)
def test_rows_are_listed_as_they_were_read(name, tmp_path, monkeypatch):
    """By the reader's own way: a newer error such as #SPILL! does not stop it, and the header stands where the reader finds it."""
    path = Path(__file__).parents[1] / "cases" / "intake" / f"{name}.xlsx"
    spot = (path.name, "开考计划", 8, 5)
    faults = [*check_tables(path).faults, Fault("这里", "看一看", level="note", at=spot)]
    monkeypatch.setattr(module, "LARGE", 0)
    copy = annotate(path, faults, tmp_path)
    sheet = openpyxl.load_workbook(copy.path)["开考计划"]
    head = [str(cell.value or "").lstrip("*○") for cell in sheet[1]]
    assert {"学校标识码", "证书代码", "等级"} <= set(head)
    assert "没有列出" not in copy.note and 8 in [cell.value for cell in sheet["A"]]
