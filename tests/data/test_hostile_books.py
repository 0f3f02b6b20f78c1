"""Workbooks that somebody made to do harm, or that are broken: each is a sentence, soon, in little memory; what can be read besides is read."""

import re
import struct
import tracemalloc
import zipfile
from pathlib import Path

import openpyxl
import pytest
from sheet_xml import MAIN, good_parts, write
from spoil import filled_workbook

from onexmodel.data.annotate import annotate
from onexmodel.data.read import check_tables, parse
from onexmodel.data.reading.ooxml import archive, fast, package, stream
from onexmodel.data.reading.ooxml.archive import Unreadable
from onexmodel.errors import DataError, Fault

CASES = Path(__file__).parents[1] / "cases" / "faults"
SHEET, BOOK, LINKS = "xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
STYLES, STRINGS = "xl/styles.xml", "xl/sharedStrings.xml"
DTD = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd"><!ENTITY a "aaaa">]>'


def rows(xml: str, **parts: str) -> dict:
    """The good parts with more rows in 开考计划."""
    made = good_parts()
    made[SHEET] = made[SHEET].replace("</sheetData>", f"{xml}</sheetData>")
    return made | parts


def changed(name: str, old: str, new: str, count: int = -1) -> dict:
    """The good parts with one changed."""
    made = good_parts()
    assert re.search(old, made[name])
    return made | {name: re.sub(old, lambda _: new, made[name], count=max(count, 0))}


def cell(ref: str, row: str, inside: str = "<v>1</v>", more: str = "") -> str:
    """A row with one cell."""
    return f'<row r="{row}"><c r="{ref}"{more}>{inside}</c></row>'


def around(xml: str) -> dict:
    """The good parts with something after the rows of 开考计划."""
    return changed(SHEET, "</sheetData>", f"</sheetData>{xml}")


def told(path) -> str:
    """Everything that reading says, errors first."""
    try:
        faults = [fault for _, fault in parse(path).faults]
    except DataError as error:
        faults = [*error.faults]
    return "\n".join(str(one) for one in sorted(faults, key=lambda one: one.level != "error"))


