"""Curves and bars of fee_cap. Each returns inline SVG with a text alternative that says the same as the picture."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np

from ...rules.fee import BINDS as BIND_CODES
from ..page.html import number, percent, wan
from ..page.press import Press
from ..page.style import AMBER, BLUE, GREY, INK, ROSE, RULE, SERIES, SOFT, TEAL, svg
from ..page.words import BINDS, SOURCES
from .areas import printed_parts

BIND_COLOUR = {
    "cap": TEAL,
    "verification": GREY,
    "proposal": BLUE,
    "bargaining": AMBER,
    "special": ROSE,
}


def fee_curve(press: Press, sweep, asked: float) -> str:
    """Mean approved fee against the cap's level, and below it the share of sittings by what binds."""
    figure, (top, low) = plt.subplots(
        2, 1, figsize=(7.6, 4.4), sharex=True, gridspec_kw={"height_ratios": (3, 2), "hspace": 0.16}
    )
    x = 100 * sweep["scale"].to_numpy()
    codes = [code for code in range(5) if sweep[f"binds_{code}"].max() > 0]
    main = sweep[[f"binds_{code}" for code in range(5)]].to_numpy().argmax(1)
    y = sweep["mean_approved_fee"].to_numpy()
    for i in range(len(x) - 1):
        top.plot(
            x[i : i + 2],
            y[i : i + 2],
            color=BIND_COLOUR[BIND_CODES[main[i]]],
            lw=3,
            solid_capstyle="round",
        )
    top.set_ylabel(press.say("平均核定标准（元/人次）", "mean approved fee, yuan"))
    _marks(press, top, asked, x)
    low.stackplot(
        x,
        *[100 * sweep[f"binds_{code}"] for code in codes],
        colors=[BIND_COLOUR[BIND_CODES[c]] for c in codes],
        lw=0,
    )
    _stack_labels(press, low, x, sweep, codes)
    low.set_ylim(0, 100)
    low.set_ylabel(press.say("占考核人次（%）", "% of sittings"))
    low.set_xlabel(press.say("成本上限（现行＝100）", "cap (now = 100)"))
    alt = press.say(
        f"上限由现行的{x[0]:.0f}%升到{x[-1]:.0f}%，平均核定标准由{number(y[0])}元变为{number(y[-1])}元；下图为各限制起作用的人次占比",
        f"Cap from {x[0]:.0f} to {x[-1]:.0f} % of today: mean approved fee {number(y[0])} to {number(y[-1])} yuan",
    )
    return svg(figure, alt)


def _stack_labels(press, axes, x, sweep, codes) -> None:
    base = np.zeros(len(x))
    for code in codes:
        height = 100 * sweep[f"binds_{code}"].to_numpy()
        at = int(np.argmax(height))
        at = min(max(at, 1), len(x) - 2)
        if height[at] > 9:
            axes.text(
                x[at],
                base[at] + height[at] / 2,
                press.word(BINDS, BIND_CODES[code]),
                ha="center",
                va="center",
                color="white",
                fontsize=9.5,
            )
        base += height


def _marks(press, axes, asked, x) -> None:
    axes.axvline(100, color=INK, lw=1)
    axes.annotate(
        press.say("现行", "now"),
        (100, axes.get_ylim()[0]),
        xytext=(3, 4),
        textcoords="offset points",
        fontsize=9.5,
    )
    if np.isfinite(asked) and x[0] < 100 * asked < x[-1] and abs(asked - 1) > 1e-6:
        axes.axvline(100 * asked, color=INK, lw=1, ls=(0, (2, 2)))
        axes.annotate(
            press.say("方案", "scheme"),
            (100 * asked, axes.get_ylim()[0]),
            xytext=(3, 4),
            textcoords="offset points",
            fontsize=9.5,
        )


WIDE, NARROW = (
    1.8,
    0.95,
)  # width of a Chinese and of a Latin letter of a label, in parts of a hundred of the bar


