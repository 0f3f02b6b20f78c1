"""funding_mix: what is printed adds, what a yuan closes is what a rerun says, no sign and no unfilled table is hidden, few colleges stand together."""

import dataclasses
import html
import json
import re

import numpy as np
import pytest
from made_here import opened_once, part_of

from onexmodel.analysis.budget import mix
from onexmodel.analysis.budget.moved import MOVABLE
from onexmodel.analysis.study import open_study
from onexmodel.places import shipped
from onexmodel.report import open_budget_and_settlement, open_funding_mix
from onexmodel.report.funding_mix import tables
from onexmodel.report.page.blocks import GROUP
from onexmodel.report.page.numbers import THIN
from onexmodel.rules.funding import SOURCES, USES

pytestmark = pytest.mark.usefixtures("sketched")

PARTS = (
    "front",
    "decision",
    "flows_table",
    "heat_figure",
    "mix",
    "where",
    "margins_part",
    "conclusions",
    "notes",
)


def words(report, *parts) -> str:
    """The page's words, figures' text alternatives included."""
    page = "".join(part_of(report, part) for part in parts or PARTS).replace(GROUP, "")
    page = re.sub(r'<svg[^>]*aria-label="([^"]*)".*?</svg>', r" \1 ", page, flags=re.S)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))


@opened_once
def opened(data="example", **given):
    return open_funding_mix(data, **{"lang": "zh", "log2_draws": 3, **given})


@pytest.fixture(scope="module")
def guangdong():
    return open_funding_mix(province="44", log2_draws=7)


@pytest.fixture(scope="module")
def shapes(guangdong):
    """Several provinces with all cells, the same circulated, one province, one college."""
    return [opened(internal=True), opened(), guangdong, opened(college="X4")]


def value(cell) -> float:
    """The number a cell prints, without its range."""
    text = getattr(cell, "html", cell)
    text = re.sub(r"<[^>]+>", " ", text.replace(GROUP, "")).replace(THIN, "")
    return float(text.replace("−", "-").split()[0])


def test_what_is_printed_of_sources_and_uses_adds(shapes):
    for report in shapes:
        header, rows = tables.flows(report)
        lines = {row[0] if isinstance(row[0], str) else row[0].html: row[1:] for row in rows}
        *sources, paid, gap, need = lines.values()
        assert len(header) == len(rows[0]) == len(USES) + 4
        for at in range(len(USES) + 1):
            column = sum(value(row[at]) for row in sources)
            assert column == pytest.approx(value(paid[at]))
            assert value(paid[at]) + value(gap[at]) == pytest.approx(value(need[at]))
        way, money = report.way, report.writer.money
        for row, led in ((paid, way.used), (gap, way.gap), (need, way.need)):
            assert value(row[-3]) == pytest.approx(value(money(led.value)))  # as elsewhere
        assert value(paid[-1]) == pytest.approx(value(money(way.available.value)))
        for row in (*sources, paid):
            *by_use, used, idle, limit = map(value, row)
            assert sum(by_use) == pytest.approx(used) and used + idle == pytest.approx(limit)


def test_shares_add_to_a_hundred_and_tiers_to_the_total(shapes):
    for report in shapes:
        heat = tables.heat_frame(report)
        assert (heat.sum() == 100).all()
        if report.shows("table", "mix"):
            assert all(sum(map(float, row[3:])) == 100 for row in tables.mix(report)[1])
        if report.shows("table", "where"):
            rows = tables.where(report)[1]
            for column in range(3, len(rows[0])) if len(rows) > 1 else ():
                parts = sum(value(row[column]) for row in rows[:-1])
                assert parts == pytest.approx(value(rows[-1][column]))
            order, loss, best = map(value, rows[-1][4:7])
            assert order - loss == pytest.approx(best)


def test_money_that_may_not_pay_a_use_has_no_share_of_it(guangdong):
    heat = tables.heat_frame(guangdong)
    assert np.isnan(heat.at["tuition", "performance_pay"])
    assert np.isfinite(heat.at["per_student_appropriation", "performance_pay"])


