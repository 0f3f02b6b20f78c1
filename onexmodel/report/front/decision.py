"""What a report puts to those who decide, after its summary: options side by side, requests, three actions with who and when."""

from __future__ import annotations

from collections.abc import Sequence

from ..page.blocks import Block, bullets, group, heading, paragraphs
from ..page.writer import PageWriter
from .guide import how_to_read

RECOMMENDED = "★ "


def decision_sheet(
    writer: PageWriter,
    columns: Sequence[str],
    options: Sequence[Sequence[str | Block]],
    requests: Sequence[str],
    actions: Sequence[tuple[str, str, str]],
    note: str = "",
    recommended: int = -1,
    guide: str = "",
) -> Block:
    """columns and options: what can be chosen, by money, who bears it and risk; `recommended`: the index of the option that takes the star,
    -1 for none; requests: what superiors are asked to decide; actions: what is done first, who is responsible, by when. Then how to
    read the report (`guide`: as one of another name is read). What is empty is left out."""
    words = writer.words("front")
    parts = Block("")
    options = [
        [f"{RECOMMENDED}{row[0]}", *row[1:]] if i == recommended else row
        for i, row in enumerate(options)
    ]
    if options:
        parts += writer.table("", words.options_caption, columns, options, note, text=True)
    note = words.requests_look_back(writer.looks_back) if requests and writer.looks_back else ""
    writer.letter.update(requests=[*requests], requests_note=note)
    if requests:
        parts += heading(2, words.requests_title) + paragraphs(note) + bullets(requests)
    if actions:
        parts += writer.table("", words.actions_caption, words.actions_columns, actions, text=True)
    return group("decision", parts) + how_to_read(writer, guide)
