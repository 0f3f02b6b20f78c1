"""Which assumptions decide the answer: first and total Sobol indices with intervals, in one call that samples, runs and computes;
open readings stand beside them, compared, never drawn."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ...errors import Fault, ParameterError
from ...law.parameters import Parameter
from ...running.progress import Told, silent
from ..measures import alone, can_be_computed, extent_of, known_measure, movers, span
from ..statistics.precision import rounded
from ..study import Study
from .evaluate import answer
from .sample import at_ends, sobol_points, uncertain, values_at

CONFIDENCE, RESAMPLES = 0.9, 200
ENDS = ((1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2)
OTHERS = "others"
NOT_SIDE_BY_SIDE = (
    "response.mode",
    "fees.reverify",
)  # the mode is asked for; fees are re-verified when tables are arranged


LEAST_LOG2 = 8  # fewer points a dimension do not even tell which of two inputs matters more
VISIBLE = 0.05  # an input that moves less than this share of what the strongest moves is taken together with its like


@dataclass(frozen=True)
class Indices:
    """First and total indices with bootstrap intervals, (measures, inputs) each; `alone`: (measures, 3), the sum of the first indices with its
    interval."""

    first: np.ndarray
    first_low: np.ndarray
    first_high: np.ndarray
    total: np.ndarray
    total_low: np.ndarray
    total_high: np.ndarray
    alone: np.ndarray


@dataclass(frozen=True)
class Sensitivity:
    """`frame`: a row an input, largest total index first: parameter, zh, en; first, total with _low and _high; p10, p90, the measure with it
    alone at its ends (missing for inputs taken together). `alone`: the sum of the first indices, its low and high end."""

    frame: pd.DataFrame
    alone: tuple[float, float, float]


def sobol(
    function: Callable[[np.ndarray], np.ndarray],
    dimensions: int,
    log2_draws: int,
    seed: int,
    resamples: int = RESAMPLES,
    inputs: Sequence[Sequence[int]] | None = None,
) -> Indices:
    """Sobol' indices (Saltelli 2010 estimators of scipy, bootstrap intervals at 90 %) of a function of uniform points. One seed, the same
    indices and intervals: points and resamples have their own seeded streams.

    function: (dimensions, n) in (0, 1) → (n,) or (measures, n); it is called with 2^log2_draws · (inputs + 2) points. `inputs`: the dimensions
    of each input, one apiece if left out; several of one input are turned together. A measure that takes one value only in all of
    them has indices 0.
    """
    count, points = 2**log2_draws, sobol_points(2 * dimensions, log2_draws, seed).T
    inputs = [[i] for i in range(dimensions)] if inputs is None else inputs
    first, second = points[:dimensions], points[dimensions:]
    columns = [
        first,
        second,
        *(
            np.where(np.isin(np.arange(dimensions), some)[:, None], second, first)
            for some in inputs
        ),
    ]
    values = np.atleast_2d(function(np.concatenate(columns, axis=1)))
    measures = len(values)
    values = values.reshape(measures, len(inputs) + 2, count)
    values = values - values[:, :2].mean(
        (1, 2), keepdims=True
    )  # indices do not depend on the level; sums of squares keep their digits
    alive = np.ptp(values.reshape(measures, -1), axis=1) > 0
    made = {
        name: np.zeros((measures, len(inputs)))
        for name in ("first", "first_low", "first_high", "total", "total_low", "total_high")
    }
    alone = np.zeros((measures, 3))
    if alive.any():
        found = _estimates(values[alive])
        rng = np.random.default_rng([seed, 1])
        again = np.array(
            [
                _estimates(values[alive][:, :, rng.integers(count, size=count)])
                for _ in range(resamples)
            ]
        )
        low, high = np.quantile(again, ENDS, axis=0)
        for which, name in enumerate(("first", "total")):
            for end, part in (("", found), ("_low", low), ("_high", high)):
                made[name + end][alive] = part[which]
        alone[alive] = np.transpose(
            [found[0].sum(-1), *np.quantile(again[:, 0].sum(-1), ENDS, axis=0)]
        )
    return Indices(**made, alone=alone)


def _estimates(values: np.ndarray) -> np.ndarray:
    """(2, measures, dimensions): first and total indices by scipy from the answers (measures, A and B and A with one column of B, n)."""
    from scipy.stats import sobol_indices  # slow to import: only where indices are wanted

    parts = {"f_A": values[:, 0], "f_B": values[:, 1], "f_AB": np.moveaxis(values[:, 2:], 1, 0)}
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", RuntimeWarning
        )  # 0/0 of a resample in which a rare event did not happen: nan, and no quantile of it
        found = sobol_indices(func=parts, n=values.shape[-1])
    return np.nan_to_num(
        np.stack([np.atleast_2d(found.first_order), np.atleast_2d(found.total_order)])
    )


def sensitivity(
    study: Study,
    measure: str,
    mode: str,
    log2_draws: int,
    seed: int,
    visible: float = 0.0,
    told: Told = silent,
) -> Sensitivity:
    """Which uncertain parameters decide a measure (those that can move it, read off the rule graph): indices with intervals of the change
    scheme − baseline, or of the baseline's level where nothing is changed. With `visible`, parameters that alone (at P10 and P90) move
    less than that share of what the strongest moves are one input together. Raises ParameterError below 2^8 points."""
    if log2_draws < LEAST_LOG2:
        raise ParameterError(
            Fault(
                f"抽样 2^{log2_draws}",
                f"整体敏感性每个输入至少要 {2**LEAST_LOG2} 个点，更少时连先后都看不出",
                do=f"取 {LEAST_LOG2} 或更大",
            )
        )
    view, reach = study.start, movers(can_be_computed(study, known_measure(measure)))
    parameters = [
        one
        for one in uncertain(study.composition.start, study.held())
        if one.name.replace(".", "_") in reach
    ]
    columns = ("first", "first_low", "first_high", "total", "total_low", "total_high")
    if not parameters:
        return Sensitivity(
            pd.DataFrame(columns=["parameter", "zh", "en", *columns, "p10", "p90"]), (0.0, 0.0, 0.0)
        )

    def answer(points: np.ndarray) -> np.ndarray:
        drawn = {
            one.name.replace(".", "__"): values_at(one, view[one.name], points[i])
            for i, one in enumerate(parameters)
        }
        return asked(study, measure, mode, drawn, told)

    ends = one_at_a_time(study, measure, mode, parameters)
    swing = np.ptp(ends, axis=1)
    small = [i for i in range(len(parameters)) if swing[i] < visible * swing.max()]
    small = small if len(small) > 1 else []
    inputs = [[i] for i in range(len(parameters)) if i not in small] + ([small] if small else [])
    found = sobol(answer, len(parameters), log2_draws, seed, inputs=inputs)
    names = [
        {
            "parameter": parameters[some[0]].name,
            "zh": parameters[some[0]].zh,
            "en": parameters[some[0]].en,
            "p10": ends[some[0], 0],
            "p90": ends[some[0], 1],
        }
        if some is not small
        else {
            "parameter": OTHERS,
            "zh": f"其余{len(small)}项合计",
            "en": f"the other {len(small)} together",
            "p10": np.nan,
            "p90": np.nan,
        }
        for some in inputs
    ]
    frame = pd.DataFrame(names).assign(**{name: getattr(found, name)[0] for name in columns})[
        ["parameter", "zh", "en", *columns, "p10", "p90"]
    ]
    alone, low, high = map(float, found.alone[0])
    return Sensitivity(
        frame.sort_values("total", ascending=False, kind="stable", ignore_index=True),
        (alone, low, high),
    )


def one_at_a_time(
    study: Study, measure: str, mode: str, parameters: Sequence[Parameter]
) -> np.ndarray:
    """(parameters, 2): the measure with each parameter alone at its P10 and P90, the others at their medians; in one batch."""
    view = study.start
    drawn = {name.replace(".", "__"): values for name, values in at_ends(parameters, view).items()}
    return asked(study, measure, mode, drawn)[:-1].reshape(len(parameters), 2)


def asked(
    study: Study, measure: str, mode: str, drawn: Mapping[str, Any], told: Told = silent
) -> np.ndarray:
    """(draws,) of the measure: scheme − baseline, or the baseline's level where nothing is changed. `drawn`: name (dots as __) →
    (draws, 1) or (draws, tiers), or one value for all."""
    return answer(
        study,
        alone(measure),
        measure,
        drawn,
        mode,
        extent_of(measure),
        told,
    )


def in_words(found: Sensitivity, others: pd.DataFrame, lang: str = "zh") -> list[str]:
    """Plain words: which assumptions decide, whether one of them stands out, whether they interact, and which readings move the answer as
    much as they do. Estimates and intervals are as they come: sampling can carry them a little past 0 and 100 %."""
    say = (lambda zh, en: zh) if lang == "zh" else (lambda zh, en: en)
    name, frame = "zh" if lang == "zh" else "en", found.frame
    main = frame[frame["total"] > 0.05]
    if main.empty:
        lines = [say("没有一个假设明显影响结论。", "No assumption moves the answer to speak of.")]
    else:
        parts = [
            f"{label} {share_said(here, low, high, lang)}"
            for label, (here, low, high) in zip(
                main[name], main[["total", "total_low", "total_high"]].to_numpy(), strict=True
            )
        ]
        lines = [
            say(
                f"结论的不确定性主要来自（总效应，90%区间；抽样估计可略超出0%至100%）：{'；'.join(parts)}。",
                f"What is uncertain about the answer comes from (total effect, 90% interval; estimates can pass 0% or 100% a little): {'; '.join(parts)}.",
            ),
            *_order(main, name, say),
            _alone(found.alone, say, lang),
        ]
    if len(others):
        width = float((frame["p90"] - frame["p10"]).abs().max()) if len(frame) else 0.0
        strong = others[(others["answer"] - others["here"]).abs() > max(0.1 * width, 1e-9)]
        said = say("；", "; ").join(
            f"{getattr(row, name)}＝{row.option}" for row in strong.itertuples()
        )
        lines.append(
            say(f"会改变结论的条款理解：{said}。", f"Readings that change the answer: {said}.")
            if len(strong)
            else say(
                "换任何一种条款理解，结论的变化都小于最大假设的一成。",
                "No other reading moves the answer by a tenth of the strongest assumption.",
            )
        )
    return lines


def share_said(here: float, low: float, high: float, lang: str) -> str:
    """38%（25%—52%）: an index in whole %, its ends with the digits their width carries; alone where there is no interval or both ends read the same."""
    said = f"{_whole(100 * here)}%"
    if not np.isfinite(low) or not np.isfinite(high):
        return said
    left, right = (_whole(end) for end in rounded(100 * low, 100 * high, 0, 100 * here)[:2])
    return said + (span(f"{left}%", f"{right}%", lang) if left != right else "")


def _whole(x: float) -> str:
    return f"{round(x) + 0:d}".replace("-", "−")


def _order(main: pd.DataFrame, name: str, say) -> list[str]:
    """Does one input stand out from all others, or are several not to be told apart? Nothing where there is only one."""
    if len(main) < 2:
        return []
    beside = main[main["total_high"] >= main["total_low"].iloc[0]]
    if len(beside) == 1:
        first = main[name].iloc[0]
        return [say(f"其中{first}的影响最大。", f"Of these, {first} matters most.")]
    first, *others = beside[name]
    said = say("、", ", ").join(others)
    return [
        say(
            f"{first}与{said}的区间重叠，谁的影响最大不能断定。",
            f"The intervals of {first} and {said} overlap: which matters most cannot be told.",
        )
    ]


def _alone(alone: tuple[float, float, float], say, lang: str) -> str:
    shown = share_said(*alone, lang)
    if round(100 * alone[2]) >= 100:
        return say(
            f"各假设单独效应之和为{shown}，与100%没有可辨的差别，看不出彼此的交互。",
            f"Their effects alone add to {shown}, which cannot be told from 100%: no interaction is seen.",
        )
    return say(
        f"各假设单独解释{shown}，其余来自它们的交互。",
        f"Alone they explain {shown}; the rest is interaction.",
    )


def open_readings(study: Study) -> list[tuple[Parameter, Any]]:
    """(reading, another option of it) for every reading that is open: not fixed by the scenario, whose own choice it then is."""
    view, closed = (
        study.laws.after,
        {*NOT_SIDE_BY_SIDE, *study.composition.set_here, *study.laws.fixed(scheme=False)},
    )
    found = []
    for name, one in study.law.parameters.items():
        if one.kind == "reading" and name not in closed:
            ends = (
                [end for end in (one.low, one.high) if end is not None]
                if one.type == "number"
                else one.options
            )
            found += [(one, option) for option in ends if option != view[name]]
    return found


def other_readings(study: Study, measure: str, mode: str) -> pd.DataFrame:
    """Open readings at their other options: parameter, zh, en, option, chosen; `answer`, the measure under that option (scheme −
    baseline, or the level where nothing is changed), beside `here`, the same under the readings taken."""
    view, reach = study.laws.after, movers(known_measure(measure))
    here = float(asked(study, measure, mode, {})[0])
    rows = [
        {
            "parameter": one.name,
            "zh": one.zh,
            "en": one.en,
            "option": option,
            "chosen": view[one.name],
            "here": here,
            "answer": float(asked(study, measure, mode, {one.name.replace(".", "__"): option})[0]),
        }
        for one, option in open_readings(study)
        if one.name.replace(".", "_") in reach
    ]
    return pd.DataFrame(
        rows, columns=["parameter", "zh", "en", "option", "chosen", "here", "answer"]
    )
