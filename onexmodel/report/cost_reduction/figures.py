"""Figures of cost_reduction."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..page.numbers import NumberFormat, count, number, points, tenths
from ..page.sentences import Words
from ..page.style import (
    AMBER,
    BLUE,
    GREY,
    INK,
    RULE,
    SOFT,
    TEAL,
    across,
    canvas,
    fold,
    is_narrow,
    svg,
    write_beside,
)

SHOWN = 6  # assumptions in the figure of what decides
LEAST_FILL = 0.25  # of a session, from which its unit cost is drawn
APART = 0.17  # inches between the middles of two lines of text


def item_bars(words: Words, rows) -> str:
    """Cost per candidate by item (rows: name, organisation, college), the largest on top; the colleges' part hatched."""
    drawn = words.drawn
    figure, axes = canvas(0.9 + 0.3 * len(rows))
    y, each = np.arange(len(rows))[::-1], rows["organisation"] + rows["college"]
    own = rows["college"].to_numpy() > 0
    axes.barh(y, rows["organisation"], color=TEAL, height=0.62, label=drawn["organisation"])
    axes.barh(
        y[own],
        rows["college"][own],
        left=rows["organisation"][own],
        facecolor="#f3dcbd",
        edgecolor=AMBER,
        hatch="////",
        linewidth=0.6,
        height=0.62,
        label=drawn["college"],
    )
    for yi, value in zip(y, each, strict=True):
        write_beside(axes, tenths(value), (value, yi), (3, 0), fontsize=9, va="center", color=SOFT)
    axes.set_yticks(y, fold(rows["name"]), color=INK)
    axes.set_xlim(0, 1.14 * max(each.max(), 1e-9))
    axes.legend(loc="lower right", frameon=False, fontsize=9)
    across(axes)
    axes.set_xlabel(drawn["yuan_each"])
    return svg(figure, words.item_alt(list(zip(rows["name"], each, strict=True))))


def step_curve(words: Words, steps) -> str:
    """Unit cost (numbers.Steps) from a quarter of a session to just past the second one; half and full session named."""
    drawn, curve = words.drawn, steps.curve
    first = max(1, round(LEAST_FILL * steps.full))
    figure, axes = canvas(2.9)
    x = curve["candidates"].to_numpy(int)[first - 1 :]
    y = curve["unit_cost"].to_numpy(float)[first - 1 :]
    axes.plot(x, y, color=BLUE, lw=1.8, marker="o", ms=3)
    top = 1.25 * y.max()
    axes.set_ylim(0, top)
    axes.axvline(steps.full + 0.5, color=INK, lw=1, ls=(0, (3, 2)))
    write_beside(axes, drawn["session"], (steps.full + 0.5, 0.04 * top), (4, 0))
    for at, place in ((steps.half, "half"), (steps.full, "full"), (steps.full + 1, "next")):
        if first <= at <= x[-1]:
            axes.plot([at], [steps.at(at)], "o", ms=7, mfc="white", mec=AMBER, mew=1.6)
            write_beside(
                axes,
                f"{drawn[place]}\n{count(steps.at(at))}",
                (at, steps.at(at)),
                {"half": (0, 9), "full": (-2, -28), "next": (4, 9)}[place],
                ha={"half": "center", "full": "right", "next": "left"}[place],
            )
    axes.set_xlabel(drawn["candidates"])
    axes.set_ylabel(drawn["yuan_each"])
    axes.xaxis.get_major_locator().set_params(integer=True)
    return svg(figure, words.step_alt(steps, first, len(curve), float(y[0]), float(y[-1])))


