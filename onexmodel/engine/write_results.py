"""Write the result tables of docs/method.md §12, as CSV or Parquet: all of them, or nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

import pandas as pd

from ..data.names import proper_names, with_names
from ..data.tables import by_code
from ..errors import DataError, Fault
from ..places import together
from ..running.progress import Told, silent
from .compile import mid_year
from .findings.table import Place, findings_frame
from .findings.unfilled import blanked, by_province, unfilled
from .run import Run

FORMULA = re.compile(
    r"'*[=+\-@＝＋－＠\t\r]"
)  # begins text that Excel or LibreOffice would compute, or that has an apostrophe from here before it
ABOUT = "about.txt"


def result_tables(
    run: Run, tables, provinces: tuple[str, ...] = (), college: str = ""
) -> dict[str, pd.DataFrame]:
    """The six tables of §12, names beside codes; optionally the rows of some provinces or one college, and the findings that belong there.
    What rests on funds or a pay total that nobody filled in is nan (engine/findings/unfilled.py)."""
    names = proper_names(tables)
    frames = {
        name: with_names(_rows(name, frame, run, provinces, college), names)
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
    home = by_code(tables["colleges"], "college")["province"]
    found = {
        "offerings": lacking,
        "colleges": lacking,
        "provinces": {year: by_province(one, home) for year, one in lacking.items()},
    }
    return frames | {name: blanked(name, frames[name], found[name]) for name in found}


def write_tables(
    frames: Mapping[str, pd.DataFrame], out: Path, about: str = "", told: Told = silent
) -> list[Path]:
    """CSV into `out` (UTF-8 with BOM, so that Excel reads them; no text that it would take for a formula), and what they are beside them."""
    return _write(
        {name: guarded(frame) for name, frame in frames.items()},
        out,
        "csv",
        lambda frame, path: frame.to_csv(
            path, index=False, encoding="utf-8-sig", lineterminator="\n"
        ),
        about,
        told,
    )


def write_parquet(
    frames: Mapping[str, pd.DataFrame], out: Path, about: str = "", told: Told = silent
) -> list[Path]:
    """Parquet into `out`, and what they are beside them. Raises DataError where pyarrow is not installed."""
    if find_spec("pyarrow") is None:
        raise DataError(
            Fault(
                "--format parquet",
                "没有安装 pyarrow",
                do="pip install onexmodel[parquet]，或改用 csv、xlsx",
            )
        )
    return _write(
        frames,
        out,
        "parquet",
        lambda frame, path: frame.to_parquet(path, index=False),
        about,
        told,
    )


def guarded(frame: pd.DataFrame) -> pd.DataFrame:
    """The table with an apostrophe before each text that a spreadsheet would take for a formula (without that one it is as it was);
    numbers stay numbers."""
    made = {}
    for name in frame:
        known = frame[name].unique() if not pd.api.types.is_numeric_dtype(frame[name]) else ()
        wrong = {one: f"'{one}" for one in known if isinstance(one, str) and FORMULA.match(one)}
        if wrong:
            made[name] = frame[name].replace(wrong)
    return frame.assign(**made)


def _write(frames, out: Path, suffix: str, save, about: str, told: Told) -> list[Path]:
    paths = [Path(out) / f"{name}.{suffix}" for name in frames]
    paths += [Path(out) / ABOUT] if about else []
    done, cells = 0, sum(frame.size for frame in frames.values())
    with together(*paths) as made:
        for path, frame in zip(made, frames.values(), strict=False):
            save(frame, path)
            told(done := done + frame.size, cells)
        if about:
            made[-1].write_text(about, encoding="utf-8-sig", newline="\r\n")
    return paths


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
