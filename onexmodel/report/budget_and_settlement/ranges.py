"""How sure the budget is, in words: what is drawn, which numbers lie off the middle of their draws, how likely a budget is enough."""

from __future__ import annotations

from ..annex.centre import Led, few_draws, off_centre
from ..page.html import Block, number, paragraphs, points, wan
from ..page.words import USES

LED = {
    "need": ("需求", "need"),
    "gap": ("统筹后的缺口", "gap, pooled"),
    "waterfall_gap": ("按学校次序的缺口", "gap in the college's own order"),
}


def span_of(report, name: str, named: bool = False) -> str:
    """The 80 % interval of a sum of the budget, 万元; `named`: it says what it is."""
    return report.press.span(report.ranges[name], wan, float(report.taken[name][0]), named=named)


def drawn_said(report) -> str:
    """What is drawn and what is not."""
    say, drawn, count = report.press.say, report.varied, number(len(report.draws["need"]))
    if not report.sampled:
        return few_draws(report.press)
    if not drawn:
        return say(
            "影响需求和缺口的假设都已给定，没有可抽的，各数不带区间。",
            "All that moves needs and gaps is given: nothing is drawn, no interval.",
        )
    beliefs = sum(one.kind == "belief" for one in drawn)
    parts = {
        (f"{beliefs}项对现实的判断", f"{beliefs} beliefs about the world"): beliefs,
        (
            f"{len(drawn) - beliefs}项假设的政策工具",
            f"{len(drawn) - beliefs} assumed instruments",
        ): len(drawn) - beliefs,
    }
    what = say("和", " and ").join(say(*words) for words, some in parts.items() if some)
    own = (
        say("、方案和另行设定的取值", " and what the scheme or --set sets")
        if report.study.own_changes() or report.study.composition.sets
        else ""
    )
    return say(
        f"〔a至b〕是80%区间：{count}次抽样，同时变动按规则可能影响需求和缺口的{what}（取值范围见附表1）；对文件的理解（读法）{own}不抽。"
        "预算数、执行数和结算数是填报和台账上的事实，不抽，没有区间。",
        f"[a to b] is an 80 % interval: {count} draws of the {what} that by the rules can move needs and gaps (ranges in Table A1); "
        f"readings of the text{own} are not drawn. Budgets, outturn and accounts are on record: not drawn, no interval.",
    )


def off_centre_said(report) -> list[str]:
    """The leading numbers that lie outside the middle half of their draws."""
    return (
        off_centre(
            report.press,
            [
                Led(
                    *LED[name],
                    float(report.taken[name][0]),
                    report.draws[name],
                    wan,
                    ("万元", " × 10,000 yuan"),
                )
                for name in LED
            ],
        )
        if report.uncertain
        else []
    )


def note_of(report) -> str:
    """What the brackets of the budget table are."""
    say = report.press.say
    if not report.uncertain:
        return ""
    return say(
        "〔〕为80%区间，列于各用途的需求与缺口和合计行；需求没有〔〕的用途不受所抽假设影响。",
        " [ ]: 80 % intervals of each use's need and gap and of the total; a need without hangs on nothing that is drawn.",
    )


def enough_said(report) -> list[str]:
    """How likely the budgets on record are enough for those who reported them; nothing where they may not be shown, or nothing varies."""
    if "all" not in report.enough.index:
        return []
    say, year, whole, count = (
        report.press.say,
        report.study.year,
        report.enough.loc["all"],
        number(len(report.draws["need"])),
    )
    money, times = wan(whole["budgeted"]), number(whole["draws"])
    if whole["share"] in (0, 1):
        zh, en = ("次次都够", "in all") if whole["share"] else ("没有一次够", "in none")
        return [
            say(
                f"已填报的{year}年度预算合计{money}万元，{count}次抽样中{zh}填报院校相应用途之需。",
                f"The budgets of {year} on record, {money} in all, are enough for the uses and colleges they are of {en} of {count} draws.",
            )
        ]
    return [
        say(
            f"已填报的{year}年度预算合计{money}万元，够填报院校相应用途之需的可能性为{chance(report, whole['share'])}（{count}次抽样中{times}次）。",
            f"The budgets of {year} on record, {money} in all, are enough for the uses and colleges they are of with a probability of "
            f"{chance(report, whole['share'])} ({times} of {count} draws).",
        )
    ]


def chance(report, share: float) -> str:
    """A share of the draws in whole %; one that is not 0 or 1 is never said to be."""
    say = report.press.say
    if 0 < share < 0.005:
        return say("不到1%", "under 1 %")
    if 0.995 < share < 1:
        return say("超过99%", "over 99 %")
    return say(f"{points(share)}%", f"{points(share)} %")


def enough_by_use(report) -> Block:
    """How likely each budget is enough."""
    say, found, count = report.press.say, report.enough, number(len(report.draws["need"]))
    if not len(found):
        return Block("")
    names = {
        use: say("合计", "in all") if use == "all" else report.press.word(USES, use)
        for use in found.index
    }
    told = say("、", ", ").join(
        f"{names[use]}{say('', ' ')}{chance(report, part)}" for use, part in found["share"].items()
    )
    return paragraphs(
        say(
            f"预算够用的可能性（{count}次抽样中，填报的预算不低于填报院校该用途之需的比例）：{told}。",
            f"How likely a budget is enough (share of {count} draws in which it is not below the needs of the colleges that "
            f"reported it): {told}.",
        )
    )
