"""data_quality: which cells are filled, taken by a rule or empty, what looks wrong and where, and what to mend first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import pandas as pd

from ...analysis.budget.study import cut_off
from ...analysis.needs import Place
from ...analysis.quality import filing
from ...analysis.quality.cells import Column, asked_columns, by_table, narrowed, states
from ...analysis.quality.money import Bill, Resting, keys_found, keys_of
from ...data.tables import Tables
from ...engine.accounts.findings import ledger_facts
from ...engine.accounts.ledger import settlement_ledger
from ...engine.findings.finding import of_colleges
from ..annex.findings import said_in_general
from ..common import SchemeReport
from ..front.opening import opened, place_names
from ..make.gate import QualityParameters
from ..page.blocks import Block, bullets
from ..page.numbers import number
from . import figures, front, numbers, tables

FIRST = 10  # of the list of what to fill in
BEHIND = (
    "provinces",
    "certificates",
    "components",
    "ingredients",
    "fees",
    "offerings",
)  # what fees are made of


@dataclass(frozen=True)
class DataQuality(SchemeReport):
    """One data_quality report."""

    name = "data_quality"
    measure = "fee_bill"
    topics = ("volume.default_",)

    @cached_property
    def held(self) -> Tables:
        """The rows of the place."""
        return narrowed(self.study)

    @cached_property
    def columns(self) -> list[Column]:
        """The columns asked for."""
        return asked_columns(self.held)

    @cached_property
    def cells(self) -> pd.DataFrame:
        """A row a table (analysis.quality.cells.by_table)."""
        return by_table(self.held, self.columns)

    @cached_property
    def states(self) -> dict[str, float]:
        """Shares of the cells with a value: observed, estimated, simulated."""
        return states(self.cells)

    @cached_property
    def bill(self) -> Bill:
        """The fee bill of the data as they are, by offering."""
        return Bill.of(self.study, self.runs[0])

    @cached_property
    def filed(self):
        """table → (colleges that are to file it, those that have)."""
        return filing.filing(self.study, self.held)

    @cached_property
    def provinces(self) -> pd.DataFrame:
        """What share of colleges has filed each table, a row a province that may be shown."""
        return filing.by_province(self.held, self.filed, self.writer.internal)

    @cached_property
    def lacking(self):
        """report → its gaps."""
        return filing.report_gaps(self.study, self.held)

    @cached_property
    def kinds(self) -> list[numbers.Kind]:
        """The findings of the place by kind."""
        return numbers.kinds(self.placed_findings() + self._of_accounts(), self.bill)

    @property
    def doubts(self) -> list[numbers.Kind]:
        """Kinds of values that look wrong."""
        return [kind for kind in self.kinds if kind.group == "doubt"]

    @property
    def doubted(self) -> int:
        """How many values look wrong."""
        return sum(len(kind.found) for kind in self.doubts)

    @cached_property
    def doubtful(self) -> Resting:
        """The money that rests on them."""
        return self.bill.resting(*(keys_found(kind.found) for kind in self.doubts))

    @property
    def behind(self) -> list[Column]:
        """The columns behind the fee bill with cells that were not filled in."""
        return [one for one in self.columns if one.ways and one.table in BEHIND]

    @cached_property
    def unfilled(self) -> Resting:
        """The money that rests on cells behind it that were not filled in, whatever a rule took instead."""
        cells = [(one.table, way) for one in self.behind for way in one.ways.values()]
        year = self.study.year
        return self.bill.resting(*(keys_of(self.held, table, way, year) for table, way in cells))

    @cached_property
    def items(self) -> list[filing.Item]:
        """What to fill in, then what to check, in this order."""
        given = (self.study, self.held, self.bill)
        gaps = filing.gap_items(*given, self.lacking)
        rest = filing.column_items(*given, self.columns, gaps) + self.checks
        return (gaps + sorted(rest, key=lambda one: -one.resting.money))[:FIRST]

    @cached_property
    def checks(self) -> list[filing.Item]:
        """What to check."""
        return [filing.Item("check", one, len(one.found), one.resting) for one in self.doubts]

    def _of_accounts(self) -> list[dict]:
        """What the place's accounts show that looks wrong."""
        if not self.day:
            return []
        ledger = settlement_ledger(self.held, self.view, self.day)
        payer = {
            key: college
            for table, name in (("payments", "voucher"), ("assessments", "assessment"))
            for key, college in zip(
                self.held[table][name], self.held[table]["college"], strict=True
            )
        }
        return [
            {**one, "college": payer.get(one["key"], "")}
            for one in ledger_facts(ledger, self.held)
            if one["rule"] in numbers.OF_ACCOUNTS
        ]

    @property
    def day(self) -> date | None:
        """Up to which day accounts are checked; None without any."""
        if self.held["assessments"].empty:
            return None
        return cut_off(self.study, self.view["settlement.deadline"])

    def filed_told(self, table: str) -> tuple[str, str]:
        """(how many colleges are to file a table, how many have), as far as it may be told."""
        (asked, has), every = self.filed[table], self._could_file(table)
        whole = len(asked) if self.writer.may_tell(len(asked), every) else every
        return self.writer.told(len(asked), every), self.writer.told(len(has), whole)

    def may_tell(self, table: str) -> bool:
        """May it be told which part of the colleges that are to file a table has? With how many have it tells how many are to."""
        (asked, has), every = self.filed[table], self._could_file(table)
        known = self.writer.may_tell(len(asked), every) or len(has) in (0, len(asked))
        return bool(known and self.writer.may_tell(len(has), len(asked)))

    def _could_file(self, table: str) -> int:
        """Colleges that would be to file a table if they planned anything."""
        home = self.held["colleges"].drop_duplicates("college")
        return int((home["ownership"] != "private").sum()) if table == "pay_pools" else len(home)

    def gap_told(self, table: str, places: Sequence[Place]) -> str:
        """How many plans, colleges, cells or other places a gap of a table has, with what is counted; "" for none. Colleges as far as they may be told."""
        count, unit = filing.count_of(places), filing.unit_of(places)
        if unit != "colleges":
            return self.words.counted_places(number(count), unit) if count else ""
        asked = self.filed[table][0] if table in self.filed else self.study.unfilled.planning
        told = self.writer.told(count, len(asked))
        return self.words.counted_places(told, unit)

    def item_told(self, item: filing.Item) -> str:
        """How many places an item of the list has."""
        if item.kind == "gap":
            return self.gap_told(item.what[0], item.places) or self.words.whole_table
        unit = "cells" if item.kind == "column" else ""
        return self.words.counted_places(number(item.count), unit)

    def kind_told(self, kind: numbers.Kind) -> tuple[str, str]:
        """(what is wrong in general; how many) of a kind of findings, colleges as far as they may be told."""
        return said_in_general(self.writer, kind.found, self.study.unfilled)

    def _tells(self, kind: numbers.Kind) -> bool:
        """May it be told how many findings of the kind there are? Findings of colleges as a whole count colleges."""
        unfilled = self.study.unfilled
        return not of_colleges(kind.found) or self.writer.may_tell(
            len(kind.found), unfilled.asked(kind.rule)
        )

    def place_names(self, codes) -> list[str]:
        """Names of provinces."""
        return place_names(self.study, self.writer, codes)

    def money(self, resting: Resting) -> str:
        """A sum that rests on something, hidden in a circulated report where few colleges pay it, or all but few."""
        return self.writer.shown(self.writer.money(resting.money), resting.least)

    def headlines(self) -> dict[str, float]:
        """Counts of cells, findings and filings."""
        sums = self.cells[["asked", "given", "taken", "blank"]].sum()
        made = {f"cells.{name}": float(count) for name, count in sums.items()}
        made |= {f"state.{kind}": share for kind, share in self.states.items()}
        made |= {
            f"filed.{table}": float(len(has))
            for table, (_, has) in self.filed.items()
            if self.may_tell(table) and self.writer.may_tell(len(has), self._could_file(table))
        }
        made |= {
            f"found.{one.severity}.{one.rule}": float(len(one.found))
            for one in self.kinds
            if self._tells(one)
        }
        return made | {
            f"bill.{name}": resting.money
            for name, resting in (("doubtful", self.doubtful), ("unfilled", self.unfilled))
            if self.writer.may_show(resting.least)
        }

    def exhibits(self, kind: str) -> dict[str, bool]:
        """Provinces are drawn where there are two."""
        if kind == "figure":
            return {"columns": True, "provinces": len(self.provinces) > 1}
        return {
            "cells": True,
            "filing": True,
            "columns": any(one.ways for one in self.columns),
            "kinds": bool(self.kinds),
            "reports": True,
            "items": bool(self.items),
        }

    def basis(self) -> Block:
        """一: what is counted."""
        return bullets([self.words.counted(), self.words.stated(), self.words.not_judged()])

    # the notebook's other cells, each a function of the report
    front, noted, decision = front.front, front.noted, front.decision
    columns_figure, provinces_figure = figures.columns, figures.provinces
    cells_table, filing_table, columns_table = tables.cells, tables.filing, tables.columns
    kinds_table, reports_table, items_table = tables.kinds, tables.reports, tables.items


def opened_report(asked: QualityParameters) -> DataQuality:
    """Open the report. Raises OnexError with every fault of the step that fails; data with errors are for `check`."""
    return DataQuality(**vars(opened(asked, ())))
