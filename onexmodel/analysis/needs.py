"""Which reports a data set allows: what each would refuse, and what it would leave out, with the cells to fill in (needs.yaml)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd

from ..data.codes import FORM
from ..data.schema import load_schema
from ..data.tables import Origin, by_code, column_letter, combined, in_force
from ..engine.compile import mid_year
from ..engine.data_changes import change_frames
from ..errors import Fault, ScenarioError
from ..languages import in_language
from ..law import list_scenarios, read_scenario
from ..law.yamlfile import read_yaml
from ..places import package_file
from .disclosure import SMALL
from .run_faults import SIZE

FEW = 3  # cells, colleges or tables that are named; the rest are counted
READY = "ready"
BLANK = ("missing_cell", "missing_table", "missing_column", "no_rows")


def report_title(name: str, language: str) -> str:
    """What a report is called in a list of reports."""
    return in_language(needs()[name]["title"], language)


@dataclass(frozen=True)
class Cells:
    """Cells of one column: sheet (or CSV file), their rows as in Excel, the column from 0."""

    sheet: str
    rows: Sequence[int]
    column: int


Place = Cells | str  # what is to be filled in: cells, or a name


@dataclass(frozen=True)
class Source:
    """A data set as read: tables, their addresses, and the last year that anything is planned in (0 for none)."""

    frames: Mapping[str, pd.DataFrame]
    origins: Mapping[str, Origin]
    year: int

    @property
    def day(self) -> pd.Timestamp:
        """The day whose caps and fees hold."""
        return pd.Timestamp(mid_year(self.year))

    @cached_property
    def plans(self) -> pd.DataFrame:
        """The offerings of the last year that plan anybody."""
        rows = self.frames["offerings"]
        return rows[(rows["year"] == self.year) & (rows["candidates"] > 0)]

    @cached_property
    def kinds(self) -> set[tuple[str, str]]:
        """(certificate, level) that are planned."""
        rows = self.plans[["certificate", "level"]].drop_duplicates()
        return set(zip(rows["certificate"], rows["level"], strict=True))

    @cached_property
    def planning(self) -> list[str]:
        """Codes of the colleges that plan anybody."""
        return pd.unique(self.plans["college"]).tolist()

    @cached_property
    def capless(self) -> dict[tuple[str, str], set[str]]:
        """(certificate, level) that are planned → those of their forms that have no cap in the year; without those that have all."""
        parts, caps = self.frames["components"], self.frames["caps"]
        caps = caps[in_force(caps, self.day) & caps["cap"].notna()]
        known, found = set(zip(caps["form"], caps["level"], strict=True)), {}
        rows = parts[["certificate", "level", "form"]].drop_duplicates()
        for certificate, level, form in rows.itertuples(index=False):
            if (certificate, level) in self.kinds and not {(form, level), (form, "all")} & known:
                found.setdefault((certificate, level), set()).add(form)
        return found

    @cached_property
    def without_fee(self) -> pd.DataFrame:
        """Those plans of which no published fee is in force in the year."""
        fees, plans, keys = self.frames["fees"], self.plans, ["province", "certificate", "level"]
        held = fees[in_force(fees, self.day) & fees["published_fee"].notna()]
        known = set(zip(*(held[key] for key in keys), strict=True))
        home = by_code(self.frames["colleges"], "college")["province"]
        at, different = combined(
            plans["college"].map(home.to_dict()), plans["certificate"], plans["level"]
        )
        return plans[np.array([key not in known for key in different], bool)[at]]

    def cells(self, table: str, rows: Iterable[int], column: str) -> list[Place]:
        """The cells of a column at rows; [] where there are none."""
        origin = self.origins[table]
        sheet, at = origin.sheet or Path(origin.file).name, origin.columns.get(column, 0)
        found = origin.rows[np.asarray(rows, int)].tolist()
        return [Cells(sheet, found, at)] if found else []


@dataclass(frozen=True)
class Gap:
    """Something that a report needs (its entry of needs.yaml) and the data lack: the places to fill in, [] where `says` names the table."""

    need: Mapping
    places: list[Place]


def gaps(asked: Mapping, source: Source) -> list[Gap]:
    """What a report (its part of needs.yaml) lacks, in the order of the file."""
    found = [(need, QUESTIONS[need["check"]](source, need)) for need in asked["needs"]]
    return [Gap(need, places) for need, places in found if places is not None]


def needs() -> Mapping[str, Mapping]:
    """report → its part of needs.yaml: title, tables it does not read, what it needs."""
    return read_yaml(package_file("analysis", "needs.yaml")).data


def readiness(frames, origins, faults: Sequence[Fault]) -> list[Fault]:
    """A note a report: 可以做, with what is left out, or 还差, with the cells. `faults`: what reading found; an error stops the reports that
    read its table."""
    asked = needs()
    frames = {
        table: frames.get(table, pd.DataFrame({name: [] for name in columns}))
        for table, columns in load_schema().items()
    }
    years = frames["offerings"].loc[frames["offerings"]["candidates"] > 0, "year"]
    source = Source(frames, origins, int(years.max()) if years.notna().any() else 0)
    home = {(one.file, one.sheet): table for table, one in origins.items()}
    wrong = [
        (home.get(one.at[:2], "") if one.at else _table_of(one, origins), one)
        for one in faults
        if one.level == "error"
    ]
    return [_said(name, asked[name], source, wrong) for name in asked]


def _said(name: str, asked: Mapping, source: Source, wrong) -> Fault:
    """One report's line."""
    own = [fault for table, fault in wrong if table not in asked["reads_not"]]
    title = f"报告 {name}（{asked['title']['zh']}）"
    if own:
        blank = [one for one in own if one.code in BLANK]
        other = [one for one in own if one.code not in BLANK]
        parts = [
            f"{words}：{_listed(_places(some))}"
            for words, some in (("还差", blank), ("先改正", other))
            if some
        ]
        return Fault(title, "；".join(parts), level="note", code=READY)
    stops, left_out = [], []
    for gap in gaps(asked, source) if source.year else ():
        words = f"{gap.need['says']}{f'：{_listed(gap.places)}' if gap.places else ''}"
        (stops if gap.need.get("stops") else left_out).append(words)
    if not source.year:
        stops = ["还差：表「开考计划」没有计划考核人数"]
    few = len(source.frames["colleges"])
    circulated = [f"只有{few}所院校，须加 --internal"] if 1 < few < SMALL else []
    what = "；".join(["做不了", *stops] if stops else ["可以做", *circulated, *left_out])
    return Fault(title, what, level="note", code=READY)


