"""Notes of a report: every headline number points to the tree that made it, generated from the derivation, never typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from ..analysis.trace import Node
from .html import Block
from .press import Press
from .tree import as_html


@dataclass(frozen=True)
class Note:
    """A note: its number, what it explains, the printed text of the number, and its tree (or several)."""

    number: int
    title: str
    printed: str
    trees: tuple[Node, ...]


def notes_block(press: Press, notes: Sequence[Note]) -> Block:
    """The appendix of notes: folds that open by mouse and keyboard, offline, and close nothing else."""
    parts = []
    for note in notes:
        body = "".join(as_html(tree, press.internal, press.lang) for tree in note.trees)
        back = press.say("返回", "back")
        parts.append(f'<div class="trace" id="n{note.number}"><details><summary>{press.say("注", "Note ")}{note.number}　{escape(note.title)}：{escape(note.printed)}</summary>'
                     f'{body}<p><a href="#m{note.number}">↑ {back}</a></p></details></div>')
    lead = press.say("每个关键数字由下面的推导得出：规则、输入，直到数据文件的单元格或有日期的参数。" + ("" if press.internal else "流转版只列单所院校数值所在的文件、行、列，不列数值。"),
                     "Each headline number comes out of the derivation below: rules and inputs, down to a cell of a data file or a dated parameter.")
    return Block(f"<p>{escape(lead)}</p>" + "".join(parts))
