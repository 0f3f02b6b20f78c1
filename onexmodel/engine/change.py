"""Data changes of a scenario, laid over a copy of the tables."""

from __future__ import annotations

import numpy as np

from ..errors import Fault, ScenarioError, nearest


def change_frames(frames, changes) -> dict:
    """Data changes on a copy. Raises ScenarioError where a table, column or row is not there."""
    changed, faults = dict(frames), []
    for change in changes:
        table, column = change.target.split("/")
        if table not in frames or column not in frames[table]:
            faults.append(Fault(change.line, f"没有这一列「{table}.{column}」", nearest=nearest(
                column, frames[table] if table in frames else frames)))
            continue
        frame = changed[table].copy()
        rows = np.ones(len(frame), bool)
        for key, wanted in change.where:
            rows &= frame[key].astype(str).isin(wanted).to_numpy() if key in frame else False
        if not rows.any():
            faults.append(Fault(change.line, f"{table} 中没有符合条件的行", do="核对 where", level="error"))
        operations = {"value": lambda x, c=change: c.operand, "scale": lambda x, c=change: x * c.operand,
                      "add": lambda x, c=change: x + c.operand, "remove": lambda x: np.nan}
        frame.loc[rows, column] = operations[change.operation](frame.loc[rows, column])
        changed[table] = frame
    if faults:
        raise ScenarioError(faults)
    return changed
