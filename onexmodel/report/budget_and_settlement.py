"""budget_and_settlement: what the year needs, who pays it, and how far the accounts are settled (reports.md e)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from html import escape

import numpy as np

from ..analysis import settlement_study as ss
from ..analysis.derive import derivation
from ..analysis.headline import total
from ..analysis.items import cost_factors, item_costs
from ..analysis.settlement_trace import ledger_tree, rate_tree
from ..analysis.trace import Node, place_tree
from ..engine.settle import settlement_ledger
from ..engine.settle_findings import ledger_facts
from ..errors import Fault, ParameterError
from ..rules.funding import SOURCES as SOURCE_KEYS
from ..rules.funding import USES as USE_KEYS
from . import cost_figures, settle_figures
from .appendix import findings_table
from .common import SchemeReport
from .html import Block, bullets, front_box, number, paragraphs, percent, wan
from .notes import Note
from .opening import data_state, how_to_read, meta_line, opened, scenario_ids
from .style import use_style
from .words import ITEMS, SOURCES, TIERS, USES

AGES = (("0–30天", "0–30 days"), ("31–90天", "31–90"), ("91–180天", "91–180"), ("180天以上", "over 180"))


@dataclass(frozen=True)
class BudgetAndSettlement(SchemeReport):
    """One budget_and_settlement report; `at`: the day the accounts are looked at."""

    at: date

    name = "budget_and_settlement"
    topics = ("settlement.", "funding.", "fees.retake", "pay.", "volume.")

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
        return tuple(float(total(self.runs[1].served[name], scope)) for name in ("waterfall_gap", "funding_gap"))

    def headlines(self) -> dict[str, float]:
        """Needs, gaps and the ledger's totals (yuan)."""
        ledger = self.ledger
        return {"need": float(self.funds["need"].sum()), "waterfall_gap": self.gaps[0], "funding_gap": self.gaps[1], "payable": ledger.payable / 100, "arrears": ledger.arrears / 100,
                "settlement_rate": ledger.rate, **{f"need.{use}": float(self.funds.loc[use, "need"]) for use in USE_KEYS},
                **{f"arrears.{name}": int(value) / 100 for name, value in zip(ss.s.BUCKETS, ledger.ages(), strict=True)}}

    def front(self) -> Block:
        """Summary page."""
        say, need, (own, best) = self.press.say, float(self.funds["need"].sum()), self.gaps
        open_batches = int((self.ledger.batches["arrears_fen"] > 0).sum())
        accounts = say(f"截至{self.at}，{number(open_batches)}批次尚有{wan(self.ledger.arrears / 100)}万元未结清（结清率{percent(self.ledger.rate)}%）",
                       f"at {self.at}, {number(open_batches)} batches still owe {wan(self.ledger.arrears / 100)} × 10,000 yuan (settled {percent(self.ledger.rate)} %)") if len(
            self.ledger.batches) else say("数据中没有考核记录，不作结算", "no assessment records: nothing to settle")
        lead = say(f"全年需{wan(need)}万元，按学校使用次序已落实{wan(need - own)}万元，缺口{wan(own)}万元；若按专项资金优先、统筹安排，缺口{'降至' if best < own - 0.5 else '仍为'}{wan(best)}万元；{accounts}。",
                   f"The year needs {wan(need)} × 10,000 yuan; in the college's own order {wan(need - own)} is covered and {wan(own)} is not; pooled with restricted money first the gap is {wan(best)}; {accounts}.")
        title = say(f"全年需{wan(need)}万元，未结清{wan(self.ledger.arrears / 100)}万元", f"{wan(need)} needed, {wan(self.ledger.arrears / 100)} unsettled (10,000 yuan)")
        due = self.ledger.batches[self.ledger.batches["due"] & (self.ledger.batches["arrears_fen"] > 0)] if len(self.ledger.batches) else self.ledger.batches
        also = [say(f"其中须于{self.view['settlement.deadline']}前结清而未结清的{number(len(due))}批、{wan(due['arrears_fen'].sum() / 100)}万元。",
                    f"Of these {number(len(due))} batches, {wan(due['arrears_fen'].sum() / 100)}, had to be settled by {self.view['settlement.deadline']}.")] if len(self.ledger.batches) else []
        return front_box(self.press.bands(), say("1+X收支预算与结算表", "Budget and settlement"), title, meta_line(self.study, self.press), lead, also, self.keys(), self._who(),
                         say("一页摘要", "Summary")) + how_to_read(self.press)

    def keys(self) -> list[tuple]:
        """Key figures with their note numbers."""
        say, ten = self.press.say, self.press.say("万元", "10⁴ yuan")
        own, best = self.gaps
        return [(say("全年需求", "need of the year"), wan(self.funds["need"].sum()), ten, "", 1), (say("缺口（统筹）", "gap, pooled"), wan(best), ten, say("按学校次序 ", "own order ") + wan(own), 2),
                (say("应付考核费", "payable"), wan(self.ledger.payable / 100), ten, "", 3), (say("未结清", "arrears"), wan(self.ledger.arrears / 100), ten, "", 4),
                (say("结清率", "settled"), percent(self.ledger.rate), "%", "", 5)]

    def noted(self) -> list[Note]:
        """Trees: needs by use, the gap, and the accounts down to cells."""
        lang, derived = self.press.lang, derivation(self.study, "none", stored=True)
        parts = tuple(place_tree(derived, "scenario", name, lang) for name in ("fee_bill", "college_cash_cost", "training_cash_cost", "uplift"))
        need = Node("need", self.press.say("全年需求", "need of the year"), "", float(self.funds["need"].sum()), self.press.say("元/年", "yuan a year"), "sum",
                    self.press.say("考核颁证＋培训＋教师培训＋绩效工资", "assessment + training + teacher training + performance pay"),
                    children=(*(Node(f"need_{use}", self.press.word(USES, use), "", float(self.funds.loc[use, "need"]), "", "rest") for use in USE_KEYS), *parts))
        trees = (need, place_tree(derived, "scenario", "funding_gap", lang), ledger_tree(self.study, self.ledger, "payable_fen", lang), ledger_tree(self.study, self.ledger, "arrears_fen", lang),
                 rate_tree(self.study, self.ledger, lang))
        return [Note(i, name, f"{value} {unit}", (tree,)) for i, ((name, value, unit, *_), tree) in enumerate(zip(self.keys(), trees, strict=True), start=1)]

    def _who(self):
        say, total = self.press.say, float(self.funds["need"].sum())
        paid = {source: float(self.funds[source].sum()) for source in SOURCE_KEYS}
        who = "、".join(f"{self.press.word(SOURCES, name)}{percent(value / total)}%" for name, value in paid.items() if value > 0.005 * total) if total else "—"
        risk = say("社会资本实物投入未计入现金；协议价无标准可依的批次按协议或发票计，须由学校核对。", "In-kind capital is not cash; batches before any standard are counted at contract or invoice prices.")
        return [(say("谁承担", "Who pays"), f"<p>{escape(who)}</p>"), (say("约束与风险", "Limits and risks"), f"<p>{escape(risk)}</p>"), (say("依据与数据状态", "Basis and data"), data_state(self.study, self.press))]

    def plan_table(self) -> Block:
        """表1: the year's assessment plan by level of schooling."""
        say, result = self.press.say, self.runs[1]
        compiled, scope = result.compiled, self.study.scope(result.compiled)["college"]
        colleges = compiled.keys["college"]
        sums, rows = compiled.space.maps["offering", "college"].sum, []
        for tier in [*[one for one in TIERS if (colleges["tier"] == one)[scope].any()], "all"]:
            mask = scope if tier == "all" else scope & (colleges["tier"] == tier).to_numpy()
            cells = [number(float(sums(compiled.leaves["planned_candidates"])[mask].sum())), *(number(float(sums(result.served[name])[mask].sum())) for name in ("sittings", "awarded")),
                     *(wan(float(sums(result.served[name])[mask].sum())) for name in ("fee_bill", "college_cash_cost", "training_cash_cost")), number(float(total(result.served["added_hours"], mask))),
                     wan(float(total(result.served["uplift"], mask)))]
            count = int(mask.sum())
            rows.append([say("合计", "total") if tier == "all" else self.press.word(TIERS, tier), number(count), *(self.press.shown(cell, count) for cell in cells)])
        header = [say(*pair) for pair in (("层次", "tier"), ("院校", "colleges"), ("考生", "candidates"), ("人次", "sittings"), ("获证", "awards"), ("考核费（万元）", "fee bill"), ("自担考核现金（万元）", "own cash"),
                                          ("培训现金（万元）", "training"), ("新增课时", "hours"), ("核增（万元）", "uplift"))]
        return self.press.table(self.label("table", 1), say("考核计划与支出", "The plan and what it spends"), header, rows, total=True, source=self.source)

    def cost_figure(self) -> Block:
        """图1: unit cost by item and bearer."""
        items = item_costs(self.runs[1], self.study.scope(self.runs[1].compiled), cost_factors(self.study))
        heads = max(1e-9, float(np.sum(self.runs[1].served["served"][self.study.scope(self.runs[1].compiled)["offering"]])))
        wide = items.pivot_table(index="item", columns="borne_by", values="economic", aggfunc="sum").reindex([i for i in ITEMS if i in set(items["item"])]).fillna(0.0)
        wide = (wide.reindex(columns=["organisation", "college"]).fillna(0.0) / heads).reset_index()
        share = wide["college"].sum() / max(1e-9, (wide["organisation"] + wide["college"]).sum())
        return self.press.figure(self.label("figure", 1), self.press.say(f"人均成本中院校承担{percent(share)}%", f"Colleges bear {percent(share)} % of unit cost"), cost_figures.item_bars(self.press, wide), source=self.source)

    def budget_table(self) -> Block:
        """表3: 收支预算总表."""
        say, rows = self.press.say, []
        used = [source for source in SOURCE_KEYS if self.funds[source].sum() > 0.5]
        for use, row in [*self.funds.iterrows(), ("all", self.funds.sum(min_count=1))]:
            rows.append([say("合计", "total") if use == "all" else self.press.word(USES, use), wan(row["need"]), *(wan(row[source]) for source in used), wan(row["gap"]), wan(row["budgeted"]), wan(row["final"]),
                         wan(row["budgeted"] - row["final"])])
        header = [say("用途", "use"), say("需求", "need"), *(self.press.word(SOURCES, source) for source in used), say("缺口", "gap"), say("预算数", "budgeted"), say("决算数", "final"), say("结余", "left")]
        return self.press.table(self.label("table", 3), say("收支预算总表（万元）", "Budget, 10,000 yuan"), header, rows, total=True, source=self.source,
                                note=say("来源按统筹安排（专项先用）；预算数与决算数取自预算表，没有填报的为「—」。", "Sources as pooled, restricted first; budget lines as reported, — where none."))

    def codes_table(self) -> Block:
        """表4: by economic code."""
        say, lines = self.press.say, ss.budget_by_code(self.accounts, self.study.year)
        if not len(lines):
            return paragraphs(say("数据中没有本年度预算表。", "No budget lines of the year."))
        rows = [[self.press.word(USES, row.use), row.economic_code, *(self.press.shown(wan(value), row.colleges) for value in (row.budgeted, row.final, row.left))] for row in lines.itertuples()]
        header = [say(*pair) for pair in (("用途", "use"), ("经济分类", "economic code"), ("预算", "budgeted"), ("执行", "final"), ("结余", "left"))]
        return self.press.table(self.label("table", 4), say("按经济分类的预算执行（万元）", "By economic code, 10,000 yuan"), header, rows, source=self.source)

    def sources_figure(self) -> Block:
        """图2: sources and uses."""
        gap = float(self.funds["gap"].sum())
        finding = self.press.say(f"统筹安排后{'仍缺' + wan(gap) + '万元' if gap > 0.5 else '没有缺口'}", f"Pooled, {'the gap is ' + wan(gap) if gap > 0.5 else 'there is no gap'}")
        return self.press.figure(self.label("figure", 2), finding, settle_figures.sources_bars(self.press, self.funds), source=self.source)

    def measures(self) -> Block:
        """六: gap and measures."""
        say, (own, best) = self.press.say, self.gaps
        idle = float(total(self.runs[1].served["idle"], self.study.scope(self.runs[1].compiled)["college"]))
        return bullets([say(f"调整使用次序可减少缺口{wan(own - best)}万元：先用只能用于本用途的资金，再用生均拨款。", f"Using restricted money first closes {wan(own - best)} of the gap."),
                        say(f"仍有{wan(idle)}万元额度按现行适用范围用不出去，可用于清偿往年未结清考核费（表5、图5）。", f"{wan(idle)} of limits stay idle and can clear arrears."),
                        say(f"其余{wan(best)}万元须由地方投入、支出结构调整或社会资本补足。", f"The remaining {wan(best)} needs new money.")])

    def _no_accounts(self) -> Block | None:
        return None if len(self.ledger.batches) else paragraphs(self.press.say("数据中没有考核记录和支付台账，本节不作计算。", "No assessment records or payments: not computed."))

    def settlement_table(self) -> Block:
        """表2: 应付已付核对表."""
        if empty := self._no_accounts():
            return empty
        say, rows = self.press.say, []
        for row in ss.by_group(self.ledger, "assessment" if self.study.college else "tier").to_dict("records"):
            name = say("合计", "total") if row["group"] == "all" else row["group"] if self.study.college else self.press.word(TIERS, row["group"])
            cells = [wan(row[f"{key}_fen"] / 100) for key in ("payable", "paid", "arrears", "overpaid", "price_exception", "quantity_exception")]
            rows.append([name, number(row["batches"]), *(self.press.shown(cell, row["colleges"]) for cell in (*cells, percent(row["settlement_rate"])))])
        header = [say(*pair) for pair in (("范围", "group"), ("批次", "batches"), ("应付", "payable"), ("已付", "paid"), ("未结清", "arrears"), ("多付", "overpaid"), ("价格差异", "price"), ("数量差异", "quantity"), ("结清率%", "settled %"))]
        return self.press.table(self.label("table", 2), say(f"应付已付核对表（截至{self.at}，万元）", f"Payable and paid at {self.at}, 10,000 yuan"), header, rows, total=True, source=self.source,
                                note=say("应付＝考核日执行标准×计费人次；价格差异与数量差异之和为已付与应付之差（只对开过发票并付款的批次）。", "Payable = fee on the day × counted sittings; price and quantity add to paid − payable where invoiced and paid."))

    def age_table(self) -> Block:
        """表5: 账龄表, and its figure."""
        if empty := self._no_accounts():
            return empty
        say, rows = self.press.say, []
        for row in ss.by_group(self.ledger, "tier").to_dict("records"):
            rows.append([say("合计", "total") if row["group"] == "all" else self.press.word(TIERS, row["group"]), *(self.press.shown(wan(row[name] / 100), row["colleges"]) for name in (*ss.s.BUCKETS, "arrears_fen"))])
        header = [say("层次", "tier"), *(say(*pair) for pair in AGES), say("合计", "total")]
        table = self.press.table(self.label("table", 5), say("未结清金额账龄表（万元）", "Ageing, 10,000 yuan"), header, rows, total=True, source=self.source)
        ages = self.ledger.ages()
        old = ages[2:].sum() / max(1, ages.sum())
        return table + self.press.figure(self.label("figure", 3), say(f"未结清金额中{percent(old)}%超过90天", f"{percent(old)} % of arrears are older than 90 days"),
                                         settle_figures.age_bars(self.press, ages, [say(*pair) for pair in AGES]), source=self.source)

    def need_figure(self) -> Block:
        """图4: monthly cash need against limits."""
        if empty := self._no_accounts():
            return empty
        months, limit = ss.monthly_need(self.study, self.ledger, self.runs[1])
        over = int((months > limit).sum())
        return self.press.figure(self.label("figure", 4), self.press.say(f"{len(months)}个月中有{over}个月的应付超过月均可用额度", f"In {over} of {len(months)} months more falls due than a twelfth of the limits"),
                                 settle_figures.need_bars(self.press, months, limit), source=self.source)

    def burn_figure(self) -> Block:
        """图5: settlement burn-down and the plan."""
        if empty := self._no_accounts():
            return empty
        burn, plan = ss.burn(self.accounts, self.ledger, self.view), self.plan
        done = plan[plan["left_fen"] <= 0]
        finding = self.press.say(f"用闲置资金逐月清偿，{int(done['month'].iloc[0])}个月可全部结清", f"Idle money clears all in {int(done['month'].iloc[0])} months") if len(done) else self.press.say(
            f"用闲置资金逐月清偿，{len(plan)}个月后仍剩{wan(plan['left_fen'].iloc[-1] / 100)}万元，须另行筹措", f"After {len(plan)} months {wan(plan['left_fen'].iloc[-1] / 100)} remains")
        return self.press.figure(self.label("figure", 5), finding, settle_figures.burn_lines(self.press, burn, plan), source=self.source,
                                 note=self.press.say("每校每月以本年闲置额度的十二分之一先付最早的批次，余款结转。", "Each college pays its oldest batches first out of a twelfth of its idle limits a month."))

    def change_figure(self) -> Block:
        """图6: why fee spending changed."""
        say, years = self.press.say, ss.ledger_change(self.ledger) if len(self.ledger.batches) else None
        if years is None and not self.study.composition.changes_anything:
            return paragraphs(say("考核记录只有一个年度，且没有对照方案，不作价格—数量—结构分解。", "One year only and no scheme to compare: no price–volume–mix."))
        words, parts = (say(f"{years[0]}到{years[1]}年应付考核费", f"payable {years[0]} to {years[1]}"), years[2]) if years else (say("方案与基准相比考核费支出", "fee spending, scheme against baseline"),
                                                                                                                ss.spending_change(self.study, *self.runs))
        return self.press.figure(self.label("figure", 6), say(f"{words}变化{wan(parts['change'])}万元，其中价格{wan(parts['price'])}、数量{wan(parts['volume'])}、结构{wan(parts['mix'])}",
                                                              f"{words}: change {wan(parts['change'])} = price {wan(parts['price'])} + volume {wan(parts['volume'])} + mix {wan(parts['mix'])}"),
                                 settle_figures.change_bars(self.press, parts), source=self.source)

    def account_findings(self) -> Block:
        """八: what to explain or report upward."""
        return self._no_accounts() or findings_table(self.press, ledger_facts(self.ledger, self.accounts), self.label("table", 6))


def open_budget_and_settlement(data: str, province: str = "", college: str = "", year: int = 0, scenario: Sequence[str] = (), settings: Mapping[str, str] | None = None, lang: str = "zh",
                               internal: bool = False, log2_draws: int = 5, seed: int = 20201231, at: str = "") -> BudgetAndSettlement:
    """Open the report; `at` empty: the settlement deadline. Raises OnexError with every fault of the step that fails."""
    use_style()
    study, press = opened(data, scenario, settings or {}, province, college, year, lang, internal, ("workload",))
    day = _day(at or str(study.views("none")[1]["settlement.deadline"]))
    given = {"province": study.province, "college": study.college, "year": year, "scenario": scenario_ids(scenario), "settings": dict(settings or {}), "lang": lang, "internal": internal,
             "log2_draws": log2_draws, "seed": seed, "at": at}
    return BudgetAndSettlement(study, press, given, day)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ParameterError(Fault(f"at {text}", "不是日期", do="写成 2020-12-31 这样的年-月-日")) from None
