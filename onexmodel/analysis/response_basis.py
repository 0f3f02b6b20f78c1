"""Can the organisations' response be judged on the data at hand?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..rules.numbers import ratio
from .study import Study

COVERED = 0.95  # of the place's candidates in provinces with enough colleges: below, the response is not judged


@dataclass(frozen=True)
class Basis:
    """`covered`: share of the place's planned candidates in provinces of which the data hold at least `least` colleges that plan
    sittings; `fewest`, `most`: such colleges in the place's provinces; `provinces`: how many provinces the place has candidates in."""

    assessed: bool
    covered: float
    least: int
    fewest: int
    most: int
    provinces: int


def response_basis(study: Study) -> Basis:
    """An organisation's yearly cost in a province is laid on the sittings the data hold there. Where they hold only a few of its
    colleges, a cost that all its colleges carry falls on those few, and every loss, exit and unmet candidate is made by the data. So
    the response is judged only where the data hold at least compare.min_colleges colleges that plan sittings in the province. A
    single college in such data is judged too: the share served comes from the whole province's plan, not from its own."""
    compiled, scope = study.prepared.baseline, study.scope()
    least = int(study.views()[0]["compare.min_colleges"])
    maps = compiled.space.maps
    planned = maps["offering", "college"].sum(compiled.leaves["planned_candidates"])
    province = maps["college", "province"].index
    count = np.bincount(province[planned > 0], minlength=len(compiled.keys["province"]))
    inside = np.bincount(province, weights=planned * scope["college"], minlength=len(count))
    here = count[inside > 0]
    covered = float(np.nan_to_num(ratio(inside[count >= least].sum(), inside.sum())))
    return Basis(
        covered >= COVERED,
        covered,
        least,
        int(here.min()) if len(here) else 0,
        int(here.max(initial=0)),
        len(here),
    )
