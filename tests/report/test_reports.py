"""Executed reports: offline, labelled, in one language, complete; a failed cell leaves nothing."""

import html
import json
import re
from pathlib import Path

import papermill.engines
import papermill.execute
import pytest
from made_here import Made, page_of, words_of

from onexmodel.cli import main
from onexmodel.errors import OnexError, ReportError
from onexmodel.report import open_report
from onexmodel.report.make import batch
from onexmodel.report.make.batch import make_reports
from onexmodel.report.make.execute import make_report
from onexmodel.report.make.fingerprint import RECORD
from onexmodel.report.make.gate import MODELS

GIVEN = {"data": "example", "province": "", "log2_draws": 2}
LABEL = {
    "zh": "示例：省份、院校、证书、费用和经费均为虚构，供手算核对",
    "en": "Example: provinces, colleges",
}


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """(report, language) → its page on the example, made in this process when it is asked for, its figures sketches."""
    out = tmp_path_factory.mktemp("pages")

    def one(key):
        name, lang = key
        path = out / f"{name}_{lang}.html"
        page = words_of(name, {**GIVEN, "lang": lang})
        path.write_text(page, encoding="utf-8", newline="\n")
        return path

    return Made(one)


@pytest.fixture(scope="module")
def by_command(tmp_path_factory):
    """report → its Chinese page, made in a batch with others."""
    together = ("fee_cap", "budget_and_settlement")
    rest = tuple(name for name in MODELS if name not in together)

    def batch(names):
        return dict(make_reports(names, {**GIVEN, "lang": "zh"}, tmp_path_factory.mktemp("batch")))

    batches = Made(batch)
    return Made(lambda name: batches[together if name in together else rest][name])


