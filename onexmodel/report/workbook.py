"""Result tables as a workbook people can forward: Chinese headers with units, number formats, frozen panes, the data label on every
sheet, a sheet of what the numbers rest on, one of sources and assumptions — the same bytes each time."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..data import Tables
from ..data.checking.row_status import kinds
from ..data.schema import load_schema
from ..data.sheets import CREATED, FONT, new_book
from ..errors import DataError, Fault
from ..law.parameters import Law, Parameter
from ..law.yamlfile import read_yaml
from ..places import package_file, whole
from .annex.values import value_text
from .page.words import FINDINGS, KINDS, STATUS, USES, called, unit_words

SHARE, MONEY, COUNT = "0.0%", "#,##0.00", "#,##0.0"  # number formats
ROWS, COLUMNS = 1_048_576 - 2, 16_384  # of a sheet, its label and header apart
WIDTHS = (30, 26, 26, 12, 10, 10, 52, 60)  # of the columns of assumptions


@cache
def _words() -> Mapping[str, Any]:
    return read_yaml(package_file("report", "workbook.yaml")).data


def header(name: str, law: Law) -> tuple[str, str]:
    """(Chinese header with its unit, number format) of a result column."""
    words = _words()
    if name.startswith("baseline_"):
        text, style = header(name.removeprefix("baseline_"), law)
        return words["baseline"].format(name=text), style
    for stem, what in words["stems"].items():
        if name.startswith(stem):
            use = USES[name.removeprefix(stem)].zh
            return _with_unit(words["by_use"]["name"].format(what=what, use=use), words["by_use"])
    if name in words["figures"]:
        return _with_unit(words["figures"][name]["name"], words["figures"][name])
    rule = law.rules.get(name)
    return (
        (words["keys"].get(name, name), "General") if rule is None else _with_unit(rule["zh"], rule)
    )


def _with_unit(name: str, spec: Mapping[str, Any]) -> tuple[str, str]:
    """(name with the unit, number format) by spec["unit"]; a share is shown in %."""
    words, unit = _words(), spec["unit"]
    style = SHARE if unit in words["shares"] else MONEY if words["money"] in unit else COUNT
    if unit in ("–", "-", ""):
        return name, style
    return words["with_unit"].format(name=name, unit="%" if style == SHARE else unit), style


def write_workbook(
    frames: Mapping[str, pd.DataFrame],
    law: Law,
    path: Path,
    label: str = "",
    simulated: bool = False,
    title: str = "",
    record: Mapping[str, str] | None = None,
) -> Path:
    """All frames as sheets of one workbook, whole or not at all. `label`: what the data are, on every sheet; `record`: what the numbers
    rest on, by Chinese names, in the first sheet and the file's properties."""
    path = Path(path)
    for name, frame in frames.items():
        need_room(_words()["sheets"].get(name, name), len(frame), len(frame.columns))
    with whole(path) as made:
        book = new_book(made)
        look = {
            "head": book.add_format(
                {
                    **FONT,
                    "bold": True,
                    "bg_color": "#E8EEF4",
                    "border": 1,
                    "text_wrap": True,
                    "valign": "vcenter",
                }
            ),
            "label": book.add_format(
                {**FONT, "bold": True, "font_color": "#8A5A00", "bg_color": "#FFF4DC"}
            ),
            "text": book.add_format({**FONT, "text_wrap": True, "valign": "top"}),
        }
        record = record or {}
        _properties(book, title, record)
        _about(book, look, label, title, record)
        styles: dict = {}
        for name, frame in frames.items():
            shown = _in_words(frame) if name == "findings" else frame
            _sheet(
                book, look, styles, _words()["sheets"].get(name, name), shown, law, label, simulated
            )
        _assumptions(book, look, law, label, title)
        book.close()
    return path


def results_workbook(
    frames: Mapping[str, pd.DataFrame],
    law: Law,
    tables: Tables,
    about: Mapping[tuple[str, str], str],
    path: Path,
) -> Path:
    """Results on `tables` as a workbook, whole or not at all, with the data's own label and title. `about`: what they rest on, by (Chinese,
    English) names. Raises DataError where a sheet cannot hold them."""
    label, title = tables.label.get("zh", ""), tables.title.get("zh", "")
    record = {zh: value for (zh, _), value in about.items()}
    return write_workbook(frames, law, path, label, "simulated" in kinds(tables), title, record)


def need_room(sheet: str, rows: int, columns: int = 0) -> None:
    """Raises DataError where a table has more rows or columns than a sheet can hold; nothing of it is left out in silence."""
    if rows <= ROWS and columns <= COLUMNS:
        return
    raise DataError(
        Fault(
            "--format xlsx",
            f"「{sheet}」有 {rows:,} 行"
            + (f"、{columns:,} 列" if columns > COLUMNS else "")
            + f"，一张工作表最多 {ROWS:,} 行、{COLUMNS:,} 列",
            do="改用 --format csv 或 --format parquet，或用 --province、--year 只要一部分",
            code="too_many_rows",
        )
    )


