"""Figures of performance_pay."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np

from .html import number, percent
from .press import Press
from .style import AMBER, BLUE, GREY, INK, ROSE, SOFT, TEAL, svg


def load_histogram(press: Press, before, after, norm: float, review: float) -> str:
    """Hours per teacher over colleges, before and after X work, with norm and review load."""
    figure, axes = plt.subplots(figsize=(7.6, 2.9))
    bins = np.linspace(min(before.min(), norm) * 0.95, max(after.max(), review) * 1.03, 36)
    axes.hist(before, bins=bins, color=GREY, alpha=.55)
    axes.hist(after, bins=bins, histtype="step", color=TEAL, lw=2)
    top = axes.get_ylim()[1]
    for x, words in ((norm, press.say("标准工作量", "norm")), (review, press.say("复核负荷", "review load"))):
        axes.axvline(x, color=INK, lw=1, ls=(0, (3, 2)))
        axes.annotate(f"{words} {number(x)}", (x, top), xytext=(3, -12), textcoords="offset points", fontsize=9.5)
    axes.set_xlabel(press.say("教师人均年课时（灰：基准；绿线：加上X证书工作量）", "hours a teacher (grey: baseline; green: with X work)"))
    axes.set_ylabel(press.say("院校数", "colleges"))
    return svg(figure, press.say(f"院校人均课时分布：中位数由{number(np.median(before))}升到{number(np.median(after))}课时",
                                 f"Hours a teacher: median {number(np.median(before))} to {number(np.median(after))}"))


def uplift_scatter(press: Press, growth, hourly, fee: float) -> str:
    """Pay per added hour against growth of workload, one dot a college, binned so that none stands alone."""
    figure, axes = plt.subplots(figsize=(7.6, 3.0))
    axes.hexbin(100 * growth, hourly, gridsize=(16, 8), cmap="GnBu", mincnt=5, linewidths=0.2)
    axes.axhline(fee, color=INK, lw=1, ls=(0, (3, 2)))
    axes.annotate(press.say(f"课时费 {number(fee)}", f"class-hour fee {number(fee)}"), (axes.get_xlim()[1], fee), xytext=(-4, 4),
                  textcoords="offset points", ha="right", fontsize=9.5)
    axes.set_xlabel(press.say("工作量增长（%）", "growth of workload, %"))
    axes.set_ylabel(press.say("每X课时报酬（元）", "yuan per X hour"))
    return svg(figure, press.say(f"每X课时报酬中位数{number(np.median(hourly))}元，{percent((hourly < fee).mean())}%的院校低于课时费（每格不少于5所）",
                                 f"Median {number(np.median(hourly))} yuan per X hour; {percent((hourly < fee).mean())} % of colleges under the fee"))


def tilt_bars(press: Press, table) -> str:
    """Mean gain of those with and without X hours at four tilts."""
    figure, axes = plt.subplots(figsize=(7.6, 2.7))
    x = np.arange(len(table))
    for offset, name, colour, words in ((-.2, "gain_busy", TEAL, press.say("承担任务", "carry X work")), (.2, "gain_others", GREY, press.say("其他教师", "others"))):
        axes.bar(x + offset, table[name], width=.38, color=colour)
        for xi, value in zip(x, table[name], strict=True):
            axes.annotate(number(value), (xi + offset, value), ha="center", va="bottom", fontsize=9)
        axes.annotate(words, (x[0] + offset, 0), xytext=(0, 3), textcoords="offset points", ha="center", va="bottom", fontsize=8.5,
                      color="white", rotation=90)
    axes.set_xticks(x, [f"τ={tilt:g}" for tilt in table["tilt"]])
    axes.set_ylabel(press.say("人均增加（元/年）", "mean gain, yuan a year"))
    words = "；".join(f"τ={row.tilt:g}：{number(row.gain_busy)}、{number(row.gain_others)}" for row in table.itertuples())
    return svg(figure, press.say(f"承担任务教师与其他教师人均增加（元）：{words}", f"Mean gain of X teachers and others: {words}"))


def tilt_lines(press: Press, table, chosen: float, fee: float) -> str:
    """Gini, pay per hour and the share above the reservation rate against the tilt."""
    figure, axes = plt.subplots(1, 3, figsize=(7.6, 2.6), gridspec_kw={"wspace": .42})
    panels = (("gini_after", 1, press.say("基尼系数", "Gini"), ROSE), ("hourly", 1, press.say("每X课时增加（元）", "gain per X hour"), TEAL),
              ("above_reservation", 100, press.say("达到保留报酬（%）", "reach reservation, %"), BLUE))
    for axis, (name, unit, words, colour) in zip(axes, panels, strict=True):
        axis.plot(table["tilt"], unit * table[name], color=colour, lw=2.2)
        axis.axvline(chosen, color=SOFT, lw=1, ls=(0, (3, 2)))
        axis.set_title(words, fontsize=10, loc="left")
        axis.set_xlabel("τ")
    axes[0].axhline(table["gini_before"].iloc[0], color=GREY, lw=1)
    axes[1].axhline(fee, color=GREY, lw=1)
    first, last = table.iloc[0], table.iloc[-1]
    return svg(figure, press.say(f"倾斜系数由0到1：基尼系数{number(first['gini_after'], 4)}到{number(last['gini_after'], 4)}，每X课时增加{number(first['hourly'])}到"
                                 f"{number(last['hourly'])}元，达到保留报酬的比例{percent(first['above_reservation'])}%到{percent(last['above_reservation'])}%",
                                 f"Tilt 0 to 1: Gini {number(first['gini_after'], 4)} to {number(last['gini_after'], 4)}, gain per hour "
                                 f"{number(first['hourly'])} to {number(last['hourly'])}"))


def method_bars(press: Press, rows, names) -> str:
    """Uplift by method for each group."""
    figure, axes = plt.subplots(figsize=(7.6, .9 + .62 * len(rows)))
    y = np.arange(len(rows))[::-1]
    for offset, method, colour, words in ((.22, "elasticity", TEAL, press.say("弹性法", "elasticity")), (0, "rate", BLUE, press.say("课时费法", "rate")),
                                          (-.22, "income_share", AMBER, press.say("收入提取法", "income share"))):
        values = rows[f"uplift_{method}"].to_numpy() / 1e4
        axes.barh(y + offset, values, height=.2, color=colour)
        for yi, value in zip(y, values, strict=True):
            axes.annotate(f" {words} {number(value, 1)}", (value, yi + offset), va="center", fontsize=8.8, color=SOFT)
    axes.set_yticks(y, names, color=INK)
    axes.grid(axis="x")
    axes.grid(axis="y", visible=False)
    axes.set_xlim(0, 1.28 * max(1e-9, rows[["uplift_elasticity", "uplift_rate", "uplift_income_share"]].to_numpy().max() / 1e4))
    axes.set_xlabel(press.say("核增额（万元，未超过上限部分）", "uplift, 10,000 yuan, within its limit"))
    last = rows.iloc[-1]
    return svg(figure, press.say(f"核增总量：弹性法{number(last['uplift_elasticity'] / 1e4, 1)}万元，课时费法{number(last['uplift_rate'] / 1e4, 1)}万元",
                                 f"Uplift: elasticity {number(last['uplift_elasticity'] / 1e4, 1)}, rate {number(last['uplift_rate'] / 1e4, 1)}"))
