"""The sentences of fee_cap's front box. Every number comes from the run; every sentence speaks of what the scheme changes and of what
moves: rise, fall, nothing, not in force, without an answer."""

from __future__ import annotations

from html import escape

import numpy as np

from ...engine.compile import mid_year
from ..annex.centre import Led, baseline_drawn, off_centre
from ..annex.places import local_said
from ..opening import beyond_said, data_state, meta_line
from ..page.html import (
    Block,
    count,
    front_box,
    number,
    percent,
    points,
    relative,
    share,
    signed,
    wan,
)
from ..page.words import BINDS, HEADLINES, OWN, USES
from .areas import (
    MOVES,
    USES_TOLD,
    areas_said,
    asleep_said,
    bearing,
    change_said,
    parts_of,
    shares,
)
from .service import modes_sentence


def front(report) -> Block:
    """Conclusion first; then key figures, who bears it, risks, state of the data."""
    say = report.press.say
    also = [
        *beyond_said(report.study, report.press),
        removed_sentence(report),
        passing_sentence(report),
        modes_sentence(report),
        asleep_said(report.press, report.touched, report.study.year),
        *baseline_drawn(report.press, report.study, "college_outlay"),
        *off_centre(report.press, led(report)),
    ]
    return front_box(
        report.press.bands(),
        say("考核成本上限与费用标准 · 情景测算", "Caps and fees of assessment · scenario"),
        title(report),
        meta_line(report.study, report.press),
        lead(report),
        [text for text in also if text],
        key_figures(report),
        notes(report),
        say("一页摘要", "Summary"),
    )


def led(report) -> list[Led]:
    """The changes that the first page gives with an interval."""
    found = []
    for mode, names in (
        ("none", ("fee_bill", "college_outlay", "funding_gap")),
        ("supply", ("supplier_shortfall",)),
    ):
        for name in names if mode in report.modes else ():
            if report.moves(name, mode):
                before, after = report.spread[mode]
                zh, en = HEADLINES[name]
                found.append(
                    Led(
                        f"{zh}的变化",
                        f"change of {en}",
                        report.change(mode, name),
                        after[name] - before[name],
                        wan,
                        ("万元", " × 10,000 yuan"),
                    )
                )
    return found


def title(report) -> str:
    """The finding in a line."""
    say, (before, after) = report.press.say, report.heads["none"]
    if report.touched.sleeps:
        return say(
            f"{report.title}：本年度尚未生效，不改变任何核定标准"
            if _late(report)
            else f"{report.title}：本年度已失效，不改变任何核定标准",
            f"{report.title}: not in force this year; no fee changes",
        )
    if report.answered["share"] > 0:
        return say(
            f"{report.title}：{points(report.answered['share'])}%的考核人次由协商决定，没有上限就无法测算",
            f"{report.title}: {points(report.answered['share'])} % of sittings rest on a bargain that has no answer without a cap",
        )
    if report.fees_move:
        bill = relative(before["fee_bill"], after["fee_bill"])
        return say(
            f"{report.title}：考核费支出{bill}，平均核定标准{number(before['mean_approved_fee'])}元到{number(after['mean_approved_fee'])}元",
            f"{report.title}: fee bill {bill}, mean approved fee {number(before['mean_approved_fee'])} to {number(after['mean_approved_fee'])} yuan",
        )
    still = say("不改变任何核定标准", "no fee changes")
    told = [
        f"{report.press.word(HEADLINES, name)}{say('', ' ')}{change_said(report.press, before[name], after[name], wan, say('万元', ' × 10,000 yuan'), 0.5)}"
        for name in ("college_outlay", "funding_gap")
        if report.moves(name, "none")
    ]
    return say(f"{report.title}：", f"{report.title}: ") + say("，", "; ").join([still, *told])


def _late(report) -> bool:
    return any(change.start > mid_year(report.study.year) for change in report.touched.asleep)


