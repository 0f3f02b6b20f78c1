"""Draws of what is uncertain: numeric beliefs and assumed instruments, by their distribution; readings are never drawn.

A value by tier is one estimate at three price levels, so its draws are one factor for all tiers: each tier's value is its central
value times the factor. The parameter's range is that of all tiers together: its low end is the 5 % point of the cheapest tier's value, its
high end the 95 % point of the dearest's (for other distributions than the lognormal: the least and the most of them).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
from scipy import special

from ...data.codes import TIERS
from ...law.parameters import Law, Parameter
from ...law.registry import INTENSITY_COLUMN

NORMAL_95 = 1.6448536269514722  # low and high of a lognormal are its 5 % and 95 % points
LOG2_DRAWS, LOG2_SMALL, SMALL_ROWS = (
    7,
    8,
    500,
)  # draws of a report: 2^7, 2^8 where a place has few offerings and they cost little
LEAST_DRAWS = (
    2**LOG2_DRAWS
)  # fewer Sobol' points in some 26 dimensions are no sample: independent inputs correlate, intervals cover too little
APART = (*range(14), 15, 16, 18, 21, 22, 24, 27, 34, 37, 44, 45, 60, 61, 69, 116, 127, 130, 143)
# columns of the sequence that correlate least in 2^7 points: over 60 scramblings the largest rank correlation of two of them has the median 0.19 and
# never passes 0.3; of the first 27, taken as they come, two have 0.4 in every one (`python -m benchmarks.coverage` looks at them again)
WIDTH = 144  # columns drawn, whatever is taken of them: the points do not depend on how many are
INTENSITY = "levers.intensity"  # drawn beside the parameters: how far levers are carried out


def uncertain(law: Law, fixed: Iterable[str] = ()) -> list[Parameter]:
    """Parameters with a distribution, in order of name, except those `fixed` by a scenario or --set."""
    fixed = set(fixed)
    return [one for name, one in sorted(law.parameters.items()) if one.drawn and name not in fixed]


def quantile(parameter: Parameter, central: float, u: np.ndarray) -> np.ndarray:
    """Inverse distribution of a number at u (0–1). beta(a,b): on [low, high]; beta: PERT (mode at the central value); triangular: mode at
    the central value; lognormal: median at the central value, low and high its 5 % and 95 % points (a spread of its own to either side), cut there."""
    low, high = parameter.range
    if high <= low:
        return np.full_like(u, central)
    kind = parameter.distribution
    if kind.startswith("beta("):
        a, b = (float(part) for part in kind[5:-1].split(","))
        return low + (high - low) * special.betaincinv(a, b, u)
    central = min(max(central, low), high)
    mode = (central - low) / (high - low)
    if kind == "beta":
        return low + (high - low) * special.betaincinv(1 + 4 * mode, 1 + 4 * (1 - mode), u)
    if kind == "triangular":
        rising, falling = np.sqrt(u * mode), 1 - np.sqrt((1 - u) * (1 - mode))
        return low + (high - low) * np.where(u < mode, rising, falling)
    if kind == "lognormal":
        z, down, up = special.ndtri(u), float(np.log(central / low)), float(np.log(high / central))
        spread = np.where(z < 0, down, up) / NORMAL_95
        return np.clip(central * np.exp(spread * z), low, high)
    raise ValueError(f"{parameter.name}: unknown distribution {kind}")


def factor_of(parameter: Parameter, central: Mapping[str, float]) -> Parameter:
    """The factor of a value by tier as a number of its own, with median or mode 1; 1 lies in its range whatever a scenario sets."""
    low, high = parameter.range
    return replace(
        parameter,
        type="number",
        low=min(1.0, low / min(central.values())),
        high=max(1.0, high / max(central.values())),
    )


def values_at(parameter: Parameter, central: Any, u: np.ndarray) -> np.ndarray:
    """Inverse distribution at u, as a view takes it: (n, 1), or (n, tiers) of a value by tier, in the order of TIERS."""
    if parameter.type != "by_tier":
        return quantile(parameter, float(central), u)[:, None]
    return quantile(factor_of(parameter, central), 1.0, u)[:, None] * taken(central)


def taken(value: Any) -> np.ndarray:
    """A central value as a row: (1,), or (tiers,) of a value by tier."""
    return np.array(
        [value[tier] for tier in TIERS] if isinstance(value, Mapping) else [value], float
    )


def p10_p90(parameter: Parameter, central: Any) -> tuple[float, float]:
    """P10 and P90 of a number; of a value by tier those of its factor."""
    by_tier = parameter.type == "by_tier"
    low, high = quantile(
        factor_of(parameter, central) if by_tier else parameter,
        1.0 if by_tier else float(central),
        np.array([0.1, 0.9]),
    )
    return float(low), float(high)


def sobol_points(dimensions: int, log2_draws: int, seed: int) -> np.ndarray:
    """Scrambled Sobol' points, (2^m, dimensions), strictly inside (0, 1)."""
    from scipy.stats import qmc  # slow to import: only where draws are wanted

    points = qmc.Sobol(dimensions, scramble=True, rng=np.random.default_rng(seed)).random_base2(
        log2_draws
    )
    return np.clip(points, 1e-9, 1 - 1e-9)


