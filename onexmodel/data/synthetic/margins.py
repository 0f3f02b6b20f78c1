"""Step 1: what is published about each province, and what must be assumed beside it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ...places import shipped
from ..tables import by_code


def province_margins() -> pd.DataFrame:
    """province, name_zh, name_en, higher (colleges), enrolment (estimate), wage_index; in administrative order.

    Secondary schools and students follow the short-cycle enrolment: an assumption, no provincial table was found."""
    rows = pd.read_csv(shipped("data", "published", "provinces.csv"), dtype={"province": str})
    wide = rows.pivot(index="province", columns="series", values="value").sort_index()
    names = by_code(rows, "province")[["name_zh", "name_en"]]
    nation = pd.read_csv(shipped("data", "published", "national.csv")).set_index("series")["value"]
    made = names.join(
        pd.DataFrame(
            {
                "higher": wide["higher_vocational_colleges"].astype(int),
                "enrolment": wide["junior_college_enrolment_est"].astype(int),
                "wage_index": wide["wage_relative_to_national"],
            }
        )
    )
    share = made["enrolment"] / made["enrolment"].sum()
    made["secondary"] = whole(share * int(nation["secondary_vocational_schools"]))
    made["secondary_students"] = whole(share * int(nation["secondary_vocational_students"]))
    made["applied"] = whole(share * APPLIED)
    return made.reset_index()


APPLIED = 60  # applied undergraduate colleges taking part: an assumption


def whole(parts) -> np.ndarray:
    """Whole numbers that add to the rounded total (largest remainder)."""
    parts = np.asarray(parts, float)
    base = np.floor(parts + 1e-9)
    left = int(round(parts.sum())) - int(base.sum())
    base[np.argsort(-(parts - base), kind="stable")[:left]] += 1
    return base.astype(int)
