"""scenario_compare: each column is the scenario alone, all under the same draws; the difference of two is split exactly; every shape of data and
scenario is told or refused in words."""

import html
import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest
from made_here import opened_once

from onexmodel.analysis.compare.columns import MONEY
from onexmodel.analysis.compare.parts import Mixed, moves, own_parts, parts
from onexmodel.analysis.draws.evaluate import headline_draws
from onexmodel.analysis.draws.sample import interval
from onexmodel.analysis.headline import headline
from onexmodel.analysis.study import open_study
from onexmodel.cli import main
from onexmodel.errors import OnexError, ReportError
from onexmodel.law.scenario import combination
from onexmodel.places import shipped
from onexmodel.report import open_scenario_compare
from onexmodel.report.make.fingerprint import RECORD
from onexmodel.report.make.gate import ScenarioCompareParameters
from onexmodel.report.make.record import check
from onexmodel.report.make.verify import verify
from onexmodel.report.page.style import across, canvas

pytestmark = pytest.mark.usefixtures("sketched")

HEAD = "title: {{zh: {0}, en: {0}}}\nauthor: t\nbased_on: current_law\nchanges:\n"
CELLS = (
    "front",
    "decision",
    "scheme",
    "levels_table",
    "changes_table",
    "bars_figure",
    "parts_table",
)
CELLS += (
    "parts_figure",
    "each_table",
    "winners_table",
    "draws_table",
    "condition",
    "conclusions",
    "notes",
)
TWO = ["cap_plus_20", "package_combined"]


@pytest.fixture
def written(tmp_path):
    """(name, changes) → path of a scenario file."""

    def write(name, *changes):
        path = tmp_path / f"{name}.yaml"
        body = "".join(f"  - {{{one}, rationale: 假设}}\n" for one in changes)
        path.write_text(HEAD.format(name) + body, encoding="utf-8")
        return str(path)

    return write


@opened_once
def opened(data="example", province="", scenario=TWO, **more):
    given = {"internal": True, "log2_draws": 2, **more}
    return open_scenario_compare(data, province, scenario=scenario, **given)


alone = opened.__wrapped__  # for a test that changes its report


def words(block) -> str:
    text = block._repr_html_().replace('<i class="k"></i>', "")
    return html.unescape(re.sub(r"<[^>]+>", " ", text))


def whole(report) -> str:
    """All that the page says before its annex."""
    return " ".join(words(getattr(report, cell)()) for cell in CELLS)


@pytest.fixture(scope="module")
def compared(one_province):
    """Two scenarios and a combination of two, where the response can be judged, with intervals."""
    asked = [*TWO, "cap_plus_10+award_double"]
    return opened(one_province, scenario=asked, log2_draws=7)


@pytest.mark.parametrize(
    "at, alone", list(enumerate([*([one] for one in TWO), ["cap_plus_10", "award_double"]]))
)
def test_a_column_is_the_run_of_the_scenario_alone(compared, one_province, at, alone):
    study = open_study(one_province, alone)
    for mode, names in (("none", ("fee_bill", "funding_gap", "uplift")), ("supply", ("served",))):
        before, after = study.pair(mode)
        for name in names:
            pair = compared.columns[at].heads[name]
            assert pair[0] == headline(before, study.scope())[name]
            assert pair[1] == headline(after, study.scope(after.compiled))[name]


def test_all_columns_take_the_same_draws_and_differences_are_paired(compared, one_province):
    first, second = (
        headline_draws(open_study(one_province, [one]), "none", compared.drawn) for one in TWO
    )
    for name in ("fee_bill", "college_outlay"):
        assert np.array_equal(first[0][name], second[0][name])  # one baseline, draw by draw
        apart = (first[1][name] - first[0][name]) - (second[1][name] - second[0][name])
        assert compared.apart(name, compared.pair).reach == interval(apart)
        assert compared.columns[0].spread[name] == pytest.approx(first[1][name] - first[0][name])


