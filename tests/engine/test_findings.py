"""A finding belongs to its place: a province's run lists its own, and what is general and reaches its plans."""

import dataclasses

import pandas as pd
import pytest

from onexmodel.analysis.budget.study import place_tables
from onexmodel.analysis.study import open_study
from onexmodel.engine.accounts.findings import ledger_facts
from onexmodel.engine.accounts.ledger import settlement_ledger
from onexmodel.engine.findings.table import Place, findings_frame
from onexmodel.engine.write_results import result_tables
from onexmodel.errors import Fault
from onexmodel.study import open_run


@pytest.fixture(scope="module")
def example():
    return open_run("example")


def test_run_of_a_province_lists_the_findings_of_that_province():
    """Referee B5: `run --province 44` wrote 2,539 rows on fees and items, of which the fee rows of 44 are 77."""
    run, tables = open_run("national", ["cap_plus_20"])
    everywhere = findings_frame(run, tables)
    assert everywhere["table"].isin(("fees", "ingredients")).sum() == 2539
    found = result_tables(run, tables, ("44",))["findings"]
    fees, items = (found[found["table"] == name] for name in ("fees", "ingredients"))
    assert len(fees) == 77 and fees["key"].str.startswith("44/").all()
    home = tables["colleges"].set_index("college")["province"]
    of_colleges = items["key"].str.rsplit("/", n=1).str[-1]
    assert set(of_colleges[of_colleges.isin(home.index)].map(home)) == {"44"} and len(items) == 31
    rest = everywhere[~everywhere["table"].isin(("fees", "ingredients"))]
    assert (
        found[~found["table"].isin(("fees", "ingredients"))].values.tolist() == rest.values.tolist()
    )  # notes on whole columns


def rows(tables, name, **columns):
    """One more row of a table, made from its first."""
    return {
        name: pd.concat([tables[name], tables[name].iloc[[0]].assign(**columns)], ignore_index=True)
    }


def keys(run, tables, rule, province="", college=""):
    place = Place.of(tables, (province,), college) if province else None
    found = findings_frame(run, tables, place)
    return set(found.loc[found["rule"] == rule, "key"])


def test_a_general_item_stays_where_its_certificate_and_level_are_planned(example):
    """X1 (S01) and X4 (S02) plan K3 advanced: a general row on it says nothing to S03."""
    run, tables = example
    made = rows(
        tables,
        "ingredients",
        certificate="K3",
        level="advanced",
        component="",
        item="assessor_fees",
        own_staff=True,
        cash_share=1.0,
    )
    plans = tables["offerings"].merge(tables["colleges"][["college", "province"]])
    planned = set(
        plans.loc[
            (plans["certificate"] == "K3")
            & (plans["level"] == "advanced")
            & (plans["candidates"] > 0),
            "province",
        ]
    )
    assert planned and planned < {"S01", "S02", "S03"}
    for province in ("S01", "S02", "S03"):
        assert bool(
            keys(run, tables.with_frames(made), "paid_outside_total", province=province)
        ) == (province in planned), province


def test_an_item_of_a_college_is_a_finding_there_alone(example):
    run, tables = example
    made = tables.with_frames(
        rows(
            tables,
            "ingredients",
            college="X1",
            item="assessor_fees",
            own_staff=True,
            cash_share=1.0,
        )
    )
    home = tables["colleges"].set_index("college")["province"]["X1"]
    assert keys(run, made, "paid_outside_total") and keys(
        run, made, "paid_outside_total", province=home
    )
    assert keys(run, made, "paid_outside_total", province=home, college="X1")
    assert not keys(run, made, "paid_outside_total", province=home, college="X2")
    assert not any(
        keys(run, made, "paid_outside_total", province=other)
        for other in {"S01", "S02", "S03"} - {home}
    )


def test_what_reading_found_at_a_row_belongs_to_its_row(example):
    """A fault at a row of another province's college is not this province's; one of a whole column is everybody's."""
    run, tables = example
    at = int((tables["colleges"]["province"] == "S02").to_numpy().nonzero()[0][0])
    here = tables.origins["colleges"].fault(
        at, "students", "看着不对", level="warning", code="wan_for_yuan"
    )
    owner = tables.origins["funding"].fault(
        int((tables["funding"]["owner"] == "S01").to_numpy().nonzero()[0][0]),
        "limit",
        "看着不对",
        level="warning",
        code="order",
    )
    made = dataclasses.replace(
        tables,
        findings=(
            here,
            owner,
            Fault("colleges.csv「学生数」", "3 处缺失", level="warning", code="imputed"),
        ),
    )
    assert keys(run, made, "wan_for_yuan", province="S02") and not keys(
        run, made, "wan_for_yuan", province="S01"
    )
    assert keys(run, made, "order", province="S01") and not keys(run, made, "order", province="S02")
    assert all(keys(run, made, "imputed", province=province) for province in ("S01", "S02", "S03"))


def test_two_fees_of_another_province_are_not_in_a_province_s_accounts():
    rules = {}
    for province in ("S01", "S02"):
        study = open_study("example", province=province)
        fees = study.tables["fees"]
        again = (
            fees[(fees["province"] == "S02") & fees["published_fee"].notna()]
            .iloc[[0]]
            .assign(published_fee=999.0)
        )
        accounts = place_tables(
            dataclasses.replace(
                study,
                tables=study.tables.with_frames(
                    {"fees": pd.concat([fees, again], ignore_index=True)}
                ),
            )
        )
        ledger = settlement_ledger(accounts, study.views()[0], "2021-07-31")
        rules[province] = {fact["rule"] for fact in ledger_facts(ledger, accounts)}
    assert "two_fees" in rules["S02"] and "two_fees" not in rules["S01"]


def test_plans_after_the_transfer_are_told_of_the_place_and_a_wrong_cap_table_everywhere(example):
    run, tables = example
    fees, plans = tables["fees"], tables["offerings"].copy()
    late = plans["college"].isin(("X1", "X4"))  # of S01 and S02
    plans.loc[late, "year"] = 2026
    at = int(
        ((fees["province"] == "S02") & fees["published_fee"].notna()).to_numpy().nonzero()[0][0]
    )
    wrong = tables.origins["fees"].fault(
        at,
        "published_fee",
        "高于各环节成本上限之和",
        level="warning",
        code="caps_below_published_fee",
    )
    made = dataclasses.replace(tables.with_frames({"offerings": plans}), findings=(wrong,))
    told = {
        province: keys(run, made, "after_transfer", province=province)
        for province in ("S01", "S02", "S03")
    }
    assert (
        not told["S03"]
        and all("X1" in key for key in told["S01"])
        and all("X4" in key and "X1" not in key for key in told["S02"])
        and told["S02"]
    )
    assert all(
        keys(run, made, "caps_below_published_fee", province=province)
        for province in ("S01", "S02", "S03")
    )
