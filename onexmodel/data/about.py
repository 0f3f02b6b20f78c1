"""What a data set says of itself – title, label, status, mixing, imputation – from dataset.yaml or sheet 说明, checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ..errors import Fault, LawError, nearest
from ..law.yamlfile import read_yaml, yes_or_no

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
    """dataset.yaml, or what holds without it. Every fault is added to `faults`."""
    if not file.exists():
        return About()
    try:
        parsed = read_yaml(file)
    except LawError as error:
        faults += error.faults
        return About()
    except UnicodeDecodeError:
        faults.append(
            Fault(
                file.name,
                "编码不是 UTF-8，读不出文字",
                do="用记事本打开，另存为 UTF-8",
                code="encoding",
            )
        )
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
            f"不认识「{key}」，未采用",
            nearest=nearest(key, KEYS),
            level="warning",
            code="about",
        )
        for key in given
        if key not in KEYS
    ]
    impute = given.get("impute") or ()
    if (
        not isinstance(impute, Sequence)
        or isinstance(impute, str)
        or not all(isinstance(line, Mapping) for line in impute)
    ):
        faults.append(
            Fault(
                parsed.where("impute"),
                "填补声明应为一列「column、method」",
                do="写成 - {column: 院校.标准年课时, method: 同省同层次中位数}",
                code="impute",
            )
        )
        impute = ()
    return _checked(given, impute, parsed.where, lambda key: (), faults, About())


def about_of_sheet(lines: Sequence[Sequence[object]], name: str, faults: list[Fault]) -> About:
    """The lines of sheet 说明: a name, its value and (for 填补) the method."""
    given: dict[str, Any] = {}
    rows, impute = {}, []
    for number, line in enumerate(lines, 1):
        words = [str(cell).strip() for cell in (*line, "", "", "")][:3]
        key = LINES.get(words[0])
        if key in ("title", "label") and words[1]:
            given[key] = {"zh": words[1], "en": words[1]}
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
                f"数据状态「{status}」不认识",
                nearest=nearest(str(status), STATUS),
                do="只能是 观测、估算或模拟",
                code="status",
                at=at("status"),
            )
        )
    if mixed != "" and yes_or_no(mixed) is None:  # the cell of sheet 说明 may stay empty
        faults.append(
            Fault(
                where("mixed"),
                f"混合使用「{'' if mixed is None else mixed}」应为 是 或 否",
                do="改成 是 或 否",
                code="mixed",
                at=at("mixed"),
            )
        )
    return replace(
        start,
        title=_both(given.get("title")),
        label=_both(given.get("label")),
        status=known.get(status, "observed"),
        mixed=bool(yes_or_no(mixed)),
        impute=tuple(impute),
    )


def _both(words: Any) -> dict[str, str]:
    """{zh, en}; one text alone stands for both."""
    if isinstance(words, Mapping):
        return {str(lang): str(text) for lang, text in words.items() if text}
    return {"zh": str(words), "en": str(words)} if words else {}
