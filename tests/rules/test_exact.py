"""Rules whose outputs are codes, orders or side lines: exact values, worked by hand."""

import numpy as np
import pytest
from statistics_of_tables import shadow_price

from onexmodel.rules import audit, cost, fee, funding, numbers, pay, volume, workload

NAN = np.nan


def test_a_cap_of_two_forms_by_each_reading_and_none_without_a_component():
    """Theory 90 (weight 0.4), practical 150 (0.6); the second level is practical only (its weight alone), the third has no component."""
    amounts, weights = (
        np.array([[90.0, NAN, NAN], [150.0, 150.0, NAN]]),
        np.array([[0.4, 0.9, 0.5], [0.6, 0.2, 0.5]]),
    )
    for how, expected in (
        ("sum", [240.0, 150.0]),
        ("max", [150.0, 150.0]),
        ("weighted", [126.0, 150.0]),
    ):
        found = fee.cap(amounts, weights, how, 1.0, 1.0)
        assert found[:2] == pytest.approx(expected) and np.isnan(found[2]), how
        assert fee.cap(amounts, weights, how, 1.1, 0.5)[:2] == pytest.approx(
            np.array(expected) * 0.55
        )


def test_modelled_binds_is_the_smallest_limit_and_ties_go_to_the_cap():
    ceiling, verified, given = (
        np.array([100.0, 100.0, 100.0, 100.0, NAN]),
        np.array([120.0, 90.0, 110.0, 100.0, NAN]),
        np.array([NAN, NAN, 80.0, 100.0, NAN]),
    )
    modelled = np.array([100.0, 90.0, 80.0, 100.0, NAN])
    codes = fee.modelled_binds(modelled, ceiling, verified, given)
    assert codes.tolist()[:4] == [0.0, 1.0, 2.0, 0.0] and np.isnan(codes[4])
    assert fee.modelled_binds(
        np.array([70.0]), np.array([100.0]), np.array([np.inf]), np.array([NAN])
    ).tolist() == [3.0]


def test_binds_names_the_special_case_and_the_cut_at_the_ceiling():
    same = dict(
        published_fee=np.array([NAN]),
        modelled_fee=np.array([90.0]),
        ceiling=np.array([100.0]),
        baseline_modelled_fee=np.array([90.0]),
        baseline_ceiling=np.array([100.0]),
    )
    assert fee.binds(np.array([90.0]), np.array([95.0]), np.array([1.0]), **same).tolist() == [4.0]
    assert fee.binds(np.array([90.0]), np.array([-np.inf]), np.array([1.0]), **same).tolist() == [
        1.0
    ]
    cut = dict(
        published_fee=np.array([98.0]),
        modelled_fee=np.array([80.0]),
        ceiling=np.array([80.0]),
        baseline_modelled_fee=np.array([85.0]),
        baseline_ceiling=np.array([100.0]),
    )
    # carried 98 − 5 = 93, allowed 80 + 0: the ceiling cuts
    assert fee.standard_fee(
        cut["published_fee"],
        cut["modelled_fee"],
        cut["ceiling"],
        cut["baseline_modelled_fee"],
        cut["baseline_ceiling"],
    ).tolist() == [80.0]
    assert fee.binds(np.array([80.0]), np.array([-np.inf]), np.array([1.0]), **cut).tolist() == [
        0.0
    ]


def test_pass_through_classes_have_their_edges():
    assert fee.pass_through_class(np.array([1.0, 0.99, 0.5, 0.011, 0.01, 0.0, NAN])).tolist()[
        :6
    ] == [0.0, 0.0, 1.0, 1.0, 2.0, 2.0]
    assert np.isnan(fee.pass_through_class(np.array([NAN]))[0])


def test_orders_put_what_they_leave_out_last():
    assert funding.priority(("performance_pay", "training"), funding.USES) == (3, 1, 0, 2)
    assert funding.priority(("tuition",), funding.SOURCES)[:3] == (3, 0, 1)


def test_outlier_is_above_the_median_by_so_many_deviations():
    assert audit.outlier(
        np.array([10.0, 13.1, 7.0]), np.array([10.0, 10.0, 10.0]), np.array([1.0, 1.0, 1.0]), 3
    ).tolist() == [False, True, False]


def test_outlier_stands_above_the_median_by_so_many_of_its_own_items_deviations():
    """Median 10, MAD 4, three of them: the limit is 22. MAD 0.5: it is 11.5. Where most prices are the same there is no limit."""
    assert audit.outlier(
        np.array([11.0, 13.0, 21.9, 22.0, 22.1]), np.full(5, 10.0), np.full(5, 4.0), 3
    ).tolist() == [False, False, False, False, True]
    assert audit.outlier(
        np.array([11.4, 11.6, 13.0]), np.full(3, 10.0), np.full(3, 0.5), 3
    ).tolist() == [False, True, True]
    assert audit.outlier(np.array([99.0]), np.array([10.0]), np.array([0.0]), 3).tolist() == [False]


