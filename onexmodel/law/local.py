"""Values that hold at some places only: dated values with a `where`, kept beside a parameter's general ones and laid over them by the
engine. The law stays free of places: `law.at(day)[name]` is the general value; `law.at(day)[LOCAL]` lists what differs, and where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

LOCAL = "local"  # the key of a view under which local values stand, name → ((where, value), …); present only where there are any

Where = tuple[tuple[str, tuple[str, ...]], ...]


def local_at(values: Sequence, day: date, cap: bool) -> tuple[tuple[Where, Any], ...]:
    """((where, plain value), …) in force on `day`, the last laid last: where two meet at a place the later one holds. A cap's value is
    {level: yuan}."""
    found: dict[Where, Any] = {}
    for one in values:
        if one.holds(day):
            before = found.pop(one.where, {})
            plain = (
                dict(one.value) if isinstance(one.value, Mapping) else one.value
            )  # a view is sent to other processes
            found[one.where] = {**before, one.level: plain} if cap else plain
    return tuple(found.items())


def replaced_by(values: Sequence, general) -> tuple:
    """The local values once a general one is laid after them: it holds everywhere in its window. A cap of one level takes its place from
    that level alone."""
    kept = []
    for one in values:
        if general.level in ("all", one.level):
            kept += _outside(one, general.start, general.until)
            continue
        kept.append(one)
        if one.level == "all":
            kept.append(replace(general, where=(*one.where, ("level", (general.level,)))))
    return tuple(kept)


def _outside(value, start: date, until: date | None) -> list:
    """The parts of a dated value before `start` and from `until` on."""
    parts = []
    if value.start < start:
        parts.append(
            replace(value, until=start if value.until is None else min(value.until, start))
        )
    if until is not None and (value.until is None or until < value.until):
        parts.append(replace(value, start=max(value.start, until)))
    return parts
