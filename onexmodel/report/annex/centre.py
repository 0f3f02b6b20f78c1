"""Where a leading number lies among its own draws, and what its interval holds besides the scheme: said on the first page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...analysis.measures import movers
from ...analysis.precision import places
from ...analysis.study import Study
from ...analysis.uncertainty import LEAST_DRAWS, quantiles, uncertain
from ..page.html import Writer, number
from ..page.press import Press
from .appendix import value_text


@dataclass(frozen=True)
class Led:
    """A number a report leads with: its name, its value at the parameters taken, the same in every draw, how it is written, its unit."""

    zh: str
    en: str
    value: float
    draws: np.ndarray
    write: Writer
    unit: tuple[str, str] = ("", "")


def few_draws(press: Press) -> str:
    """Why a page has no brackets."""
    return press.say(
        f"抽样少于{LEAST_DRAWS}次，各数不列区间。",
        f"Fewer than {LEAST_DRAWS} draws: no intervals are given.",
    )


def off_centre(press: Press, numbers: Sequence[Led]) -> list[str]:
    """One sentence on those that lie outside the middle half of their draws (P25 to P75), each with its median (docs/method.md §10)."""
    told = []
    for one in numbers:
        known = one.draws[np.isfinite(one.draws)]
        if len(one.draws) < LEAST_DRAWS or not len(known) or not np.isfinite(one.value):
            continue
        p10, low, middle, high, p90 = quantiles(known, (0.1, 0.25, 0.5, 0.75, 0.9))
        if low <= one.value <= high:
            continue
        below, digits = (
            one.value < low,
            places(one.write.inside(p10), one.write.inside(p90), one.write.decimals),
        )
        median = number(round(one.write.inside(middle), digits), max(digits, 0))
        told.append(
            press.say(
                f"{one.zh}{one.write(one.value)}{one.unit[0]}偏{'低' if below else '高'}，抽样的中位数约{median}{one.unit[0]}",
                f"{one.en} {one.write(one.value)}{one.unit[1]} is on the {'low' if below else 'high'} side, the median of the draws is about {median}{one.unit[1]}",
            )
        )
    if not told:
        return []
    return [
        press.say(
            f"按所取参数测算的结果不在抽样的中间一半之内：{'；'.join(told)}。",
            f"At the parameters taken, outside the middle half of the draws: {'; '.join(told)}.",
        )
    ]


def baseline_drawn(press: Press, study: Study, measure: str) -> list[str]:
    """One sentence where the scheme fixes what the baseline leaves open, so that the change carries the baseline's own uncertainty."""
    fixed = study.laws.fixed(scheme=True) - study.held()
    names = [
        one
        for one in uncertain(study.composition.start, study.held())
        if one.name in fixed and one.name.replace(".", "_") in movers(measure)
    ]
    if not names:
        return []
    lang = press.lang
    told = press.say("、", ", ").join(
        press.say(
            f"{one.title(lang)}定为{value_text(study.laws.after[one.name], lang, one)}",
            f"{one.title(lang)} at {value_text(study.laws.after[one.name], lang, one)}",
        )
        for one in names
    )
    return [
        press.say(
            f"方案把{told}，基准的取值未定、在其范围内抽样，所以方案与基准之差也含基准本身的不确定。",
            f"The scheme sets {told}; the baseline's value is open and drawn over its range, so the difference between scheme and baseline holds the baseline's own uncertainty too.",
        )
    ]
