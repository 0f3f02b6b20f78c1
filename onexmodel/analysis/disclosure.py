"""What a circulated report may tell of few colleges: counts of those that did or lack something, and groups large enough to be shown. Small
groups stand together by one rule in every table of every report, so that none can be had by subtraction; and the one order in which
groups stand."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from ..data.codes import TIERS

REST = "rest"
SMALL = 5  # a circulated report shows aggregates of at least five colleges or teachers


def tellable(some, every):
    """May be told how many of `every` college, `some`, did or lack something? Where both they and the rest are none or at least SMALL. Numbers
    or arrays of them.

    >>> tellable(0, 7), tellable(5, 10), tellable(1, 625), tellable(621, 625), tellable(3, 3)
    (True, True, False, False, False)
    """
    rest = every - some
    return ((some == 0) | (some >= SMALL)) & ((rest == 0) | (rest >= SMALL))


def tellable_groups(some: np.ndarray, every: np.ndarray) -> np.ndarray:
    """(groups,) bool: the groups of which it may be told. Where it may be told of all together, those that `tellable` withholds must not be had
    by subtraction: while they are not tellable as one, another group is withheld with them, the smallest that mends it if one does.

    >>> tellable_groups(np.array([20, 30, 39]), np.array([30, 30, 40])).tolist()
    [False, True, False]
    """
    told = np.array(tellable(some, every), bool)
    while tellable(some.sum(), every.sum()) and told.any() and not told.all():
        less, whole = some[~told].sum(), every[~told].sum()
        if tellable(less, whole):
            break
        mends = tellable(less + some, whole + every)
        told[min(np.flatnonzero(told), key=lambda at: (not mends[at], every[at]))] = False
    return told


def tellable_with_sum(some: np.ndarray, every: np.ndarray) -> np.ndarray:
    """(groups + 1,) bool: the same of groups whose sum stands last, and of the sum."""
    return np.append(tellable_groups(some[:-1], every[:-1]), tellable(some[-1], every[-1]))


def joined_groups(groups: Mapping[str, int | Collection[int]], least: int) -> list[tuple[str, ...]]:
    """Groups by name and size → the groups they are shown in, in their order. Those under `least` are put together; where these are
    still too few, the smallest of the others joins them. One group is left at the end at worst, however small. Groups that may share
    colleges are given as their colleges, each of which counts once.

    >>> joined_groups({"higher": 6, "secondary": 9, "applied": 2}, 5)
    [('secondary',), ('higher', 'applied')]
    >>> joined_groups({"oral": {1, 2, 3, 4, 5}, "paper": {1, 2, 3}, "mixed": {1, 2, 3}}, 5)
    [('oral', 'paper', 'mixed')]
    """

    held: dict[str, set[Hashable]] = {
        name: {*some} if isinstance(some, Collection) else {(name, i) for i in range(some)}
        for name, some in groups.items()
    }
    counts = {name: len(some) for name, some in held.items()}
    names = in_order(name for name, count in counts.items() if count)
    small = [name for name in names if counts[name] < least]
    large = sorted(
        (name for name in names if counts[name] >= least),
        key=lambda name: (counts[name], names.index(name)),
    )
    while small and large and len(set[Hashable]().union(*(held[name] for name in small))) < least:
        small.append(large.pop(0))
    shown = [(name,) for name in names if name not in small] + (
        [tuple(name for name in names if name in small)] if small else []
    )
    return sorted(shown, key=lambda group: names.index(group[0]))


def merged_groups(labels: Sequence[str], least: int) -> np.ndarray:
    """A label per college → the label of the group it is shown in, names joined by "+".

    >>> merged_groups(["a"] * 6 + ["b"] * 2 + ["c"] * 4, 5).tolist()[5:8]
    ['a', 'b+c', 'b+c']
    """
    shown = {
        name: "+".join(names) for names in joined_groups(_counts(labels), least) for name in names
    }
    return np.array([shown[label] for label in labels], object)


def pooled(labels: pd.Series, least: int) -> pd.Series:
    """The same with one name, REST, for those that stand together or are too few."""
    counts = _counts(labels)
    rest = {
        name
        for names in joined_groups(counts, least)
        for name in names
        if len(names) > 1 or counts[name] < least
    }
    return labels.where(~labels.isin(rest), REST)


def in_order(labels: Iterable[str]) -> list[str]:
    """Each label once: tiers (or tiers joined by "+") as the code list has them, others as they come, what is left over last.

    >>> in_order(["higher", "rest", "secondary", "higher"])
    ['secondary', 'higher', 'rest']
    """
    names = list(dict.fromkeys(labels))
    rank = {tier: i for i, tier in enumerate(TIERS)}
    return sorted(
        names, key=lambda name: len(names) if name == REST else rank.get(name.split("+")[0], 0)
    )


def _counts(labels) -> dict[str, int]:
    return {
        name: int(count)
        for name, count in pd.Series(labels, dtype=object).value_counts(sort=False).items()
    }


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
    label = {
        one: str(some[0]) if len(some) == 1 else f"{some[0]}–{some[-1]}"
        for some in bins
        for one in some
    }
    return groups.map(label)


def bins(samples: Sequence[np.ndarray], steps: Sequence[float], least: int) -> list[float]:
    """Edges among the rising `steps`, from the first to the last, between which every sample has at least `least` values; what is left over
    joins the last bin. None where a sample has fewer.

    >>> bins([np.array([1, 2, 11, 12, 13, 31])], [0, 10, 20, 30, 40], 3)
    [0, 40]
    """
    edges = [steps[0]]
    for edge in steps[1:]:
        if all(((values >= edges[-1]) & (values < edge)).sum() >= least for values in samples):
            edges.append(edge)
    return [*edges[:-1], steps[-1]] if len(edges) > 1 else []
