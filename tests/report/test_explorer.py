"""The tables that a reader turns: what the page holds of the grid, which points have a name, and where there is none."""

import json
import re
from base64 import b64decode
from html import unescape
from io import BytesIO

import nbformat
import numpy as np
import pytest
from fontTools.ttLib import TTFont

from onexmodel.report import open_fee_cap, open_performance_pay
from onexmodel.report.fee_cap import explorer as of_caps
from onexmodel.report.make.convert import to_html
from onexmodel.report.page.blocks import table
from onexmodel.report.page.explorer import Axis, Grid, Measure, explorer, rising, rows
from onexmodel.report.page.numbers import count
from onexmodel.report.page.sentences import words_in
from onexmodel.report.performance_pay import explorer as of_pay

DATA = re.compile(r'<script type="application/json">(.*?)</script>', re.S)


@pytest.fixture(scope="module")
def caps(one_province):
    return open_fee_cap(one_province, log2_draws=1)


@pytest.fixture(scope="module")
def pay(six_counted):
    return open_performance_pay(six_counted, log2_draws=1)


def data_of(block):
    return json.loads(DATA.search(block.html)[1])


def at(grid, name):
    """A named point: measure → value."""
    return {one.name: float(one.values[grid.named[name]]) for one in grid.measures}


def test_named_points_are_the_numbers_of_the_report(caps, pay):
    grid, words = of_caps.grid(caps), caps.words.explorer_measures
    assert (
        list(grid.named) == ["现行", "本方案"] and grid.axes[0].at(1.2) == grid.named["本方案"][0]
    )
    for name, side in (("现行", 0), ("本方案", 1)):
        for code in of_caps.SHOWN:
            head = caps.heads[of_caps.mode_of(code)][side][code]
            assert at(grid, name)[words[code]] == pytest.approx(head, rel=1e-12), (name, code)
    grid, words = of_pay.grid(pay), pay.words.explorer_measures
    found = at(grid, "采用值")
    assert found[words["uplift"]] == pay.row["uplift"]
    assert found[words["per_hour"]] == pay.row["per_hour"]
    assert found[words["hourly"]] == pay.chosen["hourly"]
    assert found[words["gain_busy"]] == pay.taken.point["gain_busy"]
    paid = next(one.unpaid for one in pay.options if one.code == "taken")
    assert found[words["unpaid"]] == paid


@pytest.mark.parametrize("which", ["caps", "pay"])
def test_the_page_holds_every_point_as_it_is_written(request, which):
    report = request.getfixturevalue(which)
    grid = {"caps": of_caps, "pay": of_pay}[which].grid(report)
    held = data_of(report.explorer())
    assert [one["values"] for one in held["axes"]] == [list(axis.values) for axis in grid.axes]
    assert len(held["cells"]) == len(grid.places) > 30
    base = next(iter(grid.named.values()))
    for place, cells in zip(grid.places, held["cells"], strict=True):
        for one, (value, moved) in zip(grid.measures, cells, strict=True):
            assert value == one.write(one.values[place])
            written = one.write(one.values[place] - one.values[base])
            assert moved.removeprefix("+") == written
    assert len(DATA.search(report.explorer().html)[1].encode()) < 12_000


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_without_a_script_named_points_and_ends_stand_there_and_are_noted(one_province, lang):
    report = open_fee_cap(one_province, lang=lang, log2_draws=1)
    html, grid = report.explorer().html, of_caps.grid(report)
    body = re.search(r'<table class="numbers">.*?</table>', html, re.S)[0]
    heads = re.findall(r'<th scope="row">(.*?)</th>', unescape(body))
    assert (
        heads
        == {
            "zh": ["现行：现行的100%，50%", "本方案：现行的120%，50%"]
            + [f"现行的{cap}%，{share}%" for cap in (60, 180) for share in (0, 100)],
            "en": ["today: 100% of today's, 50%", "scheme: 120% of today's, 50%"]
            + [f"{cap}% of today's, {share}%" for cap in (60, 180) for share in (0, 100)],
        }[lang]
    )
    noted = {one.key: one.text for one in report.writer.numbers.entries()}
    label = report.called("table", "explorer")
    assert len([key for key in noted if key.startswith(f"{label} · ")]) == 6 * len(grid.measures)
    texts = {text for axis in grid.axes for text in axis.texts}
    assert not [one for one in report.writer.numbers.entries() if one.sentence in texts]
    assert '<div class="turn" hidden>' in html and "<td></td>" in html  # what turns it is not seen


@pytest.mark.parametrize(
    ("scheme", "named", "said"),
    [
        (["cap_plus_50"], ["现行", "本方案"], ""),
        (["award_double"], ["现行"], "不在这些组合之内"),
        ([], ["现行"], ""),
    ],
)
def test_a_scheme_has_a_name_where_it_moves_all_caps_alike(one_province, scheme, named, said):
    report = open_fee_cap(one_province, scenario=scheme, log2_draws=1)
    assert list(of_caps.grid(report).named) == named
    assert said in report.explorer().html and (said != "") == ("不在这些" in report.explorer().html)


