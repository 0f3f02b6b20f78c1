"""The font that travels with the product has every character of what it ships, so that no figure and no page shows a box."""

import base64
import re
from io import BytesIO
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from onexmodel.places import package_file, shipped
from onexmodel.report import REPORTS
from onexmodel.report.make.convert import Content, page_of
from onexmodel.report.make.font import font_face

HAS = set(TTFont(package_file("report", "fonts", "OneXSansSC-Regular.ttf")).getBestCmap())
SHIPPED = [
    *sorted(shipped("data", "published").glob("*.csv")),
    *sorted(shipped("data", "example").glob("*.csv")),
    *sorted(shipped("data", "scenarios").glob("*.yaml")),
    *(shipped("notebooks", f"{name}.ipynb") for name in REPORTS),
    *sorted(package_file("rules").glob("*.yaml")),
    package_file("law", "sources.yaml"),
    package_file("law", "clauses.yaml"),
    package_file("data", "columns.csv"),
    package_file("data", "codes.py"),
]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_every_character_of_what_is_shipped_is_in_the_font(path: Path):
    text = path.read_text(encoding="utf-8-sig")
    assert not {
        character for character in text if not character.isspace() and ord(character) not in HAS
    }


def of_page(page: str) -> TTFont:
    """The font inside a page."""
    data = re.search(r"data:font/woff;base64,([^)]*)\)", page)[1]
    return TTFont(BytesIO(base64.b64decode(data)))


@pytest.mark.parametrize(("language", "most"), [("en", 460), ("fr", 460), ("zh-CN", None)])
def test_quotes_of_a_text_in_latin_letters_are_narrow(language, most):
    """“data set” stood with as much white before and after it as a Chinese character takes."""
    signs = "“”‘’·"
    font = of_page(font_face(f"<p>{signs}甲a</p>", language).html)
    for sign in signs:
        name = font.getBestCmap()[ord(sign)]
        glyph, (width, left) = font["glyf"][name], font["hmtx"][name]
        if most:
            assert width <= most and left == glyph.xMin == width - glyph.xMax == 60
        else:
            assert width == 1000
    assert font["hmtx"][font.getBestCmap()[ord("甲")]][0] == 1000


@pytest.mark.parametrize(("language", "width", "low"), [("en", 918, 0), ("zh-CN", 1000, 314)])
def test_three_dots_stand_on_the_line_of_latin_letters(language, width, low):
    """They hung at half the height of English words, as Chinese has them."""
    font = of_page(font_face("<p>and so on…</p>", language).html)
    name = font.getBestCmap()[ord("…")]
    assert font["hmtx"][name][0] == width and font["glyf"][name].yMin == low


@pytest.mark.parametrize(("language", "most"), [("en", 900), ("zh-CN", 1000)])
def test_signs_of_arithmetic_have_no_more_white_in_a_text_in_latin_letters(language, most):
    font = of_page(font_face("<p>3 × 4 ÷ 2 ± 1 ≤ ≥</p>", language).html)
    for sign in "×÷±≤≥":
        width = font["hmtx"][font.getBestCmap()[ord(sign)]][0]
        assert width <= most and (language == "en" or width == 1000)


def test_dashes_are_no_wider_than_latin_letters_have_them():
    """The font's own: — under an em, – about a digit; nothing is cut off them."""
    for language in ("en", "zh-CN"):
        font = of_page(font_face("<p>0—–</p>", language).html)
        names = font.getBestCmap()
        digit, em_dash, en_dash = (font["hmtx"][names[ord(sign)]][0] for sign in "0—–")
        assert digit * 0.9 < en_dash <= digit < em_dash < 1000


def test_a_page_s_font_has_what_it_shows_and_not_what_its_record_holds():
    content = Content()
    content.open("甲")
    content.add(
        '<p>乙</p><script type="application/json">{"a": "丙"}</script><script>"丁"</script>'
    )
    content.run = {"report": "戊"}
    page = page_of(content, "zh")
    assert "戊" in page
    assert {chr(code) for code in of_page(page).getBestCmap()} & set("甲乙丙丁戊") == set("甲乙丙")
