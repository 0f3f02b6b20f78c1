"""What provinces and groups of colleges are called on a page of fee_cap."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from ..page.words import TIERS


def province_names(report) -> pd.Series:
    """Province code → its name in the report's language, without the mark of simulated rows."""
    return report.study.tables["provinces"].set_index("province")[f"name_{report.press.lang}"]


def group_names(report, column: str, codes: Iterable[str]) -> list[str]:
    """Names of groups by tier or province."""
    if column == "tier":
        return [report.press.word(TIERS, code) for code in codes]
    names = province_names(report)
    return [report.press.place(names[code]) for code in codes]
