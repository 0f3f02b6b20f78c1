"""What would have to be explained or reported upward, as a table: counted by kind, without places in a circulated report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from ...engine.findings.finding import of_colleges
from ...engine.findings.unfilled import Unfilled
from ..page.blocks import Block, paragraphs
from ..page.numbers import number
from ..page.words import FINDINGS, SEVERITIES
from ..page.writer import PageWriter

SHOWN = 3  # places of a kind that an internal report names


def said_in_general(
    writer: PageWriter, found: Sequence[Mapping], unfilled: Unfilled
) -> tuple[str, str]:
    """(what is wrong with findings of one kind, in general; how many they are); a number of colleges only as far as it may be told."""
    words, rule, count = writer.words("annex"), found[0]["rule"], len(found)
    if not of_colleges(found):
        return words.general_finding(rule, number(count)), number(count)
    every = unfilled.asked(rule)
    sentence = words.general_finding(rule, writer.told(count, every, words.of_colleges))
    return sentence, writer.told(count, every)


def findings_table(writer: PageWriter, found: list[dict], label: str, unfilled: Unfilled) -> Block:
    """What would have to be explained or reported upward (C14), counted by kind. An internal Chinese report gives, of more than one
    of a kind, how many and the first as an example, and where it was found; every other says what is wrong in general, with no place,
    batch or amount."""
    words = writer.words("annex")
    if not found:
        return paragraphs(words.no_findings)
    rows = []
    for (severity, rule), some in pd.DataFrame(found).groupby(["severity", "rule"], sort=False):
        keys = some["key"].astype(str)
        general, count = said_in_general(writer, some.to_dict("records"), unfilled)
        first = some["sentence"].iloc[0]
        exact = writer.internal and writer.lang == "zh"
        if exact:
            first = words.example(general, first) if len(some) > 1 and rule in FINDINGS else first
        rows.append(
            [
                writer.word(SEVERITIES, severity),
                writer.word(FINDINGS, rule if rule in FINDINGS else "data"),
                first if exact else general,
                count,
                words.keys(list(keys.head(SHOWN)), len(some) > SHOWN) if writer.internal else "—",
            ]
        )
    header = list(words.finding_columns.values())
    return writer.table(
        label,
        words.findings_title,
        header,
        rows,
        text=True,
        note="" if writer.internal else words.findings_note,
    )
