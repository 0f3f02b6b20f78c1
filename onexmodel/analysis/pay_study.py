"""Performance pay: the uplift by every method, and what a tilt does to teachers' pay (model.md §5)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtri

from ..engine.compile import mid_year
from ..engine.year import YearResult, fund_flows
from ..rules.funding import SOURCES, USES
from ..rules.numbers import ratio
from ..rules.pay import involved_hours, teacher_pay_fen
from .inequality import gini
from .study import Study

METHODS = ("elasticity", "rate", "income_share")


@dataclass(frozen=True)
class Teachers:
    """Teachers of the place pooled over colleges with a pay total: college number, base weight, X hours; `given` where rows
    were supplied (else lognormal quantiles, no random draw)."""

    college: np.ndarray
    base_weight: np.ndarray
    hours: np.ndarray
    given: np.ndarray


def uplift_table(study: Study, result: YearResult, column: str = "tier") -> pd.DataFrame:
    """By group of colleges that may have an uplift: hours, growth, uplift by method, limit, granted, still to ask, pay per hour."""
    compiled, served, scope = result.compiled, result.served, study.scope(result.compiled)["college"]
    keys, leaves = compiled.keys["college"], compiled.leaves
    eligible = scope & served["uplift_eligible"] & ~np.isnan(leaves["pay_pool"])
    rows = []
    for group in [*dict.fromkeys(keys.loc[eligible, column]), "all"]:
        chosen = eligible if group == "all" else eligible & (keys[column] == group).to_numpy()

        def total(values, chosen=chosen):
            return float(np.nansum(np.broadcast_to(values, chosen.shape)[chosen]))
        row = {"group": group, "colleges": int(chosen.sum()), "teachers": total(leaves["teachers"]), "norm": total(leaves["teachers"] * leaves["norm_hours"]),
               "baseline": total(leaves["baseline_hours"]), "added": total(served["added_hours"]), "counted": total(served["work_counted"]),
               "pool": total(leaves["pay_pool"]), "uplift": total(served["uplift"]), "limit": total(served["uplift_limit_used"]),
               "granted": total(leaves["uplift_granted"])}
        row |= {f"uplift_{method}": total(np.minimum(served[f"uplift_{method}"], served["uplift_limit_used"])) for method in METHODS}
        row["to_ask"] = total(np.maximum(0.0, served["uplift"] - np.nan_to_num(leaves["uplift_granted"])))
        row["growth"] = float(ratio(row["counted"], row["baseline"]))
        row["per_hour"] = float(ratio(row["uplift"], row["added"]))
        row["limited"] = int((chosen & (served["uplift"] >= served["uplift_limit_used"] - 0.005) & (served["uplift"] > 0)).sum())
        rows.append(row)
    return pd.DataFrame(rows)


def teachers_of(study: Study, result: YearResult) -> Teachers:
    """Rows as given; elsewhere round(share · teachers) carry the college's hours at lognormal quantiles, equal base shares."""
    view = study.composition.law.at(mid_year(study.year))
    compiled, scope = result.compiled, study.scope(result.compiled)["college"]
    rows = study.tables["workload"]
    rows = rows[rows["year"] == study.year]
    by_college = dict(list(rows.groupby("college")))
    parts = []
    for i in np.flatnonzero(scope & ~np.isnan(compiled.leaves["pay_pool"]) & result.served["uplift_eligible"]):
        own = by_college.get(compiled.keys["college"]["college"].iloc[i])
        if own is not None:
            hours = own["x_hours"].where((own["role"] == "training") | (view["pay.tilt_hours"] == "all"), 0.0).to_numpy(float)
            weight, given = own["base_weight"].to_numpy(float), True
        else:
            count = int(compiled.leaves["teachers"][i])
            involved = int(round(view["pay.share_of_teachers_involved"] * count))
            counted = result.served["added_hours"][i] if view["pay.tilt_hours"] == "all" else result.served["college_training_hours"][i]
            quantiles = ndtri((np.arange(1, involved + 1) - 0.5) / max(involved, 1))
            hours = involved_hours(counted, count, view["pay.share_of_teachers_involved"], view["pay.hours_sigma"], quantiles)
            weight, given = np.ones(count), False
        parts.append((np.full(len(hours), i), weight, hours, np.full(len(hours), given)))
    if not parts:
        return Teachers(*(np.array([]) for _ in range(4)))
    return Teachers(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def pay_of(study: Study, result: YearResult, people: Teachers, tilt: float | None) -> np.ndarray:
    """Each teacher's pay with the uplift at a tilt (None: before any uplift, by base share), yuan; whole fen that add up to pool
    and uplift in each college."""
    scope = study.composition.law.at(mid_year(study.year))["pay.tilt_scope"]
    pay = np.zeros(len(people.hours))
    first = np.flatnonzero(np.r_[True, np.diff(people.college) != 0]) if len(people.college) else np.array([], int)
    for start, end in zip(first, [*first[1:], len(people.college)], strict=True):
        i, rows = int(people.college[start]), slice(start, end)
        pool = int(round(100 * result.compiled.leaves["pay_pool"][i]))
        uplift = 0 if tilt is None else int(round(100 * result.served["uplift"][i]))
        pay[rows] = teacher_pay_fen(pool, uplift, people.base_weight[rows], people.hours[rows], tilt or 0.0, scope) / 100
    return pay


def tilt_table(study: Study, result: YearResult, people: Teachers, tilts) -> pd.DataFrame:
    """At each tilt: mean gain of those with and without X hours, share better and worse off, Gini before and after, share of
    X teachers whose gain per hour reaches the reservation rate, share of the gain going to the top tenth."""
    view = study.composition.law.at(mid_year(study.year))
    busy, rows = people.hours > 0, []
    before = pay_of(study, result, people, None)
    for tilt in tilts:
        after = pay_of(study, result, people, tilt)
        gain = after - before
        hourly = ratio(gain[busy], people.hours[busy])
        top = np.sort(gain)[::-1][: max(1, len(gain) // 10)].sum()
        rows.append({"tilt": tilt, "gain_busy": _mean(gain[busy]), "gain_others": _mean(gain[~busy]), "better": _mean(gain > 0.005), "worse": _mean(gain < -0.005),
                     "gini_before": gini(before), "gini_after": gini(after), "hourly": _mean(hourly), "top_tenth": float(ratio(top, gain.sum())),
                     "above_reservation": _mean(hourly >= view["pay.reservation_rate"] - 0.005), "busy": int(busy.sum()), "teachers": int(len(gain))})
    return pd.DataFrame(rows)


def uplift_sources(study: Study, result: YearResult, view) -> dict[str, float]:
    """Which source pays the uplift in the optimum, and what is not covered; yuan."""
    scope = study.scope(result.compiled)["college"]
    flows = fund_flows(result, view)[..., :, USES.index("performance_pay"), :][..., scope].sum(-1)
    made = dict(zip(SOURCES, flows.tolist(), strict=True))
    made["funding_gap"] = float(np.sum(result.served["funding_gap_performance_pay"][scope]))
    return made


def pay_quantiles(before: np.ndarray, after: np.ndarray, people: Teachers, roles) -> pd.DataFrame:
    """Quantiles of pay before and after by role (label, mask)."""
    rows = []
    for label, mask in roles:
        if mask.any():
            rows.append({"role": label, "teachers": int(mask.sum()), **{f"before_{q}": float(np.quantile(before[mask], q / 100)) for q in (10, 50, 90)},
                         **{f"after_{q}": float(np.quantile(after[mask], q / 100)) for q in (10, 50, 90)}, "gain": float((after - before)[mask].mean())})
    return pd.DataFrame(rows)


def _mean(values) -> float:
    values = np.asarray(values, float)
    values = values[np.isfinite(values)]
    return float(values.mean()) if values.size else float("nan")
