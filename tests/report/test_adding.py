"""Printed parts add to printed totals, down and across, and no cell moves by a whole unit."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onexmodel.report.page.rounding import add_up, shares

pytestmark = pytest.mark.usefixtures("sketched")

CELL = st.floats(-5000, 5000, allow_nan=False).map(lambda x: round(x, 3))


@given(st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=6))
def test_rows_and_columns_add_and_no_cell_moves_by_a_unit(cells):
    body = np.array(cells)
    frame = pd.DataFrame(body, columns=["a", "b", "c"], index=[f"r{i}" for i in range(len(body))])
    frame.loc["all"] = frame.sum()
    frame["need"] = frame["a"] + frame["b"] - frame["c"]
    made = add_up(
        frame, {"all": [f"r{i}" for i in range(len(body))]}, {"need": {"a": 1, "b": 1, "c": -1}}
    )
    assert (made - frame).abs().to_numpy().max() < 0.1 + 1e-6
    assert np.allclose(made.iloc[:-1].sum(), made.loc["all"], atol=1e-6)
    assert np.allclose(made["a"] + made["b"] - made["c"], made["need"], atol=1e-6)


def test_subtotals_missing_cells_and_the_grand_total_as_it_rounds():
    frame = pd.DataFrame(
        {"need": [1.26, 1.26, 2.52, 1.26, 3.78], "left": [0.04, np.nan, 0.04, 0.04, 0.08]},
        index=["x1", "x2", "x", "y", "all"],
    )
    made = add_up(frame, {"x": ["x1", "x2"], "all": ["x", "y"]})
    assert made.loc["all", "need"] == 3.8 and np.isnan(made.loc["x2", "left"])
    assert made.loc["x1", "need"] + made.loc["x2", "need"] == pytest.approx(made.loc["x", "need"])
    assert made.loc["x", "need"] + made.loc["y", "need"] == pytest.approx(3.8)


def test_numbers_that_do_not_add_are_refused():
    with pytest.raises(ValueError, match="differ by"):
        add_up(pd.DataFrame({"v": [1.0, 2.0, 4.0]}, index=["a", "b", "all"]), {"all": ["a", "b"]})


def test_shares_add_to_a_hundred():
    found = shares([1, 1, 1], 3)
    assert sum(found) == pytest.approx(100) and sorted(found) == [33.3, 33.3, 33.4]
