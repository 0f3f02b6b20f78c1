"""scenario_compare's sentences that several pages share: who moves most, what parts the pair, under which condition, conclusions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ...rules.numbers import ratio
from ..front.change import Change
from ..front.draws import Led, baseline_drawn, off_centre
from ..front.sums import Sum
from ..page.blocks import Block, bullets, paragraphs
from . import tables
from .tables import Pair

if TYPE_CHECKING:
    from .report import ScenarioCompare

OPEN = (0.05, 0.95)  # shares of the draws between which it is open who lies lower
TOLD = ("college_outlay", "funding_gap", "served")
TELLS = 0.1  # how far the shares in both halves of a parameter's draws must lie apart


class Side(NamedTuple):
    """A scenario and what it does to a measure."""

    title: str
    moved: Change


def sides(report: ScenarioCompare, name: str) -> list[Side]:
    """Every column's."""
    return [*map(Side, report.titles, report.moved(name))]


def extremes(report: ScenarioCompare) -> tuple[Side, Side] | tuple[Side]:
    """The scenario under which colleges spend least and the one under which they spend most; one where they are the same."""
    every = sides(report, report.measure)
    known = [one for one in every if one.moved.kind != "missing"] or every[:1]
    low, high = (pick(known, key=lambda one: one.moved.by) for pick in (min, max))
    apart = replace(low.moved, before=low.moved.by, after=high.moved.by)
    return (low, high) if apart.kind == "shown" else (low,)


def parted(report: ScenarioCompare, stop: bool = True) -> str:
    """How far the pair lies apart in the measure that is taken apart, and which change that is. `stop`: as a sentence, not a title."""
    moved, name, titles = report.difference, report.lead_measure, report.pair_titles
    if moved is None or report.parts is None:
        return report.words.parts_open
    if not report.differ:
        return report.words.parts_none(*titles)
    values, names = report.parts.of[name], tables.move_names(report)
    at = int(np.argmax(np.abs(values)))
    shares = ratio(np.array(values), report.parts.total[name])
    one_way = min(shares) >= -0.0005  # else a share would mislead
    return report.words.parted(
        titles,
        moved,
        names[at],
        Sum(abs(report.printed[name][at]) * report.writer.money.per).rounded_like(moved.sum),
        values[at] > 0,
        float(ratio(values[at], moved.by)) if one_way else float("nan"),
        len(values),
        stop,
    )


def condition(report: ScenarioCompare) -> Block:
    """In how many draws the first of the pair lies below the second, and which assumption decides it; what intervals hold."""
    words, pair = report.words, report.pair
    said = []
    if pair and report.sampled and report.differ:
        name, found = report.lead_measure, tables.lower_share(report, report.lead_measure, pair)
        decided = _decided(report, name, pair) if OPEN[0] < found < OPEN[1] else None
        said.append(words.condition(*report.pair_said(pair), name, found, decided))
    money = report.writer.money, report.writer.money_unit
    led = [
        Led(words.led(one.title), one.moved.by, column.spread[report.measure], *money)
        for one, column in zip(sides(report, report.measure), report.columns, strict=True)
        if one.moved.kind == "shown"
    ]
    drawn = [
        line
        for column in report.columns
        for line in baseline_drawn(report.writer, column.study, report.measure)
    ]
    return paragraphs(*said, *dict.fromkeys(drawn), *off_centre(report.writer, led))


def _decided(report: ScenarioCompare, name: str, pair: Pair) -> tuple[str, float, float] | None:
    """The assumption whose upper and lower half of draws differ most in who lies lower: (its name, the share where it is above its median,
    the share where it is below); None where none tells."""
    lower = report.apart_draws(name, pair) < 0
    best, most = None, TELLS
    for key, values in report.drawn.items():
        column = np.asarray(values)[:, 0]
        above = column > np.median(column)
        if len(column) != len(lower) or not above.any():
            continue
        shares = float(lower[above].mean()), float(lower[~above].mean())
        if abs(shares[0] - shares[1]) > most:
            most = abs(shares[0] - shares[1])
            title = report.study.law.parameters[key.replace("__", ".")].title(report.writer.lang)
            best = (title, *shares)
    return best


def conclusions(report: ScenarioCompare) -> Block:
    """From the run: what each does, what parts the first two, what is recommended, what is left out."""
    words, a = report.words, report.advice
    lines = [
        *(words.each_moved(name, sides(report, name)) for name in TOLD if name in report.measures),
        parted(report),
        words.advice_do(a),
        words.left_out(
            report.judged,
            report.funds,
            [title for title, one in report.titled if one.open],
        ),
    ]
    return bullets([one for one in lines if one])
