"""The year's budget sheet: use × economic code × source, budgeted, final, left; parts add to totals in print."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...analysis.budget.sheet import OTHER, budget_lines, budget_sheet
from ...rules.funding import SOURCES as SOURCE_KEYS
from ..money import Table
from ..page.blocks import ranged, unbroken
from ..page.numbers import NumberFormat, number
from ..page.rounding import add_up
from ..page.words import SOURCES

if TYPE_CHECKING:
    from .report import BudgetAndSettlement

REPORTED = ("budgeted", "final", "left")
BEFORE = ("budgeted_before", "final_before")  # of the year before


@dataclass(frozen=True)
class Short:
    """A use whose budget falls short: budgeted and needed (yuan), and the part of the need that is budgeted."""

    use: str
    budgeted: float
    need: float
    part: float


@dataclass(frozen=True)
class Sheet:
    """The sheet's lines in yuan (analysis.budget.sheet), by use/code: the uses with their codes, the last row all. `least`:
    colleges that a cell must have to be shown; `write`: how money is written; `seen`: up to how many yuan are nothing in print."""

    lines: pd.DataFrame
    least: int
    write: NumberFormat
    seen: float

    @cached_property
    def used(self) -> list[str]:
        """Sources that pay something in print."""
        return [source for source in SOURCE_KEYS if self.lines.at["all/", source] > self.seen]

    @cached_property
    def uses(self) -> pd.DataFrame:
        """The lines of whole uses."""
        return self.lines[(self.lines["code"] == "") & (self.lines["use"] != "all")]

    @property
    def hidden(self) -> bool:
        """Is a use reported by so few that its cells are hidden? Then the total, less the others, must not give it away."""
        return bool(self.uses["colleges"].between(1, self.least - 1).any())

    @cached_property
    def money(self) -> pd.DataFrame:
        """In the unit of print, numbers that add down (codes to uses to total) and across (sources and gap to need, left to budgeted − final)."""
        frame = self.write.inside(self.lines[["need", "gap", *REPORTED, *self.used]])
        small = [source for source in SOURCE_KEYS if source not in self.used]
        frame["need"] -= self.write.inside(self.lines[small].sum(axis=1))  # they have no column
        codes = self.lines[self.lines["code"] != ""].groupby("use", sort=False).groups
        down = {f"{use}/": list(names) for use, names in codes.items()}
        down["all/"] = self.uses.index.tolist()
        across = {"need": {**dict.fromkeys(self.used, 1), "gap": 1}}
        both = frame[list(REPORTED)].dropna()
        if (np.abs(both["budgeted"] - both["final"] - both["left"]) < 1e-6).all():
            across["budgeted"] = {"final": 1, "left": 1}
        return add_up(frame, down, across, self.write.decimals)

    @property
    def last_year(self) -> list[str]:
        """Columns of the year before that hold a number that may be shown."""
        return [name for name in BEFORE if self.lines[name].notna().any()]

    def short(self) -> tuple[bool, list[Short]]:
        """(is there a budget that may be shown, the uses whose budget stands under nine tenths of the modelled need)."""
        uses = self.uses[self.uses["budgeted"].notna() & (self.uses["colleges"] >= self.least)]
        few = uses[uses["budgeted"] < 0.9 * uses["need"]]
        return len(uses) > 0, [
            Short(row.use, row.budgeted, row.need, row.budgeted / row.need)
            for row in few.itertuples()
        ]


def sheet_of(report: BudgetAndSettlement) -> Sheet:
    """The sheet of a report's scheme; uses and codes that need nothing and that nobody reports are left out."""
    lines = budget_sheet(report.study, report.accounts, report.runs[1], report.view, report.least)
    lines = lines.set_index(lines["use"] + "/" + lines["code"])
    some = (lines["need"] > 0) | lines["budgeted"].notna() | (lines["use"] == "all")
    before = _year_before(report)
    for name, column in zip(BEFORE, ("budgeted", "final"), strict=True):
        lines[name] = np.where(lines["code"] == "", lines["use"].map(before[column]), np.nan)
    return Sheet(lines[some], report.least, report.writer.money, report.seen)


def _year_before(report: BudgetAndSettlement) -> pd.DataFrame:
    """use (and all) → budgeted and final of the year before, yuan; a use that few colleges reported is missing, and then the total too."""
    lines = budget_lines(report.accounts, report.study.year - 1)
    by_use = lines.groupby("use")
    sums = by_use[["budgeted", "final"]].sum(min_count=1)
    few = by_use["college"].nunique() < report.least
    sums = sums.mask(few)
    if len(lines) and not few.any():
        sums.loc["all"] = lines[["budgeted", "final"]].sum(min_count=1)
    return sums


def sources_table(report: BudgetAndSettlement) -> Table:
    """Need, what each source pays, and gap, a row a use."""
    words, writer, sheet = report.words.budget_columns, report.writer, report.sheet
    columns = {"need": words["need"]}
    columns |= {source: writer.word(SOURCES, source) for source in sheet.used}
    columns |= {"gap": words["gap"]} if report.funded else {}
    rows = []
    for key in [*sheet.uses.index, "all/"]:
        use, ranges = sheet.lines.at[key, "use"], _ranges(sheet.lines.at[key, "use"])
        row: list[object] = [report.words.use_line(use, "")]
        for column in columns:
            text = number(sheet.money.at[key, column], writer.money.decimals)
            said = column in ranges
            row.append(ranged(text, report.span(ranges[column])) if said else text)
        rows.append(row)
    return [words["use"], *columns.values()], rows


def sheet_table(report: BudgetAndSettlement) -> Table:
    """Need, budgeted, final, left, and last year's where there is one: a use, then its codes; a use with one code stands alone with it."""
    words, sheet, rows = report.words, report.sheet, []
    for use, some in sheet.lines.groupby("use", sort=False):
        codes = [code for code in some["code"] if code]
        only = codes[0] if len(codes) == 1 and codes[0] != OTHER else ""
        rows.append(_row(report, f"{use}/", words.use_line(use, only)))
        for code in codes if len(codes) > 1 else ():
            rows.append(_row(report, f"{use}/{code}", "\u3000" + words.code_line(code)))
    columns = ("code", "need", *REPORTED, *sheet.last_year)
    return [words.budget_columns[name] for name in columns], rows


def _ranges(use: str) -> dict[str, str]:
    """Column → the interval that stands in it: need and gap of a use and of all, sources of all."""
    if use == "all":
        return {name: name for name in ("need", "gap", *SOURCE_KEYS)}
    return {name: f"{name}.{use}" for name in ("need", "gap")}


def _row(report: BudgetAndSettlement, key: str, name: str) -> list:
    """One line: its name, need, what is reported, and last year's."""
    sheet, writer, write = report.sheet, report.writer, report.writer.money
    seen = 0 if key == "all/" and sheet.hidden else int(sheet.lines.at[key, "colleges"])

    def cell(value: float) -> str:
        text = number(value, write.decimals)
        return writer.shown(text, seen) if np.isfinite(value) else text

    need, *reported = (sheet.money.at[key, column] for column in ("need", *REPORTED))
    before = map(write, sheet.lines.loc[key, sheet.last_year])
    return [unbroken(name), number(need, write.decimals), *map(cell, reported), *before]
