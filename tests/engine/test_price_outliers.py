"""The price outlier (F9): from the ledger to the line a planner reads."""

import pandas as pd
import pytest

from onexmodel.data import read_tables
from onexmodel.engine.findings.table import findings_frame
from onexmodel.engine.run import composed, run
from onexmodel.law import load_law
from onexmodel.places import shipped

PRICES = (
    90.0,
    94.0,
    98.0,
    100.0,
    102.0,
    106.0,
    111.0,
    125.0,
    127.0,
)  # median 102, deviations 12 8 4 2 0 4 9 23 25: MAD 8, limit 102 + 3 · 8 = 126
COLLEGES, CERTIFICATES = (
    ("X1", "X2", "X3"),
    (("K1", "intermediate"), ("K2", "junior"), ("K3", "advanced")),
)


@pytest.fixture(scope="module")
def tables():
    return read_tables(shipped("data", "example"))


def outliers(tables, rows, sets=None):
    """(key, sentence) of each price-outlier finding of a run with these ledger rows beside the example's own."""
    base = (
        tables["ingredients"].query("item == 'room_hire'").iloc[:1]
        if (tables["ingredients"]["item"] == "room_hire").any()
        else tables["ingredients"].iloc[1:2]
    )
    own = pd.concat(
        [
            base.assign(
                phase="assessment",
                item="support",
                sub_item="security",
                driver="sitting",
                component="",
                quantity=1.0,
                borne_by="college",
                priced_by="none",
                own_staff=False,
                cash_share=1.0,
                **row,
            )
            for row in rows
        ],
        ignore_index=True,
    )
    law = load_law()
    changed = tables.with_frames(
        {"ingredients": pd.concat([tables["ingredients"], own], ignore_index=True)}
    )
    composition = composed(law, tables, (), sets)
    found = findings_frame(run(law, changed, composition), changed).query("rule == 'price_outlier'")
    return list(zip(found["key"], found["sentence"], found["severity"], strict=True))


def priced(prices, colleges=COLLEGES):
    places = [
        (college, certificate, level) for college in colleges for certificate, level in CERTIFICATES
    ]
    return [
        {
            "college": college,
            "province": "",
            "certificate": certificate,
            "level": level,
            "unit_price": price,
        }
        for (college, certificate, level), price in zip(places, prices, strict=True)
    ]


def test_a_price_too_far_above_the_provincial_median_is_sent_back(tables):
    """Nine prices of one item in S01: 125 is dear and stays, 127 is one too many; the sentence names price and median."""
    (found,) = outliers(tables, priced(PRICES))
    assert (
        found[0] == "K3/advanced/assessment/support/security/X3"
        and "127 元" in found[1]
        and "中位数 102 元" in found[1]
        and found[2] == "warning"
    )


def test_the_limit_follows_its_parameter(tables):
    assert len(outliers(tables, priced(PRICES), {"fees.outlier_mads": "2"})) == 2  # 118: both
    assert not outliers(tables, priced(PRICES), {"fees.outlier_mads": "4"})


def test_prices_of_another_province_are_another_median(tables):
    """X4 and X5 are of S02, where 127 is what all pay: nothing is dear there, and S01's finding is as before."""
    elsewhere = priced([127.0, 126.0, 128.0, 127.0, 126.0, 128.0], ("X4", "X5"))
    assert [key for key, *_ in outliers(tables, priced(PRICES) + elsewhere)] == [
        "K3/advanced/assessment/support/security/X3"
    ]


def test_a_low_price_is_no_outlier(tables):
    assert not outliers(tables, priced((1.0, 94.0, 98.0, 100.0, 102.0, 106.0, 111.0, 112.0, 113.0)))
