"""The leaves of a tree that are cells of the tables as read: which row a value comes from, and its address."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ...data.codes import BY_COLUMN
from ...data.schema import load_schema
from ...engine.compile import mid_year
from ...law.units import units
from .derive import Ref
from .node import Node, row_address
from .words import is_private, plain, row_words

CELLS = {
    "planned_candidates": ("offerings", "candidates"),
    "given_pass_rate": ("offerings", "pass_rate"),
    "given_retake_share": ("offerings", "retake_share"),
    "class_size": ("offerings", "class_size"),
    "course_hours": ("offerings", "course_hours"),
    "integration": ("offerings", "integration"),
    **{
        name: ("components", name)
        for name in (
            "session_capacity",
            "candidates_per_assessor",
            "stations",
            "hours_per_session",
            "college_staff_per_session",
        )
    },
    "component_weight": ("components", "weight"),
    **{
        name: ("fees", name)
        for name in ("given_proposal", "verified_cost", "published_fee", "special_fee")
    },
    "special_applies": ("fees", "special_document"),
    "fixed_cost": ("organisations", "fixed_cost"),
    **{
        name: ("pay_pools", name)
        for name in ("pay_pool", "uplift_granted", "uplift_limit", "net_training_income")
    },
    **{
        name: ("colleges", name)
        for name in ("students", "teachers", "norm_hours", "baseline_hours")
    },
    "is_private": ("colleges", "ownership"),
    "is_applied": ("colleges", "tier"),
    "national_sittings": ("certificates", "national_sittings"),
    "has_audited_price": ("ingredients", "audited_price"),
}
TEXT_CELLS = (
    "special_applies",
    "is_private",
    "is_applied",
    "has_audited_price",
)  # a rule sees yes or no, a reader the cell's words


def header_of(name: str, lang: str) -> str:

    table, column = CELLS[name]
    return load_schema()[table][column].header if lang == "zh" else column


def cell_node(derived, ref: Ref, lang: str) -> Node:
    """The cell that a leaf comes from. Raises KeyError for a leaf that CELLS does not know."""
    stage, name, index = ref
    table, column = CELLS.get(name, ("", name))
    value = plain(derived.value(ref))
    if not table and not name.startswith("baseline_"):
        raise KeyError(f"{name}: explain/cells.py does not say which column it is")
    if not table:
        words = "没有基准值（第一遍计算）" if lang == "zh" else "no baseline value yet (first pass)"
        return Node(name, words, row_words(derived, ref), value, "", "constant")
    spec = load_schema()[table][column]
    changed = (
        [
            change
            for change in derived.study.composition.data_changes
            if change.target == f"{table}/{column}" and change.holds(mid_year(derived.study.year))
        ]
        if stage.startswith("scenario")
        else []
    )
    note = "；".join(
        f"情景 {change.scenario}：{change.operation} {change.operand}（{change.reason}）"
        for change in changed
    )
    rows = _rows_of(derived, ref, table)
    value = _text(derived, table, column, rows, lang) if name in TEXT_CELLS else value
    source = (
        "；".join(row_address(derived, table, int(row), column) for row in rows[:2])
        or f"{spec.sheet}（没有这一行）"
    )
    return Node(
        name,
        spec.header if lang == "zh" else column,
        row_words(derived, ref),
        value,
        spec.unit.strip("-") if lang == "zh" else units().get(spec.unit, ("", ""))[1],
        "cell",
        source=source,
        note=note,
        private=is_private(derived, ref),
    )


def _text(derived, table: str, column: str, rows: np.ndarray, lang: str) -> str:
    """The words of a cell; every code in Chinese for a Chinese reader."""
    if not len(rows):
        return "—"
    value = derived.study.tables[table][column].iloc[int(rows[0])]
    words = {code: word for word, code in BY_COLUMN.get(column, {}).items()} if lang == "zh" else {}
    return words.get(value, str(value)) if not pd.isna(value) and value != "" else "—"


def _rows_of(derived, ref: Ref, table: str) -> np.ndarray:
    stage, name, index = ref
    frame, axis = derived.study.tables[table], derived.axis(ref)
    keys = (
        derived.stages[stage].compiled.keys["offering" if axis == "component" else axis].iloc[index]
    )
    rows = np.arange(len(frame))
    for column in ("college", "certificate", "level", "organisation", "province"):
        if (
            column in frame
            and column in keys
            and not (
                table in ("components", "ingredients")
                and column in ("college", "province", "level")
            )
        ):
            cells = (
                frame[column] if len(rows) == len(frame) else frame[column].iloc[rows]
            )  # few are left after the first
            rows = rows[(cells == keys[column]).to_numpy()]
    same = np.zeros(len(frame), bool)
    same[rows] = True
    if table in ("components", "ingredients") and "level" in keys:
        same &= frame["level"].isin((keys["level"], "all")).to_numpy()
        for column in ("province", "college"):
            same &= frame[column].isin(("", keys.get(column, ""))).to_numpy()
        if table == "components" and same.any():
            rank = (frame["college"] != "") * 2 + (
                (frame["province"] != "") & (frame["college"] == "")
            ) * 1
            best = rank[same].groupby(frame.loc[same, "component"]).transform("max")
            same[np.flatnonzero(same)[(rank[same] != best).to_numpy()]] = False
    if "year" in frame:
        same &= (frame["year"] == derived.study.year).to_numpy()
    return np.flatnonzero(same)
