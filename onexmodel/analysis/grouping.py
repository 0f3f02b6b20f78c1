"""Groups of colleges large enough to be shown: small ones are put together, so that none can be found by subtraction."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def merged_groups(labels: Sequence[str], least: int) -> np.ndarray:
    """A label per college → the label of the group it is shown in, joined by "+". Groups under `least` are put together; where those
    are still too few, the smallest of the others joins them. One group is left at the end at worst, however small.

    >>> merged_groups(["a"] * 6 + ["b"] * 2 + ["c"] * 4, 5).tolist()[5:8]
    ['a', 'b+c', 'b+c']
    """
    labels = np.asarray(labels, object)
    names, counts = list(dict.fromkeys(labels.tolist())), {}
    for name in names:
        counts[name] = int((labels == name).sum())
    small = [name for name in names if counts[name] < least]
    large = sorted((name for name in names if counts[name] >= least), key=lambda name: (counts[name], names.index(name)))
    while small and large and sum(counts[name] for name in small) < least:
        small.append(large.pop(0))
    joined = "+".join(name for name in names if name in small)
    return np.array([joined if label in small else label for label in labels.tolist()], object)
