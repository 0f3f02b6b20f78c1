"""Tables of province_comparison: the yardsticks, published fees, and, a row a province, data, fee levels, cost, settlement, sources of
the differences."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...analysis.provinces import study as pc
from ...places import shipped
from ...rules.numbers import ratio
from ..page.blocks import Block, paragraphs, ranged
from ..page.numbers import count, number, percent, points, signed
from ..page.words import FACTORS, LEVELS
from . import numbers

if TYPE_CHECKING:
    from .report import ProvinceComparison


PUBLISHED = [name.zh for name in LEVELS.values()]  # levels as data/published writes them


def _rows(report: ProvinceComparison, table: pd.DataFrame, cells) -> list[list[str]]:
    """Name, colleges and what `cells` makes of each row; cells of too few colleges hidden where the report circulates."""
    names = report.place_names(table["province"])
    return [
        [
            name,
            number(row.colleges),
            *(report.writer.shown(cell, row.colleges) for cell in cells(row)),
        ]
        for name, row in zip(names, table.itertuples(), strict=True)
    ]


def _marked(
    report: ProvinceComparison, table: pd.DataFrame, header, rows: list[list[str]]
) -> tuple[list[str], list[list[str]]]:
    """Header and rows with the marks of small samples as their last column, where there are any."""
    marks = [report.mark(code) for code in table["province"]]
    if not any(marks):
        return list(header), rows
    named = [*header, report.words.mark_column]
    return named, [[*row, mark] for row, mark in zip(rows, marks, strict=True)]


def _own(report: ProvinceComparison, table: pd.DataFrame) -> int:
    """The index of the row of the province that the report is about; -1 where it is about all of them."""
    codes = table["province"].tolist()
    return codes.index(report.focus) if report.focus in codes else -1


def quality(report: ProvinceComparison) -> Block:
    """Data by province."""

    def cells(row):
        counts = (row.offerings, row.planned, row.certificates, row.priced)
        return *map(number, counts), percent(row.share)

    found = report.quality
    return report.numbered_table(
        "quality",
        report.words.captions["quality"],
        *_marked(report, found, report.words.quality_columns, _rows(report, found, cells)),
        note=report.words.priced_in_two(*numbers.priced(report), report.writer.simulated),
        columns=("offerings.candidates", "fees.published_fee"),
        marked=_own(report, found),
    )


def published(report: ProvinceComparison) -> Block:
    """The published 1+X fees as they are."""
    words, view = report.words, report.view
    frame = read_published()
    known = report.study.tables["provinces"].set_index("province")["name_en"]

    def called(name: str) -> str:
        return words.published_names.get(name, name)

    def where(row) -> str:
        english = "" if report.writer.lang == "zh" else known.get(row.province, "")
        return english or called(row.name_zh)

    fees = frame[frame["item"] == "fee"]
    same = ["province", "name_zh", "certificate", "year", "issuer"]
    amounts = fees.pivot_table("amount", same, "level", sort=False).reindex(columns=PUBLISHED)
    rows = [
        [where(row), called(row.certificate), *map(number, each), str(row.year), called(row.issuer)]
        for row, each in zip(
            amounts.index.to_frame().itertuples(index=False), amounts.to_numpy(), strict=True
        )
    ]
    return replace(report.writer, label="").table(
        report.called("table", "published"),
        words.published_caption(report.really_comparable),
        words.published_columns,
        rows,
        text=True,
        source=words.published_source,
        note=words.published_note(
            view["compare.min_overlap_certificates"], view["compare.min_overlap_spending"]
        ),
    )


def read_published() -> pd.DataFrame:
    """data/published/fees.csv."""
    return pd.read_csv(shipped("data", "published") / "fees.csv", dtype={"province": str})


def yardsticks(report: ProvinceComparison) -> Block:
    """What each yardstick says of the report's own province; nothing where it is about none."""
    words, lead = report.words, report.lead
    if lead.case != "focus":
        return Block("")
    here = report.table.set_index("province").loc[report.focus]
    nation = report.table.loc[report.table["gap"].notna(), ["gap", "needs"]].sum()
    paid = pc.settlement(report.ledger).set_index("province")["rate"]
    head = words.yardstick_columns
    values = {
        "level": (
            ranged(percent(lead.level), report.writer.span(lead.reach, percent, lead.level)),
            "100",
        ),
        "each": (words.per_candidate(here["each"]), words.per_candidate(report.nation)),
        "coverage": tuple(
            points(value) + "%" if np.isfinite(value) else words.not_filled
            for value in (here["coverage"], 1 - ratio(nation["gap"], nation["needs"]))
        ),
    }
    if report.focus in paid and len(report.ledger.batches):
        rate = report.writer.shown(points(paid[report.focus]) + "%", _accounts(report))
        values["settled"] = (rate, points(report.settled) + "%")
    return report.numbered_table(
        "yardsticks",
        words.captions["yardsticks"],
        [head["what"], words.own_column(report.place), head["nation"], head["says"], head["not"]],
        [
            [words.yardsticks[name]["name"], *both, words.yardsticks[name]["says"], words.yardsticks[name]["not"]]
            for name, both in values.items()
        ],
        text=True,
    )  # fmt: skip