def load_histogram(words: Words, spare) -> str:
    """How many colleges at which load (numbers.Spare): hours ÷ practical capacity, %; capacity and normal hours marked."""
    drawn, edges = words.drawn, spare.edges
    figure, axes = canvas(2.7)
    counts = np.histogram(np.clip(spare.load, edges[0], edges[-1] - 1e-9), edges)[0]
    axes.bar(
        100 * edges[:-1],
        counts,
        width=100 * np.diff(edges),
        align="edge",
        color="#9fb6d3",
        edgecolor="white",
    )
    for left, right, colleges in zip(edges[:-1], edges[1:], counts, strict=True):
        axes.annotate(
            count(colleges), (50 * (left + right), colleges), ha="center", va="bottom", fontsize=9
        )
    top = 1.4 * max(counts.max(), 1)
    axes.set_ylim(0, top)
    marks = (("capacity", 1.0, top, "right"), ("norm", spare.norm, 0.88 * top, "left"))
    for name, at, high, side in marks:
        bin_of = int(np.searchsorted(edges, at, side="right")) - 1
        bar = counts[bin_of] if 0 <= bin_of < len(counts) else 0
        axes.vlines(
            [100 * at] * 2,
            [0, bar + 0.1 * top if bar else 0],
            [bar, high],
            color=INK,
            lw=1.2,
            ls="-" if name == "capacity" else (0, (3, 2)),
        )  # broken where the number of the bar stands
        write_beside(
            axes,
            f"{drawn[name]} {points(at)}%",
            (100 * at, high),
            (-4 if side == "right" else 4, -10),
            ha=side,
        )
    low, high = min(100 * edges[0], 100.0), max(100 * edges[-1], 100 * spare.norm)
    room = 0.22 if is_narrow() else 0.12
    axes.set_xlim(low - room * (high - low), high + room * (high - low))
    axes.set_xlabel(drawn["load"])
    axes.set_ylabel(drawn["colleges"])
    bars = list(zip(edges[:-1], edges[1:], counts, strict=True))
    return svg(figure, words.load_alt(bars, spare.open))


def floors(words: Words, rows: Sequence) -> str:
    """A line an indicator: before (ring), after (dot), its floor or ceiling (bar), beyond it hatched."""
    drawn = words.drawn
    figure, all_axes = canvas(
        1.15 * len(rows), rows=len(rows), narrow=1.25 * len(rows), squeeze=False
    )
    for axes, row in zip(all_axes[:, 0], rows, strict=True):
        least = row.indicator in words.floor_kinds
        values = (row.before, row.after, row.floor)
        wide = max(max(values) - min(values), 1e-9)
        low, high = max(0.0, min(values) - 0.25 * wide), max(values) + 0.25 * wide
        ends = (low, row.floor) if least else (row.floor, high)
        axes.axvspan(*ends, facecolor="#f6e3e8", edgecolor="#b03a5b", hatch="///", lw=0)
        axes.axvline(row.floor, color=INK, lw=2)
        axes.plot([row.before, row.after], [0, 0], color=SOFT, lw=1.6)
        axes.plot([row.before], [0], "o", ms=9, mfc="white", mec=BLUE, mew=1.8)
        axes.plot([row.after], [0], "o", ms=9, color=BLUE)
        falls = row.after < row.before
        for value, text, side in (
            (row.before, drawn["baseline"], "left" if falls else "right"),
            (row.after, drawn["scheme"], "right" if falls else "left"),
        ):
            write_beside(axes, f"{text} {tenths(value)}", (value, 0), (0, 9), ha=side)
        write_beside(
            axes,
            words.limit_mark(least, row.floor),
            (row.floor, -1),
            (5 if least else -5, 3),
            ha="left" if least else "right",
        )
        axes.set_ylim(-1, 1)
        axes.set_xlim(low, high)
        axes.set_yticks([])
        axes.set_title(words.indicators[row.indicator], fontsize=10, loc="left")
        across(axes)
    figure.subplots_adjust(hspace=1.1)
    return svg(figure, words.floors_alt(rows))


def waterfall(words: Words, start: float, saved: Sequence[tuple[str, float]], end: float) -> str:
    """From baseline to scheme, yuan per candidate, from top to bottom; saved: name and share of each lever, printed as it stands, adding to
    start − end."""
    drawn = words.drawn
    names = [drawn["baseline"], *(name for name, _ in saved), drawn["scheme"]]
    figure, axes = canvas(0.6 + 0.27 * len(names), narrow=0.9 + 0.44 * len(names))
    y, level = np.arange(len(names))[::-1], start
    lows = [start, end]
    for i, (_, value) in enumerate(saved, start=1):
        axes.barh(
            y[i],
            -value,
            left=level,
            color=TEAL if value >= 0 else "#f3dcbd",
            edgecolor=TEAL if value >= 0 else AMBER,
            hatch="" if value >= 0 else "////",
            height=0.56,
        )
        axes.plot([level, level], [y[i - 1], y[i]], color=RULE, lw=1, zorder=0)
        level -= value
        lows.append(level)
        write_beside(
            axes, words.step_down(value), (max(level, level + value), y[i]), (5, 0), va="center"
        )
    axes.plot([end, end], [y[-2], y[-1]], color=RULE, lw=1, zorder=0)
    for at, value, colour in ((y[0], start, GREY), (y[-1], end, BLUE)):
        axes.plot([value], [at], "D", ms=8, color=colour)
        write_beside(axes, tenths(value), (value, at), (8, 0), fontsize=10, va="center")
    wide = max(max(lows) - min(lows), 1e-9)
    axes.set_xlim(min(lows) - 0.05 * wide, max(lows) + 0.2 * wide)
    axes.set_yticks(y, fold(names), color=INK)
    across(axes)
    axes.set_xlabel(drawn["cash_each"])
    return svg(figure, words.waterfall_alt(start, end, saved))


