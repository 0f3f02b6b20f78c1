"""Small pieces of fee_cap's sentences: intervals, parts that add as printed, who bears a change, what a scheme touches and when."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd

from ...analysis.scheme import Touched
from ...engine.compile import mid_year
from ..page.html import number, signed, wan
from ..page.press import Press
from ..page.words import SOURCES

USES_TOLD = ("assessment", "training", "teacher_training", "performance_pay")
NOTHING = 0.5  # yuan a year: below this nothing moved
WILD = 200  # of 100 yuan: parts larger than this are told in yuan, not per 100
AREAS = {
    "caps": ("成本上限", "the caps"),
    "fees": ("核定、申报或特殊情况等费用标准的其他限制", "other limits of the fees"),
    "costs": ("成本台账", "the cost ledger"),
    "volumes": ("考核计划", "the plans"),
    "workload": ("工作量规则", "the workload rules"),
    "pay": ("教师绩效工资", "teachers' performance pay"),
    "funding": ("经费来源与分配", "funds and how they are shared"),
    "colleges": ("院校与省份数据", "data on colleges and provinces"),
    "other": ("与本报告无关的规则", "rules this report does not rest on"),
}
MOVES = {
    "raise": ("提高", "raising"),
    "lower": ("降低", "lowering"),
    "mixed": ("调整", "changing"),
    "removed": ("取消", "removing"),
}


def printed_parts(values: Sequence[float], total: float = 100.0, decimals: int = 0) -> list[float]:
    """The parts, which add to `total`, as they are printed: rounded so that what is printed adds too (largest remainder, ties to the
    first). A missing part stays missing and takes nothing."""
    unit = 10.0**decimals
    exact = np.round(np.asarray(values, float) * unit, 9)
    known = np.isfinite(exact)
    whole = np.floor(np.where(known, exact, 0.0))
    left = int(round(total * unit - whole.sum()))
    order = np.argsort(-(np.where(known, exact, -np.inf) - whole), kind="stable")[
        : int(known.sum())
    ]
    for i in range(left if known.any() else 0):
        whole[order[i % len(order)]] += 1
    return [
        float(part / unit) if ok else float("nan") for part, ok in zip(whole, known, strict=True)
    ]


def shares(values: Sequence[float]) -> list[str]:
    """Shares of sittings, colleges or draws that add to 1, in whole %, adding to 100 as printed: the assumptions carry no more."""
    return [number(part) for part in printed_parts([100 * value for value in values])]


def parts_of(borne: Mapping[str, float]) -> dict[str, float] | None:
    """source → whole yuan of each 100 by which the colleges' outlay moves, adding to 100, largest first; None where it does not move,
    or where parts are so much larger than the whole that a share of 100 would mislead."""
    whole = sum(borne.values())
    if abs(whole) < NOTHING or max(abs(value / whole) for value in borne.values()) * 100 > WILD:
        return None
    made = dict(
        zip(borne, printed_parts([100 * value / whole for value in borne.values()]), strict=True)
    )
    return dict(
        sorted(((name, part) for name, part in made.items() if part), key=lambda pair: -pair[1])
    )


def bearing(press: Press, borne: Mapping[str, float]) -> str:
    """Who bears the change of the colleges' outlay: rise, fall, money moved between sources, or nothing."""
    say, whole, parts = press.say, sum(borne.values()), parts_of(borne)
    moved = {name: value for name, value in borne.items() if abs(value) >= NOTHING}
    if not moved:
        return say(
            "学校支出与各来源都不变，没有增减需要分担。",
            "Outlay and every source stay as they are: nothing to share out.",
        )
    if parts is None:
        listed = say("、", ", ").join(
            f"{press.word(SOURCES, name)}{say('', ' ')}{signed(wan(value))}{say('万元', '')}"
            for name, value in moved.items()
        )
        lead = (
            say(
                "学校支出不变，只在来源之间调整：",
                "Outlay stays; money moves between sources, 10,000 yuan: ",
            )
            if abs(whole) < NOTHING
            else say(
                f"学校支出{signed(wan(whole))}万元，各来源增减更大：",
                f"Outlay {signed(wan(whole))}, sources move by more, 10,000 yuan: ",
            )
        )
        return lead + listed + say("。", ".")
    words = {
        True: say("每多付100元：", "Of each 100 yuan more: "),
        False: say("每少付100元，减轻：", "Each 100 yuan less relieve: "),
    }[whole > 0]
    return (
        words
        + say("、", ", ").join(
            f"{press.word(SOURCES, name)}{say('', ' ')}{number(part)}{say('元', '')}"
            for name, part in parts.items()
        )
        + say("。", ".")
    )


