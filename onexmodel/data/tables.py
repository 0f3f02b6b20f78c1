"""Tables as read: frozen, with the address of every cell and a hash of what was read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pandas as pd

from ..errors import Fault


@dataclass(frozen=True)
class Origin:
    """Where a table came from: file, first data row, and the column position of each English name."""

    file: str
    first_row: int
    columns: Mapping[str, int]

    def address(self, row: int, column: str) -> str:
        """「文件 第 r 行 列名」; rows counted as in Excel."""
        return f"{self.file} 第 {row + self.first_row} 行「{column}」"


@dataclass(frozen=True)
class Tables:
    """`frames`: table → DataFrame with English columns and codes; missing numbers nan, missing text ""."""

    frames: Mapping[str, pd.DataFrame]
    origins: Mapping[str, Origin]
    sha256: str
    title: Mapping[str, str] = field(default_factory=dict)
    label: Mapping[str, str] = field(default_factory=dict)
    status: str = "observed"
    findings: tuple[Fault, ...] = ()

    def __getitem__(self, table: str) -> pd.DataFrame:
        return self.frames[table]

    def with_frames(self, frames: Mapping[str, pd.DataFrame]) -> Tables:
        """The same tables with some frames replaced."""
        return replace(self, frames={**self.frames, **frames})
