"""fee_cap's table that is turned: caps and the organisations' share in the bargain, and what fees, spending, gap and service are then."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...analysis import scheme as sc
from ...analysis.caps.grid import cap_grid
from ...engine.places.local import LOCAL
from ..page.blocks import Block, paragraphs
from ..page.explorer import Axis, Grid, Measure, rising
from .areas import SERVICE

if TYPE_CHECKING:
    from .report import FeeCap

CAPS = (0.6, 0.8, 1.0, 1.2, 1.4, 1.6, 1.8)  # times today's
SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
SHOWN = ("mean_approved_fee", "fee_bill", "funding_gap", "served", "unmet_share")


def left_out(report: FeeCap) -> bool:
    """Is there nothing to turn? Fees do not follow caps, or nobody can say who serves; or today's point is none of a grid: shares set apart
    place by place."""
    apart = "fees.beta" in report.study.views()[0].get(LOCAL, {})
    unjudged = bool(report.lacks) or not report.basis.assessed
    return unjudged or apart or report.open or report.caps[0] == "removed"


def scheme_caps(report: FeeCap) -> float:
    """The one factor by which the scheme moves every cap of the place and nothing else; missing where it does otherwise."""
    if report.touched.areas not in ((), ("caps",)):
        return float("nan")
    return sc.cap_factor(*report.runs["none"], report.weight)


def grid(report: FeeCap) -> Grid:
    """Money and fees as if every plan were served, service with the organisations' response: as on the first page."""
    words, share = report.words, float(report.study.views()[0]["fees.beta"])
    factor = scheme_caps(report)
    caps = rising(CAPS, *([factor] if np.isfinite(factor) else []))
    shares = rising(SHARES, share)
    found = {mode: cap_grid(report.study, caps, shares, mode) for mode in report.modes}
    points = {words.explorer_names["today"]: 1.0}
    if np.isfinite(factor) and report.touched.areas:
        points[words.explorer_names["scheme"]] = factor
    axes = (
        Axis("cap", words.explorer_axes["cap"], caps, [*map(words.explorer_cap, caps)]),
        Axis("beta", words.explorer_axes["beta"], shares, [*map(words.explorer_share, shares)]),
    )
    return Grid(
        axes,
        [
            Measure(words.explorer_measures[name], report.written(name), found[mode_of(name)][name])
            for name in SHOWN
            if name not in report.left_out
        ],
        {name: (axes[0].at(cap), axes[1].at(share)) for name, cap in points.items()},
    )


def mode_of(name: str) -> str:
    """The view a measure is taken from."""
    return "supply" if name in (*SERVICE, "served") else "none"


def explorer(report: FeeCap) -> Block:
    """Caps × share in the bargain; a sentence where the caps are gone, and nothing where the neighbours have said why."""
    words = report.words
    if not report.shows("table", "explorer"):
        removed = report.caps[0] == "removed" and not report.lacks
        return paragraphs(words.explorer_left_out if removed else "")
    apart = report.touched.areas != () and not np.isfinite(scheme_caps(report))
    return report.numbered_explorer(
        "explorer",
        words.explorer_caption,
        words.explorer_head,
        grid(report),
        words.explorer_said(float(report.study.views()[0]["fees.beta"]), apart),
        ("approved_fee", "fee_bill", "funding_gap", "served", "fees.cap_index", "fees.beta"),
    )
