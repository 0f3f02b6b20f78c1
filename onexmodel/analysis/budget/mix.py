"""Who pays for what, why a gap is left though money is idle, and what one more yuan of each source closes: exact, by min-cut and by reruns of
the funding stage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from ...engine.pots import allowed_in, pots_of, shared_out
from ...engine.result import YearResult
from ...rules import funding as f
from ..draws.evaluate import Sides, evaluate
from ..headline import total
from ..study import Study
from .draws import funded, gaps_of
from .moved import after_moving

RAISE = 0.001  # of a limit, by which it is raised to see what a yuan of it closes: small, and far more than the fen awards are rounded to
POT = "pot_"  # before the name of a source: the province's own money of it, shared out by formula
HELD = 0.005  # yuan: a limit up to here is none


def lines_of(holders: np.ndarray, groups: Sequence[np.ndarray], least: int) -> list[str]:
    """Sources that somebody holds, in their order, those too few colleges hold put together, their names joined by +: in each group of colleges
    a line is held by nobody or by `least` and more, or there is one line left. holders (7, colleges) of bool, groups (colleges,) of bool each."""
    lines: list[tuple[int, ...]] = [(int(at),) for at in np.flatnonzero(holders.any(1))]

    def few(line: tuple[int, ...]) -> bool:
        held = holders[list(line)].any(0)
        return any(0 < (held & rows).sum() < least for rows in groups)

    def size(line: tuple[int, ...]) -> tuple[bool, int]:
        return not few(line), int(holders[list(line)].any(0).sum())

    while len(lines) > 1 and any(map(few, lines)):
        first, second, *rest = sorted(lines, key=size)
        lines = [*rest, tuple(sorted(first + second))]
    return ["+".join(f.SOURCES[at] for at in line) for line in sorted(lines)]


def sources_of(line: str) -> list[int]:
    """The sources of a line, numbered."""
    return [f.SOURCES.index(source) for source in line.split("+")]


def left_unpaid(study: Study, result: YearResult, view: Mapping, any_use: bool) -> np.ndarray:
    """(…,) yuan that stay unpaid once limits of public appropriations move between the colleges of a province (moved.py); `any_use`: and every
    source may pay every use."""
    allowed = allowed_in(result.compiled, view) | any_use
    scope = study.scope(result.compiled)["college"]
    return after_moving(result.served, result.compiled, scope, allowed, np.zeros(len(scope)))


def _gap(result: YearResult, view: Mapping, own: np.ndarray, pots: Mapping[str, np.ndarray]):
    """(…, colleges): the gap of the optimum with other own limits, (…, 7, colleges), or other pots, which are shared out anew."""
    shared = shared_out(result.served, result.compiled, view, own, pots)
    allowed = allowed_in(result.compiled, view)
    return f.total_gap(result.served["needs"], shared.by_source, allowed)


def closed_evenly(
    study: Study, result: YearResult, view: Mapping, lines: Sequence[str]
) -> dict[str, np.ndarray]:
    """line → yuan, (…,), by which the gap of the place falls for each yuan that its colleges' own limits of that line rise by,
    all in the same proportion; pot_⟨source⟩ → the same of the provinces' own money of the source, shared out by formula. Without what
    nobody in the place holds."""
    scope = study.scope(result.compiled)
    college, own = scope["college"], result.compiled.leaves["own_limits"]
    pots = pots_of(result.compiled)
    before = total(_gap(result, view, own, pots), college)
    made = {}
    for line in lines:
        more = np.zeros_like(own)
        at = sources_of(line)
        more[at] = RAISE * own[at] * college
        if more.sum() > 0:
            after = total(_gap(result, view, own + more, pots), college)
            made[line] = (before - after) / more.sum()
    for source, pot in pots.items():
        added = RAISE * float(pot[scope["province"]].sum())
        if added > 0 and not study.college:
            after = total(_gap(result, view, own, pots | {source: (1 + RAISE) * pot}), college)
            made[POT + source] = (before - after) / added
    return made


def closed_aimed(
    study: Study, result: YearResult, view: Mapping, lines: Sequence[str]
) -> pd.DataFrame:
    """A row a line: `most`, yuan that its money could take off the gap, were there any amount of it at each college; `closed`, yuan off the gap for
    each yuan given to colleges in proportion to that (nan where it is nothing)."""
    college = study.scope(result.compiled)["college"]
    own, pots = result.compiled.leaves["own_limits"], pots_of(result.compiled)
    allowed = allowed_in(result.compiled, view)
    gap, needs = _gap(result, view, own, pots), result.served["needs"]
    rows = {}
    for line in lines:
        at = sources_of(line)
        ample = result.served["limits"].copy()
        ample[at] += needs.sum(-2)
        room = np.where(college, np.maximum(0.0, gap - f.total_gap(needs, ample, allowed)), 0.0)
        most = float(room.sum())
        more = np.zeros_like(own)
        # a college takes the yuan by whichever source of the line may pay most uses
        more[max(at, key=lambda source: int(allowed[source].sum()))] = RAISE * room
        off = float((gap - _gap(result, view, own + more, pots))[college].sum())
        rows[line] = {"most": most, "closed": off / more.sum() if most > HELD else np.nan}
    return pd.DataFrame.from_dict(rows, orient="index", columns=["most", "closed"])


def mix_draws(study: Study, drawn: Mapping[str, np.ndarray], lines: Sequence[str]) -> Sides:
    """Yuan of the place in every draw, (draws,) each, without response: `need`, `available` (limits), `used`, `gap`, `waterfall_gap`,
    `order_loss`, `missing` (left_unpaid for any use); closed.⟨line⟩ as closed_evenly."""

    def measure(result: YearResult, scope, view) -> dict[str, np.ndarray]:
        result, college = funded(result, view), scope["college"]
        need, gaps = total(result.served["needs"].sum(-2), college), gaps_of(result, college)
        closed = closed_evenly(study, result, view, lines)
        return {
            "need": need,
            "available": total(result.served["limits"].sum(-2), college),
            "used": need - gaps["gap"],
            **gaps,
            "missing": left_unpaid(study, result, view, any_use=True),
            **{f"closed.{line}": value for line, value in closed.items()},
        }

    return evaluate(study, measure, drawn, "none")