def visible(page: str) -> str:
    """The words of a page."""
    return html.unescape(
        re.sub(
            r"<svg.*?</svg>|<style.*?</style>|<script.*?</script>|<[^>]+>", " ", page, flags=re.S
        )
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", list(MODELS))
def test_report_asks_nothing_of_the_network(pages, name, lang):
    page = pages[name, lang].read_text(encoding="utf-8")
    assert f'<html lang="{"zh-CN" if lang == "zh" else "en"}"' in page
    assert "default-src 'none'" in page
    for reference in re.findall(
        r'(?:src|href|xlink:href)="([^"]*)"|url\(([^)]*)\)|import\(([^)]*)\)', page
    ):
        target = "".join(reference).strip("'\"")
        assert target.startswith(("#", "data:")), target
    assert "Traceback" not in page and not re.findall(r">\s*(nan|inf|None)\s*<", page)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", list(MODELS))
def test_every_page_and_figure_carries_the_label(pages, name, lang):
    """The band stands on every sheet, a figure's alternative holds it where the figure goes alone; tables say what the band does not."""
    page = pages[name, lang].read_text(encoding="utf-8")
    assert LABEL[lang] in visible(page) and page.count("<table ") > (
        3 if name != "performance_pay" else 1
    )
    assert re.search(rf'<aside class="synthetic"[^>]*>[^<]*{LABEL[lang][:2]}', page)
    # of the example, or published figures, which the band does not speak of
    short = {"zh": "示例|公开统计数", "en": "Example|[Pp]ublished"}[lang]
    figures = re.findall(r"<figure>.*?</figure>", page, flags=re.S)
    for figure in figures:
        assert re.search(rf'<svg [^>]*aria-label="[^"]+(?:{short})', figure), figure[:300]


@pytest.mark.parametrize("name", list(MODELS))
def test_english_report_has_english_words(pages, name):
    words = visible(pages[name, "en"].read_text(encoding="utf-8"))
    body = words[: words.find("Parameters, assumptions")]
    chinese = len(re.findall(r"[\u4e00-\u9fff]", body))
    assert chinese < 0.15 * len(body.replace(" ", "")), (
        f"{chinese} Chinese characters in {len(body)}"
    )


@pytest.mark.parametrize("name", list(MODELS))
def test_record_is_in_the_page_and_holds_no_cell(pages, name):
    page = pages[name, "zh"].read_text(encoding="utf-8")
    record = json.loads(
        re.search(r'<script [^>]*id="record"[^>]*>(.*?)</script>', page, flags=re.S).group(1)
    )
    assert (
        record["report"] == name and len(record["data_sha256"]) == len(record["law_sha256"]) == 64
    )
    assert record["results"] and all(
        value == value for value in record["results"].values() if value is not None
    )
    assert record["parameters"]["seed"] == 20201231


@pytest.mark.parametrize(
    "name", ["budget_and_settlement", "fee_cap"]
)  # they leave other tables unread
def test_executed_alone_a_report_has_the_same_bytes_and_is_never_saved_on_the_way(
    by_command, name, tmp_path, monkeypatch
):
    def refused(nb, path, **more):
        assert path is None, path

    for module in (papermill.engines, papermill.execute):
        monkeypatch.setattr(module, "write_ipynb", refused)
    again = make_report(name, {**GIVEN, "lang": "zh"}, tmp_path)
    assert again.read_bytes() == by_command[name].read_bytes()
    record = RECORD.search(again.read_text(encoding="utf-8"))[1]
    beside = again.with_suffix(".json").read_text(encoding="utf-8")
    assert json.loads(beside) == json.loads(record)
    assert sorted(tmp_path.iterdir()) == [again, again.with_suffix(".json")]


@pytest.mark.parametrize("name", list(MODELS))
def test_made_in_one_process_a_report_has_the_same_bytes(by_command, name):
    """As the browser and the golden net look at them."""
    page = page_of(name, {**GIVEN, "lang": "zh"})
    assert page == by_command[name].read_text(encoding="utf-8")


@pytest.mark.parametrize("name", list(MODELS))
def test_circulated_report_refuses_fewer_than_five_colleges(name):
    """That nothing is left in the folder: tests/report/test_execute.py."""
    given = {"data": "example", "province": "S01", "college": "", "log2_draws": 2}
    if name == "province_comparison":  # compares all of them, and takes one to be about
        return
    with pytest.raises(OnexError, match="不足5所"):
        open_report(name, given)


def test_internal_report_says_so_on_the_page():
    page = words_of(
        "funding_mix", {"data": "example", "province": "S01", "internal": True, "log2_draws": 2}
    )
    assert re.search('<aside [^>]*class="internal"', page) and "内部资料" in visible(page)
    assert (
        ".bands{display:table-header-group" in page
    )  # so that it prints on each sheet (tests/browser looks at the sheets)


def test_failed_cell_leaves_no_report_and_one_sentence(tmp_path):
    with pytest.raises(ReportError) as failed:
        make_report(
            "fee_cap",
            {"data": "example", "province": "", "settings": {"fees.betta": "1"}},
            tmp_path,
        )
    assert not list(Path(tmp_path).iterdir())
    assert "笔记本 fee_cap 第 2" in str(failed.value) and "最接近的是「fees.beta」" in str(
        failed.value
    )


def test_a_raise_that_moves_no_fee_is_said_to_change_nothing():
    page = words_of(
        "fee_cap",
        {"data": "example", "province": "", "scenario": ["current_law"], "log2_draws": 2},
    )
    assert "费用标准不变" in visible(page)


@pytest.mark.parametrize("name", list(MODELS))
def test_headings_are_numbered_and_listed(pages, name):
    page = pages[name, "zh"].read_text(encoding="utf-8")
    headings = re.findall(r'<h2 id="(s\d+)"><span>(.)</span>([^<]+)</h2>', page)
    least = {"funding_mix": 5, "data_quality": 5}.get(name, 7)  # four sections and the annex
    assert len(headings) == page.count("<h2 id=") >= least
    for anchor, _, text in headings:
        assert f'<a href="#{anchor}">{text}</a>' in page


@pytest.mark.parametrize("name", list(MODELS))
def test_no_headline_number_without_its_derivation(pages, name):
    page = pages[name, "zh"].read_text(encoding="utf-8")
    figures = re.findall(r"<dd>([^<]*)<small>([^<]*)</small>(.*?)</dd>", page, flags=re.S)
    least = {"budget_and_settlement": 2, "performance_pay": 0}.get(name, 3)
    assert (
        least <= len(figures) <= 5
    )  # 3–5 a report; accounts and pay of under five colleges are left out
    for value, _, noted in figures:
        number = re.search(r'href="#n(\d+)"', noted)
        assert number, value
        note = re.search(rf'<div class="trace" id="n{number.group(1)}">.*?</div>', page, flags=re.S)
        assert note and value.split(" → ")[-1].strip() in note.group(0), value
        assert note.group(0).count("<details") >= 1


def test_the_nation_is_asked_for_by_name_and_guangdong_is_said(tmp_path, monkeypatch, capsys):
    taken = []

    def none():
        yield from ()

    monkeypatch.setattr(
        batch, "make_reports", lambda names, given, *more: taken.append(given) or none()
    )
    for place in ("全国", "all"):
        assert main(["report", "fee_cap", "--province", place, "--out", str(tmp_path)]) == 0
    assert [given["province"] for given in taken] == ["", ""]
    assert "44" not in capsys.readouterr().err
    assert main(["report", "fee_cap", "--out", str(tmp_path)]) == 0
    assert "province" not in taken[-1] and "广东（44）" in capsys.readouterr().err
