"""Data changes of a scenario, laid over a copy of the tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from ..data.codes import BY_COLUMN, FALSE, TRUE
from ..data.schema import Column, load_schema
from ..errors import Fault, ScenarioError, nearest
from ..law.scenario import Change
from .places.names import KEYS, known_words

IDENTIFY = ("year", "level", "component")  # with ids and codes: what tells one row from another
BOOLEANS = ("special_case", "own_staff", "allowed", "cash_only")
OF_COLLEGE = ("province", "tier", "ownership")  # keys a table with colleges may be narrowed by


def change_frames(
    frames: Mapping[str, pd.DataFrame], changes: Sequence[Change], day: date
) -> dict[str, pd.DataFrame]:
    """The frames with the changes in force on `day`, in order; one that is not is checked and left out. An overriding change works on
    the rows as read, not on what an earlier one made of them. Raises ScenarioError listing every table, column or key that is not
    there, every operand the column cannot take, every change that meets no row, and every value that leaves the column's range."""
    changed, faults = dict(frames), []
    words = known_words(frames) if any(change.where for change in changes) else {}
    for change in changes:
        table, name = change.target.split("/")
        if table not in frames or name not in frames[table]:
            faults.append(
                Fault(
                    change.line,
                    f"没有这一列「{table}.{name}」",
                    nearest=nearest(name, frames[table])
                    if table in frames
                    else nearest(table, frames),
                )
            )
            continue
        operand, wrong = _operand(load_schema()[table][name], change)
        rows, others = _rows(changed, table, change, words)
        if not others and not rows.any():
            sheet = load_schema()[table][name].sheet
            others = [
                Fault(change.line, f"表「{sheet}」（{table}）中没有符合条件的行", do="核对 where")
            ]
        faults += [*wrong, *others]
        if not (wrong or others) and change.holds(day):
            frame = changed[table].copy()
            before = (
                frame[name].where(~rows, frames[table][name]) if change.override else frame[name]
            )
            frame[name] = _operated(before, rows, change.operation, operand)
            faults += _range_faults(frame.loc[rows, name], table, name, change)
            changed[table] = frame
    if faults:
        raise ScenarioError(faults)
    return changed


def meets_no_row(frames: Mapping[str, pd.DataFrame], change: Change) -> bool:
    """Is all well with a change of a column that is there, but for the rows: the frames have none it speaks of?"""
    table, name = change.target.split("/")
    if table not in frames or name not in frames[table]:
        return False
    rows, faults = _rows(frames, table, change, known_words(frames))
    return not faults and not rows.any()


def _operand(column: Column, change: Change) -> tuple[Any, list[Fault]]:
    """What the change does with, in the column's own type, and why it cannot."""
    here, operation, operand = f"{column.table}.{column.column}", change.operation, change.operand
    if column.type in ("id", "code") or column.column in IDENTIFY:
        return operand, [Fault(change.line, f"{here} 用来认行，不能由情景改动", do="改数据本身")]
    if operation == "remove":
        return operand, [
            Fault(change.line, f"{here} 是必填列，不能取消（remove）", do="写 value: 0 或 scale")
        ] if column.need == "R" else []
    if operation in ("scale", "add"):
        return operand, [] if column.numeric else [
            Fault(change.line, f"{here} 不是数值列，不能 {operation}", do="写 value")
        ]
    if column.type == "bool":
        word = str(operand).strip().lower()
        return word in TRUE, [] if word in (*TRUE, *FALSE) else [
            Fault(change.line, f"{here} 的取值「{operand}」应为是或否")
        ]
    if column.type == "enum":
        words = BY_COLUMN.get(column.column, {})
        value = words.get(str(operand), str(operand))
        return value, [] if value in words.values() else [
            Fault(
                change.line,
                f"{here} 的取值「{operand}」不在 {'、'.join(words)} 之中",
                nearest=nearest(str(operand), [*words, *words.values()]),
            )
        ]
    if column.type == "date":
        day = pd.to_datetime(str(operand), format="%Y-%m-%d", errors="coerce")
        return day, [
            Fault(change.line, f"{here} 的取值「{operand}」不是日期", do="写成 YYYY-MM-DD")
        ] if pd.isna(day) else []
    good = not column.numeric or (
        not isinstance(operand, bool) and isinstance(operand, (int, float)) and np.isfinite(operand)
    )
    return operand, [] if good else [Fault(change.line, f"{here} 的取值「{operand}」不是数")]


