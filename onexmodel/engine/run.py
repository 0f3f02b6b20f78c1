"""Run the rules: plan → fees → response → served volumes → funding, for a baseline and a scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, overload

import pandas as pd

from ..data import Tables
from ..law.compose import Composition, compose
from ..law.parameters import DatedValue, Law
from ..law.scenario import read_scenario
from ..running.progress import Told, silent
from .compile import Compiled, compile_year, mid_year
from .data_changes import change_frames
from .leaves import need_caps
from .places.narrowing import need_places
from .places.some_provinces import carries_alone, of_provinces
from .result import KEYS, YearResult, joined
from .stages import Extent
from .year import run_year


@dataclass(frozen=True)
class Run:
    """Baseline and, where something is changed, the scenario; a tuple of years each."""

    baseline: tuple[YearResult, ...]
    scenario: tuple[YearResult, ...] | None
    composition: Composition

    @property
    def last(self) -> tuple[YearResult, ...]:
        """The scenario's years, or the baseline's where nothing is changed."""
        return self.scenario or self.baseline

    def frames(self) -> dict[str, pd.DataFrame]:
        """§12: the scenario's values, and `baseline_`-prefixed ones where a scenario or --set is given."""
        now = joined(self.last)
        if self.scenario is None:
            return now
        before = joined(self.baseline)
        return {
            name: frame.merge(
                before[name].rename(
                    columns={c: f"baseline_{c}" for c in before[name] if c not in KEYS[name]}
                ),
                on=KEYS[name],
                how="left",
            )
            for name, frame in now.items()
        }


@dataclass(frozen=True)
class Prepared:
    """One year's tables arranged once, to be run under many laws: what the baseline runs on, what the scenario runs on,
    and the rows its fees are set on (the baseline's unless fees.reverify)."""

    year: int
    baseline: Compiled
    scenario: Compiled
    priced: Compiled

    @property
    def tables(self) -> tuple[Compiled, ...]:
        """The three, each once."""
        return tuple({id(one): one for one in (self.baseline, self.scenario, self.priced)}.values())

    @overload
    def evaluate(
        self,
        baseline_view,
        scenario_view: Mapping[str, Any],
        extent: Extent = "whole",
        before: YearResult | None = None,
    ) -> tuple[YearResult, YearResult]: ...
    @overload
    def evaluate(
        self,
        baseline_view,
        scenario_view: Mapping[str, Any] | None = None,
        extent: Extent = "whole",
    ) -> tuple[YearResult, YearResult | None]: ...
    def evaluate(
        self, baseline_view, scenario_view=None, extent: Extent = "whole", before=None
    ) -> tuple[YearResult, YearResult | None]:
        """Baseline and, where a scenario view is given, scenario. Views may hold (draws, 1) arrays for numbers; `extent`: how much
        of the year; `before`: the baseline, where it has been run already, as much of it."""
        before = before or run_year(self.baseline, self.baseline, baseline_view, extent=extent)
        if scenario_view is None:
            return before, None
        return before, run_year(
            self.scenario, self.priced, scenario_view, before, baseline_view, extent
        )


def prepare(
    tables,
    composition: Composition,
    year: int,
    provinces: tuple[str, ...] = (),
    alone: bool | None = None,
    baseline: Compiled | None = None,
) -> Prepared:
    """Arrange a year; with provinces only their rows, where the numbers stay the same (see `of_provinces`; `alone`: whether that is so, where it is already known);
    `baseline`: the unchanged tables, where they are arranged already; taken where it is of these provinces at this discount rate. Raises DataError where a cap is missing, ScenarioError where a change misses."""
    frames = dict(tables.frames)
    need_places(composition, frames)
    changed = change_frames(frames, composition.data_changes, mid_year(year))
    same_fees = changed["fees"] is frames["fees"]
    if provinces and (
        alone if alone is not None else carries_alone(frames) and carries_alone(changed)
    ):
        frames, changed = of_provinces(frames, provinces), of_provinces(changed, provinces)
    before, after = composition.baseline_law.at(mid_year(year)), composition.law.at(mid_year(year))
    rate = before["funding.discount_rate"]
    if (
        baseline is None
        or baseline.discount_rate != rate
        or not baseline.keys["college"]["college"].equals(
            frames["colleges"]["college"].reset_index(drop=True)
        )
    ):
        baseline = compile_year(frames, year, rate)
    need_caps(baseline, composition.baseline_law, year)
    same_rate = rate == after["funding.discount_rate"]
    if not composition.data_changes and same_rate:
        return Prepared(year, baseline, baseline, baseline)
    now = compile_year(changed, year, after["funding.discount_rate"])
    if after["fees.reverify"] != "no":
        return Prepared(year, baseline, now, now)
    if same_rate and same_fees:
        return Prepared(year, baseline, now, baseline)
    held = frames | {"fees": changed["fees"]}
    return Prepared(year, baseline, now, compile_year(held, year, after["funding.discount_rate"]))


def run(
    law: Law,
    tables,
    composition: Composition | None = None,
    years: Sequence[int] = (),
    told: Told = silent,
) -> Run:
    """Run every year of the tables, or those named. A composition must lie over a law that has the caps table. Raises DataError where a
    cap is missing, ScenarioError where a data change misses."""
    composition = composition or composed(law, tables)
    baseline, scenario = [], []
    years = years or years_of(tables)
    for year in years:
        day, changes = mid_year(year), composition.changes_anything
        before, after = prepare(tables, composition, year).evaluate(
            composition.baseline_law.at(day), composition.law.at(day) if changes else None
        )
        baseline.append(before)
        scenario += [after] if after is not None else []
        told(len(baseline), len(years))
    return Run(tuple(baseline), tuple(scenario) or None, composition)


def years_of(tables) -> tuple[int, ...]:
    """The years of which the tables hold plans, in order."""
    return tuple(sorted(int(year) for year in tables["offerings"]["year"].unique()))


def composed(
    law: Law,
    tables: Tables,
    scenarios: Sequence[str | Path | Mapping[str, Any]] = (),
    sets: Mapping[str, str] | None = None,
) -> Composition:
    """The scenarios (each as law.read_scenario takes it) and --set values laid over the law with the tables' caps. Raises ScenarioError."""
    laid = law.with_values(cap_values(tables["caps"]))
    return compose(laid, [read_scenario(name) for name in scenarios], sets)


def cap_values(caps: pd.DataFrame) -> list[tuple[str, DatedValue]]:
    """The caps table as dated values of fees.cap.⟨form⟩."""
    return [
        (
            f"fees.cap.{row.form}",
            DatedValue(
                row.valid_from.date(),
                float(row.cap),
                str(row.source),
                None if pd.isna(row.valid_to) else row.valid_to.date(),
                str(row.level),
            ),
        )
        for row in caps.itertuples()
    ]
