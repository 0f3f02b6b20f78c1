"""Names other reports still import from here."""

from .findings import findings_table
from .values import range_text, value_text

__all__ = ["findings_table", "range_text", "value_text"]
