"""What a raise of the cap does: sweeps, break-even cap, tornado, readings side by side, groups of colleges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ...engine.pots import fund_flows
from ...engine.result import YearResult
from ...rules.numbers import ratio
from ...rules.response import break_even_sittings
from ..disclosure import in_order
from ..draws.blocks import blocks, count_of
from ..draws.evaluate import headline_draws
from ..draws.sample import LEAST_DRAWS, interval
from ..draws.sensitivity import open_readings
from ..draws.swings import ends_of, swings, turned
from ..headline import HALF, headline, total, who_bears
from ..measures import known_measure, movers
from ..study import Study
from .at_scales import at_cap_scales, cap_start, plan_at, unmet_at

TARGET_UNMET = 0.05


def cap_sweep(
    study: Study, scales: np.ndarray | Sequence[float], mode: str, drawn: Mapping | None = None
) -> pd.DataFrame:
    """Bill, mean fee, unmet demand and what binds at each cap scale, with 80 % intervals where draws are given."""
    scales = np.asarray(scales, float)
    point = at_cap_scales(study, scales, mode, {})
    weight = study.prepared.baseline.planned("cell", study.scope()["offering"])
    made = {
        "scale": scales,
        **{
            name: np.ravel(point[name]) for name in ("fee_bill", "mean_approved_fee", "unmet_share")
        },
    }
    binds = point["binds"].reshape(len(scales), -1)
    made |= {
        f"binds_{code}": (weight * (binds == code)).sum(-1) / weight.sum() for code in range(5)
    }
    if drawn:
        many = [
            at_cap_scales(study, scales, mode, part) for part in blocks(study, drawn, len(scales))
        ]
        for name in ("fee_bill", "unmet_share"):
            spread = np.concatenate(
                [
                    np.broadcast_to(one[name], (len(scales), count_of(part)))
                    for one, part in zip(many, blocks(study, drawn, len(scales)), strict=True)
                ],
                axis=1,
            )
            made[f"{name}_low"], made[f"{name}_high"] = np.transpose(
                [interval(one) for one in spread]
            )
    return pd.DataFrame(made)


@dataclass(frozen=True)
class CapForTarget:
    """The cap, as a multiple of today's, at which unmet demand just meets the target, looked for between `bottom` and `top`. `point`:
    inf where even `top` misses it, -inf where even `bottom` meets it, nan where nothing is planned. `low`, `high`: 80 % interval over all draws, with the same
    infinities; `solved`, `always`, `never`: shares of the draws with a cap in the range, met on all of it, met nowhere on it."""

    point: float
    low: float
    high: float
    bottom: float
    top: float
    solved: float
    always: float
    never: float


def cap_for_target(
    study: Study, target: float, drawn: Mapping, bottom: float = 0.3, top: float = 3.0
) -> CapForTarget:
    """Point, interval and how many of the draws have a solution at all: none is left out of the interval."""
    point = float(break_even_scale(study, target, None, bottom, top)[0])
    every = break_even_scale(study, target, drawn, bottom, top) if drawn else np.array([point])
    return CapForTarget(
        point,
        *_ends(every),
        bottom,
        top,
        float(np.isfinite(every).mean()),
        float((every == -np.inf).mean()),
        float((every == np.inf).mean()),
    )


def _ends(every: np.ndarray) -> tuple[float, float]:
    """P10 and P90 of caps some of which are infinite (no mean is made of a number and infinity); none of too few draws."""
    if len(every) < LEAST_DRAWS or np.isfinite(every).all():
        return interval(every)
    low, high = np.quantile(every, (0.1, 0.9), method="inverted_cdf")
    return float(low), float(high)


def break_even_scale(
    study: Study,
    target: float,
    drawn: Mapping | None = None,
    low: float = 0.3,
    high: float = 3.0,
    steps: int = 10,
) -> np.ndarray:
    """Cap scale at which unmet demand (mode supply) falls to `target`, by bisection, one per draw. inf: not even at `high`; -inf:
    already at `low`; nan: nothing is planned. Unmet demand weakly falls as caps rise (docs/method.md §4)."""
    return np.concatenate(
        [_break_even(study, target, part, low, high, steps) for part in blocks(study, drawn or {})]
    )


def _break_even(study, target, part, low, high, steps) -> np.ndarray:
    count, start = count_of(part), cap_start(study, "supply", part, apart=True)

    def unmet(scale):
        return np.broadcast_to(unmet_at(study, scale, start), count)

    bottom, top = np.full(count, low), np.full(count, high)
    least, most = unmet(top), unmet(bottom)
    never, already, unplanned = least > target, most <= target, np.isnan(least)
    for _ in range(0 if (never | already | unplanned).all() else steps):
        middle = (bottom + top) / 2
        good = unmet(middle) <= target
        bottom, top = np.where(good, bottom, middle), np.where(good, middle, top)
    return np.select([unplanned, never, already], [np.nan, np.inf, -np.inf], top)


def tornado(study: Study, mode: str, measure: str = "fee_bill") -> pd.DataFrame:
    """Change of the measure between baseline and scenario with one parameter at its P10 and P90, the others at their medians (so that a
    bar lies in what all draws make together; central values can lie off the middle); largest swing first, and `base`, the change with
    all at their medians. One run of all rows; only parameters that can move the measure (read off the rule graph)."""
    parameters, drawn = turned(study, movers(known_measure(measure)), study.held())
    before, after = headline_draws(study, mode, drawn)
    return swings(parameters, ends_of(study, parameters), after[measure] - before[measure])


def readings(study: Study, mode: str) -> pd.DataFrame:
    """Every open reading at each of its other options: baseline and scenario both taken under it, never drawn."""
    view, scope, rows = study.laws.after, study.scope(), []
    for one, option in open_readings(study):
        if not one.name.startswith(("fees.", "response.", "pay.", "funding.")):
            continue
        before, after = study.pair(mode, "headlines", **{one.name.replace(".", "__"): option})
        b, a = headline(before, scope), headline(after, scope)
        rows.append(
            {
                "parameter": one.name,
                "zh": one.zh,
                "en": one.en,
                "option": option,
                "chosen": view[one.name],
                **{measure: float(a[measure] - b[measure]) for measure in a},
            }
        )
    return pd.DataFrame(rows)


def burden(study: Study, mode: str) -> tuple[dict[str, float], dict[str, float]]:
    """(baseline, change): yuan of needs by source, and the part without a source."""
    views, scope = study.views(mode), study.scope()
    before, after = study.prepared.evaluate(*views)
    flows = [fund_flows(one, view) for one, view in zip((before, after), views, strict=True)]
    gaps = [one.served["funding_gap"] for one in (before, after)]
    nothing = np.zeros_like(flows[0]), np.zeros_like(gaps[0])
    return (
        who_bears(nothing[0], flows[0], nothing[1], gaps[0], scope),
        who_bears(flows[0], flows[1], gaps[0], gaps[1], scope),
    )


def loose_certificates(result: YearResult, scope: Mapping[str, np.ndarray]) -> int:
    """Certificates planned in the place whose organisation serves less than half of the plan (mode supply)."""
    compiled, keys = result.compiled, result.compiled.keys
    share = np.broadcast_to(result.plan["share_served"], len(keys["supplier"]))
    planned = scope["offering"] & (compiled.leaves["planned_candidates"] > 0)
    short = planned & (share[compiled.space.maps["offering", "supplier"].index] < HALF)
    return int(keys["offering"]["certificate"][short].nunique())


def uncovered_at(study: Study, scale: float) -> float:
    """Yuan a year that organisations at work in the place do not recover (mode supply) with every cap at `scale` of today's."""
    base, scope = study.prepared.baseline, study.scope()
    _, _, plan = plan_at(study, np.array(scale), cap_start(study, "supply", {}))
    at_work = scope["supplier"] & (base.planned("supplier") > 0)
    return float(total(plan["supplier_shortfall"], at_work))


