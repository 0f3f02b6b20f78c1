"""A few numbers of a study at once, while sliders move: the same evaluation that reports, `solve` and `sweep` go by."""

from __future__ import annotations

from ..analysis.draws.solve import CAP_SCALE, knob_of
from ..analysis.headline import headline
from ..analysis.measures import unknown
from ..analysis.study import Study

MEASURES = (
    "mean_approved_fee",
    "fee_bill",
    "college_outlay",
    "funding_gap",
    "unmet_share",
    "uplift",
)
SHARE, ELASTICITY = "fees.beta", "pay.elasticity"
KNOBS = (CAP_SCALE, SHARE, ELASTICITY)
NAN = float("nan")


def at_start(study: Study) -> dict[str, float]:
    """knob → where it stands in the study's scheme: caps times 1, and the parameters' own values."""
    view = study.views()[1]
    return {CAP_SCALE: 1.0, **{name: float(view[name]) for name in (SHARE, ELASTICITY)}}


def moved(
    study: Study, knobs: dict[str, float], mode: str = "supply"
) -> dict[str, tuple[float, float, float]]:
    """measure → (baseline, scheme, scheme with the knobs turned), yuan a year, yuan a sitting or a share; NaN where nobody filled in what it
    rests on. A knob that stands where the scheme has it is not turned."""
    start, turned = at_start(study), {}
    for name, value in knobs.items():
        if value != start[name]:
            turned |= knob_of(study, name)(study, value)[1]
    before, after = (headline(one, study.scope(one.compiled)) for one in study.pair(mode, True))
    there = study.prepared.evaluate(*study.turned(turned, mode), headlines=True)[1]
    here = headline(there, study.scope(there.compiled)) if turned else after
    lacking = unknown(study)
    return {
        name: (NAN,) * 3
        if name in lacking
        else (float(before[name]), float(after[name]), float(here[name]))
        for name in MEASURES
    }