def lead(report) -> str:
    """The sentence fee_cap leads with (结论一句话), in the words of what the scheme touches."""
    say, touched = report.press.say, report.touched
    if touched.sleeps:
        return say(
            "本年度尚未生效（以7月1日为准）" if _late(report) else "本年度7月1日已失效",
            "Not in force this year (1 July decides)",
        ) + say(
            "：方案中的改动不进入本年度测算，核定标准、支出、缺口与服务均与基准相同；请用改动生效的年度测算。",
            ": the scheme's changes do not enter the year; fees, spending, gaps and service are the baseline's. Run a year in which they hold.",
        )
    if not touched.areas:
        return say(
            "方案没有改动任何政策工具或数据：基准与方案相同。",
            "The scheme changes no instrument and no data: baseline and scheme are the same.",
        ) + _shared(report)
    if report.answered["share"] > 0:
        return _removed_lead(report)
    return (
        (_fees_lead(report) if report.fees_move else _still_lead(report))
        + _spending_view(report)
        + _shared(report)
    )


def _spending_view(report) -> str:
    """Which view the spending above is of, where the report has two."""
    return (
        report.press.say(
            "支出与缺口不考虑机构响应。", " Spending and gap: without the organisations' response."
        )
        if len(report.modes) > 1
        else ""
    )


def _shared(report) -> str:
    names = [report.study.law.parameters[name] for name in report.touched.shared]
    if not names:
        return ""
    return report.press.say(
        f"{'、'.join(one.zh for one in names)}是读法、判断或设定，基准与方案同取，不构成两者的差别。",
        f" {', '.join(one.en for one in names)}: a reading, belief or setting that baseline and scheme share, so no difference comes of it.",
    )


def _fees_lead(report) -> str:
    say, (before, after) = report.press.say, report.heads["none"]
    move, mean = report.caps
    added, fee = (
        after["college_outlay"] - before["college_outlay"],
        after["mean_approved_fee"] - before["mean_approved_fee"],
    )
    ceiling = _mean_ceiling(report)
    through = np.isfinite(ceiling) and abs(ceiling) > 0.005 and report.touched.areas == ("caps",)
    rate = (
        say(
            f"（传导率{share(fee / ceiling)}%）",
            f" ({share(fee / ceiling)} % of the change of the ceiling)",
        )
        if through
        else ""
    )
    if move == "none":
        head = _beside_caps(report) + say("，上限不变：", ", not the caps: ")
    else:
        other = [area for area in report.touched.areas if area != "caps"]
        more = (
            say(
                f"，并改动{areas_said(report.press, other)}",
                f", with {areas_said(report.press, other)} changed",
            )
            if other
            else ""
        )
        head = (
            say(
                "上限取消" if move == "removed" else f"上限平均{signed(percent(mean - 1))}%",
                "Caps removed"
                if move == "removed"
                else f"Caps {signed(percent(mean - 1))} % on average",
            )
            + more
            + say("，", "; ")
        )
    reach, each = (
        report.press.span(report.ranges["none"]["college_outlay"], wan, added, named=True),
        signed(number(fee, 1 if abs(fee) < 10 else 0)),
    )
    text = head + say(
        f"核定标准平均{each}元{rate}，学校年支出{signed(wan(added))}万元{reach}",
        f"mean approved fee {each} yuan{rate}, yearly outlay of colleges {signed(wan(added))} × 10,000 yuan{reach}",
    )
    text += _borne_said(report, added)
    unmoved = sum(
        int(text)
        for text in shares(
            [report.passing[name] for name in ("full", "partial", "none", "unmoved")]
        )[2:]
    )  # as printed beside it
    tail = (
        say("。", ".")
        if move in ("none", "removed")
        else say(
            f"；在{unmoved}%的考核人次中{report.press.word(MOVES, move)}上限不改变核定标准。",
            f"; for {unmoved} % of sittings {report.press.word(MOVES, move)} the caps changes no fee.",
        )
    )
    return text + tail