def _accounts(report: ProvinceComparison) -> int:
    """Colleges of the report's own province with accounts."""
    batches = report.ledger.batches
    return int(batches.loc[batches["province"] == report.focus, "college"].nunique())


def levels(report: ProvinceComparison) -> Block:
    """Fee levels by province; ranks only as intervals, never of small samples nor of simulated rows."""
    words = report.words
    colleges = report.table.set_index("province")["colleges"]
    best, worst = numbers.ranks(report)
    table = report.levels.assign(
        colleges=report.levels["province"].map(colleges).fillna(0).astype(int),
        best=best,
        worst=worst,
    )

    def cells(row):
        level = percent(row.level) + report.writer.span((row.low, row.high), percent, row.level)
        rank = words.rank_range(row.best, row.worst) if np.isfinite(row.best) else "—"
        return (
            level if np.isfinite(row.level) else words.missing,
            percent(row.geks) if np.isfinite(row.geks) else words.missing,
            number(row.mean),
            number(row.certificates),
            *(() if report.unranked else (rank,)),
        )

    rows = [[name, *cells] for name, _, *cells in _rows(report, table, cells)]
    header = [
        text
        for column, text in words.level_columns.items()
        if column != "rank" or not report.unranked
    ]
    return report.numbered_table(
        "levels",
        words.captions["levels"],
        *_marked(report, table, header, rows),
        note=words.level_note() + words.touching(*numbers.touching(report)),
        columns=("approved_fee", "mean_approved_fee"),
        marked=_own(report, table),
    )


def cost(report: ProvinceComparison) -> Block:
    """Cost and funding by province."""

    def cells(row):
        ends = (row.plain - row.reach, row.plain + row.reach)
        return (
            number(row.served),
            number(row.each),
            number(row.plain) + report.writer.span(ends, count, row.plain),
            f"{100 * row.burden:.2f}" if np.isfinite(row.burden) else "—",
            points(row.coverage),
            number(row.gap_each, 1),
        )

    return report.numbered_table(
        "cost",
        report.words.captions["cost"],
        *_marked(
            report, report.table, report.words.cost_columns, _rows(report, report.table, cells)
        ),
        note=report.words.cost_note(),
        columns=("served", "fee_bill", "college_cash_cost", "burden", "coverage", "funding_gap"),
        marked=_own(report, report.table),
    )


def settlement(report: ProvinceComparison) -> Block:
    """Settlement by province; batches without a known fee are counted apart."""
    words = report.words
    if not len(report.ledger.batches):
        return paragraphs(words.nothing["settlement"])
    found = pc.settlement(report.ledger)
    unknown = bool(found["unknown"].any())

    def cells(row):
        return (
            number(row.batches),
            *((number(row.unknown),) if unknown else ()),
            points(row.share) + report.writer.span((row.low, row.high), points, row.share)
            if row.due
            else "—",
            points(row.rate),
        )

    return report.numbered_table(
        "settlement",
        words.settlement_caption(report.ledger.at.date()),
        [
            text
            for column, text in words.settlement_columns.items()
            if column != "unknown" or unknown
        ],
        _rows(report, found, cells),
        note=words.settlement_note(unknown),
        columns=("settlement_rate",),
        marked=_own(report, found),
    )


def parts(report: ProvinceComparison, table: pd.DataFrame) -> Block:
    """The parts of each province's difference from the national mean."""
    writer, columns, names = report.writer, report.words.parts_columns, list(numbers.PARTS)
    rows = [
        [name, number(each, 1), *(signed(number(part, 1)) for part in row)]
        for name, each, row in zip(
            report.place_names(table["province"]),
            table["each"],
            numbers.adding(table)[[*names, "total"]].to_numpy(),
            strict=True,
        )
    ]
    header = [
        columns["province"],
        columns["each"],
        *(writer.word(FACTORS, one) for one in names),
        columns["total"],
    ]
    return report.numbered_table(
        "parts",
        report.words.captions["parts"],
        header,
        rows,
        columns=("fee_bill", "college_cash_cost", "served"),
        marked=_own(report, table),
    )
