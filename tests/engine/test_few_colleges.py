"""Too few of a province's colleges in the data: one answer in every command (docs/method.md §3, §4)."""

import numpy as np
import pandas as pd
import pytest

from onexmodel.analysis.draws.montecarlo import monte_carlo
from onexmodel.analysis.headline import headline
from onexmodel.analysis.response_basis import few_note, need_judged, no_answer
from onexmodel.analysis.scheme import answered
from onexmodel.analysis.study import open_study
from onexmodel.analysis.winners import college_changes
from onexmodel.cli import main
from onexmodel.engine.findings.table import findings_frame
from onexmodel.engine.places.few_colleges import few_said
from onexmodel.errors import ParameterError
from onexmodel.places import shipped
from onexmodel.report.fee_cap.report import opened_report
from onexmodel.report.make.gate import FeeCapParameters
from onexmodel.study import open_run

OWN = {
    "offerings": "college",
    "pay_pools": "college",
    "funding": "owner",
    "colleges": "college",
    "components": "college",
    "ingredients": "college",
}
EMPTY = ("assessments", "payments", "workload", "budget_lines")
FEES = """province,certificate,level,given_proposal,verified_cost,published_fee,stage,document,special_case,special_fee,special_document,special_from,special_to,valid_from,valid_to
S01,K1,intermediate,,,210,published,甲教〔2021〕2号,no,,,,,2021-01-01,
S01,K2,junior,,,70,published,甲教〔2021〕2号,no,,,,,2021-01-01,
S01,K3,advanced,,,280,published,甲教〔2021〕2号,no,,,,,2021-01-01,
"""


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """One college's data, every fee published and no proposal or verified cost."""
    folder = tmp_path_factory.mktemp("own")
    for file in shipped("data", "example").iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    for table in (*OWN, *EMPTY):
        frame = pd.read_csv(folder / f"{table}.csv", dtype=str, keep_default_na=False)
        kept = frame[frame[OWN[table]].isin(["", "X1", "S01"])] if table in OWN else frame.head(0)
        kept.to_csv(folder / f"{table}.csv", index=False)
    (folder / "fees.csv").write_text(FEES, encoding="utf-8")
    return str(folder)


def asked(capsys, *words):
    """(exit code, stdout, stderr) of a command."""
    code = main(list(words))
    told = capsys.readouterr()
    return code, told.out, told.err


@pytest.mark.parametrize("scenario", ["cap_plus_10", "cap_plus_20", "cap_plus_50", "deduct_off"])
def test_every_way_to_ask_gives_the_same_bill_and_gap(own, scenario):
    """The report said 21.6, montecarlo 0.8; +20 % was +4.2 in the report and +0.3 in winners."""
    study = open_study(own, [scenario])
    run = open_run(own, [scenario])[0].frames()["colleges"]
    report = opened_report(
        FeeCapParameters(data=own, scenario=[scenario], internal=True, log2_draws=1)
    )
    drawn = monte_carlo(open_study(own), [scenario], "supply", 0, 1).headlines(scenario)
    changes = college_changes(study, *study.pair("supply"))
    for name in ("fee_bill", "funding_gap"):
        point = float(run[name].sum())
        assert report.heads["none"][1][name] == pytest.approx(point)
        for mode in ("none", "supply"):
            assert float(headline(study.pair(mode)[1], study.scope())[name]) == pytest.approx(point)
    assert changes["gap_change"].sum() == pytest.approx(
        float((run["funding_gap"] - run["baseline_funding_gap"]).sum()), abs=1e-6
    )
    assert changes["service"].abs().sum() == 0 and drawn["served"] == pytest.approx(
        study.tables["offerings"]["candidates"].sum()
    )


def test_draws_serve_the_plan(own):
    found = monte_carlo(open_study(own), ["cap_plus_20"], "supply", 3, 1)
    assert np.ptp(found.headlines("cap_plus_20")["served"]) == 0
    assert found.headlines("baseline")["fee_bill"] == pytest.approx(
        np.full(8, headline(open_study(own).pair()[0], open_study(own).scope())["fee_bill"]),
        rel=0.2,
    )


def test_a_run_follows_every_formula_and_says_what_is_an_indication(own, capsys, tmp_path):
    """The tables of run are the method's, whatever the data; a finding says what they do not tell."""
    made = open_run(own, ["cap_plus_20"])[0].frames()["fees"]
    assert (made["approved_fee"] >= made["baseline_approved_fee"]).all()
    code, _, err = asked(
        capsys, "run", "--data", own, "--scenario", "cap_plus_20", "--out", str(tmp_path)
    )
    assert code == 0 and err.count("只供参考") == 1


