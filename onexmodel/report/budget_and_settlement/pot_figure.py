"""The frontier of the provincial pot's weights."""

from __future__ import annotations

import matplotlib.pyplot as plt

from ..page.html import gini, points
from ..page.press import Press
from ..page.style import AMBER, GREY, INK, TEAL, svg


def frontier_points(press: Press, edge, best) -> str:
    """Candidates at colleges without a gap against the Gini of coverage: every set of weights, the unbeaten ones joined and numbered,
    the current one."""
    figure, axes = plt.subplots(figsize=(7.6, 3.2))
    now = edge[edge["current"]].iloc[0]
    axes.scatter(100 * edge["secured"], edge["gini"], s=18, color=GREY, alpha=0.55, zorder=2, lw=0)
    axes.plot(100 * best["secured"], best["gini"], color=TEAL, lw=1.4, zorder=3)
    axes.scatter(100 * best["secured"], best["gini"], s=34, color=TEAL, zorder=4)
    width, height = (
        max(1e-9, edge["secured"].max() - edge["secured"].min()),
        max(1e-9, edge["gini"].max() - edge["gini"].min()),
    )
    last = None
    for i, row in enumerate(best.itertuples(), start=1):
        spot = row.secured / width, row.gini / height
        if (
            last is None or abs(spot[0] - last[0]) > 0.03 or abs(spot[1] - last[1]) > 0.07
        ):  # two numbers would lie on each other
            axes.annotate(
                str(i),
                (100 * row.secured, row.gini),
                xytext=(-7, 0),
                textcoords="offset points",
                ha="right",
                va="center",
                fontsize=9.5,
                color=TEAL,
            )
            last = spot
    axes.scatter([100 * now["secured"]], [now["gini"]], s=52, color=AMBER, zorder=5)
    axes.annotate(
        press.say("现行权重", "current"),
        (100 * now["secured"], now["gini"]),
        xytext=(0, 8),
        textcoords="offset points",
        ha="center",
        fontsize=9.5,
        color=INK,
    )
    axes.margins(x=0.08, y=0.16)
    axes.grid(axis="x")
    axes.set_xlabel(
        press.say("无缺口院校的考生占比（%）", "candidates at colleges without a gap, %")
    )
    axes.set_ylabel(press.say("覆盖率基尼系数", "Gini of coverage"))
    words = press.say("；", "; ").join(
        f"{i}: {points(row.secured)}%, {gini(row.gini)}"
        for i, row in enumerate(best.itertuples(), start=1)
    )
    return svg(
        figure,
        press.say(
            f"权重前沿（无缺口院校的考生占比、基尼系数）：{words}；现行 {points(now['secured'])}%，{gini(now['gini'])}",
            f"Frontier of weights (candidates without a gap, Gini): {words}; current {points(now['secured'])} %, "
            f"{gini(now['gini'])}",
        ),
    )
