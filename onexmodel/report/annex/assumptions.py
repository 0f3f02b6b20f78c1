"""The assumptions log: every parameter a report rests on, with its value, spread, status, reason and effect."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from ...analysis.draws.effects import Effects
from ...analysis.study import Study
from ...engine.compile import mid_year
from ...law.parameters import Parameter
from ..page.blocks import Block, together, unbroken
from ..page.numbers import NumberFormat, count, signed, with_unit
from ..page.words import KINDS, unit_words
from ..page.writer import PageWriter
from .local_changes import reasons, taken
from .sources import cap_source
from .values import range_text, value_text

MOVES = re.compile("[1-9]")  # what is printed of an effect that is more than nothing


def assumptions(
    writer: PageWriter,
    study: Study,
    topics: Iterable[str],
    label: str,
    moved: Effects | None = None,
    title: str = "",
    unit: str = "",
    write: NumberFormat = count,
) -> Block:
    """Every parameter of the topics with value, spread, status and reason; what the scenario or --set changed is said so. With `moved`
    also what each does to the report's first number (`title`, `unit`, written by `write`), and paper does without those that do nothing."""
    lang, day, words = writer.lang, mid_year(study.year), writer.words("annex")
    before, law = study.composition.baseline_law.at(day), study.composition.law
    rows: list[list[object]] = []
    moves: list[bool] = []
    after = law.at(day)
    for name, parameter in law.parameters.items():
        if not name.startswith(tuple(topics)):
            continue
        texts = [
            taken(
                writer,
                study,
                view,
                name,
                lambda value, parameter=parameter: value_text(value, lang, parameter),
            )
            for view in (before, after)
        ]
        status, reason = _standing(writer, study, parameter)
        local = reasons(writer, study, parameter)
        shown = (
            str if parameter.type == "choice" else unbroken
        )  # a range of numbers keeps to one line
        row = [
            parameter.title(lang),
            with_unit(" → ".join(dict.fromkeys(texts)), _unit(parameter, after[name], lang)),
            shown(range_text(parameter, lang)),
            writer.word(KINDS, parameter.kind),
            status,
            words.with_local(reason, local) if local else reason,
        ]
        effect = effect_text(writer, moved, parameter, write) if moved else ""
        rows.append(row + ([shown(effect)] if moved else []))
        known = effect in words.effects.values()  # set here, or not tested alone
        moves.append(not moved or known or bool(MOVES.search(effect)))
    header = list(words.assumption_columns.values())
    return writer.table(
        label,
        words.assumptions_title,
        header + ([words.effect_column(title, unit)] if moved else []),
        rows,
        text=True,
        note=words.assumptions_note(bool(moved), moves.count(False)),
        quiet=[i for i, one in enumerate(moves) if not one],
    )


def _unit(parameter: Parameter, value: Any, lang: str) -> str:
    """The unit behind a value that is a plain number; shares are in % already."""
    plain = parameter.type in ("number", "cap") and not parameter.unit.startswith("share")
    plain = plain and value not in (None, {}) and value != {"all": float("inf")}
    return unit_words(parameter.unit, lang) if plain else ""


def _standing(writer: PageWriter, study: Study, parameter: Parameter) -> tuple[object, str]:
    """(status, reason) of a parameter; a cap is as good as the data set's own source says, whatever document it should come from."""
    if parameter.type != "cap":
        return writer.tag(parameter.status), parameter.because(writer.lang)
    titles, kinds = cap_source(study, parameter, writer.lang)
    given = together(map(writer.tag_of, kinds)) if kinds else writer.tag("required")
    document = study.law.sources["CAP"]["number"]
    words = writer.words("annex")
    return given, words.cap_reason(titles, parameter.reason, document)


def effect_text(
    writer: PageWriter, moved: Effects, parameter: Parameter, write: NumberFormat
) -> str:
    """The cell 对结论的影响 of one parameter."""
    words = writer.words("annex")
    if parameter.name in moved.set_here:
        return words.effects["set_here"]
    if parameter.name in moved.untested:
        return words.effects["untested"]
    if parameter.name not in moved.found:
        return "—"
    parts = moved.found[parameter.name].parts
    changes = [signed(write(change)) for _, change in parts]
    if parameter.type in ("number", "by_tier"):
        return (
            changes[0]
            if len(set(changes)) == 1
            else writer.span([change for _, change in parts], write, sign=True).strip() or "—"
        )
    options = [value_text(option, writer.lang, parameter) for option, _ in parts]
    return words.pairs(zip(options, changes, strict=True))
