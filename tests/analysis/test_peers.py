"""A college beside its peers: whose quartiles, of how many, and when there are none."""

import numpy as np
import pytest

from onexmodel.analysis.peers import beside_peers
from onexmodel.analysis.study import open_study


@pytest.fixture(scope="module")
def study():
    """A college of a province with many of its tier."""
    return open_study("national", [], {}, "44", "SIM440001")


def test_quartiles_are_of_tier_and_province_itself_among_them(study):
    compiled = study.prepared.baseline
    keys = compiled.keys["college"]
    values = np.arange(len(keys), dtype=float)
    found = beside_peers(study, compiled, {"rank": values}, np.ones(len(keys), bool))
    own = int(np.flatnonzero(study.scope()["college"])[0])
    alike = (keys["tier"] == keys["tier"].iloc[own]) & (keys["province"] == "44")
    assert found.tier == keys["tier"].iloc[own] and found.colleges == alike.sum()
    assert found.rows["rank"].own == own
    assert found.rows["rank"].middle == np.median(values[alike])


@pytest.mark.parametrize(("others", "shown"), [(5, True), (4, False)])
def test_four_others_are_too_few(study, others, shown):
    compiled = study.prepared.baseline
    keys = compiled.keys["college"]
    own = int(np.flatnonzero(study.scope()["college"])[0])
    alike = (keys["tier"] == keys["tier"].iloc[own]) & (keys["province"] == "44")
    counted = np.zeros(len(keys), bool)
    counted[[own, *[i for i in np.flatnonzero(alike) if i != own][:others]]] = True
    values = np.arange(len(keys), dtype=float)
    missing = np.where(np.arange(len(keys)) == own, np.nan, values)
    found = beside_peers(study, compiled, {"a": values, "own_missing": missing}, counted)
    assert ("a" in found.rows) == shown and "own_missing" not in found.rows
    assert not beside_peers(study, compiled, {"a": values}, counted & (values != own)).rows
