"""Which cells a place's data ask for, and what stands in them: what was filled in, what a rule took instead, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from ...data.checking.defaults import DEFAULTS
from ...data.checking.row_status import DOCUMENTS, shares
from ...data.schema import load_schema
from ...data.tables import Origin, Tables, among
from ..study import Study

Mask = Callable[[pd.DataFrame], pd.Series]
# columns that are asked only of some rows
WHEN: Mapping[tuple[str, str], Mask] = {
    ("fees", "document"): lambda rows: rows["published_fee"].notna(),
    **{
        ("fees", name): lambda rows: rows["special_case"].astype(bool)
        for name in ("special_fee", "special_document", "special_from")
    },
    ("components", "stations"): lambda rows: rows["component"] == "practical",
}
# conditional columns whose blanks mean something (no end, no part, no purchase)
MEANT = {("fees", "special_to"), ("ingredients", "component"), ("ingredients", "life_years")}
OF_CERTIFICATES = ("certificates", "components", "ingredients", "fees")
CODES = ("id", "code")  # types of columns that the short form makes up without taking a value


def narrowed(study: Study) -> Tables:
    """The tables with the rows of the place only, of certificates those that it plans, and the addresses of these."""
    tables = study.tables
    frames, origins, marks = dict(tables.frames), dict(tables.origins), dict(tables.marks)
    imputed = dict(tables.imputed)
    planned = set(tables["offerings"]["certificate"][study.here("offerings")])
    for table, frame in tables.frames.items():
        here = study.here(table)
        if table in OF_CERTIFICATES and study.provinces:
            here &= among(frame["certificate"], planned)
        if here.all():
            continue
        frames[table] = frame[here].reset_index(drop=True)
        if table in origins:
            origins[table] = _origin(origins[table], here)
            marks[table] = np.asarray(marks[table], object)[here]
        imputed |= {key: mask[here] for key, mask in tables.imputed.items() if key[0] == table}
    return replace(tables, frames=frames, origins=origins, marks=marks, imputed=imputed)


def _origin(origin: Origin, here: np.ndarray) -> Origin:
    made = {name: tuple(np.array(said, object)[here]) for name, said in origin.made.items()}
    return replace(origin, rows=origin.rows[here], made=made)


@dataclass(frozen=True)
class Column:
    """The cells of a column that are asked for: how many, and the rows (positions) of those that were not filled in, by what was taken
    instead: imputed, form (a value of the short form), default (the model's own), none (nothing)."""

    table: str
    column: str
    asked: int
    ways: Mapping[str, np.ndarray]

    @cached_property
    def given(self) -> int:
        """Cells that were filled in."""
        return self.asked - sum(map(len, self.ways.values()))

    @property
    def blank(self) -> int:
        """Cells without any value."""
        return len(self.ways.get("none", ()))


def asked_columns(tables: Tables) -> list[Column]:
    """Every column that is asked for of the tables with rows, in the order of the schema; the register of documents is none."""
    return [
        made
        for table, columns in load_schema().items()
        if table != DOCUMENTS and table in tables.origins and len(tables[table])
        for column in columns
        if (made := _column(tables, table, column))
    ]


def _column(tables: Tables, table: str, column: str) -> Column | None:
    frame, schema, key = tables[table], load_schema()[table][column], (table, column)
    filled = tables.imputed.get(key)
    needed = schema.need == "R" or (schema.need == "C" and key not in MEANT)
    if not needed and key not in DEFAULTS and key not in WHEN and filled is None:
        return None
    asked = np.ones(len(frame), bool) if key not in WHEN else WHEN[key](frame).to_numpy(bool)
    filled = np.zeros(len(frame), bool) if filled is None else filled
    form = np.zeros(len(frame), bool)
    if column in tables.origins[table].made:
        form = np.array([said != "" for said in tables.origins[table].made[column]], bool)
        if schema.type in CODES:
            asked, form = asked & ~form, form & False
    values = frame[column]
    text = not (schema.numeric or schema.type in ("date", "bool"))
    blank = (values.isna() | (values == "") if text else values.isna()).to_numpy(bool)
    ways = {
        "imputed": asked & filled,
        "form": asked & form & ~filled,
        "default" if key in DEFAULTS else "none": asked & blank & ~filled & ~form,
    }
    rows = {way: np.flatnonzero(mask) for way, mask in ways.items() if mask.any()}
    return Column(table, column, int(asked.sum()), rows) if asked.any() else None


def by_table(tables: Tables, columns: list[Column]) -> pd.DataFrame:
    """A row a table with rows: rows, cells asked, given, taken (by any rule) and blank, and the shares of its rows observed, estimated and
    simulated, each 0–1."""
    made = []
    for table in dict.fromkeys(one.table for one in columns):
        own = [one for one in columns if one.table == table]
        asked, given = sum(one.asked for one in own), sum(one.given for one in own)
        blank = sum(one.blank for one in own)
        made.append(
            {
                "table": table,
                "rows": len(tables[table]),
                "asked": asked,
                "given": given,
                "taken": asked - given - blank,
                "blank": blank,
                **shares(tables.row_status(table)),
            }
        )
    return pd.DataFrame(made)


def states(table: pd.DataFrame) -> dict[str, float]:
    """Of `by_table`: the shares of the cells with a value (given or taken) that stand in rows observed, estimated, simulated."""
    held = table["given"] + table["taken"]
    return {
        kind: float((table[kind] * held).sum() / max(held.sum(), 1))
        for kind in ("observed", "estimated", "simulated")
    }
