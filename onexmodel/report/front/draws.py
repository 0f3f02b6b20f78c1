"""Where a leading number lies among its own draws, and what its interval holds besides the scheme: said on the first page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...analysis.draws.sample import LEAST_DRAWS, quantiles, uncertain
from ...analysis.measures import movers
from ...analysis.statistics.precision import places
from ...analysis.study import Study
from ..annex.values import value_text
from ..page.numbers import NumberFormat, number
from ..page.writer import PageWriter


@dataclass(frozen=True)
class Led:
    """A number a report leads with: its name, its value at the parameters taken, the same in every draw, how it is written, its unit."""

    name: str
    value: float
    draws: np.ndarray
    write: NumberFormat
    unit: str = ""


def few_draws(writer: PageWriter) -> str:
    """Why a page has no brackets."""
    return writer.words("front").few_draws(LEAST_DRAWS)


def off_centre(writer: PageWriter, numbers: Sequence[Led]) -> list[str]:
    """One sentence on those that lie outside the middle half of their draws (P25 to P75), each with its median (docs/method.md §10)."""
    told = []
    for one in numbers:
        known = one.draws[np.isfinite(one.draws)]
        if len(one.draws) < LEAST_DRAWS or not len(known) or not np.isfinite(one.value):
            continue
        p10, low, middle, high, p90 = quantiles(known, (0.1, 0.25, 0.5, 0.75, 0.9))
        if low <= one.value <= high:
            continue
        write = one.write
        digits = places(write.inside(p10), write.inside(p90), write.decimals)
        told.append(
            {
                "name": one.name,
                "value": write(one.value),
                "unit": one.unit,
                "below": one.value < low,
                "median": number(round(write.inside(middle), digits), max(digits, 0)),
            }
        )
    return [writer.words("front").off_centre(told)] if told else []


def baseline_drawn(writer: PageWriter, study: Study, measure: str) -> list[str]:
    """One sentence where the scheme fixes what the baseline leaves open, so that the change carries the baseline's own uncertainty."""
    fixed = study.laws.fixed(scheme=True) - study.held()
    set_here = [
        (one.title(writer.lang), value_text(study.laws.after[one.name], writer.lang, one))
        for one in uncertain(study.composition.start, study.held())
        if one.name in fixed and one.name.replace(".", "_") in movers(measure)
    ]
    return [writer.words("front").baseline_drawn(set_here)] if set_here else []
