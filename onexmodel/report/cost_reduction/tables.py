"""The rows of cost_reduction's tables, and the quantities that their notes explain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...languages import in_language
from ..page.blocks import Block, ranged
from ..page.numbers import count, number, relative, signed, tenths, wan
from ..page.rounding import fitted
from ..page.words import ITEMS
from .numbers import SOME, Amounts, item_amounts

if TYPE_CHECKING:
    from .report import CostReduction

COLUMNS = {
    "items": (
        "organisation_cost",
        "college_cost",
        "training_cost",
        "organisation_cash_cost",
        "college_cash_cost",
        "training_cash_cost",
    ),
    "quality": (
        "offerings.pass_rate",
        "components.candidates_per_assessor",
        "minutes_per_candidate",
    ),
    "levers": (
        "organisation_cash_cost",
        "college_cash_cost",
        "training_cash_cost",
        "uplift",
        "organisation_cost",
        "college_cost",
        "training_cost",
        "teacher_time_cost",
    ),
    "kept": ("organisation_cash_cost", "college_cash_cost", "training_cash_cost", "fee_bill"),
}  # table → rules and columns of the data whose making its note tells
RANGED = {"staff": ("teacher_time", "uplift"), "whole": ("cost_economic", "cost_cash")}
FLOORS = ("pass_rate", "minutes_per_candidate")  # not to fall below; the others not to rise above


def item_rows(report: CostReduction) -> list[list[str | Block]]:
    """Cost by item and bearer, economic and cash, and teachers' time: the base of every share."""
    words, writer = report.words, report.writer

    def name(phase: str, item: str) -> str:
        return (
            words.sums[item]
            if phase == "sum"
            else f"{words.phases[phase]}·{writer.word(ITEMS, item)}"
        )

    def cells(item: str, row: Amounts) -> list[str | Block]:
        made: list[str | Block] = [tenths(amount) for amount in row]
        for at, draws in zip((2, 3), RANGED.get(item, ()), strict=False):
            reach = writer.span(report.ranges[draws], wan, 1e4 * row[at])
            made[at] = ranged(tenths(row[at]), reach)
        return made

    amounts = item_amounts(report.items, report.found.baseline)
    return [[name(*at), *cells(at[1], row)] for at, row in amounts.items()]


def quality_rows(report: CostReduction) -> list[list[str]]:
    """Indicators against their floors."""
    words, refused = report.words, report.found.refusals.groupby("guard")["colleges"].sum()
    return [
        [
            words.indicators[row.indicator],
            tenths(row.before),
            tenths(row.after),
            signed(tenths(row.after - row.before)),
            relative(row.before, row.after),
            words.limit(row.indicator in FLOORS, row.floor),
            count(int(refused.get(row.indicator, 0))),
        ]
        for row in report.found.quality.itertuples()
    ]


def lever_rows(report: CostReduction) -> list[list[str]]:
    """The levers, each alone, last and by its share; then all together."""
    words, table, joint = report.words, report.found.table, report.found.joint
    parts = [fitted(table[name]) for name in ("cash_shapley", "economic_shapley", "one_off")]
    rows = [
        [
            row.title,
            wan(row.cash_alone),
            wan(row.cash_last),
            tenths(cash),
            tenths(economic),
            words.guards[row.guard],
            tenths(once),
            tenths(row.payback_years),
            words.evidence[row.evidence],
            count(row.refused),
        ]
        for row, cash, economic, once in zip(table.itertuples(), *parts, strict=True)
    ]
    payback = joint["one_off"] / joint["cash"] if joint["cash"] > SOME else None
    return [
        *rows,
        [
            words.sums["levers"],
            "—",
            "—",
            wan(joint["cash"]),
            wan(joint["economic"]),
            "—",
            wan(joint["one_off"]),
            number(payback, 1),
            "—",
            count(table["refused"].sum()),
        ],
    ]


def kept_rows(report: CostReduction) -> list[list[str]]:
    """Who keeps the saving."""
    return [
        [
            report.words.fee_rules[row.fees],
            *(tenths(amount) for amount in report.kept[row.fees]),
            tenths(sum(report.kept[row.fees])),
            signed(wan(row.fee_bill)),
        ]
        for row in report.found.kept.itertuples()
    ]


def condition_rows(report: CostReduction) -> list[list[str]]:
    """Who does what, on what evidence."""
    words, levers = report.words, report.found.bench.levers
    return [
        [
            row.title,
            row.responsible,
            f"{words.payers[row.per]} × {count(row.payers)}",
            words.evidence[row.evidence],
            in_language(levers[row.lever].description, report.writer.language),
        ]
        for row in report.found.table.itertuples()
    ]
