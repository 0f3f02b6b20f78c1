"""What the report of one college holds instead of shares of colleges: its unit cost among its peers, its sessions by certificate."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ...analysis.peers import Peers, beside_peers
from ...analysis.study import Study
from ...rules.numbers import ratio
from ..front.opening import certificate_names
from ..page.writer import PageWriter

CASH = ("organisation_cash_cost", "college_cash_cost", "training_cash_cost")
LISTED = 10  # certificates in the table of sessions


def peers(study: Study, run) -> Peers:
    """The college's cash cost per candidate (`cash`, yuan) among those of its tier and province that plan anything."""
    sums = run.compiled.space.maps["offering", "college"].sum
    cash = sums(sum(run.served[name] for name in CASH)) + run.served["uplift"]
    candidates = sums(run.served["candidates"])
    return beside_peers(study, run.compiled, {"cash": ratio(cash, candidates)}, candidates > 0)


class Sat(NamedTuple):
    """A certificate and level of the college: candidates, sessions of both components, sittings ÷ seats, empty seats, yuan per candidate."""

    title: str
    level: str
    candidates: float
    sessions: float
    fill: float
    empty: float
    each: float


def sat(study: Study, writer: PageWriter, run) -> list[Sat]:
    """The college's certificates, those with most empty seats first."""
    served, keys = run.served, run.compiled.keys["offering"]
    at = np.flatnonzero(study.scope(run.compiled)["offering"] & (served["candidates"] > 0))
    sessions = np.nan_to_num(served["sessions"])
    seats = np.nansum(sessions * np.nan_to_num(served["session_capacity"]), axis=0)
    sittings = served["sittings"] * (sessions > 0).sum(axis=0)
    names = certificate_names(study, writer, keys["certificate"])
    rows = [
        Sat(
            names[i],
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
