"""cost_reduction: what levers save, in cash and in resources, with quality guaranteed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from ...analysis.draws.sample import interval
from ...analysis.items import cost_factors, item_costs
from ...analysis.levers.draws import deciding, saving_draws
from ...analysis.levers.study import evaluate_levers, fixed_changes, read_levers, savings_curve
from ...errors import Fault, ParameterError
from ...languages import in_language
from ...law import list_scenarios
from ..annex.notes import Note
from ..common import Report
from ..front.opening import ACCOUNTS, opened
from ..make.gate import CostReductionParameters
from ..page.blocks import Block, paragraphs
from ..page.charts import item_bars, swing_block
from ..page.rounding import fitted
from ..page.words import ITEMS, TIERS
from ..page.writer import SMALL
from . import figures, front, numbers, tables


@dataclass(frozen=True)
class CostReduction(Report):
    """One cost_reduction report; the levers are scenario files."""

    levers: tuple[str, ...] = ()
    intensity: float = 1.0
    drawn: Mapping[str, np.ndarray] = field(default_factory=dict)

    name = "cost_reduction"
    measure = "cash_per_candidate"
    topics = (
        "quality.",
        "workload.",
        "fees.reverify",
        "volume.",
        "funding.discount_rate",
        "pay.elasticity",
        "pay.uplift",
    )

    @cached_property
    def found(self):
        """The lever study; its table with each lever's title."""
        made = evaluate_levers(self.study, read_levers(self.levers), self.intensity)
        levers, language = made.bench.levers, self.writer.language
        titles = [in_language(levers[one].title, language) for one in made.table["lever"]]
        return replace(made, table=made.table.assign(title=titles))

    @cached_property
    def run(self):
        """The baseline, no response."""
        return self.study.pair("none")[0]

    def last_result(self):
        """The baseline."""
        return self.run

    @property
    def varies(self) -> bool:
        """Do the levers have an intensity?"""
        return not fixed_changes(list(self.found.bench.levers.values()))

    @cached_property
    def curve(self):
        """The package at each intensity."""
        return savings_curve(self.found)

    @cached_property
    def draws(self):
        """Savings in every draw."""
        return saving_draws(self.found, self.drawn, int(self.parameters["seed"]))

    @cached_property
    def ranges(self) -> dict[str, tuple[float, float]]:
        """80 % intervals of saving, net saving, shares."""
        return {name: interval(self.draws[name].to_numpy()) for name in self.draws}

    @cached_property
    def package(self) -> numbers.Package:
        """What the levers do together."""
        return numbers.package(self.found, self.study, self.ranges)

    @cached_property
    def kept(self) -> dict[str, numbers.Kept]:
        """held, reverified → who keeps the saving."""
        return numbers.kept_parts(self.found)

    @cached_property
    def items(self):
        """Item × bearer, yuan."""
        return item_costs(self.run, self.study.scope(), cost_factors(self.study))

    @cached_property
    def spare(self) -> numbers.Spare:
        """Unused staff capacity."""
        return numbers.spare(self.study, self.run, self.drawn, self.writer.internal)

    def headlines(self) -> dict[str, float]:
        """Joint savings with their intervals, shares, refusals."""
        heads = {f"joint.{k}": float(v) for k, v in self.found.joint.items()} | {
            f"baseline.{k}": float(v) for k, v in self.found.baseline.items()
        }
        heads |= {
            f"{name}.{end}": value
            for name in ("cash", "economic", "net")
            for end, value in zip(("p10", "p90"), self.ranges[name], strict=True)
        }
        return heads | {
            f"{row.lever}.{k}": float(getattr(row, k))
            for row in self.found.table.itertuples()
            for k in ("cash_shapley", "economic_shapley", "refused")
        }

    def front(self) -> Block:
        """Summary page."""
        return front.front(self)

    def noted(self) -> list[Note]:
        """Trees of the key figures."""
        return front.noted(self)

    def _figure(self, at: int, finding: str, draw: Callable[[], str], note: str) -> Block:
        return self.writer.figure(self.label("figure", at), finding, draw, note, self.source)

    def _table(self, at: int, name: str, rows, note: str, total: bool = False) -> Block:
        said = self.words.tables[name]
        return self.writer.table(
            self.label("table", at),
            said["caption"],
            said["columns"],
            rows,
            note,
            self.source,
            total,
            columns=tables.COLUMNS[name],
        )

    def item_table(self) -> Block:
        """表1: cost by item and bearer."""
        note = self.words.item_note(self.spare)
        return self._table(1, "items", tables.item_rows(self), note, total=True)

    def item_figure(self) -> Block:
        """图1: cost per candidate by item."""
        rows = numbers.item_each(self.items, self.found.baseline["candidates"])
        each = rows["organisation"] + rows["college"]
        top = self.writer.word(ITEMS, rows.loc[each.idxmax(), "item"])
        return self._figure(
            1,
            self.words.item_finding(top, each.max() / each.sum()),
            lambda: item_bars(self.writer, rows),
            self.words.item_figure_note(),
        )

    def step_figure(self) -> Block:
        """图2: unit cost against candidates."""
        words, steps = self.words, numbers.steps(self.study, 1 if self.writer.internal else SMALL)
        if steps is None:
            return paragraphs(words.no_steps())
        return self._figure(
            2,
            words.step_finding(steps, numbers.MOST),
            lambda: figures.step_curve(words, steps),
            words.step_note(steps),
        )

    def capacity_figure(self) -> Block:
        """图3: used and unused capacity."""
        words, spare = self.words, self.spare
        tiers = [group.split("+") if group != "all" else [] for group in spare.rows["group"]]
        rows = spare.rows.assign(
            name=[words.group([self.writer.word(TIERS, one) for one in group]) for group in tiers],
            worth=fitted(spare.rows["cost"]),
            **{name: spare.rows[name] / 1e4 for name in ("baseline", "added", "capacity")},
        )
        return self._figure(
            3,
            words.capacity_finding(spare, SMALL),
            lambda: figures.capacity_bars(words, rows, spare.shown and spare.idle > 0),
            words.capacity_note(),
        )

    def quality_table(self) -> Block:
        """表2: quality indicators against their floors."""
        refusals = self.found.refusals
        note = self.words.quality_note(
            self.package.moves_pass_rate,
            self.found.bench.view["quality.pass_rate_drop_max"],
            int(refusals.loc[refusals["jointly"].astype(bool), "colleges"].sum()),
        )
        return self._table(2, "quality", tables.quality_rows(self), note)

    def lever_table(self) -> Block:
        """表3: the levers."""
        note = self.words.lever_note()
        return self._table(3, "levers", tables.lever_rows(self), note, total=True)

    def waterfall_figure(self) -> Block:
        """图4: from baseline to scheme."""
        words, found, package = self.words, self.found, self.package
        start, end = round(package.before, 1), round(package.after, 1)
        parts = found.table["cash_shapley"] / found.baseline["candidates"]
        saved = fitted(parts, start - end, unit=1.0)
        pairs = list(zip(found.table["title"], saved, strict=True))
        return self._figure(
            4,
            words.waterfall_finding(package),
            lambda: figures.waterfall(words, start, pairs, end),
            words.waterfall_note(),
        )

    def kept_table(self) -> Block:
        """表4: who keeps the saving."""
        return self._table(4, "kept", tables.kept_rows(self), self.words.kept_note())

    def curve_figure(self) -> Block:
        """图5: lever cost curve."""
        words, table = self.words, self.found.table
        table = table[table["cash_shapley"] > numbers.SOME]
        if table.empty:
            return paragraphs(words.no_curve())
        table = table.assign(
            name=table["title"], per_yuan=table["one_off_yearly"] / table["cash_shapley"]
        ).sort_values("per_yuan", kind="stable")
        worth = int((table["per_yuan"] <= 1).sum())
        return self._figure(
            5,
            words.curve_finding(len(table), worth),
            lambda: figures.cost_curve(words, table),
            words.curve_note(),
        )

    def intensity_figure(self) -> Block:
        """图6: savings curve."""
        words, curve = self.words, self.curve
        if curve.empty:
            return paragraphs(words.no_intensity())
        cash = curve.set_index("intensity")["cash"]
        half, full = float(cash.loc[0.5]), float(cash.loc[1.0])
        return self._figure(
            6,
            words.intensity_finding(half, full, full > numbers.SOME),
            lambda: figures.savings_lines(words, curve, self.intensity),
            words.intensity_note(),
        )

    def deciding_figure(self) -> Block:
        """图7: what the saving hangs on."""
        frame = deciding(self.found, self.study, self.curve)
        return swing_block(
            self.writer,
            self.label("figure", 7),
            frame,
            self.found.joint["cash"],
            self.words.cash_saving,
            self.source,
            self._resources_hang_on(),
        )

    def _resources_hang_on(self) -> str:
        top = numbers.resources_hang_on(self.found, self.study, self.curve)
        if top is None:
            return ""
        return self.words.gap + self.words.resources_hang_on(
            top[self.writer.lang], top, sorted((top.p10, top.p90)), self.found.joint["economic"]
        )

    def conditions_table(self) -> Block:
        """表5: who does what, on what evidence."""
        said = self.words.tables["conditions"]
        return self.writer.table(
            self.label("table", 5),
            said["caption"],
            said["columns"],
            tables.condition_rows(self),
            text=True,
        )

    def conclusions(self) -> Block:
        """七: conclusions."""
        return front.conclusions(self)


def opened_report(asked: CostReductionParameters) -> CostReduction:
    """Open the report; without `levers` the shipped six. Raises OnexError with every fault of the step that fails."""
    made = opened(asked, (*ACCOUNTS, "workload"))
    study, base = made.study, made.study.prepared.baseline
    at_work = study.scope()["offering"] & (base.leaves["planned_candidates"] > 0)
    planned = base.keys["offering"]["college"][at_work].nunique()
    if planned < (1 if made.writer.internal else SMALL):
        raise ParameterError(
            Fault(
                "报告范围",
                f"有开考计划的院校只有 {planned} 所"
                + ("" if made.writer.internal else f"，流转版不足{SMALL}所不予显示"),
                do="扩大范围；内部使用请设 internal（--internal）",
            )
        )
    shipped_levers = (name for name in list_scenarios() if name.startswith("lever_"))
    levers = tuple(asked.levers) or tuple(shipped_levers)
    return CostReduction(study, made.writer, made.parameters, levers, asked.intensity, made.drawn)
