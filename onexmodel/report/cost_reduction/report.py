"""cost_reduction: what levers save, in cash and in resources, with quality guaranteed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from ...analysis.draws.sample import interval
from ...analysis.items import item_costs
from ...analysis.levers.bench import applying
from ...analysis.levers.draws import deciding, saving_draws
from ...analysis.levers.study import (
    LeverStudy,
    evaluate_levers,
    fixed_changes,
    of_some,
    read_levers,
    savings_curve,
)
from ...analysis.own_costs import cost_peers, sessions_of
from ...analysis.statistics.precision import HALF_YUAN
from ...errors import Fault, ParameterError
from ...languages import in_language
from ...law import list_scenarios
from ...law.scenario import Scenario
from ..common import Report
from ..front.opening import ACCOUNTS, opened
from ..make.gate import CostReductionParameters
from ..page.blocks import Block, bullets, paragraphs
from ..page.rounding import fitted
from ..page.words import ITEMS
from ..page.writer import SMALL
from . import advice, figures, numbers, tables
from . import decision as sheet
from . import front as summary
from .advice import Advice, Choice


@dataclass(frozen=True)
class CostReduction(Report):
    """One cost_reduction report; the levers are scenario files."""

    levers: tuple[str, ...] = ()
    intensity: float = 1.0

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
    explained = tables.COLUMNS

    @cached_property
    def found(self):
        """The study of all levers; its table with each lever's title."""
        return self._titled(evaluate_levers(self.study, self.applying[0], self.intensity))

    @cached_property
    def applying(self) -> tuple[tuple[Scenario, ...], tuple[Scenario, ...]]:
        """The levers there are rows for, and those there are none for."""
        return applying(self.study, read_levers(self.levers))

    @cached_property
    def proposed(self):
        """The study of the levers that the first page tells of (`lead`): the same as `found` where these are all."""
        made = of_some(self.found, self.lead.done)
        return made if made is self.found else self._titled(made)

    def _titled(self, made: LeverStudy) -> LeverStudy:
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
        """What all levers do together."""
        return numbers.package(self.found, self.study, self.ranges, self.writer.internal)

    @cached_property
    def first(self) -> numbers.Package:
        """What the levers of the first page do together, with their own intervals."""
        if self.proposed is self.found:
            return self.package
        draws = saving_draws(self.proposed, self.drawn, int(self.parameters["seed"]), False)
        reach = {name: interval(draws[name].to_numpy()) for name in draws}
        return numbers.package(self.proposed, self.study, reach, self.writer.internal)

    @cached_property
    def everything(self) -> Choice:
        """All levers as an option."""
        return advice.choice(self.found, list(self.found.bench.levers), self.writer.money)

    @cached_property
    def advice(self) -> Advice:
        """The options and what is recommended."""
        return advice.advice(self.found, self.everything, self.writer.money)

    @cached_property
    def lead(self) -> Choice:
        """What the first page tells of: what is recommended, and all levers where nothing is."""
        return self.advice.choice or self.everything

    def hangs_on(self, measure: str) -> numbers.Unsure:
        """What the saving of cash or of resources (economic) hangs on."""
        frame = deciding(self.found, self.study, self.curve, measure)
        return numbers.unsure(frame, self.found.joint[measure])

    @cached_property
    def unsure(self) -> numbers.Unsure:
        """What the cash saving hangs on."""
        return self.hangs_on("cash")

    @cached_property
    def items(self):
        """Item × bearer, yuan."""
        return item_costs(self.run, self.study.scope())

    @cached_property
    def spare(self) -> numbers.Spare:
        """Unused staff capacity."""
        return numbers.spare(self.study, self.run, self.drawn, self.writer.internal)

    @cached_property
    def steps(self) -> numbers.Steps | None:
        """Unit cost of the certificate with most candidates."""
        return numbers.steps(self.study, self.writer, self.least)

    def exhibits(self, kind: str) -> dict[str, bool]:
        """Sessions are one college's, and some figures have nothing to show."""
        alone = self.alone
        if kind == "table":
            shown = ("items", "sessions", "levers", "kept", "conditions")
            return {name: alone or name != "sessions" for name in shown}
        return {
            "item": True,
            "step": self.steps is not None,
            "load": not alone and self.spare.edges.size > 0,
            "quality": bool(numbers.moved(self.found.quality)),
            "waterfall": True,
            "curve": bool((self.found.table["cash_shapley"] > HALF_YUAN).any()),
            "deciding": len(self.unsure.rows) > 0,
        }

    def _table(self, name: str, rows, note: str = "", header=None, caption="", **more) -> Block:
        """A table of `words.tables`, where the page has no other header or caption for it."""
        said = self.words.tables[name]
        caption, header = caption or said["caption"], header or [*said["columns"].values()]
        return self.numbered_table(name, caption, header, rows, note=note, **more)

    def item_table(self) -> Block:
        """Cost by item and bearer."""
        note = self.words.item_note(self.spare, self.package)
        return self._table("items", tables.item_rows(self), note, total=True)

    def item_figure(self) -> Block:
        """Cost per candidate by item; one college among its peers."""
        rows = numbers.item_each(self.items, self.found.baseline["candidates"])
        each, words = rows["organisation"] + rows["college"], self.words
        names = [self.writer.word(ITEMS, item) for item in rows["item"]]
        drawn = self.numbered_figure(
            "item",
            words.item_finding(names[0], each.max() / each.sum()),
            lambda: figures.item_bars(words, rows.assign(name=names)),
            words.item_figure_note(),
        )
        found = cost_peers(self.study, self.run) if self.alone else None
        if found is None or "cash" not in found.rows:
            return drawn
        said = words.among_peers(found.rows["cash"], found.tier, found.colleges)
        return drawn + paragraphs(said)

    def step_figure(self) -> Block:
        """Unit cost against how full a session is."""
        words, steps = self.words, self.steps
        if steps is None:
            return paragraphs(words.no_steps())
        return self.numbered_figure(
            "step",
            words.step_finding(steps),
            lambda: figures.step_curve(words, steps),
            words.step_note(steps),
        )

    def capacity_figure(self) -> Block:
        """How loaded teachers are, college by college; for one college its sessions by certificate."""
        words, spare = self.words, self.spare
        if self.alone:
            sessions = self._sessions()
            return sessions + paragraphs(words.own_load(spare)) if spare.colleges else sessions
        said = words.capacity_finding(spare), words.capacity_note(spare)
        if not self.shows("figure", "load"):
            return paragraphs(*said)
        return self.numbered_figure(
            "load", said[0], lambda: figures.load_histogram(words, spare), said[1]
        )

    def _sessions(self) -> Block:
        rows = sessions_of(self.study, self.run)
        shown = tables.session_rows(self, rows[: tables.LISTED])
        return self._table("sessions", shown, self.words.session_note(len(rows), len(shown)))

    def quality_figure(self) -> Block:
        """Quality indicators against their floors."""
        words, found = self.words, self.found
        moved, refused = numbers.moved(found.quality), found.refusals
        jointly = int(refused.loc[refused["jointly"].astype(bool), "colleges"].sum())
        note = words.quality_note(self.package, jointly, bool(moved))
        if not moved:
            return paragraphs(words.quality_still(), note)
        return self.numbered_figure(
            "quality",
            words.quality_finding(moved, numbers.LOOSE),
            lambda: figures.floors(words, moved),
            note,
        )

    def lever_table(self) -> Block:
        """The levers."""
        header, rows = tables.lever_rows(self)
        evidence = self.found.table["evidence"].unique()
        note = self.words.lever_note(
            evidence[0] if len(evidence) == 1 else "", self.package.refused, self.idle
        )
        return self._table("levers", rows, note, total=True, header=header)

    def waterfall_figure(self) -> Block:
        """From baseline to scheme."""
        words, found, package = self.words, self.found, self.package
        start, end = round(package.before, 1), round(package.after, 1)
        table = found.table.sort_values("cash_shapley", ascending=False, kind="stable")
        saved = fitted(table["cash_shapley"] / found.baseline["candidates"], start - end, unit=1.0)
        pairs = list(zip(table["title"], saved, strict=True))
        return self.numbered_figure(
            "waterfall",
            words.waterfall_finding(package, len(pairs)),
            lambda: figures.waterfall(words, start, pairs, end),
            words.waterfall_note(),
        )

    def kept_table(self) -> Block:
        """Who spends less, who invests, what is left."""
        note = self.words.kept_note(self.lead)
        caption = self.words.kept_caption(self.lead, self.advice.choice is not None)
        return self._table("kept", tables.kept_rows(self), note, total=True, caption=caption)

    def curve_figure(self) -> Block:
        """Lever cost curve; how much is saved half way."""
        words, table = self.words, self.found.table
        table = table[table["cash_shapley"] > HALF_YUAN]
        if table.empty:
            return paragraphs(words.no_curve())
        table = table.assign(per_yuan=table["one_off_yearly"] / table["cash_shapley"]).sort_values(
            "per_yuan", kind="stable"
        )
        worth = int((table["per_yuan"] <= 1).sum())
        return self.numbered_figure(
            "curve",
            words.curve_finding(len(table), worth),
            lambda: figures.cost_curve(words, table),
            words.curve_note(),
        )

    def unsure_text(self) -> Block:
        """What is saved where the levers are carried out in part, and where a leading number lies among its draws."""
        words, cash, lines = self.words, self.curve, []
        if not cash.empty:
            cash = cash.set_index("intensity")["cash"]
            half, full = float(cash.loc[0.5]), float(cash.loc[1.0])
            lines.append(words.half_way(half, full, full > HALF_YUAN))
        return paragraphs(*lines, *summary.caveats(self))

    def deciding_figure(self) -> Block:
        """What the saving hangs on."""
        words, unsure = self.words, self.unsure
        if not self.shows("figure", "deciding"):
            return paragraphs(words.nothing_decides())
        resources = self.hangs_on("economic")
        lang = self.writer.lang
        note = words.swing_note
        if len(resources.rows):
            top = resources.rows.iloc[0]
            reach = sorted((top.p10, top.p90))
            more = words.resources_hang_on(top[lang], top, reach, resources.base)
            note = self.shared.sentences([note, more])
        rows = unsure.rows.head(figures.SHOWN).assign(name=unsure.rows[lang])
        return self.numbered_figure(
            "deciding",
            words.deciding_finding(list(rows.itertuples()), unsure.base, unsure.close),
            lambda: figures.swings(words, rows, unsure.base, self.writer.money),
            note,
        )

    def conditions_table(self) -> Block:
        """Who does what."""
        return self._table("conditions", tables.condition_rows(self), text=True)

    def conclusions(self) -> Block:
        """What the first page leaves out."""
        return bullets(summary.concluded(self))

    # the notebook's other cells, each a function of the report
    front, decision, noted = summary.front, sheet.decision, summary.noted
    headlines, idle = summary.headlines, property(tables.idle_rows)


