"""Provinces side by side (C13): what each prices, its fee level, what a candidate costs its colleges, and how settled it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.stats import norm
from scipy.stats import t as student

from ...engine.accounts.ledger import Ledger
from ...engine.compile import CELL
from ...engine.findings.unfilled import by_province
from ...engine.leaves import reach_of
from ...engine.result import YearResult
from ...engine.year import plan_year
from ...rules.numbers import ratio
from ...rules.settlement import settlement_rate
from ..draws.blocks import blocks, count_of
from ..statistics.inequality import concentration_index, gini, theil
from ..statistics.small_numbers import normal_limits, overdispersion, shrink, wilson
from ..study import Study
from .geks import geks
from .price_index import Levels, cpd

CONFIDENCE = (
    0.8  # of every interval of the report; control limits of the funnel are wider by design
)


@dataclass(frozen=True)
class FeeTable:
    """Fees of the places by product (certificate and level): (places, products) yuan a sitting and candidates, nan and 0 where
    nothing is priced or planned. `labels`: the certificate of each product, on which overlap and intervals rest."""

    places: tuple[str, ...]
    products: tuple[tuple[str, str], ...]
    labels: tuple[str, ...]
    prices: np.ndarray
    candidates: np.ndarray


def fee_table(study: Study, result: YearResult) -> FeeTable:
    """Approved fees of a run, weighted by planned candidates."""
    return _table(
        result.compiled.keys["cell"][CELL],
        result.plan["approved_fee"],
        planned_by_cell(study, result),
        tuple(result.compiled.keys["province"]["province"]),
    )


def planned_by_cell(study: Study, result: YearResult) -> np.ndarray:
    """Planned candidates of the place's offerings, (cells,)."""
    return result.compiled.planned("cell", study.scope(result.compiled)["offering"])


def published_fees(frame: pd.DataFrame) -> FeeTable:
    """The published 1+X fees as they are (data/published/fees.csv): a fee of the whole country is a place of its own."""
    rows = frame[frame["item"] == "fee"]
    return _table(
        rows[CELL],
        rows["amount"].to_numpy(float),
        np.ones(len(rows)),
        tuple(dict.fromkeys(rows["province"])),
    )


def _table(keys: pd.DataFrame, fee, weight, places: tuple[str, ...]) -> FeeTable:
    products = tuple(sorted(dict.fromkeys(zip(keys["certificate"], keys["level"], strict=True))))
    nothing = np.full((len(places), len(products)), np.nan)
    labels = tuple(certificate for certificate, _ in products)
    empty = FeeTable(places, products, labels, nothing, nothing)
    candidates = np.nan_to_num(placed(keys, empty, weight))
    return replace(empty, prices=placed(keys, empty, fee), candidates=candidates)


def placed(keys: pd.DataFrame, table: FeeTable, values) -> np.ndarray:
    """(rows,) values of keys → (places, products), nan where there is no row."""
    made = np.full((len(table.places), len(table.products)), np.nan)
    made[positions(keys, table)] = values
    return made


def positions(keys: pd.DataFrame, table: FeeTable) -> tuple[np.ndarray, np.ndarray]:
    """Place and product of each of the keys, (rows,) each."""
    return (
        pd.Index(table.places).get_indexer(keys["province"]),
        pd.MultiIndex.from_tuples(table.products).get_indexer(
            pd.MultiIndex.from_frame(keys[["certificate", "level"]])
        ),
    )


def fee_levels(fees: FeeTable, view: Mapping) -> tuple[pd.DataFrame, Levels]:
    """A row a place: CPD level with its interval (compared group = 1) and the standard error of its logarithm, GEKS-Fisher level where
    baskets overlap enough (compare.* of the view), simple mean, certificates priced, candidates, group of comparable places; nan: not
    comparable. And the CPD's own result."""
    found = cpd(fees.prices, fees.candidates, fees.labels, confidence=CONFIDENCE)
    fisher, _ = geks(
        fees.prices,
        fees.candidates,
        fees.labels,
        int(view["compare.min_overlap_certificates"]),
        float(view["compare.min_overlap_spending"]),
    )
    priced = np.isfinite(fees.prices) & (fees.candidates > 0)
    count = [
        len({label for label, has in zip(fees.labels, row, strict=True) if has}) for row in priced
    ]
    mean = ratio(
        np.where(priced, fees.prices * fees.candidates, 0.0).sum(1), fees.candidates.sum(1)
    )
    error = (np.log(found.high) - np.log(found.low)) / (
        2 * student.ppf((1 + CONFIDENCE) / 2, max(1, found.clusters - 1))
    )
    return pd.DataFrame(
        {
            "province": fees.places,
            "level": found.level,
            "low": found.low,
            "high": found.high,
            "error": error,
            "geks": fisher,
            "mean": mean,
            "certificates": count,
            "candidates": fees.candidates.sum(1),
            "group": found.group,
        }
    ), found


