"""Curves of fee_cap. Each returns inline SVG with a text alternative that says the same as the picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.ticker import MaxNLocator

from ...analysis.caps.adjustment import SINCE, moved_in
from ...analysis.caps.study import TARGET_UNMET
from ...rules.fee import BINDS as BIND_CODES
from ..page.numbers import count, number
from ..page.style import BLUE, ROSE, RULE, SOFT, TEAL, canvas, is_narrow, svg, write_beside
from ..page.words import BINDS
from .areas import critical_ends

if TYPE_CHECKING:
    from .report import FeeCap

BIND_COLOUR = {  # dark enough for the white names on them
    "cap": TEAL,
    "verification": SOFT,
    "proposal": BLUE,
    "bargaining": "#8f5600",
    "special": ROSE,
}
STEP = 0.2  # between the ticks of the caps


def scheme_cap(report: FeeCap) -> float | None:
    """The scheme's mean cap, today's = 100, where it lies within the caps tried and is not today's."""
    scale, asked = report.fee_sweep["scale"], report.caps[1]
    return 100 * asked if abs(asked - 1) > 1e-6 and scale.iloc[0] < asked < scale.iloc[-1] else None


def _cap_axis(axes, sweep, label: str) -> None:
    """Ticks at 60, 80, 100 …, whatever the panel's width."""
    low, high = 100 * sweep["scale"].iloc[0], 100 * sweep["scale"].iloc[-1]
    axes.set_xticks(np.arange(low, high + 1, 100 * STEP))
    axes.set_xlabel(label)


def fee_curve(report: FeeCap) -> str:
    """Mean approved fee against the cap's level, today's and the scheme's fee on it, and below it the share of sittings by what binds."""
    sweep, labels = report.fee_sweep, report.words.axis_labels
    figure, (top, low) = canvas(
        3.5,
        rows=2,
        narrow=4.6,
        sharex=True,
        gridspec_kw={"height_ratios": (3, 2), "hspace": 0.16},
    )
    x = 100 * sweep["scale"].to_numpy()
    codes = [code for code in range(5) if sweep[f"binds_{code}"].max() > 0]
    y = sweep["mean_approved_fee"].to_numpy()
    top.plot(x, y, color=TEAL, lw=2.4)
    top.set_title(labels["fee"], fontsize=10.5, loc="left")
    top.margins(y=0.16)
    marks: list[tuple[float, str, Any]] = [(100.0, labels["now"], "-")]
    if cap := scheme_cap(report):
        marks.append((cap, labels["scheme"], (0, (2, 2))))
    fees = report.heads["none"]
    for (at, name, line), head in zip(marks, fees, strict=False):
        fee = head["mean_approved_fee"]
        top.axvline(at, color=RULE, lw=1.2, ls=line, zorder=0)
        low.axvline(at, color="white", lw=1.2, ls=line)
        top.scatter([at], [fee], color=TEAL, s=42, zorder=4, edgecolor="white")
        write_beside(top, f"{name} {count(fee)}", (at, fee), (6, -13))
    low.stackplot(
        x,
        *[100 * sweep[f"binds_{code}"] for code in codes],
        colors=[BIND_COLOUR[BIND_CODES[c]] for c in codes],
        lw=0.8,
        edgecolor="white",
    )
    _stack_labels(report.writer, low, x, sweep, codes)
    low.set_ylim(0, 100)
    low.set_title(labels["sittings"], fontsize=10.5, loc="left")
    _cap_axis(low, sweep, labels["cap"])
    return svg(figure, report.words.figure_fee_alt(*_ends(sweep)))


def _ends(sweep) -> tuple[dict[str, float], dict[str, float]]:
    """What the lowest and the highest cap tried give."""
    return sweep.iloc[0].to_dict(), sweep.iloc[-1].to_dict()


def _stack_labels(writer, axes, x, sweep, codes) -> None:
    """A part's name where it is highest and there is room for it."""
    base, side = np.zeros(len(x)), len(x) // 3
    for code in codes:
        height = 100 * sweep[f"binds_{code}"].to_numpy()
        at = int(np.argmax(height))
        at = min(max(at, 2 if is_narrow() else 1), len(x) - (3 if is_narrow() else 2))
        if height[at] > 12:
            axes.text(
                x[at],
                base[at] + height[at] / 2,
                writer.word(BINDS, BIND_CODES[code]),
                # beside an edge away from it: a long name is not cut off there
                ha="left" if at < side else "right" if at >= len(x) - side else "center",
                va="center",
                color="white",
                fontsize=9.5,
            )
        base += height


