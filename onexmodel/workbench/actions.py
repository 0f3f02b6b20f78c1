"""What the buttons do: the functions of the command line, called with what the form holds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pandas as pd

from ..analysis.study import Study, open_study
from ..data import Tables
from ..engine.write_results import result_tables, write_tables
from ..errors import Fault, OnexError, ParameterError
from ..report.each.batch import make_each
from ..report.each.index import write_index
from ..report.each.order import Asked as Order
from ..report.make.batch import make_reports
from ..report.make.gate import PageOptions, parameters_of
from ..report.page.sentences import Words
from ..report.workbook import results_workbook
from ..running.progress import Told, silent
from ..study import about_results, data_folder, in_lines, open_run, place_of
from .asked import Asked

__all__ = ["export_workbook", "make_each", "make_pages", "order_of", "save_numbers", "write_index"]


def make_pages(
    asked: Asked, tables: Tables, out: Path, told: Told = silent, word: bool = False
) -> Iterator[tuple[str, Path | OnexError]]:
    """Each report that is asked for, and its file in `out` or why there is none. `tables`: the data as read; `word`: with a Word file beside
    it. Raises OnexError where nothing is begun: no report chosen, or what no report could be made of (place, year, scenario, caps)."""
    given = asked.given()
    for scheme in _schemes(asked, given):  # at once, and not after each report's own start
        open_study(
            given["data"],
            scheme,
            given["settings"],
            asked.province,
            asked.college,
            asked.year,
            tables,
        )
    options = PageOptions(docx=word)
    with closing(make_reports(list(asked.reports), given, out, options=options, told=told)) as made:
        yield from made


def _schemes(asked: Asked, given: dict[str, Any]) -> list[list[Any]]:
    """What the chosen reports lay over current law, each once. Raises ParameterError where none is chosen."""
    if not asked.reports:
        raise ParameterError(Fault("表单", "没有选报告", do="至少勾选一种报告"))
    found = [one for name in asked.reports for one in parameters_of(name, given).schemes]
    return [one for i, one in enumerate(found) if one not in found[:i]]


def order_of(asked: Asked, tables: Tables, out: Path, word: bool) -> Order:
    """What is asked for of each province, as `onexmodel report --each-province` asks it. Its folder in `out` is named after all that the bytes
    follow from: what was stopped is gone on with, and no other order is met there. Raises OnexError as make_pages does."""
    given, codes = asked.given(), place_of(tables, asked.province, "")[0]
    _schemes(asked, given)
    order = Order(asked.reports, given, out, PageOptions(docx=word), tables, codes)
    text = json.dumps(order.order, ensure_ascii=False, sort_keys=True)
    digest = sha256(text.encode()).hexdigest()[:8]
    return replace(order, out=out / f"each_{asked.folder}_{digest}")


def export_workbook(asked: Asked, out: Path, told: Told = silent) -> Path:
    """The result tables as a workbook in `out`, as `onexmodel run --format xlsx` writes it. Raises OnexError."""
    given = asked.given()
    run, tables = open_run(
        data_folder(given["data"]), given["scenario"], given["settings"], asked.year
    )
    told(1, 3)
    provinces, college = place_of(tables, asked.province, asked.college, alone=True)
    frames = result_tables(run, tables, provinces, college)
    told(2, 3)
    composition, years = run.composition, [result.compiled.year for result in run.last]
    about = about_results(composition, years, tables, asked.data, asked.province, college)
    path = results_workbook(frames, composition.law, tables, about, out / "results.xlsx")
    told(3, 3)
    return path


def save_numbers(
    asked: Asked, study: Study, frame: pd.DataFrame, out: Path, words: Words
) -> list[Path]:
    """The numbers of the sliders as a workbook and as CSV in `out`, written as `onexmodel run` writes its tables. Raises OnexError."""
    composition, tables = study.composition, study.tables
    about = about_results(
        composition, [study.year], tables, asked.data, asked.province, study.college
    ) | {("口径", "note"): words.knob_note}
    book = results_workbook(
        {words.saved: frame}, composition.law, tables, about, out / "sliders.xlsx"
    )
    return [book, *write_tables({"sliders": frame}, out, in_lines(about))]
