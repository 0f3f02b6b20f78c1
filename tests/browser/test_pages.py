"""Reports in a real browser: nothing asked of the network, no overflow, notes by mouse and keyboard, words for figures, print, own font."""

import base64
import io
import re
import zlib
from functools import cache

import pytest
from cdp import Page, chromium
from fontTools.ttLib import TTFont
from pages import REPORTS, REST, click, seen, tab_to

pytestmark = pytest.mark.skipif(
    chromium() is None,
    reason="no Chromium on the path (chromium, chromium-browser or google-chrome)",
)

LABEL = {
    "zh": "示例：省份、院校、证书、费用和经费均为虚构，供手算核对",
    "en": "Example: provinces, colleges, certificates, fees and funds are fictional, for checking by hand",
}
INTERNAL = {"zh": "内部资料　注意保管", "en": "Internal: not for circulation"}
LOCAL = ("file:", "data:", "about:", "blob:")
HAN = r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]"
UNFOLD = "document.querySelectorAll('details').forEach((fold) => { fold.open = true; })"
every = pytest.mark.parametrize("name", REPORTS)


@pytest.fixture(scope="module")
def unfolded(files, browser):
    """unfolded(name) → the report with everything open, for tests that only look: one tab for all of them."""

    @cache
    def one(name: str) -> Page:
        page = Page(browser, files[name])
        page.js(
            f"{UNFOLD}; scrollTo({{top: 1e6, behavior: 'instant'}}); new Promise((done) => setTimeout(done, 200))"
        )
        return page

    return one


def open_notes(page: Page) -> list[str]:
    """Ids of the notes whose tree is open."""
    return page.js(
        "[...document.querySelectorAll('.trace > details[open]')].map((fold) => fold.parentElement.id)"
    )


@every
def test_opening_asks_nothing_of_the_network_and_reports_no_error(unfolded, name):
    page = unfolded(name)
    asked = [one["request"]["url"] for one in page.events("Network.requestWillBeSent")]
    assert any(url.startswith("file:") for url in asked)  # requests are seen at all
    assert [url for url in asked if not url.startswith(LOCAL)] == []
    assert [one for one in page.events("Network.loadingFailed")] == []
    assert [one["args"] for one in page.events("Runtime.consoleAPICalled")] == []
    assert [one["exceptionDetails"] for one in page.events("Runtime.exceptionThrown")] == []
    assert [one["entry"]["text"] for one in page.events("Log.entryAdded")] == []


@pytest.mark.parametrize("width", [390, 1280])
@every
def test_page_does_not_overflow_sideways(opened, name, width):
    page = opened(name, width)
    for state in ("folded", "unfolded"):
        wide, view, widest = (
            page.js("""[document.documentElement.scrollWidth, innerWidth, [...document.querySelectorAll('main *')].filter((e) =>
          e.getBoundingClientRect().right > document.documentElement.clientWidth + 1 && !e.closest('.table, .scroll'))
          .slice(0, 3).map((e) => e.outerHTML.slice(0, 120))]""")
        )
        assert wide <= width, f"{state}: {wide} px wide; {widest}"
        assert view == width
        page.js(UNFOLD)


@pytest.mark.parametrize(
    ("name", "width"),
    [(name, 1280) for name in REPORTS] + [("fee_cap_zh", 390), ("fee_cap_en", 390)],
)
def test_a_click_on_a_note_mark_opens_its_tree_and_a_click_leads_back(opened, name, width):
    page = opened(name, width, smooth=(name, width) == ("fee_cap_zh", 390))
    marks = page.js("""[...document.querySelectorAll('.front sup.note a')].map((mark) =>
      [mark.id.slice(1), mark.closest('dd').firstChild.data.split(' ').at(-1)])""")
    assert len(marks) == 3 and open_notes(page) == []
    for before, (number, printed) in enumerate(
        marks[:1] if width == 390 else marks if name == "fee_cap_zh" else marks[::4]
    ):
        click(page, f"#m{number}")
        assert len(open_notes(page)) == before + 1 and f"n{number}" in open_notes(page)
        seen(page, f"#n{number} > details > summary")
        assert printed in page.js(
            f"document.querySelector('#n{number} summary').textContent"
        )  # the tree of this number
        assert page.js(
            f"document.querySelector('#n{number} > details > summary').nextElementSibling.checkVisibility({{contentVisibilityAuto: true}})"
        )
        click(page, f"#n{number} > details > p > a[href='#m{number}']")
        seen(page, f"#m{number}")


