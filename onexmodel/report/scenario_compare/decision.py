"""What scenario_compare recommends, by one rule, and what it puts to those who decide."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from ...analysis.compare.columns import Column
from ...analysis.compare.parts import by_target
from ...analysis.draws.sample import interval
from ...analysis.headline import LEAST
from ..front.change import Change
from ..front.decision import decision_sheet
from ..page.blocks import Block
from ..page.numbers import NO_RANGE
from . import tables

if TYPE_CHECKING:
    from .report import ScenarioCompare

NAN = float("nan")


@dataclass(frozen=True)
class Advice:
    """`verdict`: choose (a scenario neither costs more nor serves fewer, and does better in one), trade (none of those that move something does),
    nothing (none moves anything), open (none has an answer). `cost`: the measure it is judged by; `title`: of the chosen one, `by` its
    change of the cost, `sure` the share of draws in which it does not cost more; `own`: is what is spoken of (the chosen one, else all that move
    something) for a college to decide? `cheapest`: the scenario with the least outlay for one
    more candidate served, `each` that outlay, yuan, and `reach` its 80 % interval; `outlay`: what colleges then spend, where it is not judged by that."""

    verdict: str
    cost: str
    title: str = ""
    at: int = -1
    by: float = NAN
    served: float = NAN
    sure: float = NAN
    cheapest: str = ""
    each: float = NAN
    reach: tuple[float, float] = NO_RANGE
    outlay: Change | None = None
    own: bool = False


def of_college(column: Column) -> bool:
    """Can a college decide on a scenario: measures that colleges carry out (cost_reduction's), or its own plans and courses? Caps, funds, pay
    and rules are its superiors' to change."""
    asked = column.study.composition.scenarios
    measures = all(one.lever and one.lever.get("per", "college") == "college" for one in asked)
    return measures or all(one.startswith("offerings/") for one in by_target(column.study))


def advice(report: ScenarioCompare) -> Advice:
    """The recommendation of the run."""
    cost = "funding_gap" if report.funds else "college_outlay"
    moving = [at for at in report.known if not report.columns[at].idle]
    if not moving:
        return Advice("nothing" if report.known else "open", cost)

    def by(at: int, name: str) -> float:
        return report.columns[at].change(name) if name in report.measures else 0.0

    own = all(of_college(report.columns[at]) for at in moving)
    good = [
        at
        for at in moving
        if not report.columns[at].unanswered
        and by(at, cost) < LEAST[cost]
        and by(at, "served") > -LEAST["served"]
        and (by(at, cost) <= -LEAST[cost] or by(at, "served") >= LEAST["served"])
    ]
    each = {
        at: by(at, "college_outlay") / by(at, "served")
        for at in moving
        if by(at, "served") >= LEAST["served"]
    }
    best = min(each, key=lambda at: (each[at], at), default=-1)
    cheapest = (report.titles[best], each[best], _each(report, best)) if best >= 0 else ()
    if not good:
        return replace(Advice("trade", cost, "", -1, NAN, NAN, NAN, *cheapest), own=own)
    at = min(good, key=lambda one: (by(one, cost), -by(one, "served"), one))
    sure = NAN
    if report.sampled:
        sure = float((report.columns[at].spread[cost] < LEAST[cost]).mean())
    served = by(at, "served") if report.judged else NAN
    outlay = report.moved("college_outlay")[at] if report.funds else None
    told = (report.titles[at], at, by(at, cost), served, sure)
    own = of_college(report.columns[at])
    return replace(Advice("choose", cost, *told, *cheapest), outlay=outlay, own=own)


def _each(report: ScenarioCompare, at: int) -> tuple[float, float]:
    """80 % interval of the outlay for one more candidate served, in the draws that serve more."""
    spread = report.columns[at].spread
    more = spread["served"] >= LEAST["served"]
    if not report.sampled or not more.any():
        return NO_RANGE
    low, high = interval(spread["college_outlay"][more] / spread["served"][more])
    return low, high


def decision(report: ScenarioCompare) -> Block:
    """Scenarios side by side, requests, three actions."""
    words, a = report.words, report.advice
    if a.verdict == "nothing":
        return decision_sheet(report.writer, (), (), (), ())
    shown = [one for one in words.options_columns if one != "served" or report.judged]
    shown = [one for one in shown if one != "funding_gap" or report.funds]
    largest = _largest(report)
    acts = ["basis", "funds" if report.funds else "fill", "again"]
    return decision_sheet(
        report.writer,
        [words.options_columns[one] for one in shown],
        [[_option(report, at, name) for name in shown] for at in range(len(report.columns))],
        [words.request(a), words.request_data(a)],
        [(words.action(one, largest), *words.who_when[one]) for one in acts],
        words.options_note(a, report.alone),
        a.at,
    )


def _option(report: ScenarioCompare, at: int, name: str) -> str:
    if name == "title":
        return report.titles[at]
    if name == "risk":
        column = report.columns[at]
        gap = report.moved("funding_gap")[at] if report.funds else None
        return report.words.option_risk(column, gap)
    return tables.by_said(report, report.moved(name)[at])


def _largest(report: ScenarioCompare) -> str:
    """The change that parts the pair most; "" where nothing does."""
    if report.parts is None or not report.moves:
        return ""
    values = np.abs(report.parts.of[report.lead_measure])
    at = int(np.argmax(values))
    return tables.move_names(report, apart=False)[at] if values.max() > 0 else ""
