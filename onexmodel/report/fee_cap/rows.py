"""Row charts of fee_cap: a row a group, source, assumption or organisation. Each returns inline SVG with a text alternative."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from ..page.numbers import count as whole
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
from ..page.words import SOURCES
from ..page.writer import SMALL

if TYPE_CHECKING:
    from .report import FeeCap

SHOWN = 8  # assumptions at most
PACKED = 60  # dots side by side in the width of a strip


def _rows(count: int, each: float, labels: list[str]):
    """Axes for `count` rows from the top down, with half a row of room above and below, so that no mark is cut and no name stands on
    the axis."""
    labels = fold(labels)
    lines = max((label.count("\n") for label in labels), default=0)
    figure, axes = canvas(0.75 + (each + 0.13 * lines) * max(2, count))
    y = np.arange(count)[::-1]
    axes.set_yticks(y, labels, color=INK)
    axes.set_ylim(-0.75, count - 0.25)
    across(axes, ticks=True)
    return figure, axes, y


def group_dots(words: Words, groups, names: list[str], whole: float) -> str:
    """Change of outlay by group: dot with its 80 % interval and the number of colleges, in the order given; small groups hollow."""
    figure, axes, y = _rows(len(groups), 0.32, names)
    moved = (groups["outlay_after"] / groups["outlay_before"] - 1).to_numpy()
    low, high = 100 * groups["low"].to_numpy(), 100 * groups["high"].to_numpy()
    axes.axvline(100 * whole, color=SOFT, lw=0.9, ls=(0, (4, 3)))
    for yi, value, lo, hi, count in zip(y, 100 * moved, low, high, groups["colleges"], strict=True):
        small = count < SMALL
        axes.plot([lo, hi], [yi, yi], color=TEAL, lw=3, alpha=0.35, solid_capstyle="round")
        axes.scatter(
            [value],
            [yi],
            color="white" if small else TEAL,
            s=36,
            zorder=4,
            edgecolor=TEAL if small else "white",
        )
        axes.annotate(
            words.axis_colleges(count),
            (1.01, yi),
            xycoords=("axes fraction", "data"),
            va="center",
            fontsize=9.2,
            color=SOFT,
        )
    axes.set_xlabel(words.axis_labels["groups"], fontsize=9.5 if is_narrow() else 10.5)
    return svg(figure, words.figure_group_alt(list(zip(names, moved, strict=True))))


def by_fives(values: np.ndarray, least: int) -> np.ndarray:
    """Means of `least` sorted values each, so that no dot is a college; what is left over joins the last."""
    cuts = np.arange(least, len(values) - least + 1, least)
    return np.array([some.mean() for some in np.split(values, cuts)])


def change_strip(
    words: Words, strips: Mapping[str, np.ndarray], names: list[str], each: int
) -> str:
    """A dot for `each` colleges at the change of their outlay per student, dots that would cover each other above and below the row's
    line; the dot in the middle as a stroke, and the line of no change."""
    figure, axes, y = _rows(len(strips), 0.55, names)
    every = np.concatenate(list(strips.values()))
    width = max(float(np.ptp(np.append(every, 0.0))), 1e-9)
    for yi, colleges in zip(y, strips.values(), strict=True):
        values = by_fives(colleges, each)
        axes.scatter(
            values,
            yi + beside(values, width / (PACKED / (2 if is_narrow() else 1))),
            color=np.where(values > 0, BLUE, TEAL),
            s=14,
            alpha=0.8,
            lw=0,
        )
        middle = float(np.median(values))
        axes.plot([middle, middle], [yi - 0.42, yi + 0.42], color=INK, lw=1.4)
    axes.axvline(0, color=INK, lw=1, ls=(0, (4, 3)))
    axes.set_xlabel(words.axis_labels["colleges"])
    medians = [
        (name, float(np.median(by_fives(some, each))))
        for name, some in zip(names, strips.values(), strict=True)
    ]
    return svg(figure, words.figure_strip_alt(medians))


def beside(values: np.ndarray, step: float, room: float = 0.4) -> np.ndarray:
    """How far from its row's line each dot lies: those in the same step of the axis stand above and below each other, all within `room`."""
    bins, made = np.floor(np.asarray(values) / step).astype(int), np.zeros(len(values))
    fullest = max(np.unique(bins, return_counts=True)[1], default=1)
    gap = min(0.12, 2 * room / max(fullest - 1, 1))
    for one in np.unique(bins):
        here = np.flatnonzero(bins == one)
        ranks = np.arange(1, len(here) + 1) // 2  # 0, 1, 1, 2, 2 … to either side in turn
        made[here] = gap * ranks * np.where(np.arange(len(here)) % 2, 1, -1)
    return made


def swing_dots(report: FeeCap, frame, measure: str) -> str:
    """Swing of a headline's change with each assumption at its P10 (hollow) and P90 (filled); the ends are written outside."""
    writer, top, central = report.writer, frame.head(SHOWN), float(frame["base"].iloc[0])
    money, per = writer.money, writer.money.per
    figure, axes, y = _rows(len(top), 0.36, list(top[writer.lang]))
    for yi, p10, p90 in zip(y, top["p10"], top["p90"], strict=True):
        axes.plot([p10 / per, p90 / per], [yi, yi], color=BLUE, lw=3, alpha=0.35)
        axes.scatter([p10 / per], [yi], color="white", edgecolor=BLUE, lw=1.6, s=42, zorder=4)
        axes.scatter([p90 / per], [yi], color=BLUE, edgecolor="white", s=42, zorder=4)
        low, high = sorted((p10, p90))
        written = writer.ends((low, high), money, central)
        for value, text, side, gap in zip(
            (low, high), written, ("right", "left"), (-7, 7), strict=True
        ):
            write_beside(
                axes,
                text,
                (value / per, yi),
                (gap, 0),
                fontsize=9,
                ha=side,
                va="center",
                color=SOFT,
            )
    axes.axvline(central / per, color=INK, lw=1, zorder=0)
    axes.margins(x=0.22)
    axes.set_xlabel(report.words.axis_tornado(measure))
    first = top.iloc[0]
    reach = sorted(first[["p10", "p90"]])
    return svg(figure, report.words.figure_tornado_alt(first[writer.lang], reach, central))