@pytest.mark.parametrize("second", [None, "package_combined"])
def test_the_parts_add_to_the_total_which_is_the_difference_of_the_columns(one_province, second):
    base = open_study(one_province)
    first, other = (
        base.with_composition([one]) if one else None for one in ("package_combined", second)
    )
    if second == "package_combined":
        first = base.with_composition(["cap_plus_50"])
    names = ("fee_bill", "college_outlay", "funding_gap", "uplift")
    found = parts(first, other, names)

    def change(study, name):
        if study is None:
            return 0.0
        return float(
            np.subtract(
                *(
                    headline(one, study.scope(one.compiled))[name]
                    for one in study.pair("none")[::-1]
                )
            )
        )

    assert found.exact and len(found.moves) > 1
    for name in names:
        assert sum(found.of[name]) == pytest.approx(found.total[name], abs=1e-6)
        assert found.total[name] == pytest.approx(
            change(first, name) - change(other, name), abs=1e-6
        )


def test_two_changes_have_the_shapley_value_worked_by_hand(written, one_province):
    """Caps and the readiness to bargain multiply: each alone, then both, averaged over the two orders."""
    path = written(
        "both", "parameter: fees.cap.practical, scale: 1.3", "parameter: fees.beta, value: 0.9"
    )
    base = open_study(one_province)
    study, mixed = base.with_composition([path]), None
    mixed = Mixed(study, None, moves(study, None))
    worth = {taken: mixed.worth(taken)["fee_bill"] for taken in ((), (0,), (1,), (0, 1))}
    a = ((worth[0,] - worth[()]) + (worth[0, 1] - worth[1,])) / 2
    b = ((worth[1,] - worth[()]) + (worth[0, 1] - worth[0,])) / 2
    assert parts(study, None, ["fee_bill"]).of["fee_bill"] == pytest.approx([a, b])
    only = written("cap", "parameter: fees.cap.practical, scale: 1.3")
    alone = base.with_composition([only]).pair("none")
    moved = [float(headline(one, base.scope())["fee_bill"]) for one in alone]
    assert worth[0,] == pytest.approx(moved[1] - moved[0]) and worth[()] == 0


def test_sets_of_changes_over_one_baseline_run_it_once(one_province):
    """A reading is a baseline's own as well: with it there are two."""
    base = open_study(one_province)
    for names, baselines in ((["package_combined"], 1), (["cap_plus_20", "deduct_on"], 2)):
        study = base.with_composition(names)
        mixed = Mixed(study, None, moves(study, None))
        for taken in ((), (0,), (1,), (0, 1)):
            alone = mixed.study(taken)
            before, after = (
                float(headline(one, alone.scope(one.compiled))["college_outlay"])
                for one in alone.pair("none", extent="headlines")
            )
            assert mixed.worth(taken)["college_outlay"] == after - before
        assert len(mixed.baselines) == baselines


def test_ticks_carry_the_decimals_they_need():
    """In CNY million the sums of a few colleges are hundredths: their ticks once read 0.0 all along."""
    _, axes = canvas(1.0)
    across(axes, ticks=True)
    written = axes.xaxis.get_major_formatter()
    ticks = [written(value, 0) for value in (-0.035, -0.03, 0.0, 2.5, 25_000.0)]
    plt.close()
    assert ticks == ["−0.035", "−0.03", "0", "2.5", "25\u202f000"]


def test_changes_of_data_on_one_line_of_a_file_are_told_apart(written):
    """The tables of a set of changes are arranged once and known by the changes, not by where they are written."""
    some = (
        "table: ingredients, column: unit_price, scale: 0.9",
        "table: components, column: session_capacity, scale: 1.2",
    )
    path = Path(written("lines", *some))
    flow = ", ".join(f"{{{one}, rationale: 假设}}" for one in some)
    (one := path.with_name("one.yaml")).write_text(
        HEAD.format("one").rstrip() + f" [{flow}]\n", "utf-8"
    )
    base = open_study("example")
    found = [
        parts(base.with_composition([str(file)]), None, ["college_outlay"]) for file in (path, one)
    ]
    assert found[0].of == found[1].of and len(found[0].moves) == 2