def test_staff_time_and_unused_capacity_stand_apart():
    assert cost.teacher_time_cost(np.array([60.0]), np.array([120.0])).tolist() == [7200.0]
    # 0.8 · 10 teachers · 360 h = 2880 h of practical capacity; 2500 + 200 used; 180 idle at 100 yuan
    assert cost.unused_capacity_cost(
        np.array([100.0]),
        0.8,
        np.array([10.0]),
        np.array([360.0]),
        np.array([2500.0]),
        np.array([200.0]),
    ) == pytest.approx([18000.0])
    assert cost.unused_capacity_cost(
        np.array([100.0]),
        0.8,
        np.array([10.0]),
        np.array([360.0]),
        np.array([3000.0]),
        np.array([0.0]),
    ).tolist() == [0.0]


def test_organisation_cash_cost_counts_cash_rates_only():
    counts = {"candidate": np.array([10.0]), "sitting": np.array([12.0])}
    assert cost.organisation_cash_cost({"sitting": np.array([5.0])}, counts).tolist() == [60.0]


def test_session_fill_and_minutes():
    assert volume.session_fill(
        np.array([45.0]), np.array([3.0]), np.array([20.0])
    ) == pytest.approx([0.75])
    # 4 class hours of 45 minutes, 20 candidates on 10 stations: two turns
    assert volume.minutes_per_candidate(
        np.array([4.0]), np.array([20.0]), np.array([10.0])
    ).tolist() == [90.0]


def test_pay_side_lines():
    assert pay.uplift_limit_used(
        np.array([NAN, 5000.0]), 0.1, np.array([80000.0, 80000.0])
    ).tolist() == [8000.0, 5000.0]
    assert pay.adequacy(np.array([35.0]), 70.0).tolist() == [0.5]
    # 70 yuan · 200 h = 14000 = λ · 0.01 · 2 000 000: λ = 0.7
    assert pay.required_elasticity(
        70.0, np.array([200.0]), np.array([0.01]), np.array([2e6])
    ) == pytest.approx([0.7])
    assert pay.break_even_tilt(70.0, np.array([300.0]), np.array([42000.0])) == pytest.approx([0.5])


def test_a_fen_that_is_left_goes_to_the_first_of_equals():
    assert numbers.split_fen(1, [1.0, 1.0]).tolist() == [1, 0] and numbers.split_fen(
        5, [1.0, 1.0, 1.0]
    ).tolist() == [2, 2, 1]
    assert numbers.split_fen(7, [2.0, 1.0, 1.0]).tolist() == [
        3,
        2,
        2,
    ]  # quotas 3.5, 1.75, 1.75: the larger remainders first


def test_on_cost_is_paid_on_top_of_the_class_hour_fee():
    """200 hours at 70 yuan are 14,000; a quarter of on-cost makes them 17,500."""
    assert pay.uplift_rate(70.0, np.array([200.0, 0.0]), 0.25).tolist() == [17_500.0, 0.0]
    assert pay.uplift_rate(70.0, np.array([200.0]), 0.0).tolist() == [14_000.0]


def test_pay_of_nobody_is_refused_and_less_than_an_hour_counts():
    for base in ([], [0.0, 0.0]):
        with pytest.raises(ValueError, match="nobody to pay"):
            pay.teacher_pay_fen(100, 100, base, [0.0] * len(base), 0.5, "uplift")
    assert pay.teacher_pay_fen(0, 1000, [1.0, 1.0], [0.3, 0.1], 1.0, "uplift").tolist() == [
        750,
        250,
    ]
    assert pay.teacher_pay_fen(0, 1000, [3.0, 1.0], [0.0, 0.0], 1.0, "uplift").tolist() == [
        750,
        250,
    ]  # no hours at all: by base share


def test_involved_hours_add_to_the_whole_and_the_others_have_none():
    hours = pay.involved_hours(300.0, 5, 0.6, 0.0, np.array([-0.9, 0.0, 0.9]))
    assert hours.tolist() == pytest.approx([100.0, 100.0, 100.0, 0.0, 0.0])
    spread = pay.involved_hours(300.0, 5, 0.6, 0.5, np.array([-1.0, 0.0, 1.0]))
    assert spread.sum() == pytest.approx(300.0) and spread[2] / spread[1] == pytest.approx(
        np.exp(0.5)
    )


def test_pot_weights_by_hand():
    # two colleges of one province: candidates 30, 10; gaps 0, 400; students 100, 300; own funds 1000, 1000
    weights = funding.pot_weights(
        np.array([30.0, 10.0]),
        np.array([0.0, 400.0]),
        np.array([100.0, 300.0]),
        np.array([1000.0, 1000.0]),
        np.array([0, 0]),
        1,
        {"candidates": 0.5, "need": 0.3, "low_capacity": 0.2},
    )
    # mean funds 2000/400 = 5 a student; 10 and 10/3: capacity terms 100/(1+2) and 300/(1+2/3)
    first, second = 100 / 3, 300 / (1 + 2 / 3)
    assert weights == pytest.approx(
        [
            0.5 * 0.75 + 0.2 * first / (first + second),
            0.5 * 0.25 + 0.3 + 0.2 * second / (first + second),
        ]
    )


