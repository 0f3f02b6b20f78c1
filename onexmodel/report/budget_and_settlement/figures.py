"""Figures of budget_and_settlement. `words`: the folder's words, which give axes, marks and text alternatives."""

from __future__ import annotations

from datetime import date

import matplotlib.dates as mdates
import numpy as np
import pandas as pd
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from ...rules.funding import SOURCES as SOURCE_KEYS
from ..page.numbers import NumberFormat, number
from ..page.sentences import Words
from ..page.style import (
    AMBER,
    GREY,
    INK,
    ROSE,
    SERIES,
    SOFT,
    TEAL,
    canvas,
    is_narrow,
    svg,
    write_beside,
)
from ..page.words import SOURCES, USES
from ..page.writer import PageWriter
from .numbers import Flow

PROJECTED = 10.0  # in the unit of print: from a largest month of this on, projected months have one decimal less
LEFT, RIGHT, THICK = 0.0, 1.0, 0.07  # of the flow: outer edges of both columns, their width
LINE_HEIGHT = 0.185  # inches of a line of text beside it, with what the axes leave of the figure
APART = 0.03  # between the parts of a column, of all money shown

Part = tuple[float, float, str]  # of a column of the flow: top, height, what stands beside it


def _band(axes, left: float, right: float, height: float, colour: str) -> None:
    """A band of `height` that bends from below `left` to below `right`."""
    a, b, middle = LEFT + THICK, RIGHT - THICK, (LEFT + RIGHT) / 2
    points = [
        *((a, left), (middle, left), (middle, right), (b, right), (b, right - height)),
        *((middle, right - height), (middle, left - height), (a, left - height), (a, left)),
    ]
    codes = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
    axes.add_patch(PathPatch(Path(points, codes), facecolor=colour, alpha=0.32, lw=0))


def flow(
    words: Words, writer: PageWriter, funds: pd.DataFrame, idle: float, printed: pd.DataFrame
) -> str:
    """Which source pays which use, as bands between two columns; what nothing pays is hatched at its use, idle limits below the sources.
    funds: use → need, a column a source, gap (yuan); idle: yuan; printed: the same and their total, all, as the table beside it prints
    them, in the unit of print."""
    least = funds["need"].sum() / 1000  # thinner than a line
    used = [source for source in SOURCE_KEYS if funds[source].sum() > least]
    uses = [use for use in funds.index if funds.at[use, "need"] > least]
    whole = max(1.0, funds["need"].sum(), funds[used].to_numpy().sum() + idle)
    gap, colours = APART * whole, dict(zip(used, SERIES, strict=False))
    figure, axes = canvas(3.7, narrow=4.8)
    axes.set_xlim((-0.62, 1.62) if is_narrow() else (-0.42, 1.42))
    axes.axis("off")

    def cell(use: str, column: str) -> str:
        """A number as the table prints it; of a source that has no column there, as it is."""
        known = column in printed
        value = printed.at[use, column] if known else writer.money.inside(funds[column].sum())
        return number(value, writer.money.decimals)

    sources: list[Part] = []
    targets: list[Part] = []
    for source in used:
        paid = funds[source].sum()
        text = _named(writer.word(SOURCES, source), cell("all", source))
        sources.append((_below(sources, gap), paid, text))
        _part(axes, LEFT, sources[-1][0], paid, colours[source])
    if idle > least:
        text = _named(words.flow_labels["idle"], writer.money(idle))
        sources.append((_below(sources, gap), idle, text))
        _part(axes, LEFT, sources[-1][0], idle, GREY, hatched=True)
    for use in uses:
        need, missing = funds.at[use, "need"], funds.at[use, "gap"]
        more = f"{words.flow_labels['gap']} {cell(use, 'gap')}" if missing > least else ""
        text = _named(writer.word(USES, use), cell(use, "need"), more)
        targets.append((_below(targets, gap), need, text))
        _part(axes, RIGHT - THICK, targets[-1][0], need - missing, INK)
        if missing > least:
            top = targets[-1][0] - need + missing
            _part(axes, RIGHT - THICK, top, missing, ROSE, hatched=True)
    at_source = dict(zip(used, (top for top, *_ in sources), strict=False))
    at_use = dict(zip(uses, (top for top, *_ in targets), strict=True))
    for source in used:
        for use in uses:
            height = funds.at[use, source]
            if height > least / 10:
                _band(axes, at_source[source], at_use[use], height, colours[source])
                at_source[source] -= height
                at_use[use] -= height
    line = (-_below(sources, 0.0) or whole) * LINE_HEIGHT / figure.get_figheight()
    lowest = min(_labels(axes, sources, LEFT, -1, line), _labels(axes, targets, RIGHT, 1, line))
    axes.set_ylim(min(lowest, _below(sources, 0.0), _below(targets, 0.0)), line)
    parts = [
        (source, use, funds.at[use, source])
        for source in used
        for use in uses
        if funds.at[use, source] > least
    ]
    gaps = [(use, funds.at[use, "gap"]) for use in uses if funds.at[use, "gap"] > least]
    return svg(figure, words.flow_alt(parts, gaps, idle))


