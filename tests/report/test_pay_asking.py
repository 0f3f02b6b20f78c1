"""What performance_pay recommends to ask for, what would overturn it, who would pay, and what one college's own report says instead."""

import html
import re
import shutil

import numpy as np
import pandas as pd
import pytest

from onexmodel.analysis.pay import options as po
from onexmodel.analysis.pay import study as ps
from onexmodel.places import shipped
from onexmodel.report import open_performance_pay
from onexmodel.report.page.numbers import carried, money_in, number
from onexmodel.report.performance_pay import advice
from onexmodel.report.performance_pay.report import Withheld

pytestmark = pytest.mark.usefixtures("sketched")

SIGNED = re.compile(r"(?<![\d\w])[+−]\d")


def said(block) -> str:
    """The words of a block, drawings by their text alternative."""
    text = re.sub(r"<svg[^>]*aria-label=\"([^\"]*)\".*?</svg>", r" \1 ", block.html, flags=re.S)
    text = text.replace('<i class="k"></i>', "")
    return html.unescape(re.sub(r"<[^>]+>", " ", text)).replace("\u202f", "")


def advised(report) -> dict[str, str]:
    """Label → sentence of the recommendation on the first page."""
    box = re.search(r'<dl class="advice">(.*?)</dl>', report.front().html, re.S).group(1)
    return dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", box))


@pytest.fixture(scope="module")
def guangdong():
    return open_performance_pay("national", "44", log2_draws=7)


@pytest.fixture(scope="module")
def example():
    return open_performance_pay("example", log2_draws=7, internal=True)


@pytest.fixture(scope="module")
def own():
    return open_performance_pay("national", "44", college="SIM440001", log2_draws=5)


@pytest.mark.parametrize(
    ("given", "method", "capped"),
    [
        ({}, "elasticity", False),
        ({"scenario": ["elasticity_low"]}, "elasticity", False),
        ({"settings": {"pay.elasticity": "0.9"}}, "rate", True),
        ({"settings": {"pay.class_hour_fee": "40"}}, "rate", True),
        ({"scenario": ["package_combined"]}, "rate", False),
        ({"scenario": ["income_share"]}, "income_share", False),
    ],
)
def test_the_recommendation_follows_the_numbers(given, method, capped):
    report = open_performance_pay("example", internal=True, log2_draws=1, **given)
    asked, row = report.request, report.row
    assert (asked.method, asked.capped) == (method, capped)
    uplift = po.by_method(report.study, report.runs[1], method)
    assert uplift.sum() == pytest.approx(row[f"uplift_{method}"])
    assert asked.yuan == pytest.approx(po.still_to_ask(report.runs[1], uplift)) and asked.net
    if not capped:
        assert asked.yuan == pytest.approx(row["to_ask"])
    assert asked.yuan <= row["uplift_rate"] + 0.5 or method == "income_share"
    starred = [one.code for one in report.options if one.chosen]
    assert starred == [report.taken.role if method == "elasticity" else method]
    text = advised(report)["建议"]
    assert "按课时费法向" in text if capped else report.words.methods[method] in text, text
    assert f"{asked.yuan / 1e4:.1f}万元" in text.replace("\u202f", "")


def test_nothing_is_asked_for_where_nothing_is_left():
    report = open_performance_pay(
        "example", internal=True, log2_draws=1, settings={"pay.elasticity": "0"}
    )
    assert not report.request.some and "不提出申请" in advised(report)["建议"]
    assert "没有可再申请的绩效工资核增" in report.front().title and report.money == {}
    assert "请人力资源社会保障、财政部门核定" not in said(report.decision())


def test_what_would_overturn_it_is_a_number_of_the_run(guangdong, example):
    """Half of the colleges reach the class-hour fee at the median of their required elasticities; where they are under five, all hours
    together do; the uplift printed is that of the run at this elasticity, and both methods meet where it is said."""
    at = po.at_work(guangdong.study, guangdong.runs[1])
    turn, hours = guangdong.turning, guangdong.runs[1].served["added_hours"]
    required = guangdong.runs[1].served["required_elasticity"][at]
    assert turn.half and turn.elasticity == pytest.approx(np.median(required))
    uplift = po.at_elasticity(guangdong.study, guangdong.runs[1], turn.elasticity)
    under = po.share_under(uplift[at], hours[at], guangdong.hour_fees[at])
    assert turn.yuan == pytest.approx(uplift.sum()) and abs(under - 0.5) < 2 / at.sum()
    text = advised(guangdong)["何时应改变"].replace("\u202f", "")
    assert f"弹性达到{turn.elasticity:.2f}时，半数院校" in text
    near = carried(turn.yuan, guangdong.request.around(turn.yuan), money_in("zh", False))
    assert near == "4700" and f"须核增约{near}万元" in text and "申请约5300万元" in text
    meets = po.at_elasticity(guangdong.study, guangdong.runs[1], turn.meets)
    assert f"弹性超过{turn.meets:.2f}时" in text
    assert meets.sum() == pytest.approx(guangdong.row["uplift_rate"], rel=1e-6)
    assert guangdong.headlines()["turning.elasticity"] == turn.elasticity

    few, served = example.turning, example.runs[1].served
    at = po.at_work(example.study, example.runs[1])
    hourly = po.at_elasticity(example.study, example.runs[1], few.elasticity)[at].sum()
    assert not few.half and at.sum() < advice.HALF
    assert hourly / served["added_hours"][at].sum() == pytest.approx(example.hour_fee)
    assert "各校合计每课时达到课时费100元" in advised(example)["何时应改变"]


