"""Dated parameters with kind, unit, range, status and a source per value; the one date rule.

THE DATE RULE: a value holds from its date until the next dated value; `until` (exclusive) makes it bounded, after which
the value before it holds again. Values a scenario adds lie over the law's own.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Any

from ..errors import Fault, nearest
from .local import LOCAL, Where, local_at, replaced_by
from .yamlfile import shown

FORMS = ("paper", "computer", "practical", "special_practical")
KINDS = ("instrument", "reading", "belief", "setting")
STATUSES = ("law", "published", "assumption", "required")
TYPES = ("number", "choice", "list", "weights", "bands", "by_tier", "date", "cap")
ALWAYS = date(1900, 1, 1)
LARGEST, LARGEST_MONEY = (
    1e9,
    1e13,
)  # ten thousand 亿元; of anything else a thousand million is beyond any college or country
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True)
class DatedValue:
    """One value in force from `start` (until `until`, exclusive). `level` is for caps; `changed_by` names a scenario; `where` says at
    which places it holds, in the scenario's words (empty: everywhere)."""

    start: date
    value: Any
    source: str = ""
    until: date | None = None
    level: str = "all"
    changed_by: str = ""
    note: str = ""
    where: Where = ()

    def holds(self, day: date) -> bool:
        """Is the value in force on that day, as far as its own dates say?"""
        return self.start <= day and (self.until is None or day < self.until)


@dataclass(frozen=True)
class Parameter:
    """A parameter of the law or of the world; see docs/design.md for the fields. `words`: option → (zh, en); `local`: what holds at some
    places only, in the order it was laid."""

    name: str
    zh: str
    en: str
    kind: str
    unit: str
    type: str
    status: str
    reason: str
    values: tuple[DatedValue, ...]
    options: tuple[str, ...] = ()
    words: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    reason_en: str = ""
    low: float | None = None
    high: float | None = None
    minimum: float | None = None
    maximum: float | None = None
    distribution: str = ""
    clause: str = ""
    local: tuple[DatedValue, ...] = ()
    draw_column: int = -1  # which column of the sequence of draws is its own

    @property
    def drawn(self) -> bool:
        """Has it a distribution to be drawn from? Readings are never drawn."""
        return bool(
            self.distribution
            and self.type in ("number", "by_tier")
            and self.low is not None
            and self.high is not None
            and self.kind != "reading"
        )

    @property
    def range(self) -> tuple[float, float]:
        """Low and high. Raises ValueError where the parameter has none."""
        if self.low is None or self.high is None:
            raise ValueError(f"{self.name}: no range")
        return self.low, self.high

    def title(self, lang: str) -> str:
        """The parameter's name."""
        return self.zh if lang == "zh" else self.en

    def because(self, lang: str) -> str:
        """Why the value is what it is."""
        return self.reason if lang == "zh" else self.reason_en

    def at(self, day: date, level: str = "all") -> DatedValue | None:
        """The value in force: the last-laid layer that holds, within it the latest start."""
        best = None
        for value in self.values:
            if value.level == level and value.holds(day):
                newer_layer = best is not None and bool(value.changed_by) and not best.changed_by
                if best is None or newer_layer or value.start >= best.start or value.changed_by:
                    best = value
        return best

    def fault_of(self, value: Any) -> str:
        """Why `value` is not one this parameter can take; "" where it is."""
        if self.type == "choice":
            return (
                ""
                if value in self.options
                else f"「{shown(value)}」不在选项 {'、'.join(self.options)} 之中"
            )
        if self.type in ("number", "cap"):
            return self._number_fault(value)
        if self.type == "list":
            good = isinstance(value, (list, tuple)) and all(isinstance(item, str) for item in value)
            return (
                self._names_fault(value, whole=True) if good else f"「{shown(value)}」应为一列名称"
            )
        if self.type in ("weights", "by_tier"):
            if not isinstance(value, Mapping):
                return f"「{shown(value)}」应为 名称: 数值 的对照"
            wrong = [(name, self._number_fault(item)) for name, item in value.items()]
            if found := next((f"{name}：{words}" for name, words in wrong if words), ""):
                return found
            if self.type == "weights" and not sum(value.values()) > 0:
                return "权重之和应大于 0"
            return self._names_fault(value, whole=self.type == "by_tier")
        if self.type == "bands":
            return self._bands_fault(value)
        return "" if as_date(value) else f"「{shown(value)}」不是日期（YYYY-MM-DD）"

    def _bands_fault(self, value) -> str:
        good = (
            isinstance(value, (list, tuple))
            and len(value) > 0
            and all(isinstance(band, (list, tuple)) and len(band) == 2 for band in value)
        )
        if not good:
            return f"「{shown(value)}」应为若干 [上界, 系数]"
        bounds = [math.inf if bound in ("inf", math.inf) else bound for bound, _ in value]
        numbers = [bound for bound in bounds if bound != math.inf] + [one for _, one in value]
        if wrong := next((fault for one in numbers if (fault := self._number_fault(one))), ""):
            return wrong
        rising = all(low < high for low, high in zip(bounds, bounds[1:], strict=False))
        return "" if rising else "上界应从小到大"

    def _names_fault(self, value, whole: bool) -> str:
        """Names the law's own value does not have, said twice, or (`whole`) left out: none of them is passed over in silence."""
        known = tuple(self.values[0].value) if self.values else tuple(value)
        strange = next((name for name in value if name not in known), "")
        if strange:
            near = nearest(strange, known)
            return (
                f"不认识「{strange}」"
                + (f"，最接近的是「{near}」" if near else "")
                + f"；可用：{'、'.join(known)}"
            )
        if len(set(value)) < len(tuple(value)):
            return "同一名称写了两次"
        missing = [name for name in known if name not in value]
        return f"缺少 {'、'.join(missing)}" if whole and missing else ""

    def _number_fault(self, value: Any) -> str:
        if isinstance(value, bool) or not isinstance(value, (int, float)) or math.isnan(value):
            return f"「{shown(value)}」不是数"
        if self.minimum is not None and value < self.minimum:
            return f"{value} 小于可能的最小值 {self.minimum}"
        if self.maximum is not None and value > self.maximum:
            return f"{value} 大于可能的最大值 {self.maximum}"
        most = LARGEST_MONEY if self.type == "cap" or self.unit.startswith("元") else LARGEST
        return f"{value:g} 太大，不是能用的数（最大 {most:g}）" if abs(value) > most else ""

    def laid(self, value: DatedValue) -> Parameter:
        """With a dated value over the present ones; a general one takes the place of earlier local ones."""
        if value.where:
            return replace(self, local=(*self.local, value))
        return replace(self, values=(*self.values, value), local=replaced_by(self.local, value))


