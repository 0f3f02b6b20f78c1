"""Large plain sheets by calamine: words and numbers only, and nothing in the XML that calamine would not tell. Everything else, and
whatever it finds odd itself, is read by the sheet's own XML; both give the same grid (tests/data/test_xml.py)."""

from __future__ import annotations

from python_calamine import CalamineError, CalamineWorkbook

from .cells import LONGEST, Grid, read_grid
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
)


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
    """All rows of a worksheet. Raises what a broken archive or XML raises (package.BROKEN)."""
    if package.archive.getinfo(sheet.part).file_size >= LARGE and _plain(package, sheet.part):
        try:
            return _by_calamine(package, sheet.name)
        except (_Odd, CalamineError, OSError, ValueError):
            pass
    return read_grid(package, sheet.part)


def _plain(package: Package, part: str) -> bool:
    """Whether the sheet has no formula, error, yes or no, hidden or merged part, no cell style that matters, and one spelling of XML."""
    xml = package.archive.read(part)
    if (
        b"<sheetData>" not in xml[:20_000]
        or b"<!" in xml[:200]
        or any(word in xml for word in _ODD)
    ):
        return False
    styles = (at for at, one in enumerate(package.formats) if one.kind != "plain")
    return not any(b' s="%d"' % at in xml for at in styles)


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
