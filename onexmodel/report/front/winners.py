"""Groups of colleges with who gains and who loses, as tables print them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ...analysis import winners
from ...analysis.disclosure import pooled
from ..page.numbers import count
from ..page.rounding import fitted
from ..page.writer import PageWriter


def kinds(changes: pd.DataFrame, least: int, provinces: bool = False) -> dict[str, pd.Series]:
    """tier, province (where asked for), size: a label a college, each of at least `least` colleges, those that tell groups apart; then all."""
    made = {"tier": pooled(changes["tier"], least)}
    if provinces:
        made["province"] = pooled(changes["province"], least).sort_values()
    made["size"] = winners.by_size(changes, least)
    apart = {kind: labels for kind, labels in made.items() if labels.nunique() > 1}
    return apart | {"all": pd.Series("all", index=changes.index)}


def printed_groups(writer: PageWriter, changes: pd.DataFrame, labels: pd.Series) -> pd.DataFrame:
    """Rows of `winners.by_group` by label, with sums as they are printed: money as the writer has it, persons whole, adding to the printed
    sum of all; a missing sum stays missing. labels: one a college of `changes`."""
    made = winners.by_group(changes.assign(group=labels), "group").set_index("group")
    groups, whole = made.iloc[:-1], made.iloc[-1]
    written = {"cash": writer.money, "gap_change": writer.money, "service": count}
    return groups.assign(
        **{
            name: fitted(
                groups[name],
                round(float(np.nan_to_num(write.inside(whole[name]))), write.decimals),
                write.per,
                write.decimals,
            )
            for name, write in written.items()
        },
    )
