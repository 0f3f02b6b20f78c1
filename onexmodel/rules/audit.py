"""Checks the explanation attached to the cap notice asks for (F7, c07), row by row of the ledger."""

import numpy as np


def printing_for_computer_based(item, form):
    """Computer-based parts bear no printing cost. item, form: (rows,) of text."""
    return (np.asarray(item) == "printing") & (np.asarray(form) == "computer")


def marking_for_computer_based(item, form):
    """Objective computer-based parts are marked by machine."""
    return (np.asarray(item) == "marking") & (np.asarray(form) == "computer")


def paid_outside_total(own_staff, cash_share):
    """Own staff's labour is paid through the uplift: in cash it is paid outside the pay total."""
    return np.asarray(own_staff, bool) & (np.asarray(cash_share, float) > 0)


def outlier(unit_price, median, median_deviation, fees_outlier_mads):
    """An item priced more than so many MADs above the provincial median is sent back (F9); it changes no number."""
    return (median_deviation > 0) & (unit_price > median + fees_outlier_mads * median_deviation)
