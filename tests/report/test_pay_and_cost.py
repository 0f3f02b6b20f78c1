"""What performance_pay and cost_reduction print: totals that meet, nothing of few colleges, missing said, figures in order, intervals."""

import html
import re
import shutil
from dataclasses import replace

import numpy as np
import pytest
from made_here import page_of

from onexmodel.places import shipped
from onexmodel.report import open_cost_reduction, open_performance_pay
from onexmodel.report.page.numbers import number, wan
from onexmodel.report.page.rounding import fitted
from onexmodel.report.performance_pay.figures import shown_bins
from onexmodel.report.performance_pay.report import Withheld

BLOCKS = (
    "front",
    "load_figure",
    "uplift_table",
    "method_figure",
    "hourly_figure",
    "elasticity_table",
    "deciding_figure",
    "tilt_figure",
    "quantile_table",
    "money_figure",
    "fairness_figure",
    "fairness_table",
    "conclusions",
    "notes",
    "findings",
)
COST_BLOCKS = (
    "front",
    "item_table",
    "item_figure",
    "step_figure",
    "capacity_figure",
    "quality_table",
    "lever_table",
    "waterfall_figure",
    "kept_table",
    "curve_figure",
    "intensity_figure",
    "deciding_figure",
    "conditions_table",
    "conclusions",
)


def page(report, blocks=BLOCKS) -> str:
    whole = "".join(getattr(report, name)().html for name in blocks)
    whole = re.sub(
        r'<svg[^>]*aria-label="([^"]*)".*?</svg>', r"<svg>\1</svg>", whole, flags=re.S
    )  # what is drawn is said there; coordinates are not words
    return html.unescape(whole).replace("\u202f", "")


def cells(block) -> list[list[str]]:
    rows = re.findall(r"<tr>(.*?)</tr>", block.html.replace("\u202f", "").replace("−", "-"))
    return [
        [html.unescape(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)]
        for row in rows
    ]


def numbers(row) -> list[float]:
    return [float(cell.split("<small")[0]) for cell in row[1:]]  # a range may stand under it


@pytest.fixture(scope="module")
def cost():
    return open_cost_reduction("example", log2_draws=7)


@pytest.fixture(scope="module")
def pay():
    return open_performance_pay("example", log2_draws=7)


@pytest.fixture(scope="module")
def few():
    """A province of ten colleges: one public higher one, seven secondary ones, two private."""
    return open_performance_pay("national", "54", log2_draws=7)


def test_cost_table_adds_up_in_print_and_is_the_base_of_every_share(cost):
    rows = cells(cost.item_table())[1:]
    body, (items, staff, total) = (
        [numbers(row) for row in rows[:-3]],
        (numbers(row) for row in rows[-3:]),
    )
    assert np.allclose(np.sum(body, axis=0), items, atol=1e-6) and np.allclose(
        np.add(items, staff), total, atol=1e-6
    )
    assert all(
        row[0] + row[1] == pytest.approx(row[2]) and row[3] <= row[2] + 1e-6
        for row in (*body, items, staff, total)
    )
    assert total[2] == round(cost.found.baseline["economic"] / 1e4, 1) and total[3] == round(
        cost.found.baseline["cash"] / 1e4, 1
    )
    front = cost.front().html.replace("\u202f", "")
    assert (
        f"占现金成本{total[3]:.1f}万元的{100 * cost.found.joint['cash'] / cost.found.baseline['cash']:.1f}%"
        in front
    )
    assert f"占经济成本{total[2]:.1f}万元的" in front


def test_who_keeps_the_saving_adds_to_it_in_print(cost):
    for row in cells(cost.kept_table())[1:]:
        college, organisation, uplift, total, _ = numbers(row)
        assert college + organisation + uplift == pytest.approx(total) and total == float(
            wan(cost.found.joint["cash"])
        )
    levers = cells(cost.lever_table())[1:]
    for column in (3, 4, 6):
        assert sum(float(row[column]) for row in levers[:-1]) == pytest.approx(
            float(levers[-1][column])
        )
    assert "不含核增" not in page(cost, COST_BLOCKS)


