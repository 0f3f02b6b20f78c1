"""A parameter that takes another value at some places: its values laid over the general one on the coarsest axis that knows the places.
What may be narrowed, and by what, is settled in places.py."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from ...law.local import LOCAL, Where
from ...law.parameters import DatedValue, Parameter
from ...law.replay import with_values
from ..compile import Compiled
from .names import KEYS

KNOWS = {
    "province": ("province",),
    "national": ("certificate",),
    "supplier": ("province", "organisation"),
    "college": ("province", "tier", "ownership", "college"),
    "cell": ("province", "certificate", "level", "organisation"),
    "offering": tuple(KEYS),
}  # what an axis knows of a place, coarse axes first
MADE_ON = {
    "volume.default_pass_rate": "offering",
    "volume.default_retake_share": "offering",
    "workload.staff_hour_cost": "college",
    "funding.crowding_out": "college",
}  # parameters that no rule of an axis takes by name: where they enter


@dataclass(frozen=True)
class Times:
    """So many times what is in force at each place. factor: a number, or an array of draws."""

    factor: Any


def overlaid(view: Mapping, values: Mapping[str, Any]) -> dict:
    """The view with `values` holding everywhere, in place of general and local ones; a `Times` multiplies both."""
    local = view.get(LOCAL, {})
    found = {
        name: (
            value.factor * view[name],
            tuple((where, value.factor * one) for where, one in local.get(name, ())),
        )
        if isinstance(value, Times)
        else (value, ())
        for name, value in values.items()
    }
    return with_values(view, found)


def differing(before: Mapping, after: Mapping) -> set[str]:
    """Parameters whose local values are not the same in two views."""
    one, other = before.get(LOCAL, {}), after.get(LOCAL, {})
    return {name for name in {*one, *other} if not _same(one.get(name, ()), other.get(name, ()))}


def _same(one, other) -> bool:
    return len(one) == len(other) and all(
        w == v and same_value(x, y) for (w, x), (v, y) in zip(one, other, strict=True)
    )


def same_value(one, other) -> bool:
    """Are two values of a parameter the same, in every draw?"""
    if isinstance(one, np.ndarray) or isinstance(other, np.ndarray):
        return bool(np.array_equal(one, other))
    return one == other


def laid(
    compiled: Compiled, view: Mapping, name: str, axis: str, plain: Callable = lambda value: value
):
    """The parameter on an axis: its general value, or (…, rows) where some rows have another. `plain`: what a value is on that axis."""
    made = plain(view[name])
    for where, value in view.get(LOCAL, {}).get(name, ()):
        made = np.where(place_rows(compiled, axis, where), plain(value), made)
    return made


def axis_of(name: str, view: Mapping) -> str:
    """The axis a parameter with local values is laid on."""
    return MADE_ON.get(name) or coarsest(
        {key for where, _ in view[LOCAL][name] for key, _ in where}
    )


def coarsest(keys: set[str]) -> str:
    return next(axis for axis, known in KNOWS.items() if keys <= set(known))


def column(compiled: Compiled, axis: str, key: str) -> np.ndarray:
    """(rows,) of a key of KNOWS[axis]."""
    keys = compiled.keys[axis]
    if key in keys:
        return keys[key].to_numpy()
    return compiled.keys["college"][key].to_numpy()[
        compiled.space.maps["offering", "college"].index
    ]  # an offering's tier is its college's


def place_rows(compiled: Compiled, axis: str, where: Where) -> np.ndarray:
    """(rows,) bool: the rows of an axis that a `where` means."""
    return chosen(
        lambda key: column(compiled, axis, key), compiled.words, where, len(compiled.keys[axis])
    )


def chosen(
    column_of: Callable[[str], np.ndarray], words: Mapping, where: Where, count: int
) -> np.ndarray:
    """(count,) bool: the rows whose columns have one of the words, codes or names."""
    rows = np.ones(count, bool)
    for key, wanted in where:
        rows &= pd.Index(column_of(key)).isin(coded(words, key, wanted))
    return rows


def coded(words: Mapping, key: str, wanted: Sequence[str]) -> list[str]:
    """Names as codes; what is not known stays itself and means no row."""
    return [words.get(key, {}).get(word, word) for word in wanted]


def college_view(compiled: Compiled, view: Mapping, members=slice(None)) -> Mapping:
    """The view with what pots are shared by as (…, colleges), where it is not the same for all. `members`: some of the colleges."""
    name = "funding.crowding_out"
    if name not in view.get(LOCAL, {}):
        return view
    return {**view, name: laid(compiled, view, name, "college")[..., members]}


def origin_at(
    compiled: Compiled, parameter: Parameter, day: date, axis: str, index: int, level: str = "all"
) -> DatedValue | None:
    """The local value in force at one row, or None where the general one holds."""
    held = [
        one
        for one in parameter.local
        if one.holds(day)
        and one.level in ("all", level)
        and place_rows(compiled, axis, one.where)[index]
    ]
    return held[-1] if held else None
