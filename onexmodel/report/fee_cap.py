"""fee_cap: what a raise of the assessment-cost caps does to fees, service, spending and gaps (reports.md a)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from ..analysis import cap_study as cs
from ..analysis.blocks import headline_draws
from ..analysis.headline import binding_shares, headline, pass_through_shares
from ..analysis.uncertainty import interval
from ..law.parameters import FORMS
from . import appendix, cap_figures
from .common import Report
from .fee_cap_text import conclusions, front, noted, scheme_paragraphs
from .html import Block, number, paragraphs, percent, signed, wan
from .opening import ACCOUNTS, how_to_read, opened, scenario_ids
from .style import use_style
from .words import BINDS, LEVELS
from .words import FORMS as FORM_WORDS

SCALES = tuple(np.round(np.arange(0.6, 1.81, 0.1), 2))
NOTHING = 0.5  # yuan a year: below this an assumption does not matter
SCHEMES = ("cap_plus_10", "cap_plus_20", "cap_plus_50", "cap_removed")


@dataclass(frozen=True)
class FeeCap(Report):
    """One fee_cap report: numbers are computed when first asked for and kept with the report."""

    drawn: Mapping[str, np.ndarray] = field(default_factory=dict)

    name = "fee_cap"
    topics = ("fees.", "response.", "volume.", "funding.")

    def last_result(self):
        """The scheme without response."""
        return self.runs["none"][1]

    def headlines(self) -> dict[str, float]:
        """Both modes, baseline and scheme, and the pass-through shares."""
        heads = {f"{mode}.{when}.{name}": value for mode, pair in self.heads.items()
                 for when, head in zip(("baseline", "scenario"), pair, strict=True) for name, value in head.items()}
        return heads | {f"pass_through.{name}": value for name, value in self.passing.items()}

    @cached_property
    def scope(self):
        """Rows of the place."""
        return self.study.scope()

    @cached_property
    def runs(self):
        """mode → (baseline, scheme)."""
        return {mode: self.study.pair(mode) for mode in ("none", "supply")}

    @cached_property
    def heads(self):
        """mode → (headlines of the baseline, of the scheme), plain floats."""
        return {mode: tuple({k: float(v) for k, v in headline(result, self.scope).items()} for result in pair)
                for mode, pair in self.runs.items()}

    @cached_property
    def spread(self):
        """mode → (baseline, scheme) headlines and group outlays in every draw."""
        groups = self.study.prepared.baseline.keys["college"][self.group_column].to_numpy(object)
        return {mode: headline_draws(self.study, mode, self.drawn, groups) for mode in ("none", "supply")}

    @cached_property
    def ranges(self):
        """mode → name → 80 % interval of the change."""
        return {mode: {name: interval(after[name] - before[name]) for name in before} for mode, (before, after) in self.spread.items()}

    @property
    def group_column(self) -> str:
        """What colleges are grouped by: province, or tier inside one province."""
        return "tier" if self.study.province else "province"

    @cached_property
    def passing(self):
        """Share of planned sittings reached in full, in part, not at all."""
        return pass_through_shares(self.runs["none"][1], self.scope)

    @cached_property
    def borne(self):
        """Yuan more by source, mode none."""
        return cs.burden(self.study, "none")

    @cached_property
    def sweep(self):
        """Cap sweep under response supply, with intervals."""
        return cs.cap_sweep(self.study, SCALES, "supply", self.drawn)

    @cached_property
    def break_even(self):
        """(cap scale at which unmet demand falls to the target, its 80 % interval)."""
        point = float(cs.break_even_scale(self.study, cs.TARGET_UNMET)[0])
        return point, interval(cs.break_even_scale(self.study, cs.TARGET_UNMET, self.drawn))

    @cached_property
    def asked(self) -> float:
        """The scheme's mean cap as a multiple of today's; nan where the cap is removed."""
        before, after = (result.plan["cap"][self.scope["cell"]] for result in self.runs["none"])
        return float(np.nanmean(after / before)) if np.isfinite(after[~np.isnan(after)]).all() else float("nan")

    def front(self) -> Block:
        """Summary page."""
        return front(self) + how_to_read(self.press)

    def scheme(self) -> Block:
        """What the scheme changes, in words."""
        return scheme_paragraphs(self)

    def modes_table(self) -> Block:
        """表1: modes none and supply side by side."""
        say, rows = self.press.say, []
        kinds = (("mean_approved_fee", number, "平均核定标准（元/人次）", "mean approved fee, yuan"),
                 ("fee_bill", wan, "考核费支出（万元）", "fee bill, 10,000 yuan"),
                 ("college_outlay", wan, "学校年支出（万元）", "college outlay, 10,000 yuan"),
                 ("funding_gap", wan, "院校经费缺口（万元）", "funding gap of colleges, 10,000 yuan"),
                 ("supplier_shortfall", wan, "机构成本未覆盖额（万元）", "shortfall of organisations, 10,000 yuan"),
                 ("suppliers_short", number, "过半需求无人承接的机构（家）", "organisations serving under half"),
                 ("unmet_share", percent, "未满足考核需求（%）", "unmet demand, %"))
        for name, write, zh, en in kinds:
            row = [say(zh, en)]
            for mode in ("none", "supply"):
                before, after = (head[name] for head in self.heads[mode])
                low, high = self.ranges[mode][name]
                change = signed(write(after - before))
                row += [write(before), write(after), f"{change}〔{write(low)}—{write(high)}〕"]
            rows.append(row)
        header = [say("指标", "measure"), *[f"{say(*mode)} {say(*what)}" for mode in (("无响应：", "none:"), ("有响应：", "supply:"))
                                         for what in (("基准", "baseline"), ("方案", "scheme"), ("变化〔80%区间〕", "change [80 %]"))]]
        return self.press.table(say("表1", "Table 1"), say("不考虑与考虑机构响应，两种口径并列", "Without and with the organisations' response"),
                                header, rows, source=self.source,
                                note=say("机构成本未覆盖额与院校经费缺口方向相反，不可相加。", "The two shortfalls have opposite signs and are never added."))

    def schemes_table(self) -> Block:
        """表2: the scheme beside the shipped ones."""
        say, press = self.press.say, self.press
        rows = [self._scheme_row(say("基准方案", "baseline"), self.heads["supply"][0])]
        asked = {one.id for one in self.study.composition.scenarios}
        rows += [self._scheme_row("★ " + self.title, self.heads["supply"][1])]
        for name in SCHEMES:
            if name not in asked:
                other = self.study.with_composition([name])
                _, after = other.pair("supply")
                rows.append(self._scheme_row(other.composition.scenarios[-1].title[press.lang],
                                             {k: float(v) for k, v in headline(after, other.scope()).items()}))
        header = [say(*pair) for pair in (("方案", "scheme"), ("平均核定标准 元", "mean fee, yuan"), ("考核费支出 万元", "fee bill"),
                                          ("学校年支出 万元", "outlay"), ("院校缺口 万元", "funding gap"), ("机构未覆盖 万元", "shortfall"),
                                          ("无人承接机构", "organisations short"), ("未满足需求 %", "unmet %"))]
        return press.table(say("表4", "Table 4"), say("方案对照总表（考虑机构响应）", "Schemes compared (response supply)"), header, rows,
                           source=self.source, note=say("★ 为本报告方案；取消上限时协商价没有答案，保持基准值。",
                                                           "★ this report's scheme; without a cap bargaining has no answer and keeps its value."))

    def _scheme_row(self, name: str, head) -> list[str]:
        return [name, number(head["mean_approved_fee"]), wan(head["fee_bill"]), wan(head["college_outlay"]), wan(head["funding_gap"]),
                wan(head["supplier_shortfall"]), number(head["suppliers_short"]), percent(head["unmet_share"])]

    def forms_table(self) -> Block:
        """表3: by form of the practical (or only) part: what binds, where a raise passes through, given and modelled."""
        say, after = self.press.say, self.runs["none"][1]
        form = np.where(after.compiled.leaves["component_form"][1] >= 0, after.compiled.leaves["component_form"][1],
                        after.compiled.leaves["component_form"][0])
        weight = after.compiled.space.maps["offering", "cell"].sum(after.compiled.leaves["planned_candidates"] * self.scope["offering"])
        rows = []
        for code, name in [*enumerate(FORMS), (-1, "")]:
            cells = (form == code) if name else np.ones(len(form), bool)
            if not (weight * cells).sum():
                continue
            share = pass_through_shares(after, self.scope, cells)
            rows.append([self.press.word(FORM_WORDS, name) if name else say("合计", "total"), number((weight * cells).sum()),
                         *(percent(share[key]) for key in ("full", "partial", "none", "unmoved", "given")), percent(1 - share["given"])])
        header = [say(*pair) for pair in (("考核形式", "form"), ("计划人数", "candidates"), ("全额传导", "full"), ("部分传导", "partial"),
                                          ("不传导", "none"), ("上限未变", "cap unmoved"), ("依给定限制", "on given limits"), ("依测算限制", "on modelled limits"))]
        return self.press.table(say("表2", "Table 2"), say("提高上限在哪里起作用（占考核人次，%）", "Where the raise takes effect, % of sittings"),
                                header, rows, total=True, source=self.source,
                                note=say("按实操环节（没有实操的按理论环节）的形式分组。给定限制：上限、核定成本、申报价、特殊情况；测算限制：协商价、按台账核定。",
                                         "By form of the practical part. Given: cap, verified cost, given proposal, special case; modelled: bargain, "
                                         "verification out of the ledger."))

    def binding_table(self) -> Block:
        """表4: what binds before and after."""
        say = self.press.say
        before, after = (binding_shares(result, self.scope) for result in self.runs["none"])
        rows = [[self.press.word(BINDS, name), percent(before[name]), percent(after[name]),
                 signed(number(100 * (after[name] - before[name]), 1))] for name in before]
        header = [say(*pair) for pair in (("起作用的限制", "binding limit"), ("基准 %", "baseline %"), ("方案 %", "scheme %"), ("变化 百分点", "points"))]
        return self.press.table(say("表3", "Table 3"), say("标准由哪一道限制决定", "Which limit decides the fee"), header, rows,
                                source=self.source)

    def fee_figure(self) -> Block:
        """图1: cap → approved fee."""
        say, sweep = self.press.say, self.sweep
        now, top = (sweep.loc[(sweep["scale"] - s).abs().idxmin(), "mean_approved_fee"] for s in (1.0, SCALES[-1]))
        slope = top / now - 1
        finding = say(f"上限再提高{100 * (SCALES[-1] - 1):.0f}%，平均标准提高{percent(slope)}%：越往上，核定与协商越起作用",
                      f"Caps {100 * (SCALES[-1] - 1):.0f} % higher raise the mean fee by {percent(slope)} %")
        return self.press.figure(say("图1", "Figure 1"), finding, cap_figures.fee_curve(self.press, sweep, self.asked), source=self.source,
                                 note=say("四类上限同比例变动；线的颜色为起作用人次最多的限制。", "All four caps move together; colour: the limit that binds most."))

    def response_figure(self) -> Block:
        """图2: bill and service against the cap."""
        say, (scale, (low, high)) = self.press.say, self.break_even
        target = 100 * cs.TARGET_UNMET
        if not np.isfinite(scale):
            finding = say(f"上限提到三倍，未满足需求也降不到{target:.0f}%：仅靠上限无解", f"No cap up to three times today's brings unmet demand under {target:.0f} %")
        elif scale <= 0.3:
            finding = say(f"任何上限下未满足需求都不超过{target:.0f}%", f"Unmet demand stays under {target:.0f} % at any cap")
        else:
            finding = say(f"上限为现行的{100 * scale:.0f}%时，未满足需求降到{target:.0f}%", f"At {100 * scale:.0f} % of today's cap unmet demand is {target:.0f} %")
        return self.press.figure(say("图2", "Figure 2"), finding, cap_figures.response_curve(
            self.press, self.sweep, self.asked, cs.TARGET_UNMET, scale, low, high), source=self.source,
            note=say("阴影为80%区间（假设同时变动）；实线竖线为现行，虚线为方案。", "Shaded: 80 % interval over the assumptions."))

    def burden_figure(self) -> Block:
        """图3: who bears 100 yuan."""
        say, whole = self.press.say, sum(self.borne.values())
        if abs(whole) < 0.5:
            return paragraphs(say("方案不改变任何院校的支出，没有可分摊的增减。", "The scheme changes no college's spending; there is nothing to share out."))
        parts = {name: 100 * value / whole for name, value in self.borne.items()}
        gap = parts["funding_gap"]
        finding = say(f"学校每多付100元，{number(100 - gap)}元有来源，{number(gap)}元是缺口", f"Of 100 yuan more, {number(gap)} have no source")
        return self.press.figure(say("图4", "Figure 4"), finding, cap_figures.burden_bar(self.press, parts), source=self.source,
                                 note=say("按最优分配；负的部分（来源少付）不画，数值合计为100。", "Optimal allocation; negative parts are not drawn; the parts add to 100."))

    def group_figure(self) -> Block:
        """图4: change of outlay by province, or by tier inside one province."""
        say = self.press.say
        groups = cs.by_group(self.study, "supply", self.group_column, self.spread["supply"])
        groups = groups[(groups["colleges"] >= 5) | self.press.internal]
        if groups.empty:
            return paragraphs(say("各组院校都不足5所，不分组列示。", "Every group has fewer than five colleges; none is shown."))
        names = self._group_names(self.group_column, groups["group"])
        before, after = (head["college_outlay"] for head in self.heads["supply"])
        moved = groups["outlay_after"] / groups["outlay_before"] - 1
        finding = say(f"各组增幅在{percent(moved.min())}%至{percent(moved.max())}%之间", f"Changes between {percent(moved.min())} and {percent(moved.max())} %")
        return self.press.figure(say("图5", "Figure 5"), finding, cap_figures.group_dots(self.press, groups, names, after / before - 1),
                                 source=self.source, note=say("虚线为合计；不足5所院校的组不列（内部版灰色）。", "Dashed: all; groups under 5 colleges are left out."))

    def _group_names(self, column, codes) -> list[str]:
        from .words import TIERS
        if column == "tier":
            return [self.press.word(TIERS, code) for code in codes]
        table = self.study.tables["provinces"].set_index("province")["name_zh" if self.press.lang == "zh" else "name_en"]
        return [self.press.place(table[code]) for code in codes]

    def strip_figure(self) -> Block:
        """图5: winners and losers among colleges, as quantiles by tier."""
        say = self.press.say
        keys, (before, after) = self.study.prepared.baseline.keys["college"], self.runs["supply"]
        sums = self.study.prepared.baseline.space.maps["offering", "college"].sum
        moved = (sums(after.served["fee_bill"]) - sums(before.served["fee_bill"])) / before.compiled.leaves["students"]
        groups = [(tier, moved[self.scope["college"] & (keys["tier"] == tier).to_numpy()]) for tier in dict.fromkeys(keys["tier"])]
        groups = [(tier, values) for tier, values in groups if len(values) >= (1 if self.press.internal else 5)]
        if not groups:
            return paragraphs(say("各类院校都不足5所，不列示分布。", "Every tier has fewer than five colleges; no distribution is shown."))
        chosen = moved[self.scope["college"]]
        finding = say(f"{percent((chosen > 0.005).mean())}%的院校支出上升，{percent((chosen < -0.005).mean())}%下降",
                      f"{percent((chosen > 0.005).mean())} % of colleges pay more, {percent((chosen < -0.005).mean())} % less")
        return self.press.figure(say("图6", "Figure 6"), finding, cap_figures.change_strip(
            self.press, [np.quantile(values, (.1, .25, .5, .75, .9)) for _, values in groups],
            self._group_names("tier", [tier for tier, _ in groups])), source=self.source,
            note=say("每所院校一个值，只画分位数，不显示单所院校。", "One value a college; only quantiles are drawn."))

    def tornado_figure(self) -> Block:
        """图6: which assumptions decide."""
        say = self.press.say
        frame = cs.tornado(self.study, "supply")
        frame = frame[(frame["p90"] - frame["p10"]).abs() > NOTHING].reset_index(drop=True)
        if frame.empty:
            return paragraphs(say("没有假设影响考核费支出的变化。", "No assumption moves the change in the fee bill."))
        central = self.heads["supply"][1]["fee_bill"] - self.heads["supply"][0]["fee_bill"]
        name = frame.iloc[0]["zh" if self.press.lang == "zh" else "en"]
        return self.press.figure(say("图7", "Figure 7"), say(f"结论最依赖「{name}」", f"The answer leans most on “{name}”"), cap_figures.tornado_bars(
            self.press, frame, central, say("考核费支出变化", "change in fee bill")), source=self.source,
            note=say("每次只动一个假设，取其分布的P10与P90；竖线为中心值。", "One assumption at a time, at its P10 and P90; line: central."))

    def readings_table(self) -> Block:
        """表5: open readings of the text, each at its other options."""
        say = self.press.say
        frame = cs.readings(self.study, "none")
        chosen = self.heads["none"][1]["fee_bill"] - self.heads["none"][0]["fee_bill"]
        rows = [[say("本报告所取读法", "as read here"), "—", wan(chosen), wan(self.heads["none"][1]["funding_gap"] - self.heads["none"][0]["funding_gap"])]]
        rows += [[row.zh if self.press.lang == "zh" else row.en, f"{appendix.value_text(row.chosen, self.press.lang)} → {appendix.value_text(row.option, self.press.lang)}",
                  wan(row.fee_bill), wan(row.funding_gap)] for row in frame.itertuples()]
        header = [say(*pair) for pair in (("读法", "reading"), ("改为", "instead"), ("考核费支出变化 万元", "change in fee bill"), ("院校缺口变化 万元", "change in gap"))]
        return self.press.table(say("表5", "Table 5"), say("换一种读法，结论变多少（不考虑响应）", "Other readings of the text (no response)"), header, rows,
                                source=self.source, note=say("基准与方案同用该读法；读法不抽样。", "Baseline and scheme are both taken under it."))

    def break_even_figure(self) -> Block:
        """图7: break-even sittings of organisations."""
        say = self.press.say
        every = cs.supplier_break_even(self.study)
        rows = every.head(12)
        names = [f"{row.organisation}" if self.study.province else f"{row.organisation}·{row.province}" for row in rows.itertuples()]
        short = int((every["reached"] < 1).sum())
        return self.press.figure(say("图3", "Figure 3"), say(f"{len(every)}家机构（按省计）中，{short}家计划人次不到盈亏平衡点",
                                                       f"{short} of {len(every)} organisations (by province) plan fewer sittings than break-even"),
                                 cap_figures.break_even_dots(self.press, rows, names), source=self.source,
                                 note=say("列出离盈亏平衡最近或不到的12家。没有橙点或绿点：该标准下每人次亏损，没有盈亏平衡点。", "No dot: each sitting loses money at that fee."))

    def noted(self):
        """Trees of the key figures."""
        return noted(self)

    def conclusions(self) -> Block:
        """八、九: risks and conclusions from the run."""
        return conclusions(self)

    def fees_table(self) -> Block:
        """附: the largest cells, fee by fee."""
        say, (before, after) = self.press.say, self.runs["none"]
        weight = before.compiled.space.maps["offering", "cell"].sum(before.compiled.leaves["planned_candidates"] * self.scope["offering"])
        order, names = np.argsort(-weight, kind="stable")[:20], self.study.tables["certificates"].set_index("certificate")["name"]
        cells, rows = before.compiled.keys["cell"], []
        for i in order[weight[order] > 0]:
            cell = cells.iloc[i]
            rows.append([names[cell["certificate"]], self.press.word(LEVELS, cell["level"]), number(weight[i]), number(before.plan["cap"][i]),
                         number(after.plan["cap"][i]), number(before.plan["approved_fee"][i]), number(after.plan["approved_fee"][i]),
                         self.press.word(BINDS, list(BINDS)[int(after.plan["binds"][i])])])
        header = [say(*pair) for pair in (("证书", "certificate"), ("等级", "level"), ("计划人数", "candidates"), ("上限 基准", "cap"), ("上限 方案", "cap, scheme"),
                                          ("标准 基准", "fee"), ("标准 方案", "fee, scheme"), ("方案下起作用", "binds"))]
        return self.press.table(say("附表1", "Table A1"), say("分证书明细（人次最多的20项，元/人次）", "By certificate (20 largest), yuan"), header, rows,
                                source=self.source)


def open_fee_cap(data: str, province: str = "", college: str = "", year: int = 0, scenario: Sequence[str] = ("cap_plus_20",),
                 settings: Mapping[str, str] | None = None, lang: str = "zh", internal: bool = False, log2_draws: int = 5,
                 seed: int = 20201231) -> FeeCap:
    """Open the report. Raises OnexError with every fault of the step that fails."""
    use_style()
    study, press = opened(data, scenario, settings or {}, province, college, year, lang, internal, (*ACCOUNTS, "workload"))
    parameters = {"province": study.province, "college": study.college, "year": year, "scenario": scenario_ids(scenario), "settings": dict(settings or {}),
                  "lang": lang, "internal": internal, "log2_draws": log2_draws, "seed": seed}
    return FeeCap(study, press, parameters, cs.study_draws(study, log2_draws, seed))
