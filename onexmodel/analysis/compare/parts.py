"""What parts two schemes of one law, change by change: the Shapley value of every change over all sets of changes (exact), each set run as a
scheme of its own; of more changes than that allows their order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ...engine.result import YearResult
from ...engine.run import Prepared, prepare
from ...law.compose import compose
from ...law.scenario import Change, Scenario
from ..headline import headline
from ..statistics.shapley import MOST, shapley
from ..study import Study

CAPS = "fees.cap."


@dataclass(frozen=True)
class Move:
    """One thing that two schemes treat differently: a parameter or a column (several caps moved alike are one), with what the first and the second
    do to it; () where one leaves it alone."""

    targets: tuple[str, ...]
    first: tuple[Change, ...]
    second: tuple[Change, ...]


@dataclass(frozen=True)
class Parts:
    """`of`: a number a move, in their order, for each measure; they add to `total`. `exact`: Shapley, else one after the other."""

    moves: tuple[Move, ...]
    of: dict[str, list[float]]
    total: dict[str, float]
    exact: bool


def changes_of(study: Study | None) -> tuple[Change, ...]:
    """What a study's scheme changes, parameters first; nothing of current law."""
    return (*study.composition.operations, *study.composition.data_changes) if study else ()


def by_target(study: Study | None) -> dict[str, tuple[Change, ...]]:
    """The same by what is changed."""
    found: dict[str, tuple[Change, ...]] = {}
    for change in changes_of(study):
        found[change.target] = (*found.get(change.target, ()), change)
    return found


def in_force(study: Study | None, day) -> dict[str, tuple[Change, ...]]:
    """The same where one of the changes is in force on the day."""
    found = by_target(study)
    return {target: some for target, some in found.items() if any(one.holds(day) for one in some)}


def moves(first: Study, second: Study | None) -> tuple[Move, ...]:
    """What the schemes of two studies (of the second, if there is none: current law) treat differently, in the order of their files."""
    mine, other = in_force(first, first.day), in_force(second, first.day)
    made: list[Move] = []
    for target in dict.fromkeys((*mine, *other)):
        a, b = mine.get(target, ()), other.get(target, ())
        if _doings(a) == _doings(b) or target in first.composition.sets:
            continue
        alike = next((i for i, one in enumerate(made) if _alike(one, target, a, b)), -1)
        if alike < 0:
            made.append(Move((target,), a, b))
        else:
            one = made[alike]
            made[alike] = Move((*one.targets, target), (*one.first, *a), (*one.second, *b))
    return tuple(made)


def _doings(changes: Sequence[Change]) -> list[tuple]:
    """What changes do, without who does it and why."""
    return [(c.operation, c.operand, c.start, c.until, c.where, c.override) for c in changes]


def _alike(move: Move, target: str, first: Sequence[Change], second: Sequence[Change]) -> bool:
    """Are both caps, moved alike?"""
    if not (target.startswith(CAPS) and move.targets[0].startswith(CAPS)):
        return False
    head = move.targets[0]
    return all(
        _doings([c for c in some if c.target == head]) == _doings(more)
        for some, more in ((move.first, first), (move.second, second))
    )


def own_parts(study: Study, changes: Mapping[str, float], most: int) -> Parts:
    """What a scheme's `changes` against current law (measure → change) come from: of one move nothing is run."""
    found = moves(study, None)
    if len(found) > 1:
        return parts(study, None, list(changes), most)
    return Parts(
        found, {name: [by] * len(found) for name, by in changes.items()}, {**changes}, True
    )


@dataclass(frozen=True)
class Mixed:
    """Schemes between the second study's (current law, if there is none) and the first's. `arranged`: tables by the changes of them;
    `baselines`: those run so far, one in all unless a move is a reading or a belief, which the baseline takes too."""

    first: Study
    second: Study | None
    moves: tuple[Move, ...]
    arranged: dict[tuple, Prepared] = field(default_factory=dict)
    known: dict[tuple, dict[str, float]] = field(default_factory=dict)
    baselines: list[tuple[Study, YearResult]] = field(default_factory=list)

    def study(self, taken: Sequence[int]) -> Study:
        """The second's scheme with the first's way of those moves."""
        from_first = {target for i in taken for target in self.moves[i].targets}
        differ = {target for one in self.moves for target in one.targets}
        of_second = differ - from_first
        changes = [c for c in changes_of(self.first) if c.target not in of_second]
        changes += [c for c in changes_of(self.second) if c.target in of_second]
        scheme = Scenario("mixed", {}, {}, "", "current_law", tuple(changes), {}, "", "")
        base = self.first
        composition = compose(base.composition.start, [scheme], base.composition.sets)
        key = tuple((c.scenario, c.line, c.target) for c in composition.data_changes)
        if key not in self.arranged:
            self.arranged[key] = prepare(
                base.tables,
                composition,
                base.year,
                base.provinces,
                baseline=base.prepared.baseline,
            )
        return base.under(composition, self.arranged[key])

    def worth(self, taken: Sequence[int]) -> dict[str, float]:
        """The headlines' change against the baseline under `study`, without response."""
        key = tuple(sorted(taken))
        if key not in self.known:
            study = self.study(key)
            run = next((one for some, one in self.baselines if some.same_baseline(study)), None)
            before, after = study.pair("none", extent="headlines", before=run)
            if run is None:
                self.baselines.append((study, before))
            heads = [headline(one, study.scope(one.compiled)) for one in (before, after)]
            self.known[key] = {
                name: float(value) - float(heads[0][name]) for name, value in heads[1].items()
            }
        return self.known[key]


def parts(first: Study, second: Study | None, measures: Sequence[str], most: int = MOST) -> Parts:
    """The change under the first scheme less that under the second, split over what they treat differently. Of up to `most` moves exactly,
    by Shapley over all sets of them, each of which is a run; of more one after the other in the order of the files."""
    found = moves(first, second)
    mixed = Mixed(first, second, found)
    every = tuple(range(len(found)))
    total = {name: mixed.worth(every)[name] - mixed.worth(())[name] for name in measures}
    exact = len(found) <= most
    of = {}
    for name in measures:

        def worth(taken: tuple, name: str = name) -> float:
            return mixed.worth(taken)[name]

        if exact:
            shares = shapley(every, worth)
            of[name] = [shares[i] for i in every]
        else:
            of[name] = [worth(every[: i + 1]) - worth(every[:i]) for i in every]
    return Parts(found, of, total, exact)
