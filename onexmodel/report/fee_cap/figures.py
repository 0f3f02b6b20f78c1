"""fee_cap's figures with the findings that are their titles, computed from the run: rise, fall, no change, one group, none."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...analysis.caps import study as cs
from ...analysis.disclosure import in_order
from ...analysis.draws.swings import visible
from ...analysis.scheme import ALL
from ...analysis.statistics.precision import HALF_FEN
from ..front.opening import place_names
from ..page.blocks import Block, paragraphs
from ..page.numbers import percent
from ..page.sentences import Words
from ..page.words import BINDS, TIERS
from ..page.writer import SMALL
from . import curves, rows
from .areas import (
    bearing_title,
    borne_by,
    critical_parts,
    critical_title,
    parts_of,
    percents,
    sides_said,
    unjudged,
    view_of,
)

if TYPE_CHECKING:
    from .report import FeeCap

STEADY = 0.0005  # a relative change smaller than this prints as 0.0 %
SHOWN = 0.005  # a share of sittings smaller than this prints as 0 %
MANY = 100  # organisations: told by classes, not by name
CLASSES = (0.0, 0.25, 0.5, 0.75)  # margins of safety
ORGANISATIONS = 8  # shown, of those nearest to break-even


def fee_figure(report: FeeCap) -> Block:
    """Cap → approved fee; the title says what the scheme does, or which limits gain as the cap rises."""
    if report.lacks:
        return Block("")
    open_ = report.words.figure_fee_unjudged if report.unjudged > ALL else ""
    return report.numbered_figure(
        "fee",
        open_ or scheme_title(report) or fee_title(report.words, report.fee_sweep),
        lambda: curves.fee_curve(report),
        note=report.words.figure_fee_note(view_of(report, "none")),
    )


def scheme_title(report: FeeCap) -> str:
    """What a scheme that changes caps alone does to the mean fee and to the sittings the cap decides; "" of others."""
    fee = report.changed("mean_approved_fee")
    if report.touched.areas != ("caps",) or not curves.scheme_cap(report) or not fee.before:
        return ""
    caps = list(BINDS).index("cap")  # as the table of what decides prints them
    before, after = (percents(list(one.values()))[caps] for one in report.binds)
    rise = fee.after / fee.before - 1
    return report.words.figure_fee_scheme(report.caps[1] - 1, rise, before, after)


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
    """Bill and service against the cap, with the critical cap."""
    if report.lacks:
        return paragraphs(report.words.alone_service(report.lacks))
    if not report.basis.assessed:
        return paragraphs(unjudged(report))
    words, cap = report.words, curves.scheme_cap(report)
    before, after = (head["fee_bill"] for head in report.heads["supply"])
    title = words.response_title(
        critical_title(report), report.title if cap else "", after / before - 1 if before else 0.0
    )
    return report.numbered_figure(
        "response",
        title,
        lambda: curves.response_curve(report),
        note=words.figure_response_note(
            cap is not None,
            report.critical,
            critical_parts(report),
            cs.TARGET_UNMET,
            view_of(report),
        ),
    )


def _organisations(report: FeeCap) -> tuple[pd.DataFrame, int]:
    """The organisations that may be shown, those nearest to or short of break-even first, and how many may not."""
    every = report.organisations
    shown = every[report.writer.may_show(every["colleges"])]
    return shown.head(ORGANISATIONS), len(every) - len(shown)


def has_organisations(report: FeeCap) -> bool:
    """Is there an organisation to show?"""
    return not _organisations(report)[0].empty


def safety_figure(report: FeeCap) -> Block:
    """How far planned sittings lie above break-even, under today's fees and the scheme's."""
    if not report.basis.assessed:
        return Block("")
    words, (nearest, hidden) = report.words, _organisations(report)
    if nearest.empty:
        return paragraphs(words.figure_safety_left_out(hidden))
    every = len(report.organisations) > MANY
    some = report.organisations if every else nearest
    margins = [safety(some[f"reached_{name}"].to_numpy()) for name in ("before", "after")]
    return report.numbered_figure(
        "safety",
        short_title(words, report.organisations),
        (lambda: rows.safety_classes(words, [classes(one) for one in margins]))
        if every
        else (lambda: rows.safety_bars(words, margins, list(nearest["name"]))),
        note=words.figure_safety_note(
            0 if every else len(nearest),
            0 if every else hidden,
            not every and any((one < -1).any() for one in margins),
        ),
    )


def classes(margins: np.ndarray) -> list[int]:
    """How many organisations have no break-even, miss it, and lie within each step of CLASSES above it."""
    known = margins[~np.isnan(margins)]
    counts = np.histogram(known, (-np.inf, *CLASSES, np.inf))[0].tolist()
    return [len(margins) - len(known), *counts]


def safety(reached: np.ndarray) -> np.ndarray:
    """Margin of safety as a share of planned sittings, of planned over break-even sittings; NaN where there is no break-even."""
    return np.where(reached > 0, 1 - 1 / np.where(reached > 0, reached, 1.0), np.nan)


def short_title(words: Words, every) -> str:
    """How many organisations plan fewer sittings than break-even, under which fees."""
    before, after = (int((every[f"reached_{name}"] < 1).sum()) for name in ("before", "after"))
    return words.figure_safety_title(len(every), before, after)


def has_burden(report: FeeCap) -> bool:
    """Is there a change that can be told per 100 yuan, and money before it?"""
    return parts_of(report.borne) is not None and parts_of(report.burden[0]) is not None


def burden_figure(report: FeeCap) -> Block:
    """Who bears 100 yuan today, and 100 yuan more or less; a sentence where that would mislead."""
    words = report.words
    if not report.shows("figure", "burden"):
        return paragraphs(words.figure_burden_left_out(borne_by(report)))
    parts, now = (parts_of(one) or {} for one in (report.borne, report.burden[0]))
    more = sum(report.borne.values()) > 0
    return report.numbered_figure(
        "burden",
        bearing_title(report.writer, report.borne),
        lambda: rows.burden_bars(report, now, parts, more),
        note=words.figure_burden_note(),
    )


def _groups(report: FeeCap) -> pd.DataFrame:
    """Groups of colleges that may be shown, with what they spend more."""
    groups = cs.by_group(report.study, report.main, report.groups, report.spread[report.main])
    shown = report.writer.may_show(groups["colleges"])
    return groups[shown & (groups["outlay_before"] > 0)]


def has_groups(report: FeeCap) -> bool:
    """Are there two groups to set side by side?"""
    return len(_groups(report)) > 1


def group_figure(report: FeeCap) -> Block:
    """Change of outlay by province, or by tier and ownership inside one province."""
    words, internal = report.words, report.writer.internal
    if not report.shows("figure", "groups"):
        return Block("") if report.writer.alone else paragraphs(words.figure_group_left_out())
    groups, provinces = _groups(report), report.by_province
    names = (
        group_names(report, "province", groups["group"])
        if provinces
        else [words.group_kind(*label.split("+")) for label in groups["group"]]
    )
    before, after = (head["college_outlay"] for head in report.heads[report.main])
    moved = (groups["outlay_after"] / groups["outlay_before"] - 1).to_numpy()
    return report.numbered_figure(
        "groups",
        group_title(words, names, moved, not provinces),
        lambda: rows.group_dots(words, groups, names, after / before - 1),
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


def group_names(report: FeeCap, column: str, codes: Iterable[str]) -> list[str]:
    """Names of groups by tier or province."""
    if column == "tier":
        return [report.writer.word(TIERS, code) for code in codes]
    return place_names(report.study, report.writer, codes)


def _strip(report: FeeCap) -> dict[str, np.ndarray]:
    """tier → change of outlay per student of its colleges, yuan, sorted; tiers under five colleges in internal reports only."""
    changes = report.changes[report.changes["students"] > 0]
    moved = -changes["cash"] / changes["students"]
    return {
        tier: np.sort(values.to_numpy(float))
        for tier in in_order(changes["tier"])
        if len(values := moved[changes["tier"] == tier]) >= report.least
    }


def has_strip(report: FeeCap) -> bool:
    """Are there colleges to show?"""
    return bool(_strip(report))


def strip_title(words: Words, moved: np.ndarray) -> str:
    """How many colleges' outlay moves by less than a round sum a student that two in three or more stay under. moved: yuan a student."""
    size = np.abs(moved)
    most = max(float(np.quantile(size, 2 / 3)), 0.1)
    tens = 10.0 ** np.floor(np.log10(most))
    limit = next(step * tens for step in (1, 2, 5, 10, 20) if step * tens > most)
    way = "up" if (moved > -HALF_FEN).all() else "down" if (moved < HALF_FEN).all() else "mixed"
    return words.figure_strip_most(100 * float((size < limit).mean()), way, limit)


