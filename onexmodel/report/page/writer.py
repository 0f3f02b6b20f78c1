"""The writer: every table, figure and page of a report passes it, so that no simulated number leaves without its label."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from itertools import takewhile
from typing import Any

from ...analysis.disclosure import SMALL as SMALL
from ...analysis.disclosure import tellable
from ...data import Tables
from ...data.checking.row_status import kinds as kinds_of
from ...languages import own, said
from . import blocks, numbers
from .blocks import Band, Block, Front, Summary
from .numbers import NumberFormat
from .printed import Printed, plain, words_of
from .sentences import Words, words_in
from .style import both
from .words import ALONE, MONEY, MONEY_UNITS, SOURCE_KINDS, STATUS, called, proper

NAN = float("nan")
WORDY = re.compile(r"[^\W\d][^\d]*").fullmatch  # a cell that helps to name its row


@dataclass(frozen=True)
class TableNote:
    """A printed table that has a note: its label (表1), caption and the quantities (rules, parameters) its columns or rows hold."""

    label: str
    caption: str
    columns: tuple[str, ...]

    @property
    def anchor(self) -> str:
        """Where its note stands on the page."""
        return "t-" + re.sub(r"\W+", "-", self.label)


@dataclass(frozen=True)
class PageWriter:
    """Language, data label and whether cells of single colleges may be shown. `alone`: the report of one college, in yuan; `issuer` and
    `date` (ISO): who issues it, when, "" where nobody said; `looks_back`: the year of
    the pilot that the report looks back on, 0 for a later year; `report`: the notebook's name; `printed`: the tables with a note that
    have passed so far, in their order, for the notes at the end; `numbers`: what was printed so far, for the record; `letter`: what the
    first pages said, as text, for the one page for the file (report/letter/parts.py)."""

    language: str
    label: str
    simulated: bool
    internal: bool
    alone: bool = False
    issuer: str = ""
    date: str = ""
    looks_back: int = 0
    report: str = ""
    printed: list[TableNote] = field(default_factory=list, compare=False)
    numbers: Printed = field(default_factory=Printed, compare=False)
    letter: dict[str, Any] = field(default_factory=dict, compare=False)
    _said: dict[str, Words] = field(default_factory=dict, init=False, compare=False, repr=False)

    @property
    def lang(self) -> str:
        """zh or en: the language of all that is not in words files or titles (names of codes, trees, findings, formulas)."""
        return own(self.language)

    def say(self, zh: str, en: str) -> str:
        """The text of the report's language."""
        return said(self.language, zh, en)

    def word(self, table, code: str) -> str:
        """A code's name in the report's language, in the report of one college of that one."""
        zh, en = table[code]
        return self.say(zh, ALONE.get(en, en) if self.alone else en)

    def words(self, folder: str) -> Words:
        """The words of a folder of report/, whose numbers are noted as printed on this page."""
        if folder not in self._said:
            self._said[folder] = Words(folder, self)
        return self._said[folder]

    @property
    def money(self) -> NumberFormat:
        """How sums of money are written here: 万元, CNY million, or yuan for one college."""
        return numbers.money_in(self.lang, self.alone)

    @property
    def money_unit(self) -> str:
        """The unit of `money`, as it stands in a heading or beside an axis."""
        return self.word(MONEY_UNITS, "one" if self.alone else "many")

    def yuan(self, x: float) -> str:
        """A sum of money with its unit: 765.7万元, CNY 7.66 million."""
        return self.word(MONEY, "one" if self.alone else "many").format(self.money(x))

    @property
    def _words(self) -> Words:
        return words_in("page", self.language)

    @property
    def short_label(self) -> str:
        """The label's first words: 模拟数据, 示例."""
        return re.split("[：:]", self.label)[0]

    def place(self, name: str) -> str:
        """A province's name; simulated rows never stand under the plain name."""
        return self._words.kept_apart(name) if self.simulated else name

    def moved(self, before: str, after: str) -> str:
        """Two written numbers as one cell, which notes them."""
        return self._words.moved(before, after)

    @property
    def least(self) -> int:
        """Colleges or teachers that an aggregate must have to be shown."""
        return 1 if self.internal else SMALL

    def may_show(self, colleges):
        """May be shown what rests on so many colleges, a number or a column of them?"""
        return (colleges >= SMALL) | self.internal

    def certificate(self, code: str, name: str) -> str:
        """A certificate's name; a simulated one that does not say so itself is marked."""
        text = proper(code, name, self.lang)
        return self._words.kept_certificate(text) if self.simulated else text

    def shown(self, text: str, colleges: int) -> str:
        """A cell, or a mark where it rests on fewer than five colleges in a circulated report."""
        if self.may_show(colleges):
            return text
        self.numbers.hide(text)
        return self._words.few_colleges(SMALL)

    def may_tell(self, some, every):
        """May be told that `some` of `every` college did or lack something, numbers or columns of them (disclosure.tellable)?"""
        return tellable(some, every) | self.internal

    def told(self, some: int, every: int, unit: str = "") -> str:
        """How many of `every` college did or lack something: 625所; 少于5所 or 不少于621所 where they, or the rest, are few."""
        if self.may_tell(some, every):
            return numbers.number(some) + unit
        if some < SMALL:
            return self._words.few_colleges(SMALL)
        return self._words.at_least(max(every - SMALL + 1, SMALL), unit)

    def if_told(self, text: str, told: bool) -> str:
        """A text that gives such a number away, a share say, where that may be told; else the mark of `shown`."""
        return text if told else self.shown(text, 0)

    def span(
        self,
        ends: Sequence[float],
        write: NumberFormat,
        point: float = NAN,
        *,
        named: bool = False,
        sign: bool = False,
    ) -> str:
        """（a—b） after the number `point` (numbers.bracketed)."""
        return numbers.bracketed(ends, write, self.lang, point, named=named, sign=sign)

    def ends(
        self, ends: Sequence[float], write: NumberFormat, point: float = NAN
    ) -> tuple[str, str]:
        """Both ends where they do not stand in brackets: in a title, a label (numbers.ends)."""
        return numbers.ends(ends, write, point)

    def bands(self) -> tuple[Band, ...]:
        """The bands at the top of every page."""
        data = (Band("data", self.label),) if self.label else ()
        mark = Band("internal", self._words.internal_mark)
        return data + ((mark,) if self.internal else ())

    def marks(self) -> list[str]:
        """What stands over one page: that it is for internal use, what the data are in short."""
        internal = [self._words.internal_mark] if self.internal else []
        return internal + ([self.short_label] if self.label else [])

    def figure(
        self,
        label: str,
        finding: str,
        picture: str | Callable[[], str],
        note: str = "",
        source: str = "",
        data: str = "",
    ) -> Block:
        """A figure whose title says its finding; under it the note, and source and data label where it rests on something else than the data
        set; the label in its text alternative. `picture` draws it, once
        wide and once narrow (style.both); SVG that has one size only is given as it is. `data`: what the data label says of a figure
        that shows more than the data set (published statistics)."""
        drawn = (picture,) if isinstance(picture, str) else both(picture)
        pictures = [self._labelled(svg, data) for svg in drawn]
        return blocks.figure(label, finding, pictures, self._under(note, source, data))

    def table(
        self,
        label: str,
        caption: str,
        header: Sequence[str],
        rows: Sequence[Sequence[object]],
        note: str = "",
        source: str = "",
        total: bool = False,
        text: bool = False,
        columns: Sequence[str] = (),
        marked: int = -1,
        quiet: Collection[int] = (),
        data: str = "",
    ) -> Block:
        """A table (blocks.table) with its note, and source and data label as of `figure`, under it. `columns`: the quantities it shows, by their names in law.rules
        or law.parameters: its caption then has a mark that leads to how each is made (annex/quantities.py). `marked`: the index of the
        row that the report is about (its province among others), set off for the eye and for a screen reader; -1 for none. `quiet`: indices of rows
        that are not printed on paper unless all is asked for; `data` as of `figure`."""
        self._note_cells(label or caption, header, rows, text)
        noted = self._noted(TableNote(label, caption, tuple(columns))) if columns else ""
        under = self._under(note, source, data)
        return blocks.table(label, caption, header, rows, under, noted, total, text, marked, quiet)

    def _note_cells(
        self, label: str, header: Sequence[str], rows: Sequence[Sequence[object]], text: bool
    ) -> None:
        """Cells with a number are noted by table, row and column; of a table of words only those that are nothing but a number."""
        said = [[words_of(cell) for cell in row] for row in rows]
        heads = Counter(row[0] for row in said)
        for row in said:
            head = row[0] if heads[row[0]] == 1 else " ".join(takewhile(WORDY, row))
            for column, cell in zip(header[1:], row[1:], strict=False):
                if not text or plain(cell):
                    self.numbers.note(f"{label} · {head or row[0]} · {column}", cell)

    def front(self, summary: Summary) -> Front:
        """The one-page summary under the page's bands; its key figures are noted by name."""
        keys = [
            (name, *numbers.measured(value, unit), *more)
            for name, value, unit, *more in summary.keys
        ]
        for name, value, _, change, *_note in keys:
            self.numbers.note(f"{summary.label} · {name}", words_of(value))
            change_key = f"{summary.label} · {name} · {self._words.card_change}"
            self.numbers.note(change_key, words_of(change))
        self.letter.update(
            kicker=summary.kicker,
            title=summary.title,
            lead=summary.lead,
            also=[*summary.also],
            keys=[[words_of(cell) for cell in key[:4]] for key in keys],
            who=[[name, words_of(said)] for name, said in summary.notes[:1]],
            advice=[[*one] for one in summary.advice],
        )
        return blocks.front_box(self.bands(), replace(summary, keys=keys), self._words.note_mark)

    def _under(self, note: str, source: str, data: str) -> str:
        """What most of a page rests on stands once, in its meta line and its bands; here what rests on something else."""
        return self._words.under(note, source, self._data(data) if source or data else "")

    def _data(self, data: str) -> str:
        return (data or self.short_label) if self.label else ""

    def _labelled(self, svg: str, data: str) -> Block:
        """The picture, whose text alternative ends with the data label."""
        head, mark, rest = svg.partition('aria-label="')
        alt, quote, tail = rest.partition('"')
        label = f"（{escape(self._data(data))}）" if self.label and mark else ""
        return Block(head + mark + alt + label + quote + tail)

    def _noted(self, note: TableNote) -> Block:
        """The mark of a table's note; the note itself is written at the end from what is kept here."""
        self.printed.append(note)
        word = self._words.note_mark
        return blocks.mark(note.anchor, f"m{note.anchor}", f"{word} {note.label}", word)

    def tag(self, status: str) -> Block:
        """A status as a small mark: 政策文件, 公开, 假设, 须提供."""
        return blocks.tag(status, self.word(STATUS, status))

    def tag_of(self, kind: str) -> Block:
        """The kind of a source of the data set as a small mark: 政策文件, 公告, 假设, 模拟 …"""
        return blocks.tag(kind, called(SOURCE_KINDS, kind, self.lang))


def writer_for(
    tables: Tables,
    language: str,
    internal: bool,
    alone: bool = False,
    issuer: str = "",
    date: str = "",
    looks_back: int = 0,
) -> PageWriter:
    """The writer for a data set; simulated or estimated rows bring their label with them. The rest as in PageWriter."""
    label = tables.label.get(own(language)) or tables.label.get("zh", "")
    kinds = kinds_of(tables)
    worst = next((kind for kind in ("simulated", "estimated") if kind in kinds), "")
    if worst and not label:
        label = words_in("page", language).rows_label(worst, tables.status == worst)
    return PageWriter(
        language, label, "simulated" in kinds, internal, alone, issuer, date, looks_back
    )
