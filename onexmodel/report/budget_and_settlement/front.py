"""The one-page summary of budget_and_settlement: what the year needs, who pays, what is unsettled, each with its year."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ...analysis.budget.settlement_tree import ledger_tree, rate_tree
from ..annex.notes import Note
from ..front.draws import baseline_drawn
from ..front.state import data_state
from ..front.sums import Sum
from ..page.blocks import Block
from ..page.numbers import with_unit
from .accounts import due
from .numbers import paid_by
from .parts import OF_COSTS, unknown

SURELY = 0.05  # share of draws in which a budget is enough: below, it is not (words: enough_by_use)

if TYPE_CHECKING:
    from .report import BudgetAndSettlement


def front(report: BudgetAndSettlement) -> Block:
    """Summary page."""
    words, way, settled, year = report.words, report.way, report.settled, report.study.year
    also = [*report.overlooked(), *due_said(report)]
    about = {
        words.who_pays(year): payers(report),
        words.limits: words.risk(settled),
        words.basis: data_state(report.study, report.writer),
    }
    do, unless, budget = words.advice(way), words.unless(way), way.budget
    each = {words.per_head: words.each(budget)} if budget.candidates else {}
    title = words.title(way, settled)
    return report.first_page(
        title, report.meta, words.lead(way, settled), also, report.keys(), about, do, unless, each
    )


def due_said(report: BudgetAndSettlement) -> list[str]:
    """What of the arrears was to be settled by the deadline; nothing where nothing is owed."""
    if not report.settled.owes:
        return []
    words, days = report.words, due(report.ledger)
    if not days:
        return [words.due_none(date.fromisoformat(str(report.view["settlement.deadline"])))]
    if [batches for batches, _ in days.values()] == [report.settled.owing]:
        return [words.due_all(*days)]
    return [words.due_some(day, *owed) for day, owed in days.items()]


def method(report: BudgetAndSettlement) -> list[str]:
    """What is drawn and what is not, and where a leading number lies among its draws."""
    return [
        report.drawn_said(),
        *baseline_drawn(report.writer, report.study, report.measure),
        *report.off_centre_said(),
    ]


def enough_said(report: BudgetAndSettlement) -> str:
    """How likely the budgets on record are enough for the uses they are for, what those need, the uses without one and those whose own is not; nothing where they may not be shown, or nothing varies."""
    if "all" not in report.enough.index:
        return ""
    whole, by_use = report.enough.loc["all"], report.enough.drop(index="all")
    filed, needs = report.budgets[1].index, report.funds["need"]
    unfiled = [use for use in needs.index if use not in filed and needs[use] > report.seen]
    return report.words.enough(
        report.study.year,
        whole["budgeted"],
        whole["share"],
        float(report.taken["reported"][0]),
        unfiled,
        by_use.index[by_use["share"] < SURELY].tolist(),
    )


def leading(report: BudgetAndSettlement) -> dict[str, Sum]:
    """The sums that lead the page: need, gap and, where accounts may be shown, arrears."""
    sums = {"need": report.budget.need} | ({"gap": report.budget.gap} if report.funded else {})
    return sums | ({"arrears": Sum(report.settled.arrears)} if report.settled.shown else {})


def keys(report: BudgetAndSettlement) -> list[tuple]:
    """The same as precise as their intervals carry; each says its year."""
    budget, settled, words = report.budget, report.settled, report.words
    return [
        (
            words.key_name(key, budget.year, settled),
            words.key_value(value),
            report.writer.money_unit,
            words.key_note(key, budget, settled),
        )
        for key, value in leading(report).items()
    ]


def noted(report: BudgetAndSettlement) -> list[Note]:
    """Trees: needs by use, the gap, and the accounts down to cells."""
    study, lang, money = report.study, report.writer.lang, report.writer.money
    title, whole = report.words.need_title(study.year), float(report.funds["need"].sum())
    made_of = [name for name in ("fee_bill", *OF_COSTS, "uplift") if name not in unknown(report)]
    trees = report.led_trees(title, whole, "", made_of)
    if report.settled.shown:
        owed = ledger_tree(study, report.ledger, "arrears_fen", lang)
        trees["arrears"] = (owed, rate_tree(study, report.ledger, lang))
    led = zip(leading(report).items(), report.keys(), strict=True)
    return [
        Note(note, name, with_unit(money(sum_.value), unit), trees[key])
        for note, ((key, sum_), (name, _, unit, _)) in enumerate(led, start=1)
    ]


def payers(report: BudgetAndSettlement) -> str:
    """Shares of the need by source and what nobody pays; they add to 100 in print."""
    if not report.funded:
        return report.words.unfunded(report.lacking)
    return report.words.payers(paid_by(report.funds))
