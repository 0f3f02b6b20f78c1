"""Figures of budget_and_settlement. `words`: the folder's words, which give axes, marks and text alternatives."""

from __future__ import annotations

import numpy as np
from matplotlib.ticker import MaxNLocator

from ...rules.funding import SOURCES as SOURCE_KEYS
from ..page.numbers import number, wan
from ..page.sentences import Words
from ..page.style import AMBER, GREY, INK, ROSE, SERIES, SOFT, TEAL, canvas, svg
from ..page.words import SOURCES, USES
from ..page.writer import PageWriter
from .numbers import Frontier, Sum

PROJECTED = 10.0  # 万元: from a largest month of this on, projected months have no decimals


def _write(axes, text: str, at, offset, fontsize: float = 9.5, **more) -> None:
    """A text beside a point."""
    axes.annotate(text, at, xytext=offset, textcoords="offset points", fontsize=fontsize, **more)


def sources_bars(words: Words, writer: PageWriter, table, needs: dict[str, Sum], gap: Sum) -> str:
    """Each use's need, stacked by the source that pays it; what nothing pays in rose. `needs`: use → need, its interval drawn as a thin
    line where its ends read as two."""
    figure, axes = canvas(3.1)
    y, left = np.arange(len(table))[::-1], np.zeros(len(table))
    used = [source for source in SOURCE_KEYS if table[source].sum() > 0.5]
    for source, colour in zip([*used, "gap"], [*SERIES[: len(used)], ROSE], strict=True):
        width = table[source].to_numpy() / 1e4
        name = writer.word(SOURCES, source if source != "gap" else "funding_gap")
        axes.barh(y, width, left=left, color=colour, height=0.62, label=name)
        left = left + width
    for yi, total, use in zip(y, left, table.index, strict=True):
        ends = needs[use].reach
        if writer.span(ends, wan):
            axes.plot([end / 1e4 for end in ends], [yi, yi], color=INK, lw=1.2, marker="|", ms=7)
        at = (np.nanmax([total, ends[1] / 1e4]), yi)
        _write(axes, number(total, 1), at, (5, 0), va="center", color=SOFT)
    axes.margins(x=0.1)
    axes.set_yticks(y, [writer.word(USES, use) for use in table.index], color=INK)
    axes.grid(axis="x")
    axes.grid(axis="y", visible=False)
    axes.set_xlabel(words.sources_axis)
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=4, frameon=False, fontsize=9)
    return svg(figure, words.sources_alt(list(needs.items()), gap))


def frontier_points(words: Words, found: Frontier) -> str:
    """Candidates at colleges without a gap against the Gini of coverage: every set of weights, the unbeaten ones joined and numbered,
    the current one."""
    figure, axes = canvas(3.2)
    edge, best = found.edge, found.best
    axes.scatter(100 * edge["secured"], edge["gini"], s=18, color=GREY, alpha=0.55, zorder=2, lw=0)
    axes.plot(100 * best["secured"], best["gini"], color=TEAL, lw=1.4, zorder=3)
    axes.scatter(100 * best["secured"], best["gini"], s=34, color=TEAL, zorder=4)
    width, height = (max(1e-9, np.ptp(edge[name])) for name in ("secured", "gini"))
    last = None
    for i, row in enumerate(best.itertuples(), start=1):
        spot = row.secured / width, row.gini / height
        # else two numbers would lie on each other
        if last is None or abs(spot[0] - last[0]) > 0.03 or abs(spot[1] - last[1]) > 0.07:
            at = (100 * row.secured, row.gini)
            _write(axes, str(i), at, (-7, 0), ha="right", va="center", color=TEAL)
            last = spot
    at = (100 * found.secured, found.gini)
    axes.scatter([at[0]], [at[1]], s=52, color=AMBER, zorder=5)
    _write(axes, words.frontier_axes["now"], at, (0, 8), ha="center", color=INK)
    axes.margins(x=0.08, y=0.16)
    axes.grid(axis="x")
    axes.set_xlabel(words.frontier_axes["secured"])
    axes.set_ylabel(words.frontier_axes["gini"])
    return svg(figure, words.frontier_alt(list(best.itertuples()), found))


