"""The leaves of a year: columns and parameters as arrays on their axes, and what is made of them before any rule runs."""

from __future__ import annotations

from functools import partial

import numpy as np

from ..data.codes import TIERS
from ..errors import DataError, Fault
from ..law.parameters import FORMS, Law, required_faults
from ..rules.cost import KINDS
from .compile import LEVELS, Compiled, mid_year
from .draws.annuities import rates_at
from .draws.left_out import at_rows_of
from .draws.some_rows import AtSomeRows, Places
from .places.local import LOCAL, axis_of, laid, place_rows
from .wire import evaluate, inputs_of

MADE_OF = {
    "pass_rate": ("volume.default_pass_rate",),
    "retake_share": ("volume.default_retake_share",),
    "staff_hour_cost": ("workload.staff_hour_cost",),
    **{f"{kind}_rates": ("funding.discount_rate",) for kind in KINDS},
    "component_cap": tuple(f"fees.cap.{form}" for form in FORMS),
    "enough_colleges": ("compare.min_colleges",),
}  # parameters inside leaves that year_leaves makes
MADE_OF_ALL = {name for names in MADE_OF.values() for name in names} | {
    "funding.crowding_out"
}  # laid where they enter
FUNDING_TAKES = (
    "funding.award_pays_salary",
    "funding.use_order",
    "funding.source_order",
    "funding.pot_weights",
    "funding.crowding_out",
)


def year_leaves(
    compiled: Compiled, view, known=None, at_some_rows: bool = False
) -> tuple[dict, dict]:
    """(leaves, the axis of each) under a view; `known`: values of an earlier plan that still hold; `at_some_rows`: what differs between draws at
    some offerings only may be left AtSomeRows."""
    leaves, axis = dict(compiled.leaves), dict(compiled.leaf_axis)
    leaves |= {name.replace(".", "_"): value for name, value in view.items() if name != LOCAL}
    for name in (name for name in view.get(LOCAL, ()) if name not in MADE_OF_ALL):
        leaves[name.replace(".", "_")], axis[name.replace(".", "_")] = (
            laid(compiled, view, name, axis_of(name, view)),
            axis_of(name, view),
        )
    leaves["candidates"], axis["candidates"] = leaves["planned_candidates"], "offering"
    for name, default in (
        ("pass_rate", "volume.default_pass_rate"),
        ("retake_share", "volume.default_retake_share"),
    ):
        usual = laid(compiled, view, default, "offering")
        leaves[name], axis[name] = (
            _given_or(leaves[f"given_{name}"], compiled.blank[name], usual, at_some_rows),
            "offering",
        )
    leaves["component_cap"], axis["component_cap"] = component_caps(compiled, view), "cell"
    leaves |= rates_at(view["funding.discount_rate"], leaves, compiled.discount_rate, at_some_rows)
    day = np.datetime64(mid_year(compiled.year))
    started, ended = leaves["special_from"] <= day, leaves["special_to"] <= day
    leaves["special_applies"], axis["special_applies"] = (
        leaves["special_document"] & started & ~ended,
        "cell",
    )
    leaves["enough_colleges"], axis["enough_colleges"] = (
        leaves["planning_colleges"] >= view["compare.min_colleges"],
        "province",
    )
    leaves["staff_hour_cost"], axis["staff_hour_cost"] = (
        laid(
            compiled, view, "workload.staff_hour_cost", "college", partial(_by_tier, leaves["tier"])
        ),
        "college",
    )
    first = known or evaluate(("cell_sittings",), leaves, axis, compiled.space)
    leaves["planned_province_sittings"], axis["planned_province_sittings"] = (
        first["cell_sittings"],
        "cell",
    )
    if at_some_rows and np.ndim(first["cell_sittings"]) > 1:
        leaves["planned_province_sittings"], axis["planned_province_sittings"] = (
            at_rows_of("province_year", first["cell_sittings"], compiled),
            "offering",
        )
    return leaves, axis


def _given_or(given: np.ndarray, blank: Places, usual, at_some_rows: bool):
    """What offerings state, else what is usual; (offerings,), with draws where that has them, AtSomeRows if it is wanted."""
    if not len(blank.at):
        return given
    if at_some_rows and np.ndim(usual) > 1:
        return AtSomeRows(
            given, blank, np.broadcast_to(usual, (len(usual), len(given)))[:, blank.at]
        )
    return np.where(np.isnan(given), usual, given)


