"""province_comparison: fee levels and costs of provinces side by side, and how far they can be compared (reports.md d)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from html import escape

import numpy as np
import pandas as pd

from ..analysis import comparison as pc
from ..analysis.cap_study import study_draws
from ..analysis.derive import derivation
from ..analysis.factors import decomposition
from ..analysis.small_numbers import rank_intervals
from ..analysis.trace import Node, place_tree
from ..analysis.uncertainty import interval
from ..engine.settle import settlement_ledger
from ..errors import Fault, ParameterError
from ..places import shipped
from . import comparison_figures as figures
from .common import SchemeReport
from .html import Block, bullets, front_box, number, paragraphs, percent, signed, wan
from .notes import Note
from .opening import data_state, how_to_read, meta_line, opened, scenario_ids
from .press import SMALL
from .style import use_style
from .words import FACTORS, LEVELS

Z95 = 1.959963984540054


@dataclass(frozen=True)
class ProvinceComparison(SchemeReport):
    """One province_comparison report; `focus`: the province its first sentence is about ("" where the data have none such)."""

    focus: str = ""
    drawn: Mapping[str, np.ndarray] = field(default_factory=dict)

    name = "province_comparison"
    topics = ("compare.", "fees.", "volume.", "settlement.")

    @cached_property
    def fees(self):
        """Approved fees by province and product."""
        return pc.fee_table(self.study, self.runs[1])

    @cached_property
    def levels(self):
        """Fee levels, a row a province."""
        return pc.fee_levels(self.fees, self.view)[0]

    @cached_property
    def colleges(self):
        """Outlay a candidate, a row a college."""
        return pc.college_outlay(self.study, self.runs[1])

    @cached_property
    def table(self):
        """A row a province."""
        return pc.provinces(self.study, self.runs[1], self.colleges, self.view)

    @cached_property
    def shown(self):
        """The provinces a circulated report may show singly."""
        return self.table[(self.table["colleges"] >= SMALL) | self.press.internal].reset_index(drop=True)

    @cached_property
    def parts(self):
        """Shapley parts of each province's difference."""
        return decomposition(self.study, self.runs[1])

    @cached_property
    def spread(self):
        """Gini, Theil and concentration."""
        return pc.inequality(self.study, self.colleges, self.table)

    @cached_property
    def ledger(self):
        """The accounts at the settlement deadline."""
        return settlement_ledger(self.study.tables, self.view, pd.Timestamp(str(self.view["settlement.deadline"])))

    @cached_property
    def drawn_level(self) -> tuple[float, float]:
        """80 % interval of the focus's level over the assumptions."""
        return interval(pc.level_draws(self.study, self.drawn)[:, self.at]) if self.at >= 0 else (float("nan"),) * 2

    @property
    def at(self) -> int:
        """The focus among the places, −1 where there is none or it may not be shown."""
        return self.fees.places.index(self.focus) if self.focus in set(self.shown["province"]) else -1

    @property
    def nation(self) -> float:
        """Outlay a candidate of all colleges, yuan."""
        return float(self.colleges["outlay"].sum() / self.colleges["served"].sum())

    def place_names(self, codes) -> list[str]:
        """Names of provinces."""
        table = self.study.tables["provinces"].set_index("province")
        named = table["name_zh"] if self.press.lang == "zh" else table["name_en"].where(table["name_en"] != "", table["name_zh"])
        return [self.press.place(named[code]) for code in codes]

    def headlines(self) -> dict[str, float]:
        """Fee levels, outlay and inequality."""
        made = {"outlay_per_candidate": self.nation, "small": int(self.table["small"].sum()), **{f"spread.{name}": value for name, value in self.spread.items()}}
        made |= {f"level.{row.province}": float(row.level) for row in self.levels.itertuples() if row.province in set(self.shown["province"])}
        return made | {f"each.{row.province}": float(row.each) for row in self.shown.itertuples()}

    def front(self) -> Block:
        """Summary page."""
        say, within, small = self.press.say, self.spread["within"] / self.spread["total"] if self.spread["total"] else float("nan"), int(self.table["small"].sum())
        if self.at >= 0 and np.isfinite(self.levels["level"].iloc[self.at]):
            row, name = self.levels.iloc[self.at], self.place_names([self.focus])[0]
            reach = f"〔{percent(row['low'])}—{percent(row['high'])}〕" if np.isfinite(row["low"]) else say("（只有一个共同证书，没有区间）", " (one shared certificate: no interval)")
            first = say(f"按标准化篮子，{name}费用水平为全国的{percent(row['level'])}%{reach}；", f"On a standard basket fees in {name} are {percent(row['level'])} % of the mean{reach}; ")
            title = say(f"{name}费用水平为全国的{percent(row['level'])}%", f"Fees in {name}: {percent(row['level'])} % of the mean")
        elif np.isfinite(self.levels["level"]).any():
            low, high = self.levels["level"].min(), self.levels["level"].max()
            first = say(f"按标准化篮子，各省费用水平在全国的{percent(low)}%到{percent(high)}%之间；", f"On a standard basket fee levels run from {percent(low)} to {percent(high)} % of the mean; ")
            title = say(f"各省费用水平在{percent(low)}%到{percent(high)}%之间", f"Fee levels between {percent(low)} and {percent(high)} %")
        else:
            first, title = say("各省没有共同定价的证书，费用水平不可比；", "No two provinces price a certificate in common: not comparable; "), say("费用水平不可比", "Fee levels are not comparable")
        few = say(f"{number(small)}个省样本不足，不作排名", f"{number(small)} provinces are too small to rank") if small else say("没有样本不足的省", "no province is too small")
        lead = first + say(f"院校人均考核支出的差异中{percent(within)}%来自省内院校之间；{few}。", f"{percent(within)} % of the differences between colleges lie within provinces; {few}.")
        also = [self._ranks_said(), say("公开的1+X费用中没有一个证书在两地都有价：真实费用目前不可比（表2）。", "Of the published 1+X fees no certificate is priced by two places: real fees cannot be compared yet (Table 2).")]
        return front_box(self.press.bands(), say("分省比较 · 测算", "Provinces compared"), title, meta_line(self.study, self.press), lead, also, self.keys(), self._who(),
                         say("一页摘要", "Summary")) + how_to_read(self.press)

    def _ranks_said(self) -> str:
        return self.press.say("本报告含模拟数据，任何地方都不作排名；各省按行政区划代码排列。", "The data are simulated: nothing is ranked; provinces stand in administrative order.") if self.unranked else self.press.say(
            "各省按行政区划代码排列；名次只给区间（表3）。", "Provinces stand in administrative order; ranks only as intervals (Table 3).")

    @property
    def unranked(self) -> bool:
        """Simulated rows are never ranked."""
        return self.press.simulated or bool(self.press.label)

    def keys(self) -> list[tuple]:
        """Key figures with their note numbers."""
        say = self.press.say
        level = self.levels["level"].iloc[self.at] if self.at >= 0 else float("nan")
        low, high = self.drawn_level
        reach = f"〔{percent(low)}—{percent(high)}〕{say('假设变动', ' assumptions')}" if np.isfinite(low) else ""
        within = self.spread["within"] / self.spread["total"] if self.spread["total"] else float("nan")
        return [(say("费用水平", "fee level"), percent(level), "%", reach, 1), (say("人均考核支出", "outlay a candidate"), number(self.nation), say("元", "yuan"), "", 2),
                (say("考核费支出", "fee bill"), wan(self.colleges["fee_bill"].sum()), say("万元", "10⁴ yuan"), "", 3), (say("省内差异占比", "within provinces"), percent(within), "%", "", 4),
                (say("样本不足的省", "small samples"), number(self.table["small"].sum()), say("个", ""), "", 5)]

    def noted(self) -> list[Note]:
        """Trees of the key figures."""
        say, lang = self.press.say, self.press.lang
        derived = derivation(self.study, "none", stored=True)
        bill, own, served = (place_tree(derived, "scenario", name, lang) for name in ("fee_bill", "college_cash_cost", "served"))
        each = Node("outlay_per_candidate", say("人均考核支出", "outlay a candidate"), "", self.nation, say("元", "yuan"), "rule", say("（考核费＋学校自担考核现金）÷ 可考核人数", "(fees + own cash) ÷ candidates served"), children=(bill, own, served))
        parts = self.spread
        theil = Node("theil", say("泰尔指数省内部分占比", "within-province share of Theil's T"), "", 100 * parts["within"] / parts["total"] if parts["total"] else float("nan"), "%", "rule",
                     say("省内部分 ÷ 总指数；T＝Σ 人数份额·(x/均值)·ln(x/均值)（Theil 1967）", "within ÷ total; T = Σ share · (x/mean) · ln(x/mean) (Theil 1967)"),
                     children=tuple(Node(name, words, "", parts[name], "", "rest") for name, words in (("between", say("省际", "between")), ("within", say("省内", "within")), ("total", say("合计", "total")))))
        small = Node("small", say("样本不足的省", "small samples"), "", float(self.table["small"].sum()), say("个", ""), "rule", say(f"院校少于{self.view['compare.min_colleges']:g}所或考生少于{self.view['compare.min_candidates']:g}人", f"under {self.view['compare.min_colleges']:g} colleges or {self.view['compare.min_candidates']:g} candidates"))
        trees = (self._level_tree(), each, bill, theil, small)
        return [Note(i, name, f"{value} {unit}", (tree,)) for i, ((name, value, unit, *_), tree) in enumerate(zip(self.keys(), trees, strict=True), start=1)]

    def _level_tree(self) -> Node:
        """The focus's level: the fees of its largest products beside what the basket's level says they cost at the mean."""
        say, children = self.press.say, []
        if self.at >= 0:
            found, row = pc.fee_levels(self.fees, self.view)[1], self.at
            at_work = np.flatnonzero(np.isfinite(self.fees.prices[row]) & (self.fees.candidates[row] > 0))
            few = self.table.set_index("province").loc[self.focus, "colleges"] < SMALL
            for j in at_work[np.argsort(-self.fees.candidates[row, at_work], kind="stable")][:5]:
                certificate, level = self.fees.products[j]
                children.append(Node("price", f"{certificate} {self.press.word(LEVELS, level)}", say("本省标准 ÷ 全国水平价格", "fee here ÷ price at the mean level"), float(self.fees.prices[row, j] / found.product[j]), "", "rest",
                                     note=say(f"本省{number(self.fees.prices[row, j], 1)}元，全国{number(found.product[j], 1)}元，{number(self.fees.candidates[row, j])}人", f"{number(self.fees.prices[row, j], 1)} here, {number(found.product[j], 1)} at the mean, {number(self.fees.candidates[row, j])} candidates"), private=bool(few)))
        return Node("level", say("费用水平", "fee level"), self.focus, float(self.levels["level"].iloc[self.at]) if self.at >= 0 else float("nan"), "", "rule",
                    say("ln 标准＝省份效应＋证书等级效应＋误差，按考生人数加权最小二乘；水平＝exp(省份效应)（Summers 1973，Rao 2005）", "ln fee = place + product + error, least squares weighted by candidates; level = exp(place) (Summers 1973, Rao 2005)"), children=tuple(children))

    def _who(self):
        say = self.press.say
        limits = say("费用只在有共同证书的省之间可比；均值受结构影响，所以按标准化篮子比较，并给出区间与样本标记。", "Fees compare only where certificates are shared; means mislead, so a standard basket, intervals and small-sample marks are used.")
        return [(say("怎样比", "How compared"), f"<p>{escape(say('国家—产品虚拟变量法（CPD），考生加权；GEKS-Fisher 并列', 'country-product-dummy (CPD) weighted by candidates; GEKS-Fisher beside it'))}</p>"),
                (say("约束与风险", "Limits and risks"), f"<p>{escape(limits)}</p>"), (say("依据与数据状态", "Basis and data"), data_state(self.study, self.press))]

    def basket(self) -> Block:
        """一: what is compared."""
        say, fees = self.press.say, self.fees
        return bullets([say(f"比较{len(fees.places)}个省、{len(set(fees.labels))}个证书、{len(fees.products)}种证书等级；标准化篮子为各证书等级的计划考生。", f"{len(fees.places)} provinces, {len(set(fees.labels))} certificates, {len(fees.products)} products; the basket is planned candidates by product."),
                        say("人均考核支出＝考核费＋学校自担的考核现金支出，除以可考核人数。", "Outlay a candidate: fees and own cash items over candidates served."),
                        say(f"院校少于{self.view['compare.min_colleges']:g}所或考生少于{self.view['compare.min_candidates']:g}人的省加小样本标记；流转版不足{SMALL}所的省不单列。", f"Under {self.view['compare.min_colleges']:g} colleges or {self.view['compare.min_candidates']:g} candidates: marked; a circulated report leaves out provinces under {SMALL} colleges.")])

    def quality_table(self) -> Block:
        """表1: data by province."""
        say, rows = self.press.say, []
        found = pc.data_quality(self.study, self.runs[1])
        for name, row in zip(self.place_names(found["province"]), found.itertuples(), strict=True):
            cells = [number(row.offerings), number(row.planned), number(row.certificates), number(row.priced), percent(row.share)]
            rows.append([name, number(row.colleges), *(self.press.shown(cell, row.colleges) for cell in cells), say("小样本", "small") if row.colleges < self.view["compare.min_colleges"] else ""])
        header = [say(*pair) for pair in (("省份", "province"), ("院校", "colleges"), ("开考计划", "offerings"), ("计划考生", "candidates"), ("证书", "certificates"), ("已公布标准", "published"), ("公布标准覆盖考生 %", "candidates covered %"), ("标记", "mark"))]
        return self.press.table(self.label("table", 1), say("数据与可比性", "Data and comparability"), header, rows, source=self.source)

    def heat_figure(self) -> Block:
        """图1: which certificates each province prices."""
        cells = self.runs[1].compiled.keys["cell"]
        published = np.nan_to_num(pc.placed(cells, self.fees, np.isfinite(self.runs[1].compiled.leaves["published_fee"]) * 1.0)) > 0
        shared = int((published.sum(0) >= 2).sum())
        return self.press.figure(self.label("figure", 1), self.press.say(f"{len(self.fees.products)}种证书等级中，{shared}种有两省以上公布标准", f"{shared} of {len(self.fees.products)} products have published fees in two provinces or more"),
                                 figures.priced_heat(self.press, self.fees, self.place_names(self.fees.places), published), source=self.source)

    def published_table(self) -> Block:
        """表2: the published 1+X fees as they are."""
        say = self.press.say
        frame = pd.read_csv(shipped("data", "published") / "fees.csv", dtype={"province": str})
        found, _ = pc.fee_levels(pc.published_fees(frame), self.view)
        rows = [[row.name_zh, row.certificate, row.level, number(row.amount), str(row.year), row.issuer] for row in frame[frame["item"] == "fee"].itertuples()]
        header = [say(*pair) for pair in (("地区", "place"), ("证书", "certificate"), ("等级", "level"), ("费用 元/人次", "fee, yuan"), ("年度", "year"), ("发布单位", "issuer"))]
        verdict = say("不可比", "not comparable") if not np.isfinite(found["level"]).any() else say("可比", "comparable")
        kept = f"{say('本报告其余数据：', 'the rest of this report: ')}{self.press.short_label}" if self.press.label else ""
        return replace(self.press, label="").table(self.label("table", 2), say(f"公开的1+X考核费用：{verdict}", f"Published 1+X fees: {verdict}"), header, rows, text=True, source=say("data/published/fees.csv（逐行出处）", "data/published/fees.csv (a source a row)"),
                                note=say(f"本表是公开数据，不是模拟。要可比，须有两地公布同一证书、同一等级的标准；有{self.view['compare.min_overlap_certificates']:g}个以上共同证书、占双方支出{percent(self.view['compare.min_overlap_spending'])}%以上，才能用 GEKS-Fisher。",
                                         f"This table is published data. To compare, two places must publish a fee for the same certificate and level; GEKS-Fisher needs {self.view['compare.min_overlap_certificates']:g} shared certificates and {percent(self.view['compare.min_overlap_spending'])} % of spending.") + (say("　", " ") + kept if kept else ""))

    def level_table(self) -> Block:
        """表3: fee levels."""
        say, rows, table = self.press.say, [], self.levels
        count = self.table.set_index("province")["colleges"].reindex(table["province"]).fillna(0)
        error = (np.log(table["high"]) - np.log(table["low"])) / (2 * Z95)
        best, worst = rank_intervals(np.log(table["level"]).to_numpy(), np.where(count >= self.view["compare.min_colleges"], error, np.nan))
        for i, (name, row) in enumerate(zip(self.place_names(table["province"]), table.itertuples(), strict=True)):
            level = f"{percent(row.level)}〔{percent(row.low)}—{percent(row.high)}〕" if np.isfinite(row.level) else say("不可比", "not comparable")
            cells = [level, percent(row.geks) if np.isfinite(row.geks) else say("不可比", "not comparable"), number(row.mean), number(row.certificates)]
            rank = [] if self.unranked else [f"{number(best[i])}—{number(worst[i])}" if np.isfinite(best[i]) else "—"]
            rows.append([name, *(self.press.shown(cell, int(count.iloc[i])) for cell in (*cells, *rank))])
        header = [say(*pair) for pair in (("省份", "province"), ("费用水平 CPD（%）〔95%〕", "CPD level, % [95 %]"), ("GEKS-Fisher（%）", "GEKS-Fisher, %"), ("简单平均（元）", "plain mean, yuan"), ("证书", "certificates"))] + ([] if self.unranked else [say("名次区间（90%）", "rank interval (90 %)")])
        return self.press.table(self.label("table", 3), say("费用水平（加权平均＝100%）", "Fee levels (weighted mean = 100 %)"), header, rows, source=self.source,
                                note=say("简单平均受证书结构影响，不用于比较。区间逐个去掉证书重算（刀切法）。", "The plain mean depends on the mix. Intervals: leaving out one certificate at a time (jackknife)."))

    def level_figure(self) -> Block:
        """图2: fee levels with intervals."""
        table = self.levels[self.levels["province"].isin(self.shown["province"]) & np.isfinite(self.levels["level"])].reset_index(drop=True)
        if table.empty:
            return paragraphs(self.press.say("没有可单列且可比的省，不画费用水平图。", "No province may be shown singly and compared."))
        clear = int(((table["low"] > 1) | (table["high"] < 1)).sum())
        focus = int(table.index[table["province"] == self.focus][0]) if self.focus in set(table["province"]) else -1
        return self.press.figure(self.label("figure", 2), self.press.say(f"{len(table)}个省中{clear}个与全国平均有明确差别", f"{clear} of {len(table)} provinces clearly differ from the mean"),
                                 figures.level_dots(self.press, table, self.place_names(table["province"]), focus), source=self.source)

    def cost_table(self) -> Block:
        """表4: cost and funding."""
        say, rows = self.press.say, []
        for name, row in zip(self.place_names(self.table["province"]), self.table.itertuples(), strict=True):
            cells = [number(row.served), number(row.each), f"{number(row.plain)}±{number(Z95 * row.error)}" if np.isfinite(row.error) else number(row.plain), f"{100 * row.burden:.3f}" if np.isfinite(row.burden) else "—", percent(row.coverage), number(row.gap_each, 1)]
            rows.append([name, number(row.colleges), *(self.press.shown(cell, row.colleges) for cell in cells), say("小样本", "small") if row.small else ""])
        header = [say(*pair) for pair in (("省份", "province"), ("院校", "colleges"), ("考生", "candidates"), ("人均考核支出 元", "outlay a candidate"), ("院校均值±95% 元", "college mean ± 95 %"), ("负担 %", "burden %"), ("需求覆盖率 %", "needs covered %"), ("生均缺口 元", "gap a student"), ("标记", "mark"))]
        return self.press.table(self.label("table", 4), say("成本与资金保障", "Cost and funding"), header, rows, source=self.source, note=say("负担＝公办院校考核费÷（在校生×生均拨款）。", "Burden: fees of public colleges over students × per-student appropriation."))

    def funnel_figure(self) -> Block:
        """图3 and 图4: funnel plot; raw and shrunk means."""
        say = self.press.say
        if len(self.shown) < 2:
            return paragraphs(say("可单列的省不足两个，不画漏斗图。", "Fewer than two provinces may be shown singly: no funnel plot."))
        names, funnel, small = self.place_names(self.shown["province"]), pc.funnel(self.shown), pc.shrunk(self.shown)
        first = self.press.figure(self.label("figure", 3), say(f"{int(funnel['outside'].sum())}个省超出99.8%控制限，其余差别可由院校数少解释", f"{int(funnel['outside'].sum())} provinces lie outside the 99.8 % limits"), figures.funnel_plot(self.press, funnel, names), source=self.source)
        least = small.loc[small["own"].idxmin()] if small["own"].notna().any() else None
        words = say(f"样本越小收缩越多，最小的省只保留自身信息的{percent(least['own'])}%", f"The smaller the sample the more it shrinks: the smallest keeps {percent(least['own'])} % of its own value") if least is not None else say("没有可收缩的省", "nothing to shrink")
        return first + self.press.figure(self.label("figure", 4), words, figures.shrink_arrows(self.press, small, names), source=self.source,
                                         note=say("正态—正态收缩，省间方差按 DerSimonian–Laird 估计；收缩值不用于排名。", "Normal-normal shrinkage, DerSimonian–Laird variance; never used for ranks."))

    def settlement_table(self) -> Block:
        """表5: settlement."""
        say = self.press.say
        if not len(self.ledger.batches):
            return paragraphs(say("数据中没有考核记录，不作结清比较。", "No assessment records: settlement is not compared."))
        found, rows = pc.settlement(self.ledger), []
        for name, row in zip(self.place_names(found["province"]), found.itertuples(), strict=True):
            cells = [number(row.batches), f"{percent(row.share)}〔{percent(row.low)}—{percent(row.high)}〕", percent(row.rate)]
            rows.append([name, number(row.colleges), *(self.press.shown(cell, row.colleges) for cell in cells)])
        header = [say(*pair) for pair in (("省份", "province"), ("院校", "colleges"), ("批次", "batches"), ("全部结清的批次 %〔95%〕", "batches settled, % [95 %]"), ("金额结清率 %", "settled in money, %"))]
        return self.press.table(self.label("table", 5), say(f"结清与执行（截至{self.ledger.at.date()}）", f"Settlement at {self.ledger.at.date()}"), header, rows, source=self.source, note=say("区间为 Wilson 得分区间。", "Wilson score intervals."))

    def parts_figure(self) -> Block:
        """图5 and 表6: why provinces differ from the national mean."""
        say, table = self.press.say, self.parts[self.parts["province"].isin(self.shown["province"])].reset_index(drop=True)
        if table.empty:
            return paragraphs(say("没有可单列的省，不作差异来源分解。", "No province may be shown singly: no decomposition."))
        main = table[list(FACTORS)].abs().sum().idxmax()
        figure = self.press.figure(self.label("figure", 5), say(f"各省之间的差别主要来自{self.press.word(FACTORS, main)}", f"Provinces differ mostly by {self.press.word(FACTORS, main)}"), figures.factor_bars(self.press, table, self.place_names(table["province"])), source=self.source,
                                   note=say("Shapley 分解，五部分之和等于与全国均值之差。", "Shapley decomposition: the five parts add to the difference."))
        rows = [[name, number(row.each, 1), *(signed(number(getattr(row, factor), 1)) for factor in FACTORS), signed(number(row.each - row.nation, 1))] for name, row in zip(self.place_names(table["province"]), table.itertuples(), strict=True)]
        header = [say("省份", "province"), say("人均考核支出 元", "outlay a candidate"), *(self.press.word(FACTORS, factor) for factor in FACTORS), say("合计", "total")]
        return figure + self.press.table(self.label("table", 6), say("与全国均值之差的来源（元/考生）", "Sources of the difference, yuan a candidate"), header, rows, source=self.source)

    def theil_figure(self) -> Block:
        """图6 and words: inequality between colleges."""
        say, parts = self.press.say, self.spread
        basis = say("财政自给率", "fiscal capacity") if parts["by_capacity"] else say("生均自有额度（数据没有财政自给率）", "own funds a student (the data have no fiscal capacity)")
        figure = self.press.figure(self.label("figure", 6), say(f"院校差异中{percent(parts['within'] / parts['total'])}%在省内", f"{percent(parts['within'] / parts['total'])} % of the inequality is within provinces") if parts["total"] else say("院校之间没有差异", "no inequality"),
                                   figures.theil_bar(self.press, parts), source=self.source)
        return figure + paragraphs(say(f"按考生加权的基尼系数为{number(parts['gini'], 3)}；相对{basis}的集中指数为{number(parts['concentration'], 3)}（负数：财力弱的地方人均支出更高）。",
                                       f"Weighted Gini {number(parts['gini'], 3)}; concentration over {basis} {number(parts['concentration'], 3)} (negative: the poorer spend more a candidate)."))

    def conclusions(self) -> Block:
        """八: conclusions and limits."""
        say, small = self.press.say, self.table["small"]
        texts = [say("省际比较先看可比性，再看水平，最后看差异来源；任何一张图都不是考核排名。", "Comparability first, then level, then sources of difference; no figure here is a league table."),
                 say(f"样本不足的省{number(small.sum())}个，只报数，不作判断。", f"{number(small.sum())} provinces are too small to judge."),
                 say("要让真实费用可比：请各省在公布标准时同时公布证书代码、等级和生效日期。", "To compare real fees, provinces would publish code, level and date with each standard.")]
        return bullets(texts)


def open_province_comparison(data: str, province: str = "", college: str = "", year: int = 0, scenario: Sequence[str] = (), settings: Mapping[str, str] | None = None, lang: str = "zh",
                             internal: bool = False, log2_draws: int = 5, seed: int = 20201231) -> ProvinceComparison:
    """Open the report on every province of the data; `province`: the one the first sentence is about. Raises OnexError with every
    fault of the step that fails."""
    use_style()
    if college:
        raise ParameterError(Fault(f"college {college}", "分省比较不针对一所院校", do="去掉 --college，或改用 budget_and_settlement"))
    study, press = opened(data, scenario, settings or {}, "", "", year, lang, internal, ("workload",))
    given = {"province": province, "college": "", "year": year, "scenario": scenario_ids(scenario), "settings": dict(settings or {}), "lang": lang, "internal": internal,
             "log2_draws": log2_draws, "seed": seed}
    focus = _focus(study, province)
    return ProvinceComparison(study, press, given, focus, study_draws(study, log2_draws, seed))


def _focus(study, province: str) -> str:
    from ..analysis.study import place_of
    known = set(study.tables["provinces"]["province"])
    if not province or (province == "44" and province not in known):
        return ""
    return place_of(study.tables, province, "")[0]
