"""Rules wired by argument name. A name is a leaf (column or parameter), a declared sum, or another rule."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from graphlib import TopologicalSorter
from typing import Any

import numpy as np

from ..rules import cost, fee, pay, response, volume, workload
from ..rules import funding as funding_rules
from .axes import AXIS_OF_RULE, SUMS, Grouping
from .draws.some_rows import AtSomeRows, applied, settled, summed

MODULES = (volume, cost, fee, response, workload, pay, funding_rules)
AXIS = AXIS_OF_RULE | {name: to for name, (_, to) in SUMS.items()}


RULES: dict[str, Callable] = {
    name: getattr(module, name)
    for module in MODULES
    for name in AXIS
    if name not in SUMS and callable(getattr(module, name, None))
}  # every rule that lives on an axis
ARGUMENTS = {name: tuple(inspect.signature(rule).parameters) for name, rule in RULES.items()}


@dataclass(frozen=True)
class Space:
    """The axes of a run: `maps[fine, coarse]` gathers or sums from one to the other."""

    maps: Mapping[tuple[str, str], Grouping]


@lru_cache(
    maxsize=256
)  # depends on the code alone, never on data: the same question has the same answer
def needed(targets: tuple[str, ...], given: frozenset[str]) -> tuple[str, ...]:
    """The names to compute for `targets`, in an order that respects their arguments."""
    graph, todo = {}, list(targets)
    while todo:
        name = todo.pop()
        if name in graph or name in given:
            continue
        graph[name] = [SUMS[name][0]] if name in SUMS else list(ARGUMENTS.get(name, ()))
        if name not in SUMS and name not in ARGUMENTS:
            raise KeyError(f"「{name}」既不是列、参数，也不是规则")
        todo += graph[name]
    return tuple(name for name in TopologicalSorter(graph).static_order() if name not in given)


@lru_cache(maxsize=256)  # depends on the code alone
def inputs_of(targets: tuple[str, ...], given: frozenset[str] = frozenset()) -> frozenset[str]:
    """Every leaf and rule that `targets` lean on, near or far; not what lies behind those that are `given`."""
    found, todo = set(), list(targets)
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo += (
                []
                if name in given
                else [SUMS[name][0]]
                if name in SUMS
                else ARGUMENTS.get(name, ())
            )
    return frozenset(found)


@lru_cache(maxsize=256)  # depends on the code alone
def downstream(changed: frozenset[str]) -> frozenset[str]:
    """Every rule and sum that leans on a name of `changed`, near or far."""
    users: dict[str, list[str]] = {}
    for name in (*RULES, *SUMS):
        for argument in [SUMS[name][0]] if name in SUMS else ARGUMENTS[name]:
            users.setdefault(argument, []).append(name)
    found, todo = set(), list(changed)
    while todo:
        for user in users.get(todo.pop(), ()):
            if user not in found:
                found.add(user)
                todo.append(user)
    return frozenset(found)


def evaluate(
    targets, leaves: Mapping[str, Any], leaf_axis: Mapping[str, str], space: Space
) -> dict[str, Any]:
    """Values of every name needed for `targets`. Leaves without an axis (parameters) are passed as they are."""
    values = dict(leaves)
    axis, at_some_rows = (
        {**AXIS, **leaf_axis},
        any(isinstance(value, AtSomeRows) for value in leaves.values()),
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        for name in needed(tuple(targets), frozenset(leaves)):
            if name in SUMS:
                quantity, to = SUMS[name]
                values[name] = summed(space.maps[axis[quantity], to], values[quantity])
            else:
                own, names = axis[name], ARGUMENTS[name]
                values[name] = applied(
                    RULES[name],
                    [_brought(values[one], axis.get(one), own, space) for one in names],
                    [one in axis for one in names],
                )
            if at_some_rows and AXIS.get(name) == "national":
                values[name] = settled(values[name])
    return values


def _brought(value, have: str | None, want: str, space: Space):
    """A value on axis `have` as a rule on axis `want` sees it."""
    if have == want or have is None or isinstance(value, dict):
        return value
    if isinstance(value, AtSomeRows):
        value = (
            value
            if have in ("component", "offering") and want in ("component", "offering")
            else value.gathered(space.maps["offering" if want == "component" else want, have].index)
        )
        return value.lifted() if want == "component" else value
    if want == "component":
        value = (
            value
            if have == "offering"
            else np.asarray(value).take(space.maps["offering", have].index, axis=-1)
        )
        return value[..., None, :]
    if have == "component":
        return value
    return np.asarray(value).take(
        space.maps[want, have].index, axis=-1
    )  # rows side by side in memory: sums do not depend on how many draws there are
