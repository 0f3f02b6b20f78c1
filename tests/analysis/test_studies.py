"""Sensitivity, targets, winners, the pot and sweeps: known answers, and the same numbers however they are computed."""

import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pots import before_and_after

from onexmodel.analysis import winners
from onexmodel.analysis.budget import pot
from onexmodel.analysis.caps.study import break_even_scale
from onexmodel.analysis.draws import sensitivity as se
from onexmodel.analysis.draws import solve as so
from onexmodel.analysis.draws.sample import study_draws, uncertain
from onexmodel.analysis.draws.solve import in_words, solve
from onexmodel.analysis.draws.sweep import run_sweep
from onexmodel.analysis.draws.sweep_file import read_sweep
from onexmodel.analysis.headline import headline
from onexmodel.analysis.measures import TARGETS, measured, movers
from onexmodel.analysis.study import open_study
from onexmodel.cli import main
from onexmodel.engine.compile import mid_year
from onexmodel.errors import ParameterError


@pytest.fixture(scope="module")
def study():
    return open_study("example", ["cap_plus_20"], {"compare.min_colleges": "1"})


def test_sobol_indices_of_the_ishigami_function(case):
    known = case("t11")
    a, b = known["inputs"]["a"], known["inputs"]["b"]

    def ishigami(u):
        x = np.pi * (2 * u - 1)
        return np.sin(x[0]) + a * np.sin(x[1]) ** 2 + b * x[2] ** 4 * np.sin(x[0])

    found = se.sobol(ishigami, 3, 11, 1, 40)
    assert np.allclose(found.first[0], known["expected"]["S1"], atol=1.5e-2) and np.allclose(
        found.total[0], known["expected"]["ST"], atol=1.5e-2
    )
    exact = known["computed_by_us"]
    assert (found.first_low[0] <= np.array(exact["S1"]) + 0.02).all() and (
        found.total_high[0] >= np.array(exact["ST"]) - 0.02
    ).all()


def test_sobol_says_the_same_twice_and_sees_what_seldom_happens():
    def seldom(u):
        return np.stack([u[0] * u[1], (u[1] > 0.99) * 1.0])

    one, two = se.sobol(seldom, 2, 10, 5), se.sobol(seldom, 2, 10, 5)
    for name in ("first", "first_low", "first_high", "total", "total_low", "total_high"):
        assert np.array_equal(getattr(one, name), getattr(two, name)), name
    assert one.total[1, 1] > 0.8 and abs(one.total[1, 0]) < 0.05
    assert np.allclose(one.first[0], 3 / 7, atol=0.03) and np.allclose(
        one.total[0], 4 / 7, atol=0.03
    )  # u·v: V_u = V_v = 1/48 of 7/144


def test_a_measure_nothing_moves_has_no_indices():
    found = se.sobol(lambda u: np.stack([np.full(u.shape[1], 7.0), u[0]]), 2, 5, 1, 20)
    assert (
        not found.first[0].any()
        and not found.total[0].any()
        and found.first[1, 0] == pytest.approx(1, abs=0.1)
    )


def test_only_parameters_on_the_path_to_a_measure_are_drawn(study):
    assert {"fees_beta", "response_spread", "volume_default_pass_rate"} <= movers(
        "fee_bill"
    ) and not any(name.startswith("pay_") for name in movers("fee_bill"))
    assert {"pay_elasticity", "funding_crowding_out"} <= movers("funding_gap")
    view, scope = study.views("supply")[0], study.scope()
    base = measured(study.prepared.evaluate(view)[0], scope, view)
    for (
        name,
        parameter,
    ) in study.law.parameters.items():  # what the graph says cannot move a measure does not
        if parameter.type == "number" and parameter.low is not None and parameter.high is not None:
            for end in (parameter.low, parameter.high):
                turned = {**view, name: end}
                now = measured(study.prepared.evaluate(turned)[0], scope, turned)
                assert all(
                    np.array_equal(base[one], now[one], equal_nan=True)
                    for one in TARGETS
                    if name.replace(".", "_") not in movers(one)
                ), name


