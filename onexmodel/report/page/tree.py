"""A derivation tree as text, as HTML that opens by mouse and keyboard, and as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from ...analysis.explain.node import Node
from ...data.tables import in_english
from .blocks import Block, made
from .numbers import THIN, number, with_unit
from .sentences import words_in


def value_words(value: object, lang: str) -> str:
    """A value as it stands in a tree."""
    if isinstance(value, bool) or value is None:
        return str(value)
    if isinstance(value, (int, float)):
        return (
            "∞"
            if value == float("inf")
            else words_in("page", lang).absent
            if value == float("-inf")
            else number(value, 0 if float(value).is_integer() else 4 if abs(value) < 10 else 2)
        )
    if isinstance(value, (tuple, list)):
        return "、".join(value_words(part, lang) for part in value)
    return str(value)


def as_text(node: Node, lang: str = "zh") -> str:
    """Indented lines with branches, as `onexmodel explain` prints them: thousands with commas, which every terminal has."""
    lines: list[str] = []
    _lines(node, lang, "", "", lines)
    return "\n".join(lines).replace(THIN, ",")


def _line(node: Node, lang: str) -> str:
    head = f"{node.title} {with_unit(value_words(node.value, lang), node.unit)}".rstrip()
    extra = [
        f"［{node.where}］" if node.where else "",
        f"＝{node.formula}" if node.formula else "",
        f"← {node.source}" if node.source else "",
        f"※ {node.note}" if node.note else "",
    ]
    return "  ".join([head, *(part for part in extra if part)])


def _lines(node: Node, lang: str, lead: str, below: str, lines: list[str]) -> None:
    lines.append(lead + _line(node, lang))
    for i, child in enumerate(node.children):
        last = i == len(node.children) - 1
        _lines(
            child,
            lang,
            below + ("└─ " if last else "├─ "),
            below + ("   " if last else "│  "),
            lines,
        )


def as_json(node: Node) -> str:
    """The whole tree as JSON."""
    return json.dumps(asdict(node), ensure_ascii=False, indent=1, default=str)


@dataclass(frozen=True)
class Branch:
    """A node as it is printed: title, value with unit, the small lines below; `open`: what it is made of is in sight."""

    title: str
    value: str
    more: tuple[str, ...]
    open: bool
    children: tuple[Branch, ...]


def as_block(node: Node, internal: bool, lang: str = "zh", open_levels: int = 1) -> Block:
    """Nested details; in a circulated report the leaves show where they stand but not their value."""
    return made("tree", _branch(node, internal, lang, open_levels))


def _branch(node: Node, internal: bool, lang: str, open_levels: int) -> Branch:
    hidden = node.private and not internal
    value = (
        words_in("page", lang).hidden
        if hidden
        else with_unit(value_words(node.value, lang), node.unit)
    )
    source = node.source if lang == "zh" else in_english(node.source)
    more = (
        "" if hidden else node.where,
        node.formula and f"＝{node.formula}",
        source and f"← {source}",
        "" if hidden or not node.note else f"※ {node.note}",
    )
    return Branch(
        node.title,
        value.rstrip(),  # without its unit where it is hidden: 万元 would say how large it is
        tuple(text for text in more if text),
        open_levels > 0,
        tuple(_branch(child, internal, lang, open_levels - 1) for child in node.children),
    )
