"""One browser, and every report made once at most, for all tests here."""

import os

import pytest
from cdp import Chromium, Page
from made_here import Made
from pages import BOTH, REPORTS, rendered


@pytest.fixture(scope="session")
def files(tmp_path_factory):
    """name_language, or a name of REPORTS → the report on the example, made when it is first asked for by any process of the run."""
    base = tmp_path_factory.getbasetemp()
    out = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "pages of the browser"
    out.mkdir(exist_ok=True)

    def one(name):
        which = (REPORTS | BOTH)[name]
        path = out / f"{which[0]}_{which[1]}.html"
        if not path.exists():
            made = path.with_suffix(f".{os.getpid()}")
            made.write_text(rendered(*which), encoding="utf-8", newline="\n")
            made.replace(path)
        return path

    return Made(one)


@pytest.fixture(scope="session")
def browser(tmp_path_factory):
    """One browser for all tests."""
    with Chromium(tmp_path_factory.mktemp("browser")) as started:
        yield started


@pytest.fixture
def opened(files, browser):
    """opened(name, width) → the report in a tab of its own, closed afterwards."""
    pages = []

    def one(name: str, width: int = 1280, smooth: bool = False) -> Page:
        pages.append(Page(browser, files[name], width))
        if not smooth:
            pages[-1].js(
                "document.documentElement.style.scrollBehavior = 'auto'"
            )  # the animation is tried once; it takes a second each time
        return pages[-1]

    yield one
    for page in pages:
        browser.call("Target.closeTarget", targetId=page.target)
