"""Tables of funding_mix, each a header and its rows; parts add to totals in print."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...analysis.disclosure import tellable_with_sum
from ...engine.pots import AFFORDED
from ...rules.funding import USES as USE_KEYS
from ..front.opening import place_names
from ..money import Table, one_once, sums_by, sums_of
from ..page.blocks import ranged, unbroken
from ..page.numbers import number
from ..page.words import USES
from .numbers import parts_of

if TYPE_CHECKING:
    from .report import FundingMix

WHERE = ("need", "waterfall_gap", "order_loss", "gap", "idle")
COLUMNS = {
    "flows": ("needs", "flows", "funding_gap", "idle"),
    "mix": ("needs", "flows", "funding_gap"),
    "where": ("needs", "waterfall_gap", "order_loss", "funding_gap", "idle"),
    "parts": ("waterfall_gap", "order_loss", "funding_gap"),
    "margins": ("funding_gap", "idle", "pot_awards"),
}  # table → the quantities its notes explain


def flows(report: FundingMix) -> Table:
    """Sources and, below, what is paid, missing and needed, by use."""
    words, writer, frame = report.words, report.writer, report.printed_flows
    ranges = {"paid": "used", "gap": "gap", "need": "need"}

    def cell(row: str, column: str) -> object:
        if row in ("gap", "need") and column in ("idle", "limit"):
            return ""
        text = number(frame.at[row, column], writer.money.decimals)
        if row in ranges and column == "used":
            return ranged(text, words.reach(report.sum(ranges[row])))
        return text

    shown = [*report.uses, "used", "idle", "limit"]
    uses = {use: writer.word(USES, use) for use in report.uses}
    header = [(words.flows_columns | uses)[name] for name in ("source", *shown)]
    rows = [
        [unbroken(words.line(name))] + [cell(name, column) for column in shown]
        for name in frame.index
    ]
    return header, rows


def heat_frame(report: FundingMix) -> pd.DataFrame:
    """Lines and gap × uses that need anything: the share of the use's need in whole %, each use adding to 100; nan where the line may not pay
    the use."""
    paid = np.vstack([report.paid.sum(-1), report.gaps])
    may = np.vstack([report.line_sum(report.allowed), np.ones(len(USE_KEYS))]) > 0
    made = {
        use: np.where(may[:, at], parts_of(paid[:, at]), np.nan)
        for at, use in enumerate(USE_KEYS)
        if report.needs[use] > report.seen
    }
    return pd.DataFrame(made, index=[*report.lines, "gap"])


def group_name(report: FundingMix, by: str, label: str) -> str:
    """What a group, or all, is called."""
    if by == "tier" or label == "all":
        return report.words.tiers(label)
    return "＋".join(place_names(report.study, report.writer, label.split("+")))


def mix(report: FundingMix) -> Table:
    """Who pays how much of the need, in each province or tier."""
    words, money, frame = report.words, report.writer.money, report.mixed
    need = sums_of(frame[["need"]], money)["need"]
    rows = [
        [
            unbroken(group_name(report, report.by, label)),
            number(row["colleges"]),
            number(need[label], money.decimals),
            *map(number, row.iloc[2:]),
        ]
        for label, row in frame.iterrows()
    ]
    head = [words.mix_columns[name] for name in (report.by, "colleges", "need")]
    return [*head, *(words.share_of(name) for name in [*report.lines, "gap"])], one_once(rows)


def where(report: FundingMix) -> Table:
    """Gap in both orders, and idle money, by tier; how many colleges have a gap."""
    words, writer, groups = report.words, report.writer, report.groups(whole=True)
    values = {name: report.of_place(name) for name in ("waterfall_gap", "funding_gap", "idle")}
    own, gap = values["waterfall_gap"], values.pop("funding_gap")
    values |= {"need": report.of_place("needs").sum(0), "order_loss": own - gap, "gap": gap}
    money = sums_of(
        sums_by(groups, values)[[*WHERE]],
        writer.money,
        {"waterfall_gap": {"gap": 1, "order_loss": 1}},
        firm=("waterfall_gap", "gap"),
    )
    short = gap > AFFORDED
    counts = {
        label: (int((inside & short).sum()), int(inside.sum())) for label, inside in groups.items()
    }
    some, every = np.array([*counts.values()]).T
    told = tellable_with_sum(some, every)
    rows = [
        [
            words.tiers(label),
            number(inside),
            writer.if_told(number(lacking), one),
            *(number(value, writer.money.decimals) for value in money.loc[label]),
        ]
        for (label, (lacking, inside)), one in zip(counts.items(), told, strict=True)
    ]
    header = [words.where_columns[name] for name in ("tier", "colleges", "short", *WHERE)]
    return header, one_once(rows)


def parts(report: FundingMix) -> Table:
    """From the gap in the order colleges filed to the money that is really missing."""
    words, way, money = report.words, report.way, report.writer.money
    sums = {
        "filed": way.waterfall_gap,
        "order": way.loss,
        "gap": way.gap,
        "between": way.between,
        "scope": way.scope,
        "missing": way.missing,
    }
    rows = [
        [words.parts_rows[name], money(one.value), words.reach(one)]
        for name, one in sums.items()
        if not (name == "between" and report.alone)
    ]
    return words.parts_columns, rows


def margins(report: FundingMix) -> Table:
    """What one more yuan of each source closes, and how much of it could close anything."""
    words, money = report.words, report.writer.money
    cells = {
        "source": lambda one: words.line(one.line),
        "limit": lambda one: money(one.limit),
        "idle": lambda one: money(one.idle),
        "even": lambda one: ranged(one.write(one.even), words.each(one)),
        "aimed": lambda one: one.write(one.aimed),
        "most": lambda one: money(one.most),
    }
    if report.alone:
        del cells["aimed"]
    rows = [[cell(one) for cell in cells.values()] for one in report.margins]
    return [words.margins_columns[name] for name in cells], rows
