"""Inequality of weighted values: Gini, Theil, concentration index. (n,) arrays.

Weights say how many units a value stands for: weight 3 is the value three times. Values with weight 0 or nan are left out; an
empty vector or a mean of 0 gives nan.
"""

from __future__ import annotations

import numpy as np


def _clean(values, weights):
    values = np.asarray(values, float)
    weights = np.ones_like(values) if weights is None else np.asarray(weights, float)
    keep = np.isfinite(values) & (weights > 0)
    return values[keep], weights[keep]


def gini(values, weights=None) -> float:
    """Weighted Gini coefficient (Lerman & Yitzhaki 1989): 0 equal, toward 1 unequal. The biased one (R's `ineq`), not · n/(n − 1).

    >>> round(gini([1, 2, 3, 4]), 3)
    0.25
    """
    values, weights = _clean(values, weights)
    if not values.size or np.dot(values, weights) == 0:
        return float("nan")
    order = np.argsort(values, kind="stable")
    values, weights = values[order], weights[order] / weights.sum()
    rank = np.cumsum(weights) - weights / 2
    mean = np.dot(values, weights)
    return float(2 * np.dot(weights, (values - mean) * (rank - np.dot(weights, rank))) / mean)


def concentration_index(values, ranking, weights=None) -> float:
    """Concentration of `values` over the order of `ranking` (Wagstaff, Paci & van Doorslaer 1991): negative where those low in
    the ranking have more; ties share their mean rank.

    >>> concentration_index([4, 3, 2, 1], [1, 2, 3, 4]), concentration_index([4, 3, 2, 1], [9, 9, 9, 9])  # minus the Gini of 1…4; one rank
    (-0.25, 0.0)
    """
    values, ranking = np.asarray(values, float), np.asarray(ranking, float)
    weights = np.ones_like(values) if weights is None else np.asarray(weights, float)
    keep = np.isfinite(values) & np.isfinite(ranking) & (weights > 0)
    values, ranking, weights = values[keep], ranking[keep], weights[keep] / weights[keep].sum()
    if not values.size or np.dot(values, weights) == 0:
        return float("nan")
    unique, place = np.unique(ranking, return_inverse=True)
    mass = np.bincount(place, weights=weights, minlength=len(unique))
    rank = (np.cumsum(mass) - mass / 2)[place]
    return float(
        2 * np.dot(weights, (values - np.dot(values, weights)) * rank) / np.dot(values, weights)
    )


def theil(values, groups, weights=None) -> dict[str, float]:
    """Theil's T: total = between + within (Theil 1967), each in nats. A value of 0 counts with 0 · ln 0 = 0 (its limit); values
    below 0 and nan are left out; all zero or nothing gives nan.

    >>> {name: round(part, 4) for name, part in theil([1, 1, 3, 3], ["a", "a", "b", "b"]).items()}
    {'total': 0.1308, 'between': 0.1308, 'within': 0.0}
    >>> round(theil([0, 1], ["a", "a"])["total"] - float(np.log(2)), 12)  # one has all of two
    0.0
    """
    values = np.asarray(values, float)
    weights = np.ones_like(values) if weights is None else np.asarray(weights, float)
    groups = np.asarray(groups)
    keep = np.isfinite(values) & (values >= 0) & (weights > 0)
    values, weights, groups = values[keep], weights[keep] / weights[keep].sum(), groups[keep]
    if not values.any():
        return {"total": float("nan"), "between": float("nan"), "within": float("nan")}
    mean = np.dot(values, weights)
    total = float(np.dot(weights, _x_ln_x(values / mean)))
    _, place = np.unique(groups, return_inverse=True)
    share = np.bincount(place, weights=weights)
    group_mean = np.bincount(place, weights=weights * values) / share
    between = float(np.dot(share, _x_ln_x(group_mean / mean)))
    return {"total": total, "between": between, "within": total - between}


def _x_ln_x(x: np.ndarray) -> np.ndarray:
    return x * np.log(np.where(x > 0, x, 1.0))
