"""The tests of numbers on a mutant, in a copy of the tree: a process that has loaded the libraries forks for every mutant, and the tests that
reach the mutated function run, cheapest file first, until one fails."""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import importlib
import json
import os
import resource
import shutil
import signal
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("onexmodel", "tests", "data", "notebooks", "docs", "pyproject.toml", "README.md")
TESTS = (  # of numbers: what `make check` runs of them, and the slow ones beside them
    "tests/rules",
    "tests/reference",
    "tests/engine",
    "tests/law",
    "tests/analysis",
)
PACKAGES = ("onexmodel/rules/", "onexmodel/engine/")
LOADED = ("numpy", "pandas", "scipy.stats", "scipy.optimize", "yaml", "pydantic", "openpyxl")
LOADED += ("hypothesis", "pytest", "jinja2", "xlsxwriter", "_pytest.assertion.rewrite")
SECONDS = 180  # of processor time for the tests of one mutant


@dataclass(frozen=True)
class Outcome:
    """`killer`: the test that failed first, "" where none did; `kind`: killed, survived, timeout or not reached."""

    kind: str
    killer: str = ""
    tests: int = 0
    seconds: float = 0.0


@dataclass(eq=False)
class Watched:
    """A pytest plugin: notes how long each test file takes, which functions of the packages it calls, and what fails first."""

    calls: bool = False
    order: dict[str, float] = field(default_factory=dict)
    chosen: frozenset[str] | None = None
    failed: str = ""
    count: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    called: dict[str, set] = field(default_factory=dict)
    now: str = ""

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config, items):
        """Those of `make test` in the chosen files, cheapest file first."""
        kept = [one for one in items if not one.get_closest_marker("thorough")]
        if self.chosen is not None:
            kept = [one for one in kept if file_of(one.nodeid) in self.chosen]
        kept.sort(key=lambda one: self.order.get(file_of(one.nodeid), 0.0))
        items[:] = kept

    def pytest_runtest_logreport(self, report):
        """Time, and the first failure (of a fixture too)."""
        name = file_of(report.nodeid)
        self.seconds[name] = self.seconds.get(name, 0.0) + report.duration
        self.count += report.when == "call"
        if report.failed and not self.failed:
            self.failed = report.nodeid

    def pytest_collectreport(self, report):
        """A test file that cannot be loaded has failed."""
        if report.failed and not self.failed:
            self.failed = f"{report.nodeid} (collection)"

    def pytest_runtest_logstart(self, nodeid, location):
        self.now = file_of(nodeid)

    def trace(self, frame, event, argument):
        """sys.settrace: which functions of the packages are called while a file's tests run; lines are not followed."""
        code = frame.f_code
        if "/onexmodel/" in code.co_filename:
            name = "onexmodel/" + code.co_filename.rpartition("/onexmodel/")[2]
            if name.startswith(PACKAGES):
                self.called.setdefault(self.now, set()).add((name, code.co_firstlineno))


def file_of(nodeid: str) -> str:
    """The test file of a node."""
    return nodeid.partition("::")[0]


def copy_of_tree(target: Path) -> Path:
    """What the tests need, the national set among it, without what else is made or ignored."""
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            left_out = shutil.ignore_patterns("__pycache__", ".making-*", ".hypothesis")
            shutil.copytree(source, target / name, ignore=left_out)
        elif source.exists():
            shutil.copyfile(source, target / name)
    return target


def load_libraries() -> None:
    """What every run of the tests loads and no mutant touches; the product itself is not among it."""
    for name in LOADED:
        importlib.import_module(name)
    assert "onexmodel" not in sys.modules


def _in_child(tree: Path, watched: Watched, seconds: int | None, say: Path) -> None:
    """Never returns: runs pytest in a fork and writes what was found."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if seconds:
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
    os.setsid()
    if sys.platform == "linux":  # ends with whoever forked it, however that ends
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    os.chdir(tree)
    os.environ["PYTHONPATH"] = str(tree)
    sys.path.insert(0, str(tree))
    sys.argv = ["pytest"]
    with open(say.with_suffix(".log"), "wb") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
    if watched.calls:
        sys.settrace(watched.trace)
    options = ["-x", "-q", "--no-header", "-p", "no:cacheprovider", "-p", "no:xdist"]
    options += ["-p", "no:nbval"]
    files = sorted(watched.chosen) if watched.chosen is not None else list(TESTS)
    code = pytest.main([*options, *files], plugins=[watched])
    sys.settrace(None)
    called = {name: sorted(found) for name, found in watched.called.items()}
    found = {"failed": watched.failed, "count": watched.count, "seconds": watched.seconds}
    say.write_text(json.dumps({**found, "called": called, "code": int(code)}))
    os._exit(0)


def run_tests(tree: Path, watched: Watched, seconds: int | None = SECONDS) -> dict:
    """What the tests say of a tree; {} where they were ended by the limit."""
    say = tree / "outcome.json"
    say.unlink(missing_ok=True)
    child = os.fork()
    if child == 0:
        try:
            _in_child(tree, watched, seconds, say)
        finally:
            os._exit(70)
    try:
        os.waitpid(child, 0)
    finally:
        with contextlib.suppress(ProcessLookupError):  # what its tests have begun ends with it
            os.killpg(child, signal.SIGKILL)
    return json.loads(say.read_text()) if say.exists() else {}


def baseline(tree: Path, kept: Path, stale: bool = False) -> dict:
    """Times and calls of every test file on the tree as it is; those of an earlier run where packages and tests are the same since, or,
    `stale`, whatever they are (what else may have changed is taken to leave the tests green). Raises SystemExit where the tests fail
    without any mutant."""
    digest = hashlib.sha256()
    for part in (*PACKAGES, *TESTS):
        for path in sorted((tree / part).rglob("*")):
            if path.suffix in (".py", ".yaml"):
                digest.update(path.relative_to(tree).as_posix().encode() + path.read_bytes())
    key = digest.hexdigest()
    if kept.exists():
        known = json.loads(kept.read_text())
        if stale or known["key"] == key:
            return known
    found = run_tests(tree, Watched(calls=True), None)
    if not found or found["code"]:
        log = (tree / "outcome.log").read_text(errors="replace")[-3000:]
        raise SystemExit(f"the tests fail without any mutant: {found.get('failed')}\n{log}")
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps({**found, "key": key}))
    return {**found, "key": key}


def reach(mutant, base: dict) -> frozenset[str]:
    """Test files that call the function a mutant stands in; all where it stands in none."""
    if not mutant.function:
        return frozenset(base["seconds"])
    return frozenset(
        name
        for name, called in base["called"].items()
        if name and [mutant.file, mutant.function] in called
    )


def tried(mutant, tree: Path, base: dict) -> Outcome:
    """Writes the mutant into the tree, runs what reaches it, and puts the tree back."""
    chosen = reach(mutant, base)
    if not chosen:
        return Outcome("not reached")
    path, started = tree / mutant.file, time.monotonic()
    good = path.read_bytes()
    for old in path.parent.glob(f"__pycache__/{path.stem}.*.pyc"):
        old.unlink()  # its date has no more than a second
    path.write_text(mutant.source(good.decode()), encoding="utf-8")
    try:
        found = run_tests(tree, Watched(order=base["seconds"], chosen=chosen))
    finally:
        path.write_bytes(good)
    seconds = time.monotonic() - started
    if not found:
        return Outcome("timeout", seconds=seconds)
    kind = "killed" if found["failed"] or found["code"] else "survived"
    return Outcome(kind, found["failed"], found["count"], seconds)
