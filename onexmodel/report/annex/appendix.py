"""The last pages of every report: assumptions log with effects, sources, clause table, findings, run record."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from datetime import date

import numpy as np
import pandas as pd

from ... import __version__
from ...analysis.effects import Effects
from ...analysis.measures import span
from ...analysis.study import Study
from ...engine.compile import mid_year
from ...law.parameters import Parameter
from ..page.html import Block, Writer, count, number, paragraphs, percent, signed, unbroken, wan
from ..page.press import Press
from ..page.words import CODES, FINDINGS, GIVEN, KINDS, OPTIONS, code_word, foreign, unit_words
from .cited import cap_source
from .places import reasons, taken

YUAN = re.compile(r"(\d+(?:\.\d+)?(?:e\+\d+)?) ?元")
ONE = (
    (re.compile(r"(批次|凭证号?) \S+ ?"), r"\1"),
    (re.compile(r"\d{4}-\d\d-\d\d"), "某日"),
    (re.compile(r"\d[\d.,e+\u202f]*(?:万)? ?(元|人次|分|人|所|格)"), r"若干\1"),
    (re.compile(r"「[\d.%−-]+」"), "「…」"),
)
LARGE = 1e4  # yuan from which a sum is written in 万元
LEVEL_WORDS = {
    "error": ("错误", "error"),
    "warning": ("需说明", "to explain"),
    "note": ("提示", "note"),
}


def value_text(value: object, lang: str = "zh", parameter: Parameter | None = None) -> str:
    """A parameter's value as people write it: options and codes by their names, shares in %. With `parameter` by its own words."""
    if isinstance(value, str):
        if parameter is not None and value in parameter.words:
            return parameter.words[value][0 if lang == "zh" else 1]
        return (
            OPTIONS[value]
            if lang == "zh" and value in OPTIONS and value not in CODES
            else code_word(value, lang)
        )
    if value is None:
        return "—"
    if isinstance(value, (int, float, np.number)):
        return _number_text(float(value), lang, parameter)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        if set(value) == {"all"}:
            return value_text(value["all"], lang, parameter)
        parts = [
            f"{value_text(key, lang)} {value_text(item, lang, parameter)}"
            for key, item in value.items()
        ]
        return ("；" if lang == "zh" else "; ").join(parts) or "—"
    if parameter is not None and parameter.type == "bands":
        return _bands_text(value, lang)
    return ("、" if lang == "zh" else ", ").join(
        value_text(item, lang, parameter) for item in value
    )


def _number_text(value: float, lang: str, parameter: Parameter | None) -> str:
    if value == float("inf"):
        return "不设上限" if lang == "zh" else "no limit"
    if parameter is not None and parameter.unit.startswith("share"):
        return _trimmed(percent(value)) + "%"
    return number(value) if value.is_integer() else _trimmed(number(value, 3))


