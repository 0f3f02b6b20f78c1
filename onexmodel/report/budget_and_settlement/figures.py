"""Figures of budget_and_settlement."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import MaxNLocator

from ...rules.funding import SOURCES as SOURCE_KEYS
from ..page.html import number, percent, wan
from ..page.press import Press
from ..page.style import AMBER, GREY, INK, ROSE, SERIES, SOFT, TEAL, svg
from ..page.words import SOURCES, USES

PROJECTED = (
    10.0  # 万元: from a largest month of this on, projected months are written without decimals
)


def sources_bars(press: Press, table, ranges) -> str:
    """Each use's need, stacked by the source that pays it; what nothing pays in rose. `ranges`: "need.⟨use⟩" → interval of the need, yuan,
    drawn as a thin line where its ends read as two."""
    figure, axes = plt.subplots(figsize=(7.6, 3.1))
    y, left = np.arange(len(table))[::-1], np.zeros(len(table))
    used = [source for source in SOURCE_KEYS if table[source].sum() > 0.5]
    for source, colour in zip([*used, "gap"], [*SERIES[: len(used)], ROSE], strict=True):
        width = table[source].to_numpy() / 1e4
        axes.barh(
            y,
            width,
            left=left,
            color=colour,
            height=0.62,
            label=press.word(SOURCES, source if source != "gap" else "funding_gap"),
        )
        left = left + width
    for yi, total, use in zip(y, left, table.index, strict=True):
        ends = ranges[f"need.{use}"]
        if press.span(ends, wan):
            axes.plot([end / 1e4 for end in ends], [yi, yi], color=INK, lw=1.2, marker="|", ms=7)
        axes.annotate(
            number(total, 1),
            (np.nanmax([total, ends[1] / 1e4]), yi),
            xytext=(5, 0),
            textcoords="offset points",
            va="center",
            fontsize=9.5,
            color=SOFT,
        )
    axes.margins(x=0.1)
    axes.set_yticks(y, [press.word(USES, use) for use in table.index], color=INK)
    axes.grid(axis="x")
    axes.grid(axis="y", visible=False)
    axes.set_xlabel(press.say("万元/年", "10,000 yuan a year"))
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=4, frameon=False, fontsize=9)
    words = press.say("；", "; ").join(
        f"{press.word(USES, use)} {wan(row['need'])}{press.span(ranges[f'need.{use}'], wan, row['need'])}"
        for use, row in table.iterrows()
    )
    return svg(
        figure,
        press.say(
            f"资金用途与来源（万元）：{words}；未落实{number(table['gap'].sum() / 1e4, 1)}",
            f"Uses and sources, 10,000 yuan: {words}; not covered {number(table['gap'].sum() / 1e4, 1)}",
        ),
    )


def age_bars(press: Press, ages, names) -> str:
    """Arrears by age; ages in 10,000 yuan."""
    figure, axes = plt.subplots(figsize=(7.6, 2.4))
    values = np.asarray(ages, float)
    axes.bar(np.arange(4), values, width=0.55, color=(TEAL, "#5aa49d", AMBER, ROSE))
    for x, value in enumerate(values):
        axes.annotate(
            number(value, 1),
            (x, value),
            xytext=(0, 4),
            textcoords="offset points",
            ha="center",
            va="bottom",
            fontsize=9.5,
        )
    axes.margins(y=0.16)
    axes.set_xticks(np.arange(4), names)
    axes.set_ylabel(press.say("未结清（万元）", "arrears, 10,000 yuan"))
    return svg(
        figure,
        press.say("未结清金额按账龄（万元）：", "Arrears by age: ")
        + press.say("；", "; ").join(
            f"{name} {number(value, 1)}" for name, value in zip(names, values, strict=True)
        ),
    )


def burn_lines(press: Press, burn, plan, at) -> str:
    """Arrears at month ends, and where the clearing plan takes them."""
    figure, axes = plt.subplots(figsize=(7.6, 2.9))
    past = np.arange(len(burn)) - (len(burn) - 1)
    axes.fill_between(past, burn["payable_fen"] / 1e6, color="#e4efed")
    axes.plot(past, burn["arrears_fen"] / 1e6, color=ROSE, lw=2.2)
    axes.plot(
        [0, *plan["month"]],
        [burn["arrears_fen"].iloc[-1] / 1e6, *(plan["left_fen"] / 1e6)],
        color=TEAL,
        lw=2,
        ls=(0, (4, 2)),
    )
    axes.axvline(0, color=INK, lw=1)
    axes.annotate(
        press.say("应付累计", "payable"),
        (past[-1], burn["payable_fen"].iloc[-1] / 1e6),
        fontsize=9.5,
        color=SOFT,
        xytext=(6, -4),
        textcoords="offset points",
    )
    axes.annotate(
        press.say("未结清", "arrears"),
        (past[-1], burn["arrears_fen"].iloc[-1] / 1e6),
        fontsize=9.5,
        color=ROSE,
        xytext=(6, 6),
        textcoords="offset points",
    )
    left = int(plan["left_fen"].iloc[-1])
    axes.annotate(
        press.say(
            f"清偿计划{'：余' + number(left / 1e6, 1) + '，须用下一年度资金' if left else ''}",
            f"plan{': ' + number(left / 1e6, 1) + ' needs next year’s money' if left else ''}",
        ),
        (plan["month"].iloc[-1], left / 1e6),
        fontsize=9.5,
        color=TEAL,
        xytext=(0, 6),
        textcoords="offset points",
        ha="right",
    )
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_xlabel(
        press.say(f"距{at}的月数（左为已发生，右为计划）", f"months from {at} (right: plan)")
    )
    axes.set_ylabel(press.say("万元", "10,000 yuan"))
    end = left / max(1, burn["arrears_fen"].iloc[-1])
    more = press.say("，须用下一年度资金", ", which needs next year's money") if left else ""
    return svg(
        figure,
        press.say(
            f"截至{at}未结清{number(burn['arrears_fen'].iloc[-1] / 1e6, 1)}万元；各校按自己的闲置资金逐月清偿，{len(plan)}个月后剩{percent(end)}%{more}",
            f"Arrears {number(burn['arrears_fen'].iloc[-1] / 1e6, 1)}; after {len(plan)} months of idle money {percent(end)} % "
            f"is left{more}",
        ),
    )


def need_bars(press: Press, fees) -> str:
    """Fees by month of one year against a twelfth of that year's money for fees (`MonthlyFees`)."""
    figure, axes = plt.subplots(figsize=(7.6, 2.6))
    values, money = fees.due.to_numpy() / 1e4, fees.money / 1e4
    decimals = (
        0 if fees.pattern and values.max() >= PROJECTED else 1
    )  # records are facts; a plan spread by last year's months is not
    x = np.arange(len(values))
    axes.bar(x, values, width=0.6, color=[AMBER if value > money else TEAL for value in values])
    axes.axhline(money, color=INK, lw=1, ls=(0, (3, 2)))
    axes.annotate(
        press.say(
            f"月均资金 {number(money, decimals)}",
            f"a twelfth of the money {number(money, decimals)}",
        ),
        (x[0] - 0.4, money),
        xytext=(0, 4),
        textcoords="offset points",
        fontsize=9.5,
    )
    for xi, value in zip(x[values > 0], values[values > 0], strict=True):
        axes.annotate(
            number(value, decimals),
            (xi, value),
            xytext=(0, 3),
            textcoords="offset points",
            ha="center",
            fontsize=8.8,
            color=SOFT,
        )
    axes.margins(y=0.16)
    axes.set_xticks(
        x,
        [press.say(f"{month}月", f"{fees.year}-{month:02d}") for month in fees.due.index],
        fontsize=9,
    )
    axes.set_xlabel(
        press.say(
            f"{fees.year}年{'（推算）' if fees.pattern else ''}",
            f"{fees.year}{' (by pattern)' if fees.pattern else ''}",
        )
    )
    axes.set_ylabel(press.say("考核费（万元）", "fees, 10,000 yuan"))
    words = press.say("、", ", ").join(
        press.say(
            f"{month}月{number(value, decimals)}", f"month {month}: {number(value, decimals)}"
        )
        for month, value in zip(fees.due.index, values, strict=True)
    )
    return svg(
        figure,
        press.say(
            f"{fees.year}年分月考核费（万元）：{words}；月均资金{number(money, decimals)}",
            f"Fees by month of {fees.year}, 10,000 yuan: {words}; a twelfth of the money {number(money, decimals)}",
        ),
    )


