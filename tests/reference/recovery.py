"""What two years of data tell: the effect of a fee reform, the share of the headroom organisations get, how far provinces differ,
and what growth of workload brought. Each with an interval that is right for few provinces; shares shrunk, and no ranks.

Rows that share a province (or a college) move together: intervals count those, not rows. Arrays are (n,) unless said otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.stats import chi2
from scipy.stats import t as student

from onexmodel.analysis.statistics.small_numbers import Shrunk, dersimonian_laird, shrink

CONFIDENCE = 0.9


@dataclass(frozen=True)
class Estimate:
    """A value with its standard error, the degrees of freedom of its t, and its interval; all nan where fewer than two clusters tell."""

    value: float
    error: float
    freedom: float
    low: float
    high: float


@dataclass(frozen=True)
class Between:
    """Variance between units: DerSimonian & Laird's estimate and the Q-profile interval."""

    tau2: float
    low: float
    high: float


@dataclass(frozen=True)
class Shares:
    """Bargaining shares by province, in the order of `province` (provinces,): only shrunk values; `cells` they rest on; and τ²."""

    province: np.ndarray
    shrunk: Shrunk
    cells: np.ndarray
    between: Between


def slope(y, x, clusters, confidence: float = CONFIDENCE) -> Estimate:
    """Least squares of y = slope · x + error through the origin (x = 1: the mean), errors free within a cluster: the CR2 variance
    of Bell & McCaffrey (2002) with their degrees of freedom (Pustejovsky & Tipton 2018), in closed form for one regressor.

    With one row a cluster and x = 1 it is the t interval of a mean:
    >>> found = slope([1, 2, 3, 6], [1, 1, 1, 1], ["a", "b", "c", "d"])
    >>> round(found.value, 4), round(found.error, 4), round(found.freedom, 4)  # 2.1602 / √4, n − 1
    (3.0, 1.0801, 3.0)
    """
    y, x = np.asarray(y, float), np.asarray(x, float)
    _, place = np.unique(np.asarray(clusters), return_inverse=True)
    mass = np.bincount(place, weights=x * x)
    if (mass > 0).sum() < 2:
        return _interval(np.nan, np.nan, np.nan, confidence)
    weight, value = mass / mass.sum(), float(x @ y / mass.sum())
    score = np.bincount(place, weights=x * (y - value * x)) / mass.sum()
    error = float(np.sqrt(np.sum(score**2 / (1 - weight))))
    off = weight**2 / (1 - weight)
    return _interval(
        value, error, float(1 / (np.sum(weight**2) + off.sum() ** 2 - np.sum(off**2))), confidence
    )


def reform_effect(before, after, treated, province, confidence: float = CONFIDENCE) -> Estimate:
    """Difference in differences of logs between treated and other provinces: the log change a reform brought.

    before, after: of the same row in both years (fees, candidates). treated: bool. ValueError where one is not > 0, a province is
    treated in part, or an arm is empty.
    The arms' errors add; degrees of freedom by Welch (1947). Donald & Lang (2007) say why provinces are what counts.
    """
    change, treated, province = (
        log_change(before, after),
        np.asarray(treated, bool),
        np.asarray(province),
    )
    if np.intersect1d(province[treated], province[~treated]).size:
        raise ValueError("a province is treated in some rows and not in others")
    if treated.all() or not treated.any():
        raise ValueError("no province to compare with: all or none are treated")
    arms = [slope(change[arm], np.ones(arm.sum()), province[arm]) for arm in (treated, ~treated)]
    parts = np.array([arm.error**2 for arm in arms])
    freedom = parts.sum() ** 2 / np.sum(parts**2 / [arm.freedom for arm in arms])
    return _interval(
        arms[0].value - arms[1].value, float(np.sqrt(parts.sum())), float(freedom), confidence
    )


def log_change(before, after) -> np.ndarray:
    """ln(after / before); ValueError where one is not > 0."""
    before, after = np.asarray(before, float), np.asarray(after, float)
    if not ((before > 0).all() and (after > 0).all()):
        raise ValueError("a log change needs values above 0 in both years")
    return np.log(after / before)


