"""What the tests in a browser share: the reports, made as make_report makes them, and how a reader moves through a page."""

from cdp import Page
from made_here import page_of

from onexmodel.report.make.gate import MODELS

REPORTS = {
    "fee_cap_zh": ("fee_cap", "zh", True),
    "fee_cap_en": ("fee_cap", "en", True),
    **{name: (name, "zh", name != "cost_reduction") for name in MODELS if name != "fee_cap"},
}  # name, language, internal
BOTH = {
    f"{name}_{lang}": (name, lang, internal)
    for name, _, internal in REPORTS.values()
    for lang in ("zh", "en")
}  # the five reports in both languages
REST = """new Promise((done) => { let last = NaN, same = 0; requestAnimationFrame(function look() {
  same = scrollY === last ? same + 1 : 0; last = scrollY; same < 8 ? requestAnimationFrame(look) : done(); }); })"""
SEEN = """((found) => { const at = found.getClientRects()[0], x = at.left + at.width / 2, y = at.top + at.height / 2;
  const over = document.elementFromPoint(x, y);
  return {x, y, seen: found === over || found.contains(over), over: over ? over.outerHTML.slice(0, 120) : 'outside the view'}; })"""


def rendered(name: str, lang: str, internal: bool) -> str:
    """The page on the example as make_report writes it, made in this process."""
    given = {"data": "example", "province": "", "lang": lang, "internal": internal}
    return page_of(name, {**given, "log2_draws": 1})


def seen(page: Page, selector: str) -> tuple[float, float]:
    """The centre of an element, which must be in view and covered by nothing."""
    at = page.js(f"{SEEN}(document.querySelector({selector!r}))")
    assert at["seen"], (
        f"{selector} is not to be seen at {at['x']:.0f}, {at['y']:.0f}: there is {at['over']}"
    )
    return at["x"], at["y"]


def click(page: Page, selector: str) -> None:
    """Bring an element into view as a reader would, click its centre, wait until the page rests."""
    page.js(
        f"document.querySelector({selector!r}).scrollIntoView({{block: 'center', behavior: 'instant'}})"
    )
    page.click(*seen(page, selector))
    page.js(REST)


def tab_to(page: Page, test: str, most: int) -> int:
    """PageWriter Tab until the focused element passes; how often."""
    for pressed in range(1, most + 1):
        page.press("Tab")
        if page.js(f"((e) => !!({test}))(document.activeElement)"):
            return pressed
    raise AssertionError(
        f"not reached by {most} times Tab: {test}; focus is on {page.js('document.activeElement.outerHTML.slice(0, 120)')}"
    )
