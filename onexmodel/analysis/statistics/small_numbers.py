"""Small numbers: intervals of shares, limits of means, shrinkage, and ranks that say how little they know. Arrays broadcast."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import norm


def wilson(successes, trials, confidence: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    """Score interval of a share (Wilson 1927; Newcombe 1998, Statistics in Medicine 17:857, method 3); nan for no trials.

    >>> [round(float(limit), 4) for limit in wilson(15, 148)]  # Newcombe's table I
    [0.0624, 0.1605]
    """
    s, n = np.asarray(successes, float), np.asarray(trials, float)
    z = norm.ppf((1 + confidence) / 2)
    with np.errstate(invalid="ignore", divide="ignore"):
        middle, reach = s + z * z / 2, z * np.sqrt(s * (n - s) / n + z * z / 4)
        low, high = (middle - reach) / (n + z * z), (middle + reach) / (n + z * z)
    return np.where(n > 0, np.where(s == 0, 0.0, low), np.nan), np.where(
        n > 0, np.where(s == n, 1.0, high), np.nan
    )


def normal_limits(
    target: float, spread: float, size, confidence: float = 0.95
) -> tuple[np.ndarray, np.ndarray]:
    """Funnel limits of a mean ≥ 0 around a target: ± z · spread / √size, the lower one not below 0 (Spiegelhalter 2005)."""
    reach = norm.ppf((1 + confidence) / 2) * spread / np.sqrt(np.asarray(size, float))
    return np.maximum(0.0, target - reach), target + reach


WINSOR = 0.1  # of the z-scores at each end, as Spiegelhalter takes it


def overdispersion(z, share: float = WINSOR) -> float:
    """φ: how many times wider than its limits say the variance between units is. The mean square of the z-scores about the target after
    the lowest and highest `share` of them are set to the quantile there (winsorised), so that a few outliers do not widen the limits that
    are to show them; never below 1. Limits then stand at target ± z · √φ · standard error (Spiegelhalter 2005, Quality and Safety in Health
    Care 14:347 with its appendix; Statistics in Medicine 24:1185, section on over-dispersion). Winsorising makes φ of a plain normal scatter a
    third too small (0.68), so the limits rather show too many than too few. nan without two z-scores.

    >>> round(overdispersion([-20, -3, -2, -1, -1, 0, 1, 1, 2, 3, 40]), 4)  # ends set to −3 and 3: 48/11, by hand
    4.3636
    >>> overdispersion([-.5, 0, .5])
    1.0
    """
    z = np.asarray(z, float)
    z = z[np.isfinite(z)]
    if len(z) < 2:
        return float("nan")
    return float(max(1.0, np.mean(np.clip(z, *np.quantile(z, (share, 1 - share))) ** 2)))


@dataclass(frozen=True)
class Pooled:
    """Random-effects mean, its standard error, the variance between units, and Cochran's Q."""

    mean: float
    error: float
    tau2: float
    q: float


def dersimonian_laird(estimates, errors) -> Pooled:
    """Moment estimate of the variance between units, cut at 0 (DerSimonian & Laird 1986). Units without an estimate or a
    positive standard error are left out; nan with fewer than two.

    >>> logs = [-.8893, -1.5854, -1.3481, -1.4416, -.2175, -.7861, -1.6209, .0120, -.4694, -1.3713, -.3394, .4459, -.0173]
    >>> variances = [.3256, .1946, .4154, .0200, .0512, .0069, .2230, .0040, .0564, .0730, .0124, .5325, .0714]
    >>> found = dersimonian_laird(logs, np.sqrt(variances))  # 13 BCG trials, Colditz 1994; as in R metafor
    >>> round(found.tau2, 2), round(found.mean, 3), round(found.error, 3)
    (0.31, -0.714, 0.179)
    """
    y, s = np.asarray(estimates, float), np.asarray(errors, float)
    keep = np.isfinite(y) & (s > 0)
    y, v = y[keep], s[keep] ** 2
    if len(y) < 2:
        return Pooled(*(float("nan"),) * 4)
    w = 1 / v
    q = float(np.sum(w * (y - np.average(y, weights=w)) ** 2))
    tau2 = float(max(0.0, (q - len(y) + 1) / (w.sum() - np.sum(w * w) / w.sum())))
    w = 1 / (v + tau2)
    return Pooled(float(np.average(y, weights=w)), float(w.sum() ** -0.5), tau2, q)


@dataclass(frozen=True)
class Shrunk:
    """Shrunk values with their standard errors and intervals, the weight each unit's own value keeps, and what they shrink to."""

    value: np.ndarray
    error: np.ndarray
    low: np.ndarray
    high: np.ndarray
    own: np.ndarray
    pooled: Pooled


def shrink(estimates, errors, confidence: float = 0.95) -> Shrunk:
    """Normal-normal shrinkage toward the random-effects mean (Efron & Morris 1975), with the mean's own uncertainty. nan for
    units left out of the mean.

    >>> schools = shrink([28, 8, -3, 7, -1, 1, 18, 12], [15, 10, 16, 11, 9, 11, 10, 18])  # Rubin 1981: pooled 7.7, s.e. 4.1
    >>> round(schools.pooled.mean, 1), round(schools.pooled.error, 1), schools.pooled.tau2, schools.value.round(1).tolist()[:2]
    (7.7, 4.1, 0.0, [7.7, 7.7])
    """
    y, s = np.asarray(estimates, float), np.asarray(errors, float)
    pooled = dersimonian_laird(y, s)
    own = np.where(np.isfinite(y) & (s > 0), pooled.tau2 / (pooled.tau2 + s**2), np.nan)
    value = own * y + (1 - own) * pooled.mean
    error = np.sqrt(own * s**2 + ((1 - own) * pooled.error) ** 2)
    z = norm.ppf((1 + confidence) / 2)
    return Shrunk(value, error, value - z * error, value + z * error, own, pooled)


def rank_intervals(estimates, errors, confidence: float = 0.9) -> tuple[np.ndarray, np.ndarray]:
    """Best and worst rank each unit may have (1 = lowest), all at once with the given confidence: from simultaneous intervals
    that do not overlap (Klein, Wright & Wieczorek 2020, JRSS C 69:589). nan for a unit without estimate; it counts for nobody.

    >>> [side.tolist() for side in rank_intervals([1.0, 1.2, 9.0], [0.5, 0.5, 0.5])]
    [[1.0, 1.0, 3.0], [2.0, 2.0, 3.0]]
    """
    y, s = np.asarray(estimates, float), np.asarray(errors, float)
    keep = np.isfinite(y) & np.isfinite(s)
    z = norm.ppf((1 + confidence ** (1 / max(1, int(keep.sum())))) / 2)
    low, high = np.where(keep, y - z * s, np.nan), np.where(keep, y + z * s, np.nan)
    below, above = (high[None, :] < low[:, None]).sum(1), (low[None, :] > high[:, None]).sum(1)
    return np.where(keep, 1.0 + below, np.nan), np.where(keep, float(keep.sum()) - above, np.nan)
