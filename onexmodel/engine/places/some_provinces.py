"""Some provinces out of a nation: their rows alone give their numbers, as long as no certificate leans on other provinces.

The only rule that looks across provinces is N_k = max(national_sittings, the data's own sittings) (docs/method.md §2). Where the
national figure is at least what the data could ever sit, the other provinces' rows change nothing and may be left out.
"""

from __future__ import annotations


def carries_alone(frames) -> bool:
    """Is every certificate's national figure at least the most its offerings could sit in any one year?"""
    rows = frames["offerings"]
    most = rows["candidates"] * (
        1 + (1 - rows["pass_rate"].fillna(0.0)) * rows["retake_share"].fillna(1.0)
    )
    used = most.groupby([rows["certificate"], rows["year"]]).sum().groupby(level=0).max()
    national = (
        frames["certificates"]
        .set_index("certificate")["national_sittings"]
        .reindex(used.index)
        .fillna(0.0)
    )
    return bool((national.to_numpy(float) >= used.to_numpy(float)).all())


def of_provinces(frames, provinces: tuple[str, ...]) -> dict:
    """The frames with only the provinces' rows; general rows of ledger and components stay. Ledger rows keep their index, by which a
    derivation finds them in the table as read."""
    kept = dict(frames)
    kept["provinces"] = frames["provinces"][frames["provinces"]["province"].isin(provinces)]
    kept["colleges"] = frames["colleges"][frames["colleges"]["province"].isin(provinces)]
    own = set(kept["colleges"]["college"])
    for table in ("offerings", "assessments", "payments", "workload", "pay_pools", "budget_lines"):
        kept[table] = frames[table][frames[table]["college"].isin(own)]
    for table in ("components", "ingredients"):
        rows = frames[table]
        kept[table] = rows[
            rows["province"].isin(("", *provinces)) & rows["college"].isin(("", *own))
        ]
    kept["fees"] = frames["fees"][frames["fees"]["province"].isin(provinces)]
    kept["funding"] = frames["funding"][frames["funding"]["owner"].isin((*provinces, *own))]
    return {
        name: frame if name == "ingredients" else frame.reset_index(drop=True)
        for name, frame in kept.items()
    }
