"""Law as data: sources, clauses, dated parameters, scenarios."""

from .compose import Composition, compose
from .loading import load_law
from .parameters import DatedValue, Law, Parameter
from .scenario import Scenario, list_scenarios, read_scenario

__all__ = [
    "Composition",
    "DatedValue",
    "Law",
    "Parameter",
    "Scenario",
    "compose",
    "list_scenarios",
    "load_law",
    "read_scenario",
]
