"""Tables of data_quality: cells, filing, what stands in for cells, findings, what each report lacks, and what to mend first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...analysis.needs import Gap, Place, report_title
from ...analysis.quality.cells import Column
from ...analysis.quality.filing import FILED, Item, gap_key
from ...analysis.quality.money import keys_of
from ...data.checking.impute import METHODS
from ...data.checking.row_status import DOCUMENTS
from ...data.forms.defaults import Taken
from ...data.schema import load_schema
from ..annex.values import value_text
from ..page.blocks import Block, paragraphs
from ..page.numbers import number, percent, points, share
from ..page.words import CHINESE, FINDINGS, foreign
from . import numbers

if TYPE_CHECKING:
    from .report import DataQuality


def filled(given: float, asked: float) -> str:
    """A share of cells or colleges in %, 100 only where all are there."""
    if not asked or given in (0, asked):
        return number(100 * bool(given)) if asked else "—"
    return percent(min(max(given / asked, 0.001), 0.999))


def cells(report: DataQuality) -> Block:
    """A row a table: rows, cells asked, filled, taken, empty, and how its rows are known; tables without a row say so."""
    words, found = report.words, report.cells
    made = {row.table: row for row in found.itertuples()}
    rows = []
    for table in load_schema():
        if table == DOCUMENTS:
            continue
        if row := made.get(table):
            counts = (row.rows, row.asked, row.taken, row.blank)
            rest = [points(part) for part in (row.observed, row.estimated, row.simulated)]
            lines, asked, *others = map(number, counts)
            cells = [lines, asked, filled(row.given, row.asked), *others, *rest]
        else:  # no row, or (the short form) rows of codes only
            lines = number(len(report.held[table])) if len(report.held[table]) else words.absent
            cells = [lines, *["—"] * 7]
        rows.append([numbers.table_name(report, table), *cells])
    sums = found[["rows", "asked", "given", "taken", "blank"]].sum()
    shares = [points(part) for part in report.states.values()]
    total = [number(sums["rows"]), number(sums["asked"]), filled(sums["given"], sums["asked"])]
    rows.append([words.total, *total, number(sums["taken"]), number(sums["blank"]), *shares])
    captions, header = words.captions, list(words.cell_columns.values())
    return report.numbered_table(
        "cells", captions["cells"], header, rows, total=True, note=words.cells_note
    )


def filing(report: DataQuality) -> Block:
    """A row a table that every college files: how many are to, how many have; who has not, in an internal report."""
    words, home = report.words, report.held["colleges"]
    called = dict(zip(home["college"], home["name"], strict=True))
    rows = []
    for table in FILED:
        asked, has = report.filed[table]
        lacking = asked - has
        missing = [called[one] or one for one in called if one in lacking]
        row = [*report.filed_told(table), filed_share(report, table)]
        named = words.first(missing[: numbers.SHOWN], len(missing) > numbers.SHOWN)
        rows.append([numbers.table_name(report, table), *row, *([named] if _named(report) else [])])
    columns = [text for name, text in words.filing_columns.items() if name != "who"]
    header = columns + ([words.filing_columns["who"]] if _named(report) else [])
    note = words.filing_note(report.study.year)
    caption = words.captions["filing"]
    return report.numbered_table("filing", caption, header, rows, note=note, text=_named(report))


def filed_share(report: DataQuality, table: str, unit: str = "") -> str:
    """How many of the colleges that are to have filed a table, in %; hidden in a circulated report where it tells of few."""
    asked, has = report.filed[table]
    text = filled(len(has), len(asked))
    return report.writer.if_told(text + unit if asked else text, report.may_tell(table))


def _named(report: DataQuality) -> bool:
    """Are colleges named?"""
    return report.writer.internal and not report.alone


def columns(report: DataQuality) -> Block:
    """What stands in for cells that were not filled in: how many, by which rule, how much of the fee bill rests on them. Columns of a table that
    one rule stands in for share a row."""
    words, year, groups = report.words, report.study.year, {}
    for one in report.columns:
        for way, at in one.ways.items():
            text = _taken(report, one, way, at)
            groups.setdefault((one.table, text), []).append((one.column, at))
    rows = []
    for (table, text), some in groups.items():
        names = [numbers.column_name(report, table, column) for column, _ in some]
        found = report.bill.resting(*(keys_of(report.held, table, at, year) for _, at in some))
        part = report.writer.shown(share(found.share), found.least) if found.colleges else "—"
        first = [one for column, at in some for one in numbers.spots(report, table, at, column)]
        place = numbers.named(report, first, len(first) < sum(len(at) for _, at in some))
        row = [words.cell_name(numbers.table_name(report, table), words.first(names, False)), text]
        row += [number(sum(len(at) for _, at in some)), part]
        rows.append([*row, *([place] if report.writer.internal else [])])
    if not rows:
        return paragraphs(words.nothing["columns"])
    header, note = _with_places(report, words.column_columns), words.columns_note
    caption = words.captions["columns"]
    return report.numbered_table("columns", caption, header, rows, note=note, text=True)


def _taken(report: DataQuality, one: Column, way: str, rows: np.ndarray) -> str:
    """What stands in for the cells, and where it comes from."""
    words, tables, lang = report.words, report.held, report.writer.lang
    if way == "default":
        parameter = report.study.law.parameters.get(f"volume.default_{one.column}")
        if parameter is None:
            return words.way_index
        value = report.study.laws.before[parameter.name]
        return words.way_default(parameter.title(lang), value_text(value, lang, parameter))
    if way == "imputed":
        origin = tables.origins[one.table]
        named = f"{origin.sheet_name}「{origin.headers.get(one.column, one.column)}」"
        said = " ".join(one.what for one in tables.findings if one.where == named)
        return words.way_imputed(
            [words.methods[name] for name, zh in METHODS.items() if zh in said]
        )
    if way == "form":
        made = tables.origins[one.table].made[one.column]
        return words.listed(
            [_of_form(report, source) for source in dict.fromkeys(made[row] for row in rows)]
        )
    return words.way_none


def _of_form(report: DataQuality, source: object) -> str:
    """What the short form took, with its source, in the report's language; a value in words in Chinese only."""
    lang = report.writer.lang
    if not isinstance(source, Taken):
        return foreign(str(source), lang)
    given = source.default.given
    value = "" if CHINESE.search(source.value) else source.value
    amount = source.amount if lang == "zh" else value
    return report.words.way_form(given[lang], amount, given["source"][lang])


