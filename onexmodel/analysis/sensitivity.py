"""Which assumptions decide the answer: first and total Sobol indices with intervals, in one call that samples, runs and computes;
open readings stand beside them, compared, never drawn."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..engine.compile import mid_year
from ..law.parameters import Parameter
from .blocks import blocks, count_of
from .measures import WHOLE, known_measure, measured, movers, span
from .study import Study
from .uncertainty import at_ends, sobol_points, uncertain, values_at

CONFIDENCE, RESAMPLES = 0.9, 200
NOT_SIDE_BY_SIDE = ("response.mode", "fees.reverify")  # the mode is asked for; fees are re-verified when tables are arranged


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
    """Sobol' indices (Saltelli 2010 estimators of scipy, bootstrap intervals at 90 %) of a function of uniform points. One seed, the same
    indices and intervals: points and resamples have their own seeded streams.

    function: (dimensions, n) in (0, 1) → (n,) or (measures, n); it is called with 2^log2_draws · (dimensions + 2) points. A measure
    that takes one value only in all of them has indices 0.
    """
    count, points = 2 ** log2_draws, sobol_points(2 * dimensions, log2_draws, seed).T
    first, second = points[:dimensions], points[dimensions:]
    columns = [first, second, *(np.where(np.arange(dimensions)[:, None] == i, second, first) for i in range(dimensions))]
    values = np.atleast_2d(function(np.concatenate(columns, axis=1)))
    measures = len(values)
    values = values.reshape(measures, dimensions + 2, count)
    values = values - values[:, :2].mean((1, 2), keepdims=True)  # indices do not depend on the level; sums of squares keep their digits
    spread = values[:, :2].reshape(measures, -1).var(1)
    alive = np.ptp(values.reshape(measures, -1), axis=1) > 0
    made = {name: np.zeros((measures, dimensions)) for name in ("first", "first_low", "first_high", "total", "total_low", "total_high")}
    if alive.any():
        found = _estimates(values[alive])
        rng = np.random.default_rng([seed, 1])
        again = np.array([_estimates(values[alive][:, :, rng.integers(count, size=count)]) for _ in range(resamples)])
        low, high = np.quantile(again, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2], axis=0)
        for which, name in enumerate(("first", "total")):
            for end, part in (("", found), ("_low", low), ("_high", high)):
                made[name + end][alive] = part[which]
    return Indices(**made, variance=spread)


def _estimates(values: np.ndarray) -> np.ndarray:
    """(2, measures, dimensions): first and total indices by scipy from the answers (measures, A and B and A with one column of B, n)."""
    from scipy.stats import sobol_indices  # slow to import: only where indices are wanted
    parts = {"f_A": values[:, 0], "f_B": values[:, 1], "f_AB": np.moveaxis(values[:, 2:], 1, 0)}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # 0/0 of a resample in which a rare event did not happen: nan, and no quantile of it
        found = sobol_indices(func=parts, n=values.shape[-1])
    return np.nan_to_num(np.stack([np.atleast_2d(found.first_order), np.atleast_2d(found.total_order)]))


def sensitivity(study: Study, measure: str, mode: str, log2_draws: int, seed: int) -> pd.DataFrame:
    """A row an uncertain parameter that can move the measure (read off the rule graph), largest total index first: indices with
    intervals of the change scheme − baseline, or of the baseline's level where nothing is changed; and its P10 and P90 alone."""
    view, reach = study.start, movers(known_measure(measure))
    parameters = [one for one in uncertain(study.composition.start, study.held()) if one.name.replace(".", "_") in reach]
    columns = ("first", "first_low", "first_high", "total", "total_low", "total_high")
    if not parameters:
        return pd.DataFrame(columns=["parameter", "zh", "en", *columns, "p10", "p90"])

    def answer(points: np.ndarray) -> np.ndarray:
        drawn = {one.name.replace(".", "__"): values_at(one, view[one.name], points[i]) for i, one in enumerate(parameters)}
        return asked(study, measure, mode, drawn)
    found = sobol(answer, len(parameters), log2_draws, seed)
    ends = one_at_a_time(study, measure, mode, parameters)
    frame = pd.DataFrame({"parameter": [one.name for one in parameters], "zh": [one.zh for one in parameters], "en": [one.en for one in parameters],
                          **{name: getattr(found, name)[0] for name in columns}, "p10": ends[:, 0], "p90": ends[:, 1]})
    return frame.sort_values("total", ascending=False, kind="stable", ignore_index=True)


