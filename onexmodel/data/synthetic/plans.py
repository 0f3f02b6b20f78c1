"""Step 4: who is assessed in what. Share of students Beta(2, 24); certificates per college Poisson in √enrolment."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ...errors import DataError, Fault
from .certificates import LEVELS, levels_of

LEAST = 0.95  # of what is asked for
SMALLEST = 8  # cells under this are dropped
LEVEL_WEIGHT = {
    "secondary": (0.75, 0.25, 0.0),
    "higher": (0.25, 0.6, 0.15),
    "applied": (0.05, 0.55, 0.4),
}
COURSE_HOURS = {"junior": 48, "intermediate": 64, "advanced": 88}


def make_offerings(
    colleges: pd.DataFrame,
    certificates: pd.DataFrame,
    count: int,
    year: int,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """About `count` offerings: drawn a third too many, then thinned to the number asked for. Raises DataError where there are no colleges and
    certificates for so many."""
    root = np.sqrt(colleges["students"].to_numpy(float))
    factor = 2.7 * 100_000 / root.sum()
    number = np.minimum(rng.poisson(factor * root), len(certificates))
    at = np.repeat(np.arange(len(colleges)), number)
    certificate = rng.choice(len(certificates), size=len(at), p=certificates["popularity"])
    frame = pd.DataFrame({"at": at, "certificate_at": certificate}).drop_duplicates(
        ignore_index=True
    )
    share = rng.beta(2, 24, len(colleges))
    weight = rng.gamma(1.5, 1.0, len(frame))
    assessed = (share * colleges["students"].to_numpy(float) * 1.7)[frame["at"]]
    weight /= np.bincount(frame["at"], weights=weight, minlength=len(colleges))[frame["at"]]
    small = rng.random(len(frame)) < 0.04
    frame["candidates"] = np.where(
        small, rng.integers(SMALLEST, 31, len(frame)), np.round(assessed * weight)
    )
    frame = frame[frame["candidates"] >= SMALLEST].reset_index(drop=True)
    if len(frame) < LEAST * count:
        raise DataError(
            Fault(
                "make_national",
                f"要 {count:,} 条开考计划，院校与证书的搭配只够 {len(frame):,} 条",
                do=f"offerings 写 {len(frame):,} 或更小",
                code="too_many_offerings",
            )
        )
    if len(frame) > count:
        frame = frame.iloc[np.sort(rng.permutation(len(frame))[:count])].reset_index(drop=True)
    return _details(frame, colleges, certificates, year, rng)


def _details(frame, colleges, certificates, year, rng) -> pd.DataFrame:
    allowed = np.array(
        [[level in levels_of(row) for level in LEVELS] for row in certificates.itertuples()]
    )
    tier = colleges["tier"].to_numpy()[frame["at"]]
    wanted = np.array([LEVEL_WEIGHT[name] for name in tier]) * allowed[frame["certificate_at"]]
    wanted = np.where(wanted.sum(1, keepdims=True) > 0, wanted, allowed[frame["certificate_at"]])
    cumulated = (wanted / wanted.sum(1, keepdims=True)).cumsum(1)
    level = np.minimum((rng.random(len(frame))[:, None] > cumulated).sum(1), 2)
    known = rng.random(len(frame))
    rate = np.round(np.clip(rng.beta(12, 4, len(frame)), 0.3, 0.98), 3)
    return pd.DataFrame(
        {
            "college": colleges["college"].to_numpy()[frame["at"]],
            "certificate": certificates["certificate"].to_numpy()[frame["certificate_at"]],
            "level": np.array(LEVELS)[level],
            "year": year,
            "candidates": frame["candidates"].astype(int),
            "pass_rate": np.where(known < 0.97, rate, np.nan),
            "retake_share": np.where(known < 0.93, np.round(rng.beta(5, 5, len(frame)), 2), np.nan),
            "class_size": rng.choice([30, 35, 40, 45, 50], len(frame)),
            "course_hours": np.array([COURSE_HOURS[LEVELS[i]] for i in level]),
            "integration": np.round(rng.beta(2, 3, len(frame)), 2),
        }
    )
