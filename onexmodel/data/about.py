"""What a data set says of itself – title, label, status, mixing, imputation – from dataset.yaml or sheet 说明, checked."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ..errors import TURNING_SIGN, Fault, LawError, nearest
from ..languages import OWN
from ..law.yamlfile import YamlFile, read_yaml, shown, yes_or_no
from ..strangers import unreadable
from .files import refused

STATUS = {"观测": "observed", "估算": "estimated", "模拟": "simulated"}
LINES = {
    "数据名称": "title",
    "数据状态": "status",
    "数据说明": "label",
    "混合使用": "mixed",
}  # of sheet 说明
KEYS = (
    "title",
    "status",
    "label",
    "mixed",
    "impute",
    "price_year",
    "seed",
    "generator",
)  # of dataset.yaml
FILE = "dataset.yaml"
TEXTS, WHOLE = ("title", "label"), ("price_year", "seed")  # kinds of its values


@dataclass(frozen=True)
class About:
    """`status` holds for rows without a mark of their own; `mixed`: observed and simulated rows may stand in one total.
    `where`, `at` and `ask`: the address and cell at which mixing is asked for, and how."""

    title: Mapping[str, str] = field(default_factory=dict)
    label: Mapping[str, str] = field(default_factory=dict)
    status: str = "observed"
    mixed: bool = False
    impute: Sequence[Mapping] = ()
    where: str = FILE
    at: tuple = ()
    ask: str = f"在 {FILE} 写 mixed: true"


def read_about(file: Path, faults: list[Fault]) -> About:
    """dataset.yaml, or what holds without it. Every fault is added to `faults`; a pipe or a folder of that name is one."""
    if not os.path.lexists(file):  # a link that leads nowhere is there
        return About()
    if problem := unreadable(file):
        faults += refused(file, *problem).faults
        return About()
    try:
        parsed = read_yaml(file)
    except LawError as error:
        faults += [replace(fault, code=fault.code or "about") for fault in error.faults]
        return About()
    given = parsed.data if isinstance(parsed.data, Mapping) else {}
    if parsed.data is not None and not isinstance(parsed.data, Mapping):
        faults.append(
            Fault(
                file.name,
                "应为「名称: 内容」的形式",
                do="每行一项，如 status: observed",
                code="about",
            )
        )
    faults += [
        Fault(
            parsed.where(key),
            f"不认识「{shown(key)}」，未采用",
            nearest=nearest(key[:80], KEYS),
            level="warning",
            code="about",
        )
        for key in given
        if key not in KEYS
    ]
    wrong = _kind_faults(parsed, given)
    faults += [fault for _, fault in wrong]
    left_out = {key for key, _ in wrong}
    kept = {key: value for key, value in given.items() if key not in left_out}
    impute = _imputing(parsed, given, faults)
    return _checked(kept, impute, parsed.where, lambda key: (), faults, About())


def _kind_faults(parsed: YamlFile, given: Mapping[str, Any]) -> list[tuple[str, Fault]]:
    """(key, what is wrong with it) of texts that are none and numbers that are none."""
    wrong = []
    for key in TEXTS:
        words = given.get(key)
        for lang, text in words.items() if isinstance(words, Mapping) else ():
            if not isinstance(text, str):
                where = parsed.where(key, lang)
                wrong.append(
                    (key, _kind(where, f"{key} 的 {shown(lang)}「{shown(text)}」不是文字"))
                )
        if words is not None and not isinstance(words, (str, Mapping)):
            wrong.append((key, _kind(parsed.where(key), f"{key}「{shown(words)}」不是文字")))
    for key in WHOLE:
        number = given.get(key)
        if number is not None and (isinstance(number, bool) or not isinstance(number, int)):
            where = parsed.where(key)
            what = f"{key}「{shown(number)}」不是整数"
            wrong.append((key, Fault(where, what, do="写一个整数，如 2021", code="about")))
    if not isinstance(given.get("status", ""), (str, type(None))):
        what = f"数据状态「{shown(given['status'])}」不认识"
        do = "只能是 观测、估算或模拟"
        wrong.append(("status", Fault(parsed.where("status"), what, do=do, code="status")))
    return wrong


def _kind(where: str, what: str) -> Fault:
    do = "写成一句文字，或 {zh: 中文, en: 英文}；数字加引号"
    return Fault(where, what, do=do, code="about")


def _imputing(parsed: YamlFile, given: Mapping[str, Any], faults: list[Fault]) -> list[dict]:
    """The lines under impute that are a column and a method, each with its place in the file."""
    lines, kept = given.get("impute"), []
    if lines is None:
        return []
    if not isinstance(lines, list):
        faults.append(_impute_fault(parsed.where("impute"), f"「{shown(lines)}」"))
        return []
    for i, line in enumerate(lines):
        where = parsed.where("impute", i)
        texts = isinstance(line, Mapping) and all(isinstance(one, str) for one in line.values())
        if texts and set(line) == {"column", "method"}:
            kept.append({**line, "where": where})
        else:
            faults.append(_impute_fault(where, f"「{shown(line)}」"))
    return kept


def _impute_fault(where: str, said: str) -> Fault:
    return Fault(
        where,
        f"{said}：填补声明应为一列「column、method」",
        do="写成 - {column: 院校.标准年课时, method: 同省同层次中位数}",
        code="impute",
    )


def about_of_sheet(lines: Sequence[Sequence[object]], name: str, faults: list[Fault]) -> About:
    """The lines of sheet 说明: a name, its value and (for 填补) the method."""
    given: dict[str, Any] = {}
    rows, impute = {}, []
    for number, line in enumerate(lines, 1):
        words = [str(cell).strip() for cell in (*line, "", "", "")][:3]
        key = LINES.get(words[0])
        if key in ("title", "label") and words[1]:
            given[key], rows[key] = {"zh": words[1], "en": words[1]}, number
        elif key:
            given[key], rows[key] = words[1], number
        elif words[0] == "填补" and words[1]:
            impute.append({"column": words[1], "method": words[2]})

    def where(key: str) -> str:
        zh = next(line for line, meant in LINES.items() if meant == key)
        return f"{name} 工作表「说明」" + (f" B{rows[key]}（{zh}）" if key in rows else f"「{zh}」")

    def at(key: str) -> tuple:
        return (name, "说明", rows[key], 1) if key in rows else ()

    return _checked(
        given,
        impute,
        where,
        at,
        faults,
        About(where=where("mixed"), at=at("mixed"), ask="在工作表「说明」的「混合使用」填 是"),
    )


def _checked(
    given: Mapping,
    impute,
    where: Callable[[str], str],
    at: Callable[[str], tuple],
    faults: list[Fault],
    start: About,
) -> About:
    status, mixed = given.get("status") or "observed", given.get("mixed", "")
    known = {**STATUS, **{code: code for code in STATUS.values()}}
    if status not in known:
        faults.append(
            Fault(
                where("status"),
                f"数据状态「{shown(status)}」不认识",
                nearest=nearest(str(status)[:80], STATUS),
                do="只能是 观测、估算或模拟",
                code="status",
                at=at("status"),
            )
        )
    if mixed != "" and yes_or_no(mixed) is None:  # the cell of sheet 说明 may stay empty
        faults.append(
            Fault(
                where("mixed"),
                f"混合使用「{shown(mixed)}」应为 是 或 否",
                do="改成 是 或 否",
                code="mixed",
                at=at("mixed"),
            )
        )
    texts = {key: _both(given.get(key)) for key in ("title", "label")}
    faults += [
        Fault(
            where(key),
            f"「{text}」含改变文字方向的字符，会使旁边的数字倒过来显示；已去掉",
            do="核对这一处是从哪里来的",
            level="warning",
            code="turned",
            at=at(key),
        )
        for key, both in texts.items()
        for text in dict.fromkeys(both.values())
        if TURNING_SIGN.search(text)
    ]
    title, label = (
        {lang: TURNING_SIGN.sub("", text) for lang, text in both.items()} for both in texts.values()
    )
    return replace(
        start,
        title=title,
        label=label,
        status=known.get(status, "observed"),
        mixed=bool(yes_or_no(mixed)),
        impute=tuple(impute),
    )


def _both(words: Any) -> dict[str, str]:
    """A text by language; one that stands alone stands for Chinese and English."""
    if not isinstance(words, Mapping):
        return dict.fromkeys(OWN, str(words)) if words else {}
    given = {lang: text for lang, text in words.items() if text}
    return {**dict.fromkeys(OWN, next(iter(given.values()))), **given} if given else {}