def opened_report(asked: CostReductionParameters) -> CostReduction:
    """Open the report; without `levers` the shipped six. Raises OnexError with every fault of the step that fails."""
    made = opened(asked, (*ACCOUNTS, "workload"))
    study, base = made.study, made.study.prepared.baseline
    at_work = study.scope()["offering"] & (base.leaves["planned_candidates"] > 0)
    planned = base.keys["offering"]["college"][at_work].nunique()
    if planned < made.writer.least:
        raise ParameterError(
            Fault(
                "报告范围",
                f"有开考计划的院校只有 {planned} 所"
                + ("" if made.writer.internal else f"，公开版不足{SMALL}所不予显示"),
                do="扩大范围；内部使用请设 internal（--internal）",
            )
        )
    if study.unfilled.no_costs:
        raise ParameterError(
            Fault("报告 cost_reduction", "没有填报成本项目，成本无从测算", do="填上表「成本项目」")
        )
    levers = tuple(asked.levers or (one for one in list_scenarios() if one.startswith("lever_")))
    report = CostReduction(**vars(made), levers=levers, intensity=asked.intensity)
    if not report.applying[0]:
        raise ParameterError(
            [
                Fault("降本措施", f"「{one}」不适用：{why}", do="填上相应的行")
                for one, why in report.idle
            ]
        )
    return report
