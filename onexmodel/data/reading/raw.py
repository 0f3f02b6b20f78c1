"""What stands in a file, as words: a folder of CSV → raw tables with the row of every record."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ...errors import Fault, nearest
from ..schema import Column
from ..tables import Origin

MARK = "标记"  # an optional column of every sheet: 示例 rows are skipped, 估算 and 模拟 rows are counted as such
MARKS = {
    "": "observed",
    "观测": "observed",
    "估算": "estimated",
    "模拟": "simulated",
    "示例": "example",
}
STARS = "*○"  # before a header: always needed, or where the table is used
HEADER_ROWS = (
    5  # the header stands in one of the first rows: people put a title or an empty row above it
)
_ONE_FAULT = (
    "unknown_header",
    "unit_header",
)  # a misspelt header is one fault, not also a missing column
_PERSONAL = ("姓名", "身份证", "电话", "手机", "联系人", "银行卡")


@dataclass(frozen=True)
class Raw:
    """`words`: English column → (rows,) of str, as in the file; `marks`: (rows,) observed | estimated | simulated."""

    origin: Origin
    words: Mapping[str, np.ndarray]
    marks: np.ndarray


def read_text(file: Path) -> str:
    """The file's text: UTF-8 with or without BOM, else GB18030. Raises UnicodeDecodeError where neither fits."""
    raw = file.read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("gb18030")


def read_csv(file: Path) -> list[list[str]]:
    """All records. Raises UnicodeDecodeError, csv.Error."""
    return list(csv.reader(io.StringIO(read_text(file), newline=""), strict=True))


def _plain_columns(text: str) -> tuple[list[str], list[list[str]]] | None:
    """(header, cells by column) of a text without quotes whose lines are all full and of one width — no pass per record; else None."""
    if '"' in text or "\r" in text.replace("\r\n", ""):
        return None
    text = text.replace("\r\n", "\n").removesuffix("\n")
    head, body, rest = text.partition("\n")
    lines, commas = rest.split("\n") if body else [], head.count(",")
    if not commas or any(line.count(",") != commas or not line.strip(",") for line in lines):
        return None
    flat = rest.replace("\n", ",").split(",") if lines else []
    return head.split(","), [flat[at :: commas + 1] for at in range(commas + 1)]


def raw_csv(file: Path, columns: Mapping[str, Column], faults: list[Fault]) -> Raw | None:
    """One table of a folder, or None where the file cannot be read at all."""
    try:
        plain = _plain_columns(read_text(file))
        plain = plain if plain and header_at([plain[0]], columns) == 0 else None
        lines = [] if plain else read_csv(file)
    except UnicodeDecodeError:
        faults.append(
            Fault(
                file.name,
                "编码既不是 UTF-8 也不是 GB18030，读不出文字",
                do="用 Excel 打开后另存为「CSV UTF-8」",
                code="encoding",
            )
        )
        return None
    except csv.Error:
        faults.append(
            Fault(
                file.name,
                "不是可读的 CSV：引号没有成对，或单元格里有不成行的回车",
                do="用 Excel 打开后另存为「CSV UTF-8」",
                code="not_csv",
            )
        )
        return None
    if plain:
        return assemble(file.name, "", *plain, range(2, len(plain[1][0]) + 2), 1, columns, faults)
    return _from_lines(file.name, lines, columns, faults)


def _from_lines(name: str, lines: Sequence[list[str]], columns, faults: list[Fault]) -> Raw | None:
    if not any(map(any, lines)):
        faults.append(Fault(name, "文件是空的，连表头也没有", do="第一行写列名", code="empty_file"))
        return None
    top = header_at(lines, columns)
    if top is None:
        top = next(at for at, line in enumerate(lines) if any(line))
    header, row = lines[top], top + 1
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
    return assemble(name, "", header, cells, rows, row, columns, faults)


def header_at(lines: Sequence[Sequence[object]], columns: Mapping[str, Column]) -> int | None:
    """Which of the first lines names most columns; None where none names any."""
    known = {column.header for column in columns.values()} | set(columns)
    hits = [
        sum(str(cell).strip().lstrip(STARS).strip() in known for cell in line)
        for line in lines[:HEADER_ROWS]
    ]
    return hits.index(max(hits)) if any(hits) else None


