"""Scenarios composed: in order, then --set values, laid over the law and never written into it. A change that replaces, clashes or
looks like a slip is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any

from ..errors import Fault, ScenarioError, nearest
from .checking.operands import idle, set_changes, unusual, value_faults, where_faults
from .checking.shape import MOST_CHANGES
from .parameters import FORMS, DatedValue, Law, Parameter, freeze
from .scenario import Change, Scenario, chain_of, first_overlaps
from .turning import turned
from .yamlfile import shown

DEEPEST, MOST_SERIES = 50, 5000  # of changes that override each other
CAP_WORDS = {
    "纸笔": "paper",
    "机考": "computer",
    "一般实操": "practical",
    "特殊实操": "special_practical",
    "不分等级": "all",
    "初级": "junior",
    "中级": "intermediate",
    "高级": "advanced",
}


@dataclass(frozen=True)
class Composition:
    """Two laws and data changes: what a run compares (docs/method.md §0.8). `start`: the law before any scenario or --set; `operations`:
    the scenarios' changes of parameters in the order they are laid over it (what they make of another start: law/replay.py)."""

    start: Law
    operations: tuple[Change, ...]
    baseline_law: Law
    law: Law
    data_changes: tuple[Change, ...]
    scenarios: tuple[Scenario, ...]
    sets: Mapping[str, str]
    notes: tuple[str, ...] = ()
    local_changes: tuple[Change, ...] = ()  # of parameters, at some places only
    set_here: frozenset[str] = (
        frozenset()
    )  # parameters whose local value is the only one in the tables run (engine/places/local.py)

    @property
    def changes_anything(self) -> bool:
        """Is there a scenario or a --set at all?"""
        return bool(self.sets) or any(scenario.changes for scenario in self.scenarios)


def compose(
    law: Law, scenarios: Sequence[Scenario] = (), sets: Mapping[str, str] | None = None
) -> Composition:
    """Lay scenarios in order and then --set values over the law. Raises ScenarioError or ParameterError, all faults."""
    sets = dict(sets or {})
    chain = chain_of(scenarios)
    _not_too_many(chain)
    changes, faults = _caps_as_parameters(
        [change for scenario in chain for change in scenario.changes]
    )
    faults += [
        Fault(
            change.line,
            f"没有参数「{shown(change.target, 80)}」",
            nearest=nearest(change.target[:80], law.parameters),
        )
        for change in changes
        if not change.is_data and change.target not in law.parameters
    ]
    known = [change for change in changes if not change.is_data and change.target in law.parameters]
    faults += [fault for change in known for fault in where_faults(law, change)]
    faults += [
        Fault(
            change.line,
            f"与 {clash.line} 在同一期间改动同一项「{shown(change.target, 80)}」",
            do="改期间，或写 override: true 表明以后者代替前者",
        )
        for change, clash in first_overlaps(changes)
        if not change.override
    ]
    faults += [fault for change in known for fault in value_faults(law, change)]
    if faults:
        raise ScenarioError(faults)
    own = [*known, *set_changes(law, sets)]
    local = [change for change in own if is_local(law, change)]
    supplied = [change for change in own if _supplied(law, change)]
    shared = [
        change
        for change in own
        if law.parameters[change.target].kind != "instrument" or _supplied(law, change)
    ]
    given = {change.target for change in own if change.operation == "value"}
    placed = {change.target for change in local}
    notes = (
        *(f"{change.target} 只由情景给出，基准方案也采用" for change in supplied),
        *(note for change in own for note in unusual(law, change)),
        *(note for change in own for note in idle(law, given, change)),
        *(f"--set {name} 处处适用，取代情景在部分地方的取值" for name in sets if name in placed),
        *(note for one in chain for note in turned(f"{one.id}.yaml", one.text)),
    )
    return Composition(
        law,
        tuple(known),
        _lay(law, shared),
        _lay(law, own),
        tuple(change for change in changes if change.is_data),
        tuple(chain),
        sets,
        notes,
        tuple(local),
    )


def _not_too_many(chain: Sequence[Scenario]) -> None:
    count = sum(len(scenario.changes) for scenario in chain)
    if count > MOST_CHANGES:
        where = "、".join(scenario.id for scenario in chain[:5])
        what = f"合在一起有 {count} 项改动，最多 {MOST_CHANGES} 项"
        raise ScenarioError(Fault(f"情景 {where}", what, do="合并相同的改动，或分成几次测算"))


def _supplied(law: Law, change: Change) -> bool:
    """Is it the amount of an instrument that the law leaves to the user and that holds everywhere? Then the baseline has it too."""
    parameter = law.parameters[change.target]
    return (
        parameter.kind == "instrument"
        and change.operation == "value"
        and parameter.status == "required"
        and not parameter.values
        and not is_local(law, change)
    )


def is_local(law: Law, change: Change) -> bool:
    """Does a change of a parameter hold at some places only? Levels alone are no place for a cap, which is dated level by level."""
    return any(
        key != "level" or law.parameters[change.target].type != "cap" for key, _ in change.where
    )


