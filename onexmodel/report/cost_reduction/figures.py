"""Figures of cost_reduction."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Patch

from ..page.html import number, wan
from ..page.press import Press
from ..page.style import AMBER, BLUE, GREY, INK, ROSE, RULE, SERIES, SOFT, TEAL, svg
from ..page.words import ITEMS

UNUSED = "#c9d8e8"


def item_bars(press: Press, rows) -> str:
    """Cost per candidate by item, organisation and college."""
    figure, axes = plt.subplots(figsize=(7.6, 0.8 + 0.3 * len(rows)))
    y = np.arange(len(rows))[::-1]
    axes.barh(y, rows["organisation"], color=TEAL, height=0.62)
    axes.barh(y, rows["college"], left=rows["organisation"], color=AMBER, height=0.62)
    for yi, row in zip(y, rows.itertuples(), strict=True):
        axes.annotate(
            f" {number(row.organisation + row.college, 1)}",
            (row.organisation + row.college, yi),
            va="center",
            fontsize=9,
            color=SOFT,
        )
    axes.set_yticks(y, [press.word(ITEMS, item) for item in rows["item"]], color=INK)
    axes.grid(axis="x")
    axes.grid(axis="y", visible=False)
    axes.set_xlabel(
        press.say(
            "元/人（绿：培训评价组织承担；橙：院校承担）",
            "yuan per candidate (green: organisation; amber: college)",
        )
    )
    words = press.say("、", ", ").join(
        f"{press.word(ITEMS, row.item)}{press.say('', ' ')}{number(row.organisation + row.college, 1)}"
        for row in rows.itertuples()
    )
    return svg(figure, press.say(f"每名考生成本（元）：{words}", f"Cost per candidate: {words}"))


def jumps(curve) -> tuple[np.ndarray, np.ndarray]:
    """Rows of the curve at which one more session is opened; at which only one more assessor comes."""
    session = np.diff(curve["sessions"]) > 0
    assessor = (np.diff(curve["assessors"]) > 0) & ~session
    return np.flatnonzero(session) + 1, np.flatnonzero(assessor) + 1


def step_curve(press: Press, curve, planned: float) -> str:
    """Unit cost against candidates: every new session marked, and every assessor added inside a session."""
    figure, axes = plt.subplots(figsize=(7.6, 3.0))
    x, y = curve["candidates"].to_numpy(float), curve["unit_cost"].to_numpy(float)
    sessions, assessors = jumps(curve)
    top = float(np.quantile(y, 0.95)) * 1.35
    axes.plot(x, y, color=BLUE, lw=1.8)
    axes.scatter(
        x[assessors],
        y[assessors],
        facecolor="white",
        edgecolor=AMBER,
        s=18,
        zorder=4,
        label=press.say("多请一名考评员", "one more assessor"),
    )
    axes.scatter(
        x[sessions],
        y[sessions],
        color=AMBER,
        s=26,
        zorder=5,
        label=press.say("多开一场", "one more session"),
    )
    axes.set_ylim(0, top)
    axes.axvline(planned, color=INK, lw=1, ls=(0, (3, 2)))
    axes.annotate(
        press.say(f"计划人数中位数{number(planned)}人", f"median plan {number(planned)}"),
        (planned, 0.06 * top),
        xytext=(4, 0),
        textcoords="offset points",
        fontsize=9.5,
    )
    if len(sessions) or len(assessors):
        axes.legend(loc="upper right", frameon=False, fontsize=9, ncols=2)
    axes.set_xlabel(press.say("考生人数", "candidates"))
    axes.set_ylabel(press.say("元/人", "yuan each"))
    first = min(10, len(curve)) - 1
    return svg(
        figure,
        press.say(
            f"考生由{first + 1}人增加到{len(curve)}人，人均成本由{number(y[first])}元变为{number(y[-1])}元，其间多开{len(sessions)}场、另加考评员{len(assessors)}次",
            f"From {first + 1} to {len(curve)} candidates: {number(y[first])} to {number(y[-1])} yuan, {len(sessions)} sessions and {len(assessors)} assessors more on the way",
        ),
    )


def waterfall(press: Press, start: float, table, end: float) -> str:
    """From baseline to scheme by shares, per candidate; `share` is printed as it stands and adds to start − end."""
    figure, axes = plt.subplots(figsize=(7.6, 3.3))
    names = [
        press.say("基准", "baseline"),
        *table["zh" if press.lang == "zh" else "en"],
        press.say("方案", "scheme"),
    ]
    level = start
    axes.bar([0], [start], color=GREY, width=0.6)
    for i, value in enumerate(table["share"], start=1):
        axes.bar([i], [value], bottom=level - value, color=TEAL if value >= 0 else AMBER, width=0.6)
        axes.plot([i - 1 + 0.3, i + 0.3], [level, level], color=RULE, lw=1)
        level -= value
        axes.annotate(
            f"−{number(value, 1)}" if value >= 0 else f"+{number(-value, 1)}",
            (i, min(level, level + value)),
            xytext=(0, -11),
            textcoords="offset points",
            ha="center",
            fontsize=9,
        )
    axes.bar([len(names) - 1], [end], color=BLUE, width=0.6)
    for x, value in ((0, start), (len(names) - 1, end)):
        axes.annotate(number(value, 1), (x, value), ha="center", va="bottom", fontsize=9.5)
    axes.set_xticks(range(len(names)), names, rotation=18, ha="right")
    axes.set_ylim(
        max(0.0, min(start, end) - 0.35 * abs(start - end) - 0.08 * start), max(start, end) * 1.04
    )
    axes.set_ylabel(press.say("元/人（现金）", "yuan per candidate, cash"))
    words = press.say("、", ", ").join(
        f"{name}{press.say('', ' ')}{number(value, 1)}"
        for name, value in zip(names[1:-1], table["share"], strict=True)
    )
    return svg(
        figure,
        press.say(
            f"每名考生现金成本由{number(start, 1)}元变为{number(end, 1)}元，各措施节约：{words}（纵轴不从0起）",
            f"Cash per candidate {number(start, 1)} to {number(end, 1)}; saved by {words} (axis cut)",
        ),
    )


def cost_curve(press: Press, table) -> str:
    """Levers by yuan of yearly one-off cost per yuan saved: width saving, height cost; numbered, named in the legend."""
    figure, axes = plt.subplots(figsize=(7.6, 2.9))
    left, words, handles = 0.0, [], []
    top = max(1.25, 1.25 * float(table["per_yuan"].max()))
    for i, row in enumerate(table.itertuples()):
        name, colour = row.zh if press.lang == "zh" else row.en, SERIES[i % 8]
        axes.bar(
            [left],
            [max(row.per_yuan, 0.012 * top)],
            width=row.cash_shapley / 1e4,
            align="edge",
            color=colour,
            edgecolor="white",
        )
        axes.annotate(
            f"{i + 1}",
            (left + row.cash_shapley / 2e4, max(row.per_yuan, 0.012 * top)),
            xytext=(0, 2),
            textcoords="offset points",
            ha="center",
            va="bottom",
            fontsize=9.5,
            color=INK,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6},
        )
        handles.append(Patch(color=colour, label=f"{i + 1} {name} {number(row.per_yuan, 2)}"))
        left += row.cash_shapley / 1e4
        words.append(f"{name}{press.say('', ' ')}{number(row.per_yuan, 2)}")
    axes.axhline(1, color=INK, lw=1, ls=(0, (3, 2)))
    axes.annotate(
        press.say("1元：再高得不偿失", "1 yuan: above, it does not pay"),
        (0, 1),
        xytext=(2, 3),
        textcoords="offset points",
        fontsize=9,
        color=SOFT,
    )
    axes.set_ylim(0, top)
    axes.legend(
        handles=handles,
        loc="upper center",
        bbox_to_anchor=(0.5, -0.22),
        ncols=2 if press.lang == "en" else 3,
        frameon=False,
        fontsize=9,
    )
    axes.set_xlabel(
        press.say("现金节约（万元/年，宽度）", "cash saved a year, 10,000 yuan (width)")
    )
    axes.set_ylabel(press.say("每节约1元的\n年化投入（元）", "yearly outlay\nper yuan saved"))
    return svg(
        figure,
        press.say(
            "每节约1元的年化投入（元）：" + "、".join(words) + "；高于1元得不偿失",
            "Outlay per yuan saved: " + ", ".join(words) + "; above 1 it does not pay",
        ),
    )


def capacity_bars(press: Press, rows, names, worth: bool) -> str:
    """Left: hours of the baseline and X work against practical capacity; right, where `worth`: what unused capacity is worth. By group."""
    figure, both = plt.subplots(
        1,
        2 if worth else 1,
        figsize=(7.6, 1.5 + 0.5 * len(rows)),
        gridspec_kw={"wspace": 0.12, "width_ratios": (3, 2)} if worth else None,
        sharey=True,
        squeeze=False,
    )
    y, a = np.arange(len(rows))[::-1], both[0, 0]
    base, added, practical = (
        rows[name].to_numpy() / 1e4 for name in ("baseline", "added", "capacity")
    )
    a.barh(y, base, color=GREY, height=0.5, label=press.say("现有课时", "baseline"))
    a.barh(y, added, left=base, color=TEAL, height=0.5, label=press.say("X课时", "X hours"))
    a.vlines(
        practical,
        y - 0.34,
        y + 0.34,
        color=INK,
        lw=1.6,
        label=press.say("实际产能", "practical capacity"),
    )
    a.legend(
        loc="upper center",
        bbox_to_anchor=(0.5, -0.3 / (1.15 + 0.385 * len(rows))),
        ncols=3,
        frameon=False,
        fontsize=9,
        handlelength=1.2,
    )
    a.set_title(press.say("课时（万课时/年）", "hours, 10,000 a year"), fontsize=10, loc="left")
    a.set_yticks(y, names, color=INK)
    a.set_ylim(-0.8, len(rows) - 0.2)
    words = [
        press.say(
            f"{name}：现有{number(one, 1)}万课时、X课时{number(two, 1)}万、实际产能{number(three, 1)}万",
            f"{name}: {number(one, 1)} baseline, {number(two, 1)} X, {number(three, 1)} capacity, 10,000 hours",
        )
        for name, one, two, three in zip(names, base, added, practical, strict=True)
    ]
    if worth:
        cost, b = rows["cost"].to_numpy() / 1e4, both[0, 1]
        b.barh(y, cost, color=UNUSED, height=0.5)
        for yi, value in zip(y, cost, strict=True):
            b.annotate(f" {number(value, 1)}", (value, yi), va="center", fontsize=9.5)
        b.set_xlim(0, 1.3 * max(cost.max(), 1e-9))
        b.set_title(
            press.say("未用产能折合（万元/年）", "unused, 10,000 yuan a year"),
            fontsize=10,
            loc="left",
        )
        words += [
            press.say(
                f"{name}未用产能折合{wan(row.cost)}万元",
                f"{name}: unused capacity {wan(row.cost)} × 10,000 yuan",
            )
            for name, row in zip(names, rows.itertuples(), strict=True)
        ]
    for axes in both[0]:
        axes.grid(axis="x")
        axes.grid(axis="y", visible=False)
    return svg(figure, press.say("；", "; ").join(words))


def savings_lines(press: Press, curve, chosen: float) -> str:
    """Saving of the package at each intensity: cash, economic, and cash net of the yearly one-off cost."""
    figure, axes = plt.subplots(figsize=(7.6, 2.8))
    for name, colour, words in (
        ("economic", BLUE, press.say("经济口径节约", "resources")),
        ("cash", TEAL, press.say("现金节约", "cash")),
        ("net", AMBER, press.say("现金净节约（扣除年化投入）", "cash, net of outlay")),
    ):
        axes.plot(
            100 * curve["intensity"],
            curve[name] / 1e4,
            color=colour,
            lw=2.2,
            marker="o",
            ms=4,
            label=words,
        )
    axes.axhline(0, color=RULE, lw=1)
    axes.axvline(100 * chosen, color=SOFT, lw=1, ls=(0, (3, 2)))
    axes.annotate(
        press.say("本报告", "here"),
        (100 * chosen, axes.get_ylim()[0]),
        xytext=(-4, 5),
        textcoords="offset points",
        ha="right",
        fontsize=9.5,
    )
    axes.legend(loc="upper left", frameon=False, fontsize=9)
    axes.set_xlabel(
        press.say(
            "措施力度（%，100为措施清单所列幅度）",
            "how far levers are carried out, % (100: as listed)",
        )
    )
    axes.set_ylabel(press.say("万元/年", "10,000 yuan a year"))
    words = press.say("；", "; ").join(
        f"{number(100 * row.intensity)}%{press.say('：', ': ')}{wan(row.cash)}{press.say('、', ', ')}{wan(row.net)}"
        for row in curve.itertuples()
    )
    return svg(
        figure,
        press.say(
            f"各力度的现金节约与净节约（万元）：{words}",
            f"Cash and net saving by intensity, 10,000 yuan: {words}",
        ),
    )


def ends_of(press: Press, row) -> tuple[str, str]:
    """An assumption's ends as they are printed; a value by tier as multiples of the values taken."""
    return tuple(
        number(end, 2) + (press.say("倍", " times") if row.times else "")
        for end in (row.low, row.high)
    )


