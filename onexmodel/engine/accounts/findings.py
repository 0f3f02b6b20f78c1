"""What the ledger shows that has to be explained or reported upward (C12, C14)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from ...data.checking.transfer import in_words
from ...data.tables import by_code
from ..findings.finding import finding
from .ledger import CELL, Ledger, fen

CENT = 1  # fen: differences up to this are rounding
BASES = {
    "contract": ("note", "考核日尚无标准，按协议价计"),
    "first_published": ("note", "考核日尚无标准，按首次公布价计"),
    "invoice": ("warning", "考核日尚无标准，也没有协议价，按发票计（协议价），请补协议"),
    "none": ("warning", "没有标准、协议价和发票，应付按 0 计，请补协议价"),
}


def ledger_facts(ledger: Ledger, tables) -> list[dict]:
    """Every finding of §7 on batches, payments and fees: table, key, rule, severity, sentence."""
    batches = ledger.batches
    payments = tables["payments"]
    payments = payments[payments["paid_on"] <= ledger.at]
    return (
        _above_standard(batches)
        + _counts(batches)
        + _basis(batches)
        + _early_special(batches, tables["fees"])
        + _overdue(batches)
        + _payments(payments, tables["assessments"])
        + _two_fees(tables["fees"])
    )


def _facts(
    rows: pd.DataFrame,
    key: str,
    rule: str,
    sentence: Callable,
    table: str = "payments",
    severity: str = "warning",
) -> list[dict]:
    """A finding a row, by the column `key`; sentence: what is said of a row."""
    return [
        finding(table, str(getattr(row, key)), rule, severity, sentence(row))
        for row in rows.itertuples()
    ]


def _yuan(amount: float) -> str:
    """Yuan to the fen; whole ones without decimals."""
    return f"{amount:.2f}".removesuffix(".00")


def _above_standard(batches) -> list[dict]:
    standing = batches["basis"].isin(("standard", "special_case")).to_numpy()
    count = batches["invoiced_sittings"].to_numpy(float)
    with np.errstate(invalid="ignore", divide="ignore"):
        dear = standing & (
            batches["invoiced_fen"].to_numpy()
            > np.rint(batches["rate"].to_numpy(float) * 100 * count) + CENT
        )
    return _facts(
        batches[dear],
        "assessment",
        "paid_above_standard",
        lambda row: (
            f"批次 {row.assessment} 发票单价 {_yuan(row.invoiced_fen / 100 / row.invoiced_sittings)} 元，高于当日标准 {row.rate:g} 元，请说明"
        ),
    )


def _counts(batches) -> list[dict]:
    off = batches["invoiced_sittings"].notna() & (
        batches["invoiced_sittings"] != batches["sittings"]
    )
    return _facts(
        batches[off],
        "assessment",
        "invoiced_not_recorded",
        lambda row: (
            f"批次 {row.assessment} 发票 {row.invoiced_sittings:g} 人次，记录 {row.sittings:g} 人次，请核对"
        ),
    )


def _basis(batches) -> list[dict]:
    return [
        finding(
            "assessments",
            str(batch),
            f"basis_{basis}",
            BASES[basis][0],
            f"批次 {batch} {BASES[basis][1]}",
        )
        for batch, basis in zip(batches["assessment"], batches["basis"], strict=True)
        if basis in BASES
    ]


def _early_special(batches, fees) -> list[dict]:
    cases = fees[fees["special_case"].astype(bool) & fees["special_fee"].notna()]
    joined = batches.merge(
        cases[[*CELL, "special_fee", "special_from", "special_document"]], on=CELL
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        charged = joined["invoiced_fen"] / 100 / joined["invoiced_sittings"]
    before = (joined["special_from"] > joined["assessed_on"]) | (joined["special_document"] == "")
    allowed = (joined["basis"] == "special_case") & (
        (joined["rate"] - joined["special_fee"]).abs() < 0.01
    )  # an earlier case at the same fee
    hit = before & ~allowed & ((charged - joined["special_fee"]).abs() < 0.01)
    return _facts(
        joined[hit].drop_duplicates("assessment"),
        "assessment",
        "special_case_before_approval",
        lambda row: (
            f"批次 {row.assessment} 在特殊情况审核生效前（或没有审核文号）已按 {row.special_fee:g} 元收取，请说明"
        ),
    )


def _overdue(batches) -> list[dict]:
    return _facts(
        batches[batches["due"] & (batches["arrears_fen"] > 0) & (batches["age_days"] > 0)],
        "assessment",
        "arrears_in_scope",
        lambda row: (
            f"批次 {row.assessment} 考核于 {row.assessed_on.date()}，尚有 {_yuan(row.arrears_fen / 100)} 元未结清，属{in_words(row.due_by)}前应结清范围"
        ),
        "assessments",
    )


def _payments(payments, assessments) -> list[dict]:
    day = payments["assessment"].map(by_code(assessments, "assessment")["assessed_on"])
    again = payments.duplicated(["college", "voucher"]) & (payments["assessment"] != "")
    return [
        *_facts(
            payments[payments["paid_on"] < day],
            "voucher",
            "paid_before_assessment",
            lambda row: f"凭证 {row.voucher} 支付于 {row.paid_on.date()}，早于考核日期，预付请说明",
        ),
        *_facts(
            _again(payments, assessments),
            "voucher",
            "paid_twice",
            lambda row: (
                f"批次 {row.assessment} 已按发票付清，凭证 {row.voucher} 又付 {_yuan(row.amount)} 元，疑似重复支付"
            ),
        ),
        *_facts(
            payments[again],
            "voucher",
            "voucher_again",
            lambda row: f"凭证号 {row.voucher} 在本校出现多次",
            severity="note",
        ),
        *_facts(
            payments[payments["payer"] == "student"],
            "voucher",
            "charge_to_students",
            lambda row: (
                f"凭证 {row.voucher} 由学生付款 {_yuan(row.amount)} 元，需说明（通知没有提到向学生收取）"
            ),
        ),
        *_facts(
            payments[payments["assessment"] == ""],
            "voucher",
            "unmatched_payment",
            lambda row: (
                f"凭证 {row.voucher} 没有写考核批次号，{_yuan(row.amount)} 元未计入任何批次"
            ),
        ),
    ]


def _again(payments, assessments) -> pd.DataFrame:
    """Payments of a sum that had already settled its bill. Equal bills of a batch that together charge no more than the sittings recorded
    are parts of it, not one bill paid twice."""
    rows = payments[(payments["assessment"] != "") & (payments["invoiced"] > 0)]
    full = rows[fen(rows["amount"]) >= fen(rows["invoiced"])]
    same = ["college", "assessment", "amount"]
    recorded = full["assessment"].map(by_code(assessments, "assessment")["sittings"]).astype(float)
    parts = (full.groupby(same).cumcount() + 1) * full["invoiced_sittings"] <= recorded
    return full[full.duplicated(same) & ~parts]


def _two_fees(fees: pd.DataFrame) -> list[dict]:
    """Two different published fees for one certificate and level in a province on one day (F4 asks for one)."""
    rows = fees[fees["published_fee"].notna()].sort_values([*CELL, "valid_from"], kind="stable")
    end = rows["valid_to"].fillna(pd.Timestamp("2262-01-01"))
    same = (rows[CELL] == rows[CELL].shift()).all(axis=1)
    open_before = (rows["valid_from"] < end.shift()) & rows["valid_to"].shift().notna()
    clash = (
        same
        & (open_before | (rows["valid_from"] == rows["valid_from"].shift()))
        & (rows["published_fee"] != rows["published_fee"].shift())
    )
    return _facts(
        rows.assign(cell=rows["province"] + "/" + rows["certificate"] + "/" + rows["level"])[clash],
        "cell",
        "two_fees",
        lambda row: "同一省份、证书、等级在同一天有两个标准，应统一标准",
        "fees",
    )
