"""Notes of a report: every headline number points to the tree that made it, generated from the derivation, never typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ...analysis.explain.node import Node
from ...analysis.explain.place import place_tree
from ...analysis.study import Study
from ...rules.funding import USES
from ..page import blocks
from ..page.blocks import Block
from ..page.tree import as_block
from ..page.writer import PageWriter
from .trees import spoken


@dataclass(frozen=True)
class Note:
    """A note: its number, what it explains, the printed text of the number, and its tree (or several)."""

    number: int
    title: str
    printed: str
    trees: tuple[Node, ...]


def headline_tree(derived, name: str, nodes: Mapping[str, Mapping[str, str]], lang: str) -> Node:
    """How a headline of the scheme came about; of the mean fee and the outlay, which no rule makes, from what they are made of. derived: of
    explain.derive; nodes: the words of those two (title, unit, formula)."""
    made_of = {
        "mean_approved_fee": ("fee_bill", "payable_sittings"),
        "college_outlay": tuple(f"need_{use}" for use in USES),
    }
    if name not in made_of:
        return place_tree(derived, "scenario", name, lang)
    parts = tuple(place_tree(derived, "scenario", one, lang) for one in made_of[name])
    values = [float(one.value) for one in parts]
    if name == "college_outlay":
        value = sum(values)
    else:
        value = values[0] / values[1] if values[1] else float("nan")
    says = nodes[name]
    return Node(
        name, says["title"], "", value, says["unit"], "rule", says["formula"], children=parts
    )


def notes_block(writer: PageWriter, notes: Sequence[Note], study: Study | None = None) -> Block:
    """The appendix of notes: folds that open by mouse and keyboard, offline, and close nothing else. With the study the trees are in the
    words of readers (trees.py)."""
    words, lang = writer.words("annex"), writer.lang
    lead = blocks.group("on-screen", blocks.paragraphs(words.notes_lead(writer.internal)))
    parts = [lead, blocks.group("on-paper", blocks.paragraphs(words.notes_on_screen))]
    for note in notes:
        trees = [spoken(tree, study, lang) if study else tree for tree in note.trees]
        back = blocks.paragraphs(blocks.link(f"m{note.number}", f"↑ {words.back}"))
        body = blocks.together([*(as_block(tree, writer.internal, lang) for tree in trees), back])
        head = words.note_head(note.number, note.title, note.printed)
        parts.append(blocks.note(f"n{note.number}", head, body))
    return blocks.together(parts)
