"""What nobody filled in, and what does not apply, is left out and said: no stop, and never a 0. One fictional college in small workbooks."""

import html
import json
import re
from pathlib import Path

import openpyxl
import pytest

from onexmodel.errors import OnexError
from onexmodel.places import shipped
from onexmodel.report import open_report

pytestmark = pytest.mark.usefixtures("sketched")

CASES = Path(__file__).parents[1] / "cases" / "intake"
GOOD = CASES / "records_of_2023_settlement_cut_off_2020.xlsx"
COLLEGE = "3344010001"
ANNEX = ("report.assumptions", "report.sources", "report.record", "report.notes")
OF_STAFF = ("*在校生数", "*专任教师数", "*标准年课时", "*现有总课时")


def workbook(path, emptied=(), blanked=(), dropped=()):
    """The good set with sheets emptied, cells of columns ((sheet, header) …) blanked, rows ((sheet, column, word) …) dropped."""
    book = openpyxl.load_workbook(GOOD)
    for sheet in emptied:
        book[sheet].delete_rows(3, book[sheet].max_row)
    for sheet, header in blanked:
        heads = [cell.value for cell in book[sheet][1]]
        for row in range(3, book[sheet].max_row + 1):
            book[sheet].cell(row, heads.index(header) + 1).value = None
    for sheet, column, word in dropped:
        for row in range(book[sheet].max_row, 2, -1):
            if book[sheet].cell(row, column).value == word:
                book[sheet].delete_rows(row)
    book.save(path)
    return path


@pytest.fixture
def made(tmp_path):
    """made(emptied=…, blanked=…, dropped=…): such a workbook."""
    return lambda **changed: workbook(tmp_path / "set.xlsx", **changed)


def told(name, data, only=(), **given):
    """Every block of a report but its annex, or those named alone, as words."""
    given = {"internal": True, "log2_draws": 3, "college": COLLEGE, "province": "", **given}
    report = open_report(name, {"data": str(data), **given})
    calls = json.loads((shipped("notebooks") / f"{name}.ipynb").read_text(encoding="utf-8"))
    lines = [
        line
        for cell in calls["cells"]
        for line in "".join(cell["source"]).splitlines()
        if cell["cell_type"] == "code" and line.startswith("report.")
    ]
    blocks = [re.match(r"report\.(\w+)", line)[1] for line in lines if not line.startswith(ANNEX)]
    page = "".join(getattr(report, one)().html for one in only or blocks)
    page = page.replace('<i class="k"></i>', "")
    page = re.sub(r'<svg[^>]*aria-label="([^"]*)".*?</svg>', r" \1 ", page, flags=re.S)
    return report, re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))


def test_a_budget_with_published_fees_needs_no_cap(made):
    report, page = told("budget_and_settlement", made(emptied=["成本上限"]))
    assert report.headlines()["need"] == pytest.approx(340645.87, abs=0.01)
    assert "没有填报考核成本上限，按已公布的标准计" in page


def test_a_fee_that_rests_on_a_missing_cap_still_asks_for_it(made):
    with pytest.raises(OnexError, match=r"fees\.cap\.computer：机考成本上限没有取值"):
        told("budget_and_settlement", made(emptied=["成本上限", "费用标准"]))


def test_a_cap_of_a_form_that_does_not_occur_is_not_asked_for():
    report, page = told("fee_cap", CASES / "no_special_practical_cap_stops_fee_cap_report.xlsx")
    assert report.caps[0] == "raise"
    assert "特殊实操成本上限没有填报金额，按比例调整或增减不计" in page


def test_without_some_caps_the_share_is_said(made):
    report, page = told("fee_cap", made(dropped=[("成本上限", 2, "一般实操")]))
    assert 0 < report.capless < 1 and "没有填报考核成本上限" in page and "没有填报上限" in page


