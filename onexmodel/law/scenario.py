"""Scenarios are files: read, check, compose. A change is laid over the law, never written into it."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path, PureWindowsPath
from typing import Any

from ..errors import Fault, ScenarioError, nearest
from ..languages import OWN
from ..places import shipped
from .parameters import ALWAYS, FORMS, _as_date
from .yamlfile import YamlFile, read_yaml, yes_or_no

OPERATIONS = ("value", "scale", "add", "remove")
ID = re.compile(
    r"[^\s./\\:\x00-\x1f\x7f][^/\\:\x00-\x1f\x7f]{0,254}"
)  # a name, never a place: no separators, no drive, no leading dot
_KEYS = ("title", "author", "based_on", "description", "changes", "lever")
_LEVER_KEYS = ("guard", "one_off_cost", "life_years", "evidence", "unit", "responsible", "per")
GUARDS = ("pass_rate", "candidates_per_assessor", "minutes_per_candidate", "assessor_independence")
EVIDENCE = ("measured", "literature", "expert", "assumption")
PER = (
    "college",
    "organisation",
    "province",
)  # whose one-off cost it is: each of these that the lever reaches pays it once
_CHANGE_KEYS = (
    "parameter",
    "table",
    "column",
    "where",
    "from",
    "until",
    *OPERATIONS,
    "rationale",
    "source",
    "override",
)


PLAIN_OR_BOTH = "写成一句文字（两种语言共用），或 {zh: 中文, en: 英文}"


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
        apart_in_time = (self.until and self.until <= other.start) or (
            other.until and other.until <= self.start
        )
        mine, theirs = dict(self.where), dict(other.where)
        apart_in_rows = any(
            not set(mine[key]) & set(theirs[key]) for key in mine.keys() & theirs.keys()
        )
        return not apart_in_time and not apart_in_rows


DataChange = Change


@dataclass(frozen=True)
class Scenario:
    """A scenario as read; `sha256` is of its text. `lever`: its block of that name, empty where it
    has none; `base`: what it is based on, where that came with it instead of being looked up."""

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


def list_scenarios() -> list[str]:
    """Ids of the scenario files that travel with the package."""
    return sorted(path.stem for path in shipped("data", "scenarios").glob("*.yaml"))


def read_scenario(name: str | Path | Mapping[str, Any]) -> Scenario:
    """Read a shipped scenario by id, a file by path, or one given whole as {id, text, bases} (`bases`: {id, text} of every one it may be
    based on, each before those based on it): then no file is looked at. Raises ScenarioError with every fault, file and line."""
    if isinstance(name, Mapping):
        return _given_whole(name["id"], name["text"], name["bases"])
    path = Path(name)
    if path.suffix not in (".yaml", ".yml"):
        path = shipped("data", "scenarios") / f"{name}.yaml"
        known = ID.fullmatch(str(name)) and path.exists()
    else:
        known = path.exists()
    if not known:
        raise ScenarioError(
            Fault(
                f"情景 {name}",
                "没有这个情景文件",
                nearest=nearest(str(name), list_scenarios()),
                do="用 onexmodel scenarios 查看可用的情景",
            )
        )
    return scenario_of(path.stem, _text(path), path.name)


def _given_whole(name: str, text: str, bases: Sequence[Mapping[str, str]]) -> Scenario:
    made = scenario_of(name, text)
    wanted = base_of(made)
    if not wanted:
        return made
    for i, one in enumerate(bases):
        if one["id"] == wanted:
            return replace(made, base=_given_whole(one["id"], one["text"], bases[:i]))
    raise ScenarioError(Fault(f"情景 {name}", f"所依据的情景「{wanted}」没有一并给出"))


def id_of(name: str) -> str:
    """The id of a scenario asked for by name or by the path of its file."""
    path = PureWindowsPath(name)  # knows both separators
    return path.stem if path.suffix in (".yaml", ".yml") else name


def base_of(scenario: Scenario) -> str:
    """The id of the scenario it is based on; "" where that is current law."""
    return (
        "" if scenario.based_on in ("current_law", scenario.id) else id_of(str(scenario.based_on))
    )


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
    file = read_yaml(file_name, text)
    data = file.data if isinstance(file.data, Mapping) else {}
    faults = [
        Fault(file.where(key), f"不认识的键「{key}」", nearest=nearest(key, _KEYS))
        for key in data
        if key not in _KEYS
    ]
    faults += [
        Fault(file.where(), f"缺少「{key}」", do="补上")
        for key in ("title", "author", "changes")
        if key not in data
    ]
    faults += text_faults(file, data, "title")
    faults += text_faults(file, data, "description") if data.get("description") else []
    changes = []
    for i, entry in enumerate(data.get("changes") or []):
        found = _change_faults(file, i, entry)
        faults += found
        if not found:
            changes.append(_change(entry, name, file.where("changes", i)))
    faults += _lever_faults(file, data.get("lever"))
    if faults:
        raise ScenarioError(faults)
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Scenario(
        name,
        in_both(data["title"]),
        data.get("description") or {"zh": "", "en": ""},
        data["author"],
        data.get("based_on") or "current_law",
        tuple(changes),
        data.get("lever") or {},
        text,
        digest,
    )


def _text(path: Path) -> str:
    """UTF-8, or GB18030 as an old 记事本 saves. Raises ScenarioError where it is neither."""
    raw = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ScenarioError(
        Fault(path.name, "编码既不是 UTF-8 也不是 GB18030，读不出文字", do="另存为 UTF-8")
    )


def text_faults(file: YamlFile, data: Mapping[str, Any], key: str) -> list[Fault]:
    """What is wrong with a text for readers, where there is one: it is plain, or a text a language, Chinese and English at least."""
    given = data.get(key)
    if key not in data or (isinstance(given, str) and given.strip()):
        return []
    if not isinstance(given, Mapping):
        said = "是空的" if given in (None, "") else f"「{given}」不是文字"
        return [Fault(file.where(key), f"{key} {said}", do=PLAIN_OR_BOTH)]
    missing = [lang for lang in OWN if lang not in given]
    wrong = [lang for lang, text in given.items() if not isinstance(text, str) or not text.strip()]
    return [
        *(Fault(file.where(key), f"{key} 缺少 {lang}", do=PLAIN_OR_BOTH) for lang in missing),
        *(
            Fault(file.where(key, lang), f"{key} 的 {lang} 不是文字", do="写成文字，数字加引号")
            for lang in wrong
        ),
    ]


def in_both(text: str | Mapping[str, str]) -> Mapping[str, str]:
    """A text by language; a plain one stands in both."""
    return dict.fromkeys(OWN, text) if isinstance(text, str) else text


def _lever_faults(file, lever) -> list[Fault]:
    if lever is None:
        return []
    if not isinstance(lever, Mapping):
        return [Fault(file.where("lever"), "这里应为 键: 值")]
    faults = [
        Fault(file.where("lever", key), f"不认识的键「{key}」", nearest=nearest(key, _LEVER_KEYS))
        for key in lever
        if key not in _LEVER_KEYS
    ]
    for key, allowed in (("guard", GUARDS), ("evidence", EVIDENCE), ("per", PER)):
        given = lever.get(key, "college" if key == "per" else None)
        if given not in allowed:
            faults.append(
                Fault(
                    file.where("lever"),
                    f"{key}「{given}」不在 {'、'.join(allowed)} 之中",
                    nearest=nearest(str(given), allowed),
                )
            )
    for key, least in (("one_off_cost", 0.0), ("life_years", 1e-9)):
        value = lever.get(key, 1)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or value < least:
            faults.append(
                Fault(file.where("lever", key), f"{key}「{value}」应为不小于 {least:g} 的数")
            )
    return faults


def _change_faults(file, i, entry) -> list[Fault]:
    if not isinstance(entry, Mapping):
        return [Fault(file.where("changes", i), "这里应为 键: 值")]
    here = ("changes", i)
    faults = [
        Fault(file.where(*here, key), f"不认识的键「{key}」", nearest=nearest(key, _CHANGE_KEYS))
        for key in entry
        if key not in _CHANGE_KEYS
    ]
    if ("parameter" in entry) == ("table" in entry and "column" in entry):
        faults.append(Fault(file.where(*here), "应写明 parameter，或 table 与 column，二者取一"))
    if sum(operation in entry for operation in OPERATIONS) != 1:
        faults.append(Fault(file.where(*here), f"应恰有一个 {'、'.join(OPERATIONS)}"))
    if not (entry.get("rationale") or entry.get("source")):
        faults.append(Fault(file.where(*here), "缺少理由或依据", do="写 rationale 或 source"))
    faults += [
        Fault(file.where(*here, key), f"「{entry[key]}」不是日期", do="写成 YYYY-MM-DD")
        for key in ("from", "until")
        if key in entry and _as_date(entry[key]) is None
    ]
    start, until = _as_date(entry.get("from")), _as_date(entry.get("until"))
    if start and until and until <= start:
        faults.append(
            Fault(
                file.where(*here, "until"),
                f"截止日 {until} 不在起始日 {start} 之后，这项改动永远不生效",
                do="改正 from 或 until（until 当日起失效）",
            )
        )
    faults += [
        Fault(
            file.where(*here, key),
            f"{key}「{entry[key]}」不是数",
            nearest=_meant(key, entry[key]),
            do=f"{key} 写数值，如 {'1.2（提高20%）' if key == 'scale' else '30'}",
        )
        for key in ("scale", "add")
        if key in entry and not is_number(entry[key])
    ]
    if "override" in entry and yes_or_no(entry["override"]) is None:
        given = "" if entry["override"] is None else entry["override"]
        faults.append(
            Fault(
                file.where(*here, "override"),
                f"override「{given}」既不是“是”也不是“否”",
                do="写 true（是）或 false（否）",
            )
        )
    if not isinstance(entry.get("where") or {}, Mapping):
        faults.append(Fault(file.where(*here, "where"), "where 应为 列: 值"))
    return faults


def is_number(value) -> bool:
    """A finite number, and not yes or no."""
    return not isinstance(value, bool) and isinstance(value, (int, float)) and math.isfinite(value)


def _meant(key: str, value) -> str:
    """20% as somebody writes it: the factor it means."""
    text = str(value).strip()
    if (
        key == "scale"
        and text.endswith("%")
        and text[:-1].lstrip("+-").replace(".", "", 1).isdigit()
    ):
        return f"{1 + float(text[:-1]) / 100:g}"
    return ""


def _change(entry, scenario: str, line: str) -> Change:
    operation = next(operation for operation in OPERATIONS if operation in entry)
    where = tuple(
        sorted(
            (key, tuple(map(str, value)) if isinstance(value, list) else (str(value),))
            for key, value in (entry.get("where") or {}).items()
        )
    )
    target = entry.get("parameter") or f"{entry['table']}/{entry['column']}"
    return Change(
        target,
        operation,
        entry[operation],
        _as_date(entry.get("from")) or ALWAYS,
        _as_date(entry.get("until")),
        where,
        entry.get("rationale") or entry.get("source"),
        bool(yes_or_no(entry.get("override"))),
        scenario,
        line,
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


__all__ = [
    "FORMS",
    "GUARDS",
    "ID",
    "Change",
    "DataChange",
    "Scenario",
    "base_of",
    "id_of",
    "is_number",
    "list_scenarios",
    "read_scenario",
    "scaled",
    "scenario_of",
]
