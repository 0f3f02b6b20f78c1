"""What codes are called on a page, Chinese and English: the tables of names.yaml."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from ...data.codes import BY_COLUMN
from ...languages import said
from ...law.units import units
from ...law.yamlfile import read_yaml
from ...places import package_file

CHINESE = re.compile(r"[\u4e00-\u9fff]")


class Name(NamedTuple):
    """What a code is called."""

    zh: str
    en: str


@cache
def _tables() -> Mapping[str, Mapping[str, Any]]:
    return read_yaml(package_file("report", "page", "names.yaml")).data


def names(table: str) -> dict[str, Name]:
    """Code → name, in the order of the file. A plain text there is the English name of a code that is Chinese itself."""
    return {
        code: Name(code, name) if isinstance(name, str) else Name(**name)
        for code, name in _tables()[table].items()
    }


SOURCES = names("SOURCES")
OWN = ("tuition", "other_income", "reallocation")
USES = names("USES")
BINDS = names("BINDS")
FORMS = names("FORMS")
TIERS = names("TIERS")
OWNERSHIP = names("OWNERSHIP")
LEVELS = names("LEVELS")
# codes that may stand as a value or a place; options of a parameter have their words in its YAML
CODES = names("CODES") | SOURCES | USES | BINDS | FORMS | TIERS | OWNERSHIP | LEVELS
OPTIONS = names("OPTIONS")
STATUS = names("STATUS")
KINDS = names("KINDS")
ROW_STATES = names("ROW_STATES")
SOURCE_KINDS = names("SOURCE_KINDS")
IN_FORCE = names("IN_FORCE")
ISSUERS = names("ISSUERS")
UNITS = {unit: Name(*pair) for unit, pair in units().items()}
FINDINGS = names("FINDINGS")
SEVERITIES = names("SEVERITIES")
GIVEN = names("GIVEN")
MONEY = names("MONEY")
MONEY_UNITS = names("MONEY_UNITS")
ITEMS = names("ITEMS")
FACTORS = names("FACTORS")
HEADLINES = names("HEADLINES")
ALONE = {many: one.en for many, one in names("ALONE").items()}
LEADING = HEADLINES | names("LEADING")  # what a report may lead with
CHAPTERS = names("CHAPTERS")


def called(table: Mapping[str, Name], code: str, lang: str) -> str:
    """A code's name where the table has one, else the text as it is."""
    name = table.get(code)
    return code if name is None else said(lang, *name)


def code_word(code: str, lang: str) -> str:
    """A code's name where it has one, else the text as it is."""
    return called(CODES, code, lang)


def column_word(column: str, code: str, lang: str) -> str:
    """What a code of a column of the data is called where no page has a name for it: in Chinese its word in the files, in English the code without
    underscores."""
    if lang != "zh":
        return code.replace("_", " ")
    return next((word for word, one in BY_COLUMN.get(column, {}).items() if one == code), code)


def unit_words(unit: str, lang: str) -> str:
    """A unit as people write it; nothing for numbers without one."""
    return called(UNITS, unit.strip("–- "), lang)


def proper(code: str, name: str, lang: str) -> str:
    """A proper name; on a page that is not Chinese the code stands before a Chinese one, which nobody has translated."""
    return f"{code} {name}" if lang != "zh" and CHINESE.search(name) else name or code


def foreign(text: str, lang: str) -> str:
    """A Chinese text as it may stand in an English report: marked, where nobody has translated it."""
    return f"{text} (in Chinese)" if lang != "zh" and CHINESE.search(text) else text
