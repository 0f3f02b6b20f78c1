"""模型说明 in a report: the rules its first number leans on, each with formula, unit, clause, inputs, parameters and users, and the
picture of their graph; from the same source as docs/model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...analysis.study import Study
from ...engine.axes import SUMS
from ...engine.compile import mid_year
from ...engine.wire import RULES, inputs_of
from ...law.parameters import Law
from ..annex.local_changes import taken
from ..annex.sources import document_title
from ..annex.values import value_text
from ..page import blocks
from ..page.blocks import Block
from ..page.words import CHAPTERS, STATUS, unit_words
from ..page.writer import PageWriter
from .docs import chapter_of, dotted, inputs, users
from .graph import picture

ALWAYS = (
    "served",
    "approved_fee",
)  # what every plan leans on before its own rules: volumes served and the fee in force


def rules_of(law: Law, targets: Sequence[str]) -> list[str]:
    """Rules and declared sums that `targets` lean on, in the order of the documentation."""
    reach = inputs_of((*targets, *ALWAYS))
    return [name for name in law.rules if name in reach and (name in RULES or name in SUMS)]


def model_block(
    writer: PageWriter, study: Study, targets: Sequence[str], title: str, label: str
) -> Block:
    """The folded section. title: the report's first number in words."""
    words, law = writer.words("model"), study.composition.law
    names = rules_of(study.law, targets)
    boxes = [name for name in names if name in RULES]
    titles = {name: law.rules[name][writer.lang] for name in boxes}
    svg = picture(
        names,
        titles,
        {name: chapter_of(name) for name in boxes},
        words.alternative(title, len(boxes)),
        _last(targets, titles, title),
    )
    drawn = writer.figure(label, words.finding(title, len(boxes)), svg, note=words.graph_note)
    used = {name: [one for one in many if one in names] for name, many in users().items()}
    parts = []
    for chapter in CHAPTERS:
        some = [name for name in names if chapter_of(name) == chapter]
        parts += [blocks.heading(4, writer.word(CHAPTERS, chapter))] if some else []
        parts += [_rule(writer, study, name, used.get(name, ())) for name in some]
    head = blocks.heading(3, words.title, "model") + blocks.paragraphs(words.lead)
    rules = blocks.fold(words.fold(len(names)), blocks.together(parts))
    return blocks.group("model", head + drawn + rules)


def _last(
    targets: Sequence[str], titles: Mapping[str, str], title: str
) -> tuple[str, list[str]] | None:
    """What the report leads with as the end of the graph: its title and the rules it is summed of; None where a rule bears that title, or
    it is no sum of rules. titles: rule → words."""
    ends = [SUMS[name][0] if name in SUMS else name for name in targets]
    ends = [name for name in dict.fromkeys(ends) if name in titles]
    return (title, ends) if ends and title not in titles.values() else None


def _rule(writer: PageWriter, study: Study, name: str, used: Sequence[str]) -> Block:
    words, law = writer.words("model"), study.composition.law
    rule, source = law.rules[name], law.sources[law.rules[name]["source"]]
    taken = [dotted(one, law) for one in inputs(name)]
    parameters = [_parameter(writer, study, one) for one in taken if one in law.parameters]
    rules = [law.rules[one][writer.lang] for one in taken if one in law.rules]
    lines = [
        words.by_clause(rule["clause"], source["number"] or document_title(source, writer.lang)),
        words.takes(rules) if rules else "",
        words.parameters(parameters) if parameters else "",
        words.used_by(law.rules[one][writer.lang] for one in used) if used else "",
    ]
    unit = unit_words(rule["unit"], writer.lang)
    unit = unit.join(words.brackets) if unit else ""
    formula = rule["formula" if writer.lang == "zh" else "formula_en"]
    return blocks.rule(rule[writer.lang], f"{unit}　＝{formula}", [line for line in lines if line])


def _parameter(writer: PageWriter, study: Study, name: str) -> tuple[str, str, str]:
    """(name, value in force, source) of a parameter in words."""
    law, day = study.composition.law, mid_year(study.year)
    parameter, origin = law.parameters[name], law.origin(name, day)
    document = law.sources.get(origin.source) if origin else None
    if origin is None or document is None:
        source = writer.words("model").data_set
    elif origin.source == "ASSUMPTION":
        source = writer.word(STATUS, "assumption")
    else:
        source = document["number"] or document_title(document, writer.lang)
    value = taken(
        writer, study, law.at(day), name, lambda one: value_text(one, writer.lang, parameter)
    )
    return parameter.title(writer.lang), value, source
