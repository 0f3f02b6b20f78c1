"""Notes of a report: every headline number points to the tree that made it, generated from the derivation, never typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from ...analysis.node import Node
from ...analysis.study import Study
from ..page.html import Block, english_units
from ..page.press import Press
from ..page.tree import as_html
from .speak import spoken


@dataclass(frozen=True)
class Note:
    """A note: its number, what it explains, the printed text of the number, and its tree (or several)."""

    number: int
    title: str
    printed: str
    trees: tuple[Node, ...]


def notes_block(press: Press, notes: Sequence[Note], study: Study | None = None) -> Block:
    """The appendix of notes: folds that open by mouse and keyboard, offline, and close nothing else. With the study the trees are in the
    words of readers (speak.py)."""
    parts, colon = [], press.say("：", ": ")
    for note in notes:
        body = "".join(
            as_html(spoken(tree, study, press.lang) if study else tree, press.internal, press.lang)
            for tree in note.trees
        )
        back, head = (
            press.say("返回", "back"),
            f"{press.say('注', 'Note ')}{note.number}　{note.title}{colon}{english_units(note.printed)}",
        )
        parts.append(
            f'<div class="trace" id="n{note.number}"><details><summary>{escape(head)}</summary>'
            f'{body}<p><a href="#m{note.number}">↑ {back}</a></p></details></div>'
        )
    lead = press.say(
        "每个关键数字由下面的推导得出：规则、输入，直到数据文件的单元格或有日期的参数。"
        + ("" if press.internal else "流转版只列单所院校数值所在的文件、行、列，不列数值。"),
        "Each headline number comes out of the derivation below: rules and inputs, down to a cell of a data file or a dated parameter.",
    )
    return Block(f"<p>{escape(lead)}</p>" + "".join(parts))
