"""What every report opens with: the study and the writer, where it is about, the scheme's title, the meta line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from ...analysis.draws.sample import log2_for, study_draws
from ...analysis.study import Study, data_folder, open_study, shipped_set
from ...data import Tables, read_tables
from ...errors import Fault, ParameterError, visible
from ...languages import in_language
from ...law.compose import Composition
from ...law.scenario import id_of
from ..annex.record import PRODUCT
from ..annex.values import value_text
from ..make.gate import ReportParameters
from ..page.style import use_style
from ..page.writer import SMALL, PageWriter, writer_for

ACCOUNTS = ("assessments", "payments", "budget_lines")  # what only the settlement report reads


@dataclass(frozen=True)
class Opened:
    """What a report is made from: the study, the writer, the parameters that its record keeps, and the draws."""

    study: Study
    writer: PageWriter
    parameters: Mapping[str, Any]
    drawn: Mapping[str, np.ndarray]


def opened(
    asked: ReportParameters,
    without: tuple[str, ...] = ACCOUNTS,
    nation: bool = False,
    tables: Tables | None = None,
) -> Opened:
    """Open data, scenario and place, leaving out the tables `without`; `nation`: every province, whatever `province` says; `tables`: the data,
    where they have been read already. Raises ParameterError where a circulated report would show fewer than five colleges."""
    use_style()
    if tables is None:
        tables = read_tables(data_folder(asked.data), without)
    province = "" if nation else default_place(asked, tables)
    study = open_study(
        asked.data,
        asked.scenario,
        asked.settings,
        province,
        asked.college,
        asked.year,
        tables,
        alone=not nation,
    )
    colleges = int(study.scope()["college"].sum())
    if not study.college and not asked.internal and colleges < SMALL:
        raise ParameterError(
            Fault(
                f"报告范围 {province or '全部'}",
                f"只有 {colleges} 所院校，公开版不足{SMALL}所不予显示",
                do="扩大范围；内部使用请设 internal（--internal）",
            )
        )
    log2_draws = asked.log2_draws or log2_for(study.rows)
    kept = asked.model_dump(exclude={"data"}) | {
        "data_name": asked.data_name or name_of_data(data_folder(asked.data)),
        "province": asked.province if nation else study.codes,
        "college": study.college,
        "scenario": [ids_of(name) for name in asked.scenario],
        "log2_draws": log2_draws,
    }
    return Opened(
        study,
        writer_for(
            tables,
            asked.lang,
            asked.internal or bool(study.college),
            bool(study.college),
            asked.issuer,
            asked.date,
            looked_back(study, asked.date),
        ),
        kept,
        study_draws(study, log2_draws, asked.seed),
    )


def name_of_data(source: Path) -> str:
    """What a record calls the data: a user's file or folder by its name alone, a set of the product as PRODUCT/name."""
    own = shipped_set(source)
    return f"{PRODUCT}/{own}" if own else visible(source.absolute().name)


def last_sitting(study: Study) -> date:
    """The last day of X sittings (settlement.last_sitting)."""
    return study.views()[1]["settlement.last_sitting"]


def looked_back(study: Study, issued: str = "") -> int:
    """The study's year where it lies in the pilot, which was over on the day of issue (ISO; "" is today or later), else 0."""
    last = last_sitting(study)
    return study.year if study.year <= last.year and not "" < issued <= last.isoformat() else 0


def default_place(asked: ReportParameters, tables: Tables) -> str:
    """The province asked for; the default one belongs to the national set and is none in another that lacks it."""
    default = type(asked).model_fields["province"].default
    known = set(tables["provinces"]["province"])
    return "" if asked.province == default and default not in known else asked.province


def ids_of(name: str | Mapping[str, Any] | list[Any]) -> str | list:
    """A scenario's id, or those of a combination: a path of somebody's machine does not belong in a record; the text of each scenario does."""
    if isinstance(name, list):
        return [ids_of(one) for one in name]
    return str(name["id"]) if isinstance(name, Mapping) else id_of(name)


def province_names(tables: Tables, writer: PageWriter) -> dict[str, str]:
    """Code → name of every province of the data; in English the Chinese one where there is no other."""
    table = tables["provinces"].set_index("province")
    english = table["name_en"].where(table["name_en"] != "", table["name_zh"])
    names = table["name_zh"] if writer.lang == "zh" else english
    return {code: writer.place(name) for code, name in names.items()}


def place_names(study: Study, writer: PageWriter, provinces: Iterable[str]) -> list[str]:
    """Names of provinces, by their codes."""
    names = province_names(study.tables, writer)
    return [names[code] for code in provinces]


def certificate_names(study: Study, writer: PageWriter, certificates: Iterable[str]) -> list[str]:
    """Names of certificates, by their codes: the table has them in Chinese, and on another page the code stands before the name."""
    table = study.tables["certificates"]
    names = dict(zip(table["certificate"], table["name"], strict=True))
    return [writer.certificate(code, names.get(code, "")) for code in certificates]


def place_name(study: Study, writer: PageWriter) -> str:
    """Where the report is about."""
    if study.college:
        row = study.tables["colleges"].set_index("college").loc[study.college]
        return writer.place(row["name"] or study.college)
    if study.provinces:
        return writer.words("front").places(place_names(study, writer, study.provinces))
    return writer.place(writer.words("front").everywhere)


def scheme_title(study: Study, writer: PageWriter) -> str:
    """The scenario's own title, or what --set changed."""
    return title_of(study.composition, writer)


def title_of(composition: Composition, writer: PageWriter) -> str:
    """The same of what is compared."""
    titles = [
        in_language(one.title, writer.language) for one in composition.scenarios if one.changes
    ]
    words, known = writer.words("front"), composition.start.parameters
    sets = [
        words.set_to(known[name].title(writer.lang), value_text(value, writer.lang, known[name]))
        for name, value in composition.sets.items()
    ]
    return words.several.join(titles + sets) or words.current_law


def meta_line(study: Study, writer: PageWriter) -> str:
    """Place, year, who issues the report and when, and the data set that its tables and figures rest on."""
    day = date.fromisoformat(writer.date) if writer.date else None
    source = study.tables.title.get(writer.lang) or writer.words("page").users_data
    place = place_name(study, writer)
    return writer.words("front").meta(place, study.year, writer.issuer, day, source)


def counted(study: Study, writer: PageWriter) -> str:
    """How many colleges the report is about (all, and those that plan anything) and how many offerings."""
    base, scope = study.prepared.baseline, study.scope()
    at_work = scope["offering"] & (base.leaves["planned_candidates"] > 0)
    colleges, offerings = int(scope["college"].sum()), int(scope["offering"].sum())
    active = len(np.unique(base.space.maps["offering", "college"].index[at_work]))
    return writer.words("front").counted(colleges, active, offerings)
