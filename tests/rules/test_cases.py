"""The worked cases of the specification come out of the product's own functions."""

import numpy as np
import pandas as pd
import pytest

from onexmodel.analysis.statistics.shapley import shapley
from onexmodel.engine.findings.ledger import rowwise_findings, two_bearers
from onexmodel.rules import cost, fee, funding, numbers, pay, response

NAN = np.nan


def test_c01_fee_approval(case):
    c = case("c01")
    for row, approved, binds, over in zip(
        c["inputs"]["rows"],
        *(c["expected"][k] for k in ("approved_fee", "binds", "over_cap")),
        strict=True,
    ):
        ceiling, unit, beta, given, verified, special, may = [NAN if x is None else x for x in row]
        one = np.array([float(ceiling)])
        proposed = fee.proposed_fee(
            np.array([given]), one, np.array([float(unit)]), np.array([NAN]), beta, 1.0
        )
        modelled = fee.modelled_fee(one, proposed, np.array([float(verified)]))
        which = fee.modelled_binds(modelled, one, np.array([float(verified)]), np.array([given]))
        applies, none = np.array([not np.isnan(special)]), np.array([NAN])
        force = fee.special_in_force(np.array([special]), applies, one, may)
        standard = fee.standard_fee(none, modelled, one, modelled, one)
        assert fee.approved_fee(standard, force, none)[0] == pytest.approx(
            approved, abs=c["tolerance"]
        )
        assert (
            fee.BINDS[int(fee.binds(standard, force, which, none, modelled, one, modelled, one)[0])]
            == binds
        )
        assert bool(fee.over_cap(one, none, np.array([special]), applies)[0]) is over


def test_c03_performance_pay(case):
    c = case("c03")
    i, e = c["inputs"], c["expected"]
    uplift = pay.uplift_elasticity(i["elasticity"], np.array(i["workload_increase"]), i["pay_pool"])
    assert uplift == pytest.approx(e["uplift"])
    for tilt, key in zip(i["tilt"], ("pay_tilt0", "pay_tilt06", "pay_tilt1"), strict=True):
        fen = pay.teacher_pay_fen(
            int(i["pay_pool"] * 100),
            round(float(uplift) * 100),
            i["base_weight"],
            i["x_hours"],
            tilt,
            "uplift",
        )
        assert fen.tolist() == [100 * yuan for yuan in e[key]]
    assert 0.6 * uplift / sum(i["x_hours"]) == pytest.approx(e["marginal_pay_per_hour_tilt06"])


def test_c04_order_of_spending(case):
    e = case("c04")["expected"]
    limits, needs = np.zeros((7, 2)), np.zeros((4, 2))
    award, student = (
        funding.SOURCES.index("central_award"),
        funding.SOURCES.index("per_student_appropriation"),
    )
    limits[[award, student]] = 100
    needs[[funding.USES.index("assessment"), funding.USES.index("performance_pay")]] = 100
    allowed = np.zeros((7, 4), bool)
    allowed[student, [0, 3]] = allowed[award, 0] = True
    order = np.full((7, 2), np.inf)
    order[student], order[award] = [1, 2], [2, 1]
    uses, sources = (0, 1, 3, 2), tuple(range(7))
    gap = funding.waterfall_gap(needs, limits, allowed, uses, order, sources)
    assert gap.tolist() == [e["gap_per_student_first"], e["gap_restricted_first"]]
    best = funding.gaps(needs, funding.covered(needs, limits, allowed, uses)).sum(0)
    assert best.tolist() == [e["gap_lp"]] * 2


def test_c07_ledger_checks(case):
    c = case("c07")
    rows = pd.DataFrame(c["inputs"]["rows"], columns=c["inputs"]["columns"])
    rows["own_staff"] = rows["own_staff"] == "yes"
    rows = rows.assign(certificate="K", level="junior", component="practical", phase="assessment")
    found = [f["rule"] for f in (*rowwise_findings(rows), *two_bearers(rows))]
    assert sorted(found) == sorted(c["expected"]["findings"])


def test_c08_dynamic_adjustment(case):
    c = case("c08")
    i = c["inputs"]
    path = fee.adjustment_path(
        i["signal_prices"], i["x"], i["dead_band"], i["collar"], i["review_years"], "accumulated"
    )
    assert i["start"] * path == pytest.approx(c["expected"]["path"], abs=c["tolerance"])


