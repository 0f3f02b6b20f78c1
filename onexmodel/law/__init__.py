"""Law as data: sources, clauses, dated parameters, scenarios."""

from .compose import Composition, compose
from .parameters import DatedValue, Law, Parameter, load_law
from .scenario import DataChange, Scenario, list_scenarios, read_scenario

__all__ = ["Composition", "DataChange", "DatedValue", "Law", "Parameter", "Scenario", "compose", "list_scenarios",
           "load_law", "read_scenario"]
