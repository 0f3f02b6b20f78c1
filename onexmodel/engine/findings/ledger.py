"""Findings of the cost ledger: rows, items with two bearers, prices far from their peers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ...data.tables import by_code
from ...rules import audit
from .finding import finding, placed

ITEM = ["certificate", "level", "component", "phase", "item", "sub_item"]
LARGE = 1e4  # yuan from which a sum is written in 万元


def in_words(yuan: float) -> str:
    """A sum in a sentence: 300 元, 226.9 万元."""
    return f"{yuan / 1e4:.1f} 万元" if yuan >= LARGE else f"{yuan:g} 元"


def ledger_findings(
    ingredients: pd.DataFrame,
    components: pd.DataFrame,
    colleges: pd.DataFrame,
    fees_outlier_mads: float,
) -> list[dict]:
    """Faults of the ledger itself. `components` gives each component's form (general rows), `colleges` each college's province."""
    general = components[(components["province"] == "") & (components["college"] == "")]
    forms = general.drop_duplicates(["certificate", "level", "component"])
    rows = ingredients.reset_index(drop=True).merge(
        forms[["certificate", "level", "component", "form"]],
        how="left",
        on=["certificate", "level", "component"],
    )
    home = rows["college"].map(by_code(colleges, "college")["province"])
    return (
        rowwise_findings(rows)
        + two_bearers(rows)
        + _outliers(rows, home.where(rows["college"] != "", rows["province"]), fees_outlier_mads)
    )


def rowwise_findings(rows: pd.DataFrame) -> list[dict]:
    """Printing and marking of computer-based parts, own staff paid in cash."""
    checks = {
        "printing_for_computer_based": (
            audit.printing_for_computer_based(rows["item"], rows["form"]),
            "机考环节列有试卷印制费",
        ),
        "marking_for_computer_based": (
            audit.marking_for_computer_based(rows["item"], rows["form"]),
            "机考客观题由机器评阅，却列有阅卷费",
        ),
        "paid_outside_total": (
            audit.paid_outside_total(rows["own_staff"], rows["cash_share"]),
            "本校人员在绩效工资总量之外领取现金",
        ),
    }
    return [
        finding(
            "ingredients",
            _item_key(rows.iloc[i]),
            rule,
            "warning",
            f"{words}，请说明或更正",
            **placed(rows.iloc[i]),
        )
        for rule, (mask, words) in checks.items()
        for i in np.flatnonzero(mask)
    ]


def two_bearers(rows: pd.DataFrame) -> list[dict]:
    """The same item of one place charged by both organisation and college."""
    place = [name for name in (*ITEM, "province", "college") if name in rows]
    both = rows.groupby(place, sort=False)["borne_by"].nunique()
    return [
        finding(
            "ingredients",
            {name: part for name, part in zip(place, key, strict=True) if part},
            "item_with_two_bearers",
            "warning",
            "同一地方同一费用项目由培训评价组织和院校重复列支，请明确一个承担方",
            **placed(dict(zip(place, key, strict=True))),
        )
        for key in both[both > 1].index
    ]


def _outliers(rows: pd.DataFrame, province: pd.Series, mads: float) -> list[dict]:
    """Prices far above the median of the same item in the same province (F9); rows for everywhere are compared among themselves."""
    same = [rows[name] for name in ("phase", "item", "sub_item", "driver")] + [
        province.rename("in_province")
    ]
    median = rows["unit_price"].groupby(same, sort=False).transform("median")
    deviation = (rows["unit_price"] - median).abs().groupby(same, sort=False).transform("median")
    far = np.flatnonzero(audit.outlier(rows["unit_price"], median, deviation, mads))
    return [
        finding(
            "ingredients",
            _item_key(row),
            "price_outlier",
            "warning",
            f"单价 {in_words(row['unit_price'])}高出本省同类中位数 {in_words(usual)}过多，退回核实",
            **placed(row),
        )
        for row, usual in zip(rows.iloc[far].to_dict("records"), median.iloc[far], strict=True)
    ]


def _item_key(row) -> dict[str, object]:
    """Column → code of an item of the ledger, without what is blank."""
    columns = (name for name in (*ITEM, "province", "college") if name in row)
    return {name: row[name] for name in columns if row[name] not in ("", None)}
