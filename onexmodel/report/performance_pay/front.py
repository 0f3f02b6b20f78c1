"""The sentences of performance_pay: front box, key figures, derivations, conclusions. Every number comes from the run."""

from __future__ import annotations

from html import escape

import numpy as np

from ...analysis.derive import derivation
from ...analysis.node import Node
from ...analysis.place_tree import uplift_tree
from ...analysis.scheme import touched
from ...analysis.uncertainty import interval
from ..annex.appendix import value_text
from ..annex.centre import Led, baseline_drawn, few_draws, off_centre
from ..annex.notes import Note
from ..annex.places import taken, where_said
from ..fee_cap.areas import asleep_said
from ..opening import beyond_said, data_state, meta_line
from ..page.adding import shares
from ..page.html import Block, bullets, count, front_box, number, percent, share, wan
from ..page.words import SOURCES

METHODS_EN = {"elasticity": "elasticity", "rate": "class-hour fee", "income_share": "income share"}


def front(report) -> Block:
    """Conclusion first; then key figures, who bears it, risks, state of the data."""
    say, row = report.press.say, report.row
    title = say(
        f"绩效工资核增{wan(row['uplift'])}万元，每X课时{number(row['per_hour'])}元",
        f"Pay total up {wan(row['uplift'])} × 10,000 yuan, {number(row['per_hour'])} yuan an X hour",
    )
    return boxed(report, title, lead(report), also(report), keys(report), notes(report))


def boxed(report, title: str, words: str, more, figures, about) -> Block:
    """The front box."""
    say = report.press.say
    return front_box(
        report.press.bands(),
        say("绩效工资核增与分配 · 测算", "Performance pay · calculation"),
        title,
        meta_line(report.study, report.press),
        words,
        [*beyond_said(report.study, report.press), *more],
        figures,
        about,
        say("一页摘要", "Summary"),
    )


def lead(report) -> str:
    """The sentence performance_pay leads with (结论一句话), with its intervals."""
    press, row, tilt, r = report.press, report.row, report.chosen, report.ranges
    say, pool, lam = (
        press.say,
        row["pool"],
        taken(press, report.study, report.view, "pay.elasticity", "{:g}".format),
    )
    grows = (
        say("", "")
        if report.apart
        else say(
            f"：工作量每增加1%，绩效总量增加{lam}%", f": 1 % more work, {lam} % more pay total"
        )
    )
    worse = (
        say("无人低于原水平", "nobody falls below old pay")
        if tilt["worse"] == 0
        else say(
            f"{share(tilt['worse'])}%的教师低于原水平",
            f"{share(tilt['worse'])} % of teachers fall below old pay",
        )
    )
    gain = (
        f"{number(tilt['gain_busy'])}{say('元', ' yuan')}{press.span(r['gain_busy'], count, tilt['gain_busy'])}"
        if np.isfinite(tilt["gain_busy"])
        else say("—（没有教师承担X课时）", "— (nobody carries X hours)")
    )
    return say(
        f"X证书培训考核使教师工作量增加{percent(row['growth'])}%。按核增弹性{lam}（假设{grows}）测算，核增总量为{wan(row['uplift_elasticity'])}万元"
        f"{press.span(r['uplift_elasticity'], wan, row['uplift_elasticity'])}，占原总量{percent(row['uplift_elasticity'] / pool)}%；按课时费测算为{wan(row['uplift_rate'])}万元{press.span(r['uplift_rate'], wan, row['uplift_rate'])}；"
        f"每X课时报酬{number(row['per_hour'])}元{press.span(r['per_hour'], count, row['per_hour'])}。倾斜系数（核增中按X课时分配的份额）取{report.view['pay.tilt']:g}时，承担任务教师人均增加{gain}，{worse}。",
        f"Teachers' workload grows by {percent(row['growth'])} %. At elasticity {lam} (assumed{grows}) the pay total rises by {wan(row['uplift_elasticity'])}"
        f"{press.span(r['uplift_elasticity'], wan, row['uplift_elasticity'])} × 10,000 yuan, {percent(row['uplift_elasticity'] / pool)} %; by the class-hour fee {wan(row['uplift_rate'])}{press.span(r['uplift_rate'], wan, row['uplift_rate'])}; "
        f"{number(row['per_hour'])} yuan{press.span(r['per_hour'], count, row['per_hour'])} per X hour. At tilt {report.view['pay.tilt']:g} (share of the uplift given by X hours) those who carry the work gain {gain}, and {worse}.",
    )