@pytest.mark.parametrize(
    ("emptied", "sheets", "most"),
    [
        (["成本上限"], "「成本上限」", False),
        (["成本项目"], "「成本项目」", True),
        (["成本上限", "成本项目"], "「成本上限」和「成本项目」", False),
    ],
)
def test_without_caps_or_costs_fee_cap_is_about_the_fees_alone(made, emptied, sheets, most):
    """What a fee's own rise costs rests on neither: no refusal, and nothing told of what rests on them, nor counted as nothing."""
    data = made(emptied=emptied)
    report, page = told("fee_cap", data)
    heads = report.headlines()
    assert heads["none.scenario.fee_bill"] == pytest.approx(1.2 * heads["none.baseline.fee_bill"])
    assert report.parameters["scenario"] == ["fee_plus_20"]
    assert f"没有填报{sheets}：标准随上限怎样变动无从测算" in page
    assert f"没有填报{sheets}，不评估评价组织承接意愿的变化" in page
    assert ("考核费至多增加" in page) == most and ("上限金额没有公开" in page) == (not most)
    for wrong in (
        "取消上限",
        "上限提高",
        "（模型推算",
        "决定因素（",
        "临界上限为",
        "仅供参考",
        "%无法",
    ):
        assert wrong not in page, wrong
    assert not [name for name in heads if name.startswith(("pass_through", "supply"))]
    assert heads["none.scenario.supplier_shortfall"] != heads["none.scenario.supplier_shortfall"]
    assert ("不含本校承担的考核与培训支出" in page) == ("成本项目" in emptied)
    english = told("fee_cap", data, ["front", "decision", "forms_table"], lang="en")[1]
    assert "it cannot be told how fees follow their caps" in english and "Caps up" not in english


def test_without_costs_the_most_that_a_raise_of_the_caps_adds(made):
    """Every fee takes all of the raise: a fifth of the sum of a certificate's caps, each sitting that is paid."""
    report, page = told("fee_cap", made(emptied=["成本项目"]), ["front"])
    before = report.runs["none"][0]
    sittings = before.served["payable_sittings"]
    caps = before.compiled.space.maps["offering", "cell"].index
    most = float((0.2 * before.plan["cap"][caps] * sittings)[report.scope["offering"]].sum())
    assert most > 0 and f"考核费至多增加{most:.0f}元" in page


@pytest.mark.parametrize(
    ("scenario", "settings"),
    [
        (["cap_plus_10"], {}),
        ([], {"fees.cap.paper": "9"}),
    ],
)
def test_what_rests_on_caps_and_costs_is_not_told_of_fees_alone(made, scenario, settings):
    with pytest.raises(OnexError, match="无从测算.*--scenario fee_plus_20"):
        told("fee_cap", made(emptied=["成本项目"]), ["front"], scenario=scenario, settings=settings)


def test_fees_alone_need_fees(made):
    data = made(emptied=["成本项目"], dropped=[("费用标准", 4, "初级")])
    with pytest.raises(OnexError, match="没有已执行的费用标准"):
        told("fee_cap", data, ["front"])


def test_a_lever_without_its_rows_is_not_applicable():
    case = CASES / "no_marking_row_stops_cost_reduction_report.xlsx"
    report, page = told("cost_reduction", case)
    assert len(report.found.table) == 5
    assert "「信息化阅卷与组卷」不适用（表「成本项目」没有阅卷、组卷的行）" in page
    assert "—分钟" not in page and "—→" not in page
    assert "未填工位数，操作时长无从计算" in page and "没有核对时长底线" in page
    english = told("cost_reduction", case, ["front", "decision"], lang="en")[1]
    assert "online marking (the table ingredients has no rows of marking, composing)" in english
    assert "no work stations given" in english


def test_with_no_lever_that_applies_the_report_says_so():
    with pytest.raises(
        OnexError, match="「信息化阅卷与组卷」不适用：表「成本项目」没有阅卷、组卷的行"
    ):
        told(
            "cost_reduction",
            CASES / "no_marking_row_stops_cost_reduction_report.xlsx",
            levers=["lever_online_marking"],
        )


def test_a_misspelt_lever_is_still_refused(tmp_path):
    path = tmp_path / "lever_slip.yaml"
    path.write_text(
        "title: {zh: 试, en: try}\nauthor: t\nchanges:\n  - {table: ingredients, column: quantitty, scale: 0.5, rationale: 试}\n"
        "lever: {guard: pass_rate, one_off_cost: 0, life_years: 1, evidence: assumption}\n",
        encoding="utf-8",
    )
    with pytest.raises(OnexError, match="quantity"):
        told("cost_reduction", GOOD, levers=[str(path)])


def test_accounts_are_looked_at_by_the_year_of_the_report():
    report, page = told("budget_and_settlement", GOOD)
    assert str(report.at) == "2023-12-31"
    assert "2023年考核的2批次已全部结清" in page and "没有考核记录" not in page
    assert report.headlines()["settlement_rate"] == 1


def test_batches_after_the_day_are_said():
    _, page = told("budget_and_settlement", GOOD, ["front"], at="2023-05-31")
    assert "另有1批次在这一天之后考核，没有计入" in page
    _, page = told("budget_and_settlement", GOOD, ["front"], at="2020-12-31")
    assert "截至2020年12月31日没有考核记录（2批次在其后考核），不作结算" in page


