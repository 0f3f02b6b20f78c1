"""§3 Fee: cap → proposed → verified → approved. A cap is not a fee (docs/method.md §0.1). One fee per cell, that is per
province × certificate × level × year. Price-cap regulation with bargaining over the headroom; C3–C6.

`binds` is coded: 0 cap, 1 verification, 2 proposal (given), 3 bargaining (modelled proposal), 4 special case.
"""

import numpy as np

from .numbers import or_zero, ratio

BINDS = ("cap", "verification", "proposal", "bargaining", "special")
CLASSES = ("full", "partial", "none")
TIE = 1e-9


def cap(component_cap, component_weight, fees_cap_of_mixed, fees_provincial_factor, fees_cap_index):
    """The cap of a certificate and level from the caps of its components' forms, 元/人次.

    component_cap, component_weight: (…, 2, cells), nan where the level has no such component.
    """
    present = ~np.isnan(component_cap)
    amounts = np.where(present, component_cap, 0.0)
    if fees_cap_of_mixed == "sum":
        mixed = amounts.sum(-2)
    elif fees_cap_of_mixed == "max":
        mixed = amounts.max(-2)
    else:
        weights = np.where(present, component_weight, 0.0)
        weights = weights / np.where(
            weights.sum(-2, keepdims=True) == 0, np.nan, weights.sum(-2, keepdims=True)
        )
        mixed = np.where(weights == 0, 0.0, weights * amounts).sum(-2)
    mixed = np.where(present.any(-2), mixed, np.nan)
    return mixed * fees_provincial_factor * fees_cap_index


def college_unit(cell_college_cash_cost, cell_sittings):
    """What the colleges of the province lay out themselves on the official items, per sitting."""
    return ratio(cell_college_cash_cost, cell_sittings)


def ceiling(cap, college_unit, fees_deduct_college_borne):
    """The room the cap leaves for the fee once the college's own outlay is deducted (C4; F16: 290 → 235)."""
    return np.maximum(0.0, cap - fees_deduct_college_borne * college_unit)


def organisation_unit(
    cell_organisation_cost, cell_payable_sittings, fixed_cost, supplier_payable_sittings
):
    """The organisation's cost per payable sitting, its provincial fixed cost shared over its payable sittings."""
    return ratio(cell_organisation_cost, cell_payable_sittings) + ratio(
        fixed_cost, supplier_payable_sittings
    )


def audited_unit(cell_audited_cost, cell_payable_sittings, fixed_cost, supplier_payable_sittings):
    """organisation_unit at audited prices."""
    return ratio(cell_audited_cost, cell_payable_sittings) + ratio(
        fixed_cost, supplier_payable_sittings
    )


def proposed_fee(
    given_proposal, ceiling, organisation_unit, baseline_proposed_fee, fees_beta, fees_fee_index
):
    """The given proposal, else the bargain over the headroom; without a cap bargaining has no answer: the baseline's."""
    with np.errstate(invalid="ignore"):
        headroom = ceiling - organisation_unit
        bargain = np.where(headroom >= 0, organisation_unit + fees_beta * headroom, ceiling)
    modelled = np.where(np.isinf(ceiling), baseline_proposed_fee, bargain)
    return np.where(np.isnan(given_proposal), modelled, given_proposal * fees_fee_index)


def verified_fee(
    verified_cost,
    audited_unit,
    has_audited_price,
    fees_verification,
    fees_verification_margin,
    fees_fee_index,
):
    """Verified cost with its margin; inf where nothing was verified (counted and printed as such)."""
    basis = np.where(
        np.isnan(verified_cost), np.where(has_audited_price, audited_unit, np.inf), verified_cost
    )
    verified = basis * fees_fee_index * (1 + fees_verification_margin)
    return np.full_like(verified, np.inf) if fees_verification == "none" else verified


def modelled_fee(ceiling, proposed_fee, verified_fee):
    """The smallest of the three limits; missing where the province plans no sittings."""
    return np.minimum(np.minimum(ceiling, proposed_fee), verified_fee)


def modelled_binds(modelled_fee, ceiling, verified_fee, given_proposal):
    """Which limit is the smallest; ties in the order cap, verification, proposal."""
    last = np.where(np.isnan(given_proposal), 3.0, 2.0)
    which = np.where(
        ceiling <= modelled_fee + TIE, 0.0, np.where(verified_fee <= modelled_fee + TIE, 1.0, last)
    )
    return np.where(np.isnan(modelled_fee), np.nan, which)


def fee_judged(given_proposal, verified_cost, enough_colleges, fees_verification):
    """Can the data tell how the fee follows the cap? A proposal or verified cost is given, or there are colleges enough for a unit cost:
    on a few of a province's colleges the organisation's fixed cost makes a bargain that means nothing."""
    verified = ~np.isnan(verified_cost) & (fees_verification != "none")
    return enough_colleges | ~np.isnan(given_proposal) | verified


def _moved(published_fee, modelled_fee, ceiling, baseline_modelled_fee, baseline_ceiling):
    """The two limits of a published fee in a scenario: carried by the model's change, and its place under the ceiling."""
    with np.errstate(invalid="ignore"):
        carried = published_fee + (modelled_fee - baseline_modelled_fee)
        allowed = ceiling + np.maximum(0.0, published_fee - baseline_ceiling)
    return carried, allowed


