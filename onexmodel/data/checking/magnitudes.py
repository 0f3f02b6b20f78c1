"""Money that looks like 万元 where yuan are asked for: below what anybody would have, far below its peers, far below the college's own need,
per head or per time out of what is usual. Warnings: kept, shown; nobody is asked to change what is right."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np
import pandas as pd

from ...errors import Fault
from ..tables import Origin, by_code, combined
from .row_checks import say_fault

TEN_THOUSAND = 10_000
# what no college, organisation or province of any size has below or above: (table, column) → yuan
RANGES = {
    ("organisations", "fixed_cost"): (1_000, 1e9),
    ("colleges", "per_student_appropriation"): (100, 200_000),
    ("colleges", "tuition_fee"): (100, 200_000),
    ("fees", "published_fee"): (5, 50_000),
    ("fees", "given_proposal"): (5, 50_000),
    ("fees", "verified_cost"): (5, 50_000),
    ("fees", "special_fee"): (5, 50_000),
    ("caps", "cap"): (5, 50_000),
    ("pay_pools", "pay_pool"): (100_000, 1e11),
    ("pay_pools", "uplift_granted"): (100, 1e10),
    ("pay_pools", "uplift_limit"): (100, 1e10),
    ("pay_pools", "net_training_income"): (100, 1e10),
    ("assessments", "contract_fee"): (5, 50_000),
    ("levers", "one_off_cost"): (100, 1e9),
}
# yuan a unit of each driver of a cost row: a time, a head, a class hour
PRICES = {
    "nation_year": (1_000, 1e9),
    "province_year": (50, 1e8),
    "offering": (1, 1e7),
    "session": (1, 1e6),
    "assessor": (10, 50_000),
    "group": (1, 1e6),
    "sitting": (0.1, 1e6),
    "candidate": (0.1, 50_000),
    "award": (0.1, 50_000),
}
HOURLY = ("external_trainers", (10, 5_000))  # an item priced by the class hour
PEERS = (("funding", "limit", "source_of_funds"), ("budget_lines", "budgeted", "use"))
# (table, column) → below which part of the assessment fees of the college and year an amount is taken for 万元
PARTS = {
    ("funding", "limit"): 1 / 500,
    ("funding", "carry_over"): 1 / 5_000,
    ("budget_lines", "budgeted"): 1 / 500,
    ("budget_lines", "final"): 1 / 2_000,
}
USUAL_FEE = 100.0  # yuan: a low fee, where the data have none
SMALLEST = 5.0  # yuan: no assessment was ever paid with less
A_HEAD = 0.5  # yuan a head of a batch: no payment or invoice is less
PAY_A_HEAD = (3_000.0, 1_000_000.0)  # yuan a full-time teacher and year
ASK = "会不会是以万元填的？"
CONFIRM = "确认单位；确是这个数就不用改"


def magnitudes(frames: Mapping[str, pd.DataFrame], origins: Mapping[str, Origin]) -> list[Fault]:
    """Warnings at every amount of an unlikely size, each with the nearest likely one. Every cell is named once."""
    faults: list[Fault] = []
    for (table, column), (low, high) in RANGES.items():
        if table in origins:
            _in_range(faults, frames[table], origins[table], column, low, high)
    if "pay_pools" in origins:
        _pay_a_head(faults, frames, origins["pay_pools"])
    if "ingredients" in origins:
        _prices(faults, frames["ingredients"], origins["ingredients"])
    far = _far_from_peers(frames, origins)
    needs = _needs(frames) if origins.keys() & {table for table, _ in PARTS} else None
    for (table, column), part in PARTS.items():
        if table in origins and len(frames[table]):
            _below_need(faults, frames, origins[table], (table, column), part, needs, far)
    for (table, column), rows in far.items():
        values = frames[table][column].to_numpy(float)
        _wan(faults, origins[table], column, rows, values, lambda row: "比同类小得多")
    if "payments" in origins:
        _a_head(faults, frames, origins["payments"])
    return faults


def _in_range(faults, frame, origin, column: str, low: float, high: float) -> None:
    values = frame[column].to_numpy(float)
    small = np.flatnonzero((values > 0) & (values < low))
    _wan(faults, origin, column, small, values, partial(_usual, low))
    total = frame["students"].to_numpy(float) if column == "per_student_appropriation" else None
    _large(faults, origin, column, np.flatnonzero(values > high), values, high, total)


def _usual(low: float, _: int) -> str:
    return f"一般不低于 {low:g} 元"


def _large(faults, origin, column: str, rows, values, high: float, total=None) -> None:
    """Amounts above what is usual: of several, or of a whole college? `total` (rows,): heads it may be the sum of."""

    def near(row: int) -> str:
        by = total[row] if total is not None else np.nan
        return f"{values[row] / by:.0f}" if by > 0 and values[row] / by < high else ""

    say_fault(
        faults,
        origin,
        column,
        rows,
        lambda row: f"{values[row]:g} 元，一般不高于 {high:g} 元，会不会填了合计数，或多写了零？",
        CONFIRM,
        "amount_too_large",
        near,
        "warning",
    )


def _wan(faults, origin, column: str, rows, values, why: Callable[[int], str]) -> None:
    say_fault(
        faults,
        origin,
        column,
        rows,
        lambda row: f"{values[row]:g} 元，{why(row)}，{ASK}",
        CONFIRM,
        "wan_for_yuan",
        lambda row: f"{values[row] * TEN_THOUSAND:.0f}",
        "warning",
    )


def _prices(faults, frame, origin) -> None:
    """Unit and verified prices of cost rows by what they are a price of."""
    hourly = (frame["item"] == HOURLY[0]).to_numpy()
    kinds = [
        (driver, limits, (frame["driver"] == driver).to_numpy() & ~hourly)
        for driver, limits in PRICES.items()
    ]
    for column in ("unit_price", "audited_price"):
        values = frame[column].to_numpy(float)
        for _, (low, high), rows in [*kinds, (*HOURLY, hourly)]:
            small = np.flatnonzero(rows & (values > 0) & (values < low))
            _wan(faults, origin, column, small, values, partial(_usual, low))
            _large(faults, origin, column, np.flatnonzero(rows & (values > high)), values, high)


def _pay_a_head(faults, frames, origin) -> None:
    """Pools of pay by full-time teacher; what is below the floor of a whole pool has been named."""
    rows = frames["pay_pools"]
    staff = by_code(frames["colleges"], "college")["teachers"]
    values = rows["pay_pool"].to_numpy(float)
    with np.errstate(all="ignore"):
        head = values / rows["college"].map(staff).to_numpy(float)
    low, high = PAY_A_HEAD
    small = np.flatnonzero((head < low) & (values >= RANGES["pay_pools", "pay_pool"][0]))
    say_fault(
        faults,
        origin,
        "pay_pool",
        np.concatenate([small, np.flatnonzero(head > high)]),
        lambda row: (
            f"{values[row]:g} 元，合每名专任教师 {head[row]:.0f} 元，不像一年的绩效工资，单位对不对？"
        ),
        CONFIRM,
        "wan_for_yuan",
        lambda row: _likely(values[row], head[row]),
        "warning",
    )


def _likely(value: float, head: float) -> str:
    """The pool in 千元 or 万元 read as yuan, whichever gives a head what is usual; "" where neither does."""
    low, high = PAY_A_HEAD
    fits = [
        value * times for times in (1_000, TEN_THOUSAND, 100) if low <= head * times <= high / 3
    ]
    return f"{fits[0]:.0f}" if fits else ""


def _needs(frames) -> dict[tuple[str, float], float]:
    """(owner, year) → yuan that the planned candidates' assessment fees come to; owner: a college, or a province of them."""
    plans, fees = frames["offerings"], frames["fees"]
    colleges = by_code(frames["colleges"], "college")
    province = colleges["province"].to_dict()
    price = fees[["published_fee", "verified_cost", "given_proposal"]].bfill(axis=1).iloc[:, 0]
    price = price.where(price.between(*RANGES["fees", "published_fee"]))
    known = price.groupby([fees[key] for key in ("province", "certificate", "level")]).median()
    usual = known.median()
    usual = USUAL_FEE if np.isnan(usual) else min(usual, USUAL_FEE)
    home = plans["college"].map(province)
    fee = known.dropna().to_dict()
    at, kinds = combined(home, plans["certificate"], plans["level"])
    need = plans["candidates"] * np.array([fee.get(kind, usual) for kind in kinds], float)[at]
    own = need.groupby([plans["college"], plans["year"]]).sum()
    college, year = (own.index.get_level_values(level) for level in (0, 1))
    whole = own.groupby([college.map(province), year]).sum()
    return whole.to_dict() | own.to_dict()  # a code that is both is a college's


