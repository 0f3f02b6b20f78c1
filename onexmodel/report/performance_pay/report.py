"""performance_pay: the rise of the pay total and its tilt to those who carry the work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ...analysis import pay_draws as pd
from ...analysis import pay_study as ps
from ...analysis import teachers as tt
from ...analysis.cap_study import study_draws
from ...analysis.uncertainty import interval
from ..annex.appendix import value_text
from ..annex.notes import Note
from ..opening import draws_for, how_to_read, opened, scenario_ids
from ..page.adding import shares
from ..page.html import Block, count, gini, number, paragraphs, percent, points, share, signed, wan
from ..page.parts import swing_block
from ..page.press import SMALL
from ..page.style import use_style
from . import figures as pay_figures
from . import front as pay_text
from .numbers import PayNumbers

TILTS = (0.0, 0.3, 0.6, 1.0)
FEWEST = 3  # counted colleges of a place of at least five: with two, each could work out the other
SCATTER = 20  # colleges under which no scatter is drawn


@dataclass(frozen=True)
class PerformancePay(PayNumbers):
    """One performance_pay report: its blocks in the order of the notebook."""

    def front(self) -> Block:
        """Summary page."""
        return pay_text.front(self) + how_to_read(self.press)

    def noted(self) -> list[Note]:
        """Trees of the key figures."""
        return pay_text.noted(self)

    def more_findings(self) -> list[dict]:
        """教师工作量 that lists some of a college's teachers; which college and how many only in an internal report."""
        say, found = self.press.say, []
        for row in self.coverage.itertuples():
            short = row.listed < row.teachers
            if self.press.internal:
                words = (
                    f"教师工作量只列了{row.listed}人，专任教师{row.teachers}人，未列的按假设推算"
                    if short
                    else f"教师工作量列了{row.listed}人，多于专任教师{row.teachers}人，按所列计算"
                )
            else:
                words = (
                    "教师工作量只列了部分教师，未列的按假设推算"
                    if short
                    else "教师工作量所列多于专任教师，按所列计算"
                )
            found.append(
                {
                    "table": "workload",
                    "key": f"{row.college}/{self.study.year}",
                    "rule": "teachers_listed_in_part" if short else "more_listed_than_teachers",
                    "severity": "warning",
                    "sentence": say(f"{words}，请补全或说明", words),
                }
            )
        return found

    def uplift_table(self) -> Block:
        """表1: the calculation by tier."""
        say, rows, outside = self.press.say, [], ps.outside_tiers(self.study, self.runs[1])
        work = (
            ("colleges", count, "院校数", "colleges"),
            ("teachers", count, "专任教师", "teachers"),
            ("norm", count, "标准工作量（课时）", "norm hours"),
            ("baseline", count, "现有工作量（课时）", "baseline hours"),
            ("added", count, "新增X工作量（课时）", "X hours"),
            ("growth", percent, "工作量增长（%）", "growth, %"),
        )
        money = (
            ("pool", wan, "原绩效总量（万元）", "pay total"),
            ("uplift_elasticity", wan, "核增·弹性法（万元）", "uplift, elasticity"),
            ("uplift_rate", wan, "核增·课时费法（万元）", "uplift, class-hour fee"),
            ("uplift_income_share", None, "核增·收入提取法（万元）", "uplift, income share"),
            ("limit", wan, "核增上限（万元）", "limit"),
            ("uplift", wan, "采用核增（万元）", "uplift taken"),
            ("granted", None, "已核增（万元）", "granted"),
            ("to_ask", None, "尚可申请（万元）", "still to ask"),
            ("per_hour", count, "每X课时报酬（元）", "yuan per X hour"),
            ("limited", count, "触及上限的院校", "colleges at the limit"),
        )
        others = [self.outside_row(tier) for tier in outside]
        for kinds, applies in ((work, True), (money, False)):
            for name, write, zh, en in kinds:
                own = [
                    self.filled(name, row) if write is None else write(row[name])
                    for _, row in self.table.iterrows()
                ]
                out = [
                    (
                        write(row[name])
                        if name == "colleges"
                        else self.press.shown(write(row[name]), row["colleges"])
                    )
                    if applies
                    else say("不适用", "not applicable")
                    for row in others
                ]
                rows.append([say(zh, en), *own[:-1], *out, own[-1]])
        names = self._names(self.table["group"])
        counted, out = self.standing["counted"], self.left_out()
        merged = (
            say("不足5所院校的层次合并列示。", "Tiers of under five colleges stand together. ")
            if any("+" in group for group in self.table["group"])
            else ""
        )
        return self.press.table(
            self.label("table", 1),
            say("核增测算表", "The uplift"),
            [say("项目", "item"), *names[:-1], *self._names(outside), names[-1]],
            rows,
            source=self.source,
            note=say(
                f"合计只含计入核增的{counted}所{'，另有' + out if out else ''}。{merged}"
                f"X课时：1+X证书培训和考核新增的标准课时，标准课时按班额系数折算（系数取一所院校的公开规定）。工作量口径：{value_text(self.view['pay.workload_basis'], 'zh', self.study.law.parameters['pay.workload_basis'])}。",
                f"The total is of the {counted} colleges counted{'; not counted: ' + out if out else ''}. {merged}X hours: standard hours of 1+X training and assessment.",
            ),
            columns=(
                "colleges.norm_hours",
                "colleges.baseline_hours",
                "added_hours",
                "workload_increase",
                "pay_pools.pay_pool",
                "uplift_elasticity",
                "uplift_rate",
                "uplift_income_share",
                "uplift_limit_used",
                "uplift",
                "pay_per_added_hour",
            ),
        )

    def method_figure(self) -> Block:
        """图2: the methods side by side."""
        say, row, table = self.press.say, self.row, self.table
        bars = [
            (say("弹性法", "elasticity"), table["uplift_elasticity"].to_numpy(float)),
            (say("课时费法", "class-hour fee"), table["uplift_rate"].to_numpy(float)),
        ]
        known = table["filled_income"].to_numpy() >= (1 if self.press.internal else SMALL)
        bars += (
            [
                (
                    say("收入提取法", "income share"),
                    np.where(known, table["uplift_income_share"].to_numpy(float), np.nan),
                )
            ]
            if known[-1]
            else []
        )
        lost = say(
            "" if known[-1] else "收入提取法没有足够院校填报净收入，不画。",
            "" if known[-1] else " Too few colleges filled in net income for the income share.",
        )
        finding = (
            say(
                f"课时费法是弹性法的{share(row['uplift_rate'] / row['uplift_elasticity'])}%",
                f"The class-hour fee gives {share(row['uplift_rate'] / row['uplift_elasticity'])} % of the elasticity method",
            )
            if row["uplift_elasticity"] > 0.5
            else say("弹性法没有核增", "No uplift by the elasticity method")
        )
        return self.press.figure(
            self.label("figure", 2),
            finding,
            pay_figures.method_bars(self.press, bars, self._names(table["group"])),
            source=self.source,
            note=say(
                "收入提取法为部分省对技术服务、培训收入的做法（职业教育法第四十一条、山东2020年和沈阳2023年规定），不是1+X的规定。",
                "Income share: what some provinces do for training income, not for 1+X.",
            )
            + lost,
        )

    def elasticity_table(self) -> Block:
        """表2: low, as taken, high elasticity side by side, each with its interval over the beliefs."""
        say, parts, pool = self.press.say, self.by_elasticity, float(self.row["pool"])
        kinds = (
            (lambda x: x["uplift"], wan, "核增总量（万元）", "uplift, 10,000 yuan"),
            (lambda x: x["uplift"] / pool, percent, "占原总量（%）", "of the pool, %"),
            (lambda x: x["per_hour"], count, "每X课时报酬（元）", "yuan per X hour"),
            (
                lambda x: x["gain_busy"],
                count,
                "承担任务教师人均增加（元/年）",
                "gain of X teachers, yuan a year",
            ),
        )
        rows = [
            [
                say(zh, en),
                *(
                    f"{write(take(point))}{self.press.span(interval(take(many)), write, take(point))}"
                    for _, _, point, many in parts
                ),
            ]
            for take, write, zh, en in kinds
        ]
        header = [
            say("指标", "measure"),
            *(words if value is None else f"{words} {value:.2f}" for value, words, *_ in parts),
        ]
        return self.press.table(
            self.label("table", 2),
            say(
                "核增弹性取低、中、高时（弹性法）",
                "The uplift at a low, central and high elasticity",
            ),
            header,
            rows,
            source=self.source,
            note=say(
                "核增弹性：工作量每增加1%，绩效总量增加百分之几；没有文件规定，低、高取其假设分布的P10、P90（十次里各有一次更低、更高）。括号内为80%区间：弹性固定，只变动参与比例、缺失的通过率等现实判断；没有括号的，区间窄于显示精度。",
                "Elasticity: per cent of pay for one per cent of work; no document names it; low and high are P10 and P90 of its assumed distribution. Brackets: 80 % intervals over the beliefs at that elasticity; none where it is narrower than what is printed.",
            ),
            columns=("uplift_elasticity", "uplift", "pay_per_added_hour"),
        )

    def deciding_figure(self) -> Block:
        """图4: what the uplift hangs on."""
        frame = pd.deciding(self.side)
        top = (
            frame.loc[
                (frame["gain_p90"] - frame["gain_p10"])
                .abs()
                .sort_values(ascending=False, kind="stable")
                .index
            ].iloc[0]
            if len(frame)
            else None
        )
        moved = top is not None and abs(top["gain_p90"] - top["gain_p10"]) >= 0.5
        low, high = (
            self.press.ends(
                (top["gain_p10"], top["gain_p90"]), count, float(self.chosen["gain_busy"])
            )
            if moved
            else ("", "")
        )
        said = (
            self.press.say(
                f"承担任务教师的人均增加最取决于「{top['zh']}」：取{number(top['low'], 2)}至{number(top['high'], 2)}时为{low}至{high}元。",
                f" The gain of X teachers hangs most on '{top['en']}': {low} to {high} yuan.",
            )
            if moved
            else ""
        )
        return swing_block(
            self.press,
            self.label("figure", 4),
            frame,
            float(self.row["uplift"]),
            ("核增总量", "uplift"),
            self.source,
            said,
        )

    def load_figure(self) -> Block:
        """图1: distribution of workload over the colleges that are counted."""
        say, result = self.press.say, self.runs[1]
        leaves = result.compiled.leaves
        chosen = (
            ps.counted_colleges(self.study, result)
            & (result.served["added_hours"] > 0)
            & (leaves["teachers"] > 0)
        )
        if chosen.sum() < (1 if self.press.internal else SMALL):
            return paragraphs(
                say(
                    "计入核增且承担任务的院校不足5所，不列示分布。",
                    "Fewer than five colleges are counted and carry X work; not shown.",
                )
            )
        before, after = (
            (leaves["baseline_hours"] + extra)[chosen] / leaves["teachers"][chosen]
            for extra in (0.0, result.served["added_hours"])
        )
        own = leaves["norm_hours"][chosen]
        norm, over = (
            float(np.average(own, weights=leaves["teachers"][chosen])),
            int(((after > own) & (before <= own)).sum()),
        )
        finding = (
            say(
                f"新增工作量使{over}所计入核增的院校的人均课时越过本校标准",
                f"X work takes {over} of the colleges counted over their norm",
            )
            if over
            else say(
                "新增工作量没有使任何计入核增的院校的人均课时越过本校标准",
                "X work takes none of the colleges counted over its norm",
            )
        )
        edges = pay_figures.shown_bins(before, after, 1 if self.press.internal else SMALL)
        if len(edges) < 4:
            return paragraphs(
                finding
                + say(
                    f"；人均课时中位数由{number(np.median(before))}变为{number(np.median(after))}。院校太少，不画分布。",
                    f"; median hours a teacher {number(np.median(before))} → {number(np.median(after))}. Too few colleges for a distribution.",
                )
            )
        return self.press.figure(
            self.label("figure", 1),
            finding,
            pay_figures.load_histogram(
                self.press, before, after, edges, norm, float(self.view["workload.review_hours"])
            ),
            source=self.source,
            note=say(
                f"只画计入核增的{int(chosen.sum())}所有X课时的院校。标准工作量为各校平均。复核负荷{number(self.view['workload.review_hours'])}课时/年取自一所院校2014年的公开规定。每段不少于5所院校，两端合并。",
                f"The {int(chosen.sum())} colleges counted that have X hours. Norm: mean of the colleges. Review load: one college's published rule of 2014. At least five colleges in each step; the ends are put together.",
            ),
        )

    def hourly_figure(self) -> Block:
        """图3: pay per hour against growth."""
        say, served, few = (
            self.press.say,
            self.runs[1].served,
            paragraphs(
                self.press.say(
                    f"院校不足{SCATTER}所，不画散布图。",
                    f"Fewer than {SCATTER} colleges; no scatter.",
                )
            ),
        )
        ok = (
            self.study.scope(self.runs[1].compiled)["college"]
            & np.isfinite(served["pay_per_added_hour"])
            & (served["uplift"] > 0)
        )
        if ok.sum() < SCATTER:
            return few
        hourly, fee, fees = served["pay_per_added_hour"][ok], self.hour_fee, self.hour_fees[ok]
        required, drawn = (
            float(np.nanmedian(served["required_elasticity"][ok])),
            pay_figures.uplift_scatter(self.press, served["workload_increase"][ok], hourly, fee),
        )
        if not drawn:
            return few
        return self.press.figure(
            self.label("figure", 3),
            say(
                f"{share((hourly < fees).mean())}%的院校每X课时低于课时费；要达到课时费，弹性中位数须为{number(required, 2)}",
                f"{share((hourly < fees).mean())} % of colleges pay less than the class-hour fee; the median elasticity needed is {number(required, 2)}",
            ),
            drawn,
            source=self.source,
            note=say("每格至少5所院校，不显示单所。", "At least five colleges in each cell."),
        )

    def tilt_figure(self) -> Block:
        """图5: gains at four tilts."""
        say, table = self.press.say, self.tilts[self.tilts["tilt"].isin(TILTS)]
        full = table.iloc[-1]
        if not full["busy"]:
            return paragraphs(
                say(
                    "没有教师承担X课时，倾斜不起作用。",
                    "Nobody carries X hours; a tilt does nothing.",
                )
            )
        return self.press.figure(
            self.label("figure", 5),
            say(
                f"核增全部按X课时分配时，承担任务教师人均增加{number(full['gain_busy'])}元，其他教师{number(full['gain_others'])}元",
                f"At full tilt those who carry the work gain {number(full['gain_busy'])}, others {number(full['gain_others'])} yuan",
            ),
            pay_figures.tilt_bars(self.press, table),
            source=self.source,
            note=say(
                "倾斜系数：核增中按X课时分配的份额，其余按基础份额分配；0为不倾斜，1为全部按X课时。只对核增部分倾斜时无人低于原水平；对全部总量倾斜则不然。",
                "Tilt: share of the uplift given by X hours, the rest by base share. Only a tilt of the uplift leaves nobody below old pay.",
            ),
        )

    def fairness_figure(self) -> Block:
        """图7: Gini, tilted pay per hour and reservation rate against tilt."""
        say, rate = self.press.say, float(self.view["pay.reservation_rate"])
        tilt, most = (
            tt.break_even(self.runs[1], self.people, rate),
            float(self.tilts.iloc[-1]["hourly"]),
        )
        if not np.isfinite(tilt):
            return paragraphs(
                say(
                    "没有核增或没有X课时，谈不上每课时的报酬。",
                    "No uplift or no X hours: no pay per hour to speak of.",
                )
            )
        finding = (
            say(
                f"倾斜系数到{number(tilt, 2)}时，核增的倾斜部分达到每X课时{number(rate)}元的保留报酬",
                f"At tilt {number(tilt, 2)} the tilted part of the uplift pays the reservation rate of {number(rate)} yuan an X hour",
            )
            if tilt <= 1
            else say(
                f"即使核增全部按X课时分配，每X课时也只有{number(most)}元，达不到{number(rate)}元的保留报酬",
                f"Even at full tilt an X hour earns {number(most)} yuan, under the reservation rate of {number(rate)}",
            )
        )
        return self.press.figure(
            self.label("figure", 7),
            finding,
            pay_figures.tilt_lines(
                self.press, self.tilts, float(self.view["pay.tilt"]), rate, tilt
            ),
            source=self.source,
            note=say(
                f"保留报酬：教师愿意多做一个X课时的最低报酬（假设{number(rate)}元）。中图＝倾斜系数×核增÷X课时，全部院校合计；右图为所在院校达到保留报酬的承担教师比例。虚线为所取倾斜系数{self.view['pay.tilt']:g}，灰线为核增前基尼系数和保留报酬。",
                f"Reservation rate: the least a teacher would do an X hour for (assumed {number(rate)}). Middle: tilt × uplift ÷ X hours, all colleges; right: X teachers in colleges where it suffices. Dashed: tilt taken; grey: Gini before, reservation rate.",
            ),
        )

    def fairness_table(self) -> Block:
        """表4: fairness before and after at several tilts."""
        say, table = (
            self.press.say,
            self.tilts[self.tilts["tilt"].isin({*TILTS, float(self.view["pay.tilt"])})],
        )
        first, missing = table.iloc[0], "—"
        kinds = (
            (
                "gini_after",
                gini,
                "基尼系数（0为完全平均）",
                "Gini (0: all equal)",
                first["gini_before"],
            ),
            (
                "top_after",
                percent,
                "绩效工资最高的十分之一教师所占份额（%）",
                "share of pay of the best-paid tenth, %",
                first["top_before"],
            ),
            ("better", points, "收入增加的教师（%）", "better off, %", None),
            ("worse", points, "低于原水平的教师（%）", "worse off, %", None),
            (
                "top_gain",
                points,
                "核增额中归增加最多的十分之一教师（%）",
                "share of the uplift of the tenth who gain most, %",
                None,
            ),
            ("hourly", number, "每X课时倾斜报酬（元）", "tilted pay per X hour, yuan", None),
            (
                "above_reservation",
                points,
                "达到保留报酬的承担教师（%）",
                "X teachers who reach the reservation rate, %",
                None,
            ),
        )
        rows = [
            [say(zh, en), missing if was is None else write(was), *(write(x) for x in table[name])]
            for name, write, zh, en, was in kinds
        ]
        header = [
            say("指标", "measure"),
            say("核增前", "before"),
            *(say(f"倾斜系数{tilt:g}", f"tilt {tilt:g}") for tilt in table["tilt"]),
        ]
        hours, added = float(self.people.hours.sum()), float(self.row["added"])
        other = (
            say(
                f"每X课时倾斜报酬按教师所列的{number(hours)}课时计，表1按测算的{number(added)}课时计。",
                f" Tilted pay per hour is on the {number(hours)} hours of the teachers, Table 1 on {number(added)}.",
            )
            if abs(hours - added) > 0.005 * added
            else ""
        )
        return self.press.table(
            self.label("table", 4),
            say("核增前后的公平性", "Fairness before and after"),
            header,
            rows,
            source=self.source,
            note=say(
                f"{number(first['teachers'])}名教师，其中{number(first['busy'])}名承担X课时。"
                + other,
                f"{number(first['teachers'])} teachers, {number(first['busy'])} with X hours."
                + other,
            ),
            columns=("teacher_pay_fen", "pay.tilt"),
        )

    def quantile_table(self) -> Block:
        """表3: before and after by role."""
        say, people = self.press.say, self.people
        if (
            not self.press.internal and self.standing["counted"] < SMALL
        ):  # with few colleges a quantile is one college's mean
            return paragraphs(
                say(
                    "计入核增的院校不足5所，不列示教师收入分位数。",
                    "Fewer than five colleges are counted; quantiles of pay are not shown.",
                )
            )
        before, after = (
            tt.pay_of(self.study, self.runs[1], people, tilt)
            for tilt in (None, float(self.view["pay.tilt"]))
        )
        roles = [
            (say("承担X任务", "carry X work"), people.hours > 0),
            (say("其他教师", "others"), people.hours <= 0),
            (say("全部", "all"), np.ones(len(people.hours), bool)),
        ]
        if not self.press.internal and any(0 < mask.sum() < SMALL for _, mask in roles):
            roles = roles[-1:]  # with one role hidden the other would tell it
        rows = [
            [
                row["role"],
                number(row["teachers"]),
                *(number(row[f"{when}_{q}"]) for q in (10, 50, 90) for when in ("before", "after")),
                signed(number(row["gain"])),
            ]
            for _, row in tt.pay_quantiles(before, after, people, roles).iterrows()
        ]
        quantiles = ((10, "较低", "low"), (50, "中位", "median"), (90, "较高", "high"))
        header = [
            say("角色", "role"),
            say("人数", "teachers"),
            *(
                f"P{q} {say(zh + w[0], en + ' ' + w[1])}"
                for q, zh, en in quantiles
                for w in (("·前", "before"), ("·后", "after"))
            ),
            say("人均增加", "mean gain"),
        ]
        given, part = (
            int(people.given.sum()),
            int((self.coverage["listed"] < self.coverage["teachers"]).sum()),
        )
        listed = (
            say(
                f"其中{part}所院校只列了部分教师。",
                f" {part} colleges list only part of their teachers.",
            )
            if part
            else ""
        )
        return self.press.table(
            self.label("table", 3),
            say("分配前后对照（元/年）", "Pay before and after, yuan a year"),
            header,
            rows,
            source=self.source,
            total=True,
            note=say(
                f"P10、P50、P90：把教师按绩效工资由低到高排，第10%、50%、90%位的数额。{number(given)}名教师按上报行，其余{number(len(people.given) - given)}名按假设的参与比例与对数正态分位数推算，不随机抽取；每组不少于5人。"
                + listed,
                f"P10, P50, P90: pay at 10, 50, 90 % of teachers from the lowest. {number(given)} teachers from rows, {number(len(people.given) - given)} imputed at lognormal quantiles, no random draw; groups of at least five."
                + listed,
            ),
            columns=("teacher_pay_fen", "pay.tilt", "pay.tilt_scope"),
        )

    def money_figure(self) -> Block:
        """图6: sources of the uplift money."""
        say, whole = self.press.say, sum(self.money.values())
        if whole < 0.5:
            return paragraphs(say("没有核增，不需要资金。", "No uplift, no money needed."))
        parts = dict(
            zip(self.money, shares(list(self.money.values()), whole, decimals=0), strict=True)
        )
        gap = parts["funding_gap"]
        finding = (
            say(
                f"每100元核增，{number(gap)}元没有来源",
                f"Of 100 yuan of uplift {number(gap)} have no source",
            )
            if gap > 0.5
            else say("核增都有来源", "All of the uplift has a source")
        )
        return self.press.figure(
            self.label("figure", 6),
            finding,
            pay_figures.money_bar(self.press, parts),
            source=self.source,
            note=say(
                "按用途次序的最优分配；"
                + (
                    "中央奖补不用于绩效工资（读法）。"
                    if self.view["funding.award_pays_salary"] == "no"
                    else "中央奖补可用于绩效工资（读法）。"
                ),
                "Optimal allocation; the central award "
                + ("does not pay" if self.view["funding.award_pays_salary"] == "no" else "may pay")
                + " it (a reading).",
            ),
        )

    def conclusions(self) -> Block:
        """八: conclusions."""
        return pay_text.conclusions(self)


