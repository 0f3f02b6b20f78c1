"""Teachers of a place and what a tilt does to their pay (docs/method.md §5): rows as given, the rest by the declared rule."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtri

from ...engine.compile import mid_year
from ...engine.result import YearResult
from ...rules.numbers import ratio
from ...rules.pay import break_even_tilt, involved_hours, teacher_pay_fen, tilted_pay_per_hour
from ..statistics.inequality import gini
from ..statistics.precision import HALF_FEN
from ..study import Study

WIDE = 0.1  # of the X hours calculated: listed hours further away are to be verified


@dataclass(frozen=True)
class Crew:
    """Each college with a pay total that may have an uplift: its number, teachers, X hours to carry (of the kind the tilt counts), and the
    rows supplied: base weights and hours, one a teacher. `rest` teachers are not listed."""

    college: int
    teachers: int
    counted: float
    weights: np.ndarray
    hours: np.ndarray

    @property
    def rest(self) -> int:
        """Teachers of the college without a row."""
        return max(0, self.teachers - len(self.hours))

    @property
    def weight(self) -> float:
        """Base weight of those: the mean of the listed, 1 where none is."""
        return float(self.weights.mean()) if len(self.weights) else 1.0

    @property
    def left(self) -> float:
        """X hours the listed teachers do not carry; nobody else can where all are listed."""
        return max(0.0, self.counted - float(self.hours.sum())) if self.rest else 0.0


@dataclass(frozen=True)
class Teachers:
    """Teachers of the place pooled over colleges with a pay total: college number, base weight, X hours; `given` where rows were supplied
    (the rest at lognormal quantiles, no random draw)."""

    college: np.ndarray
    base_weight: np.ndarray
    hours: np.ndarray
    given: np.ndarray


def crews(study: Study, result: YearResult) -> list[Crew]:
    """The colleges whose teachers share an uplift, with the rows supplied for them (several rows of a teacher are one)."""
    view, compiled, scope = (
        study.composition.law.at(mid_year(study.year)),
        result.compiled,
        study.scope(result.compiled)["college"],
    )
    counted = result.served[
        "added_hours" if view["pay.tilt_hours"] == "all" else "college_training_hours"
    ]
    given, made, keys = (
        listed(study, view["pay.tilt_hours"]),
        [],
        compiled.keys["college"]["college"],
    )
    for i in np.flatnonzero(
        scope & ~np.isnan(compiled.leaves["pay_pool"]) & result.served["uplift_eligible"]
    ):
        own = given.get(keys.iloc[i])
        weights, hours = (
            (own["base_weight"].to_numpy(float), own["x_hours"].to_numpy(float))
            if own is not None
            else (np.zeros(0), np.zeros(0))
        )
        made.append(
            Crew(int(i), int(compiled.leaves["teachers"][i]), float(counted[i]), weights, hours)
        )
    return made


def listed(study: Study, tilt_hours: str) -> dict[str, pd.DataFrame]:
    """college → one row a teacher of the study's year: base_weight, x_hours (training rows only where the tilt counts these alone)."""
    rows = study.tables["workload"]
    rows = rows[rows["year"] == study.year]
    hours = rows["x_hours"].where((rows["role"] == "training") | (tilt_hours == "all"), 0.0)
    each = (
        rows.assign(x_hours=hours)
        .groupby(["college", "teacher"], sort=False)
        .agg(base_weight=("base_weight", "max"), x_hours=("x_hours", "sum"))
        .reset_index()
    )
    return dict(list(each.groupby("college", sort=False)))


def coverage(study: Study, result: YearResult) -> pd.DataFrame:
    """Colleges of which some teachers are listed but not as many as they have (or more): college, listed, teachers."""
    keys = result.compiled.keys["college"]["college"]
    rows = [
        {"college": keys.iloc[crew.college], "listed": len(crew.hours), "teachers": crew.teachers}
        for crew in crews(study, result)
        if len(crew.hours) and len(crew.hours) != crew.teachers
    ]
    return pd.DataFrame(rows, columns=["college", "listed", "teachers"])


def hours_apart(study: Study, result: YearResult) -> pd.DataFrame:
    """Colleges whose teachers together carry X hours that differ from those calculated by more than WIDE of these: college, listed and
    calculated hours. Where not all teachers are listed the others carry what is left, so that only too many can differ."""
    keys = result.compiled.keys["college"]["college"]
    rows = [
        {"college": keys.iloc[crew.college], "listed": carried, "calculated": crew.counted}
        for crew in crews(study, result)
        if len(crew.hours)
        and abs((carried := float(crew.hours.sum()) + crew.left) - crew.counted)
        > WIDE * crew.counted
    ]
    return pd.DataFrame(rows, columns=["college", "listed", "calculated"])


