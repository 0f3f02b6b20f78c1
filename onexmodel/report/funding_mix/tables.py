"""Tables of funding_mix, each a header and its rows; parts add to totals in print."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...analysis.disclosure import tellable, tellable_groups
from ...analysis.headline import total
from ...engine.pots import AFFORDED
from ...rules.funding import USES as USE_KEYS
from ..front.opening import place_names
from ..front.sums import Sum
from ..page.blocks import ranged, unbroken
from ..page.numbers import number
from ..page.rounding import add_up
from ..page.words import USES
from .numbers import parts_of

if TYPE_CHECKING:
    from .report import FundingMix

Table = tuple[list[str], Sequence[Sequence[object]]]  # header, rows
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
    header = [words.flows_columns[name] if name not in USES else writer.word(USES, name) for name in ("source", *shown)]  # fmt: skip
    rows = [
        [unbroken(words.line(name))] + [cell(name, column) for column in shown]
        for name in frame.index
    ]
    return header, rows


def heat_frame(report: FundingMix) -> pd.DataFrame:
    """Lines and gap × uses that need anything: the share of the use's need in whole %, each use adding to 100; nan where the line may not pay
    the use."""
    needs = report.of_place("needs").sum(-1)
    paid = np.vstack([report.line_sum(report.flows).sum(-1), report.gaps])
    may = np.vstack([report.line_sum(report.allowed), np.ones(len(USE_KEYS))]) > 0
    made = {
        use: np.where(may[:, at], parts_of(paid[:, at], float(paid[:, at].sum())), np.nan)
        for at, use in enumerate(USE_KEYS)
        if needs[at] > report.seen
    }
    return pd.DataFrame(made, index=[*report.names, "gap"])


def group_names(report: FundingMix, by: str) -> dict[str, str]:
    """Label of a group → what it is called."""
    study, writer = report.study, report.writer
    if by == "tier":
        return {label: report.words.tiers(label) for label in report.groups(by)}
    return {
        label: "＋".join(place_names(study, writer, label.split("+")))
        for label in report.groups(by)
    }


def mix_frame(report: FundingMix) -> pd.DataFrame:
    """Groups and all × colleges, need (yuan), lines and gap (whole % of the need, adding to 100)."""
    gap, paid = report.of_place("funding_gap"), report.line_sum(report.flows).sum(1)
    need = report.of_place("needs").sum(0)
    groups = report.groups(report.by) | {"all": np.ones(len(need), bool)}
    rows = {}
    for label, inside in groups.items():
        parts = np.array([*paid[:, inside].sum(-1), gap[inside].sum()])
        rows[label] = [inside.sum(), need[inside].sum(), *parts_of(parts, float(parts.sum()))]
    return pd.DataFrame.from_dict(
        rows, orient="index", columns=["colleges", "need", *report.names, "gap"]
    )


def mix(report: FundingMix) -> Table:
    """Who pays how much of the need, in each province or tier."""
    words, writer, frame = report.words, report.writer, mix_frame(report)
    named = group_names(report, report.by) | {"all": words.total}
    decimals = writer.money.decimals
    need = add_up(
        writer.money.inside(frame[["need"]]), {"all": frame.index[:-1].tolist()}, decimals=decimals
    )["need"]
    rows = [
        [unbroken(named[label]), number(row["colleges"]), number(need[label], decimals), *map(number, row.iloc[2:])]
        for label, row in frame.iterrows()
    ]  # fmt: skip
    head = [words.mix_columns[name] for name in (report.by, "colleges", "need")]
    return [*head, *(words.share_of(name) for name in [*report.names, "gap"])], _once(rows)


def where(report: FundingMix) -> Table:
    """Gap in both orders, and idle money, by tier; how many colleges have a gap."""
    words, writer = report.words, report.writer
    groups = report.groups("tier") | {"all": np.ones(len(report.keys_of), bool)}
    short = report.of_place("funding_gap") > AFFORDED
    values = {name: report.of_place("funding_gap" if name == "gap" else name) for name in WHERE[1:]}
    values["need"] = report.of_place("needs").sum(0)
    values["order_loss"] = values["waterfall_gap"] - values["gap"]
    frame = pd.DataFrame(
        {name: [float(total(values[name], rows)) for rows in groups.values()] for name in WHERE},
        index=list(groups),
    )
    money = add_up(
        writer.money.inside(frame),
        {"all": frame.index[:-1].tolist()},
        {"waterfall_gap": {"gap": 1, "order_loss": 1}},
        writer.money.decimals,
        firm=("waterfall_gap", "gap"),
    )
    named = group_names(report, "tier") | {"all": words.total}
    counts = {
        label: (int((inside & short).sum()), int(inside.sum())) for label, inside in groups.items()
    }
    some, every = np.array([*counts.values()]).T
    told = [*tellable_groups(some[:-1], every[:-1]), tellable(some[-1], every[-1])]
    rows = [
        [
            named[label],
            number(inside),
            writer.if_told(number(lacking), one),
            *(number(value, writer.money.decimals) for value in money.loc[label]),
        ]
        for (label, (lacking, inside)), one in zip(counts.items(), told, strict=True)
    ]
    header = [words.where_columns[name] for name in ("tier", "colleges", "short", *WHERE)]
    return header, _once(rows)


def _once(rows: list) -> list:
    """One group is the total: it is not printed twice."""
    return rows if len(rows) > 2 else rows[-1:]


def parts(report: FundingMix) -> Table:
    """From the gap in the order colleges filed to the money that is really missing."""
    words, way, money = report.words, report.way, report.writer.money
    sums: dict[str, Sum] = {
        "filed": way.waterfall_gap,
        "order": way.loss,
        "gap": way.gap,
        **({} if report.alone else {"between": way.between}),
        "scope": way.scope,
        "missing": way.missing,
    }
    rows = [
        [words.parts_rows[name], money(one.value), words.reach(one)] for name, one in sums.items()
    ]
    return words.parts_columns, rows


def margins(report: FundingMix) -> Table:
    """What one more yuan of each source closes, and how much of it could close anything."""
    words, money = report.words, report.writer.money
    names = ["limit", "idle", "even", *([] if report.alone else ["aimed"]), "most"]
    rows = []
    for one in report.margins:
        cells = {
            "limit": money(one.limit),
            "idle": money(one.idle),
            "even": ranged(one.write(one.even), words.each(one)),
            "aimed": one.write(one.aimed),
            "most": money(one.most),
        }
        rows.append([words.line(one.line), *(cells[name] for name in names)])
    return [words.margins_columns[name] for name in ("source", *names)], rows