def _beside_caps(report) -> str:
    """What the scheme changes where no cap of the place moves; a cap of a form that nobody here sits is said to be one."""
    say, unused = report.press.say, "caps" in report.touched.areas
    areas = areas_said(report.press, [area for area in report.touched.areas if area != "caps"])
    if not areas:
        return say(
            "方案改动的上限在本范围没有对应的考核形式",
            "The scheme changes caps of forms that nobody here sits",
        )
    return say(
        f"方案改动{areas}" + ("（改动的上限在本范围没有对应的考核形式）" if unused else ""),
        f"The scheme changes {areas}"
        + (" (and caps of forms that nobody here sits)" if unused else ""),
    )


def _borne_said(report, added: float) -> str:
    """Own money and what has no source, as shares where both move with the outlay, else nothing (the box below says who bears it)."""
    own, gap, parts = (
        sum(report.borne[name] for name in OWN),
        report.borne["funding_gap"],
        parts_of(report.borne),
    )
    if (
        abs(added) < 1
        or parts is None
        or min(own / added, gap / added) < 0
        or own / added + gap / added > 1.0005
    ):
        return ""
    own, gap = (
        number(sum(parts.get(name, 0.0) for name in OWN)),
        number(parts.get("funding_gap", 0.0)),
    )  # as the box and the figure print them
    if added > 0:
        return report.press.say(
            f"，其中{own}%由学校自有资金承担、{gap}%尚无来源",
            f", {own} % of it from colleges' own money and {gap} % without a source",
        )
    return report.press.say(
        f"，其中{own}%减轻学校自有资金、{gap}%缩小缺口",
        f", {own} % of it relieving colleges' own money and {gap} % closing the gap",
    )


def _still_lead(report) -> str:
    """The scheme is in force and moves no fee: why, and what moves instead."""
    say, move = report.press.say, report.caps[0]
    if move == "none":
        head = _beside_caps(report) + say(
            "，不涉及上限，核定标准不变；", ", not the caps, and moves no fee; "
        )
    else:
        binds = [
            (report.press.word(BINDS, name), part)
            for name, part in report.binds[0].items()
            if part > 0.005
        ]
        told = shares([part for _, part in binds])
        named = say("、", ", ").join(
            f"{name}{say('', ' ')}{part}%" for (name, _), part in zip(binds, told, strict=True)
        )
        head = say(
            f"{report.press.word(MOVES, move)}上限不改变任何人次的核定标准：现行标准的决定者是{named}；",
            f"{report.press.word(MOVES, move).capitalize()} the caps changes no fee: what decides today is {named}; ",
        )
    return head + moved_said(report) + say("。", ".")


def moved_said(report) -> str:
    """Outlay with its uses, gap, shortfall and service: what moves with its amount, then what does not."""
    say, press, (before, after) = report.press.say, report.press, report.heads["none"]
    told, still = [], []
    for name in ("college_outlay", "funding_gap"):
        word = press.word(HEADLINES, name)
        if not report.moves(name, "none"):
            still.append(word)
        elif name == "college_outlay":
            uses = [
                f"{press.word(USES, use)}{say('', ' ')}{signed(wan(report.by_use[use]))}"
                for use in USES_TOLD
                if abs(report.by_use[use]) >= 500
            ]
            told.append(
                f"{word}{say('', ' ')}{signed(wan(after[name] - before[name]))}{say('万元', ' × 10,000 yuan')}{press.span(report.ranges['none'][name], wan, after[name] - before[name])}"
                + (say("（", " (") + say("、", ", ").join(uses) + say("）", ")") if uses else "")
            )
        else:
            moved = f"{signed(wan(after[name] - before[name]))}{say('万元', '')}{press.span(report.ranges['none'][name], wan, after[name] - before[name])}"
            told.append(
                say(
                    f"{word}由{wan(before[name])}万元变为{wan(after[name])}万元（{moved}）",
                    f"{word} from {wan(before[name])} to {wan(after[name])} ({moved})",
                )
            )
    if report.basis.assessed:
        for name, write, unit in (
            ("supplier_shortfall", wan, say("万元", "")),
            ("unmet_share", percent, "%"),
        ):
            word, (b, a) = (
                press.word(HEADLINES, name),
                (head[name] for head in report.heads["supply"]),
            )
            (told if report.moves(name, "supply") else still).append(
                f"{word}{say('由', ' from ')}{write(b)}{say('变为', ' to ')}{write(a)}{unit}"
                if report.moves(name, "supply")
                else word
            )
    if still:
        told.append(
            say(
                "、".join(still) + ("均" if len(still) > 1 else "") + "不变",
                ", ".join(still) + " unchanged",
            )
        )
    return say("，", ", ").join(told)


