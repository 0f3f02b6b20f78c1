"""What a place's offerings rest on: the kind (observed, estimated, simulated) of the rows that serve each, by group of tables."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from ..tables import KINDS, Tables, among, by_code, in_force
from .row_status import percents, shares

GROUPS = {
    "plan": ("计划", "plans"),
    "cost": ("成本", "costs"),
    "fee": ("费用标准与上限", "fees and caps"),
    "fund": ("经费", "funds"),
}
NEARER = ("", "province", "college")  # rows for everywhere, for a province, for one college


def basis(tables: Tables, year: int, colleges: Collection[str]) -> dict[str, np.ndarray]:
    """group (plan, cost, fee, fund) → (offerings,) kind: the least observed of the rows that serve each offering of these colleges
    in the year. A more specific cost row replaces the general one, and fees and caps are those of mid-year, as in the
    calculation; groups without any row are left out."""
    here = (
        among(tables["offerings"]["college"], colleges)
        & (tables["offerings"]["year"] == year).to_numpy()
    )
    offerings = tables["offerings"][here]
    province = offerings["college"].map(by_code(tables["colleges"], "college")["province"])
    wanted = (
        offerings[["college", "certificate", "level", "year"]]
        .assign(province=province)
        .reset_index(drop=True)
    )
    ledger = ["certificate", "level", "component"]

    def served(table: str, *keys: str, day: bool = False) -> np.ndarray:
        return _worst(wanted, _ranked(tables, table, year if day else None), list(keys))

    made = {
        "plan": [_rank(tables.row_status("offerings")[here]), served("colleges", "college")],
        "cost": [
            _nearest(wanted, _ranked(tables, "components"), ledger),
            _nearest(
                wanted, _ranked(tables, "ingredients"), [*ledger, "phase", "item", "sub_item"]
            ),
            served("certificates", "certificate"),
            served("provinces", "province"),
        ],
        "fee": [
            served("fees", "province", "certificate", "level", day=True),
            _caps(wanted, _ranked(tables, "caps", year), tables["components"]),
        ],
        "fund": [
            _worst(
                wanted,
                _ranked(tables, "funding").rename(columns={"owner": "college"}),
                ["college", "year"],
            ),
            _worst(
                wanted,
                _ranked(tables, "funding").rename(columns={"owner": "province"}),
                ["province", "year"],
            ),
            served("pay_pools", "college", "year"),
        ],
    }
    ranks = {
        group: np.max(parts, axis=0)
        for group, parts in made.items()
        if any((part >= 0).any() for part in parts)
    }
    return {group: _names(rank) for group, rank in ranks.items()}


def joint(groups: Mapping[str, np.ndarray]) -> np.ndarray:
    """(offerings,): the least observed of plan, cost and fee – what a fee bill or a cost rests on; funds are told apart."""
    parts = [_rank(status) for group, status in groups.items() if group != "fund"]
    return _names(np.max(parts, axis=0)) if parts else np.array([], object)


def basis_words(groups: Mapping[str, np.ndarray], lang: str) -> str:
    """计划：观测100%；成本：模拟100% – shares of the offerings, group by group."""
    at = int(lang != "zh")
    return ("；", "; ")[at].join(
        f"{GROUPS[group][at]}{('：', ': ')[at]}{percents(shares(status), at)}"
        for group, status in groups.items()
        if len(status)
    )


def _rank(status: np.ndarray) -> np.ndarray:
    return (status == "estimated") + 2 * (status == "simulated")


def _names(rank: np.ndarray) -> np.ndarray:
    return np.array(KINDS, object)[np.maximum(rank, 0)]


def _ranked(tables: Tables, table: str, year: int | None = None) -> pd.DataFrame:
    """The table with the rank of each row; of dated rows those in force at mid-year."""
    frame = tables[table].assign(rank=_rank(tables.row_status(table)))
    return frame if year is None else frame[in_force(frame, pd.Timestamp(year, 7, 1))]


def _worst(wanted: pd.DataFrame, rows: pd.DataFrame, keys: list[str]) -> np.ndarray:
    """(wanted,) rank of the least observed row with the same keys; −1 where there is none."""
    if rows["rank"].nunique() <= 1:  # one kind throughout: no look-up needed
        return np.full(len(wanted), rows["rank"].max() if len(rows) else -1)
    found = wanted[keys].merge(
        rows.groupby(keys, as_index=False)["rank"].max(), on=keys, how="left"
    )["rank"]
    return found.fillna(-1).to_numpy(int)


def _nearest(wanted: pd.DataFrame, rows: pd.DataFrame, item: list[str]) -> np.ndarray:
    """As _worst by certificate and level, where per `item` a college's own rows replace the province's, and those the general."""
    if rows["rank"].nunique() <= 1:
        return _worst(wanted, rows, item[:2])
    rows = rows.assign(
        near=np.select([rows["college"] != "", rows["province"] != ""], [2, 1], 0),
        tier=rows["level"] == "all",
    )
    lines, kept = [], ["at", "rank", "near", "tier", *item[2:]]
    for (near, tier), part in rows.groupby(["near", "tier"]):
        keys = [key for key in ("certificate", "" if tier else "level", NEARER[near]) if key]
        lines.append(
            wanted[keys]
            .assign(at=wanted.index)
            .merge(part, on=keys, suffixes=("", "_of_row"))[kept]
        )
    joined = pd.concat(lines)
    best = joined.groupby(["at", "tier", *item[2:]])["near"].transform("max")
    return (
        joined[joined["near"] == best]
        .groupby("at")["rank"]
        .max()
        .reindex(wanted.index)
        .fillna(-1)
        .to_numpy(int)
    )


def _caps(wanted: pd.DataFrame, caps: pd.DataFrame, components: pd.DataFrame) -> np.ndarray:
    """The caps of the forms an offering's general component rows take; a cap for the level beats 不分等级."""
    if caps["rank"].nunique() <= 1:
        return _worst(wanted, caps, [])
    general = components.query("province == '' and college == ''")[["certificate", "level", "form"]]
    own = general.merge(caps[["form", "level", "rank"]], on=["form", "level"], how="left")["rank"]
    every = general.merge(caps[caps["level"] == "all"][["form", "rank"]], on="form", how="left")[
        "rank"
    ]
    return _worst(
        wanted,
        general.assign(rank=own.fillna(every).fillna(-1).to_numpy(int)),
        ["certificate", "level"],
    )
