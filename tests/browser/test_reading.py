"""How a page is read at a screen: tables sorted, numbers copied, one's own row found, dark colours, contents on a phone, the way back."""

import re

import nbformat
import pytest
from cdp import Page, chromium
from pages import BOTH, REPORTS, REST, click, seen, tab_to

from onexmodel.report.make.convert import to_html
from onexmodel.report.page import blocks
from onexmodel.report.page.numbers import number

pytestmark = pytest.mark.skipif(
    chromium() is None,
    reason="no Chromium on the path (chromium, chromium-browser or google-chrome)",
)
every = pytest.mark.parametrize("name", REPORTS)
SPAN = "（80%区间700—800）"
ROWS = [
    ["北", number(900) + SPAN, "已结清"],
    ["安", number(-15627.4, 1), "未结清"],
    ["浙", "—", "—"],
    ["川", number(15627.4, 1), "部分"],
    ["广", blocks.ranged(number(-20), "（-30—-10）"), "已结清"],
]  # a number with its range, grouped numbers with a true minus, and what is missing
TOTAL = ["合计", number(878), ""]


@pytest.fixture(scope="module")
def page(browser, tmp_path_factory):
    """open(width) → a page of four tables: five rows and a total, four rows, five rows of which two are parts, and five of which the
    fourth is marked."""
    header = ["省份", "金额", "状态"]
    parts = [[("　" if i > 2 else "") + row[0], *row[1:]] for i, row in enumerate(ROWS)]
    tables = [
        blocks.table("表1", "甲", header, [*ROWS, TOTAL], "", total=True),
        blocks.table("表2", "乙", header, ROWS[:4], ""),
        blocks.table("表3", "丙", header, parts, ""),
        blocks.table("表4", "丁", header, ROWS, "", marked=3),
    ]
    cell = nbformat.v4.new_code_cell("")
    cell.outputs = [
        nbformat.v4.new_output("execute_result", {"text/html": one.html}, execution_count=1)
        for one in tables
    ]
    file = tmp_path_factory.mktemp("tables") / "tables.html"
    file.write_text(to_html(nbformat.v4.new_notebook(cells=[cell]), "zh"), encoding="utf-8")
    made = Page(browser, file)
    yield made
    browser.call("Target.closeTarget", targetId=made.target)


HEAD = "table thead th:nth-child({}) .sort"


def shown(page: Page) -> tuple[str, str | None]:
    """(the heads of the first table's rows as they stand, the aria-sort of its columns)."""
    return tuple(
        page.js("""[[...document.querySelector('table').tBodies[0].rows].map((row) => row.cells[0].textContent).join(''),
      [...document.querySelectorAll('table')[0].tHead.rows[0].cells].map((th) => th.getAttribute('aria-sort') || '-').join(' ')]""")
    )


def test_a_table_is_sorted_by_mouse_up_down_and_as_it_was(page):
    assert shown(page) == ("北安浙川广", "- - -")
    for column, order, ways in (
        (2, "安广北川浙", "- ascending -"),
        (2, "川北广安浙", "- descending -"),  # what is missing stays last
        (2, "北安浙川广", "- - -"),
        (2, "安广北川浙", "- ascending -"),
        (1, "安北川广浙", "ascending - -"),  # by sound
        (1, "浙广川北安", "descending - -"),
        (3, "川安北广浙", "- - ascending"),  # equal ones in the order of the report
        (3, "北广安川浙", "- - descending"),
        (3, "北安浙川广", "- - -"),
    ):
        click(page, HEAD.format(column))
        assert shown(page) == (order, ways)
    assert page.js("document.querySelector('tfoot').textContent") == "合计878"


def test_a_table_is_sorted_by_keyboard(page):
    page.js("document.querySelector('.skip').focus()")
    tab_to(page, "e.matches('table thead th:nth-child(2) .sort')", 20)
    assert page.js("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    for order, ways in (
        ("安广北川浙", "- ascending -"),
        ("川北广安浙", "- descending -"),
        ("北安浙川广", "- - -"),
    ):
        page.press("Enter")
        assert shown(page) == (order, ways)
    name = page.call(
        "Accessibility.getPartialAXTree",
        nodeId=node(page, HEAD.format(2)),
        fetchRelatives=False,
    )["nodes"][0]
    assert (name["role"]["value"], name["name"]["value"]) == ("button", "排序 金额")


