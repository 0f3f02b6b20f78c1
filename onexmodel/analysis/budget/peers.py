"""A college beside its peers: what a candidate needs, how much of it is secured, how far its accounts are settled."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

from ...engine.accounts.ledger import settlement_ledger
from ...engine.result import YearResult
from ...rules import settlement as s
from ...rules.numbers import ratio
from ..peers import Peers, beside_peers
from ..study import Study
from .study import place_tables


def budget_peers(study: Study, result: YearResult, view: Mapping, at: date) -> Peers:
    """Of colleges with a plan: `each` yuan needed a candidate, `covered` share of the need, `rate` share of what is payable that is paid at
    the day. For a study of one college."""
    keys = result.compiled.keys["college"]
    need = np.broadcast_to(result.served["needs"].sum(-2), len(keys))
    heads = np.broadcast_to(result.served["college_served"], len(keys))
    gap = np.broadcast_to(result.served["funding_gap"], len(keys))
    accounts = place_tables(study, frozenset(keys["college"]))
    rates = _rates(settlement_ledger(accounts, view, at).batches)
    measures = {
        "each": ratio(need, heads),
        "covered": 1 - ratio(gap, need),
        "rate": rates.reindex(keys["college"]).to_numpy(float),
    }
    return beside_peers(study, result.compiled, measures, heads > 0)


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
