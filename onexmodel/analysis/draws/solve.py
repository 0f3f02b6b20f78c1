"""Which value of one knob reaches a target, with its interval — or that none does, or that every value does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

import numpy as np

from ...engine.places.local import Times
from ...engine.run import Prepared
from ...errors import Fault, ParameterError, nearest
from ...running.progress import Told, part, silent
from ..measures import (
    alone,
    can_be_computed,
    extent_of,
    known_measure,
    measure_words,
    span,
    written,
)
from ..statistics.precision import places, rounded
from ..study import Study
from .blocks import count_of
from .evaluate import evaluate
from .sample import interval

GRID, STEPS = 25, 40
EXACT, DRAWN = (
    1e-10,
    1e-5,
)  # how near an edge is found, as a share of the range: of the point, and of a draw, of which an interval keeps two digits
HALVINGS = int(
    np.ceil(np.log2(1 / DRAWN / (GRID - 1)))
)  # that bring a step of the grid down to that
CAP_SCALE, CENTRAL_AWARD = "cap_scale", "central_award"  # knobs that are not one parameter


@dataclass(frozen=True)
class Solution:
    """Where in the range the scheme's measure meets the target. `regions`: (low, high) of every part that does, in order; `kind`: nowhere,
    everywhere, point (one part, from an end of the range to `value`), interval (one part inside the range) or regions (several).
    `value`: the edge a planner asks for, the first from below, or the last where only the lower end meets it (`toward` down); nan
    where there is none. `low`, `high`: 80 % interval of that edge over the draws that have a solution, `solved` their share (nan
    without draws). `closest`: the value of the measure in the range that is nearest to the target."""

    measure: str
    target: float
    below: bool
    kind: str
    regions: tuple[tuple[float, float], ...]
    value: float
    toward: str
    low: float
    high: float
    solved: float
    closest: float


def solve(
    study: Study,
    knob: str,
    measure: str,
    target: float,
    below: bool,
    low: float,
    high: float,
    mode: str = "supply",
    drawn: Mapping[str, np.ndarray] | None = None,
    told: Told = silent,
) -> Solution:
    """The parts of [low, high] where the scheme's `measure` is ≤ target (`below`) or ≥ it. The range is looked at on a grid, so that a
    measure that is not monotone is seen to be so; edges are found by bisection between grid points. A part narrower than a grid
    step can be missed. Raises ParameterError for an unknown knob or measure, an empty range, or a measure without a value."""
    can_be_computed(study, known_measure(measure))
    if not low < high:
        raise ParameterError(Fault(f"范围 {low:g}—{high:g}", "下限应小于上限"))
    asked = _Question(
        study, knob_of(study, knob), measure, target, below, mode, np.linspace(low, high, GRID)
    )
    values = asked.on_grid({})[:, 0]
    if np.isnan(values).all():
        raise ParameterError(
            Fault(
                f"指标 {measure}",
                "在所给范围内没有数值（相应的人次、工作量或总量为零）",
                do="换一个指标，或核对数据",
            )
        )
    met = asked.meets(values)
    regions = asked.regions(met)
    ends = (low, high)
    kind = (
        "nowhere"
        if not regions
        else "everywhere"
        if regions == (ends,)
        else "regions"
        if len(regions) > 1
        else "point"
        if set(regions[0]) & set(ends)
        else "interval"
    )
    toward = "" if kind in ("nowhere", "everywhere") else "down" if regions[-1][0] == low else "up"
    value = float("nan") if not regions else regions[-1][1] if toward == "down" else regions[0][0]
    kept = {name: one for name, one in (drawn or {}).items() if name.replace("__", ".") != knob}
    edges = asked.edges(kept, toward, told) if kept else np.array([])
    reach = interval(edges) if toward else (float("nan"), float("nan"))
    return Solution(
        measure,
        target,
        below,
        kind,
        regions,
        value,
        toward,
        *reach,
        float(np.isfinite(edges).mean()) if kept else float("nan"),
        float(values[np.nanargmin(np.where(met, -1.0, np.abs(values - target)))]),
    )


@dataclass(frozen=True)
class _Question:
    """What is asked, and the grid it is looked at on."""

    study: Study
    turned: Callable
    measure: str
    target: float
    below: bool
    mode: str
    grid: np.ndarray

    def meets(self, values: np.ndarray) -> np.ndarray:
        """Do the values meet the target? A missing one does not."""
        return values <= self.target if self.below else values >= self.target

    def on_grid(self, drawn, told: Told = silent) -> np.ndarray:
        """(grid, draws) of the measure."""
        found = []
        for x in self.grid:
            found.append(_values(self.study, self.turned, self.measure, self.mode, x, drawn))
            told(len(found), GRID)
        return np.array(found)

    def regions(self, met: np.ndarray) -> tuple[tuple[float, float], ...]:
        """The parts of the range in which the grid meets the target, their inner edges found."""
        turns = np.flatnonzero(np.diff(np.r_[False, met, False].astype(int)))
        found = []
        for first, after in zip(turns[::2], turns[1::2], strict=True):
            low = (
                self.grid[0]
                if first == 0
                else self.edge(self.grid[first - 1], self.grid[first], {})[0]
            )
            high = (
                self.grid[-1]
                if after == len(met)
                else self.edge(self.grid[after], self.grid[after - 1], {})[0]
            )
            found.append((float(low), float(high)))
        return tuple(found)

    def edges(self, drawn, toward: str, told: Told = silent) -> np.ndarray:
        """(draws,): in each draw the first value from below that meets the target, or the last (`toward` down); nan where none does."""
        met = self.meets(self.on_grid(drawn, part(told, 0, GRID, GRID + HALVINGS)))
        if toward == "down":
            met = met[::-1]
        grid = self.grid[::-1] if toward == "down" else self.grid
        good = met.argmax(0)
        last = part(told, GRID, HALVINGS, GRID + HALVINGS)
        edges = self.edge(grid[np.maximum(good - 1, 0)], grid[good], drawn, DRAWN, last)
        return np.where(met.any(0), np.where(good == 0, grid[0], edges), np.nan)

    def edge(self, bad, good, drawn, near: float = EXACT, told: Told = silent) -> np.ndarray:
        """Where the measure crosses the target between a value that misses it and one that meets it; one a draw."""
        size = max(count_of(drawn), np.size(bad))
        bad, good = (np.broadcast_to(np.asarray(end, float), (size,)).copy() for end in (bad, good))
        for step in range(STEPS):
            told(step, HALVINGS)
            middle = (bad + good) / 2
            met = self.meets(
                _values(self.study, self.turned, self.measure, self.mode, middle, drawn)
            )
            good, bad = np.where(met, middle, good), np.where(met, bad, middle)
            if np.all(np.abs(good - bad) <= near * (self.grid[-1] - self.grid[0])):
                break
        return good


def knob_of(study: Study, knob: str) -> Callable:
    """knob → function(study, value) giving (study, values to turn): a numeric parameter, cap_scale (every cap times it) or
    central_award (yuan a year of the provincial pots in the place)."""
    if knob == CAP_SCALE:
        return lambda study, x: (study, {"fees.cap_index": Times(x)})
    if knob == CENTRAL_AWARD:
        return lambda study, x: (_with_pot(study, float(np.ravel(x)[0])), {})
    parameter = study.law.parameters.get(knob)
    if parameter is None or parameter.type != "number":
        numeric = [name for name, one in study.law.parameters.items() if one.type == "number"]
        raise ParameterError(
            Fault(
                f"--vary {knob}",
                "没有这个数值参数",
                nearest=nearest(knob, [*numeric, CAP_SCALE, CENTRAL_AWARD]),
                do=f"可用数值参数，或 {CAP_SCALE}、{CENTRAL_AWARD}",
            )
        )
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
    return replace(
        study,
        prepared=Prepared(
            study.prepared.year,
            study.prepared.baseline,
            made,
            made if same else study.prepared.priced,
        ),
    )


def _values(study: Study, turned, measure: str, mode: str, x, drawn) -> np.ndarray:
    """(draws,) of the scheme's measure with the knob at x: one number, or one a draw."""
    size = max(count_of(drawn), np.size(x))
    each = np.broadcast_to(np.ravel(np.asarray(x, float)), (size,))
    if (
        size > 1 and turned(study, each[:1])[0] is not study
    ):  # the knob changes tables: a draw at a time
        return np.array(
            [
                _values(
                    study,
                    turned,
                    measure,
                    mode,
                    each[i],
                    {name: values[i : i + 1] for name, values in drawn.items()},
                )[0]
                for i in range(size)
            ]
        )
    here = turned(study, float(each[0]))[0]
    return evaluate(
        here,
        alone(measure),
        drawn,
        mode,
        extent_of(measure),
        lambda knob: turned(here, knob)[1],
        each[:, None],
    ).after[measure]


