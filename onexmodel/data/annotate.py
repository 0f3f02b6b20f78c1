"""The annotated copy: the workbook as it was, every faulty cell coloured and commented; for CSV, large workbooks and those that
cannot be copied, the list and the faulty rows. Nothing that goes wrong here ends a check."""

from __future__ import annotations

import os
import re
import warnings
import zipfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from ..errors import Fault
from ..places import whole
from .lost_in_copy import Archive, as_usual, lost, sheets, too_much, why_not
from .reading.layout import header_at
from .reading.ooxml.package import Package, open_package
from .reading.raw import read_csv
from .reading.workbook import sheet_lines
from .schema import load_schema
from .sheets import FONT, new_book, one_line

COLOURS = {"error": "FFF4B6B0", "warning": "FFFCE4B3", "note": "FFD7E8F7"}
LEVELS = {"error": "错误", "warning": "提醒", "note": "说明"}
HEAD = ("级别", "位置", "问题", "最接近的", "怎么办")
WIDTHS = (8, 52, 60, 24, 48)
SHEET = "核对结果"
AUTHOR = "onexmodel"
LARGE = 6_000_000  # bytes of a workbook unpacked: copying more, cell by cell (formatted empty ones too), takes minutes
MOST = 100_000  # faults in the list, and rows of a table beside it
WIDEST = 1000  # columns of a faulty row that are listed
UNREADABLE = ("not_xlsx", "no_file", "no_csv")
NO_COPY = "没有写批注副本：{why}"
LIST_ONLY = "没有写批注副本：{why}。下面的文件只有清单和有问题的行，没有原来的工作表"


@dataclass(frozen=True)
class Copy:
    """What was written (`path`, None where nothing could be), in Chinese what the reader must know of it ("" for nothing), and whether
    it holds the sheets of the workbook or only what is faulty."""

    path: Path | None
    note: str = ""
    complete: bool = False


def fault_row(fault: Fault) -> tuple[str, str, str, str, str]:
    """A fault as a line of the table: level, where, what, nearest, what to do."""
    return LEVELS[fault.level], fault.where, fault.what, fault.nearest, fault.do


def annotate(source: Path, faults: Sequence[Fault], out: Path) -> Copy | None:
    """Write 〈name〉_核对结果.xlsx into `out`, whole or not at all; the source is not touched. Never raises: what stands in the way is
    said. None, and nothing written, where there is nothing to annotate: no such file, or one that cannot be opened."""
    source, out = Path(source), Path(out)
    book = source.is_file()
    if any(fault.code in UNREADABLE for fault in faults) or not (
        source.is_dir() or (book and zipfile.is_zipfile(source))
    ):
        return None
    target = out / f"{source.stem if book else source.name}_{_ending()}.xlsx"
    why = ""
    try:
        why = too_much(source, LARGE) if book else ""
        if book and not why:
            with whole(target) as made:
                _workbook(source, faults, made)
                missing = lost(source, made)
            return Copy(
                target,
                f"副本没有保留原文件的{'、'.join(missing)}；原文件没有改动" if missing else "",
                complete=True,
            )
    except Exception as error:  # whatever a foreign workbook makes the library do
        why = why_not(source, error)
    try:
        with whole(target) as made:
            missed = _lists(source, faults, made)
    except Exception as error:
        return Copy(None, NO_COPY.format(why=why_not(source, error)))
    notes = [LIST_ONLY.format(why=why)] if why else []
    notes += [f"「{'」「'.join(missed)}」的行没有列出"] if missed else []
    return Copy(target, "；".join(notes))


def _ending() -> str:
    """What the copy's name ends with; a system without Chinese (LC_ALL=C) cannot name it so."""
    try:
        os.fsencode(SHEET)
    except UnicodeEncodeError:
        return "check"
    return SHEET


def _workbook(source: Path, faults: Sequence[Fault], made: Path) -> None:
    from openpyxl import load_workbook
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill
    from openpyxl.writer.excel import ExcelWriter

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what is lost is said by `lost`, in Chinese
        book = load_workbook(as_usual(source), rich_text=True)
        gone = sheets(source) - set(book.sheetnames)
        if gone:
            raise LookupError(*sorted(gone))
        cells: dict[tuple, list[Fault]] = {}
        for fault in faults:
            if fault.at and fault.at[1] in book.sheetnames:
                cells.setdefault(fault.at[1:], []).append(fault)
        for (sheet, row, column), found in cells.items():
            if book[sheet] not in book.worksheets:
                continue  # a sheet that is a chart
            cell = book[sheet].cell(row, column + 1)
            if type(cell).__name__ == "MergedCell":
                continue
            cell.fill = PatternFill("solid", fgColor=COLOURS[_worst(found)])
            before = f"\n〔原批注〕{one_line(cell.comment.text)}" if cell.comment else ""
            cell.comment = Comment(_words(found) + before, AUTHOR, 120, 320)
        if SHEET in book.sheetnames:
            del book[SHEET]
        first = book.create_sheet(SHEET, 0)
        first.append(HEAD)
        for down, fault in enumerate(faults, 2):
            for at, word in enumerate(fault_row(fault), 1):
                if word:
                    first.cell(
                        down, at, one_line(word)
                    ).data_type = "s"  # words that start with = are no formula
        for letter, width in zip("ABCDE", WIDTHS, strict=True):
            first.column_dimensions[letter].width = width
        first.freeze_panes = "A2"
        book.active = 0
        for sheet in book.worksheets:  # two selected sheets are a group: what is typed goes to both
            sheet.sheet_view.tabSelected = sheet is first
        with Archive(made) as archive:
            ExcelWriter(book, archive).save()


