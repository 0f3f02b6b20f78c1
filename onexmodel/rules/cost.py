"""§2 Cost by the ingredients method (Levin & McEwan 2001); unused capacity apart (Kaplan & Anderson 2004).

A ledger row costs `unit_outlay` per unit of its driver, times the place's index and the college's cost factor
(`item_cost`). The engine adds the rows that apply to an offering into one rate per driver and kind of cost; the totals
below multiply the rates by the counts of §1. `*_rates` and `driver_counts` map a driver's name to an array (…, offerings).
"""

import numpy as np

from .numbers import ceil, or_zero, ratio, stacked_sum

KINDS = (
    "organisation",
    "organisation_cash",
    "audited",
    "college",
    "college_cash",
    "training",
    "training_cash",
)


def annuity(rate, life_years):
    """Capital-recovery factor r(1+r)^T/((1+r)^T − 1); 1/T at r = 0; 1 where no life is given (a current outlay)."""
    life = np.where(np.isnan(life_years), 1.0, life_years)
    growth = (1.0 + rate) ** life
    with np.errstate(invalid="ignore", divide="ignore"):
        factor = np.where(rate == 0, 1.0 / life, rate * growth / (growth - 1.0))
    return np.where(np.isnan(life_years), 1.0, factor)


def unit_outlay(quantity, unit_price, annuity):
    """Yuan per unit of the driver, before index and cost factor. unit_price is a purchase price where a life is given."""
    return quantity * unit_price * annuity


def item_cost(unit_outlay, index, cost_factor, driver_count):
    """Yuan a year of one ledger row at one offering."""
    return unit_outlay * index * cost_factor * driver_count


def national_sittings_used(national_sittings, certificate_sittings):
    """N_k: the published national figure, or the data's own sittings where they are more."""
    return np.fmax(or_zero(national_sittings), certificate_sittings)


def bank_share(sittings, national_sittings_used, fees_question_bank_floor):
    """Share of the yearly question-bank cost that the official rule lets an offering carry (F6: at least the floor)."""
    return sittings / np.maximum(fees_question_bank_floor, national_sittings_used)


def nation_share(sittings, national_sittings_used):
    """Share of any other yearly national cost."""
    return sittings / np.maximum(1.0, national_sittings_used)


def province_share(sittings, planned_province_sittings):
    """Share of a yearly provincial cost; the denominator is the plan's, also after §4."""
    return or_zero(ratio(sittings, planned_province_sittings))


def bank_unrecovered_part(organisation_rates, sittings, bank_share, national_sittings_used):
    """What the official rule leaves of an offering's question-bank cost with the organisation below the floor."""
    yearly_bank = organisation_rates.get("bank", 0.0)
    return yearly_bank * (or_zero(ratio(sittings, national_sittings_used)) - bank_share)


def driver_counts(
    planned,
    sessions,
    assessors,
    groups,
    sittings,
    candidates,
    awarded,
    bank_share,
    nation_share,
    province_share,
):
    """How often each cost driver occurs at an offering; session and assessor by component and over both."""
    return {
        "bank": bank_share,
        "nation_year": nation_share,
        "province_year": province_share,
        "offering": planned,
        "session_theory": sessions[..., 0, :],
        "session_practical": sessions[..., 1, :],
        "session": stacked_sum(sessions),
        "assessor_theory": assessors[..., 0, :],
        "assessor_practical": assessors[..., 1, :],
        "assessor": stacked_sum(assessors),
        "group": groups,
        "sitting": sittings,
        "candidate": candidates,
        "award": awarded,
    }


def _total(rates, counts):
    """Σ over drivers of rate · count, in the fixed order of the rates."""
    total = np.zeros(np.shape(counts["candidate"])[-1:])
    for driver, rate in rates.items():
        term = rate * counts[driver]
        total = np.add(
            total,
            term,
            out=term if term.shape == np.broadcast_shapes(total.shape, term.shape) else None,
        )
    return total


def organisation_cost(organisation_rates, driver_counts):
    """The organisation's part of the assessment cost, economic."""
    return _total(organisation_rates, driver_counts)


def organisation_cash_cost(organisation_cash_rates, driver_counts):
    """The organisation's part of the assessment cost, cash."""
    return _total(organisation_cash_rates, driver_counts)


def audited_cost(audited_rates, driver_counts):
    """The organisation's part at audited prices (rows without one at their unit price)."""
    return _total(audited_rates, driver_counts)


def college_cost(college_rates, driver_counts):
    """The college's part of the assessment cost, economic."""
    return _total(college_rates, driver_counts)


def college_cash_cost(college_cash_rates, driver_counts):
    """The college's part of the assessment cost, cash."""
    return _total(college_cash_rates, driver_counts)


def training_cost(training_rates, driver_counts):
    """Training items, economic; borne by the college."""
    return _total(training_rates, driver_counts)


def training_cash_cost(training_cash_rates, driver_counts):
    """Training items, cash."""
    return _total(training_cash_rates, driver_counts)


def assessment_cost(organisation_cost, college_cost):
    """Both bearers' parts."""
    return organisation_cost + college_cost


def unit_cost(assessment_cost, candidates):
    """Assessment cost per candidate, 元/人."""
    return ratio(assessment_cost, candidates)


def cost_per_certificate(assessment_cost, awarded):
    """Assessment cost per certificate obtained."""
    return ratio(assessment_cost, awarded)


def marginal_session_cost(
    organisation_rates, college_rates, session_capacity, candidates_per_assessor
):
    """What one more fully staffed session of a component costs, both bearers, candidates unchanged: its session rate and the assessors of
    a full session. (2, offerings), 元/场; missing where the level has no such component."""
    staff, costs = ceil(session_capacity / candidates_per_assessor), []
    for at, component in enumerate(("theory", "practical")):
        session, assessor = (
            sum(
                rates.get(driver, 0.0) + rates.get(f"{driver}_{component}", 0.0)
                for rates in (organisation_rates, college_rates)
            )
            for driver in ("session", "assessor")
        )
        # an assessor rate of 0 times a missing ratio is 0: a computer-based part needs no assessors
        costs.append(
            session + np.where(np.asarray(assessor) > 0, assessor * staff[..., at, :], 0.0)
        )
    return np.where(session_capacity > 0, np.stack(np.broadcast_arrays(*costs), axis=-2), np.nan)


def teacher_time_cost(training_hours, staff_hour_cost):
    """Own teachers' training hours at their full cost: the economic view only, never beside the uplift in one total."""
    return training_hours * staff_hour_cost


def unused_capacity_cost(
    staff_hour_cost, workload_practical_capacity, teachers, norm_hours, baseline_hours, added_hours
):
    """Hours staff could work and do not, at full cost: its own line, never spread over candidates."""
    idle = workload_practical_capacity * teachers * norm_hours - baseline_hours - added_hours
    return staff_hour_cost * np.maximum(0.0, idle)
