"""The discount rate reaches costs through annuities: drawn or turned, it gives what tables arranged at that rate give."""

import numpy as np
import pytest

from onexmodel.analysis.draws.sample import study_draws
from onexmodel.analysis.headline import HEADLINES, headline
from onexmodel.analysis.measures import measured, movers
from onexmodel.analysis.study import open_study
from onexmodel.data import read_tables
from onexmodel.engine.draws.some_rows import full
from onexmodel.engine.leaves import year_leaves
from onexmodel.places import shipped
from onexmodel.rules.cost import annuity

COSTS = ("college_cost", "college_cash_cost", "organisation_cost", "audited_cost", "training_cost")


@pytest.mark.parametrize("rate", [0.0, 0.03, 0.05, 0.3])
def test_a_rate_turned_is_the_rate_arranged_at(rate):
    turned = open_study("example").pair("none", funding__discount_rate=rate)[0]
    arranged = open_study("example", sets={"funding.discount_rate": str(rate)}).pair("none")[0]
    for name in COSTS:
        assert turned.served[name] == pytest.approx(arranged.served[name], rel=1e-12), name


def test_by_hand():
    """Equipment of 50,000 yuan at a tenth a plan lives 5 years: at 4 % an offering bears 0.1 · 50000 · 0.2246271 = 1123.14 yuan a year."""
    study = open_study("example")
    low, high = (
        study.pair("none", funding__discount_rate=rate)[0].served["college_cost"]
        for rate in (0.04, 0.10)
    )
    more = 0.1 * 50000 * (annuity(0.10, np.array(5.0)) - annuity(0.04, np.array(5.0)))
    assert annuity(0.04, np.array(5.0)) == pytest.approx(
        0.2246271, abs=1e-7
    ) and more == pytest.approx(195.85, abs=0.01)
    moved = (high - low)[high != low]
    factors = moved / more
    assert (
        len(moved)
        and factors == pytest.approx(np.round(factors, 4))
        and (factors >= 0.5).all()
        and np.isclose(factors, 1.0).any()
    )


def test_drawn_it_moves_what_the_graph_says_and_each_draw_is_its_own_run():
    study = open_study("example", ["cap_plus_20"])
    values = np.array([[0.03], [0.04], [0.047]])
    whole, short = (
        study.pair("supply", extent=one, funding__discount_rate=values)
        for one in ("whole", "headlines")
    )
    for side in (0, 1):
        found = headline(short[side], study.scope())
        for name in HEADLINES:
            alone = [
                float(
                    np.ravel(
                        headline(
                            study.pair("supply", funding__discount_rate=float(rate))[side],
                            study.scope(),
                        )[name]
                    )[0]
                )
                for rate in values[:, 0]
            ]
            assert np.array_equal(np.broadcast_to(np.ravel(found[name]), 3), alone), name
            assert np.array_equal(
                *np.broadcast_arrays(found[name], headline(whole[side], study.scope())[name])
            ), name
    assert np.ptp(headline(short[0], study.scope())["college_outlay"]) > 0
    assert "funding_discount_rate" in movers(
        "college_outlay"
    ) and "funding__discount_rate" in study_draws(study, 1, 1)


def test_at_the_rate_arranged_at_not_a_bit_moves():
    study = open_study("example")
    view, base = study.views("none")[0], study.prepared.baseline
    plain, _ = year_leaves(base, view)
    drawn, _ = year_leaves(
        base,
        {**view, "funding.discount_rate": np.full((2, 1), view["funding.discount_rate"])},
        at_some_rows=True,
    )
    for driver, rate in plain["college_cash_rates"].items():
        assert np.array_equal(
            np.broadcast_to(full(drawn["college_cash_rates"][driver]), (2, len(rate))),
            np.broadcast_to(rate, (2, len(rate))),
        )
    plain, drawn = (
        {
            name: np.ravel(value)
            for name, value in measured(study.prepared.evaluate(one)[0], study.scope(), one).items()
        }
        for one in (
            view,
            {**view, "funding.discount_rate": np.full((2, 1), view["funding.discount_rate"])},
        )
    )
    assert set(plain) == set(drawn) and all(
        np.array_equal(
            np.broadcast_to(plain[name], 2), np.broadcast_to(drawn[name], 2), equal_nan=True
        )
        for name in plain
    )


def test_an_audited_price_of_what_lasts_is_turned_with_the_rate_too():
    tables = read_tables(shipped("data", "example"))
    lines = tables["ingredients"]
    lasting = lines["item"] == "system"
    lines = lines.assign(
        life_years=lines["life_years"].mask(lasting, 4),
        audited_price=lines["audited_price"].mask(lasting, 50.0),
    )
    tables = tables.with_frames({"ingredients": lines})
    turned = open_study("example", tables=tables).pair("none", funding__discount_rate=0.1)[0]
    arranged = open_study("example", sets={"funding.discount_rate": "0.1"}, tables=tables)
    for name in COSTS:
        same = pytest.approx(arranged.pair("none")[0].served[name], rel=1e-12)
        assert turned.served[name] == same, name
