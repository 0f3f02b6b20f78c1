"""scenario_compare's tables: levels, changes, what parts two, who gains and who loses, shares of the draws."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...analysis import winners
from ...analysis.compare.columns import LEAST
from ...analysis.compare.parts import Move
from ...analysis.disclosure import in_order, pooled
from ..annex.values import value_text
from ..front.changes import caps_together, target_said
from ..front.draws import few_draws
from ..front.opening import place_names
from ..page.blocks import Block, paragraphs, ranged
from ..page.numbers import count, number, points, relative, share, signed
from ..page.rounding import fitted
from ..page.words import TIERS
from .pair import Pair

if TYPE_CHECKING:
    from .report import ScenarioCompare

WIDE = 3  # scenarios of which a table of groups also has the money
OF_DRAWS = ("college_outlay", "funding_gap", "fee_bill", "served")


def open_said(report: ScenarioCompare) -> list[str]:
    """Which scenarios leave fees without an answer."""
    return [
        report.words.open_said(title, column.unanswered, column.open, report.columns[0].limits)
        for title, column in zip(report.titles, report.columns, strict=True)
        if column.unanswered > 0
    ]


def levels(report: ScenarioCompare) -> Block:
    """Every measure under current law and under each scenario."""
    words, rows = report.words, []
    for name in report.measures:
        write, unit = report.written(name)
        row = [report.moved(at, name) for at in range(len(report.columns))]
        after = [words.no_answer if one.kind == "missing" else write(one.after) for one in row]
        rows.append([words.measure(name, unit), write(row[0].before), *after])
    own = [t for t, one in zip(report.titles, report.columns, strict=True) if one.own_baseline]
    return paragraphs(*open_said(report)) + report.numbered_table(
        "levels",
        words.levels_caption,
        [words.measure_column, words.current, *report.titles],
        rows,
        note=words.levels_note(own, report.judged, report.alone),
        columns=report.measures,
    )


def changes(report: ScenarioCompare) -> Block:
    """Each scenario's change against its baseline with its interval; the first two's difference from the same draws, or the only one's change
    in %."""
    words, rows = report.words, []
    pair = report.pair if report.pair and report.pair.two else None
    for name in report.measures:
        write, unit = report.written(name)
        told = [report.moved(at, name) for at in range(len(report.columns))]
        told += [report.apart(name, pair)] if pair else []
        cells = [
            words.no_answer
            if one.kind == "missing"
            else ranged(signed(write(one.by)), report.writer.span(one.reach, write, one.by))
            for one in told
        ]
        if len(report.columns) == 1:
            one = told[0]
            cells.append("—" if one.kind == "missing" else relative(one.before, one.after))
        rows.append([words.measure(name, unit), *cells])
    apart = [words.apart_column(*report.pair_titles)] if pair else []
    apart += [words.relative_column] if len(report.columns) == 1 else []
    said = paragraphs("" if report.sampled else few_draws(report.writer))
    return said + report.numbered_table(
        "changes",
        words.changes_caption,
        [words.measure_column, *report.titles, *apart],
        rows,
        note=words.changes_note(bool(pair), report.sampled),
        columns=report.measures,
    )


def move_names(report: ScenarioCompare, apart: bool = True) -> list[str]:
    """What each move is called: its target and rows, what the first does to it, and the second where it does something else; `apart`: and
    which of the two does it."""
    said = report.words.move if apart else report.words.move_alone
    found = report.parts.moves if report.parts else ()
    return [
        said(
            _target(report, one, True), *(report.words.listed(some) for some in _sides(report, one))
        )
        for one in found
    ]


def target_names(report: ScenarioCompare) -> list[str]:
    """What each move is of, in few words."""
    return [_target(report, one, False) for one in report.parts.moves] if report.parts else []


def _target(report: ScenarioCompare, move: Move, places: bool) -> str:
    """`places`: with the rows meant."""
    changes = {one.target: one for one in (*move.second, *move.first)}
    said = (
        target_said(
            report.writer,
            report.study,
            changes[one] if places else replace(changes[one], where=()),
        )
        for one in move.targets
    )
    return report.words.listed(caps_together(report.writer, report.study, said))


def _sides(report: ScenarioCompare, move: Move) -> list[list[str]]:
    """What the first does, and the second."""
    head = move.targets[0]
    return [
        [_doing(report, one) for one in some if one.target == head]
        for some in (move.first, move.second)
    ]


def _doing(report: ScenarioCompare, change) -> str:
    parameter = report.study.law.parameters.get(change.target)
    if change.operation == "scale":
        return report.words.scaled(float(change.operand))
    if change.operation == "remove":
        return report.words.removed
    given = value_text(
        change.operand, report.writer.lang, parameter if change.operation == "value" else None
    )
    return report.words.given(change.operation, given)


def contested(report: ScenarioCompare) -> list[str]:
    """What several scenarios change, each otherwise, by its name."""
    found: dict[str, set] = {}
    first = {}
    for column in report.columns:
        mine: dict[str, list] = {}
        composition = column.study.composition
        for one in (*composition.operations, *composition.data_changes):
            mine.setdefault(one.target, []).append((one.operation, repr(one.operand), one.where))
            first.setdefault(one.target, one)
        for target, doings in mine.items():
            found.setdefault(target, set()).add(tuple(doings))
    several = [target for target, doings in found.items() if len(doings) > 1]
    names = (target_said(report.writer, report.study, first[one]) for one in several)
    return caps_together(report.writer, report.study, names)


def parts(report: ScenarioCompare) -> Block:
    """The difference of the pair, change by change, in every sum of money; the rows add to the total."""
    words, found = report.words, report.parts
    if found is None:
        return paragraphs(words.parts_open)
    if not found.moves:
        return paragraphs(words.parts_none(*report.pair_titles))
    money, shown, printed = report.writer.money, list(found.of), report.printed.values()
    rows = [
        [name, *(signed(number(column[i], money.decimals)) for column in printed)]
        for i, name in enumerate(move_names(report))
    ]
    total = [signed(number(sum(column), money.decimals)) for column in printed]
    return report.numbered_table(
        "parts",
        words.parts_caption(*report.pair_titles),
        [words.move_column, *(words.measure(name, report.writer.money_unit) for name in shown)],
        [*rows, [words.total, *total]],
        total=True,
        note=words.parts_note(found.exact, bool(report.pair_titles[1]), len(found.moves)),
        columns=shown,
    )


def _groups(report: ScenarioCompare) -> Iterator[tuple[str, pd.Series]]:
    """(kind, a label a college) of tiers, provinces where there are several, and fifths by size, each of at least five colleges in a
    circulated report; not where all stand together."""
    changes, least = next(iter(report.changes.values())), report.least
    made = {"tier": pooled(changes["tier"], least)}
    if changes["province"].nunique() > 1:
        made["province"] = pooled(changes["province"], least)
    made["size"] = winners.by_size(changes, least)
    yield from ((kind, labels) for kind, labels in made.items() if labels.nunique() > 1)


def winners_table(report: ScenarioCompare) -> Block:
    """Who spends less and who more under each scenario, by group, without columns that are 0 all the way down; of one college why its outlay
    moves."""
    if not report.known:
        return paragraphs(report.words.parts_open)
    if report.alone:
        return _why(report)
    words, heads, rows, changes = report.words, [], [], report.changes.values()
    told = ("better_cash", "worse_cash", *(["cash"] if len(changes) <= WIDE else []))
    for title in report.changes:
        heads += [words.winners_column(name, title, report.writer.money_unit) for name in told]
    whole = [winners.by_group(one, "tier").iloc[-1] for one in changes]
    whole_told = [winners.sides_told(one.to_frame().T, "cash")[0] for one in whole]
    sums = [-float(one["cash"]) for one in whole]
    for kind, labels in _groups(report):
        tables = [
            winners.by_group(one.assign(group=labels), "group").iloc[:-1].set_index("group")
            for one in changes
        ]
        printed = [
            dict(zip(one.index, _cash(report, -one["cash"], total), strict=True))
            for one, total in zip(tables, sums, strict=True)
        ]
        told_of = [
            dict(zip(one.index, winners.sides_told(one, "cash"), strict=True)) for one in tables
        ]
        for group in _ordered(kind, labels):
            cells = [
                _cell(report, name, one.loc[group], money[group], may[group])
                for one, money, may in zip(tables, printed, told_of, strict=True)
                for name in told
            ]
            colleges = count(tables[0].loc[group, "colleges"])
            rows.append([_group_said(report, kind, group), colleges, *cells])
    money = report.writer.money
    cells = [
        _cell(report, name, one, round(float(money.inside(total)), money.decimals), may)
        for one, total, may in zip(whole, sums, whole_told, strict=True)
        for name in told
    ]
    rows.append([words.total, count(whole[0]["colleges"]), *cells])
    heads = [*words.winners_columns, *heads]
    kept = [at for at in range(len(heads)) if any(row[at].strip("0.") for row in rows)]
    return paragraphs(*_service(report)) + report.numbered_table(
        "winners",
        words.winners_caption,
        [heads[at] for at in kept],
        [[row[at] for at in kept] for row in rows],
        total=len(rows) > 1,
        note=words.winners_note("cash" in told),
        columns=("college_outlay",),
    )


def _ordered(kind: str, labels: pd.Series) -> list[str]:
    return in_order(labels.sort_values() if kind == "province" else labels)


def _cash(report: ScenarioCompare, values: pd.Series, total: float) -> list[float]:
    """Sums as they are printed, adding to the printed total."""
    money = report.writer.money
    whole = round(float(money.inside(total)), money.decimals)
    return fitted(values.to_numpy(float), whole, money.per, money.decimals)


def _cell(report: ScenarioCompare, name: str, row, cash: float, told: bool) -> str:
    if name == "cash":
        return signed(number(cash, report.writer.money.decimals))
    return report.writer.if_told(points(row[name]), told)


def _group_said(report: ScenarioCompare, kind: str, group: str) -> str:
    if kind == "province" and group != "rest":
        return place_names(report.study, report.writer, [group])[0]
    if kind == "tier" and group != "rest":
        return report.writer.word(TIERS, group)
    return report.words.group(kind, group)


def _service(report: ScenarioCompare) -> list[str]:
    """A sentence on the colleges that can examine more, and fewer, under each scenario."""
    if not report.judged:
        return [report.words.unjudged]
    told = []
    for title, changes in report.served.items():
        told.append((title, *sides(report, changes, "service")))
    return [report.words.service(told)]


def sides(report: ScenarioCompare, changes: pd.DataFrame, what: str) -> tuple[float, float]:
    """Shares of the colleges better and worse off in `what`, nan where they may not be told."""
    whole = winners.by_group(changes, "tier").iloc[-1:]
    told = report.writer.internal or winners.sides_told(whole, what).all()
    better, worse = (float(whole[f"{side}_{what}"].iloc[0]) for side in ("better", "worse"))
    return (better, worse) if told else (np.nan, np.nan)


def _why(report: ScenarioCompare) -> Block:
    """One college: the change of its outlay under each scenario by cause."""
    words, write, changes = report.words, report.writer.money, report.changes.values()
    causes = {name: [-float(one[f"why_{name}"].sum()) for one in changes] for name in winners.WHY}
    rows = [
        [words.why[name], *(signed(write(value)) for value in values)]
        for name, values in causes.items()
        if max(map(abs, values)) >= LEAST["fee_bill"]
    ]
    total = [signed(write(-float(one["cash"].sum()))) for one in changes]
    return report.numbered_table(
        "why",
        words.why_caption,
        [words.why_column, *report.changes],
        [*rows, [words.total, *total]],
        total=True,
        note=words.why_note,
        columns=("college_outlay",),
    )


def lower_share(report: ScenarioCompare, name: str, pair: Pair) -> float:
    """Share of the draws in which the first's change of a measure is less than the second's; nan where it never differs."""
    apart = report.apart_draws(name, pair)
    if not bool(np.any(np.abs(apart) >= LEAST[name])):
        return float("nan")
    return float(np.mean(apart <= -LEAST[name]))


def draws(report: ScenarioCompare) -> Block:
    """In how many of the draws the first lies below the second, for each two."""
    words = report.words
    if not report.shows("table", "draws"):
        return paragraphs(few_draws(report.writer) if not report.sampled else words.parts_open)
    shown = [name for name in OF_DRAWS if name in report.measures]
    rows = []
    for pair in report.rivals:
        found = [lower_share(report, name, pair) for name in shown]
        sides = report.side(pair.first), report.side(pair.second)
        cells = [words.alike if np.isnan(one) else share(one) + "%" for one in found]
        rows.append([words.versus(*sides), *cells])
    return report.numbered_table(
        "draws",
        words.draws_caption,
        [words.pair_column, *(words.lower(name) for name in shown)],
        rows,
        note=words.draws_note(len(next(iter(report.columns[0].spread.values())))),
        columns=shown,
    )
