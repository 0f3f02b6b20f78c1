"""A circulated report names no single college, however its scenario narrows changes of the data and of parameters."""

import re
from dataclasses import replace

import pytest
from made_here import Made, page_of

from onexmodel.law import read_scenario
from onexmodel.report import open_fee_cap
from onexmodel.report.annex.local_changes import rows_said
from onexmodel.report.make.gate import MODELS

pytestmark = pytest.mark.usefixtures("sketched", "fontless")

SCHEME = """title: {zh: 若干院校试点, en: pilot colleges}
author: t
changes:
  - {table: offerings, column: candidates, scale: 1.2, where: {college: [X1, 示例中职二], level: intermediate}, rationale: 试点}
  - {table: funding, column: limit, scale: 1.1, where: {owner: X4}, rationale: 试点}
  - {table: colleges, column: students, scale: 1.1, where: {name: 示例高职六}, rationale: 试点}
  - {table: fees, column: given_proposal, scale: 1.1, where: {province: S01}, rationale: 试点}
  - {parameter: pay.class_hour_fee, value: 140, where: {college: X5}, rationale: 试点}
"""
SOME = {"zh": "若干院校", "en": "some colleges"}
TELLING = re.compile(r"\bX\d\b|示例(?:高职|中职|民办|应用)[一-六]")


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    file = tmp_path_factory.mktemp("scheme") / "pilot.yaml"
    file.write_text(SCHEME, encoding="utf-8")
    return str(file)


@pytest.fixture(scope="module")
def pages(path, sketched, fontless):
    """(report, language) → its page without its record: that holds the scheme's file, for verify."""
    given = {"data": "example", "province": "", "scenario": [path], "log2_draws": 2}

    def one(key):
        page = page_of(key[0], {**given, "lang": key[1]})
        return re.sub(r"<script.*?</script>|<style.*?</style>", "", page, flags=re.S)

    return Made(one)


@pytest.mark.parametrize("lang", list(SOME))
@pytest.mark.parametrize("name", list(MODELS))
def test_no_page_names_a_college_of_the_scheme(pages, name, lang):
    page = pages[name, lang]
    assert not [page[max(0, at.start() - 80) : at.end() + 40] for at in TELLING.finditer(page)]


@pytest.mark.parametrize("lang", list(SOME))
def test_the_list_of_changes_says_some_colleges_and_what_tells_none(pages, lang):
    page = pages["fee_cap", lang]
    narrowed = rf"[［;；\[] ?{SOME[lang]}[\]］]"
    assert len(re.findall(narrowed, page)) == 3
    assert {"zh": "等级=中级", "en": "level=intermediate"}[lang] in page
    assert {"zh": "省份=甲省", "en": "province=Province A"}[lang] in page


def test_an_internal_report_names_the_rows_by_their_names(path):
    report = open_fee_cap("example", scenario=[path], internal=True, log2_draws=1)
    changes = [one for one in report.study.composition.data_changes if one.where]
    inside = report.writer
    assert [rows_said(inside, report.study, one) for one in changes] == [
        [("院校", ["X1", "示例中职二"]), ("等级", ["中级"])],
        [("学校标识码或省级代码", ["X4"])],
        [("院校名称", ["示例高职六"])],
        [("省份", ["甲省"])],
    ]
    assert ("学校标识码或省级代码", ["甲省"]) in rows_said(
        replace(inside, internal=False),
        report.study,
        replace(changes[1], where=(("owner", ("S01",)),)),
    )


def test_rows_of_a_thing_are_said_by_its_name():
    """「子项」 stood as consumables, its code in the file, and a blank as nothing."""
    where = (("item", ("support",)), ("sub_item", ("consumables", "")), ("driver", ("session",)))
    report = open_fee_cap("example", log2_draws=1, internal=True)
    change = replace(read_scenario("lever_bulk_consumables").changes[0], where=where)
    assert rows_said(report.writer, report.study, change) == [
        ("费用项目", ["考务保障"]),
        ("子项", ["耗材", "空"]),
        ("成本动因", ["场次"]),
    ]
    english = replace(report.writer, language="en")
    assert rows_said(english, report.study, change)[1] == ("sub item", ["consumables", "blank"])
