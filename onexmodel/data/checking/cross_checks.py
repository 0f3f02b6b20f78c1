"""What must hold between cells: keys, references to other tables, and columns of one row against each other."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial

import numpy as np
import pandas as pd

from ...errors import Fault, nearest
from ..reading.identifiers import alike
from ..reading.words import Words
from ..schema import load_schema
from ..tables import Origin
from .row_checks import (
    bare_plans,
    component_weights,
    fee_documents,
    overlapping_fees,
    repeated_vouchers,
    say_fault,
    training_rows,
)

KEYS = {
    "provinces": ("province",),
    "colleges": ("college",),
    "organisations": ("organisation",),
    "certificates": ("certificate",),
    "offerings": ("college", "certificate", "level", "year"),
    "pay_pools": ("college", "year"),
    "components": ("certificate", "level", "component", "province", "college"),
    "assessments": ("assessment",),
    "workload": ("teacher", "college", "year", "role"),
    "funding": ("owner", "year", "source_of_funds"),
    "eligibility": ("source_of_funds", "use"),
    "levers": ("lever",),
    "budget_lines": ("college", "year", "use", "economic_code"),
    "sources": ("source",),
}
REFERENCES = {
    ("colleges", "province"): "provinces",
    ("certificates", "organisation"): "organisations",
    ("components", "certificate"): "certificates",
    ("components", "province"): "provinces",
    ("components", "college"): "colleges",
    ("ingredients", "certificate"): "certificates",
    ("ingredients", "province"): "provinces",
    ("ingredients", "college"): "colleges",
    ("offerings", "college"): "colleges",
    ("offerings", "certificate"): "certificates",
    ("fees", "province"): "provinces",
    ("fees", "certificate"): "certificates",
    ("pay_pools", "college"): "colleges",
    ("assessments", "college"): "colleges",
    ("assessments", "certificate"): "certificates",
    ("payments", "college"): "colleges",
    ("payments", "assessment"): "assessments",
    ("payments", "payee"): "organisations",
    ("workload", "college"): "colleges",
    ("budget_lines", "college"): "colleges",
    ("caps", "source"): "sources",
    ("eligibility", "source"): "sources",
}
# (table, column, must not exceed, sentence)
ORDERED = (
    ("assessments", "sittings", "registered", "实考人次多于报名人数"),
    ("assessments", "retakes", "sittings", "补考人次多于实考人次"),
    ("assessments", "passes", "sittings", "通过人数多于实考人次"),
    ("workload", "x_hours", "hours", "X证书工作量多于实际工作量"),
    ("funding", "carry_over", "limit", "上年结转多于可用额度"),
    ("pay_pools", "uplift_granted", "uplift_limit", "已核增额超过核增上限"),
    ("fees", "valid_from", "valid_to", "执行起始日晚于截止日"),
    ("fees", "special_from", "special_to", "特殊情况起始日晚于截止日"),
    ("caps", "valid_from", "valid_to", "生效日期晚于失效日期"),
)
DIGITS = {
    ("payments", "economic_code"): 5,
    ("budget_lines", "economic_code"): 5,
    ("budget_lines", "functional_code"): 7,
}


def faults_between(
    frames: Mapping[str, pd.DataFrame], origins: Mapping[str, Origin]
) -> list[Fault]:
    """Every fault between cells of the tables that were read."""
    faults: list[Fault] = []
    for table in origins:
        _doubled(table, frames[table], origins[table], faults)
    for (table, column), target in REFERENCES.items():
        if table in origins and column in origins[table].columns:
            _unknown(table, column, target, frames, origins, faults)
    if any(fault.code == "unknown_reference" for fault in faults):
        for target in dict.fromkeys(REFERENCES.values()):
            if target in origins:
                _unused(target, frames, origins, faults)
    if {"funding", "colleges", "provinces"} <= origins.keys() and "owner" in origins[
        "funding"
    ].columns:
        owners = [
            *frames["colleges"]["college"].tolist(),
            *frames["provinces"]["province"].tolist(),
        ]
        _strangers(
            "funding",
            "owner",
            owners,
            "既不在表「院校」中，也不在表「省份」中",
            "填学校标识码；省级统筹的填省级代码",
            frames,
            origins,
            faults,
        )
    for table, column, top, sentence in ORDERED:
        if table in origins and {column, top} <= set(origins[table].columns):
            frame = frames[table]
            say_fault(
                faults,
                origins[table],
                column,
                frame[column] > frame[top],
                sentence,
                "核对两列",
                "order",
            )
    for (table, column), count in DIGITS.items():
        if table in origins and column in origins[table].columns:
            words = Words.of(frames[table][column].to_numpy(object))
            say_fault(
                faults,
                origins[table],
                column,
                ~words.that(partial(_digits, count)),
                f"应为 {count} 位数字",
                "按《政府收支分类科目》填写",
                "digits",
            )
    for table, check in (
        ("components", component_weights),
        ("fees", fee_documents),
        ("fees", overlapping_fees),
        ("caps", overlapping_fees),
        ("payments", repeated_vouchers),
        ("ingredients", training_rows),
    ):
        if table in origins:
            check(frames[table], origins[table], faults)
    if {"offerings", "components"} <= origins.keys() and not any(
        fault.level == "error" for fault in faults
    ):
        bare_plans(frames["offerings"], frames["components"], origins["offerings"], faults)
    return faults


def _digits(count: int, word: str) -> bool:
    return not word or bool(re.fullmatch(rf"\d{{{count}}}", word))


def _doubled(table, frame, origin, faults) -> None:
    keys = [name for name in KEYS.get(table, ()) if name in frame]
    if not keys:
        return
    again = frame.duplicated(keys)
    if again.any():
        headers = "、".join(load_schema()[table][name].header for name in keys)
        say_fault(
            faults,
            origin,
            keys[0],
            again,
            f"与前面的行重复（{headers}）",
            "只留一行",
            "duplicate",
        )
    if len(keys) == 1:
        _alike(frame[keys[0]], keys[0], origin, faults, "编号", "error")
        if "name" in origin.columns:
            _alike(frame["name"], "name", origin, faults, "名称", "warning")


def _alike(column, key, origin, faults, kind, level) -> None:
    """Keys or names that the eye takes for one: they differ by a blank, full width, another dash or capitals."""
    different = [word for word in column.unique().tolist() if word]
    joined = "".join(different)
    if joined.isascii() and not re.search(r"[\s_]", joined):
        if len({word.lower() for word in different}) == len(different):
            return
    first: dict[str, str] = {}
    twins = {
        word: other for word in different if (other := first.setdefault(alike(word), word)) != word
    }
    say_fault(
        faults,
        origin,
        key,
        column.isin(list(twins)),
        f"与另一行的{kind}只差空格、全角、横线或大小写",
        f"是同一个就写成一样，只留一行；不是就换一个{kind}",
        "alike",
        lambda row: twins[column.iloc[row]],
        level,
    )


def _unknown(table, column, target, frames, origins, faults) -> None:
    if target not in origins:
        return  # the table the column points to was not read; its absence is a fault of its own where it is needed
    sheet = next(iter(load_schema()[target].values())).sheet
    if not frames[table][column].ne("").any():
        return  # no row to look up: a table left empty on purpose is no fault
    if (
        target == "sources" and frames[target].empty
    ):  # no register kept at all: said once, not at every row
        faults.append(
            Fault(
                f"{origins[table].sheet_name}「{origins[table].headers[column]}」",
                f"表「{sheet}」没有一行，无从查对",
                "补上所依据的文件",
                level="warning",
                code="no_register",
            )
        )
        return
    level = "warning" if (table, column) == ("payments", "payee") else "error"
    _strangers(
        table,
        column,
        frames[target][KEYS[target][0]].tolist(),
        f"不在表「{sheet}」中",
        f"改正，或在「{sheet}」补一行",
        frames,
        origins,
        faults,
        level,
    )


def _unused(target, frames, origins, faults) -> None:
    """Where rows point to a key that is not there, the keys nobody points to: one of them is likely the misspelt one."""
    key = KEYS[target][0]
    used = {
        word
        for (table, column), to in REFERENCES.items()
        if to == target and table in origins
        for word in frames[table][column].unique()
    } - {""}
    own = frames[target][key]
    lost = sorted(used - set(own))
    if (
        lost
        and target != "organisations"
        or (lost and not set(frames["certificates"]["organisation"]) <= set(own))
    ):
        say_fault(
            faults,
            origins[target],
            key,
            ~own.isin(used) & (own != ""),
            f"没有一行用到它，而别处写的「{'、'.join(lost[:3])}」不在本表",
            "会不会是同一个、写法不同？写成一样的",
            "unused_key",
            lambda row: nearest(own.iloc[row], lost),
            "warning",
        )


def _strangers(table, column, known, what, do, frames, origins, faults, level="error") -> None:
    """Cells that are filled and not among the `known`, each with the nearest of them."""
    kept, values = set(known), frames[table][column]
    at, different = pd.factorize(values)
    strange = np.array([word not in kept and word != "" for word in different.tolist()], bool)
    if strange.sum() <= sum(word == "" for word in known):
        return  # keys that could not be read are said at their own cells, and may be just these
    if strange.any():
        sample = list(known)[:5000]
        say_fault(
            faults,
            origins[table],
            column,
            strange[at],
            what,
            do,
            "unknown_reference",
            lambda row: nearest(values.iloc[row], sample),
            level,
        )
