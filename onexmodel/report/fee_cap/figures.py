"""fee_cap's figures with the findings that are their titles, computed from the run: rise, fall, no change, one group, none."""

from __future__ import annotations

import numpy as np

from ...analysis import cap_study as cs
from ...analysis.grouping import in_order
from ..page.html import Block, paragraphs, percent, points, signed
from ..page.press import SMALL
from ..page.words import BINDS, HEADLINES, TIERS
from . import curves as cap_figures
from . import rows as cap_rows
from .areas import bearing, bearing_title, parts_of, sides_said
from .service import critical_draws, critical_ends, critical_title, unjudged, view_said

BIND_CODES = tuple(BINDS)
STEADY = 0.0005  # a relative change smaller than this prints as 0.0 %
SHOWN = 0.005  # a share of sittings smaller than this prints as 0 %


def fee_figure(report) -> Block:
    """图1: cap → approved fee; the title says which limits gain as the cap rises."""
    say = report.press.say
    return report.press.figure(
        say("图1", "Figure 1"),
        fee_title(report.press, report.sweep),
        cap_figures.fee_curve(report.press, report.sweep, report.caps[1]),
        source=report.source,
        note=say(
            "四类上限同比例变动，其他按基准；线的颜色为起作用人次最多的限制。",
            "All four caps move together, all else as in the baseline; colour: the limit that binds most.",
        )
        + view_said(report),
    )


def fee_title(press, sweep) -> str:
    """How far the mean fee rises from today's cap to the highest one, and which limits gain and lose sittings."""
    say = press.say
    now, top = sweep.loc[(sweep["scale"] - 1.0).abs().idxmin()], sweep.iloc[-1]
    up, rise = (
        f"{100 * (top['scale'] / now['scale'] - 1):.0f}",
        top["mean_approved_fee"] / now["mean_approved_fee"] - 1,
    )
    if not np.isfinite(rise):
        return say("没有计费人次，标准无从比较", "There are no payable sittings to compare fees on")
    if abs(rise) < STEADY:
        main = BIND_CODES[int(np.argmax([now[f"binds_{code}"] for code in range(5)]))]
        return say(
            f"上限即使比现行提高{up}%，平均标准也不变：现行标准主要由{press.word(BINDS, main)}决定",
            f"Even caps {up} % above today's leave the mean fee: {press.word(BINDS, main)} decides most of it",
        )
    moved = {
        name: top[f"binds_{code}"] - now[f"binds_{code}"] for code, name in enumerate(BIND_CODES)
    }
    gains = sorted(
        ((value, name) for name, value in moved.items() if value >= SHOWN), reverse=True
    )[:2]
    head = say(
        f"上限比现行提高{up}%，平均标准提高{percent(rise)}%",
        f"Caps {up} % above today's raise the mean fee by {percent(rise)} %",
    )
    if not gains:
        return head + say("，起作用的限制不变", "; the limits that bind stay the same")
    lost = (
        ""
        if abs(moved["cap"]) < SHOWN
        else say(
            f"由上限决定的人次{signed(points(moved['cap']))}个百分点，",
            f"sittings the cap decides {signed(points(moved['cap']))} points, ",
        )
    )
    told = say("、", ", ").join(
        f"{press.word(BINDS, name)}{say('', ' ')}+{points(value)}" for value, name in gains
    )
    return head + say(f"；{lost}增加的是{told}个百分点", f"; {lost}taken over by {told} points")


def response_figure(report) -> Block:
    """图3: bill and service against the cap, with the critical cap."""
    say = report.press.say
    if not report.basis.assessed:
        return paragraphs(
            say("图3、图4从略。", "Figures 3 and 4 are left out. ") + unjudged(report)
        )
    x, asked = report.sweep["scale"], report.caps[1]
    shown = np.isfinite(asked) and abs(asked - 1) > 1e-6 and x.iloc[0] < asked < x.iloc[-1]
    return report.press.figure(
        say("图3", "Figure 3"),
        critical_title(report),
        cap_figures.response_curve(
            report.press,
            report.sweep,
            report.caps[1],
            cs.TARGET_UNMET,
            report.critical.point,
            critical_ends(report),
        ),
        source=report.source,
        note=say(
            "阴影为80%区间（假设同时变动）；实线竖线为现行" + ("，虚线为方案。" if shown else "。"),
            "Shaded: 80 % interval over the assumptions; solid line: today"
            + (", dashed: the scheme. " if shown else ". "),
        )
        + critical_draws(report)
        + view_said(report),
    )


