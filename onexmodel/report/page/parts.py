"""How cost_reduction and performance_pay print: parts that add to their printed total (docs/method.md §0.7), intervals, what decides."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..cost_reduction.figures import ends_of, swing_bars
from .blocks import Block, paragraphs
from .numbers import wan
from .press import Press
from .sentences import words_in

NOTHING, TRIFLE, SMALLEST = (
    0.5,
    0.001,
    0.01,
)  # yuan a year, share of the total, share of the largest swing: below, an assumption does not matter


def fitted(
    values: Sequence[float],
    total: float | None = None,
    unit: float = 1e4,
    decimals: int = 1,
    most: Sequence[float] | None = None,
) -> list[float]:
    """The values in `unit`, rounded to `decimals`, so that they add to the rounded total (their own sum, or one already printed, in the
    same unit): the largest remainders are rounded up, ties to the first. Missing values stay missing and count as nothing. No
    value is rounded up past `most` (as printed) while another can be.

    >>> fitted([13_333, 13_333, 13_334])
    [1.3, 1.3, 1.4]
    """
    scale = 10**decimals
    exact = np.asarray(values, float) / unit * scale
    known = np.where(np.isfinite(exact), exact, 0.0)
    whole = np.floor(known + 1e-9)
    target = round((known.sum() / scale if total is None else total) * scale)
    left = int(target - whole.sum())
    order = np.argsort(-(known - whole), kind="stable")
    order = order[np.isfinite(exact)[order]]
    if most is not None and left > 0:
        full = whole + 1 > np.round(np.asarray(most, float) * scale)
        order = np.concatenate([order[~full[order]], order[full[order]]])
    for step in range(abs(left) if order.size else 0):
        at = order[step % order.size] if left > 0 else order[-1 - step % order.size]
        whole[at] += 1 if left > 0 else -1
    return [
        float(value) / scale if ok else float("nan")
        for value, ok in zip(whole, np.isfinite(exact), strict=True)
    ]


def swing_block(
    press: Press,
    label: str,
    frame,
    central: float,
    unit: tuple[str, str],
    source: str,
    note: str = "",
) -> Block:
    """What decides a yearly total, as figure: its title names the strongest assumption and how far it moves the total."""
    swing, central = (
        (frame["p90"] - frame["p10"]).abs(),
        float(frame["base"].iloc[0]) if len(frame) else central,
    )
    frame = frame[
        swing > max(NOTHING, TRIFLE * abs(central), SMALLEST * swing.max() if len(swing) else 0.0)
    ].reset_index(drop=True)
    what, words = press.say(*unit), words_in("page", press.lang)
    if frame.empty:
        return paragraphs(words.nothing_moves(what))
    top = frame.iloc[0]
    reach = press.ends(sorted((top["p10"], top["p90"])), wan, central)
    finding = words.moves_most(what, top[press.lang], ends_of(press, top), reach)
    return press.figure(
        label,
        finding,
        swing_bars(press, frame, central, what),
        source=source,
        note=words.swing_note + note,
    )
