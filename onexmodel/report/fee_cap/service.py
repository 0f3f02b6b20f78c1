"""What fee_cap says of the organisations' response: whether the data can judge it, both views side by side, and the critical cap."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...analysis.caps import study as cs
from ...analysis.measures import span
from ..page.numbers import points
from .areas import printed_parts

if TYPE_CHECKING:
    from .report import FeeCap


def unjudged(report: FeeCap) -> str:
    """Why the organisations' response is left out; "" where it is judged."""
    return "" if report.basis.assessed else report.words.service_unjudged(report.basis)


def view_of(report: FeeCap, mode: str = "") -> str:
    """The view, none or supply, that a figure or paragraph takes (the main one, if none is named); "" where there is one only."""
    return (mode or report.main) if len(report.modes) > 1 else ""


def view_said(report: FeeCap, mode: str = "") -> str:
    """The same as a sentence, to stand after others."""
    return report.words.service_views[view_of(report, mode)]


def modes_sentence(report: FeeCap) -> str:
    """Views none and supply side by side, or why there is one only."""
    if not report.basis.assessed:
        return unjudged(report)
    return report.words.service_views_compared(
        report.heads["none"],
        report.heads["supply"],
        any(report.moves("fee_bill", mode) for mode in report.modes),
        report.moves("unmet_share", "supply"),
    )


def critical_title(report: FeeCap) -> str:
    """Which cap is the critical one, seen from today's unmet demand."""
    c = report.critical
    if np.isinf(c.point):
        side = "never" if c.point > 0 else "always"
    elif abs(c.point - 1) < 0.005:
        side = "today"
    else:
        side = "lower" if c.point < 1 else "higher"
    return report.words.service_critical(c, side, cs.TARGET_UNMET)


def critical_ends(report: FeeCap) -> str:
    """〔64至71〕, with ends beyond the range said so."""
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
