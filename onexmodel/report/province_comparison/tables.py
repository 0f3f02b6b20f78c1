"""Tables of province_comparison, a row a province: data, published fees, fee levels, cost, settlement, sources of the differences."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...analysis.provinces import study as pc
from ...places import shipped
from ..page.blocks import Block, paragraphs
from ..page.numbers import count, number, percent, signed
from ..page.words import FACTORS
from . import numbers

if TYPE_CHECKING:
    from .report import ProvinceComparison


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
    report: ProvinceComparison, table: pd.DataFrame, rows: list[list[str]]
) -> list[list[str]]:
    """The rows with the mark of a small sample at their end."""
    return [[*row, report.mark(code)] for row, code in zip(rows, table["province"], strict=True)]


def _own(report: ProvinceComparison, table: pd.DataFrame) -> int:
    """The index of the row of the province that the report is about; -1 where it is about all of them."""
    codes = table["province"].tolist()
    return codes.index(report.focus) if report.focus in codes else -1


def quality(report: ProvinceComparison) -> Block:
    """表1: data by province."""

    def cells(row):
        counts = (row.offerings, row.planned, row.certificates, row.priced)
        return *map(number, counts), percent(row.share)

    found = pc.data_quality(report.study, report.runs[1])
    return report.writer.table(
        report.label("table", 1),
        report.words.captions["quality"],
        report.words.quality_columns,
        _marked(report, found, _rows(report, found, cells)),
        source=report.source,
        columns=("offerings.candidates", "fees.published_fee"),
        marked=_own(report, found),
    )


def published(report: ProvinceComparison) -> Block:
    """表2: the published 1+X fees as they are."""
    words, view = report.words, report.view
    frame = pd.read_csv(shipped("data", "published") / "fees.csv", dtype={"province": str})
    found, _ = pc.fee_levels(pc.published_fees(frame), view)
    rows = [
        [row.name_zh, row.certificate, row.level, number(row.amount), str(row.year), row.issuer]
        for row in frame[frame["item"] == "fee"].itertuples()
    ]
    return replace(report.writer, label="").table(
        report.label("table", 2),
        words.published_caption(np.isfinite(found["level"]).any()),
        words.published_columns,
        rows,
        text=True,
        source=words.published_source,
        note=words.published_note(
            view["compare.min_overlap_certificates"], view["compare.min_overlap_spending"]
        ),
    )


def levels(report: ProvinceComparison) -> Block:
    """表3: fee levels by province; ranks only as intervals, never of small samples nor of simulated rows."""
    writer, words = report.writer, report.words
    colleges = report.table.set_index("province")["colleges"]
    best, worst = numbers.ranks(report)
    table = report.levels.assign(
        colleges=report.levels["province"].map(colleges).fillna(0).astype(int),
        best=best,
        worst=worst,
    )

    def cells(row):
        level = percent(row.level) + writer.span((row.low, row.high), percent, row.level)
        rank = words.rank_range(row.best, row.worst) if np.isfinite(row.best) else "—"
        return (
            level if np.isfinite(row.level) else words.missing,
            percent(row.geks) if np.isfinite(row.geks) else words.missing,
            number(row.mean),
            number(row.certificates),
            *(() if report.unranked else (rank,)),
        )

    rows = [[name, *cells] for name, _, *cells in _rows(report, table, cells)]
    return writer.table(
        report.label("table", 3),
        words.captions["levels"],
        [
            text
            for column, text in words.level_columns.items()
            if column != "rank" or not report.unranked
        ],
        _marked(report, table, rows),
        source=report.source,
        note=words.level_note(),
        columns=("approved_fee", "mean_approved_fee"),
        marked=_own(report, table),
    )


def cost(report: ProvinceComparison) -> Block:
    """表4: cost and funding by province."""

    def cells(row):
        reach = (row.plain - row.reach, row.plain + row.reach)
        return (
            number(row.served),
            number(row.each),
            number(row.plain) + report.writer.span(reach, count, row.plain),
            f"{100 * row.burden:.2f}" if np.isfinite(row.burden) else "—",
            percent(row.coverage),
            number(row.gap_each, 1),
        )

    return report.writer.table(
        report.label("table", 4),
        report.words.captions["cost"],
        report.words.cost_columns,
        _marked(report, report.table, _rows(report, report.table, cells)),
        source=report.source,
        note=report.words.cost_note(),
        columns=("served", "fee_bill", "college_cash_cost", "burden", "coverage", "funding_gap"),
        marked=_own(report, report.table),
    )


def settlement(report: ProvinceComparison) -> Block:
    """表5: settlement by province; batches without a known fee are counted apart."""
    words = report.words
    if not len(report.ledger.batches):
        return paragraphs(words.nothing["settlement"])
    found = pc.settlement(report.ledger)
    unknown = bool(found["unknown"].any())

    def cells(row):
        reach = report.writer.span((row.low, row.high), percent, row.share)
        return (
            number(row.batches),
            *((number(row.unknown),) if unknown else ()),
            percent(row.share) + reach if row.due else "—",
            percent(row.rate),
        )

    return report.writer.table(
        report.label("table", 5),
        words.settlement_caption(report.ledger.at.date()),
        [
            text
            for column, text in words.settlement_columns.items()
            if column != "unknown" or unknown
        ],
        _rows(report, found, cells),
        source=report.source,
        note=words.settlement_note(unknown),
        columns=("settlement_rate",),
        marked=_own(report, found),
    )


def parts(report: ProvinceComparison, table: pd.DataFrame) -> Block:
    """表6: the parts of each province's difference from the national mean."""
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
    return writer.table(
        report.label("table", 6),
        report.words.captions["parts"],
        header,
        rows,
        source=report.source,
        columns=("fee_bill", "college_cash_cost", "served"),
        marked=_own(report, table),
    )
