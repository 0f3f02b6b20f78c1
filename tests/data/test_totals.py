"""A row that is a sum of others is refused, whatever it is called."""

import numpy as np
import pytest

from onexmodel.data.checking.suspicion import totals
from onexmodel.data.tables import Origin

TOTALS = ("合计", "总计", "小计", "共计", "累计", "total", "Total", "TOTAL", "subtotal", "sum")


@pytest.mark.parametrize("word", TOTALS)
def test_a_totals_row_is_seen_by_every_name_it_may_have(word):
    faults = []
    found = totals(
        {"x": np.array(["1", "2", word], object)},
        Origin("a.csv", "", np.array([2, 3, 4]), {"x": 0}, {"x": "x"}),
        faults,
    )
    assert found.tolist() == [False, False, True] and [fault.code for fault in faults] == [
        "totals_row"
    ]
