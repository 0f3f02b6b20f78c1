"""§1 Volume: candidates → sittings, sessions, assessors, training groups, awards. Counts may be fractional."""

import numpy as np

from .numbers import ceil, ratio


def retakes(candidates, pass_rate, retake_share):
    """Those who fail and sit once more, 人次 a year."""
    return candidates * (1 - pass_rate) * retake_share


def sittings(candidates, retakes):
    """One person taking one assessment once, 人次 a year."""
    return candidates + retakes


def payable_sittings(candidates, retakes, fees_retake_fee_share):
    """Sittings for which the fee is due; a resit may cost a share of it."""
    return candidates + fees_retake_fee_share * retakes


def sessions(sittings, session_capacity):
    """Sessions a component needs; 0 where there are no candidates or the level has no such component (capacity nan)."""
    return np.where(session_capacity > 0, ceil(ratio(sittings, session_capacity)), 0.0)


def assessors(sittings, sessions, session_capacity, candidates_per_assessor):
    """Assessor engagements of a component: full sessions first, the last one by who is left."""
    full = ceil(session_capacity / candidates_per_assessor)
    last = sittings - (sessions - 1) * session_capacity
    return np.where(sessions > 0, (sessions - 1) * full + ceil(last / candidates_per_assessor), 0.0)


def groups(candidates, class_size):
    """Training groups 培训班."""
    return ceil(candidates / class_size)


def awarded(candidates, pass_rate, retake_share):
    """Certificates obtained, first sittings and resits."""
    return candidates * (pass_rate + (1 - pass_rate) * retake_share * pass_rate)


def planned(candidates):
    """1 where the offering takes place, else 0: the count behind driver 计划."""
    return (np.asarray(candidates) > 0) * 1.0


def minutes_per_candidate(hours_per_session, session_capacity, stations):
    """Minutes each candidate has at a station in a full session, class hours of 45 minutes: a quality guard (C11, S8)."""
    return hours_per_session * 45 / ratio(session_capacity, stations)


def session_fill(sittings, sessions, session_capacity):
    """Seats used of seats opened, per component."""
    return ratio(sittings, sessions * session_capacity)
