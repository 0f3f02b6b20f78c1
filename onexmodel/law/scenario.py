"""Scenarios are files: read, check, compose. A change is laid over the law, never written into it."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path, PureWindowsPath
from typing import Any

from ..errors import Fault, LawError, ScenarioError, nearest
from ..languages import OWN
from ..places import shipped
from .checking.files import read_text
from .checking.shape import OPERATIONS, change_faults, scenario_faults
from .parameters import ALWAYS, as_date
from .yamlfile import YamlFile, read_yaml, shown, yes_or_no

ID = re.compile(
    r"[^\s./\\:\x00-\x1f\x7f\ud800-\udfff][^/\\:\x00-\x1f\x7f\ud800-\udfff]{0,254}"
)  # a name, never a place: no separators, no drive, no leading dot
MOST_BASES = 20  # scenarios that one rests on, one upon the other


@dataclass(frozen=True)
class Change:
    """One line of a scenario: a parameter, or a column of a table, and what happens to it between two days."""

    target: str
    operation: str
    operand: Any
    start: date = ALWAYS
    until: date | None = None
    where: tuple = ()
    reason: str = ""
    override: bool = False
    scenario: str = ""
    line: str = ""

    @property
    def is_data(self) -> bool:
        """Does it change a table rather than a parameter?"""
        return "/" in self.target

    def holds(self, day: date) -> bool:
        """Is the change in force on that day (THE DATE RULE, law/parameters.py)?"""
        return self.start <= day and (self.until is None or day < self.until)

    def overlaps(self, other: Change) -> bool:
        """Same thing, overlapping dates, rows that may coincide?"""
        if self.target != other.target:
            return False
        if (self.until and self.until <= other.start) or (
            other.until and other.until <= self.start
        ):
            return False
        return not _apart(self.rows, other.rows)

    @cached_property
    def rows(self) -> dict[str, frozenset[str]]:
        """column → the words it may have."""
        return {key: frozenset(words) for key, words in self.where}


def first_overlaps(changes: Sequence[Change]) -> Iterator[tuple[Change, Change]]:
    """(a change, the first before it that it overlaps), of those that overlap one; dates are compared before rows, since a file may have
    two thousand changes of one thing."""
    before: dict[str, list[tuple[date, date, dict[str, frozenset[str]], Change]]] = {}
    for change in changes:
        start, end, rows = change.start, change.until or date.max, change.rows
        met = before.setdefault(change.target, [])
        for begin, until, others, other in met:
            if begin < end and start < until and not _apart(rows, others):
                yield change, other
                break
        met.append((start, end, rows, change))


def _apart(mine: Mapping[str, frozenset[str]], theirs: Mapping[str, frozenset[str]]) -> bool:
    """Can no row be meant by both?"""
    for key, words in mine.items():
        if key in theirs and words.isdisjoint(theirs[key]):
            return True
    return False


@dataclass(frozen=True)
class Scenario:
    """A scenario as read; `sha256` is of its text. `lever`: its block of that name, empty where it
    has none; `base`: what it is based on, where that came with it instead of being looked up; `base_line`: where it says so."""

    id: str
    title: Mapping[str, str]
    description: Mapping[str, str]
    author: str
    based_on: str
    changes: tuple[Change, ...]
    lever: Mapping[str, Any]
    text: str
    sha256: str
    base: Scenario | None = None
    base_line: str = ""


def list_scenarios() -> list[str]:
    """Ids of the scenario files that travel with the package."""
    return sorted(path.stem for path in shipped("data", "scenarios").glob("*.yaml"))


def read_scenario(name: str | Path | Mapping[str, Any]) -> Scenario:
    """Read a shipped scenario by id, a file by path, or one given whole as {id, text, bases} (`bases`: {id, text} of every one it may be
    based on, each before those based on it): then no file is looked at. Raises ScenarioError with every fault, file and line."""
    if isinstance(name, Mapping):
        return _given_whole(name["id"], name["text"], name["bases"])
    path = _path(str(name))
    if not _there(str(name)):
        raise ScenarioError(
            Fault(
                f"情景 {shown(str(name), 255)}",
                "没有这个情景文件",
                nearest=nearest(str(name)[:80], list_scenarios()),
                do="用 onexmodel scenarios 查看可用的情景",
            )
        )
    try:
        text = read_text(path)
    except LawError as error:
        raise ScenarioError(error.faults) from error
    return scenario_of(path.stem, text, path.name)


def _given_whole(
    name: str, text: str, bases: Sequence[Mapping[str, str]], above: int = 0
) -> Scenario:
    made = scenario_of(name, text)
    wanted = base_of(made)
    if not wanted:
        return made
    if above >= MOST_BASES:
        raise ScenarioError(_too_long(made))
    for i, one in enumerate(bases):
        if one["id"] == wanted:
            return replace(made, base=_given_whole(one["id"], one["text"], bases[:i], above + 1))
    raise ScenarioError(Fault(f"情景 {name}", f"所依据的情景「{wanted}」没有一并给出"))


def id_of(name: str) -> str:
    """The id of a scenario asked for by name or by the path of its file."""
    path = PureWindowsPath(name)  # knows both separators
    return path.stem if path.suffix in (".yaml", ".yml") else name


def combination(given: Any) -> Any:
    """A text that joins names by + ("a+b") as the list of them; what is a scenario's own name or path, and all else, as it is."""
    if not isinstance(given, str) or "+" not in given or _there(given):
        return given
    return [part.strip() for part in given.split("+")]


def _there(name: str) -> bool:
    """Is there a scenario of that name, or a file at that path?"""
    named = Path(name).suffix not in (".yaml", ".yml")
    return bool(ID.fullmatch(name) if named else "\0" not in name) and os.path.lexists(_path(name))


