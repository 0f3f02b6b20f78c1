"""How sure the package's saving is: its intensity and the uncertain parameters vary together; and which of them decides.

The cuts of a lever have no distribution of their own. What may fall short is how far it is carried out: the intensity is taken as
anything between LEAST of what was asked and all of it, each as likely (an assumption, said wherever the interval is printed).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ...engine.leaves import reach_of
from ..draws.blocks import count_of, in_blocks
from ..draws.sample import INTENSITY, columns
from ..draws.swings import ends_of, swings, turned
from ..study import Study
from .bench import COSTS, Bench
from .study import MEASURES, LeverStudy, fixed_changes, outlay

LEAST, KNOTS = 0.5, (0.5, 0.75, 1.0)  # of the intensity asked for


def saving_draws(
    found: LeverStudy, drawn: Mapping[str, np.ndarray], seed: int, part: bool = True
) -> pd.DataFrame:
    """A row a draw: cost_cash, cost_economic (before), teacher_time and uplift (of them); cash, economic (saving), net (cash less yearly one-off
    cost), share_cash, share_economic (of the cost) with the levers as far as asked for; the same savings with `part_` before them where the intensity varies too (not where a change has no intensity, nor without `part`)."""
    start = _drawn_totals(found.bench, (), drawn)
    fixed = not part or bool(fixed_changes(list(found.bench.levers.values())))
    ends = [_at(found.bench, knot, drawn) for knot in ((1.0,) if fixed else KNOTS)]
    made = (
        {f"cost_{measure}": start[measure] for measure in MEASURES}
        | {part: start[part] for part in ("teacher_time", "uplift")}
        | _savings(start, ends[-1])
    )
    if fixed:
        return pd.DataFrame(made)
    share = (
        LEAST
        + (1 - LEAST)
        * columns(found.bench.study.composition.start, int(np.log2(count_of(drawn))), seed)[
            INTENSITY
        ]
    )
    partly = {
        name: _between(share, [end[name] for end in ends]) for name in (*MEASURES, "one_off_yearly")
    }
    return pd.DataFrame(
        made | {f"part_{name}": value for name, value in _savings(start, partly).items()}
    )


def _savings(start, end) -> dict[str, np.ndarray]:
    made = {measure: start[measure] - end[measure] for measure in MEASURES}
    return (
        made
        | {"net": made["cash"] - end["one_off_yearly"]}
        | {f"share_{measure}": made[measure] / start[measure] for measure in MEASURES}
    )


def deciding(
    found: LeverStudy, study: Study, curve: pd.DataFrame, measure: str = "cash"
) -> pd.DataFrame:
    """The joint saving with one parameter at its P10 and P90, the rest at their medians; and with the intensity at P10 and P90 of its range.
    As of `swings`, in yuan."""
    parameters, drawn = turned(study, reach_of(tuple(COSTS.values())), study.held())
    names, whole = tuple(found.bench.levers), curve[measure].to_numpy(float)
    saved = (
        _drawn_totals(found.bench, (), drawn)[measure]
        - _drawn_totals(found.bench, names, drawn)[measure]
        if parameters
        else np.full(1, whole[-1] if len(curve) else np.nan)
    )
    rows = []
    if len(curve) and found.bench.intensity > 0:
        low, high = (found.bench.intensity * (LEAST + (1 - LEAST) * q) for q in (0.1, 0.9))
        part = np.interp([low, high], curve["intensity"], whole) / whole[-1]
        rows.append(
            {
                "parameter": "intensity",
                "zh": "措施力度",
                "en": "how far levers are carried out",
                "low": low,
                "high": high,
                "times": False,
                "p10": saved[-1] * float(part[0]),
                "p90": saved[-1] * float(part[1]),
                "base": saved[-1],
            }
        )
    return swings(parameters, ends_of(study, parameters), saved, rows)


def _at(bench: Bench, knot: float, drawn) -> dict[str, np.ndarray]:
    levers = list(bench.levers.values())
    here = (
        bench
        if knot == 1
        else Bench.of(bench.study, levers, knot * bench.intensity, bench.arranger)
    )
    rate = np.ravel(drawn["funding__discount_rate"]) if "funding__discount_rate" in drawn else None
    yearly = sum(outlay(here, one, rate)[1] for one in levers)
    return _drawn_totals(here, tuple(here.levers), drawn) | {
        "one_off_yearly": np.broadcast_to(yearly, count_of(drawn))
    }


def _drawn_totals(bench: Bench, names: tuple[str, ...], drawn) -> dict[str, np.ndarray]:
    """Totals in every draw, block by block."""
    return in_blocks(bench.study, drawn, lambda part: bench.totals(names, part))


def _between(share: np.ndarray, values) -> np.ndarray:
    """Each draw's value at its own share of the intensity, straight between KNOTS."""
    return np.array(
        [
            np.interp(one, KNOTS, column)
            for one, column in zip(share, np.stack(values, axis=1), strict=True)
        ]
    )
