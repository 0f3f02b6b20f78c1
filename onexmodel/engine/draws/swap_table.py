"""One table of a year arranged again: what changes in it feeds few leaves, and to arrange the whole year costs ten times as much."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ..compile import Compiled, _components, _offerings, _places
from ..ledger import ledger_lines, rates_by_driver

OFFERING_LEAVES = {
    "planned_candidates": "candidates",
    "given_pass_rate": "pass_rate",
    "given_retake_share": "retake_share",
    "class_size": "class_size",
    "course_hours": "course_hours",
    "integration": "integration",
}
OWN = "own_assessors"  # 1 where the college's own staff assess its candidates


@dataclass(frozen=True)
class Arranger:
    """The places of a compiled year, ready to take changed rows of `offerings`, `components` or `ingredients` (the same rows, other values)."""

    compiled: Compiled
    frames: Mapping[str, pd.DataFrame]
    places: pd.DataFrame
    rate: float

    @staticmethod
    def of(compiled: Compiled, frames: Mapping[str, pd.DataFrame], rate: float) -> Arranger:
        """For the frames the year was compiled from, at the discount rate it was compiled with."""
        colleges, provinces, certificates = (
            frames[name].reset_index(drop=True)
            for name in ("colleges", "provinces", "certificates")
        )
        offerings = _offerings(
            frames["offerings"], colleges, provinces, certificates, compiled.year
        )
        places, place = _places(offerings, frames, colleges, provinces, certificates)
        if not np.array_equal(place, compiled.place):
            raise ValueError("the frames are not those the year was compiled from")
        return Arranger(compiled, frames, places, rate)

    def leaves(self, table: str, frame: pd.DataFrame) -> dict[str, Any]:
        """The leaves one table feeds, with this frame in its place; of `ingredients` also OWN, (offerings,) 0 or 1."""
        colleges, provinces, certificates = (
            self.frames[name].reset_index(drop=True)
            for name in ("colleges", "provinces", "certificates")
        )
        place = self.compiled.place
        if table == "offerings":
            rows = _offerings(frame, colleges, provinces, certificates, self.compiled.year)
            made = {leaf: rows[column].to_numpy(float) for leaf, column in OFFERING_LEAVES.items()}
            return made | {"integration": np.nan_to_num(made["integration"])}
        if table == "components":
            return {
                name: array[:, place] for name, array in _components(frame, self.places).items()
            }
        ledger = ledger_lines(frame, self.places, provinces, self.rate)
        at = self.compiled.space.maps["offering", "college"].index
        factor = colleges["cost_factor"].fillna(1.0).to_numpy(float)[at]
        return rates_by_driver(ledger, place, factor, len(self.places)) | {
            OWN: own_assessors(ledger, place)
        }


def own_assessors(ledger: pd.DataFrame, place: np.ndarray) -> np.ndarray:
    """(offerings,) 1 where a ledger row has the college's own staff assess, else 0."""
    own = ledger.loc[(ledger["item"] == "assessor_fees") & ledger["own_staff"].astype(bool), "at"]
    return np.isin(place, own.unique()) * 1.0
