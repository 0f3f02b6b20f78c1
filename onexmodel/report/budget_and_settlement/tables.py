"""Tables of budget_and_settlement, each a header and its rows; parts add to totals in print."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...analysis.budget import study as ss
from ...analysis.budget.pot import TERMS, by_tier, split
from ...analysis.disclosure import joined_groups
from ...analysis.headline import total
from ..front.sums import Sum
from ..page.blocks import unbroken
from ..page.numbers import gini, number, percent, points
from .own import certificate_of
from .parts import OF_COSTS, PLAN, Table, header_of, plan_of, sums_of

if TYPE_CHECKING:
    from .report import BudgetAndSettlement

LISTED = 10  # colleges named at most where gap and arrears are largest
MISSING = ("gap", "arrears", "missing", "idle")
SPLIT = ("plain", "cut", "award", "gap_before", "gap_after")
AGES = (*ss.s.BUCKETS, "arrears_fen")
ASSESSED = (
    "offerings.candidates",
    "sittings",
    "awarded",
    "fee_bill",
    "college_cash_cost",
    "training_cash_cost",
)
COLUMNS = {
    "plan": (*ASSESSED, "added_hours", "uplift"),
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
    "certificates": ASSESSED,
    "sources": ("needs", "flows", "funding_gap"),
    "sheet": ("needs", "budget_lines.budgeted", "budget_lines.final"),
    "who": ("funding_gap", "arrears", "idle"),
    "steps": ("waterfall_gap", "funding_gap", "arrears", "idle"),
    "peers": ("needs", "funding_gap", "settlement_rate"),
    "split": ("funding_gap",),
    "frontier": ("funding_gap", "funding.pot_weights"),
    "ages": ("age_bucket", "ageing", "arrears"),
    "by_month": ("fee_bill",),
}  # table → the quantities its notes explain


def _without_twin(groups: pd.DataFrame, kept: int = 0) -> pd.DataFrame:
    """One group is the total: it is not printed twice. kept: 1 where the group itself is to stand."""
    return groups if len(groups) > 2 else groups.iloc[:-1] if kept else groups.iloc[-1:]


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
            name: sums(served[name])
            for name in ("fee_bill", "college_cash_cost", "training_cash_cost")
        },
        "uplift": np.asarray(served["uplift"]),
    }
    frame = pd.DataFrame(
        {
            name: [float(total(values, mask)) for mask in masks.values()]
            for name, values in columns.items()
        },
        index=list(masks),
    )
    texts = plan_of(frame, writer.money)

    def cell(group: str, mask: np.ndarray, name: str) -> str:
        """A cell; no uplift is not an uplift of 0."""
        if name == "uplift" and not (mask & served["uplift_eligible"]).any():
            return words.not_applicable
        lacking = report.lacking
        if (name == "uplift" and lacking.no_pay) or (name in OF_COSTS and lacking.no_costs):
            return words.not_filled
        return writer.shown(texts.loc[group, name], int(mask.sum()))

    rows = [
        [words.tiers(group), number(mask.sum()), *(cell(group, mask, name) for name in PLAN)]
        for group, mask in masks.items()
        if group == "all" or len(masks) > 2  # one group is the total
    ]
    return header_of(words.plan_columns, "tier", "colleges", *PLAN), rows


def _tiers_of(report: BudgetAndSettlement) -> list[tuple[str, ...]]:
    """Tiers of the accounts that may stand alone, smaller ones joined."""
    counts = report.ledger.batches.groupby("tier", sort=True)["college"].nunique().to_dict()
    return joined_groups(counts, report.least)


def where_missing(report: BudgetAndSettlement) -> Table:
    """Gap, arrears and idle limits: of the colleges with most of both, and the others together, in an internal report; else by tier."""
    words, writer = report.words, report.writer
    found = report.colleges.assign(missing=lambda frame: frame["gap"] + frame["arrears"])
    if writer.internal:
        named = found.sort_values("missing", ascending=False, kind="stable")
        named = named[named["missing"] > report.seen].head(LISTED).set_index("college")
        rest = found[~found["college"].isin(named.index)]
        groups = named[list(MISSING)].assign(colleges=1)
        if len(rest):
            groups.loc["rest", [*MISSING, "colleges"]] = [
                *(rest[name].sum() for name in MISSING),
                len(rest),
            ]
    else:
        tiers = joined_groups(found["tier"].value_counts(sort=False).to_dict(), report.least)
        groups = pd.DataFrame(
            {"+".join(some): found[found["tier"].isin(some)][list(MISSING)].sum() for some in tiers}
        ).T
        groups["colleges"] = [int(found["tier"].isin(some).sum()) for some in tiers]
    shown = [name for name in MISSING if name == "gap" or name == "idle" or _arrears_shown(report)]
    groups.loc["all"] = groups.sum()
    across = {"missing": {"gap": 1, "arrears": 1}} if "missing" in shown else None
    money = sums_of(groups[shown], writer.money, across)
    names = report.study.tables["colleges"].drop_duplicates("college").set_index("college")
    rows = []
    for group, row in money.iterrows():
        count = int(groups.at[group, "colleges"])
        if group == "rest":
            head = [words.others(count), ""]
        elif group == "all":
            head = [words.total, "" if writer.internal else number(count)]
        elif writer.internal:
            tier = found.loc[found["college"] == group, "tier"].iloc[0]
            head = [names["name"].get(group) or group, words.tiers(tier)]
        else:
            head = [words.tiers(group), number(count)]
        rows.append([*head, *(number(value, writer.money.decimals) for value in row)])
    first = ("name", "tier") if writer.internal else ("group", "colleges")
    return header_of(words.who_columns, *first, *shown), rows


def _arrears_shown(report: BudgetAndSettlement) -> bool:
    """May arrears stand by tier? Not where a tier's rest on fewer than five colleges."""
    if not report.settled.owes or report.writer.internal:
        return report.settled.owes
    counts = report.ledger.batches.groupby("tier")["college"].nunique()
    return bool((counts >= report.least).all())


