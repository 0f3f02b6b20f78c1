"""Figures of performance_pay. Nothing in them, drawn or said, rests on fewer than five colleges unless the report is internal."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ...analysis.disclosure import bins
from ..page.numbers import count, number
from ..page.sentences import Words
from ..page.style import (
    BLUE,
    GREY,
    INK,
    ROSE,
    SOFT,
    TEAL,
    across,
    canvas,
    fold,
    is_narrow,
    svg,
    write_beside,
)
from .numbers import Load

if TYPE_CHECKING:
    from .advice import Turning

STEP = 10  # hours: the unit the histogram counts colleges by
WHOLE = 0.5  # % of the uplift: a smaller source joins the others
DASHED = (0, (3, 2))


class Sum(NamedTuple):
    """The uplift by one method, yuan, with its 80 % interval."""

    method: str
    yuan: float
    reach: tuple[float, float]


def shown_bins(before: np.ndarray, after: np.ndarray, least: int) -> np.ndarray:
    """Edges, whole tens of hours, between which at least `least` colleges lie both before and after; none where they are fewer."""
    low = STEP * np.floor(min(before.min(), after.min()) / STEP)
    high = STEP * np.ceil((max(before.max(), after.max()) + 1e-9) / STEP)
    steps = np.arange(low, high + STEP / 2, STEP).tolist()
    return np.array(bins([before, after], steps, least), float)


def load_lines(words: Words, load: Load, edges: np.ndarray, review: float) -> str:
    """Hours per teacher over colleges, before and after X work, with both means, norm and review load."""
    figure, axes = canvas(3.0, narrow=2.9)
    middles = (edges[:-1] + edges[1:]) / 2
    tops = []
    for values, colour, dash in ((load.before, GREY, DASHED), (load.after, TEAL, "-")):
        height = np.histogram(values, edges)[0] / (np.diff(edges) / STEP)
        axes.plot(middles, height, color=colour, ls=dash, lw=2)
        tops.append(height.max())
    top = 1.42 * max(tops)
    axes.set_ylim(0, top)
    marks = (
        ("before", load.means[0], 1.0, "right", GREY),
        ("after", load.means[1], 1.0, "left", TEAL),
        ("norm", load.norm, 0.9, "left", INK),
        ("review", review, 0.8 if is_narrow() else 1.0, "right" if is_narrow() else "left", INK),
    )
    for code, x, high, side, colour in marks:
        own = colour != INK
        axes.axvline(x, ymax=high, color=colour, lw=1.4 if own else 1, ls="-" if own else DASHED)
        shift = (-3 if side == "right" else 3, -9)
        said = words.load_mean(code, x)
        write_beside(
            axes, said, (x, high * top), shift, ha=side, color=SOFT if colour == GREY else colour
        )
    axes.set_xlim(
        min(edges[0], load.norm) - STEP, max(edges[-1], review) + (1 if is_narrow() else 7) * STEP
    )
    axes.set_xlabel(words.load_hours)
    axes.set_ylabel(words.load_colleges(STEP))
    return svg(figure, words.load_alt(*load.means, load.norm))


def method_dots(words: Words, rows: Sequence[Sum], inside: Callable[[float], float]) -> str:
    """The uplift by each method as a dot, with its interval as a line; `inside` turns yuan into the unit of print."""
    figure, axes = canvas(0.9 + 0.5 * len(rows))
    y = np.arange(len(rows))[::-1]
    shapes = {"elasticity": ("o", TEAL), "rate": ("s", BLUE), "income_share": ("D", SOFT)}
    most = 0.0
    for at, row in zip(y, rows, strict=True):
        shape, colour = shapes[row.method]
        ends = [inside(end) for end in row.reach if np.isfinite(end)]
        if ends:
            axes.plot(ends, [at, at], color=colour, lw=2.4, alpha=0.55, solid_capstyle="butt")
        value = inside(row.yuan)
        axes.scatter([value], [at], marker=shape, s=52, color=colour, zorder=3, edgecolor="white")
        write_beside(
            axes, words.method_value(row.yuan, row.reach), (value, at), (0, 8), ha="center"
        )
        most = max(most, value, *ends)
    axes.set_yticks(y, fold([words.methods[row.method] for row in rows], narrow=7), color=INK)
    axes.set_ylim(-0.5, len(rows) - 0.3)
    axes.set_xlim(0, 1.18 * max(1e-9, most))
    across(axes)
    axes.set_xlabel(words.method_axis())
    return svg(figure, words.method_alt(rows))


def reach_curve(
    words: Words,
    curve: tuple[np.ndarray, np.ndarray],
    turn: Turning,
    here: tuple[float, float],
) -> str:
    """Share of colleges under the class-hour fee against the elasticity; half of them, and (`here`) the elasticity taken with its share."""
    figure, axes = canvas(2.7)
    steps, under = curve
    axes.plot(steps, 100 * under, color=TEAL, lw=2.2)
    axes.axhline(50, color=INK, lw=1, ls=DASHED)
    axes.scatter([turn.elasticity], [50], color=ROSE, s=44, zorder=4, edgecolor="white")
    write_beside(
        axes, words.reach_half(turn), (turn.elasticity, 50), (-8, -14), ha="right", color=ROSE
    )
    axes.scatter([here[0]], [100 * here[1]], marker="s", color=INK, s=36, zorder=4)
    write_beside(axes, words.reach_here(*here), (here[0], 100 * here[1]), (-8, -13), ha="right")
    axes.set_ylim(0, 106)
    axes.set_xlim(0, steps[-1])
    axes.set_xlabel(words.reach_axes["elasticity"])
    axes.set_ylabel(words.reach_axes["under"])
    return svg(figure, words.reach_alt(turn, *here))


def tilt_bars(words: Words, table) -> str:
    """Mean gain of those with and without X hours at several tilts."""
    figure, axes = canvas(2.7)
    x = np.arange(len(table))
    for offset, colour, hatch, (name, title) in zip(
        (-0.2, 0.2), (TEAL, "#c3cad1"), ("", "///"), words.tilt_series.items(), strict=True
    ):
        known = np.nan_to_num(table[name])
        axes.bar(
            x + offset, known, width=0.38, color=colour, hatch=hatch, edgecolor="white", label=title
        )
        for xi, value, height in zip(x, table[name], known, strict=True):
            at = (xi + offset, height)
            axes.annotate(count(value), at, ha="center", va="bottom", fontsize=9)
    axes.legend(loc="upper left", frameon=False, fontsize=9)
    axes.set_xticks(x, fold([words.at_tilt(tilt) for tilt in table["tilt"]], narrow=4), color=INK)
    axes.set_ylabel(words.tilt_axis)
    return svg(figure, words.tilt_alt(list(table.itertuples())))


def tilt_lines(
    words: Words, table, chosen: float, rate: float, reached: float, panels: Sequence[str]
) -> str:
    """Tilted pay per X hour with its crossing of the least pay, and (of the panels) the share of X teachers it suffices, against the tilt."""
    figure, axes = canvas(2.5, columns=len(panels), squeeze=False)
    for axis, name, unit, colour in zip(axes.ravel(), panels, (1, 100), (TEAL, BLUE), strict=False):
        axis.plot(table["tilt"], unit * table[name], color=colour, lw=2.2)
        axis.axvline(chosen, color=SOFT, lw=1, ls=DASHED)
        axis.set_title(words.fairness_panels[name], fontsize=10, loc="left")
        axis.set_xlabel(words.tilt)
    first = axes.ravel()[0]
    first.axhline(rate, color=GREY, lw=1)
    write_beside(first, words.least_pay(rate), (0, rate), (2, 3), color=SOFT)
    if np.isfinite(reached) and reached <= 1:
        first.scatter([reached], [rate], color=TEAL, s=38, zorder=5, edgecolor="white")
        write_beside(first, number(reached, 2), (reached, rate), (-6, 5), ha="right")
    first.set_ylim(0, 1.18 * max(rate, float(np.nanmax(table["hourly"]))))
    return svg(figure, words.fairness_alt(table.iloc[0], table.iloc[-1]))


def money_bars(words: Words, parts: Mapping[str, float]) -> str:
    """Who pays 100 yuan of the uplift, in yuan as printed, a bar a source; what nobody pays is hatched; sources under half a yuan stand together."""
    large = {name: value for name, value in parts.items() if value >= WHOLE}
    rest = sum(value for value in parts.values() if value < WHOLE)
    shown = large | ({"rest": rest} if rest > 0.05 else {})
    figure, axes = canvas(0.6 + 0.34 * len(shown))
    y = np.arange(len(shown))[::-1]
    for at, (name, value) in zip(y, shown.items(), strict=True):
        gap = name == "funding_gap"
        axes.barh(
            at,
            value,
            height=0.6,
            color=ROSE if gap else TEAL,
            hatch="///" if gap else "",
            edgecolor="white",
        )
        axes.annotate(f" {number(value)}", (value, at), va="center")
    axes.set_yticks(y, fold([words.money_part(name) for name in shown], narrow=7), color=INK)
    axes.set_xlim(0, 108)
    across(axes)
    axes.set_xlabel(words.money_axis)
    return svg(figure, words.money_alt(shown))
