"""GEKS-Fisher levels of places whose baskets overlap enough. Prices and quantities are (places, products), nan or 0 where none."""

from __future__ import annotations

import numpy as np
from scipy.sparse.csgraph import connected_components

from .price_index import compared, in_order, solved


def fisher(prices, quantities) -> np.ndarray:
    """(places, places) Fisher ideal index (Fisher 1922) of column against row on their common products; nan without any.

    >>> p = [[1, 1, 1, 1, 1, 1], [1.2, 3, 1.3, .7, 1.4, .8]]  # Consumer Price Index Manual (ILO and others 2004), tables 19.1–19.4
    >>> q = [[1, 1, 2, 1, 4.5, .5], [.8, .9, 1.9, 1.3, 4.7, .6]]
    >>> round(float(fisher(p, q)[0, 1]), 4)
    1.4011
    """
    priced = (
        np.isfinite(prices) & (np.asarray(prices, float) > 0) & (np.asarray(quantities, float) > 0)
    )
    p, q = np.where(priced, prices, 0.0), np.where(priced, quantities, 0.0)
    crossed, own = (
        q @ p.T,
        (p * q) @ priced.T,
    )  # [i, j]: i's basket at j's prices; i's spending on what j prices too
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.sqrt(crossed / own * own.T / crossed.T)


def overlap(prices, quantities, labels=None) -> tuple[np.ndarray, np.ndarray]:
    """(places, places): how many products (distinct `labels`) both price, and the smaller share of spending they make up."""
    prices, quantities = np.asarray(prices, float), np.asarray(quantities, float)
    priced = np.isfinite(prices) & (prices > 0) & (quantities > 0)
    labels = (
        np.arange(prices.shape[1])
        if labels is None
        else np.unique(np.asarray(labels), return_inverse=True)[1]
    )
    count = sum(
        (priced[:, labels == c].astype(int) @ priced[:, labels == c].T.astype(int) > 0).astype(int)
        for c in np.unique(labels)
    )
    own = np.where(priced, prices * quantities, 0.0) @ priced.T
    with np.errstate(invalid="ignore", divide="ignore"):
        share = own / np.diag(own)[:, None]
    return count, np.fmin(share, share.T)


def geks(
    prices,
    quantities,
    labels=None,
    least: int = 1,
    least_share: float = 0.0,
    base: int | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """GEKS-Fisher levels (places,), base = 1, and which pairs were used (Eltetö & Köves 1964, Szulc 1964).

    The transitive levels nearest to the logarithms of all usable Fisher indices; with every pair usable the classic geometric mean
    over bridges. A pair is usable if it shares `least` products (distinct labels) and `least_share` of both sides' spending.
    base None: the geometric mean of the compared group weighted by spending. nan where no chain of usable pairs leads.

    >>> p, q = np.array([[1., 1], [2, 1], [1, 3]]), np.array([[1., 3], [1, 1], [1, 2]])  # README of the R package pppindexr
    >>> volume = (p * q).sum(1) / geks(p, q)[0]
    >>> (volume / volume.min()).round(3).tolist()
    [1.915, 1.0, 1.456]
    """
    index = fisher(prices, quantities)
    count, share = overlap(prices, quantities, labels)
    usable = (
        np.isfinite(index)
        & (count >= least)
        & (np.nan_to_num(share) >= least_share)
        & ~np.eye(len(index), dtype=bool)
    )
    group = in_order(connected_components(usable, directed=False)[1])
    members, level = group == compared(group, base), np.full(len(index), np.nan)
    if members.sum() < 2:
        return level, usable
    link, logs = (
        usable[np.ix_(members, members)],
        np.log(np.where(usable, index, 1.0))[np.ix_(members, members)],
    )
    spending = np.where(np.isfinite(prices), np.asarray(prices, float) * quantities, 0.0).sum(1)[
        members
    ]
    weight = (
        (np.flatnonzero(members) == base).astype(float)
        if base is not None
        else spending / spending.sum()
    )
    level[members] = np.exp(solved(np.diag(link.sum(1)) - link, logs.sum(0), weight))
    return level, usable
