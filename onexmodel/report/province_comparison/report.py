"""province_comparison: fee levels and costs of provinces side by side, and how far they can be compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd

from ...analysis import comparison as pc
from ...analysis.cap_study import study_draws
from ...analysis.factors import decomposition
from ...analysis.uncertainty import interval
from ...engine.settle import settlement_ledger
from ...errors import Fault, ParameterError
from ...places import shipped
from ..annex.notes import Note
from ..common import SchemeReport
from ..opening import draws_for, opened, scenario_ids
from ..page.html import Block, bullets, number, percent
from ..page.press import SMALL
from ..page.style import use_style
from . import figures, sections
from . import front as summary


@dataclass(frozen=True)
class ProvinceComparison(SchemeReport):
    """One province_comparison report; `focus`: the province its first sentence is about ("" where the data have none such)."""

    focus: str = ""
    drawn: Mapping[str, np.ndarray] = field(default_factory=dict)

    name = "province_comparison"
    topics = ("compare.", "fees.", "volume.", "settlement.")

    @cached_property
    def fees(self):
        """Approved fees by province and product."""
        return pc.fee_table(self.study, self.runs[1])

    @cached_property
    def levels(self):
        """Fee levels, a row a province."""
        return pc.fee_levels(self.fees, self.view)[0]

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
        return self.table[(self.table["colleges"] >= SMALL) | self.press.internal].reset_index(
            drop=True
        )

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
        """The accounts at the settlement deadline."""
        return settlement_ledger(
            self.study.tables, self.view, pd.Timestamp(str(self.view["settlement.deadline"]))
        )

    @cached_property
    def drawn_level(self) -> tuple[float, float]:
        """80 % interval of the focus's level over the assumptions."""
        return (
            interval(pc.level_draws(self.study, self.drawn)[:, self.at])
            if self.at >= 0
            else (float("nan"),) * 2
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
        table = self.study.tables["provinces"].set_index("province")
        named = (
            table["name_zh"]
            if self.press.lang == "zh"
            else table["name_en"].where(table["name_en"] != "", table["name_zh"])
        )
        return [self.press.place(named[code]) for code in codes]

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

    def front(self) -> Block:
        """Summary page."""
        return summary.front(self)

    @property
    def unranked(self) -> bool:
        """Simulated rows are never ranked."""
        return self.press.simulated or bool(self.press.label)

    @cached_property
    def figures(self) -> list[tuple]:
        """(key figure, its tree), what there is."""
        return summary.key_figures(self)

    def keys(self) -> list[tuple]:
        """Key figures with their note numbers."""
        return [(*key, i) for i, (key, _) in enumerate(self.figures, start=1)]

    def noted(self) -> list[Note]:
        """Trees of the key figures."""
        return summary.noted(self)

    def basket(self) -> Block:
        """一: what is compared."""
        say, fees = self.press.say, self.fees
        return bullets(
            [
                say(
                    f"比较{len(fees.places)}个省、{len(set(fees.labels))}个证书、{len(fees.products)}种证书等级；标准化篮子为各证书等级的计划考生。",
                    f"{len(fees.places)} provinces, {len(set(fees.labels))} certificates, {len(fees.products)} products; the basket is "
                    f"planned candidates by product.",
                ),
                say(
                    "人均考核支出＝考核费＋学校自担的考核现金支出，除以可考核人数。",
                    "Outlay a candidate: fees and own cash items over candidates served.",
                ),
                say(
                    f"院校少于{self.view['compare.min_colleges']:g}所或考生少于{self.view['compare.min_candidates']:g}人的省加小样本标记，不给名次；"
                    f"流转版不足{SMALL}所的省不单列。",
                    f"Under {self.view['compare.min_colleges']:g} colleges or {self.view['compare.min_candidates']:g} candidates: marked "
                    f"and not ranked; a circulated report leaves out provinces under {SMALL} colleges.",
                ),
                say(
                    "本报告的区间都是80%区间；漏斗图的控制限另行标明。",
                    "All intervals of this report are 80 %; control limits of the funnel plot say theirs.",
                ),
            ]
        )

    def quality_table(self) -> Block:
        """表1: data by province."""
        say, rows = self.press.say, []
        found = pc.data_quality(self.study, self.runs[1])
        for name, row in zip(self.place_names(found["province"]), found.itertuples(), strict=True):
            cells = [
                number(row.offerings),
                number(row.planned),
                number(row.certificates),
                number(row.priced),
                percent(row.share),
            ]
            rows.append(
                [
                    name,
                    number(row.colleges),
                    *(self.press.shown(cell, row.colleges) for cell in cells),
                    self.mark(row.province),
                ]
            )
        header = [
            say(*pair)
            for pair in (
                ("省份", "province"),
                ("院校", "colleges"),
                ("开考计划", "offerings"),
                ("计划考生", "candidates"),
                ("证书", "certificates"),
                ("已公布标准", "published"),
                ("公布标准覆盖考生 %", "candidates covered %"),
                ("标记", "mark"),
            )
        ]
        return self.press.table(
            self.label("table", 1),
            say("数据与可比性", "Data and comparability"),
            header,
            rows,
            source=self.source,
            columns=("offerings.candidates", "fees.published_fee"),
        )

    def mark(self, province: str) -> str:
        """小样本 where the province's sample is small."""
        return self.press.say("小样本", "small") if self.small.get(province, True) else ""

    def heat_figure(self) -> Block:
        """图1: which certificates each province prices."""
        cells = self.runs[1].compiled.keys["cell"]
        published = (
            np.nan_to_num(
                pc.placed(
                    cells,
                    self.fees,
                    np.isfinite(self.runs[1].compiled.leaves["published_fee"]) * 1.0,
                )
            )
            > 0
        )
        shared = int((published.sum(0) >= 2).sum())
        return self.press.figure(
            self.label("figure", 1),
            self.press.say(
                f"{len(self.fees.products)}种证书等级中，{shared}种有两省以上公布标准",
                f"{shared} of {len(self.fees.products)} products have published fees in two provinces or more",
            ),
            figures.priced_heat(
                self.press, self.fees, self.place_names(self.fees.places), published
            ),
            source=self.source,
        )

    def published_table(self) -> Block:
        """表2: the published 1+X fees as they are."""
        say = self.press.say
        frame = pd.read_csv(shipped("data", "published") / "fees.csv", dtype={"province": str})
        found, _ = pc.fee_levels(pc.published_fees(frame), self.view)
        rows = [
            [row.name_zh, row.certificate, row.level, number(row.amount), str(row.year), row.issuer]
            for row in frame[frame["item"] == "fee"].itertuples()
        ]
        header = [
            say(*pair)
            for pair in (
                ("地区", "place"),
                ("证书", "certificate"),
                ("等级", "level"),
                ("费用 元/人次", "fee, yuan"),
                ("年度", "year"),
                ("发布单位", "issuer"),
            )
        ]
        verdict = (
            say("不可比", "not comparable")
            if not np.isfinite(found["level"]).any()
            else say("可比", "comparable")
        )
        kept = (
            f"{say('本报告其余数据：', 'the rest of this report: ')}{self.press.short_label}"
            if self.press.label
            else ""
        )
        return replace(self.press, label="").table(
            self.label("table", 2),
            say(f"公开的1+X考核费用：{verdict}", f"Published 1+X fees: {verdict}"),
            header,
            rows,
            text=True,
            source=say(
                "data/published/fees.csv（逐行出处）", "data/published/fees.csv (a source a row)"
            ),
            note=say(
                f"本表是公开数据，不是模拟。要可比，须有两地公布同一证书、同一等级的标准；有{self.view['compare.min_overlap_certificates']:g}个以上共同证书、"
                f"占双方支出{percent(self.view['compare.min_overlap_spending'])}%以上，才能用 GEKS-Fisher。",
                f"This table is published data. To compare, two places must publish a fee for the same certificate and "
                f"level; GEKS-Fisher needs {self.view['compare.min_overlap_certificates']:g} shared certificates and "
                f"{percent(self.view['compare.min_overlap_spending'])} % of spending.",
            )
            + (say("　", " ") + kept if kept else ""),
        )

    def level_table(self) -> Block:
        """表3: fee levels."""
        return sections.level_table(self)

    def level_figure(self) -> Block:
        """图2: fee levels with intervals."""
        return sections.level_figure(self)

    def cost_table(self) -> Block:
        """表4: cost and funding."""
        return sections.cost_table(self)

    def funnel_figure(self) -> Block:
        """图3 and 图4: funnel plot; raw and shrunk means."""
        return sections.funnel_figure(self)

    def settlement_table(self) -> Block:
        """表5: settlement."""
        return sections.settlement_table(self)

    def parts_figure(self) -> Block:
        """图5 and 表6: why provinces differ from the national mean."""
        return sections.parts_figure(self)

    def theil_figure(self) -> Block:
        """图6 and words: inequality between colleges."""
        return sections.theil_figure(self)

    def conclusions(self) -> Block:
        """八: conclusions and limits."""
        say, small = self.press.say, int(self.table["small"].sum())
        texts = (
            [
                say(
                    "省际比较先看可比性，再看水平，最后看差异来源；任何一张图都不是考核排名。",
                    "Comparability first, then level, then sources of difference; no figure here is a league table.",
                )
            ]
            if len(self.table) > 1
            else [
                say(
                    "数据只有一个省：水平、差异来源都要等其他省的数据。",
                    "The data hold one province: level and differences wait for others.",
                )
            ]
        )
        if small:
            texts.append(
                say(
                    f"样本不足的省{number(small)}个，只报数，不作判断。",
                    f"{number(small)} provinces are too small to judge.",
                )
            )
        return bullets(
            [
                *texts,
                say(
                    "要让真实费用可比：请各省在公布标准时同时公布证书代码、等级和生效日期。",
                    "To compare real fees, provinces would publish code, level and date with each standard.",
                ),
            ]
        )


def open_province_comparison(
    data: str,
    province: str = "",
    college: str = "",
    year: int = 0,
    scenario: Sequence[str] = (),
    settings: Mapping[str, str] | None = None,
    lang: str = "zh",
    internal: bool = False,
    log2_draws: int = 0,
    seed: int = 20201231,
) -> ProvinceComparison:
    """Open the report on every province of the data; `province`: the one the first sentence is about. Raises OnexError with every
    fault of the step that fails."""
    use_style()
    if college:
        raise ParameterError(
            Fault(
                f"college {college}",
                "分省比较不针对一所院校",
                do="去掉 --college，或改用 budget_and_settlement",
            )
        )
    study, press = opened(
        data, scenario, settings or {}, "", "", year, lang, internal, ("workload", "budget_lines")
    )
    given = {
        "province": province,
        "college": "",
        "year": year,
        "scenario": scenario_ids(scenario),
        "settings": dict(settings or {}),
        "lang": lang,
        "internal": internal,
        "log2_draws": draws_for(study, log2_draws),
        "seed": seed,
    }
    focus = _focus(study, province)
    return ProvinceComparison(
        study, press, given, focus, study_draws(study, given["log2_draws"], seed)
    )


def _focus(study, province: str) -> str:
    from ...analysis.study import place_of

    known = set(study.tables["provinces"]["province"])
    if not province or (province == "44" and province not in known):
        return ""
    return place_of(study.tables, province, "")[0]
