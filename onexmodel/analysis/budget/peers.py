"""A college beside the colleges of its tier and province: what a candidate needs, how much of it is secured, how far its accounts are settled."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

from ...engine.accounts.ledger import settlement_ledger
from ...engine.result import YearResult
from ...rules import settlement as s
from ...rules.numbers import ratio
from ..study import Study
from .study import place_tables

LEAST = 5  # peers whose quartiles may be shown
QUARTILES = (0.25, 0.5, 0.75)


def beside_peers(
    study: Study, result: YearResult, view: Mapping, at: date
) -> tuple[str, int, pd.DataFrame]:
    """(tier, peers with a plan, the college among them; item → own value and quartiles of all): `each` yuan needed a candidate, `covered`
    share of the need, `rate` share of what is payable that is paid at the day. Items of fewer than LEAST colleges, or that the
    college itself has not, have no row. For a study of one college."""
    keys = result.compiled.keys["college"].reset_index(drop=True)
    own = keys.index[keys["college"] == study.college][0]
    alike = (keys["province"] == keys.at[own, "province"]) & (keys["tier"] == keys.at[own, "tier"])
    need = np.broadcast_to(result.served["needs"].sum(-2), len(keys))
    heads = np.broadcast_to(result.served["college_served"], len(keys))
    gap = np.broadcast_to(result.served["funding_gap"], len(keys))
    planned = alike.to_numpy() & (heads > 0)
    values = pd.DataFrame(
        {"each": ratio(need, heads), "covered": 1 - ratio(gap, need)}, index=keys["college"]
    ).mask(np.broadcast_to(~planned[:, None], (len(keys), 2)))
    accounts = place_tables(study, frozenset(keys.loc[alike, "college"]))
    values["rate"] = _rates(settlement_ledger(accounts, view, at).batches).reindex(values.index)
    rows = {}
    for name in values:
        known = values[name].dropna()
        if len(known) >= LEAST and study.college in known.index:
            rows[name] = [known[study.college], *np.quantile(known, QUARTILES, method="hazen")]
    found = pd.DataFrame.from_dict(rows, orient="index", columns=["own", *QUARTILES])
    return keys.at[own, "tier"], int(planned.sum()), found


def _rates(batches: pd.DataFrame) -> pd.Series:
    """college → its settlement rate."""
    return pd.Series(
        {
            college: float(
                s.settlement_rate(some["payable_fen"].to_numpy(), some["paid_fen"].to_numpy())
            )
            for college, some in batches.groupby("college")
        },
        dtype=float,
    )
