"""A year is arranged once where that is enough: the same numbers as when every table is arranged anew."""

import numpy as np
import pytest

from onexmodel.analysis.study import open_study
from onexmodel.engine.run import prepare


@pytest.fixture(scope="module")
def study():
    return open_study("example", ["package_combined"])


def test_an_arranged_baseline_gives_the_same_numbers_and_is_taken(study):
    given = (study.tables, study.composition, study.year)
    fresh, taken = prepare(*given), prepare(*given, baseline=study.prepared.baseline)
    assert taken.baseline is study.prepared.baseline is not fresh.baseline
    assert taken.priced is taken.baseline  # the scheme leaves the table of fees
    views = study.views("none")
    for one, other in zip(fresh.evaluate(*views), taken.evaluate(*views), strict=True):
        for name, values in one.served.items():
            if isinstance(values, np.ndarray) and values.dtype == float:
                assert np.array_equal(values, other.served[name], equal_nan=True), name


def test_one_of_other_provinces_or_at_another_rate_is_not_taken(study):
    part = open_study("example", province="S01").prepared.baseline
    given = (study.tables, study.composition, study.year)
    assert prepare(*given, baseline=part).baseline is not part
    dear = open_study("example", sets={"funding.discount_rate": "0.09"})
    assert prepare(*given, baseline=dear.prepared.scenario).baseline is not dear.prepared.scenario


def test_a_scheme_of_fees_is_priced_on_its_own_table():
    changed = open_study("example", ["fee_plus_20"]).prepared
    assert changed.priced is not changed.baseline
