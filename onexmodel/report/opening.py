"""What every report opens with: the study, the press, and the words about data and limits that all reports share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import numpy as np

from ..analysis.study import Study, data_folder, open_study
from ..analysis.uncertainty import log2_for
from ..data import read_tables, transfer
from ..data.basis import basis, basis_words, joint
from ..data.tables import among
from ..errors import Fault, ParameterError
from ..law.scenario import id_of
from .annex.cited import cap_kinds, kind_word
from .annex.guide import how_to_read
from .page.html import bar
from .page.press import SMALL, Press, press_for
from .page.words import ROW_STATES

TABLES = {
    "fees": ("费用标准", "fees"),
    "ingredients": ("成本项目", "cost items"),
    "caps": ("成本上限", "caps"),
    "funding": ("经费额度", "funds"),
    "pay_pools": ("绩效总量", "pay totals"),
}
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
    return press.place(press.say("全部省份", "all provinces"))


def scheme_title(study: Study, press: Press) -> str:
    """The scenario's own title, or what --set changed."""
    titles = [one.title[press.lang] for one in study.composition.scenarios if one.changes]
    sets = [f"{name}={value}" for name, value in study.composition.sets.items()]
    return "＋".join(titles + sets) or press.say("现行政策", "current law")


def meta_line(study: Study, press: Press) -> str:
    """Place, year, how many colleges (all, and those that plan anything) and offerings."""
    base, scope = study.prepared.baseline, study.scope()
    at_work = scope["offering"] & (base.leaves["planned_candidates"] > 0)
    colleges, offerings = int(scope["college"].sum()), int(scope["offering"].sum())
    active = len(np.unique(base.space.maps["offering", "college"].index[at_work]))
    few = (
        press.say(f"（其中{active}所有开考计划）", f" ({active} with a plan)")
        if active != colleges
        else ""
    )
    return press.say(
        f"{place_name(study, press)}　{study.year}年度　{colleges}所院校{few}　{offerings}项开考计划　数据指纹 {study.tables.sha256[:8]}",
        f"{place_name(study, press)}  ·  {study.year}  ·  {colleges} colleges{few}  ·  {offerings} offerings  ·  data "
        f"{study.tables.sha256[:8]}",
    )


def data_state(study: Study, press: Press) -> str:
    """Shares of the place's offerings observed, estimated (an imputed cell counts), simulated, by the least observed of the plan and the
    cost and fee rows that serve it: the bar of the front box; and a line on the other tables that are not observed."""
    groups = basis(study.tables, study.year, study.colleges())
    rows = joint(groups)
    observed, estimated, simulated = (
        (rows == kind).mean() if len(rows) else 0.0
        for kind in ("observed", "estimated", "simulated")
    )
    words = press.say(
        f"开考计划及其成本、费用：观测 {100 * observed:.0f}%　估算 {100 * estimated:.0f}%　模拟 {100 * simulated:.0f}%",
        f"offerings with their costs and fees: observed {100 * observed:.0f} %, estimated {100 * estimated:.0f} %, simulated {100 * simulated:.0f} %",
    )
    if len({kind for status in groups.values() for kind in status}) > 1:
        words += (
            f"（{basis_words(groups, press.lang)}）"
            if press.lang == "zh"
            else f" ({basis_words(groups, press.lang)})"
        )
    filled = sum(int(mask.sum()) for mask in study.tables.imputed.values())
    if filled:
        words += press.say(f"　填补{filled}格", f", {filled} cells imputed")
    other = [text for text in (other_states(study, press), looks_back(study, press)) if text]
    return bar(observed, estimated, simulated, words) + "".join(
        f"<p>{escape(text)}</p>" for text in other
    )


def _last_sitting(study: Study):
    return study.views()[1]["settlement.last_sitting"]


def looks_back(study: Study, press: Press) -> str:
    """That a report of a year of the pilot looks back; "" for a later year."""
    last = _last_sitting(study)
    if study.year > last.year:
        return ""
    return press.say(
        f"本报告按{study.year}年度数据回顾测算，属「如果当时」的比较；按{transfer.NOTICE}，X证书于{transfer.in_words(last)}前移交人力资源社会保障部门。",
        f"This report looks back on {study.year} and asks “what if”; by {transfer.NOTICE} X certificates were to pass to the labour departments by "
        f"{transfer.in_words(last, 'en')}.",
    )


def beyond_said(study: Study, press: Press) -> list[str]:
    """For the front box: that plans of the report's year, or sittings on record, lie after the last day of X sittings; nothing else."""
    last = _last_sitting(study)
    late = transfer.beyond(study.tables.frames, last, study.colleges())
    plans = int(
        (study.tables["offerings"]["year"].iloc[late.get("offerings", [])] == study.year).sum()
    )
    sittings, day, said = (
        len(late.get("assessments", ())),
        (transfer.in_words(last, "zh"), transfer.in_words(last, "en")),
        [],
    )
    if plans:
        said.append(
            press.say(
                f"请注意：{study.year}年度在X证书移交之后。按{transfer.NOTICE}，X证书考核到{day[0]}为止，{study.year}年度开考计划的依据请另行核实，本报告只作假设测算。",
                f"Note: {study.year} lies after the transfer. By {transfer.NOTICE} X sittings end on {day[1]}: check on what basis the plans "
                f"of {study.year} stand; this report is a what-if.",
            )
        )
    if sittings:
        said.append(
            press.say(
                f"请注意：考核记录中有{sittings}批次晚于{day[0]}，按{transfer.NOTICE}此后不再有X证书考核，请核对。",
                f"Note: batches on record assessed after {day[1]}: {sittings}; by {transfer.NOTICE} there are no X sittings then. Check.",
            )
        )
    return said


def other_states(study: Study, press: Press) -> str:
    """「费用标准、成本项目：模拟；成本上限：假设」: tables beside the plans whose rows here are not all observed; "" where all are."""
    said: dict[str, list[str]] = {}
    for table, words in TABLES.items():
        rows = study.tables.row_status(table)[_here(study, table)]
        states = [kind for kind in ("simulated", "estimated") if (rows == kind).any()]
        state = press.say("、", ", ").join(
            press.word(ROW_STATES, kind)
            + ("" if (rows == kind).all() else f" {100 * (rows == kind).mean():.0f}%")
            for kind in states
        )
        if table == "caps":
            state = (
                press.say("、", ", ").join(
                    kind_word(kind, press.lang)
                    for kind in cap_kinds(study)
                    if kind in ("假设", "模拟")
                )
                or state
            )
        if state:
            said.setdefault(state, []).append(press.say(*words))
    return press.say("；", "; ").join(
        f"{press.say('、', ', ').join(names)}{press.say('：', ': ')}{state}"
        for state, names in said.items()
    )


def _here(study: Study, table: str) -> np.ndarray:
    """The table's rows that hold in the place."""
    frame, here = study.tables[table], np.ones(len(study.tables[table]), bool)
    colleges = study.colleges()
    if study.province and "province" in frame:
        here &= frame["province"].isin(("", study.province)).to_numpy()
    if "college" in frame:
        here &= among(frame["college"], colleges | {""})
    if "owner" in frame:
        here &= among(
            frame["owner"],
            colleges
            | ({study.province} if study.province else set(study.tables["provinces"]["province"])),
        )
    return here


__all__ = [
    "ACCOUNTS",
    "beyond_said",
    "data_state",
    "draws_for",
    "how_to_read",
    "meta_line",
    "opened",
    "other_states",
    "place_name",
    "scenario_ids",
    "scheme_title",
]
