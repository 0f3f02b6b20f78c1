"""What cost_reduction prints, as numbers: the package, cost by item, load of colleges, the certificate most sat, what decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ...analysis.disclosure import bins, tellable
from ...analysis.draws.sample import interval
from ...analysis.draws.swings import visible
from ...analysis.items import (
    loads,
    most_sat,
    unit_cost_curve,
    unused_capacity_draws,
)
from ...analysis.levers.study import LeverStudy
from ...analysis.statistics.precision import HALF_FEN, HALF_YUAN
from ...analysis.study import Study
from ..front.opening import certificate_names
from ..page.numbers import NO_RANGE, NumberFormat
from ..page.rounding import fitted
from ..page.words import ITEMS
from ..page.writer import SMALL, PageWriter

MOST = 120  # candidates up to which the unit cost is drawn
STEP, FAR = 0.1, 2.0  # width of a bin of load; a load from which all stand in the last bin
NEARLY = 0.9  # of the strongest swing: the second decides as much
LOOSE = 2.0  # a floor of which the indicator stays this many times above binds nowhere near
BEARERS = ("organisation", "college")
CUTTING = ("minutes_per_candidate", "candidates_per_assessor")  # guards of levers that cut quality


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
    """All levers together. before, after: cash cost per candidate, yuan; change_reach: 80 % interval of its relative change; net_reach: of
    cash saved less the yearly outlay; quality: guard → its row; refused: colleges × levers, and may it be told how many
    colleges refused each (`tells`); colleges with a plan among those inside;
    cash_only: levers that save cash and no resources. Money in yuan a year."""

    before: float
    after: float
    change_reach: tuple[float, float]
    cash: Saving
    economic: Saving
    one_off: float
    net_reach: tuple[float, float]
    quality: Mapping[str, Any]
    moves_pass_rate: bool
    refused: int
    tells: bool
    colleges: int
    inside: int
    best: Best | None
    cash_only: list[str]


def package(found: LeverStudy, study: Study, reach: Mapping, internal: bool) -> Package:
    """What the levers do together; `reach`: name → 80 % interval, of lever_draws.saving_draws."""
    joint, base, table = found.joint, found.baseline, found.table
    best = table.loc[table["cash_shapley"].idxmax()]
    cash_only = (table["cash_alone"] > HALF_YUAN) & (table["economic_alone"].abs() < HALF_FEN)
    low, high = reach["share_cash"]
    cash, economic = (Saving(joint[name], base[name], reach[name]) for name in ("cash", "economic"))
    return Package(
        base["cash"] / base["candidates"],
        joint["cost_cash"] / joint["candidates"],
        (-high, -low),
        cash,
        economic,
        joint["one_off"],
        reach["net"],
        {row.indicator: row for row in found.quality.itertuples()},
        any(
            change.target == "offerings/pass_rate"
            for lever in found.bench.levers.values()
            for change in lever.changes
        ),  # if none does the pass rate is an input: what levers do to it is not modelled
        int(table["refused"].sum()),
        internal
        or all(
            tellable(frame[name], found.colleges).all()
            for frame, name in ((table, "refused"), (found.refusals, "colleges"))
        ),
        found.colleges,
        int(study.scope()["college"].sum()),
        Best(best["title"], best["cash_shapley"], best["cash_shapley"] / joint["cash"])
        if joint["cash"] > HALF_YUAN
        else None,
        table.loc[cash_only, "title"].tolist(),
    )


class Amounts(NamedTuple):
    """A row of cost a year, in the unit of print: borne by organisations, by colleges, both, and what of it is cash."""

    organisation: float
    college: float
    total: float
    cash: float


def item_amounts(
    items: pd.DataFrame, base: Mapping[str, float], money: NumberFormat
) -> dict[tuple[str, str], Amounts]:
    """(phase, item) → its cost, then ("sum", "items" | "staff" | "whole"): rounded so that all add, across and down, to the printed totals."""
    wide = by_bearer(items, ["phase", "item"])
    cash = items.groupby(["phase", "item"])["cash"].sum()
    shared = partial(fitted, unit=money.per, decimals=money.decimals)
    order = [
        (phase, item)
        for phase in ("assessment", "training")
        for item in ITEMS
        if (phase, item) in wide.index
    ]
    (spent, time), (paid, uplift) = (
        shared([base[name] - base[staff], base[staff]])
        for name, staff in (("economic", "teacher_time"), ("cash", "uplift"))
    )
    organisation, college = shared(wide.sum().to_numpy(), spent)
    cells = [
        shared(wide.loc[order, who].to_numpy(), total)
        for who, total in zip(BEARERS, (organisation, college), strict=True)
    ]
    outlays = shared(cash.loc[order].to_numpy(), paid, most=np.sum(cells, axis=0))
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
    """item, organisation, college: economic cost per candidate, yuan; the largest first."""
    wide = by_bearer(items, "item").reindex([i for i in ITEMS if i in set(items["item"])])
    order = wide.sum(axis=1).sort_values(ascending=False, kind="stable").index
    return (wide.loc[order] / candidates).reset_index()


@dataclass(frozen=True)
class Spare:
    """How loaded teachers are, by college (hours of the baseline and of X work ÷ practical capacity); how many colleges have capacity
    unused, may its worth be shown, and its 80 % interval, yuan a year. norm: the teachers' normal hours ÷ practical capacity, the median;
    edges: bins of which each holds colleges enough to be shown, the last one open, the first one too where a load lies under it; empty where there are fewer than three."""

    load: np.ndarray
    norm: float
    past_norm: int
    worth: float
    idle: int
    shown: bool
    reach: tuple[float, float]
    edges: np.ndarray

    @property
    def colleges(self) -> int:
        """All of them."""
        return len(self.load)

    @property
    def open(self) -> bool:
        """Does a load lie under the first bin?"""
        return bool(self.edges.size and (self.load < self.edges[0]).any())

    @property
    def median(self) -> float:
        """The load half of the colleges are above."""
        return float(np.median(self.load)) if len(self.load) else float("nan")


def spare(study: Study, run, drawn: Mapping[str, np.ndarray], internal: bool) -> Spare:
    """Load and unused capacity. In a circulated report neither a worth nor an interval that could be the worth of one to four colleges
    alone (the interval: in some draw) is shown."""
    rows = loads(study, run)
    hours, idle = rows["baseline"] + rows["added"], int((rows["unused"] > 0).sum())
    load, past = (hours / rows["capacity"]).to_numpy(), int((hours > rows["norm"]).sum())
    shown = internal or idle == 0 or idle >= SMALL
    worth, colleges = unused_capacity_draws(study, run.compiled, drawn)
    wide = internal or (shown and colleges.min() >= SMALL)
    return Spare(
        load,
        float((rows["norm"] / rows["capacity"]).median()),
        past,
        rows["unused"].sum(),
        idle,
        shown,
        interval(worth) if wide else NO_RANGE,
        load_bins(load, 1 if internal else SMALL),
    )


def load_bins(load: np.ndarray, least: int) -> np.ndarray:
    """Edges of bins of load, whole STEPs, each with at least `least` colleges, one of them at full capacity (1) where loads lie on both
    sides of it. What lies beyond FAR joins the last bin; fewer than `least` under or over full capacity join the first or last bin of
    the other side, which is then open. Empty where there are fewer than three bins."""
    if not len(load):
        return np.array([])
    values = np.minimum(load, FAR)
    low, high = STEP * np.floor(values.min() / STEP), STEP * np.ceil((values.max() + 1e-9) / STEP)

    def between(low: float, high: float, some: np.ndarray) -> list[float]:
        return bins([some], np.round(np.arange(low, high + STEP / 2, STEP), 9).tolist(), least)

    if low < 1 - 1e-9 and high > 1 + 1e-9:
        under = between(low, 1.0, values[values < 1])
        over = between(1.0, high, values[values >= 1])
        edges = [*under, *over[1:]] if under and over else under or over
    else:
        edges = between(low, high, values)
    return np.array(edges) if len(edges) > 3 else np.array([])


@dataclass(frozen=True)
class Steps:
    """Unit cost of the certificate and level with most candidates. curve: candidates, unit_cost (yuan), sessions, assessors, up to just past
    the second session; sessions, assessors: its rows at which one more session opens, at which only one more assessor comes; full:
    candidates of one full session; planned: median plan, candidates; one_more: yuan that a session more for the same candidates costs."""

    title: str
    level: str
    colleges: int
    planned: float
    curve: pd.DataFrame
    sessions: np.ndarray
    assessors: np.ndarray
    full: int

    @property
    def half(self) -> int:
        """Candidates of a session filled by half."""
        return max(1, self.full // 2)

    def at(self, candidates: int) -> float:
        """Yuan per candidate."""
        return float(self.curve["unit_cost"].iloc[candidates - 1])

    @property
    def one_more(self) -> float:
        """Yuan that one more session for the same candidates costs."""
        return self.curve["one_more"].iloc[0]


def steps(study: Study, writer: PageWriter, least: int) -> Steps | None:
    """The curve of the certificate most sat; None where no certificate is planned by `least` colleges."""
    mine, base = most_sat(study, least), study.prepared.baseline
    if not len(mine):
        return None
    curve, key = unit_cost_curve(study, mine, MOST), base.keys["offering"].iloc[mine[0]]
    (name,) = certificate_names(study, writer, [key["certificate"]])
    opened = np.flatnonzero(np.diff(curve["sessions"]) > 0) + 1
    if not len(opened):
        return None
    full = int(opened[0])
    last = int(opened[1]) if len(opened) > 1 else min(2 * full, MOST)
    curve = curve.iloc[: min(last + 1, MOST)]
    session = np.diff(curve["sessions"]) > 0
    assessor = (np.diff(curve["assessors"]) > 0) & ~session
    return Steps(
        name,
        key["level"],
        base.keys["offering"]["college"].iloc[mine].nunique(),
        float(np.median(base.leaves["planned_candidates"][mine])),
        curve,
        np.flatnonzero(session) + 1,
        np.flatnonzero(assessor) + 1,
        full,
    )


@dataclass(frozen=True)
class Unsure:
    """What a saving hangs on: rows of levers.draws.deciding that move it visibly, the strongest first; base: the saving in the middle;
    close: do the two strongest move it nearly alike?"""

    rows: pd.DataFrame
    base: float
    close: bool


def unsure(frame: pd.DataFrame, central: float) -> Unsure:
    """Of levers.draws.deciding, or at the parameters taken (`central`) where there is none."""
    kept = visible(frame, central)
    base = float(frame["base"].iloc[0]) if len(frame) else central
    swing = (kept["p90"] - kept["p10"]).abs()
    close = len(kept) > 1 and float(swing.iloc[1]) > NEARLY * float(swing.iloc[0])
    return Unsure(kept, base, close)


def cut_saving(found: LeverStudy) -> float:
    """Yuan a year that levers on time, rooms and assessors save, of the exact shares."""
    table = found.table
    return float(table.loc[table["guard"].isin(CUTTING), "cash_shapley"].sum())


def moved(found_quality: pd.DataFrame) -> list[Any]:
    """The indicators of quality that the levers move as far as is printed."""
    return [row for row in found_quality.itertuples() if abs(row.after - row.before) >= 0.05]
