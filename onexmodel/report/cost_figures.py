"""Figures of cost_reduction."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np

from .html import number, wan
from .press import Press
from .style import AMBER, BLUE, GREY, INK, RULE, SERIES, SOFT, TEAL, svg
from .words import ITEMS


def item_bars(press: Press, rows) -> str:
    """Cost per candidate by item, organisation and college."""
    figure, axes = plt.subplots(figsize=(7.6, .8 + .3 * len(rows)))
    y = np.arange(len(rows))[::-1]
    axes.barh(y, rows["organisation"], color=TEAL, height=.62)
    axes.barh(y, rows["college"], left=rows["organisation"], color=AMBER, height=.62)
    for yi, row in zip(y, rows.itertuples(), strict=True):
        axes.annotate(f" {number(row.organisation + row.college, 1)}", (row.organisation + row.college, yi), va="center", fontsize=9, color=SOFT)
    axes.set_yticks(y, [press.word(ITEMS, item) for item in rows["item"]], color=INK)
    axes.grid(axis="x")
    axes.grid(axis="y", visible=False)
    axes.set_xlabel(press.say("元/人（绿：培训评价组织承担；橙：院校承担）", "yuan per candidate (green: organisation; amber: college)"))
    words = "、".join(f"{press.word(ITEMS, row.item)}{number(row.organisation + row.college, 1)}" for row in rows.itertuples())
    return svg(figure, press.say(f"每名考生成本（元）：{words}", f"Cost per candidate: {words}"))


def step_curve(press: Press, curve, planned: float) -> str:
    """Unit cost against candidates, with its jump at every new session."""
    figure, axes = plt.subplots(figsize=(7.6, 2.8))
    axes.plot(curve["candidates"], curve["unit_cost"], color=BLUE, lw=1.8)
    jumps = np.flatnonzero(np.diff(curve["sessions"]) > 0) + 1
    axes.scatter(curve["candidates"].iloc[jumps], curve["unit_cost"].iloc[jumps], color=AMBER, s=22, zorder=4)
    axes.axvline(planned, color=INK, lw=1, ls=(0, (3, 2)))
    axes.annotate(press.say(f"计划中位数 {number(planned)}人", f"median plan {number(planned)}"), (planned, axes.get_ylim()[1]), xytext=(4, -12), textcoords="offset points", fontsize=9.5)
    axes.set_ylim(0, float(np.quantile(curve["unit_cost"], .95)) * 1.25)
    axes.set_xlabel(press.say("考生人数（橙点：多开一场）", "candidates (amber: one more session)"))
    axes.set_ylabel(press.say("元/人", "yuan each"))
    return svg(figure, press.say(f"考生由10人增加到{len(curve)}人，单位成本由{number(curve['unit_cost'].iloc[9])}元变为{number(curve['unit_cost'].iloc[-1])}元，每开一场跳升一次",
                                 f"From 10 to {len(curve)} candidates: {number(curve['unit_cost'].iloc[9])} to {number(curve['unit_cost'].iloc[-1])} yuan, with a jump at each session"))


def waterfall(press: Press, start: float, table, end: float) -> str:
    """From baseline to scheme by Shapley shares, per candidate."""
    figure, axes = plt.subplots(figsize=(7.6, 3.3))
    names = [press.say("基准", "baseline"), *table["zh" if press.lang == "zh" else "en"], press.say("方案", "scheme")]
    level = start
    axes.bar([0], [start], color=GREY, width=.6)
    for i, value in enumerate(table["share"], start=1):
        axes.bar([i], [value], bottom=level - value, color=TEAL if value >= 0 else AMBER, width=.6)
        axes.plot([i - 1 + .3, i + .3], [level, level], color=RULE, lw=1)
        level -= value
        axes.annotate(f"−{number(value, 1)}" if value >= 0 else f"+{number(-value, 1)}", (i, level), xytext=(0, -11), textcoords="offset points", ha="center", fontsize=9)
    axes.bar([len(names) - 1], [end], color=BLUE, width=.6)
    for x, value in ((0, start), (len(names) - 1, end)):
        axes.annotate(number(value, 1), (x, value), ha="center", va="bottom", fontsize=9.5)
    axes.set_xticks(range(len(names)), names, rotation=18, ha="right")
    axes.set_ylim(max(0.0, end - .35 * (start - end) - .08 * start), start * 1.04)
    axes.set_ylabel(press.say("元/人（现金）", "yuan per candidate, cash"))
    words = "、".join(f"{name}{number(value, 1)}" for name, value in zip(names[1:-1], table["share"], strict=True))
    return svg(figure, press.say(f"每名考生现金成本由{number(start, 1)}元降到{number(end, 1)}元：{words}（纵轴不从0起）", f"Cash per candidate {number(start, 1)} to {number(end, 1)}: {words} (axis cut)"))


def cost_curve(press: Press, table) -> str:
    """Levers by yuan of yearly one-off cost per yuan saved: width saving, height cost."""
    figure, axes = plt.subplots(figsize=(7.6, 2.9))
    left, words = 0.0, []
    for i, row in enumerate(table.itertuples()):
        axes.bar([left], [row.per_yuan], width=row.cash_shapley / 1e4, align="edge", color=SERIES[i % 8], edgecolor="white")
        name = row.zh if press.lang == "zh" else row.en
        axes.annotate(name, (left + row.cash_shapley / 2e4, row.per_yuan), xytext=(0, 3), textcoords="offset points", ha="center", va="bottom", fontsize=8.8, rotation=12)
        left += row.cash_shapley / 1e4
        words.append(f"{name}{number(row.per_yuan, 2)}")
    axes.axhline(1, color=INK, lw=1, ls=(0, (3, 2)))
    axes.set_ylim(0, max(1.25, 1.25 * float(table["per_yuan"].max())))
    axes.set_xlabel(press.say("现金节约（万元/年，宽度）", "cash saved a year, 10,000 yuan (width)"))
    axes.set_ylabel(press.say("每节约1元的年化投入（元）", "yearly outlay per yuan saved"))
    return svg(figure, press.say("每节约1元的年化投入（元）：" + "、".join(words) + "；虚线以上得不偿失", "Outlay per yuan saved: " + ", ".join(words)))


def capacity_bars(press: Press, rows, names) -> str:
    """Norm hours: baseline, X work, unused practical capacity, by tier."""
    figure, axes = plt.subplots(figsize=(7.6, .9 + .5 * len(rows)))
    y = np.arange(len(rows))[::-1]
    left = np.zeros(len(rows))
    for name, colour, words in (("baseline", GREY, press.say("现有课时", "baseline")), ("added", TEAL, press.say("X工作量", "X work")), ("unused", "#c9d8e8", press.say("未用产能", "unused"))):
        values = rows[name].to_numpy() / 1e4
        axes.barh(y, values, left=left, color=colour, height=.55)
        if values[0] > 0.03 * (left[0] + values[0]):
            axes.annotate(words, (left[0] + values[0] / 2, y[0]), ha="center", va="center", fontsize=9, color=INK)
        left += values
    axes.set_yticks(y, names, color=INK)
    axes.grid(axis="x")
    axes.grid(axis="y", visible=False)
    axes.set_xlabel(press.say("万课时/年（未用产能：标准工作量×实际产能比例，逐校计，低于0按0）", "10,000 hours a year"))
    return svg(figure, press.say("；".join(f"{name}未用产能{wan(row.unused)}万课时" for name, row in zip(names, rows.itertuples(), strict=True)), "Used and unused capacity by tier"))
