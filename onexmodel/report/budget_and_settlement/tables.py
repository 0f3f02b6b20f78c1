"""Tables of budget_and_settlement, each a header and its rows; parts add to totals in print."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...analysis.budget import study as ss
from ...analysis.budget.pot import TERMS, by_tier, split
from ...analysis.disclosure import joined_groups
from ..front.sums import Sum
from ..money import Table, one_once, sums_by, sums_of
from ..page.blocks import unbroken
from ..page.numbers import gini, number, percent, points
from .own import certificate_of
from .parts import PLAN, plan_of, unknown

if TYPE_CHECKING:
    from .report import BudgetAndSettlement

LISTED = 10  # colleges named at most where gap and arrears are largest
MISSING = ("gap", "arrears", "missing", "idle")
SPLIT = ("plain", "cut", "award", "gap_before", "gap_after")
OF_COLLEGE = {"hours": "added_hours", "uplift": "uplift"}  # of PLAN: not of an offering
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


def plan(report: BudgetAndSettlement) -> Table:
    """The year's assessment plan by level of schooling."""
    words, writer, result = report.words, report.writer, report.runs[1]
    served, inside, groups = result.served, report.scope["college"], report.groups(whole=True)
    offered = {"candidates": result.compiled.leaves["planned_candidates"], **served}
    sums = result.compiled.space.maps["offering", "college"].sum
    values = {name: sums(offered[name]) for name in PLAN if name not in OF_COLLEGE}
    values |= {name: np.broadcast_to(served[of], len(inside)) for name, of in OF_COLLEGE.items()}
    frame = sums_by(groups, {name: values[name][inside] for name in PLAN})
    texts, eligible = plan_of(frame, writer.money), served["uplift_eligible"][inside]

    def cell(group: str, rows: np.ndarray, name: str) -> str:
        """A cell; no uplift is not an uplift of 0."""
        if name == "uplift" and not (rows & eligible).any():
            return words.not_applicable
        if name in unknown(report):
            return words.not_filled
        return writer.shown(texts.loc[group, name], int(rows.sum()))

    made = [
        [words.tiers(group), number(rows.sum()), *(cell(group, rows, name) for name in PLAN)]
        for group, rows in groups.items()
    ]
    return [words.plan_columns[name] for name in ("tier", "colleges", *PLAN)], one_once(made)


def _by_tier(report: BudgetAndSettlement) -> dict[str, int]:
    """Tier → how many colleges have accounts."""
    return report.ledger.batches.groupby("tier")["college"].nunique().to_dict()


def where_missing(report: BudgetAndSettlement) -> Table:
    """Gap, arrears and idle limits: of the colleges with most of both, and the others together, in an internal report; else by tier."""
    words, writer, internal = report.words, report.writer, report.writer.internal
    found = report.colleges.assign(missing=lambda frame: frame["gap"] + frame["arrears"])
    if internal:
        heads = _largest(report, found)
        groups = {name: found["college"] == name for name in heads}
        listed = found["college"].isin(heads)
        if not listed.all():
            groups["rest"] = ~listed
            heads["rest"] = [words.others(int((~listed).sum())), ""]
    else:
        groups = report.groups()
        heads = {name: [words.tiers(name), number(rows.sum())] for name, rows in groups.items()}
    groups["all"] = np.ones(len(found), bool)
    heads["all"] = [words.total, "" if internal else number(len(found))]
    shown = [name for name in MISSING if name in ("gap", "idle") or _arrears_shown(report)]
    across = {"missing": {"gap": 1, "arrears": 1}} if "missing" in shown else None
    sums = pd.DataFrame({name: found.loc[rows, shown].sum() for name, rows in groups.items()}).T
    money = sums_of(sums, writer.money, across)
    rows = [
        [*heads[name], *(number(value, writer.money.decimals) for value in row)]
        for name, row in money.iterrows()
    ]
    first = ("name", "tier") if internal else ("group", "colleges")
    return [words.who_columns[name] for name in (*first, *shown)], rows


def _largest(report: BudgetAndSettlement, found: pd.DataFrame) -> dict[str, list[str]]:
    """Colleges with most gap and arrears, the largest first: code → name, tier."""
    most = found[found["missing"] > report.seen]
    most = most.sort_values("missing", ascending=False, kind="stable").head(LISTED)
    names = report.study.tables["colleges"].drop_duplicates("college").set_index("college")["name"]
    return {
        row.college: [names.get(row.college) or row.college, report.words.tiers(row.tier)]
        for row in most.itertuples()
    }


def _arrears_shown(report: BudgetAndSettlement) -> bool:
    """May arrears stand by tier? Not where a tier's rest on fewer than five colleges."""
    enough = all(colleges >= report.least for colleges in _by_tier(report).values())
    return report.settled.owes and enough


