"""The bench levers are tried on: every set of them as leaves, which college takes which, and what that costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from ...engine.compile import Compiled, mid_year
from ...engine.data_changes import change_frames, meets_no_row
from ...engine.draws.swap_table import OWN, Arranger, own_assessors
from ...engine.leaves import year_leaves
from ...engine.places.some_provinces import carries_alone, of_provinces
from ...engine.result import YearResult
from ...engine.wire import evaluate
from ...engine.year import run_year
from ...law.scenario import Scenario, scaled
from ..headline import total
from ..study import Study
from .quality import GUARDS, broken, worse

TABLES = ("components", "ingredients", "offerings")  # what a lever may change
COSTS = {
    "organisation": "organisation_cash_cost",
    "assessment_items": "college_cash_cost",
    "training_items": "training_cash_cost",
    "uplift": "uplift",
    "assessment": "assessment_cost",
    "training": "training_cost",
    "teacher_time": "teacher_time_cost",
}
SEEN = ("ingredients/own_staff", "ingredients/item")  # the columns of the ledger a guard looks at
CASH, ECONOMIC = (
    ("organisation", "assessment_items", "training_items", "uplift"),
    ("assessment", "training", "teacher_time"),
)


@dataclass(frozen=True)
class Bench:
    """Levers at one intensity on a study's place under its baseline law. `known` keeps what is arranged once."""

    study: Study
    levers: Mapping[str, Scenario]
    intensity: float
    arranger: Arranger
    view: Mapping
    known: dict

    @staticmethod
    def of(
        study: Study, levers: Sequence[Scenario], intensity: float, arranger: Arranger | None = None
    ) -> Bench:
        """With the arranger of another intensity nothing is set up twice."""
        view, _ = study.views("none")
        return Bench(
            study,
            {one.id: one for one in levers},
            intensity,
            arranger or Arranger(study.prepared.baseline, rows_of_study(study)),
            view,
            {},
        )

    @property
    def base(self) -> Compiled:
        """The year as it is."""
        return self.study.prepared.baseline

    @cached_property
    def start(self) -> dict:
        """The leaves as they are, and whose staff assess."""
        return {**self.base.leaves, OWN: own_assessors(self.base.ledger, self.base.place)}

    @cached_property
    def before(self) -> YearResult:
        """The baseline, no response."""
        return run_year(self.base, self.base, self.view)

    @cached_property
    def working(self) -> np.ndarray:
        """(colleges,) bool: those of the place that plan something."""
        return (self.base.planned("college") > 0) & self.study.scope()["college"]

    @property
    def colleges(self) -> int:
        """How many plan something."""
        return int(self.working.sum())

    def table_with(self, table: str, names: tuple[str, ...]) -> dict:
        """The leaves one table feeds with these levers' changes of it, everywhere."""
        if (table, names) not in self.known:
            changes = [
                scaled(change, self.intensity)
                for name in names
                for change in self.levers[name].changes
                if touches(change, table)
            ]
            changed = change_frames(self.arranger.frames, changes, mid_year(self.study.year))
            self.known[table, names] = self.arranger.leaves(table, changed[table])
        return self.known[table, names]

    def leaves_with(self, names: tuple[str, ...], guarded: bool = False) -> dict:
        """All leaves with these levers everywhere. What a table feeds depends on the levers of that table alone, so a set of levers
        is put together from few arrangements. `guarded`: only the leaves guards look at are sure to be right."""
        leaves = dict(self.start)
        for table in TABLES:
            if (
                guarded
                and table == "ingredients"
                and not any(
                    change.target in SEEN for name in names for change in self.levers[name].changes
                )
            ):
                continue  # the ledger is slow to arrange, and prices and quantities are no guard's business
            touching = tuple(
                name
                for name in names
                if any(touches(change, table) for change in self.levers[name].changes)
            )
            leaves |= self.table_with(table, touching) if touching else {}
        return leaves

    def at_college(self, hit: np.ndarray) -> np.ndarray:
        """(2, offerings) bool → (colleges,) bool: anywhere in a college that plans something."""
        return (
            self.base.space.maps["offering", "college"].sum(np.any(hit, axis=0) * 1.0) > 0
        ) & self.working

    @cached_property
    def taken(self) -> tuple[dict[str, np.ndarray], list[dict]]:
        """Which colleges take each lever, (colleges,) bool; and a row per refusal: lever, guard, jointly, colleges.

        A lever that breaks any guard alone is refused there. Then the set each college still has is tried as a whole, on every guard:
        where it breaks one, all its levers that worsen that guard at the broken place are refused (none by order), until no college's
        set breaks any."""
        accepts, refused = {name: self.working.copy() for name in self.levers}, []
        for name in self.levers:
            for guard in GUARDS:
                out = (
                    self.at_college(
                        broken(guard, self.start, self.leaves_with((name,), True), self.view)
                    )
                    & accepts[name]
                )
                self._refuse(accepts, refused, name, guard, out, False)
        while any(self._refuse_together(accepts, refused, guard) for guard in GUARDS):
            pass
        return accepts, refused

    def _refuse_together(self, accepts, refused, guard: str) -> bool:
        after = self.blended_leaves(tuple(self.levers), accepts, True)
        bad = broken(guard, self.start, after, self.view)
        where = self.at_college(bad)
        if not where.any():
            return False
        guilty = {
            name: self.at_college(bad & worse(guard, self.start, self.leaves_with((name,), True)))
            & accepts[name]
            for name in self.levers
        }
        nobody = where & ~np.any(list(guilty.values()), axis=0)  # only together: then all of them
        for name in self.levers:
            self._refuse(
                accepts, refused, name, guard, guilty[name] | (nobody & accepts[name]), True
            )
        return True

    @staticmethod
    def _refuse(accepts, refused, name, guard, out, jointly) -> None:
        if out.any():
            accepts[name] &= ~out
            refused.append(
                {"lever": name, "guard": guard, "jointly": jointly, "colleges": int(out.sum())}
            )

    @property
    def accepts(self) -> dict[str, np.ndarray]:
        """Which colleges take each lever."""
        return self.taken[0]

    def payers(self, name: str) -> int:
        """How many pay a lever's one-off cost: of those it is laid on (`per`: colleges, organisations or provinces), the ones that plan
        candidates at a college of the place which takes it."""
        return int(self._parts(name).size)

    def paid(self, name: str) -> float:
        """How many one-off costs of a lever the place bears: each payer counts by the part that its colleges have of the payer's candidates
        in the provinces that are calculated (one college does not bear alone what an organisation sets up for all)."""
        return float(self._parts(name).sum())

    def _parts(self, name: str) -> np.ndarray:
        """(payers,) the place's part of the candidates of each payer of a lever, 0 to 1."""
        keys, college = self.base.keys, self.base.space.maps["offering", "college"].index
        candidates, per = (
            self.base.leaves["planned_candidates"],
            self.levers[name].lever.get("per", "college"),
        )
        reached = (candidates > 0) & self.accepts[name][college]
        payer, payers = pd.factorize(keys["offering"][per].to_numpy(), sort=True)
        here, whole = (
            np.bincount(payer, weights=weight, minlength=len(payers))
            for weight in (candidates * self.study.scope()["offering"], candidates)
        )
        paying = np.unique(payer[reached])
        return here[paying] / whole[paying]

    def blended_leaves(self, names: tuple[str, ...], accepts=None, guarded: bool = False) -> dict:
        """Each college with those of the levers it takes."""
        accepts = self.accepts if accepts is None else accepts
        at = self.base.space.maps["offering", "college"].index
        taken = np.array([accepts[name] for name in names]).reshape(len(names), len(self.working)).T
        leaves = dict(self.start)
        for pattern in np.unique(taken, axis=0):
            chosen = tuple(name for name, on in zip(names, pattern, strict=True) if on)
            if chosen:
                leaves = merged(
                    leaves, self.leaves_with(chosen, guarded), (taken == pattern).all(1)[at]
                )
        return leaves

    def blended(self, names: tuple[str, ...]) -> Compiled:
        """The year where each college has the levers it takes."""
        return replace(self.base, leaves=self.blended_leaves(names))

    def run(self, names: tuple[str, ...], reverify: bool = False) -> YearResult:
        """Fees held as approved, or set anew on the reduced cost."""
        tables = self.blended(names)
        return run_year(tables, tables if reverify else self.base, self.view, self.before)

    def totals(
        self, names: tuple[str, ...], drawn: Mapping[str, np.ndarray] | None = None
    ) -> dict[str, Any]:
        """Costs of assessment and training over the place by part, and `cash` and `economic`: own staff once in each, as uplift or at
        full cost; floats, or (draws,) with draws. Without a response what is served is the plan, so no fee need be set."""
        view = self.study.views("none", **(drawn or {}))[0]
        leaves, axis = year_leaves(self.blended(names) if names else self.base, view)
        values, scope = (
            evaluate((*COSTS.values(), "awarded"), leaves, axis, self.base.space),
            self.study.scope(),
        )
        made: dict[str, Any] = {
            part: total(values[name], scope["college" if name == "uplift" else "offering"])
            for part, name in COSTS.items()
        }
        made |= {
            "candidates": total(leaves["candidates"], scope["offering"]),
            "awarded": total(values["awarded"], scope["offering"]),
        }
        made |= {
            "cash": sum(made[part] for part in CASH),
            "economic": sum(made[part] for part in ECONOMIC),
        }
        return made if drawn else {name: float(np.ravel(value)[0]) for name, value in made.items()}


