"""Why fees move less than what a scheme moves: caps decide some fees only, and a published fee stands for some sittings only."""

from __future__ import annotations

import numpy as np

from ...analysis.headline import binding_shares
from ...analysis.scheme import PUBLISHED, cap_move, planned_weight, published_move
from ...analysis.study import Study
from ...engine.result import YearResult
from ..page.rounding import percents
from ..page.writer import PageWriter

CLEARLY = 0.8  # of what the scheme moves: fees that move by less move clearly less
SEEN = 0.0005  # a change that is printed, in %


def follows_said(
    writer: PageWriter, study: Study, runs: tuple[YearResult, YearResult], fee: float
) -> dict[str, str]:
    """caps → a sentence where the mean fee moves clearly less than they do, published → the same of published fees, or that there are
    none to move. runs: baseline and scheme; `fee`: change of the mean fee, a share. Nothing where caps go both ways or are gone, or where
    no fee moves: then the lead says what decides."""
    words, scope, said = writer.words("front"), study.scope(), {}
    weight = planned_weight(runs[0], scope)
    way, caps = cap_move(*runs, weight)
    if way in ("raise", "lower") and _less(fee, caps - 1):
        shares = binding_shares(runs[0], scope)
        parts = percents([float(one) for one in shares.values()])
        named = dict(zip(shares, parts, strict=True))
        said["caps"] = words.less_than_caps(fee, caps - 1, named)
    changes = study.composition.data_changes
    if any(one.target == PUBLISHED and one.holds(study.day) for one in changes):
        share, published = published_move(*runs, weight)
        if not share:
            said["published"] = words.none_published
        elif _less(fee, published):
            said["published"] = words.less_than_published(fee, published, share)
    return said


def _less(fee: float, moved: float) -> bool:
    """Does the mean fee move, clearly less than what moves it, and the same way?"""
    return SEEN < fee * np.sign(moved) < CLEARLY * abs(moved)
