"""One rule joins small groups in every table: none is too small, none is had by subtraction; tiers stand in one order."""

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from onexmodel.analysis.disclosure import REST, in_order, joined_groups, merged_groups, pooled

COUNTS = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 12), min_size=1)


@given(COUNTS, st.integers(1, 6))
def test_no_group_is_too_small_and_nothing_is_lost(counts, least):
    groups = joined_groups(counts, least)
    assert sorted(name for names in groups for name in names) == sorted(
        name for name, count in counts.items() if count
    )
    assert len(groups) <= 1 or min(sum(counts[name] for name in names) for names in groups) >= least
    alone = {name for name, count in counts.items() if count >= least}
    joined = [names for names in groups if len(names) > 1]
    assert (
        len(joined) <= 1 and len(alone - {names[0] for names in groups if len(names) == 1}) <= 1
    )  # one of the large ones gives way at most


@given(COUNTS, st.integers(1, 6))
def test_labels_follow_the_same_rule(counts, least):
    labels = [name for name, count in counts.items() for _ in range(count)]
    groups = joined_groups(counts, least)
    by_name = {name: "+".join(names) for names in groups for name in names}
    assert merged_groups(labels, least).tolist() == [by_name[label] for label in labels]
    rest = pooled(pd.Series(labels, dtype=object), least)
    assert [label == REST for label in rest] == [
        "+" in by_name[label] or counts[label] < least for label in labels
    ]
    assert set(rest[rest != REST]) <= set(labels)


def test_groups_that_share_colleges_are_counted_by_college():
    """Six plans of three colleges are three colleges."""
    three, eight = {1, 2, 3}, set(range(8))
    assert joined_groups({"a": three, "b": three}, 5) == [("a", "b")]
    assert joined_groups({"a": three, "b": three, "c": eight, "d": eight}, 5) == [
        ("a", "b", "c"),
        ("d",),
    ]
    assert joined_groups({"a": {1, 2, 3}, "b": {4, 5, 6}, "c": eight}, 5) == [("a", "b"), ("c",)]


def test_tiers_stand_in_one_order_whatever_the_data_s():
    assert joined_groups({"higher": 9, "applied": 7, "secondary": 8}, 5) == [
        ("secondary",),
        ("higher",),
        ("applied",),
    ]
    assert joined_groups({"applied": 2, "higher": 9, "secondary": 3}, 5) == [
        ("secondary", "applied"),
        ("higher",),
    ]
    assert joined_groups({"b": 6, "a": 7}, 5) == [("b",), ("a",)] and joined_groups(
        {"a": 1, "b": 2, "c": 1}, 5
    ) == [("a", "b", "c")]
    assert in_order(np.array(["applied", "higher+applied", REST, "secondary"], object)) == [
        "secondary",
        "higher+applied",
        "applied",
        REST,
    ]
    assert in_order(["44", "11", "44"]) == ["44", "11"]
