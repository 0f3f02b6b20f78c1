"""What would have to be explained or reported upward, as a table: counted by kind, without places in a circulated report."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import cache
from typing import Any

import pandas as pd

from ...law.yamlfile import read_yaml
from ...places import package_file
from ..page.blocks import Block, paragraphs
from ..page.numbers import number, wan
from ..page.words import FINDINGS, SEVERITIES, foreign
from ..page.writer import PageWriter

LARGE = 1e4  # yuan from which a sum is written in 万元
SHOWN = 3  # places of a kind that an internal report names


@cache
def _patterns() -> Mapping[str, Any]:
    return read_yaml(package_file("report", "annex", "findings.yaml")).data


def findings_table(
    writer: PageWriter, found: list[dict], label: str, colleges: Collection[str]
) -> Block:
    """What would have to be explained or reported upward (C14), counted by kind; keys only in internal reports. `colleges`: codes and names
    that a circulated report does not say."""
    words = writer.words("annex")
    if not found:
        return paragraphs(words.no_findings)
    rows = []
    for (severity, rule), some in pd.DataFrame(found).groupby(["severity", "rule"], sort=False):
        keys, sentence = some["key"].astype(str), some["sentence"].iloc[0]
        said = (
            plain_numbers(sentence)
            if writer.internal
            else in_general(sentence, keys.iloc[0], colleges)
        )
        rows.append(
            [
                writer.word(SEVERITIES, severity),
                writer.word(FINDINGS, rule if rule in FINDINGS else "data"),
                foreign(said, writer.lang),
                number(len(some)),
                words.keys(list(keys.head(SHOWN)), len(some) > SHOWN) if writer.internal else "—",
            ]
        )
    header = list(words.finding_columns.values())
    return writer.table(
        label, words.findings_title, header, rows, text=True, note=words.findings_note
    )


def in_general(sentence: str, key: str, colleges: Collection[str] = ()) -> str:
    """A finding's sentence for a circulated report: what is wrong, without the batch, place, day or amount of the one it was found at, and
    without the name of a college."""
    said = sentence.removeprefix(f"{key}：")
    for name in sorted((one for one in colleges if one and one in said), key=len, reverse=True):
        said = re.sub(
            rf"(?<![\w-]){re.escape(name)}(?![\w-])", _patterns()["a_college"], said, flags=re.A
        )
    for pattern, general in _patterns()["general"]:
        said = re.sub(pattern, general, said)
    return said


def plain_numbers(sentence: str) -> str:
    """「2.269e+06 元」 as a finding's sentence may hold it → 「226.9万元」; smaller sums as they are."""

    def said(found: re.Match) -> str:
        yuan = float(found.group(1))
        return _patterns()["large_sum"].format(wan(yuan)) if yuan >= LARGE else found.group(0)

    return re.sub(_patterns()["sum"], said, sentence)