def test_what_the_saving_costs_in_quality_stands_in_the_front_box(cost):
    front = cost.front().html
    assert (
        "人均操作时长由90.5分钟变为72.4分钟（−20.0%，底线20分钟）" in front and "底线80.0%" in front
    )
    quality = {row[0]: row for row in cells(cost.quality_table())[1:]}
    assert quality["通过率（%）"][5] == "不低于80.0" and "—" not in quality["人均操作时长（分钟）"]
    assert "6所本年有开考计划" in front and "80%区间" in front and "50%至100%（假设" in front
    saved = cost.found.joint["cash"]
    assert (
        f"现金节约{wan(saved)}万元{cost.writer.span(cost.ranges['cash'], wan, saved)}" in front
        and cost.writer.span(cost.ranges["cash"], wan, saved)
    )


def test_headings_and_certificates_are_named(cost):
    text = page(cost, COST_BLOCKS)
    assert "模拟·示例证书一（中级）" in text and "计划人数中位数" not in text.split("<svg")[0]
    for words in ("单独 现金", "最后 现金", "分摊 现金", "τ"):
        assert words not in text
    assert "「只做这一项」是" in text and "Shapley" in text


@pytest.mark.parametrize("name", ["performance_pay", "cost_reduction"])
def test_figures_and_tables_come_in_their_order(name):
    text = page_of(name, {"data": "example", "province": "", "log2_draws": 2, "internal": True})
    for kind in ("图", "表"):
        found = [int(n) for n in re.findall(rf"<(?:figcaption|caption)><b>{kind}(\d+)</b>", text)]
        assert found == sorted(found) and len(set(found)) == len(found) >= 4


def test_unused_capacity_of_few_colleges_is_not_worth_a_number(tmp_path):
    folder = shutil.copytree(shipped("data", "example"), tmp_path / "data")
    rows = (
        (folder / "colleges.csv")
        .read_text(encoding="utf-8")
        .replace(",70000,", ",1000,")
        .replace(",37000,", ",2000,")
    )
    (folder / "colleges.csv").write_text(rows, encoding="utf-8")  # X1 and X2 could teach much more
    circulated, inside = (
        open_cost_reduction(str(folder), log2_draws=7, internal=internal)
        for internal in (False, True)
    )
    worth = wan(inside.spare.worth)
    reach = inside.writer.span(inside.spare.reach, wan, inside.spare.worth)
    text, told = (
        page(report, ("item_table", "capacity_figure")) for report in (circulated, inside)
    )
    assert float(worth) > 100 and worth not in text and "不足5所" in text and "金额不列示" in text
    assert told.count(worth) >= 2  # table and title; the picture's parts add to it
    parts = [
        float(part)
        for part in re.findall(
            r"未用产能折合([\d.]+)万元", re.search(r"<svg>(.*?)</svg>", told).group(1)
        )
    ]
    assert sum(parts) == pytest.approx(float(worth)) and len(parts) == 3
    assert (
        reach
        and told.count(f"{worth}万元{reach}") == 2
        and not np.isfinite(circulated.spare.reach).any()
    )


def test_resources_carry_intervals_and_what_decides_them_is_said(cost):
    text = re.sub(r"<[^>]+>", "", page(cost, ("item_table", "deciding_figure")))
    for name, value in (
        ("teacher_time", cost.found.baseline["teacher_time"]),
        ("cost_economic", cost.found.baseline["economic"]),
        ("cost_cash", cost.found.baseline["cash"]),
    ):
        low, high = cost.ranges[name]
        assert (
            low < value < high
            and f"{wan(value)}{cost.writer.span((low, high), wan, value)}" in text
        ), name
    assert (
        "经济口径节约最取决于「课时综合成本」：取0.73倍至1.42倍时在" in text
        and "教师课时综合成本与" not in text
    )


def test_small_tiers_leak_in_no_block_nor_text_alternative(few):
    import onexmodel.analysis.pay.study as ps

    rows = ps.uplift_table(few.study, few.runs[1], 1)
    assert rows["colleges"].tolist() == [1, 7, 8] or rows["colleges"].tolist() == [7, 1, 8]
    text, single = page(few), rows[rows["colleges"] == 1].iloc[0]
    for row in (single, rows[rows["colleges"] == 7].iloc[0]):  # the seven tell the one
        for told in (
            *(wan(row[name]) for name in ("uplift_elasticity", "uplift_rate", "pool", "limit")),
            *(number(row[name]) for name in ("norm", "baseline", "added")),
        ):
            assert not re.search(
                rf"(?<![\d.]){re.escape(told.replace(chr(0x2009), ''))}(?![\d.])", text
            ), told
    inside = replace(few, writer=replace(few.writer, internal=True))
    assert (
        wan(single["uplift_elasticity"]) in inside.uplift_table().html
        and wan(single["uplift_elasticity"]) in inside.method_figure().html
    )


