"""One finding: a dict of table, key, rule, severity and sentence, and where it belongs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

PLACED = (
    "province",
    "college",
    "certificate",
    "level",
)  # what of its row a finding remembers: where it belongs


def finding(table, key, rule, severity, sentence, **where) -> dict:
    """A finding. `key`: an address, or column → code, which is said as codes (`key`) and kept (`keys`) to be said in words."""
    keys = [key] if isinstance(key, Mapping) else []
    return {
        "table": table,
        "key": "/".join(map(str, key.values())) if keys else key,
        "keys": keys,
        "rule": rule,
        "severity": severity,
        "sentence": sentence,
        **where,
    }


def key_of(row, columns: Sequence[str]) -> dict[str, object]:
    """Column → code of a row that itertuples gave."""
    return {name: getattr(row, name) for name in columns}


def of_colleges(found: Sequence[Mapping]) -> bool:
    """Is each of these findings about a college as a whole? Their number then is one of colleges; else it is one of cells, batches or fees."""
    keys = [one["keys"][0] if one.get("keys") else {} for one in found]
    return all("college" in key and key.keys() <= {"college", "year"} for key in keys)


def placed(row) -> dict[str, str]:
    """Where a row belongs: column of PLACED → code."""
    return {name: str(row[name]) for name in PLACED if name in row}
