"""如何读本报告: half a page for those who have never seen one, a general part and the part of each report."""

from __future__ import annotations

from ..page.blocks import Block, fold, paragraphs
from ..page.press import Press
from ..page.sentences import words_in


def how_to_read(press: Press, name: str = "") -> Block:
    """Half a page for those who have never seen such a report; `name`: the report's, else the one the press prints."""
    words = words_in("front", press.lang)
    own = words.guide.get(name or press.report, [words.drawn])
    return fold(words.guide_title, paragraphs(*words.guide_first, *own, *words.guide_last))
