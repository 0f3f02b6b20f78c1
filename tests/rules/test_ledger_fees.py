"""Which fee holds on a day, and which batches a province has settled: independent of the order of rows in a file."""

import numpy as np
import pandas as pd
import pytest

from onexmodel.analysis.budget.settlement_tree import ledger_tree
from onexmodel.analysis.provinces import study as pc
from onexmodel.analysis.study import open_study
from onexmodel.engine.accounts.findings import ledger_facts
from onexmodel.engine.accounts.ledger import Ledger, settlement_ledger

DAY = "2021-07-31"


@pytest.fixture(scope="module")
def study():
    return open_study("example")


def with_fees(study, rows):
    return study.tables.with_frames(
        {
            "fees": pd.DataFrame(rows, columns=study.tables["fees"].columns).astype(
                study.tables["fees"].dtypes.to_dict()
            )
        }
    )


def two_standards(study, reverse: bool):
    fees = study.tables["fees"]
    one = fees[(fees["certificate"] == "K1") & fees["published_fee"].notna()].iloc[:1]
    later = one.assign(
        valid_from=pd.Timestamp("2021-03-01"),
        valid_to=pd.NaT,
        published_fee=99.0,
        special_fee=88.0,
        special_case=False,
    )
    early = one.assign(valid_from=pd.Timestamp("2021-01-01"), valid_to=pd.NaT)
    rows = [later, early] if reverse else [early, later]
    return pd.concat([*rows, fees.drop(one.index)], ignore_index=True)


def test_the_standard_that_began_last_holds_in_any_order_of_rows(study):
    batches = [
        settlement_ledger(
            with_fees(study, two_standards(study, reverse)), study.views()[0], DAY
        ).batches
        for reverse in (False, True)
    ]
    assert batches[0]["rate"].equals(batches[1]["rate"])
    assert batches[0].set_index("assessment").loc["A5", ["rate", "basis"]].tolist() == [
        99.0,
        "standard",
    ]  # S02, K1, 2021-05-20


def test_the_special_case_that_began_last_holds_in_any_order_of_rows(study):
    fees = study.tables["fees"]
    case = fees[fees["special_case"].astype(bool)].iloc[:1]
    later = case.assign(
        valid_from=case["valid_from"] + pd.Timedelta(days=1), special_fee=case["special_fee"] + 7
    )
    for rows in ([case, later], [later, case]):
        tables = with_fees(study, pd.concat([*rows, fees.drop(case.index)], ignore_index=True))
        found = settlement_ledger(tables, study.views()[0], DAY).batches
        assert (
            found.loc[found["basis"] == "special_case", "rate"]
            == float(later["special_fee"].iloc[0])
        ).all()


@pytest.mark.parametrize(
    ("window", "rate", "basis"),
    [
        (("2021-05-01", "2021-05-19"), 320.0, "contract"),
        (("2021-05-01", "2021-05-20"), 320.0, "contract"),
        (("2021-05-01", "2021-05-21"), 130.0, "standard"),
        (("2021-05-01", None), 130.0, "standard"),
        (("2021-05-20", None), 130.0, "standard"),
        (("2021-05-21", None), 320.0, "contract"),
    ],
)
def test_a_standard_is_charged_from_its_first_day_to_the_day_before_its_end(
    study, window, rate, basis
):
    """A5 is assessed on 2021-05-20; the standard of S02, K1 is 130."""
    fees, assessments = study.tables["fees"].copy(), study.tables["assessments"].copy()
    mine = (fees["province"] == "S02") & (fees["certificate"] == "K1")
    fees.loc[mine, ["valid_from", "valid_to"]] = pd.to_datetime(pd.Series(window)).to_numpy()
    assessments.loc[assessments["assessment"] == "A5", "contract_fee"] = 320.0
    found = settlement_ledger(
        study.tables.with_frames({"fees": fees, "assessments": assessments}), study.views()[0], DAY
    ).batches.set_index("assessment")
    assert (found.loc["A5", "rate"], found.loc["A5", "basis"]) == (rate, basis)
    assert found.loc["A6", "rate"] == 60.0  # another province's standard does not end with it


@pytest.mark.parametrize(
    ("window", "rate"),
    [
        (("2021-03-10", "2021-03-11"), 290.0),
        (("2021-03-11", None), 111.0),
        (("2021-01-01", "2021-03-10"), 111.0),
        ((None, None), 111.0),
    ],
)
def test_a_special_case_is_charged_between_its_days_and_never_without_a_first_day(
    study, window, rate
):
    """A8 is assessed on 2021-03-10; S01, K3 has a special case of 290. A case without a first day has no effect, as in the run."""
    fees, assessments = study.tables["fees"].copy(), study.tables["assessments"].copy()
    mine = (fees["province"] == "S01") & (fees["certificate"] == "K3")
    fees.loc[mine, ["special_from", "special_to"]] = pd.to_datetime(pd.Series(window)).to_numpy()
    assessments.loc[assessments["assessment"] == "A8", "contract_fee"] = 111.0
    found = settlement_ledger(
        study.tables.with_frames({"fees": fees, "assessments": assessments}), study.views()[0], DAY
    ).batches.set_index("assessment")
    assert found.loc["A8", "rate"] == rate


