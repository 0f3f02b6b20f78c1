"""Each printed number is noted under the key by which it was written: all of them, nothing that is hidden, the same in every run."""

import html
import json
import re
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from jinja2 import Environment, nodes
from made_here import Made, page_of

import onexmodel
from onexmodel.report import open_fee_cap, open_performance_pay
from onexmodel.report.make.convert import to_html
from onexmodel.report.make.fingerprint import RECORD
from onexmodel.report.make.gate import MODELS
from onexmodel.report.page import sentences
from onexmodel.report.page.blocks import Record, ranged
from onexmodel.report.page.keys import NOTED, PUT, keyed, source, writes
from onexmodel.report.page.printed import Entry, Printed, alone, on_page, plain
from onexmodel.report.page.sentences import WRITERS, Words
from onexmodel.report.page.writer import PageWriter

REPORT = Path(onexmodel.__file__).parent / "report"
FOLDERS = sorted(path.parent.name for path in REPORT.glob("*/words.zh.j2"))
FILTERS = frozenset(WRITERS) | {"money", "yuan"}  # as sentences._template has them


def folded(text: str) -> str:
    """A text without its blanks, some of which are laid by elements of the page."""
    return re.sub(r"\s", "", html.unescape(text))


@pytest.fixture(scope="module")
def pages(six_counted, sketched, fontless):
    """(report, language) → page and record: Chinese of a scheme, circulated; English of one that moves all, internal."""
    asked = {"zh": ("cap_plus_20", False), "en": ("package_combined", True)}

    def one(key):
        (name, lang), (scheme, internal) = key, asked[key[1]]
        given = {"data": six_counted, "province": "", "lang": lang, "log2_draws": 3}
        page = page_of(name, {**given, "internal": internal, "scenario": [scheme]})
        return page, json.loads(RECORD.search(page).group(1))

    return Made(one)


EVERY = [(name, lang) for name in MODELS for lang in ("zh", "en")]


@pytest.mark.parametrize("which", EVERY, ids="-".join)
def test_every_noted_text_stands_on_the_page(pages, which):
    page, kept = pages[which]
    body = re.sub(r"<svg.*?</svg>|<style.*?</style>|<script.*?</script>", " ", page, flags=re.S)
    words = folded(re.sub(r"<[^>]+>", "", body) + " ".join(re.findall(r'aria-label="(.*?)"', page)))
    lost = {key: text for key, text in kept["printed"].items() if folded(text) not in words}
    assert not lost
    assert len(kept["printed"]) > 150 and len(json.dumps(kept).encode()) < 60_000


@pytest.mark.parametrize("which", EVERY, ids="-".join)
def test_every_number_of_a_table_and_of_the_front_box_is_noted(pages, which):
    page, kept = pages[which]
    every = {folded(text) for text in kept["printed"].values()}
    cells = []
    for label, body in re.findall(
        r'<table class="numbers[^"]*"><caption><b>(.*?)</b>.*?<tbody>(.*?)</table>', page, re.S
    ):
        found = re.findall(r"<td>(.*?)</td>", body)
        cells += found
        under = {folded(t) for key, t in kept["printed"].items() if key.startswith(f"{label} · ")}
        shown = {folded(re.sub("<[^>]+>", "", one)) for one in found}
        assert {one for one in shown if re.search(r"\d", one)} <= under, label
    cards = re.findall(r"</dt><dd>(.*?)<small>", page)
    assert len(cells) > 30 and cards
    assert {folded(re.sub("<[^>]+>", "", one)) for one in cards} <= every


def test_two_runs_note_the_same_in_the_order_of_the_page(pages):
    once, again = (
        open_performance_pay(data="example", province="", internal=True, log2_draws=2)
        for _ in range(2)
    )
    texts = []
    for report in (once, again):
        report.front(), report.uplift_table(), report.conclusions()
        texts.append(list(noted(report.writer).items()))
    assert texts[0] == texts[1]
    keys = list(pages["fee_cap", "zh"][1]["printed"])
    front, first, second = (
        next(i for i, key in enumerate(keys) if key.startswith(start))
        for start in ("一页摘要 · ", "表1 · ", "表2 · ")
    )
    assert front < first < second