def test_sensitivity_names_what_decides(study):
    found = se.sensitivity(study, "fee_bill", "supply", 8, 1)
    frame = found.frame
    assert (
        set(frame["parameter"][:2]) == {"fees.beta", "response.spread"}
        and (frame["total_low"] <= frame["total"] + 1e-9).all()
    )
    assert (
        found.alone[0] == pytest.approx(frame["first"].sum())
        and found.alone[1] < found.alone[0] < found.alone[2]
    )
    said = " ".join(se.in_words(found, se.other_readings(study, "fee_bill", "supply")))
    assert "协商取得份额" in said and "条款" in said


@pytest.mark.parametrize("scenarios", [[], ["cap_plus_20"]])
@pytest.mark.parametrize("measure", ["fee_bill", "coverage", "x_hour_pay"])
def test_other_readings_are_the_answers_of_runs_that_take_them(scenarios, measure):
    """With or without a scheme: the change of the scheme, or the level."""
    asked = open_study("example", scenarios)
    others = se.other_readings(asked, measure, "none")
    assert (
        not others.empty
        and (others["option"] != others["chosen"]).all()
        and "pay.tilt_hours" not in set(others["parameter"])
    )
    for row in others.itertuples():
        other = open_study("example", scenarios, {row.parameter: str(row.option)})
        values = [
            measured(result, other.scope(result.compiled), view)[measure]
            for result, view in zip(other.pair("none"), other.views("none"), strict=True)
        ]
        assert row.answer == pytest.approx(
            float(values[1] - values[0]) if scenarios else float(values[0]), rel=1e-12, abs=1e-9
        ), row.parameter
    assert others["here"].nunique() == 1


def test_nothing_left_to_vary_is_said_and_not_a_fault(study):
    view = study.law.at(mid_year(study.year))
    everything = {
        one.name: ",".join(f"{tier}:{x}" for tier, x in view[one.name].items())
        if one.type == "by_tier"
        else str(view[one.name])
        for one in uncertain(study.law)
    }
    fixed = open_study("example", [], everything)
    found = se.sensitivity(fixed, "fee_bill", "none", 8, 1)
    assert (
        found.frame.empty
        and se.in_words(found, se.other_readings(fixed, "fee_bill", "none"))[0]
        == "没有一个假设明显影响结论。"
    )


def test_the_cap_that_solves_a_target_is_the_break_even_cap():
    study = open_study("national", ["cap_plus_20"], province="44")
    drawn = study_draws(study, 3, 1)
    found = solve(study, "cap_scale", "unmet_share", 0.05, True, 0.3, 3.0, "supply", drawn)
    scheme_free = open_study("national", [], province="44", tables=study.tables)
    plain = solve(scheme_free, "cap_scale", "unmet_share", 0.05, True, 0.3, 3.0, "supply")
    assert plain.kind == "point" and plain.value == pytest.approx(
        float(break_even_scale(scheme_free, 0.05, steps=30)[0]), rel=1e-6
    )
    # the scheme's caps are 1.2 times higher; eight draws are too few for an interval
    assert found.value * 1.2 == pytest.approx(plain.value, rel=1e-6) and found.solved == 1


@pytest.mark.thorough
def test_the_cap_that_solves_a_target_has_an_interval():
    study = open_study("national", ["cap_plus_20"], province="44")
    drawn = study_draws(study, 7, 1)
    found = solve(study, "cap_scale", "unmet_share", 0.05, True, 0.3, 3.0, "supply", drawn)
    assert found.low < found.high and found.low <= found.value <= found.high and found.solved == 1