@pytest.mark.parametrize(
    ("emptied", "said"),
    [
        (["考核记录", "支付台账"], "没有填报考核记录，应付与结清无从核对"),
        (["支付台账"], "没有填报支付台账，已付与未结清无从核对"),
    ],
)
def test_accounts_that_nobody_filled_in_are_not_arrears(made, emptied, said):
    report, page = told("budget_and_settlement", made(emptied=emptied))
    assert said in page and not report.settled.owes and "arrears" not in report.headlines()


@pytest.mark.parametrize(
    ("emptied", "sheet"), [(["经费来源额度", "经费适用"], "经费来源"), (["经费适用"], "经费适用")]
)
def test_funds_that_nobody_filled_in_are_no_gap(made, emptied, sheet):
    report, page = told("budget_and_settlement", made(emptied=emptied))
    assert f"没有填报{sheet}，缺口无从计算" in page
    for wrong in ("缺口100", "已落实0", "仍缺", "缺口340", "闲置0", "没有缺口", "没有闲置额度"):
        assert wrong not in page
    assert not [name for name in report.headlines() if "gap" in name or "appropriation" in name]
    english = told(
        "budget_and_settlement", made(emptied=emptied), ["front", "measures"], lang="en"
    )[1]
    assert "so the gap is not known" in english and "is missing" not in english


def test_no_report_speaks_of_a_gap_without_funds():
    case = CASES / "no_funding_rows_reported_as_full_gap.xlsx"
    for name in ("budget_and_settlement", "performance_pay", "fee_cap"):
        page = told(name, case)[1]
        assert "没有填报" in page, name
        for wrong in ("尚未落实资金来源", "未落实100%", "未落实缺口", "缺口增加", "没有资金来源"):
            assert wrong not in page, (name, wrong)


def test_a_pay_total_that_nobody_filled_in_is_not_no_pay(made):
    report, page = told("budget_and_settlement", made(emptied=["绩效工资总量"]))
    assert "至少需277542元（不含教师绩效工资：没有填报绩效工资总量）" in page
    assert "新增课时652；没有填报绩效工资总量，核增无从计算" in page
    assert "新增课时的报酬为78288元" in page and "不涉及绩效工资核增" not in page
    assert "need.performance_pay" not in report.headlines()
    page = told("performance_pay", made(emptied=["绩效工资总量"]))[1]
    assert "新增X证书课时652，按课时费100元测算，报酬为78288元" in page


def test_what_only_pay_needs_may_be_blank(made):
    data = made(blanked=[*(("院校", one) for one in OF_STAFF), ("省份", "*价格水平指数")])
    report, page = told("budget_and_settlement", data)
    assert "没有填报专任教师数、标准年课时、现有总课时，核增无从计算" in page
    assert "价格水平指数按 1（全国）计" in page and report.headlines()["need"] > 0
    assert "请补全表「院校」" in told("performance_pay", data)[1]


def test_without_cost_lines_the_budget_has_fees_hours_and_pay(made):
    """What a short form holds: plans and published fees, and nothing else."""
    sheets = ("成本上限", "绩效工资总量", "预算表", "考核记录", "支付台账", "经费来源额度")
    data = made(
        emptied=[*sheets, "经费适用", "成本项目", "依据"],
        blanked=[("院校", one) for one in OF_STAFF],
    )
    report, page = told("budget_and_settlement", data)
    assert "不含自担考核与培训支出：没有填报成本项目" in page
    assert "216294 未填报 未填报" in page and "成本为0元" not in page
    assert report.headlines()["need.assessment"] == pytest.approx(216293.7)
    assert "费用标准提高20%：考核费增长20%" in told("fee_cap", data, ["front"])[1]
    with pytest.raises(OnexError, match="没有填报成本项目"):
        told("cost_reduction", data)


def test_enough_in_all_does_not_hide_a_use_that_is_short():
    page = told("budget_and_settlement", GOOD, ["budget_table"], log2_draws=7)[1]
    assert "合计280000元，所填报的用途按测算需265542元：合计够用，但考核颁证的预算不能满足" in page
    assert "教师培训、教师绩效工资没有填报预算，不在其内" in page


def test_no_point_stands_beside_an_interval_that_leaves_it_out():
    beside = re.compile(r"(\d+)(?:元|万元)?（(?:80%区间)?(\d+)—(\d+)）")
    for name in ("performance_pay", "budget_and_settlement"):
        page = told(
            name, GOOD, ["front", "measures" if name[0] == "b" else "method_figure"], log2_draws=7
        )[1]
        ranges = [[*map(int, one)] for one in beside.findall(page)]
        assert ranges and all(low <= point <= high for point, low, high in ranges)
