"""What provinces, colleges, certificates and organisations are called: names beside codes, as results and findings show them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from .checking.row_status import kinds
from .sheets import CHINESE, one_line
from .tables import KINDS, Tables

NAMED = {  # column of a code → table and column of its name
    "province": ("provinces", "name_zh"),
    "certificate": ("certificates", "name"),
    "organisation": ("organisations", "name"),
    "college": ("colleges", "name"),
}
SIMULATED = "模拟·"  # before a province whose numbers are


def proper_names(tables: Tables) -> dict[str, dict[str, str]]:
    """Column → code → name, each on one line; provinces marked where some rows are simulated; without those that have no name."""
    found = {
        column: {
            code: one_line(str(name))
            for code, name in zip(tables[table][column], tables[table][name_column], strict=True)
            if one_line(str(name))
        }
        for column, (table, name_column) in NAMED.items()
    }
    if KINDS[-1] in kinds(tables):
        found["province"] = {
            code: name if name.startswith("模拟") else f"{SIMULATED}{name}"
            for code, name in found["province"].items()
        }
    return found


def with_names(frame: pd.DataFrame, names: Mapping[str, Mapping[str, str]]) -> pd.DataFrame:
    """The table with a column ⟨key⟩_name behind each column of codes; empty where a code has no name."""
    made = frame.copy()
    for column in [name for name in frame if name in names]:
        made.insert(
            made.columns.get_loc(column) + 1,
            f"{column}_name",
            np.array([names[column].get(code, "") for code in made[column]], object),
        )
    return made


def key_words(key: Mapping[str, object], names: Mapping[str, Mapping[str, str]]) -> str:
    """A key of columns and codes as people say it: 甲省/示例证书一（K1）/初级/2021."""
    said = []
    for column, code in key.items():
        name = names.get(column, {}).get(str(code), "")
        word = CHINESE.get(column, {}).get(str(code), str(code))
        said.append(
            name if column == "province" and name else f"{name}（{code}）" if name else word
        )
    return "/".join(one_line(word) for word in said if word)
