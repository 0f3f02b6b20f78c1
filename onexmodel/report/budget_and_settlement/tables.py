"""Tables of budget_and_settlement, each a header and its rows; parts add to totals in print."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...analysis.budget import study as ss
from ...analysis.budget.pot import TERMS, by_tier, split
from ...analysis.disclosure import joined_groups
from ...analysis.headline import total
from ..page.numbers import gini, number, percent, points
from ..page.rounding import add_up

if TYPE_CHECKING:
    from .report import BudgetAndSettlement

PLAN = {
    "candidates": 0,
    "sittings": 0,
    "awarded": 0,
    "fee_bill": 1,
    "college_cash_cost": 1,
    "training_cash_cost": 1,
    "hours": 0,
    "uplift": 1,
}  # column → decimals
SPLIT = ("plain", "cut", "need", "award", "gap_before", "gap_after")
AGES = (*ss.s.BUCKETS, "arrears_fen")
COLUMNS = {
    "plan": (
        "offerings.candidates",
        "sittings",
        "awarded",
        "fee_bill",
        "college_cash_cost",
        "training_cash_cost",
        "added_hours",
        "uplift",
    ),
    "settled": (
        "payable_fen",
        "payments.amount",
        "arrears",
        "overpaid",
        "price_exception",
        "quantity_exception",
        "payment_exception",
        "settlement_rate",
    ),
    "sheet": ("needs", "flows", "funding_gap", "budget_lines.budgeted", "budget_lines.final"),
    "split": ("funding_gap",),
    "frontier": ("funding_gap", "funding.pot_weights"),
    "ages": ("age_bucket", "ageing", "arrears"),
}  # table → the quantities its notes explain
Table = tuple[list[str], Sequence[Sequence[object]]]  # header, rows


def _header(words: dict[str, str], *names: str) -> list[str]:
    return [words[name] for name in names]


def _without_twin(groups: pd.DataFrame) -> pd.DataFrame:
    """One group is the total: it is not printed twice."""
    return groups if len(groups) > 2 else groups.iloc[-1:]


def plan(report: BudgetAndSettlement) -> Table:
    """The year's assessment plan by level of schooling."""
    words, writer, result = report.words, report.writer, report.runs[1]
    compiled, served = result.compiled, result.served
    scope, tiers = report.study.scope(compiled)["college"], compiled.keys["college"]["tier"]
    groups = joined_groups(tiers[scope].value_counts(sort=False).to_dict(), report.least)
    masks = {"+".join(names): scope & tiers.isin(names).to_numpy() for names in groups}
    masks["all"] = scope
    sums = compiled.space.maps["offering", "college"].sum
    columns = {
        "candidates": sums(compiled.leaves["planned_candidates"]),
        **{name: sums(served[name]) for name in ("sittings", "awarded")},
        "hours": served["added_hours"],
        **{
            name: sums(served[name]) / 1e4
            for name in ("fee_bill", "college_cash_cost", "training_cash_cost")
        },
        "uplift": np.asarray(served["uplift"]) / 1e4,
    }
    frame = pd.DataFrame(
        {
            name: [float(total(values, mask)) for mask in masks.values()]
            for name, values in columns.items()
        },
        index=list(masks),
    )
    down = {"all": list(masks)[:-1]}
    frame = pd.concat(
        [
            add_up(
                frame[[name for name in columns if PLAN[name] == decimals]], down, None, decimals
            )
            for decimals in (0, 1)
        ],
        axis=1,
    )

    def cell(group: str, mask: np.ndarray, name: str) -> str:
        """A cell; no uplift is not an uplift of 0."""
        if name == "uplift" and not (mask & served["uplift_eligible"]).any():
            return words.not_applicable
        return writer.shown(number(frame.loc[group, name], PLAN[name]), int(mask.sum()))

    rows = [
        [words.tiers(group), number(mask.sum()), *(cell(group, mask, name) for name in PLAN)]
        for group, mask in masks.items()
        if group == "all" or len(masks) > 2  # one group is the total
    ]
    return _header(words.plan_columns, "tier", "colleges", *PLAN), rows


