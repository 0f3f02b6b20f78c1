"""Row charts of fee_cap: a row a group, assumption or organisation. Each returns inline SVG with a text alternative."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..page.numbers import number, wan
from ..page.sentences import Words
from ..page.style import AMBER, BLUE, GREY, INK, SOFT, TEAL, canvas, svg
from ..page.writer import SMALL

if TYPE_CHECKING:
    from .report import FeeCap


def _rows(count: int, each: float, labels: list[str]):
    """Axes for `count` rows from the top down, with half a row of room above and below, so that no mark is cut and no name stands on
    the axis."""
    figure, axes = canvas(0.75 + each * max(2, count))
    y = np.arange(count)[::-1]
    axes.set_yticks(y, labels, color=INK)
    axes.set_ylim(-0.75, count - 0.25)
    axes.grid(axis="x")
    axes.grid(axis="y", visible=False)
    axes.xaxis.set_major_formatter(_tick)
    return figure, axes, y


def _tick(value: float, _position=None) -> str:
    """A tick as numbers are written: a true minus, grouped thousands, no more decimals than it needs."""
    return number(
        value, next((places for places in range(3) if abs(value - round(value, places)) < 1e-9), 3)
    )


def group_dots(words: Words, groups, names: list[str], whole: float) -> str:
    """Change of outlay by group: dot with its 80 % interval and the number of colleges, in the order given; small groups grey."""
    figure, axes, y = _rows(len(groups), 0.32, names)
    moved = (groups["outlay_after"] / groups["outlay_before"] - 1).to_numpy()
    low, high = 100 * groups["low"].to_numpy(), 100 * groups["high"].to_numpy()
    axes.axvline(100 * whole, color=SOFT, lw=0.9, ls=(0, (4, 3)))
    for yi, value, lo, hi, count in zip(y, 100 * moved, low, high, groups["colleges"], strict=True):
        colour = GREY if count < SMALL else TEAL
        axes.plot([lo, hi], [yi, yi], color=colour, lw=3, alpha=0.35, solid_capstyle="round")
        axes.scatter([value], [yi], color=colour, s=36, zorder=4, edgecolor="white")
        axes.annotate(
            words.axis_colleges(count),
            (1.01, yi),
            xycoords=("axes fraction", "data"),
            va="center",
            fontsize=9.2,
            color=SOFT,
        )
    axes.set_xlabel(words.axis_labels["groups"])
    return svg(figure, words.figure_group_alt(list(zip(names, moved, strict=True))))


def change_strip(words: Words, quantiles, names: list[str]) -> str:
    """Spread of the change in outlay per student over the colleges of each group: P10, quartiles, P90."""
    figure, axes, y = _rows(len(quantiles), 0.38, names)
    for yi, row in zip(y, quantiles, strict=True):
        axes.plot([row[0], row[4]], [yi, yi], color=BLUE, lw=2, alpha=0.35)
        axes.plot([row[1], row[3]], [yi, yi], color=BLUE, lw=9, alpha=0.35, solid_capstyle="butt")
        axes.scatter([row[2]], [yi], color=BLUE, s=38, zorder=4, edgecolor="white")
    axes.axvline(0, color=INK, lw=1)
    axes.set_xlabel(words.axis_labels["colleges"])
    medians = [(name, row[2]) for name, row in zip(names, quantiles, strict=True)]
    return svg(figure, words.figure_strip_alt(medians))


def tornado_bars(report: FeeCap, frame, measure: str) -> str:
    """Swing of a headline's change with each assumption at its P10 and P90; the two ends are written clear of the bars."""
    writer, top, central = report.writer, frame.head(8), float(frame["base"].iloc[0])
    figure, axes, y = _rows(len(top), 0.36, list(top[writer.lang]))
    for yi, p10, p90 in zip(y, top["p10"], top["p90"], strict=True):
        for value, colour in ((p10, AMBER), (p90, TEAL)):
            axes.barh(yi, (value - central) / 1e4, left=central / 1e4, color=colour, height=0.55)
        ends = sorted((p10, p90))
        for value, written, side, gap in zip(
            ends, writer.ends(ends, wan, central), ("right", "left"), (-5, 5), strict=True
        ):
            if (value < central) == (
                side == "right"
            ) and value != central:  # an end on the other's side lies in its bar
                axes.annotate(
                    written,
                    (value / 1e4, yi),
                    xytext=(gap, 0),
                    textcoords="offset points",
                    ha=side,
                    va="center",
                    fontsize=9,
                    color=SOFT,
                )
    axes.axvline(central / 1e4, color=INK, lw=1)
    axes.margins(x=0.14)
    axes.set_xlabel(report.words.axis_tornado(measure))
    first = top.iloc[0]
    reach = sorted(first[["p10", "p90"]])
    return svg(figure, report.words.figure_tornado_alt(first[writer.lang], reach, central))


def break_even_dots(words: Words, rows, names: list[str]) -> str:
    """Planned sittings of each organisation (bar) against the sittings at which it breaks even: ring under today's fees, dot under the
    scheme's (a dot in a ring: the same). A log axis with plain numbers."""
    figure, axes, y = _rows(len(rows), 0.3, names)
    for yi, row in zip(y, rows.itertuples(), strict=True):
        if np.isfinite(row.break_even_before) and row.break_even_before > 0:
            axes.scatter(
                [row.break_even_before],
                [yi],
                facecolor="none",
                edgecolor=AMBER,
                s=72,
                lw=1.8,
                zorder=4,
            )
        if np.isfinite(row.break_even_after) and row.break_even_after > 0:
            axes.scatter([row.break_even_after], [yi], color=TEAL, s=24, zorder=5)
        axes.scatter([row.sittings], [yi], marker="|", color=INK, s=150, zorder=3)
    axes.set_xscale("log")
    low, high = axes.get_xlim()
    ticks = [
        step * 10.0**power
        for power in range(-1, 9)
        for step in (1, 2, 5)
        if low <= step * 10.0**power <= high
    ]
    axes.set_xticks(
        ticks if len(ticks) <= 9 else [tick for tick in ticks if np.isclose(np.log10(tick) % 1, 0)],
        minor=False,
    )
    axes.set_xticks([], minor=True)
    axes.xaxis.set_major_formatter(_tick)
    axes.set_xlabel(words.axis_labels["break_even"])
    sizes = (rows[name] for name in ("sittings", "break_even_before", "break_even_after"))
    return svg(figure, words.figure_break_even_alt(list(zip(names, *sizes, strict=True))))