def test_colleges_without_own_funds_are_all_of_the_lowest_capacity():
    """A province whose colleges have no funds of their own: capacity 0 each, so the term is shared by students; beside it another province."""
    weights = funding.pot_weights(
        np.array([30.0, 10.0, 5.0]),
        np.zeros(3),
        np.array([100.0, 300.0, 80.0]),
        np.array([0.0, 0.0, 900.0]),
        np.array([0, 0, 1]),
        2,
        {"candidates": 0.5, "low_capacity": 0.5},
    )
    assert weights == pytest.approx([0.5 * 0.75 + 0.5 * 0.25, 0.5 * 0.25 + 0.5 * 0.75, 1.0])
    bare = funding.pot_weights(
        np.array([30.0, 10.0]),
        np.zeros(2),
        np.array([0.0, 300.0]),
        np.array([500.0, 900.0]),
        np.array([0, 0]),
        1,
        {"low_capacity": 1.0},
    )
    assert bare.tolist() == [0.0, 1.0]  # no students, no weight by them


def test_a_term_without_a_sum_is_left_out():
    weights = funding.pot_weights(
        np.array([30.0, 10.0]),
        np.zeros(2),
        np.array([100.0, 100.0]),
        np.array([500.0, 500.0]),
        np.array([0, 0]),
        1,
        {"candidates": 0.5, "need": 0.5},
    )
    assert weights == pytest.approx([0.375, 0.125])


def test_what_a_pot_could_take_off_a_gap_is_the_gap_less_the_gap_with_money_without_end():
    rng = np.random.default_rng(5)
    for _ in range(20):
        needs, limits, allowed = (
            rng.uniform(0, 100, (4, 30)),
            rng.uniform(0, 90, (7, 30)) * (rng.random((7, 30)) < 0.6),
            rng.random((7, 4)) < 0.5,
        )
        for source in (0, 1):
            endless = limits.copy()
            endless[source] = 1e9
            gap, most = funding.gap_and_pot_need(needs, limits, allowed, source)
            now, then = (funding.total_gap(needs, one, allowed) for one in (limits, endless))
            assert (
                gap == pytest.approx(now, abs=1e-9)
                and most == pytest.approx(now - then, abs=1e-6)
                and (gap > 0).any()
            )


def test_crowding_out_order_loss_and_shadow_price():
    assert funding.local_after_crowding_out(
        np.array([100.0, 20.0]), np.array([50.0, 50.0]), 0.5
    ).tolist() == [75.0, 0.0]
    assert funding.order_loss(np.array([70.0, 5.0]), np.array([50.0, 5.0])).tolist() == [20.0, 0.0]
    needs, limits = np.array([[100.0], [0.0], [0.0], [50.0]]), np.zeros((7, 1))
    limits[0], limits[2] = 60.0, 20.0
    allowed = np.ones((7, 4), bool)
    allowed[0, 3] = False  # the award may not pay salaries
    prices = shadow_price(needs, limits, allowed)
    assert prices[:, 0].tolist() == [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]
    limits[0] = 200.0  # more award than assessment needs: one more yuan of it closes nothing
    assert shadow_price(needs, limits, allowed)[:, 0].tolist() == [
        0.0,
        1.0,
        1.0,
        1.0,
        1.0,
        1.0,
        1.0,
    ]


def test_overload_added_is_what_x_work_brings_above_the_norm():
    from onexmodel.rules import workload

    overload = workload.overload_hours(
        np.array([3500.0, 3700.0]),
        np.array([200.0, 200.0]),
        np.array([10.0, 10.0]),
        np.array([360.0, 360.0]),
    )
    assert overload.tolist() == [100.0, 300.0]
    assert workload.overload_added(
        overload, np.array([3500.0, 3700.0]), np.array([10.0, 10.0]), np.array([360.0, 360.0])
    ).tolist() == [100.0, 200.0]


def test_a_rise_of_exactly_the_dead_band_moves_the_index_whatever_floats_make_of_it():
    """1.029 − 1 is a little less than 0.029, 1.02 − 1 a little more than 0.02."""
    for band in (0.02, 0.029, 0.058):
        for change in (band, -band):
            path = fee.adjustment_path([change], 0.0, band, 0.1, 1, "accumulated")
            assert path[1] == pytest.approx(1 + change), change
        assert fee.adjustment_path([band - 1e-6], 0.0, band, 0.1, 1, "accumulated")[1] == 1


def test_what_is_covered_to_the_last_bit_is_no_gap_below_nothing():
    assert funding.gaps(np.array([0.3]), np.array([0.1 + 0.2])).tolist() == [0.0]


def test_a_session_for_one_candidate_has_a_cost():
    rates = {"session": np.array([100.0])}
    made = cost.marginal_session_cost(rates, {}, np.array([[1.0], [NAN]]), np.array([[4.0], [4.0]]))
    assert made[0].tolist() == [100.0] and np.isnan(made[1]).all()


def test_a_group_larger_than_the_table_has_its_last_coefficient():
    table = ((30, 1.0), (40, 1.1))
    sizes = np.array([30.0, 31.0, 200.0])
    assert workload.class_coefficient(sizes, np.ones(3), table).tolist() == [1.0, 1.1, 1.1]
