"""What stays unpaid where limits of public appropriations may move between the colleges of a province: exact, by min-cut, no solver."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain, combinations

import numpy as np
import pandas as pd

from ...engine.accounts.ledger import Ledger
from ...engine.pots import allowed_in
from ...engine.result import YearResult
from ...rules import funding as f
from ..study import Study

# A college's own receipts (tuition, other income, what it reallocates) and gifts stay where they are.
MOVABLE = ("central_award", "local_appropriation", "per_student_appropriation")
MOVABLE_AT = tuple(f.SOURCES.index(source) for source in MOVABLE)


def _subsets(of: Sequence[int]) -> list[tuple[int, ...]]:
    return list(chain.from_iterable(combinations(of, size) for size in range(len(of) + 1)))


def unpaid(needs, limits, allowed, province, provinces: int):
    """Yuan that stay unpaid, (…,), summed over provinces, where the limits of MOVABLE sources are the province's and the others the
    college's own. needs (…, 4, colleges), limits (…, 7, colleges), allowed (7, 4), province (colleges,) numbered from 0.

    Max-flow = min-cut: a set of movable sources that are not cut needs all uses they may pay cut; each college then chooses the cheapest
    set of uses that holds these, and pays by its own sources that reach any other use."""
    uses, shape = range(len(f.USES)), np.broadcast_shapes(needs.shape[:-2], limits.shape[:-2])
    own = [source for source in range(len(f.SOURCES)) if source not in MOVABLE_AT]

    def by_province(values):
        flat = np.broadcast_to(values, (*shape, values.shape[-1])).reshape(-1, values.shape[-1])
        sums = [np.bincount(province, weights=one, minlength=provinces) for one in flat]
        return np.array(sums).reshape(*shape, provinces)

    at_cut = {}
    for cut in _subsets(uses):
        rest = [use for use in uses if use not in cut]
        payers = [source for source in own if allowed[source, rest].any()]
        at_cut[cut] = needs[..., list(cut), :].sum(-2) + limits[..., payers, :].sum(-2)
    least = None
    for open_ in _subsets(MOVABLE_AT):
        must = set(np.flatnonzero(allowed[list(open_)].any(0)).tolist()) if open_ else set()
        cheapest = None
        for cut, value in at_cut.items():
            if must <= set(cut):
                cheapest = value if cheapest is None else np.minimum(cheapest, value)
        closed = [source for source in MOVABLE_AT if source not in open_]
        value = by_province(cheapest + limits[..., closed, :].sum(-2))
        least = value if least is None else np.minimum(least, value)
    missing = by_province(needs.sum(-2)) - least
    return np.maximum(0.0, missing).sum(-1)


def after_moving(served, compiled, college, allowed, owed, group=None) -> np.ndarray:
    """Yuan of the needs of the year and of what colleges owe for assessments (`owed`, (colleges,) of all of them) that stay unpaid, (…,),
    once limits are moved. `college`: the colleges of the place; `group`, a number for each of these: limits stay inside one."""
    needs, limits = (
        np.broadcast_to(values, (*values.shape[:-1], len(college)))[..., college]
        for values in (served["needs"], served["limits"])
    )
    with_owed = needs.copy()
    with_owed[..., f.USES.index("assessment"), :] += owed[college]
    named = compiled.space.maps["college", "province"].index[college]
    if group is not None:
        named = named * (1 + int(group.max())) + group
    known, province = np.unique(named, return_inverse=True)
    return unpaid(with_owed, limits, allowed, province, len(known))


def only_across(study: Study, result: YearResult, view: Mapping, owed, group) -> float:
    """Yuan of needs and of what is owed that stay unpaid where limits move inside a group of colleges alone, and not where they move
    between groups of a province; `group`: a number for each college of the place."""
    college = study.scope(result.compiled)["college"]
    allowed = allowed_in(result.compiled, view)
    inside, all_over = (
        float(after_moving(result.served, result.compiled, college, allowed, owed, of))
        for of in (group, None)
    )
    return max(0.0, inside - all_over)


def owed_of(ledger: Ledger, compiled) -> np.ndarray:
    """(colleges,) yuan each college owes, in the order of a run."""
    owed = ledger.batches.groupby("college")["arrears_fen"].sum() / 100
    return owed.reindex(compiled.keys["college"]["college"]).fillna(0.0).to_numpy(float)


def by_college(study: Study, ledger: Ledger, result: YearResult) -> pd.DataFrame:
    """A row a college of the place: its id, tier, and yuan of gap (its own money in the best order), arrears, and idle limits."""
    compiled, served = result.compiled, result.served
    scope = study.scope(compiled)["college"]
    keys = compiled.keys["college"]
    return (
        keys[["college", "tier"]]
        .assign(
            gap=np.broadcast_to(served["funding_gap"], len(keys)),
            arrears=owed_of(ledger, compiled),
            idle=np.broadcast_to(served["idle"], len(keys)),
        )[scope]
        .reset_index(drop=True)
    )
