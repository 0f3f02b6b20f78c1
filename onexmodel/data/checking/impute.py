"""Declared imputation: a missing value is filled only where the data set says how, and every filled cell is flagged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from ...errors import Fault, nearest
from ..schema import load_schema
from ..tables import Origin

METHODS = {
    "province_median_by_tier": "同省同层次中位数",
    "national_median_by_tier": "全国同层次中位数",
}
IMPUTABLE = {
    ("colleges", name)
    for name in (
        "students",
        "teachers",
        "norm_hours",
        "baseline_hours",
        "per_student_appropriation",
        "tuition_fee",
    )
} | {
    ("offerings", name)
    for name in ("class_size", "course_hours", "pass_rate", "retake_share", "integration")
}


def read_rules(declared: Sequence[Mapping], faults: list[Fault]) -> dict[tuple[str, str], str]:
    """(table, column) → method. `declared` is the list under `impute:` of dataset.yaml, or the lines 填补 of sheet 说明."""
    schema, rules = load_schema(), {}
    names = {
        **{f"{table}.{column}": (table, column) for table, column in IMPUTABLE},
        **{
            f"{schema[table][column].sheet}.{schema[table][column].header}": (table, column)
            for table, column in IMPUTABLE
        },
    }
    methods = {
        **{method: method for method in METHODS},
        **{zh: method for method, zh in METHODS.items()},
    }
    for line in declared:
        column, method = str(line.get("column", "")), str(line.get("method", ""))
        if column not in names:
            faults.append(
                Fault(
                    "填补声明",
                    f"「{column}」不能填补",
                    nearest=nearest(column, names),
                    do="只能填补院校规模、课时与班额等列",
                    code="impute",
                )
            )
        elif method not in methods:
            faults.append(
                Fault(
                    "填补声明",
                    f"没有「{method}」这种填补办法",
                    nearest=nearest(method, methods),
                    do=f"可用：{'、'.join(METHODS.values())}",
                    code="impute",
                )
            )
        else:
            rules[names[column]] = methods[method]
    return rules


def fill(
    frames: Mapping[str, pd.DataFrame],
    rules: Mapping[tuple[str, str], str],
    origins: Mapping[str, Origin],
    faults: list[Fault],
) -> tuple[dict[str, pd.DataFrame], dict[tuple[str, str], np.ndarray]]:
    """Frames with the declared values filled, and which cells those are. A cell without any peer is an error."""
    made, flags = dict(frames), {}
    colleges = frames["colleges"].drop_duplicates("college").set_index("college")
    for (table, column), method in rules.items():
        if table not in origins:
            continue
        frame = made[table]
        missing = frame[column].isna()
        if column == "per_student_appropriation":
            missing &= (frame["ownership"] != "private").to_numpy()  # private colleges have none
        if not missing.any():
            continue
        college = frame["college"]
        tier, province = college.map(colleges["tier"]), college.map(colleges["province"])
        national = frame[column].groupby(tier).transform("median")
        local = (
            frame[column].groupby([province, tier]).transform("median")
            if method == "province_median_by_tier"
            else national
        )
        value = local.where(local.notna(), national)
        if load_schema()[table][column].type == "int":
            value = value.round()
        still = missing & value.isna()
        faults += [
            origins[table].fault(int(i), column, "没有同类可供填补", "填上", code="impute")
            for i in np.flatnonzero(still)
        ]
        made[table] = frame.assign(**{column: frame[column].where(~missing, value)})
        flags[table, column] = missing.to_numpy()
        faults.append(
            Fault(
                f"{origins[table].sheet_name}「{origins[table].headers.get(column, column)}」",
                f"{int(missing.sum())} 处缺失，按{METHODS[method]}填补",
                level="warning",
                code="imputed",
            )
        )
    return made, flags
