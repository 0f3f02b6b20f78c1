"""Which colleges have filed which tables, what each gap keeps which report from, and which gaps come first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ...data.schema import load_schema
from ...data.tables import Tables
from ..needs import Cells, Gap, Place, Source, gaps, needs
from ..study import Study
from .cells import Column
from .money import Bill, Resting, keys_of

FILED = (
    "offerings",
    "pay_pools",
    "workload",
    "funding",
    "budget_lines",
    "assessments",
    "payments",
)  # tables that each college files


def filing(study: Study, tables: Tables) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """table → (the place's colleges that are to file it, those of them that have): plans by all, the rest by those that plan in the year (pay
    pools not by private ones); tables of a year by a row of the year, funds also by one of the province."""
    home = tables["colleges"].drop_duplicates("college").set_index("college")
    every, made = frozenset(home.index), {}
    for table in FILED:
        frame, asked = tables[table], every if table == "offerings" else study.unfilled.planning
        if "year" in frame:
            frame = frame[frame["year"] == study.year]
        if table == "offerings":
            frame = frame[frame["candidates"] > 0]
        if table == "pay_pools":
            asked = asked & frozenset(home.index[home["ownership"] != "private"])
        owners = frozenset(frame["owner" if "owner" in frame else "college"])
        own = frozenset(home.index[home["province"].isin(owners)]) if table == "funding" else owners
        made[table] = (asked, asked & (owners | own))
    return made


def by_province(
    tables: Tables, filed: Mapping[str, tuple[frozenset[str], frozenset[str]]]
) -> pd.DataFrame:
    """A row a province: its colleges, and a column a table of FILED, the share (0–1, nan where none is to) that has filed it."""
    home = tables["colleges"].drop_duplicates("college").set_index("college")["province"]
    made = pd.DataFrame({"colleges": home.value_counts()})
    for table, (asked, has) in filed.items():
        counts = [home.reindex(sorted(some)).value_counts() for some in (has, asked)]
        made[table] = counts[0].reindex(made.index).fillna(0) / counts[1].reindex(made.index)
    order = [one for one in tables["provinces"]["province"] if one in made.index]
    return made.loc[order].rename_axis("province").reset_index()


def report_gaps(study: Study, tables: Tables) -> dict[str, list[Gap]]:
    """report → what the place's data lack for it, of the study's year."""
    known = {
        table: tables.frames.get(table, pd.DataFrame({name: [] for name in columns}))
        for table, columns in load_schema().items()
    }
    source = Source(known, tables.origins, study.year)
    return {name: gaps(asked, source) for name, asked in needs().items() if asked["needs"]}


@dataclass(frozen=True)
class Item:
    """Something to fill in or to check: `kind` gap (of reports), column (cells that a rule stands in for) or check (findings); its key, how
    many places, the reports it would complete, whether one cannot be made without it, and the money that rests on it."""

    kind: str
    key: object
    count: int
    reports: tuple[str, ...]
    stops: bool
    resting: Resting
    places: Sequence[Place] = ()


def gap_key(need: Mapping) -> str:
    """table:funding, cells:colleges, fee_missing: a need by what is asked."""
    return f"{need['check']}:{need['table']}" if "table" in need else str(need["check"])


NOT_FILLED = (
    "alone",
    "alone_without_fee",
    "one_college",
    "one_province",
)  # what follows from other gaps, or cannot be filled in
NARROW = ("lever_missing", "no_lever")  # what a college may well be without


def items(
    study: Study, tables: Tables, bill: Bill, lacking: Mapping[str, Sequence[Gap]]
) -> list[Item]:
    """The gaps of all reports, each once: first those that stop one, then by the reports they would complete, then by money."""
    found: dict[str, tuple[Gap, list[str], bool]] = {}
    for report, own in lacking.items():
        for gap in own:
            if gap.need["check"] not in (*NOT_FILLED, *NARROW):
                key = gap_key(gap.need)
                first, reports, stops = found.get(key, (gap, [], False))
                found[key] = (first, [*reports, report], stops or bool(gap.need.get("stops")))
    made = [
        Item(
            "gap",
            gap.need,
            count_of(gap.places) or 1,
            tuple(reports),
            stops,
            bill.resting(_keys(study, tables, gap)),
            gap.places,
        )
        for gap, reports, stops in found.values()
    ]
    return sorted(made, key=lambda one: (-one.stops, -len(one.reports), -one.resting.money))


def count_of(places: Sequence[Place]) -> int:
    """Cells or names."""
    return sum(len(one.rows) if isinstance(one, Cells) else 1 for one in places)


def _keys(study: Study, tables: Tables, gap: Gap) -> pd.DataFrame:
    """The rows that a gap is about: its cells, the colleges it names, or every college that plans."""
    parts, named = [], [one for one in gap.places if isinstance(one, str)]
    for one in gap.places:
        if isinstance(one, Cells):
            table = gap.need.get("table", "offerings")
            rows = np.flatnonzero(np.isin(tables.origins[table].rows, list(one.rows)))
            parts.append(keys_of(tables, table, rows, study.year))
    home = tables["colleges"]
    own = home[home["name"].isin(named) | home["college"].isin(named)]["college"]
    if not gap.places or (named and own.empty):
        own = pd.Series(sorted(study.unfilled.planning), dtype=object)
    return pd.concat([*parts, pd.DataFrame({"college": own})])


def column_items(
    study: Study, tables: Tables, bill: Bill, columns: Sequence[Column], known: Sequence[Item]
) -> list[Item]:
    """The columns with cells that were not filled in and no gap of a report names, by the money that rests on them."""
    named = {(one.key["table"], name) for one in known for name in one.key.get("columns", ())}  # type: ignore[index,attr-defined]
    made = []
    for one in columns:
        rows = np.concatenate([*one.ways.values(), np.array([], int)]).astype(int)
        if len(rows) and (one.table, one.column) not in named:
            rest = bill.resting(keys_of(tables, one.table, rows, study.year))
            made.append(Item("column", one, len(rows), (), False, rest))
    return sorted(made, key=lambda one: -one.resting.money)