def _worst(found: Sequence[Fault]) -> str:
    return next(level for level in COLOURS if any(fault.level == level for fault in found))


def _words(found: Sequence[Fault]) -> str:
    """The comment at a cell."""
    return "\n".join(
        one_line(
            f"{LEVELS[f.level]}：{f.what}"
            + (f"。最接近的是「{f.nearest}」" if f.nearest else "")
            + (f"。{f.do}" if f.do else "")
        )
        for f in found
    )


def _lists(source: Path, faults: Sequence[Fault], made: Path) -> list[str]:
    """The sheet of faults and, table by table, the faulty rows. Names of tables whose rows could not be read."""
    book = new_book(made)
    look = {
        level: book.add_format({**FONT, "bg_color": f"#{colour[2:]}"})
        for level, colour in COLOURS.items()
    }
    head = book.add_format({**FONT, "bold": True, "bg_color": "#E8EEF4", "border": 1})
    first = book.add_worksheet(SHEET)
    first.freeze_panes(1, 0)
    first.write_row(0, 0, HEAD, head)
    for at, width in enumerate(WIDTHS):
        first.set_column(at, at, width)
    if len(faults) > MOST:
        rest = Fault("", f"这里只列出前 {MOST} 处，另有 {len(faults) - MOST} 处", level="note")
        faults = [rest, *faults[:MOST]]
    for down, fault in enumerate(faults, 1):
        first.write_row(down, 0, [one_line(word) for word in fault_row(fault)], look[fault.level])
    with ExitStack() as opened:
        package = None if source.is_dir() else open_package(source)
        if package:
            opened.enter_context(package.archive)
        missed = _tables(book, source, package, faults, look, head)
    book.close()
    return missed


def _tables(book, source: Path, package: Package | None, faults, look, head) -> list[str]:
    """A sheet for each table with faulty rows. Names of those whose rows could not be read."""
    missed, names = [], {SHEET}
    for file, sheet in dict.fromkeys(fault.at[:2] for fault in faults if fault.at):
        own = [fault for fault in faults if fault.at[:2] == (file, sheet)]
        try:
            lines = _lines(source / file, package, sheet)
        except Exception:  # a sheet the reader refuses: its faults stand in the list
            missed.append(sheet or file)
            continue
        names.add(name := _free(sheet or Path(file).stem, names))
        if lines:
            _faulty_rows(book, name, lines, own, look, head)
    return missed


def _free(title: str, taken: set[str]) -> str:
    """A name that a sheet may have: up to 31 characters, none of []:*?/\\, no other's."""
    bare = re.sub(r"[\[\]:*?/\\]", " ", one_line(title)).strip("' ")[:31] or "1"
    known = {name.casefold() for name in taken}
    tried = (bare, *(f"{bare[:27]} {at}" for at in range(2, len(taken) + 3)))
    return next(name for name in tried if name.casefold() not in known)


def _lines(file: Path, package: Package | None, sheet: str) -> list[list]:
    """All rows of a table, counted as in the file; none for what is no table (dataset.yaml)."""
    if package is None:
        return read_csv(file) if file.suffix.lower() == ".csv" else []
    return sheet_lines(package, next(one for one in package.sheets if one.name == sheet))


def _faulty_rows(book, title: str, lines: list[list], faults, look, head) -> None:
    columns = {name: one for table in load_schema().values() for name, one in table.items()}
    filled = [at for at, line in enumerate(lines) if any(line)]
    head_at = header_at([lines[at] for at in filled], columns)
    top = filled[head_at or 0] if filled else 0
    sheet = book.add_worksheet(title)
    sheet.freeze_panes(1, 1)
    sheet.write_row(0, 0, ["原文件行号", *_plain(lines[top])], head)
    faults = [fault for fault in faults if fault.at[3] < WIDEST]
    rows = sorted({fault.at[2] for fault in faults} - {top + 1})
    at = {top + 1: 0} | {row: down for down, row in enumerate(rows, 1)}
    for row in rows:
        sheet.write_row(at[row], 0, [row, *(_plain(lines[row - 1]) if row <= len(lines) else ())])
    marked: dict[tuple[int, int], list[Fault]] = {}
    for fault in faults:
        marked.setdefault(fault.at[2:], []).append(fault)
    for (row, column), found in marked.items():
        line = _plain(lines[row - 1]) if row <= len(lines) else []
        value = line[column] if column < len(line) else ""
        sheet.write(at[row], column + 1, value, look[_worst(found)])
        sheet.write_comment(at[row], column + 1, _words(found), {"author": AUTHOR, "x_scale": 2})


def _plain(line: Sequence) -> list:
    """Cells as they can be written again: text on one line, a time span in its words."""
    return [
        value if isinstance(value, (bool, int, float)) else one_line(str(value))
        for value in line[:WIDEST]
    ]
