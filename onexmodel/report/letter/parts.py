"""What the one page says, part by part: the report's own sentences and numbers as its first pages print them, in the order of a letter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ..page.numbers import MISSING
from ..page.sentences import Words, words_in


@dataclass(frozen=True)
class Part:
    """A paragraph: its kind (mark, form, title, to, body, item, annex, issuer, day), its text, and what stands before that in bold."""

    kind: str
    text: str
    head: str = ""


def parts(said: Mapping[str, Any], to: str, file: str, digest: str) -> list[Part]:
    """said: what the page's blocks handed on (PageWriter.letter); to: the addressee, "" for a blank; file, digest: name and fingerprint of
    the page."""
    words = words_in("letter", said["language"])
    subject = words.subjects.get(said["report"]) or said["kicker"].split(" · ")[0]
    texts = {
        "mark": words.mark(said["marks"]),
        "form": words.form,
        "title": words.title(subject, bool(said["requests"])),
        "to": words.to(to),
        "annex": words.annex(said["title"], file, digest),
        "issuer": words.issuer(said["issuer"]),
        "day": words.day(date.fromisoformat(said["date"]) if said["date"] else None),
    }
    made: list[Part] = []
    for kind in words.order:
        if kind == "body":
            made += _body(words, said, subject)
        elif texts[kind]:
            made.append(Part(kind, texts[kind], words.labels.get(kind, "")))
    return made


def _body(words: Words, said: Mapping[str, Any], subject: str) -> Iterator[Part]:
    """Basis, conclusion, key figures, who bears it, what is recommended and what would overturn it, requests, nature of data and numbers; what a
    report does not have is left out."""
    yield Part("body", words.purpose(said["documents"], said["place"], said["year"], subject))
    heads, requests, note = words.heads, said["requests"], said["requests_note"]
    keys = [words.key(*one[:3], "" if one[3] == MISSING else one[3]) for one in said["keys"]]
    found = [
        (heads["conclusion"], [said["lead"], *said["also"]], []),
        (heads["keys"], [], keys),
        *((name, [text], []) for name, text in (*said["who"], *said["advice"][:2])),
        (heads["requests"], [note] if note else [], requests),
    ]
    there = [(name, texts, items) for name, texts, items in found if texts or items]
    for i, (name, texts, items) in enumerate(there):
        yield Part("body", words.sentences(texts), words.head(i, name))
        yield from (Part("item", words.item(at, text)) for at, text in enumerate(items))
    yield Part("body", words.nature(said["label"], said["simulated"]))
    if words.closing and requests and not note:
        yield Part("body", words.closing)