def _listed(places: Sequence[Place]) -> str:
    """The first places of each sheet, sheet by sheet, and how many there are."""
    sheets: dict[str, list[Cells]] = {}
    words = [one for one in places if isinstance(one, str)]
    for one in places:
        if isinstance(one, Cells):
            sheets.setdefault(one.sheet, []).append(one)
    parts = ["、".join(words[:FEW]) + (f" 等 {len(words)} 处" if len(words) > FEW else "")] * bool(
        words
    )
    parts += [_sheet_listed(sheet, cells) for sheet, cells in list(sheets.items())[:FEW]]
    rest = sum(map(_count, list(sheets.values())[FEW:]))
    return "；".join(parts) + (f"；另外 {len(sheets) - FEW} 张表 {rest} 格" if rest else "")


def _count(cells: Sequence[Cells]) -> int:
    return sum(len(one.rows) for one in cells)


def _sheet_listed(sheet: str, cells: Sequence[Cells]) -> str:
    every = ((row, one.column) for one in cells for row in one.rows)
    if sheet.lower().endswith(".csv"):
        rows: dict[int, int] = {}
        while len(rows) < FEW and (cell := next(every, None)):
            rows.setdefault(*cell)
        named = f"第 {'、'.join(map(str, rows))} 行"
    else:
        named = "、".join(f"{column_letter(column)}{row}" for row, column in islice(every, FEW))
    return f"{sheet} {named}" + (f" 等 {_count(cells)} 格" if _count(cells) > FEW else "")


def _places(faults: Sequence[Fault]) -> list[Place]:
    """The places of faults, each once; of one of no single cell what it says."""
    known = dict.fromkeys(one.at or _in_words(one) for one in faults)
    return [
        one if isinstance(one, str) else Cells(one[1] or one[0], one[2:3], one[3]) for one in known
    ]


def _in_words(fault: Fault) -> str:
    return f"{fault.where.split(' 工作表')[-1]}{fault.what}"


def _table_of(fault: Fault, origins: Mapping[str, Origin]) -> str:
    """The table that a fault of no single cell is about, "" where it is of the whole set."""
    return next(
        (table for table, one in origins.items() if fault.where.startswith(one.sheet_name)), ""
    )


# the questions: None where nothing is missing, else the places to fill in ([] where `says` names the table)


