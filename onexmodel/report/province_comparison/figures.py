"""Figures of province_comparison: each says its finding as its title, or why there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...analysis.provinces import study as pc
from ..page.blocks import Block, paragraphs
from ..page.words import FACTORS
from . import charts, numbers, tables

if TYPE_CHECKING:
    from .report import ProvinceComparison


def heat(report: ProvinceComparison) -> Block:
    """图1: which certificates each province prices."""
    words, found = report.words, numbers.priced(report)
    return report.writer.figure(
        report.label("figure", 1),
        words.heat_finding(found.products, found.shared),
        lambda: charts.heat(words, found.shade, report.place_names(report.fees.places)),
        source=report.source,
    )


def levels(report: ProvinceComparison) -> Block:
    """图2: fee levels with intervals."""
    words, table = report.words, report.levels
    table = table[
        table["province"].isin(report.shown["province"]) & np.isfinite(table["level"])
    ].reset_index(drop=True)
    if len(table) < 2:
        return paragraphs(words.nothing["levels"])
    ranged = int(np.isfinite(table["low"]).sum())
    clear = int(((table["low"] > 1) | (table["high"] < 1)).sum())
    names, focus = report.place_names(table["province"]), numbers.place_in(table, report.focus)
    return report.writer.figure(
        report.label("figure", 2),
        words.level_finding(ranged, clear),
        lambda: charts.levels(words, table, names, focus),
        source=report.source,
        note=words.level_chance(ranged),
    )


def funnel(report: ProvinceComparison) -> Block:
    """图3 and 图4: funnel plot of college means, which says what each is drawn against; raw and shrunk means."""
    words = report.words
    if len(report.shown) < 2:
        return paragraphs(words.nothing["funnel"])
    table, small = pc.funnel(report.shown), pc.shrunk(report.shown)
    names, focus = report.place_names(table["province"]), numbers.place_in(table, report.focus)
    found, mean = numbers.outside(table), small["mean"].iloc[0]
    first = report.writer.figure(
        report.label("figure", 3),
        words.funnel_finding(found),
        lambda: charts.funnel(words, table, names, focus),
        source=report.source,
        note=words.funnel_note(
            found, report.nation, table["target"].iloc[0], mean, bool(np.isfinite(mean))
        ),
    )
    if small["own"].notna().sum() < 2:
        return first + paragraphs(words.nothing["shrunk"])
    least = int(small["own"].idxmin())
    return first + report.writer.figure(
        report.label("figure", 4),
        words.shrunk_finding(names[least], small["own"].iloc[least]),
        lambda: charts.shrunk(words, small, names),
        source=report.source,
        note=words.shrunk_note(),
    )


def parts(report: ProvinceComparison) -> Block:
    """图5 and 表6: why provinces differ from the national mean."""
    writer, words, table = report.writer, report.words, report.parts
    if len(report.table) < 2:
        return paragraphs(words.nothing["one"])
    table = table[table["province"].isin(report.shown["province"])].reset_index(drop=True)
    if table.empty:
        return paragraphs(words.nothing["unshown"])
    sizes = table[list(numbers.PARTS)].abs().sum()
    if sizes.max() < numbers.SAME * len(table):
        return paragraphs(words.nothing["same"])
    factors = {code: writer.word(FACTORS, code) for code in FACTORS}
    return writer.figure(
        report.label("figure", 5),
        words.parts_finding(factors[sizes.idxmax()], sizes.max() / sizes.sum()),
        lambda: charts.parts(words, table, report.place_names(table["province"]), factors),
        source=report.source,
        note=words.parts_note(),
    ) + tables.parts(report, table)


def inequality(report: ProvinceComparison) -> Block:
    """图6 and words: inequality between colleges, within provinces and between them, and over fiscal capacity."""
    words, spread = report.words, report.spread
    if len(report.colleges) < 2 or not spread["total"] > 1e-9:
        return paragraphs(words.nothing["equal"])
    said = paragraphs(words.inequality(numbers.inequality(report)))
    if len(report.table) < 2:
        return said
    return (
        report.writer.figure(
            report.label("figure", 6),
            words.theil_finding(report.within),
            lambda: charts.theil(words, spread["between"] / spread["total"]),
            source=report.source,
        )
        + said
    )