def kinds(report: DataQuality) -> Block:
    """Findings by kind: what is wrong, how many, the money that rests on them, where they stand."""
    words, annex = report.words, report.writer.words("annex")
    if not report.kinds:
        return paragraphs(words.nothing["kinds"])
    rows = []
    for kind in report.kinds:
        first, count = kind.found[0], len(kind.found)
        exact = report.writer.internal and report.writer.lang == "zh" and count == 1
        known = kind.rule in annex.general_findings
        said, told = report.kind_told(kind)
        if exact:
            said = str(first["sentence"]).removeprefix(f"{first['key']}：")
        if not known and not exact:
            said = words.kind_said.get(kind.rule, said)
        group = words.groups[kind.group]
        money = report.money(kind.resting) if kind.resting.colleges else "—"
        rows.append([group, kind_name(report, kind), said, told, money, numbers.where(report, kind)])  # fmt: skip
    header = list(words.kind_columns)
    return report.numbered_table(
        "kinds", words.captions["kinds"], header, rows, text=True, note=words.kinds_note(report.day)
    )


def reports(report: DataQuality) -> Block:
    """Each report: can it be made, and what it lacks."""
    words, rows = report.words, []
    for name, own in report.lacking.items():
        state = "stopped" if any(gap.need.get("stops") for gap in own) else "partly" if own else "whole"  # fmt: skip
        said = [words.gap(_says(report, gap), report.gap_told(gap.need.get("table", ""), gap.places), _first(report, gap.places)) for gap in own]  # fmt: skip
        rows.append(
            [
                report_title(name, report.writer.language),
                words.standing[state],
                words.listed(said) or "—",
            ]
        )
    header = list(words.report_columns.values())
    caption = words.captions["reports"]
    return report.numbered_table("reports", caption, header, rows, text=True)


def _says(report: DataQuality, gap: Gap) -> str:
    """What then cannot be told."""
    zh = gap.need["says"]
    return report.words.says.get(gap_key(gap.need), foreign(zh, report.writer.lang))


def _first(report: DataQuality, places: list[Place]) -> str:
    return numbers.places(report, places) if report.writer.internal else ""


def items(report: DataQuality) -> Block:
    """What to mend first."""
    words = report.words
    if not report.items:
        return paragraphs(words.nothing["items"])
    rows = []
    for at, item in enumerate(report.items, start=1):
        gain = words.gain(*(report_titles(report, some) for some in (item.makes, item.completes)))
        money = report.money(item.resting) if item.resting.colleges else "—"
        place = [_item_places(report, item)] if report.writer.internal else []
        row = [number(at), item_name(report, item), report.item_told(item)]
        rows.append([*row, gain or words.gains[item.kind], money, *place])
    header = _with_places(report, words.item_columns)
    return report.numbered_table(
        "items", words.captions["items"], header, rows, text=True, note=words.items_note
    )


def report_titles(report: DataQuality, names) -> list[str]:
    """What reports are called."""
    return [report_title(name, report.writer.language) for name in names]


def item_name(report: DataQuality, item: Item) -> str:
    """What to fill in or check, in a few words."""
    if item.kind == "check":
        return report.words.check(kind_name(report, item.what))
    column = item.kind == "column"
    table, names = (item.what.table, (item.what.column,)) if column else item.what
    named = [numbers.column_name(report, table, one) for one in names]
    return report.words.fill(numbers.table_name(report, table), named)


def kind_name(report: DataQuality, kind: numbers.Kind) -> str:
    """What a kind of finding is called."""
    rule = kind.rule if kind.rule in FINDINGS else "data"
    return report.words.kind_names.get(kind.rule) or report.writer.word(FINDINGS, rule)


def _item_places(report: DataQuality, item: Item) -> str:
    if item.kind == "check":
        return numbers.where(report, item.what)
    if item.kind == "gap":
        return numbers.places(report, item.places)
    rows = sorted(np.concatenate(list(item.what.ways.values())).tolist())
    first = numbers.spots(report, item.what.table, rows, item.what.column)
    return numbers.named(report, first, len(rows) > len(first))


def _with_places(report: DataQuality, columns) -> list[str]:
    """Headers, that of the addresses in an internal report only."""
    return [text for name, text in columns.items() if name != "where" or report.writer.internal]