def test_t23_rpi_x(case):
    i, e = case("t23")["inputs"], case("t23")["expected"]
    single = fee.adjustment_path([i["single"]["rpi"]], i["single"]["x"], 0, 1, 1, "yearly")
    assert i["single"]["price"] * single[-1] == pytest.approx(e["bt"])
    path = fee.adjustment_path(i["path"]["rpi"], i["path"]["x"], 0, 1, 1, "yearly")
    assert i["path"]["price"] * path[-1] == pytest.approx(e["five_year"], abs=1e-9)


def test_c09_c10_levers(case):
    i, e = case("c09")["inputs"], case("c09")["expected"]

    def saving(chosen):
        left = sum(
            price * np.prod([1 - i["levers"][lever].get(item, 0) for lever in chosen])
            for item, price in i["unit_cost"].items()
        )
        return sum(i["unit_cost"].values()) - left

    assert list(shapley(list(i["levers"]), saving).values()) == pytest.approx(e["by_lever"])
    assert saving(tuple(i["levers"])) == pytest.approx(e["saving"])
    i, e = case("c10")["inputs"], case("c10")["expected"]
    cuts = {"a": i["lever_a"], "b": i["lever_b"]}
    shares = shapley(
        ["a", "b"], lambda chosen: i["item_cost"] * (1 - np.prod([1 - cuts[x] for x in chosen]))
    )
    assert list(shares.values()) == pytest.approx(e["shapley"])


def test_c11_break_even(case):
    i, e = case("c11")["inputs"], case("c11")["expected"]
    assert (
        response.break_even_sittings(i["fixed_cost"], i["approved_fee"], i["variable_cost"])
        == e["break_even"]
    )
    n = np.array(i["candidates"], float)
    margin = response.margin(n * i["approved_fee"], n * i["variable_cost"], i["fixed_cost"])
    assert margin.tolist() == e["margin"]
    stays = response.share_served(
        margin, n * i["variable_cost"], i["fixed_cost"], "supply", "yes", 0.15
    )
    assert stays.astype(bool).tolist() == e["stays"]


def test_t02_annuity(case):
    c = case("t02")
    for rate, expected in c["expected"].items():
        assert cost.annuity(float(rate), np.array(c["inputs"]["years"], float)) == pytest.approx(
            expected, abs=5e-5
        )
    assert cost.annuity(0.0, np.array([4.0, NAN])).tolist() == [0.25, 1.0]


def test_t04_t05_shapley(case):
    c = case("t04")
    for name, costs in c["inputs"].items():
        shares = shapley(
            list(range(len(costs))),
            lambda who, costs=costs: max((costs[i] for i in who), default=0),
        )
        assert list(shares.values()) == pytest.approx(c["expected"][name], abs=1e-9)
    c = case("t05")
    before, after = c["inputs"]["before"], c["inputs"]["after"]
    shares = shapley(
        [0, 1, 2], lambda who: np.prod([after[i] if i in who else before[i] for i in range(3)])
    )
    assert list(shares.values()) == pytest.approx(c["expected"]["effects"], abs=1e-8)


def test_t13_transportation_by_linear_programme_and_by_reach(case):
    """reach() is the max-flow of a bipartite net: against the data's own supplies and demands it covers every demand."""
    c = case("t13")["inputs"]
    supply = np.array(c.get("supply"), float)
    demand = np.array(c.get("demand"), float)
    limits, needs = np.zeros((7, 1)), np.zeros((4, 1))
    limits[: len(supply), 0], needs[: len(demand), 0] = supply, demand
    allowed = np.ones((7, 4), bool)
    assert funding.reach((0, 1, 2, 3), needs, limits, allowed)[0] == min(supply.sum(), demand.sum())


def test_t22_largest_remainder(case):
    c = case("t22")
    assert (
        numbers.split_fen(c["inputs"]["seats"], c["inputs"]["votes"]).tolist()
        == c["expected"]["seats"]
    )


def test_t25_ingredients(case):
    i, e = case("t25")["inputs"], case("t25")["expected"]
    total = 0.0
    for item in i["items"]:
        if "purchase" in item:
            share = item["days"] / item["of_days"]
            total += cost.unit_outlay(
                share, item["purchase"], cost.annuity(item["rate"], np.array(float(item["life"])))
            )
        else:
            total += cost.unit_outlay(item["quantity"], item["unit_price"], 1.0)
    assert total == pytest.approx(e["total"], abs=1e-4)
    assert cost.unit_cost(total, i["candidates"]) == pytest.approx(e["per_candidate"], abs=1e-4)
    assert cost.cost_per_certificate(total, i["passes"]) == pytest.approx(e["per_pass"], abs=1e-4)
