"""What is wrong with the parts of a scenario file, each with its line: keys, texts, targets, dates, rows, a lever's block. What a value may
be stands in operands.py; whether table, column and place are there is known once there is data."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from ...errors import Fault, nearest
from ...languages import OWN
from ..parameters import LARGEST, LARGEST_MONEY, as_date
from ..yamlfile import YamlFile, shown, yes_or_no

OPERATIONS = ("value", "scale", "add", "remove")
KEYS = ("title", "author", "based_on", "description", "changes", "lever")
LEVER_KEYS = ("guard", "one_off_cost", "life_years", "evidence", "unit", "responsible", "per")
GUARDS = ("pass_rate", "candidates_per_assessor", "minutes_per_candidate", "assessor_independence")
EVIDENCE = ("measured", "literature", "expert", "assumption")
PER = (
    "college",
    "organisation",
    "province",
)  # whose one-off cost it is: each of these that the lever reaches pays it once
CHANGE_KEYS = (
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
MOST_CHANGES = 2000  # of a scenario, and of all that are laid together
PLAIN_OR_BOTH = "写成一句文字（两种语言共用），或 {zh: 中文, en: 英文}"
AS_TEXT = "写成文字，数字加引号"
LONGEST_LIFE = 100.0  # years of a lever
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{1,8})*")


def scenario_faults(file: YamlFile) -> list[Fault]:
    """What is wrong with a whole file, but for its changes."""
    if file.data is not None and not isinstance(file.data, Mapping):
        do = f"写成 键: 值，如 title: …；可用的键：{'、'.join(KEYS)}"
        return [Fault(file.where(), "这里应为 键: 值", do=do)]
    data = file.data or {}
    faults = strange_keys(file, data, KEYS)
    faults += [
        Fault(file.where(), f"缺少「{key}」", do="补上")
        for key in ("title", "author", "changes")
        if key not in data
    ]
    faults += text_faults(file, data, ("title",))
    if data.get("description", "") not in (None, ""):
        faults += text_faults(file, data, ("description",))
    for key in ("author", "based_on"):
        if key in data:
            faults += plain_faults(file, data[key], (key,))
    changes = data.get("changes", [])
    if not isinstance(changes, list):
        said = "是空的" if changes is None else f"「{shown(changes)}」不是一列改动"
        do = "每项改动一行，以「- 」开头；没有改动写 changes: []"
        faults.append(Fault(file.where("changes"), f"changes {said}", do=do))
    elif len(changes) > MOST_CHANGES:
        what = f"有 {len(changes)} 项改动，最多 {MOST_CHANGES} 项"
        faults.append(Fault(file.where("changes"), what, do="合并相同的改动，或分成几次测算"))
    return faults + _lever_faults(file, data.get("lever"))


def strange_keys(
    file: YamlFile, data: Iterable[str], known: tuple[str, ...], path: tuple = ()
) -> list[Fault]:
    """Keys that mean nothing here."""
    return [
        Fault(
            file.where(*path, key),
            f"不认识的键「{shown(key)}」",
            nearest=nearest(key[:80], known),
            do="" if nearest(key[:80], known) else f"可用的键：{'、'.join(known)}",
        )
        for key in data
        if key not in known
    ]


def text_faults(file: YamlFile, data: Mapping[str, Any], path: tuple) -> list[Fault]:
    """What is wrong with a text for readers, where there is one: it is plain, or a text a language, Chinese and English at least. `path`:
    where in the file; its last key is the one of `data`."""
    key = path[-1]
    given = data.get(key)
    if key not in data or (isinstance(given, str) and given.strip()):
        return []
    if not isinstance(given, Mapping):
        said = "是空的" if given in (None, "") else f"「{shown(given)}」不是文字"
        return [Fault(file.where(*path), f"{key} {said}", do=PLAIN_OR_BOTH)]
    missing = [lang for lang in OWN if lang not in given]
    wrong = [lang for lang, text in given.items() if not isinstance(text, str) or not text.strip()]
    strange = [lang for lang in given if not _LANGUAGE.fullmatch(lang)]
    return [
        *(Fault(file.where(*path), f"{key} 缺少 {lang}", do=PLAIN_OR_BOTH) for lang in missing),
        *(
            Fault(file.where(*path, lang), f"{key} 的 {lang} 不是文字", do=AS_TEXT)
            for lang in wrong
        ),
        *(
            Fault(
                file.where(*path, lang), f"{key} 的「{shown(lang)}」不是语言代码", do=PLAIN_OR_BOTH
            )
            for lang in strange
        ),
    ]


def plain_faults(file: YamlFile, given: Any, path: tuple) -> list[Fault]:
    """What is wrong with what must be one plain text."""
    if isinstance(given, str) and given.strip():
        return []
    said = "是空的" if given is None or given == "" else f"「{shown(given)}」不是文字"
    return [Fault(file.where(*path), f"{path[-1]} {said}", do=AS_TEXT)]


def change_faults(file: YamlFile, i: int, entry: Any) -> list[Fault]:
    """What is wrong with one change."""
    here = ("changes", i)
    if not isinstance(entry, Mapping):
        return [Fault(file.where(*here), f"「{shown(entry)}」：这里应为 键: 值", do=_EXAMPLE)]
    faults = strange_keys(file, entry, CHANGE_KEYS, here)
    parameter = "parameter" in entry
    if parameter == ("table" in entry and "column" in entry) or (
        parameter and ("table" in entry or "column" in entry)
    ):
        faults.append(Fault(file.where(*here), "应写明 parameter，或 table 与 column，二者取一"))
    for key in ("parameter", "table", "column"):
        if key in entry:
            faults += _name_faults(file, entry[key], (*here, key))
    if sum(operation in entry for operation in OPERATIONS) != 1:
        faults.append(Fault(file.where(*here), f"应恰有一个 {'、'.join(OPERATIONS)}"))
    faults += _reason_faults(file, entry, here)
    faults += _window_faults(file, entry, here)
    faults += _operand_faults(file, entry, here)
    if "override" in entry and yes_or_no(entry["override"]) is None:
        faults.append(
            Fault(
                file.where(*here, "override"),
                f"override「{shown(entry['override'])}」既不是“是”也不是“否”",
                do="写 true（是）或 false（否）",
            )
        )
    return faults + (_where_faults(file, entry["where"], here) if "where" in entry else [])


_EXAMPLE = "如 {parameter: fees.beta, value: 0.3, rationale: 理由}"


def _name_faults(file: YamlFile, given: Any, path: tuple) -> list[Fault]:
    example = {"parameter": "fees.beta", "table": "offerings", "column": "candidates"}[path[-1]]
    do = f"写名称，如 {example}"
    if not isinstance(given, str) or not given.strip():
        said = "是空的" if given in (None, "") else f"「{shown(given)}」不是名称"
        return [Fault(file.where(*path), f"{path[-1]} {said}", do=do)]
    return (
        [Fault(file.where(*path), f"{path[-1]}「{shown(given)}」不是名称：含有 /", do=do)]
        if "/" in given
        else []
    )


def _reason_faults(file: YamlFile, entry: Mapping, here: tuple) -> list[Fault]:
    given = [key for key in ("rationale", "source") if entry.get(key) not in (None, "")]
    if not given:
        return [Fault(file.where(*here), "缺少理由或依据", do="写 rationale 或 source")]
    return [fault for key in given for fault in plain_faults(file, entry[key], (*here, key))]


def _window_faults(file: YamlFile, entry: Mapping, here: tuple) -> list[Fault]:
    faults = [
        Fault(
            file.where(*here, key),
            f"{key}「{shown(entry[key])}」不是日期",
            nearest=_day_meant(entry[key]),
            do="写成 YYYY-MM-DD",
        )
        for key in ("from", "until")
        if key in entry and as_date(entry[key]) is None
    ]
    start, until = as_date(entry.get("from")), as_date(entry.get("until"))
    if start and until and until <= start:
        faults.append(
            Fault(
                file.where(*here, "until"),
                f"截止日 {until} 不在起始日 {start} 之后，这项改动永远不生效",
                do="改正 from 或 until（until 当日起失效）",
            )
        )
    return faults


def _day_meant(value: Any) -> str:
    """The day somebody means by 20220101, 2022/1/1 or 2022.1.1; "" where it is none."""
    parts = re.fullmatch(r"(\d{4})[-/.年]?(\d\d?)[-/.月]?(\d\d?)日?", str(value)[:20])
    try:
        return date(*map(int, parts.groups())).isoformat() if parts else ""
    except ValueError:
        return ""


def _operand_faults(file: YamlFile, entry: Mapping, here: tuple) -> list[Fault]:
    """What no parameter and no column can take."""
    faults = []
    for key, most in (("scale", LARGEST), ("add", LARGEST_MONEY)):
        if key not in entry:
            continue
        given, where = entry[key], file.where(*here, key)
        do = f"{key} 写数值，如 {'1.2（提高20%）' if key == 'scale' else '30'}"
        if not is_number(given):
            what = f"{key}「{shown(given)}」不是数"
            faults.append(Fault(where, what, nearest=_meant(key, given), do=do))
        elif abs(given) > most:
            what = f"{key}「{shown(given)}」太大，不是能用的数（最大 {most:g}）"
            faults.append(Fault(where, what, do=do))
        elif key == "scale" and given < 0:
            what = f"scale「{shown(given)}」小于 0：倍数不能是负的"
            near = f"{1 + given / 100:g}" if -100 < given <= -1 else ""
            faults.append(Fault(where, what, nearest=near, do="降低20%写 0.8"))
    if "value" in entry:
        given, where = entry["value"], file.where(*here, "value")
        if given is None:
            faults.append(Fault(where, "value 是空的", do="写上取值；空白的文字写 ''"))
        elif "table" in entry and isinstance(given, (list, Mapping)):
            faults.append(Fault(where, f"value「{shown(given)}」不是一个值", do="一列只写一个值"))
    if "remove" in entry and yes_or_no(entry["remove"]) is not True:
        what = f"remove「{shown(entry['remove'])}」：这里只写 true"
        faults.append(Fault(file.where(*here, "remove"), what, do="不取消就删去这项改动"))
    return faults


def is_number(value: Any) -> bool:
    """A finite number, and not yes or no."""
    return not isinstance(value, bool) and isinstance(value, (int, float)) and math.isfinite(value)


def _meant(key: str, value: Any) -> str:
    """20% as somebody writes it: the factor it means. 20% and +20% are a rise by so much, 120% is a rise to so much."""
    text = str(value).strip()
    if (
        key == "scale"
        and len(text) < 10
        and text.endswith("%")
        and text[:-1].lstrip("+-").replace(".", "", 1).isdecimal()
    ):
        percent = float(text[:-1])
        return f"{percent / 100 if text[0].isdecimal() and percent >= 100 else 1 + percent / 100:g}"
    return ""


def _where_faults(file: YamlFile, where: Any, here: tuple) -> list[Fault]:
    path = (*here, "where")
    if not isinstance(where, Mapping):
        said = "是空的" if where is None else f"「{shown(where)}」不是 列: 值"
        do = "where 应为 列: 值，如 {province: '44'}；处处适用就删去 where"
        return [Fault(file.where(*path), f"where {said}", do=do)]
    faults = []
    for key, given in where.items():
        some = given if isinstance(given, list) else [given]
        if any(isinstance(one, (list, Mapping)) for one in some):
            what = f"where 的「{shown(key)}」：「{shown(given)}」不是一个或几个值"
            faults.append(Fault(file.where(*path, key), what, do="如 {level: [初级, 中级]}"))
        elif not some or any(one is None for one in some):
            what = f"where 的「{shown(key)}」是空的"
            faults.append(Fault(file.where(*path, key), what, do="写上值；选空白的行写 ''"))
    return faults


def _lever_faults(file: YamlFile, lever: Any) -> list[Fault]:
    if lever is None:
        return []
    if not isinstance(lever, Mapping):
        return [Fault(file.where("lever"), f"lever「{shown(lever)}」：这里应为 键: 值")]
    faults = strange_keys(file, lever, LEVER_KEYS, ("lever",))
    for key, allowed in (("guard", GUARDS), ("evidence", EVIDENCE), ("per", PER)):
        given = lever.get(key, "college" if key == "per" else None)
        if given not in allowed:
            faults.append(
                Fault(
                    file.where("lever", key),
                    f"{key}「{shown(given)}」不在 {'、'.join(allowed)} 之中",
                    nearest=nearest(shown(given), allowed),
                )
            )
    for key, least, most in (
        ("one_off_cost", 0.0, LARGEST_MONEY),
        ("life_years", 1e-9, LONGEST_LIFE),
    ):
        value, where = lever.get(key, 1), file.where("lever", key)
        if not is_number(value) or value < least:
            what = f"{key}「{shown(value)}」应为不小于 {least:g} 的数"
            faults.append(Fault(where, what))
        elif value > most:
            faults.append(Fault(where, f"{key}「{shown(value)}」太大（最大 {most:g}）"))
    if "unit" in lever:
        faults += plain_faults(file, lever["unit"], ("lever", "unit"))
    return faults + text_faults(file, lever, ("lever", "responsible"))
