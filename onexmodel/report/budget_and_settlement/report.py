"""budget_and_settlement: what the year needs, who pays it, and how far the accounts are settled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import wraps

import numpy as np

from ...analysis.budget import study as ss
from ...analysis.budget.pot import TERMS, pot_of, sentence
from ...analysis.items import cost_factors, item_costs
from ...engine.accounts.findings import ledger_facts
from ...errors import Fault, ParameterError
from ..annex.findings import findings_table
from ..annex.notes import Note
from ..front.opening import opened
from ..make.gate import BudgetParameters
from ..page.blocks import Block, bullets, heading, paragraphs
from ..page.charts import item_bars
from ..page.words import ITEMS
from . import figures, numbers, sheet, tables
from . import front as summary
from .base import BudgetBase


def _of_accounts(part: Callable) -> Callable:
    """A part of the page that needs assessment records: where there are none that may be shown, why."""

    @wraps(part)
    def made(self) -> Block:
        if self.settled.shown:
            return part(self)
        return paragraphs(self.words.no_accounts(self.settled))

    return made


@dataclass(frozen=True)
class BudgetAndSettlement(BudgetBase):
    """One budget_and_settlement report: the parts of its page in their order."""

    name = "budget_and_settlement"
    measure = "college_outlay"
    topics = ("settlement.", "funding.", "fees.retake", "pay.", "volume.")

    def tag(self, kind: str, name: str) -> str:
        """The label of a table or figure by its place on the page; parts that are not there take no number."""
        pot, accounts, owes = self.has_pot, self.settled.shown, self.settled.owes
        order = {
            "table": {
                "plan": True,
                "settled": accounts,
                "sheet": True,
                "split": pot,
                "frontier": pot,
                "ages": accounts,
                "findings": accounts,
            },
            "figure": {
                "cost": True,
                "sources": True,
                "frontier": pot,
                "ages": owes,
                "months": accounts,
                "burn": owes,
                "change": True,
            },
        }[kind]
        return self.label(kind, [key for key, here in order.items() if here].index(name) + 1)

    def _table(
        self, name: str, title: str, made: tables.Table, note: str = "", total: bool = True
    ) -> Block:
        """A table of tables.COLUMNS; `total`: its last row is one."""
        return self.writer.table(
            self.tag("table", name),
            title,
            *made,
            note=note,
            source=self.source,
            total=total,
            columns=tables.COLUMNS[name],
        )

    def _figure(self, name: str, finding: str, draw: Callable[[], str], note: str = "") -> Block:
        return self.writer.figure(self.tag("figure", name), finding, draw, note, self.source)

    def front(self) -> Block:
        """Summary page."""
        return summary.front(self)

    def keys(self) -> list[tuple]:
        """Key figures with their note numbers; each says its year."""
        return summary.keys(self)

    def noted(self) -> list[Note]:
        """Trees: needs by use, the gap, and the accounts down to cells."""
        return summary.noted(self)

    def plan_table(self) -> Block:
        """一: the year's assessment plan by level of schooling."""
        return self._table("plan", self.words.plan_title(self.study.year), tables.plan(self))

    @_of_accounts
    def settlement_table(self) -> Block:
        """二, 应付已付核对表: by tier, or by batch in a college's own report."""
        title, note = self.words.settled_title(self.settled), self.words.settled_note()
        return self._table("settled", title, tables.settled(self), note)

    def cost_figure(self) -> Block:
        """三: unit cost by item and bearer."""
        result = self.runs[1]
        scope = self.study.scope(result.compiled)
        items = item_costs(result, scope, cost_factors(self.study))
        heads = max(1e-9, float(np.sum(result.served["served"][scope["offering"]])))
        wide = items.pivot_table(
            index="item", columns="borne_by", values="economic", aggfunc="sum"
        ).reindex(
            index=[item for item in ITEMS if item in set(items["item"])],
            columns=["organisation", "college"],
        )
        wide = (wide.fillna(0.0) / heads).reset_index()
        whole = (wide["organisation"] + wide["college"]).sum()
        part = wide["college"].sum() / max(1e-9, whole)
        finding = self.words.cost_finding(self.study.year, part)
        return self._figure("cost", finding, lambda: item_bars(self.writer, wide))

    def budget_table(self) -> Block:
        """五, 收支预算总表: use × economic code × source, budgeted, final, left; where the budget falls short, how likely it is enough."""
        words, year, found = self.words, self.study.year, sheet.sheet_of(self)
        chances = list(self.enough["share"].items())
        return self._table(
            "sheet",
            words.budget_title(year),
            sheet.sheet_table(self, found),
            words.budget_note(self.uncertain),
        ) + paragraphs(
            words.short_budgets(year, *found.short()),
            words.enough_by_use(len(self.draws["need"]), chances) if chances else "",
        )

    def sources_figure(self) -> Block:
        """五: sources and uses."""
        gap, needs = self.budget.gap, {use: self.sum(f"need.{use}") for use in self.funds.index}
        return self._figure(
            "sources",
            self.words.sources_finding(self.study.year, gap),
            lambda: figures.sources_bars(self.words, self.writer, self.funds, needs, gap),
            self.words.sources_note if self.uncertain else "",
        )

    def measures(self) -> Block:
        """六: gap and measures."""
        words, year, owes = self.words, self.study.year, self.settled.owes
        money = {name: numbers.Sum(value) for name, value in self.idle.items()}
        places = (self.tag("table", "ages"), self.tag("figure", "burn")) if owes else ("", "")
        idle = words.idle(year, money, owes, bool(self.study.college), *places)
        return bullets([words.own_order(self.budget), idle, words.rest(self.budget)])

    def pot(self) -> Block:
        """省级统筹: the split of the provincial pot and the frontier of its weights; nothing for a college or the nation."""
        if not self.of_province:
            return Block("")
        words, year = self.words, self.study.year
        head = heading(3, words.pot_heading)
        if not self.has_pot:
            return head + paragraphs(words.no_pot(year))
        given = self.view["funding.pot_weights"]
        note = words.split_note({term: given.get(term, 0) for term in TERMS})
        found, made = tables.pot_split(self)
        said = sentence(found.iloc[-1], pot_of(self.study, self.runs[1]), self.writer.lang)
        split = self._table("split", words.split_title(year), made, note)
        return head + paragraphs(said) + split + self._frontier()

    def _frontier(self) -> Block:
        words, found = self.words, numbers.frontier(self.study, self.runs[1], self.view)
        made, note = tables.frontier(words, found), words.frontier_table_note
        return self._figure(
            "frontier",
            words.frontier_finding(found),
            lambda: figures.frontier_points(words, found),
            words.frontier_note,
        ) + self._table("frontier", words.frontier_title, made, note, total=False)

    @_of_accounts
    def age_table(self) -> Block:
        """七, 账龄表, and its figure."""
        words, money = self.words, tables.by_age(self)
        table = self._table("ages", words.ages_title(self.at), tables.ages(self, money))
        ages = self.ledger.ages()
        if not ages.sum():
            return table + paragraphs(words.all_settled(self.at))
        return table + self._figure(
            "ages",
            words.ages_finding(self.at, ages[2:].sum() / ages.sum()),
            lambda: figures.age_bars(words, money.loc["all", list(ss.s.BUCKETS)].to_dict()),
        )

    @_of_accounts
    def need_figure(self) -> Block:
        """七: fees by month against the money for fees of the same year."""
        words, fees = self.words, ss.monthly_fees(self.study, self.ledger, self.runs[1])
        if fees is None:
            return paragraphs(words.no_months)
        over, busy = int((fees.due > fees.money).sum()), int((fees.due > 0).sum())
        finding, note = words.months_finding(fees, over, busy), words.months_note(fees)
        return self._figure("months", finding, lambda: figures.need_bars(words, fees), note)

    @_of_accounts
    def burn_figure(self) -> Block:
        """七: settlement burn-down and the plan that clears arrears out of each college's own idle money."""
        words, year = self.words, self.study.year
        if not self.settled.owes:
            return paragraphs(words.nothing_owed(self.at))
        alone = bool(self.study.college)
        burn = ss.burn(self.accounts, self.ledger, self.view)
        return self._figure(
            "burn",
            words.burn_finding(numbers.clearing(year, alone, self.plan, self.idle["other"])),
            lambda: figures.burn_lines(words, burn, self.plan, self.at),
            words.burn_note(year),
        )

    def change_figure(self) -> Block:
        """七: why fee spending changed: price, volume, mix."""
        words = self.words
        years = ss.ledger_change(self.ledger) if self.settled.shown else None
        if years is None and not self.study.composition.changes_anything:
            return paragraphs(words.no_change(self.settled))
        found = years[2] if years else ss.spending_change(self.study, *self.runs)
        parts = numbers.change_parts(found, self.decimals)
        return self._figure(
            "change",
            words.change_finding(years and years[:2], parts, self.decimals),
            lambda: figures.change_bars(words, parts, self.decimals),
            words.change_note,
        )

    @_of_accounts
    def account_findings(self) -> Block:
        """八: what to explain or report upward."""
        facts = ledger_facts(self.ledger, self.accounts)
        return findings_table(self.writer, facts, self.tag("table", "findings"))


def opened_report(asked: BudgetParameters) -> BudgetAndSettlement:
    """Open the report; `at` empty: the settlement deadline, or the last day of sittings where settlement.winddown makes it a second one. Raises
    OnexError with every fault of the step that fails."""
    made = opened(asked, ("workload",))
    view = made.study.views("none")[1]
    day = "deadline" if view["settlement.winddown"] == "none" else "last_sitting"
    return BudgetAndSettlement(
        made.study,
        made.writer,
        made.parameters,
        _day(asked.at or str(view[f"settlement.{day}"])),
        made.drawn,
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ParameterError(
            Fault(f"at {text}", "不是日期", do="写成 2020-12-31 这样的年-月-日")
        ) from None
