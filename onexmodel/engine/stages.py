"""The stages of a year and what each hands on: fees → response on the plan → served. The run and the derivation read the same lists."""

from __future__ import annotations

from typing import Literal

from ..law.registry import served_rules
from .draws.served_volumes import COLLEGE_SUMS
from .result import FEE_COLUMNS
from .wire import downstream

FEE_TARGETS = (
    *FEE_COLUMNS,
    "binds",
    "over_cap",
    "fee_judged",
    "special_in_force",
    "pass_through",
    "pass_through_class",
)  # made by the fee stage, on cells; handed on to plan and served
CARRIED = (
    "modelled_fee",
    "ceiling",
    "proposed_fee",
    "approved_fee",
)  # of the baseline's fee stage, handed on to the scheme's as baseline_…; the first pass has no approved fee yet
RESPONSE = (
    "margin",
    "share_served",
    "supplier_shortfall",
    "supplier_payable_sittings",
)  # made on the plan, handed on to served with what they are made of
RESPONSE_PARTS = (
    "supplier_fee_bill",
    "supplier_organisation_cost",
    "supplier_bank_unrecovered",
)
SERVED_TARGETS = (*served_rules(), "college_served", "college_awarded")
HEADLINE_TARGETS = (*COLLEGE_SUMS.values(), "needs", "uplift", "added_hours", "uplift_eligible")
BILL_TARGETS = ("fee_bill", "payable_sittings")
Extent = Literal[
    "whole", "headlines", "bill"
]  # how much of a year is computed: all of it, what headlines are made of, what colleges pay in fees
AFTER_CARRIED = downstream(
    frozenset(f"baseline_{name}" for name in CARRIED)
)  # what a first pass does not know yet
