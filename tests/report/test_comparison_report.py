"""province_comparison: one confidence level, means named, small samples never ranked, nothing said where there is nothing."""

import html
import json
import re
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest
from made_here import part_of

from onexmodel.analysis.provinces.stakes import mean_fees, planning_colleges
from onexmodel.data import read_tables
from onexmodel.places import shipped
from onexmodel.report import open_province_comparison
from onexmodel.report.page.numbers import percent
from onexmodel.report.province_comparison import charts, numbers, tiles
from onexmodel.report.province_comparison import decision as decision_sheet
from onexmodel.report.province_comparison import report as room
from onexmodel.report.province_comparison.charts import write_names
from onexmodel.rules.funding import USES

pytestmark = pytest.mark.usefixtures("sketched")

PARTS = (
    "decision",
    "front",
    "decision",
    "basket",
    "quality_table",
    "published_table",
    "level_figure",
    "level_table",
    "cost_table",
    "funnel_figure",
    "settlement_table",
    "parts_figure",
    "theil_figure",
    "conclusions",
)
PROVINCE_TABLES = ("quality_table", "level_table", "cost_table", "settlement_table", "parts_figure")


def page(report, *parts) -> str:
    return "".join(part_of(report, part) for part in parts or PARTS)


def words(report, *parts) -> str:
    text = re.sub(
        r'<svg[^>]*aria-label="([^"]*)".*?</svg>', r" \1 ", page(report, *parts), flags=re.S
    )
    text = re.sub(r'<i class="k"></i>|</?span[^>]*>|<wbr>', "", text)
    return html.unescape(re.sub(r"<[^>]+>", " ", text))


@cache
def _opened(given: str):
    return open_province_comparison(**json.loads(given))


def opened(data="example", **given):
    """The same report where the same is asked for: tests change copies."""
    asked = {"data": data, "lang": "zh", "internal": True, "log2_draws": 1, **given}
    return _opened(json.dumps(asked, sort_keys=True))


@pytest.fixture(scope="module")
def report():
    return opened(province="S01")


@pytest.fixture(scope="module")
def guangdong():
    return opened("national", province="44", internal=False)


OF_ALL = (
    *("runs", "fees", "view", "compared", "levels", "quality", "really_comparable", "colleges"),
    *("table", "shown", "parts", "spread", "ledger"),
)  # what a report works out of all provinces, whichever it is about


def about(report, place):
    """The same report about another province; what is worked out of all provinces is not worked out again."""
    other = replace(report, focus=place)
    vars(other).update({name: vars(report)[name] for name in OF_ALL if name in vars(report)})
    return other


@pytest.fixture(scope="module")
def nation(guangdong):
    """The same without a province of its own."""
    page(guangdong)
    return about(guangdong, "")


@pytest.fixture(scope="module")
def english():
    """The nation's in English."""
    return opened("national", lang="en", internal=False)


