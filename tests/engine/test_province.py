"""One province run alone gives the numbers it has in the run of the nation, or it is not run alone."""

import numpy as np
import pandas as pd
import pytest

from onexmodel.analysis.study import open_study
from onexmodel.data import read_tables
from onexmodel.engine.places.some_provinces import carries_alone, of_provinces
from onexmodel.places import shipped

FLOOR = {"fees.question_bank_floor": "1"}  # so that N_k is what the question bank is shared over


@pytest.fixture(scope="module")
def tables():
    return read_tables(shipped("data", "example"))


def with_national(tables, sittings):
    certificates = tables["certificates"].copy()
    certificates["national_sittings"] = (
        certificates["national_sittings"]
        .astype(float)
        .where(certificates["certificate"] != "K1", sittings)
    )
    return tables.with_frames({"certificates": certificates})


@pytest.mark.parametrize(
    ("national", "alone"),
    [(540.0, False), (590.0, False), (610.4, False), (610.5, True), (6e4, True), (np.nan, False)],
)
def test_a_national_figure_must_hold_the_resits_too(tables, national, alone):
    """540 plan K1 in the example; of those who fail 10 + 10 + 20 + 20 + 6 + 4.5 may sit again
    (who states no pass rate may all fail): 610.5."""
    assert carries_alone(with_national(tables, national).frames) is alone


def test_each_year_is_counted_by_itself(tables):
    """The same plan in two years needs the figure of one."""
    frames = with_national(tables, 610.5).frames
    offerings = frames["offerings"]
    twice = pd.concat([offerings, offerings.assign(year=2022)], ignore_index=True)
    assert carries_alone({**frames, "offerings": twice})
    assert not carries_alone(
        {**frames, "offerings": pd.concat([offerings, offerings], ignore_index=True)}
    )


@pytest.mark.parametrize("national", [560.0, 580.0, 620.0, 6e4])
def test_a_province_alone_has_the_numbers_of_the_run_of_the_nation(tables, national):
    """Between candidates and candidates with resits the question bank is shared over all provinces' sittings."""
    data = with_national(tables, national)
    whole, part = (
        open_study("example", ["cap_plus_20"], FLOOR, province, tables=data).pair("supply")
        for province in ("", "S01")
    )
    for nation, own in zip(whole, part, strict=True):
        mine, here = (
            result.compiled.keys["offering"]["province"].to_numpy() == "S01"
            for result in (nation, own)
        )
        assert mine.any() and here.any()
        for name in ("organisation_cost", "fee_bill", "served", "sittings"):
            assert np.allclose(
                np.broadcast_to(nation.served[name], len(mine))[mine],
                np.broadcast_to(own.served[name], len(here))[here],
                rtol=1e-12,
                atol=0,
            ), name
        cells, own_cells = (
            result.compiled.keys["cell"]["province"].to_numpy() == "S01" for result in (nation, own)
        )
        assert np.allclose(
            nation.plan["organisation_unit"][cells],
            own.plan["organisation_unit"][own_cells],
            rtol=1e-12,
            equal_nan=True,
        )
        assert np.allclose(
            nation.plan["approved_fee"][cells],
            own.plan["approved_fee"][own_cells],
            rtol=1e-12,
            equal_nan=True,
        )


def test_a_province_keeps_its_rows_and_the_general_ones_only(tables):
    ledger = tables["ingredients"]
    some = ledger.iloc[:1]
    more = [
        some.assign(province="S02"),
        some.assign(college="X4"),
        some.assign(college="X1"),
        some.assign(province="S01"),
    ]
    frames = {**tables.frames, "ingredients": pd.concat([ledger, *more], ignore_index=True)}
    kept = of_provinces(frames, ("S01",))
    assert (
        set(kept["offerings"]["college"]) == {"X1", "X2", "X3"}
        and set(kept["fees"]["province"]) == {"S01"}
        and list(kept["provinces"]["province"]) == ["S01"]
    )
    own = [
        row.Index
        for row in ledger.itertuples()
        if row.province in ("", "S01") and row.college in ("", "X1", "X2", "X3")
    ]
    assert kept["ingredients"].index.tolist() == [*own, len(ledger) + 2, len(ledger) + 3] and len(
        own
    ) < len(ledger)  # in their own places of the table as read
    assert set(kept["funding"]["owner"]) <= {"S01", "X1", "X2", "X3"} and "S01" in set(
        kept["funding"]["owner"]
    )
    assert all(
        frame.index.tolist() == list(range(len(frame)))
        for name, frame in kept.items()
        if name != "ingredients"
    )
    assert set(kept["assessments"]["college"]) | set(kept["payments"]["college"]) <= {
        "X1",
        "X2",
        "X3",
    } and len(kept["certificates"]) == len(tables["certificates"])
