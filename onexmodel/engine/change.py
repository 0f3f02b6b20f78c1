"""Data changes of a scenario, laid over a copy of the tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import pandas as pd

from ..data.codes import BY_COLUMN
from ..data.schema import load_schema
from ..errors import Fault, ScenarioError, nearest
from ..law.scenario import Change

OF_COLLEGE = ("province", "tier", "ownership")  # keys a table with colleges may be narrowed by


def change_frames(frames: Mapping[str, pd.DataFrame], changes: Sequence[Change], day: date) -> dict[str, pd.DataFrame]:
    """The frames with the changes in force on `day`, in order; one that is not is checked and left out. Raises ScenarioError listing
    every table, column or key that is not there, every change that meets no row, and every value that leaves the column's range."""
    changed, faults = dict(frames), []
    for change in changes:
        table, column = change.target.split("/")
        if table not in frames or column not in frames[table]:
            faults.append(Fault(change.line, f"没有这一列「{table}.{column}」", nearest=nearest(
                column, frames[table] if table in frames else frames)))
            continue
        rows, wrong = _rows(changed, table, change)
        faults += wrong
        if not wrong and change.holds(day):
            frame = changed[table].copy()
            frame[column] = _operated(frame[column], rows, change)
            faults += _range_faults(frame.loc[rows, column], table, column, change)
            changed[table] = frame
    if faults:
        raise ScenarioError(faults)
    return changed


def _rows(frames, table: str, change: Change) -> tuple[np.ndarray, list[Fault]]:
    frame = frames[table]
    rows, faults = np.ones(len(frame), bool), []
    for key, wanted in change.where:
        values = _key(frames, table, key)
        if values is None:
            known = [*frame.columns, *(OF_COLLEGE if "college" in frame else ()), "form"]
            faults.append(Fault(change.line, f"{table} 不能按「{key}」选行", nearest=nearest(key, known), do=f"可用：{'、'.join(map(str, frame))}"))
        else:
            rows &= values.astype(str).isin(_coded(frames, key, wanted)).to_numpy()
    if not faults and not rows.any():
        faults.append(Fault(change.line, f"{table} 中没有符合条件的行", do="核对 where"))
    return rows, faults


def _coded(frames, key: str, words: Sequence[str]) -> list[str]:
    """Chinese words of a scenario file as the codes the tables hold; a code stays itself."""
    table = frames["provinces"]
    known = dict(zip(table["name_zh"], table["province"], strict=True)) if key == "province" else BY_COLUMN.get(key, {})
    return [known.get(word, word) for word in words]


def _key(frames, table: str, key: str) -> pd.Series | None:
    """A column of the table, or one reached through its college (province, tier …) or component (form)."""
    frame = frames[table]
    if key in frame:
        return frame[key]
    owner = next((name for name in ("college", "owner") if name in frame), None)
    if key in OF_COLLEGE and owner:
        return frame[owner].map(frames["colleges"].set_index("college")[key])
    if key == "form" and {"certificate", "component"} <= set(frame):
        general = frames["components"].drop_duplicates(["certificate", "component"]).set_index(["certificate", "component"])["form"]
        return pd.Series(general.reindex(pd.MultiIndex.from_frame(frame[["certificate", "component"]])).to_numpy(), index=frame.index)
    return None


def _operated(values: pd.Series, rows: np.ndarray, change: Change) -> pd.Series:
    if change.operation == "value":
        made = values.astype(object) if values.dtype == object else values.copy()
        made[rows] = pd.Timestamp(change.operand) if str(values.dtype).startswith("datetime") else change.operand
        return made
    if change.operation == "remove":
        made = values.copy()
        made[rows] = pd.NaT if str(values.dtype).startswith("datetime") else (np.nan if values.dtype != object else "")
        return made
    numbers = values.astype(float)
    return numbers.where(~rows, numbers * change.operand if change.operation == "scale" else numbers + change.operand)


def _range_faults(values: pd.Series, table: str, column: str, change: Change) -> list[Fault]:
    kind = load_schema()[table][column].type
    if kind not in ("share", "int", "float", "money", "hours") or values.dtype == object:
        return []
    high = 1.0 if kind == "share" and column != "fiscal_capacity" else np.inf
    wrong = (values < 0) | (values > high)
    if not wrong.any():
        return []
    return [Fault(change.line, f"改后 {table}.{column} 有 {int(wrong.sum())} 个值超出 0—{high:g}（如 {values[wrong].iloc[0]:g}）", do="改小幅度，或缩小 where")]