@dataclass(frozen=True)
class Withheld(PerformancePay):
    """The report where there is nothing to calculate, or where what there is would be a single college's: one sentence in every place."""

    @property
    def why(self) -> str:
        """The reason."""
        say, s = self.press.say, self.standing
        if s["counted"]:
            return say(
                f"计入核增的院校只有{s['counted']}所，流转版不列数值；内部使用请设 internal（--internal）。",
                f"Only {s['counted']} colleges are counted: a circulated report shows no numbers; set internal (--internal) for internal use.",
            )
        if s["no_pool"]:
            return say(
                "没有院校填报绩效工资总量，无从测算核增；请补全表「绩效工资总量」。",
                "No college filled in its pay total: nothing can be calculated; fill in the table pay_pools.",
            )
        return say(
            "范围内的院校是民办或应用本科，绩效工资核增不适用。",
            "The colleges here are private or applied undergraduate: the uplift is not applicable.",
        )

    def headlines(self) -> dict[str, float]:
        """Counts only."""
        return {name: float(some) for name, some in self.standing.items()}

    def front(self) -> Block:
        """Summary page: why there is none."""
        s = self.standing
        what = (
            ("不列示", "not shown")
            if s["counted"]
            else ("无从测算", "cannot be calculated")
            if s["no_pool"]
            else ("不适用", "not applicable")
        )
        return pay_text.boxed(
            self,
            self.press.say(f"绩效工资核增：{what[0]}", f"Uplift of pay: {what[1]}"),
            self.why,
            [],
            [],
            [],
        ) + how_to_read(self.press)

    def noted(self) -> list[Note]:
        """Nothing to explain."""
        return []

    def more_findings(self) -> list[dict]:
        """None."""
        return []

    def same(self) -> Block:
        """What stands in place of every table and figure."""
        return paragraphs(self.why)

    load_figure = uplift_table = method_figure = hourly_figure = elasticity_table = (
        deciding_figure
    ) = same
    tilt_figure = quantile_table = money_figure = fairness_figure = fairness_table = conclusions = (
        same
    )


def open_performance_pay(
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
) -> PerformancePay:
    """Open the report. Raises OnexError with every fault of the step that fails."""
    use_style()
    study, press = opened(data, scenario, settings or {}, province, college, year, lang, internal)
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
    }
    report = PerformancePay(study, press, given, study_draws(study, given["log2_draws"], seed))
    counted = report.standing["counted"]
    return (
        report
        if counted >= (1 if press.internal else FEWEST)
        else Withheld(study, press, given, report.drawn)
    )
