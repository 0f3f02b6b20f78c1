"""如何读本报告: half a page for those who have never seen one, a general part and the part of each report."""

from __future__ import annotations

from ..page.blocks import Block, fold, paragraphs
from ..page.writer import PageWriter


def how_to_read(writer: PageWriter, name: str = "") -> Block:
    """Half a page for those who have never seen such a report; `name`: the report's, else the one the writer prints."""
    words = writer.words("front")
    own = words.guide.get(name or writer.report, [words.drawn])
    return fold(words.guide_title, paragraphs(*words.guide_first, *own, *words.guide_last))
