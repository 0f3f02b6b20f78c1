"""Names other reports still import from here."""

from .front.guide import how_to_read
from .front.opening import (
    ACCOUNTS,
    draws_for,
    meta_line,
    opened,
    place_name,
    scenario_ids,
    scheme_title,
)
from .front.state import beyond_said, data_state, other_states

__all__ = [
    "ACCOUNTS",
    "beyond_said",
    "data_state",
    "draws_for",
    "how_to_read",
    "meta_line",
    "opened",
    "other_states",
    "place_name",
    "scenario_ids",
    "scheme_title",
]