def test_methods_meet_within_the_limits():
    """A college at its limit gains nothing from a higher elasticity: what is said is what the table gives there."""
    report = open_performance_pay(
        "example", internal=True, log2_draws=1, settings={"pay.elasticity": "0.9"}
    )
    assert report.row["limited"] > 0
    meets = po.at_elasticity(report.study, report.runs[1], report.turning.meets)
    assert meets.sum() == pytest.approx(report.row["uplift_rate"], abs=0.01)
    beyond = po.elasticity_for(report.study, report.runs[1], 1e12)
    assert np.isnan(beyond)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_has_no_source_is_a_part_of_the_whole_uplift_where_some_is_granted(lang):
    """The sources are those of the uplift, the sum to ask for is without what is granted: a share of one is not a share of the other."""
    report = open_performance_pay("example", internal=True, log2_draws=1, lang=lang)
    chosen = report.chosen_option
    assert chosen.yuan > report.request.yuan + 1 and report.unpaid > 0
    assert report.writer.yuan(chosen.yuan).replace("\u202f", "") in said(report.decision())


def test_the_table_gives_the_sum_at_a_surveyed_elasticity(guangdong):
    rows = {one.value: one for one in guangdong.looked_up}
    assert {"low", "high", "taken", "turning"} <= {one.role for one in rows.values()}
    for value, one in rows.items():
        uplift = po.at_elasticity(guangdong.study, guangdong.runs[1], value)
        assert one.point["uplift"] == pytest.approx(uplift.sum(), rel=1e-9), value
    values = sorted(rows)
    assert min(np.diff(values)) > 0.04 and guangdong.taken.point["uplift"] == pytest.approx(
        guangdong.row["uplift"]
    )


@pytest.mark.parametrize("name", ["guangdong", "example"])
def test_who_would_pay_an_option_is_what_the_run_finds_for_the_one_taken(name, request):
    report = request.getfixturevalue(name)
    study, result = report.study, report.runs[1]
    taken = po.paid_by(study, result, report.view, np.asarray(result.served["uplift"]))
    assert taken == pytest.approx(ps.uplift_sources(study, result, report.view))
    for one in report.options:
        assert sum(one.paid.values()) == pytest.approx(100) and one.unpaid <= one.yuan + 0.5
    asked = report.request
    short = carried(report.unpaid, asked.around(report.unpaid), money_in("zh", False))
    assert f"{short}万元）尚未落实资金来源" in said(report.front())
    # as wide in proportion as the sum asked for
    low, high = asked.around(report.unpaid)
    own = np.array(asked.reach) / asked.yuan
    assert np.array([low, high]) / report.unpaid == pytest.approx(own, nan_ok=True)


def test_three_key_figures_no_signs_and_every_range_holds_its_number(guangdong):
    front = guangdong.front()
    figures = re.search(r'<dl class="figures">(.*?)</dl>', front.html, re.S).group(1)
    assert figures.count("<dt>") == 3
    lead = re.search(r'<p class="lead">(.*?)</p>', front.html).group(1)
    assert not SIGNED.search(front.title) and not SIGNED.search(lead)
    assert lead.count("。") == 1 and len(re.findall('class="also"', front.html)) <= 3
    for code in ("uplift_elasticity", "uplift_rate", "per_hour", "gain_busy"):
        low, high = guangdong.reach(code)
        value = guangdong.chosen[code] if code == "gain_busy" else guangdong.row[code]
        assert low <= value <= high, code


def test_a_range_that_leaves_out_its_number_is_not_printed(example):
    inside = example.ranges["uplift_rate"]
    example.ranges["uplift_rate"] = (2 * inside[1], 3 * inside[1])
    try:
        assert not np.isfinite(example.reach("uplift_rate")).any()
        assert "〔" not in said(example.method_figure()).split("课时费法")[-1]
    finally:
        example.ranges["uplift_rate"] = inside