def break_even_figure(report) -> Block:
    """图4: planned sittings of organisations against break-even, under today's fees and the scheme's."""
    if not report.basis.assessed:
        return Block("")
    say, every = report.press.say, cs.supplier_break_even(report.study)
    shown = every if report.press.internal else every[every["colleges"] >= SMALL]
    rows, hidden = shown.head(12), len(every) - len(shown)
    withheld = (
        say(
            f"服务不足5所院校的{hidden}家不列。",
            f" {hidden} that serve fewer than five colleges are not shown.",
        )
        if hidden
        else ""
    )
    if rows.empty:
        return paragraphs(
            say("图4从略：", "Figure 4 is left out: ")
            + (withheld or say("没有机构在计划内。", "no organisation has planned sittings."))
        )
    places = report.study.tables["provinces"].set_index("province")[
        "name_zh" if report.press.lang == "zh" else "name_en"
    ]
    names = [
        name if report.study.province else f"{name} · {places[code]}"
        for name, code in zip(rows["name"], rows["province"], strict=True)
    ]
    return report.press.figure(
        say("图4", "Figure 4"),
        short_title(report.press, every),
        cap_rows.break_even_dots(report.press, rows, names),
        source=report.source,
        note=say(
            f"列出离盈亏平衡最近或不到的{len(rows)}家。没有圈或点：该标准下每人次亏损，没有盈亏平衡点。",
            f"The {len(rows)} nearest to or short of break-even. No ring or dot: each sitting loses money at that fee.",
        )
        + withheld,
    )


def short_title(press, every) -> str:
    """How many organisations plan fewer sittings than break-even, under which fees."""
    say, count = press.say, len(every)
    before, after = (int((every[f"reached_{name}"] < 1).sum()) for name in ("before", "after"))
    if before == after:
        return say(
            f"{count}家机构（按省计）中，"
            + (
                f"{before}家计划人次不到盈亏平衡点，现行标准与方案标准下一样多"
                if before
                else "现行标准与方案标准下都没有计划人次不到盈亏平衡点的"
            ),
            f"{before or 'None'} of {count} organisations (by province) plan fewer sittings than break-even, under today's fees as under the scheme's",
        )
    return say(
        f"{count}家机构（按省计）中，计划人次不到盈亏平衡点的，现行标准下{before}家，方案标准下{after}家",
        f"Of {count} organisations (by province), {before} plan fewer sittings than break-even under today's fees, {after} under the scheme's",
    )


def burden_figure(report) -> Block:
    """图5: who bears 100 yuan more, or is relieved by 100 yuan less; a sentence where a bar would mislead."""
    say, parts = report.press.say, parts_of(report.borne)
    if parts is None:
        return paragraphs(
            say("图5从略。", "Figure 5 is left out. ") + bearing(report.press, report.borne)
        )
    lead = (
        ("每多付100元", "Of 100 yuan more")
        if sum(report.borne.values()) > 0
        else ("每少付100元", "Of 100 yuan less")
    )
    left_out = (
        say(
            "方向相反的来源不画，计入合计100。",
            " Sources that move the other way are not drawn but count in the 100.",
        )
        if min(parts.values()) < 0
        else say("各部分合计为100。", " The parts add to 100.")
    )
    return report.press.figure(
        say("图5", "Figure 5"),
        bearing_title(report.press, report.borne),
        cap_figures.burden_bar(report.press, parts, lead),
        source=report.source,
        note=say("按最优分配，不考虑机构响应；", "Optimal allocation, without response.")
        + left_out,
    )


def group_figure(report) -> Block:
    """图6: change of outlay by province, or by tier inside one province."""
    say, press = report.press.say, report.press
    groups = cs.by_group(report.study, report.main, report.group_column, report.spread[report.main])
    groups = groups[
        ((groups["colleges"] >= SMALL) | press.internal) & (groups["outlay_before"] > 0)
    ]
    if groups.empty:
        return paragraphs(
            say(
                "图6从略：各组院校都不足5所，或没有支出。",
                "Figure 6 is left out: every group has fewer than five colleges, or no outlay.",
            )
        )
    names = group_names(report, report.group_column, groups["group"])
    before, after = (head["college_outlay"] for head in report.heads[report.main])
    moved = (groups["outlay_after"] / groups["outlay_before"] - 1).to_numpy()
    note = (
        say("虚线为合计。", "Dashed: all. ")
        + (
            (
                say("灰色为不足5所院校的组。", "Grey: groups under five colleges.")
                if (groups["colleges"] < SMALL).any()
                else ""
            )
            if press.internal
            else say("不足5所院校的组不列。", "Groups under five colleges are left out.")
        )
        + view_said(report)
    )
    return press.figure(
        say("图6", "Figure 6"),
        group_title(press, names, moved, report.group_column == "tier"),
        cap_rows.group_dots(press, groups, names, after / before - 1),
        source=report.source,
        note=note,
    )