def moved(report, name: str, write, kind: tuple[str, str]) -> str:
    """「核增由…变为…」, or that it does not move where both print the same. kind: what it is and its unit, in the report's language."""
    say, then, now = report.press.say, write(report.before[name]), write(report.row[name])
    if then == now:
        return say(f"{kind[0]}不变（{now}{kind[1]}）", f"{kind[0]} unchanged ({now}{kind[1]})")
    return say(
        f"{kind[0]}由{then}{kind[1]}变为{now}{kind[1]}", f"{kind[0]} {then} → {now}{kind[1]}"
    )


def also(report) -> list[str]:
    """Against the baseline; what the brackets hold; what elasticity alone does; what is granted; whom it is about; teachers not listed."""
    press, row, s = report.press, report.row, report.standing
    say = press.say
    lines = []
    if report.study.composition.changes_anything:
        lines.append(
            say(
                f"「{report.title}」与基准相比，{moved(report, 'uplift', wan, ('核增', '万元'))}，{moved(report, 'per_hour', number, ('每X课时', '元'))}。",
                f"'{report.title}' against the baseline: {moved(report, 'uplift', wan, ('uplift', ' × 10,000 yuan'))}, {moved(report, 'per_hour', number, ('per X hour', ' yuan'))}.",
            )
        )
    parts = report.by_elasticity
    own = say("按方案各地取值", "as the scheme sets it place by place")
    listed = say("、", ", ").join(
        (own if value is None else f"{value:.2g}") + say("时", ": ") + f"{wan(point['uplift'])}"
        for value, _, point, _ in parts
    )
    here = next(
        spread for value, _, _, spread in parts if value == float(report.view["pay.elasticity"])
    )
    narrow = report.press.span(
        interval(here["uplift"]),
        wan,
        next(
            point["uplift"]
            for value, _, point, _ in parts
            if value == float(report.view["pay.elasticity"])
        ),
    )
    still = (
        say(
            f"其余现实判断只使核增在{narrow}万元之间变动",
            f"the beliefs alone move the uplift within{narrow}",
        )
        if narrow
        else say("其余现实判断不影响核增", "the beliefs do not move the uplift")
    )
    set_there = any(
        change.where and change.operation == "value"
        for change in report.study.laws.own.get("pay.elasticity", ())
    )
    fixed, where = (
        "pay.elasticity" in report.fixed,
        say("、", ", ").join(where_said(press, report.study, one) for one, _ in report.apart)
        if set_there
        else "",
    )
    lines.append(few_draws(press)) if not report.sampled else lines.append(
        say(
            "括号内为80%区间："
            + (
                "弹性由方案给定，其余假设按各自分布同时变动。"
                if fixed
                else f"弹性在{where}由方案给定，其余各地的弹性和其他假设按各自分布同时变动。"
                if where
                else "弹性等全部假设按各自分布同时变动。"
            )
            + f"弹性没有文件依据，由省里决定：弹性法核增在弹性{listed}万元；弹性固定为{report.view['pay.elasticity']:g}时，{still}（表2）。",
            "Brackets: 80 % intervals, "
            + (
                "the elasticity as the scheme sets it, all else over its range. "
                if fixed
                else f"the elasticity as the scheme sets it in {where}, that of other places and all else over their ranges. "
                if where
                else "elasticity and all other assumptions over their ranges. "
            )
            + f"No document names the elasticity; a province decides it: {listed} × 10,000 yuan; at {report.view['pay.elasticity']:g} {still} (Table 2).",
        )
    )
    lines += [
        text for text in [asleep_said(press, touched(report.study), report.study.year)] if text
    ]
    lines += (
        baseline_drawn(press, report.study, "uplift")
        if report.study.composition.changes_anything
        else []
    )
    lines += off_centre(
        press,
        [
            Led(zh, en, row[name], report.draws[name], wan, ("万元", " × 10,000 yuan"))
            for name, zh, en in (
                ("uplift_elasticity", "弹性法核增", "uplift by elasticity"),
                ("uplift_rate", "课时费法核增", "uplift by the class-hour fee"),
            )
        ],
    )
    granted, to_ask = report.filled("granted", row), report.filled("to_ask", row)
    lines.append(
        say(
            f"核增方法：{value_text(report.view['pay.uplift_method'], 'zh', report.study.law.parameters['pay.uplift_method'])}；两种方法都列出。已核增：{granted}，尚可申请：{to_ask}（万元）。",
            f"Method in force: {METHODS_EN[report.view['pay.uplift_method']]}; both are shown. Granted: {granted}; still to ask: {to_ask} (× 10,000 yuan).",
        )
    )
    out = report.left_out()
    lines.append(
        say(
            f"{s['all']}所院校中，{s['counted']}所计入核增"
            + (f"，未计入的为{out}" if out else "")
            + "。",
            f"Of {s['all']} colleges {s['counted']} are counted"
            + (f"; not counted: {out}" if out else "")
            + ".",
        )
    )
    part = report.coverage[report.coverage["listed"] < report.coverage["teachers"]]
    if len(part):
        lines.append(
            say(
                f"注意：{len(part)}所院校的教师工作量只列了部分教师{_example(report, part)}，未列的教师按假设的参与比例与课时分布推算。",
                f"Note: {len(part)} colleges list only part of their teachers{_example(report, part)}; the others are imputed.",
            )
        )
    return lines


