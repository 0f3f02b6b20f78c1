"""The one schema, read from columns.csv: tables, sheets, columns, types, needs."""

from __future__ import annotations

import csv
from dataclasses import dataclass

from ..places import package_file

CORE = ("provinces", "colleges", "organisations", "certificates", "components", "ingredients", "offerings")


@dataclass(frozen=True)
class Column:
    """One column: English name, Chinese header, unit, type, rule in words, example, where from, need (R, O, C)."""

    table: str
    sheet: str
    column: str
    header: str
    unit: str
    type: str
    rule: str
    example: str
    comes_from: str
    need: str


def load_schema() -> dict[str, dict[str, Column]]:
    """table → column → Column, in the order of the file."""
    schema: dict[str, dict[str, Column]] = {}
    with package_file("data", "columns.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            schema.setdefault(row["table"], {})[row["column"]] = Column(**row)
    return schema
