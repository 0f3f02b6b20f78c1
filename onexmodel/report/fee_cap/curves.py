"""Curves and bars of fee_cap. Each returns inline SVG with a text alternative that says the same as the picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...analysis.caps.adjustment import SINCE, moved_in
from ...analysis.caps.study import TARGET_UNMET
from ...rules.fee import BINDS as BIND_CODES
from ..page.numbers import count, number
from ..page.style import AMBER, BLUE, GREY, INK, ROSE, RULE, SERIES, SOFT, TEAL, canvas, svg
from ..page.words import BINDS, SOURCES
from .areas import printed_parts
from .service import critical_ends

if TYPE_CHECKING:
    from .report import FeeCap

BIND_COLOUR = {
    "cap": TEAL,
    "verification": GREY,
    "proposal": BLUE,
    "bargaining": AMBER,
    "special": ROSE,
}


def scheme_cap(report: FeeCap) -> float | None:
    """The scheme's mean cap, today's = 100, where it lies within the caps tried and is not today's."""
    scale, asked = report.sweep["scale"], report.caps[1]
    return 100 * asked if abs(asked - 1) > 1e-6 and scale.iloc[0] < asked < scale.iloc[-1] else None


def fee_curve(report: FeeCap) -> str:
    """Mean approved fee against the cap's level, and below it the share of sittings by what binds."""
    sweep, labels = report.sweep, report.words.axis_labels
    figure, (top, low) = canvas(
        4.4, rows=2, sharex=True, gridspec_kw={"height_ratios": (3, 2), "hspace": 0.16}
    )
    x = 100 * sweep["scale"].to_numpy()
    codes = [code for code in range(5) if sweep[f"binds_{code}"].max() > 0]
    main = sweep[[f"binds_{code}" for code in range(5)]].to_numpy().argmax(1)
    y = sweep["mean_approved_fee"].to_numpy()
    for i in range(len(x) - 1):
        top.plot(
            x[i : i + 2],
            y[i : i + 2],
            color=BIND_COLOUR[BIND_CODES[main[i]]],
            lw=3,
            solid_capstyle="round",
        )
    top.set_ylabel(labels["fee"])
    _mark(top, 100, labels["now"])
    cap = scheme_cap(report)
    if cap:
        _mark(top, cap, labels["scheme"], ls=(0, (2, 2)))
    low.stackplot(
        x,
        *[100 * sweep[f"binds_{code}"] for code in codes],
        colors=[BIND_COLOUR[BIND_CODES[c]] for c in codes],
        lw=0,
    )
    _stack_labels(report.writer, low, x, sweep, codes)
    low.set_ylim(0, 100)
    low.set_ylabel(labels["sittings"])
    low.set_xlabel(labels["cap"])
    return svg(figure, report.words.figure_fee_alt(*_ends(sweep)))


def _ends(sweep) -> tuple[dict[str, float], dict[str, float]]:
    """What the lowest and the highest cap tried give."""
    return sweep.iloc[0].to_dict(), sweep.iloc[-1].to_dict()


def _stack_labels(writer, axes, x, sweep, codes) -> None:
    base = np.zeros(len(x))
    for code in codes:
        height = 100 * sweep[f"binds_{code}"].to_numpy()
        at = int(np.argmax(height))
        at = min(max(at, 1), len(x) - 2)
        if height[at] > 9:
            axes.text(
                x[at],
                base[at] + height[at] / 2,
                writer.word(BINDS, BIND_CODES[code]),
                ha="center",
                va="center",
                color="white",
                fontsize=9.5,
            )
        base += height


def _mark(axes, x: float, label: str, **line) -> None:
    """A line up at a cap, with its name at the foot."""
    axes.axvline(x, color=INK, lw=1, **line)
    axes.annotate(
        label,
        (x, axes.get_ylim()[0]),
        xytext=(3, 4),
        textcoords="offset points",
        fontsize=9.5,
    )


WIDE, NARROW = (
    1.8,
    0.95,
)  # width of a Chinese and of a Latin letter of a label, in parts of a hundred of the bar


