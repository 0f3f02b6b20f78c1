"""Printed parts add to the printed total, across and down (docs/method.md §0.7): controlled rounding (Cox & Ernst 1982, INFOR 20:423)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.optimize import LinearConstraint, milp
from scipy.sparse import csr_matrix

TOTALS_FIRST = 1000.0  # a total is printed as it rounds where that can be; its parts give way
ADDS = 1e-6  # of the largest value: how well unrounded parts must add


def add_up(
    table: pd.DataFrame,
    rows: Mapping[str, Sequence[str]],
    columns: Mapping[str, Mapping[str, int]] | None = None,
    decimals: int = 1,
    firm: Sequence[str] = (),
) -> pd.DataFrame:
    """The table with every cell rounded up or down to `decimals` so that all relations hold in print. rows: total row → its part
    rows; columns: total column → part column: +1 or −1; firm: columns whose totals are to be printed as they round before others'.
    A missing part counts as nothing down, and a row with one is left out across. Raises ValueError where the unrounded numbers do not add."""
    unit = 10.0**decimals
    values = table.to_numpy(float) * unit
    at = np.arange(values.size).reshape(values.shape)
    row, column = (pd.Index(names) for names in (table.index, table.columns))
    relations = [
        [(at[row.get_loc(total), j], 1.0), *((at[row.get_loc(part), j], -1.0) for part in parts)]
        for total, parts in rows.items()
        for j in range(values.shape[1])
    ]
    relations += [
        [
            (at[i, column.get_loc(total)], 1.0),
            *((at[i, column.get_loc(part)], -float(sign)) for part, sign in parts.items()),
        ]
        for total, parts in (columns or {}).items()
        for i in range(values.shape[0])
        if np.isfinite(values[i, column.get_indexer([total, *parts])]).all()
    ]
    weight = np.ones(values.size)
    weight[[relation[0][0] for relation in relations]] = TOTALS_FIRST
    weight.reshape(values.shape)[
        row.get_indexer(list(rows))[:, None], column.get_indexer(list(firm))
    ] *= TOTALS_FIRST
    found = _rounded(np.nan_to_num(values.ravel()), relations, weight)
    return pd.DataFrame(
        np.where(np.isfinite(values), found.reshape(values.shape) / unit, np.nan),
        index=table.index,
        columns=table.columns,
    )


def _rounded(values: np.ndarray, relations, weight: np.ndarray) -> np.ndarray:
    low = np.floor(values + 1e-6)  # noise of a sum must not open a unit
    part = np.clip(values - low, 0.0, 1.0)
    matrix = csr_matrix((len(relations), len(values)))
    if relations:
        entries = [(i, j, sign) for i, relation in enumerate(relations) for j, sign in relation]
        matrix = csr_matrix(
            ([e[2] for e in entries], ([e[0] for e in entries], [e[1] for e in entries])),
            shape=matrix.shape,
        )
        off = np.abs(matrix @ values).max()
        if off > ADDS * max(1.0, np.abs(values).max()):
            raise ValueError(f"parts and total differ by {off:g} before rounding")
    due = -(matrix @ low)  # what the roundings up must add to
    # scipy's HiGHS: the constraints are a network where rows and columns each nest, so its first solution is whole
    solved = milp(
        weight * (1 - 2 * part),
        integrality=np.ones(len(values)),
        bounds=(np.zeros(len(values)), np.where(values == 0, 0.0, 1.0)),
        constraints=LinearConstraint(matrix, due, due) if relations else (),
    )
    if not solved.success:
        raise ValueError(f"no rounding adds up: {solved.message}")
    return low + np.rint(solved.x)


def shares(parts: Sequence[float], whole: float, decimals: int = 1) -> list[float]:
    """Parts of a whole in %, rounded so that what is printed adds to 100 (where the parts add to the whole)."""
    names = [str(i) for i in range(len(parts))]
    frame = pd.DataFrame(
        {"share": [100.0 * part / whole for part in parts] + [100.0 * sum(parts) / whole]},
        index=[*names, "all"],
    )
    return add_up(frame, {"all": names}, decimals=decimals)["share"].iloc[:-1].tolist()


def fitted(
    values: Sequence[float] | np.ndarray,
    total: float | None = None,
    unit: float = 1e4,
    decimals: int = 1,
    most: Sequence[float] | np.ndarray | None = None,
) -> list[float]:
    """The values in `unit`, rounded to `decimals`, so that they add to the rounded total (their own sum, or one already printed, in the
    same unit): the largest remainders are rounded up, ties to the first. Missing values stay missing and count as nothing. No
    value is rounded up past `most` (as printed) while another can be.

    >>> fitted([13_333, 13_333, 13_334])
    [1.3, 1.3, 1.4]
    """
    scale = 10**decimals
    exact = np.round(np.asarray(values, float) / unit * scale, 9)  # a tie is one, whatever made it
    known = np.where(np.isfinite(exact), exact, 0.0)
    whole = np.floor(known)
    target = round((known.sum() / scale if total is None else total) * scale)
    left = int(target - whole.sum())
    order = np.argsort(-(known - whole), kind="stable")
    order = order[np.isfinite(exact)[order]]
    if most is not None and left > 0:
        full = whole + 1 > np.round(np.asarray(most, float) * scale)
        order = np.concatenate([order[~full[order]], order[full[order]]])
    for step in range(abs(left) if order.size else 0):
        at = order[step % order.size] if left > 0 else order[-1 - step % order.size]
        whole[at] += 1 if left > 0 else -1
    return [
        float(value) / scale if ok else float("nan")
        for value, ok in zip(whole, np.isfinite(exact), strict=True)
    ]


def percents(values: Sequence[float]) -> list[float]:
    """Shares of sittings, colleges or draws that add to 1, in whole %, adding to 100 as printed: the assumptions carry no more."""
    return fitted([100 * value for value in values], 100, 1, 0)
