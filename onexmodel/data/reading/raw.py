"""What stands in a file, as words: a folder of CSV → raw tables with the row of every record."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from ...errors import DataError, Fault, nearest
from ..files import bytes_of_table
from ..forms.example_rows import is_shipped
from ..schema import Column
from ..tables import Origin
from .identifiers import shown
from .layout import HEADER_ROWS, header_at, header_word, known_headers, named, two_rows
from .records import LISTED, plain_columns, records
from .words import ERROR_TEXT, TOTALS_ROW, is_total

MARK = "标记"  # an optional column of every sheet: 示例 rows are skipped, 估算 and 模拟 rows are counted as such
MARKS = {
    "": "observed",
    "观测": "observed",
    "估算": "estimated",
    "模拟": "simulated",
    "示例": "example",
}
STARS = "*＊★○●"  # before a header: always needed, or where the table is used
_ONE_FAULT = (
    "unknown_header",
    "unit_header",
)  # a misspelt header is one fault, not also a missing column
_SAVE_AS = "用 Excel 打开后另存为「CSV UTF-8」"
_UNREAD: dict[type[Exception], tuple[str, str]] = {
    UnicodeDecodeError: ("编码既不是 UTF-8 也不是 GB18030，读不出文字", "encoding"),
    csv.Error: ("不是可读的 CSV：引号没有成对，或单元格里有不成行的回车", "not_csv"),
}  # what is wrong with a file, and the code of the fault
_PERSONAL = ("姓名", "身份证", "电话", "手机", "联系人", "银行卡")


@dataclass(frozen=True)
class Raw:
    """`words`: English column → (rows,) of str, as in the file; `marks`: (rows,) observed | estimated | simulated."""

    origin: Origin
    words: Mapping[str, np.ndarray]
    marks: np.ndarray


def read_text(file: Path) -> str:
    """The file's text: UTF-8 with or without BOM, else GB18030. Raises UnicodeDecodeError where neither fits, DataError where it is no
    file of a table."""
    raw = bytes_of_table(file).rstrip(b"\x00\x1a")  # what old programs end a file with
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("gb18030")
    return text.lstrip("\ufeff")


def read_csv(file: Path) -> list[list[str]]:
    """All records; those without any word are one and the same empty list, however many there are. Raises UnicodeDecodeError, csv.Error,
    DataError."""
    blank: list[str] = []
    lines = csv.reader(io.StringIO(read_text(file), newline=""), strict=True)
    return [line if any(line) else blank for line in lines]


def _header_alone(plain, columns: Mapping[str, Column]) -> bool:
    """Whether the first line is the header, and all of it."""
    header, cells = plain
    below = list(zip(*(column[: HEADER_ROWS - 1] for column in cells), strict=True))
    if header_at([header, *below], columns) != 0:
        return False
    return not (below and two_rows(header, below[0], known_headers(columns)))


def raw_csv(file: Path, columns: Mapping[str, Column], faults: list[Fault]) -> Raw | None:
    """One table of a folder, or None where the file cannot be read at all."""
    try:
        text = read_text(file)
        if "\x00" in text:
            line = text.count("\n", 0, text.index("\x00")) + 1
            what = "里面有空字符（NUL），不是文本表"
            faults.append(Fault(f"{file.name} 第 {line} 行", what, _SAVE_AS, code="not_csv"))
            return None
        plain = plain_columns(text)
        plain = plain if plain and _header_alone(plain, columns) else None
        lines = [] if plain else read_csv(file)
    except DataError as error:
        faults += error.faults
        return None
    except (UnicodeDecodeError, csv.Error) as error:
        what, code = _UNREAD[type(error)]
        faults.append(Fault(file.name, what, _SAVE_AS, code=code))
        return None
    if plain:
        rows = range(2, len(plain[1][0]) + 2)
        return assemble(Layout(file.name, "", plain[0], rows, 1), plain[1], columns, faults)
    return _from_lines(file.name, lines, columns, faults)


def _from_lines(name: str, lines: Sequence[list[str]], columns, faults: list[Fault]) -> Raw | None:
    if not any(map(any, lines)):
        faults.append(Fault(name, "文件是空的，连表头也没有", do="第一行写列名", code="empty_file"))
        return None
    top = header_at(lines, columns)
    if top is None:
        top = next(at for at, line in enumerate(lines) if any(line))
    header, row = lines[top], top + 1
    known, first = known_headers(columns), row
    if joined := two_rows(header, lines[row] if row < len(lines) else [], known):
        header, row = joined, row + 1
    elif top and (joined := two_rows(lines[top - 1], header, known)):
        header, first = joined, row - 1
    if len(header) == 1 and any(mark in header[0] for mark in "\t;；，|"):
        faults.append(
            Fault(
                f"{name} 第 {row} 行",
                "各列没有用英文逗号分开",
                do="用 Excel 打开后另存为「CSV UTF-8（逗号分隔）」",
                code="separator",
            )
        )
        return None
    width, body = len(header), lines[row:]
    rows: Sequence[int] = range(row + 1, len(lines) + 1)
    if set(map(len, body)) != {width} or not all(map(any, body)):
        body, rows = _even(name, body, row, width, faults)
    cells = list(zip(*body, strict=True)) if body else [()] * width
    return assemble(Layout(name, "", header, rows, row, first), cells, columns, faults)


def _even(
    name: str, lines: Sequence[list[str]], header_row: int, width: int, faults: list[Fault]
) -> tuple[list[list[str]], list[int]]:
    """The lines that have a cell for each header, and their numbers; blank ones are skipped, ragged ones are faults."""
    body, rows, ragged = [], [], 0
    for number, line in enumerate(lines, header_row + 1):
        if not any(line):
            continue
        if len(line) != width:
            if len(line) > width and not any(line[width:]):
                line = line[:width]
            else:
                ragged += 1
                if ragged > LISTED:
                    continue
                faults.append(
                    Fault(
                        f"{name} 第 {number} 行",
                        f"有 {len(line)} 格，表头有 {width} 列",
                        do="检查是否多了或少了逗号；含逗号的文字要用引号括起",
                        code="ragged",
                    )
                )
                continue
        body.append(line)
        rows.append(number)
    if ragged > LISTED:
        what, do = f"同类问题还有 {ragged - LISTED} 处", "检查是否多了或少了逗号"
        faults.append(Fault(name, what, do, code="ragged_more"))
    return body, rows


@dataclass(frozen=True)
class Layout:
    """Where a table stands: its header as written, the file's row of each record, the row of the header (of its last, where `first`
    is another), whether the workbook came from the template, and what serial numbers of days count from."""

    file: str
    sheet: str
    header: Sequence[str]
    rows: Sequence[int]
    header_row: int
    first: int = 0
    from_template: bool = False
    first_day: str = "1899-12-30"


def assemble(
    layout: Layout,
    cells: Sequence[Any],
    columns: Mapping[str, Column],
    faults: list[Fault],
) -> Raw | None:
    """Headers to columns. `cells` holds one sequence a column. Faults: unknown, doubled, missing and personal headers; rows that are
    no records are left out, each said."""
    known, row = known_headers(columns), layout.header_row
    written = [*(column.header for column in columns.values()), *columns]
    place = Origin(layout.file, layout.sheet, np.array(layout.rows, int), {}, {}, layout.first_day)
    if layout.first and layout.first != row:
        faults.append(
            Fault(
                place.sheet_name,
                f"列名占两行（第 {layout.first}、{row} 行），已合起来读",
                do="只留一行列名更稳妥",
                level="note",
                code="two_header_rows",
            )
        )
    positions, headers, mark, own = {}, {}, None, []
    for at, text in enumerate(layout.header):
        word = shown(str(text)).strip().lstrip(STARS).strip()
        name = named(text, known)
        if header_word(text) == MARK:
            mark = at
        elif not header_word(text) and not any(cells[at]):
            continue
        elif not name:
            own.append(_unknown(place, at, word, written, row))
        elif name in positions:
            what = f"列「{word}」出现两次"
            own.append(place.header_fault(at, row, what, "只留一列", code="doubled_header"))
        else:
            positions[name], headers[name] = at, word
    faults += _with_missing(own, positions, known, place, columns)
    words = {name: np.array(cells[at], object) for name, at in positions.items()}
    origin = replace(place, columns=positions, headers=headers)
    by_place = {at: columns[name] for name, at in positions.items()}
    order = [by_place.get(at) for at in range(len(layout.header))]
    keep = records(words, cells, mark, origin, order, layout.header, faults)
    marks, marked = _marks(cells, mark, words, columns, origin, layout, keep, faults)
    keep &= marked
    return Raw(
        replace(origin, rows=origin.rows[keep]),
        {name: column[keep] for name, column in words.items()},
        marks[keep],
    )


def _with_missing(own, positions, known, place, columns) -> list[Fault]:
    """The faults of headers, and the columns that are needed and not there: a misspelt or broken header is one fault, not two."""
    meant = {
        known.get(header_word(fault.nearest).lower()) for fault in own if fault.code in _ONE_FAULT
    }
    missing = [
        column
        for name, column in columns.items()
        if column.need == "R" and name not in positions and name not in meant
    ]
    broken = [at for at, fault in enumerate(own) if fault.code in ("header_error", "no_header")]
    if missing and len(missing) <= len(broken):
        for at, column in zip(broken, missing):
            own[at] = replace(own[at], nearest=column.header)
        missing = []
    rest = [column for name, column in columns.items() if name not in positions]
    if len(broken) == len(rest) == 1:  # an optional column, and the only one it can be
        own[broken[0]] = replace(own[broken[0]], nearest=rest[0].header)
    return own + [
        Fault(
            place.sheet_name,
            f"缺少列「{column.header}」（{column.column}）",
            do="补上这一列",
            code="missing_column",
        )
        for column in missing
    ]


def _unknown(place, at, word, headers, header_row) -> Fault:
    said = partial(place.header_fault, at, header_row)
    if any(part in word for part in _PERSONAL):
        what = f"「{word}」是个人信息，不收"
        return said(what, "删去这一列；教师只用编号", code="personal")
    near = nearest(word.split("（")[0].split("(")[0], headers)
    if found := re.search(r"[（(\[【/].*?([十百千万亿]+)元?", word):
        what = f"「{word}」以{found[1]}元计，本表以元计"
        return said(what, "把数值换算成元，再改列名", near, "unit_header")
    if not word:
        return said("这一列有内容而没有列名", "补上列名，或删去这一列", code="no_header")
    if ERROR_TEXT.fullmatch(word):
        return said(f"列名处公式出错（{word}）", "写上列名", code="header_error")
    what = f"不认识的列「{word}」"
    return said(what, "改名或删去", nearest(word, headers), "unknown_header")


def _marks(
    cells, mark, words, columns, place, layout, keep, faults
) -> tuple[np.ndarray, np.ndarray]:
    count = len(place.rows)
    if mark is None:
        return np.full(count, "observed", object), np.ones(count, bool)
    found = [str(word).strip() for word in cells[mark]]
    summed = np.zeros(count, bool)
    for i, word in enumerate(found):
        if word in MARKS or not keep[i]:
            continue
        summed[i] = is_total(word)
        said = partial(place.header_fault, mark, int(place.rows[i]))
        if summed[i]:
            faults.append(said(*TOTALS_ROW, code="totals_row"))
        else:
            what, do = f"标记「{shown(word)}」不认识", "只能是 示例、估算、模拟、观测或空白"
            faults.append(said(what, do, nearest(word, MARKS), "mark"))
    marks = np.array([MARKS.get(word, "observed") for word in found], object)
    if layout.from_template:
        for i in np.flatnonzero((marks == "example") & keep).tolist():
            row = {name: str(cells_of[i]) for name, cells_of in words.items()}
            if not is_shipped(row, columns):
                marks[i] = "observed"  # read on, so that its other faults are said at once
                what, do = "标记是示例，没有读入；是自己的数就清空标记", "只是示例就删去这一行"
                at = int(place.rows[i])
                faults.append(place.header_fault(mark, at, what, do, code="own_example"))
    return marks, (marks != "example") & ~summed
