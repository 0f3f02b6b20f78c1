"""The national simulated set: bytes, margins, label, keys, plausible results, a known reform, defects found again."""

import hashlib
import re
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from reform import make_two_years

from onexmodel.data import read_tables
from onexmodel.data.schema import load_schema
from onexmodel.data.synthetic.national import make_national
from onexmodel.engine.run import prepare
from onexmodel.errors import DataError
from onexmodel.places import shipped
from onexmodel.study import open_run

SMALL = 3_000
LABEL = "模拟数据：院校、证书、费用、经费和结算均为虚构，仅高职院校数与在校生数按公开统计校准；结果不反映任何省份的实际情况"


def digest(folder: Path) -> dict[str, str]:
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return make_national(tmp_path_factory.mktemp("small") / "national", offerings=SMALL)


@pytest.fixture(scope="module")
def tables(small):
    return read_tables(small)


@pytest.fixture(scope="module")
def full(tmp_path_factory):
    """The set as users get it, run under a raised cap with organisations free to withdraw."""
    folder = make_national(tmp_path_factory.mktemp("full") / "national")
    return open_run(folder, ["cap_plus_20"], {"response.mode": "supply"})


def test_same_seed_same_bytes(small, tmp_path):
    again = digest(make_national(tmp_path / "again", offerings=SMALL))
    other = digest(make_national(tmp_path / "other", seed=7, offerings=SMALL))
    assert again == digest(small)
    assert (
        again["offerings.csv"] != other["offerings.csv"]
        and again["provinces.csv"] == other["provinces.csv"]
    )
    assert all(b"\r" not in file.read_bytes() for file in small.glob("*.csv"))


def test_an_earlier_folder_is_replaced_whole_and_nothing_is_left_beside_it(tmp_path):
    target = tmp_path / "national"
    target.mkdir()
    (target / "stale.csv").write_text("x")
    said = []
    make_national(target, offerings=SMALL, progress=lambda step, *_: said.append(step))
    assert [path.name for path in tmp_path.iterdir()] == ["national"] and not (
        target / "stale.csv"
    ).exists()
    assert "开考计划" in said


def published(series: str) -> pd.Series:
    rows = pd.read_csv(shipped("data", "published", "provinces.csv"), dtype={"province": str})
    return rows[rows["series"] == series].set_index("province")["value"].sort_index()


def test_higher_vocational_margins_are_the_published_ones(tables):
    higher = tables["colleges"].query("tier == 'higher'").groupby("province")
    assert higher.size().to_dict() == published("higher_vocational_colleges").astype(int).to_dict()
    assert (
        higher["students"].sum().astype(int).to_dict()
        == published("junior_college_enrolment_est").astype(int).to_dict()
    )
    assert higher.ngroups == 31 and higher.size().sum() == 1_486
    assert (tables["colleges"]["tier"] == "secondary").sum() == 7_294
    wages = tables["provinces"].set_index("province")["wage_index"]
    assert np.allclose(wages.sort_index(), published("wage_relative_to_national"), atol=1e-4)


def test_label_and_status(tables):
    assert tables.label["zh"] == LABEL and tables.label["en"].startswith("Simulated data")
    assert tables.status == "simulated" and {fault.code for fault in tables.findings} <= {"default"}
    caps = tables["sources"].set_index("source").loc["SIM-CAP"]
    assert (
        caps["kind"] == "假设"
        and "不是官方数字" in caps["title"]
        and set(tables["caps"]["source"]) == {"SIM-CAP"}
    )


def test_no_name_or_code_could_be_a_real_one(tables):
    colleges = tables["colleges"]
    assert colleges["college"].str.fullmatch(r"SIM\d{6}").all()
    assert all(re.fullmatch(r"模拟(高职|中职|应用本科)\d{6}", name) for name in colleges["name"])
    assert (
        not colleges["name"].str.contains("学院|大学|学校").any() and colleges["college"].is_unique
    )
    for table, column in (
        ("certificates", "name"),
        ("organisations", "name"),
        ("certificates", "certificate"),
    ):
        assert tables[table][column].str.startswith(("模拟", "SIM")).all()