def _below(parts: list[Part], gap: float) -> float:
    """Where the next part of a column begins."""
    return parts[-1][0] - parts[-1][1] - gap if parts else 0.0


def _part(axes, left: float, top: float, height: float, colour: str, hatched=False) -> None:
    """A part of a column, full or hatched."""
    look = {"color": "none", "edgecolor": colour, "hatch": "////", "lw": 0.8}
    given = look if hatched else {"color": colour}
    axes.bar(left, -height, THICK, bottom=top, align="edge", **given)


def _named(name: str, value: str, more: str = "") -> str:
    """What a part is, and how much: in one line, or narrow in two."""
    return f"{name}\n{value}" + (f" {more}" if more else "")


def _labels(axes, parts: list[Part], x: float, side: int, line: float) -> float:
    """Texts beside a column, each at the middle of its part or, where they would meet, under the one above; where the last one ends."""
    place, end = ("left" if side > 0 else "right"), np.inf
    for top, height, text in parts:
        room = line * (text.count("\n") + 1)
        y = min(top - height / 2, end - room / 2)
        end = y - room / 2 - 0.15 * line
        write_beside(
            axes, text, (x, y), (5 * side, 0), va="center", ha=place, linespacing=1.1, fontsize=9
        )
    return end


def _grouped(axes, unit: str) -> None:
    """The unit beside the upright axis, and its thousands set apart as everywhere on the page."""
    ticks = [tick for tick in axes.get_yticks() if tick <= axes.get_ylim()[1]]
    decimals = next((n for n in range(3) if np.allclose(ticks, np.round(ticks, n), atol=1e-6)), 3)
    axes.set_yticks(ticks, [number(tick, decimals) for tick in ticks])
    axes.set_ylabel(unit, labelpad=6)


def need_lines(words: Words, fees: Flow, money: NumberFormat, unit: str) -> str:
    """Fees of a year added up month by month, against the money of the year and against the same in twelfths."""
    figure, axes = canvas(2.9, narrow=3.2)
    months = fees.due.index.to_numpy()
    due, evenly = money.inside(fees.due.to_numpy()), money.inside(fees.evenly.to_numpy())
    whole, steps = money.inside(fees.money), np.diff(due, prepend=0.0)
    # records are facts; a plan spread by last year's months is not
    coarse = fees.pattern and steps.max() >= PROJECTED
    decimals = max(0, money.decimals - 1) if coarse else money.decimals
    axes.fill_between(months, due, step=None, color="#e4efed")
    axes.plot(months, due, color=TEAL, lw=2.2, marker="o", ms=3.5)
    axes.plot(months, np.full(len(months), whole), color=INK, lw=1.4)
    axes.plot(months, evenly, color=AMBER, lw=1.2, ls=(0, (4, 3)))

    def label(name: str, value: float, at, offset, **more) -> None:
        write_beside(axes, words.months_label(name, value, decimals), at, offset, **more)

    label("money", whole, (months[0], whole), (0, 4), color=INK)
    label("due", due[-1], (months[-1], 0.05 * max(whole, due[-1])), (-4, 0), color=TEAL, ha="right")
    middle, side = len(months) // 3, "right" if len(months) > 5 else "left"
    at = (months[middle], evenly[middle])
    write_beside(axes, words.months_marks["evenly"], at, (-4, 5), color="#8a5200", ha=side)
    axes.margins(x=0.02)
    axes.set_ylim(0, 1.16 * max(whole, due.max(), 1e-9))
    shown = months[::2] if is_narrow() else months
    axes.set_xticks(shown, [words.month(fees.year, int(month)) for month in shown], fontsize=9)
    axes.set_xlabel(words.months_axis(fees))
    _grouped(axes, unit)
    each = list(zip(fees.due.index, due, strict=True))
    return svg(figure, words.months_alt(fees.year, each, whole, decimals))


