"""What the reports on a year's money share: sums over the colleges of the place with their intervals, the uses on record, groups of colleges that
may be shown, what is said of the draws, the tree of the need. In yuan."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Any

import numpy as np
import pandas as pd

from ..analysis.budget.draws import behind
from ..analysis.disclosure import joined_groups
from ..analysis.draws.evaluate import Sides
from ..analysis.draws.sample import interval
from ..analysis.explain.derive import derivation
from ..analysis.explain.node import Node
from ..analysis.explain.place import place_tree
from ..analysis.headline import total
from ..analysis.scheme import touched
from ..analysis.statistics.precision import HALF_YUAN
from ..law.parameters import Parameter
from ..rules.funding import USES as USE_KEYS
from .common import SchemeReport
from .front.dates import asleep_said
from .front.draws import Led, few_draws, off_centre
from .front.state import beyond_said, unanswered
from .front.sums import SEEN, Sum
from .page.blocks import Block, paragraphs
from .page.numbers import NumberFormat, holding
from .page.rounding import add_up
from .page.words import USES

Table = tuple[list[str], Sequence[Sequence[object]]]  # header, rows


@dataclass(frozen=True)
class MoneyReport(SchemeReport):
    """The numbers that such reports have in common."""

    def sums_drawn(self, drawn: Mapping[str, np.ndarray]) -> Sides:
        """Sums of money of the place, (draws,) each, one value each where nothing is `drawn`."""
        raise NotImplementedError(self.name)

    @cached_property
    def sides(self) -> Sides:
        """Sums of baseline and scheme in every draw."""
        return self.sums_drawn(self.drawn)

    @cached_property
    def at_taken(self) -> Sides:
        """The same at the parameters taken, one value each."""
        return self.sums_drawn({})

    @property
    def draws(self) -> Mapping[str, np.ndarray]:
        """Sums of the scheme in every draw."""
        return self.sides.after

    @property
    def taken(self) -> Mapping[str, np.ndarray]:
        """The same at the parameters taken, one value each."""
        return self.at_taken.after

    @cached_property
    def ranges(self) -> dict[str, tuple[float, float]]:
        """80 % intervals of the scheme's sums."""
        return {name: interval(values) for name, values in self.draws.items()}

    @cached_property
    def varied(self) -> list[Parameter]:
        """What is drawn and can move these numbers."""
        return behind(self.study, self.drawn)

    def sum(self, name: str) -> Sum:
        """A sum with its interval; without, where the interval would leave it out, or few draws make none."""
        value = float(self.taken[name][0])
        return Sum(value, holding(self.ranges[name], value, self.seen), self.seen)

    def span(self, name: str) -> str:
        """The 80 % interval of a sum as it stands in a cell."""
        return self.words.reach(self.sum(name))

    @property
    def told(self) -> list[str]:
        """The drawn sums that the page speaks of: of `words.led`, the need alone where no funds are on record."""
        return [name for name in self.words.led if self.funded or name == "need"]

    @property
    def uncertain(self) -> bool:
        """Is there an interval to print?"""
        return any(self.span(name) for name in self.told)

    @property
    def seen(self) -> float:
        """Yuan: money up to here is nothing in print."""
        return HALF_YUAN if self.alone else SEEN

    @property
    def step(self) -> float:
        """Yuan of the last digit in print."""
        return self.writer.money.per / 10**self.writer.money.decimals

    def printed(self, *parts: float) -> float:
        """The sum of parts as they are printed, yuan."""
        return sum(round(part / self.step) for part in parts) * self.step

    @cached_property
    def uses(self) -> list[str]:
        """The uses on record: none of those that nobody filled in, which is not a need of 0."""
        unknown = {"performance_pay": self.lacking.no_pay, "training": self.lacking.no_costs}
        return [use for use in USE_KEYS if not unknown.get(use)]

    @cached_property
    def needs(self) -> dict[str, float]:
        """Use → yuan needed, on record or not."""
        return dict(zip(USE_KEYS, self.of_place("needs").sum(-1).tolist(), strict=True))

    def total(self, name: str) -> float:
        """A quantity of colleges, summed over the place."""
        return float(total(self.runs[1].served[name], self.scope["college"]))

    def of_place(self, name: str) -> np.ndarray:
        """(…, colleges of the place) of a quantity of colleges."""
        values = np.asarray(self.runs[1].served[name])
        inside = self.scope["college"]
        return np.broadcast_to(values, (*values.shape[:-1], len(inside)))[..., inside]

    @cached_property
    def keys_of(self) -> pd.DataFrame:
        """The place's colleges."""
        return self.runs[1].compiled.keys["college"][self.scope["college"]]

    def groups(self, by: str = "tier", whole: bool = False) -> dict[str, np.ndarray]:
        """Label (codes joined by +) → its colleges of the place, (colleges,) of bool, in administrative order; small ones stand together. `whole`:
        and last all of them, as `all`."""
        labels = self.keys_of[by]
        counts = labels.value_counts().sort_index().to_dict()
        made = {
            "+".join(some): labels.isin(some).to_numpy()
            for some in joined_groups(counts, self.least)
        }
        return made | ({"all": np.ones(len(labels), bool)} if whole else {})

    def overlooked(self) -> list[str]:
        """For the front box: fees without an answer, plans after the transfer, changes that are not in force."""
        study, writer = self.study, self.writer
        asleep = asleep_said(writer, touched(study), study.year)
        return [*unanswered(study, writer), *beyond_said(study, writer), asleep]

    def drawn_said(self) -> str:
        """What is drawn and what is not."""
        if not self.sampled:
            return few_draws(self.writer)
        beliefs = sum(one.kind == "belief" for one in self.varied)
        own = self.study.own_changes() or self.study.composition.sets
        return self.words.drawn(
            len(self.draws["need"]), beliefs, len(self.varied) - beliefs, bool(own)
        )

    def off_centre_said(self) -> list[str]:
        """The leading numbers that lie outside the middle half of their draws."""
        if not self.uncertain:
            return []
        words, write = self.words, self.writer.money
        led = [
            Led(words.led[name], self.sum(name).value, self.draws[name], write, words.led_unit)
            for name in self.told
        ]
        return off_centre(self.writer, led)

    def led_trees(
        self, title: str, value: float, unit: str, made_of: Sequence[str]
    ) -> dict[str, tuple[Node, ...]]:
        """`need`: the uses on record, then the trees of what they are made of; `gap`, where funds are on record. unit: of a use."""
        derived = derivation(self.study, "none", stored=True)

        def place(name: str) -> Node:
            return place_tree(derived, "scenario", name, self.writer.lang)

        uses = [
            Node(f"need_{use}", self.writer.word(USES, use), "", self.needs[use], unit, "rest")
            for use in self.uses
        ]
        said, parts = self.words.need_node, (*uses, *map(place, made_of))
        need = Node("need", title, "", value, said["unit"], "sum", said["formula"], children=parts)
        made: dict[str, tuple[Node, ...]] = {"need": (need,)}
        return made | ({"gap": (place("funding_gap"),)} if self.funded else {})


