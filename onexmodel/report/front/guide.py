"""如何读本报告: half a page for those who have never seen one, a general part and the part of each report."""

from __future__ import annotations

from html import escape

from ..page.html import Block
from ..page.press import Press
from ..page.sentences import words_in


def how_to_read(press: Press, name: str = "") -> Block:
    """Half a page for those who have never seen such a report; `name`: the report's, else the one the press prints."""
    words = words_in("front", press.lang)
    own = words.guide.get(name or press.report, [words.drawn])
    items = "".join(
        f"<p>{escape(text)}</p>" for text in (*words.guide_first, *own, *words.guide_last)
    )
    return Block(f'<details class="how"><summary>{words.guide_title}</summary>{items}</details>')
