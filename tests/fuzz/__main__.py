"""Spoiled and made-up inputs for every reader: only the product's own errors may come of them.

    python tests/fuzz                             100,000 cases over every reader, on two processes (make fuzz)
    python tests/fuzz --cases 5000 --seed 7       fewer, others
    python tests/fuzz --only csv --case 1234      one case again, with its traceback
    python tests/fuzz --only csv --guided         led by coverage, where atheris is installed

Any other exception, a case of more than ten seconds of processor time or 2 GB, or a process that dies is a find: its input, made small, and
its traceback go into build/fuzz. Exit code 1 where there is one. The same seed gives the same cases everywhere."""

from __future__ import annotations

import argparse
import json
import multiprocessing
import multiprocessing.connection
import os
import signal
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
OUT = HERE.parents[1] / "build" / "fuzz"
MEMORY = 2 << 30  # more than what the process has when it begins
STUCK = 300.0  # seconds in which a case must end, on a busy machine too: what no signal reaches is killed
CHUNK = 50  # cases a worker takes at once


def main(argv: list[str] | None = None) -> int:
    """Run; print a line a reader."""
    asked = _asked(argv)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # folders and processes go with it
    from fuzz_readers import READERS

    unknown = [name for name in asked.only if name not in READERS]
    if unknown:
        print(f"no reader {', '.join(unknown)}; there are {', '.join(READERS)}", file=sys.stderr)
        return 2
    readers = [READERS[name] for name in asked.only or READERS]
    if asked.case is not None:
        return _again(readers, asked)
    if asked.guided:
        from fuzz_guided import guided

        return guided(readers[0], asked.out)
    shares = _shares(readers, asked.cases)
    jobs = [
        (name, low, min(low + CHUNK, count))
        for name, count in shares.items()
        for low in range(0, count, CHUNK)
    ]
    jobs.sort(key=lambda job: job[1] / shares[job[0]])  # every reader from the beginning on
    started = time.monotonic()
    totals = _run(jobs, asked)
    return _tell(totals, asked, time.monotonic() - started)


