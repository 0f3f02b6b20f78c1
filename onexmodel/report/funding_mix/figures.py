"""Figures of funding_mix. `words`: the folder's words, which give axes, marks and text alternatives."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import Rectangle

from ..page.numbers import number
from ..page.sentences import Words
from ..page.style import (
    AMBER,
    GREY,
    INK,
    ROSE,
    SERIES,
    SOFT,
    TEAL,
    across,
    canvas,
    fold,
    is_narrow,
    svg,
    write_beside,
)
from .numbers import Margin

# light enough for dark text: money that is paid, money that is missing
PAID = LinearSegmentedColormap.from_list("paid", ["#ffffff", "#86b9b0"])
EDGE = "#9aa5b1"
SHORT = LinearSegmentedColormap.from_list("short", ["#ffffff", "#dd9bb0"])


def heat(words: Words, shares: pd.DataFrame, uses: dict[str, str]) -> str:
    """Source × use: the share of the use's need that the source pays, last what nobody pays; hatched where it may not pay. shares: lines and gap
    × uses, whole %, nan where it may not."""
    rows, columns = shares.shape
    names = [words.line(line) for line in shares.index]
    figure, axes = canvas(0.5 + 0.36 * rows, narrow=0.6 + 0.4 * rows)
    for y, line in enumerate(shares.index):
        shades = SHORT if line == "gap" else PAID
        for x, value in enumerate(shares.loc[line]):
            known = bool(np.isfinite(value))
            shade, hatch = (shades(value / 100), "") if known else ("white", "////")
            cell = Rectangle((x, y), 1, 1, facecolor=shade, edgecolor=EDGE, hatch=hatch, lw=0.5)
            axes.add_patch(cell)
            if known:
                text = number(value) + "%"
                axes.text(x + 0.5, y + 0.5, text, ha="center", va="center", color=INK, fontsize=9.5)
    axes.set_xlim(0, columns)
    axes.set_ylim(rows, 0)
    axes.xaxis.tick_top()
    axes.grid(visible=False)
    axes.set_xticks(np.arange(columns) + 0.5, fold(uses.values(), 7, 4), color=INK)
    axes.set_yticks(np.arange(rows) + 0.5, fold(names, 16, 7), color=INK)
    axes.spines[:].set_visible(False)
    told = [
        (name, uses[use], part)
        for name, row in zip(names, shares.to_dict("records"), strict=True)
        for use, part in row.items()
    ]
    return svg(figure, words.heat_alt(told))


def mix_bars(words: Words, shares: pd.DataFrame) -> str:
    """A bar a group: who pays how much of its need, last what nobody pays, hatched. shares: groups by name × lines and gap, whole %."""
    groups = shares.index
    count = 2 if len(groups) > 16 and not is_narrow() else 1
    panels = np.array_split(np.arange(len(groups)), count)
    height = 0.9 + 0.24 * len(panels[0])
    figure, panes = canvas(
        height, 1, count, narrow=1.4 + 0.27 * len(groups), squeeze=False, layout="constrained"
    )
    colours = dict(zip(shares.columns, SERIES, strict=False)) | {"gap": ROSE}
    for axes, rows in zip(panes.ravel(), panels, strict=True):
        y, left = len(panels[0]) - 1 - np.arange(len(rows)), np.zeros(len(rows))
        for line in shares.columns:
            values = shares[line].to_numpy(float)[rows]
            look = {"color": "none", "edgecolor": ROSE, "hatch": "////", "lw": 0.8} if line == "gap" else {"color": colours[line]}  # fmt: skip
            axes.barh(y, values, left=left, height=0.72, label=words.line(line), **look)
            left += values
        for at, row in zip(y, rows, strict=True):
            gap = shares["gap"].iloc[row]
            write_beside(axes, number(gap) + "%", (100, at), (4, 0), va="center", fontsize=8.8)
        axes.set_yticks(y, [fold([groups[row]], 0, 9)[0] for row in rows], color=INK, fontsize=9.5)
        axes.set_ylim(-0.6, len(panels[0]) - 0.4)
        axes.set_xlim(0, 100)
        axes.set_xticks([0, 25, 50, 75, 100])
        across(axes)
    figure.supxlabel(words.mix_axis, fontsize=9.5, color=SOFT)
    handles, labels = panes.ravel()[0].get_legend_handles_labels()
    figure.legend(
        handles,
        labels,
        loc="outside upper center",
        ncols=2 if is_narrow() else 6,
        frameon=False,
        fontsize=9,
    )
    told = list(zip(groups, shares.to_dict("records"), strict=True))
    return svg(figure, words.mix_alt(told))


def margin_bars(words: Words, margins: list[Margin], alone: bool) -> str:
    """Yuan of gap closed a yuan: spread evenly as bars with their interval, given where money is missing as diamonds."""
    names = [words.line(one.line) for one in margins]
    figure, axes = canvas(0.9 + 0.34 * len(margins), narrow=1.1 + 0.42 * len(margins))
    y = np.arange(len(margins))[::-1]
    even = np.array([one.even for one in margins])
    colours = [GREY if one.pot else TEAL for one in margins]
    axes.barh(y, np.nan_to_num(even), height=0.5, color=colours, label=words.margin_marks["even"])
    for at, one in zip(y, margins, strict=True):
        if np.isfinite(one.reach).all():
            axes.plot(one.reach, [at, at], color=INK, lw=1.6)
        if np.isfinite(one.even):
            end = max(one.even, one.reach[1] if np.isfinite(one.reach[1]) else 0.0, 0.0)
            write_beside(axes, one.write(one.even), (end, at), (5, 0), va="center")
    if not alone:
        axes.scatter([one.aimed for one in margins], y, marker="D", s=30, color=AMBER, zorder=4, label=words.margin_marks["aimed"])  # fmt: skip
    low = min(0.0, *np.nan_to_num([*even, *(one.reach[0] for one in margins)]))
    axes.set_xlim(low * 1.1, 1.12)
    axes.axvline(0, color=INK, lw=0.8)
    axes.set_yticks(y, fold(names, 0, 9), color=INK)
    axes.set_ylim(-0.6, len(margins) - 0.4)
    axes.set_xlabel(words.margin_axis)
    across(axes)
    if not alone:
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=1 if is_narrow() else 2, frameon=False, fontsize=9)  # fmt: skip
    return svg(figure, words.margins_alt(list(zip(names, margins, strict=True))))