BROKEN = "工作表「开考计划」：读不出"
ODD = {
    "the last cell": (rows(cell("XFD1048576", "1048576")), "XFD1048576：离表很远的地方还有内容"),
    "far cells": (rows("".join(cell(f"XFD{n}", f"{n}") for n in range(9, 50))), "这样的格子共 41 个"),
    "a styled last cell": (rows(cell("XFD1048576", "1048576", "", ' s="999"')), "缺少工作表"),
    **{f"row {n}": (rows(cell(f"A{n}", n)), BROKEN) for n in ("-5", "0", "1048577", "9" * 30, "9" * 5000, "x", "2.5")},
    **{f"cell {ref}": (rows(cell(ref, "50")), BROKEN) for ref in ("A-5", "50", "甲50", "@50", "A49", "XFE50", "ABCDEFGHIJKLM50")},
    "a row twice": (rows(cell("A2", "2")), "第 2 行出现两次"),
    "a cell twice": (changed(SHEET, "</row>", '<c r="A1"><v>1</v></c></row>', 1), "第 1 行有一格出现两次"),
    "a string that is not there": (rows(cell("A50", "50", "<v>999</v>", ' t="s"')), BROKEN),
    "a string before the first": (rows(cell("A50", "50", "<v>-1</v>", ' t="s"')), BROKEN),
    "a style before the first": (rows(cell("B50", "50", more=' s="-3"')), "开考计划"),
    "a style that is a word": (rows(cell("B50", "50", more=' s="x"')), BROKEN),
    "an endless text": (rows(cell("A50", "50", f"<is><t>{'z' * 200_000}</t></is>", ' t="inlineStr"')), "长得不像单元格"),
    "half a sign": (rows(cell("E50", "50", "<is><t>_xD800_</t></is>", ' t="inlineStr"')), "_xD800_"),
    "merged out of the sheet": (around('<mergeCells><mergeCell ref="A1:B99999999"/></mergeCells>'), BROKEN),
    "merged over all": (around('<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'), "A1:XFD1048576：有合并单元格"),
    "merged backwards": (around('<mergeCells><mergeCell ref="C3:A2"/></mergeCells>'), "C3:A2：有合并单元格"),
    "merged often": (around("<mergeCells>" + '<mergeCell ref="A1:B3"/>' * 300 + "</mergeCells>"), "同类问题还有 200 处"),
    "columns of words": (changed(SHEET, "<sheetData>", '<cols><col hidden="1" min="x"/></cols><sheetData>'), BROKEN),
    "a declared type in a sheet": (changed(SHEET, "^", DTD, 1), "声明了文档类型"),
    "a declared type in UTF-16": (good_parts() | {SHEET: (DTD + good_parts()[SHEET]).encode("utf-16")}, "声明了文档类型"),
    "a declared type in the list": (changed(BOOK, "^", DTD, 1), "声明了文档类型"),
    "a declared type in the strings": (changed(STRINGS, "^", DTD, 1), "声明了文档类型"),
    "a declared type in the styles": (changed(STYLES, "^", DTD, 1), "声明了文档类型"),
    "too deep": (around("<a>" * 3000 + "</a>" * 3000), "开考计划"),
    "too deep to see the end": (around("<a>" * 200_000), "套得太深"),
    "a comment without end": (around("<!--" + "<x>" * 300_000 + "-->"), "长得不像单元格"),
    "sheets without end": (changed(BOOK, "</sheets>", '<sheet name="a" id="rId1"/>' * 2_001 + "</sheets>"), "超过 2000 张工作表"),
    "names": (changed(BOOK, "</sheets>", "</sheets><definedNames>" + "<definedName/>" * 50_000 + "</definedNames>"), "缺少工作表"),
    "links without end": (changed(LINKS, "</Rel", "".join(f'<R Id="{n}"/>' for n in range(20_001)) + "</Rel"), "链接超过"),
    "styles without end": (changed(STYLES, "</cellXfs>", "<xf/>" * 66_000 + "</cellXfs>"), "样式超过"),
    "a style of words": (changed(STYLES, "<cellXfs>", '<cellXfs><xf numFmtId="x"/>'), "styles.xml"),
    "a format of brackets": (changed(STYLES, 'formatCode="0"', f'formatCode="[&gt;=..]{"[" * 5000}"'), "缺少工作表"),
    "no target": (changed(LINKS, ' Target="worksheets/sheet1.xml"', ""), "里面没有这部分内容"),
    "no targets": (changed(LINKS, ' Target="[^"]*"', ""), "里面没有这部分内容"),
    "a target outside": (changed(LINKS, "worksheets/sheet1.xml", "../../../etc/passwd"), "里面没有这部分内容"),
    "a target elsewhere": (changed(LINKS, 'worksheets/sheet1.xml"', 'http://127.0.0.1:9/x" TargetMode="External"'), "里面没有这部分内容"),
    "a target that is missing": (changed(LINKS, "sheet1.xml", "sheet9.xml"), "里面没有这部分内容"),
    "a target that is the list": (changed(LINKS, "worksheets/sheet1.xml", "workbook.xml"), "开考计划"),
    "no links": ({name: xml for name, xml in good_parts().items() if name != LINKS}, "里面没有这部分内容"),
    "no list": ({name: xml for name, xml in good_parts().items() if name != BOOK}, "缺少工作表的目录"),
    **{
        f"{what} in {part}": (good_parts() | {part: xml}, "损坏")
        for part in (BOOK, LINKS, STYLES, STRINGS, SHEET)
        for what, xml in (("nothing", b""), ("a picture", b"\x89PNG\r\n\x1a\n\0\0"), ("half", good_parts()[part][:99]))
    },
}  # fmt: skip


@pytest.mark.parametrize("name", ODD)
def test_what_no_table_program_writes_is_a_sentence(name, tmp_path):
    parts, words = ODD[name]
    assert words in told(write(tmp_path / "甲.xlsx", parts))


def patched(path: Path, part: str, at: int, value: int, form: str = "<H") -> Path:
    """The archive with a field of one part changed, in the table of contents and before the part (`at` there)."""
    raw, found = bytearray(path.read_bytes()), 0
    while (found := raw.find(b"PK\x01\x02", found)) >= 0:
        length = struct.unpack_from("<H", raw, found + 28)[0]
        if raw[found + 46 : found + 46 + length] == part.encode():
            struct.pack_into(form, raw, found + at + 2, value)
            struct.pack_into(form, raw, struct.unpack_from("<I", raw, found + 42)[0] + at, value)
        found += 4
    path.write_bytes(raw)
    return path


