"""Tables of one year → axes and arrays: which rows apply where, nothing computed that a rule computes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from ..law.parameters import FORMS
from ..rules.cost import KINDS, annuity, item_cost, unit_outlay
from ..rules.funding import SOURCES, USES
from .axes import Grouping
from .wire import Space

COMPONENTS = ("theory", "practical")
CELL = ["province", "certificate", "level"]


@dataclass(frozen=True)
class Compiled:
    """Keys of each axis, the maps between them, and the leaves with the axis each lives on."""

    year: int
    keys: dict[str, pd.DataFrame]
    space: Space
    leaves: dict[str, object]
    leaf_axis: dict[str, str]
    ledger: pd.DataFrame  # one line per offering × ledger row that applies, for item tables and traces


def mid_year(year: int) -> date:
    """The day whose caps, fees and parameters hold for a planned offering of the year."""
    return date(int(year), 7, 1)


def _codes(frame: pd.DataFrame, keys: pd.DataFrame, on: list[str]) -> np.ndarray:
    positions = pd.Series(np.arange(len(keys)), index=pd.MultiIndex.from_frame(keys[on]))
    return positions.reindex(pd.MultiIndex.from_frame(frame[on])).to_numpy().astype(int)


def compile_year(frames, year: int, discount_rate: float) -> Compiled:
    """Arrange one year's tables. frames: table → DataFrame as Tables.frames."""
    colleges = frames["colleges"].reset_index(drop=True)
    provinces = frames["provinces"].reset_index(drop=True)
    college_at = pd.Series(np.arange(len(colleges)), index=colleges["college"])
    offerings = frames["offerings"].query("year == @year").copy()
    offerings["college_at"] = college_at.reindex(offerings["college"]).to_numpy()
    offerings["province"] = colleges["province"].to_numpy()[offerings["college_at"]]
    offerings = offerings.sort_values("college_at", kind="stable").reset_index(drop=True)
    certificates = frames["certificates"].reset_index(drop=True)
    offerings["organisation"] = _lookup(certificates, "certificate", "organisation", offerings["certificate"])
    fees = _fees_in_force(frames["fees"], year)
    cells = pd.concat([offerings[CELL], fees[CELL]]).drop_duplicates().reset_index(drop=True)
    cells["organisation"] = _lookup(certificates, "certificate", "organisation", cells["certificate"])
    suppliers = offerings[["organisation", "province"]].drop_duplicates().reset_index(drop=True)
    all_suppliers = pd.concat([suppliers, cells[["organisation", "province"]]]).drop_duplicates().reset_index(drop=True)
    keys = {"offering": offerings[["college", "certificate", "level", "province", "organisation"]], "cell": cells,
            "supplier": all_suppliers, "college": colleges[["college", "province", "tier", "ownership"]],
            "province": provinces[["province"]], "national": certificates[["certificate"]]}
    space = _space(keys)
    leaves, axis = {}, {}

    def put(on, **arrays):
        for name, array in arrays.items():
            leaves[name], axis[name] = array, on

    put("offering", planned_candidates=offerings["candidates"].to_numpy(float), given_pass_rate=offerings["pass_rate"].to_numpy(float),
        given_retake_share=offerings["retake_share"].to_numpy(float), class_size=offerings["class_size"].to_numpy(float),
        course_hours=offerings["course_hours"].to_numpy(float),
        integration=offerings["integration"].fillna(0.0).to_numpy(float))
    put("component", **_components(frames["components"], offerings))
    put("cell", **_cell_leaves(cells, fees, frames["components"]))
    fixed = _lookup(frames["organisations"], "organisation", "fixed_cost", all_suppliers["organisation"])
    put("supplier", fixed_cost=np.nan_to_num(fixed.astype(float)),
        supplier_exists=np.arange(len(all_suppliers)) < len(suppliers))
    put("college", **_college_leaves(colleges, frames, year))
    national = certificates.get("national_sittings", pd.Series(np.nan, index=certificates.index)).to_numpy(float)
    put("national", national_sittings=national)
    ledger = _ledger_lines(frames, offerings, provinces, colleges)
    rates, has_audited = _rates(ledger, len(offerings), discount_rate)
    put("offering", **rates)
    put("cell", has_audited_price=space.maps["offering", "cell"].sum(
        has_audited * (leaves["planned_candidates"] > 0)) > 0)
    put("province", **_pots(frames["funding"], provinces, year))
    leaves["eligibility"] = _eligibility(frames["eligibility"])
    return Compiled(year, keys, space, leaves, axis, ledger)


def _lookup(frame, key, value, wanted) -> np.ndarray:
    return frame.drop_duplicates(key).set_index(key)[value].reindex(wanted).to_numpy()


