"""The press: every table, figure and page of a report passes it, so that no simulated number leaves without its label."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

import numpy as np

from ...analysis.measures import span
from ...analysis.precision import rounded
from ...data import Tables
from ...data.state import kinds as kinds_of
from .html import Block, Writer, number, signed

LONG = 15  # rows from which a table is set closer
SMALL = 5  # a circulated report shows aggregates of at least five colleges or teachers


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
class Press:
    """Language, data label and whether cells of single colleges may be shown. `report`: the notebook's name; `printed`: the tables with
    a note that have passed so far, in their order, for the notes at the end."""

    lang: str
    label: str
    simulated: bool
    internal: bool
    report: str = ""
    printed: list[TableNote] = field(default_factory=list, compare=False)

    def say(self, zh: str, en: str) -> str:
        """The text of the report's language."""
        return zh if self.lang == "zh" else en

    def word(self, table, code: str) -> str:
        """A code's name in the report's language."""
        return table[code][0 if self.lang == "zh" else 1]

    def span(
        self,
        ends: Sequence[float],
        write: Writer,
        point: float = float("nan"),
        *,
        named: bool = False,
        sign: bool = False,
    ) -> str:
        """〔a至b〕 after the number `point`, which `write` writes: the ends in its unit, with the digits that their width carries
        (analysis/precision.py). "" where an end is missing, or both read as the same: nothing is uncertain as far as is
        printed. `named`: it says that it is an 80 % interval; `sign`: a plus before an end above 0."""
        if not np.isfinite(ends).all():
            return ""
        low, high = self.ends(ends, write, point)
        return (
            ""
            if low == high
            else span(*((signed(low), signed(high)) if sign else (low, high)), self.lang, named)
        )

    def ends(
        self, ends: Sequence[float], write: Writer, point: float = float("nan")
    ) -> tuple[str, str]:
        """Both finite ends of an interval as they are printed, where they do not stand in brackets: in a title, a label."""
        low, high, decimals = rounded(
            *(write.inside(end) for end in ends), write.decimals, write.inside(point)
        )
        return number(low, decimals), number(high, decimals)

    @property
    def short_label(self) -> str:
        """The label's first words: 模拟数据, 示例."""
        return re.split("[：:]", self.label)[0]

    def place(self, name: str) -> str:
        """A province's name; simulated rows never stand under the plain name."""
        return f"{self.say('模拟·', 'simulated ')}{name}" if self.simulated else name

    def shown(self, text: str, colleges: int) -> str:
        """A cell, or a mark where it rests on fewer than five colleges in a circulated report."""
        return text if self.internal or colleges >= SMALL else self.say("少于5所", "under 5")

    def bands(self) -> str:
        """The bands at the top of every page."""
        label = (
            f'<aside class="synthetic" aria-label="data">{escape(self.label)}</aside>'
            if self.label
            else ""
        )
        mark = self.say("内部资料　注意保管", "Internal: not for circulation")
        return label + (
            f'<aside class="internal" aria-label="internal">{mark}</aside>' if self.internal else ""
        )

    def _source(self, note: str, source: str) -> str:
        parts = [
            note,
            f"{self.say('数据来源：', 'Source: ')}{source}" if source else "",
            f"{self.say('数据性质：', 'Data: ')}{self.short_label}" if self.label else "",
        ]
        return f'<p class="src">{escape(self.say("　", "  ").join(part for part in parts if part))}</p>'

    def figure(self, label: str, finding: str, svg: str, note: str = "", source: str = "") -> Block:
        """A figure whose title says its finding; note, source and data label under it and in its text alternative."""
        if self.label:
            svg = re.sub(
                r'aria-label="([^"]*)"',
                rf'aria-label="\1（{escape(self.short_label)}）"',
                svg,
                count=1,
            )
        return Block(
            f'<figure><figcaption><b>{escape(label)}</b>{escape(finding)}</figcaption><div class="scroll" '
            f'tabindex="0" role="group" aria-label="{escape(label)}">{svg}</div>{self._source(note, source)}</figure>'
        )

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
    ) -> Block:
        """A table; the first column heads its row; `total` sets the last row off; `text` aligns left. A Block cell is taken as HTML.
        `columns`: the quantities it shows, by their names in law.rules or law.parameters: its caption then has a mark that leads to
        how each is made (report/quantities.py)."""

        def cell(value, tag):
            inner = value.html if isinstance(value, Block) else escape(str(value))
            return f"<{tag}>{inner}</{tag.split()[0]}>"

        head = "".join(f'<th scope="col">{escape(name)}</th>' for name in header)
        lines = [
            "<tr>"
            + cell(row[0], 'th scope="row"')
            + "".join(cell(value, "td") for value in row[1:])
            + "</tr>"
            for row in rows
        ]
        body, foot = (lines[:-1], lines[-1:]) if total else (lines, [])
        tail = f"<tfoot>{foot[0]}</tfoot>" if foot else ""
        return Block(
            f'<div class="table" tabindex="0" role="group" aria-label="{escape(caption)}">'
            f'<table class="{"log" if text else "numbers"}{" long" if len(rows) > LONG else ""}">'
            f"<caption><b>{escape(label)}</b>{escape(caption)}{self._noted(label, caption, columns)}</caption>"
            f"<thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody>{tail}</table></div>"
            f"{self._source(note, source)}"
        )

    def _noted(self, label: str, caption: str, columns: Sequence[str]) -> str:
        """The mark of a table's note; the note itself is written at the end from what is kept here."""
        if not columns:
            return ""
        note = TableNote(label, caption, tuple(columns))
        self.printed.append(note)
        words = self.say("注", "note")
        return f'<sup class="note"><a href="#{note.anchor}" id="m{note.anchor}" aria-label="{words} {escape(label)}">{words}</a></sup>'

    def tag(self, status: str) -> Block:
        """A status as a small mark: 政策文件, 公开, 假设, 须提供."""
        from .words import STATUS

        kind = {"law": "p", "published": "r", "assumption": "a", "required": "q"}[status]
        return Block(f'<span class="tag {kind}">{self.word(STATUS, status)}</span>')

    def tag_of(self, kind: str) -> Block:
        """The kind of a source of the data set as a small mark: 政策文件, 公告, 假设, 模拟 …"""
        from .words import SOURCE_KINDS, called

        colour = {"政策文件": "p", "公告": "r", "账务": "r", "调查": "r", "文献": "r"}.get(
            kind, "a"
        )
        return Block(
            f'<span class="tag {colour}">{escape(called(SOURCE_KINDS, kind, self.lang))}</span>'
        )


def press_for(tables: Tables, lang: str, internal: bool) -> Press:
    """The press for a data set; simulated or estimated rows bring their label with them."""
    label = tables.label.get(lang) or tables.label.get("zh", "")
    kinds = kinds_of(tables)
    for kind, zh, en in (
        ("simulated", "模拟数据", "simulated data"),
        ("estimated", "估算数据", "estimated data"),
    ):
        if kind in kinds and not label:
            label = (
                (zh if tables.status == kind else f"含{zh}")
                if lang == "zh"
                else (en.capitalize() if tables.status == kind else f"Contains {en}")
            )
    return Press(lang, label, "simulated" in kinds, internal)