def _tiers_of(report: BudgetAndSettlement) -> list[tuple[str, ...]]:
    """Tiers of the accounts that may stand alone, smaller ones joined."""
    counts = report.ledger.batches.groupby("tier", sort=True)["college"].nunique().to_dict()
    return joined_groups(counts, report.least)


def settled(report: BudgetAndSettlement) -> Table:
    """Payable and paid, 10,000 yuan: by tier, or by batch in a college's own report."""
    words, alone, decimals = report.words, bool(report.study.college), report.decimals
    groups = ("assessment",) if alone else ("tier", _tiers_of(report))
    table = ss.by_group(report.ledger, *groups).set_index("group", drop=False)
    money = add_up(
        table[list(ss.AMOUNTS)] / 1e6,
        {"all": table.index[:-1].tolist()},
        {"payable_fen": {"paid_fen": 1, "arrears_fen": 1, "overpaid_fen": -1}},
        decimals=decimals,
    )
    rows = []
    for row in _without_twin(table).itertuples():
        cells = [number(value, decimals) for value in money.loc[row.group]]
        cells.append(percent(row.settlement_rate))
        rows.append(
            [
                row.group if alone and row.group != "all" else words.tiers(row.group),
                number(row.batches),
                *(report.writer.shown(cell, row.colleges) for cell in cells),
            ]
        )
    names = ("group", "batches", *ss.AMOUNTS, "settlement_rate")
    return _header(words.settled_columns, *names), rows


def by_age(report: BudgetAndSettlement) -> pd.DataFrame:
    """group of tiers, the last all → arrears by age and in all, 10,000 yuan; colleges."""
    table = ss.by_group(report.ledger, "tier", _tiers_of(report)).set_index("group")
    money = add_up(
        table[list(AGES)] / 1e6,
        {"all": table.index[:-1].tolist()},
        {"arrears_fen": dict.fromkeys(ss.s.BUCKETS, 1)},
    )
    return money.join(table["colleges"])


def ages(report: BudgetAndSettlement, money: pd.DataFrame) -> Table:
    """Arrears by age (`by_age`)."""
    words, shown = report.words, report.writer.shown
    rows = [
        [words.tiers(group), *(shown(number(row[name], 1), row["colleges"]) for name in AGES)]
        for group, row in _without_twin(money).iterrows()
    ]
    return _header(words.ages_columns, "tier", *AGES), rows


def pot_split(report: BudgetAndSettlement) -> tuple[pd.DataFrame, Table]:
    """How the formula splits the provincial pot over the tiers (analysis.budget.pot.by_tier): in yuan, and as the table."""
    words = report.words
    found = by_tier(split(report.study, report.runs[1], report.view), report.least)
    table = found.set_index("group", drop=False)
    off = table["gap_before"] - table["award"] - table["gap_after"]
    money = add_up(
        table[list(SPLIT)] / 1e4,
        {"all": table.index[:-1].tolist()},
        # no crowding out: an award closes what it pays
        {"gap_before": {"award": 1, "gap_after": 1}} if np.abs(off).max() < 1 else None,
        firm=("award", "gap_after"),
    )
    rows = [
        [
            words.tiers(row.group),
            number(row.colleges),
            percent(row.weight),
            *(
                report.writer.shown(number(value, 1), row.colleges)
                for value in money.loc[row.group]
            ),
        ]
        for row in _without_twin(table).itertuples()
    ]
    return found, (_header(words.split_columns, "tier", "colleges", "weight", *SPLIT), rows)


def frontier(words, found) -> Table:
    """The unbeaten weights of the pot, numbered as in the figure, and the current ones (numbers.Frontier)."""
    sets = [(str(i), row) for i, (_, row) in enumerate(found.best.iterrows(), start=1)]
    if not found.efficient:
        sets.append((words.current, found.now))
    rows = [
        [
            name,
            *(f"{row[term]:g}" for term in TERMS),
            points(row["secured"]),
            gini(row["gini"]),
            points(row["with_gap"]),
            percent(row["coverage"]),
        ]
        for name, row in sets
    ]
    names = ("set", *TERMS, "secured", "gini", "with_gap", "coverage")
    return _header(words.frontier_columns, *names), rows
