"""What a table's columns are and how they are made: name, formula, unit, clause and source from the rule graph, totals with their tree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from ...analysis.derive import FUNDING, Derivation, derivation
from ...analysis.node import Node
from ...analysis.place_tree import place_tree
from ...analysis.study import Study
from ...data.schema import load_schema
from ...engine.axes import SUMS
from ...engine.wire import ARGUMENTS, AXIS
from ...errors import Fault, ReportError, nearest
from ...law.parameters import Law
from ...law.registry import adds_up as stated_sum
from ..page.html import Block
from ..page.press import Press, TableNote
from ..page.tree import as_html
from ..page.words import unit_words
from .cited import document_title
from .notes import Note
from .speak import spoken

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
    document = law.sources[law.rules[name]["source"]] if name in law.rules else {}
    if name in law.rules:
        rule = law.rules[name]
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
            "参数，见附表" if lang == "zh" else "a parameter, see the annex",
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
    where = (
        f"数据表「{spec.sheet}」的「{spec.header}」列"
        if lang == "zh"
        else f"column {column} of table {table}"
    )
    return Quantity(
        name,
        spec.header if lang == "zh" else column.replace("_", " "),
        unit_words(spec.unit, lang),
        where,
        "",
        spec.comes_from if lang == "zh" else "data set",
    )


def takes(name: str) -> tuple[str, ...]:
    """What a rule or a declared sum is made of."""
    return (SUMS[name][0],) if name in SUMS else tuple(ARGUMENTS.get(name, ()))


def table_notes(
    press: Press, study: Study, tables: Sequence[TableNote], notes: Sequence[Note] = ()
) -> Block:
    """The notes of the tables printed so far: for each its quantities; each quantity once, with the tree of its total where it adds up.
    A total that a headline's note has already derived is referred to there."""
    if not tables:
        return Block("")
    say, known = press.say, _roots(notes)
    names = list(dict.fromkeys(name for table in tables for name in table.columns))
    derived = (
        derivation(study, "none", stored=True)
        if any(adds_up(name) and name not in known for name in names)
        else None
    )
    lead = say(
        "各表的栏目由下列规则算出，与测算用的是同一组规则；合计另附推导。",
        "The columns of the tables are made by these rules, the ones the calculation runs on; totals come with their derivation.",
    )
    parts = [f"<p>{escape(lead)}</p>"]
    for table in tables:
        items = "".join(
            f'<li><a href="#q-{name}">{escape(described(study.law, name, press.lang).title)}</a></li>'
            for name in table.columns
        )
        parts.append(
            f'<div class="trace" id="{table.anchor}"><details><summary>{escape(table.label)}　{escape(table.caption)}</summary><ul>{items}</ul>'
            f'<p><a href="#m{table.anchor}">↑ {say("返回", "back")}</a></p></details></div>'
        )
    return Block(
        "".join(parts) + "".join(_entry(press, study, name, known, derived) for name in names)
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
    press: Press, study: Study, name: str, known: Mapping[str, int], derived: Derivation | None
) -> str:
    say, one = press.say, described(study.law, name, press.lang)
    unit = say(f"（{one.unit}）", f" ({one.unit})") if one.unit else ""
    made = [
        described(study.law, other, press.lang).title
        for other in takes(name)
        if other in study.law.rules
    ]
    facts = [
        f"＝{one.formula}" if name in study.law.rules else one.formula,
        f"{say('用到：', 'takes: ')}{say('、', ', ').join(made)}" if made else "",
        say(f"条款 {one.clause}；依据 {one.source}", f"clause {one.clause}; source {one.source}")
        if one.clause
        else f"{say('来源：', 'from: ')}{one.source}",
    ]
    body = "".join(f"<p>{escape(fact)}</p>" for fact in facts if fact)
    if name in known:
        body += f'<p><a href="#n{known[name]}">{say(f"合计的推导见注{known[name]}", f"total derived in note {known[name]}")}</a></p>'
    elif adds_up(name) and derived is not None:
        body += as_html(
            spoken(_total(derived, name, press.lang), study, press.lang), press.internal, press.lang
        )
    return f'<div class="trace quantity" id="q-{name}"><details><summary>{escape(one.title)}{escape(unit)}</summary>{body}</details></div>'


def _total(derived: Derivation, name: str, lang: str) -> Node:
    return place_tree(derived, "scenario", name, lang, depth=1)