def strip_figure(report: FeeCap) -> Block:
    """Winners and losers: the colleges of each tier by the change of their outlay per student."""
    words, each = report.words, report.least
    if not report.shows("figure", "strip"):
        return Block("") if report.writer.alone else paragraphs(words.figure_strip_left_out())
    strips, sides = _strip(report), report.changes["cash_side"]
    still = bool((sides == "same").all())
    return report.numbered_figure(
        "strip",
        words.figure_strip_still()
        if still
        else strip_title(words, np.concatenate([*strips.values()])),
        lambda: rows.change_strip(words, strips, group_names(report, "tier", strips), each),
        note=words.figure_strip_note(each, sides_said(report.writer, sides), view_of(report)),
    )


def swings(report: FeeCap) -> pd.DataFrame:
    """Assumptions one at a time, the largest swing first; empty where nothing moves."""
    if not report.moved_measure:
        return pd.DataFrame()
    return visible(cs.tornado(report.study, "none", report.moved_measure))


def has_tornado(report: FeeCap) -> bool:
    """Is there more than one assumption that moves what the scheme moves?"""
    return len(report.swings) > 1


def tornado_figure(report: FeeCap) -> Block:
    """Which assumptions decide, one at a time."""
    words, measure, frame = report.words, report.moved_measure, report.swings
    if frame.empty:
        return paragraphs(words.figure_tornado_left_out(measure, ""))
    first, central = frame.iloc[0], float(frame["base"].iloc[0])
    reach = sorted(first[["p10", "p90"]])
    title = words.figure_tornado_title(measure, first[report.writer.lang], reach, central)
    if not report.shows("figure", "tornado"):
        return paragraphs(words.figure_tornado_left_out(measure, title))
    return report.numbered_figure(
        "tornado",
        title,
        lambda: rows.swing_dots(report, frame, measure),
        note=words.figure_tornado_note(view_of(report, "none")),
    )