def bearing_title(press: Press, borne: Mapping[str, float]) -> str:
    """Title of the figure of `parts_of`, which must not be None."""
    say, parts = press.say, parts_of(borne) or {}
    gap = parts.get("funding_gap", 0.0)
    if sum(borne.values()) < 0:
        if gap <= 0:
            return say(
                "学校每少付100元，减轻的都是各来源，缺口没有缩小",
                "Of each 100 yuan less all relieve sources; the gap does not shrink",
            )
        return say(
            f"学校每少付100元，缺口缩小{number(gap)}元"
            + (f"，各来源少出{number(100 - gap)}元" if gap < 100 else ""),
            f"Of each 100 yuan less, {number(gap)} close the gap",
        )
    if gap <= 0:
        return say(
            "学校每多付100元，都有来源" + (f"，缺口还缩小{number(-gap)}元" if gap < 0 else ""),
            "Of each 100 yuan more, all have a source",
        )
    if gap > 100:
        return say(
            f"学校每多付100元，缺口扩大{number(gap)}元，来源反而少出{number(gap - 100)}元",
            f"For each 100 yuan more the gap grows by {number(gap)}",
        )
    return say(
        f"学校每多付100元，{number(100 - gap)}元有来源，{number(gap)}元是缺口"
        if gap < 100
        else "学校每多付100元，都没有来源",
        f"Of each 100 yuan more, {number(100 - gap)} have a source and {number(gap)} do not",
    )


def areas_said(press: Press, areas: Sequence[str]) -> str:
    """Areas by name, joined."""
    return press.say("、", ", ").join(press.word(AREAS, area) for area in areas)


def asleep_said(press: Press, touched: Touched, year: int) -> str:
    """Which dated changes are not in force, or hold for part of the year only, and how the year is counted; "" where neither."""
    say, lines = press.say, []
    late = sorted({change.start for change in touched.asleep if change.start > mid_year(year)})
    over = sorted(
        {
            change.until
            for change in touched.asleep
            if change.until and change.until <= mid_year(year)
        }
    )
    if late:
        days = say("、", ", ").join(day.isoformat() for day in late)
        lines.append(
            say(
                f"自{days}起的改动本年度尚未生效（以7月1日为准），不影响{year}年度结果",
                f"changes from {days} are not yet in force in the year (1 July decides) and do not touch {year}",
            )
        )
    if over:
        days = say("、", ", ").join(day.isoformat() for day in over)
        lines.append(
            say(
                f"截至{days}的改动到本年度7月1日已失效，不影响{year}年度结果",
                f"changes until {days} are no longer in force on 1 July and do not touch {year}",
            )
        )
    if touched.within:
        days = say("、", ", ").join(
            sorted(
                {
                    day.isoformat()
                    for change in touched.within
                    for day in (change.start, change.until)
                    if day and day.year == year
                }
            )
        )
        lines.append(
            say(
                f"{days}在年度之内：全年按7月1日的状态计，不按月折算",
                f"{days} falls within the year: the whole year counts as 1 July finds it, not by months",
            )
        )
    return say("；", "; ").join(lines) + say("。", ".") if lines else ""


def change_said(
    press: Press,
    before: float,
    after: float,
    write: Callable[[float], str],
    unit: str,
    least: float,
) -> str:
    """+a unit; 不变 where it moved by less than `least`; 变化很小 where what moved does not show."""
    moved = after - before
    if not np.isfinite(moved):
        return "—"
    if abs(moved) < least:
        return press.say("不变", "unchanged")
    text = signed(write(moved))
    return (
        f"{text}{unit}"
        if text.replace("−", "").strip("0.")
        else press.say("变化很小，显示不出", "a change too small to show")
    )


def sides_said(press: Press, sides: pd.Series) -> str:
    """97%的院校支出增加，3%不变: shares of the colleges whose spending rises, falls and stays, of those there are."""
    kinds = {
        "worse": ("支出增加", "pay more"),
        "better": ("支出减少", "pay less"),
        "same": ("支出不变", "pay the same"),
    }
    told = [
        (press.word(kinds, side), part)
        for side, part in zip(
            kinds, shares([float((sides == side).mean()) for side in kinds]), strict=True
        )
        if part != "0"
    ]
    first = press.say(
        f"{told[0][1]}%的院校{told[0][0]}", f"{told[0][1]} % of colleges {told[0][0]}"
    )
    return press.say("，", ", ").join(
        [
            first,
            *(
                press.say(f"{part}%{words.removeprefix('支出')}", f"{part} % {words}")
                for words, part in told[1:]
            ),
        ]
    )