def group_means(values, groups) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Groups in order, their means, standard errors from the variance within all groups together, and sizes; (groups,) each.
    Errors are nan where no group has two rows."""
    values = np.asarray(values, float)
    names, place = np.unique(np.asarray(groups), return_inverse=True)
    size = np.bincount(place)
    mean = np.bincount(place, weights=values) / size
    spare = len(values) - len(names)
    within = np.sum((values - mean[place]) ** 2) / spare if spare else np.nan
    return names, mean, np.sqrt(within / size), size


def between(estimates, errors, confidence: float = CONFIDENCE) -> Between:
    """Variance of the truth between units: DerSimonian & Laird's estimate, and the values that the generalised Q does not refuse
    (Q-profile, Viechtbauer 2007, Statistics in Medicine 26:37). 0 to 0 where Q is too small even for none; nan under two units.

    >>> logs = [-.8893, -1.5854, -1.3481, -1.4416, -.2175, -.7861, -1.6209, .0120, -.4694, -1.3713, -.3394, .4459, -.0173]
    >>> variances = [.3256, .1946, .4154, .0200, .0512, .0069, .2230, .0040, .0564, .0730, .0124, .5325, .0714]
    >>> found = between(logs, np.sqrt(variances), 0.95)  # 13 BCG trials; R metafor's confint: 0.1197 to 1.1115
    >>> round(found.low, 2), round(found.high, 2)
    (0.12, 1.11)
    """
    y, s = np.asarray(estimates, float), np.asarray(errors, float)
    keep = np.isfinite(y) & (s > 0)
    y, v = y[keep], s[keep] ** 2
    if len(y) < 2:
        return Between(*(float("nan"),) * 3)

    def q(tau2: float) -> float:
        w = 1 / (v + tau2)
        return float(np.sum(w * (y - np.average(y, weights=w)) ** 2))

    def where(level: float) -> float:
        if q(0.0) <= level:
            return 0.0
        top = float(np.sum((y - y.mean()) ** 2)) / level  # Q there is at most level
        return float(brentq(lambda tau2: q(tau2) - level, 0.0, top, xtol=1e-12 * top, rtol=1e-10))

    low, high = chi2.ppf([(1 + confidence) / 2, (1 - confidence) / 2], len(y) - 1)
    return Between(dersimonian_laird(y, np.sqrt(v)).tau2, where(low), where(high))


def bargaining_shares(fee, unit, ceiling, province, confidence: float = CONFIDENCE) -> Shares:
    """β by province: the mean share of the headroom that the fee leaves the organisation, (fee − unit) / (ceiling − unit), shrunk
    toward the provinces' mean (Efron & Morris 1975). All in 元/人次.

    Give only rows where a bargain fixed the fee, chosen by what was known before it (nothing proposed or special, cost below the
    ceiling), never by the fee itself. ValueError where a ceiling is not above its unit. Errors come from the variance within all
    provinces together, so that a province with few cells has one too.
    """
    fee, unit, ceiling = (np.asarray(one, float) for one in (fee, unit, ceiling))
    if not (ceiling > unit).all():
        raise ValueError("no headroom: the ceiling must be above the organisation's unit cost")
    names, mean, error, size = group_means((fee - unit) / (ceiling - unit), province)
    return Shares(names, shrink(mean, error, confidence), size, between(mean, error, confidence))


def province_shocks(before, after, province, confidence: float = CONFIDENCE) -> Between:
    """Variance between provinces of their log change, beyond what their number of rows explains. Give provinces of one arm."""
    _, mean, error, _ = group_means(log_change(before, after), province)
    return between(mean, error, confidence)


def pay_elasticity(uplift, pool, growth, college, confidence: float = CONFIDENCE) -> Estimate:
    """Uplift granted as a share of the pool, to growth of workload (added over other hours): through the origin, as the rule is; robust
    to unequal variance and to a college's grants being alike over the years. Rows without a grant on record, pool or growth are left out."""
    uplift, pool, growth = (np.asarray(one, float) for one in (uplift, pool, growth))
    keep = np.isfinite(uplift) & np.isfinite(growth) & (pool > 0)
    return slope(uplift[keep] / pool[keep], growth[keep], np.asarray(college)[keep], confidence)


def workload_growth(workload: pd.DataFrame) -> pd.Series:
    """1+X hours over the other hours by (college, year), from teacher rows."""
    hours = workload.groupby(["college", "year"])[["hours", "x_hours"]].sum()
    return (hours["x_hours"] / (hours["hours"] - hours["x_hours"])).rename("growth")


def _interval(value: float, error: float, freedom: float, confidence: float) -> Estimate:
    reach = float(student.ppf((1 + confidence) / 2, freedom)) * error
    return Estimate(value, error, freedom, value - reach, value + reach)