def age_bars(words: Words, ages: dict[str, float]) -> str:
    """Arrears by age; age → 10,000 yuan."""
    figure, axes = canvas(2.4)
    axes.bar(np.arange(4), list(ages.values()), width=0.55, color=(TEAL, "#5aa49d", AMBER, ROSE))
    for at in enumerate(ages.values()):
        _write(axes, number(at[1], 1), at, (0, 4), ha="center", va="bottom")
    axes.margins(y=0.16)
    axes.set_xticks(np.arange(4), [words.ages_columns[age] for age in ages])
    axes.set_ylabel(words.ages_axis)
    return svg(figure, words.ages_alt(ages))


def need_bars(words: Words, fees) -> str:
    """Fees by month of one year against a twelfth of that year's money for fees (settlement_study.MonthlyFees)."""
    figure, axes = canvas(2.6)
    values, money = fees.due.to_numpy() / 1e4, fees.money / 1e4
    # records are facts; a plan spread by last year's months is not
    decimals = 0 if fees.pattern and values.max() >= PROJECTED else 1
    x = np.arange(len(values))
    axes.bar(x, values, width=0.6, color=[AMBER if value > money else TEAL for value in values])
    axes.axhline(money, color=INK, lw=1, ls=(0, (3, 2)))
    _write(axes, words.months_mark(money, decimals), (x[0] - 0.4, money), (0, 4))
    for xi, value in zip(x[values > 0], values[values > 0], strict=True):
        text = number(value, decimals)
        _write(axes, text, (xi, value), (0, 3), ha="center", fontsize=8.8, color=SOFT)
    axes.margins(y=0.16)
    axes.set_xticks(x, [words.month(fees.year, month) for month in fees.due.index], fontsize=9)
    axes.set_xlabel(words.months_year(fees))
    axes.set_ylabel(words.months_axis)
    due = list(zip(fees.due.index, values, strict=True))
    return svg(figure, words.months_alt(fees.year, due, money, decimals))


def burn_lines(words: Words, burn, plan, at) -> str:
    """Arrears at month ends, and where the clearing plan takes them."""
    figure, axes = canvas(2.9)
    past = np.arange(len(burn)) - (len(burn) - 1)
    payable, arrears, left = (
        fen / 1e6 for fen in (burn["payable_fen"], burn["arrears_fen"], plan["left_fen"])
    )
    owed, rest = arrears.iloc[-1], left.iloc[-1]
    axes.fill_between(past, payable, color="#e4efed")
    axes.plot(past, arrears, color=ROSE, lw=2.2)
    axes.plot([0, *plan["month"]], [owed, *left], color=TEAL, lw=2, ls=(0, (4, 2)))
    axes.axvline(0, color=INK, lw=1)
    marks = words.burn_marks
    _write(axes, marks["payable"], (past[-1], payable.iloc[-1]), (6, -4), color=SOFT)
    _write(axes, marks["arrears"], (past[-1], owed), (6, 6), color=ROSE)
    end = (plan["month"].iloc[-1], rest)
    _write(axes, words.burn_plan(rest), end, (0, 6), color=TEAL, ha="right")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_xlabel(words.burn_months(at))
    axes.set_ylabel(marks["axis"])
    part = plan["left_fen"].iloc[-1] / max(1, burn["arrears_fen"].iloc[-1])
    return svg(figure, words.burn_alt(at, owed, len(plan), part))


def change_bars(words: Words, parts: dict[str, float], decimals: int) -> str:
    """Price, volume, mix and change of fee spending, 10,000 yuan."""
    figure, axes = canvas(2.1)
    y, values = np.arange(4)[::-1], np.array(list(parts.values()))
    axes.barh(y, values, color=[TEAL, TEAL, TEAL, GREY], height=0.6)
    for at in zip(values, y, strict=True):
        side, offset = ("left", 5) if at[0] >= 0 else ("right", -5)
        _write(axes, number(at[0], decimals), at, (offset, 0), va="center", ha=side)
    low, high = min(0.0, values.min()), max(0.0, values.max())
    # for the numbers: left of a negative bar they would lie on the names
    room = 0.16 * max(high - low, 1e-9)
    axes.set_xlim(
        low - (room if low < 0 else 0),
        high + (room if high > 0 else 0) + (1.0 if low == high else 0),
    )
    axes.set_yticks(y, [words.change_parts[name] for name in parts], color=INK)
    axes.axvline(0, color=INK, lw=0.8)
    axes.grid(axis="y", visible=False)
    axes.set_xlabel(words.change_axis)
    return svg(figure, words.change_alt(parts, decimals))
