"""The last pages in the words of readers: caps by their own source, effects, the model's page, notes of tables, guide, run record."""

import ast
import html
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import onexmodel
from onexmodel.analysis.draws.effects import effects
from onexmodel.analysis.explain.derive import derivation
from onexmodel.analysis.explain.node import Node
from onexmodel.analysis.explain.place import place_tree
from onexmodel.analysis.measures import span
from onexmodel.analysis.study import open_study
from onexmodel.data import read_tables
from onexmodel.engine.findings.ledger import in_words
from onexmodel.engine.findings.unfilled import Unfilled
from onexmodel.errors import ParameterError, ReportError
from onexmodel.law import load_law
from onexmodel.places import shipped
from onexmodel.report import open_budget_and_settlement, open_fee_cap
from onexmodel.report.annex import assumptions, findings, sources, trees
from onexmodel.report.annex.quantities import described
from onexmodel.report.annex.values import value_text
from onexmodel.report.front.guide import how_to_read
from onexmodel.report.front.opening import counted
from onexmodel.report.front.state import data_state, other_states
from onexmodel.report.make.gate import MODELS
from onexmodel.report.model.block import rules_of
from onexmodel.report.model.graph import edges, layers
from onexmodel.report.page.blocks import GROUP, ranged
from onexmodel.report.page.numbers import count, percent, share, wan
from onexmodel.report.page.sentences import words_in
from onexmodel.report.page.words import CODES, FINDINGS, GIVEN
from onexmodel.report.page.writer import PageWriter, writer_for

pytestmark = pytest.mark.usefixtures("sketched")

PACKAGE = Path(onexmodel.__file__).parent
ZH, EN = PageWriter("zh", "示例", True, False), PageWriter("en", "Example", True, False)


NOBODY = Unfilled(frozenset(), frozenset(), frozenset(), frozenset())


def words(block) -> str:
    return html.unescape(
        re.sub(
            r"<svg.*?</svg>|<script.*?</script>|<[^>]+>",
            " ",
            re.sub(r"</?span[^>]*>|<wbr>", "", block.html.replace(GROUP, "")),
            flags=re.S,
        )
    )


@pytest.fixture(scope="module")
def report():
    return open_fee_cap("example", scenario=["cap_plus_20"], log2_draws=1)


@pytest.fixture(scope="module")
def english():
    return open_fee_cap("example", scenario=["cap_plus_20"], log2_draws=1, lang="en")


@pytest.mark.parametrize(
    ("name", "zh", "en"),
    [
        ("response.mode", "不考虑响应", "no response"),
        ("fees.verification", "第三方或专家核定", "verified"),
        ("fees.deduct_college_borne", "100%", "100%"),
        (
            "funding.pot_weights",
            "考生数 0.5；经费需求 0.3；财力薄弱程度 0.2",
            "candidates 0.5; need 0.3; low fiscal capacity 0.2",
        ),
        (
            "funding.use_order",
            "考核颁证、培训、教师绩效工资、教师培训",
            "assessment, training, performance pay, teacher training",
        ),
        ("funding.discount_rate", "4%", "4%"),
    ],
)
def test_values_are_words(name, zh, en):
    parameter = load_law().parameters[name]
    assert [value_text(parameter.values[-1].value, lang, parameter) for lang in ("zh", "en")] == [
        zh,
        en,
    ]


def test_no_code_is_left_in_the_chinese_log(report):
    said = words(report.assumptions())
    for code in (
        "the text is silent",
        "unverified",
        "as class_hour_fee",
        "candidates",
        "supply",
        "weighted",
        "§",
        " S9",
        " F6",
        "inf",
    ):
        assert code not in said, code
    assert "对结论的影响（学校年支出变化，万元）" in said and "本方案所改" in said and "—" in said


