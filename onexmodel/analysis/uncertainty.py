"""Draws of what is uncertain: numeric beliefs and assumed instruments, by their distribution; readings are never drawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import numpy as np
from scipy import special

from ..law.parameters import Law, Parameter

NORMAL_95 = 1.6448536269514722  # low and high of a lognormal are its 5 % and 95 % points


def uncertain(law: Law, fixed: Iterable[str] = ()) -> list[Parameter]:
    """Parameters with a distribution, in order of name, except those `fixed` by a scenario or --set."""
    fixed = set(fixed)
    return [parameter for name, parameter in sorted(law.parameters.items())
            if parameter.distribution and parameter.type == "number" and name not in fixed
            and parameter.low is not None and parameter.high is not None and parameter.kind != "reading"]


def quantile(parameter: Parameter, central: float, u: np.ndarray) -> np.ndarray:
    """Inverse distribution at u (0–1). beta(a,b): on [low, high]; beta: PERT (mode at the central value); triangular: mode at
    the central value; lognormal: median at the central value, low and high its 5 % and 95 %, cut there."""
    low, high = parameter.low, parameter.high
    if high <= low:
        return np.full_like(u, central)
    kind = parameter.distribution
    if kind.startswith("beta("):
        a, b = (float(part) for part in kind[5:-1].split(","))
        return low + (high - low) * special.betaincinv(a, b, u)
    mode = (min(max(central, low), high) - low) / (high - low)
    if kind == "beta":
        return low + (high - low) * special.betaincinv(1 + 4 * mode, 1 + 4 * (1 - mode), u)
    if kind == "triangular":
        rising, falling = np.sqrt(u * mode), 1 - np.sqrt((1 - u) * (1 - mode))
        return low + (high - low) * np.where(u < mode, rising, falling)
    if kind == "lognormal":
        sigma = (np.log(high) - np.log(low)) / (2 * NORMAL_95)
        return np.clip(central * np.exp(sigma * special.ndtri(u)), low, high)
    raise ValueError(f"{parameter.name}: unknown distribution {kind}")


def sobol_points(dimensions: int, log2_draws: int, seed: int) -> np.ndarray:
    """Scrambled Sobol' points, (2^m, dimensions), strictly inside (0, 1)."""
    from scipy.stats import qmc  # slow to import: only where draws are wanted
    points = qmc.Sobol(dimensions, scramble=True, rng=np.random.default_rng(seed)).random_base2(log2_draws)
    return np.clip(points, 1e-9, 1 - 1e-9)


def draws(law: Law, day: date, log2_draws: int, seed: int, fixed: Iterable[str] = ()) -> dict[str, np.ndarray]:
    """name → (draws, 1): common to every scenario and study. Each uncertain parameter has its own column of the sequence, whatever is
    `fixed`, so that fixing one moves the draws of no other."""
    parameters, view, fixed = uncertain(law), law.at(day), set(fixed)
    points = sobol_points(max(1, len(parameters)), log2_draws, seed)
    return {parameter.name: quantile(parameter, view[parameter.name], points[:, i])[:, None]
            for i, parameter in enumerate(parameters) if parameter.name not in fixed}


def one_at_a_time(parameters: Sequence[Parameter], view: Mapping[str, object]) -> dict[str, np.ndarray]:
    """name → (2 · parameters, 1): rows 2i and 2i + 1 hold parameter i at its P10 and P90, the others at their central values."""
    made = {one.name: np.full((2 * len(parameters), 1), float(view[one.name])) for one in parameters}
    for i, one in enumerate(parameters):
        made[one.name][2 * i: 2 * i + 2, 0] = quantile(one, view[one.name], np.array([0.1, 0.9]))
    return made


def interval(values: np.ndarray, share: float = 0.8) -> tuple[float, float]:
    """The central interval of the draws, missing draws left out."""
    values = np.asarray(values, float)
    values = values[np.isfinite(values)]
    if not values.size:
        return float("nan"), float("nan")
    return tuple(float(x) for x in np.quantile(values, ((1 - share) / 2, (1 + share) / 2)))
