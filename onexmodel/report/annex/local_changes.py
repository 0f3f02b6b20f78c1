"""What a scenario sets apart at some places, in words: the places, the values, the scenario's reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ...analysis.study import Study
from ...data.schema import load_schema
from ...engine.compile import mid_year
from ...engine.places.names import KEYS, words_of
from ...languages import in_language, said
from ...law.local import LOCAL, Where
from ...law.parameters import Parameter
from ...law.scenario import Change
from ..page.words import CODES, ITEMS, code_word, column_word, foreign, proper
from ..page.words import called as name_of
from ..page.writer import PageWriter


def names(study: Study, lang: str) -> Mapping[str, str]:
    """Code → name of provinces, certificates and organisations, as words.proper writes those that have a Chinese name only."""
    provinces = study.tables["provinces"]
    made = {
        one.province: one.name_zh if lang == "zh" else one.name_en or foreign(one.name_zh, lang)
        for one in provinces.itertuples()
    }
    for table, key in (("certificates", "certificate"), ("organisations", "organisation")):
        frame = study.tables[table]
        made |= {
            code: proper(code, name, lang)
            for code, name in zip(frame[key], frame["name"], strict=True)
        }
    return made


def where_said(writer: PageWriter, study: Study, where: Where) -> str:
    """广东、示例证书一中级: several words of one kind joined, kinds side by side. A circulated report counts colleges and names none."""
    if not where:
        return ""
    named = names(study, writer.lang)
    parts = []  # (how many colleges, 0: named), names
    for key, words in sorted(where, key=lambda one: list(KEYS).index(one[0])):
        known = words_of(study.tables.frames, key)
        codes = [known.get(word, word) for word in words]
        hidden = key == "college" and not writer.internal
        called = [named.get(code, code_word(code, writer.lang)) for code in codes]
        parts.append((len(words), ()) if hidden else (0, called))
    return writer.words("annex").where(parts)


def rows_said(writer: PageWriter, study: Study, change: Change) -> list[tuple[str, Sequence[str]]]:
    """(column, words) of each condition on the rows that a change of the data means, by their names. In a circulated report the
    conditions by which a single college could be told stand as one ("", ()), at the end."""
    table = change.target.split("/")[0]
    shown = [one for one in change.where if writer.internal or not _tells(study, table, *one)]
    columns, lang, named = load_schema()[table], writer.lang, names(study, writer.lang)
    made: list[tuple[str, Sequence[str]]] = []
    for key, words in shown:
        title = KEYS.get(key) or (columns[key].header if key in columns else key)
        codes = ITEMS if key == "item" else CODES
        called = [
            named.get(word)
            or (name_of(codes, word, lang) if word in codes else column_word(key, word, lang))
            or writer.words("annex").blank
            for word in words
        ]
        made.append((said(lang, title, key.replace("_", " ")), called))
    return made if len(shown) == len(change.where) else [*made, ("", ())]


def _tells(study: Study, table: str, key: str, words: Sequence[str]) -> bool:
    """Could a condition on a table's rows tell a single college? Not where the table knows none, by kinds of places and things (codes from
    a list, years), or where an owner is a province."""
    columns = load_schema()[table]
    if not {"college", "owner"} & set(columns):
        return False
    if key == "owner":
        colleges = words_of(study.tables.frames, "college")
        return any(word in colleges for word in words)
    kind = columns[key].type if key in columns else ""
    kinds = kind in ("enum", "bool", "code") or key in ("form", "year")
    return key == "college" or not (key in KEYS or kinds)


def local_said(writer: PageWriter, study: Study, view: Mapping, name: str, write: Callable) -> str:
    """中职 0.6；广东 0.3: the values that hold at some places of the study's place only; "" where there are none."""
    return writer.words("annex").pairs(
        [
            (where_said(writer, study, where), write(value))
            for where, value in view.get(LOCAL, {}).get(name, ())
        ]
    )


def taken(writer: PageWriter, study: Study, view: Mapping, name: str, write: Callable) -> str:
    """0.5, or 0.5（中职 0.6）where some places have another value."""
    local = local_said(writer, study, view, name, write)
    return writer.words("annex").taken(write(view[name]), local)


def reasons(writer: PageWriter, study: Study, parameter: Parameter) -> list[tuple[str, str, str]]:
    """Who sets the parameter apart in the place: (where, the scenario's title, why), each once."""
    titles = {
        one.id: in_language(one.title, writer.language) for one in study.composition.scenarios
    }
    set_apart = (*parameter.local, *(one for one in parameter.values if one.where))
    return list(
        dict.fromkeys(
            (
                where_said(writer, study, one.where),
                titles.get(one.changed_by, one.changed_by),
                foreign(one.note, writer.lang),
            )
            for one in set_apart
            if one.holds(mid_year(study.year))
        )
    )