@pytest.mark.parametrize(
    ("knob", "measure", "target", "below", "low", "high", "kind"),
    [
        ("pay.elasticity", "adequacy", 1.0, False, 0.0, 1.0, "point"),
        ("fees.beta", "fee_bill", 1e9, True, 0.0, 1.0, "everywhere"),
        ("fees.beta", "fee_bill", 1.0, True, 0.0, 1.0, "nowhere"),
        ("central_award", "colleges_with_gap", 0, True, 0.0, 1e5, "nowhere"),
    ],
)
def test_targets_that_one_value_all_values_or_none_reach(
    study, knob, measure, target, below, low, high, kind
):
    found = solve(study, knob, measure, target, below, low, high, "supply")
    assert found.kind == kind and (np.isfinite(found.value) or kind == "nowhere")
    if kind == "point":
        views = study.turned({knob: found.value}, "supply")
        _, after = study.prepared.evaluate(*views)
        assert float(measured(after, study.scope(), views[1])[measure]) == pytest.approx(
            target, rel=1e-6
        )
    zh, en = in_words(found, knob), in_words(found, knob, "en")
    assert {"nowhere": "取任何值都达不到", "everywhere": "取任何值都满足", "point": "至少取"}[
        kind
    ] in zh and zh.startswith(knob)
    assert (
        {"nowhere": "No value of", "everywhere": "Every value of", "point": "up in"}[kind] in en
        and knob in en
        and not re.search(r"[\u4e00-\u9fff]", en)
    )


class Curve:
    """Stands for a study: the measure is a known function of the knob and of one drawn number."""

    def __init__(self, monkeypatch, function):
        monkeypatch.setattr(so, "knob_of", lambda study, knob: None)
        monkeypatch.setattr(
            so,
            "_values",
            lambda study, turned, measure, mode, x, drawn: np.broadcast_to(
                function(
                    np.ravel(np.asarray(x, float)),
                    np.ravel(drawn.get("fees__beta", np.array([0.0]))),
                ),
                (max(np.size(x), np.size(drawn.get("fees__beta", 0))),),
            ).astype(float),
        )


DRAWN = {
    "fees__beta": (np.arange(200) + 0.5)[:, None] / 200 - 0.5
}  # so that by Hazen's rule P10 is −0.4 and P90 0.4


@pytest.mark.parametrize(
    ("function", "target", "below", "kind", "regions", "value", "low", "high", "solved"),
    [
        (lambda x, e: x + e, 2.0, False, "point", ((2.0, 3.0),), 2.0, 1.6, 2.4, 1.0),
        (lambda x, e: x + e, 1.0, True, "point", ((0.0, 1.0),), 1.0, 0.6, 1.4, 1.0),
        (
            lambda x, e: (x - 1.5 - e) ** 2,
            0.25,
            True,
            "interval",
            ((1.0, 2.0),),
            1.0,
            0.6,
            1.4,
            1.0,
        ),
        (
            lambda x, e: (x - 1.5) ** 2 + 0 * e,
            0.5,
            False,
            "regions",
            ((0.0, 1.5 - 0.5**0.5), (1.5 + 0.5**0.5, 3.0)),
            0.0,
            0.0,
            0.0,
            1.0,
        ),
        (
            lambda x, e: 0 * x + e,
            0.25,
            False,
            "nowhere",
            (),
            float("nan"),
            float("nan"),
            float("nan"),
            0.25,
        ),
        (
            lambda x, e: 0 * x + e,
            -0.25,
            False,
            "everywhere",
            ((0.0, 3.0),),
            0.0,
            float("nan"),
            float("nan"),
            0.75,
        ),
    ],
)
def test_every_shape_of_an_answer_is_told_apart(
    monkeypatch, study, function, target, below, kind, regions, value, low, high, solved
):
    Curve(monkeypatch, function)
    found = so.solve(study, "x", "coverage", target, below, 0.0, 3.0, "none", DRAWN)
    assert found.kind == kind and np.allclose(found.regions, regions, atol=1e-6)
    assert np.allclose([found.value, found.solved], [value, solved], atol=1e-6, equal_nan=True)
    assert np.allclose(
        [found.low, found.high], [low, high], atol=1e-4, equal_nan=True
    )  # ends of an interval are looked for less finely
    few = (
        kind == "nowhere" or solved < 1
    )  # where every draw has a solution nothing is said of draws
    assert (f"{100 * solved:.0f}%的抽样" in in_words(found, "x")) is few and (
        "的抽样" in in_words(found, "x")
    ) is few
    assert (f"({100 * solved:.0f} % of the draws" in in_words(found, "x", "en")) is few and (
        "draws" in in_words(found, "x", "en")
    ) is few