@dataclass(frozen=True)
class Law:
    """Every parameter, source and clause. Immutable; a scenario makes a new one."""

    parameters: Mapping[str, Parameter]
    sources: Mapping[str, Mapping[str, str]]
    clauses: tuple[Mapping[str, Any], ...]
    rules: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def at(self, day: date) -> Mapping[str, Any]:
        """Name → plain value in force on `day`; a cap is {level: yuan}, empty where none is supplied. Values that hold at some places
        only stand under LOCAL."""
        view: dict[str, Any] = {}
        for name, parameter in self.parameters.items():
            if parameter.type == "cap":
                levels = dict.fromkeys(value.level for value in parameter.values)
                found = {level: parameter.at(day, level) for level in levels}
                view[name] = {
                    level: value.value for level, value in found.items() if value is not None
                }
            else:
                value = parameter.at(day)
                view[name] = value.value if value is not None else None
        local = {
            name: local_at(one.local, day, one.type == "cap")
            for name, one in self.parameters.items()
            if one.local
        }
        local = {name: found for name, found in local.items() if found}
        return MappingProxyType(view | ({LOCAL: local} if local else {}))

    def origin(self, name: str, day: date, level: str = "all") -> DatedValue | None:
        """The dated value behind `at(day)[name]`, with its source and what changed it."""
        return self.parameters[name].at(day, level)

    def with_values(self, added: Sequence[tuple[str, DatedValue]]) -> Law:
        """A new law with these values laid over the present ones, in order; a general value takes the place of earlier local ones."""
        parameters = dict(self.parameters)
        for name, value in added:
            parameters[name] = parameters[name].laid(value)
        return replace(self, parameters=MappingProxyType(parameters))

    @property
    def sha256(self) -> str:
        """Hash of all values, canonical."""
        text = json.dumps(
            [
                [
                    name,
                    [
                        [
                            str(v.start),
                            str(v.until),
                            v.level,
                            _plain(v.value),
                            v.source,
                            v.changed_by,
                            *v.where,
                        ]
                        for v in (*p.values, *p.local)
                    ],
                ]
                for name, p in sorted(self.parameters.items())
            ],
            ensure_ascii=False,
        )
        return hashlib.sha256(text.encode()).hexdigest()


def _plain(value):
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, (date, float)) else value


def as_date(value) -> date | None:
    """A day written YYYY-MM-DD; None for whatever else, also for what Python's own reader takes (20220101, 2022-W01-1)."""
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value) if _DAY.fullmatch(value) else None
    except (ValueError, TypeError):
        return None


def freeze(parameter_type: str, value):
    """The plain, immutable form of a value as rules receive it."""
    if parameter_type == "list":
        return tuple(value)
    if parameter_type == "bands":
        return tuple((float(bound), float(coefficient)) for bound, coefficient in value)
    if parameter_type in ("weights", "by_tier"):
        return MappingProxyType({key: float(item) for key, item in value.items()})
    if parameter_type == "date":
        return as_date(value)
    return float(value) if parameter_type in ("number", "cap") else value


def required_faults(law: Law, day: date, forms: Sequence[str]) -> list[Fault]:
    """An error for each form in use whose cap nobody supplied; names the document and the three ways to supply it."""
    view = law.at(day)
    return [
        Fault(
            f"参数 fees.cap.{form}",
            f"{law.parameters[f'fees.cap.{form}'].zh}没有取值（{day} 生效）",
            do="金额以教职成厅函〔2020〕11号为准：填入 caps 表（成本上限），或写入情景文件，或用 "
            f"--set fees.cap.{form}=金额",
            code="required_cap",
        )
        for form in forms
        if not view[f"fees.cap.{form}"]
    ]
