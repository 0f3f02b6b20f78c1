"""Why provinces differ: parts that add exactly, each moved by its own cause only."""

import numpy as np
import pandas as pd
import pytest

from onexmodel.analysis.provinces import study as pc
from onexmodel.analysis.provinces.factors import FACTORS, decomposition
from onexmodel.analysis.statistics.shapley import shapley
from onexmodel.analysis.study import open_study
from onexmodel.data import read_tables
from onexmodel.places import shipped

LIMITS = {"compare.min_colleges": 5, "compare.min_candidates": 30}


@pytest.fixture(scope="module")
def tables():
    return read_tables(shipped("data", "example"))


def with_tables(tables, scenarios=(), **frames):
    return open_study("example", scenarios, tables=tables.with_frames(frames))


def plain(tables):
    """Every index and cost factor 1."""
    return {
        "provinces": tables["provinces"].assign(price_index=1.0, wage_index=1.0),
        "colleges": tables["colleges"].assign(cost_factor=1.0),
    }


def test_t05_the_method_is_the_published_one(case):
    c = case("t05")
    before, after, players = c["inputs"]["before"], c["inputs"]["after"], (0, 1, 2)
    found = shapley(
        players, lambda chosen: np.prod([after[i] if i in chosen else before[i] for i in players])
    )
    assert [found[i] for i in players] == pytest.approx(
        c["expected"]["effects"], abs=c["tolerance"]["abs"]
    )


@pytest.mark.parametrize("mode", ["none", "supply", "both"])
@pytest.mark.parametrize("side", [0, 1])
def test_parts_add_to_the_difference_and_the_mean_is_the_nation(tables, mode, side):
    study = with_tables(tables, ["cap_plus_20", "lever_bulk_consumables"])
    result = study.pair(mode)[side]
    parts, colleges = decomposition(study, result), pc.college_outlay(study, result)
    assert np.allclose(
        parts[list(FACTORS)].to_numpy().sum(1), parts["each"] - parts["nation"], atol=1e-9
    )
    assert parts["nation"].iloc[0] == pytest.approx(
        colleges["outlay"].sum() / colleges["served"].sum(), rel=1e-12
    )
    provinces = (
        pc.provinces(study, result, colleges, LIMITS)
        .set_index("province")
        .reindex(parts["province"])
    )
    assert parts["each"].to_numpy() == pytest.approx(provinces["each"].to_numpy(), rel=1e-12)
    assert np.average(parts["each"], weights=provinces["served"].to_numpy()) == pytest.approx(
        parts["nation"].iloc[0], rel=1e-12
    )


@pytest.mark.parametrize("mode", ["none", "supply"])
@pytest.mark.parametrize("scenario", [[], ["lever_bulk_consumables"], ["lever_pooled_sessions"]])
def test_equal_indices_make_no_price_part_in_any_scheme_and_mode(tables, scenario, mode):
    study = with_tables(tables, scenario, provinces=plain(tables)["provinces"])
    for result in study.pair(mode):
        assert np.abs(decomposition(study, result)["price"]).max() < 1e-9


def test_a_dearer_province_has_a_price_part(tables):
    before = with_tables(tables, provinces=plain(tables)["provinces"])
    index = plain(tables)["provinces"]
    index.loc[index["province"] == "S01", ["price_index", "wage_index"]] = 1.5
    after = with_tables(tables, provinces=index)
    one, other = (
        decomposition(study, study.pair("none")[0]).set_index("province")
        for study in (before, after)
    )
    assert other.loc["S01", "price"] > one.loc["S01", "price"] + 0.1
    assert np.abs(one["price"]).max() < 1e-9


def test_cost_factors_and_own_ledger_rows_are_the_colleges_own_part_and_not_the_scale(tables):
    rows = tables["ingredients"]
    general = rows[(rows["province"] == "") & (rows["college"] == "")]
    study = with_tables(tables, ingredients=general.reset_index(drop=True), **plain(tables))
    level = decomposition(study, study.pair("none")[0])
    assert np.abs(level["own"]).max() < 1e-9
    colleges = plain(tables)["colleges"]
    colleges.loc[colleges["province"] == "S01", "cost_factor"] = 2.0
    dear = with_tables(
        tables,
        ingredients=general.reset_index(drop=True),
        **{**plain(tables), "colleges": colleges},
    )
    found = decomposition(dear, dear.pair("none")[0]).set_index("province")
    assert found.loc["S01", "own"] > 0.1
    assert found["scale"].to_numpy() == pytest.approx(level["scale"].to_numpy(), abs=1e-9)


def test_resits_belong_to_the_pass_rate_and_not_to_the_scale(tables):
    """Two provinces alike but for the pass rate, and only items a sitting: nothing but the pass rate differs."""
    rows = tables["ingredients"]
    rows = rows[
        (rows["phase"] == "training")
        | (rows["driver"] == "sitting")
        | (rows["borne_by"] == "organisation")
    ]
    rows = rows[(rows["province"] == "") & (rows["college"] == "")].reset_index(drop=True)
    offerings = tables["offerings"]
    twins = offerings[offerings["college"] == "X1"]
    other = tables["colleges"].query("province != 'S01'")["college"].iloc[0]
    both = pd.concat(
        [twins.assign(pass_rate=0.9), twins.assign(college=other, pass_rate=0.5)], ignore_index=True
    )
    study = with_tables(tables, offerings=both, ingredients=rows, **plain(tables))
    parts = decomposition(study, study.pair("none")[0])
    assert len(parts) == 2 and np.abs(parts["pass_rate"]).min() > 1
    assert np.abs(parts[["scale", "own", "price", "mix"]].to_numpy()).max() < 1e-9
