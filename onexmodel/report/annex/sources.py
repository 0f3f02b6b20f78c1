"""What a report rests on: the documents behind its parameters, the data set's own sources, and the clauses it answers."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pandas as pd

from ...analysis.study import Study
from ...engine.compile import mid_year
from ...law.parameters import Law, Parameter
from ..page.blocks import Block, unbroken
from ..page.sentences import words_in
from ..page.words import IN_FORCE, ISSUERS, SOURCE_KINDS, called, foreign
from ..page.writer import PageWriter

POINT = re.compile(r"(GD|NAT|154)(?: (\d)|, closing)?")


def document_title(source, lang: str) -> str:
    """The name of a document of the law."""
    return source["title"] if lang == "zh" else source["title_en"]


def kind_word(kind: str, lang: str) -> str:
    """政策文件, 公告, 假设 … in the report's language."""
    return called(SOURCE_KINDS, kind, lang)


def cap_source(study: Study, parameter: Parameter, lang: str) -> tuple[list[str], list[str]]:
    """(titles, kinds) of the data set's own sources behind a cap's amounts, level by level."""
    day, titles, kinds = mid_year(study.year), [], []
    own = study.tables["sources"].drop_duplicates("source").set_index("source")
    for level in dict.fromkeys(value.level for value in parameter.values):
        value = parameter.at(day, level)
        if value is not None and value.source in own.index:
            titles.append(foreign(own.loc[value.source, "title"], lang))
            kinds.append(own.loc[value.source, "kind"])
    return list(dict.fromkeys(titles)), list(dict.fromkeys(kinds))


def cap_kinds(study: Study) -> list[str]:
    """Kinds of the sources behind the caps in force."""
    return list(
        dict.fromkeys(
            kind
            for parameter in study.composition.law.parameters.values()
            if parameter.type == "cap"
            for kind in cap_source(study, parameter, "zh")[1]
        )
    )


def sources(writer: PageWriter, study: Study, topics: Iterable[str], label: str) -> Block:
    """The documents behind those parameters, and every source the data set names for its rows."""
    law, lang, words = study.composition.law, writer.lang, writer.words("annex")
    used = dict.fromkeys(
        value.source
        for name, parameter in law.parameters.items()
        if name.startswith(tuple(topics))
        for value in parameter.values
        if value.source in law.sources
    )
    used |= dict.fromkeys(("NAT", "GD", "CAP", "154"))
    rows = [
        [
            document_title(one, lang),
            called(ISSUERS, one["issuer"], lang),
            one["number"] or "—",
            unbroken(one["issued_on"] or "—"),
            kind_word(one["kind"], lang),
            writer.word(IN_FORCE, one["in_force"]),
        ]
        for one in (law.sources[key] for key in used)
    ]
    for row in study.tables["sources"].itertuples():
        if row.source in law.sources:
            continue
        rows.append(
            [
                foreign(row.title, lang),
                foreign(called(ISSUERS, row.issuer, lang), lang) or "—",
                words.own_source(row.source),
                unbroken("—" if pd.isna(row.issued_on) else str(row.issued_on)[:10]),
                kind_word(row.kind, lang),
                writer.word(IN_FORCE, row.in_force or "unverified"),
            ]
        )
    header = list(words.source_columns.values())
    return writer.table(
        label, words.sources_title, header, rows, text=True, note=words.sources_note
    )


def documents(study: Study, report: str, topics: Iterable[str]) -> list[str]:
    """Numbers (文号) of the policy documents that the report rests on: behind the clauses it answers and those parameters, issued by the end of
    its year, of the nation or of the one province it is about."""
    law = study.composition.law
    clauses = (clause["where"] for clause in law.clauses if report in clause["reports"])
    used = {key for where in clauses for key, _ in POINT.findall(where)}
    used |= {
        value.source
        for name, parameter in law.parameters.items()
        if name.startswith(tuple(topics))
        for value in parameter.values
    }
    here = study.provinces or tuple(study.tables["provinces"]["province"])
    own = here[0] if len(here) == 1 else ""
    return [
        one["number"]
        for key, one in law.sources.items()
        if key in used
        and "level" in one
        and str(one["issued_on"])[:4] <= str(study.year)
        and (one["level"] == "national" or one["province"] == own)
    ]


def where_words(law: Law, where: str, lang: str) -> str:
    """GD 1, NAT 2 → 粤教职函〔2020〕31号第1点、教财厅函〔2020〕12号第2点."""
    places = [(law.sources[key]["number"], point) for key, point in POINT.findall(where)]
    return words_in("annex", lang).clause_places(places)


def clause_table(writer: PageWriter, study: Study, report: str, label: str) -> Block:
    """Clause → rules → parameters for the clauses this report answers, all by their names."""
    law, lang, words = study.law, writer.lang, writer.words("annex")

    def titles(names: Iterable[str]) -> str:
        return words.listed(names) or "—"

    rows = [
        [
            clause["clause"],
            clause[lang],
            where_words(law, clause["where"], lang),
            titles(law.rules[one][lang] if one in law.rules else one for one in clause["rules"]),
            titles(law.parameters[name].title(lang) for name in clause["parameters"]),
        ]
        for clause in law.clauses
        if report in clause["reports"]
    ]
    header = list(words.clause_columns.values())
    return writer.table(label, words.clauses_title, header, rows, text=True)
