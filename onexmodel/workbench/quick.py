"""A few numbers of a study at once, while sliders move: the same evaluation that reports, `solve` and `sweep` go by."""

from __future__ import annotations

from math import isfinite
from typing import Any

import pandas as pd

from ..analysis.draws.solve import CAP_SCALE, knob_of
from ..analysis.headline import headline
from ..analysis.measures import EN_UNITS, WORDS, in_unit, measure_words, unknown, written
from ..analysis.response_basis import need_answer
from ..analysis.study import Study
from ..report.common import LARGE_SUMS
from ..report.page.sentences import Words
from ..report.page.writer import PageWriter

UNMET = "unmet_share"
MEASURES = (
    "mean_approved_fee",
    "fee_bill",
    "college_outlay",
    "funding_gap",
    UNMET,
    "uplift",
)
SHARE, ELASTICITY = "fees.beta", "pay.elasticity"
NAN = float("nan")


def at_start(study: Study) -> dict[str, float]:
    """knob → where it stands in the study's scheme: caps times 1, and the parameters' own values."""
    view = study.views()[1]
    return {CAP_SCALE: 1.0, **{name: float(view[name]) for name in (SHARE, ELASTICITY)}}


def moved(study: Study, knobs: dict[str, float]) -> dict[str, tuple[float, ...]]:
    """measure → (baseline, scheme, scheme with the knobs turned): yuan a year, yuan a sitting or a share. As on the first page of fee_cap, fees
    and money are those of plans served in full, and unmet demand is what organisations then leave. NaN where nobody filled in what it
    rests on, or the response cannot be judged. A knob that stands where the scheme has it is not turned. Raises ParameterError where a
    removed cap leaves fees without an answer."""
    need_answer(study)
    start, turned = at_start(study), {}
    for name, value in knobs.items():
        if value != start[name]:
            turned |= knob_of(study, name)(study, value)[1]
    full, left = (_heads(study, turned, mode) for mode in ("none", "supply"))
    lacking = {*unknown(study), *(() if study.judged else (UNMET,))}
    return {
        name: (NAN,) * 3
        if name in lacking
        else tuple(float(one[name]) for one in (left if name == UNMET else full))
        for name in MEASURES
    }


def _heads(study: Study, turned: dict[str, Any], mode: str) -> list[dict]:
    """Headlines of baseline, scheme and turned scheme."""
    results = [*study.pair(mode, "headlines")]
    results += [study.prepared.evaluate(*study.turned(turned, mode), extent="headlines")[1]]
    return [headline(one, study.scope(one.compiled)) for one in results]


def said(value: float, measure: str, writer: PageWriter) -> str:
    """A value of a measure as a page writes it: money with the writer's unit, all else as everywhere."""
    if measure in LARGE_SUMS and isfinite(value):
        return writer.yuan(value)
    return written(value, measure, writer.lang)


def name_of(measure: str, lang: str) -> str:
    """What a measure is called, with a capital letter where there is one."""
    title = measure_words(measure)[lang != "zh"]
    return title[0].upper() + title[1:]


def as_frame(study: Study, knobs: dict[str, float], words: Words, lang: str) -> pd.DataFrame:
    """What is shown, as numbers: a row a measure in the unit it is printed in, and one for where each slider stands. Raises as `moved`."""
    start = at_start(study)
    rows: list[tuple[Any, ...]] = [
        (words.knobs[name], "", NAN, start[name], value) for name, value in knobs.items()
    ]
    for name, values in moved(study, knobs).items():
        unit = WORDS[name][2] if lang == "zh" else EN_UNITS[WORDS[name][2]].strip()
        rows.append((name_of(name, lang), unit, *(round(in_unit(x, name), 4) for x in values)))
    first, *heads = words.heads
    return pd.DataFrame(rows, columns=[first, words.unit, *heads])