def burn_lines(words: Words, burn, plan, at: date, money: NumberFormat, unit: str) -> str:
    """Arrears at month ends, and where the clearing plan takes them, by date."""
    figure, axes = canvas(2.9, narrow=3.2)
    past = pd.to_datetime(burn["at"])
    ahead = [pd.Timestamp(at) + pd.DateOffset(months=int(month)) for month in plan["month"]]
    fen = (burn["payable_fen"], burn["arrears_fen"], plan["left_fen"])
    payable, arrears, left = (money.inside(one / 100) for one in fen)
    total, owed, rest = (one.iloc[-1] / 100 for one in fen)
    end, last = past.iloc[-1], arrears.iloc[-1]
    axes.fill_between(past, payable, color="#e4efed")
    axes.plot(past, arrears, color=ROSE, lw=2.2)
    axes.plot([end, *ahead], [last, *left], color=TEAL, lw=2, ls=(0, (4, 2)))
    axes.axvline(pd.Timestamp(at), color=INK, lw=1)
    for name, yuan, y, offset, colour in (
        ("payable", total, payable.iloc[-1], (6, -4), SOFT),
        ("arrears", owed, last, (6, 6), ROSE),
    ):
        write_beside(axes, words.burn_label(name, yuan), (end, y), offset, color=colour)
    at_end = (ahead[-1], left.iloc[-1])
    write_beside(axes, words.burn_plan(rest), at_end, (0, 6), color=TEAL, ha="right")
    axes.set_ylim(0, None)
    axes.margins(x=0.06)
    months = -(-(len(past) + len(ahead)) // (3 if is_narrow() else 5))
    every = pd.date_range(past.iloc[0].to_period("M").to_timestamp(), ahead[-1], freq=f"{months}MS")
    axes.set_xticks(mdates.date2num(every), [words.tick(day) for day in every], fontsize=9)
    _grouped(axes, unit)
    return svg(figure, words.burn_alt(at, owed, len(plan), rest))


def change_bars(words: Words, parts: dict[str, float], decimals: int) -> str:
    """Price, volume, mix and change of fee spending, in the unit of print."""
    figure, axes = canvas(2.1)
    y, values = np.arange(4)[::-1], np.array(list(parts.values()))
    axes.barh(y, values, color=[TEAL, TEAL, TEAL, GREY], height=0.6)
    for at in zip(values, y, strict=True):
        side, offset = ("left", 5) if at[0] >= 0 else ("right", -5)
        write_beside(axes, number(at[0], decimals), at, (offset, 0), va="center", ha=side)
    low, high = min(0.0, values.min()), max(0.0, values.max())
    # for the numbers: left of a negative bar they would lie on the names
    room = (0.3 if is_narrow() else 0.16) * max(high - low, 1e-9)
    axes.set_xlim(
        low - (room if low < 0 else 0),
        high + (room if high > 0 else 0) + (1.0 if low == high else 0),
    )
    axes.set_yticks(y, [words.change_parts[name] for name in parts], color=INK)
    axes.axvline(0, color=INK, lw=0.8)
    axes.grid(axis="y", visible=False)
    axes.set_xlabel(words.change_axis)
    return svg(figure, words.change_alt(parts, decimals))