@pytest.fixture(scope="module")
def one_province(tmp_path_factory):
    """The example's first province alone."""
    folder = tmp_path_factory.mktemp("one")
    tables = read_tables(shipped("data", "example"))
    colleges = tables["colleges"].query("province == 'S01'")["college"].tolist()
    keep = {
        "provinces": ("province", ["S01"]),
        "colleges": ("college", colleges),
        "offerings": ("college", colleges),
        "fees": ("province", ["S01"]),
        "funding": ("owner", [*colleges, "S01"]),
        "pay_pools": ("college", colleges),
        "workload": ("college", colleges),
        "assessments": ("college", colleges),
        "payments": ("college", colleges),
        "budget_lines": ("college", colleges),
    }
    for path in shipped("data", "example").iterdir():
        lines = path.read_text(encoding="utf-8").rstrip("\n").split("\n")
        if path.stem in keep and path.suffix == ".csv":
            column, wanted = keep[path.stem]
            at = lines[0].lstrip("\ufeff").split(",").index(column)
            lines = [lines[0], *(line for line in lines[1:] if line.split(",")[at] in wanted)]
        elif path.suffix == ".csv" and "province" in lines[0].split(","):
            at = lines[0].split(",").index("province")
            lines = [lines[0], *(line for line in lines[1:] if line.split(",")[at] in ("", "S01"))]
        (folder / path.name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return opened(str(folder), province="S01")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_one_confidence_level_said_at_each_interval(lang):
    text = words(opened(province="S01", lang=lang))
    assert set(re.findall(r"(\d+(?:\.\d)?) ?%(?:区间| interval)", text)) == {"80"}
    assert not re.search(r"9[05] ?%", text)  # three provinces: no funnel with control limits
    assert text.count("80%区间" if lang == "zh" else "80% interval") >= 5


def test_the_headline_and_its_card_carry_the_same_interval(report, guangdong):
    row = guangdong.levels.iloc[guangdong.at]
    low, high = guangdong.writer.ends((row["low"], row["high"]), percent, row["level"])
    assert words(guangdong, "front").count(f"80%区间{low}—{high}") == 2
    assert words(report, "front").count("没有区间") >= 2  # one shared certificate


def test_methods_stand_in_notes_not_in_the_front_box(report, guangdong):
    assert "DerSimonian" in words(guangdong, "funnel_figure")
    front = words(report, "front") + words(guangdong, "front")
    assert not [name for name in ("CPD", "GEKS", "DerSimonian", "虚拟变量") if name in front]
    assert "CPD" in words(report, "level_table")


def test_cards_say_whether_they_are_of_the_place_or_the_nation(report):
    names = [key[0] for key in report.keys()]
    assert all(name.startswith(("模拟·", "全国", "样本不足的省")) for name in names) and [
        key[4] for key in report.keys()
    ] == list(range(1, len(names) + 1))
    assert len(report.noted()) == len(names)
    here = report.table.set_index("province").loc["S01", "each"]
    assert any(key[0] == "全国人均考核支出" and f"{here:.0f}" in key[3] for key in report.keys())


def test_both_means_are_named_where_they_are_drawn(report, guangdong):
    for one in (report, guangdong):
        text = words(one, "funnel_figure")
        assert f"按考生平均{one.nation:.0f}元" in text and "院校简单平均" in text
    assert "模拟·西藏、" in words(guangdong, "funnel_figure").split("估计值主要参照全国平均")[0]


def test_small_samples_have_no_rank_whether_few_colleges_or_few_candidates(report):
    assert report.small.all()  # three, two and one college
    best, worst = numbers.ranks(report)
    assert np.isnan(best).all() and np.isnan(worst).all()
    many = report.table.assign(
        colleges=9, small=[False, True, False]
    )  # the second has under 30 candidates only
    changed = replace(opened(province="S01"))
    object.__setattr__(changed, "table", many)
    object.__setattr__(
        changed, "levels", report.levels.assign(level=[1.0, 1.1, 1.2], error=[0.01, 0.01, 0.01])
    )
    best, worst = numbers.ranks(changed)
    assert (
        best.tolist()[0::2] == [1.0, 2.0]
        and worst.tolist()[0::2] == [1.0, 2.0]
        and np.isnan(best[1])
    )
    assert [changed.mark(code) for code in ("S01", "S02", "S03")] == ["", "小样本", ""]


def test_simulated_rows_are_never_ranked(report):
    assert report.unranked and "名次" not in words(report, "level_table")


def test_one_province_says_that_there_is_nothing_to_compare(one_province):
    text = words(one_province)
    assert (
        "只有一个省，没有比较" in text and "没有省际差别可分解" in text and "差异全在省内" in text
    )
    for nonsense in ("—%", "nan", "样本不足的省0个", "主要来自", "没有样本不足", "没有差异"):
        assert nonsense not in text
    assert "<svg" not in page(
        one_province, "parts_figure", "theil_figure", "level_figure", "funnel_figure"
    )


def test_equal_provinces_are_not_explained_by_anything(report):
    same = replace(opened(province="S01"))
    object.__setattr__(
        same,
        "parts",
        report.parts.assign(each=report.parts["nation"], **{name: 0.0 for name in numbers.PARTS}),
    )
    assert "没有差别，不作分解" in words(same, "parts_figure") and "<svg" not in page(
        same, "parts_figure"
    )
    object.__setattr__(
        same, "spread", {**report.spread, "total": 0.0, "within": 0.0, "between": 0.0}
    )
    assert "支出相同" in words(same, "theil_figure") and "<svg" not in page(same, "theil_figure")


@pytest.mark.parametrize(
    ("value", "said", "unsaid"),
    [
        (0.001, "接近0，即看不出人均支出随生均自有额度升降，不等于各省支出相同", "更高"),
        (-0.03, "财力弱的省人均支出更高", "财力强"),
        (0.03, "财力强的省人均支出更高", "财力弱"),
    ],
)
def test_the_concentration_index_is_read_by_its_sign(value, said, unsaid):
    changed = replace(opened(province="S01"))
    object.__setattr__(changed, "spread", {**changed.spread, "concentration": value})
    text = words(changed, "theil_figure")
    assert said in text and unsaid not in text.split("集中指数")[1]


def test_the_reports_own_province_is_marked_in_each_table_of_provinces(report):
    own = r'<tr class="own" aria-current="true"><th scope="row">(.*?)</th>'
    marked = [re.findall(own, page(report, one)) for one in PROVINCE_TABLES]
    assert marked == [[report.place]] * len(PROVINCE_TABLES)
    nowhere = replace(report, focus="")
    assert 'class="own"' not in page(nowhere, *PROVINCE_TABLES)


def test_printed_parts_add_to_the_printed_difference(report):
    rows = re.findall(r"<tr><th scope=\"row\">.*?</tr>", report.parts_figure().html)
    assert rows
    for row in rows:
        numbers = [
            float(cell.replace("−", "-").replace("\u202f", ""))
            for cell in re.findall(r"<td>([^<]*)</td>", row)
        ]
        assert sum(numbers[1:-1]) == pytest.approx(numbers[-1], abs=1e-6)


def test_names_lie_on_no_point_and_no_other_name():
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(7.6, 3.8))
    points = np.array([[100.0, 10], [104, 10], [300, 10.2], [700, 12], [702, 12.1]])
    axes.scatter(points[:, 0], points[:, 1])
    write_names(
        axes, [(x, y, f"模拟·省{i}", "k", i == 3) for i, (x, y) in enumerate(points)], points
    )
    boxes = [text.get_window_extent() for text in axes.texts]
    spots = axes.transData.transform(points)
    assert any(text.get_text() == "模拟·省3" for text in axes.texts)
    assert not any(one.overlaps(other) for i, one in enumerate(boxes) for other in boxes[:i])
    assert not any(box.contains(*spot) for box in boxes for spot in spots)
    plt.close(figure)


