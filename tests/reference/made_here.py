"""A report made in this process: the page that the command writes (tests/report/test_reports.py compares the bytes), at half the time."""

import ast
import json
import os
from collections.abc import Callable, Mapping
from functools import wraps
from html import escape
from pathlib import Path
from typing import Any

import nbformat
import pytest
from IPython.core.formatters import DisplayFormatter
from matplotlib.text import Text

from onexmodel.data.reading.parse_cache import digest_of
from onexmodel.places import shipped
from onexmodel.report.make import convert
from onexmodel.report.make.convert import to_html
from onexmodel.report.make.gate import checked, given_whole
from onexmodel.report.page import style
from onexmodel.report.page.blocks import Block


def page_of(name: str, given: Mapping[str, Any], texts: Mapping[str, Mapping] | None = None) -> str:
    """The page of report `name`, every cell of its notebook run here with what the command would hand to it; `texts` as make_report's."""
    asked = checked(name, given)
    asked["scenario"] = given_whole(asked["scenario"], texts or {})
    notebook, space = nbformat.read(shipped("notebooks", f"{name}.ipynb"), as_version=4), {}
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        body = ast.parse(cell.source).body
        shown = body.pop() if isinstance(body[-1], ast.Expr) else None
        exec(compile(ast.Module(body, []), name, "exec"), space)
        if "parameters" in cell.metadata.get("tags", []):
            space |= asked
        if shown:
            block = eval(compile(ast.Expression(shown.value), name, "eval"), space)
            data, _ = DisplayFormatter().format(block)
            cell.outputs = [nbformat.v4.new_output("execute_result", data, execution_count=1)]
    return to_html(notebook, given.get("lang", "zh"))


def sketch(figure) -> str:
    """What style.drawing gives, as far as words go: the texts of the figure, one after the other."""
    words = [one.get_text() for one in figure.findobj(Text) if one.get_visible()]
    lines = "".join(f"<text>{escape(word)}</text>" for word in words if word.strip())
    return f'<svg viewBox="0 0 1 1">{lines}</svg>'


def words_of(name: str, given: Mapping[str, Any]) -> str:
    """page_of with sketches for figures and without its font: all words of the page, in half the time."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(style, "drawing", sketch)
        patched.setattr(convert, "font_face", lambda *_: Block(""))
        return page_of(name, given)


def part_of(report, name: str) -> str:
    """The HTML of a part of an opened report (a cell of its notebook), made when it is first asked for: a report is frozen, and its parts
    come out the same again."""
    made = vars(report).setdefault("parts of tests", {})
    if name not in made:
        made[name] = getattr(report, name)().html
    return made[name]


def opened_once(open_one: Callable) -> Callable:
    """As `open_one`, but a report asked for again in the same words, on data of the same bytes, is the one that was opened: a report is
    frozen, and tests change copies. Where a path is among what is given, what lies there may have changed: it is opened anew."""
    made: dict[str, Any] = {}

    @wraps(open_one)
    def opened(data: Any = "example", *given, **more):
        where = Path(data)
        known = str(data) + (digest_of(where) if where.is_absolute() else "")
        key = json.dumps([known, given, more], sort_keys=True, default=str)
        if os.sep in json.dumps([given, more], default=str):
            return open_one(data, *given, **more)
        if key not in made:
            made[key] = open_one(data, *given, **more)
        return made[key]

    return opened


class Made(dict):
    """What `make` gives for a key, made when it is first asked for."""

    def __init__(self, make: Callable):
        super().__init__()
        self.make = make

    def __missing__(self, key):
        self[key] = self.make(key)
        return self[key]
