"""fee_cap's figures with the findings that are their titles, computed from the run: rise, fall, no change, one group, none."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...analysis.caps import study as cs
from ...analysis.disclosure import in_order
from ..page.blocks import Block, paragraphs
from ..page.numbers import percent
from ..page.sentences import Words
from ..page.words import BINDS, TIERS
from ..page.writer import SMALL
from . import curves, rows
from .areas import bearing, bearing_title, parts_of, sides_said
from .service import critical_parts, critical_title, view_of

if TYPE_CHECKING:
    from .report import FeeCap

STEADY = 0.0005  # a relative change smaller than this prints as 0.0 %
SHOWN = 0.005  # a share of sittings smaller than this prints as 0 %


def fee_figure(report: FeeCap) -> Block:
    """图1: cap → approved fee; the title says which limits gain as the cap rises."""
    return report.writer.figure(
        report.label("figure", 1),
        fee_title(report.words, report.sweep),
        lambda: curves.fee_curve(report),
        source=report.source,
        note=report.words.figure_fee_note(view_of(report)),
    )


def fee_title(words: Words, sweep) -> str:
    """How far the mean fee rises from today's cap to the highest one, and which limits gain and lose sittings."""
    now, top = sweep.loc[(sweep["scale"] - 1.0).abs().idxmin()], sweep.iloc[-1]
    up = top["scale"] / now["scale"] - 1
    rise = top["mean_approved_fee"] / now["mean_approved_fee"] - 1
    if not np.isfinite(rise):
        return words.figure_fee_none()
    if abs(rise) < STEADY:
        main = int(np.argmax([now[f"binds_{code}"] for code in range(len(BINDS))]))
        return words.figure_fee_steady(up, list(BINDS)[main])
    moved = {name: top[f"binds_{code}"] - now[f"binds_{code}"] for code, name in enumerate(BINDS)}
    gains = sorted(
        ((value, name) for name, value in moved.items() if value >= SHOWN), reverse=True
    )[:2]
    cap = moved["cap"] if abs(moved["cap"]) >= SHOWN else 0.0
    return words.figure_fee_rises(up, rise, cap, [(name, value) for value, name in gains])


def response_figure(report: FeeCap) -> Block:
    """图3: bill and service against the cap, with the critical cap."""
    if not report.basis.assessed:
        return paragraphs(report.words.figure_response_left_out(report.basis))
    return report.writer.figure(
        report.label("figure", 3),
        critical_title(report),
        lambda: curves.response_curve(report),
        source=report.source,
        note=report.words.figure_response_note(
            curves.scheme_cap(report) is not None,
            report.critical,
            critical_parts(report),
            cs.TARGET_UNMET,
            view_of(report),
        ),
    )


def break_even_figure(report: FeeCap) -> Block:
    """图4: planned sittings of organisations against break-even, under today's fees and the scheme's."""
    if not report.basis.assessed:
        return Block("")
    words, every = report.words, cs.supplier_break_even(report.study)
    shown = every if report.writer.internal else every[every["colleges"] >= SMALL]
    nearest, hidden = shown.head(12), len(every) - len(shown)
    if nearest.empty:
        return paragraphs(words.figure_break_even_left_out(hidden))
    places = province_names(report)
    names = [
        name if report.study.province else f"{name} · {places[code]}"
        for name, code in zip(nearest["name"], nearest["province"], strict=True)
    ]
    return report.writer.figure(
        report.label("figure", 4),
        short_title(words, every),
        lambda: rows.break_even_dots(words, nearest, names),
        source=report.source,
        note=words.figure_break_even_note(len(nearest), hidden),
    )


def short_title(words: Words, every) -> str:
    """How many organisations plan fewer sittings than break-even, under which fees."""
    before, after = (int((every[f"reached_{name}"] < 1).sum()) for name in ("before", "after"))
    return words.figure_break_even_title(len(every), before, after)


def burden_figure(report: FeeCap) -> Block:
    """图5: who bears 100 yuan more, or is relieved by 100 yuan less; a sentence where a bar would mislead."""
    words, parts = report.words, parts_of(report.borne)
    if parts is None:
        return paragraphs(words.figure_burden_left_out(bearing(report.writer, report.borne)))
    return report.writer.figure(
        report.label("figure", 5),
        bearing_title(report.writer, report.borne),
        lambda: curves.burden_bar(report, parts, sum(report.borne.values()) > 0),
        source=report.source,
        note=words.figure_burden_note(min(parts.values()) < 0),
    )


