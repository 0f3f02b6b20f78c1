"""A table that a reader turns: sliders over a grid of points computed beforehand. Every number is written here, as everywhere on the page; the
script (explorer.js) only chooses. Without it, and on paper before anything is chosen, the ends of the grid and its named points stand there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from .blocks import Block, in_script, made
from .numbers import signed
from .sentences import Words

EXPLORER = (
    '<section class="explorer"'  # how it begins on a page: no text can, whose signs are escaped
)
KEPT = 12  # decimals of a value: in the address it stands as a person would write it


@dataclass(frozen=True)
class Axis:
    """One thing that can be turned: its name in the address and on the page, the values computed, rising, and each in words."""

    key: str
    name: str
    values: Sequence[float]
    texts: Sequence[str]

    def at(self, value: float) -> int:
        """The index of one of the values."""
        return list(self.values).index(round(value, KEPT))


@dataclass(frozen=True)
class Measure:
    """What is read off the grid: its name with the unit, how a value is written, and the values, one axis of the array for each Axis."""

    name: str
    write: Callable[[float], str]
    values: np.ndarray


@dataclass(frozen=True)
class Grid:
    """`named`: name → place, an index an axis, of the points that have a name. The first is what others are compared with, the last
    what is shown first."""

    axes: Sequence[Axis]
    measures: Sequence[Measure]
    named: Mapping[str, tuple[int, ...]]

    @property
    def places(self) -> list[tuple[int, ...]]:
        """Every point, the last axis fastest."""
        return list(product(*(range(len(axis.values)) for axis in self.axes)))

    def setting(self, at: Sequence[int]) -> list[str]:
        """A point in words, a text an axis."""
        return [axis.texts[i] for axis, i in zip(self.axes, at, strict=True)]


def rising(values: Sequence[float], *more: float) -> tuple[float, ...]:
    """The values of an axis with others among them, each once."""
    return tuple(sorted({round(float(value), KEPT) for value in (*values, *more)}))


def rows(grid: Grid, words: Words) -> list[list[str]]:
    """The table without a script: the named points, then every combination of the axes' ends; a point in words, then its measures."""
    ends = product(*(sorted({0, len(axis.values) - 1}) for axis in grid.axes))
    names: dict[tuple[int, ...], list[str]] = {}
    for name, at in grid.named.items():
        names.setdefault(at, []).append(name)
    return [
        [
            words.explorer_point(grid.setting(at), names.get(at, [])),
            *(one.write(float(one.values[at])) for one in grid.measures),
        ]
        for at in dict.fromkeys([*names, *ends])
    ]


def explorer(grid: Grid, table: Block, title: str, words: Words) -> Block:
    """The table of `rows` with what turns it. words: the page's."""
    base, start = (list(grid.named.values())[i] for i in (0, -1))
    said, name = words.explorer_words, list(grid.named)[0]
    heads = (said["measure"], name, said["chosen"], words.explorer_change(name))
    data = in_script({**_data(grid, base), "off": said["near"]}, separators=(",", ":"))
    return made("explorer", grid, start, heads, table, title, said, data)


def _data(grid: Grid, base: tuple[int, ...]) -> dict[str, Any]:
    """What the script reads. cells: of every point, for each measure, its value and its change from `base`, as written."""
    axes = [
        {"key": axis.key, "values": list(axis.values), "texts": list(axis.texts)}
        for axis in grid.axes
    ]
    cells = [
        [
            [
                one.write(float(one.values[at])),
                signed(one.write(float(one.values[at] - one.values[base]))),
            ]
            for one in grid.measures
        ]
        for at in grid.places
    ]
    return {"axes": axes, "cells": cells}
