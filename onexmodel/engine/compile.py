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
from .partly import Places
from .wire import Space

COMPONENTS = ("theory", "practical")
LEVELS = ("junior", "intermediate", "advanced")
CELL = ["province", "certificate", "level"]


@dataclass(frozen=True)
class Compiled:
    """Keys of each axis, the maps between them, and the leaves with the axis each lives on.

    `ledger` has one line per ledger row and place it applies to; a place is (certificate, level, province), or one
    college of it that has rows of its own. `place` (offerings,) says which place an offering is. `blank`: the offerings that do not state
    a column the law has a value for.
    """

    year: int
    keys: dict[str, pd.DataFrame]
    space: Space
    leaves: dict[str, object]
    leaf_axis: dict[str, str]
    ledger: pd.DataFrame
    place: np.ndarray
    blank: dict[str, Places]


def mid_year(year: int) -> date:
    """The day whose caps, fees and parameters hold for a planned offering of the year."""
    return date(int(year), 7, 1)


def compile_year(frames, year: int, discount_rate: float) -> Compiled:
    """Arrange one year's tables. frames: table → DataFrame as Tables.frames."""
    colleges, provinces, certificates = (frames[name].reset_index(drop=True)
                                         for name in ("colleges", "provinces", "certificates"))
    offerings = _offerings(frames["offerings"], colleges, provinces, certificates, year)
    fees = _located(_fees_in_force(frames["fees"], year), provinces, certificates)
    cells, cell_at = _cells(offerings, fees, provinces, certificates)
    suppliers, supplier_at = _suppliers(offerings, cells)
    keys = {"offering": offerings[["college", "certificate", "level", "province", "organisation"]],
            "cell": cells[[*CELL, "organisation"]], "supplier": suppliers,
            "college": colleges[["college", "province", "tier", "ownership"]],
            "province": provinces[["province"]], "national": certificates[["certificate"]]}
    space = _space(keys, offerings, cells, colleges, provinces, cell_at, supplier_at)
    leaves, axis = {}, {}

    def put(on, **arrays):
        for name, array in arrays.items():
            leaves[name], axis[name] = array, on

    put("offering", planned_candidates=offerings["candidates"].to_numpy(float),
        given_pass_rate=offerings["pass_rate"].to_numpy(float),
        given_retake_share=offerings["retake_share"].to_numpy(float), class_size=offerings["class_size"].to_numpy(float),
        course_hours=offerings["course_hours"].to_numpy(float),
        integration=offerings["integration"].fillna(0.0).to_numpy(float))
    places, place = _places(offerings, frames, colleges, provinces, certificates)
    put("component", **{name: array[:, place] for name, array in _components(frames["components"], places).items()})
    put("cell", **_cell_leaves(cells, fees, frames["components"]))
    fixed = _lookup(frames["organisations"], "organisation", "fixed_cost", suppliers["organisation"])
    put("supplier", fixed_cost=np.nan_to_num(fixed.astype(float)))
    put("college", **_college_leaves(colleges, frames, year))
    put("national", national_sittings=certificates["national_sittings"].to_numpy(float))
    ledger = _ledger_lines(frames["ingredients"], places, provinces, discount_rate)
    factor = colleges["cost_factor"].fillna(1.0).to_numpy(float)[offerings["college_at"]]
    put("offering", **_rates(ledger, place, factor, len(places)))
    audited = np.bincount(ledger["at"][ledger["is_audited"]], minlength=len(places)) > 0
    put("cell", has_audited_price=space.maps["offering", "cell"].sum(
        audited[place] * (leaves["planned_candidates"] > 0)) > 0)
    put("province", **_pots(frames["funding"], provinces, year))
    leaves["eligibility"] = _eligibility(frames["eligibility"])
    blank = {name: Places.where(np.isnan(leaves[f"given_{name}"])) for name in ("pass_rate", "retake_share")}
    return Compiled(year, keys, space, leaves, axis, ledger, place, blank)


def _lookup(frame, key, value, wanted) -> np.ndarray:
    return frame.drop_duplicates(key).set_index(key)[value].reindex(wanted).to_numpy()


def _at(values, keys) -> np.ndarray:
    return pd.Index(keys).get_indexer(values)


def _located(frame, provinces, certificates) -> pd.DataFrame:
    """The frame with the positions of its province, certificate and level, and their one cell number."""
    located = frame.assign(province_at=_at(frame["province"], provinces["province"]),
                           certificate_at=_at(frame["certificate"], certificates["certificate"]),
                           level_at=_at(frame["level"], LEVELS))
    number = (located["certificate_at"] * len(LEVELS) + located["level_at"]) * len(provinces) + located["province_at"]
    return located.assign(cell_number=number)


