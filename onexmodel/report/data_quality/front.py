"""The one-page summary of data_quality, the notes of its key figures, and what is done first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...analysis.explain.derive import derivation
from ...analysis.explain.node import Node
from ...analysis.explain.place import place_tree
from ..annex.notes import Note
from ..front.decision import decision_sheet
from ..front.opening import meta_line
from ..front.state import beyond_said, data_state, unanswered
from ..page.blocks import Block, Summary
from ..page.numbers import number, with_unit
from . import numbers, tables

if TYPE_CHECKING:
    from .report import DataQuality


def said(report: DataQuality) -> dict[str, Any]:
    """What the first sentences say. `top`: what to mend first and the reports it would complete ("" and [] for nothing); `check`: what `check`
    is given and calls its copy."""
    sums = report.cells[["asked", "given", "taken", "blank"]].sum()
    top, doubtful = next(iter(report.items), None), report.doubtful
    data = str(report.parameters["data_name"]).split("/")[-1]
    return {
        "asked": int(sums["asked"]),
        "filled": tables.filled(sums["given"], sums["asked"]),
        "short": int(sums["taken"] + sums["blank"]),
        "taken": int(sums["taken"]),
        "blank": int(sums["blank"]),
        **report.states,
        "doubts": report.doubted,
        "money": doubtful.money if report.writer.may_show(doubtful.least) else 0.0,
        "top": tables.item_name(report, top) if top else "",
        "top_money": top.resting.money if top and report.writer.may_show(top.resting.least) else 0.0,
        "count": report.item_told(top) if top else "",
        "makes": tables.report_titles(report, top.makes) if top else [],
        "completes": tables.report_titles(report, top.completes) if top else [],
        "next": [tables.item_name(report, one) for one in report.items[1:3]],
        "stopped": sum(any(gap.need.get("stops") for gap in own) for own in report.lacking.values()),
        "reports": len(report.lacking),
        "lacking": sum(bool(own) for own in report.lacking.values()),
        "check": data,
        "book": data.rsplit(".", 1)[0] if data.endswith(".xlsx") else data,
    }  # fmt: skip


def front(report: DataQuality) -> Block:
    """Summary page."""
    words, writer, found = report.words, report.writer, said(report)
    also = [*unanswered(report.study, writer), *beyond_said(report.study, writer)]
    labels = writer.words("front").advice
    return writer.front(
        Summary(
            words.front["kicker"],
            words.title(found),
            meta_line(report.study, writer),
            words.lead(found),
            [*also, words.stands(found)],
            [(*key, i) for i, (key, _) in enumerate(_keys(report), start=1)],
            [
                (words.side["limits"], words.limits(found)),
                (words.side["where"], words.listed_in(found)),
                (words.side["data"], data_state(report.study, writer)),
            ],
            words.front["label"],
            [(labels["do"], words.do(found)), (labels["unless"], words.unless)],
        )
    )


def _keys(report: DataQuality) -> list[tuple[tuple, Node]]:
    """(key figure, its tree): cells filled, values that look wrong, the fee bill that rests on cells not filled in."""
    words, found, unfilled = report.words, said(report), report.unfilled
    bill = place_tree(
        derivation(report.study, "none", stored=True), "baseline", "fee_bill", report.writer.lang
    )
    filled = _tree(report, "filled", float(found["filled"]), "%", [
        (numbers.table_name(report, row.table), row.given, words.of(row.asked)) for row in report.cells.itertuples()
    ])  # fmt: skip
    doubts = _tree(report, "doubts", report.doubted, words.places, [
        (tables.item_name(report, item), item.count, "") for item in report.checks
    ])  # fmt: skip
    rests = _tree(report, "rests", unfilled.money, words.yuan, [
        (words.cell_name(numbers.table_name(report, one.table), numbers.column_name(report, one.table, one.column)), sum(map(len, one.ways.values())), words.cells)
        for one in report.behind
    ], bill, not report.writer.may_show(unfilled.least))  # fmt: skip
    share = words.share_of_bill(unfilled.share if report.writer.may_show(unfilled.least) else -1.0)
    return [
        ((words.keys["filled"], found["filled"], "%", words.asked(found)), filled),
        ((words.keys["doubts"], number(report.doubted), words.places, words.doubts_money(found)), doubts),
        ((words.keys["rests"], report.money(unfilled), report.writer.money_unit, share), rests),
    ]  # fmt: skip


def _tree(report: DataQuality, key: str, value: float, unit: str, parts, bill: Node | None = None, private: bool = False) -> Node:  # fmt: skip
    """A count or sum and what it is made of; under it the fee bill it is a part of."""
    children = tuple(
        Node("part", title, "", float(count), more, "rest") for title, count, more in parts
    )
    if not children and bill is None:
        children = (Node("part", report.words.nought, "", 0.0, "", "rest"),)
    whole = children + ((bill,) if bill else ())
    rule = report.words.nodes[key]
    return Node(key, rule["title"], "", value, unit, "rule", rule["formula"], children=whole, private=private)  # fmt: skip


def noted(report: DataQuality) -> list[Note]:
    """Trees of the key figures."""
    return [
        Note(i, name, with_unit(value, unit), (tree,))
        for i, ((name, value, unit, _), tree) in enumerate(_keys(report), start=1)
    ]


def decision(report: DataQuality) -> Block:
    """What is done first, by whom, by when, and how to read the report."""
    words, found = report.words, said(report)
    rows = [tuple(words.action(kind, found, part) for part in range(3)) for kind in words.actions]
    return decision_sheet(report.writer, (), (), (), [row for row in rows if row[0]])
