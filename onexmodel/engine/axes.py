"""Where each quantity lives, and which sums are taken. Sums are declared beside the rules, never coded into one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..law.registry import rules_by_axis, sums

AXIS_OF_RULE = rules_by_axis()  # rule → axis, as rules/*.yaml have it
SUMS = sums()  # name of the sum → (quantity, axis it is summed to)


@dataclass(frozen=True)
class Runs:
    """Rows in the order of their groups: where each group's run starts."""

    starts: np.ndarray
    present: np.ndarray

    @staticmethod
    def of(groups: np.ndarray) -> Runs:
        """From the group number of each row, rising."""
        starts = np.flatnonzero(np.diff(groups, prepend=-1))
        return Runs(starts, groups[starts])

    def sum(self, x: np.ndarray, size: int) -> np.ndarray:
        """(…, rows) → (…, size); a group without rows is 0."""
        if not len(self.present):
            return np.zeros((*x.shape[:-1], size))
        sums = np.add.reduceat(x, self.starts, axis=-1)
        if len(self.present) == size:
            return sums
        total = np.zeros((*x.shape[:-1], size))
        total[..., self.present] = sums
        return total


@dataclass(frozen=True, eq=False)
class Grouping:
    """Rows → groups. Sums run in the rows' own order within a group, so they do not depend on how draws are chunked; rows that are `apart`
    (rising) are summed by themselves and added last: what differs between draws there does not touch the sum of the others."""

    index: np.ndarray
    size: int
    apart: np.ndarray
    order: np.ndarray
    first: Runs
    last: Runs

    @staticmethod
    def of(index: np.ndarray, size: int, apart: np.ndarray | None = None) -> Grouping:
        """From each row's group number."""
        late = np.zeros(len(index), bool)
        late[apart if apart is not None else []] = True
        return Grouping._ordered(index, size, np.flatnonzero(late), np.lexsort((index, late)))

    @staticmethod
    def _ordered(index, size, apart, order) -> Grouping:
        count = len(index) - len(apart)
        return Grouping(
            index, size, apart, order, Runs.of(index[order[:count]]), Runs.of(index[order[count:]])
        )

    @cached_property
    def in_order(self) -> bool:
        """Do the rows stand in the order of the sums?"""
        return bool((np.diff(self.order) > 0).all())

    def of_groups(self, number: np.ndarray, count: int) -> tuple[np.ndarray, Grouping]:
        """The rows of some groups in their own order, so that sums keep their bits, and those rows' grouping. number (groups,): a chosen
        group's new number, rising, −1 for the others; `count`: how many are chosen."""
        its = number[self.index]
        chosen = its >= 0
        rows, place = np.flatnonzero(chosen), np.cumsum(chosen) - 1
        return rows, Grouping._ordered(
            its[rows],
            count,
            place[self.apart[chosen[self.apart]]],
            place[self.order[chosen[self.order]]],
        )

    def sum(self, x: np.ndarray) -> np.ndarray:
        """(…, rows) → (…, groups); a group without rows is 0."""
        if np.shape(x)[-1] != len(self.index):
            x = np.broadcast_to(x, (*np.shape(x)[:-1], len(self.index)))
        x, count = (
            x if self.in_order else np.asarray(x).take(self.order, axis=-1),
            len(self.index) - len(self.apart),
        )
        return self.added(self.first.sum(x[..., :count], self.size), x[..., count:])

    def sum_first(self, x: np.ndarray) -> np.ndarray:
        """Sums of the rows that are not apart, (…, groups)."""
        return self.first.sum(
            np.asarray(x).take(self.order[: len(self.index) - len(self.apart)], axis=-1), self.size
        )

    def added(self, first: np.ndarray, x: np.ndarray) -> np.ndarray:
        """Sums of the rows that are not apart, and those of the rows apart, in the order of their groups."""
        return first + self.last.sum(x, self.size) if len(self.apart) else first

    @cached_property
    def apart_order(self) -> np.ndarray:
        """The rows apart in the order of their groups, as positions in `apart`."""
        return np.searchsorted(self.apart, self.order[len(self.index) - len(self.apart) :])