@pytest.mark.parametrize(
    ("low", "high", "zh", "en"),
    [
        (0.41234, 0.61111, "β至多取 0.523（0.41—0.61） 时", "from 0.523 (0.41 to 0.61) down in β"),
        (float("nan"), float("nan"), "β至多取 0.523456 时", "from 0.523456 down in β"),
    ],
)
def test_an_edge_is_printed_with_its_interval_rounded_to_the_side_that_meets_the_target(
    low, high, zh, en
):
    found = so.Solution(
        "fee_bill",
        1e5,
        True,
        "point",
        ((0.0, 0.523456),),
        0.523456,
        "down",
        low,
        high,
        1.0,
        1e5,
    )
    assert zh in in_words(found, "β") and en in in_words(found, "β", "en")


def test_a_measure_without_a_value_is_refused(monkeypatch, study):
    Curve(monkeypatch, lambda x, e: x * np.nan)
    with pytest.raises(ParameterError, match="没有数值"):
        so.solve(study, "x", "adequacy", 1.0, True, 0.0, 1.0, "none")


def test_an_unknown_knob_or_measure_names_the_nearest(study):
    with pytest.raises(ParameterError, match="fees.beta"):
        solve(study, "fees.betta", "fee_bill", 1, True, 0, 1)
    with pytest.raises(ParameterError, match="fee_bill"):
        solve(study, "fees.beta", "fee_bil", 1, True, 0, 1)


def test_winners_and_losers_add_up(study):
    before, after = study.pair("supply")
    changes = winners.college_changes(study, before, after)
    assert np.allclose(
        changes[[f"why_{name}" for name in winners.WHY]].sum(axis=1), changes["cash"], atol=1e-6
    )
    groups = winners.by_group(changes, "tier")
    assert groups["cash"].iloc[:-1].sum() == pytest.approx(groups["cash"].iloc[-1]) and groups[
        "colleges"
    ].iloc[-1] == len(changes)
    assert groups["cash"].iloc[-1] == pytest.approx(
        before.served["needs"].sum() - after.served["needs"].sum()
    )
    top = winners.largest(changes, 2)
    assert (
        len(top) == 2
        and top["cash"].iloc[0] == changes["cash"].min()
        and set(top["why"]) <= set(winners.WHY)
    )
    same = winners.college_changes(study, before, before)
    assert (same["cash_side"] == "same").all() and (same["service_side"] == "same").all()


def test_pot_before_and_after_and_its_frontier():
    study = open_study(
        "example", [], {"funding.crowding_out": "0"}
    )  # each yuan awarded closes a yuan of gap
    _, after = study.pair("none")
    view = study.views("none")[1]
    table = before_and_after(study, after, view)
    assert (table["awarded"] <= table["pot"] + 0.02).all() and np.allclose(
        table["gap_before"] - table["gap_after"], table["awarded"], atol=0.02
    )
    edge = pot.frontier(study, after, view, 2)
    assert len(edge) == 7 and edge["efficient"].any()
    given = edge[(edge["candidates"] == 0.5) & (edge["need"] == 0.5)].iloc[0]
    direct = study.prepared.evaluate(
        *(
            {**one, "funding.pot_weights": {"candidates": 0.5, "need": 0.5, "low_capacity": 0.0}}
            for one in study.views("none")
        )
    )[1]
    assert given["coverage"] == pytest.approx(
        1 - direct.served["funding_gap"].sum() / direct.served["needs"].sum(), rel=1e-12
    )


def need_parquet():
    pytest.importorskip(
        "pyarrow",
        reason="pyarrow is not installed: sweeps are kept as Parquet, with the extra onexmodel[sweep]",
    )


SWEEP = """title: {zh: 试, en: try}
data: example
provinces: ["", S01]
scenarios: [[], [cap_plus_20]]
mode: supply
draws: 7
parameters:
  fees.beta: {low: 0.0, high: 1.0, points: 3}
  response.sharp: ["no", "yes"]
measures: [fee_bill, funding_gap]
"""


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    need_parquet()
    folder = tmp_path_factory.mktemp("sweep")
    path = folder / "s.yaml"
    path.write_text(SWEEP, encoding="utf-8")
    assert main(["sweep", str(path), "--out", str(folder / "one")]) == 0
    return path, folder / "one"