def test_many_provinces_outside_the_limits_is_overdispersion_and_nothing_inside_is_explained(
    nation, english
):
    """Referee B5: 12 of 31 outside limits that 0.06 should cross; the concentration index of 0.001 beside provinces of 301 to 369 yuan."""
    zh, en = (
        words(report, "funnel_figure", "theil_figure", "level_table")
        for report in (nation, english)
    )
    assert (
        "按严格界限12个省超出，放宽后无一超出：本图不足以认定哪个省异常" in zh
        and "限内各省的差别，不能排除只是院校少造成的" in zh
        and "可由院校数少解释" not in zh
    )
    assert (
        "31个省约有0.06个超出99.8%限" in zh and "φ＝6.9" in zh and "超出放宽后的99.8%限：无" in zh
    )
    assert (
        "By the strict limits 12 provinces are outside, by the widened ones none: the figure does not show any province to be abnormal"
        in en
        and "cannot be ruled out" in en
    )
    assert (
        "几乎一样" not in zh
        and "不等于各省支出相同（可单列的省人均301—369元）" in zh
        and "no gradient" in en
        and "CNY 301 to 369" in en
    )
    assert (
        "简单平均" not in zh.split("按计划考生加权的平均（元）")[1].split("不用于比较")[0]
        and "按计划考生加权的平均（元）" in zh
        and "mean weighted by planned candidates" in en
        and "plain mean" not in en
    )


