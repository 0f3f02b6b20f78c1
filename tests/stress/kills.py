"""Kill commands at random moments, and look at what is left: python tests/stress/kills.py [--kills 100] [--minutes 0] [--seed 1] [kind …]

Each command is begun in a session of its own and hit by kill -9, SIGTERM, Ctrl-C as a terminal sends it (the whole process group) or Ctrl-C
to the command alone: half the time at a moment spread over its undisturbed time, else as soon as it has begun to write. After every
kill: no file that is not whole, no process left 5 s later, no traceback, the exit code, the time until it was gone after a request to
end. After each ROUND kills of a kind the same command runs to its end into the same folder: the same bytes as an undisturbed one, and no
temporary folder left, in the results or in TMPDIR. A folder killed between its making and its lock is spared for YOUNG seconds (running/
scratch.py): where one is left, the command is run once more after these, and must clear it. Prints a table; exit code 1 where anything
failed. Linux only (/proc)."""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
MARK = "ONEXMODEL_STRESS"  # in the environment of all that a command starts
ROUND = 5
YOUNG = 11.0  # seconds
GONE_IN, ASKED_IN = (
    5.0,
    3.0,
)  # seconds, until no process is left and until a command that was asked to end has ended
SMALL = ("--data", "example", "--draws", "2", "--date", "none")
SWEEP = "data: example\nparameters:\n  fees.beta: {low: 0.2, high: 0.8, points: 60}\nmeasures: [fee_bill]\ndraws: 7\n"
KINDS = {
    "report": ("report", "performance_pay", *SMALL),
    "batch": ("report", "performance_pay", "budget_and_settlement", *SMALL),
    "pdf": ("report", "performance_pay", "--pdf", *SMALL),
    "sweep": ("sweep", "{here}/sweep.yaml"),
    "sweep2": ("sweep", "{here}/sweep.yaml", "--workers", "2"),
    "check": ("check", "{here}/spoiled"),
    "run": ("run", "--data", "example"),
    "montecarlo": ("montecarlo", "--data", "{here}/provinces", "--workers", "2", "--scenario", "cap_plus_20"),
}  # fmt: skip
WITHOUT_OUT = ("montecarlo",)
SHARE = {"batch": 2, "sweep2": 2, "check": 2, "report": 2}  # of the kills; 1 of the others
ENDS = {
    "kill -9": (signal.SIGKILL, False, -9),
    "TERM": (signal.SIGTERM, False, 143),
    "INT, group": (signal.SIGINT, True, 130),
    "INT, alone": (signal.SIGINT, False, 130),
}


@dataclass
class Kind:
    """A command, what it gives undisturbed, and what became of it."""

    words: list[str]
    out: Path
    temporary: Path
    seconds: float = 0.0
    code: int = 0
    whole: dict[str, bytes] = field(default_factory=dict)
    kills: Counter = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    slowest: float = 0.0
    orphans: float = 0.0
    ended_before: int = 0
    writing: int = 0
    next_runs: int = 0
    second_runs: int = 0


def walked(folder: Path) -> tuple[list[Path], list[str]]:
    """Files, and the names of temporary folders, which are not looked into. What goes away meanwhile is left out."""
    found, temporary = [], []
    for root, folders, names in os.walk(folder):
        temporary += [one for one in folders if one.startswith((".onexmodel-", "tmp", "pymp-"))]
        folders[:] = [one for one in folders if one not in temporary]
        found += [Path(root) / one for one in names]
    return sorted(found), temporary


def files(folder: Path) -> dict[str, bytes]:
    """Name → bytes of all files but those in temporary folders."""
    return {one.relative_to(folder).as_posix(): one.read_bytes() for one in walked(folder)[0]}


def left(folder: Path) -> list[str]:
    """Temporary folders."""
    return walked(folder)[1]


