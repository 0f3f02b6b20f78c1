"""Attacks in every text of every table, of the data set and of the scenario are words on the page: nothing runs, nothing is asked for."""

import re

import pytest
from cdp import Page, chromium
from made_here import page_of
from planted import planted

from onexmodel.report.make.convert import to_html
from onexmodel.report.make.gate import MODELS
from onexmodel.report.page.blocks import in_line
from onexmodel.report.page.explorer import EXPLORER

pytestmark = pytest.mark.skipif(chromium() is None, reason="no Chromium on the path")

# `make test` takes the first of each language (tests/conftest.py)
EVERY = [*((name, "zh") for name in MODELS), *((name, "en") for name in reversed(MODELS))]
LOADED = "new Promise((ready) => document.readyState === 'complete' ? ready() : addEventListener('load', ready))"
ALL = """(() => { document.querySelectorAll('details').forEach((fold) => { fold.open = true; });
  document.querySelectorAll('main *').forEach((e) => e.dispatchEvent(new MouseEvent('mouseover')));
  return { ran: typeof planted !== 'undefined', live: document.documentElement.classList.contains('live'),
    scripts: document.scripts.length, record: !!JSON.parse(document.getElementById('record').textContent).report,
    odd: [...document.querySelectorAll('img, iframe, link, object, embed, base, form, a[href^="javascript" i]')].length,
    handlers: [...document.querySelectorAll('*')].filter((e) => [...e.attributes].some((a) => a.name.startsWith('on'))).length,
    words: document.body.textContent }; })()"""


@pytest.fixture(scope="module")
def attacks(tmp_path_factory):
    folder = tmp_path_factory.mktemp("planted")
    return folder, *planted(folder)


@pytest.fixture
def tab(browser):
    """tab(file, csp) → the file opened, with its Content-Security-Policy or as if it had none."""
    pages = []

    def one(file, csp=True) -> Page:
        page = Page(browser, file)
        pages.append(page)
        if not csp:
            page.call("Page.setBypassCSP", enabled=True)
            page.call("Page.reload")
            page.js("new Promise((done) => setTimeout(done, 100))")
            page.js(LOADED)
        return page

    yield one
    for page in pages:
        browser.call("Target.closeTarget", targetId=page.target)


@pytest.mark.parametrize(("name", "lang"), EVERY)
def test_attacks_in_every_text_are_words(name, lang, attacks, tab):
    folder, data, scenario, count = attacks
    assert count > 40
    given = {"data": str(data), "province": "", "lang": lang, "internal": True, "log2_draws": 1}
    given |= {"scenario": [str(scenario)], "issuer": "</title><script>planted=1</script>"}
    page = page_of(name, given)
    file = folder / f"{name}_{lang}.html"
    file.write_text(page, encoding="utf-8", newline="\n")
    for csp in (True, False):
        seen = tab(file, csp)
        found = seen.js(ALL)
        words = found.pop("words")
        assert found == {
            "ran": False,
            "live": True,
            "scripts": 2 + page.count(EXPLORER),  # whose data is one more, and nothing that runs
            "record": True,
            "odd": 0,
            "handlers": 0,
        }
        assert "<script>planted=1</script>" in words and "<!--<script>" in words
        asked = [one["request"]["url"] for one in seen.events("Network.requestWillBeSent")]
        assert asked and all(url.startswith(("file:", "data:")) for url in asked)
        assert seen.events("Runtime.exceptionThrown") == []
        assert [one["entry"]["text"] for one in seen.events("Log.entryAdded")] == []


@pytest.fixture(scope="module")
def small():
    """A page of no words but one; the template, script and policy are those of every report."""
    import nbformat

    return to_html(
        nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("## 一、题")]), "zh"
    )


def test_a_script_that_got_in_all_the_same_does_not_run(small, tab, tmp_path):
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', small)[1]
    assert "script-src 'sha256-" in policy and "unsafe-inline" not in policy.split("script-src")[1]
    added = "<script>planted=1</script><p onclick='planted=1' id='p'>x</p><img src=x onerror='planted=1'>"
    file = tmp_path / "in.html"
    file.write_text(small.replace("</main>", f"{added}</main>"), encoding="utf-8")
    page = tab(file)
    page.js("document.getElementById('p').click()")
    assert page.js("[typeof planted, document.documentElement.className]") == ["undefined", "live"]


@pytest.mark.parametrize("name", ["a\u202eb", "\u2067", "שלום", "مرحبا عالم"])
def test_a_name_does_not_turn_the_digits_after_it(name, tab, tmp_path):
    file = tmp_path / "turned.html"
    where = """(() => { const text = document.getElementById('%s').firstChild, at = (word) => { const range = document.createRange();
      range.setStart(text, text.data.indexOf(word)); range.setEnd(text, text.data.indexOf(word) + 2); return range.getBoundingClientRect().left; };
      return at('12') < at('34'); })()"""
    file.write_text(
        f"<meta charset=utf-8><p id=raw>{name} 12 34</p><p id=made>{in_line(f'{name} 12 34')}</p>",
        encoding="utf-8",
    )
    page = tab(file)
    assert page.js(where % "made") and not page.js(where % "raw")