def _even(
    name: str, lines: Sequence[list[str]], header_row: int, width: int, faults: list[Fault]
) -> tuple[list[list[str]], list[int]]:
    """The lines that have a cell for each header, and their numbers; blank ones are skipped, ragged ones are faults."""
    body, rows = [], []
    for number, line in enumerate(lines, header_row + 1):
        if not any(line):
            continue
        if len(line) != width:
            if len(line) > width and not any(line[width:]):
                line = line[:width]
            else:
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
    return body, rows


def assemble(
    file: str,
    sheet: str,
    header: Sequence[str],
    cells: Sequence[Sequence[str]],
    rows: Sequence[int],
    header_row: int,
    columns: Mapping[str, Column],
    faults: list[Fault],
) -> Raw | None:
    """Headers to columns. `cells` holds one sequence a column. Faults: unknown, doubled, missing and personal headers."""
    by_header = {column.header: name for name, column in columns.items()} | {
        name: name for name in columns
    }
    place = Origin(file, sheet, np.array(rows, int), {}, {})
    positions, headers, mark = {}, {}, None
    for at, text in enumerate(header):
        word = str(text).strip().lstrip(STARS).strip()
        name = by_header.get(word) or by_header.get(_bare(word))
        if word == MARK:
            mark = at
        elif not word and not any(cells[at]):
            continue
        elif name is None:
            faults.append(_unknown(place, at, word, by_header, header_row))
        elif name in positions:
            faults.append(
                Fault(
                    place.header_address(at, header_row),
                    f"列「{word}」出现两次",
                    do="只留一列",
                    code="doubled_header",
                    at=(file, sheet, header_row, at),
                )
            )
        else:
            positions[name], headers[name] = at, word
    meant = {
        by_header.get(fault.nearest)
        for fault in faults
        if fault.at[:2] == (file, sheet) and fault.code in _ONE_FAULT
    }
    missing = [
        column
        for name, column in columns.items()
        if column.need == "R" and name not in positions and name not in meant
    ]
    faults += [
        Fault(
            place.sheet_name,
            f"缺少列「{column.header}」（{column.column}）",
            do="补上这一列",
            code="missing_column",
        )
        for column in missing
    ]
    words = {name: np.array(cells[at], object) for name, at in positions.items()}
    marks, keep = _marks(cells, mark, place, header_row, faults)
    origin = Origin(file, sheet, place.rows[keep], positions, headers)
    return Raw(origin, {name: column[keep] for name, column in words.items()}, marks[keep])


def _bare(word: str) -> str:
    """单价（元） → 单价: a unit written into the header is not part of the name — but 万元 is not 元."""
    head, _, tail = word.replace("(", "（").partition("（")
    return head.strip() if tail and "万" not in tail and "千" not in tail else word


def _unknown(place, at, word, by_header, header_row) -> Fault:
    where, spot = place.header_address(at, header_row), (place.file, place.sheet, header_row, at)
    if any(part in word for part in _PERSONAL):
        return Fault(
            where,
            f"「{word}」是个人信息，不收",
            do="删去这一列；教师只用编号",
            code="personal",
            at=spot,
        )
    if "万" in word:
        return Fault(
            where,
            f"「{word}」以万元计，本表以元计",
            nearest=nearest(word.split("（")[0].split("(")[0], by_header),
            do="把数值换算成元，再改列名",
            code="unit_header",
            at=spot,
        )
    if not word:
        return Fault(
            where, "这一列有内容而没有列名", do="补上列名，或删去这一列", code="no_header", at=spot
        )
    return Fault(
        where,
        f"不认识的列「{word}」",
        nearest=nearest(word, by_header),
        do="改名或删去",
        code="unknown_header",
        at=spot,
    )


def _marks(cells, mark, place, header_row, faults) -> tuple[np.ndarray, np.ndarray]:
    count = len(place.rows)
    if mark is None:
        return np.full(count, "observed", object), np.ones(count, bool)
    words = [str(word).strip() for word in cells[mark]]
    for i, word in enumerate(words):
        if word not in MARKS:
            faults.append(
                Fault(
                    place.header_address(mark, int(place.rows[i])),
                    f"标记「{word}」不认识",
                    nearest=nearest(word, MARKS),
                    do="只能是 示例、估算、模拟、观测或空白",
                    code="mark",
                    at=(place.file, place.sheet, int(place.rows[i]), mark),
                )
            )
    marks = np.array([MARKS.get(word, "observed") for word in words], object)
    return marks, marks != "example"