@pytest.mark.parametrize(
    ("scheme", "named"),
    [
        (["elasticity_high"], {"现行": [0.5, 0.6, 1.0], "本方案": [0.8, 0.6, 1.0]}),
        (["tilt_100"], {"现行": [0.5, 0.6, 1.0], "本方案": [0.5, 1.0, 1.0]}),
        (["award_double"], {"本方案": [0.5, 0.6, 1.0]}),
    ],
)
def test_present_rules_have_a_name_where_a_scheme_moves_only_what_is_turned(
    six_counted, scheme, named
):
    grid = of_pay.grid(open_performance_pay(six_counted, scenario=scheme, log2_draws=1))
    assert {
        name: [axis.values[i] for axis, i in zip(grid.axes, place, strict=True)]
        for name, place in grid.named.items()
    } == named


def test_present_rules_have_none_where_a_scheme_does_more_at_some_places(six_counted, tmp_path):
    file = tmp_path / "more.yaml"
    file.write_text(
        "title: {zh: 试, en: try}\nauthor: t\nchanges:\n"
        "  - {parameter: pay.elasticity, value: 0.8, rationale: 试}\n"
        "  - {parameter: pay.class_hour_fee, value: 140, where: {province: S01}, rationale: 试}\n",
        encoding="utf-8",
    )
    report = open_performance_pay(six_counted, scenario=[str(file)], log2_draws=1)
    assert list(of_pay.grid(report).named) == ["本方案"]


def test_where_there_is_nothing_to_turn_there_is_no_table(one_province, six_counted, tmp_path):
    removed = open_fee_cap(one_province, scenario=["cap_removed"], log2_draws=1)
    assert removed.explorer().html == f"<p>{removed.words.explorer_left_out}</p>"
    few = open_fee_cap("example", internal=True, log2_draws=1)  # nobody can say who serves
    pay = open_performance_pay(six_counted, scenario=["income_share"], internal=True, log2_draws=1)
    apart = tmp_path / "apart.yaml"
    apart.write_text(
        "title: {zh: 试, en: try}\nauthor: t\nchanges:\n"
        "  - {parameter: fees.beta, value: 0.3, where: {certificate: K1}, rationale: 试}\n",
        encoding="utf-8",
    )
    shares = open_fee_cap(one_province, scenario=[str(apart)], log2_draws=1)
    for report in (few, pay, shares):
        assert report.explorer().html == "" and not report.shows("table", "explorer")


def test_a_value_set_by_hand_is_a_point_as_it_is(one_province):
    report = open_fee_cap(one_province, settings={"fees.beta": "0.123456789"}, log2_draws=1)
    grid = of_caps.grid(report)
    assert grid.axes[1].values == (0.0, 0.123456789, 0.25, 0.5, 0.75, 1.0)
    assert grid.named["现行"][1] == 1
    assert rising((0.5, 1.0), 1.1 * 2 / 2 + 1e-15) == (0.5, 1.0, 1.1)


def made(text: str) -> Grid:
    axis = Axis("a", text, (1.0, 2.0, 3.0), (text, "乙", "甲"))
    return Grid([axis], [Measure(text, count, np.array([1.0, np.nan, 1.0]))], {text: (0,)})


def test_words_of_a_grid_end_no_script_and_its_script_stands_only_beside_one():
    text, words = "</script><!--\u202e\"'&", words_in("page", "zh")
    grid = made(text)
    block = explorer(grid, table("表1", text, ["a", "b"], rows(grid, words), ""), text, words)
    assert block.html.count("</script>") == 1 and "\u202e" not in DATA.search(block.html)[1]
    assert data_of(block)["axes"][0]["texts"] == [text, "乙", "甲"]
    assert data_of(block)["cells"] == [[["1", "0"]], [["—", "—"]], [["1", "0"]]]
    pages = {}
    for name, html in (("with", block.html), ("without", "<p>x</p>")):
        cell = nbformat.v4.new_code_cell("")
        out = nbformat.v4.new_output("execute_result", {"text/html": html}, execution_count=1)
        cell.outputs = [out]
        pages[name] = to_html(nbformat.v4.new_notebook(cells=[cell]), "zh")
    script = ".explorer"
    assert script in re.findall(r"<script>(.*?)</script>", pages["with"], re.S)[0]
    assert script not in re.findall(r"<script>(.*?)</script>", pages["without"], re.S)[0]
    assert "sha256-" in pages["with"] and pages["with"].count("<script>") == 1
    face = re.search(r"base64,([^)]+)\)", pages["with"])[1]
    assert "乙" not in re.sub(r"<script.*?</script>", "", pages["with"], flags=re.S)
    assert ord("乙") in TTFont(BytesIO(b64decode(face))).getBestCmap()  # only the script shows it
