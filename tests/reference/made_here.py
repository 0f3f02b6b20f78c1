"""A report made in this process: the page that the command writes (tests/report/test_reports.py compares the bytes), at half the time."""

import ast
from collections.abc import Callable, Mapping
from typing import Any

import nbformat
from IPython.core.formatters import DisplayFormatter

from onexmodel.places import shipped
from onexmodel.report.make.convert import to_html
from onexmodel.report.make.gate import checked, given_whole


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


def part_of(report, name: str) -> str:
    """The HTML of a part of an opened report (a cell of its notebook), made when it is first asked for: a report is frozen, and its parts
    come out the same again."""
    made = vars(report).setdefault("parts of tests", {})
    if name not in made:
        made[name] = getattr(report, name)().html
    return made[name]


class Made(dict):
    """What `make` gives for a key, made when it is first asked for."""

    def __init__(self, make: Callable):
        super().__init__()
        self.make = make

    def __missing__(self, key):
        self[key] = self.make(key)
        return self[key]
