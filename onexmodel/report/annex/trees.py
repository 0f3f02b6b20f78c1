"""A derivation tree in the words of readers: codes by their names, shares in %, large sums in 万元 or CNY million, no programmer's English."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from ...analysis.explain.cells import CELLS
from ...analysis.explain.node import Node
from ...analysis.explain.tree import LEFT_OUT, OPENED_ABOVE
from ...analysis.study import Study
from ...data.schema import load_schema
from ...law.parameters import Parameter
from ..page.numbers import money_in, number, percent
from ..page.sentences import Words, words_in
from ..page.words import STATUS, called, code_word, foreign, unit_words
from .local_changes import names
from .sources import kind_word
from .values import range_text, trimmed, value_text

LARGE = 1e6  # below a million every yuan and fen is shown
UNOPENED = {LEFT_OUT: "left_out", OPENED_ABOVE: "opened_above"}  # note → its words
MARK = re.compile(r"［(\w+)］$")
HEADER = re.compile(r"「([a-z_]+)」")
PLACES = (
    "ingredients",
    "assessments",
    "payments",
    "fees",
    "funding",
)  # where a column of a settlement or ledger tree may stand


def spoken(node: Node, study: Study, lang: str) -> Node:
    """The same tree for people. Numbers are the same; large amounts are written in 万元, in English in CNY million."""
    return Reader(study, lang, words_in("annex", lang), names(study, lang)).node(node)


@dataclass(frozen=True)
class Reader:
    """Who reads a tree of the study: the language, its words, and code → proper name."""

    study: Study
    lang: str
    words: Words
    names: Mapping[str, str]

    def node(self, node: Node) -> Node:
        """A node with all below it."""
        parameter = self.study.law.parameters.get(node.name) if node.kind == "parameter" else None
        value, unit = self._value(node, parameter)
        return replace(
            node,
            title=self._title(node),
            where=self._where(node),
            value=value,
            unit=unit,
            formula=self._formula(node),
            source=self._source(node),
            note=self._note(node.note, parameter),
            children=tuple(self.node(child) for child in node.children),
        )

    def _where(self, node: Node) -> str:
        if node.kind == "rest":  # how many parts: 45 is no province there
            return node.where
        return " ".join(self._place(word) for word in node.where.split(" "))

    def _title(self, node: Node) -> str:
        if node.kind == "cell" and self.lang != "zh":
            return node.title.replace("_", " ")
        if node.kind == "cell" and node.title == node.name and (table := _table(node, node.name)):
            return load_schema()[table][node.name].header
        head, dot, code = node.title.partition("·")
        if dot:
            return f"{head}·{self._named(code)}"
        if node.name.startswith("limit_") and node.title.startswith("limit "):
            return f"limit {code_word(node.title.removeprefix('limit '), self.lang)}"
        return node.title

    def _named(self, code: str) -> str:
        return self.names.get(code, code_word(code, self.lang))

    def _place(self, word: str) -> str:
        return self.words.places.get(word) or self._named(word)

    def _value(self, node: Node, parameter: Parameter | None) -> tuple[object, str]:
        value, unit = node.value, node.unit
        if parameter is not None:
            share = parameter.unit.startswith("share")
            return (
                value_text(value, self.lang, parameter),
                "" if share else unit_words(parameter.unit, self.lang),
            )
        if isinstance(value, str):
            return code_word(value, self.lang), unit
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return amount(float(value), unit, self.lang)
        return value, unit_words(unit, self.lang)

    def _formula(self, node: Node) -> str:
        known = node.kind in ("rule", "sum") and node.formula
        rule = self.study.law.rules.get(node.name) if known else None
        return rule["formula" if self.lang == "zh" else "formula_en"] if rule else node.formula

    def _source(self, node: Node) -> str:
        text = HEADER.sub(lambda found: f"「{self._header(node, found.group(1))}」", node.source)
        if node.kind != "parameter":
            for pattern, words in self.words.absent.items():
                text = re.sub(pattern, words, text)
            return text
        text, kinds = self._own_source(text)
        titled = [one for one in self.study.law.sources.values() if text.startswith(one["title"])]
        if titled and self.lang != "zh":  # the longest: one title may begin like another
            document = max(titled, key=lambda one: len(one["title"]))
            text = document["title_en"] + text.removeprefix(document["title"])
        status = MARK.search(text)
        text = _said(MARK.sub("", text), self.words.said_of_parameters)
        kind = status.group(1) if status else ""
        word = kinds or (called(STATUS, kind, self.lang) if kind in STATUS else "")
        return f"{text}（{word}）" if word else text

    def _own_source(self, text: str) -> tuple[str, str]:
        """A source of the data set by its title and kind instead of its number."""
        head, comma, rest = text.partition("，")
        own = self.study.tables["sources"]
        found = own[own["source"] == head]
        if found.empty or head in self.study.law.sources:
            return text, ""
        title, kind = found["title"].iloc[0], found["kind"].iloc[0]
        return foreign(title, self.lang) + comma + rest, kind_word(kind, self.lang)

    def _header(self, node: Node, column: str) -> str:
        """A column as the template heads it, with the name the file uses."""
        spec = load_schema().get(_table(node, column), {}).get(column)
        return column if spec is None else self.words.header_of(spec.header, column)

    def _note(self, note: str, parameter: Parameter | None) -> str:
        if note in UNOPENED:
            return getattr(self.words, UNOPENED[note])
        if parameter is not None and parameter.kind == "reading":
            read = self.words.read_as(range_text(parameter, self.lang))
            note = re.sub(self.words.reading, read, note)
        return foreign(_said(note, self.words.said_in_notes), self.lang)


def amount(value: float, unit: str, lang: str) -> tuple[object, str]:
    """(number, unit) of an amount of a tree as people write it."""
    words = words_in("annex", lang)
    if not math.isfinite(value):
        return words.unlimited if value > 0 else words.no_number, ""
    if unit in words.large_sums and abs(value) >= LARGE:
        return money_in(lang, alone=False)(value), words.large_sums[unit]
    if unit == "share":
        return percent(value) + "%", ""
    decimals = 0 if value.is_integer() else 3 if abs(value) < 10 else 2
    return trimmed(number(value, decimals)), unit_words(unit, lang)


def _said(text: str, otherwise: Mapping[str, str]) -> str:
    """The text with each of these in other words."""
    for words, other in otherwise.items():
        text = text.replace(words, other)
    return text


def _table(node: Node, column: str) -> str:
    """The table a cell's column stands in; "" where none has it."""
    return (
        CELLS[node.name][0]
        if node.name in CELLS
        else next((one for one in PLACES if column in load_schema()[one]), "")
    )
