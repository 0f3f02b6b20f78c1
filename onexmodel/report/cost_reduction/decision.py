"""cost_reduction's second sheet: the options side by side, what superiors are asked to decide, three actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..front.decision import decision_sheet
from ..page.blocks import Block
from ..page.numbers import count
from .advice import Choice
from .numbers import LOOSE

if TYPE_CHECKING:
    from .report import CostReduction


def decision(report: CostReduction) -> Block:
    """Options side by side, what is asked of superiors, three actions."""
    words, writer, advice = report.words, report.writer, report.advice
    chosen, done = advice.choice, report.lead

    def row(kind: str, one: Choice) -> list[str]:
        return [
            words.options[kind],
            writer.money(one.whole.saved),
            words.invested(one),
            words.left(one.whole.net),
            words.left(one.college.net),
            report.writer.moved(count(one.before), count(one.after)),
            words.option_risk(kind, advice, one),
        ]

    whole = advice.everything
    options = {"all": row("all", whole)}
    if advice.some:
        options["some"] = row("some", advice.some)
    options["none"] = [words.options["none"], *["0"] * 4, count(whole.before), words.nothing_done]
    requests = [words.request_do(advice)]
    if chosen and chosen.pass_on is not None:
        requests.append(words.request_share(chosen))
    requests.append(words.request_quality(done, LOOSE))
    return decision_sheet(
        writer,
        words.option_columns,
        list(options.values()),
        requests,
        _actions(report),
        words.option_note,
        list(options).index(advice.do),
    )


def _actions(report: CostReduction) -> list[tuple[str, str, str]]:
    """What is done first, which one office is responsible, by when; who pays is settled before anything is carried out."""
    words, lead, office, by = report.words, report.lead, report.words.offices, report.words.by
    do = (words.act_do(report.advice, report.called("table", "conditions")), office["do"], by["do"])
    first = report.advice.choice is not None and lead.pass_on is not None
    share = (words.act_share(lead), office["share"], by["first" if first else "share"])
    return [
        *((share, do) if first else (do, share)),
        (words.act_check, office["check"], by["check"]),
    ]