def _removed_lead(report) -> str:
    say, a = report.press.say, report.answered
    fee = say(
        f"平均核定标准由{number(a['before'])}元到{number(a['after'])}元",
        f"their mean fee goes from {number(a['before'])} to {number(a['after'])} yuan",
    )
    rest = (
        say(
            f"其余{points(1 - a['share'])}%由申报价、核定或公布标准决定，{fee}",
            f"the other {points(1 - a['share'])} % rest on proposals, verification or published fees: {fee}",
        )
        if a["share"] < 1
        else say("没有一个人次由其他限制决定", "no sitting rests on another limit")
    )
    return say(
        f"取消上限后，{points(a['share'])}%的考核人次的标准由协商决定，而协商分的是上限以内的余地，没有上限就没有答案，无法测算；{rest}。",
        f"Without a cap {points(a['share'])} % of sittings rest on a bargain over the room under the cap, which then has no answer and cannot be computed; {rest}.",
    )


def removed_sentence(report) -> str:
    """How the numbers below are to be read where a cap is removed."""
    if report.answered["share"] <= 0:
        return ""
    return report.press.say(
        "以下各数把协商决定的人次保持在基准标准，只反映其余人次的变化，不是取消上限后的总支出。",
        "All numbers below hold the bargained sittings at their baseline fee: they show the change of the others only, not spending without a cap.",
    )


def _mean_ceiling(report) -> float:
    before, after = report.runs["none"]
    weight, moved = report.weight, after.plan["ceiling"] - before.plan["ceiling"]
    return (
        float(np.nansum(weight * np.nan_to_num(moved)) / weight.sum())
        if np.isfinite(moved[weight > 0]).all()
        else float("nan")
    )


def passing_sentence(report) -> str:
    """The first number a planner needs (docs/method.md §0.1); of a scheme that moves no ceiling there is no pass-through to tell."""
    p, say = report.passing, report.press.say
    given, modelled = shares([p["given"], 1 - p["given"]])
    basis = say(
        f"{given}%的考核人次的标准依据给定限制（上限、核定成本、申报价、特殊情况），{modelled}%依据模型测算的协商价或台账核定。",
        f"{given} % of sittings rest on given limits (cap, verified cost, proposal, special case), {modelled} % on modelled ones.",
    )
    if p["unmoved"] > 0.9995:
        why = (
            say("上限取消，无从计传导率；", "Without a cap there is no pass-through to tell; ")
            if report.caps[0] == "removed"
            else say(
                "上限余额不变，不计传导率；", "No ceiling moves, so there is no pass-through; "
            )
            if report.touched.areas
            else ""
        )
        return why + basis
    full, partial, none, unmoved = shares(
        [p[name] for name in ("full", "partial", "none", "unmoved")]
    )
    return say(
        f"传导：{full}%的考核人次全额传导，{partial}%部分传导，{none}%不传导"
        + (f"，{unmoved}%上限余额未变或无从比较" if unmoved != "0" else "")
        + "；"
        + basis,
        f"Pass-through: {full} % of sittings in full, {partial} % in part, {none} % not at all"
        + (f", {unmoved} % not comparable" if unmoved != "0" else "")
        + "; "
        + basis,
    )


