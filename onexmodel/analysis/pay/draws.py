"""How sure the uplift is: by elasticity side by side, over the beliefs, over every assumption, and which of them decides.

Without a response what is served is the plan: only volumes, workload and pay are computed, no fee and no fund. The elasticity is an
instrument that no document names: its values stand side by side, and it is drawn only where all assumptions are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from ...engine.compile import Compiled
from ...engine.leaves import reach_of, year_leaves
from ...engine.places.local import overlaid
from ...engine.wire import evaluate
from ...rules.numbers import ratio
from ...rules.pay import tilted_share
from ..draws.blocks import in_blocks
from ..draws.sample import p10_p90
from ..draws.swings import ends_of, swings, turned
from ..study import Study
from .study import counted_colleges
from .teachers import Crew

HOURS = ("added_hours", "college_training_hours", "baseline_hours")
PAY = ("work_counted", "uplift", "uplift_elasticity", "uplift_rate", "uplift_limit_used")
MEASURES = (
    "added",
    "growth",
    "uplift",
    "uplift_elasticity",
    "uplift_rate",
    "per_hour",
    "gain_busy",
)
TEACHERS = {"pay_share_of_teachers_involved", "pay_tilt"}  # decide who gains, not how much


@dataclass(frozen=True)
class Side:
    """One side of a study: its tables, its law, the colleges counted, their teachers."""

    study: Study
    compiled: Compiled
    scheme: bool
    chosen: np.ndarray
    crews: Sequence[Crew]

    @staticmethod
    def of(study: Study, result, scheme: bool, crews: Sequence[Crew]) -> Side:
        """The baseline or the scheme, as run."""
        return Side(study, result.compiled, scheme, counted_colleges(study, result), crews)

    @cached_property
    def crew_sums(self) -> tuple[np.ndarray, ...]:
        """Of each crew: teachers not listed, their weight, the weight of those listed, how many of these are busy, their weight and hours."""
        return tuple(
            np.array(column, float)
            for column in zip(
                *(
                    (
                        crew.rest,
                        crew.weight,
                        crew.weights.sum(),
                        (crew.hours > 0).sum(),
                        crew.weights[crew.hours > 0].sum(),
                        crew.hours.sum(),
                    )
                    for crew in self.crews
                ),
                strict=True,
            )
        )

    def view(
        self,
        values: Mapping[str, np.ndarray] | None = None,
        drawn: Mapping[str, np.ndarray] | None = None,
    ) -> dict:
        """The law of this side under draws, with `values` (dotted names) on top."""
        return overlaid(
            self.study.views("none", **(drawn or {}))[1 if self.scheme else 0], values or {}
        )


def kinds(study: Study, drawn: Mapping[str, np.ndarray], kind: str) -> dict[str, np.ndarray]:
    """Those of the draws whose parameter is of one kind."""
    return {
        name: values
        for name, values in drawn.items()
        if study.law.parameters[name.replace("__", ".")].kind == kind
    }


def pay_draws(
    side: Side, drawn: Mapping[str, np.ndarray], values: Mapping[str, np.ndarray] | None = None
) -> dict[str, np.ndarray]:
    """MEASURES over the counted colleges in every draw, (draws,) each: hours, share, yuan, yuan an hour, yuan a teacher. The uplift by
    each method is within the limit."""
    return in_blocks(side.study, drawn, lambda part: _totals(side, part, values or {}))


def _totals(side: Side, part, values) -> dict[str, np.ndarray]:
    view = side.view(values, part)
    leaves, axis = year_leaves(side.compiled, view)
    found = evaluate((*HOURS, *PAY), leaves, axis, side.compiled.space)

    def total(x):
        return np.asarray(x)[..., side.chosen].sum(-1)

    limit = found["uplift_limit_used"]
    added, counted, base, uplift = (
        total(found[name]) for name in ("added_hours", "work_counted", "baseline_hours", "uplift")
    )
    made = {
        "added": added,
        "growth": ratio(counted, base),
        "uplift": uplift,
        "per_hour": ratio(uplift, added),
    }
    made |= {
        name: total(np.minimum(found[name], limit)) for name in ("uplift_elasticity", "uplift_rate")
    }
    hours = found["added_hours" if view["pay.tilt_hours"] == "all" else "college_training_hours"]
    gain = gain_of_busy(side, view, np.asarray(found["uplift"]), np.asarray(hours))
    return made | {"gain_busy": gain}


def gain_of_busy(
    side: Side, view: Mapping, uplift: np.ndarray, hours: np.ndarray
) -> np.ndarray | np.float64:
    """Mean gain of the teachers with X hours, yuan a year, without splitting to the fen: the bracket of §5 is linear, so it holds for the
    busy teachers of a college together."""
    at = np.array([crew.college for crew in side.crews], int)
    if not len(at):
        return np.float64("nan")
    rest, weight, listed, busy_listed, busy_weight, carried = side.crew_sums
    share, tilt = (
        np.asarray(view[name], float) for name in ("pay.share_of_teachers_involved", "pay.tilt")
    )
    left = (hours[..., at] > carried) & (rest > 0)
    involved = np.where(left, np.round(share * rest), 0.0)
    busy, base = (
        busy_listed + involved,
        (busy_weight + involved * weight) / (listed + rest * weight),
    )
    bracket = np.where(busy > 0, tilted_share(base, 1.0, tilt), 0.0)
    pool = side.compiled.leaves["pay_pool"][at] * (
        bracket - base if view["pay.tilt_scope"] == "total" else 0.0
    )
    return ratio((uplift[..., at] * bracket + np.where(busy > 0, pool, 0.0)).sum(-1), busy.sum(-1))


def by_elasticity(
    side: Side, values: Sequence[float | None], drawn: Mapping[str, np.ndarray]
) -> list[tuple[dict, dict]]:
    """At each elasticity (None: as the side has it, place by place): MEASURES at the central assumptions, floats; and in every draw of the
    beliefs, (draws,)."""
    beliefs = kinds(side.study, drawn, "belief")
    taken: list[dict[str, Any]] = [
        {"pay.uplift_method": "elasticity"} | ({} if value is None else {"pay.elasticity": value})
        for value in values
    ]
    return [
        (
            {name: float(x[0]) for name, x in pay_draws(side, {}, values).items()},
            pay_draws(side, beliefs, values),
        )
        for values in taken
    ]


def elasticities(study: Study) -> tuple[float, float]:
    """P10 and P90 of the elasticity's distribution."""
    return p10_p90(study.law.parameters["pay.elasticity"], study.start["pay.elasticity"])


def deciding(side: Side) -> pd.DataFrame:
    """The uplift (p10, p90, base) and the gain of X teachers (gain_p10, gain_p90) with one assumption at its P10 and P90, the rest at their
    medians; yuan, as of `swings`. What the scheme or --set fixes is left out."""
    study = side.study
    fixed = study.fixed() if side.scheme else study.held()
    parameters, drawn = turned(study, reach_of(PAY) | TEACHERS, fixed)
    ends = ends_of(study, parameters)
    if side.scheme:  # which may scale what it starts from
        moved = [
            study.in_scheme(one.name, np.array(pair)) if one.type == "number" else pair
            for one, pair in zip(parameters, ends, strict=True)
        ]
        ends = [(float(low), float(high)) for low, high in moved]
    found = pay_draws(side, drawn) if parameters else {name: np.zeros(1) for name in MEASURES}
    return swings(parameters, ends, found["uplift"], gain=found["gain_busy"])
