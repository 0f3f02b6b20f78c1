"""The benchmark suite in one command: `python -m benchmarks [--quick] [--reports]`. Prints ratios measured side by side in one run.

Every contestant is a process of its own, started before the clock; then they take turns (A B C A B C …), so that a machine whose speed drifts is
fair to all. Their headlines are compared draw by draw: a fast wrong answer is an error. What is not installed is left out and said so
(`pip install numba openfisca-core`).
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from .task import make_task, save_task

HERE = Path(__file__).resolve().parents[1]
ENGINE, KERNEL = "engine:2", "numba_kernel"
CONTESTANTS = {
    ENGINE: ("onexmodel, 2 processes", 1.0),
    "engine:1": ("onexmodel, 1 process", 0.5),
    KERNEL: ("numba, fused by hand, 2 threads", 1.0),
    "numba_kernel:shared": ("the same, plan shared by the sides", 1.0),
    "openfisca_version": ("openfisca-core, 1 process", 1 / 128),
    "pandas_version": ("pandas as an analyst writes it", 1 / 128),
}  # name, share of the draws it is given
TOLERANCE = {"openfisca_version": 2e-3}  # float32; the others add the same numbers in another order
ROUNDS, QUICK = 3, (64, 1)


class Contestant:
    """A process that answers a line with the seconds and headlines of its draws."""

    def __init__(self, module: str, task: Path, draws: int):
        self.module, self.draws, self.seconds, self.peak = module, draws, [], 0.0
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-W",
                "ignore",
                "-m",
                "benchmarks.contest",
                module,
                str(task),
                str(draws),
            ],
            cwd=HERE,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.told = self._line()

    def _line(self) -> dict:
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(
                f"{self.module}: ended with status {self.process.wait()} before it answered"
            )
        return json.loads(line)

    def turn(self) -> list[dict]:
        """One timing; returns the headlines of every side."""
        done = threading.Event()
        watcher = threading.Thread(target=self._watch, args=(done,))
        watcher.start()
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        answer = self._line()
        done.set()
        watcher.join()
        self.seconds.append(answer["seconds"])
        self.peak = max(self.peak, answer["peak_mb"])
        return answer["headlines"]

    def _watch(self, done: threading.Event) -> None:
        while not done.wait(0.5):
            self.peak = max(self.peak, memory_mb(self.process.pid))

    @property
    def nanoseconds(self) -> float:
        """Median time per offering, draw and side."""
        return (
            1e9
            * statistics.median(self.seconds)
            / (self.draws * self.told["rows"] * self.told["sides"])
        )

    def close(self) -> None:
        """End the process."""
        self.process.stdin.close()
        self.process.wait()


def memory_mb(pid: int) -> float:
    """Memory of a process and its children, shared pages counted once, MB; 0 where the system does not say (only Linux does)."""
    total, todo = 0.0, [pid]
    while todo:
        one = todo.pop()
        try:
            rollup = Path(f"/proc/{one}/smaps_rollup").read_text()
            todo += [
                int(child)
                for thread in Path(f"/proc/{one}/task").iterdir()
                for child in (thread / "children").read_text().split()
            ]
        except OSError:
            continue  # it has ended, or there is no /proc
        total += (
            next(float(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
            / 1024
        )
    return total


def worst(found: list[dict], truth: list[dict]) -> float:
    """Largest relative difference of any headline of any side in the draws both have."""
    return max(
        abs(a - b) / max(1.0, abs(b))
        for side, expected in zip(found, truth, strict=True)
        for name in side
        for a, b in zip(side[name], expected[name], strict=False)
    )


def contest(task: Path, draws: int, rounds: int) -> None:
    """All contestants in turn; the table of times, ratios, memory and agreement."""
    players, skipped = [], []
    for module, (name, share) in CONTESTANTS.items():
        player = Contestant(module, task, max(1, int(draws * share)))
        if "skipped" in player.told:
            skipped.append(f"{name}: {player.told['skipped']}")
        else:
            players.append(player)
    answers: dict[str, list] = {}
    for _ in range(rounds):
        for player in players:
            answers[player.module] = player.turn()
    by_module = {player.module: player for player in players}
    print(
        f"{'contestant':<36}{'draws':>6}{'seconds (median, min–max)':>30}{'ns':>8}{'× onexmodel':>13}{'peak MB':>9}{'differs':>10}"
    )
    for player in players:
        seconds = f"{statistics.median(player.seconds):.2f} ({min(player.seconds):.2f}–{max(player.seconds):.2f})"
        apart = worst(answers[player.module], answers[ENGINE])
        print(
            f"{CONTESTANTS[player.module][0]:<36}{player.draws:>6}{seconds:>30}{player.nanoseconds:>8.0f}"
            f"{player.nanoseconds / by_module[ENGINE].nanoseconds:>13.2f}{player.peak:>9.0f}{apart:>10.0e}"
        )
        if apart > TOLERANCE.get(player.module, 1e-8):
            raise SystemExit(
                f"{player.module}: its headlines differ by {apart:.1e}, more than {TOLERANCE.get(player.module, 1e-8):.0e}"
            )
        player.close()
    print(
        "ns: per offering, draw and side; × onexmodel: how many times as long as onexmodel on 2 processes takes for the same"
    )
    for line in skipped:
        print(f"left out — {line}")


def growth() -> None:
    """How the engine's cost grows, from benchmarks.scaling."""
    made = subprocess.run(
        [sys.executable, "-m", "benchmarks.scaling"],
        cwd=HERE,
        capture_output=True,
        text=True,
        check=True,
    )
    print(made.stdout, end="")


def reports(folder: Path) -> None:
    """Whole reports: papermill in a loop against make_reports."""
    for way in ("loop", "ours", "loop", "ours"):
        place = folder / f"{way}-{time.monotonic_ns()}"
        place.mkdir()
        made = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "benchmarks.papermill_loop", way, str(place)],
            cwd=HERE,
            capture_output=True,
            text=True,
            check=True,
        )
        print(f"{way:<6}{made.stdout.strip().splitlines()[-1]}")


def main() -> None:
    """Run what is asked for."""
    options = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__.splitlines()[0]
    )
    options.add_argument(
        "--draws", type=int, default=1000, help="draws of the national contest (default 1000)"
    )
    options.add_argument("--rounds", type=int, default=ROUNDS)
    options.add_argument(
        "--quick",
        action="store_true",
        help="one small province, 64 draws, one round: only to see that all agree",
    )
    options.add_argument(
        "--growth", action="store_true", help="also: cost by rows, draws, scenarios, workers"
    )
    options.add_argument(
        "--reports",
        action="store_true",
        help="also: whole reports, papermill in a loop against ours",
    )
    asked = options.parse_args()
    draws, rounds = QUICK if asked.quick else (asked.draws, asked.rounds)
    with tempfile.TemporaryDirectory() as scratch:
        task = make_task("63" if asked.quick else "", max(0, (draws - 1).bit_length()))
        print(
            f"{task.rows} offerings × {draws} draws × {len(task.views)} sides (current law and {len(task.views) - 1} scenarios), mode supply",
            flush=True,
        )
        save_task(task, Path(scratch) / "task")
        del task
        contest(Path(scratch) / "task", draws, rounds)
        if asked.growth:
            growth()
        if asked.reports:
            reports(Path(scratch))


if __name__ == "__main__":
    main()