def _table(source: Source, need: Mapping) -> list[Place] | None:
    """No row; or, in a table by college and year, none for some of the colleges that plan."""
    frame = source.frames[need["table"]]
    for column, value in need.get("of", {}).items():
        frame = frame[frame[column] == value]
    owner = next((name for name in ("owner", "college") if name in frame and "year" in frame), "")
    if not owner:
        return None if len(frame) else []
    colleges = source.frames["colleges"]
    province, name, kind = (
        dict(zip(colleges["college"].tolist(), colleges[column].tolist(), strict=True))
        for column in ("province", "name", "ownership")
    )
    planning = [
        one for one in source.planning if one in province and kind[one] != need.get("but", "")
    ]
    known = set(pd.unique(frame.loc[frame["year"] == source.year, owner]).tolist())
    lacking = [one for one in planning if one not in known and province[one] not in known]
    if lacking and len(lacking) == len(planning):
        return [f"{source.year}年没有一行"] if len(frame) else []
    return [name[one] or one for one in lacking] or None


def _cells(source: Source, need: Mapping) -> list[Place] | None:
    frame, table = source.frames[need["table"]], need["table"]
    if table not in source.origins:
        return None
    rows = np.ones(len(frame), bool)
    for column, value in need.get("of", {}).items():
        rows &= (frame[column] == value).to_numpy()
    if table == "offerings":
        rows &= frame.index.isin(source.plans.index)
    blank = [
        cell
        for column in need["columns"]
        for cell in source.cells(
            table, np.flatnonzero(rows & frame[column].isna().to_numpy()), column
        )
    ]
    return blank or None


def _forms(source: Source) -> list[Place]:
    """The forms without a cap, in words."""
    lacking = set().union(*source.capless.values())
    return [word for word, code in FORM.items() if code in lacking]


def _no_cap(source: Source, _) -> list[Place] | None:
    """Every planned certificate has a form without a cap."""
    return _forms(source) if source.kinds and source.kinds <= source.capless.keys() else None


def _cap_missing(source: Source, _) -> list[Place] | None:
    return _forms(source) if source.capless and not source.kinds <= source.capless.keys() else None


def _plan_cells(source: Source, plans: pd.DataFrame) -> list[Place] | None:
    return source.cells("offerings", plans.index, "certificate") or None


def _fee_missing(source: Source, _) -> list[Place] | None:
    return _plan_cells(source, source.without_fee)


def _no_fee(source: Source, _) -> list[Place] | None:
    """Plans without a fee, of a certificate with a form that has no cap."""
    plans = source.without_fee
    at, different = combined(plans["certificate"], plans["level"])
    bare = np.array([key in source.capless for key in different], bool)
    return _plan_cells(source, plans[bare[at]]) if source.capless and len(plans) else None


def _levers(source: Source) -> tuple[list[str], int]:
    """Titles of the built-in levers that meet no row of the data, and how many there are in all."""
    names = [name for name in list_scenarios() if name.startswith("lever_")]
    missed: list[str] = []
    if len(source.frames["offerings"]) > SIZE:
        return missed, len(names)
    for name in names:
        lever = read_scenario(name)
        changes = [one for one in lever.changes if "/" in one.target]
        try:
            change_frames(source.frames, changes, mid_year(source.year))
        except ScenarioError:
            missed.append(lever.title["zh"])
    return missed, len(names)


def _no_costs(source: Source, _) -> list[Place] | None:
    """No certificate that is planned has a cost line, as engine.unfilled sees it."""
    lines = set(source.frames["ingredients"]["certificate"])
    return None if any(certificate in lines for certificate, _ in source.kinds) else []


def _alone(source: Source, need: Mapping) -> list[Place] | None:
    """There are no caps, or no cost lines: fee_cap is about published fees alone."""
    lacks = [one(source, need) for one in (_no_cap, _no_costs)]
    return None if lacks == [None, None] else []


def _alone_without_fee(source: Source, need: Mapping) -> list[Place] | None:
    return _fee_missing(source, need) if _alone(source, need) is not None else None


def _no_lever(source: Source, _) -> list[Place] | None:
    missed, all_of = _levers(source)
    return [] if len(missed) == all_of else None


def _lever_missing(source: Source, _) -> list[Place] | None:
    missed, all_of = _levers(source)
    return [*missed] if 0 < len(missed) < all_of else None


def _one(column: str, source: Source, _) -> list[Place] | None:
    return [] if source.frames["colleges"][column].nunique() == 1 else None


QUESTIONS: Mapping[str, Callable[[Source, Mapping], list[Place] | None]] = {
    "table": _table,
    "cells": _cells,
    "no_cap": _no_cap,
    "cap_missing": _cap_missing,
    "fee_missing": _fee_missing,
    "no_fee": _no_fee,
    "no_costs": _no_costs,
    "alone": _alone,
    "alone_without_fee": _alone_without_fee,
    "no_lever": _no_lever,
    "lever_missing": _lever_missing,
    "one_college": partial(_one, "college"),
    "one_province": partial(_one, "province"),
}
