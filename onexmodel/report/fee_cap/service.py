"""What fee_cap says of the organisations' response: whether the data can judge it, both views side by side, and the critical cap."""

from __future__ import annotations

import numpy as np

from ...analysis import cap_study as cs
from ...analysis.measures import span
from ..page.html import percent, points, wan
from .areas import change_said, shares


def unjudged(report) -> str:
    """Why the organisations' response is left out; "" where it is judged."""
    b, say = report.basis, report.press.say
    if b.assessed:
        return ""
    have = say(
        f"{b.fewest}所" if b.fewest == b.most else f"{b.fewest}至{b.most}所",
        f"{b.fewest}" if b.fewest == b.most else f"{b.fewest} to {b.most}",
    )
    return say(
        f"机构响应不评估：评价组织在一省的年固定成本由该省数据中的考核人次分担，而数据中每省只有{have}安排考核的院校（至少要{b.least}所），全省的成本压在少数院校上，亏损和退出都是数据不全造成的。"
        "因此不列机构未覆盖额、未满足需求和临界上限；由协商决定的标准也因此偏高。",
        f"The organisations' response is not judged: an organisation's yearly cost in a province is laid on the sittings the data hold there; colleges with plans in the data: {have} a province (at least {b.least} are "
        "needed), so losses and exits would be made by the data. Shortfalls, unmet demand and the critical cap are left out; bargained fees are too high for the same reason.",
    )


def view_said(report, mode: str = "") -> str:
    """Which of the two views a figure or paragraph takes (the main one, if none is named); "" where there is one only."""
    if len(report.modes) < 2:
        return ""
    say = report.press.say
    return {
        "none": say("口径：不考虑机构响应。", " View: without the organisations' response."),
        "supply": say(
            "口径：考虑机构响应（亏损的机构少承接）。",
            " View: with the organisations' response (at a loss they serve less).",
        ),
    }[mode or report.main]


def judged_note(report) -> str:
    """On what the response view rests, where it is judged."""
    b, say = report.basis, report.press.say
    if not b.assessed:
        return ""
    own = (
        say(
            "本校的承接比例按数据中全省的计划算，不按本校一所算。",
            " The share served comes from the whole province's plan, not from this college's.",
        )
        if report.study.college
        else ""
    )
    return own + say(
        f"机构响应按数据中各省{b.fewest}{'' if b.fewest == b.most else f'至{b.most}'}所院校的计划测算；数据若未含全省院校，亏损会被高估。",
        f" The response rests on the plans of {b.fewest}{'' if b.fewest == b.most else f' to {b.most}'} colleges a province; where the data lack colleges of a province losses are overstated.",
    )


def modes_sentence(report) -> str:
    """Views none and supply side by side, or why there is one only."""
    if not report.basis.assessed:
        return unjudged(report)
    say, n, s = report.press.say, report.heads["none"], report.heads["supply"]
    unmet = [percent(head["unmet_share"]) for head in s]
    service = (
        say(
            f"未满足需求由{unmet[0]}%变为{unmet[1]}%",
            f"unmet demand goes from {unmet[0]} to {unmet[1]} %",
        )
        if report.moves("unmet_share", "supply")
        else say(f"未满足需求不变（{unmet[0]}%）", f"unmet demand stays at {unmet[0]} %")
    )
    bills = [
        change_said(
            report.press,
            *(head["fee_bill"] for head in pair),
            wan,
            say("万元", " × 10,000 yuan"),
            0.5,
        )
        for pair in (n, s)
    ]
    if not any(report.moves("fee_bill", mode) for mode in report.modes):
        return say(
            f"两种口径下考核费支出都不变；{service}。",
            f"The fee bill is unchanged with and without the organisations' response; {service}.",
        )
    return say(
        f"两种口径：不考虑机构响应，考核费支出{bills[0]}；考虑机构响应（亏损的机构少承接），{bills[1]}，{service}。",
        f"Two views: fee bill {bills[0]} without the organisations' response, {bills[1]} with it (organisations at a loss serve less); {service}.",
    )


def critical_title(report) -> str:
    """Which cap is the critical one, seen from today's unmet demand."""
    say, c, target = report.press.say, report.critical, 100 * cs.TARGET_UNMET
    tried = say(
        f"上限在现行的{100 * c.bottom:.0f}%至{100 * c.top:.0f}%之间",
        f"between {100 * c.bottom:.0f} and {100 * c.top:.0f} % of today's caps",
    )
    if c.point == np.inf:
        return say(
            f"{tried}，未满足需求都高于{target:.0f}%：仅靠上限达不到",
            f"Unmet demand stays above {target:.0f} % everywhere {tried}",
        )
    if c.point == -np.inf:
        return say(
            f"{tried}，未满足需求都不超过{target:.0f}%",
            f"Unmet demand stays within {target:.0f} % everywhere {tried}",
        )
    if abs(c.point - 1) < 0.005:
        return say(
            f"现行上限就是临界上限：再低，未满足需求就超过{target:.0f}%",
            f"Today's cap is the critical one: any lower and unmet demand passes {target:.0f} %",
        )
    if c.point < 1:
        return say(
            f"即使上限降到现行的{100 * c.point:.0f}%，未满足需求才升到{target:.0f}%",
            f"Only with caps down at {100 * c.point:.0f} % of today's does unmet demand reach {target:.0f} %",
        )
    return say(
        f"上限提到现行的{100 * c.point:.0f}%，未满足需求才降到{target:.0f}%",
        f"Caps have to rise to {100 * c.point:.0f} % of today's for unmet demand to fall to {target:.0f} %",
    )


def critical_ends(report) -> str:
    """〔64至71〕, with ends beyond the range said so."""
    c, say = report.critical, report.press.say
    if np.isnan([c.low, c.high]).any():
        return ""
    low, high = report.press.ends(
        np.clip([c.low, c.high], c.bottom, c.top), points, c.point
    )  # of an open end the width is known up to the range
    low = (
        say(f"低于{100 * c.bottom:.0f}", f"under {100 * c.bottom:.0f}") if c.low == -np.inf else low
    )
    high = say(f"高于{100 * c.top:.0f}", f"over {100 * c.top:.0f}") if c.high == np.inf else high
    return "" if low == high else span(low, high, report.press.lang)


def critical_draws(report) -> str:
    """How many of the draws have a critical cap in the range tried, and what the others do."""
    c, say, target = report.critical, report.press.say, 100 * cs.TARGET_UNMET
    tried = say(
        f"试算范围为现行的{100 * c.bottom:.0f}%至{100 * c.top:.0f}%，",
        f"Tried from {100 * c.bottom:.0f} to {100 * c.top:.0f} % of today's; ",
    )
    solved, always, never = shares([c.solved, c.always, c.never])
    if c.solved == 1:
        return tried + say("每次抽样都有临界上限。", "every draw has a critical cap.")
    parts = [say(f"{solved}%的抽样有临界上限", f"{solved} % of the draws have a critical cap")]
    parts += (
        [
            say(
                f"{always}%在整个范围内都不超过{target:.0f}%",
                f"{always} % stay within {target:.0f} % throughout",
            )
        ]
        if c.always
        else []
    )
    parts += (
        [
            say(
                f"{never}%在整个范围内都高于{target:.0f}%",
                f"{never} % stay above {target:.0f} % throughout",
            )
        ]
        if c.never
        else []
    )
    return tried + say("，", ", ").join(parts) + say("。", ".")
