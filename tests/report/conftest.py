"""For tests of what a report says: its pictures keep their words and are not set and drawn, which takes most of the time a figure takes."""

from html import escape

import pytest
from matplotlib.text import Text

from onexmodel.report.page import style

drawing = style.drawing


def sketch(figure):
    """What style.drawing gives, as far as words go: the texts of the figure, one after the other."""
    words = [one.get_text() for one in figure.findobj(Text) if one.get_visible()]
    lines = "".join(f"<text>{escape(word)}</text>" for word in words if word.strip())
    return f'<svg viewBox="0 0 1 1">{lines}</svg>'


@pytest.fixture(scope="module")
def sketched():
    """Every figure of the module is a sketch."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(style, "drawing", sketch)
        yield


@pytest.fixture
def drawn(monkeypatch):
    """For a test of such a module that looks at a drawing."""
    monkeypatch.setattr(style, "drawing", drawing)
