"""A derivation tree as text, as HTML that opens by mouse and keyboard, and as JSON."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from html import escape

from ...analysis.node import Node
from .html import number

HIDDEN = {"zh": "（流转版不列）", "en": "(not in a circulated report)"}
ADDRESS = re.compile(r" 第 (\d+) 行「([^」]*)」")


def value_words(value: object) -> str:
    """A value as it stands in a tree."""
    if isinstance(value, bool) or value is None:
        return str(value)
    if isinstance(value, (int, float)):
        return (
            "∞"
            if value == float("inf")
            else "无"
            if value == float("-inf")
            else number(value, 0 if float(value).is_integer() else 4 if abs(value) < 10 else 2)
        )
    if isinstance(value, (tuple, list)):
        return "、".join(value_words(part) for part in value)
    return str(value)


def as_text(node: Node, lang: str = "zh") -> str:
    """Indented lines with branches, as `onexmodel explain` prints them."""
    lines: list[str] = []
    _lines(node, "", "", lines)
    return "\n".join(lines)


def _line(node: Node) -> str:
    head = f"{node.title} {value_words(node.value)} {node.unit}".rstrip()
    extra = [
        f"［{node.where}］" if node.where else "",
        f"＝{node.formula}" if node.formula else "",
        f"← {node.source}" if node.source else "",
        f"※ {node.note}" if node.note else "",
    ]
    return "  ".join([head, *(part for part in extra if part)])


def _lines(node: Node, lead: str, below: str, lines: list[str]) -> None:
    lines.append(lead + _line(node))
    for i, child in enumerate(node.children):
        last = i == len(node.children) - 1
        _lines(child, below + ("└─ " if last else "├─ "), below + ("   " if last else "│  "), lines)


def as_json(node: Node) -> str:
    """The whole tree as JSON."""
    return json.dumps(asdict(node), ensure_ascii=False, indent=1, default=str)


def as_html(
    node: Node, internal: bool, lang: str = "zh", open_levels: int = 1, level: int = 0
) -> str:
    """Nested details; in a circulated report the leaves show where they stand but not their value."""
    shown = value_words(node.value) if internal or not node.private else HIDDEN[lang]
    note = node.note if internal or not node.private else ""
    source = node.source if lang == "zh" else ADDRESS.sub(r" row \1", node.source)
    unit = (
        node.unit if internal or not node.private else ""
    )  # 万元 after a value left out would say how large it is
    words = f"<b>{escape(node.title)}</b> {escape(shown)} {escape(unit)}".rstrip()
    where = node.where if internal or not node.private else ""
    extra = "".join(
        f"<br><small>{escape(text)}</small>"
        for text in (
            where,
            node.formula and f"＝{node.formula}",
            source and f"← {source}",
            note and f"※ {note}",
        )
        if text
    )
    if not node.children:
        return f"<li>{words}{extra}</li>" if level else f"<p>{words}{extra}</p>"
    inner = "".join(
        as_html(child, internal, lang, open_levels, level + 1) for child in node.children
    )
    body = f"<details{' open' if level < open_levels else ''}><summary>{words}</summary>{extra.removeprefix('<br>')}<ul>{inner}</ul></details>"
    return f"<li>{body}</li>" if level else body
