"""Scenario changes of tables and parameters: their dates, their rows, and what is refused."""

from datetime import date

import pytest

from onexmodel.engine.findings import findings_frame
from onexmodel.errors import ScenarioError
from onexmodel.study import open_run

HEAD = "title: {zh: 试, en: try}\nauthor: t\nbased_on: current_law\nchanges:\n"


@pytest.fixture
def scenario(tmp_path):
    def write(change: str) -> str:
        path = tmp_path / "s.yaml"
        path.write_text(f"{HEAD}  - {{{change}, rationale: 试}}\n", encoding="utf-8")
        return str(path)
    return write


def candidates(run):
    return {year.compiled.year: year.compiled.leaves["planned_candidates"].sum() for year in run.last}


@pytest.mark.parametrize(("window", "doubled"), [
    ("", True), ("from: 2021-07-01, ", True), ("from: 2021-07-02, ", False), ("until: 2021-07-01, ", False), ("until: 2021-07-02, ", True),
    ("from: 2022-01-01, ", False)])
def test_a_change_of_a_table_holds_where_its_dates_cover_the_first_of_july(scenario, window, doubled):
    plain = candidates(open_run("example")[0])
    run, tables = open_run("example", [scenario(f"table: offerings, column: candidates, {window}scale: 2")])
    changed = candidates(run)
    assert changed == {year: count * (2 if doubled else 1) for year, count in plain.items()}
    dormant = findings_frame(run, tables).query("rule == 'dormant_change'")
    assert len(dormant) == (0 if doubled else 1)


def test_rows_may_be_chosen_by_chinese_words_or_codes(scenario):
    chinese = open_run("example", [scenario("table: offerings, column: candidates, where: {province: 甲省, level: [中级, 初级]}, scale: 2")])[0]
    coded = open_run("example", [scenario("table: offerings, column: candidates, where: {province: S01, level: [intermediate, junior]}, scale: 2")])[0]
    assert candidates(chinese) == candidates(coded) != candidates(open_run("example")[0])


@pytest.mark.parametrize(("change", "words"), [
    ("parameter: fees.beta, value: 0.7, where: {province: S01}", "全国同一取值，不能按「province」选"),
    ("parameter: fees.cap.computer, scale: 1.1, where: {province: S01}", "只能按 level 选等级，不能按「province」选"),
    ("parameter: fees.cap.computer, scale: 1.1, where: {level: juniors}", "最接近的是「junior」"),
    ("table: offerings, column: candidate, scale: 2", "最接近的是「candidates」"),
    ("table: offerings, column: candidates, where: {college: X99}, scale: 2", "没有符合条件的行")])
def test_what_would_be_left_out_in_silence_is_refused(scenario, change, words):
    with pytest.raises(ScenarioError, match=words):
        open_run("example", [scenario(change)])


def test_a_cap_of_one_level_starts_from_the_amount_for_all(scenario):
    run = open_run("example", [scenario("parameter: fees.cap.computer, scale: 1.5, where: {level: junior}")])[0]
    law, before = run.composition.law, run.composition.baseline_law
    day = date(2021, 7, 1)
    assert law.at(day)["fees.cap.computer"]["junior"] == 1.5 * before.at(day)["fees.cap.computer"]["all"]
    assert law.at(day)["fees.cap.computer"]["all"] == before.at(day)["fees.cap.computer"]["all"]


@pytest.mark.parametrize(("change", "words"), [
    ("parameter: fees.cap.paper, scale: 20%", "最接近的是「1.2」"), ("parameter: pay.elasticity, value: high", "不是数"), ("parameter: pay.elasticity, add: [1]", "不是数"),
    ("parameter: pay.elasticity, value: 0.3, from: 2022-01-01, until: 2021-01-01", "永远不生效"), ("parameter: pay.elasticity, remove: true", "只有上限可以取消"),
    ("parameter: pay.uplift_method, scale: 2", "不是数值"), ("parameter: fees.beta, value: 0.3, where: [S01]", "where 应为")])
def test_what_cannot_be_meant_is_a_sentence_and_no_traceback(scenario, change, words):
    with pytest.raises(ScenarioError, match=words):
        open_run("example", [scenario(change)])


@pytest.mark.parametrize(("change", "words"), [("parameter: fees.cap.paper, scale: 20", "应写 scale: 1.2"), ("parameter: pay.elasticity, value: 50", "超出登记的取值范围 0 至 1")])
def test_what_looks_like_a_slip_is_noted(scenario, change, words):
    notes = open_run("example", [scenario(change)])[0].composition.notes
    assert len(notes) == 1 and words in notes[0] and "s.yaml 第 5 行" in notes[0]


def test_all_faults_of_several_scenarios_at_once(scenario, tmp_path):
    path = tmp_path / "t.yaml"
    path.write_text(HEAD + "  - {parameter: fees.betta, value: 0.5, rationale: 试}\n  - {parameter: fees.beta, value: 7, rationale: 试}\n"
                    "  - {parameter: pay.uplift_method, value: none, rationale: 试}\n  - {parameter: fees.beta, value: 0.2, rationale: 试, where: {province: S01}}\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as refused:
        open_run("example", [str(path)])
    assert len(refused.value.faults) == 5  # unknown name, value, option, where, two changes of one thing


def test_a_scenario_saved_by_an_old_editor_is_read(scenario, tmp_path):
    path = tmp_path / "gbk.yaml"
    path.write_bytes((HEAD.replace("试", "试点") + "  - {parameter: fees.beta, value: 0.6, rationale: 测算}\n").encode("gb18030"))
    assert open_run("example", [str(path)])[0].composition.scenarios[0].title["zh"] == "试点"
