"""fee_cap's dynamic adjustment (C5): the fee index by rule over the published years, and what it does to the scheme's fees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...analysis.caps.adjustment import ASSUMED, FACTORS, SINCE, effect, moved_in
from ..page.blocks import Block, fold, paragraphs
from ..page.numbers import count, number, percent, signed, tenths
from .areas import percents
from .curves import index_paths

if TYPE_CHECKING:
    from .report import FeeCap

SERIES = ("wage_non_private", "cpi")


def figure(report: FeeCap) -> Block:
    """图2: fee index by rule and year."""
    if not report.adjustment.years:
        return paragraphs(report.words.adjustment_left_out(SINCE))
    return report.numbered_figure(
        "index",
        finding(report),
        lambda: index_paths(report),
        source=report.words.adjustment_figure_source(report.called("table", "path")),
        note=terms(report),
        data=report.words.adjustment_data(report.adjustment.basis),
    )


def finding(report: FeeCap) -> str:
    """When the accumulated rule moves, and where each rule ends."""
    a = report.adjustment
    ends = {rule: path[-1] for rule, path in a.paths.items()}
    moves = moved_in(a.paths["accumulated"], a.years)
    return report.words.adjustment_finding(SINCE, a.years[-1], moves, ends)


def terms(report: FeeCap) -> str:
    """Signal, shares and the rule's terms in words."""
    a = report.adjustment
    parts = percents([a.shares[factor] for factor in FACTORS])
    return report.words.adjustment_terms(
        list(zip(FACTORS, parts, strict=True)), a.basis, ASSUMED, a.view
    )


def path_table(report: FeeCap) -> Block:
    """表5: growth, signal and index by year; years that lack a series are named, never filled; sources in a fold."""
    words, a = report.words, report.adjustment
    if not a.years:
        return Block("")
    moves = {rule: moved_in(path, a.years) for rule, path in a.paths.items()}
    moving = {rule: path for rule, path in a.paths.items() if rule != "never"}
    rows = [[str(SINCE), "—", "—", "—", *(number(path[0], 2) for path in moving.values())]]
    for i, year in enumerate(a.years):
        rows.append(
            [
                str(year),
                *(_growth(report, a.found[series][year]) for series in SERIES),
                signed(percent(a.signal[i] - a.view["fees.adjust.x"])),
                *(
                    words.adjustment_index(number(path[i + 1], 2), year in moves[rule])
                    for rule, path in moving.items()
                ),
            ]
        )
    for year in a.missing:
        found = [a.found[series].get(year) for series in SERIES]
        growths = (_growth(report, one) if one else words.adjustment_missing for one in found)
        rows.append([str(year), *growths, *["—"] * 3])
    return report.numbered_table(
        "path",
        words.adjustment_path_caption,
        [
            *words.adjustment_path_columns.values(),
            *(words.adjustment_rules[rule] for rule in moving),
        ],
        rows,
        source=words.adjustment_path_source(report.called("table", "path")),
        note=words.adjustment_path_note(a.missing),
        data=words.adjustment_data(a.basis),
        columns=(
            "fees.adjust.rule",
            "fees.adjust.x",
            "fees.adjust.dead_band",
            "fees.adjust.collar",
        ),
    ) + _sources(report)


def _beside(moved: float, write) -> str:
    """A change, signed; a dash where it is none."""
    return signed(write(moved)) if moved else "—"


def _growth(report: FeeCap, change) -> str:
    """Growth in %, signed, with a mark where what was published came from a second hand."""
    return report.words.adjustment_growth(signed(percent(change.growth)), change.confidence)


def _sources(report: FeeCap) -> Block:
    """Where each growth comes from, as published."""
    words, a, label = report.words, report.adjustment, report.called("table", "path")
    rows = [
        [
            str(year),
            words.adjustment_series[series],
            one.published,
            one.source,
            words.adjustment_confidence[one.confidence],
        ]
        for year in (*a.years, *a.missing)
        for series in SERIES
        if (one := a.found[series].get(year))
    ]
    table = report.writer.table(
        words.adjustment_sources_label(label),
        words.adjustment_sources_caption,
        words.adjustment_sources_columns,
        rows,
        text=True,
        data=words.adjustment_sources_data,
    )
    return fold(words.adjustment_sources_fold(label), table)


def effect_table(report: FeeCap) -> Block:
    """表6: the scheme's fees and bill with its standards moved by each rule's index at the end of the last published year."""
    words, a = report.words, report.adjustment
    if not a.years:
        return Block("")
    base, rows, money = report.heads["none"][1], [], report.writer.money
    for rule, path in a.paths.items():
        head = effect(report.study, float(path[-1]), "none")
        fee, bill = head["mean_approved_fee"], head["fee_bill"]
        rows.append(
            [
                words.adjustment_effect_rule(rule, rule == a.view["fees.adjust.rule"]),
                number(path[-1], 2),
                count(fee),
                _beside(fee - base["mean_approved_fee"], tenths),
                money(bill),
                _beside(bill - base["fee_bill"], money),
            ]
        )
    return report.numbered_table(
        "effect",
        words.adjustment_effect_caption(a.years[-1]),
        words.adjustment_effect_columns,
        rows,
        note=words.adjustment_effect_note(),
        columns=("mean_approved_fee", "fee_bill"),
    )
