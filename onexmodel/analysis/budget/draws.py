"""How sure a year's budget is: needs, gaps and what each source pays in every draw; and how often a budget on record is enough."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from ...data import Tables
from ...engine.leaves import parameters_behind
from ...engine.pots import AFFORDED, allowed_in, fund, fund_flows
from ...engine.result import YearResult
from ...law.parameters import Parameter
from ...rules.funding import SOURCES, USES
from ..draws.evaluate import Sides, evaluate
from ..headline import total
from ..study import Study
from .moved import after_moving
from .sheet import budget_lines

RESPONSE = "response."  # the year is taken as planned: how organisations respond moves nothing here


def behind(study: Study, drawn: Mapping[str, np.ndarray]) -> list[Parameter]:
    """The drawn parameters (dots as __) that can move the scheme's budget by the rule graph. What the scheme fixes itself is drawn in its
    baseline only and is not among them."""
    reach, own = parameters_behind(("needs",), True), study.fixed()
    return [
        study.law.parameters[name]
        for name in (one.replace("__", ".") for one in drawn)
        if name not in own and name.replace(".", "_") in reach and not name.startswith(RESPONSE)
    ]


def budget_draws(
    study: Study,
    drawn: Mapping[str, np.ndarray],
    reporting: np.ndarray | None = None,
    owed: np.ndarray | None = None,
) -> Sides:
    """Yuan of the place in every draw, (draws,) each, without response: `need`, `gap`, `waterfall_gap`, `order_loss`; `need.⟨use⟩`,
    `gap.⟨use⟩`; each source by its name, what it pays in the optimum. `reporting`, (uses, colleges) of bool, adds `reported.⟨use⟩`
    and `reported`: the needs of those alone. `owed`, (colleges,), adds `idle`, limits that stay idle, and `unpaid`: what is missing for
    the needs and for what is owed once limits are moved between colleges (moved.py)."""

    def measure(result: YearResult, scope, view) -> dict[str, np.ndarray]:
        result, college = funded(result, view), scope["college"]
        made = _sums(result, college, view, reporting)
        if owed is None:
            return made
        allowed = allowed_in(result.compiled, view)
        unpaid = after_moving(result.served, result.compiled, college, allowed, owed)
        return made | {"idle": total(result.served["idle"], college), "unpaid": unpaid}

    return evaluate(study, measure, drawn, "none")


def funded(result: YearResult, view: Mapping) -> YearResult:
    """The result with pots, optimum and waterfall, which what draws share leaves out."""
    return replace(result, served={**result.served, **fund(result.served, result.compiled, view)})


def gaps_of(result: YearResult, college: np.ndarray) -> dict[str, np.ndarray]:
    """`gap`, `waterfall_gap`, `order_loss` of the colleges, (…,) each."""
    gap, own = (total(result.served[name], college) for name in ("funding_gap", "waterfall_gap"))
    return {"gap": gap, "waterfall_gap": own, "order_loss": own - gap}


def _sums(
    result: YearResult, college: np.ndarray, view: Mapping, reporting: np.ndarray | None
) -> dict[str, np.ndarray]:
    needs = result.served["needs"]
    by_use, paid = (total(one, college) for one in (needs, fund_flows(result, view).sum(-2)))
    made = {"need": by_use.sum(-1), **gaps_of(result, college)}
    made |= {f"need.{use}": by_use[..., at] for at, use in enumerate(USES)}
    made |= {f"gap.{use}": total(result.served[f"funding_gap_{use}"], college) for use in USES}
    made |= {source: paid[..., at] for at, source in enumerate(SOURCES)}
    if reporting is None:
        return made
    asked = {
        f"reported.{use}": total(needs[..., at, :], reporting[at]) for at, use in enumerate(USES)
    }
    return made | asked | {"reported": sum(asked.values())}


def reporting_of(
    accounts: Tables, result: YearResult, year: int
) -> tuple[np.ndarray, pd.DataFrame]:
    """Who put how much in the year's budget: (uses, colleges) of bool, in the result's order; and use → budgeted (yuan), colleges, the last row
    all. Uses that nobody reports have no row."""
    lines = budget_lines(accounts, year).dropna(subset="budgeted")
    colleges = result.compiled.keys["college"]["college"]
    mask = np.array([colleges.isin(lines.loc[lines["use"] == use, "college"]) for use in USES])
    rows = [
        {
            "use": use,
            "budgeted": float(some["budgeted"].sum()),
            "colleges": some["college"].nunique(),
        }
        for use, some in [*((use, lines[lines["use"] == use]) for use in USES), ("all", lines)]
        if len(some)
    ]
    return mask, pd.DataFrame(rows, columns=["use", "budgeted", "colleges"]).set_index("use")


def enough(found: Mapping[str, np.ndarray], budgets: pd.DataFrame) -> pd.DataFrame:
    """`budgets` with `draws`: in how many of the draws the needs of those who reported a budget stay inside it, and `share`, that over all."""
    names = {use: "reported" if use == "all" else f"reported.{use}" for use in budgets.index}
    inside = [
        int((found[name] <= budgets.loc[use, "budgeted"] + AFFORDED).sum())
        for use, name in names.items()
    ]
    count = len(found["need"])
    return budgets.assign(draws=inside, share=[one / count for one in inside])
