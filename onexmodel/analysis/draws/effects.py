"""What each parameter does to a report's first number: one batch of draws for all that has a range, one run for each other option."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...data.codes import TIERS
from ...engine.leaves import parameters_behind
from ...engine.result import YearResult
from ...engine.stages import Extent
from ...rules.funding import USES
from ...rules.numbers import ratio
from ..headline import total
from ..measures import TARGETS, movers
from ..study import Study
from .evaluate import answer
from .sample import taken, values_at
from .sensitivity import asked

CASH = ("organisation_cash_cost", "college_cash_cost", "training_cash_cost")


def _cash_per_candidate(result: YearResult, scope: Mapping[str, np.ndarray]) -> np.ndarray:
    cash = sum(total(result.served[name], scope["offering"]) for name in CASH) + total(
        result.served["uplift"], scope["college"]
    )
    return ratio(cash, total(result.served["served"], scope["offering"]))


def _outlay_per_candidate(result: YearResult, scope: Mapping[str, np.ndarray]) -> np.ndarray:
    paid = total(
        result.served["needs"][..., USES.index("assessment"), :], scope["college"]
    )  # fees and the colleges' own cash items
    return ratio(paid, total(result.served["college_served"], scope["college"]))


MORE: Mapping[
    str, tuple[tuple[str, ...], Extent, Callable]
] = {  # measures that only a report leads with: what they lean on, how much of a year, and how they are made
    "cash_per_candidate": ((*CASH, "uplift", "served"), "whole", _cash_per_candidate),
    "outlay_per_candidate": (
        ("fee_bill", "college_cash_cost", "served"),
        "headlines",
        _outlay_per_candidate,
    ),
}


@dataclass(frozen=True)
class Effect:
    """How one parameter moves the measure, each part (value taken instead, change against the value taken). `drawn`: the two parts are
    P10 and P90 of its distribution; else the ends of its range or its other options."""

    parts: tuple[tuple[object, float], ...]
    drawn: bool = False


@dataclass(frozen=True)
class Effects:
    """`value` of the measure (scheme − baseline where something is changed); name → Effect of what was tested; `set_here`: set by the
    scheme or --set, so not turned; `untested`: can move the measure but has no range, or enters before the run. What is in none of the
    three cannot move it."""

    measure: str
    value: float
    found: Mapping[str, Effect]
    set_here: frozenset[str]
    untested: frozenset[str]


def leans_on(measure: str) -> tuple[str, ...]:
    """The rules a measure is made of."""
    return MORE[measure][0] if measure in MORE else TARGETS[measure]


def effects(study: Study, measure: str, names: Iterable[str], mode: str = "none") -> Effects:
    """Effects of the parameters `names` that the rule graph says can move the measure; all others central."""
    law, view = study.composition.law, study.laws.after
    reach = parameters_behind(MORE[measure][0], False) if measure in MORE else movers(measure)
    able = [name for name in names if name.replace(".", "_") in reach]
    own = frozenset(
        study.fixed()
        | {
            name
            for name in study.own_changes()
            if law.parameters[name].type not in ("number", "by_tier")
        }
    )
    free = [name for name in able if name not in own]
    numeric = [
        law.parameters[name]
        for name in free
        if law.parameters[name].type in ("number", "by_tier")
        and law.parameters[name].low is not None
    ]
    ends = {one.name: _ends(one, study.start[one.name]) for one in numeric}
    drawn = {
        one.name.replace(".", "__"): np.tile(
            taken(study.start[one.name]), (1 + 2 * len(numeric), 1)
        )
        for one in numeric
    }
    for i, one in enumerate(numeric):
        drawn[one.name.replace(".", "__")][1 + 2 * i : 3 + 2 * i] = ends[one.name]
    values = _answers(study, measure, mode, drawn)
    here, found = float(values[0]), {}
    for i, one in enumerate(numeric):
        found[one.name] = Effect(
            tuple(
                (
                    float(end[0]) if len(end) == 1 else dict(zip(TIERS, end.tolist(), strict=True)),
                    float(values[1 + 2 * i + k]) - here,
                )
                for k, end in enumerate(study.in_scheme(one.name, ends[one.name]))
            ),
            bool(one.distribution),
        )
    for one in (law.parameters[name] for name in free if law.parameters[name].type == "choice"):
        others = [option for option in one.options if option != view[one.name]]
        found[one.name] = Effect(
            tuple(
                (option, _answer(study, measure, mode, one.name, option) - here)
                for option in others
            )
        )
    return Effects(
        measure, here, found, own & frozenset(able), frozenset(able) - own - found.keys()
    )


def _ends(parameter, central: Any) -> np.ndarray:
    """(2, 1), or (2, tiers) of a value by tier."""
    if parameter.distribution and parameter.kind != "reading":
        return values_at(parameter, central, np.array([0.1, 0.9]))
    return np.array([[parameter.low], [parameter.high]], float)


def _answers(study: Study, measure: str, mode: str, drawn: Mapping[str, Any]) -> np.ndarray:
    """(draws,) of the measure."""
    if measure in TARGETS:
        return asked(study, measure, mode, drawn)
    _, extent, made = MORE[measure]
    return answer(
        study,
        lambda result, scope, view: {measure: made(result, scope)},
        measure,
        drawn,
        mode,
        extent,
    )


def _answer(study: Study, measure: str, mode: str, name: str, option: str) -> float:
    """The measure under another option of a reading or instrument, on both sides."""
    if name == "response.mode":
        return float(_answers(study, measure, option, {})[0])
    return float(_answers(study, measure, mode, {name.replace(".", "__"): option})[0])
