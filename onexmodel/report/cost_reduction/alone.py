"""What the report of one college holds instead of shares of colleges: its unit cost among its peers, its sessions by certificate."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ...analysis.study import Study
from ..page.writer import SMALL

CASH = ("organisation_cash_cost", "college_cash_cost", "training_cash_cost")
LISTED = 10  # certificates in the table of sessions


class Peers(NamedTuple):
    """The college's cash cost per candidate, yuan, and the quartiles of the colleges of its tier and province, itself among them."""

    own: float
    low: float
    middle: float
    high: float
    colleges: int
    tier: str


def peers(study: Study, run) -> Peers | None:
    """The college among its peers; None where fewer than five of its tier and province plan anything."""
    keys, sums = run.compiled.keys["college"], run.compiled.space.maps["offering", "college"]
    cash = sums.sum(sum(run.served[name] for name in CASH)) + run.served["uplift"]
    candidates = sums.sum(run.served["candidates"])
    own = int(np.flatnonzero(study.scope(run.compiled)["college"])[0])
    like = candidates > 0
    for name in ("tier", "province"):
        like &= (keys[name] == keys[name].iloc[own]).to_numpy(bool)
    if like.sum() < SMALL or not like[own]:
        return None
    low, middle, high = np.quantile(cash[like] / candidates[like], (0.25, 0.5, 0.75)).tolist()
    return Peers(
        float(cash[own] / candidates[own]),
        low,
        middle,
        high,
        int(like.sum()),
        keys["tier"].iloc[own],
    )


class Sat(NamedTuple):
    """A certificate and level of the college: candidates, sessions of both components, sittings ÷ seats, empty seats, yuan per candidate."""

    title: str
    level: str
    candidates: float
    sessions: float
    fill: float
    empty: float
    each: float


def sat(study: Study, run) -> list[Sat]:
    """The college's certificates, those with most empty seats first."""
    names = study.tables["certificates"].set_index("certificate")["name"]
    served, keys = run.served, run.compiled.keys["offering"]
    at = np.flatnonzero(study.scope(run.compiled)["offering"] & (served["candidates"] > 0))
    sessions = np.nan_to_num(served["sessions"])
    seats = np.nansum(sessions * np.nan_to_num(served["session_capacity"]), axis=0)
    sittings = served["sittings"] * (sessions > 0).sum(axis=0)
    rows = [
        Sat(
            names.get(keys["certificate"].iloc[i]) or keys["certificate"].iloc[i],
            keys["level"].iloc[i],
            float(served["candidates"][i]),
            float(sessions[:, i].sum()),
            float(sittings[i] / seats[i]),
            float(seats[i] - sittings[i]),
            float(served["assessment_cost"][i] / served["candidates"][i]),
        )
        for i in at
        if seats[i] > 0
    ]
    return sorted(rows, key=lambda one: -one.empty)
