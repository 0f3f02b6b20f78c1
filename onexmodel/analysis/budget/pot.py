"""The provincial pot (省级统筹; C9, C10; docs/method.md §6): how the formula splits it, who is covered before and after, and the frontier of
equity against coverage as its weights change."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd

from ...engine.pots import allowed_in, fund, pots_of, shared_out
from ...engine.result import YearResult
from ...languages import said
from ...rules import funding as f
from ...rules.numbers import ratio
from ..disclosure import SMALL, joined_groups
from ..headline import total
from ..statistics.inequality import gini
from ..study import Study

TERMS = ("candidates", "need", "low_capacity")
SUMS = ("students", "need", "plain", "cut", "award", "gap_before", "gap_after")


def split(study: Study, result: YearResult, view) -> pd.DataFrame:
    """A row a college of the place, yuan: `need` the most the pots could take off its gap; `weight` its share of its province's
    weights; `plain` its share of the pots by weight alone; `cut` what of that lies over its need and goes to the others; `award` what
    it gets (the run's own); `gap_before` with no award, `gap_after`. With two pots the second is split on what the first left."""
    compiled, served = result.compiled, result.served
    province, provinces = (
        compiled.space.maps["college", "province"].index,
        len(compiled.keys["province"]),
    )
    before = f.total_gap(served["needs"], compiled.leaves["own_limits"], allowed_in(compiled, view))
    pots, shared = pots_of(compiled), shared_out(served, compiled, view)
    made, weight = (
        dict.fromkeys(("need", "plain", "cut", "award"), np.zeros(len(province))),
        shared.weight,
    )
    for source, need in shared.needs.items():
        pot = pots[source]
        plain = np.nan_to_num(
            pot[province]
            * ratio(weight, np.bincount(province, weights=weight, minlength=provinces)[province])
        )
        here = pot[province] > 0
        made = {
            "need": np.where(here, made["award"] + need, made["need"]),
            "plain": made["plain"] + plain,
            "cut": made["cut"] + np.where(here, np.maximum(0.0, plain - need), 0.0),
            "award": made["award"] + shared.awards[source],
        }
    share = (
        np.zeros(len(province))
        if weight is None
        else np.nan_to_num(ratio(weight, np.bincount(province, weights=weight)[province]))
    )
    frame = compiled.keys["college"].assign(
        students=compiled.leaves["students"],
        weight=share,
        **made,
        gap_before=before,
        gap_after=served["funding_gap"],
    )
    return frame[study.scope(compiled)["college"]].reset_index(drop=True)


def by_tier(colleges: pd.DataFrame, least: int = SMALL) -> pd.DataFrame:
    """group (tiers joined by +) → colleges and the sums of `split`; tiers of under `least` colleges stand together, so that neither
    one nor the rest of the total is one college's. The last row is all."""
    shown = joined_groups(colleges["tier"].value_counts(sort=False).to_dict(), least)
    groups = {"+".join(tiers): colleges[colleges["tier"].isin(tiers)] for tiers in shown}
    return pd.DataFrame(
        [
            {
                "group": group,
                "colleges": len(some),
                **{name: float(some[name].sum()) for name in ("weight", *SUMS)},
            }
            for group, some in (groups | {"all": colleges}).items()
        ]
    )


def frontier(study: Study, result: YearResult, view, steps: int = 5) -> pd.DataFrame:
    """Every split of the weights over candidates, need and low capacity in `steps` parts, and the weights of `view` (`current`): coverage
    (share of needs covered; the same for all where every award closes a gap and the pot is used up), `secured` (share of candidates at
    colleges with no gap left), gini of the colleges' coverage weighted by students (equity: low is equal), share of colleges with a
    gap; `efficient` where no other split is better in one of secured and gini and no worse in the other."""
    grid = [
        dict(zip(TERMS, (part / steps for part in parts), strict=True))
        for parts in product(range(steps + 1), repeat=len(TERMS))
        if sum(parts) == steps
    ]
    now = {name: float(view["funding.pot_weights"].get(name, 0.0)) for name in TERMS}
    made = pd.DataFrame(
        [
            {**_covered(study, result, view, weights), "current": weights == now}
            for weights in (grid if now in grid else [*grid, now])
        ]
    )
    covered, unequal = made["secured"].round(9).to_numpy(), made["gini"].round(9).to_numpy()
    no_worse = (covered[None, :] >= covered[:, None]) & (unequal[None, :] <= unequal[:, None])
    better = no_worse & (
        (covered[None, :] > covered[:, None]) | (unequal[None, :] < unequal[:, None])
    )
    return made.assign(efficient=~better.any(1))


def _covered(study: Study, result: YearResult, view, weights: dict[str, float]) -> dict[str, float]:
    college, students = study.scope(result.compiled)["college"], result.compiled.leaves["students"]
    found = fund(
        result.served, result.compiled, {**view, "funding.pot_weights": weights}, whole=False
    )
    need, heads, gap = (
        result.served["needs"].sum(-2),
        result.served["college_served"][college],
        found["funding_gap"][college] > 0.005,
    )
    each = 1 - ratio(found["funding_gap"], need)
    return {
        **weights,
        "coverage": float(1 - ratio(total(found["funding_gap"], college), total(need, college))),
        "gini": gini(each[college], students[college]),
        "secured": float(ratio(heads[~gap].sum(), heads.sum())),
        "with_gap": float(gap.mean()),
    }


def pot_of(study: Study, result: YearResult) -> float:
    """Yuan in the pots of the place's provinces."""
    inside = study.scope(result.compiled)["province"]
    return float(sum(pot[inside].sum() for pot in pots_of(result.compiled).values()))


def in_brief(
    study: Study, mode: str = "none", lang: str = "zh", internal: bool = False
) -> tuple[pd.DataFrame, pd.DataFrame, str]:
    """What `onexmodel pot` prints of the scheme: the split by tier (groups of five colleges and more unless `internal`), the frontier of
    the weights, and a plain sentence. An empty pot gives empty tables and says where a pot is entered."""
    result, view = study.pair(mode)[1], study.views(mode)[1]
    pot = pot_of(study, result)
    if pot <= 0:
        words = (
            "数据中没有省级统筹资金：在 funding 表写一行，owner 填省级代码，source_of_funds 填中央奖补或地方投入。",
            "The data hold no provincial pot: add a row to funding whose owner is the province's code and whose source is central_award or "
            "local_appropriation.",
        )
        return pd.DataFrame(), pd.DataFrame(), said(lang, *words)
    table = by_tier(split(study, result, view), 1 if internal else SMALL)
    return table, frontier(study, result, view), sentence(table.iloc[-1], pot, lang)


def sentence(row, pot: float, lang: str = "zh") -> str:
    """The split in one sentence; `row` is the last of `by_tier`."""
    award, before, after, colleges = (
        float(row[name]) / 1e4 for name in ("award", "gap_before", "gap_after", "colleges")
    )
    left = pot / 1e4 - award
    if abs(before - award - after) < 1e-4:  # an award closes what it pays: in print too
        before = round(award, 1) + round(after, 1)
    zh = f"省级统筹资金{pot / 1e4:.1f}万元按公式分给{colleges * 1e4:.0f}所院校，实际分出{award:.1f}万元，"
    en = f"The provincial pot of {pot / 1e4:.1f} (10,000 yuan) is shared by formula over {colleges * 1e4:.0f} colleges; {award:.1f} is awarded, "
    zh += "各校可由该资金弥补的缺口已全部弥补，" if left > 0.005 else "全部用完，"
    en += "all gaps it may close are closed, " if left > 0.005 else "nothing is left, "
    moved = "减至" if after < before - 5e-5 else "仍为" if after <= before + 5e-5 else "增至"
    crowded = round(after, 1) - (
        round(before, 1) - round(award, 1)
    )  # an award that takes local money away closes less than it pays
    if lang == "zh":
        less = (
            f"，比分出的资金少减{crowded:.1f}万元，因为假设奖补会挤出一部分地方投入（见参数「每元奖补挤出的地方投入」）"
            if crowded > 0.05
            else ""
        )
        return zh + f"院校经费缺口由{before:.1f}万元{moved}{after:.1f}万元{less}。"
    less = (
        f", {crowded:.1f} less than is awarded: an award is assumed to take some local money away (crowding out)"
        if crowded > 0.05
        else ""
    )
    return en + f"and the colleges' funding gap goes from {before:.1f} to {after:.1f}{less}."