def test_a_number_has_no_more_digits_than_its_interval_carries():
    wan, million = money_in("zh", False), money_in("en", False)
    assert carried(32_757_942, (14_665_112, 50_910_673), wan) == "3300"
    assert carried(32_757_942, (14_665_112, 50_910_673), million) == "33"
    assert carried(32_757_942, (float("nan"), float("nan")), wan) == "3275.8"


def test_the_curve_tells_nothing_of_fewer_than_five_colleges(guangdong):
    steps, under = guangdong.reaching
    at = int(po.at_work(guangdong.study, guangdong.runs[1]).sum())
    newly = np.round(-np.diff(under) * at)
    assert steps[0] == 0 and under[0] == 1 and ((newly == 0) | (newly >= 5)).all()
    assert "半数院校每课时要达到100元，核增弹性须不低于0.72" in said(guangdong.reach_figure())


def test_an_income_share_of_few_colleges_is_told_nowhere():
    """X1 alone filled in its net income: the uplift by it would be the half of that income."""
    circulated = open_performance_pay("example", scenario=["income_share"], log2_draws=1)
    assert isinstance(circulated, Withheld) and "uplift" not in circulated.headlines()
    assert "填报净收入的院校不足5所" in said(circulated.front())
    assert "方案并列" not in said(circulated.decision())


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_one_colleges_report_is_in_yuan_and_shows_its_certificates_and_peers(lang):
    report = open_performance_pay("national", "44", college="SIM440001", log2_draws=5, lang=lang)
    blocks = ("front", "decision", "methods", "load_figure", "own_tables", "uplift_table")
    blocks += ("method_figure", "reach_figure", "elasticity_table", "deciding_text", "tilt_figure")
    blocks += ("quantile_table", "money_figure", "fairness_figure", "fairness_table", "conclusions")
    parts = {name: getattr(report, name)() for name in blocks}
    text = " ".join(said(block) for block in parts.values())
    assert "万元" not in text and "million" not in text
    assert ("100.0%的院校" if lang == "zh" else "100% of colleges") not in text
    assert not re.search("低于课时费的院校|colleges under", text, re.I)
    for name in ("reach_figure", "money_figure", "load_figure"):  # one dot, one bar
        assert "<svg" not in parts[name].html, name
    label = "图" if lang == "zh" else "Figure "
    shown = re.findall(
        rf"<figcaption><b>{label}(\d)</b>", "".join(one.html for one in parts.values())
    )
    assert shown == ["1", "2", "3"]
    uplift = said(parts["own_tables"])
    assert number(report.row["uplift"]).replace("\u202f", "") in uplift
    rows = re.findall(r"<tr>(.*?)</tr>", parts["uplift_table"].html)
    assert all(row.count("<td>") == 1 for row in rows[1:])  # its tier would be the same again


def test_the_place_among_peers_rests_on_five_others(own, tmp_path):
    found = own.peers.rows["per_hour"]
    assert found.own == pytest.approx(own.row["per_hour"]) and own.peers.colleges > 5
    text = said(own.own_tables())
    assert all(f"{value:.0f}" in text for value in found)
    few = open_performance_pay("example", college="X1", log2_draws=1)
    assert "不足5所" in said(few.own_tables()) and "四分位" not in said(few.own_tables())


def test_existing_hours_say_what_they_are_of(guangdong):
    text = said(guangdong.uplift_table())
    assert "降本报告的实际产能含全部院校，按标准工作量的80%计，口径不同" in text
    teachers = guangdong.load.teachers.sum()
    hours = guangdong.load.before * guangdong.load.teachers
    assert guangdong.load.means[0] == pytest.approx(hours.sum() / teachers)


def test_the_income_share_is_named_among_the_methods_where_a_table_has_it(guangdong, tmp_path):
    assert "收入提取法：核增＝培训净收入的50%" in said(guangdong.methods())
    assert "收入提取法" in said(guangdong.uplift_table())
    folder = shutil.copytree(shipped("data", "example"), tmp_path / "data")
    head, *rows = (folder / "pay_pools.csv").read_text(encoding="utf-8").splitlines()
    at = head.split(",").index("net_training_income")
    bare = [
        ",".join("" if i == at else cell for i, cell in enumerate(row.split(","))) for row in rows
    ]
    (folder / "pay_pools.csv").write_text("\n".join([head, *bare]) + "\n", encoding="utf-8")
    without = open_performance_pay(str(folder), internal=True, log2_draws=1)
    assert "收入提取法" not in said(without.methods()) + said(without.uplift_table())