def in_words(found: Solution, title: str, lang: str = "zh") -> str:
    """One sentence for a planner."""
    goal = f"{measure_words(found.measure)[lang != 'zh']} {'≤' if found.below else '≥'} {written(found.target, found.measure, lang)}"
    parts = [f"{low:.4g}{'至' if lang == 'zh' else '–'}{high:.4g}" for low, high in found.regions]
    value, reach = _value_and_reach(found, lang)
    near, share = written(found.closest, found.measure, lang), 100 * found.solved
    whole = np.isnan(found.solved) or (found.solved == 1 and found.kind != "nowhere")
    if lang == "zh":
        few = "" if whole else f"（假设变动时，{share:.0f}%的抽样在范围内有解）"
        said = {
            "nowhere": f"{title}在所给范围内取任何值都达不到 {goal}，最接近时为 {near}",
            "everywhere": f"{title}在所给范围内取任何值都满足 {goal}",
            "point": f"{title}{'至少' if found.toward == 'up' else '至多'}取 {value}{reach} 时，{goal}",
            "interval": f"{title}只在 {'、'.join(parts)} 之间{reach and '（下缘' + reach + '）'}满足 {goal}",
            "regions": f"{title}在 {'、'.join(parts)} 各段内满足 {goal}，其余取值不满足",
        }
        return f"{said[found.kind]}{few}。"
    few = "" if whole else f" ({share:.0f} % of the draws have a solution in the range)"
    said = {
        "nowhere": f"No value of {title} in the range reaches {goal}; the nearest is {near}",
        "everywhere": f"Every value of {title} in the range gives {goal}",
        "point": f"{goal} from {value}{reach} {'up' if found.toward == 'up' else 'down'} in {title}",
        "interval": f"{goal} only for {title} between {', '.join(parts)}{reach and ' (lower edge ' + reach + ')'}",
        "regions": f"{goal} for {title} in {', '.join(parts)} and nowhere else in the range",
    }
    return f"{said[found.kind]}{few}."


def _value_and_reach(found: Solution, lang: str) -> tuple[str, str]:
    """The edge and its interval as printed: the ends with the digits their width carries, the edge with one more, rounded to the side
    that meets the target; without an interval six digits of it."""
    text = f"{found.value:.6g}"
    if not np.isfinite([found.value, found.low, found.high]).all():
        return text, ""
    finest = max(0, -int(Decimal(text).as_tuple().exponent))  # its decimals
    low, high, decimals = rounded(found.low, found.high, finest, found.value)
    kept = min(finest, places(found.low, found.high, finest) + 1)
    rounding = ROUND_FLOOR if found.toward == "down" else ROUND_CEILING
    edge = Decimal(text).quantize(Decimal(1).scaleb(-kept), rounding)
    return f"{edge:f}", "" if low == high else span(
        f"{low:.{decimals}f}", f"{high:.{decimals}f}", lang
    )