def key_figures(report) -> list[tuple]:
    """Baseline → scheme, change, interval, number of the note."""
    say, press, n, r = report.press.say, report.press, report.heads["none"], report.ranges
    money = say("万元", "10⁴ yuan")

    def wide(name, mode, write, unit=""):
        if not report.moves(name, mode):
            return say("不变", "unchanged")
        b, a = (head[name] for head in report.heads[mode])
        return change_said(press, b, a, write, unit, 0.0) + press.span(r[mode][name], write, a - b)

    spent = (
        "fee_bill"
        if report.fees_move or not report.moves("college_outlay", "none")
        else "college_outlay"
    )
    cards = [
        (
            say("平均核定标准", "mean approved fee"),
            f"{number(n[0]['mean_approved_fee'])} → {number(n[1]['mean_approved_fee'])}",
            say("元/人次", "yuan"),
            relative(n[0]["mean_approved_fee"], n[1]["mean_approved_fee"])
            if report.fees_move
            else say("不变", "unchanged"),
        ),
        (
            press.word(HEADLINES, spent),
            f"{wan(n[0][spent])} → {wan(n[1][spent])}",
            money,
            wide(spent, "none", wan),
        ),
    ]
    if report.basis.assessed:
        b, a = report.heads["supply"]
        short = (
            say("过半需求无人承接：", "serving under half: ")
            + f"{number(b['suppliers_short'])} → {number(a['suppliers_short'])}"
            + say("家", "")
        )
        cards += [
            (
                say("未满足需求（响应）", "unmet demand (response)"),
                f"{percent(b['unmet_share'])} → {percent(a['unmet_share'])}",
                "%",
                wide("unmet_share", "supply", percent, say("个百分点", " points")),
            ),
            (
                say("机构未覆盖额", "organisations' shortfall"),
                f"{wan(b['supplier_shortfall'])} → {wan(a['supplier_shortfall'])}",
                money,
                short,
            ),
        ]
    else:  # what the plan itself gives
        other = "college_outlay" if spent == "fee_bill" else "fee_bill"
        cards += [
            (
                press.word(HEADLINES, other),
                f"{wan(n[0][other])} → {wan(n[1][other])}",
                money,
                wide(other, "none", wan),
            ),
            (
                press.word(HEADLINES, "awarded"),
                f"{number(n[0]['awarded'])} → {number(n[1]['awarded'])}",
                say("人次", ""),
                wide("awarded", "none", count),
            ),
        ]
    cards.append(
        (
            say("院校经费缺口", "colleges' funding gap"),
            f"{wan(n[0]['funding_gap'])} → {wan(n[1]['funding_gap'])}",
            money,
            wide("funding_gap", "none", wan),
        )
    )
    return [(*card, i) for i, card in enumerate(cards, start=1)]


def notes(report) -> list[tuple[str, str]]:
    """Who bears it, risks, state of the data (HTML)."""
    say = report.press.say
    risk = say(
        "四类上限金额由数据集提供，不是官方公布的数字，以教职成厅函〔2020〕11号为准。",
        "The four cap amounts come from the data set, not from a public document.",
    )
    view = report.study.composition.law.at(mid_year(report.study.year))
    deduct = view["fees.deduct_college_borne"]
    apart = local_said(
        report.press,
        report.study,
        view,
        "fees.deduct_college_borne",
        lambda part: percent(part) + "%",
    )
    risk += say(
        "院校承担成本"
        + (
            "全额从上限中扣除"
            if deduct == 1
            else "不从上限中扣除"
            if deduct == 0
            else f"按{percent(deduct)}%从上限中扣除"
        )
        + (f"（{apart}）" if apart else "")
        + "，是一种读法。",
        f" {percent(deduct)} % of college-borne cost comes off the cap{f' ({apart})' if apart else ''}: one reading.",
    )
    if report.passing["given"] < 0.5:
        risk += say(
            "过半人次的标准依据模型测算的限制。",
            " Over half of the sittings rest on modelled limits.",
        )
    return [
        (say("谁承担", "Who bears it"), f"<p>{escape(bearing(report.press, report.borne))}</p>"),
        (say("约束与风险", "Limits and risks"), f"<p>{escape(risk)}</p>"),
        (say("依据与数据状态", "Basis and data"), data_state(report.study, report.press)),
    ]
