"""Draws in blocks: every block is computed alone, so results do not depend on how many are taken at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from ...running.progress import Told, silent
from ..study import Study

BLOCK_ROWS = 400_000  # draws × offerings held at once: few enough for memory, enough for what all draws share to be worked out seldom


def count_of(drawn: Mapping[str, np.ndarray]) -> int:
    """How many draws there are (1 where nothing is drawn)."""
    return max([len(values) for values in drawn.values()] or [1])


def blocks(
    study: Study, drawn: Mapping[str, np.ndarray], weight: int = 1
) -> Iterator[dict[str, np.ndarray]]:
    """The draws, a block at a time; `weight` says how many results each draw brings."""
    rows = max(1, len(study.prepared.baseline.keys["offering"]))
    step = max(1, BLOCK_ROWS // (rows * weight))
    for start in range(0, count_of(drawn), step):
        yield {name: values[start : start + step] for name, values in drawn.items()}


def in_blocks(
    study: Study,
    drawn: Mapping[str, np.ndarray],
    made: Callable[[dict[str, np.ndarray]], Mapping[Any, Any]],
    told: Told = silent,
) -> dict[Any, np.ndarray]:
    """name → (draws,): what `made` gives of every block, one after the other; what no draw of a block moves stands for all of them."""
    parts, done, whole = [], 0, count_of(drawn)
    for part in blocks(study, drawn):
        size = count_of(part)
        parts.append(
            {name: np.broadcast_to(np.ravel(one), (size,)) for name, one in made(part).items()}
        )
        told(done := done + size, whole)
    return {name: np.concatenate([one[name] for one in parts]) for name in parts[0]}