def test_needs_and_gaps_are_those_of_the_budget(guangdong):
    own = guangdong.headlines()
    budget = open_budget_and_settlement("national", province="44", log2_draws=0).headlines()
    assert own["gap"] == pytest.approx(budget["funding_gap"])
    for name in ("need", "waterfall_gap", "gap.p10", "gap.p90", "need.p10"):
        assert own[name] == pytest.approx(budget[name]), name


def raised(where: dict, scale: float) -> dict:
    """A scenario that raises the limits of some rows of the funding table."""
    text = f"""title: {{zh: 试, en: try}}
author: t
changes:
  - {{table: funding, column: limit, where: {json.dumps(where)}, scale: {scale}, rationale: t}}
"""
    return {"id": "raised", "text": text, "bases": []}


@pytest.mark.parametrize(
    ("line", "where"),
    [
        ("tuition", {"source_of_funds": "tuition"}),
        ("per_student_appropriation", {"source_of_funds": "per_student_appropriation"}),
        ("pot_central_award", {"source_of_funds": "central_award", "owner": "44"}),
    ],
)
def test_what_a_yuan_closes_is_what_a_rerun_of_the_whole_model_says(guangdong, line, where):
    study = guangdong.study
    again = open_study("national", [raised(where, 1 + mix.RAISE)], {}, "44", tables=study.tables)
    inside = again.scope()["college"]
    before, after = again.pair("none")
    gaps = [np.sum(one.served["funding_gap"][inside]) for one in (before, after)]
    leaf = line if line.startswith("pot_") else "own_limits"
    money = [np.sum(one.compiled.leaves[leaf]) for one in (before, after)]
    margin = next(one for one in guangdong.margins if one.line == line)
    assert margin.even == pytest.approx((gaps[0] - gaps[1]) / (money[1] - money[0]), rel=1e-5)
    assert 0 < margin.even < 1


def test_without_a_pool_a_yuan_closes_what_the_cuts_say():
    """S03 has one college, tuition and no pool: every yuan is missing there, whatever it is of."""
    report = opened(province="S03", internal=True)
    assert [round(one.even, 6) for one in report.margins if one.limit] == [1]
    assert all(one.aimed == pytest.approx(1) for one in report.margins)
    needs, limits = report.of_place("needs"), report.limits
    of_training = next(one for one in report.margins if one.line == "social_capital")
    assert of_training.most == pytest.approx(
        needs[USES.index("training"), 0]
    )  # it may pay nothing else
    assert limits[SOURCES.index("tuition")].sum() == 3000


def test_the_parts_of_a_gap_are_nested_and_add(shapes):
    for report in shapes:
        way = report.way
        assert (
            way.waterfall_gap.value
            >= way.gap.value
            >= way.left.value - 1e-6
            >= way.missing.value - 2e-6
        )
        parts = way.between.value + way.scope.value + value(report.writer.money(way.missing.value)) * report.writer.money.per  # fmt: skip
        assert parts == pytest.approx(value(report.writer.money(way.gap.value)) * report.writer.money.per)  # fmt: skip
        assert sum(way.parts.values()) == (100 if way.gap.seen else 0)
        # money that may pay anything, receipts where they are, appropriations anywhere in the province
        needs, limits = report.of_place("needs").sum(0), report.limits
        movable = np.array([source in MOVABLE for source in SOURCES])
        left = np.maximum(0, needs - limits[~movable].sum(0)) - limits[movable].sum(0)
        places = np.unique(report.keys_of["province"].to_numpy(str), return_inverse=True)[1]
        missing = np.maximum(0, np.bincount(places, weights=left)).sum()
        assert way.missing.value == pytest.approx(missing, abs=0.01)


def test_no_sign_is_hidden(guangdong):
    own = opened(college="X4", log2_draws=8)
    assert "（−1.0至1.0）" in words(own, "margins_part")
    falls = dataclasses.replace(guangdong.best, even=-0.25, reach=(-0.5, 0.25))
    said = guangdong.words.margins_said(guangdong.way, falls, np.nan, [])
    assert "−0.25元（−0.50至0.25）" in said
    for scenario, change in (("fee_plus_20", "增加"), ("pass_rates_up", "减少")):
        if scenario == "pass_rates_up":
            scheme = raised({"source_of_funds": "tuition"}, 1.5)
            report = opened(internal=True, scenario=[scheme])
            assert re.search(r"方案使需求不变，缺口减少\d", words(report, "front"))
        else:
            report = opened(internal=True, scenario=[scenario])
            assert re.search(rf"方案使需求{change}\d.*缺口{change}\d", words(report, "front"))