@every
def test_a_note_mark_works_by_keyboard_alone(opened, name):
    page = opened(name)
    tab_to(page, "e.id === 'm1'", 40)
    assert (
        page.js(
            "document.activeElement.matches(':focus-visible') && getComputedStyle(document.activeElement).outlineStyle"
        )
        == "solid"
    )
    seen(page, "#m1")
    page.press("Enter")
    page.js(REST)
    assert open_notes(page) == ["n1"]
    seen(page, "#n1 > details > summary")
    tab_to(
        page, "e.closest('#n1')", 1
    )  # the focus goes on from the tree, not from the top of the page
    tab_to(page, "e.matches('#n1 a[href=\"#m1\"]')", 100)
    page.press("Enter")
    page.js(REST)
    seen(page, "#m1")
    assert page.js("document.activeElement.id") == "m1"


def test_a_tree_folded_by_hand_opens_again_by_the_same_mark(opened):
    page = opened("fee_cap_zh")
    click(page, "#m1")
    click(page, "#n1 > details > summary")
    assert open_notes(page) == []
    click(page, "#m1")
    assert open_notes(page) == ["n1"]


@every
def test_language_is_said_and_every_figure_has_words(unfolded, name):
    page, lang = unfolded(name), REPORTS[name][1]
    assert page.js("document.documentElement.lang") == {"zh": "zh-CN", "en": "en"}[lang]
    root = page.call("DOM.getDocument")["root"]["nodeId"]
    figures = page.call(
        "DOM.querySelectorAll",
        nodeId=root,
        selector=":is(figure svg, img, [role=img]):not(.narrow *)",
    )["nodeIds"]
    assert len(figures) >= page.js("document.querySelectorAll('figure').length") >= 2
    words = []
    for node in figures:
        one = page.call("Accessibility.getPartialAXTree", nodeId=node, fetchRelatives=False)[
            "nodes"
        ][0]
        words.append(one.get("name", {}).get("value", "").strip())
        assert not one["ignored"] and one["role"]["value"] in ("img", "image")
        assert len(words[-1]) > 10, page.call("DOM.getOuterHTML", nodeId=node)["outerHTML"][:200]
        assert bool(re.search(HAN + "{2}", words[-1])) == (lang == "zh")
    assert len(set(words)) == len(words)


@pytest.fixture(scope="module")
def prints(files, browser):
    """prints(name, full) → (the PDF, its sheets, the leaves of the trees): each report is printed once, short and in full."""

    @cache
    def one(name: str, full: bool = False):
        page = Page(browser, files[name])
        if full:
            page.js("location.hash = '#print-full'")
        leaves = page.js(
            "[...document.querySelectorAll('.trace li:not(:has(li))')].map((leaf) => leaf.textContent)"
        )
        pdf = page.pdf()
        browser.call("Target.closeTarget", targetId=page.target)
        return pdf, printed(pdf), {"".join(leaf.split()) for leaf in leaves}

    return one


def bands(name: str) -> set[str]:
    """The labels that every sheet must carry, without spaces."""
    _, lang, internal = REPORTS[name]
    return {"".join(words.split()) for words in [LABEL[lang]] + [INTERNAL[lang]] * internal}


def words_of(sheets, name: str) -> str:
    """All that is printed, without spaces, labels and the foot of each sheet."""
    return "".join(
        words
        for sheet in sheets
        for top, _, words in sheet
        if words not in bands(name) and top < FOOT
    )


FOOT = 797  # points from the top of an A4 sheet: below lie title and number


@every
@pytest.mark.parametrize("full", [False, True])
def test_every_sheet_is_labelled_and_numbered(prints, name, full):
    (pdf, sheets, _), (_, lang, internal) = prints(name, full), REPORTS[name]
    assert pdf.startswith(b"%PDF") and len(sheets) > 4
    for number, sheet in enumerate(sheets, start=1):
        said = {words for _, _, words in sheet}
        assert bands(name) <= said, number
        assert f"{number}/{len(sheets)}" in "".join(words for _, _, words in sheet), number
    assert internal or "".join(INTERNAL[lang].split()) not in words_of(sheets, name)


