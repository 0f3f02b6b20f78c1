"""The one-page summary of funding_mix: what is needed, what sources allow and pay, what is missing and why, what a yuan closes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...analysis.explain.node import Node
from ..annex.notes import Note
from ..front.draws import baseline_drawn
from ..front.state import data_state
from ..front.sums import Sum
from ..page.blocks import Block
from ..page.numbers import with_unit
from .numbers import Margin, parts_of

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
    shown = zip([*report.lines, "gap"], paid, strict=True)
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
    title, unit = words.key_name("need", way.year), said["unit"]
    trees = report.led_trees(title, way.need.value, unit, ("fee_bill",))
    if report.funded and report.best:
        trees["yuan"] = (_yuan(report, report.best),)
    elif report.funded:
        lines = zip(report.lines, report.paid.sum((-2, -1)).tolist(), strict=True)
        paid = [Node(name, words.line(name), "", money, unit, "rest") for name, money in lines]
        title = words.key_name("used", way.year)
        used = Node("used", title, "", way.used.value, unit, "sum", said["used"], children=(*paid,))
        trees = {"need": trees["need"], "used": (used,), "gap": trees["gap"]}
    shown = zip(report.keys(), trees.values(), strict=True)
    return [
        Note(note, name, with_unit(value, unit), tree)
        for note, ((name, value, unit, _), tree) in enumerate(shown, start=1)
    ]


def _yuan(report: FundingMix, best: Margin) -> Node:
    """What a yuan closes: the gap at the limits as they are less that at raised ones, over what they were raised by."""
    words, said, gap, raised = (
        report.words,
        report.words.node,
        report.way.gap.value,
        report.raised(best),
    )
    parts = {"before": gap, "after": gap - best.even * raised, "added": raised}
    children = tuple(
        Node(f"money_{name}", said[name], "", value, said["unit"], "rest")
        for name, value in parts.items()
    )
    title, unit = words.yuan_name(best), words.yuan_unit
    return Node("yuan", title, "", best.even, unit, "rest", said["yuan"], children=children)
