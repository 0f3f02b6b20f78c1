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
from ..headline import OF_FEES, headline, moves
from ..measures import unknown
from ..response_basis import response_basis
from ..scheme import ALL, Touched, answered, capless, moves_limits, touched
from ..study import Study
from .parts import in_force

MONEY = ("fee_bill", "college_outlay", "funding_gap", "uplift")
MEASURES = {
    "none": ("mean_approved_fee", *MONEY),
    "supply": ("served", "supplier_shortfall"),
}  # mode → what is told: money as if every plan were served, service with the organisations' response
NAN = float("nan")


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
        """mode → (its baseline, itself): without the response, and with it where it can be judged."""
        return {mode: self.study.pair(mode) for mode in MEASURES if self.judged or mode == "none"}

    @cached_property
    def heads(self) -> dict[str, tuple[float, float]]:
        """measure → (of its baseline, its own); nan where it cannot be computed."""
        made, lacking = {}, unknown(self.study)
        for mode, pair in self.runs.items():
            before, after = (headline(one, self.study.scope(one.compiled)) for one in pair)
            for name in MEASURES[mode]:
                lacks = name in lacking, name in lacking or (self.open and name in OF_FEES)
                made[name] = (
                    NAN if lacks[0] else float(before[name]),
                    NAN if lacks[1] else float(after[name]),
                )
        return made

    @cached_property
    def spread(self) -> dict[str, np.ndarray]:
        """measure → (draws,) of its change against its baseline, draw by draw."""
        made = {}
        for mode in self.runs:
            sides = evaluate(self.study, _measure, self.drawn, mode)
            for name in MEASURES[mode]:
                moved = sides.change(name)
                known = np.isfinite(self.change(name))
                made[name] = moved if known else np.full_like(moved, np.nan)
        return made

    def change(self, name: str) -> float:
        """Itself − its baseline; nan where there is no telling."""
        before, after = self.heads[name]
        return after - before

    @cached_property
    def unanswered(self) -> float:
        """Share of planned candidates whose fee has no answer: the cap is gone, or nobody filled in what a fee follows."""
        if not self.limits and moves_limits(in_force(self.study, self.study.day)):
            return 1.0
        return answered(*self.runs["none"], self.study.scope())["share"]

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
        return not self.open and not any(moves(name, self.change(name)) for name in self.heads)


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
    known = not capless(study.pair("none", extent="headlines")[0], study.scope())
    limits = known and not study.unfilled.no_costs
    return tuple(Column(one, drawn, judged and known, limits) for one in made)


def texts(studies: Sequence[Study]) -> list[Scenario]:
    """Every scenario that the studies rest on, each once and after its base. Raises ScenarioError where two of one name differ."""
    return chain_of([one for study in studies for one in study.composition.scenarios])
