"""Is a mailed report still what its run gave? Re-execute from the record inside it and compare numbers, words and pictures."""

from __future__ import annotations

import difflib
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from ... import __version__
from ...errors import Fault, ReportError, nearest
from ...law.scenario import ID, list_scenarios
from ...running.progress import Told, silent
from ...running.scratch import temporary
from ..page.printed import alone
from .batch import make_alone as make_report
from .fingerprint import RECORD, fingerprint, visible_text

ORIGINAL = "文件可能被改动，请索取原件"
MOST = 20  # differences of a kind that are told; of more the number
Short = Annotated[str, StringConstraints(max_length=1000)]  # a key or a printed text of a record


@dataclass(frozen=True)
class Verdict:
    """`same`, and if not, sentences saying what differs and why."""

    same: bool
    sentences: tuple[str, ...]


class _Text(BaseModel):
    """A scenario of a record."""

    model_config = ConfigDict(strict=True)
    id: str
    sha256: str
    text: str


class _Asked(BaseModel):
    """What a report was asked for, as far as it is looked at here; the gate knows the rest."""

    model_config = ConfigDict(strict=True, extra="allow")
    data: str = "national"
    data_name: Short = ""
    scenario: list[str]
    settings: dict[str, str]
    levers: list[str] = []


class _Record(BaseModel):
    """The shape of a run record (annex/record.py)."""

    model_config = ConfigDict(strict=True, extra="allow")
    report: str
    version: str
    parameters: _Asked
    scenarios: list[_Text]
    results: dict[str, float | None]
    printed: Annotated[dict[Short, Short], Field(max_length=10_000)] | None = (
        None  # not before 0.3.0
    )


def read_record(page: str, name: str) -> dict:
    """The record of a page, checked, since anybody may have written it. Raises ReportError where there is none, or it is not whole."""
    found = RECORD.search(page)
    if not found:
        raise ReportError(Fault(name, "里面没有运行记录", do="只有 onexmodel 生成的报告可以核验"))
    try:
        record = json.loads(found.group(1))
    except json.JSONDecodeError as error:
        raise ReportError(
            Fault(name, f"运行记录不完整（第 {error.lineno} 行）", do=ORIGINAL)
        ) from error
    except (ValueError, RecursionError) as error:  # an endless number, endless brackets
        raise ReportError(Fault(name, "运行记录读不出来", do=ORIGINAL)) from error
    _check(record, name)
    return record


def _check(record: Any, where: str) -> None:
    """Raises ReportError where a record is not one of ours, or could name a place on this machine: scenarios are names, each with the text
    that its hash is of, and nothing is asked for by a name that has no text here. (`data` is never opened unless it is a shipped set's.)"""
    try:
        found = _Record.model_validate(record)
    except ValidationError as error:
        parts = list(
            dict.fromkeys(
                _shown(".".join(str(part) for part in one["loc"])) or "整个记录"
                for one in error.errors()
            )
        )
        raise ReportError(
            Fault(where, f"运行记录不完整或被改动：{'、'.join(parts[:5])}", do=ORIGINAL)
        ) from None
    faults = [
        Fault(where, f"运行记录中的情景「{_shown(one.id)}」不是名称", do=ORIGINAL)
        for one in found.scenarios
        if not ID.fullmatch(one.id)
    ]
    faults += [
        Fault(where, f"情景 {one.id} 的文本与其指纹不符：记录被改动", do=ORIGINAL)
        for one in found.scenarios
        if ID.fullmatch(one.id) and hashlib.sha256(one.text.encode()).hexdigest() != one.sha256
    ]
    faults += [
        Fault(where, f"运行记录中没有情景「{_shown(name)}」的文本", do=ORIGINAL)
        for name in found.parameters.scenario
        if name not in {one.id for one in found.scenarios}
    ]
    faults += [
        Fault(
            where,
            f"降本措施「{_shown(name)}」不是内置的，运行记录中没有它的文本",
            nearest=nearest(name, list_scenarios()),
            do="请对方提供措施文件",
        )
        for name in found.parameters.levers
        if name not in list_scenarios()
    ]
    if faults:
        raise ReportError(faults)


def _shown(text: str, most: int = 40) -> str:
    """A stranger's words, to be printed on a terminal."""
    return "".join(one if one.isprintable() else "�" for one in text[:most])


