"""Performance pay: the uplift by every method, by group of colleges, and who pays it (docs/method.md §5)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ...engine.findings.unfilled import HOURS
from ...engine.pots import fund_flows
from ...engine.result import YearResult
from ...rules.funding import SOURCES, USES
from ...rules.numbers import ratio
from ..disclosure import in_order, merged_groups
from ..peers import Peers, beside_peers
from ..statistics.precision import HALF_FEN
from ..study import Study

METHODS = ("elasticity", "rate", "income_share")
TOTALS = {
    "teachers": "teachers",
    "baseline": "baseline_hours",
    "pool": "pay_pool",
    "granted": "uplift_granted",
}
SERVED = {
    "added": "added_hours",
    "counted": "work_counted",
    "uplift": "uplift",
    "limit": "uplift_limit_used",
}


def counted_colleges(study: Study, result: YearResult) -> np.ndarray:
    """(colleges,) bool: those of the place that may have an uplift and have a pay total, teachers and hours on record."""
    leaves = result.compiled.leaves
    known = np.all([np.isfinite(leaves[name]) for name in ("pay_pool", *HOURS)], axis=0)
    return study.scope(result.compiled)["college"] & result.served["uplift_eligible"] & known


def standing(study: Study, result: YearResult) -> dict[str, int]:
    """How many colleges of the place: counted, without a pay total, private, outside the scope (applied undergraduate)."""
    scope, eligible, leaves = (
        study.scope(result.compiled)["college"],
        result.served["uplift_eligible"],
        result.compiled.leaves,
    )
    private = scope & leaves["is_private"]
    return {
        "all": int(scope.sum()),
        "counted": int(counted_colleges(study, result).sum()),
        "no_pool": int((scope & eligible & ~counted_colleges(study, result)).sum()),
        "private": int(private.sum()),
        "outside": int((scope & ~eligible & ~private).sum()),
    }


def uplift_table(study: Study, result: YearResult, least: int = 1) -> pd.DataFrame:
    """By tier, tiers under `least` colleges together, the last row all: hours, growth, uplift by method, limit, granted, still to ask, pay
    per hour, and for income_share and granted how many colleges filled them in. Colleges that may have an uplift and have a pay total."""
    eligible, tiers = (
        counted_colleges(study, result),
        result.compiled.keys["college"]["tier"].to_numpy(object),
    )
    groups = np.where(eligible, tiers, "")
    groups[eligible] = merged_groups(tiers[eligible], least)
    names = in_order(groups[eligible])
    rows = (
        [row_of(result, name, groups == name) for name in names]
        if len(names) > 1 or least == 1
        else []
    )
    return pd.DataFrame([*rows, row_of(result, "all", eligible)])


def row_of(result: YearResult, name: str, chosen: np.ndarray) -> dict:
    """Totals over some colleges, (colleges,) bool."""
    leaves, served = result.compiled.leaves, result.served

    def total(values):
        return float(np.nansum(np.broadcast_to(values, chosen.shape)[chosen]))

    row = {
        "group": name,
        "colleges": int(chosen.sum()),
        "norm": total(leaves["teachers"] * leaves["norm_hours"]),
    }
    row |= {key: total(leaves[leaf]) for key, leaf in TOTALS.items()} | {
        key: total(served[value]) for key, value in SERVED.items()
    }
    row |= {
        f"uplift_{method}": total(
            np.minimum(served[f"uplift_{method}"], served["uplift_limit_used"])
        )
        for method in METHODS
    }
    row |= {
        "filled_income": int((chosen & ~np.isnan(leaves["net_training_income"])).sum()),
        "filled_granted": int((chosen & ~np.isnan(leaves["uplift_granted"])).sum()),
    }
    row["to_ask"] = total(
        np.maximum(0.0, served["uplift"] - np.nan_to_num(leaves["uplift_granted"]))
    )
    row["growth"], row["per_hour"] = (
        float(ratio(row["counted"], row["baseline"])),
        float(ratio(row["uplift"], row["added"])),
    )
    row["limited"] = int(
        (
            chosen
            & (served["uplift"] >= served["uplift_limit_used"] - HALF_FEN)
            & (served["uplift"] > 0)
        ).sum()
    )
    return row


def outside_tiers(study: Study, result: YearResult) -> list[str]:
    """Tiers of the place none of whose colleges may have an uplift (不适用)."""
    tiers, scope = (
        result.compiled.keys["college"]["tier"].to_numpy(object),
        study.scope(result.compiled)["college"],
    )
    may = set(tiers[scope & result.served["uplift_eligible"]])
    return [tier for tier in in_order(tiers[scope]) if tier not in may]


def uplift_sources(study: Study, result: YearResult, view) -> dict[str, float]:
    """Which source pays the uplift in the optimum, and what is not covered; yuan."""
    scope = study.scope(result.compiled)["college"]
    flows = fund_flows(result, view)[..., :, USES.index("performance_pay"), :][..., scope].sum(-1)
    made = dict(zip(SOURCES, flows.tolist(), strict=True))
    made["funding_gap"] = float(np.sum(result.served["funding_gap_performance_pay"][scope]))
    return made


def pay_peers(study: Study, result: YearResult) -> Peers:
    """Of colleges that are counted and have X hours: growth of the workload, hours and yuan (`gain`) a teacher, the uplift as a share of the
    pay total and an hour. For a study of one college."""
    served, leaves = result.served, result.compiled.leaves
    pool, hours, teachers = leaves["pay_pool"], served["added_hours"], leaves["teachers"]
    uplift = np.asarray(served["uplift"])
    measures = {
        "growth": served["workload_increase"],
        "per_teacher": ratio(hours, teachers),
        "of_pool": ratio(uplift, pool),
        "per_hour": ratio(uplift, hours),
        "gain": ratio(uplift, teachers),
    }
    counted = served["uplift_eligible"] & ~np.isnan(pool) & (hours > 0) & (teachers > 0)
    return beside_peers(study, result.compiled, measures, counted)
