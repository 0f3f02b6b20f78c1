"""Findings that a run of a year itself shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from ..leaves import capless
from ..places.few_colleges import few_colleges, few_said, unanswered, unanswered_said
from .finding import finding, key_of, placed
from .unfilled import HOURS

FEE = ("province", "certificate", "level")


def result_findings(year_result, fees: pd.DataFrame, view: Mapping) -> list[dict]:
    """What the run itself shows: fees above their ceiling, special cases without effect, colleges without a pool, provinces of too few
    colleges. view: the law the result was made under."""
    compiled, plan = year_result.compiled, year_result.plan
    cells, year = compiled.keys["cell"], compiled.year
    found = _each(
        cells[plan["over_cap"]],
        lambda row: key_of(row, FEE) | {"year": year},
        "over_cap",
        "warning",
        "费用标准或特殊情况标准高于扣除院校承担后的上限，需说明",
    )
    found += _each(
        cells[capless(compiled, np.asarray(plan["cap"]))],
        lambda row: f"{row.province}/{row.certificate}/{row.level}/{year}",
        "cap_missing",
        "note",
        "没有填报考核成本上限，按已公布的标准计；上限余额、测算标准和改动上限的影响无从计算",
    )
    found += _each(
        cells[np.isinf(plan["verified_fee"])],
        lambda row: key_of(row, FEE) | {"year": year},
        "unverified",
        "note",
        "没有核定价",
    )
    found += _each(
        fees[fees["special_case"].astype(bool) & (fees["special_document"] == "")],
        lambda row: key_of(row, FEE),
        "special_case_without_document",
        "warning",
        "特殊情况没有审核文号，不产生效力",
    )
    pools = compiled.leaves["pay_pool"]
    working = compiled.planned("college") > 0
    unknown = ~np.isfinite([compiled.leaves[name] for name in HOURS]).all(axis=0)
    for missing, what in (
        (np.isnan(pools), "绩效工资总量"),
        (~np.isnan(pools) & unknown, "专任教师数、标准年课时或现有总课时"),
    ):
        found += _each(
            compiled.keys["college"][missing & working & ~compiled.leaves["is_private"]],
            lambda row: {"college": row.college, "year": year},
            "no_pay_pool",
            "warning",
            f"没有填报{what}，核增无从计算，需求不含这一项",
            "colleges",
        )
    return found + _few(year_result, view)


def _each(
    rows: pd.DataFrame, key: Callable, rule: str, severity: str, sentence: str, table: str = "fees"
) -> list[dict]:
    """A finding a row, with the place it belongs to."""
    return [
        finding(table, key(row), rule, severity, sentence, **placed(row._asdict()))
        for row in rows.itertuples()
    ]


def _few(result, view: Mapping) -> list[dict]:
    """A note for each province of too few colleges, and one for what a removed cap leaves without an answer there."""
    compiled, year = result.compiled, result.compiled.year
    found = [
        finding(
            "offerings",
            {"province": province, "year": year},
            "few_colleges",
            "note",
            few_said({province: count}, compiled, view),
            province=province,
        )
        for province, count in few_colleges(compiled, view).items()
    ]
    planned = compiled.planned("cell")
    share = float((planned * unanswered(result)).sum() / max(planned.sum(), 1.0))
    return found + (
        [finding("fees", {"year": year}, "cap_removed", "warning", unanswered_said(share))]
        if share > 0
        else []
    )
