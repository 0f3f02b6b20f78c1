"""fee_cap: what a raise of the assessment-cost caps does to fees, service, spending and gaps. The numbers; the sentences are in
words.<lang>.j2, tables and figures in the modules beside."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from ...analysis import scheme as sc
from ...analysis import winners
from ...analysis.caps import adjustment as dynamic
from ...analysis.caps import study as cs
from ...analysis.draws.evaluate import headline_draws
from ...analysis.draws.sample import interval
from ...analysis.headline import (
    HEADLINES,
    binding_shares,
    headline,
    moves,
    pass_through_shares,
)
from ...analysis.measures import unknown
from ...analysis.peers import Peers
from ...analysis.response_basis import response_basis
from ...analysis.statistics.precision import HALF_FEN
from ...engine.result import YearResult
from ...rules.numbers import ratio
from ..common import Report
from ..front.change import Change, written
from ..front.opening import ACCOUNTS, opened
from ..make.gate import FeeCapParameters
from ..page.blocks import Block
from ..page.numbers import NumberFormat
from . import adjustment as adjustments
from . import advice, alone, closing, explorer, figures, tables
from . import decision as sheet
from . import front as summary
from .advice import Advice
from .areas import SERVICE
from .front import Told

SCALES = tuple(np.round(np.arange(0.6, 1.81, 0.1), 2))


@dataclass(frozen=True)
class FeeCap(Report):
    """One fee_cap report: numbers are computed when first asked for and kept with the report."""

    name = "fee_cap"
    measure = "college_outlay"
    topics = ("fees.", "response.", "volume.", "funding.")

    def last_result(self):
        """The baseline without response: what is reported upward is what is charged today, not what a scheme would make of it (higher
        caps hold every fee)."""
        return self.runs["none"][0]

    def headlines(self) -> dict[str, float]:
        """Every view taken, baseline and scheme, and the pass-through shares."""
        heads = {
            f"{mode}.{when}.{name}": value
            for mode, pair in self.heads.items()
            for when, head in zip(("baseline", "scenario"), pair, strict=True)
            for name, value in head.items()
        }
        passing = {} if self.lacks else self.passing
        return heads | {f"pass_through.{name}": value for name, value in passing.items()}

    @cached_property
    def scope(self):
        """Rows of the place."""
        return self.study.scope()

    @cached_property
    def scope_after(self):
        """The same in the scheme's tables."""
        return self.study.scope(self.study.prepared.scenario)

    @cached_property
    def touched(self):
        """What the scheme changes, and when."""
        return sc.touched(self.study)

    @cached_property
    def basis(self):
        """Can the organisations' response be judged on these data?"""
        found = response_basis(self.study)
        return replace(found, assessed=False) if self.lacks else found

    @cached_property
    def lacks(self) -> tuple[str, ...]:
        """What nobody filled in, without which no fee can be told to follow its cap: caps, costs (alone.py); () of a full report."""
        bare = sc.capless(self.study.pair("none")[0], self.scope)
        return ("caps",) * bare + ("costs",) * self.study.unfilled.no_costs

    @property
    def modes(self) -> tuple[str, ...]:
        """Views taken: without response, and with it where it can be judged."""
        return ("none", "supply") if self.basis.assessed else ("none",)

    @property
    def main(self) -> str:
        """The view that figures and comparisons take."""
        return self.modes[-1]

    @cached_property
    def runs(self) -> dict[str, tuple[YearResult, YearResult]]:
        """mode → (baseline, scheme)."""
        return {mode: self.study.pair(mode) for mode in self.modes}

    @cached_property
    def heads(self):
        """mode → (headlines of the baseline, of the scheme), plain floats."""
        return {
            mode: tuple(
                {
                    k: np.nan if k in self.left_out else float(v)
                    for k, v in headline(result, place).items()
                }
                for result, place in zip(pair, (self.scope, self.scope_after), strict=True)
            )
            for mode, pair in self.runs.items()
        }

    @cached_property
    def spread(self):
        """mode → (baseline, scheme) headlines and group outlays in every draw."""
        return {
            mode: tuple(
                {
                    name: np.full_like(one, np.nan) if name in self.left_out else one
                    for name, one in side.items()
                }
                for side in headline_draws(self.study, mode, self.drawn, self.groups)
            )
            for mode in self.modes
        }

    @cached_property
    def left_out(self) -> frozenset[str]:
        """Headlines that cannot be computed: nobody filled in what they rest on."""
        service = SERVICE if self.lacks else ()
        return (frozenset(unknown(self.study)) | {*service}) & set(HEADLINES)

    @cached_property
    def capless(self) -> float:
        """Share of planned candidates whose certificate has no cap on record: a change of caps does nothing there that one could tell."""
        bare = np.isnan(np.asarray(self.runs["none"][0].plan["cap"]))
        return float(ratio((self.weight * bare).sum(), self.weight.sum()))

    @property
    def funds(self) -> bool:
        """Are there funds on record, so that one can say what has a source?"""
        return not self.study.unfilled.no_funds

    @cached_property
    def ranges(self):
        """mode → name → 80 % interval of the change."""
        return {
            mode: {name: interval(after[name] - before[name]) for name in before}
            for mode, (before, after) in self.spread.items()
        }

    def change(self, mode: str, name: str) -> float:
        """Scheme − baseline of a headline."""
        before, after = self.heads[mode]
        return after[name] - before[name]

    def moves(self, name: str, mode: str = "") -> bool:
        """Does the scheme move a headline (in the view the report takes, if none is named)?"""
        return moves(name, self.change(mode or self.main, name))

    def changed(self, name: str) -> Change:
        """A headline before and after: service with the response, all else without."""
        mode = "supply" if name in SERVICE else "none"
        before, after = self.heads[mode]
        reach = self.ranges[mode][name]
        return Change(name, before[name], after[name], self.written(name), reach)

    def written(self, name: str) -> NumberFormat:
        """How a headline is written."""
        return written(self.writer, name)

    def exhibits(self, kind: str) -> dict[str, bool]:
        """What says nothing of one college, or cannot be judged, is left out."""
        alone, adjusted = self.writer.alone, bool(self.adjustment.years)
        if kind == "table":
            return {
                "views": True,
                "forms": not self.lacks,
                "binding": not self.lacks,
                "path": adjusted,
                "effect": adjusted and not self.lacks,
                "peers": alone and bool(self.peers.rows),
                "certificates": alone,
                "winners": not alone,
                "largest": self.writer.internal and not alone and tables.has_largest(self),
                "readings": True,
                "explorer": not explorer.left_out(self),
            }
        return {
            "fee": not self.lacks,
            "index": adjusted,
            "response": self.basis.assessed,
            "safety": self.basis.assessed and figures.has_organisations(self),
            "burden": self.funds and figures.has_burden(self),
            "groups": not alone and figures.has_groups(self),
            "strip": not alone and figures.has_strip(self),
            "tornado": figures.has_tornado(self),
        }

    @cached_property
    def advice(self) -> Advice:
        """What is recommended, and what would overturn it."""
        return advice.advice(self)

    @cached_property
    def told(self) -> Told:
        """What title, lead and conclusions speak of."""
        return summary.told(self)

    @cached_property
    def by_province(self) -> bool:
        """Are there provinces to set side by side?"""
        keys = self.study.prepared.baseline.keys["college"]
        return not self.study.province and keys["province"].nunique() > 1

    @cached_property
    def groups(self) -> np.ndarray:
        """A label a college: its province, or inside one province tier+ownership."""
        keys = self.study.prepared.baseline.keys["college"]
        if self.by_province:
            return keys["province"].to_numpy(object)
        return (keys["tier"] + "+" + keys["ownership"]).to_numpy(object)

    @cached_property
    def weight(self) -> np.ndarray:
        """(cells,) planned candidates of the place."""
        return sc.planned_weight(self.runs["none"][0], self.scope)

    @cached_property
    def fees_move(self) -> bool:
        """Does the scheme move any fee that is paid?"""
        before, after = (
            np.broadcast_to(result.plan["approved_fee"], self.weight.shape)
            for result in self.runs["none"]
        )
        return bool(np.nanmax(np.abs(after - before)[self.weight > 0], initial=0.0) > HALF_FEN)

    @cached_property
    def caps(self) -> tuple[str, float]:
        """(raise, lower, mixed, removed or none; the mean cap as a multiple of today's)."""
        return sc.cap_move(*self.runs["none"], self.weight)

    @cached_property
    def answered(self) -> dict[str, float]:
        """Share of sittings whose fee has no answer without a cap, and the mean fee of the others."""
        return sc.answered(*self.runs["none"], self.scope)

    @property
    def open(self) -> bool:
        """Has no fee an answer without a cap?"""
        return self.answered["share"] > sc.ALL

    @property
    def unjudged(self) -> float:
        """Share of planned sittings of which the data cannot tell how the fee follows the cap."""
        return self.passing.get("unjudged", 0.0)

    @cached_property
    def passing(self):
        """Share of planned sittings reached in full, in part, not at all; of published fees alone there is nothing to follow."""
        if self.lacks:
            return dict.fromkeys(("full", "partial", "none"), 0.0) | {"unmoved": 1.0, "given": 1.0}
        return pass_through_shares(self.runs["none"][1], self.scope)

    @cached_property
    def binds(self):
        """(baseline, scheme): share of planned sittings by the limit that decides."""
        return tuple(binding_shares(result, self.scope) for result in self.runs["none"])

    @cached_property
    def by_use(self):
        """use → yuan a year that colleges need more, mode none."""
        return sc.by_use(*self.runs["none"], self.scope, self.scope_after)

    @cached_property
    def burden(self) -> tuple[dict[str, float], dict[str, float]]:
        """(yuan by source in the baseline, yuan more in the scheme), mode none."""
        return cs.burden(self.study, "none")

    @property
    def borne(self) -> dict[str, float]:
        """Yuan more by source, mode none."""
        return self.burden[1]

    @cached_property
    def fee_sweep(self):
        """The same of fees and what decides them, mode none as on the first page."""
        return cs.cap_sweep(self.study, SCALES, "none")

    @cached_property
    def organisations(self):
        """Organisations with planned sittings here: break-even, mode supply."""
        return cs.supplier_break_even(self.study)

    @cached_property
    def swings(self):
        """Assumptions by how far each moves `moved_measure`, mode none; those that hardly do are left out."""
        return figures.swings(self)

    @cached_property
    def sweep(self):
        """Cap sweep, with intervals."""
        return cs.cap_sweep(self.study, SCALES, self.main, self.drawn)

    @cached_property
    def critical(self):
        """The cap at which unmet demand just meets the target."""
        return cs.cap_for_target(self.study, cs.TARGET_UNMET, self.drawn)

    @cached_property
    def changes(self):
        """College by college: cash, service, why."""
        return winners.college_changes(self.study, *self.runs[self.main])

    @cached_property
    def peers(self) -> Peers:
        """One college beside its peers."""
        return winners.cap_peers(self.study, *self.runs[self.main])

    @cached_property
    def moved_measure(self) -> str:
        """What the sensitivity is about: the first money the scheme moves, without response as on the first page; "" where it moves none."""
        return next(
            (
                name
                for name in ("fee_bill", "college_outlay", "funding_gap", "supplier_shortfall")
                if self.moves(name, "none")
            ),
            "",
        )

    @cached_property
    def adjustment(self):
        """Dynamic adjustment over the published years."""
        return dynamic.adjustment(self.study)

    def adjustment_tables(self) -> Block:
        """Index year by year, and what it does to the scheme."""
        path = adjustments.path_table(self)
        return path if self.lacks else path + adjustments.effect_table(self)

    def winners_tables(self) -> Block:
        """Groups and, in an internal report, the ten largest; of one college its place among its peers and its certificates."""
        if self.writer.alone:
            return tables.peers_table(self) + tables.fees_table(self)
        return tables.winners_table(self) + tables.largest_table(self)

    def fees_table(self) -> Block:
        """附表1; one college's certificates stand in the text."""
        return Block("") if self.writer.alone else tables.fees_table(self)

    # the notebook's other cells, each a function of the report
    front, decision, noted = summary.front, sheet.decision, closing.noted
    scheme, sobol, conclusions = closing.scheme_paragraphs, closing.sobol_words, closing.conclusions
    modes_table, forms_table = tables.modes_table, tables.forms_table
    binding_table, readings_table = tables.binding_table, tables.readings_table
    fee_figure, response_figure = figures.fee_figure, figures.response_figure
    safety_figure, burden_figure = figures.safety_figure, figures.burden_figure
    group_figure, strip_figure = figures.group_figure, figures.strip_figure
    tornado_figure, adjustment_figure = figures.tornado_figure, adjustments.figure
    explorer = explorer.explorer


def opened_report(asked: FeeCapParameters) -> FeeCap:
    """Open the report. Without caps or cost lines a raise of the caps cannot be told: what is asked by default gives way to a rise of the
    fees, all else is refused (alone.py). Raises OnexError with every fault of the step that fails."""
    report = _opened(asked)
    by_default = asked.scenario == FeeCapParameters.model_fields["scenario"].get_default(
        call_default_factory=True
    )
    if by_default and report.lacks:
        report = _opened(asked.model_copy(update={"scenario": [alone.RISE]}))
    alone.need_told(report)
    return report


def _opened(asked: FeeCapParameters) -> FeeCap:
    return FeeCap(**vars(opened(asked, (*ACCOUNTS, "workload"))))