@every
def test_trees_are_printed_only_where_all_is_asked_for(prints, name):
    _, short, leaves = prints(name)
    long = words_of(prints(name, True)[1], name)
    assert len(leaves) > 20 and {leaf for leaf in leaves if leaf not in long} == set()
    assert {leaf for leaf in leaves if len(leaf) > 40 and leaf in words_of(short, name)} == set()


@every
def test_a_report_on_paper_is_short_and_begins_with_a_whole_summary(prints, name, files):
    sheets = prints(name)[1]
    assert len(sheets) <= 14, len(sheets)
    first, second = (" ".join(words for _, _, words in sheet) for sheet in sheets[:2])
    heading = "".join(
        re.search(r'<h2 id="s1">(?:<span>.*?</span>)?(.*?)</h2>', files[name].read_text("utf-8"))[
            1
        ].split()
    )
    assert heading in first.replace(" ", "")  # the contents end the first sheet
    assert heading in second.replace(" ", "")  # and the first section begins the second
    for number, sheet in enumerate(sheets, start=1):
        assert len("".join(words for _, _, words in sheet if words not in bands(name))) > 60, number


def test_a_total_is_printed_once_and_nothing_is_wider_than_the_sheet(opened):
    page = opened("fee_cap_zh")
    page.call("Emulation.setEmulatedMedia", media="print")
    try:
        kind = "getComputedStyle(document.querySelector('tfoot')).display"
        assert page.js(kind) == "table-row-group"  # a footer group would stand on every sheet
        wide = "[...document.querySelectorAll('table, figure svg')].filter((e) => !e.closest('.model') && getComputedStyle(e).minWidth !== '0px').length"
        assert page.js(wide) == 0
    finally:
        page.call("Emulation.setEmulatedMedia", media="")


@every
def test_print_leaves_no_text_under_the_labels(prints, name):
    sheets, labels = prints(name)[1], bands(name)
    under = {
        number: words
        for number, sheet in enumerate(sheets, start=1)
        for top, foot, words in sheet
        if words not in labels
        for label_top, label_foot, label in sheet
        if label in labels and top < label_foot and foot > label_top
    }
    assert under == {}, f"{len(under)} of {len(sheets)} sheets have text under the labels"


def printed(pdf: bytes) -> list[list[tuple[float, float, str]]]:
    """Of every sheet of a PDF made by Chromium: (top, foot, words without spaces) of each run of text, points from the top."""
    objects = {
        int(number): body
        for number, body in re.findall(rb"(?:^|\n)(\d+) 0 obj\n(.*?)\nendobj", pdf, re.S)
    }

    def stream(number: int) -> bytes:
        head, _, body = objects[number].partition(b"stream\n")
        return zlib.decompressobj().decompress(body) if b"/FlateDecode" in head else body

    @cache
    def letters(font: int) -> tuple[int, dict[int, str]]:
        codes, _, table = (
            stream(int(re.search(rb"/ToUnicode (\d+)", objects[font])[1]))
            .decode()
            .partition("endcodespacerange")
        )
        pairs = {
            int(code, 16): bytes.fromhex(to).decode("utf-16-be")
            for code, to in re.findall(r"^<(\w+)> <(\w+)>$", table, re.M)
        }
        for low, high, to in re.findall(r"^<(\w+)> <(\w+)> <(\w+)>$", table, re.M):
            pairs |= {
                code: chr(int(to, 16) + code - int(low, 16))
                for code in range(int(low, 16), int(high, 16) + 1)
            }
        return len(re.search(r"<(\w+)> <\w+>\s*$", codes)[1]), pairs

    sheets = []
    for body in objects.values():
        if not re.search(rb"/Type /Page\b", body):
            continue
        fonts = {name: int(number) for name, number in re.findall(rb"/(F\d+) (\d+) 0 R", body)}
        height, sheet, kept = float(re.search(rb"/MediaBox \[0 0 \S+ ([\d.]+)\]", body)[1]), [], []
        scale, shift, line, size, font, words = 1.0, 0.0, (1.0, 0.0), 0.0, 0, ""
        content = stream(int(re.search(rb"/Contents (\d+)", body)[1]))
        for code, glyphs, begin in re.findall(
            rb"(?m)^(q|Q|ET)$|<([0-9A-F]+)> Tj|([-\d. ]+(?:cm|Tm|Td)|/F\d+ [\d.]+ Tf)", content
        ):
            if glyphs:
                width, pairs = letters(font)
                words += "".join(
                    pairs.get(int(glyphs[i : i + width], 16), "\ufffd")
                    for i in range(0, len(glyphs), width)
                )
            elif code == b"q":
                kept.append((scale, shift))
            elif code == b"Q":
                scale, shift = kept.pop()
            elif code == b"ET":
                foot, tall = height - (scale * line[1] + shift), size * abs(scale * line[0])
                sheet.append((foot - 0.8 * tall, foot + 0.1 * tall, "".join(words.split())))
                words = ""
            else:
                *values, operator = begin.split()
                if operator == b"cm":
                    scale, shift = scale * float(values[3]), scale * float(values[5]) + shift
                elif operator == b"Tm":
                    line = float(values[3]), float(values[5])
                elif operator == b"Td":
                    line = line[0], line[0] * float(values[1]) + line[1]
                else:
                    font, size = fonts[values[0][1:]], float(values[1])
        sheets.append(sheet)
    return sheets


