"""Step 8: what colleges and provinces have to spend on it, the pay pools, and the budget as voted."""

from __future__ import annotations

import numpy as np
import pandas as pd

SHARES = {
    "central_award": 0.15,
    "local_appropriation": 0.20,
    "per_student_appropriation": 0.45,
    "tuition": 0.15,
    "other_income": 0.05,
}
FUNDS_LEVEL = 1.54  # limits over the rough need, so that about 30 % of colleges end with a gap
COMMON, OWN = 0.2, 0.25  # spread of a college's funds as a whole, and of each source
POT_SHARE = 0.3  # of the central award is left to the province to split
POOL = 48_000  # 元 a teacher before the uplift, at the national wage: assumption
# shares of the rough need by use, with the economic code the payment falls under (docs/method.md §6, assumed mapping)
BUDGET = (
    ("assessment", "30227", 0.72),
    ("training", "30218", 0.20),
    ("teacher_training", "30216", 0.04),
    ("performance_pay", "30107", 0.04),
)


def rough_need(colleges, offerings, guess) -> np.ndarray:
    """Yuan a year by college, before the model is run: fee, college items and training of its candidates."""
    cost = (
        offerings["candidates"] * (offerings["certificate"].map(guess) * 1.35 + 95)
        + offerings["candidates"] / 40 * offerings["course_hours"] * 60
    )
    return (
        cost.groupby(offerings["college"]).sum().reindex(colleges["college"]).fillna(0.0).to_numpy()
    )


def make_funding(colleges, need, year, rng) -> pd.DataFrame:
    """Limits as shares of a rough need; part of the central award goes to the province's pot."""
    common = COMMON * rng.standard_normal(len(colleges))
    private = (colleges["ownership"] == "private").to_numpy()
    rows, pots = [], np.zeros(len(colleges))
    for order, (source, share) in enumerate(SHARES.items(), start=1):
        limit = (
            FUNDS_LEVEL * share * need * np.exp(common + OWN * rng.standard_normal(len(colleges)))
        )
        if source == "central_award":
            pots, limit = POT_SHARE * limit, (1 - POT_SHARE) * limit
        held = (need > 0) & ~(private & (source == "per_student_appropriation"))
        rows.append(
            pd.DataFrame(
                {
                    "owner": colleges["college"],
                    "year": year,
                    "source_of_funds": source,
                    "limit": np.round(limit, 2),
                    "carry_over": 0.0,
                    "order": order,
                }
            )[held]
        )
    province = pd.Series(pots, index=colleges["province"]).groupby(level=0).sum().round(2)
    rows.append(
        pd.DataFrame(
            {
                "owner": province.index,
                "year": year,
                "source_of_funds": "central_award",
                "limit": province.to_numpy(),
                "carry_over": 0.0,
                "order": np.nan,
            }
        )
    )
    return pd.concat(rows, ignore_index=True)


def make_pay_pools(colleges, year, rng) -> pd.DataFrame:
    """Performance-pay totals of public colleges before the uplift."""
    public = colleges[colleges["ownership"] == "public"]
    pool = (
        public["teachers"] * POOL * public["wage"] * np.exp(0.15 * rng.standard_normal(len(public)))
    )
    return pd.DataFrame(
        {
            "college": public["college"],
            "year": year,
            "pay_pool": np.round(pool, -3),
            "uplift_granted": np.nan,
            "uplift_limit": np.nan,
            "net_training_income": np.round(rng.gamma(1.0, 60_000, len(public)), -2),
        }
    )


def make_budget_lines(colleges, need, year, rng) -> pd.DataFrame:
    """What was voted for each use, and spent: near the rough need, to a hundred yuan; pay only at public colleges."""
    rows = []
    for use, economic, share in BUDGET:
        voted = np.round(share * need * np.exp(0.2 * rng.standard_normal(len(colleges))), -2)
        spent = np.round(voted * np.minimum(1.0, rng.normal(0.94, 0.05, len(colleges))), 2)
        held = (voted > 0) & (
            (use != "performance_pay") | (colleges["ownership"] == "public").to_numpy()
        )
        functional = np.where(colleges["tier"] == "higher", "2050305", "")
        rows.append(
            pd.DataFrame(
                {
                    "college": colleges["college"],
                    "year": year,
                    "use": use,
                    "functional_code": functional,
                    "economic_code": economic,
                    "budgeted": voted,
                    "final": spent,
                }
            )[held]
        )
    return pd.concat(rows, ignore_index=True)
