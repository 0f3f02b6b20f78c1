"""Why a province's outlay a candidate differs from the nation's: an exact Shapley decomposition (docs/method.md §9)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ...engine.compile import CELL, compile_year, mid_year
from ...engine.data_changes import change_frames
from ...engine.result import YearResult
from ...rules.cost import college_cash_cost, item_cost
from ...rules.numbers import or_zero, ratio
from ..statistics.shapley import shapley
from ..study import Study

FACTORS = ("fee", "price", "scale", "own", "mix", "pass_rate")
PER_HEAD = ("candidate", "award")  # drivers that the number of sittings does not move


def decomposition(study: Study, result: YearResult) -> pd.DataFrame:
    """A row a province: its outlay a candidate (yuan), the nation's, and the difference shared out exactly (Shapley) over
    fee       fee standards;
    price     the province's price and wage index on what colleges bear themselves;
    scale     how many sittings share a session, assessor, plan or yearly provincial item: cost a sitting by the general ledger;
    own       what colleges bear beyond the general ledger at national prices: cost factors, ledger rows of a college or province;
    mix       certificates and levels;
    pass_rate resits: sittings, sittings paid and awards a candidate.
    `result` is one side of the study, in any mode: volumes, ledger and index are that side's own."""
    cells = result.compiled.keys["cell"]
    product = pd.factorize(pd.MultiIndex.from_frame(cells[["certificate", "level"]]))[0]
    amounts = _amounts(study, result)
    nation = _factors(amounts, product, np.ones(len(cells)), {})
    rows = []
    for code in result.compiled.keys["province"]["province"]:
        here_rows = (cells["province"] == code).to_numpy() * 1.0
        if not (amounts["heads"] * here_rows).sum():
            continue
        here = _factors(amounts, product, here_rows, nation)

        def worth(chosen, here=here) -> float:
            return _each({name: (here if name in chosen else nation)[name] for name in FACTORS})

        rows.append(
            {
                "province": code,
                "each": _each(here),
                "nation": _each(nation),
                **shapley(FACTORS, worth),
            }
        )
    return pd.DataFrame(rows)


def _each(f) -> float:
    """Outlay a candidate: Σ_product mix · (fee · sittings paid + price · (cost a sitting · sittings + by award + by head + own))."""
    paid, sittings, by_award, by_head = f["pass_rate"]
    return float(
        np.sum(
            f["mix"]
            * (
                f["fee"] * paid
                + f["price"] * (f["scale"] * sittings + by_award + by_head + f["own"])
            )
        )
    )


def _factors(amounts, product, rows, fallback) -> dict[str, np.ndarray]:
    """The factors of some cells, (products,) each, pass_rate (4, products) a candidate; where a place does not have a product, its
    mix is 0 and the rest is the fallback's."""
    s = {
        name: np.bincount(product, weights=values * rows, minlength=product.max() + 1)
        for name, values in amounts.items()
    }
    n = s["heads"]
    made = {
        "mix": n / n.sum(),
        "fee": ratio(s["bill"], s["paid"]),
        "price": ratio(s["own_cash"], s["at_one"]),
        "scale": ratio(s["per_sitting"], s["sittings"]),
        "own": ratio(s["at_one"] - s["per_sitting"] - s["award"] - s["candidate"], n),
        "pass_rate": np.stack(
            [
                ratio(s["paid"], n),
                ratio(s["sittings"], n),
                ratio(s["award"], n),
                ratio(s["candidate"], n),
            ]
        ),
    }
    return {
        name: np.where(np.isfinite(values), values, fallback[name] if fallback else 0.0)
        for name, values in made.items()
    }


def _amounts(study: Study, result: YearResult) -> dict[str, np.ndarray]:
    """(cells,) of the place: candidates, sittings, sittings paid, fee bill; colleges' own cash as it is, at national prices, and by the
    general ledger alone at national prices (what sittings, awards and candidates drive apart). Yuan."""
    compiled = result.compiled
    inside, sums = study.scope(compiled)["offering"], compiled.space.maps["offering", "cell"].sum
    heads, sittings, paid, own = (
        sums(np.asarray(result.served[name]) * inside)
        for name in ("served", "sittings", "payable_sittings", "college_cash_cost")
    )
    counts = {
        driver: np.broadcast_to(count, inside.shape) * inside
        for driver, count in result.served["driver_counts"].items()
    }
    parts = {"per_sitting": {}, **{driver: {} for driver in PER_HEAD}}
    for driver, rate in _general_rates(study, result).items():
        parts[driver if driver in PER_HEAD else "per_sitting"][driver] = rate
    return {
        "heads": heads,
        "sittings": sittings,
        "paid": paid,
        "bill": np.nan_to_num(result.plan["approved_fee"]) * paid,
        "own_cash": own,
        "at_one": sums(_at_national_prices(result, counts)),
        **{name: sums(college_cash_cost(rates, counts)) for name, rates in parts.items()},
    }


def _at_national_prices(result: YearResult, counts) -> np.ndarray:
    """(offerings,) yuan: the colleges' own cash items of assessment with every index at 1, on the result's own volumes and ledger."""
    compiled = result.compiled
    lines = compiled.ledger[~compiled.ledger["is_organisation"] & ~compiled.ledger["is_training"]]
    size = int(compiled.place.max(initial=-1)) + 1
    plain = ratio(
        lines["outlay"].to_numpy(float) * lines["cash_share"].to_numpy(float),
        lines["index"].to_numpy(float),
    )
    total = np.zeros(len(compiled.place))
    for (driver, scaled), rows in lines.groupby(["driver_used", "has_factor"]).indices.items():
        rate = np.bincount(lines["at"].to_numpy(int)[rows], weights=plain[rows], minlength=size)[
            compiled.place
        ]
        total += item_cost(rate, 1.0, compiled.cost_factor if scaled else 1.0, counts[driver])
    return total


def _general_rates(study: Study, result: YearResult) -> dict[str, np.ndarray]:
    """driver → (offerings,) yuan a unit of the colleges' cash items by the general rows of the side's ledger at national prices."""
    scenario = result.compiled is not study.prepared.baseline
    law = study.composition.law if scenario else study.composition.baseline_law
    frames = dict(study.tables.frames)
    if scenario:
        frames = change_frames(frames, study.composition.data_changes, mid_year(study.year))
    rows, offerings = frames["ingredients"], frames["offerings"]
    product = CELL[1:]
    one_each = offerings[offerings["year"] == study.year].drop_duplicates(product)
    general = {
        **frames,
        "offerings": one_each,
        "ingredients": rows[(rows["province"] == "") & (rows["college"] == "")],
        "provinces": frames["provinces"].assign(price_index=1.0, wage_index=1.0),
        "colleges": frames["colleges"].assign(cost_factor=1.0),
    }
    small = compile_year(general, study.year, law.at(mid_year(study.year))["funding.discount_rate"])
    at = pd.MultiIndex.from_frame(small.keys["offering"][product]).get_indexer(
        pd.MultiIndex.from_frame(result.compiled.keys["offering"][product])
    )
    return {
        driver: or_zero(rate)[at] for driver, rate in small.leaves["college_cash_rates"].items()
    }
