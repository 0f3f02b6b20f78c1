"""Figures of province_comparison: each says its finding as its title, or why there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...analysis.provinces import study as pc
from ..page.blocks import Block, paragraphs
from ..page.numbers import percent
from ..page.words import FACTORS
from . import charts, numbers, tables, tiles

if TYPE_CHECKING:
    from .report import ProvinceComparison

FEW = 3  # provinces under which there is nothing to draw side by side
SCATTERED = 5  # provinces under which a funnel says nothing
FAR = 5.0  # points from the nation's mean that the title of the tile grid counts
OWN = 0.5  # a shrunk mean that keeps less of itself rests on the others


def comparable(report: ProvinceComparison):
    """Levels of the provinces that may be shown singly."""
    table = report.levels
    return table[
        table["province"].isin(report.shown["province"]) & np.isfinite(table["level"])
    ].reset_index(drop=True)


def split(report: ProvinceComparison):
    """Parts of the provinces that may be shown singly; empty where nothing differs."""
    if len(report.table) < 2:
        return report.parts.iloc[:0]
    table = report.parts[report.parts["province"].isin(report.shown["province"])]
    sizes = table[list(numbers.PARTS)].abs().sum()
    same = sizes.max() < numbers.SAME * len(table)
    return table.iloc[:0] if same else table.reset_index(drop=True)


def drawn(report: ProvinceComparison) -> list[str]:
    """The figures of this report, in their order: their numbers follow from it."""
    there = {
        "tiles": len(tiles.placed(report)) > 0,
        "levels": len(comparable(report)) >= FEW,
        "funnel": len(report.shown) >= SCATTERED,
        "parts": len(split(report)) >= FEW,
    }
    return [name for name, is_there in there.items() if is_there]


def levels(report: ProvinceComparison) -> Block:
    """The tile grid, where provinces have a place in it, and fee levels with intervals."""
    words, table = report.words, comparable(report)
    if len(table) < FEW:
        return paragraphs(words.nothing["levels"])
    above, below = int((table["low"] > 1).sum()), int((table["high"] < 1).sum())
    ranged = int(np.isfinite(table["low"]).sum())
    names, focus = report.place_names(table["province"]), numbers.place_in(table, report.focus)
    label = percent(table["level"].iloc[focus]) if focus >= 0 else ""
    return _tiles(report) + report.writer.figure(
        report.figure_label("levels"),
        words.level_finding(ranged, above, below),
        lambda: charts.levels(words, table, names, focus, label),
        note=words.level_chance(ranged, report.place, report.drawn_level, report.lead.level),
    )


def _tiles(report: ProvinceComparison) -> Block:
    frame = tiles.placed(report)
    if frame.empty:
        return Block("")
    words, titles = report.words, report.words.tile_titles
    level, rate = frame["level"].to_numpy(float), frame["rate"].to_numpy(float)
    panels = [(report.writer.place(titles["level"]), level, 1, 100.0)]
    if np.isfinite(rate).any():
        panels.append((report.writer.place(titles["rate"]), rate, 0, float("nan")))
    spots, known = tiles.spots(report, frame), level[np.isfinite(level)]
    return report.writer.figure(
        report.figure_label("tiles"),
        words.tiles_finding(int((known >= 100 + FAR).sum()), int((known <= 100 - FAR).sum()), FAR),
        lambda: charts.tiles(words, spots, panels),
        note=words.tiles_note(len(panels) > 1, report.settled),
    )


def funnel(report: ProvinceComparison) -> Block:
    """Funnel plot of college means, which says what they are drawn against, and which means of small samples rest on the others."""
    words = report.words
    if len(report.shown) < 2:
        return paragraphs(words.nothing["funnel"])
    table, small = pc.funnel(report.shown), pc.shrunk(report.shown)
    names, focus = report.place_names(table["province"]), numbers.place_in(table, report.focus)
    found, target = numbers.outside(table), table["target"].iloc[0]
    leaning = [name for name, own in zip(names, small["own"], strict=True) if own < OWN]
    said = paragraphs(words.leaning(leaning, len(names))) if leaning else Block("")
    if len(report.shown) < SCATTERED:
        return paragraphs(words.too_few_to_scatter(), words.two_means(report.nation, target)) + said
    outside = [(name, up) for name, out, up in zip(names, table["outside"], table["plain"] > target, strict=True) if out]  # fmt: skip
    return (
        report.writer.figure(
            report.figure_label("funnel"),
            words.funnel_finding(found),
            lambda: charts.funnel(words, table, names, focus),
            note=words.funnel_note(
                found,
                [name for name, up in outside if up],
                [name for name, up in outside if not up],
                report.nation,
                target,
            ),
        )
        + said
    )


def parts(report: ProvinceComparison) -> Block:
    """Why provinces differ from the national mean: a heat table and the numbers."""
    words = report.words
    if len(report.table) < 2:
        return paragraphs(words.nothing["one"])
    if not report.parts["province"].isin(report.shown["province"]).any():
        return paragraphs(words.nothing["unshown"])
    table = split(report)
    if table.empty:
        return paragraphs(words.nothing["same"])
    if len(table) < FEW:
        return tables.parts(report, table)
    sizes = table[list(numbers.PARTS)].abs().sum()
    factors = {code: report.writer.word(FACTORS, code) for code in FACTORS}
    names, focus = report.place_names(table["province"]), numbers.place_in(table, report.focus)
    return report.writer.figure(
        report.figure_label("parts"),
        words.parts_finding(factors[sizes.idxmax()], sizes.max() / sizes.sum()),
        lambda: charts.parts(words, table, names, factors, focus),
        note=words.parts_note(),
    ) + tables.parts(report, table)


def inequality(report: ProvinceComparison) -> Block:
    """Inequality between colleges, within provinces and between them, and over fiscal capacity: a sentence each."""
    words, spread = report.words, report.spread
    if len(report.colleges) < 2 or not spread["total"] > 1e-9:
        return paragraphs(words.nothing["equal"])
    said = paragraphs(words.inequality(numbers.inequality(report)))
    if len(report.table) < 2:
        return said
    return paragraphs(words.theil_finding(report.within)) + said
