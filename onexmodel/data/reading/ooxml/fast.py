"""Large plain sheets by calamine: words and numbers only, and nothing in the XML that calamine would not tell. Everything else, and
whatever it finds odd itself, is read by the sheet's own XML; both give the same grid (tests/data/test_xml.py)."""

from __future__ import annotations

import re

import numpy as np
from python_calamine import CalamineError, CalamineWorkbook

from .archive import Unreadable, has_dtd, read
from .cells import EMPTY, LONGEST, Grid, read_grid
from .package import Package, Sheet

LARGE = 1 << 20  # bytes of XML below which a sheet is not worth a second way
_ODD = (
    b"<f>",
    b"<f ",
    b"<f/",
    b't="e"',
    b't="b"',
    b't="d"',
    b"hidden=",
    b"<mergeCell",
    b"='",
    b' ht="0',
    b" =",
    b"= ",
    b'="&',
    b"<!--",
    b'\tr="',
    b'\nr="',
    b'\rr="',
)
_WIDE = re.compile(rb' r="[A-Za-z]{2}')  # beyond column Z
NARROW = 26


class _Odd(Exception):
    """A value that has to be looked at in the XML."""


class _Words(dict):
    """Value as calamine gives it → word; each is made once."""

    def __missing__(self, value) -> str:
        if isinstance(value, str) and "_x" not in value:
            word = "" if value.isspace() else value
        elif type(value) in (float, int) and abs(value) < LONGEST:
            word = str(int(value)) if value == int(value) else repr(float(value))
        else:
            raise _Odd
        self[value] = word
        return word


def grid_of(package: Package, sheet: Sheet) -> Grid:
    """All rows of a worksheet. Raises Unreadable where it is broken, or larger than any sheet."""
    if not sheet.part:
        raise Unreadable("文件已损坏，里面没有这部分内容")
    if (
        [other.name for other in package.sheets].count(sheet.name) == 1
        and package.archive.getinfo(sheet.part).file_size >= LARGE
        and _plain(package, sheet.part)
    ):
        try:
            return _by_calamine(package, sheet.name)
        except (_Odd, CalamineError, OSError, ValueError):
            pass
    return read_grid(package, sheet.part)


def _plain(package: Package, part: str) -> bool:
    """Whether the sheet has no formula, error, yes or no, hidden or merged part, no cell style that matters, and one spelling of XML; and
    whether its used range is one that calamine, which keeps all of it, can take."""
    xml = read(package.archive, part)
    if (
        b"<sheetData>" not in xml[:20_000]
        or b"<!" in xml[:200]
        or has_dtd(xml[:20_000])
        or any(word in xml for word in _ODD)
        or not _compact(xml)
    ):
        return False
    styles = (at for at, one in enumerate(package.formats) if one.kind != "plain")
    return not any(b' s="%d"' % at in xml for at in styles)


def _compact(xml: bytes) -> bool:
    """Whether the range from the first cell to the last is narrow, not much longer than its rows are many, and not mostly empty."""
    if _WIDE.search(xml):
        return False
    rows, cells = xml.count(b"<row"), xml.count(b"<c ")
    most = str(2 * rows + 1000)
    first, more = (
        int(most[0]),
        len(most) - 1,
    )  # a number below last begins with first or less, or is shorter
    longer = rb"[0-9]{%d}" % (more + 2)
    larger = rb"[%d-9][0-9]{%d}" % (first + 1, more) if first < 9 else longer
    if re.search(rb' r="[A-Za-z]?(?:%s|%s)' % (longer, larger), xml):
        return False
    last = (first + 1) * 10**more
    return last * NARROW <= EMPTY + 60 * cells and _ascending(xml)


def _ascending(xml: bytes) -> bool:
    """Whether each row has a higher number than the one before it; calamine takes that for granted."""
    numbers = np.fromiter(map(int, re.findall(rb'<row r="([0-9]{1,9})"', xml)), int)
    return len(numbers) == xml.count(b"<row") and bool((np.diff(numbers) > 0).all())


def _by_calamine(package: Package, name: str) -> Grid:
    words = _Words()
    book = CalamineWorkbook.from_path(str(package.archive.filename))
    grid = Grid()
    for number, row in enumerate(book.get_sheet_by_name(name).to_python(skip_empty_area=False), 1):
        line = [words[value] for value in row]
        if any(line):
            grid.numbers.append(number)
            grid.lines.append(line)
    return grid
