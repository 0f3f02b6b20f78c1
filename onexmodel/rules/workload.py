"""§5, first half: hours of teaching and assessment work, 标准课时 a year (C7; W1, W2)."""

import numpy as np

from .numbers import ceil, ratio, stacked_sum


def class_coefficient(candidates, groups, workload_class_coefficient):
    """Class-size coefficient of the mean group, band by its upper bound. The table is ((upper bound, coefficient), …)."""
    size = ratio(candidates, groups)
    upper = np.array([bound for bound, _ in workload_class_coefficient])
    value = np.array([coefficient for _, coefficient in workload_class_coefficient])
    band = np.searchsorted(upper, np.where(np.isnan(size), 0.0, size) - 1e-9)
    return value[np.minimum(band, len(value) - 1)]


def training_hours(groups, course_hours, class_coefficient, integration):
    """Standard hours of training; what is taught inside existing courses (书证融通) adds none."""
    return groups * course_hours * class_coefficient * (1 - integration)


def component_hours(sessions, hours_per_session, college_staff_per_session):
    """College staff hours of one component's sessions."""
    return sessions * hours_per_session * college_staff_per_session


def assessment_hours(component_hours):
    """Over both components."""
    return stacked_sum(component_hours)


def added_hours(college_training_hours, college_assessment_hours):
    """X work of a college."""
    return college_training_hours + college_assessment_hours


def overload_hours(baseline_hours, added_hours, teachers, norm_hours):
    """Hours above what the teachers owe."""
    return np.maximum(0.0, baseline_hours + added_hours - teachers * norm_hours)


def overload_added(overload_hours, baseline_hours, teachers, norm_hours):
    """The part of the overload that X work brings."""
    return overload_hours - np.maximum(0.0, baseline_hours - teachers * norm_hours)


def work_counted(added_hours, overload_added, pay_workload_basis):
    """The growth the uplift is measured on: all added hours, or only those above the norm."""
    return overload_added if pay_workload_basis == "overload" else added_hours


def workload_increase(work_counted, baseline_hours):
    """Growth of the college's workload; missing where no baseline is known."""
    return ratio(work_counted, baseline_hours)


def fte_needed(overload_hours, norm_hours):
    """Full-time teachers the overload stands for."""
    return ratio(overload_hours, norm_hours)


def teachers_to_train(college_groups, workload_groups_per_trained_teacher, workload_trained_share):
    """Teachers still to be trained, whole persons."""
    return ceil(
        ceil(college_groups / workload_groups_per_trained_teacher) * (1 - workload_trained_share)
    )