def level_draws(study: Study, drawn: Mapping[str, np.ndarray]) -> np.ndarray:
    """(draws, places): CPD fee levels of the scheme with what is uncertain drawn; only fees are computed, and only what they lean on is drawn."""
    prepared, rows, reach = study.prepared, [], reach_of(("approved_fee",))
    size = count_of(drawn)
    drawn = {name: one for name, one in drawn.items() if name.replace("__", "_") in reach}
    table = fee_table(study, YearResult(prepared.scenario, {"approved_fee": np.nan}, {}))
    at, prices = (
        positions(prepared.scenario.keys["cell"], table),
        np.full(table.prices.shape, np.nan),
    )
    for part in blocks(study, drawn):
        before, after = study.views("none", **part)
        _, _, plan = plan_year(prepared.baseline, prepared.baseline, before, at_some_rows=True)
        if study.composition.changes_anything:
            _, _, plan = plan_year(
                prepared.scenario,
                prepared.priced,
                after,
                plan,
                prepared.baseline,
                at_some_rows=True,
            )
        fees = np.atleast_2d(plan["approved_fee"])
        for one in np.broadcast_to(fees, (count_of(part), fees.shape[-1])):
            prices[at] = one
            rows.append(cpd(prices, table.candidates, intervals=False).level)
    return np.array(rows) if drawn else np.repeat(rows, size, axis=0)


def college_outlay(study: Study, result: YearResult) -> pd.DataFrame:
    """A row a college of the place with served candidates: what assessment costs it (fees and own cash), yuan, and per candidate."""
    served, keys = result.served, result.compiled.keys["college"]
    sums = result.compiled.space.maps["offering", "college"].sum
    made = keys.assign(
        outlay=served["need_assessment"],
        served=sums(served["served"]),
        fee_bill=sums(served["fee_bill"]),
        students=result.compiled.leaves["students"],
    )
    made = made[study.scope(result.compiled)["college"] & (made["served"] > 0)]
    return made.assign(each=made["outlay"] / made["served"]).reset_index(drop=True)


def provinces(
    study: Study, result: YearResult, colleges: pd.DataFrame, view: Mapping
) -> pd.DataFrame:
    """A row a province in administrative order: colleges, candidates, outlay a candidate, the mean of its colleges with its standard
    error and half the width of its interval (reach), burden (fee bill
    on students × per-student appropriation of public colleges), coverage of needs, funding gap a student; small: few colleges or
    candidates."""
    compiled, served = result.compiled, result.served
    table = (
        study.tables["colleges"].set_index("college").reindex(compiled.keys["college"]["college"])
    )
    inside = study.scope(compiled)["college"]
    money = compiled.keys["college"].assign(
        needs=served["needs"].sum(-2),
        gap=served["funding_gap"],
        students=compiled.leaves["students"],
        own=compiled.leaves["own_limits"].sum(-2),
        grant=(compiled.leaves["students"] * table["per_student_appropriation"].to_numpy(float)),
        fees=compiled.space.maps["offering", "college"].sum(served["fee_bill"]),
    )[inside]
    public = money[money["ownership"] == "public"].groupby("province")[["fees", "grant"]].sum()
    money = money.groupby("province")[["needs", "gap", "students", "own"]].sum()
    home = table["province"]
    unknown = by_province(study.unfilled, home).funds
    money.loc[money.index.isin(unknown), ["gap", "own"]] = np.nan  # nobody filled in the funds
    groups = colleges.groupby("province")
    sums = groups[["outlay", "served"]].sum()
    made = pd.DataFrame(
        {
            "colleges": groups.size(),
            "served": sums["served"],
            "each": sums["outlay"] / sums["served"],
            "plain": groups["each"].mean(),
            "spread": groups["each"].std(ddof=1),
        }
    )
    made["error"] = made["spread"] / np.sqrt(made["colleges"])
    made["reach"] = norm.ppf((1 + CONFIDENCE) / 2) * made["error"]
    made = made.join(money).join(public)
    made["burden"], made["coverage"] = (
        ratio(made["fees"], made["grant"]),
        1 - ratio(made["gap"], made["needs"]),
    )
    made["gap_each"], made["own_each"] = (
        ratio(made["gap"], made["students"]),
        ratio(made["own"], made["students"]),
    )
    made["small"] = (made["colleges"] < view["compare.min_colleges"]) | (
        made["served"] < view["compare.min_candidates"]
    )
    order = [code for code in compiled.keys["province"]["province"] if code in made.index]
    return made.loc[order].rename_axis("province").reset_index()


def shrunk(table: pd.DataFrame) -> pd.DataFrame:
    """Province means of the colleges' outlay a candidate, raw and shrunk toward the random-effects mean (small_numbers.shrink)."""
    found = shrink(table["plain"].to_numpy(), table["error"].to_numpy(), CONFIDENCE)
    return pd.DataFrame(
        {
            "province": table["province"],
            "raw": table["plain"],
            "value": found.value,
            "low": found.low,
            "high": found.high,
            "own": found.own,
            "mean": found.pooled.mean,
            "tau2": found.pooled.tau2,
        }
    )