@pytest.mark.parametrize(
    ("case", "document", "fee", "rate"),
    [
        (True, "审", 290.0, 290.0),
        (False, "审", 290.0, 111.0),
        (True, "", 290.0, 111.0),
        (True, "审", np.nan, 111.0),
    ],
)
def test_a_special_case_needs_to_be_one_with_a_document_and_a_fee(study, case, document, fee, rate):
    fees, assessments = study.tables["fees"].copy(), study.tables["assessments"].copy()
    mine = (fees["province"] == "S01") & (fees["certificate"] == "K3")
    fees["special_case"] = fees["special_case"].astype(object)
    (
        fees.loc[mine, "special_case"],
        fees.loc[mine, "special_document"],
        fees.loc[mine, "special_fee"],
    ) = case, document, fee
    assessments.loc[assessments["assessment"] == "A8", "contract_fee"] = 111.0
    found = settlement_ledger(
        study.tables.with_frames({"fees": fees, "assessments": assessments}), study.views()[0], DAY
    ).batches.set_index("assessment")
    assert found.loc["A8", "rate"] == rate


@pytest.mark.parametrize(
    ("standard", "rate", "basis"),
    [
        (300.0, 300.0, "standard"),
        (290.0, 290.0, "standard"),
        (289.0, 290.0, "special_case"),
        (np.nan, 290.0, "special_case"),
    ],
)
def test_a_special_case_raises_a_fee_and_never_lowers_it(study, standard, rate, basis):
    """docs/method.md §3: the larger of the standard and the special fee, as the run takes it."""
    fees = study.tables["fees"].copy()
    fees.loc[(fees["province"] == "S01") & (fees["certificate"] == "K3"), "published_fee"] = (
        standard
    )
    found = settlement_ledger(with_fees(study, fees), study.views()[0], DAY).batches.set_index(
        "assessment"
    )
    assert (found.loc["A8", "rate"], found.loc["A8", "basis"]) == (rate, basis)


def test_the_ledger_stands_at_the_end_of_its_day(study):
    """A7 was assessed on 2021-04-15 and paid on 2021-05-10."""
    at = {
        day: settlement_ledger(study.tables, study.views()[0], day).batches.set_index("assessment")
        for day in ("2021-04-14", "2021-04-15", "2021-05-09", "2021-05-10")
    }
    assert "A7" not in at["2021-04-14"].index and [
        int(at[day].loc["A7", "paid_fen"]) for day in ("2021-04-15", "2021-05-09", "2021-05-10")
    ] == [0, 0, 225_000]


def test_a_batch_without_a_bill_has_no_exception_of_one(study):
    found = settlement_ledger(study.tables, study.views()[0], DAY).batches.set_index("assessment")
    assert found.loc[["A2", "A4"], "paid_fen"].tolist() == [0, 0] and found.loc[
        ["A2", "A4"], "payable_fen"
    ].tolist() == [3_000_000, 410_000]
    exceptions = [name for name in found if name.endswith("exception_fen")]
    assert {"price_exception_fen", "quantity_exception_fen"} <= set(exceptions) and not found.loc[
        ["A2", "A4"], exceptions
    ].any(axis=None)


def test_a_second_case_charged_before_its_approval_is_found_and_said_once(study):
    fees = study.tables["fees"]
    case = fees[fees["special_case"].astype(bool)].iloc[:1]
    view = study.views()[0]
    batch = (
        settlement_ledger(study.tables, view, DAY).batches.query("basis == 'special_case'").iloc[0]
    )
    future = case.assign(
        special_fee=case["special_fee"] + 5, special_from=pd.Timestamp("2021-12-01")
    )
    payments = study.tables["payments"]
    bill = payments.iloc[:1].assign(
        voucher="new",
        assessment=batch["assessment"],
        paid_on=pd.Timestamp("2021-07-30"),
        amount=1.0,
        invoiced=float(future["special_fee"].iloc[0]) * 10,
        invoiced_sittings=10,
    )
    tables = study.tables.with_frames(
        {
            "fees": pd.concat([fees, future, future], ignore_index=True),
            "payments": pd.concat(
                [payments[payments["assessment"] != batch["assessment"]], bill], ignore_index=True
            ),
        }
    )
    found = [
        fact
        for fact in ledger_facts(settlement_ledger(tables, view, DAY), tables)
        if fact["rule"] == "special_case_before_approval"
    ]
    assert [fact["key"] for fact in found] == [batch["assessment"]]


def ledger_of(*rows) -> Ledger:
    frame = pd.DataFrame(rows, columns=["province", "college", "payable_fen", "paid_fen"])
    return Ledger(
        frame.assign(arrears_fen=np.maximum(0, frame["payable_fen"] - frame["paid_fen"])),
        pd.Timestamp(DAY),
    )


def test_a_refund_beyond_what_was_paid_counts_as_nothing_paid():
    ledger = ledger_of(("11", "A", 100, 100), ("11", "B", 100, -50))
    found = pc.settlement(ledger)
    assert found["rate"].tolist() == [0.5] == [ledger.rate]  # without the cut at 0: 0.25


def test_a_batch_whose_fee_is_not_known_is_not_settled():
    found = pc.settlement(
        ledger_of(("11", "A", 100, 100), ("11", "B", 0, 0), ("12", "C", 0, 0))
    ).set_index("province")
    assert found.loc["11", ["batches", "unknown", "due", "done", "share"]].tolist() == [
        2,
        1,
        1,
        1,
        1.0,
    ]
    assert (
        found.loc["12", ["unknown", "due", "done"]].tolist() == [1, 0, 0]
        and np.isnan(found.loc["12", ["share", "low", "rate"]].astype(float)).all()
    )


def words_of(node):
    yield node
    for child in node.children:
        yield from words_of(child)


def test_a_voucher_stands_only_where_single_cells_may(study):
    ledger = settlement_ledger(study.tables, study.views()[0], DAY)
    vouchers = set(study.tables["payments"]["voucher"])
    nodes = list(words_of(ledger_tree(study, ledger, "paid_fen")))
    assert any(node.where in vouchers for node in nodes)
    assert all(node.private for node in nodes if node.where in vouchers) and not [
        node for node in nodes if node.title in vouchers
    ]
