"""fee_cap's scheme in words, conclusions, the sensitivity in plain words, and the derivations of the key figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...analysis.draws import sensitivity as se
from ...analysis.explain.derive import derivation
from ..annex.notes import Note, headline_tree
from ..annex.values import value_text
from ..front.changes import changes_said, sets_said
from ..page.blocks import Block, bullets, paragraphs
from ..page.numbers import with_unit
from .areas import critical_draws, critical_interval, critical_title, view_said
from .front import caveats, figure_names, key_figures

if TYPE_CHECKING:
    from .report import FeeCap


def scheme_paragraphs(report: FeeCap) -> Block:
    """Each change of the scheme with its days and its reason; notes of the composition."""
    words, composition = report.words, report.study.composition
    lines = changes_said(report.writer, report.study, report.touched)
    lines += sets_said(report.writer, report.study)
    if "response.mode" in composition.sets:
        lines.append(words.scheme_both_views)
    lines += list(composition.notes)
    return bullets(lines) if lines else paragraphs(words.scheme_nothing)


def conclusions(report: FeeCap) -> Block:
    """From the run: what the scheme does and does not do, and what should go with it."""
    words, told = report.words, report.told
    lines = [words.advice_do(report.advice, report.basis, told.gap)]
    if told.asleep or not told.areas:
        lines.append(words.closing_asleep)
    else:
        lines.append(words.closing_burden(told))
        if not told.fees_move and told.caps != "none" and not report.unjudged:
            lines.append(words.closing_not_binding)
    if report.basis.assessed:
        title, draws = critical_title(report), critical_draws(report)
        lines.append(words.closing_critical(title, critical_interval(report), draws))
        lines.append(words.closing_simplified)
    return bullets(lines)


def sobol_points(report: FeeCap) -> int:
    """log2 of the points an input: as many as the report's draws, and no fewer than indices need."""
    return max(se.LEAST_LOG2, int(report.parameters["log2_draws"]))


def sobol_words(report: FeeCap) -> Block:
    """Which assumptions decide the answer, with interaction, and which readings do (Sobol first and total effects)."""
    words, measure, lang = report.words, report.moved_measure, report.writer.lang
    if not measure:
        return paragraphs(words.closing_nothing_to_part)
    size = sobol_points(report)
    found = se.sensitivity(
        report.study, measure, "none", size, int(report.parameters["seed"]), se.VISIBLE
    )
    others = se.other_readings(report.study, measure, "none")
    if lang == "zh":  # options by their words
        others = others.assign(option=[value_text(str(option)) for option in others["option"]])
    head = words.closing_sobol(measure, 2**size, view_said(report, "none"))
    return paragraphs(head) + bullets(se.in_words(found, others, lang)) + caveats(report)


def noted(report: FeeCap) -> list[Note]:
    """The key figures, each with the trees of what it is made of."""
    derived = derivation(report.study, "none", stored=True)
    nodes, lang = report.words.note_nodes, report.writer.lang
    found = []
    for (name, _, unit, _, i), headline in zip(
        key_figures(report), figure_names(report), strict=True
    ):
        c = report.changed(headline)
        printed = with_unit(c.write(c.after), unit)
        tree = headline_tree(derived, headline, nodes, lang)
        found.append(Note(i, report.words.note_title(name), printed, (tree,)))
    return found
