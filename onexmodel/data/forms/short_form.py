"""The short form (简表): one college and a row a certificate on one sheet → the raw tables of a whole data set. What was filled in keeps
its cell; what was not asked is a marked default or is left out, each said once."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ...errors import Fault, nearest
from ..codes import LEVEL
from ..places import province_names
from ..reading.raw import Raw
from ..reading.words import FAULTY
from ..schema import short_schema
from ..tables import Tables
from .defaults import left_out, published_provinces
from .filled import Filled
from .short_tables import tables_of

COLLEGE, PLANS = "short_college", "short_plans"
FIRST = {COLLEGE: "院校名称", PLANS: "证书名称"}


def expanded(
    raws: Mapping[str, Raw],
    frames: Mapping[str, pd.DataFrame],
    given: tuple[str, ...],
    faults: list[Fault],
) -> dict[str, Raw]:
    """The tables that a short form stands for, from its two tables raw and typed; `given`: tables on sheets of their own beside it. Faults:
    no row, a second college, an unknown province, a certificate and level twice; a note for each default taken and each table
    left out. {} where there is nothing to make tables from."""
    if not all([_usable(part, raws, faults) for part in (COLLEGE, PLANS)]):  # each says its own
        return {}
    college, plans = raws[COLLEGE], raws[PLANS]
    faults += [
        college.origin.fault(
            row,
            "name",
            "简表只填一所院校，这是另一所",
            "一所一份；多所院校用 onexmodel template province.xlsx",
            code="second_college",
        )
        for row in range(1, len(college.origin.rows))
    ]
    kept = _once(plans, frames[PLANS], faults)
    one, rows = frames[COLLEGE].iloc[0], frames[PLANS].iloc[kept]
    filled = Filled(college, plans, one, rows, kept, _province(college, faults), faults)
    made = tables_of(filled, given)
    absent = [one for table, one in left_out().items() if table not in {*given, *made}]
    if absent:
        names = "、".join(one["zh"] for one in absent)
        faults.append(
            Fault(
                plans.origin.sheet_name,
                f"没有填报{names}，不取缺省值，用到它们的数不算",
                "；".join(one["adds"]["zh"] for one in absent)
                + f"。在本工作簿里加同名的表，学校标识码填 {filled.code}",
                level="note",
                code="left_out",
            )
        )
    return made


def _usable(part: str, raws: Mapping[str, Raw], faults: list[Fault]) -> bool:
    """Whether a table of the form has a row and every column it needs (a missing one is said already)."""
    raw = raws.get(part)
    if raw is None:
        return False
    if not len(raw.origin.rows):
        where = f"{raw.origin.sheet_name}「{FIRST[part]}」"
        do = "填在示例行下面；示例行不算"
        faults.append(Fault(where, "没有一行数据", do, code="no_rows"))
        return False
    return all(
        name in raw.words for name, column in short_schema()[part].items() if column.need == "R"
    )


def from_short_form(tables: Tables) -> bool:
    """Whether tables were made from a short form."""
    return any(origin.made for origin in tables.origins.values())


def _province(college: Raw, faults: list[Fault]) -> str:
    """The code of the college's province by any of its names, "" where it is none (a fault, unless the cell is empty)."""
    known = published_provinces()
    codes = province_names(known)
    word = str(college.words["province"][0]).strip()
    if word not in ("", FAULTY) and word not in codes:
        what, near = f"「{word}」不是省份名称", nearest(word, known["name_zh"])
        faults.append(
            college.origin.fault(
                0, "province", what, "填省份名称，如 浙江", near, code="unknown_province"
            )
        )
    return codes.get(word, "")


def _once(plans: Raw, frame: pd.DataFrame, faults: list[Fault]) -> np.ndarray:
    """The rows that do not repeat a certificate and level; and only levels that an offering has."""
    level = frame["level"].to_numpy(object)
    for row in np.flatnonzero(level == LEVEL["不分等级"]):
        faults.append(
            plans.origin.fault(
                int(row), "level", "等级应为 初级、中级或高级", "改成其中一个", code="level"
            )
        )
    names = ["" if word == FAULTY else word.strip() for word in plans.words["name"]]
    named = pd.DataFrame({"name": names, "level": level})
    again = named.duplicated().to_numpy() & (named != "").all(axis=1).to_numpy()
    for row in np.flatnonzero(again):
        faults.append(
            plans.origin.fault(
                int(row),
                "name",
                "与前面的行重复（证书名称、等级）",
                "同一证书、等级合成一行",
                code="duplicate",
            )
        )
    return np.flatnonzero(~again)
