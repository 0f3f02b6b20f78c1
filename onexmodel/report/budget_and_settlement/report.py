"""budget_and_settlement: what the year needs, who pays it, and how far the accounts are settled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd

from ...analysis import budget_draws as bd
from ...analysis import settlement_study as ss
from ...analysis.cap_study import study_draws
from ...analysis.grouping import joined_groups
from ...analysis.headline import total
from ...analysis.items import cost_factors, item_costs
from ...analysis.pot import pot_of
from ...analysis.uncertainty import LEAST_DRAWS, interval
from ...engine.settle import settlement_ledger
from ...errors import Fault, ParameterError
from ...law.parameters import Parameter
from ...rules.funding import USES as USE_KEYS
from ..annex.notes import Note
from ..common import SchemeReport
from ..cost_reduction import figures as cost_figures
from ..opening import draws_for, opened, scenario_ids
from ..page.adding import add_up
from ..page.html import Block, bullets, number, share, wan
from ..page.press import SMALL
from ..page.style import use_style
from ..page.words import ITEMS
from . import figures as settle_figures
from . import front as summary
from . import settlement as sections
from .pot import pot_block, tier_words
from .ranges import span_of
from .tables import budget_table


@dataclass(frozen=True)
class BudgetAndSettlement(SchemeReport):
    """One budget_and_settlement report; `at`: the day the accounts are looked at; `drawn`: what is uncertain, (draws, 1) each."""

    at: date
    drawn: Mapping[str, np.ndarray] = field(default_factory=dict)

    name = "budget_and_settlement"
    topics = ("settlement.", "funding.", "fees.retake", "pay.", "volume.")

    @property
    def has_accounts(self) -> bool:
        """Are there assessment records up to the day that this report may show (of five colleges or more, or an internal report)?"""
        return len(self.ledger.batches) > 0 and (
            self.press.internal or self.ledger.batches["college"].nunique() >= SMALL
        )

    @property
    def of_province(self) -> bool:
        """Is the report of one province?"""
        return bool(self.study.province) and not self.study.college

    @property
    def has_pot(self) -> bool:
        """Has the province money to share out?"""
        return self.of_province and pot_of(self.study, self.runs[1]) > 0

    def tag(self, kind: str, name: str) -> str:
        """The label of a table or figure by its place on the page; parts that are not there take no number."""
        pot, accounts = self.has_pot, self.has_accounts
        order = {
            "table": [
                ("plan", True),
                ("settled", accounts),
                ("sheet", True),
                ("split", pot),
                ("frontier", pot),
                ("ages", accounts),
                ("findings", accounts),
            ],
            "figure": [
                ("cost", True),
                ("sources", True),
                ("frontier", pot),
                ("ages", accounts and self.ledger.arrears > 0),
                ("months", accounts),
                ("burn", accounts and self.ledger.arrears > 0),
                ("change", True),
            ],
        }[kind]
        return self.label(kind, [key for key, here in order if here].index(name) + 1)

    def years(self) -> str:
        """The years in which the accounts' batches were assessed."""
        years = self.ledger.batches["assessed_on"].dt.year
        first, last = int(years.min()), int(years.max())
        return self.press.say(
            f"{first}年" if first == last else f"{first}—{last}年",
            f"{first}" if first == last else f"{first}–{last}",
        )

    @cached_property
    def accounts(self):
        """The tables with the accounts of the place only."""
        return ss.place_tables(self.study)

    @cached_property
    def ledger(self):
        """The accounts of the place at the day."""
        return settlement_ledger(self.accounts, self.view, self.at)

    @cached_property
    def funds(self):
        """use → need, sources, gap, budgeted, final."""
        return ss.sources_and_uses(self.study, self.accounts, self.runs[1], self.view)

    @cached_property
    def plan(self):
        """The clearing plan."""
        return ss.clearing_plan(self.study, self.ledger, self.runs[1])

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

    @cached_property
    def enough(self) -> pd.DataFrame:
        """Budgets on record that may be shown, and in what share of the draws they are enough; no row where nothing varies."""
        found = bd.enough(self.draws, self.budgets[1])
        hidden = not self.press.internal and bool(
            (found["colleges"] < SMALL).any()
        )  # then the total, less the others, must not give it away
        shown = (
            found[found["colleges"] >= SMALL].drop(index="all", errors="ignore")
            if hidden
            else found
        )
        return shown if self.varied and len(self.draws["need"]) >= LEAST_DRAWS else shown.iloc[:0]

    @property
    def uncertain(self) -> bool:
        """Is there an interval to print?"""
        return any(
            self.press.span(self.ranges[name], wan) for name in ("need", "gap", "waterfall_gap")
        )

    def headlines(self) -> dict[str, float]:
        """Needs, gaps and sources with their intervals, and the ledger's totals (yuan)."""
        ledger = self.ledger
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
        if not self.has_accounts:
            return made
        return made | {
            "payable": ledger.payable / 100,
            "arrears": ledger.arrears / 100,
            "settlement_rate": ledger.rate,
            **{
                f"arrears.{name}": int(value) / 100
                for name, value in zip(ss.s.BUCKETS, ledger.ages(), strict=True)
            },
        }

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
        """The year's assessment plan by level of schooling."""
        say, result = self.press.say, self.runs[1]
        compiled, scope = result.compiled, self.study.scope(result.compiled)["college"]
        tiers, sums = (
            compiled.keys["college"]["tier"],
            compiled.space.maps["offering", "college"].sum,
        )
        groups = joined_groups(
            tiers[scope].value_counts(sort=False).to_dict(), 1 if self.press.internal else SMALL
        )
        columns = {
            "candidates": sums(compiled.leaves["planned_candidates"]),
            **{name: sums(result.served[name]) for name in ("sittings", "awarded")},
            "hours": result.served["added_hours"],
            **{
                name: sums(result.served[name]) / 1e4
                for name in ("fee_bill", "college_cash_cost", "training_cash_cost")
            },
            "uplift": np.asarray(result.served["uplift"]) / 1e4,
        }
        masks = {"+".join(names): scope & tiers.isin(names).to_numpy() for names in groups} | {
            "all": scope
        }
        frame = pd.DataFrame(
            {
                name: [float(total(values, mask)) for mask in masks.values()]
                for name, values in columns.items()
            },
            index=list(masks),
        )
        people, money = (
            ["candidates", "sittings", "awarded", "hours"],
            ["fee_bill", "college_cash_cost", "training_cash_cost", "uplift"],
        )
        down = {"all": list(masks)[:-1]}
        frame = add_up(frame[people], down, decimals=0).join(add_up(frame[money], down))
        masks = masks if len(masks) > 2 else {"all": scope}  # one group is the total
        order = [
            ("candidates", 0),
            ("sittings", 0),
            ("awarded", 0),
            ("fee_bill", 1),
            ("college_cash_cost", 1),
            ("training_cash_cost", 1),
            ("hours", 0),
            ("uplift", 1),
        ]
        out = {
            group
            for group, mask in masks.items()
            if not (mask & result.served["uplift_eligible"]).any()
        }  # no uplift is not an uplift of 0
        rows = [
            [
                tier_words(self.press, group),
                number(mask.sum()),
                *(
                    say("不适用", "n/a")
                    if name == "uplift" and group in out
                    else self.press.shown(number(frame.loc[group, name], places), int(mask.sum()))
                    for name, places in order
                ),
            ]
            for group, mask in masks.items()
        ]
        header = [
            say(*pair)
            for pair in (
                ("层次", "tier"),
                ("院校", "colleges"),
                ("考生", "candidates"),
                ("人次", "sittings"),
                ("获证", "awards"),
                ("考核费（万元）", "fee bill"),
                ("自担考核现金（万元）", "own cash"),
                ("培训现金（万元）", "training"),
                ("新增课时", "hours"),
                ("核增（万元）", "uplift"),
            )
        ]
        return self.press.table(
            self.tag("table", "plan"),
            say(
                f"{self.study.year}年度考核计划与支出",
                f"The plan of {self.study.year} and what it spends",
            ),
            header,
            rows,
            total=True,
            source=self.source,
            columns=(
                "offerings.candidates",
                "sittings",
                "awarded",
                "fee_bill",
                "college_cash_cost",
                "training_cash_cost",
                "added_hours",
                "uplift",
            ),
        )

    def cost_figure(self) -> Block:
        """Unit cost by item and bearer."""
        items = item_costs(
            self.runs[1], self.study.scope(self.runs[1].compiled), cost_factors(self.study)
        )
        heads = max(
            1e-9,
            float(
                np.sum(
                    self.runs[1].served["served"][
                        self.study.scope(self.runs[1].compiled)["offering"]
                    ]
                )
            ),
        )
        wide = (
            items.pivot_table(index="item", columns="borne_by", values="economic", aggfunc="sum")
            .reindex([i for i in ITEMS if i in set(items["item"])])
            .fillna(0.0)
        )
        wide = (wide.reindex(columns=["organisation", "college"]).fillna(0.0) / heads).reset_index()
        part = share(
            wide["college"].sum() / max(1e-9, (wide["organisation"] + wide["college"]).sum())
        )
        title = self.press.say(
            f"{self.study.year}年度每名考生的考核与培训成本中院校承担{part}%",
            f"Colleges bear {part} % of the cost of assessing and training a candidate in {self.study.year}",
        )
        return self.press.figure(
            self.tag("figure", "cost"),
            title,
            cost_figures.item_bars(self.press, wide),
            source=self.source,
        )

    def budget_table(self) -> Block:
        """收支预算总表: use × economic code × source, budgeted, final, left."""
        return budget_table(self)

    def sources_figure(self) -> Block:
        """Sources and uses."""
        gap, year = float(self.funds["gap"].sum()), self.study.year
        finding = self.press.say(
            f"{year}年度统筹安排后{'仍缺' + wan(gap) + '万元' if gap > 500 else '没有缺口'}",
            f"In {year}, pooled, {'the gap is ' + wan(gap) + ' (10,000 yuan)' if gap > 500 else 'there is no gap'}",
        )
        return self.press.figure(
            self.tag("figure", "sources"),
            finding,
            settle_figures.sources_bars(self.press, self.funds, self.ranges),
            source=self.source,
            note=self.press.say(
                "细线为各用途需求的80%区间。", "Thin lines: 80 % intervals of the needs."
            )
            if self.uncertain
            else "",
        )

    def measures(self) -> Block:
        """六: gap and measures."""
        say, (own, best), year = self.press.say, self.gaps, self.study.year
        less, left = (span_of(self, name) for name in ("order_loss", "gap"))
        first = (
            say(
                f"先用只能用于本用途的资金、再用生均拨款，可减少缺口{wan(own - best)}万元{less}（由{wan(own)}降至{wan(best)}万元）。",
                f"Restricted money first, then the per-student appropriation: the gap falls by {wan(own - best)}{less} (from {wan(own)} to "
                f"{wan(best)}).",
            )
            if own - best > 500
            else say(
                f"学校现行使用次序与统筹安排的缺口相同，调整次序不能再减少缺口{less and f'；假设变动时可减少{less}万元'}。",
                f"The college's own order leaves no larger gap than pooling: another order closes nothing{less and f'; where the assumptions vary{less}'}.",
            )
        )
        rest = (
            say(
                f"其余{wan(best)}万元{left}须由地方投入、支出结构调整或社会资本补足。",
                f"The remaining {wan(best)}{left} needs local money, reallocation or social capital.",
            )
            if best > 500
            else say(f"统筹安排后{year}年度没有缺口{left}。", f"Pooled, {year} has no gap{left}.")
        )
        return bullets([first, self._idle_said(), rest])

    def _idle_said(self) -> str:
        """Where idle money lies and what of the arrears it reaches."""
        say, year = self.press.say, self.study.year
        found = ss.idle_and_arrears(self.study, self.ledger, self.runs[1])
        idle = say(
            f"{year}年度另有{wan(found['idle'])}万元额度按现行适用范围用不出去",
            f"{wan(found['idle'])} of the limits of {year} stay idle by the rules on what they may pay",
        )
        if found["idle"] <= 500:
            return say(f"{year}年度没有闲置额度。", f"No limits of {year} stay idle.")
        if not self.has_accounts or not self.ledger.arrears:
            return idle + say("。", ".")
        own, other, beyond = (wan(found[name]) for name in ("own", "other", "beyond"))
        if found["own"] <= 500:
            return idle + say(
                f"，但欠付的院校自己没有闲置额度，{beyond}万元未结清须{'' if self.study.college else '跨校统筹、'}列入下一年度资金或另筹。",
                f", but none with those that owe: {beyond} of arrears must come from "
                f"{'' if self.study.college else 'other colleges, '}next year's or new money.",
            )
        if found["beyond"] <= 500:
            return idle + say(
                f"，有未结清批次的院校用自己的闲置额度一年可清偿{own}万元，足以全部结清。",
                f"; colleges that owe can clear {own} in a year out of their own, which is all.",
            )
        if self.study.college:
            return idle + say(
                f"，一年可清偿未结清考核费{own}万元，其余{beyond}万元须列入下一年度资金或另筹。",
                f"; within a year they can clear {own} of the arrears, and {beyond} needs next year's or new money.",
            )
        return idle + say(
            f"：各校用自己的闲置额度一年可清偿{own}万元；其余{other}万元闲置额度所在的院校自己已无欠付可还，而欠付院校还有{beyond}万元本校{year}年度资金够不着，须跨校统筹、列入下一年度资金或另筹（{self.tag('table', 'ages')}、"
            f"{self.tag('figure', 'burn')}）。",
            f": out of their own colleges can clear {own} in a year; the other {other} lies with colleges that have no arrears left "
            f"to pay, while {beyond} of arrears is out of reach of the colleges that owe it and must come from other colleges, next "
            f"year's or new money ({self.tag('table', 'ages')}, {self.tag('figure', 'burn')}).",
        )

    def pot(self) -> Block:
        """省级统筹, in a province's report."""
        return pot_block(self)

    def settlement_table(self) -> Block:
        """应付已付核对表."""
        return sections.settlement_table(self)

    def age_table(self) -> Block:
        """账龄表, and its figure."""
        return sections.age_table(self)

    def need_figure(self) -> Block:
        """Fees by month against the money of the same year."""
        return sections.need_figure(self)

    def burn_figure(self) -> Block:
        """Settlement burn-down and the clearing plan."""
        return sections.burn_figure(self)

    def change_figure(self) -> Block:
        """Price, volume, mix."""
        return sections.change_figure(self)

    def account_findings(self) -> Block:
        """八: what to explain or report upward."""
        return sections.account_findings(self)


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
    day = _day(
        at
        or str(
            view[
                "settlement.deadline"
                if view["settlement.winddown"] == "none"
                else "settlement.last_sitting"
            ]
        )
    )
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
