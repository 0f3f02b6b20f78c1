"""Which readings are printed as changing the answer: those that move it by more than a tenth of the strongest assumption."""

from dataclasses import replace

import pytest

from onexmodel.analysis.draws import sensitivity as se
from onexmodel.analysis.study import open_study


@pytest.fixture(scope="module")
def found():
    """What a study found, and its other readings; the tests set what is compared."""
    study = open_study("example", ["cap_plus_20"])
    return se.sensitivity(study, "fee_bill", "supply", 8, 1), se.other_readings(
        study, "fee_bill", "supply"
    )


def words(found, widths, moves, lang="zh"):
    """in_words of parameters whose bars are `widths` wide, strongest not first, and readings that move the answer by `moves`."""
    frame, others = (
        found[0].frame.iloc[: len(widths)].assign(p10=100.0),
        found[1].iloc[: len(moves)].assign(here=50.0),
    )
    frame, others = (
        frame.assign(p90=[100.0 + width for width in widths]),
        others.assign(answer=[50.0 + move for move in moves]),
    )
    said = " ".join(se.in_words(replace(found[0], frame=frame), others, lang))
    return said, [
        f"{row.zh if lang == 'zh' else row.en}＝{row.option}" for row in others.itertuples()
    ]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_reading_just_above_a_tenth_of_the_widest_bar_is_named_and_one_just_below_is_not(
    found, lang
):
    assert len(found[0].frame) >= 3 and len(found[1]) >= 3
    said, (first, second, third) = words(found, (20.0, -200.0, 50.0), (20.1, 19.9, -20.1), lang)
    assert first in said and third in said and second not in said


@pytest.mark.parametrize(
    ("widths", "moves", "named"),
    [
        ((2000.0, 10.0), (199.0, 1.5), False),
        ((2000.0, 10.0), (201.0, 1.5), True),
        ((0.5, 0.1), (0.06, 0.04), True),
        ((0.5, 0.1), (0.04, 0.01), False),
    ],
)
def test_the_tenth_is_of_the_widest_bar_whatever_its_size(found, widths, moves, named):
    said, (first, second) = words(found, widths, moves)
    assert (first in said) is named and second not in said
    assert ("会改变结论的条款理解" in said) is named and (
        "结论的变化都小于最大假设的一成" in said
    ) is not named


def test_without_assumptions_any_reading_that_moves_the_answer_is_named(found):
    frame, others = (
        found[0].frame.iloc[:0],
        found[1].iloc[:2].assign(here=50.0, answer=[50.0, 50.001]),
    )
    said = " ".join(se.in_words(replace(found[0], frame=frame), others))
    assert (
        f"{others['zh'].iloc[1]}＝{others['option'].iloc[1]}" in said
        and f"{others['zh'].iloc[0]}＝{others['option'].iloc[0]}" not in said
    )


@pytest.mark.parametrize(
    ("alone", "zh", "en"),
    [
        (
            (0.9, 0.8, 0.97),
            "各假设单独解释90%（80%—97%），其余来自它们的交互",
            "Alone they explain 90 % (80% to 97%); the rest is interaction",
        ),
        (
            (0.98, 0.94, 1.02),
            "各假设单独效应之和为98%（94%—102%），与100%没有可辨的差别，看不出彼此的交互",
            "add to 98% (94% to 102%), which cannot be told from 100%",
        ),
        (
            (0.97, 0.93, 1.0),
            "各假设单独效应之和为97%（93%—100%），与100%没有可辨的差别，看不出彼此的交互",
            "add to 97% (93% to 100%), which cannot be told from 100%",
        ),
    ],
)
def test_interaction_is_named_only_where_the_interval_of_the_sum_excludes_one(found, alone, zh, en):
    frame = (
        found[0]
        .frame.iloc[:2]
        .assign(total=[0.6, 0.3], total_low=[0.5, 0.2], total_high=[0.7, 0.4])
    )
    said = [
        " ".join(se.in_words(replace(found[0], frame=frame, alone=alone), found[1], lang))
        for lang in ("zh", "en")
    ]
    assert zh in said[0] and en.replace(" %", "%") in said[1].replace(" %", "%")
    assert ("其余来自它们的交互" in said[0]) is (alone[2] < 1)


@pytest.mark.parametrize(
    ("second", "told_apart"),
    [((0.2, 0.4), True), ((0.3, 0.49), True), ((0.3, 0.5), False), ((0.3, 0.6), False)],
)
def test_one_input_is_said_to_matter_most_only_where_its_interval_lies_above_all_others(
    found, second, told_apart
):
    frame = (
        found[0]
        .frame.iloc[:2]
        .assign(
            zh=["甲", "乙"],
            total=[0.6, 0.35],
            total_low=[0.5, second[0]],
            total_high=[0.7, second[1]],
        )
    )
    said = " ".join(se.in_words(replace(found[0], frame=frame), found[1]))
    assert ("其中甲的影响最大" in said) is told_apart
    assert (
        "甲与乙的区间重叠" in said
    ) is not told_apart  # in an order of their own, not the estimate's
