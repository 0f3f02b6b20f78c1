"""Which levers there is anything for: a change of rows that the place does not have is left out, not a stop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ...engine.data_changes import meets_no_row
from ...law.scenario import Change, Scenario
from ..study import Study
from .bench import rows_of_study


@dataclass(frozen=True)
class Idle:
    """A lever that changes no row of the place, and its changes."""

    lever: Scenario
    changes: tuple[Change, ...]


def applying(
    study: Study, levers: Sequence[Scenario]
) -> tuple[tuple[Scenario, ...], tuple[Idle, ...]]:
    """(the levers with those of their changes that meet rows of the place; the levers none of whose changes does). What else is wrong
    with a change is found where it is laid."""
    frames, kept, idle = rows_of_study(study), [], []
    for one in levers:
        met = tuple(change for change in one.changes if not meets_no_row(frames, change))
        if met or not one.changes:
            kept.append(replace(one, changes=met))
        else:
            idle.append(Idle(one, one.changes))
    return tuple(kept), tuple(idle)
