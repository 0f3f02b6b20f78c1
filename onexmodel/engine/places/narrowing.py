"""At which places a scenario may set a parameter apart: the rules that take it must see them, the data must have them; and the law of
tables in which only one value is left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

import pandas as pd

from ...errors import Fault, ScenarioError, nearest
from ...law.compose import Composition
from ...law.parameters import Parameter
from ...law.scenario import Change, first_overlaps
from ..compile import Compiled, mid_year
from ..wire import ARGUMENTS, AXIS, RULES
from .local import KNOWS, MADE_ON, chosen, coarsest, coded, place_rows
from .names import KEYS, known_words

SAYS = {
    "cell": "一省一证书一等级只有一个标准",
    "supplier": "评价组织的响应按机构和省计算",
    "college": "它按院校计算",
}
WHOLE = {"funding.discount_rate": "它进入清单各项的年金，各地用同一个折现率"}


def settled(composition: Composition, tables: Sequence[Compiled]) -> Composition:
    """The composition for these tables: a parameter that takes one value in all their rows has it as its general one, and values for
    other places are left out. What is left under LOCAL really differs from row to row."""
    if not composition.local_changes:
        return composition
    laws, found, whole, day = [], set(), set(), mid_year(tables[0].year)
    for law in (composition.baseline_law, composition.law):
        parameters = dict(law.parameters)
        for name, one in law.parameters.items():
            met = [
                {
                    bool(hit)
                    for compiled in tables
                    for hit in place_rows(compiled, _axis_of_local(one), value.where)
                }
                for value in one.local
            ]
            if one.local and all(len(hits) <= 1 for hits in met):
                here = tuple(
                    value for value, hits in zip(one.local, met, strict=True) if hits == {True}
                )
                parameters[name] = replace(one, values=(*one.values, *here), local=())
                found |= {name} if any(value.holds(day) for value in here) else set()
                whole |= {name}
        laws.append(replace(law, parameters=MappingProxyType(parameters)))
    elsewhere = [
        one
        for one in composition.local_changes
        if not any(
            place_rows(
                compiled, _axis_of_local(composition.law.parameters[one.target], one), one.where
            ).any()
            for compiled in tables
        )
    ]
    notes = [
        f"{composition.law.parameters[one.target].zh}的改动只限{'，'.join('、'.join(wanted) for _, wanted in one.where)}，不涉及本次测算的范围（{one.line}）"
        for one in elsewhere
    ]
    operations = tuple(
        replace(one, where=()) if one.target in whole else one
        for one in composition.operations
        if one.target not in whole or not one.where or one not in elsewhere
    )
    return replace(
        composition,
        operations=operations,
        baseline_law=laws[0],
        law=laws[1],
        set_here=frozenset(found),
        notes=(*composition.notes, *notes),
    )


def _axis_of_local(parameter: Parameter, change: Change | None = None) -> str:
    """The axis its local values lie on, or one change of it."""
    keys = {key for one in ([change] if change else parameter.local) for key, _ in one.where}
    return MADE_ON.get(parameter.name) or ("cell" if parameter.type == "cap" else coarsest(keys))


def _where_words(change: Change) -> str:
    return "，".join(f"{key}={'、'.join(wanted)}" for key, wanted in change.where)


def narrowed_by(parameter: Parameter) -> tuple[str, ...]:
    """Keys a parameter can be narrowed by: those that every rule that takes it can see; none where it is no number, or enters as a whole."""
    leaf = parameter.name.replace(".", "_")
    axes = {AXIS[rule] for rule in RULES if leaf in ARGUMENTS[rule]} | (
        {MADE_ON[parameter.name]} if parameter.name in MADE_ON else set()
    )
    axes |= {"cell"} if parameter.type == "cap" else set()
    if parameter.type not in ("number", "cap", "by_tier") or not axes:
        return ()
    return tuple(
        key
        for key in KEYS
        if all(key in KNOWS["offering" if axis == "component" else axis] for axis in axes)
    )


def need_places(composition: Composition, frames) -> None:
    """Raises ScenarioError with every local change that no rule could see, every place that is not in the data (all of it, not the part
    a run takes), and every two changes that meet under different names of one place."""
    if not composition.local_changes:
        return
    words, faults, law = known_words(frames), [], composition.law
    for change in composition.local_changes:
        faults += (
            _key_faults(law.parameters[change.target], change)
            or _word_faults(change, words)
            or _row_faults(frames, change, words)
        )
    faults += clashes(composition.local_changes, words) if not faults else []
    if faults:
        raise ScenarioError(faults)


def _key_faults(parameter: Parameter, change: Change) -> list[Fault]:
    allowed, name = narrowed_by(parameter), f"参数「{parameter.zh}」（{parameter.name}）"
    if not allowed:
        why = WHOLE.get(parameter.name) or (
            "它整体使用，不是按行代入的数"
            if parameter.type == "number"
            else "它是选项、次序或对照表，不是一个数"
        )
        return [
            Fault(
                change.line,
                f"{name}全国同一取值，不能按「{'、'.join(key for key, _ in change.where)}」限定：{why}",
                do="去掉 where；只算一省用 --province",
            )
        ]
    axis = next((axis for axis, says in SAYS.items() if set(KNOWS[axis]) == set(allowed)), "")
    meant = {word: key for key, word in KEYS.items()}
    return [
        Fault(
            change.line,
            f"{name}不能按「{key}」限定" + (f"：{SAYS[axis]}" if axis and key in KEYS else ""),
            nearest=meant.get(key) or nearest(key, allowed),
            do=f"可按 {'、'.join(f'{one}（{KEYS[one]}）' for one in allowed)} 限定",
        )
        for key, _ in change.where
        if key not in allowed
    ]


def _word_faults(change: Change, words: Mapping) -> list[Fault]:
    return [
        Fault(
            change.line,
            f"没有{KEYS[key]}「{word}」",
            nearest=nearest(word, words[key]),
            do=f"写代码或名称，如 {_examples(words[key])}",
        )
        for key, wanted in change.where
        for word in wanted
        if word not in words[key]
    ]


def _examples(words: Mapping[str, str]) -> str:
    """The first codes, each with its first name."""
    by_code: dict[str, str] = {}
    for word, code in words.items():
        by_code.setdefault(code, word if word != code else "")
        by_code[code] = by_code[code] or (word if word != code else "")
    return "、".join(
        f"{code}（{name}）" if name else code for code, name in list(by_code.items())[:4]
    )


def _row_faults(frames, change: Change, words: Mapping) -> list[Fault]:
    keys, colleges = {key for key, _ in change.where}, frames["colleges"]
    if keys <= set(KNOWS["college"]):
        rows = colleges
    else:
        rows = frames["offerings"].merge(
            colleges[["college", "province", "tier", "ownership"]], on="college", how="left"
        )
        if keys <= set(KNOWS["cell"]):  # a fee may stand where nothing is planned
            rows = pd.concat([rows, frames["fees"]], ignore_index=True)
        rows = rows.merge(
            frames["certificates"][["certificate", "organisation"]], on="certificate", how="left"
        )
    hit = chosen(
        lambda key: rows[key].to_numpy(), words, change.where, len(rows)
    ).any() or keys == {"province"}
    return (
        []
        if hit
        else [
            Fault(
                change.line,
                f"数据中没有符合 {_where_words(change)} 的院校或开考计划",
                do="核对 where",
            )
        ]
    )


def clashes(changes: Sequence[Change], words: Mapping) -> list[Fault]:
    """Changes of one thing that meet once their places are codes (44 and 广东 are one place)."""
    same = [
        replace(
            change,
            where=tuple((key, tuple(coded(words, key, wanted))) for key, wanted in change.where),
        )
        for change in changes
    ]
    return [
        Fault(
            one.line,
            f"与 {other.line} 在同一期间改动同一项「{one.target}」",
            do="改期间或 where，或写 override: true 表明以后者代替前者",
        )
        for one, other in first_overlaps(same)
        if not one.override
    ]
