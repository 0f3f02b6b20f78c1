"""What a fee level means for the province that the report is about: which certificates make the difference, how much money it is a
year, and how firm the finding is. Plain numbers, no words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...analysis.provinces import study as pc
from ...analysis.provinces.price_index import cpd
from ...engine.compile import CELL
from ...rules.numbers import ratio
from ..page.numbers import NO_RANGE
from ..page.writer import SMALL

if TYPE_CHECKING:
    from .report import ProvinceComparison

NAMED = 3  # certificates to be verified first
HALF = 0.5  # of the candidates: a comparison is to hold so many; a province whose published fees cover fewer is asked for documents


@dataclass(frozen=True)
class Stakes:
    """The focus's fees beside what the same candidates would pay at the nation's mean fees (of each certificate and level, by planned
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


def stakes(report: ProvinceComparison) -> Stakes:
    """The money behind the focus's level."""
    fees, row = report.fees, report.at
    used = np.isfinite(fees.prices[row]) & (fees.candidates[row] > 0)
    heads, here, mean = (
        np.where(used, values, 0.0)
        for values in (fees.candidates[row], fees.prices[row], mean_fees(fees))
    )
    side = np.sign(report.levels["level"].iloc[row] - 1.0)
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
    frame["colleges"] = _colleges(report).reindex(frame.index, fill_value=0)
    frame = frame.assign(
        here=frame["paid"] / frame["heads"],
        mean=(frame["paid"] - frame["money"]) / frame["heads"],
    )
    shown = frame[
        (side * frame["money"] > 0) & (report.writer.internal | (frame["colleges"] >= SMALL))
    ]
    shown = shown.iloc[np.argsort(-side * shown["money"].to_numpy(), kind="stable")]
    prices = fees.prices.copy()
    at_mean = used & np.isin(fees.labels, shown.index[:NAMED])
    prices[row, at_mean] = mean[at_mean]
    left = cpd(prices, fees.candidates, intervals=False).level[row]
    return Stakes(shown.reset_index(), total, float(left))


def mean_fees(fees: pc.FeeTable) -> np.ndarray:
    """(products,) mean fee of all provinces by planned candidates, yuan a sitting; nan where nothing is priced."""
    heads = np.where(np.isfinite(fees.prices), fees.candidates, 0.0)
    return ratio((np.nan_to_num(fees.prices) * heads).sum(0), heads.sum(0))


def _colleges(report: ProvinceComparison) -> pd.Series:
    """certificate → colleges of the focus that plan it."""
    compiled = report.runs[1].compiled
    keys = compiled.keys["offering"]
    at_work = (keys["province"] == report.focus).to_numpy() & (
        compiled.leaves["planned_candidates"] > 0
    )
    return keys[at_work].groupby(CELL[1])["college"].nunique()


def verdict(low: float, high: float) -> int:
    """1: an interval lies above the nation's mean (level 1), −1: below, 0: it holds the mean, or there is none."""
    return int(low > 1.0) - int(high < 1.0)


def enough(report: ProvinceComparison) -> int:
    """How many provinces (the focus, and of the others those with most candidates) have to be compared: they hold half of the candidates, and
    with them, and with any more, the comparison says what it says with all."""
    fees, focus = report.fees, report.at
    known = np.flatnonzero(np.isfinite(report.levels["level"]))
    heads = fees.candidates.sum(1)
    order = [focus, *sorted((i for i in known if i != focus), key=lambda i: (-heads[i], i))]
    half = int(np.searchsorted(np.cumsum(heads[order]), HALF * heads[order].sum())) + 1
    said = verdict(*report.reach)
    for count in range(len(order) - 1, max(half, 2) - 1, -1):
        some = order[:count]
        found = cpd(fees.prices[some], fees.candidates[some], fees.labels, confidence=pc.CONFIDENCE)
        if verdict(found.low[0], found.high[0]) != said:
            return count + 1
    return max(half, 2)


@dataclass(frozen=True)
class Advice:
    """What the numbers recommend, and what would overturn it. `rule`: verify (the focus's interval leaves out the mean), leave (it holds it,
    or there is none), small (samples too small, `few` of them, the
    focus's among them where there is one), published (no focus: `bare` provinces whose published fees
    cover less than half of the candidates; `covered`: of the nation's), each (no focus, and nothing missing), shared (nothing priced in common). `edges`: the levels between which
    an interval as wide as today's holds the mean; `enough`: see there."""

    rule: str
    side: int = 0
    few: int = 0
    bare: int = 0
    covered: float = float("nan")
    edges: tuple[float, float] = NO_RANGE
    enough: int = 0

    @property
    def ranged(self) -> bool:
        """Is there an interval to move?"""
        return bool(np.isfinite(self.edges[0]))


def advice(report: ProvinceComparison) -> Advice:
    """The recommendation of the run."""
    quality, few = report.quality, int(report.table["small"].sum())
    if report.lead.small:
        return Advice("small", few=few)
    if report.lead.case == "focus":
        side, (low, high) = report.lead.side, report.reach
        if not np.isfinite(low):
            return Advice("leave")
        wide = float(np.sqrt(high / low))
        edges = (1 / wide, wide)
        return Advice("verify" if side else "leave", side, edges=edges, enough=enough(report))
    if report.lead.case in ("one", "apart"):
        return Advice("shared")
    covered = float((quality["share"] * quality["planned"]).sum() / quality["planned"].sum())
    bare = int((quality["share"] < HALF).sum())
    rule = "small" if few else "published" if bare else "each"
    return Advice(rule, few=few, bare=bare, covered=covered)
