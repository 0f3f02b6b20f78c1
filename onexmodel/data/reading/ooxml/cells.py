"""One pass over a sheet's own XML: its cells as words, and what stands behind a word that is not simply so."""

from __future__ import annotations

import gc
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from xml.etree import ElementTree

from ..words import FAULTY
from .formats import PLAIN, Format, clock, day_of
from .package import Package, local, text_of, true, unescaped

CHUNK = 1 << 18  # bytes handed to the parser at a time
LONGEST = 1e15  # Excel keeps fifteen digits
_DIGITS = "0123456789"
_AREA = re.compile(r"\$?([A-Z]+)\$?(\d+)(?::\$?([A-Z]+)\$?(\d+))?")


@dataclass(frozen=True)
class Behind:
    """What stands behind a cell. `kind`: error, uncalculated, long, date, time, duration, odd (`value` shown as `shown`)."""

    kind: str
    value: str
    shown: str = ""
    format: Format = PLAIN


@dataclass
class Grid:
    """`numbers[i]`: row number in the file of `lines[i]`, which ends with its last filled cell; rows without one are left out.
    `merged`: (reference, first row, last row, first column, last column)."""

    numbers: list[int] = field(default_factory=list)
    lines: list[list[str]] = field(default_factory=list)
    behind: dict[tuple[int, int], Behind] = field(default_factory=dict)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    merged: list[tuple[str, int, int, int, int]] = field(default_factory=list)

    def between(self, first: int, last: int) -> Grid:
        """Its rows from one number in the file to another, both included; what is merged or hidden stays as of the whole sheet."""
        kept = [at for at, number in enumerate(self.numbers) if first <= number <= last]
        numbers, lines = [self.numbers[at] for at in kept], [self.lines[at] for at in kept]
        return replace(self, numbers=numbers, lines=lines)

    def by_row(self) -> list[list[str]]:
        """All rows from the first of the sheet on, empty ones too; an error cell as the error it shows."""
        lines: list[list[str]] = [[] for _ in range(max(self.numbers, default=0))]
        for number, line in zip(self.numbers, self.lines, strict=True):
            lines[number - 1] = [
                self.behind[number, at].value if word == FAULTY else word
                for at, word in enumerate(line)
            ]
        return lines


def read_grid(package: Package, part: str) -> Grid:
    """All rows of a worksheet. Raises what a broken archive or XML raises (package.BROKEN)."""
    grid = Grid()
    reader = _Rows(package, grid)
    collecting = gc.isenabled()
    gc.disable()  # millions of short-lived elements, and none in a cycle: looking for cycles doubles the time
    try:
        with package.archive.open(part) as file:
            _parse(file, grid, reader)
    finally:
        if collecting:
            gc.enable()
    return grid


def _parse(file, grid: Grid, reader: _Rows) -> None:
    """Rows are handed on and forgotten as soon as they are whole; what stands around them is noted in the grid."""
    builder = ElementTree.TreeBuilder()
    parser = ElementTree.XMLParser(target=builder)
    data: ElementTree.Element | None = None
    while chunk := file.read(CHUNK):
        parser.feed(chunk)
        root = builder.close()  # the tree so far; it goes on growing
        if data is None and root is not None:
            data = next((one for one in root if local(one.tag) == "sheetData"), None)
        if data is not None:
            whole = len(data) - 1  # the last one may still be growing
            for row in data[:whole]:
                reader.add(row)
            del data[:whole]
    root = parser.close()
    for row in data if data is not None else ():
        reader.add(row)
    for element in root:
        name = local(element.tag)
        if name == "cols":
            for one in element:
                if true(one.get("hidden")) or one.get("width") in ("0", "0.0"):
                    grid.hidden_columns.append(
                        (int(one.get("min", "1")) - 1, int(one.get("max", "1")) - 1)
                    )
        elif name == "mergeCells":
            for one in element:
                if found := _AREA.fullmatch(one.get("ref", "")):
                    right, bottom = found[3] or found[1], int(found[4] or found[2])
                    grid.merged.append(
                        (found[0], int(found[2]), bottom, column_at(found[1]), column_at(right))
                    )


