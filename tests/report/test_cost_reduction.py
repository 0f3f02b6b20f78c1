"""What cost_reduction prints: the net before the gross, who invests, a recommendation that follows the numbers, totals that meet."""

import html
import re
import shutil

import numpy as np
import pandas as pd
import pytest
from made_here import part_of

from onexmodel.places import shipped
from onexmodel.report import open_cost_reduction
from onexmodel.report.cost_reduction import numbers
from onexmodel.report.cost_reduction.figures import spread
from onexmodel.report.page.numbers import count, share, wan

pytestmark = pytest.mark.usefixtures("sketched")

BLOCKS = (
    "front",
    "decision",
    "item_table",
    "item_figure",
    "step_figure",
    "capacity_figure",
    "quality_figure",
    "lever_table",
    "waterfall_figure",
    "kept_table",
    "curve_figure",
    "unsure_text",
    "deciding_figure",
    "conditions_table",
    "conclusions",
)
SIGNED = re.compile(r"[+−]\d")


def page(report, blocks=BLOCKS) -> str:
    whole = "".join(part_of(report, name) for name in blocks)
    whole = re.sub(
        r'<svg[^>]*aria-label="([^"]*)".*?</svg>', r"<svg>\1</svg>", whole, flags=re.S
    )  # what is drawn is said there; coordinates are not words
    return plain(html.unescape(whole))


def plain(text: str) -> str:
    """Without what sets thousands apart."""
    return text.replace('<i class="k"></i>', "").replace("\u202f", "")


def words(report, *blocks) -> str:
    return re.sub(r"<[^>]+>", "", page(report, blocks))


def cells(block) -> list[list[str]]:
    page = re.sub(r"</?span[^>]*>|<wbr>", "", plain(block.html))  # heads keep words whole
    rows = re.findall(r"<tr>(.*?)</tr>", page.replace("−", "-"))
    return [
        [html.unescape(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)]
        for row in rows
    ]


def values(row) -> list[float]:
    return [float(cell.split("<small")[0]) for cell in row[1:]]  # a range may stand under it


def lever(folder, name: str, once: float, **more) -> str:
    """A lever of online marking at the price `once`."""
    path = folder / f"{name}.yaml"
    text = shipped("data", "scenarios", "lever_online_marking.yaml").read_text(encoding="utf-8")
    text = re.sub("^title:.*$", f"title: {{zh: {name}, en: {name}}}", text, flags=re.M)
    text = re.sub("one_off_cost: .*", f"one_off_cost: {once}", text)
    for key, value in more.items():
        text = re.sub(f"  {key}: .*", f"  {key}: {value}", text)
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.fixture(scope="module")
def cost():
    return open_cost_reduction("example", log2_draws=7)


@pytest.fixture(scope="module")
def province():
    return open_cost_reduction("national", "44", log2_draws=2)


@pytest.fixture(scope="module")
def own():
    return open_cost_reduction("example", college="X1", log2_draws=2)


def test_cost_table_adds_up_in_print_and_is_the_base_of_every_share(cost):
    rows = cells(cost.item_table())[1:]
    body, (items, staff, total) = (
        [values(row) for row in rows[:-3]],
        (values(row) for row in rows[-3:]),
    )
    assert np.allclose(np.sum(body, axis=0), items, atol=1e-6) and np.allclose(
        np.add(items, staff), total, atol=1e-6
    )
    assert all(
        row[0] + row[1] == pytest.approx(row[2]) and row[3] <= row[2] + 1e-6
        for row in (*body, items, staff, total)
    )
    base = cost.found.baseline
    assert total[2] == round(base["economic"] / 1e4, 1) and total[3] == round(base["cash"] / 1e4, 1)


