"""Findings of a run: what a college or province would have to explain or report upward (C12, C14)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..data.checking import cap_bounds, plans_without_fee, transfer
from ..rules import audit
from .compile import mid_year
from .effective_dates import year_note
from .places.few_colleges import few_findings

COLUMNS = ["table", "key", "rule", "severity", "sentence"]
SAID_AGAIN = (
    "item_with_two_bearers",
    "special_case_without_document",
)  # faults of reading that the findings below state themselves
WHOLE = (
    cap_bounds.CODE,
    transfer.CODE,
    plans_without_fee.SUMMED,
)  # faults of a whole table that stand at its first row: a cap table that is wrong is so everywhere
PLACED = (
    "province",
    "college",
    "certificate",
    "level",
)  # what of its row a finding remembers: where it belongs
ITEM = ["certificate", "level", "component", "phase", "item", "sub_item"]


LARGE = 1e4  # yuan from which a sum is written in 万元


def in_words(yuan: float) -> str:
    """A sum in a sentence: 300 元, 226.9 万元."""
    return f"{yuan / 1e4:.1f} 万元" if yuan >= LARGE else f"{yuan:g} 元"


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
    """What reading the tables found and the findings below do not say themselves, each with where its row belongs."""
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
        _finding(
            "",
            fault.where,
            fault.code or "data",
            fault.level,
            str(fault),
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
    home = {name: str(row[name]) for name in PLACED if name in row}
    owner = str(row["owner"]) if table == "funding" else ""
    return home | (
        {"province" if owner in set(tables["provinces"]["province"]) else "college": owner}
        if owner
        else {}
    )


def ledger_findings(
    ingredients: pd.DataFrame,
    components: pd.DataFrame,
    colleges: pd.DataFrame,
    fees_outlier_mads: float,
) -> list[dict]:
    """Faults of the ledger itself. `components` gives each component's form (general rows), `colleges` each college's province."""
    general = components[(components["province"] == "") & (components["college"] == "")]
    forms = general.drop_duplicates(["certificate", "level", "component"])
    rows = ingredients.reset_index(drop=True).merge(
        forms[["certificate", "level", "component", "form"]],
        how="left",
        on=["certificate", "level", "component"],
    )
    home = rows["college"].map(colleges.drop_duplicates("college").set_index("college")["province"])
    return (
        rowwise_findings(rows)
        + two_bearers(rows)
        + _outliers(rows, home.where(rows["college"] != "", rows["province"]), fees_outlier_mads)
    )


def rowwise_findings(rows: pd.DataFrame) -> list[dict]:
    """Printing and marking of computer-based parts, own staff paid in cash."""
    checks = {
        "printing_for_computer_based": (
            audit.printing_for_computer_based(rows["item"], rows["form"]),
            "机考环节列有试卷印制费",
        ),
        "marking_for_computer_based": (
            audit.marking_for_computer_based(rows["item"], rows["form"]),
            "机考客观题由机器评阅，却列有阅卷费",
        ),
        "paid_outside_total": (
            audit.paid_outside_total(rows["own_staff"], rows["cash_share"]),
            "本校人员在绩效工资总量之外领取现金",
        ),
    }
    return [
        _finding(
            "ingredients",
            _item_key(rows.iloc[i]),
            rule,
            "warning",
            f"{words}，请说明或更正",
            **_placed(rows.iloc[i]),
        )
        for rule, (mask, words) in checks.items()
        for i in np.flatnonzero(mask)
    ]


def two_bearers(rows: pd.DataFrame) -> list[dict]:
    """The same item of one place charged by both organisation and college."""
    place = [name for name in (*ITEM, "province", "college") if name in rows]
    both = rows.groupby(place, sort=False)["borne_by"].nunique()
    return [
        _finding(
            "ingredients",
            "/".join(str(part) for part in key if part),
            "item_with_two_bearers",
            "warning",
            "同一地方同一费用项目由培训评价组织和院校重复列支，请明确一个承担方",
            **_placed(dict(zip(place, key, strict=True))),
        )
        for key in both[both > 1].index
    ]


def _outliers(rows: pd.DataFrame, province: pd.Series, mads: float) -> list[dict]:
    """Prices far above the median of the same item in the same province (F9); rows for everywhere are compared among themselves."""
    same = [rows[name] for name in ("phase", "item", "sub_item", "driver")] + [
        province.rename("in_province")
    ]
    median = rows["unit_price"].groupby(same, sort=False).transform("median")
    deviation = (rows["unit_price"] - median).abs().groupby(same, sort=False).transform("median")
    far = np.flatnonzero(audit.outlier(rows["unit_price"], median, deviation, mads))
    return [
        _finding(
            "ingredients",
            _item_key(row),
            "price_outlier",
            "warning",
            f"单价 {in_words(row['unit_price'])}高出本省同类中位数 {in_words(usual)}过多，退回核实",
            **_placed(row),
        )
        for row, usual in zip(rows.iloc[far].to_dict("records"), median.iloc[far], strict=True)
    ]


def result_findings(year_result, fees: pd.DataFrame, view: Mapping) -> list[dict]:
    """What the run itself shows: fees above their ceiling, special cases without effect, colleges without a pool, provinces of too few
    colleges. view: the law the result was made under."""
    compiled, plan = year_result.compiled, year_result.plan
    cells, year = compiled.keys["cell"], compiled.year
    found = [
        _finding(
            "fees",
            f"{row.province}/{row.certificate}/{row.level}/{year}",
            "over_cap",
            "warning",
            "费用标准或特殊情况标准高于扣除院校承担后的上限，需说明",
            **_placed(row._asdict()),
        )
        for row in cells[plan["over_cap"]].itertuples()
    ]
    unverified = np.isinf(plan["verified_fee"])
    found += [
        _finding(
            "fees",
            f"{row.province}/{row.certificate}/{row.level}/{year}",
            "unverified",
            "note",
            "没有核定价",
            **_placed(row._asdict()),
        )
        for row in cells[unverified].itertuples()
    ]
    blank = fees[fees["special_case"].astype(bool) & (fees["special_document"] == "")]
    found += [
        _finding(
            "fees",
            f"{row.province}/{row.certificate}/{row.level}",
            "special_case_without_document",
            "warning",
            "特殊情况没有审核文号，不产生效力",
            **_placed(row._asdict()),
        )
        for row in blank.itertuples()
    ]
    pools = compiled.leaves["pay_pool"]
    working = (
        compiled.space.maps["offering", "college"].sum(compiled.leaves["planned_candidates"]) > 0
    )
    missing = np.isnan(pools) & working & ~compiled.leaves["is_private"]
    found += [
        _finding(
            "colleges",
            f"{row.college}/{year}",
            "no_pay_pool",
            "warning",
            "没有绩效工资总量，核增按 0 计",
            **_placed(row._asdict()),
        )
        for row in compiled.keys["college"][missing].itertuples()
    ]
    return found + few_findings(year_result, view)


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
        found += [_finding("", change.line, rule, "note", sentence)] if sentence else []
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
            key = "/".join(fees.loc[row, ["province", "certificate", "level"]])
            found.append(
                _finding(
                    "fees",
                    f"{key}/{day.year}",
                    cap_bounds.CODE,
                    "note",
                    f"测算所用的成本上限之和低于 {len(over)} 项已公布的标准（如 {fee:g} 元高于 {top:g} 元）；公布的标准都在上限之内，请核对上限或方案",
                )
            )
    return found


def findings_frame(run, tables, place: Place | None = None) -> pd.DataFrame:
    """Findings of the last result and of the tables read, a row each (docs/method.md §12): all, or those that belong to the place. What is
    judged against others (outliers) is judged among all."""
    found = reading_findings(tables)
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
    for result in run.last:
        view = run.composition.law.at(mid_year(result.compiled.year))
        found += result_findings(result, tables["fees"], view)
    return (
        pd.DataFrame(in_place(found, place), columns=COLUMNS)
        .drop_duplicates()
        .reset_index(drop=True)
    )


def _item_key(row) -> str:
    return "/".join(
        str(row[name])
        for name in (*ITEM, "province", "college")
        if name in row and row[name] not in ("", None)
    )


def _placed(row) -> dict[str, str]:
    return {name: str(row[name]) for name in PLACED if name in row}


def _finding(table, key, rule, severity, sentence, **where) -> dict:
    return {
        "table": table,
        "key": key,
        "rule": rule,
        "severity": severity,
        "sentence": sentence,
        **where,
    }