def test_sweep_holds_the_numbers_of_single_runs(swept):
    frame = pd.read_parquet(swept[1] / "sweep.parquet")
    assert (
        len(frame) == 2 * 6 * (1 + 2) * 2
    )  # provinces · points · (baseline; baseline and scheme) · measures
    assert (frame["side"] == "scheme").sum() == 2 * 6 * 2
    row = frame[
        (frame["scenario"] == "cap_plus_20")
        & (frame["province"] == "S01")
        & (frame["fees.beta"] == 0.5)
        & (frame["response.sharp"] == "no")
        & (frame["side"] == "scheme")
        & (frame["measure"] == "fee_bill")
    ].iloc[0]
    study = open_study(
        "example", ["cap_plus_20"], {"fees.beta": "0.5", "response.mode": "supply"}, "S01"
    )
    views = study.views()
    assert (
        row["value"] == float(measured(study.pair()[1], study.scope(), views[1])["fee_bill"])
        and row["p10"] <= row["p50"] <= row["p90"]
    )


def test_sweep_goes_on_where_it_was_killed_and_gives_the_same_bytes(swept, tmp_path):
    path, done = swept
    runs = run_sweep(read_sweep(path), tmp_path)
    next(runs), next(runs), runs.close()  # killed after one part
    assert (
        len(list((tmp_path / "parts").glob("*.parquet"))) == 1
        and not (tmp_path / "sweep.parquet").exists()
    )
    assert [one for one in run_sweep(read_sweep(path), tmp_path, workers=2)][0] == (1, 4)
    assert (tmp_path / "sweep.parquet").read_bytes() == (done / "sweep.parquet").read_bytes()


def test_sweep_on_a_dask_cluster_is_the_same_even_when_a_worker_dies(swept, tmp_path):
    import os
    import signal

    pytest.importorskip(
        "distributed",
        reason="distributed is not installed: sweeps on several machines need the extra onexmodel[sweep]",
    )
    from distributed import Client, LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        runs = run_sweep(read_sweep(swept[0]), tmp_path, scheduler=cluster.scheduler_address)
        next(runs), next(runs)
        with Client(cluster) as client:
            os.kill(next(iter(client.run(os.getpid).values())), signal.SIGKILL)
        list(runs)
    assert (tmp_path / "sweep.parquet").read_bytes() == (swept[1] / "sweep.parquet").read_bytes()


def test_another_sweep_does_not_mix_with_these_parts(swept, tmp_path):
    other = tmp_path / "t.yaml"
    other.write_text(SWEEP.replace("draws: 7", "draws: 8"), encoding="utf-8")
    with pytest.raises(ParameterError, match="另一次扫描"):
        list(run_sweep(read_sweep(other), swept[1]))


def test_a_scenario_edited_between_two_runs_is_another_sweep(tmp_path):
    need_parquet()
    scheme, path = tmp_path / "mine.yaml", tmp_path / "s.yaml"
    text = "title: {zh: 试, en: try}\nauthor: t\nbased_on: current_law\nchanges:\n  - {parameter: pay.elasticity, value: 0.3, rationale: 试}\n"
    scheme.write_text(text, encoding="utf-8")
    path.write_text(
        f"data: example\nscenarios: [[{scheme}]]\nparameters:\n  fees.beta: [0.5]\nmeasures: [uplift]\n",
        encoding="utf-8",
    )
    list(run_sweep(read_sweep(path), tmp_path / "out"))
    scheme.write_text(text.replace("0.3", "0.4"), encoding="utf-8")
    with pytest.raises(ParameterError, match="另一次扫描"):
        list(run_sweep(read_sweep(path), tmp_path / "out"))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("parameters: [fees.beta]", "应为 参数名: 取值"),
        ("parameters: {fees.beta: {low: a, high: 1}}", "应为数"),
        ("parameters: {fees.beta: {low: 0, high: 1, points: x}}", "应为正整数"),
        ("provinces: S01", "写成 provinces: [S01]"),
        ("scenarios: [cap_plus_21]", "最接近的是「cap_plus_20」"),
        ("parameters: {funding.use_order: [a]}", "只能扫描数值或选项参数"),
        ("mode: suply", "最接近的是「supply」"),
        ("seed: yes", "应为不小于 0 的整数"),
    ],
)
def test_a_fault_of_a_sweep_file_is_a_sentence_with_its_line(line, words, tmp_path):
    path = tmp_path / "s.yaml"
    path.write_text(f"data: example\n{line}\n", encoding="utf-8")
    with pytest.raises(ParameterError, match=re.escape(words)) as refused:
        read_sweep(path)
    assert "s.yaml 第 2 行" in str(refused.value)


