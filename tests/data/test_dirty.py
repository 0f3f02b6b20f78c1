"""The checker against the generator's truth file: recall by kind of defect, and no false error on clean data."""

import pandas as pd
import pytest

from onexmodel.data.read import check_tables
from onexmodel.data.synthetic.national import make_national


@pytest.fixture(scope="module")
def dirty(tmp_path_factory):
    folder = make_national(
        tmp_path_factory.mktemp("dirty") / "national", offerings=6_000, dirty=True
    )
    truth = pd.read_csv(folder / "truth" / "truth.csv", dtype=str, keep_default_na=False)
    return truth, check_tables(folder).faults


@pytest.mark.parametrize(
    "kind",
    [
        "duplicated_voucher",
        "swapped_dates",
        "wan_for_yuan",
        "full_width_digits",
        "missing_cell",
        "item_charged_twice",
    ],
)
def test_every_defect_is_found_at_its_row(dirty, kind):
    truth, faults = dirty
    said = {(fault.at[0].removesuffix(".csv"), fault.at[2]) for fault in faults if fault.at}
    rows = [(row.table, int(row.row)) for row in truth[truth["kind"] == kind].itertuples()]
    assert len(rows) >= 12 and sum(row in said for row in rows) == len(rows)


def test_no_other_row_is_accused(dirty):
    truth, faults = dirty
    true = {(row.table, int(row.row)) for row in truth.itertuples()}
    others = [
        fault
        for fault in faults
        if fault.at and (fault.at[0].removesuffix(".csv"), fault.at[2]) not in true
    ]
    assert all(
        fault.code == "item_with_two_bearers" for fault in others
    )  # the row the doubled item stands against


def test_clean_data_have_no_fault(tmp_path):
    faults = check_tables(make_national(tmp_path / "clean", offerings=6_000)).faults
    assert {(fault.level, fault.code) for fault in faults} <= {
        ("note", "default")
    }  # some offerings have no pass rate on purpose
