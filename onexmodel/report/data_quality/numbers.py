"""What data_quality says of findings: their kinds, the money that rests on them, and where they stand. Plain numbers and addresses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ...analysis.needs import Cells, Place
from ...analysis.quality.filing import count_of
from ...analysis.quality.money import Bill, Resting, keys_found
from ...analysis.run_faults import AT, rows_named
from ...data.schema import load_schema
from ...data.tables import Origin, column_letter
from ..front.opening import certificate_names
from ..page.words import LEVELS, foreign

if TYPE_CHECKING:
    from .report import DataQuality

SHOWN = 3  # places of a kind, or colleges, that an internal report names
# findings on what is not there: cells and tables, which the other tables of the report count
GAPS = {
    "special_case_without_document", "plans_without_fee", "fee_missing", "fee_not_in_force", "no_funding",
    "no_pay_pool", "no_costs", "cap_missing", "unverified", "few_colleges", "cap_removed", "mixed",
    "teachers_missing", "left_out", "impute", "special_case_without_fee", "no_document", "no_published_fee",
}  # fmt: skip
LAYOUT = ("hidden", "about", "no_register", "unknown_table")  # how files are laid out
TAKEN = ("default", "imputed")  # that a rule stands in for cells: counted column by column
DOUBTED = ("voucher_again",)  # notes that are doubts all the same
OF_ACCOUNTS = ("paid_above_standard", "invoiced_not_recorded", "paid_twice", "unmatched_payment", "two_fees")  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """Findings of one kind. `group`: doubt (a value looks wrong), gap (something is not there) or note."""

    rule: str
    severity: str
    group: str
    found: Sequence[Mapping]
    resting: Resting


def kinds(found: Sequence[Mapping], bill: Bill) -> list[Kind]:
    """Doubts first, then gaps, then notes; of a group those that most money rests on. Cells that a rule stands in for are left out."""
    groups: dict[tuple[str, str], list[Mapping]] = {}
    for one in found:
        if not one["rule"].startswith(TAKEN):
            groups.setdefault((one["rule"], one["severity"]), []).append(one)
    made = [
        Kind(rule, severity, _group(rule, severity), own, bill.resting(keys_found(own)))
        for (rule, severity), own in groups.items()
    ]
    order = ("doubt", "gap", "note")
    return sorted(made, key=lambda one: (order.index(one.group), -one.resting.money))


def _group(rule: str, severity: str) -> str:
    if rule in GAPS:
        return "gap"
    doubt = (severity == "warning" and not rule.startswith(LAYOUT)) or rule in DOUBTED
    return "doubt" if doubt else "note"


def table_name(report: DataQuality, table: str) -> str:
    """A table as its sheet is called, in English by its name."""
    sheet = next(iter(load_schema()[table].values())).sheet
    return report.writer.say(sheet, table.replace("_", " "))


def column_name(report: DataQuality, table: str, column: str) -> str:
    """A column as its header reads."""
    header = load_schema()[table][column].header
    return report.writer.say(header, column.replace("_", " "))


# a cell to be named: (sheet or file, letter of the column in a workbook, header, row); or a name
Spot = tuple[str, str, str, int] | str


def _spot(origin: Origin, row: int, column: str) -> Spot:
    """The row of a file, at a column."""
    letter = column_letter(origin.columns[column]) if column in origin.columns else ""
    header = origin.headers.get(column, column)
    return (origin.sheet, letter or "?", header, row) if origin.sheet else (origin.file, "", header, row)  # fmt: skip


def named(report: DataQuality, spots: Iterable[Spot], more: bool) -> str:
    """Spots in words, those of one column together; `more`: there are others."""
    words: dict[tuple[str, str, str] | str, list[int]] = {}
    for one in dict.fromkeys(spots):
        if isinstance(one, str):
            words[one] = []
        else:
            words.setdefault(one[:3], []).append(one[3])
    told = [
        key if isinstance(key, str) else report.words.address(*key, sorted(rows))
        for key, rows in words.items()
        if key
    ]
    return report.words.first(told, more)


def spots(report: DataQuality, table: str, rows: Sequence[int], column: str) -> list[Spot]:
    """The first cells of a column that stand in a file: not those that the short form makes."""
    origin = report.held.origins[table]
    made = origin.made.get(column)
    return [
        _spot(origin, origin.shared.get(column, int(origin.rows[row])), column)
        for row in rows[:SHOWN]
        if column in origin.columns and not (made and made[row])
    ]


def where(report: DataQuality, kind: Kind) -> str:
    """Where findings stand: the first addresses; in a circulated report the tables only."""
    if report.writer.internal:
        first = [_of_finding(report, one) for one in kind.found[:SHOWN]]
        return named(report, first, len(kind.found) > SHOWN)
    tables = dict.fromkeys(_table(report, one) for one in kind.found)
    return report.words.first([table_name(report, one) for one in tables if one], False)


def _table(report: DataQuality, one: Mapping) -> str:
    """The table that a finding is about, "" of none."""
    at, origins = one.get("at"), report.study.tables.origins
    if not at:
        return one["table"]
    return next((name for name, own in origins.items() if (own.file, own.sheet) == at[:2]), "")


def _of_finding(report: DataQuality, one: Mapping) -> Spot:
    """The cell of a finding; as it says itself where it is of none."""
    tables, table, key = report.study.tables, _table(report, one), one.get("keys")
    origin = tables.origins.get(table)
    if one.get("at") and origin:
        names = {at: name for name, at in origin.columns.items()}
        return _spot(origin, one["at"][2], names.get(one["at"][3], ""))
    named_by = [name for name in key[0] if name in tables[table]] if origin and key else []
    if origin and key and named_by and len(rows := rows_named(tables, table, key[0])):
        return _spot(origin, int(origin.rows[rows[-1]]), AT.get(one["rule"]) or named_by[0])
    for column in ("voucher", "assessment"):
        if origin and column in tables[table]:
            at = np.flatnonzero(tables[table][column] == one["key"])
            if len(at):
                return _spot(origin, int(origin.rows[at[0]]), column)
    if one.get("certificate"):
        name = certificate_names(report.study, report.writer, [one["certificate"]])[0]
        return f"{name} {report.writer.word(LEVELS, one['level'])}" if one.get("level") else name
    return "" if one["key"].isdecimal() else foreign(one["key"], report.writer.lang)  # a year


def places(report: DataQuality, some: Sequence[Place]) -> str:
    """The first of the places of a gap: cells, or names."""
    first: list[Spot] = []
    for one in some:
        if isinstance(one, Cells):
            letter = "" if one.sheet.lower().endswith(".csv") else column_letter(one.column)
            first += [(one.sheet, letter, "", row) for row in list(one.rows)[:SHOWN]]
        else:
            first.append(one)
    return named(report, first[:SHOWN], count_of(some) > SHOWN)