def columns(law: Law, log2_draws: int, seed: int) -> dict[str, np.ndarray]:
    """name → (draws,) of uniform numbers: one sequence with a column for everything that is ever drawn, each parameter's as its YAML says
    (draw_column), so that another parameter moves no draw. A second sequence beside it would be correlated with the first."""
    taken = {one.name: one.draw_column for one in uncertain(law)} | {INTENSITY: INTENSITY_COLUMN}
    order, points = (
        [*APART, *(one for one in range(WIDTH) if one not in APART)],
        sobol_points(WIDTH, log2_draws, seed),
    )
    return {name: points[:, order[column]] for name, column in taken.items()}


def draws(
    law: Law, day: date, log2_draws: int, seed: int, fixed: Iterable[str] = ()
) -> dict[str, np.ndarray]:
    """name → (draws, 1), or (draws, tiers): common to every scenario and study. Each uncertain parameter has its own column of the sequence, whatever is
    `fixed`, so that fixing one moves the draws of no other."""
    view, fixed, found = law.at(day), set(fixed), columns(law, log2_draws, seed)
    return {
        parameter.name: values_at(parameter, view[parameter.name], found[parameter.name])
        for parameter in uncertain(law)
        if parameter.name not in fixed
    }


def study_draws(study, log2_draws: int, seed: int) -> dict[str, np.ndarray]:
    """Draws for views(): what is not held (--set, or a reading or belief that the scenario fixes), around the law before any scenario. What the
    scenario fixes is drawn in its baseline only; what it scales or adds to is drawn in both (law/replay.py)."""
    found = draws(study.composition.start, study.day, log2_draws, seed, study.held())
    return {name.replace(".", "__"): values for name, values in found.items()}


def log2_for(rows: int) -> int:
    """How many draws (log2) a place with so many offerings takes unless somebody asks for another number."""
    return LOG2_SMALL if rows <= SMALL_ROWS else LOG2_DRAWS


def at_ends(parameters: Sequence[Parameter], view: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """Each parameter alone at its ends: name → (2 · parameters + 1, 1 or tiers), in which rows 2i and 2i + 1 hold parameter i at its P10 and
    P90 and all others their medians, and the last row holds all at their medians. Medians and not central values, so that what one
    moves alone lies in what all move together: a central value can lie off the middle of its draws."""
    made = {
        one.name: np.tile(
            values_at(one, view[one.name], np.array([0.5])), (2 * len(parameters) + 1, 1)
        )
        for one in parameters
    }
    for i, one in enumerate(parameters):
        made[one.name][2 * i : 2 * i + 2] = values_at(one, view[one.name], np.array([0.1, 0.9]))
    return made


def quantiles(values: np.ndarray, shares: Sequence[float] | float, axis: int = -1) -> np.ndarray:
    """Quantiles by Hazen's rule (the k-th of n values is the (k − ½)/n point), shares first: numpy's default lies too far inside."""
    return np.quantile(np.asarray(values, float), shares, axis=axis, method="hazen")


def interval(values: np.ndarray, share: float = 0.8) -> tuple[float, float]:
    """The central interval of the draws that have a value; none (nan, nan) where these are fewer than LEAST_DRAWS."""
    values = np.asarray(values, float)
    known = values[np.isfinite(values)]
    if known.size < LEAST_DRAWS:
        return float("nan"), float("nan")
    low, high = quantiles(known, ((1 - share) / 2, (1 + share) / 2))
    return float(low), float(high)


def percentiles(values: np.ndarray) -> dict[str, float]:
    """p10, p50, p90; the ends are missing where there are too few draws for an interval."""
    low, high = interval(values)
    return {"p10": low, "p50": float(quantiles(values, 0.5)), "p90": high}
