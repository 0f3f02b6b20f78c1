"""budget_and_settlement: what the year needs, who pays it, and how far the accounts are settled."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, wraps

import numpy as np
import pandas as pd

from ...analysis import budget_draws as bd
from ...analysis import settlement_study as ss
from ...analysis.cap_study import study_draws
from ...analysis.headline import total
from ...analysis.items import cost_factors, item_costs
from ...analysis.pot import TERMS, pot_of, sentence
from ...analysis.uncertainty import LEAST_DRAWS, interval
from ...engine.settle import settlement_ledger
from ...engine.settle_findings import in_general, ledger_facts
from ...errors import Fault, ParameterError
from ...law.parameters import Parameter
from ...rules.funding import USES as USE_KEYS
from ..annex.appendix import findings_table
from ..annex.notes import Note
from ..common import SchemeReport
from ..cost_reduction.figures import item_bars
from ..opening import draws_for, opened, scenario_ids
from ..page.html import Block, bullets, paragraphs, wan
from ..page.press import SMALL
from ..page.style import use_style
from ..page.words import ITEMS
from . import figures, numbers, sheet, tables
from . import front as summary


def _of_accounts(part: Callable) -> Callable:
    """A part of the page that needs assessment records: where there are none that may be shown, why."""

    @wraps(part)
    def made(self) -> Block:
        if self.settled.shown:
            return part(self)
        return paragraphs(self.words.no_accounts(self.settled))

    return made


@dataclass(frozen=True)
class BudgetAndSettlement(SchemeReport):
    """One budget_and_settlement report; `at`: the day the accounts are looked at; `drawn`: what is uncertain, (draws, 1) each."""

    at: date
    drawn: Mapping[str, np.ndarray] = field(default_factory=dict)

    name = "budget_and_settlement"
    topics = ("settlement.", "funding.", "fees.retake", "pay.", "volume.")

    # numbers

    @property
    def least(self) -> int:
        """Colleges of a group that may be shown."""
        return 1 if self.press.internal else SMALL

    @property
    def decimals(self) -> int:
        """Of 10,000 yuan in the accounts: a college's own are small."""
        return 2 if self.study.college else 1

    @cached_property
    def accounts(self):
        """The tables with the accounts of the place only."""
        return ss.place_tables(self.study)

    @cached_property
    def ledger(self):
        """The accounts of the place at the day."""
        return settlement_ledger(self.accounts, self.view, self.at)

    @cached_property
    def settled(self) -> numbers.Settlement:
        """The accounts in numbers."""
        return numbers.settlement_of(self.ledger, self.at, self.press.internal)

    @cached_property
    def funds(self):
        """use → need, sources, gap, budgeted, final."""
        return ss.sources_and_uses(self.study, self.accounts, self.runs[1], self.view)

    @cached_property
    def plan(self):
        """The clearing plan."""
        return ss.clearing_plan(self.study, self.ledger, self.runs[1])

    @cached_property
    def idle(self) -> dict[str, float]:
        """Idle money and what of the arrears it reaches, yuan."""
        return ss.idle_and_arrears(self.study, self.ledger, self.runs[1])

    @cached_property
    def gaps(self) -> tuple[float, float]:
        """(gap in the college's own order, gap of the optimum), yuan."""
        scope = self.study.scope(self.runs[1].compiled)["college"]
        return tuple(
            float(total(self.runs[1].served[name], scope))
            for name in ("waterfall_gap", "funding_gap")
        )

    @cached_property
    def budgets(self):
        """(who reported a budget, (uses, colleges); use → budgeted, colleges)."""
        return bd.reporting_of(self.accounts, self.runs[1], self.study.year)

    @cached_property
    def draws(self) -> dict[str, np.ndarray]:
        """Needs, gaps and sources in every draw."""
        return bd.budget_draws(self.study, self.drawn, self.budgets[0])

    @cached_property
    def taken(self) -> dict[str, np.ndarray]:
        """The same at the parameters taken, one value each."""
        return bd.budget_draws(self.study, {}, self.budgets[0])

    @cached_property
    def ranges(self) -> dict[str, tuple[float, float]]:
        """80 % intervals of needs, gaps and sources."""
        return {name: interval(values) for name, values in self.draws.items()}

    @cached_property
    def varied(self) -> list[Parameter]:
        """What is drawn and can move these numbers."""
        return bd.behind(self.study, self.drawn)

    def sum(self, name: str) -> numbers.Sum:
        """A sum of `taken` with its interval."""
        return numbers.Sum(float(self.taken[name][0]), self.ranges[name])

    @cached_property
    def budget(self) -> numbers.Budget:
        """What the year needs and what of it nobody pays."""
        names = ("need", "waterfall_gap", "gap", "order_loss")
        return numbers.Budget(self.study.year, *(self.sum(name) for name in names))

    @cached_property
    def enough(self) -> pd.DataFrame:
        """Budgets on record that may be shown, and in what share of the draws they are enough; no row where nothing varies."""
        found = bd.enough(self.draws, self.budgets[1])
        if not self.press.internal and (found["colleges"] < SMALL).any():
            # the total, less the others, must not give away what is hidden
            found = found[found["colleges"] >= SMALL].drop(index="all", errors="ignore")
        return found if self.varied and len(self.draws["need"]) >= LEAST_DRAWS else found.iloc[:0]

    def span(self, name: str) -> str:
        """The 80 % interval of a sum as it stands behind it, 10,000 yuan."""
        money = self.sum(name)
        return self.press.span(money.reach, wan, money.value)

    @property
    def uncertain(self) -> bool:
        """Is there an interval to print?"""
        return any(self.span(name) for name in ("need", "gap", "waterfall_gap"))

    def headlines(self) -> dict[str, float]:
        """Needs, gaps and sources with their intervals, and the ledger's totals (yuan)."""
        made = {
            "need": float(self.funds["need"].sum()),
            "waterfall_gap": self.gaps[0],
            "funding_gap": self.gaps[1],
            **{f"need.{use}": float(self.funds.loc[use, "need"]) for use in USE_KEYS},
            **{
                f"{name}.{end}": value
                for name, pair in self.ranges.items()
                if not name.startswith("reported")
                for end, value in zip(("p10", "p90"), pair, strict=True)
            },
        }
        if not self.settled.shown:
            return made
        ages = zip(ss.s.BUCKETS, self.ledger.ages(), strict=True)
        return made | {
            "payable": self.settled.payable,
            "arrears": self.settled.arrears,
            "settlement_rate": self.settled.rate,
            **{f"arrears.{name}": int(value) / 100 for name, value in ages},
        }

    # the page

    @property
    def of_province(self) -> bool:
        """Is the report of one province?"""
        return bool(self.study.province) and not self.study.college

    @cached_property
    def has_pot(self) -> bool:
        """Has the province money to share out?"""
        return self.of_province and pot_of(self.study, self.runs[1]) > 0

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
        return self.press.table(
            self.tag("table", name),
            title,
            *made,
            note=note,
            source=self.source,
            total=total,
            columns=tables.COLUMNS[name],
        )

    def _figure(self, name: str, finding: str, svg: str, note: str = "") -> Block:
        return self.press.figure(self.tag("figure", name), finding, svg, note, self.source)

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
        return self._figure("cost", finding, item_bars(self.press, wide))

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
            figures.sources_bars(self.words, self.press, self.funds, needs, gap),
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
        head = Block(f"<h3>{words.pot_heading}</h3>")
        if not self.has_pot:
            return head + paragraphs(words.no_pot(year))
        given = self.view["funding.pot_weights"]
        note = words.split_note({term: given.get(term, 0) for term in TERMS})
        found, made = tables.pot_split(self)
        said = sentence(found.iloc[-1], pot_of(self.study, self.runs[1]), self.press.lang)
        split = self._table("split", words.split_title(year), made, note)
        return head + paragraphs(said) + split + self._frontier()

    def _frontier(self) -> Block:
        words, found = self.words, numbers.frontier(self.study, self.runs[1], self.view)
        made, note = tables.frontier(words, found), words.frontier_table_note
        return self._figure(
            "frontier",
            words.frontier_finding(found),
            figures.frontier_points(words, found),
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
            figures.age_bars(words, money.loc["all", list(ss.s.BUCKETS)].to_dict()),
        )

    @_of_accounts
    def need_figure(self) -> Block:
        """七: fees by month against the money for fees of the same year."""
        words, fees = self.words, ss.monthly_fees(self.study, self.ledger, self.runs[1])
        if fees is None:
            return paragraphs(words.no_months)
        over, busy = int((fees.due > fees.money).sum()), int((fees.due > 0).sum())
        finding, note = words.months_finding(fees, over, busy), words.months_note(fees)
        return self._figure("months", finding, figures.need_bars(words, fees), note)

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
            figures.burn_lines(words, burn, self.plan, self.at),
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
            figures.change_bars(words, parts, self.decimals),
            words.change_note,
        )

    @_of_accounts
    def account_findings(self) -> Block:
        """八: what to explain or report upward; in a circulated report a general sentence a rule and its count."""
        facts, lang = ledger_facts(self.ledger, self.accounts), self.press.lang
        if not (self.press.internal and lang == "zh"):
            facts = in_general(facts, lang)
        return findings_table(self.press, facts, self.tag("table", "findings"))


