"""A place under thousands of draws and several scenarios: province by province in blocks, one number kept per draw and sum. The same
numbers for any block size or number of workers: every block is computed alone, and provinces are added in their order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor, as_completed
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ...engine.compile import mid_year
from ...engine.places.narrowing import need_places
from ...engine.places.some_provinces import carries_alone
from ...engine.result import YearResult
from ...engine.run import Prepared, composed, prepare
from ...engine.year import run_year
from ...law import load_law
from ...law.replay import LawPair, law_pair
from ...running.children import workers as processes
from ...running.progress import Told, part, silent
from ..headline import HEADLINES, from_sums, sums
from ..measures import known_measure
from ..study import Study, rows_of_place
from .blocks import BLOCK_ROWS, count_of
from .sample import draws, percentiles


@dataclass(frozen=True)
class Sides:
    """One scenario: its tables arranged, its two laws. `shared`: its baseline is current law's; a scenario that takes another reading or
    belief has a baseline of its own (docs/method.md §0.8)."""

    name: str
    prepared: Prepared
    laws: LawPair
    shared: bool


@dataclass(frozen=True)
class Job:
    """One place (its provinces, all if none is named, or one college): what to run, current law first, and with which draws."""

    provinces: tuple[str, ...]
    college: str
    sides: tuple[Sides, ...]
    drawn: Mapping[str, np.ndarray]
    block_rows: int

    @property
    def rows(self) -> int:
        """Offerings of the place."""
        return len(self.sides[0].prepared.baseline.keys["offering"])


@dataclass(frozen=True)
class MonteCarlo:
    """`places`: province (several: joined by ",") → scenario → (sums of its baseline, its own), each sum → (draws,); "baseline" (current law) comes first."""

    places: Mapping[str, Mapping[str, tuple[Mapping[str, np.ndarray], Mapping[str, np.ndarray]]]]
    count: int

    @property
    def scenarios(self) -> tuple[str, ...]:
        """baseline, and each scenario."""
        return tuple(next(iter(self.places.values())))

    def headlines(
        self, scenario: str, place: str = "", before: bool = False
    ) -> dict[str, np.ndarray]:
        """Headline → (draws,) of one province, or of all added in their order; `before`: of the scenario's baseline."""
        chosen = [
            one[scenario][0 if before else 1]
            for one in ([self.places[place]] if place else self.places.values())
        ]
        return from_sums(
            {name: np.sum([one[name] for one in chosen], axis=0) for name in chosen[0]}
        )

    def table(self, place: str = "") -> pd.DataFrame:
        """scenario × headline → mean, P10, P50, P90, and the same of the change against the scenario's baseline in the same draw."""
        rows = []
        for scenario in self.scenarios:
            base = self.headlines(scenario, place, before=True)
            for name, values in self.headlines(scenario, place).items():
                moved = values - base[name]
                rows.append(
                    {
                        "scenario": scenario,
                        "measure": name,
                        "mean": values.mean(),
                        **percentiles(values),
                        "change_mean": moved.mean(),
                        **{f"change_{name}": value for name, value in percentiles(moved).items()},
                    }
                )
        return pd.DataFrame(rows)

    def inside(self, scenario: str, measure: str, budget: float, place: str = "") -> float:
        """Share of the draws in which the measure stays within a budget. Raises ParameterError for an unknown headline."""
        known_measure(measure, HEADLINES)
        return float((self.headlines(scenario, place)[measure] <= budget).mean())


def monte_carlo(
    study: Study,
    scenarios: Sequence[str],
    mode: str,
    log2_draws: int,
    seed: int,
    workers: int = 1,
    block_rows: int = BLOCK_ROWS,
    told: Told = silent,
) -> MonteCarlo:
    """Baseline and every scenario (each alone, by name or path) under common draws of all that is uncertain and that none of them sets.
    Province by province where no certificate leans on other provinces' rows, else in one piece."""
    made = jobs(study, scenarios, mode, log2_draws, seed, block_rows)
    if workers <= 1 or len(made) == 1:
        whole, before = sum(job.rows for job in made), np.cumsum([0, *(job.rows for job in made)])
        return gathered(
            made,
            [
                run_job(job, part(told, first, job.rows, whole))
                for first, job in zip(before, made, strict=False)
            ],
        )
    with processes(workers) as pool:
        return gathered(made, hand_out(made, pool, told))


def hand_out(made: Sequence[Job], pool: Executor, told: Told = silent) -> list[dict]:
    """The jobs' results in their order; the largest are begun first, so that no worker is left with one at the end."""
    futures = {
        i: pool.submit(run_job, made[i])
        for i in sorted(range(len(made)), key=lambda i: -made[i].rows)
    }
    rows = {futures[i]: job.rows for i, job in enumerate(made)}
    done, whole = 0, sum(rows.values())
    for future in as_completed(rows):
        future.result()
        told(done := done + rows[future], whole)
    return [futures[i].result() for i in range(len(made))]