def _trimmed(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def _bands_text(bands, lang: str) -> str:
    """Class sizes and their coefficients: 30人及以下 1、40人及以下 1.1 …"""
    parts = []
    for bound, value in bands:
        factor = _trimmed(number(value, 2))
        size = (
            (f"{number(bound)}人及以下 ", f"up to {number(bound)}: ")
            if np.isfinite(bound)
            else ("更多 ", "more: ")
        )
        parts.append(size[0 if lang == "zh" else 1] + factor)
    return ("、" if lang == "zh" else ", ").join(parts)


def range_text(parameter: Parameter, lang: str) -> str:
    """The spread of a parameter, or its options."""
    if parameter.low is not None:
        return span(
            value_text(parameter.low, lang, parameter),
            value_text(parameter.high, lang, parameter),
            lang,
        ).strip()
    return " / ".join(value_text(option, lang, parameter) for option in parameter.options) or "—"


def assumptions(
    press: Press,
    study: Study,
    topics: Iterable[str],
    label: str,
    moved: Effects | None = None,
    title: str = "",
    unit: str = "",
    write: Writer = count,
) -> Block:
    """Every parameter of the topics with value, spread, status and reason; what the scenario or --set changed is said so. With `moved`
    also what each does to the report's first number (`title`, `unit`, written by `write`)."""
    say, lang, day = press.say, press.lang, mid_year(study.year)
    before, law, rows = study.composition.baseline_law.at(day), study.composition.law, []
    after = law.at(day)
    for name, parameter in law.parameters.items():
        if not name.startswith(tuple(topics)):
            continue
        texts = [
            taken(
                press,
                study,
                view,
                name,
                lambda value, parameter=parameter: value_text(value, lang, parameter),
            )
            for view in (before, after)
        ]
        text, (given, reason) = (
            texts[1] if texts[0] == texts[1] else " → ".join(texts),
            _standing(press, study, parameter),
        )
        text += _unit(parameter, after[name], lang)
        apart = reasons(press, study, parameter)
        reason = reason.rstrip("。. ") + press.say("。", ". ") + apart if apart else reason
        shown = (
            str if parameter.type == "choice" else unbroken
        )  # a range of numbers keeps to one line
        row = [
            parameter.title(lang),
            text,
            shown(range_text(parameter, lang)),
            press.word(KINDS, parameter.kind),
            given,
            reason,
        ]
        rows.append(row + ([shown(effect_text(press, moved, parameter, write))] if moved else []))
    header = [
        say(*pair)
        for pair in (
            ("参数", "parameter"),
            ("取值", "value"),
            ("范围或选项", "range or options"),
            ("类别", "kind"),
            ("性质", "status"),
            ("依据与理由", "source and reason"),
        )
    ]
    header += (
        [say(f"对结论的影响（{title}，{unit}）", f"effect on the answer ({title}, {unit})")]
        if moved
        else []
    )
    note = say(
        "函是政策文件，不是法律；现行有效性请使用者核实。箭头表示基准与方案取值不同。读法指文件没有写明、可作不同理解之处所取的理解。",
        "A 函 is a policy document, not a law; check that it is in force. An arrow: baseline → scheme. "
        "A reading is how the text is understood where it is silent.",
    )
    note += (
        say(
            "影响：其他取值不变，只把这一项改为分布的P10与P90（没有分布的取范围两端，选项逐个改）时该数字的变化；「—」为按规则不可能影响。",
            " Effect: the change of that number when this one alone goes to P10 and P90 of its distribution (else to the ends of its range, "
            "or to each other option); — : by the rules it cannot.",
        )
        if moved
        else ""
    )
    return press.table(
        label,
        say("参数、假设与对文件的理解（读法）", "Parameters, assumptions and readings of the text"),
        header,
        rows,
        text=True,
        note=note,
    )


def _unit(parameter: Parameter, value: object, lang: str) -> str:
    """The unit behind a value that is a plain number; shares are in % already."""
    plain = parameter.type in ("number", "cap") and not parameter.unit.startswith("share")
    plain = plain and value not in (None, {}) and value != {"all": float("inf")}
    unit = unit_words(parameter.unit, lang) if plain else ""
    return f" {unit}" if unit else ""


def _standing(press: Press, study: Study, parameter: Parameter) -> tuple[object, str]:
    """(status, reason) of a parameter; a cap is as good as the data set's own source says, whatever document it should come from."""
    reason = parameter.because(press.lang)
    if parameter.type != "cap":
        return press.tag(parameter.status), reason
    titles, kinds = cap_source(study, parameter, press.lang)
    given = (
        Block("".join(press.tag_of(kind).html for kind in kinds))
        if kinds
        else press.tag("required")
    )
    taken = press.say("数据集没有给出来源。", "the data set names no source. ")
    if titles:
        taken = press.say(
            f"取自数据集：{'、'.join(titles)}。", f"from the data set: {', '.join(titles)}. "
        )
    return given, taken + press.say(
        parameter.reason.split("，")[0] + "。",
        "The amount should be the one of 教职成厅函〔2020〕11号.",
    )


def effect_text(press: Press, moved: Effects, parameter: Parameter, write: Writer) -> str:
    """The cell 对结论的影响 of one parameter."""
    if parameter.name in moved.set_here:
        return press.say("本方案所改", "set here")
    if parameter.name in moved.untested:
        return press.say("未单独测算", "not tested alone")
    if parameter.name not in moved.found:
        return "—"
    effect = moved.found[parameter.name]
    changes = [signed(write(change)) for _, change in effect.parts]
    if parameter.type in ("number", "by_tier"):
        return (
            changes[0]
            if len(set(changes)) == 1
            else press.span([change for _, change in effect.parts], write, sign=True).strip() or "—"
        )
    options = [value_text(option, press.lang, parameter) for option, _ in effect.parts]
    return press.say("；", "; ").join(
        f"{option} {change}" for option, change in zip(options, changes, strict=True)
    )


def findings_table(press: Press, found: list[dict], label: str) -> Block:
    """What would have to be explained or reported upward (C14), counted by kind; keys only in internal reports."""
    title = press.say("需说明或上报的问题", "Findings to explain or report upward")
    if not found:
        return paragraphs(press.say("未发现需上报的问题。", "No findings."))
    rows = []
    for (severity, rule), some in pd.DataFrame(found).groupby(["severity", "rule"], sort=False):
        where = (
            "、".join(some["key"].astype(str).head(3)) + ("…" if len(some) > 3 else "")
            if press.internal
            else "—"
        )
        kind = press.word(FINDINGS, rule if rule in FINDINGS else "data")
        sentence = some["sentence"].iloc[0]
        said = (
            plain_numbers(sentence)
            if press.internal
            else in_general(sentence, str(some["key"].iloc[0]))
        )
        rows.append(
            [
                press.word(LEVEL_WORDS, severity),
                kind,
                foreign(said, press.lang),
                number(len(some)),
                where,
            ]
        )
    header = [
        press.say(*pair)
        for pair in (
            ("级别", "level"),
            ("类别", "kind"),
            ("问题（同类只列一条）", "finding (one of its kind)"),
            ("条数", "count"),
            ("位置", "where"),
        )
    ]
    return press.table(
        label,
        title,
        header,
        rows,
        text=True,
        note=press.say(
            "流转版只列条数；位置见内部版。",
            "A circulated report gives counts; places stand in the internal one. 〔zh〕: the sentence is in Chinese.",
        ),
    )


def in_general(sentence: str, key: str) -> str:
    """A finding's sentence for a circulated report: what is wrong, without the batch, place, day or amount of the one it was found at."""
    said = sentence.removeprefix(f"{key}：")
    for found, general in ONE:
        said = found.sub(general, said)
    return said


def plain_numbers(sentence: str) -> str:
    """「2.269e+06 元」 as a finding's sentence may hold it → 「226.9万元」; smaller sums as they are."""

    def said(found: re.Match) -> str:
        yuan = float(found.group(1))
        return f"{wan(yuan)}万元" if yuan >= LARGE else found.group(0)

    return YUAN.sub(said, sentence)


def run_record(
    study: Study, report: str, parameters: Mapping[str, object], headlines: Mapping[str, float]
) -> dict:
    """What a re-run needs and what it must give; no cell of the input is in it."""
    scenarios = study.composition.scenarios
    results = {
        name: float(f"{value:.12g}") if value == value else None
        for name, value in headlines.items()
    }  # nan: missing
    return {
        "product": "onexmodel",
        "version": __version__,
        "report": report,
        "parameters": dict(parameters),
        "data_sha256": study.tables.sha256,
        "law_sha256": study.law.sha256,
        "scenarios": [{"id": one.id, "sha256": one.sha256, "text": one.text} for one in scenarios],
        "settings": dict(study.composition.sets),
        "year": study.year,
        "results_sha256": hashlib.sha256(json.dumps(results, sort_keys=True).encode()).hexdigest(),
        "results": results,
    }


def record_block(
    press: Press, record: dict, label: str, titles: Mapping[str, str] | None = None
) -> Block:
    """The record as a table for people and as JSON for `onexmodel verify`. `titles`: scenario id → its title, province → its name."""
    say, titles = press.say, titles or {}
    scenarios = [(titles.get(one["id"], one["id"]), one["sha256"]) for one in record["scenarios"]]
    asked = {
        name: value
        for name, value in record["parameters"].items()
        if name != "year" and _stated(value)
    }
    rows = [
        [say("版本", "version"), f"onexmodel {record['version']}"],
        [say("数据指纹", "data hash"), short(record["data_sha256"])],
        [say("法规与参数指纹", "law hash"), short(record["law_sha256"])],
        *[
            [say(f"情景「{title}」指纹", f"scenario “{title}”, hash"), short(digest)]
            for title, digest in scenarios
        ],
        [say("结果指纹", "results hash"), short(record["results_sha256"])],
        [say("年度", "year"), str(record["year"])],
        *[
            [press.word(GIVEN, name), _given_text(press, name, value, titles)]
            for name, value in asked.items()
        ],
    ]
    text = json.dumps(record, ensure_ascii=False, sort_keys=True, indent=1).replace("</", "<\\/")
    return press.table(
        label,
        say("运行记录", "Run record"),
        [say("项目", "item"), say("内容", "content")],
        rows,
        text=True,
    ) + Block(f'<script type="application/json" id="record">{text}</script>')


def _stated(value: object) -> bool:
    return value not in ("", [], {}, None)


def _given_text(press: Press, name: str, value: object, titles: Mapping[str, str]) -> str:
    """What a report was asked for, in words."""
    if isinstance(value, bool):
        return press.say("是" if value else "否", "yes" if value else "no")
    if name == "lang":
        return press.say(
            "中文" if value == "zh" else "英文", "Chinese" if value == "zh" else "English"
        )
    if name == "log2_draws":
        return number(2 ** int(value))
    if isinstance(value, Mapping):
        return press.say("；", "; ").join(f"{key} = {item}" for key, item in sorted(value.items()))
    if isinstance(value, (list, tuple)):
        return press.say("、", ", ").join(titles.get(one, str(one)) for one in value)
    return titles.get(str(value), str(value))


def short(digest: str) -> str:
    """A hash short enough to read out: 7f3a-91c2-e0b4."""
    return "-".join(digest[i : i + 4] for i in (0, 4, 8))
