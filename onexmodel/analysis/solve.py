"""Which value of one knob reaches a target, with its interval — or that none does, or that every value does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from ..engine.run import Prepared
from ..errors import Fault, ParameterError, nearest
from .blocks import blocks, count_of
from .measures import known_measure, measured
from .study import Study
from .uncertainty import interval

GRID, STEPS = 25, 40
CAP_SCALE, CENTRAL_AWARD = "cap_scale", "central_award"  # knobs that are not one parameter


@dataclass(frozen=True)
class Solution:
    """`kind`: point (the target is met from `value` on, toward `toward`), interval (met between `value` and `upper` only), everywhere,
    nowhere. `low`, `high`: 80 % interval of `value` over the draws that have one; `solved`: their share; `closest`: the value of the
    measure that comes nearest to the target in the range."""

    knob: str
    measure: str
    target: float
    below: bool
    kind: str
    value: float
    upper: float
    toward: str
    low: float
    high: float
    solved: float
    closest: float


def solve(study: Study, knob: str, measure: str, target: float, below: bool, low: float, high: float, mode: str = "supply",
          drawn: Mapping[str, np.ndarray] | None = None) -> Solution:
    """The part of [low, high] where the scheme's `measure` is ≤ target (`below`) or ≥ it. The range is first looked at on a grid, so
    that a measure that is not monotone is seen to be so; edges are then found by bisection. Raises ParameterError for an unknown
    knob or measure, or an empty range."""
    known_measure(measure)
    if not low < high:
        raise ParameterError(Fault(f"范围 {low:g}—{high:g}", "下限应小于上限"))
    turned = knob_of(study, knob)
    fixed = {name: values for name, values in (drawn or {}).items() if name.replace("__", ".") != knob}
    xs = np.linspace(low, high, GRID)
    point = np.array([_values(study, turned, measure, mode, x, {})[0] for x in xs])
    met = point <= target if below else point >= target
    closest = float(point[np.nanargmin(np.where(met, -1.0, np.abs(point - target)))])
    made = {"knob": knob, "measure": measure, "target": target, "below": below, "upper": float("nan"), "low": float("nan"), "high": float("nan"),
            "solved": 1.0, "closest": closest, "toward": ""}
    if met.all() or not met.any():
        return Solution(kind="everywhere" if met.all() else "nowhere", value=low if met.all() else float("nan"), **{**made, "solved": float(met.all())})
    runs = np.flatnonzero(np.diff(np.r_[False, met, False].astype(int)))
    first, last = int(runs[0]), int(runs[1]) - 1
    if last < GRID - 1 and first == 0:  # met at the lower end only: the edge that counts is the last good value
        edge = _edge(study, turned, measure, mode, target, below, xs[last + 1], xs[last], {})[0]
        ends, made = (xs[last + 1], xs[last]), {**made, "toward": "down"}
        value, kind = edge, "point"
    else:
        value = _edge(study, turned, measure, mode, target, below, xs[first - 1], xs[first], {})[0]
        ends, kind = (xs[0], xs[first]), "point" if last == GRID - 1 else "interval"
        made = {**made, "toward": "up"}
        if kind == "interval":
            made["upper"] = float(_edge(study, turned, measure, mode, target, below, xs[last + 1], xs[last], {})[0])
    if fixed:
        edges = _draw_edges(study, turned, measure, mode, target, below, (low, high) if made["toward"] == "up" else (high, low), fixed)
        made["low"], made["high"] = interval(edges)
        made["solved"] = float(np.isfinite(edges).mean())
    return Solution(kind=kind, value=float(value), **made)


def knob_of(study: Study, knob: str) -> Callable:
    """knob → function(study, value) giving (study, values to turn): a numeric parameter, cap_scale (every cap times it) or
    central_award (yuan a year of the provincial pots in the place)."""
    if knob == CAP_SCALE:
        return lambda study, x: (study, {"fees.cap_index": x * study.views()[1]["fees.cap_index"]})
    if knob == CENTRAL_AWARD:
        return lambda study, x: (_with_pot(study, float(np.ravel(x)[0])), {})
    parameter = study.law.parameters.get(knob)
    if parameter is None or parameter.type != "number":
        numeric = [name for name, one in study.law.parameters.items() if one.type == "number"]
        raise ParameterError(Fault(f"--vary {knob}", "没有这个数值参数", nearest=nearest(knob, [*numeric, CAP_SCALE, CENTRAL_AWARD]), do=f"可用数值参数，或 {CAP_SCALE}、{CENTRAL_AWARD}"))
    return lambda study, x: (study, {knob: x})


def _with_pot(study: Study, amount: float) -> Study:
    """The study with the central pots of its provinces adding to `amount`, in proportion to what they are (or to students)."""
    compiled = study.prepared.scenario
    inside = study.scope(compiled)["province"]
    pots = np.where(inside, compiled.leaves["pot_central_award"], 0.0)
    if not pots.sum():
        pots = compiled.space.maps["college", "province"].sum(compiled.leaves["students"]) * inside
    leaves = {**compiled.leaves, "pot_central_award": amount * pots / pots.sum()}
    made = replace(compiled, leaves=leaves)
    same = study.prepared.priced is compiled
    return replace(study, prepared=Prepared(study.prepared.year, study.prepared.baseline, made, made if same else study.prepared.priced))


def _values(study: Study, turned, measure: str, mode: str, x, drawn) -> np.ndarray:
    """(draws,) of the scheme's measure with the knob at x: one number, or one a draw."""
    size = max(count_of(drawn), np.size(x))
    each = np.broadcast_to(np.ravel(np.asarray(x, float)), (size,))
    if size > 1 and turned(study, each[:1])[0] is not study:  # the knob changes tables: a draw at a time
        return np.array([_values(study, turned, measure, mode, each[i], {name: values[i: i + 1] for name, values in drawn.items()})[0] for i in range(size)])
    parts = []
    for part in blocks(study, {**drawn, "\0knob": each[:, None]}):
        knob = part.pop("\0knob")
        here, changes = turned(study, knob if len(knob) > 1 else float(knob[0, 0]))
        before, after = here.turned(changes, mode, **part)
        _, result = here.prepared.evaluate(before, after)
        found = measured(result, here.scope(here.prepared.scenario), after)[measure]
        parts.append(np.broadcast_to(np.ravel(found), (len(knob),)))
    return np.concatenate(parts)