def test_scenarios_that_conflict_are_taken_apart_as_one_change_of_value(written, one_province):
    up, down = (
        written(
            name, f"parameter: fees.cap.practical, scale: {by}", "parameter: fees.beta, value: 0.4"
        )
        for name, by in (("up", 1.3), ("down", 1.1))
    )
    report = opened(one_province, scenario=[up, down])
    (move,) = report.parts.moves  # what both do alike parts nothing
    assert move.targets == ("fees.cap.practical",)
    said = whole(report)
    assert "一般实操成本上限提高30%（后者提高10%）" in said
    assert "几个情景对同一项作不同改动：一般实操成本上限" in said


def test_more_than_eight_changes_are_added_in_their_order_and_said_so(written, one_province):
    many = [
        f"table: ingredients, column: unit_price, where: {{item: {one}}}, scale: 0.9"
        for one in ("marking", "printing")
    ]
    many += ["table: components, column: session_capacity, scale: 1.1"]
    many += [
        f"parameter: fees.cap.{one}, scale: 1.{i}"
        for i, one in enumerate(("paper", "computer", "practical"), 1)
    ]
    many += ["parameter: fees.beta, value: 0.4", "parameter: fees.verification_margin, value: 0.1"]
    many += ["parameter: pay.uplift_method, value: rate", "parameter: pay.tilt, value: 0.3"]
    many += ["table: funding, column: limit, scale: 1.1"]
    report = opened(one_province, scenario=[written("many", *many)])
    assert len(report.parts.moves) > 8 and not report.parts.exact
    for name, values in report.parts.of.items():
        assert sum(values) == pytest.approx(report.parts.total[name], abs=1e-6)
    assert "按文件中的先后次序逐项加入" in words(report.parts_table())


def test_one_scenario_is_held_against_current_law(one_province):
    report = opened(one_province, scenario=["cap_plus_20"])
    said = whole(report)
    assert report.pair.second == -1 and "与现行规定相比，「上限提高20%」使学校年支出增加" in said
    assert "「上限提高20%」的变化按改动分解" in said and "前一情景" not in said


def test_the_first_sentence_names_the_change_that_parts_two(one_province):
    report = opened(one_province, scenario=["cap_plus_50", "cap_plus_10"], log2_draws=7)
    said = words(report.front())
    assert re.search(
        r"比「上限提高10%」多[\d.]+万元，全部来自四类成本上限提高50%（后者提高10%）。", said
    )
    assert report.apart("fee_bill", report.pair).reach[0] > 0


@pytest.mark.parametrize(
    ("lang", "said"), [("zh", "学校年支出变化很小"), ("en", "changed by too little to show")]
)
def test_a_change_too_small_to_print_is_not_called_none(lang, said):
    report = alone(scenario=[["cap_plus_20"], ["package_combined"]], lang=lang)
    few = replace(report.columns[0])
    before = few.heads["college_outlay"][0]
    few.__dict__["heads"] = {**few.heads, "college_outlay": (before, before + 20.0)}
    object.__setattr__(report, "columns", (few, report.columns[1]))
    assert report.moved("college_outlay")[0].kind == "hidden" and said in words(report.front())


def test_a_scenario_that_changes_nothing_says_so(one_province):
    report = opened(one_province, scenario=["current_law"])
    said = whole(report)
    assert "没有改动，与现行规定相同" in said and "所列情景在本年度不改变任何结果" in said
    assert "不作分解" in said and not report.shows("figure", "bars")


def test_a_change_outside_the_year_is_said_to_sleep(written, one_province):
    late = written("late", "parameter: fees.cap.paper, scale: 1.5, from: 2030-01-01")
    report = opened(one_province, scenario=[late, "cap_plus_20"])
    said = whole(report)
    assert "自2030-01-01起的改动本年度尚未生效" in said and "不改变学校年支出" in said
    assert [move.targets[0] for move in report.parts.moves] == [
        "fees.cap.paper"
    ]  # the four raised caps
    assert report.parts.moves[0].first == ()


