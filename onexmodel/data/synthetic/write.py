"""Write a data folder in one go: into a temporary one beside it, renamed when complete."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd

from ...running.ending import undisturbed
from ...running.scratch import temporary

TRUTH = "truth"  # a folder of its own: it is the answer sheet, not an input table


def write_folder(
    out: Path,
    tables: Mapping[str, pd.DataFrame],
    about: str,
    finish: Callable[[Path], pd.DataFrame] | None = None,
) -> Path:
    """CSVs (UTF-8, '\\n'), dataset.yaml and truth/truth.csv: what `finish`, which may still change the written CSVs, returns of what it did. An earlier folder of the name is
    replaced only when the new one is complete."""
    out = Path(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    with temporary(out.parent) as making:
        scratch = making / "made"
        scratch.mkdir()
        for name, frame in tables.items():
            frame.to_csv(
                scratch / f"{name}.csv", index=False, lineterminator="\n", encoding="utf-8"
            )
        (scratch / "dataset.yaml").write_text(about, encoding="utf-8", newline="\n")
        if finish:
            truth = finish(scratch)
            (scratch / TRUTH).mkdir()
            truth.to_csv(
                scratch / TRUTH / "truth.csv", index=False, lineterminator="\n", encoding="utf-8"
            )
        os.chmod(scratch, 0o755)
        with undisturbed():
            _put_in_place(scratch, out)
    return out


def _put_in_place(scratch: Path, out: Path) -> None:
    """Rename; an earlier folder steps aside first. Two runs that make the same set at once may meet here: tried thrice."""
    aside = scratch.with_name(scratch.name + "-earlier")
    for attempt in range(3):
        try:
            if out.exists():
                os.replace(out, aside)
            os.replace(scratch, out)
            break
        except OSError:
            if attempt == 2:
                raise
        finally:
            shutil.rmtree(aside, ignore_errors=True)
