"""The table that a reader turns, by mouse and by keyboard, from an address, without a script, and on paper."""

import nbformat
import pytest
from cdp import Page, chromium
from pages import REST, click, seen, tab_to

from onexmodel.report import open_fee_cap
from onexmodel.report.fee_cap.explorer import grid
from onexmodel.report.make.convert import to_html

pytestmark = pytest.mark.skipif(
    chromium() is None,
    reason="no Chromium on the path (chromium, chromium-browser or google-chrome)",
)
CELLS = """[...document.querySelectorAll('.explorer tbody tr')].map((row) => [...row.cells].map((cell) => cell.textContent))"""
SETTING = "[...document.querySelectorAll('.explorer output')].map((one) => one.textContent)"
SPOKEN = "[...document.querySelectorAll('.explorer input')].map((one) => one.getAttribute('aria-valuetext'))"
PRESSED = "[...document.querySelectorAll('.marks [aria-pressed=true]')].map((one) => one.textContent).join()"
KEYS = {"ArrowLeft": 37, "ArrowRight": 39, "Home": 36, "End": 35}


@pytest.fixture(scope="module")
def made(one_province, tmp_path_factory):
    """(the report, its grid, a page of its summary, its first table and the explorer between two sections)."""
    report = open_fee_cap(one_province, college="X1", internal=True, log2_draws=1)  # in yuan
    cells = [nbformat.v4.new_markdown_cell("## 一、甲")]
    for block in (report.front(), report.modes_table(), report.explorer()):
        cell = nbformat.v4.new_code_cell("")
        mime = getattr(block, "_repr_mimebundle_", dict)()
        data = {"text/html": block.html, **mime}
        cell.outputs = [nbformat.v4.new_output("execute_result", data, execution_count=1)]
        cells += [cell, nbformat.v4.new_markdown_cell("## 二、乙\n\n" + "丙\n\n" * 40)]
    file = tmp_path_factory.mktemp("explorer") / "page.html"
    file.write_text(to_html(nbformat.v4.new_notebook(cells=cells), "zh"), encoding="utf-8")
    return report, grid(report), file


@pytest.fixture
def opened(made, browser):
    """opened(hash, width) → the page in a tab of its own, closed afterwards."""
    tabs = []

    def one(at: str = "", width: int = 1280) -> Page:
        file = made[2]
        if not tabs:
            tabs.append(Page(browser, file, width))
        page = tabs[0]
        if at:
            page.call("Page.navigate", url="about:blank")
            page.call("Page.navigate", url=file.as_uri() + at)
            page.js(
                "new Promise((ready) => document.readyState === 'complete' ? ready() : addEventListener('load', ready))"
            )
        page.js("document.documentElement.style.scrollBehavior = 'auto'")
        page.js(REST)
        return page

    yield one
    browser.call("Target.closeTarget", targetId=tabs[0].target)


def plain(text: str) -> str:
    return text.replace("\u202f", "")


def shows(page: Page, made, cap: float, share: float) -> None:
    """The page shows the point, as the model has it, beside today's."""
    found, turned = made[1], page.js(CELLS)
    at = tuple(axis.at(value) for axis, value in zip(found.axes, (cap, share), strict=True))
    base = found.named["现行"]
    assert page.js(SETTING) == page.js(SPOKEN) == found.setting(at)
    for one, row in zip(found.measures, turned, strict=True):
        here, there = (plain(one.write(one.values[place])) for place in (at, base))
        moved = plain(one.write(one.values[at] - one.values[base]))
        assert [row[1], row[2], row[3].removeprefix("+")] == [there, here, moved], row
    assert page.js(PRESSED) == "".join(name for name, place in found.named.items() if place == at)


def press(page: Page, key: str) -> None:
    for kind in ("keyDown", "keyUp"):
        page.call(
            "Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=KEYS[key]
        )


def test_it_is_turned_by_mouse(opened, made):
    page = opened()
    shows(page, made, 1.2, 0.5)  # begins with the scheme
    assert page.js("location.hash") == ""
    click(page, ".marks button")
    shows(page, made, 1.0, 0.5)
    assert page.js("location.hash") == "#cap=1&beta=0.5"
    x, y = seen(page, "#x-cap")
    page.click(x + page.js("document.querySelector('#x-cap').offsetWidth") * 0.49, y)
    shows(page, made, 1.8, 0.5)
    assert page.js("location.hash") == "#cap=1.8&beta=0.5"
    click(page, ".marks button:nth-of-type(2)")
    shows(page, made, 1.2, 0.5)
    assert page.events("Runtime.exceptionThrown") == []


