"""Dated parameters with kind, unit, range, status and a source per value; the one date rule; sources and clauses.

THE DATE RULE: a value holds from its date until the next dated value; `until` (exclusive) makes it bounded, after which
the value before it holds again. Values a scenario adds lie over the law's own.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType

from ..errors import Fault, LawError, nearest
from ..places import package_file
from .yamlfile import YamlFile, read_yaml

TOPICS = ("volume", "cost", "fee", "response", "workload", "pay", "funding", "settlement", "compare")
FORMS = ("paper", "computer", "practical", "special_practical")
KINDS = ("instrument", "reading", "belief", "setting")
STATUSES = ("law", "published", "assumption", "required")
TYPES = ("number", "choice", "list", "weights", "bands", "by_tier", "date", "cap")
UNITS = ("–", "share", "share/年", "元/人次", "元/人", "元/课时", "课时/人·年", "班/人", "人次/年", "人", "年", "所", "个", "分钟", "百分点")
SOURCE_KEYS = ("title", "issuer", "number", "issued_on", "address", "quote", "kind", "in_force", "confidence")
CLAUSE_KEYS = ("clause", "where", "zh", "en", "product", "source", "rules", "parameters", "reports")
RULE_KEYS = ("zh", "en", "unit", "formula", "clause", "source")
_NEEDED = ("zh", "en", "kind", "unit", "type", "status", "reason", "values")
_ALLOWED = (*_NEEDED, "options", "spread", "minimum", "maximum", "distribution", "clause")
ALWAYS = date(1900, 1, 1)


@dataclass(frozen=True)
class DatedValue:
    """One value in force from `start` (until `until`, exclusive). `level` is for caps; `changed_by` names a scenario."""

    start: date
    value: object
    source: str = ""
    until: date | None = None
    level: str = "all"
    changed_by: str = ""
    note: str = ""

    def holds(self, day: date) -> bool:
        """Is the value in force on that day, as far as its own dates say?"""
        return self.start <= day and (self.until is None or day < self.until)


@dataclass(frozen=True)
class Parameter:
    """A parameter of the law or of the world; see docs/design.md for the fields."""

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
    low: float | None = None
    high: float | None = None
    minimum: float | None = None
    maximum: float | None = None
    distribution: str = ""
    clause: str = ""

    def at(self, day: date, level: str = "all") -> DatedValue | None:
        """The value in force: the last-laid layer that holds, within it the latest start."""
        best = None
        for value in self.values:
            if value.level == level and value.holds(day):
                newer_layer = best is not None and bool(value.changed_by) and not best.changed_by
                if best is None or newer_layer or value.start >= best.start or value.changed_by:
                    best = value
        return best

    def fault_of(self, value: object) -> str:
        """Why `value` is not one this parameter can take; "" where it is."""
        if self.type == "choice":
            return "" if value in self.options else f"「{value}」不在选项 {'、'.join(self.options)} 之中"
        if self.type in ("number", "cap"):
            return self._number_fault(value)
        if self.type == "list":
            good = isinstance(value, (list, tuple)) and all(isinstance(item, str) for item in value)
            return "" if good else f"「{value}」应为一列名称"
        if self.type in ("weights", "by_tier"):
            good = isinstance(value, Mapping) and all(not self._number_fault(item) for item in value.values())
            return "" if good else f"「{value}」应为 名称: 数值 的对照"
        if self.type == "bands":
            good = isinstance(value, (list, tuple)) and all(len(band) == 2 for band in value)
            return "" if good else f"「{value}」应为若干 [上界, 系数]"
        return "" if _as_date(value) else f"「{value}」不是日期（YYYY-MM-DD）"

    def _number_fault(self, value: object) -> str:
        if isinstance(value, bool) or not isinstance(value, (int, float)) or math.isnan(value):
            return f"「{value}」不是数"
        if self.minimum is not None and value < self.minimum:
            return f"{value} 小于可能的最小值 {self.minimum}"
        if self.maximum is not None and value > self.maximum:
            return f"{value} 大于可能的最大值 {self.maximum}"
        return ""


@dataclass(frozen=True)
class Law:
    """Every parameter, source and clause. Immutable; a scenario makes a new one."""

    parameters: Mapping[str, Parameter]
    sources: Mapping[str, Mapping[str, str]]
    clauses: tuple[Mapping[str, object], ...]
    rules: Mapping[str, Mapping[str, object]] = field(default_factory=dict)

    def at(self, day: date) -> Mapping[str, object]:
        """Name → plain value in force on `day`; a cap is {level: yuan}, empty where none is supplied."""
        view: dict[str, object] = {}
        for name, parameter in self.parameters.items():
            if parameter.type == "cap":
                levels = dict.fromkeys(value.level for value in parameter.values)
                found = {level: parameter.at(day, level) for level in levels}
                view[name] = {level: value.value for level, value in found.items() if value is not None}
            else:
                value = parameter.at(day)
                view[name] = value.value if value is not None else None
        return MappingProxyType(view)

    def origin(self, name: str, day: date, level: str = "all") -> DatedValue | None:
        """The dated value behind `at(day)[name]`, with its source and what changed it."""
        return self.parameters[name].at(day, level)

    def with_values(self, added: Sequence[tuple[str, DatedValue]]) -> Law:
        """A new law with these values laid over the present ones, in order."""
        parameters = dict(self.parameters)
        for name, value in added:
            parameters[name] = replace(parameters[name], values=(*parameters[name].values, value))
        return replace(self, parameters=MappingProxyType(parameters))

    def with_caps(self, rows: Sequence[Mapping[str, object]]) -> Law:
        """The caps table (form, level, cap, valid_from, valid_to, source) loaded into fees.cap.<form>."""
        added = [(f"fees.cap.{row['form']}", DatedValue(row["valid_from"], float(row["cap"]), str(row.get("source", "")),
                                                        row.get("valid_to"), str(row["level"]))) for row in rows]
        return self.with_values(added)

    @property
    def sha256(self) -> str:
        """Hash of all values, canonical."""
        text = json.dumps([[name, [[str(v.start), str(v.until), v.level, _plain(v.value), v.source, v.changed_by]
                                   for v in p.values]] for name, p in sorted(self.parameters.items())], ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


def _plain(value):
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, (date, float)) else value


def _as_date(value) -> date | None:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
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
        return _as_date(value)
    return float(value) if parameter_type in ("number", "cap") else value


def load_law(parameter_files: Sequence[YamlFile] | None = None) -> Law:
    """The law shipped with the package. Raises LawError listing every fault with file and line."""
    files = parameter_files or [read_yaml(package_file("rules", f"{topic}.yaml")) for topic in TOPICS]
    faults: list[Fault] = []
    sources_file, clauses_file = read_yaml(package_file("law", "sources.yaml")), read_yaml(
        package_file("law", "clauses.yaml"))
    sources = sources_file.data
    for name, source in sources.items():
        faults += _key_faults(sources_file, (name,), source, SOURCE_KEYS, SOURCE_KEYS)
    parameters: dict[str, Parameter] = {}
    for file in files:
        faults += _key_faults(file, (), file.data, (), ("parameters",))
        for name, entry in file.data["parameters"].items():
            found = _parameter_faults(file, name, entry, sources)
            faults += found
            if not found:
                parameters[name] = _parameter(name, entry)
    rules_file = read_yaml(package_file("law", "rules.yaml"))
    clauses = tuple(clauses_file.data)
    for i, clause in enumerate(clauses):
        faults += _key_faults(clauses_file, (i,), clause, CLAUSE_KEYS, CLAUSE_KEYS)
        faults += [Fault(clauses_file.where(i, "parameters"), f"没有参数「{name}」", nearest=nearest(name, parameters))
                   for name in clause.get("parameters", []) if name not in parameters and not faults]
    known = {clause.get("clause") for clause in clauses}
    for name, rule in rules_file.data.items():
        faults += _key_faults(rules_file, (name,), rule, RULE_KEYS, RULE_KEYS)
        faults += [Fault(rules_file.where(name), f"规则 {name} 的 {key}「{rule.get(key)}」没有登记", nearest=nearest(str(rule.get(key)), allowed))
                   for key, allowed in (("clause", known), ("source", sources)) if rule.get(key) not in allowed]
    if faults:
        raise LawError(faults)
    return Law(MappingProxyType(parameters), MappingProxyType(sources), clauses, MappingProxyType(rules_file.data))


def _key_faults(file: YamlFile, path: tuple, entry, needed, allowed) -> list[Fault]:
    if not isinstance(entry, Mapping):
        return [Fault(file.where(*path), "这里应为 键: 值")]
    faults = [Fault(file.where(*path, key), f"不认识的键「{key}」", nearest=nearest(key, allowed), do="改名或删去")
              for key in entry if key not in allowed]
    return faults + [Fault(file.where(*path), f"缺少「{key}」", do="补上") for key in needed if key not in entry]


def _parameter_faults(file: YamlFile, name: str, entry, sources) -> list[Fault]:
    path = ("parameters", name)
    faults = _key_faults(file, path, entry, _NEEDED, _ALLOWED)
    if faults:
        return faults
    for key, allowed in (("kind", KINDS), ("status", STATUSES), ("type", TYPES), ("unit", UNITS)):
        if entry[key] not in allowed:
            faults.append(Fault(file.where(*path, key), f"{name} 的 {key}「{entry[key]}」不在规定之列",
                                nearest=nearest(str(entry[key]), allowed)))
    if entry["type"] not in TYPES:
        return faults
    shape = _parameter(name, {**entry, "values": []})
    for i, value in enumerate(entry["values"]):
        where = (*path, "values", i)
        bad = _key_faults(file, where, value, ("from", "value", "source"), ("from", "until", "value", "source", "quote"))
        faults += bad
        if bad:
            continue
        if value["source"] not in sources:
            faults.append(Fault(file.where(*where, "source"), f"{name}：没有依据「{value['source']}」",
                                nearest=nearest(value["source"], sources), do="先在 sources.yaml 登记"))
        if _as_date(value["from"]) is None:
            faults.append(Fault(file.where(*where, "from"), f"「{value['from']}」不是日期", do="写成 YYYY-MM-DD"))
        wrong = shape.fault_of(value["value"])
        if wrong:
            faults.append(Fault(file.where(*where, "value"), f"{name}：{wrong}"))
    if not entry["values"] and entry["status"] != "required":
        faults.append(Fault(file.where(*path), f"{name} 没有取值", do="补上取值和依据"))
    return faults


def _parameter(name: str, entry) -> Parameter:
    spread = entry.get("spread") or [None, None]
    values = tuple(DatedValue(_as_date(v["from"]), freeze(entry["type"], v["value"]), v["source"], _as_date(v.get("until")))
                   for v in entry["values"])
    return Parameter(name, entry["zh"], entry["en"], entry["kind"], entry["unit"], entry["type"], entry["status"],
                     entry["reason"], values, tuple(entry.get("options") or ()), spread[0], spread[1],
                     entry.get("minimum"), entry.get("maximum"), entry.get("distribution") or "", entry.get("clause") or "")


def required_faults(law: Law, day: date, forms: Sequence[str]) -> list[Fault]:
    """An error for each form in use whose cap nobody supplied; names the document and the three ways to supply it."""
    view = law.at(day)
    return [Fault(f"参数 fees.cap.{form}", f"{law.parameters[f'fees.cap.{form}'].zh}没有取值（{day} 生效）",
                  do="金额以教职成厅函〔2020〕11号为准：填入 caps 表（成本上限），或写入情景文件，或用 "
                     f"--set fees.cap.{form}=金额", code="required_cap")
            for form in forms if not view[f"fees.cap.{form}"]]
