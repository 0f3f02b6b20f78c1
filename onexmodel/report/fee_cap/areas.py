"""What several parts of fee_cap say alike: what moved, parts that add as printed, who bears a change, which view of the organisations'
response is taken, where the critical cap lies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...analysis.caps import study as cs
from ...analysis.measures import span
from ...analysis.statistics.precision import HALF_YUAN
from ..page.numbers import count, points
from ..page.rounding import percents
from ..page.sentences import Words
from ..page.writer import PageWriter

if TYPE_CHECKING:
    from .report import FeeCap

SIDES = ("worse", "better", "same")
SERVICE = ("supplier_shortfall", "unmet_share", "suppliers_short")  # told with the response
WILD = 200  # of 100 yuan: parts larger than this are told in yuan, not per 100


def words_of(writer: PageWriter) -> Words:
    """The report's words, where there is a writer and no report."""
    return writer.words("fee_cap")


def shares(values: Sequence[float]) -> list[str]:
    """The same as printed."""
    return [count(part) for part in percents(values)]


def parts_of(borne: Mapping[str, float]) -> dict[str, float] | None:
    """source → whole yuan of each 100 of the colleges' outlay, or of its change, adding to 100, largest first; None where there is none,
    or where parts are so much larger than the whole that a share of 100 would mislead."""
    whole = sum(borne.values())
    if abs(whole) < HALF_YUAN or max(abs(value / whole) for value in borne.values()) * 100 > WILD:
        return None
    made = dict(zip(borne, percents([value / whole for value in borne.values()]), strict=True))
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
    """97%的院校支出增加，3%不变: shares of the colleges whose spending rises, falls and stays, of those there are."""
    parts = percents([float((sides == side).mean()) for side in SIDES])
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
    parts = percents([getattr(report.critical, name) for name in names])
    return dict(zip(names, parts, strict=True))


def critical_draws(report: FeeCap) -> str:
    """How many of the draws have a critical cap in the range tried, and what the others do."""
    return report.words.service_critical_draws(
        report.critical, critical_parts(report), cs.TARGET_UNMET
    )
