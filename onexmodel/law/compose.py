"""Scenarios composed: in order, then --set values, laid over the law and never written into it. A change that replaces, clashes or
looks like a slip is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..errors import Fault, ParameterError, ScenarioError, nearest
from .parameters import FORMS, DatedValue, Law, Parameter, freeze
from .scenario import Change, Scenario, base_of, is_number, read_scenario

LEVELS = ("all", "junior", "intermediate", "advanced")
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


def chain_of(scenarios: Sequence[Scenario]) -> list[Scenario]:
    """The scenarios with those they are based on, each once and after its base."""
    chain: list[Scenario] = []
    for scenario in scenarios:
        base = (
            []
            if not base_of(scenario)
            else chain_of([scenario.base or read_scenario(scenario.based_on)])
        )
        chain += [one for one in (*base, scenario) if one.id not in {known.id for known in chain}]
    return chain


def compose(
    law: Law, scenarios: Sequence[Scenario] = (), sets: Mapping[str, str] | None = None
) -> Composition:
    """Lay scenarios in order and then --set values over the law. Raises ScenarioError or ParameterError, all faults."""
    sets = dict(sets or {})
    chain = chain_of(scenarios)
    changes, faults = _caps_as_parameters(
        [change for scenario in chain for change in scenario.changes]
    )
    faults += [
        Fault(
            change.line,
            f"没有参数「{change.target}」",
            nearest=nearest(change.target, law.parameters),
        )
        for change in changes
        if not change.is_data and change.target not in law.parameters
    ]
    faults += [
        fault
        for change in changes
        if not change.is_data and change.target in law.parameters
        for fault in _where_faults(law, change)
    ]
    for i, change in enumerate(changes):
        clash = next((other for other in changes[:i] if other.overlaps(change)), None)
        if clash is not None and not change.override:
            faults.append(
                Fault(
                    change.line,
                    f"与 {clash.line} 在同一期间改动同一项「{change.target}」",
                    do="改期间，或写 override: true 表明以后者代替前者",
                )
            )
    known = [change for change in changes if not change.is_data and change.target in law.parameters]
    faults += [fault for change in known for fault in _value_faults(law, change)]
    if faults:
        raise ScenarioError(faults)
    changes_of_parameters = [change for change in changes if not change.is_data]
    changes += _set_changes(law, sets)
    own = [change for change in changes if not change.is_data]
    shared = [change for change in own if law.parameters[change.target].kind != "instrument"]
    local = [change for change in own if is_local(law, change)]
    supplied = [
        change
        for change in own
        if change not in shared
        and change not in local
        and change.operation == "value"
        and law.parameters[change.target].status == "required"
        and not law.parameters[change.target].values
    ]
    notes = (
        *(f"{change.target} 只由情景给出，基准方案也采用" for change in supplied),
        *(note for change in own for note in _unusual(law, change)),
        *(note for change in own for note in _idle(law, own, change)),
        *(
            f"--set {name} 处处适用，取代情景在部分地方的取值"
            for name in sets
            if any(change.target == name for change in local)
        ),
    )
    return Composition(
        law,
        tuple(changes_of_parameters),
        _lay(law, [c for c in own if c in shared or c in supplied]),
        _lay(law, own),
        tuple(change for change in changes if change.is_data),
        tuple(chain),
        sets,
        notes,
        tuple(local),
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


def _where_faults(law: Law, change: Change) -> list[Fault]:
    """Levels of a cap that are none; the other places are known once there is data (engine/places/local.py)."""
    cap = law.parameters[change.target].type == "cap"
    return [
        Fault(
            change.line,
            f"没有等级「{word}」",
            nearest=nearest(word, LEVELS),
            do=f"可用：{'、'.join(LEVELS)}",
        )
        for key, words in change.where
        if cap and key == "level"
        for word in words
        if word not in LEVELS
    ]


def _value_faults(law: Law, change: Change) -> list[Fault]:
    """A plain value the parameter cannot take, or an operation that its type does not know."""
    parameter = law.parameters[change.target]
    if change.operation == "value":
        wrong = parameter.fault_of(change.operand)
        return [Fault(change.line, f"{change.target}：{wrong}")] if wrong else []
    if change.operation == "remove" and parameter.type != "cap":
        return [
            Fault(
                change.line, f"只有上限可以取消（remove），「{change.target}」不行", do="写 value"
            )
        ]
    if change.operation in ("scale", "add") and parameter.type not in (
        "number",
        "cap",
        "by_tier",
        "weights",
    ):
        return [
            Fault(
                change.line,
                f"「{change.target}」不是数值，不能 {change.operation}",
                do=f"写 value，可用：{'、'.join(parameter.options) or '一列名称'}",
            )
        ]
    return []


def _idle(law: Law, own: Sequence[Change], change: Change) -> list[str]:
    """A cap of which nobody gives an amount is not scaled or added to: that is said, not refused (its form may not occur at all)."""
    cap = law.parameters[change.target]
    given = [one for one in own if one.target == change.target and one.operation == "value"]
    if cap.type != "cap" or cap.values or given or change.operation not in ("scale", "add"):
        return []
    return [f"{cap.zh}没有填报金额，按比例调整或增减不计（{change.line}）"]


FACTORS = (0.2, 3.0)  # a factor outside is more often a slip (20 for 20 %) than a plan


def _unusual(law: Law, change: Change) -> list[str]:
    """What is possible and yet looks like a slip: a factor far from 1, a value outside the range on record."""
    parameter, name = law.parameters[change.target], law.parameters[change.target].zh
    if change.operation == "scale" and not FACTORS[0] <= change.operand <= FACTORS[1]:
        return [
            f"{name}乘以 {change.operand:g}；若本意是提高{change.operand:g}%，应写 scale: {1 + change.operand / 100:g}（{change.line}）"
        ]
    if change.operation == "value" and parameter.type == "number" and is_number(change.operand):
        low, high = parameter.low, parameter.high
        if low is not None and high is not None and not low <= change.operand <= high:
            return [
                f"{name}取 {change.operand:g}，超出登记的取值范围 {low:g} 至 {high:g}（{change.line}）"
            ]
    return []


def _set_changes(law: Law, sets: Mapping[str, str]) -> list[Change]:
    faults, changes = [], []
    for name, text in sets.items():
        parameter = law.parameters.get(name)
        if parameter is None:
            faults.append(
                Fault(
                    f"--set {name}",
                    "没有这个参数",
                    nearest=nearest(name, law.parameters),
                    do="用 onexmodel parameters 查看全部参数",
                )
            )
            continue
        value = _parse(parameter, str(text))
        wrong = parameter.fault_of(value)
        if wrong:
            faults.append(Fault(f"--set {name}={text}", wrong))
        changes.append(
            Change(name, "value", value, scenario="--set", reason="--set", line=f"--set {name}")
        )
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
    """The law with the changes laid over it in order; an overriding one starts from the law without those it takes the place of."""
    faults, plain = [], law
    for i, change in enumerate(changes):
        parameter = law.parameters[change.target]
        if change.override:
            parameter = _lay(
                plain,
                [
                    other
                    for other in changes[:i]
                    if other.target == change.target and not other.overlaps(change)
                ],
            ).parameters[change.target]
        local = is_local(law, change)
        added = _layered(
            parameter, change if parameter.type == "cap" else replace(change, where=())
        )
        added = [replace(value, where=change.where) for value in added] if local else added
        faults += [
            Fault(change.line, f"{change.target}：{wrong}")
            for wrong in (parameter.fault_of(value.value) for value in added)
            if wrong and change.operation != "remove"
        ]
        if not added and not (parameter.type == "cap" and not parameter.values):
            faults.append(
                Fault(
                    change.line,
                    f"{change.target} 还没有取值，不能按比例调整或增减",
                    do="先给出数值",
                )
            )
        law = law.with_values([(change.target, value) for value in added])
    if faults:
        raise ScenarioError(faults)
    return law


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
        edges = sorted(
            {
                change.start,
                *(
                    edge
                    for value in parameter.values
                    if value.level == from_level
                    for edge in (value.start, value.until)
                    if edge
                    and change.start < edge
                    and (change.until is None or edge < change.until)
                ),
            }
        )
        if change.operation == "value":
            edges = [change.start]
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