def test_fees_without_an_answer_are_no_numbers(one_province):
    report = opened("example", scenario=["cap_removed", "cap_plus_20", "award_double"])
    open_ = [one.unanswered for one in report.columns]
    assert open_[0] > 0 and open_[1:] == [0, 0]
    said = whole(report)
    assert "无法测算" in said
    if report.columns[0].open:
        assert report.pair.first == 1 and np.isnan(report.columns[0].change("fee_bill"))
    assert report.advice.at != 0


def test_nothing_to_compare_where_no_scenario_has_an_answer(monkeypatch):
    report = alone(scenario=["cap_removed"])
    monkeypatch.setitem(vars(report.columns[0]), "unanswered", 1.0)
    assert report.columns[0].open and report.pair is None
    said = whole(report)
    assert "学校年支出无法测算" in said and "没有可以测算的情景" in said and "nan" not in said


def test_a_cap_is_no_nothing_where_no_caps_or_costs_are_on_record(monkeypatch):
    """The data of a short form: what moves a limit of fees has no answer, what leaves them has one."""
    report = alone(college="X1", scenario=["cap_plus_20", "fee_plus_20", "award_double"])
    for one in report.columns:
        monkeypatch.setitem(one.__dict__, "limits", False)
    assert [one.open for one in report.columns] == [True, False, False]
    said = whole(report)
    assert "「上限提高20%」：没有填报成本上限或成本项目，标准怎样变动无法测算。" in said
    assert "「上限提高20%」使学校" not in said and report.pair.first == 1
    assert "上限提高20%" not in words(report.winners_table())


def test_local_and_data_changes_are_named_with_their_places(written):
    path = written(
        "local",
        "parameter: pay.elasticity, scale: 1.2, where: {province: S01}",
        "table: funding, column: limit, where: {province: S01}, scale: 1.5",
    )
    report = opened(scenario=[path, "cap_plus_20"])
    said = whole(report)
    assert "［甲省］提高20%" in said and "经费来源额度「可用额度」" in said
    assert not report.judged and "只比较支出" in said  # too few colleges: the response is left out


def test_one_college_reads_in_yuan_and_has_no_groups():
    report = opened(college="X1", province="")
    said = whole(report)
    assert (
        "单位：元" in said and "本校支出为什么变化" in said and "支出减少和增加的院校" not in said
    )
    total = sum(
        float(report.changes["none"]["上限提高20%"][f"why_{name}"].sum())
        for name in ("fee", "volume", "own_cash")
    )
    assert total == pytest.approx(float(report.changes["none"]["上限提高20%"]["cash"].sum()))


def test_a_circulated_report_shows_no_group_of_fewer_than_five(one_province):
    told = {}
    for internal in (True, False):
        report = opened(one_province, internal=internal)
        told[internal] = re.findall(
            r"<tr>\s*<th[^>]*>([^<]*)</th><td>(\d+)</td>", report.winners_table().html
        )
    assert any(int(count) < 5 for _, count in told[True])
    assert all(int(count) >= 5 for _, count in told[False])
    with pytest.raises(OnexError, match="不足5所"):
        opened("example", "S01", internal=False)


