"""The one-page summary of funding_mix: what is needed, what sources allow and pay, what is missing and why, what a yuan closes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...analysis.explain.derive import derivation
from ...analysis.explain.node import Node
from ...analysis.explain.place import place_tree
from ...analysis.scheme import touched
from ...rules.funding import USES as USE_KEYS
from ..annex.notes import Note
from ..front.dates import asleep_said
from ..front.draws import Led, baseline_drawn, few_draws, off_centre
from ..front.opening import meta_line
from ..front.state import beyond_said, data_state, unanswered
from ..front.sums import Sum
from ..page.blocks import Block, Summary
from ..page.numbers import with_unit
from ..page.words import USES
from .numbers import parts_of

if TYPE_CHECKING:
    from .report import FundingMix


def front(report: FundingMix) -> Block:
    """Summary page."""
    words, writer, study, way = report.words, report.writer, report.study, report.way
    asleep = asleep_said(writer, touched(study), study.year)
    change = report.change
    also = [
        *([words.change(change, report.funded)] if change else []),
        *unanswered(study, writer),
        *beyond_said(study, writer),
        *([asleep] if asleep else []),
    ]
    shared = writer.words("front").advice
    return writer.front(
        Summary(
            words.kicker,
            words.title(way),
            meta_line(study, writer),
            words.lead(way, report.best, report.aimed),
            also,
            report.keys(),
            [
                (words.who_pays(study.year), payers(report)),
                (words.limits, words.risk(way, bool(report.pots))),
                (words.basis, data_state(study, writer)),
            ],
            words.summary,
            [
                (shared["do"], words.advice(way, report.aimed)),
                (shared["unless"], words.unless(way)),
            ],
        )
    )


def payers(report: FundingMix) -> str:
    """Shares of the need by line and what nobody pays; they add to 100 in print."""
    if not report.funded:
        return report.words.unfunded(report.lacking)
    money = np.array([*report.line_sum(report.flows).sum((-2, -1)), report.way.gap.value])
    paid = parts_of(money, float(money.sum()))
    return report.words.payers([pair for pair in zip([*report.names, "gap"], paid, strict=True) if pair[1]])  # fmt: skip


def method(report: FundingMix) -> list[str]:
    """What is drawn and what is not, and where a leading number lies among its draws."""
    words, write = report.words, report.writer.money
    if not report.sampled:
        return [few_draws(report.writer)]
    beliefs = sum(one.kind == "belief" for one in report.varied)
    own = report.study.own_changes() or report.study.composition.sets
    drawn = words.drawn(
        len(report.sides.after["need"]), beliefs, len(report.varied) - beliefs, bool(own)
    )
    led = [
        Led(
            words.led[name], report.sum(name).value, report.sides.after[name], write, words.led_unit
        )
        for name in (("need", "gap") if report.varied else ())
    ]
    return [
        drawn,
        *baseline_drawn(report.writer, report.study, report.leading),
        *off_centre(report.writer, led),
    ]


def keys(report: FundingMix) -> list[tuple]:
    """Need, gap and what a yuan closes, each with its note's number; the need alone where no funds are on record."""
    words, writer, way = report.words, report.writer, report.way
    made = [
        (words.key_name(key, way.year), words.key_value(value), writer.money_unit, words.key_note(key, way))
        for key, value in leading(report).items()
    ]  # fmt: skip
    if report.funded and report.best:
        best = report.best
        made.append((words.yuan_name(best), best.write(best.even), words.yuan_unit, words.yuan_note(best, report.aimed)))  # fmt: skip
    return [(*one, note) for note, one in enumerate(made, start=1)]


def leading(report: FundingMix) -> dict[str, Sum]:
    """The sums that lead the page, three with what a yuan closes; what is paid where no yuan can be told of."""
    way = report.way
    sums = {"need": way.need} | ({} if report.best else {"used": way.used}) | {"gap": way.gap}
    return sums if report.funded else {"need": way.need}


def noted(report: FundingMix) -> list[Note]:
    """Trees of the key figures: needs by use, what is paid by source, the gap, and the two gaps that a yuan is measured by."""
    lang, words, way = report.writer.lang, report.words, report.way
    derived = derivation(report.study, "none", stored=True)

    def node(name: str, title: str, value: float, *children: Node) -> Node:
        kind, how = "sum" if children else "rest", words.node.get(name, "")
        return Node(name, title, "", value, words.node["unit"], kind, how, children=children)

    needs, paid = (report.of_place("needs").sum(-1), report.line_sum(report.flows).sum((-2, -1)))
    uses = [
        node(f"need_{use}", report.writer.word(USES, use), float(needs[at]))
        for at, use in enumerate(USE_KEYS)
        if use in report.uses
    ]
    bill = place_tree(derived, "scenario", "fee_bill", lang)
    trees = [node("need", words.key_name("need", way.year), way.need.value, *uses, bill)]
    if report.funded:
        lines = [
            node(name, words.line(name), float(money))
            for name, money in zip(report.names, paid, strict=True)
        ]
        if not report.best:
            trees.append(node("used", words.key_name("used", way.year), way.used.value, *lines))
        trees.append(place_tree(derived, "scenario", "funding_gap", lang))
        if report.best:
            trees.append(_yuan(report, node))
    return [
        Note(note, name, with_unit(value, unit), (tree,))
        for (name, value, unit, _, note), tree in zip(report.keys(), trees, strict=True)
    ]


def _yuan(report: FundingMix, node) -> Node:
    """What a yuan closes: the gap at the limits as they are less that at raised ones, over what they were raised by."""
    words, best = report.words, report.best
    assert best is not None  # asked for only where there is one
    raised = report.raised(best)
    return Node(
        "yuan",
        words.yuan_name(best),
        "",
        best.even,
        words.yuan_unit,
        "rest",
        words.node["yuan"],
        children=(
            node("money_before", words.node["before"], report.way.gap.value),
            node("money_after", words.node["after"], report.way.gap.value - best.even * raised),
            node("money_added", words.node["added"], raised),
        ),
    )
