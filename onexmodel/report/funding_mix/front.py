"""The one-page summary of funding_mix: what is needed, what sources allow and pay, what is missing and why, what a yuan closes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...analysis.explain.derive import derivation
from ...analysis.explain.node import Node
from ...analysis.explain.place import place_tree
from ..annex.notes import Note
from ..front.draws import baseline_drawn
from ..front.state import data_state
from ..front.sums import Sum
from ..page.blocks import Block
from ..page.numbers import with_unit
from .numbers import parts_of

if TYPE_CHECKING:
    from .report import FundingMix


def front(report: FundingMix) -> Block:
    """Summary page."""
    words, study, way, change = report.words, report.study, report.way, report.change
    also = [words.change(change, report.funded)] if change else []
    also += report.overlooked()
    return report.first_page(
        words.title(way),
        report.meta,
        words.lead(way, report.best, report.aimed),
        also,
        report.keys(),
        {
            words.who_pays(study.year): payers(report),
            words.limits: words.risk(way, bool(report.pots)),
            words.basis: data_state(study, report.writer),
        },
        words.advice(way, report.aimed),
        words.unless(way),
    )


def payers(report: FundingMix) -> str:
    """Shares of the need by line and what nobody pays; they add to 100 in print."""
    if not report.funded:
        return report.words.unfunded(report.lacking)
    paid = parts_of([*report.paid.sum((-2, -1)), report.way.gap.value])
    shown = zip([*report.names, "gap"], paid, strict=True)
    return report.words.payers([(name, part) for name, part in shown if part])


def method(report: FundingMix) -> list[str]:
    """What is drawn and what is not, and where a leading number lies among its draws."""
    said = [report.drawn_said()]
    if report.sampled:
        said += baseline_drawn(report.writer, report.study, report.leading)
    return said + report.off_centre_said()


def leading(report: FundingMix) -> dict[str, Sum]:
    """The sums that lead the page, three with what a yuan closes; what is paid where no yuan can be told of, the need alone where no funds are on
    record."""
    way = report.way
    if not report.funded:
        return {"need": way.need}
    return {"need": way.need} | ({} if report.best else {"used": way.used}) | {"gap": way.gap}


def keys(report: FundingMix) -> list[tuple]:
    """Need, gap and what a yuan closes."""
    words, way, best = report.words, report.way, report.best
    unit = report.writer.money_unit
    made = [
        (words.key_name(key, way.year), words.key_value(value), unit, words.key_note(key, way))
        for key, value in leading(report).items()
    ]
    if report.funded and best:
        beside = words.yuan_note(best, report.aimed)
        made.append((words.yuan_name(best), best.write(best.even), words.yuan_unit, beside))
    return made


def noted(report: FundingMix) -> list[Note]:
    """Trees of the key figures: needs by use, what is paid by source, the gap, and the two gaps that a yuan is measured by."""
    words, way, said = report.words, report.way, report.words.node
    derived = derivation(report.study, "none", stored=True)

    def node(name: str, title: str, value: float, *children: Node) -> Node:
        kind = "sum" if children else "rest"
        return Node(
            name, title, "", value, said["unit"], kind, said.get(name, ""), children=children
        )

    def place(name: str) -> Node:
        return place_tree(derived, "scenario", name, report.writer.lang)

    lines = zip(report.names, report.paid.sum((-2, -1)).tolist(), strict=True)
    paid = [node(name, words.line(name), money) for name, money in lines]
    title = words.key_name("need", way.year)
    trees = {
        "need": report.need_tree(title, way.need.value, said["unit"], (place("fee_bill"),)),
        "used": node("used", words.key_name("used", way.year), way.used.value, *paid),
        "gap": place("funding_gap"),
    }
    shown = [trees[key] for key in leading(report)]
    if len(report.keys()) > len(shown):
        shown.append(_yuan(report, node))
    return [
        Note(note, name, with_unit(value, unit), (tree,))
        for note, ((name, value, unit, _), tree) in enumerate(
            zip(report.keys(), shown, strict=True), start=1
        )
    ]


def _yuan(report: FundingMix, node) -> Node:
    """What a yuan closes: the gap at the limits as they are less that at raised ones, over what they were raised by."""
    words, best, gap = report.words, report.best, report.way.gap.value
    assert best is not None  # asked for only where there is one
    raised, said = report.raised(best), words.node
    children = (
        node("money_before", said["before"], gap),
        node("money_after", said["after"], gap - best.even * raised),
        node("money_added", said["added"], raised),
    )
    title, unit = words.yuan_name(best), words.yuan_unit
    return Node("yuan", title, "", best.even, unit, "rest", said["yuan"], children=children)