def swing_bars(press: Press, frame, central: float, unit: str) -> str:
    """Swing of a yearly total with each assumption alone at its P10 and P90; values at the ends in the labels."""
    top = frame.head(6).iloc[::-1]
    figure, axes = plt.subplots(figsize=(7.6, 0.8 + 0.36 * len(top)))
    y = np.arange(len(top))
    for column, colour, words in (
        ("p10", AMBER, press.say("假设取低值（P10）", "assumption low (P10)")),
        ("p90", TEAL, press.say("假设取高值（P90）", "assumption high (P90)")),
    ):
        axes.barh(
            y,
            (top[column] - central) / 1e4,
            left=central / 1e4,
            color=colour,
            height=0.52,
            label=words,
        )
    axes.axvline(central / 1e4, color=ROSE, lw=1)
    axes.set_ylim(-0.75, len(top) - 0.25)
    key = "zh" if press.lang == "zh" else "en"
    axes.set_yticks(
        y,
        [f"{getattr(row, key)} {'—'.join(ends_of(press, row))}" for row in top.itertuples()],
        color=INK,
    )
    axes.grid(axis="x")
    axes.grid(axis="y", visible=False)
    axes.legend(
        loc="upper center",
        bbox_to_anchor=(0.5, -0.45 / (0.62 + 0.28 * len(top))),
        ncols=2,
        frameon=False,
        fontsize=9,
    )
    axes.set_xlabel(press.say(f"{unit}（万元/年）", f"{unit}, 10,000 yuan a year"))
    words = press.say("；", "; ").join(
        f"{getattr(row, key)}{press.say('：', ': ')}{'—'.join(press.ends((row.p10, row.p90), wan, central))}"
        for row in top.iloc[::-1].itertuples()
    )
    return svg(
        figure,
        press.say(
            f"{unit}随各假设的变动（万元）：{words}", f"{unit} by assumption, 10,000 yuan: {words}"
        ),
    )