def test_what_a_circulated_report_hides_is_not_noted():
    said = {}
    for internal in (True, False):
        report = open_fee_cap(data="example", province="", internal=internal, log2_draws=1)
        page = report.fees_table().html
        said[internal] = noted(report.writer)
        assert all(
            folded(text) in folded(re.sub("<[^>]+>", "", page)) for text in said[internal].values()
        )
    hidden = {key: text for key, text in said[True].items() if said[False].get(key) != text}
    assert hidden and all(said[False][key] == "少于5所" for key in hidden)


def noted(writer: PageWriter) -> dict[str, str]:
    """What a writer has noted, whatever the page shows of it."""
    entries = writer.numbers.entries()
    return on_page(entries, " ".join(one.sentence or one.text for one in entries))


def a_writer(lang: str = "zh", internal: bool = True) -> PageWriter:
    return PageWriter(lang, "", False, internal)


def words(tmp_path, monkeypatch, writer: PageWriter, text: str) -> Words:
    """A template of one's own."""
    (tmp_path / f"words.{writer.lang}.j2").write_text(text, encoding="utf-8")
    monkeypatch.setattr(sentences, "package_file", lambda *parts: tmp_path)
    return Words("x", writer)


def test_a_sentence_notes_what_stands_in_it(tmp_path, monkeypatch):
    writer = a_writer()
    said = words(
        tmp_path,
        monkeypatch,
        writer,
        "{% macro a(n) %}{{ n.bill|wan|signed }}万元{{ span(n.reach, wan, n.bill) }}，"
        "{% set dropped = n.gone|wan %}{% set low, high = ends(n.reach, wan, n.bill) %}"
        "{% if n.gone|wan == '7.0' %}从{{ low }}起，{% endif %}"
        "{% for x in n.parts %}{{ x|count }}家、{% endfor %}{{ n.year }}年，{{ n.written }}，{{ n.name }}{% endmacro %}",
    )
    text = said.a(
        {
            "bill": 12345678.0,
            "reach": (10000000.0, 20000000.0),
            "gone": 70000.0,
            "parts": [3, 12],
            "year": 2021,
            "written": "5.5%",
            "name": "上限提高20%",
        }
    )
    assert text == "+1234.6万元（1000—2000），从1000起，3家、12家、2021年，5.5%，上限提高20%"
    assert noted(writer) == {
        "a: n.bill": "+1234.6",
        "a: n.reach": "（1000—2000）",
        "a: n.reach[0]": "1000",
        "a: x": "3",
        "a: x (2)": "12",
        "a: n.year": "2021",
        "a: n.written": "5.5%",
    }


def test_a_sentence_that_is_hidden_or_is_a_cell_is_not_noted_beside(tmp_path, monkeypatch):
    writer = a_writer(internal=False)
    said = words(tmp_path, monkeypatch, writer, "{% macro a(n) %}{{ n|wan }}万元{% endmacro %}")
    assert "5" in writer.shown(said.a(120000.0), 2) and noted(writer) == {}
    writer.table("表1", "题", ["校", "支出"], [["甲", said.a(340000.0)]])
    assert noted(writer) == {"表1 · 甲 · 支出": "34.0万元"}


def test_cells_are_noted_by_table_row_and_column():
    writer = a_writer("en")
    rows = [
        ["A", "low", "1.0", ranged("2.0", " (1.5 to 2.5)"), "—"],
        ["A", "high", "3.0", "4", "n/a"],
        ["A", "high", "3.5", "—", 7],
    ]
    writer.table("Table 1", "t", ["name", "level", "fee", "bill", "n"], rows)
    assert noted(writer) == {
        "Table 1 · A low · fee": "1.0",
        "Table 1 · A low · bill": "2.0 (1.5 to 2.5)",
        "Table 1 · A high · fee": "3.0",
        "Table 1 · A high · bill": "4",
        "Table 1 · A high · fee (2)": "3.5",
        "Table 1 · A high · n": "7",
    }
    writer.table("Table 2", "t", ["name", "what"], [["x", "see 2 of 3"], ["y", "0.5"]], text=True)
    assert noted(writer).get("Table 2 · y · what") == "0.5"
    assert "Table 2 · x · what" not in noted(writer)