def test_missing_is_said_and_few_who_filled_in_are_not_told(pay, few):
    assert "未填报" in few.uplift_table().html and "已核增：未填报" in page(few, ("front",))
    text = page(pay)
    assert "填报不足5所，不列示" in text and "10.0" not in [
        row[-1] for row in cells(pay.uplift_table())
    ]  # half of X1's 200 000
    assert not {"granted", "to_ask", "uplift_income_share"} & set(pay.headlines())
    inside = open_performance_pay("example", internal=True, log2_draws=1)
    told = {row[0]: row[-1] for row in cells(inside.uplift_table())}
    assert (
        told["核增·收入提取法（万元）"] == "10.0（1所填报）"
        and told["已核增（万元）"] == "10.0（1所填报）"
        and "granted" in inside.headlines()
    )
    assert {row[0]: row[-2] for row in cells(inside.uplift_table())}[
        "采用核增（万元）"
    ] == "不适用"  # applied undergraduate


@pytest.mark.parametrize(
    ("college", "words"),
    [
        ("X5", "绩效工资核增不适用"),
        ("X3", "绩效工资核增不适用"),
        ("X6", "没有院校填报绩效工资总量"),
    ],
)
def test_a_college_without_an_uplift_is_told_why_not_zero(college, words):
    report = open_performance_pay("example", college=college, log2_draws=1)
    text = page(report)
    assert (
        isinstance(report, Withheld)
        and words in text
        and "<svg" not in text
        and "0.0万元" not in text
    )
    assert report.headlines()["counted"] == 0


def test_the_total_of_one_college_is_withheld(tmp_path):
    folder = shutil.copytree(shipped("data", "example"), tmp_path / "data")
    pools = (folder / "pay_pools.csv").read_text(encoding="utf-8").splitlines()
    (folder / "pay_pools.csv").write_text(
        "\n".join(line for line in pools if not line.startswith(("X2", "X4"))) + "\n",
        encoding="utf-8",
    )
    report = open_performance_pay(str(folder), log2_draws=1)
    assert (
        isinstance(report, Withheld)
        and "只有1所" in page(report)
        and "uplift" not in report.headlines()
    )
    assert not isinstance(open_performance_pay(str(folder), internal=True, log2_draws=1), Withheld)


def test_teachers_listed_in_part_are_a_loud_finding():
    inside = open_performance_pay("example", college="X1", log2_draws=1)
    assert (
        "教师工作量只列了6人，专任教师200人" in inside.findings().html
        and "只列了6人，专任教师200人" in inside.front().html
    )
    assert "194名按假设" in inside.quantile_table().html
    circulated = open_performance_pay("example", log2_draws=1)
    found = circulated.findings().html
    assert (
        "1所院校的教师工作量只列了部分教师，请补全。" in found
        and "专任教师200人" not in page(circulated)
        and "1所院校的教师工作量只列了部分教师" in circulated.front().html
    )


def test_break_even_tilt_title_and_picture_agree(pay):
    block = pay.fairness_figure().html
    assert "倾斜系数到0.85时，核增的倾斜部分达到每X课时70元的保留报酬" in block
    poor = open_performance_pay("example", settings={"pay.elasticity": "0.1"}, log2_draws=1)
    assert re.search(
        r"即使核增全部按X课时分配，每X课时也只有16元，达不到70元", poor.fairness_figure().html
    )


def test_headline_carries_its_interval_and_the_elasticities(pay):
    front = pay.front().html
    uplift = float(pay.row["uplift_elasticity"])
    reach = pay.writer.span(pay.ranges["uplift_elasticity"], wan, uplift)
    assert reach and f"核增总量为{wan(uplift)}万元{reach}" in front and "弹性0.22时" in front
    table = cells(pay.elasticity_table())
    assert [cell.split()[-1] for cell in table[0][1:]] == ["0.22", "0.50", "0.78"]
    scheme = open_performance_pay("example", scenario=["elasticity_low"], log2_draws=7)
    front = scheme.front().html
    assert (
        "8.5 → 3.4" in front and "核增由8.5万元变为3.4万元" in front and "弹性由方案给定" in front
    )
    assert [cell for cell in cells(scheme.elasticity_table())[0][1:]] == [
        "方案 0.20",
        "低（P10） 0.22",
        "基准 0.50",
        "高（P90） 0.78",
    ]


