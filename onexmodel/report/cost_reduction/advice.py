"""The options of cost_reduction: levers done together, who spends less, who invests, and what follows: the recommendation by its rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from ...analysis.levers.study import LeverStudy, Together, paying, together
from ...analysis.statistics.precision import HALF_YUAN
from ..page.numbers import NumberFormat
from ..page.rounding import fitted


class Bearer(NamedTuple):
    """Yuan a year, as printed (all add): spent less with fees as they are, yearly outlay, what is left; the same with fees set anew."""

    saved: float
    outlay: float
    net: float
    saved_again: float
    net_again: float


@dataclass(frozen=True)
class Choice:
    """Some of the levers as an option. titles: their names, those that save most after their outlay first; borne: college, organisation,
    province (where it pays), pay (of teachers, raised less), all → Bearer; before, after: cash cost per candidate, yuan."""

    done: Together
    titles: list[str]
    borne: Mapping[str, Bearer]
    before: float
    after: float

    @property
    def whole(self) -> Bearer:
        """All bearers together."""
        return self.borne["all"]

    @property
    def college(self) -> Bearer:
        """The colleges' part."""
        return self.borne["college"]

    @property
    def saved_each(self) -> float:
        """Yuan saved per candidate."""
        return self.before - self.after

    @property
    def outlay_each(self) -> float:
        """Yuan of yearly outlay per candidate."""
        return self.done.yearly / self.done.candidates

    @property
    def quality(self) -> Mapping[str, Any]:
        """Guard → its row."""
        return {row.indicator: row for row in self.done.quality.itertuples()}

    @property
    def margin(self) -> float | None:
        """By what share the yearly outlay may rise before nothing is saved; None where there is no outlay."""
        return self.done.net / self.done.yearly if self.done.yearly > HALF_YUAN else None

    @property
    def pass_on(self) -> float | None:
        """The share of what organisations spend less that has to reach the colleges so that these lose nothing; None where they lose nothing that is printed."""
        kept = self.done.kept.set_index("fees").loc["held"]
        lost = self.done.outlay["college"] - kept["college"]
        if lost <= HALF_YUAN or self.college.net >= 0:
            return None
        return lost / kept["organisation"] if kept["organisation"] > HALF_YUAN else float("inf")

    @property
    def passed_on(self) -> float:
        """The share of what organisations spend less that reaches colleges when fees are set anew by the present rules."""
        kept = self.done.kept.set_index("fees")
        held, again = (kept.loc[one, "organisation"] for one in ("held", "reverified"))
        return (held - again) / held if held > HALF_YUAN else 0.0

    @property
    def short(self) -> bool:
        """Do colleges lose even after fees are set anew by the present rules?"""
        return self.pass_on is not None and self.passed_on < self.pass_on


def choice(found: LeverStudy, names: Sequence[str], money: NumberFormat) -> Choice:
    """The levers `names` done together."""
    done = together(found, names)
    table = found.table.set_index("lever").loc[list(done.levers)]
    table = table.sort_values("net_cash", ascending=False, kind="stable")
    return Choice(
        done,
        table["title"].tolist(),
        _borne(done, money),
        found.baseline["cash"] / found.baseline["candidates"],
        done.cost / done.candidates,
    )


def _borne(done: Together, money: NumberFormat) -> dict[str, Bearer]:
    """Who spends less and who invests; what all save and what is left of it are printed as they round, the outlay gives way."""
    payers = ("college", "organisation", *(["province"] if done.outlay["province"] else []), "pay")

    def parts(values: Sequence[float], total: float) -> list[float]:
        made = fitted(values, total, unit=money.per, decimals=money.decimals)
        return [money.per * one for one in made]

    saved, net = (round(money.inside(one), money.decimals) for one in (done.saved, done.net))
    outlays = parts([done.outlay.get(one, 0.0) for one in payers], saved - net)
    rows = done.kept.set_index("fees").rename(columns={"uplift": "pay"}).assign(province=0.0)
    kept, again = (parts(rows.loc[fees, [*payers]], saved) for fees in ("held", "reverified"))
    made = {
        one: Bearer(a, out, a - out, b, b - out)
        for one, a, out, b in zip(payers, kept, outlays, again, strict=True)
    }
    return made | {"all": Bearer(*np.sum(list(made.values()), axis=0).tolist())}


@dataclass(frozen=True)
class Advice:
    """What follows from the run: all levers as asked, those that pay for themselves (None where these are all or none), and what is
    recommended: "all", "some" or "none"; dear: names of levers whose outlay is not below their saving; nearest: of the dear ones the one
    whose outlay has to fall by the smallest share, and that share (None where an outlay is not what it fails by)."""

    everything: Choice
    some: Choice | None
    do: str
    dear: list[str]
    nearest: tuple[str, float] | None

    @property
    def choice(self) -> Choice | None:
        """What is recommended; None where nothing is."""
        return {"all": self.everything, "some": self.some}.get(self.do)


def advice(found: LeverStudy, everything: Choice, money: NumberFormat) -> Advice:
    """The rule: do the levers that save more cash than they cost a year, leave the others out."""
    names, table = paying(found), found.table
    dear = table[~table["lever"].isin(names)]
    short = dear[(dear["cash_shapley"] > HALF_YUAN) & (dear["one_off_yearly"] > HALF_YUAN)]
    falls = (1 - short["cash_shapley"] / short["one_off_yearly"]).sort_values(kind="stable")
    nearest = (table.loc[falls.index[0], "title"], float(falls.iloc[0])) if len(falls) else None
    some = choice(found, names, money) if 0 < len(names) < len(table) else None
    if some is not None:
        do = "some" if some.done.net > 0 else "none"
    else:
        do = "all" if len(names) and everything.done.net > 0 else "none"
    return Advice(everything, some, do, dear["title"].tolist(), nearest)
