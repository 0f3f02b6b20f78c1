"""What charts of several reports share: a text beside a point, the grid of lying bars, and below what an assumption does not matter."""

from __future__ import annotations

from matplotlib.text import Annotation

NOTHING, TRIFLE, SMALLEST = (
    0.5,
    0.001,
    0.01,
)  # yuan a year, share of the total, share of the largest swing: below, an assumption does not matter


def write_beside(axes, text: str, at, offset, fontsize: float = 9.5, **more) -> Annotation:
    """A text beside a point of the data, `offset` points away; `more` goes to Axes.annotate."""
    return axes.annotate(
        text, at, xytext=offset, textcoords="offset points", fontsize=fontsize, **more
    )


def across(axes) -> None:
    """The grid of lying bars."""
    axes.grid(axis="x")
    axes.grid(axis="y", visible=False)