class _Rows:
    """Row elements to words."""

    def __init__(self, package: Package, grid: Grid):
        self.grid, self.strings, self.old_dates = grid, package.strings, package.old_dates
        self.formats = package.formats
        plain = {str(at) for at, one in enumerate(package.formats) if one.kind == "plain"}
        self.plain = frozenset({None, *plain})
        self.at: dict[str, int] = {}
        self.number = 0

    def add(self, row: ElementTree.Element) -> None:
        """One row: its number, whether it is hidden, its cells."""
        grid, at, strings, plain = self.grid, self.at, self.strings, self.plain
        self.number = number = int(row.get("r") or self.number + 1)
        line: list[str] = []
        width, column, v = 0, -1, f"{row.tag[:-3]}v"
        for cell in row:
            get = cell.get
            if reference := get("r"):
                letters = reference.rstrip(_DIGITS)
                column = (
                    at[letters] if letters in at else at.setdefault(letters, column_at(letters))
                )
            else:
                column += 1
            if not len(cell):
                continue
            first, kind = cell[0], get("t")
            if kind == "s" and len(cell) == 1 and first.tag == v:
                word = strings[int(first.text)] if first.text else ""
            elif first.tag == v and kind in (None, "n") and len(cell) == 1 and get("s") in plain:
                word = first.text or ""
                if not (word.isdigit() and len(word) < 15 and word[0] != "0"):
                    word = self._number(word, (number, column), PLAIN)
            else:
                word = self._odd(cell, kind, (number, column))
            if word and not word.isspace():
                if column >= width:
                    line += [""] * (column - width)
                    line.append(word)
                    width = column + 1
                else:
                    line[column] = word
        if line:
            grid.numbers.append(number)
            grid.lines.append(line)
            if true(row.get("hidden")) or row.get("ht") in ("0", "0.0"):
                grid.hidden_rows.append(number)

    def _odd(self, cell, kind: str | None, place: tuple[int, int]) -> str:
        """A cell with a formula, a style that matters, or a type of its own."""
        formula = value = None
        text = ""
        for child in cell:
            name = local(child.tag)
            if name == "v":
                value = child.text or ""
            elif name == "f":
                formula = child
            elif name == "is":
                text = text_of(child)
        if kind == "e":
            return self._keep(place, Behind("error", value or "#ERROR!"))
        if formula is not None and not value and (value is None or kind != "str"):
            # text that is empty is a result; no result at all is none, and a text formula without <v> was never calculated
            return self._keep(place, Behind("uncalculated", ""))
        if kind == "inlineStr":
            return text or unescaped(value or "")
        if not value:
            return ""
        if kind == "s":
            return self.strings[int(value)]
        if kind == "b":
            return "是" if true(value) else "否"
        if kind == "str":
            return unescaped(value)
        if kind == "d":
            return re.sub(r" 00:00(:00(\.0+)?)?$", "", value.removesuffix("Z").replace("T", " "))
        style = cell.get("s")
        made = self.formats[int(style)] if style and int(style) < len(self.formats) else PLAIN
        return self._number(value, place, made)

    def _number(self, text: str, place: tuple[int, int], made: Format) -> str:
        try:
            value = float(text)
        except ValueError:
            return text
        if not abs(value) < LONGEST:
            return self._keep(place, Behind("long", text))
        word = str(int(value)) if value == int(value) else repr(value)
        if made.kind == "plain":
            return word
        if made.kind == "odd":
            code = made.code(value)
            if code not in ("", word) or made.misleads(value) or made.hides(value):
                self.grid.behind[place] = Behind("odd", word, made.shown(value), made)
            return word
        shown = day_of(value, self.old_dates) if made.kind == "date" else clock(value, made.kind)
        self.grid.behind[place] = Behind(made.kind, word, shown)
        return shown

    def _keep(self, place: tuple[int, int], behind: Behind) -> str:
        self.grid.behind[place] = behind
        return FAULTY


def column_at(letters: str) -> int:
    """A → 0, AA → 26."""
    at = 0
    for letter in letters.upper().strip("$"):
        at = at * 26 + ord(letter) - 64
    return at - 1


def width_of(lines: Sequence[Sequence[str]]) -> int:
    """Columns of the longest line."""
    return max(map(len, lines), default=0)
