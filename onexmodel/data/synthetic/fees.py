"""Step 6: what each province fixed: proposals, verified costs, published fees, special cases with a document."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .certificates import levels_of

PRICED = 0.7  # of its certificates a province has priced
SPECIAL = 0.02
FIRST_STANDARDS = (
    0.4  # of the published fees date from December 2020 (F9), the others from the new year
)
VALID_FROM, EARLY = "2021-01-01", "2020-12-15"


def make_fees(provinces, certificates, guess, cap, beta, rng) -> pd.DataFrame:
    """One row per priced province, certificate and level. guess: 元/人次 by certificate; cap: by certificate and level;
    beta: by province, the share of the headroom that organisations get."""
    rows = [
        _fee(
            province,
            row,
            level,
            guess[row.certificate],
            cap[row.certificate, level],
            beta[province],
            rng,
        )
        for province in provinces
        for row in certificates.itertuples()
        if rng.random() <= PRICED
        for level in levels_of(row)
    ]
    frame = pd.DataFrame(rows)
    early = frame["published_fee"].notna() & (rng.random(len(frame)) < FIRST_STANDARDS)
    return frame.assign(valid_from=frame["valid_from"].mask(early, EARLY))


def _fee(province, row, level, unit, room, beta, rng) -> dict:
    kind, noise = rng.random(), np.exp(0.12 * rng.standard_normal(3))
    bargain = min(unit + beta * max(0.0, room - unit), room)
    proposal = round(max(bargain, room * rng.uniform(0.7, 1.2)) * noise[0]) if kind < 0.45 else None
    verified = round(unit * 1.08 * noise[1]) if 0.3 < kind < 0.7 else None
    published = round(min(room, max(0.8 * unit, bargain) * noise[2])) if kind > 0.85 else None
    special = rng.random() < SPECIAL
    return {
        "province": province,
        "certificate": row.certificate,
        "level": level,
        "given_proposal": proposal,
        "verified_cost": verified,
        "published_fee": published,
        "stage": "published" if published else "reviewed",
        "document": "模拟文号" if published else "",
        "special_case": "yes" if special else "no",
        "special_fee": round(room * 1.05) if special else None,
        "special_document": "模拟审核文号" if special else "",
        "special_from": "2021-03-01" if special else "",
        "special_to": "2022-03-01" if special else "",
        "valid_from": VALID_FROM,
        "valid_to": "",
    }