@pytest.mark.parametrize("name", ["cost", "province", "own"])
def test_who_spends_less_and_who_invests_adds_up_and_is_what_the_first_page_says(name, request):
    report = request.getfixturevalue(name)
    money = report.writer.money
    rows = {row[0]: values(row) for row in cells(report.kept_table())[1:]}
    total = rows.pop("合计")
    assert np.allclose(np.sum(list(rows.values()), axis=0), total, atol=1e-6)
    for saved, outlay, net, again, net_again in (*rows.values(), total):
        assert saved - outlay == pytest.approx(net) and again - outlay == pytest.approx(net_again)
    done = report.lead.done
    assert total[0] == round(money.inside(done.saved), money.decimals)
    assert total[2] == round(money.inside(done.net), money.decimals)
    college = rows["本校" if report.writer.alone else "院校"]
    front = words(report, "front")
    for shown in (total[0], college[0], *([total[1], college[1]] if total[1] else [])):
        assert f"{shown:.{money.decimals}f}" in front
    for shown in (total[2], college[2]):
        assert plain(str(report.words.rounded(money.per * abs(shown), report.first.net_reach))) in (
            front
        )
    levers = cells(report.lever_table())
    for column in ("分摊", "分摊（经济）", "一次性投入", "年投入", "净节约"):
        at = levers[0].index(column)
        *parts, whole = (float(row[at]) for row in levers[1:])
        assert sum(parts) == pytest.approx(whole, abs=1e-6), column


def test_the_net_stands_first_and_no_sign_stands_in_a_sentence(cost, province, own):
    titles = {
        name: re.search("<h1>(.*?)</h1>", page(report, ("front",)))[1]
        for name, report in (("cost", cost), ("province", province), ("own", own))
    }
    lead = province.lead  # four draws: no range that rounds
    kept = lead.done.kept.set_index("fees").loc["held", "college"]
    assert titles["province"] == (
        f"做5项降本措施每年净节约资金{wan(lead.done.net)}万元，"
        f"院校净支出{wan(lead.done.outlay['college'] - kept)}万元，须由评价组织让利或上级分担"
    )
    assert (
        titles["cost"].startswith("做2项降本措施每年净节约资金") and "净支出" not in titles["cost"]
    )
    assert titles["own"] == "做2项降本措施每年净节约资金2129元，其中本校100元"
    for report in (cost, province, own):
        front = page(report, ("front",))
        assert len(re.findall("<dt>", front.split('class="advice"')[0])) == 3
        for part in re.findall(r'<h1>.*?</h1>|<p class="lead">.*?</p>|<dl.*?</dl>', front):
            assert not SIGNED.search(re.sub("<[^>]+>", "", part)), part


def test_a_net_loss_has_its_range_too(tmp_path):
    dear = lever(tmp_path, "昂贵", 50_000)
    report = open_cost_reduction("example", college="X1", levers=[dear], log2_draws=7)
    low, high = report.package.net_reach
    net, money = report.everything.done.net, report.writer.money
    assert low < net < high < 0
    told = report.writer.span((-high, -low), money, -net)
    shown = report.words.rounded(-net, (low, high))
    front = words(report, "front")
    assert told and f"{shown}元{told}".replace(chr(0x202F), "") in front
    assert "降本措施不合算：投入每年比节约多" in front


def test_what_would_change_the_recommendation_is_a_break_even_of_the_run(province):
    advice = province.advice
    chosen = advice.choice
    assert advice.do == "some" and 1 < len(chosen.titles) < 6
    kept = chosen.done.kept.set_index("fees")
    held = kept.loc["held"]
    assert held["college"] + chosen.pass_on * held["organisation"] == pytest.approx(
        chosen.done.outlay["college"]
    )
    assert chosen.done.saved == pytest.approx((1 + chosen.margin) * chosen.done.yearly)
    passed = kept.loc["reverified", "college"] - held["college"]
    assert chosen.passed_on == pytest.approx(passed / held["organisation"])
    front = words(province, "front")
    assert f"年投入比测算高出{share(chosen.margin)}%以上，即不合算" in front
    assert chosen.short  # it holds as things stand, and is said so
    assert f"只让出节约的{share(chosen.passed_on)}%，院校必亏" in front
    grant = wan(-chosen.college.net)
    assert f"不另定让利（{share(chosen.pass_on)}%以上）或补助{grant}万元，就不应实施" in front
    asked = words(province, "decision")
    assert f"让出不少于{share(chosen.pass_on)}%的节约" in asked and "拟请示事项" in asked