def test_every_drawn_bin_holds_five_colleges():
    rng = np.random.default_rng(1)
    for count in (6, 40, 478):
        before = rng.normal(380, 30, count)
        edges = shown_bins(before, before + rng.uniform(0, 9, count), 5)
        counts = np.histogram(before, edges)[0]
        assert counts.min() >= 5 and counts.sum() == count


@pytest.mark.parametrize(
    "values", [[13_333, 13_333, 13_334], [-500, 700, 49_999], [0, 0], [1e7, float("nan"), 2.5e3]]
)
def test_printed_parts_add_to_their_printed_total(values):
    made = np.array(fitted(values))
    assert np.nansum(made) == pytest.approx(round(np.nansum(values) / 1e4, 1)) and np.array_equal(
        np.isnan(made), np.isnan(values)
    )
    assert np.nanmax(np.abs(made - np.array(values) / 1e4)) < 0.1


def test_colleges_over_their_norm_are_of_those_counted():
    """Referee B0: 46 colleges over their norm were said where 36 of the 478 counted are; the ten others are private."""
    for lang, said in (
        ("zh", "新增工作量使36所计入核增的院校的人均课时越过本校标准"),
        ("en", "X work takes 36 of the colleges counted over their norm"),
    ):
        assert said in page(
            open_performance_pay("national", "44", lang=lang, log2_draws=0), ("load_figure",)
        )


def test_a_scheme_that_leaves_the_uplift_says_so():
    """Referee B6: 核增由407.7万元变为407.7万元."""
    for lang, still, moves in (
        ("zh", "核增不变（8.5万元）", "变为8.5万元"),
        ("en", "uplift unchanged (8.5 × 10,000 yuan)", "8.5 → 8.5"),
    ):
        text = page(
            open_performance_pay(
                "example", scenario=["cap_plus_20"], internal=True, lang=lang, log2_draws=1
            ),
            ("front", "conclusions"),
        )
        assert (
            text.count(still) == 2
            and moves not in text
            and not re.search(r"由([\d.]+)万元变为\1万元", text)
        )
    assert re.search(
        r"核增由[\d.]+万元变为[\d.]+万元",
        page(
            open_performance_pay(
                "example", scenario=["elasticity_high"], internal=True, log2_draws=1
            ),
            ("conclusions",),
        ),
    )


@pytest.mark.parametrize(
    ("lang", "input_said"),
    [
        ("zh", "这是输入而不是测算结果：没有一项措施改动它，措施对通过率的影响未建模"),
        ("en", "an input, not a finding: no lever moves it"),
    ],
)
def test_the_pass_rate_no_lever_moves_is_an_input(lang, input_said, tmp_path):
    """Referee B5: 「在通过率保持75.2%的前提下」 led the takeaway though no lever can move the pass rate."""
    report = open_cost_reduction("example", lang=lang, log2_draws=1)
    assert input_said in page(report, ("front",))
    assert (
        "没有一项措施改动它（影响未建模），以它为底线不会有院校触线"
        if lang == "zh"
        else "so its floor cannot bind"
    ) in page(report, ("quality_table",))
    path = tmp_path / "practice.yaml"
    path.write_text(
        "title: {zh: 多练, en: more practice}\nauthor: t\nchanges:\n  - {table: offerings, column: pass_rate, scale: 1.05, rationale: t}\n"
        "lever: {guard: pass_rate, one_off_cost: 0, life_years: 1, evidence: assumption}\n",
        encoding="utf-8",
    )
    moved = page(
        open_cost_reduction("example", lang=lang, log2_draws=1, levers=[str(path)]),
        ("front", "quality_table"),
    )
    assert input_said not in moved and (
        "在通过率由" in moved if lang == "zh" else "pass rate going from" in moved
    )


def test_who_pays_a_one_off_cost_is_named_with_how_many(cost):
    rows = {row[0]: row for row in cells(cost.conditions_table())[1:]}
    assert (
        rows["信息化阅卷与组卷"][2] == "每个培训评价组织 × 2"
        and rows["耗材集中采购"][2] == "每所院校 × 6"
    )
    assert cells(cost.conditions_table())[0][2] == "一次性投入由谁出"
