"""Strict YAML with line numbers, the one reader of everything written in it: duplicate keys are refused, `yes`/`no` stay words, `1e-2` is a
number, keys are text. What a stranger's file could do harm with is refused too: aliases, depth, size, endless integers, types."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from ..errors import Fault, LawError
from .checking.files import MOST_BYTES, read_text

_QUICK = getattr(
    yaml, "CSafeLoader", yaml.SafeLoader
)  # nine times as quick; PyYAML has it wherever it was built with libyaml
YES, NO = ("true", "yes", "是"), ("false", "no", "off", "否")
_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?$")  # reads no digit twice
_WHOLE = re.compile(r"[-+]?\d+")
_UNSEEN = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|\ufeff"
)  # what YAML does not allow in a file
_CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]"
)  # what "\0" or "\ud800" can still bring into a text
_BEYOND = re.compile(r"\\U(?!0010|000)[0-9A-Fa-f]{8}")  # "\UFFFFFFFF": no letter has this number

DEPTH = 20  # lists and maps in each other; the law has 7
NODES = 100_000  # values and keys
DIGITS = 30  # of a whole number; a seed may have twenty
MOST_FAULTS = 100  # of one file that are told


@dataclass(frozen=True)
class YamlFile:
    """A parsed file: `data`, and the line of every key path. `written`: key path → how a number or a truth value is written, where that is
    not what Python says of it (011, 1e3, true)."""

    name: str
    data: Any
    lines: dict
    written: dict = field(default_factory=dict)

    def where(self, *path) -> str:
        """「file 第 n 行」 of the longest known part of a key path."""
        while path and path not in self.lines:
            path = path[:-1]
        return f"{self.name} 第 {self.lines.get(path, 1)} 行"

    def text(self, value: Any, *path) -> str:
        """The value at a key path as written: a code 011 is no eleven."""
        return self.written.get(path, str(value))


def read_yaml(path: Path | str, text: str | None = None) -> YamlFile:
    """Parse one file (or `text` under that name). Raises LawError with every fault of its form and its line, or the place it breaks."""
    path = Path(path)
    content = read_text(path) if text is None else text.removeprefix("\ufeff")
    name = path.name or str(path)
    if len(content) > MOST_BYTES:
        raise LawError(Fault(name, f"有 {len(content)} 个字，最多 {MOST_BYTES} 个", do="分成几份"))
    if unseen := _UNSEEN.search(content):
        line = content.count("\n", 0, unseen.start()) + 1
        raise LawError(_odd_letter(f"{name} 第 {line} 行", unseen[0]))
    if "\t" not in content:
        try:
            return _Reader(name).read(yaml.parse(content, Loader=_QUICK))
        except (yaml.YAMLError, UnicodeError):
            pass  # what is broken, or has a tab (libyaml allows more of them), is left to PyYAML's own parser: see _read_slowly
    return _read_slowly(name, content)


def _read_slowly(name: str, content: str) -> YamlFile:
    """By PyYAML's own parser: every machine then accepts the same and names the same line."""
    try:
        return _Reader(name).read(yaml.parse(content, Loader=yaml.SafeLoader))
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        mark, beyond = getattr(error, "problem_mark", None), _BEYOND.search(content)
        line = mark.line if mark else content.count("\n", 0, beyond.start()) if beyond else 0
        where = f"{name} 第 {line + 1} 行"
        about = f"{getattr(error, 'context', '')} {getattr(error, 'problem', '')}"
        if "alias" in about or "anchor" in about:
            raise LawError(_no_alias(where)) from error
        do = "缩进用空格，不用 Tab" if "'\\t'" in about else "检查缩进、冒号和引号"
        raise LawError(Fault(where, "不是有效的 YAML", do=do)) from error


def yes_or_no(value: object) -> bool | None:
    """true, yes or 是; false, no, off or 否, quoted or not and in capitals or not; None where it is neither. `bool("no")` would be True."""
    if isinstance(value, bool):
        return value
    word = value.strip().casefold() if isinstance(value, str) else ""
    return True if word in YES else False if word in NO else None


def number_of(text: str) -> int | float | None:
    """The number a text is, as YAML here reads it; None where it is none (1_000, 0x1F, 1:30, nan)."""
    if not _NUMBER.match(text):
        return None
    return int(text) if _WHOLE.fullmatch(text) and len(text) <= DIGITS else float(text)


def shown(value: Any, most: int = 40) -> str:
    """A value as it stands in a file, short enough for a sentence."""
    if isinstance(value, Mapping):
        inner = ", ".join(f"{key}: {shown(one, most)}" for key, one in list(value.items())[:5])
        text = f"{{{inner}{', …' if len(value) > 5 else ''}}}"
    elif isinstance(value, (list, tuple)):
        inner = ", ".join(shown(one, most) for one in value[:5])
        text = f"[{inner}{', …' if len(value) > 5 else ''}]"
    elif value is None or isinstance(value, bool):
        text = "" if value is None else str(value).lower()
    else:
        text = f"{value:g}" if isinstance(value, float) and abs(value) >= 1e16 else str(value)
    return text if len(text) <= most else f"{text[:most]}…"


