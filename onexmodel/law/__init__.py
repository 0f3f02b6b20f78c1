"""Law as data: sources, clauses, dated parameters, scenarios."""

from .loading import load_law
from .parameters import DatedValue, Law, Parameter
from .scenario import Composition, DataChange, Scenario, compose, list_scenarios, read_scenario

__all__ = ["Composition", "DataChange", "DatedValue", "Law", "Parameter", "Scenario", "compose", "list_scenarios",
           "load_law", "read_scenario"]
