"""data_quality: which cells are filled, taken by a rule or empty, what looks wrong and where, and what to mend first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import pandas as pd

from ...analysis.budget.study import cut_off
from ...analysis.disclosure import SMALL
from ...analysis.needs import Place
from ...analysis.quality import filing
from ...analysis.quality.cells import Column, asked_columns, by_table, narrowed, states
from ...analysis.quality.money import Bill, Resting, keys_found, keys_of
from ...data.tables import Tables
from ...engine.accounts.findings import ledger_facts
from ...engine.accounts.ledger import settlement_ledger
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
        return filing.by_province(self.held, self.filed, self.least)

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

    @property
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

    def colleges(self, some: int, every: int) -> str:
        """How many of `every` college: in a circulated report no fewer than five, nor so many that the rest are fewer."""
        rest = every - some
        if not self.writer.may_show(every or SMALL):
            return self.writer.shown(number(some), every)
        if some < SMALL or self.writer.may_show(rest or SMALL):
            return self.writer.shown(number(some), some or SMALL)
        return self.words.at_least(every - SMALL + 1)

    def places_told(self, places: Sequence[Place], count: int) -> str:
        """How many places there are, "" for none: cells as they are, colleges as `colleges` tells them."""
        planning = len(self.study.unfilled.planning)
        if not places or not all(isinstance(one, str) for one in places) or count > planning:
            return number(count) if count else ""
        return self.colleges(count, planning)

    def may_tell(self, asked) -> bool:
        """May it be told how many of these colleges have filed something? Of none there is nothing to tell."""
        return not asked or bool(self.writer.may_show(len(asked)))

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
            for table, (asked, has) in self.filed.items()
            if self.may_tell(asked)
        }
        made |= {f"found.{one.severity}.{one.rule}": float(len(one.found)) for one in self.kinds}
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
