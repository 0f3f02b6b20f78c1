"""The grey row that shows how to fill a sheet, as the templates ship it."""

from __future__ import annotations

from collections.abc import Mapping

from ..codes import BY_COLUMN
from ..schema import Column, load_schema, short_schema


def example_row(table: str) -> dict[str, object]:
    """English column → the example shipped for it: a number where the column holds numbers, else words; of a table of the schema or of
    the short form."""
    columns = load_schema().get(table) or short_schema()[table]
    return {name: _example(column) for name, column in columns.items()}


def is_shipped(words: Mapping[str, str], columns: Mapping[str, Column]) -> bool:
    """Whether a row (English column → its words in the file) says nothing but what the shipped example says, in Chinese or by its codes;
    cleared cells do not count."""
    return all(
        not word.strip() or _same(word.strip(), columns[name]) for name, word in words.items()
    )


def _example(column: Column) -> object:
    try:
        return float(column.example) if column.numeric else column.example
    except ValueError:
        return column.example


def _same(word: str, column: Column) -> bool:
    known, example = BY_COLUMN.get(column.column, {}), _example(column)
    if known.get(word, word) == known.get(column.example, column.example):
        return True
    try:
        return isinstance(example, float) and float(word) == example
    except ValueError:
        return False
