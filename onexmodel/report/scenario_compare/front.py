"""scenario_compare's front box and the trees behind its key figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...analysis.compare.parts import Parts
from ...analysis.explain.derive import derivation
from ...analysis.explain.node import Node
from ..annex.notes import Note, headline_tree
from ..front.opening import meta_line
from ..front.state import beyond_said, data_state
from ..page.blocks import Block, Summary
from ..page.numbers import signed, with_unit
from . import closing, tables

if TYPE_CHECKING:
    from .report import ScenarioCompare


@dataclass(frozen=True)
class Key:
    """A key figure: its name, its value as written, its unit, what stands beside it, and what it is of (column, measure; -1: of the
    difference of the pair)."""

    name: str
    value: str
    unit: str
    said: str
    at: int = -1
    measure: str = ""


def front(report: ScenarioCompare) -> Block:
    """Conclusion first; key figures; what is recommended; who gains and loses, risks, state of the data."""
    words, labels, a = report.words, report.writer.words("front").advice, report.advice
    also = [*beyond_said(report.study, report.writer), *tables.open_said(report)]
    advice = [(labels["do"], words.advice_do(a)), (labels["unless"], words.advice_unless(a))]
    if report.judged:
        advice.append((labels["each"], words.advice_each(a)))
    boxes = words.front_boxes
    shares = [] if report.alone else report.sides("none", "cash")
    return report.writer.front(
        Summary(
            words.kicker,
            words.title(closing.extremes(report), len(report.known) or len(report.columns)),
            meta_line(report.study, report.writer),
            words.lead(closing.sides(report, report.measure), closing.parted(report)),
            also,
            [
                (key.name, key.value, key.unit, key.said, i)
                for i, key in enumerate(keys(report), start=1)
            ],
            [
                (boxes["who"], words.who(shares, report.alone)),
                (boxes["risk"], words.risk(report.judged, report.funds)),
                (boxes["data"], data_state(report.study, report.writer)),
            ],
            words.summary,
            advice,
        )
    )


def keys(report: ScenarioCompare) -> list[Key]:
    """Of two their outlay and their difference; of one its outlay, bill and fee."""
    pair, words = report.pair or tables.Pair(0), report.words
    names = ("college_outlay", "fee_bill", "mean_approved_fee")
    asked = (
        [(pair.first, names[0]), (pair.second, names[0])]
        if pair.two
        else [(pair.first, name) for name in names]
    )
    made = []
    for at, name in asked:
        one = report.moved(name)[at]
        value = report.writer.moved(one.write(one.before), tables.after_said(report, one))
        said = words.key_change(one)
        made.append(
            Key(words.key(name, report.titles[at]), value, report.unit(name), said, at, name)
        )
    apart = report.difference
    if pair.two and apart:
        said = words.key_apart(report.writer.span(apart.reach, apart.write, apart.by))
        value, unit = signed(apart.write(apart.by)), report.unit(apart.name)
        made.append(Key(words.key_difference(apart.name), value, unit, said))
    return made


def noted(report: ScenarioCompare) -> list[Note]:
    """The key figures, each with the trees of what it is made of."""
    made, derived, lang = [], {}, report.writer.lang
    for i, key in enumerate(keys(report), start=1):
        if key.at >= 0 and key.at not in derived:
            derived[key.at] = derivation(report.columns[key.at].study, "none", stored=True)
        tree = (
            headline_tree(derived[key.at], key.measure, report.words.nodes, lang)
            if key.at >= 0
            else _difference(report, report.parts)
        )
        made.append(Note(i, key.name, with_unit(key.value, key.unit), (tree,)))
    return made


def _difference(report: ScenarioCompare, found: Parts | None) -> Node:
    """The difference of the pair, a line a change."""
    name, says = report.lead_measure, report.words.nodes["difference"]
    named = zip(tables.move_names(report), found.of[name] if found else [], strict=True)
    children = tuple(Node(name, title, "", value, says["unit"], "sum") for title, value in named)
    total = float(found.total[name]) if found else 0.0
    return Node(
        name, says["title"], "", total, says["unit"], "rule", says["formula"], children=children
    )