def open_budget_and_settlement(
    data: str,
    province: str = "",
    college: str = "",
    year: int = 0,
    scenario: Sequence[str] = (),
    settings: Mapping[str, str] | None = None,
    lang: str = "zh",
    internal: bool = False,
    log2_draws: int = 0,
    seed: int = 20201231,
    at: str = "",
) -> BudgetAndSettlement:
    """Open the report; `at` empty: the settlement deadline, or the last day of sittings where settlement.winddown makes it a second one. Raises
    OnexError with every fault of the step that fails."""
    use_style()
    study, press = opened(
        data, scenario, settings or {}, province, college, year, lang, internal, ("workload",)
    )
    view = study.views("none")[1]
    last = "deadline" if view["settlement.winddown"] == "none" else "last_sitting"
    day = _day(at or str(view[f"settlement.{last}"]))
    given = {
        "province": study.province,
        "college": study.college,
        "year": year,
        "scenario": scenario_ids(scenario),
        "settings": dict(settings or {}),
        "lang": lang,
        "internal": internal,
        "log2_draws": draws_for(study, log2_draws),
        "seed": seed,
        "at": at,
    }
    return BudgetAndSettlement(
        study, press, given, day, study_draws(study, given["log2_draws"], seed)
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ParameterError(
            Fault(f"at {text}", "不是日期", do="写成 2020-12-31 这样的年-月-日")
        ) from None
