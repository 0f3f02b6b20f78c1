"""Dynamic adjustment of the standards (C5): the yearly price signal from published series, the fee index under each rule, and what
the index does to the fees of a scheme. Price-cap regulation, RPI − X, with a dead band and a collar (Littlechild 1983)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from ...engine.places.local import Times
from ...errors import Fault, ParameterError
from ...places import shipped
from ...rules.fee import adjustment_path
from ..headline import headline
from ..items import item_costs
from ..study import Study

RULES = ("accumulated", "yearly", "never")
FACTORS = ("wages", "materials", "it")
SERIES = {
    "wages": "wage_non_private",
    "materials": "cpi",
    "it": "cpi",
}  # which published series stands for which part of cost
ASSUMED = (
    "materials",
    "it",
)  # no published series of its own was found: consumer prices stand in, an assumption
SINCE = 2020  # the caps and the first standards are of that year (教职成厅函〔2020〕11号; F9): its index is 1
SHARES = {factor: f"fees.adjust.share_{factor}" for factor in FACTORS}


@dataclass(frozen=True)
class Change:
    """Growth of a series over the year before, with what was published: `source` issuer and document, `confidence` H or M."""

    series: str
    year: int
    growth: float
    published: str
    source: str
    confidence: str


def published_prices() -> pd.DataFrame:
    """The published price and wage series, one row a value, each with its source."""
    return pd.read_csv(shipped("data", "published", "prices.csv"))


def changes(prices: pd.DataFrame) -> dict[str, dict[int, Change]]:
    """series → year → growth. Wages: from the published levels where both years have one, else the published growth; consumer prices:
    the published change. A year without either is not there: nothing is filled in."""
    level, growth, cpi = (
        _values(prices, name)
        for name in ("wage_non_private", "wage_non_private_growth", "cpi_change")
    )
    wages = {}
    for year in sorted({*level, *growth}):
        if year in level and year - 1 in level:
            (now, row), (before, old) = level[year], level[year - 1]
            source = row if row == old else f"{old}；{row}"
            wages[year] = Change(
                "wage_non_private",
                year,
                now / before - 1,
                f"{before:.0f} → {now:.0f}",
                source,
                _worse(prices, "wage_non_private", year, year - 1),
            )
        elif year in growth:
            wages[year] = Change(
                "wage_non_private",
                year,
                growth[year][0] / 100,
                f"{growth[year][0]:.1f}%",
                growth[year][1],
                _worse(prices, "wage_non_private_growth", year),
            )
    prices_of = {
        year: Change(
            "cpi", year, value / 100, f"{value:.1f}%", source, _worse(prices, "cpi_change", year)
        )
        for year, (value, source) in sorted(cpi.items())
    }
    return {"wage_non_private": wages, "cpi": prices_of}


def _values(prices: pd.DataFrame, series: str) -> dict[int, tuple[float, str]]:
    rows = prices[prices["series"] == series]
    return {
        int(row.year): (float(row.value), f"{row.issuer}《{row.source_title}》")
        for row in rows.itertuples()
    }


def _worse(prices: pd.DataFrame, series: str, *years: int) -> str:
    return max(
        prices.loc[(prices["series"] == series) & prices["year"].isin(years), "confidence"]
    )  # "M" sorts after "H"


def complete_years(
    found: Mapping[str, Mapping[int, Change]], since: int
) -> tuple[list[int], list[int]]:
    """(years after `since` that every series has, in one run without a gap; years of any series that are missing in another)."""
    every = [year for year in sorted(set().union(*found.values())) if year > since]
    whole = [year for year in every if all(year in one for one in found.values())]
    run = [year for i, year in enumerate(whole) if year == since + 1 + i]
    return run, [year for year in every if year not in run]


def signal(
    found: Mapping[str, Mapping[int, Change]], years: Sequence[int], shares: Mapping[str, float]
) -> np.ndarray:
    """(years,) of Σ share · (P_t/P_{t−1} − 1), before X. Raises ParameterError where the shares do not add to 1."""
    if abs(sum(shares.values()) - 1) > 1e-6:
        raise ParameterError(
            Fault(
                "动态调整的成本份额",
                f"工资、材料、信息系统三项合计为 {sum(shares.values()):g}，应为 1",
                do="同时设定 " + "、".join(SHARES.values()),
            )
        )
    return np.array(
        [
            sum(shares[factor] * found[SERIES[factor]][year].growth for factor in FACTORS)
            for year in years
        ]
    )


def paths(prices: np.ndarray | Sequence[float], view: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """rule → fee index at the start and at the end of each year, (years + 1,), by the rule's own function."""
    x, dead_band, collar, review_years = (
        view[f"fees.adjust.{name}"] for name in ("x", "dead_band", "collar", "review_years")
    )
    return {
        rule: adjustment_path(prices, x, dead_band, collar, review_years, rule) for rule in RULES
    }


