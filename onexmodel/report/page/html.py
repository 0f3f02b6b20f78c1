"""The old name of numbers.py and blocks.py, until nothing asks for it any more."""

from collections.abc import Sequence

from . import blocks
from .blocks import Block, Front, bullets, paragraphs, ranged, unbroken
from .numbers import (
    THIN,
    Writer,
    count,
    english_units,
    gini,
    number,
    percent,
    points,
    relative,
    share,
    signed,
    tenths,
    wan,
)

__all__ = [
    "THIN",
    "Block",
    "Writer",
    "bullets",
    "count",
    "english_units",
    "gini",
    "number",
    "paragraphs",
    "percent",
    "points",
    "ranged",
    "relative",
    "share",
    "signed",
    "tenths",
    "unbroken",
    "wan",
]


def bar(observed: float, estimated: float, simulated: float, words: str) -> str:
    """blocks.bar, as HTML."""
    return blocks.bar(observed, estimated, simulated, words).html


def front_box(bands, kicker, title, meta, lead, also, keys, notes: Sequence[tuple], label) -> Front:
    """blocks.front_box, with notes as HTML."""
    notes = [(name, Block(words) if isinstance(words, str) else words) for name, words in notes]
    return blocks.front_box(bands, kicker, title, meta, lead, also, keys, notes, label)
