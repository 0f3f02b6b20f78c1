"""scenario_compare's figures: paired bars of every measure, and what parts two scenarios."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..page.blocks import Block, paragraphs
from ..page.numbers import number, percent, signed
from ..page.style import (
    INK,
    ROSE,
    SERIES,
    SOFT,
    TEAL,
    across,
    canvas,
    fold,
    is_narrow,
    svg,
    write_beside,
)
from ..page.words import HEADLINES
from . import closing, tables

if TYPE_CHECKING:
    from .report import ScenarioCompare


def _relative(report: ScenarioCompare) -> dict[str, list[tuple[float, ...]]]:
    """measure → (change, low, high) of each column in % of its baseline; those that nothing moves are left out, as are measures that begin
    at nothing."""
    made = {}
    for name in report.measures:
        row = report.moved(name)
        if not row[0].before or not any(one.kind == "shown" for one in row):
            continue
        made[name] = [
            (100 * one.by / one.before, *(100 * end / one.before for end in one.reach))
            for one in row
        ]
    return made


def has_bars(report: ScenarioCompare) -> bool:
    """Does any scenario move anything?"""
    return bool(_relative(report))


def bars_figure(report: ScenarioCompare) -> Block:
    """A bar a scenario, in % of current law, measure by measure, with its interval."""
    words, found = report.words, _relative(report)
    if not found:
        return paragraphs(words.bars_none)
    return report.numbered_figure(
        "bars",
        words.bars_title(closing.extremes(report)),
        lambda: _bars(report, found),
        note=words.bars_note(report.sampled, any(one.open for one in report.columns)),
    )


def _bars(report: ScenarioCompare, found) -> str:
    words, writer, each = report.words, report.writer, len(report.columns)
    thick = 0.8 / each
    labels = fold([writer.word(HEADLINES, name) for name in found])
    figure, axes = canvas(0.9 + (0.24 + 0.19 * each) * len(found) + 0.2 * each)
    y = np.arange(len(found))[::-1]
    for at, title in enumerate(report.titles):
        rows = list(found.values())
        place = y + 0.4 - thick * (at + 0.5)
        values = np.array([row[at] for row in rows])
        axes.barh(
            place,
            np.nan_to_num(values[:, 0]),
            height=0.86 * thick,
            color=SERIES[at],
            label=title,
        )
        for yi, (value, low, high) in zip(place, values, strict=True):
            if np.isfinite([low, high]).all() and high > low:
                axes.plot([low, high], [yi, yi], color=INK, lw=1.1)
            end = np.nanmax([value, low, high, 0.0])
            said = words.no_answer if np.isnan(value) else signed(percent(value / 100)) + "%"
            write_beside(axes, said, (end, yi), (4, 0), 8.6, ha="left", va="center", color=SOFT)
    _finish(axes, y, labels, words.axis_bars, 0.24 if is_narrow() else 0.12)
    axes.legend(
        loc="upper left",
        bbox_to_anchor=(0, -0.16 if is_narrow() else -0.13),
        ncols=1 if is_narrow() else 2,
        frameon=False,
        fontsize=9.2,
    )
    told = [
        (writer.word(HEADLINES, name), [one[0] / 100 for one in row]) for name, row in found.items()
    ]
    return svg(figure, words.bars_alt(report.titles, told))


def parts_figure(report: ScenarioCompare) -> Block:
    """What each change adds to the difference of the two, in the measure that is taken apart."""
    words = report.words
    if not report.shows("figure", "parts"):
        return Block("")
    name, names = report.lead_measure, [tables.target_name(report, one) for one in report.moves]
    values = report.printed[name]
    return report.numbered_figure(
        "parts",
        closing.parted(report, stop=False),
        lambda: _parts(report, names, values),
        note=words.parts_figure_note(name),
    )


def _finish(axes, y, labels: list[str], title: str, margin: float) -> None:
    """Names beside lying bars, their axis, and the line of nothing."""
    axes.set_yticks(y, labels, color=INK)
    axes.axvline(0, color=INK, lw=1)
    across(axes, ticks=True)
    axes.margins(x=margin)
    axes.set_xlabel(title)


def _parts(report: ScenarioCompare, names: list[str], values: list[float]) -> str:
    words, money = report.words, report.writer.money
    rows = [*zip(names, values, strict=True), (words.total, sum(values))]
    labels = fold([name for name, _ in rows], 18, 9)
    lines = sum(1 + label.count("\n") for label in labels)
    figure, axes = canvas(0.8 + 0.2 * lines + 0.12 * len(rows))
    y = np.arange(len(rows))[::-1]
    inside = [value for _, value in rows]
    colours = [*(TEAL if value >= 0 else ROSE for value in inside[:-1]), SOFT]
    axes.barh(y, inside, height=0.55, color=colours)
    for yi, length in zip(y, inside, strict=True):
        said = signed(number(length, money.decimals))
        write_beside(axes, said, (max(length, 0.0), yi), (4, 0), 9, va="center", color=SOFT)
    _finish(axes, y, labels, report.measure_said(report.lead_measure), 0.22)
    return svg(figure, words.parts_alt([(name, money.per * value) for name, value in rows]))
