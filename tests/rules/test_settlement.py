"""§7: the published cases, the example by hand, and what must hold for any accounts (conservation to the fen)."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onexmodel.analysis.budget.study import place_tables
from onexmodel.analysis.study import open_study
from onexmodel.engine.accounts.findings import ledger_facts
from onexmodel.engine.accounts.ledger import settlement_ledger
from onexmodel.rules import settlement as s

FEN = st.integers(0, 10**10)


def test_c02_settlement_and_ageing(case):
    c = case("c02")
    rows, e = c["inputs"]["rows"], c["expected"]
    cutoff = np.datetime64(c["inputs"]["cutoff"])
    age = (cutoff - np.array([row[0] for row in rows], "datetime64[D]")).astype(int)
    payable = s.payable_fen(
        np.array([row[1] for row in rows], float), np.array([row[2] for row in rows], float)
    )
    paid = np.array([row[4] * 100 for row in rows])
    assert (
        payable.tolist() == [row[3] * 100 for row in rows] and payable.sum() == e["payable"] * 100
    )
    owed = s.arrears(payable, paid)
    assert owed.sum() == e["arrears"] * 100
    assert s.settlement_rate(payable, paid) == pytest.approx(e["settlement_rate"], abs=1e-12)
    assert s.ageing(owed, age).tolist() == [e[name] * 100 for name in s.BUCKETS]


def test_c05_price_volume_mix(case):
    c = case("c05")
    i, e = ({k: np.array(v) for k, v in c["inputs"].items()}, c["expected"])
    parts = (
        s.price_effect(i["price0"], i["price1"], i["candidates1"]),
        s.volume_effect(i["price0"], i["candidates0"], i["candidates1"]),
        s.mix_effect(i["price0"], i["candidates0"], i["candidates1"]),
    )
    assert parts == pytest.approx((e["price"], e["volume"], e["mix"])) and sum(
        parts
    ) == pytest.approx(e["change"])


def test_parts_of_a_change_and_coverage_are_of_each_row_or_column_alone(case):
    """Two places at once: certificates stand on the last axis; uses on the first."""
    i = {k: np.array(v, float) for k, v in case("c05")["inputs"].items()}
    two = {
        name: np.stack([value, value * factor])
        for (name, value), factor in zip(i.items(), (2.0, 3.0, 1.5, 0.5), strict=True)
    }
    for rule, names in (
        (s.price_effect, ("price0", "price1", "candidates1")),
        (s.volume_effect, ("price0", "candidates0", "candidates1")),
        (s.mix_effect, ("price0", "candidates0", "candidates1")),
    ):
        both = rule(*(two[name] for name in names))
        assert both == pytest.approx(
            [rule(*(two[name][place] for name in names)) for place in (0, 1)]
        ) and both.shape == (2,)
    budgeted, need = (
        np.array([[50.0, 10.0], [200.0, 0.0]]),
        np.array([[100.0, 20.0], [100.0, 20.0]]),
    )
    assert s.coverage(budgeted, need).tolist() == [0.75, 0.25]
    assert s.settlement_rate(
        np.array([[100, 100], [100, 300]]), np.array([[100, 0], [150, 100]])
    ).tolist() == [0.5, 0.5]


@pytest.fixture(scope="module")
def study():
    return open_study("example")


def test_example_on_the_last_day_of_2020_by_hand(study):
    """Four batches before any standard, at contract prices: 400·120 + 300·100 + 480·40 + 410·10 = 101,300 yuan, paid 49,200."""
    ledger = settlement_ledger(study.tables, study.views()[0], "2020-12-31")
    assert (ledger.payable, ledger.arrears) == (10_130_000, 5_210_000)
    assert ledger.ages().tolist() == [
        410_000,
        0,
        3_000_000,
        1_800_000,
    ] and ledger.rate == pytest.approx(49_200 / 101_300)
    assert set(ledger.batches["basis"]) == {"contract"} and ledger.batches["due"].all()


def test_example_in_mid_2021_by_hand(study):
    """A5: 130·56 = 7,280 payable, 7,830 billed for 58 at 135 and paid: price (135 − 130)·58 = 290, quantity 130·(58 − 56) = 260.
    A6: 60·20, paid twice and refunded once. A7: no standard, no contract: invoice 2,250/30. A8: special case 290·24."""
    batches = settlement_ledger(study.tables, study.views()[0], "2021-07-31").batches.set_index(
        "assessment"
    )
    assert batches["payable_fen"].loc[["A5", "A6", "A7", "A8"]].tolist() == [
        728_000,
        120_000,
        225_000,
        696_000,
    ]
    assert batches["basis"].loc[["A5", "A6", "A7", "A8"]].tolist() == [
        "standard",
        "standard",
        "invoice",
        "special_case",
    ]
    assert batches.loc[
        "A5", ["overpaid_fen", "price_exception_fen", "quantity_exception_fen"]
    ].tolist() == [55_000, 29_000, 26_000]
    assert batches.loc["A6", ["paid_fen", "arrears_fen", "overpaid_fen"]].tolist() == [
        120_000,
        0,
        0,
    ]
    assert batches.loc["A6", EXCEPTIONS].tolist() == [0, 0, 0] and batches.loc[
        "A1", EXCEPTIONS
    ].tolist() == [0, 0, -1_800_000]


def test_resits_and_registered_sittings_follow_the_readings(study):
    view = study.views()[0]
    half = settlement_ledger(
        study.tables, {**view, "fees.retake_fee_share": 0.5}, "2021-07-31"
    ).batches.set_index("assessment")
    assert (
        half.loc["A5", "counted"] == 56 - 6 + 0.5 * 6
        and half.loc["A5", "payable_fen"] == 53 * 13_000
    )
    heads = settlement_ledger(
        study.tables, {**view, "settlement.counted": "registered"}, "2021-07-31"
    ).batches.set_index("assessment")
    assert heads.loc["A5", "counted"] == 60
    first = settlement_ledger(
        study.tables, {**view, "settlement.pre_standard": "first_published"}, "2021-07-31"
    ).batches.set_index("assessment")
    assert (
        first.loc["A4", ["rate", "basis"]].tolist() == [410.0, "contract"]
        and first.loc["A1", "rate"] == 400.0
    )  # S01 publishes none
    notice = settlement_ledger(
        study.tables, {**view, "settlement.scope": "before_notice"}, "2021-07-31"
    ).batches.set_index("assessment")
    assert notice.index[notice["due"]].tolist() == ["A1"]


def test_every_finding_of_the_example(study):
    ledger = settlement_ledger(study.tables, study.views()[0], "2021-07-31")
    found = sorted(
        (fact["rule"], fact["key"])
        for fact in ledger_facts(ledger, study.tables)
        if fact["rule"] != "basis_contract"
    )
    assert found == [
        ("arrears_in_scope", "A1"),
        ("arrears_in_scope", "A2"),
        ("arrears_in_scope", "A4"),
        ("basis_invoice", "A7"),
        ("charge_to_students", "2021-05-001"),
        ("invoiced_not_recorded", "A5"),
        ("paid_above_standard", "A5"),
        ("paid_before_assessment", "2021-06-001"),
        ("paid_twice", "2021-06-002"),
        ("unmatched_payment", "2021-04-002"),
    ]


def test_findings_the_example_does_not_show(study):
    tables = study.tables
    fees = pd.concat(
        [tables["fees"], tables["fees"].iloc[[3]].assign(published_fee=140.0)], ignore_index=True
    )
    early = tables["assessments"].copy()
    early.loc[early["assessment"] == "A8", "assessed_on"] = np.datetime64(
        "2021-02-10"
    )  # the special case runs from March
    changed = tables.with_frames({"fees": fees, "assessments": early})
    rules = {
        fact["rule"]
        for fact in ledger_facts(
            settlement_ledger(changed, study.views()[0], "2021-07-31"), changed
        )
    }
    assert {"two_fees", "special_case_before_approval"} <= rules


@given(
    st.lists(
        st.tuples(FEN, st.integers(-(10**8), 10**10), st.integers(0, 900)), min_size=1, max_size=30
    )
)
def test_ageing_adds_to_arrears_and_the_rate_is_a_share(rows):
    payable, paid, age = (np.array(column) for column in zip(*rows, strict=True))
    owed = s.arrears(payable, paid)
    assert s.ageing(owed, age).sum() == owed.sum() and (owed >= 0).all()
    assert (payable - paid == owed - s.overpaid(payable, paid)).all()
    rate = s.settlement_rate(payable, paid)
    assert np.isnan(rate) if payable.sum() == 0 else 0 <= rate <= 1


@given(FEN, st.integers(0, 10**9), st.integers(0, 10**9))
def test_paying_never_raises_arrears(payable, paid, more):
    assert (
        s.arrears(np.array([payable]), np.array([paid + more]))[0]
        <= s.arrears(np.array([payable]), np.array([paid]))[0]
    )


@settings(deadline=None)
@given(FEN, FEN, st.integers(0, 10**5), st.integers(0, 3000), st.integers(0, 3000))
def test_price_quantity_and_payment_exceptions_add_to_the_whole(
    paid, invoiced, fee_fen, billed, recorded
):
    parts = (
        s.price_exception(invoiced, fee_fen, billed),
        s.quantity_exception(fee_fen, billed, recorded),
        s.payment_exception(paid, invoiced),
    )
    assert sum(parts) == paid - fee_fen * recorded


EXCEPTIONS = ["price_exception_fen", "quantity_exception_fen", "payment_exception_fen"]


def accounts(study, *lines, sittings=120, view=None, at="2021-07-31"):
    """(tables, ledger) where batch A1 alone (contract price 400) stands, with these payment lines (invoiced sittings, invoiced, amount in
    yuan) and that many sittings."""
    tables = study.tables
    batches = tables["assessments"][tables["assessments"]["assessment"] == "A1"].assign(
        sittings=sittings, registered=max(sittings, 125), retakes=0
    )
    row = tables["payments"][tables["payments"]["assessment"] == "A1"]
    payments = pd.concat(
        [
            row.assign(voucher=f"V{i}", invoiced_sittings=heads, invoiced=billed, amount=amount)
            for i, (heads, billed, amount) in enumerate(lines)
        ]
        or [row.iloc[:0]],
        ignore_index=True,
    )
    tables = tables.with_frames(
        {"assessments": batches.reset_index(drop=True), "payments": payments}
    )
    return tables, settlement_ledger(tables, view or study.views()[0], at)


def exceptions(study, *lines, **given):
    return accounts(study, *lines, **given)[1].batches.iloc[0][EXCEPTIONS].tolist()


def test_two_bills_for_halves_of_a_batch_are_one_bill_for_the_whole(study):
    """The referee's case: 120 sittings at 400 billed as 60 + 60 and paid in full made price +24,000 and quantity −24,000."""
    for lines in ([(120, 48000.0, 48000.0)], [(60, 24000.0, 24000.0), (60, 24000.0, 24000.0)]):
        tables, ledger = accounts(study, *lines)
        row = ledger.batches.iloc[0]
        assert row[EXCEPTIONS].tolist() == [0, 0, 0]
        assert (
            row["invoiced_sittings"] == 120
            and row["invoiced_fen"] == 4_800_000
            and row["arrears_fen"] == 0
        )
        assert {fact["rule"] for fact in ledger_facts(ledger, tables)} == {
            "basis_contract"
        }  # and nobody is said to have paid twice


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            [(120, 48000.0, 24000.0), (120, 48000.0, 24000.0)],
            [0, 0, 0],
        ),  # one bill paid in two parts, on both lines
        ([(120, 48000.0, 30000.0)], [0, 0, -1_800_000]),  # paid in part: payment, not price
        (
            [(120, 48000.0, 24000.0), (120, 48000.0, 30000.0)],
            [0, 0, 600_000],
        ),  # overpaid in two parts
        (
            [(60, 24000.0, 24000.0), (60, 24000.0, 6000.0)],
            [0, 0, -1_800_000],
        ),  # two bills, one of them paid in part
        (
            [(60, 24000.0, 12000.0), (60, 24000.0, 12000.0), (60, 24000.0, 24000.0)],
            [0, 0, 0],
        ),  # two bills, one of them paid in two parts
        (
            [(50, 21000.0, 21000.0), (70, 28000.0, 28000.0)],
            [100_000, 0, 0],
        ),  # the first bill at 420
        ([(60, 24000.0, 24000.0), (64, 25600.0, 25600.0)], [0, 160_000, 0]),
        (
            [(100, 40000.0, 40000.0), (100, 40000.0, 40000.0)],
            [0, 3_200_000, 0],
        ),  # 80 too many on two bills, as on one of 200
        ([(200, 80000.0, 80000.0)], [0, 3_200_000, 0]),
        (
            [(np.nan, np.nan, 30000.0)],
            [0, 0, -1_800_000],
        ),  # paid without a bill: as if billed what is payable
        ([(120, 48000.0, 48000.0), (np.nan, np.nan, 500.0)], [0, 0, 50_000]),
        ([], [0, 0, 0]),  # neither billed nor paid
    ],
)
def test_exceptions_of_a_batch_by_its_bills(study, lines, expected):
    assert exceptions(study, *lines) == expected


