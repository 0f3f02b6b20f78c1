"""What performance_pay recommends to ask for, by one rule; what would overturn it; the ways to ask for it side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ...analysis.pay import options as po
from ...analysis.pay.study import METHODS
from ...analysis.statistics.precision import HALF_YUAN
from ...rules.numbers import ratio
from ..page.numbers import NO_RANGE, holding
from ..page.rounding import shares

if TYPE_CHECKING:
    from .numbers import PayNumbers

HALF = 5  # colleges from which the half of them is a number
STEP = 0.05  # of the elasticity, in the figure of who reaches the fee


@dataclass(frozen=True)
class Request:
    """The sum to ask for. `method` that it is by; `capped`: the elasticity method gives more than the class-hour fee, so this is asked for;
    yuan still to ask for, without what is granted where that may be told (`net`); its 80 % interval, missing where something is
    granted; as a share of the pay total; what the uplift pays for an X hour, yuan."""

    method: str
    capped: bool
    net: bool
    yuan: float
    reach: tuple[float, float]
    of_pool: float
    per_hour: float

    @property
    def some(self) -> bool:
        """Is there anything to ask for?"""
        return self.yuan >= HALF_YUAN

    def around(self, yuan: float) -> tuple[float, float]:
        """The interval of another sum that stands beside it, yuan: as wide, in proportion, as its own; missing where it has none."""
        low, high = (yuan * end / self.yuan if self.some else end for end in self.reach)
        return low, high


@dataclass(frozen=True)
class Turning:
    """What would overturn the recommendation. `elasticity`: from which on half of the colleges (`half`), or the X hours together, earn the
    class-hour fee; `yuan`: the uplift there; `meets`: the elasticity at which both methods give the same. Missing without X hours, or
    where limits keep it from being reached."""

    elasticity: float
    half: bool
    yuan: float
    meets: float


@dataclass(frozen=True)
class Option:
    """One way to ask. code: the role of an elasticity (numbers.AtElasticity), rate, income_share. yuan; yuan of 100 that each source pays,
    whole, and what is not covered; its sum, yuan; share of colleges under the class-hour fee, missing where not told."""

    code: str
    elasticity: float | None
    yuan: float
    per_hour: float
    paid: Mapping[str, float]
    unpaid: float
    under: float
    chosen: bool


def request(report: PayNumbers, side: int = 1) -> Request:
    """The rule: by the method in force; by elasticity not more than the class-hour fee gives; within the limit, less what is granted.
    side 0: the same under present rules, without an interval."""
    study, result, row = report.study, report.runs[side], (report.before, report.row)[side]
    net = report.filled("to_ask", row).state != "few"
    uplifts = {name: po.by_method(study, result, name) for name in METHODS}
    asked = {
        name: po.still_to_ask(result, uplift) if net else float(uplift.sum())
        for name, uplift in uplifts.items()
    }
    method = str(study.views("none")[side]["pay.uplift_method"])
    capped = method == "elasticity" and asked["rate"] < asked["elasticity"] - HALF_YUAN
    method = "rate" if capped else method
    whole, yuan = float(uplifts[method].sum()), asked[method]
    code = "uplift" if method == "income_share" else f"uplift_{method}"
    given = side == 1 and abs(whole - yuan) < HALF_YUAN
    reach = holding(report.ranges[code], yuan) if given else NO_RANGE
    return Request(
        method,
        capped,
        net,
        yuan,
        reach,
        float(ratio(yuan, row["pool"])),
        float(ratio(whole, row["added"])),
    )


def turning(report: PayNumbers) -> Turning:
    """Where the recommendation turns."""
    study, result, row = report.study, report.runs[1], report.row
    at = po.at_work(study, result)
    half = int(at.sum()) >= HALF
    required = result.served["required_elasticity"][at]
    value = float(np.median(required)) if half else po.required(study, result, report.hour_fees)
    yuan = float(po.at_elasticity(study, result, value).sum()) if np.isfinite(value) else value
    meets = po.elasticity_for(study, result, float(row["uplift_rate"]))
    return Turning(value, half, yuan, meets)


def options(report: PayNumbers) -> list[Option]:
    """The uplift at each elasticity that has a role, by the class-hour fee, and by income share where that is told."""
    asked = report.request
    ways = [(one.role, one.value, _uplift_at(report, one.value)) for one in report.by_elasticity]
    ways += [
        (name, None, po.by_method(report.study, report.runs[1], name))
        for name in ("rate", *(["income_share"] if report.income_told else []))
    ]
    chosen = report.taken.role if asked.method == "elasticity" else asked.method
    return [_option(report, code, value, uplift, code == chosen) for code, value, uplift in ways]


def _uplift_at(report: PayNumbers, elasticity: float | None) -> np.ndarray:
    study, result = report.study, report.runs[1]
    if elasticity is None:  # as the scheme sets it place by place
        return po.by_method(study, result, "elasticity")
    return po.at_elasticity(study, result, elasticity)


def _option(
    report: PayNumbers, code: str, elasticity: float | None, uplift: np.ndarray, chosen: bool
) -> Option:
    paid = po.paid_by(report.study, report.runs[1], report.view, uplift)
    whole = sum(paid.values())
    parts = shares(list(paid.values()), whole, decimals=0) if whole >= HALF_YUAN else []
    return Option(
        code,
        elasticity,
        float(uplift.sum()),
        float(ratio(uplift.sum(), report.row["added"])),
        {name: part for name, part in zip(paid, parts, strict=False) if part},
        paid["funding_gap"],
        report.under(uplift),
        chosen,
    )


def reaching(report: PayNumbers) -> tuple[np.ndarray, np.ndarray]:
    """Elasticities, and the share of colleges under the class-hour fee at each: steps of STEP from 0, only where none or enough colleges
    reach the fee since the step before."""
    study, result = report.study, report.runs[1]
    at, turn = po.at_work(study, result), report.turning.elasticity
    colleges = int(at.sum())
    last = max(1.0, STEP * np.ceil(turn / STEP) + STEP)
    steps, under = [0.0], [1.0]
    for value in np.arange(STEP, last + STEP / 2, STEP):
        now = report.under(po.at_elasticity(study, result, float(value)))
        newly = round((under[-1] - now) * colleges)
        if newly == 0 or newly >= report.least:
            steps.append(float(value))
            under.append(now)
    return np.array(steps), np.array(under)
