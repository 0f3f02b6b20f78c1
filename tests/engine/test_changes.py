"""Scenario changes of tables and parameters: their dates, their rows, and what is refused."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from onexmodel.data import read_tables
from onexmodel.engine.data_changes import change_frames
from onexmodel.engine.findings.table import findings_frame
from onexmodel.engine.run import composed, run
from onexmodel.errors import DataError, ScenarioError
from onexmodel.law import load_law
from onexmodel.law.scenario import Change
from onexmodel.places import shipped
from onexmodel.study import open_run

DAY = date(2021, 7, 1)
HEAD = "title: {zh: 试, en: try}\nauthor: t\nbased_on: current_law\nchanges:\n"


@pytest.fixture
def scenario(tmp_path):
    def write(change: str) -> str:
        path = tmp_path / "s.yaml"
        path.write_text(f"{HEAD}  - {{{change}, rationale: 试}}\n", encoding="utf-8")
        return str(path)

    return write


def candidates(run):
    return {
        year.compiled.year: year.compiled.leaves["planned_candidates"].sum() for year in run.last
    }


@pytest.mark.parametrize(
    ("window", "doubled"),
    [
        ("", True),
        ("from: 2021-07-01, ", True),
        ("from: 2021-07-02, ", False),
        ("until: 2021-07-01, ", False),
        ("until: 2021-07-02, ", True),
        ("from: 2022-01-01, ", False),
    ],
)
def test_a_change_of_a_table_holds_where_its_dates_cover_the_first_of_july(
    scenario, window, doubled
):
    plain = candidates(open_run("example")[0])
    run, tables = open_run(
        "example", [scenario(f"table: offerings, column: candidates, {window}scale: 2")]
    )
    changed = candidates(run)
    assert changed == {year: count * (2 if doubled else 1) for year, count in plain.items()}
    dormant = findings_frame(run, tables).query("rule == 'dormant_change'")
    assert len(dormant) == (0 if doubled else 1)


def test_rows_may_be_chosen_by_chinese_words_or_codes(scenario):
    chinese = open_run(
        "example",
        [
            scenario(
                "table: offerings, column: candidates, where: {province: 甲省, level: [中级, 初级]}, scale: 2"
            )
        ],
    )[0]
    coded = open_run(
        "example",
        [
            scenario(
                "table: offerings, column: candidates, where: {province: S01, level: [intermediate, junior]}, scale: 2"
            )
        ],
    )[0]
    assert candidates(chinese) == candidates(coded) != candidates(open_run("example")[0])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            "parameter: pay.tilt, value: 0.7, where: {province: S01}",
            "全国同一取值，不能按「province」限定",
        ),
        ("parameter: fees.cap.computer, scale: 1.1, where: {tier: 中职}", "不能按「tier」限定"),
        (
            "parameter: fees.cap.computer, scale: 1.1, where: {level: juniors}",
            "最接近的是「junior」",
        ),
        ("table: offerings, column: candidate, scale: 2", "最接近的是「candidates」"),
        ("table: offering, column: candidates, scale: 2", "最接近的是「offerings」"),
        (
            "table: offerings, column: candidates, where: {college: X99}, scale: 2",
            "没有院校「X99」",
        ),
        (
            "table: offerings, column: candidates, where: {college: X6, certificate: K3}, scale: 2",
            "没有符合条件的行",
        ),
    ],
)
def test_what_would_be_left_out_in_silence_is_refused(scenario, change, words):
    with pytest.raises(ScenarioError, match=words):
        open_run("example", [scenario(change)])


def test_a_cap_of_one_level_starts_from_the_amount_for_all(scenario):
    run = open_run(
        "example", [scenario("parameter: fees.cap.computer, scale: 1.5, where: {level: junior}")]
    )[0]
    law, before = run.composition.law, run.composition.baseline_law
    day = date(2021, 7, 1)
    assert (
        law.at(day)["fees.cap.computer"]["junior"]
        == 1.5 * before.at(day)["fees.cap.computer"]["all"]
    )
    assert law.at(day)["fees.cap.computer"]["all"] == before.at(day)["fees.cap.computer"]["all"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("parameter: fees.cap.paper, scale: 20%", "最接近的是「1.2」"),
        ("parameter: pay.elasticity, value: high", "不是数"),
        ("parameter: pay.elasticity, add: [1]", "不是数"),
        (
            "parameter: pay.elasticity, value: 0.3, from: 2022-01-01, until: 2021-01-01",
            "永远不生效",
        ),
        ("parameter: pay.elasticity, remove: true", "只有上限可以取消"),
        ("parameter: pay.uplift_method, scale: 2", "不是数值"),
        ("parameter: fees.beta, value: 0.3, where: [S01]", "where 应为"),
    ],
)
def test_what_cannot_be_meant_is_a_sentence_and_no_traceback(scenario, change, words):
    with pytest.raises(ScenarioError, match=words):
        open_run("example", [scenario(change)])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("parameter: fees.cap.paper, scale: 20", "应写 scale: 1.2"),
        ("parameter: pay.elasticity, value: 50", "超出登记的取值范围 0 至 1"),
    ],
)
def test_what_looks_like_a_slip_is_noted(scenario, change, words):
    notes = open_run("example", [scenario(change)])[0].composition.notes
    assert len(notes) == 1 and words in notes[0] and "s.yaml 第 5 行" in notes[0]


def test_all_faults_of_several_scenarios_at_once(scenario, tmp_path):
    path = tmp_path / "t.yaml"
    path.write_text(
        HEAD
        + "  - {parameter: fees.betta, value: 0.5, rationale: 试}\n  - {parameter: fees.beta, value: 7, rationale: 试}\n"
        "  - {parameter: pay.uplift_method, value: none, rationale: 试}\n  - {parameter: fees.beta, value: 0.2, rationale: 试, where: {province: S01}}\n",
        encoding="utf-8",
    )
    with pytest.raises(ScenarioError) as refused:
        open_run("example", [str(path)])
    assert len(refused.value.faults) == 4  # unknown name, value, option, two changes of one thing


def test_a_scenario_saved_by_an_old_editor_is_read(scenario, tmp_path):
    path = tmp_path / "gbk.yaml"
    path.write_bytes(
        (
            HEAD.replace("试", "试点") + "  - {parameter: fees.beta, value: 0.6, rationale: 测算}\n"
        ).encode("gb18030")
    )
    assert open_run("example", [str(path)])[0].composition.scenarios[0].title["zh"] == "试点"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("table: offerings, column: year, value: 2022", "用来认行"),
        ("table: offerings, column: college, value: X1", "用来认行"),
        ("table: funding, column: limit, remove: true", "必填列"),
        ("table: fees, column: special_case, value: maybe", "应为是或否"),
        ("table: components, column: form, value: 机器", "最接近的是「机考」"),
        ("table: fees, column: special_from, value: soon", "不是日期"),
        ("table: fees, column: document, scale: 2", "不是数值列"),
        ("table: offerings, column: candidates, value: many", "不是数"),
        ("table: offerings, column: class_size, value: 0", "超出"),
        ("table: colleges, column: name, value: 5", "不是文字"),
        ("table: fees, column: special_from, value: 20211231", "不是日期"),
        (
            "table: fees, column: special_from, value: 9999-12-31",
            "不在 1900-01-01 至 2100-01-01 之间",
        ),
        ("table: colleges, column: pilot_since, value: 2018-01-01", "不在 2019-04-01 至"),
        ("table: levers, column: applies_to_form, value: 机器", "不在代码表中"),
        (
            "table: 开考计划, column: candidates, value: 1",
            "没有表「开考计划」。最接近的是「offerings」",
        ),
        ("table: offerings, column: 计划考核人数, value: 1", "最接近的是「candidates」"),
        (f"table: offerings, column: {'x' * 300}, value: 1", "「offerings.x{10,40}…」"),
        ("table: offerings, column: candidates, value: 1, where: {year: x}", "「x」不是数"),
        ("table: offerings, column: candidates, value: 1, where: {province: 01}", "没有省份「01」"),
        ("table: caps, column: source, value: x", "只能改 cap 一列"),
        ("table: caps, column: cap, scale: 2, where: {valid_from: 2020-07-01}", "只能改 cap 一列"),
    ],
)
def test_a_change_the_column_cannot_take_is_refused(scenario, change, words):
    with pytest.raises(ScenarioError, match=words):
        open_run("example", [scenario(change)])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            "table: offerings, column: pass_rate, scale: 1.2",
            "改后 offerings.pass_rate 有 2 个值超出 0—1（如 1.08）",
        ),  # the two of 0.9
        (
            "table: offerings, column: pass_rate, add: -0.65",
            "改后 offerings.pass_rate 有 1 个值超出 0—1（如 -0.05）",
        ),
        (
            "table: offerings, column: candidates, where: {certificate: K1}, add: -31",
            "改后 offerings.candidates 有 1 个值超出 0—1,000,000,000（如 -1）",
        ),
        (
            "table: offerings, column: class_size, where: {college: [X1, X2]}, add: -12",
            "有 1 个值超出",
        ),
        (
            "table: offerings, column: candidates, scale: 1e9",
            "个值超出 0—1,000,000,000（如 1e+11）",
        ),  # as a cell of so much
        (
            "table: fees, column: published_fee, value: 1e300",
            "个值超出 0—10,000,000,000,000（如 1e+300）",
        ),
    ],
)
def test_one_value_out_of_many_that_leaves_its_range_is_refused(scenario, change, words):
    with pytest.raises(ScenarioError) as refused:
        open_run("example", [scenario(change)])
    assert words in str(refused.value)


def test_values_at_the_ends_of_their_range_are_taken(scenario):
    """0.9 + 0.1 = 1 everywhere one may pass, 0 candidates: ends belong to a range, but a class of nobody is no class."""
    run = open_run("example", [scenario("table: offerings, column: pass_rate, value: 1")])[0]
    assert (run.scenario[0].compiled.leaves["given_pass_rate"] == 1).all()
    assert candidates(
        open_run("example", [scenario("table: offerings, column: candidates, value: 0")])[0]
    ) == {2021: 0}


def test_rows_are_chosen_by_numbers_and_what_is_removed_is_blank(scenario):
    """A year is held as 2021.0, and 2021 met no row."""
    run = open_run(
        "example",
        [scenario("table: offerings, column: candidates, where: {year: 2021}, value: 7")],
    )[0]
    assert set(run.last[0].compiled.leaves["planned_candidates"]) == {7}
    frames = read_tables(shipped("data", "example")).frames
    for column, blank in (("own_staff", False), ("sub_item", "")):
        gone = Change(f"ingredients/{column}", "remove", True, line="s.yaml 第 5 行")
        assert set(change_frames(frames, [gone], DAY)["ingredients"][column]) == {blank}


@pytest.mark.parametrize("word", ["false", "'no'", "否", "'0'"])
def test_yes_and_no_are_read_in_any_spelling(scenario, word):
    run = open_run(
        "example",
        [
            scenario(
                f"table: fees, column: special_case, value: {word}, where: {{special_case: 是}}"
            )
        ],
    )[0]
    assert (
        not run.scenario[0].compiled.leaves["special_document"].any()
        and run.baseline[0].compiled.leaves["special_document"].any()
    )


def test_a_change_of_the_caps_table_is_one_of_the_caps(scenario):
    table = open_run(
        "example",
        [scenario("table: caps, column: cap, where: {form: [一般实操, computer]}, scale: 1.2")],
    )[0].frames()["fees"]
    parameter = HEAD + "".join(
        f"  - {{parameter: fees.cap.{form}, scale: 1.2, rationale: 试}}\n"
        for form in ("practical", "computer")
    )
    path = scenario("parameter: fees.beta, value: 0.5")
    Path(path).write_text(parameter, encoding="utf-8")
    pd.testing.assert_frame_equal(table, open_run("example", [path])[0].frames()["fees"])
    assert (table["cap"] > table["baseline_cap"]).any()


def test_an_overriding_change_takes_the_place_of_the_earlier_one(scenario, tmp_path):
    first = scenario("table: offerings, column: candidates, scale: 2")
    second = tmp_path / "t.yaml"
    second.write_text(
        HEAD
        + "  - {table: offerings, column: candidates, where: {province: S01}, scale: 3, override: true, rationale: 试}\n"
        "  - {parameter: fees.cap.paper, scale: 1.1, override: true, rationale: 试}\n",
        encoding="utf-8",
    )
    plain, run = (
        open_run("example", names)[0] for names in ([], [first, "cap_plus_20", str(second)])
    )
    assert run.composition.law.at(date(2021, 7, 1))["fees.cap.paper"]["all"] == pytest.approx(
        1.1 * run.composition.baseline_law.at(date(2021, 7, 1))["fees.cap.paper"]["all"]
    )
    for before, after, province in zip(
        plain.last[0].compiled.leaves["planned_candidates"],
        run.last[0].compiled.leaves["planned_candidates"],
        run.last[0].compiled.keys["offering"]["province"],
        strict=True,
    ):
        assert after == before * (3 if province == "S01" else 2)


TWO_CAPS = HEAD + (
    "  - {parameter: fees.cap.computer, scale: 1.1, rationale: 试}\n"
    "  - {parameter: fees.cap.computer, scale: 1.3, override: %s, rationale: 试}\n"
)


@pytest.mark.parametrize("word", ["no", "No", "off", "false", '"false"', "否", "' no '"])
def test_override_no_means_no(tmp_path, word):
    """`bool("no")` is true, and the second change took the place of the first without a word."""
    (tmp_path / "s.yaml").write_text(TWO_CAPS % word, encoding="utf-8")
    with pytest.raises(
        ScenarioError, match="s.yaml 第 6 行：与 s.yaml 第 5 行 在同一期间改动同一项"
    ):
        open_run("example", [str(tmp_path / "s.yaml")])


@pytest.mark.parametrize("word", ["yes", "true", "TRUE", '"true"', "是"])
def test_override_yes_means_yes(tmp_path, word):
    (tmp_path / "s.yaml").write_text(TWO_CAPS % word, encoding="utf-8")
    made = open_run("example", [str(tmp_path / "s.yaml")])[0].composition
    before, after = (
        law.at(date(2021, 7, 1))["fees.cap.computer"]["all"]
        for law in (made.baseline_law, made.law)
    )
    assert after == pytest.approx(1.3 * before)


@pytest.mark.parametrize("word", ["maybe", "1", "0", "", "[no]", "{a: no}", "2021-01-01", "不"])
def test_override_anything_else_is_a_fault_with_its_line(tmp_path, word):
    (tmp_path / "s.yaml").write_text(TWO_CAPS % word, encoding="utf-8")
    with pytest.raises(
        ScenarioError,
        match="s.yaml 第 6 行：override「.*」既不是“是”也不是“否”。写 true（是）或 false（否）。",
    ):
        open_run("example", [str(tmp_path / "s.yaml")])


def test_a_province_s_rows_include_its_pot(scenario):
    pots = open_run(
        "example",
        [
            scenario(
                "table: funding, column: limit, where: {province: S01, source_of_funds: central_award}, scale: 2"
            )
        ],
    )[0]
    before, after = (
        year[0].compiled.leaves["pot_central_award"] for year in (pots.baseline, pots.scenario)
    )
    assert after[0] == 2 * before[0] > 0 and (after[1:] == before[1:]).all()


def test_a_college_s_affordable_part_does_not_depend_on_other_colleges_money():
    """docs/method.md §4: a further scaling of its own candidates. Here a nation-year item of the colleges ties their costs together."""
    tables = read_tables(shipped("data", "example"))
    ledger = tables["ingredients"]
    shared = (
        ledger[(ledger["phase"] == "assessment") & (ledger["item"] != "question_bank")]
        .iloc[[0]]
        .assign(
            certificate="K1",
            level="intermediate",
            component="",
            item="system",
            sub_item="",
            driver="nation_year",
            priced_by="none",
            quantity=1.0,
            unit_price=60_000.0,
            borne_by="college",
            cash_share=1.0,
        )
    )
    kept = ledger[(ledger["certificate"] != "K1") | (ledger["item"] != "question_bank")]
    frames = dict(tables.frames) | {
        "ingredients": pd.concat([kept, shared], ignore_index=True),
        "certificates": tables["certificates"].assign(national_sittings=[0.0, 20_000.0, 100_000.0]),
        "organisations": tables["organisations"].assign(fixed_cost=0.0),
    }
    law = load_law()
    composition = composed(law, tables, (), {"response.mode": "both"})
    found = []
    for money in (
        0.0,
        1e9,
    ):  # X4 can afford nothing, or everything; there is no pot that would help it
        funding = tables["funding"].query("owner != 'S02'").reset_index(drop=True)
        funding = funding.assign(
            limit=(funding["limit"] / 3).where(funding["owner"] != "X4", money)
        )
        found.append(
            run(law, tables.with_frames(frames | {"funding": funding}), composition)
            .frames()["colleges"]
            .set_index("college")["unaffordable_candidates"]
        )
    assert found[0]["X4"] > 100 and found[1]["X4"] == 0
    elsewhere = [college for college in ("X1", "X2", "X3", "X6") if found[0][college] > 0]
    assert elsewhere and all(found[0][college] == found[1][college] for college in elsewhere)


@pytest.mark.parametrize("limit", [25_000.0, 40_000.0, 60_000.0])
def test_what_funds_do_not_reach_is_the_part_beyond_which_something_is_missing(limit):
    """X6 plans 30 for K1 at a published fee (a plan moves no fee), with tuition only and no pot: the candidates its money reaches leave no gap
    for assessment and training when they are the plan, one in two thousand more leave one."""
    tables = read_tables(shipped("data", "example"))
    fees = pd.concat(
        [tables["fees"], tables["fees"].iloc[[3]].assign(province="S03", published_fee=2000.0)],
        ignore_index=True,
    )
    funding = tables["funding"].assign(
        limit=tables["funding"]["limit"].where(tables["funding"]["owner"] != "X6", limit)
    )
    law = load_law()

    def x6(candidates, mode):
        offerings = tables["offerings"]
        offerings = offerings.assign(
            candidates=offerings["candidates"]
            .astype(float)
            .where(offerings["college"] != "X6", candidates)
        )
        data = tables.with_frames({"fees": fees, "funding": funding, "offerings": offerings})
        return (
            run(
                law,
                data,
                composed(law, tables, (), {"response.mode": mode}),
            )
            .frames()["colleges"]
            .set_index("college")
            .loc["X6"]
        )

    found = x6(30.0, "both")
    reached = found["served"] - found["unaffordable_candidates"]
    assert 0 < reached < 30 and found["served"] == 30
    for candidates, missing in (
        (reached, False),
        (reached * 0.9995, False),
        (reached * 1.0005, True),
    ):
        gap = x6(candidates, "none")[["funding_gap_assessment", "funding_gap_training"]].max()
        assert gap > 1 if missing else gap <= 0.0051


def test_a_plan_that_grows_is_settled_on_its_own_volumes_at_the_fees_of_before(scenario):
    """Twice the candidates: fees stay (no re-verification), while each organisation's margin is of the new volumes."""
    done = open_run("example", [scenario("table: offerings, column: candidates, scale: 2")])[0]
    before, after = (result.frames() for result in (done.baseline[0], done.scenario[0]))
    fees = [
        frame["fees"].set_index(["province", "certificate", "level"])["approved_fee"]
        for frame in (before, after)
    ]
    pd.testing.assert_series_equal(fees[0], fees[1].reindex(fees[0].index))
    assert after["offerings"]["sittings"].sum() == 2 * before["offerings"]["sittings"].sum()
    tables = read_tables(shipped("data", "example"))
    home, owner = (
        tables["colleges"].set_index("college")["province"],
        tables["certificates"].set_index("certificate")["organisation"],
    )
    fixed = tables["organisations"].set_index("organisation")["fixed_cost"].fillna(0)
    for frames in (before, after):
        rows = frames["offerings"].assign(
            province=frames["offerings"]["college"].map(home),
            organisation=frames["offerings"]["certificate"].map(owner),
        )
        earned = (
            (rows["fee_bill"] - rows["organisation_cost"])
            .groupby([rows["organisation"], rows["province"]])
            .sum()
        )
        for row in frames["organisations"].itertuples():
            assert row.margin == pytest.approx(
                earned[row.organisation, row.province] - fixed[row.organisation], abs=1e-6
            )


def test_a_plan_without_components_is_refused():
    tables = read_tables(shipped("data", "example"))
    law = load_law()
    bare = tables.with_frames(
        {
            "components": tables["components"][
                tables["components"]["certificate"] != "K3"
            ].reset_index(drop=True)
        }
    )
    with pytest.raises(DataError, match="证书 K3 advanced：有开考计划，却没有通用的考核环节行"):
        run(law, bare)
