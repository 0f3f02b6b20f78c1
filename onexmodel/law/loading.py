"""The law shipped with the package: parameters, sources, clauses and rules read from YAML, every fault with file and line."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType

from ..errors import Fault, LawError, nearest
from ..places import package_file
from .parameters import KINDS, STATUSES, TYPES, DatedValue, Law, Parameter, as_date, freeze
from .registry import AXES, INTENSITY_COLUMN, declared, topic_files
from .units import NONE, units
from .yamlfile import YamlFile, read_yaml

SOURCE_KEYS = (
    "title",
    "title_en",
    "issuer",
    "number",
    "issued_on",
    "address",
    "quote",
    "kind",
    "in_force",
    "confidence",
)
POLICY = "政策文件"  # the kind of source that an office issued, at one of LEVELS
LEVELS = {"national": ("level",), "provincial": ("level", "province")}  # → keys it needs besides
CLAUSE_KEYS = ("clause", "where", "zh", "en", "product", "source", "rules", "parameters", "reports")
RULE_KEYS = ("zh", "en", "unit", "formula", "formula_en", "clause", "source")
RULE_MAY = (*RULE_KEYS, "axis", "sum_of", "adds_up", "stage")
LANGUAGES = ("zh", "en")
_NEEDED = ("zh", "en", "kind", "unit", "type", "status", "reason", "values")
_ALLOWED = (
    *_NEEDED,
    "options",
    "spread",
    "minimum",
    "maximum",
    "distribution",
    "draw_column",
    "clause",
)


def load_law(parameter_files: Sequence[YamlFile] | None = None) -> Law:
    """The law shipped with the package. Raises LawError listing every fault with file and line."""
    files = parameter_files or topic_files()
    faults: list[Fault] = []
    sources_file, clauses_file = (
        read_yaml(package_file("law", "sources.yaml")),
        read_yaml(package_file("law", "clauses.yaml")),
    )
    sources = sources_file.data
    for name, source in sources.items():
        faults += _source_faults(sources_file, name, source)
    parameters: dict[str, Parameter] = {}
    for file in files:
        faults += _key_faults(file, (), file.data, (), ("parameters", "rules"))
        for name, entry in file.data["parameters"].items():
            found = _parameter_faults(file, name, entry, sources)
            faults += found
            if not found:
                parameters[name] = _parameter(name, entry)
                faults += _column_faults(file, parameters, name)
    clauses = tuple(clauses_file.data)
    for i, clause in enumerate(clauses):
        faults += _key_faults(clauses_file, (i,), clause, CLAUSE_KEYS, CLAUSE_KEYS)
        faults += [
            Fault(
                clauses_file.where(i, "parameters"),
                f"没有参数「{name}」",
                nearest=nearest(name, parameters),
            )
            for name in clause.get("parameters", [])
            if name not in parameters and not faults
        ]
    known = {clause.get("clause") for clause in clauses}
    faults += [fault for file in files for fault in _rule_faults(file, known, sources)]
    if faults:
        raise LawError(faults)
    return Law(
        MappingProxyType(parameters),
        MappingProxyType(sources),
        clauses,
        declared(),
    )


def _source_faults(file: YamlFile, name: str, source) -> list[Fault]:
    """Keys of a source; of a policy document the level it was issued at, and of a provincial one the province."""
    if not isinstance(source, Mapping) or source.get("kind") != POLICY:
        return _key_faults(file, (name,), source, SOURCE_KEYS, SOURCE_KEYS)
    level = source.get("level")
    if level not in LEVELS:
        where = file.where(name, "level") if "level" in source else file.where(name)
        allowed = "、".join(LEVELS)
        return [
            Fault(
                where,
                f"{name} 的 level「{level or ''}」不是 {allowed}",
                nearest=nearest(str(level), LEVELS),
                do="写明由国家还是省发布",
            )
        ]
    keys = (*SOURCE_KEYS, *LEVELS[level])
    faults = _key_faults(file, (name,), source, keys, keys)
    if level == "provincial" and not re.fullmatch(r"\d\d", str(source.get("province", "00"))):
        faults.append(Fault(file.where(name, "province"), f"{name} 的 province 应为两位省级代码"))
    return faults


def _rule_faults(file: YamlFile, clauses, sources) -> list[Fault]:
    """Rules and sums of one topic: their keys, and that clause, source, axis and what is summed are known."""
    faults = []
    for name, rule in file.data.get("rules", {}).items():
        path = ("rules", name)
        faults += _key_faults(file, path, rule, RULE_KEYS, RULE_MAY)
        faults += [
            Fault(
                file.where(*path, key),
                f"规则 {name} 的 {key}「{rule.get(key)}」没有登记",
                nearest=nearest(str(rule.get(key)), allowed),
            )
            for key, allowed in (("clause", clauses), ("source", sources))
            if rule.get(key) not in allowed
        ]
        faults += [
            Fault(
                file.where(*path, key),
                f"规则 {name} 的 {key}「{rule[key]}」不在规定之列",
                nearest=nearest(str(rule[key]), allowed),
            )
            for key, allowed in (
                ("axis", AXES),
                ("sum_of", (*declared(), "candidates")),
                ("stage", ("plan",)),
            )
            if key in rule and rule[key] not in allowed
        ]
    return faults


def _key_faults(file: YamlFile, path: tuple, entry, needed, allowed) -> list[Fault]:
    if not isinstance(entry, Mapping):
        return [Fault(file.where(*path), "这里应为 键: 值")]
    faults = [
        Fault(
            file.where(*path, key),
            f"不认识的键「{key}」",
            nearest=nearest(key, allowed),
            do="改名或删去",
        )
        for key in entry
        if key not in allowed
    ]
    return faults + [
        Fault(file.where(*path), f"缺少「{key}」", do="补上") for key in needed if key not in entry
    ]


def _parameter_faults(file: YamlFile, name: str, entry, sources) -> list[Fault]:
    path = ("parameters", name)
    faults = _key_faults(file, path, entry, _NEEDED, _ALLOWED)
    if faults:
        return faults
    for key, allowed in (
        ("kind", KINDS),
        ("status", STATUSES),
        ("type", TYPES),
        ("unit", (NONE, *units())),
    ):
        if entry[key] not in allowed:
            faults.append(
                Fault(
                    file.where(*path, key),
                    f"{name} 的 {key}「{entry[key]}」不在规定之列",
                    nearest=nearest(str(entry[key]), allowed),
                )
            )
    faults += _words_faults(file, (*path, "reason"), entry["reason"])
    options = entry.get("options") or {}
    faults += (
        [
            fault
            for option in options
            for fault in _words_faults(file, (*path, "options", option), options[option])
        ]
        if isinstance(options, Mapping)
        else [Fault(file.where(*path, "options"), f"{name} 的选项应为 选项: {{zh: …, en: …}}")]
    )
    if entry["type"] not in TYPES:
        return faults
    shape = _parameter(
        name,
        {
            **entry,
            "values": [],
            "reason": dict.fromkeys(LANGUAGES, ""),
            "options": dict.fromkeys(options, dict.fromkeys(LANGUAGES, "")),
        },
    )
    for i, value in enumerate(entry["values"]):
        where = (*path, "values", i)
        bad = _key_faults(
            file,
            where,
            value,
            ("from", "value", "source"),
            ("from", "until", "value", "source", "quote"),
        )
        faults += bad
        if bad:
            continue
        if value["source"] not in sources:
            faults.append(
                Fault(
                    file.where(*where, "source"),
                    f"{name}：没有依据「{value['source']}」",
                    nearest=nearest(value["source"], sources),
                    do="先在 sources.yaml 登记",
                )
            )
        if as_date(value["from"]) is None:
            faults.append(
                Fault(
                    file.where(*where, "from"), f"「{value['from']}」不是日期", do="写成 YYYY-MM-DD"
                )
            )
        wrong = shape.fault_of(value["value"])
        if wrong:
            faults.append(Fault(file.where(*where, "value"), f"{name}：{wrong}"))
    if not entry["values"] and entry["status"] != "required":
        faults.append(Fault(file.where(*path), f"{name} 没有取值", do="补上取值和依据"))
    return faults


def _column_faults(file: YamlFile, parameters: Mapping[str, Parameter], name: str) -> list[Fault]:
    """A drawn parameter has a column of the sequence of draws, and it is its own: then a new one moves no other's draws."""
    one = parameters[name]
    if not one.drawn:
        return []
    others = {
        other.draw_column: other.name
        for other in parameters.values()
        if other.drawn and other is not one
    }
    others[INTENSITY_COLUMN] = "levers.intensity"
    twin = others.get(one.draw_column, "")
    if one.draw_column >= 0 and not twin:
        return []
    wrong = "没有 draw_column" if one.draw_column < 0 else f"的 draw_column 与 {twin} 相同"
    where = file.where("parameters", name, "draw_column")
    return [Fault(where, f"{name} {wrong}", do=f"写一个没有用过的列号，如 {1 + max(others)}")]


