"""Where each quantity lives, and which sums are taken. Sums are declared here, never coded into a rule."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

AXIS_OF_RULE = {
    "component": ("sessions", "assessors", "session_fill", "component_hours", "minutes_per_candidate",
                  "marginal_session_cost"),
    "offering": ("retakes", "sittings", "payable_sittings", "groups", "awarded", "planned", "bank_share", "nation_share",
                 "province_share", "driver_counts", "organisation_cost", "organisation_cash_cost", "audited_cost",
                 "college_cost", "college_cash_cost", "training_cost", "training_cash_cost", "assessment_cost",
                 "bank_unrecovered_part", "fee_bill", "served", "class_coefficient", "training_hours", "assessment_hours",
                 "teacher_time_cost"),
    "national": ("national_sittings_used",),
    "cell": ("cap", "college_unit", "ceiling", "organisation_unit", "audited_unit", "proposed_fee", "verified_fee",
             "modelled_fee", "modelled_binds", "standard_fee", "special_in_force", "approved_fee", "binds", "over_cap",
             "pass_through", "pass_through_class"),
    "supplier": ("margin", "share_served", "supplier_shortfall"),
    "college": ("added_hours", "overload_hours", "overload_added", "work_counted", "workload_increase", "fte_needed",
                "teachers_to_train", "uplift_elasticity", "uplift_rate", "uplift_income_share", "uplift_limit_used",
                "uplift_eligible", "uplift", "pay_per_added_hour", "adequacy", "required_elasticity",
                "unused_capacity_cost", "need_assessment", "need_training", "need_teacher_training",
                "need_performance_pay", "needs"),
}

# name of the sum → (quantity, axis it is summed to)
SUMS = {
    "certificate_sittings": ("sittings", "national"),
    "cell_sittings": ("sittings", "cell"), "cell_payable_sittings": ("payable_sittings", "cell"),
    "cell_organisation_cost": ("organisation_cost", "cell"), "cell_audited_cost": ("audited_cost", "cell"),
    "cell_college_cash_cost": ("college_cash_cost", "cell"),
    "supplier_payable_sittings": ("payable_sittings", "supplier"),
    "supplier_organisation_cost": ("organisation_cost", "supplier"),
    "supplier_fee_bill": ("fee_bill", "supplier"), "supplier_bank_unrecovered": ("bank_unrecovered_part", "supplier"),
    "college_training_hours": ("training_hours", "college"), "college_assessment_hours": ("assessment_hours", "college"),
    "college_groups": ("groups", "college"), "college_fee_bill": ("fee_bill", "college"),
    "college_college_cash_cost": ("college_cash_cost", "college"),
    "college_training_cash_cost": ("training_cash_cost", "college"),
    "college_payable_sittings": ("payable_sittings", "college"), "college_served": ("candidates", "college"),
}


@dataclass(frozen=True)
class Grouping:
    """Rows → groups. Sums run in the rows' own order within a group, so they do not depend on how draws are chunked."""

    index: np.ndarray
    size: int
    order: np.ndarray
    starts: np.ndarray
    present: np.ndarray
    in_order: bool

    @staticmethod
    def of(index: np.ndarray, size: int) -> Grouping:
        """From each row's group number."""
        order = np.argsort(index, kind="stable")
        present, starts = np.unique(index[order], return_index=True)
        return Grouping(index, size, order, starts, present, bool((order[1:] > order[:-1]).all()))

    def sum(self, x: np.ndarray) -> np.ndarray:
        """(…, rows) → (…, groups); a group without rows is 0."""
        if np.shape(x)[-1] != len(self.index):
            x = np.broadcast_to(x, (*np.shape(x)[:-1], len(self.index)))
        total = np.zeros((*x.shape[:-1], self.size))
        if len(self.index):
            sums = np.add.reduceat(x if self.in_order else x.take(self.order, axis=-1), self.starts, axis=-1)
            if len(self.present) == self.size:
                return sums
            total[..., self.present] = sums
        return total
