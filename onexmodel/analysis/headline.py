"""The numbers a report leads with, summed over a place. Arrays may carry a leading draw axis."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..engine.result import YearResult
from ..engine.stages import BILL_TARGETS
from ..rules.fee import BINDS, CLASSES
from ..rules.funding import SOURCES
from ..rules.numbers import ratio
from .statistics.precision import HALF_FEN, HALF_YUAN

HEADLINES = (
    "mean_approved_fee",
    "fee_bill",
    "college_outlay",
    "funding_gap",
    "supplier_shortfall",
    "unmet_share",
    "suppliers_short",
    "served",
    "awarded",
    "uplift",
)
OF_FEES = ("mean_approved_fee", "fee_bill", "college_outlay", "funding_gap", "supplier_shortfall")
LEAST = (
    dict.fromkeys(HEADLINES, HALF_YUAN)
    | dict.fromkeys(("served", "awarded", "suppliers_short"), 0.5)
    | {"mean_approved_fee": HALF_FEN, "unmet_share": 5e-7}
)  # below this a headline did not move
HALF = 0.5  # an organisation that serves less than half of the plan counts as short


def total(values, rows: np.ndarray) -> np.ndarray:
    """Σ over the rows of a place, (…, rows) → (…); a value that is the same for all rows counts once a row."""
    values = np.asarray(values, float)
    if rows.all() and values.shape[-1:] == rows.shape:
        return np.ascontiguousarray(values).sum(-1)
    return np.broadcast_to(values, (*values.shape[:-1], len(rows))).compress(rows, axis=-1).sum(-1)


def _of_colleges(result: YearResult, scope, names) -> dict[str, np.ndarray]:
    """Σ over the place of what its colleges have of each of `names`."""
    return {name: total(result.served[f"college_{name}"], scope["college"]) for name in names}


def bill(result: YearResult, scope: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Fee bill (yuan a year) and mean approved fee of one result over a place, each (…), of a year computed as far as its bill."""
    added = _of_colleges(result, scope, BILL_TARGETS)
    return {"fee_bill": added["fee_bill"], "mean_approved_fee": ratio(*added.values())}


def sums(result: YearResult, scope: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """What headlines are made of: totals of one result over a place, each (…), that add over places."""
    served, plan, compiled = result.served, result.plan, result.compiled
    college, supplier = scope["college"], scope["supplier"]
    at_work = supplier & (compiled.planned("supplier") > 0)
    with np.errstate(invalid="ignore"):
        short = (np.asarray(plan["share_served"]) < HALF) * 1.0
    return {
        **_of_colleges(result, scope, (*BILL_TARGETS, "served", "awarded")),
        "planned": total(compiled.leaves["planned_candidates"], scope["offering"]),
        "college_outlay": total(served["needs"].sum(-2), college),
        "funding_gap": total(served["funding_gap"], college),
        "supplier_shortfall": total(plan["supplier_shortfall"], at_work),
        "suppliers_short": total(short, at_work),
        "uplift": total(served["uplift"], college),
    }


def from_sums(added: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The headlines of a place from its sums: yuan a year, persons, shares. college_outlay is what colleges need to spend on all four
    uses; unmet_share is the part of planned candidates no organisation serves."""
    return {
        "mean_approved_fee": ratio(added["fee_bill"], added["payable_sittings"]),
        "unmet_share": ratio(added["planned"] - added["served"], added["planned"]),
        **{name: added[name] for name in HEADLINES if name in added},
    }


def headline(result: YearResult, scope: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Headlines of one result over a place, each (…)."""
    made = from_sums(sums(result, scope))
    return {name: made[name] for name in HEADLINES}


def moves(name: str, by: float) -> bool:
    """Does a headline move that changes by so much? What is missing does not."""
    return bool(abs(np.nan_to_num(by)) >= LEAST[name])


def binding_shares(result: YearResult, scope) -> dict[str, np.ndarray]:
    """Share of planned sittings by what the approved fee rests on, (…) each, adding to 1."""
    weight = _cell_weight(result, scope)
    which = result.plan["binds"]
    return {
        name: ratio(np.sum(weight * (which == code), axis=-1), np.sum(weight, axis=-1))
        for code, name in enumerate(BINDS)
    }


def given_limit(result: YearResult) -> np.ndarray:
    """Does each cell's fee rest on a limit that law or data give (cap, verified cost, given proposal, special case)? Else it
    rests on one the model makes: a bargain, or a verification out of the ledger."""
    which = np.asarray(result.plan["binds"])
    from_ledger = np.isnan(result.compiled.leaves["verified_cost"])
    modelled = (which == BINDS.index("bargaining")) | (
        (which == BINDS.index("verification")) & from_ledger
    )
    return ~modelled & np.asarray(result.plan["fee_judged"], bool)


def pass_through_shares(
    after: YearResult, scope, cells: np.ndarray | None = None
) -> dict[str, float]:
    """Share of planned sittings whose fee a change of the ceiling reaches in full, in part, not at all; `unmoved` where the
    ceiling did not move; each also split by given and modelled limits (`full_given` …). `unjudged`, where there are any: sittings of which
    the data cannot tell how the fee follows."""
    weight = _cell_weight(after, scope) * (1.0 if cells is None else cells)
    which, given = np.asarray(after.plan["pass_through_class"]), given_limit(after)
    judged = np.asarray(after.plan["fee_judged"], bool)
    whole = np.sum(weight)
    made = {}
    for code, name in enumerate(CLASSES):
        made[name] = float(ratio(np.sum(weight * ((which == code) & judged)), whole))
        made[f"{name}_given"] = float(ratio(np.sum(weight * ((which == code) & given)), whole))
    made["unmoved"] = float(ratio(np.sum(weight * (np.isnan(which) & judged)), whole))
    made["given"] = float(ratio(np.sum(weight * given), whole))
    unjudged = float(ratio(np.sum(weight * ~judged), whole))
    return made | ({"unjudged": unjudged} if unjudged > 0 else {})


def _cell_weight(result: YearResult, scope) -> np.ndarray:
    """Planned sittings of the place's offerings in each cell."""
    if "sittings" not in result.plan:
        return result.compiled.planned("cell", scope["offering"])
    at = result.compiled.space.maps["offering", "cell"]
    return at.sum(result.plan["sittings"] * scope["offering"])


def who_bears(
    before: np.ndarray, after: np.ndarray, gap_before, gap_after, scope
) -> dict[str, float]:
    """Yuan more by source (flows of the optimum) and the part no source covers. Flows (7, 4, colleges)."""
    moved = (after - before)[..., scope["college"]].sum((-2, -1))
    made = dict(zip(SOURCES, moved.tolist(), strict=True))
    made["funding_gap"] = float(np.sum((gap_after - gap_before)[..., scope["college"]]))
    return made