@every
def test_chinese_is_drawn_with_the_embedded_font(unfolded, name):
    page = unfolded(name)
    assert page.js("[...document.fonts].map((face) => [face.family, face.status])") == [
        ["OneX Page", "loaded"]
    ]
    assert page.js("document.fonts.check('16px \"OneX Page\"', document.body.innerText)")
    kinds = page.js(f"""(() => {{ const kinds = new Set(), han = /{HAN}/; for (const e of document.body.querySelectorAll('*:not(script, style, svg *, .on-paper *)')) {{
      const style = getComputedStyle(e), kind = [e.tagName, e.className, style.fontFamily, style.fontWeight].join();
      const own = [...e.childNodes].filter((child) => child.nodeType === 3).map((child) => child.data).join('');
      if (han.test(own) && (!kinds.has(kind) || kind.startsWith('CODE'))) {{ kinds.add(kind); e.dataset.han = own.replace(/[^\\u3400-\\u9fff]/g, '').length; }} }}
      return kinds.size; }})()""")
    root = page.call("DOM.getDocument")["root"]["nodeId"]
    found = page.call("DOM.querySelectorAll", nodeId=root, selector="[data-han]")["nodeIds"]
    assert len(found) >= kinds > 5
    for node in found:
        fonts = page.call("CSS.getPlatformFontsForNode", nodeId=node)["fonts"]
        own = int(
            dict(zip(*[iter(page.call("DOM.getAttributes", nodeId=node)["attributes"])] * 2))[
                "data-han"
            ]
        )
        drawn = sum(font["glyphCount"] for font in fonts if font["isCustomFont"])
        assert drawn >= own, (fonts, page.call("DOM.getOuterHTML", nodeId=node)["outerHTML"][:200])
    missing = outside(page, font_of(page))
    assert [letter for letter in missing if re.match(HAN, letter)] == []


@every
def test_no_character_is_outside_the_embedded_font(unfolded, name):
    assert outside(unfolded(name), font_of(unfolded(name))) == {}


def font_of(page: Page) -> set[int]:
    """Characters of the font inside the page."""
    data = page.js("document.querySelector('style').textContent.match(/base64,([^)]+)\\)/)[1]")
    return set(TTFont(io.BytesIO(base64.b64decode(data))).getBestCmap())


def outside(page: Page, font: set[int]) -> dict[str, str]:
    """Visible characters that another font, or a box, has to stand in for, with the words around their first place."""
    text = page.js("document.body.innerText")
    return {
        letter: text[max(0, text.index(letter) - 15) : text.index(letter) + 10]
        for letter in sorted(set(text))
        if not letter.isspace() and ord(letter) not in font
    }
