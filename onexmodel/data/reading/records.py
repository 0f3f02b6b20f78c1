"""Which rows below the header are records, and what is said of those that are none."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from ...errors import Fault
from ..schema import Column
from ..tables import Origin
from .identifiers import shown
from .layout import FEW, loose_text, no_record, note_of

LISTED = 200  # faults listed of a kind in a column
BELOW = 3  # rows right below the header that may hold units, column numbers or English names


def few(faults: Sequence[Fault], where: str) -> list[Fault]:
    """The faults of one table with at the most LISTED of a kind in a column; how many more there are is one fault."""
    kept, kinds = [], Counter()
    last: dict[tuple, Fault] = {}
    for fault in faults:
        kind = fault.code, fault.level, fault.at[3] if fault.at else -1
        kinds[kind] += 1
        if kinds[kind] <= LISTED or not fault.code:
            kept.append(fault)
        else:
            last[kind] = fault
    return kept + [
        Fault(
            where, f"同类问题还有 {kinds[kind] - LISTED} 处", one.do, level=one.level, code=one.code
        )
        for kind, one in last.items()
    ]


def records(
    words: Mapping[str, np.ndarray],
    cells: Sequence[Sequence[str]],
    mark: int | None,
    place: Origin,
    columns: Sequence[Column | None],
    header: Sequence[str],
    faults: list[Fault],
) -> np.ndarray:
    """(rows,) bool. Left out: units and numbers below the header, the header again, notes around the table."""
    keep = np.ones(len(place.rows), bool)
    for row in range(min(BELOW, len(keep))):
        line = [str(column[row]) if len(column) else "" for column in cells]
        kind, tells = no_record(line, columns)
        if kind:
            keep[row] = False
            faults.append(_said(place, row, kind, tells, columns, line))
        elif not note_of(line):
            break
    _again(words, place, columns, header, keep, faults)
    filled = _filled(words, cells, mark, len(keep))
    for row in np.flatnonzero((filled <= FEW) & (filled * 2 <= max(len(words), 3)) & keep).tolist():
        line = [str(column[row]) if len(column) else "" for column in cells]
        if label := note_of(line):
            keep[row] = False
            faults.append(
                _fault(
                    place, int(row), f"是表外的说明（{label}），没有读入", "", "note", "note_row"
                )
            )
        elif len(words) > FEW and (text := loose_text(line)):
            keep[row] = False
            at = next(i for i, word in enumerate(line) if word.strip())
            what = f"只有一格文字「{shown(text)[:24]}」，像是表外的说明"
            faults.append(
                _fault(
                    place,
                    int(row),
                    what,
                    "移到表外，或删去；是数据就把这一行填全",
                    "error",
                    "loose_text",
                    at,
                )
            )
    return keep


def _filled(words, cells, mark, count: int) -> np.ndarray:
    """(rows,) how many cells of each row hold something; counted no further where all rows hold more than a row to look at does."""
    filled = np.zeros(count, int)
    for column in words.values():
        filled += column != ""
        if count and filled.min() > FEW:
            return filled
    for at, column in enumerate(cells):
        if (
            at != mark
            and len(column)
            and not any(column is one for one in words.values())
            and len(cells) > len(words) + 1
        ):
            filled += np.array([bool(word) for word in column], bool)
    return filled


def _again(words, place, columns, header, keep, faults) -> None:
    """A header that is repeated among the records, as on each printed page."""
    if not words:
        return
    name = next(iter(words))
    at = place.columns[name]
    for row in np.flatnonzero((words[name] == header[at]) & keep).tolist():
        line = [""] * len(header)
        for one, column in words.items():
            line[place.columns[one]] = str(column[row])
        if no_record(line, columns)[0] == "header":
            keep[row] = False
            faults.append(_fault(place, row, "又是一行列名，没有读入", "", "note", "header_again"))


def _said(place, row, kind, tells, columns, line) -> Fault:
    if kind == "larger_unit":
        at = line.index(tells)
        header = columns[at].header if columns[at] else ""
        what = (
            f"单位行写着「{tells}」，而「{header}」以{columns[at].unit if columns[at] else '元'}计"
        )
        return _fault(place, row, what, "把数值换算过来，再删去单位行", "error", "unit_row", at)
    what = {
        "units": f"是单位行（{tells}），没有读入",
        "numbers": f"是栏次行（{tells}），没有读入",
        "header": "又是一行列名，没有读入",
    }[kind]
    return _fault(place, row, what, "", "note", "header_again" if kind == "header" else "unit_row")


def _fault(
    place: Origin, row: int, what: str, do: str, level: str, code: str, at: int = 0
) -> Fault:
    number = int(place.rows[row])
    return Fault(
        f"{place.sheet_name} 第 {number} 行",
        what,
        do,
        level=level,
        code=code,
        at=(place.file, place.sheet, number, at),
    )


def plain_columns(text: str) -> tuple[list[str], list[np.ndarray]] | None:
    """(header, cells by column) of a text without quotes whose lines are all full and of one width — no pass per record; else None.
    Cells of a column that read alike are one object, so that looking through them is quick."""
    if '"' in text or "\x00" in text or "\r" in text.replace("\r\n", ""):
        return None
    text = text.replace("\r\n", "\n").removesuffix("\n")
    head, body, rest = text.partition("\n")
    commas = head.count(",")
    if not commas:
        return None
    if not body:
        return head.split(","), [np.array([], object) for _ in range(commas + 1)]
    if rest.startswith("\ufeff") or not (raw := _even_lines(rest, commas)):
        return None
    table = pd.read_csv(
        io.BytesIO(raw),
        header=None,
        names=range(commas + 1),
        dtype=object,
        na_filter=False,
        quoting=csv.QUOTE_NONE,
        skip_blank_lines=False,
        low_memory=False,
    )
    return head.split(","), [table[at].to_numpy(object) for at in table]


def _even_lines(text: str, commas: int) -> bytes:
    """The lines as UTF-8, where each has just so many commas and something beside them; else nothing."""
    raw = f"{text}\n".encode()
    signs = np.frombuffer(raw, np.uint8)
    ends, at = np.flatnonzero(signs == ord("\n")), np.flatnonzero(signs == ord(","))
    if len(at) != commas * len(ends):
        return b""
    by_line, starts = at.reshape(-1, commas), np.append(-1, ends[:-1])
    inside = (by_line[:, 0] > starts) & (by_line[:, -1] < ends)
    filled = inside & (ends - starts - 1 > commas)
    return raw if filled.all() else b""
