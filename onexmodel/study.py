"""From names a user types to a run over every year: data set, scenarios, --set values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from . import __version__
from .analysis.study import asked_years, data_folder, place_of
from .data import Tables, read_tables
from .data.sheets import one_line
from .engine.run import Run, composed, run
from .law import load_law
from .law.compose import Composition
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


def about_results(
    composition: Composition,
    years: Sequence[int],
    tables: Tables,
    data: str | Path,
    province: str,
    college: str,
) -> dict[tuple[str, str], str]:
    """(Chinese, English) name → what results rest on: edition, data, law, scenario, years, places as asked for. No path of this machine."""
    scenarios = "、".join(
        f"{one.title['zh']}（{one.id}）" for one in composition.scenarios if one.changes
    )
    found = {
        ("题目", "title"): tables.title.get("zh", ""),
        ("数据性质", "label"): tables.label.get("zh", ""),
        ("数据", "data"): Path(data).name,
        ("数据指纹", "data fingerprint"): tables.sha256,
        ("版本", "edition"): f"onexmodel {__version__}",
        ("法规指纹", "law fingerprint"): composition.law.sha256,
        ("情景", "scenario"): scenarios or "现行规定，没有改动",
        ("另设参数", "set"): "、".join(f"{k}={v}" for k, v in composition.sets.items()),
        ("年度", "years"): "、".join(map(str, years)),
        ("省份", "province"): province or ("" if college else "全部"),
        ("院校", "college"): college,
    }
    return {name: one_line(value) for name, value in found.items() if value}


def in_lines(about: Mapping[tuple[str, str], str]) -> str:
    """The same as text, a line each."""
    return "".join(f"{zh} {en}：{value}\n" for (zh, en), value in about.items())


__all__ = ["about_results", "data_folder", "in_lines", "open_run", "place_of"]