def burden_bar(report: FeeCap, parts: dict[str, float], more: bool) -> str:
    """Who bears 100 yuan more (or less): sources first, then what is not covered. Parts add to 100 and are printed so that they do;
    negative ones are not drawn. A name that would meet another goes a line up on a leader line, so that none touches the bar or another."""
    printed = dict(zip(parts, printed_parts(list(parts.values())), strict=True))
    drawn = sorted(
        ((name, value) for name, value in printed.items() if value > 0),
        key=lambda pair: pair[0] == "funding_gap",
    )
    width = max(100.0, sum(value for _, value in drawn))
    labels = [
        report.writer.word(SOURCES, name) + ("" if value >= 4 * width / 100 else f" {count(value)}")
        for name, value in drawn
    ]
    places = label_places([value for _, value in drawn], labels, width)
    rows = max((row for _, row in places), default=0)
    figure, axes = canvas(1.25 + 0.3 * rows)
    left = 0.0
    for i, ((name, value), label, (x, row)) in enumerate(zip(drawn, labels, places, strict=True)):
        colour, centre, y = (
            ROSE if name == "funding_gap" else SERIES[i % 7],
            left + value / 2,
            0.42 + 0.3 * row,
        )
        axes.barh([0], [value], left=left, color=colour, height=0.5, edgecolor="white", lw=1.4)
        if value >= 4 * width / 100:
            axes.text(
                centre, 0, count(value), color="white", ha="center", va="center", fontsize=10.5
            )
        if row:
            axes.plot([centre, centre], [0.3, y - 0.02], color=RULE, lw=0.9)
        axes.text(x, y, label, ha="center", va="bottom", fontsize=9.5, color=SOFT)
        left += value
    axes.set_axis_off()
    axes.set_xlim(0, width)
    axes.set_ylim(-0.3, 0.75 + 0.3 * rows)
    return svg(figure, report.words.figure_burden_alt(more, printed))


def label_places(values: list[float], labels: list[str], width: float) -> list[tuple[float, int]]:
    """(centre, row) of each part's label: over its part, inside the bar's ends, in the lowest row where it meets no label before it."""
    made, ends, left = [], [], 0.0
    for value, label in zip(values, labels, strict=True):
        half = sum(WIDE if ord(letter) > 0x2E80 else NARROW for letter in label) * width / 200
        x = min(max(left + value / 2, half), width - half)
        row = next((i for i, end in enumerate(ends) if end + 1 <= x - half), len(ends))
        ends[row : row + 1] = [x + half]
        made.append((x, row))
        left += value
    return made


def response_curve(report: FeeCap) -> str:
    """Bill and unmet demand against the cap, with 80 % intervals, and the critical cap (its interval as printed) where it is drawn."""
    words, sweep, scale = report.words, report.sweep, report.critical.point
    labels, target = words.axis_labels, TARGET_UNMET
    figure, (a, b) = canvas(2.9, columns=2, gridspec_kw={"wspace": 0.28})
    x = 100 * sweep["scale"].to_numpy()
    for axes, name, unit, colour in ((a, "fee_bill", 1e-4, BLUE), (b, "unmet_share", 100, TEAL)):
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
        axes.set_xlabel(labels["cap"])
        axes.axvline(100, color=RULE, lw=1, zorder=0)
        if scheme_cap(report):
            axes.axvline(scheme_cap(report), color=RULE, lw=1, ls=(0, (2, 2)), zorder=0)
    a.yaxis.set_major_formatter(lambda value, _: number(value))
    a.set_title(labels["bill"], fontsize=10.5, loc="left")
    b.set_title(labels["unmet"], fontsize=10.5, loc="left")
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
        b.annotate(
            words.axis_critical(scale) + critical_ends(report),
            (100 * scale, 100 * target),
            xytext=(-6 if far else 6, 16),
            ha="right" if far else "left",
            textcoords="offset points",
            fontsize=9.5,
        )
    return svg(figure, words.figure_response_alt(*_ends(sweep)))


def index_paths(report: FeeCap) -> str:
    """Fee index of each rule at the end of each year; a mark where it moves."""
    words, paths = report.words, report.adjustment.paths
    years = [SINCE, *report.adjustment.years]
    figure, axes = canvas(2.9)
    ends = []
    for (rule, path), colour, style in zip(
        paths.items(), (TEAL, AMBER, GREY), ("-", "-", (0, (4, 3))), strict=True
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
