"""Step 3: certificates, one organisation each, and how each level is assessed."""

from __future__ import annotations

import numpy as np
import pandas as pd

COUNT = 60
FORMS = ("paper", "computer", "practical", "special_practical")
FORM_SHARES = (0.05, 0.45, 0.40, 0.10)
LEVELS = ("junior", "intermediate", "advanced")
FIXED_COST = {
    "paper": 18_000,
    "computer": 30_000,
    "practical": 45_000,
    "special_practical": 60_000,
}  # 元/省·年: assumption
MEAN_COST, COST_SPREAD = 1.25, 0.35  # the certificate's own cost level, lognormal
# per form: session capacity, candidates per assessor, hours a session, college staff a session (assumptions near S8)
SHAPE = {
    "paper": (60, 30, 2, 2),
    "computer": (50, 25, 2, 2),
    "practical": (24, 8, 4, 3),
    "special_practical": (12, 4, 5, 3),
}


def make_certificates(rng: np.random.Generator) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Certificates with their main form, number of levels, cost level and popularity; and the organisations."""
    form = rng.permutation(np.repeat(FORMS, np.round(np.array(FORM_SHARES) * COUNT).astype(int)))
    number = np.arange(1, COUNT + 1)
    certificates = pd.DataFrame(
        {
            "certificate": [f"SIMC{n:03d}" for n in number],
            "name": [f"模拟证书{n:03d}" for n in number],
            "organisation": [f"SIMO{n:03d}" for n in number],
            "batch": rng.integers(1, 5, COUNT),
            "form": form,
            "levels": rng.integers(1, 4, COUNT),
            "cost": MEAN_COST * np.exp(COST_SPREAD * rng.standard_normal(COUNT)),
            "popularity": rng.dirichlet(np.full(COUNT, 1.2)),
        }
    )
    fixed = certificates["form"].map(FIXED_COST) * np.exp(0.5 * rng.standard_normal(COUNT))
    organisations = pd.DataFrame(
        {
            "organisation": certificates["organisation"],
            "name": [f"模拟评价组织{n:03d}" for n in number],
            "fixed_cost": np.round(fixed, -2),
        }
    )
    return certificates, organisations


def levels_of(row) -> tuple[str, ...]:
    """The levels a certificate has: the middle one first."""
    return {1: ("intermediate",), 2: ("junior", "intermediate"), 3: LEVELS}[row.levels]


def make_components(certificates: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Theory on paper or by computer, and a practical part in the certificate's form; paper ones have theory only."""
    rows = []
    for row in certificates.itertuples():
        scale = float(rng.choice([0.8, 1.0, 1.25]))
        parts = (
            [("theory", "computer", 0.4), ("practical", row.form, 0.6)]
            if row.form != "paper"
            else [("theory", "paper", 1.0)]
        )
        for level in levels_of(row):
            for component, form, weight in parts:
                rows.append(
                    {
                        "certificate": row.certificate,
                        "level": level,
                        "component": component,
                        "form": form,
                        "weight": weight,
                        **_shape(form, scale),
                        "province": "",
                        "college": "",
                    }
                )
    return pd.DataFrame(rows)


def _shape(form: str, scale: float) -> dict:
    capacity, per_assessor, hours, staff = SHAPE[form]
    capacity = int(round(capacity * scale))
    seats_a_station = 1 if form in ("paper", "computer") else 3
    return {
        "session_capacity": capacity,
        "candidates_per_assessor": min(per_assessor, capacity),
        "stations": max(1, capacity // seats_a_station),
        "hours_per_session": hours,
        "college_staff_per_session": staff,
    }
