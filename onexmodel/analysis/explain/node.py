"""A derivation tree's lines, and the ends of it that are rows of the ledger or of the pots: cells with their addresses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ...data import codes
from ...languages import said
from .derive import Derivation

INDICES = {"price_index": "价格水平指数", "wage_index": "工资水平指数"}


@dataclass(frozen=True)
class Node:
    """One line of a tree. kind: rule · sum · item · cell · parameter · rest. `value` is a number or words."""

    name: str
    title: str
    where: str
    value: Any
    unit: str
    kind: str
    formula: str = ""
    source: str = ""
    note: str = ""
    children: tuple[Node, ...] = ()
    private: bool = False  # belongs to one college: its value stays out of a circulated report


def row_address(derived: Derivation, table: str, row: int, column: str) -> str:
    """File, sheet, row and column of a cell of the tables as read."""
    origin = derived.study.tables.origins.get(table)
    return origin.address(row, column) if origin is not None else f"{table}（未提供）"


def limit_rows(derived: Derivation, owner: str, source: str) -> np.ndarray:
    """The rows of the funding table that give an owner a source in the study's year."""
    funding = derived.study.tables["funding"]
    hit = (funding["owner"] == owner) & (funding["source_of_funds"] == source)
    return np.flatnonzero((hit & (funding["year"] == derived.study.year)).to_numpy())


def limit_addresses(derived: Derivation, rows: np.ndarray) -> str:
    """The cells of their limits, "" of none."""
    return "；".join(row_address(derived, "funding", int(row), "limit") for row in rows)


def item_node(derived: Derivation, stage: str, part, lang: str, count: Node | None) -> Node:
    """One ledger row at one offering: its price, quantity and every factor between them and its yuan, each a leaf; they and the count
    of its driver multiply to its value."""
    line, _, yuan, _, _ = part
    words = {code: zh for zh, code in (*codes.ITEM.items(), *codes.SUB_ITEM.items())}
    title = "·".join(
        words.get(line[name], line[name]) if lang == "zh" else str(line[name]).replace("_", " ")
        for name in ("item", "sub_item")
        if line[name]
    )
    factors = [
        *_ledger_cells(derived, line, part, lang),
        *_place_factors(derived, stage, line, part, lang),
    ]
    return Node(
        "item_cost",
        title,
        str(line["certificate"]),
        yuan,
        said(lang, "元/年", "CNY a year"),
        "item",
        said(lang, "单价 × 用量 × 各系数 × 动因数量", "price × quantity × factors × driver count"),
        children=(*factors, *((count,) if count else ())),
        private=True,
    )


def _ledger_cells(derived, line, part, lang: str) -> list[Node]:
    zh, row = lang == "zh", int(line["row"])
    audited = part[4] == "audited" and not pd.isna(line["audited_price"])

    def cell(column: str, title: str, value: float, unit: str = "", name: str = "") -> Node:
        source = row_address(derived, "ingredients", row, column)
        return Node(name or column, title, "", float(value), unit, "cell", source=source)

    price = "audited_price" if audited else "unit_price"
    priced = ("核定单价" if audited else "单价") if zh else price.replace("_", " ")
    made = [
        cell(price, priced, line[price], "元" if zh else "CNY"),
        cell("quantity", "用量" if zh else "quantity", line["quantity"]),
    ]
    if not pd.isna(line["life_years"]):
        whole = line["unit_price"] * line["quantity"] * line["index"]
        yearly, life = line["outlay"] / whole if line["outlay"] else 0.0, f"{line['life_years']:g}"
        rate = derived.study.composition.law.parameters["funding.discount_rate"]
        title = (
            f"年金系数（{life}年，贴现率见参数 {rate.zh}）" if zh else f"annuity over {life} years"
        )
        made.append(cell("life_years", title, yearly, name="annuity"))
    if part[4] == "cash":
        shared = "现金支出占比" if zh else "share in cash"
        made.append(cell("cash_share", shared, line["cash_share"]))
    return made


def _place_factors(derived, stage: str, line, part, lang: str) -> list[Node]:
    made, tables = [], derived.study.tables
    offering = derived.stages[stage].compiled.keys["offering"].iloc[part[3][2]]
    column = {"price": "price_index", "wage": "wage_index"}.get(line["priced_by"])
    if column:
        row = int(np.flatnonzero(tables["provinces"]["province"] == offering["province"])[0])
        made.append(
            Node(
                column,
                said(lang, INDICES[column], column.replace("_", " ")),
                offering["province"],
                float(line["index"]),
                "",
                "cell",
                source=row_address(derived, "provinces", row, column),
            )
        )
    if line["has_factor"]:
        row = int(np.flatnonzero(tables["colleges"]["college"] == offering["college"])[0])
        made.append(
            Node(
                "cost_factor",
                said(lang, "院校成本系数", "the college's cost factor"),
                offering["college"],
                float(derived.stages[stage].compiled.cost_factor[part[3][2]]),
                "",
                "cell",
                source=row_address(derived, "colleges", row, "cost_factor"),
                private=True,
            )
        )
    return made


def pot_children(derived: Derivation, stage: str, index: int, lang: str) -> tuple[Node, ...]:
    """What an award is made of: the pots, the college's need and its share of the weights."""
    zh, pots = lang == "zh", derived.pots(stage, index)
    province = derived.stages[stage].compiled.keys["college"]["province"].iloc[index]
    unit, made = "元/年" if zh else "CNY a year", []
    for source, money in pots.money.items():
        rows = limit_rows(derived, province, source)
        word = next(word for word, code in codes.SOURCE_OF_FUNDS.items() if code == source)
        made.append(
            Node(
                f"pot_{source}",
                f"省级统筹·{word}" if zh else f"provincial pot, {source.replace('_', ' ')}",
                province,
                money,
                unit,
                "cell",
                source=limit_addresses(derived, rows) or ("没有这一行" if zh else "no such row"),
            )
        )
    return (
        *made,
        Node(
            "pot_need",
            said(
                lang,
                "首个统筹来源不限额时可补上的缺口",
                "gap that unlimited money of the first pot would close",
            ),
            "",
            pots.need,
            unit,
            "constant",
            private=True,
        ),
        Node(
            "pot_weight",
            said(
                lang,
                f"在{pots.colleges}所院校中的权重份额",
                f"share of the weights of {pots.colleges} colleges",
            ),
            "",
            pots.weight,
            "",
            "constant",
            private=True,
        ),
    )
