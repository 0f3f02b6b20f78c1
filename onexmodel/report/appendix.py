"""The last pages of every report: assumptions log, readings, sources, clause table, findings, run record."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from html import escape

import pandas as pd

from .. import __version__
from ..analysis.study import Study
from ..engine.compile import mid_year
from .html import Block, number, paragraphs
from .press import Press
from .words import KINDS, OPTIONS, SOURCES, TIERS, USES


def value_text(value: object, lang: str = "zh") -> str:
    """A parameter's value as people write it; codes by their Chinese name in a Chinese report."""
    if isinstance(value, str):
        names = {**OPTIONS, **{code: pair[0] for code, pair in {**SOURCES, **USES, **TIERS}.items()}}
        return names.get(value, value) if lang == "zh" else value
    if value is None:
        return "—"
    if isinstance(value, (int, float)):
        return number(value, 0 if float(value).is_integer() else 3).rstrip("0").rstrip(".") if not float(
            value).is_integer() else number(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return "；".join(f"{value_text(key, lang)} {value_text(item, lang)}" for key, item in value.items()) or "—"
    return "、".join(value_text(item, lang) if not isinstance(item, (tuple, list)) else "≤".join(
        value_text(part) for part in item) for item in value)


def assumptions(press: Press, study: Study, topics: Iterable[str], label: str) -> Block:
    """Every parameter of the topics with its value, status and reason; what the scenario or --set changed is said so."""
    day = mid_year(study.year)
    before, law = study.composition.baseline_law, study.composition.law
    rows = []
    for name, parameter in law.parameters.items():
        if not name.startswith(tuple(topics)):
            continue
        old, new = before.at(day)[name], law.at(day)[name]
        lang = press.lang
        text = value_text(new, lang) if old == new else f"{value_text(old, lang)} → {value_text(new, lang)}"
        spread = f"{value_text(parameter.low)}—{value_text(parameter.high)}" if parameter.low is not None else (
            " / ".join(value_text(option, lang) for option in parameter.options) or "—")
        given = Block(escape(press.say("数据集提供", "from the data set"))) if parameter.status == "required" else press.tag(
            parameter.status)
        rows.append([parameter.zh if press.lang == "zh" else parameter.en, text, spread, press.word(KINDS, parameter.kind), given,
                     parameter.reason])
    header = [press.say(*pair) for pair in (("参数或读法", "parameter or reading"), ("取值", "value"), ("范围或选项", "range or options"),
                                            ("类别", "kind"), ("性质", "status"), ("依据与理由", "source and reason"))]
    return press.table(label, press.say("参数、假设与所取读法", "Parameters, assumptions and readings taken"), header, rows, text=True,
                       note=press.say("函是政策文件，不是法律；现行有效性请使用者核实。箭头表示基准与方案取值不同。",
                                      "A 函 is a policy document, not a law; check that it is in force. An arrow: baseline → scheme."))


def sources(press: Press, study: Study, topics: Iterable[str], label: str) -> Block:
    """The documents behind those parameters and the data set's own sources."""
    law = study.composition.law
    used = dict.fromkeys(value.source for name, parameter in law.parameters.items() if name.startswith(tuple(topics))
                         for value in parameter.values if value.source)
    used |= dict.fromkeys(("NAT", "GD", "CAP"))
    rows = [[one["title"], one["issuer"], one.get("number", ""), one.get("issued_on", ""), one["kind"],
             press.say("未核实", "unverified") if one["in_force"] == "unverified" else one["in_force"]]
            for one in (law.sources[key] for key in used if key in law.sources)]
    own = study.tables["sources"]
    rows += [[row.title, row.issuer, row.source, "" if pd.isna(row.issued_on) else str(row.issued_on)[:10], row.kind, row.in_force]
             for row in own.itertuples() if row.source not in used]
    header = [press.say(*pair) for pair in (("文件或资料", "document"), ("发文机关", "issuer"), ("文号或编号", "number"),
                                            ("日期", "date"), ("性质", "kind"), ("现行有效", "in force"))]
    return press.table(label, press.say("依据", "Sources"), header, rows, text=True)


def clause_table(press: Press, study: Study, report: str, label: str) -> Block:
    """Clause → rules → parameters for the clauses this report answers."""
    rows = [[clause["clause"], clause["zh"] if press.lang == "zh" else clause["en"], clause["where"],
             "、".join(clause["rules"]) or "—", "、".join(clause["parameters"]) or "—"]
            for clause in study.law.clauses if report in clause["reports"]]
    header = [press.say(*pair) for pair in (("条款", "clause"), ("内容（转述）", "content (our words)"), ("出处", "where"),
                                            ("规则", "rules"), ("参数", "parameters"))]
    return press.table(label, press.say("条款—规则—参数对照", "Clause, rules, parameters"), header, rows, text=True,
                       note=press.say("NAT 为教财厅函〔2020〕12号，GD 为粤教职函〔2020〕31号。", "NAT: 教财厅函〔2020〕12号; GD: 粤教职函〔2020〕31号."))


def findings_table(press: Press, found: list[dict], label: str) -> Block:
    """What would have to be explained or reported upward (C14), counted by kind; keys only in internal reports."""
    title = press.say("需说明或上报的问题", "Findings to explain or report upward")
    if not found:
        return paragraphs(press.say("未发现需上报的问题。", "No findings."))
    frame = pd.DataFrame(found)
    rows = []
    for (severity, rule), some in frame.groupby(["severity", "rule"], sort=False):
        words = {"error": press.say("错误", "error"), "warning": press.say("需说明", "to explain"), "note": press.say("提示", "note")}
        where = "、".join(some["key"].astype(str).head(3)) + ("…" if len(some) > 3 else "") if press.internal else "—"
        rows.append([words[severity], some["sentence"].iloc[0], number(len(some)), where, rule])
    header = [press.say(*pair) for pair in (("级别", "level"), ("问题", "finding"), ("条数", "count"), ("位置", "where"), ("代码", "code"))]
    return press.table(label, title, header, rows, text=True,
                       note=press.say("流转版只列条数；位置见内部版。", "A circulated report gives counts; places stand in the internal one."))


def run_record(study: Study, report: str, parameters: Mapping[str, object], headlines: Mapping[str, float]) -> dict:
    """What a re-run needs and what it must give; no cell of the input is in it."""
    scenarios = study.composition.scenarios
    results = {name: float(f"{value:.12g}") if value == value else None for name, value in headlines.items()}  # nan: missing
    return {
        "product": "onexmodel", "version": __version__, "report": report, "parameters": dict(parameters),
        "data_sha256": study.tables.sha256, "law_sha256": study.law.sha256,
        "scenarios": [{"id": one.id, "sha256": one.sha256, "text": one.text} for one in scenarios],
        "settings": dict(study.composition.sets), "year": study.year,
        "results_sha256": hashlib.sha256(json.dumps(results, sort_keys=True).encode()).hexdigest(), "results": results,
    }


def record_block(press: Press, record: dict, label: str) -> Block:
    """The record as a table for people and as JSON for `onexmodel verify`."""
    rows = [[press.say("版本", "version"), f"onexmodel {record['version']}"], [press.say("数据指纹", "data hash"), short(record["data_sha256"])],
            [press.say("法规与参数指纹", "law hash"), short(record["law_sha256"])],
            *[[press.say(f"情景 {one['id']}", f"scenario {one['id']}"), short(one["sha256"])] for one in record["scenarios"]],
            [press.say("结果指纹", "results hash"), short(record["results_sha256"])],
            [press.say("年度", "year"), str(record["year"])],
            [press.say("参数", "parameters"), "；".join(f"{k}={v}" for k, v in sorted(record["parameters"].items()))]]
    text = json.dumps(record, ensure_ascii=False, sort_keys=True, indent=1).replace("</", "<\\/")
    return press.table(label, press.say("运行记录", "Run record"), [press.say("项目", "item"), press.say("内容", "content")], rows,
                       text=True) + Block(f'<script type="application/json" id="record">{text}</script>')


def short(digest: str) -> str:
    """A hash short enough to read out: 7f3a-91c2-e0b4."""
    return "-".join(digest[i:i + 4] for i in (0, 4, 8))
