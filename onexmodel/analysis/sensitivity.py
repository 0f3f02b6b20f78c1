"""Which assumptions decide the answer: first and total Sobol indices with intervals, in one call that samples, runs and computes;
open readings stand beside them, compared, never drawn."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..engine.compile import mid_year
from .blocks import blocks
from .cap_study import FIXED, readings
from .measures import known_measure, measured, movers
from .study import Study
from .uncertainty import quantile, uncertain

CONFIDENCE, RESAMPLES = 0.9, 200


@dataclass(frozen=True)
class Indices:
    """First and total indices with bootstrap intervals, (measures, dimensions) each; `variance` (measures,)."""

    first: np.ndarray
    first_low: np.ndarray
    first_high: np.ndarray
    total: np.ndarray
    total_low: np.ndarray
    total_high: np.ndarray
    variance: np.ndarray


def sobol(function: Callable[[np.ndarray], np.ndarray], dimensions: int, log2_draws: int, seed: int, resamples: int = RESAMPLES) -> Indices:
    """Sobol' indices (Saltelli 2010 estimators of scipy, bootstrap intervals at 90 %) of a function of uniform points.

    function: (dimensions, n) in (0, 1) → (n,) or (measures, n); it is called with 2^log2_draws · (dimensions + 2) points. A measure
    that nothing moves has indices 0.
    """
    from scipy.stats import sobol_indices, uniform  # slow to import: only where indices are wanted
    shape = np.atleast_2d(function(np.full((dimensions, 1), 0.5))).shape[0]

    def safe(x):
        return np.atleast_2d(function(np.clip(x, 1e-9, 1 - 1e-9)))
    spread = safe(np.random.default_rng(seed).random((dimensions, 64))).var(1)
    dead = spread <= 1e-24 * np.maximum(1.0, np.abs(safe(np.full((dimensions, 1), 0.5))[:, 0])) ** 2
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # 0/0 of dead measures, set to 0 below
        made = sobol_indices(func=safe, n=2 ** log2_draws, dists=[uniform()] * dimensions, rng=np.random.default_rng(seed))
        edges = made.bootstrap(confidence_level=CONFIDENCE, n_resamples=resamples)
    first, whole = (np.reshape(values, (shape, dimensions)) for values in (made.first_order, made.total_order))
    parts = [first, edges.first_order.confidence_interval.low, edges.first_order.confidence_interval.high, whole,
             edges.total_order.confidence_interval.low, edges.total_order.confidence_interval.high]
    zeroed = [np.where(dead[:, None], 0.0, np.reshape(values, (shape, dimensions))) for values in parts]
    return Indices(*zeroed, variance=spread)


def sensitivity(study: Study, measure: str, mode: str, log2_draws: int, seed: int) -> pd.DataFrame:
    """A row an uncertain parameter that can move the measure (read off the rule graph), largest total index first: indices with
    intervals of the change scheme − baseline, or of the baseline's level where nothing is changed; and its P10 and P90 alone."""
    law, day = study.composition.baseline_law, mid_year(study.year)
    view, reach = law.at(day), movers(known_measure(measure))
    fixed = study.own_changes() | set(study.composition.sets) | set(FIXED)
    parameters = [one for one in uncertain(law, fixed) if one.name.replace(".", "_") in reach]

    def answer(points: np.ndarray) -> np.ndarray:
        drawn = {one.name.replace(".", "__"): quantile(one, view[one.name], points[i])[:, None] for i, one in enumerate(parameters)}
        return asked(study, measure, mode, drawn)
    ends = np.full((len(parameters), 2 * len(parameters)), np.nan)
    found = sobol(answer, len(parameters), log2_draws, seed)
    drawn = {one.name.replace(".", "__"): np.full((2 * len(parameters), 1), float(view[one.name])) for one in parameters}
    for i, one in enumerate(parameters):
        drawn[one.name.replace(".", "__")][2 * i: 2 * i + 2, 0] = quantile(one, view[one.name], np.array([0.1, 0.9]))
    ends = asked(study, measure, mode, drawn)
    frame = pd.DataFrame({"parameter": [one.name for one in parameters], "zh": [one.zh for one in parameters], "en": [one.en for one in parameters],
                          **{name: getattr(found, name)[0] for name in ("first", "first_low", "first_high", "total", "total_low", "total_high")},
                          "p10": ends[0::2], "p90": ends[1::2]})
    return frame.sort_values("total", ascending=False, kind="stable", ignore_index=True)


def asked(study: Study, measure: str, mode: str, drawn) -> np.ndarray:
    """(draws,) of the measure: scheme − baseline, or the baseline's level where nothing is changed."""
    scope, scope_after, parts = study.scope(), study.scope(study.prepared.scenario), []
    for part in blocks(study, drawn):
        views = study.views(mode, **part)
        size = max([len(values) for values in part.values()] or [1])
        before, after = study.prepared.evaluate(views[0], views[1] if study.composition.changes_anything else None)
        values = measured(before, scope, views[0])[measure]
        if after is not None:
            values = measured(after, scope_after, views[1])[measure] - values
        parts.append(np.broadcast_to(np.ravel(values), (size,)))
    return np.concatenate(parts)


def in_words(frame: pd.DataFrame, others: pd.DataFrame, measure: str, lang: str = "zh") -> list[str]:
    """Plain words: which assumptions decide, how much is interaction, and which readings move the answer as much as they do."""
    say = (lambda zh, en: zh) if lang == "zh" else (lambda zh, en: en)
    name = "zh" if lang == "zh" else "en"
    main = frame[frame["total"] > 0.05]
    if main.empty:
        lines = [say("没有一个假设明显影响结论。", "No assumption moves the answer to speak of.")]
    else:
        parts = say("；", "; ").join(f"{getattr(row, name)} {100 * row.total:.0f}%〔{100 * row.total_low:.0f}—{100 * row.total_high:.0f}〕" for row in main.itertuples())
        alone = float(np.clip(frame["first"], 0, None).sum())
        lines = [say(f"结论的不确定性主要来自（总效应，90%区间）：{parts}。", f"What is uncertain about the answer comes from (total effect, 90 % interval): {parts}."),
                 say(f"各假设单独解释{100 * min(1.0, alone):.0f}%，其余来自它们的交互。", f"Alone they explain {100 * min(1.0, alone):.0f} %; the rest is interaction.")]
    width = float((frame["p90"] - frame["p10"]).abs().max()) if len(frame) else 0.0
    if measure in others and len(others):
        moved = others.assign(shift=others[measure] - others["here"])
        strong = moved[moved["shift"].abs() > max(0.1 * width, 1e-9)]
        readings_said = say("；", "; ").join(f"{getattr(row, name)}＝{row.option}" for row in strong.itertuples())
        lines.append(say(f"会改变结论的文本读法：{readings_said}。", f"Readings that change the answer: {readings_said}.") if len(strong) else
                     say("换任何一种文本读法，结论的变化都小于最大假设的一成。", "No other reading moves the answer by a tenth of the strongest assumption."))
    return lines


def other_readings(study: Study, measure: str, mode: str) -> pd.DataFrame:
    """Open readings at their other options, with the measure's change under each and `here`, under the readings taken."""
    here = float(asked(study, measure, mode, {})[0])
    return readings(study, mode).assign(here=here)
