"""Which colleges have filed which tables, what each gap keeps which report from, and which gaps come first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ...data.schema import load_schema
from ...data.tables import Tables
from ..disclosure import SMALL, tellable_groups
from ..needs import Cells, College, Gap, Place, Plans, Source, gaps, needs
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
    tables: Tables, filed: Mapping[str, tuple[frozenset[str], frozenset[str]]], internal: bool
) -> pd.DataFrame:
    """A row a province: its colleges, and a column a table of FILED, the share (0–1) that has filed it, nan where none is to. In a circulated
    report provinces of too few colleges are left out, and a share is nan that tells of few or gives that of another province away."""
    home = tables["colleges"].drop_duplicates("college").set_index("college")["province"]
    made = pd.DataFrame({"colleges": home.value_counts()})
    for table, (asked, has) in filed.items():
        some, every = (
            home.reindex(sorted(one)).value_counts().reindex(made.index).fillna(0).to_numpy()
            for one in (has, asked)
        )
        told = internal | tellable_groups(some, every)
        made[table] = np.where(told & (every > 0), some / np.maximum(every, 1), np.nan)
    made = made[made["colleges"] >= (1 if internal else SMALL)]
    order = [one for one in tables["provinces"]["province"] if one in made.index]
    return made.loc[order].rename_axis("province").reset_index()


def report_gaps(study: Study, tables: Tables) -> dict[str, list[Gap]]:
    """report → what the place's data lack for it, of the study's year; a report that compares colleges is not one for a single college, and other
    provinces are not missed where the data have them."""
    known = {
        table: tables.frames.get(table, pd.DataFrame({name: [] for name in columns}))
        for table, columns in load_schema().items()
    }
    source = Source(known, tables.origins, study.year)
    alone = study.tables["colleges"]["province"].nunique() == 1
    made = {name: gaps(asked, source) for name, asked in needs().items() if asked["needs"]}
    return {
        name: [gap for gap in own if gap.need["check"] != "one_province" or alone]
        for name, own in made.items()
        if not any(gap.need["check"] == "one_college" for gap in own)
    }


@dataclass(frozen=True)
class Item:
    """Something to fill in or to check: `kind` gap (a table and columns that reports lack), column (cells that a rule stands in for) or check
    (findings); what it is, how many places, the reports that cannot be made without it, those that it would complete, and the money that
    rests on it."""

    kind: str
    what: Any
    count: int
    resting: Resting
    makes: tuple[str, ...] = ()
    completes: tuple[str, ...] = ()
    places: Sequence[Place] = ()


def gap_key(need: Mapping) -> str:
    """table:funding, cells:colleges, fee_missing: a need by what is asked."""
    return f"{need['check']}:{need['table']}" if "table" in need else str(need["check"])


# questions of needs.yaml that name no table → the table and columns to fill in; what follows from other gaps, or nobody could fill in, has none
FILLED_BY = {
    "alone_without_fee": ("fees", ("published_fee",)),
    "fee_missing": ("fees", ("published_fee",)),
    "no_fee": ("fees", ("published_fee",)),
    "no_cap": ("caps", ()),
    "cap_missing": ("caps", ()),
    "no_costs": ("ingredients", ()),
}


def gap_items(
    study: Study, tables: Tables, bill: Bill, lacking: Mapping[str, Sequence[Gap]]
) -> list[Item]:
    """The gaps of all reports, each table and columns once: first those that stop most reports, then by the reports they would complete,
    then by money."""
    found: dict[tuple, list[tuple[str, Gap]]] = {}
    for report, own in lacking.items():
        for gap in own:
            need = gap.need
            table, columns = FILLED_BY.get(
                need["check"], (need.get("table"), tuple(need.get("columns", ())))
            )
            if table:
                found.setdefault((table, columns), []).append((report, gap))
    made = []
    for what, some in found.items():
        makes = tuple(report for report, gap in some if gap.need.get("stops"))
        completes = tuple(dict.fromkeys(report for report, _ in some if report not in makes))
        largest = max((gap for _, gap in some), key=lambda gap: count_of(gap.places))
        resting = bill.resting(*(_keys(study, tables, gap) for _, gap in some))
        count = count_of(largest.places) or 1
        made.append(Item("gap", what, count, resting, makes, completes, largest.places))
    return sorted(made, key=lambda i: (-len(i.makes), -len(i.completes), -i.resting.money))


def unit_of(places: Sequence[Place]) -> str:
    """What `count_of` counts: plans, colleges, cells, or "" (other names, or a whole table)."""
    units = {Plans: "plans", College: "colleges", Cells: "cells"}
    return units.get(type(places[0]), "") if places else ""


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
    study: Study, tables: Tables, bill: Bill, columns: Sequence[Column], gaps: Sequence[Item]
) -> list[Item]:
    """The columns with cells that were not filled in and no gap names."""
    named = {(one.what[0], name) for one in gaps for name in one.what[1]}
    made = []
    for one in columns:
        rows = np.concatenate([*one.ways.values(), np.array([], int)]).astype(int)
        if len(rows) and (one.table, one.column) not in named:
            keys = keys_of(tables, one.table, rows, study.year)
            made.append(Item("column", one, len(rows), bill.resting(keys)))
    return made
