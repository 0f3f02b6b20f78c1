"""The accounts of a budget_and_settlement report in numbers: what is settled, what is due when, when arrears are cleared. Money in yuan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from ..page.writer import SMALL


@dataclass(frozen=True)
class Settlement:
    """The accounts at a day: are there `records` up to it, may they be `shown`; what nobody filled in, assessments or payments (`unfiled`);
    how many batches are of a `later` day, where that may be said; the years (first, last) of their batches; how many batches, and how
    many of them are `owing`, and how many were assessed before any standard (`unpriced`); money; the settlement rate."""

    at: date
    records: bool
    batches: int
    shown: bool = False
    first: int = 0
    last: int = 0
    owing: int = 0
    unpriced: int = 0
    payable: float = 0.0
    arrears: float = 0.0
    rate: float = float("nan")
    least: int = SMALL
    unfiled: str = ""
    later: int = 0

    @property
    def owes(self) -> bool:
        """Is anything owed that may be shown?"""
        return self.shown and self.arrears > 0


def settlement_of(
    ledger, records: pd.DataFrame, paid: bool, at: date, internal: bool
) -> Settlement:
    """The ledger in numbers; a circulated report shows it from five colleges on. `records`: all assessments of the place, whenever; `paid`:
    do the data have a payment at all? Without any, what is paid is not known: it is not nothing."""
    batches = ledger.batches
    unfiled = "" if len(records) and paid else "payments" if len(records) else "assessments"
    after = records[records["assessed_on"] > ledger.at]
    later = len(after) if internal or after["college"].nunique() >= SMALL else 0
    if not len(batches) or unfiled:
        return Settlement(at, len(batches) > 0, len(batches), unfiled=unfiled, later=later)
    years, owing = batches["assessed_on"].dt.year, int((batches["arrears_fen"] > 0).sum())
    return Settlement(
        at=at,
        records=True,
        shown=internal or batches["college"].nunique() >= SMALL,
        first=int(years.min()),
        last=int(years.max()),
        batches=len(batches),
        owing=owing,
        unpriced=int((~batches["basis"].isin(("standard", "special_case"))).sum()),
        payable=ledger.payable / 100,
        arrears=ledger.arrears / 100,
        rate=ledger.rate,
        later=later,
    )


def due(ledger) -> dict[date, tuple[int, float]]:
    """Day by which the notices wanted it settled → batches that still owe, what they owe."""
    batches = ledger.batches
    owing = batches[(batches["arrears_fen"] > 0) & batches["due"]]
    return {
        by.date(): (len(some), some["arrears_fen"].sum() / 100)
        for by, some in owing.groupby("due_by")
    }


@dataclass(frozen=True)
class Clearing:
    """What the clearing plan comes to: the month in which all is cleared (0: never), and what is `left` after it, yuan; `pays`: does it pay
    anything?"""

    year: int
    months: int
    left: float
    pays: bool


def clearing(year: int, plan: pd.DataFrame) -> Clearing:
    """`plan`: settlement_study.clearing_plan."""
    done = plan.loc[plan["left_fen"] <= 0, "month"]
    left, pays = plan["left_fen"].iloc[-1] / 100, bool(plan["paid_fen"].sum() > 0)
    return Clearing(year, int(done.iloc[0]) if len(done) else 0, left, pays)
