"""What the product stands on: the licence of every pinned package that is installed, and what is known against its version."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

import yaml

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
RULES = yaml.safe_load((HERE / "licences.yaml").read_text(encoding="utf-8"))
SECONDS = 600


@dataclass(frozen=True)
class Package:
    """A pinned package as installed here; `version` is "" where it is not."""

    name: str
    version: str = ""
    licence: str = ""
    allowed: bool = False


def pinned() -> list[str]:
    """Names in the pins, each once."""
    names = {
        re.sub(r"[-_.]+", "-", line.partition("==")[0].strip().lower())
        for path in sorted((ROOT / "requirements").glob("*.lock"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if "==" in line and not line.startswith(" ")
    }
    return sorted(names)


def licence_of(found) -> str:
    """As an SPDX expression where metadata (`email.message.Message`) hold one, in words or as classifier; "" where they say nothing."""
    if stated := (found.get("License-Expression") or "").strip():
        return stated
    stated = (found.get("License") or "").strip()
    classifiers = [
        line.rpartition(" :: ")[2]
        for line in found.get_all("Classifier") or []
        if line.startswith("License ::")
    ]
    for word in (stated, *classifiers):
        known = RULES["words"].get(word, word)
        if is_allowed(known):
            return known
    return " / ".join([*classifiers, stated.splitlines()[0] if stated else ""]).strip(" /")


def is_allowed(expression: str) -> bool:
    """Every part of an AND, one part of an OR, no brackets, no WITH."""
    if not expression:
        return False
    return any(
        all(part.strip() in RULES["allowed"] for part in one.split(" AND "))
        for one in expression.split(" OR ")
    )


def package(name: str, rules: Mapping = RULES) -> Package:
    """A pinned package; by hand where its metadata do not tell."""
    try:
        found = metadata(name)
    except PackageNotFoundError:
        return Package(name)
    licence = rules["named"].get(name) or licence_of(found)
    return Package(name, found["Version"], licence, is_allowed(licence))


def licences() -> int:
    """Print every pinned package with its licence. 1 where one is not allowed or not stated."""
    found = [package(name) for name in pinned()]
    here = [one for one in found if one.version]
    for one in here:
        print(f"{one.name:<28}{one.version:<16}{one.licence or 'not stated'}")
    wrong = [one for one in here if not one.allowed]
    for one in wrong:
        print(
            f"not on the list: {one.name} {one.licence or '(no licence stated)'}", file=sys.stderr
        )
    absent = len(found) - len(here)
    print(f"{len(here)} packages, {len(wrong)} not allowed; {absent} pins not installed here")
    return 1 if wrong else 0


def audit(home: Path = ROOT / "build" / "audit") -> int:
    """What is known against the installed versions, asked by pip-audit in an environment of its own. 1 where something is; 0 with a notice
    where nobody answers, which is not the same as nothing known."""
    python = home / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    if not _has_pip_audit(python, home):
        print("NOT CHECKED: pip-audit could not be installed (offline?)")
        return 0
    pins = [f"{one.name}=={one.version}" for one in map(package, pinned()) if one.version]
    first = _ask(python, home, pins[:1])  # one question: who cannot be reached is not asked for all
    if not any("vulns" in one for one in first):
        print(f"NOT CHECKED: no answer about {pins[0]} ({_why(first)})")
        return 0
    return tell(_ask(python, home, pins))


def tell(answers: list[dict]) -> int:
    """Print pip-audit's answers: what is known, what was not checked. 1 where something is known."""
    known = [(one, fault) for one in answers for fault in one.get("vulns", ())]
    for one, fault in known:
        mended = ", ".join(fault.get("fix_versions") or ()) or "no version yet"
        print(f"{one['name']} {one.get('version')}: {fault['id']}, mended in {mended}")
    skipped = [one for one in answers if "vulns" not in one]
    for one in skipped:
        print(f"NOT CHECKED: {one['name']} ({one.get('skip_reason', 'no answer')})")
    checked = len(answers) - len(skipped)
    print(f"{checked} packages checked, {len(skipped)} not, {len(known)} known weaknesses")
    return 1 if known else 0


def _why(answers: list[dict]) -> str:
    return next((one["skip_reason"] for one in answers if "skip_reason" in one), "offline?")


def _has_pip_audit(python: Path, home: Path) -> bool:
    def runs(*command) -> bool:
        try:
            done = subprocess.run(command, capture_output=True, timeout=SECONDS)
        except (OSError, subprocess.TimeoutExpired):
            return False
        return done.returncode == 0

    if runs(python, "-m", "pip_audit", "--version"):
        return True
    return runs(sys.executable, "-m", "venv", home) and runs(
        python, "-m", "pip", "install", "--quiet", "pip-audit"
    )


def _ask(python: Path, home: Path, pins: list[str]) -> list[dict]:
    """pip-audit's answer, an entry a package; [] where there is none."""
    listed = home / "pins.txt"
    listed.write_text("\n".join(pins) + "\n")
    options = ("--no-deps", "--disable-pip", "--progress-spinner", "off", "--timeout", "10")
    command = [python, "-m", "pip_audit", *options, "-f", "json", "-r", listed]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS)
        return json.loads(done.stdout)["dependencies"]
    except (OSError, ValueError, KeyError, subprocess.TimeoutExpired):
        return []