def _rows(
    frames, table: str, change: Change, words: Mapping[str, Mapping[str, str]]
) -> tuple[np.ndarray, list[Fault]]:
    frame = frames[table]
    rows, faults = np.ones(len(frame), bool), []
    for key, wanted in change.where:
        values = _key(frames, table, key)
        strange = (
            [
                word
                for word in wanted
                if word not in words[key] and word not in ("", "all", "不分等级")
            ]
            if key in KEYS
            else []
        )
        faults += [
            Fault(change.line, f"没有{KEYS[key]}「{word}」", nearest=nearest(word, words[key]))
            for word in strange
        ]
        if values is None:
            known = [*frame.columns, *(OF_COLLEGE if "college" in frame else ()), "form"]
            faults.append(
                Fault(
                    change.line,
                    f"{table} 不能按「{key}」选行",
                    nearest=nearest(key, known),
                    do=f"可用：{'、'.join(map(str, frame))}",
                )
            )
        else:
            rows &= values.astype(str).isin(_coded(words, key, wanted)).to_numpy()
    return rows, faults


def _coded(words: Mapping[str, Mapping[str, str]], key: str, wanted: Sequence[str]) -> list[str]:
    """Words of a scenario file as the codes the tables hold; a code stays itself."""
    known = {**BY_COLUMN.get(key, {}), **words.get(key, {})}
    if key in BOOLEANS:
        known = {**dict.fromkeys(TRUE, "True"), **dict.fromkeys(FALSE, "False")}
        wanted = [word.lower() for word in wanted]
    return [known.get(word, word) for word in wanted]


def _key(frames, table: str, key: str) -> pd.Series | None:
    """A column of the table, or one reached through its college (province, tier …) or component (form)."""
    frame = frames[table]
    if key in frame:
        return frame[key]
    owner = next((name for name in ("college", "owner") if name in frame), None)
    if key in OF_COLLEGE and owner:
        values = frame[owner].map(frames["colleges"].set_index("college")[key])
        return (
            values.fillna(frame[owner]) if key == "province" and owner == "owner" else values
        )  # a provincial pot's owner is the province
    if key == "form" and {"certificate", "component"} <= set(frame):
        general = (
            frames["components"]
            .drop_duplicates(["certificate", "component"])
            .set_index(["certificate", "component"])["form"]
        )
        return pd.Series(
            general.reindex(
                pd.MultiIndex.from_frame(frame[["certificate", "component"]])
            ).to_numpy(),
            index=frame.index,
        )
    return None


def _operated(values: pd.Series, rows: np.ndarray, operation: str, operand) -> pd.Series:
    if operation in ("value", "remove"):
        made = values.copy()
        empty = (
            pd.NaT
            if str(values.dtype).startswith("datetime")
            else ""
            if values.dtype == object
            else np.nan
        )
        made[rows] = operand if operation == "value" else empty
        return made
    numbers = values.astype(float)
    return numbers.where(~rows, numbers * operand if operation == "scale" else numbers + operand)


def _range_faults(values: pd.Series, table: str, column: str, change: Change) -> list[Fault]:
    kind = load_schema()[table][column].type
    if kind not in ("share", "int", "float", "money", "hours") or values.dtype == object:
        return []
    high = 1.0 if kind == "share" and column != "fiscal_capacity" else np.inf
    above = load_schema()[table][column].bounds[2]  # the rule says > 0, not >= 0
    wrong = (values < 0) | (values > high) | (above & (values == 0))
    if not wrong.any():
        return []
    return [
        Fault(
            change.line,
            f"改后 {table}.{column} 有 {int(wrong.sum())} 个值超出 0—{high:g}（如 {values[wrong].iloc[0]:g}）",
            do="改小幅度，或缩小 where",
        )
    ]