def _edge(study, turned, measure, mode, target, below, bad, good, drawn) -> np.ndarray:
    """Where the measure crosses the target between a value that misses it and one that meets it; one a draw."""
    size = max(count_of(drawn), np.size(bad))
    bad, good = np.broadcast_to(np.asarray(bad, float), (size,)).copy(), np.broadcast_to(np.asarray(good, float), (size,)).copy()
    for _ in range(STEPS):
        middle = (bad + good) / 2
        values = _values(study, turned, measure, mode, middle, drawn)
        met = values <= target if below else values >= target
        good, bad = np.where(met, middle, good), np.where(met, bad, middle)
        if np.all(np.abs(good - bad) <= 1e-9 * np.maximum(1.0, np.abs(good))):
            break
    return good


def _draw_edges(study, turned, measure, mode, target, below, ends, drawn) -> np.ndarray:
    """The edge in every draw: the far end where already the near one meets the target, nan where even the far one misses it."""
    near, far = ends
    at = {name: _values(study, turned, measure, mode, x, drawn) for name, x in (("near", near), ("far", far))}
    met = {name: values <= target if below else values >= target for name, values in at.items()}
    edges = _edge(study, turned, measure, mode, target, below, near, far, drawn)
    return np.where(met["near"], near, np.where(met["far"], edges, np.nan))


def in_words(found: Solution, title: str, lang: str = "zh") -> str:
    """One sentence for a planner."""
    sign = "≤" if found.below else "≥"
    goal = f"{found.measure} {sign} {found.target:g}"
    reach = f"〔{found.low:.4g}—{found.high:.4g}〕" if np.isfinite(found.low) else ""
    few = (f"；{100 * found.solved:.0f}%的抽样有解" if lang == "zh" else f"; {100 * found.solved:.0f} % of the draws have a solution") if found.solved < 1 and found.kind in ("point", "interval") else ""
    if lang == "zh":
        return {"nowhere": f"{title}在所给范围内取任何值都达不到 {goal}，最接近时为 {found.closest:.4g}。", "everywhere": f"{title}在所给范围内取任何值都满足 {goal}。",
                "point": f"{title}{'至少' if found.toward == 'up' else '至多'}取 {found.value:.6g}{reach} 时，{goal}{few}。",
                "interval": f"{title}取 {found.value:.6g}{reach} 到 {found.upper:.6g} 之间时，{goal}；超出这一区间又不满足{few}。"}[found.kind]
    return {"nowhere": f"No value of {title} in the range reaches {goal}; the nearest is {found.closest:.4g}.", "everywhere": f"Every value of {title} in the range gives {goal}.",
            "point": f"{goal} from {found.value:.6g}{reach} {'up' if found.toward == 'up' else 'down'} in {title}{few}.", "interval": f"{goal} for {title} between {found.value:.6g}{reach} and {found.upper:.6g} only{few}."}[found.kind]
