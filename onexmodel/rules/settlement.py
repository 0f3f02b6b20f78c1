"""§7 Settlement (C1, C2, C12, C14, C15): what is payable, what is paid, how old the rest is, and why the two differ. Accounts are
integer fen. Arrays are (batches,) unless said."""

import numpy as np

from .numbers import ratio

BUCKETS = ("age_0_30", "age_31_90", "age_91_180", "age_over_180")
LAST_DAYS = (30, 90, 180)
BASES = ("standard", "special_case", "contract", "first_published", "invoice", "none")


def rate_and_basis(
    standard_on_day, special_on_day, contract_fee, first_published, invoiced_rate, pre_standard
):
    """(yuan a sitting, index into BASES) on the assessment day: a special case in force above the standard, else the standard in force;
    before any standard (F9) the contract price, or the first published standard where settlement.pre_standard says so, else the invoice."""
    early = (
        (first_published, contract_fee)
        if pre_standard == "first_published"
        else (contract_fee, np.full_like(contract_fee, np.nan))
    )
    kinds = (
        ("first_published", "contract")
        if pre_standard == "first_published"
        else ("contract", "first_published")
    )
    special_on_day = np.where(
        special_on_day <= standard_on_day, np.nan, special_on_day
    )  # C6 raises a fee: the larger of the two (§3)
    choices = (
        ("special_case", special_on_day),
        ("standard", standard_on_day),
        *zip(kinds, early, strict=True),
        ("invoice", invoiced_rate),
    )
    rate, basis = (
        np.full(np.shape(contract_fee), np.nan),
        np.full(np.shape(contract_fee), BASES.index("none")),
    )
    for kind, value in choices:
        take = np.isnan(rate) & ~np.isnan(value)
        rate, basis = np.where(take, value, rate), np.where(take, BASES.index(kind), basis)
    return rate, basis


def counted_sittings(sittings, registered, retakes, retake_fee_share, counted):
    """Sittings charged: those sat or those registered, resits at the share of the fee they pay."""
    heads = registered if counted == "registered" else sittings
    return heads - retakes + retake_fee_share * retakes


def payable_fen(rate, counted_sittings):
    """Payable in fen, to the nearest; nothing where no rate is known."""
    return np.rint(np.nan_to_num(rate * counted_sittings) * 100).astype(np.int64)


def arrears(payable, paid):
    """What is owed and not paid; never negative (overpayment stands apart)."""
    return np.maximum(0, payable - paid)


def overpaid(payable, paid):
    """What was paid beyond what is owed."""
    return np.maximum(0, paid - payable)


def settlement_rate(payable, paid):
    """Σ min(paid, payable) ÷ Σ payable over the last axis: in [0, 1] even when someone overpaid; a refund below zero counts as
    nothing paid."""
    return ratio(np.sum(np.clip(paid, 0, payable), axis=-1) * 1.0, np.sum(payable, axis=-1) * 1.0)


def age_bucket(age_days):
    """Index into BUCKETS by days since the assessment."""
    return np.searchsorted(LAST_DAYS, age_days, side="left")


def ageing(arrears, age_days):
    """(buckets,) sums of arrears; they add to the arrears."""
    return np.array(
        [np.sum(np.where(age_bucket(age_days) == at, arrears, 0)) for at in range(len(BUCKETS))]
    )


def price_exception(invoiced, fee_fen, invoiced_sittings):
    """Invoiced − fee · invoiced sittings, fen: what the bills charge over (below 0: under) the fee of the day."""
    return invoiced - fee_fen * invoiced_sittings


def quantity_exception(fee_fen, invoiced_sittings, recorded_sittings):
    """fee · (invoiced − recorded sittings), fen."""
    return fee_fen * (invoiced_sittings - recorded_sittings)


def payment_exception(paid, invoiced):
    """Paid − invoiced, fen: below 0 a part of the arrears, above 0 overpaid. With the price and the quantity exception it adds to
    paid − fee · recorded sittings."""
    return paid - invoiced


def in_settlement_scope(assessed_on, deadline, notice_day, scope):
    """Must the batch be settled by the deadline? C2 read as all assessed up to the deadline, or those before the notice."""
    return assessed_on <= deadline if scope == "deadline" else assessed_on < notice_day


def in_transfer_scope(assessed_on, last_sitting, notice_day, winddown):
    """Must the batch be settled by the last day of sittings? C15 read as: nothing (none), all assessed up to that day (transfer), or
    those of them before the day the transfer notice was issued (before_notice)."""
    assessed = assessed_on <= last_sitting
    if winddown == "before_notice":
        return assessed & (assessed_on < notice_day)
    return assessed & (winddown == "transfer")


def clearing(arrears, monthly_funds):
    """Arrears (batches,) in the order they are to be cleared, funds (months,) → (batches, months) paid, all fen: each month's
    money goes to the first unpaid batch and what is left of it to the next; unspent money is carried forward."""
    owed, spent = np.cumsum(arrears), np.minimum(np.cumsum(monthly_funds), np.sum(arrears))
    start, before = owed - arrears, np.concatenate([[0], spent[:-1]]) if len(spent) else spent
    low, high = (
        np.maximum(start[:, None], before[None, :]),
        np.minimum(owed[:, None], spent[None, :]),
    )
    return np.maximum(0, high - low)


def price_effect(price0, price1, candidates1):
    """Σ (new − old fee) · new candidates, yuan."""
    return np.sum((price1 - price0) * candidates1, axis=-1)


def volume_effect(price0, candidates0, candidates1):
    """Mean old fee · change of all candidates."""
    return ratio(np.sum(price0 * candidates0, axis=-1), np.sum(candidates0, axis=-1)) * (
        np.sum(candidates1, axis=-1) - np.sum(candidates0, axis=-1)
    )


def mix_effect(price0, candidates0, candidates1):
    """What more or fewer of the dearer certificates did: the rest of the change at old fees."""
    mean = ratio(np.sum(price0 * candidates0, axis=-1), np.sum(candidates0, axis=-1))
    return np.sum((price0 - mean[..., None]) * candidates1, axis=-1)


def coverage(budgeted, need):
    """Σ_use min(budgeted, need) ÷ Σ_use need, over the first axis (uses)."""
    return ratio(np.sum(np.minimum(budgeted, need), axis=0), np.sum(need, axis=0))


def burden(fee_bill, students, per_student_appropriation, is_private):
    """Fee bill against the appropriation; missing for private colleges, which have none."""
    return np.where(is_private, np.nan, ratio(fee_bill, students * per_student_appropriation))
