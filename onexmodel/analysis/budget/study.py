"""A place's budget and accounts: needs by use and source, the ledger by group and age, the plan that clears arrears, and why
fee spending changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from ...data import Tables
from ...engine.accounts.ledger import Ledger, burn_down, fen
from ...engine.pots import fund_flows
from ...engine.result import YearResult
from ...rules import settlement as s
from ...rules.funding import SOURCES, USES
from ...rules.numbers import ratio
from ..headline import total
from ..study import Study

MONTHS_AHEAD = (
    12  # of the clearing plan: the idle limits of one year give twelve twelfths, and are spent once
)
PARTS = ("price", "volume", "mix")


def place_tables(study: Study, colleges: frozenset[str] = frozenset()) -> Tables:
    """The tables with the fees of the place and the accounts of its colleges, or of `colleges`, only."""
    colleges, fees = colleges or study.colleges, study.tables["fees"]
    fees = (
        fees[fees["province"].isin(study.provinces)].reset_index(drop=True)
        if study.provinces
        else fees
    )
    return study.tables.with_frames(
        {
            "fees": fees,
            **{
                name: study.tables[name][study.tables[name]["college"].isin(colleges)].reset_index(
                    drop=True
                )
                for name in ("assessments", "payments", "budget_lines")
            },
        }
    )


def cut_off(study: Study, day: date) -> date:
    """The day accounts are looked at: the law's `day`; the last of the study's year where every record of the place is of a later day and
    some are of that year or before."""
    records = study.tables["assessments"]
    held = records.loc[records["college"].isin(study.colleges), "assessed_on"]
    last = date(study.year, 12, 31)
    late = bool(len(held)) and held.min() > pd.Timestamp(day)
    return last if late and held.min() <= pd.Timestamp(last) else day


def _budget_lines(accounts: Tables, year: int) -> pd.DataFrame:
    lines = accounts["budget_lines"]
    return lines[lines["year"] == year]


def sources_and_uses(
    study: Study, accounts: Tables, result: YearResult, view: Mapping
) -> pd.DataFrame:
    """use → need, a column a source (optimum), gap (optimum), yuan; with budgeted and final of the place's budget lines."""
    college = study.scope(result.compiled)["college"]
    flows = fund_flows(result, view)[..., college].sum(-1)
    made = pd.DataFrame(
        {"need": result.served["needs"][..., college].sum(-1)}, index=pd.Index(USES, name="use")
    )
    for at, source in enumerate(SOURCES):
        made[source] = flows[at]
    made["gap"] = [float(total(result.served[f"funding_gap_{use}"], college)) for use in USES]
    sums = (
        _budget_lines(accounts, study.year)
        .groupby("use")[["budgeted", "final"]]
        .sum(min_count=1)
        .reindex(made.index)
    )
    return made.join(sums)


AMOUNTS = (
    "payable_fen",
    "paid_fen",
    "arrears_fen",
    "overpaid_fen",
    "price_exception_fen",
    "quantity_exception_fen",
    "payment_exception_fen",
)  # of a batch, fen


def by_group(ledger: Ledger, column: str, groups: Sequence[tuple[str, ...]] = ()) -> pd.DataFrame:
    """group → batches, colleges, fen payable, paid, arrears, overpaid, exceptions; settlement rate; the last row is all. `groups`: values
    of the column that stand together (names joined by +); by default each alone."""
    batches, rows = ledger.batches, []
    groups = groups or [(value,) for value in sorted(batches[column].unique())]
    for group, some in [
        *(("+".join(values), batches[batches[column].isin(values)]) for values in groups),
        ("all", batches),
    ]:
        rows.append(
            {
                "group": group,
                "batches": len(some),
                "colleges": some["college"].nunique(),
                **{name: int(some[name].sum()) for name in AMOUNTS},
                "settlement_rate": float(
                    s.settlement_rate(some["payable_fen"].to_numpy(), some["paid_fen"].to_numpy())
                ),
                **dict(
                    zip(
                        s.BUCKETS,
                        s.ageing(
                            some["arrears_fen"].to_numpy(), some["age_days"].to_numpy()
                        ).tolist(),
                        strict=True,
                    )
                ),
            }
        )
    return pd.DataFrame(rows)


def clearing_plan(study: Study, ledger: Ledger, result: YearResult) -> pd.DataFrame:
    """month (1 … 12) → fen paid, fen left: each college clears its oldest batches first out of a twelfth a month of the money its own
    plan of the year leaves idle, which is spent once. What is left after the last month needs other money: next year's, or another college's."""
    compiled = result.compiled
    idle = pd.Series(
        np.broadcast_to(result.served["idle"], len(compiled.keys["college"])),
        index=compiled.keys["college"]["college"].to_numpy(),
    )
    paid = np.zeros(MONTHS_AHEAD, np.int64)
    for college, some in (
        ledger.batches[ledger.batches["arrears_fen"] > 0]
        .sort_values(["assessed_on", "assessment"], kind="stable")
        .groupby("college", sort=True)
    ):
        by_month = fen(
            idle.get(college, 0.0) * np.arange(MONTHS_AHEAD + 1) / MONTHS_AHEAD
        )  # whole fen that add to the year's
        paid += s.clearing(some["arrears_fen"].to_numpy(), np.diff(by_month)).sum(0)
    return pd.DataFrame(
        {
            "month": np.arange(1, MONTHS_AHEAD + 1),
            "paid_fen": paid,
            "left_fen": ledger.arrears - np.cumsum(paid),
        }
    )