def gathered(made: Sequence[Job], found: Sequence[dict]) -> MonteCarlo:
    """Jobs and their results as one."""
    return MonteCarlo(
        {",".join(job.provinces): one for job, one in zip(made, found, strict=True)},
        count_of(made[0].drawn),
    )


def jobs(
    study: Study,
    scenarios: Sequence[str],
    mode: str,
    log2_draws: int,
    seed: int,
    block_rows: int = BLOCK_ROWS,
) -> list[Job]:
    """What has to be run, a job a province that plans anything; one for all where they cannot be run alone. Without the organisations'
    response where the data cannot judge it."""
    mode = mode if study.judged else "none"
    day, law, sets = mid_year(study.year), load_law(), study.composition.sets
    named = {"baseline": composed(law, study.tables, (), sets)} | {
        str(name): composed(law, study.tables, [name], sets) for name in scenarios
    }
    laws = {name: law_pair(one, day) for name, one in named.items()}
    current = laws["baseline"].before
    own_baseline = {
        name: bool(pair.shared) or any(pair.before[key] != current.get(key) for key in pair.before)
        for name, pair in laws.items()
    }
    for one in named.values():
        need_places(one, study.tables.frames)
    drawn = draws(named["baseline"].start, day, log2_draws, seed, study.composition.sets)
    alone = carries_alone(study.tables.frames) and not any(
        one.data_changes for one in named.values()
    )
    made = []
    each = study.provinces or tuple(study.tables["provinces"]["province"])
    for place in [(one,) for one in each] if alone else [study.provinces]:
        base = prepare(study.tables, named["baseline"], study.year, place, alone or None)
        sides = []
        for name, one in named.items():
            prepared = (
                base if not one.data_changes else prepare(study.tables, one, study.year, place)
            )
            sides.append(
                Sides(
                    name,
                    prepared,
                    _plain(laws[name], mode),
                    prepared.baseline is base.baseline and not own_baseline[name],
                )
            )
        if len(base.baseline.keys["offering"]):
            made.append(Job(place, study.college, tuple(sides), drawn, block_rows))
    return made


def _plain(pair: LawPair, mode: str) -> LawPair:
    """Two laws that can be sent to another process, under the mode asked for."""
    views = [
        {name: dict(value) if isinstance(value, Mapping) else value for name, value in view.items()}
        | {"response.mode": mode}
        for view in (pair.before, pair.after)
    ]
    touched = pair.shared.keys() | pair.own.keys()
    return replace(
        pair,
        before=views[0],
        after=views[1],
        parameters={
            name: replace(pair.parameters[name], values=(), local=(), words={}) for name in touched
        },
    )


def run_job(
    job: Job, told: Told = silent
) -> dict[str, tuple[dict[str, np.ndarray], dict[str, np.ndarray]]]:
    """scenario → (sums of its baseline, its own), sum → (draws,), of one place."""
    step, kept = max(1, job.block_rows // max(1, job.rows)), {}
    for start in range(0, count_of(job.drawn), step):
        block = {name: values[start : start + step] for name, values in job.drawn.items()}
        current = None
        for side in job.sides:
            (view, after), baseline = side.laws.under(block), side.prepared.baseline
            if current is None or not side.shared:
                before = run_year(baseline, baseline, view, extent="headlines")
                found = _sums(before, job, count_of(block))
                current = current or (before, found)
            else:
                before, found = current
            result = (
                None
                if side.name == "baseline"
                else run_year(
                    side.prepared.scenario,
                    side.prepared.priced,
                    after,
                    before,
                    view,
                    extent="headlines",
                )
            )
            for name, values in zip(
                ("before", "after"),
                (found, found if result is None else _sums(result, job, count_of(block))),
                strict=True,
            ):
                kept.setdefault(side.name, {}).setdefault(name, []).append(values)
        told(start + step, count_of(job.drawn))
    return {name: (_joined(many["before"]), _joined(many["after"])) for name, many in kept.items()}


def _joined(parts: Sequence[Mapping[str, np.ndarray]]) -> dict[str, np.ndarray]:
    return {name: np.concatenate([one[name] for one in parts]) for name in parts[0]}


def _sums(result: YearResult, job: Job, size: int) -> dict[str, np.ndarray]:
    """sum → (draws of the block,) over the rows of the job's place."""
    inside = rows_of_place(result.compiled, job.provinces, job.college)
    return {
        name: np.broadcast_to(np.ravel(values), (size,))
        for name, values in sums(result, inside).items()
    }
