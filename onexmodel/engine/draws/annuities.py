"""Rates that contain an annuity, at another discount rate than the tables were arranged with, or at one that differs between draws."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ...rules.cost import KINDS, annuity
from .some_rows import AtSomeRows, Places


def rates_at(rate, leaves: Mapping, arranged_at: float, at_some_rows: bool) -> dict[str, dict]:
    """⟨kind⟩_rates that the discount `rate` (a share a year, or (draws, 1)) moves: those with a durable part, by driver as in `leaves`, each
    (…, offerings). At the rate they were arranged with they are as they were, to the last bit."""
    made: dict[str, dict] = {}
    if np.ndim(rate) == 0 and rate == arranged_at:
        return made
    for kind in KINDS:
        durable, own = leaves[f"{kind}_durable"], dict(leaves[f"{kind}_rates"])
        for driver in dict.fromkeys(name for name, _ in durable):
            parts = [
                (annuity(rate, np.array(years)) - annuity(arranged_at, np.array(years)), price)
                for (name, years), price in durable.items()
                if name == driver
            ]
            bought = Places.where(np.any([price != 0 for _, price in parts], axis=0))
            if at_some_rows and np.ndim(rate):
                at = bought.at
                own[driver] = AtSomeRows(
                    own[driver],
                    bought,
                    own[driver].take(at) + sum(more * price.take(at) for more, price in parts),
                )
            else:
                own[driver] = own[driver] + sum(more * price for more, price in parts)
        if durable:
            made[f"{kind}_rates"] = own
    return made