def _no_alias(where: str) -> Fault:
    do = "把内容直接写出来；文字以 & 或 * 开头就加引号"
    return Fault(where, "这里不用锚点（&）和别名（*）", do=do)


def _odd_letter(where: str, letter: str) -> Fault:
    return Fault(where, f"有看不见的控制字符 U+{ord(letter):04X}", do="删去它")


_NO_KEY: Any = object()


class _Reader:
    """The events of one document, made into data in one pass without recursion: nothing grows beyond the file's own size."""

    def __init__(self, name: str):
        self.name = name
        self.lines: dict = {}
        self.written: dict = {}
        self.faults: list[Fault] = []
        self.stack: list[list] = []  # [container, its key path, the key that waits for its value]
        self.data: Any = None

    def read(self, events: Iterator[yaml.Event]) -> YamlFile:
        """Raises LawError; YAMLError where the text breaks."""
        documents = nodes = 0
        for event in events:
            if isinstance(event, yaml.NodeEvent):
                nodes += 1
                self._node(event)
            elif isinstance(event, yaml.CollectionEndEvent):
                self.stack.pop()
            elif isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._say(event, "文件里不止一份内容（---）", "只留一份")
                    break
            if nodes > NODES:
                self._say(event, f"内容超过 {NODES} 项", "分成几个文件")
                break
            if len(self.stack) > DEPTH:
                self._say(event, f"列表和对照套了 {DEPTH} 层以上", "减少层次")
                break
            if len(self.faults) >= MOST_FAULTS:
                break
        if self.faults:
            raise LawError(self.faults)
        return YamlFile(self.name, self.data, self.lines, self.written)

    def _say(self, event: yaml.Event, what: str, do: str) -> None:
        self.faults.append(Fault(f"{self.name} 第 {event.start_mark.line + 1} 行", what, do=do))

    def _node(self, event: yaml.NodeEvent) -> None:
        """A key, a value, or the start of a container that is one."""
        if event.anchor is not None:
            self.faults.append(_no_alias(f"{self.name} 第 {event.start_mark.line + 1} 行"))
        tag = getattr(event, "tag", None)
        if tag is not None:
            self._say(event, "不用类型标记（!）", "删去它；要文字就加引号")
        top = self.stack[-1] if self.stack else None
        if top is not None and isinstance(top[0], dict) and top[2] is _NO_KEY:
            self._key(event, top)
            return
        path = () if top is None else (*top[1], len(top[0]) if isinstance(top[0], list) else top[2])
        if top is None or isinstance(top[0], list):
            self.lines[path] = event.start_mark.line + 1
        if isinstance(event, yaml.CollectionStartEvent):
            made: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
            self._put(top, made)
            self.stack.append([made, path, _NO_KEY])
        else:
            self._put(top, self._scalar(event, path))

    def _key(self, event: yaml.NodeEvent, top: list) -> None:
        if isinstance(event, yaml.ScalarEvent):
            key, path = event.value, (*top[1], event.value)
            self._seen(event)
            if key == "" or (event.style not in ("'", '"') and key in ("~", "null")):
                self._say(event, "键是空的", "写上键名")
            elif key in top[0]:
                self._say(event, f"键「{shown(key)}」出现两次", "删去其中一个")
            top[2] = key
            self.lines[path] = event.start_mark.line + 1
        elif isinstance(event, yaml.CollectionStartEvent):
            kind = "对照" if isinstance(event, yaml.MappingStartEvent) else "列表"
            self._say(event, f"键应为文字，这里是{kind}", "写成 键: 值")
            top[2] = None  # the value of this key is read and left
            made: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
            self.stack.append([made, (*top[1], None), _NO_KEY])
        else:
            top[2] = None  # an alias: said already

    def _put(self, top: list | None, value: Any) -> None:
        if top is None:
            self.data = value
        elif isinstance(top[0], list):
            top[0].append(value)
        else:
            top[0][top[2]] = value
            top[2] = _NO_KEY

    def _seen(self, event: yaml.ScalarEvent) -> None:
        if odd := _CONTROL.search(event.value):
            line = event.start_mark.line + 1
            self.faults.append(_odd_letter(f"{self.name} 第 {line} 行", odd[0]))

    def _scalar(self, event: yaml.NodeEvent, path: tuple) -> Any:
        if isinstance(event, yaml.AliasEvent):
            return None
        text = event.value
        if event.style in ("'", '"', "|", ">"):
            self._seen(event)
            return text
        if text in ("", "~", "null"):
            return None
        if text in ("true", "false"):
            self.written[path] = text
            return text == "true"
        if not _NUMBER.match(text):
            return text
        if len(text) > DIGITS and _WHOLE.fullmatch(text):
            digits = len(text.lstrip("+-"))
            self._say(event, f"整数有 {digits} 位，最多 {DIGITS} 位", "编号加引号，写成文字")
            return None
        value = int(text) if _WHOLE.fullmatch(text) else float(text)
        if math.isinf(value):  # 1e400 is beyond all numbers
            return text
        if str(value) != text:
            self.written[path] = text
        return value
