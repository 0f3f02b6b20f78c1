"""A filled short form while its tables are made: what stands in its cells, the defaults taken, and records that know where each value
comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from ...errors import Fault
from ..reading.raw import Raw
from ..schema import load_schema
from .defaults import Default, Taken, defaults

SERIAL = "0001"  # the one college of a short form, after its province
CODED = "编号由简表编出"
BY_STANDARD = "代码取自 GB/T 2260"
Source = (
    str | Taken
)  # where a value comes from that no cell holds: a default, or words; "" where a cell does
Made = Mapping[
    str, tuple[Sequence[str], Sequence[Source]]
]  # column → (words, where each comes from)


@dataclass(frozen=True)
class Filled:
    """The two tables raw (`college` with one row, `plans`) and typed (`one`, `rows`), the rows of `plans` that are `kept`, the province's
    code, and the faults to which notes are added."""

    college: Raw
    plans: Raw
    one: pd.Series
    rows: pd.DataFrame
    kept: np.ndarray
    province: str
    faults: list[Fault]

    @cached_property
    def defaults(self) -> dict[str, Default]:
        """Every default by its name."""
        return defaults()

    @property
    def year(self) -> str:
        """The year as words, "" where it is not one."""
        return "" if pd.isna(self.one["year"]) else f"{self.one['year']:.0f}"

    @property
    def code(self) -> str:
        """The college's code, made of its province's."""
        return f"{self.province}{SERIAL}"

    @cached_property
    def names(self) -> list[str]:
        """The certificates in the order in which they first stand."""
        return list(dict.fromkeys(self._names))

    @cached_property
    def _names(self) -> list[str]:
        return [str(name).strip() for name in self.plans.words["name"][self.kept]]

    @cached_property
    def first(self) -> np.ndarray:
        """(certificates,) the plan at which each first stands."""
        return np.array([self._names.index(name) for name in self.names], int)

    @cached_property
    def certificate(self) -> np.ndarray:
        """(plans,) the certificate's code: C01, C02 … in that order."""
        return np.array([f"C{self.names.index(name) + 1:02d}" for name in self._names], object)

    def cell(self, column: str) -> str:
        """The words of a cell of the college, "" where there is none."""
        words = self.college.words.get(column)
        return str(words[0]).strip() if words is not None else ""

    def take(self, name: str, value: str = "", words: str = "") -> Taken:
        """A default as it is taken; a note that it was, once. `words` where a value and a unit do not say it."""
        default = self.defaults[name]
        note = Fault(
            self.plans.origin.sheet_name,
            f"没有填{default.given['zh']}，按{words or default.amount(value)}计（{default.given['source']['zh']}）",
            do=default.given["adds"]["zh"],
            level="note",
            code=f"default_{name}",
        )
        if note not in self.faults:
            self.faults.append(note)
        return Taken(name, value, words)

    def of_plans(
        self,
        table: str,
        rows: np.ndarray,
        own: Mapping[str, str],
        made: Made,
        shared: Mapping[str, str] | None = None,
        estimated: bool = False,
    ) -> Raw:
        """A table with a record for each of `rows` (of the kept plans). `own`: column → column of the form; `shared`: column → column of the
        college's row; `made`: other words than the cell's, or where there is none ("" as their origin leaves the cell its address);
        `estimated`: it holds a default."""
        return self._table(table, self.plans, self.kept[rows], own, made, shared or {}, estimated)

    def of_college(
        self,
        table: str,
        own: Mapping[str, str],
        made: Mapping[str, tuple[str, Source]],
        estimated: bool,
    ) -> Raw:
        """A table with one record, from the college's row."""
        each = {name: ([word], [said]) for name, (word, said) in made.items()}
        return self._table(table, self.college, np.array([0]), own, each, {}, estimated)

    def of_none(self, table: str, made: Made) -> Raw:
        """A table of which no cell is asked."""
        at = np.zeros(len(next(iter(made.values()))[0]), int)
        return self._table(table, self.college, at, {}, made, {}, True)

    def _table(self, table, base: Raw, rows, own, made: Made, shared, estimated) -> Raw:
        college, origin = self.college.origin, base.origin
        headers = {name: column.header for name, column in load_schema()[table].items()}
        own = {name: of for name, of in own.items() if of in base.words}
        shared = {name: of for name, of in shared.items() if of in self.college.words}
        words = {name: base.words[of][rows] for name, of in own.items()}
        words |= {
            name: np.full(len(rows), self.college.words[of][0], object)
            for name, of in shared.items()
        }
        words |= {name: np.array(list(given), object) for name, (given, _) in made.items()}
        marks = base.marks[rows]
        return Raw(
            replace(
                origin,
                rows=origin.rows[rows],
                columns={name: origin.columns[of] for name, of in own.items()}
                | {name: college.columns[of] for name, of in shared.items()},
                headers=headers
                | {name: origin.headers[of] for name, of in own.items()}
                | {name: college.headers[of] for name, of in shared.items()},
                shared={name: int(college.rows[0]) for name in shared},
                made={name: tuple(said) for name, (_, said) in made.items()},
            ),
            words,
            np.where((marks == "observed") & estimated, "estimated", marks).astype(object),
        )