def one_at_a_time(study: Study, measure: str, mode: str, parameters: Sequence[Parameter]) -> np.ndarray:
    """(parameters, 2): the measure with each parameter alone at its P10 and P90, the others at their central values; in one batch."""
    view = study.start
    drawn = {name.replace(".", "__"): values for name, values in at_ends(parameters, view).items()}
    return asked(study, measure, mode, drawn).reshape(len(parameters), 2)


def asked(study: Study, measure: str, mode: str, drawn: Mapping[str, object]) -> np.ndarray:
    """(draws,) of the measure: scheme − baseline, or the baseline's level where nothing is changed. `drawn`: name (dots as __) →
    (draws, 1) or (draws, tiers), or one value for all."""
    scope, scope_after, parts = study.scope(), study.scope(study.prepared.scenario), []
    fixed = {name: value for name, value in drawn.items() if np.ndim(value) == 0}
    for part in blocks(study, {name: value for name, value in drawn.items() if name not in fixed}):
        views = study.views(mode, **part, **fixed)
        changes = study.composition.changes_anything
        before, after = study.prepared.evaluate(views[0], views[1] if changes else None, headlines=measure not in WHOLE)
        values = measured(before, scope, views[0])[measure]
        if after is not None:
            values = measured(after, scope_after, views[1])[measure] - values
        parts.append(np.broadcast_to(np.ravel(values), (count_of(part),)))
    return np.concatenate(parts)


def in_words(frame: pd.DataFrame, others: pd.DataFrame, lang: str = "zh") -> list[str]:
    """Plain words: which assumptions decide, how much is interaction, and which readings move the answer as much as they do."""
    say = (lambda zh, en: zh) if lang == "zh" else (lambda zh, en: en)
    name = "zh" if lang == "zh" else "en"
    main = frame[frame["total"] > 0.05]
    if main.empty:
        lines = [say("没有一个假设明显影响结论。", "No assumption moves the answer to speak of.")]
    else:
        shares = 100 * main[["total", "total_low", "total_high"]].clip(0, 1)  # an index is a share; sampling noise can carry an estimate past its ends
        parts = [f"{label} {total:.0f}%" + span(f"{low:.0f}", f"{high:.0f}", lang) for label, (total, low, high) in zip(main[name], shares.to_numpy(), strict=True)]
        lines = [say(f"结论的不确定性主要来自（总效应，90%区间）：{'；'.join(parts)}。", f"What is uncertain about the answer comes from (total effect, 90 % interval): {'; '.join(parts)}."),
                 _alone(float(frame["first"].clip(lower=0).sum()), say)]
    if len(others):
        width = float((frame["p90"] - frame["p10"]).abs().max()) if len(frame) else 0.0
        strong = others[(others["answer"] - others["here"]).abs() > max(0.1 * width, 1e-9)]
        said = say("；", "; ").join(f"{getattr(row, name)}＝{row.option}" for row in strong.itertuples())
        lines.append(say(f"会改变结论的文本读法：{said}。", f"Readings that change the answer: {said}.") if len(strong) else
                     say("换任何一种文本读法，结论的变化都小于最大假设的一成。", "No other reading moves the answer by a tenth of the strongest assumption."))
    return lines


def _alone(first: float, say) -> str:
    if first >= 0.95:
        return say("各假设几乎是各自起作用，彼此的交互很小。", "The assumptions act almost each on its own; their interaction is small.")
    return say(f"各假设单独解释{100 * first:.0f}%，其余{100 * (1 - first):.0f}%来自它们的交互。", f"Alone they explain {100 * first:.0f} %; the other {100 * (1 - first):.0f} % are interaction.")


def other_readings(study: Study, measure: str, mode: str) -> pd.DataFrame:
    """Open readings at their other options: parameter, zh, en, option, chosen; `answer`, the measure under that option (scheme −
    baseline, or the level where nothing is changed), beside `here`, the same under the readings taken."""
    view, reach = study.composition.law.at(mid_year(study.year)), movers(known_measure(measure))
    here, rows = float(asked(study, measure, mode, {})[0]), []
    for name, parameter in study.law.parameters.items():
        if parameter.kind != "reading" or name in {*NOT_SIDE_BY_SIDE, *study.composition.set_here} or name.replace(".", "_") not in reach:
            continue
        ends = [end for end in (parameter.low, parameter.high) if end is not None] if parameter.type == "number" else list(parameter.options)
        for option in ends:
            if option != view[name]:
                rows.append({"parameter": name, "zh": parameter.zh, "en": parameter.en, "option": option, "chosen": view[name], "here": here,
                             "answer": float(asked(study, measure, mode, {name.replace(".", "__"): option})[0])})
    return pd.DataFrame(rows, columns=["parameter", "zh", "en", "option", "chosen", "here", "answer"])
