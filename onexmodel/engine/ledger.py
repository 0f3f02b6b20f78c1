"""Ledger rows → what applies at each place, and yuan per unit of each cost driver at each offering (docs/method.md §2)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..rules.cost import KINDS, annuity, item_cost, unit_outlay

LEVELS = ("junior", "intermediate", "advanced")
LEDGER_KEY = ["certificate", "ledger_level", "component", "phase", "item", "sub_item"]


def ledger_lines(ingredients, places, provinces, discount_rate: float) -> pd.DataFrame:
    """One line per place and ledger row that applies there, with the yuan it costs per unit of its driver (`outlay`,
    before the college's cost factor), the same at its audited price, and which kinds of cost it belongs to. `row` is its row in the
    table as read."""
    rows = ingredients.assign(
        row=ingredients.index,
        ledger_level=ingredients["level"],
        college_row=ingredients["college"] != "",
    )
    parts = []
    for level in ("all", *LEVELS):
        here = places if level == "all" else places[places["level"] == level]
        parts.append(
            most_specific(rows[rows["level"] == level].drop(columns="level"), here, LEDGER_KEY)
        )
    lines = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    lines = lines.sort_values(["at", "row"], kind="stable", ignore_index=True)
    at = lines["at"].to_numpy(int)
    province = places["province_at"].to_numpy()[at]
    price, wage = (
        provinces[name].fillna(1.0).to_numpy(float)[province]
        for name in ("price_index", "wage_index")
    )
    index = np.select(
        [lines["priced_by"] == "price", lines["priced_by"] == "wage"], [price, wage], 1.0
    )
    yearly = annuity(discount_rate, lines["life_years"].to_numpy(float))
    quantity, unit_price = lines["quantity"].to_numpy(float), lines["unit_price"].to_numpy(float)
    audited_price = lines["audited_price"].fillna(lines["unit_price"]).to_numpy(float)
    organisation = (
        (lines["phase"] == "assessment") & (lines["borne_by"] == "organisation")
    ).to_numpy(bool)
    return lines.assign(
        at=at,
        index=index,
        outlay=item_cost(unit_outlay(quantity, unit_price, yearly), index, 1.0, 1.0),
        audited=item_cost(unit_outlay(quantity, audited_price, yearly), index, 1.0, 1.0),
        driver_used=_driver(lines),
        outlay_undiscounted=item_cost(unit_outlay(quantity, unit_price, 1.0), index, 1.0, 1.0),
        audited_undiscounted=item_cost(unit_outlay(quantity, audited_price, 1.0), index, 1.0, 1.0),
        is_organisation=organisation,
        is_training=(lines["phase"] == "training").to_numpy(bool),
        is_audited=organisation & lines["audited_price"].notna().to_numpy(bool),
        has_factor=((lines["borne_by"] == "college") & ~lines["college_row"].astype(bool)).to_numpy(
            bool
        ),
    )


def _driver(lines) -> np.ndarray:
    by_component = lines["driver"].isin(("session", "assessor")) & (lines["component"] != "")
    named = np.where(
        by_component, lines["driver"] + "_" + lines["component"].astype(str), lines["driver"]
    )
    return np.where(
        (lines["item"] == "question_bank") & (lines["driver"] == "nation_year"), "bank", named
    )


def rates_by_driver(
    lines: pd.DataFrame, place: np.ndarray, cost_factor: np.ndarray, count: int
) -> dict[str, dict]:
    """Yuan per unit of each driver and kind of cost at each offering; the cost factor falls on its own lines only. ⟨kind⟩_rates by driver, and
    ⟨kind⟩_durable by (driver, years of life): the part of a rate that is an annuity, before the annuity."""
    share, life = lines["cash_share"].to_numpy(float), lines["life_years"].to_numpy(float)
    organisation, training = (
        lines["is_organisation"].to_numpy(bool),
        lines["is_training"].to_numpy(bool),
    )
    college, plain, cash = ~organisation & ~training, np.ones(len(lines)), share
    kinds = dict(
        zip(
            KINDS,
            (
                (organisation, "outlay", plain),
                (organisation, "outlay", cash),
                (organisation, "audited", plain),
                (college, "outlay", plain),
                (college, "outlay", cash),
                (training, "outlay", plain),
                (training, "outlay", cash),
            ),
            strict=True,
        )
    )
    driver, at, scaled = (
        lines["driver_used"].to_numpy(object),
        lines["at"].to_numpy(int),
        lines["has_factor"].to_numpy(bool),
    )

    def at_offerings(chosen, amount):
        general, factored = (
            np.bincount(at[part], weights=amount[part], minlength=count)[place]
            for part in (chosen & ~scaled, chosen & scaled)
        )
        return general + item_cost(factored, 1.0, cost_factor, 1.0)

    rates: dict[str, dict] = {}
    for kind, (mask, column, part) in kinds.items():
        amount, before = (
            lines[name].to_numpy(float) * part for name in (column, f"{column}_undiscounted")
        )
        rates[f"{kind}_rates"] = {
            name: at_offerings(mask & (driver == name), amount)
            for name in sorted(set(driver[mask]))
        }
        durable = mask & ~np.isnan(life)
        rates[f"{kind}_durable"] = {
            (name, years): at_offerings(durable & (driver == name) & (life == years), before)
            for name, years in sorted(set(zip(driver[durable], life[durable], strict=True)))
        }
    return rates


def most_specific(frame: pd.DataFrame, wanted: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Rows of `frame` joined to `wanted` (with columns at, province, college …): per key and place the most specific
    group (college, then province, then general)."""
    parts = []
    scope = [
        (frame["college"] != "", ["college"], 2),
        ((frame["college"] == "") & (frame["province"] != ""), ["province"], 1),
        ((frame["college"] == "") & (frame["province"] == ""), [], 0),
    ]
    shared = [key for key in keys if key in wanted.columns]
    for mask, place, rank in scope:
        rows = frame[mask].drop(columns=[c for c in ("college", "province") if c not in place])
        if len(rows):
            parts.append(
                wanted[["at", *shared, *place]].merge(rows, on=[*shared, *place]).assign(rank=rank)
            )
    if not parts:
        return frame.iloc[:0].assign(at=pd.Series(dtype=int), rank=pd.Series(dtype=int))
    joined = pd.concat(parts, ignore_index=True)
    best = joined.groupby(["at", *keys], sort=False)["rank"].transform("max")
    return joined[joined["rank"] == best].reset_index(drop=True)
