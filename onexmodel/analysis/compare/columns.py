"""One scenario, or a combination, as a column of a comparison: its run beside its own baseline, and the same draws as all others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ...engine.result import YearResult
from ...errors import Fault, OnexError, ParameterError
from ...law.scenario import Scenario, chain_of
from ..draws.evaluate import evaluate
from ..headline import headline
from ..measures import unknown
from ..response_basis import response_basis
from ..scheme import Touched, answered, touched
from ..statistics.precision import HALF_FEN, HALF_YUAN
from ..study import Study

MONEY = ("fee_bill", "college_outlay", "funding_gap", "uplift")
SERVICE = ("served", "supplier_shortfall")  # told with the organisations' response
MEASURES = ("mean_approved_fee", *MONEY, *SERVICE)
OF_FEES = ("mean_approved_fee", "fee_bill", "college_outlay", "funding_gap", "supplier_shortfall")
LEAST = dict.fromkeys(MEASURES, HALF_YUAN) | {"mean_approved_fee": HALF_FEN, "served": 0.5}
LIMITS = ("caps", "fees", "components", "ingredients", "organisations")  # tables that fees rest on
PUBLISHED = "fees/published_fee"
ALL = 0.9995  # a share of sittings that is printed as all


@dataclass(frozen=True)
class Column:
    """`study`: the scenario's; `drawn`: the draws common to all columns; `judged`: can the organisations' response be judged?"""

    study: Study
    drawn: Mapping[str, np.ndarray]
    judged: bool
    limits: bool  # are caps and costs known, so that a fee can be told to follow its cap?

    @cached_property
    def touched(self) -> Touched:
        """What it changes, and when."""
        return touched(self.study)

    @cached_property
    def runs(self) -> dict[str, tuple[YearResult, YearResult]]:
        """mode → (its baseline, itself)."""
        return {mode: self.study.pair(mode) for mode in self.modes}

    @property
    def modes(self) -> tuple[str, ...]:
        """Without the response, and with it where it can be judged."""
        return ("none", "supply") if self.judged else ("none",)

    @cached_property
    def heads(self) -> dict[str, tuple[float, float]]:
        """measure → (of its baseline, its own); nan where it cannot be computed."""
        made, lacking = {}, unknown(self.study)
        for mode, names in (("none", MEASURES[:-2]), ("supply", SERVICE)):
            if mode in self.modes:
                before, after = (
                    headline(result, self.study.scope(result.compiled))
                    for result in self.runs[mode]
                )
                made |= {name: (float(before[name]), float(after[name])) for name in names}
        nothing = float("nan")
        made = {
            name: (nothing, nothing) if name in lacking else pair for name, pair in made.items()
        }
        return {
            name: (pair[0], nothing) if name in OF_FEES and self.open else pair
            for name, pair in made.items()
        }

    @cached_property
    def spread(self) -> dict[str, np.ndarray]:
        """measure → (draws,) of its change against its baseline, draw by draw."""
        made = {}
        for mode, names in (("none", MEASURES[:-2]), ("supply", SERVICE)):
            if mode in self.modes:
                sides = evaluate(self.study, _measure, self.drawn, mode)
                made |= {name: sides.change(name) for name in names}
        missing = {name for name in made if not np.isfinite(self.change(name))}
        return {
            name: np.full_like(one, np.nan) if name in missing else one
            for name, one in made.items()
        }

    def change(self, name: str) -> float:
        """Itself − its baseline; nan where there is no telling."""
        before, after = self.heads[name]
        return after - before

    def moves(self, name: str) -> bool:
        """Does it move a measure?"""
        return bool(abs(np.nan_to_num(self.change(name))) >= LEAST[name])

    @cached_property
    def unanswered(self) -> float:
        """Share of planned candidates whose fee has no answer: the cap is gone, or nobody filled in what a fee follows."""
        if not self.limits and self._moves_limits():
            return 1.0
        return answered(*self.runs["none"], self.study.scope())["share"]

    def _moves_limits(self) -> bool:
        """Is a limit of fees changed in the year, other than the published fee itself, which is known without caps and costs?"""
        composition = self.study.composition
        targets = [
            one.target
            for one in (*composition.operations, *composition.data_changes)
            if one.holds(self.study.day)
        ]
        return any(
            one.startswith("fees.") or (one.split("/")[0] in LIMITS and one != PUBLISHED)
            for one in targets
        )

    @property
    def open(self) -> bool:
        """Has no fee an answer?"""
        return self.unanswered > ALL

    @property
    def own_baseline(self) -> bool:
        """Does it take another reading or belief than current law, so that its baseline is one of its own?"""
        return bool(self.touched.shared)

    @property
    def idle(self) -> bool:
        """Does it move nothing?"""
        return not self.open and not any(self.moves(name) for name in self.heads)


def _measure(result, scope, view):
    return headline(result, scope)


def columns(
    study: Study,
    asked: Sequence[Sequence[str | Mapping[str, Any]]],
    drawn: Mapping[str, np.ndarray],
) -> tuple[Column, ...]:
    """A column for each scenario or combination, in their order. Raises with every fault of every one, and where two are the same."""
    faults: list[Fault] = []
    made: list[Study] = []
    for parts in asked:
        try:
            made.append(study.with_composition(parts))
        except OnexError as error:
            faults += [one for one in error.faults if one not in faults]
    seen: list[tuple[str, ...]] = []
    for one in made:
        ids = tuple(scenario.sha256 for scenario in one.composition.scenarios)
        if ids in seen:
            names = "+".join(scenario.id for scenario in one.composition.scenarios)
            faults.append(Fault(f"情景 {names}", "写了两次", do="每个情景只写一次"))
        seen.append(ids)
    if faults:
        raise ParameterError(faults)
    texts(made)
    judged = response_basis(study).assessed and not study.unfilled.no_costs
    caps = study.pair("none", headlines=True)[0].plan["cap"]
    planned = study.prepared.baseline.leaves["planned_candidates"] * study.scope()["offering"]
    cells = study.prepared.baseline.space.maps["offering", "cell"].sum(planned) > 0
    known = bool(np.isfinite(np.broadcast_to(caps, cells.shape)[cells]).any())
    limits = known and not study.unfilled.no_costs
    return tuple(Column(one, drawn, judged and known, limits) for one in made)


def texts(studies: Sequence[Study]) -> list[Scenario]:
    """Every scenario that the studies rest on, each once and after its base. Raises ScenarioError where two of one name differ."""
    return chain_of([one for study in studies for one in study.composition.scenarios])
