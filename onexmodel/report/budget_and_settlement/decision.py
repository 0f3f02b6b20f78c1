"""What is put to those who decide: where the money is missing, options side by side, requests, and three actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..front.decision import decision_sheet
from ..front.sums import Sum
from ..page.blocks import Block, ranged
from .numbers import Shortfall, Way

if TYPE_CHECKING:
    from .report import BudgetAndSettlement

REQUESTS, FEWEST, ACTIONS = 4, 2, 3  # at most, at least; actions


def decision(report: BudgetAndSettlement) -> Block:
    """Options, requests and actions, by the numbers of the run."""
    words, way, settled = report.words, report.way, report.settled
    options = way.options if report.funded and len(way.options) > 1 else []

    def with_range(sum_: Sum) -> Block:
        return ranged(report.writer.money(sum_.value), words.reach(sum_))

    rows = [
        [
            words.option_name(key, way),
            with_range(way.left(key)),
            with_range(way.budget.own if key == "filed" else way.budget.gap)
            if key in ("filed", "order")
            else "—",
            words.option_who(key),
            words.option_effect(key, way),
            words.option_risk(key, way),
        ]
        for key in options
    ]
    steps, filed = steps_of(way), short_budget(report)
    month = report.fees.busiest if settled.shown and report.fees else 0
    asked = [*steps, *(["budget"] if filed else [])][:REQUESTS]
    asked += ["plan"] if len(asked) < FEWEST else []
    return decision_sheet(
        report.writer,
        words.option_columns,
        rows,
        [words.request(key, way, settled, filed) for key in asked],
        [
            (
                words.action(key, settled, report.lacking),
                words.actor(key),
                words.by_when(key, month),
            )
            for key in actions_of(report, steps, bool(filed))
        ],
        words.options_note(way, settled) if report.funded else words.unfunded(report.lacking),
        len(options) - 1,
    )


def steps_of(way: Way) -> list[str]:
    """The steps of the recommendation in their order, each only where it moves money: order, settle, move, ask; none where nobody's funds
    are on record."""
    if way.budget.lacking.no_funds:
        return []
    here = {
        "order": way.budget.loss,
        "settle": way.settle,
        "move": way.moved,
        "ask": way.ask,
    }
    return [name for name, money in here.items() if money.seen]


def actions_of(report: BudgetAndSettlement, steps: list[str], short: bool) -> list[str]:
    """The first three of: funds to be filled in, arrears, the other steps, budgets that fall short, a look at the needs."""
    wanted = [
        *(["fill"] if not report.funded else []),
        *(["settle"] if report.settled.owes else []),
        *(step for step in steps if step != "settle"),
        *(["budget"] if short else []),
        "review",
    ]
    return wanted[:ACTIONS]


def short_budget(report: BudgetAndSettlement) -> Shortfall | None:
    """Budgets on record that are under nine tenths of the need, and not for performance pay alone, which is first to be approved; None where
    they are enough or may not be shown."""
    found = report.budgets[1]
    if "all" not in found.index or not report.writer.may_show(found["colleges"]).all():
        return None
    budgeted, needed = float(found.loc["all", "budgeted"]), float(report.taken["reported"][0])
    pay = 0.0
    if "performance_pay" in found.index:
        asked = float(report.taken["reported.performance_pay"][0])
        pay = max(0.0, asked - float(found.loc["performance_pay", "budgeted"]))
    rest = report.printed(needed, -budgeted, -pay)
    if budgeted >= 0.9 * needed or rest <= report.seen:
        return None
    return Shortfall(budgeted, needed, pay, rest)
