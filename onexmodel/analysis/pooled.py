"""Groups large enough to be shown: small ones are pooled, so that nothing can be had by subtraction from a total."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

REST = "rest"


def pooled(groups: pd.Series, least: int) -> pd.Series:
    """A label a row: its own group where it has `least` rows, else REST; where REST itself would be too small, the smallest shown
    group joins it. All REST where nothing else can be shown."""
    count = groups.value_counts(sort=False)
    rest = set(count[count < least].index)
    while rest and count[list(rest)].sum() < least and len(rest) < len(count):
        rest.add(count[~count.index.isin(rest)].sort_values(kind="stable").index[0])
    return groups.where(~groups.isin(rest), REST)


def adjacent(groups: pd.Series, order: Sequence[int], least: int) -> pd.Series:
    """Ordered groups: neighbours are joined until each has `least` rows; a label "3" or "1–4" a row."""
    count, bins, held = groups.value_counts(), [], []
    for group in order:
        held.append(group)
        if sum(int(count.get(one, 0)) for one in held) >= least:
            bins, held = [*bins, held], []
    if held and bins:
        bins[-1] = bins[-1] + held
    elif held:
        bins = [held]
    label = {one: str(some[0]) if len(some) == 1 else f"{some[0]}–{some[-1]}" for some in bins for one in some}
    return groups.map(label)