def alive(mark: str) -> list[str]:
    """Processes that were started under the mark, or that name it (a browser overwrites its environment)."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if (folder / "stat").read_text().rpartition(")")[2].split()[0] == "Z":
                continue
            words = (folder / "cmdline").read_bytes()
            if mark.encode() in (folder / "environ").read_bytes() + words:
                found.append(f"{folder.name} {words.replace(chr(0).encode(), b' ').decode()[:80]}")
        except (OSError, ValueError):
            continue
    return found


def begin(kind: Kind, mark: str) -> subprocess.Popen:
    kind.temporary.mkdir(parents=True, exist_ok=True)
    return subprocess.Popen(
        [sys.executable, "-m", "onexmodel", *kind.words],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(kind.temporary), MARK: mark},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(
            signal.SIGINT, signal.SIG_DFL
        ),  # a shell's background ignores it
    )


def undisturbed(kind: Kind, mark: str) -> tuple[int, str]:
    """Exit code and what was printed."""
    started = begin(kind, mark)
    said = started.communicate()[0].decode()
    return started.returncode, said


def hit(kind: Kind, end: str, chance: random.Random, mark: str) -> None:
    """One kill."""
    number, group, code = ENDS[end]
    aimed, moment = chance.random() < 0.5, chance.uniform(0.2, kind.seconds)
    aimed = aimed and "--out" in kind.words
    started = begin(kind, mark)
    begun, writes = time.monotonic(), False
    while started.poll() is None:
        writes = bool(kind.out.exists() and left(kind.out))
        if time.monotonic() - begun > moment * (3 if aimed else 1) or (aimed and writes):
            break
        time.sleep(0.002)
    if started.poll() is not None:
        kind.ended_before += 1
    kind.writing += writes
    asked = time.monotonic()
    if started.poll() is None:
        (os.killpg if group else os.kill)(started.pid, number)
    ended = None
    while time.monotonic() - asked < GONE_IN + 10:
        if ended is None and started.poll() is not None:
            ended = time.monotonic() - asked
        there = alive(mark)
        if not there and ended is not None:
            break
        if time.monotonic() - asked > GONE_IN and ended is not None:
            kind.wrong.append(f"{end}: left running: {there}")
            break
        time.sleep(0.02)
    kind.orphans = max(kind.orphans, time.monotonic() - asked - (ended or 0))
    for one in alive(mark):
        os.kill(int(one.split()[0]), signal.SIGKILL)
    said = started.communicate()[0].decode()
    kind.kills[end] += 1
    if end != "kill -9":
        kind.slowest = max(kind.slowest, ended or 99)
        if (ended or 99) > ASKED_IN:
            kind.wrong.append(f"{end}: ended only after {ended} s")
        # before the first line of the product runs, and after the last, a signal ends it in silence
        if started.returncode not in (code, kind.code, -number):
            kind.wrong.append(f"{end}: exit code {started.returncode}")
        if started.returncode == code and said.count("已中断") != 1:
            kind.wrong.append(f"{end}: said {said[-300:]!r}")
    if "Traceback" in said or "Error" in said:
        kind.wrong.append(f"{end}: {said[-600:]!r}")
    for name, text in files(kind.out).items():
        if kind.whole.get(name) != text:
            kind.wrong.append(f"{end}: {name} is not whole")
    pages = {name[:-5] for name in files(kind.out) if name.endswith(".html")}
    records = {name[:-5] for name in files(kind.out) if name.endswith(".json")}
    if kind.words[0] == "report" and pages != records:
        kind.wrong.append(f"{end}: a page without its record, or one without its page")


def next_run(kind: Kind, mark: str) -> None:
    """After kills: the same bytes, and nothing left of them."""
    code, said = undisturbed(kind, mark)
    kind.next_runs += 1
    if code != kind.code or files(kind.out) != kind.whole:
        kind.wrong.append(f"next run: code {code}, other bytes or files: {said[-600:]!r}")
    if left(kind.out) or left(kind.temporary):
        time.sleep(YOUNG)
        undisturbed(kind, mark)
        kind.second_runs += 1
    if left(kind.out) or left(kind.temporary):
        kind.wrong.append(f"next run: {left(kind.out)} {left(kind.temporary)} left")
    if alive(mark):
        kind.wrong.append(f"next run: running afterwards: {alive(mark)}")
    shutil.rmtree(kind.out, ignore_errors=True)
    shutil.rmtree(kind.temporary, ignore_errors=True)


def prepared(here: Path, names: list[str]) -> dict[str, Kind]:
    """The inputs and the commands, each run once."""
    example = ROOT / "data" / "example"
    (here / "sweep.yaml").write_text(SWEEP, encoding="utf-8")
    shutil.copytree(example, here / "provinces")
    spoiled = shutil.copytree(example, here / "spoiled") / "offerings.csv"
    text = spoiled.read_text(encoding="utf-8-sig")
    spoiled.write_text(text.replace(",2021,", ",2021x,"), encoding="utf-8")
    made = {}
    for name in names:
        out = here / name / "out"
        words = [word.format(here=here) for word in KINDS[name]]
        words += [] if name in WITHOUT_OUT else ["--out", str(out)]
        kind = made[name] = Kind(words, out, here / name / "tmp")
        out.mkdir(parents=True)
        begun = time.monotonic()
        kind.code, said = undisturbed(kind, f"{here}-{name}")
        kind.seconds, kind.whole = time.monotonic() - begun, files(out)
        assert "Traceback" not in said and (kind.whole or name in WITHOUT_OUT), said
        shutil.rmtree(out)
    return made


def main() -> int:
    """Prints the table; 0 where nothing failed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kinds", nargs="*", default=list(KINDS))
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--minutes", type=float, default=0, help="begin no further round after")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    chance, begun = random.Random(asked.seed), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="kills-") as folder:
        kinds = prepared(Path(folder), asked.kinds)
        turns = [name for name in kinds for _ in range(SHARE.get(name, 1))]
        order, done, number = list(ENDS), 0, 0
        while done < asked.kills:
            if asked.minutes and time.monotonic() - begun > 60 * asked.minutes:
                break
            name = turns[number % len(turns)]
            for _ in range(min(ROUND, asked.kills - done)):
                hit(kinds[name], order[done % len(order)], chance, f"{folder}-{name}")
                done += 1
            next_run(kinds[name], f"{folder}-{name}")
            number += 1
            print(f"{done} kills, {sum(len(one.wrong) for one in kinds.values())} wrong", file=sys.stderr)  # fmt: skip
    print(
        "| command | kills | "
        + " | ".join(ENDS)
        + " | while writing | ended before | next runs | second runs | ended after, at most | last process gone, at most | wrong |"
    )
    print("|---" * (10 + len(ENDS)) + "|")
    for name, kind in kinds.items():
        cells = [sum(kind.kills.values()), *(kind.kills[end] for end in ENDS)]
        cells += [kind.writing, kind.ended_before, kind.next_runs, kind.second_runs]
        cells += [f"{kind.slowest:.1f} s", f"{kind.orphans:.1f} s", len(kind.wrong)]
        print(f"| {name} | " + " | ".join(map(str, cells)) + " |")
    for name, kind in kinds.items():
        for line in kind.wrong:
            print(f"{name}: {line}")
    return 1 if any(kind.wrong for kind in kinds.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