def _offerings(table, colleges, provinces, certificates, year) -> pd.DataFrame:
    rows = table[table["year"] == year]
    college_at = _at(rows["college"], colleges["college"])
    rows = rows.assign(college_at=college_at, province=colleges["province"].to_numpy()[college_at])
    rows = rows.iloc[np.argsort(college_at, kind="stable")].reset_index(drop=True)
    rows = _located(rows, provinces, certificates)
    return rows.assign(organisation=certificates["organisation"].to_numpy()[rows["certificate_at"]])


def _cells(offerings, fees, provinces, certificates):
    """The cells in order of first appearance (offerings, then priced ones nobody plans), and each offering's cell."""
    at, numbers = pd.factorize(np.concatenate([offerings["cell_number"], fees["cell_number"]]))
    numbers = numbers.astype(int)
    certificate_at = numbers // len(provinces) // len(LEVELS)
    cells = pd.DataFrame({
        "province": provinces["province"].to_numpy()[numbers % len(provinces)],
        "certificate": certificates["certificate"].to_numpy()[certificate_at],
        "level": np.array(LEVELS, object)[numbers // len(provinces) % len(LEVELS)],
        "organisation": certificates["organisation"].to_numpy()[certificate_at],
        "province_at": numbers % len(provinces), "certificate_at": certificate_at, "cell_number": numbers})
    return cells, at[: len(offerings)]


def _suppliers(offerings, cells):
    """Organisation × province: those at work first, then those only priced; and each offering's supplier."""
    both = pd.concat([offerings[["organisation", "province"]], cells[["organisation", "province"]]], ignore_index=True)
    organisation, names = pd.factorize(both["organisation"])
    province, places = pd.factorize(both["province"])
    at, first = pd.factorize(organisation * len(places) + province)
    first = first.astype(int)
    suppliers = pd.DataFrame({"organisation": np.asarray(names, object)[first // len(places)],
                              "province": np.asarray(places, object)[first % len(places)]})
    return suppliers, at


def _space(keys, offerings, cells, colleges, provinces, cell_at, supplier_at) -> Space:
    count = {name: len(frame) for name, frame in keys.items()}
    college_province = _at(colleges["province"], provinces["province"])
    supplier_province = _at(keys["supplier"]["province"], provinces["province"])
    index = {("offering", "cell"): cell_at, ("offering", "supplier"): supplier_at[: len(offerings)],
             ("offering", "college"): offerings["college_at"].to_numpy(),
             ("offering", "province"): offerings["province_at"].to_numpy(),
             ("offering", "national"): offerings["certificate_at"].to_numpy(),
             ("cell", "supplier"): supplier_at[len(offerings):], ("cell", "province"): cells["province_at"].to_numpy(),
             ("cell", "national"): cells["certificate_at"].to_numpy(),
             ("supplier", "province"): supplier_province, ("college", "province"): college_province}
    blank = np.flatnonzero(offerings[["pass_rate", "retake_share"]].isna().any(axis=1))  # these have draws of their own: summed apart
    return Space({(fine, coarse): Grouping.of(np.asarray(at, int), count[coarse], blank if fine == "offering" else None)
                  for (fine, coarse), at in index.items()})


def _places(offerings, frames, colleges, provinces, certificates):
    """Where the same ledger and component rows apply: (certificate, level, province), or one college with own rows."""
    own = pd.concat([frames[name].loc[frames[name]["college"] != "", ["certificate", "college"]]
                     for name in ("ingredients", "components")])
    pair = offerings["certificate_at"].to_numpy() * (len(colleges) + 1) + offerings["college_at"].to_numpy() + 1
    own_pair = _at(own["certificate"], certificates["certificate"]) * (len(colleges) + 1) + _at(
        own["college"], colleges["college"]) + 1
    college = np.where(np.isin(pair, own_pair), offerings["college_at"].to_numpy() + 1, 0)
    place, first = pd.factorize(offerings["cell_number"].to_numpy() * (len(colleges) + 1) + college)
    cell, college = np.divmod(first.astype(int), len(colleges) + 1)
    certificate_level, province = np.divmod(cell, len(provinces))
    places = pd.DataFrame({
        "at": np.arange(len(first)), "certificate": certificates["certificate"].to_numpy()[certificate_level // len(LEVELS)],
        "level": np.array(LEVELS, object)[certificate_level % len(LEVELS)],
        "province": provinces["province"].to_numpy()[province], "province_at": province,
        "college": np.concatenate([[""], colleges["college"].to_numpy(object)])[college]})
    return places, place


def _fees_in_force(fees: pd.DataFrame, year: int) -> pd.DataFrame:
    day = pd.Timestamp(mid_year(year))
    held = (fees["valid_from"] <= day) & (fees["valid_to"].isna() | (day < fees["valid_to"]))
    return fees[held].sort_values("valid_from", kind="stable").drop_duplicates(CELL, keep="last").reset_index(drop=True)


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


def _components(components: pd.DataFrame, places: pd.DataFrame) -> dict[str, np.ndarray]:
    rows = _most_specific(components, places, ["certificate", "level", "component"])
    where = (_at(rows["component"], COMPONENTS), rows["at"].to_numpy(int))
    made = {}
    for name in ("session_capacity", "candidates_per_assessor", "hours_per_session", "college_staff_per_session", "stations"):
        array = np.full((2, len(places)), 0.0 if name.startswith(("hours", "college_staff")) else np.nan)
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
    return {**made, "component_form": form, "component_weight": weight, "cell_level": cells["level"].to_numpy(), "cell_level_at": _at(cells["level"], LEVELS)}


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


def _ledger_lines(ingredients, places, provinces, discount_rate: float) -> pd.DataFrame:
    """One line per place and ledger row that applies there, with the yuan it costs per unit of its driver (`outlay`,
    before the college's cost factor), the same at its audited price, and which kinds of cost it belongs to. `row` is its row in the
    table as read."""
    rows = ingredients.assign(row=ingredients.index, ledger_level=ingredients["level"],
                              college_row=ingredients["college"] != "")
    parts = []
    for level in ("all", *LEVELS):
        here = places if level == "all" else places[places["level"] == level]
        parts.append(_most_specific(rows[rows["level"] == level].drop(columns="level"), here, LEDGER_KEY))
    lines = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    lines = lines.sort_values(["at", "row"], kind="stable", ignore_index=True)
    at = lines["at"].to_numpy(int)
    province = places["province_at"].to_numpy()[at]
    price, wage = (provinces[name].fillna(1.0).to_numpy(float)[province] for name in ("price_index", "wage_index"))
    index = np.select([lines["priced_by"] == "price", lines["priced_by"] == "wage"], [price, wage], 1.0)
    yearly = annuity(discount_rate, lines["life_years"].to_numpy(float))
    quantity, unit_price = lines["quantity"].to_numpy(float), lines["unit_price"].to_numpy(float)
    audited_price = lines["audited_price"].fillna(lines["unit_price"]).to_numpy(float)
    organisation = ((lines["phase"] == "assessment") & (lines["borne_by"] == "organisation")).to_numpy(bool)
    return lines.assign(
        at=at, index=index, outlay=item_cost(unit_outlay(quantity, unit_price, yearly), index, 1.0, 1.0),
        audited=item_cost(unit_outlay(quantity, audited_price, yearly), index, 1.0, 1.0), driver_used=_driver(lines),
        is_organisation=organisation, is_training=(lines["phase"] == "training").to_numpy(bool),
        is_audited=organisation & lines["audited_price"].notna().to_numpy(bool),
        has_factor=((lines["borne_by"] == "college") & ~lines["college_row"].astype(bool)).to_numpy(bool))


def _driver(lines) -> np.ndarray:
    by_component = lines["driver"].isin(("session", "assessor")) & (lines["component"] != "")
    named = np.where(by_component, lines["driver"] + "_" + lines["component"].astype(str), lines["driver"])
    return np.where((lines["item"] == "question_bank") & (lines["driver"] == "nation_year"), "bank", named)


def _rates(lines: pd.DataFrame, place: np.ndarray, cost_factor: np.ndarray, count: int) -> dict[str, dict]:
    """Yuan per unit of each driver and kind of cost at each offering; the cost factor falls on its own lines only."""
    outlay, share = lines["outlay"].to_numpy(float), lines["cash_share"].to_numpy(float)
    organisation, training = lines["is_organisation"].to_numpy(bool), lines["is_training"].to_numpy(bool)
    college = ~organisation & ~training
    amounts = dict(zip(KINDS, ((organisation, outlay), (organisation, outlay * share),
                               (organisation, lines["audited"].to_numpy(float)), (college, outlay),
                               (college, outlay * share), (training, outlay), (training, outlay * share)), strict=True))
    driver, at, scaled = lines["driver_used"].to_numpy(object), lines["at"].to_numpy(int), lines["has_factor"].to_numpy(bool)
    rates: dict[str, dict] = {}
    for kind, (mask, amount) in amounts.items():
        rates[f"{kind}_rates"] = {}
        for name in sorted(set(driver[mask])):
            chosen = mask & (driver == name)
            plain, factored = (np.bincount(at[part], weights=amount[part], minlength=count)[place]
                               for part in (chosen & ~scaled, chosen & scaled))
            rates[f"{kind}_rates"][name] = plain + item_cost(factored, 1.0, cost_factor, 1.0)
    return rates