def touches(change, table: str) -> bool:
    """Does a change lie in this table?"""
    return change.target.split("/")[0] == table


def rows_of_study(study: Study) -> dict[str, pd.DataFrame]:
    """The frames that a study's levers change: its provinces' rows where these are calculated alone."""
    frames = dict(study.tables.frames)
    if study.provinces and carries_alone(frames):
        frames = of_provinces(frames, study.provinces)
    return frames


def applying(
    study: Study, levers: Sequence[Scenario]
) -> tuple[tuple[Scenario, ...], tuple[Scenario, ...]]:
    """(the levers with those of their changes that meet rows of the place; the levers none of whose changes does, which are left out, not a
    stop). What else is wrong with a change is found where it is laid."""
    frames, kept, idle = rows_of_study(study), [], []
    for one in levers:
        met = tuple(change for change in one.changes if not meets_no_row(frames, change))
        if met or not one.changes:
            kept.append(replace(one, changes=met))
        else:
            idle.append(one)
    return tuple(kept), tuple(idle)


def merged(leaves: Mapping, changed: Mapping, where: np.ndarray) -> dict:
    """The leaves that differ taken from `changed` at the offerings in `where`, the rest as it was."""
    made = dict(leaves)
    for name, value in changed.items():
        if value is leaves[name]:
            continue
        if isinstance(value, dict):
            drivers = sorted(set(leaves[name]) | set(value))
            made[name] = {
                driver: np.where(where, value.get(driver, 0.0), leaves[name].get(driver, 0.0))
                for driver in drivers
            }
        else:
            made[name] = np.where(where, value, leaves[name])
    return made
