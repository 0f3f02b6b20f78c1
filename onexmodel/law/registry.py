"""What stands beside the rules in rules/*.yaml: parameters, rules and declared sums, a file a topic."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from ..places import package_file
from .yamlfile import YamlFile, read_yaml

TOPICS = (
    "volume",
    "cost",
    "fee",
    "response",
    "workload",
    "pay",
    "funding",
    "settlement",
    "compare",
)
INTENSITY_COLUMN = (
    26  # of the draws: taken by how far levers are carried out, which is no parameter
)
AXES = ("component", "offering", "national", "cell", "supplier", "college")


@cache  # depends on the packaged files alone, never on data
def topic_files() -> tuple[YamlFile, ...]:
    """The files, in the order of the method's chapters."""
    return tuple(read_yaml(package_file("rules", f"{topic}.yaml")) for topic in TOPICS)


@cache  # depends on the packaged files alone, never on data
def declared() -> Mapping[str, Mapping[str, Any]]:
    """name → entry of every rule and declared sum, as they stand; load_law says what is wrong with them."""
    return MappingProxyType(
        {
            name: entry
            for file in topic_files()
            for name, entry in file.data.get("rules", {}).items()
        }
    )


def rules_by_axis() -> dict[str, str]:
    """Rule → the axis it lives on."""
    return {
        name: entry["axis"]
        for name, entry in declared().items()
        if "axis" in entry and "sum_of" not in entry
    }


def sums() -> dict[str, tuple[str, str]]:
    """Declared sum → (quantity, axis it is summed to)."""
    return {
        name: (entry["sum_of"], entry["axis"])
        for name, entry in declared().items()
        if "sum_of" in entry
    }


def served_rules() -> tuple[str, ...]:
    """Rules on offerings and colleges that are computed on what is served."""
    return tuple(
        name
        for name, axis in rules_by_axis().items()
        if axis in ("component", "offering", "college") and declared()[name].get("stage") != "plan"
    )


def adds_up(name: str) -> bool:
    """Has a place a total of the quantity?"""
    return bool(declared()[name].get("adds_up", True))
