"""Write the result tables of docs/method.md §12, as CSV or Parquet: all of them, or nothing."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

import pandas as pd

from ..errors import DataError, Fault
from .compile import mid_year
from .findings import Place, findings_frame
from .run import Run
from .unfilled import blanked, by_province, unfilled


def result_tables(
    run: Run, tables, provinces: tuple[str, ...] = (), college: str = ""
) -> dict[str, pd.DataFrame]:
    """The six tables of §12; optionally the rows of some provinces or one college, and the findings that belong there. What rests on
    funds or a pay total that nobody filled in is nan (engine/unfilled.py)."""
    frames = {
        name: _rows(name, frame, run, provinces, college)
        for name, frame in _known(run, tables).items()
    }
    return frames | {
        "findings": findings_frame(
            run, tables, Place.of(tables, provinces, college) if provinces or college else None
        )
    }


def _known(run: Run, tables) -> dict[str, pd.DataFrame]:
    """The tables of the run with nan for what is not known."""
    years = [result.compiled.year for result in run.last]
    law, frames = run.composition.law, run.frames()
    lacking = {
        year: unfilled(tables.frames, year, law.at(mid_year(year))["pay.uplift_scope"])
        for year in years
    }
    home = tables["colleges"].drop_duplicates("college").set_index("college")["province"]
    found = {
        "offerings": lacking,
        "colleges": lacking,
        "provinces": {year: by_province(one, home) for year, one in lacking.items()},
    }
    return frames | {name: blanked(name, frames[name], found[name]) for name in found}


def write_tables(frames: Mapping[str, pd.DataFrame], out: Path) -> list[Path]:
    """CSV into `out` (UTF-8 with BOM, so that Excel reads them)."""
    return _write(
        frames,
        out,
        "csv",
        lambda frame, path: frame.to_csv(
            path, index=False, encoding="utf-8-sig", lineterminator="\n"
        ),
    )


def write_parquet(frames: Mapping[str, pd.DataFrame], out: Path) -> list[Path]:
    """Parquet into `out`. Raises DataError where pyarrow is not installed."""
    if find_spec("pyarrow") is None:
        raise DataError(
            Fault(
                "--format parquet",
                "没有安装 pyarrow",
                do="pip install onexmodel[parquet]，或改用 csv、xlsx",
            )
        )
    return _write(frames, out, "parquet", lambda frame, path: frame.to_parquet(path, index=False))


def _write(frames, out: Path, suffix: str, save) -> list[Path]:
    out = Path(out)
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out) as scratch:
        made = [Path(scratch) / f"{name}.{suffix}" for name in frames]
        for path, frame in zip(made, frames.values(), strict=True):
            save(frame, path)
        for path in made:
            os.replace(path, out / path.name)
    return [out / f"{name}.{suffix}" for name in frames]


def _rows(
    name: str, frame: pd.DataFrame, run: Run, provinces: tuple[str, ...], college: str
) -> pd.DataFrame:
    colleges = run.last[0].compiled.keys["college"]
    if provinces and "province" in frame:
        frame = frame[frame["province"].isin(provinces)]
    if "college" in frame:
        if provinces:
            frame = frame[
                frame["college"].isin(colleges.loc[colleges["province"].isin(provinces), "college"])
            ]
        if college:
            frame = frame[frame["college"] == college]
    return frame
