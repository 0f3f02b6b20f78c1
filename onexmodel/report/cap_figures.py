"""Figures of fee_cap. Each returns inline SVG with a text alternative that says the same as the picture."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np

from ..rules.fee import BINDS as BIND_CODES
from .html import number, percent, signed, wan
from .press import Press
from .style import AMBER, BLUE, GREY, INK, ROSE, RULE, SERIES, SOFT, TEAL, svg
from .words import BINDS, SOURCES

BIND_COLOUR = {"cap": TEAL, "verification": GREY, "proposal": BLUE, "bargaining": AMBER, "special": ROSE}


def fee_curve(press: Press, sweep, asked: float) -> str:
    """Mean approved fee against the cap's level, and below it the share of sittings by what binds."""
    figure, (top, low) = plt.subplots(2, 1, figsize=(7.6, 4.4), sharex=True, gridspec_kw={"height_ratios": (3, 2), "hspace": .16})
    x = 100 * sweep["scale"].to_numpy()
    codes = [code for code in range(5) if sweep[f"binds_{code}"].max() > 0]
    main = sweep[[f"binds_{code}" for code in range(5)]].to_numpy().argmax(1)
    y = sweep["mean_approved_fee"].to_numpy()
    for i in range(len(x) - 1):
        top.plot(x[i:i + 2], y[i:i + 2], color=BIND_COLOUR[BIND_CODES[main[i]]], lw=3, solid_capstyle="round")
    top.set_ylabel(press.say("平均核定标准（元/人次）", "mean approved fee, yuan"))
    _marks(press, top, asked, x)
    low.stackplot(x, *[100 * sweep[f"binds_{code}"] for code in codes], colors=[BIND_COLOUR[BIND_CODES[c]] for c in codes], lw=0)
    _stack_labels(press, low, x, sweep, codes)
    low.set_ylim(0, 100)
    low.set_ylabel(press.say("占考核人次（%）", "% of sittings"))
    low.set_xlabel(press.say("成本上限（现行＝100）", "cap (now = 100)"))
    alt = press.say(f"上限由现行的{x[0]:.0f}%升到{x[-1]:.0f}%，平均核定标准由{number(y[0])}元变为{number(y[-1])}元；下图为各限制起作用的人次占比",
                    f"Cap from {x[0]:.0f} to {x[-1]:.0f} % of today: mean approved fee {number(y[0])} to {number(y[-1])} yuan")
    return svg(figure, alt)


def _stack_labels(press, axes, x, sweep, codes) -> None:
    base = np.zeros(len(x))
    for code in codes:
        height = 100 * sweep[f"binds_{code}"].to_numpy()
        at = int(np.argmax(height))
        at = min(max(at, 1), len(x) - 2)
        if height[at] > 9:
            axes.text(x[at], base[at] + height[at] / 2, press.word(BINDS, BIND_CODES[code]), ha="center", va="center",
                      color="white", fontsize=9.5)
        base += height


def _marks(press, axes, asked, x) -> None:
    axes.axvline(100, color=INK, lw=1)
    axes.annotate(press.say("现行", "now"), (100, axes.get_ylim()[0]), xytext=(3, 4), textcoords="offset points", fontsize=9.5)
    if np.isfinite(asked) and x[0] < 100 * asked < x[-1] and asked != 1:
        axes.axvline(100 * asked, color=INK, lw=1, ls=(0, (2, 2)))
        axes.annotate(press.say("方案", "scheme"), (100 * asked, axes.get_ylim()[0]), xytext=(3, 4), textcoords="offset points",
                      fontsize=9.5)


def burden_bar(press: Press, parts: dict[str, float]) -> str:
    """Who bears 100 yuan more: sources first, then what is not covered. Parts add to 100."""
    figure, axes = plt.subplots(figsize=(7.6, 1.5))
    left, words = 0.0, []
    for i, (name, value) in enumerate((name, value) for name, value in parts.items() if value > 0.05):
        colour = ROSE if name == "funding_gap" else SERIES[i % 7]
        axes.barh([0], [value], left=left, color=colour, height=.5, edgecolor="white", lw=1.4)
        if value >= 5:
            axes.text(left + value / 2, 0, number(value), color="white", ha="center", va="center", fontsize=10)
        axes.annotate(press.word(SOURCES, name), (left + value / 2, .27), ha="left" if value < 8 else "center", va="bottom",
                      fontsize=9.2, color=SOFT, rotation=28 if value < 12 else 0)
        left += value
        words.append(f"{press.word(SOURCES, name)} {number(value)}")
    axes.set_axis_off()
    axes.set_xlim(0, max(left, 100))
    axes.set_ylim(-.3, .95)
    return svg(figure, press.say("每多付100元：" + "、".join(words), "Of 100 yuan more: " + ", ".join(words)))


