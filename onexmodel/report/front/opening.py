"""What every report opens with: the study and the press, where it is about, the scheme's title, the meta line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ...analysis.study import Study, data_folder, open_study
from ...analysis.uncertainty import log2_for
from ...data import read_tables
from ...errors import Fault, ParameterError
from ...law.scenario import id_of
from ..page.press import SMALL, Press, press_for
from ..page.sentences import words_in

ACCOUNTS = ("assessments", "payments", "budget_lines")  # what only the settlement report reads


def opened(
    data: str,
    scenario: Sequence[str],
    settings: Mapping[str, str],
    province: str,
    college: str,
    year: int,
    lang: str,
    internal: bool,
    without: tuple[str, ...] = ACCOUNTS,
) -> tuple[Study, Press]:
    """Study and press. Raises ParameterError where a circulated report would show fewer than five colleges."""
    tables = read_tables(data_folder(data), without)
    known = set(tables["provinces"]["province"])
    if province == "44" and province not in known:
        province = ""  # the default province belongs to the national set
    study = open_study(data, scenario, settings, province, college, year, tables)
    colleges = int(study.scope()["college"].sum())
    if not college and not internal and colleges < SMALL:
        raise ParameterError(
            Fault(
                f"报告范围 {province or '全部'}",
                f"只有 {colleges} 所院校，流转版不足{SMALL}所不予显示",
                do="扩大范围；内部使用请设 internal（--internal）",
            )
        )
    return study, press_for(tables, lang, internal or bool(college))


def draws_for(study: Study, log2_draws: int) -> int:
    """log2 of the draws: as asked, or (0) by the size of the place."""
    return log2_draws or log2_for(study.rows)


def scenario_ids(scenario: Sequence) -> list[str]:
    """Scenarios by id: a path of somebody's machine does not belong in a record; the text of each scenario does."""
    return [name["id"] if isinstance(name, Mapping) else id_of(name) for name in scenario]


def place_name(study: Study, press: Press) -> str:
    """Where the report is about."""
    if study.college:
        row = study.tables["colleges"].set_index("college").loc[study.college]
        return press.place(row["name"] or study.college)
    if study.province:
        row = study.tables["provinces"].set_index("province").loc[study.province]
        return press.place(
            row["name_zh"] if press.lang == "zh" else row["name_en"] or row["name_zh"]
        )
    return press.place(words_in("front", press.lang).everywhere)


def scheme_title(study: Study, press: Press) -> str:
    """The scenario's own title, or what --set changed."""
    titles = [one.title[press.lang] for one in study.composition.scenarios if one.changes]
    sets = [f"{name}={value}" for name, value in study.composition.sets.items()]
    return "＋".join(titles + sets) or words_in("front", press.lang).current_law


def meta_line(study: Study, press: Press) -> str:
    """Place, year, how many colleges (all, and those that plan anything) and offerings."""
    base, scope = study.prepared.baseline, study.scope()
    at_work = scope["offering"] & (base.leaves["planned_candidates"] > 0)
    colleges, offerings = int(scope["college"].sum()), int(scope["offering"].sum())
    active = len(np.unique(base.space.maps["offering", "college"].index[at_work]))
    return words_in("front", press.lang).meta(
        place_name(study, press), study.year, colleges, active, offerings, study.tables.sha256[:8]
    )