def sums_by(groups: Mapping[str, np.ndarray], values: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """Groups × quantities of colleges, summed. groups: label → (colleges,) of bool; values: name → (colleges,)."""
    return pd.DataFrame(
        {
            name: [float(total(one, rows)) for rows in groups.values()]
            for name, one in values.items()
        },
        index=[*groups],
    )


def sums_of(
    frame: pd.DataFrame, money: NumberFormat, across: Any = None, **more: Any
) -> pd.DataFrame:
    """A frame of yuan whose last row, `all`, is the total, in the unit of print and adding there (page.rounding.add_up)."""
    parts = {"all": frame.index[:-1].tolist()}
    return add_up(money.inside(frame), parts, across, decimals=money.decimals, **more)


def one_once(rows: list) -> list:
    """Rows of groups, the last one their total: one group alone is the total, and is not printed twice."""
    return rows if len(rows) > 2 else rows[-1:]


def needing(there: Callable[..., bool], why: Callable[..., str]) -> Callable[[Callable], Callable]:
    """For a part of the page that needs something on record: where that is not `there`, `why` it is left out; both are asked of the report."""

    def of(part: Callable) -> Callable:
        @wraps(part)
        def made(self) -> Block:
            return part(self) if there(self) else paragraphs(why(self))

        return made

    return of


of_funds = needing(
    lambda report: report.funded, lambda report: report.words.unfunded(report.lacking)
)
