"""Provinces compared: on a set whose fees are known, on the published fees as they are, and parts that add up."""

import numpy as np
import pandas as pd
import pytest

from onexmodel.analysis.draws.sample import study_draws, taken
from onexmodel.analysis.provinces import study as pc
from onexmodel.analysis.study import open_study
from onexmodel.places import shipped

LIMITS = {
    "compare.min_colleges": 5,
    "compare.min_candidates": 30,
    "compare.min_overlap_certificates": 5,
    "compare.min_overlap_spending": 0.3,
}


@pytest.fixture(scope="module")
def study():
    return open_study("example", ["cap_plus_20"])


@pytest.fixture(scope="module")
def result(study):
    return study.pair("none")[1]


def test_published_fees_are_not_comparable_and_a_shared_certificate_would_make_them():
    frame = pd.read_csv(shipped("data", "published") / "fees.csv", dtype={"province": str})
    levels, _ = pc.fee_levels(pc.published_fees(frame), LIMITS)
    assert len(levels) == 3 and levels["level"].isna().all() and levels["geks"].isna().all()
    more = pd.concat(
        [
            frame,
            frame[(frame["province"] == "33") & (frame["item"] == "fee")].assign(
                province="41", amount=lambda f: f["amount"] * 1.1
            ),
        ]
    )
    shared, _ = pc.fee_levels(pc.published_fees(more), LIMITS)
    ratio = shared.set_index("province")["level"]
    assert ratio["41"] / ratio["33"] == pytest.approx(1.1) and np.isnan(ratio["00"])


def test_fee_table_holds_the_fees_of_the_run(study, result):
    table = pc.fee_table(study, result)
    frame = result.frames()["fees"]
    for row in frame.itertuples():
        at = table.places.index(row.province), table.products.index((row.certificate, row.level))
        assert table.prices[at] == row.approved_fee
    assert (
        table.candidates.sum()
        == study.tables["offerings"].query("year == @study.year")["candidates"].sum()
    )


def test_few_colleges_are_marked(study, result):
    table = pc.provinces(study, result, pc.college_outlay(study, result), LIMITS)
    assert table["colleges"].tolist() == [3, 2, 1] and table["small"].all()


def test_draws_with_no_spread_are_the_point(study, result):
    drawn = {
        name: np.full_like(values, taken(study.views()[0][name.replace("__", ".")]))
        for name, values in study_draws(study, 2, 1).items()
    }
    levels = pc.level_draws(study, drawn)
    assert levels.shape == (4, 3) and np.allclose(
        levels,
        pc.fee_levels(pc.fee_table(study, result), LIMITS)[0]["level"].to_numpy(),
        rtol=1e-12,
    )
    spread = pc.level_draws(study, study_draws(study, 2, 1))
    assert np.ptp(spread, axis=0).max() > 1e-6
