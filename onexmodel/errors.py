"""Faults as sentences a planner can act on: where, what is wrong, the nearest right thing, what to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True)
class Fault:
    """One fault. `level` is error (refused), warning (kept, shown in reports) or note; `code` names its kind; `at` is the
    cell, for the annotated copy: (file, sheet, row as in Excel, column from 0)."""

    where: str
    what: str
    do: str = ""
    nearest: str = ""
    level: str = "error"
    code: str = ""
    at: tuple = ()

    def __str__(self) -> str:
        parts = [f"{self.where}：{self.what}" if self.where else self.what]
        if self.nearest:
            parts.append(f"最接近的是「{self.nearest}」")
        if self.do:
            parts.append(self.do)
        return "".join(part if part.endswith("？") else part.rstrip("。") + "。" for part in parts)


class OnexError(Exception):
    """All faults of one step at once; `faults` keeps them for tables and exit codes."""

    def __init__(self, faults: Fault | Sequence[Fault]):
        self.faults: tuple[Fault, ...] = (faults,) if isinstance(faults, Fault) else tuple(faults)
        super().__init__(str(self))

    def __reduce__(self):
        return type(self), (self.faults,)  # errors cross process borders

    def __str__(self) -> str:
        folded = dict.fromkeys(str(fault) for fault in self.faults)
        if len(folded) == 1:
            return next(iter(folded))
        return "\n".join(
            [f"共 {len(folded)} 处问题：", *(f"{i}. {text}" for i, text in enumerate(folded, 1))]
        )


class LawError(OnexError):
    """The parameter, source or clause files are not usable."""


class ScenarioError(OnexError):
    """A scenario file, or a composition of several, is not usable."""


class DataError(OnexError):
    """An input table is not usable."""


class ParameterError(OnexError):
    """A report parameter or a --set value is not usable."""


class ReportError(OnexError):
    """A notebook could not be executed into a report."""


def nearest(word: str, candidates: Iterable[str]) -> str:
    """The candidate most like `word`, or an empty string where nothing is near."""
    return next(
        iter(get_close_matches(str(word), [str(c) for c in candidates], n=1, cutoff=0.5)), ""
    )
