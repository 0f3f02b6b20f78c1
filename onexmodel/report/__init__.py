"""From a run to a page: typed parameters, executed notebook, one offline HTML file.

The reports are imported when asked for: the command line, which only executes notebooks, never loads figures or statistics.
"""

from importlib import import_module

_OPENERS = {
    "open_fee_cap": "fee_cap",
    "open_performance_pay": "performance_pay",
    "open_cost_reduction": "cost_reduction",
    "open_budget_and_settlement": "budget_and_settlement",
    "open_province_comparison": "province_comparison",
}

REPORTS = tuple(_OPENERS.values())
__all__ = ["REPORTS", *_OPENERS]


def __getattr__(name: str):
    if name not in _OPENERS:
        raise AttributeError(f"module 'onexmodel.report' has no attribute '{name}'")
    return getattr(import_module(f".{_OPENERS[name]}.report", __name__), name)
