"""Mutants of rules and engine that the tests of numbers must notice.

    python tests/mutation                          60 of all, seed 0 (make mutants)
    python tests/mutation --count 200 --seed 3     more, others
    python tests/mutation --files onexmodel/rules/pay.py --count 0     every one of a file
    python tests/mutation --match "valid_to"       every one whose line has these words

Works in a copy of the tree, nothing here is touched. Survivors are printed with file, line and change; those in
tests/mutation/survivors.yaml are known, with the reason. Exit code 1 where one is not known."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from random import Random

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # a process that forks has one thread
os.environ.setdefault("OMP_NUM_THREADS", "1")

import mutant_runs as runs  # noqa: E402
import yaml  # noqa: E402
from mutant_operators import Mutant, mutants_of  # noqa: E402

HERE = Path(__file__).resolve().parent
OUT, KNOWN = runs.ROOT / "build" / "mutation", HERE / "survivors.yaml"


def all_mutants(files=()) -> list[Mutant]:
    """Of these files, or of every module of rules and engine."""
    paths = [runs.ROOT / name for name in files] or [
        path for part in runs.PACKAGES for path in sorted((runs.ROOT / part).rglob("*.py"))
    ]
    return [
        one
        for path in paths
        for one in mutants_of(path.relative_to(runs.ROOT).as_posix(), path.read_text("utf-8"))
    ]


def known_survivors() -> dict[tuple[str, str, str], str]:
    """(file, line before, line after) → why no test needs to see it."""
    kept = yaml.safe_load(KNOWN.read_text(encoding="utf-8")) or []
    return {(one["file"], one["before"], one["after"]): one["why"] for one in kept}


def main(argv: list[str] | None = None) -> int:
    """Run; print a line a mutant and the survivors."""
    asked = _asked(argv)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # folders and processes go with it
    known, found = known_survivors(), all_mutants(asked.files)
    found = [one for one in found if asked.match in f"{one.before} {one.after}"]
    found = _drawn(found, asked)
    skipped = [] if asked.known else [one for one in found if one.key in known]
    found = [one for one in found if one not in skipped]
    print(f"{len(found)} mutants, and {len(skipped)} that are known to survive", flush=True)
    if asked.list:
        print("\n".join(_shown(one) for one in found))
        return 0
    runs.load_libraries()
    started, outcomes = time.monotonic(), []
    with tempfile.TemporaryDirectory(prefix="onexmutants") as scratch:
        tree = runs.copy_of_tree(Path(scratch))
        base = runs.baseline(tree, OUT / "baseline.json", asked.stale)
        sys.dont_write_bytecode = True
        print(f"tests without any mutant: {sum(base['seconds'].values()):.0f} s", flush=True)
        for one in found:
            if asked.minutes and time.monotonic() - started > 60 * asked.minutes:
                print(f"ended after {asked.minutes:g} minutes", flush=True)
                break
            outcome = runs.tried(one, tree, base)
            outcomes.append((one, outcome))
            print(f"{outcome.kind:<12}{outcome.seconds:5.0f} s  {_shown(one)}", flush=True)
    return _tell(outcomes, known, asked, time.monotonic() - started)


def _drawn(found: list[Mutant], asked) -> list[Mutant]:
    """The sample, in the order of the files."""
    texts, drawn = {one.file: (runs.ROOT / one.file).read_text("utf-8") for one in found}, []
    Random(asked.seed).shuffle(found)
    for one in found:
        if asked.count and len(drawn) == asked.count:
            break
        if one.differs(texts[one.file]):
            drawn.append(one)
    return sorted(drawn, key=lambda one: (one.file, one.start, one.new))


def _asked(argv) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python tests/mutation", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--count", type=int, default=60, help="0: every one")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--files", nargs="*", default=[])
    parser.add_argument("--match", default="", help="words of the line, before or after")
    parser.add_argument("--minutes", type=float, default=0, help="end after so many")
    parser.add_argument(
        "--stale", action="store_true", help="do not run the tests without any mutant first"
    )
    parser.add_argument("--known", action="store_true", help="try the known survivors too")
    parser.add_argument("--list", action="store_true", help="list them, run nothing")
    return parser.parse_args(argv)


def _shown(one: Mutant) -> str:
    return f"{one.file}:{one.line} {one.kind}\n    - {one.before}\n    + {one.after}"


def _tell(outcomes, known, asked, seconds: float) -> int:
    kinds = Counter(outcome.kind for _, outcome in outcomes)
    killers = Counter(runs.file_of(one.killer) for _, one in outcomes if one.killer)
    alive = [(one, outcome) for one, outcome in outcomes if outcome.kind != "killed"]
    new = [(one, outcome) for one, outcome in alive if one.key not in known]
    for one, outcome in new:
        print(f"\n{outcome.kind} ({outcome.tests} tests): {_shown(one)}")
    print(
        f"\n{len(outcomes)} mutants, seed {asked.seed}, {seconds:.0f} s: "
        + ", ".join(f"{count} {kind}" for kind, count in kinds.most_common())
        + f"; {len(new)} not known"
    )
    print("killed first by: " + ", ".join(f"{name} {n}" for name, n in killers.most_common()))
    OUT.mkdir(parents=True, exist_ok=True)
    told = [
        {
            "file": one.file,
            "line": one.line,
            "kind": one.kind,
            "before": one.before,
            "after": one.after,
        }
        | {"outcome": outcome.kind, "killer": outcome.killer}
        for one, outcome in outcomes
    ]
    (OUT / "outcomes.json").write_text(json.dumps(told, ensure_ascii=False, indent=1))
    return 1 if new else 0


if __name__ == "__main__":
    sys.exit(main())
