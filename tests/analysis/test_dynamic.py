"""Dynamic adjustment: the published cases, the properties of the three rules, the signal from published series, its effect on fees."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onexmodel.analysis.caps import adjustment as d
from onexmodel.analysis.study import open_study
from onexmodel.errors import ParameterError

LAW = {
    "fees.adjust.x": 0.01,
    "fees.adjust.dead_band": 0.02,
    "fees.adjust.collar": 0.05,
    "fees.adjust.review_years": 2,
}


@pytest.fixture(scope="module")
def study():
    return open_study("example", ["cap_plus_20"])


def test_c08_through_the_paths_of_the_analysis(case):
    i, expected = case("c08")["inputs"], case("c08")["expected"]["path"]
    view = {f"fees.adjust.{name}": i[name] for name in ("x", "dead_band", "collar", "review_years")}
    path = d.paths(i["signal_prices"], view)["accumulated"]
    assert i["start"] * path == pytest.approx(expected, abs=1e-6) and d.moved_in(
        path, [1, 2, 3, 4]
    ) == [2, 3]


def test_t23_rpi_x_through_the_yearly_rule(case):
    known = case("t23")
    i = known["inputs"]["path"]
    view = {**LAW, "fees.adjust.x": i["x"]}
    assert i["price"] * d.paths(i["rpi"], view)["yearly"][-1] == pytest.approx(
        known["expected"]["five_year"], abs=1e-9
    )


@given(
    st.lists(st.floats(-0.2, 0.3), min_size=1, max_size=12),
    st.floats(-0.02, 0.04),
    st.floats(0, 0.1),
    st.floats(0.01, 0.15),
    st.integers(1, 5),
)
def test_never_stays_yearly_compounds_accumulated_moves_at_reviews_within_the_collar(
    prices, x, band, collar, review
):
    found = d.paths(
        prices,
        {
            "fees.adjust.x": x,
            "fees.adjust.dead_band": band,
            "fees.adjust.collar": collar,
            "fees.adjust.review_years": review,
        },
    )
    assert (found["never"] == 1).all()
    assert found["yearly"] == pytest.approx(np.cumprod([1, *(1 + np.array(prices) - x)]))
    steps = found["accumulated"][1:] / found["accumulated"][:-1] - 1
    years = np.arange(1, len(prices) + 1)
    assert not steps[years % review != 0].any() and (np.abs(steps) <= collar + 1e-9).all()
    growth = np.array(prices) - x
    assert (growth >= 0).any() or (steps <= 0).all()  # where everything falls the index never rises
    assert (growth <= 0).any() or (steps >= 0).all()
    moved = np.abs(steps[steps != 0])
    assert (moved >= min(band, collar) - 1e-9).all()


def test_growth_is_what_was_published_and_says_where():
    found = d.changes(d.published_prices())
    wage, cpi = found["wage_non_private"], found["cpi"]
    assert (
        wage[2021].growth == pytest.approx(106837 / 97379 - 1)
        and round(100 * wage[2021].growth, 1) == 9.7
    )
    assert cpi[2021].growth == pytest.approx(0.009) and cpi[2025].growth == 0
    assert (
        wage[2017].published == "10.0%"
        and wage[2016].confidence == "M"
        and wage[2021].confidence == "H"
    )  # no level for 2016: the published growth
    assert all("国家统计局《" in one.source for series in found.values() for one in series.values())


def test_growth_names_the_documents_of_both_years_and_the_weaker_of_them():
    rows = [
        (2019, 100.0, "甲", "H"),
        (2020, 110.0, "乙", "M"),
        (2021, 121.0, "丙", "H"),
        (2022, 133.1, "丙", "H"),
        (2023, 146.41, "丙", "M"),
    ]
    prices = pd.DataFrame(
        [
            {
                "year": year,
                "series": "wage_non_private",
                "value": value,
                "unit": "yuan",
                "source_title": title,
                "issuer": "国家统计局",
                "confidence": grade,
            }
            for year, value, title, grade in rows
        ]
    )
    found = d.changes(prices)["wage_non_private"]
    assert [found[year].confidence for year in (2020, 2021, 2022, 2023)] == [
        "M",
        "M",
        "H",
        "M",
    ] and all(one.growth == pytest.approx(0.1) for one in found.values())
    assert (
        found[2020].source == "国家统计局《甲》；国家统计局《乙》"
        and found[2022].source == "国家统计局《丙》"
    )  # one document is named once


def test_a_year_without_a_level_takes_the_published_growth():
    rows = [
        (2019, "wage_non_private", 100.0),
        (2020, "wage_non_private_growth", 7.0),
        (2021, "wage_non_private", 121.0),
        (2022, "wage_non_private", 127.05),
    ]
    prices = pd.DataFrame(
        [
            {
                "year": year,
                "series": series,
                "value": value,
                "source_title": "报",
                "issuer": "局",
                "confidence": "H",
            }
            for year, series, value in rows
        ]
    )
    found = d.changes(prices)["wage_non_private"]
    assert {year: round(one.growth, 9) for year, one in found.items()} == {
        2020: 0.07,
        2022: 0.05,
    }  # none for 2021: no level before it, no growth


def test_growth_of_levels_agrees_with_the_published_growth():
    prices = d.published_prices()
    said = prices[prices["series"] == "wage_non_private_growth"].set_index("year")["value"]
    for year, one in d.changes(prices)["wage_non_private"].items():
        assert 100 * one.growth == pytest.approx(said[year], abs=0.1)


def test_a_year_without_a_series_is_named_and_ends_the_path():
    found = d.changes(d.published_prices())
    assert d.complete_years(found, 2020) == ([2021, 2022, 2023, 2024], [2025])
    holed = {**found, "cpi": {year: one for year, one in found["cpi"].items() if year != 2022}}
    assert d.complete_years(holed, 2020) == (
        [2021],
        [2022, 2023, 2024, 2025],
    )  # nothing is carried over the gap


def test_signal_is_the_sum_of_shares_and_refuses_shares_that_do_not_add():
    found = d.changes(d.published_prices())
    shares = {"wages": 0.6, "materials": 0.3, "it": 0.1}
    assert d.signal(found, [2021], shares)[0] == pytest.approx(
        0.6 * (106837 / 97379 - 1) + 0.4 * 0.009
    )
    with pytest.raises(ParameterError, match="合计为 1.1"):
        d.signal(found, [2021], {**shares, "wages": 0.7})


def test_shares_come_from_the_ledger_unless_given(study):
    shares, basis = d.cost_shares(study)
    assert (
        basis == "ledger" and sum(shares.values()) == pytest.approx(1) and min(shares.values()) > 0
    )
    lines = study.tables["ingredients"]
    free = study.tables.with_frames(
        {"ingredients": lines[(lines["phase"] == "training") | (lines["borne_by"] == "college")]}
    )
    assert d.cost_shares(open_study("example", ["cap_plus_20"], tables=free))[1] == "assumed"
    told = open_study(
        "example",
        ["cap_plus_20"],
        {"fees.adjust.share_wages": "0.5", "fees.adjust.share_materials": "0.4"},
    )
    assert d.cost_shares(told) == ({"wages": 0.5, "materials": 0.4, "it": 0.1}, "given")


def test_effect_moves_verified_fees_and_not_the_caps(study):
    base, moved = d.effect(study, 1.0, "none"), d.effect(study, 1.05, "none")
    plain = study.pair("none")[1]
    assert base["fee_bill"] == pytest.approx(float(plain.served["fee_bill"].sum()))
    assert (
        base["mean_approved_fee"]
        < moved["mean_approved_fee"]
        <= 1.05 * base["mean_approved_fee"] + 1e-9
    )
    before, after = study.turned({"fees.fee_index": 1.05}, "none")
    result = study.prepared.evaluate(before, after)[1]
    assert np.array_equal(result.plan["cap"], plain.plan["cap"], equal_nan=True)
    assert moved["fee_bill"] == pytest.approx(float(result.served["fee_bill"].sum()))


def test_adjustment_holds_together(study):
    a = d.adjustment(study)
    assert (
        a.years == (2021, 2022, 2023, 2024)
        and a.missing == (2025,)
        and a.lacking(2025) == ["wage_non_private"]
    )
    assert all(len(path) == 5 and path[0] == 1 for path in a.paths.values()) and set(
        a.paths
    ) == set(d.RULES)
    assert d.moved_in(a.paths["never"], a.years) == [] and set(
        d.moved_in(a.paths["accumulated"], a.years)
    ) <= {2022, 2024}
    assert d.adjustment(study, 2015).years[0] == 2016


def test_no_common_year_gives_no_path(study, monkeypatch):
    only = d.published_prices().query("series == 'cpi_change'")
    monkeypatch.setattr(d, "published_prices", lambda: pd.DataFrame(only))
    assert d.adjustment(study).years == ()