def again(
    record: Mapping[str, Any],
    data: str,
    out: Path,
    settings: Mapping[str, str] | None = None,
    file_name: str = "",
    told: Told = silent,
) -> Path:
    """Execute the record's report on `data`, with its own scenario texts, which stay in memory; `settings` are laid over the record's.
    Raises ReportError, before anything runs or is written, where the record is not one to be trusted."""
    _check(record, "运行记录")
    given = {
        **record["parameters"],
        "data": data,
        "settings": {**record["parameters"]["settings"], **(settings or {})},
    }
    texts = [
        {"id": one["id"], "text": one["text"]} for one in record["scenarios"]
    ]  # each after those it is based on
    whole = {one["id"]: {**one, "bases": texts[:i]} for i, one in enumerate(texts)}
    return make_report(record["report"], given, out, file_name, texts=whole, told=told)


def verify(path: Path, data: str, told: Told = silent) -> Verdict:
    """Compare a report with its re-execution. Raises ReportError where it holds no record."""
    page = Path(path).read_text(encoding="utf-8")
    record = read_record(page, Path(path).name)
    with temporary() as scratch:
        fresh = again(record, data, scratch, told=told).read_text(encoding="utf-8")
    now = read_record(fresh, Path(path).name)
    sentences = _causes(record, now)
    changed = _numbers(record, now) + _printed(record, now)
    if not sentences and not changed and page == fresh:
        return Verdict(True, (f"一致：重新执行得到同样的报告（指纹 {fingerprint(page)}）",))
    if not sentences:
        sentences.append("数据、法规、情景和版本都没有变：文件在生成之后被改动")
        changed = [f"运行记录中的 {line}" for line in changed]
    kept = {} if changed else record.get("printed") or {}
    return Verdict(False, tuple([*sentences, *changed, *_words(page, fresh, kept)]))


def _causes(record, now) -> list[str]:
    found = []
    for key, words in (
        ("data_sha256", "数据改变了"),
        ("law_sha256", "法规参数改变了"),
        ("version", "版本改变了"),
    ):
        if record.get(key) != now.get(key):
            found.append(
                f"{words}：报告为 {str(record.get(key))[:12]}，现在为 {str(now.get(key))[:12]}"
            )
    if record.get("version") != __version__:
        found.append(f"请用版本 {record.get('version')} 核验")
    return list(dict.fromkeys(found))


def _numbers(record, now) -> list[str]:
    before, after = record["results"], now["results"]
    lines = [
        f"{name}：报告 {before.get(name)}，重算 {after.get(name)}"
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    ]
    return lines[:MOST] + ([f"……共 {len(lines)} 个数字不同"] if len(lines) > MOST else [])


def _printed(record, now) -> list[str]:
    """Printed numbers that differ, by their keys in the order of the page; nothing for a record that does not hold them."""
    before, after = record.get("printed"), now.get("printed")
    if before is None or after is None:
        return []
    lines = [
        f"{_shown(key, 120)}：报告 {_shown(before.get(key, '无'), 60)}，重算 {after.get(key, '无')}"
        for key in {**before, **after}
        if before.get(key) != after.get(key)
    ]
    return lines[:MOST] + ([f"……共 {len(lines)} 个打印的数字不同"] if len(lines) > MOST else [])


def _words(page: str, fresh: str, kept: Mapping[str, str]) -> list[str]:
    """Where the visible texts differ. `kept`: printed numbers that record and re-run agree on, by which an edited one is named."""
    mine, other = visible_text(page), visible_text(fresh)
    found = []
    for operation, a, b, c, d in difflib.SequenceMatcher(
        None, mine, other, autojunk=False
    ).get_opcodes():
        if operation != "equal":
            wrote, made = "　".join(mine[a:b]), "　".join(other[c:d])
            found.append(
                f"报告写「{wrote[:120]}」，重算为「{made[:120]}」{_recorded(wrote, made, kept)}"
            )
    if not found and page != fresh:
        found.append("可见文字相同，但文件的其他部分（样式、脚本或记录）不同")
    return found[:MOST] + ([f"……共 {len(found)} 处不同"] if len(found) > MOST else [])


def _recorded(wrote: str, made: str, kept: Mapping[str, str]) -> str:
    """What the record holds of a text that was edited, where that can be told: its numbers that stand in what was made and no more in
    what the page has, if they are few."""
    gone = [
        f"{key} {text}"
        for key, text in kept.items()
        if re.search(alone(text), made) and not re.search(alone(text), wrote)
    ]
    return f"；记录为 {'、'.join(gone)}" if 0 < len(gone) <= 3 else ""
