"""What every contestant starts from: the tables as arranged by the engine, the draws, and the law's numbers of each draw and side.

Nothing here is timed. The task is made once and handed on as a file, so that a contestant's peak memory is its own.
"""

from __future__ import annotations

import copyreg
import pickle
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

import numpy as np

from onexmodel.analysis.draws.montecarlo import Job
from onexmodel.engine.compile import Compiled

MODE = "supply"
SEED = 20201231
SCENARIOS = ("cap_plus_10", "cap_plus_20", "cap_plus_50", "cap_removed", "elasticity_high")
NAMES = ("fee_bill", "served", "college_outlay", "funding_gap", "uplift", "supplier_shortfall")
HELD = (
    "funding.discount_rate",
)  # not drawn here: the contestants are given rates by driver, not what they are annuities of
LEVELS = ("junior", "intermediate", "advanced")

DRIVERS = (
    "bank",
    "nation_year",
    "province_year",
    "offering",
    "session_theory",
    "session_practical",
    "session",
    "assessor_theory",
    "assessor_practical",
    "assessor",
    "group",
    "sitting",
    "candidate",
    "award",
)
KINDS = ("organisation", "audited", "college_cash", "training_cash")  # what the headlines need

PARAMETERS = {
    "pass_rate": "volume.default_pass_rate",
    "retake_share": "volume.default_retake_share",
    "retake_fee_share": "fees.retake_fee_share",
    "bank_floor": "fees.question_bank_floor",
    "provincial_factor": "fees.provincial_factor",
    "cap_index": "fees.cap_index",
    "fee_index": "fees.fee_index",
    "deduct": "fees.deduct_college_borne",
    "beta": "fees.beta",
    "margin": "fees.verification_margin",
    "spread": "response.spread",
    "groups_per_trained": "workload.groups_per_trained_teacher",
    "trained_share": "workload.trained_share",
    "training_price": "workload.teacher_training_price",
    "elasticity": "pay.elasticity",
    "uplift_ceiling": "pay.uplift_ceiling",
    "crowding_out": "funding.crowding_out",
    "student_charge": "funding.student_charge",
}
READINGS = {
    "fees.cap_of_mixed": "sum",
    "fees.verification": "audited",
    "fees.special_may_exceed_cap": "no",
    "response.mode": MODE,
    "response.sharp": "no",
    "pay.workload_basis": "added",
    "pay.uplift_method": "elasticity",
    "pay.uplift_scope": "vocational",
}


class Skip(Exception):
    """A contestant cannot run; the sentence is printed in the table."""


def _read_only(values: dict) -> MappingProxyType:
    return MappingProxyType(values)


copyreg.pickle(
    MappingProxyType, lambda view: (_read_only, (dict(view),))
)  # the law holds read-only dictionaries


@dataclass(frozen=True)
class Task:
    """The nation (or one province) and its sides: current law, then every scenario; what a side sets is not drawn in it (`own`).
    `jobs`: the same as the engine hands it out."""

    compiled: Compiled
    views: tuple[Mapping, ...]
    own: tuple[frozenset[str], ...]
    jobs: tuple[Job, ...]

    @property
    def rows(self) -> int:
        """Offerings."""
        return len(self.compiled.keys["offering"])

    def draws(self, count: int) -> dict[str, np.ndarray]:
        """The first `count` draws of the Sobol sequence, name → (count, 1)."""
        return {name: values[:count] for name, values in self.jobs[0].drawn.items()}


