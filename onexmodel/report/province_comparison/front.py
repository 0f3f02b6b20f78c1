"""The one-page summary of province_comparison: the focus's fee level with its interval, the nation beside it, and what is not there left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...analysis.explain.derive import derivation
from ...analysis.explain.node import Node
from ...analysis.explain.place import place_tree
from ...analysis.provinces import study as pc
from ..annex.notes import Note
from ..front.opening import certificate_names, meta_line
from ..front.state import beyond_said, data_state, unanswered
from ..page.blocks import Block, Summary
from ..page.numbers import number, percent, points, with_unit
from ..page.words import LEVELS
from ..page.writer import SMALL
from . import decision, numbers

if TYPE_CHECKING:
    from .report import ProvinceComparison


SHOWN = 3  # key figures of a first page
PRINTED = 5000.0  # yuan: a smaller sum would be printed as CNY 0.00 million, and stands in yuan


def front(report: ProvinceComparison) -> Block:
    """Summary page."""
    words, lead = report.words, report.lead
    few, published = int(report.table["small"].sum()), report.called("table", "published")
    also = [
        *unanswered(report.study, report.writer),
        *beyond_said(report.study, report.writer),
        words.too_small(few) if few and lead.case == "focus" else "",
        words.real_fees(report.really_comparable, published, report.writer.simulated),
    ]
    beside = {
        "bears": words.bears(decision.bearing(report)),
        "limits": words.limits(numbers.standing(report)),
        "data": data_state(report.study, report.writer),
    }
    return report.writer.front(
        Summary(
            words.front["kicker"],
            words.title(lead),
            meta_line(report.study, report.writer),
            words.lead(lead),
            [text for text in also if text],
            report.keys(),
            [(words.side[name], text) for name, text in beside.items()],
            words.front["label"],
            decision.advised(report),
        )
    )


def key_figures(report: ProvinceComparison) -> list[tuple]:
    """(key figure, its tree), three at most: name with the place it is about, value, unit, what stands beside it."""
    words, lead, table = report.words, report.lead, report.table
    derived, lang = derivation(report.study, "none", stored=True), report.writer.lang
    bill, cash, served = (
        place_tree(derived, "scenario", name, lang)
        for name in ("fee_bill", "college_cash_cost", "served")
    )
    nation = len(table) > 1
    here = table.loc[table["province"] == report.focus, "each"]
    own = words.own_each(report.place, here.iloc[0]) if report.at >= 0 and len(here) else ""

    def named(key: str, value: str, by: str = "") -> tuple:
        unit = report.writer.money_unit if key == "bill" else words.units[key]
        return words.key_name(key, nation and key != "small"), value, unit, by

    each = (named("each", number(report.nation), own), _each_tree(report, (bill, cash, served)))
    if lead.case == "focus":
        return [_level_key(report), _stake_key(report), each]
    found = [each, (named("bill", report.writer.money(report.colleges["fee_bill"].sum())), bill)]
    if table["small"].any():
        found.append((named("small", number(table["small"].sum())), _small_tree(report)))
    if lead.split:
        found.append((named("within", points(report.within)), theil_tree(report)))
    return found[:SHOWN]


def _level_key(report: ProvinceComparison) -> tuple:
    """The focus's level with its interval."""
    words, lead = report.words, report.lead
    beside = words.level_reach(lead)
    key = (words.level_key(report.place), percent(lead.level), words.units["level"], beside)
    return key, level_tree(report)


def _stake_key(report: ProvinceComparison) -> tuple:
    """What the difference of fees is a year."""
    words, writer, found = report.words, report.writer, report.stakes
    name = words.stake_key(report.place, found.total >= 0)
    total = abs(found.total)
    value, unit = (
        (writer.money(total), writer.money_unit)
        if total >= PRINTED
        else (number(total), words.units["each"])
    )
    key = (name, value, unit, words.stake_beside())
    return key, _stake_tree(report)


def noted(report: ProvinceComparison) -> list[Note]:
    """Trees of the key figures."""
    return [
        Note(i, name, with_unit(value, unit), (tree,))
        for i, ((name, value, unit, _), tree) in enumerate(report.key_figures, start=1)
    ]


def _rule(report: ProvinceComparison, key: str, value: float, unit: str, **more) -> Node:
    """A node whose title and formula stand in words.nodes."""
    return Node(
        value=value, unit=unit, kind="rule", **{"where": "", **report.words.nodes[key], **more}
    )


def _each_tree(report: ProvinceComparison, children: tuple[Node, ...]) -> Node:
    """Outlay a candidate of all colleges."""
    unit = report.words.units["each"]
    return _rule(
        report, "each", report.nation, unit, name="outlay_per_candidate", children=children
    )


def _small_tree(report: ProvinceComparison) -> Node:
    """Provinces whose sample is small."""
    rule = report.words.small_rule(
        report.view["compare.min_colleges"], report.view["compare.min_candidates"]
    )
    few = float(report.table["small"].sum())
    return _rule(report, "small", few, report.words.units["small"], name="small", formula=rule)


def _stake_tree(report: ProvinceComparison) -> Node:
    """The money of the difference and the certificates that make most of it, yuan."""
    words, found = report.words, report.stakes
    unit = words.units["each"]
    names = certificate_names(report.study, report.writer, found.first["certificate"])
    children = tuple(
        Node(
            "money",
            name,
            words.nodes["money"]["where"],
            abs(row.money),
            unit,
            "rest",
            note=words.price_note(row.here, row.mean, row.heads),
        )
        for name, row in zip(names, found.first.itertuples(), strict=True)
    )
    return _rule(report, "stake", abs(found.total), unit, name="stake", children=children)


def theil_tree(report: ProvinceComparison) -> Node:
    """The within-province share and its parts."""
    children = tuple(
        Node(name, title, "", report.spread[name], "", "rest")
        for name, title in report.words.theil_nodes.items()
    )
    return _rule(report, "theil", 100 * report.within, "%", name="theil", children=children)


def level_tree(report: ProvinceComparison) -> Node:
    """The focus's level: the fees of its largest products beside what the basket's level says they cost at the mean."""
    words, fees, row = report.words, report.fees, report.at
    mean = pc.fee_levels(fees, report.view)[1].product
    prices, candidates = fees.prices[row], fees.candidates[row]
    at_work = np.flatnonzero(np.isfinite(prices) & (candidates > 0))
    few = report.table.set_index("province").loc[report.focus, "colleges"] < SMALL
    children = tuple(
        Node(
            "price",
            f"{fees.products[j][0]} {report.writer.word(LEVELS, fees.products[j][1])}",
            words.nodes["price"]["where"],
            float(prices[j] / mean[j]),
            "",
            "rest",
            note=words.price_note(prices[j], mean[j], candidates[j]),
            private=bool(few),
        )
        for j in at_work[np.argsort(-candidates[at_work], kind="stable")][:5]
    )
    level = float(report.levels["level"].iloc[row])
    return _rule(report, "level", level, "", name="level", where=report.focus, children=children)
