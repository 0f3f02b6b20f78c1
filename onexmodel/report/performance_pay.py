"""performance_pay: the rise of the pay total and its tilt to those who carry the work (reports.md c)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape

import numpy as np

from ..analysis import pay_study as ps
from ..analysis.derive import derivation
from ..analysis.trace import Node, uplift_tree
from ..rules.pay import break_even_tilt
from . import cap_figures, pay_figures
from .common import SchemeReport
from .html import Block, bullets, front_box, number, paragraphs, percent, signed, wan
from .notes import Note
from .opening import data_state, how_to_read, meta_line, opened, scenario_ids
from .style import use_style
from .words import OPTIONS, SOURCES, TIERS

TILTS = (0.0, 0.3, 0.6, 1.0)
FINE = tuple(round(0.1 * i, 1) for i in range(11))


@dataclass(frozen=True)
class PerformancePay(SchemeReport):
    """One performance_pay report on the scheme's law (the baseline's where nothing is changed)."""

    name = "performance_pay"
    topics = ("pay.", "workload.", "volume.")

    @cached_property
    def table(self):
        """Uplift by tier, the last row all."""
        return ps.uplift_table(self.study, self.runs[1])

    @cached_property
    def before(self):
        """The baseline's row of all colleges."""
        return ps.uplift_table(self.study, self.runs[0]).iloc[-1]

    @cached_property
    def people(self):
        """Teachers of the place."""
        return ps.teachers_of(self.study, self.runs[1])

    @cached_property
    def tilts(self):
        """The tilt table at eleven tilts."""
        return ps.tilt_table(self.study, self.runs[1], self.people, FINE)

    @cached_property
    def chosen(self):
        """The tilt table at the tilt in force."""
        return ps.tilt_table(self.study, self.runs[1], self.people, (float(self.view["pay.tilt"]),)).iloc[0]

    def headlines(self) -> dict[str, float]:
        """Totals of the uplift and of the tilt."""
        row = {name: float(value) for name, value in self.table.iloc[-1].items() if name != "group"}
        return row | {f"tilt.{name}": float(value) for name, value in self.chosen.items()}

    def front(self) -> Block:
        """Summary page."""
        say, row, tilt = self.press.say, self.table.iloc[-1], self.chosen
        worse = say("无人低于原水平", "nobody falls below old pay") if tilt["worse"] == 0 else say(
            f"{percent(tilt['worse'])}%的教师低于原水平", f"{percent(tilt['worse'])} % of teachers fall below old pay")
        lam = self.view["pay.elasticity"]
        lead = say(f"工作量增加{percent(row['growth'])}%，按弹性{lam:g}（假设）测算核增总量为{wan(row['uplift_elasticity'])}万元（占原总量{percent(row['uplift_elasticity'] / row['pool'])}%），"
                   f"按课时费测算为{wan(row['uplift_rate'])}万元，每X课时报酬{number(row['per_hour'])}元；倾斜系数取{self.view['pay.tilt']:g}时，"
                   f"承担任务教师人均增加{number(tilt['gain_busy'])}元，{worse}。",
                   f"Workload grows by {percent(row['growth'])} %; at elasticity {lam:g} (assumption) the pay total rises by {wan(row['uplift_elasticity'])} × 10,000 "
                   f"yuan ({percent(row['uplift_elasticity'] / row['pool'])} %), by the class-hour fee {wan(row['uplift_rate'])}; {number(row['per_hour'])} yuan per X "
                   f"hour. At tilt {self.view['pay.tilt']:g} those who carry the work gain {number(tilt['gain_busy'])} yuan, and {worse}.")
        title = say(f"绩效工资核增{wan(row['uplift'])}万元，每X课时{number(row['per_hour'])}元", f"Pay total up {wan(row['uplift'])} × 10,000 yuan, {number(row['per_hour'])} yuan an X hour")
        also = [say(f"核增方法：{OPTIONS[self.view['pay.uplift_method']]}；两种方法都列出，已核增{wan(row['granted'])}万元，尚可申请{wan(row['to_ask'])}万元。",
                    f"Method in force: {self.view['pay.uplift_method']}; granted {wan(row['granted'])}, still to ask {wan(row['to_ask'])} (× 10,000 yuan).")]
        keys = self.keys()
        return front_box(self.press.bands(), say("绩效工资核增与分配 · 测算", "Performance pay · calculation"), f"{title}", meta_line(self.study, self.press),
                         lead, also, keys, self._notes(), say("一页摘要", "Summary")) + how_to_read(self.press)

    def keys(self) -> list[tuple]:
        """Key figures of the front box with their note numbers."""
        say, row, tilt = self.press.say, self.table.iloc[-1], self.chosen
        return [(say("新增工作量", "X hours"), number(row["added"]), say("课时", "hours"), signed(percent(row["growth"])) + "%", 1),
                (say("核增（弹性法）", "uplift, elasticity"), wan(row["uplift_elasticity"]), say("万元", "10⁴ yuan"), say("占原总量", "of pool ") + percent(row["uplift_elasticity"] / row["pool"]) + "%", 2),
                (say("核增（课时费法）", "uplift, rate"), wan(row["uplift_rate"]), say("万元", "10⁴ yuan"), say("占原总量", "of pool ") + percent(row["uplift_rate"] / row["pool"]) + "%", 3),
                (say("每X课时报酬", "per X hour"), number(row["per_hour"]), say("元", "yuan"), say("课时费的", "of the fee ") + percent(row["per_hour"] / self.view["pay.class_hour_fee"]) + "%", 4),
                (say("基尼系数", "Gini"), f"{number(tilt['gini_before'], 3)} → {number(tilt['gini_after'], 3)}", "", "", 5)]

    def noted(self) -> list[Note]:
        """Trees of the key figures: the largest college of each total; shares of teachers are counted, not summed."""
        say, lang, row = self.press.say, self.press.lang, self.table.iloc[-1]
        derived = derivation(self.study, "none", stored=True)
        trees = [uplift_tree(derived, name, lang) for name in ("added_hours", "uplift_elasticity", "uplift_rate")]
        uplift = uplift_tree(derived, "uplift", lang)
        hourly = Node("pay_per_added_hour", say("每X课时报酬", "pay per added hour"), "", float(row["per_hour"]), say("元", "yuan"), "rule", say("核增合计 ÷ 新增工作量合计", "uplift ÷ added hours"), children=(uplift, trees[0]))
        fair = Node("gini", say("基尼系数（分配后）", "Gini after"), "", float(self.chosen["gini_after"]), "", "rule", say("教师收入＝基础份额×总量＋核增×〔（1−倾斜）×基础份额＋倾斜×课时份额〕，到分", "pay = base share · pool + uplift · [(1 − tilt) · base + tilt · hours share]"),
                    children=(Node("teachers", say("教师", "teachers"), "", float(self.chosen["teachers"]), say("人", ""), "rest"), Node("pay.tilt", say("倾斜系数", "tilt"), "", float(self.view["pay.tilt"]), "", "parameter")))
        return [Note(i, name, f"{value.split(' → ')[-1]} {unit}", (tree,)) for i, ((name, value, unit, *_), tree) in enumerate(zip(self.keys(), (*trees, hourly, fair), strict=True), start=1)]

    def _notes(self):
        say, parts = self.press.say, self.money
        whole = sum(parts.values())
        who = "、".join(f"{self.press.word(SOURCES, name)}{percent(value / whole)}%" for name, value in parts.items() if value > 0.005 * whole) if whole > 0.5 else say("无核增", "none")
        risk = say("通知没有规定核增比例（W5），弹性与上限均为假设；私立院校与口径外院校为「不适用」。", "The notices name no percentage (W5): elasticity and ceiling are assumptions; 不适用 for private colleges.")
        return [(say("谁承担", "Who bears it"), f"<p>{escape(who)}</p>"), (say("约束与风险", "Limits and risks"), f"<p>{escape(risk)}</p>"),
                (say("依据与数据状态", "Basis and data"), data_state(self.study, self.press))]

    @cached_property
    def money(self):
        """Sources of the uplift."""
        return ps.uplift_sources(self.study, self.runs[1], self.view)

    def _names(self, groups) -> list[str]:
        return [self.press.say("合计", "total") if group == "all" else self.press.word(TIERS, group) for group in groups]

    def uplift_table(self) -> Block:
        """表1: the calculation by tier."""
        say, rows = self.press.say, []
        kinds = (("colleges", number, "院校数", "colleges"), ("teachers", number, "专任教师", "teachers"), ("norm", number, "标准工作量（课时）", "norm hours"),
                 ("baseline", number, "现有工作量（课时）", "baseline hours"), ("added", number, "新增X工作量（课时）", "X hours"), ("growth", percent, "工作量增长（%）", "growth, %"),
                 ("pool", wan, "原绩效总量（万元）", "pay total"), ("uplift_elasticity", wan, "核增·弹性法（万元）", "uplift, elasticity"), ("uplift_rate", wan, "核增·课时费法（万元）", "uplift, rate"),
                 ("uplift_income_share", wan, "核增·收入提取法（万元）", "uplift, income share"), ("limit", wan, "核增上限（万元）", "limit"), ("uplift", wan, "采用核增（万元）", "uplift taken"),
                 ("granted", wan, "已核增（万元）", "granted"), ("to_ask", wan, "尚可申请（万元）", "still to ask"), ("per_hour", number, "每X课时报酬（元）", "yuan per X hour"),
                 ("limited", number, "触及上限的院校", "colleges at the limit"))
        for name, write, zh, en in kinds:
            rows.append([say(zh, en), *(write(row[name]) if name == "colleges" or row["group"] == "all" else self.press.shown(write(row[name]), row["colleges"])
                                        for _, row in self.table.iterrows())])
        private = int((self.study.scope()["college"] & ~self.runs[1].served["uplift_eligible"]).sum())
        return self.press.table(self.label("table", 1), say("核增测算表", "The uplift"), [say("项目", "item"), *self._names(self.table["group"])], rows, source=self.source,
                                note=say(f"另有{private}所民办或口径外院校：不适用。工作量口径：{OPTIONS[self.view['pay.workload_basis']]}。标准课时按班额系数（W1）。",
                                         f"{private} private or out-of-scope colleges: not applicable (不适用)."))

    def method_figure(self) -> Block:
        """图2: both methods side by side."""
        say, row = self.press.say, self.table.iloc[-1]
        ratio = row["uplift_rate"] / row["uplift_elasticity"] if row["uplift_elasticity"] else float("nan")
        return self.press.figure(self.label("figure", 2), say(f"课时费法是弹性法的{percent(ratio)}%", f"The rate method gives {percent(ratio)} % of the elasticity method"),
                                 pay_figures.method_bars(self.press, self.table, self._names(self.table["group"])), source=self.source,
                                 note=say("收入提取法为部分省对技术服务、培训收入的做法（W6、W7），不是1+X的规定。", "Income share: what some provinces do for training income, not for 1+X."))

    def load_figure(self) -> Block:
        """图1: distribution of workload."""
        say, result = self.press.say, self.runs[1]
        leaves, chosen = result.compiled.leaves, self.study.scope()["college"] & (result.served["added_hours"] > 0)
        if chosen.sum() < 5 and not self.press.internal:
            return paragraphs(say("承担任务的院校不足5所，不列示分布。", "Fewer than five colleges; not shown."))
        before = (leaves["baseline_hours"] / leaves["teachers"])[chosen]
        after = ((leaves["baseline_hours"] + result.served["added_hours"]) / leaves["teachers"])[chosen]
        norm = float(np.average(leaves["norm_hours"][chosen], weights=leaves["teachers"][chosen]))
        over = int((after > norm).sum() - (before > norm).sum())
        return self.press.figure(self.label("figure", 1), say(f"新增工作量使{over}所院校的人均课时越过标准", f"X work takes {over} colleges over the norm"),
                                 pay_figures.load_histogram(self.press, before, after, norm, float(self.view["workload.review_hours"])), source=self.source,
                                 note=say("复核负荷510课时/年见W2（一所院校2014年的规定）。", "Review load: W2."))

    def hourly_figure(self) -> Block:
        """图3: pay per hour against growth."""
        say, served = self.press.say, self.runs[1].served
        ok = self.study.scope()["college"] & np.isfinite(served["pay_per_added_hour"]) & (served["uplift"] > 0)
        if ok.sum() < 20:
            return paragraphs(say("院校不足20所，不画散布图。", "Fewer than 20 colleges; no scatter."))
        hourly, fee = served["pay_per_added_hour"][ok], float(self.view["pay.class_hour_fee"])
        required = float(np.nanmedian(served["required_elasticity"][ok]))
        return self.press.figure(self.label("figure", 3), say(f"{percent((hourly < fee).mean())}%的院校每X课时低于课时费；要达到课时费，弹性中位数须为{number(required, 2)}",
                                                            f"{percent((hourly < fee).mean())} % of colleges pay less than the class-hour fee; the median elasticity needed is {number(required, 2)}"),
                                 pay_figures.uplift_scatter(self.press, served["workload_increase"][ok], hourly, fee), source=self.source,
                                 note=say("每格至少5所院校，不显示单所。", "At least five colleges in each cell."))

    def tilt_figure(self) -> Block:
        """图4: gains at four tilts."""
        say = self.press.say
        table = self.tilts[self.tilts["tilt"].isin(TILTS)]
        half = table.iloc[-1]
        return self.press.figure(self.label("figure", 4), say(f"全部倾斜时，承担任务教师人均增加{number(half['gain_busy'])}元，其他教师{number(half['gain_others'])}元",
                                                            f"At full tilt those who carry the work gain {number(half['gain_busy'])}, others {number(half['gain_others'])} yuan"),
                                 pay_figures.tilt_bars(self.press, table), source=self.source,
                                 note=say("只对核增部分倾斜时无人低于原水平；对全部总量倾斜则不然。", "Only a tilt of the uplift leaves nobody below old pay."))

    def fairness_figure(self) -> Block:
        """图5: Gini, hourly gain and reservation rate against tilt."""
        say, row = self.press.say, self.table.iloc[-1]
        tilt = float(break_even_tilt(self.view["pay.reservation_rate"], self.people.hours.sum(), self.runs[1].served["uplift"][np.unique(self.people.college).astype(int)].sum())) if len(self.people.hours) else float("nan")
        finding = say(f"倾斜系数到{number(tilt, 2)}时，每X课时增加额达到保留报酬" if tilt <= 1 else f"即使全部倾斜，每X课时增加额也达不到保留报酬（所需系数{number(tilt, 2)}）",
                      f"Break-even tilt {number(tilt, 2)}")
        return self.press.figure(self.label("figure", 5), finding, pay_figures.tilt_lines(self.press, self.tilts, float(self.view["pay.tilt"]), float(self.view["pay.reservation_rate"])),
                                 source=self.source, note=say(f"虚线为所取倾斜系数{self.view['pay.tilt']:g}；灰线为分配前基尼系数与保留报酬{number(self.view['pay.reservation_rate'])}元。共{number(row['teachers'])}名教师。",
                                                              f"Dashed: tilt taken; grey: Gini before, reservation rate {number(self.view['pay.reservation_rate'])}."))

    def quantile_table(self) -> Block:
        """表2: before and after by role."""
        say, people = self.press.say, self.people
        before, after = (ps.pay_of(self.study, self.runs[1], people, tilt) for tilt in (None, float(self.view["pay.tilt"])))
        roles = [(say("承担X任务", "carry X work"), people.hours > 0), (say("其他教师", "others"), people.hours <= 0), (say("全部", "all"), np.ones(len(people.hours), bool))]
        rows = [[row["role"], number(row["teachers"]), *(self.press.shown(number(row[f"{when}_{q}"]), row["teachers"]) for q in (10, 50, 90) for when in ("before", "after")),
                 self.press.shown(signed(number(row["gain"])), row["teachers"])] for _, row in ps.pay_quantiles(before, after, people, roles).iterrows()]
        header = [say("角色", "role"), say("人数", "teachers"), *(f"P{q} {say(*w)}" for q in (10, 50, 90) for w in (("前", "before"), ("后", "after"))), say("人均增加", "mean gain")]
        given = int(people.given.sum())
        return self.press.table(self.label("table", 2), say("分配前后对照（元/年）", "Pay before and after, yuan a year"), header, rows, source=self.source, total=True,
                                note=say(f"{number(given)}名教师按上报行，其余按假设的参与比例与对数正态分位数推算，不随机抽取；每组不少于5人。",
                                         f"{number(given)} teachers from rows; the others at lognormal quantiles, no random draw; groups of at least five."))

    def money_figure(self) -> Block:
        """图6: sources of the uplift money."""
        say, whole = self.press.say, sum(self.money.values())
        if whole < 0.5:
            return paragraphs(say("没有核增，不需要资金。", "No uplift, no money needed."))
        parts = {name: 100 * value / whole for name, value in self.money.items()}
        return self.press.figure(self.label("figure", 6), say(f"每100元核增，{number(parts['funding_gap'])}元没有来源", f"Of 100 yuan of uplift {number(parts['funding_gap'])} have no source"),
                                 cap_figures.burden_bar(self.press, parts), source=self.source, note=say("按用途次序的最优分配；中央奖补不用于绩效工资（读法）。", "Optimal allocation; the central award does not pay it (a reading)."))

    def conclusions(self) -> Block:
        """八: conclusions."""
        say, row, tilt = self.press.say, self.table.iloc[-1], self.chosen
        fee = float(self.view["pay.class_hour_fee"])
        lines = [say(f"按所取方法核增{wan(row['uplift'])}万元，每X课时{number(row['per_hour'])}元，为课时费{number(fee)}元的{percent(row['per_hour'] / fee)}%。",
                     f"Uplift {wan(row['uplift'])} × 10,000 yuan, {number(row['per_hour'])} yuan an X hour, {percent(row['per_hour'] / fee)} % of the class-hour fee."),
                 say(f"按所取倾斜系数，最高十分之一的教师得到核增额的{percent(tilt['top_tenth'])}%，{percent(tilt['above_reservation'])}%的承担教师达到保留报酬。",
                     f"At the tilt taken the top tenth get {percent(tilt['top_tenth'])} % of the uplift; {percent(tilt['above_reservation'])} % of X teachers reach the reservation rate."),
                 say("建议：由省里明确核增比例或课时费标准后，替换弹性假设重算；已核增部分从申请额中扣除。", "Once the province fixes a percentage or hour rate, put it in place of the assumed elasticity and run again.")]
        if self.study.composition.changes_anything:
            lines.insert(0, say(f"与基准相比，核增由{wan(self.before['uplift'])}万元变为{wan(row['uplift'])}万元。", f"Against the baseline: {wan(self.before['uplift'])} → {wan(row['uplift'])} × 10,000 yuan."))
        return bullets(lines)


def open_performance_pay(data: str, province: str = "", college: str = "", year: int = 0, scenario: Sequence[str] = (), settings: Mapping[str, str] | None = None,
                         lang: str = "zh", internal: bool = False, log2_draws: int = 5, seed: int = 20201231) -> PerformancePay:
    """Open the report. Raises OnexError with every fault of the step that fails."""
    use_style()
    study, press = opened(data, scenario, settings or {}, province, college, year, lang, internal)
    return PerformancePay(study, press, {"province": study.province, "college": study.college, "year": year, "scenario": scenario_ids(scenario), "settings": dict(settings or {}),
                                         "lang": lang, "internal": internal, "log2_draws": log2_draws, "seed": seed})