def _put(sheet, row: int, column: int, value, look=None) -> None:
    """One cell, whole: the library cuts a long text and says so only by a number. Raises DataError."""
    if sheet.write(row, column, value, look):
        raise DataError(
            Fault(
                "--format xlsx",
                f"「{sheet.name}」第 {row + 1} 行有一格放不进工作表（一格最多 32,767 字）",
                do="改用 --format csv 或 --format parquet",
                code="too_long_text",
            )
        )


def _properties(book, title: str, record: Mapping[str, str]) -> None:
    """What the file says of itself before it is opened."""
    book.set_properties(
        {
            "created": CREATED,
            "author": "onexmodel",
            "title": " ".join(filter(None, (_words()["title"], title))),
            "comments": "\n".join(f"{name}：{value}" for name, value in record.items()),
        }
    )


def _about(book, look, label: str, title: str, record: Mapping[str, str]) -> None:
    """The first sheet: on what data, scenario and edition the numbers rest."""
    words = _words()
    sheet = book.add_worksheet(words["sheets"]["about"])
    sheet.write(0, 0, label or title or words["title"], look["label"] if label else look["text"])
    sheet.write_row(1, 0, words["about"].values(), look["head"])
    sheet.fit_to_pages(1, 0)
    for at, width in enumerate((16, 72)):
        sheet.set_column(at, at, width, look["text"])
    for down, line in enumerate(record.items(), 2):
        for at, word in enumerate(line):
            _put(sheet, down, at, word)
    sheet.freeze_panes(2, 0)


def _in_words(findings: pd.DataFrame) -> pd.DataFrame:
    """Findings without codes: tables by their Chinese names, rules by what kind of thing they find, places in words."""
    tables = {table: next(iter(columns.values())).sheet for table, columns in load_schema().items()}
    return findings.drop(columns=_words()["findings_as_codes"]).assign(
        table=findings["table"].map(lambda table: tables.get(table, table)),
        rule=findings["rule"].map(
            lambda rule: called(FINDINGS, rule if rule in FINDINGS else "data", "zh")
        ),
    )


def _sheet(book, look, styles, name, frame, law, label, simulated) -> None:
    sheet = book.add_worksheet(_words()["simulated"].format(name=name) if simulated else name)
    top = 1 if label else 0
    if label:
        sheet.write(0, 0, label, look["label"])
    keys = sum(1 for column in frame if column in _words()["keys"] and column not in law.rules)
    sheet.freeze_panes(top + 1, min(keys, 6))
    sheet.set_row(top, 44)
    for at, column in enumerate(frame):
        text, style = header(column, law)
        look_of = styles.setdefault(style, book.add_format({**FONT, "num_format": style}))
        sheet.write(top, at, text, look["head"])
        sheet.set_column(at, at, _words()["widths"].get(column, 13), look_of)
        for down, value in enumerate(_cells(frame[column]), top + 1):
            if value is not None:
                _put(sheet, down, at, value)
    if len(frame):
        sheet.autofilter(top, 0, top + len(frame), len(frame.columns) - 1)


def _cells(values: pd.Series) -> list:
    words = _words()
    if values.dtype == object or pd.api.types.is_string_dtype(values):
        return [
            None
            if value is None or value is pd.NA or value != value
            else words["codes"].get(value, str(value))
            for value in values
        ]
    if pd.api.types.is_bool_dtype(values):
        return [words["yes" if value else "no"] for value in values]
    if pd.api.types.is_datetime64_any_dtype(values):
        return [None if pd.isna(value) else value.strftime("%Y-%m-%d") for value in values]
    return [None if not np.isfinite(value) else float(value) for value in values.to_numpy(float)]


def _apart(parameter: Parameter) -> str:
    """（province=44：0.3；…）: what a scenario sets at some places, with its words."""
    said = []
    for one in parameter.local:
        where = "，".join(f"{key}={'、'.join(words)}" for key, words in one.where)
        said.append(f"{where}：{value_text(one.value)}")
    return f"（{'；'.join(said)}）" if said else ""


def _assumptions(book, look, law, label, title) -> None:
    words = _words()
    sheet = book.add_worksheet(words["sheets"]["assumptions"])
    sheet.freeze_panes(2, 0)
    sheet.write(0, 0, label or title, look["label"] if label else look["text"])
    for at, (name, width) in enumerate(zip(words["assumptions"].values(), WIDTHS, strict=True)):
        sheet.write(1, at, name, look["head"])
        sheet.set_column(at, at, width, look["text"])
    for down, parameter in enumerate(law.parameters.values(), 2):
        last = parameter.values[-1] if parameter.values else None
        value, source = (
            (value_text(last.value), last.source)
            if last
            else (words["to_supply"], words["from_data"])
        )
        sheet.write_row(
            down,
            0,
            (
                parameter.name,
                parameter.zh,
                value + _apart(parameter),
                unit_words(parameter.unit, "zh"),
                KINDS[parameter.kind].zh,
                STATUS[parameter.status].zh,
                law.sources[source]["title"] if source in law.sources else source,
                parameter.reason or "",
            ),
        )
