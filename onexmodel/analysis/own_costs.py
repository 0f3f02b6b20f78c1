"""What the report of one college holds of costs instead of shares of colleges: its unit cost among its peers, its sessions by certificate."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..engine.result import YearResult
from ..rules.numbers import ratio
from .peers import Peers, beside_peers
from .study import Study

CASH = ("organisation_cash_cost", "college_cash_cost", "training_cash_cost")


def cost_peers(study: Study, run: YearResult) -> Peers:
    """The college's cash cost per candidate (`cash`, yuan) among those of its tier and province that plan anything."""
    sums = run.compiled.space.maps["offering", "college"].sum
    cash = sums(sum(run.served[name] for name in CASH)) + run.served["uplift"]
    candidates = sums(run.served["candidates"])
    return beside_peers(study, run.compiled, {"cash": ratio(cash, candidates)}, candidates > 0)


class Sessions(NamedTuple):
    """A certificate and level of the college: candidates, sessions of both components, sittings ÷ seats, empty seats, yuan per candidate."""

    title: str
    level: str
    candidates: float
    sessions: float
    fill: float
    empty: float
    each: float


def sessions_of(study: Study, run: YearResult) -> list[Sessions]:
    """The college's certificates, those with most empty seats first."""
    served, keys = run.served, run.compiled.keys["offering"]
    at = np.flatnonzero(study.scope(run.compiled)["offering"] & (served["candidates"] > 0))
    sessions = np.nan_to_num(served["sessions"])
    seats = np.nansum(sessions * np.nan_to_num(served["session_capacity"]), axis=0)
    sittings = served["sittings"] * (sessions > 0).sum(axis=0)
    rows = [
        Sessions(
            keys["certificate"].iloc[i],
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
