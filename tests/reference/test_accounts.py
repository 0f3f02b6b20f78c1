"""The settlement ledger and the index path against the naive second implementation, on random accounts and signals."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from accounts import ages_of, index_path, price_signal, rate_of, settled
from random_accounts import random_accounts

from onexmodel.analysis.caps import adjustment as dynamic
from onexmodel.data.read import read_tables
from onexmodel.engine.accounts.ledger import settlement_ledger
from onexmodel.law import load_law
from onexmodel.places import shipped
from onexmodel.rules import settlement
from onexmodel.rules.fee import adjustment_path

PLAIN = {
    **load_law().at(date(2021, 7, 1)),
    "settlement.winddown": "none",
    "settlement.pre_standard": "contract",
    "settlement.counted": "sat",
    "settlement.scope": "deadline",
    "settlement.deadline": date(2020, 12, 31),
    "fees.retake_fee_share": 1,
}
READINGS = [
    {},
    {"settlement.pre_standard": "first_published"},
    {"settlement.counted": "registered", "fees.retake_fee_share": 0.5},
    {"settlement.scope": "before_notice", "fees.retake_fee_share": 0},
]
DAY = date(2021, 12, 31)


@pytest.fixture(scope="module")
def example():
    return read_tables(shipped("data", "example"))


def with_accounts(example, accounts):
    """The example's tables with these accounts in the types that the reader gives."""
    frames = {}
    for name, rows in accounts.items():
        frame = pd.DataFrame(rows).reindex(columns=example[name].columns)
        for column, kind in example[name].dtypes.items():
            frame[column] = (
                pd.to_datetime(frame[column])
                if str(kind).startswith("datetime")
                else frame[column].astype(kind)
            )
        frames[name] = frame
    return example.with_frames(frames)


def both(example, seed, reading):
    accounts, law = random_accounts(seed), {**PLAIN, **reading}
    ledger = settlement_ledger(with_accounts(example, accounts), law, DAY)
    found = ledger.batches.set_index("assessment")
    return ledger, found, settled(accounts, law, DAY)


@pytest.mark.parametrize(
    "reading", READINGS, ids=["plain", "first_published", "registered", "before_notice"]
)
@pytest.mark.parametrize("seed", range(4))
def test_ledger_equals_reference(example, seed, reading):
    ledger, found, expected = both(example, seed, reading)
    assert list(found.index) == [one["assessment"] for one in expected] and len(expected) > 40
    for one in expected:
        row = found.loc[one["assessment"]]
        assert (np.isnan(row["rate"]) and one["rate"] is None) or row["rate"] == pytest.approx(
            float(one["rate"]), rel=1e-12
        ), one
        for name in (
            "basis",
            "payable_fen",
            "paid_fen",
            "arrears_fen",
            "overpaid_fen",
            "bucket",
            "due",
        ):
            assert row[name] == one[name], (name, one)
    assert ledger.rate == pytest.approx(float(rate_of(expected)), rel=1e-12)
    assert dict(zip(settlement.BUCKETS, ledger.ages().tolist(), strict=True)) == ages_of(expected)


def test_random_accounts_visit_every_branch():
    """What the comparison above stands on: every basis, a standard that has ended, a special case below its standard, several bills."""
    seen, several = set(), 0
    for seed in range(4):
        accounts = random_accounts(seed)
        for reading in READINGS:
            seen |= {one["basis"] for one in settled(accounts, {**PLAIN, **reading}, DAY)}
        rows = (
            pd.DataFrame(accounts["payments"]).query("assessment != ''").dropna(subset="invoiced")
        )
        several += (rows.groupby("assessment").size() > 1).sum()
    assert seen == set(settlement.BASES) and several > 20


@pytest.mark.parametrize("reading", READINGS[::2], ids=["plain", "registered"])
@pytest.mark.parametrize("seed", range(4))
def test_exceptions_equal_reference(example, seed, reading):
    """Price, quantity and payment of every batch, several bills summed first (docs/method.md §7)."""
    _, found, expected = both(example, seed, reading)
    for one in expected:
        for name in ("price_exception_fen", "quantity_exception_fen", "payment_exception_fen"):
            assert abs(found.loc[one["assessment"], name] - one[name]) <= 1, (
                name,
                one,
            )  # which of two parts takes half a fen is free
        if (
            one["price_exception_fen"]
            or one["quantity_exception_fen"]
            or one["payment_exception_fen"]
        ):  # all or none: fen for fen
            assert (
                sum(
                    found.loc[one["assessment"], name]
                    for name in (
                        "price_exception_fen",
                        "quantity_exception_fen",
                        "payment_exception_fen",
                    )
                )
                == one["paid_fen"] - one["payable_fen"]
            )


@pytest.mark.parametrize("seed", range(60))
def test_index_path_equals_reference(seed):
    rng = np.random.default_rng(seed)
    law = {
        "fees.adjust.x": float(rng.choice([0.0, 0.01, -0.02])),
        "fees.adjust.dead_band": float(rng.choice([0.0, 0.02, 0.05])),
        "fees.adjust.collar": float(rng.choice([0.02, 0.05, 0.1])),
        "fees.adjust.review_years": int(rng.integers(1, 5)),
    }
    signal = np.round(rng.normal(0.01 * (seed % 3 - 1), 0.05, 10), 3).tolist()
    found = dynamic.paths(signal, law)
    for rule in ("accumulated", "yearly", "never"):
        assert found[rule] == pytest.approx(index_path(signal, law, rule), rel=1e-12), rule


def test_index_path_falls_as_it_rises():
    """c08 with prices that fall: −9 % is cut to −5 %, −3 % passes whole, −1 % waits; from an index below and above 1."""
    down = adjustment_path([-0.08, -0.02, -0.01, 0.03], 0.01, 0.02, 0.05, 1, "accumulated")
    assert down.tolist() == pytest.approx(
        [1, 0.95, 0.95 * 0.97, 0.95 * 0.97 * 0.98, 0.95 * 0.97 * 0.98 * 1.02]
    )
    waits = adjustment_path([0.05, 0.0, 0.005], 0.01, 0.02, 0.05, 1, "accumulated")
    assert waits.tolist() == pytest.approx(
        [1, 1.04, 1.04, 1.04]
    )  # −1 %, then −1.495 % in all: within the band
    after = adjustment_path([0.05, 0.0, -0.006], 0.01, 0.02, 0.05, 1, "accumulated")
    assert after.tolist() == pytest.approx([1, 1.04, 1.04, 1.04 * 0.99 * 0.984])


def test_signal_equals_reference():
    """Growth of the published wage levels and prices, weighted by the shares of cost."""
    found = dynamic.changes(dynamic.published_prices())
    shares = {"wages": 0.5, "materials": 0.3, "it": 0.2}
    years = [2021, 2022, 2023]
    prices = pd.read_csv(shipped("data", "published", "prices.csv"))
    wage = prices[prices["series"] == "wage_non_private"].set_index("year")["value"]
    rises = prices[prices["series"] == "cpi_change"].set_index("year")["value"]
    cpi = [100.0]
    for year in years:
        cpi.append(cpi[-1] * (1 + rises[year] / 100))
    expected = price_signal(
        shares, {"wages": [wage[year] for year in [2020, *years]], "materials": cpi, "it": cpi}
    )
    assert dynamic.signal(found, years, shares) == pytest.approx(expected, rel=1e-12)