def test_a_cap_is_as_good_as_the_data_sets_own_source(report, english):
    parameter = report.study.composition.law.parameters["fees.cap.paper"]
    given, reason = assumptions._standing(ZH, report.study, parameter)
    assert "假设" in given.html and "数据集提供" not in given.html
    assert (
        "取自数据集：示例的成本上限金额（假设，不是官方数字）" in reason
        and "教职成厅函〔2020〕11号为准" in reason
    )
    assert "示例的成本上限金额" in words(report.sources()) and "数据集 A-CAP" in words(
        report.sources()
    )
    assert (
        "assumption" in assumptions._standing(EN, english.study, parameter)[0].html
        and "(in Chinese)" in assumptions._standing(EN, english.study, parameter)[1]
    )


def test_an_unknown_source_of_a_cap_is_not_given_a_kind(report):
    sources = report.study.tables["sources"]
    tables = report.study.tables.with_frames({"sources": sources[sources["source"] != "A-CAP"]})
    given, reason = assumptions._standing(
        ZH,
        type(report.study)(
            tables,
            *[
                getattr(report.study, name)
                for name in ("law", "composition", "prepared", "year", "province", "college")
            ],
        ),
        report.study.composition.law.parameters["fees.cap.paper"],
    )
    assert "须提供" in given.html and "没有给出来源" in reason


def test_effects_are_signed_and_written_once_where_equal(report):
    found = effects(report.study, "college_outlay", list(report.study.law.parameters))
    law = report.study.composition.law
    assert assumptions.effect_text(ZH, found, law.parameters["settlement.deadline"], wan) == "—"
    assert re.fullmatch(
        r"（.+[—至].+）", assumptions.effect_text(ZH, found, law.parameters["fees.beta"], wan)
    )
    assert assumptions.effect_text(ZH, found, law.parameters["response.spread"], wan) == "0.0"
    assert "按占比加权 " in assumptions.effect_text(
        ZH, found, law.parameters["fees.cap_of_mixed"], wan
    )


def test_places_of_clauses_are_documents():
    assert (
        sources.where_words(load_law(), "GD 1, NAT 2", "zh")
        == "粤教职函〔2020〕31号第1点、教财厅函〔2020〕12号第2点"
    )
    assert (
        sources.where_words(load_law(), "GD, closing", "en")
        == "粤教职函〔2020〕31号, closing words"
    )
    said = words(sources.clause_table(ZH, open_study("example"), "fee_cap", "附表4"))
    assert "fee_bill" not in said and "fees.beta" not in said and "考核费" in said


def test_large_sums_in_findings_are_wan_and_codes_have_words():
    assert in_words(2_269_000.0) == "226.9 万元" and in_words(300.0) == "300 元"
    codes = set()
    for path in [
        *(PACKAGE / "engine" / "findings").glob("*.py"),
        *(PACKAGE / "engine").rglob("*findings.py"),
    ]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "id", "") in ("finding", "_each", "_facts")
                and isinstance(node.args[2], ast.Constant)
            ):
                codes.add(node.args[2].value)
    assert len(codes) > 10 and codes <= set(FINDINGS)
    table = words(
        findings.findings_table(
            ZH,
            [
                {
                    "table": "fees",
                    "key": "k",
                    "rule": "over_cap",
                    "severity": "warning",
                    "sentence": "高",
                }
            ],
            "附表5",
            NOBODY,
        )
    )
    assert "over_cap" not in table and "费用高于上限余额" in table


def test_run_record_is_in_words(report):
    said = words(report.record())
    assert "internal" not in said and "内部版" in said and "否" in said and "上限提高20%" in said
    assert set(report.parameters) <= set(GIVEN)


@pytest.mark.parametrize("name", list(MODELS))
def test_each_report_has_its_own_guide(name):
    pages = {
        lang: words(how_to_read(PageWriter(lang, "", False, False, report=name)))
        for lang in ("zh", "en")
    }
    assert (
        name in words_in("front", "zh").guide
        and 250 < len(pages["zh"]) < 900
        and not re.search("[\u4e00-\u9fff]", pages["en"])
    )
    assert len(
        {words(how_to_read(PageWriter("zh", "", False, False, report=one))) for one in MODELS}
    ) == len(MODELS)
    assert "区间" in pages["zh"]


