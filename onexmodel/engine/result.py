"""What one run of one law on one set of tables gives: arrays by axis, and the tables of docs/method.md §12."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ..rules.fee import BINDS, CLASSES
from ..rules.funding import USES
from ..rules.numbers import ratio
from .compile import Compiled
from .findings.unfilled import FUNDS

PLANNED_FEES = (
    "college_unit",
    "ceiling",
    "organisation_unit",
    "proposed_fee",
    "verified_fee",
    "modelled_fee",
    "standard_fee",
)  # of a cell without plans: none
FEE_COLUMNS = ("cap", *PLANNED_FEES, "approved_fee")
SUPPLIER_COLUMNS = ("margin", "share_served", "bank_unrecovered", "supplier_shortfall")
OFFERING_COLUMNS = (
    "served",
    "sittings",
    "awarded",
    "groups",
    "fee_bill",
    "assessment_cost",
    "organisation_cost",
    "college_cost",
    "college_cash_cost",
    "training_cost",
    "training_cash_cost",
    "training_hours",
    "assessment_hours",
)
COLLEGE_COLUMNS = (
    "added_hours",
    "workload_increase",
    "overload_hours",
    "teachers_to_train",
    "uplift",
    "pay_per_added_hour",
    *(f"need_{use}" for use in USES),
    *(f"funding_gap_{use}" for use in USES),
    *FUNDS,
)
NOT_SUMMED = ("workload_increase", "pay_per_added_hour")
KEYS = {
    "fees": ["province", "certificate", "level", "year"],
    "organisations": ["organisation", "province", "year"],
    "offerings": ["college", "certificate", "level", "year"],
    "colleges": ["college", "year"],
    "provinces": ["province", "year"],
}


@dataclass(frozen=True)
class YearResult:
    """One year: what was compiled, the plan's values (fees, organisations) and the served values (the rest)."""

    compiled: Compiled
    plan: Mapping[str, Any]
    served: Mapping[str, Any]

    def frames(self) -> dict[str, pd.DataFrame]:
        """The five numeric tables of §12 for this year."""
        keys, year = self.compiled.keys, self.compiled.year
        made = {"fees": self._fees(), "organisations": self._organisations()}
        offerings = keys["offering"][["college", "certificate", "level"]].assign(year=year)
        made["offerings"] = offerings.assign(
            **{name: self.served[name] for name in OFFERING_COLUMNS}
        )
        sums = self.compiled.space.maps["offering", "college"].sum
        college = {name: sums(self.served[name]) for name in OFFERING_COLUMNS}
        college |= {
            name: np.broadcast_to(self.served[name], len(keys["college"]))
            for name in COLLEGE_COLUMNS
        }
        made["colleges"] = keys["college"][["college"]].assign(year=year, **college)
        made["provinces"] = self._provinces(college)
        return {
            name: frame[[*KEYS[name], *(c for c in frame if c not in KEYS[name])]]
            for name, frame in made.items()
        }

    def _fees(self) -> pd.DataFrame:
        frame = self.compiled.keys["cell"][["province", "certificate", "level"]].assign(
            year=self.compiled.year
        )
        for name in FEE_COLUMNS:
            frame[name] = np.where(np.isinf(self.plan[name]), np.nan, self.plan[name])
        idle_cell = np.isnan(self.plan["modelled_fee"])
        for name in PLANNED_FEES:
            frame.loc[idle_cell, name] = np.nan
        frame["binds"] = _words(self.plan["binds"], BINDS)
        frame["over_cap"] = np.where(idle_cell, False, self.plan["over_cap"])
        frame["pass_through"] = np.where(idle_cell, np.nan, self.plan["pass_through"])
        frame["pass_through_class"] = _words(
            np.where(idle_cell, np.nan, self.plan["pass_through_class"]), CLASSES
        )
        return frame

    def _organisations(self) -> pd.DataFrame:
        values = {**self.plan, "bank_unrecovered": self.plan["supplier_bank_unrecovered"]}
        frame = self.compiled.keys["supplier"][["organisation", "province"]].assign(
            year=self.compiled.year, **{name: values[name] for name in SUPPLIER_COLUMNS}
        )
        return frame[self.plan["supplier_payable_sittings"] > 0].reset_index(drop=True)

    def _provinces(self, college) -> pd.DataFrame:
        sums = self.compiled.space.maps["college", "province"].sum
        summed = {name: sums(values) for name, values in college.items() if name not in NOT_SUMMED}
        supplier = self.compiled.space.maps["supplier", "province"].sum
        at_work = self.plan["supplier_payable_sittings"] > 0
        for name, value in (
            ("margin", "margin"),
            ("supplier_shortfall", "supplier_shortfall"),
            ("bank_unrecovered", "supplier_bank_unrecovered"),
        ):
            summed[name] = supplier(np.where(at_work, self.plan[value], 0.0))
        payable = self.compiled.space.maps["offering", "province"].sum(
            self.served["payable_sittings"]
        )
        summed["unit_cost"] = ratio(summed["assessment_cost"], summed["served"])
        summed["cost_per_certificate"] = ratio(summed["assessment_cost"], summed["awarded"])
        summed["mean_approved_fee"] = ratio(summed["fee_bill"], payable)
        return self.compiled.keys["province"].assign(year=self.compiled.year, **summed)


def _words(codes, names) -> np.ndarray:
    whole = np.nan_to_num(codes, nan=len(names)).astype(int)
    return np.array([*names, ""], dtype=object)[whole]


def joined(results) -> dict[str, pd.DataFrame]:
    """The tables of several years, one below the other."""
    frames = [result.frames() for result in results]
    return {name: pd.concat([frame[name] for frame in frames], ignore_index=True) for name in KEYS}
