"""Money of an unlikely size is asked about, with the likely amount; what is usual is let be."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from onexmodel.data import read_tables
from onexmodel.data.checking.magnitudes import magnitudes
from onexmodel.data.read import check_tables
from onexmodel.places import shipped

INTAKE = Path(__file__).parents[1] / "cases" / "intake"
GOOD = read_tables(INTAKE / "records_of_2023_settlement_cut_off_2020.xlsx")
# every column of money in the first row of its table, with an amount that a college has
AMOUNTS = {
    ("colleges", "per_student_appropriation"): 12_000,
    ("colleges", "tuition_fee"): 6_000,
    ("organisations", "fixed_cost"): 400_000,
    ("ingredients", "unit_price"): 400,
    ("ingredients", "audited_price"): 380,
    ("caps", "cap"): 150,
    ("fees", "published_fee"): 503,
    ("fees", "given_proposal"): 520,
    ("fees", "verified_cost"): 495,
    ("fees", "special_fee"): 600,
    ("assessments", "contract_fee"): 300,
    ("payments", "invoiced"): 59_354,
    ("payments", "amount"): 59_354,
    ("pay_pools", "pay_pool"): 32_500_000,
    ("pay_pools", "uplift_granted"): 480_000,
    ("pay_pools", "uplift_limit"): 650_000,
    ("pay_pools", "net_training_income"): 120_000,
    ("funding", "limit"): 80_000,
    ("funding", "carry_over"): 20_000,
    ("budget_lines", "budgeted"): 220_000,
    ("budget_lines", "final"): 200_000,
    ("levers", "one_off_cost"): 20_000,
}


def said(table: str, column: str, value: float, row: int = 0, frames=GOOD.frames) -> list:
    """What is said of the tables with one cell changed. A table without rows gets one."""
    frame = frames[table] if len(frames[table]) else pd.DataFrame([dict.fromkeys(frames[table])])
    values = frame[column].to_numpy(float).copy()
    values[row] = value
    changed = {**frames, table: frame.assign(**{column: values})}
    origins = dict(GOOD.origins)
    origins.setdefault(table, origins["payments"])
    return [fault for fault in magnitudes(changed, origins)]


def test_every_column_of_money_is_tried():
    from onexmodel.data.schema import load_schema

    money = {
        (table, name)
        for table, columns in load_schema().items()
        for name, column in columns.items()
        if column.type == "money"
    }
    assert money == set(AMOUNTS)


@pytest.mark.parametrize(("table", "column"), AMOUNTS)
def test_ten_thousands_for_yuan(table, column):
    right = AMOUNTS[table, column]
    assert not said(table, column, right)
    found = said(table, column, right / 10_000)
    assert [fault.nearest for fault in found] == [str(right)]
    assert found[0].level == "warning" and "会不会是以万元填的" in found[0].what


def test_invoice_and_payment_both_in_ten_thousands():
    payments = GOOD["payments"]
    both = payments.assign(amount=payments["amount"] / 1e4, invoiced=payments["invoiced"] / 1e4)
    found = magnitudes({**GOOD.frames, "payments": both}, GOOD.origins)
    assert sorted(fault.nearest for fault in found) == ["34780", "34780", "59354", "59354"]


@pytest.mark.parametrize(
    ("table", "column", "value", "near"),
    [
        ("colleges", "per_student_appropriation", 117_600_000, "12000"),  # of all 9800 students
        ("colleges", "tuition_fee", 6_000_000, ""),
        ("fees", "published_fee", 5_030_000, ""),
        ("ingredients", "unit_price", 4_000_000, ""),  # an assessor
        ("pay_pools", "pay_pool", 325_000, "32500000"),  # 百元
    ],
)
def test_a_head_or_a_time_out_of_range(table, column, value, near):
    found = said(table, column, value)
    assert [fault.nearest for fault in found] == [near] and found[0].level == "warning"


def test_a_class_hour():
    row = int(np.flatnonzero(GOOD["ingredients"]["item"] == "external_trainers")[0])
    assert said("ingredients", "unit_price", 0.015, row)[0].nearest == "150"
    assert said("ingredients", "unit_price", 15_000, row)
    assert not said("ingredients", "unit_price", 60, row)


def test_one_college_that_fills_in_ten_thousands_is_asked():
    found = check_tables(INTAKE / "money_typed_in_wan_by_one_college_unnoticed.xlsx").faults
    asked = {
        fault.where.split()[-1]: fault.nearest for fault in found if fault.code == "wan_for_yuan"
    }
    assert asked == {
        "E3（可用额度）": "80000",
        "E4（可用额度）": "120000",
        "E5（可用额度）": "60000",
        "G3（预算数）": "220000",
        "G4（预算数）": "60000",
        "H3（决算数）": "200000",
    }


@pytest.mark.parametrize("source", [shipped("data", "example"), *sorted(INTAKE.glob("records*"))])
def test_no_alarm_where_nothing_is_wrong(source):
    assert not [
        fault
        for fault in check_tables(source).faults
        if fault.code in ("wan_for_yuan", "amount_too_large")
    ]


def test_a_college_coded_like_its_province_is_no_traceback():
    """An amount of such an owner is held against the college's own need."""
    code = GOOD["colleges"]["college"].iloc[0]
    frames = {
        name: frame.assign(
            **{key: frame[key].where(frame[key] != code, "33") for key in frame if key != "name"}
        )
        if set(frame) & {"college", "owner"}
        else frame
        for name, frame in GOOD.frames.items()
    }
    assert "33" in set(frames["colleges"]["college"]) & set(frames["provinces"]["province"])
    assert [fault.nearest for fault in said("funding", "limit", 8, frames=frames)] == ["80000"]
