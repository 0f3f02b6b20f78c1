"""Steps 6, 8, 9: fees, funds, pay pools, teachers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .certificates import levels_of

SHARES = {"central_award": 0.15, "local_appropriation": 0.20, "per_student_appropriation": 0.45, "tuition": 0.15, "other_income": 0.05}
FUNDS_LEVEL = 1.54  # limits over need, so that about 30 % of colleges end with a gap
PRICED = 0.7
POT_SHARE = 0.3  # of the central award is left to the province to split


def make_fees(provinces, certificates, guess, cap, beta, rng) -> pd.DataFrame:
    """What each province fixed: given proposals, verified costs, published fees, special cases with a document."""
    rows = []
    for province in provinces:
        for row in certificates.itertuples():
            if rng.random() > PRICED:
                continue
            for level in levels_of(row):
                kind, noise = rng.random(), np.exp(0.12 * rng.standard_normal(3))
                unit, room = guess[row.certificate], cap[row.certificate, level]
                bargain = min(unit + beta[province] * max(0.0, room - unit), room)
                fee = {"given_proposal": round(max(bargain, room * rng.uniform(0.7, 1.2)) * noise[0]) if kind < 0.45 else None,
                       "verified_cost": round(unit * 1.08 * noise[1]) if 0.3 < kind < 0.7 else None,
                       "published_fee": round(min(room, max(0.8 * unit, bargain) * noise[2])) if kind > 0.85 else None}
                special = rng.random() < 0.02
                rows.append({"province": province, "certificate": row.certificate, "level": level, **fee,
                             "stage": "published" if fee["published_fee"] else "reviewed", "document": "模拟文号" if fee["published_fee"] else "",
                             "special_case": "yes" if special else "no", "special_fee": round(room * 1.05) if special else None,
                             "special_document": "模拟审核文号" if special else "", "special_from": "2021-03-01" if special else "",
                             "special_to": "2022-03-01" if special else "", "valid_from": "2021-01-01", "valid_to": ""})
    frame = pd.DataFrame(rows)
    early = frame["published_fee"].notna() & (rng.random(len(frame)) < 0.4)  # F9: first standards December 2020
    return frame.assign(valid_from=frame["valid_from"].mask(early, "2020-12-15"))


def make_funding(colleges, offerings, guess, year, rng) -> pd.DataFrame:
    """Limits as shares of a rough need; part of the central award goes to the province's pot."""
    cost = offerings["candidates"] * (offerings["certificate"].map(guess) * 1.35 + 95) + offerings["candidates"] / 40 * offerings["course_hours"] * 60
    need = cost.groupby(offerings["college"]).sum().reindex(colleges["college"]).fillna(0.0).to_numpy()
    common = 0.2 * rng.standard_normal(len(colleges))
    rows, pots = [], np.zeros(len(colleges))
    for order, (source, share) in enumerate(SHARES.items(), start=1):
        limit = FUNDS_LEVEL * share * need * np.exp(common + 0.25 * rng.standard_normal(len(colleges)))
        if source == "central_award":
            pots, limit = POT_SHARE * limit, (1 - POT_SHARE) * limit
        own = (need > 0) & ~((source == "per_student_appropriation") & (colleges["ownership"] == "private").to_numpy())
        rows.append(pd.DataFrame({"owner": colleges["college"], "year": year, "source_of_funds": source, "limit": np.round(limit, 2),
                                  "carry_over": 0.0, "order": order})[own])
    province = pd.Series(pots, index=colleges["province"]).groupby(level=0).sum().round(2)
    rows.append(pd.DataFrame({"owner": province.index, "year": year, "source_of_funds": "central_award", "limit": province.to_numpy(),
                              "carry_over": 0.0, "order": np.nan}))
    return pd.concat(rows, ignore_index=True)


def make_pay_pools(colleges, year, rng) -> pd.DataFrame:
    """Performance-pay totals of public colleges before the uplift."""
    public = colleges[colleges["ownership"] == "public"]
    pool = public["teachers"] * 48_000 * public["wage"] * np.exp(0.15 * rng.standard_normal(len(public)))
    return pd.DataFrame({"college": public["college"], "year": year, "pay_pool": np.round(pool, -3), "uplift_granted": np.nan,
                         "uplift_limit": np.nan, "net_training_income": np.round(rng.gamma(1.0, 60_000, len(public)), -2)})


def make_teachers(colleges, year, rng) -> pd.DataFrame:
    """Teacher rows of one higher college a province: 35 % take part, hours lognormal. All teachers would be 1.2 million rows."""
    rows = []
    for college in colleges[colleges["tier"] == "higher"].groupby("province", sort=True).head(1).itertuples():
        n = int(college.teachers)
        norm = float(college.norm_hours)
        hours = np.round(norm * np.clip(rng.normal(0.96, 0.12, n), 0.5, 1.5), 1)
        involved = rng.random(n) < 0.35
        x_hours = np.where(involved, np.minimum(np.round(38 * np.exp(0.6 * rng.standard_normal(n)), 1), hours), 0.0)
        rows.append(pd.DataFrame({"teacher": [f"T{college.college[3:]}-{i:04d}" for i in range(1, n + 1)], "college": college.college, "year": year,
                                  "role": np.where(involved, rng.choice(["training", "assessor", "support"], n, p=[.6, .25, .15]), "none"),
                                  "norm_hours": norm, "hours": hours, "x_hours": x_hours, "base_weight": rng.choice([0.8, 1.0, 1.2, 1.5], n)}))
    return pd.concat(rows, ignore_index=True)
