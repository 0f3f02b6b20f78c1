"""What fee_cap recommends, by a rule on the numbers of the run: today's caps, the scheme and the shipped schemes side by side, which of
them holds unmet demand to the target, and the number that would overturn it. No words: they are in words.<lang>.j2."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from ...analysis import scheme as sc
from ...analysis.caps import study as cs
from ...analysis.draws.sample import interval
from ...analysis.headline import headline
from ...analysis.statistics.precision import HALF_YUAN
from ...languages import in_language
from ..page.numbers import NO_RANGE

if TYPE_CHECKING:
    from .report import FeeCap

SCHEMES = ("cap_plus_10", "cap_plus_20", "cap_plus_50", "cap_removed")
NAN = float("nan")
PERSON = 0.5  # candidates: below this none more is examined


@dataclass(frozen=True)
class Option:
    """What can be chosen. `caps`: the mean cap as a multiple of today's, NaN where one is removed; `fee`: the mean approved fee; `bill`, `outlay`, `gap`: yuan a
    year more than today; all without response. With response, NaN where it cannot be judged: `paid`: yuan of fees more, `served`:
    candidates examined more, `unmet`: share of demand, `short`: yuan that organisations do not recover, `loose`: certificates whose
    organisation serves less than half. `unanswered`: share of sittings without an answer."""

    code: str
    title: str
    caps: float = 1.0
    fee: float = NAN
    bill: float = 0.0
    outlay: float = 0.0
    gap: float = 0.0
    paid: float = NAN
    served: float = NAN
    unmet: float = NAN
    short: float = NAN
    loose: float = NAN
    unanswered: float = 0.0

    @property
    def size(self) -> float:
        """How far the caps go up, for comparing options: `caps`, without end where a cap is removed."""
        return math.inf if math.isnan(self.caps) else self.caps

    @property
    def each(self) -> float:
        """Yuan of fees for each extra candidate examined, as far as it can be said (two digits); NaN where none more is examined, or no
        fee more paid for it. Of a fall: yuan less for each candidate fewer."""
        if not abs(self.served) >= PERSON or not self.paid / self.served > 0:
            return NAN
        return rough(self.paid / self.served)

    @property
    def unfunded(self) -> float:
        """Part of the outlay's change without a source, as a share; NaN where it has no such part."""
        gap = self.gap if abs(self.gap) >= HALF_YUAN else 0.0
        share = gap / self.outlay if abs(self.outlay) >= HALF_YUAN else NAN
        return share if 0 <= share <= 1.0005 else NAN


def rough(value: float, digits: int = 2) -> float:
    """The value with so many significant digits."""
    if not value or not math.isfinite(value):
        return value
    return round(value, digits - 1 - math.floor(math.log10(abs(value))))


@dataclass(frozen=True)
class Advice:
    """`verdict`: asleep (nothing of the scheme is in force), open (a cap is gone, its fees have no answer), unjudged (the response
    cannot be judged), alone (published fees alone: no caps or costs are on record), aside (fees stay), keep, adopt, other (another scheme), none (no scheme reaches the target), lower, hold (fees fall
    and service stays inside the target, or not). `chosen`: the option recommended; `given`: share of sittings on given limits;
    `uncovered`: yuan that organisations do not recover at the critical cap (NaN in one college's report: they serve the whole province);
    80 % intervals: `each_reach` of the scheme's `each`, `paid_reach` of `paid`, `served_reach` of `served`."""

    verdict: str
    target: float
    options: tuple[Option, ...]
    chosen: Option | None
    given: float
    uncovered: float = NAN
    each_reach: tuple[float, float] = NO_RANGE
    paid_reach: tuple[float, float] = NO_RANGE
    served_reach: tuple[float, float] = NO_RANGE

    @property
    def now(self) -> Option:
        """Today's caps."""
        return self.options[0]

    @property
    def scheme(self) -> Option:
        """The scheme the report is about."""
        return self.options[1]

    @property
    def few_given(self) -> bool:
        """Do fewer than half of the sittings rest on given limits?"""
        return self.given < 0.5


