"""Draws: the same numbers for any block, any number of workers; no spread is the point run; provinces add to the nation."""

import dataclasses

import numpy as np
import pytest

from onexmodel.analysis.draws.evaluate import headline_draws
from onexmodel.analysis.draws.montecarlo import jobs, monte_carlo, run_job
from onexmodel.analysis.draws.sample import draws, study_draws, taken
from onexmodel.analysis.headline import HEADLINES, headline
from onexmodel.analysis.study import open_study
from onexmodel.engine.compile import mid_year
from onexmodel.errors import ParameterError

SCENARIOS = ["cap_plus_20", "verification_off", "lever_pooled_sessions"]


@pytest.fixture(scope="module")
def study():
    return open_study("example")


@pytest.fixture(scope="module")
def found(study):
    return monte_carlo(study, SCENARIOS, "supply", 4, 7)


def test_any_block_and_any_number_of_workers_give_the_same_bits(study, found):
    for workers, rows in ((1, 1), (1, 40), (2, 25)):
        other = monte_carlo(study, SCENARIOS, "supply", 4, 7, workers, rows)
        for scenario in found.scenarios:
            for name, values in found.headlines(scenario).items():
                assert np.array_equal(values, other.headlines(scenario)[name], equal_nan=True), (
                    workers,
                    rows,
                    scenario,
                    name,
                )


def test_it_is_the_run_of_the_study_draw_by_draw(study, found):
    for name in SCENARIOS[:2]:
        alone = open_study("example", [name])
        drawn = {
            one: values for one, values in jobs(study, SCENARIOS, "supply", 4, 7)[0].drawn.items()
        }
        before, after = headline_draws(
            alone, "supply", {one.replace(".", "__"): values for one, values in drawn.items()}
        )
        for measure in HEADLINES:
            assert np.allclose(found.headlines("baseline")[measure], before[measure], rtol=1e-12), (
                measure
            )
            assert np.allclose(found.headlines(name)[measure], after[measure], rtol=1e-12), measure


def test_a_scenario_that_takes_another_reading_has_a_baseline_of_its_own(study):
    """docs/method.md §0.8: readings and beliefs are the run's, so both sides of such a scenario share them and only instruments differ."""
    found = monte_carlo(study, ["deduct_off", "cap_plus_20"], "supply", 3, 7)
    reading, current = (
        found.headlines("deduct_off", before=when)["fee_bill"] for when in (True, False)
    )
    assert np.array_equal(reading, current) and not np.array_equal(
        reading, found.headlines("baseline")["fee_bill"]
    )
    assert (
        found.table()
        .query("scenario == 'deduct_off' and measure == 'fee_bill'")["change_mean"]
        .iloc[0]
        == 0
    )
    drawn = {
        name.replace(".", "__"): values
        for name, values in jobs(study, ["deduct_off"], "supply", 3, 7)[0].drawn.items()
    }
    alone = headline_draws(open_study("example", ["deduct_off"]), "supply", drawn)[1]
    assert np.allclose(
        monte_carlo(study, ["deduct_off"], "supply", 3, 7).headlines("deduct_off")["fee_bill"],
        alone["fee_bill"],
        rtol=1e-12,
    )
    assert np.array_equal(
        found.headlines("cap_plus_20", before=True)["fee_bill"],
        found.headlines("baseline")["fee_bill"],
    )


def test_no_spread_is_the_point_run(study):
    made = jobs(study, ["cap_plus_20"], "supply", 2, 7)
    view = made[0].sides[0].laws.before
    still = [
        dataclasses.replace(
            job,
            drawn={
                name: np.full_like(values, taken(view[name])) for name, values in job.drawn.items()
            },
        )
        for job in made
    ]
    alone = open_study("example", ["cap_plus_20"])
    before, after = (headline(result, alone.scope()) for result in alone.pair("supply"))
    for name, one in (("baseline", before), ("cap_plus_20", after)):
        added = [run_job(job)[name][1] for job in still]
        for measure in ("fee_bill", "college_outlay", "funding_gap", "served", "uplift"):
            assert (np.ptp(sum(part[measure] for part in added)) == 0) and sum(
                part[measure][0] for part in added
            ) == pytest.approx(float(one[measure]), rel=1e-12)


