"""What the sentences, tables and figures of province_comparison rest on beyond analysis.provinces.study: plain numbers, no words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...analysis.headline import given_limit
from ...analysis.provinces import study as pc
from ...analysis.provinces.factors import FACTORS as PARTS
from ...analysis.statistics.small_numbers import rank_intervals
from ...rules.numbers import ratio
from ..page.numbers import NO_RANGE, percent
from ..page.rounding import add_up

if TYPE_CHECKING:
    from .report import ProvinceComparison

FLAT = 0.005  # a concentration index nearer to 0 shows no gradient
SAME = 0.05  # yuan a candidate below which nothing differs in print


@dataclass(frozen=True)
class Lead:
    """What the first sentences are about. `case`: focus (a place's level and interval), one (province only), several (the lowest and
    highest level shown), hidden (levels, but none to be shown singly), apart (nothing priced in common); `within`: share of the
    inequality between colleges that lies within provinces. All are shares of 1; nan: there is none. Of `provinces` shown with a level,
    the intervals of `clear` leave out the mean; `small`: the place's sample is too small to judge."""

    case: str
    place: str
    level: float
    reach: tuple[float, float]
    low: float
    high: float
    within: float
    provinces: int
    clear: int
    small: bool

    @property
    def ranged(self) -> bool:
        """Has the level an interval?"""
        return bool(np.isfinite(self.reach[0]))

    @property
    def side(self) -> int:
        """1: the interval lies above the nation's mean, −1: below it, 0: it holds it, or there is none to judge by."""
        return 0 if self.small else int(self.reach[0] > 1.0) - int(self.reach[1] < 1.0)

    @property
    def apart(self) -> float:
        """How far the level lies from the mean, a share."""
        return abs(self.level - 1.0)

    @property
    def split(self) -> bool:
        """Is there inequality to split?"""
        return bool(np.isfinite(self.within))


def lead(report: ProvinceComparison) -> Lead:
    """The first sentences' numbers."""
    levels, level, reach = report.levels, float("nan"), NO_RANGE
    if report.at >= 0:
        level, *ends = levels[["level", "low", "high"]].to_numpy(float)[report.at]
        reach = (ends[0], ends[1])
    known = levels[levels["province"].isin(report.shown["province"]) & np.isfinite(levels["level"])]
    if np.isfinite(level):
        case = "focus"
    elif len(levels) == 1:
        case = "one"
    elif len(known) > 1:
        case = "several"
    else:
        case = "hidden" if np.isfinite(levels["level"]).any() else "apart"
    low, high = known["level"].min(), known["level"].max()
    small = report.at >= 0 and bool(report.small.get(report.focus, True))
    clear = int(((known["low"] > 1) | (known["high"] < 1)).sum())
    return Lead(
        case, report.place, level, reach, low, high, report.within, len(known), clear, small
    )


def priced(report: ProvinceComparison) -> tuple[int, int]:
    """(products compared, those with published fees in two provinces or more)."""
    fees, compiled = report.fees, report.runs[1].compiled
    given = np.isfinite(compiled.leaves["published_fee"]) * 1.0
    published = np.nan_to_num(pc.placed(compiled.keys["cell"], fees, given)) > 0
    return len(fees.products), int((published.sum(0) >= 2).sum())


@dataclass(frozen=True)
class Standing:
    """What the fees of the planned candidates rest on, whole % adding to 100: a published fee; without one, a limit that law or data give (cap,
    verified cost, proposal); a bargain or a verification that the model computes."""

    published: float
    given: float
    modelled: float


def standing(report: ProvinceComparison) -> Standing:
    """Of the report's own province, or of all."""
    result = report.runs[1]
    cells, heads = result.compiled.keys["cell"], pc.planned_by_cell(report.study, result)
    if report.lead.case == "focus":
        heads = heads * (cells["province"] == report.focus).to_numpy()
    published, given = np.isfinite(result.compiled.leaves["published_fee"]), given_limit(result)
    first, second = (
        round(100 * float(ratio((heads * one).sum(), heads.sum())))
        for one in (published, ~published & given)
    )  # as printed elsewhere; what is left gives way
    return Standing(first, second, 100 - first - second)


def touching(report: ProvinceComparison) -> tuple[list[str], list[str], list[str]]:
    """Names of the provinces shown of whose interval an end is printed as 100 and which lie above the mean, below, or hold it."""
    sides: tuple[list[str], list[str], list[str]] = ([], [], [])
    table = report.levels[report.levels["province"].isin(report.shown["province"])]
    for name, row in zip(report.place_names(table["province"]), table.itertuples(), strict=True):
        ends = report.writer.ends((row.low, row.high), percent, row.level)
        if np.isfinite(row.low) and {"100", "100.0"} & set(ends):
            sides[0 if row.low > 1 else 1 if row.high < 1 else 2].append(name)
    return sides


def ranks(report: ProvinceComparison) -> tuple[np.ndarray, np.ndarray]:
    """Best and worst rank of each place's level (80 %); nan for a small sample (docs/method.md §9)."""
    table = report.levels
    return rank_intervals(
        np.log(table["level"]).to_numpy(),
        np.where(report.small.reindex(table["province"]).to_numpy(), np.nan, table["error"]),
        pc.CONFIDENCE,
    )


def place_in(table: pd.DataFrame, province: str) -> int:
    """The row of a province, −1 where it is not in the table."""
    return next(iter(np.flatnonzero(table["province"] == province).tolist()), -1)


@dataclass(frozen=True)
class Outside:
    """How many of `provinces` lie outside the 99.8 % limits, and outside those widened for overdispersion (`phi`)."""

    provinces: int
    outside: int
    wide: int
    phi: float

    @property
    def dispersed(self) -> bool:
        """Do provinces scatter more than the numbers of their colleges say?"""
        return self.phi > 1

    @property
    def chance(self) -> float:
        """How many would lie outside by chance."""
        return 0.002 * self.provinces


def outside(funnel: pd.DataFrame) -> Outside:
    """Provinces outside the limits of a funnel (analysis.provinces.study.funnel)."""
    return Outside(
        len(funnel),
        int(funnel["outside"].sum()),
        int(funnel["outside_wide"].sum()),
        float(funnel["phi"].iloc[0]),
    )


def adding(table: pd.DataFrame) -> pd.DataFrame:
    """The parts and their `total`, yuan a candidate, rounded to what is printed so that each row adds."""
    frame = table[list(PARTS)].assign(total=table["each"] - table["nation"])
    frame.index = [str(i) for i in range(len(frame))]
    return add_up(frame, {}, {"total": dict.fromkeys(PARTS, 1)})


@dataclass(frozen=True)
class Inequality:
    """Gini and concentration of outlay a candidate (over fiscal capacity, or over own funds a student), and the lowest and highest outlay
    of the provinces shown, yuan; `several`: more than one province in the data, `ranged`: shown."""

    gini: float
    concentration: float
    by_capacity: bool
    several: bool
    ranged: bool
    low: float
    high: float

    @property
    def ordered(self) -> bool:
        """Is there a concentration index?"""
        return bool(np.isfinite(self.concentration))

    @property
    def flat(self) -> bool:
        """No gradient, however far provinces lie apart."""
        return abs(self.concentration) < FLAT


def inequality(report: ProvinceComparison) -> Inequality:
    """What is said of the spread between colleges."""
    parts, each = report.spread, report.shown["each"]
    return Inequality(
        parts["gini"],
        parts["concentration"],
        bool(parts["by_capacity"]),
        len(report.table) > 1,
        len(each) > 1,
        each.min(),
        each.max(),
    )
