"""The page's own font, with the characters of the page only, so that it reads the same on a machine without Chinese fonts."""

from __future__ import annotations

import base64
import io
from html.parser import HTMLParser

from fontTools import subset
from fontTools.ttLib import TTFont

from ...places import package_file
from ..page.blocks import Block

NARROW = "‘’“”·…×÷±≤≥"  # signs that the font, a Chinese one, sets as wide as a character; a text in Latin letters has them narrow (— and – are)
LOW = "…"  # of these what it sets at half the height, and Latin letters on their line
SIDE = 0.06  # of the font's size: the white on either side of a narrow sign
FLAVOUR = "woff"  # woff2 makes a page 33 kB smaller (7 in 100) and takes 0.4 s longer to press, of 5 s for a report


class _Characters(HTMLParser):
    """The characters of a page's text, scripts and styles apart, but for data that a script may show."""

    def __init__(self) -> None:
        super().__init__()
        self.found = set("0123456789")
        self.shown = False

    def handle_starttag(self, tag, attrs):
        self.shown = ("type", "application/json") in attrs

    def handle_data(self, data):
        if not self.cdata_elem or self.shown:
            self.found.update(data)


def font_face(body: str, language: str) -> Block:
    """@font-face with the characters of the body of a page in a language (as HTML writes it): its run record, which nobody sees, stands after
    the body."""
    reader = _Characters()
    reader.feed(body)
    reader.close()
    font = TTFont(
        package_file("report", "fonts", "OneXSansSC-Regular.ttf"),
        recalcTimestamp=False,
        recalcBBoxes=False,  # no outline changes: each is kept as it is written, not taken apart
    )
    options = subset.Options(
        layout_features=[], hinting=False, name_IDs=[1, 2, 4, 6, 13], flavor=FLAVOUR
    )
    cutter = subset.Subsetter(options)
    cutter.populate(text="".join(sorted(reader.found)))
    cutter.subset(font)
    if not language.startswith("zh"):
        _narrow(font)
    font.flavor = FLAVOUR
    buffer = io.BytesIO()
    font.save(buffer)
    data = base64.b64encode(buffer.getvalue()).decode()
    return Block(
        f'@font-face{{font-family:"OneX Page";src:url(data:font/{FLAVOUR};base64,{data}) format("{FLAVOUR}")}}'
    )


def _narrow(font: TTFont) -> None:
    """Cut the white off the signs of NARROW that the font has, and put those of LOW on the line."""
    side = round(SIDE * font["head"].unitsPerEm)
    names = font.getBestCmap()
    for name, low in {
        names[ord(sign)]: sign in LOW for sign in NARROW if ord(sign) in names
    }.items():
        glyph = font["glyf"][name]
        glyph.coordinates.translate((side - glyph.xMin, -glyph.yMin if low else 0))
        glyph.recalcBounds(font["glyf"])
        font["hmtx"][name] = (glyph.xMax + side, side)
