"""One table of a year arranged again: what changes in it feeds few leaves, and to arrange the whole year costs ten times as much."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from ..compile import Compiled, _components, _offerings, _places, offering_leaves
from ..ledger import ledger_lines, rates_by_driver

OWN = "own_assessors"  # 1 where the college's own staff assess its candidates


@dataclass(frozen=True)
class Arranger:
    """The places of a compiled year, ready to take changed rows of `offerings`, `components` or `ingredients` (the same rows, other values)."""

    compiled: Compiled
    frames: Mapping[str, pd.DataFrame]

    @cached_property
    def registers(self) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
        """Colleges, provinces, certificates."""
        colleges, provinces, certificates = (
            self.frames[name].reset_index(drop=True)
            for name in ("colleges", "provinces", "certificates")
        )
        return colleges, provinces, certificates

    @cached_property
    def places(self) -> pd.DataFrame:
        """Those the year was compiled with. Raises ValueError where the frames are not the year's own."""
        offerings = _offerings(self.frames["offerings"], *self.registers, self.compiled.year)
        places, place = _places(offerings, self.frames, *self.registers)
        if not np.array_equal(place, self.compiled.place):
            raise ValueError("the frames are not those the year was compiled from")
        return places

    def leaves(self, table: str, frame: pd.DataFrame) -> dict[str, Any]:
        """The leaves one table feeds, with this frame in its place; of `ingredients` also OWN, (offerings,) 0 or 1."""
        _, provinces, _ = self.registers
        places, place = self.places, self.compiled.place
        if table == "offerings":
            return offering_leaves(_offerings(frame, *self.registers, self.compiled.year))
        if table == "components":
            return {name: array[:, place] for name, array in _components(frame, places).items()}
        ledger = ledger_lines(frame, places, provinces, self.compiled.discount_rate)
        return rates_by_driver(ledger, place, self.compiled.cost_factor, len(places)) | {
            OWN: own_assessors(ledger, place)
        }


def own_assessors(ledger: pd.DataFrame, place: np.ndarray) -> np.ndarray:
    """(offerings,) 1 where a ledger row has the college's own staff assess, else 0."""
    own = ledger.loc[(ledger["item"] == "assessor_fees") & ledger["own_staff"].astype(bool), "at"]
    return np.isin(place, own.unique()) * 1.0
