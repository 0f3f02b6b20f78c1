"""The one-page summary of budget_and_settlement: what the year needs, who pays, what is unsettled, each with its year."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ...analysis.budget.settlement_tree import ledger_tree, rate_tree
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
from .accounts import due
from .numbers import paid_by
from .parts import OF_COSTS

SURELY = 0.05  # share of draws in which a budget is enough: below, it is not (words: enough_by_use)

if TYPE_CHECKING:
    from .report import BudgetAndSettlement


def front(report: BudgetAndSettlement) -> Block:
    """Summary page."""
    words, writer, study, way = report.words, report.writer, report.study, report.way
    asleep = asleep_said(writer, touched(study), study.year)
    also = [
        *unanswered(study, writer),
        *beyond_said(study, writer),
        *([asleep] if asleep else []),
        *due_said(report),
    ]
    who = [
        (words.who_pays(study.year), payers(report)),
        (words.limits, words.risk(report.settled)),
        (words.basis, data_state(study, writer)),
    ]
    shared = writer.words("front").advice
    advice = [
        (shared["do"], words.advice(way)),
        (shared["unless"], words.unless(way)),
        *([(words.per_head, words.each(way.budget))] if way.budget.candidates else []),
    ]
    return writer.front(
        Summary(
            words.kicker,
            words.title(way, report.settled),
            meta_line(study, writer),
            words.lead(way, report.settled),
            also,
            report.keys(),
            who,
            words.summary,
            advice,
        )
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
    """What is drawn and what is not, where a number lies among its draws, and how likely the budgets on record are enough."""
    return [
        drawn_said(report),
        *baseline_drawn(report.writer, report.study, "college_outlay"),
        *off_centre_said(report),
    ]


def enough_said(report: BudgetAndSettlement) -> str:
    """How likely the budgets on record are enough for the uses they are for, what those need, the uses without one and those whose own is not; nothing where they may not be shown, or nothing varies."""
    if "all" not in report.enough.index:
        return ""
    whole, by_use = report.enough.loc["all"], report.enough.drop(index="all")
    filed = report.budgets[1].index
    return report.words.enough(
        report.study.year,
        whole["budgeted"],
        whole["share"],
        float(report.taken["reported"][0]),
        [
            use
            for use in USE_KEYS
            if use not in filed and report.funds.at[use, "need"] > report.seen
        ],
        by_use.index[by_use["share"] < SURELY].tolist(),
    )


def drawn_said(report: BudgetAndSettlement) -> str:
    """What is drawn and what is not."""
    if not report.sampled:
        return few_draws(report.writer)
    beliefs = sum(one.kind == "belief" for one in report.varied)
    own = report.study.own_changes() or report.study.composition.sets
    return report.words.drawn(
        len(report.draws["need"]), beliefs, len(report.varied) - beliefs, bool(own)
    )


def off_centre_said(report: BudgetAndSettlement) -> list[str]:
    """The leading numbers that lie outside the middle half of their draws."""
    if not report.uncertain:
        return []
    words, write = report.words, report.writer.money
    return off_centre(
        report.writer,
        [
            Led(words.led[name], report.sum(name).value, report.draws[name], write, words.led_unit)
            for name in report.told
        ],
    )


def keys(report: BudgetAndSettlement) -> list[tuple]:
    """Need, gap and, where accounts may be shown, arrears, as precise as their intervals carry, with their note numbers; each says its
    year."""
    budget, settled, words, writer = report.budget, report.settled, report.words, report.writer
    return [
        (
            words.key_name(key, budget.year, settled),
            words.key_value(value),
            writer.money_unit,
            words.key_note(key, budget, settled),
            note,
        )
        for note, (key, value) in enumerate(leading(report).items(), start=1)
    ]


def leading(report: BudgetAndSettlement) -> dict[str, Sum]:
    """The sums that lead the page."""
    sums = {"need": report.budget.need}
    sums |= {} if report.lacking.no_funds else {"gap": report.budget.gap}
    return sums | ({"arrears": Sum(report.settled.arrears)} if report.settled.shown else {})


def noted(report: BudgetAndSettlement) -> list[Note]:
    """Trees: needs by use, the gap, and the accounts down to cells."""
    lang, words = report.writer.lang, report.words
    derived = derivation(report.study, "none", stored=True)
    need = Node(
        "need",
        words.need_title(report.study.year),
        "",
        float(report.funds["need"].sum()),
        words.need_node["unit"],
        "sum",
        words.need_node["formula"],
        children=(
            *(
                Node(
                    f"need_{use}",
                    report.writer.word(USES, use),
                    "",
                    float(report.funds.loc[use, "need"]),
                    "",
                    "rest",
                )
                for use in USE_KEYS
                if not (use == "performance_pay" and report.lacking.no_pay)
                and not (use == "training" and report.lacking.no_costs)
            ),
            *(
                place_tree(derived, "scenario", name, lang)
                for name in ("fee_bill", "college_cash_cost", "training_cash_cost", "uplift")
                if not (name == "uplift" and report.lacking.no_pay)
                and not (name in OF_COSTS and report.lacking.no_costs)
            ),
        ),
    )
    trees: list[tuple[Node, ...]] = [(need,)]
    if not report.lacking.no_funds:
        trees.append((place_tree(derived, "scenario", "funding_gap", lang),))
    if report.settled.shown:
        owed = ledger_tree(report.study, report.ledger, "arrears_fen", lang)
        trees.append((owed, rate_tree(report.study, report.ledger, lang)))
    return [
        Note(note, name, with_unit(report.writer.money(value.value), unit), tree)
        for (name, _, unit, _, note), value, tree in zip(
            report.keys(), leading(report).values(), trees, strict=True
        )
    ]


def payers(report: BudgetAndSettlement) -> str:
    """Shares of the need by source and what nobody pays; they add to 100 in print."""
    if report.lacking.no_funds:
        return report.words.unfunded(report.lacking)
    return report.words.payers(paid_by(report.funds))
