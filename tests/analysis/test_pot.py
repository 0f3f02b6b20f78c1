"""The provincial pot: the split is the run's own, adds up, and re-shares what lies over a college's need."""

import numpy as np
import pandas as pd
import pytest
from pots import before_and_after

from onexmodel.analysis.budget import pot
from onexmodel.analysis.study import open_study


@pytest.fixture(scope="module")
def study():
    return open_study("example")


def run(study, mode="none"):
    return study.pair(mode)[1], study.views(mode)[1]


@pytest.mark.parametrize("mode", ["none", "supply"])
def test_the_split_is_the_award_of_the_run(study, mode):
    result, view = run(study, mode)
    frame = pot.split(study, result, view).set_index("college")
    colleges = result.frames()["colleges"].set_index("college")
    assert frame["award"].to_numpy() == pytest.approx(
        colleges.loc[frame.index, "award"].to_numpy(), abs=1e-9
    )
    assert frame["award"].sum() > 0 and (frame["award"] <= frame["need"] + 0.01).all()
    for _, some in frame.groupby("province"):
        assert some["weight"].sum() == pytest.approx(1) or not some["plain"].any()


def test_crowding_out_is_in_the_split_too(study):
    crowded = open_study("example", [], {"funding.crowding_out": "1"})
    result, view = run(crowded)
    frame = pot.split(crowded, result, view)
    assert frame["award"].to_numpy() == pytest.approx(result.served["award"], abs=1e-9)


def test_what_lies_over_a_need_goes_to_the_others():
    study = open_study("example", [], {"funding.crowding_out": "0"})
    result, view = run(study)
    frame = pot.split(study, result, view)
    whole = before_and_after(study, result, view).set_index("province")
    for province, some in frame.groupby("province"):
        here = whole.loc[province]
        assert some["plain"].sum() == pytest.approx(here["pot"]) and some[
            "award"
        ].sum() == pytest.approx(here["awarded"])
        full = (
            some["award"] < some["need"] - 0.01
        )  # who is not full loses nothing of the plain share
        assert (some.loc[full, "award"] >= some.loc[full, "plain"] - 0.02).all()
    assert frame["gap_after"].sum() <= frame["gap_before"].sum()
    assert frame["cut"].sum() > 0
    assert frame["gap_before"].sum() - frame["gap_after"].sum() == pytest.approx(
        frame["award"].sum(), abs=0.02
    )  # no crowding out here


def test_small_tiers_are_joined_so_that_the_rest_of_the_total_is_no_college(study):
    frame = pot.split(study, *run(study))
    table = pot.by_tier(frame)
    assert (table["colleges"] >= pot.SMALL).all() and table["group"].iloc[-1] == "all"
    for name in pot.SUMS:
        assert table[name].iloc[:-1].sum() == pytest.approx(table[name].iloc[-1])
    assert len(pot.by_tier(frame, 1)) == frame["tier"].nunique() + 1


def test_frontier_holds_the_current_weights_and_marks_what_no_other_beats(study):
    result, view = run(study)
    made = pot.frontier(study, result, view)
    assert (
        len(made) == 22 and made["current"].sum() == 1
    )  # 21 splits in fifths, and 0.5 · 0.3 · 0.2
    now = made[made["current"]].iloc[0]
    need, gap = result.served["needs"].sum(), result.served["funding_gap"].sum()
    assert now["coverage"] == pytest.approx(1 - gap / need)
    best = made[made["efficient"]]
    assert (
        len(best)
        and made["secured"].max() == best["secured"].max()
        and made["gini"].min() == best["gini"].min()
    )
    for row in made[~made["efficient"]].itertuples():
        assert ((best["secured"] >= row.secured - 1e-9) & (best["gini"] <= row.gini + 1e-9)).any()


def with_pots(study, change):
    """The study with its funding table changed."""
    return open_study(
        "example",
        tables=study.tables.with_frames(
            {"funding": change(study.tables["funding"].copy()).reset_index(drop=True)}
        ),
    )


