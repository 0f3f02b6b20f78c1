"""What no wanted number leans on, and so is not computed: counts of §1 that no rate of the wanted kinds of cost is multiplied by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from ..compile import Compiled
from .some_rows import AtSomeRows, Places

CASH = ("college_cash", "training_cash")  # the kinds of cost that headlines are made of
PLANNED = ("organisation", "audited", *CASH)  # and, with these, fees and margins
COUNTED = {
    "assessors": ("assessor", "assessor_theory", "assessor_practical"),
    "bank_share": ("bank",),
    "nation_share": ("nation_year",),
    "province_share": ("province_year",),
}  # counts worth leaving out


def unwanted(leaves: Mapping, kinds: Iterable[str], counts: Iterable[str]) -> dict[str, np.ndarray]:
    """Those `counts` that no rate of these kinds is multiplied by: missing, so that they are neither computed nor used unseen."""
    wanted = {driver for kind in kinds for driver in leaves[f"{kind}_rates"]}
    return {
        name: np.full((2, 1) if name == "assessors" else 1, np.nan)
        for name in counts
        if not wanted & set(COUNTED[name])
    }


def at_rows_of(driver: str, cells: np.ndarray, compiled: Compiled) -> AtSomeRows:
    """Values of cells (draws, cells) as their offerings see them, right where some rate is multiplied by the driver's count: elsewhere what
    differs between draws is left out, and the count is multiplied by 0."""
    priced, cell = (
        np.zeros(len(compiled.place), bool),
        compiled.space.maps["offering", "cell"].index,
    )
    for kind in PLANNED:
        priced |= np.asarray(compiled.leaves[f"{kind}_rates"].get(driver, 0.0)) != 0
    places = Places.where(priced)
    return AtSomeRows(cells[0].take(cell), places, cells.take(cell[places.at], axis=-1))
