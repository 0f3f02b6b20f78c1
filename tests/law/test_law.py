"""The law loads whole, refuses what is wrong with file and line, and keeps the one date rule."""

import re
from datetime import date
from pathlib import Path

import pytest
import yaml

import onexmodel
from onexmodel.data.schema import load_schema
from onexmodel.errors import LawError, ParameterError, ScenarioError
from onexmodel.law import compose, list_scenarios, load_law, read_scenario, yamlfile
from onexmodel.law.parameters import DatedValue
from onexmodel.law.registry import TOPICS
from onexmodel.law.scenario import scenario_of
from onexmodel.law.units import NONE, units
from onexmodel.law.yamlfile import read_yaml
from onexmodel.places import package_file, shipped

DAY = date(2021, 7, 1)
CAPS = [
    (f"fees.cap.{form}", DatedValue(date(2020, 7, 1), float(cap), "A", level=level))
    for form, level, cap in (
        ("computer", "all", 300),
        ("computer", "advanced", 330),
        ("paper", "all", 200),
        ("practical", "all", 260),
        ("special_practical", "all", 400),
    )
]


def test_every_clause_is_there_and_names_known_parameters():
    law = load_law()
    assert [clause["clause"] for clause in law.clauses] == [f"C{i}" for i in range(1, 16)]
    named = {name for clause in law.clauses for name in clause["parameters"]}
    assert named <= set(law.parameters)


def test_caps_and_the_day_of_the_transfer_notice_are_required_and_nothing_else_is_missing():
    law, wanted = (
        load_law(),
        [
            *(
                f"fees.cap.{form}"
                for form in ("paper", "computer", "practical", "special_practical")
            ),
            "settlement.transfer_notice_day",
        ],
    )
    view = law.at(DAY)
    assert [name for name, value in view.items() if value in (None, {})] == wanted
    assert [name for name, one in law.parameters.items() if one.status == "required"] == wanted
    assert view["fees.beta"] == 0.5 and view["pay.uplift_method"] == "elasticity"


def test_a_bounded_value_gives_way_to_the_one_before_it():
    law = load_law().with_values(
        [("fees.beta", DatedValue(date(2021, 1, 1), 0.7, until=date(2022, 1, 1), changed_by="s"))]
    )
    assert [law.at(date(y, 7, 1))["fees.beta"] for y in (2020, 2021, 2022)] == [0.5, 0.7, 0.5]


def test_scale_works_on_every_level_and_keeps_later_values():
    law = (
        load_law()
        .with_values(CAPS)
        .with_values([("fees.cap.computer", DatedValue(date(2023, 1, 1), 400.0, "A"))])
    )
    composed = compose(law, [read_scenario("cap_plus_20")])
    assert composed.law.at(DAY)["fees.cap.computer"] == pytest.approx({"all": 360, "advanced": 396})
    assert composed.law.at(date(2023, 7, 1))["fees.cap.computer"]["all"] == pytest.approx(480)
    assert composed.baseline_law.at(DAY)["fees.cap.computer"]["all"] == 300


def test_set_replaces_every_level_of_a_cap():
    composed = compose(load_law().with_values(CAPS), sets={"fees.cap.computer": "350"})
    assert composed.law.at(DAY)["fees.cap.computer"] == {"all": 350, "advanced": 350}


def test_readings_and_beliefs_reach_the_baseline_instruments_do_not():
    composed = compose(load_law(), sets={"fees.beta": "0.7", "pay.elasticity": "0.9"})
    assert composed.baseline_law.at(DAY)["fees.beta"] == 0.7
    assert (
        composed.baseline_law.at(DAY)["pay.elasticity"] == 0.5
        and composed.law.at(DAY)["pay.elasticity"] == 0.9
    )


def test_every_shipped_scenario_composes():
    law = load_law().with_values(CAPS)
    for name in list_scenarios():
        composed = compose(law, [read_scenario(name)])
        assert [one.id for one in composed.scenarios] == [name]
        for change in composed.scenarios[
            0
        ].changes:  # a general value is in force in the scheme on its day
            if (
                not change.is_data
                and not change.where
                and change.operation == "value"
                and change.holds(DAY)
            ):
                origin = composed.law.origin(change.target, DAY)
                assert origin.changed_by == name, (name, change.target)


def test_two_changes_of_one_thing_are_refused():
    with pytest.raises(ScenarioError, match="同一期间改动同一项"):
        compose(
            load_law().with_values(CAPS),
            [read_scenario("cap_plus_10"), read_scenario("cap_plus_20")],
        )


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("fees.betta", "0.5", "最接近的是「fees.beta」"),
        ("fees.beta", "1.5", "大于可能的最大值"),
        ("fees.beta", "半", "不是数"),
        ("response.mode", "supplyy", "不在选项"),
    ],
)
def test_a_wrong_set_is_refused_in_words(name, value, words):
    with pytest.raises(ParameterError, match=words):
        compose(load_law(), sets={name: value})


