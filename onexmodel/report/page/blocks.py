"""The plain blocks of a page. How they look as HTML stands in blocks.html.j2, whose macros are called from here."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from hashlib import sha256
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ...analysis.measures import TO
from ...errors import TURNING, visible
from ...places import package_file
from .notebook_style import in_notebook
from .numbers import THIN
from .printed import Entry

LONG = 15  # rows from which a table is set closer
FRONT = "application/vnd.onexmodel.front+json"  # what a page takes from a front box: its title, its bands, and the box itself
RUN = "application/vnd.onexmodel.run+json"  # what it takes from the run record: its content, and the numbers written for the page


CODED = re.compile(f"[<{TURNING}]")
_LEFT = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff"
LEFTWARD = re.compile(f"[{_LEFT}]+(?: +[{_LEFT}]+)*")  # Hebrew, Arabic and others
GROUP = Markup('<i class="k"></i>')  # between thousands: seen as a thin gap, copied as nothing


@cache
def environment() -> Environment:
    """The templates of a page; what they are given as text is escaped, and thousands are set apart by a mark that no copy carries along.
    In an attribute, where there are no marks, a text is taken `|plain`."""
    made = Environment(
        loader=FileSystemLoader(package_file("report", "page")),
        undefined=StrictUndefined,
        autoescape=True,
        auto_reload=False,
        finalize=_grouped,
    )
    made.filters |= {"plain": plain, "digest": digest}
    return made


def plain(text: str) -> str:
    """A text whose numbers are not grouped: for attributes, titles and drawings."""
    return text.replace(THIN, "")


def digest(script: Block) -> str:
    """What a Content-Security-Policy calls a script by: this one runs, no other does."""
    return b64encode(sha256(script.html.encode()).digest()).decode()


def _grouped(given):
    if isinstance(given, str) and not isinstance(given, Markup) and THIN in given:
        return GROUP.join(given.split(THIN))
    return given


@dataclass(frozen=True)
class Block:
    """A piece of the page. A template takes it as HTML and escapes all else."""

    html: str

    def _repr_html_(self) -> str:
        return self.html

    def __html__(self) -> str:
        return self.html

    def __add__(self, other: Block) -> Block:
        return replace(self, html=self.html + other.html)


def made(macro: str, *given) -> Block:
    """What a macro of blocks.html.j2 makes of what it is given."""
    return Block(str(getattr(environment().get_template("blocks.html.j2").module, macro)(*given)))


def together(blocks: Iterable[Block]) -> Block:
    """Blocks one after another."""
    return Block("".join(block.html for block in blocks))


def unbroken(text: str) -> Block:
    """A short text, such as a range or a day, that keeps to one line."""
    return made("unbroken", text)


def ranged(text: str, range_text: str) -> Block:
    """A number with its range (numbers.bracketed) under it, as a cell of a table; each half of the range keeps to one line."""
    to = next((one for one in TO if one in range_text), TO[0])
    low, to, high = range_text.strip().partition(to)
    return made("ranged", text, low, to + high)


def ranged_words(text: str, first: str, then: str) -> Block:
    """A number with two short texts under it, as a cell of a table; "" is none."""
    return made("ranged", text, first or then, then if first else "")


def paragraphs(*texts: str | Block) -> Block:
    """Plain paragraphs; "" is none."""
    return made("paragraphs", [text for text in texts if text])


def bullets(texts: Sequence[str | Block]) -> Block:
    """A list."""
    return made("bullets", texts)


def bar(observed: float, estimated: float, simulated: float, words: str) -> Block:
    """The state of the data as a bar: three shares of 1, and what they are in words."""
    parts = (("o", observed), ("e", estimated), ("s", simulated))
    return made("bar", [(kind, share) for kind, share in parts if share > 0], words)


def tag(kind: str, words: str) -> Block:
    """The status of a parameter or the kind of a source as a small mark in its colour."""
    return made("tag", kind, words)


def mark(to: str, here: str, label: str, text: str) -> Block:
    """A raised word that leads to the note `to`, which leads back to `here`; `label` is what is read aloud."""
    return made("mark", to, here, label, text)


def heading(level: int, title: str, anchor: str = "") -> Block:
    """A heading below the sections of a page."""
    return made("heading", level, title, anchor)


def link(to: str, words: str) -> Block:
    """Words that lead to another place of the page."""
    return made("link", to, words)


def page_link(file: str, words: str) -> Block:
    """Words that lead to a page beside this one."""
    return made("page_link", file, words)


def fold(summary: str, body: Block) -> Block:
    """What is read only by those who open it."""
    return made("fold", summary, body)


def note(anchor: str, head: str, body: Block, kind: str = "trace") -> Block:
    """How something was computed, in a fold that a mark leads to."""
    return made("note", anchor, kind, head, body)


def group(kind: str, body: Block) -> Block:
    """Blocks that the page treats as one kind of thing."""
    return made("group", kind, body)


def rule(title: str, how: str, lines: Sequence[str]) -> Block:
    """A rule of the model: its name, how it is made, and small lines below."""
    return made("rule", title, how, lines)


def record(content: Mapping[str, Any]) -> Block:
    """The run record inside the page, for `onexmodel verify`. No `<` of it and no sign that turns its neighbours stands there as such, so that
    no reader, browser or human, takes a text of the record for anything else."""
    return made("record", in_script(content, indent=1))


def in_script(content: Mapping[str, Any], **how: Any) -> Block:
    """JSON as it may stand in a script element of the page, whatever its texts are; `how` goes to json.dumps."""
    text = json.dumps(content, ensure_ascii=False, **how)
    return Block(CODED.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text))


def in_line(html: str) -> str:
    """HTML in which nobody's words turn the numbers beside them: signs that would are named, words written from right to left are kept apart
    (U+2068, U+2069), what is no character of a text is replaced."""
    return LEFTWARD.sub("\u2068\\g<0>\u2069", visible(html))


def figure(label: str, finding: str, pictures: Sequence[Block], under: str) -> Block:
    """A figure whose title says its finding, drawn wide and, where there is a second picture, narrow for a phone; `under` it note,
    source and kind of data."""
    return made("figure", label, finding, list(pictures), under)


def table(
    label: str,
    caption: str,
    header: Sequence[str],
    rows: Sequence[Sequence[object]],
    under: str,
    noted: Block | str = "",
    total: bool = False,
    text: bool = False,
    marked: int = -1,
    quiet: Collection[int] = (),
) -> Block:
    """A table; the first column heads its row; `total` sets the last row off; `text` aligns left; `noted`: the mark of its note;
    `marked`: the index of the row that the report is about, -1 for none; `quiet`: indices of rows that paper does without."""
    kind = ("log" if text else "numbers") + (" long" if len(rows) > LONG else "")
    body, foot = (rows[:-1], rows[-1]) if total else (rows, None)
    return made("table", label, caption, noted, header, body, foot, kind, under, marked, quiet)


@dataclass(frozen=True)
class Band:
    """A band at the top of every page: `kind` data (what the data are) or internal."""

    kind: str
    text: str


@dataclass(frozen=True)
class Front(Block):
    """The one-page summary, with the page's title, meta line and bands. In a notebook the bands stand above it, and with them comes the style
    for all that follows; a page sets them at its top."""

    title: str
    meta: str
    bands: tuple[Band, ...]

    def _repr_html_(self) -> str:
        return in_notebook() + made("bands", self.bands).html + self.html

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        bands = [vars(band) for band in self.bands]
        said = {"title": self.title, "meta": self.meta, "bands": bands, "html": self.html}
        return {FRONT: said}


@dataclass(frozen=True)
class Record(Block):
    """The run record: as HTML its table for people; its content, and the numbers written on the page's way, of which the page keeps in it
    those that stand on it."""

    content: Mapping[str, Any]
    written: tuple[Entry, ...]
    letter: Mapping[str, Any] = field(
        default_factory=dict
    )  # what the one page for the file is made of

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        written = [vars(one) for one in self.written]
        return {RUN: {"content": self.content, "written": written, "letter": self.letter}}


@dataclass(frozen=True)
class Summary:
    """What the one-page summary says: conclusion (`lead`, `also`), key figures (name, value, unit, change, its note's number where it has one),
    who bears, risks, state of the data (`notes`: label, a paragraph or a Block), and what is recommended (label, sentence)."""

    kicker: str
    title: str
    meta: str
    lead: str
    also: Sequence[str]
    keys: Sequence[tuple]
    notes: Sequence[tuple[str, str | Block]]
    label: str
    advice: Sequence[tuple[str, str]] = ()


def front_box(bands: Sequence[Band], said: Summary, note_word: str) -> Front:
    """The one-page summary under the page's bands; a note's number is read aloud after `note_word`."""
    box = made("front", said, note_word)
    return Front(box.html, said.title, said.meta, tuple(bands))
