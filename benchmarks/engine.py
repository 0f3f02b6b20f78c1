"""Contestant: the engine itself, the national draws of onexmodel.analysis.draws.montecarlo, on as many processes as asked for.

The processes are started, and the places arranged, before the clock starts: every contestant is given its arrays.
"""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context

from .task import NAMES


def make(task, option: str = "2"):
    """A function of draws that returns the headlines of every side, name → (draws,)."""
    from onexmodel.analysis.draws.montecarlo import gathered, hand_out, run_job

    workers = int(option)
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn")) if workers > 1 else None

    def run(drawn):
        jobs = [replace(job, drawn=drawn) for job in task.jobs]
        made = gathered(jobs, hand_out(jobs, pool) if pool else [run_job(job) for job in jobs])
        return [
            {name: made.headlines(scenario)[name] for name in NAMES} for scenario in made.scenarios
        ]

    return run
