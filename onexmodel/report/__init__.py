"""From a run to a page: typed parameters, executed notebook, one offline HTML file.

The reports are imported when asked for: the command line, which only executes notebooks, never loads figures or statistics.
"""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from .make.gate import MODELS, named_in, parameters_of

REPORTS = tuple(MODELS)
__all__ = ["REPORTS", "open_report", *(f"open_{name}" for name in REPORTS)]


def open_report(name: str, variables: Mapping[str, Any]):
    """The report for a notebook's variables (`globals()`). Raises OnexError with every fault of the step that fails."""
    return _opened(name, **named_in(name, variables))


def _opened(name: str, data: Any = "national", province: str = "", **given: Any):
    scenario = {"scenario": list(given["scenario"])} if "scenario" in given else {}
    asked = parameters_of(name, {"data": str(data), "province": province, **given, **scenario})
    return import_module(f".{name}.report", __name__).opened_report(asked)


def __getattr__(name: str):
    """open_fee_cap(data, province, scenario=[…], …) and its like: the report for what is given, every province if none is."""
    report = name.removeprefix("open_")
    if report == name or report not in REPORTS:
        raise AttributeError(f"module 'onexmodel.report' has no attribute '{name}'")

    def opener(data: Any = "national", province: str = "", **given: Any):
        return _opened(report, data=data, province=province, **given)

    opener.__name__ = name
    return globals().setdefault(name, opener)
