"""The run record of a page that anybody may have written: how large it may be, what it must look like, what it may ask for. Nothing of it is
used before all of that was looked at, and nothing in it names a place on this machine (docs/security.md)."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from ... import __version__
from ...errors import Fault, ParameterError, ReportError, nearest, visible
from ...law.scenario import ID, list_scenarios
from ...strangers import unreadable
from .fingerprint import records
from .gate import parameters_of

ORIGINAL = "文件可能被改动，请索取原件"
PAGE = 64_000_000  # bytes that a page may have; ours have 0.3 to 5 million
RECORD = 8_000_000  # letters of its record; ours have some ten thousand, and the texts of scenarios
TEXT = 2_000_000  # letters of a scenario
DEPTH = 6  # lists and maps in each other; ours have 3
ENTRIES = 10_000  # of one list or map
NODES = 100_000  # values in all
LARGEST = 1e18  # of a whole number; a seed may have 19 digits
SURROGATE = re.compile("[\ud800-\udfff]")  # half a letter
NO_PAGE = "no_page"  # the code of the fault that a file is of another kind altogether
TOLD = 5  # parts that are named
Name = Annotated[str, StringConstraints(max_length=1000)]  # whether it is one, is told apart
Short = Annotated[str, StringConstraints(max_length=1000, pattern=r"^[^\x00]*$")]
Word = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.+-]{1,40}$")]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class _Text(BaseModel):
    """A scenario of a record."""

    model_config = ConfigDict(strict=True)
    id: Name
    sha256: Name
    text: Annotated[str, StringConstraints(max_length=TEXT)]


class _Asked(BaseModel):
    """What a report was asked for, as far as it is looked at here; the gate knows the rest."""

    model_config = ConfigDict(strict=True, extra="allow")
    data: Short = "national"
    data_name: Short = ""
    province: Short = ""
    college: Short = ""
    issuer: Short = ""
    date: Short = ""
    at: Short = ""
    lang: Short = ""
    scenario: Annotated[
        list[Name | Annotated[list[Name], Field(max_length=100)]], Field(max_length=100)
    ]
    settings: Annotated[dict[Short, Short], Field(max_length=1000)]
    levers: Annotated[list[Short], Field(max_length=100)] = []


class _Record(BaseModel):
    """The shape of a run record (annex/record.py)."""

    model_config = ConfigDict(strict=True, extra="allow")
    product: Word = ""
    report: Word
    version: Word
    parameters: _Asked
    data_sha256: Digest | None = None
    law_sha256: Digest | None = None
    results_sha256: Digest | None = None
    scenarios: Annotated[list[_Text], Field(max_length=200)]
    settings: dict[Short, Short] = {}
    year: Annotated[int, Field(ge=0, le=9999)] = 0
    results: dict[Short, float | None]
    printed: dict[Short, Short] | None = None  # not before 0.3.0


def read_page(path: Path) -> str:
    """The text of a page. Raises ReportError, and reads nothing, where it is no file or a larger one than any report; also where it is no
    text. Line ends are what they are on this machine: a mail may have changed them."""
    path = Path(path)
    if problem := unreadable(path):
        raise ReportError(Fault(path.name, problem[0], do="给出 HTML 报告的路径"))
    size = path.stat().st_size
    if size > PAGE:
        what = f"有 {size / 1e6:.0f} MB，大于任何报告（{PAGE / 1e6:.0f} MB），没有读"
        raise ReportError(Fault(path.name, what, do=ORIGINAL))
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        if b"<" in raw[:1000]:
            what = f"第 {error.start + 1} 个字节起不是 UTF-8 文字"
            raise ReportError(Fault(path.name, what, do=ORIGINAL)) from None
        do = "给出 onexmodel 生成的 .html 文件"
        raise ReportError(Fault(path.name, "不是 HTML 报告", do=do, code=NO_PAGE)) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_record(page: str, name: str) -> dict:
    """The record of a page, checked, since anybody may have written it. Raises ReportError where there is none, or it is not whole."""
    found = records(page)
    if not found:
        raise ReportError(Fault(name, "里面没有运行记录", do="只有 onexmodel 生成的报告可以核验"))
    if len(found) > 1:
        raise ReportError(Fault(name, "里面的运行记录不止一份", do=ORIGINAL))
    if found[0] is None:
        raise ReportError(Fault(name, "运行记录不完整：没有结尾", do=ORIGINAL))
    if len(found[0]) > RECORD:
        raise ReportError(
            Fault(name, f"运行记录有 {len(found[0])} 个字，大于任何报告的", do=ORIGINAL)
        )
    try:
        record = json.loads(found[0], object_pairs_hook=_once, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise ReportError(
            Fault(name, f"运行记录不完整（第 {error.lineno} 行）", do=ORIGINAL)
        ) from error
    except (ValueError, RecursionError) as error:  # an endless number, endless brackets
        raise ReportError(Fault(name, "运行记录读不出来", do=ORIGINAL)) from error
    check(record, name)
    return record


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A map of a record. Raises ValueError where a key comes twice: readers differ in which one they take."""
    made = dict(pairs)
    if len(made) < len(pairs):
        raise ValueError("a key comes twice")
    return made


