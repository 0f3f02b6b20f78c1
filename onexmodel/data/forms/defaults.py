"""What is taken where the short form asks for nothing: values with unit, day, source and status, and what filling each in would add."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import pandas as pd

from ...law.yamlfile import read_yaml
from ...places import package_file, shipped

STATUS = {"published": "公布的数", "assumption": "假设"}

WAGES = "2021年城镇非私营单位平均工资与全国之比，国家统计局，《中国统计年鉴2022》"


@dataclass(frozen=True)
class Default:
    """One default: `given` holds its value or values; names, source and what filling it in adds in both languages."""

    name: str
    given: Mapping[str, Any]

    def value(self, tier: str = "") -> Any:
        """The value, of a tier where it differs by tier (any other text takes the one of higher colleges)."""
        value = self.given["value"]
        return value.get(tier, value["higher"]) if isinstance(value, Mapping) else value

    def amount(self, value: object) -> str:
        """A value with its unit, in Chinese: 40 人."""
        unit = self.given["unit"]
        return str(value) if unit in ("–", "全国=1") else f" {value} {unit}"


@dataclass(frozen=True)
class Taken:
    """A default taken for a cell: its `name`, the `value` as a cell would have it, or the Chinese `words` of what a value and a unit do not
    say; what else went into the number (`more`)."""

    name: str
    value: str = ""
    words: str = ""
    more: str = ""

    @property
    def default(self) -> Default:
        """The default."""
        return defaults()[self.name]

    @property
    def amount(self) -> str:
        """The value with its unit, in Chinese, or the words."""
        return (self.words or self.default.amount(self.value)).strip()

    def __str__(self) -> str:
        """How the address of such a value reads: 简表的缺省值：班额 40 人，假设."""
        given = self.default.given
        said = f"简表的缺省值：{given['zh']} {self.amount}，{STATUS[given['status']]}"
        return f"{said}，{self.more}" if self.more else said


@cache
def _file() -> Mapping[str, Any]:
    return read_yaml(package_file("data", "forms", "short_form.yaml")).data


def defaults() -> dict[str, Default]:
    """Every default by its name."""
    return {name: Default(name, given) for name, given in _file()["defaults"].items()}


def left_out() -> Mapping[str, Mapping[str, Any]]:
    """Tables for which nothing is taken → their names and what each would add, in both languages."""
    return _file()["left_out"]


def documents() -> Mapping[str, Mapping[str, str]]:
    """What the register of a data set made from a short form holds."""
    return _file()["documents"]


@cache
def published_provinces() -> pd.DataFrame:
    """province (GB/T 2260, two digits), name_zh, name_en, wage_index (average wage, nation = 1, published for 2021), in order of the codes."""
    rows = pd.read_csv(shipped("data", "published", "provinces.csv"), dtype={"province": str})
    wages = rows[rows["series"] == "wage_relative_to_national"]
    return wages.rename(columns={"value": "wage_index"})[
        ["province", "name_zh", "name_en", "wage_index"]
    ].reset_index(drop=True)