def test_all_of_the_first_page_is_about_what_is_recommended(cost, province):
    """A reader: title, keys and candidates were of six measures where five are recommended; the six stand among the options."""
    done, whole = province.lead.done, province.everything.done
    assert len(done.levers) == 5 and done.net > whole.net
    front, heads = words(province, "front"), province.headlines()
    for once, six in ((done.saved, whole.saved), (done.yearly, whole.yearly)):
        assert wan(once) in front and wan(six) not in front
    assert wan(whole.net) not in front and wan(whole.net) in words(province, "decision")
    assert heads["proposed.net"] == done.net and heads["net"] == whole.net
    assert province.first.after == pytest.approx(done.cost / done.candidates)
    assert province.first.cash.amount == pytest.approx(done.saved)
    shares = province.proposed.table["cash_shapley"].sum()
    assert shares == pytest.approx(done.saved)  # the trees of the keys add up to what they explain
    low, high = cost.first.net_reach
    assert low < cost.lead.done.net < high


def test_pay_that_teachers_do_not_get_is_not_called_money_saved(province):
    lead, front = province.lead, words(province, "front")
    pay = lead.borne["pay"].saved
    assert pay > 0 and f"教师绩效工资少核增{wan(pay)}万元" in front
    assert f"不计这一项，净节约{wan(lead.whole.net - pay)}万元" in front


def test_a_floor_that_does_not_bind_is_not_put_up_for_decision(tmp_path, province):
    asked = words(province, "decision")
    assert "所设的20分钟不起约束作用" in asked and "请在实施前确定质量底线" not in asked
    quality = province.lead.quality["minutes_per_candidate"]
    told = province.words.request_quality(province.lead, quality.after / quality.floor + 1)
    assert "请在实施前确定质量底线" in told  # a floor that is near is


def test_an_action_has_one_office(province, own):
    for report in (province, own):
        rows = cells(report.decision())[-3:]
        assert all("、" not in row[1] and "；" not in row[1] for row in rows), rows
    assert [row[2] for row in cells(province.decision())[-3:]][0] == "措施实施前"


def test_the_recommendation_follows_the_numbers(tmp_path, cost, province):
    """Only what pays is advised, what saves most first; nothing where nothing pays, and then by how much the outlay must fall."""
    table = province.found.table.sort_values("net_cash", ascending=False)
    good = table.loc[table["net_cash"] > 0, "title"].tolist()
    front = words(province, "front")
    assert (
        f"依次为{'、'.join(good)}；先落实院校净支出由谁分担" in front
        and "利用现有场地的投入不低于节约" in front
    )
    assert (
        words(cost, "front").count("只做节约大于投入的2项，依次为合并场次、提高考评员带考人数") == 1
    )
    cheap, dear = (lever(tmp_path, name, once) for name, once in (("廉价", 10), ("昂贵", 50_000)))
    pays = open_cost_reduction("example", levers=[cheap], log2_draws=1)
    assert pays.advice.do == "all" and "各项的节约都大于投入" in words(pays, "front")
    assert [row[0] for row in cells(pays.decision())[1:3]] == ["★ 全部措施", "维持现状"]
    fails = open_cost_reduction("example", levers=[dear], log2_draws=1)
    row = fails.found.table.iloc[0]
    falls = 1 - row["cash_shapley"] / row["one_off_yearly"]
    assert fails.advice.do == "none" and fails.advice.choice is None
    assert f"它的年投入再低{share(falls)}%以上" in words(fails, "front")
    assert [row[0] for row in cells(fails.decision())[1:3]] == ["全部措施", "★ 维持现状"]
    both = open_cost_reduction("example", levers=[cheap, dear], log2_draws=1)
    assert both.advice.some.titles == ["廉价"] and both.advice.dear == ["昂贵"]
    assert [row[0] for row in cells(both.decision())[1:4]] == [
        "全部措施",
        "★ 只做合算的措施",
        "维持现状",
    ]


