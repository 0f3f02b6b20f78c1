"""One pass over a sheet's own XML: its cells as words, and what stands behind a word that is not simply so."""

from __future__ import annotations

import gc
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from xml.etree import ElementTree

from ..words import FAULTY
from .archive import Unreadable, chunks
from .formats import PLAIN, Format, clock, day_of
from .package import LONGEST_TEXT, Package, text_of, true, unescaped
from .stream import elements, local

ROWS, COLUMNS = 1_048_576, 16_384  # of a sheet, as Excel has it
FAR = 256  # columns: what stands beyond them is in no table, and is noted apart
EMPTY = 20_000_000  # places between cells that may be empty, beside FILLED for each cell
FILLED = 8
AREAS = 100_000  # merged areas, hidden columns
LONGEST = 1e15  # Excel keeps fifteen digits
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
    `merged`: (reference, first row, last row, first column, last column); `far`: (row number, column) of the first cell beyond column FAR,
    and `beyond` how many there are."""

    numbers: list[int] = field(default_factory=list)
    lines: list[list[str]] = field(default_factory=list)
    behind: dict[tuple[int, int], Behind] = field(default_factory=dict)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    merged: list[tuple[str, int, int, int, int]] = field(default_factory=list)
    far: tuple[int, int] | None = None
    beyond: int = 0

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
    """All rows of a worksheet. Raises Unreadable where it is broken, or larger than any sheet."""
    grid = Grid()
    reader = _Rows(package, grid)
    around = {"cols": _hidden, "mergeCells": note_merged}
    collecting = gc.isenabled()
    gc.disable()  # millions of short-lived elements, and none in a cycle: looking for cycles doubles the time
    try:
        parts = chunks(package.archive, part)
        for name, element in elements(parts, frozenset({"sheetData", *around}), frozenset()):
            if name == "sheetData":
                reader.add(element)
            else:
                around[name](grid, element)
    except (ValueError, IndexError, OverflowError) as error:
        raise Unreadable("行号、格号或样式不对") from error
    finally:
        if collecting:
            gc.enable()
    return grid


def _hidden(grid: Grid, one: ElementTree.Element) -> None:
    if true(one.get("hidden")) or one.get("width") in ("0", "0.0"):
        grid.hidden_columns.append((int(one.get("min", "1")) - 1, int(one.get("max", "1")) - 1))
        if len(grid.hidden_columns) > COLUMNS:
            raise Unreadable("列的说明多得不像一张工作表")


def note_merged(grid: Grid, one: ElementTree.Element) -> None:
    """One merged area. Raises ValueError for one that lies in no sheet, Unreadable where there are too many."""
    if found := _AREA.fullmatch(one.get("ref", "")):
        top, bottom = sorted((int(found[2]), int(found[4] or found[2])))
        left, right = sorted((column_at(found[1]), column_at(found[3] or found[1])))
        if not 1 <= top <= bottom <= ROWS:
            raise ValueError(found[0])
        grid.merged.append((found[0], top, bottom, left, right))
        if len(grid.merged) > AREAS:
            raise Unreadable(f"合并单元格超过 {AREAS} 处")


class _Shared(dict):
    """Shared strings by the text that names their place in a cell."""

    def __init__(self, strings: Sequence[str]):
        super().__init__()
        self.strings = strings

    def __missing__(self, text: str) -> str:
        if not (text.isascii() and text.strip().isdigit()):
            raise ValueError(text)
        self[text] = word = self.strings[int(text)]
        return word


class _Rows:
    """Row elements to words."""

    def __init__(self, package: Package, grid: Grid):
        self.grid, self.old_dates = grid, package.old_dates
        self.strings = _Shared(package.strings)
        self.formats = package.formats
        plain = {str(at) for at, one in enumerate(package.formats) if one.kind == "plain"}
        self.plain = frozenset({None, *plain})
        self.at: dict[str, int] = {}
        self.number = 0
        self.seen: set[int] = set()
        self.spare = EMPTY  # places that may still stay empty

    def add(self, row: ElementTree.Element) -> None:
        """One row: its number, whether it is hidden, its cells."""
        grid, at, strings, plain = self.grid, self.at, self.strings, self.plain
        self.number = number = int(row.get("r") or self.number + 1)
        if not 1 <= number <= ROWS:
            raise ValueError(number)
        line: list[str] = []
        width, column, filled, v, digits = 0, -1, 0, f"{row.tag[:-3]}v", str(number)
        for cell in row:
            get = cell.get
            if reference := get("r"):
                letters = reference.removesuffix(digits)  # another number stays, and is no column
                column = (
                    at[letters] if letters in at else at.setdefault(letters, column_at(letters))
                )
            else:
                column += 1
            if not len(cell):
                continue
            first, kind = cell[0], get("t")
            if kind == "s" and len(cell) == 1 and first.tag == v:
                word = strings[first.text] if first.text else ""
            elif first.tag == v and kind in (None, "n") and len(cell) == 1 and get("s") in plain:
                word = first.text or ""
                if not (word.isdigit() and len(word) < 15 and word[0] != "0"):
                    word = self._number(word, (number, column), PLAIN)
            else:
                word = self._odd(cell, kind, (number, column))
            if word and not word.isspace():
                filled += 1
                if FAR > column >= width:
                    line += [""] * (column - width)
                    line.append(word)
                    width = column + 1
                else:
                    self._out_of_order(line, column, word)
        if line:
            self.spare += FILLED * filled - width
            if number in self.seen:
                raise Unreadable(f"第 {number} 行出现两次")
            if self.spare < 0:
                raise Unreadable("用到的范围很大，其中几乎都是空格")
            self.seen.add(number)
            grid.numbers.append(number)
            grid.lines.append(line)
            if true(row.get("hidden")) or row.get("ht") in ("0", "0.0"):
                grid.hidden_rows.append(number)

    def _out_of_order(self, line: list[str], column: int, word: str) -> None:
        """A cell that does not follow the one before it: too far out, or to the left of it."""
        if column >= FAR:
            if not self.grid.beyond:
                self.grid.far = self.number, column
            self.grid.beyond += 1
            self.grid.behind.pop((self.number, column), None)
        elif line[column]:
            raise Unreadable(f"第 {self.number} 行有一格出现两次")
        else:
            line[column] = word

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
            return self.strings[value]
        if kind == "b":
            return "是" if true(value) else "否"
        if kind == "str":
            if len(value) > LONGEST_TEXT:
                raise Unreadable("有一段文字长得不像单元格")
            return unescaped(value)
        if kind == "d":
            return re.sub(r" 00:00(:00(\.0+)?)?$", "", value.removesuffix("Z").replace("T", " "))
        style = cell.get("s")
        at = int(style or 0)
        made = self.formats[at] if style and 0 <= at < len(self.formats) else PLAIN
        return self._number(value, place, made)

    def _number(self, text: str, place: tuple[int, int], made: Format) -> str:
        if len(text) > LONGEST_TEXT:
            raise Unreadable("有一段文字长得不像单元格")
        try:
            value = float(text.replace("_", "?"))  # 1_0 is ten in Python only
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
    """A → 0, AA → 26. Raises ValueError for what names no column of a sheet."""
    at, name = 0, letters.upper().strip("$")
    if not (name.isascii() and name.isalpha() and len(name) < 4):
        raise ValueError(letters)
    for letter in name:
        at = at * 26 + ord(letter) - 64
    if at > COLUMNS:
        raise ValueError(letters)
    return at - 1