def judged(
    options: Sequence[Option], target: float, *, asleep: bool, moves: bool, assessed: bool
) -> tuple[str, Option | None]:
    """(verdict, what is recommended). options: today's caps, the scheme, others. `moves`: does the scheme move a fee? Of the options that
    hold unmet demand to the target the one that changes the caps least is recommended."""
    now, scheme = options[:2]
    if asleep:
        return "asleep", None
    if scheme.unanswered > 0:
        return "open", now if assessed else None
    if not moves:
        return "aside", None
    if not assessed:
        return "unjudged", None
    if scheme.fee < now.fee:
        return ("lower", scheme) if scheme.unmet <= target else ("hold", now)
    if now.unmet <= target:
        return "keep", now
    holding = [one for one in options[1:] if one.unmet <= target and not one.unanswered]
    if not holding:
        return "none", None
    least = min(
        holding, key=lambda one: round(one.size, 3)
    )  # the scheme, where another is as small
    return ("adopt" if least is scheme else "other"), least


def advice(report: FeeCap) -> Advice:
    """The options of the run and what follows from them."""
    asleep = report.touched.sleeps or not report.touched.areas
    options = (*_here(report), *(_shipped(report) if not asleep and not report.lacks else ()))
    verdict, chosen = judged(
        options,
        cs.TARGET_UNMET,
        asleep=asleep,
        moves=report.fees_move or report.caps[0] != "none" and report.unjudged > 0,
        assessed=report.basis.assessed,
    )
    verdict = "alone" if report.lacks and verdict == "unjudged" else verdict
    made = Advice(verdict, cs.TARGET_UNMET, options, chosen, report.passing["given"])
    if not report.basis.assessed:
        return made
    return replace(
        made,
        uncovered=NAN if report.writer.alone else _uncovered(report),
        each_reach=_each_reach(report),
        paid_reach=report.ranges["supply"]["fee_bill"],
        served_reach=report.ranges["supply"]["served"],
    )


def _here(report: FeeCap) -> Iterable[Option]:
    """Today's caps and the report's scheme."""
    heads, runs = report.heads, report.runs
    today = report.words.alone_today if report.lacks else report.words.today
    yield _option("now", today, 1.0, heads, heads, runs, report, 0)
    caps = report.caps[1] if report.caps[0] != "none" else 1.0
    made = _option("scheme", report.title, caps, heads, heads, runs, report, 1)
    yield replace(made, unanswered=report.answered["share"])


def _shipped(report: FeeCap) -> Iterable[Option]:
    """The shipped schemes that the report is not about."""
    asked = {one.id for one in report.study.composition.scenarios}
    for name in SCHEMES:
        if name in asked:
            continue
        other = report.study.with_composition([name])
        runs = {mode: other.pair(mode) for mode in report.modes}
        scopes = other.scope(), other.scope(other.prepared.scenario)
        heads = {
            mode: tuple(
                {k: float(v) for k, v in headline(one, scope).items()}
                for one, scope in zip(pair, scopes, strict=True)
            )
            for mode, pair in runs.items()
        }
        answered = sc.answered(*runs["none"], scopes[0])["share"]
        _, caps = sc.cap_move(*runs["none"], sc.planned_weight(runs["none"][1], scopes[1]))
        title = in_language(other.composition.scenarios[-1].title, report.writer.language)
        made = _option(name, title, caps, report.heads, heads, runs, report, 1)
        yield replace(made, unanswered=answered)


def _option(code, title, caps, today, heads, runs, report, at: int) -> Option:
    """An option of the headlines `heads`, seen from `today`'s; `at`: 0 the baseline, 1 the scheme."""
    before, after = today["none"][0], heads["none"][at]
    made = Option(
        code,
        title,
        caps,
        after["mean_approved_fee"],
        *(after[name] - before[name] for name in ("fee_bill", "college_outlay", "funding_gap")),
    )
    if "supply" not in heads:
        return made
    before, after = today["supply"][0], heads["supply"][at]
    return replace(
        made,
        paid=after["fee_bill"] - before["fee_bill"],
        served=after["served"] - before["served"],
        unmet=after["unmet_share"],
        short=after["supplier_shortfall"],
        loose=float(cs.loose_certificates(runs["supply"][at], report.scope)),
    )


def _each_reach(report: FeeCap) -> tuple[float, float]:
    """80 % interval of the yuan for each extra candidate; NaN where some draw examines none more."""
    before, after = report.spread["supply"]
    paid, served = (np.ravel(after[name] - before[name]) for name in ("fee_bill", "served"))
    if not len(served) or not (np.abs(served) >= PERSON).all() or not (paid / served > 0).all():
        return NO_RANGE
    low, high = interval(paid / served)
    return rough(low), rough(high)


def _uncovered(report: FeeCap) -> float:
    """Yuan that organisations do not recover at the critical cap; NaN where there is none."""
    point = report.critical.point
    return cs.uncovered_at(report.study, point) if np.isfinite(point) else NAN