def _example(report, part) -> str:
    """The first college's numbers, in an internal report only."""
    if not report.press.internal:
        return ""
    first = part.iloc[0]
    return report.press.say(
        f"（如{first['college']}只列了{first['listed']}人，专任教师{first['teachers']}人）",
        f" ({first['college']}: {first['listed']} of {first['teachers']})",
    )


def keys(report) -> list[tuple]:
    """Key figures of the front box with their note numbers: baseline → scheme where something is changed, change or share, interval."""
    press, row, tilt, r = report.press, report.row, report.chosen, report.ranges
    say, yuan = press.say, press.say("万元", "10⁴ yuan")

    def moved(name, write):
        then, now = write(report.before[name]), write(row[name])
        return (
            f"{then} → {now}" if report.study.composition.changes_anything and then != now else now
        )

    def beside(name):
        return (
            press.span(r[name], wan, row[name])
            + say("　占原总量", " of pool ")
            + percent(row[name] / row["pool"])
            + "%"
        )

    return [
        (
            say("新增工作量", "X hours"),
            moved("added", number),
            say("课时", "hours"),
            "+" + percent(row["growth"]) + "%" + press.span(r["growth"], percent, row["growth"]),
            1,
        ),
        (
            say("核增（弹性法）", "uplift, elasticity"),
            moved("uplift_elasticity", wan),
            yuan,
            beside("uplift_elasticity"),
            2,
        ),
        (
            say("核增（课时费法）", "uplift, class-hour fee"),
            moved("uplift_rate", wan),
            yuan,
            beside("uplift_rate"),
            3,
        ),
        (
            say("每X课时报酬", "per X hour"),
            moved("per_hour", number),
            say("元", "yuan"),
            press.span(r["per_hour"], count, row["per_hour"])
            + say("　课时费的", " of the fee ")
            + share(row["per_hour"] / report.hour_fee)
            + "%",
            4,
        ),
        (
            say("承担任务教师人均增加", "gain of X teachers"),
            number(tilt["gain_busy"]),
            say("元", "yuan"),
            press.span(r["gain_busy"], count, tilt["gain_busy"])
            + say(f"　倾斜系数{report.view['pay.tilt']:g}", f" tilt {report.view['pay.tilt']:g}"),
            5,
        ),
    ]


def notes(report) -> list[tuple[str, str]]:
    """Who bears it, risks, state of the data (HTML)."""
    say, parts = report.press.say, report.money
    whole = sum(parts.values())
    who = say("无核增", "none")
    if whole > 0.5:
        printed = zip(parts, shares(list(parts.values()), whole, decimals=0), strict=True)
        who = say("、", ", ").join(
            f"{report.press.word(SOURCES, name)}{say('', ' ')}{number(part)}%"
            for name, part in printed
            if part
        )
    risk = say(
        "通知没有规定核增比例，弹性与上限均为假设；民办院校与口径外院校为「不适用」。",
        "The notices name no percentage: elasticity and ceiling are assumptions; private colleges: not applicable.",
    )
    return [
        (say("谁承担", "Who bears it"), f"<p>{escape(who)}</p>"),
        (say("约束与风险", "Limits and risks"), f"<p>{escape(risk)}</p>"),
        (say("依据与数据状态", "Basis and data"), data_state(report.study, report.press)),
    ]


