"""What nobody filled in: the colleges of whose funds or pay total a year's tables have no row. That is not known, which is not nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from .finding import finding

FUNDS = (
    "funding_gap",
    "waterfall_gap",
    "order_loss",
    "idle",
    "award",
    "unaffordable_candidates",
)  # of a college, known only with its funds; so is what begins with funding_gap_
COSTS = (
    "assessment_cost",
    "organisation_cost",
    "college_cost",
    "college_cash_cost",
    "training_cost",
    "training_cash_cost",
    "need_training",
    "unit_cost",
    "cost_per_certificate",
)  # only with cost lines
HOURS = ("teachers", "norm_hours", "baseline_hours")  # of a college, beside its pay total
PAY = ("uplift", "pay_per_added_hour", "need_performance_pay")  # only with its pay total


@dataclass(frozen=True)
class Unfilled:
    """Codes of the colleges that plan candidates in a year (`planning`); of those among them with no `funds` on record, of their own or of
    their province, or (`unusable`, in all of the data) none that may be used for anything; of those in the scope of the uplift (`paid`), and
    without a `pay` total or the hours and teachers it is measured on (`blank`: the columns some of them lack). `no_costs`: no certificate that
    is planned has a cost line."""

    planning: frozenset[str]
    funds: frozenset[str]
    paid: frozenset[str]
    pay: frozenset[str]
    unusable: bool = False
    no_costs: bool = False
    blank: tuple[str, ...] = ()

    def within(self, colleges: frozenset[str]) -> Unfilled:
        """The same of some colleges."""
        return replace(
            self,
            planning=self.planning & colleges,
            funds=self.funds & colleges,
            paid=self.paid & colleges,
            pay=self.pay & colleges,
        )

    def findings(self, year: int) -> list[dict]:
        """A finding a college without funds on record, and one where there are no cost lines (engine/findings); a college without a pay total is
        found where the uplift is."""
        sheet = "经费适用" if self.unusable else "经费来源额度"
        words = f"没有填报表「{sheet}」，缺口无从计算；填上就能算缺口"
        found = [
            finding(
                "colleges",
                {"college": college, "year": year},
                "no_funding",
                "warning",
                words,
                college=college,
            )
            for college in sorted(self.funds)
        ]
        words = "没有填报表「成本项目」，考核与培训成本、自担考核与培训支出无从计算，需求不含这两项；填上就能算"
        costs = finding("ingredients", {"year": year}, "no_costs", "warning", words)
        return found + [costs] * self.no_costs

    @property
    def no_funds(self) -> bool:
        """Has no college that plans anything a fund on record?"""
        return bool(self.planning) and self.funds == self.planning

    @property
    def no_pay(self) -> bool:
        """Has no college in the scope of the uplift a pay total on record?"""
        return bool(self.paid) and self.pay == self.paid

    def columns(self) -> dict[str, frozenset[str]]:
        """Column of a college → the colleges it is not known of."""
        costs = self.planning if self.no_costs else frozenset()
        known = dict.fromkeys(FUNDS, self.funds) | dict.fromkeys(PAY, self.pay)
        return known | dict.fromkeys(COSTS, costs)


def unfilled(frames: Mapping[str, pd.DataFrame], year: int, scope: str) -> Unfilled:
    """Of every college of the frames; `scope`: pay.uplift_scope of the law."""
    plans, home = frames["offerings"], frames["colleges"].drop_duplicates("college")
    at_work = plans.loc[(plans["year"] == year) & (plans["candidates"] > 0), "college"]
    home = home[home["college"].isin(at_work)]
    owners = _of_year(frames["funding"], year, "limit")["owner"]
    usable = bool(frames["eligibility"]["allowed"].astype(bool).any())
    funded = (home["college"].isin(owners) | home["province"].isin(owners)) & usable
    paid = home[(home["ownership"] != "private") & ((home["tier"] != "applied") | (scope == "all"))]
    pools = _of_year(frames["pay_pools"], year, "pay_pool")["college"]
    bare = {"pay_pool": ~paid["college"].isin(pools)} | {name: paid[name].isna() for name in HOURS}
    lines = frames["ingredients"]["certificate"]
    planned = plans.loc[plans["college"].isin(home["college"]), "certificate"]
    return Unfilled(
        frozenset(home["college"]),
        frozenset(home.loc[~funded, "college"]),
        frozenset(paid["college"]),
        frozenset(paid.loc[np.any([*bare.values()], axis=0), "college"]),
        len(owners) > 0 and not usable,
        bool(len(planned)) and not planned.isin(lines).any(),
        tuple(name for name, rows in bare.items() if rows.any()),
    )


def _of_year(frame: pd.DataFrame, year: int, column: str) -> pd.DataFrame:
    """The rows of the year that give the column a value."""
    return frame[(frame["year"] == year) & frame[column].notna()]


def blanked(name: str, frame: pd.DataFrame, found: Mapping[int, Unfilled]) -> pd.DataFrame:
    """A result table of offerings, colleges or provinces with nan for what is not known: of a college, and of a province whose colleges that plan
    anything all lack it. `found`: year → who lacks what, in provinces' tables by the province's code (`by_province`)."""
    made, key = frame.copy(), "province" if name == "provinces" else "college"
    for year, lacking in found.items():
        for column, who in lacking.columns().items():
            named = [
                one
                for one in made
                if one.removeprefix("baseline_") == column
                or (
                    column == "funding_gap"
                    and one.removeprefix("baseline_").startswith("funding_gap_")
                )
            ]
            rows = (made["year"] == year) & made[key].isin(who)
            made.loc[rows, named] = float("nan")
    return made


def by_province(lacking: Unfilled, home: pd.Series) -> Unfilled:
    """The provinces (`home`: college → province) that plan anything, and those among them whose colleges all lack it."""

    def places(some: frozenset[str]) -> frozenset[str]:
        return frozenset(home.reindex(sorted(some)).dropna())

    planning, paid = places(lacking.planning), places(lacking.paid)
    return replace(
        lacking,
        planning=planning,
        funds=planning - places(lacking.planning - lacking.funds),
        paid=paid,
        pay=paid - places(lacking.paid - lacking.pay),
    )