def response_curve(press: Press, sweep, asked: float, target: float, scale: float, low: float, high: float) -> str:
    """Bill and unmet demand against the cap, with 80 % intervals, and the break-even cap where there is one."""
    figure, (a, b) = plt.subplots(1, 2, figsize=(7.6, 2.9), gridspec_kw={"wspace": .28})
    x = 100 * sweep["scale"].to_numpy()
    for axes, name, unit, colour in ((a, "fee_bill", 1e-4, BLUE), (b, "unmet_share", 100, TEAL)):
        axes.fill_between(x, unit * sweep[f"{name}_low"], unit * sweep[f"{name}_high"], color=colour, alpha=.15, lw=0)
        axes.plot(x, unit * sweep[name], color=colour, lw=2.2)
        axes.set_xlabel(press.say("成本上限（现行＝100）", "cap (now = 100)"))
        axes.axvline(100, color=RULE, lw=1, zorder=0)
        if np.isfinite(asked):
            axes.axvline(100 * asked, color=RULE, lw=1, ls=(0, (2, 2)), zorder=0)
    a.set_title(press.say("考核费支出（万元）", "fee bill, 10,000 yuan"), fontsize=10.5, loc="left")
    b.set_title(press.say("未满足考核需求（%）", "unmet demand, %"), fontsize=10.5, loc="left")
    b.axhline(100 * target, color=SOFT, lw=.9, ls=(0, (4, 3)))
    b.set_ylim(bottom=0)
    if x[0] < 100 * scale < x[-1]:
        b.scatter([100 * scale], [100 * target], color=TEAL, s=40, zorder=5, edgecolor="white")
        b.annotate(press.say(f"盈亏平衡 {100 * scale:.0f}", f"break-even {100 * scale:.0f}") + f"〔{100 * low:.0f}—{100 * high:.0f}〕",
                   (100 * scale, 100 * target), xytext=(4, 12), textcoords="offset points", fontsize=9.5)
    first, last = sweep.iloc[0], sweep.iloc[-1]
    alt = press.say(f"上限由{x[0]:.0f}升到{x[-1]:.0f}，考核费支出由{wan(first['fee_bill'])}万元变为{wan(last['fee_bill'])}万元，"
                    f"未满足需求由{percent(first['unmet_share'])}%变为{percent(last['unmet_share'])}%",
                    f"Cap {x[0]:.0f} to {x[-1]:.0f}: bill {wan(first['fee_bill'])} to {wan(last['fee_bill'])}, unmet demand "
                    f"{percent(first['unmet_share'])} to {percent(last['unmet_share'])} %")
    return svg(figure, alt)


def group_dots(press: Press, groups, names: list[str], whole: float) -> str:
    """Change of outlay by group: dot with its 80 % interval, in the order given; small groups grey."""
    figure, axes = plt.subplots(figsize=(7.6, .6 + .3 * max(3, len(groups))))
    y = np.arange(len(groups))[::-1]
    moved = 100 * (groups["outlay_after"] / groups["outlay_before"] - 1).to_numpy()
    low, high = 100 * groups["low"].to_numpy(), 100 * groups["high"].to_numpy()
    axes.axvline(100 * whole, color=SOFT, lw=.9, ls=(0, (4, 3)))
    for yi, value, lo, hi, count in zip(y, moved, low, high, groups["colleges"], strict=True):
        colour = GREY if count < 5 else TEAL
        axes.plot([lo, hi], [yi, yi], color=colour, lw=3, alpha=.35, solid_capstyle="round")
        axes.scatter([value], [yi], color=colour, s=36, zorder=4, edgecolor="white")
    axes.set_yticks(y, names, color=INK)
    axes.grid(axis="x")
    axes.grid(axis="y", visible=False)
    axes.set_xlabel(press.say("学校年支出变化（%，点为估计值，线为80%区间）", "change in outlay, % (dot: estimate; line: 80 % interval)"))
    words = "、".join(f"{name} {signed(number(value, 1))}%" for name, value in zip(names, moved, strict=True))
    return svg(figure, press.say(f"各组学校年支出变化：{words}", f"Change in outlay: {words}"))


