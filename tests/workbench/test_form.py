"""The form asks as the command line does, makes the same files, and says what is wrong in a sentence."""

import json
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook

from onexmodel.analysis.study import open_study
from onexmodel.cli import main
from onexmodel.errors import Fault, ReportError
from onexmodel.places import package_file, shipped
from onexmodel.report import open_fee_cap
from onexmodel.report.each import batch as each_batch
from onexmodel.report.make import batch
from onexmodel.report.make.gate import PLAIN_PAGE
from onexmodel.report.page.sentences import words_in
from onexmodel.workbench import actions, quick, start
from onexmodel.workbench.form import SEVERAL

FILLED = [
    {},
    {"province": "S01", "college": "X1", "lang": "en"},
    {"scenario": "current_law", "internal": "internal", "issuer": " 某省教育厅 "},
    {"year": 2021, "caps": {"computer": "90", "special_practical": " 280 "}},
    {"data": "own"},
    {"reports": ("fee_cap", "cost_reduction"), "caps": {"paper": "70"}},
    {"reports": ("fee_cap", "scenario_compare"), "further": ("fee_plus_20", "award_double")},
    {"province": SEVERAL, "places": ("S01", "S03")},
]


def fill(bench, filled):
    """Choose in the form as its user does."""
    if "reports" in filled:
        for name, box in bench.reports.items():
            box.value = name in filled["reports"]
    for form, text in filled.get("caps", {}).items():
        bench.caps[form].value = text
    if "year" in filled:
        bench.fields["year"].options = [("2021", 2021)]
    for name, value in filled.items():
        if name in bench.fields:
            bench.fields[name].value = value
    for field, scenario in zip(bench.further, filled.get("further", ()), strict=False):
        field.value = scenario
    for code in filled.get("places", ()):
        bench.places[code].value = True


@pytest.mark.parametrize("filled", FILLED, ids=str)
def test_the_form_gives_what_the_command_gives(filled, here, monkeypatch):
    shutil.copytree(shipped("data", "example"), here / "own")
    bench, asked_for = start("zh", "example"), []

    def note(names, given, out, *_, **more):
        options = more.get("options") or next((one for one in _ if one == PLAIN_PAGE), None)
        asked_for.append((list(names), given, options))
        yield from ()

    monkeypatch.setattr(batch, "make_reports", note)
    monkeypatch.setattr(actions, "make_reports", note)
    fill(bench, filled)
    bench.make_pages()
    assert main([*bench.asked().command(), "--out", "out"]) == 0
    by_form, by_command = asked_for
    assert by_form == by_command
    assert bench.asked().command_line.startswith("onexmodel report ")


@pytest.mark.parametrize(
    "filled",
    [{"province": ""}, {"province": SEVERAL, "places": ("S03", "S01")}],
    ids=str,
)
def test_the_form_asks_for_each_province_as_the_command_does(filled, here, monkeypatch):
    bench, asked_for = start("zh", "example"), []

    def note(order, *_):
        asked_for.append(order)
        yield from ()

    for module in (each_batch, actions):
        monkeypatch.setattr(module, "make_each", note)
    fill(bench, {"reports": ("fee_cap", "funding_mix"), "copies": "each", **filled})
    bench.make_pages()
    assert main([*bench.asked().command(), "--out", "out"]) == 1  # nothing was made
    by_form, by_command = asked_for
    assert by_form.order == by_command.order
    assert by_form.provinces == by_command.provinces
    assert len(by_form.provinces) == len(filled.get("places", "all"))