def steps(report: BudgetAndSettlement) -> Table:
    """From the gap in its several meanings to what has to be asked for, each once."""
    words, writer, way = report.words, report.writer, report.way
    money = writer.money
    names = dict(words.steps_rows) | (dict(words.steps_alone) if report.alone else {})
    sums = {
        "own": way.budget.own,
        "gap": way.budget.gap,
        "owed": Sum(way.owed, least=report.seen),
        "settle": way.settle,
        "moved": way.moved,
        "ask": way.ask,
    }
    rows = []
    if report.pot_money > 0:
        rows.append([names["before"], money(report.before_award), ""])
    for name, found in sums.items():
        if name in ("own", "gap", "ask") or found.seen:
            rows.append([names[name], money(found.value), words.reach(found)])
    return words.steps_columns, rows


def settled(report: BudgetAndSettlement) -> Table:
    """Payable and paid: by tier, or by batch in a college's own report."""
    words, alone, money = report.words, report.alone, report.writer.money
    groups = ("assessment",) if alone else ("tier", _tiers_of(report))
    table = ss.by_group(report.ledger, *groups).set_index("group", drop=False)
    used = [name for name in ss.AMOUNTS if not alone or table[name].any()]
    across = {"payable_fen": {"paid_fen": 1, "arrears_fen": 1, "overpaid_fen": -1}}
    sums = sums_of(table[list(ss.AMOUNTS)] / 100, money, across)
    batches = report.ledger.batches.set_index("assessment")
    rows = []
    for row in _without_twin(table, 1 if alone else 0).itertuples():
        cells = [number(sums.at[row.group, name], money.decimals) for name in used]
        cells.append(percent(row.settlement_rate))
        if alone and row.group == "all":
            head = [words.total, "", ""]
        elif alone:
            batch = batches.loc[row.group]
            name = certificate_of(report, batch["certificate"], batch["level"])
            head = [row.group, name, unbroken(f"{batch['assessed_on']:%Y-%m-%d}")]
        else:
            head = [words.tiers(row.group), number(row.batches)]
        rows.append([*head, *(report.writer.shown(cell, row.colleges) for cell in cells)])
    first = ("batch", "certificate", "day") if alone else ("group", "batches")
    return header_of(words.settled_columns, *first, *used, "settlement_rate"), rows


def by_age(report: BudgetAndSettlement) -> pd.DataFrame:
    """group of tiers, the last all → arrears by age and in all, in the unit of print; colleges."""
    table = ss.by_group(report.ledger, "tier", _tiers_of(report)).set_index("group")
    across = {"arrears_fen": dict.fromkeys(ss.s.BUCKETS, 1)}
    sums = sums_of(table[list(AGES)] / 100, report.writer.money, across)
    return sums.join(table["colleges"])


def ages(report: BudgetAndSettlement) -> Table:
    """Arrears by age."""
    words, shown, decimals = report.words, report.writer.shown, report.writer.money.decimals
    rows = [
        [
            words.tiers(group),
            *(shown(number(row[name], decimals), row["colleges"]) for name in AGES),
        ]
        for group, row in _without_twin(by_age(report)).iterrows()
    ]
    return header_of(words.ages_columns, "tier", *AGES), rows


def pot_split(report: BudgetAndSettlement) -> tuple[pd.Series, Table]:
    """How the formula splits the provincial pool over the tiers (analysis.budget.pot.by_tier): the whole in yuan, and the table."""
    words, money = report.words, report.writer.money
    found = by_tier(split(report.study, report.runs[1], report.view), report.least)
    table = found.set_index("group", drop=False)
    off = table["gap_before"] - table["award"] - table["gap_after"]
    # no crowding out: an award closes what it pays
    across = {"gap_before": {"award": 1, "gap_after": 1}} if np.abs(off).max() < 1 else None
    sums = sums_of(table[list(SPLIT)], money, across, firm=("award", "gap_after"))
    rows = [
        [
            words.tiers(row.group),
            number(row.colleges),
            percent(row.weight),
            *(
                report.writer.shown(number(value, money.decimals), row.colleges)
                for value in sums.loc[row.group]
            ),
        ]
        for row in _without_twin(table).itertuples()
    ]
    header = header_of(words.split_columns, "tier", "colleges", "weight", *SPLIT)
    return found.iloc[-1], (header, rows)


def frontier(words, found) -> Table:
    """The weights to choose from (numbers.Frontier)."""
    rows = [
        [
            words.frontier_rows[name],
            *(f"{row[term]:g}" for term in TERMS),
            points(row["secured"]),
            points(row["with_gap"]),
            gini(row["gini"]),
        ]
        for name, row in found.options.items()
    ]
    return header_of(words.frontier_columns, "set", *TERMS, "secured", "with_gap", "gini"), rows
