"""One contestant in a process of its own: `python -m benchmarks.contest MODULE TASK_FILE DRAWS`.

It loads the task, makes itself ready (a call with one draw: compilation, caches), prints one line of JSON, and then answers each line on its input
with another: seconds of the draws, the headlines, and peak memory in MB. So all contestants take turns in one run. `start_mb` is the
peak with the task loaded, before the contestant has made anything.
"""

from __future__ import annotations

import importlib
import json
import resource
import sys
import time
from pathlib import Path

from .task import Skip, load_task


def peak_mb() -> float:
    """Most memory this process has held so far, MB. (ru_maxrss is inherited from the parent where the system says nothing better.)"""
    status = Path("/proc/self/status")
    if status.exists():
        return (
            next(
                float(line.split()[1])
                for line in status.read_text().splitlines()
                if line.startswith("VmHWM:")
            )
            / 1024
        )
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (
        1 << 20 if sys.platform == "darwin" else 1 << 10
    )


def ready(module: str, task_file: Path, draws: int):
    """The contestant warmed up: (what it says of itself, a function that times the draws once)."""
    task = load_task(task_file)
    start = peak_mb()
    drawn = task.draws(draws)
    name, _, option = module.partition(":")
    maker = importlib.import_module(f"benchmarks.{name}").make
    began = time.perf_counter()
    run = maker(task, option) if option else maker(task)
    run({key: values[:1] for key, values in drawn.items()})
    told = {
        "first": time.perf_counter() - began,
        "start_mb": start,
        "draws": draws,
        "rows": task.rows,
        "sides": len(task.views),
    }

    def once() -> dict:
        began = time.perf_counter()
        sides = run(drawn)
        seconds = time.perf_counter() - began
        return {
            "seconds": seconds,
            "peak_mb": peak_mb(),
            "headlines": [
                {key: [float(x) for x in values] for key, values in side.items()} for side in sides
            ],
        }

    return told, once


def main(arguments: list[str]) -> None:
    """Answer line by line until the input ends; a contestant that cannot run says why in its first line."""
    module, task_file, draws = arguments
    try:
        told, once = ready(module, Path(task_file), int(draws))
    except (Skip, ImportError) as reason:
        print(
            json.dumps(
                {
                    "skipped": f"not installed: {reason}"
                    if isinstance(reason, ImportError)
                    else str(reason)
                }
            ),
            flush=True,
        )
        return
    print(json.dumps(told), flush=True)
    for _ in sys.stdin:
        print(json.dumps(once()), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