FIELDS = {
    "locked": (6, 1, "<H", "有密码"),
    "an unknown packing": (8, 97, "<H", "压缩方式不是工作簿用的"),
    "another sum": (14, 1, "<I", "损坏"),
    "less than there is": (22, 10, "<I", "损坏"),
    "more than a book has": (22, 0xFFFFFFF0, "<I", "解开后有 4,295 MB"),
}


@pytest.mark.parametrize("part", [BOOK, STYLES, SHEET])
@pytest.mark.parametrize("name", FIELDS)
def test_what_the_archive_says_of_a_part(name, part, tmp_path):
    at, value, form, words = FIELDS[name]
    assert words in told(patched(write(tmp_path / "甲.xlsx", good_parts()), part, at, value, form))


def packed(path: Path, parts: dict) -> Path:
    """The parts, packed as Excel packs them."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, xml in parts.items():
            made.writestr(name, xml)
    return path


def test_a_stream_that_is_broken_costs_its_sheet_only(tmp_path):
    path = packed(tmp_path / "甲.xlsx", good_parts())
    raw = bytearray(path.read_bytes())
    at = raw.index(SHEET.encode()) + len(SHEET) + 40
    raw[at : at + 30] = bytes(byte ^ 0xA5 for byte in raw[at : at + 30])
    path.write_bytes(raw)
    said = told(path)
    assert f"{BROKEN}：内容已损坏" in said and "支付台账」：读不出" not in said


@pytest.mark.parametrize("part", [SHEET, STRINGS, STYLES, BOOK, "xl/theme/theme1.xml", "x.bin"])
def test_what_unpacks_to_a_hundred_times_is_refused_before_it_is(part, tmp_path, monkeypatch):
    parts = good_parts() | {part: b"<a>" + b" " * 4_000_000}
    path = packed(tmp_path / "甲.xlsx", parts)
    monkeypatch.setattr(archive, "FLOOR", 1_000_000)
    monkeypatch.setattr(archive, "CHUNK", None)  # nothing may be unpacked
    assert "解开后是压缩时的" in told(path) and "倍，不像工作簿" in told(path)
    monkeypatch.setattr(archive, "UNPACKED", 3_000_000)
    assert "解开后有 4 MB" in told(path)


def test_many_parts_are_one_whole(tmp_path, monkeypatch):
    path = packed(tmp_path / "甲.xlsx", good_parts() | {f"x{n}": b" " * 90_000 for n in range(20)})
    monkeypatch.setattr(archive, "UNPACKED", 1_000_000)
    assert "解开后有 2 MB" in told(path)
    monkeypatch.setattr(archive, "MEMBERS", 10)
    assert "个部件，不像工作簿" in told(path)


def test_an_archive_that_lies_gives_no_more_than_it_says(tmp_path):
    path = packed(tmp_path / "甲.xlsx", good_parts() | {SHEET: b"<a>" + b" " * 60_000_000})
    patched(path, SHEET, 22, 5000, "<I")
    tracemalloc.start()
    said = told(path)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert f"{BROKEN}：内容已损坏" in said and most < 20_000_000


def test_pictures_do_not_count_and_honest_sheets_pass(tmp_path):
    """A sheet of equal rows, and more bytes of what cannot be packed than may be unpacked."""
    many = "".join(f'<row r="{n}" spans="1:9"/>' for n in range(100, 60_000))
    path = packed(tmp_path / "甲.xlsx", rows(many))
    with archive.open_archive(path) as opened:
        assert opened.getinfo(SHEET).file_size > 1_000_000
    assert "读不出" not in told(path)


def test_two_parts_of_one_name_are_not_chosen_between(tmp_path):
    path = write(tmp_path / "甲.xlsx", good_parts())
    with zipfile.ZipFile(path, "a") as made, pytest.warns(UserWarning):
        made.writestr(SHEET, "<worksheet/>")
    assert "两份同名的内容" in told(path)


FAST = {
    "the last cell": cell("XFD1048576", "1048576"),
    "another order": '<row r="1048576"><c s="0" r="XFD1048576"><v>1</v></c></row>',
    "an entity": cell("&#88;FD1048576", "1048576"),
    "a far row": cell("A1048576", "1048576"),
    "a row beyond": cell("Z4294967295", "4294967295"),
    "an earlier row": cell("A2", "2"),
    "a wide column": cell("AB9", "9"),
    "a tab": '<row r="9"><c\tr="XFD9"><v>1</v></c></row>',
}


@pytest.mark.parametrize("name", FAST)
def test_the_reader_that_keeps_a_whole_range_never_sees_a_wide_one(name, tmp_path, monkeypatch):
    monkeypatch.setattr(fast, "LARGE", 0)
    monkeypatch.setattr(fast, "EMPTY", 100_000)
    made = rows("".join(cell(f"B{n}", f"{n}") for n in range(4, 8)) + FAST[name])
    with package.open_package(write(tmp_path / "甲.xlsx", made)).archive as opened:
        assert not fast._plain(package._package(opened), SHEET)
    good = rows("".join(cell(f"B{n}", f"{n}") for n in range(4, 8)))
    with package.open_package(write(tmp_path / "乙.xlsx", good)).archive as opened:
        assert fast._plain(package._package(opened), SHEET)


def test_elements_are_forgotten_when_nobody_wants_them():
    many = [f'<r xmlns="{MAIN}"><x>'.encode(), *[b"<a/>" * 10_000] * 9, b"</x><y><z/></y></r>"]
    tracemalloc.start()
    found = list(stream.elements(many, frozenset({"y"}), frozenset()))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [name for name, _ in found] == ["y"] and most < 4_000_000
    with pytest.raises(Unreadable, match="大得不像表格"):
        list(stream.elements(many))


def lists_instead(path: Path, out: Path) -> str:
    """What is said where there is a list and no copy; "" where there is a copy."""
    faults = [Fault("甲", "乙", at=(path.name, "开考计划", 3, 1))]
    copy = annotate(path, faults, out)
    assert copy.path.is_file() and openpyxl.load_workbook(copy.path, read_only=True).sheetnames
    return "" if copy.complete else copy.note


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    """A workbook that can be copied, part by part."""
    path = filled_workbook(tmp_path_factory.mktemp("good") / "院校.xlsx")
    with zipfile.ZipFile(path) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def end_of_sheet(parts, xml: bytes) -> dict:
    """The parts with something at the end of the first sheet's rows."""
    return parts | {SHEET: parts[SHEET].replace(b"</sheetData>", b"</sheetData>" + xml)}