def response_curve(report: FeeCap) -> str:
    """Bill and unmet demand against the cap, each in its panel with 80 % intervals, and the critical cap (its interval as printed) where it is drawn."""
    words, sweep, scale = report.words, report.sweep, report.critical.point
    labels, target, money = words.axis_labels, TARGET_UNMET, report.writer.money
    figure, (a, b) = canvas(2.5, columns=2, narrow=4.8, gridspec_kw={"wspace": 0.24})
    x = 100 * sweep["scale"].to_numpy()
    for axes, name, unit, colour in (
        (a, "fee_bill", 1 / money.per, BLUE),
        (b, "unmet_share", 100, TEAL),
    ):
        if f"{name}_low" in sweep:
            axes.fill_between(
                x,
                unit * sweep[f"{name}_low"],
                unit * sweep[f"{name}_high"],
                color=colour,
                alpha=0.15,
                lw=0,
            )
        axes.plot(x, unit * sweep[name], color=colour, lw=2.2)
        axes.axvline(100, color=SOFT, lw=1, zorder=0)
        if scheme_cap(report):
            axes.axvline(scheme_cap(report), color=SOFT, lw=1, ls=(0, (2, 2)), zorder=0)
        _cap_axis(axes, sweep, labels["cap"])
    a.set_ylim(0, None)
    a.yaxis.set_major_formatter(lambda value, _: number(value))
    a.set_title(labels["bill"], fontsize=10.5, loc="left")
    b.set_title(labels["unmet"], fontsize=10.5, loc="left")
    b.yaxis.set_major_locator(MaxNLocator(6, integer=True))
    b.axhline(100 * target, color=SOFT, lw=0.9, ls=(0, (4, 3)))
    b.text(
        x[-1],
        100 * target,
        words.axis_target(target),
        ha="right",
        va="bottom",
        fontsize=9,
        color=SOFT,
    )
    b.set_ylim(0, max(b.get_ylim()[1], 130 * target))
    if x[0] < 100 * scale < x[-1]:
        b.scatter([100 * scale], [100 * target], color=TEAL, s=40, zorder=5, edgecolor="white")
        far = 100 * scale > (x[0] + x[-1]) / 2
        write_beside(
            b,
            words.axis_critical(scale) + critical_ends(report),
            (100 * scale, 100 * target),
            (-6 if far else 6, 16),
            ha="right" if far else "left",
            bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 1},
        )
    return svg(figure, words.figure_response_alt(*_ends(sweep)))


def index_paths(report: FeeCap) -> str:
    """Fee index of each rule at the end of each year; a mark where it moves."""
    words, paths = report.words, report.adjustment.paths
    years = [SINCE, *report.adjustment.years]
    figure, axes = canvas(2.4)
    ends = []
    for (rule, path), colour, style in zip(
        paths.items(), (TEAL, BLUE, SOFT), ("-", (0, (6, 2)), (0, (2, 3))), strict=True
    ):
        axes.step(years, path, where="post", color=colour, lw=2.2, ls=style)
        axes.plot([years[-1], years[-1] + 0.35], [path[-1]] * 2, color=colour, lw=2.2, ls=style)
        moves = moved_in(path, years[1:])
        at = [i for i, year in enumerate(years) if year in moves]
        axes.scatter(
            [years[i] for i in at],
            [path[i] for i in at],
            color=colour,
            s=38,
            zorder=4,
            edgecolor="white",
        )
        label = f"{words.adjustment_rules[rule]} {number(path[-1], 2)}"
        ends.append((float(path[-1]), label, colour))
    low, high = (
        min(path.min() for path in paths.values()),
        max(path.max() for path in paths.values()),
    )
    room = max(high - low, 0.01)
    placed = -1e9
    for value, label, colour in sorted(
        ends
    ):  # names at the right end, pushed apart where they would meet
        placed = max(value, placed + 0.11 * room)
        axes.text(years[-1] + 0.45, placed, label, color=colour, fontsize=9.5, va="center")
    axes.set_xlim(years[0] - 0.1, years[-1] + 0.4)
    axes.set_ylim(low - 0.08 * room, max(high, placed) + 0.1 * room)
    axes.set_xticks(years)
    axes.set_ylabel(words.axis_index(years[0]))
    ends_at = {rule: path[-1] for rule, path in paths.items()}
    return svg(figure, words.adjustment_alt(years[-1], ends_at))