@pytest.mark.parametrize("name", list(MODELS))
def test_the_guide_of_one_college_speaks_of_that_college(name):
    """It spoke of 各院校 and of groups of colleges that such a report does not have."""
    said = {
        (lang, alone): words(how_to_read(PageWriter(lang, "", False, True, alone, report=name)))
        for lang in ("zh", "en")
        for alone in (False, True)
    }
    assert not re.search("各院校|各校|每所院校|逐校|院校间|不少于5所|公开版", said["zh", True])
    assert not re.search(
        "each college|by college|between colleges|at least 5|circulated", said["en", True]
    )
    if name in ("funding_mix", "budget_and_settlement", "cost_reduction"):
        assert said["zh", True] != said["zh", False] and "本校" in said["zh", True]


def test_the_press_learns_its_report(report):
    assert report.writer.report == "fee_cap" and "上限不是收费标准" in words(
        how_to_read(report.writer)
    )


def test_model_page_holds_the_rules_the_first_number_leans_on(report, english):
    page, names = report.model().html, rules_of(report.study.law, ("needs",))
    assert page.count("<p><b>") == len(names) > 50
    assert (
        "核定标准 × 计费人次" in page
        and "approved fee × payable sittings" in english.model().html
        and "−inf" not in english.model().html
    )
    assert (
        page.count("<rect") == len([name for one in layers(names) for name in one]) + 1
        and ">平均核定标准</text>"
        not in page  # the boxes are rules; the last one is what they make
        and page[: page.index("</svg>")].endswith(">学校年支出</text>")
        and 'role="img" aria-label="规则图' in page
    )


def test_graph_runs_downward_only():
    names = rules_of(load_law(), ("needs",))
    depth = {name: i for i, row in enumerate(layers(names)) for name in row}
    links = edges(names)
    assert len(links) > 60 and all(depth[one] < depth[other] for one, other, _ in links)
    assert ("sittings", "college_unit", True) in links and (
        "fee_bill",
        "need_assessment",
        True,
    ) in links


def test_a_table_with_columns_leads_to_how_they_are_made():
    report = open_budget_and_settlement("example", log2_draws=1)
    made = report.writer.table(
        "表1",
        "考核计划与支出",
        ["层次", "考核费"],
        [["高职", "1"]],
        columns=(
            "fee_bill",
            "approved_fee",
            "offerings.candidates",
            "pay.elasticity",
            "training_hours",
        ),
    )
    assert 'href="#t-表1" id="mt-表1"' in made.html
    page = report.notes().html
    assert (
        '<div class="trace" id="t-表1">' in page
        and page.count('id="q-fee_bill"') == 1
        and "核定标准 × 计费人次" in page
    )
    entry = re.search(r'id="q-fee_bill">(.*?)</div>', page, flags=re.S).group(1)
    hours = re.search(r'id="q-training_hours">(.*?)</div>', page, flags=re.S).group(1)
    assert (
        "条款 C4" in entry and "合计的推导见注" in entry and "<b>培训课时合计</b>" in hours
    )  # its total with the parts, down one step
    assert not report.writer.printed and "各表的栏目" not in words(report.notes())  # said once


def test_a_total_that_a_headline_derives_is_referred_to(report):
    report.writer.table("表9", "费用", ["a"], [["1"]], columns=("fee_bill",))
    entry = re.search(r'id="q-fee_bill">(.*?)</div>', report.notes().html, flags=re.S).group(1)
    assert re.search(r'href="#n\d">合计的推导见注\d', entry)


def test_a_table_printed_after_the_notes_is_explained_before_the_record():
    report = open_budget_and_settlement("example", log2_draws=1)
    report.writer.table("附表1", "明细", ["a"], [["1"]], columns=("served",))
    assert 'id="t-附表1"' in report.record().html


def test_an_unknown_column_is_refused_with_the_nearest():
    with pytest.raises(ReportError, match="fee_bill"):
        described(load_law(), "fee_bil", "zh")


