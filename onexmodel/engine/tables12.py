"""Write the result tables of model.md §12 as CSV: all of them, or nothing."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pandas as pd

from .findings import findings_frame
from .run import Run


def write_tables(run: Run, tables, out: Path, province: str = "", college: str = "") -> list[Path]:
    """The six tables into `out` (UTF-8 with BOM, so that Excel reads them); optionally one province's or college's rows."""
    frames = {name: _rows(name, frame, run, province, college) for name, frame in run.frames().items()}
    frames["findings"] = findings_frame(run, tables)
    out = Path(out)
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out) as scratch:
        made = [Path(scratch) / f"{name}.csv" for name in frames]
        for path, frame in zip(made, frames.values(), strict=True):
            frame.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\n")
        for path in made:
            os.replace(path, out / path.name)
    return [out / f"{name}.csv" for name in frames]


def _rows(name: str, frame: pd.DataFrame, run: Run, province: str, college: str) -> pd.DataFrame:
    colleges = run.last[0].compiled.keys["college"]
    if province and "province" in frame:
        frame = frame[frame["province"] == province]
    if "college" in frame:
        if province:
            frame = frame[frame["college"].isin(colleges.loc[colleges["province"] == province, "college"])]
        if college:
            frame = frame[frame["college"] == college]
    return frame