def teachers_of(study: Study, result: YearResult) -> Teachers:
    """The teachers listed; those not listed carry what hours are left at lognormal quantiles, round(share · their number) of them, with
    the listed teachers' mean base weight (equal weights where nobody is listed)."""
    view, parts = study.composition.law.at(mid_year(study.year)), []
    share, sigma = view["pay.share_of_teachers_involved"], view["pay.hours_sigma"]
    for crew in crews(study, result):
        involved = int(round(share * crew.rest))
        quantiles = ndtri((np.arange(1, involved + 1) - 0.5) / max(involved, 1))
        hours = np.concatenate(
            [crew.hours, involved_hours(crew.left, crew.rest, share, sigma, quantiles)]
        )
        weight = np.concatenate([crew.weights, np.full(crew.rest, crew.weight)])
        parts.append(
            (
                np.full(len(hours), crew.college),
                weight,
                hours,
                np.arange(len(hours)) < len(crew.hours),
            )
        )
    if not parts:
        return Teachers(*(np.array([]) for _ in range(4)))
    return Teachers(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def pay_of(study: Study, result: YearResult, people: Teachers, tilt: float | None) -> np.ndarray:
    """Each teacher's pay with the uplift at a tilt (None: before any uplift, by base share), yuan; whole fen that add up to pool
    and uplift in each college."""
    scope = study.composition.law.at(mid_year(study.year))["pay.tilt_scope"]
    pay = np.zeros(len(people.hours))
    for i, rows in _by_college(people):
        pool = int(round(100 * result.compiled.leaves["pay_pool"][i]))
        uplift = 0 if tilt is None else int(round(100 * result.served["uplift"][i]))
        # before any uplift the total is shared by base share, also where the tilt is to fall on all of it
        pay[rows] = (
            teacher_pay_fen(
                pool, uplift, people.base_weight[rows], people.hours[rows], tilt or 0.0, scope
            )
            / 100
        )
    return pay


def _by_college(people: Teachers):
    first = (
        np.flatnonzero(np.r_[True, np.diff(people.college) != 0])
        if len(people.college)
        else np.array([], int)
    )
    for start, end in zip(first, [*first[1:], len(people.college)], strict=True):
        yield int(people.college[start]), slice(start, end)


def sums_by_college(
    result: YearResult, people: Teachers
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of the colleges with teachers: number, Σ X hours, uplift."""
    parts = [
        (i, people.hours[rows].sum(), float(result.served["uplift"][i]))
        for i, rows in _by_college(people)
    ]
    if not parts:
        return np.zeros(0, int), np.zeros(0), np.zeros(0)
    colleges, hours, uplift = zip(*parts, strict=True)
    return np.array(colleges), np.array(hours), np.array(uplift)


def tilt_table(study: Study, result: YearResult, people: Teachers, tilts) -> pd.DataFrame:
    """At each tilt: mean gain of those with and without X hours; share better and worse off; of pay before and after: Gini and the share
    of the best-paid tenth; share of the gain going to the tenth that gains most; `hourly`, what an X hour earns out of the tilted part
    (all colleges), and the share of X teachers in colleges where it reaches the reservation rate."""
    view, busy, rows = study.composition.law.at(mid_year(study.year)), people.hours > 0, []
    before = pay_of(study, result, people, None)
    college, hours, uplift = sums_by_college(result, people)
    at = np.searchsorted(college, people.college[busy])
    unchanging = {
        "gini_before": gini(before),
        "top_before": top_tenth(before),
        "busy": int(busy.sum()),
        "teachers": int(len(before)),
    }
    for tilt in tilts:
        after = pay_of(study, result, people, tilt)
        gain = after - before
        reached = (
            tilted_pay_per_hour(tilt, hours, uplift) >= view["pay.reservation_rate"] - HALF_FEN
        )
        rows.append(
            unchanging
            | {
                "tilt": tilt,
                "gain_busy": _mean(gain[busy]),
                "gain_others": _mean(gain[~busy]),
                "better": _mean(gain > HALF_FEN),
                "worse": _mean(gain < -HALF_FEN),
                "gini_after": gini(after),
                "top_after": top_tenth(after),
                "top_gain": top_tenth(gain),
                "hourly": float(tilted_pay_per_hour(tilt, hours.sum(), uplift.sum())),
                "above_reservation": _mean(reached[at]) if len(college) else float("nan"),
            }
        )
    return pd.DataFrame(rows)


def break_even(result: YearResult, people: Teachers, reservation_rate: float) -> float:
    """The tilt at which the curve `hourly` of the tilt table reaches the reservation rate; above 1 no tilt does; missing without uplift."""
    _, hours, uplift = sums_by_college(result, people)
    return (
        float(break_even_tilt(reservation_rate, hours.sum(), uplift.sum()))
        if hours.sum() > 0
        else float("nan")
    )


def top_tenth(values: np.ndarray) -> float:
    """Share of a total that the largest tenth of the values hold (one value at least)."""
    count = max(1, len(values) // 10)
    return (
        float(ratio(np.partition(values, -count)[-count:].sum(), values.sum()))
        if len(values)
        else float("nan")
    )


def pay_quantiles(before: np.ndarray, after: np.ndarray, people: Teachers, roles) -> pd.DataFrame:
    """Quantiles of pay before and after by role (label, mask)."""
    rows = []
    for label, mask in roles:
        if mask.any():
            rows.append(
                {
                    "role": label,
                    "teachers": int(mask.sum()),
                    **{
                        f"before_{q}": float(np.quantile(before[mask], q / 100))
                        for q in (10, 50, 90)
                    },
                    **{
                        f"after_{q}": float(np.quantile(after[mask], q / 100)) for q in (10, 50, 90)
                    },
                    "gain": float((after - before)[mask].mean()),
                }
            )
    return pd.DataFrame(rows)


def _mean(values) -> float:
    values = np.asarray(values, float)
    values = values[np.isfinite(values)]
    return float(values.mean()) if values.size else float("nan")
