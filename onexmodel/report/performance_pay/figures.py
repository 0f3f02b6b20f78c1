"""Figures of performance_pay. Nothing in them, drawn or said, rests on fewer than five colleges unless the report is internal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np

from ..page.numbers import count, number, wan
from ..page.sentences import Words
from ..page.style import AMBER, BLUE, GREY, INK, ROSE, SERIES, SOFT, TEAL, canvas, svg
from .numbers import Load

STEP = 10  # hours: the unit the histogram counts colleges by
WHOLE = 0.5  # % of the uplift: a smaller source joins the others
GINI_ROOM = 0.005  # the axis of the Gini coefficient spans a hundredth at least


def shown_bins(before: np.ndarray, after: np.ndarray, least: int) -> np.ndarray:
    """Edges (whole tens of hours, or fewer) between which at least `least` colleges lie both before and after; bins that hold fewer are
    put together with their neighbours. Two edges where the colleges are too few for more."""
    low, high = (
        STEP * float(round_(end / STEP))
        for round_, end in (
            (np.floor, min(before.min(), after.min())),
            (np.ceil, max(before.max(), after.max()) + 1e-9),
        )
    )
    edges = [low]
    for edge in np.arange(low + STEP, high + STEP / 2, STEP):
        if all(
            ((values >= edges[-1]) & (values < edge)).sum() >= least for values in (before, after)
        ):
            edges.append(edge)
    if (
        len(edges) > 1
        and any((values >= edges[-1]).any() for values in (before, after))
        and edges[-1] < high
    ):
        edges[-1] = high  # what is left over joins the last bin
    return np.array(edges if len(edges) > 1 else [low, high])


def load_histogram(words: Words, load: Load, edges: np.ndarray, review: float) -> str:
    """Hours per teacher over colleges, before and after X work, with norm and review load."""
    figure, axes = canvas(2.9)
    names = words.load_series
    was, now = (
        np.histogram(values, edges)[0] / (np.diff(edges) / STEP)
        for values in (load.before, load.after)
    )
    axes.stairs(was, edges, fill=True, color=GREY, alpha=0.55, label=names["before"])
    axes.stairs(now, edges, color=TEAL, lw=2, label=names["after"])
    top = 1.28 * max(was.max(), now.max())
    axes.set_ylim(0, top)
    for name, x in (("norm", load.norm), ("review", review)):
        axes.axvline(x, color=INK, lw=1, ls=(0, (3, 2)))
        _mark(axes, f"{names[name]} {count(x)}", (x, top), (3, -11))
    axes.legend(loc="upper left", frameon=False, fontsize=9)
    axes.set_xlim(min(edges[0], load.norm) - STEP, max(edges[-1], review) + 6 * STEP)
    axes.set_xlabel(words.load_hours)
    axes.set_ylabel(words.load_colleges(STEP))
    return svg(figure, words.load_alt(*load.medians))


def _mark(axes, text: str, at: tuple[float, float], shift: tuple[int, int], **kind) -> None:
    """A text beside a point, moved by some points of print."""
    axes.annotate(text, at, xytext=shift, textcoords="offset points", **{"fontsize": 9.5} | kind)


def uplift_scatter(words: Words, growth: np.ndarray, hourly: np.ndarray, fee: float) -> str:
    """Pay per added hour against growth of workload, binned so that no cell has fewer than five colleges; "" where no cell has."""
    figure, axes = canvas(3.0)
    x, names = 100 * growth, words.hourly_axes
    (left, right), (bottom, top) = (
        np.quantile(values, (0.02, 0.98)) for values in (x, hourly)
    )  # single colleges at the ends set no scale
    extent = (float(left), float(right), float(bottom), float(top))
    if extent[1] - extent[0] < 1e-9 or extent[3] - extent[2] < 1e-9:
        plt.close(figure)
        return ""
    cells = axes.hexbin(
        x, hourly, gridsize=(12, 6), cmap="GnBu", mincnt=5, linewidths=0.2, extent=extent
    )
    if not np.size(cells.get_offsets()):
        plt.close(figure)
        return ""
    pad = 0.06 * (extent[3] - extent[2])
    axes.set_xlim(extent[0], extent[1])
    axes.set_ylim(min(extent[2], fee) - pad, max(extent[3], fee) + 2 * pad)
    figure.colorbar(cells, ax=axes, pad=0.02).set_label(names["colleges"], fontsize=9.5)
    axes.axhline(fee, color=INK, lw=1, ls=(0, (3, 2)))
    _mark(axes, words.class_hour_fee(fee), (extent[1], fee), (-4, 4), ha="right")
    axes.set_xlabel(names["growth"])
    axes.set_ylabel(names["hourly"])
    return svg(figure, words.hourly_alt(np.median(hourly), (hourly < fee).mean()))


def tilt_bars(words: Words, table) -> str:
    """Mean gain of those with and without X hours at several tilts."""
    figure, axes = canvas(2.7)
    x = np.arange(len(table))
    for offset, colour, (name, title) in zip(
        (-0.2, 0.2), (TEAL, GREY), words.tilt_series.items(), strict=True
    ):
        known = np.nan_to_num(table[name])
        axes.bar(x + offset, known, width=0.38, color=colour, label=title)
        for xi, value, height in zip(x, table[name], known, strict=True):
            at = (xi + offset, height)
            axes.annotate(count(value), at, ha="center", va="bottom", fontsize=9)
    axes.legend(loc="upper left", frameon=False, fontsize=9)
    axes.set_xticks(x, [words.at_tilt(tilt) for tilt in table["tilt"]], color=INK)
    axes.set_ylabel(words.tilt_axis)
    return svg(figure, words.tilt_alt(list(table.itertuples())))


def tilt_lines(words: Words, table, chosen: float, rate: float, reached: float) -> str:
    """Gini, tilted pay per X hour with its crossing of the reservation rate, and the share of X teachers it suffices, against the tilt."""
    figure, axes = canvas(2.6, columns=3, gridspec_kw={"wspace": 0.46})
    for axis, unit, colour, (name, title) in zip(
        axes, (1, 1, 100), (ROSE, TEAL, BLUE), words.fairness_panels.items(), strict=True
    ):
        axis.plot(table["tilt"], unit * table[name], color=colour, lw=2.2)
        axis.axvline(chosen, color=SOFT, lw=1, ls=(0, (3, 2)))
        axis.set_title(title, fontsize=10, loc="left")
        axis.set_xlabel(words.tilt)
    axes[0].axhline(table["gini_before"].iloc[0], color=GREY, lw=1)
    low, high = axes[0].get_ylim()
    middle = (low + high) / 2
    axes[0].set_ylim(
        min(low, middle - GINI_ROOM), max(high, middle + GINI_ROOM)
    )  # what hardly moves is not to climb
    axes[1].axhline(rate, color=GREY, lw=1)
    if np.isfinite(reached) and reached <= 1:
        axes[1].scatter([reached], [rate], color=TEAL, s=38, zorder=5, edgecolor="white")
        _mark(axes[1], number(reached, 2), (reached, rate), (-5, 5), ha="right")
    return svg(figure, words.fairness_alt(table.iloc[0], table.iloc[-1]))


def method_bars(words: Words, bars: Mapping[str, np.ndarray], names: Sequence[str]) -> str:
    """Uplift by method for each group: method → values of the groups in yuan, missing where not shown; the last group is all."""
    figure, axes = canvas(0.9 + 0.24 * len(bars) * len(names))
    y = np.arange(len(names))[::-1]
    shift = 0.24 * (len(bars) - 1) / 2
    for i, (colour, (method, values)) in enumerate(
        zip((TEAL, BLUE, AMBER), bars.items(), strict=False)
    ):
        at = y + shift - 0.24 * i
        axes.barh(at, np.nan_to_num(values) / 1e4, height=0.21, color=colour)
        for yi, value in zip(at, values, strict=True):
            if np.isfinite(value):
                axes.annotate(
                    f" {words.methods[method]} {wan(value)}",
                    (value / 1e4, yi),
                    va="center",
                    fontsize=8.8,
                    color=SOFT,
                )
    axes.set_yticks(y, names, color=INK)
    axes.grid(axis="x")
    axes.grid(axis="y", visible=False)
    most = max(np.nan_to_num(values).max() / 1e4 for values in bars.values())
    axes.set_xlim(0, 1.28 * max(1e-9, most))
    axes.set_xlabel(words.method_axis)
    return svg(figure, words.method_alt({method: values[-1] for method, values in bars.items()}))


def money_bar(words: Words, parts: Mapping[str, float]) -> str:
    """Who pays 100 yuan of the uplift, in yuan as printed; sources under half a yuan stand together. Named in the legend."""
    large = {name: value for name, value in parts.items() if value >= WHOLE}
    colours = [ROSE if name == "funding_gap" else SERIES[i % 7] for i, name in enumerate(large)]
    rest = sum(value for value in parts.values() if value < WHOLE)
    shown = large | ({"rest": rest} if rest > 0.05 else {})
    figure, axes = canvas(1.1)
    left = 0.0
    for (name, value), colour in zip(shown.items(), [*colours, GREY], strict=False):
        axes.barh(
            [0],
            [value],
            left=left,
            color=colour,
            height=0.5,
            edgecolor="white",
            lw=1.2,
            label=words.money_part(name, value),
        )
        if value >= 5:
            axes.text(
                left + value / 2,
                0,
                number(value),
                color="white",
                ha="center",
                va="center",
                fontsize=10,
            )
        left += value
    axes.set_axis_off()
    axes.set_xlim(0, max(left, 100))
    axes.legend(
        loc="upper left",
        bbox_to_anchor=(0, 0.12),
        ncols=4,
        frameon=False,
        fontsize=9,
        handlelength=1,
    )
    return svg(figure, words.money_alt(shown))
