"""Provinces by whatever name they are written: 广东, 广东省, Guangdong, 44."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ..errors import Fault
from .tables import Origin

SUFFIXES = ("", "省", "市", "自治区", "壮族自治区", "回族自治区", "维吾尔自治区", "生产建设兵团")
COLUMNS = (
    ("colleges", "province"),
    ("components", "province"),
    ("ingredients", "province"),
    ("fees", "province"),
    ("funding", "owner"),
)


def province_code(
    frames: dict[str, pd.DataFrame], origins: Mapping[str, Origin], faults: list[Fault]
) -> None:
    """Names in province columns become the codes of the set's own 省份 table; each kind of name is noted once a table."""
    known = frames["provinces"]
    names = {}
    for code, zh, en in zip(known["province"], known["name_zh"], known["name_en"], strict=True):
        names |= ({zh + suffix: code for suffix in SUFFIXES} if zh else {}) | (
            {en: code} if en else {}
        )
    codes = set(known["province"])
    for table, place in COLUMNS:
        if table in origins and place in origins[table].columns:
            column = frames[table][place]
            named = np.flatnonzero(column.isin(names.keys() - codes).to_numpy())
            if len(named):
                words = "、".join(dict.fromkeys(column.iloc[named]))
                faults.append(
                    Fault(
                        f"{origins[table].sheet_name}「{origins[table].headers[place]}」",
                        f"{words} 已读作省级代码（{len(named)} 处）",
                        level="note",
                        code="province_name",
                    )
                )
                frames[table] = frames[table].assign(
                    **{
                        place: column.map(
                            lambda word: word if word in codes else names.get(word, word)
                        )
                    }
                )