def funnel(table: pd.DataFrame) -> pd.DataFrame:
    """Province means against the number of colleges with 95 % and 99.8 % limits around the mean of all colleges, and the 99.8 % limits
    widened by the overdispersion of the provinces (`phi`): outside, outside_wide."""
    target = float(np.average(table["plain"], weights=table["colleges"]))
    several = table["colleges"] > 1
    within = (
        float(
            np.sqrt(
                np.average(
                    table.loc[several, "spread"] ** 2, weights=table.loc[several, "colleges"] - 1
                )
            )
        )
        if several.any()
        else float("nan")
    )
    made = table[["province", "colleges", "plain"]].assign(target=target, within=within)
    phi = overdispersion(
        ratio(made["plain"] - target, within / np.sqrt(made["colleges"].to_numpy(float)))
    )
    for name, confidence, spread in (
        ("95", 0.95, within),
        ("998", 0.998, within),
        ("wide", 0.998, within * np.sqrt(phi)),
    ):
        made[f"low_{name}"], made[f"high_{name}"] = normal_limits(
            target, spread, made["colleges"], confidence
        )
    return made.assign(
        phi=phi,
        **{
            said: (made["plain"] < made[f"low_{name}"]) | (made["plain"] > made[f"high_{name}"])
            for said, name in (("outside", "998"), ("outside_wide", "wide"))
        },
    )


def inequality(study: Study, colleges: pd.DataFrame, table: pd.DataFrame) -> dict[str, float]:
    """Of the colleges' outlay a candidate, weighted by candidates: Gini, Theil total, between and within provinces, and the concentration
    over fiscal capacity of the province (or, where the data have none, over own funds a student; `by_capacity` says which)."""
    given = study.tables["provinces"].set_index("province")["fiscal_capacity"]
    by_capacity = bool(given.reindex(table["province"]).notna().all())
    ranking = (
        colleges["province"]
        .map(given if by_capacity else table.set_index("province")["own_each"])
        .to_numpy(float)
    )
    each, heads = colleges["each"].to_numpy(), colleges["served"].to_numpy()
    return {
        "gini": gini(each, heads),
        **theil(each, colleges["province"].to_numpy(), heads),
        "concentration": concentration_index(each, ranking, heads),
        "by_capacity": float(by_capacity),
    }


def settlement(ledger: Ledger) -> pd.DataFrame:
    """A row a province with accounts: colleges, batches, `unknown`: batches for which nothing is payable because no fee is known (or
    nobody is counted), `done`: batches with something payable that are settled in full, its share of those with its Wilson interval,
    settlement rate in money (rules.settlement)."""
    rows = []
    for province, some in ledger.batches.groupby("province", sort=True):
        payable, owed = some["payable_fen"].to_numpy(), some["arrears_fen"].to_numpy()
        due = payable > 0
        rows.append(
            {
                "province": province,
                "colleges": some["college"].nunique(),
                "batches": len(some),
                "unknown": int((~due).sum()),
                "due": int(due.sum()),
                "done": int((owed[due] <= 0).sum()),
                "rate": float(settlement_rate(payable, some["paid_fen"].to_numpy())),
            }
        )
    made = pd.DataFrame(
        rows, columns=["province", "colleges", "batches", "unknown", "due", "done", "rate"]
    )
    made["low"], made["high"] = wilson(made["done"], made["due"], CONFIDENCE)
    return made.assign(share=ratio(made["done"], made["due"]))


def data_quality(study: Study, result: YearResult) -> pd.DataFrame:
    """A row a province: colleges, offerings, certificates planned and with a published fee, share of candidates under a published fee."""
    compiled = result.compiled
    cells = compiled.keys["cell"].assign(
        planned=planned_by_cell(study, result),
        published=np.isfinite(compiled.leaves["published_fee"]),
    )
    cells["covered"] = cells["planned"] * cells["published"]
    at_work = cells[cells["planned"] > 0]
    made = at_work.groupby("province")[["planned", "covered"]].sum()
    made["certificates"], made["priced"] = (
        at_work.groupby("province")["certificate"].nunique(),
        at_work[at_work["published"]].groupby("province")["certificate"].nunique(),
    )
    offerings = compiled.keys["offering"][study.scope(compiled)["offering"]]
    made["colleges"], made["offerings"] = (
        offerings.groupby("province")["college"].nunique(),
        offerings.groupby("province").size(),
    )
    order = [code for code in compiled.keys["province"]["province"] if code in made.index]
    return (
        made.loc[order]
        .fillna({"priced": 0})
        .assign(share=lambda frame: ratio(frame["covered"], frame["planned"]))
        .rename_axis("province")
        .reset_index()
    )
