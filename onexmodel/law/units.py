"""Units of parameters, rules and columns in both languages: the list of units.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from ..places import package_file
from .yamlfile import read_yaml

NONE = "–"  # of a number without a unit


@cache
def units() -> Mapping[str, tuple[str, str]]:
    """Unit → what it is in Chinese and in English."""
    found = read_yaml(package_file("law", "units.yaml")).data
    return MappingProxyType(
        {
            unit: (unit, words) if isinstance(words, str) else (words["zh"], words["en"])
            for unit, words in found.items()
        }
    )


def in_english(unit: str) -> str:
    """A unit in English; what is not on the list stays as it is."""
    return units()[unit][1] if unit in units() else unit