def test_who_pays_is_named_and_colleges_may_gain(tmp_path, cost):
    """What organisations invest is no outlay of colleges."""
    rows = {row[0]: row for row in cells(cost.conditions_table())[1:]}
    assert rows["信息化阅卷与组卷"][2] == "2个培训评价组织" and rows["耗材集中采购"][2] == "6所院校"
    assert rows["合并场次"][2] == "不需投入"
    named = lever(tmp_path, "由机构出", 10, responsible="考试中心")
    laid = lever(tmp_path, "由省出", 10, per="province")
    report = open_cost_reduction("example", levers=[named, laid], log2_draws=1)
    outlay = report.everything.done.outlay
    assert outlay["college"] == 0 and outlay["organisation"] > 0 and outlay["province"] > 0
    assert report.everything.pass_on is None and "补不上" not in words(report, "front")
    assert cells(report.conditions_table())[1][1] == "考试中心"
    assert "省级" in [row[0] for row in cells(report.kept_table())]


def test_quality_is_drawn_against_its_floor_and_an_odd_change_is_explained(cost, province):
    text = page(cost, ("quality_figure",))
    assert "人均操作时长由90.5降到72.4分钟（底线20分钟远低于此，不起约束作用）" in text
    assert "每名考评员带考由9.5升到11.9人，上限20.0" in text and "没有院校触线" in text
    assert "通过率（%）" not in text and "不高于0.0" not in text  # rows that say nothing
    ratio = province.everything.quality["candidates_per_assessor"]
    assert ratio.there_after == pytest.approx(1.25 * ratio.there_before)
    mean = ratio.before + ratio.reached * (ratio.there_after - ratio.there_before)
    assert mean == pytest.approx(ratio.after) and 0 < ratio.reached < 1
    assert f"涉及{share(ratio.reached)}%的考生" in page(province, ("quality_figure",))


@pytest.mark.parametrize(
    ("lang", "assumed", "goes"),
    [("zh", "按不变假设", "通过率由"), ("en", "is assumed not to change", "the pass rate goes")],
)
def test_the_pass_rate_no_lever_moves_is_an_assumption_said_once(lang, assumed, goes, tmp_path):
    """Referee B5: 「在通过率保持75.2%的前提下」 led the takeaway though no lever can move the pass rate."""
    report = open_cost_reduction("example", lang=lang, log2_draws=1)
    assert page(report).count(assumed) == 1 and goes not in page(report)
    path = tmp_path / "practice.yaml"
    path.write_text(
        "title: {zh: 多练, en: more practice}\nauthor: t\nchanges:\n  - {table: offerings, column: pass_rate, scale: 1.05, rationale: t}\n"
        "lever: {guard: pass_rate, one_off_cost: 0, life_years: 1, evidence: assumption}\n",
        encoding="utf-8",
    )
    moved = page(open_cost_reduction("example", lang=lang, log2_draws=1, levers=[str(path)]))
    assert assumed not in moved and goes in moved


def test_headings_and_certificates_are_named(cost):
    text = page(cost)
    assert "模拟·示例证书一（中级）" in text
    for told in ("单独 现金", "最后 现金", "分摊 现金", "τ", "in Chinese"):
        assert told not in text
    assert "「单独实施」是" in text and "Shapley" in text
    assert "将另行测算" in page(cost, ("conclusions",))


def test_english_holds_no_chinese_but_names_and_numbers_of_documents():
    text = page(open_cost_reduction("national", "44", lang="en", log2_draws=1))
    found = set(re.findall("[一-鿿]{2,}", text))
    assert found <= {"模拟证书", "人社厅函", "教财厅函"} and not re.search(
        r"\d %", page_of_own(text)
    )
    assert "CNY" in text and "10,000 yuan" not in text


def page_of_own(text: str) -> str:
    """Without the state of the data and the guide, which all reports share."""
    text = re.sub('<p class="bar".*?</div>', "", text, flags=re.S)
    return re.sub("<details class=.how.*?</details>", "", text, flags=re.S)


