"""From names a user types to a run over every year: data set, scenarios, --set values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from .analysis.study import asked_years, data_folder, place_of
from .data import Tables, read_tables
from .engine.run import Run, composed, run
from .law import load_law
from .running.progress import Told, silent


def open_run(
    data: str | Path,
    scenarios: Sequence[str] = (),
    sets: Mapping[str, str] | None = None,
    year: int = 0,
    step: Callable[[str], Told] = lambda name: silent,
    look: Callable[[Tables], None] = lambda tables: None,
) -> tuple[Run, Tables]:
    """Read, compose, run; every year of the data, or the one asked for. `step`: is told what is begun, read or run, and
    gives what is told how far it is; `look`: at the data, before anything is computed. Raises OnexError with every fault of the
    step that fails."""
    tables = read_tables(data_folder(data), told=step("read"))
    look(tables)
    law, years = load_law(), asked_years(tables, year)
    return run(law, tables, composed(law, tables, scenarios, sets), years, step("run")), tables


__all__ = ["data_folder", "open_run", "place_of"]