def test_each_province_gets_a_report_and_the_index_is_linked(bench, here, capsys):
    chosen = {"reports": ("data_quality",), "internal": "internal", "scenario": "current_law"}
    fill(bench, {**chosen, "copies": "each", "province": SEVERAL, "places": ("S01", "S03")})
    bench.make_pages()
    (folder,) = here.glob("reports/each_*")
    before = {one.name: one.read_bytes() for one in folder.iterdir()}
    (shown,) = bench.answers.results.outputs
    html, link = shown["data"]["text/html"], (folder / "index.html").relative_to(here).as_posix()
    assert f'<a href="{link}">打开</a>' in html and f'href="/files/{link}" target="_blank"' in html
    assert re.findall(r'data_quality_(S0.)\.html" target="_blank">(..)<', html) == [
        ("S01", "甲省"),
        ("S03", "丙省"),
    ]
    assert "2个省份的报告：已生成2份" in html and "做好2份" in bench.answers.said.value
    assert main([*bench.asked().command(), "--out", str(folder)]) == 0
    assert "沿用已有的 2 份" in capsys.readouterr().err
    assert before == {one.name: one.read_bytes() for one in folder.iterdir()}
    fill(bench, {"issuer": "某厅"})
    assert actions.order_of(bench.asked(), bench.tables(), here, False).out.name != folder.name


def test_several_provinces_without_a_name_are_refused_in_a_sentence(bench, here):
    fill(bench, {"province": SEVERAL})
    assert bench._places.layout.display == bench.fields["copies"].layout.display == ""
    for press in (bench.make_pages, bench.export_workbook):
        press()
        assert "一个也没有勾" in bench.answers.said.value and not (here / "reports").exists()
    fill(bench, {"province": "S01", "copies": "each"})
    assert bench._places.layout.display == bench.fields["copies"].layout.display == "none"
    assert not bench.asked().each


def test_several_scenarios_are_explained_and_those_that_clash_only_compared(bench, monkeypatch):
    made = []

    def note(names, given, *_, **__):
        made.extend(names)
        yield from ()

    monkeypatch.setattr(actions, "make_reports", note)
    shown = [field.layout.display == "" for field in bench.further]
    assert shown == [True, *[False] * 4] and bench.together.layout.display == "none"
    fill(bench, {"further": ("cap_plus_50",)})
    assert [field.layout.display == "" for field in bench.further] == [True, True, *[False] * 3]
    assert "各成一列" in bench.together.value and "勾「情景对比」" in bench.together.value
    bench.make_pages()
    assert "叠不成一个方案" in bench.answers.said.value and not made
    fill(bench, {"reports": ("scenario_compare",)})
    assert "勾「情景对比」" not in bench.together.value
    bench.make_pages()
    assert made == ["scenario_compare"]


def test_a_set_of_the_product_is_meant_whatever_lies_here_under_its_name(here):
    own = shutil.copytree(shipped("data", "example"), here / "example")
    (own / "colleges.csv").write_text("x\n", encoding="utf-8")
    bench = start("zh", "example")
    assert "没有做成" not in bench.answers.said.value
    assert bench.asked().given()["data"] == str(shipped("data", "example"))
    assert bench.asked().command()[-4:-2] == ["--scenario", "cap_plus_20"]
    assert bench.asked().command()[4:6] == ["--data", str(shipped("data", "example"))]
    fill(bench, {"data": "./example"})
    assert "colleges.csv" in bench.answers.said.value
    assert bench.asked().given()["data"] == str(own)


def test_the_sliders_table_is_taken_away_as_it_stands(bench, here):
    assert bench.sliders
    fill(bench, {"province": SEVERAL, "places": ("S01", "S02"), "internal": "internal"})
    fill(bench, {"copies": "each"})  # the sliders are about all of them together
    bench.turned.knobs["cap_scale"].value = 1.5
    bench.turned.save.click()
    csv = next(here.glob("reports/*/sliders.csv"))
    assert csv.read_bytes().startswith(b"\xef\xbb\xbf")
    table = pd.read_csv(csv, index_col="指标")
    study = open_study("example", ["cap_plus_20"], province="S01,S02")
    at = {**quick.at_start(study), "cap_scale": 1.5}
    bill = [value / 1e4 for value in quick.moved(study, at)["fee_bill"]]
    assert table.loc["考核费支出"].tolist()[1:] == pytest.approx(bill, abs=1e-4)
    assert table.loc["上限倍数", "滑块处的方案"] == 1.5
    book = load_workbook(csv.with_suffix(".xlsx"))
    rows = [*book.worksheets[1].values]
    assert "示例" in rows[0][0] and rows[1] == ("指标", *table.columns)
    assert [row[0] for row in rows[2:]] == [*table.index]
    assert "S01,S02" in (csv.parent / "about.txt").read_text(encoding="utf-8-sig")
    links = bench.turned.answers.results.outputs[0]["data"]["text/html"]
    assert 'download="sliders.csv"' in links and 'download="sliders.xlsx"' in links
    bench.turned.knobs["cap_scale"].value = 1.0
    assert not bench.turned.answers.results.outputs  # these files are of another table


