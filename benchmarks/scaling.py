"""How the engine's cost grows: with offerings, draws, scenarios and worker processes. `python -m benchmarks.scaling` prints four tables.

Offerings are those of one province (about 1,000 and about 10,000) and of the nation. A slope is that of log seconds on log size: 1 is linear
growth. Memory is the peak of a process that has done nothing else. Workers are given the places in the engine's own way; the bits must not change.
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from .contest import peak_mb
from .task import MODE, SCENARIOS, SEED

PLACES = ("63", "13", "44", "")  # small to large; "" is the nation
DRAWS = (8, 16, 32, 64, 128, 256, 512, 1024)
SIDES = (0, 1, 2, 5)
HERE = Path(__file__).resolve().parents[1]


def taken(place: str, scenarios, log2_draws: int):
    """(study, jobs of the place)."""
    from onexmodel.analysis.draws.montecarlo import jobs
    from onexmodel.analysis.study import open_study

    study = open_study("national", province=place)
    return jobs(study, scenarios, MODE, log2_draws, SEED)


def seconds(made, times: int = 2) -> float:
    """The least of a few timings in this process: what disturbs only ever adds."""
    from onexmodel.analysis.draws.montecarlo import run_job

    found = []
    for _ in range(times):
        began = time.perf_counter()
        for job in made:
            run_job(job)
        found.append(time.perf_counter() - began)
    return min(found)


def cut(made, count: int):
    """The jobs with their first `count` draws."""
    return [
        replace(job, drawn={name: values[:count] for name, values in job.drawn.items()})
        for job in made
    ]


def slope(sizes, times) -> float:
    """Of log time on log size."""
    return float(np.polyfit(np.log(sizes), np.log(times), 1)[0])


def by_rows() -> None:
    """Seconds of 16 draws by offerings."""
    found = []
    for place in PLACES:
        made = taken(place, SCENARIOS[:1], 4)
        seconds(made, 1)
        found.append((sum(job.rows for job in made), seconds(made)))
    _table("offerings", found, "16 draws, 1 scenario")


def by_draws() -> None:
    """Seconds of one large province by draws, and the peak memory of a process of its own."""
    made = taken("44", SCENARIOS[:1], 10)
    seconds(cut(made, 8), 1)
    found = [(count, seconds(cut(made, count))) for count in DRAWS]
    memory = []
    for count in (DRAWS[0], DRAWS[-1]):
        out = subprocess.run(
            [sys.executable, "-m", "benchmarks.scaling", "memory", str(count)],
            cwd=HERE,
            capture_output=True,
            text=True,
            check=True,
        )
        memory.append(json.loads(out.stdout))
    _table(
        "draws",
        found,
        f"{sum(job.rows for job in made)} offerings, 1 scenario; peak memory {memory[0]:.0f} MB at {DRAWS[0]} draws, {memory[1]:.0f} MB at {DRAWS[-1]}",
    )


def by_scenarios() -> None:
    """Seconds of one large province by scenarios beside the baseline."""
    found = [(count + 1, seconds(taken("44", SCENARIOS[:count], 5))) for count in SIDES]
    _table("sides", found, "current law and scenarios, 32 draws")


def by_workers() -> None:
    """Seconds of the nation in one process and in two, the processes started before; the bits compared."""
    from onexmodel.analysis.draws.montecarlo import gathered, hand_out, run_job

    made = taken("", SCENARIOS[:1], 5)
    alone = gathered(made, [run_job(job) for job in made])
    print(f"workers: {seconds(made):.2f} s in one process", end="")
    for count in (2,):
        with ProcessPoolExecutor(count, mp_context=get_context("spawn")) as pool:
            hand_out(cut(made, 1), pool)
            began = time.perf_counter()
            together = gathered(made, hand_out(made, pool))
            spent = time.perf_counter() - began
        same = all(
            np.array_equal(values, together.headlines(scenario)[name], equal_nan=True)
            for scenario in alone.scenarios
            for name, values in alone.headlines(scenario).items()
        )
        print(f", {spent:.2f} s in {count} ({'the same bits' if same else 'OTHER BITS'})")
        if not same:
            raise SystemExit("results depend on the number of workers")


def _table(what: str, found, words: str) -> None:
    print(
        f"{what}: {words}; slope {slope(*zip(*found)):.2f} over {math.log10(found[-1][0] / found[0][0]):.1f} decades"
    )
    print(
        "".join(
            f"  {size:>8} {spent:>8.3f} s {1e6 * spent / size:>10.1f} µs each\n"
            for size, spent in found
        ),
        end="",
        flush=True,
    )


def main(arguments: list[str]) -> None:
    """All tables, or the memory of one number of draws."""
    if arguments:
        made = cut(taken("44", SCENARIOS[:1], 10), int(arguments[1]))
        seconds(made, 1)
        print(json.dumps(peak_mb()))
        return
    for measure in (by_rows, by_draws, by_scenarios, by_workers):
        measure()


if __name__ == "__main__":
    main(sys.argv[1:])
