"""Where a settlement number comes from: total → largest batches → fee, counted sittings, payments, each with its cell."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ...engine.accounts.ledger import Ledger
from ...languages import said
from ..explain.node import Node
from ..study import Study

SHOWN = 5
NAMES = {
    "payable_fen": ("应付考核费", "payable"),
    "paid_fen": ("已付", "paid"),
    "arrears_fen": ("未结清", "arrears"),
}
FORMULAS = {
    "payable_fen": ("考核日标准 × 计费人次", "fee on the day × counted sittings"),
    "paid_fen": ("该批次各笔支付之和（退款为负）", "sum of the batch's payments"),
    "arrears_fen": ("max(0, 应付 − 已付)", "max(0, payable − paid)"),
}
BASES = {
    "standard": ("当日执行标准", "standard in force"),
    "special_case": ("特殊情况标准", "special case"),
    "contract": ("协议价", "contract price"),
    "first_published": ("首次公布标准", "first published"),
    "invoice": ("发票单价（协议价）", "invoice"),
    "none": ("无", "none"),
}


def ledger_tree(study: Study, ledger: Ledger, name: str, lang: str = "zh") -> Node:
    """Tree of Σ payable, paid or arrears over the place, yuan. The largest batches are opened to the cells they rest on."""
    batches = ledger.batches.sort_values(name, ascending=False, kind="stable")
    parts = [
        _batch(study, row, name, lang)
        for row in batches.head(SHOWN).itertuples()
        if getattr(row, name)
    ]
    rest = batches[name].iloc[SHOWN:]
    if len(rest):
        parts.append(
            Node(
                "rest",
                said(lang, "其余批次", "other batches"),
                said(lang, f"{len(rest)} 批", f"{len(rest)} batches"),
                int(rest.sum()) / 100,
                said(lang, "元", "CNY"),
                "rest",
            )
        )
    title = said(lang, *NAMES[name]) + said(
        lang, f"合计（截至 {ledger.at.date()}）", f", total at {ledger.at.date()}"
    )
    return Node(
        name.removesuffix("_fen"),
        title,
        said(lang, f"{len(batches)} 批", f"{len(batches)} batches"),
        int(batches[name].sum()) / 100,
        said(lang, "元", "CNY"),
        "sum",
        said(lang, *FORMULAS[name]),
        children=tuple(parts),
    )


def rate_tree(study: Study, ledger: Ledger, lang: str = "zh") -> Node:
    """Tree of the settlement rate."""
    return Node(
        "settlement_rate",
        said(lang, "结清率", "settlement rate"),
        "",
        ledger.rate,
        "",
        "rule",
        said(lang, "Σ min(已付, 应付) ÷ Σ 应付", "Σ min(paid, payable) ÷ Σ payable"),
        children=(
            ledger_tree(study, ledger, "payable_fen", lang),
            ledger_tree(study, ledger, "arrears_fen", lang),
        ),
    )


def _batch(study: Study, row, name: str, lang: str) -> Node:
    yuan, heads = said(lang, "元", "CNY"), said(lang, "人次", "sittings")
    at = int(
        np.flatnonzero((study.tables["assessments"]["assessment"] == row.assessment).to_numpy())[0]
    )
    given = {
        "sittings": row.sittings,
        "registered": row.registered,
        "retakes": 0.0 if pd.isna(row.retakes) else row.retakes,
    }
    cells = tuple(
        Node(
            column,
            column,
            row.assessment,
            float(value),
            heads,
            "cell",
            source=_address(study, "assessments", at, column),
            private=True,
        )
        for column, value in given.items()
    )
    counted = Node(
        "counted_sittings",
        said(lang, "计费人次", "counted sittings"),
        "",
        float(row.counted),
        heads,
        "rule",
        children=cells,
        private=True,
    )
    rate = Node(
        "rate",
        said(lang, *BASES[row.basis]),
        str(row.assessed_on.date()),
        float(row.rate),
        said(lang, "元/人次", "CNY a sitting"),
        "cell",
        source=_rate_address(study, row, at),
    )

    def money(which: str, kind: str, formula: str, *children: Node) -> Node:
        return Node(
            which.removesuffix("_fen"),
            said(lang, *NAMES[which]),
            row.assessment,
            getattr(row, which) / 100,
            yuan,
            kind,
            formula,
            children=children,
            private=True,
        )

    payments = _payments(study, row.assessment, yuan, lang)
    payable = money("payable_fen", "rule", said(lang, *FORMULAS["payable_fen"]), rate, counted)
    paid = money("paid_fen", "sum", "", *payments)
    return {"payable_fen": payable, "paid_fen": paid}.get(name) or money(
        "arrears_fen", "rule", said(lang, *FORMULAS["arrears_fen"]), payable, paid
    )


def _payments(study: Study, batch: str, yuan: str, lang: str) -> tuple[Node, ...]:
    payments = study.tables["payments"]
    return tuple(
        Node(
            "amount",
            said(lang, "支付", "payment"),
            str(payments["voucher"].iloc[at]),
            float(payments["amount"].iloc[at]),
            yuan,
            "cell",
            source=_address(study, "payments", int(at), "amount"),
            private=True,
        )
        for at in np.flatnonzero((payments["assessment"] == batch).to_numpy())
    )


def _rate_address(study: Study, row, at: int) -> str:
    if row.basis == "contract":
        return _address(study, "assessments", at, "contract_fee")
    if row.basis == "invoice":
        paid = np.flatnonzero((study.tables["payments"]["assessment"] == row.assessment).to_numpy())
        return _address(study, "payments", int(paid[0]), "invoiced")
    fees = study.tables["fees"]
    column = "special_fee" if row.basis == "special_case" else "published_fee"
    hit = (
        (fees["province"] == row.province)
        & (fees["certificate"] == row.certificate)
        & (fees["level"] == row.level)
        & (fees[column] == row.rate)
    )
    if row.basis != "first_published":
        hit &= (fees["valid_from"] <= row.assessed_on) & (
            fees["valid_to"].isna() | (row.assessed_on < fees["valid_to"])
        )
    found = (
        fees.loc[hit, "valid_from"].sort_values(kind="stable").index
    )  # of several in force the one that began last holds
    return (
        _address(study, "fees", int(found[0 if row.basis == "first_published" else -1]), column)
        if len(found)
        else ""
    )


def _address(study: Study, table: str, row: int, column: str) -> str:
    origin = study.tables.origins.get(table)
    return origin.address(row, column) if origin else ""