def make_task(province: str = "", log2_draws: int = 10) -> Task:
    """The task of the national set. Raises Skip where a scenario changes tables or readings: the contestants take only laws that differ."""
    from onexmodel.analysis.draws.montecarlo import jobs
    from onexmodel.analysis.study import open_study

    study = open_study("national", province=province)
    made = tuple(
        replace(job, drawn={name: values for name, values in job.drawn.items() if name not in HELD})
        for job in jobs(study, SCENARIOS, MODE, log2_draws, SEED)
    )
    if not all(side.shared for side in made[0].sides):
        raise Skip(
            "a scenario changes tables, readings or beliefs: the contestants take only laws that differ"
        )
    if any(set(side.laws.own) - side.laws.fixed(scheme=True) for side in made[0].sides):
        raise Skip("a scenario scales what is drawn: the contestants take only what it fixes")
    return Task(
        study.prepared.baseline,
        tuple(side.laws.after for side in made[0].sides),
        tuple(side.laws.fixed(scheme=True) for side in made[0].sides),
        made,
    )


def save_task(task: Task, path: Path) -> None:
    """Write it to a file."""
    path.write_bytes(pickle.dumps(task, protocol=5))


def load_task(path: Path) -> Task:
    """The task of a file."""
    return pickle.loads(Path(path).read_bytes())


def sides_of_draws(task: Task, drawn) -> list[list[dict[str, float]]]:
    """The parameters of every side in each draw, as plain numbers under the short names of PARAMETERS."""
    central = [
        {short: float(view[name]) for short, name in PARAMETERS.items()} for view in task.views
    ]
    moving = [
        {
            short: drawn[name][:, 0].tolist()
            for short, name in PARAMETERS.items()
            if name in drawn and name not in own
        }
        for own in task.own
    ]
    count = len(next(iter(drawn.values())))
    return [
        [
            side | {short: values[draw] for short, values in its.items()}
            for side, its in zip(central, moving, strict=True)
        ]
        for draw in range(count)
    ]


def check_readings(task: Task) -> None:
    """The contestants are written for the readings in force today. Raises Skip where the law has others."""
    for view in task.views:
        other = [name for name, value in READINGS.items() if view[name] != value]
        if other:
            raise Skip(f"written for other readings of {', '.join(other)}")


def side_arrays(task: Task) -> tuple[dict, list[np.ndarray]]:
    """The arrays all contestants start from, and for every side the caps (2, cells) of the cells' components; caps are in no draw.

    The arrays are the engine's own leaves.
    """
    compiled = task.compiled
    day = np.datetime64(f"{compiled.year}-07-01")
    leaves = compiled.leaves
    special = (
        leaves["special_document"]
        & (leaves["special_from"] <= day)
        & ~(leaves["special_to"] <= day)
    )
    return {**leaves, "special_applies": special}, [_caps(leaves, view) for view in task.views]


def _caps(leaves, view) -> np.ndarray:
    forms = ("paper", "computer", "practical", "special_practical")
    made = np.full(leaves["component_form"].shape, np.nan)
    for number, form in enumerate(forms):
        table = view[f"fees.cap.{form}"]
        for level in LEVELS:
            chosen = (leaves["component_form"] == number) & (leaves["cell_level"] == level)
            made[chosen] = table.get(level, table.get("all", np.nan))
    return made


def funding_facts(task: Task) -> dict:
    """What the closed form needs besides the arrays: who may pay what (7 sources × 4 uses), the order of uses, pot weights."""
    from onexmodel.rules.funding import SOURCES, USES, eligible, priority

    view = task.views[0]
    return {
        "allowed": eligible(task.compiled.leaves["eligibility"], view["funding.award_pays_salary"]),
        "use_order": priority(view["funding.use_order"], USES),
        "pot_weights": dict(view["funding.pot_weights"]),
        "class_bands": view["workload.class_coefficient"],
        "pots": (SOURCES.index("central_award"), SOURCES.index("local_appropriation")),
    }


def group_of(task: Task, fine: str, coarse: str) -> np.ndarray:
    """Each fine row's number on the coarse axis."""
    return task.compiled.space.maps[fine, coarse].index


def by_name(found: np.ndarray) -> list[dict[str, np.ndarray]]:
    """(draws, sides, headlines) as a list of sides, name → (draws,)."""
    return [
        {name: found[:, side, place] for place, name in enumerate(NAMES)}
        for side in range(found.shape[1])
    ]
