"""What charts of several reports share: the grid of lying bars, and below what an assumption does not matter."""

from __future__ import annotations

NOTHING, TRIFLE, SMALLEST = (
    0.5,
    0.001,
    0.01,
)  # yuan a year, share of the total, share of the largest swing: below, an assumption does not matter


def across(axes) -> None:
    """The grid of lying bars."""
    axes.grid(axis="x")
    axes.grid(axis="y", visible=False)
