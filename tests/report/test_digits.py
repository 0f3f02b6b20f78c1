"""No printed interval has a digit that its width does not carry, in any report, figure or text alternative, in either language; shares of
people are whole, and parts add."""

import html
import json
import re

import pandas as pd
import pytest

from onexmodel.law import load_law
from onexmodel.places import shipped
from onexmodel.report.annex.values import range_text
from onexmodel.report.budget_and_settlement import figures as settle_figures
from onexmodel.report.budget_and_settlement.numbers import Flow
from onexmodel.report.fee_cap.areas import sides_said
from onexmodel.report.front.winners import printed_groups
from onexmodel.report.make.gate import MODELS
from onexmodel.report.page.numbers import THIN, wan
from onexmodel.report.page.sentences import Words
from onexmodel.report.page.writer import PageWriter

pytestmark = pytest.mark.usefixtures("sketched")

NUMBER = rf"([+−]?\d[\d.{THIN}]*)"
BRACKETS = re.compile(
    "|".join(
        (
            rf"（(?:80%区间)?{NUMBER}[—至]{NUMBER}）",
            rf"\((?:80% interval )?{NUMBER} to {NUMBER}\)",
            rf"[：:] ?{NUMBER}—{NUMBER}",
            rf"80%区间为?{NUMBER}—{NUMBER}",
            rf"80% interval(?: of [^<]*? is)? {NUMBER} to {NUMBER}",
            rf"时(?:，[^，。<]*?)?[在为]{NUMBER}至{NUMBER}(?:万元|元)",
            rf"it is {NUMBER} to {NUMBER} ×",
        )
    )
)
ZH, EN = (PageWriter(lang, "", False, False) for lang in ("zh", "en"))


def page_of(name: str, lang: str) -> str:
    """The blocks of a report's notebook on the example, made in this process with 2^7 draws."""
    cells = [
        cell
        for cell in json.loads(shipped("notebooks", f"{name}.ipynb").read_text(encoding="utf-8"))[
            "cells"
        ]
        if cell["cell_type"] == "code"
    ]
    space, page = {}, []
    for i, cell in enumerate(cells):
        *before, last = "".join(cell["source"]).strip().split("\n")
        exec("\n".join(before), space)
        if i == 0:
            exec(last, space)
            space.update(data="example", province="", lang=lang, log2_draws=7, internal=True)
        else:
            page.append(eval(last, space).html)
    return html.unescape(re.sub(r"<(small|/small|span|/span|wbr)[^>]*>", "", "\n".join(page)))


def intervals(page: str, lang: str) -> list[tuple[str, str]]:
    """Ends of every interval on a page, ranges of parameters apart: those are what they are set to."""
    stated = {range_text(parameter, lang) for parameter in load_law().parameters.values()}
    return [
        tuple(end for end in found.groups() if end is not None)
        for found in BRACKETS.finditer(page)
        if found.group(0).strip() not in stated
    ]


def value(text: str) -> float:
    return float(text.replace(THIN, "").replace("−", "-"))


def unit(text: str) -> float:
    """The place of the last digit that says something: 570 → 10, 0.30 → 0.01."""
    digits = text.replace(THIN, "").lstrip("+−")
    if "." in digits:
        return 10.0 ** -len(digits.split(".")[1])
    return float("inf") if value(text) == 0 else 10.0 ** (len(digits) - len(digits.rstrip("0")))


def too_fine(low: str, high: str) -> bool:
    """Is the width more than two digits' worth of the finest place of an end? Both ends may have been rounded by half a place."""
    return abs(value(high) - value(low)) / min(unit(low), unit(high)) > 101


def test_the_check_sees_the_referees_interval():
    assert intervals("（565.4—975.7），取0.22至0.78时，核增总量在1465.0至5086.6万元之间", "zh") == [
        ("565.4", "975.7"),
        ("1465.0", "5086.6"),
    ]
    assert (
        too_fine("565.4", "975.7")
        and too_fine("169", "664")
        and not too_fine("570", "980")
        and not too_fine("1.3", "10.6")
        and not too_fine("−340", "590")
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", list(MODELS))
def test_no_end_is_finer_than_its_width_carries(name, lang):
    found = intervals(page_of(name, lang), lang)
    assert len(found) >= {"province_comparison": 3, "fee_cap": 4, "data_quality": 0}.get(name, 6)
    assert not [ends for ends in found if too_fine(*ends)]


def test_candidates_and_sums_of_groups_are_printed_so_that_they_add():
    changes = pd.DataFrame(
        {
            "cash": [-3_704_700.0, -4_144_600.0, -267_800.0],
            "gap_change": [1.0, 2.0, 3.0],
            "service": [353.3, 363.5, 51.4],
            "cash_side": "worse",
            "service_side": "better",
        }
    )
    printed = printed_groups(ZH, changes, pd.Series(["a", "b", "c"]))
    assert printed["service"].tolist() == [353, 364, 51] and printed["service"].sum() == 768
    assert printed["cash"].sum() == pytest.approx(-811.7)


def test_colleges_that_do_not_exist_are_not_counted_as_nought_per_cent():
    sides = pd.Series(["worse"] * 29 + ["same"])
    assert (
        sides_said(ZH, sides) == "97%的院校支出增加，3%不变"
        and sides_said(EN, sides) == "97% of colleges pay more, 3% pay the same"
    )


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0.0, "0%"),
        (1 / 256, "不到1%"),
        (4 / 128, "3%"),
        (16 / 128, "12%"),
        (255 / 256, "超过99%"),
        (1.0, "100%"),
    ],
)
def test_a_chance_is_whole_and_never_said_to_be_none_or_all_where_it_is_not(share, said):
    assert Words("budget_and_settlement", ZH).chance(share) == said


def test_a_budget_without_a_chance_is_said_without_a_percentage():
    def told(share):
        return Words("budget_and_settlement", ZH).enough(2021, 1.155e8, share, 1.2e8, [], [])

    said = "已填报的2021年度预算合计11\u202f550.0万元，所填报的用途按测算需12\u202f000.0万元："
    assert told(0.0) == told(4 / 128) == said + "合计不够。"
    assert told(1.0) == said + "合计够用。"
    assert told(0.25) == said + "合计够用的可能性为25%。"


@pytest.mark.parametrize(
    ("pattern", "scale", "said"),
    [
        (2020, 1e4, "1月2161、2月2666；全年资金7975"),
        (0, 1e4, "1月2161.0、2月2665.8；全年资金7975.2"),
        (2020, 10.0, "1月2.2、2月2.7；全年资金8.0"),
    ],
)
def test_projected_months_have_no_decimals_and_records_keep_them(pattern, scale, said):
    due = pd.Series([2161.0 * scale, 2665.8 * scale], index=[1, 2])
    fees = Flow(2021, pattern, due, 12 * 664.6 * scale)
    assert said in settle_figures.need_lines(Words("budget_and_settlement", ZH), fees, wan, "万元")
