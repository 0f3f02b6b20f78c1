"""What province_comparison recommends, by one rule, and what would overturn it. Plain numbers, no words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ...analysis.provinces.stakes import enough_provinces
from ..page.numbers import NO_RANGE

if TYPE_CHECKING:
    from .report import ProvinceComparison

HALF = 0.5  # of the candidates: a province whose published fees cover fewer is asked for documents


@dataclass(frozen=True)
class Advice:
    """What the numbers recommend, and what would overturn it. `rule`: verify (the focus's interval leaves out the mean), leave (it holds it,
    or there is none), small (samples too small, `few` of them, the
    focus's among them where there is one), published (no focus: `bare` provinces whose published fees
    cover less than half of the candidates; `covered`: of the nation's), each (no focus, and nothing missing), shared (nothing priced in common). `edges`: the levels between which
    an interval as wide as today's holds the mean; `enough`: provinces that have to be compared."""

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
        levels = report.levels["level"].to_numpy(float)
        enough = enough_provinces(report.fees, report.at, levels, report.reach)
        return Advice("verify" if side else "leave", side, edges=edges, enough=enough)
    if report.lead.case in ("one", "apart"):
        return Advice("shared")
    covered = float((quality["share"] * quality["planned"]).sum() / quality["planned"].sum())
    bare = int((quality["share"] < HALF).sum())
    rule = "small" if few else "published" if bare else "each"
    return Advice(rule, few=few, bare=bare, covered=covered)
