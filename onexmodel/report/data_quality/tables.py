"""Tables of data_quality: cells, filing, what stands in for cells, findings, what each report lacks, and what to mend first."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from ...analysis.needs import Gap, Place, needs
from ...analysis.quality.cells import Column
from ...analysis.quality.filing import FILED, Item, count_of, gap_key
from ...analysis.quality.money import keys_of
from ...data.checking.impute import METHODS
from ...data.forms.defaults import STATUS, defaults
from ...data.schema import load_schema
from ..annex.values import value_text
from ..page.blocks import Block, paragraphs
from ..page.numbers import number, percent, points
from ..page.words import FINDINGS, foreign
from . import numbers

if TYPE_CHECKING:
    from .report import DataQuality


def filled(given: float, asked: float) -> str:
    """A share of cells or colleges in %, 100 only where all are there."""
    return number(100) if given == asked else percent(min(given / asked, 0.999)) if asked else "—"


def cells(report: DataQuality) -> Block:
    """A row a table: rows, cells asked, filled, taken, empty, and how its rows are known; tables without a row say so."""
    words, found = report.words, report.cells
    made = {row.table: row for row in found.itertuples()}
    rows = []
    for table in load_schema():
        if row := made.get(table):
            counts = (row.rows, row.asked, row.taken, row.blank)
            rest = [points(share) for share in (row.observed, row.estimated, row.simulated)]
            lines, asked, *others = map(number, counts)
            cells = [lines, asked, filled(row.given, row.asked), *others, *rest]
        elif table != "sources":
            cells = [words.absent, *["—"] * 7]
        else:
            continue
        rows.append([numbers.table_name(report, table), *cells])
    sums = found[["rows", "asked", "given", "taken", "blank"]].sum()
    shares = [points(share) for share in report.states.values()]
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
        row = [number(len(asked)), number(len(has)), filled(len(has), len(asked))]
        named = words.first(missing[: numbers.SHOWN], len(missing) > numbers.SHOWN)
        rows.append([numbers.table_name(report, table), *row, *([named] if _named(report) else [])])
    columns = [text for name, text in words.filing_columns.items() if name != "who"]
    header = columns + ([words.filing_columns["who"]] if _named(report) else [])
    note = words.filing_note(report.study.year)
    return report.numbered_table("filing", words.captions["filing"], header, rows, note=note)


def _named(report: DataQuality) -> bool:
    """Are colleges named?"""
    return report.writer.internal and not report.alone


def columns(report: DataQuality) -> Block:
    """What stands in for cells that were not filled in: how many, by which rule, how much of the fee bill rests on them."""
    words = report.words
    rows = [
        [
            f"{numbers.table_name(report, one.table)}·{numbers.column_name(report, one.table, one.column)}",
            number(len(at)),
            _taken(report, one, way, at),
            _share(report, one, at),
            *([numbers.cells(report, one.table, at, one.column)] if report.writer.internal else []),
        ]
        for one in report.columns
        for way, at in one.ways.items()
    ]
    if not rows:
        return paragraphs(words.nothing["columns"])
    header = _with_places(report, words.column_columns)
    note = words.columns_note
    caption = words.captions["columns"]
    return report.numbered_table("columns", caption, header, rows, note=note, text=True)


def _share(report: DataQuality, one: Column, rows: np.ndarray) -> str:
    """The share of the fee bill that rests on cells of a column, in %."""
    found = report.bill.resting(keys_of(report.held, one.table, rows, report.study.year))
    return report.writer.shown(percent(found.share), found.least) if found.colleges else "—"


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
        said = " ".join(f.what for f in tables.findings if f.code == "imputed")
        return words.way_imputed(
            [words.methods[name] for name, zh in METHODS.items() if zh in said]
        )
    if way == "form":
        texts = dict.fromkeys(tables.origins[one.table].made[one.column][row] for row in rows)
        return words.listed([_of_form(report, text) for text in texts])
    return words.way_none


def _of_form(report: DataQuality, text: str) -> str:
    """A default of the short form with its source, in the report's language."""
    for default in defaults().values():
        given, status = default.given, STATUS[default.given["status"]]
        if found := re.fullmatch(f".*：{given['zh']} ?(.*)，{status}(.*)", text):
            lang = report.writer.lang
            taken = found[1] if lang == "zh" else "".join(re.findall(r"^[\d.]+", found[1]))
            return report.words.way_form(given[lang], taken, given["source"][lang])
    return foreign(text, report.writer.lang)


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
        said = str(first["sentence"]).removeprefix(f"{first['key']}：") if exact else annex.general_finding(kind.rule, count)
        if not known and not exact:
            said = words.kind_said.get(kind.rule, said)
        named = words.kind_names.get(kind.rule) or report.writer.word(
            FINDINGS, kind.rule if kind.rule in FINDINGS else "data"
        )
        group = words.groups[kind.group]
        money = report.money(kind.resting) if kind.resting.colleges else "—"
        rows.append([group, named, said, number(count), money, numbers.where(report, kind)])  # fmt: skip
    header = list(words.kind_columns)
    return report.numbered_table(
        "kinds", words.captions["kinds"], header, rows, text=True, note=words.kinds_note
    )


