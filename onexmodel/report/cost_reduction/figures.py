"""Figures of cost_reduction."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.patches import Patch

from ..page.charts import across
from ..page.numbers import number, tenths
from ..page.sentences import Words
from ..page.style import AMBER, BLUE, GREY, INK, RULE, SERIES, SOFT, TEAL, canvas, svg

UNUSED = "#c9d8e8"


def step_curve(words: Words, steps) -> str:
    """Unit cost against candidates (numbers.Steps): every new session marked, and every assessor added inside a session."""
    curve, drawn = steps.curve, words.drawn
    figure, axes = canvas(3.0)
    x, y = curve["candidates"].to_numpy(float), curve["unit_cost"].to_numpy(float)
    top = float(np.quantile(y, 0.95)) * 1.35
    axes.plot(x, y, color=BLUE, lw=1.8)
    axes.scatter(
        x[steps.assessors],
        y[steps.assessors],
        facecolor="white",
        edgecolor=AMBER,
        s=18,
        zorder=4,
        label=drawn["assessor"],
    )
    axes.scatter(
        x[steps.sessions],
        y[steps.sessions],
        color=AMBER,
        s=26,
        zorder=5,
        label=drawn["session"],
    )
    axes.set_ylim(0, top)
    axes.axvline(steps.planned, color=INK, lw=1, ls=(0, (3, 2)))
    axes.annotate(
        words.planned(steps),
        (steps.planned, 0.06 * top),
        xytext=(4, 0),
        textcoords="offset points",
        fontsize=9.5,
    )
    if steps.added:
        axes.legend(loc="upper right", frameon=False, fontsize=9, ncols=2)
    axes.set_xlabel(drawn["candidates"])
    axes.set_ylabel(drawn["yuan_each"])
    first = min(10, len(curve))
    return svg(
        figure,
        words.step_alt(
            first, len(curve), (y[first - 1], y[-1]), len(steps.sessions), len(steps.assessors)
        ),
    )


def waterfall(words: Words, start: float, saved: Sequence[tuple[str, float]], end: float) -> str:
    """From baseline to scheme, yuan per candidate; saved: name and share of each lever, printed as it stands, adding to start − end."""
    drawn = words.drawn
    figure, axes = canvas(3.3)
    names = [drawn["baseline"], *(name for name, _ in saved), drawn["scheme"]]
    level = start
    axes.bar([0], [start], color=GREY, width=0.6)
    for i, (_, value) in enumerate(saved, start=1):
        axes.bar([i], [value], bottom=level - value, color=TEAL if value >= 0 else AMBER, width=0.6)
        axes.plot([i - 1 + 0.3, i + 0.3], [level, level], color=RULE, lw=1)
        level -= value
        axes.annotate(
            f"−{tenths(value)}" if value >= 0 else f"+{tenths(-value)}",
            (i, min(level, level + value)),
            xytext=(0, -11),
            textcoords="offset points",
            ha="center",
            fontsize=9,
        )
    axes.bar([len(names) - 1], [end], color=BLUE, width=0.6)
    for x, value in ((0, start), (len(names) - 1, end)):
        axes.annotate(tenths(value), (x, value), ha="center", va="bottom", fontsize=9.5)
    axes.set_xticks(range(len(names)), names, rotation=18, ha="right")
    axes.set_ylim(
        max(0.0, min(start, end) - 0.35 * abs(start - end) - 0.08 * start), max(start, end) * 1.04
    )
    axes.set_ylabel(drawn["cash_each"])
    return svg(figure, words.waterfall_alt(start, end, saved))


def cost_curve(words: Words, table) -> str:
    """Levers by yuan of yearly one-off cost per yuan saved: width saving, height cost; numbered, named in the legend."""
    drawn, rows = words.drawn, list(table.itertuples())
    figure, axes = canvas(2.9)
    left, handles = 0.0, []
    top = max(1.25, 1.25 * float(table["per_yuan"].max()))
    for i, row in enumerate(rows):
        width, height = row.cash_shapley / 1e4, max(row.per_yuan, 0.012 * top)
        colour = SERIES[i % 8]
        axes.bar([left], [height], width=width, align="edge", color=colour, edgecolor="white")
        axes.annotate(
            f"{i + 1}",
            (left + width / 2, height),
            xytext=(0, 2),
            textcoords="offset points",
            ha="center",
            va="bottom",
            fontsize=9.5,
            color=INK,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6},
        )
        handles.append(Patch(color=colour, label=f"{i + 1} {row.name} {number(row.per_yuan, 2)}"))
        left += width
    axes.axhline(1, color=INK, lw=1, ls=(0, (3, 2)))
    axes.annotate(
        drawn["pays"], (0, 1), xytext=(2, 3), textcoords="offset points", fontsize=9, color=SOFT
    )
    axes.set_ylim(0, top)
    axes.legend(
        handles=handles,
        loc="upper center",
        bbox_to_anchor=(0.5, -0.22),
        ncols=words.legend_columns,
        frameon=False,
        fontsize=9,
    )
    axes.set_xlabel(drawn["cash_width"])
    axes.set_ylabel(drawn["per_yuan"])
    return svg(figure, words.curve_alt(rows))


def capacity_bars(words: Words, rows, worth: bool) -> str:
    """Left: hours of the baseline and X work against practical capacity (10,000 hours); right, where `worth`: what unused capacity is
    worth (万元). rows: name, baseline, added, capacity, worth by group."""
    drawn = words.drawn
    figure, both = canvas(
        1.5 + 0.5 * len(rows),
        columns=2 if worth else 1,
        gridspec_kw={"wspace": 0.12, "width_ratios": (3, 2)} if worth else None,
        sharey=True,
        squeeze=False,
    )
    y, a = np.arange(len(rows))[::-1], both[0, 0]
    a.barh(y, rows["baseline"], color=GREY, height=0.5, label=drawn["hours_now"])
    a.barh(y, rows["added"], left=rows["baseline"], color=TEAL, height=0.5, label=drawn["hours_x"])
    a.vlines(rows["capacity"], y - 0.34, y + 0.34, color=INK, lw=1.6, label=drawn["capacity"])
    a.legend(
        loc="upper center",
        bbox_to_anchor=(0.5, -0.3 / (1.15 + 0.385 * len(rows))),
        ncols=3,
        frameon=False,
        fontsize=9,
        handlelength=1.2,
    )
    a.set_title(drawn["hours_title"], fontsize=10, loc="left")
    a.set_yticks(y, rows["name"], color=INK)
    a.set_ylim(-0.8, len(rows) - 0.2)
    if worth:
        b = both[0, 1]
        b.barh(y, rows["worth"], color=UNUSED, height=0.5)
        for yi, value in zip(y, rows["worth"], strict=True):
            b.annotate(f" {tenths(value)}", (value, yi), va="center", fontsize=9.5)
        b.set_xlim(0, 1.3 * max(rows["worth"].max(), 1e-9))
        b.set_title(drawn["unused_title"], fontsize=10, loc="left")
    for axes in both[0]:
        across(axes)
    return svg(figure, words.capacity_alt(list(rows.itertuples()), worth))


def savings_lines(words: Words, curve, chosen: float) -> str:
    """Saving of the package at each intensity: cash, economic, and cash net of the yearly one-off cost."""
    drawn = words.drawn
    figure, axes = canvas(2.8)
    for name, colour in (("economic", BLUE), ("cash", TEAL), ("net", AMBER)):
        axes.plot(
            100 * curve["intensity"],
            curve[name] / 1e4,
            color=colour,
            lw=2.2,
            marker="o",
            ms=4,
            label=drawn[name],
        )
    axes.axhline(0, color=RULE, lw=1)
    axes.axvline(100 * chosen, color=SOFT, lw=1, ls=(0, (3, 2)))
    axes.annotate(
        drawn["here"],
        (100 * chosen, axes.get_ylim()[0]),
        xytext=(-4, 5),
        textcoords="offset points",
        ha="right",
        fontsize=9.5,
    )
    axes.legend(loc="upper left", frameon=False, fontsize=9)
    axes.set_xlabel(drawn["intensity"])
    axes.set_ylabel(drawn["yearly"])
    return svg(figure, words.intensity_alt(list(curve.itertuples())))