def test_all_faults_of_a_parameter_file_are_listed_with_lines():
    text = """parameters:
  fees.x:
    zh: 甲
    en: a
    kind: wish
    unit: 斤
    type: number
    status: law
    reason: r
    values:
    - {from: 2020-13-01, value: many, source: nobody}
    colour: red
"""
    with pytest.raises(LawError) as caught:
        load_law([read_yaml("fee.yaml", text)])
    assert "第 12 行：不认识的键「colour」" in str(caught.value)
    with pytest.raises(LawError) as caught:
        load_law([read_yaml("fee.yaml", text.replace("    colour: red\n", ""))])
    for words in ("第 5 行", "第 6 行", "没有依据「nobody」", "不是日期", "不是数"):
        assert words in str(caught.value)


def test_a_duplicate_key_is_refused():
    with pytest.raises(LawError, match="出现两次"):
        read_yaml("x.yaml", "a: 1\na: 2\n")


SHIPPED_YAML = [
    *sorted(Path(onexmodel.__file__).parent.glob("*/*.yaml")),
    *sorted(shipped("data").glob("*/*.yaml")),
]


@pytest.mark.parametrize("path", SHIPPED_YAML, ids=lambda path: path.name)
def test_both_yaml_parsers_read_the_same_data_and_lines(path, monkeypatch):
    quick = read_yaml(path)
    monkeypatch.setattr(yamlfile, "_QUICK", yaml.SafeLoader)
    assert read_yaml(path) == quick


@pytest.mark.parametrize(
    "text", ["a: 'x\nb: 1\n", "a: 1\nb:\tc\n", "a: 1\nt: {x:{ y, z: 1}\n", "a:\n  b: 1\n  c:[ 0"]
)
def test_broken_yaml_is_said_at_the_same_line_by_both_parsers(text, monkeypatch):
    said = []
    for loader in (yamlfile._QUICK, yaml.SafeLoader):
        monkeypatch.setattr(yamlfile, "_QUICK", loader)
        with pytest.raises(LawError, match="不是有效的 YAML") as caught:
            read_yaml("x.yaml", text)
        said.append(str(caught.value))
    assert said[0] == said[1]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("workload.groups_per_trained_teacher", "0", "小于可能的最小值"),
        ("response.spread", "0", "小于可能的最小值"),
        ("fees.cap.paper", "0", "小于可能的最小值"),
        ("funding.pot_weights", "foo:1", "不认识「foo」"),
        ("funding.pot_weights", "need:0", "权重之和应大于 0"),
        ("funding.pot_weights", "needs:1", "最接近的是「need」"),
        ("funding.use_order", "training,assessment", "缺少 performance_pay"),
        ("funding.use_order", "training,training,performance_pay,teacher_training", "写了两次"),
        ("funding.source_order", "central_awrd", "最接近的是「central_award」"),
    ],
)
def test_values_that_would_divide_by_nothing_or_be_passed_over_are_refused(name, value, words):
    with pytest.raises(ParameterError, match=words):
        compose(load_law(), sets={name: value})


def test_a_drawn_parameter_has_a_column_of_its_own():
    path = package_file("rules", "volume.yaml")
    text = path.read_text(encoding="utf-8")
    column = next(line for line in text.splitlines() if "draw_column" in line)
    others = [package_file("rules", f"{topic}.yaml") for topic in TOPICS if topic != "volume"]
    files = [read_yaml(one) for one in others]
    with pytest.raises(LawError, match="没有 draw_column"):
        load_law([*files, read_yaml("volume.yaml", text.replace(f"{column}\n", "", 1))])
    with pytest.raises(LawError, match="相同"):
        load_law([*files, read_yaml("volume.yaml", text.replace(column, "    draw_column: 0", 1))])


def test_every_unit_of_a_rule_or_column_is_on_the_one_list_in_english():
    known = set(units())
    assert {rule["unit"] for rule in load_law().rules.values()} <= known | {NONE}
    numbers = {
        column.unit
        for columns in load_schema().values()
        for column in columns.values()
        if column.numeric
    }
    assert numbers <= known | {NONE, "0—1"}
    for unit, (zh, en) in units().items():
        assert zh and (en or unit in ("个",)), unit
        assert not re.search("[\u3400-\u9fff]", en), unit


def test_a_plain_title_stands_in_both_languages():
    plain = scenario_of("a", "title: 上限提高\nauthor: t\nchanges: []\n")
    assert plain.title == {"zh": "上限提高", "en": "上限提高"}
    french = scenario_of("a", "title: {zh: 一, en: one, fr: un}\nauthor: t\nchanges: []\n")
    assert french.title["fr"] == "un"


@pytest.mark.parametrize(
    "line, words",
    [
        ("title: {zh: 一}", "title 缺少 en"),
        ("title: {en: one}", "title 缺少 zh"),
        ("title: {zh: 1, en: one}", "title 的 zh 不是文字"),
        ("title: {zh: 一, en: ''}", "title 的 en 不是文字"),
        ("title: 2021", "title 「2021」不是文字"),
        ("title: [一, one]", "title 「[一, one]」不是文字"),
        ("title:", "title 是空的"),
        ("title: 一\ndescription: {zh: 一}", "description 缺少 en"),
        ("title: 一\ndescription: 5", "description 「5」不是文字"),
    ],
)
def test_a_text_that_a_page_could_not_print_is_refused_with_its_line(line, words):
    text = f"author: t\nchanges: []\n{line}\n"
    with pytest.raises(ScenarioError) as caught:
        scenario_of("a", text)
    assert f"a.yaml 第 {2 + len(line.splitlines())} 行：{words}" in str(caught.value)
