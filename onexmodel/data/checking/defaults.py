"""Blank cells for which the model has a stated default: counted and said, never filled in silence."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ...errors import Fault
from ..tables import Origin

DEFAULTS = {
    ("offerings", "pass_rate"): "按参数 volume.default_pass_rate 计",
    ("offerings", "retake_share"): "按参数 volume.default_retake_share 计",
    ("provinces", "price_index"): "价格水平指数按 1（全国）计",
    ("provinces", "wage_index"): "工资水平指数按 1（全国）计",
}


def say_defaults(
    frames: Mapping[str, pd.DataFrame], origins: Mapping[str, Origin], faults: list[Fault]
) -> None:
    """A note for each column with blank cells that take a default: how many, and what they take."""
    for (table, column), words in DEFAULTS.items():
        rows = np.flatnonzero(frames[table][column].isna().to_numpy()) if table in origins else []
        if len(rows):
            header = origins[table].headers.get(column, column)
            faults.append(
                Fault(
                    origins[table].address(int(rows[0]), column),
                    f"「{header}」一列有 {len(rows)} 格空缺，{words}",
                    "有数就补上",
                    level="note",
                    code="default",
                )
            )