def test_the_reports_are_the_command_s_byte_for_byte_and_shown(bench, here):
    fill(bench, {"reports": ("budget_and_settlement",), "scenario": "current_law"})
    bench.make_pages()
    made = next(here.glob("reports/*/budget_and_settlement.html"))
    assert main([*bench.asked().command(), "--out", "out"]) == 0
    for suffix in (".html", ".json"):
        beside = here / "out" / f"budget_and_settlement{suffix}"
        assert made.with_suffix(suffix).read_bytes() == beside.read_bytes()
    (shown,) = bench.answers.results.outputs
    html = shown["data"]["text/html"]
    link = made.relative_to(here).as_posix()
    assert f'<a href="{link}">' in html and 'class="front"' in html and "<sup" not in html
    assert "示例" in html and "onexmodel report budget_and_settlement" in html
    assert "做好1份" in bench.answers.said.value and not bench.buttons["pages"].disabled


def test_the_workbook_is_that_of_run(bench, here):
    bench.export_workbook()
    made = next(here.glob("reports/*/results.xlsx"))
    words = "run --data example --scenario cap_plus_20 --format xlsx --out out"
    assert main(words.split()) == 0
    assert made.read_bytes() == (here / "out" / "results.xlsx").read_bytes()


@pytest.mark.parametrize(
    ("filled", "said"),
    [
        ({"caps": {"computer": "贰佰"}}, "机考上限 贰佰：「贰佰」不是数"),
        ({"caps": {"paper": "-5", "computer": "x"}}, "共 2 处问题"),
        ({"reports": ()}, "没有选报告"),
    ],
    ids=str,
)
def test_a_fault_is_said_beside_the_form_before_anything_runs(bench, here, filled, said):
    fill(bench, filled)
    bench.make_pages()
    assert said in bench.answers.said.value and "Traceback" not in bench.answers.said.value
    assert not bench.answers.results.outputs and not (here / "reports").exists()
    assert not bench.buttons["pages"].disabled


def test_data_with_faults_are_named_when_they_are_chosen(bench, here):
    bad = shutil.copytree(shipped("data", "example"), here / "bad")
    colleges = bad / "colleges.csv"
    colleges.write_text(colleges.read_text(encoding="utf-8-sig").replace(",private,", ",privat,"))
    bench.buttons["again"].click()
    fill(bench, {"data": "bad"})
    assert "colleges.csv" in bench.answers.said.value and "privat" in bench.answers.said.value


def test_data_that_a_notebook_names_are_offered_and_a_fault_of_theirs_is_a_sentence(here):
    folder = shutil.copytree(shipped("data", "example"), here / "elsewhere" / "甲")
    bench = start("zh", str(folder))
    assert bench.asked().data == str(folder) and bench.fields["province"].options[2][1] == "S01"
    assert "nowhere" in start("zh", "nowhere").answers.said.value


def test_a_slider_reaches_as_far_as_the_scheme(bench, here):
    change = "{parameter: pay.elasticity, value: 3, rationale: 假设}"
    text = f"title: {{zh: 甲, en: a}}\nauthor: t\nbased_on: current_law\nchanges: [{change}]\n"
    (here / "more.yaml").write_text(text, encoding="utf-8")
    bench.buttons["again"].click()
    fill(bench, {"scenario": "more.yaml"})
    bench.turned.opened()
    assert bench.turned.knobs["pay.elasticity"].value == 3


