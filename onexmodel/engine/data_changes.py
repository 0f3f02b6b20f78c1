"""Data changes of a scenario, laid over a copy of the tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from ..data.codes import BY_COLUMN, FALSE, FORM, FREE, TRUE
from ..data.schema import Column, load_schema
from ..errors import Fault, ScenarioError, nearest
from ..law.checking.shape import is_number
from ..law.parameters import as_date
from ..law.scenario import Change
from ..law.yamlfile import number_of, shown
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
        table, _, name = change.target.partition("/")
        if not _is_column(frames, table, name):
            faults.append(_no_column(frames, table, name, change.line))
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
    table, _, name = change.target.partition("/")
    if not _is_column(frames, table, name):
        return False
    rows, faults = _rows(frames, table, change, known_words(frames))
    return not faults and not rows.any()


def _is_column(frames: Mapping[str, pd.DataFrame], table: str, name: str) -> bool:
    return table in frames and name in frames[table] and name in load_schema().get(table, {})


def _no_column(frames: Mapping[str, pd.DataFrame], table: str, name: str, line: str) -> Fault:
    """Tables and columns go by their English names here; one that has a Chinese name is told the English one."""
    schema = load_schema()
    sheets = {next(iter(columns.values())).sheet: code for code, columns in schema.items()}
    if table not in frames:
        near = sheets.get(table) or nearest(table[:80], frames)
        return Fault(
            line, f"没有表「{shown(table)}」", nearest=near, do=f"可用：{'、'.join(schema)}"
        )
    headers = {column.header: code for code, column in schema.get(table, {}).items()}
    near = headers.get(name) or nearest(name[:80], schema.get(table, {}))
    do = f"表 {table} 的列：{'、'.join(schema.get(table, {}))}"
    return Fault(line, f"没有这一列「{table}.{shown(name)}」", nearest=near, do=do)


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
    given, faults = shown(operand), []
    if column.type == "bool":
        word = given.strip().lower()
        made: Any = word in TRUE
        if word not in (*TRUE, *FALSE):
            faults.append(Fault(change.line, f"{here} 的取值「{given}」应为是或否"))
    elif column.type == "enum" or (column.column in FREE and isinstance(operand, str)):
        words = BY_COLUMN.get(column.column, {})
        made = words.get(given, given)
        if made not in words.values() and column.column not in FREE:
            what = f"{here} 的取值「{given}」不在 {'、'.join(words)} 之中"
            faults.append(
                Fault(change.line, what, nearest=nearest(given, [*words, *words.values()]))
            )
    elif column.type == "date":
        made, faults = _day(column, change)
    elif column.type == "list":
        parts = [FORM.get(part.strip(), part.strip()) for part in given.split(",")]
        made = ",".join(parts)
        if not set(parts) <= set(FORM.values()):
            what = f"{here} 的取值「{given}」不在代码表中"
            faults.append(Fault(change.line, what, do=f"从 {'、'.join(FORM)} 中选，用逗号隔开"))
    elif column.numeric:
        made = operand
        if not is_number(operand):
            faults.append(Fault(change.line, f"{here} 的取值「{given}」不是数"))
    else:
        made = operand
        if not isinstance(operand, str):
            do = "加引号，写成文字"
            faults.append(Fault(change.line, f"{here} 的取值「{given}」不是文字", do=do))
        elif column.need == "R" and not operand.strip():
            faults.append(Fault(change.line, f"{here} 是必填列，不能为空", do="写上取值"))
    return made, faults


def _day(column: Column, change: Change) -> tuple[Any, list[Fault]]:
    """A day as a cell may hold it (data/reading/values.py): not before the column's first, not after 2100."""
    here, day = f"{column.table}.{column.column}", as_date(change.operand)
    said = f"{here} 的取值「{shown(change.operand)}」"
    if day is None:
        return pd.NaT, [Fault(change.line, f"{said}不是日期", do="写成 YYYY-MM-DD")]
    first = as_date(column.earliest) or date(1900, 1, 1)
    if not first <= day <= date(2100, 1, 1):
        what = f"{said}不在 {first} 至 2100-01-01 之间"
        return pd.NaT, [Fault(change.line, what, do="核对后更正；长期有效就写 remove: true")]
    return pd.Timestamp(day), []


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
        elif pd.api.types.is_float_dtype(values):
            numbers = {word: number_of(word) for word in wanted}
            faults += [
                Fault(change.line, f"where 的「{key}」：「{shown(word)}」不是数", do="写数值")
                for word, number in numbers.items()
                if number is None
            ]
            rows &= values.isin([one for one in numbers.values() if one is not None]).to_numpy()
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
        empty: Any = ""  # of texts, as a blank cell is read
        if str(values.dtype).startswith("datetime"):
            empty = pd.NaT
        elif pd.api.types.is_bool_dtype(values):
            empty = False
        elif pd.api.types.is_numeric_dtype(values):
            empty = np.nan
        made[rows] = operand if operation == "value" else empty
        return made
    numbers = values.astype(float)
    return numbers.where(~rows, numbers * operand if operation == "scale" else numbers + operand)


def _range_faults(values: pd.Series, table: str, column: str, change: Change) -> list[Fault]:
    rule = load_schema()[table][column]
    if not rule.numeric or values.dtype == object:
        return []
    low, high, above = rule.bounds  # above: the rule says > 0, not >= 0
    high = min(high, rule.largest)
    wrong = (values < max(low, -rule.largest)) | (values > high) | (above & (values == 0))
    if not wrong.any():
        return []
    return [
        Fault(
            change.line,
            f"改后 {table}.{column} 有 {int(wrong.sum())} 个值超出 {_bound(low)}—{_bound(high)}（如 {values[wrong].iloc[0]:g}）",
            do="改小幅度，或缩小 where",
        )
    ]


def _bound(number: float) -> str:
    return "负数" if number == -np.inf else f"{number:,.15g}"