def test_several_provinces_are_groups_in_the_order_of_their_codes():
    table = words(opened().winners_table())
    assert [*map(table.index, ("甲省", "乙省", "丙省"))] == sorted(
        map(table.index, ("甲省", "乙省", "丙省"))
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_few_draws_have_no_intervals_and_no_shares(one_province, lang):
    report = opened(one_province, lang=lang)
    assert not report.shows("table", "draws")
    said = words(report.changes_table())
    assert {"zh": "各数不列区间", "en": "no intervals are given"}[lang] in said


def test_shares_of_draws_and_the_assumption_that_decides(compared):
    for pair in compared.rivals:
        apart = compared.apart_draws("college_outlay", pair)
        row = f"{np.mean(apart <= -0.5):.0%}"
        assert row in words(compared.draws_table())
    assert re.search(
        "抽样中「上限提高20%」的学校年支出.*低于「组合方案」", words(compared.condition())
    )


def test_the_recommended_one_costs_no_more_and_serves_no_fewer(one_province, compared):
    a = opened(one_province, scenario=["cap_plus_20", "award_double"], log2_draws=7).advice
    assert a.verdict == "choose" and a.at == 1 and a.by < 0 and a.sure == 1
    report = alone(one_province, scenario=["award_double"])
    vars(report.columns[0])["unanswered"] = (
        0.3  # fees without an answer are held: no ground to choose on
    )
    assert report.advice.verdict == "trade"
    worse = opened(one_province, scenario=["cap_plus_20"]).advice
    assert worse.verdict == "trade" and worse.at == -1


def test_the_order_of_scenarios_moves_no_column(one_province):
    heads = []
    for order in (TWO, TWO[::-1]):
        report = opened(one_province, scenario=order)
        heads.append({ids: one.heads for ids, one in zip(report.ids, report.columns, strict=True)})
    assert heads[0] == heads[1]


def test_names_joined_by_plus_are_one_scenario_and_a_file_of_such_a_name_is_itself(written):
    assert combination("cap_plus_10+award_double") == ["cap_plus_10", "award_double"]
    path = written("a+b", "parameter: fees.cap.paper, scale: 1.1")
    assert combination(path) == path
    report = opened(scenario=[path, "award_double"])
    assert report.parameters["scenario"] == [["a+b"], ["award_double"]]


def test_faults_of_all_columns_come_at_once_and_twice_the_same_is_one(written):
    with pytest.raises(OnexError) as failed:
        opened(scenario=["cap_plus_2", "awrd_double", ["cap_plus_10", "cap_plus_20"]])
    said = str(failed.value)
    assert "cap_plus_2" in said and "award_double" in said and "同一期间改动同一项" in said
    with pytest.raises(OnexError, match="写了两次"):
        opened(scenario=["cap_plus_20", "cap_plus_20"])
    with pytest.raises(OnexError, match="scenario"):
        opened(scenario=["cap_plus_10"] * 7)


def test_nothing_asked_for_is_the_default_less_what_the_data_have_no_rows_for(tmp_path):
    report = opened(scenario=[])
    assert report.parameters["scenario"] == ScenarioCompareParameters().scenario
    folder = shutil.copytree(shipped("data", "example"), tmp_path / "data")
    fees = folder / "fees.csv"
    fees.write_text(fees.read_text(encoding="utf-8-sig").splitlines()[0] + "\n", encoding="utf-8")
    assert opened(str(folder), scenario=[]).ids == ["cap_plus_20", "package_combined"]
    with pytest.raises(OnexError, match="没有符合条件的行"):
        opened(str(folder), scenario=["fee_plus_20"])


def test_verify_remakes_it_from_the_record_alone_and_a_stranger_gets_no_file(written, tmp_path):
    other = written("other", "table: funding, column: limit, scale: 1.2")
    out, given = tmp_path / "out", ["--data", "example", "--province", "all", "--draws", "2"]
    asked = ["--scenario", other, "--scenario", "cap_plus_10+fee_plus_20", "--internal"]
    assert main(["report", "scenario_compare", *given, *asked, "--out", str(out)]) == 0
    (tmp_path / "other.yaml").unlink()
    page = out / "scenario_compare.html"
    verdict = verify(page, "example")
    assert verdict.same, verdict.sentences
    assert len(page.read_bytes()) < 600_000
    record = json.loads(RECORD.search(page.read_text(encoding="utf-8")).group(1))
    assert record["parameters"]["scenario"] == [["other"], ["cap_plus_10", "fee_plus_20"]]
    assert str(tmp_path) not in page.read_text(encoding="utf-8")
    record["parameters"]["scenario"] = [["other"], ["secret.yaml"]]
    with pytest.raises(ReportError, match="没有情景「secret.yaml」的文本"):
        check(record, "x")
    one = record["scenarios"][0]
    record["scenarios"] += [{**one, "id": "x+secret"}]
    record["parameters"]["scenario"] = ["x+secret"]
    with pytest.raises(ReportError, match="情景名称不能用"):
        check(record, "x")


def test_differences_are_those_of_the_changes_as_printed(compared):
    for name in ("college_outlay", "fee_bill", "funding_gap"):
        first, second, _ = compared.moved(name)
        step = first.write.per / 10**first.write.decimals
        apart = round(first.by / step) - round(second.by / step)
        assert compared.apart(name, compared.pair).by == pytest.approx(apart * step)
        assert sum(compared.printed[name]) == pytest.approx(apart * step / first.write.per)


def test_what_is_asked_for_speaks_of_no_first_and_second(compared):
    assert "先核对影响最大的：" in words(compared.decision())
    assert "仅后者" not in words(compared.decision())


def test_the_title_says_which_way_all_of_them_go(one_province):
    up = opened(one_province, scenario=["cap_plus_20", "cap_plus_50"]).front().html
    assert "2个情景都增加学校年支出，「上限提高20%」增加最少" in up
    chosen = opened(one_province, scenario=["award_double", "package_combined"])
    assert chosen.advice.verdict != "choose" or "，学校年支出" in chosen.words.advice_do(
        chosen.advice
    )


def test_why_fees_move_less_than_caps_and_published_fees_is_said_once_each():
    report = opened(scenario=["cap_plus_10", "cap_plus_20", "fee_plus_20"])
    said = words(report.changes_table())
    assert said.count("「上限提高10%」：平均标准只提高") == 1 and "小于上限的10%" in said
    assert "「上限提高20%」：平均" not in said
    assert "「费用标准提高20%」：平均标准只提高8.7%，小于公布标准的20%" in said


def cells(block) -> list[list[str]]:
    """Rows of a table, each its cells as read."""
    rows = re.findall("<tr>(.*?)</tr>", block.html.replace('<i class="k"></i>', ""), flags=re.S)
    found = (re.findall("<t[hd].*?</t[hd]>", row, flags=re.S) for row in rows)
    return [[html.unescape(re.sub("<[^>]+>", "", cell)) for cell in row] for row in found]


def figure(cell: str) -> float:
    """A signed number as printed."""
    return float(cell.replace("−", "-"))


MANY = ["cap_plus_20", "package_combined", "award_double", "tilt_0"]


def test_every_scenario_is_taken_apart_and_its_rows_add_to_its_change():
    """From the third on nothing said which of its changes did what."""
    report = opened(scenario=MANY)
    rows = cells(report.each_table())
    titles = [row[0].split("：")[0] for row in rows[1:]]  # without tilt_0, which moves no money
    assert titles == ["「上限提高20%」", *["「组合方案」"] * 4, "「中央奖补翻番」"]
    assert rows[5][0] == "「组合方案」：其余2项改动"
    for at, title in zip((0, 1, 2), dict.fromkeys(titles), strict=True):
        for column, name in enumerate(MONEY, start=1):
            own = [figure(row[column]) for row in rows[1:] if row[0].startswith(title)]
            printed = round(report.columns[at].change(name) / 1e4, 1)
            assert sum(own) == pytest.approx(printed, abs=1e-9)
    package = report.each_parts[1]
    whole = parts(report.columns[1].study, None, MONEY)
    assert package.exact and package.of == whole.of
    for name in MONEY:
        assert sum(package.of[name]) == pytest.approx(report.columns[1].change(name), abs=1e-6)
    assert not opened(scenario=MANY[:2]).each_table().html


def test_one_change_is_all_of_it_and_nothing_is_run(monkeypatch):
    study = open_study("example", ["cap_plus_20"])
    monkeypatch.setattr("onexmodel.analysis.compare.parts.parts", None)
    found = own_parts(study, {"fee_bill": 3.0, "uplift": 0.0}, 5)
    assert found.of == {"fee_bill": [3.0], "uplift": [0.0]} and len(found.moves) == 1


def test_many_changes_beside_other_scenarios_go_in_the_order_of_the_file(monkeypatch):
    monkeypatch.setattr("onexmodel.report.scenario_compare.report.EXACTLY", 4)
    report = alone(scenario=MANY)
    assert not report.each_parts[1].exact
    assert "组合方案改动较多，按文件中的先后次序逐项加入" in words(report.each_table())
