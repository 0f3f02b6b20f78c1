"""Values that differ between draws only at some places: most offerings state their own pass rate, so that most of what is counted is the
same in every draw. Rules see plain arrays all the same, and their numbers are the same bit by bit: a rule works place by place, so it
is called once for what all draws share and once, with all draws, for the places that differ."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from ..axes import Grouping

MOST = 0.6  # where more of the places differ, all are computed for all draws: bookkeeping would cost more than it saves


@dataclass(frozen=True, eq=False)
class Places:
    """Some of the places 0 … size − 1, rising. What is worked out about them is kept: the same few sets meet in many rules."""

    at: np.ndarray
    size: int
    kept: dict = field(default_factory=dict, repr=False)

    def _keep(self, what: str, other, make: Callable):
        if (what, id(other)) not in self.kept:
            self.kept[what, id(other)] = (
                other,
                make(),
            )  # `other` is held, so that its id stays its own
        return self.kept[what, id(other)][1]

    def __reduce__(self):
        return Places, (self.at, self.size)  # what is kept is known by id, which does not travel

    @staticmethod
    def where(chosen: np.ndarray) -> Places:
        """The places at which (size,) `chosen` holds."""
        return Places(np.flatnonzero(chosen), len(chosen))

    @property
    def number(self) -> np.ndarray:
        """(size,) each place's number among these, −1 for the others."""
        return self._keep("number", None, lambda: _numbered(self.at, self.size))

    def union(self, other: Places) -> Places:
        """Places of either."""

        def make():
            made = np.flatnonzero((self.number >= 0) | (other.number >= 0))
            return (
                self
                if len(made) == len(self.at)
                else other
                if len(made) == len(other.at)
                else Places(made, self.size)
            )

        return self if other is self else self._keep("union", other, make)

    def among(self, other: Places) -> tuple[np.ndarray, np.ndarray]:
        """(which of these are places of the other too, and which number they have there)."""

        def make():
            its = other.number[self.at]
            return np.flatnonzero(its >= 0), its[its >= 0]

        return self._keep("among", other, make)

    def gathered(self, index: np.ndarray) -> tuple[Places, np.ndarray]:
        """`index` (finer,): each finer place's place here → (the finer places that lie on these, the number of that here)."""

        def make():
            its = self.number[index]
            return Places(np.flatnonzero(its >= 0), len(index)), its[its >= 0]

        return self._keep("gathered", index, make)

    def inside(self, grouping: Grouping) -> bool:
        """Are all of these rows summed apart?"""
        return self._keep(
            "inside",
            grouping,
            lambda: bool(np.isin(self.at, grouping.apart, assume_unique=True).all()),
        )

    def groups(self, grouping: Grouping) -> tuple[Places, Places, Grouping]:
        """(the groups that have one of these places, all rows of them, the grouping of those rows)."""

        def make():
            groups = Places(
                np.flatnonzero(np.bincount(grouping.index[self.at], minlength=grouping.size)),
                grouping.size,
            )
            rows, its = grouping.of_groups(groups.number, len(groups.at))
            return groups, Places(rows, self.size), its

        return self._keep("groups", grouping, make)


def _numbered(at: np.ndarray, size: int) -> np.ndarray:
    number = np.full(size, -1)
    number[at] = np.arange(len(at))
    return number


@dataclass(frozen=True, eq=False)
class AtSomeRows:
    """base (…, n), and fresh (draws, …, len(places)) for the places that differ; base means nothing there."""

    base: np.ndarray
    places: Places
    fresh: np.ndarray

    def full(self) -> np.ndarray:
        """(draws, …, n)."""
        made = self._empty(self.places.size)
        made[...] = self.base
        made[..., self.places.at] = self.fresh
        return made

    def take(self, places: Places) -> np.ndarray:
        """(draws, …, len(places)); without draws where none of them differs."""
        if places is self.places:
            return self.fresh
        which, number = places.among(self.places)
        if not len(which):
            return self.base.take(places.at, axis=-1)
        if len(which) == len(places.at):
            return self.fresh.take(number, axis=-1)
        made = self._empty(len(places.at))
        made[...] = self.base.take(places.at, axis=-1)
        made[..., which] = self.fresh.take(number, axis=-1)
        return made

    def _empty(self, size: int) -> np.ndarray:
        return np.empty((*np.broadcast_shapes(self.fresh.shape[:-1], self.base.shape[:-1]), size))

    def lifted(self) -> AtSomeRows:
        """With an axis of components before the places."""
        return AtSomeRows(self.base[..., None, :], self.places, self.fresh[..., None, :])

    def gathered(self, index: np.ndarray) -> AtSomeRows:
        """On a finer axis: `index` (finer,) is each place's place here."""
        places, number = self.places.gathered(index)
        return AtSomeRows(self.base.take(index, axis=-1), places, self.fresh.take(number, axis=-1))