def idle_and_arrears(study: Study, ledger: Ledger, result: YearResult) -> dict[str, float]:
    """Yuan: money the plan leaves idle (`idle`); what colleges that owe could clear within a year out of their own (`own`); idle money
    over a college's own arrears (`other`: of no use to it for them); arrears that only other money reaches (`beyond`)."""
    keys = result.compiled.keys["college"]["college"].to_numpy()
    idle = pd.Series(np.broadcast_to(result.served["idle"], len(keys)), index=keys)[
        study.scope(result.compiled)["college"]
    ]
    owed = (
        (ledger.batches.groupby("college")["arrears_fen"].sum() / 100)
        .reindex(idle.index)
        .fillna(0.0)
    )
    own = float(np.minimum(owed, idle).sum())
    return {
        "idle": float(idle.sum()),
        "own": own,
        "other": float(idle.sum()) - own,
        "beyond": float(owed.sum()) - own,
    }


def months_before(ledger: Ledger) -> pd.DatetimeIndex:
    """Month ends from the first assessment up to the ledger's date."""
    first = ledger.batches["assessed_on"].min()
    days = pd.date_range(first, ledger.at, freq="ME")
    return (
        days if len(days) and days[-1] == ledger.at else days.append(pd.DatetimeIndex([ledger.at]))
    )


def burn(accounts: Tables, ledger: Ledger, view: Mapping) -> pd.DataFrame:
    """at, payable_fen, arrears_fen, settlement_rate at each month end."""
    return (
        burn_down(accounts, view, months_before(ledger))
        if len(ledger.batches)
        else pd.DataFrame(columns=["at", "payable_fen", "arrears_fen", "settlement_rate"])
    )


@dataclass(frozen=True)
class MonthlyFees:
    """Fees of one year by month: `due` (months,) yuan from January on, `money` yuan a month: a twelfth of what the optimum of that year
    gives to fees. `pattern`: 0 where the months are the year's own records, else the year whose rhythm spreads the plan's fee bill."""

    due: pd.Series
    money: float
    year: int
    pattern: int


def monthly_fees(study: Study, ledger: Ledger, result: YearResult) -> MonthlyFees | None:
    """Fees due month by month against money for fees, both of the plan's year; None where no month is on record. Every month stands,
    those without assessments at 0. A year on record runs to the month of the ledger; the plan's bill takes the rhythm of the last
    year on record, an assumption."""
    scope = study.scope(result.compiled)
    college, bill = scope["college"], float(total(result.served["fee_bill"], scope["offering"]))
    needs = float(result.served["needs"][..., USES.index("assessment"), college].sum())
    paid_for = float(result.served["covered"][..., USES.index("assessment"), college].sum())
    batches = ledger.batches[ledger.batches["payable_fen"] > 0]
    if not len(batches):
        return None
    own = batches["assessed_on"].dt.year == study.year
    year = study.year if own.any() else int(batches["assessed_on"].dt.year.max())
    some = batches[batches["assessed_on"].dt.year == year]
    last = 12 if year < ledger.at.year or not own.any() else ledger.at.month
    due = (
        some.groupby(some["assessed_on"].dt.month)["payable_fen"]
        .sum()
        .reindex(range(1, last + 1))
        .fillna(0.0)
        / 100
    )
    return MonthlyFees(
        due if own.any() else due * (bill / due.sum()),
        float(ratio(paid_for, needs)) * bill / 12 if needs else 0.0,
        study.year,
        0 if own.any() else year,
    )


def spending_change(study: Study, before: YearResult, after: YearResult) -> dict[str, float]:
    """price, volume, mix, change (yuan): fee spending of the plan, scheme against baseline, by certificate, level and province."""
    maps = after.compiled.space.maps["offering", "cell"]
    inside = study.scope(after.compiled)["offering"]
    heads = [maps.sum(result.served["payable_sittings"] * inside) for result in (before, after)]
    fees = [
        np.nan_to_num(np.broadcast_to(result.plan["approved_fee"], heads[0].shape))
        for result in (before, after)
    ]
    at_work = heads[0].sum() > 0
    parts = {
        "price": float(s.price_effect(fees[0], fees[1], heads[1])),
        "volume": float(s.volume_effect(fees[0], *heads)) if at_work else 0.0,
        "mix": float(s.mix_effect(fees[0], *heads)) if at_work else 0.0,
    }
    return parts | {"change": float(np.sum(fees[1] * heads[1]) - np.sum(fees[0] * heads[0]))}


def ledger_change(ledger: Ledger) -> tuple[int, int, dict[str, float]] | None:
    """(year, next year, price · volume · mix of what is payable, yuan) of the last two years with assessments, which need not follow each
    other; None where there is one."""
    batches = ledger.batches[ledger.batches["counted"] > 0]
    years = sorted(batches["assessed_on"].dt.year.unique())
    if len(years) < 2:
        return None
    first, second = int(years[-2]), int(years[-1])
    keys = ["province", "certificate", "level"]
    dated = batches.assign(year=batches["assessed_on"].dt.year, yuan=batches["payable_fen"] / 100)
    sums = (
        dated[dated["year"].isin((first, second))]  # a cell of older years alone has no price here
        .groupby([*keys, "year"])[["yuan", "counted"]]
        .sum()
        .unstack("year")
        .fillna(0.0)
    )
    n0, n1, y0, y1 = (
        sums[name, year].to_numpy(float) for name in ("counted", "yuan") for year in (first, second)
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        p0, p1 = y0 / n0, y1 / n1
    p0, p1 = (
        np.where(n0 > 0, p0, p1),
        np.where(n1 > 0, p1, p0),
    )  # what only one year assessed has that year's price in both
    parts = {
        "price": float(s.price_effect(p0, p1, n1)),
        "volume": float(s.volume_effect(p0, n0, n1)),
        "mix": float(s.mix_effect(p0, n0, n1)),
    }
    return first, second, parts | {"change": float(y1.sum() - y0.sum())}