def moved_in(path: np.ndarray, years: Sequence[int]) -> list[int]:
    """Years at whose end the index moves."""
    return [year for year, step in zip(years, np.diff(path), strict=True) if abs(step) > 1e-12]


def cost_shares(study: Study) -> tuple[dict[str, float], str]:
    """Shares of wages, materials and IT in what organisations bear of assessment, and where they come from: "given" where a scenario or
    --set names one, else "ledger" (rows of the test system are IT; the others that move with wages are wages; the rest materials), else
    "assumed" where the ledger has no such cost."""
    view = study.views("none")[1]
    assumed = {factor: float(view[name]) for factor, name in SHARES.items()}
    named = {
        change.target for scenario in study.composition.scenarios for change in scenario.changes
    } | set(study.composition.sets)
    if named & set(SHARES.values()):
        return assumed, "given"
    before = study.pair("none")[0]
    lines = before.compiled.ledger
    factor = np.where(
        lines["item"] == "system",
        "it",
        np.where(lines["priced_by"] == "wage", "wages", "materials"),
    )
    kinds = replace(before, compiled=replace(before.compiled, ledger=lines.assign(item=factor)))
    costs = item_costs(kinds, study.scope())
    costs = costs[
        (costs["phase"] == "assessment") & (costs["borne_by"] == "organisation")
    ].set_index("item")["economic"]
    if costs.sum() <= 0:
        return assumed, "assumed"
    return {name: float(costs.get(name, 0.0) / costs.sum()) for name in FACTORS}, "ledger"


def effect(study: Study, index: float, mode: str) -> dict[str, float]:
    """Headlines of the scheme with its standards moved by `index` (given proposals and verified costs move, a bargain does not, and
    the cap stays; docs/method.md §3), all else as in the study's year."""
    before, after = study.turned({"fees.fee_index": Times(index)}, mode)
    _, result = study.prepared.evaluate(before, after, extent="headlines")
    return {
        name: float(value)
        for name, value in headline(result, study.scope(study.prepared.scenario)).items()
    }


@dataclass(frozen=True)
class Adjustment:
    """Everything a report shows: years of the path, the changes behind the signal, the shares and their basis, and the paths."""

    years: tuple[int, ...]
    missing: tuple[int, ...]
    found: Mapping[str, Mapping[int, Change]]
    shares: Mapping[str, float]
    basis: str
    signal: np.ndarray
    paths: Mapping[str, np.ndarray]
    view: Mapping[str, Any]

    def lacking(self, year: int) -> list[str]:
        """Series that have no value for a year."""
        return [name for name, one in self.found.items() if year not in one]


def adjustment(study: Study, since: int = SINCE) -> Adjustment:
    """The three rules over the published years after `since`, under the scheme's instruments."""
    found = changes(published_prices())
    years, missing = complete_years(found, since)
    shares, basis = cost_shares(study)
    view = study.views("none")[1]
    g = signal(found, years, shares)
    return Adjustment(tuple(years), tuple(missing), found, shares, basis, g, paths(g, view), view)
