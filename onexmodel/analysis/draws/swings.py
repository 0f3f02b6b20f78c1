"""How far one assumption alone moves a number: at its P10 and P90, the rest at their medians; and which of them move it visibly."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from ...law.parameters import Parameter
from ..statistics.precision import HALF_YUAN
from ..study import Study
from .sample import at_ends, p10_p90, uncertain

SMALLEST, TRIFLE = 0.01, 0.001  # of the largest swing, of the number itself: less does not matter


def turned(
    study: Study, reach: Collection[str], fixed: Iterable[str]
) -> tuple[list[Parameter], dict[str, np.ndarray]]:
    """The parameters that are drawn, not `fixed` and among `reach` (names of leaves), and their values one at a time (sample.at_ends), to be
    handed to what takes draws."""
    parameters = [
        one
        for one in uncertain(study.composition.start, fixed)
        if one.name.replace(".", "_") in reach
    ]
    ends = at_ends(parameters, study.start)
    return parameters, {name.replace(".", "__"): values for name, values in ends.items()}


def ends_of(study: Study, parameters: Sequence[Parameter]) -> list[tuple[float, float]]:
    """P10 and P90 of each."""
    return [p10_p90(one, study.start[one.name]) for one in parameters]


def swings(
    parameters: Sequence[Parameter],
    ends: Sequence[tuple[float, float]],
    moved: np.ndarray,
    more: Iterable[Mapping[str, Any]] = (),
    **beside: np.ndarray,
) -> pd.DataFrame:
    """A row a parameter, the largest swing first: parameter, zh, en, low, high (its `ends`; of a value by tier multiples of those taken:
    `times`), p10, p90 (the number `moved` there, as `turned` orders it) and base (all at their medians); ⟨name⟩_p10 and ⟨name⟩_p90 of what
    stands `beside`. `more`: further rows."""
    rows = [
        {
            "parameter": one.name,
            "zh": one.zh,
            "en": one.en,
            "low": low,
            "high": high,
            "times": one.type == "by_tier",
            "p10": moved[2 * i],
            "p90": moved[2 * i + 1],
            "base": moved[-1],
            **{f"{name}_p10": values[2 * i] for name, values in beside.items()},
            **{f"{name}_p90": values[2 * i + 1] for name, values in beside.items()},
        }
        for i, (one, (low, high)) in enumerate(zip(parameters, ends, strict=True))
    ]
    columns = ["parameter", "zh", "en", "low", "high", "times", "p10", "p90", "base"]
    columns += [f"{name}_{end}" for name in beside for end in ("p10", "p90")]
    frame = pd.DataFrame([*rows, *more], columns=columns)
    order = (frame["p90"] - frame["p10"]).abs().sort_values(ascending=False, kind="stable").index
    return frame.loc[order].reset_index(drop=True)


def visible(frame: pd.DataFrame, number: float = 0.0) -> pd.DataFrame:
    """The rows of `swings`, in yuan, that move a sum by more than nothing in print, by more than a hundredth of what the first moves it, and
    by more than a thousandth of the `number` itself where it is given."""
    if frame.empty:
        return frame
    swing = (frame["p90"] - frame["p10"]).abs()
    least = max(HALF_YUAN, SMALLEST * swing.max(), TRIFLE * abs(number))
    return frame[swing > least].reset_index(drop=True)
