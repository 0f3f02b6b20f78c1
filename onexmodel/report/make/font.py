"""The page's own font, with the characters of the page only, so that it reads the same on a machine without Chinese fonts."""

from __future__ import annotations

import base64
import io
from html import unescape

from fontTools import subset
from fontTools.ttLib import TTFont

from ...places import package_file
from ..page.blocks import Block

NARROW = "‘’“”·…×÷±≤≥"  # signs that the font, a Chinese one, sets as wide as a character; a text in Latin letters has them narrow (— and – are)
LOW = "…"  # of these what it sets at half the height, and Latin letters on their line
SIDE = 0.06  # of the font's size: the white on either side of a narrow sign
FLAVOUR = "woff"  # woff2 makes a page 33 kB smaller (7 in 100) and takes 0.4 s longer to press, of 5 s for a report


def characters(body: str) -> set[str]:
    """The signs of a page's text and attributes, scripts apart, but for data that a script may show; digits always."""
    text, *rest = body.split("<script")
    for script, _, after in (one.partition("</script>") for one in rest):
        head, _, held = script.partition(">")
        text += after + (held if 'type="application/json"' in head else "")
    return {*unescape(text), *"0123456789"}


def font_face(body: str, language: str) -> Block:
    """@font-face with the characters of the body of a page in a language (as HTML writes it): its run record, which nobody sees, stands after
    the body."""
    font = TTFont(
        package_file("report", "fonts", "OneXSansSC-Regular.ttf"),
        recalcTimestamp=False,
        recalcBBoxes=False,  # no outline changes: each is kept as it is written, not taken apart
    )
    options = subset.Options(
        layout_features=[], hinting=False, name_IDs=[1, 2, 4, 6, 13], flavor=FLAVOUR
    )
    cutter = subset.Subsetter(options)
    cutter.populate(text="".join(sorted(characters(body))))
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