def change_bars(press: Press, parts, decimals: int) -> str:
    """Price, volume and mix of the change of fee spending, 10,000 yuan."""
    figure, axes = plt.subplots(figsize=(7.6, 2.1))
    names = (
        ("price", press.say("价格", "price")),
        ("volume", press.say("数量", "volume")),
        ("mix", press.say("结构", "mix")),
        ("change", press.say("合计", "change")),
    )
    y = np.arange(4)[::-1]
    values = np.array([parts[name] for name, _ in names])
    axes.barh(y, values, color=[TEAL, TEAL, TEAL, GREY], height=0.6)
    for yi, value in zip(y, values, strict=True):
        axes.annotate(
            number(value, decimals),
            (value, yi),
            xytext=(5 if value >= 0 else -5, 0),
            textcoords="offset points",
            va="center",
            ha="left" if value >= 0 else "right",
            fontsize=9.5,
        )
    low, high = min(0.0, values.min()), max(0.0, values.max())
    room = 0.16 * max(
        high - low, 1e-9
    )  # for the numbers: left of a negative bar they would lie on the names
    axes.set_xlim(
        low - (room if low < 0 else 0),
        high + (room if high > 0 else 0) + (1.0 if low == high else 0),
    )
    axes.set_yticks(y, [words for _, words in names], color=INK)
    axes.axvline(0, color=INK, lw=0.8)
    axes.grid(axis="y", visible=False)
    axes.set_xlabel(press.say("万元", "10,000 yuan"))
    return svg(
        figure,
        press.say("考核费支出变化分解（万元）：", "Change of fee spending: ")
        + press.say("；", "; ").join(
            f"{words} {number(value, decimals)}"
            for (_, words), value in zip(names, values, strict=True)
        ),
    )
