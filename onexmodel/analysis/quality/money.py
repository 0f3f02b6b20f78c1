"""The money that rests on rows: the fee bill of the offerings they belong to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from ...data.tables import Tables
from ...engine.result import YearResult
from ..study import Study

KEYS = ["province", "college", "certificate", "level"]


@dataclass(frozen=True)
class Resting:
    """Yuan of fee bill, its share of the place's, and how many colleges pay it; `least`: the fewest colleges that could be told from it, those
    of the rest among them (where it is nothing or all, every one)."""

    money: float
    share: float
    colleges: int
    least: int


@dataclass(frozen=True)
class Bill:
    """The fee bill of the place's offerings of the year: a row each with KEYS, and yuan."""

    offerings: pd.DataFrame
    yuan: np.ndarray

    @staticmethod
    def of(study: Study, result: YearResult) -> Bill:
        """Of a run."""
        compiled, here = result.compiled, study.scope(result.compiled)["offering"]
        keys = compiled.keys["offering"][here].reset_index(drop=True)
        return Bill(keys, np.nan_to_num(np.asarray(result.served["fee_bill"], float)[here]))

    @cached_property
    def _codes(self) -> dict[str, tuple[np.ndarray, pd.Index]]:
        """Key → (its number at each offering, what the numbers stand for)."""
        return {name: pd.factorize(self.offerings[name].astype(object)) for name in KEYS}

    @property
    def total(self) -> float:
        """Yuan."""
        return float(self.yuan.sum())

    def resting(self, *keys: pd.DataFrame) -> Resting:
        """What rests on rows that `keys` (of KEYS) names, "" for any; a row that names nothing is left out."""
        hit = np.zeros(len(self.yuan), bool)
        for one in keys:
            hit |= self.touched(one)
        money, payers = float(self.yuan[hit].sum()), self._codes["college"][0]
        mine, rest = (len(np.unique(payers[rows])) for rows in (hit, ~hit))
        share = money / self.total if self.total else 0.0
        return Resting(money, share, mine, min(mine, rest) if mine and rest else mine + rest)

    def touched(self, keys: pd.DataFrame) -> np.ndarray:
        """(offerings,) bool: does a row of `keys` name it?"""
        hit = np.zeros(len(self.yuan), bool)
        keys = (
            keys.reindex(columns=KEYS, fill_value="")
            .fillna("")
            .replace("all", "")
            .drop_duplicates()
        )
        for pattern, rows in keys.groupby([keys[name] != "" for name in KEYS]):
            here, wanted = np.zeros(len(hit), int), np.zeros(len(rows), int)
            known = np.ones(len(rows), bool)
            for name in (name for name, has in zip(KEYS, pattern, strict=True) if has):
                codes, words = self._codes[name]
                at = pd.Index(words).get_indexer(rows[name])
                known &= at >= 0
                here, wanted = here * len(words) + codes, wanted * len(words) + at
            if any(pattern):
                hit |= np.isin(here, wanted[known])
        return hit


def keys_of(tables: Tables, table: str, rows: Iterable[int], year: int) -> pd.DataFrame:
    """KEYS of rows (positions) of a table, of a yearly one those of the year; of a fund its owner, a college or a province."""
    frame = tables[table].iloc[list(rows)]
    if "year" in frame:
        frame = frame[frame["year"] == year]
    if table == "funding":
        places = frame["owner"].isin(set(tables["provinces"]["province"]))
        frame = frame.assign(
            province=frame["owner"].where(places, ""), college=frame["owner"].where(~places, "")
        )
    return frame.reindex(columns=KEYS, fill_value="").fillna("")


def keys_found(found: Iterable[Mapping]) -> pd.DataFrame:
    """KEYS of findings (engine.findings)."""
    return pd.DataFrame([{name: one.get(name, "") for name in KEYS} for one in found], columns=KEYS)
