"""Interval ends: two significant digits of the width, never finer than the number itself, nearest, with the number inside."""

import doctest
import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from onexmodel.analysis.draws.solve import Solution, in_words
from onexmodel.analysis.measures import carried, written, written_ends
from onexmodel.analysis.statistics import precision
from onexmodel.analysis.statistics.precision import places, rounded

NUMBERS = st.floats(-1e9, 1e9, allow_nan=False).filter(lambda x: x == 0 or abs(x) > 1e-6)
FINEST = st.integers(0, 3)


def step(low: float, high: float, finest: int) -> float:
    return 10.0 ** -places(low, high, finest)


@pytest.mark.parametrize(
    ("low", "high", "finest", "ends"),
    [
        (565.4, 975.7, 1, (570, 980)),  # the referee's
        (1.27, 10.58, 1, (1.3, 10.6)),  # width 9.31
        (473.3, 2757.7, 1, (500, 2800)),
        (9728.2, 13289.9, 1, (9700, 13300)),
        (-342.8, 592.7, 1, (-340, 590)),
        (-31.5, -30.6, 1, (-31.5, -30.6)),
        (64.2, 70.1, 0, (64, 70)),
        (45.0, 160.0, 0, (40, 160)),
        (2.1, 131.7, 1, (0, 130)),
        (-0.3, -0.1, 1, (-0.3, -0.1)),
        (12.0, 12.0, 1, (12.0, 12.0)),
        (-4.0, 3.0, 1, (-4.0, 3.0)),
        (100.04, 100.06, 1, (100.0, 100.1)),
        (1_478_000.0, 1_522_000.0, 0, (1_478_000, 1_522_000)),
    ],
)
def test_two_digits_of_the_width(low, high, finest, ends):
    a, b, decimals = rounded(low, high, finest)
    assert (a, b) == ends and 0 <= decimals <= finest and f"{a:.{decimals}f}" != "-0"


@given(NUMBERS, NUMBERS, FINEST)
def test_the_step_leaves_ten_to_a_hundred_of_it_or_is_what_the_number_is_written_with(a, b, finest):
    low, high = sorted((a, b))
    wide = step(low, high, finest)
    assert wide >= 10.0**-finest * (1 - 1e-12)
    if low < high and wide > 10.0**-finest * (1 + 1e-9):
        assert 10 * (1 - 1e-9) <= (high - low) / wide < 100 * (1 + 1e-9)
    elif low < high:
        assert (high - low) / wide < 100 * (1 + 1e-9)


@given(NUMBERS, NUMBERS, FINEST)
def test_ends_keep_their_order_and_move_by_half_a_step(a, b, finest):
    low, high = sorted((a, b))
    first, last, decimals = rounded(low, high, finest)
    wide = step(low, high, finest)
    assert (
        first <= last
        and abs(first - low) <= wide / 2 * (1 + 1e-6)
        and abs(last - high) <= wide / 2 * (1 + 1e-6)
    )
    for end in (first, last):
        assert abs(end / wide - round(end / wide)) < 1e-6 * max(1, abs(end / wide))
        assert float(f"{end:.{decimals}f}") == pytest.approx(end, abs=1e-9 * max(1, abs(end)))
    assert rounded(first, last, finest)[:2] == (first, last) or places(
        first, last, finest
    ) != places(low, high, finest)  # told once, told for good


@given(NUMBERS, st.floats(0.01, 1e7), st.floats(0, 1e6), FINEST)
def test_of_two_intervals_of_one_width_the_higher_is_printed_no_lower(low, width, more, finest):
    assume(places(low, low + width, finest) == places(low + more, low + more + width, finest))
    under, over = rounded(low, low + width, finest), rounded(low + more, low + more + width, finest)
    assert under[0] <= over[0] and under[1] <= over[1]


@given(NUMBERS, st.floats(0.0, 1e7), st.floats(0, 1), FINEST)
def test_a_number_inside_its_interval_is_printed_inside_it(low, width, share, finest):
    high, point = low + width, min(low + share * width, low + width)
    first, last, _ = rounded(low, high, finest, point)
    assert first <= round(point, finest) + 0.0 <= last or math.isclose(first, last)
    plain, wide = rounded(low, high, finest), step(low, high, finest)
    assert plain[0] - first in (0, pytest.approx(wide)) and last - plain[1] in (
        0,
        pytest.approx(wide),
    )  # outward by a step, and only where it must be
    assert (first == plain[0] or round(point, finest) < plain[0]) and (
        last == plain[1] or round(point, finest) > plain[1]
    )


def test_a_number_outside_its_interval_stays_outside():
    assert rounded(3143.1, 3616.8, 1, 3668.6)[:2] == (3140, 3620) and rounded(
        565.4, 974.0, 1, 973.9
    )[:2] == (570, 980)


def test_measures_are_written_in_their_unit():
    assert written_ends(5_654_000, 9_757_000, "fee_bill") == ("570万元", "980万元")
    assert written_ends(-0.003, -0.001, "unmet_share", "en") == ("-0.3 %", "-0.1 %")
    assert written_ends(132_717.4, 137_169.2, "served") == (
        "132,700人",
        "137,200人",
    ) and written_ends(float("nan"), 1.0, "served") == ("—", "1人")
    assert (
        written(7_657_000, "fee_bill", decimals=carried(5_654_000, 9_757_000, "fee_bill"))
        == "766万元"
    )
    assert written(7_657_000, "fee_bill") == "765.7万元" and written(-3.0, "fee_bill") == "0.0万元"


@pytest.mark.parametrize(
    ("value", "low", "high", "toward", "said"),
    [
        (0.665432, 0.6402, 0.6998, "up", "至少取 0.6655（0.640—0.700） 时"),
        (0.665432, 0.6402, 0.8, "down", "至多取 0.665（0.64—0.80） 时"),
        (1_293_590.0, 1_106_000.0, 1_391_000.0, "up", "至少取 1294000（1110000—1390000） 时"),
        (1.29359, float("nan"), float("nan"), "up", "至少取 1.29359 时"),
    ],
)
def test_an_edge_is_told_with_one_digit_more_than_its_ends_on_the_side_that_meets(
    value, low, high, toward, said
):
    found = Solution(
        "fee_bill",
        1e6,
        True,
        "point",
        ((value, 2.0),),
        value,
        toward,
        low,
        high,
        1.0,
        0.0,
    )
    assert said in in_words(found, "上限倍数")


def test_examples_in_the_text_hold():
    assert not doctest.testmod(precision).failed