def _no_number(name: str) -> float:
    """NaN and Infinity, which JSON does not have. Raises ValueError."""
    raise ValueError(name)


def check(record: Any, where: str) -> None:
    """Raises ReportError, one sentence, where a record is not one of ours, or could name a place on this machine: scenarios are names, each
    with the text that its hash is of, and nothing is asked for by a name that has no text here. (`data` is never opened unless it is a
    shipped set's.)"""
    if beyond := _beyond(record):
        raise ReportError(Fault(where, f"运行记录不完整或被改动：{beyond}", do=ORIGINAL))
    try:
        found = _Record.model_validate(record)
    except ValidationError as error:
        raise ReportError(
            Fault(where, f"运行记录不完整或被改动：{parts_of(error)}", do=ORIGINAL)
        ) from None
    names = [one.id for one in found.scenarios]
    for one in found.scenarios:
        if not ID.fullmatch(one.id):
            raise ReportError(
                Fault(where, f"运行记录中的情景「{shown(one.id)}」不是名称", do=ORIGINAL)
            )
        if names.count(one.id) > 1:
            raise ReportError(
                Fault(where, f"运行记录中的情景「{shown(one.id)}」出现两次", do=ORIGINAL)
            )
        if hashlib.sha256(one.text.encode()).hexdigest() != one.sha256:
            raise ReportError(
                Fault(
                    where,
                    f"情景 {shown(one.id)} 的文本与其指纹不符：运行记录被改动",
                    do=ORIGINAL,
                )
            )
    for name in _each(found.parameters.scenario):
        if name not in names:
            raise ReportError(
                Fault(where, f"运行记录中没有情景「{shown(name)}」的文本", do=ORIGINAL)
            )
    for name in found.parameters.levers:
        if name not in list_scenarios():
            raise ReportError(
                Fault(
                    where,
                    f"降本措施「{shown(name)}」不是内置的，运行记录中没有它的文本",
                    nearest=nearest(name, list_scenarios()),
                    do="请对方提供措施文件",
                )
            )
    _pass_the_gate(found, record, where)


def _pass_the_gate(found: _Record, record: dict, where: str) -> None:
    """Raises ReportError where no notebook would be given what the record asks for."""
    try:
        asked = parameters_of(found.report, record["parameters"])
    except ParameterError as error:
        if found.version != __version__:
            raise ReportError(
                Fault(
                    where,
                    f"由版本 {found.version} 生成，这一版（{__version__}）不认识它的参数：{error.faults[0].where}",
                    do=f"请用版本 {found.version} 核验",
                )
            ) from None
        wrong = error.faults[0]
        raise ReportError(
            Fault(
                where,
                f"运行记录中的参数不能用（{shown(wrong.where, 80)}：{shown(wrong.what, 80)}）",
                do=ORIGINAL,
            )
        ) from None
    if {*_each(asked.scenario)} - {one.id for one in found.scenarios}:  # a name read as several
        raise ReportError(Fault(where, "运行记录中的情景名称不能用", do=ORIGINAL))


def _each(scenarios: Sequence[Any]) -> list[Any]:
    """The scenarios asked for, one by one, also those of combinations."""
    return [one for some in scenarios for one in (some if isinstance(some, list) else [some])]


def _beyond(record: Any) -> str:
    """Where a record is larger or deeper than any of ours, or has what no text or number of ours is; "" where nowhere. Not by recursion:
    it may be as deep as it likes."""
    todo: list[tuple[tuple, Any]] = [((), record)]
    count = 0
    while todo:
        path, one = todo.pop()
        inside = _inside(one)
        count += 1 + len(inside)
        usual = _usual(one) and all(_usual(key) for key, _ in inside)
        if not usual or len(inside) > ENTRIES or len(path) > DEPTH or count > NODES:
            return shown(".".join(map(str, path))) or "整个记录"
        todo += [((*path, key), value) for key, value in inside]
    return ""


def _inside(one: Any) -> list[tuple[Any, Any]]:
    """What a list or map holds, by its keys."""
    if isinstance(one, dict):
        return [*one.items()]
    return [*enumerate(one)] if isinstance(one, list) else []


def _usual(one: Any) -> bool:
    """A text that can be written; a number that others can write."""
    if isinstance(one, str):
        return len(one) <= TEXT and not SURROGATE.search(one)
    return not isinstance(one, (int, float)) or abs(one) <= LARGEST


def parts_of(error: ValidationError) -> str:
    """Which parts of a record are not as they should be, the first few of them."""
    parts = dict.fromkeys(
        shown(".".join(str(part) for part in one["loc"])) or "整个记录"
        for one in error.errors(include_input=False, include_url=False, include_context=False)
    )
    return "、".join([*parts][:TOLD])


def shown(text: str, most: int = 40) -> str:
    """A stranger's words, to be printed on a terminal."""
    return visible(text[:most]).replace("\n", " ").replace("\t", " ")