def test_what_few_colleges_hold_stands_together_in_a_circulated_report():
    inside, outside = opened(internal=True), opened()
    assert len(inside.lines) == 5 and len(outside.lines) == 1
    told = words(outside)
    assert "5.0" in words(inside, "flows_table")  # X5's other income, which nobody else has
    row = next(row for row in tables.margins(outside)[1] if row[0] == "合并列示的5类来源")
    together = "合并列示：中央奖补、地方投入、生均拨款、学费、其他事业收入。"
    assert row[1] != "5.0" and together in told
    assert "模拟·甲省" not in told and "模拟·甲省" in words(inside)
    assert tables.where(outside)[1][0][2] == "少于5所"
    assert not outside.shows("figure", "mix") and inside.shows("figure", "mix")


def test_a_line_is_held_by_nobody_or_by_enough_in_every_group():
    rng = np.random.default_rng(5)
    for least in (1, 5):
        for _ in range(60):
            label = rng.integers(0, 3, 40)
            groups = [label == one for one in range(3)]
            holders = rng.random((len(SOURCES), 40)) < rng.random((len(SOURCES), 1)) ** 2
            lines = mix.lines_of(holders, groups, least)
            held = [source for at, source in enumerate(SOURCES) if holders[at].any()]
            assert sorted("+".join(lines).split("+")) == sorted(held)
            for line in lines if len(lines) > 1 else ():
                some = holders[mix.sources_of(line)].any(0)
                counts = [int(some[group].sum()) for group in groups]
                assert all(count == 0 or count >= least for count in counts)
            if least == 1:
                assert lines == held


def test_one_college_is_told_in_yuan_and_of_itself():
    own = opened(college="X4", lang="en")
    page = words(own, *PARTS[:-1])
    assert "million" not in page and "spread evenly" not in page and "Each college" not in page
    assert not own.shows("table", "mix") and not own.shows("table", "where")
    assert all(np.isfinite(one.even) for one in own.margins)  # given to it, whoever else has any
    chinese = words(opened(college="X4"), *PARTS[:-1])
    assert (
        "万元" not in chinese.replace("（万元", "") and "各院校" not in chinese.split("如何读")[0]
    )


def test_a_college_without_a_gap_is_told_so():
    page = words(opened(college="X5", log2_draws=7))
    assert "没有缺口" in page and "再增加一元都不减少缺口" in page and "须新增资金" not in page


def with_rows(folder, table: str, *rows: str) -> str:
    """The example with other rows in a table."""
    for path in shipped("data", "example").iterdir():
        text = path.read_text(encoding="utf-8")
        if path.stem == table:
            text = "\n".join([text.split("\n")[0], *rows, ""])
        (folder / path.name).write_text(text, encoding="utf-8")
    return str(folder)


def test_money_for_other_uses_is_told_from_too_little_money(tmp_path):
    """X5 has a gift for training only, more than all it needs; X3 has tuition for part of what it needs."""
    rows = ("X5,2021,social_capital,500000,0,", "X3,2021,tuition,3000,0,1")
    data = with_rows(tmp_path, "funding", *rows)
    gift = opened(data=data, college="X5")
    assert gift.way.parts == {"between": 0, "scope": 100, "missing": 0}
    assert "全部是资金不能用于所缺用途造成的" in words(gift, "front")
    assert gift.way.gap.value == pytest.approx(
        gift.of_place("needs").sum() - gift.of_place("needs")[1].sum()
    )
    assert opened(data=data, college="X3").way.parts["missing"] == 100