def noted(report) -> list[Note]:
    """Trees of the key figures: the largest college of each total; the gain of teachers is counted, not summed."""
    say, lang, row, chosen, view = (
        report.press.say,
        report.press.lang,
        report.row,
        report.chosen,
        report.view,
    )
    derived = derivation(report.study, "none", stored=True)
    trees = [
        uplift_tree(derived, name, lang)
        for name in ("added_hours", "uplift_elasticity", "uplift_rate")
    ]
    uplift = uplift_tree(derived, "uplift", lang)
    hourly = Node(
        "pay_per_added_hour",
        say("每X课时报酬", "pay per added hour"),
        "",
        float(row["per_hour"]),
        say("元", "yuan"),
        "rule",
        say("核增合计 ÷ 新增工作量合计", "uplift ÷ added hours"),
        children=(uplift, trees[0]),
    )
    gain = Node(
        "gain_busy",
        say("承担X任务教师人均增加", "mean gain of X teachers"),
        "",
        float(chosen["gain_busy"]),
        say("元", "yuan"),
        "rule",
        say(
            "教师收入＝基础份额×总量＋核增×〔（1−倾斜系数）×基础份额＋倾斜系数×课时份额〕，到分；减去核增前收入，对有X课时的教师平均",
            "pay = base share · pool + uplift · [(1 − tilt) · base + tilt · hours share], less pay before; mean over X teachers",
        ),
        children=(
            Node(
                "teachers",
                say("承担X任务的教师", "X teachers"),
                "",
                float(chosen["busy"]),
                say("人", ""),
                "rest",
            ),
            Node("pay.tilt", say("倾斜系数", "tilt"), "", float(view["pay.tilt"]), "", "parameter"),
            uplift,
        ),
    )
    return [
        Note(i, name, f"{value.split(' → ')[-1]} {unit}", (tree,))
        for i, ((name, value, unit, *_), tree) in enumerate(
            zip(keys(report), (*trees, hourly, gain), strict=True), start=1
        )
    ]


def conclusions(report) -> Block:
    """八: conclusions."""
    press, row, tilt, fee = report.press, report.row, report.chosen, report.hour_fee
    say, was, now = press.say, *(percent(tilt[f"top_{when}"]) for when in ("before", "after"))
    top = (
        say(f"保持在{now}%", f"stays at {now} %")
        if was == now
        else say(f"由{was}%变为{now}%", f"goes from {was} to {now} %")
    )
    lines = [
        say(
            f"按所取方法核增{wan(row['uplift'])}万元{press.span(report.ranges['uplift'], wan, row['uplift'])}，每X课时{number(row['per_hour'])}元，为课时费{number(fee)}元的{share(row['per_hour'] / fee)}%。",
            f"Uplift {wan(row['uplift'])}{press.span(report.ranges['uplift'], wan, row['uplift'])} × 10,000 yuan, {number(row['per_hour'])} yuan an X hour, {share(row['per_hour'] / fee)} % of the class-hour fee.",
        ),
        say(
            f"按所取倾斜系数，增加最多的十分之一教师得到核增额的{share(tilt['top_gain'])}%；绩效工资最高的十分之一教师占绩效总额的份额{top}；"
            f"{share(tilt['better'])}%的教师收入增加，{share(tilt['above_reservation'])}%的承担教师达到保留报酬。",
            f"At the tilt taken the tenth who gain most get {share(tilt['top_gain'])} % of the uplift; the best-paid tenth's share of all pay {top}; "
            f"{share(tilt['better'])} % of teachers are better off, {share(tilt['above_reservation'])} % of X teachers reach the reservation rate.",
        ),
        say(
            "建议：由省里明确核增比例或课时费标准后，替换弹性假设重算；已核增部分从申请额中扣除。",
            "Once the province fixes a percentage or hour rate, put it in place of the assumed elasticity and run again.",
        ),
    ]
    if report.study.composition.changes_anything:
        lines.insert(
            0,
            say(
                f"与基准相比，{moved(report, 'uplift', wan, ('核增', '万元'))}。",
                f"Against the baseline: {moved(report, 'uplift', wan, ('uplift', ' × 10,000 yuan'))}.",
            ),
        )
    return bullets(lines)
