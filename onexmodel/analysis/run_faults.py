"""What a run of the data would refuse or list, said before it at the cells that it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from ..data import Tables
from ..data.checking import transfer
from ..engine.compile import mid_year
from ..engine.findings.table import SAID_AGAIN, run_findings
from ..engine.run import composed, run, years_of
from ..errors import Fault, OnexError
from ..law import load_law

SIZE = 5_000  # offerings: a run of more takes longer than reading them
LISTED = 20  # cells listed of a kind of warning; the rest, and notes after the first, are counted
AT = {
    "over_cap": "published_fee",
    "unverified": "verified_cost",
    "no_pay_pool": "college",
    "printing_for_computer_based": "item",
    "marking_for_computer_based": "item",
    "paid_outside_total": "cash_share",
    "price_outlier": "unit_price",
}  # rule of a finding → the column that it is about; else the first that its key names


def run_faults(tables: Tables) -> list[Fault]:
    """Warnings and notes of a run of every year under the law as it is, each with its cell; none where the data have more than SIZE
    offerings, and what reading says itself is not said again."""
    if len(tables["offerings"]) > SIZE:
        return []
    law = load_law()
    try:
        made = run(law, tables, composed(law, tables, (), None), years_of(tables))
    except OnexError as error:
        return [replace(one, level="warning", code=one.code or "refused") for one in error.faults]
    kinds: dict[tuple[str, str], list[Fault]] = {}
    for one in run_findings(made, tables):
        key = one["keys"][0] if one["keys"] else {}
        rows = rows_named(tables, one["table"], key)
        if one["rule"] not in (*SAID_AGAIN, transfer.CODE) and len(rows):
            column = AT.get(one["rule"]) or next(
                name for name in key if name in tables[one["table"]]
            )
            fault = tables.origins[one["table"]].fault(
                int(rows[-1]), column, one["sentence"], level=one["severity"], code=one["rule"]
            )
            kinds.setdefault((one["table"], one["rule"]), []).append(fault)
    return [fault for found in kinds.values() for fault in _shortened([*dict.fromkeys(found)])]


def rows_named(tables: Tables, table: str, key: Mapping) -> np.ndarray:
    """Positions of the rows that a finding's key names; of fees those in force in its year, where there are any."""
    if table not in tables.origins or not key:
        return np.array([], int)
    frame = tables[table]
    hit = np.ones(len(frame), bool)
    for name, value in key.items():
        if name in frame:
            hit &= (frame[name] == value).to_numpy()
    if "year" in key and "valid_from" in frame:
        held = hit & (frame["valid_from"] <= pd.Timestamp(mid_year(int(key["year"])))).to_numpy()
        hit = held if held.any() else hit
    return np.flatnonzero(hit)


def _shortened(found: list[Fault]) -> list[Fault]:
    """Up to LISTED of a kind, of notes one; the last says how many more there are."""
    most = 1 if found[0].level == "note" else LISTED
    if len(found) <= most:
        return found
    last = found[most - 1]
    rest = f"{last.what.rstrip('。')}（同类另有 {len(found) - most} 处）"
    return [*found[: most - 1], replace(last, what=rest)]