def test_offerings_are_as_many_as_asked_and_keep_some_small_cells(tables):
    offerings = tables["offerings"]
    assert len(offerings) == SMALL and offerings["candidates"].min() >= 8
    assert 0.02 < (offerings["candidates"] <= 30).mean() < 0.9


def test_settlement_rows_refer_to_each_other(tables):
    batches, payments = tables["assessments"], tables["payments"]
    assert batches["assessment"].is_unique and not payments.duplicated(["college", "voucher"]).any()
    named = payments[payments["assessment"] != ""]
    joined = named.merge(batches, on="assessment", suffixes=("", "_batch"))
    assert len(joined) == len(named) and (joined["college"] == joined["college_batch"]).all()
    assert (joined["paid_on"] >= joined["assessed_on"]).all()
    assert (batches["retakes"] <= batches["sittings"]).all() and (
        batches["passes"] <= batches["sittings"]
    ).all()
    assert (batches["sittings"] <= batches["registered"]).all()
    assert set(load_schema()["payments"]) == set(payments.columns)


def test_irregular_payments_have_their_stated_shares(full):
    payments, batches = full[1]["payments"], full[1]["assessments"]
    joined = payments[payments["amount"] > 0].merge(
        batches[["assessment", "sittings"]], on="assessment", how="left"
    )
    mismatched = (joined["assessment"] == "") | (joined["invoiced_sittings"] != joined["sittings"])
    assert mismatched.mean() == pytest.approx(0.03, abs=0.005)
    assert (payments["amount"] < 0).mean() == pytest.approx(0.01, abs=0.003)
    over = (
        joined.groupby("assessment")
        .agg(amount=("amount", "sum"), invoiced=("invoiced", "max"))
        .drop(index="")
    )
    assert (over["amount"] > over["invoiced"] * 1.01).mean() == pytest.approx(0.01, abs=0.004)
    assert 0.3 < (payments["paid_on"].dt.strftime("%Y-%m") == "2020-12").mean() < 0.6


def test_the_run_is_plausible(full):
    run, tables = full
    result = run.baseline[0]
    served, compiled, plan = result.served, result.compiled, result.plan
    colleges, candidates = tables["colleges"], compiled.leaves["planned_candidates"]
    assert len(tables["offerings"]) == 100_000
    fee = plan["approved_fee"][compiled.space.maps["offering", "cell"].index]
    appropriation = (
        colleges.set_index("college")["per_student_appropriation"]
        .reindex(compiled.keys["offering"]["college"])
        .to_numpy()
    )
    public = ~np.isnan(appropriation)
    assert (fee[public] < 0.06 * appropriation[public]).mean() > 0.999
    hours = served["college_training_hours"] + served["college_assessment_hours"]
    assert (hours < 0.25 * (colleges["baseline_hours"].to_numpy() + hours)).all()
    reached = served["served"] > 0.5 * candidates
    ratio = (served["assessment_cost"] / np.where(reached, served["served"], np.nan) / fee)[reached]
    assert np.mean((ratio > 0.3) & (ratio < 3)) > 0.98
    at_work = served["college_served"] > 0
    whole = prepare(
        tables, run.composition, 2021
    )  # the set is made so that awards leave gaps at 20 to 40 % where they crowd nothing out
    uncrowded = whole.evaluate(
        {**run.composition.baseline_law.at(date(2021, 7, 1)), "funding.crowding_out": 0.0}
    )[0].served
    assert 0.2 < (uncrowded["funding_gap"][at_work] > 1).mean() < 0.4
    assert (
        (uncrowded["funding_gap"][at_work] > 1).mean()
        < (served["funding_gap"][at_work] > 1).mean()
        < 0.7
    )
    assert 0.02 < 1 - served["served"].sum() / candidates.sum() < 0.15
    cells = np.bincount(
        compiled.space.maps["offering", "cell"].index,
        weights=candidates,
        minlength=len(plan["binds"]),
    )
    share = {code: cells[plan["binds"] == code].sum() / cells.sum() for code in range(5)}
    assert (
        all(
            share[code] > low
            for code, low in ((0, 0.05), (1, 0.1), (2, 0.03), (3, 0.2), (4, 0.002))
        )
        and max(share.values()) < 0.6
    )


