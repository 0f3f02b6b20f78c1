"""Price levels of places that do not all price the same products: country-product-dummy (GEKS-Fisher is geks.py).

Prices are (places, products) in yuan, nan where a place has no price; weights (candidates) and quantities have the same shape.
Two places can be compared only if a chain of shared products links them: a level is nan (不可比) where none does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse.csgraph import connected_components
from scipy.stats import t as student


@dataclass(frozen=True)
class Levels:
    """Price levels, base = 1. `level`, `low`, `high` and `group` are (places,), `product` is (products,) yuan at the base's level.

    `group` numbers the linked groups of places in their order, −1 for a place without a price. Levels are nan outside the
    compared group; `low` and `high` are nan where one product alone holds the group together. `clusters`: products (or
    groups of products) that link two places or more, on which the intervals rest.
    """

    level: np.ndarray
    low: np.ndarray
    high: np.ndarray
    product: np.ndarray
    group: np.ndarray
    clusters: int


def linked_groups(priced: np.ndarray) -> np.ndarray:
    """(places, products) bool → (places,) group numbers in the order of places, −1 where nothing is priced.

    >>> linked_groups(np.array([[1, 0, 0], [0, 1, 0], [1, 0, 0], [0, 0, 0]], bool)).tolist()
    [0, 1, 0, -1]
    """
    priced = np.asarray(priced, bool)
    _, found = connected_components(priced.astype(int) @ priced.T.astype(int), directed=False)
    return in_order(np.where(priced.any(1), found, -1))


def in_order(labels: np.ndarray) -> np.ndarray:
    """Group labels renumbered in the order of their first member; −1 stays."""
    order = {
        label: number for number, label in enumerate(dict.fromkeys(labels[labels >= 0].tolist()))
    }
    return np.array([order.get(label, -1) for label in labels.tolist()], int)


def cpd(
    prices,
    weights=None,
    clusters=None,
    base: int | None = None,
    confidence: float = 0.95,
    intervals: bool = True,
) -> Levels:
    """Weighted country-product-dummy levels (Summers 1973; Rao 2005 for the weights): ln price = place + product + error.

    Weighted least squares; a cell counts where price and weight are > 0. Weights say how much a cell matters, not how many
    prices were seen: intervals come from leaving out one cluster of products at a time (jackknife, t with clusters − 1 degrees
    of freedom; MacKinnon, Nielsen & Webb 2023), so doubling every weight changes nothing. `clusters` (products,) are labels,
    by default each product its own; `intervals` False leaves them out. base: the place set to 1; None: the weighted geometric mean of the compared group, which is
    the largest one (of two places or more).

    >>> fees = np.array([[200, 300, np.nan], [220, np.nan, 440], [np.nan, 270, 360]])  # c06: simple means 250, 330, 315 mislead
    >>> found = cpd(fees, base=0)
    >>> found.level.round(6).tolist(), found.product.round(6).tolist()
    ([1.0, 1.1, 0.9], [200.0, 300.0, 400.0])
    >>> cpd(np.array([[503, np.nan], [np.nan, 450]])).level.tolist()  # nothing is priced twice: not comparable
    [nan, nan]
    """
    prices = np.asarray(prices, float)
    weights = np.ones_like(prices) if weights is None else np.asarray(weights, float)
    used = np.isfinite(prices) & (prices > 0) & (weights > 0)
    group = linked_groups(used)
    level, low, high = (np.full(len(prices), np.nan) for _ in range(3))
    product = np.full(prices.shape[1], np.nan)
    members = group == compared(group, base)
    if members.sum() < 2 or (base is not None and not members[base]):
        return Levels(level, low, high, product, group, 0)
    w = np.where(used, weights, 0.0)[members]
    y = np.where(used, np.log(np.where(used, prices, 1.0)), 0.0)[members]
    at_base = np.flatnonzero(members) == base
    share = at_base.astype(float) if base is not None else w.sum(1) / w.sum()
    labels = (
        np.arange(prices.shape[1])
        if clusters is None
        else np.unique(np.asarray(clusters), return_inverse=True)[1]
    )
    linking = [c for c in np.unique(labels) if ((w[:, labels == c] > 0).sum(0) > 1).any()]
    if not intervals:
        linking, labels = [0], np.zeros_like(labels)
    parts = [_normal_equations(w[:, labels == c], y[:, labels == c]) for c in linking]
    left, right = sum(part[0] for part in parts), sum(part[1] for part in parts)
    effect = solved(left, right, share)
    level[members] = np.exp(effect)
    seen = w.sum(0) > 0
    product[seen] = np.exp((w * (y - effect[:, None])).sum(0)[seen] / w.sum(0)[seen])
    leave_out = (
        [
            solved(left - part[0], right - part[1], share)
            if (linked_groups(w[:, labels != c] > 0) == 0).all()
            else None
            for c, part in zip(linking, parts, strict=True)
        ]
        if len(linking) > 1
        else []
    )
    if leave_out and all(one is not None for one in leave_out):
        spread = np.sqrt(
            (len(linking) - 1) / len(linking) * sum((one - effect) ** 2 for one in leave_out)
        )
        reach = student.ppf((1 + confidence) / 2, len(linking) - 1) * spread
        low[members], high[members] = np.exp(effect - reach), np.exp(effect + reach)
    return Levels(level, low, high, product, group, len(linking))


def compared(group: np.ndarray, base: int | None) -> int:
    """The number of the group that is compared: the base's, or the largest one; −2 where none has two places."""
    if base is not None:
        return int(group[base])
    sizes = np.bincount(group[group >= 0], minlength=1)
    return int(np.argmax(sizes)) if sizes.max() > 1 else -2


def _normal_equations(w, y):
    """The products' effects swept out: a Laplacian over places and its right-hand side."""
    whole = w.sum(0)
    keep = whole > 0
    w, y, whole = w[:, keep], y[:, keep], whole[keep]
    mean = (w * y).sum(0) / whole
    return np.diag(w.sum(1)) - (w / whole) @ w.T, (w * (y - mean)).sum(1)


def solved(left, right, share):
    """Place effects of a Laplacian system, their mean by `share` at 0."""
    effect = np.linalg.lstsq(left, right, rcond=None)[0]
    return effect - share @ effect
