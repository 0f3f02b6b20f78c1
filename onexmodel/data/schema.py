"""The one schema, read from columns.csv: tables, sheets, columns, types, needs."""

from __future__ import annotations

import csv
import math
import re
from dataclasses import dataclass
from functools import cache

from ..law.parameters import LARGEST, LARGEST_MONEY
from ..places import package_file

CORE = (
    "provinces",
    "colleges",
    "organisations",
    "certificates",
    "components",
    "ingredients",
    "offerings",
)

NEEDED = tuple(
    table for table in CORE if table != "ingredients"
)  # without these there is nothing to calculate; without cost lines fees, hours and pay can be

TYPES = {
    "id": "编号",
    "code": "代码",
    "text": "文字",
    "int": "整数",
    "float": "数",
    "money": "金额",
    "share": "比例",
    "hours": "课时",
    "date": "日期",
    "bool": "是/否",
    "enum": "选项",
    "list": "选项（可多选）",
}


@dataclass(frozen=True)
class Column:
    """One column: English name, Chinese header, unit, type, rule in Chinese and in English (which is read for bounds), example,
    where from, need (R, O, C)."""

    table: str
    sheet: str
    column: str
    header: str
    unit: str
    type: str
    rule_zh: str
    rule_en: str
    example: str
    comes_from: str
    need: str

    @property
    def type_zh(self) -> str:
        """Its type as the person who fills it in reads it."""
        return TYPES[self.type]

    @property
    def numeric(self) -> bool:
        """Whether its values are numbers."""
        return self.type in ("int", "float", "money", "share", "hours")

    @property
    def bounds(self) -> tuple[float, float, bool]:
        """(lowest, highest, lowest itself excluded) as the rule says; amounts are not negative unless the rule says so."""
        low, high = (
            (-math.inf if "negative" in self.rule_en else 0.0),
            (1.0 if self.type == "share" else math.inf),
        )
        if spelled := re.match(r"(-?[\d.]+)\.\.(-?[\d.]+)", self.rule_en):
            low, high = float(spelled[1]), float(spelled[2])
        elif spelled := re.match(r">=?(\d[\d.]*)(?![\d-])", self.rule_en):
            low = float(spelled[1])
        return low, high, self.rule_en.startswith(">0")

    @property
    def largest(self) -> float:
        """Beyond it a number is a slip, whatever the rule says."""
        return LARGEST_MONEY if self.type == "money" else LARGEST

    @property
    def earliest(self) -> str:
        """The first day a date may name ("" where the rule sets none)."""
        spelled = re.search(r"(?:>=|from )(\d{4}-\d\d-\d\d)", self.rule_en)
        return spelled[1] if spelled else ""


@cache
def load_schema() -> dict[str, dict[str, Column]]:
    """table → column → Column, in the order of the file."""
    return _columns("columns.csv")


@cache
def short_schema() -> dict[str, dict[str, Column]]:
    """The same for the two tables of the short form (简表), which stand one below the other on one sheet."""
    return _columns("forms", "short_form.csv")


def _columns(*file_name: str) -> dict[str, dict[str, Column]]:
    schema: dict[str, dict[str, Column]] = {}
    with package_file("data", *file_name).open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            schema.setdefault(row["table"], {})[row["column"]] = Column(**row)
    return schema


ABOUT_SETS = """
## 标记与数据说明 Marks and what a set says of itself

每张表可有一列「标记」：空白或 观测、估算、模拟、示例（示例行不读入）。工作簿的「说明」表、文件夹的 `dataset.yaml` 写整套数据的情况。
Every table may have a column 标记: blank or 观测 observed, 估算 estimated, 模拟 simulated, 示例 example (not read). Sheet 说明 of a workbook,
or `dataset.yaml` of a folder, describes the set.

| 说明 | dataset.yaml | 内容 |
|---|---|---|
| 数据名称 | `title` | 名称；`{zh: …, en: …}` 或一种文字 |
| 数据状态 | `status` | 没有标记的行：观测 `observed`、估算 `estimated`、模拟 `simulated`；一行的状态取标记、整套状态和所依据文件（性质为假设、模拟）中最差的 |
| 数据说明 | `label` | 印在每页的说明；有模拟或估算的行时，前面自动加上是哪些表 |
| 混合使用 | `mixed` | 是 `true` 才允许观测与模拟的行合在一个总数里，并印出占比；缺省为否 |
| 填补 | `impute` | 列与办法，如 `{column: 院校.标准年课时, method: 同省同层次中位数}` |
"""


def dictionary() -> str:
    """The data dictionary in Markdown, a section per table: docs/data_dictionary.md holds exactly this."""
    parts = [
        "# 数据字典 Data dictionary\n\nMade from `onexmodel/data/columns.csv` by `python -m onexmodel.data`. "
        "必填 R required · 选填 O optional · 条件必填 C where the rule says so.\n"
    ]
    for table, columns in load_schema().items():
        first = next(iter(columns.values()))
        parts.append(
            f"\n## {first.sheet} `{table}`\n\n| 表头 | column | 单位 | 类型 | 规则 | rule | 例 | 来自 | 需要 |\n|---|---|---|---|---|---|---|---|---|\n"
        )
        parts += [
            "| "
            + " | ".join(
                cell.replace("|", "\\|")
                for cell in (
                    one.header,
                    f"`{one.column}`",
                    one.unit,
                    one.type_zh,
                    one.rule_zh,
                    one.rule_en,
                    one.example,
                    one.comes_from,
                    one.need,
                )
            )
            + " |\n"
            for one in columns.values()
        ]
    return "".join(parts) + ABOUT_SETS
