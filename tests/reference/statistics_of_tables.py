"""Statistics whose worked examples are among the tables (t08, t15, t16) and which the product does not use: inequality, differences of
shares, funnel limits of shares and rates. And the shadow price of a source of funds."""

from __future__ import annotations

import numpy as np
from scipy.stats import binom, poisson

from onexmodel.analysis.statistics.inequality import _clean
from onexmodel.analysis.statistics.small_numbers import wilson
from onexmodel.rules.funding import SOURCES, total_gap


def mean_log_deviation(values, weights=None) -> float:
    """Theil's L (Theil 1967), the mean of ln(mean / value), nats. Values must be > 0, else inf."""
    values, weights = _clean(values, weights)
    if not values.size or np.dot(values, weights) == 0:
        return float("nan")
    with np.errstate(divide="ignore"):
        return float(
            np.average(np.log(np.average(values, weights=weights) / values), weights=weights)
        )


def atkinson(values, weights=None, aversion: float = 0.5) -> float:
    """Atkinson's index (Atkinson 1970) of non-negative values at an inequality aversion > 0.

    >>> round(atkinson([1, 4], aversion=1), 3)  # 1 − geometric mean / mean = 1 − 2 / 2.5
    0.2
    """
    values, weights = _clean(values, weights)
    if not values.size or np.dot(values, weights) == 0:
        return float("nan")
    mean = np.average(values, weights=weights)
    with np.errstate(divide="ignore"):
        if aversion == 1:
            return float(1 - np.exp(np.average(np.log(values), weights=weights)) / mean)
        return float(
            1 - np.average(values ** (1 - aversion), weights=weights) ** (1 / (1 - aversion)) / mean
        )


def ricci_schutz(values, weights=None) -> float:
    """Share of the total that would have to move for all to be equal (Ricci 1916, Schutz 1951; Hoover's index)."""
    values, weights = _clean(values, weights)
    if not values.size or np.dot(values, weights) == 0:
        return float("nan")
    mean = np.average(values, weights=weights)
    return float(np.average(np.abs(values - mean), weights=weights) / (2 * mean))


def newcombe(
    successes, trials, other_successes, other_trials, confidence: float = 0.95
) -> tuple[np.ndarray, np.ndarray]:
    """Interval of a difference of two shares (Newcombe 1998, Statistics in Medicine 17:873, method 10).

    >>> [round(float(limit), 4) for limit in newcombe(56, 70, 48, 80)]  # Newcombe's example 56/70 − 48/80
    [0.0524, 0.3339]
    """
    p, q = np.asarray(successes) / trials, np.asarray(other_successes) / other_trials
    (a, b), (c, d) = (
        wilson(successes, trials, confidence),
        wilson(other_successes, other_trials, confidence),
    )
    return p - q - np.hypot(p - a, d - q), p - q + np.hypot(b - p, q - c)


def binomial_limits(
    target: float, trials, confidence: float = 0.95, clip: bool = True
) -> tuple[np.ndarray, np.ndarray]:
    """Funnel limits of a share around a target: interpolated exact quantiles (Spiegelhalter 2005, Statistics in Medicine 24:1185,
    appendix). The interpolation can reach below 0; `clip` keeps it in 0–1.

    >>> [round(float(limit), 4) for limit in binomial_limits(0.1, 100)]
    [0.0404, 0.1577]
    """
    n = np.asarray(trials)
    low, high = _interpolated(binom, confidence, n, target)
    return (np.clip(low / n, 0, 1), np.clip(high / n, 0, 1)) if clip else (low / n, high / n)


def poisson_limits(
    target: float, exposure, confidence: float = 0.95, clip: bool = True
) -> tuple[np.ndarray, np.ndarray]:
    """Funnel limits of a rate (events per unit of exposure) around a target, as `binomial_limits`."""
    exposure = np.asarray(exposure, float)
    low, high = _interpolated(poisson, confidence, target * exposure)
    return (
        (np.maximum(low, 0) / exposure, high / exposure)
        if clip
        else (low / exposure, high / exposure)
    )


def _interpolated(law, confidence, *about):
    made = []
    for p in ((1 - confidence) / 2, (1 + confidence) / 2):
        r = law.ppf(p, *about)
        upper, lower = law.cdf(r, *about), law.cdf(r - 1, *about)
        made.append(r - (upper - p) / (upper - lower))
    return made


def shadow_price(needs, limits, eligible):
    """Gap closed by one more yuan of each source, 0–1, stacked as SOURCES."""
    now = total_gap(needs, limits, eligible)
    closed = []
    for source in range(len(SOURCES)):
        more = limits.copy()
        more[..., source, :] += 1.0
        closed.append(now - total_gap(needs, more, eligible))
    return np.clip(np.stack(closed, axis=-2), 0.0, 1.0)
