"""What a page says in one way: the currency before its number, a certificate by one name, the data set once."""

import re
from dataclasses import replace
from functools import cache

import pytest

from onexmodel import report as reports
from onexmodel.report.front.opening import certificate_names
from onexmodel.report.make.gate import MODELS

pytestmark = pytest.mark.usefixtures("sketched")

GIVEN = {"data": "example", "province": "", "internal": True, "log2_draws": 1}


@cache
def opened(name: str, **more):
    given = GIVEN | more | ({"province": "S01"} if name == "province_comparison" else {})
    return getattr(reports, f"open_{name}")(**given)


@pytest.mark.parametrize("name", list(MODELS))
def test_the_currency_stands_before_a_key_figure_and_in_no_unit(name):
    report = opened(name, lang="en")
    cards = re.findall(r"</dt><dd>(.*?)<small>(.*?)</small>", report.front().html)
    assert cards and not [unit for _, unit in cards if "CNY" in unit]
    assert [value for value, _ in cards if "CNY " in value]
    notes = re.sub(r"<[^>]+>", "", report.notes().html)
    assert "yuan" not in notes and not re.search(r"\.\d+ CNY", notes)


def test_a_certificate_has_one_name_in_all_reports():
    zh, en = (opened("fee_cap", lang=lang) for lang in ("zh", "en"))
    assert certificate_names(zh.study, zh.writer, ["K1", "K9"]) == ["模拟·示例证书一", "模拟·K9"]
    named = certificate_names(en.study, en.writer, ["K1", "K9"])
    assert named == ["simulated K1 示例证书一", "simulated K9"]
    plain = replace(en.writer, simulated=False)
    assert certificate_names(en.study, plain, ["K1"]) == ["K1 示例证书一"]
    for name, part in (
        ("fee_cap", "winners_tables"),
        ("budget_and_settlement", "plan_table"),
        ("performance_pay", "own_tables"),
        ("cost_reduction", "capacity_figure"),
    ):
        made = getattr(opened(name, college="X1", lang="en"), part)().html
        assert "K1 示例证书一" in made, name


def test_the_data_set_is_named_once_on_a_page():
    report = opened("fee_cap")
    front, table = report.front().html, report.forms_table().html
    assert front.count("数据来源：示例数据") == 1 and "数据性质" not in front
    assert "数据来源" not in table and "数据性质" not in table
    drawn = report.adjustment_figure().html  # published statistics: another source
    assert "数据来源：" in drawn and "数据性质：" in drawn
