"""From a run to a page: typed parameters, executed notebook, one offline HTML file."""

from .cost_reduction import open_cost_reduction
from .fee_cap import open_fee_cap
from .performance_pay import open_performance_pay

__all__ = ["open_cost_reduction", "open_fee_cap", "open_performance_pay"]
