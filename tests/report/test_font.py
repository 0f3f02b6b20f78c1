"""The font that travels with the product has every character of what it ships, so that no figure and no page shows a box."""

from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from onexmodel.places import package_file, shipped
from onexmodel.report import REPORTS

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
