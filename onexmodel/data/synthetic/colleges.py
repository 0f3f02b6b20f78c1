"""Step 2: fictional colleges whose enrolment adds to each province's total."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .margins import whole

SIGMA = 0.55  # spread of college size
NORM = {"higher": 360, "secondary": 400, "applied": 340}
TIER_WORD = {"higher": "高职", "secondary": "中职", "applied": "应用本科"}
# 元/生·年: assumption; S3 gives spending, not appropriation
APPROPRIATION = {"higher": 14_500, "secondary": 13_000, "applied": 17_000}
# higher: S6, published; the others assumed
APPROPRIATION_FLOOR = {"higher": 12_000, "secondary": 10_500, "applied": 12_000}
MEAN_APPLIED = 12_000  # students of an applied college: assumption


def make_colleges(margins: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """The colleges table, provinces in order, higher before secondary before applied. No real name or code: SIM…"""
    parts = []
    for row in margins.itertuples():
        totals = {
            "higher": row.enrolment,
            "secondary": row.secondary_students,
            "applied": row.applied * MEAN_APPLIED,
        }
        for tier, count in (
            ("higher", row.higher),
            ("secondary", row.secondary),
            ("applied", row.applied),
        ):
            size = np.exp(SIGMA * rng.standard_normal(count))
            parts.append(
                pd.DataFrame(
                    {
                        "province": row.province,
                        "tier": tier,
                        "wage": row.wage_index,
                        "students": np.maximum(30, whole(totals[tier] * size / size.sum()))
                        if count
                        else [],
                    }
                )
            )
    frame = pd.concat(parts, ignore_index=True)
    number = frame.groupby("province").cumcount() + 1
    count = len(frame)
    frame["college"] = [
        "SIM" + p + f"{n:04d}" for p, n in zip(frame["province"], number, strict=True)
    ]
    frame["name"] = [
        "模拟" + TIER_WORD[t] + p + f"{n:04d}"
        for t, p, n in zip(frame["tier"], frame["province"], number, strict=True)
    ]
    frame["ownership"] = np.where(rng.random(count) < 0.75, "public", "private")
    frame["teachers"] = np.maximum(
        3, np.round(frame["students"] / np.clip(rng.normal(18, 2.5, count), 10, 26))
    ).astype(int)
    frame["norm_hours"] = frame["tier"].map(NORM)
    load = np.clip(rng.normal(0.96, 0.07, count), 0.7, 1.2)
    frame["baseline_hours"] = np.round(frame["teachers"] * frame["norm_hours"] * load).astype(int)
    private = frame["ownership"] == "private"
    base = (
        frame["tier"].map(APPROPRIATION)
        * frame["wage"] ** 0.5
        * np.exp(0.12 * rng.standard_normal(count))
    )
    base = np.maximum(np.round(base, -1), frame["tier"].map(APPROPRIATION_FLOOR))
    frame["per_student_appropriation"] = np.where(private, np.nan, base)
    fee = np.where(
        private,
        frame["tier"].map({"higher": 13_000, "secondary": 8_000, "applied": 22_000}),
        frame["tier"].map({"higher": 5_500, "secondary": 0, "applied": 6_000}),
    )
    frame["tuition_fee"] = np.round(fee * np.exp(0.1 * rng.standard_normal(count)), -2)
    frame["cost_factor"] = np.round(np.exp(0.15 * rng.standard_normal(count)), 3)
    return frame


COLUMNS = [
    "college",
    "name",
    "province",
    "tier",
    "ownership",
    "students",
    "teachers",
    "norm_hours",
    "baseline_hours",
    "per_student_appropriation",
    "tuition_fee",
    "cost_factor",
]
