"""province_comparison: fee levels and costs of provinces side by side, and how far they can be compared."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd

from ...analysis.budget.study import cut_off
from ...analysis.draws.sample import interval
from ...analysis.provinces import study as pc
from ...analysis.provinces.factors import decomposition
from ...analysis.provinces.stakes import Stakes, planning_colleges, stakes
from ...analysis.study import place_of
from ...engine.accounts.ledger import settlement_ledger
from ...errors import Fault, ParameterError
from ..common import SchemeReport
from ..front.opening import default_place, opened, place_names
from ..make.gate import ComparisonParameters
from ..page.blocks import Block, bullets
from ..page.numbers import NO_RANGE
from ..page.writer import SMALL
from . import advice, figures, numbers, tables
from . import decision as sheet
from . import front as summary
from .advice import Advice


@dataclass(frozen=True)
class ProvinceComparison(SchemeReport):
    """One province_comparison report; `focus`: the province its first sentence is about ("" where the data have none such)."""

    focus: str = ""

    name = "province_comparison"
    measure = "outlay_per_candidate"
    topics = ("compare.", "fees.", "volume.", "settlement.")

    @cached_property
    def fees(self):
        """Approved fees by province and product."""
        return pc.fee_table(self.study, self.runs[1])

    @cached_property
    def compared(self):
        """(fee levels, a row a province; the comparison's own result)."""
        return pc.fee_levels(self.fees, self.view)

    @cached_property
    def levels(self):
        """Fee levels, a row a province."""
        return self.compared[0]

    @cached_property
    def quality(self):
        """What the data hold, a row a province."""
        return pc.data_quality(self.study, self.runs[1])

    @cached_property
    def really_comparable(self) -> bool:
        """Do two places publish a fee of the same certificate and level?"""
        published = pc.published_fees(tables.read_published())
        return bool(np.isfinite(pc.fee_levels(published, self.view)[0]["level"]).any())

    @cached_property
    def lead(self) -> numbers.Lead:
        """What the first sentences are about."""
        return numbers.lead(self)

    @property
    def reach(self) -> tuple[float, float]:
        """The interval of the focus's level."""
        return self.lead.reach

    @cached_property
    def stakes(self) -> Stakes:
        """The money behind the focus's level."""
        colleges = planning_colleges(self.runs[1], self.focus)
        level = self.levels["level"].iloc[self.at]
        return stakes(self.fees, self.at, level, colleges, self.least)

    @cached_property
    def advice(self) -> Advice:
        """The recommendation of the run."""
        return advice.advice(self)

    @cached_property
    def colleges(self):
        """Outlay a candidate, a row a college."""
        return pc.college_outlay(self.study, self.runs[1])

    @cached_property
    def table(self):
        """A row a province."""
        return pc.provinces(self.study, self.runs[1], self.colleges, self.view)

    @cached_property
    def shown(self):
        """The provinces a circulated report may show singly."""
        return self.table[self.writer.may_show(self.table["colleges"])].reset_index(drop=True)

    @cached_property
    def parts(self):
        """Shapley parts of each province's difference."""
        return decomposition(self.study, self.runs[1])

    @cached_property
    def spread(self):
        """Gini, Theil and concentration."""
        return pc.inequality(self.study, self.colleges, self.table)

    @cached_property
    def ledger(self):
        """The accounts at the settlement deadline, or at the end of the year where all records are later."""
        day = cut_off(self.study, date.fromisoformat(str(self.view["settlement.deadline"])))
        tables = self.study.tables
        if not len(tables["payments"]):  # not filled in: what is paid is not known
            tables = tables.with_frames({"assessments": tables["assessments"].iloc[:0]})
        return settlement_ledger(tables, self.view, day)

    @property
    def settled(self) -> float:
        """Share of what is payable that is paid, all provinces; nan without accounts."""
        return self.ledger.rate

    @cached_property
    def drawn_level(self) -> tuple[float, float]:
        """80 % interval of the focus's level over the assumptions."""
        return (
            interval(pc.level_draws(self.study, self.drawn)[:, self.at])
            if self.at >= 0
            else NO_RANGE
        )

    @property
    def at(self) -> int:
        """The focus among the places, −1 where there is none or it may not be shown."""
        return (
            self.fees.places.index(self.focus) if self.focus in set(self.shown["province"]) else -1
        )

    @property
    def nation(self) -> float:
        """Outlay a candidate of all colleges, yuan."""
        return float(self.colleges["outlay"].sum() / self.colleges["served"].sum())

    def place_names(self, codes) -> list[str]:
        """Names of provinces."""
        return place_names(self.study, self.writer, codes)

    def headlines(self) -> dict[str, float]:
        """Fee levels, outlay and inequality."""
        made = {
            "outlay_per_candidate": self.nation,
            "small": int(self.table["small"].sum()),
            **{f"spread.{name}": value for name, value in self.spread.items()},
        }
        made |= {
            f"level.{row.province}": float(row.level)
            for row in self.levels.itertuples()
            if row.province in set(self.shown["province"])
        }
        return made | {f"each.{row.province}": float(row.each) for row in self.shown.itertuples()}

    @property
    def small(self) -> pd.Series:
        """province → is its sample small (§9: under five colleges or thirty candidates; none served counts as small)?"""
        return (
            self.table.set_index("province")["small"]
            .reindex(self.fees.places, fill_value=True)
            .astype(bool)
        )

    @property
    def within(self) -> float:
        """Share of the inequality between colleges that lies within provinces; nan where there is none or one province."""
        return (
            self.spread["within"] / self.spread["total"]
            if len(self.table) > 1 and self.spread["total"] > 1e-9
            else float("nan")
        )

    @property
    def place(self) -> str:
        """The focus's name, "" where there is none."""
        return self.place_names([self.focus])[0] if self.at >= 0 else ""

    @property
    def unranked(self) -> bool:
        """Simulated rows are never ranked."""
        return self.writer.simulated or bool(self.writer.label)

    @cached_property
    def key_figures(self) -> list[tuple]:
        """(key figure, its tree), what there is."""
        return summary.key_figures(self)

    def keys(self) -> list[tuple]:
        """Key figures with their note numbers."""
        return [(*key, i) for i, (key, _) in enumerate(self.key_figures, start=1)]

    def exhibits(self, kind: str) -> dict[str, bool]:
        """Figures are drawn where there are provinces enough."""
        if kind == "figure":
            return figures.drawn(self)
        shown = ("yardsticks", "quality", "published", "levels", "cost", "settlement", "parts")
        left_out = {
            "yardsticks": self.lead.case != "focus",
            "settlement": self.ledger.batches.empty,
        }
        return {name: not left_out.get(name) for name in shown}

    def mark(self, province: str) -> str:
        """The mark of a small sample, "" where the province's is none."""
        return self.words.small_mark if self.small.get(province, True) else ""

    def record_titles(self) -> dict[str, str]:
        """Names of what was asked for: the province the report is about too, though the report holds all of them."""
        return super().record_titles() | ({self.focus: self.place} if self.place else {})

    def basket(self) -> Block:
        """一: what is compared, and what each yardstick says of the own province."""
        words, fees = self.words, self.fees
        least = self.view["compare.min_colleges"], self.view["compare.min_candidates"]
        said = [
            words.compared(len(fees.places), len(set(fees.labels)), len(fees.products)),
            words.outlay_is(),
            words.small_is(*least, SMALL),
            words.intervals_are(),
            words.ranking(self.unranked, self.called("table", "levels")),
        ]
        return bullets(said) + tables.yardsticks(self)

    def conclusions(self) -> Block:
        """八: conclusions and limits."""
        words, small = self.words, int(self.table["small"].sum())
        return bullets(
            [
                words.compare_first(len(self.table) > 1),
                *([words.only_reported(small)] if small else []),
                words.publish_codes(),
            ]
        )

    # the notebook's other cells, each a function of the report
    front, noted, decision = summary.front, summary.noted, sheet.decision
    level_figure, funnel_figure = figures.levels, figures.funnel
    parts_figure, theil_figure = figures.parts, figures.inequality
    quality_table, published_table, level_table = tables.quality, tables.published, tables.levels
    cost_table, settlement_table = tables.cost, tables.settlement


def opened_report(asked: ComparisonParameters) -> ProvinceComparison:
    """Open the report on every province of the data; `province`: the one the first sentence is about. Raises OnexError with every
    fault of the step that fails."""
    if asked.college:
        raise ParameterError(
            Fault(
                f"college {asked.college}",
                "分省比较不针对一所院校",
                do="去掉 --college，或改用 budget_and_settlement",
            )
        )
    made = opened(asked, ("workload", "budget_lines"), nation=True)
    place = default_place(asked, made.study.tables)
    provinces = place_of(made.study.tables, place, "")[0]
    if len(provinces) > 1:
        raise ParameterError(
            Fault(
                f"--province {place}",
                "分省比较总把全部省份放在一起比，第一句只讲一个省",
                do="只写一个省，或写 --province 全国",
            )
        )
    focus = provinces[0] if provinces else ""
    return ProvinceComparison(**vars(made), focus=focus)