def test_a_count_of_few_colleges_is_not_had_from_its_total(guangdong, monkeypatch):
    higher = (guangdong.keys_of["tier"] == "higher").to_numpy()
    gap = guangdong.of_place("funding_gap").copy()
    gap[np.flatnonzero(higher)[3:]] = 0.0
    gap[np.flatnonzero(higher)[:3]] = 10_000.0
    honest = type(guangdong).of_place

    def of_place(self, name):
        return gap if name == "funding_gap" else honest(self, name)

    monkeypatch.setattr(type(guangdong), "of_place", of_place)
    counts = [row[2] for row in tables.where(guangdong)[1]]
    hidden = [one == "少于5所" for one in counts]
    assert hidden[1] and sum(hidden) == 2 and counts[-1].isdigit()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_without_funds_the_gap_is_not_told_and_that_is_said(tmp_path, lang):
    report = opened(data=with_rows(tmp_path, "funding"), lang=lang, internal=True)
    page = words(report)
    assert {"zh": "没有填报经费来源", "en": "no funds on record"}[lang] in page
    assert {"zh": "缺口0", "en": "gap is CNY 0"}[lang] not in page
    assert not any(report.exhibits("table").values()) and not any(report.exhibits("figure").values())  # fmt: skip
    assert "gap" not in report.headlines() and report.headlines()["need"] > 0
    assert report.leading == "college_outlay" and len(report.keys()) == 1


def test_without_a_need_there_is_nothing_to_draw_by_use(tmp_path):
    head, *plans = (shipped("data", "example") / "offerings.csv").read_text("utf-8-sig").split()
    at = [head.split(",").index(name) for name in ("college", "candidates")]
    plans = [one.split(",") for one in plans]
    for one in plans:
        one[at[1]] = "0" if one[at[0]] == "X6" else one[at[1]]
    report = opened(data=with_rows(tmp_path, "offerings", *map(",".join, plans)), college="X6")
    assert not report.exhibits("figure")["heat"] and report.heat_figure().html == ""
    assert "没有需求" in words(report)


def test_equal_gaps_are_neither_the_highest_nor_the_lowest(guangdong):
    said = guangdong.words.mix_finding("province", "甲", 0, "乙", 0)
    assert said == "各省缺口占需求的比重：都是0%"


def test_a_use_nobody_filled_in_is_no_need_of_nought(tmp_path):
    report = opened(data=with_rows(tmp_path, "pay_pools"), internal=True)
    assert "教师绩效工资" not in tables.flows(report)[0] and "培训" in tables.flows(report)[0]
    assert "need.performance_pay" not in report.headlines()
    assert "至少需" in words(report, "front") and "没有填报绩效工资总量" in words(report, "front")


def test_the_takeaway_says_need_money_gap_cause_and_what_a_yuan_closes(guangdong):
    lead = words(guangdong, "front")
    assert re.search(r"全年需约1\d ?\d{3}万元（\d+—\d+），各类来源可用约\d+万元、按最优次序实际用上约\d+万元，缺口约\d+万元", lead)  # fmt: skip
    assert "全部是额度留在没有缺口的院校、不能调剂造成的" in lead
    assert re.search(r"再增加一元中央奖补.{0,20}可减少缺口0\.\d\d元（0\.\d+—0\.\d+）", lead)


def test_a_source_has_one_allocation_and_one_idle_part_on_the_page(shapes):
    for report in shapes:
        lines = len(report.lines)
        for flow, margin in zip(
            tables.flows(report)[1][:lines], tables.margins(report)[1][:lines], strict=True
        ):
            assert [value(one) for one in margin[1:3]] == [value(one) for one in flow[:-3:-1]]


def test_more_than_idle_appropriations_may_move_and_it_is_said_why(guangdong):
    way = guangdong.way
    assert way.freed and way.between.value > way.unspent > 0
    assert "让出财政拨款。" in words(guangdong, "where")
    assert "让出财政拨款。" not in guangdong.words.parts_note(
        dataclasses.replace(way, unspent=way.between.value)
    )


def test_what_is_given_where_money_is_missing_is_of_the_same_source():
    report = opened()
    assert report.best and report.aimed == report.best.aimed
    assert max(one.aimed for one in report.margins if one.aimed == one.aimed) > report.aimed
