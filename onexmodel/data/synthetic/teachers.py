"""Step 9: teacher rows of one higher college a province. Rows of all teachers would be more than a million."""

from __future__ import annotations

import numpy as np
import pandas as pd

INVOLVED = 0.35
MEDIAN_HOURS, HOURS_SPREAD = 38, 0.6  # X hours of those who take part, lognormal
ROLES, ROLE_SHARES = ("training", "assessor", "support"), (0.6, 0.25, 0.15)
BASE_WEIGHTS = (0.8, 1.0, 1.2, 1.5)


def make_teachers(colleges, year, rng) -> pd.DataFrame:
    """Pseudonymous teachers with their load, X hours and base weight."""
    first = colleges[colleges["tier"] == "higher"].groupby("province", sort=True).head(1)
    return pd.concat(
        [_of_college(college, year, rng) for college in first.itertuples()], ignore_index=True
    )


def _of_college(college, year, rng) -> pd.DataFrame:
    count, norm = int(college.teachers), float(college.norm_hours)
    hours = np.round(norm * np.clip(rng.normal(0.96, 0.12, count), 0.5, 1.5), 1)
    involved = rng.random(count) < INVOLVED
    drawn = np.round(MEDIAN_HOURS * np.exp(HOURS_SPREAD * rng.standard_normal(count)), 1)
    return pd.DataFrame(
        {
            "teacher": [f"T{college.college[3:]}-{i:04d}" for i in range(1, count + 1)],
            "college": college.college,
            "year": year,
            "role": np.where(involved, rng.choice(ROLES, count, p=ROLE_SHARES), "none"),
            "norm_hours": norm,
            "hours": hours,
            "x_hours": np.where(involved, np.minimum(drawn, hours), 0.0),
            "base_weight": rng.choice(BASE_WEIGHTS, count),
        }
    )