def _caps_as_parameters(changes: Sequence[Change]) -> tuple[list[Change], list[Fault]]:
    """Changes of the caps table as changes of fees.cap.⟨form⟩, into which the table is loaded before scenarios; and what cannot be."""
    made, faults = [], []
    for change in changes:
        where = {
            key: tuple(CAP_WORDS.get(word, word) for word in words) for key, words in change.where
        }
        if not change.target.startswith("caps/"):
            made.append(
                replace(change, where=tuple(where.items()))
                if change.target.startswith("fees.cap.")
                else change
            )
        elif (
            change.target != "caps/cap"
            or set(where) - {"form", "level"}
            or set(where.get("form", ())) - set(FORMS)
        ):
            faults.append(
                Fault(
                    change.line,
                    f"成本上限表只能改 cap 一列，按 form、level 选行（{change.target}）",
                    do=f"或写 parameter: fees.cap.形式（还可按省份、证书限定），形式为 {'、'.join(FORMS)}",
                )
            )
        else:
            made += [
                replace(
                    change,
                    target=f"fees.cap.{form}",
                    where=tuple((key, words) for key, words in where.items() if key == "level"),
                )
                for form in where.get("form", FORMS)
            ]
    return made, faults


def _lay(law: Law, changes: Sequence[Change]) -> Law:
    """The law with the changes laid over it in order; an overriding one starts from the law without those it takes the place of."""
    by_target: dict[str, list[Change]] = {}
    for change in changes:
        by_target.setdefault(change.target, []).append(change)
    laid, faults = {}, []
    for name, own in by_target.items():
        series = _Series(law, law.parameters[name], own)
        laid[name] = series.made[series.after(range(len(own)))]
        faults += series.faults
    if faults:
        order = {change.line: i for i, change in enumerate(changes)}
        raise ScenarioError(sorted(faults, key=lambda fault: order[fault.where]))
    return replace(law, parameters=MappingProxyType({**law.parameters, **laid}))


class _Series:
    """What changes make of one parameter, laid one after the other. An overriding one asks what those make that it does not meet, laid
    without the others: each such series is laid once, else thirty overriding changes would be laid a thousand million times."""

    def __init__(self, law: Law, plain: Parameter, changes: Sequence[Change]):
        self.law, self.changes = law, changes
        self.made = [plain]  # a parameter a series
        self.longer: dict[tuple[int, int], int] = {}  # (series, change) → the series with it
        self.faults: list[Fault] = []

    def after(self, these: Iterable[int], depth: int = 0) -> int:
        """The series of these changes. Raises ScenarioError where overriding changes cross each other without end."""
        series, laid = 0, []
        for i in these:
            if (series, i) not in self.longer:
                self.longer[series, i] = self._with(series, self.changes[i], laid, depth)
            series = self.longer[series, i]
            laid.append(i)
        return series

    def _with(self, series: int, change: Change, laid: Sequence[int], depth: int) -> int:
        if depth > DEEPEST or len(self.made) > MOST_SERIES:
            what = f"改动「{change.target}」的各项以 override 互相代替，层次太多"
            raise ScenarioError(Fault(change.line, what, do="写出各期间的最终取值，去掉 override"))
        before = self.made[series]
        parameter = before
        if change.override:
            apart = [i for i in laid if not self.changes[i].overlaps(change)]
            parameter = self.made[self.after(apart, depth + 1)]
        added = _layered(
            parameter, change if parameter.type == "cap" else replace(change, where=())
        )
        if is_local(self.law, change):
            added = [replace(value, where=change.where) for value in added]
        self.faults += [
            Fault(change.line, f"{change.target}：{wrong}")
            for wrong in (parameter.fault_of(value.value) for value in added)
            if wrong and change.operation != "remove"
        ]
        if not added and not (parameter.type == "cap" and not parameter.values):
            what = f"{change.target} 还没有取值，不能按比例调整或增减"
            self.faults.append(Fault(change.line, what, do="先给出数值"))
        for value in added:
            before = before.laid(value)
        self.made.append(before)
        return len(self.made) - 1


def _layered(parameter: Parameter, change: Change) -> list[DatedValue]:
    """The dated values a change adds: a plain value over its window, or each value in force within it, transformed."""
    levels = (
        dict.fromkeys(value.level for value in parameter.values)
        if parameter.type == "cap"
        else {"all": None}
    )
    if parameter.type == "cap" and change.operation == "value":
        levels = {**dict.fromkeys(levels), "all": None}
    wanted = dict(change.where).get("level")
    made = []
    for level in levels if wanted is None else wanted:
        from_level = (
            level if level in levels else "all"
        )  # a level without an amount of its own has the one for all
        edges = [change.start]
        if change.operation != "value":
            edges = _edges(parameter, change, from_level)
        for edge, after in zip(edges, [*edges[1:], change.until], strict=True):
            before = parameter.at(edge, from_level)
            if before is None and change.operation != "value":
                continue
            made.append(
                DatedValue(
                    edge,
                    _transformed(parameter, change, before.value if before else None),
                    before.source if before else "",
                    after,
                    level,
                    change.scenario,
                    change.reason,
                )
            )
    return made


def _edges(parameter: Parameter, change: Change, level: str) -> list[date]:
    """The first day of the change's window, and those within it from which another value is in force."""
    within = {
        edge
        for value in parameter.values
        if value.level == level
        for edge in (value.start, value.until)
        if edge and change.start < edge and (change.until is None or edge < change.until)
    }
    return sorted({change.start, *within})


def _transformed(parameter: Parameter, change: Change, before: Any):
    """What the change makes of the value `before` it; `value` and `remove` need none."""
    if change.operation == "value":
        wrong = parameter.fault_of(change.operand)
        return change.operand if wrong else freeze(parameter.type, change.operand)
    if change.operation == "remove":
        return float("inf")
    combine = (
        (lambda x: x * change.operand)
        if change.operation == "scale"
        else (lambda x: x + change.operand)
    )
    if isinstance(before, Mapping):
        return freeze(parameter.type, {key: combine(item) for key, item in before.items()})
    return combine(before)
