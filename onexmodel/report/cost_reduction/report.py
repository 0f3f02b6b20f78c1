"""cost_reduction: what levers save, in cash and in resources, with quality guaranteed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from ...analysis.cap_study import study_draws
from ...analysis.grouping import merged_groups
from ...analysis.items import (
    capacity,
    cost_factors,
    item_costs,
    most_sat,
    unit_cost_curve,
    unused_capacity_draws,
)
from ...analysis.lever_draws import deciding, saving_draws
from ...analysis.levers import evaluate_levers, fixed_changes, read_levers, savings_curve
from ...analysis.uncertainty import interval
from ...errors import Fault, ParameterError
from ...law import list_scenarios
from ..annex.notes import Note
from ..common import Report
from ..opening import ACCOUNTS, draws_for, how_to_read, opened, scenario_ids
from ..page.html import Block, number, paragraphs, ranged, share, signed, wan
from ..page.parts import fitted, swing_block
from ..page.press import SMALL
from ..page.style import use_style
from ..page.words import ITEMS, LEVELS, TIERS
from . import figures as cost_figures
from . import front as cost_text

EVIDENCE = {
    "measured": ("实测", "measured"),
    "literature": ("文献", "literature"),
    "expert": ("专家判断", "expert"),
    "assumption": ("假设", "assumption"),
}
GUARDS = {
    "pass_rate": ("通过率（%）", "pass rate, %"),
    "candidates_per_assessor": ("每名考评员带考（人）", "candidates per assessor"),
    "minutes_per_candidate": ("人均操作时长（分钟）", "minutes per candidate"),
    "assessor_independence": ("由本校人员考评的考生（%）", "assessed by own staff, %"),
}
GUARD_NAMES = {
    "pass_rate": ("通过率", "pass rate"),
    "candidates_per_assessor": ("考评员比", "assessor ratio"),
    "minutes_per_candidate": ("操作时长", "minutes"),
    "assessor_independence": ("考评独立性", "independence"),
}
PAYERS = {
    "college": ("每所院校", "each college"),
    "organisation": ("每个培训评价组织", "each organisation"),
    "province": ("每个省份", "each province"),
}
MOST = 120  # candidates up to which the unit cost is drawn


@dataclass(frozen=True)
class CostReduction(Report):
    """One cost_reduction report; the levers are scenario files."""

    levers: tuple[str, ...] = ()
    intensity: float = 1.0
    drawn: Mapping[str, np.ndarray] = field(default_factory=dict)

    name = "cost_reduction"
    topics = (
        "quality.",
        "workload.",
        "fees.reverify",
        "volume.",
        "funding.discount_rate",
        "pay.elasticity",
        "pay.uplift",
    )

    @cached_property
    def found(self):
        """The lever study."""
        return evaluate_levers(self.study, read_levers(self.levers), self.intensity)

    @cached_property
    def run(self):
        """The baseline, no response."""
        return self.study.pair("none")[0]

    def last_result(self):
        """The baseline."""
        return self.run

    @property
    def varies(self) -> bool:
        """Do the levers have an intensity?"""
        return not fixed_changes(list(self.found.bench.levers.values()))

    @cached_property
    def curve(self):
        """The package at each intensity."""
        return savings_curve(self.found)

    @cached_property
    def draws(self):
        """Savings in every draw."""
        return saving_draws(self.found, self.drawn, int(self.parameters["seed"]))

    @cached_property
    def ranges(self) -> dict[str, tuple[float, float]]:
        """80 % intervals of saving, net saving, shares."""
        return {name: interval(self.draws[name].to_numpy()) for name in self.draws}

    def headlines(self) -> dict[str, float]:
        """Joint savings with their intervals, shares, refusals."""
        heads = {f"joint.{k}": float(v) for k, v in self.found.joint.items()} | {
            f"baseline.{k}": float(v) for k, v in self.found.baseline.items()
        }
        heads |= {
            f"{name}.{end}": value
            for name in ("cash", "economic", "net")
            for end, value in zip(("p10", "p90"), self.ranges[name], strict=True)
        }
        return heads | {
            f"{row.lever}.{k}": float(getattr(row, k))
            for row in self.found.table.itertuples()
            for k in ("cash_shapley", "economic_shapley", "refused")
        }

    @property
    def per_candidate(self) -> tuple[float, float]:
        """Cash cost per candidate before and after."""
        return self.found.baseline["cash"] / self.found.baseline["candidates"], self.found.joint[
            "cost_cash"
        ] / self.found.joint["candidates"]

    def front(self) -> Block:
        """Summary page."""
        return cost_text.front(self) + how_to_read(self.press)

    def noted(self) -> list[Note]:
        """Trees of the key figures."""
        return cost_text.noted(self)

    @cached_property
    def items(self):
        """Item × bearer, yuan."""
        return item_costs(self.run, self.study.scope(), cost_factors(self.study))

    def item_table(self) -> Block:
        """表1: cost by item and bearer, economic and cash, and teachers' time: the base of every share."""
        say, base = self.press.say, self.found.baseline
        wide = (
            self.items.pivot_table(
                index=["phase", "item"], columns="borne_by", values="economic", aggfunc="sum"
            )
            .reindex(columns=["organisation", "college"])
            .fillna(0.0)
        )
        cash = self.items.groupby(["phase", "item"])["cash"].sum()
        order = [
            (phase, item)
            for phase in ("assessment", "training")
            for item in ITEMS
            if (phase, item) in wide.index
        ]
        whole, paid = (
            fitted([base[name] - base[staff], base[staff]])
            for name, staff in (("economic", "teacher_time"), ("cash", "uplift"))
        )
        bearers = fitted(wide.sum().to_numpy(), whole[0])
        cells = [
            fitted(wide.loc[order, who].to_numpy(), total)
            for who, total in zip(("organisation", "college"), bearers, strict=True)
        ]
        phases = {"assessment": say("考核", "assessment"), "training": say("培训", "training")}
        outlays = fitted(cash.loc[order].to_numpy(), paid[0], most=np.sum(cells, axis=0))
        rows = [
            [f"{phases[phase]}·{self.press.word(ITEMS, item)}", a, b, a + b, c]
            for (phase, item), a, b, c in zip(order, *cells, outlays, strict=True)
        ]
        rows += [
            [say("费用项目小计", "items"), *bearers, whole[0], paid[0]],
            [
                say("教师时间（经济）／绩效核增（现金）", "teachers' time / pay uplift"),
                0.0,
                whole[1],
                whole[1],
                paid[1],
            ],
            [say("合计", "total"), bearers[0], bearers[1] + whole[1], sum(whole), sum(paid)],
        ]
        header = [
            say(*pair)
            for pair in (
                ("费用项目", "item"),
                ("机构承担（经济）", "organisation"),
                ("院校承担（经济）", "college"),
                ("合计（经济）", "total, economic"),
                ("合计（现金）", "total, cash"),
            )
        ]
        for row, column, name in (
            (-2, 3, "teacher_time"),
            (-2, 4, "uplift"),
            (-1, 3, "cost_economic"),
            (-1, 4, "cost_cash"),
        ):
            rows[row][column] = ranged(
                number(rows[row][column], 1),
                self.press.span(self.ranges[name], wan, 1e4 * rows[row][column]),
            )
        unused = (
            say(
                f"折合{wan(self.spare[0]['cost'].sum())}万元", f"{wan(self.spare[0]['cost'].sum())}"
            )
            + self.spare_span
            if self.spare[1]
            else say("（金额不列示）", "not shown")
        )
        return self.press.table(
            self.label("table", 1),
            say("现状成本构成（万元/年）", "Present cost by item, 10,000 yuan a year"),
            header,
            [
                [row[0], *(x if isinstance(x, Block) else number(x, 1) for x in row[1:])]
                for row in rows
            ],
            total=True,
            source=self.source,
            note=say(
                f"各处「占成本」均以合计行为基数。经济口径含现有资源的机会成本和教师培训课时的全部成本；现金口径只含实际支出，教师部分为随工作量核增的绩效工资。教师未用产能{unused}单列，不计入（图3）。〔〕为80%区间：核增弹性、课时综合成本等假设同时变动。",
                f"Every share is of the last row. Economic: existing resources and teachers' training hours at full cost; cash: outlays, teachers as the uplift of pay. Unused capacity ({unused}) stands apart (Figure 3). [ ]: 80 % intervals, elasticity of the uplift, cost of a staff hour and the other assumptions varied together.",
            ),
            columns=(
                "organisation_cost",
                "college_cost",
                "training_cost",
                "organisation_cash_cost",
                "college_cash_cost",
                "training_cash_cost",
            ),
        )

    def item_figure(self) -> Block:
        """图1: cost per candidate by item."""
        say = self.press.say
        wide = self.items.pivot_table(
            index="item", columns="borne_by", values="economic", aggfunc="sum"
        ).reindex([i for i in ITEMS if i in set(self.items["item"])])
        wide = (
            wide.reindex(columns=["organisation", "college"]).fillna(0.0)
            / self.found.baseline["candidates"]
        ).reset_index()
        each = wide["organisation"] + wide["college"]
        top, part = (
            self.press.word(ITEMS, wide.loc[each.idxmax(), "item"]),
            share(each.max() / each.sum()),
        )
        return self.press.figure(
            self.label("figure", 1),
            say(f"「{top}」占费用项目小计的{part}%", f"'{top}' is {part} % of the items"),
            cost_figures.item_bars(self.press, wide),
            source=self.source,
            note=say("经济口径，不含教师时间。", "Economic; teachers' time apart."),
        )

    def step_figure(self) -> Block:
        """图2: unit cost against candidates."""
        say, base = self.press.say, self.study.prepared.baseline
        mine = most_sat(self.study, 1 if self.press.internal else SMALL)
        if not len(mine):
            return paragraphs(
                say(
                    "没有5所以上院校共同开考的证书，不画单位成本曲线。",
                    "No certificate is planned by five colleges or more; no unit cost is drawn.",
                )
            )
        curve, key = unit_cost_curve(self.study, mine, MOST), base.keys["offering"].iloc[mine[0]]
        title = (
            self.study.tables["certificates"]
            .set_index("certificate")
            .loc[key["certificate"], "name"]
            or key["certificate"]
        )
        name = (
            f"{self._marked(title)}（{self.press.word(LEVELS, key['level'])}）"
            if self.press.lang == "zh"
            else f"{self._marked(title)}, {self.press.word(LEVELS, key['level'])}"
        )
        sessions, assessors = cost_figures.jumps(curve)
        cost = curve["unit_cost"].to_numpy()
        up = int(
            (cost[sessions] > cost[sessions - 1]).sum()
            + (cost[assessors] > cost[assessors - 1]).sum()
        )
        finding = (
            say(
                f"{name}：多开一场或多请一名考评员的{len(sessions) + len(assessors)}处中，{up}处人均成本跳升，其间逐渐下降",
                f"{name}: at {up} of {len(sessions) + len(assessors)} added sessions or assessors unit cost jumps up; in between it falls",
            )
            if up
            else say(
                f"{name}：{MOST}人以内人均成本没有跳升",
                f"{name}: no jump of unit cost up to {MOST} candidates",
            )
        )
        colleges = base.keys["offering"]["college"].iloc[mine].nunique()
        return self.press.figure(
            self.label("figure", 2),
            finding,
            cost_figures.step_curve(
                self.press, curve, float(np.median(base.leaves["planned_candidates"][mine]))
            ),
            source=self.source,
            note=say(
                f"计划人数最多的证书和等级，取{colleges}所开考院校的平均费率。考生不变而多开一场（各环节各一场、考评员配齐），另增{number(curve['one_more'].iloc[0])}元。",
                f"The certificate with most candidates at the mean rates of {colleges} colleges. One more session for the same candidates, fully staffed, costs {number(curve['one_more'].iloc[0])} yuan.",
            ),
        )

    def _marked(self, title: str) -> str:
        """A certificate's name that says whether it is simulated."""
        return title if not self.press.simulated or "模拟" in title else self.press.place(title)

    @cached_property
    def spare(self):
        """(hours and unused capacity by group, may its worth be shown): a worth of one to four colleges stays out of a circulated report."""
        keys, inside = self.run.compiled.keys["college"], self.study.scope()["college"]
        tiers = keys["tier"].to_numpy(object)
        groups = np.where(inside, tiers, "")
        if self.press.internal:
            return capacity(self.study, self.run, groups), True
        groups[inside] = merged_groups(tiers[inside], SMALL)
        rows = capacity(self.study, self.run, groups)
        if ((rows["idle"] > 0) & (rows["idle"] < SMALL)).any():
            rows = capacity(self.study, self.run, np.where(inside, "all", ""))
        return rows, not 0 < rows["idle"].sum() < SMALL

    @cached_property
    def spare_span(self) -> str:
        """The 80 % interval of the worth of unused capacity; none where in some draw it is the worth of one to four colleges alone."""
        worth, colleges = unused_capacity_draws(self.study, self.run.compiled, self.drawn)
        return (
            self.press.span(interval(worth), wan, self.spare[0]["cost"].sum())
            if self.press.internal or (self.spare[1] and colleges.min() >= SMALL)
            else ""
        )

    def capacity_figure(self) -> Block:
        """图3: used and unused capacity."""
        say, (rows, worth) = self.press.say, self.spare
        names = [
            say("全部院校", "all")
            if group == "all"
            else say("、", ", ").join(self.press.word(TIERS, tier) for tier in group.split("+"))
            for group in rows["group"]
        ]
        cost, idle, colleges = (
            rows["cost"].sum(),
            int(rows["idle"].sum()),
            int(rows["colleges"].sum()),
        )
        if not idle:
            finding = say(
                f"{colleges}所院校的教师都没有未用产能",
                f"None of the {colleges} colleges has unused staff capacity",
            )
        elif worth:
            finding = say(
                f"{colleges}所院校中{idle}所教师有未用产能，折合{wan(cost)}万元{self.spare_span}，单列，不摊入每名考生",
                f"{idle} of {colleges} colleges have unused staff capacity, worth {wan(cost)}{self.spare_span} × 10,000 yuan: its own line",
            )
        else:
            finding = say(
                f"{colleges}所院校中教师有未用产能的不足{SMALL}所，流转版不列金额",
                f"Fewer than {SMALL} of {colleges} colleges have unused staff capacity; its worth is not shown",
            )
        return self.press.figure(
            self.label("figure", 3),
            finding,
            cost_figures.capacity_bars(
                self.press,
                rows.assign(cost=[1e4 * x for x in fitted(rows["cost"])]),
                names,
                worth and idle > 0,
            ),
            source=self.source,
            note=say(
                "实际产能＝教师数×标准工作量×实际产能比例；逐校比较，一所院校有余不能抵另一所超负荷（Kaplan、Anderson 2004）。",
                "Practical capacity: teachers × norm × share; each college by itself, spare hours here do not offset overload there (Kaplan & Anderson 2004).",
            ),
        )

    def quality_table(self) -> Block:
        """表2: quality indicators against their floors."""
        say, refused = self.press.say, self.found.refusals.groupby("guard")["colleges"].sum()
        floors = {"pass_rate": ("不低于", "≥ "), "minutes_per_candidate": ("不低于", "≥ ")}
        rows = [
            [
                self.press.word(GUARDS, row.indicator),
                number(row.before, 1),
                number(row.after, 1),
                signed(number(row.after - row.before, 1)),
                cost_text.moved_by({"before": row.before, "after": row.after}),
                say(*floors.get(row.indicator, ("不高于", "≤ "))) + number(row.floor, 1),
                number(int(refused.get(row.indicator, 0))),
            ]
            for row in self.found.quality.itertuples()
        ]
        header = [
            say(*pair)
            for pair in (
                ("指标", "indicator"),
                ("基准", "baseline"),
                ("方案", "scheme"),
                ("变化", "change"),
                ("变化幅度", "change, %"),
                ("底线", "floor"),
                ("触线不采用（所·次）", "refusals"),
            )
        ]
        drop = number(self.found.bench.view["quality.pass_rate_drop_max"], 1)
        given = (
            ""
            if cost_text.moves_pass_rate(self)
            else say(
                "通过率是输入：没有一项措施改动它（影响未建模），以它为底线不会有院校触线。",
                "The pass rate is an input: no lever moves it (not modelled), so its floor cannot bind. ",
            )
        )
        joint = int(
            self.found.refusals.loc[self.found.refusals["jointly"].astype(bool), "colleges"].sum()
        )
        return self.press.table(
            self.label("table", 2),
            say(
                "质量指标与底线（按考生加权平均）", "Quality against its floor, candidate-weighted"
            ),
            header,
            rows,
            source=self.source,
            note=given
            + say(
                f"底线为假设（C11要求「保证质量」，没有给出数值）；通过率比基准最多下降{drop}个百分点。逐校逐环节检查每项措施和合用的全部措施，其中因合用触线的{joint}所·次。",
                f"Floors are assumptions; the pass rate may fall by {drop} points. Each lever and each college's package are checked; {joint} refusals are joint.",
            ),
            columns=(
                "offerings.pass_rate",
                "components.candidates_per_assessor",
                "minutes_per_candidate",
            ),
        )

    def lever_table(self) -> Block:
        """表3: the levers."""
        say, t, joint = self.press.say, self.found.table, self.found.joint
        parts = [fitted(t[name]) for name in ("cash_shapley", "economic_shapley", "one_off")]
        rows = [
            [
                cost_text.named(self, row),
                wan(row["cash_alone"]),
                wan(row["cash_last"]),
                number(cash, 1),
                number(economic, 1),
                self.press.word(GUARD_NAMES, row["guard"]),
                number(once, 1),
                number(row["payback_years"], 1),
                self.press.word(EVIDENCE, row["evidence"]),
                number(row["refused"]),
            ]
            for (_, row), cash, economic, once in zip(t.iterrows(), *parts, strict=True)
        ]
        rows.append(
            [
                say("合计", "all"),
                "—",
                "—",
                wan(joint["cash"]),
                wan(joint["economic"]),
                "—",
                wan(joint["one_off"]),
                number(joint["one_off"] / joint["cash"], 1) if joint["cash"] > 0.5 else "—",
                "—",
                number(t["refused"].sum()),
            ]
        )
        header = [
            say(*pair)
            for pair in (
                ("措施", "lever"),
                ("只做这一项", "alone"),
                ("最后才做", "added last"),
                ("合用分摊", "share"),
                ("合用分摊（经济）", "share, economic"),
                ("质量底线", "guard"),
                ("一次性投入", "one-off"),
                ("回收期（年）", "payback, years"),
                ("证据", "evidence"),
                ("不采用院校", "refused"),
            )
        ]
        return self.press.table(
            self.label("table", 3),
            say("降本措施（万元/年）", "Levers, 10,000 yuan a year"),
            header,
            rows,
            total=True,
            source=self.source,
            note=say(
                "除注明经济口径外均为现金节约，含绩效核增的减少。「只做这一项」是别的都不做时的节约，「最后才做」是别的都做了再加这一项的节约；措施互相重叠，两列不能相加。"
                "「合用分摊」把合用的总节约按各种先后次序平均（Shapley值）分给各项，相加等于合计。回收期＝一次性投入÷只做这一项的现金节约（合计行÷合用节约）。考核费标准按现行不变。",
                "Cash saving unless said, less uplift included. 'Alone': nothing else is done; 'added last': all else is done; levers overlap, so neither column adds up. 'Share' averages over all orders (Shapley) and adds "
                "to the total. Payback: one-off ÷ saving alone. Fees held as approved.",
            ),
            columns=(
                "organisation_cash_cost",
                "college_cash_cost",
                "training_cash_cost",
                "uplift",
                "organisation_cost",
                "college_cost",
                "training_cost",
                "teacher_time_cost",
            ),
        )

    def waterfall_figure(self) -> Block:
        """图4: from baseline to scheme."""
        (before, after), say = self.per_candidate, self.press.say
        start, end = round(before, 1), round(after, 1)
        table = self.found.table.assign(
            share=fitted(
                self.found.table["cash_shapley"] / self.found.baseline["candidates"],
                start - end,
                unit=1.0,
            )
        )
        finding = say(
            f"全部措施合用，人均现金成本由{number(before)}元{'降到' if after < before else '变为'}{number(after)}元",
            f"All levers: {number(before)} to {number(after)} yuan per candidate",
        )
        return self.press.figure(
            self.label("figure", 4),
            finding,
            cost_figures.waterfall(self.press, start, table, end),
            source=self.source,
            note=say(
                "各段为合用分摊；纵轴不从0起，只看各措施的相对大小。",
                "Shares of the package; the axis does not start at 0.",
            ),
        )

    def kept_parts(self) -> dict[str, list[float]]:
        """held, reverified → what colleges, organisations and the uplift of pay save, 万元, adding to the printed cash saving."""
        total = round(self.found.joint["cash"] / 1e4, 1)
        return {
            row.fees: fitted([row.college, row.organisation, row.uplift], total)
            for row in self.found.kept.itertuples()
        }

    def kept_table(self) -> Block:
        """表4: who keeps the saving."""
        say, words, parts = (
            self.press.say,
            {"held": ("标准不变", "fees held"), "reverified": ("重新核定", "fees re-verified")},
            self.kept_parts(),
        )
        rows = [
            [
                self.press.word(words, row.fees),
                *(number(x, 1) for x in parts[row.fees]),
                number(sum(parts[row.fees]), 1),
                signed(wan(row.fee_bill)),
            ]
            for row in self.found.kept.itertuples()
        ]
        header = [
            say(*pair)
            for pair in (
                ("费用标准", "fees"),
                ("院校少支出", "colleges"),
                ("机构少支出", "organisations"),
                ("绩效少核增", "less uplift"),
                ("合计", "total"),
                ("其中考核费变化", "fee bill"),
            )
        ]
        return self.press.table(
            self.label("table", 4),
            say("节约归谁（现金，万元/年）", "Who keeps the saving, cash, 10,000 yuan a year"),
            header,
            rows,
            source=self.source,
            note=say(
                "院校少支出＝考核费＋本校承担的考核、培训支出；绩效少核增是教师少承担的课时不再核增的部分。考核费由院校付给机构，变化在两者之间抵消。",
                "Colleges: fees and own items. Less uplift: hours teachers no longer carry. The fee bill moves between colleges and organisations.",
            ),
            columns=(
                "organisation_cash_cost",
                "college_cash_cost",
                "training_cash_cost",
                "fee_bill",
            ),
        )

    def curve_figure(self) -> Block:
        """图5: lever cost curve."""
        say, table = self.press.say, self.found.table[self.found.table["cash_shapley"] > 0.5]
        if table.empty:
            return paragraphs(say("没有节约现金的措施。", "No lever saves cash."))
        table = table.assign(per_yuan=table["one_off_yearly"] / table["cash_shapley"]).sort_values(
            "per_yuan", kind="stable"
        )
        worth = int((table["per_yuan"] <= 1).sum())
        return self.press.figure(
            self.label("figure", 5),
            say(
                f"{len(table)}项有现金节约的措施中，{worth}项的节约不小于年化投入",
                f"{worth} of {len(table)} levers save at least what they cost a year",
            ),
            cost_figures.cost_curve(self.press, table),
            source=self.source,
            note=say(
                "宽度为合用分摊的现金节约；没有一次性投入的措施只画一条线。",
                "Width: share of the cash saving; levers without one-off cost are a line.",
            ),
        )

    def intensity_figure(self) -> Block:
        """图6: savings curve."""
        say, curve = self.press.say, self.curve
        if curve.empty:
            return paragraphs(
                say(
                    "有措施是直接取值或删除，没有力度可调，不画节约曲线。",
                    "A lever sets or removes a value and has no intensity; no savings curve.",
                )
            )
        half, full = (float(curve.loc[curve["intensity"] == x, "cash"].iloc[0]) for x in (0.5, 1.0))
        finding = (
            say(
                f"措施做到一半，现金节约{wan(half)}万元，为全部到位{wan(full)}万元的{share(half / full)}%",
                f"Half way the levers save {wan(half)}, {share(half / full)} % of {wan(full)} × 10,000 yuan",
            )
            if full > 0.5
            else say(
                f"措施全部到位也不节约现金（{wan(full)}万元）",
                f"Fully carried out the levers save no cash ({wan(full)})",
            )
        )
        return self.press.figure(
            self.label("figure", 6),
            finding,
            cost_figures.savings_lines(self.press, curve, self.intensity),
            source=self.source,
            note=say(
                "各力度分别重算场次、考评员与底线；一次性投入随力度同比例计。",
                "Sessions, assessors and floors are worked out anew at each point; one-off cost in proportion.",
            ),
        )

    def deciding_figure(self) -> Block:
        """图7: what the saving hangs on."""
        return swing_block(
            self.press,
            self.label("figure", 7),
            deciding(self.found, self.study, self.curve),
            self.found.joint["cash"],
            ("现金节约", "cash saving"),
            self.source,
            cost_text.resources_hang_on(self),
        )

    def conditions_table(self) -> Block:
        """表5: who does what, on what evidence."""
        say, found = self.press.say, self.found.bench.levers
        rows = [
            [
                row.zh if self.press.lang == "zh" else row.en,
                row.responsible,
                f"{self.press.word(PAYERS, row.per)} × {number(row.payers)}",
                self.press.word(EVIDENCE, row.evidence),
                found[row.lever].description[self.press.lang],
            ]
            for row in self.found.table.itertuples()
        ]
        header = [
            say(*pair)
            for pair in (
                ("措施", "lever"),
                ("责任单位", "responsible"),
                ("一次性投入由谁出", "one-off cost falls on"),
                ("证据等级", "evidence"),
                ("做法", "how"),
            )
        ]
        return self.press.table(
            self.label("table", 5),
            say("实施条件与责任单位", "Conditions and responsibility"),
            header,
            rows,
            text=True,
        )

    def conclusions(self) -> Block:
        """八: conclusions."""
        return cost_text.conclusions(self)


def open_cost_reduction(
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
    levers: Sequence[str] = (),
    intensity: float = 1.0,
) -> CostReduction:
    """Open the report; without `levers` the shipped six. Raises OnexError with every fault of the step that fails."""
    use_style()
    names = tuple(levers) or tuple(name for name in list_scenarios() if name.startswith("lever_"))
    study, press = opened(
        data,
        scenario,
        settings or {},
        province,
        college,
        year,
        lang,
        internal,
        (*ACCOUNTS, "workload"),
    )
    planned = study.prepared.baseline.keys["offering"]["college"][
        study.scope()["offering"] & (study.prepared.baseline.leaves["planned_candidates"] > 0)
    ].nunique()
    if planned < (1 if press.internal else SMALL):
        raise ParameterError(
            Fault(
                "报告范围",
                f"有开考计划的院校只有 {planned} 所"
                + ("" if press.internal else f"，流转版不足{SMALL}所不予显示"),
                do="扩大范围；内部使用请设 internal（--internal）",
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
        "levers": list(levers),
        "intensity": intensity,
    }
    return CostReduction(
        study, press, given, names, intensity, study_draws(study, given["log2_draws"], seed)
    )
