"""The rows of cost_reduction's tables, and the quantities that their notes explain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...analysis.own_costs import Sessions
from ...analysis.statistics.precision import HALF_YUAN
from ...data.codes import BY_COLUMN
from ...data.schema import load_schema
from ...languages import in_language
from ...law.scenario import Change
from ..front.opening import certificate_names
from ..page.blocks import Block, ranged
from ..page.numbers import count, number, points, tenths
from ..page.rounding import fitted
from ..page.words import ITEMS, foreign
from .advice import Bearer
from .numbers import Amounts, item_amounts

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
LISTED = 10  # certificates in the table of one college's sessions
RANGED = {"staff": ("teacher_time", "uplift"), "whole": ("cost_economic", "cost_cash")}


def item_rows(report: CostReduction) -> list[list[str | Block]]:
    """Cost by item and bearer, economic and cash, and teachers' time: the base of every share."""
    words, writer = report.words, report.writer

    def name(phase: str, item: str) -> str:
        return (
            words.sums[item]
            if phase == "sum"
            else f"{words.phases[phase]}·{writer.word(ITEMS, item)}"
        )

    money = writer.money

    def cells(item: str, row: Amounts) -> list[str | Block]:
        made: list[str | Block] = [number(amount, money.decimals) for amount in row]
        for at, draws in zip((2, 3), RANGED.get(item, ()), strict=False):
            reach = writer.span(report.ranges[draws], money, money.per * row[at])
            made[at] = ranged(number(row[at], money.decimals), reach)
        return made

    amounts = item_amounts(report.items, report.found.baseline, money)
    return [[name(*at), *cells(at[1], row)] for at, row in amounts.items()]


def session_rows(report: CostReduction, rows: Sequence[Sessions]) -> list[list[str]]:
    """Sessions of one college's certificates."""
    names = certificate_names(report.study, report.writer, [row.title for row in rows])
    return [
        [
            report.words.certificate(row._replace(title=name)),
            count(row.candidates),
            count(row.sessions),
            points(row.fill),
            count(row.empty),
            count(row.each),
        ]
        for row, name in zip(rows, names, strict=True)
    ]


def lever_rows(report: CostReduction) -> tuple[list[str], list[list[str]]]:
    """Header and rows of the levers, then all together: each alone, last and by its share, outlay, what is left; columns that say nothing
    (one evidence for all, no refusal) are left out."""
    words, table, joint = report.words, report.found.table, report.found.joint
    money, whole = report.writer.money, report.everything.whole

    def shared(name: str, total: float | None = None) -> list[float]:
        unit = None if total is None else round(money.inside(total), money.decimals)
        return [
            money.per * one
            for one in fitted(table[name], unit, unit=money.per, decimals=money.decimals)
        ]

    saved, yearly = (
        shared("cash_shapley", whole.saved),
        shared("one_off_yearly", whole.outlay),
    )
    columns = {
        "alone": [*map(money, table["cash_alone"]), "—"],
        "last": [*map(money, table["cash_last"]), "—"],
        "share": [*map(money, saved), money(whole.saved)],
        "economic": [*map(money, shared("economic_shapley")), money(joint["economic"])],
        "one_off": [*map(money, shared("one_off")), money(joint["one_off"])],
        "yearly": [*map(money, yearly), money(whole.outlay)],
        "net": [
            *(money(one - out) for one, out in zip(saved, yearly, strict=True)),
            money(whole.net),
        ],
        "payback": [
            *(tenths(one) for one in table["payback_years"]),
            number(joint["one_off"] / joint["cash"] if joint["cash"] > HALF_YUAN else None, 1),
        ],
        "quality": [*(words.watched(row) for row in table.itertuples()), "—"],
        "evidence": [*(words.evidence[one] for one in table["evidence"]), "—"],
        "refused": [*map(count, table["refused"]), count(table["refused"].sum())],
    }
    if table["evidence"].nunique() == 1:
        del columns["evidence"]
    if not table["refused"].sum():
        del columns["refused"]
    said = words.tables["levers"]["columns"]
    rows = [list(row) for row in zip(*columns.values(), strict=True)]
    heads = [*table["title"], words.sums["levers"]]
    made = [[head, *row] for head, row in zip(heads, rows, strict=True)]
    idle = [[title, words.not_applicable, *["—"] * (len(columns) - 1)] for title, _ in report.idle]
    return [said["lever"], *(said[name] for name in columns)], [*made[:-1], *idle, made[-1]]


def idle_rows(report: CostReduction) -> list[tuple[str, str]]:
    """(title, why it does not apply) of the levers that there are no rows for."""
    words, writer = report.words, report.writer
    return [
        (
            in_language(one.title, writer.language),
            words.no_rows(missing_rows(one.changes, writer.lang)),
        )
        for one in report.applying[1]
    ]


def missing_rows(changes: Sequence[Change], lang: str) -> list[tuple[str, list[str]]]:
    """(sheet, what the rows would be of) of each change: its table, and the words of what it looks for, in English their codes."""
    schema, found = load_schema(), []
    for change in changes:
        table = change.target.split("/")[0]
        words = [word_of(key, code, lang) for key, codes in change.where for code in codes if code]
        sheet = next(iter(schema[table].values())).sheet if lang == "zh" else table
        found.append((sheet, words))
    return found


def word_of(key: str, code: str, lang: str) -> str:
    """What a code of a column is called in Chinese; in English the code without its underscores."""
    if lang != "zh":
        return code.replace("_", " ")
    return next((word for word, one in BY_COLUMN.get(key, {}).items() if one == code), code)


def kept_rows(report: CostReduction) -> list[list[str]]:
    """Who spends less, who invests, what is left with the levers of the first page; fees as they are and set anew."""
    money, names = report.writer.money, report.words.bearers

    def cells(row: Bearer) -> list[str]:
        return [money(amount) for amount in row]

    return [[names[who], *cells(row)] for who, row in report.lead.borne.items()]


def said_by(texts, language: str, lang: str) -> str:
    """A lever's text in the report's language, of a mapping by language or of plain Chinese."""
    return foreign(texts, lang) if isinstance(texts, str) else in_language(texts, language)


def condition_rows(report: CostReduction) -> list[list[str]]:
    """Who does what."""
    words, writer, levers = report.words, report.writer, report.found.bench.levers
    return [
        [
            row.title,
            said_by(row.responsible, writer.language, writer.lang),
            words.paid_by(row.per, row.payers) if row.one_off > 0 else words.nobody,
            said_by(levers[row.lever].description, writer.language, writer.lang),
        ]
        for row in report.found.table.itertuples()
    ]
