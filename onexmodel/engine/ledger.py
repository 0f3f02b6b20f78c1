"""Ledger rows → what applies at each place, and yuan per unit of each cost driver at each offering (docs/method.md §2)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..rules.cost import KINDS, annuity, item_cost, unit_outlay

LEVELS = ("junior", "intermediate", "advanced")
LEDGER_KEY = ("certificate", "level", "component", "phase", "item", "sub_item")
OWNERS = (("college",), ("province",), ())  # whose rows they are, the most specific first


def ledger_lines(ingredients, places, provinces, discount_rate: float) -> pd.DataFrame:
    """One line per place and ledger row that applies there, with the yuan it costs per unit of its driver (`outlay`,
    before the college's cost factor), the same at its audited price, and which kinds of cost it belongs to. `row` is its row in the
    table as read."""
    at, row = most_specific(ingredients, places, LEDGER_KEY, "all")
    order = np.lexsort((ingredients.index.to_numpy()[row], at))
    at, lines = at[order], ingredients.take(row[order])
    lines = lines.assign(row=lines.index).reset_index(drop=True)
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
        has_factor=((lines["borne_by"] == "college") & (lines["college"] == "")).to_numpy(bool),
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


def most_specific(
    frame: pd.DataFrame, places: pd.DataFrame, key: tuple[str, ...], everywhere: str = ""
) -> tuple[np.ndarray, np.ndarray]:
    """(place, row of `frame` by position) of all that applies at each of the places (certificate, level, province, college): of the rows with
    the same key those of the college, else those of its province, else the general ones. A row whose level is `everywhere` is for every level."""
    names = ("certificate", "level", "province", "college")
    row, place = (
        {name: table[name].to_numpy(object) for name in names} for table in (frame, places)
    )
    code = {}
    for name in names:
        both, _ = pd.factorize(np.concatenate([row[name], place[name]]))
        code[name] = np.split(both + 1, [len(frame)])
    same = _numbered([frame[name].to_numpy(object) for name in key])
    at_level = row["level"] == everywhere
    of_college, of_province = row["college"] != "", row["province"] != ""
    owned = (of_college, ~of_college & of_province, ~of_college & ~of_province)
    found: list[tuple[np.ndarray, np.ndarray]] = []
    above = np.zeros(0, np.int64)  # place and key that a more specific row has taken
    for owner, own in zip(OWNERS, owned, strict=True):
        at, rows = (
            np.concatenate(parts)
            for parts in zip(
                *(
                    _joined(own & chosen, [code[name] for name in ("certificate", *by, *owner)])
                    for chosen, by in ((at_level, ()), (~at_level, ("level",)))
                ),
                strict=True,
            )
        )
        taken = at * (len(frame) + 1) + same[rows]
        free = ~np.isin(taken, above) if len(above) and len(taken) else np.ones(len(taken), bool)
        above = np.concatenate([above, taken])
        found.append((at[free], rows[free]))
    return np.concatenate([at for at, _ in found]), np.concatenate([rows for _, rows in found])


def _numbered(columns: list[np.ndarray]) -> np.ndarray:
    """One number for the rows that are the same in all columns."""
    number = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        values, known = pd.factorize(column)
        number, _ = pd.factorize(number * (len(known) + 1) + values)
    return number


def _joined(chosen: np.ndarray, codes: list) -> tuple[np.ndarray, np.ndarray]:
    """(place, row) of every pair that is the same in all of `codes`, (rows, places) each, of the rows chosen; by place, then by row."""
    rows = np.flatnonzero(chosen)
    if not len(rows):
        return rows, rows
    row, place = np.zeros(len(rows), np.int64), np.zeros(len(codes[0][1]), np.int64)
    for of_row, of_place in codes:
        size = max(of_row.max(initial=0), of_place.max(initial=0)) + 1
        row, place = row * size + of_row[rows], place * size + of_place
    order = np.argsort(row, kind="stable")
    first, last = (np.searchsorted(row[order], place, side) for side in ("left", "right"))
    count = last - first
    step = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    return np.repeat(np.arange(len(place)), count), rows[order[np.repeat(first, count) + step]]
