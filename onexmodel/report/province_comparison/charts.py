"""Drawings of province_comparison; provinces stand in administrative order. What is written in them comes from `words`."""

from __future__ import annotations

from typing import Any

import numpy as np
import seaborn
from matplotlib.colors import ListedColormap

from ..page.numbers import points
from ..page.style import AMBER, BLUE, GREY, INK, ROSE, RULE, SOFT, TEAL, canvas, svg

FACTOR_COLOUR = {
    "fee": TEAL,
    "price": AMBER,
    "scale": BLUE,
    "own": "#5aa49d",
    "mix": GREY,
    "pass_rate": ROSE,
}
PRICED = ListedColormap(["#ffffff", "#cfe3e0", TEAL])  # not offered, modelled only, published
MEAN: dict[str, Any] = {"color": INK, "lw": 1, "ls": (0, (3, 2))}  # the line of a mean
SMALL: dict[str, Any] = {"fontsize": 8.8, "color": SOFT}  # text within a drawing


def _rows(names, height: float = 0.235):
    """Figure, axes and the height of each name's row, the first on top."""
    figure, axes = canvas(max(1.6, 0.8 + height * len(names)))
    y = np.arange(len(names))[::-1]
    axes.set_yticks(y, names, color=INK, fontsize=9.5)
    axes.set_ylim(-0.7, len(names) - 0.3)
    axes.grid(axis="x")
    axes.grid(axis="y", visible=False)
    return figure, axes, y


def heat(words, shade: np.ndarray, places) -> str:
    """Which certificates each place prices: published fee, modelled fee, nothing (numbers.Priced)."""
    figure, axes = canvas(max(1.6, 0.8 + 0.2 * len(places)))
    seaborn.heatmap(
        shade,
        ax=axes,
        rasterized=True,  # a path a cell weighs twenty times as much
        cmap=PRICED,
        vmin=0,
        vmax=2,
        cbar=False,
        linewidths=0.6,
        xticklabels=False,
        yticklabels=False,
    )
    axes.set_yticks(np.arange(len(places)) + 0.5, places, color=INK, fontsize=9)
    axes.set_xlabel(words.heat_axis(shade.shape[1]))
    counts = (shade == 2).sum(1).tolist()
    return svg(figure, words.heat_alt(list(zip(places, counts, strict=True))))


def levels(words, table, names, focus: int) -> str:
    """Fee level of each place with its interval; the mean is 100."""
    figure, axes, y = _rows(names)
    axes.axvline(100, **MEAN)
    for i, (yi, row) in enumerate(zip(y, table.itertuples(), strict=True)):
        colour = AMBER if i == focus else TEAL
        if np.isfinite(row.low):
            axes.plot(
                [100 * row.low, 100 * row.high],
                [yi, yi],
                color=colour,
                lw=2,
                alpha=0.45,
                solid_capstyle="butt",
            )
        axes.scatter([100 * row.level], [yi], color=colour, s=26, zorder=3)
    axes.set_xlabel(words.level_axis)
    return svg(figure, words.level_alt(list(zip(names, table["level"], strict=True))))


def funnel(words, table, names, focus: int) -> str:
    """Mean outlay a candidate against the number of colleges, with limits; the focus is always named."""
    figure, axes = canvas(3.8)
    order = table.sort_values("colleges")
    for name, colour in (("998", "#eef1f4"), ("95", "#dfe6ec")):
        axes.fill_between(
            order["colleges"], order[f"low_{name}"], order[f"high_{name}"], color=colour, lw=0
        )
    target, widened = table["target"].iloc[0], bool(table["phi"].iloc[0] > 1)
    axes.axhline(target, **MEAN)
    for side in ("low_wide", "high_wide") if widened else ():
        axes.plot(order["colleges"], order[side], color="#a3afba", lw=1.1, ls=(0, (1, 1.6)))
    axes.scatter(
        table["colleges"],
        table["plain"],
        s=26,
        color=[AMBER if one else TEAL for one in table["outside"]],
        zorder=3,
    )
    spots = table[["colleges", "plain"]].to_numpy(float)
    if focus >= 0:
        axes.scatter(
            spots[[focus], 0],
            spots[[focus], 1],
            s=70,
            facecolor="none",
            edgecolor=INK,
            lw=1.4,
            zorder=4,
        )
    axes.margins(x=0.06, y=0.1)
    seen = table[["plain", "low_998", "high_998"]].to_numpy(
        float
    )  # the widened limits of the smallest may leave the picture
    room = 0.12 * max(np.nanmax(seen) - np.nanmin(seen), 1e-9)
    axes.set_ylim(np.nanmin(seen) - room, np.nanmax(seen) + room)
    line = axes.annotate(
        words.funnel_mean(target),
        (1, target),
        xycoords=("axes fraction", "data"),
        xytext=(-2, 3),
        textcoords="offset points",
        ha="right",
        **SMALL,
    )
    axes.set_xlabel(words.funnel_axis(widened))
    axes.set_ylabel(words.funnel_means_axis)
    far = (table["plain"] - target).abs()[table["outside"]]
    farthest = far.sort_values(ascending=False, kind="stable").index
    wanted = [*([focus] if focus >= 0 else []), *(i for i in farthest if i != focus)]
    write_names(
        axes,
        [(*spots[i], names[i], INK if i == focus else SOFT, i == focus) for i in wanted],
        spots,
        [line],
    )
    outside, beyond = (
        [name for name, out in zip(names, table[limits], strict=True) if out]
        for limits in ("outside", "outside_wide")
    )
    return svg(figure, words.funnel_alt(target, outside, widened, beyond))


