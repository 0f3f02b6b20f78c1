"""What several parts of fee_cap say alike: what moved, parts that add as printed, who bears a change, which view of the organisations'
response is taken, where the critical cap lies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...analysis.caps import study as cs
from ...analysis.measures import span
from ...analysis.statistics.precision import HALF_FEN, HALF_YUAN
from ..page.numbers import NO_RANGE, NumberFormat, count, percent, points, wan
from ..page.sentences import Words
from ..page.writer import PageWriter

if TYPE_CHECKING:
    from .report import FeeCap

USES_TOLD = ("assessment", "training", "teacher_training", "performance_pay")
SIDES = ("worse", "better", "same")
MEASURED = {
    "fee_bill": (HALF_YUAN, wan),
    "college_outlay": (HALF_YUAN, wan),
    "funding_gap": (HALF_YUAN, wan),
    "supplier_shortfall": (HALF_YUAN, wan),
    "mean_approved_fee": (HALF_FEN, count),
    "unmet_share": (5e-7, percent),
    "awarded": (0.5, count),
    "suppliers_short": (0.5, count),
}  # headline → below this it did not move; how it is written (sums of money as the writer has it)
SERVICE = ("supplier_shortfall", "unmet_share", "suppliers_short")  # told with the response
ALL = 0.9995  # a share of sittings that is printed as all
WILD = 200  # of 100 yuan: parts larger than this are told in yuan, not per 100


def words_of(writer: PageWriter) -> Words:
    """The report's words, where there is a writer and no report."""
    return writer.words("fee_cap")


@dataclass(frozen=True)
class Change:
    """A headline before and after: `least`, below which it did not move; how it is written; the 80 % interval of the change."""

    before: float
    after: float
    least: float
    write: NumberFormat = wan
    name: str = ""
    reach: tuple[float, float] = NO_RANGE

    @property
    def moved(self) -> float:
        """After − before."""
        return self.after - self.before

    @property
    def moves(self) -> bool:
        """Did it move? What is missing did not."""
        return bool(abs(np.nan_to_num(self.moved)) >= self.least)

    @property
    def size(self) -> float:
        """How far it moved, whichever way: words say rise or fall."""
        return abs(self.moved)

    @property
    def size_reach(self) -> tuple[float, float]:
        """The interval of `size`: an end on the other side of zero is negative."""
        low, high = self.reach
        return (-high, -low) if self.moved < 0 else (low, high)

    @property
    def kind(self) -> str:
        """missing, still, hidden (it moved by less than is printed) or shown."""
        if not np.isfinite(self.moved):
            return "missing"
        if abs(self.moved) < self.least:
            return "still"
        printed = round(float(self.write.inside(self.moved)), self.write.decimals)
        return "shown" if printed else "hidden"


def printed_parts(values: Sequence[float], total: float = 100.0, decimals: int = 0) -> list[float]:
    """The parts, which add to `total`, as they are printed: rounded so that what is printed adds too (largest remainder, ties to the
    first). A missing part stays missing and takes nothing."""
    unit = 10.0**decimals
    exact = np.round(np.asarray(values, float) * unit, 9)
    known = np.isfinite(exact)
    whole = np.floor(np.where(known, exact, 0.0))
    left = int(round(total * unit - whole.sum()))
    order = np.argsort(-(np.where(known, exact, -np.inf) - whole), kind="stable")[
        : int(known.sum())
    ]
    for i in range(left if known.any() else 0):
        whole[order[i % len(order)]] += 1
    return [
        float(part / unit) if ok else float("nan") for part, ok in zip(whole, known, strict=True)
    ]


def percents(values: Sequence[float]) -> list[float]:
    """Shares of sittings, colleges or draws that add to 1, in whole %, adding to 100 as printed: the assumptions carry no more."""
    return printed_parts([100 * value for value in values])


def shares(values: Sequence[float]) -> list[str]:
    """The same as printed."""
    return [count(part) for part in percents(values)]


def parts_of(borne: Mapping[str, float]) -> dict[str, float] | None:
    """source → whole yuan of each 100 of the colleges' outlay, or of its change, adding to 100, largest first; None where there is none,
    or where parts are so much larger than the whole that a share of 100 would mislead."""
    whole = sum(borne.values())
    if abs(whole) < HALF_YUAN or max(abs(value / whole) for value in borne.values()) * 100 > WILD:
        return None
    made = dict(
        zip(borne, printed_parts([100 * value / whole for value in borne.values()]), strict=True)
    )
    return dict(
        sorted(((name, part) for name, part in made.items() if part), key=lambda pair: -pair[1])
    )