@pytest.mark.parametrize(
    ("outside", "wide", "phi", "said"),
    [
        ([0, 0, 0], [0, 0, 0], 1.0, "各省都在99.8%控制限内，不能排除差别只是院校少造成的"),
        (
            [1, 1, 0],
            [1, 0, 0],
            4.0,
            "按严格界限2个省超出，放宽后仍有1个",
        ),
        (
            [1, 0, 0],
            [1, 0, 0],
            1.0,
            "3个省中1个超出99.8%控制限",
        ),
        (
            [1, 1, 1],
            [0, 0, 0],
            9.0,
            "按严格界限3个省超出，放宽后无一超出：本图不足以认定哪个省异常",
        ),
    ],
)
def test_the_funnel_s_title_counts_under_both_limits(report, outside, wide, phi, said):
    table = pd.DataFrame(
        {"outside": np.array(outside, bool), "outside_wide": np.array(wide, bool), "phi": phi}
    )
    found = numbers.outside(table)
    assert report.words.funnel_finding(found) == said and (
        report.words.dispersion(found) == ""
    ) == (phi == 1)


# What follows from the comparison: the rule is said, and other numbers give another recommendation.


@pytest.mark.parametrize(
    ("place", "rule", "said"),
    [
        ("44", "verify", ("先核实模拟证书", "多付", "降到", "以下")),  # 103.0 to 110.0
        ("45", "verify", ("先核实模拟证书", "少付", "升到", "以上")),  # 91.5 to 97.3
        ("12", "leave", ("不因本次比较调整费用标准", "低于", "或高于")),  # 95.7 to 102.1
        ("", "published", ("先收集公布标准覆盖考生不足一半的31个省",)),
    ],
)
def test_the_recommendation_follows_the_interval(guangdong, place, rule, said):
    report = about(guangdong, place)
    assert report.advice.rule == rule
    front, decision = words(report, "front"), words(report, "decision")
    assert all(part in front for part in said)
    assert ("★ 先核实" in decision) == (rule == "verify")
    assert ("★ 维持现行标准" in decision) == (rule == "leave")
    low, high = report.reach
    if rule == "verify":
        assert report.advice.side == (1 if low > 1 else -1) and (low > 1 or high < 1)
    elif rule == "leave":
        assert low <= 1 <= high


def test_what_overturns_it_is_a_number_of_the_run(guangdong):
    low, high = guangdong.reach
    below, above = guangdong.advice.edges
    assert np.log(above) == pytest.approx(np.log(high / low) / 2) and below == pytest.approx(
        1 / above
    )
    front = words(guangdong, "front")
    assert f"降到{percent(above)}以下" in front and f"不少于{guangdong.advice.enough}个省" in front
    assert 2 <= guangdong.advice.enough <= len(guangdong.fees.places)
    wider = replace(guangdong)
    object.__setattr__(wider, "lead", replace(guangdong.lead, reach=(0.99, 1.15)))
    assert wider.advice.rule == "leave" and "降到" not in words(wider, "front")


def test_few_or_small_samples_are_collected_first(report):
    nobody = replace(report, focus="")
    assert nobody.advice.rule == "small" and nobody.advice.few == int(nobody.table["small"].sum())
    assert f"样本不足的{nobody.advice.few}个省" in words(nobody, "front")


