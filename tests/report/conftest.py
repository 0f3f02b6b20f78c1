"""For tests of what a report says: its pictures keep their words and are not set and drawn, which takes most of the time a figure takes, and
its page may go without its font."""

import pytest
from made_here import sketch

from onexmodel.report.make import convert
from onexmodel.report.page import style
from onexmodel.report.page.blocks import Block

drawing, font_face = style.drawing, convert.font_face


@pytest.fixture(scope="module")
def sketched():
    """Every figure of the module is a sketch."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(style, "drawing", sketch)
        yield


@pytest.fixture(scope="module")
def fontless():
    """No page of the module carries its font, which takes a third of the time of a page and is no word of it."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(convert, "font_face", lambda *_: Block(""))
        yield


@pytest.fixture
def drawn(monkeypatch):
    """For a test of such modules that looks at a drawing, or at the page as it is."""
    monkeypatch.setattr(style, "drawing", drawing)
    monkeypatch.setattr(convert, "font_face", font_face)