def _by_tier(tiers, cost) -> np.ndarray:
    """tier → yuan, or where drawn (draws, TIERS), as (…, colleges)."""
    cost = cost if isinstance(cost, np.ndarray) else np.array([cost[tier] for tier in TIERS], float)
    return cost[..., [TIERS.index(tier) for tier in tiers]]


def component_caps(compiled: Compiled, view) -> np.ndarray:
    """(2, cells): the cap of each component's form, yuan; nan where it is not given, or that of the other component is not."""
    forms, levels = compiled.leaves["component_form"], compiled.leaves["cell_level_at"]

    def by_level(table) -> list[float]:
        return [table.get(level, table.get("all", np.nan)) for level in LEVELS]

    amounts = np.array(
        [by_level(view[f"fees.cap.{form}"]) for form in FORMS] + [[np.nan] * len(LEVELS)], float
    )
    amounts = amounts[forms, levels]  # no component: the last row
    for number, form in enumerate(FORMS):
        for where, table in view.get(LOCAL, {}).get(f"fees.cap.{form}", ()):
            amounts = np.where(
                place_rows(compiled, "cell", where) & (forms == number),
                np.array(by_level(table))[levels],
                amounts,
            )
    unknown = ((forms >= 0) & np.isnan(amounts)).any(0)
    return np.where(unknown, np.nan, amounts)  # a cap of one part is not the cap of the whole


def need_caps(compiled: Compiled, law: Law, year: int) -> None:
    """Raises DataError naming every cap that a fee of the year rests on and nobody gives. Where the fee is published and no special case
    is in force no cap is needed: what does need it is nan there (`capless`)."""
    day = mid_year(year)
    leaves, faults = compiled.leaves, _bare_cells(compiled)
    special = leaves["special_document"] & (leaves["special_from"] <= np.datetime64(day))
    wanted = capless(compiled, component_caps(compiled, law.at(day))) & (
        np.isnan(leaves["published_fee"]) | special
    )
    faults += required_faults(law, day, forms_of(compiled, wanted))
    if not faults:
        faults = [
            Fault(
                f"证书 {row.certificate} {row.level}",
                "没有适用的成本上限",
                do="在 caps 表补上该形式与等级的金额",
            )
            for row in compiled.keys["cell"][wanted].itertuples()
        ]
    if faults:
        raise DataError(faults)


def capless(compiled: Compiled, cap: np.ndarray) -> np.ndarray:
    """(cells,) bool: planned, with components, and without a cap: `cap`, (cells,) of them or (2, cells) of their components, is nan."""
    planned = compiled.planned("cell") > 0
    present = compiled.leaves["component_form"] >= 0
    return planned & (present & np.isnan(cap)).any(0)


def forms_of(compiled: Compiled, cells: np.ndarray) -> list[str]:
    """The forms of the components of these cells, in the order of FORMS."""
    found = compiled.leaves["component_form"][:, cells]
    return [form for number, form in enumerate(FORMS) if (found == number).any()]


def _bare_cells(compiled: Compiled) -> list[Fault]:
    """Certificates and levels that are planned and have no component: neither a cap nor a session can be computed for them."""
    planned = compiled.planned("cell") > 0
    bare = compiled.keys["cell"][planned & (compiled.leaves["component_form"] < 0).all(0)]
    return [
        Fault(
            f"证书 {certificate} {level}",
            "有开考计划，却没有通用的考核环节行，形式与上限无从确定",
            do="在 components 表补上不限省份、院校的一行",
            code="no_component",
        )
        for certificate, level in dict.fromkeys(
            zip(bare["certificate"], bare["level"], strict=True)
        )
    ]


def parameters_behind(targets: tuple[str, ...], funded: bool) -> frozenset[str]:
    """Argument names (dots as _) of every parameter that can move `targets`; `funded`: also through pots and funding."""
    names = reach_of((*targets, "served", "approved_fee"))
    return names | ({one.replace(".", "_") for one in FUNDING_TAKES} if funded else set())


def reach_of(targets: tuple[str, ...]) -> frozenset[str]:
    """Names (dots as _) that `targets` lean on by the rules alone, parameters inside leaves that a year makes among them."""
    names = inputs_of(targets)
    return names | {
        one.replace(".", "_") for leaf, many in MADE_OF.items() if leaf in names for one in many
    }
