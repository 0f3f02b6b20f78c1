"""Tables of one year → axes and arrays: which rows apply where, nothing computed that a rule computes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from ..data.tables import by_code, in_force
from ..law.parameters import FORMS
from ..rules.funding import SOURCES, USES
from .axes import Grouping
from .draws.some_rows import Places
from .ledger import LEVELS, ledger_lines, most_specific, rates_by_driver
from .places.names import known_words
from .wire import Space

OFFERING_LEAVES = {
    "planned_candidates": "candidates",
    "given_pass_rate": "pass_rate",
    "given_retake_share": "retake_share",
    "class_size": "class_size",
    "course_hours": "course_hours",
    "integration": "integration",
}
COMPONENTS = ("theory", "practical")
CELL = ["province", "certificate", "level"]


@dataclass(frozen=True)
class Compiled:
    """Keys of each axis, the maps between them, and the leaves with the axis each lives on.

    `ledger` has one line per ledger row and place it applies to; a place is (certificate, level, province), or one
    college of it that has rows of its own. `place` (offerings,) says which place an offering is; `cost_factor` (offerings,) is its college's,
    1 where none is given. `discount_rate`: the one the rates were made with. `words`: names of provinces, tiers, certificates … → codes.
    """

    year: int
    keys: dict[str, pd.DataFrame]
    space: Space
    leaves: dict[str, Any]
    leaf_axis: dict[str, str]
    ledger: pd.DataFrame
    place: np.ndarray
    cost_factor: np.ndarray
    discount_rate: float
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def planned(self, axis: str, inside: np.ndarray | float = 1.0) -> np.ndarray:
        """(rows of the axis,) planned candidates; inside: (offerings,) bool, of these only."""
        return self.space.maps["offering", axis].sum(self.leaves["planned_candidates"] * inside)

    @cached_property
    def blank(self) -> dict[str, Places]:
        """The offerings that do not state a column the law has a value for; worked out from these leaves, whoever replaced them."""
        return {
            name: Places.where(np.isnan(self.leaves[f"given_{name}"]))
            for name in ("pass_rate", "retake_share")
        }


def mid_year(year: int) -> date:
    """The day whose caps, fees and parameters hold for a planned offering of the year."""
    return date(int(year), 7, 1)


def compile_year(frames, year: int, discount_rate: float) -> Compiled:
    """Arrange one year's tables. frames: table → DataFrame as Tables.frames."""
    colleges, provinces, certificates = (
        frames[name].reset_index(drop=True) for name in ("colleges", "provinces", "certificates")
    )
    offerings = _offerings(frames["offerings"], colleges, provinces, certificates, year)
    fees = _located(_fees_in_force(frames["fees"], year), provinces, certificates)
    cells, cell_at = _cells(offerings, fees, provinces, certificates)
    suppliers, supplier_at = _suppliers(offerings, cells)
    keys = {
        "offering": offerings[["college", "certificate", "level", "province", "organisation"]],
        "cell": cells[[*CELL, "organisation"]],
        "supplier": suppliers,
        "college": colleges[["college", "province", "tier", "ownership"]],
        "province": provinces[["province"]],
        "national": certificates[["certificate"]],
    }
    space = _space(keys, offerings, cells, colleges, provinces, cell_at, supplier_at)
    leaves, axis = {}, {}

    def put(on, **arrays):
        for name, array in arrays.items():
            leaves[name], axis[name] = array, on

    put("offering", **offering_leaves(offerings))
    places, place = _places(offerings, frames, colleges, provinces, certificates)
    put(
        "component",
        **{
            name: array[:, place]
            for name, array in _components(frames["components"], places).items()
        },
    )
    put("cell", **_cell_leaves(cells, fees, frames["components"]))
    fixed = by_code(frames["organisations"], "organisation")
    fixed = fixed["fixed_cost"].reindex(suppliers["organisation"]).to_numpy(float)
    put("supplier", fixed_cost=np.nan_to_num(fixed))
    put("college", **_college_leaves(colleges, frames, year))
    put("national", national_sittings=certificates["national_sittings"].to_numpy(float))
    ledger = ledger_lines(frames["ingredients"], places, provinces, discount_rate)
    factor = colleges["cost_factor"].fillna(1.0).to_numpy(float)[offerings["college_at"]]
    put("offering", **rates_by_driver(ledger, place, factor, len(places)))
    audited = np.bincount(ledger["at"][ledger["is_audited"]], minlength=len(places)) > 0
    put(
        "cell",
        has_audited_price=space.maps["offering", "cell"].sum(
            audited[place] * (leaves["planned_candidates"] > 0)
        )
        > 0,
    )
    put("province", **_pots(frames["funding"], provinces, year))
    planning = space.maps["offering", "college"].sum(leaves["planned_candidates"]) > 0
    put("province", planning_colleges=space.maps["college", "province"].sum(planning * 1.0))
    leaves["eligibility"] = _eligibility(frames["eligibility"])
    return Compiled(
        year, keys, space, leaves, axis, ledger, place, factor, discount_rate, known_words(frames)
    )