def full(value):
    """A plain array of what may be AtSomeRows."""
    return value.full() if isinstance(value, AtSomeRows) else value


def taken(value, places: Places):
    """What may be AtSomeRows, or the same everywhere, at some places; of a dict, each of its values."""
    if isinstance(value, dict):
        return {name: taken(one, places) for name, one in value.items()}
    if isinstance(value, AtSomeRows):
        return value.take(places)
    return value.take(places.at, axis=-1) if np.ndim(value) and value.shape[-1] > 1 else value


def replaced(values: np.ndarray, places: Places, fresh: np.ndarray) -> np.ndarray:
    """A plain array (…, n) with other values at some places, in as many draws as either has; `values` itself where there is none."""
    return AtSomeRows(values, places, fresh).full() if len(places.at) else values


def summed(grouping: Grouping, value):
    """Σ by group of what may be AtSomeRows: groups with a place that differs are summed in all draws, the others once."""
    if not isinstance(value, AtSomeRows):
        return grouping.sum(value)
    if value.places.inside(grouping):  # every row that differs is summed apart
        apart = value.take(
            Places(grouping.apart, value.places.size)
            if len(grouping.apart) != len(value.places.at)
            else value.places
        )
        return grouping.added(
            grouping.sum_first(value.base), apart.take(grouping.apart_order, axis=-1)
        )
    groups, rows, its = value.places.groups(grouping)
    if len(rows.at) > MOST * rows.size:
        return grouping.sum(value.full())
    return AtSomeRows(grouping.sum(value.base), groups, its.sum(value.take(rows)))


def settled(value):
    """The same values, AtSomeRows where some places have one value in all draws: worth a look on a short axis that many rows lean on."""
    value = np.asarray(full(value))
    if value.ndim < 2:
        return value
    moves = (value != value[:1]).any(0)  # a missing value counts as moving
    return AtSomeRows(value[0], Places.where(moves), value[:, moves]) if moves.any() else value[0]


def applied(rule: Callable, arguments: Sequence, sliced: Sequence[bool]):
    """rule(*arguments), where some arguments are AtSomeRows. `sliced`: does the argument have places (parameters and tables of the law have
    none)?"""
    parts = [
        one
        for argument in arguments
        for one in (argument.values() if isinstance(argument, dict) else (argument,))
        if isinstance(one, AtSomeRows)
    ]
    if not parts:
        return rule(*arguments)
    places, draws = parts[0].places, parts[0].fresh.shape[0]
    for part in parts[1:]:
        places = places.union(part.places)
    both = list(zip(arguments, sliced, strict=True))
    if len(places.at) > MOST * places.size or any(
        _has_draws(argument, max(part.fresh.ndim for part in parts), draws)
        for argument in arguments
    ):
        return rule(*[_each(full, argument) if has else argument for argument, has in both])
    base = rule(*[_each(_base, argument) if has else argument for argument, has in both])
    fresh = rule(*[taken(argument, places) if has else argument for argument, has in both])
    if isinstance(base, dict):
        return {name: _joined(base[name], places, fresh[name], draws) for name in base}
    return _joined(base, places, fresh, draws)


def _joined(base, places: Places, fresh, draws: int):
    return (
        AtSomeRows(base, places, fresh) if draws in np.shape(fresh)[:-1] else base
    )  # else nothing drawn went into it


def _base(value):
    return value.base if isinstance(value, AtSomeRows) else value


def _each(change: Callable, value):
    return (
        {name: change(one) for name, one in value.items()}
        if isinstance(value, dict)
        else change(value)
    )


def _has_draws(value, dimensions: int, draws: int) -> bool:
    """Does a plain array vary over draws? (One that only looks so costs time, not correctness.)"""
    if isinstance(value, dict):
        return any(_has_draws(one, dimensions, draws) for one in value.values())
    return isinstance(value, np.ndarray) and value.ndim >= dimensions and value.shape[0] == draws