def test_it_is_turned_by_keyboard_alone_and_named_for_the_ear(opened, made):
    page = opened()
    page.js("document.querySelector('.skip').focus()")
    tab_to(page, "e.matches('.marks button')", 60)
    page.press("Enter")
    shows(page, made, 1.0, 0.5)
    tab_to(page, "e.id === 'x-cap'", 2)
    assert page.js("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    for key, cap in (("ArrowRight", 1.2), ("ArrowRight", 1.4), ("Home", 0.6), ("End", 1.8)):
        press(page, key)
        shows(page, made, cap, 0.5)
    tab_to(page, "e.id === 'x-beta'", 1)
    press(page, "ArrowLeft")
    shows(page, made, 1.8, 0.25)
    assert page.js("location.hash") == "#cap=1.8&beta=0.25"
    root = page.call("DOM.getDocument")["root"]["nodeId"]
    node = page.call("DOM.querySelector", nodeId=root, selector="#x-beta")["nodeId"]
    (told,) = page.call("Accessibility.getPartialAXTree", nodeId=node, fetchRelatives=False)[
        "nodes"
    ]
    assert told["role"]["value"] == "slider" and told["name"]["value"] == "机构协商取得份额"
    assert told["value"]["value"] in ("25%", 1)
    assert (
        page.js("document.querySelector('.explorer tbody').getAttribute('aria-live')") == "polite"
    )


def test_an_address_opens_its_view_and_what_was_not_computed_is_said(opened, made):
    near = "document.querySelector('.near').textContent"
    page = opened("#cap=1.4&beta=0.25")
    shows(page, made, 1.4, 0.25)
    assert page.js(near) == ""
    seen(page, "#x-cap")  # brought into view
    page = opened("#cap=1.27&beta=0.6")
    shows(page, made, 1.2, 0.5)
    assert "最近的已测算" in page.js(near)
    click(page, ".marks button")
    assert page.js(near) == ""
    page.js("location.hash = '#beta=1'")  # while the page is open, and one of the two
    page.js(REST)
    shows(page, made, 1.2, 1.0)
    for wrong in ("#cap=x&beta=", "#cap=1e999", "#cap=%", "#beta=<img>"):
        page.js(f"location.hash = {wrong!r}")
        page.js(REST)
        assert page.js(CELLS)[0][1] and len(page.js(SETTING)) == 2
    page = opened("#s2")  # other anchors are as they were
    shows(page, made, 1.2, 0.5)
    seen(page, "#s2")
    assert page.js("location.hash") == "#s2"
    click(page, "nav a[href='#s1']")
    assert page.js("location.hash") == "#s1" and page.events("Runtime.exceptionThrown") == []


def test_without_a_script_nothing_is_missing_and_the_ends_stand_there(opened, made):
    page = opened()
    rest = "[...document.querySelectorAll('main > :not(.explorer)')].map((one) => one.innerText).join()"
    with_script = page.js(rest)
    page.call("Emulation.setScriptExecutionDisabled", value=True)
    page.call("Page.reload")
    while page.js("document.readyState !== 'complete' || !!document.querySelector('.live')"):
        pass  # each look is an answer of the browser, which has a limit of time
    assert not page.js("document.documentElement.classList.contains('live')")
    assert "".join(page.js(rest).split()) == "".join(with_script.split())
    assert page.js("document.querySelector('.turn').getClientRects().length") == 0
    heads = [row[0] for row in page.js(CELLS)]
    assert heads[:2] == ["现行：现行的100%，50%", "本方案：现行的120%，50%"] and len(heads) == 6
    first = [plain(one.write(one.values[made[1].named["现行"]])) for one in made[1].measures]
    assert page.js(CELLS)[0][1:] == first


def test_paper_shows_what_is_chosen_in_words(opened, made):
    page = opened("#cap=0.8&beta=0.75")
    page.call("Emulation.setEmulatedMedia", media="print")
    words = page.js("document.querySelector('.explorer').innerText")
    assert "所选 成本上限 现行的80%，机构协商取得份额 75%" in words
    assert (
        page.js(
            "[...document.querySelectorAll('.explorer :is(button, input, output)')].filter((e) => e.getClientRects().length).length"
        )
        == 0
    )
    shows(page, made, 0.8, 0.75)
    page.call("Emulation.setEmulatedMedia", media="")
    for hash_, chosen in (("#s1", False), ("#cap=0.8", True)):
        page = opened(hash_)
        page.js(
            """addEventListener('beforeprint', () => { window.printed = document.querySelector('.explorer').innerText; })"""
        )
        page.pdf()
        words = page.js("window.printed")
        assert ("现行：现行的100%，50%" in words) != chosen  # before anything is chosen, the ends
        shows(page, made, 0.8 if chosen else 1.2, 0.5)  # and afterwards the screen is as it was


@pytest.mark.parametrize("width", [390, 1280])
def test_it_fits_and_asks_nothing(opened, width):
    page = opened("#cap=1.8&beta=1", width)
    assert page.js("document.documentElement.scrollWidth") <= width
    asked = [one["request"]["url"] for one in page.events("Network.requestWillBeSent")]
    assert [url for url in asked if not url.startswith(("file:", "data:", "about:"))] == []
    assert [one["entry"]["text"] for one in page.events("Log.entryAdded")] == []
    assert page.js("document.querySelectorAll('.explorer thead .sort').length") == 0
    text = page.js("document.querySelector('.explorer tbody').textContent")
    thousands = page.js("document.querySelectorAll('.explorer td .k').length")
    assert thousands > 0 and "\u202f" not in text  # set apart, and copied as numbers