@pytest.mark.parametrize("scale", [0.4, 0.6])
def test_a_split_is_efficient_where_no_other_is_better_in_one_and_no_worse_in_the_other(
    study, scale
):
    """Smaller pots than the example's: splits differ in equity (0.4), or in both (0.6)."""

    def smaller(funding):
        pots = funding["owner"].isin(study.tables["provinces"]["province"])
        return funding.assign(limit=funding["limit"].where(~pots, funding["limit"] * scale))

    some = with_pots(study, smaller)
    made = pot.frontier(some, *run(some))
    points = list(zip(made["secured"].round(9), made["gini"].round(9), strict=True))
    expected = [
        not any(c >= covered and g <= unequal and (c > covered or g < unequal) for c, g in points)
        for covered, unequal in points
    ]
    assert made["efficient"].tolist() == expected and True in expected and False in expected
    assert (
        made["secured"].nunique() == (1 if scale == 0.4 else 2)
        and made["gini"].round(9).nunique() > 4
    )


def test_of_splits_alike_in_one_measure_the_better_in_the_other_is_efficient(study, monkeypatch):
    """Known measures: more candidates are secured by weight on need at equal equity, or equity is better at equal security."""
    for better in ("secured", "gini"):

        def known(study, result, view, weights, better=better):
            value = weights["need"] if better == "secured" else -weights["need"]
            return {
                **weights,
                "coverage": 0.9,
                "gini": value if better == "gini" else 0.2,
                "secured": value if better == "secured" else 0.5,
                "with_gap": 0.0,
            }

        monkeypatch.setattr(pot, "_covered", known)
        made = pot.frontier(study, *run(study))
        assert made["efficient"].tolist() == (made["need"] == 1).tolist(), better


def test_what_is_cut_of_two_pots_is_the_cut_of_both(study):
    """S02 has a central pot far over its needs; a local one beside it cuts more, and nothing of the first is forgotten."""
    both = with_pots(
        study,
        lambda funding: pd.concat(
            [
                funding,
                funding[funding["owner"] == "S02"].assign(
                    source_of_funds="local_appropriation", limit=5_000.0
                ),
            ]
        ),
    )
    one, two = (pot.split(some, *run(some)).set_index("college") for some in (study, both))
    mine = one["province"] == "S02"
    assert (one.loc[mine, "cut"] > 0).any() and two.loc[mine, "plain"].sum() - one.loc[
        mine, "plain"
    ].sum() == pytest.approx(5_000)
    more = two.loc[mine, "cut"] - one.loc[mine, "cut"]
    assert (more >= -0.01).all() and (two.loc[~mine, "cut"] == one.loc[~mine, "cut"]).all()


@pytest.mark.parametrize(
    ("after", "zh"),
    [
        (700_000.0, "由100.0万元减至70.0万元"),
        (1_000_000.0, "由100.0万元仍为100.0万元"),
        (1_200_000.0, "由100.0万元增至120.0万元"),
    ],
)
def test_the_sentence_names_the_direction_of_the_gap(after, zh):
    """Down by what is awarded; the same, or up, where the award crowds out as much, or more (docs/method.md §6)."""
    said = pot.sentence(
        {"award": 300_000.0, "gap_before": 1_000_000.0, "gap_after": after, "colleges": 12},
        500_000.0,
    )
    assert zh in said and "分给12所院校，实际分出30.0万元" in said and "已全部弥补" in said
    assert "全部用完" in pot.sentence(
        {"award": 500_000.0, "gap_before": 1_000_000.0, "gap_after": 500_000.0, "colleges": 12},
        500_000.0,
    )


def test_in_brief_says_it_in_both_languages_and_where_a_pot_is_entered(study):
    table, edge, words = pot.in_brief(study)
    total = table.iloc[-1]
    assert (
        len(edge)
        and f"{total['award'] / 1e4:.1f}万元" in words
        and f"{total['gap_after'] / 1e4:.1f}万元" in words
    )
    assert not any("\u4e00" <= letter <= "\u9fff" for letter in pot.in_brief(study, lang="en")[2])
    funding = study.tables["funding"]
    none = open_study(
        "example",
        tables=study.tables.with_frames(
            {
                "funding": funding[
                    ~funding["owner"].isin(study.tables["provinces"]["province"])
                ].reset_index(drop=True)
            }
        ),
    )
    table, edge, words = pot.in_brief(none)
    assert table.empty and edge.empty and "funding" in words
    assert np.isclose(pot.split(none, *run(none))["award"].sum(), 0)
