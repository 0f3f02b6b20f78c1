"""What a province's fee level means: which certificates make the difference, how much money it is a year, how many provinces have to be
compared for it to say the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ...engine.compile import CELL
from ...engine.result import YearResult
from ...rules.numbers import ratio
from .price_index import cpd
from .study import CONFIDENCE, FeeTable

NAMED = 3  # certificates to be verified first
HALF = 0.5  # of the candidates: a comparison is to hold so many


@dataclass(frozen=True)
class Stakes:
    """A province's fees beside what the same candidates would pay at the nation's mean fees (of each certificate and level, by planned
    candidates: over all provinces the differences add to nothing). `frame`: a row a certificate that may be named, with `money` (planned
    candidates × (fee here − mean fee), yuan a year, its levels added), `colleges`, `here` and `mean` (fees of its candidates, yuan a sitting),
    those that make most of the difference first; `total`: money of all certificates; `left`: the level if the first
    NAMED were at the mean fees."""

    frame: pd.DataFrame
    total: float
    left: float

    @property
    def first(self) -> pd.DataFrame:
        """The certificates that make most of the difference, at most NAMED."""
        return self.frame.head(NAMED)

    @property
    def named(self) -> float:
        """Their money, yuan a year."""
        return float(self.first["money"].sum())


def stakes(
    fees: FeeTable, at: int, level: float, colleges: Mapping[str, int], least: int
) -> Stakes:
    """The money behind the `level` of the place `at` in the table. colleges: certificate → how many of the place plan it; a certificate of
    fewer than `least` is not named."""
    used = np.isfinite(fees.prices[at]) & (fees.candidates[at] > 0)
    heads, here, mean = (
        np.where(used, values, 0.0)
        for values in (fees.candidates[at], fees.prices[at], mean_fees(fees))
    )
    side = np.sign(level - 1.0)
    frame = pd.DataFrame(
        {
            "certificate": fees.labels,
            "heads": heads,
            "paid": heads * here,
            "money": heads * (here - mean),
        }
    )
    frame = frame.groupby("certificate", sort=False).sum().query("heads > 0")
    total = float(frame["money"].sum())
    frame = frame.assign(
        colleges=[colleges.get(one, 0) for one in frame.index],
        here=frame["paid"] / frame["heads"],
        mean=(frame["paid"] - frame["money"]) / frame["heads"],
    )
    shown = frame[(side * frame["money"] > 0) & (frame["colleges"] >= least)]
    shown = shown.iloc[np.argsort(-side * shown["money"].to_numpy(), kind="stable")]
    prices = fees.prices.copy()
    at_mean = used & np.isin(fees.labels, shown.index[:NAMED])
    prices[at, at_mean] = mean[at_mean]
    left = cpd(prices, fees.candidates, intervals=False).level[at]
    return Stakes(shown.reset_index(), total, float(left))


def mean_fees(fees: FeeTable) -> np.ndarray:
    """(products,) mean fee of all provinces by planned candidates, yuan a sitting; nan where nothing is priced."""
    heads = np.where(np.isfinite(fees.prices), fees.candidates, 0.0)
    return ratio((np.nan_to_num(fees.prices) * heads).sum(0), heads.sum(0))


def planning_colleges(result: YearResult, province: str) -> dict[str, int]:
    """certificate → colleges of the province that plan it."""
    keys = result.compiled.keys["offering"]
    planned = result.compiled.leaves["planned_candidates"] > 0
    rows = keys[(keys["province"] == province).to_numpy() & planned]
    return rows.groupby(CELL[1])["college"].nunique().to_dict()


def side_of(low: float, high: float) -> int:
    """1: an interval lies above the nation's mean (level 1), −1: below, 0: it holds the mean, or there is none."""
    return int(low > 1.0) - int(high < 1.0)


def enough_provinces(
    fees: FeeTable, at: int, levels: np.ndarray, reach: tuple[float, float]
) -> int:
    """How many provinces (the one at `at`, and of the others those with most candidates) have to be compared: they hold half of the
    candidates, and with them, and with any more, the comparison says what it says with all. levels: of all, nan where there is none;
    reach: the interval of the one's."""
    heads = fees.candidates.sum(1)
    known = [int(i) for i in np.flatnonzero(np.isfinite(levels)) if i != at]
    order = [at, *sorted(known, key=lambda i: (-heads[i], i))]
    half = int(np.searchsorted(np.cumsum(heads[order]), HALF * heads[order].sum())) + 1
    said = side_of(*reach)
    for count in range(len(order) - 1, max(half, 2) - 1, -1):
        some = order[:count]
        found = cpd(fees.prices[some], fees.candidates[some], fees.labels, confidence=CONFIDENCE)
        if side_of(found.low[0], found.high[0]) != said:
            return count + 1
    return max(half, 2)