def group_title(press, names: list[str], moved: np.ndarray, named: bool = True) -> str:
    """One group by its name; all up, all down, both, or none. `named`: the group that moves most is named (provinces are not ranked)."""
    say, low, high = press.say, float(moved.min()), float(moved.max())
    if max(abs(low), abs(high)) < STEADY:
        return say(
            "各组学校年支出都不变" if len(names) > 1 else f"{names[0]}学校年支出不变",
            "College outlay stays in every group"
            if len(names) > 1
            else f"{names[0]}: college outlay stays",
        )
    if len(names) == 1:
        return say(
            f"{names[0]}学校年支出{signed(percent(low))}%",
            f"{names[0]}: college outlay {signed(percent(low))} %",
        )
    if percent(low) == percent(high):
        return say(
            f"各组学校年支出都{signed(percent(low))}%",
            f"College outlay {signed(percent(low))} % in every group",
        )
    for falls, small, large, at in (
        (False, low, high, moved.argmax()),
        (True, -high, -low, moved.argmin()),
    ):
        if small >= -STEADY:
            most = say(f"，{names[int(at)]}最大", f", most in {names[int(at)]}") if named else ""
            return say(
                f"各组学校年支出{'降' if falls else '增'}幅在{percent(max(small, 0.0))}%至{percent(large)}%之间{most}",
                f"College outlay {'falls' if falls else 'rises'} by {percent(max(small, 0.0))} to {percent(large)} %{most}",
            )
    return say(
        f"各组学校年支出有增有减，从{signed(percent(low))}%到{signed(percent(high))}%",
        f"College outlay falls in some groups and rises in others: {signed(percent(low))} to {signed(percent(high))} %",
    )


def group_names(report, column: str, codes) -> list[str]:
    """What groups are called on a page."""
    if column == "tier":
        return [report.press.word(TIERS, code) for code in codes]
    table = report.study.tables["provinces"].set_index("province")[
        "name_zh" if report.press.lang == "zh" else "name_en"
    ]
    return [report.press.place(table[code]) for code in codes]


def strip_figure(report) -> Block:
    """图7: change of outlay per student over the colleges of each tier, as quantiles."""
    say, changes = report.press.say, report.changes[report.changes["students"] > 0]
    moved = -changes["cash"] / changes["students"]
    groups = [
        (tier, moved[changes["tier"] == tier].to_numpy()) for tier in in_order(changes["tier"])
    ]
    groups = [
        (tier, values)
        for tier, values in groups
        if len(values) >= (1 if report.press.internal else SMALL)
    ]
    if not groups:
        return paragraphs(
            say(
                "图7从略：各类院校都不足5所。",
                "Figure 7 is left out: every tier has fewer than five colleges.",
            )
        )
    finding = (
        say("没有院校的支出变化", "No college's outlay moves")
        if (changes["cash_side"] == "same").all()
        else sides_said(report.press, changes["cash_side"])
    )
    return report.press.figure(
        say("图7", "Figure 7"),
        finding,
        cap_rows.change_strip(
            report.press,
            [np.quantile(values, (0.1, 0.25, 0.5, 0.75, 0.9)) for _, values in groups],
            group_names(report, "tier", [tier for tier, _ in groups]),
        ),
        source=report.source,
        note=say("每所院校一个值，画的是分位数。", "One value a college; quantiles are drawn.")
        + view_said(report),
    )


def tornado_figure(report) -> Block:
    """图8: which assumptions decide, one at a time."""
    say, measure = report.press.say, report.moved_measure
    frame = cs.tornado(report.study, report.main, measure) if measure else None
    frame = (
        frame[(frame["p90"] - frame["p10"]).abs() > 0.5].reset_index(drop=True)
        if frame is not None
        else None
    )
    if frame is None or frame.empty:
        what = report.press.word(HEADLINES, measure or "fee_bill")
        return paragraphs(
            say(
                f"图8从略：没有假设影响{what}的变化。"
                if measure
                else "图8从略：方案不改变支出、缺口与机构未覆盖额。",
                f"Figure 8 is left out: no assumption moves the change in {what}."
                if measure
                else "Figure 8 is left out: the scheme moves no spending, gap or shortfall.",
            )
        )
    name, what = (
        frame.iloc[0]["zh" if report.press.lang == "zh" else "en"],
        report.press.word(HEADLINES, measure),
    )
    return report.press.figure(
        say("图8", "Figure 8"),
        say(f"{what}的变化最依赖「{name}」", f"The change in {what} leans most on “{name}”"),
        cap_rows.tornado_bars(
            report.press,
            frame,
            float(frame["base"].iloc[0]),
            say(f"{what}变化", f"change in {what}"),
        ),
        source=report.source,
        note=say(
            "每次只动一个假设，取其分布的P10与P90，其余取中位数；竖线为全部取中位数时的变化。",
            "One assumption at a time, at its P10 and P90, the others at their medians; line: all at their medians.",
        )
        + view_said(report),
    )
