"""What a workbook loses when it is copied through openpyxl, and why one cannot be copied: told from the parts of the file."""

from __future__ import annotations

import io
import posixpath
import re
import traceback
import zipfile
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

from .reading.ooxml.archive import Unreadable, chunks, has_dtd, open_archive, read
from .reading.ooxml.cells import Grid, note_merged
from .reading.ooxml.stream import elements
from .sheets import CREATED

PARTS = {  # folder or file below xl/ → what it holds
    "media": "图片",
    "cellimages": "单元格中的图片",
    "richData": "单元格中的图片和数据类型",
    "charts": "图表",
    "chartsheets": "图表工作表",
    "pivotTables": "数据透视表",
    "slicers": "切片器",
    "timelines": "日程表",
    "ctrlProps": "控件",
    "activeX": "控件",
    "embeddings": "嵌入的文件",
    "threadedComments": "批注的回复",
    "queryTables": "外部数据连接",
    "connections": "外部数据连接",
    "externalLinks": "外部链接",
    "vbaProject": "宏",
    "macrosheets": "宏工作表",
    "dialogsheets": "对话框工作表",
    "metadata": "动态数组公式的标记",
    "diagrams": "图形",
    "_xmlsignatures": "数字签名",
}
NOT_SEEN = {  # kept by another name, or nothing a reader sees
    *("worksheets", "drawings", "comments", "workbook", "styles", "sharedStrings", "theme", "tables"),
    *("calcChain", "printerSettings", "persons", "slicerCaches", "timelineCaches", "pivotCache"),
    *("customXml", "docProps", "[Content_Types].xml", "revisions", "volatileDependencies", "webextensions"),
    *("customProperty", "tableSingleCells", "xmlMaps", "featurePropertyBag", "docMetadata"),
}  # fmt: skip
MARKS = {  # in the text of worksheets and drawings
    rb"CCE6A557-97BC-4B89-ADB6-D9C93CAAB3DF": "引用别的工作表的下拉选项",
    rb"78C0D931-6437-407D-A8EE-F0AAD7539E65": "部分条件格式",
    rb"05C60535-1F16-4FD2-B633-F4F36F0B64E0": "迷你图",
    rb"[<:](?:sp|cxnSp|grpSp)[ >]": "文本框和图形",
}
PLACES = {  # of openpyxl → what was being read
    "styles": "样式",
    "comments": "批注",
    "chartsheet": "图表工作表",
    "chart": "图表",
    "drawing": "图形",
    "pivot": "数据透视表",
    "packaging": "文档属性或目录",
    "worksheet": "工作表",
}


MERGED = 200_000  # cells in merged areas: the library makes an object of each
_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/")


_WORKBOOK = re.compile(r"xl/workbook\d*\.xml")


class Archive(zipfile.ZipFile):
    """One to write into, whatever the clock says: an archive cannot name a time before 1980."""

    def __init__(self, file):
        super().__init__(file, "w", zipfile.ZIP_DEFLATED)

    def writestr(self, zinfo_or_arcname, data, compress_type=None, compresslevel=None):
        """A part."""
        part = zipfile.ZipInfo(str(zinfo_or_arcname), CREATED.timetuple()[:6])
        super().writestr(part, data, zipfile.ZIP_DEFLATED, compresslevel)

    def write(self, filename, arcname=None, compress_type=None, compresslevel=None):
        """A part that is a file."""
        self.writestr(arcname or filename, Path(filename).read_bytes())


def too_much(source: Path, most: int) -> str:
    """Why a workbook is not copied cell by cell, in Chinese: it unpacks to more than `most` bytes (pictures apart), its merged areas have no
    end, or a part declares types. "" for one that is. Raises Unreadable where it cannot be looked through."""
    with open_archive(source) as archive:
        parts = [
            one
            for one in archive.infolist()
            if not re.match("xl/(media|embeddings)/", one.filename)
        ]
        if sum(part.file_size for part in parts) > most:
            return "文件很大"
        for part in parts:
            xml = read(archive, part.filename).replace(b"\x00", b"")
            if has_dtd(xml):
                return f"文件里的 {part.filename} 声明了文档类型（DTD），不是表格软件写的"
            if b"ergeCell" in xml and _merged(archive, part.filename) > MERGED:
                return "合并单元格的范围很大"
    return ""


def _merged(archive: zipfile.ZipFile, name: str) -> int:
    """How many cells lie in merged areas. Raises Unreadable."""
    grid = Grid()
    for _, one in elements(chunks(archive, name), frozenset({"mergeCells"}), frozenset()):
        note_merged(grid, one)
    return sum(
        (bottom - top + 1) * (right - left + 1) for _, top, bottom, left, right in grid.merged
    )


def sheets(source: Path) -> set[str]:
    """Names of all sheets, charts among them."""
    with zipfile.ZipFile(source) as archive:
        root = ElementTree.fromstring(_workbook(archive) or b"<none/>")
    return {one.get("name", "") for one in root.iter() if one.tag.split("}")[-1] == "sheet"}