def reports(report: DataQuality) -> Block:
    """Each report: can it be made, and what it lacks."""
    words, rows = report.words, []
    for name, own in report.lacking.items():
        state = "stopped" if any(gap.need.get("stops") for gap in own) else "partly" if own else "whole"  # fmt: skip
        said = [words.gap(_says(report, gap), count_of(gap.places), _first(report, gap.places)) for gap in own]  # fmt: skip
        rows.append([report_title(report, name), words.standing[state], words.listed(said) or "—"])
    header = list(words.report_columns.values())
    caption = words.captions["reports"]
    return report.numbered_table("reports", caption, header, rows, text=True)


def report_title(report: DataQuality, name: str) -> str:
    """What a report is called."""
    zh = needs()[name]["title"]
    return report.writer.say(zh, report.words.titles.get(name, name.replace("_", " ")))


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
        titles = [report_title(report, name) for name in item.reports]
        gain = words.gain(titles, item.stops) if titles else words.gains[item.kind]
        money = report.money(item.resting) if item.resting.colleges else "—"
        place = [_item_places(report, item)] if report.writer.internal else []
        rows.append([number(at), item_name(report, item), number(item.count), gain, money, *place])
    header = _with_places(report, words.item_columns)
    return report.numbered_table(
        "items", words.captions["items"], header, rows, text=True, note=words.items_note
    )


def item_name(report: DataQuality, item: Item) -> str:
    """What to fill in or check, in a few words."""
    words = report.words
    if isinstance(item.key, numbers.Kind):
        rule = item.key.rule if item.key.rule in FINDINGS else "data"
        return words.check(
            words.kind_names.get(item.key.rule) or report.writer.word(FINDINGS, rule)
        )
    if isinstance(item.key, Column):
        named = numbers.column_name(report, item.key.table, item.key.column)
        return words.fill(numbers.table_name(report, item.key.table), [named])
    need = dict(item.key)  # type: ignore[call-overload]
    if "table" not in need:
        table, own = words.asks[need["check"]]
        return words.fill(table, own)
    named = [numbers.column_name(report, need["table"], one) for one in need.get("columns", ())]
    return words.fill(numbers.table_name(report, need["table"]), named)


def _item_places(report: DataQuality, item: Item) -> str:
    if isinstance(item.key, numbers.Kind):
        return numbers.where(report, item.key)
    if isinstance(item.key, Column):
        rows = np.concatenate(list(item.key.ways.values()))
        return numbers.cells(report, item.key.table, sorted(rows), item.key.column)
    return numbers.places(report, item.places)


def _with_places(report: DataQuality, columns) -> list[str]:
    """Headers, that of the addresses in an internal report only."""
    return [text for name, text in columns.items() if name != "where" or report.writer.internal]
