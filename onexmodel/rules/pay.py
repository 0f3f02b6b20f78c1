"""§5, second half: the uplift of the performance-pay total (C7) and how it is shared among teachers (C8)."""

import numpy as np

from .numbers import or_zero, ratio, split_fen


def uplift_elasticity(pay_elasticity, workload_increase, pay_pool):
    """elasticity · growth of workload · pool."""
    return or_zero(pay_elasticity * workload_increase * pay_pool)


def uplift_rate(pay_class_hour_fee, work_counted, pay_on_cost):
    """Class-hour fee for each counted hour."""
    return pay_class_hour_fee * work_counted * (1 + pay_on_cost)


def uplift_income_share(pay_income_share, net_training_income, added_hours):
    """A share of net income from training (W6, W7); nothing where no hours were added."""
    return np.where(added_hours > 0, pay_income_share * or_zero(net_training_income), 0.0)


def uplift_limit_used(uplift_limit, pay_uplift_ceiling, pay_pool):
    """The limit given for the college, else the ceiling as a share of the pool."""
    return np.where(np.isnan(uplift_limit), pay_uplift_ceiling * or_zero(pay_pool), uplift_limit)


def uplift_eligible(is_private, is_applied, pay_uplift_scope):
    """Public vocational colleges (C7: 职业院校); applied undergraduate ones only under scope all."""
    return ~is_private & (~is_applied | (pay_uplift_scope == "all"))


def uplift(
    uplift_elasticity,
    uplift_rate,
    uplift_income_share,
    uplift_limit_used,
    uplift_eligible,
    pay_pool,
    pay_uplift_method,
):
    """The rise of the pay total by the chosen method, within its limit; 0 without a pool or outside the scope."""
    chosen = {
        "elasticity": uplift_elasticity,
        "rate": uplift_rate,
        "income_share": uplift_income_share,
    }
    amount = np.minimum(chosen[pay_uplift_method], uplift_limit_used)
    return np.where(uplift_eligible & ~np.isnan(pay_pool), amount, 0.0)


def pay_per_added_hour(uplift, added_hours):
    """元/课时; missing where no hours were added."""
    return ratio(uplift, added_hours)


def adequacy(pay_per_added_hour, pay_class_hour_fee):
    """Pay per added hour against the class-hour fee."""
    return ratio(pay_per_added_hour, pay_class_hour_fee)


def required_elasticity(pay_class_hour_fee, added_hours, workload_increase, pay_pool):
    """The elasticity at which pay per added hour reaches the class-hour fee, limits aside."""
    return ratio(pay_class_hour_fee * added_hours, workload_increase * pay_pool)


def tilted_share(base_share, hours_share, pay_tilt):
    """Share of what is tilted that goes to a teacher, or to a group whose shares are summed."""
    return (1 - pay_tilt) * base_share + pay_tilt * hours_share


def teacher_pay_fen(pool_fen, uplift_fen, base_weight, hours, pay_tilt, pay_tilt_scope):
    """Each teacher's pay, (n,) whole fen that add to pool + uplift; pool and uplift are split apart (largest remainder).

    base_weight, hours: (n,). No hours at all: by base share. Raises ValueError without teachers or base weights.
    """
    base = np.asarray(base_weight, float)
    hours = np.asarray(hours, float)
    if base.size == 0 or base.sum() <= 0:
        raise ValueError("no teachers, or base weights that add to 0: there is nobody to pay")
    base = base / base.sum()
    tilted = base if hours.sum() <= 0 else tilted_share(base, hours / hours.sum(), pay_tilt)
    pool_by = tilted if pay_tilt_scope == "total" else base
    return split_fen(pool_fen, pool_by) + split_fen(uplift_fen, tilted)


def tilted_pay_per_hour(pay_tilt, hours_total, uplift):
    """What the tilted part of the uplift pays for one X hour, 元/课时; missing where there are no hours."""
    return ratio(pay_tilt * uplift, hours_total)


def break_even_tilt(pay_reservation_rate, hours_total, uplift):
    """The tilt at which an X hour earns the reservation rate; above 1 no tilt does."""
    return ratio(pay_reservation_rate * hours_total, uplift)


def involved_hours(
    added_hours, teachers, pay_share_of_teachers_involved, pay_hours_sigma, normal_quantiles
):
    """X hours of each of `teachers` teachers where no teacher rows are given: those involved at lognormal quantiles
    (i − ½)/n, the others 0. normal_quantiles: (n involved,) standard normal. No random draw."""
    spread = np.exp(pay_hours_sigma * np.asarray(normal_quantiles, float))
    involved = added_hours * spread / spread.sum() if spread.size else spread
    return np.concatenate([involved, np.zeros(int(teachers) - spread.size)])
