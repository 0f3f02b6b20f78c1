"""From a run to a page: typed parameters, executed notebook, one offline HTML file."""

from .fee_cap import open_fee_cap

__all__ = ["open_fee_cap"]
