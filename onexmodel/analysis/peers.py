"""One college beside the colleges of its tier and province: quartiles of enough of them, never another one's number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ..engine.compile import Compiled
from .disclosure import SMALL
from .study import Study


class Beside(NamedTuple):
    """The college's own value, and the quartiles of its peers, itself among them."""

    own: float
    low: float
    middle: float
    high: float


@dataclass(frozen=True)
class Peers:
    """The college's tier; how many `colleges` are compared, itself among them; measure → its place, for those that may be shown."""

    tier: str
    colleges: int
    rows: Mapping[str, Beside]


def beside_peers(
    study: Study, compiled: Compiled, measures: Mapping[str, np.ndarray], counted: np.ndarray
) -> Peers:
    """The study's college beside its peers. `measures`: name → (colleges,) values, nan where a college has none; `counted`: (colleges,) bool,
    those that can be compared. A measure has no row where the college itself is not counted or has none, or fewer than five others have one."""
    keys, scope = compiled.keys["college"], study.scope(compiled)["college"]
    own = int(np.flatnonzero(scope)[0])
    alike = np.array(counted, bool)
    for name in ("tier", "province"):
        alike &= (keys[name] == keys[name].iloc[own]).to_numpy(bool)
    rows = {}
    for name, values in measures.items():
        known = alike & np.isfinite(values)
        if known[own] and known.sum() > SMALL:
            # by this rule a quartile lies between two colleges wherever it can
            quartiles = np.quantile(values[known], (0.25, 0.5, 0.75), method="hazen")
            rows[name] = Beside(float(values[own]), *quartiles.tolist())
    return Peers(str(keys["tier"].iloc[own]), int(alike.sum()), rows)
