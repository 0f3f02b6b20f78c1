"""scenario_compare: scenarios side by side under the same draws, what parts two of them, who gains and who loses."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations

import numpy as np
import pandas as pd

from ...analysis import winners
from ...analysis.compare.columns import MONEY, Column, columns, texts
from ...analysis.compare.parts import Move, Parts, own_parts, parts
from ...analysis.draws.sample import interval
from ...analysis.headline import moves
from ...analysis.study import Study
from ...errors import OnexError
from ..common import Report
from ..front.change import Change, written
from ..front.changes import changes_said, sets_said
from ..front.dates import asleep_said
from ..front.opening import ACCOUNTS, Opened, ids_of, opened, scheme_title
from ..make.gate import ScenarioCompareParameters
from ..page.blocks import Block, bullets, heading, paragraphs, together
from ..page.numbers import NO_RANGE, NumberFormat, tenths
from ..page.rounding import fitted
from . import closing, figures, tables
from . import decision as sheet
from . import front as summary
from .decision import Advice
from .tables import Pair

EXACTLY = 5  # changes of a scheme that are taken apart exactly beside others: 32 runs, 3 s for a province; of the pair as many as can be
LEADS = ("college_outlay", "funding_gap", "fee_bill", "uplift")  # the first that parts the two


@dataclass(frozen=True)
class ScenarioCompare(Report):
    """One scenario_compare report. `columns`: the scenarios in their order."""

    columns: tuple[Column, ...] = ()

    name = "scenario_compare"
    measure = "college_outlay"
    topics = ("fees.", "response.", "volume.", "pay.", "funding.")

    def last_result(self):
        """Current law: what is reported upward is what is charged today."""
        return self.columns[0].runs["none"][0]

    @cached_property
    def titles(self) -> list[str]:
        """What the columns are called; two of one title are told apart by their names."""
        given = [scheme_title(one.study, self.writer) for one in self.columns]
        return [
            title if given.count(title) == 1 else self.words.named_apart(title, ids)
            for title, ids in zip(given, self.ids, strict=True)
        ]

    @property
    def ids(self) -> list[str]:
        """Names of the columns."""
        return ["+".join(one) for one in self.parameters["scenario"]]

    @property
    def title(self) -> str:
        """All of them."""
        return self.words.listed(self.titles)

    @cached_property
    def measures(self) -> list[str]:
        """What is told: all that can be computed; what belongs to organisations not of one college."""
        known = self.columns[0].heads
        out = {"supplier_shortfall"} if self.alone else set()
        return [one for one in known if one not in out and np.isfinite(known[one][0])]

    @property
    def judged(self) -> bool:
        """Can the organisations' response be judged?"""
        return self.columns[0].judged

    @property
    def funds(self) -> bool:
        """Are there funds on record?"""
        return "funding_gap" in self.measures

    @property
    def titled(self) -> list[tuple[str, Column]]:
        """(title, column) of each."""
        return list(zip(self.titles, self.columns, strict=True))

    def written(self, name: str) -> NumberFormat:
        """How a measure is written."""
        return tenths if name == "mean_approved_fee" else written(self.writer, name)

    def unit(self, name: str) -> str:
        """The unit that it is written in."""
        own = {"mean_approved_fee": "fee", "served": "persons"}.get(name)
        return self.words.units[own] if own else self.writer.money_unit

    def measure_said(self, name: str) -> str:
        """Its name with its unit."""
        return self.words.measure(name, self.unit(name))

    def moved(self, name: str) -> list[Change]:
        """A measure of each column against its baseline."""
        write = self.written(name)
        return [
            Change(name, *one.heads[name], write, self._reach(one.spread[name]))
            for one in self.columns
        ]

    def _reach(self, draws: np.ndarray) -> tuple[float, float]:
        return interval(draws) if self.sampled else NO_RANGE

    def apart_draws(self, name: str, pair: Pair) -> np.ndarray:
        """(draws,): the first's change of a measure less the second's, in the same draws."""
        first = self.columns[pair.first].spread[name]
        return first - self.columns[pair.second].spread[name] if pair.two else first

    def apart(self, name: str, pair: Pair) -> Change:
        """The same at the parameters taken, as the first's change over the second's; both as they are printed, so that they subtract there,
        but where they are the same in print."""
        write = self.written(name)
        mine = self.columns[pair.first].change(name)
        other = self.columns[pair.second].change(name) if pair.two else 0.0
        printed = [
            round(float(write.inside(one)), write.decimals) * write.per for one in (other, mine)
        ]
        before, after = (other, mine) if printed[0] == printed[1] else printed
        return Change(name, before, after, write, self._reach(self.apart_draws(name, pair)))

    def pair_said(self, pair: Pair) -> list[str]:
        """The titles of two, of which one may be current law."""
        return [self.words.current if at < 0 else self.titles[at] for at in pair]

    @cached_property
    def known(self) -> list[int]:
        """The columns whose fees have an answer."""
        return [at for at, one in enumerate(self.columns) if not one.open]

    @cached_property
    def pair(self) -> Pair | None:
        """The two that are taken apart: the first two with an answer, or the only one, against current law; None where none has any."""
        return Pair(*self.known[:2]) if self.known else None

    @property
    def rivals(self) -> list[Pair]:
        """Who is held against whom: each with an answer against current law, then each two of them."""
        return [*map(Pair, self.known), *(Pair(*two) for two in combinations(self.known, 2))]

    @property
    def pair_titles(self) -> list[str]:
        """Of the pair; "" for current law and where there is none."""
        return [self.titles[at] if at >= 0 else "" for at in self.pair or (-1, -1)]

    @cached_property
    def difference(self) -> Change | None:
        """What is taken apart: how far the pair lies apart in the first sum of money in which it does; None where there is no pair."""
        if self.pair is None:
            return None
        found = [self.apart(one, self.pair) for one in LEADS if one in self.measures]
        shown = [one for one in found if one.kind == "shown"]
        return shown[0] if shown else self.apart(self.measure, self.pair)

    @property
    def lead_measure(self) -> str:
        """The measure that is taken apart."""
        return self.difference.name if self.difference else self.measure

    @property
    def differ(self) -> bool:
        """Does the pair differ in what is taken apart?"""
        return bool(self.difference and self.difference.kind == "shown")

    @cached_property
    def parts(self) -> Parts | None:
        """What parts the pair, change by change; None where there is no pair."""
        if self.pair is None:
            return None
        first = self.columns[self.pair.first].study
        second = self.columns[self.pair.second].study if self.pair.two else None
        return parts(first, second, [one for one in MONEY if one in self.measures])

    @cached_property
    def printed(self) -> dict[str, list[float]]:
        """measure → the parts as they are printed, in the unit of print, adding to the difference as it is printed."""
        money, found = self.writer.money, self.parts.of if self.parts else {}
        return {
            name: fitted(
                values, self.apart(name, self.pair).by / money.per, money.per, money.decimals
            )
            for name, values in found.items()
            if self.pair
        }

    @cached_property
    def each_parts(self) -> dict[int, Parts]:
        """Column → what its change against current law is made of, of those with an answer that move money; nothing where there are no more
        than the pair."""
        if len(self.known) < 3:
            return {}
        money = [one for one in MONEY if one in self.measures]
        found = {
            at: own_parts(one.study, {name: one.change(name) for name in money}, EXACTLY)
            for at, one in enumerate(self.columns)
            if at in self.known and any(moves(name, one.change(name)) for name in money)
        }
        return {at: one for at, one in found.items() if one.moves}

    @property
    def moves(self) -> tuple[Move, ...]:
        """What the pair treats differently."""
        return self.parts.moves if self.parts else ()

    @cached_property
    def changes(self) -> dict[str, dict[str, pd.DataFrame]]:
        """mode → title of a scenario with an answer → its changes college by college: cash and why as if every plan were served (none), and
        service with the organisations' response, where it can be judged (supply)."""
        return {
            mode: {
                self.titles[at]: winners.college_changes(one.study, *one.runs[mode])
                for at, one in enumerate(self.columns)
                if not one.open
            }
            for mode in self.columns[0].runs
        }

    def sides(self, mode: str, what: str) -> list[tuple[str, float, float]]:
        """(title, share of colleges better off, worse off) in cash or service of each scenario with an answer."""
        return [
            (title, float((side == "better").mean()), float((side == "worse").mean()))
            for title, one in self.changes[mode].items()
            for side in [one[f"{what}_side"]]
        ]

    @cached_property
    def advice(self) -> Advice:
        """What is recommended, by the one rule of decision.advice."""
        return sheet.advice(self)

    def headlines(self) -> dict[str, float]:
        """Every measure of every column, and the parts of the difference."""
        made = {
            f"{name}.{key}.{when}": value
            for name, one in zip(self.ids, self.columns, strict=True)
            for key, pair in one.heads.items()
            for when, value in zip(("baseline", "scenario"), pair, strict=True)
        }
        if self.parts:
            made |= {
                f"parts.{key}.{'+'.join(move.targets)}": value
                for key, values in self.parts.of.items()
                for move, value in zip(self.parts.moves, values, strict=True)
            }
        return made

    def exhibits(self, kind: str) -> dict[str, bool]:
        """What says nothing of one college, or has nothing to tell, is left out."""
        if kind == "table":
            return {
                "levels": True,
                "changes": True,
                "parts": bool(self.moves),
                "each": bool(self.each_parts),
                "why": self.alone and bool(self.known),
                "winners": not self.alone and bool(self.known),
                "draws": self.sampled and bool(self.rivals),
            }
        return {
            "bars": figures.has_bars(self),
            "parts": len(self.moves) > 1 and self.differ,
        }

    def scheme(self) -> Block:
        """一: each scenario with its changes, days and reasons; what is not in force; notes."""
        made, words = [], self.words
        for title, column in self.titled:
            lines = changes_said(self.writer, column.study, column.touched)
            lines.append(asleep_said(self.writer, column.touched, self.study.year))
            lines += column.study.composition.notes
            if any(one.lever.get("one_off_cost") for one in column.study.composition.scenarios):
                lines.append(words.one_off)
            made += [heading(3, title), bullets([one for one in lines if one] or [words.nothing])]
        contested = words.contested(tables.contested(self))
        made.append(paragraphs(*sets_said(self.writer, self.study), contested))
        return together(made)

    @property
    def recorded(self) -> Study:
        """The study with the scenarios of every column."""
        every = tuple(texts([one.study for one in self.columns]))
        return replace(self.study, composition=replace(self.study.composition, scenarios=every))

    # the notebook's other cells, each a function of the report
    front, decision, noted = summary.front, sheet.decision, summary.noted
    levels_table, changes_table = tables.levels, tables.changes
    bars_figure = figures.bars_figure
    parts_table, parts_figure = tables.parts, figures.parts_figure
    each_table = tables.each
    winners_table, draws_table = tables.winners_table, tables.draws
    condition, conclusions = closing.condition, closing.conclusions


def opened_report(asked: ScenarioCompareParameters) -> ScenarioCompare:
    """Open the report; nothing asked for is the default. Of the default those that the data have no rows for are left out. Raises OnexError with
    every fault of the step that fails."""
    default = type(asked).model_fields["scenario"].get_default(call_default_factory=True)
    wanted = asked.scenario or default
    made = opened(asked.model_copy(update={"scenario": []}), (*ACCOUNTS, "workload"))
    try:
        return _compared(made, wanted)
    except OnexError:
        fitting = [one for one in wanted if _fits(made, one)] if wanted == default else []
        if not fitting:
            raise
        return _compared(made, fitting)


def _fits(made: Opened, parts: list) -> bool:
    try:
        return bool(made.study.with_composition(parts))
    except OnexError:
        return False


def _compared(made: Opened, wanted: list[list]) -> ScenarioCompare:
    found = columns(made.study, wanted, made.drawn)
    kept = {**made.parameters, "scenario": ids_of(wanted)}
    return ScenarioCompare(made.study, made.writer, kept, made.drawn, found)