def _space(keys) -> Space:
    o, c, s = keys["offering"], keys["cell"], keys["supplier"]
    g, p, n = keys["college"], keys["province"], keys["national"]

    def group(fine, coarse, on):
        return Grouping.of(_codes(fine, coarse, on), len(coarse))

    return Space({("offering", "cell"): group(o, c, CELL), ("offering", "supplier"): group(o, s, ["organisation", "province"]),
                  ("offering", "college"): group(o, g, ["college"]), ("offering", "province"): group(o, p, ["province"]),
                  ("offering", "national"): group(o, n, ["certificate"]),
                  ("cell", "supplier"): group(c, s, ["organisation", "province"]),
                  ("cell", "province"): group(c, p, ["province"]), ("supplier", "province"): group(s, p, ["province"]),
                  ("college", "province"): group(g, p, ["province"])})


def _fees_in_force(fees: pd.DataFrame, year: int) -> pd.DataFrame:
    day = pd.Timestamp(mid_year(year))
    held = (fees["valid_from"] <= day) & (fees["valid_to"].isna() | (day < fees["valid_to"]))
    return fees[held].drop_duplicates(CELL, keep="last").reset_index(drop=True)


def _most_specific(frame: pd.DataFrame, wanted: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Rows of `frame` joined to `wanted` (with columns at, province, college …): per key and place the most specific
    group (college, then province, then general)."""
    parts = []
    scope = [(frame["college"] != "", ["college"], 2), ((frame["college"] == "") & (frame["province"] != ""), ["province"], 1),
             ((frame["college"] == "") & (frame["province"] == ""), [], 0)]
    shared = [key for key in keys if key in wanted.columns]
    for mask, place, rank in scope:
        rows = frame[mask].drop(columns=[c for c in ("college", "province") if c not in place])
        if len(rows):
            parts.append(wanted[["at", *shared, *place]].merge(rows, on=[*shared, *place]).assign(rank=rank))
    if not parts:
        return frame.iloc[:0].assign(at=pd.Series(dtype=int), rank=pd.Series(dtype=int))
    joined = pd.concat(parts, ignore_index=True)
    best = joined.groupby(["at", *keys], sort=False)["rank"].transform("max")
    return joined[joined["rank"] == best].reset_index(drop=True)


def _components(components: pd.DataFrame, offerings: pd.DataFrame) -> dict[str, np.ndarray]:
    wanted = offerings.assign(at=np.arange(len(offerings)))
    rows = _most_specific(components, wanted, ["certificate", "level", "component"])
    where = (rows["component"].map(COMPONENTS.index).to_numpy(int), rows["at"].to_numpy(int))
    made = {}
    for name in ("session_capacity", "candidates_per_assessor", "hours_per_session", "college_staff_per_session", "stations"):
        array = np.full((2, len(offerings)), 0.0 if name.startswith(("hours", "college_staff")) else np.nan)
        array[where] = rows[name].to_numpy(float)
        made[name] = array
    return made


def _cell_leaves(cells, fees, components) -> dict[str, np.ndarray]:
    priced = cells[CELL].merge(fees, on=CELL, how="left")
    made = {name: priced[name].to_numpy(float) for name in ("given_proposal", "verified_cost", "published_fee", "special_fee")}
    case = priced["special_case"].map(lambda x: x is True or x is np.True_).to_numpy(bool)
    made["special_document"] = (priced["special_document"].fillna("") != "").to_numpy() & case
    made["special_from"] = priced["special_from"].to_numpy()
    made["special_to"] = priced["special_to"].to_numpy()
    general = components[(components["province"] == "") & (components["college"] == "")]
    form, weight = np.full((2, len(cells)), -1), np.full((2, len(cells)), np.nan)
    joined = cells.assign(at=np.arange(len(cells)))[["at", "certificate", "level"]].merge(general, on=["certificate", "level"])
    where = (joined["component"].map(COMPONENTS.index).to_numpy(int), joined["at"].to_numpy(int))
    form[where] = joined["form"].map(FORMS.index).to_numpy(int)
    weight[where] = joined["weight"].to_numpy(float)
    return {**made, "component_form": form, "component_weight": weight, "cell_level": cells["level"].to_numpy()}


def _college_leaves(colleges, frames, year) -> dict[str, np.ndarray]:
    pools = frames["pay_pools"].query("year == @year").drop_duplicates("college").set_index("college")
    made = {name: pools[name].reindex(colleges["college"]).to_numpy(float)
            for name in ("pay_pool", "uplift_granted", "uplift_limit", "net_training_income")}
    funding = frames["funding"].query("year == @year")
    at = pd.Series(np.arange(len(colleges)), index=colleges["college"])
    own = funding[funding["owner"].isin(at.index) & funding["source_of_funds"].isin(SOURCES)]
    where = (own["source_of_funds"].map(SOURCES.index).to_numpy(int), at[own["owner"]].to_numpy(int))
    limits, order = np.zeros((len(SOURCES), len(colleges))), np.full((len(SOURCES), len(colleges)), np.inf)
    np.add.at(limits, where, own["limit"].to_numpy(float))
    np.minimum.at(order, where, own["order"].fillna(np.inf).to_numpy(float))
    return {**made, "own_limits": limits, "own_order": order, "is_private": (colleges["ownership"] == "private").to_numpy(),
            "is_applied": (colleges["tier"] == "applied").to_numpy(), "tier": colleges["tier"].to_numpy(),
            **{name: colleges[name].to_numpy(float) for name in ("students", "teachers", "norm_hours", "baseline_hours")}}


def _pots(funding, provinces, year) -> dict[str, np.ndarray]:
    rows = funding.query("year == @year")
    return {f"pot_{source}": rows[rows["source_of_funds"] == source].groupby("owner")["limit"].sum()
            .reindex(provinces["province"]).fillna(0.0).to_numpy(float) for source in ("central_award", "local_appropriation")}


def _eligibility(table) -> np.ndarray:
    allowed = np.zeros((len(SOURCES), len(USES)), bool)
    for row in table.itertuples():
        if row.source_of_funds in SOURCES and row.allowed:
            allowed[SOURCES.index(row.source_of_funds), USES.index(row.use)] = True
    return allowed


LEDGER_KEY = ["certificate", "ledger_level", "component", "phase", "item", "sub_item"]


def _ledger_lines(frames, offerings, provinces, colleges) -> pd.DataFrame:
    rows = frames["ingredients"].assign(row=np.arange(len(frames["ingredients"])), ledger_level=frames["ingredients"]["level"])
    wanted = offerings.assign(at=np.arange(len(offerings)))
    parts = []
    for level in ("all", "junior", "intermediate", "advanced"):
        some = rows[rows["level"] == level].drop(columns="level")
        here = wanted if level == "all" else wanted[wanted["level"] == level]
        parts.append(_most_specific(some.assign(college_row=some["college"] != ""), here, LEDGER_KEY))
    lines = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    at = lines["at"].to_numpy(int)
    province = pd.Series(np.arange(len(provinces)), index=provinces["province"])[offerings["province"].iloc[at]].to_numpy()
    index = {"none": np.ones(len(provinces)), "price": provinces["price_index"].fillna(1.0).to_numpy(float),
             "wage": provinces["wage_index"].fillna(1.0).to_numpy(float)}
    lines["index"] = np.select([lines["priced_by"] == name for name in ("price", "wage")],
                               [index["price"][province], index["wage"][province]], 1.0)
    factor = colleges["cost_factor"].fillna(1.0).to_numpy(float)[offerings["college_at"].to_numpy(int)[at]]
    applies = (lines["borne_by"] == "college") & ~lines["college_row"].astype(bool)
    lines["cost_factor"] = np.where(applies, factor, 1.0)
    return lines


def _driver(lines) -> np.ndarray:
    by_component = lines["driver"].isin(("session", "assessor")) & (lines["component"] != "")
    named = np.where(by_component, lines["driver"] + "_" + lines["component"].astype(str), lines["driver"])
    return np.where((lines["item"] == "question_bank") & (lines["driver"] == "nation_year"), "bank", named)


def _rates(lines: pd.DataFrame, count: int, discount_rate: float):
    """Yuan per unit of each driver and kind of cost at each offering: the sum of unit_outlay · index · cost_factor."""
    quantity, price = lines["quantity"].to_numpy(float), lines["unit_price"].to_numpy(float)
    audited_price = lines["audited_price"].fillna(lines["unit_price"]).to_numpy(float)
    place = lines["index"].to_numpy(float), lines["cost_factor"].to_numpy(float)
    yearly = annuity(discount_rate, lines["life_years"].to_numpy(float))
    outlay = item_cost(unit_outlay(quantity, price, yearly), *place, 1.0)
    audited = item_cost(unit_outlay(quantity, audited_price, yearly), *place, 1.0)
    cash = outlay * lines["cash_share"].to_numpy(float)
    assessment, training = lines["phase"] == "assessment", lines["phase"] == "training"
    organisation, college = assessment & (lines["borne_by"] == "organisation"), assessment & (lines["borne_by"] == "college")
    amounts = dict(zip(KINDS, ((organisation, outlay), (organisation, cash), (organisation, audited), (college, outlay),
                               (college, cash), (training, outlay), (training, cash)), strict=True))
    driver, at, rates = _driver(lines), lines["at"].to_numpy(int), {}
    for kind, (mask, amount) in amounts.items():
        mask = mask.to_numpy(bool)
        rates[f"{kind}_rates"] = {name: np.bincount(at[chosen], weights=amount[chosen], minlength=count)
                                  for name in sorted(set(driver[mask])) for chosen in [mask & (driver == name)]}
    has = organisation.to_numpy(bool) & lines["audited_price"].notna().to_numpy()
    return rates, np.bincount(at[has], minlength=count) > 0