def _at(values, keys) -> np.ndarray:
    return pd.Index(keys).get_indexer(values)


def _located(frame, provinces, certificates) -> pd.DataFrame:
    """The frame with the positions of its province, certificate and level, and their one cell number."""
    located = frame.assign(
        province_at=_at(frame["province"], provinces["province"]),
        certificate_at=_at(frame["certificate"], certificates["certificate"]),
        level_at=_at(frame["level"], LEVELS),
    )
    number = (located["certificate_at"] * len(LEVELS) + located["level_at"]) * len(
        provinces
    ) + located["province_at"]
    return located.assign(cell_number=number)


def _offerings(table, colleges, provinces, certificates, year) -> pd.DataFrame:
    rows = table[table["year"] == year]
    college_at = _at(rows["college"], colleges["college"])
    rows = rows.assign(college_at=college_at, province=colleges["province"].to_numpy()[college_at])
    rows = rows.iloc[np.argsort(college_at, kind="stable")].reset_index(drop=True)
    rows = _located(rows, provinces, certificates)
    return rows.assign(organisation=certificates["organisation"].to_numpy()[rows["certificate_at"]])


def offering_leaves(rows: pd.DataFrame) -> dict[str, np.ndarray]:
    """The leaves that rows of offerings feed, (offerings,) each."""
    made = {leaf: rows[column].to_numpy(float) for leaf, column in OFFERING_LEAVES.items()}
    return made | {"integration": np.nan_to_num(made["integration"])}


