"""A plan without a fee standard in force on 1 July of its year takes a modelled fee: said of each plan, at its row."""

import pandas as pd
import pytest

from onexmodel.data.checking import plans_without_fee
from onexmodel.data.read import check_tables, read_tables
from onexmodel.engine.findings.table import findings_frame
from onexmodel.places import shipped
from onexmodel.study import open_run


@pytest.fixture
def folder(tmp_path):
    """folder(fees=…, offerings=…): the example with some tables changed."""

    def made(**changed):
        for file in shipped("data", "example").iterdir():
            (tmp_path / file.name).write_bytes(file.read_bytes())
        for name, change in changed.items():
            path = tmp_path / f"{name}.csv"
            change(pd.read_csv(path, dtype=str, keep_default_na=False)).to_csv(path, index=False)
        return tmp_path

    return made


def said(path) -> list[tuple[str, int]]:
    """(code, row of the file) of what is said of plans' fees."""
    codes = (
        plans_without_fee.MISSING,
        plans_without_fee.NOT_IN_FORCE,
        plans_without_fee.SUMMED,
    )
    return [(one.code, one.at[2]) for one in check_tables(path).faults if one.code in codes]


def test_a_plan_without_a_fee_row_is_named_at_its_row(folder):
    assert said(shipped("data", "example")) == [("fee_missing", 13)]  # X6 plans K1 in S03
    dropped = folder(fees=lambda fees: fees[fees["province"] != "S02"])
    assert said(dropped) == [("fee_missing", row) for row in (9, 10, 11, 13)]  # X5 plans no K3


@pytest.mark.parametrize(
    ("column", "day", "words"),
    [
        ("valid_from", "2021-07-02", "自 2021-07-02 起才执行"),
        ("valid_to", "2021-07-01", "到 2021-07-01 已不再执行"),
    ],
)
def test_a_fee_not_in_force_on_the_first_of_july_is_named_with_its_day(folder, column, day, words):
    def late(fees):
        return fees.assign(**{column: fees[column].where(fees["published_fee"] != "130", day)})

    path = folder(fees=late)
    assert said(path) == [("fee_missing", 13), ("fee_not_in_force", 9), ("fee_not_in_force", 11)]
    fault = next(one for one in check_tables(path).faults if one.code == "fee_not_in_force")
    assert words in str(fault) and fault.level == "warning" and "fees.csv 第 5 行" in str(fault)
    assert said(
        folder(
            fees=lambda fees: fees.replace(
                day, "2021-07-01" if column == "valid_from" else "2021-07-02"
            )
        )
    ) == [("fee_missing", 13)]


def test_a_fee_row_that_states_nothing_is_no_fee(folder):
    path = folder(
        fees=lambda fees: fees.assign(published_fee=fees["published_fee"].replace("130", ""))
    )
    assert said(path) == [("fee_missing", row) for row in (9, 11, 13)]


def test_it_stands_among_the_findings_of_its_province(folder):
    run, tables = open_run(folder(fees=lambda fees: fees[fees["province"] != "S02"]))
    found = findings_frame(run, tables)
    assert (found["rule"] == "fee_missing").sum() == 4


def test_of_very_many_there_is_one_sentence(folder, monkeypatch):
    monkeypatch.setattr(plans_without_fee, "MOST", 2)
    tables = read_tables(folder(fees=lambda fees: fees[fees["province"] != "S02"]))
    for simulated, kind in ((False, ("warning", "plans_without_fee")), (True, ("note", "default"))):
        (fault,) = plans_without_fee.faults(tables.frames, tables.origins, simulated)
        assert (fault.level, fault.code) == kind and "offerings.csv 第 9 行" in fault.where
        assert "有 4 项开考计划没有费用标准" in str(fault)
