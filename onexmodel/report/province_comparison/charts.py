"""Drawings of province_comparison; provinces stand in administrative order. What is written in them comes from `words`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import seaborn
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import Rectangle

from ..page.numbers import number
from ..page.style import AMBER, INK, SOFT, TEAL, canvas, fold, svg, write_beside

MEAN: dict[str, Any] = {"color": INK, "lw": 1, "ls": (0, (3, 2))}  # the line of a mean
# from what lies below to what lies above: blue and amber differ for all eyes, in grey the numbers tell the sides apart; light enough for
# dark text (6 : 1 and more)
DEEPER = LinearSegmentedColormap.from_list(
    "deeper", ["#ffffff", "#86b9b0"]
)  # more of it, neither good nor bad
SIDES = LinearSegmentedColormap.from_list("sides", ["#8fb3e0", "#ffffff", "#e8ac5c"])
HALVED = 12  # more rows than these stand in two panels
NEAR = 4.5  # pixels: a name so near another point would be read as that point's
TOLD = 5.0  # yuan a candidate: a part from which its number is written


def _panels(names: Sequence[str], step: float, **given):
    """Figure, and for each panel (axes, the rows it holds, first on top): one, or two where the names are many."""
    count = 2 if len(names) > HALVED else 1
    rows = np.array_split(np.arange(len(names)), count)
    height = 0.8 + step * len(rows[0])
    tall = 0.8 * count + step * len(names)
    figure, axes = canvas(
        max(1.6, height), 1, count, narrow=max(1.6, tall), squeeze=False, layout="constrained"
    )
    return figure, list(zip(axes.ravel(), rows, strict=True))


def levels(words, table, names, focus: int, label: str) -> str:
    """Fee level of each place with its interval; the mean is 100; `label` beside the focus."""
    figure, panels = _panels(names, 0.21)
    ends = 100 * table[["level", "low", "high"]].to_numpy(float)
    left, right = np.nanmin(ends), np.nanmax(ends)
    room = 0.06 * max(right - left, 1.0)
    for axes, rows in panels:
        y = np.arange(len(rows))[::-1]
        axes.set_yticks(y, [names[i] for i in rows], color=INK, fontsize=9.5)
        axes.set_ylim(-0.7, len(rows) - 0.3)
        axes.set_xlim(min(left, 100) - room, max(right, 100) + room)
        axes.grid(axis="x")
        axes.grid(axis="y", visible=False)
        axes.axvline(100, **MEAN)
        for yi, i in zip(y, rows, strict=True):
            colour, (level, low, high) = AMBER if i == focus else TEAL, ends[i]
            if np.isfinite(low):
                axes.plot([low, high], [yi, yi], color=colour, lw=2, alpha=0.45)
            axes.scatter([level], [yi], color=colour, s=26, marker="D" if i == focus else "o")
            if i == focus:
                write_beside(axes, label, (max(level, high if np.isfinite(high) else level), yi), (5, 0), fontsize=9, va="center", color=INK)  # fmt: skip
        axes.set_xlabel(words.level_axis)
    return svg(figure, words.level_alt(list(zip(names, table["level"], strict=True))))


def tiles(words, spots, panels) -> str:
    """Provinces as tiles near where they lie: shade and number. `spots`: (row, column, short name, is it the own one?) a province;
    `panels`: (title, values, decimals, the value in the middle of the shades or nan for shades from the least to the most) each, nan where a
    province has no value (hatched)."""
    rows, columns = (max(spot[i] for spot in spots) + 1 for i in (0, 1))
    tall = 0.52 * rows + 0.45
    figure, axes = canvas(
        tall, 1, len(panels), narrow=tall * len(panels), squeeze=False, layout="constrained"
    )
    for ax, (title, values, decimals, centre) in zip(axes.ravel(), panels, strict=True):
        shades = _shades(values, centre)
        ax.set_xlim(-0.05, columns + 0.05)
        ax.set_ylim(rows + 0.05, -0.05)
        ax.axis("off")
        ax.set_title(title, loc="left", fontsize=10.5, color=INK)
        for (row, column, name, own), value, shade in zip(spots, values, shades, strict=True):
            known = bool(np.isfinite(value))
            ax.add_patch(
                Rectangle(
                    (column + 0.03, row + 0.03),
                    0.94,
                    0.94,
                    facecolor=shade,
                    hatch="" if known else "////",
                    edgecolor=INK if own else "#9aa5b1",
                    lw=2.2 if own else 0.5,
                    zorder=3 if own else 1,
                )  # fmt: skip
            )
            ax.text(column + 0.5, row + 0.34, name, ha="center", va="center", color=INK, fontsize=9, zorder=4)  # fmt: skip
            if known:
                ax.text(column + 0.5, row + 0.71, number(value, decimals), ha="center", va="center", color=INK, fontsize=9, zorder=4)  # fmt: skip
    told = [
        (
            title,
            [(spot[2], number(value, decimals)) for spot, value in zip(spots, values, strict=True)],
        )
        for title, values, decimals, _ in panels
    ]
    return svg(figure, words.tiles_alt(told))


def _shades(values, centre: float) -> list:
    """A colour a value: to both sides of `centre`, or, where that is nan, the deeper the more; white where there is no value."""
    known = np.isfinite(values)
    if np.isfinite(centre):
        shades, parts = SIDES, 0.5 + 0.5 * (values - centre) / np.nanmax(np.abs(values - centre))
    else:
        least, most = np.nanmin(values), np.nanmax(values)
        shades, parts = DEEPER, (values - least) / max(most - least, 1e-9)
    return [shades(part) if has else "white" for part, has in zip(parts, known, strict=True)]


def funnel(words, table, names, focus: int) -> str:
    """Mean outlay a candidate against the number of colleges, with limits; the focus and those outside are named where there is room."""
    figure, axes = canvas(3.4, narrow=3.4)
    order = table.sort_values("colleges")
    for name, colour in (("998", "#eef1f4"), ("95", "#dfe6ec")):
        axes.fill_between(
            order["colleges"], order[f"low_{name}"], order[f"high_{name}"], color=colour, lw=0
        )
    target, widened = table["target"].iloc[0], bool(table["phi"].iloc[0] > 1)
    axes.axhline(target, **MEAN)
    for side in ("low_wide", "high_wide") if widened else ():
        axes.plot(order["colleges"], order[side], color="#a3afba", lw=1.1, ls=(0, (1, 1.6)))
    spots = table[["colleges", "plain"]].to_numpy(float)
    for out, colour, marker in ((True, AMBER, "D"), (False, TEAL, "o")):
        at = (table["outside"] == out).to_numpy()
        axes.scatter(*spots[at].T, s=24, color=colour, marker=marker, zorder=3)
    if focus >= 0:
        axes.scatter(*spots[[focus]].T, s=80, facecolor="none", edgecolor=INK, lw=1.4, zorder=4)
    axes.margins(x=0.06, y=0.1)
    seen = table[["plain", "low_998", "high_998"]].to_numpy(
        float
    )  # the widened limits of the smallest may leave the picture
    room = 0.12 * max(np.nanmax(seen) - np.nanmin(seen), 1e-9)
    axes.set_ylim(np.nanmin(seen) - room, np.nanmax(seen) + room)
    axes.set_xlabel("\n".join(fold([words.funnel_axis(widened)], 50, 24)), fontsize=9.5)
    said = "\n".join(fold([words.funnel_means_axis(target)], 90, 26))
    axes.set_title(said, loc="left", fontsize=9.5, color=SOFT)
    far = (table["plain"] - target).abs()[table["outside"]]
    farthest = far.sort_values(ascending=False, kind="stable").index
    called = fold(names, 40, 8)
    wanted = [*([focus] if focus >= 0 else []), *(i for i in farthest if i != focus)]
    write_names(
        axes,
        [(*spots[i], called[i], INK if i == focus else SOFT, i == focus) for i in wanted],
        spots,
    )
    outside, beyond = (
        [name for name, out in zip(names, table[limits], strict=True) if out]
        for limits in ("outside", "outside_wide")
    )
    return svg(figure, words.funnel_alt(target, outside, widened, beyond))


def write_names(axes, wanted, points: np.ndarray) -> None:
    """Write names beside their points where they lie on no point and no other name: right, left, above or below; one that fits
    nowhere is left out (the text alternative names all) unless it must stand. wanted: (x, y, name, colour, must)."""
    axes.figure.set_dpi(72)  # what SVG is drawn at: names and points must be measured alike
    axes.autoscale_view()  # matplotlib puts scaling off until it draws; places in pixels need it now
    spots = axes.transData.transform(points)
    boxes = []
    inside = axes.get_window_extent()
    for x, y, name, colour, must in wanted:
        others = spots[(points != (x, y)).any(axis=1)]
        tries = [
            write_beside(axes, name, (x, y), shift, fontsize=8.8, ha=ha, va=va, color=colour)
            for shift, ha, va in (
                ((6, 0), "left", "center"),
                ((-6, 0), "right", "center"),
                ((0, 6), "center", "bottom"),
                ((0, -6), "center", "top"),
            )
        ]
        extents = [text.get_window_extent().padded(1.5) for text in tries]
        free = [
            i
            for i, box in enumerate(extents)
            if not any(box.overlaps(other) for other in boxes)
            and box.x0 >= inside.x0
            and box.x1 <= inside.x1
            and not (
                (others[:, 0] > box.x0 - NEAR)
                & (others[:, 0] < box.x1 + NEAR)
                & (others[:, 1] > box.y0 - NEAR)
                & (others[:, 1] < box.y1 + NEAR)
            ).any()
        ]
        within = [i for i, box in enumerate(extents) if box.x0 >= inside.x0 and box.x1 <= inside.x1]
        chosen = [*free, *(within if must else ()), 0 if must else -1][0]
        for i, text in enumerate(tries):
            if i != chosen:
                text.remove()
        boxes += [extents[chosen]] if chosen >= 0 else []


def parts(words, table, names, factors: dict[str, str], focus: int) -> str:
    """Heat table: how much each factor (code → name) adds to a province's difference from the national mean; large parts are written."""
    values = table[list(factors)].to_numpy(float)
    widest = np.abs(values).max()
    figure, panels = _panels(names, 0.185)
    heads = fold(factors.values(), 4, 4)
    if any(
        name.isascii() for name in heads
    ):  # long words side by side: every other one stands higher
        heads = [head + "\n\n" * (i % 2) for i, head in enumerate(heads)]
    for axes, rows in panels:
        seaborn.heatmap(
            values[rows],
            ax=axes,
            rasterized=True,  # a path a cell weighs twenty times as much
            cmap=SIDES,
            vmin=-widest,
            vmax=widest,
            cbar=False,
            linewidths=0.6,
        )
        axes.set_xticks(np.arange(len(heads)) + 0.5, heads, rotation=0, fontsize=8)
        axes.xaxis.tick_top()
        axes.set_yticks(
            np.arange(len(rows)) + 0.5, [names[i] for i in rows], rotation=0, color=INK, fontsize=9
        )
        axes.grid(visible=False)
        for y, i in enumerate(rows):
            for x, value in enumerate(values[i]):
                if abs(value) >= TOLD or i == focus:
                    axes.text(x + 0.5, y + 0.5, number(value), ha="center", va="center", color=INK, fontsize=8.5)  # fmt: skip
            if i == focus:
                axes.add_patch(
                    Rectangle((0, y), len(heads), 1, fill=False, edgecolor=INK, lw=2, clip_on=False)
                )
    difference = table["each"] - table["nation"]
    return svg(figure, words.parts_alt(list(zip(names, difference, strict=True))))
