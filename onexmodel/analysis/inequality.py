"""Inequality of weighted values: Gini, Theil between and within groups, concentration index. Each (n,) arrays, weights > 0."""

from __future__ import annotations

import numpy as np


def _clean(values, weights):
    values = np.asarray(values, float)
    weights = np.ones_like(values) if weights is None else np.asarray(weights, float)
    keep = np.isfinite(values) & (weights > 0)
    return values[keep], weights[keep]


def gini(values, weights=None) -> float:
    """Weighted Gini coefficient (Lerman & Yitzhaki 1989): 0 equal, toward 1 unequal; nan for an empty or zero-mean vector.

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
    the ranking have more; ties share their mean rank."""
    values, ranking = np.asarray(values, float), np.asarray(ranking, float)
    weights = np.ones_like(values) if weights is None else np.asarray(weights, float)
    keep = np.isfinite(values) & np.isfinite(ranking) & (weights > 0)
    values, ranking, weights = values[keep], ranking[keep], weights[keep] / weights[keep].sum()
    if not values.size or np.dot(values, weights) == 0:
        return float("nan")
    unique, place = np.unique(ranking, return_inverse=True)
    mass = np.bincount(place, weights=weights, minlength=len(unique))
    rank = (np.cumsum(mass) - mass / 2)[place]
    return float(2 * np.dot(weights, (values - np.dot(values, weights)) * rank) / np.dot(values, weights))


def theil(values, groups, weights=None) -> dict[str, float]:
    """Theil's T: total = between + within (Theil 1967). Values > 0."""
    values = np.asarray(values, float)
    weights = np.ones_like(values) if weights is None else np.asarray(weights, float)
    groups = np.asarray(groups)
    keep = np.isfinite(values) & (values > 0) & (weights > 0)
    values, weights, groups = values[keep], weights[keep] / weights[keep].sum(), groups[keep]
    if not values.size:
        return {"total": float("nan"), "between": float("nan"), "within": float("nan")}
    mean = np.dot(values, weights)
    total = float(np.dot(weights, values / mean * np.log(values / mean)))
    _, place = np.unique(groups, return_inverse=True)
    share = np.bincount(place, weights=weights)
    group_mean = np.bincount(place, weights=weights * values) / share
    between = float(np.dot(share, group_mean / mean * np.log(group_mean / mean)))
    return {"total": total, "between": between, "within": total - between}
