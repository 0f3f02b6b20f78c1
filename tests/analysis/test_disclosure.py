"""What a circulated report may tell of few colleges: the rule, and that what it withholds cannot be had by subtraction."""

from itertools import product

import numpy as np
import pytest

from onexmodel.analysis.disclosure import SMALL, tellable, tellable_groups


def test_both_those_that_did_and_the_rest_are_none_or_five():
    for every in range(3 * SMALL):
        for some in range(every + 1):
            assert tellable(some, every) == all(n == 0 or n >= 5 for n in (some, every - some))


def test_it_is_asked_of_columns_as_of_numbers():
    some, every = np.array([0, 1, 6]), np.array([3, 9, 12])
    assert tellable(some, every).tolist() == [
        bool(tellable(*one)) for one in zip(some, every, strict=True)
    ]


@pytest.mark.parametrize("some", [*product((0, 1, 4, 6, 10, 11, 12), repeat=3)])
def test_what_is_withheld_cannot_be_had_from_the_other_groups(some):
    """Where the sum is told, the groups withheld are tellable as one."""
    some, every = np.array(some), np.array([12, 12, 12])
    told = tellable_groups(some, every)
    assert not (told & ~tellable(some, every)).any()
    if tellable(some.sum(), every.sum()):
        assert tellable(some[~told].sum(), every[~told].sum())
    else:
        assert (told == tellable(some, every)).all()
