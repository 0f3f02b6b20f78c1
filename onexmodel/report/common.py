"""What all reports share: the study, the writer, and the last pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from ..analysis.draws.effects import effects, leans_on
from ..analysis.draws.sample import LEAST_DRAWS
from ..analysis.explain.place import explained
from ..analysis.study import Study
from ..data.checking import transfer
from ..engine.compile import mid_year
from ..engine.findings.ledger import ledger_findings
from ..engine.findings.results import result_findings
from ..engine.findings.table import Place, in_place, lowered_caps, reading_findings
from ..engine.findings.unfilled import Unfilled
from ..languages import in_language
from .annex.assumptions import assumptions
from .annex.findings import findings_table
from .annex.notes import Note, notes_block
from .annex.quantities import table_notes
from .annex.record import record_block, run_record
from .annex.sources import clause_table, documents, sources
from .annex.trees import spoken
from .front.decision import decision_sheet
from .front.opening import meta_line, place_name, scheme_title
from .model.block import model_block
from .page.blocks import Block, Summary
from .page.explorer import Grid, explorer, rows
from .page.numbers import NumberFormat, tenths
from .page.printed import Printed
from .page.sentences import Words
from .page.tree import as_block
from .page.words import LEADING
from .page.writer import PageWriter

LARGE_SUMS = (
    "fee_bill",
    "college_outlay",
    "funding_gap",
    "supplier_shortfall",
    "uplift",
)  # sums of money, not of a candidate


def ends_named(ranges: Mapping[str, tuple[float, float]]) -> dict[str, float]:
    """⟨name⟩.p10 and ⟨name⟩.p90 of intervals, for the headlines of the record."""
    return {
        f"{name}.{end}": value
        for name, pair in ranges.items()
        for end, value in zip(("p10", "p90"), pair, strict=True)
    }


@dataclass(frozen=True)
class Report:
    """A report on a study; `drawn`: what is uncertain, (draws, 1) each. `name` is the notebook's; `topics` the parameter prefixes it rests on; `measure` its first number, of
    analysis.measures or analysis.draws.effects; `explained`: table → the quantities that its note tells of."""

    study: Study
    writer: PageWriter
    parameters: Mapping[str, Any]
    drawn: Mapping[str, np.ndarray] = field(default_factory=dict)

    name: ClassVar[str] = ""
    topics: ClassVar[tuple[str, ...]] = ()
    measure: ClassVar[str] = ""
    explained: ClassVar[Mapping[str, tuple[str, ...]]] = {}

    def __post_init__(self) -> None:
        """The writer learns which report it prints; nothing is printed yet."""
        fresh = replace(self.writer, report=self.name, printed=[], numbers=Printed(), letter={})
        object.__setattr__(self, "writer", fresh)

    @cached_property
    def words(self) -> Words:
        """The report's sentences in its language."""
        return self.writer.words(self.name)

    @property
    def alone(self) -> bool:
        """Is the report one college's own?"""
        return self.writer.alone

    @property
    def least(self) -> int:
        """Colleges or teachers that an aggregate must have to be shown."""
        return self.writer.least

    @property
    def sampled(self) -> bool:
        """Are there draws enough for intervals?"""
        return 2 ** int(self.parameters["log2_draws"]) >= LEAST_DRAWS

    def headlines(self) -> dict[str, float]:
        """The numbers the record vouches for."""
        raise NotImplementedError(self.name)

    def last_result(self):
        """The year result whose findings are reported."""
        raise NotImplementedError(self.name)

    @property
    def shared(self) -> Words:
        """The words all reports share."""
        return self.writer.words("page")

    @property
    def title(self) -> str:
        """The scheme's name."""
        return scheme_title(self.study, self.writer)

    def label(self, kind: str, number: int) -> str:
        """表1, 图2, 附表3 …"""
        return f"{self.shared.labels[kind]}{number}"

    def exhibits(self, kind: str) -> dict[str, bool]:
        """The tables or the figures (`kind`) that such a report may have, in their order → does this one have it? Numbers follow from it."""
        raise NotImplementedError(self.name)

    def shows(self, kind: str, name: str) -> bool:
        """Does this report have the table or figure?"""
        return self._exhibits(kind)[name]

    def _exhibits(self, kind: str) -> Mapping[str, bool]:
        """`exhibits`, found out once: every table and figure asks for its number."""
        return self._tables if kind == "table" else self._figures

    @cached_property
    def _tables(self) -> Mapping[str, bool]:
        return self.exhibits("table")

    @cached_property
    def _figures(self) -> Mapping[str, bool]:
        return self.exhibits("figure")

    def called(self, kind: str, name: str) -> str:
        """表1, 图2 …: the place of a table or figure among those that this report has."""
        there = [one for one, shown in self._exhibits(kind).items() if shown]
        return self.label(kind, there.index(name) + 1)

    def numbered_figure(
        self,
        name: str,
        finding: str,
        draw: Callable[[], str],
        note: str = "",
        source: str = "",
        data: str = "",
    ) -> Block:
        """One of `exhibits` (writer.figure)."""
        return self.writer.figure(self.called("figure", name), finding, draw, note, source, data)

    def numbered_table(
        self,
        name: str,
        caption: str,
        header: Sequence[str],
        rows: Sequence[Sequence[object]],
        **more: Any,
    ) -> Block:
        """One of `exhibits`, with the quantities that its note explains; `more` goes to writer.table."""
        more = {"columns": self.explained.get(name, ()), **more}
        return self.writer.table(self.called("table", name), caption, header, rows, **more)

    def numbered_explorer(
        self, name: str, caption: str, head: str, grid: Grid, note: str, columns: Sequence[str]
    ) -> Block:
        """One of `exhibits`: a table that is turned. head: what its points are; columns: as of writer.table."""
        header, points = [head, *(one.name for one in grid.measures)], rows(grid, self.shared)
        for text in (text for axis in grid.axes for text in axis.texts):
            self.writer.numbers.hide(text)  # where a point lies is no result
        note = self.shared.sentences([note, self.shared.explorer_note(len(grid.places))])
        table = self.numbered_table(name, caption, header, points, note=note, columns=columns)
        return explorer(grid, table, caption, self.shared)

    @property
    def meta(self) -> str:
        """Place, year, who issues the report and when, and what it rests on: the line under the title."""
        return meta_line(self.study, self.writer)

    def first_page(
        self,
        title: str,
        meta: str,
        lead: str,
        also: Iterable[str] = (),
        keys: Sequence[tuple] = (),
        about: Mapping[str, Any] | None = None,
        do: str = "",
        unless: str = "",
        more: Mapping[str, str] | None = None,
    ) -> Block:
        """The front box: what must not be overlooked (`also`), key figures (name, value, unit, change) in the order of their notes, who bears it, risks and state of the data
        (`about`, by their labels), what is recommended (`do`), what would overturn it, and `more` of the kind. What is "" is left out."""
        labels = self.writer.words("front").advice
        advice = {labels["do"]: do, labels["unless"]: unless, **(more or {})}
        return self.writer.front(
            Summary(
                self.words.kicker,
                title,
                meta,
                lead,
                [text for text in also if text],
                [(*key, note) for note, key in enumerate(keys, start=1)],
                [*(about or {}).items()],
                self.words.summary,
                [(label, text) for label, text in advice.items() if text],
            )
        )

    @property
    def leading(self) -> str:
        """The measure the report leads with."""
        return self.measure

    @property
    def leading_words(self) -> tuple[str, str, NumberFormat]:
        """(its name, its unit, how it is written)."""
        title, writer = self.writer.word(LEADING, self.leading), self.writer
        if self.study.composition.changes_anything:
            title = self.shared.change_of(title)
        if self.leading in LARGE_SUMS:
            return title, writer.money_unit, writer.money
        return title, self.shared.units["yuan"], tenths

    def assumptions(self, number: int = 2) -> Block:
        """附: assumptions log, with each parameter's effect on the report's first number."""
        names = [
            name
            for name in self.study.composition.law.parameters
            if name.startswith(tuple(self.topics))
        ]
        return assumptions(
            self.writer,
            self.study,
            self.topics,
            self.label("annex", number),
            effects(self.study, self.leading, names),
            *self.leading_words,
        )

    def sources(self, number: int = 3) -> Block:
        """附: sources, clause table, and the model's own page."""
        return (
            sources(self.writer, self.study, self.topics, self.label("annex", number))
            + clause_table(self.writer, self.study, self.name, self.label("annex", number + 1))
            + self.model()
        )

    def model(self) -> Block:
        """附: 模型说明 of the rules the first number leans on."""
        return model_block(
            self.writer,
            self.study,
            leans_on(self.leading),
            self.writer.word(LEADING, self.leading),
            self.shared.labels["model"],
        )

    def findings(self, number: int = 5) -> Block:
        """附: findings to report upward (C14), of the place only."""
        return findings_table(
            self.writer, self.placed_findings(), self.label("annex", number), self.study.unfilled
        )

    def placed_findings(self) -> list[dict]:
        """The findings of the place."""
        tables, mads = self.study.tables, self.study.views()[0]["fees.outlier_mads"]
        found = reading_findings(tables) + ledger_findings(
            tables["ingredients"], tables["components"], tables["colleges"], mads
        )
        found += result_findings(self.last_result(), tables["fees"], self.study.views()[1])
        found += self.study.unfilled.findings(self.study.year)
        place = (
            Place.of(tables, self.study.provinces, self.study.college)
            if self.study.provinces
            else None
        )
        found = in_place(found, place) + self.more_findings()
        found += transfer.facts(
            tables.frames, self.study.views()[1]["settlement.last_sitting"], self.study.colleges
        )
        return found + lowered_caps(
            self.study.composition.law, tables, [mid_year(self.study.year)], self.study.provinces
        )

    def more_findings(self) -> list[dict]:
        """Findings of this report alone."""
        return []

    def notes(self) -> Block:
        """附: how each headline number, and each column of the tables so far, was computed."""
        found = self.noted()
        return notes_block(self.writer, found, self.study) + self._table_notes(found)

    def _table_notes(self, found=()) -> Block:
        """The notes of tables printed and not yet explained."""
        waiting = list(self.writer.printed)
        self.writer.printed.clear()
        return table_notes(self.writer, self.study, waiting, found)

    def explain(
        self, name: str, mode: str = "none", baseline: bool = False, depth: int = 4, **key: str
    ) -> Block:
        """In a notebook: how a number of this study came about, as a tree that opens. key: college, certificate, level, organisation,
        province; none of them: the sum over the place. What belongs to one college stays hidden unless the report is internal."""
        node = explained(self.study, name, key, mode, baseline, self.writer.lang, depth)
        lang = self.writer.lang
        return as_block(spoken(node, self.study, lang), self.writer.internal, lang)

    def decision(self) -> Block:
        """What is put to those who decide, and how to read the report."""
        return decision_sheet(self.writer, (), (), (), ())

    def noted(self) -> list[Note]:
        """The notes of the front box's key figures, in their order."""
        raise NotImplementedError(self.name)

    @property
    def recorded(self) -> Study:
        """The study as the run record has it, with all the scenarios of the report."""
        return self.study

    def record(self, number: int = 6) -> Block:
        """附: run record, after the notes of tables that came after the others."""
        waiting = self._table_notes()
        record = run_record(self.recorded, self.name, self.parameters, self.headlines())
        block = record_block(self.writer, record, self.label("annex", number), self.record_titles())
        return replace(block, html=waiting.html + block.html, letter=self._letter())

    def _letter(self) -> dict[str, Any]:
        """What the first pages said, and what it is about, as the one page for the file takes it."""
        writer = self.writer
        about = {
            "report": self.name,
            "language": writer.language,
            "place": place_name(self.study, writer),
            "year": self.study.year,
            "documents": documents(self.study, self.name, self.topics),
            "issuer": writer.issuer,
            "date": writer.date,
            "label": writer.label,
            "simulated": writer.simulated,
            "marks": writer.marks(),
        }
        return {"requests": [], "requests_note": ""} | writer.letter | about

    def record_titles(self) -> dict[str, str]:
        """scenario id → its title, and what was given as the place → its name, as the record prints them."""
        titles = {
            one.id: in_language(one.title, self.writer.language)
            for one in self.recorded.composition.scenarios
        }
        named = self.study.provinces and not self.study.college
        return titles | ({self.study.codes: place_name(self.study, self.writer)} if named else {})


@dataclass(frozen=True)
class SchemeReport(Report):
    """A report on the scheme without response: its run, its law."""

    @cached_property
    def runs(self):
        """(baseline, scheme), no response."""
        return self.study.pair("none")

    def last_result(self):
        """The scheme."""
        return self.runs[1]

    @cached_property
    def view(self):
        """The scheme's law."""
        return self.study.views("none")[1]

    @cached_property
    def scope(self) -> dict[str, np.ndarray]:
        """axis → (rows,) of bool: those of the scheme's that belong to the place."""
        return self.study.scope(self.runs[1].compiled)

    @property
    def lacking(self) -> Unfilled:
        """Of whom funds and pay totals were not filled in."""
        return self.study.unfilled

    @property
    def funded(self) -> bool:
        """Has anybody filled in funds? Else there is no gap to speak of."""
        return not self.lacking.no_funds