def cost_curve(words: Words, table) -> str:
    """A band a lever, as thick as the cash it saves and as long as the yearly outlay for each yuan saved; past one yuan it does not pay."""
    drawn, rows = words.drawn, list(table.itertuples())
    high = 2.9 if not is_narrow() else 3.6
    figure, axes = canvas(high)
    whole, lower = sum(row.cash_shapley for row in rows), 0.0
    middles = []
    for row in rows:
        thick = row.cash_shapley / whole
        pays = row.per_yuan <= 1
        axes.barh(
            [lower],
            [row.per_yuan],
            height=thick,
            align="edge",
            facecolor=TEAL if pays else "#f3dcbd",
            edgecolor="white" if pays else AMBER,
            hatch="" if pays else "////",
        )
        middles.append(lower + thick / 2)
        axes.axhline(lower + thick, color=RULE, lw=0.8, zorder=0)
        lower += thick
    top = max(1.3, 1.25 * float(table["per_yuan"].max()))
    places = spread(middles, APART / (0.77 * high))
    for row, middle in zip(rows, places, strict=True):
        near = 0.82 < row.per_yuan < 1  # its number would stand on the line
        write_beside(
            axes,
            number(row.per_yuan, 2),
            (row.per_yuan, middle),
            (-4 if near else 4, 0),
            va="center",
            ha="right" if near else "left",
            color="white" if near else INK,
        )
    axes.axvline(1, color=INK, lw=1, ls=(0, (3, 2)))
    write_beside(axes, drawn["pays"], (1, 0), (0, 4), va="bottom", ha="center")
    names = [words.band(row.title, row.cash_shapley) for row in rows]
    axes.set_yticks(places, names if not is_narrow() else fold(names, narrow=10), color=INK)
    axes.grid(visible=False, axis="y")
    axes.grid(axis="x")
    axes.set_ylim(1, 0)
    axes.set_xlim(0, top)
    axes.set_xlabel(
        "\n".join(drawn["per_yuan"]) if is_narrow() else words.gap.join(drawn["per_yuan"])
    )
    return svg(figure, words.curve_alt(rows))


def spread(places: Sequence[float], least: float) -> list[float]:
    """Rising places moved apart to at least `least`, as little as it takes, within 0 and 1 where that can be."""
    made = list(places)
    for i in range(1, len(made)):
        made[i] = max(made[i], made[i - 1] + least)
    if made and made[-1] > 1 - least / 2:
        made[-1] = 1 - least / 2
        for i in range(len(made) - 2, -1, -1):
            made[i] = min(made[i], made[i + 1] - least)
    return made


def swings(words: Words, rows, base: float, money: NumberFormat) -> str:
    """The saving with each assumption alone at its P10 (ring) and P90 (dot), a line between them; its values in the labels."""
    drawn, top = words.drawn, rows.iloc[::-1]
    figure, axes = canvas(0.9 + 0.4 * len(top), narrow=1.0 + 0.62 * len(top))
    y = np.arange(len(top))
    low, high = (top[name].to_numpy(float) * money.times / money.per for name in ("p10", "p90"))
    axes.hlines(y, np.minimum(low, high), np.maximum(low, high), color=SOFT, lw=2)
    axes.plot(low, y, "o", ms=9, mfc="white", mec=AMBER, mew=1.8)
    axes.plot(high, y, "o", ms=9, color=TEAL)
    for values, name in ((low, "p10"), (high, "p90")):
        write_beside(axes, drawn[name], (values[-1], y[-1]), (0, 9), ha="center")
    axes.axvline(money.inside(base), color=INK, lw=1, ls=(0, (3, 2)))
    axes.set_ylim(-0.6, len(top) - 0.3)
    names = fold([words.swung(row) for row in top.itertuples()], narrow=10)
    axes.set_yticks(y, names, color=INK)
    axes.margins(x=0.12)
    across(axes)
    axes.set_xlabel(drawn["saving"])
    return svg(figure, words.swing_alt(list(rows.itertuples()), base))