def _workbook(archive: zipfile.ZipFile) -> bytes:
    part = next((name for name in archive.namelist() if _WORKBOOK.fullmatch(name)), "")
    return archive.read(part) if part else b""


def as_usual(source: Path) -> Path | io.BytesIO:
    """The workbook as openpyxl reads it: one saved as Strict Open XML, whose sheets it does not see, with the usual namespaces."""
    with zipfile.ZipFile(source) as archive:
        if not _STRICT.search(_workbook(archive)):
            return source
        made = io.BytesIO()
        with Archive(made) as usual:
            for name in archive.namelist():
                usual.writestr(
                    name,
                    _STRICT.sub(rb"http://schemas.openxmlformats.org/\1/2006/", archive.read(name)),
                )
    return made


def lost(source: Path, copy: Path) -> list[str]:
    """What of the source the copy does not hold, in Chinese; the results of formulas where it has some."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(copy) as new:
        before, after = _parts(old), _parts(new)
        fewer = [kind for kind in before if before[kind] > after[kind] and kind not in NOT_SEEN]
        found = [PARTS.get(kind, f"其他内容（{kind}）") for kind in fewer]
        texts, copied = _texts(old), _texts(new)
        found += [
            word
            for mark, word in MARKS.items()
            if len(re.findall(mark, texts, re.I)) > len(re.findall(mark, copied, re.I))
        ]
        found += ["公式的计算结果（打开后自动重算）"] if re.search(rb"[<:]f[ >/]", copied) else []
    return list(dict.fromkeys(found))


def why_not(source: Path, error: Exception) -> str:
    """Why the copy could not be made, in Chinese: what is broken in the file, or what the system refused."""
    if isinstance(error, PermissionError):
        return "副本正被别的程序打开（先关闭），或没有写入的权限"
    if isinstance(error, MemoryError):
        return "内存不足"
    if isinstance(error, LookupError) and not isinstance(error, (KeyError, IndexError)):
        return f"工作表「{'」「'.join(map(str, error.args))}」不是普通的工作表，无法原样复制"
    if isinstance(error, OSError) and error.errno:  # openpyxl has some without a number
        return f"系统不允许写入（{error.strerror}）"
    found = _broken(source) if source.is_file() else ""
    modules = [
        frame.filename.replace("\\", "/").split("/openpyxl/")[-1]
        for frame in traceback.extract_tb(error.__traceback__)
        if "/openpyxl/" in frame.filename.replace("\\", "/")
    ]
    where = next(
        (word for path in modules for part, word in PLACES.items() if path.startswith(f"{part}/")),
        "",
    )
    if isinstance(error, Unreadable) and not found:
        return f"文件有一部分读不出：{error}"
    return found or (
        f"文件的{where}部分不合格式规范，无法原样复制；用 Excel 打开后另存一次即可"
        if where
        else "文件有不合格式规范的部分，无法原样复制；用 Excel 打开后另存一次即可"
    )


def _broken(source: Path) -> str:
    """The first part that is no XML, or that is named and not there."""
    try:
        archive = open_archive(source)
    except Unreadable as error:
        return str(error)
    with archive:
        names = set(archive.namelist())
        for name in sorted(names):
            if not name.endswith((".xml", ".rels", ".vml")):
                continue
            wanted = None if name.endswith(".rels") else frozenset("")
            try:
                links = [one for _, one in elements(chunks(archive, name), alone=wanted)]
            except Unreadable as error:
                if name.endswith(".vml"):
                    continue
                why = "已损坏" if "损坏" in str(error) else str(error)
                return f"文件里的 {name} {why}；用 Excel 打开后另存一次即可"
            folder = posixpath.dirname(posixpath.dirname(name))
            for link in links:
                if link.get("Target", "").startswith("#"):  # a place in a sheet
                    continue
                target = posixpath.normpath(posixpath.join("/", folder, link.get("Target", "")))
                if link.get("TargetMode") != "External" and target.lstrip("/") not in names:
                    return f"文件里缺少 {target.lstrip('/')}；用 Excel 打开后另存一次即可"
        if "xl/styles.xml" not in names:
            return "文件里缺少 xl/styles.xml；用 Excel 打开后另存一次即可"
    return ""


def _parts(archive: zipfile.ZipFile) -> Counter[str]:
    """Kinds of parts and how many there are of each."""
    found: Counter[str] = Counter()
    for name in archive.namelist():
        if "/_rels/" in f"/{name}" or name.endswith("/"):
            continue
        top, _, rest = name.partition("/")
        kind = rest if top == "xl" else top
        kind = kind.split("/")[0] if "/" in kind else re.sub(r"\d*\.\w+$", "", kind)
        found["[Content_Types].xml" if name == "[Content_Types].xml" else kind] += 1
    return found


def _texts(archive: zipfile.ZipFile) -> bytes:
    """Worksheets and drawings, one after the other."""
    return b"\n".join(
        archive.read(name)
        for name in archive.namelist()
        if re.fullmatch(r"xl/(worksheets|drawings)/[^/]+\.xml", name)
    )
