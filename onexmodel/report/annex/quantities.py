"""What a table's columns are and how they are made: name, formula, unit, clause and source from the rule graph, totals with their tree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ...analysis.explain.derive import FUNDING, Derivation, derivation
from ...analysis.explain.place import place_tree
from ...analysis.study import Study
from ...data.schema import load_schema
from ...engine.axes import SUMS
from ...engine.wire import ARGUMENTS, AXIS
from ...errors import Fault, ReportError, nearest
from ...law.parameters import Law
from ...law.registry import adds_up as stated_sum
from ..page import blocks
from ..page.blocks import Block
from ..page.sentences import words_in
from ..page.tree import as_block
from ..page.words import unit_words
from ..page.writer import PageWriter, TableNote
from .notes import Note
from .sources import document_title
from .trees import spoken

SUMMED = ("offering", "college", "supplier")  # axes whose yearly amounts add up over a place


@dataclass(frozen=True)
class Quantity:
    """A quantity in the words of one language."""

    name: str
    title: str
    unit: str
    formula: str
    clause: str
    source: str


def described(law: Law, name: str, lang: str) -> Quantity:
    """A rule, a declared sum, a parameter, or a column of the data ("table.column"). Raises ReportError naming the nearest."""
    words = words_in("annex", lang)
    if name in law.rules:
        rule, document = law.rules[name], law.sources[law.rules[name]["source"]]
        return Quantity(
            name,
            rule[lang],
            unit_words(rule["unit"], lang),
            rule["formula" if lang == "zh" else "formula_en"],
            rule["clause"],
            document["number"] or document_title(document, lang),
        )
    if name in law.parameters:
        parameter = law.parameters[name]
        return Quantity(
            name,
            parameter.title(lang),
            unit_words(parameter.unit, lang),
            words.a_parameter,
            parameter.clause,
            parameter.because(lang),
        )
    table, _, column = name.partition(".")
    spec = load_schema().get(table, {}).get(column)
    if spec is None:
        raise ReportError(
            Fault(
                f"表的栏目 {name}",
                "没有这个规则、参数或数据列",
                nearest=nearest(name, [*law.rules, *law.parameters]),
                do="用 rules/*.yaml 的名称，或「表.列」",
            )
        )
    return Quantity(
        name,
        words.column_title(spec.header, column),
        unit_words(spec.unit, lang),
        words.column_of(spec.header, spec.sheet, column, table),
        "",
        words.column_source(spec.comes_from),
    )


def takes(name: str) -> tuple[str, ...]:
    """What a rule or a declared sum is made of."""
    return (SUMS[name][0],) if name in SUMS else tuple(ARGUMENTS.get(name, ()))


def table_notes(
    writer: PageWriter, study: Study, tables: Sequence[TableNote], notes: Sequence[Note] = ()
) -> Block:
    """The notes of the tables printed so far: for each its quantities; each quantity once, with the tree of its total where it adds up.
    A total that a headline's note has already derived is referred to there."""
    if not tables:
        return Block("")
    words, known = writer.words("annex"), _roots(notes)
    names = list(dict.fromkeys(name for table in tables for name in table.columns))
    derived = (
        derivation(study, "none", stored=True)
        if any(adds_up(name) and name not in known for name in names)
        else None
    )
    parts = [blocks.group("on-screen", blocks.paragraphs(words.tables_lead))]
    for table in tables:
        titles = [(one, described(study.law, one, writer.lang).title) for one in table.columns]
        body = blocks.bullets([blocks.link(f"q-{name}", title) for name, title in titles])
        body += blocks.paragraphs(blocks.link(f"m{table.anchor}", f"↑ {words.back}"))
        parts.append(blocks.note(table.anchor, f"{table.label}　{table.caption}", body))
    return blocks.together(
        [*parts, *(_entry(writer, study, name, known, derived) for name in names)]
    )


def _roots(notes: Sequence[Note]) -> Mapping[str, int]:
    """Quantity → the note whose tree, or one of its first branches, derives it."""
    found: dict[str, int] = {}
    for note in notes:
        for tree in note.trees:
            for node in (tree, *tree.children):
                if node.kind == "sum" and node.children:
                    found.setdefault(node.name, note.number)
    return found


def adds_up(name: str) -> bool:
    """Is the quantity an amount a year on rows that add up over a place?"""
    return name in FUNDING or (AXIS.get(name) in SUMMED and stated_sum(name))


def _entry(
    writer: PageWriter,
    study: Study,
    name: str,
    known: Mapping[str, int],
    derived: Derivation | None,
) -> Block:
    words, one = writer.words("annex"), described(study.law, name, writer.lang)
    made = [
        described(study.law, other, writer.lang).title
        for other in takes(name)
        if other in study.law.rules
    ]
    facts = [
        f"＝{one.formula}" if name in study.law.rules else one.formula,
        words.takes(made) if made else "",
        words.by_clause(one.clause, one.source) if one.clause else words.comes_from(one.source),
    ]
    body = blocks.paragraphs(*facts)
    if name in known:
        there = blocks.link(f"n{known[name]}", words.derived_in(known[name]))
        body += blocks.paragraphs(there)
    elif adds_up(name) and derived is not None:
        total = place_tree(derived, "scenario", name, writer.lang, depth=1)
        body += as_block(spoken(total, study, writer.lang), writer.internal, writer.lang)
    head = words.with_unit(one.title, one.unit)
    return blocks.note(f"q-{name}", head, body, "trace quantity")
