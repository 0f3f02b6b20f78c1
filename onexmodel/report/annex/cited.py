"""What a report rests on: the documents behind its parameters, the data set's own sources, and the clauses it answers."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pandas as pd

from ...analysis.study import Study
from ...engine.compile import mid_year
from ...law.parameters import Law, Parameter
from ..page.html import Block, unbroken
from ..page.press import Press
from ..page.words import DOCUMENTS, IN_FORCE, ISSUERS, SOURCE_KINDS, foreign

POINT = re.compile(r"(GD|NAT|154)(?: (\d)|, closing)?")


def document_title(source, lang: str) -> str:
    """The name of a document of the law."""
    return source["title"] if lang == "zh" else source["title_en"]


def kind_word(kind: str, lang: str) -> str:
    """政策文件, 公告, 假设 … in the report's language."""
    return kind if lang == "zh" else SOURCE_KINDS.get(kind, kind)


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


def sources(press: Press, study: Study, topics: Iterable[str], label: str) -> Block:
    """The documents behind those parameters, and every source the data set names for its rows."""
    law, lang = study.composition.law, press.lang
    used = dict.fromkeys(
        value.source
        for name, parameter in law.parameters.items()
        if name.startswith(tuple(topics))
        for value in parameter.values
        if value.source in law.sources
    )
    used |= dict.fromkeys(("NAT", "GD", "CAP", "154"))
    rows = []
    for one in (law.sources[key] for key in used):
        issuer = one["issuer"] if lang == "zh" else ISSUERS.get(one["issuer"], one["issuer"])
        rows.append(
            [
                document_title(one, lang),
                issuer,
                one["number"] or "—",
                unbroken(one["issued_on"] or "—"),
                kind_word(one["kind"], lang),
                press.word(IN_FORCE, one["in_force"]),
            ]
        )
    for row in study.tables["sources"].itertuples():
        if row.source not in law.sources:
            issuer = (
                row.issuer if lang == "zh" else ISSUERS.get(row.issuer, foreign(row.issuer, lang))
            )
            day = "—" if pd.isna(row.issued_on) else str(row.issued_on)[:10]
            rows.append(
                [
                    foreign(row.title, lang),
                    issuer or "—",
                    press.say("数据集 ", "data set ") + row.source,
                    unbroken(day),
                    kind_word(row.kind, lang),
                    press.word(IN_FORCE, row.in_force or "unverified"),
                ]
            )
    header = [
        press.say(*pair)
        for pair in (
            ("文件或资料", "document"),
            ("发文机关或作者", "issuer or author"),
            ("文号或编号", "number"),
            ("日期", "date"),
            ("性质", "kind"),
            ("现行有效", "in force"),
        )
    ]
    note = press.say(
        "编号以「数据集」开头的，是所用数据自带的来源说明。",
        "Numbers that begin with “data set” are sources the data name for themselves. 〔zh〕: the title is in Chinese.",
    )
    return press.table(label, press.say("依据", "Sources"), header, rows, text=True, note=note)


def where_words(where: str, lang: str) -> str:
    """GD 1, NAT 2 → 粤教职函〔2020〕31号第1点、教财厅函〔2020〕12号第2点."""
    said = []
    for document, point in POINT.findall(where):
        place = (
            (f"第{point}点" if lang == "zh" else f", point {point}")
            if point
            else ("结尾" if lang == "zh" else ", closing words")
        )
        said.append(DOCUMENTS[document] + place)
    return ("、" if lang == "zh" else "; ").join(said)


def rule_title(law: Law, name: str, lang: str) -> str:
    """A rule by its name for people."""
    return law.rules[name][lang] if name in law.rules else name


def clause_table(press: Press, study: Study, report: str, label: str) -> Block:
    """Clause → rules → parameters for the clauses this report answers, all by their names."""
    law, lang, join = study.law, press.lang, press.say("、", ", ")
    rows = [
        [
            clause["clause"],
            clause[lang],
            where_words(clause["where"], lang),
            join.join(rule_title(law, name, lang) for name in clause["rules"]) or "—",
            join.join(law.parameters[name].title(lang) for name in clause["parameters"]) or "—",
        ]
        for clause in law.clauses
        if report in clause["reports"]
    ]
    header = [
        press.say(*pair)
        for pair in (
            ("条款", "clause"),
            ("内容（转述）", "content (our words)"),
            ("出处", "where"),
            ("规则", "rules"),
            ("参数", "parameters"),
        )
    ]
    return press.table(
        label, press.say("条款—规则—参数对照", "Clause, rules, parameters"), header, rows, text=True
    )