def test_of_two_bills_of_one_sum_the_one_for_more_sittings_counts_first(study):
    lines = ((50, 24000.0, 24000.0), (70, 24000.0, 0.0))
    for given_in_any_order in (lines, lines[::-1]):
        assert exceptions(study, *given_in_any_order, sittings=60) == [-400_000, 400_000, 0]


LINE = st.tuples(st.integers(0, 300), st.integers(0, 60_000), st.integers(0, 60_000))


@settings(deadline=None, max_examples=40)
@given(
    st.lists(LINE, min_size=1, max_size=4), st.integers(1, 125), st.sampled_from([1.0, 0.5, 0.3])
)
def test_the_three_exceptions_of_a_ledger_row_add_to_paid_less_payable(
    study, lines, sittings, share
):
    view = {**study.views()[0], "fees.retake_fee_share": share}
    row = accounts(
        study, *[(a, float(b), float(c)) for a, b, c in lines], sittings=sittings, view=view
    )[1].batches.iloc[0]
    assert sum(row[EXCEPTIONS]) == row["paid_fen"] - row["payable_fen"]


@settings(deadline=None, max_examples=15)
@given(st.integers(1, 150), st.integers(1, 500), st.integers(1, 125))
def test_halves_paid_in_full_equal_the_whole_whatever_was_recorded(study, half, rate, sittings):
    bill = float(half * rate)
    assert exceptions(
        study, (half, bill, bill), (half, bill, bill), sittings=sittings
    ) == exceptions(study, (2 * half, 2 * bill, 2 * bill), sittings=sittings)


