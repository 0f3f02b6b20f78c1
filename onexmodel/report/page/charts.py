"""Charts that several reports draw: cost by item, and what decides a yearly total."""

from __future__ import annotations

import numpy as np

from .blocks import Block, paragraphs
from .numbers import tenths
from .style import AMBER, INK, ROSE, SOFT, TEAL, canvas, svg
from .words import ITEMS
from .writer import PageWriter

SHOWN = 6  # assumptions in a figure of what decides
NOTHING, TRIFLE, SMALLEST = (
    0.5,
    0.001,
    0.01,
)  # yuan a year, share of the total, share of the largest swing: below, an assumption does not matter


def across(axes) -> None:
    """The grid of lying bars."""
    axes.grid(axis="x")
    axes.grid(axis="y", visible=False)


def item_bars(writer: PageWriter, rows) -> str:
    """Cost per candidate by item, organisation and college."""
    words = writer.words("page")
    figure, axes = canvas(0.8 + 0.3 * len(rows))
    y = np.arange(len(rows))[::-1]
    names = [writer.word(ITEMS, item) for item in rows["item"]]
    each = (rows["organisation"] + rows["college"]).tolist()
    axes.barh(y, rows["organisation"], color=TEAL, height=0.62)
    axes.barh(y, rows["college"], left=rows["organisation"], color=AMBER, height=0.62)
    for yi, value in zip(y, each, strict=True):
        axes.annotate(f" {tenths(value)}", (value, yi), va="center", fontsize=9, color=SOFT)
    axes.set_yticks(y, names, color=INK)
    across(axes)
    axes.set_xlabel(words.item_axis)
    return svg(figure, words.item_alt(list(zip(names, each, strict=True))))


def ends_of(writer: PageWriter, row) -> tuple[str, str]:
    """An assumption's ends as they are printed; a value by tier as multiples of the values taken."""
    words = writer.words("page")
    return words.end(row.low, row.times), words.end(row.high, row.times)


def swing_bars(writer: PageWriter, frame, central: float, unit: str) -> str:
    """Swing of a yearly total with each assumption alone at its P10 and P90; values at the ends in the labels."""
    words, money = writer.words("page"), writer.money
    frame = frame.head(SHOWN).assign(name=frame[writer.lang])
    top = frame.iloc[::-1]
    figure, axes = canvas(0.8 + 0.36 * len(top))
    y = np.arange(len(top))
    for column, colour in (("p10", AMBER), ("p90", TEAL)):
        axes.barh(
            y,
            money.inside(top[column] - central),
            left=money.inside(central),
            color=colour,
            height=0.52,
            label=words.swing_ends[column],
        )
    axes.axvline(money.inside(central), color=ROSE, lw=1)
    axes.set_ylim(-0.75, len(top) - 0.25)
    axes.set_yticks(
        y,
        [
            f"{row.name} {words.end(row.low, row.times)}—{words.end(row.high, row.times)}"
            for row in top.itertuples()
        ],
        color=INK,
    )
    across(axes)
    axes.legend(
        loc="upper center",
        bbox_to_anchor=(0.5, -0.45 / (0.62 + 0.28 * len(top))),
        ncols=2,
        frameon=False,
        fontsize=9,
    )
    axes.set_xlabel(words.swing_axis(unit))
    return svg(figure, words.swing_alt(unit, list(frame.itertuples()), central))


def swing_block(
    writer: PageWriter,
    label: str,
    frame,
    central: float,
    what: str,
    source: str,
    note: str = "",
) -> Block:
    """What decides a yearly total (`what`: its name), as figure: its title names the strongest assumption and how far it moves the total."""
    swing, central = (
        (frame["p90"] - frame["p10"]).abs(),
        float(frame["base"].iloc[0]) if len(frame) else central,
    )
    frame = frame[
        swing > max(NOTHING, TRIFLE * abs(central), SMALLEST * swing.max() if len(swing) else 0.0)
    ].reset_index(drop=True)
    words = writer.words("page")
    if frame.empty:
        return paragraphs(words.nothing_moves(what))
    top = frame.iloc[0]
    reach = writer.ends(sorted((top["p10"], top["p90"])), writer.money, central)
    finding = words.moves_most(what, top[writer.lang], ends_of(writer, top), reach)
    return writer.figure(
        label,
        finding,
        lambda: swing_bars(writer, frame, central, what),
        source=source,
        note=words.swing_note + note,
    )
