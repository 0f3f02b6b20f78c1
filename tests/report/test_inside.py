"""No number stands outside its own interval: every report of every shipped scenario is walked, in the words a reader sees
(docs/method.md §10)."""

import html
import re

import pytest

from onexmodel.law import list_scenarios
from onexmodel.report import (
    open_budget_and_settlement,
    open_cost_reduction,
    open_fee_cap,
    open_performance_pay,
)

pytestmark = pytest.mark.usefixtures("sketched")

NUMBER = r"[+−]?[\d,\u202f]*\d(?:\.\d+)?"
HELD = re.compile(
    rf"({NUMBER})\s*(?:%|元/人次|元|万元|课时|人|个百分点)?\s*（(?:80%区间)?({NUMBER})[—至]({NUMBER})）"
)
PARTS = {
    open_fee_cap: ("front", "decision", "modes_table", "conclusions"),
    open_performance_pay: ("front", "decision", "method_figure", "conclusions"),
    open_cost_reduction: ("front", "item_table", "lever_table", "conclusions"),
    open_budget_and_settlement: ("front", "budget_table", "measures"),
}


def value(text: str) -> float:
    return float(text.replace("\u202f", "").replace(",", "").replace("−", "-"))


def walked(report, parts) -> list[tuple[str, float, float, float]]:
    """(what is printed, number, low, high) of every number that stands before its interval."""
    texts = [
        html.unescape(
            re.sub(
                r"<[^>]+>",
                "｜",
                re.sub(
                    r"<(?:sup|a)\b.*?</(?:sup|a)>|</?(?:b|i|span)\b[^>]*>",
                    "",
                    getattr(report, part)().html,
                ),
            )
        )
        for part in parts
    ]
    return [
        (found.group(0), *map(value, found.groups()))
        for text in texts
        for found in HELD.finditer(text)
    ]


def scenarios():
    return [
        name
        for name in list_scenarios()
        if name != "guangdong_secondary_pay" and not name.startswith("lever_")
    ]


@pytest.mark.parametrize("opened", PARTS, ids=lambda opened: opened.__name__.removeprefix("open_"))
def test_every_number_lies_inside_its_interval(opened):
    seen = 0
    for name in scenarios():
        found = walked(opened("example", scenario=[name], internal=True), PARTS[opened])
        assert not [one for one in found if not one[2] <= one[1] <= one[3]], (name, found)
        seen += len(found)
    assert seen > 2 * len(scenarios())


@pytest.mark.slow
@pytest.mark.parametrize("name", ["current_law", "guangdong_secondary_pay", "package_combined"])
@pytest.mark.parametrize(
    "opened",
    [open_fee_cap, open_performance_pay, open_budget_and_settlement],
    ids=lambda opened: opened.__name__.removeprefix("open_"),
)
def test_so_it_is_in_guangdong(opened, name):
    """Referee B5: 课时费法 3081.6（3542.0—5512.3）, 地方投入 3668.6（3143.1—3616.8）."""
    report = opened("national", "44", scenario=[name], seed=20201231)
    found = walked(report, PARTS[opened])
    assert (found or name == "current_law") and not [
        one for one in found if not one[2] <= one[1] <= one[3]
    ]


def test_the_walk_sees_a_number_outside():
    assert [value(one) for one in HELD.findall("缺口852.4万元（80%区间1\u202f470—2760）")[0]] == [
        852.4,
        1470,
        2760,
    ]
    assert HELD.findall("地方投入3668.6（3143.1—3616.8）")[0] == ("3668.6", "3143.1", "3616.8")
