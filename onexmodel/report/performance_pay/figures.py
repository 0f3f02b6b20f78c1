"""Figures of performance_pay. Nothing in them, drawn or said, rests on fewer than five colleges unless the report is internal."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np

from ..page.html import gini, number, share
from ..page.press import Press
from ..page.style import AMBER, BLUE, GREY, INK, ROSE, SERIES, SOFT, TEAL, svg
from ..page.words import SOURCES

STEP = 10  # hours: the unit the histogram counts colleges by
WHOLE = 0.5  # % of the uplift: a smaller source joins the others
GINI_ROOM = 0.005  # the axis of the Gini coefficient spans a hundredth at least


def shown_bins(before: np.ndarray, after: np.ndarray, least: int) -> np.ndarray:
    """Edges (whole tens of hours, or fewer) between which at least `least` colleges lie both before and after; bins that hold fewer are
    put together with their neighbours. Two edges where the colleges are too few for more."""
    low, high = (
        STEP * float(round_(end / STEP))
        for round_, end in (
            (np.floor, min(before.min(), after.min())),
            (np.ceil, max(before.max(), after.max()) + 1e-9),
        )
    )
    edges = [low]
    for edge in np.arange(low + STEP, high + STEP / 2, STEP):
        if all(
            ((values >= edges[-1]) & (values < edge)).sum() >= least for values in (before, after)
        ):
            edges.append(edge)
    if (
        len(edges) > 1
        and any((values >= edges[-1]).any() for values in (before, after))
        and edges[-1] < high
    ):
        edges[-1] = high  # what is left over joins the last bin
    return np.array(edges if len(edges) > 1 else [low, high])


def load_histogram(press: Press, before, after, edges, norm: float, review: float) -> str:
    """Hours per teacher over colleges, before and after X work, with norm and review load."""
    figure, axes = plt.subplots(figsize=(7.6, 2.9))
    was, now = (
        np.histogram(values, edges)[0] / (np.diff(edges) / STEP) for values in (before, after)
    )
    axes.stairs(was, edges, fill=True, color=GREY, alpha=0.55, label=press.say("基准", "baseline"))
    axes.stairs(now, edges, color=TEAL, lw=2, label=press.say("加上X证书工作量", "with X work"))
    top = 1.28 * max(was.max(), now.max())
    axes.set_ylim(0, top)
    for x, words in (
        (norm, press.say("标准工作量", "norm")),
        (review, press.say("复核负荷", "review load")),
    ):
        axes.axvline(x, color=INK, lw=1, ls=(0, (3, 2)))
        axes.annotate(
            f"{words} {number(x)}",
            (x, top),
            xytext=(3, -11),
            textcoords="offset points",
            fontsize=9.5,
        )
    axes.legend(loc="upper left", frameon=False, fontsize=9)
    axes.set_xlim(min(edges[0], norm) - STEP, max(edges[-1], review) + 6 * STEP)
    axes.set_xlabel(press.say("教师人均年课时", "hours a teacher a year"))
    axes.set_ylabel(press.say(f"院校数（每{STEP}课时）", f"colleges per {STEP} hours"))
    return svg(
        figure,
        press.say(
            f"院校人均课时分布：中位数由{number(np.median(before))}升到{number(np.median(after))}课时",
            f"Hours a teacher: median {number(np.median(before))} to {number(np.median(after))}",
        ),
    )


def uplift_scatter(press: Press, growth, hourly, fee: float) -> str:
    """Pay per added hour against growth of workload, binned so that no cell has fewer than five colleges; "" where no cell has."""
    figure, axes = plt.subplots(figsize=(7.6, 3.0))
    x = 100 * growth
    extent = tuple(
        float(q) for values in (x, hourly) for q in np.quantile(values, (0.02, 0.98))
    )  # single colleges at the ends set no scale
    if extent[1] - extent[0] < 1e-9 or extent[3] - extent[2] < 1e-9:
        plt.close(figure)
        return ""
    cells = axes.hexbin(
        x, hourly, gridsize=(12, 6), cmap="GnBu", mincnt=5, linewidths=0.2, extent=extent
    )
    if not len(cells.get_offsets()):
        plt.close(figure)
        return ""
    pad = 0.06 * (extent[3] - extent[2])
    axes.set_xlim(extent[0], extent[1])
    axes.set_ylim(min(extent[2], fee) - pad, max(extent[3], fee) + 2 * pad)
    figure.colorbar(cells, ax=axes, pad=0.02).set_label(
        press.say("院校数", "colleges"), fontsize=9.5
    )
    axes.axhline(fee, color=INK, lw=1, ls=(0, (3, 2)))
    axes.annotate(
        press.say(f"课时费 {number(fee)}", f"class-hour fee {number(fee)}"),
        (extent[1], fee),
        xytext=(-4, 4),
        textcoords="offset points",
        ha="right",
        fontsize=9.5,
    )
    axes.set_xlabel(press.say("工作量增长（%）", "growth of workload, %"))
    axes.set_ylabel(press.say("每X课时报酬（元）", "yuan per X hour"))
    return svg(
        figure,
        press.say(
            f"每X课时报酬中位数{number(np.median(hourly))}元，{share((hourly < fee).mean())}%的院校低于课时费（每格不少于5所）",
            f"Median {number(np.median(hourly))} yuan per X hour; {share((hourly < fee).mean())} % of colleges under the fee",
        ),
    )


def tilt_bars(press: Press, table) -> str:
    """Mean gain of those with and without X hours at several tilts."""
    figure, axes = plt.subplots(figsize=(7.6, 2.7))
    x = np.arange(len(table))
    for offset, name, colour, words in (
        (-0.2, "gain_busy", TEAL, press.say("承担X任务的教师", "carry X work")),
        (0.2, "gain_others", GREY, press.say("其他教师", "others")),
    ):
        axes.bar(x + offset, np.nan_to_num(table[name]), width=0.38, color=colour, label=words)
        for xi, value in zip(x, table[name], strict=True):
            axes.annotate(
                number(value),
                (xi + offset, value if np.isfinite(value) else 0),
                ha="center",
                va="bottom",
                fontsize=9,
            )
    axes.legend(loc="upper left", frameon=False, fontsize=9)
    axes.set_xticks(
        x, [press.say(f"倾斜系数{tilt:g}", f"tilt {tilt:g}") for tilt in table["tilt"]], color=INK
    )
    axes.set_ylabel(press.say("人均增加（元/年）", "mean gain, yuan a year"))
    words = press.say("；", "; ").join(
        f"{row.tilt:g}{press.say('：', ': ')}{number(row.gain_busy)}{press.say('、', ', ')}{number(row.gain_others)}"
        for row in table.itertuples()
    )
    return svg(
        figure,
        press.say(
            f"各倾斜系数下承担任务教师与其他教师人均增加（元）：{words}",
            f"Mean gain of X teachers and others by tilt: {words}",
        ),
    )


def tilt_lines(press: Press, table, chosen: float, fee: float, reached: float) -> str:
    """Gini, tilted pay per X hour with its crossing of the reservation rate, and the share of X teachers it suffices, against the tilt."""
    figure, axes = plt.subplots(1, 3, figsize=(7.6, 2.6), gridspec_kw={"wspace": 0.46})
    panels = (
        ("gini_after", 1, press.say("基尼系数", "Gini"), ROSE),
        ("hourly", 1, press.say("每X课时倾斜报酬（元）", "tilted pay per X hour"), TEAL),
        (
            "above_reservation",
            100,
            press.say("达到保留报酬的教师（%）", "reservation reached, %"),
            BLUE,
        ),
    )
    for axis, (name, unit, words, colour) in zip(axes, panels, strict=True):
        axis.plot(table["tilt"], unit * table[name], color=colour, lw=2.2)
        axis.axvline(chosen, color=SOFT, lw=1, ls=(0, (3, 2)))
        axis.set_title(words, fontsize=10, loc="left")
        axis.set_xlabel(press.say("倾斜系数", "tilt"))
    axes[0].axhline(table["gini_before"].iloc[0], color=GREY, lw=1)
    middle = (axes[0].get_ylim()[0] + axes[0].get_ylim()[1]) / 2
    axes[0].set_ylim(
        min(axes[0].get_ylim()[0], middle - GINI_ROOM),
        max(axes[0].get_ylim()[1], middle + GINI_ROOM),
    )  # what hardly moves is not to climb
    axes[1].axhline(fee, color=GREY, lw=1)
    if np.isfinite(reached) and reached <= 1:
        axes[1].scatter([reached], [fee], color=TEAL, s=38, zorder=5, edgecolor="white")
        axes[1].annotate(
            number(reached, 2),
            (reached, fee),
            xytext=(-5, 5),
            textcoords="offset points",
            ha="right",
            fontsize=9.5,
        )
    first, last = table.iloc[0], table.iloc[-1]
    return svg(
        figure,
        press.say(
            f"倾斜系数由0到1：基尼系数{gini(first['gini_after'])}到{gini(last['gini_after'])}，每X课时倾斜报酬{number(first['hourly'])}到"
            f"{number(last['hourly'])}元，达到保留报酬的承担教师{share(first['above_reservation'])}%到{share(last['above_reservation'])}%",
            f"Tilt 0 to 1: Gini {gini(first['gini_after'])} to {gini(last['gini_after'])}, tilted pay per X hour {number(first['hourly'])} to "
            f"{number(last['hourly'])} yuan, X teachers whom it suffices {share(first['above_reservation'])} to {share(last['above_reservation'])} %",
        ),
    )


def method_bars(press: Press, bars, names) -> str:
    """Uplift by method for each group: (method's words, values of the groups in yuan, missing where not shown)."""
    figure, axes = plt.subplots(figsize=(7.6, 0.9 + 0.24 * len(bars) * len(names)))
    y = np.arange(len(names))[::-1]
    shift = 0.24 * (len(bars) - 1) / 2
    for i, (colour, (words, values)) in enumerate(zip((TEAL, BLUE, AMBER), bars, strict=False)):
        at = y + shift - 0.24 * i
        axes.barh(at, np.nan_to_num(values) / 1e4, height=0.21, color=colour)
        for yi, value in zip(at, values, strict=True):
            if np.isfinite(value):
                axes.annotate(
                    f" {words} {number(value / 1e4, 1)}",
                    (value / 1e4, yi),
                    va="center",
                    fontsize=8.8,
                    color=SOFT,
                )
    axes.set_yticks(y, names, color=INK)
    axes.grid(axis="x")
    axes.grid(axis="y", visible=False)
    axes.set_xlim(0, 1.28 * max(1e-9, *(np.nan_to_num(values).max() / 1e4 for _, values in bars)))
    axes.set_xlabel(
        press.say("核增额（万元，未超过上限部分）", "uplift, 10,000 yuan, within its limit")
    )
    words = press.say("、", ", ").join(
        f"{words} {number(values[-1] / 1e4, 1)}" for words, values in bars
    )
    return svg(figure, press.say(f"核增总量（万元）：{words}", f"Uplift, 10,000 yuan: {words}"))


def money_bar(press: Press, parts: dict[str, float]) -> str:
    """Who pays 100 yuan of the uplift, in yuan as printed; sources under half a yuan stand together. Named in the legend."""
    large = {name: value for name, value in parts.items() if value >= WHOLE}
    rest = sum(value for name, value in parts.items() if value < WHOLE)
    figure, axes = plt.subplots(figsize=(7.6, 1.1))
    left, words = 0.0, []
    shown = [
        (press.word(SOURCES, name), value, ROSE if name == "funding_gap" else SERIES[i % 7])
        for i, (name, value) in enumerate(large.items())
    ]
    shown += [(press.say("其他来源合计", "other sources"), rest, GREY)] if rest > 0.05 else []
    for name, value, colour in shown:
        axes.barh(
            [0],
            [value],
            left=left,
            color=colour,
            height=0.5,
            edgecolor="white",
            lw=1.2,
            label=f"{name} {number(value)}",
        )
        if value >= 5:
            axes.text(
                left + value / 2,
                0,
                number(value),
                color="white",
                ha="center",
                va="center",
                fontsize=10,
            )
        left += value
        words.append(f"{name} {number(value)}")
    axes.set_axis_off()
    axes.set_xlim(0, max(left, 100))
    axes.legend(
        loc="upper left",
        bbox_to_anchor=(0, 0.12),
        ncols=4,
        frameon=False,
        fontsize=9,
        handlelength=1,
    )
    return svg(
        figure,
        press.say("每100元核增：" + "、".join(words), "Of 100 yuan of uplift: " + ", ".join(words)),
    )
