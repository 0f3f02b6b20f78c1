"""What the buttons do: the functions of the command line, called with what the form holds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from ..analysis.study import open_study
from ..data import Tables
from ..engine.write_results import result_tables
from ..errors import Fault, OnexError, ParameterError
from ..report.make.batch import make_reports
from ..report.make.gate import PageOptions
from ..report.workbook import results_workbook
from ..running.progress import Told, silent
from ..study import about_results, data_folder, open_run, place_of
from .asked import Asked


def make_pages(
    asked: Asked, tables: Tables, out: Path, told: Told = silent, word: bool = False
) -> Iterator[tuple[str, Path | OnexError]]:
    """Each report that is asked for, and its file in `out` or why there is none. `tables`: the data as read; `word`: with a Word file beside
    it. Raises OnexError where nothing is begun: no report chosen, or what no report could be made of (place, year, scenario, caps)."""
    if not asked.reports:
        raise ParameterError(Fault("表单", "没有选报告", do="至少勾选一种报告"))
    given = asked.given()
    open_study(
        given["data"],
        given["scenario"],
        given["settings"],
        asked.province,
        asked.college,
        asked.year,
        tables,
    )  # at once, and not after each report's own start
    options = PageOptions(docx=word)
    with closing(make_reports(list(asked.reports), given, out, options=options, told=told)) as made:
        yield from made


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