def tornado_bars(press: Press, frame, central: float, unit: str) -> str:
    """Swing of the headline change with each assumption at its P10 and P90."""
    top = frame.head(8).iloc[::-1]
    figure, axes = plt.subplots(figsize=(7.6, .7 + .34 * len(top)))
    y = np.arange(len(top))
    for yi, p10, p90 in zip(y, top["p10"], top["p90"], strict=True):
        axes.barh(yi, (p10 - central) / 1e4, left=central / 1e4, color=AMBER, height=.55)
        axes.barh(yi, (p90 - central) / 1e4, left=central / 1e4, color=TEAL, height=.55)
    axes.axvline(central / 1e4, color=INK, lw=1)
    axes.set_yticks(y, top["zh" if press.lang == "zh" else "en"], color=INK)
    axes.grid(axis="x")
    axes.grid(axis="y", visible=False)
    axes.set_xlabel(press.say(f"{unit}（万元）：橙为参数取P10，绿为取P90", f"{unit}, 10,000 yuan: amber P10, green P90"))
    name = top.iloc[-1]["zh" if press.lang == "zh" else "en"]
    return svg(figure, press.say(f"影响最大的假设是{name}：{wan(top.iloc[-1]['p10'])}至{wan(top.iloc[-1]['p90'])}万元",
                                 f"Largest swing: {name}, {wan(top.iloc[-1]['p10'])} to {wan(top.iloc[-1]['p90'])}"))


def change_strip(press: Press, quantiles, names: list[str]) -> str:
    """Spread of the change in gap per student over the colleges of each group: P10, quartiles, P90."""
    figure, axes = plt.subplots(figsize=(7.6, .8 + .36 * len(quantiles)))
    y = np.arange(len(quantiles))[::-1]
    for yi, row in zip(y, quantiles, strict=True):
        axes.plot([row[0], row[4]], [yi, yi], color=BLUE, lw=2, alpha=.35)
        axes.plot([row[1], row[3]], [yi, yi], color=BLUE, lw=9, alpha=.35, solid_capstyle="butt")
        axes.scatter([row[2]], [yi], color=BLUE, s=38, zorder=4, edgecolor="white")
    axes.axvline(0, color=INK, lw=1)
    axes.set_yticks(y, names, color=INK)
    axes.grid(axis="x")
    axes.grid(axis="y", visible=False)
    axes.set_xlabel(press.say("每生考核费支出变化（元；细线P10—P90，粗线P25—P75，点为中位数）",
                              "change in fee bill per student, yuan (thin P10–P90, thick quartiles, dot median)"))
    words = "、".join(f"{name} {number(row[2], 2)}" for name, row in zip(names, quantiles, strict=True))
    return svg(figure, press.say(f"各组院校每生支出变化的中位数（元）：{words}", f"Median change per student, yuan: {words}"))


def break_even_dots(press: Press, rows, names: list[str]) -> str:
    """Planned sittings of each organisation against the sittings at which it breaks even, before and after."""
    figure, axes = plt.subplots(figsize=(7.6, .8 + .3 * len(rows)))
    y = np.arange(len(rows))[::-1]
    for yi, row in zip(y, rows.itertuples(), strict=True):
        for x, colour, size in ((row.break_even_before, AMBER, 34), (row.break_even_after, TEAL, 34)):
            if np.isfinite(x) and x > 0:
                axes.scatter([x], [yi], color=colour, s=size, zorder=4, edgecolor="white")
        axes.scatter([row.sittings], [yi], marker="|", color=INK, s=150, zorder=5)
    axes.set_xscale("log")
    axes.set_yticks(y, names, color=INK)
    axes.grid(axis="x")
    axes.grid(axis="y", visible=False)
    axes.set_xlabel(press.say("人次/年（竖线：计划；橙点：现行标准下盈亏平衡；绿点：方案下）",
                              "sittings a year (bar: planned; amber: break-even now; green: under the scheme)"))
    short = int((rows["break_even_before"] > rows["sittings"]).sum())
    return svg(figure, press.say(f"{len(rows)}家机构中{short}家计划人次低于现行盈亏平衡人次",
                                 f"{short} of {len(rows)} organisations plan fewer sittings than break-even"))
