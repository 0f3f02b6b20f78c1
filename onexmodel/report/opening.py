"""What every report opens with: the study, the press, and the words about data and limits that all reports share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from ..analysis.study import Study, data_folder, open_study
from ..data import read_tables
from ..errors import Fault, ParameterError
from .html import Block, bar
from .press import SMALL, Press, press_for

ACCOUNTS = ("assessments", "payments", "budget_lines")  # what only the settlement report reads


def opened(data: str, scenario: Sequence[str], settings: Mapping[str, str], province: str, college: str, year: int, lang: str,
           internal: bool, without: tuple[str, ...] = ACCOUNTS) -> tuple[Study, Press]:
    """Study and press. Raises ParameterError where a circulated report would show fewer than five colleges."""
    tables = read_tables(data_folder(data), without)
    known = set(tables["provinces"]["province"])
    if province == "44" and province not in known:
        province = ""  # the default province belongs to the national set
    study = open_study(data, scenario, settings, province, college, year, tables)
    colleges = int(study.scope()["college"].sum())
    if not college and not internal and colleges < SMALL:
        raise ParameterError(Fault(f"报告范围 {province or '全部'}", f"只有 {colleges} 所院校，流转版不足{SMALL}所不予显示",
                                   do="扩大范围；内部使用请设 internal（--internal）"))
    return study, press_for(tables, lang, internal or bool(college))


def scenario_ids(scenario: Sequence[str]) -> list[str]:
    """Scenarios by id: a path of somebody's machine does not belong in a record; the text of each scenario does."""
    return [Path(name).stem if Path(name).suffix in (".yaml", ".yml") else name for name in scenario]


def place_name(study: Study, press: Press) -> str:
    """Where the report is about."""
    if study.college:
        row = study.tables["colleges"].set_index("college").loc[study.college]
        return press.place(row["name"] or study.college)
    if study.province:
        row = study.tables["provinces"].set_index("province").loc[study.province]
        return press.place(row["name_zh"] if press.lang == "zh" else row["name_en"] or row["name_zh"])
    return press.place(press.say("全部省份", "all provinces"))


def scheme_title(study: Study, press: Press) -> str:
    """The scenario's own title, or what --set changed."""
    titles = [one.title[press.lang] for one in study.composition.scenarios if one.changes]
    sets = [f"{name}={value}" for name, value in study.composition.sets.items()]
    return "＋".join(titles + sets) or press.say("现行政策", "current law")


def meta_line(study: Study, press: Press) -> str:
    """Place, year, price year, how many colleges and offerings."""
    scope = study.scope()
    colleges, offerings = int(scope["college"].sum()), int(scope["offering"].sum())
    return press.say(f"{place_name(study, press)}　{study.year}年度　{colleges}所院校　{offerings}项开考计划　数据指纹 {study.tables.sha256[:8]}",
                     f"{place_name(study, press)}  ·  {study.year}  ·  {colleges} colleges  ·  {offerings} offerings  ·  data "
                     f"{study.tables.sha256[:8]}")


def data_state(study: Study, press: Press) -> str:
    """Shares of the place's offerings observed, estimated (an imputed cell counts), simulated: the bar of the front box."""
    offerings = study.tables["offerings"]
    here = offerings["college"].isin(study.colleges()) & (offerings["year"] == study.year)
    rows = study.tables.row_status("offerings")[here.to_numpy()]
    observed, estimated, simulated = ((rows == kind).mean() if len(rows) else 0.0 for kind in ("observed", "estimated", "simulated"))
    words = press.say(f"观测 {100 * observed:.0f}%　估算 {100 * estimated:.0f}%　模拟 {100 * simulated:.0f}%",
                      f"observed {100 * observed:.0f} %, estimated {100 * estimated:.0f} %, simulated {100 * simulated:.0f} %")
    filled = sum(int(mask.sum()) for mask in study.tables.imputed.values())
    if filled:
        words += press.say(f"　填补{filled}格", f", {filled} cells imputed")
    return bar(observed, estimated, simulated, words)


def how_to_read(press: Press) -> Block:
    """Half a page for those who have never seen such a report."""
    zh = ("先看最上面的一页摘要：结论、关键数字、谁承担、风险、数据状态。各章先给表或图，标题就是结论，下面注明口径和来源。",
          "上限不是收费标准。标准取上限余额、协商价与核定价中最低的一个；提高上限只在上限或协商起作用的人次里改变标准。",
          "两种缺口方向相反：机构成本未覆盖额随上限提高而减少，院校经费缺口随之不减甚至增加，两者从不相加。",
          "方括号内为80%区间：把未知的假设按其范围同时变动（Sobol抽样），十次里约八次落在其中；文本读法不抽样，逐项对照。",
          "测算结果是估计，不是法律意见；所取读法和全部假设列在附录。")
    en = ("Read the summary first: conclusion, key figures, who bears it, risks, state of the data. A figure's title is its finding.",
          "A cap is not a fee. The fee is the smallest of the room under the cap, the bargain and the verified cost; a raise of the cap "
          "changes the fee only where the cap or the bargain decides.",
          "Two shortfalls of opposite sign: what organisations do not recover falls when a cap rises, what colleges cannot fund does not; "
          "they are never added.", "Brackets hold 80 % intervals over the assumptions; readings of the text are compared, never drawn.",
          "These are estimates, not legal advice; readings and assumptions are listed at the end.")
    items = "".join(f"<p>{text}</p>" for text in (zh if press.lang == "zh" else en))
    return Block(f'<details class="how"><summary>{press.say("如何读本报告", "How to read this report")}</summary>{items}</details>')