@pytest.mark.parametrize(
    "text, holds",
    [
        ("1.5", True),
        ("+1\u202f234.5 万元", True),
        ("（−2%至4%）", True),
        ("100.0% → 0.0%", True),
        ("2020-12-31", True),
        ("上限提高20%", False),
        ("少于5所", False),
        ("C7；W3、W8", False),
        ("—", False),
    ],
)
def test_what_is_nothing_but_a_number(text, holds):
    assert plain(text) is holds


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("folder", FOLDERS)
def test_no_number_of_a_template_is_written_without_a_key(folder, lang):
    text = (REPORT / folder / f"words.{lang}.j2").read_text(encoding="utf-8")
    template = keyed(Environment().parse(text), FILTERS)
    keyless, count = [], 0

    def walk(node: nodes.Node, asked: bool) -> None:
        nonlocal count
        if isinstance(node, nodes.Call) and getattr(node.node, "name", "") in (NOTED, PUT):
            count += 1
            key = node.args[0].value
            assert key.partition(": ")[2] and not re.search(r"\b(call|filter|tuple)$", key), key
            if node.node.name == NOTED:
                return
        if writes(node, FILTERS) and not asked:
            keyless.append(f"{node.lineno}: {source(node, FILTERS)}")
        by_name = isinstance(node, nodes.Filter) and node.name == "map"
        assert not by_name or not {one.value for one in node.args} & FILTERS, node.lineno
        for name, value in node.iter_fields():
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, nodes.Node):
                    walk(one, asked or name == "test" or isinstance(node, nodes.Compare))

    walk(template, False)
    assert not keyless and (count or folder == "model")


def test_writers_made_from_one_another_note_together():
    """A table without the data's label is made by a copy of the writer."""
    writer = a_writer()
    replace(writer, label="").table("表1", "题", ["a", "b"], [["x", "1"]])
    assert list(noted(writer)) == ["表1 · x · b"]


def test_running_numbers_are_given_to_keys_that_come_again():
    printed = Printed()
    for text in ("1", "2", "—", "2"):
        printed.note("k", text)
    assert on_page(printed.entries(), "1 2") == {"k": "1", "k (2)": "2", "k (3)": "2"}


def test_a_sentence_that_was_made_and_left_out_is_not_in_the_record():
    """The place of a province with few colleges is reckoned and not told: only the page knows what came onto it."""
    entries = (
        Entry("rank: best", "6", "6 to 31"),
        Entry("rank: best", "1", "1 to\u202f30"),
        Entry("T · A · fee", "31"),
        Entry("T · B · fee", "32"),
    )
    block = Record("<p>7</p>", {"report": "x", "results": {}}, entries)
    data = {"text/html": block.html, **block._repr_mimebundle_()}
    shown = nbformat.v4.new_output("display_data", {"text/html": "<p>1 to <b>30</b>, 31, 6</p>"})
    cells = [
        nbformat.v4.new_code_cell("x", outputs=[one])
        for one in (shown, nbformat.v4.new_output("display_data", data))
    ]
    page = to_html(nbformat.v4.new_notebook(cells=cells), "en")
    assert json.loads(RECORD.search(page).group(1)) == {
        "report": "x",
        "results": {},
        "printed": {"rank: best": "1", "T · A · fee": "31"},
    }
    assert "6 to 31" not in page and "32" not in block.html


def test_a_long_number_is_found_whether_its_thousands_are_set_apart_or_not():
    for text in ("162000", "+1234567.5"):
        for shown in (text, text.replace("000", " 000").replace("1234567", "1\u202f234\u202f567")):
            assert re.search(alone(text), f"x {shown} y"), shown
    assert not re.search(alone("62000"), "162 000") and not re.search(alone("1234"), "1 234")