def burden_bar(
    press: Press,
    parts: dict[str, float],
    lead: tuple[str, str] = ("每多付100元", "Of 100 yuan more"),
) -> str:
    """Who bears 100 yuan: sources first, then what is not covered. Parts add to 100 and are printed so that they do; negative ones are
    not drawn. A name that would meet another goes a line up on a leader line, so that none touches the bar or another."""
    printed = dict(zip(parts, printed_parts(list(parts.values())), strict=True))
    drawn = sorted(
        ((name, value) for name, value in printed.items() if value > 0),
        key=lambda pair: pair[0] == "funding_gap",
    )
    width = max(100.0, sum(value for _, value in drawn))
    labels = [
        press.word(SOURCES, name) + ("" if value >= 4 * width / 100 else f" {number(value)}")
        for name, value in drawn
    ]
    places = label_places([value for _, value in drawn], labels, width)
    rows = max((row for _, row in places), default=0)
    figure, axes = plt.subplots(figsize=(7.6, 1.25 + 0.3 * rows))
    left = 0.0
    for i, ((name, value), label, (x, row)) in enumerate(zip(drawn, labels, places, strict=True)):
        colour, centre, y = (
            ROSE if name == "funding_gap" else SERIES[i % 7],
            left + value / 2,
            0.42 + 0.3 * row,
        )
        axes.barh([0], [value], left=left, color=colour, height=0.5, edgecolor="white", lw=1.4)
        if value >= 4 * width / 100:
            axes.text(
                centre, 0, number(value), color="white", ha="center", va="center", fontsize=10.5
            )
        if row:
            axes.plot([centre, centre], [0.3, y - 0.02], color=RULE, lw=0.9)
        axes.text(x, y, label, ha="center", va="bottom", fontsize=9.5, color=SOFT)
        left += value
    axes.set_axis_off()
    axes.set_xlim(0, width)
    axes.set_ylim(-0.3, 0.75 + 0.3 * rows)
    words = press.say("、", ", ").join(
        f"{press.word(SOURCES, name)} {number(value)}" for name, value in printed.items()
    )
    return svg(figure, press.say(f"{lead[0]}：{words}", f"{lead[1]}: {words}"))


def label_places(values: list[float], labels: list[str], width: float) -> list[tuple[float, int]]:
    """(centre, row) of each part's label: over its part, inside the bar's ends, in the lowest row where it meets no label before it."""
    made, ends, left = [], [], 0.0
    for value, label in zip(values, labels, strict=True):
        half = sum(WIDE if ord(letter) > 0x2E80 else NARROW for letter in label) * width / 200
        x = min(max(left + value / 2, half), width - half)
        row = next((i for i, end in enumerate(ends) if end + 1 <= x - half), len(ends))
        ends[row : row + 1] = [x + half]
        made.append((x, row))
        left += value
    return made