def test_provinces_add_to_the_nation_in_every_draw():
    study = open_study("example")
    found = monte_carlo(study, ["cap_plus_20"], "supply", 1, 7)
    before, after = headline_draws(
        open_study("example", ["cap_plus_20"], tables=study.tables),
        "supply",
        study_draws(study, 1, 7),
    )
    assert len(found.places) == 3
    for measure in HEADLINES:
        assert np.allclose(found.headlines("baseline")[measure], before[measure], rtol=1e-9), (
            measure
        )
        assert np.allclose(found.headlines("cap_plus_20")[measure], after[measure], rtol=1e-9), (
            measure
        )
        if measure not in ("mean_approved_fee", "unmet_share"):
            assert np.allclose(
                sum(found.headlines("baseline", place)[measure] for place in found.places),
                found.headlines("baseline")[measure],
                rtol=1e-12,
            )


def test_doubling_the_draws_moves_the_median_by_less_than_its_error(study):
    few, many = (
        monte_carlo(study, ["cap_plus_20"], "supply", m, 7).headlines("cap_plus_20")["fee_bill"]
        for m in (8, 9)
    )
    error = (
        1.96 * 1.2533 * few.std() / np.sqrt(len(few))
    )  # of a median of independent normal draws: an upper bound for Sobol' points
    assert abs(np.median(many) - np.median(few)) < error


def test_table_and_probability_of_a_budget(found):
    table = found.table().set_index(["scenario", "measure"])
    values = found.headlines("cap_plus_20")["fee_bill"]
    assert (
        table.loc[("cap_plus_20", "fee_bill"), "p50"] == np.median(values)
        and table.loc[("baseline", "fee_bill"), "change_mean"] == 0
    )
    assert found.inside("cap_plus_20", "fee_bill", np.median(values)) == pytest.approx(
        0.5, abs=0.07
    )
    with pytest.raises(ParameterError, match="fee_bill"):
        found.inside("baseline", "fee_bil", 1)


def test_what_a_scenario_sets_is_drawn_in_its_baseline_only_and_moves_no_other_draw(study):
    alone, beside = (
        monte_carlo(study, names, "none", 4, 1)
        for names in (["cap_plus_20"], ["cap_plus_20", "elasticity_high"])
    )
    for scenario in alone.scenarios:
        for name, values in alone.headlines(scenario).items():
            assert np.array_equal(values, beside.headlines(scenario)[name], equal_nan=True), (
                scenario,
                name,
            )
    assert np.ptp(beside.headlines("baseline")["uplift"]) > 0
    fixed = monte_carlo(study, ["elasticity_high"], "none", 4, 1).headlines("elasticity_high")[
        "uplift"
    ]
    assert np.ptp(fixed) < np.ptp(beside.headlines("baseline")["uplift"])


def test_every_parameter_keeps_its_draws_whatever_is_fixed(study):
    law, day = study.composition.baseline_law, mid_year(study.year)
    every, some = draws(law, day, 3, 1), draws(law, day, 3, 1, {"pay.elasticity", "fees.beta"})
    assert set(every) - set(some) == {"pay.elasticity", "fees.beta"} and all(
        np.array_equal(every[name], some[name]) for name in some
    )
    assert set(study_draws(study, 1, 1)) == {
        name.replace(".", "__") for name in jobs(study, [], "none", 1, 1)[0].drawn
    }


@pytest.mark.parametrize("mode", ["supply", "both"])
def test_headlines_are_the_whole_run_s_bit_by_bit(study, mode):
    """Headlines compute volumes anew only where an organisation serves less than its plan, and leave out what no rate wants."""
    part = {name.replace("__", "."): values for name, values in study_draws(study, 3, 5).items()}
    part["response.spread"] = np.full((8, 1), 0.02)  # some organisations serve far less
    few = {"compare.min_colleges": "1"}
    alone = open_study("example", ["cap_plus_20", "lever_pooled_sessions"], few)
    drawn = {name.replace(".", "__"): values for name, values in part.items()}
    for whole, short in zip(
        alone.pair(mode, **drawn), alone.pair(mode, extent="headlines", **drawn), strict=True
    ):
        assert (whole.plan["share_served"] < 1).any()
        one, other = (headline(result, alone.scope(result.compiled)) for result in (whole, short))
        for name in HEADLINES:
            assert np.array_equal(one[name], other[name], equal_nan=True), name
