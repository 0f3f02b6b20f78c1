"""Figures of province_comparison; provinces stand in administrative order."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np

from ..page.html import number, points
from ..page.press import Press
from ..page.style import AMBER, BLUE, GREY, INK, ROSE, RULE, SOFT, TEAL, svg
from ..page.words import FACTORS

FACTOR_COLOUR = {
    "fee": TEAL,
    "price": AMBER,
    "scale": BLUE,
    "own": "#5aa49d",
    "mix": GREY,
    "pass_rate": ROSE,
}


def _rows(names, height: float = 0.235, least: float = 1.6, width: float = 7.6):
    figure, axes = plt.subplots(figsize=(width, max(least, 0.8 + height * len(names))))
    axes.set_yticks(np.arange(len(names))[::-1], names, color=INK, fontsize=9.5)
    axes.set_ylim(-0.7, len(names) - 0.3)
    axes.grid(axis="x")
    axes.grid(axis="y", visible=False)
    return figure, axes, np.arange(len(names))[::-1]


def level_dots(press: Press, table, names, focus: int) -> str:
    """Fee level of each place with its interval; the mean is 100."""
    figure, axes, y = _rows(names)
    axes.axvline(100, color=INK, lw=1, ls=(0, (3, 2)))
    for i, (yi, row) in enumerate(zip(y, table.itertuples(), strict=True)):
        colour = AMBER if i == focus else TEAL
        if np.isfinite(row.low):
            axes.plot(
                [100 * row.low, 100 * row.high],
                [yi, yi],
                color=colour,
                lw=2,
                alpha=0.45,
                solid_capstyle="butt",
            )
        axes.scatter([100 * row.level], [yi], color=colour, s=26, zorder=3)
    axes.set_xlabel(
        press.say(
            "费用水平（全国加权平均＝100，线段为80%区间）",
            "fee level (national weighted mean = 100; bars: 80 % intervals)",
        )
    )
    words = press.say("、", ", ").join(
        f"{name} {number(100 * row.level, 1)}"
        for name, row in zip(names, table.itertuples(), strict=True)
        if np.isfinite(row.level)
    )
    return svg(
        figure, press.say(f"各省费用水平（平均＝100）：{words}", f"Fee levels, mean 100: {words}")
    )


def funnel_plot(press: Press, table, names, focus: int) -> str:
    """Mean outlay a candidate against the number of colleges, with limits; the focus is always named."""
    figure, axes = plt.subplots(figsize=(7.6, 3.8))
    order = table.sort_values("colleges")
    for name, colour in (("998", "#eef1f4"), ("95", "#dfe6ec")):
        axes.fill_between(
            order["colleges"], order[f"low_{name}"], order[f"high_{name}"], color=colour, lw=0
        )
    target, widened = table["target"].iloc[0], bool(table["phi"].iloc[0] > 1)
    axes.axhline(target, color=INK, lw=1, ls=(0, (3, 2)))
    for side in ("low_wide", "high_wide") if widened else ():
        axes.plot(order["colleges"], order[side], color="#a3afba", lw=1.1, ls=(0, (1, 1.6)))
    axes.scatter(
        table["colleges"],
        table["plain"],
        s=26,
        color=[AMBER if one else TEAL for one in table["outside"]],
        zorder=3,
    )
    if focus >= 0:
        axes.scatter(
            [table["colleges"].iloc[focus]],
            [table["plain"].iloc[focus]],
            s=70,
            facecolor="none",
            edgecolor=INK,
            lw=1.4,
            zorder=4,
        )
    axes.margins(x=0.06, y=0.1)
    seen = table[["plain", "low_998", "high_998"]].to_numpy(
        float
    )  # the widened limits of the smallest may leave the picture
    room = 0.12 * max(np.nanmax(seen) - np.nanmin(seen), 1e-9)
    axes.set_ylim(np.nanmin(seen) - room, np.nanmax(seen) + room)
    line = axes.annotate(
        press.say(f"院校均值 {number(target)}元", f"mean of colleges {number(target)}"),
        (1, target),
        xycoords=("axes fraction", "data"),
        xytext=(-2, 3),
        textcoords="offset points",
        ha="right",
        fontsize=8.8,
        color=SOFT,
    )
    axes.set_xlabel(
        press.say(
            "院校数（浅色为95%、更浅为99.8%控制限"
            + ("，点线为放宽后的99.8%限）" if widened else "）"),
            "colleges (shaded: 95 % and 99.8 % control limits"
            + ("; dotted: the latter widened)" if widened else ")"),
        )
    )
    axes.set_ylabel(press.say("院校均值（元/考生）", "mean of colleges, yuan a candidate"))
    far = (table["plain"] - target).abs()
    wanted = [
        *([focus] if focus >= 0 else []),
        *(
            i
            for i in far[table["outside"]].sort_values(ascending=False, kind="stable").index
            if i != focus
        ),
    ]
    place_names(
        axes,
        [
            (
                table["colleges"].iloc[i],
                table["plain"].iloc[i],
                names[i],
                INK if i == focus else SOFT,
                i == focus,
            )
            for i in wanted
        ],
        table[["colleges", "plain"]].to_numpy(float),
        [line],
    )
    outside = press.say("、", ", ").join(
        name for name, out in zip(names, table["outside"], strict=True) if out
    )
    beyond = press.say("、", ", ").join(
        name for name, out in zip(names, table["outside_wide"], strict=True) if out
    )
    more = (
        press.say(
            f"；超出放宽后的99.8%限：{beyond or '无'}",
            f"; outside the widened 99.8 % limits: {beyond or 'none'}",
        )
        if widened
        else ""
    )
    return svg(
        figure,
        press.say(
            f"各省院校人均考核支出的漏斗图，院校均值{number(target)}元；超出99.8%限：{outside or '无'}{more}",
            f"Funnel plot of outlay a candidate, mean of colleges {number(target)} yuan; outside the 99.8 % limits: "
            f"{outside or 'none'}{more}",
        ),
    )


def place_names(axes, wanted, points: np.ndarray, taken=()) -> None:
    """Write names beside their points where they lie on no point and no other name: right, left, above or below; one that fits
    nowhere is left out (the text alternative names all) unless it must stand. wanted: (x, y, name, colour, must)."""
    axes.figure.set_dpi(72)  # what SVG is drawn at: names and points must be measured alike
    axes.autoscale_view()  # matplotlib puts scaling off until it draws; places in pixels need it now
    spots = axes.transData.transform(points)
    boxes = [text.get_window_extent() for text in taken]
    inside = axes.get_window_extent()
    for x, y, name, colour, must in wanted:
        tries = [
            axes.annotate(
                name,
                (x, y),
                xytext=shift,
                textcoords="offset points",
                ha=ha,
                va=va,
                fontsize=8.8,
                color=colour,
            )
            for shift, ha, va in (
                ((6, 0), "left", "center"),
                ((-6, 0), "right", "center"),
                ((0, 6), "center", "bottom"),
                ((0, -6), "center", "top"),
            )
        ]
        extents = [text.get_window_extent() for text in tries]
        free = [
            i
            for i, box in enumerate(extents)
            if not any(box.overlaps(other) for other in boxes)
            and box.x0 >= inside.x0
            and box.x1 <= inside.x1
            and not (
                (spots[:, 0] > box.x0 - 3)
                & (spots[:, 0] < box.x1 + 3)
                & (spots[:, 1] > box.y0 - 3)
                & (spots[:, 1] < box.y1 + 3)
            ).any()
        ]
        chosen = free[0] if free else 0 if must else -1
        for i, text in enumerate(tries):
            if i != chosen:
                text.remove()
        boxes += [extents[chosen]] if chosen >= 0 else []


def shrink_arrows(press: Press, table, names) -> str:
    """Raw mean → shrunk mean of each province."""
    figure, axes, y = _rows(names)
    mean = table["mean"].iloc[0]
    axes.axvline(mean, color=INK, lw=1, ls=(0, (3, 2)))
    axes.annotate(
        press.say(
            f"各省加权均值 {number(mean)}元", f"mean of provinces by precision {number(mean)}"
        ),
        (mean, y[0] + 0.75),
        ha="center",
        va="bottom",
        fontsize=8.8,
        color=SOFT,
        annotation_clip=False,
    )
    for yi, row in zip(y, table.itertuples(), strict=True):
        if not np.isfinite(row.value):
            continue
        axes.plot([row.low, row.high], [yi, yi], color=RULE, lw=4, solid_capstyle="butt", zorder=1)
        axes.annotate(
            "",
            xy=(row.value, yi),
            xytext=(row.raw, yi),
            arrowprops={"arrowstyle": "->", "color": BLUE, "lw": 1.2},
        )
        axes.scatter([row.raw], [yi], s=16, color=GREY, zorder=3)
    axes.set_xlabel(
        press.say(
            "元/考生（灰点：院校均值；箭头：收缩后；灰带：80%区间）",
            "yuan a candidate (dot: mean of colleges; arrow: shrunk; band: 80 % interval)",
        )
    )
    words = press.say("、", ", ").join(
        f"{name} {number(row.raw)}→{number(row.value)}"
        for name, row in zip(names, table.itertuples(), strict=True)
        if np.isfinite(row.value)
    )
    return svg(
        figure, press.say(f"原始均值到收缩值（元/考生）：{words}", f"Raw to shrunk mean: {words}")
    )


def factor_bars(press: Press, table, names) -> str:
    """Difference from the national mean by factor; parts of one sign are stacked."""
    figure, axes, y = _rows(names)
    up, down = np.zeros(len(names)), np.zeros(len(names))
    for factor, (zh, en) in FACTORS.items():
        values = table[factor].to_numpy()
        left = np.where(values >= 0, up, down)
        axes.barh(
            y, values, left=left, height=0.66, color=FACTOR_COLOUR[factor], label=press.say(zh, en)
        )
        up, down = up + np.maximum(values, 0), down + np.minimum(values, 0)
    axes.scatter(table["each"] - table["nation"], y, color=INK, s=14, zorder=4)
    axes.axvline(0, color=INK, lw=1)
    axes.legend(
        loc="upper center",
        bbox_to_anchor=(0.5, -0.6 / max(1.6, 0.8 + 0.235 * len(names))),
        ncols=6,
        frameon=False,
        fontsize=9,
    )
    axes.set_xlabel(
        press.say(
            "与全国均值之差（元/考生；黑点为合计）",
            "difference from the national mean, yuan a candidate (dot: total)",
        )
    )
    words = press.say("；", "; ").join(
        f"{name} {number(row.each - row.nation, 1)}"
        for name, row in zip(names, table.itertuples(), strict=True)
    )
    return svg(
        figure,
        press.say(
            f"各省与全国均值之差（元/考生）：{words}", f"Difference from the national mean: {words}"
        ),
    )


def theil_bar(press: Press, parts) -> str:
    """Theil index: between provinces and within them."""
    figure, axes = plt.subplots(figsize=(7.6, 1.25))
    share = parts["between"] / parts["total"] if parts["total"] else 0.0
    for left, width, colour, text in (
        (0, share, AMBER, press.say("省际", "between")),
        (share, 1 - share, TEAL, press.say("省内院校之间", "within provinces")),
    ):
        axes.barh([0], [100 * width], left=100 * left, color=colour, height=0.6)
        inside = width > 0.2
        axes.annotate(
            f"{text} {points(width)}%",
            (100 * (left + width / 2) if inside else 100 * left, 0 if inside else 0.42),
            ha="center" if inside else "left",
            va="center" if inside else "bottom",
            color="white" if inside else INK,
            fontsize=10,
        )
    axes.set_yticks([])
    axes.set_xlim(0, 100)
    axes.set_ylim(-0.35, 0.75)
    axes.grid(visible=False)
    axes.set_xlabel(press.say("占泰尔指数（%）", "% of the Theil index"))
    return svg(
        figure,
        press.say(
            f"院校人均考核支出的差异：省际{points(share)}%，省内院校之间{points(1 - share)}%",
            f"Inequality: between provinces {points(share)} %, within {points(1 - share)} %",
        ),
    )


def priced_heat(press: Press, fees, places, published) -> str:
    """Which certificates each place prices: published fee, modelled fee, nothing."""
    labels = list(dict.fromkeys(fees.labels))
    at = np.array([labels.index(label) for label in fees.labels])
    shade = np.zeros((len(fees.places), len(labels)))
    for j in range(len(fees.products)):
        shade[:, at[j]] = np.maximum(
            shade[:, at[j]], np.where(published[:, j], 2, np.where(fees.candidates[:, j] > 0, 1, 0))
        )
    figure, axes = plt.subplots(figsize=(7.6, max(1.6, 0.8 + 0.2 * len(places))))
    from matplotlib.colors import ListedColormap

    axes.pcolormesh(
        shade[::-1],
        cmap=ListedColormap(["#ffffff", "#cfe3e0", TEAL]),
        vmin=0,
        vmax=2,
        edgecolors="white",
        linewidth=0.6,
    )
    axes.set_yticks(np.arange(len(places)) + 0.5, places[::-1], color=INK, fontsize=9)
    axes.set_xticks([])
    axes.grid(visible=False)
    axes.set_xlabel(
        press.say(
            f"{len(labels)}个证书（深：已公布标准；浅：只有测算标准；白：未开考）",
            f"{len(labels)} certificates (dark: published fee; light: modelled only; white: not offered)",
        )
    )
    both = (shade == 2).sum(1)
    return svg(
        figure,
        press.say(
            "各省已公布标准的证书数："
            + "、".join(f"{place}{int(n)}" for place, n in zip(places, both, strict=True)),
            "Certificates with a published fee: "
            + ", ".join(f"{place} {int(n)}" for place, n in zip(places, both, strict=True)),
        ),
    )