def test_one_college_is_told_in_yuan_its_own_sessions_and_nothing_of_shares(own):
    text = page(own)
    assert "万元" not in text and "100.0%的院校" not in text
    assert not own.shows("figure", "load") and "半数院校" not in text and "本校教师现有课时" in text
    for kind in ("图", "表"):
        found = [int(n) for n in re.findall(rf"<(?:figcaption|caption)><b>{kind}(\d+)</b>", text)]
        assert found == list(range(1, len(found) + 1)) and len(found) > 4
    rows = cells(own.capacity_figure())
    assert [row[:3] for row in rows[1:]] == [
        ["模拟·示例证书一（中级）", "100", "9"],  # 110 sittings: 3 sessions of 50, 6 of 20
        ["模拟·示例证书二（初级）", "60", "2"],
        ["模拟·示例证书三（高级）", "24", "3"],
    ]
    assert rows[1][3:5] == [count(100 * 220 / 270), "50"]
    assert "中位数为" not in page(own, ("item_figure",))  # fewer than five of its tier there


def test_one_college_stands_among_at_least_five_of_its_tier():
    report = open_cost_reduction("national", college="SIM440001", log2_draws=1)
    told = re.search(
        r"成本(\d+)元；本省高职院校（(\d+)所，含本校）的中位数为(\d+)元，中间一半在(\d+)—(\d+)元之间",
        words(report, "item_figure"),
    )
    each, colleges, middle, low, high = map(int, told.groups())
    assert each == round(report.package.before) and colleges > 5 and low <= middle <= high


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
    assert float(worth) > 100 and worth not in text and "少于5所" in text and "金额不列示" in text
    assert told.count(f"折合{worth}万元{reach}") == 1 and reach
    assert not np.isfinite(circulated.spare.reach).any() and "<svg" not in text.split("</table>")[1]


def test_every_bin_of_load_holds_five_colleges():
    rng = np.random.default_rng(1)
    for colleges in (6, 40, 478):
        load = rng.normal(1.2, 0.2, colleges)
        edges = numbers.load_bins(load, 5)
        if not edges.size:
            assert colleges < 15
            continue
        counts = np.histogram(np.clip(load, edges[0], edges[-1] - 1e-9), edges)[0]
        assert counts.min() >= 5 and counts.sum() == colleges
        assert np.isclose(edges, 1).any()  # under and over full capacity stand in bins of their own
    few = np.r_[np.full(3, 0.95), np.linspace(1.05, 1.45, 50)]
    assert numbers.load_bins(few, 5)[0] == 1.0 and numbers.load_bins(2 - few, 5)[-1] == 1.0
    above = numbers.load_bins(np.linspace(1.25, 1.95, 50), 5)
    assert above[0] == pytest.approx(1.2)
    assert numbers.load_bins(np.array([]), 5).size == 0


def test_resources_carry_intervals_and_what_decides_them_is_said(cost):
    text = words(cost, "item_table", "deciding_figure")
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
    assert "资源节约最取决于「课时综合成本」：取0.73倍至1.42倍时为" in text


def test_two_assumptions_that_decide_alike_are_both_named(cost, province):
    text = words(province, "deciding_figure")
    assert province.unsure.close and "最取决于「措施力度」和「核增弹性」" in text
    assert not cost.unsure.close and "最取决于「核增弹性」：取" in words(cost, "deciding_figure")
    rows = pd.DataFrame(
        {"p10": [0.0, 1e5, 1.0], "p90": [1e6, 1.05e6, 2.0], "base": [5e5] * 3, "low": 0, "high": 1}
    )
    assert len(numbers.unsure(rows, 5e5).rows) == 2 and numbers.unsure(rows, 5e5).close
    assert not numbers.unsure(rows.iloc[[0, 2]], 5e5).close


def test_labels_of_thin_bands_stand_apart():
    places = spread([0.1, 0.12, 0.13, 0.5, 0.99], 0.08)
    assert np.diff(places).min() >= 0.08 - 1e-12 and 0 <= places[0] and places[-1] <= 1
    assert places[3] == 0.5
