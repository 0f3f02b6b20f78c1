"""Scenarios are files: read, check, compose. A change is laid over the law, never written into it."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from ..errors import Fault, ParameterError, ScenarioError, nearest
from ..places import shipped
from .parameters import ALWAYS, FORMS, DatedValue, Law, Parameter, _as_date, freeze
from .yamlfile import read_yaml

OPERATIONS = ("value", "scale", "add", "remove")
_KEYS = ("title", "author", "based_on", "description", "changes", "lever")
_LEVER_KEYS = ("guard", "one_off_cost", "life_years", "evidence", "unit", "responsible")
LEVELS = ("all", "junior", "intermediate", "advanced")
GUARDS = ("pass_rate", "candidates_per_assessor", "minutes_per_candidate", "assessor_independence")
EVIDENCE = ("measured", "literature", "expert", "assumption")
_CHANGE_KEYS = ("parameter", "table", "column", "where", "from", "until", *OPERATIONS, "rationale", "source", "override")


@dataclass(frozen=True)
class Change:
    """One line of a scenario: a parameter, or a column of a table, and what happens to it between two days."""

    target: str
    operation: str
    operand: object
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
        apart_in_time = (self.until and self.until <= other.start) or (other.until and other.until <= self.start)
        mine, theirs = dict(self.where), dict(other.where)
        apart_in_rows = any(not set(mine[key]) & set(theirs[key]) for key in mine.keys() & theirs.keys())
        return not apart_in_time and not apart_in_rows


DataChange = Change


@dataclass(frozen=True)
class Scenario:
    """A scenario file as read; `sha256` is of its text."""

    id: str
    title: Mapping[str, str]
    description: Mapping[str, str]
    author: str
    based_on: str
    changes: tuple[Change, ...]
    lever: Mapping[str, object] | None
    text: str
    sha256: str


@dataclass(frozen=True)
class Composition:
    """Two laws and the data changes: what the run compares (model.md §0.8)."""

    baseline_law: Law
    law: Law
    data_changes: tuple[Change, ...]
    scenarios: tuple[Scenario, ...]
    sets: Mapping[str, str]
    notes: tuple[str, ...] = ()

    @property
    def changes_anything(self) -> bool:
        """Is there a scenario or a --set at all?"""
        return bool(self.sets) or any(scenario.changes for scenario in self.scenarios)


def list_scenarios() -> list[str]:
    """Ids of the scenario files that travel with the package."""
    return sorted(path.stem for path in shipped("data", "scenarios").glob("*.yaml"))


def read_scenario(name: str | Path) -> Scenario:
    """Read a shipped scenario by id or a file by path. Raises ScenarioError with every fault, file and line."""
    path = Path(name)
    if path.suffix not in (".yaml", ".yml"):
        path = shipped("data", "scenarios") / f"{name}.yaml"
    if not path.exists():
        raise ScenarioError(Fault(f"情景 {name}", "没有这个情景文件", nearest=nearest(str(name), list_scenarios()),
                                  do="用 onexmodel scenarios 查看可用的情景"))
    file = read_yaml(path, text := _text(path))
    data = file.data if isinstance(file.data, Mapping) else {}
    faults = [Fault(file.where(key), f"不认识的键「{key}」", nearest=nearest(key, _KEYS)) for key in data if key not in _KEYS]
    faults += [Fault(file.where(), f"缺少「{key}」", do="补上") for key in ("title", "author", "changes") if key not in data]
    changes = []
    for i, entry in enumerate(data.get("changes") or []):
        found = _change_faults(file, i, entry)
        faults += found
        if not found:
            changes.append(_change(entry, path.stem, file.where("changes", i)))
    faults += _lever_faults(file, data.get("lever"))
    if faults:
        raise ScenarioError(faults)
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Scenario(path.stem, data["title"], data.get("description") or {"zh": "", "en": ""}, data["author"],
                    data.get("based_on") or "current_law", tuple(changes), data.get("lever"), text, digest)


def _text(path: Path) -> str:
    """UTF-8, or GB18030 as an old 记事本 saves. Raises ScenarioError where it is neither."""
    raw = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ScenarioError(Fault(path.name, "编码既不是 UTF-8 也不是 GB18030，读不出文字", do="另存为 UTF-8"))


def _lever_faults(file, lever) -> list[Fault]:
    if lever is None:
        return []
    if not isinstance(lever, Mapping):
        return [Fault(file.where("lever"), "这里应为 键: 值")]
    faults = [Fault(file.where("lever", key), f"不认识的键「{key}」", nearest=nearest(key, _LEVER_KEYS)) for key in lever if key not in _LEVER_KEYS]
    for key, allowed in (("guard", GUARDS), ("evidence", EVIDENCE)):
        if lever.get(key) not in allowed:
            faults.append(Fault(file.where("lever"), f"{key}「{lever.get(key)}」不在 {'、'.join(allowed)} 之中", nearest=nearest(str(lever.get(key)), allowed)))
    for key, least in (("one_off_cost", 0.0), ("life_years", 1e-9)):
        value = lever.get(key, 1)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or value < least:
            faults.append(Fault(file.where("lever", key), f"{key}「{value}」应为不小于 {least:g} 的数"))
    return faults


def _change_faults(file, i, entry) -> list[Fault]:
    if not isinstance(entry, Mapping):
        return [Fault(file.where("changes", i), "这里应为 键: 值")]
    here = ("changes", i)
    faults = [Fault(file.where(*here, key), f"不认识的键「{key}」", nearest=nearest(key, _CHANGE_KEYS))
              for key in entry if key not in _CHANGE_KEYS]
    if ("parameter" in entry) == ("table" in entry and "column" in entry):
        faults.append(Fault(file.where(*here), "应写明 parameter，或 table 与 column，二者取一"))
    if sum(operation in entry for operation in OPERATIONS) != 1:
        faults.append(Fault(file.where(*here), f"应恰有一个 {'、'.join(OPERATIONS)}"))
    if not (entry.get("rationale") or entry.get("source")):
        faults.append(Fault(file.where(*here), "缺少理由或依据", do="写 rationale 或 source"))
    faults += [Fault(file.where(*here, key), f"「{entry[key]}」不是日期", do="写成 YYYY-MM-DD")
               for key in ("from", "until") if key in entry and _as_date(entry[key]) is None]
    start, until = _as_date(entry.get("from")), _as_date(entry.get("until"))
    if start and until and until <= start:
        faults.append(Fault(file.where(*here, "until"), f"截止日 {until} 不在起始日 {start} 之后，这项改动永远不生效", do="改正 from 或 until（until 当日起失效）"))
    faults += [Fault(file.where(*here, key), f"{key}「{entry[key]}」不是数", nearest=_meant(key, entry[key]), do=f"{key} 写数值，如 {'1.2（提高20%）' if key == 'scale' else '30'}")
               for key in ("scale", "add") if key in entry and not _is_number(entry[key])]
    if not isinstance(entry.get("where") or {}, Mapping):
        faults.append(Fault(file.where(*here, "where"), "where 应为 列: 值"))
    return faults


def _is_number(value) -> bool:
    return not isinstance(value, bool) and isinstance(value, (int, float)) and math.isfinite(value)


def _meant(key: str, value) -> str:
    """20% as somebody writes it: the factor it means."""
    text = str(value).strip()
    if key == "scale" and text.endswith("%") and text[:-1].lstrip("+-").replace(".", "", 1).isdigit():
        return f"{1 + float(text[:-1]) / 100:g}"
    return ""


def _change(entry, scenario: str, line: str) -> Change:
    operation = next(operation for operation in OPERATIONS if operation in entry)
    where = tuple(sorted((key, tuple(map(str, value)) if isinstance(value, list) else (str(value),))
                         for key, value in (entry.get("where") or {}).items()))
    target = entry.get("parameter") or f"{entry['table']}/{entry['column']}"
    return Change(target, operation, entry[operation], _as_date(entry.get("from")) or ALWAYS, _as_date(entry.get("until")),
                  where, entry.get("rationale") or entry.get("source"), bool(entry.get("override")), scenario, line)


def _chain(scenarios: Sequence[Scenario]) -> list[Scenario]:
    chain: list[Scenario] = []
    for scenario in scenarios:
        base = [] if scenario.based_on in ("current_law", scenario.id) else _chain([read_scenario(scenario.based_on)])
        chain += [one for one in (*base, scenario) if one.id not in {known.id for known in chain}]
    return chain


def compose(law: Law, scenarios: Sequence[Scenario] = (), sets: Mapping[str, str] | None = None) -> Composition:
    """Lay scenarios in order and then --set values over the law. Raises ScenarioError or ParameterError, all faults."""
    sets = dict(sets or {})
    chain = _chain(scenarios)
    changes = [change for scenario in chain for change in scenario.changes]
    faults = [Fault(change.line, f"没有参数「{change.target}」", nearest=nearest(change.target, law.parameters))
              for change in changes if not change.is_data and change.target not in law.parameters]
    faults += [fault for change in changes if not change.is_data and change.target in law.parameters for fault in _where_faults(law, change)]
    for i, change in enumerate(changes):
        clash = next((other for other in changes[:i] if other.overlaps(change)), None)
        if clash is not None and not change.override:
            faults.append(Fault(change.line, f"与 {clash.line} 在同一期间改动同一项「{change.target}」",
                                do="改期间，或写 override: true 表明后者优先"))
    known = [change for change in changes if not change.is_data and change.target in law.parameters]
    faults += [fault for change in known for fault in _value_faults(law, change)]
    if faults:
        raise ScenarioError(faults)
    changes += _set_changes(law, sets)
    own = [change for change in changes if not change.is_data]
    shared = [change for change in own if law.parameters[change.target].kind != "instrument"]
    supplied = [change for change in own if change not in shared and change.operation == "value"
                and law.parameters[change.target].status == "required" and not law.parameters[change.target].values]
    notes = (*(f"{change.target} 只由情景给出，基准方案也采用" for change in supplied), *(note for change in own for note in _unusual(law, change)))
    return Composition(_lay(law, [c for c in own if c in shared or c in supplied]), _lay(law, own),
                       tuple(change for change in changes if change.is_data), tuple(chain), sets, notes)


def _where_faults(law: Law, change: Change) -> list[Fault]:
    """A parameter holds everywhere; only a cap can be narrowed, to levels. Anything else would be left out in silence: it is refused."""
    cap = law.parameters[change.target].type == "cap"
    faults = [Fault(change.line, f"参数「{change.target}」{'只能按 level 选等级' if cap else '全国同一取值'}，不能按「{key}」选",
                    do="只算一省用 --province；按省份、层次、证书选行请改数据表的列（table、column）")
              for key, _ in change.where if not (cap and key == "level")]
    return faults + [Fault(change.line, f"没有等级「{word}」", nearest=nearest(word, LEVELS), do=f"可用：{'、'.join(LEVELS)}")
                     for key, words in change.where if cap and key == "level" for word in words if word not in LEVELS]


def _value_faults(law: Law, change: Change) -> list[Fault]:
    """A plain value the parameter cannot take, or an operation that its type does not know."""
    parameter = law.parameters[change.target]
    if change.operation == "value":
        wrong = parameter.fault_of(change.operand)
        return [Fault(change.line, f"{change.target}：{wrong}")] if wrong else []
    if change.operation == "remove" and parameter.type != "cap":
        return [Fault(change.line, f"只有上限可以取消（remove），「{change.target}」不行", do="写 value")]
    if change.operation in ("scale", "add") and parameter.type not in ("number", "cap", "by_tier", "weights"):
        return [Fault(change.line, f"「{change.target}」不是数值，不能 {change.operation}", do=f"写 value，可用：{'、'.join(parameter.options) or '一列名称'}")]
    return []


FACTORS = (0.2, 3.0)  # a factor outside is more often a slip (20 for 20 %) than a plan


def _unusual(law: Law, change: Change) -> list[str]:
    """What is possible and yet looks like a slip: a factor far from 1, a value outside the range on record."""
    parameter, name = law.parameters[change.target], law.parameters[change.target].zh
    if change.operation == "scale" and not FACTORS[0] <= change.operand <= FACTORS[1]:
        return [f"{name}乘以 {change.operand:g}；若本意是提高{change.operand:g}%，应写 scale: {1 + change.operand / 100:g}（{change.line}）"]
    if change.operation == "value" and parameter.type == "number" and _is_number(change.operand):
        low, high = parameter.low, parameter.high
        if low is not None and high is not None and not low <= change.operand <= high:
            return [f"{name}取 {change.operand:g}，超出登记的取值范围 {low:g} 至 {high:g}（{change.line}）"]
    return []


def _set_changes(law: Law, sets: Mapping[str, str]) -> list[Change]:
    faults, changes = [], []
    for name, text in sets.items():
        parameter = law.parameters.get(name)
        if parameter is None:
            faults.append(Fault(f"--set {name}", "没有这个参数", nearest=nearest(name, law.parameters),
                                do="用 onexmodel parameters 查看全部参数"))
            continue
        value = _parse(parameter, str(text))
        wrong = parameter.fault_of(value)
        if wrong:
            faults.append(Fault(f"--set {name}={text}", wrong))
        changes.append(Change(name, "value", value, scenario="--set", reason="--set", line=f"--set {name}"))
    if faults:
        raise ParameterError(faults)
    return changes


def _parse(parameter: Parameter, text: str):
    if parameter.type in ("number", "cap"):
        try:
            return float(text)
        except ValueError:
            return text
    if parameter.type == "list":
        return [part.strip() for part in text.split(",")]
    if parameter.type in ("weights", "by_tier"):
        pairs = [part.split(":") if ":" in part else part.split() for part in text.split(",")]
        try:
            return {pair[0].strip(): float(pair[1]) for pair in pairs}
        except (IndexError, ValueError):
            return text
    return text


def _lay(law: Law, changes: Sequence[Change]) -> Law:
    faults = []
    for change in changes:
        parameter = law.parameters[change.target]
        added = _layered(parameter, change)
        faults += [Fault(change.line, f"{change.target}：{wrong}") for wrong in
                   (parameter.fault_of(value.value) for value in added) if wrong]
        if not added:
            faults.append(Fault(change.line, f"{change.target} 还没有取值，不能按比例调整或增减", do="先给出数值"))
        law = law.with_values([(change.target, value) for value in added])
    if faults:
        raise ScenarioError(faults)
    return law


def _layered(parameter: Parameter, change: Change) -> list[DatedValue]:
    """The dated values a change adds: a plain value over its window, or each value in force within it, transformed."""
    levels = dict.fromkeys(value.level for value in parameter.values) if parameter.type == "cap" else {"all": None}
    if parameter.type == "cap" and change.operation == "value":
        levels = {**dict.fromkeys(levels), "all": None}
    wanted = dict(change.where).get("level")
    made = []
    for level in levels if wanted is None else wanted:
        from_level = level if level in levels else "all"  # a level without an amount of its own has the one for all
        edges = sorted({change.start, *(edge for value in parameter.values if value.level == from_level
                                        for edge in (value.start, value.until) if edge and change.start < edge
                                        and (change.until is None or edge < change.until))})
        if change.operation == "value":
            edges = [change.start]
        for edge, after in zip(edges, [*edges[1:], change.until], strict=True):
            before = parameter.at(edge, from_level)
            if before is None and change.operation != "value":
                continue
            made.append(DatedValue(edge, _transformed(parameter, change, before), before.source if before else "", after,
                                   level, change.scenario, change.reason))
    return made


def _transformed(parameter: Parameter, change: Change, before: DatedValue | None):
    if change.operation == "value":
        wrong = parameter.fault_of(change.operand)
        return change.operand if wrong else freeze(parameter.type, change.operand)
    if change.operation == "remove":
        return float("inf")
    combine = (lambda x: x * change.operand) if change.operation == "scale" else (lambda x: x + change.operand)
    if isinstance(before.value, Mapping):
        return freeze(parameter.type, {key: combine(item) for key, item in before.value.items()})
    return combine(before.value)


def scaled(change: Change, intensity: float) -> Change:
    """The same change at intensity 0…1: scale 1 + i·(s − 1), add i·a. Raises ValueError for value and remove."""
    if change.operation == "scale":
        return replace(change, operand=1 + intensity * (change.operand - 1))
    if change.operation == "add":
        return replace(change, operand=intensity * change.operand)
    if intensity == 1:
        return change
    raise ValueError(f"{change.line}: only scale and add have an intensity")


__all__ = ["FORMS", "Change", "Composition", "DataChange", "Scenario", "compose", "list_scenarios", "read_scenario", "scaled"]