def write_names(axes, wanted, points: np.ndarray, taken=()) -> None:
    """Write names beside their points where they lie on no point and no other name: right, left, above or below; one that fits
    nowhere is left out (the text alternative names all) unless it must stand. wanted: (x, y, name, colour, must)."""
    axes.figure.set_dpi(72)  # what SVG is drawn at: names and points must be measured alike
    axes.autoscale_view()  # matplotlib puts scaling off until it draws; places in pixels need it now
    spots = axes.transData.transform(points)
    boxes = [text.get_window_extent() for text in taken]
    inside = axes.get_window_extent()
    for x, y, name, colour, must in wanted:
        tries = [
            axes.annotate(
                name,
                (x, y),
                xytext=shift,
                textcoords="offset points",
                ha=ha,
                va=va,
                fontsize=8.8,
                color=colour,
            )
            for shift, ha, va in (
                ((6, 0), "left", "center"),
                ((-6, 0), "right", "center"),
                ((0, 6), "center", "bottom"),
                ((0, -6), "center", "top"),
            )
        ]
        extents = [text.get_window_extent() for text in tries]
        free = [
            i
            for i, box in enumerate(extents)
            if not any(box.overlaps(other) for other in boxes)
            and box.x0 >= inside.x0
            and box.x1 <= inside.x1
            and not (
                (spots[:, 0] > box.x0 - 3)
                & (spots[:, 0] < box.x1 + 3)
                & (spots[:, 1] > box.y0 - 3)
                & (spots[:, 1] < box.y1 + 3)
            ).any()
        ]
        chosen = free[0] if free else 0 if must else -1
        for i, text in enumerate(tries):
            if i != chosen:
                text.remove()
        boxes += [extents[chosen]] if chosen >= 0 else []


def shrunk(words, table, names) -> str:
    """Raw mean → shrunk mean of each province."""
    figure, axes, y = _rows(names)
    mean = table["mean"].iloc[0]
    axes.axvline(mean, **MEAN)
    axes.annotate(
        words.shrunk_mean(mean),
        (mean, y[0] + 0.75),
        ha="center",
        va="bottom",
        annotation_clip=False,
        **SMALL,
    )
    known = [
        (name, yi, row)
        for name, yi, row in zip(names, y, table.itertuples(), strict=True)
        if np.isfinite(row.value)
    ]
    for _, yi, row in known:
        axes.plot([row.low, row.high], [yi, yi], color=RULE, lw=4, solid_capstyle="butt", zorder=1)
        axes.annotate(
            "",
            xy=(row.value, yi),
            xytext=(row.raw, yi),
            arrowprops={"arrowstyle": "->", "color": BLUE, "lw": 1.2},
        )
        axes.scatter([row.raw], [yi], s=16, color=GREY, zorder=3)
    axes.set_xlabel(words.shrunk_axis)
    return svg(figure, words.shrunk_alt([(name, row.raw, row.value) for name, _, row in known]))


def parts(words, table, names, factors: dict[str, str]) -> str:
    """Difference from the national mean by factor (code → name); parts of one sign are stacked."""
    figure, axes, y = _rows(names)
    up, down = np.zeros(len(names)), np.zeros(len(names))
    for code, name in factors.items():
        values = table[code].to_numpy()
        left = np.where(values >= 0, up, down)
        axes.barh(y, values, left=left, height=0.66, color=FACTOR_COLOUR[code], label=name)
        up, down = up + np.maximum(values, 0), down + np.minimum(values, 0)
    difference = table["each"] - table["nation"]
    axes.scatter(difference, y, color=INK, s=14, zorder=4)
    axes.axvline(0, color=INK, lw=1)
    axes.legend(
        loc="upper center",
        bbox_to_anchor=(0.5, -0.6 / figure.get_figheight()),
        ncols=6,
        frameon=False,
        fontsize=9,
    )
    axes.set_xlabel(words.parts_axis)
    return svg(figure, words.parts_alt(list(zip(names, difference, strict=True))))


def theil(words, between: float) -> str:
    """Theil index: share between provinces, and within them."""
    figure, axes = canvas(1.25)
    for left, width, colour, part in (
        (0, between, AMBER, "between"),
        (between, 1 - between, TEAL, "within"),
    ):
        axes.barh([0], [100 * width], left=100 * left, color=colour, height=0.6)
        inside = width > 0.2
        axes.annotate(
            f"{words.theil_parts[part]} {points(width)}%",
            (100 * (left + width / 2) if inside else 100 * left, 0 if inside else 0.42),
            ha="center" if inside else "left",
            va="center" if inside else "bottom",
            color="white" if inside else INK,
            fontsize=10,
        )
    axes.set_yticks([])
    axes.set_xlim(0, 100)
    axes.set_ylim(-0.35, 0.75)
    axes.grid(visible=False)
    axes.set_xlabel(words.theil_axis)
    return svg(figure, words.theil_alt(between, 1 - between))