def group_figure(report: FeeCap) -> Block:
    """图6: change of outlay by province, or by tier inside one province."""
    words, internal = report.words, report.writer.internal
    groups = cs.by_group(report.study, report.main, report.group_column, report.spread[report.main])
    groups = groups[((groups["colleges"] >= SMALL) | internal) & (groups["outlay_before"] > 0)]
    if groups.empty:
        return paragraphs(words.figure_group_left_out())
    names = group_names(report, report.group_column, groups["group"])
    before, after = (head["college_outlay"] for head in report.heads[report.main])
    moved = (groups["outlay_after"] / groups["outlay_before"] - 1).to_numpy()
    return report.writer.figure(
        report.label("figure", 6),
        group_title(words, names, moved, report.group_column == "tier"),
        lambda: rows.group_dots(words, groups, names, after / before - 1),
        source=report.source,
        note=words.figure_group_note(
            internal, bool((groups["colleges"] < SMALL).any()), view_of(report)
        ),
    )


def group_title(words: Words, names: list[str], moved: np.ndarray, named: bool = True) -> str:
    """One group by its name; all up, all down, both, or none. `named`: the group that moves most is named (provinces are not ranked)."""
    low, high = float(moved.min()), float(moved.max())
    if max(abs(low), abs(high)) < STEADY:
        return words.figure_group_still(names)
    if len(names) == 1:
        return words.figure_group_one(names[0], low)
    if percent(low) == percent(high):
        return words.figure_group_alike(low)
    for falls, least, most, at in (
        (False, low, high, moved.argmax()),
        (True, -high, -low, moved.argmin()),
    ):
        if least >= -STEADY:
            largest = names[int(at)] if named else ""
            return words.figure_group_one_way(falls, max(least, 0.0), most, largest)
    return words.figure_group_both_ways(low, high)


def province_names(report: FeeCap) -> pd.Series:
    """Province code → its name in the report's language, without the mark of simulated rows."""
    return report.study.tables["provinces"].set_index("province")[f"name_{report.writer.lang}"]


def group_names(report: FeeCap, column: str, codes: Iterable[str]) -> list[str]:
    """Names of groups by tier or province."""
    if column == "tier":
        return [report.writer.word(TIERS, code) for code in codes]
    names = province_names(report)
    return [report.writer.place(names[code]) for code in codes]


def strip_figure(report: FeeCap) -> Block:
    """图7: change of outlay per student over the colleges of each tier, as quantiles."""
    words, changes = report.words, report.changes[report.changes["students"] > 0]
    moved = -changes["cash"] / changes["students"]
    groups = {tier: moved[changes["tier"] == tier] for tier in in_order(changes["tier"])}
    least = 1 if report.writer.internal else SMALL
    groups = {tier: values for tier, values in groups.items() if len(values) >= least}
    if not groups:
        return paragraphs(words.figure_strip_left_out())
    return report.writer.figure(
        report.label("figure", 7),
        words.figure_strip_still()
        if (changes["cash_side"] == "same").all()
        else sides_said(report.writer, changes["cash_side"]),
        lambda: rows.change_strip(
            words,
            [np.quantile(values, (0.1, 0.25, 0.5, 0.75, 0.9)) for values in groups.values()],
            group_names(report, "tier", groups),
        ),
        source=report.source,
        note=words.figure_strip_note(view_of(report)),
    )


def tornado_figure(report: FeeCap) -> Block:
    """图8: which assumptions decide, one at a time."""
    words, measure = report.words, report.moved_measure
    if not measure:
        return paragraphs(words.figure_tornado_left_out(measure))
    frame = cs.tornado(report.study, report.main, measure)
    frame = frame[(frame["p90"] - frame["p10"]).abs() > 0.5].reset_index(drop=True)
    if frame.empty:
        return paragraphs(words.figure_tornado_left_out(measure))
    return report.writer.figure(
        report.label("figure", 8),
        words.figure_tornado_title(measure, frame.iloc[0][report.writer.lang]),
        lambda: rows.tornado_bars(report, frame, measure),
        source=report.source,
        note=words.figure_tornado_note(view_of(report)),
    )
