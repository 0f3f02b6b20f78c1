"""Names other reports still import from here."""

from .local_changes import local_said, taken, where_said

__all__ = ["local_said", "taken", "where_said"]