def test_a_report_that_fails_is_a_sentence_among_the_others(bench, monkeypatch):
    def fails(names, *_, **__):
        yield names[0], ReportError(Fault("报告 <b>", "做不成"))

    monkeypatch.setattr(actions, "make_reports", fails)
    bench.make_pages()
    assert "报告 &lt;b&gt;：做不成。" in bench.answers.results.outputs[0]["data"]["text/html"]


def test_sliders_show_what_the_first_page_of_a_report_leads_with(one_province):
    before = open_fee_cap(one_province, scenario=["cap_plus_20"])
    shown = quick.moved(before.study, quick.at_start(before.study))
    for name, values in shown.items():
        mode = "supply" if name == "unmet_share" else "none"
        heads = [before.headlines()[f"{mode}.{when}.{name}"] for when in ("baseline", "scenario")]
        assert values == pytest.approx((*heads, heads[1])), name
    plain = open_study(one_province, ["current_law"])
    turned = quick.moved(plain, {**quick.at_start(plain), "cap_scale": 1.2})
    for name, values in shown.items():
        assert turned[name][2] == pytest.approx(values[1]), name


def test_a_slider_changes_the_numbers_and_goes_back(bench):
    assert bench.sliders
    low = bench.turned.numbers.value
    bench.turned.knobs["cap_scale"].value = 1.5
    assert bench.turned.numbers.value != low and "平均核定标准" in low and "<td>—</td>" in low
    bench.turned.reset.click()
    assert bench.turned.numbers.value == low
    fill(bench, {"scenario": "cap_removed"})
    assert "没有做成" in bench.turned.numbers.value


def test_sliders_say_why_a_place_is_not_shown(bench):
    assert bench.sliders
    fill(bench, {"province": "S03"})
    assert (
        "公开版不足5所不予显示。扩大范围；内部使用请设「版本」为内部版。"
        in bench.turned.numbers.value
    )
    fill(bench, {"internal": "internal"})
    assert "<table" in bench.turned.numbers.value


def test_a_fault_in_a_notebook_is_its_sentence_alone():
    fault = ReportError(Fault("报告", "做不成", do="换一个"))
    assert fault._render_traceback_() == ["报告：做不成。换一个。"]


def test_both_languages_have_the_same_words():
    zh, en = (words_in("workbench", lang, ".")._module for lang in ("zh", "en"))
    assert {one for one in vars(zh) if one[0] != "_"} == {one for one in vars(en) if one[0] != "_"}
    for name, value in vars(zh).items():
        if isinstance(value, dict):
            assert list(value) == list(getattr(en, name)), name
    english = re.sub("中文", "", package_file("workbench", "words.en.j2").read_text("utf-8"))
    assert not re.search("[\u3400-\u9fff]", english)


def test_in_english_the_form_is_english(here):
    bench = start("en", "example")
    bench.export_workbook()
    said = bench.answers.said.value + bench.answers.results.outputs[0]["data"]["text/html"]
    shown = json.dumps([one.description for one in (*bench.buttons.values(), *bench.caps.values())])
    assert bench.asked().lang == "en" and not re.search(r"[\u3400-\u9fff]|\\u[4-9]", said + shown)


def test_the_word_button_makes_the_page_with_its_word_file(here, monkeypatch):
    bench, asked = start("zh", "example"), []
    monkeypatch.setattr(actions, "PageOptions", lambda **given: given)

    def makes(names, given, out, options, told):
        asked.append(options)
        Path(out).mkdir(parents=True, exist_ok=True)
        (Path(out) / f"{names[0]}.html").write_text("")
        yield names[0], Path(out).absolute() / f"{names[0]}.html"

    monkeypatch.setattr(actions, "make_reports", makes)
    bench.buttons["word"].click()
    assert asked == [{"docx": True}]
    html = bench.answers.results.outputs[0]["data"]["text/html"]
    assert 'fee_cap.docx" download="fee_cap.docx"' in html and " --docx<" in html
