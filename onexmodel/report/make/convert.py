"""Executed notebook → one HTML file that asks nothing of the network (template page/index.html.j2)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from html import unescape
from typing import Any
from urllib.parse import quote

import mistune
import nbformat
from mistune.util import striptags

from ... import __version__
from ...languages import OWN, own
from ...places import package_file
from ..page.blocks import FRONT, RUN, Block, environment, in_line, made, plain, record
from ..page.explorer import EXPLORER
from ..page.printed import Entry, on_page
from ..page.sentences import words_in
from .fingerprint import visible_text
from .font import font_face
from .gate import PLAIN_PAGE, PageOptions

LANGUAGE = {"zh": "zh-CN"}  # what HTML calls it, where not by the same code
PLUGINS = ("strikethrough", "table", "url", "task_lists", "def_list")


@dataclass
class Section:
    """What stands under a heading of the second level; what comes before the first such heading has no title."""

    anchor: str = ""
    number: str = ""
    title: Block = Block("")
    parts: list[Block] = field(default_factory=list)


@dataclass
class Content:
    """What a page says: its title, place, year, unit and day (the meta line), the bands at its top, its sections."""

    title: str = ""
    meta: str = ""
    bands: list[dict] = field(default_factory=list)
    sections: list[Section] = field(default_factory=lambda: [Section()])
    run: dict | None = None  # the run record
    written: list[Entry] = field(default_factory=list)  # numbers, of which the page may show some

    @property
    def turns(self) -> bool:
        """Is there a table that a reader turns (page/explorer.py)?"""
        return any(EXPLORER in part.html for section in self.sections for part in section.parts)

    def open(self, title: str) -> None:
        """Begin a section: 「一、题目」 has the number 一 in a circle before its title, which is HTML."""
        mark, _, rest = title.partition("、" if "、" in title[:3] else ". ")
        number, title = (mark, rest) if rest and len(mark) <= 2 else ("", title)
        self.sections.append(Section(f"s{len(self.sections)}", number, Block(title)))

    def add(self, html: str) -> None:
        """More of the present section."""
        self.sections[-1].parts.append(Block(in_line(html)))

    def record(self, body: str) -> Block:
        """The run record, with the numbers that stand in the body of the page; nothing where there is none."""
        if self.run is None:
            return Block("")
        shown = on_page(self.written, "".join(visible_text(body)))
        return record({**self.run, "printed": shown})

    def front(self, title: str, meta: str, bands: list[dict], html: str) -> None:
        """A front box (blocks.Front). The first one names the page; a band is shown once."""
        self.title, self.meta = self.title or in_line(title), self.meta or in_line(meta)
        bands = [{**band, "text": in_line(band["text"])} for band in bands]
        self.bands += [band for band in bands if band not in self.bands]
        self.add(html)


def to_html(
    notebook: nbformat.NotebookNode, language: str, options: PageOptions = PLAIN_PAGE
) -> str:
    """The page: markdown of the report's language, outputs, contents, own font cut to the characters used. Its run record says what numbers
    it shows."""
    return page_of(read(notebook, language), language, options)


def page_of(content: Content, language: str, options: PageOptions = PLAIN_PAGE) -> str:
    """What a page says as one file of HTML."""
    return (
        environment()
        .get_template("index.html.j2")
        .render(
            language=LANGUAGE.get(language, language),
            title=content.title or "onexmodel",
            bands=content.bands,
            options=options,
            sections=content.sections,
            foot=_css_string(content.title, content.meta),
            words=words_in("page", language),
            version=__version__,
            style=_text("page.css"),
            script=_text("page.js") + (_text("explorer.js") if content.turns else Block("")),
            font_face=font_face,
            record=content.record,
        )
    )


def read(notebook: nbformat.NotebookNode, language: str) -> Content:
    """The notebook's cells of one language, cut into sections."""
    others, content = {*OWN} - {own(language)}, Content()
    for cell in notebook.cells:
        if others & {*cell.metadata.get("tags", [])}:
            continue
        if cell.cell_type == "markdown":
            for title, html in _markdown()(cell.source):
                if title is not None:
                    content.open(title)
                content.add(html)
        for output in cell.get("outputs", ()):
            data = output.get("data", {})  # a stream or an error has none, and is not shown
            if FRONT in data:
                content.front(**data[FRONT])
            else:
                content.add(data.get("text/html") or data.get("image/svg+xml", ""))
            if RUN in data:
                content.run = data[RUN]["content"]
                content.written += [
                    Entry(**{name: in_line(text) for name, text in one.items()})
                    for one in data[RUN]["written"]
                ]
    return content


def letter_of(notebook: nbformat.NotebookNode) -> Mapping[str, Any]:
    """What the notebook's blocks handed on for the one page for the file; nothing where it has no run record."""
    outputs = (one.get("data", {}) for cell in notebook.cells for one in cell.get("outputs", ()))
    return next((data[RUN]["letter"] for data in outputs if RUN in data), {})


class _Renderer(mistune.HTMLRenderer):
    """A cell's markdown as [(heading of the second level, what follows it)]; what comes before the first heading has None."""

    # mistune lets a renderer return what it likes, though its own annotation says str
    def __call__(self, tokens, state) -> list[tuple[str | None, str]]:  # type: ignore[override]
        found: list[tuple[str | None, str]] = [(None, "")]
        for token in tokens:
            if token["type"] == "heading" and token["attrs"]["level"] == 2:
                found.append((self.render_tokens(token["children"], state), ""))
            else:
                title, html = found[-1]
                found[-1] = (title, html + self.render_token(token, state))
        return found

    def heading(self, text: str, level: int, **attrs) -> str:
        words = unescape(striptags(text))
        anchor = quote(words.replace(" ", "-"), safe="?/:@!$&'()*+,;=")
        return made("subheading", level, anchor, Block(text)).html


@cache
def _markdown() -> Callable[[str], Any]:
    """Markdown → what _Renderer makes of it."""
    return mistune.create_markdown(renderer=_Renderer(escape=False), plugins=PLUGINS)


def _css_string(*lines: str) -> Block:
    """Lines as one string of a style sheet; what would end the string or the sheet is written as its code."""
    coded = [
        re.sub(r"[\\\"<>&\n]", lambda sign: f"\\{ord(sign[0]):x} ", plain(line)) for line in lines
    ]
    return Block('"' + "\\a ".join(filter(None, coded)) + '"')


def _text(name: str) -> Block:
    return Block(package_file("report", "page", name).read_text(encoding="utf-8"))
