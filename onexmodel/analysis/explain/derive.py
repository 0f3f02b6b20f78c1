"""The derivation of any number of a run: each rule with its inputs, down to cells of the input files and dated parameters.

Nothing is kept during an ordinary run: a derivation computes its numbers anew from the leaves, one by one, through the very
rules the run used, and so proves what it says. A reference is (stage, name, index): stages fees → plan → served, for the
baseline ("baseline.…", with its first pass "baseline.fees0") and the scenario ("scenario.…").
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from ...engine.axes import SUMS
from ...engine.compile import CELL, Compiled
from ...engine.leaves import year_leaves
from ...engine.places.local import college_view
from ...engine.pots import POTS, share_pots
from ...engine.stages import CARRIED, FEE_TARGETS, RESPONSE, RESPONSE_PARTS
from ...engine.wire import ARGUMENTS, AXIS, RULES
from ...rules import funding as f
from ...rules.cost import item_cost
from ..study import Study

Ref = tuple[str, str, int]
MISSING = ("baseline_approved_fee",)
RATES = {
    "organisation_cost": ("is_organisation", "outlay"),
    "organisation_cash_cost": ("is_organisation", "cash"),
    "audited_cost": ("is_organisation", "audited"),
    "college_cost": ("is_college", "outlay"),
    "college_cash_cost": ("is_college", "cash"),
    "training_cost": ("is_training", "outlay"),
    "training_cash_cost": ("is_training", "cash"),
}
DRIVER_RULE = {
    "bank": "bank_share",
    "nation_year": "nation_share",
    "province_year": "province_share",
    "offering": "planned",
    "group": "groups",
    "sitting": "sittings",
    "candidate": "candidates",
    "award": "awarded",
    "session": "sessions",
    "session_theory": "sessions",
    "session_practical": "sessions",
    "assessor": "assessors",
    "assessor_theory": "assessors",
    "assessor_practical": "assessors",
}
FUNDING = (
    *(f"funding_gap_{use}" for use in f.USES),
    "funding_gap",
    "waterfall_gap",
    "order_loss",
    "idle",
)


@dataclass(frozen=True)
class Stage:
    """One pass of the rules: the tables it runs on, its leaves, and the names it takes from another stage."""

    compiled: Compiled
    leaves: dict[str, Any]
    axis: dict[str, str]
    aliases: Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class Pots:
    """One college's part of its province's pots: yuan in each pot, its award, what unlimited money of the first pot would take off its gap,
    its share of the weights, among how many colleges, and its limits (7, 1) afterwards."""

    money: Mapping[str, float]
    award: float
    need: float
    weight: float
    colleges: int
    limits: np.ndarray


@dataclass(frozen=True)
class Derivation:
    """Derivations of one study under one response mode. `known` remembers values within this object only. With `stored` a
    number the run has kept is taken from it (a report's trees); without, every number is computed anew from its leaves."""

    study: Study
    views: tuple[dict, dict]
    results: tuple
    stages: Mapping[str, Stage]
    known: dict = field(default_factory=dict)
    stored: bool = False

    def axis(self, ref: Ref) -> str | None:
        """The axis a name lives on; None for a parameter."""
        stage, name, _ = self.follow((ref[0], ref[1], -1))
        if name in FUNDING or name == "award":
            return "college"
        own = self.stages[stage]
        return own.axis.get(name) if name in own.leaves else AXIS.get(name)

    def row_axis(self, ref: Ref) -> str:
        """The axis of a name that has one. Raises KeyError for a parameter."""
        axis = self.axis(ref)
        if axis is None:
            raise KeyError(ref[1])
        return axis

    def follow(self, ref: Ref) -> Ref:
        """The reference where a name is really computed (another stage, the same key)."""
        stage, name, index = ref
        while name in self.stages[stage].aliases:
            target, other = self.stages[stage].aliases[name]
            have, want = self.stages[stage].compiled, self.stages[target].compiled
            if have is not want and AXIS.get(other) == "cell" and index >= 0:
                index = _cell_of(have, want, index)
            stage, name = target, other
        return stage, name, index

    def value(self, ref: Ref):
        """The value at a reference, computed from its leaves: (1,) or (2, 1) arrays, dicts of them, or a parameter's value."""
        ref = self.follow(ref)
        if ref not in self.known:
            self.known[ref] = self._compute(ref)
        return self.known[ref]

    def number(self, ref: Ref) -> float:
        """The value as one number."""
        return float(np.ravel(self.value(ref))[0])

    def _compute(self, ref: Ref):
        stage, name, index = ref
        own = self.stages[stage]
        if name in FUNDING:
            return np.array([self._funding(stage, index)[name]])
        if name == "award":
            return np.array([self.pots(stage, index).award])
        if name in own.leaves:
            return _sliced(own.leaves[name], own.axis.get(name), index)
        if self.stored and name in self._kept(stage):
            return _sliced(self._kept(stage)[name], AXIS[name], index)
        if name in SUMS:
            return np.array([sum(self.number(part) for part in self.parts(ref))])
        with np.errstate(invalid="ignore", divide="ignore"):
            made = RULES[name](*[self._argument(ref, child) for child in self.inputs(ref)])
        return made if isinstance(made, dict) else np.asarray(made)

    def _kept(self, stage: str) -> Mapping[str, Any]:
        """What the run kept of a stage; nothing for the first pass and for fees set on other rows."""
        result = self.results[0 if stage.startswith("baseline") else 1]
        if stage.endswith("fees0") or self.stages[stage].compiled is not result.compiled:
            return {}
        return result.served if stage.endswith("served") else result.plan

    def inputs(self, ref: Ref) -> list[Ref]:
        """The arguments of a rule, as references."""
        stage, name, index = self.follow(ref)
        own = self.stages[stage]
        axis = AXIS[name]
        made = []
        for argument in ARGUMENTS[name]:
            have = self.axis((stage, argument, index))
            made.append((stage, argument, _moved(own.compiled, axis, have, index)))
        return made

    def _argument(self, ref: Ref, child: Ref):
        value, have, want = self.value(child), self.axis(child), AXIS[self.follow(ref)[1]]
        if want == "component" and have not in (None, "component") and not isinstance(value, dict):
            return value[..., None, :]
        return value

    def parts(self, ref: Ref) -> list[Ref]:
        """What a declared sum adds, in the order of the rows."""
        stage, name, index = self.follow(ref)
        quantity, to = SUMS[name]
        fine = self.row_axis((stage, quantity, 0))
        at = self.stages[stage].compiled.space.maps[fine, to].index
        return [(stage, quantity, int(i)) for i in np.flatnonzero(at == index)]

    def ledger_parts(self, ref: Ref) -> list[tuple[pd.Series, float, float, Ref, str]]:
        """The ledger lines behind a cost of an offering: (line, yuan per unit, yuan, reference of the count, which amount of the line:
        outlay, cash or audited)."""
        stage, name, index = self.follow(ref)
        compiled, (mask, amount) = self.stages[stage].compiled, RATES[name]
        lines = compiled.ledger[compiled.ledger["at"] == compiled.place[index]]
        lines = (
            lines[~lines["is_organisation"] & ~lines["is_training"]]
            if mask == "is_college"
            else lines[lines[mask]]
        )
        factor = compiled.cost_factor[index]
        made = []
        for _, line in lines.iterrows():
            rate = (line["outlay"] * line["cash_share"] if amount == "cash" else line[amount]) * (
                factor if line["has_factor"] else 1.0
            )
            count = self.value((stage, "driver_counts", index))[line["driver_used"]]
            made.append(
                (
                    line,
                    float(rate),
                    float(item_cost(rate, 1.0, 1.0, count)[0]),
                    (stage, DRIVER_RULE[line["driver_used"]], index),
                    amount,
                )
            )
        return made

    def pots(self, stage: str, index: int) -> Pots:
        """The provincial pots of a college computed anew: its own needs from their leaves, those of the other colleges, which the
        formula weighs it against, as the run has them."""
        key = (stage, "pots", index)
        if key not in self.known:
            compiled, run = self.stages[stage].compiled, 0 if stage.startswith("baseline") else 1
            at = compiled.space.maps["college", "province"].index
            members = np.flatnonzero(at == at[index])
            own = int(np.flatnonzero(members == index)[0])
            result, leaves, view = (
                self.results[run],
                self.stages[stage].leaves,
                college_view(compiled, self.views[run], members),
            )
            needs, served = (
                result.served["needs"][:, members].copy(),
                result.served["college_served"][members].copy(),
            )
            needs[:, own], served[own] = (
                np.ravel(self.value((stage, "needs", index))),
                self.number((stage, "college_served", index)),
            )
            allowed = f.eligible(leaves["eligibility"], view["funding.award_pays_salary"])
            money = {name: leaves[f"pot_{name}"][[at[index]]] for name in POTS}
            shared = share_pots(
                needs,
                served,
                leaves["own_limits"][:, members],
                leaves["students"][members],
                money,
                np.zeros(len(members), int),
                1,
                allowed,
                view,
            )
            first = next(iter(shared.needs.values()), np.zeros(len(members)))
            share = (
                0.0 if shared.weight is None else float(shared.weight[own] / shared.weight.sum())
            )
            self.known[key] = Pots(
                {name: float(money[name][0]) for name in POTS},
                float(shared.award[own]),
                float(first[own]),
                share,
                len(members),
                shared.limits[:, own : own + 1],
            )
        return self.known[key]

    def _funding(self, stage: str, index: int) -> dict[str, float]:
        """Optimum and waterfall of one college from its needs and limits."""
        view = self.views[0 if stage.startswith("baseline") else 1]
        leaves = self.stages[stage].leaves
        needs = np.array(self.value((stage, "needs", index))).reshape(4, 1)
        allowed = f.eligible(leaves["eligibility"], view["funding.award_pays_salary"])
        uses, limits = f.priority(view["funding.use_order"], f.USES), self.pots(stage, index).limits
        covered = f.covered(needs, limits, allowed, uses)
        gaps = f.gaps(needs, covered)
        found = {f"funding_gap_{use}": float(gaps[i, 0]) for i, use in enumerate(f.USES)} | {
            "funding_gap": float(f.funding_gap(gaps)[0])
        }
        waterfall = f.waterfall_gap(
            needs,
            limits,
            allowed,
            uses,
            leaves["own_order"][:, index : index + 1],
            f.priority(view["funding.source_order"], f.SOURCES),
        )
        return found | {
            "waterfall_gap": float(np.ravel(waterfall)[0]),
            "idle": float(f.idle(limits, covered)[0]),
            "order_loss": float(np.ravel(f.order_loss(waterfall, f.funding_gap(gaps)))[0]),
        }


def derivation(study: Study, mode: str = "", stored: bool = False) -> Derivation:
    """The derivations of a study's baseline and scenario."""
    views = study.views(mode)
    results = study.prepared.evaluate(*views)
    prepared = study.prepared
    stages = _stages("baseline", prepared.baseline, prepared.baseline, views[0])
    stages |= _stages("scenario", prepared.scenario, prepared.priced, views[1])
    return Derivation(study, views, results, stages, stored=stored)


def _stages(run: str, compiled: Compiled, priced: Compiled, view) -> dict[str, Stage]:
    """The stages of a run, the fee stage in its two passes, with what each takes from another (engine/stages.py)."""
    made = {}
    for stage, tables in (
        ("fees0", priced),
        ("fees", priced),
        ("plan", compiled),
        ("served", compiled),
    ):
        leaves, axis = year_leaves(tables, view)
        for name in ("candidates", "planned_province_sittings"):
            leaves.pop(name)
        made[f"{run}.{stage}"] = Stage(tables, leaves, axis, _aliases(run, stage))
    nothing = np.full(len(priced.keys["cell"]), np.nan)
    for stage in ("fees0", "fees"):
        own = made[f"{run}.{stage}"]
        for name in (
            ("baseline_proposed_fee",) if stage == "fees0" else MISSING if run == "baseline" else ()
        ):
            own.leaves[name], own.axis[name] = nothing, "cell"
    if run == "scenario":
        made.pop("scenario.fees0")
    return made


def _aliases(run: str, stage: str) -> dict[str, tuple[str, str]]:
    made = {
        "candidates": (f"{run}.{stage}", "planned_candidates"),
        "planned_province_sittings": (
            f"{run}.{'fees' if stage.startswith('fees') else 'plan'}",
            "cell_sittings",
        ),
    }
    if stage == "fees":
        before = "baseline.fees0" if run == "baseline" else "baseline.fees"
        known = CARRIED if run == "scenario" else CARRIED[:-1]
        made |= {f"baseline_{name}": (before, name) for name in known}
    if stage in ("plan", "served"):
        made |= {name: (f"{run}.fees", name) for name in FEE_TARGETS}
    if stage == "served":
        made |= {"candidates": (f"{run}.plan", "served"), "served": (f"{run}.plan", "served")}
        made |= {name: (f"{run}.plan", name) for name in (*RESPONSE, *RESPONSE_PARTS)}
    return made


def _moved(compiled: Compiled, axis: str, have: str | None, index: int) -> int:
    """The index on the argument's axis that an index on the rule's axis sees."""
    if have is None:
        return -1
    if have == axis or "component" in (have, axis) and {have, axis} <= {"component", "offering"}:
        return index
    fine = "offering" if axis == "component" else axis
    return int(compiled.space.maps[fine, have].index[index])


def _sliced(value, axis: str | None, index: int):
    if axis is None:
        return value
    if isinstance(value, dict):
        return {name: array[index : index + 1] for name, array in value.items()}
    return value[..., index : index + 1]


def _cell_of(have: Compiled, want: Compiled, index: int) -> int:
    key = tuple(have.keys["cell"][CELL].iloc[index])
    return int(pd.MultiIndex.from_frame(want.keys["cell"][CELL]).get_loc(key))
