"""cost_reduction: what levers save, in cash and in resources, with quality guaranteed (reports.md b)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape

import numpy as np
import pandas as pd

from ..analysis.derive import derivation
from ..analysis.items import cost_factors, item_costs, unit_cost_curve
from ..analysis.levers import evaluate_levers, read_levers
from ..analysis.trace import Node, place_tree
from ..law import list_scenarios
from . import cost_figures
from .common import Report
from .html import Block, bullets, front_box, number, percent, signed, wan
from .notes import Note
from .opening import ACCOUNTS, data_state, how_to_read, meta_line, opened, scenario_ids
from .style import use_style
from .words import ITEMS, TIERS

EVIDENCE = {"measured": ("实测", "measured"), "literature": ("文献", "literature"), "expert": ("专家判断", "expert"), "assumption": ("假设", "assumption")}
GUARDS = {"pass_rate": ("通过率（%）", "pass rate, %"), "candidates_per_assessor": ("考评员比（人/考评员）", "candidates per assessor"),
          "minutes_per_candidate": ("人均操作时长（分钟）", "minutes per candidate"), "assessor_independence": ("考评独立性", "assessor independence")}


@dataclass(frozen=True)
class CostReduction(Report):
    """One cost_reduction report; the levers are scenario files."""

    levers: tuple[str, ...] = ()
    intensity: float = 1.0

    name = "cost_reduction"
    topics = ("quality.", "workload.", "fees.reverify", "volume.", "funding.discount_rate")

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

    def headlines(self) -> dict[str, float]:
        """Joint savings, shares, refusals."""
        heads = {f"joint.{k}": float(v) for k, v in self.found.joint.items()}
        return heads | {f"{row.lever}.{k}": float(getattr(row, k)) for row in self.found.table.itertuples() for k in ("cash_shapley", "economic_shapley", "refused")}

    @property
    def per_candidate(self) -> tuple[float, float]:
        """Cash cost per candidate before and after."""
        return self.found.baseline["cash"] / self.found.baseline["candidates"], self.found.joint["cost_cash"] / self.found.joint["candidates"]

    def front(self) -> Block:
        """Summary page."""
        say, joint, (before, after) = self.press.say, self.found.joint, self.per_candidate
        best = self.found.table.loc[self.found.table["cash_shapley"].idxmax()]
        name = best["zh"] if self.press.lang == "zh" else best["en"]
        only_cash = self.found.table[(self.found.table["cash_alone"] > 0.5) & (self.found.table["economic_alone"].abs() < 0.005)]
        cash_words = "；" + "、".join(only_cash["zh"]) + "只减少现金支出，不减少资源消耗" if len(only_cash) else ""
        rate = self.found.quality.set_index("indicator").loc["pass_rate", "after"]
        lead = say(f"在通过率不低于{number(rate, 1)}%的前提下，人均考核培训成本（现金，含核增）由{number(before)}元降至{number(after)}元，现金节约{wan(joint['cash'])}万元、"
                   f"经济口径节约{wan(joint['economic'])}万元；其中{name}贡献最大（{percent(best['cash_shapley'] / joint['cash']) if joint['cash'] else '—'}%）{cash_words}。",
                   f"With the pass rate at {number(rate, 1)} %, cash cost per candidate falls from {number(before)} to {number(after)} yuan: {wan(joint['cash'])} × 10,000 yuan in "
                   f"cash, {wan(joint['economic'])} in resources; {name} contributes most.")
        net = joint["cash"] - joint["one_off_yearly"]
        also = [say(f"一次性投入{wan(joint['one_off'])}万元，年化{wan(joint['one_off_yearly'])}万元，扣除后现金净节约{signed(wan(net))}万元。" + ("净节约为负：投入大于节约。" if net < 0 else ""),
                    f"One-off cost {wan(joint['one_off'])}, yearly {wan(joint['one_off_yearly'])}; net cash saving {signed(wan(net))} (× 10,000 yuan).")]
        keys = self.keys()
        kept = self.found.kept.set_index("fees")
        who = say(f"标准不变时，节约{wan(kept.loc['held', 'college'])}万元归院校、{wan(kept.loc['held', 'organisation'])}万元归培训评价组织；重新核定后，分别为"
                  f"{wan(kept.loc['reverified', 'college'])}万元和{wan(kept.loc['reverified', 'organisation'])}万元。",
                  f"Fees held: colleges keep {wan(kept.loc['held', 'college'])}, organisations {wan(kept.loc['held', 'organisation'])}; re-verified: "
                  f"{wan(kept.loc['reverified', 'college'])} and {wan(kept.loc['reverified', 'organisation'])}.")
        risk = say("措施幅度与一次性投入均为假设，证据等级见表3；触及质量底线的院校不采用该措施。", "Sizes and one-off costs are assumptions; a college whose guard breaks does not take the lever.")
        notes = [(say("谁得到节约", "Who keeps it"), f"<p>{escape(who)}</p>"), (say("约束与风险", "Limits and risks"), f"<p>{escape(risk)}</p>"),
                 (say("依据与数据状态", "Basis and data"), data_state(self.study, self.press))]
        title = say(f"考核培训降本：现金节约{wan(joint['cash'])}万元，资源节约{wan(joint['economic'])}万元", f"Cost reduction: {wan(joint['cash'])} in cash, {wan(joint['economic'])} in resources (× 10,000 yuan)")
        return front_box(self.press.bands(), say("考核培训降本方案 · 测算", "Cost reduction · calculation"), title, meta_line(self.study, self.press), lead, also, keys, notes,
                         say("一页摘要", "Summary")) + how_to_read(self.press)

    def keys(self) -> list[tuple]:
        """Key figures of the front box with their note numbers."""
        say, joint, (before, after) = self.press.say, self.found.joint, self.per_candidate
        net = joint["cash"] - joint["one_off_yearly"]
        refused = int(self.found.table["refused"].sum())
        return [(say("人均成本（现金）", "cash per candidate"), f"{number(before)} → {number(after)}", say("元", "yuan"), signed(percent(after / before - 1)) + "%", 1),
                (say("现金节约", "cash saved"), wan(joint["cash"]), say("万元/年", "10⁴ yuan"), say("占成本", "of cost ") + percent(joint["cash"] / self.found.baseline["cash"]) + "%", 2),
                (say("经济口径节约", "resources saved"), wan(joint["economic"]), say("万元/年", "10⁴ yuan"), say("占成本", "of cost ") + percent(joint["economic"] / self.found.baseline["economic"]) + "%", 3),
                (say("净节约（现金）", "net cash"), wan(net), say("万元/年", "10⁴ yuan"), say("扣除年化投入", "after yearly outlay"), 4),
                (say("被拒院校·次", "refusals"), number(refused), say("次", ""), say(f"共{self.found.colleges}所院校", f"of {self.found.colleges} colleges"), 5)]

    def noted(self) -> list[Note]:
        """Trees of the key figures: the baseline's cost as it is made, less each lever's exact share."""
        say, lang, found = self.press.say, self.press.lang, self.found
        derived = derivation(self.study, "none", stored=True)
        cost = [place_tree(derived, "baseline", name, lang) for name in ("organisation_cash_cost", "college_cash_cost", "training_cash_cost", "uplift")]
        whole = [place_tree(derived, "baseline", name, lang) for name in ("assessment_cost", "training_cost", "teacher_time_cost")]
        cash, economic = (Node(f"joint_{measure}", say("合用全部措施的节约", "saving of all levers"), "", found.joint[measure], say("元/年", "yuan a year"), "sum",
                               say("基准成本 − 采用各校接受的措施后的成本；逐项为Shapley值", "baseline cost − cost with the levers each college takes; Shapley shares"),
                               children=(*self._shares(measure), Node("baseline", say("基准成本", "baseline cost"), "", found.baseline[measure], say("元/年", "yuan a year"), "sum", children=tuple(parts))))
                          for measure, parts in (("cash", cost), ("economic", whole)))
        spent = Node("one_off_yearly", say("年化投入", "yearly outlay"), "", found.joint["one_off_yearly"], say("元/年", "yuan a year"), "sum", say("一次性投入 × 年金系数，逐项相加", "one-off cost × annuity"),
                     children=tuple(Node(row.lever, row.zh if lang == "zh" else row.en, "", row.one_off_yearly, "", "rest", source=f"data/scenarios/{row.lever}.yaml") for row in found.table.itertuples()))
        net = Node("net_cash", say("净节约", "net saving"), "", found.joint["cash"] - found.joint["one_off_yearly"], say("元/年", "yuan a year"), "rule", say("现金节约 − 年化投入", "cash saved − yearly outlay"), children=(cash, spent))
        each = Node("per_candidate", say("人均成本（现金）", "cash per candidate"), "", self.per_candidate[1], say("元", "yuan"), "rule", say("（基准成本 − 节约）÷ 考生", "(baseline − saving) ÷ candidates"), children=(cash,))
        refused = Node("refused", say("被拒院校·次", "refusals"), "", float(found.table["refused"].sum()), "", "sum", say("采用后触及质量底线的院校，逐项相加", "colleges whose guard breaks"),
                       children=tuple(Node(row.lever, row.zh if lang == "zh" else row.en, "", float(row.refused), "", "rest") for row in found.table.itertuples()))
        trees = (each, cash, economic, net, refused)
        return [Note(i, name, f"{value.split(' → ')[-1]} {unit}", (tree,)) for i, ((name, value, unit, *_), tree) in enumerate(zip(self.keys(), trees, strict=True), start=1)]

    def _shares(self, measure: str) -> tuple[Node, ...]:
        return tuple(Node(row.lever, row.zh if self.press.lang == "zh" else row.en, "", float(getattr(row, f"{measure}_shapley")), self.press.say("元/年", "yuan a year"), "rest",
                          source=f"data/scenarios/{row.lever}.yaml") for row in self.found.table.itertuples())

    @cached_property
    def items(self):
        """Item × bearer, yuan."""
        return item_costs(self.run, self.study.scope(), cost_factors(self.study))

    def item_table(self) -> Block:
        """表1: cost by item and bearer, economic and cash."""
        say, rows = self.press.say, []
        for phase, words in (("assessment", say("考核", "assessment")), ("training", say("培训", "training"))):
            part = self.items[self.items["phase"] == phase]
            for item in [item for item in ITEMS if item in set(part["item"])]:
                row = part[part["item"] == item].groupby("borne_by")[["economic", "cash"]].sum().reindex(["organisation", "college"]).fillna(0.0)
                rows.append([f"{words}·{self.press.word(ITEMS, item)}", wan(row.loc["organisation", "economic"]), wan(row.loc["college", "economic"]), wan(row["economic"].sum()), wan(row["cash"].sum())])
        by = self.items.groupby("borne_by")[["economic", "cash"]].sum().reindex(["organisation", "college"]).fillna(0.0)
        rows.append([say("合计", "total"), wan(by.loc["organisation", "economic"]), wan(by.loc["college", "economic"]), wan(by["economic"].sum()), wan(by["cash"].sum())])
        header = [say(*pair) for pair in (("费用项目", "item"), ("机构承担", "organisation"), ("院校承担", "college"), ("合计（经济）", "total, economic"), ("合计（现金）", "total, cash"))]
        return self.press.table(self.label("table", 1), say("现状成本构成（万元/年）", "Present cost by item, 10,000 yuan a year"), header, rows, total=True, source=self.source,
                                note=say("经济口径含现有资源的机会成本，现金口径只含实际支出；教师自有时间不在此表（另计）。", "Economic includes existing resources; own teachers' time is counted apart."))

    def item_figure(self) -> Block:
        """图1: cost per candidate by item."""
        wide = self.items.pivot_table(index="item", columns="borne_by", values="economic", aggfunc="sum").reindex([i for i in ITEMS if i in set(self.items["item"])]).fillna(0.0)
        wide = (wide.reindex(columns=["organisation", "college"]).fillna(0.0) / self.found.baseline["candidates"]).reset_index()
        top = wide.loc[(wide["organisation"] + wide["college"]).idxmax(), "item"]
        share = (wide["organisation"] + wide["college"]).max() / (wide["organisation"] + wide["college"]).sum()
        finding = self.press.say(f"「{self.press.word(ITEMS, top)}」占考核培训成本的{percent(share)}%", f"{self.press.word(ITEMS, top)} is {percent(share)} % of cost")
        return self.press.figure(self.label("figure", 1), finding, cost_figures.item_bars(self.press, wide), source=self.source)

    def step_figure(self) -> Block:
        """图2: unit cost against candidates."""
        base, inside = self.study.prepared.baseline, self.study.scope()["offering"]
        planned, practical = base.leaves["planned_candidates"], base.leaves["session_capacity"][1]
        most = pd.Series(planned * inside).groupby(base.keys["offering"]["certificate"].to_numpy()).sum().idxmax()
        mine = np.flatnonzero(inside & (base.keys["offering"]["certificate"] == most).to_numpy())
        curve = unit_cost_curve(self.study, int(mine[0]), 120)
        say, low = self.press.say, float(np.median(planned[mine]))
        return self.press.figure(self.label("figure", 2), say(f"场次坐满前单位成本一路下降，每多开一场跳升一次（{most}）", f"Unit cost falls until a session is full and jumps with the next ({most})"),
                                 cost_figures.step_curve(self.press, curve, low), source=self.source, note=say(f"人次最多的证书；实操每场容量{number(practical[mine[0]])}人。", "The certificate with most candidates."))

    def lever_table(self) -> Block:
        """表3: the levers."""
        say, rows = self.press.say, []
        for row in self.found.table.itertuples():
            guard = self.press.word(GUARDS, row.guard)
            rows.append([row.zh if self.press.lang == "zh" else row.en, wan(row.cash_alone), wan(row.cash_last), wan(row.cash_shapley), wan(row.economic_shapley), guard, wan(row.one_off),
                         number(row.payback_years, 1), self.press.word(EVIDENCE, row.evidence), number(row.refused)])
        t, joint = self.found.table, self.found.joint
        rows.append([say("合计", "all"), "—", "—", wan(joint["cash"]), wan(joint["economic"]), "—", wan(joint["one_off"]),
                     number(joint["one_off"] / joint["cash"], 1) if joint["cash"] > 0 else "—", "—", number(t["refused"].sum())])
        header = [say(*pair) for pair in (("措施", "lever"), ("单独 现金", "alone, cash"), ("最后 现金", "last, cash"), ("分摊 现金", "share, cash"), ("分摊 经济", "share, economic"), ("质量底线", "guard"),
                                          ("一次性投入", "one-off"), ("回收期 年", "payback, years"), ("证据", "evidence"), ("被拒院校", "refused"))]
        return self.press.table(self.label("table", 3), say("降本措施（万元/年）", "Levers, 10,000 yuan a year"), header, rows, total=True, source=self.source,
                                note=say("分摊按Shapley值，逐项相加等于合计；现金口径含绩效核增的变化，经济口径含教师时间的全部成本。标准按现行不变。",
                                         "Shares are exact Shapley values and add to the total; fees held as approved."))

    def waterfall_figure(self) -> Block:
        """图4: from baseline to scheme."""
        before, after = self.per_candidate
        table = self.found.table.assign(share=self.found.table["cash_shapley"] / self.found.baseline["candidates"])
        finding = self.press.say(f"全部措施合用，人均现金成本由{number(before)}元降到{number(after)}元", f"All levers: {number(before)} to {number(after)} yuan per candidate")
        return self.press.figure(self.label("figure", 4), finding, cost_figures.waterfall(self.press, before, table, after), source=self.source,
                                 note=self.press.say("纵轴不从0起，只看各措施的相对大小。", "The axis does not start at 0."))

    def curve_figure(self) -> Block:
        """图5: lever cost curve."""
        table = self.found.table[self.found.table["cash_shapley"] > 0.5]
        table = table.assign(per_yuan=table["one_off_yearly"] / table["cash_shapley"]).sort_values("per_yuan", kind="stable")
        worth = int((table["per_yuan"] <= 1).sum())
        return self.press.figure(self.label("figure", 5), self.press.say(f"{len(table)}项有现金节约的措施中，{worth}项的节约大于年化投入", f"{worth} of {len(table)} levers save more than they cost a year"),
                                 cost_figures.cost_curve(self.press, table), source=self.source)

    def capacity_figure(self) -> Block:
        """图3: used and unused capacity."""
        say, leaves, served = self.press.say, self.run.compiled.leaves, self.run.served
        ceiling = self.study.views("none")[0]["workload.practical_capacity"] * leaves["teachers"] * leaves["norm_hours"]
        unused = np.maximum(0.0, ceiling - leaves["baseline_hours"] - served["added_hours"])
        keys, inside = self.run.compiled.keys["college"], self.study.scope()["college"]
        rows = pd.DataFrame([{"tier": tier, "baseline": leaves["baseline_hours"][m].sum(), "added": served["added_hours"][m].sum(), "unused": unused[m].sum()}
                             for tier in dict.fromkeys(keys["tier"]) for m in [inside & (keys["tier"] == tier).to_numpy()] if m.any()])
        cost = float(np.sum(served["unused_capacity_cost"][inside]))
        return self.press.figure(self.label("figure", 3), say(f"教师未用产能折合{wan(cost)}万元，单列，不摊入每名考生", f"Unused staff capacity is worth {wan(cost)} × 10,000 yuan: its own line"),
                                 cost_figures.capacity_bars(self.press, rows, [self.press.word(TIERS, tier) for tier in rows["tier"]]), source=self.source,
                                 note=say("Kaplan、Anderson（2004）：按实际产能计，未用部分单列。", "Kaplan & Anderson (2004)."))

    def quality_table(self) -> Block:
        """表2: quality indicators against their floors."""
        say = self.press.say
        rows = [[self.press.word(GUARDS, row.indicator), number(row.before, 1), number(row.after, 1), signed(number(row.after - row.before, 1)), number(row.floor, 0)]
                for row in self.found.quality.itertuples()]
        header = [say(*pair) for pair in (("指标", "indicator"), ("基准", "baseline"), ("方案", "scheme"), ("变化", "change"), ("底线", "floor"))]
        return self.press.table(self.label("table", 2), say("质量指标与底线（按考生加权平均）", "Quality against its floor, candidate-weighted"), header, rows, source=self.source,
                                note=say("底线为假设（C11要求「保证质量」，没有给出数值）；逐校逐环节检查，触线的院校不采用该措施。", "Floors are assumptions; each college is checked."))

    def kept_table(self) -> Block:
        """表4: who keeps the saving."""
        say, words = self.press.say, {"held": ("标准不变", "fees held"), "reverified": ("重新核定", "fees re-verified")}
        rows = [[self.press.word(words, row.fees), wan(row.college), wan(row.organisation), signed(wan(row.fee_bill))] for row in self.found.kept.itertuples()]
        header = [say(*pair) for pair in (("费用标准", "fees"), ("院校节约", "colleges save"), ("机构节约", "organisations save"), ("考核费变化", "fee bill"))]
        return self.press.table(self.label("table", 4), say("节约归谁（现金，万元/年，不含核增）", "Who keeps the saving, cash, uplift apart"), header, rows, source=self.source)

    def conditions_table(self) -> Block:
        """表5: who does what, on what evidence."""
        say, found = self.press.say, {one.id: one for one in read_levers(self.levers)}
        rows = [[row.zh if self.press.lang == "zh" else row.en, row.responsible, found[row.lever].lever.get("unit", ""), self.press.word(EVIDENCE, row.evidence),
                 found[row.lever].description[self.press.lang]] for row in self.found.table.itertuples()]
        header = [say(*pair) for pair in (("措施", "lever"), ("责任单位", "responsible"), ("投入单位", "per"), ("证据等级", "evidence"), ("做法", "how"))]
        return self.press.table(self.label("table", 5), say("实施条件与责任单位", "Conditions and responsibility"), header, rows, text=True)

    def conclusions(self) -> Block:
        """八: conclusions."""
        say, table = self.press.say, self.found.table.sort_values("net_cash", ascending=False)
        good, bad = table[table["net_cash"] > 0], table[table["net_cash"] <= 0]
        key = "zh" if self.press.lang == "zh" else "en"
        lines = [say(f"先做净节约为正的{len(good)}项：{'、'.join(good[key])}。", f"First the {len(good)} levers with a positive net saving: {', '.join(good[key])}.")]
        if len(bad):
            lines.append(say(f"{'、'.join(bad[key])}的年化投入不低于现金节约，现阶段不宜全面铺开。", f"{', '.join(bad[key])}: yearly outlay is not below the saving."))
        lines.append(say("标准不变时节约留在承担成本的一方；要让学校和财政受益，需要同时重新核定标准（表4）。", "With fees held the saving stays with the bearer; re-verify fees to pass it on (Table 4)."))
        lines.append(say("共享考点的选址与调度将另行测算，这里只看单校措施。", "Shared sites are a later study; here each college stands alone."))
        return bullets(lines)


def open_cost_reduction(data: str, province: str = "", college: str = "", year: int = 0, scenario: Sequence[str] = (), settings: Mapping[str, str] | None = None,
                        lang: str = "zh", internal: bool = False, log2_draws: int = 5, seed: int = 20201231, levers: Sequence[str] = (), intensity: float = 1.0) -> CostReduction:
    """Open the report; without `levers` the shipped six. Raises OnexError with every fault of the step that fails."""
    use_style()
    names = tuple(levers) or tuple(name for name in list_scenarios() if name.startswith("lever_"))
    study, press = opened(data, scenario, settings or {}, province, college, year, lang, internal, (*ACCOUNTS, "workload"))
    given = {"province": study.province, "college": study.college, "year": year, "scenario": scenario_ids(scenario), "settings": dict(settings or {}), "lang": lang,
             "internal": internal, "log2_draws": log2_draws, "seed": seed, "levers": list(levers), "intensity": intensity}
    return CostReduction(study, press, given, names, intensity)
