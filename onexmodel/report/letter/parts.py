"""What the one page says, part by part: the report's own sentences and numbers as its first pages print them, in the order of a letter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

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
    """Basis, conclusion, key figures, who bears it, recommendation, requests, nature of data and numbers; what a report does not have is left
    out."""
    yield Part("body", words.purpose(said["documents"], said["place"], said["year"], subject))
    heads, requests, note = words.heads, said["requests"], said["requests_note"]
    found = [
        (heads["conclusion"], words.sentences([said["lead"], *said["also"]])),
        *([(heads["keys"], words.keys(said["keys"]))] if said["keys"] else []),
        *((name, words.sentences([text])) for name, text in said["who"]),
        *_advised(words, said["advice"]),
        *([(heads["requests"], note)] if requests else []),
    ]
    for i, (name, text) in enumerate(found):
        yield Part("body", text, words.head(i, name))
    for i, text in enumerate(requests):
        yield Part("item", words.item(i, text))
    yield Part("body", words.nature(said["label"]))
    if words.closing and requests and not note:
        yield Part("body", words.closing)


def _advised(words: Words, advice: Sequence[Sequence[str]]) -> list[tuple[str, str]]:
    """The recommendation and what would overturn it, as one paragraph."""
    if not advice:
        return []
    (name, text), *more = advice[:2]
    return [(name, words.sentences([text, *(words.unless(*one) for one in more)]))]
