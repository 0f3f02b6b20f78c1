"""What cost_reduction prints, as numbers: the package, cost by item, unused capacity, the certificate most sat, who keeps the saving."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ...analysis.disclosure import merged_groups
from ...analysis.draws.sample import interval
from ...analysis.items import (
    capacity,
    most_sat,
    unit_cost_curve,
    unused_capacity_draws,
)
from ...analysis.levers.draws import deciding
from ...analysis.levers.study import LeverStudy
from ...analysis.study import Study
from ..page.charts import NOTHING, TRIFLE
from ..page.rounding import fitted
from ..page.words import ITEMS
from ..page.writer import SMALL

MOST = 120  # candidates up to which the unit cost is drawn
SOME, NONE = 0.5, 0.005  # yuan a year: more is a saving of cash, less is no saving of resources
BEARERS = ("organisation", "college")
CUTTING = ("minutes_per_candidate", "candidates_per_assessor")  # guards of levers that cut quality
NOT_KNOWN = (float("nan"), float("nan"))


@dataclass(frozen=True)
class Saving:
    """Yuan a year saved of a cost (below 0: spent more), with its 80 % interval."""

    amount: float
    cost: float
    reach: tuple[float, float]

    @property
    def share(self) -> float:
        """Of the cost."""
        return self.amount / self.cost


class Best(NamedTuple):
    """The lever that saves most cash: yuan a year, and its share of the cash saving."""

    name: str
    amount: float
    share: float


@dataclass(frozen=True)
class Package:
    """All levers together. before, after: cash cost per candidate, yuan; change_reach: 80 % interval of its relative change; net: cash
    saved less the yearly outlay; quality: guard → its row (before, after, floor); refused: colleges × levers; colleges with a plan
    among those inside; cash_only: levers that save cash and no resources. Money in yuan a year."""

    before: float
    after: float
    change_reach: tuple[float, float]
    cash: Saving
    economic: Saving
    one_off: float
    yearly: float
    net_reach: tuple[float, float]
    quality: Mapping[str, Any]
    moves_pass_rate: bool
    refused: int
    colleges: int
    inside: int
    best: Best | None
    cash_only: list[str]

    @property
    def net(self) -> float:
        """Cash saved less the yearly outlay."""
        return self.cash.amount - self.yearly


def package(found: LeverStudy, study: Study, reach: Mapping) -> Package:
    """What the levers do together; `reach`: name → 80 % interval, of lever_draws.saving_draws."""
    joint, base, table = found.joint, found.baseline, found.table
    best = table.loc[table["cash_shapley"].idxmax()]
    cash_only = (table["cash_alone"] > SOME) & (table["economic_alone"].abs() < NONE)
    low, high = reach["share_cash"]
    cash, economic = (Saving(joint[name], base[name], reach[name]) for name in ("cash", "economic"))
    return Package(
        base["cash"] / base["candidates"],
        joint["cost_cash"] / joint["candidates"],
        (-high, -low),
        cash,
        economic,
        joint["one_off"],
        joint["one_off_yearly"],
        reach["net"],
        {row.indicator: row for row in found.quality.itertuples()},
        any(
            change.target == "offerings/pass_rate"
            for lever in found.bench.levers.values()
            for change in lever.changes
        ),  # if none does the pass rate is an input: what levers do to it is not modelled
        int(table["refused"].sum()),
        found.colleges,
        int(study.scope()["college"].sum()),
        Best(best["title"], best["cash_shapley"], best["cash_shapley"] / joint["cash"])
        if joint["cash"] > SOME
        else None,
        table.loc[cash_only, "title"].tolist(),
    )


class Kept(NamedTuple):
    """万元 a year, as printed, that colleges and organisations spend less and that pay is raised less."""

    college: float
    organisation: float
    uplift: float


def kept_parts(found: LeverStudy) -> dict[str, Kept]:
    """held, reverified → who keeps the saving; each adds to the printed cash saving."""
    total = round(found.joint["cash"] / 1e4, 1)
    return {
        row.fees: Kept(*fitted([row.college, row.organisation, row.uplift], total))
        for row in found.kept.itertuples()
    }


class Amounts(NamedTuple):
    """A row of cost, 万元 a year: borne by organisations, by colleges, both, and what of it is cash."""

    organisation: float
    college: float
    total: float
    cash: float


def item_amounts(items: pd.DataFrame, base: Mapping[str, float]) -> dict[tuple[str, str], Amounts]:
    """(phase, item) → its cost, then ("sum", "items" | "staff" | "whole"): rounded so that all add, across and down, to the printed totals."""
    wide = by_bearer(items, ["phase", "item"])
    cash = items.groupby(["phase", "item"])["cash"].sum()
    order = [
        (phase, item)
        for phase in ("assessment", "training")
        for item in ITEMS
        if (phase, item) in wide.index
    ]
    (spent, time), (paid, uplift) = (
        fitted([base[name] - base[staff], base[staff]])
        for name, staff in (("economic", "teacher_time"), ("cash", "uplift"))
    )
    organisation, college = fitted(wide.sum().to_numpy(), spent)
    cells = [
        fitted(wide.loc[order, who].to_numpy(), total)
        for who, total in zip(BEARERS, (organisation, college), strict=True)
    ]
    outlays = fitted(cash.loc[order].to_numpy(), paid, most=np.sum(cells, axis=0))
    return {
        at: Amounts(one, other, one + other, outlay)
        for at, one, other, outlay in zip(order, *cells, outlays, strict=True)
    } | {
        ("sum", "items"): Amounts(organisation, college, spent, paid),
        ("sum", "staff"): Amounts(0.0, time, time, uplift),
        ("sum", "whole"): Amounts(organisation, college + time, spent + time, paid + uplift),
    }


def by_bearer(items: pd.DataFrame, index) -> pd.DataFrame:
    """Economic cost, yuan a year: index × organisation, college."""
    return (
        items.pivot_table(index=index, columns="borne_by", values="economic", aggfunc="sum")
        .reindex(columns=list(BEARERS))
        .fillna(0.0)
    )


def item_each(items: pd.DataFrame, candidates: float) -> pd.DataFrame:
    """item, organisation, college: economic cost per candidate, yuan."""
    wide = by_bearer(items, "item").reindex([i for i in ITEMS if i in set(items["item"])])
    return (wide / candidates).reset_index()


@dataclass(frozen=True)
class Spare:
    """Hours and unused staff capacity by group of colleges; may its worth be shown; the 80 % interval of that worth, yuan a year."""

    rows: pd.DataFrame
    shown: bool
    reach: tuple[float, float]

    @property
    def worth(self) -> float:
        """Of all groups, yuan a year."""
        return self.rows["cost"].sum()

    @property
    def idle(self) -> int:
        """Colleges that have some."""
        return int(self.rows["idle"].sum())

    @property
    def colleges(self) -> int:
        """All of them."""
        return int(self.rows["colleges"].sum())


def spare(study: Study, run, drawn: Mapping[str, np.ndarray], internal: bool) -> Spare:
    """Unused capacity. In a circulated report groups are merged, and neither a worth nor an interval that could be the worth of one to
    four colleges alone (the interval: in some draw) is shown."""
    inside = study.scope()["college"]
    tiers = run.compiled.keys["college"]["tier"].to_numpy(object)
    groups = np.where(inside, tiers, "")
    if not internal:
        groups[inside] = merged_groups(tiers[inside], SMALL)
    rows = capacity(study, run, groups)
    if not internal and ((rows["idle"] > 0) & (rows["idle"] < SMALL)).any():
        rows = capacity(study, run, np.where(inside, "all", ""))
    shown = internal or not 0 < rows["idle"].sum() < SMALL
    worth, colleges = unused_capacity_draws(study, run.compiled, drawn)
    wide = internal or (shown and colleges.min() >= SMALL)
    return Spare(rows, shown, interval(worth) if wide else NOT_KNOWN)


@dataclass(frozen=True)
class Steps:
    """Unit cost of the certificate and level with most candidates. curve: candidates, unit_cost (yuan), sessions, assessors; sessions,
    assessors: its rows at which one more session opens, at which only one more assessor comes; planned: median plan, candidates;
    one_more: yuan that a session more for the same candidates costs."""

    title: str
    level: str
    colleges: int
    planned: float
    curve: pd.DataFrame
    sessions: np.ndarray
    assessors: np.ndarray

    @property
    def added(self) -> int:
        """Sessions and assessors added."""
        return len(self.sessions) + len(self.assessors)

    @property
    def up(self) -> int:
        """Of these: after which the unit cost is higher."""
        cost = self.curve["unit_cost"].to_numpy()
        return int(sum((cost[at] > cost[at - 1]).sum() for at in (self.sessions, self.assessors)))

    @property
    def one_more(self) -> float:
        """Yuan that one more session for the same candidates costs."""
        return self.curve["one_more"].iloc[0]


def steps(study: Study, least: int) -> Steps | None:
    """The curve of the certificate most sat; None where no certificate is planned by `least` colleges."""
    mine, base = most_sat(study, least), study.prepared.baseline
    if not len(mine):
        return None
    curve, key = unit_cost_curve(study, mine, MOST), base.keys["offering"].iloc[mine[0]]
    certificates = study.tables["certificates"].set_index("certificate")
    session = np.diff(curve["sessions"]) > 0
    assessor = (np.diff(curve["assessors"]) > 0) & ~session
    return Steps(
        certificates.loc[key["certificate"], "name"] or key["certificate"],
        key["level"],
        base.keys["offering"]["college"].iloc[mine].nunique(),
        float(np.median(base.leaves["planned_candidates"][mine])),
        curve,
        np.flatnonzero(session) + 1,
        np.flatnonzero(assessor) + 1,
    )


def resources_hang_on(found: LeverStudy, study: Study, curve: pd.DataFrame) -> pd.Series | None:
    """What the saving of resources hangs most on (a row of lever_draws.deciding); None where nothing moves it by a thousandth."""
    frame = deciding(found, study, curve, "economic")
    least = max(NOTHING, TRIFLE * abs(found.joint["economic"]))
    if not len(frame) or abs(frame["p90"].iloc[0] - frame["p10"].iloc[0]) <= least:
        return None
    return frame.iloc[0]


def cut_saving(found: LeverStudy) -> float:
    """万元 a year, of the printed shares, that levers on time, rooms and assessors save."""
    return sum(
        value
        for value, guard in zip(
            fitted(found.table["cash_shapley"]), found.table["guard"], strict=True
        )
        if guard in CUTTING
    )