def test_trees_are_in_words(report, english):
    zh, en = words(report.notes()), words(english.notes())
    for code in (
        "[assumption]",
        "［",
        "none / supply",
        "intermediate",
        "share ",
        "central_award",
        "e+0",
    ):
        assert code not in zh, code
    assert "文件没有写明，可作不同理解" in zh and "元/年" in zh
    assert (
        trees.amount(2_268_931.0, "元/年", "zh") == ("226.9", "万元/年")
        and trees.amount(17_760.25, "元", "zh")[0].replace("\u202f", "") == "17760.25"
    )
    assert " 元" not in en and "基准" not in en and "−inf" not in en and "higher" in en


def test_a_hidden_value_has_no_unit_that_says_how_large_it_is(report):
    for shown in re.findall(r"（公开版不列）([^<]*)<", report.notes().html):
        assert not shown.strip(), shown


def test_ranges_and_codes():
    assert (
        span("1", "2") == "（1—2）"
        and span("1", "2", "en") == " (1 to 2)"
        and span("1", "2", named=True) == "（80%区间1—2）"
        and [span("+12", "0"), span("0", "+12"), span("−3", "2")]
        == ["（+12至0）", "（0至+12）", "（−3至2）"]  # a dash beside a sign reads as one
    )
    zh, en = (PageWriter(lang, "", False, False) for lang in ("zh", "en"))
    assert (
        zh.span((10_000.0, 26_000.0), wan) == "（1.0—2.6）"
        and en.span((10_000.0, 26_000.0), wan, named=True) == " (80% interval 1.0 to 2.6)"
    )
    assert (
        zh.span((np.nan, 1.0), wan)
        == zh.span((0.0, np.nan), wan)
        == zh.span((10_000.0, 10_400.0), wan)
        == ""
    )  # none, or none that can be read
    assert zh.span((-np.inf, 1.0), wan) == ""  # an open end is for who knows its range to word
    assert (
        zh.span((5_654_000.0, 9_757_000.0), wan, 7_657_000.0) == "（570—980）"
        and en.span((5_654_000.0, 9_757_000.0), wan) == " (570 to 980)"
    )  # the referee's
    assert (
        zh.span((0.5761, 0.6512), percent) == "（57.6—65.1）"
        and zh.span((0.7631, 0.9012), percent) == "（76—90）"
        and zh.span((5_654_000.0, 9_740_000.0), wan, 9_739_000.0) == "（570—980）"
    )
    assert (
        zh.span((168.6, 664.2), count) == "（170—660）"
        and zh.span((-2_345_000.0, 12_345_000.0), wan, sign=True) == "（−200至+1200）"
    )
    assert zh.ends((97_282_000.0, 132_899_000.0), wan) == ("9700", "13\u202f300") and zh.ends(
        (1.0, 1.0), count
    ) == ("1", "1")
    assert [share(part) for part in (0.0, 0.0004, 0.0312, 0.0951, 0.425, 0.9966, 1.0)] == [
        "0",
        "0.0",
        "3.1",
        "9.5",
        "42",
        "99.7",
        "100",
    ]
    assert (
        re.sub("<[^>]+>", "", ranged("1.5", zh.span((10_000.0, 26_000.0), wan)).html)
        == "1.5（1.0—2.6）"
        and ranged("1.5", "").html == "1.5"
    )
    assert re.sub("<[^>]+>", "", ranged("1.5", " (1.0 to 2.6)").html) == "1.5(1.0 to 2.6)"
    assert CODES["central_award"] == ("中央奖补", "central award")


def test_header_says_how_many_colleges_plan_and_what_else_is_not_observed():
    study = open_study("example", ["cap_plus_20"])
    assert "其中" not in counted(study, ZH) or re.search(
        r"\d+所院校（其中\d+所有开考计划）", counted(study, ZH)
    )
    offerings = study.tables["offerings"]
    fewer = open_study(
        "example",
        tables=study.tables.with_frames(
            {"offerings": offerings[offerings["college"] != offerings["college"].iloc[0]]}
        ),
    )
    assert "（其中不少于5所有开考计划）" in counted(fewer, ZH) and "with a plan" in counted(
        fewer, EN
    )
    assert (
        "成本上限：假设" in other_states(study, ZH)
        and "费用标准" in other_states(study, ZH)
        and "caps: assumption" in other_states(study, EN)
    )


