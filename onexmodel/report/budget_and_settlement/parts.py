"""What the modules of tables share: the plan's columns, what a table is, its header."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

PLAN = {
    "candidates": False,
    "sittings": False,
    "awarded": False,
    "fee_bill": True,
    "college_cash_cost": True,
    "training_cash_cost": True,
    "hours": False,
    "uplift": True,
}  # column → is it money?
Table = tuple[list[str], Sequence[Sequence[object]]]  # header, rows


def header_of(words: Mapping[str, str], *names: str) -> list[str]:
    """The columns' names, in their order."""
    return [words[name] for name in names]
