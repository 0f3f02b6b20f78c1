"""The one-page summary of province_comparison: the focus's fee level with its interval, the nation beside it, and what is not there left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...analysis.explain.derive import derivation
from ...analysis.explain.node import Node
from ...analysis.explain.place import place_tree
from ...analysis.provinces import study as pc
from ..annex.notes import Note
from ..front.opening import meta_line
from ..front.state import beyond_said, data_state
from ..page.blocks import Block
from ..page.numbers import number, percent, points, wan
from ..page.words import LEVELS
from ..page.writer import SMALL
from . import numbers

if TYPE_CHECKING:
    from .report import ProvinceComparison


def front(report: ProvinceComparison) -> Block:
    """Summary page."""
    words, lead = report.words, numbers.lead(report)
    few = int(report.table["small"].sum())
    also = [
        *beyond_said(report.study, report.writer),
        words.ranking(report.unranked),
        words.too_small(few) if few else "",
        words.over_assumptions(lead.place, report.drawn_level, lead.level),
        words.real_fees(),
    ]
    beside = {
        "how": words.how_compared(),
        "limits": words.limits(),
        "data": data_state(report.study, report.writer),
    }
    return report.writer.front(
        words.front["kicker"],
        words.title(lead),
        meta_line(report.study, report.writer),
        words.lead(lead),
        [text for text in also if text],
        report.keys(),
        [(words.side[name], text) for name, text in beside.items()],
        words.front["label"],
    )


def key_figures(report: ProvinceComparison) -> list[tuple]:
    """(key figure, its tree): name with the place it is about, value, unit, what stands beside it. What there is not is left out."""
    words, lead, table = report.words, numbers.lead(report), report.table
    derived, lang = derivation(report.study, "none", stored=True), report.writer.lang
    bill, cash, served = (
        place_tree(derived, "scenario", name, lang)
        for name in ("fee_bill", "college_cash_cost", "served")
    )
    here = table.loc[table["province"] == report.focus, "each"]
    own = f"{report.place} {number(here.iloc[0])}" if report.at >= 0 and len(here) else ""
    found = [
        ("each", number(report.nation), own, _each_tree(report, (bill, cash, served))),
        ("bill", wan(report.colleges["fee_bill"].sum()), "", bill),
    ]
    if lead.split:
        found.append(("within", points(report.within), "", theil_tree(report)))
    if table["small"].any():
        found.append(("small", number(table["small"].sum()), "", _small_tree(report)))
    made = [
        (
            (words.key_name(key, key != "small" and len(table) > 1), value, words.units[key], by),
            tree,
        )
        for key, value, by, tree in found
    ]
    if lead.case == "focus":
        reach = report.writer.span(lead.reach, percent, lead.level, named=True).strip()
        level = (words.level_key(report.place), percent(lead.level), "%", reach)
        made.insert(0, (level, level_tree(report)))
    return made


def noted(report: ProvinceComparison) -> list[Note]:
    """Trees of the key figures."""
    return [
        Note(i, name, f"{value} {unit}", (tree,))
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