def safety_bars(words: Words, margins: Sequence[np.ndarray], names: list[str]) -> str:
    """Margin of safety of each organisation in %: hatched bar under today's fees, full bar under the scheme's; a word where a sitting
    earns nothing. Numbers stand to the right, where no bar below 0 covers a name; bars below −100 % end there, with a break."""
    figure, axes, y = _rows(len(names), 0.37, names)
    labels = words.axis_labels
    low = 100.0 if any(np.isnan(one).any() or (one < 0).any() for one in margins) else 0.0
    for i, (values, at) in enumerate(zip(margins, (0.19, -0.19), strict=True)):
        for yi, value in zip(y, values, strict=True):
            known = bool(np.isfinite(value))
            length = max(100 * value, -low) if known else 0.0
            _bar(axes, yi + at, length, "" if i == 0 else TEAL if length >= 0 else ROSE)
            name = labels["before" if i == 0 else "after"]
            said = words.safety_said(value) + ("%" if known else "")
            write_beside(
                axes,
                f"{name} {said}" if yi == y[0] else said,
                (max(length, 0.0), yi + at),
                (4, 0),
                fontsize=8.6,
                ha="left",
                va="center",
                color=SOFT,
            )
            if known and 100 * value < -low:
                _break(axes, -0.93 * low, yi + at)
    axes.axvline(0, color=INK, lw=1)
    axes.set_xlim(-1.05 * low, 145 if is_narrow() else 120)
    axes.set_xticks(np.arange(-low, 101, 50))
    axes.set_xlabel(labels["safety"])
    told = list(zip(names, *(one.tolist() for one in margins), strict=True))
    return svg(figure, words.figure_safety_alt(told))


def _bar(axes, y: float, length: float, colour: str) -> None:
    """A bar of a pair: full in its colour, or hatched ("")."""
    axes.barh(
        y,
        length,
        height=0.34,
        facecolor=colour or "white",
        edgecolor="none" if colour else GREY,
        hatch=None if colour else "////",
        lw=0.8,
    )


def _break(axes, x: float, y: float) -> None:
    """Two slanted cuts through a bar that reaches further than the axis."""
    for shift in (0.0, 4.0):
        axes.plot([x + shift - 1.5, x + shift + 1.5], [y - 0.2, y + 0.2], color="white", lw=2.4)
        axes.plot([x + shift - 1.5, x + shift + 1.5], [y - 0.2, y + 0.2], color=INK, lw=0.8)


def safety_classes(words: Words, counts: Sequence[Sequence[int]]) -> str:
    """How many organisations have which margin of safety: hatched bar under today's fees, full bar under the scheme's."""
    labels = words.axis_labels
    figure, axes, y = _rows(len(words.safety_steps), 0.38, words.safety_steps)
    named = (labels["before"], labels["after"])
    _pairs(axes, y, counts, named, [TEAL] * len(y))
    axes.set_xlabel(labels["organisations"])
    return svg(figure, words.figure_safety_classes_alt(words.safety_steps, *counts))


def _pairs(axes, y, pair, names: Sequence[str], colours: Sequence[str]) -> None:
    """Two bars a row with their numbers: the first hatched, the second full; their names stand in the first row."""
    for i, (values, name, at) in enumerate(zip(pair, names, (0.19, -0.19), strict=True)):
        for yi, value, colour in zip(y, values, colours, strict=True):
            _bar(axes, yi + at, value, "" if i == 0 else colour)
            write_beside(
                axes,
                f"{whole(value)}  {name}" if yi == y[0] else whole(value),
                (value, yi + at),
                (4 if value >= 0 else -4, 0),
                fontsize=9,
                ha="left" if value >= 0 else "right",
                va="center",
                color=SOFT,
            )
    axes.axvline(0, color=INK, lw=1)
    axes.margins(x=0.3 if is_narrow() else 0.15)


def burden_bars(
    report: FeeCap, now: Mapping[str, float], parts: Mapping[str, float], more: bool
) -> str:
    """Of each 100 yuan, by source: today's outlay (hatched) and its change (full), what has no source last."""
    words, writer = report.words, report.writer
    labels = words.axis_labels
    sources = [one for one in SOURCES if now.get(one) or parts.get(one)]
    figure, axes, y = _rows(len(sources), 0.38, [writer.word(SOURCES, one) for one in sources])
    pair = [[values.get(one, 0.0) for one in sources] for values in (now, parts)]
    named = (labels["each_now"], labels["each_more" if more else "each_less"])
    _pairs(axes, y, pair, named, [ROSE if one == "funding_gap" else TEAL for one in sources])
    axes.set_xlabel(labels["hundred"])
    return svg(figure, words.figure_burden_alt(more, dict(now), dict(parts)))
