"""A derivation tree in the words of readers: codes by their names, shares in %, large sums in 万元, no programmer's English."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import replace

from ...analysis.node import Node
from ...analysis.study import Study
from ...analysis.tree_cells import CELLS
from ...data.schema import load_schema
from ...law.parameters import Parameter
from ..page.html import number, percent, wan
from ..page.words import STATUS, code_word, foreign, unit_words
from .appendix import range_text, value_text
from .cited import kind_word
from .places import names

MONEY, LARGE = (
    ("元", "元/年", "yuan", "yuan a year", "元/省·年"),
    1e6,
)  # below a million every yuan and fen is shown
MARK = re.compile(r"［(\w+)］$")
OPTIONS = re.compile(r"(读法（可选|a reading \() .*?）")
ABSENT = re.compile(r"\S*（(没有这一行|未提供)）")
PLACES = (
    "ingredients",
    "assessments",
    "payments",
    "fees",
    "funding",
)  # where a column of a settlement or ledger tree may stand
HEADER = re.compile(r"「([a-z_]+)」")


def spoken(node: Node, study: Study, lang: str) -> Node:
    """The same tree for people. Numbers are the same; large amounts are written in 万元."""
    return _node(node, study, lang, names(study, lang))


def _node(node: Node, study: Study, lang: str, named: Mapping[str, str]) -> Node:
    parameter = study.law.parameters.get(node.name) if node.kind == "parameter" else None
    value, unit = _value(node, parameter, lang)
    return replace(
        node,
        title=_title(node, study, lang, named),
        where=_where(node.where, lang, named),
        value=value,
        unit=unit,
        formula=_formula(node, study, lang),
        source=_source(node, study, lang),
        note=_note(node, parameter, lang),
        children=tuple(_node(child, study, lang, named) for child in node.children),
    )


def _title(node: Node, study: Study, lang: str, names: Mapping[str, str]) -> str:
    if node.kind == "cell" and lang != "zh":
        return node.title.replace("_", " ")
    if node.kind == "cell" and node.title == node.name and (table := _table(node, node.name)):
        return load_schema()[table][node.name].header
    head, dot, tail = node.title.partition("·")
    if dot:
        return f"{head}·{names.get(tail, code_word(tail, lang))}"
    if node.name.startswith("limit_") and node.title.startswith("limit "):
        return f"limit {code_word(node.title.removeprefix('limit '), lang)}"
    return node.title


def _where(where: str, lang: str, names: Mapping[str, str]) -> str:
    words = [
        names.get(word, "baseline" if word == "基准" and lang != "zh" else code_word(word, lang))
        for word in where.split(" ")
    ]
    return " ".join(words)


def _value(node: Node, parameter: Parameter | None, lang: str) -> tuple[object, str]:
    value, unit = node.value, node.unit
    if parameter is not None:
        share = parameter.unit.startswith("share")
        return value_text(value, lang, parameter), "" if share else unit_words(parameter.unit, lang)
    if isinstance(value, str):
        return code_word(value, lang), unit
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _amount(float(value), unit, lang)
    return value, unit_words(unit, lang)


def _amount(value: float, unit: str, lang: str) -> tuple[object, str]:
    if not math.isfinite(value):
        none = {"zh": ("无此数", "不限"), "en": ("none", "no limit")}[lang]
        return none[1] if value > 0 else none[0], ""
    if unit in MONEY and abs(value) >= LARGE:
        return wan(value), ("万元" if lang == "zh" else "× 10,000 yuan") + {
            "元/年": "/年",
            "yuan a year": " a year",
            "元/省·年": "/省·年" if lang == "zh" else " a province a year",
        }.get(unit, "")
    if unit == "share":
        return percent(value) + "%", ""
    decimals = 0 if value.is_integer() else 3 if abs(value) < 10 else 2
    text = number(value, decimals)
    return (text.rstrip("0").rstrip(".") if "." in text else text), unit_words(unit, lang)


def _formula(node: Node, study: Study, lang: str) -> str:
    rule = study.law.rules.get(node.name) if node.kind in ("rule", "sum") and node.formula else None
    return rule["formula" if lang == "zh" else "formula_en"] if rule else node.formula


def _source(node: Node, study: Study, lang: str) -> str:
    text = HEADER.sub(lambda found: f"「{_header(node, found.group(1), lang)}」", node.source)
    if node.kind != "parameter":
        return ABSENT.sub("not in the data", text) if lang != "zh" else text
    text, kinds = _own_sources(study, text, lang)
    titled = [
        one for one in study.law.sources.values() if lang != "zh" and text.startswith(one["title"])
    ]
    if titled:  # the longest: one title may begin like another
        document = max(titled, key=lambda one: len(one["title"]))
        text = document["title_en"] + text.removeprefix(document["title"])
    status = MARK.search(text)
    text = MARK.sub("", text)
    if lang != "zh":
        text = text.replace("自 ", "from ").replace("，", ", ")
    word = kinds or (
        STATUS[status.group(1)][0 if lang == "zh" else 1]
        if status and status.group(1) in STATUS
        else ""
    )
    return f"{text}〔{word}〕" if word else text


def _own_sources(study: Study, text: str, lang: str) -> tuple[str, str]:
    """A source of the data set by its title and kind instead of its number."""
    head, comma, rest = text.partition("，")
    own = study.tables["sources"]
    found = own[own["source"] == head]
    if found.empty or head in study.law.sources:
        return text, ""
    return foreign(found["title"].iloc[0], lang) + comma + rest, kind_word(
        found["kind"].iloc[0], lang
    )


def _table(node: Node, column: str) -> str:
    """The table a cell's column stands in; "" where none has it."""
    return (
        CELLS[node.name][0]
        if node.name in CELLS
        else next((one for one in PLACES if column in load_schema()[one]), "")
    )


def _header(node: Node, column: str, lang: str) -> str:
    """A column as the template heads it, with the name the file uses."""
    table = _table(node, column)
    return (
        f"{load_schema()[table][column].header}（{column}）"
        if lang == "zh" and column in load_schema().get(table, {})
        else column
    )


def _note(node: Node, parameter: Parameter | None, lang: str) -> str:
    note = node.note
    if note == "…":
        return "再往下的推导从略" if lang == "zh" else "what lies below is left out"
    if parameter is not None and parameter.kind == "reading":
        options = range_text(parameter, lang)
        note = OPTIONS.sub(
            f"文件没有写明，可作不同理解：{options}"
            if lang == "zh"
            else f"how the text is read, one of: {options}",
            note,
        )
    if lang != "zh":
        note = foreign(
            note.replace(" 元", " yuan")
            .replace("情景 ", "scenario ")
            .replace("：", ": ")
            .replace("；", "; "),
            lang,
        )
    return note
