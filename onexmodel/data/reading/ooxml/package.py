"""An Office Open XML package: what kind of file it really is, its sheets, its strings, its styles. By relations, never by file
names; every namespace a writer may use reads the same, prefixed or not, transitional or strict."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ....errors import DataError, Fault
from ....strangers import unreadable, why_unread
from .archive import Unreadable, chunks, open_archive, read
from .formats import BUILT_IN, Format, format_of
from .stream import elements, local

LONGEST_CODE = 255  # letters of a number format, as Excel has it
LONGEST_TEXT = 1 << 17  # letters of a text; a cell has up to 32,767
SHEETS = 2_000
RELATIONS = 20_000  # of one part; each sheet, picture and link has one
STYLES = 65_536  # of cells, as Excel has it
STRUCTURE = (
    32_000_000  # bytes of a part that says what there is; a workbook with 60,000 names has 8 MB
)
LARGEST = 500_000_000  # bytes of the file
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SAVE_AS = "在 Excel 或 WPS 中打开，另存为「Excel 工作簿（.xlsx）」"


@dataclass(frozen=True)
class Sheet:
    """A worksheet: its name, its part in the archive ("" where it is missing), and whether it is visible."""

    name: str
    part: str
    visible: bool


@dataclass(frozen=True)
class Package:
    """`strings`: the shared ones; `formats`: number format of each cell style; `old_dates`: days count from 1904."""

    archive: zipfile.ZipFile
    sheets: tuple[Sheet, ...]
    strings: list[str]
    formats: tuple[Format, ...]
    old_dates: bool


def open_package(file: Path) -> Package:
    """Raises DataError with one sentence where it is not a readable workbook."""
    try:
        problem = unreadable(file) or _refused(file)
    except OSError as error:
        problem = why_unread(error)
    if problem:
        raise DataError(Fault(file.name, *problem, code="not_xlsx"))
    try:
        archive = open_archive(file)
        try:
            return _package(archive)
        except BaseException:
            archive.close()
            raise
    except Unreadable as error:
        do = "去掉密码后再用" if "密码" in str(error) else f"重新取得这个文件，或{_SAVE_AS}"
        raise DataError(Fault(file.name, f"读不出工作簿：{error}", do, code="not_xlsx")) from error


def _refused(file: Path) -> tuple[str, str] | None:
    """(what, what to do) of a file that is no .xlsx workbook, by its first bytes before its name."""
    name, suffix = file.name, file.suffix.lower()
    if name.startswith("~$"):
        return (
            "是 Excel 打开工作簿时留下的临时文件，不是工作簿",
            f"用「{name[2:]}」；它正开着就先关闭",
        )
    with file.open("rb") as opened:
        head = opened.read(4096)
    if file.stat().st_size > LARGEST:
        return f"有 {file.stat().st_size / 1e6:,.0f} MB，不像工作簿", "核对是不是给错了文件"
    if not head.strip(b"\x00\t\r\n "):
        return "文件是空的", "重新取得这个文件"
    if head.startswith(_OLE):
        inside = file.read_bytes()
        if "EncryptedPackage".encode("utf-16-le") in inside:
            return (
                "有打开密码，读不出内容",
                "在 Excel 中打开，「文件—信息—保护工作簿」去掉密码后保存",
            )
        if suffix == ".et":
            return "是 WPS 表格（.et）", _SAVE_AS
        if "Book".encode("utf-16-le") in inside or "book".encode("utf-16-le") in inside:
            renamed = "，只是改了扩展名" if suffix != ".xls" else ""
            return f"是旧格式（.xls）工作簿{renamed}", _SAVE_AS
        return "有打开密码，或是旧格式（.xls）改了扩展名", f"{_SAVE_AS}；有密码先去掉"
    if head.startswith(b"PK"):
        return _other_zip(file, suffix)
    text = head.lstrip(b"\xef\xbb\xbf\r\n\t ").lower()
    if text.startswith((b"<!doctype html", b"<html", b"<meta", b"<table", b"<head")):
        return "是网页（HTML），只是用了表格的扩展名；许多系统这样导出", _SAVE_AS
    if b"urn:schemas-microsoft-com:office:spreadsheet" in head:
        return "是 XML 表格 2003，不是 .xlsx 工作簿", _SAVE_AS
    if head.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8")):
        return "是 PDF 或图片，不是工作簿", "取得原来的工作簿"
    if suffix in (".csv", ".txt", ".tsv"):
        return (
            f"是一张文本表（{suffix}），数据要给出放这些表的文件夹",
            "运行 onexmodel check 文件夹名；每张表一个 CSV 文件",
        )
    if suffix in (".xlsx", ".xlsm") and b"\x00" not in head and head.count(b"\n"):
        return (
            "是文本（CSV），只是用了 .xlsx 的扩展名",
            f"用 Excel 打开后{_SAVE_AS[_SAVE_AS.index('另存') :]}；或改名为 .csv，放进文件夹，给出文件夹",
        )
    if suffix in (".xlsx", ".xlsm"):
        return "不是 Excel 工作簿，是别的文件改了扩展名，或已损坏", f"找到原来的文件，{_SAVE_AS}"
    return f"不是 .xlsx 工作簿（{file.suffix or '没有扩展名'}）", _SAVE_AS


def _other_zip(file: Path, suffix: str) -> tuple[str, str] | None:
    try:
        with open_archive(file) as archive:
            names = set(archive.namelist())
            kind = read(archive, "mimetype", 1000) if "mimetype" in names else b""
    except Unreadable as error:
        if "解开" in str(error) or "部件" in str(error):
            return f"读不出工作簿：{error}", f"核对是不是给错了文件；是数据就{_SAVE_AS}"
        return "工作簿不完整：只有一部分，可能没有下载或复制完", "重新下载或复制整个文件"
    if b"opendocument" in kind or suffix == ".ods":
        return "是 OpenDocument 表格（.ods）", _SAVE_AS
    if any(name.endswith("workbook.bin") for name in names):
        return "是二进制工作簿（.xlsb）", _SAVE_AS
    if any(name.startswith(("word/", "ppt/")) for name in names):
        return (
            "是 Word 或 PowerPoint 文件，只是用了表格的扩展名",
            "把表格复制到 Excel，另存为 .xlsx",
        )
    if "[Content_Types].xml" not in names:
        return "是压缩包，不是工作簿", "解压后给出里面的工作簿，或放 CSV 表的文件夹"
    if suffix not in (".xlsx", ".xlsm"):
        return f"不是 .xlsx 工作簿（{file.suffix or '没有扩展名'}）", _SAVE_AS
    return None


def _package(archive: zipfile.ZipFile) -> Package:
    parts = {name.replace("\\", "/").lower(): name for name in archive.namelist()}

    def part(path: str) -> str:
        return parts.get(path.lower(), "")

    top = _relations(archive, part, "")
    book = next(
        (target for kind, target in top.values() if kind == "officeDocument"), "xl/workbook.xml"
    )
    book = part(book) or part("xl/workbook.xml")
    if not book:
        raise Unreadable("缺少工作表的目录（xl/workbook.xml）")
    relations = _relations(archive, part, book)
    sheets, old_dates = _sheets(archive, book, relations, part)
    by_kind = {kind: target for kind, target in relations.values()}
    strings = part(by_kind.get("sharedStrings", ""))
    styles = part(by_kind.get("styles", ""))
    return Package(
        archive,
        tuple(sheets),
        list(_strings(archive, strings)) if strings else [],
        _formats(archive, styles) if styles else (),
        old_dates,
    )


def _sheets(archive, book: str, relations, part) -> tuple[list[Sheet], bool]:
    """(the worksheets, whether days count from 1904)."""
    sheets: list[Sheet] = []
    old_dates = False
    for name, element in elements(
        _structure(archive, book), frozenset({"sheets"}), frozenset({"workbookPr"})
    ):
        if name == "workbookPr":
            old_dates = true(element.get("date1904"))
        elif local(element.tag) == "sheet":
            key = next((value for at, value in element.items() if local(at) == "id"), "")
            kind, target = relations.get(key, ("worksheet", ""))
            if kind == "worksheet":
                shown = element.get("state", "visible") == "visible"
                sheets.append(Sheet(element.get("name", ""), part(target), shown))
            if len(sheets) > SHEETS:
                raise Unreadable(f"里面有超过 {SHEETS} 张工作表")
    return sheets, old_dates


def _relations(archive, part, source: str) -> dict[str, tuple[str, str]]:
    """id → (last word of its type, target as a path in the archive); what lies outside of it is no target."""
    folder, name = posixpath.split(source)
    rels = part(posixpath.join(folder, "_rels", f"{name}.rels"))
    if not rels:
        return {}
    found = {}
    for _, element in elements(_structure(archive, rels)):
        target = element.get("Target", "").replace("\\", "/")
        path = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
        kind = element.get("Type", "").rpartition("/")[2]
        inside = target and element.get("TargetMode") != "External"
        if len(found) == RELATIONS:
            raise Unreadable(f"有一部分的链接超过 {RELATIONS} 个")
        found[element.get("Id", "")] = kind, posixpath.normpath(path) if inside else ""
    return found


def _structure(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """The bytes of a part that is no table: none of these is large. Raises Unreadable."""
    if name in archive.NameToInfo and archive.getinfo(name).file_size > STRUCTURE:
        raise Unreadable(f"{name} 大得不像工作簿的部件")
    return chunks(archive, name)


def _strings(archive: zipfile.ZipFile, name: str) -> Iterator[str]:
    for kind, element in elements(chunks(archive, name), alone=frozenset({"si"})):
        if kind == "si":
            yield text_of(element)


def text_of(element) -> str:
    """The text of a string item: its own or that of its runs, without the phonetic guides. Raises Unreadable for an endless one."""
    if len(element) == 1 and local(element[0].tag) == "t":
        text = element[0].text or ""
    else:
        parts = []
        for child in element:
            if local(child.tag) == "t":
                parts.append(child.text or "")
            elif local(child.tag) == "r":
                parts += [one.text or "" for one in child if local(one.tag) == "t"]
        text = "".join(parts)
    if len(text) > LONGEST_TEXT:
        raise Unreadable("有一段文字长得不像单元格")
    return unescaped(text)


def unescaped(text: str) -> str:
    """_x000B_ is how a workbook writes a control character. Half of a pair (_xD800_) is none: it stays as it is written."""
    return _ESCAPED.sub(_character, text) if "_x" in text else text


def _character(found: re.Match) -> str:
    sign = chr(int(found[1], 16))
    return found[0] if "\ud800" <= sign <= "\udfff" else sign


def _formats(archive: zipfile.ZipFile, name: str) -> tuple[Format, ...]:
    codes, styles = dict(BUILT_IN), []
    groups = frozenset({"numFmts", "cellXfs"})
    try:
        for kind, one in elements(_structure(archive, name), groups, frozenset()):
            if kind == "numFmts":
                codes[int(one.get("numFmtId", "0"))] = one.get("formatCode", "")
            elif local(one.tag) == "xf":
                styles.append(int(one.get("numFmtId", "0")))
            if len(styles) > STYLES or len(codes) > STYLES:
                raise Unreadable(f"单元格样式超过 {STYLES} 种")
    except ValueError:
        raise Unreadable("单元格样式（styles.xml）已损坏") from None
    made = {style: format_of(codes.get(style, "General")[:LONGEST_CODE]) for style in set(styles)}
    return tuple(made[style] for style in styles)


def true(word: str | None) -> bool:
    """A yes of XML."""
    return word in ("1", "true", "on")
