"""Where the two tables of the short form stand on their one sheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ..reading.layout import header_word
from ..schema import Column, short_schema

SHORT = ("简表", "short_form")  # names of the sheet
SOUGHT = 60  # rows in which a header is looked for


def parts(
    lines: Sequence[Sequence[object]],
) -> Iterator[tuple[str, Mapping[str, Column], int, int]]:
    """(table, its columns, first line, line after the last) of each table: from its header to the header of the other, in either order.
    A table whose header is not found has all lines, so that the reader says what it misses."""
    at = {table: _header(lines, columns) for table, columns in short_schema().items()}
    for table, columns in short_schema().items():
        start = at[table] or 0
        below = [line for line in at.values() if line is not None and line > start]
        yield table, columns, start, min(below, default=len(lines))


def _header(lines: Sequence[Sequence[object]], columns: Mapping[str, Column]) -> int | None:
    headers = [column.header for column in columns.values()]
    hits = [
        len({header for cell in line for header in headers if header_word(cell).startswith(header)})
        for line in lines[:SOUGHT]
    ]
    return hits.index(max(hits)) if hits and max(hits) > 1 else None
