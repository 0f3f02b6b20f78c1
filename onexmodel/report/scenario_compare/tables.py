"""scenario_compare's tables: levels, changes, what parts two, who gains and who loses, shares of the draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ...analysis import winners
from ...analysis.compare.parts import Move, by_target
from ...analysis.disclosure import in_order
from ...analysis.headline import LEAST
from ...law.scenario import Change as SchemeChange
from ..annex.values import value_text
from ..front.change import Change
from ..front.changes import caps_together, target_said
from ..front.draws import few_draws
from ..front.follows import follows_said
from ..front.opening import place_names
from ..front.winners import kinds, printed_groups
from ..page.blocks import Block, paragraphs, ranged
from ..page.numbers import count, number, points, relative, share, signed
from ..page.rounding import fitted
from ..page.words import TIERS

if TYPE_CHECKING:
    from .report import ScenarioCompare

LARGEST = 3  # changes of a scenario that are told one by one where there are many scenarios
WIDE = 3  # scenarios of which a table of groups also has the money
OF_DRAWS = ("college_outlay", "funding_gap", "fee_bill", "served")


class Pair(NamedTuple):
    """Two columns held against each other; `second` -1 is current law."""

    first: int
    second: int = -1

    @property
    def two(self) -> bool:
        """Is the second a scenario?"""
        return self.second >= 0


def after_said(report: ScenarioCompare, one: Change) -> str:
    """What a measure comes to."""
    return report.words.no_answer if one.kind == "missing" else one.write(one.after)


def by_said(report: ScenarioCompare, one: Change) -> str:
    """By how much it changes."""
    return report.words.no_answer if one.kind == "missing" else signed(one.write(one.by))


def open_said(report: ScenarioCompare) -> list[str]:
    """Which scenarios leave fees without an answer."""
    return [
        report.words.open_said(title, column.unanswered, column.open, report.columns[0].limits)
        for title, column in report.titled
        if column.unanswered > 0
    ]


def levels(report: ScenarioCompare) -> Block:
    """Every measure under current law and under each scenario."""
    words, rows = report.words, []
    for name in report.measures:
        row = report.moved(name)
        after = [after_said(report, one) for one in row]
        rows.append([report.measure_said(name), row[0].write(row[0].before), *after])
    own = [title for title, one in report.titled if one.own_baseline]
    return paragraphs(*open_said(report)) + report.numbered_table(
        "levels",
        words.levels_caption,
        [words.measure_column, words.current, *report.titles],
        rows,
        note=words.levels_note(own, report.judged, report.alone),
        columns=report.measures,
    )


def follows(report: ScenarioCompare) -> list[str]:
    """Why the mean fee moves less than caps, and than published fees: of the first scenario of either kind under which it does."""
    first: dict[str, str] = {}
    for title, one in report.titled:
        before, after = one.heads["mean_approved_fee"]
        if one.unanswered or not before > 0:
            continue
        told = follows_said(report.writer, one.study, one.runs["none"], after / before - 1)
        for kind, said in told.items():
            first.setdefault(kind, report.words.of_scenario(title, said))
    return list(first.values())


def changes(report: ScenarioCompare) -> Block:
    """Each scenario's change against its baseline with its interval; the first two's difference from the same draws, or the only one's change
    in %."""
    words, rows, only = report.words, [], len(report.columns) == 1
    pair = report.pair if report.pair and report.pair.two else None
    for name in report.measures:
        told = report.moved(name) + ([report.apart(name, pair)] if pair else [])
        cells = [
            by_said(report, one)
            if one.kind == "missing"
            else ranged(by_said(report, one), report.writer.span(one.reach, one.write, one.by))
            for one in told
        ]
        if only:
            one = told[0]
            cells.append("—" if one.kind == "missing" else relative(one.before, one.after))
        rows.append([report.measure_said(name), *cells])
    more = [words.apart_column(*report.pair_titles)] if pair else []
    more += [words.relative_column] if only else []
    said = paragraphs("" if report.sampled else few_draws(report.writer), *follows(report))
    return said + report.numbered_table(
        "changes",
        words.changes_caption,
        [words.measure_column, *report.titles, *more],
        rows,
        note=words.changes_note(bool(pair), report.sampled),
        columns=report.measures,
    )


def move_names(
    report: ScenarioCompare, apart: bool = True, of: Sequence[Move] | None = None
) -> list[str]:
    """What each move (of the pair, if not given) is called: its target and rows, what the first does to it, and the second where it does
    something else; `apart`: and which of the two does it."""
    words, made = report.words, []
    for one in report.moves if of is None else of:
        doings = (
            words.listed(_doing(report, each) for each in some if each.target == one.targets[0])
            for some in (one.first, one.second)
        )
        said = words.move if apart else words.move_alone
        made.append(said(target_name(report, one, places=True), *doings))
    return made


def target_name(report: ScenarioCompare, move: Move, places: bool = False) -> str:
    """What a move is of; `places`: with the rows meant."""
    changes = {one.target: one for one in (*move.second, *move.first)}
    meant = (changes[one] for one in move.targets)
    return report.words.listed(
        targets_said(report, [one if places else replace(one, where=()) for one in meant])
    )


def targets_said(report: ScenarioCompare, changes: Sequence[SchemeChange]) -> list[str]:
    """What changes are of, the four caps together."""
    names = (target_said(report.writer, report.study, one) for one in changes)
    return caps_together(report.writer, report.study, names)


def _doing(report: ScenarioCompare, change: SchemeChange) -> str:
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
    doings: dict[str, set] = {}
    first: dict[str, SchemeChange] = {}
    for column in report.columns:
        for target, some in by_target(column.study).items():
            first.setdefault(target, some[0])
            doing = tuple((one.operation, repr(one.operand), one.where) for one in some)
            doings.setdefault(target, set()).add(doing)
    return targets_said(report, [first[one] for one, some in doings.items() if len(some) > 1])


def parts(report: ScenarioCompare) -> Block:
    """The difference of the pair, change by change, in every sum of money; the rows add to the total."""
    words, found = report.words, report.parts
    if found is None:
        return paragraphs(words.parts_open)
    if not found.moves:
        return paragraphs(words.parts_none(*report.pair_titles))
    places, shown, printed = report.writer.money.decimals, list(found.of), report.printed.values()
    lines = [*zip(*printed, strict=True), map(sum, printed)]
    rows = [
        [name, *(signed(number(value, places)) for value in line)]
        for name, line in zip([*move_names(report), words.total], lines, strict=True)
    ]
    return report.numbered_table(
        "parts",
        words.parts_caption(*report.pair_titles),
        [words.move_column, *map(report.measure_said, shown)],
        rows,
        total=True,
        note=words.parts_note(found.exact, bool(report.pair_titles[1]), len(found.moves)),
        columns=shown,
    )


def each(report: ScenarioCompare) -> Block:
    """Of more than two scenarios, the change of each against current law by what it changes: the largest, and the rest together; the rows of
    a scenario add to its change in the table of changes."""
    if not report.each_parts:
        return Block("")
    words, money, shown = report.words, report.writer.money, []
    measures = list(next(iter(report.each_parts.values())).of)
    for at, found in report.each_parts.items():
        names = move_names(report, apart=False, of=found.moves)
        values = {name: np.array(of) for name, of in found.of.items()}
        size = np.max(np.abs(list(values.values())), axis=0)
        order = [int(i) for i in np.argsort(-size, kind="stable")]
        kept = order if len(order) <= LARGEST + 1 else order[:LARGEST]
        rest = [i for i in order if i not in kept]
        lines = []
        for name, of in values.items():
            shares = [*of[kept], *([of[rest].sum()] if rest else [])]
            total = report.apart(name, Pair(at)).by / money.per
            lines.append(fitted(shares, total, money.per, money.decimals))
        named = [*(names[i] for i in kept), *([words.rest_of(len(rest))] if rest else [])]
        for name, line in zip(named, zip(*lines, strict=True), strict=True):
            cells = [signed(number(value, money.decimals)) for value in line]
            shown.append([words.of_scenario(report.titles[at], name), *cells])
    order_of = [report.titles[at] for at, one in report.each_parts.items() if not one.exact]
    return report.numbered_table(
        "each",
        words.each_caption,
        [words.each_column, *map(report.measure_said, measures)],
        shown,
        note=words.each_note(order_of, LARGEST, report.called("table", "changes")),
        columns=measures,
    )


def winners_table(report: ScenarioCompare) -> Block:
    """Who spends less and who more under each scenario, by group, without columns that are 0 all the way down; of one college why its outlay
    moves."""
    if not report.known:
        return paragraphs(report.words.parts_open)
    if report.alone:
        return _why(report)
    words, writer, changes = report.words, report.writer, report.changes["none"]
    told = ("better_cash", "worse_cash", *(["cash"] if len(changes) <= WIDE else []))
    rows = []
    for kind, labels in kinds(next(iter(changes.values())), report.least, provinces=True).items():
        tables = [
            printed_groups(writer, one.assign(cash=-one["cash"]), labels)  # spent, not saved
            for one in changes.values()
        ]
        for group in in_order(labels):
            found = [one.loc[group] for one in tables]
            cells = [
                signed(number(one[name], writer.money.decimals))
                if name == "cash"
                else points(one[name])
                for one in found
                for name in told
            ]
            rows.append([_group_said(report, kind, group), count(found[0]["colleges"]), *cells])
    heads = [
        words.winners_column(name, title, writer.money_unit) for title in changes for name in told
    ]
    columns = zip([*words.winners_columns, *heads], *rows, strict=True)
    kept = [one for one in columns if any(cell.strip("0.") for cell in one[1:])]
    head, *rows = map(list, zip(*kept, strict=True))
    return paragraphs(_service(report)) + report.numbered_table(
        "winners",
        words.winners_caption,
        head,
        rows,
        total=len(rows) > 1,
        note=words.winners_note("cash" in told),
        columns=("college_outlay",),
    )


def _group_said(report: ScenarioCompare, kind: str, group: str) -> str:
    if kind == "all":
        return report.words.total
    if kind == "province" and group != "rest":
        return place_names(report.study, report.writer, [group])[0]
    if kind == "tier" and group != "rest":
        return report.writer.word(TIERS, group)
    return report.words.group(kind, group)


def _service(report: ScenarioCompare) -> str:
    """A sentence on the colleges that can examine more, and fewer, under each scenario."""
    if not report.judged:
        return report.words.unjudged
    return report.words.service(report.sides("supply", "service"))


def _why(report: ScenarioCompare) -> Block:
    """One college: the change of its outlay under each scenario by cause."""
    words, write, changes = report.words, report.writer.money, report.changes["none"]
    causes = {words.why[name]: f"why_{name}" for name in winners.WHY} | {words.total: "cash"}
    rows = []
    for name, column in causes.items():
        values = [-float(one[column].sum()) for one in changes.values()]
        if column == "cash" or max(map(abs, values)) >= LEAST["fee_bill"]:
            rows.append([name, *(signed(write(value)) for value in values)])
    return report.numbered_table(
        "why",
        words.why_caption,
        [words.why_column, *changes],
        rows,
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
        cells = [words.alike if np.isnan(one) else share(one) + "%" for one in found]
        rows.append([words.versus(*report.pair_said(pair)), *cells])
    return report.numbered_table(
        "draws",
        words.draws_caption,
        [words.pair_column, *(words.lower(name) for name in shown)],
        rows,
        note=words.draws_note(len(next(iter(report.columns[0].spread.values())))),
        columns=shown,
    )
