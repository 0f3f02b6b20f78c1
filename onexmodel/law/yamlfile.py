"""Strict YAML with line numbers: duplicate keys refused, `yes`/`no` stay words, `1e-2` is a number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from ..errors import Fault, LawError

_QUICK = getattr(
    yaml, "CSafeLoader", yaml.SafeLoader
)  # nine times as quick; PyYAML has it wherever it was built with libyaml
YES, NO = ("true", "yes", "是"), ("false", "no", "off", "否")
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$")


@dataclass(frozen=True)
class YamlFile:
    """A parsed file: `data`, and the line of every key path."""

    name: str
    data: Any
    lines: dict

    def where(self, *path) -> str:
        """「file 第 n 行」 of the longest known part of a key path."""
        while path and path not in self.lines:
            path = path[:-1]
        return f"{self.name} 第 {self.lines.get(path, 1)} 行"


def read_yaml(path: Path | str, text: str | None = None) -> YamlFile:
    """Parse one file (or `text` under that name). Raises LawError with every duplicate key, or the place it breaks."""
    path = Path(path)
    content = path.read_text(encoding="utf-8-sig") if text is None else text
    lines: dict = {}
    faults: list[Fault] = []
    try:
        node = _composed(content)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise LawError(
            Fault(f"{path.name} 第 {line} 行", "不是有效的 YAML", do="检查缩进、冒号和引号")
        ) from error
    data = _value(node, (), lines, faults, path.name)
    if faults:
        raise LawError(faults)
    return YamlFile(path.name, data, lines)


def yes_or_no(value: object) -> bool | None:
    """true, yes or 是; false, no, off or 否, quoted or not and in capitals or not; None where it is neither. `bool("no")` would be True."""
    if isinstance(value, bool):
        return value
    word = value.strip().casefold() if isinstance(value, str) else ""
    return True if word in YES else False if word in NO else None


def _composed(content: str):
    """The document's node. What is broken, or has a tab (libyaml allows more of them), is left to PyYAML's own parser: every machine then
    accepts the same and names the same line."""
    if "\t" not in content:
        try:
            return yaml.compose(content, Loader=_QUICK)
        except yaml.YAMLError:
            pass
    return yaml.compose(content, Loader=yaml.SafeLoader)


def _value(node, path, lines, faults, name):
    if node is None:
        return None
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        result = {}
        for key_node, value_node in node.value:
            key = _scalar(key_node)
            if key in result:
                faults.append(
                    Fault(
                        f"{name} 第 {key_node.start_mark.line + 1} 行",
                        f"键「{key}」出现两次",
                        do="删去其中一个",
                    )
                )
            result[key] = _value(value_node, (*path, key), lines, faults, name)
            lines[(*path, key)] = key_node.start_mark.line + 1
        return result
    if isinstance(node, yaml.SequenceNode):
        return [
            _value(child, (*path, i), lines, faults, name) for i, child in enumerate(node.value)
        ]
    return _scalar(node)


def _scalar(node):
    text = node.value
    if node.style in ("'", '"', "|", ">"):
        return text
    if text in ("", "~", "null"):
        return None
    if text in ("true", "false"):
        return text == "true"
    if _NUMBER.match(text):
        number = float(text)
        return int(text) if re.fullmatch(r"[-+]?\d+", text) else number
    return text