def _words_faults(file: YamlFile, path: tuple, words) -> list[Fault]:
    """What readers see is said in both languages."""
    faults = _key_faults(file, path, words, LANGUAGES, LANGUAGES)
    return faults or [
        Fault(file.where(*path, lang), f"「{lang}」是空的", do="写明")
        for lang in LANGUAGES
        if not str(words[lang] or "").strip(" –")
    ]


def _parameter(name: str, entry) -> Parameter:
    spread = entry.get("spread") or [None, None]
    values = tuple(
        DatedValue(
            date.fromisoformat(str(v["from"])),
            freeze(entry["type"], v["value"]),
            v["source"],
            as_date(v.get("until")),
        )
        for v in entry["values"]
    )
    words = {
        option: (pair["zh"], pair["en"]) for option, pair in (entry.get("options") or {}).items()
    }
    return Parameter(
        name,
        entry["zh"],
        entry["en"],
        entry["kind"],
        entry["unit"],
        entry["type"],
        entry["status"],
        entry["reason"]["zh"],
        values,
        tuple(words),
        words,
        entry["reason"]["en"],
        spread[0],
        spread[1],
        entry.get("minimum"),
        entry.get("maximum"),
        entry.get("distribution") or "",
        entry.get("clause") or "",
        draw_column=entry.get("draw_column", -1),
    )
