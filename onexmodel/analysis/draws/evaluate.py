"""The door for draws: a measure of baseline and scheme, draw by draw. Sensitivity, effects, targets, budgets and intervals all pass here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...engine.result import YearResult
from ...engine.stages import Extent
from ...running.progress import Told, silent
from ..headline import headline
from ..study import Study
from .blocks import in_blocks

Measure = Callable[
    [YearResult, Mapping[str, np.ndarray], Mapping[str, Any]], Mapping[str, np.ndarray]
]  # (result, rows of the place by axis, view) → name → (…)


KNOB = "\0knob"  # what a target is solved for, in the blocks beside what is drawn; no parameter has this name


@dataclass(frozen=True)
class Sides:
    """name → (draws,) of the baseline and of the scheme."""

    before: Mapping[str, np.ndarray]
    after: Mapping[str, np.ndarray]

    def change(self, name: str) -> np.ndarray:
        """(draws,): scheme − baseline."""
        return self.after[name] - self.before[name]


def evaluate(
    study: Study,
    measure: Measure,
    drawn: Mapping[str, Any],
    mode: str = "",
    extent: Extent = "headlines",
    turn: Callable[[object], Mapping[str, Any]] | None = None,
    knob: np.ndarray | None = None,
    told: Told = silent,
) -> Sides:
    """The measure of both sides in every draw. Where the scheme changes nothing the baseline is both.

    drawn: name (dots as __) → (draws, 1) or (draws, tiers), or one value for all draws. extent: how much of a year the
    measure asks for. turn: what the knob changes in the scheme (and, where both sides share it, in the baseline), from its value,
    one number or (draws, 1); knob: (draws, 1) or (1, 1).
    """
    fixed = {name: value for name, value in drawn.items() if np.ndim(value) == 0}
    columns = {name: value for name, value in drawn.items() if name not in fixed}
    columns |= {} if knob is None else {KNOB: knob}
    compared = turn is not None or study.composition.changes_anything

    def measured(part: dict[str, np.ndarray]) -> dict[tuple[int, str], np.ndarray]:
        at = part.pop(KNOB, None)
        changes = {} if at is None or turn is None else turn(at if len(at) > 1 else float(at[0, 0]))
        views = study.turned(changes, mode, **part, **fixed)
        results = study.prepared.evaluate(views[0], views[1] if compared else None, extent)
        return {
            (side, name): values
            for side, (result, view) in enumerate(zip(results, views, strict=True))
            if result is not None
            for name, values in measure(result, study.scope(result.compiled), view).items()
        }

    found = in_blocks(study, columns, measured, told)
    before, after = (
        {name: values for (side, name), values in found.items() if side == one} for one in (0, 1)
    )
    return Sides(before, after or before)


def answer(
    study: Study,
    measure: Measure,
    name: str,
    drawn: Mapping[str, Any],
    mode: str,
    extent: Extent,
    told: Told = silent,
) -> np.ndarray:
    """(draws,) of what `measure` gives under `name`: scheme − baseline, or the baseline's level where nothing is changed."""
    sides = evaluate(study, measure, drawn, mode, extent, told=told)
    return sides.change(name) if study.composition.changes_anything else sides.before[name]


def headline_draws(
    study: Study, mode: str, drawn: Mapping[str, np.ndarray], groups: np.ndarray | None = None
) -> tuple[Mapping[str, np.ndarray], Mapping[str, np.ndarray]]:
    """Headlines of baseline and scheme in every draw: name → (draws,). With `groups` (a label per college) also the outlay of each group, under its label."""

    def measure(result, scope, view):
        outlay = result.served["needs"].sum(-2)
        labels = () if groups is None else dict.fromkeys(groups)
        return headline(result, scope) | {
            label: np.sum(outlay[..., scope["college"] & (groups == label)], axis=-1)
            for label in labels
        }

    sides = evaluate(study, measure, drawn, mode)
    return sides.before, sides.after
