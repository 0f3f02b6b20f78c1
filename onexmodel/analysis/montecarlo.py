"""A nation under thousands of draws and several scenarios: province by province in blocks that stay in the processor's cache, one
number kept per draw and sum. The same numbers for any block size or number of workers: every block is computed alone, and provinces
are added in their order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

import numpy as np
import pandas as pd

from ..engine.compile import mid_year
from ..engine.province import carries_alone
from ..engine.run import Prepared, cap_rows, prepare
from ..engine.year import run_year
from ..errors import Fault, ParameterError, nearest
from ..law import compose, load_law, read_scenario
from .cap_study import FIXED
from .headline import HEADLINES, from_sums, sums
from .study import Study
from .uncertainty import draws

BLOCK_ROWS = 100_000  # draws × offerings held at once: large enough that calls into numpy cost little, small enough for memory


@dataclass(frozen=True)
class Job:
    """One place: what to run (the baseline and each scenario, arranged), under which laws, with which draws."""

    place: str
    prepared: tuple[Prepared, ...]
    views: tuple[tuple[str, dict, dict], ...]
    drawn: Mapping[str, np.ndarray]
    mode: str
    block_rows: int


@dataclass(frozen=True)
class MonteCarlo:
    """`places`: province → scenario → sum → (draws,); scenario "baseline" first, then the scenarios' names."""

    places: Mapping[str, Mapping[str, Mapping[str, np.ndarray]]]
    count: int

    @property
    def scenarios(self) -> tuple[str, ...]:
        """baseline, and each scenario."""
        return tuple(next(iter(self.places.values())))

    def headlines(self, scenario: str, place: str = "") -> dict[str, np.ndarray]:
        """Headline → (draws,) of one province, or of all added in their order."""
        chosen = [self.places[place]] if place else list(self.places.values())
        added = {name: np.sum([one[scenario][name] for one in chosen], axis=0) for name in chosen[0][scenario]}
        return from_sums(added)

    def table(self, place: str = "") -> pd.DataFrame:
        """scenario × headline → mean, P10, P50, P90, and the same of the change against the baseline in the same draw."""
        rows, base = [], self.headlines("baseline", place)
        for scenario in self.scenarios:
            for name, values in self.headlines(scenario, place).items():
                moved = values - base[name]
                rows.append({"scenario": scenario, "measure": name, "mean": values.mean(), **{f"p{q}": np.quantile(values, q / 100) for q in (10, 50, 90)},
                             "change_mean": moved.mean(), **{f"change_p{q}": np.quantile(moved, q / 100) for q in (10, 50, 90)}})
        return pd.DataFrame(rows)

    def inside(self, scenario: str, measure: str, budget: float, place: str = "") -> float:
        """Share of the draws in which the measure stays within a budget. Raises ParameterError for an unknown headline."""
        if measure not in HEADLINES:
            raise ParameterError(Fault(f"指标 {measure}", "没有这个指标", nearest=nearest(measure, HEADLINES), do=f"可用：{'、'.join(HEADLINES)}"))
        return float((self.headlines(scenario, place)[measure] <= budget).mean())


def monte_carlo(study: Study, scenarios: Sequence[str], mode: str, log2_draws: int, seed: int, workers: int = 1, block_rows: int = BLOCK_ROWS) -> MonteCarlo:
    """Baseline and every scenario (each alone, by name or path) under common draws of all that is uncertain and that none of them sets.
    Province by province where no certificate leans on other provinces' rows, else in one piece."""
    made = jobs(study, scenarios, mode, log2_draws, seed, block_rows)
    if workers <= 1 or len(made) == 1:
        found = [_run(job) for job in made]
    else:
        order = sorted(range(len(made)), key=lambda i: -len(made[i].prepared[0].baseline.keys["offering"]))
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            futures = {i: pool.submit(_run, made[i]) for i in order}
            found = [futures[i].result() for i in range(len(made))]
    return MonteCarlo({job.place: one for job, one in zip(made, found, strict=True)}, 2 ** log2_draws)


def jobs(study: Study, scenarios: Sequence[str], mode: str, log2_draws: int, seed: int, block_rows: int = BLOCK_ROWS) -> list[Job]:
    """What has to be run, a job a province."""
    day, laid = mid_year(study.year), load_law().with_caps(cap_rows(study.tables["caps"]))
    compositions = {"baseline": compose(laid, [], study.composition.sets)} | {str(name): compose(laid, [read_scenario(name)], study.composition.sets) for name in scenarios}
    base_law = compositions["baseline"].baseline_law
    before, laws = base_law.at(day), {name: one.law.at(day) for name, one in compositions.items()}
    own = {name for law in laws.values() for name in law if law[name] != before[name]} | {name for name in study.composition.sets}
    drawn = {name: values for name, values in draws(base_law, day, log2_draws, seed, own | set(FIXED)).items()}
    views = tuple((name, _plain(one.baseline_law.at(day), mode), _plain(laws[name], mode)) for name, one in compositions.items())
    alone = carries_alone(study.tables.frames) and not any(one.data_changes for one in compositions.values())
    places = [study.province] if study.province or not alone else list(study.tables["provinces"]["province"])
    made = []
    for place in places:
        base = prepare(study.tables, compositions["baseline"], study.year, place, alone or None)
        prepared = tuple(base if not one.data_changes else prepare(study.tables, one, study.year, place) for one in compositions.values())
        if len(base.baseline.keys["offering"]):
            made.append(Job(place, prepared, views, drawn, mode, block_rows))
    return made


def _plain(view: Mapping, mode: str) -> dict:
    """A view that can be sent to another process, under the mode asked for."""
    return {name: dict(value) if isinstance(value, Mapping) else value for name, value in view.items()} | {"response.mode": mode}


def _run(job: Job) -> dict[str, dict[str, np.ndarray]]:
    """scenario → sum → (draws,) of one place."""
    count = max([len(values) for values in job.drawn.values()] or [1])
    rows = len(job.prepared[0].baseline.keys["offering"])
    step = max(1, job.block_rows // max(1, rows))
    kept: dict[str, dict[str, list]] = {}
    for start in range(0, count, step):
        part = {name: values[start:start + step] for name, values in job.drawn.items()}
        size = min(step, count - start)
        base = None
        for (name, before, after), prepared in zip(job.views, job.prepared, strict=True):
            view = {**before, **part}
            if base is None:
                base = run_year(prepared.baseline, prepared.baseline, view, headlines=True)
            result = base if name == "baseline" else run_year(prepared.scenario, prepared.priced, {**after, **part}, base, view, headlines=True)
            everywhere = {axis: np.ones(len(keys), bool) for axis, keys in result.compiled.keys.items()}
            for quantity, values in sums(result, everywhere).items():
                kept.setdefault(name, {}).setdefault(quantity, []).append(np.broadcast_to(np.ravel(values), (size,)))
    return {name: {quantity: np.concatenate(parts) for quantity, parts in many.items()} for name, many in kept.items()}
