"""Figures that look the same on every machine: own font, no date, no random id; each drawn twice, wide for a sheet and narrow for a
phone. Text stays text, set in the page's own font: it can be found, copied and read at any size."""

from __future__ import annotations

import hashlib
import html
import io
import logging
import re
import textwrap
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from .home import settle

settle()
import matplotlib  # noqa: E402  (it looks for a folder at once)

matplotlib.use("svg", force=False)
import matplotlib.pyplot as plt  # noqa: E402  (the backend must be chosen first)
from matplotlib import font_manager  # noqa: E402
from matplotlib.backends.backend_svg import FigureCanvasSVG  # noqa: E402
from matplotlib.text import Annotation  # noqa: E402

from ...places import package_file  # noqa: E402
from .blocks import plain  # noqa: E402
from .numbers import THIN, number  # noqa: E402

INK, SOFT, RULE = "#1f2a36", "#5b6b7b", "#d9dfe5"
TEAL, AMBER, BLUE, ROSE, GREY = "#0f766e", "#b86e00", "#2f5d9b", "#b03a5b", "#7d8a97"
SERIES = (TEAL, "#5aa49d", BLUE, "#7f9cc4", GREY, AMBER, "#c9a227", ROSE)
FONT = "OneX Sans SC"
WIDE, NARROW = 7.6, 4.0  # inches: what is set at 9 points reads as 11 pixels on a phone of 390
_narrow = ContextVar("narrow", default=False)


def use_style() -> None:
    """Register the font that travels with the package and set matplotlib's rc."""
    font_manager.fontManager.addfont(str(package_file("report", "fonts", "OneXSansSC-Regular.ttf")))
    plt.rcParams.update(
        {
            "font.family": [FONT, "DejaVu Sans"],
            "font.size": 10.5,
            "axes.unicode_minus": False,
            "text.color": INK,
            "axes.labelcolor": SOFT,
            "xtick.color": SOFT,
            "ytick.color": SOFT,
            "axes.edgecolor": RULE,
            "axes.grid": True,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.spines.left": False,
            "axes.grid.axis": "y",
            "grid.color": "#eceff2",
            "grid.linewidth": 0.8,
            "axes.axisbelow": True,
            "xtick.major.size": 0,
            "ytick.major.size": 0,
            "svg.hashsalt": "onexmodel",
            "svg.fonttype": "none",
            "figure.facecolor": "none",
            "axes.facecolor": "none",
        }
    )
    logging.getLogger("matplotlib.font_manager").setLevel(
        logging.ERROR
    )  # one weight is shipped; bold falls back to it


def is_narrow() -> bool:
    """Is the narrow drawing being made?"""
    return _narrow.get()


@contextmanager
def _narrowly() -> Iterator[None]:
    token = _narrow.set(True)
    try:
        yield
    finally:
        _narrow.reset(token)


def both(draw: Callable[[], str]) -> tuple[str, str]:
    """What `draw` draws wide and narrow."""
    wide = draw()
    with _narrowly():
        return wide, draw()


def canvas(height: float, rows: int = 1, columns: int = 1, *, narrow: float = 0.0, **given):
    """(figure, axes) of the page's width, `height` inches high, or `narrow` in the narrow drawing, where columns of panels stand one
    under another; `given` goes to plt.subplots."""
    if not is_narrow():
        return plt.subplots(rows, columns, figsize=(WIDE, height), **given)
    if columns > 1:
        given.pop("gridspec_kw", None)
        given.setdefault("layout", "constrained")
    tall = narrow or height * columns
    figure, axes = plt.subplots(rows * columns, 1, figsize=(NARROW, tall), **given)
    return figure, axes.reshape(rows, columns) if not given.get("squeeze", True) else axes


def fold(names: Iterable[str], wide: int = 0, narrow: int = 9) -> list[str]:
    """Names beside a figure, broken into lines of so many Chinese signs, or twice as many letters, at blanks (0: not broken)."""
    width = narrow if is_narrow() else wide
    return [_folded(name, width) if width else name for name in names]


def _folded(name: str, width: int) -> str:
    if " " in name or name.isascii():
        return textwrap.fill(name, 2 * width, break_long_words=False)
    return "\n".join(name[i : i + width] for i in range(0, len(name), width))


def svg(figure, alt: str) -> str:
    """The figure as inline SVG with a text alternative; the figure is closed."""
    text = plain(re.sub(f"{THIN}([0-9]+)", r'<tspan dx="0.17em">\1</tspan>', drawing(figure)))
    plt.close(figure)
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.S)
    prefix = ("f" + hashlib.sha256(alt.encode()).hexdigest()[:8]) + (
        "n" if is_narrow() else ""
    )  # ids of several figures must not meet on one page
    text = re.sub(r'id="([^"]+)"', rf'id="{prefix}\1"', text)
    text = re.sub(r'(xlink:href="#|url\(#)', rf"\g<1>{prefix}", text)
    return text.replace(
        "<svg", f'<svg role="img" aria-label="{html.escape(plain(alt), quote=True)}"', 1
    )


def drawing(figure) -> str:
    """The figure as SVG without its margins. It is drawn once and they are cut off by the view box: savefig(bbox_inches="tight") draws
    everything twice, once only to measure it."""
    buffer = io.StringIO()
    FigureCanvasSVG(figure).print_svg(buffer, metadata={"Date": None})
    box = figure.get_tightbbox().padded(0.04)
    sides = box.x0, figure.get_figheight() - box.y1, box.width, box.height
    view = " ".join(f"{inches * 72:.6g}" for inches in sides)
    size, text = r' width="[\d.]+pt" height="[\d.]+pt" viewBox="[^"]+"', buffer.getvalue()
    return re.sub(size, f' viewBox="{view}"', text[text.index("<svg") :], count=1)


def write_beside(axes, text: str, at, offset, fontsize: float = 9.5, **more) -> Annotation:
    """A text beside a point of the data, `offset` points away; `more` goes to Axes.annotate."""
    return axes.annotate(
        text, at, xytext=offset, textcoords="offset points", fontsize=fontsize, **more
    )


def across(axes, ticks: bool = False) -> None:
    """The grid of lying bars. `ticks`: few of them on a phone, written as numbers are: a true minus, no more decimals than each needs."""
    axes.grid(axis="x")
    axes.grid(axis="y", visible=False)
    if ticks:
        axes.xaxis.set_major_formatter(_tick)
        axes.locator_params(axis="x", nbins=5 if is_narrow() else 8)


def _tick(value: float, _position: int) -> str:
    fits = (places for places in range(3) if abs(value - round(value, places)) < 1e-9)
    return number(value, next(fits, 3))
