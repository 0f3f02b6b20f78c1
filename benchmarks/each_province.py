"""A report for each province: `onexmodel report fee_cap --each-province` beside papermill once a province in a loop, as a user would write it.

`python -m benchmarks.each_province [--sample N] [--jobs 2]`, on the national set. The loop executes the notebook and no more: no page, no index.
With --sample it runs N provinces of all, spread over their sizes, half before the batch and half after, and the time for all is extrapolated
by the mean, which is said. CPU time counts every process that was begun (Linux only); it is what a loaded machine leaves to compare.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
SUBREAPER = 36  # prctl: processes whose parent is gone become ours, and so does the time they took


def measured(words: Sequence[str]) -> tuple[float, float]:
    """Wall and CPU seconds of a command with all that it starts."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    made = subprocess.run(words, cwd=HERE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    wall = time.perf_counter() - began
    if made.returncode:
        raise SystemExit(made.stderr.decode())
    try:
        while True:  # what it left behind
            os.wait()
    except ChildProcessError:
        pass
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def codes_by_size() -> list[str]:
    """Provinces of the national set, the largest first."""
    from onexmodel.analysis.study import data_folder
    from onexmodel.data import read_tables

    colleges = read_tables(data_folder("national"))["colleges"]
    return [str(code) for code in colleges["province"].value_counts().index]


def loop(codes: Sequence[str], folder: Path) -> list[tuple[float, float]]:
    """papermill, a process for each."""
    notebook = str(HERE / "notebooks" / "fee_cap.ipynb")
    words = [sys.executable, "-m", "papermill", "--log-level", "ERROR", "--no-progress-bar"]
    return [
        measured([*words, notebook, str(folder / f"{code}.ipynb"), "-r", "province", code])
        for code in codes
    ]


def main() -> None:
    """Run both and print one table."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.each_province")
    options.add_argument("--sample", type=int, default=0, help="provinces of the loop (all)")
    options.add_argument("--jobs", type=int, default=2)
    asked = options.parse_args()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SUBREAPER, 1)
    codes = codes_by_size()
    count = min(asked.sample or len(codes), len(codes))
    chosen = [codes[round((i + 0.5) * len(codes) / count - 0.5)] for i in range(count)]
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch)
        ours = [sys.executable, "-m", "onexmodel", "report", "fee_cap", "--each-province"]
        times = loop(chosen[::2], out)
        batch = measured([*ours, "--jobs", str(asked.jobs), "--out", str(out / "each")])
        times += loop(chosen[1::2], out)
        made = len(list((out / "each").glob("fee_cap_*.html")))
    scale = len(codes) / count
    wall, cpu = (scale * sum(one[i] for one in times) for i in (0, 1))
    said = f", extrapolated from {count} provinces" if scale != 1 else ""
    print(f"load now: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors; {made} reports")
    print(f"{'':<34}{'wall s':>8}{'CPU s':>8}{'a report':>10}")
    for name, seconds, used in (
        (f"papermill in a loop{said}", wall, cpu),
        (f"--each-province --jobs {asked.jobs}", *batch),
    ):
        print(f"{name}\n{'':<34}{seconds:>8.1f}{used:>8.1f}{used / len(codes):>10.2f}")
    print(f"papermill takes {wall / batch[0]:.1f} times as long, {cpu / batch[1]:.1f} the CPU time")


if __name__ == "__main__":
    main()