def _below_need(faults, frames, origin, where, part: float, needs, far) -> None:
    """Amounts of a college and year far below what its own plan costs; they are taken out of those far from their peers."""
    table, column = where
    frame = frames[table]
    values = frame[column].to_numpy(float)
    at, owners = combined(frame["owner" if table == "funding" else "college"], frame["year"])
    need = np.array([needs.get(owner, np.nan) for owner in owners], float)[at]
    rows = np.flatnonzero((values > 0) & (values < part * need))
    if where in far:
        far[where] = np.setdiff1d(far[where], rows)
    _wan(
        faults,
        origin,
        column,
        rows,
        values,
        lambda row: f"而这一年计划的考核费约 {need[row] / TEN_THOUSAND:.1f} 万元",
    )


def _far_from_peers(frames, origins) -> dict[tuple[str, str], np.ndarray]:
    """(table, column) → rows whose amount lies far below that of the same kind elsewhere."""
    found = {}
    for table, column, group in PEERS:
        if table in origins and len(frames[table]):
            values = frames[table][column].where(frames[table][column] > 0)
            # the square root of ten thousand lies half way between a peer in yuan and the same in 万元
            peer = np.log(values).groupby(frames[table][group]).transform("median")
            spread = (np.log(values) - peer).abs().groupby(frames[table][group]).transform("median")
            far = (peer - np.log(values)) > np.maximum(np.log(200), 6 * spread)
            found[table, column] = np.flatnonzero(far.to_numpy())
    return found


def _a_head(faults, frames, origin) -> None:
    """Payments and invoices against each other, and by head of their batch."""
    payments, batches = frames["payments"], frames["assessments"]
    amount, invoiced = (payments[name].to_numpy(float) for name in ("amount", "invoiced"))
    sat = by_code(batches, "assessment")["sittings"]
    heads = payments["invoiced_sittings"].fillna(payments["assessment"].map(sat)).to_numpy(float)
    with np.errstate(all="ignore"):
        small = (
            (invoiced / amount > TEN_THOUSAND / 5)
            | (np.isnan(invoiced) & (amount < SMALLEST))
            | (amount / heads < A_HEAD)
        ) & (amount > 0)
        billed = (invoiced > 0) & (
            (invoiced / heads < A_HEAD) | (amount / invoiced > TEN_THOUSAND / 5)
        )
    for column, rows, values in (("amount", small, amount), ("invoiced", billed, invoiced)):
        _wan(
            faults,
            origin,
            column,
            rows,
            values,
            lambda row: (
                f"而这一笔有 {heads[row]:g} 人次" if heads[row] > 0 else "一笔考核费没有这样少的"
            ),
        )