def test_a_removed_cap_has_no_answer_anywhere(own, capsys, tmp_path):
    study = open_study(own, ["cap_removed"])
    assert answered(*study.pair("none"), study.scope())["share"] == 1
    assert "无法测算" in no_answer(study) and not no_answer(open_study(own, ["cap_plus_20"]))
    for command in (
        ("winners", "--internal"),
        (
            "solve",
            "--vary",
            "fees.beta",
            "--measure",
            "fee_bill",
            "--at-most",
            "1",
            "--low",
            "0",
            "--high",
            "1",
        ),
        ("explain", "approved_fee", "--certificate", "K1", "--level", "中级"),
    ):
        code, out, err = asked(capsys, *command, "--data", own, "--scenario", "cap_removed")
        assert code == 1 and not out and "取消上限后，100%的考核人次的费用标准无法测算" in err
    code, out, err = asked(
        capsys,
        "montecarlo",
        "--data",
        own,
        "--draws",
        "1",
        "--workers",
        "1",
        "--scenario",
        "cap_removed",
        "--budget",
        "考核费支出=1万",
    )
    rows = {
        tuple(line.split("\t")[:2]): line.split("\t")[2]
        for line in out.splitlines()
        if "\t" in line
    }
    assert code == 0 and "无法测算" in err
    assert {
        rows["cap_removed", name]
        for name in ("考核费支出", "平均核定标准", "学校年支出", "院校经费缺口")
    } == {"无法测算"}
    assert rows["基准", "考核费支出"] != "无法测算"
    code, _, err = asked(
        capsys, "run", "--data", own, "--scenario", "cap_removed", "--out", str(tmp_path)
    )
    assert code == 0 and "无法测算" in err
    found = (tmp_path / "findings.csv").read_text(encoding="utf-8-sig")
    assert "取消上限后，100%的考核人次的费用标准无法测算" in found


def test_the_report_says_no_answer_and_no_pass_through(own):
    report = opened_report(
        FeeCapParameters(data=own, scenario=["cap_removed"], internal=True, log2_draws=1)
    )
    assert report.open and report.told.passing["given"] == 0
    said = report.front()._repr_html_() + report.modes_table()._repr_html_()
    assert said.count("无法测算") >= 5
    report = opened_report(
        FeeCapParameters(data=own, scenario=["cap_plus_20"], internal=True, log2_draws=1)
    )
    assert report.told.through is None and report.unjudged == 1 and report.passing["full"] == 0
    said = report.front()._repr_html_()
    assert "无法判断" in said and "给定" not in said and "上限不改变任何" not in said


def test_what_only_organisations_tell_is_refused_or_left_out(own, capsys):
    study = open_study(own)
    for measure in ("unmet_share", "supplier_shortfall", "suppliers_short"):
        with pytest.raises(ParameterError, match="院校太少"):
            need_judged(study, measure)
    need_judged(study, "fee_bill")
    _, out, _ = asked(capsys, "montecarlo", "--data", own, "--draws", "1", "--workers", "1")
    assert "基准\t未满足考核需求\t无法测算" in out and "基准\t机构成本未覆盖额\t无法测算" in out


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_one_sentence_says_so_in_every_command(own, capsys, lang):
    study = open_study(own, ["cap_plus_20"])
    note = few_note(study, lang)
    assert ("只有1所" if lang == "zh" else "only 1 college ") in note
    for command in (
        ("winners", "--internal", "--scenario", "cap_plus_20"),
        ("montecarlo", "--draws", "0", "--workers", "1"),
        (
            "solve",
            "--draws",
            "-1",
            "--vary",
            "cap_scale",
            "--measure",
            "fee_bill",
            "--at-most",
            "1亿",
            "--low",
            "0.5",
            "--high",
            "2",
        ),
        ("explain", "uplift", "--college", "X1"),
    ):
        _, _, err = asked(capsys, *command, "--data", own, "--lang", lang)
        assert err.count(note) == 1, command
    assert not few_said({}, study.prepared.baseline, study.views()[0], lang)


def test_a_finding_says_so_for_each_province_and_none_where_there_are_enough(own, one_province):
    run, tables = open_run(own, ["cap_removed"])
    found = findings_frame(run, tables).set_index("rule")
    assert found.loc["few_colleges", "key"] == "S01/2021" and "cap_removed" in found.index
    run, tables = open_run(str(one_province), ["cap_plus_20"])
    assert "few_colleges" not in set(findings_frame(run, tables)["rule"])


def test_a_province_with_enough_colleges_is_answered_as_before(one_province):
    study = open_study(str(one_province), ["cap_plus_20"])
    before, after = study.pair("supply")
    assert (np.asarray(before.plan["share_served"]) < 1).any() and after.plan["fee_judged"][
        before.compiled.space.maps["offering", "cell"].index
    ].all()
    assert not few_note(study)


def test_few_among_enough_are_judged_with_the_place(one_province):
    """Where nearly all candidates are in provinces with enough colleges, the place is judged; asked alone, the small one is not."""
    tables = open_study(str(one_province), []).tables
    moved = tables["colleges"].assign(province=["S01"] * 5 + ["S03"])
    plans = tables["offerings"]
    plans = plans.assign(candidates=plans["candidates"].where(plans["college"] != "X6", 1))
    frames = {"colleges": moved, "offerings": plans}
    both = open_study(str(one_province), ["cap_plus_20"], tables=tables.with_frames(frames))
    assert both.judged and (np.asarray(both.pair("supply")[1].plan["share_served"]) < 1).any()
    small = open_study(str(one_province), [], province="S03", tables=both.tables)
    assert not small.judged and small.views("supply")[0]["response.mode"] == "none"


def _lines(node):
    yield node
    for child in node.get("children", ()):
        yield from _lines(child)


def test_the_budget_says_what_a_removed_cap_leaves_open(own):
    from onexmodel.report.budget_and_settlement import report as budget
    from onexmodel.report.make.gate import BudgetParameters

    for lang, said in (("zh", "费用标准无法测算"), ("en", "cannot be worked out")):
        asked = {"data": own, "internal": True, "log2_draws": 1, "lang": lang}
        made = budget.opened_report(BudgetParameters(**asked, scenario=["cap_removed"]))
        assert said in made.front()._repr_html_()
        made = budget.opened_report(BudgetParameters(**asked, scenario=["cap_plus_20"]))
        assert said not in made.front()._repr_html_()