def _cells(offerings, fees, provinces, certificates):
    """The cells in order of first appearance (offerings, then priced ones nobody plans), and each offering's cell."""
    at, numbers = pd.factorize(np.concatenate([offerings["cell_number"], fees["cell_number"]]))
    numbers = numbers.astype(int)
    certificate_at = numbers // len(provinces) // len(LEVELS)
    cells = pd.DataFrame(
        {
            "province": provinces["province"].to_numpy()[numbers % len(provinces)],
            "certificate": certificates["certificate"].to_numpy()[certificate_at],
            "level": np.array(LEVELS, object)[numbers // len(provinces) % len(LEVELS)],
            "organisation": certificates["organisation"].to_numpy()[certificate_at],
            "province_at": numbers % len(provinces),
            "certificate_at": certificate_at,
            "cell_number": numbers,
        }
    )
    return cells, at[: len(offerings)]


def _suppliers(offerings, cells):
    """Organisation × province: those at work first, then those only priced; and each offering's supplier."""
    both = pd.concat(
        [offerings[["organisation", "province"]], cells[["organisation", "province"]]],
        ignore_index=True,
    )
    organisation, names = pd.factorize(both["organisation"])
    province, places = pd.factorize(both["province"])
    at, first = pd.factorize(organisation * len(places) + province)
    first = first.astype(int)
    suppliers = pd.DataFrame(
        {
            "organisation": np.asarray(names, object)[first // len(places)],
            "province": np.asarray(places, object)[first % len(places)],
        }
    )
    return suppliers, at


def _space(keys, offerings, cells, colleges, provinces, cell_at, supplier_at) -> Space:
    count = {name: len(frame) for name, frame in keys.items()}
    college_province = _at(colleges["province"], provinces["province"])
    supplier_province = _at(keys["supplier"]["province"], provinces["province"])
    index = {
        ("offering", "cell"): cell_at,
        ("offering", "supplier"): supplier_at[: len(offerings)],
        ("offering", "college"): offerings["college_at"].to_numpy(),
        ("offering", "province"): offerings["province_at"].to_numpy(),
        ("offering", "national"): offerings["certificate_at"].to_numpy(),
        ("cell", "supplier"): supplier_at[len(offerings) :],
        ("cell", "province"): cells["province_at"].to_numpy(),
        ("cell", "national"): cells["certificate_at"].to_numpy(),
        ("supplier", "province"): supplier_province,
        ("college", "province"): college_province,
    }
    blank = np.flatnonzero(
        offerings[["pass_rate", "retake_share"]].isna().any(axis=1)
    )  # these have draws of their own: summed apart
    return Space(
        {
            (fine, coarse): Grouping.of(
                np.asarray(at, int), count[coarse], blank if fine == "offering" else None
            )
            for (fine, coarse), at in index.items()
        }
    )


def _places(offerings, frames, colleges, provinces, certificates):
    """Where the same ledger and component rows apply: (certificate, level, province), or one college with own rows."""
    own = pd.concat(
        [
            frames[name].loc[frames[name]["college"] != "", ["certificate", "college"]]
            for name in ("ingredients", "components")
        ]
    )
    pair = (
        offerings["certificate_at"].to_numpy() * (len(colleges) + 1)
        + offerings["college_at"].to_numpy()
        + 1
    )
    own_pair = (
        _at(own["certificate"], certificates["certificate"]) * (len(colleges) + 1)
        + _at(own["college"], colleges["college"])
        + 1
    )
    college = np.where(np.isin(pair, own_pair), offerings["college_at"].to_numpy() + 1, 0)
    place, first = pd.factorize(offerings["cell_number"].to_numpy() * (len(colleges) + 1) + college)
    cell, college = np.divmod(first.astype(int), len(colleges) + 1)
    certificate_level, province = np.divmod(cell, len(provinces))
    places = pd.DataFrame(
        {
            "at": np.arange(len(first)),
            "certificate": certificates["certificate"].to_numpy()[certificate_level // len(LEVELS)],
            "level": np.array(LEVELS, object)[certificate_level % len(LEVELS)],
            "province": provinces["province"].to_numpy()[province],
            "province_at": province,
            "college": np.concatenate([[""], colleges["college"].to_numpy(object)])[college],
        }
    )
    return places, place


def _fees_in_force(fees: pd.DataFrame, year: int) -> pd.DataFrame:
    return (
        fees[in_force(fees, pd.Timestamp(mid_year(year)))]
        .sort_values("valid_from", kind="stable")
        .drop_duplicates(CELL, keep="last")
        .reset_index(drop=True)
    )


def _components(components: pd.DataFrame, places: pd.DataFrame) -> dict[str, np.ndarray]:
    at, row = most_specific(components, places, ("certificate", "level", "component"))
    where = (_at(components["component"], COMPONENTS)[row], at)
    made = {}
    for name in (
        "session_capacity",
        "candidates_per_assessor",
        "hours_per_session",
        "college_staff_per_session",
        "stations",
    ):
        array = np.full(
            (2, len(places)), 0.0 if name.startswith(("hours", "college_staff")) else np.nan
        )
        array[where] = components[name].to_numpy(float)[row]
        made[name] = array
    return made


def _cell_leaves(cells, fees, components) -> dict[str, np.ndarray]:
    priced = cells[CELL].merge(fees, on=CELL, how="left")
    made = {
        name: priced[name].to_numpy(float)
        for name in ("given_proposal", "verified_cost", "published_fee", "special_fee")
    }
    case = priced["special_case"].map(lambda x: x is True or x is np.True_).to_numpy(bool)
    made["special_document"] = (priced["special_document"].fillna("") != "").to_numpy() & case
    made["special_from"] = priced["special_from"].to_numpy()
    made["special_to"] = priced["special_to"].to_numpy()
    general = components[(components["province"] == "") & (components["college"] == "")]
    form, weight = np.full((2, len(cells)), -1), np.full((2, len(cells)), np.nan)
    joined = cells.assign(at=np.arange(len(cells)))[["at", "certificate", "level"]].merge(
        general, on=["certificate", "level"]
    )
    where = (joined["component"].map(COMPONENTS.index).to_numpy(int), joined["at"].to_numpy(int))
    form[where] = joined["form"].map(FORMS.index).to_numpy(int)
    weight[where] = joined["weight"].to_numpy(float)
    return {
        **made,
        "component_form": form,
        "component_weight": weight,
        "cell_level": cells["level"].to_numpy(),
        "cell_level_at": _at(cells["level"], LEVELS),
    }


def _college_leaves(colleges, frames, year) -> dict[str, np.ndarray]:
    pools = (
        frames["pay_pools"].query("year == @year").drop_duplicates("college").set_index("college")
    )
    made = {
        name: pools[name].reindex(colleges["college"]).to_numpy(float)
        for name in ("pay_pool", "uplift_granted", "uplift_limit", "net_training_income")
    }
    funding = frames["funding"].query("year == @year")
    at = pd.Series(np.arange(len(colleges)), index=colleges["college"])
    own = funding[funding["owner"].isin(at.index) & funding["source_of_funds"].isin(SOURCES)]
    where = (
        own["source_of_funds"].map(SOURCES.index).to_numpy(int),
        at[own["owner"]].to_numpy(int),
    )
    limits, order = (
        np.zeros((len(SOURCES), len(colleges))),
        np.full((len(SOURCES), len(colleges)), np.inf),
    )
    np.add.at(limits, where, own["limit"].to_numpy(float))
    np.minimum.at(order, where, own["order"].fillna(np.inf).to_numpy(float))
    return {
        **made,
        "own_limits": limits,
        "own_order": order,
        "is_private": (colleges["ownership"] == "private").to_numpy(),
        "is_applied": (colleges["tier"] == "applied").to_numpy(),
        "tier": colleges["tier"].to_numpy(),
        **{
            name: colleges[name].to_numpy(float)
            for name in ("students", "teachers", "norm_hours", "baseline_hours")
        },
    }


def _pots(funding, provinces, year) -> dict[str, np.ndarray]:
    rows = funding.query("year == @year")
    return {
        f"pot_{source}": rows[rows["source_of_funds"] == source]
        .groupby("owner")["limit"]
        .sum()
        .reindex(provinces["province"])
        .fillna(0.0)
        .to_numpy(float)
        for source in ("central_award", "local_appropriation")
    }


def _eligibility(table) -> np.ndarray:
    allowed = np.zeros((len(SOURCES), len(USES)), bool)
    for row in table.itertuples():
        if row.source_of_funds in SOURCES and row.allowed:
            allowed[SOURCES.index(row.source_of_funds), USES.index(row.use)] = True
    return allowed