def response_curve(
    press: Press, sweep, asked: float, target: float, scale: float, ends: str
) -> str:
    """Bill and unmet demand against the cap, with 80 % intervals, and the critical cap (its interval as printed) where it is drawn."""
    figure, (a, b) = plt.subplots(1, 2, figsize=(7.6, 2.9), gridspec_kw={"wspace": 0.28})
    x = 100 * sweep["scale"].to_numpy()
    for axes, name, unit, colour in ((a, "fee_bill", 1e-4, BLUE), (b, "unmet_share", 100, TEAL)):
        if f"{name}_low" in sweep:
            axes.fill_between(
                x,
                unit * sweep[f"{name}_low"],
                unit * sweep[f"{name}_high"],
                color=colour,
                alpha=0.15,
                lw=0,
            )
        axes.plot(x, unit * sweep[name], color=colour, lw=2.2)
        axes.set_xlabel(press.say("成本上限（现行＝100）", "cap (now = 100)"))
        axes.axvline(100, color=RULE, lw=1, zorder=0)
        if np.isfinite(asked) and abs(asked - 1) > 1e-6 and x[0] < 100 * asked < x[-1]:
            axes.axvline(100 * asked, color=RULE, lw=1, ls=(0, (2, 2)), zorder=0)
    a.yaxis.set_major_formatter(lambda value, _: number(value))
    a.set_title(press.say("考核费支出（万元）", "fee bill, 10,000 yuan"), fontsize=10.5, loc="left")
    b.set_title(press.say("未满足考核需求（%）", "unmet demand, %"), fontsize=10.5, loc="left")
    b.axhline(100 * target, color=SOFT, lw=0.9, ls=(0, (4, 3)))
    b.text(
        x[-1],
        100 * target,
        press.say(f"目标 {100 * target:.0f}%", f"target {100 * target:.0f} %"),
        ha="right",
        va="bottom",
        fontsize=9,
        color=SOFT,
    )
    b.set_ylim(0, max(b.get_ylim()[1], 130 * target))
    if x[0] < 100 * scale < x[-1]:
        b.scatter([100 * scale], [100 * target], color=TEAL, s=40, zorder=5, edgecolor="white")
        far = 100 * scale > (x[0] + x[-1]) / 2
        b.annotate(
            press.say(f"临界上限 {100 * scale:.0f}", f"critical cap {100 * scale:.0f}") + ends,
            (100 * scale, 100 * target),
            xytext=(-6 if far else 6, 16),
            ha="right" if far else "left",
            textcoords="offset points",
            fontsize=9.5,
        )
    first, last = sweep.iloc[0], sweep.iloc[-1]
    alt = press.say(
        f"上限由{x[0]:.0f}升到{x[-1]:.0f}，考核费支出由{wan(first['fee_bill'])}万元变为{wan(last['fee_bill'])}万元，"
        f"未满足需求由{percent(first['unmet_share'])}%变为{percent(last['unmet_share'])}%",
        f"Cap {x[0]:.0f} to {x[-1]:.0f}: bill {wan(first['fee_bill'])} to {wan(last['fee_bill'])}, unmet demand "
        f"{percent(first['unmet_share'])} to {percent(last['unmet_share'])} %",
    )
    return svg(figure, alt)


def index_paths(
    press: Press,
    years: list[int],
    paths: dict[str, np.ndarray],
    names: dict[str, str],
    moves: dict[str, list[int]],
) -> str:
    """Fee index of each rule at the end of each year; a mark where it moves. years: the start and each year of the path."""
    figure, axes = plt.subplots(figsize=(7.6, 2.9))
    ends = []
    for (rule, path), colour, style in zip(
        paths.items(), (TEAL, AMBER, GREY), ("-", "-", (0, (4, 3))), strict=True
    ):
        axes.step(years, path, where="post", color=colour, lw=2.2, ls=style)
        axes.plot([years[-1], years[-1] + 0.35], [path[-1]] * 2, color=colour, lw=2.2, ls=style)
        at = [i for i, year in enumerate(years) if year in moves[rule]]
        axes.scatter(
            [years[i] for i in at],
            [path[i] for i in at],
            color=colour,
            s=38,
            zorder=4,
            edgecolor="white",
        )
        ends.append((float(path[-1]), f"{names[rule]} {path[-1]:.2f}", colour))
    low, high = (
        min(path.min() for path in paths.values()),
        max(path.max() for path in paths.values()),
    )
    room = max(high - low, 0.01)
    placed = -1e9
    for value, words, colour in sorted(
        ends
    ):  # names at the right end, pushed apart where they would meet
        placed = max(value, placed + 0.11 * room)
        axes.text(years[-1] + 0.45, placed, words, color=colour, fontsize=9.5, va="center")
    axes.set_xlim(years[0] - 0.1, years[-1] + 0.4)
    axes.set_ylim(low - 0.08 * room, max(high, placed) + 0.1 * room)
    axes.set_xticks(years)
    axes.set_ylabel(press.say(f"调整指数（{years[0]}年＝1）", f"fee index ({years[0]} = 1)"))
    words = press.say("；", "; ").join(
        f"{names[rule]} {path[-1]:.2f}" for rule, path in paths.items()
    )
    return svg(
        figure,
        press.say(
            f"{years[-1]}年末的费用标准调整指数：{words}",
            f"Fee index at the end of {years[-1]}: {words}",
        ),
    )
