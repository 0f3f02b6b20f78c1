"""Notes of a report: every headline number points to the tree that made it, generated from the derivation, never typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from ...analysis.node import Node
from ...analysis.study import Study
from ..page.html import Block, english_units
from ..page.press import Press
from ..page.sentences import words_in
from ..page.tree import as_html
from .trees import spoken


@dataclass(frozen=True)
class Note:
    """A note: its number, what it explains, the printed text of the number, and its tree (or several)."""

    number: int
    title: str
    printed: str
    trees: tuple[Node, ...]


def notes_block(press: Press, notes: Sequence[Note], study: Study | None = None) -> Block:
    """The appendix of notes: folds that open by mouse and keyboard, offline, and close nothing else. With the study the trees are in the
    words of readers (trees.py)."""
    words, parts = words_in("annex", press.lang), []
    for note in notes:
        body = "".join(
            as_html(spoken(tree, study, press.lang) if study else tree, press.internal, press.lang)
            for tree in note.trees
        )
        head = words.note_head(note.number, note.title, english_units(note.printed))
        parts.append(
            f'<div class="trace" id="n{note.number}"><details><summary>{escape(head)}</summary>'
            f'{body}<p><a href="#m{note.number}">↑ {words.back}</a></p></details></div>'
        )
    return Block(f"<p>{escape(words.notes_lead(press.internal))}</p>" + "".join(parts))