NOT_COPIED = {
    "merged over all": (
        lambda parts: end_of_sheet(parts, b"<mergeCells><mergeCell ref='A9:XFD1048576'/></mergeCells>"),
        "合并单元格的范围很大",
    ),
    "a declared type": (
        lambda parts: parts | {"docProps/core.xml": DTD.encode() + parts["docProps/core.xml"]},
        "声明了文档类型",
    ),
    "large by another name": (lambda parts: parts | {"xl/big.bin": b" " * 7_000_000}, "文件很大"),
}  # fmt: skip


@pytest.mark.parametrize("name", NOT_COPIED)
def test_what_would_take_for_ever_to_copy_is_listed(name, good, tmp_path):
    change, words = NOT_COPIED[name]
    assert words in lists_instead(packed(tmp_path / "院校.xlsx", change(good)), tmp_path / "out")


@pytest.mark.parametrize(
    "at, value, words", [(6, 1, "docProps/core.xml 有密码"), (8, 97, "压缩方式"), (14, 1, "损坏")]
)
def test_a_part_that_only_the_copy_needs_costs_the_copy(at, value, words, good, tmp_path):
    path = patched(packed(tmp_path / "院校.xlsx", good), "docProps/core.xml", at, value)
    assert check_tables(path).tables is not None
    assert words in lists_instead(path, tmp_path / "out")


def test_a_clock_before_1980_costs_nothing(good, tmp_path, monkeypatch):
    monkeypatch.setattr("time.time", lambda: 86_400.0)
    path = packed_then(tmp_path, good)
    assert lists_instead(path, tmp_path / "out") == ""


def packed_then(folder: Path, parts: dict) -> Path:
    """An archive made under a clock that no archive can name."""
    path = folder / "院校.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, xml in parts.items():
            made.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), xml)
    return path


HANDED = {
    "encflag": (True, "[Content_Types].xml 有密码"),
    "styled_last": (True, "工作表部分不合格式规范"),
    "rel_out": (False, "不是普通的工作表"),
}


@pytest.mark.parametrize("name", HANDED)
def test_the_files_that_were_handed_in(name, tmp_path):
    read, words = HANDED[name]
    checked = check_tables(CASES / f"{name}.xlsx")
    assert (checked.tables is not None) == read
    if not read:
        assert "培训评价组织」：读不出" in "\n".join(map(str, checked.faults))
    assert words in lists_instead(CASES / f"{name}.xlsx", tmp_path)
