"""budget_and_settlement: what the year needs, who pays it, and how far the accounts are settled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd

from ...analysis.budget import study as ss
from ...analysis.budget.peers import budget_peers
from ...analysis.budget.pot import TERMS
from ...analysis.disclosure import SMALL
from ...analysis.headline import total
from ...analysis.items import item_costs
from ...analysis.peers import Peers
from ...engine.accounts.findings import ledger_facts
from ...errors import Fault, ParameterError
from ..annex.findings import findings_table
from ..front.opening import opened
from ..make.gate import BudgetParameters
from ..money import needing, of_funds
from ..page.blocks import Block, bullets, heading, paragraphs
from . import accounts, decision, figures, numbers, own, tables
from . import front as summary
from . import sheet as sheets
from .base import BudgetBase

of_accounts = needing(
    lambda report: report.settled.shown, lambda report: report.words.no_accounts(report.settled)
)


@dataclass(frozen=True)
class BudgetAndSettlement(BudgetBase):
    """One budget_and_settlement report: the parts of its page in their order."""

    name = "budget_and_settlement"
    measure = "college_outlay"
    topics = ("settlement.", "funding.", "fees.retake", "pay.", "volume.")
    explained = tables.COLUMNS

    def exhibits(self, kind: str) -> dict[str, bool]:
        """Parts that need accounts, arrears or a provincial pool are there where these are."""
        funds, alone = self.funded, self.alone
        accounts, owes = self.settled.shown, self.settled.owes
        months = funds and accounts and self.fees is not None
        if kind == "figure":
            return {"flow": funds, "months": months, "burn": funds and owes, "change": True}
        pot = self.of_province and self.pot_money > 0
        return {
            "who": funds and not alone and self.way.due.seen,
            "peers": alone and bool(self.peers.rows),
            "plan": True,
            "settled": accounts,
            "sources": True,
            "sheet": True,
            "steps": funds and self.way.filed.seen,
            "split": pot,
            "frontier": pot and not self.frontier.flat,
            "ages": owes and not alone,
            "by_month": months and alone,
            "findings": accounts,
        }

    @cached_property
    def peers(self) -> Peers:
        """The college beside its peers; for a report of one college."""
        return budget_peers(self.study, self.runs[1], self.view, self.at)

    # the year's budget sheet
    sheet = cached_property(sheets.sheet_of)

    @cached_property
    def frontier(self) -> numbers.Frontier:
        """The weights of the provincial pool to choose from."""
        return numbers.frontier(self.study, self.runs[1], self.view)

    def decision(self) -> Block:
        """Where the money is missing, what can be chosen, what superiors are asked for, and what is done first."""
        words, where = self.words, Block("")
        if self.shows("table", "who"):
            header, rows = tables.where_missing(self)
            title = words.who_title(sum(row[1] != "" for row in rows), self.writer.internal)
            where = self.numbered_table("who", title, header, rows, total=True)
        elif self.shows("table", "peers"):
            title, note = (
                words.peers_title(self.peers.tier, self.peers.colleges),
                words.peers_note(SMALL),
            )
            where = self.numbered_table("peers", title, *own.peers(self), note=note)
        return where + decision.decision(self)

    def plan_table(self) -> Block:
        """一: the year's assessment plan by level of schooling, or by certificate in a college's own report."""
        words = self.words
        said, made = (
            (words.plan_by_certificate, own.certificates)
            if self.alone
            else (words.plan_title, tables.plan)
        )
        header, rows = made(self)
        total = len(rows) > 1 or not self.alone
        return self.numbered_table("plan", said(self.study.year), header, rows, total=total)

    @of_accounts
    def settlement_table(self) -> Block:
        """二, 应付已付核对表: by tier, or by batch in a college's own report."""
        title, note = self.words.settled_title(self.settled), self.words.settled_note()
        header, rows = tables.settled(self)
        more = {"note": note, "total": len(rows) > 1}
        return self.numbered_table("settled", title, header, rows, **more)

    def cost(self) -> Block:
        """三: what a candidate costs and what of it colleges bear."""
        if self.lacking.no_costs:
            return paragraphs(self.words.no_costs)
        result, scope = self.runs[1], self.scope
        items = item_costs(result, scope)
        heads = max(1e-9, float(np.sum(result.served["served"][scope["offering"]])))
        borne = items.groupby("borne_by")["economic"].sum()
        whole = float(borne.sum())
        part = float(borne.get("college", 0.0)) / max(1e-9, whole)
        return paragraphs(self.words.cost(self.study.year, whole / heads, part))

    def work(self) -> Block:
        """四: added hours and the need for performance pay; without a pay total what the hours cost at the class-hour fee, with what is paid on top."""
        words, year, hours = self.words, self.study.year, self.total("added_hours")
        if self.lacking.no_pay:
            served = self.runs[1].served
            paid = total(served["uplift_rate"] * served["uplift_eligible"], self.scope["college"])
            return paragraphs(words.work_unpaid(year, hours, float(paid), self.lacking))
        pay = self.sum("need.performance_pay")
        part = pay.value / max(1.0, self.budget.need.value)
        return paragraphs(words.work(year, hours, pay.value, part, pay))

    def budget_table(self) -> Block:
        """五, 收支预算总表: use × source, then use × economic code with what is budgeted, final and left; what is drawn, and how likely
        the budgets are enough."""
        words, year, found = self.words, self.study.year, self.sheet
        chances = [*self.enough["share"].items()]
        sources = self.numbered_table(
            "sources",
            words.sources_title(year),
            *sheets.sources_table(self),
            note=words.sources_note(self.uncertain)
            if self.funded
            else words.unfunded(self.lacking),
            total=True,
        )
        budget = self.numbered_table(
            "sheet",
            words.budget_title(year),
            *sheets.sheet_table(self),
            note=words.budget_note(bool(found.last_year), self.at, self.records_end_before),
            total=True,
        )
        method = paragraphs(*summary.method(self))
        said = paragraphs(
            words.short_budgets(year, *found.short()),
            summary.enough_said(self),
            words.enough_by_use(chances) if chances else "",
        )
        return sources + method + budget + said

    @property
    def records_end_before(self) -> bool:
        """Are there accounts that may be shown, and none of the budget's year among them?"""
        return self.settled.shown and self.fees is not None and self.fees.pattern > 0

    def sources_figure(self) -> Block:
        """五: which source pays which use, and what nothing pays, in the numbers of the table."""
        if not self.funded:
            return Block("")
        words, idle, found = self.words, self.sum("idle"), self.sheet
        printed = found.money[found.lines["code"] == ""]
        printed = printed.set_axis([key.rstrip("/") for key in printed.index])
        return self.numbered_figure(
            "flow",
            words.flow_finding(self.study.year, self.budget.gap, idle),
            lambda: figures.flow(words, self.writer, self.funds, idle.value, printed),
            words.flow_note,
        )

    @of_funds
    def measures(self) -> Block:
        """六: from the gap in its several meanings to what is asked for, and where idle limits are."""
        words, way, table = self.words, self.way, Block("")
        if self.shows("table", "steps"):
            title, note = (
                words.steps_title(self.study.year),
                words.steps_note(way, self.pot_money > 0),
            )
            table = self.numbered_table("steps", title, *tables.steps(self), note=note, total=True)
        idle = words.idle(way, self.settled, self._places())
        return table + bullets([words.own_order(self.budget), idle, words.rest(way)])

    def _places(self) -> dict[str, int] | None:
        """How many colleges have idle limits and no gap, a gap, and neither; None where that may not be said."""
        found = self.colleges
        gap = found["gap"] > self.seen
        idle = ~gap & (found["idle"] > self.seen)
        counts = {
            "idle": int(idle.sum()),
            "gap": int(gap.sum()),
            "neither": int((~gap & ~idle).sum()),
        }
        few = not all(self.writer.may_tell(count, len(found)) for count in counts.values())
        return None if self.alone or few else counts

    def pot(self) -> Block:
        """The split of the provincial pool and the weights to choose from; nothing for a college or the nation."""
        if not self.of_province:
            return Block("")
        words, year = self.words, self.study.year
        head = heading(3, words.pot_heading)
        if not self.shows("table", "split"):
            return head + paragraphs(words.no_pot(year))
        given = self.view["funding.pot_weights"]
        note = words.split_note({term: given.get(term, 0) for term in TERMS})
        whole, made = tables.pot_split(self)
        said = words.pot_said(
            self.pot_money,
            whole["colleges"],
            whole["award"],
            whole["gap_before"],
            whole["gap_after"],
            numbers.crowded(whole, self.step),
            self.pot_money - whole["award"] > self.seen,
        )
        split = self.numbered_table("split", words.split_title(year), *made, note=note, total=True)
        return head + paragraphs(said) + split + self._weights()

    def _weights(self) -> Block:
        words, found = self.words, self.frontier
        said = paragraphs(words.frontier_finding(found))
        if not self.shows("table", "frontier"):
            return said
        made, note = tables.frontier(words, found), words.frontier_note
        return said + self.numbered_table("frontier", words.frontier_title, *made, note=note)

    @of_accounts
    def age_table(self) -> Block:
        """七, 账龄表; a college's own batches stand in 二."""
        words, ages = self.words, self.ledger.ages()
        if not ages.sum():
            return paragraphs(words.all_settled(self.at))
        said = paragraphs(words.ages_said(ages[2:].sum() / ages.sum()))
        if self.alone:
            return said
        title, made = words.ages_title(self.at), tables.ages(self)
        return self.numbered_table("ages", title, *made, total=True) + said

    @of_accounts
    @of_funds
    def need_figure(self) -> Block:
        """七: fees of the year month by month against the money for them; of one college as a table, too."""
        words, fees = self.words, self.fees
        if fees is None:
            return paragraphs(words.no_months)
        drawn = self.numbered_figure(
            "months",
            words.months_finding(fees),
            lambda: figures.need_lines(words, fees, self.writer.money, self.writer.money_unit),
            words.months_note(fees, self.at),
        )
        if not self.alone:
            return drawn
        note = words.by_month_note(self.called("figure", "months"))
        title, made = words.by_month_title(fees), own.by_month(self)
        return drawn + self.numbered_table("by_month", title, *made, note=note)

    @of_accounts
    def burn_figure(self) -> Block:
        """七: settlement burn-down and the plan that clears arrears out of each college's own idle money."""
        words, year, writer = self.words, self.study.year, self.writer
        if not self.settled.owes:
            return paragraphs(words.nothing_owed(self.at))
        if not self.funded:
            return paragraphs(words.unfunded(self.lacking))
        burn = ss.burn(self.accounts, self.ledger, self.view)
        plan = accounts.clearing(year, self.plan)
        last = pd.Timestamp(self.at) + pd.DateOffset(months=plan.months)
        return self.numbered_figure(
            "burn",
            words.burn_finding(plan, last),
            lambda: figures.burn_lines(
                words, burn, self.plan, self.at, writer.money, writer.money_unit
            ),
            words.burn_note(year),
        )

    def change_figure(self) -> Block:
        """七: why fee spending changed: price, volume, mix."""
        words, money = self.words, self.writer.money
        years = ss.ledger_change(self.ledger) if self.settled.shown else None
        if years is None and not self.study.composition.changes_anything:
            return paragraphs(words.no_change(self.settled))
        found = years[2] if years else ss.spending_change(self.study, *self.runs)
        moved = numbers.change_parts(found, money)
        return self.numbered_figure(
            "change",
            words.change_finding(years and years[:2], moved, money.decimals),
            lambda: figures.change_bars(words, moved, money.decimals),
            words.change_note,
        )

    @of_accounts
    def account_findings(self) -> Block:
        """八: what to explain or report upward."""
        facts = ledger_facts(self.ledger, self.accounts)
        return findings_table(
            self.writer, facts, self.called("table", "findings"), self.study.unfilled
        )

    # the notebook's other cells, each a function of the report
    front, keys, noted = summary.front, summary.keys, summary.noted


def opened_report(asked: BudgetParameters) -> BudgetAndSettlement:
    """Open the report; `at` empty: the settlement deadline, or the last day of sittings where settlement.winddown makes it a second one, or the
    end of the report's year where all records are later (ss.cut_off). Raises OnexError with every fault of the step that fails."""
    made = opened(asked, ("workload",))
    view = made.study.views("none")[1]
    day = "deadline" if view["settlement.winddown"] == "none" else "last_sitting"
    at = (
        _day(asked.at) if asked.at else ss.cut_off(made.study, _day(str(view[f"settlement.{day}"])))
    )
    return BudgetAndSettlement(**vars(made), at=at)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ParameterError(
            Fault(f"at {text}", "不是日期", do="写成 2020-12-31 这样的年-月-日")
        ) from None