def by_group(
    study: Study, mode: str, groups: np.ndarray, spread: tuple[dict, dict] | None = None
) -> pd.DataFrame:
    """Change of outlay, gap and service by group (a label for each college), tiers in their order, others in the data's; `spread` holds
    the groups' outlays in every draw (headline_draws with groups)."""
    inside = study.scope()["college"]
    before, after = study.pair(mode)
    rows = []
    for group in in_order(groups[inside]):
        chosen = inside & (groups == group)

        def total(result, name, chosen=chosen):
            values = result.served["needs"].sum(-2) if name == "outlay" else result.served[name]
            return np.sum(np.asarray(values)[..., chosen], axis=-1)

        row = {"group": group, "colleges": int(chosen.sum())}
        for name in ("outlay", "funding_gap", "college_served"):
            row[f"{name}_before"], row[f"{name}_after"] = (
                float(total(before, name)),
                float(total(after, name)),
            )
        if spread:
            row["low"], row["high"] = interval(ratio(spread[1][group], spread[0][group]) - 1)
        rows.append(row)
    return pd.DataFrame(rows)


def supplier_break_even(study: Study) -> pd.DataFrame:
    """Break-even sittings of each organisation in the place at baseline and scenario fees, beside its planned sittings and the number
    of colleges it serves there (its sittings are those of a college where there is only one)."""
    base, scope = study.prepared.baseline, study.scope()
    keys, inside = base.keys["supplier"], scope["supplier"]
    before, after = study.pair("supply")
    made = keys[["organisation", "province"]].copy()
    for name, result in (("before", before), ("after", after)):
        payable = result.plan["supplier_payable_sittings"]
        fee, variable = (
            ratio(result.plan[sum_], payable)
            for sum_ in ("supplier_fee_bill", "supplier_organisation_cost")
        )
        made[f"break_even_{name}"] = break_even_sittings(base.leaves["fixed_cost"], fee, variable)
        made[f"share_served_{name}"] = result.plan["share_served"]
        made[f"margin_{name}"] = result.plan["margin"]
    made["sittings"] = before.plan["supplier_payable_sittings"]
    at, college = (base.space.maps["offering", axis].index for axis in ("supplier", "college"))
    plans = base.leaves["planned_candidates"] > 0
    served = pd.DataFrame({"supplier": at[plans], "college": college[plans]}).drop_duplicates()
    made["colleges"] = np.bincount(served["supplier"], minlength=len(made))
    names = study.tables["organisations"].set_index("organisation")["name"]
    made["name"] = [names.get(code, "") or code for code in made["organisation"]]
    made = made[inside & (made["sittings"] > 0)]
    for name in ("before", "after"):  # a sitting that earns nothing never breaks even
        made[f"reached_{name}"] = (made["sittings"] / made[f"break_even_{name}"]).fillna(0.0)
    return made.sort_values("reached_before", kind="stable").reset_index(drop=True)