def _path(name: str) -> Path:
    """The file of a scenario asked for by name or by path."""
    path = Path(name)
    if path.suffix in (".yaml", ".yml"):
        return path
    return shipped("data", "scenarios") / f"{name}.yaml"


def base_of(scenario: Scenario) -> str:
    """The id of the scenario it is based on; "" where that is current law."""
    return "" if scenario.based_on == "current_law" else id_of(scenario.based_on)


def chain_of(scenarios: Sequence[Scenario]) -> list[Scenario]:
    """The scenarios with those they are based on, each once and after its base. Raises ScenarioError where one rests on itself by way of
    others, on too many, on none that can be read, or where two of one name are not the same."""
    chain: dict[str, Scenario] = {}
    faults: list[Fault] = []
    for scenario in scenarios:
        try:
            whole = [*_bases(scenario), scenario]
        except ScenarioError as error:
            faults += error.faults
            continue
        for one in whole:
            if chain.setdefault(one.id, one).sha256 != one.sha256:
                faults.append(_of_one_name(one.id))
    if faults:
        raise ScenarioError(faults)
    return list(chain.values())


def _bases(scenario: Scenario) -> list[Scenario]:
    """What it rests on, the lowest first."""
    above, found = scenario, [scenario]
    while base_of(above):
        below = above.base or _base(above)
        found.append(below)
        same = next((one for one in found[:-1] if one.id == below.id), None)
        if same is not None and same.sha256 != below.sha256:
            raise ScenarioError(_of_one_name(below.id))
        if same is not None:
            what = f"情景互相依据：{'→'.join(one.id for one in found)}"
            raise ScenarioError(Fault(above.base_line, what, do="删去其中一个 based_on"))
        if len(found) > MOST_BASES + 1:
            raise ScenarioError(_too_long(above))
        above = below
    return found[:0:-1]


def _base(scenario: Scenario) -> Scenario:
    try:
        return read_scenario(scenario.based_on)
    except ScenarioError as error:
        raise ScenarioError(
            [
                replace(fault, where=f"{scenario.base_line}（based_on），{fault.where}")
                for fault in error.faults
            ]
        ) from error


def _of_one_name(name: str) -> Fault:
    return Fault(f"情景 {name}", f"有两个不同的情景都叫「{name}」", do="给其中一个文件改名")


def _too_long(scenario: Scenario) -> Fault:
    what = f"依据的情景一个接一个，超过 {MOST_BASES} 层"
    return Fault(scenario.base_line, what, do="把改动合并到较少的情景里")


def scenario_of(name: str, text: str, file_name: str = "") -> Scenario:
    """The scenario of id `name` and this text. Raises ScenarioError with every fault and its line of `file_name`."""
    file_name = file_name or f"{name}.yaml"
    if not ID.fullmatch(name):
        raise ScenarioError(
            Fault(
                f"情景 {file_name}",
                f"「{name}」不能作情景名称",
                do="改名：不含 / \\ : 和控制字符，不以点或空格开头",
            )
        )
    try:
        file = read_yaml(file_name, text)
    except LawError as error:
        raise ScenarioError(error.faults) from error
    faults = scenario_faults(file)
    data = file.data if isinstance(file.data, Mapping) else {}
    given, changes = data.get("changes"), []
    for i, entry in enumerate(given if isinstance(given, list) else ()):
        found = change_faults(file, i, entry)
        faults += found
        if not found:
            changes.append(_change(file, i, entry, name))
    based_on = data.get("based_on") or "current_law"
    if based_on == name != "current_law":
        what, do = "based_on 写的是这个情景自己", "写它所依据的另一个情景，或删去 based_on"
        faults.append(Fault(file.where("based_on"), what, do=do))
    if faults:
        raise ScenarioError(faults)
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Scenario(
        name,
        in_both(data["title"]),
        data.get("description") or {"zh": "", "en": ""},
        data["author"],
        based_on,
        tuple(changes),
        data.get("lever") or {},
        text,
        digest,
        base_line=file.where("based_on"),
    )


def in_both(text: str | Mapping[str, str]) -> Mapping[str, str]:
    """A text by language; a plain one stands in both."""
    return dict.fromkeys(OWN, text) if isinstance(text, str) else text


def _change(file: YamlFile, i: int, entry: Mapping[str, Any], scenario: str) -> Change:
    here = ("changes", i)
    operation = next(operation for operation in OPERATIONS if operation in entry)
    where = tuple(
        sorted(
            (
                key,
                tuple(file.text(one, *here, "where", key, j) for j, one in enumerate(given))
                if isinstance(given, list)
                else (file.text(given, *here, "where", key),),
            )
            for key, given in (entry.get("where") or {}).items()
        )
    )
    target = entry.get("parameter") or f"{entry['table']}/{entry['column']}"
    return Change(
        target,
        operation,
        entry[operation],
        as_date(entry.get("from")) or ALWAYS,
        as_date(entry.get("until")),
        where,
        entry.get("rationale") or entry["source"],
        bool(yes_or_no(entry.get("override"))),
        scenario,
        file.where(*here),
    )


def scaled(change: Change, intensity: float) -> Change:
    """The same change at intensity 0…1: scale 1 + i·(s − 1), add i·a. Raises ValueError for value and remove."""
    if change.operation == "scale":
        return replace(change, operand=1 + intensity * (change.operand - 1))
    if change.operation == "add":
        return replace(change, operand=intensity * change.operand)
    if intensity == 1:
        return change
    raise ValueError(f"{change.line}: only scale and add have an intensity")