def _unmoved(modelled_fee, ceiling, baseline_modelled_fee, baseline_ceiling):
    same_fee = np.abs(modelled_fee - baseline_modelled_fee) <= TIE
    with np.errstate(invalid="ignore"):
        return same_fee & (
            (ceiling == baseline_ceiling) | (np.abs(ceiling - baseline_ceiling) <= TIE)
        )


def standard_fee(published_fee, modelled_fee, ceiling, baseline_modelled_fee, baseline_ceiling):
    """The standard before a special case: modelled, or the published fee moved by what the scenario changes."""
    carried, allowed = _moved(
        published_fee, modelled_fee, ceiling, baseline_modelled_fee, baseline_ceiling
    )
    changed = np.maximum(0.0, np.minimum(carried, allowed))
    unmoved = _unmoved(modelled_fee, ceiling, baseline_modelled_fee, baseline_ceiling)
    standard = np.where(
        np.isnan(published_fee), modelled_fee, np.where(unmoved, published_fee, changed)
    )
    return np.where(np.isnan(modelled_fee), np.nan, standard)


def special_in_force(special_fee, special_applies, ceiling, fees_special_may_exceed_cap):
    """The special fee as it may take effect (C6: a document, and the day within its dates); −inf where it has none."""
    allowed = (
        special_fee if fees_special_may_exceed_cap == "yes" else np.minimum(special_fee, ceiling)
    )
    return np.where(special_applies & ~np.isnan(special_fee), allowed, -np.inf)


def approved_fee(standard_fee, special_in_force, published_fee):
    """The fee in force; where the province plans no sittings, the published fee if there is one."""
    fee = np.where(np.isnan(standard_fee), published_fee, np.fmax(standard_fee, special_in_force))
    return fee


def binds(
    standard_fee,
    special_in_force,
    modelled_binds,
    published_fee,
    modelled_fee,
    ceiling,
    baseline_modelled_fee,
    baseline_ceiling,
):
    """Which limit the approved fee rests on."""
    carried, allowed = _moved(
        published_fee, modelled_fee, ceiling, baseline_modelled_fee, baseline_ceiling
    )
    unmoved = _unmoved(modelled_fee, ceiling, baseline_modelled_fee, baseline_ceiling)
    cut = ~np.isnan(published_fee) & ~unmoved & (allowed < carried - TIE)
    which = np.where(special_in_force > standard_fee + TIE, 4.0, np.where(cut, 0.0, modelled_binds))
    return np.where(np.isnan(standard_fee), np.nan, which)


def over_cap(ceiling, published_fee, special_fee, special_applies):
    """A special fee in force, or a published fee, above its ceiling: a finding, never silently cut."""
    special = np.where(special_applies, special_fee, np.nan)
    with np.errstate(invalid="ignore"):
        return (special > ceiling + TIE) | (published_fee > ceiling + TIE)


def pass_through(approved_fee, baseline_approved_fee, ceiling, baseline_ceiling):
    """Δ approved fee / Δ ceiling; missing where the ceiling does not move, or is no longer there."""
    with np.errstate(invalid="ignore"):
        moved = ceiling - baseline_ceiling
    moved = np.where(np.isinf(moved) | (np.abs(moved) <= TIE), np.nan, moved)
    return (approved_fee - baseline_approved_fee) / moved


def pass_through_class(pass_through):
    """0 full (≥ 0.99), 1 partial, 2 none (≤ 0.01)."""
    which = np.where(pass_through >= 0.99, 0.0, np.where(pass_through <= 0.01, 2.0, 1.0))
    return np.where(np.isnan(pass_through), np.nan, which)


def fee_bill(approved_fee, payable_sittings):
    """What the college pays the organisation for an offering, 元/年; nothing where there is no fee."""
    return or_zero(approved_fee) * payable_sittings


def adjustment_path(
    signal,
    fees_adjust_x,
    fees_adjust_dead_band,
    fees_adjust_collar,
    fees_adjust_review_years,
    fees_adjust_rule,
):
    """fee_index at the end of each year, (years + 1,), from a yearly price signal Σ share·(P_t/P_{t−1} − 1) (C5; RPI − X).

    accumulated: at each review where |Π(1+g) − 1| reaches the dead band, the index moves by that, clipped to the
    collar; the excess is dropped and the count restarts. yearly: in full every year. never: stays at 1.
    """
    path, accumulated = [1.0], 1.0
    for year, change in enumerate(signal, start=1):
        step = 0.0
        growth = change - fees_adjust_x
        accumulated *= 1.0 + growth
        if fees_adjust_rule == "yearly":
            step = growth
        elif fees_adjust_rule == "accumulated" and year % int(fees_adjust_review_years) == 0:
            if abs(accumulated - 1.0) >= fees_adjust_dead_band - TIE:
                step, accumulated = (
                    float(np.clip(accumulated - 1.0, -fees_adjust_collar, fees_adjust_collar)),
                    1.0,
                )
        path.append(path[-1] * (1.0 + step))
    return np.array(path)
