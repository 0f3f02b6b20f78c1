"""Law as data: sources, clauses, dated parameters, scenarios."""

from .parameters import DatedValue, Law, Parameter, load_law
from .scenario import Composition, DataChange, Scenario, compose, list_scenarios, read_scenario

__all__ = ["Composition", "DataChange", "DatedValue", "Law", "Parameter", "Scenario", "compose", "list_scenarios",
           "load_law", "read_scenario"]
