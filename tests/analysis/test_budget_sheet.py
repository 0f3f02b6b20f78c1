"""The budget sheet adds up by use, code and source; small groups hide; months and idle money compare like with like."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from onexmodel.analysis.budget import study as ss
from onexmodel.analysis.budget.moved import by_college
from onexmodel.analysis.budget.sheet import budget_sheet, need_by_code
from onexmodel.analysis.study import open_study
from onexmodel.engine.accounts.ledger import settlement_ledger
from onexmodel.rules.funding import SOURCES, USES


@pytest.fixture(scope="module")
def study():
    return open_study("example")


@pytest.fixture(scope="module")
def result(study):
    return study.pair("none")[1]


def ledger(study, day):
    return settlement_ledger(study.tables, study.views("none")[1], day)


def test_needs_by_code_are_the_fee_bill_the_cash_items_and_the_other_uses(study, result):
    found = need_by_code(study, result)
    for use in USES:
        assert found[use].sum() == pytest.approx(result.served[f"need_{use}"].sum())
    assert found["assessment", "30227"] == pytest.approx(result.served["fee_bill"].sum())
    assert found["assessment"].drop("30227").sum() == pytest.approx(
        result.served["college_cash_cost"].sum()
    )
    assert found["performance_pay", "30107"] == pytest.approx(result.served["uplift"].sum())


def test_codes_add_to_uses_uses_to_the_total_and_sources_and_gap_to_the_need(study, result):
    sheet = budget_sheet(study, study.tables, result, study.views("none")[1], 1)
    money = ["need", *SOURCES, "gap", "budgeted", "final", "left"]
    uses, codes = sheet[(sheet["code"] == "") & (sheet["use"] != "all")], sheet[sheet["code"] != ""]
    whole = sheet.set_index("use").loc["all"]
    assert codes.groupby("use")[money].sum().loc[uses["use"]].to_numpy() == pytest.approx(
        np.nan_to_num(uses[money].to_numpy(float))
    )
    assert uses[money].sum().to_numpy() == pytest.approx(whole[money].to_numpy(float))
    assert (sheet[[*SOURCES, "gap"]].sum(axis=1) - sheet["need"]).abs().max() < 1e-6
    lines = study.tables["budget_lines"]
    assert (
        whole["budgeted"] == lines["budgeted"].sum()
        and whole["left"] == (lines["budgeted"] - lines["final"]).sum()
    )


def test_a_code_that_few_colleges_report_stands_with_another(study, result):
    lines = study.tables["budget_lines"]
    one = lines[lines["use"] == "assessment"]
    more = one.assign(economic_code="30226", budgeted=1000.0, final=900.0).head(1)
    tables = study.tables.with_frames({"budget_lines": pd.concat([lines, more], ignore_index=True)})
    sheet = budget_sheet(study, tables, result, study.views("none")[1], 3)
    some = sheet[(sheet["use"] == "assessment") & (sheet["code"] != "") & (sheet["colleges"] > 0)]
    assert (
        some["code"].tolist() == ["other"]
        and some["budgeted"].iloc[0] == one["budgeted"].sum() + 1000
    )
    alone = budget_sheet(study, tables, result, study.views("none")[1], 1)
    assert {"30226", "30227"} <= set(alone.loc[alone["use"] == "assessment", "code"])


def test_months_are_of_the_plan_s_year_and_all_of_them_stand(study, result):
    _, pattern, due, money = ss.monthly_fees(study, ledger(study, "2021-07-31"), result)
    assert pattern == 0 and due.index.tolist() == [1, 2, 3, 4, 5, 6, 7]
    assert due.diff().fillna(due).tolist() == [0.0, 0.0, 6960.0, 2250.0, 7280.0, 1200.0, 0.0]
    year, pattern, due, again = ss.monthly_fees(study, ledger(study, "2020-12-31"), result)
    assert (year, pattern, len(due)) == (2021, 2020, 12)
    assert due.loc[12] == pytest.approx(result.served["fee_bill"].sum())
    assert (due.loc[6] - due.loc[5]) / due.loc[12] == pytest.approx(48_000 / 101_300)
    share = result.served["covered"][0].sum() / result.served["needs"][0].sum()
    assert money == again == pytest.approx(share * result.served["fee_bill"].sum())
    assert ss.monthly_fees(study, ledger(study, "2019-12-31"), result) is None


def test_idle_money_clears_only_what_its_own_college_owes(study, result):
    accounts = ledger(study, "2020-12-31")
    found = by_college(study, accounts, result).set_index("college")
    assert found.loc[["X1", "X4"], "arrears"].tolist() == [48_000.0, 4_100.0]
    assert found["arrears"].sum() == pytest.approx(accounts.arrears / 100)
    idle = np.broadcast_to(result.served["idle"], len(found))
    assert found["idle"].tolist() == idle.tolist()
    left = (found["arrears"] - found["idle"]).clip(lower=0).sum()
    plan = ss.clearing_plan(accounts, result)
    assert plan["left_fen"].iloc[-1] / 100 == pytest.approx(left, abs=0.02)


def test_a_cell_of_older_years_alone_leaves_the_change_of_the_ledger_whole(study):
    """Batches of X5 alone, three years before: their cell has no sittings in the two years compared."""
    cell = {"province": "S02", "certificate": "K9", "level": "primary"}
    known = ledger(study, date(2023, 6, 30))
    batches = known.batches
    later = batches.assign(assessed_on=batches["assessed_on"] + pd.DateOffset(years=1))
    older = batches.head(1).assign(assessed_on=pd.Timestamp(2018, 5, 1), **cell)
    before = ss.ledger_change(replace(known, batches=pd.concat([batches, later])))
    after = ss.ledger_change(replace(known, batches=pd.concat([older, batches, later])))
    assert after == before
    parts = after[2]
    assert parts["change"] == pytest.approx(sum(parts[name] for name in ss.PARTS))