def steps(report: BudgetAndSettlement) -> Table:
    """From the gap in its several meanings to what has to be asked for, each once."""
    words, way, money = report.words, report.way, report.writer.money
    names = words.steps_rows | (words.steps_alone if report.alone else {})
    sums = {
        "own": way.budget.own,
        "gap": way.budget.gap,
        "owed": Sum(way.owed, least=report.seen),
        "settle": way.settle,
        "moved": way.moved,
        "ask": way.ask,
    }
    rows = [
        [names[name], money(found.value), words.reach(found)]
        for name, found in sums.items()
        if name in ("own", "gap", "ask") or found.seen
    ]
    if report.pot_money > 0:
        rows.insert(0, [names["before"], money(report.before_award), ""])
    return words.steps_columns, rows


def settled(report: BudgetAndSettlement) -> Table:
    """Payable and paid: by tier, or by batch in a college's own report."""
    words, alone, money = report.words, report.alone, report.writer.money
    groups = ("assessment",) if alone else ("tier", joined_groups(_by_tier(report), report.least))
    table = ss.by_group(report.ledger, *groups).set_index("group")
    used = [name for name in ss.AMOUNTS if not alone or table[name].any()]
    across = {"payable_fen": {"paid_fen": 1, "arrears_fen": 1, "overpaid_fen": -1}}
    sums = sums_of(table[list(ss.AMOUNTS)] / 100, money, across)
    batches = report.ledger.batches.set_index("assessment")
    rows = []
    for row in table.itertuples():
        cells = [number(sums.at[row.Index, name], money.decimals) for name in used]
        cells.append(percent(row.settlement_rate))
        if not alone:
            head = [words.tiers(row.Index), number(row.batches)]
        elif row.Index == "all":
            head = [words.total, "", ""]
        else:
            batch = batches.loc[row.Index]
            name = certificate_of(report, batch["certificate"], batch["level"])
            head = [row.Index, name, unbroken(f"{batch['assessed_on']:%Y-%m-%d}")]
        rows.append([*head, *(report.writer.shown(cell, row.colleges) for cell in cells)])
    first = ("batch", "certificate", "day") if alone else ("group", "batches")
    header = [words.settled_columns[name] for name in (*first, *used, "settlement_rate")]
    return header, rows if len(rows) > 2 else rows[:1] if alone else rows[1:]


def ages(report: BudgetAndSettlement) -> Table:
    """Arrears by age."""
    words, writer = report.words, report.writer
    tiers = joined_groups(_by_tier(report), report.least)
    table = ss.by_group(report.ledger, "tier", tiers).set_index("group")
    across = {"arrears_fen": dict.fromkeys(ss.s.BUCKETS, 1)}
    sums = sums_of(table[list(AGES)] / 100, writer.money, across)
    rows = [
        [
            words.tiers(group),
            *(
                writer.shown(number(value, writer.money.decimals), table.at[group, "colleges"])
                for value in row
            ),
        ]
        for group, row in sums.iterrows()
    ]
    return [words.ages_columns[name] for name in ("tier", *AGES)], one_once(rows)


def pot_split(report: BudgetAndSettlement) -> tuple[pd.Series, Table]:
    """How the formula splits the provincial pool over the tiers (analysis.budget.pot.by_tier): the whole in yuan, and the table."""
    words, writer, money = report.words, report.writer, report.writer.money
    table = by_tier(split(report.study, report.runs[1], report.view), report.least)
    table = table.set_index("group")
    off = table["gap_before"] - table["award"] - table["gap_after"]
    # no crowding out: an award closes what it pays
    across = {"gap_before": {"award": 1, "gap_after": 1}} if np.abs(off).max() < 1 else None
    sums = sums_of(table[list(SPLIT)], money, across, firm=("award", "gap_after"))
    rows = [
        [
            words.tiers(row.Index),
            number(row.colleges),
            percent(row.weight),
            *(
                writer.shown(number(value, money.decimals), row.colleges)
                for value in sums.loc[row.Index]
            ),
        ]
        for row in table.itertuples()
    ]
    header = [words.split_columns[name] for name in ("tier", "colleges", "weight", *SPLIT)]
    return table.iloc[-1], (header, one_once(rows))


def frontier(words, found) -> Table:
    """The weights to choose from (numbers.Frontier)."""
    written: dict[str, Callable[..., str]] = dict.fromkeys(TERMS, "{:g}".format)
    written |= {"secured": points, "with_gap": points, "gini": gini}
    rows = [
        [words.frontier_rows[set_], *(write(row[name]) for name, write in written.items())]
        for set_, row in found.options.items()
    ]
    return [words.frontier_columns[name] for name in ("set", *written)], rows