def test_the_reform_has_the_effect_the_truth_file_states(tmp_path):
    folder = make_two_years(tmp_path / "two", offerings=20_000)
    tables, truth = (
        read_tables(folder),
        pd.read_csv(folder / "truth" / "truth.csv", dtype=str, keep_default_na=False),
    )
    effect = float(truth.loc[truth["kind"] == "effect_log_candidates", "written"].iloc[0])
    treated = set(truth.loc[truth["kind"] == "treated_province", "key"])
    wide = (
        tables["offerings"]
        .pivot(index=["college", "certificate", "level"], columns="year", values="candidates")
        .reset_index()
    )
    wide = wide[(wide[2021] >= 15) & (wide[2022] > 0)]
    wide["province"] = wide["college"].map(tables["colleges"].set_index("college")["province"])
    priced = tables["fees"][["province", "certificate", "level"]].drop_duplicates()
    wide = wide.merge(priced, on=["province", "certificate", "level"])
    change, inside = np.log(wide[2022] / wide[2021]), wide["province"].isin(treated)
    estimate = change[inside].mean() - change[~inside].mean()
    error = np.sqrt(change[inside].var() / inside.sum() + change[~inside].var() / (~inside).sum())
    assert (
        len(treated) == 10 and effect < -3 * error
    )  # the sample is large enough to tell it from nothing
    assert abs(estimate - effect) < 3 * error
    raised = (
        tables["fees"]
        .pivot_table(
            index=["province", "certificate", "level"],
            columns="valid_from",
            values="published_fee",
            aggfunc="first",
        )
        .dropna(subset=["2022-01-01"])
    )
    before = raised.drop(columns=pd.Timestamp("2022-01-01")).bfill(axis=1).iloc[:, 0]
    assert np.allclose(raised[pd.Timestamp("2022-01-01")] / before, 1.15, atol=1e-3)


def test_every_defect_is_where_the_truth_says_and_nothing_else_changed(small, tmp_path):
    folder = make_national(tmp_path / "dirty", offerings=SMALL, dirty=True)
    truth = pd.read_csv(folder / "truth" / "truth.csv", dtype=str, keep_default_na=False)
    assert set(truth["kind"]) == {
        "duplicated_voucher",
        "swapped_dates",
        "wan_for_yuan",
        "full_width_digits",
        "missing_cell",
        "item_charged_twice",
    }
    for table in sorted(load_schema()):
        if not (small / f"{table}.csv").exists():
            continue
        clean, dirty = (
            pd.read_csv(one / f"{table}.csv", dtype=str, keep_default_na=False)
            for one in (small, folder)
        )
        said = {
            (int(row.row) - 2, row.column) for row in truth[truth["table"] == table].itertuples()
        }
        differs = (dirty.iloc[: len(clean)] != clean).to_numpy()
        found = {(int(i), clean.columns[j]) for i, j in zip(*np.nonzero(differs), strict=True)}
        assert found == {(row, column) for row, column in said if row < len(clean)}
        assert {row for row, _ in said if row >= len(clean)} == set(range(len(clean), len(dirty)))
        for row in truth[truth["table"] == table].itertuples():
            assert dirty.at[int(row.row) - 2, row.column] == row.written
    with pytest.raises(DataError) as refused:
        read_tables(folder)
    said = " ".join(str(fault) for fault in refused.value.faults)
    assert "不能为空" in said and "凭证号、批次、金额和日期都与前面一行相同" in said


def test_every_published_row_names_its_source_and_no_row_is_a_cap():
    for file in sorted(shipped("data", "published").glob("*.csv")):
        rows = pd.read_csv(file, dtype=str, keep_default_na=False)
        for column in ("source_title", "issuer", "year", "confidence", "address"):
            assert file.stem == "workload" and column == "year" or (rows[column] != "").all(), (
                file.name,
                column,
            )
        assert (
            rows["confidence"].isin(["H", "M"]).all()
            and rows["address_is"].isin(["转载", "发布机构网站", "本项目计算"]).all()
        )
        assert not rows.apply(lambda column: column.str.contains("成本上限")).any().any()
    assert (
        published("higher_vocational_colleges").sum() == 1_486
        and len(published("wage_non_private")) == 31
    )
