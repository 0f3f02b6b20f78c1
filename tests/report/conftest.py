"""For tests of what a report says: its pictures keep their words and are not set and drawn, which takes most of the time a figure takes."""

from html import escape

import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

savefig = Figure.savefig


def sketch(figure, file, **_):
    """What Figure.savefig writes, as far as words go: the texts of the figure, one after the other."""
    words = [one.get_text() for one in figure.findobj(Text) if one.get_visible()]
    lines = "".join(f"<text>{escape(word)}</text>" for word in words if word.strip())
    file.write(f'<svg width="1pt" height="1pt" viewBox="0 0 1 1">{lines}</svg>')


@pytest.fixture(scope="module")
def sketched():
    """Every figure of the module is a sketch."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Figure, "savefig", sketch)
        yield


@pytest.fixture
def drawn(monkeypatch):
    """For a test of such a module that looks at a drawing."""
    monkeypatch.setattr(Figure, "savefig", savefig)
