"""Input tables: one schema (columns.csv), a reader that refuses in sentences, frozen tables with cell addresses."""

from .read import read_tables
from .tables import Tables

__all__ = ["Tables", "read_tables"]