def borne_by(report: FeeCap) -> str:
    """Who bears the change of the colleges' outlay, or that no funds are on record."""
    if not report.funds:
        return report.words.unfunded(report.study.unfilled)
    return bearing(report.writer, report.borne)


def bearing(writer: PageWriter, borne: Mapping[str, float]) -> str:
    """Who bears the change of the colleges' outlay: rise, fall, money moved between sources, nothing."""
    moved = {name: value for name, value in borne.items() if abs(value) >= HALF_YUAN}
    whole = sum(borne.values())
    return words_of(writer).bearing_said(
        whole if abs(whole) >= HALF_YUAN else 0.0, moved, parts_of(borne)
    )


def bearing_title(writer: PageWriter, borne: Mapping[str, float]) -> str:
    """Title of the figure of `parts_of`, which must not be None."""
    gap = (parts_of(borne) or {}).get("funding_gap", 0.0)
    return words_of(writer).bearing_headline(sum(borne.values()) < 0, gap)


def sides_said(writer: PageWriter, sides: pd.Series) -> str:
    """97%的院校支出增加，3%不变: shares of the colleges whose spending rises, falls and stays, of those there are; where they may not be told the
    largest alone, without its share."""
    counts = [int((sides == side).sum()) for side in SIDES]
    if not all(writer.may_tell(count, len(sides)) for count in counts):
        return words_of(writer).most_of(SIDES[int(np.argmax(counts))])
    parts = percents([count / len(sides) for count in counts])
    return words_of(writer).sides_of([pair for pair in zip(SIDES, parts, strict=True) if pair[1]])


def unjudged(report: FeeCap) -> str:
    """Why the organisations' response is left out; "" where it is judged."""
    return "" if report.basis.assessed else report.words.service_unjudged(report.basis)


def view_of(report: FeeCap, mode: str = "") -> str:
    """The view, none or supply, that a figure or paragraph takes (the main one, if none is named); "" where there is one only."""
    return (mode or report.main) if len(report.modes) > 1 else ""


def view_said(report: FeeCap, mode: str = "") -> str:
    """The same as a sentence, to stand after others."""
    return report.words.service_views[view_of(report, mode)]


def critical_side(report: FeeCap) -> str:
    """Where the critical cap lies, seen from today's: always or never met in the range tried, today, lower, higher; unplanned: there is none."""
    point = report.critical.point
    if np.isnan(point):
        return "unplanned"
    if np.isinf(point):
        return "never" if point > 0 else "always"
    return "today" if abs(point - 1) < 0.005 else "lower" if point < 1 else "higher"


def critical_title(report: FeeCap) -> str:
    """Which cap is the critical one, seen from today's unmet demand."""
    return report.words.service_critical(report.critical, critical_side(report), cs.TARGET_UNMET)


def critical_ends(report: FeeCap) -> str:
    """（64—71）, with ends beyond the range said so."""
    c = report.critical
    if np.isnan([c.low, c.high]).any():
        return ""
    low, high = report.writer.ends(
        np.clip([c.low, c.high], c.bottom, c.top), points, c.point
    )  # of an open end the width is known up to the range
    if c.low == -np.inf:
        low = report.words.service_critical_under(c.bottom)
    if c.high == np.inf:
        high = report.words.service_critical_over(c.top)
    return "" if low == high else span(low, high, report.writer.lang)


def critical_interval(report: FeeCap) -> str:
    """（80%区间64%—71%）; "" where an end lies beyond the range tried: then `critical_parts` says more."""
    c = report.critical
    if not np.isfinite([c.low, c.high]).all():
        return ""
    low, high = report.writer.ends((c.low, c.high), points, c.point)
    return "" if low == high else span(f"{low}%", f"{high}%", report.writer.lang, named=True)


def critical_parts(report: FeeCap) -> dict[str, float]:
    """solved, always, never: % of the draws with a critical cap in the range tried, with the target met on all of it, met nowhere on it;
    whole, adding to 100."""
    names = ("solved", "always", "never")
    parts = printed_parts([100 * getattr(report.critical, name) for name in names])
    return dict(zip(names, parts, strict=True))


def critical_draws(report: FeeCap) -> str:
    """How many of the draws have a critical cap in the range tried, and what the others do."""
    return report.words.service_critical_draws(
        report.critical, critical_parts(report), cs.TARGET_UNMET
    )