def node(page: Page, selector: str) -> int:
    """The number by which the protocol knows an element."""
    root = page.call("DOM.getDocument")["root"]["nodeId"]
    return page.call("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]


def test_only_tables_of_five_rows_and_of_no_parts_are_sorted(page):
    count = "[...document.querySelectorAll('main table')].map((t) => t.querySelectorAll('.sort').length)"
    assert page.js(count) == [3, 0, 0, 3]


def test_a_table_is_copied_as_numbers_and_without_buttons(page):
    page.js("getSelection().selectAllChildren(document.querySelector('main table'))")
    copied = page.js("getSelection().toString()")
    assert "15627.4" in copied and "−15627.4" in copied and "\u202f" not in copied
    assert "排序" not in copied
    assert [line.split("\t") for line in copied.splitlines() if line.startswith(("省", "川"))] == [
        ["省份", "金额", "状态"],
        ["川", "15627.4", "部分"],
    ]
    page.js("""document.execCommand('copy'); const sheet = document.createElement('div'); sheet.contentEditable = true; sheet.id = 'sheet';
      document.body.append(sheet); sheet.focus()""")
    page.call("Input.dispatchKeyEvent", type="keyDown", key="v", commands=["paste"])
    pasted = "document.querySelector('#sheet')"
    assert "15627.4" in page.js(f"{pasted}.innerText")
    assert page.js(f"{pasted}.querySelectorAll('td').length") == 12
    assert page.js(f"{pasted}.querySelectorAll('button').length") == 0  # a sheet would keep them
    page.js(f"{pasted}.remove(); getSelection().removeAllRanges()")


def test_the_own_row_is_marked_for_the_eye_on_paper_too_and_for_the_ear(page):
    own = "document.querySelector('table .own')"
    assert page.js("document.querySelectorAll('.own').length") == 1
    assert page.js(f"[{own}.textContent, {own}.getAttribute('aria-current')]") == [
        "川15627.4部分",
        "true",
    ]
    for media in ("screen", "print"):
        page.call("Emulation.setEmulatedMedia", media=media)
        style = page.js(f"""[getComputedStyle({own}.cells[1]).fontWeight,
          getComputedStyle({own}.cells[0], '::before').borderLeftWidth !== '0px', getComputedStyle({own}.cells[0], '::before').display]""")
        assert style == ["650", True, "inline-block"], media
    page.call("Emulation.setEmulatedMedia", media="")
    page.js(REST)  # laid out for the screen again before anybody clicks


def test_paper_has_no_buttons_and_the_rows_as_they_are_shown(page):
    click(page, HEAD.format(2))
    page.call("Emulation.setEmulatedMedia", media="print")
    try:
        assert (
            page.js(
                "[...document.querySelectorAll('button, nav, .skip')].filter((e) => e.getClientRects().length).length"
            )
            == 0
        )
        arrow = "getComputedStyle(document.querySelector('thead th'), '::after').display"
        assert page.js(arrow) == "none"
        assert shown(page)[0] == "安广北川浙"
        assert page.js("document.querySelector('thead').innerText.trim().split(/\\s+/)") == [
            "省份",
            "金额",
            "状态",
        ]
    finally:
        page.call("Emulation.setEmulatedMedia", media="")
        for _ in range(2):
            click(page, HEAD.format(2))


@every
def test_the_skip_link_leads_to_the_report(opened, name):
    page = opened(name)
    page.press("Tab")
    assert page.js("document.activeElement.className") == "skip"
    assert (
        page.js("document.activeElement.textContent")
        == {
            "zh": "跳到正文",
            "en": "Skip to content",
        }[REPORTS[name][1]]
    )
    seen(page, ".skip")
    page.press("Enter")
    page.js(REST)
    assert page.js("document.activeElement.id") == "main"
    tab_to(page, "e.closest('main')", 1)  # past the contents


@every
def test_contents_on_a_phone_lead_to_each_section_and_back(opened, name):
    page = opened(name, 390)
    anchors = page.js("[...document.querySelectorAll('main h2[id]')].map((h) => h.id)")
    folds = page.js("document.querySelectorAll('main details[open]').length")
    assert len(anchors) >= 5 and not page.js("document.querySelector('nav details').open")
    for anchor in anchors if name == "fee_cap_zh" else anchors[::5]:
        page.click(*seen(page, "nav summary"))
        page.click(*seen(page, f"nav a[href='#{anchor}']"))
        page.js(REST)
        assert not page.js("document.querySelector('nav details').open")
        seen(page, f"h2#{anchor}")  # not under what stays at the top
    page.click(*seen(page, ".up"))
    page.js(REST)
    seen(page, "h1")
    assert page.js("document.querySelectorAll('main details[open]').length") == folds


@every
def test_headings_are_in_order_and_the_way_to_the_summary_stands_beside_the_text(opened, name):
    page = opened(name)
    levels = page.js(
        "[...document.querySelectorAll('h1, h2, h3, h4, h5')].map((h) => +h.tagName[1])"
    )
    assert levels.count(1) == 1 and levels[0] == 1
    assert [pair for pair in zip(levels, levels[1:], strict=False) if pair[1] > pair[0] + 1] == []
    page.js("document.querySelector('#s4').scrollIntoView()")
    seen(page, ".up")
    assert page.js(
        "document.querySelector('.up').getBoundingClientRect().right <= document.querySelector('main').getBoundingClientRect().left"
    )
    words = page.js("[...document.querySelectorAll('.front sup a')].map((a) => a.ariaLabel)")
    assert all(
        re.fullmatch({"zh": "注 ?\\d", "en": "note \\d"}[REPORTS[name][1]], one) for one in words
    )


CONTRAST = r"""(() => { const parts = (text) => (text.match(/[\d.]+/g) || []).map(Number);
  const light = (colour) => { const [r, g, b] = colour.slice(0, 3).map((c) => c / 255).map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const ground = (e) => { for (; e; e = e.parentElement) { const c = parts(getComputedStyle(e).backgroundColor); if (c.length === 3 || c[3] === 1) return c; } return [255, 255, 255]; };
  const found = {};
  for (const e of document.body.querySelectorAll('*:not(script, style, svg, svg *, button)')) {
    if (![...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) || !e.getClientRects().length) continue;
    const style = getComputedStyle(e), [a, b] = [light(parts(style.color)), light(ground(e))].sort((x, y) => y - x), ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) found[e.outerHTML.slice(0, 80)] = ratio.toFixed(2); }
  return [getComputedStyle(document.body).backgroundColor, found]; })()"""


@every
@pytest.mark.parametrize(
    ("scheme", "paper"), [("light", "rgb(255, 255, 255)"), ("dark", "rgb(20, 25, 31)")]
)
def test_words_stand_out_in_both_schemes_and_paper_is_light(opened, name, scheme, paper):
    page = opened(name)
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    page.js("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
    page.call("Emulation.setEmulatedMedia", media="screen", features=features)
    assert page.js(CONTRAST) == [paper, {}]
    card = "getComputedStyle(document.querySelector('.wide, .scroll')).backgroundColor"
    if scheme == "dark":  # pictures are drawn for paper
        assert page.js(card) == "rgb(247, 248, 250)"
    page.call("Emulation.setEmulatedMedia", media="print", features=features)
    assert page.js(CONTRAST) == ["rgb(255, 255, 255)", {}]
    page.call("Emulation.setEmulatedMedia", media="")


@pytest.mark.parametrize("name", BOTH)
def test_no_head_of_a_table_is_upright_and_no_table_is_cut_beside_free_room(files, browser, name):
    narrow = """[...document.querySelectorAll('main :is(thead, tbody) th')].filter((th) => th.textContent.trim() && th.getClientRects().length)
      .map((th) => [getComputedStyle(th), th]).filter(([style, th]) => th.getBoundingClientRect().width - parseFloat(style.paddingLeft) -
      parseFloat(style.paddingRight) < 3.9 * parseFloat(style.fontSize)).map(([style, th]) => th.textContent)"""
    cut = """[...document.querySelectorAll('.table')].filter((t) => t.getClientRects().length && t.scrollWidth > t.clientWidth + 1)
      .map((t) => t.querySelector('caption').textContent)"""
    for width in (390, 1280):
        page = Page(browser, files[name], width)
        assert page.js(narrow) == []
        assert page.js("document.documentElement.scrollWidth") <= width
        assert width == 390 or page.js(cut) == []
        browser.call("Target.closeTarget", targetId=page.target)


@every
def test_no_head_of_a_table_is_upright_on_paper(opened, name):
    page = opened(name, 680)  # the width between the margins of A4
    page.call("Emulation.setEmulatedMedia", media="print")
    upright = """[...document.querySelectorAll('main thead th')].filter((th) => th.textContent.trim() && th.getClientRects().length)
      .map((th) => [getComputedStyle(th), th]).filter(([style, th]) => th.getBoundingClientRect().width - parseFloat(style.paddingLeft) -
      parseFloat(style.paddingRight) < 1.9 * parseFloat(style.fontSize)).map(([style, th]) => th.textContent)"""
    assert page.js(upright) == []
    marks = (
        "[...document.querySelectorAll('sup.note')].filter((e) => e.getClientRects().length).length"
    )
    assert page.js(marks) == 0
    assert page.js("document.documentElement.scrollWidth") <= 680
    page.call("Emulation.setEmulatedMedia", media="")


@every
def test_each_sheet_says_unit_and_day_at_its_foot(files, name):
    text = files[name].read_text("utf-8")
    meta = re.search(r'<p class="meta">(.*?)</p>', text)[1]
    assert re.search(r':root\{--foot:"[^"]+\\a ' + re.escape(meta) + '"}', text)