def test_the_certificates_named_make_most_of_the_difference_and_the_money_adds(guangdong):
    found, fees = guangdong.stakes, guangdong.fees
    money = fees.candidates * (fees.prices - mean_fees(fees))
    at_all = np.nansum(money, axis=1)
    assert at_all.sum() == pytest.approx(0, abs=1e-3 * np.abs(at_all).sum())
    assert found.total == pytest.approx(at_all[guangdong.at])
    by_certificate = pd.Series(np.nan_to_num(money[guangdong.at])).groupby(list(fees.labels)).sum()
    assert found.first["certificate"].tolist() == by_certificate.nlargest(3).index.tolist()
    assert found.named == pytest.approx(by_certificate.nlargest(3).sum())
    assert 1 < found.left < guangdong.lead.level
    assert guangdong.writer.yuan(found.named) in words(guangdong, "front")


def test_certificates_of_few_colleges_are_not_named_in_a_circulated_report(guangdong, monkeypatch):
    every = planning_colleges(guangdong.runs[1], guangdong.focus)
    first = guangdong.stakes.first["certificate"].tolist()
    monkeypatch.setattr(room, "planning_colleges", lambda *given: every | {first[0]: 4})
    assert first[0] not in replace(guangdong).stakes.frame["certificate"].tolist()


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    ("data", "place"), [("example", "S01"), ("example", ""), ("national", "44")]
)
def test_three_keys_no_sign_in_title_or_lead(data, place, lang):
    report = opened(data, province=place, lang=lang)
    assert len(report.keys()) == 3
    page = report.front().html
    said = re.findall(r'<h1>(.*?)</h1>|class="lead">(.*?)</p>|<dd>([^<]*)</dd>', page)
    assert said and not [one for one in said if re.search(r"[+−]\d", "".join(one))]
    assert "〔" not in page.split('class="who"')[0]


def test_tables_and_figures_are_numbered_in_their_order(report, guangdong, nation):
    for one in (report, guangdong, nation):
        for kind in ("表", "图"):
            found = re.findall(rf"<b>{kind}(\d+)</b>", page(one))
            assert found == [str(i + 1) for i in range(len(found))]


def test_provinces_stand_as_tiles_only_where_they_have_a_place(report, guangdong):
    assert tiles.placed(report).empty and "非地图" not in page(report, "level_figure")
    figure = page(guangdong, "level_figure")
    assert "非地图" in figure and "模拟·费用水平" in figure
    spots = [spot[:2] for spot in tiles.grid().values()]
    assert len(set(spots)) == len(spots) == 31
    own = [spot for spot in tiles.spots(guangdong, tiles.placed(guangdong)) if spot[3]]
    assert [spot[2] for spot in own] == ["广东"]


def test_a_province_that_may_not_be_shown_has_an_empty_tile(guangdong):
    few = replace(guangdong)
    hidden = guangdong.table.assign(
        colleges=guangdong.table["colleges"].where(guangdong.table["province"] != "54", 4)
    )
    object.__setattr__(few, "table", hidden)
    frame = tiles.placed(few).set_index("province")
    assert np.isnan(frame.loc["54", "level"]) and np.isfinite(frame["level"].drop("54")).all()


def test_an_english_report_names_the_published_fees_in_english():
    report = opened(lang="en", province="S01")
    assert not re.search("[\u4e00-\u9fff]", words(report, "published_table", "decision"))


def test_real_fees_are_said_to_be_comparable_only_where_they_are(report):
    assert not report.really_comparable
    front = words(report, "front")
    assert "真实公开的1+X费用目前不能比较" in front and "高低全部由模拟数据得出" in front
    other = replace(report)
    object.__setattr__(other, "really_comparable", True)
    assert "不能比较：" not in words(other, "front")
    assert "模拟数据" not in report.words.real_fees(False, "表3", False)
    assert "公布标准也是模拟的" in words(report, "quality_table")


