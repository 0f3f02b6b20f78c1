"""The annotated copy: the workbook as it was, every faulty cell coloured and commented; for CSV and large workbooks, the faulty rows."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from ..errors import Fault
from .reading.raw import header_at, read_csv
from .schema import load_schema
from .sheets import FONT, new_book

COLOURS = {"error": "FFF4B6B0", "warning": "FFFCE4B3", "note": "FFD7E8F7"}
LEVELS = {"error": "错误", "warning": "提醒", "note": "说明"}
HEAD = ("级别", "位置", "问题", "最接近的", "怎么办")
SHEET = "核对结果"
AUTHOR = "onexmodel"
LARGE = 3_000_000  # bytes of a workbook: copying a national one cell by cell takes a minute and more than a GiB
UNREADABLE = ("not_xlsx", "no_file")


def fault_row(fault: Fault) -> tuple[str, str, str, str, str]:
    """A fault as a line of the table: level, where, what, nearest, what to do."""
    return LEVELS[fault.level], fault.where, fault.what, fault.nearest, fault.do


def annotate(source: Path, faults: Sequence[Fault], out: Path) -> Path | None:
    """Write 〈name〉_核对结果.xlsx into `out`, whole or not at all; the source is not touched. None, and nothing written, where
    there is nothing to annotate: no such file, or one that cannot be opened."""
    source, out = Path(source), Path(out)
    if not source.exists() or any(fault.code in UNREADABLE for fault in faults):
        return None
    out.mkdir(parents=True, exist_ok=True)
    target = out / f"{source.stem if source.is_file() else source.name}_{SHEET}.xlsx"
    with tempfile.TemporaryDirectory(dir=out) as scratch:
        made = Path(scratch) / "made.xlsx"
        (_workbook if source.is_file() and source.stat().st_size <= LARGE else _lists)(
            source, faults, made
        )
        os.replace(made, target)
    return target


def _workbook(source: Path, faults: Sequence[Fault], made: Path) -> None:
    from openpyxl import load_workbook
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    book = load_workbook(source)
    cells: dict[tuple, list[Fault]] = {}
    for fault in faults:
        if fault.at and fault.at[1] in book.sheetnames:
            cells.setdefault(fault.at[1:], []).append(fault)
    for (sheet, row, column), found in cells.items():
        cell = book[sheet].cell(row, column + 1)
        worst = next(level for level in COLOURS if any(fault.level == level for fault in found))
        if type(cell).__name__ == "MergedCell":
            continue
        cell.fill = PatternFill("solid", fgColor=COLOURS[worst])
        cell.comment = Comment(
            "\n".join(
                f"{LEVELS[f.level]}：{f.what}"
                + (f"。最接近的是「{f.nearest}」" if f.nearest else "")
                + (f"。{f.do}" if f.do else "")
                for f in found
            ),
            AUTHOR,
            120,
            320,
        )
    if SHEET in book.sheetnames:
        del book[SHEET]
    first = book.create_sheet(SHEET, 0)
    first.append(HEAD)
    for down, fault in enumerate(faults, 2):
        for at, word in enumerate(fault_row(fault), 1):
            if word:
                first.cell(down, at, word).data_type = "s"  # words that start with = are no formula
    for letter, width in zip("ABCDE", (8, 52, 60, 24, 48), strict=True):
        first.column_dimensions[letter].width = width
    first.freeze_panes = "A2"
    book.active = 0
    book.save(made)


def _lists(source: Path, faults: Sequence[Fault], made: Path) -> None:
    book = new_book(made)
    look = {
        level: book.add_format({**FONT, "bg_color": f"#{colour[2:]}"})
        for level, colour in COLOURS.items()
    }
    head = book.add_format({**FONT, "bold": True, "bg_color": "#E8EEF4", "border": 1})
    first = book.add_worksheet(SHEET)
    first.freeze_panes(1, 0)
    first.write_row(0, 0, HEAD, head)
    for at, width in enumerate((8, 52, 60, 24, 48)):
        first.set_column(at, at, width)
    for down, fault in enumerate(faults, 1):
        first.write_row(down, 0, fault_row(fault), look[fault.level])
    places = dict.fromkeys(fault.at[:2] for fault in faults if fault.at)
    for (file, sheet), lines in _lines(source, places):
        _faulty_rows(
            book,
            sheet or Path(file).stem,
            lines,
            [fault for fault in faults if fault.at[:2] == (file, sheet)],
            look,
            head,
        )
    book.close()


def _lines(source: Path, places) -> Iterator[tuple[tuple[str, str], list[list]]]:
    """((file, sheet), all its rows), counted as in the file."""
    if source.is_dir():
        yield from (
            (place, read_csv(source / place[0]))
            for place in places
            if (source / place[0]).suffix == ".csv"
        )
        return
    from python_calamine import CalamineWorkbook

    workbook = CalamineWorkbook.from_path(str(source))
    yield from (
        (place, workbook.get_sheet_by_name(place[1]).to_python(skip_empty_area=False))
        for place in places
    )


def _faulty_rows(book, title: str, lines: list[list], faults, look, head) -> None:
    top = (
        header_at(
            lines,
            {
                name: column
                for columns in load_schema().values()
                for name, column in columns.items()
            },
        )
        or 0
    )
    sheet = book.add_worksheet(title[:31])
    sheet.freeze_panes(1, 1)
    sheet.write_row(0, 0, ["原文件行号", *lines[top]], head)
    rows = sorted({fault.at[2] for fault in faults} - {top + 1})
    at = {top + 1: 0} | {row: down for down, row in enumerate(rows, 1)}
    for row in rows:
        sheet.write_row(at[row], 0, [row, *(lines[row - 1] if row <= len(lines) else ())])
    marked: dict[tuple[int, int], list[Fault]] = {}
    for fault in faults:
        marked.setdefault(fault.at[2:], []).append(fault)
    for (row, column), found in marked.items():
        value = lines[row - 1][column] if row <= len(lines) and column < len(lines[row - 1]) else ""
        sheet.write(
            at[row],
            column + 1,
            value,
            look[next(level for level in COLOURS if any(f.level == level for f in found))],
        )
        sheet.write_comment(
            at[row],
            column + 1,
            "\n".join(f"{f.what}。{f.do}" for f in found),
            {"author": AUTHOR, "x_scale": 2},
        )