def test_a_circulated_finding_is_a_whole_sentence_without_batch_place_or_amount():
    sentence = "批次 A20200628-01 考核于 2020-06-28，尚有 12345.60 元未结清"
    row = {
        "table": "t",
        "key": "A20200628-01",
        "rule": "arrears_in_scope",
        "severity": "warning",
        "sentence": sentence,
    }
    for writer, said in (
        (ZH, "3个批次应在结清期限前结清而尚未结清，请限期结清。"),
        (EN, "3 batches were due by the settlement deadline and are not settled"),
        (PageWriter("en", "", False, True), "3 batches were due by the settlement deadline"),
    ):
        table = words(findings.findings_table(writer, [row] * 3, "附表5", NOBODY))
        assert said in table and "2020-06-28" not in table and "12345" not in table
    inside = words(
        findings.findings_table(PageWriter("zh", "", False, True), [row], "附表5", NOBODY)
    )
    assert "考核于 2020-06-28，尚有 12345.60 元未结清" in inside
    unknown = words(findings.findings_table(ZH, [row | {"rule": "no_such"}], "附表5", NOBODY))
    assert "1处数据需要核对" in unknown


def test_every_kind_of_finding_has_its_sentence_in_both_languages():
    for lang in ("zh", "en"):
        assert set(FINDINGS) <= set(words_in("annex", lang).general_findings)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_count_of_the_rows_of_a_total_is_not_read_as_a_province(lang):
    study = open_study("example")
    total = place_tree(derivation(study, "none", stored=True), "baseline", "fee_bill", lang)
    code = str(study.tables["provinces"]["province"].iloc[0])
    of_code = replace(total, where=total.where.replace("12", code))
    assert code in of_code.where
    assert trees.spoken(of_code, study, lang).where == of_code.where


def test_the_count_of_the_remaining_parts_is_not_read_as_a_province():
    study = open_study("example")
    part = Node("rest", "其余", "45 项", 225_354.88, "元/年", "rest")
    assert trees.spoken(part, study, "zh").where == "45 项"


def test_a_number_is_explained_in_the_notebook():
    inside = open_fee_cap(
        "example", "S01", scenario=["cap_plus_20"], internal=True, log2_draws=2, seed=1
    )
    outside = open_fee_cap("example", scenario=["cap_plus_20"], log2_draws=2, seed=1)
    one = inside.explain("uplift", college="X2")
    assert (
        "绩效核增" in one.html
        and "14054" in words(one)
        and "pay_pools.csv" in one.html
        and one.html.count("<details") >= 3
    )
    assert "公开版不列" in outside.explain("uplift", college="X2").html and "14054" not in words(
        outside.explain("uplift", college="X2")
    )
    whole, before = inside.explain("fee_bill").html, inside.explain("fee_bill", baseline=True).html
    assert "合计" in whole and whole != before
    with pytest.raises(ParameterError, match="最接近的是「uplift」"):
        inside.explain("uplyft", college="X2")


def test_observed_plans_on_simulated_costs_are_not_called_observed():
    """The bar speaks of what a number rests on, not of the plans alone; the label follows from the rows."""
    tables = read_tables(shipped("data", "example"))
    marks = {
        name: np.full(
            len(frame),
            "simulated" if name in ("ingredients", "fees", "caps") else "observed",
            object,
        )
        for name, frame in tables.frames.items()
    }
    mixed = replace(tables, status="observed", marks=marks, label={})
    study = open_study("example", tables=mixed)
    said = data_state(study, writer_for(mixed, "zh", True)).html
    assert "观测 0%" in said and "模拟 100%" in said and "计划：观测100%；成本：模拟100%" in said
    assert writer_for(mixed, "zh", True).simulated