def test_the_gap_is_of_all_uses_and_says_what_of_it_is_assessment_s(guangdong):
    found, result = decision_sheet.bearing(guangdong), guangdong.runs[1]
    here = (result.compiled.keys["college"]["province"] == "44").to_numpy()
    uses = [result.served[f"funding_gap_{use}"][here].sum() for use in USES]
    assert sum(uses) == pytest.approx(found.gap) and 0 < found.assessing < found.gap
    assert found.assessing == pytest.approx(uses[USES.index("assessment")])
    said = words(guangdong, "front")
    assert f"其中考核颁证缺{guangdong.writer.yuan(found.assessing)}" in said and "全部用途" in said
    assert "其中考核颁证不缺" in guangdong.words.bears(replace(found, assessing=0.0))


def test_what_the_standards_rest_on_adds_to_all_candidates(guangdong, nation):
    for one in (guangdong, nation):
        found = numbers.standing(one)
        assert found.published + found.given + found.modelled == 100 and found.modelled > 0
        assert f"其余{found.modelled:.0f}%为模型测算" in words(one, "front")
    share = guangdong.quality.set_index("province").loc["44", "share"]
    assert numbers.standing(guangdong).published == round(100 * share)
    assert numbers.standing(nation).published == round(100 * nation.advice.covered) > 0


def test_an_end_printed_as_100_says_on_which_side_it_lies(guangdong):
    above, below, within = numbers.touching(guangdong)
    rows = guangdong.levels.assign(name=guangdong.place_names(guangdong.levels["province"]))
    rows = rows.set_index("name")
    assert below == ["模拟·河南"] and rows.loc[below[0], "high"] < 1
    assert within == ["模拟·上海"] and rows.loc[within[0], "low"] < 1 < rows.loc[within[0], "high"]
    assert not above and "模拟·河南低于全国平均，模拟·上海的区间含100" in words(
        guangdong, "level_table"
    )
    assert guangdong.words.touching([], [], []) == ""


def test_tiles_write_the_level_as_the_page_does_and_more_settled_is_not_worse(guangdong):
    alt = words(guangdong, "level_figure")
    assert f"广东{percent(guangdong.lead.level)}" in alt and "颜色越深结清越多" in alt
    rates = charts._shades(np.array([40.0, 70.0, np.nan, 90.0]), float("nan"))
    assert rates[2] == "white" and rates[0][0] > rates[1][0] > rates[3][0]
    two = charts._shades(np.array([90.0, 100.0, 110.0]), 100.0)
    assert two[0] == charts.SIDES(0.0) and two[2] == charts.SIDES(1.0)


def test_paper_names_no_file_and_no_code(guangdong):
    text = words(guangdong, "published_table", "record")
    assert "data/published" not in text and "模拟·广东" in text.split("运行记录")[1]


@pytest.mark.parametrize(
    ("level", "named", "total"), [(1.1, "减少", "增加"), (0.9, "增加", "减少")]
)
def test_an_option_costs_less_by_its_own_certificates(guangdong, level, named, total):
    """The level may lie above the mean where all certificates together cost less: what is verified goes by the level."""
    said = replace(decision_sheet.asked(guangdong), rule="verify", level=level, up=level < 1)
    for kind, way in (("verify", named), ("level", total)):
        assert way in guangdong.words.option("money", kind, said)
        bears = guangdong.words.option("bears", kind, said)
        assert ("少付" in bears) == (way == "减少"), bears


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_where_every_province_has_its_documents_none_is_asked_for_them(lang, nation, english):
    report = {"zh": nation, "en": english}[lang]
    full = about(report, "")
    object.__setattr__(full, "quality", report.quality.assign(share=0.8))
    assert (report.advice.rule, full.advice.rule) == ("published", "each")
    text = words(full, "front", "decision")
    assert "80%" in text and not re.search(r"\b0\s*个省|\b0 provinces", text)
