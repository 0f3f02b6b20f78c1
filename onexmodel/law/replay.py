"""What scenarios make of a value that might have been another: their operations replayed on it, or on every draw of it.

A scheme says "a fifth more", not "0.6": where the value it starts from is uncertain, so is the value it ends at. Only `value` fixes a
parameter; `scale` and `add` act on each draw, at their place, in the order the changes are laid, and stay within what the parameter can
be (docs/method.md §10).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np

from .compose import Composition
from .local import LOCAL, Where
from .parameters import Parameter, freeze
from .scenario import Change

Local = tuple[tuple[Where, Any], ...]


@dataclass(frozen=True)
class LawPair:
    """The two laws of a comparison on one day, as name → value, and what leads from one to the other. `shared`, `own`: name → the changes
    in force that the baseline, and the scheme, lay over the law, in their order; `settled`: instruments that --set fixes in the scheme."""

    before: Mapping[str, Any]
    after: Mapping[str, Any]
    parameters: Mapping[str, Parameter]
    shared: Mapping[str, tuple[Change, ...]] = field(default_factory=dict)
    own: Mapping[str, tuple[Change, ...]] = field(default_factory=dict)
    settled: frozenset[str] = frozenset()

    def under(self, values: Mapping[str, Any]) -> tuple[dict, dict]:
        """The two laws where parameters have other values to start from (numbers, options, or arrays of draws). What a scenario fixes
        stays as it fixes it; what it scales or adds to moves along."""
        free = {name: value for name, value in values.items() if name not in self.settled}
        return with_values(self.before, self._moved(self.shared, values)), with_values(
            self.after, self._moved(self.own, free)
        )

    def _moved(
        self, changes: Mapping[str, tuple[Change, ...]], values: Mapping[str, Any]
    ) -> dict[str, tuple[Any, Local]]:
        return {
            name: replayed(self.parameters[name], changes[name], value)
            if name in changes
            else (value, ())
            for name, value in values.items()
        }

    def fixed(self, scheme: bool) -> frozenset[str]:
        """Parameters with a value that no draw moves, anywhere, on that side."""
        changes = self.own if scheme else self.shared
        return frozenset(
            name for name, some in changes.items() if not depends(self.parameters[name], some)
        ) | (self.settled if scheme else frozenset())


def law_pair(composition: Composition, day: date) -> LawPair:
    """What a composition compares on a day. A parameter that --set gives is the user's value everywhere: no scenario's change is left of it."""
    law, sets = composition.law, composition.sets
    own: dict[str, tuple[Change, ...]] = {}
    for change in composition.operations:
        if (
            change.holds(day)
            and change.target not in sets
            and law.parameters[change.target].type != "cap"
        ):
            own[change.target] = (*own.get(change.target, ()), change)
    shared = {name: some for name, some in own.items() if law.parameters[name].kind != "instrument"}
    settled = frozenset(name for name in sets if law.parameters[name].kind == "instrument")
    return LawPair(
        composition.baseline_law.at(day), law.at(day), law.parameters, shared, own, settled
    )


def with_values(view: Mapping[str, Any], found: Mapping[str, tuple[Any, Local]]) -> dict:
    """The view with general and local values put in."""
    made, local = dict(view), dict(view.get(LOCAL, {}))
    for name, (general, at_places) in found.items():
        made[name] = general
        local.pop(name, None)
        local |= {name: at_places} if at_places else {}
    made.pop(LOCAL, None)
    return made | ({LOCAL: local} if local else {})


def replayed(parameter: Parameter, changes: Sequence[Change], start: Any) -> tuple[Any, Local]:
    """(general value, local values) after the changes, which all hold on one day. A local change starts from the general value; an
    overriding one from `start`, in place of what it meets (law/compose.py lays dated values by the same rules)."""
    general, local = start, {}
    for change in changes:
        made = _after(parameter, change, start if change.override else general)
        if change.where:
            local.pop(change.where, None)
            local[change.where] = made
        else:
            general, local = made, {}
    return general, tuple(local.items())


def depends(parameter: Parameter, changes: Sequence[Change]) -> bool:
    """Does what the changes make of a value depend on the value at all?"""
    if parameter.type not in ("number", "by_tier"):
        return not any(change.operation == "value" and not change.where for change in changes)
    general, local = replayed(parameter, changes, np.array([np.nan]))
    return any(isinstance(value, np.ndarray) for value in (general, *(one for _, one in local)))


def _after(parameter: Parameter, change: Change, value: Any) -> Any:
    if change.operation == "value":
        made = freeze(parameter.type, change.operand)
        return (
            dict(made) if isinstance(made, Mapping) else made
        )  # a view is sent to other processes
    if isinstance(value, Mapping):
        return {key: _after(parameter, change, one) for key, one in value.items()}
    moved = value * change.operand if change.operation == "scale" else value + change.operand
    if parameter.minimum is None and parameter.maximum is None:
        return moved
    cut = np.clip(moved, parameter.minimum, parameter.maximum)
    return cut if isinstance(moved, np.ndarray) else float(cut)
