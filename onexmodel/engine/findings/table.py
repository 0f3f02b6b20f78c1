"""All findings of a run as a table, narrowed to a place (docs/method.md §12)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from ...data.checking import cap_bounds, plans_without_fee, transfer
from ...data.names import key_words, proper_names
from ..compile import mid_year
from ..effective_dates import year_note
from .finding import finding, placed
from .ledger import ledger_findings
from .results import FEE, result_findings
from .unfilled import unfilled

COLUMNS = ["table", "key", "place", "rule", "severity", "sentence"]
SAID_AGAIN = (
    "item_with_two_bearers",
    "special_case_without_document",
)  # faults of reading that the findings below state themselves
WHOLE = (
    cap_bounds.CODE,
    transfer.CODE,
    plans_without_fee.SUMMED,
)  # faults of a whole table that stand at its first row: a cap table that is wrong is so everywhere


@dataclass(frozen=True)
class Place:
    """Provinces, or one college: the colleges, and (certificate, level) they plan candidates for."""

    provinces: tuple[str, ...]
    colleges: frozenset[str]
    planned: frozenset[tuple[str, str]]
    alone: bool = (
        False  # one college: a fee of the province is its business where it plans the certificate
    )

    @staticmethod
    def of(tables, provinces: tuple[str, ...], college: str = "") -> Place:
        """The place of the codes of provinces and, where given, a college of them."""
        home, plans = tables["colleges"], tables["offerings"]
        colleges = frozenset(
            [college] if college else home.loc[home["province"].isin(provinces), "college"]
        )
        own = plans[plans["college"].isin(colleges) & (plans["candidates"] > 0)]
        return Place(
            provinces,
            colleges,
            frozenset(zip(own["certificate"], own["level"], strict=True)),
            bool(college),
        )

    def holds(self, row: Mapping[str, str]) -> bool:
        """Does what a row says belong here? A row of a college or a province where that is; a general row of a certificate where the place
        plans it (at the row's level, if it has one); what names no place and no certificate belongs everywhere."""
        if row.get("college"):
            return row["college"] in self.colleges
        if row.get("province") and row["province"] not in self.provinces:
            return False
        if not row.get("certificate") or (row.get("province") and not self.alone):
            return True
        level = row.get("level") or "all"
        return any(
            certificate == row["certificate"] and level in ("all", own)
            for certificate, own in self.planned
        )


def in_place(found: Sequence[dict], place: Place | None) -> list[dict]:
    """The findings that belong to the place; all of them without one."""
    return [one for one in found if place is None or place.holds(one)]


def reading_findings(tables) -> list[dict]:
    """What reading the tables found and the findings below do not say themselves, each with its cell (`at`) and where its row belongs."""
    addresses = (
        {
            (origin.file, origin.sheet): (
                name,
                {int(number): i for i, number in enumerate(origin.rows)},
            )
            for name, origin in tables.origins.items()
        }
        if any(fault.at for fault in tables.findings)
        else {}
    )
    return [
        finding(
            "",
            fault.where,
            fault.code or "data",
            fault.level,
            str(fault),
            at=fault.at,
            **_home(fault, tables, addresses),
        )
        for fault in tables.findings
        if fault.code not in SAID_AGAIN
    ]


def _home(fault, tables, addresses) -> dict[str, str]:
    """Where the row of a fault belongs; {} for a fault of no single row, or of one that names no place."""
    table, rows = (
        addresses.get(fault.at[:2], ("", {})) if fault.at and fault.code not in WHOLE else ("", {})
    )
    at = rows.get(fault.at[2]) if table else None
    if at is None or at >= len(tables[table]):
        return {}
    row = tables[table].iloc[at]
    home = placed(row)
    owner = str(row["owner"]) if table == "funding" else ""
    return home | (
        {"province" if owner in set(tables["provinces"]["province"]) else "college": owner}
        if owner
        else {}
    )


def dated_changes(composition, years) -> list[dict]:
    """Changes of the scenarios that are in force on 1 July of none of the years: they change nothing in the run; and those that begin or
    end inside one of them, which count for all of it or not at all."""
    found = []
    for change in (change for scenario in composition.scenarios for change in scenario.changes):
        sentence = year_note(composition.law, [change], years)
        rule = (
            "part_year_change"
            if any(change.holds(mid_year(year)) for year in years)
            else "dormant_change"
        )
        found += [finding("", change.line, rule, "note", sentence)] if sentence else []
    return found


def lowered_caps(law, tables, days, provinces: tuple[str, ...] = ()) -> list[dict]:
    """Published fees that the caps of the run (a scheme's, or --set) do not hold, though those of the data's own table do (F33): one note a
    year. Caps that differ at some places only are not looked at."""
    fees, components, found = tables["fees"], tables["components"], []
    fees = fees[fees["province"].isin(provinces)] if provinces else fees
    said = {row for row, *_ in cap_bounds.over(fees, components, tables["caps"])}
    for day in days:
        caps = {
            name.removeprefix("fees.cap."): value
            for name, value in law.at(day).items()
            if name.startswith("fees.cap.")
        }
        over = [
            one for one in cap_bounds.over_on(fees, components, caps, day) if one[0] not in said
        ]
        if over:
            row, fee, top = over[0]
            key = fees.loc[row, [*FEE]].to_dict()
            found.append(
                finding(
                    "fees",
                    key | {"year": day.year},
                    cap_bounds.CODE,
                    "note",
                    f"测算所用的成本上限之和低于 {len(over)} 项已公布的标准（如 {fee:g} 元高于 {top:g} 元）；公布的标准都在上限之内，请核对上限或方案",
                )
            )
    return found


def findings_frame(run, tables, place: Place | None = None) -> pd.DataFrame:
    """Findings of the last result and of the tables read, a row each (docs/method.md §12): all, or those that belong to the place. What is
    judged against others (outliers) is judged among all."""
    found = in_place(reading_findings(tables) + run_findings(run, tables, place), place)
    names = proper_names(tables)
    said = [one | {"place": _said(one, names)} for one in found]
    return pd.DataFrame(said, columns=COLUMNS).drop_duplicates().reset_index(drop=True)


def run_findings(run, tables, place: Place | None = None) -> list[dict]:
    """What the run finds beside what reading found, not yet narrowed to the place."""
    found: list[dict] = []
    days = [mid_year(result.compiled.year) for result in run.last]
    found += dated_changes(run.composition, [day.year for day in days])
    found += transfer.facts(
        tables.frames,
        run.composition.law.at(days[-1])["settlement.last_sitting"],
        place.colleges if place else None,
    )
    found += lowered_caps(run.composition.law, tables, days, place.provinces if place else ())
    mads = run.composition.law.origin("fees.outlier_mads", days[0]).value
    found += ledger_findings(tables["ingredients"], tables["components"], tables["colleges"], mads)
    for result, day in zip(run.last, days, strict=True):
        view = run.composition.law.at(day)
        found += result_findings(result, tables["fees"], view)
        found += unfilled(tables.frames, day.year, view["pay.uplift_scope"]).findings(day.year)
    return found


def _said(one: Mapping, names) -> str:
    """Where a finding is, in words; an address as it stands."""
    words = "、".join(key_words(key, names) for key in one["keys"])
    return words + ("…" if one["key"].endswith("…") else "") if words else one["key"]
