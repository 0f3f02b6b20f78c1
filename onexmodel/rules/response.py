"""§4 Response: does an organisation still serve the plan, and what is it short of? Per organisation × province, on plans."""

import numpy as np

from .numbers import ratio

BREAK_EVEN_SLACK = 1e-6  # share of cost: who breaks even serves the plan


def margin(supplier_fee_bill, supplier_organisation_cost, fixed_cost):
    """Fees received less full yearly cost, 元/省·年."""
    return supplier_fee_bill - supplier_organisation_cost - fixed_cost


def share_served(
    margin, supplier_organisation_cost, fixed_cost, response_mode, response_sharp, response_spread
):
    """Share of the plan the organisation serves: 1 (mode none), a threshold (sharp) or exp(relative loss / spread)."""
    cost = supplier_organisation_cost + fixed_cost
    if response_mode == "none":
        return np.ones_like(margin)
    if response_sharp == "yes":
        share = (margin >= -BREAK_EVEN_SLACK * cost) * 1.0
    else:
        relative = np.minimum(0.0, margin) / np.where(cost > 0, cost, 1.0)
        share = np.exp(relative / response_spread)
    return np.where(cost > 0, share, 1.0)


def supplier_shortfall(supplier_bank_unrecovered, margin):
    """Cost an organisation does not cover: falls when a cap rises. Not a college's funding_gap (docs/method.md §0.2)."""
    return np.maximum(0.0, supplier_bank_unrecovered - margin)


def served(planned_candidates, share_served):
    """Candidates the organisations serve."""
    return planned_candidates * share_served


def break_even_sittings(fixed_cost, approved_fee, variable_cost):
    """Sittings at which an organisation covers its yearly cost in a province (c11); missing where a sitting earns nothing."""
    earned = np.asarray(approved_fee, float) - variable_cost
    return np.where(earned > 0, ratio(fixed_cost, earned), np.nan)
