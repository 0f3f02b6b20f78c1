"""Every point of a grid that a reader may turn to is a whole run with these values set, to the last bit."""

import numpy as np
import pytest

from onexmodel.analysis.caps.grid import cap_grid
from onexmodel.analysis.headline import headline
from onexmodel.analysis.pay.draws import Side, by_elasticity
from onexmodel.analysis.pay.grid import has_award, pay_grid
from onexmodel.analysis.pay.study import uplift_sources, uplift_table
from onexmodel.analysis.pay.teachers import crews, teachers_of, tilt_table
from onexmodel.analysis.scheme import cap_factor, planned_weight
from onexmodel.analysis.study import open_study

CAPS, SHARES = (0.6, 1.0, 1.35), (0.0, 0.5, 0.8)
ELASTICITIES, TILTS, AWARDS = (0.2, 1.0), (0.6, 1.0), (0.5, 2.0)


def scheme(*changes):
    """A scenario given whole."""
    lines = "".join(f"  - {{{one}, rationale: 试}}\n" for one in changes)
    text = f"title: {{zh: 试, en: try}}\nauthor: t\nchanges:\n{lines}"
    return {"id": "try", "text": text, "bases": []}


@pytest.mark.parametrize("mode", ["none", "supply"])
def test_every_point_of_the_cap_grid_is_a_whole_run(one_province, mode):
    today = open_study(one_province)
    found = cap_grid(today, CAPS, SHARES, mode)
    for i, cap in enumerate(CAPS):
        given = [scheme(f"parameter: fees.cap_index, scale: {cap}")]
        for j, share in enumerate(SHARES):
            sets = {"fees.beta": str(share)}
            study = open_study(one_province, given, sets, tables=today.tables)
            whole = headline(study.pair(mode)[1], study.scope())
            assert {name: float(values[i, j]) for name, values in found.items()} == {
                name: float(value) for name, value in whole.items()
            }, (cap, share)
    assert np.ptp(found["fee_bill"]) > 0  # and they differ
    assert (np.ptp(found["served"]) > 0) == (mode == "supply")


def test_the_cap_grid_is_of_today_whatever_the_scheme(one_province):
    study = open_study(one_province)
    today = cap_grid(study, CAPS, SHARES, "none")
    for given in ("cap_plus_50", "lever_pooled_sessions", "award_double"):
        schemed = open_study(one_province, [given], tables=study.tables)
        turned = cap_grid(schemed, CAPS, SHARES, "none")
        assert all((turned[name] == values).all() for name, values in today.items()), given


def test_every_point_of_the_pay_grid_is_a_whole_run(six_counted):
    study = open_study(six_counted)
    result = study.pair("none")[1]
    assert has_award(result)
    side = Side.of(study, result, True, crews(study, result))
    found = pay_grid(side, result, teachers_of(study, result), ELASTICITIES, TILTS, AWARDS)
    for k, award in enumerate(AWARDS):
        more = (
            "table: funding, column: limit, where: {source_of_funds: central_award}, "
            f"scale: {award}"
        )
        for i, elasticity in enumerate(ELASTICITIES):
            for j, tilt in enumerate(TILTS):
                sets = {"pay.elasticity": str(elasticity), "pay.tilt": str(tilt)}
                one = open_study(six_counted, [scheme(more)], sets, tables=study.tables)
                whole = one.pair("none")[1]
                row = uplift_table(one, whole).iloc[-1]
                people = teachers_of(one, whole)
                turned = Side.of(one, whole, True, crews(one, whole))
                (point, _), *_ = by_elasticity(turned, [None], {})
                gaps = uplift_sources(one, whole, one.views("none")[1])
                assert {name: float(values[i, j, k]) for name, values in found.items()} == {
                    "uplift": row["uplift"],
                    "per_hour": row["per_hour"],
                    "hourly": tilt_table(one, whole, people, [tilt])["hourly"][0],
                    "gain_busy": point["gain_busy"],
                    "unpaid": gaps["funding_gap"],
                }, (elasticity, tilt, award)
    assert all(np.ptp(values) > 0 for values in found.values())


@pytest.mark.parametrize(
    ("given", "factor"),
    [(["cap_plus_20"], 1.2), ([], 1.0), (["package_combined"], 1.1), (["cap_removed"], np.nan)],
)
def test_a_scheme_stands_on_the_grid_where_all_caps_move_alike(one_province, given, factor):
    study = open_study(one_province, given)
    before, after = study.pair("none")
    found = cap_factor(before, after, planned_weight(before, study.scope()))
    assert found == pytest.approx(factor, abs=1e-12, nan_ok=True)


def test_caps_of_one_form_that_move_alone_have_no_factor(one_province, cap_scheme):
    study = open_study(one_province, [cap_scheme(form="practical")])
    before, after = study.pair("none")
    assert np.isnan(cap_factor(before, after, planned_weight(before, study.scope())))