def test_a_faulty_sweep_file_says_every_fault_with_its_line(tmp_path):
    path = tmp_path / "s.yaml"
    path.write_text(
        "data: example\nmodee: none\nparameters:\n  fees.betta: [0.1]\n  fees.verification_margin: 0.1\n  fees.beta: [2.0]\nmeasures: [fee_bil]\ndraws: -1\n",
        encoding="utf-8",
    )
    with pytest.raises(ParameterError) as refused:
        read_sweep(path)
    said = str(refused.value)
    assert all(
        word in said
        for word in (
            "s.yaml 第 2 行",
            "最接近的是「mode」",
            "最接近的是「fees.beta」",
            "取值应为列表",
            "最接近的是「fee_bill」",
            "draws",
        )
    )
    assert len(refused.value.faults) == 6


def test_latin_hypercube_covers_its_range(tmp_path):
    path = Path(tmp_path / "s.yaml")
    path.write_text(
        "data: example\ndesign: lhs\npoints: 8\nparameters:\n  fees.beta: {low: 0, high: 1}\n  response.spread: {low: 0.1, high: 0.2}\n",
        encoding="utf-8",
    )
    points = np.array(read_sweep(path).points)
    assert (np.sort((points[:, 0] * 8).astype(int)) == np.arange(8)).all() and json.dumps(
        points.tolist()
    ) == json.dumps(np.array(read_sweep(path).points).tolist())


def test_commands_speak(capsys):
    assert (
        main(
            [
                "solve",
                "--data",
                "example",
                "--vary",
                "pay.elasticity",
                "--measure",
                "adequacy",
                "--at-least",
                "1",
                "--low",
                "0",
                "--high",
                "1",
                "--draws",
                "7",
            ]
        )
        == 0
    )
    said = capsys.readouterr().out
    assert "核增弹性至少取" in said and "每X课时报酬与课时费之比 ≥ 1" in said
    assert main(["winners", "--data", "example", "--scenario", "cap_plus_20"]) == 0
    table = capsys.readouterr().out.splitlines()
    assert len(table) == 2 and table[1].startswith(
        "合计\t6\t"
    )  # circulated: only the total has five colleges
    assert (
        main(["sensitivity", "--data", "example", "--scenario", "cap_plus_20", "--draws", "8"]) == 0
    )
    assert main(["winners", "--data", "example"]) == 2


def test_what_a_scenario_supposes_of_the_world_is_not_drawn(tmp_path):
    """A belief set by a scenario holds on both sides, in every study as in the national draws; an instrument it sets is drawn in its baseline."""
    file = tmp_path / "supposed.yaml"
    file.write_text(
        "title: {zh: 假想, en: supposed}\nauthor: t\nchanges:\n  - {parameter: fees.beta, value: 0.3, rationale: t}\n",
        encoding="utf-8",
    )
    supposed, changed = open_study("example", [str(file)]), open_study("example", ["cap_plus_20"])
    assert "fees__beta" in study_draws(changed, 1, 1) and "fees__beta" not in study_draws(
        supposed, 1, 1
    )
    drawn = np.array([[0.1], [0.9]])
    assert [
        np.ptp(headline(result, supposed.scope())["fee_bill"])
        for result in supposed.pair("none", fees__beta=drawn)
    ] == [0, 0]
    assert (
        np.ptp(headline(changed.pair("none", fees__beta=drawn)[1], changed.scope())["fee_bill"]) > 0
    )
    assert "pay__elasticity" in study_draws(open_study("example", ["elasticity_high"]), 1, 1)
