"""The run record: what a re-run needs and what it must give, as a table and as JSON."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from ... import __version__
from ...analysis.study import SHIPPED, Study
from ..page.blocks import Record, group
from ..page.numbers import number
from ..page.sentences import Words, words_in
from ..page.words import GIVEN
from ..page.writer import PageWriter

PRODUCT = "onexmodel"  # before a stroke also in the name of a data set of the product


def run_record(
    study: Study, report: str, parameters: Mapping[str, Any], headlines: Mapping[str, float]
) -> dict:
    """What a re-run needs and what it must give; no cell of the input is in it. The page adds what it prints (make/convert.py)."""
    scenarios = study.composition.scenarios
    results = {
        name: float(f"{value:.12g}") if value == value else None
        for name, value in headlines.items()
    }  # nan: missing
    return {
        "product": PRODUCT,
        "version": __version__,
        "report": report,
        "parameters": dict(parameters),
        "data_sha256": study.tables.sha256,
        "law_sha256": study.law.sha256,
        "scenarios": [{"id": one.id, "sha256": one.sha256, "text": one.text} for one in scenarios],
        "settings": dict(study.composition.sets),
        "year": study.year,
        "results_sha256": hashlib.sha256(json.dumps(results, sort_keys=True).encode()).hexdigest(),
        "results": results,
    }


def data_of(record: Mapping[str, Any]) -> tuple[str, str, str]:
    """(set of the product, or "" for a user's own data; what a stranger's record calls them, to be printed; their fingerprint). Older
    records name no data: they are taken to be of the national set."""
    asked = record["parameters"]
    name = asked.get("data_name") or f"{PRODUCT}/{asked.get('data', 'national')}"
    own = name.removeprefix(f"{PRODUCT}/")
    shown, digest = (
        "".join(one for one in text[:80] if one.isprintable())
        for text in (own, short(str(record.get("data_sha256"))))
    )
    return (own if own != name and own in SHIPPED else ""), shown, digest


def record_block(
    writer: PageWriter, record: dict, label: str, titles: Mapping[str, str] | None = None
) -> Record:
    """The record as a table for people and as JSON for `onexmodel verify`, with the numbers written so far. `titles`: scenario id → its title, province → its name."""
    words, titles = words_in("annex", writer.language), titles or {}
    named = words.record_rows
    rows = [
        [named["version"], f"onexmodel {record['version']}"],
        [named["data"], short(record["data_sha256"])],
        [named["law"], short(record["law_sha256"])],
        *(
            [words.scenario_hash(titles.get(one["id"], one["id"])), short(one["sha256"])]
            for one in record["scenarios"]
        ),
        [named["results"], short(record["results_sha256"])],
        [named["year"], str(record["year"])],
        *(
            [writer.word(GIVEN, name), _given_text(words, name, value, titles)]
            for name, value in {**record["parameters"], "internal": writer.internal}.items()
            if name != "year"
            and value not in ("", [], {}, None)
            and not (name == "data_name" and value.startswith(f"{PRODUCT}/"))
        ),
    ]
    written = tuple(writer.numbers.entries())
    header = list(words.record_columns.values())
    table = writer.table(label, words.record_title, header, rows, text=True)
    return Record(group("record", table).html, record, written)


def _given_text(words: Words, name: str, value: Any, titles: Mapping[str, str]) -> str:
    """What a report was asked for, in words."""
    if isinstance(value, bool):
        return words.truth(value)
    if name == "lang":
        return words.languages.get(value, value)
    if name == "log2_draws":
        return number(2 ** int(value))
    if isinstance(value, Mapping):
        return words.settings(sorted(value.items()))
    if isinstance(value, (list, tuple)):
        return words.listed(
            words.combined([titles.get(part, part) for part in one])
            if isinstance(one, list)
            else titles.get(one, str(one))
            for one in value
        )
    return titles.get(str(value), str(value))


def short(digest: str) -> str:
    """A hash short enough to read out: 7f3a-91c2-e0b4."""
    return "-".join(digest[i : i + 4] for i in (0, 4, 8))