def test_the_gap_is_asked_for_once(guangdong):
    """The report on budget and settlement moves unspent funds between colleges; what it asks for is not asked for again."""
    text = said(guangdong.decision())
    assert "约320万元（10%）尚未落实来源，拟随院校间调剂解决（见收支预算报告），不另行申请" in text
    assert "随院校间调剂落实" in text


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({}, "核增的60%按课时分配时每课时49元，低于假定的最低报酬70元"),
        ({"pay.elasticity": "0.1"}, "全部按课时分配也只有16元"),
        ({"pay.reservation_rate": "40"}, ""),
    ],
)
def test_a_tilt_under_the_least_pay_is_a_risk(settings, words):
    report = open_performance_pay("example", internal=True, log2_draws=1, settings=settings)
    text = said(report.front())
    assert words in text and ("低于假定的最低报酬" in text) == bool(words)
    if not settings:  # what it takes is the tilt of the run
        assert f"要达到须有{100 * report.tilt_reached:.0f}%按课时分配" in text


def test_hours_far_from_those_calculated_are_said_first_and_stop_the_tilt(own, guangdong):
    """A college's teachers list 23 625 hours where its plans give 4312: nothing on sharing holds before they are verified."""
    row = own.hours_apart.iloc[0]
    assert own.unverified and row["listed"] == pytest.approx(own.people.hours.sum())
    assert row["calculated"] == pytest.approx(own.row["added"])
    for block in (own.front(), own.conclusions()):
        text = said(block)
        assert "合计23625，按开考计划测算为4312，相当于5.5倍" in text and "核实之前不能使用" in text
    decided = said(own.decision())
    assert "核实教师工作量填报的X证书课时" in decided and "请同意核增部分的" not in decided
    assert "低于假定的最低报酬" not in said(own.front())
    found = {one["rule"]: one["sentence"] for one in own.more_findings()}
    assert f"合计{number(row['listed'])}" in found["hours_listed_apart"]
    # in the province it is one college of hundreds: counted, its hours told nowhere
    assert not guangdong.unverified and "请同意核增部分的60%" in said(guangdong.decision())
    assert "少于5所院校教师所列的X证书课时" in said(guangdong.findings(4))
    listed = number(guangdong.people.hours.sum()).replace("\u202f", "")
    assert listed not in said(guangdong.fairness_table()) and "二者不同" in said(
        guangdong.fairness_table()
    )


def test_the_title_of_the_workload_says_what_is_drawn(guangdong):
    before, after = guangdong.load.means
    title = said(guangdong.load_figure())
    assert (
        f"教师人均年课时由{before:.0f}变为{after:.0f}，仍低于标准{guangdong.load.norm:.0f}" in title
    )
    words = guangdong.words
    assert "高于标准370" in words.load_title(364, 380, 370)
    assert "与标准持平" in words.load_title(364, 370.2, 370)


def test_none_and_all_are_words(own):
    text = said(own.quantile_table())
    assert "全部1470名教师按上报行；" in text and "其余0名" not in text
    words, chosen = own.words, own.chosen
    said_so = words.tilt_concluded({**chosen, "better": 1.0, "above_reservation": 0.0})
    assert "全部教师收入增加，没有承担任务教师达到最低报酬" in said_so
    assert "实际产能" not in said(own.uplift_table())  # of several colleges only
    assert "核定模拟高职440001的2021年度" in said(own.decision())


def test_a_short_word_of_a_head_and_its_unit_are_not_broken(guangdong):
    """On paper 每课时（元） stood as 每课 and 时（元）."""
    page = guangdong.decision().html
    assert '<span class="nb">每课时</span><wbr><span class="nb">（元）</span></th>' in page
    assert '低于课时费的院校<span class="nb">（%）</span>' in guangdong.elasticity_table().html


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_colleges_without_x_hours_have_no_price_of_an_hour(tmp_path, lang):
    shutil.copytree(shipped("data", "example"), tmp_path / "data")
    plans = tmp_path / "data" / "offerings.csv"
    frame = pd.read_csv(plans, dtype=str, keep_default_na=False)
    frame.assign(candidates="0").to_csv(plans, index=False)
    report = open_performance_pay(
        str(tmp_path / "data"), "", lang=lang, log2_draws=5, internal=True
    )
    text = said(report.front()) + said(report.conclusions())
    assert report.standing["counted"] > 0 and not report.row["added"]
    assert text.count({"zh": "没有X证书课时", "en": "no X hours"}[lang]) == 3
    assert "—%" not in text and "—元，" not in text and "CNY —" not in text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_class_hour_fee_of_nothing_is_said_and_nothing_is_divided_by_it(lang):
    report = open_performance_pay(
        "example",
        lang=lang,
        log2_draws=5,
        internal=True,
        settings={"pay.class_hour_fee": "0"},
    )
    text = said(report.front()) + said(report.conclusions())
    assert text.count({"zh": "课时费为0元", "en": "class-hour fee"}[lang]) >= 3
    assert "inf" not in text and "nan" not in text and "—%" not in text