def test_a_line_of_arrears_is_no_price_in_the_national_accounts():
    """Referee B4: in province 44 every bill is at the fee of the day; −64.2 (10,000 yuan) stood as price and is what is billed and unpaid."""
    study = open_study("national", province="44")
    batches = settlement_ledger(place_tables(study), study.views("none")[1], "2020-12-31").batches
    price, quantity, payment = (int(batches[name].sum()) for name in EXCEPTIONS)
    assert (
        price == 0
        and not batches["price_exception_fen"].any()
        and quantity == 4_609_000
        and payment == -64_211_676
    )
    assert (batches["payment_exception_fen"] != 0).sum() == 183 and (
        batches["payment_exception_fen"] < 0
    ).sum() == 164


@given(
    st.lists(st.integers(0, 10**9), min_size=1, max_size=12),
    st.lists(st.integers(0, 10**9), min_size=1, max_size=12),
)
def test_the_clearing_plan_spends_no_more_than_there_is_and_pays_the_oldest_first(owed, funds):
    plan = s.clearing(np.array(owed), np.array(funds))
    assert (
        (plan >= 0).all()
        and (plan.sum(1) <= owed).all()
        and (np.cumsum(plan.sum(0)) <= np.cumsum(funds)).all()
    )
    assert plan.sum() == min(sum(owed), sum(funds))
    left = np.array(owed) - plan.sum(1)
    assert all(left[i] == 0 or not plan[i + 1 :].any() for i in range(len(owed)))


@given(
    st.lists(
        st.tuples(
            st.integers(1, 900), st.integers(1, 900), st.integers(0, 500), st.integers(0, 500)
        ),
        min_size=1,
        max_size=12,
    )
)
def test_price_volume_and_mix_add_to_the_change(rows):
    price0, price1, n0, n1 = (np.array(column, float) for column in zip(*rows, strict=True))
    if n0.sum():
        parts = (
            s.price_effect(price0, price1, n1)
            + s.volume_effect(price0, n0, n1)
            + s.mix_effect(price0, n0, n1)
        )
        assert parts == pytest.approx((price1 * n1).sum() - (price0 * n0).sum(), abs=0.005)


def test_coverage_and_burden():
    assert s.coverage(np.array([50.0, 200.0]), np.array([100.0, 100.0])) == 0.75
    burden = s.burden(
        np.array([60_000.0, 60_000.0]),
        np.array([100, 100]),
        np.array([12_000.0, np.nan]),
        np.array([False, True]),
    )
    assert burden[0] == 0.05 and np.isnan(burden[1])
