"""What performance_pay prints: totals that meet, nothing of few colleges, missing said, figures in order, intervals."""

import html
import re
import shutil
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from made_here import page_of, part_of

from onexmodel.report import open_performance_pay
from onexmodel.report.page.numbers import carried, number, wan
from onexmodel.report.page.rounding import fitted
from onexmodel.report.performance_pay.figures import shown_bins
from onexmodel.report.performance_pay.report import Withheld

pytestmark = pytest.mark.usefixtures("sketched", "fontless")

BLOCKS = (
    "front",
    "decision",
    "methods",
    "load_figure",
    "own_tables",
    "uplift_table",
    "method_figure",
    "reach_figure",
    "elasticity_table",
    "deciding_text",
    "tilt_figure",
    "quantile_table",
    "money_figure",
    "fairness_figure",
    "fairness_table",
    "conclusions",
    "notes",
    "findings",
)


def page(report, blocks=BLOCKS) -> str:
    whole = "".join(part_of(report, name) for name in blocks)
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


@pytest.fixture(scope="module")
def pay():
    return open_performance_pay("example", internal=True, log2_draws=7)


@pytest.fixture(scope="module")
def circulated(six_counted):
    return open_performance_pay(six_counted, log2_draws=7)


@pytest.fixture(scope="module")
def few():
    """A province of ten colleges: one public higher one, seven secondary ones, two private."""
    return open_performance_pay("national", "54", log2_draws=7)


@pytest.mark.parametrize("name", ["performance_pay", "cost_reduction"])
def test_figures_and_tables_come_in_their_order(name):
    text = page_of(name, {"data": "example", "province": "", "log2_draws": 2, "internal": True})
    for kind in ("图", "表"):
        found = [int(n) for n in re.findall(rf"<(?:figcaption|caption)><b>{kind}(\d+)</b>", text)]
        assert found == sorted(found) and len(set(found)) == len(found) >= 4


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
    assert wan(single["uplift_elasticity"]) in inside.uplift_table().html


def test_missing_is_said_and_few_who_filled_in_are_not_told(circulated, few):
    assert "未填报" in few.uplift_table().html and "已核增：未填报" in page(few, ("methods",))
    text = page(circulated)
    assert "填报不足5所，不列示" in text and "10.0" not in [
        row[-1] for row in cells(circulated.uplift_table())
    ]  # half of X1's 200 000
    assert not {"granted", "to_ask", "uplift_income_share"} & set(circulated.headlines())
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


@pytest.mark.parametrize("left", [4, 5])
def test_the_total_of_fewer_than_five_colleges_is_withheld(six_counted, tmp_path, left):
    """One number decides in every report: three was enough here."""
    folder = shutil.copytree(six_counted, tmp_path / "data")
    pools = (folder / "pay_pools.csv").read_text(encoding="utf-8").splitlines()
    kept = "\n".join(pools[: left + 1]) + "\n"
    (folder / "pay_pools.csv").write_text(kept, encoding="utf-8")
    report = open_performance_pay(str(folder), log2_draws=1)
    assert report.standing["counted"] == left and isinstance(report, Withheld) == (left < 5)
    if left < 5:
        assert "不足5所" in page(report) and "uplift" not in report.headlines()
    assert not isinstance(open_performance_pay(str(folder), internal=True, log2_draws=1), Withheld)


@pytest.mark.parametrize(
    ("lang", "all_by"), [("zh", "有上报行的教师按上报行"), ("en", "with rows")]
)
def test_teachers_of_few_colleges_are_not_counted_in_a_note(six_counted, lang, all_by):
    """「1470名教师按上报行」 were those of one college; those not listed, with the total beside them, tell as much."""
    for internal in (False, True):
        report = open_performance_pay(six_counted, lang=lang, internal=internal, log2_draws=1)
        given, note = int(report.people.given.sum()), report.quantile_table().html
        others = f"{len(report.people.given) - given}"
        told = [
            re.search(rf"(?<!\d){one} ?(?:名|teach|follow)", note) for one in (str(given), others)
        ]
        assert given == 6 and [bool(one) for one in told] == [internal, internal], note
        assert (all_by in note) != internal


def test_teachers_listed_in_part_are_a_loud_finding(circulated):
    inside = open_performance_pay("example", college="X1", log2_draws=1)
    assert (
        "教师工作量只列了6人，专任教师200人" in inside.findings().html
        and "只列了6人，专任教师200人" in inside.front().html
    )
    assert "194名按假设" in inside.quantile_table().html
    found = circulated.findings().html
    assert (
        "少于5所院校的教师工作量只列了部分教师，请补全。" in found
        and "专任教师200人" not in page(circulated)
        and "少于5所院校的教师工作量只列了部分教师" in circulated.front().html
    )


def test_break_even_tilt_title_and_picture_agree(pay):
    block = pay.fairness_figure().html
    assert "倾斜系数到0.85时，每课时所得达到教师愿意承担的最低报酬70元（假设）" in block
    poor = open_performance_pay(
        "example", settings={"pay.elasticity": "0.1"}, internal=True, log2_draws=1
    )
    assert re.search(
        r"即使核增全部按X证书课时分配，每课时也只有16元，达不到教师愿意承担的最低报酬70元",
        poor.fairness_figure().html,
    )


def test_headline_carries_its_interval_and_the_elasticities(six_counted, circulated):
    front = circulated.front().html
    uplift = float(circulated.row["uplift_elasticity"])
    reach = circulated.writer.span(circulated.ranges["uplift_elasticity"], wan, uplift)
    was = circulated.writer.money(uplift)
    about = carried(uplift, circulated.ranges["uplift_elasticity"], wan)
    assert reach and f"建议核增约{about}万元{reach}" in front
    table = cells(circulated.elasticity_table())
    assert [row[0].split("　")[0] for row in table[1:]] == [
        "0.22", "0.40", "0.50", "0.62", "0.78", "1.00"
    ]  # fmt: skip
    scheme = open_performance_pay(six_counted, scenario=["elasticity_low"], log2_draws=7)
    front, methods = scheme.front().html, scheme.methods().html
    now = scheme.writer.money(float(scheme.row["uplift_elasticity"]))
    assert (
        f"{was} → {now}" in front
        and f"核增由{was}万元变为{now}万元" in front
        and "弹性由方案给定" in methods
    )
    assert [row[0] for row in cells(scheme.elasticity_table())[1:5]] == [
        "0.20　方案",
        "0.22　低（P10）",
        "0.40",
        "0.50　基准",
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


def test_a_tie_goes_to_the_first_whatever_noise_is_in_it():
    assert 100 * 0.285 < 28.5 and 100 * 0.715 == 71.5
    assert fitted([100 * 0.285, 100 * 0.715], 100, 1, 0) == [29, 71]


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
        ("en", "the uplift stays at CNY 0.09 million", "to CNY 0.09 million"),
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
    ("lang", "said"), [("zh", "使少于5所计入"), ("en", "takes under 5 of the")]
)
def test_few_colleges_over_their_norm_are_not_counted(lang, said, few):
    circulated = replace(few.writer, language=lang).words("performance_pay")
    inside = replace(few.writer, language=lang, internal=True).words("performance_pay")
    load = SimpleNamespace(over=3, colleges=9)
    assert said in circulated.load_finding(load) and "3" in inside.load_finding(load)
