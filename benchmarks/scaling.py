"""How the engine's cost grows: with offerings, draws, scenarios and worker processes. `python -m benchmarks.scaling FOLDER` prints JSON.

Offerings are those of one province (about 1,000 and about 10,000) and of the nation. Workers take halves of the draws, each in a process
that has loaded the study; the time of starting them stands apart. The halves together must be the bytes of the run in one process.
"""

from __future__ import annotations

import dataclasses
import json
import pickle
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from .task import MODE, SCENARIO, load_study, take_draws

WANTED_ROWS = (1_000, 10_000)
DRAWS = {1_000: (1, 4, 16, 64, 256), 10_000: (1, 4, 16, 64, 256), 100_000: (1, 4, 16)}
SCENARIOS = ("cap_plus_10", "cap_plus_20", "cap_plus_50", "deduct_off")
_held = None  # the worker's study


def seconds_of(work, times: int = 2) -> float:
    """The least of a few timings: what disturbs only ever adds."""
    found = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        found.append(time.perf_counter() - began)
    return min(found)


def studies(tables) -> dict[int, object]:
    """Studies of about the wanted numbers of offerings, and the whole."""
    from onexmodel.analysis.study import open_study
    nation = open_study("national", SCENARIO, tables=tables)
    provinces = nation.prepared.baseline.keys["offering"]["province"].value_counts()
    made = {wanted: open_study("national", SCENARIO, tables=tables, province=(provinces - wanted).abs().idxmin()) for wanted in WANTED_ROWS}
    return made | {100_000: nation}


def by_rows_and_draws(found) -> list[dict]:
    """Seconds by offerings and draws."""
    from onexmodel.analysis.blocks import headline_draws
    rows = []
    for wanted, study in found.items():
        headline_draws(study, MODE, take_draws(study, 1))
        for draws in DRAWS[wanted]:
            drawn = take_draws(study, draws)
            seconds = seconds_of(lambda: headline_draws(study, MODE, drawn))  # noqa: B023 - called at once
            rows.append({"rows": len(study.prepared.baseline.keys["offering"]), "draws": draws, "seconds": seconds})
    return rows


def by_scenarios(study) -> list[dict]:
    """Seconds by number of scenarios of one study, the same draws in each."""
    from onexmodel.analysis.blocks import headline_draws
    drawn = take_draws(study, 16)

    def work(names):
        for name in names:
            headline_draws(study.with_composition([name]), MODE, drawn)
    rows = len(study.prepared.baseline.keys["offering"])
    return [{"rows": rows, "scenarios": count, "seconds": seconds_of(lambda: work(SCENARIOS[:count]))} for count in (1, 2, 4)]  # noqa: B023


def by_workers(study, folder: Path) -> list[dict]:
    """Seconds of 256 draws in one process, and in one and two worker processes."""
    from onexmodel.analysis.blocks import headline_draws
    path = folder / "workers.study"
    path.write_bytes(pickle.dumps(dataclasses.replace(study, tables=None), protocol=5))
    drawn = take_draws(study, 256)
    alone = headline_draws(study, MODE, drawn)
    made = []
    for count in (1, 2):
        began = time.perf_counter()
        with ProcessPoolExecutor(count, mp_context=get_context("spawn"), initializer=_start, initargs=(str(path),)) as pool:
            list(pool.map(_slowly, range(count)))
            start = time.perf_counter() - began
            edges = np.linspace(0, 256, count + 1).astype(int)
            parts = [{name: values[a:b] for name, values in drawn.items()} for a, b in zip(edges, edges[1:])]
            began = time.perf_counter()
            results = list(pool.map(_work, parts))
            seconds = time.perf_counter() - began
        same = all(np.array_equal(np.concatenate([one[side][name] for one in results]), alone[side][name]) for side in (0, 1) for name in alone[0])
        made.append({"rows": len(study.prepared.baseline.keys["offering"]), "draws": 256, "workers": count, "seconds": seconds, "start": start, "same": same})
    return made


def _start(path: str) -> None:
    global _held
    _held = load_study(Path(path))
    _work({name: values[:1] for name, values in take_draws(_held, 1).items()})


def _slowly(_):
    time.sleep(0.2)  # long enough that every worker is asked for


def _work(drawn):
    from onexmodel.analysis.blocks import headline_draws
    return headline_draws(_held, MODE, drawn)


def spin(_) -> float:
    """Seconds of a loop that needs a core of its own."""
    began, total = time.perf_counter(), 0
    for i in range(6_000_000):
        total += i
    return time.perf_counter() - began


def cores() -> float:
    """How many cores two busy processes get together, 2 on an idle machine with two: what parallel work can gain at most."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        list(pool.map(_slowly, range(2)))
        alone = min(pool.submit(spin, 0).result() for _ in range(2))
        together = list(pool.map(spin, range(2)))
    return 2 * alone / max(together)


def main(folder: str) -> None:
    """Print everything as one line of JSON."""
    from onexmodel.analysis.study import data_folder
    from onexmodel.data import read_tables
    found = studies(read_tables(data_folder("national")))
    made = {"cores": cores(), "rows_draws": by_rows_and_draws(found), "scenarios": by_scenarios(found[10_000]),
            "workers": by_workers(found[10_000], Path(folder))}
    print(json.dumps(made))


if __name__ == "__main__":
    main(sys.argv[1])
