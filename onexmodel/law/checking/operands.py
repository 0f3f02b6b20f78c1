"""What the changes of scenarios and --set may make of the law's parameters: levels, values and operations that are none, and what is possible
and yet looks like a slip."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from ...errors import Fault, ParameterError, nearest
from ..parameters import Law, Parameter
from ..scenario import Change
from ..yamlfile import number_of
from .shape import is_number

LEVELS = ("all", "junior", "intermediate", "advanced")
FACTORS = (0.2, 3.0)  # a factor outside is more often a slip (20 for 20 %) than a plan
PERCENT = 1000.0  # beyond it nobody means per cent


def where_faults(law: Law, change: Change) -> list[Fault]:
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


def value_faults(law: Law, change: Change) -> list[Fault]:
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


def idle(law: Law, given: Collection[str], change: Change) -> list[str]:
    """A cap of which nobody gives an amount is not scaled or added to: that is said, not refused (its form may not occur at all). `given`:
    the parameters that some change gives a value."""
    cap = law.parameters[change.target]
    if cap.type != "cap" or cap.values or change.target in given:
        return []
    if change.operation not in ("scale", "add"):
        return []
    return [f"{cap.zh}没有填报金额，按比例调整或增减不计（{change.line}）"]


def unusual(law: Law, change: Change) -> list[str]:
    """What is possible and yet looks like a slip: a factor far from 1, a value outside the range on record."""
    parameter, name = law.parameters[change.target], law.parameters[change.target].zh
    if change.operation == "scale" and not FACTORS[0] <= change.operand <= FACTORS[1]:
        meant = f"；若本意是提高{change.operand:g}%，应写 scale: {1 + change.operand / 100:g}"
        sensible = 0 < change.operand <= PERCENT
        return [f"{name}乘以 {change.operand:g}{meant if sensible else ''}（{change.line}）"]
    if change.operation == "value" and parameter.type == "number" and is_number(change.operand):
        low, high = parameter.low, parameter.high
        if low is not None and high is not None and not low <= change.operand <= high:
            return [
                f"{name}取 {change.operand:g}，超出登记的取值范围 {low:g} 至 {high:g}（{change.line}）"
            ]
    return []


def set_changes(law: Law, sets: Mapping[str, str]) -> list[Change]:
    """What --set asks for, as changes. Raises ParameterError with every name that is none and every value it cannot take."""
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


def _parse(parameter: Parameter, text: str) -> Any:
    """Numbers as YAML here reads them (no 1_000, no inf); what is not what the parameter takes stays a text, which it refuses."""
    if parameter.type in ("number", "cap"):
        number = number_of(text)
        return text if number is None else float(number)
    if parameter.type == "list":
        return [part.strip() for part in text.split(",")]
    if parameter.type in ("weights", "by_tier"):
        pairs = [part.split(":") if ":" in part else part.split() for part in text.split(",")]
        made = {pair[0].strip(): number_of(pair[-1].strip()) for pair in pairs if len(pair) == 2}
        if len(made) < len(pairs) or None in made.values():  # not a pair, no number, or said twice
            return text
        return {name: float(number) for name, number in made.items() if number is not None}
    return text
