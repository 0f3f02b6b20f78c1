"""The tile grid: where provinces stand, and what is drawn of them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...analysis.provinces import study as pc
from ...law.yamlfile import read_yaml
from ...places import package_file

if TYPE_CHECKING:
    from .report import ProvinceComparison

FEWEST = 10  # provinces of the grid with a level, below which the grid says less than a list


@cache
def grid() -> dict[str, tuple[int, int, str, str]]:
    """code → (row, column, short Chinese name, letters of GB/T 2260)."""
    file = package_file("report", "province_comparison", "grid.yaml")
    return {code: tuple(spot) for code, spot in read_yaml(file).data.items()}


def placed(report: ProvinceComparison) -> pd.DataFrame:
    """A row a province of the data that has a place in the grid: province, level (the nation's mean = 100) and rate (settled in money, %), nan
    where there is none or it may not be shown. Empty where too few have a level."""
    shown = set(report.shown["province"])
    frame = report.levels[report.levels["province"].isin(grid())][["province", "level"]]
    rates = (
        pc.settlement(report.ledger).set_index("province") if len(report.ledger.batches) else None
    )
    frame = frame.assign(
        level=100 * frame["level"].where(frame["province"].isin(shown)),
        rate=np.nan if rates is None else 100 * frame["province"].map(_settled(report, rates)),
    ).reset_index(drop=True)
    return frame if frame["level"].notna().sum() >= FEWEST else frame.iloc[:0]


def _settled(report: ProvinceComparison, rates: pd.DataFrame) -> pd.Series:
    """province → share settled in money, of those that may be shown singly."""
    return rates.loc[report.writer.may_show(rates["colleges"]), "rate"]


def spots(report: ProvinceComparison, frame: pd.DataFrame) -> list[tuple[int, int, str, bool]]:
    """(row, column, short name, is it the report's own province?) a row of `placed`."""
    name = 2 if report.writer.lang == "zh" else 3
    return [
        (int(at[0]), int(at[1]), str(at[name]), code == report.focus)
        for code, at in ((code, grid()[code]) for code in frame["province"])
    ]
