"""省级统筹 in budget_and_settlement: the formula split of the provincial pot, and equity against secured candidates as its weights change."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ...analysis import pot
from ..page.adding import add_up
from ..page.html import Block, gini, number, paragraphs, percent, points
from ..page.press import SMALL
from ..page.words import TIERS
from . import pot_figure

TERMS = {
    "candidates": ("考生", "candidates"),
    "need": ("缺口", "need"),
    "low_capacity": ("财力弱", "low capacity"),
}


def pot_block(report) -> Block:
    """Heading, split and frontier where the report is of a province; nothing for a college or the nation."""
    if not report.of_province:
        return Block("")
    say = report.press.say
    head = Block(f"<h3>{say('省级统筹', 'Provincial pot')}</h3>")
    if not report.has_pot:
        return head + paragraphs(
            say(
                f"数据中没有{report.study.year}年度的省级统筹资金，不作分配测算；需要时在经费表加一行，持有者填省级代码。",
                f"The data hold no provincial pot of {report.study.year}: nothing is shared. To add one, give funding a row "
                f"owned by the province's code.",
            )
        )
    return head + _split(report) + _frontier(report)


def _split(report) -> Block:
    press, study, result = report.press, report.study, report.runs[1]
    table = pot.by_tier(pot.split(study, result, report.view), 1 if press.internal else SMALL)
    money = (
        table.set_index("group")[["plain", "cut", "need", "award", "gap_before", "gap_after"]] / 1e4
    )
    parts = table["group"].tolist()[:-1]
    closes = (
        np.abs(table["gap_before"] - table["award"] - table["gap_after"]).max() < 1
    )  # no crowding out: an award closes what it pays
    money = add_up(
        money,
        {"all": parts},
        {"gap_before": {"award": 1, "gap_after": 1}} if closes else None,
        firm=("award", "gap_after"),
    )
    rows = [
        [
            tier_words(press, row.group),
            number(row.colleges),
            percent(row.weight),
            *(press.shown(number(value, 1), row.colleges) for value in money.loc[row.group]),
        ]
        for row in (table if len(table) > 2 else table.iloc[-1:]).itertuples()
    ]
    header = [
        press.say(*pair)
        for pair in (
            ("层次", "tier"),
            ("院校", "colleges"),
            ("权重份额%", "weight, %"),
            ("按权重应分", "by weight"),
            ("其中超过需要、转分他校", "over need, re-shared"),
            ("需要上限", "need cap"),
            ("实际分得", "awarded"),
            ("分配前缺口", "gap before"),
            ("分配后缺口", "gap after"),
        )
    ]
    words = press.say("、", ", ").join(
        f"{press.word(TERMS, name)} {report.view['funding.pot_weights'].get(name, 0):g}"
        for name in TERMS
    )
    note = press.say(
        f"权重（假设）：{words}；每校所得不超过该资金能弥补的缺口，超出部分按权重再分给未满足的院校（注水法，到分）。",
        f"Weights (an assumption): {words}; no college gets more than the gap the money may close, and what is over is shared again "
        f"over the rest (water-filling, to the fen).",
    )
    say = paragraphs(pot.sentence(table.iloc[-1], pot.pot_of(study, result), press.lang))
    return say + press.table(
        report.tag("table", "split"),
        press.say(
            f"{study.year}年度省级统筹资金按公式分配（万元）",
            f"The provincial pot of {study.year} by formula, 10,000 yuan",
        ),
        header,
        rows,
        total=True,
        note=note,
        source=report.source,
        columns=("funding_gap",),
    )


def _frontier(report) -> Block:
    press, edge = report.press, pot.frontier(report.study, report.runs[1], report.view)
    best = (
        edge[edge["efficient"]]
        .sort_values(["secured", "gini"], kind="stable")
        .drop_duplicates(["secured", "gini"])
        .reset_index(drop=True)
    )
    now = edge[edge["current"]].iloc[0]
    figure = press.figure(
        report.tag("figure", "frontier"),
        finding(press, edge),
        pot_figure.frontier_points(press, edge, best),
        source=report.source,
        note=press.say(
            "每点为一组权重（考生、缺口、财力弱各以五分之一为步长）；横轴越大、纵轴越小越好；编号见下表。",
            "A point is one set of weights in steps of a fifth; right and low is better; numbers as in the table.",
        ),
    )
    names = [
        *(str(i) for i in range(1, len(best) + 1)),
        *([] if now["efficient"] else [press.say("现行", "current")]),
    ]
    rows = [
        [
            name,
            *(f"{row[term]:g}" for term in TERMS),
            points(row["secured"]),
            gini(row["gini"]),
            points(row["with_gap"]),
            percent(row["coverage"]),
        ]
        for name, (_, row) in zip(
            names,
            pd.concat([best, edge[edge["current"] & ~edge["efficient"]]]).iterrows(),
            strict=True,
        )
    ]
    header = [
        press.say("组", "set"),
        *(press.say(f"权重·{zh}", f"weight, {en}") for zh, en in TERMS.values()),
        *(
            press.say(*pair)
            for pair in (
                ("无缺口院校的考生%", "candidates without a gap, %"),
                ("覆盖率基尼系数", "Gini of coverage"),
                ("有缺口的院校%", "colleges with a gap, %"),
                ("需求覆盖率%", "needs covered, %"),
            )
        ),
    ]
    table = press.table(
        report.tag("table", "frontier"),
        press.say("互不占优的权重与现行权重", "Weights that no other beats, and the current ones"),
        header,
        rows,
        source=report.source,
        note=press.say(
            "资金全部用完时各组总覆盖率相同，差别只在落到谁身上；基尼系数按在校生加权，越小越均衡。",
            "Where the pot is used up total coverage is the same and only who is covered differs; Gini weighted by "
            "students, small is even.",
        ),
        columns=("funding_gap", "funding.pot_weights"),
    )
    return figure + table


def finding(press, edge: pd.DataFrame) -> str:
    """What the frontier shows of the current weights."""
    now = edge[edge["current"]].iloc[0]
    if np.ptp(edge["secured"]) < 1e-9 and np.ptp(edge["gini"]) < 1e-9:
        return press.say(
            "权重怎样变，受益院校和均衡程度都一样",
            "Whatever the weights, who is secured and how evenly is the same",
        )
    if now["efficient"]:
        return press.say(
            "现行权重已在前沿上：没有别的权重既保障更多考生又更均衡",
            "The current weights are on the frontier: no others secure more candidates and more evenly",
        )
    better = int(
        (
            edge["efficient"]
            & (edge["secured"] >= now["secured"] - 1e-9)
            & (edge["gini"] <= now["gini"] + 1e-9)
        ).sum()
    )
    most = edge.loc[edge["secured"].idxmax()]
    return press.say(
        f"有{better}组权重在保障面和均衡程度上都不差于现行权重；无缺口院校的考生最多可由{points(now['secured'])}%增至{points(most['secured'])}%",
        f"{better} sets of weights are no worse than the current ones in both; candidates without a gap could rise from "
        f"{points(now['secured'])} to {points(most['secured'])} %",
    )


def tier_words(press, group: str) -> str:
    """A group of tiers, or the total."""
    return (
        press.say("合计", "total")
        if group == "all"
        else press.say("＋", " + ").join(press.word(TIERS, tier) for tier in group.split("+"))
    )