def _asked(argv) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python tests/fuzz", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", action="append", default=[], metavar="READER")
    parser.add_argument("--case", type=int, default=None, help="this one alone")
    parser.add_argument("--workers", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--guided", action="store_true", help="with atheris, until stopped")
    return parser.parse_args(argv)


def _shares(readers, cases: int) -> dict[str, int]:
    whole = sum(one.weight for one in readers)
    shares = {one.name: cases * one.weight // whole for one in readers}
    shares[readers[0].name] += cases - sum(shares.values())
    return shares


def _again(readers, asked) -> int:
    from fuzz_hunt import Find, files_of, read, scratch

    reader = readers[0]
    with scratch(reader) as folder:
        files = files_of(reader, asked.seed, asked.case)
        found = read(reader, folder, files)
    for name, content in files.items():
        print(f"{name}: {content[:2000]!r}")
    print(found.trace if isinstance(found, Find) else "taken" if found else "refused")
    return 1 if isinstance(found, Find) else 0


def _limit_memory() -> None:
    import resource

    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _worker(pipe, seed: int, out: Path, now) -> None:
    """Takes (reader, first, last) until None; `now`: the number of the case and the time at which it began."""
    if sys.platform == "linux":
        _limit_memory()
    from fuzz_hunt import hunt
    from fuzz_readers import READERS

    def begins(number):
        now[0], now[1] = number, time.monotonic()
        if os.getppid() == 1:  # nobody waits any more
            os._exit(1)

    while (job := pipe.recv()) is not None:
        name, low, high = job
        counts, _ = hunt(READERS[name], seed, range(low, high), out, begins)
        now[1] = 0.0
        pipe.send((counts.taken, counts.refused, counts.seconds, counts.finds))


class _Process:
    """A worker with the job it has."""

    def __init__(self, asked):
        context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
        self.now = context.Array("d", [0.0, 0.0], lock=False)
        self.pipe, other = context.Pipe()
        self.process = context.Process(
            target=_worker, args=(other, asked.seed, asked.out, self.now), daemon=True
        )
        self.process.start()
        other.close()
        self.job: tuple | None = None

    def give(self, job) -> None:
        self.job = job
        self.pipe.send(job)

    def stuck(self) -> bool:
        return bool(self.now[1]) and time.monotonic() - self.now[1] > STUCK

    def end(self) -> None:
        self.process.kill()
        self.process.join()


def _run(jobs: list[tuple], asked) -> dict[str, list]:
    """reader → [taken, refused, seconds, finds]. A worker that dies, or is killed since it is stuck, has found something."""
    totals: dict[str, list] = {name: [0, 0, 0.0, {}] for name, *_ in jobs}
    left, told = list(reversed(jobs)), time.monotonic()
    workers = [_Process(asked) for _ in range(max(1, asked.workers))]
    try:
        while left or any(one.job for one in workers):
            for one in workers:
                if one.job is None and left:
                    one.give(left.pop())
            ready = multiprocessing.connection.wait(
                [one.pipe for one in workers if one.job], timeout=5
            )
            for at, one in enumerate(workers):
                if one.job is None:
                    continue
                name, low, high = one.job
                done, found = None, ""
                if one.pipe in ready:
                    try:
                        done = one.pipe.recv()
                    except (EOFError, ConnectionResetError):
                        found = "died"
                elif one.stuck():
                    found = "stuck"
                if done:
                    _add(totals[name], *done)
                    one.job = None
                elif found:
                    number = int(one.now[0])
                    one.end()
                    found += "" if found == "stuck" else f" with {one.process.exitcode}"
                    _keep(name, number, found, asked)
                    _add(totals[name], 0, 0, 0.0, {found: 1})
                    # counts of the cases before it went with it: they are run again, and it is left out
                    left += [
                        job
                        for job in ((name, low, number), (name, number + 1, high))
                        if job[1] < job[2]
                    ]
                    workers[at] = _Process(asked)
            if time.monotonic() - told > 30:
                told = time.monotonic()
                _progress(totals, asked)
    finally:
        for one in workers:
            one.end()
    return totals


def _add(total: list, taken: int, refused: int, seconds: float, finds: dict) -> None:
    total[0] += taken
    total[1] += refused
    total[2] += seconds
    for signature, count in finds.items():
        total[3][signature] = total[3].get(signature, 0) + count


def _keep(name: str, number: int, what: str, asked) -> None:
    from fuzz_hunt import Find, files_of, save
    from fuzz_readers import READERS

    files = files_of(READERS[name], asked.seed, number)
    how = f"python tests/fuzz --only {name} --seed {asked.seed} --case {number}"
    save(Find(what, files, what), name, asked.out, how)


def _progress(totals, asked) -> None:
    done = sum(one[0] + one[1] + sum(one[3].values()) for one in totals.values())
    found = sum(len(one[3]) for one in totals.values())
    print(f"{done} of {asked.cases} cases, {found} kinds of finds", file=sys.stderr, flush=True)


def _tell(totals, asked, seconds: float) -> int:
    print(
        f"{'reader':<10}{'cases':>9}{'taken':>9}{'refused':>9}{'CPU s':>9}{'finds':>7}{'kinds':>7}"
    )
    sums = [0, 0, 0, 0.0, 0, 0]
    for name, (taken, refused, used, finds) in totals.items():
        count = sum(finds.values())
        row = [taken + refused + count, taken, refused, used, count, len(finds)]
        sums = [a + b for a, b in zip(sums, row)]
        print(_line(name, row))
    print(_line("all", sums))
    for name, (*_, finds) in totals.items():
        for signature, count in sorted(finds.items(), key=lambda item: -item[1]):
            print(f"{name}: {signature} ({count})")
    known = "" if not sums[5] else "; of a kind already in the folder only the number is new"
    print(f"seed {asked.seed}, {seconds:.0f} s on {asked.workers} processes")
    if sums[5]:
        print(f"inputs and tracebacks: {asked.out}{known}", file=sys.stderr)
    asked.out.mkdir(parents=True, exist_ok=True)
    (asked.out / "counts.json").write_text(json.dumps(totals, ensure_ascii=False, indent=1))
    return 1 if sums[5] else 0


def _line(name: str, row: list) -> str:
    cases, taken, refused, used, finds, kinds = row
    return f"{name:<10}{cases:>9}{taken:>9}{refused:>9}{used:>9.0f}{finds:>7}{kinds:>7}"


if __name__ == "__main__":
    sys.exit(main())
