"""Declared imputation: a missing value is filled only where the data set says how, and every filled cell is flagged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from ...errors import Fault, nearest
from ..schema import load_schema
from ..tables import Origin, by_code

NATIONAL = "national_median_by_tier"
METHODS = {
    "province_median_by_tier": "同省同层次中位数",
    NATIONAL: "全国同层次中位数",
}
OR_DECLARE = "确实没有的，在「说明」里声明填补办法"
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
        where = line.get("where", "填补声明")
        if column not in names:
            faults.append(
                Fault(
                    where,
                    f"「{column}」不能填补",
                    nearest=nearest(column[:80], names),
                    do="只能填补院校规模、课时与班额等列",
                    code="impute",
                )
            )
        elif method not in methods:
            faults.append(
                Fault(
                    where,
                    f"没有「{method}」这种填补办法",
                    nearest=nearest(method[:80], methods),
                    do=f"可用：{'、'.join(METHODS.values())}",
                    code="impute",
                )
            )
        elif rules.get(names[column], methods[method]) != methods[method]:
            what = f"「{column}」声明了两种填补办法"
            faults.append(Fault(where, what, do="只留一种", code="impute"))
        else:
            rules[names[column]] = methods[method]
    return rules


def advised(
    table: str,
    faults: Sequence[Fault],
    frames: Mapping[str, pd.DataFrame],
    origins: Mapping[str, Origin],
) -> list[Fault]:
    """The faults of a table; an empty cell that could be filled in by a declared rule says so: a column that can be imputed, and another
    college of the same tier that has the number."""
    if table not in origins or not any(fault.code == "missing_cell" for fault in faults):
        return list(faults)
    origin, frame, colleges = origins[table], frames[table], frames["colleges"]
    tiers = by_code(colleges, "college")["tier"]
    if not any(table == name for name, _ in IMPUTABLE):
        return list(faults)
    tier = frame["college"].map(tiers)
    rows = {int(number): at for at, number in enumerate(origin.rows)}
    columns = {at: name for name, at in origin.columns.items() if (table, name) in IMPUTABLE}
    peers = {at: set(tier[frame[name].notna()].dropna()) - {""} for at, name in columns.items()}
    return [
        replace(fault, do=f"{fault.do}；{OR_DECLARE}")
        if fault.code == "missing_cell"
        and fault.at
        and tier.get(rows.get(fault.at[2], -1)) in peers.get(fault.at[3], ())
        else fault
        for fault in faults
    ]


def fill(
    frames: Mapping[str, pd.DataFrame],
    rules: Mapping[tuple[str, str], str],
    origins: Mapping[str, Origin],
    faults: list[Fault],
) -> tuple[dict[str, pd.DataFrame], dict[tuple[str, str], np.ndarray]]:
    """Frames with the declared values filled, and which cells those are. A cell without any peer is an error."""
    made, flags = dict(frames), {}
    colleges = by_code(frames["colleges"], "college")
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
        still, near = missing & value.isna(), missing & local.notna()
        faults += [
            origins[table].fault(int(i), column, "没有同类可供填补", "填上", code="impute")
            for i in np.flatnonzero(still)
        ]
        made[table] = frame.assign(**{column: frame[column].where(~missing, value)})
        flags[table, column] = missing.to_numpy()
        for way, count in (
            (method, int(near.sum())),
            (NATIONAL, int((missing & ~near & ~still).sum())),
        ):
            if count:
                faults.append(
                    Fault(
                        f"{origins[table].sheet_name}「{origins[table].headers.get(column, column)}」",
                        f"{count} 处缺失，按{METHODS[way]}填补",
                        level="warning",
                        code="imputed",
                    )
                )
    return made, flags
