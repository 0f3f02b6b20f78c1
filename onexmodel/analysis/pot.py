"""The provincial pot (C9, C10): who is covered before and after it, and the frontier of equity against coverage as its weights change."""

from __future__ import annotations

from itertools import product

import pandas as pd

from ..engine.result import YearResult
from ..engine.year import fund
from ..rules.funding import eligible, total_gap
from ..rules.numbers import ratio
from .headline import total
from .inequality import gini
from .study import Study

TERMS = ("candidates", "need", "low_capacity")


def before_and_after(study: Study, result: YearResult, view) -> pd.DataFrame:
    """province → yuan of the pots, awarded, funding gap without any award and with it, of the place."""
    compiled, inside = result.compiled, study.scope(result.compiled)
    sums = compiled.space.maps["college", "province"].sum
    none = total_gap(result.served["needs"], compiled.leaves["own_limits"], _allowed(compiled, view))
    made = compiled.keys["province"].assign(pot=compiled.leaves["pot_central_award"] + compiled.leaves["pot_local_appropriation"], awarded=sums(result.served["award"]),
                                            gap_before=sums(none), gap_after=sums(result.served["funding_gap"]))
    return made[inside["province"]].reset_index(drop=True)


def _allowed(compiled, view):
    return eligible(compiled.leaves["eligibility"], view["funding.award_pays_salary"])


def frontier(study: Study, result: YearResult, view, steps: int = 5) -> pd.DataFrame:
    """Every split of the weights over candidates, need and low capacity in `steps` parts: coverage (share of needs covered), gini of
    the colleges' coverage weighted by students (equity: low is equal), the share of colleges with a gap; `efficient` where no other
    split is better in both."""
    college, rows = study.scope(result.compiled)["college"], []
    students = result.compiled.leaves["students"]
    for parts in product(range(steps + 1), repeat=len(TERMS)):
        if sum(parts) != steps:
            continue
        weights = {name: part / steps for name, part in zip(TERMS, parts, strict=True)}
        found = fund(result.served, result.compiled, {**view, "funding.pot_weights": weights})
        need = result.served["needs"].sum(-2)
        each = 1 - ratio(found["funding_gap"], need)
        rows.append({**weights, "coverage": float(1 - ratio(total(found["funding_gap"], college), total(need, college))),
                     "gini": gini(each[college], students[college]), "with_gap": float((found["funding_gap"][college] > 0.005).mean())})
    made = pd.DataFrame(rows)
    covered, unequal = made["coverage"].round(9).to_numpy(), made["gini"].round(9).to_numpy()
    no_worse = (covered[None, :] >= covered[:, None]) & (unequal[None, :] <= unequal[:, None])
    better = no_worse & ((covered[None, :] > covered[:, None]) | (unequal[None, :] < unequal[:, None]))
    return made.assign(efficient=~better.any(1))
